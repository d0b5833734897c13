"""A month of attacks on a simulated clock, against the product's own rules, and what they come to under its defaults.

python -m bench.attack

Nobody waits for a lucky guess: each guess that the product compares adds the chance that it was right, one in ten to
the number of digits for each code that would have been taken. Guesses come one after the other: together they are no
better, for each is counted before it is compared (docs/adr/0010). People are independent of each other, so a few
stand for all; what all share (the breakers, the hour's SMS) is counted for all.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

from activation.domain.accounts import Account
from activation.domain.code_limits import BREAKER_HOLD_SECONDS, BREAKER_WINDOW_SECONDS, TypedCodes
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import TimedRefusalError
from activation.domain.flows import Purpose, valid_codes
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits
from tests.builders import MOBILE, NOW, active, entry, invited
from tests.in_memory import Browser, InMemoryService, outcome, password_record

POPULATION = 800_000
MONTH, YEAR = 30, 365
NAMES = 2
"""A person answers to at most two names, each with counters of its own."""
MOST_A_DAY, MOST_A_YEAR = 0.5, 1 / 10_000
"""The goals: takeovers a day of a spray over everybody, takeovers a year of one person who is aimed at."""
TEN_MINUTES_A_DAY = 144
MIDNIGHT = NOW - NOW % DAY_SECONDS
"""When every attack begins: a day's counters are those of the day in UTC."""


def service_at_midnight(*people: Account, **limits: int) -> InMemoryService:
    """Those people, and a day that begins."""
    app = InMemoryService(*people, **limits)
    app.now = MIDNIGHT
    return app


@dataclass
class Attacker:
    """Knows the identifier and the name, has every address there is, and never tires. `expected` adds up chances."""

    app: InMemoryService
    last_name: str = "Garcia"
    purpose: Purpose = Purpose.ACTIVATION
    expected: float = 0.0
    guesses: int = 0

    def spend_a_day(self) -> None:
        """Every flow and every guess that a day has; each flow with two codes out, which doubles the chance."""
        midnight = self.app.now - self.app.now % DAY_SECONDS + DAY_SECONDS
        while self.app.now < midnight:
            try:
                browser = self._open_flow()
            except TimedRefusalError as refusal:
                self.app.now = min(refusal.retry_at, midnight)
            else:
                self._guess(browser)

    def _open_flow(self) -> Browser:
        browser = Browser(self.app)
        browser.start(last_name=self.last_name, purpose=self.purpose)
        self.app.deliver()
        self.app.wait(self.app.limits.resend_wait_seconds)
        browser.resend(self.purpose)
        self.app.deliver()
        return browser

    def _guess(self, browser: Browser) -> None:
        for _ in range(self.app.limits.wrong_codes_per_flow):
            chance = self._chance(browser)
            if outcome(lambda: browser.verify(browser.wrong_code, self.purpose)) == "CodeRejectedError":
                self.expected += chance
                self.guesses += 1

    def _chance(self, browser: Browser) -> float:
        """How likely a random code is taken now: only codes that went to somebody open the flow."""
        flow, limits = browser.flow, self.app.limits
        longer = self.app.counters.throttle(flow.throttle_key).wrong >= limits.longer_codes_after
        good = valid_codes(flow, longer_codes=longer, now=self.app.now)
        return float(sum(10.0**-sent.digits for number, sent in good.items() if number in flow.recipients))


def aim_at_one(days: int = YEAR, **limits: int) -> Attacker:
    """One person under one name, for so many days."""
    attacker = Attacker(service_at_midnight(invited(), **limits))
    for _ in range(days):
        attacker.spend_a_day()
    return attacker


@cache
def chance_of_a_first_guess() -> float:
    """How likely a guess is right while codes are short."""
    first = aim_at_one(1, longer_codes_after=Limits().wrong_codes_per_person)
    return first.expected / first.guesses


def spray_below_the_breaker(limits: Limits, people_a_day: int = 0) -> float:
    """Takeovers a day when everybody is guessed at, just seldom enough for the breaker not to trip.

    So many people type a right code that day, once each, and no wrong one: what they allow is the attacker's alone.
    """
    guesses = _guesses_until(TypedCodes.trip, limits, people_a_day // TEN_MINUTES_A_DAY)
    return TEN_MINUTES_A_DAY * guesses * chance_of_a_first_guess()


def spray_at_codes_that_are_out(limits: Limits, people_a_day: int = 0) -> float:
    """The same for an attacker who opens flows ahead, trips the breaker on purpose, and spends their first guesses.

    While those flows live, and again once the breaker has fallen back.
    """
    guesses = _guesses_until(TypedCodes.shut, limits, people_a_day // TEN_MINUTES_A_DAY)
    alive = 1 + limits.activation_code_life_seconds / BREAKER_WINDOW_SECONDS
    windows = 1 + BREAKER_HOLD_SECONDS / BREAKER_WINDOW_SECONDS
    return TEN_MINUTES_A_DAY / windows * alive * guesses * chance_of_a_first_guess()


def _guesses_until(stops: Callable[[TypedCodes, Limits], bool], limits: Limits, right: int) -> int:
    wrong = 0
    while not stops(TypedCodes(wrong + 1, right), limits):
        wrong += 1
    return wrong


def spray_through_the_breaker() -> float:
    """Takeovers on the worst day when everybody is guessed at as often as the counters let: all codes are longer."""
    return POPULATION * NAMES * aim_at_one(1, longer_codes_after=0).expected


def messages_a_day(target: Account, days: int = MONTH) -> float:
    """How much one person is sent a day when somebody asks for all that can be asked in their names."""
    app = service_at_midnight(target)
    for hour in range(days * 24):
        app.now = MIDNIGHT + hour * HOUR_SECONDS
        for name in target.owner.last_names:
            for purpose in (Purpose.ACTIVATION, Purpose.PASSWORD_RESET):
                _ask_all(app, name, purpose)
    return (len(app.mail.sent) + len(app.sms.sent)) / days


def _ask_all(app: InMemoryService, last_name: str, purpose: Purpose) -> None:
    """Every start that the hour has left, and every resend of each."""
    browser = Browser(app)
    while outcome(partial(browser.start, last_name=last_name, purpose=purpose)) == "ok":
        app.deliver()
        for _ in range(app.limits.resends_per_flow):
            app.wait(app.limits.resend_wait_seconds)
            browser.resend(purpose)
            app.deliver()
        browser = Browser(app)


def mails_of_accounts(accounts: int) -> int:
    """How many mails a day an address gets that so many signed-in accounts name as their new one."""
    address = Contact(Channel.EMAIL, "aimed.at@exemple.fr")
    app = service_at_midnight(*(_by_password(str(30_000_000 + number)) for number in range(accounts)))
    for number in range(accounts):
        app.now, browser = MIDNIGHT, Browser(app)
        browser.enter(str(30_000_000 + number))
        for _ in range(app.limits.starts_per_person_per_day):
            _change_to(address, browser)
    return [mail.to for mail in app.mail.sent].count(address.value)


def _change_to(address: Contact, signed_in: Browser) -> None:
    """A change of contact as soon as the account may begin one, and every resend of it."""
    app, browser = signed_in.app, Browser(signed_in.app, session=signed_in.session)
    while outcome(partial(browser.change_contact, address)) != "ok":
        app.wait(app.limits.session_idle_seconds - 1)
        browser.where()  # the session stays open
    app.deliver()
    for _ in range(app.limits.resends_per_flow):
        app.wait(app.limits.resend_wait_seconds)
        browser.resend_contact()
        app.deliver()


def _by_password(identifier: str) -> Account:
    own = Contact(Channel.EMAIL, f"p{identifier}@exemple.fr")
    return active(identifier, proven={Channel.EMAIL: own}, password=password_record(identifier))


def sms_an_hour(people: int = 1_500, **limits: int) -> int:
    """How many SMS leave in one hour when far more are asked for than its budget has."""
    by_sms = (entry(email="", mobile=f"+336{number:08}") for number in range(people))
    everybody = (invited(str(20_000_000 + number), roster=roster) for number, roster in enumerate(by_sms))
    app = InMemoryService(*everybody, **limits)
    for number in range(people):
        for _ in range(app.limits.starts_per_person_per_hour):
            Browser(app).start(str(20_000_000 + number), address=f"2001:db8:{number:x}::1")
    app.deliver()
    return len(app.sms.sent)


def days_locked_out(last_name: str, days: int = MONTH) -> int:
    """On how many days the owner gets no code of step 1, when a stranger uses up all they can under that name first."""
    app, locked = service_at_midnight(invited()), 0
    for day in range(days):
        app.now = MIDNIGHT + day * DAY_SECONDS
        Attacker(app, last_name).spend_a_day()
        app.now = MIDNIGHT + (day + 1) * DAY_SECONDS - 1  # the owner comes last thing that day
        locked += outcome(Browser(app).start) != "ok"
    return locked


def main() -> int:
    """Print what the attacks come to; 1 when a goal is missed."""
    a_year = NAMES * aim_at_one().expected
    below, through = spray_below_the_breaker(Limits()), spray_through_the_breaker()
    crowded, out = spray_below_the_breaker(Limits(), POPULATION), spray_at_codes_that_are_out(Limits(), POPULATION)
    names, an_hour = entry(usage_name="Petit"), sms_an_hour()
    targets = {
        "invited, by mail": invited(roster=names),
        "invited, by SMS": invited(roster=replace(names, email="")),
        "active, by mail": active(roster=names),
        "active, by SMS": active(roster=names, channel=Channel.SMS, proven={Channel.SMS: MOBILE}),
    }
    rows = {
        "one person, two names, a year of guesses: takeovers a year": f"1 in {1 / a_year:,.0f} ({a_year:.1e})",
        "everybody, just below the breaker: takeovers a day": f"{below:.3f}",
        "the same, on a day on which everybody else types a right code": f"{crowded:.3f}",
        "the same day, tripping it for what first guesses are worth": f"{out:.3f}",
        "everybody, through the breaker, two names each: takeovers on the worst day": f"{through:.3f}",
        **{
            f"bombing one, two names, {name}: messages a day": f"{messages_a_day(target):.1f}"
            for name, target in targets.items()
        },
        "bombing an address from accounts that name it as theirs: mails a day for each": mails_of_accounts(1),
        "pumping: SMS an hour, all numbers together": f"{an_hour:,} ({24 * an_hour:,} a day)",
        "locking out by the identifier alone: days of a month": days_locked_out("Garcin"),
        "locking out by identifier and name: days of a month": days_locked_out("Garcia"),
    }
    for label, figure in rows.items():
        print(f"{label:76} {figure}")
    missed = max(crowded, out, through) > MOST_A_DAY or a_year > MOST_A_YEAR
    print("a goal is missed" if missed else "both goals are reached")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
