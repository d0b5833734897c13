"""Where a person stands, for the agent and in a sentence to the caller."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from functions.support import acts
from functions.support.account_status import AccountStatus, StatusLine
from tests.builders import MAIL, MOBILE, NOW, active, entry, invited
from tests.in_memory import Browser, InMemoryService
from tests.unit.desk import NEW, WHO, do, line, look

STANDS = [
    (invited(), "prêt"),
    (invited(roster=entry(email="", mobile="")), "sans contact"),
    (invited(roster=entry(end_date="2026-11-22")), "sorti de l'effectif"),
    (active(), "activé"),
    (active(terms=None), "mot de passe créé, préférences à finir"),
    (invited(status=Status.CLOSED), "fermé"),
]


@pytest.mark.parametrize(("who", "expected"), STANDS)
def test_a_status_line_says_where_a_person_stands(who: Account, expected: str) -> None:
    app = InMemoryService(who)
    assert line(app) == expected
    assert look(app).status.sentence.endswith((".", "!"))


def test_a_code_that_was_sent_is_told_until_it_arrives_or_a_day_is_over() -> None:
    browser = Browser(InMemoryService(invited()))
    app = browser.app
    browser.start()
    app.deliver()
    assert line(app) == "code envoyé (le 24/11 à 10 h 32, email)"
    app.wait(899)
    assert "indésirables" in look(app).status.sentence
    app.wait(1)
    assert "expiré" in look(app).status.sentence
    app.wait(DAY_SECONDS - 901)
    assert line(app) == "code envoyé (le 24/11 à 10 h 32, email)"
    app.wait(1)
    assert line(app) == "prêt"


def test_a_code_sent_again_is_told_with_its_new_time_before_and_after_it_left(app: InMemoryService) -> None:
    Browser(app).start()
    app.deliver()
    app.wait(60)
    do(app, acts.send_again)
    sentence = "Un nouveau code a été demandé pour vous le 24/11 à 10 h 33."
    assert look(app).status == StatusLine(
        AccountStatus.CODE_SENT,
        "code envoyé à nouveau (le 24/11 à 10 h 33)",
        f"{sentence} Il arrive d'ordinaire en moins de deux minutes.",
    )
    app.deliver()  # in the same second
    assert line(app) == "code envoyé (le 24/11 à 10 h 33, email)"
    app.wait(60)
    do(app, acts.send_again)
    app.wait(900)
    assert "expiré" in look(app).status.sentence


def test_codes_asked_for_with_another_name_are_told_with_their_number_the_last_time_and_what_to_check() -> None:
    app = InMemoryService(invited())
    asks_as(app, "Garcin")
    assert line(app) == "prêt ; 1 demande avec un autre nom, le 24/11 à 10 h 32"
    app.wait(60)
    asks_as(app, "Gracia")
    status = look(app).status
    assert status.line == "prêt ; 2 demandes avec un autre nom, la dernière le 24/11 à 10 h 33"
    assert status.sentence == (
        "La dernière demande, le 24/11 à 10 h 33, portait un autre nom que celui du dossier. "
        "Vérifiez l'orthographe ; le dossier n'a qu'un nom : tapez le nom de naissance. "
        "Avec le bon nom, vous pouvez recommencer tout de suite."
    )
    app.wait(60)
    Browser(app).start()
    app.deliver()
    assert line(app) == "code envoyé (le 24/11 à 10 h 34, email)"
    app.wait(60)
    asks_as(app, "Garcin")
    status = look(app).status
    assert status.line.startswith("code envoyé (le 24/11 à 10 h 34, email) ; 3 demandes avec un autre nom")
    assert status.sentence.startswith("Un code vous a été envoyé")
    assert status.sentence.endswith("le dossier n'a qu'un nom : tapez le nom de naissance.")
    app.wait(DAY_SECONDS)
    assert line(app) == "prêt"
    app.change_account(roster=entry(usage_name="Petit"))
    asks_as(app, "Garcin")
    assert line(app).startswith("prêt ; 1 demande ")
    assert "nom de naissance ou d'usage conviennent." in look(app).status.sentence


def test_a_request_with_another_name_before_or_beside_a_code_is_told_no_more(app: InMemoryService) -> None:
    asks_as(app, "Garcin")
    Browser(app).start()
    app.deliver()
    assert line(app) == "code envoyé (le 24/11 à 10 h 32, email)"


def asks_as(app: InMemoryService, last_name: str) -> None:
    Browser(app).start(last_name=last_name)
    app.deliver()


def bounced(app: InMemoryService, flow_id: str | None, *, kind: EventKind = EventKind.MAIL_BOUNCED) -> None:
    app.accounts.events.setdefault(WHO, []).append(Event(kind, app.now, flow_id=flow_id))


EMAIL_SENT, SMS_SENT = EventKind.CODE_SENT_EMAIL, EventKind.CODE_SENT_SMS
DELAYED, BOUNCED, FULL = EventKind.MAIL_DELAYED, EventKind.MAIL_BOUNCED, EventKind.MAIL_BOUNCED_FOR_NOW
ANEW = "Le code envoyé par email le 24/11 à 10 h 32 ne vous est pas parvenu ; il vous a été renvoyé par SMS le 24/11 à "
SMS_FAILED, NO_SMS = EventKind.SMS_FAILED, EventKind.SMS_NUMBER_REFUSED
RADIO = ". Vérifiez que votre téléphone a du réseau et ne bloque pas nos SMS."


def told_of(*kinds: EventKind, flow_id: str = "f") -> InMemoryService:
    """Somebody to whom that happened, a minute between each and the next."""
    app = InMemoryService(invited())
    for kind in kinds:
        bounced(app, flow_id, kind=kind)
        app.wait(60)
    return app


BOTH_WAYS = [
    ([EMAIL_SENT, BOUNCED, SMS_SENT], "email refusé le 24/11 à 10 h 33"),
    ([EMAIL_SENT, EventKind.MAIL_BLOCKED, SMS_SENT], "email refusé le 24/11 à 10 h 33"),
    ([EMAIL_SENT, DELAYED, SMS_SENT], "email retardé le 24/11 à 10 h 33"),
    ([EMAIL_SENT, FULL, SMS_SENT], "email non remis le 24/11 à 10 h 33"),
    ([EMAIL_SENT, DELAYED, SMS_SENT, BOUNCED], "email refusé le 24/11 à 10 h 35"),
    ([EMAIL_SENT, DELAYED, SMS_SENT, DELAYED], "email retardé le 24/11 à 10 h 35"),
]


@pytest.mark.parametrize(("kinds", "expected"), BOTH_WAYS)
def test_after_a_mail_that_did_not_arrive_both_ways_are_told(kinds: list[EventKind], expected: str) -> None:
    app = told_of(*kinds)
    status = look(app).status
    said = f"code envoyé ({expected}, SMS le 24/11 à 10 h 34)"
    assert (status.state, status.line, status.sentence) == ("code_sent", said, ANEW + "10 h 34" + RADIO)
    app.wait(900)
    assert look(app).status.sentence == ANEW + "10 h 34. Il a expiré : demandez-en un autre."


FAILED_TOO = "SMS le 24/11 à 10 h 34 : téléphone injoignable, ou bloqué par l'opérateur"
WAYS = [
    ([EMAIL_SENT, SMS_SENT], "code envoyé (le 24/11 à 10 h 33, SMS)"),
    ([EMAIL_SENT, BOUNCED, EMAIL_SENT], "code envoyé (le 24/11 à 10 h 34, email)"),
    ([EMAIL_SENT, BOUNCED, SMS_SENT, EMAIL_SENT], "code envoyé (le 24/11 à 10 h 35, email)"),
    (
        [EMAIL_SENT, BOUNCED, EventKind.CODE_WITHHELD],
        "non remis (email refusé le 24/11 à 10 h 33, trop de SMS vers ce numéro aujourd'hui)",
    ),
    ([SMS_SENT, SMS_FAILED, SMS_SENT], "code envoyé (le 24/11 à 10 h 34, SMS)"),
    ([EMAIL_SENT, BOUNCED, SMS_SENT, SMS_FAILED], f"non remis (email refusé le 24/11 à 10 h 33, {FAILED_TOO})"),
    ([EMAIL_SENT, DELAYED, SMS_SENT, SMS_FAILED], f"non remis (email retardé le 24/11 à 10 h 33, {FAILED_TOO})"),
    ([SMS_SENT, EMAIL_SENT, EventKind.MAIL_BLOCKED], "non remis (message refusé par la messagerie)"),
    ([EventKind.CODE_WITHHELD], "non remis (trop de SMS vers ce numéro aujourd'hui)"),
]


@pytest.mark.parametrize(("kinds", "expected"), WAYS)
def test_a_way_is_told_where_the_code_went_and_both_where_both_failed(kinds: list[EventKind], expected: str) -> None:
    status = look(told_of(*kinds)).status
    both = "Le code envoyé par email le 24/11 à 10 h 32 puis par SMS le 24/11 à 10 h 34 ne vous est pas parvenu. "
    assert (status.line, status.sentence.startswith(both)) == (expected, FAILED_TOO in expected)


@pytest.mark.parametrize(("kind", "word"), [(SMS_FAILED, "non remis"), (NO_SMS, "refusé")])
def test_after_an_sms_that_did_not_arrive_both_ways_are_told_too(kind: EventKind, word: str) -> None:
    status = look(told_of(SMS_SENT, kind, EMAIL_SENT)).status
    assert status.line == f"code envoyé (SMS {word} le 24/11 à 10 h 33, email le 24/11 à 10 h 34)"
    assert status.sentence == (
        "Le code envoyé par SMS le 24/11 à 10 h 32 ne vous est pas parvenu ; il vous a été renvoyé par email "
        "le 24/11 à 10 h 34. Regardez aussi dans les courriers indésirables (spams)."
    )


def test_a_number_that_refuses_sms_is_told_with_the_time_at_which_the_code_was_sent() -> None:
    app = told_of(SMS_SENT, NO_SMS)
    status = look(app).status
    assert (status.state, status.line) == ("not_delivered", "non remis (ce numéro n'existe pas, ou refuse nos SMS)")
    assert status.sentence == (
        "Le code envoyé par SMS le 24/11 à 10 h 32 ne vous est pas parvenu. La raison : ce numéro n'existe pas, "
        "ou refuse nos SMS. Dites-moi votre numéro : je vérifie si c'est celui du dossier."
    )
    app.change_account(deliverability={MOBILE.value: Deliverability.UNDELIVERABLE})
    assert do(app, acts.lift_mark) == "ok"
    assert look(app).status.sentence.endswith("Le numéro est remis en service : demandez un nouveau code.")


def test_a_code_that_was_refused_and_sent_another_way_in_one_second_is_told_as_sent(app: InMemoryService) -> None:
    for kind in (EventKind.CODE_REFUSED, EMAIL_SENT):
        bounced(app, "f", kind=kind)
    assert line(app) == "code envoyé (le 24/11 à 10 h 32, email)"


def test_a_code_that_came_back_is_told_with_its_time_and_once_the_mark_is_lifted_to_ask_for_another() -> None:
    browser = Browser(InMemoryService(invited()))
    app = browser.app
    flow = browser.start()
    app.deliver()
    app.wait(180)
    bounced(app, flow.flow_id)
    status = look(app).status
    assert status.line == "non remis (adresse refusée par la messagerie)"
    assert status.sentence == (
        "Le code envoyé par email le 24/11 à 10 h 32 ne vous est pas parvenu. La raison : adresse refusée par la "
        "messagerie. Dites-moi votre adresse : je vérifie si c'est celle du dossier."
    )
    app.change_account(deliverability={MAIL.value: Deliverability.UNDELIVERABLE})
    app.wait(60)
    assert do(app, acts.lift_mark) == "ok"
    status = look(app).status
    assert status.line == "non remis (adresse refusée par la messagerie), adresse remise en service"
    assert status.sentence.endswith("pas parvenu. L'adresse est remise en service : demandez un nouveau code.")


def test_a_code_that_arrived_is_told_no_more(app: InMemoryService) -> None:
    Browser(app).activate()
    assert line(app) == "mot de passe créé, préférences à finir"


def test_a_notice_that_came_back_is_no_code() -> None:
    app = InMemoryService(active(deliverability={MAIL.value: Deliverability.UNDELIVERABLE}))
    bounced(app, "a-notice-of-removal")
    status = look(app).status
    assert status.line == "avis non remis (adresse refusée par la messagerie)"
    assert status.sentence == (
        "Un message qui vous était destiné nous est revenu le 24/11 à 10 h 32. "
        "La raison : adresse refusée par la messagerie."
    )
    app.wait(1)
    do(app, acts.lift_mark)
    assert line(app) == "activé"


def test_a_code_that_never_left_is_not_said_to_have_been_sent(app: InMemoryService) -> None:
    flow = Browser(app).start()
    bounced(app, flow.flow_id, kind=EventKind.CODE_REFUSED)
    assert look(app).status.sentence == (
        "Le code demandé n'a pas pu être envoyé le 24/11 à 10 h 32. La raison : message refusé par l'opérateur. "
        "Je peux vous renvoyer le code."
    )


def test_the_longest_block_is_told_with_its_reason() -> None:
    browser = Browser(InMemoryService(invited()))
    app = browser.app
    for _ in range(3):
        Browser(app).start()
    assert line(app) == "bloqué jusqu'au 24/11 à 11 h 00 (trop de codes demandés)"
    [throttle_key] = {flow.throttle_key for flow in app.flows.rows.values()}
    app.counters.lock_throttle(throttle_key, until=app.now + 2 * HOUR_SECONDS)
    assert line(app) == "bloqué jusqu'au 24/11 à 12 h 32 (trop de codes incorrects)"
    member = InMemoryService(active())
    for _ in range(3):
        Browser(member).start(purpose=Purpose.PASSWORD_RESET)
    assert line(member) == "bloqué jusqu'au 24/11 à 11 h 00 (trop de codes demandés)"


OLD = Contact(Channel.EMAIL, "old@exemple.fr")
CHANGED = QuarantinedContact(OLD, NOW + 60, "C40218866-20261124T093200Z-0123456789ab")
REASONS: list[tuple[Callable[[InMemoryService], object], str, str, str]] = [
    (
        lambda app: [Browser(app).start() for _ in range(2)],
        "trop de codes demandés",
        "Aucun code ne peut être demandé avant",
        "parce que trop de codes ont été demandés",
    ),
    (
        lambda app: app.counters.lock_throttle(*app.counters.throttles, until=app.now + HOUR_SECONDS),
        "trop de codes incorrects",
        "Aucun code ne peut être demandé ni saisi avant",
        "parce que trop de codes incorrects ont été saisis",
    ),
    (
        lambda app: [app.counters.count_wrong_password(WHO, now=app.now) for _ in range(app.limits.wrong_passwords)],
        "trop de mots de passe incorrects",
        "La connexion est impossible avant",
        "parce que trop de mots de passe incorrects ont été saisis",
    ),
    (
        lambda app: do(app, acts.correct, contact=NEW),
        "contact corrigé, en attente d'un second agent",
        "Aucun code ne peut partir avant",
        "parce qu'un second agent doit encore confirmer votre contact corrigé",
    ),
    (
        lambda app: app.change_account(quarantine=(CHANGED,)),
        "contact changé par la structure, en attente",
        "Aucun code ne peut partir avant",
        "parce que votre structure vient de changer votre contact",
    ),
]


@pytest.mark.parametrize(("happen", "why", "what", "because"), REASONS)
def test_a_block_is_told_with_what_it_stops_and_its_reason_as_a_sentence(
    happen: Callable[[InMemoryService], object], why: str, what: str, because: str
) -> None:
    app = InMemoryService(invited(roster=entry(email=OLD.value, mobile="")))
    Browser(app).start()
    happen(app)
    status = look(app).status
    until = status.line.removeprefix("bloqué jusqu'au ").removesuffix(f" ({why})")
    assert status == StatusLine(AccountStatus.BLOCKED, status.line, f"{what} le {until}, {because}.")
    assert not re.search(r"que [aeiouyhéè]", status.sentence)


def test_a_contact_in_quarantine_blocks_nobody_who_has_another(app: InMemoryService) -> None:
    do(app, acts.correct, contact=NEW)
    assert line(app) == "prêt"


@pytest.mark.parametrize("who", [invited(), active(), invited(roster=entry(email="", mobile=""))])
def test_a_closing_that_waits_is_what_an_agent_is_told(who: Account) -> None:
    app = InMemoryService(who)
    do(app, acts.ask_to_close)
    assert look(app).status == StatusLine(
        AccountStatus.CLOSING,
        "fermeture demandée, à confirmer avant le 01/12 à 10 h 32",
        "La fermeture de votre compte est demandée : un second agent doit la confirmer avant le 01/12 à 10 h 32. "
        "D'ici là, rien n'est effacé.",
    )
    app.wait(7 * DAY_SECONDS)
    assert "fermeture" not in line(app)


def at_the_start_limit(app: InMemoryService) -> None:
    for _ in range(app.limits.starts_per_person_per_hour):
        Browser(app).start()
        app.deliver()
        app.wait(1)


def test_who_asked_for_too_many_codes_and_has_one_is_told_to_type_it(app: InMemoryService) -> None:
    at_the_start_limit(app)
    status = look(app).status
    said = "code envoyé (le 24/11 à 10 h 32, email) ; pas de nouvelle demande avant le 24/11 à 11 h 00"
    assert (status.state, status.line) == ("code_sent", said)
    assert status.sentence == (
        "Un code vous a été envoyé par email le 24/11 à 10 h 32. Regardez aussi dans les courriers "
        "indésirables (spams). Saisissez-le : pas de nouvelle demande avant le 24/11 à 11 h 00."
    )
    app.wait(60)
    do(app, acts.send_again)
    assert line(app) == "code envoyé à nouveau (le 24/11 à 10 h 33) ; pas de nouvelle demande avant le 24/11 à 11 h 00"
    app.wait(900)
    assert line(app) == "bloqué jusqu'au 24/11 à 11 h 00 (trop de codes demandés)"


def test_who_asked_for_too_many_codes_and_lost_the_last_is_told_that_it_can_be_sent_again(app: InMemoryService) -> None:
    at_the_start_limit(app)
    bounced(app, app.accounts.events[WHO][-1].flow_id, kind=EventKind.MAIL_BLOCKED)
    now = look(app).status
    assert now.line == "non remis (message refusé par la messagerie) ; pas de nouvelle demande avant le 24/11 à 11 h 00"
    assert now.sentence.endswith("Je peux vous renvoyer le code. Pas de nouvelle demande avant le 24/11 à 11 h 00.")


def test_a_lock_of_wrong_codes_leaves_no_code_to_type_nor_does_a_flow_without_tries_left(app: InMemoryService) -> None:
    at_the_start_limit(app)
    [throttle_key] = {flow.throttle_key for flow in app.flows.rows.values()}
    app.counters.lock_throttle(throttle_key, until=app.now + 60)
    assert line(app).startswith("bloqué jusqu'au 24/11 à 10 h 33 (trop de codes incorrects)")
    spent = InMemoryService(invited())
    at_the_start_limit(spent)
    for flow_id, flow in spent.flows.rows.items():
        spent.flows.rows[flow_id] = replace(flow, attempts=spent.limits.wrong_codes_per_flow)
    assert line(spent) == "bloqué jusqu'au 24/11 à 11 h 00 (trop de codes demandés)"


def test_requests_with_another_name_are_told_of_who_is_blocked_too(app: InMemoryService) -> None:
    for _ in range(app.limits.wrong_passwords):
        app.counters.count_wrong_password(WHO, now=app.now)
    asks_as(app, "Garcin")
    status = look(app).status
    assert status.line.endswith("(trop de mots de passe incorrects) ; 1 demande avec un autre nom, le 24/11 à 10 h 32")
    assert status.sentence.endswith("le dossier n'a qu'un nom : tapez le nom de naissance.")


def test_a_mail_that_is_late_is_told_as_late() -> None:
    status = look(told_of(EMAIL_SENT, DELAYED)).status
    late = "code envoyé (le 24/11 à 10 h 32, email, retardé le 24/11 à 10 h 33)"
    assert (status.state, status.line) == ("code_sent", late)
    assert status.sentence == (
        "Un code vous a été envoyé par email le 24/11 à 10 h 32. Votre messagerie tarde à le recevoir. "
        "Attendez quelques minutes, ou je vous le renvoie."
    )
    app = told_of(EMAIL_SENT, DELAYED, DELAYED)
    assert line(app) == "code envoyé (le 24/11 à 10 h 32, email, retardé le 24/11 à 10 h 34)"
    app.wait(900)
    assert look(app).status.sentence.endswith("Il a expiré : demandez-en un autre.")


AGAIN_FAULTS = [EventKind.MAIL_BLOCKED, FULL, EventKind.MAIL_REJECTED]


HELPS = [
    *(([EMAIL_SENT, kind], "Je peux vous renvoyer le code.") for kind in AGAIN_FAULTS),
    ([EMAIL_SENT, EventKind.MAIL_BLOCKED], "Votre adresse n'est pas en cause"),
    ([SMS_SENT, SMS_FAILED], "Je peux vous renvoyer le code."),
    ([EventKind.CODE_REFUSED], "Je peux vous renvoyer le code."),
    ([EventKind.CODE_WITHHELD], "Réessayez demain."),
    ([SMS_SENT], f"Un code vous a été envoyé par SMS le 24/11 à 10 h 32{RADIO}"),
]


@pytest.mark.parametrize(("kinds", "words"), HELPS)
def test_a_code_that_did_not_arrive_is_told_with_what_helps(kinds: list[EventKind], words: str) -> None:
    app = told_of(*kinds)
    assert words in look(app).status.sentence
    app.wait(900)
    assert "vous renvoyer" not in look(app).status.sentence
