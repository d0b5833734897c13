"""The service as its design says, in plain dictionaries: what each call answers, and which messages go out.

Written from the design, not from the code. A call answers with its status and the next step, or the problem's code.
"""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

Said = tuple[int, str | None]
Row = dict[str, Any]

MINUTE, HOUR, DAY = 60, 3_600, 86_400
CODE_LIFE = {"activation": 900, "reset": 900, "sign_in": 600, "contact": 600}
ASKED: dict[str, Said] = {"contact": (202, "verify_contact")}


class RefusedError(Exception):
    """The call is refused, with this status and this problem."""


def answers(call: Callable[..., Said]) -> Callable[..., Said]:
    """The call, answering its refusal where it is refused."""

    @wraps(call)
    def ask(*given: Any, **named: Any) -> Said:
        try:
            return call(*given, **named)
        except RefusedError as refusal:
            return refusal.args[0], refusal.args[1]

    return ask


class Model:
    """Everybody whom a roster names, their browsers and what is counted; `sent`: to whom, and whether a code."""

    def __init__(self, people: dict[str, Row], now: int) -> None:
        person = {"status": "invited", "password": None, "channel": None, "terms": False, "epoch": 0}
        self.people = {
            identifier: {**person, **roster, "proven": {}, "former": [], "devices": {}, "ledger": []}
            for identifier, roster in people.items()
        }
        self.now = now
        self.flows: dict[str, Row] = {}
        self.tokens: dict[str, int] = {}
        self.sessions: dict[str, Row] = {}
        self.counts: Counter[Any] = Counter()
        self.wrong: Counter[Any] = Counter()
        self.locked: Counter[Any] = Counter()
        self.failures: dict[Any, tuple[int, int]] = {}
        self.sent: list[tuple[str, bool]] = []

    @answers
    def start(self, browser: str, purpose: str, identifier: str, name: str) -> Said:
        """Step 1 of an activation or a reset: the same answer for everybody."""
        return self._open(browser, purpose, identifier, name)

    @answers
    def resend(self, browser: str, purpose: str) -> Said:
        """The code again: a minute later at the earliest, four times at most."""
        if browser not in self.flows:
            raise RefusedError(401, "flow-expired")
        flow = self._flow_at(browser, purpose, "code_sent")
        if purpose == "sign_in":
            self._require_stands(flow)
        self._refuse_blocked(flow)
        self._send_again(flow)
        return ASKED.get(purpose, (202, "verify_code"))

    @answers
    def verify(self, browser: str, purpose: str, number: int | None) -> Said:
        """A code is typed: that number's, or a wrong one."""
        flow = self._flow_at(browser, purpose, "code_sent")
        if flow["attempts"] >= 5:
            self._refuse_blocked(flow)
        flow["attempts"] += 1
        if self.locked[flow["pair"]] > self.now:
            raise RefusedError(429, "account-locked")
        self.wrong[flow["pair"]] += 1
        guesses = self.wrong[flow["pair"]]
        if guesses >= 100:
            self.locked[flow["pair"]] = self.now + DAY
        digits, expires = flow["codes"].get(number, (0, 0))
        is_long = digits == 8 and number == flow["number"]
        if expires <= self.now or not (is_long or guesses <= 10) or number not in flow["recipients"]:
            if guesses >= 100:
                self._tell_of_lock(flow)
            raise RefusedError(422, "code-rejected")
        if purpose in ("sign_in", "contact"):
            self._require_stands(flow)
        self.wrong[flow["pair"]], self.locked[flow["pair"]] = 0, 0
        flow["matched"] = flow["recipients"][number]
        if purpose in ("activation", "reset"):
            flow |= {"state": "verified", "token": flow["token"] + 1, "ends": self.now + 30 * MINUTE}
            self.tokens[browser] = flow["token"]
            return 200, "set_password"
        flow["state"] = "done"
        del self.flows[browser]
        if purpose == "sign_in":
            self._enter(browser, flow["identifier"])
        else:
            self._prove(self.people[flow["identifier"]], *flow["matched"])
        return 200, self._step(flow["identifier"])

    @answers
    def set_password(self, browser: str, purpose: str, password: str) -> Said:
        """Step 3: makes the account of somebody invited, or replaces a forgotten password."""
        flow = self._flow_at(browser, purpose, "verified")
        if self.locked[flow["pair"]] > self.now:
            raise RefusedError(429, "account-locked")
        person = self.people[flow["identifier"]]
        if purpose == "reset":
            self._require_stands(flow)
            self._reset(browser, person, flow, password)
            return 200, "sign_in"
        if person["status"] != "invited":
            raise RefusedError(409, "wrong-step")
        flow["state"] = "done"
        del self.flows[browser]
        person |= {"status": "active", "password": password, "proven": dict([flow["matched"]])}
        self._enter(browser, flow["identifier"])
        self._notify(person["proven"])
        return 200, "give_consent"

    @answers
    def sign_in(self, browser: str, identifier: str, password: str) -> Said:
        """A right password sends a code."""
        self._count_address(browser)
        person = self.people.get(identifier)
        self._check_password(browser, identifier, person if person and person["status"] == "active" else None, password)
        person = self.people[identifier]
        return self._open(browser, "sign_in", identifier, "", to=self._first(person, person["proven"]))

    @answers
    def consent(self, browser: str, *, consents: bool) -> Said:
        """The decision on the correspondent."""
        identifier = self._entered(browser)
        self.people[identifier]["ledger"].append(consents)
        return 200, self._step(identifier)

    @answers
    def channel(self, browser: str, channel: str, contact: str | None) -> Said:
        """Where later codes go; until the terms are accepted it may be a new contact."""
        identifier = self._entered(browser)
        person = self.people[identifier]
        if contact and not person["terms"] and person["proven"].get(channel) != contact:
            return self._open(browser, "contact", identifier, contact, to=(channel, contact))
        if channel not in person["proven"] or contact not in (None, person["proven"][channel]):
            raise RefusedError(409, "contact-not-proven")
        if not person["terms"]:
            self.flows.pop(browser, None)
        elif person["channel"] != channel:
            self._notify(person["proven"])
        person["channel"] = channel
        return 200, self._step(identifier)

    @answers
    def terms(self, browser: str) -> Said:
        """The terms are accepted, after all else."""
        identifier = self._entered(browser)
        if self._step(identifier) not in ("accept_terms", "home"):
            raise RefusedError(409, "wrong-step")
        self.people[identifier]["terms"] = True
        return 200, "home"

    @answers
    def home(self, browser: str) -> Said:
        """The account's home."""
        self._at_home(browser)
        return 200, "home"

    @answers
    def change_contact(self, browser: str, channel: str, contact: str, password: str) -> Said:
        """A new contact, with the password; it counts once its code was typed."""
        identifier = self._at_home(browser)
        person = self.people[identifier]
        self._check_password(browser, identifier, person, password)
        if person["proven"].get(channel) == contact:
            raise RefusedError(422, "invalid-request")
        return self._open(browser, "contact", identifier, contact, to=(channel, contact))

    @answers
    def change_password(self, browser: str, current: str, password: str) -> Said:
        """A new password: other sessions end."""
        identifier = self._entered(browser)
        person = self.people[identifier]
        self._check_password(browser, identifier, person, current)
        if password == current:
            raise RefusedError(422, "password-rejected")
        person |= {"password": password, "epoch": person["epoch"] + 1}
        self._enter(browser, identifier)
        self._notify(person["proven"])
        return 200, self._step(identifier)

    def sign_out(self, browser: str) -> Said:
        """Out, here: the browser forgets everything but that it is known."""
        self.sessions.pop(browser, None)
        self.flows.pop(browser, None)
        return 204, None

    @answers
    def everywhere(self, browser: str) -> Said:
        """Out, everywhere; no browser is known any more."""
        person = self.people[self._entered(browser)]
        person |= {"epoch": person["epoch"] + 1, "devices": {}}
        return self.sign_out(browser)

    @answers
    def unlock(self, identifier: str) -> Said:
        """The help desk lifts the lock of wrong passwords."""
        scopes = [(identifier, device) for device in (None, *self.people[identifier]["devices"])]
        if not any(number >= 10 and ends > self.now for number, ends in map(self._failures, scopes)):
            raise RefusedError(409, "nothing-to-lift")
        for scope in scopes:
            self.failures.pop(scope, None)
        return 200, None

    def take_flow(self, browser: str, other: str) -> None:
        """A browser gets a copy of the other's flow cookie."""
        self.flows[browser], self.tokens[browser] = self.flows[other], self.tokens[other]

    def guess_for_days(self, browser: str) -> None:
        """Whoever guesses at the browser's flow has typed all but two of as many wrong codes in a row as may be."""
        self.wrong[self.flows[browser]["pair"]] = 98

    def position(self, browser: str) -> tuple[str, str, int | None]:
        """Where the browser is: who, the next step, and how often a code that is out may still be sent."""
        session, flow = self.sessions.get(browser), self.flows.get(browser)
        lives = session if session and self._lives(session) else None
        session_id = lives["id"] if lives else None
        if flow and (not self._holds(browser, flow) or flow["state"] == "done" or flow["session"] != session_id):
            flow = None
        left = 4 - flow["resends"] if flow and flow["state"] == "code_sent" else None
        if lives:
            person = self.people[lives["identifier"]]
            return (
                "session",
                "verify_contact" if flow and not person["terms"] else self._step(lives["identifier"]),
                left,
            )
        if flow:
            return "flow", "verify_code" if flow["state"] == "code_sent" else "set_password", left
        return "anonymous", "sign_in", None

    @answers
    def export(self, browser: str) -> Said:
        """All that is held about me; what, the comparison reads in `people`."""
        self._entered(browser)
        return 200, None

    def deadlines(self) -> list[int]:
        """Every moment to come at which something ends."""
        of_flows = [at for flow in self.flows.values() for at in (flow["ends"], flow["sent_at"] + MINUTE)]
        of_sessions = [at for each in self.sessions.values() for at in (each["seen"] + 30 * MINUTE, each["ends"])]
        of_people = [at + 3 * DAY for person in self.people.values() for _, at in person["former"]]
        ends = [*of_flows, *of_sessions, *of_people, *self.locked.values(), *(end for _, end in self.failures.values())]
        return sorted({end for end in ends if end > self.now})

    def _open(self, browser: str, purpose: str, identifier: str, suffix: str, *, to: Any = None) -> Said:
        """A new flow, or the code of the browser's own again; `to` is known where a password or a session stands."""
        pair, running = (purpose, identifier, suffix), self.flows.get(browser)
        epoch = self.people[identifier]["epoch"] if to else None
        session = self.sessions[browser]["id"] if purpose == "contact" else None
        if running and self._holds(browser, running) and running["pair"] == pair and running["state"] == "code_sent":
            stands = to is None or (running["epoch"], running["session"]) == (epoch, session)
            if stands and running["attempts"] < 5:
                self._refuse_blocked(running)
                if running["resends"] < 4 and self.now >= running["sent_at"] + MINUTE:
                    self._send_code(running, to)
                return ASKED.get(purpose, (202, "verify_code"))
        if self.locked[pair] > self.now:
            raise RefusedError(429, "account-locked")
        counted = (purpose, identifier) if purpose == "contact" else pair
        windows = [(counted, self.now // HOUR), (counted, "day", self.now // DAY)]
        most = (30, 30) if purpose == "sign_in" else (3, 5)
        if any(self.counts[window] >= number for window, number in zip(windows, most, strict=True)):
            raise RefusedError(429, "too-many-codes")
        if to is None:
            self._count_address(browser)
        self.counts.update(windows)
        flow: Row = {"purpose": purpose, "identifier": identifier, "pair": pair, "epoch": epoch, "session": session}
        flow |= {
            "state": "code_sent",
            "number": 0,
            "codes": {},
            "attempts": 0,
            "resends": -1,
            "recipients": {},
            "token": 0,
        }
        self.flows[browser], self.tokens[browser] = flow, 0
        self._send_code(flow, to)
        return ASKED.get(purpose, (202, "verify_code"))

    def _send_again(self, flow: Row) -> None:
        if flow["resends"] >= 4:
            raise RefusedError(429, "too-many-codes")
        if self.now < flow["sent_at"] + MINUTE:
            raise RefusedError(429, "resend-too-early")
        self._send_code(flow, flow["recipients"].get(flow["number"]))

    def _send_code(self, flow: Row, to: Any) -> None:
        """The next code; the last two are good. The worker finds out who may have it, where that is not known."""
        ends = self.now + CODE_LIFE[flow["purpose"]]
        flow |= {"number": flow["number"] + 1, "resends": flow["resends"] + 1, "sent_at": self.now, "ends": ends}
        flow["codes"][flow["number"]] = (8 if self.wrong[flow["pair"]] >= 10 else 6, ends)
        for kept in (flow["codes"], flow["recipients"]):
            kept.pop(flow["number"] - 2, None)
        person = self.people.get(flow["identifier"])
        if flow["purpose"] in ("activation", "reset"):
            to = self._recipient(flow, person) if person and flow["pair"][2] in person["names"] else None
        if to and person:
            flow["recipients"][flow["number"]], flow["epoch"] = to, person["epoch"]
            budget = ("sms", flow["purpose"] == "sign_in", to[1], self.now // DAY)
            self.counts[budget] += to[0] == "sms"
            if self.counts[budget] <= (30 if flow["purpose"] == "sign_in" else 6):
                self.sent.append((to[1], True))

    def _recipient(self, flow: Row, person: Row) -> Any:
        """The roster's contact of somebody invited, a proven one of somebody active; else a notice, once a day."""
        if (flow["purpose"], person["status"]) == ("activation", "invited"):
            return self._first(person, person["contacts"])
        if (flow["purpose"], person["status"]) == ("reset", "active"):
            return self._first(person, self._before_changes(person))
        notice = self._first(person, person["proven"] or person["contacts"])
        once = ("told", flow["identifier"], self.now // DAY)
        self.counts[once] += 1
        if self.counts[once] == 1:
            self._notify(dict([notice]))
        return None

    def _reset(self, browser: str, person: Row, flow: Row, password: str) -> None:
        if person["password"] == password:
            raise RefusedError(422, "password-rejected")
        flow["state"] = "done"
        self.sign_out(browser)
        self.failures = {scope: held for scope, held in self.failures.items() if scope[0] != flow["identifier"]}
        person |= {"password": password, "epoch": person["epoch"] + 1, "devices": {browser: self.now}}
        channel, to = flow["matched"]
        replaced: Row = {}
        if to not in person["proven"].values():  # their owner is back: what stood before the changes stands again
            declared = {way: at for way, at in person["proven"].items() if at in person["contacts"].values()}
            stands = {**declared, **self._before_changes(person), channel: to}
            replaced = {way: at for way, at in person["proven"].items() if at not in stands.values()}
            person |= {"proven": stands, "channel": channel, "former": []}
        self._notify(person["proven"], replaced, replaced)

    def _prove(self, person: Row, channel: str, contact: str) -> None:
        before = dict(person["proven"])
        person["former"].append((before, self.now))
        person["proven"][channel] = contact
        self._notify(before, {channel: contact} if person["terms"] else {})
        if not person["terms"]:
            person["channel"] = channel

    def _tell_of_lock(self, flow: Row) -> None:
        person = self.people.get(flow["identifier"])
        if person and (flow["purpose"] in ("sign_in", "contact") or flow["pair"][2] in person["names"]):
            self._notify(dict([self._first(person, person["proven"] or person["contacts"])]))

    def _notify(self, *told: Row) -> None:
        self.sent += [(to, False) for contacts in told for to in contacts.values()]

    def _first(self, person: Row, contacts: Row) -> Any:
        return min(contacts.items(), key=lambda contact: contact[0] != (person["channel"] or "email"))

    def _before_changes(self, person: Row) -> Row:
        """The proven contacts as they stood before the first change of the last 72 hours."""
        return next((before for before, at in person["former"] if self.now < at + 3 * DAY), person["proven"])

    def _flow_at(self, browser: str, purpose: str, state: str) -> Row:
        session = self.sessions[browser]["id"] if purpose == "contact" and self._entered(browser) else None
        flow = self.flows.get(browser)
        if flow is None or not self._holds(browser, flow):
            raise RefusedError(401, "flow-expired")
        if flow["purpose"] != purpose or flow["state"] != state:
            raise RefusedError(409, "wrong-step")
        if flow["session"] != session:
            raise RefusedError(401, "flow-expired")
        return flow

    def _holds(self, browser: str, flow: Row) -> bool:
        """Whether the flow has not ended and the browser has its token: a rise makes a new one."""
        return bool(flow["ends"] > self.now and self.tokens[browser] == flow["token"])

    def _refuse_blocked(self, flow: Row) -> None:
        if self.locked[flow["pair"]] > self.now:
            raise RefusedError(429, "account-locked")
        if flow["attempts"] >= 5:
            raise RefusedError(429, "flow-locked")

    def _require_stands(self, flow: Row) -> None:
        person = self.people[flow["identifier"]]
        if (person["status"], person["epoch"]) != ("active", flow["epoch"]):
            raise RefusedError(401, "flow-expired")

    def _failures(self, scope: Any) -> tuple[int, int]:
        number, ends = self.failures.get(scope, (0, 0))
        return (number, ends) if ends > self.now else (0, self.now)

    def _check_password(self, browser: str, identifier: str, person: Row | None, password: str) -> None:
        """Ten wrong ones lock out all unknown browsers, or the known one that typed them."""
        is_known = person and self.now < person["devices"].get(browser, -400 * DAY) + 365 * DAY
        scope = (identifier, browser if is_known else None)
        number, _ = self._failures(scope)
        if number >= 10:
            raise RefusedError(429, "account-locked")
        if person is None or person["password"] != password:
            self.failures[scope] = number + 1, self.now + 15 * MINUTE
            raise RefusedError(401, "credentials-rejected")

    def _count_address(self, browser: str) -> None:
        window = ("address", browser, self.now // (5 * MINUTE))
        self.counts[window] += 1
        if self.counts[window] > 60:
            raise RefusedError(429, "too-many-requests")

    def _enter(self, browser: str, identifier: str) -> None:
        person = self.people[identifier]
        person["devices"][browser] = self.now
        self.counts["sessions"] += 1
        opened = {"id": self.counts["sessions"], "identifier": identifier, "epoch": person["epoch"]}
        self.sessions[browser] = opened | {"seen": self.now, "ends": self.now + 12 * HOUR}

    def _entered(self, browser: str) -> str:
        """Whose session the browser has; the call renews it, at most every tenth of its idle time."""
        session = self.sessions.get(browser)
        if session is None or not self._lives(session):
            raise RefusedError(401, "session-expired")
        if self.now - session["seen"] > 3 * MINUTE:
            session["seen"] = self.now
        return str(session["identifier"])

    def _lives(self, session: Row) -> bool:
        ends = min(session["seen"] + 30 * MINUTE, session["ends"])
        return bool(self.now < ends and self.people[session["identifier"]]["epoch"] == session["epoch"])

    def _at_home(self, browser: str) -> str:
        identifier = self._entered(browser)
        if self._step(identifier) != "home":
            raise RefusedError(409, "wrong-step")
        return identifier

    def _step(self, identifier: str) -> str:
        person = self.people[identifier]
        missing = {"give_consent": not person["ledger"], "choose_channel": person["channel"] is None}
        return "home" if person["terms"] else next((step for step, is_so in missing.items() if is_so), "accept_terms")
