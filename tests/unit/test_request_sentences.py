"""What people read of a request: its state in words, who acts next, and notices that say no more than a number."""

from dataclasses import replace

import pytest

from activation.domain.contacts import Channel, Contact
from activation.domain.outbox import MessageKind
from activation.domain.requests import acts
from activation.domain.requests.acts import Actor
from activation.domain.requests.kinds import EndsWith, Kind
from activation.domain.requests.notices import notices_of
from activation.domain.requests.request import Asked, Request
from activation.domain.requests.sentences import label_of, sentence_of, words_of
from activation.domain.requests.states import AskReason, Party, RequestAct, RequestState
from activation.domain.times import french_day
from tests.builders import MAIL, MOBILE, active
from tests.unit.requests import KIND, NOW, PAID, SENT, draft, request

ANNE = Actor(Party.AGENT, "anne")
EXAMINED = request(RequestState.EXAMINED)
ASKED = Asked("le certificat", AskReason.OUT_OF_DATE, "2026-12-24")
LATE = replace(request(RequestState.TO_COMPLETE), asked=replace(ASKED, before="2026-11-01"))
GRANTED = replace(KIND, ends_with=EndsWith.DOCUMENT)
SETTLED = replace(request(RequestState.SETTLED), ended_at=NOW)


DROPPED = acts.drop(EXAMINED, KIND, "Déjà traitée !", ANNE, now=NOW).after
ERASED, TOO_LATE = "Brouillon effacé", acts.lapse(LATE, KIND, now=NOW).after
NOT_FINISHED = acts.lapse(replace(draft(), changed_at=0), KIND, now=NOW).after
TAKEN_BACK = acts.withdraw(draft(), KIND, now=NOW).after
OUT_OF_DATE = "À vous, avant le 24/12/2026 : le certificat, ce qui est donné est périmé."
SAID = [
    (draft(), KIND, "Brouillon", "À vous : terminez et envoyez. Effacé le 23/12/2026."),
    (SENT, KIND, "Envoyée", "Le CNAS l'a reçue. Vous pouvez encore la retirer."),
    (EXAMINED, KIND, "En cours d'examen", "Au CNAS. Vous n'avez rien à faire."),
    (replace(request(RequestState.TO_COMPLETE), asked=ASKED), KIND, "À compléter", OUT_OF_DATE),
    (request(RequestState.TO_COMPLETE), KIND, "À compléter", "À vous : complétez votre demande."),
    (request(RequestState.ACCEPTED), PAID, "Acceptée", "Le CNAS prépare le règlement."),
    (SETTLED, PAID, "Réglée", "Réglée le 24/11/2026."),
    (SETTLED, GRANTED, "Délivrée", "Délivrée le 24/11/2026. Vous pouvez l'afficher et l'imprimer."),
    (SETTLED, KIND, "Répondue", "Le CNAS vous a répondu le 24/11/2026."),
    (acts.refuse(EXAMINED, KIND, "C'est trop tard", ANNE, now=NOW).after, KIND, "Refusée", "C'est trop tard."),
    (request(RequestState.REFUSED), KIND, "Refusée", "Le CNAS a refusé votre demande."),
    (acts.refuse(EXAMINED, KIND, "Et quoi ?", ANNE, now=NOW).after, KIND, "Refusée", "Et quoi ?"),
    (acts.withdraw(SENT, KIND, now=NOW).after, KIND, "Retirée", "Vous l'avez retirée le 24/11/2026."),
    (TAKEN_BACK, KIND, ERASED, "Vous avez effacé ce brouillon le 24/11/2026. Le CNAS n'a rien reçu."),
    (DROPPED, KIND, "Classée sans suite", "Le CNAS l'a classée le 24/11/2026. Déjà traitée !"),
    (replace(DROPPED, words=""), KIND, "Classée sans suite", "Le CNAS l'a classée le 24/11/2026."),
    (NOT_FINISHED, KIND, ERASED, "Effacé le 24/11/2026 : il n'a pas été terminé à temps."),
    (TOO_LATE, KIND, "Classée sans suite", "Fermée le 24/11/2026 : elle n'a pas été terminée à temps."),
]


@pytest.mark.parametrize(("one", "kind", "label", "sentence"), SAID)
def test_a_state_says_who_acts_next_and_by_when(one: Request, kind: Kind, label: str, sentence: str) -> None:
    assert (label_of(one, kind), sentence_of(one, kind)) == (label, sentence)


def test_every_line_says_something_to_the_person_and_each_day_as_people_read_it() -> None:
    line = acts.withdraw(SENT, KIND, now=NOW).line
    assert words_of(line, KIND) == "Vous avez retiré votre demande."
    assert all(words_of(replace(line, act=act, by=by), KIND) for act in RequestAct for by in Party)
    corrected = replace(line, act=RequestAct.CORRECT, by=Party.AGENT)  # that no agent does today
    assert words_of(corrected, KIND) == "Le CNAS a mis à jour votre demande."
    morning = NOW + 8 * 3_600  # 9 a.m. in Paris, and still the day before in French Polynesia
    assert sentence_of(acts.withdraw(SENT, KIND, now=morning).after, KIND) == "Vous l'avez retirée le 24/11/2026."
    assert (french_day("2026-11-24"), french_day("")) == ("le 24/11/2026", "")


ANSWERS = [
    (KIND, "Le CNAS vous a répondu.", "Le CNAS vous a répondu."),
    (PAID, "Le CNAS a accepté votre demande.", "Le règlement est parti."),
]


@pytest.mark.parametrize(("kind", "by_agent", "by_file"), ANSWERS)
def test_an_answer_is_told_as_an_answer_and_not_as_a_payment(kind: Kind, by_agent: str, by_file: str) -> None:
    accepted = acts.accept(EXAMINED, kind, ANNE, words="Vos titres repartent.", now=NOW).line
    declared = acts.declare(EXAMINED, RequestState.SETTLED, "Vos titres repartent.", at=NOW, import_id="I1").line
    assert (words_of(accepted, kind), words_of(declared, kind)) == (by_agent, by_file)


NOTICES = [
    ({Channel.EMAIL: MAIL, Channel.SMS: MOBILE}, MessageKind.REQUEST_DECIDED, [Channel.EMAIL]),
    ({Channel.SMS: MOBILE}, MessageKind.REQUEST_DECIDED, [Channel.SMS]),
    ({Channel.SMS: MOBILE}, MessageKind.REQUEST_TO_COMPLETE, [Channel.SMS]),
    ({Channel.SMS: MOBILE}, MessageKind.REQUEST_SENT, []),
    ({Channel.SMS: MOBILE}, MessageKind.DRAFT_ENDING, []),
    ({}, MessageKind.REQUEST_DECIDED, []),
]


@pytest.mark.parametrize(("proven", "kind", "channels"), NOTICES)
def test_a_notice_goes_by_mail_and_only_what_cannot_wait_by_sms(
    proven: dict[Channel, Contact], kind: MessageKind, channels: list[Channel]
) -> None:
    account = replace(active(), proven=proven)
    notices = notices_of(kind, account, "123456789", bytes, now=NOW)
    assert [notice.channel for notice in notices] == channels
    assert all(notice.request_number == "123 456 789" and notice.dies_at == NOW + 86_400 for notice in notices)
