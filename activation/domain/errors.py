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
    """Base of every refusal; never raised itself. Python itself keeps what one is made with, as its `args`."""


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
    """The call is for the other kind of account: a beneficiary's for a correspondent's, or the other way round."""


class CodeRejectedError(DomainError):
    """The code is not accepted: wrong, replaced, expired or a decoy's. `attempts_left`: those left to the flow."""

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
    """The new contact, or name, is the present one; `field` is the name of the request's field."""

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
    """The day's number of such acts is reached; `retry_at` is when the next day begins."""


class ImportRunningError(TimedRefusalError):
    """Another file of the correspondent's is being checked, applied or taken back, until `retry_at` at the latest."""


class LongerCodeNeededError(DomainError):
    """After so many wrong codes the code to send must have 8 digits: make it again with that length."""


class RowRejectedError(DomainError):
    """A row that a correspondent typed has faults: `reasons` has them in French, by the name of the field."""

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
    """What was asked for is not the account's, or is not there at all: nobody is told which."""


class PersonNotFoundError(DomainError):
    """There is no account with that identifier. Only the help desk gets this answer."""


class PastActivationError(DomainError):
    """The help desk may do this only before activation, or only before the account is closed."""


class NoCodeOutError(DomainError):
    """No flow of the account waits for a code: there is none to send again."""


class NothingToLiftError(DomainError):
    """The account has no lock, count or mark of the kind that the help desk wants to lift."""


class NotConfirmedError(DomainError):
    """Something must be confirmed by its word first; nothing was done."""


class NothingToConfirmError(DomainError):
    """No correction or closing waits for confirmation, or its time is over."""


class NoArrivalsError(DomainError):
    """Nobody of a correspondent's file waits to be taken in: nobody arrives, or it is not applied, or taken back."""


class StructureNotFoundError(DomainError):
    """There is no structure with that id. Only the help desk gets this answer."""


class ImportNotFoundError(DomainError):
    """There is no such import, or nothing is kept of it any more. Only the help desk gets this answer."""


class InvitationIncompleteError(DomainError):
    """Neither the roster nor the agent gives the mail, the last name and the first name of who is to be invited."""


class NoSuchLinkError(DomainError):
    """The correspondent does not answer for that structure."""


class TooManyLinksError(DomainError):
    """The structure has 10 correspondents already, or the correspondent answers for 200 structures."""


class SecondAgentNeededError(DomainError):
    """The agent who asked for this may not confirm it: it takes another agent."""


class TooManyRequestsOpenError(DomainError):
    """The person has as many requests open as one may have."""


class RightsNotDatedError(DomainError):
    """Nobody has said when the person's rights began: no document can attest them."""


class TooSoonError(DomainError):
    """The day until which something is asked for is too near; `earliest` (`YYYY-MM-DD`) is the first that will do."""

    def __init__(self, earliest: str) -> None:
        self.earliest = earliest


class RequestNotFoundError(DomainError):
    """That person sent no request with that number."""


class OwnCaseError(DomainError):
    """The agent is the person whose case it is: another agent must act."""
