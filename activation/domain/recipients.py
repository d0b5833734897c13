"""Who gets a code that anybody may ask for, and who gets it when its mail does not arrive."""

from activation.domain.contacts import Channel, Contact
from activation.domain.flows import Flow, Purpose
from activation.domain.people import Person, Status


def code_recipient(person: Person | None, flow: Flow, *, now: int, day: str) -> Contact | None:
    """Who gets the code of a flow that anybody may start; None for a decoy.

    While invited, the roster's contacts; once active, only contacts that the person proved.
    """
    if person is None or not person.answers_to(flow) or not person.is_current(day):
        return None
    if flow.purpose is Purpose.ACTIVATION and person.status is Status.INVITED:
        return person.roster_contact(now)
    if flow.purpose is Purpose.PASSWORD_RESET and person.status is Status.ACTIVE:
        return person.chosen_contact(former_at=now)
    return None


def mobile_for_code(person: Person, flow: Flow, *, now: int, day: str) -> Contact | None:
    """The mobile that the flow's code may go to instead of a mail address; None when the person's state allows none.

    While invited, the roster's; once active, only one that the person proved. Never for the proof of a new contact.
    """
    if not person.answers_to(flow):
        return None
    match flow.purpose, person.status:
        case Purpose.ACTIVATION, Status.INVITED:
            mobile = Contact(Channel.SMS, person.roster.mobile)
            allowed = mobile.value and person.is_current(day) and not person.is_quarantined(mobile, now)
            return mobile if allowed else None
        case Purpose.PASSWORD_RESET, Status.ACTIVE:
            return person.proven_at(now).get(Channel.SMS) if person.is_current(day) else None
        case Purpose.SIGN_IN, Status.ACTIVE:
            return person.proven.get(Channel.SMS)
        case _:
            return None
