"""Documents that attest something: what they say, the code by which anybody verifies them, and whether they hold.

A code is 60 bits of a KMS MAC over the document's id, in the base 32 of Crockford. It is stored nowhere: shown again,
it is made again; of a code only its SHA-256 is stored, to find the document that it names.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from activation.domain.accounts import Account, Status
from activation.domain.employment import Structure
from activation.domain.errors import RightsNotDatedError
from activation.domain.plain_text import plain_digits
from activation.domain.requests.deadlines import months_later
from activation.domain.requests.kinds import Answers, DecidedBy, Kind
from activation.domain.times import day_of_rights, moment_of, paris_day
from activation.domain.tokens import RandomBytes

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE_CHARACTERS, _GROUP = 12, 4
_BITS = 5
ATTENTION = "attention"
"""The field of a kind in which the person types whom the document is for."""


class DocumentState(StrEnum):
    """Whether a document holds."""

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as issued. `since` and `until` are days (`YYYY-MM-DD`), both included; `issued_at` epoch seconds.

    It attests the facts at its issue: `structure_id` is the employer's then.
    """

    document_id: str
    identifier: str
    request_id: str
    kind: str
    attests: str
    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    structure_id: str
    employer: str
    attention: str = field(repr=False)
    since: str
    until: str
    issued_at: int

    @property
    def erased_on(self) -> str:
        """The day from which the document is erased: a year after its end (docs/privacy.md)."""
        return months_later(date.fromisoformat(self.until), 12).isoformat()


def issue(
    kind: Kind,
    account: Account,
    structure: Structure | None,
    *,
    document_id: str,
    request_id: str,
    answers: Answers | None = None,
    now: int,
) -> Document:
    """The document of that kind for somebody with rights today, good until the end of the year or of their rights.

    If a kind is decided at once, the document attests the rights since their beginning; if an agent decides, since
    today. Today is Paris's, as the day of issue that people read: a document shown at a counter holds from that day on.
    `answers` say whom the document is for, and fill in what is attested. Raises RightsNotDatedError when the rights'
    beginning is needed and unknown, when they are not current, or without `structure`.
    """
    owner = account.beneficiary
    roster, today, said = owner.roster, paris_day(now), answers or {}
    since = roster.start_date if kind.decided_by is DecidedBy.AUTOMATIC else today
    if not since or since > today or not owner.is_current(today) or structure is None:
        raise RightsNotDatedError
    year_end = f"{today[:4]}-12-31"
    return Document(
        document_id,
        account.identifier,
        request_id,
        kind.id,
        kind.attests.format_map(said),
        owner.last_name,
        roster.first_name,
        roster.structure_id,
        structure.name,
        said.get(ATTENTION, kind.attention),
        since,
        min(roster.end_date or year_end, year_end),
        now,
    )


def judge(document: Document | None, account: Account | None, *, now: int) -> DocumentState:
    """Whether the document holds now. It is withdrawn once its person has left, moved or closed their account."""
    if document is None:
        return DocumentState.UNKNOWN
    today = day_of_rights(now)
    if today > document.until:
        return DocumentState.EXPIRED
    if account is None or account.status is not Status.ACTIVE or not account.owner.is_current(today):
        return DocumentState.WITHDRAWN
    is_there = account.beneficiary.roster.structure_id == document.structure_id
    return DocumentState.VALID if is_there else DocumentState.WITHDRAWN


def document_message(document_id: str) -> bytes:
    """The message whose MAC a document's code is made of."""
    return b"document/1\0" + document_id.encode()


def document_code(mac: bytes) -> str:
    """The code, in groups of four: `7K2M-04QX-9RZT`."""
    code = crockford(int.from_bytes(mac[:8]) >> 4, _CODE_CHARACTERS)
    return "-".join(code[start : start + _GROUP] for start in range(0, _CODE_CHARACTERS, _GROUP))


def clean_document_code(typed: str) -> str | None:
    """The code that was typed or scanned, in groups; None for text that can be no code.

    Letters that read like digits are taken for these (Crockford), and all signs between the groups are dropped.
    """
    letters = "".join(char for char in plain_digits(typed).upper() if char.isalnum()).translate(_READ_ALIKE)
    if len(letters) != _CODE_CHARACTERS or not set(letters) <= set(_CROCKFORD):
        return None
    return "-".join(letters[start : start + _GROUP] for start in range(0, _CODE_CHARACTERS, _GROUP))


def hash_code(code: str) -> str:
    """The SHA-256 (hexadecimal) of a code, by which its document is found."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_ulid(random: RandomBytes, *, now: int) -> str:
    """A ULID (https://github.com/ulid/spec): 26 characters that sort by time; its milliseconds are 0."""
    return crockford(now * 1000 << 80 | int.from_bytes(random(10)), 26)


def request_id_at_once(identifier: str, kind: str, before: int, *, now: int) -> str:
    """The id of a request that is decided at once: that person's next of the kind, after as many as were `before`.

    It is made from these and the day, so that two calls at once make one request.
    """
    day = day_of_rights(now)
    digest = hashlib.sha256(f"at once/1\0{identifier}\0{kind}\0{day}\0{before}".encode()).digest()
    return new_ulid(lambda size: digest[:size], now=moment_of(day))


def new_number(random: RandomBytes) -> str:
    """The number of a request that people read out: nine digits, of which the first is not 0."""
    return str(100_000_000 + int.from_bytes(random(8)) % 900_000_000)


def crockford(value: int, length: int) -> str:
    """The number in the base 32 of Crockford, in that many characters."""
    return "".join(_CROCKFORD[value >> _BITS * place & 31] for place in reversed(range(length)))
