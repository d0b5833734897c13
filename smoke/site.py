"""The service over HTTP, as a browser meets it."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 30


class SmokeError(Exception):
    """The service does not do what it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is JSON's value, or the text of a page."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Site:
    """One browser at the service's address."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def expect(self, status: int, method: str, path: str, body: object = None) -> Answer:
        """Send a request. Raises SmokeError unless that status comes back."""
        answer = self.call(method, path, body)
        if answer.status != status:
            problem = answer.body.get("code") if isinstance(answer.body, dict) else ""
            raise SmokeError(f"{method} {path}: {answer.status} {problem} instead of {status}")
        return answer

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """Send a request as the front does. Raises SmokeError when nothing answers."""
        connection = self._connection()
        headers = {
            "User-Agent": "account-activation-smoke",  # the firewall refuses whoever does not say
            "Origin": self.address,
            "Content-Type": "application/json",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")  # a document is no text
        except (OSError, http.client.HTTPException) as error:
            raise SmokeError(f"{self.address} does not answer: {error}") from error
        finally:
            connection.close()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        is_json = "json" in response.headers.get("Content-Type", "")
        sent = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, sent, json.loads(text) if is_json and text else text)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(parts.netloc, timeout=_SECONDS)
        return http.client.HTTPConnection(parts.netloc, timeout=_SECONDS)

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
