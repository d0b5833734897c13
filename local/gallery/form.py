"""A form that is filled and sent, and the states that each one has."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from local.gallery.acts import Act, LoseNetwork
from local.gallery.screen import Call, LateReply, Reply, Screen
from local.gallery.states import broken


@dataclass(frozen=True)
class Form:
    """A form of a screen: the acts that fill and send it, the call that this makes."""

    screen: str
    path: str
    where: Callable[[], Reply]
    acts: tuple[Act, ...]
    call: Call

    def refused(self, state: str, answer: Reply | LateReply, shows: str | re.Pattern[str]) -> Screen:
        """The state that follows from such an answer."""
        return Screen(f"{self.screen}, {state}", self.path, self.where, self.acts, {self.call: answer}, shows)

    def failures(self) -> tuple[Screen, ...]:
        """The states that any form can come to: a slow answer, a lost connection, a fault of the server."""
        name = self.screen
        return (
            Screen(f"{name}, envoi lent", self.path, self.where, self.acts, shows="Envoi en cours…", slow=True),
            Screen(
                f"{name}, connexion coupée",
                self.path,
                self.where,
                (LoseNetwork(), *self.acts),
                shows="Vous êtes hors connexion.",
            ),
            self.refused("panne du service", broken, "Référence : "),
        )
