"""Every refusal, in the product's language. `activation.api.problems` has one row for each."""

from enum import StrEnum


class NextStep(StrEnum):
    """Where the person goes from here; every 2xx answer of a flow and every `WrongStepError` names one."""

    VERIFY_CODE = "verify_code"
    SET_PASSWORD = "set_password"  # noqa: S105  # a step's name
    GIVE_CONSENT = "give_consent"
    CHOOSE_CHANNEL = "choose_channel"
    VERIFY_CONTACT = "verify_contact"
    ACCEPT_TERMS = "accept_terms"
    HOME = "home"
    SIGN_IN = "sign_in"


class DomainError(Exception):
    """Base of every refusal; never raised itself."""


class TimedRefusalError(DomainError):
    """Base of the refusals that end by themselves; never raised itself. `retry_at` is in epoch seconds."""

    def __init__(self, retry_at: int) -> None:
        super().__init__(retry_at)
        self.retry_at = retry_at


class FlowExpiredError(DomainError):
    """There is no such flow, or it is past its end, or its token is another."""


class SessionExpiredError(DomainError):
    """There is no such session, or it has ended."""


class WrongStepError(DomainError):
    """The call does not fit the step that the person is at; `next_step` is that step."""

    def __init__(self, next_step: NextStep) -> None:
        super().__init__(next_step.value)
        self.next_step = next_step


class CodeRejectedError(DomainError):
    """The code opens nothing: wrong, too old, expired or a decoy's. `attempts_left` is what the flow still allows."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__(attempts_left)
        self.attempts_left = attempts_left


class CodeFormatError(DomainError, ValueError):
    """What was typed has not the form of a code; it spends no attempt. A ValueError too: schemas parse codes."""


class CredentialsRejectedError(DomainError):
    """Identifier and password do not fit. `attempts_left` is given before the last try only."""

    def __init__(self, attempts_left: int | None = None) -> None:
        super().__init__(attempts_left)
        self.attempts_left = attempts_left


class ContactNotProvenError(DomainError):
    """The person has not proven a contact for that channel."""


class ContactUnchangedError(DomainError):
    """The new contact is the one already proven; `field` is the request's name for it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class OutdatedVersionError(DomainError):
    """The text accepted or answered is not the current one; `current` is the current version."""

    def __init__(self, current: str) -> None:
        super().__init__(current)
        self.current = current


class FlowLockedError(TimedRefusalError):
    """The flow's attempts are spent; `retry_at` is when its pair may start again."""


class ResendTooEarlyError(TimedRefusalError):
    """A code was sent a moment ago."""


class TooManyCodesError(TimedRefusalError):
    """The pair has no start, or the flow no resend, left."""


class AccountLockedError(TimedRefusalError):
    """The pair or the password is locked for a time."""


class TooManyRequestsError(TimedRefusalError):
    """The visitor's address has asked too often."""


class LongerCodeNeededError(DomainError):
    """So many wrong codes came in that this one must have 8 digits: issue it again."""


class StaleError(DomainError):
    """Somebody else wrote between our read and our write: read again, decide again."""


class MessageTakenError(DomainError):
    """Another worker has the message: it sends it now, or it `is_settled`."""

    def __init__(self, *, is_settled: bool) -> None:
        super().__init__(is_settled)
        self.is_settled = is_settled


class BusyError(DomainError):
    """The tables are still busy with others after as many tries as the visitor should wait for."""


class PersonNotFoundError(DomainError):
    """Nobody has that identifier; only the help desk is told so."""


class PastActivationError(DomainError):
    """The help desk may do this before activation only, or the account is closed already."""


class NoCodeOutError(DomainError):
    """No code of the person waits to be typed: there is none to send again."""


class NothingToLiftError(DomainError):
    """The person has no lock, no count or no mark of the kind that the help desk would lift."""


class NothingToConfirmError(DomainError):
    """No other agent's act waits for a confirmation, or its time is over."""


class SecondAgentNeededError(DomainError):
    """The agent who began this may not confirm it too."""
