"""Whether a beneficiary can be reached by the roster's contacts, which their correspondent can correct."""

from enum import StrEnum

from activation.domain.employment import RosterEntry


class Standing(StrEnum):
    """How the contacts of a roster entry stand; the same whether the account is invited or active."""

    MISSING = "missing"
    """The roster gives no contact: no code can be sent."""
    BOUNCED = "bounced"
    """A message to a contact of the roster came back since it was declared."""
    FINE = "fine"


def standing_of(entry: RosterEntry, *, has_bounced: bool) -> Standing:
    """The standing of an entry. `has_bounced`: a message to one of its contacts came back."""
    if not (entry.email or entry.mobile):
        return Standing.MISSING
    return Standing.BOUNCED if has_bounced else Standing.FINE
