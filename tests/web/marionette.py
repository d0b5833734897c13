"""Firefox's own remote control, spoken directly: Debian has no geckodriver, and Mozilla's client needs Python < 3.13.

A message is its length, a colon and JSON: `[0, id, command, parameters]` to Firefox, `[1, id, error, result]` back.
The commands are WebDriver's (https://firefox-source-docs.mozilla.org/testing/marionette/).
"""

import json
import socket
from dataclasses import dataclass
from typing import Any

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What WebDriver names an element by."""
_SECONDS = 60


class MarionetteError(Exception):
    """Firefox refused a command; the message is its own."""


class Marionette:
    """One session with a Firefox that listens on that port."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        self._stream = self._socket.makefile("rb")
        self._read()  # it greets
        self.send("WebDriver:NewSession")

    def send(self, command: str, **parameters: object) -> Any:
        """Give a command and wait for its result. Raises MarionetteError."""
        message = json.dumps([0, 1, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise MarionetteError(error["message"])
        return result.get("value") if isinstance(result, dict) else result

    def close(self) -> None:
        self.send("WebDriver:DeleteSession")
        self._stream.close()
        self._socket.close()

    def get(self, url: str) -> None:
        self.send("WebDriver:Navigate", url=url)

    def find_elements(self, by: str, value: str) -> list["Element"]:
        return [Element(self, found[_ELEMENT]) for found in self.send("WebDriver:FindElements", using=by, value=value)]

    def execute_script(self, script: str, *arguments: object) -> Any:
        return self.send("WebDriver:ExecuteScript", script=script, args=arguments)

    def _read(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)) != b":":
            if not digit:
                raise MarionetteError("the browser is gone")
            length += digit
        return json.loads(self._stream.read(int(length)))


@dataclass(frozen=True)
class Element:
    """An element of the page that was loaded when it was found."""

    session: Marionette
    id: str

    def click(self) -> None:
        self.session.send("WebDriver:ElementClick", id=self.id)

    def send_keys(self, text: str) -> None:
        self.session.send("WebDriver:ElementSendKeys", id=self.id, text=text)

    def is_displayed(self) -> bool:
        return bool(self.session.send("WebDriver:IsElementDisplayed", id=self.id))
