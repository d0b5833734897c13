"""What correspondents see of requests: of who consents now alone, nothing sensitive, and no look that isn't told."""

from dataclasses import replace

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.errors import BusyError
from activation.domain.events import Event, EventKind
from activation.domain.ledger import Consent
from activation.domain.limits import DAY_SECONDS
from activation.domain.people_search import PAGE_PEOPLE, Cursor
from activation.domain.requests import acts
from activation.domain.requests.followed import followed
from activation.domain.requests.kinds import Catalogue
from activation.domain.requests.request import Asked, Request
from activation.domain.requests.states import AskReason, RequestState
from functions.correspondent import follow_up
from functions.correspondent.follow_up import FollowedPeople, FollowUpPorts
from functions.correspondent.views import follow_up_body
from tests.builders import CLAIRE, NOW, TEXTS, active, entry
from tests.in_memory import outcome
from tests.unit.refusals import failing
from tests.unit.requests import KIND, PAID, request
from tests.unit.test_correspondent import REFUSED, TOKEN, Space

SENSITIVE = replace(KIND, id="handicap", sensitive=True)
BECAME = {"1": replace(KIND, id="became"), "2": replace(KIND, id="became", version="2", sensitive=True)}
CATALOGUE = Catalogue({KIND.id: {"1": KIND}, PAID.id: {"1": PAID}, "handicap": {"1": SENSITIVE}, "became": BECAME})
SENT = request(RequestState.SENT)
YES = Consent(consents=True, text_version="1", decided_at=NOW, structure_id="S1")


def shown_of(*requests: Request) -> list[str]:
    return [each.request_id for each, _ in followed(requests, CATALOGUE)]


def test_drafts_and_sensitive_kinds_are_never_shown_nor_what_is_about_one() -> None:
    draft = replace(request(RequestState.DRAFT), request_id="draft")
    sensitive = replace(SENT, request_id="sensitive", kind="handicap")
    about = replace(SENT, request_id="about", about="sensitive")
    about_that = replace(SENT, request_id="about that", about="about")
    about_erased = replace(SENT, request_id="about erased", about="erased")
    assert shown_of(draft, sensitive, about, about_that, about_erased) == []
    assert shown_of(replace(SENT, kind="became")) == []
    assert shown_of(SENT, replace(SENT, request_id="claim", about="R1")) == ["R1", "claim"]


def test_what_was_never_sent_is_not_shown_once_its_person_took_it_back() -> None:
    assert shown_of(acts.withdraw(request(RequestState.DRAFT), KIND, now=NOW).after) == []
    assert shown_of(acts.withdraw(SENT, KIND, now=NOW).after) == ["R1"]
    later = replace(SENT, request_id="later", kind=PAID.id, changed_at=SENT.changed_at + 1)
    assert followed([SENT, later], CATALOGUE) == [(later, PAID), (SENT, KIND)]


class FollowUp(Space):
    """Claire, and people of hers; each has one request that was sent."""

    def __init__(self, *people: Account, claire: Account | None = None) -> None:
        super().__init__(*people, claire=claire)
        for person in people:
            self.file(person.identifier)
        self.follow = FollowUpPorts(self.ports, self.app.store, self.app.requests, CATALOGUE)

    def file(self, identifier: str, **more: object) -> None:
        row = replace(SENT, **{"request_id": f"of {identifier}", "identifier": identifier, **more})  # type: ignore[arg-type]
        self.app.requests.rows[row.request_id] = row

    def show(self, which: str = "S1", after: Cursor | None = None) -> FollowedPeople:  # type: ignore[override]
        return follow_up.show_requests(self.follow, TOKEN, which, after=after, texts=TEXTS, context=self.app.context)

    @property
    def shown(self) -> list[str]:
        return [one.account.identifier for one in self.show().people]

    def looks(self, identifier: str) -> list[str | None]:
        events = self.app.accounts.events.get(identifier, [])
        return [event.agent for event in events if event.kind is EventKind.CORRESPONDENT_LOOKED]


SHOWN = [
    (active("1", consent=YES), True),
    (active("1", consent=None), False),
    (active("1", consent=replace(YES, consents=False)), False),
    (active("1", consent=replace(YES, structure_id="S2")), False),
    (active("1", consent=YES, status=Status.CLOSED), False),
    (active("1", consent=replace(YES, structure_id="S2"), roster=entry(structure_id="S2")), False),
]


@pytest.mark.parametrize(("person", "is_shown"), SHOWN)
def test_only_who_consents_now_to_this_employer_s_correspondent_is_shown(person: Account, *, is_shown: bool) -> None:
    space = FollowUp(person)
    space.file(CLAIRE)  # of which nobody sees anything
    assert (space.shown == ["1"]) is is_shown
    assert (space.looks("1") == [CLAIRE]) is is_shown


def test_a_look_at_requests_is_activity() -> None:
    space = FollowUp(active("1", consent=YES))
    space.app.wait(600)
    assert (space.shown, space.app.sessions.touched) == (["1"], 1)


@pytest.mark.parametrize("person", [row for row, is_shown in SHOWN if not is_shown])
def test_the_very_next_call_shows_nobody_whose_door_has_closed(person: Account) -> None:
    space = FollowUp(active("1", consent=YES))
    assert space.shown == ["1"]
    space.app.accounts.add(person)
    assert space.shown == []
    space.unlink("S1")
    assert outcome(space.show) == outcome(lambda: space.show("S2")) == outcome(lambda: space.show("S9"))
    assert outcome(space.show) == "NotFoundError"


def test_who_has_nothing_to_show_is_not_there_whatever_they_have_beside() -> None:
    space = FollowUp(active("1", consent=YES), active("2", consent=YES))
    space.file("1", kind="handicap")
    del space.app.requests.rows["of 2"]
    assert (space.shown, space.looks("1"), space.looks("2")) == ([], [], [])


def test_a_look_is_a_line_one_a_day_for_each_correspondent_written_before_anything_is_shown() -> None:
    space = FollowUp(active("1", consent=YES))
    space.app.store.meanwhile.append(failing(BusyError()))
    assert (outcome(space.show), space.looks("1")) == ("BusyError", [])
    before = [Event(EventKind.CORRESPONDENT_LOOKED, NOW - DAY_SECONDS, agent=CLAIRE)]
    before.append(Event(EventKind.CORRESPONDENT_LOOKED, NOW, agent="C00000001"))
    space.app.accounts.events["1"] = before
    for _ in range(3):
        space.show()
    assert space.looks("1") == [CLAIRE, "C00000001", CLAIRE]


def test_fifty_people_are_looked_at_a_page_whoever_consents() -> None:
    nobody = [active(f"{number:08}", consent=None) for number in range(PAGE_PEOPLE)]
    space = FollowUp(*nobody, active("90000000", consent=YES))
    first = space.show()
    assert first.people == []
    assert [one.account.identifier for one in space.show(after=first.after).people] == ["90000000"]
    assert space.show(after=first.after).after is None


def test_as_much_is_read_whoever_consents_and_nobody_s_requests_but_theirs() -> None:
    refusing = active("4", consent=replace(YES, consents=False))
    space = FollowUp(active("1", consent=YES), active("2", consent=None), active("3", consent=YES), refusing)
    del space.app.requests.rows["of 3"]
    asked, of = list[str](), space.app.requests.of

    def read(identifier: str) -> list[Request]:
        asked.append(identifier)
        return of(identifier)

    space.app.requests.of = read  # type: ignore[method-assign]  # what is asked is noted
    assert (space.shown, sorted(asked)) == (["1"], sorted(["1", "3", CLAIRE, CLAIRE]))


def test_what_is_shown_is_no_answer_no_words_and_no_identifier() -> None:
    space = FollowUp(active("1", consent=YES))
    asked = Asked("le certificat", AskReason.INCOMPLETE, "2026-12-24", "Le vôtre est coupé.")
    space.file("1", state=RequestState.TO_COMPLETE, asked=asked, words="Trop tard.")
    [person] = follow_up_body(space.show()).model_dump(mode="json", exclude_unset=True)["people"]
    [one] = person.pop("requests")
    assert person == {"last_name": "Garcia", "usage_name": "", "first_name": "Louis"}
    assert {one.pop(name) for name in ("sent_at", "changed_at")} == {"2026-11-24T00:00:00Z"}
    labels = {"label": "Réclamation", "state": "to_complete", "state_label": "À compléter"}
    assert one == {"number": "123456789", **labels, "asked": "le certificat", "deadline": "2026-12-24"}


@pytest.mark.parametrize(("claire", "said"), REFUSED)
def test_whose_session_it_is_is_looked_at_first(claire: Account, said: str) -> None:
    space = FollowUp(active("1", consent=YES), claire=claire)
    assert outcome(space.show) == said
    for token in (None, "another"):
        call = lambda token=token: follow_up.show_requests(  # noqa: E731  # bound at once
            space.follow, token, "S1", after=None, texts=TEXTS, context=space.app.context
        )
        assert outcome(call) == "SessionExpiredError"
