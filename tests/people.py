"""Fresh people on the running product, so that no test stands in another's way."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from activation.adapters.accounts import DynamoAccounts
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.tables import ACCOUNTS
from activation.domain.accounts import Account
from activation.domain.correspondents import Correspondent
from activation.domain.roster.imports import State
from local.roster import Rosters
from local.running import running_on
from tests.builders import PASSWORD, row
from tests.in_memory.roster import as_csv
from tests.stack import Stack
from tests.visitor import Answer, Visitor, code_in

_numbers = itertools.count(50_000_001)
START, SESSION = "/api/activation", "/api/session"


@dataclass(frozen=True)
class Someone:
    """A person who was just invited."""

    identifier: str
    last_name: str
    contact: str

    @property
    def start_body(self) -> dict[str, str]:
        return {"identifier": self.identifier, "last_name": self.last_name}


def invite(product: Stack, *, last_name: str = "Roux", **contacts: str) -> Someone:
    """Import one more person; by default with a mail address of their own."""
    identifier = str(next(_numbers))
    reached = contacts or {"email": _mail(identifier)}
    import_rows(product, [row(identifier, last_name, "Camille", **reached)])
    return Someone(identifier, last_name, reached.get("email") or f"+33{reached['mobile'][1:]}")


def invite_many(product: Stack, count: int) -> list[Someone]:
    """Import so many people, each with a mail address of their own, in one file."""
    people = [Someone(name, "Roux", _mail(name)) for name in map(str, itertools.islice(_numbers, count))]
    import_rows(product, [row(each.identifier, each.last_name, "Camille", email=each.contact) for each in people])
    return people


def invite_correspondents(product: Stack, count: int) -> list[Someone]:
    """Write so many correspondents, each with a mail address of their own."""
    dynamodb = product.deployment.engine.client("dynamodb")
    accounts = DynamoAccounts(Table(dynamodb, product.deployment.table(ACCOUNTS)))
    people = [
        Someone(f"C{number}", "Roux", f"c{number}@mondomaine.com") for number in itertools.islice(_numbers, count)
    ]
    for each in people:
        owner = Correspondent(each.last_name, "Camille", each.contact, structures=("S1",))
        DynamoStore(dynamodb).commit(accounts.save(Account(each.identifier, owner)))
    return people


def import_rows(product: Stack, rows: Iterable[Mapping[str, str]]) -> None:
    """Put a file of these rows into the roster bucket, and wait until it is applied."""
    state = Rosters(running_on(product.deployment)).apply("personnes.csv", as_csv(rows))
    assert state is State.APPLIED, state


def start(product: Stack, someone: Someone) -> tuple[Visitor, str]:
    """Step 1; returns the browser and the code that came."""
    visitor = Visitor(product)
    message = visitor.ask_code(lambda: visitor.post(START, someone.start_body), to=someone.contact)
    return visitor, code_in(message)


def prove(product: Stack, someone: Someone) -> Visitor:
    """Steps 1 and 2; returns the browser."""
    visitor, code = start(product, someone)
    verified = visitor.post(f"{START}/verification", {"code": code})
    assert (verified.status, verified.next_step) == (200, "set_password"), verified
    return visitor


def set_password(visitor: Visitor, password: str = PASSWORD) -> Answer:
    """Step 3."""
    return visitor.post(f"{START}/password", {"password": password, "confirmation": password})


def settle_preferences(visitor: Visitor, channel: str = "email") -> Answer:
    """Consent, the proven contact's channel, terms; returns the last answer."""
    for path, body in (
        ("/api/account/consent", {"consents": True, "text_version": "1"}),
        ("/api/account/code-channel", {"channel": channel}),
        ("/api/account/terms", {"version": "1"}),
    ):
        answer = visitor.put(path, body)
        assert answer.status == 200, answer
    return answer


def come_home(product: Stack, someone: Someone, channel: str = "email") -> Visitor:
    """All three steps and the preferences; returns the browser."""
    visitor = prove(product, someone)
    set_password(visitor)
    settle_preferences(visitor, channel)
    return visitor


def credentials(someone: Someone, password: str = PASSWORD) -> dict[str, str]:
    return {"identifier": someone.identifier, "password": password}


def sign_in(product: Stack, someone: Someone, password: str = PASSWORD, *, to: str = "") -> Visitor:
    """Password and code, in another browser; `to` is where the code comes when that is not the first contact."""
    visitor = Visitor(product)
    message = visitor.ask_code(lambda: visitor.post(SESSION, credentials(someone, password)), to=to or someone.contact)
    answer = visitor.post(f"{SESSION}/verification", {"code": code_in(message)})
    assert answer.status == 200, answer
    return visitor


def _mail(identifier: str) -> str:
    return f"p{identifier}@mondomaine.com"
