"""A stranger who knows an identifier, and nothing else, spends a month on keeping its owner out.

The stranger has every address there is, calls at every hour, and always just before the owner does. The owner
activates, signs in from a browser of their own, forgets the password each week, and is never kept waiting.
"""

import itertools
from dataclasses import dataclass, field

from activation.domain.credentials import password_scope
from activation.domain.errors import AccountLockedError
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from tests.builders import NOW, invited
from tests.in_memory import Browser, InMemoryService, outcome

IDENTIFIER = "10000001"
DAYS = 30
ATTACKS_AN_HOUR = 2
PASSWORDS = ("Perchoir-Cendre-4410-ruisseau", "Loutre58-Cuivre92-Balcon")
ANYBODY = (Purpose.ACTIVATION, Purpose.PASSWORD_RESET)


@dataclass
class Stranger:
    """Knows the identifier, and guesses names; `refused` are the answers that were no success."""

    app: InMemoryService
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    refused: set[str] = field(default_factory=set)

    def attack(self) -> None:
        for purpose in ANYBODY:
            for _ in range(ATTACKS_AN_HOUR):
                self._ask_and_guess(purpose)
        self._lock_the_password()

    def _ask_and_guess(self, purpose: Purpose) -> None:
        number = next(self.numbers)
        browser = Browser(self.app)
        browser.start(IDENTIFIER, f"Garcie{number}", purpose=purpose, address=f"2001:db8:{number:x}::1")
        self.refused.update(browser.guess(6, purpose))

    def _lock_the_password(self) -> None:
        while True:
            try:
                self.app.counters.count_wrong_password(password_scope(IDENTIFIER), now=self.app.now)
            except AccountLockedError:
                return


@dataclass
class Owner:
    """Louis Garcia and his browser."""

    app: InMemoryService
    browser: Browser
    password: str = ""

    def activate(self) -> None:
        self.password = PASSWORDS[0]
        self.browser.prove()
        self.browser.set_password(self.password)

    def sign_in(self) -> None:
        self.browser.sign_in(password=self.password)
        self.app.deliver()
        self.browser.verify_sign_in(self.browser.code)

    def reset(self) -> None:
        self.password = PASSWORDS[PASSWORDS.index(self.password) - 1]
        self.browser.prove(purpose=Purpose.PASSWORD_RESET)
        self.browser.reset_password(self.password)


def test_an_identifier_alone_keeps_nobody_out_and_uses_up_nothing() -> None:
    app = InMemoryService(invited(), wrong_codes_per_10_minutes=10**9)
    stranger, owner = Stranger(app), Owner(app, Browser(app))
    for day in range(DAYS):
        for hour in range(24):
            app.now = NOW + day * DAY_SECONDS + hour * HOUR_SECONDS
            stranger.attack()
            app.deliver()
        sent = len(app.mail.sent)
        if day == 0:
            owner.activate()
        elif day % 7 == 0:
            owner.reset()
            stranger.attack()
        owner.sign_in()
        assert len(app.mail.sent) > sent
    assert stranger.refused == {"CodeRejectedError", "FlowLockedError"}
    assert outcome(lambda: Browser(app).sign_in(password=owner.password)) == "AccountLockedError"


def test_nobody_is_written_to_for_what_the_stranger_asks() -> None:
    app = InMemoryService(invited())
    stranger = Stranger(app)
    for hour in range(48):
        app.now = NOW + hour * HOUR_SECONDS
        stranger.attack()
        app.deliver()
    assert app.mail.sent == app.sms.sent == []
    assert app.budgets.taken == {}
