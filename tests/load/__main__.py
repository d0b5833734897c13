"""`make load`: half an hour in which people come as on a campaign's day, on the local stack, under its own limits.

As many come as in half of its busiest hour, in the order of a day: peaks at 9 and at 14. One in ten mistypes the code
first, some have no mail, and one in twenty sits in a hospital behind one address. Nobody may be refused. Without
PEOPLE it is the campaign that this machine carries at its peaks. Of a larger one people wait: the machine is too small
for the rate, not for the limits.

python -m tests.load [PEOPLE] [DAYS]; MINUTES in the environment for a shorter one
"""

import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.load import Codes, codes_of
from infra.campaign import AT_ONE_ADDRESS, POPULATION, Campaign, plan
from infra.stages import ORDINARY
from infra.traffic import WRONG_SHARE
from local.engine import forget_the_outside
from tests.builders import PASSWORD, row
from tests.people import import_rows
from tests.stack import running
from tests.visitor import Visitor

OPENS, CLOSES, PEAKS = 8, 18, (9, 14)
PEAK = 2.5
"""At a peak so many times the mean of all arrivals come."""
CARRIED, DAYS = 2, 10
"""People a second for a core, so that no queue grows (docs/performance.md, « Load »); in as many days as usual."""
AT_ONCE = 8
"""People at once, as many as the local edge lets through: more would only wait."""
CODE_SECONDS = 300
HOSPITAL = "127.9.9.9"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes at a part (0 to 1) of the half hour."""

    number: int
    comes: float
    has_mail: bool
    mistypes: bool
    address: str

    @property
    def identifier(self) -> str:
        """As in the roster."""
        return str(60_000_000 + self.number)

    @property
    def contacts(self) -> dict[str, str]:
        """Theirs in the roster: a mail or a mobile."""
        return {"email": f"p{self.identifier}@mondomaine.com"} if self.has_mail else {"mobile": f"06{self.identifier}"}

    @property
    def sent_to(self) -> str:
        """Where their code goes."""
        return self.contacts.get("email") or f"+336{self.identifier}"


@dataclass
class Answers:
    """What was answered, by call and status; what should not have been, and whose code never came."""

    counted: Counter[tuple[str, int]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, call: str, status: int, code: str | None, *, expected: int = 0) -> None:
        """Count one; a refusal that was not expected is one that should not be."""
        with self.lock:
            self.counted[call, status] += 1
            if status >= 400 and status != expected:  # HTTP's first refusal
                self.refused[f"{call}: {status} {code}"] += 1


def carried(cores: int) -> Campaign:
    """The campaign whose peaks a machine of so many cores carries: edge, engine, functions and people share them."""
    busiest_hour = CARRIED * cores / PEAK * 3_600
    whole = Campaign(POPULATION, DAYS)
    return Campaign(min(POPULATION, int(busiest_hour / whole.busiest_hour * POPULATION)), DAYS)


def arrivals(campaign: Campaign, people: int) -> Iterator[Person]:
    """Who comes, in order: half in the hours around the two peaks, the others over the day."""
    chance = random.Random(1)  # noqa: S311  # the same people each time
    comes = sorted(
        min(0.999, max(0.0, (chance.gauss(chance.choice(PEAKS), 0.5) - OPENS) / (CLOSES - OPENS)))
        if chance.random() < 0.5  # half of them
        else chance.random()
        for _ in range(people)
    )
    for number, part in enumerate(comes):
        at_work = chance.random() < AT_ONE_ADDRESS
        address = HOSPITAL if at_work else f"127.1.{number // 250 % 250}.{number % 250 + 1}"
        has_mail, mistypes = chance.random() >= campaign.without_mail, chance.random() < WRONG_SHARE
        yield Person(number, part, has_mail, mistypes, address)


def main() -> int:
    """Let them come, and print what was answered; 1 when somebody was refused."""
    given = [int(value) for value in sys.argv[1:]]
    campaign = Campaign(*given) if given else carried(os.cpu_count() or 1)
    minutes = float(os.environ.get("MINUTES", "30"))
    people = list(arrivals(campaign, max(1, round(campaign.busiest_hour * minutes / 60))))
    limits = {name: str(value) for name, value in plan(campaign, ORDINARY["prod"]).limits.items()}
    print(f"a campaign of {campaign.people:,} people in {campaign.days} days:", end=" ")
    print(f"{len(people):,} in {minutes:g} minutes under {limits}", flush=True)
    forget_the_outside()
    answers = Answers()
    with running(limits) as product:
        import_rows(product, (row(each.identifier, "Roux", "Zoé", **each.contacts) for each in people))
        began = time.monotonic()
        with codes_of(product) as codes, ThreadPoolExecutor(AT_ONCE) as pool:
            for person in people:
                time.sleep(max(0.0, began + person.comes * minutes * 60 - time.monotonic()))
                pool.submit(_come, Visitor(product, address=person.address), person, codes, answers)
        took = time.monotonic() - began
    for (call, status), times in sorted(answers.counted.items()):
        print(f"{call:16}{status:6}{times:10,}")
    print(f"{len(people):,} people in {took / 60:.1f} minutes, {len(people) / took:.1f} a second; refused: ", end="")
    print(", ".join(f"{times:,} times {what}" for what, times in answers.refused.items()) or "none")
    return int(bool(answers.refused))


def _come(visitor: Visitor, person: Person, codes: Codes, answers: Answers) -> None:
    try:
        _activate(visitor, person, codes, answers)
    except (OSError, ValueError) as error:
        answers.note("no answer", 599, type(error).__name__)


def _activate(visitor: Visitor, person: Person, codes: Codes, answers: Answers) -> None:
    def call(name: str, path: str, body: object, *, method: str = "POST", expected: int = 0) -> bool:
        answer = visitor.call(method, path, body)
        answers.note(name, answer.status, answer.code, expected=expected)
        return answer.status < 400  # HTTP's first refusal

    if not call("start", "/api/activation", {"identifier": person.identifier, "last_name": "Roux"}):
        return
    sent = time.monotonic()
    while person.sent_to not in codes:
        if time.monotonic() > sent + CODE_SECONDS:
            answers.note("no code", 599, None)
            return
        time.sleep(0.2)
    code = codes[person.sent_to]
    if person.mistypes:
        call("verify", "/api/activation/verification", {"code": code[:-1] + str(9 - int(code[-1]))}, expected=422)
    if not call("verify", "/api/activation/verification", {"code": code}):
        return
    if not call("password", "/api/activation/password", {"password": PASSWORD, "confirmation": PASSWORD}):
        return
    call("consent", "/api/account/consent", {"consents": True, "text_version": "1"}, method="PUT")
    channel = "email" if person.has_mail else "sms"
    call("channel", "/api/account/code-channel", {"channel": channel}, method="PUT")
    call("terms", "/api/account/terms", {"version": "1"}, method="PUT")


if __name__ == "__main__":
    sys.exit(main())
