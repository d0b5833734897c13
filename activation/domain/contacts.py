"""The mail addresses and mobile numbers that codes go to."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from activation.domain.errors import DomainError
from activation.domain.plain_text import plain_text

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# `phonenumbers` (45 ms) and `email_validator` (32 ms) are imported where they are used: most functions
# handle contacts and never parse one, and would pay for both at each cold start.

_REGIONS = ("FR", "RE", "GP", "GF", "MQ", "YT", "PM", "NC", "PF", "WF")
"""The regions of phone numbers of France and its territories, in the order in which a national number is tried."""

_NOT_SERVED = frozenset({"PM", "WF"})
"""The regions without SMS: not in AWS's table of supported countries (November 2026; docs/deploy.md, « SMS »)."""

_NAMED_ADDRESS = re.compile(r"[^<>@]*<([^<>]*)>")
"""An address as mail programs write it: `Louis Garcia <louis@exemple.fr>`."""

_SCHEME = re.compile(r"mailto: ?", re.IGNORECASE)
_ADDRESSES = re.compile(r"[^\s<>;,:/|()]+@[^\s<>;,:/|()]+")

_BETWEEN_DIGITS = re.compile(r"^tel: ?|[ .·/()\[\]\-\u2010-\u2015\u2212]", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9]+")
_NOT_DIALLED = re.compile(r"[^+0-9]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_TWO_NUMBERS = re.compile(r"(?:(?:\+|00)?(?:33)?0?[1-9][0-9]{8}){2,3}")
_MOBILE = re.compile(r"(?:(?:\+|00)?33|(?:\+|00)(262|590|594|596))?0?([67][0-9]{8})")
"""A mobile of the numbering plan that France shares with five of its departments, with or without a prefix."""

_FRENCH = re.compile(r"(?:(?:\+|00)?33)?0?([1-9][0-9]{8})")
_TEL = re.compile(r"tel: ?", re.IGNORECASE)
_NINE_DIGITS = re.compile(r"[67][0-9]{8}")
_OF_THE_PLAN = re.compile(r"(33|262|590|594|596)?0?([1-9][0-9]{8})")
_WITHOUT_PREFIX = {6: "687", 8: "689"}
"""The prefixes of numbers without one, by their length: New Caledonia's have six digits, French Polynesia's eight."""

_OVERSEAS = (
    ("262", re.compile("639|69[23]|7092|7093[5-9]")),
    ("590", re.compile("69[01]|7090")),
    ("594", re.compile("694|7093[0-4]")),
    ("596", re.compile("69[67]|7091")),
)
"""The prefixes of the overseas mobiles of that plan, by their first digits (Arcep's decision 2018-0881)."""


class Channel(StrEnum):
    """The way to a contact: mail or SMS."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """A mail address, or a mobile in E.164. Its `repr` hides the value, for logs and traces."""

    channel: Channel
    value: str = field(repr=False)

    def is_same_as(self, other: "Contact | None") -> bool:
        """Whether both are the same contact, however they are written: see `contact_key`."""
        return other is not None and contact_key(self.value) == contact_key(other.value)


class Deliverability(StrEnum):
    """A mark on a contact, made by a delivery report or by a refusal at sending; most contacts have none."""

    COMPLAINED = "complained"
    """The owner reported one of our mails as unwanted: the contact gets codes, but no notices."""
    UNDELIVERABLE = "undeliverable"
    """It does not exist, or opted out of SMS: it gets no notices, and codes go another way where that is allowed."""


class ContactFault(StrEnum):
    """Why a contact is refused."""

    INVALID = "invalid"
    SEVERAL = "several"
    NOT_A_MOBILE = "not-a-mobile"
    NOT_SERVED = "not-served"


class ContactRejectedError(DomainError, ValueError):
    """No code can be sent to the typed contact. Also a ValueError, so that schemas can parse contacts."""

    def __init__(self, reason: ContactFault) -> None:
        self.reason = reason


def contacts_of(email: str, mobile: str) -> list[Contact]:
    """The contacts that are not empty, mail first: `code_recipients` takes the first that is reached.

    So the code of somebody without a valid mail goes by SMS. Both values are given as stored.
    """
    given = ((Channel.EMAIL, email), (Channel.SMS, mobile))
    return [Contact(channel, value) for channel, value in given if value]


def parse_email(text: str) -> Contact:
    """Read a mail address: plain, its domain in lower case and ASCII (IDNA), the part before the @ as typed.

    That part must be ASCII and at most 64 characters, as SES demands; nothing is looked up in the DNS. A name beside
    the address and `mailto:` are dropped. Raises ContactRejectedError: `several` for two addresses, `invalid`.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # see the top of the module

    plain = plain_text(text)
    try:
        address = validate_email(_bare(plain), check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        has_several = len(set(map(str.casefold, _ADDRESSES.findall(plain)))) > 1
        raise ContactRejectedError(ContactFault.SEVERAL if has_several else ContactFault.INVALID) from None
    return Contact(Channel.EMAIL, f"{address.local_part}@{address.ascii_domain}")


def parse_mobile(text: str) -> Contact:
    """Read a French or overseas mobile, without the second result of `read_mobile`. Raises ContactRejectedError."""
    return read_mobile(text)[0]


def read_mobile(text: str) -> tuple[Contact, bool]:
    """Read a French or overseas mobile, national or with its prefix, into E.164; and whether the metadata lists it.

    A number that begins as mobiles do is one, even when the library's metadata does not list its range yet: that may
    take months. Raises ContactRejectedError: `several` for two numbers, `not-a-mobile` for a French or overseas number
    of another kind (landline, premium, free), `not-served` for a mobile in a territory to which no SMS can be sent,
    `invalid` for all else, foreign and short numbers included.
    """
    import phonenumbers  # noqa: PLC0415  # see the top of the module

    dialled = _dialled(text)
    if _TWO_NUMBERS.fullmatch(_NOT_DIALLED.sub("", dialled)):
        raise ContactRejectedError(ContactFault.SEVERAL)
    if not _NUMBER.fullmatch(dialled):
        raise ContactRejectedError(ContactFault.INVALID)
    mobile = _MOBILE.fullmatch(dialled)
    is_number = False
    for region in _REGIONS:
        number = _number_of(f"0{mobile[2]}" if mobile and not mobile[1] else dialled, region)
        if number and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE:
            if region in _NOT_SERVED:
                raise ContactRejectedError(ContactFault.NOT_SERVED)
            e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return Contact(Channel.SMS, e164), True
        is_number = is_number or number is not None
    if mobile and not is_number:
        prefix = next((prefix for prefix, starts in _OVERSEAS if starts.match(mobile[2])), "33")
        if mobile[1] in (None, prefix):
            return Contact(Channel.SMS, f"+{prefix}{mobile[2]}"), False
    raise ContactRejectedError(ContactFault.NOT_A_MOBILE if is_number else ContactFault.INVALID)


def lacks_nought(text: str) -> bool:
    """Whether a mobile is written in nine digits: a spreadsheet took it for a number, and dropped its first 0."""
    return _NINE_DIGITS.fullmatch(_dialled(text)) is not None


def shown_number(text: str) -> str:
    """A French number for display, in pairs, however it is written; other text as plain text, without `tel:`.

    `+33 (0)1.40.00.00.00` and, without its first 0, `140000000` become `01 40 00 00 00`.
    """
    french = _FRENCH.fullmatch(_dialled(text))
    if not french:
        return _TEL.sub("", plain_text(text))
    return " ".join(re.findall("..", f"0{french[1]}"))


def contact_key(written: str) -> str:
    """A key that all spellings of one mail address, or of one number, share; empty for other text.

    Case is ignored: in practice it makes no other mailbox. A domain counts in its ASCII form, a number without its
    prefix, except in the Pacific, where numbers are short. A text that `parse_email` or `parse_mobile` takes has the
    same key as the contact that they return.
    """
    plain = plain_text(written)
    if "@" not in plain:
        return _number_key(plain)
    if plain.isascii():
        return _bare(plain).casefold()
    try:
        return parse_email(plain).value.casefold()
    except ContactRejectedError:
        return plain.casefold()


def _number_key(plain: str) -> str:
    digits = _NOT_DIGITS.sub("", plain)
    has_prefix = "+" in plain or digits.startswith("00")
    number = digits.removeprefix("00")
    of_the_plan = _OF_THE_PLAN.fullmatch(number)
    if of_the_plan and (of_the_plan[1] or not has_prefix):
        return of_the_plan[2]
    if has_prefix:
        return f"+{number}"
    return f"+{_WITHOUT_PREFIX.get(len(number), '')}{number}" if number else ""


def _bare(address: str) -> str:
    """The address without a name beside it, `mailto:` and marks that end a list; `address` is plain text."""
    address = address.rstrip(" ;,")
    if "<" in address and (named := _NAMED_ADDRESS.fullmatch(address)):
        address = named[1].strip()
    return _SCHEME.sub("", address) if ":" in address else address


def _dialled(text: str) -> str:
    """A number as it is dialled: its digits, after a plus if it has one; signs between digits are dropped."""
    return _BETWEEN_DIGITS.sub("", plain_text(text))


def mask(contact: Contact) -> str:
    """The contact, masked so that only its owner recognises it; the words complete « Nous avons envoyé un code … »."""
    if contact.channel is Channel.SMS:
        return f"au numéro se terminant par {contact.value[-2:]}"
    local_part, _, domain = contact.value.rpartition("@")
    return f"à l'adresse {local_part[0]}•••@{domain[0]}•••.{domain.rpartition('.')[2]}"


def _number_of(dialled: str, region: str) -> "PhoneNumber | None":
    """The text read as a number of that region; None if it is none."""
    import phonenumbers  # noqa: PLC0415  # see the top of the module

    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number_for_region(number, region) else None
