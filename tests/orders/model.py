"""The service as its design says, in plain dictionaries: what each call answers, and which messages go out.

Written from the design, not from the code. A call answers with its status and what it tells, mostly the next step.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

Said = tuple[int, Any]
Row = dict[str, Any]

MINUTE, HOUR, DAY = 60, 3_600, 86_400
KNOWN = ("sign_in", "contact")
NOBODY: Row = {"status": "unknown", "kind": "nobody", "names": (), "until": 0, "password": None, "channel": None}
NOBODY |= {"terms": False, "epoch": 0, "bounced": False, "former": [], "ledger": []}
NOBODY |= {"contacts": {}, "proven": {}, "devices": {}, "marks": {}, "waiting": {}}


class RefusedError(Exception):
    """The call is refused, with this status and this problem."""


def refuse(is_so: object, status: int, problem: str) -> None:
    if is_so:
        raise RefusedError(status, problem)


def said(call: Callable[..., Said], *given: Any) -> Said:
    try:
        return call(*given)
    except RefusedError as refusal:
        return refusal.args[0], refusal.args[1]


class Model:
    """Everybody, their browsers and what is counted; `sent`: to whom, and whether a code; `posted`: each code sent.

    Of a person, contacts are values by channel, and one contact is a pair of both; marks and what waits are by value.
    """

    def __init__(self, people: dict[str, Row], now: int) -> None:
        self.people = {name: deepcopy(NOBODY) | {"status": "invited", **roster} for name, roster in people.items()}
        self.flows, self.sessions, self.tokens = dict[str, Row](), dict[str, Row](), dict[str, int]()
        self.counts, self.wrong, self.locked = Counter[Any](), Counter[Any](), Counter[Any]()
        self.now, self.failures, self.posted, self.sent = now, dict[Any, Any](), list[Row](), list[tuple[str, bool]]()

    def start(self, browser: str, purpose: str, identifier: str, suffix: str, to: Any = None) -> Said:
        """Step 1, the same answer for everybody; or, with `to`, the code of a sign-in or to a new contact.

        It is the code of a new flow, or of the browser's own again.
        """
        throttle, running = (purpose, identifier, suffix), self._flow(browser)
        named = self.people.get(identifier, NOBODY)
        person = named if to or suffix in named["names"] else NOBODY
        session = self.sessions[browser]["id"] if purpose == "contact" else None
        stood = {"throttle": throttle, "state": "code_sent", "session": session} | (
            {"epoch": person["epoch"]} if to else {}
        )
        if running and stood.items() <= running.items() and running["attempts"] < 5:
            self._refuse_blocked(running)
            is_early = running["number"] > 4 or self.now < running["resend_at"]
            return (202, running["asks"]) if is_early else self._send_code(running, to)
        refuse(self.locked[throttle] > self.now, 429, "account-locked")
        counted = throttle[:2] if purpose == "contact" else throttle
        codes = [(counted, 30, DAY)] if purpose == "sign_in" else [(counted, 3, HOUR), (counted, 5, DAY)]
        full = self._full(*codes, *([] if to else [(browser, 60, 5 * MINUTE)]))
        refuse(full, 429, "too-many-codes" if counted in full else "too-many-requests")
        flow = {"epoch": None, **stood, "purpose": purpose, "person": person, "number": 0, "attempts": 0, "token": 0}
        flow |= {"codes": {}, "recipients": {}, "asks": "verify_contact" if purpose == "contact" else "verify_code"}
        self.flows[browser], self.tokens[browser] = flow, 0
        return self._send_code(flow, to)

    def resend(self, browser: str, purpose: str) -> Said:
        """The code again: a minute later at the earliest, four times at most."""
        refuse(browser not in self.flows, 401, "flow-expired")
        flow = self._flow_at(browser, purpose, "code_sent")
        to = flow["recipients"].get(flow["number"])
        if purpose == "sign_in":
            self._refuse_ended(flow)
            to = to[0], flow["person"]["proven"][to[0]]
        self._refuse_blocked(flow)
        refuse(flow["number"] > 4, 429, "too-many-codes")
        refuse(self.now < flow["resend_at"], 429, "resend-too-early")
        return self._send_code(flow, to)

    def verify(self, browser: str, purpose: str, number: int | None) -> Said:
        """A code is typed: that number's, or a wrong one."""
        flow = self._flow_at(browser, purpose, "code_sent")
        throttle, person = flow["throttle"], flow["person"]
        self._refuse_blocked(flow)
        flow["attempts"] += 1
        self.wrong[throttle] += 1
        self.locked[throttle] = self.now + DAY if self.wrong[throttle] >= 100 else 0
        if number not in flow["recipients"] or not self._is_good(flow, number, self.wrong[throttle] - 1):
            told = self._ranked(person, person["proven"] or person["contacts"])
            self._notify(person, "locked", told[:1] if self.locked[throttle] else [])
            raise RefusedError(422, "code-rejected")
        way, to = flow["matched"] = flow["recipients"][number]
        if purpose in KNOWN:
            self._refuse_ended(flow)
            refuse(purpose == "sign_in" and person["proven"].get(way) != to, 401, "flow-expired")
        self.wrong[throttle] = self.locked[throttle] = 0
        if purpose not in KNOWN:
            flow |= {"state": "verified", "token": flow["token"] + 1, "ends": self.now + 30 * MINUTE}
            self.tokens[browser] = flow["token"]
            return 200, "set_password"
        self._finish(browser, flow)
        if purpose == "sign_in":
            self._enter(browser, person)
        else:
            told = [*person["proven"].items(), *([(way, to)] if person["terms"] else [])]
            person["former"].append((person["proven"], self.now + 3 * DAY))
            person["proven"] = {**person["proven"], way: to}
            person["channel"] = person["channel"] if person["terms"] else way
            self._notify(person, way, told)
        return 200, self._step(person)

    def set_password(self, browser: str, purpose: str, password: str) -> Said:
        """Step 3: makes the account of somebody invited, or replaces a forgotten password."""
        flow = self._flow_at(browser, purpose, "verified")
        refuse(self.locked[flow["throttle"]] > self.now, 429, "account-locked")
        person, (way, to) = flow["person"], flow["matched"]
        if purpose == "activation":
            refuse(person["status"] != "invited", 409, "wrong-step")
            refuse(person["contacts"].get(way) != to, 401, "flow-expired")
            self._finish(browser, flow)
            person |= {"status": "active", "password": password, "proven": {way: to}, "waiting": {}, "until": 0}
            self._enter(browser, person)
            self._notify(person, "activated", [(way, to)])
            return 200, self._step(person)
        self._refuse_ended(flow)
        refuse(person["password"] == password, 422, "password-rejected")
        self._finish(browser, flow)
        self.sessions.pop(browser, None)
        self.failures |= {scope: (0, 0) for scope in self.failures if scope[0] == person["identifier"]}
        before, stood = person["proven"], dict(self._allowed(flow)[1])
        person |= {"password": password, "epoch": person["epoch"] + 1, "devices": {browser: self.now + 365 * DAY}}
        if before.get(way) != to:  # their owner is back: what stood before the changes stands again
            declared = {each: at for each, at in before.items() if at in person["contacts"].values()}
            person |= {"proven": {**declared, **stood, way: to}, "channel": way, "former": []}
        self._notify(person, "password", person["proven"].items())
        replaced = [contact for contact in before.items() if contact not in person["proven"].items()]
        for kind in ("password", *dict(replaced)):
            self._notify(person, kind, replaced)
        return 200, "sign_in"

    def sign_in(self, browser: str, identifier: str, password: str) -> Said:
        refuse(self._full((browser, 60, 5 * MINUTE)), 429, "too-many-requests")
        person = self._check_password(browser, identifier, password)
        return self.start(browser, "sign_in", identifier, "", self._ranked(person, person["proven"])[0])

    def consent(self, browser: str, consents: object) -> Said:
        person = self._entered(browser, "beneficiary")
        person["ledger"].append(consents)
        return 200, self._step(person)

    def channel(self, browser: str, way: str, contact: str | None) -> Said:
        """Where later codes go; until the terms are accepted it may be a new contact."""
        person = self._entered(browser)
        proven = person["proven"].get(way)
        if contact and contact != proven and not person["terms"]:
            return self.start(browser, "contact", person["identifier"], contact, (way, contact))
        refuse(not proven or contact not in (None, proven), 409, "contact-not-proven")
        if not person["terms"]:
            self.flows.pop(browser, None)
        elif person["channel"] != way:
            self._notify(person, "channel", person["proven"].items())
        person["channel"] = way
        return 200, self._step(person)

    def terms(self, browser: str) -> Said:
        person = self._entered(browser)
        refuse(self._step(person) not in ("accept_terms", "home"), 409, "wrong-step")
        person["terms"] = True
        return 200, "home"

    def show(self, browser: str, kind: str, step: str) -> Said:
        return 200, self._entered(browser, kind, step)

    def change_contact(self, browser: str, way: str, contact: str, password: str) -> Said:
        person = self._check_password(browser, self._entered(browser, "", "home")["identifier"], password)
        refuse(person["proven"].get(way) == contact, 422, "invalid-request")
        return self.start(browser, "contact", person["identifier"], contact, (way, contact))

    def change_password(self, browser: str, current: str, password: str) -> Said:
        person = self._check_password(browser, self._entered(browser)["identifier"], current)
        refuse(password == current, 422, "password-rejected")
        person |= {"password": password, "epoch": person["epoch"] + 1}
        self._enter(browser, person)
        self._notify(person, "password", person["proven"].items())
        return 200, self._step(person)

    def sign_out(self, browser: str) -> Said:
        """Out, here: the browser forgets everything but that it is known."""
        self.sessions.pop(browser, None)
        self.flows.pop(browser, None)
        return 204, None

    def everywhere(self, browser: str) -> Said:
        person = self._entered(browser)
        person |= {"epoch": person["epoch"] + 1, "devices": {}}
        return self.sign_out(browser)

    def unlock(self, identifier: str) -> Said:
        scopes = [(identifier, device) for device in (None, *self.people[identifier]["devices"])]
        refuse(all(self._failures(scope) < 10 for scope in scopes), 409, "nothing-to-lift")
        self.failures |= dict.fromkeys(scopes, (0, 0))
        return 200, None

    def declare(self, browser: str, identifier: str, seen: Row | None, contacts: Row) -> Said:
        """A correspondent declares somebody's contacts anew, having seen that row so."""
        self._entered(browser, "correspondent", "home")
        person = self.people.get(identifier, NOBODY)
        refuse(person["kind"] != "beneficiary", 404, "not-found")
        refuse(seen != person["contacts"], 409, "outdated-version")
        if contacts == seen:
            return 200, "unchanged"
        refuse(self._full((("declared", identifier), 3, DAY)), 429, "too-many-today")
        before, now = {*person["contacts"].values()}, {*contacts.values()}
        if person["status"] == "invited":
            if before or any(end > self.now for end in person["waiting"].values()):
                person["waiting"] |= dict.fromkeys(now - before or ["the next one"], self.now + DAY)
            person["marks"] = {to: mark for to, mark in person["marks"].items() if to not in before - now}
        self._notify(person, "declared", person["contacts"].items())
        person |= {"contacts": contacts, "bounced": person["bounced"] and now <= before}
        return 200, "updated"

    def report(self, post: Row, event: str) -> Said:
        """What a provider says became of a code, each thing once; the first that it was lost sends it another way."""
        flow, number, (way, to) = post["flow"], post["number"], post["to"]
        person, throttle, is_first = flow["person"], flow["throttle"], event not in post["heard"]
        is_declared = to in person["contacts"].values()
        if event in ("bounce", "complaint") and is_first and (is_declared or person["status"] == "active"):
            person["bounced"] |= is_declared and event == "bounce"
            person["marks"][to] = "bounce" if person["marks"].get(to) == "bounce" else event
        is_lost = event in ("bounce", "block") or (event in ("full", "delay") and "delivery" not in post["heard"])
        is_open = flow["state"] == "code_sent" and flow["attempts"] < 5 and self._is_good(flow, number, 0)
        is_code, contacts = self._allowed(flow)
        other = [each for each in contacts if each[0] != way and person["marks"].get(each[1]) != "bounce"]
        post["heard"].add(event)
        if is_first and is_lost and is_open and is_code and other and not post["again"]:
            post["again"] = True
            if self.locked[throttle] <= self.now and self._is_good(flow, number, self.wrong[throttle]):
                self._post(flow, number, other[0], again=True)
        return 200, None

    def position(self, browser: str) -> tuple[str, str, int | None]:
        """Where the browser is: who, the next step, and how often a code that is out may still be sent."""
        session, flow = self._session(browser), self._flow(browser)
        is_open = flow and flow["state"] != "done" and flow["session"] == session.get("id")
        left = 5 - flow["number"] if is_open and flow["state"] == "code_sent" else None
        if session:
            is_proving = is_open and not session["person"]["terms"]
            return "session", "verify_contact" if is_proving else self._step(session["person"]), left
        step = "set_password" if left is None else "verify_code"
        return ("flow", step, left) if is_open else ("anonymous", "sign_in", None)

    def _send_code(self, flow: Row, to: Any) -> Said:
        """The next code; the last two are good. The worker finds out who may have it, where that is not known."""
        number, life = flow["number"] + 1, (10 if flow["purpose"] in KNOWN else 15) * MINUTE
        flow |= {"number": number, "resend_at": self.now + MINUTE, "ends": self.now + life}
        flow["codes"][number] = (8 if self.wrong[flow["throttle"]] >= 10 else 6, flow["ends"])
        flow["codes"].pop(number - 2, None)
        is_code, contacts = (True, [to]) if to else self._allowed(flow)
        if is_code and contacts:
            self._post(flow, number, contacts[0])
        self._notify(flow["person"], "instead", [] if is_code else contacts[:1])
        return 202, flow["asks"]

    def _allowed(self, flow: Row) -> tuple[bool, list[Any]]:
        """Whether the account's state allows the code, or a notice instead; and to whom, the best contact first."""
        person = flow["person"]
        declared, proven = person["contacts"], person["proven"]
        before_changes = next((before for before, until in person["former"] if self.now < until), proven)
        code = {"activation invited": declared, "reset active": before_changes, "sign_in active": proven}
        instead = {"activation active": proven, "reset invited": declared}
        state = "over" if 0 < person["until"] <= self.now else f"{flow['purpose']} {person['status']}"
        return state in code, self._ranked(person, {**code, **instead}.get(state, {}))

    def _post(self, flow: Row, number: int, to: Any, *, again: bool = False) -> None:
        """The code goes out, unless what the flow stands on has ended, or the number has had enough today."""
        person, kind = flow["person"], flow["purpose"] if flow["purpose"] in KNOWN else "any"
        if flow["epoch"] in (None, person["epoch"]):
            flow["recipients"][number], flow["epoch"] = to, person["epoch"]
            if to[0] == "email" or not self._full(((kind, to), 30 if kind == "sign_in" else 6, DAY)):
                self.sent.append((to[1], True))
                self.posted.append({"flow": flow, "number": number, "to": to, "again": again, "heard": set()})

    def _notify(self, person: Row, kind: str, told: Iterable[Any]) -> None:
        """Five notices of a kind a day to a contact that takes any; one a day of what to do instead."""
        for _, to in told:
            scope, most = (person["identifier"], 1) if kind == "instead" else (to, 5)
            if to not in person["marks"] and not self._full(((kind, scope), most, DAY)):
                self.sent.append((to, False))

    def _finish(self, browser: str, flow: Row) -> None:
        """What the flow was for is done. Its code was right: its contact is reached, and once proven wants notices."""
        flow["state"] = "done"
        del self.flows[browser]
        person, (way, to) = flow["person"], flow["matched"]
        if person["marks"].get(to) == "bounce" or person["proven"].get(way) != to:
            person["marks"].pop(to, None)

    def _ranked(self, person: Row, contacts: Row) -> list[Any]:
        """Those that need not wait: the ones that are reached first, of these the one on the chosen channel."""
        marks, chosen = person["marks"], person["channel"] or "email"
        good = [each for each in contacts.items() if person["waiting"].get(each[1], 0) <= self.now]
        return sorted(good, key=lambda each: (marks.get(each[1]) == "bounce", each[0] != chosen))

    def _is_good(self, flow: Row, number: int | None, wrong: int) -> bool:
        """Whether that code is taken: after ten wrong ones in a row a long one alone, the last."""
        digits, ends = flow["codes"].get(number, (0, 0))
        return bool(ends > self.now and (wrong < 10 or (digits == 8 and number == flow["number"])))

    def _flow(self, browser: str) -> Row:
        """The browser's flow, if it has not ended and its token is the browser's: a rise makes a new one."""
        flow = self.flows.get(browser, {})
        return flow if flow and flow["ends"] > self.now and self.tokens[browser] == flow["token"] else {}

    def _flow_at(self, browser: str, purpose: str, state: str) -> Row:
        session = self._entered(browser) and self.sessions[browser]["id"] if purpose == "contact" else None
        flow = self._flow(browser)
        refuse(not flow, 401, "flow-expired")
        refuse((flow["purpose"], flow["state"]) != (purpose, state), 409, "wrong-step")
        refuse(flow["session"] != session, 401, "flow-expired")
        return flow

    def _refuse_blocked(self, flow: Row) -> None:
        refuse(self.locked[flow["throttle"]] > self.now, 429, "account-locked")
        refuse(flow["attempts"] >= 5, 429, "flow-locked")

    def _refuse_ended(self, flow: Row) -> None:
        refuse((flow["person"]["status"], flow["person"]["epoch"]) != ("active", flow["epoch"]), 401, "flow-expired")

    def _failures(self, scope: Any) -> int:
        number, ends = self.failures.get(scope, (0, 0))
        return number if ends > self.now else 0

    def _check_password(self, browser: str, identifier: str, password: str) -> Row:
        """Whose password it is. Ten wrong ones lock out all unknown browsers, or the known one that typed them."""
        person = self.people.get(identifier, NOBODY)
        scope = identifier, browser if person["devices"].get(browser, 0) > self.now else None
        refuse(self._failures(scope) >= 10, 429, "account-locked")
        if person["password"] != password:
            self.failures[scope] = self._failures(scope) + 1, self.now + 15 * MINUTE
            raise RefusedError(401, "credentials-rejected")
        return person

    def _full(self, *budgets: tuple[Any, int, int]) -> list[Any]:
        """Which of these budgets, of so many in so many seconds, are spent; where none is, one more is counted."""
        windows = {(key, self.now // seconds): most for key, most, seconds in budgets}
        full = [window[0] for window, most in windows.items() if self.counts[window] >= most]
        self.counts.update([] if full else list(windows))
        return full

    def _enter(self, browser: str, person: Row) -> None:
        person["devices"][browser] = self.now + 365 * DAY
        session = {"id": object(), "person": person, "epoch": person["epoch"], "ends": self.now + 12 * HOUR}
        self.sessions[browser] = session | {"idle_at": self.now + 30 * MINUTE}

    def _session(self, browser: str) -> Row:
        session = self.sessions.get(browser, {})
        lives = session and self.now < session["idle_at"] and session["person"]["epoch"] == session["epoch"]
        return session if lives else {}

    def _entered(self, browser: str, kind: str = "", step: str = "") -> Row:
        """Whose session the browser has; the call renews it, at most every tenth of its idle time."""
        session = self._session(browser)
        refuse(not session, 401, "session-expired")
        if self.now > session["idle_at"] - 27 * MINUTE:
            session["idle_at"] = min(self.now + 30 * MINUTE, session["ends"])
        person: Row = session["person"]
        refuse(kind and kind != person["kind"], 403, "not-your-account")
        refuse(step and step != self._step(person), 409, "wrong-step")
        return person

    def _step(self, person: Row) -> str:
        steps = {"home": person["terms"], "give_consent": not person["ledger"], "choose_channel": not person["channel"]}
        return next((step for step, is_next in steps.items() if is_next), "accept_terms")
