"""What a campaign asks of each limit of AWS and of ours, and which limit binds first. A model: nothing is measured."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from operator import itemgetter

from activation.domain.code_limits import BREAKER_WINDOW_SECONDS, RIGHT_CODES_FOR_A_WRONG
from activation.domain.limits import ADDRESS_WINDOW_SECONDS, HOUR_SECONDS, Limits
from bench.report import Results
from infra.campaign import AT_ONE_ADDRESS, FOR_ANYONE, NEW_TABLE_WRITES, WORKERS_A_SHARD, WRITES_A_SHARD
from infra.functions import FUNCTIONS
from infra.stages import ORDINARY
from infra.traffic import AWS_CALL_MS, CAMPAIGN_STARTS, HASH_CPU_MS, SEND_MS, TRANSACTION_MS, WRITTEN, Traffic


@dataclass(frozen=True, slots=True)
class Limit:
    """What AWS, or our own stage, lets through a second. `needs`: what the traffic asks of it.

    `ask`: what raises it, and where the figure is from when it isn't a page of AWS's of 2026.
    """

    name: str
    most: float
    needs: Callable[[Traffic], float]
    ask: str

    @property
    def starts(self) -> float:
        """The starts a second at which it binds; infinite where more people need no more of it."""
        needed = self.needs(Traffic(1))
        return self.most / needed if needed > 0 else inf


_OF_A_PERSON, _OF_A_FLOW, _OF_AN_ACCOUNT = (
    f"belongs to one {whom}, and a crowd's people each have their own" for whom in ("person", "flow", "account")
)
_DEFAULTS = Limits()

OURS: Mapping[str, Limit | str] = {
    "activation_code_life_seconds": _OF_A_FLOW,
    "sign_in_code_life_seconds": _OF_A_FLOW,
    "wrong_codes_per_flow": _OF_A_FLOW,
    "longer_codes_after": _OF_A_PERSON,
    "wrong_codes_per_person": _OF_A_PERSON,
    "resend_wait_seconds": _OF_A_FLOW,
    "resends_per_flow": _OF_A_FLOW,
    "wrong_codes_per_10_minutes": Limit(
        "our breaker: wrong codes",
        _DEFAULTS.wrong_codes_per_10_minutes / BREAKER_WINDOW_SECONDS,
        lambda traffic: traffic.wrong_codes - (traffic.starts - traffic.wrong_codes) / RIGHT_CODES_FOR_A_WRONG,
        "the crowd's own right codes",
    ),
    "verified_flow_seconds": _OF_A_FLOW,
    "passwords_per_flow": _OF_A_FLOW,
    "starts_per_person_per_hour": _OF_A_PERSON,
    "starts_per_person_per_day": _OF_A_PERSON,
    "sign_in_codes_per_day": _OF_AN_ACCOUNT,
    "starts_per_ip_per_5_minutes": Limit(
        "our starts of one address",
        _DEFAULTS.starts_per_ip_per_5_minutes / ADDRESS_WINDOW_SECONDS,
        lambda traffic: traffic.starts * AT_ONE_ADDRESS,
        "`make campaign`",
    ),
    "verifications_per_ip_per_5_minutes": "counts whoever verifies documents; a campaign's people verify none",
    "wrong_passwords": _OF_AN_ACCOUNT,
    "password_lock_seconds": _OF_AN_ACCOUNT,
    "sms_per_number_per_day": _OF_A_PERSON,
    "sign_in_sms_per_number_per_day": _OF_A_PERSON,
    "sms_per_hour": Limit(
        "our SMS of the hour",
        _DEFAULTS.sms_per_hour * FOR_ANYONE / HOUR_SECONDS,
        lambda traffic: traffic.sms,
        "`make campaign`",
    ),
    "contact_changes_per_day": _OF_A_PERSON,
    "session_idle_seconds": _OF_AN_ACCOUNT,
    "session_max_seconds": _OF_AN_ACCOUNT,
    "uploads_per_day": _OF_AN_ACCOUNT,
    "single_rows_per_day": _OF_AN_ACCOUNT,
}
"""Every field of `Limits`: when it binds a crowd, or why it binds none."""


def limits() -> Iterator[Limit]:
    """All that bind a crowd, ours and AWS's."""
    yield from (limit for limit in OURS.values() if isinstance(limit, Limit))
    yield Limit("SES sends", 14, lambda traffic: traffic.mails, "SES: send rate (memory)")
    yield Limit(
        "SES sends of a day, in ten hours", 50_000 / 36_000, lambda traffic: traffic.mails, "SES: day's quota (memory)"
    )
    yield Limit("SNS SMS", 20, lambda traffic: traffic.sms, "SNS: SMS rate and monthly spend (memory)")
    stage = ORDINARY["prod"].requests_per_second
    yield Limit("our throttle, prod: calls", stage, lambda traffic: traffic.api_calls, "`infra/stages.py`")
    [copies] = [spec.reserved_concurrency or 0 for spec in FUNCTIONS if spec.name == "set_password"]
    yield Limit("set_password's copies", copies, lambda traffic: traffic.busy["set_password"], "`infra/functions.py`")
    yield Limit("API Gateway calls, account", 10_000, lambda traffic: traffic.api_calls, "quota L-8A5B8E43")
    yield Limit("Lambda copies, account", 1_000, lambda traffic: sum(traffic.busy.values()), "concurrent executions")
    yield Limit("KMS MACs", 10_000, lambda traffic: traffic.macs, "KMS: symmetric operations")
    yield Limit(
        "outbox workers (4 shards, 10 each)",
        NEW_TABLE_WRITES / WRITES_A_SHARD * WORKERS_A_SHARD,
        lambda traffic: traffic.busy["deliver_message"],
        "warm throughput of `outbox`",
    )
    table, written = max(WRITTEN.items(), key=itemgetter(1))
    yield Limit(
        f"a new table's writes: {table}, the most",
        NEW_TABLE_WRITES,
        lambda traffic: traffic.starts * written,
        "warm throughput of each table",
    )


def measure() -> list[Results]:
    """The limits in the order in which they bind."""
    campaign = Traffic(CAMPAIGN_STARTS)
    return [
        Results(
            "limits",
            "Limits, the one that binds first at the top",
            ("limit, a second", "allows", f"needed at {CAMPAIGN_STARTS}", "binds at starts/s", "raised by"),
            [
                (limit.name, limit.most, max(0.0, limit.needs(campaign)), _rate(limit.starts), limit.ask)
                for limit in sorted(limits(), key=lambda limit: limit.starts)
            ],
            note=f"An AWS call is taken as {AWS_CALL_MS} ms, a transaction as {TRANSACTION_MS} ms, a provider's answer "
            f"as {SEND_MS} ms, an Argon2id hash as {HASH_CPU_MS} ms of a vCPU.",
        )
    ]


def _rate(starts: float) -> float | str:
    return starts if isfinite(starts) else "never"
