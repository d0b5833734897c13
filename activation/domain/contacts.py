"""The mail addresses and mobile numbers that codes go to."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from activation.domain.errors import DomainError

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# `phonenumbers` (45 ms) and `email_validator` (32 ms) are imported where they are used: most functions
# handle contacts and never parse one, and would pay for both at each cold start.

_REGIONS = ("FR", "RE", "GP", "GF", "MQ", "YT", "PM", "NC", "PF", "WF")
"""France and its territories, in the order in which a national number is tried."""

_NOT_SERVED = frozenset({"PM", "WF"})
"""Those without SMS from AWS: not in its table of supported countries (November 2026; docs/deploy.md, « SMS »)."""


class Channel(StrEnum):
    """The way a code is sent: by mail or by SMS."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a code can go: a mail address or a mobile in E.164. Its `repr` hides the value, for logs and traces."""

    channel: Channel
    value: str = field(repr=False)

    def is_same_as(self, other: "Contact | None") -> bool:
        """Whether both are the same contact. Case is ignored: in practice it makes no other mailbox."""
        return other is not None and self.value.casefold() == other.value.casefold()


class Deliverability(StrEnum):
    """What delivery reports made known of an address or number; one without such a report has none."""

    COMPLAINED = "complained"
    """Its owner reported one of our mails as unwanted: it gets codes, but no notices."""
    UNDELIVERABLE = "undeliverable"
    """It does not exist, or opted out of SMS: codes go the other way where that is allowed, and no notices go there."""


class ContactFault(StrEnum):
    """Why a contact is refused."""

    INVALID = "invalid"
    NOT_A_MOBILE = "not-a-mobile"
    NOT_SERVED = "not-served"


class ContactRejectedError(DomainError, ValueError):
    """No code can be sent to the typed contact. Also a ValueError, so that schemas can parse contacts."""

    def __init__(self, reason: ContactFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse_email(text: str) -> Contact:
    """Read a mail address: trimmed, its domain in lower case and ASCII (IDNA), the part before the @ as typed.

    That part must be ASCII and at most 64 characters, as SES demands; nothing is looked up in the DNS.
    Raises ContactRejectedError (`invalid`).
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # see the top of the module

    try:
        address = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise ContactRejectedError(ContactFault.INVALID) from None
    return Contact(Channel.EMAIL, f"{address.local_part}@{address.ascii_domain}")


def parse_mobile(text: str) -> Contact:
    """Read a French or overseas mobile, written nationally or with its prefix, into E.164.

    Raises ContactRejectedError: `not-a-mobile` for a French or overseas number of another kind (landline,
    premium, free), `not-served` for a mobile in a territory to which no SMS can be sent, `invalid` for all else,
    foreign and short numbers included.
    """
    import phonenumbers  # noqa: PLC0415  # see the top of the module

    is_number = False
    for region in _REGIONS:
        number = _number_of(text, region)
        if number and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE:
            if region in _NOT_SERVED:
                raise ContactRejectedError(ContactFault.NOT_SERVED)
            return Contact(Channel.SMS, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
        is_number = is_number or number is not None
    raise ContactRejectedError(ContactFault.NOT_A_MOBILE if is_number else ContactFault.INVALID)


def mask(contact: Contact) -> str:
    """The contact, masked so that only its owner recognises it; completes « Nous avons envoyé un code … »."""
    if contact.channel is Channel.SMS:
        return f"au numéro se terminant par {contact.value[-2:]}"
    local_part, _, domain = contact.value.rpartition("@")
    return f"à l'adresse {local_part[0]}•••@{domain[0]}•••.{domain.rpartition('.')[2]}"


def _number_of(text: str, region: str) -> "PhoneNumber | None":
    """Read a number of that region, else None. Letters are refused: the library takes them for a telephone's keys."""
    import phonenumbers  # noqa: PLC0415  # see the top of the module

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    has_more = number.extension or any(map(str.isalpha, text))
    return None if has_more or not phonenumbers.is_valid_number_for_region(number, region) else number
