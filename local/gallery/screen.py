"""A screen in one state."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from local.gallery.acts import Act
from local.gallery.fake_api import Body, FakeApi, account, anonymous

Reply = Body | tuple[int, Body]
LateReply = Callable[[], Reply]
"""A function that makes an answer, so that its times are those of the visit."""
Call = tuple[str, str]
"""Method and path."""


@dataclass(frozen=True)
class Screen:
    """A screen in one state: its first page, the API's answers, the visitor's acts, and the text that can then be read.

    A state's name comes after a comma; a name without one is a first view. `where` and `home` are functions, so that
    their times are those of the visit. A `slow` API lets every change wait. `memory` is what the tab remembers of the
    pages before.
    """

    name: str
    path: str
    where: LateReply = anonymous
    acts: tuple[Act, ...] = ()
    replies: Mapping[Call, Reply | LateReply] = field(default_factory=dict)
    shows: str | re.Pattern[str] = ""
    home: LateReply = account
    slow: bool = False
    memory: Mapping[str, object] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The name in an address or a file's name."""
        bare = unicodedata.normalize("NFKD", self.name.casefold()).encode("ascii", "ignore").decode()
        return "-".join(re.findall(r"[a-z0-9]+", bare))

    def prepare(self, api: FakeApi) -> None:
        """Let the API give this state's answers."""
        api.forget()
        api.where = self.where()
        if isinstance(api.where, dict) and api.where["who"] == "session":
            api.home = self.home()
        for (method, path), answer in self.replies.items():
            api.reply(method, path, answer() if callable(answer) else answer)
