"""`make campaign`: works out the needs of a stage for a campaign, and writes them where `make deploy` reads them.

The needs follow from how many people come and when; nothing here is measured. What its limits mean for an attacker is
printed beside them, and a plan that misses a goal is refused.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from infra.functions import FUNCTIONS
from infra.stages import CAMPAIGNS, ORDINARY, REGION, Stage
from infra.traffic import (
    CALLS,
    DOLLARS_OF_A_MILLION,
    MAIL_DOLLARS,
    MESSAGES_A_PERSON,
    SMS_DOLLARS,
    SMS_SHARE,
    WRITTEN,
    Traffic,
    memory,
)

PEAK_HOUR = PEAK_MINUTE = 3
"""The busiest hour has three times the people of a mean one, and its busiest minute three times its mean."""
AT_ONE_ADDRESS = 0.05
"""The share of the people who come at once that a hospital may send out under one address."""
MARGIN = 1.5
"""The factor on needs: codes that are asked for twice, people who come on another day than they should."""
FOR_ANYONE = 0.8
"""The share of an hour's SMS for everything; the rest is kept for signing in (`activation/domain/budgets.py`)."""
NEW_TABLE_WRITES, WRITES_A_SHARD, WORKERS_A_SHARD = 4_000, 1_000, 10
"""The writes a second of a new table, those of one shard, and the copies in which Lambda reads a shard's stream."""
UNRESERVED_COPIES = 100
"""The copies that an account keeps for functions that reserve none."""
KEPT_READY_DOLLARS = 0.012
"""The price of 1 GB kept ready for an hour."""

POPULATION, MOST_A_DAY = 800_000, 0.5
"""Whom an attacker may guess at, and how many takeovers a day we accept (docs/threat-model.md, « The arithmetic »)."""
SHORT_GUESS, LONG_GUESS = 2e-6, 1e-8
"""The chance that a guess is right: two codes of six digits are valid at once, or one of eight."""
RIGHT_CODES_FOR_A_WRONG = 5
TEN_MINUTES_A_DAY = 144
NAMES = 2


@dataclass(frozen=True, slots=True)
class Campaign:
    """So many people in so many days, within so many hours of each; `without_mail` is the share that has a mobile only.

    Raises ValueError for numbers that no campaign can have.
    """

    people: int
    days: int
    without_mail: float = SMS_SHARE
    hours: int = 10

    def __post_init__(self) -> None:
        possible = 0 < self.people <= POPULATION and self.days > 0 and 1 <= self.hours <= 24  # noqa: PLR2004  # a day
        if not possible or not 0 <= self.without_mail <= 1:
            raise ValueError(f"people up to {POPULATION:,}, days from 1, hours from 1 to 24, a share from 0 to 1")

    @property
    def people_a_day(self) -> int:
        """The people of one day: all days are alike."""
        return ceil(self.people / self.days)

    @property
    def busiest_hour(self) -> float:
        """The people who come in the busiest hour."""
        return min(self.people_a_day, self.people_a_day / self.hours * PEAK_HOUR)

    @property
    def traffic(self) -> Traffic:
        """The traffic of the busiest minute."""
        return Traffic(self.busiest_hour / 3_600 * PEAK_MINUTE, self.without_mail)

    @property
    def messages_in_the_busiest_hour(self) -> tuple[int, int]:
        """The mails and the SMS of the busiest hour."""
        sms = self.busiest_hour * MESSAGES_A_PERSON * self.without_mail
        return ceil(self.busiest_hour * MESSAGES_A_PERSON - sms), ceil(sms)


@dataclass(frozen=True, slots=True)
class Need:
    """A quota that AWS must have granted. `asked`: the name in `Asked` of the granted value, empty if none tells it."""

    name: str
    needed: int
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that a campaign makes to a stage, by the names of `Stage`; never less than the stage has anyway."""

    campaign: Campaign
    stage: Mapping[str, Any]
    copies: Mapping[str, int]

    @property
    def limits(self) -> Mapping[str, int]:
        """The limits that change, by setting name."""
        changed: Mapping[str, int] = self.stage["limits"]
        return changed

    @property
    def needs(self) -> tuple[Need, ...]:
        """The quotas to ask AWS for, where they are not granted."""
        traffic, day = self.campaign.traffic, self.campaign.people_a_day * MESSAGES_A_PERSON
        mails = day * (1 - self.campaign.without_mail)
        return (
            Need("SES: mails a second", ceil(traffic.mails), "ses rate"),
            Need("SES: mails in 24 hours", _round_up(mails * MARGIN), "ses day"),
            Need("SNS: SMS a second", ceil(traffic.sms)),
            Need("SMS: dollars a month", self.stage["sms_dollars_per_month"], "sms dollars"),
            Need("Lambda: copies at once", self._copies_at_once, "lambda copies"),
            Need("API Gateway: calls a second", ceil(traffic.api_calls * MARGIN), "api calls"),
            Need("KMS: MACs a second", ceil(traffic.macs * MARGIN)),
        )

    @property
    def _copies_at_once(self) -> int:
        """The account's copies at once: those that functions reserve, and for the others their need, 100 at least.

        Lambda lets nobody reserve the last 100 (API Reference, PutFunctionConcurrency); copies that are kept ready of a
        function that reserves none are taken from them.
        """
        reserved = {spec.name: spec.reserved_concurrency for spec in FUNCTIONS if spec.reserved_concurrency}
        shared = sum(copies for name, copies in self.copies.items() if name not in reserved)
        busy = sum(copies for name, copies in self.campaign.traffic.busy.items() if name not in reserved)
        return sum(reserved.values()) + max(UNRESERVED_COPIES + shared, _round_up(busy * MARGIN))

    @property
    def dollars(self) -> Mapping[str, float]:
        """The cost in dollars of each part of the campaign."""
        people, sms_share = self.campaign.people, self.campaign.without_mail
        gigabytes = sum(copies * memory(name) / 1_024 for name, copies in self.copies.items())
        return {
            "SMS": people * MESSAGES_A_PERSON * sms_share * SMS_DOLLARS,
            "mails": people * MESSAGES_A_PERSON * (1 - sms_share) * MAIL_DOLLARS,
            "the service and its pages": people / 1e6 * DOLLARS_OF_A_MILLION,
            "copies kept ready": gigabytes * 24 * self.campaign.days * KEPT_READY_DOLLARS,
        }

    def takeovers_below(self, wrong_codes: int) -> float:
        """Takeovers a day by somebody who guesses at everybody just below the breaker, which trips at `wrong_codes`."""
        right = self.campaign.people_a_day // TEN_MINUTES_A_DAY // RIGHT_CODES_FOR_A_WRONG
        return (wrong_codes - 1 + right) * TEN_MINUTES_A_DAY * SHORT_GUESS


def plan(campaign: Campaign, stage: Stage) -> Plan:
    """The plan for the campaign; `stage` is as it is without a campaign."""
    traffic, now = campaign.traffic, stage.limits_in_force
    _, sms = campaign.messages_in_the_busiest_hour
    month = campaign.people * min(1, 30 / campaign.days) * MESSAGES_A_PERSON * campaign.without_mail * SMS_DOLLARS
    copies = {name: ceil(traffic.busy[name]) for name in CALLS}
    shards = ceil(traffic.busy["deliver_message"] / WORKERS_A_SHARD)
    writes = {name: _round_up(traffic.starts * units * MARGIN) for name, units in WRITTEN.items()}
    writes["outbox"] = max(writes["outbox"], shards * WRITES_A_SHARD)
    return Plan(
        campaign,
        {
            "limits": {
                "SMS_PER_HOUR": max(now["SMS_PER_HOUR"], _round_up(sms / FOR_ANYONE * MARGIN)),
                "STARTS_PER_IP_PER_5_MINUTES": max(
                    now["STARTS_PER_IP_PER_5_MINUTES"], _round_up(traffic.starts * 300 * AT_ONE_ADDRESS)
                ),
            },
            "requests_per_second": max(stage.requests_per_second, _round_up(traffic.api_calls * MARGIN)),
            "sms_dollars_per_month": max(stage.sms_dollars_per_month, _round_up(month * MARGIN)),
            "kept_ready": {} if stage.snap_start else copies,
            "rollout": "ALL_AT_ONCE",
            "warm_writes": {
                **stage.warm_writes,
                **{
                    name: max(most, stage.warm_writes.get(name, 0))
                    for name, most in writes.items()
                    if most > NEW_TABLE_WRITES
                },
            },
        },
        {} if stage.snap_start else copies,
    )


def described(made: Plan, stage: Stage) -> list[str]:
    """The plan in lines: traffic, changes, the quotas that AWS must grant, cost, and the gain of an attacker."""
    campaign, traffic = made.campaign, made.campaign.traffic
    mails, sms = campaign.messages_in_the_busiest_hour
    changes = {
        **{name: (stage.limits_in_force[name], value) for name, value in made.limits.items()},
        **{name: (getattr(stage, name), made.stage[name]) for name in ("requests_per_second", "sms_dollars_per_month")},
    }
    return [
        *_part("Comes, at most", ("", "")),
        _row("people a day", f"{campaign.people_a_day:,}"),
        _row("people in the busiest hour", f"{ceil(campaign.busiest_hour):,}"),
        _row("starts a second in its busiest minute", f"{traffic.starts:.1f}"),
        _row("mails in the busiest hour", f"{mails:,}"),
        _row("SMS in the busiest hour", f"{sms:,}"),
        *_part("Changes", ("without", "with")),
        *(_row(name, *(f"{value:,}" for value in values)) for name, values in changes.items()),
        *(_row(f"kept ready: {name}", "0", f"{copies}") for name, copies in made.copies.items()),
        *(_row(f"warm writes: {name}", "", f"{writes:,}") for name, writes in made.stage["warm_writes"].items()),
        *_part("AWS must grant", ("", "")),
        *(_row(need.name, f"{need.needed:,}") for need in made.needs),
        *_part("Costs, in dollars", ("", "")),
        *(_row(name, f"{dollars:,.0f}") for name, dollars in made.dollars.items()),
        _row("in all", f"{sum(made.dollars.values()):,.0f}"),
        *_part("An attacker gains, takeovers a day", ("", "at most")),
        *(_row(name, f"{expected:.3f}", f"{MOST_A_DAY}") for name, expected in takeovers(made, stage).items()),
        _row("SMS sent in vain, in dollars", f"{_pumped(made):,.0f}", f"{made.stage['sms_dollars_per_month']:,}"),
    ]


def _pumped(made: Plan) -> float:
    """The cost in dollars of a day of unwanted SMS; the month's limit ends it."""
    return made.limits["SMS_PER_HOUR"] * FOR_ANYONE * 24 * SMS_DOLLARS


def takeovers(made: Plan, stage: Stage) -> Mapping[str, float]:
    """The takeovers by guessing at everybody on a day of the campaign; `bench/attack.py` finds the same by attacking.

    Addresses are not in it: an attacker is taken to have any number of them.
    """
    limits = replace(stage, limits={**stage.limits, **made.limits}).limits_in_force
    guesses = limits["STARTS_PER_PERSON_PER_DAY"] * limits["WRONG_CODES_PER_FLOW"]
    return {
        "just below the breaker": made.takeovers_below(limits["WRONG_CODES_PER_10_MINUTES"]),
        "through the breaker, on the worst day": POPULATION * NAMES * guesses * LONG_GUESS,
    }


Asked = Mapping[str, float | str]
"""The quotas that AWS has granted, by `Need.asked`; the name of the error where it did not answer."""


def granted(client: Callable[[str], Any]) -> Asked:
    """Ask AWS for the granted quotas; `client` makes a client of a service."""

    def quota(service: str, code: str) -> float:
        return float(client("service-quotas").get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])

    def sending(name: str) -> float:
        most = float(client("sesv2").get_account()["SendQuota"][name])
        return float("inf") if most < 0 else most  # -1: no limit

    def spend() -> float:
        limits = client("pinpoint-sms-voice-v2").describe_spend_limits()["SpendLimits"]
        return next(float(each["MaxLimit"]) for each in limits if each["Name"] == "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT")

    questions: Mapping[str, Callable[[], float]] = {
        "ses rate": lambda: sending("MaxSendRate"),
        "ses day": lambda: sending("Max24HourSend"),
        "sms dollars": spend,
        "lambda copies": lambda: quota("lambda", "L-B99A9384"),
        "api calls": lambda: quota("apigateway", "L-8A5B8E43"),
    }
    return {name: _answer(ask) for name, ask in questions.items()}


def refused(made: Plan, stage: Stage, asked: Asked) -> list[str]:
    """The reasons why the plan can't be carried out, in sentences; empty if it can, as far as AWS answered."""
    known = [(need, asked.get(need.asked)) for need in made.needs]
    return [
        *(
            f"{need.name}: {needed:,} needed, {most:,.0f} granted: ask AWS for it (docs/deploy.md, step 4)."
            for need, most in known
            if isinstance(most, float) and most < (needed := need.needed)
        ),
        *(
            f"An attacker would gain {expected:.2f} takeovers a day {name}; {MOST_A_DAY} is what we accept."
            for name, expected in takeovers(made, stage).items()
            if expected > MOST_A_DAY
        ),
    ]


def main() -> None:
    """Print the plan and write it, or end the campaign. Exits with a sentence when the plan is refused."""
    parser = ArgumentParser("make campaign", description=__doc__)
    parser.add_argument("stage", choices=[name for name, stage in ORDINARY.items() if stage.has_edge])
    parser.add_argument("--people", type=int)
    parser.add_argument("--days", type=int)
    parser.add_argument("--without-mail", type=float, default=SMS_SHARE)
    parser.add_argument("--hours", type=int, default=10)
    parser.add_argument("--end", action="store_true", help="the stage is as it was, from the next deployment on")
    said = parser.parse_args()
    file, stage = CAMPAIGNS / f"{said.stage}.json", ORDINARY[said.stage]
    if said.end:
        file.unlink(missing_ok=True)
        print(f"{said.stage} has no campaign. `make deploy STAGE={said.stage}` puts its own limits back.")
        return
    if said.people is None or said.days is None:
        parser.error("PEOPLE and DAYS are needed, or END=1")
    try:
        made = plan(Campaign(said.people, said.days, said.without_mail, said.hours), stage)
    except ValueError as error:
        sys.exit(f"error: {error}")
    print("\n".join(described(made, stage)))
    carry_out(made, stage, file, ask_aws())


def ask_aws() -> Asked:
    """The quotas that AWS granted to the environment's credentials; empty without any."""
    session = Session()
    try:
        has_credentials = session.get_credentials() is not None
    except BotoCoreError:
        has_credentials = False
    return granted(lambda service: session.create_client(service, region_name=REGION)) if has_credentials else {}


def carry_out(made: Plan, stage: Stage, file: Path, asked: Asked) -> None:
    """Write the plan, and print the quotas that AWS did not tell. Exits with the reasons when the plan is refused."""
    if silent := [need.name for need in made.needs if not isinstance(asked.get(need.asked), float)]:
        why = "" if asked else " (no credentials)"
        print(f"\nNot asked of AWS{why}, to be looked up in its console: {', '.join(silent)}.")
    if sentences := refused(made, stage, asked):
        sys.exit("\n".join(["\nRefused, nothing is written:", *sentences]))
    file.parent.mkdir(exist_ok=True)
    written = {"campaign": asdict(made.campaign), "stage": made.stage}
    file.write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    print(f"\nWritten: {file.name}. `make deploy STAGE={stage.name}` puts it in force; afterwards:")
    print(f"  make campaign STAGE={stage.name} END=1 && make deploy STAGE={stage.name}")


def _answer(ask: Callable[[], float]) -> float | str:
    try:
        return ask()
    except (BotoCoreError, ClientError, StopIteration) as error:
        return type(error).__name__


def _round_up(value: float) -> int:
    """The value rounded up to two digits: a plan is no more exact."""
    step = 10 ** max(0, floor(log10(value)) - 1) if value > 0 else 1
    return ceil(value / step) * step


def _part(title: str, heads: Iterable[str]) -> list[str]:
    return ["", _row(title, *heads), ""] if any(heads) else ["", title, ""]


def _row(name: str, *values: str) -> str:
    return f"{name:42}{''.join(value.rjust(10) for value in values)}".rstrip()


if __name__ == "__main__":
    main()
