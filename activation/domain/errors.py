"""Every refusal of the domain. `activation.api.problems` has one row for each."""

from collections.abc import Mapping
from enum import StrEnum


class NextStep(StrEnum):
    """Where the visitor goes from here; every 2xx answer of a flow and every `WrongStepError` names one."""

    VERIFY_CODE = "verify_code"
    SET_PASSWORD = "set_password"  # noqa: S105  # a step's name
    GIVE_CONSENT = "give_consent"
    CHOOSE_CHANNEL = "choose_channel"
    VERIFY_CONTACT = "verify_contact"
    ACCEPT_TERMS = "accept_terms"
    HOME = "home"
    SIGN_IN = "sign_in"


class DomainError(Exception):
    """Base of every refusal; never raised itself. Subclasses need not call `__init__`: Python sets `args` by itself."""


class TimedRefusalError(DomainError):
    """Base of the refusals that end by themselves; never raised itself. `retry_at` is in epoch seconds."""

    def __init__(self, retry_at: int) -> None:
        self.retry_at = retry_at


class FlowExpiredError(DomainError):
    """There is no such flow, or it has ended, or the browser's token is not the flow's."""


class SessionExpiredError(DomainError):
    """There is no such session, or it has ended."""


class WrongStepError(DomainError):
    """The call does not fit the step that the person is at; `next_step` is that step."""

    def __init__(self, next_step: NextStep) -> None:
        self.next_step = next_step


class NotYourAccountError(DomainError):
    """The call is one for beneficiaries and the account is a correspondent's, or the other way round."""


class CodeRejectedError(DomainError):
    """The code is not accepted: wrong, replaced, expired or a decoy's. `attempts_left`: how many the flow has left."""

    def __init__(self, attempts_left: int) -> None:
        self.attempts_left = attempts_left


class CodeFormatError(DomainError, ValueError):
    """The typed text does not look like a code; it spends no attempt. Also a ValueError: schemas parse codes."""


class CredentialsRejectedError(DomainError):
    """Identifier and password do not match. `attempts_left` is given only when one try is left."""

    def __init__(self, attempts_left: int | None = None) -> None:
        self.attempts_left = attempts_left


class ContactNotProvenError(DomainError):
    """The account has no proven contact on that channel."""


class ContactUnchangedError(DomainError):
    """The new contact or name is the present one; `field` is the name of the request's field."""

    def __init__(self, field: str) -> None:
        self.field = field


class OutdatedVersionError(DomainError):
    """The visitor answered an older version of the text; `current` is the version in force."""

    def __init__(self, current: str) -> None:
        self.current = current


class FlowLockedError(TimedRefusalError):
    """The flow's attempts are spent; `retry_at` is when its throttle key may start another flow."""


class ResendTooEarlyError(TimedRefusalError):
    """The last code was sent too recently to send another."""


class TooManyCodesError(TimedRefusalError):
    """The throttle key has no start left, or the flow no resend."""


class AccountLockedError(TimedRefusalError):
    """The throttle key, or the password, is locked until `retry_at`."""


class TooManyRequestsError(TimedRefusalError):
    """Too many calls came from the visitor's IP address."""


class TooManyTodayError(TimedRefusalError):
    """The day's limit of such acts is reached; `retry_at` is when the next day begins."""


class ImportRunningError(TimedRefusalError):
    """Another file of the correspondent's is being checked, applied or taken back, until `retry_at` at the latest."""


class LongerCodeNeededError(DomainError):
    """After so many wrong codes the code to send must have 8 digits: the caller makes it again with that length."""


class RowRejectedError(DomainError):
    """A row that a correspondent typed has faults: `reasons` are French sentences by the name of the field."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = reasons


class StaleError(DomainError):
    """The row changed between our read and our write: read it and decide again."""


class MessageTakenError(DomainError):
    """Another worker has claimed the message, or the message `is_settled`: sent or dropped already."""

    def __init__(self, *, is_settled: bool) -> None:
        self.is_settled = is_settled


class BusyError(DomainError):
    """The tables are still busy after the last retry that a visitor can be made to wait for."""


class NotFoundError(DomainError):
    """The account has nothing of that name; the visitor does not learn whether another account has it."""


class PersonNotFoundError(DomainError):
    """There is no account with that identifier. Only the help desk gets this answer."""


class PastActivationError(DomainError):
    """The help desk may do this only before activation, or only before the account is closed."""


class NoCodeOutError(DomainError):
    """No flow of the account waits for a code: there is none to send again."""


class NothingToLiftError(DomainError):
    """The account has no lock, count or mark of the kind that the help desk wants to lift."""


class NotConfirmedError(DomainError):
    """The act needs words of confirmation that were not given; nothing was done."""


class NothingToConfirmError(DomainError):
    """No correction or closing waits for confirmation, or its time is over."""


class NoArrivalsError(DomainError):
    """No arrival of the correspondent's file waits: there is none, or the file is not applied, or is taken back."""


class StructureNotFoundError(DomainError):
    """There is no structure with that id. Only the help desk gets this answer."""


class ImportNotFoundError(DomainError):
    """There is no such import, or it is no longer stored. Only the help desk gets this answer."""


class InvitationIncompleteError(DomainError):
    """Mail, last name or first name of the correspondent to invite are given neither by roster nor by agent."""


class NoSuchLinkError(DomainError):
    """The correspondent does not answer for that structure."""


class TooManyLinksError(DomainError):
    """The structure has 10 correspondents already, or the correspondent answers for 200 structures."""


class SecondAgentNeededError(DomainError):
    """The agent who asked for this may not confirm it: it takes another agent."""


class TooManyRequestsOpenError(DomainError):
    """The person has as many requests open as one may have."""


class RightsNotDatedError(DomainError):
    """No document can attest the person's rights: their beginning is unknown, or they are not current."""


class TooSoonError(DomainError):
    """The day by which the person is asked to answer is too near; `earliest` (`YYYY-MM-DD`) is the first allowed."""

    def __init__(self, earliest: str) -> None:
        self.earliest = earliest


class RequestNotFoundError(DomainError):
    """That person sent no request with that number."""


class OwnCaseError(DomainError):
    """The agent is the person whose case it is: another agent must act."""
