"""An API with the answers that a test or the gallery gives it, in the contract's words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from activation.domain.events import EventKind
from activation.domain.history import EVENT_WORDS
from activation.domain.menu import MENU, Menu
from activation.texts import current_texts

Body = dict[str, Any]

FLOW = "5b2c6a52-6f0e-4bd5-9d0a-1f3f0c7f3c11"
_LONGEST_HOLD_SECONDS = 20
CORRELATION = "0d9f7a0e-52c8-4d0a-8f6e-2f9f1c1b7a55"
_TEXT = current_texts().consent
CONSENT = {"text_version": _TEXT.version, "text": _TEXT.text}
CONTACTS = {"email": "louis.garcia@mondomaine.com", "mobile": "+33612345678", "proven": ["email"]}
_CONSENTED = "Vous avez consenti au suivi de vos demandes par votre correspondant"
_ACCEPTED = "Conditions générales d'utilisation acceptées (version 1)"
TERMS = {"version": "1", "url": "/documents/cgu-1.pdf"}


def time_in(**delta: float) -> str:
    """The time after that delay, as the API writes it."""
    return (datetime.now(UTC) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def code_out(*, length: int = 6, minutes: float = 15) -> Body:
    """A code that has just been sent."""
    return {
        "length": length,
        "expires_at": time_in(minutes=minutes),
        "resend_at": time_in(minutes=1),
        "resends_left": 4,
    }


def anonymous() -> Body:
    """The position of an anonymous visitor."""
    return {"who": "anonymous", "next_step": "sign_in"}


def in_flow(purpose: str, step: str, **more: Any) -> Body:
    """The position in a flow whose code is sent, or typed."""
    code = {"code": code_out()} if step in ("verify_code", "verify_contact") else {}
    return {"who": "flow", "purpose": purpose, "next_step": step, "flow": FLOW, **code, **more}


ENDS_AT = time_in(hours=12)


def signed_in(step: str = "home", *, minutes: float = 30, ends_at: str = ENDS_AT, **more: Any) -> Body:
    """The position with a session that ends in so many minutes; one session has one `ends_at`."""
    times = {"expires_at": time_in(minutes=minutes), "ends_at": ends_at}
    proven = {"contacts": CONTACTS} if step == "verify_contact" else {}
    return {"who": "session", "next_step": step, "session": times, **proven, **more}


def menu_body(menu: Menu) -> list[Body]:
    """The menu of a home."""
    return [{"id": entry.id, "label": entry.label, "state": entry.state.value, "url": entry.url} for entry in menu]


def account(**more: Any) -> Body:
    """The home of Louis Garcia."""
    return {
        "next_step": "home",
        "person": {
            "identifier": "10000001",
            "first_name": "Louis",
            "last_name": "Garcia",
            "birth_name": "Garcia",
            "email": "louis.garcia@mondomaine.com",
            "mobile": "+33612345678",
            "channel": "sms",
            "consent": {"consents": True, "text_version": "1", "decided_at": "2026-11-20T09:30:00Z"},
            "terms": {"version": "1", "accepted_at": "2026-11-20T09:31:00Z", "url": TERMS["url"]},
        },
        "consent_text": CONSENT,
        "correspondent": {
            "structure": "Mairie de Saint-Aubin",
            "may_follow_requests": True,
            "name": "Claire Fontaine",
            "email": "claire.fontaine@saint-aubin.example",
        },
        "menu": menu_body(MENU),
        "to_do": [],
        "last_sign_in": "2026-11-23T14:42:00Z",
        **more,
    }


def _event(at: str, kind: EventKind) -> Body:
    return {"at": at, "kind": kind.value, "label": EVENT_WORDS[kind]}


def correspondent(**more: Any) -> Body:
    """The export of Claire Fontaine, a correspondent, which her own pages read."""
    return {
        "person": {
            "identifier": "C40218866",
            "first_name": "Claire",
            "last_name": "Fontaine",
            "birth_name": "Fontaine",
            "email": "claire.fontaine@saint-aubin.example",
            "mobile": None,
            "channel": "email",
            "terms": {"version": "1", "accepted_at": "2026-11-20T09:31:00Z", "url": TERMS["url"]},
        },
        **more,
    }


def answering_for(*structures: Body, uploads: tuple[Body, ...] = (), **more: Any) -> Body:
    """The home of a correspondent's space."""
    return {"structures": list(structures), "uploads": list(uploads), **more}


HISTORY = {
    "events": [
        _event("2026-11-23T14:42:00Z", EventKind.SIGNED_IN),
        _event("2026-11-22T08:00:00Z", EventKind.SMS_PROVEN),
        _event("2026-11-21T08:00:00Z", EventKind.SIGNED_IN),
        {"at": "2026-11-20T09:31:00Z", "kind": "terms", "label": _ACCEPTED},
        {"at": "2026-11-20T09:30:00Z", "kind": "consent", "label": _CONSENTED},
        _event("2026-11-20T09:29:00Z", EventKind.ACTIVATED),
    ]
}


LOOKED_AT: Body = {"events": [_event("2026-11-24T08:15:00Z", EventKind.DESK_REQUEST_LOOKED), *HISTORY["events"]]}
"""The history of somebody whose requests an agent has looked at."""

NO_REQUESTS: Body = {"requests": [], "kinds": []}
"""The requests of a person who has opened none."""


def problem(status: int, code: str, *faults: tuple[str, str], **more: Any) -> tuple[int, Body]:
    """A refusal; `faults` are (field, code)."""
    errors = [{"pointer": f"#/{field}", "code": fault, "detail": "…"} for field, fault in faults]
    body = {"type": f"urn:problem:{code}", "title": "…", "status": status, "detail": "…", "code": code}
    return status, {**body, **({"errors": errors} if errors else {}), **more, "correlation_id": CORRELATION}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the front made."""

    method: str
    path: str
    body: Body | None
    headers: dict[str, str]


class FakeApi:
    """Answers `GET /api/session` with `where`, `GET /api/account` with `home`, its history with `history`.

    There are no requests; any other call without a `reply` gets 404.

    Its clock is `minutes_passed` ahead, for tests that move the browser's.
    """

    def __init__(self) -> None:
        self.where: Body | tuple[int, Body] = anonymous()
        self.home: Body | tuple[int, Body] = problem(401, "session-expired")
        self.history: Body | tuple[int, Body] = HISTORY
        self.calls: list[Call] = []
        self._answered: list[str] = []
        self.minutes_passed = 0.0
        self._replies: dict[tuple[str, str], list[tuple[int, Body]]] = defaultdict(list)
        self._open = Event()
        self._open.set()

    def __repr__(self) -> str:
        """The calls so far, in their order, with the status of each answer: for failed tests."""
        return f"FakeApi({', '.join(self._answered)})"

    def reply(self, method: str, path: str, answer: Body | tuple[int, Body], *, status: int = 200) -> None:
        """Answer that call with `answer`, once; the last answer given for a call stays."""
        self._replies[method, path].append(answer if isinstance(answer, tuple) else (status, answer))

    def forget(self) -> None:
        """Forget every answer given by `reply`."""
        self._replies.clear()

    def made(self, method: str, path: str) -> list[Call]:
        """The calls of that kind that the front made."""
        return [call for call in self.calls if (call.method, call.path) == (method, path)]

    def hold(self) -> None:
        """Let calls that change something wait until `let_go`."""
        self._open.clear()

    def let_go(self) -> None:
        """Answer the calls that wait."""
        self._open.set()

    def answer(self, call: Call) -> tuple[int, Body]:
        """The status and the body for that call."""
        self.calls.append(call)
        status, body = self._answer(call)
        self._answered.append(f"{call.method} {call.path} {status}")
        return status, body

    def _answer(self, call: Call) -> tuple[int, Body]:
        fixed = {
            ("GET", "/api/session"): self.where,
            ("GET", "/api/account"): self.home,
            ("GET", "/api/account/history"): self.history,
            ("GET", "/api/requests"): NO_REQUESTS,
        }
        told = self._replies[call.method, call.path]
        if told or (call.method, call.path) not in fixed:
            if call.method != "GET" and not call.path.endswith("/search"):
                self._open.wait(_LONGEST_HOLD_SECONDS)
            replies = told or [problem(404, "not-found")]
            return replies.pop(0) if len(replies) > 1 else replies[0]
        answer = fixed[call.method, call.path]
        if isinstance(answer, tuple):
            return answer
        time = {"server_time": time_in(minutes=self.minutes_passed)} if call.path == "/api/session" else {}
        return 200, {**answer, **time}
