"""The three cookies `flow`, `session` and `device` (known browser). All are HttpOnly, SameSite=Strict, Path=/."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from activation.domain.accounts import DEVICE_SECONDS
from activation.domain.flows import FlowReference
from activation.domain.login import Login
from activation.domain.tokens import hash_token

_FLOW = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Cookies(NamedTuple):
    """Makes and reads the cookies. `secure` is False only for local http: then without `__Host-` and Secure."""

    secure: bool

    def flow(self, flow_id: str, token: str) -> Cookie:
        """The cookie with a flow's id and token; it ends with the browser's session."""
        return self._cookie("flow", f"{flow_id}.{token}")

    def session(self, token: str) -> Cookie:
        """The cookie with a session's token; the browser drops it when it is closed."""
        return self._cookie("session", token)

    def login(self, login: Login) -> list[Cookie]:
        """The cookies after a sign-in: `session`, and `device` when the browser has a new device token."""
        return [self.session(login.token), *([self.device(login.device_token)] if login.device_token else [])]

    def device(self, token: str) -> Cookie:
        """The cookie by which accounts know the browser again, for a year."""
        return self._cookie("device", token, max_age=DEVICE_SECONDS)

    def without(self, name: str) -> Cookie:
        """A cookie that makes the browser delete the one of that name."""
        return self._cookie(name, "", max_age=0)

    def read_flow(self, cookies: Mapping[str, str], *, shown: str | None) -> FlowReference | None:
        """The flow of the cookie, and the flow that the page shows; None if the cookie is missing or malformed."""
        found = _FLOW.fullmatch(cookies.get(self._name("flow"), ""))
        return FlowReference(found[1], hash_token(found[2]), shown) if found else None

    def read_token(self, name: str, cookies: Mapping[str, str]) -> str | None:
        """The hash of the token in the browser's cookie; None when the cookie is missing or malformed."""
        token = cookies.get(self._name(name), "")
        return hash_token(token) if _TOKEN.fullmatch(token) else None

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def _cookie(self, name: str, value: str, max_age: int | None = None) -> Cookie:
        return Cookie(
            name=self._name(name),
            value=value,
            path="/",
            max_age=max_age,
            secure=self.secure,
            http_only=True,
            same_site=SameSite.STRICT_MODE,
        )
