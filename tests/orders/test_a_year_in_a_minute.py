"""The product does what a model of it says, whatever people, attackers, clocks and agents do, in any order."""

import os
from functools import partial
from http import HTTPStatus
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from activation.adapters.counters import throttle_scope
from activation.domain.limits import THROTTLE_KEPT_SECONDS, Limits
from activation.domain.names import fold_name
from tests.builders import PASSWORD
from tests.functions.desk import CLAIRE
from tests.functions.invariants import broken_promises
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    AWA,
    CHANNEL,
    CONSENT,
    CONTACT,
    DAY,
    HOUR,
    INES,
    LOUIS,
    NEW_PASSWORD,
    OWN_PASSWORD,
    RESET,
    SESSION,
    STRANGER,
    TERMS,
    both,
    credentials,
    flow_id,
)
from tests.functions.visitor import Answer, Visitor
from tests.orders.model import Model, Said
from tests.orders.scenes import WRONG_PASSWORD
from tests.orders.simulation import Simulation

IS_EXHAUSTIVE = "EXHAUSTIVE" in os.environ
PARTS, RUNS, ACTS, STEPS = (20, 4, 60, 60) if IS_EXHAUSTIVE else (1, 5, 10, 20)
"""So many tests of so many lives, each of so many acts and then of so many steps of Hypothesis.

More in one test would take as long as a test that hangs.
"""

PEOPLE = (LOUIS, AWA, INES)
CONTACTS = {
    LOUIS.identifier: {"email": "louis.garcia@mondomaine.com", "sms": "+33612345678"},
    AWA.identifier: {"sms": "+33623456789"},
    INES.identifier: {"email": "ines@mondomaine.com"},
}
PATHS = {"activation": ACTIVATION, "reset": RESET, "sign_in": SESSION, "contact": CONTACT}
OF_THE_PRODUCT = {"reset": "password_reset"}

browsers = st.sampled_from("abc")
people = st.sampled_from((*PEOPLE, STRANGER))
passwords = st.sampled_from((PASSWORD, NEW_PASSWORD))
purposes = st.sampled_from(tuple(PATHS))
anonymous = st.sampled_from(("activation", "reset"))
NEW_CONTACTS = (("email", "neuf@exemple.fr"), ("sms", "+33611223344"), ("sms", "+33612345678"))
contacts = st.sampled_from(NEW_CONTACTS)
MOSTLY = 0.7
times = st.sampled_from((1, 60, 61, 600, 900, HOUR, DAY, 3 * DAY, 33 * DAY, 96 * DAY))
FLOW_COOKIE = "__Host-flow"


class TheServiceAndItsModel(RuleBasedStateMachine):
    """Each rule does one thing in both, and compares what they say and send."""

    simulated: ClassVar[Simulation]

    def __init__(self) -> None:
        super().__init__()
        self.world = self.simulated.anew()
        self.visitors = {name: Visitor(address=f"203.0.113.{place}") for place, name in enumerate("abc", 1)}
        rosters = {
            person.identifier: {"names": {fold_name(person.last_name)}, "contacts": CONTACTS[person.identifier]}
            for person in PEOPLE
        }
        self.model = Model(rosters, self.world.now)
        self.done: list[str] = []

    @initialize(chance=st.randoms(use_true_random=True))
    def live(self, chance: Random) -> None:
        """A life before all that Hypothesis thinks of, as most are: each act as likely as another."""
        for _ in range(ACTS):
            browser, other, person = chance.choice("abc"), chance.choice("abc"), chance.choice(PEOPLE)
            right = self.model.people[person.identifier]["password"] or PASSWORD
            contact = chance.choice(NEW_CONTACTS)
            acts = [
                partial(self.come_home, browser, person, consents=chance.choice((True, False))),
                partial(self.come_back, browser, person, right, is_there=chance.random() < MOSTLY),
                partial(self.forget, browser, person, how_far=chance.choice((1, 2, 2))),
                partial(self.change_contact, browser, contact, right),
                partial(self.change_password, browser, right, chance.choice((PASSWORD, NEW_PASSWORD))),
                partial(self.consent, browser, consents=chance.choice((True, False))),
                partial(self.channel, browser, contact[0], chance.choice((None, contact))),
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
                *[partial(self.go_on, browser)] * 5,
            ]
            chance.choice(acts)()
            self.everybody_is_where_the_model_says()

    @rule(browser=browsers, purpose=anonymous, person=people, is_other=st.booleans())
    def start(self, browser: str, purpose: str, person: Any, is_other: bool) -> None:
        """Step 1, sometimes with a name that is nobody's."""
        name = "Autre" if is_other else person.last_name
        body = {"identifier": person.identifier, "last_name": name}
        said = self.model.start(browser, purpose, person.identifier, fold_name(name))
        self._compare("start", said, self.visitors[browser].post(PATHS[purpose], body))

    @rule(browser=browsers, purpose=purposes)
    def resend(self, browser: str, purpose: str) -> None:
        """« Renvoyer le code »."""
        self._compare(
            "resend", self.model.resend(browser, purpose), self.visitors[browser].post(f"{PATHS[purpose]}/code")
        )

    @rule(browser=browsers, purpose=purposes, back=st.sampled_from((0, 0, 0, 0, 1, 2, None)))
    def verify(self, browser: str, purpose: str, back: int | None) -> None:
        """A code: the last one, one before it, or none that was ever sent."""
        flow = self.model.flows.get(browser)
        number = flow["number"] - back if flow and back is not None and flow["number"] > back else None
        code = self._code(browser, flow, number) if flow and number else "123456"
        said = self.model.verify(browser, purpose, number)
        self._compare("verify", said, self.visitors[browser].post(f"{PATHS[purpose]}/verification", {"code": code}))

    @rule(browser=browsers, other=browsers, purpose=purposes)
    def verify_another_s(self, browser: str, other: str, purpose: str) -> None:
        """A code that came for somebody else's flow, or for one of another browser."""
        flow = self.model.flows.get(other)
        if browser != other and flow and flow is not self.model.flows.get(browser):
            code = self._code(other, flow, flow["number"])
            said = self.model.verify(browser, purpose, None)
            self._compare("verify", said, self.visitors[browser].post(f"{PATHS[purpose]}/verification", {"code": code}))

    @rule(browser=browsers)
    def guess(self, browser: str) -> None:
        """As many wrong codes as a flow takes, and one more."""
        for _ in range(6):
            if flow := self.model.flows.get(browser):
                self.verify(browser, flow["purpose"], None)

    @rule(browser=browsers)
    def guess_for_days(self, browser: str) -> None:
        """Nearly as many wrong codes as lock a throttle key, in other browsers, over days: written, to save them."""
        if browser in self.model.flows:
            self.done.append("guess for days")
            self.model.guess_for_days(browser)
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
            self.model.take_flow(browser, other)
            self.visitors[browser].cookies[FLOW_COOKIE] = self.visitors[other].cookies[FLOW_COOKIE]

    @rule(browser=browsers)
    def export(self, browser: str) -> None:
        """All that is held about me: what was decided last is in force, and what was proven is a contact."""
        answer, said = self.visitors[browser].get(f"{ACCOUNT}/export"), self.model.export(browser)
        self._compare("export", said, answer)
        if said[0] == HTTPStatus.OK:
            person = self.model.people[self.model.sessions[browser]["identifier"]]
            shown, proven, ledger = answer.body["person"], person["proven"], person["ledger"]
            held = shown.get("email"), shown.get("mobile"), shown.get("channel"), "terms" in shown
            assert held == (proven.get("email"), proven.get("sms"), person["channel"], person["terms"]), self.done
            assert [line["consents"] for line in answer.body["consents"]] == ledger, self.done
            assert shown.get("consent", {}).get("consents") == (ledger[-1] if ledger else None), self.done
            assert len(answer.body["known_browsers"]) == len(person["devices"]), self.done

    @rule(browser=browsers)
    def go_on(self, browser: str) -> None:
        """What the page of the browser's flow is for, with the right code: most people do just that."""
        flow = self.model.flows.get(browser)
        if flow and flow["state"] == "code_sent":
            self.verify(browser, flow["purpose"], 0)
        elif flow and flow["state"] == "verified":
            former = self.model.people[flow["identifier"]]["password"]
            self.set_password(browser, flow["purpose"], NEW_PASSWORD if former == PASSWORD else PASSWORD)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), consents=st.booleans())
    def come_home(self, browser: str, person: Any, consents: bool) -> None:
        """A person's whole activation, or a part of it where something is in the way."""
        self.start(browser, "activation", person, is_other=False)
        self.go_on(browser)
        self.go_on(browser)
        self.consent(browser, consents)
        self.channel(browser, next(iter(CONTACTS[person.identifier])), None)
        self.terms(browser)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), password=passwords, is_there=st.booleans())
    def come_back(self, browser: str, person: Any, password: str, is_there: bool) -> None:
        """A sign-in, to its end or not."""
        self.sign_in(browser, person, password)
        if is_there:
            self.go_on(browser)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), how_far=st.sampled_from((2, 1, 0)))
    def forget(self, browser: str, person: Any, how_far: int) -> None:
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
    def come_back_late(self, browser: str, other: str, person: Any, password: str) -> None:
        """A code waits while its person gets a new password in another browser."""
        self.sign_in(browser, person, password)
        self.forget(other, person, how_far=2)
        self.go_on(browser)

    @rule(browser=browsers, person=st.sampled_from(PEOPLE), password=passwords, which=st.integers(0, 7))
    def at_the_last_second(self, browser: str, person: Any, password: str, which: int) -> None:
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
        """Step 3."""
        said = self.model.set_password(browser, purpose, password)
        self._compare("password", said, self.visitors[browser].post(f"{PATHS[purpose]}/password", both(password)))

    @rule(browser=browsers, person=people, password=passwords)
    def sign_in(self, browser: str, person: Any, password: str) -> None:
        """Identifier and password."""
        said = self.model.sign_in(browser, person.identifier, password)
        self._compare("sign in", said, self.visitors[browser].post(SESSION, credentials(person, password)))

    @rule(browser=browsers, person=people, times=st.sampled_from((9, 10)))
    def guess_passwords(self, browser: str, person: Any, times: int) -> None:
        """As many wrong passwords as lock an account, or all but one."""
        for _ in range(times):
            said = self.model.sign_in(browser, person.identifier, WRONG_PASSWORD)
            answer = self.visitors[browser].post(SESSION, credentials(person, WRONG_PASSWORD))
            self._compare("guess a password", said, answer)

    @rule(browser=browsers, consents=st.booleans())
    def consent(self, browser: str, consents: bool) -> None:
        """The decision on the correspondent."""
        answer = self.visitors[browser].put(CONSENT, {"consents": consents, "text_version": "1"})
        self._compare("consent", self.model.consent(browser, consents=consents), answer)

    @rule(browser=browsers, channel=st.sampled_from(("email", "sms")), contact=st.none() | contacts)
    def channel(self, browser: str, channel: str, contact: tuple[str, str] | None) -> None:
        """The channel for codes, perhaps with a contact."""
        given = contact[1] if contact and contact[0] == channel else None
        body = {"channel": channel, **({"email" if channel == "email" else "mobile": given} if given else {})}
        self._compare("channel", self.model.channel(browser, channel, given), self.visitors[browser].put(CHANNEL, body))

    @rule(browser=browsers)
    def terms(self, browser: str) -> None:
        """The terms."""
        self._compare("terms", self.model.terms(browser), self.visitors[browser].put(TERMS, {"version": "1"}))

    @rule(browser=browsers)
    def home(self, browser: str) -> None:
        """The account's home."""
        self._compare("home", self.model.home(browser), self.visitors[browser].get("/api/account"))

    @rule(browser=browsers, contact=contacts, password=passwords)
    def change_contact(self, browser: str, contact: tuple[str, str], password: str) -> None:
        """A new mail or mobile."""
        name = "email" if contact[0] == "email" else "mobile"
        said = self.model.change_contact(browser, *contact, password)
        answer = self.visitors[browser].put(f"/api/account/{name}", {name: contact[1], "password": password})
        self._compare("change contact", said, answer)

    @rule(browser=browsers, current=passwords, password=passwords)
    def change_password(self, browser: str, current: str, password: str) -> None:
        """A new password."""
        said = self.model.change_password(browser, current, password)
        answer = self.visitors[browser].put(OWN_PASSWORD, {"current": current, **both(password)})
        self._compare("change password", said, answer)

    @rule(browser=browsers)
    def sign_out(self, browser: str) -> None:
        """Out, here."""
        self._compare("sign out", self.model.sign_out(browser), self.visitors[browser].delete(SESSION))

    @rule(browser=browsers)
    def everywhere(self, browser: str) -> None:
        """Out, everywhere."""
        answer = self.visitors[browser].delete("/api/account/sessions")
        self._compare("everywhere", self.model.everywhere(browser), answer)

    @rule(person=st.sampled_from(PEOPLE))
    def unlock(self, person: Any) -> None:
        """The help desk lifts a lock."""
        self._compare("unlock", self.model.unlock(person.identifier), CLAIRE.ask("lock", person.identifier))

    @rule(seconds=times)
    def let_time_go_by(self, seconds: int) -> None:
        """A second, a day, a change of the clocks, 29 February."""
        self.done.append(f"{seconds} s")
        self.world.advance(seconds)
        self.model.now += seconds

    @rule(which=st.integers(0, 7), is_there=st.booleans())
    def wait_for_an_end(self, which: int, is_there: bool) -> None:
        """To the moment at which something ends, or to the second before."""
        ends = self.model.deadlines()
        if ends:
            self.let_time_go_by(ends[which % len(ends)] - self.model.now - (not is_there))

    @invariant()
    def everybody_is_where_the_model_says(self) -> None:
        """« Où en suis-je ? » of every browser, which renews nothing."""
        for browser, visitor in self.visitors.items():
            body = visitor.get(SESSION).body
            code = body.get("code") or (body.get("contact_change") or {}).get("code") or {}
            place = body["who"], body["next_step"], code.get("resends_left")
            assert place == self.model.position(browser), (browser, place, self.done)

    @invariant()
    def no_promise_is_broken(self) -> None:
        """The tables say what they must."""
        assert broken_promises(self.world.rows, Limits()) == [], self.done

    def _code(self, browser: str, flow: dict[str, Any], number: int) -> str:
        purpose = OF_THE_PRODUCT.get(flow["purpose"], flow["purpose"])
        digits = flow["codes"].get(number, (6, 0))[0]
        return self.world.right_code(purpose, flow_id(self.visitors[browser]), code_number=number, digits=digits)

    def _compare(self, what: str, said: Said, answer: Answer) -> None:
        self.done.append(f"{what} → {said}")
        sent = sorted((message.to, message.has_code) for message in self.world.deliver())
        expected, self.model.sent = sorted(self.model.sent), []
        assert (int(answer.status), answer.code or answer.next_step, sent) == (*said, expected), self.done


@pytest.mark.parametrize("part", range(PARTS))
def test_the_product_and_the_model_agree_at_every_step(simulated: Simulation, part: int) -> None:
    """Lives are drawn by the seed DRAW. A long one that fails is told as it is: to shorten it takes minutes."""
    TheServiceAndItsModel.simulated = simulated
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
