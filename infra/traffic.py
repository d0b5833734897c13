"""The traffic of a campaign: how often each function is called, how long it takes, which calls to AWS it makes.

All assumptions stand here and nowhere else.
"""

from dataclasses import dataclass
from functools import cached_property

from infra.functions import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Budget:
    """How many calls a step makes, and the longest chain of them in which each waited for the one before.

    `transactions`: those of the calls that take DynamoDB several times as long; each waits for the one before.
    """

    calls: int
    in_sequence: int
    transactions: int


BUDGETS = {
    "start": Budget(1, 1, 1),
    "deliver a code": Budget(5, 4, 2),
    "record a delivery": Budget(2, 2, 1),
    "verify": Budget(5, 4, 1),
    "set password": Budget(4, 3, 1),
    "deliver a notice": Budget(5, 5, 2),
    "record a notice's delivery": Budget(2, 2, 1),
    "consent": Budget(3, 3, 1),
    "channel": Budget(3, 3, 1),
    "terms": Budget(3, 3, 1),
    "home": Budget(2, 2, 0),
    "look, as a stranger": Budget(0, 0, 0),
    "look, on the way": Budget(1, 1, 0),
    "look, signed in": Budget(2, 2, 0),
    "list requests": Budget(3, 2, 0),
    "one request": Budget(4, 2, 0),
    "an act on a request": Budget(5, 3, 1),
    "sign in": Budget(6, 6, 3),
    "verify a sign-in": Budget(5, 4, 1),
    "a page of people": Budget(3, 3, 0),
    "a page of the follow-up": Budget(9, 5, 1),  # of five people: a read for each, whoever consents
}
"""The calls to AWS that a step may make. One more is 5 to 30 ms of somebody's time: its reason stands here, or it goes.

To look is `GET /api/session`, which each page asks first.
"""

CAMPAIGN_STARTS = 200
STARTS_AT_MOST = 2_000
"""Starts a second: a campaign's week, and ten times that."""

SMS_SHARE = 0.15
"""The share of the people who have a mobile and no mail."""
WRONG_SHARE = 0.10
"""Wrong codes for each start."""
MESSAGES_A_PERSON = 2
"""The messages of one person: the code and the confirmation."""

STEPS = {
    "start_activation": {"start": 1},
    "verify_code": {"verify": 1},
    "set_password": {"set password": 1},
    "preferences": {"consent": 1, "channel": 1, "terms": 1},
    "account": {"look, as a stranger": 1, "look, on the way": 2, "look, signed in": 4, "home": 1},
    "deliver_message": {"deliver a code": 1, "deliver a notice": 1},
    "record_delivery": {"record a delivery": 1, "record a notice's delivery": 1},
}
"""The steps of each function in one activation, by the names of `BUDGETS`: from S1 to the account's home."""
EVENTS = ("deliver_message", "record_delivery")
"""The functions that the pages do not call."""
CALLS = {function: sum(steps.values()) for function, steps in STEPS.items() if function not in EVENTS}
"""API calls of one activation, by function."""

AWS_CALL_MS = 8
"""One AWS call in sequence, from a function in the same region (5 to 12)."""
TRANSACTION_MS = 25
"""One transaction of DynamoDB (15 to 30)."""
OWN_CPU_MS = 12
"""The time of a call on a whole vCPU, its botocore included, without the password's hash."""
HASH_CPU_MS = 35
"""Argon2id (19 MiB, 2 passes) with a whole arm64 vCPU: 18 ms on the machine of `bench/results.json`, and a margin."""
SEND_MS = 150
"""Handing a message to SES or SNS (100 to 200)."""
WHOLE_VCPU_MB = 1_769
"""The memory with which Lambda gives one vCPU; less memory gives that much less of one."""

MACS = {"verify_code": 1, "set_password": 1, "deliver_message": 0.5}
"""KMS MACs of a call; of two messages only the code needs one."""


REQUESTS_OF_A_START, CALLS_OF_A_START = 50, 17
"""The requests to the site, and calls to the API, that the firewall allows a start: 47 and 14, and some mistakes."""
WRITTEN = {"accounts": 20, "outbox": 16, "limits": 11, "pending_codes": 10, "sessions": 2}
"""Write units of one activation, by table; a test counts them."""
DOLLARS_OF_A_MILLION = 253
"""AWS's bill for a million activations with the front's delivery, without messages (`bench/cost.py`)."""
SMS_DOLLARS, MAIL_DOLLARS = 0.0775, 0.0001


@dataclass(frozen=True)
class Traffic:
    """So many starts a second, each going on to the account's home; `sms_share` of the people have no mail."""

    starts: float
    sms_share: float = SMS_SHARE

    @property
    def sms(self) -> float:
        """SMS a second: to those who have a mobile and no mail."""
        return self.starts * self.sms_share * MESSAGES_A_PERSON

    @property
    def mails(self) -> float:
        """Mails a second: to all others."""
        return self.starts * MESSAGES_A_PERSON - self.sms

    @property
    def wrong_codes(self) -> float:
        """Wrong codes a second."""
        return self.starts * WRONG_SHARE

    @property
    def typed_codes(self) -> float:
        """Codes typed a second, wrong ones and the right one of each."""
        return self.starts + self.wrong_codes

    @property
    def api_calls(self) -> float:
        """Calls of the API a second."""
        return self.starts * sum(CALLS.values()) + self.wrong_codes

    @property
    def macs(self) -> float:
        """KMS MACs a second."""
        return sum(self.calls(function) * macs for function, macs in MACS.items())

    def calls(self, function: str) -> float:
        """Calls of a function a second; for those that people do not call, one for each message or report."""
        events = {"deliver_message": self.mails + self.sms, "record_delivery": self.mails}
        extra = self.wrong_codes if function == "verify_code" else 0
        return events[function] if function in events else self.starts * CALLS[function] + extra

    @cached_property
    def busy(self) -> dict[str, float]:
        """Copies of each function that are busy at once (Little's law: calls a second times seconds a call)."""
        return {function: self.calls(function) * milliseconds(function) / 1_000 for function in STEPS}


def memory(function: str) -> int:
    """The memory of a function's copies, in MB."""
    (found,) = (spec.memory for spec in FUNCTIONS if spec.name == function)
    return found


def waiting(function: str) -> float:
    """How long (ms) a call of the function waits for AWS's calls one after the other: the mean of its steps."""
    steps = STEPS[function]

    def of(step: Budget) -> int:
        return (step.in_sequence - step.transactions) * AWS_CALL_MS + step.transactions * TRANSACTION_MS

    return sum(of(BUDGETS[step]) * times for step, times in steps.items()) / sum(steps.values())


def milliseconds(function: str) -> float:
    """How long (ms) a warm call takes, and is billed."""
    hashing = HASH_CPU_MS if function == "set_password" else 0
    sending = SEND_MS if function == "deliver_message" else 0
    vcpu = min(1, memory(function) / WHOLE_VCPU_MB)  # nothing here computes on two
    return waiting(function) + (OWN_CPU_MS + hashing) / vcpu + sending
