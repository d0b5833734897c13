"""What a campaign brings: how often each function is called, how long it takes, what it asks of AWS.

What is assumed stands here and nowhere else.
"""

from dataclasses import dataclass
from functools import cached_property

from infra.functions import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Budget:
    """How many calls a step makes, and the longest chain of them in which each waited for the one before."""

    calls: int
    in_sequence: int


BUDGETS = {
    "start": Budget(1, 1),
    "deliver a code": Budget(5, 4),
    "record a delivery": Budget(2, 2),
    "verify": Budget(5, 4),
    "set password": Budget(4, 3),
    "deliver a notice": Budget(5, 5),
    "record a notice's delivery": Budget(2, 2),
    "consent": Budget(3, 3),
    "channel": Budget(3, 3),
    "terms": Budget(3, 3),
    "home": Budget(2, 2),
    "look, as a stranger": Budget(0, 0),
    "look, on the way": Budget(1, 1),
    "look, signed in": Budget(2, 2),
    "sign in": Budget(6, 6),
    "verify a sign-in": Budget(5, 4),
}
"""What a step may ask. A call more is 5 to 12 ms of somebody's time: it stands here with its reason, or not at all.

To look is `GET /api/session`, which each page asks first.
"""

CAMPAIGN_STARTS = 200
STARTS_AT_MOST = 2_000
"""Starts a second: a campaign's week, and ten times that."""

SMS_SHARE = 0.15
"""Of the people, who have a mobile and no mail."""
WRONG_SHARE = 0.10
"""Wrong codes for each start."""
MESSAGES_A_PERSON = 2
"""The code and the confirmation."""

STEPS = {
    "start_activation": {"start": 1},
    "verify_code": {"verify": 1},
    "set_password": {"set password": 1},
    "preferences": {"consent": 1, "channel": 1, "terms": 1},
    "account": {"look, as a stranger": 1, "look, on the way": 2, "look, signed in": 4, "home": 1},
    "deliver_message": {"deliver a code": 1, "deliver a notice": 1},
    "record_delivery": {"record a delivery": 1, "record a notice's delivery": 1},
}
"""What one activation has each function do, by the names of `BUDGETS`: from S1 to the account's home."""
EVENTS = ("deliver_message", "record_delivery")
"""The functions that the pages do not call."""
CALLS = {function: sum(steps.values()) for function, steps in STEPS.items() if function not in EVENTS}
"""API calls of one activation, by function."""

AWS_CALL_MS = 8
"""One AWS call in sequence, from a function in the same region (5 to 12)."""
OWN_CPU_MS = 12
"""What a call computes with a whole vCPU, its botocore included, but for the password's hash."""
HASH_CPU_MS = 35
"""Argon2id (19 MiB, 2 passes) with a whole arm64 vCPU: 18 ms on the machine of `bench/results.json`, and a margin."""
SEND_MS = 60
"""SES or SNS takes a message."""
WHOLE_VCPU_MB = 1_769
"""The memory with which Lambda gives one vCPU; less memory gives that much less of one."""

MACS = {"verify_code": 1, "set_password": 1, "deliver_message": 0.5}
"""KMS MACs of a call; of two messages only the code needs one."""


@dataclass(frozen=True)
class Traffic:
    """So many starts a second, each going on to the account's home."""

    starts: float

    @property
    def sms(self) -> float:
        """SMS a second: to those who have a mobile and no mail."""
        return self.starts * SMS_SHARE * MESSAGES_A_PERSON

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
        """Calls of a function a second; a message or a report each for those that people do not call."""
        events = {"deliver_message": self.mails + self.sms, "record_delivery": self.mails}
        extra = self.wrong_codes if function == "verify_code" else 0
        return events[function] if function in events else self.starts * CALLS[function] + extra

    @cached_property
    def busy(self) -> dict[str, float]:
        """Copies of each function that are busy at once (Little's law: calls a second times seconds a call)."""
        return {function: self.calls(function) * milliseconds(function) / 1_000 for function in STEPS}


def memory(function: str) -> int:
    """MB."""
    (found,) = (spec.memory for spec in FUNCTIONS if spec.name == function)
    return found


def in_sequence(function: str) -> float:
    """How many AWS calls a call of the function waits for, one after the other: the mean of what it does."""
    steps = STEPS[function]
    return sum(BUDGETS[step].in_sequence * times for step, times in steps.items()) / sum(steps.values())


def milliseconds(function: str) -> float:
    """How long a warm call takes, and is billed."""
    hashing = HASH_CPU_MS if function == "set_password" else 0
    sending = SEND_MS if function == "deliver_message" else 0
    vcpu = min(1, memory(function) / WHOLE_VCPU_MB)  # nothing here computes on two
    return in_sequence(function) * AWS_CALL_MS + (OWN_CPU_MS + hashing) / vcpu + sending
