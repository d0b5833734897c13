"""The product does what a model of it says, whatever people, attackers, clocks, providers and agents do, in any order.

Correspondents change rows of people, codes come back, a release is rolled out in the middle.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, ClassVar
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from activation.adapters.counters import throttle_scope
from activation.adapters.dynamodb import from_attributes, to_attributes
from activation.domain.limits import THROTTLE_KEPT_SECONDS, Limits
from activation.domain.names import fold_name
from infra.reindex import reindex
from tests.builders import PASSWORD, ROSTER, WORK_MAIL, WORK_MOBILE
from tests.dynamodb.stand_in import let_writes_be_seen
from tests.exhaustive import IS_EXHAUSTIVE
from tests.functions.correspondents import CLAIRE_FONTAINE, ELSEWHERE, invite
from tests.functions.desk import CLAIRE as AGENT
from tests.functions.invariants import broken_promises
from tests.functions.paths import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, CONTACT, OWN_PASSWORD, RESET, SESSION, TERMS
from tests.functions.people import (
    AWA,
    DAY,
    HOUR,
    INES,
    LOUIS,
    NEW_PASSWORD,
    ROSE,
    STRANGER,
    YANN,
    Person,
    both,
    credentials,
    flow_id,
)
from tests.functions.reports import report_mail, report_sms, sms_line
from tests.functions.roster_steps import take_in_states
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World
from tests.in_memory.states import said as state_of
from tests.orders.actors import DONE
from tests.orders.model import Model, Row, Said, said
from tests.orders.scenes import WRONG_PASSWORD
from tests.orders.simulation import Simulation

PARTS, RUNS, ACTS, STEPS = (20, 4, 65, 65) if IS_EXHAUSTIVE else (1, 5, 10, 20)
"""So many tests of so many lives, each of so many acts and then of so many steps of Hypothesis: more than 10,000.

More in one test would take as long as a test that hangs.
"""

CONTACTS: Mapping[Person, Mapping[str, str]] = {
    LOUIS: {"email": "louis.garcia@mondomaine.com", "sms": "+33612345678"},
    AWA: {"sms": "+33623456789"},
    YANN: {},
    INES: {"email": "ines@mondomaine.com"},
    ROSE: {"email": "rose@mondomaine.com", "sms": "+33692123456"},
    CLAIRE_FONTAINE: {"email": WORK_MAIL.value, "sms": WORK_MOBILE.value},
}
"""What is declared of each in the beginning."""

ZOE = Person(ELSEWHERE["identifier"], "Durand")
"""Of a structure for which Claire does not answer."""

PEOPLE = (LOUIS, AWA, INES, CLAIRE_FONTAINE)
THEIRS = (LOUIS, AWA, INES, YANN)
"""Whose rows Claire changes."""
LAPSES = int(datetime(2026, 12, 25, 10, tzinfo=UTC).timestamp())
"""When the last day of Claire's invitation is over in Papeete."""

PATHS = {"activation": ACTIVATION, "reset": RESET, "sign_in": SESSION, "contact": CONTACT}
OF_THE_PRODUCT = {"reset": "password_reset"}
MARKS = {"bounce": "undeliverable", "complaint": "complained"}
SPACE, PEOPLES_ROWS, FOLLOW_UP = "/api/correspondent", "/api/correspondent/people", "/api/correspondent/requests/search"

browsers = st.sampled_from("abc")
people = st.sampled_from((*PEOPLE, STRANGER))
rows_of = st.sampled_from((*THEIRS, ZOE, STRANGER, CLAIRE_FONTAINE))
passwords = st.sampled_from((PASSWORD, NEW_PASSWORD))
purposes = st.sampled_from(tuple(PATHS))
anonymous = st.sampled_from(("activation", "reset"))
EVENTS = ("bounce", "bounce", "complaint", "block", "full", "delay", "delivery", "reply")
NEW_CONTACTS = (("email", "neuf@exemple.fr"), ("sms", "+33611223344"), ("sms", "+33612345678"))
CLAIRES_NEW = (("email", "claire@exemple.fr"), ("sms", "+33644556677"), ("sms", WORK_MOBILE.value))
"""What only she has: it marks rows in which it stands, of which the model knows nothing."""
MOSTLY = 0.7
times = st.sampled_from((1, 60, 61, 600, 900, HOUR, DAY, 3 * DAY, 33 * DAY, 96 * DAY))
FLOW_COOKIE = "__Host-flow"


def _turn_of_the_clocks(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


MOMENTS = sorted(
    int(moment.timestamp())
    for year in range(2027, 2060)
    for moment in (
        _turn_of_the_clocks(year, 3),
        _turn_of_the_clocks(year, 10),
        *([datetime(year, 2, 28, 23, tzinfo=UTC), datetime(year, 2, 29, 12, tzinfo=UTC)] if year % 4 == 0 else []),
    )
)
"""When clocks in Paris change, when 29 February begins there, and the midst of it."""

PARIS = ZoneInfo("Europe/Paris")
TIME_OF_DAY = re.compile(r"le \d\d/\d\d à \d+ h \d\d")

RECENT = {"shared": False, "desk_email": False, "desk_mobile": False, "start_date": ""}
"""Members of a roster entry that the version before did not write, each with what it is without them."""


def settle(world: World) -> None:
    """Claire is invited to answer for S1; each of its people has a request; there are others elsewhere."""
    world.import_rows([*ROSTER, ELSEWHERE])
    invite(world)
    take_in_states(world, [state_of(identifier=person.identifier) for person in THEIRS])


def older(table: str, row: Row) -> Row:
    gone = {"sessions": {"structure_id"}, "pending_codes": {"passwords"}}.get(table, set())
    if row.get("record") != "PROFILE":
        return {name: value for name, value in row.items() if name not in gone}
    roster = {name: value for name, value in row["roster"].items() if name not in RECENT or value != RECENT[name]}
    marks = [row["deliverability"].get(roster[channel]) for channel in ("email", "mobile")]
    if row.get("standing", "").startswith("bounced#") == ("undeliverable" in marks):
        gone = {"standing"}
    return {name: value for name, value in row.items() if name not in gone} | {"roster": roster}


class TheServiceAndItsModel(RuleBasedStateMachine):
    """Each rule does one thing in both, and compares what they say and send."""

    simulated: ClassVar[Simulation]
    compared: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = self.simulated.anew(settle)
        self.visitors = {name: Visitor(address=f"203.0.113.{place}") for place, name in enumerate("abc", 1)}
        rosters: dict[str, Row] = {
            person.identifier: {
                "identifier": person.identifier,
                "kind": "beneficiary",
                "names": {fold_name(person.last_name)},
                "contacts": dict(contacts),
            }
            for person, contacts in CONTACTS.items()
        }
        rosters[CLAIRE_FONTAINE.identifier] |= {"kind": "correspondent", "until": LAPSES, "ledger": ["asked of none"]}
        self.model = Model(rosters, self.world.now)
        self.posted: list[str] = []
        self.noted: set[str] = set()
        self.read: dict[str, tuple[str, Row]] = {}
        self.done: list[str] = []

    @initialize(chance=st.randoms(use_true_random=True))
    def live(self, chance: Random) -> None:
        """A life before all that Hypothesis thinks of, as most are: each act as likely as another."""
        for _ in range(ACTS):
            browser, other, person = chance.choice("abc"), chance.choice("abc"), chance.choice(PEOPLE)
            right = self.model.people[person.identifier]["password"] or PASSWORD
            place, hers = chance.randrange(3), self._browser_of_claire() or browser
            acts = [
                partial(self.come_home, browser, person, consents=chance.choice((True, False))),
                partial(self.come_home, browser, CLAIRE_FONTAINE, consents=True),
                partial(self.come_back, browser, person, right, is_there=chance.random() < MOSTLY),
                partial(self.forget, browser, person, how_far=chance.choice((1, 2, 2))),
                partial(self.change_contact, browser, place, right),
                partial(self.change_password, browser, right, chance.choice((PASSWORD, NEW_PASSWORD))),
                partial(self.consent, browser, consents=chance.choice((True, False))),
                partial(self.channel, browser, chance.choice(("email", "sms")), chance.choice((None, place))),
                partial(self.everywhere, browser),
                partial(self.export, browser),
                partial(self.resend, browser, chance.choice(tuple(PATHS))),
                partial(self.take_the_flow_of, browser, other),
                partial(self.verify_another_s, browser, other, chance.choice(tuple(PATHS))),
                partial(self.guess, browser),
                partial(self.guess_for_days, browser),
                partial(self.guess_passwords, browser, person, chance.choice((9, 10))),
                partial(self.unlock, person),
                partial(self.in_two_tabs, browser, other),
                partial(self.come_back_late, browser, other, person, right),
                partial(self.at_the_last_second, browser, person, right, chance.randrange(99)),
                partial(self.wait_for_an_end, chance.randrange(3), is_there=chance.choice((True, False))),
                partial(self.let_time_go_by, chance.choice((1, 60, 600, HOUR, DAY))),
                partial(self.jump, chance.randrange(4), is_there=chance.choice((True, False))),
                partial(self.release),
                *[partial(self.at_work, browser, chance.choice(THEIRS), chance.randrange(9))] * 3,
                partial(self.declare, hers, chance.choice(THEIRS), chance.randrange(9), is_fresh=False),
                *[partial(self.report, chance.choice(EVENTS), chance.choice((1, 1, 2)))] * 2,
                partial(self.lose_a_code, browser, person, chance.choice(("activation", "reset", "sign_in"))),
                *[partial(self.go_on, browser)] * 5,
            ]
            chance.choice(acts)()
            self.everybody_is_where_the_model_says()

    @rule(browser=browsers, purpose=anonymous, person=people, is_other=st.booleans())
    def start(self, browser: str, purpose: str, person: Person, is_other: bool) -> None:
        name = "Autre" if is_other else person.last_name
        answer = self.visitors[browser].post(PATHS[purpose], {"identifier": person.identifier, "last_name": name})
        self._compare(answer, self.model.start, browser, purpose, person.identifier, fold_name(name))

    @rule(browser=browsers, purpose=purposes)
    def resend(self, browser: str, purpose: str) -> None:
        self._compare(self.visitors[browser].post(f"{PATHS[purpose]}/code"), self.model.resend, browser, purpose)

    @rule(browser=browsers, purpose=purposes, back=st.sampled_from((0, 0, 0, 0, 1, 2, None)))
    def verify(self, browser: str, purpose: str, back: int | None) -> None:
        """A code: the last one, one before it, or none that was ever sent."""
        flow = self.model.flows.get(browser)
        number = flow["number"] - back if flow and back is not None and flow["number"] > back else None
        code = self._code(browser, flow, number) if flow and number else "123456"
        answer = self.visitors[browser].post(f"{PATHS[purpose]}/verification", {"code": code})
        self._compare(answer, self.model.verify, browser, purpose, number)

    @rule(browser=browsers, other=browsers, purpose=purposes)
    def verify_another_s(self, browser: str, other: str, purpose: str) -> None:
        """A code that came for somebody else's flow, or for one of another browser."""
        flow = self.model.flows.get(other)
        if browser != other and flow and flow is not self.model.flows.get(browser):
            code = self._code(other, flow, flow["number"])
            answer = self.visitors[browser].post(f"{PATHS[purpose]}/verification", {"code": code})
            self._compare(answer, self.model.verify, browser, purpose, None)

    @rule(browser=browsers)
    def guess(self, browser: str) -> None:
        for _ in range(6):
            if flow := self.model.flows.get(browser):
                self.verify(browser, flow["purpose"], None)

    @rule(browser=browsers)
    def guess_for_days(self, browser: str) -> None:
        """Nearly as many wrong codes as lock a throttle key, in other browsers, over days: written, to save them."""
        if browser in self.model.flows:
            self.done.append("guess for days")
            self.model.wrong[self.model.flows[browser]["throttle"]] = 98
            flow = self.world.row("pending_codes", flow_id=flow_id(self.visitors[browser]))
            self.world.deployment.dynamodb.update_item(
                TableName="limits",
                Key={"scope": {"S": throttle_scope(flow["throttle_key"]["S"])}},
                UpdateExpression="SET wrong = :most, expires_at = :kept",
                ExpressionAttributeValues={
                    ":most": {"N": "98"},
                    ":kept": {"N": str(self.world.now + THROTTLE_KEPT_SECONDS)},
                },
            )

    @rule(browser=browsers, other=browsers)
    def take_the_flow_of(self, browser: str, other: str) -> None:
        """A browser has a copy of another's cookie: a second tab of a profile that was copied, or a thief."""
        if browser != other and other in self.model.flows:
            self.done.append("take a flow")
            flows, tokens = self.model.flows, self.model.tokens
            flows[browser], tokens[browser] = flows[other], tokens[other]
            self.visitors[browser].cookies[FLOW_COOKIE] = self.visitors[other].cookies[FLOW_COOKIE]

    @rule(browser=browsers)
    def export(self, browser: str) -> None:
        """All that is stored about me: what was decided last is in force, and what was proven is a contact."""
        answer = self.visitors[browser].get(f"{ACCOUNT}/export")
        if person := self._compare(answer, self.model.show, browser, "", ""):
            shown, proven = answer.body["person"], person["proven"]
            known = shown.get("email"), shown.get("mobile"), shown.get("channel"), "terms" in shown
            assert known == (proven.get("email"), proven.get("sms"), person["channel"], person["terms"]), self._story()
            decided = person["ledger"] if person["kind"] == "beneficiary" else []
            assert [line["consents"] for line in answer.body["consents"]] == decided, self._story()
            assert shown.get("consent", {}).get("consents") == (decided[-1] if decided else None), self._story()
            assert len(answer.body["known_browsers"]) == len(person["devices"]), self._story()
            marks = {to: MARKS[mark] for to, mark in person["marks"].items() if to in proven.values()}
            said_of = answer.body["deliverability"].items()
            assert {to: mark for to, mark in said_of if to in proven.values()} == marks, self._story()

    @rule(browser=browsers)
    def go_on(self, browser: str) -> None:
        """What the page of the browser's flow is for, with the right code: most people do just that."""
        flow = self.model.flows.get(browser)
        if flow and flow["state"] == "code_sent":
            self.verify(browser, flow["purpose"], 0)
        elif flow and flow["state"] == "verified":
            former = flow["person"]["password"]
            self.set_password(browser, flow["purpose"], NEW_PASSWORD if former == PASSWORD else PASSWORD)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), consents=st.booleans())
    def come_home(self, browser: str, person: Person, consents: bool) -> None:
        self.start(browser, "activation", person, is_other=False)
        self.go_on(browser)
        self.go_on(browser)
        self.consent(browser, consents)
        self.channel(browser, next(iter(CONTACTS[person])), None)
        self.terms(browser)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), password=passwords, is_there=st.booleans())
    def come_back(self, browser: str, person: Person, password: str, is_there: bool) -> None:
        self.sign_in(browser, person, password)
        if is_there:
            self.go_on(browser)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), how_far=st.sampled_from((2, 1, 0)))
    def forget(self, browser: str, person: Person, how_far: int) -> None:
        """A forgotten password, as far as the person goes today."""
        self.start(browser, "reset", person, is_other=False)
        for _ in range(how_far):
            self.go_on(browser)

    @rule(browser=browsers, other=browsers)
    def in_two_tabs(self, browser: str, other: str) -> None:
        """The page of a flow stands open twice, and each goes on."""
        self.take_the_flow_of(other, browser)
        self.go_on(browser)
        self.go_on(other)

    @rule(browser=browsers, other=browsers, person=st.sampled_from(PEOPLE), password=passwords)
    def come_back_late(self, browser: str, other: str, person: Person, password: str) -> None:
        """A code waits while its person gets a new password in another browser."""
        self.sign_in(browser, person, password)
        self.forget(other, person, how_far=2)
        self.go_on(browser)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), purpose=st.sampled_from(("activation", "reset", "sign_in")))
    def lose_a_code(self, browser: str, person: Person, purpose: str) -> None:
        """A code is asked for, comes back, and comes another way; whoever got it goes on."""
        if purpose == "sign_in":
            self.sign_in(browser, person, self.model.people[person.identifier]["password"] or PASSWORD)
        else:
            self.start(browser, purpose, person, is_other=False)
        self.report("bounce", 1)
        self.go_on(browser)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), password=passwords, which=st.integers(0, 7))
    def at_the_last_second(self, browser: str, person: Person, password: str, which: int) -> None:
        """All that somebody may try, a second before something ends and when it has."""
        self.wait_for_an_end(which, is_there=False)
        for _ in range(2):
            if flow := self.model.flows.get(browser):
                self.resend(browser, flow["purpose"])
            for purpose in ("activation", "reset"):
                self.start(browser, purpose, person, is_other=False)
            self.sign_in(browser, person, password)
            self.let_time_go_by(1)

    @rule(browser=browsers, purpose=anonymous, password=passwords)
    def set_password(self, browser: str, purpose: str, password: str) -> None:
        answer = self.visitors[browser].post(f"{PATHS[purpose]}/password", both(password))
        self._compare(answer, self.model.set_password, browser, purpose, password)

    @rule(browser=browsers, person=people, password=passwords)
    def sign_in(self, browser: str, person: Person, password: str) -> None:
        answer = self.visitors[browser].post(SESSION, credentials(person, password))
        self._compare(answer, self.model.sign_in, browser, person.identifier, password)

    @rule(browser=browsers, person=people, times=st.sampled_from((9, 10)))
    def guess_passwords(self, browser: str, person: Person, times: int) -> None:
        """As many wrong passwords as lock an account, or all but one."""
        for _ in range(times):
            self.sign_in(browser, person, WRONG_PASSWORD)

    @rule(browser=browsers, consents=st.booleans())
    def consent(self, browser: str, consents: bool) -> None:
        answer = self.visitors[browser].put(CONSENT, {"consents": consents, "text_version": "1"})
        self._compare(answer, self.model.consent, browser, consents)

    @rule(browser=browsers, channel=st.sampled_from(("email", "sms")), place=st.none() | st.integers(0, 2))
    def channel(self, browser: str, channel: str, place: int | None) -> None:
        way, contact = self._new_contact(browser, place) if place is not None else ("", "")
        given = contact if way == channel else None
        body = {"channel": channel, **({"email" if channel == "email" else "mobile": given} if given else {})}
        self._compare(self.visitors[browser].put(CHANNEL, body), self.model.channel, browser, channel, given)

    @rule(browser=browsers)
    def terms(self, browser: str) -> None:
        self._compare(self.visitors[browser].put(TERMS, {"version": "1"}), self.model.terms, browser)

    @rule(browser=browsers)
    def home(self, browser: str) -> None:
        self._compare(self.visitors[browser].get(ACCOUNT), self.model.show, browser, "beneficiary", "home")

    @rule(browser=browsers, place=st.integers(0, 2), password=passwords)
    def change_contact(self, browser: str, place: int, password: str) -> None:
        way, contact = self._new_contact(browser, place)
        name = "email" if way == "email" else "mobile"
        answer = self.visitors[browser].put(f"{ACCOUNT}/{name}", {name: contact, "password": password})
        self._compare(answer, self.model.change_contact, browser, way, contact, password)

    @rule(browser=browsers, current=passwords, password=passwords)
    def change_password(self, browser: str, current: str, password: str) -> None:
        answer = self.visitors[browser].put(OWN_PASSWORD, {"current": current, **both(password)})
        self._compare(answer, self.model.change_password, browser, current, password)

    @rule(browser=browsers)
    def sign_out(self, browser: str) -> None:
        self._compare(self.visitors[browser].delete(SESSION), self.model.sign_out, browser)

    @rule(browser=browsers)
    def everywhere(self, browser: str) -> None:
        self._compare(self.visitors[browser].delete("/api/account/sessions"), self.model.everywhere, browser)

    @rule(person=st.sampled_from(PEOPLE))
    def unlock(self, person: Person) -> None:
        self._compare(AGENT.ask("lock", person.identifier), self.model.unlock, person.identifier)

    @rule(browser=browsers)
    def see_people(self, browser: str) -> None:
        """A correspondent's home, and whom they may follow."""
        everybody = [self.model.people[person.identifier] for person in (*THEIRS, ROSE)]
        answer = self.visitors[browser].get(SPACE)
        if self._compare(answer, self.model.show, browser, "correspondent", "home"):
            [structure] = answer.body["structures"]
            have_one = [person["bounced"] for person in everybody if person["contacts"]]
            counts = len(everybody), len(everybody) - len(have_one), sum(have_one)
            assert (structure["people"], structure["without_contact"], structure["unreachable"]) == counts, (
                self._story()
            )
        answer = self.visitors[browser].post(FOLLOW_UP, {"structure": "S1"})
        if self._compare(answer, self.model.show, browser, "correspondent", "home"):
            followed = {name for person in everybody if person["ledger"][-1:] == [True] for name in person["names"]}
            assert {fold_name(person["last_name"]) for person in answer.body["people"]} == followed, self._story()

    @rule(browser=browsers, person=rows_of)
    def look(self, browser: str, person: Person) -> None:
        """A correspondent reads somebody's row; of others there is none."""
        body = {"structure": "S1", "identifier": person.identifier}
        answer = self.visitors[browser].post(f"{PEOPLES_ROWS}/search", body)
        if self._compare(answer, self.model.show, browser, "correspondent", "home"):
            found = answer.body["people"]
            assert len(found) == (person in THEIRS), self._story()
            for one in found:
                declared = {"email": one["row"]["email"], "sms": one["row"]["mobile"]}
                contacts = {way: to for way, to in declared.items() if to}
                assert contacts == self.model.people[person.identifier]["contacts"], self._story()
                self.read[person.identifier] = one["version"], contacts

    @rule(browser=browsers, person=rows_of, which=st.integers(0, 8), is_fresh=st.booleans())
    def declare(self, browser: str, person: Person, which: int, is_fresh: bool) -> None:
        """A correspondent gives somebody's mail and mobile: as they were, others or none; as read now, or before."""
        if is_fresh:
            self.look(browser, person)
        mails = CONTACTS.get(person, {}).get("email", ""), f"{person.identifier}@exemple.fr", ""
        mobiles = CONTACTS.get(person, {}).get("sms", ""), f"+336{person.identifier[-8:]}", ""
        typed = {"email": mails[which % 3], "sms": mobiles[which // 3]}
        version, seen = self.read.get(person.identifier, ("none", None))
        row = {"email": typed["email"], "mobile": typed["sms"]}
        body = {"identifier": person.identifier, "version": version, "row": row}
        answer = self.visitors[browser].put(PEOPLES_ROWS, body)
        contacts = {way: to for way, to in typed.items() if to}
        self._compare(answer, self.model.declare, browser, person.identifier, seen, contacts)

    @rule(browser=browsers, person=st.sampled_from(THEIRS), which=st.integers(0, 8))
    def at_work(self, browser: str, person: Person, which: int) -> None:
        """The correspondent comes where she is not there yet, changes somebody's row, and looks at what is hers."""
        hers, place = self.model.people[CLAIRE_FONTAINE.identifier], self._browser_of_claire()
        if hers["status"] == "invited":
            self.come_home(browser, CLAIRE_FONTAINE, consents=True)
        elif place is None:
            self.come_back(browser, CLAIRE_FONTAINE, hers["password"], is_there=True)
        self.declare(place or browser, person, which, is_fresh=True)
        self.see_people(place or browser)

    @rule(event=st.sampled_from(EVENTS), back=st.sampled_from((1, 1, 1, 2)))
    def report(self, event: str, back: int) -> None:
        """A provider says what became of a code of this day; of an SMS only that it was lost, for good or not."""
        if len(self.posted) < back or self.model.posted[-back]["flow"]["ends"] + HOUR < self.world.now:
            return
        message_id, post = self.posted[-back], self.model.posted[-back]
        way, to = post["to"]
        if way == "email":
            report_mail(message_id, event, to=to)
        else:
            event = "bounce" if event == "bounce" else "block"
            words = "Phone number is opted out" if event == "bounce" else "Phone is currently unreachable/unavailable"
            rows = map(from_attributes, self.world.rows("outbox"))
            [pointer] = [row["message_id"] for row in rows if row.get("points_to") == message_id]
            report_sms(sms_line("FAILURE", to=to, said=words, provider_id=pointer.removeprefix("sent#")))
        self.done.append(f"{event} of {to}")
        self._compare(DONE, self.model.report, post, event)

    @rule()
    def release(self) -> None:
        """All that stands was written by the version before; this one is rolled out, with the command it brings."""
        self.done.append("release")
        dynamodb = self.world.deployment.dynamodb
        for table in ("accounts", "sessions", "pending_codes"):
            for row in map(from_attributes, self.world.rows(table)):
                if (before := older(table, dict(row))) != row:
                    dynamodb.put_item(TableName=table, Item=to_attributes(before))
        let_writes_be_seen()
        with mock.patch("infra.reindex._SEGMENTS", 1):  # moto knows no threads
            reindex(dynamodb, "accounts")

    @rule(seconds=times)
    def let_time_go_by(self, seconds: int) -> None:
        self.done.append(f"{seconds} s")
        self.world.advance(seconds)
        self.model.now += seconds

    @rule(which=st.integers(0, 3), is_there=st.booleans())
    def jump(self, which: int, is_there: bool) -> None:
        """To one of the next changes of the clocks, or a 29 February; or to the second before."""
        ahead = [moment for moment in MOMENTS if moment > self.world.now]
        if which < len(ahead):  # a life may be longer than the list
            self.let_time_go_by(ahead[which] - self.world.now - (not is_there))

    @rule(which=st.integers(0, 7), is_there=st.booleans())
    def wait_for_an_end(self, which: int, is_there: bool) -> None:
        """To the moment at which something ends, or to the second before."""
        ends = self._deadlines()
        if ends:
            self.let_time_go_by(ends[which % len(ends)] - self.world.now - (not is_there))

    @invariant()
    def everybody_is_where_the_model_says(self) -> None:
        """« Où en suis-je ? » of every browser, which renews nothing."""
        for browser, visitor in self.visitors.items():
            body = visitor.get(SESSION).body
            code = body.get("code") or (body.get("contact_change") or {}).get("code") or {}
            place = body["who"], body["next_step"], code.get("resends_left")
            assert place == self.model.position(browser), (browser, place, self._story())

    @invariant()
    def no_promise_is_broken(self) -> None:
        assert broken_promises(self.world.rows, Limits()) == [], self._story()

    def _deadlines(self) -> list[int]:
        model = self.model
        ends = [*model.locked.values(), *(end for _, end in model.failures.values())]
        for flow in model.flows.values():
            ends += flow["ends"], flow["resend_at"]
        for session in model.sessions.values():
            ends += session["idle_at"], session["ends"]
        for person in model.people.values():
            ends += person["until"], *person["waiting"].values(), *(end for _, end in person["former"])
        return sorted({end for end in ends if end > model.now})

    def _browser_of_claire(self) -> str | None:
        hers = self.model.people[CLAIRE_FONTAINE.identifier]
        return next((name for name in self.visitors if self.model._session(name).get("person") is hers), None)

    def _new_contact(self, browser: str, place: int) -> tuple[str, str]:
        return (CLAIRES_NEW if browser == self._browser_of_claire() else NEW_CONTACTS)[place]

    def _story(self) -> str:
        return "\n".join(self.done)

    def _code(self, browser: str, flow: Row, number: int) -> str:
        purpose = str(OF_THE_PRODUCT.get(flow["purpose"], flow["purpose"]))
        digits = flow["codes"].get(number, (6, 0))[0]
        return self.world.right_code(purpose, flow_id(self.visitors[browser]), code_number=number, digits=digits)

    def _compare(self, answer: Answer, call: Callable[..., Said], *given: Any) -> Any:
        """What the model says of the same call: the same as the answer, with the same messages."""
        status, told = said(call, *given)
        self.done.append(f"{call.__name__} {[each for each in given if not isinstance(each, dict)]} → {status}")
        type(self).compared += 1
        messages = self.world.deliver()
        expected, self.model.sent = sorted(self.model.sent), []
        assert sorted((message.to, message.has_code) for message in messages) == expected, self._story()
        if call != self.model.report:  # a code that goes another way tells when it was asked for
            now = datetime.fromtimestamp(self.world.now, PARIS)
            told_at = {moment for message in messages for moment in TIME_OF_DAY.findall(message.text)}
            assert told_at <= {f"le {now:%d/%m} à {now.hour} h {now:%M}"}, self._story()
        assert answer.status == status, (answer, told, self._story())
        if messages:
            self._note_codes(has_code=any(message.has_code for message in messages))
        if isinstance(told, dict):
            return told
        says = answer.code or answer.next_step or (answer.body or {}).get("outcome")
        assert says == told, (told, self._story())
        return None

    def _note_codes(self, *, has_code: bool) -> None:
        """Note the id of the code that was sent: the outbox calls a code what another message was sent instead of."""
        rows = map(from_attributes, self.world.rows("outbox"))
        sent = {row["message_id"] for row in rows if row.get("kind") == "code" and row["state"] == "sent"}
        self.posted += sent - self.noted if has_code else ()
        self.noted |= sent


@pytest.mark.parametrize("part", range(PARTS))
def test_the_product_and_the_model_agree_at_every_step(
    simulated: Simulation, part: int, record_property: Callable[[str, object], None]
) -> None:
    """Lives are drawn by the seed DRAW. A long one that fails is told as it is: to shorten it takes minutes."""
    TheServiceAndItsModel.simulated, TheServiceAndItsModel.compared = simulated, 0
    run_state_machine_as_test(
        seed(f"{os.environ.get('DRAW', '')} {part}")(TheServiceAndItsModel),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            phases=[Phase.generate] if IS_EXHAUSTIVE else list(Phase),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    record_property("compared", TheServiceAndItsModel.compared)
