"""Nobody learns from any answer whether somebody is known: every call of a flow, byte for byte, for everybody.

Nor from its time: whoever is asked about, the same is asked of AWS, which is what an answer takes its time for.
"""

import re
from collections.abc import Callable

import pytest

from activation.adapters.breaker import SWITCH
from activation.adapters.dynamodb import to_attributes
from activation.domain.code_digits import code_for
from tests.exhaustive import is_due
from tests.functions.correspondents import activate_at_once, invite
from tests.functions.deployment import forget_settings
from tests.functions.paths import ACTIVATION, RESET, SESSION
from tests.functions.people import AWA, DAY, LOUIS, STRANGER, YANN, Person, at_home, both, credentials, wrong_codes
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import START, World

PASSWORD = "Une-Autre-Phrase-77"
GONE = Person("10000009", "Durand")
MOST_ISSUES = 5
WRONG_NAME = Person("10000001", "Garcin")
INVITED_CORRESPONDENT = Person("C10000001", "Fontaine")
ACTIVE_CORRESPONDENT = Person("C10000002", "Fontaine")
LAPSED_CORRESPONDENT = Person("C10000003", "Fontaine")
UNKNOWN_CORRESPONDENT = Person("C99999999", "Fontaine")
EVERYBODY = {
    "invited": AWA,
    "active": LOUIS,
    "unknown": STRANGER,
    "wrong name": WRONG_NAME,
    "without contact": YANN,
    "past their last day": GONE,
    "invited correspondent": INVITED_CORRESPONDENT,
    "active correspondent": ACTIVE_CORRESPONDENT,
    "correspondent whose invitation lapsed": LAPSED_CORRESPONDENT,
    "unknown correspondent": UNKNOWN_CORRESPONDENT,
    "correspondent under another name": Person("c1000 0001", "Fontaines"),
}
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(r"\.[A-Za-z0-9_-]{43};")
OTHER_FLOW = {"X-Flow": "00000000-0000-4000-8000-000000000000"}

Script = Callable[["Stranger"], None]


class Stranger:
    """Somebody who tries what anybody may, for one person, and keeps all that they see."""

    def __init__(self, world: World, person: Person, path: str) -> None:
        self.world, self.person, self.path = world, person, path
        self.visitor = Visitor()
        self.seen: list[tuple[str, int, str, str, list[str]]] = []

    def start(self, visitor: Visitor | None = None) -> None:
        self._see("start", (visitor or self.visitor).post, self.path, self.person.start_body)

    def again(self) -> None:
        self._see("again", self.visitor.post, f"{self.path}/code")

    def guess(self, code: str = "") -> None:
        self._see("guess", self.visitor.post, f"{self.path}/verification", {"code": code or self._wrong_code()})

    def look(self) -> None:
        self._see("look", self.visitor.get, SESSION)

    def skip(self) -> None:
        """Step 3 without step 2, another purpose's step 2, a form of another flow."""
        self._see("skip", self.visitor.post, f"{self.path}/password", both(PASSWORD))
        self._see("skip", self.visitor.post, f"{SESSION}/verification", {"code": "000000"})
        self._see("skip", self.visitor.post, f"{self.path}/code", {}, OTHER_FLOW)

    def wait(self, seconds: int) -> None:
        """Time goes by, and the worker works."""
        self.world.deliver()
        self.world.advance(seconds)

    def _wrong_code(self) -> str:
        flow = self.visitor.cookies["__Host-flow"].partition(".")[0]
        purpose = "activation" if self.path == ACTIVATION else "password_reset"
        mac = self.world.code_mac(purpose, flow)
        return next(
            wrong_codes(*(code_for(mac, number=code_number, digits=6) for code_number in range(1, MOST_ISSUES + 1)))
        )

    def _see(self, name: str, ask: Callable[..., Answer], *said: object) -> None:
        heard = len(self.world.wire.done)
        answer = ask(*said)
        work = [operation for operation, _ in self.world.wire.done[heard:]]
        headers = TOKEN.sub("<token>", ID.sub("<id>", str(sorted(answer.headers.items()))))
        self.seen.append((name, answer.status, headers, ID.sub("<id>", answer.text), work))


def mistypes(stranger: Stranger) -> None:
    """Resends too early, in time and too often; codes without form, wrong ones, until the flow is dead; a new start."""
    stranger.start()
    stranger.look()
    stranger.again()
    stranger.wait(60)
    stranger.again()
    stranger.look()
    stranger.guess("12345")
    for _ in range(6):
        stranger.guess()
    stranger.look()
    stranger.again()
    stranger.skip()
    stranger.start()
    stranger.guess()


def asks_too_often(stranger: Stranger) -> None:
    """Every resend there is, then every start of an hour and of a day."""
    stranger.start()
    for _ in range(MOST_ISSUES):
        stranger.wait(60)
        stranger.again()
    for _ in range(3):
        stranger.start(Visitor())
    stranger.wait(3_600)
    stranger.guess()
    stranger.look()
    for _ in range(3):
        stranger.start(Visitor())


def gets_locked(stranger: Stranger) -> None:
    """Wrong codes until codes get longer, then until the throttle key is locked, then a day later."""
    stranger.world.set(LONGER_CODES_AFTER=3, WRONG_CODES_PER_PERSON=8, STARTS_PER_PERSON_PER_HOUR=9)
    for _ in range(2):
        stranger.visitor = Visitor()
        stranger.start()
        stranger.wait(1)
        for _ in range(5):
            stranger.guess()
        stranger.look()
        stranger.again()
    stranger.start(Visitor())
    stranger.wait(DAY)
    stranger.start()
    stranger.guess()
    stranger.start(Visitor())


def comes_too_late(stranger: Stranger) -> None:
    """Everything, once the flow is over."""
    stranger.start()
    stranger.wait(900)
    stranger.look()
    stranger.again()
    stranger.guess("000000")
    stranger.skip()


def meets_longer_codes(stranger: Stranger) -> None:
    """Everybody's codes get longer in the middle of a flow."""
    _switch(stranger.world, until=0)
    stranger.start()
    stranger.wait(60)
    _switch(stranger.world, until=stranger.world.now + 3_600)
    stranger.wait(10)
    stranger.guess()
    stranger.look()
    stranger.again()
    assert '"length":8' in stranger.seen[-1][3]
    stranger.look()
    stranger.guess()
    stranger.guess("27182818")
    stranger.wait(60)
    stranger.start(Visitor())
    stranger.skip()


def _switch(world: World, *, until: int) -> None:
    row = {**SWITCH, "tripped_until": until, "expires_at": until}
    world.deployment.dynamodb.put_item(TableName="limits", Item=to_attributes(row))


SCRIPTS = (mistypes, asks_too_often, gets_locked, comes_too_late, meets_longer_codes)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("path", [ACTIVATION, RESET])
def test_every_answer_of_a_flow_is_the_same_for_everybody(world: World, path: str, script: Script) -> None:
    """For each script another third of the people, all of them in `make fuzz`."""
    stories, shift = {}, SCRIPTS.index(script) + (path == RESET)
    due = [name for place, name in enumerate(EVERYBODY) if name == "unknown" or is_due(place + shift, one_in=3)]
    for name, person in ((name, EVERYBODY[name]) for name in due):
        everybody_is_there(world)
        stranger = Stranger(world, person, path)
        script(stranger)
        stories[name] = stranger.seen
    first = stories.pop("unknown")
    statuses = {status for _, status, *_ in first}
    assert statuses >= {202}
    assert max(statuses) < 500
    for name, story in stories.items():
        assert story == first, name


@pytest.mark.parametrize(
    "person", [STRANGER, AWA, GONE, ACTIVE_CORRESPONDENT, LAPSED_CORRESPONDENT, UNKNOWN_CORRESPONDENT]
)
def test_wrong_passwords_look_the_same_up_to_the_lock_and_after_it(world: World, person: Person) -> None:
    world.set(WRONG_PASSWORDS=3)
    stories = []
    for someone in (LOUIS, person):
        everybody_is_there(world)
        answers = []
        for seconds in (0, 1, 1, 1, 900):
            world.advance(seconds)
            answers.append(Visitor().post(SESSION, credentials(someone, PASSWORD)))
        stories.append([(answer.status, ID.sub("<id>", str(answer.headers) + answer.text)) for answer in answers])
    assert stories[0] == stories[1]
    assert [status for status, _ in stories[0]] == [401, 401, 401, 429, 401]


def everybody_is_there(world: World) -> None:
    """Louis at home, somebody whose last day is past, correspondents, the others invited; always at the same time.

    What a function had read already is forgotten: whoever comes first would be asked for it alone.
    """
    forget_settings()
    if world.deployment.recall("everybody is there") is None:
        world.now = START
        at_home(world, LOUIS)
        world.advance(DAY)  # what he asked for himself was yesterday
        row = {"identifier": GONE.identifier, "last_name": GONE.last_name, "email": "d@exemple.fr"}
        world.import_rows([row | {"structure_id": "S1", "end_date": "2026-11-22"}])
        invite(world, identifier=INVITED_CORRESPONDENT.identifier)
        invite(world, identifier=LAPSED_CORRESPONDENT.identifier, invited_until="2026-11-22")
        activate_at_once(world, invite(world, identifier=ACTIVE_CORRESPONDENT.identifier))
        world.deployment.remember("everybody is there", {})
    world.now = START + DAY
