"""Counters of starts, wrong codes, calls and wrong passwords, in the table `limits` (port `Counters`)."""

import hashlib
import ipaddress

from aws_lambda_powertools.metrics import MetricUnit

from activation.adapters.dynamodb import DynamoWrite, Item, Table, carry_out
from activation.adapters.tallies import TALLY_NAMES, counted_starts, tallies_of, tallies_unchanged
from activation.domain.code_limits import LONGER_CODE_DIGITS
from activation.domain.errors import (
    AccountLockedError,
    DomainError,
    LongerCodeNeededError,
    StaleError,
    TooManyCodesError,
    TooManyRequestsError,
    TooManyTodayError,
)
from activation.domain.limits import (
    ADDRESS_WINDOW_SECONDS,
    DAY_SECONDS,
    THROTTLE_KEPT_SECONDS,
    THROTTLE_LOCK_SECONDS,
    Daily,
    Limits,
    OtherNames,
    Quota,
    ThrottleState,
    window,
)
from activation.observability import metrics

NOT_LOCKED = "(attribute_not_exists(locked_until) OR locked_until <= :now)"
SHORT_CODES_ALLOWED = "(attribute_not_exists(wrong) OR wrong < :longer_after)"


class DynamoCounters:
    def __init__(self, table: Table, limits: Limits) -> None:
        self._table = table
        self._limits = limits

    # Throttle keys

    def throttle(self, throttle_key: str) -> ThrottleState:
        return throttle_state_of(self._table.get(scope=throttle_scope(throttle_key)) or {})

    def count_start(self, throttle_key: str, quota: Quota, *, digits: int, now: int) -> DynamoWrite:
        """A second write is needed only when the throttle key already had a start in the same day.

        The row counts one window of each length, so it stays small however many starts there are. One update cannot
        choose between one more start in a window and the first start of a new one. The first write takes both windows
        for new, as they nearly always are; when it is refused, the row shows which of them goes on.
        """
        return self._count_start(throttle_key, quota, {}, digits=digits, now=now)

    def _count_start(self, throttle_key: str, quota: Quota, seen: Item, *, digits: int, now: int) -> DynamoWrite:
        """The write that fits the row as it was `seen`; if it is refused, the write that fits the row as it is now."""

        def refuse(old: Item) -> DomainError | DynamoWrite:
            refusal, tallies = self._refusal(old, digits, now), tallies_of(old, quota, now)
            if refusal or any(tally.is_full for tally in tallies):
                return refusal or TooManyCodesError(throttle_state_of(old).may_start_at(quota, now))
            return self._count_start(throttle_key, quota, old, digits=digits, now=now)

        allowed, values = self._may_send(digits, now)
        tallies = tallies_of(seen, quota, now)
        return self._table.update_write(
            {"scope": throttle_scope(throttle_key)},
            ", ".join(["SET expires_at = :kept", *(tally.update for tally in tallies)]),
            condition=" AND ".join([allowed, *(tally.condition for tally in tallies)]),
            refuse=refuse,
            one=1,
            kept=now + THROTTLE_KEPT_SECONDS,
            **values,
            **{name: value for tally in tallies for name, value in tally.values.items()},
        )

    def allow_code(self, throttle_key: str, *, digits: int, now: int) -> DynamoWrite:
        condition, values = self._may_send(digits, now)
        return self._table.check(
            {"scope": throttle_scope(throttle_key)},
            condition=condition,
            refuse=lambda old: self._refusal(old, digits, now) or StaleError(),
            **values,
        )

    def require_unlocked(self, throttle_key: str, *, now: int) -> DynamoWrite:
        """Makes the check of a code with 8 digits, which only a lock refuses."""
        return self.allow_code(throttle_key, digits=LONGER_CODE_DIGITS, now=now)

    def count_guess(self, throttle_key: str, *, now: int) -> int:
        """A second call to DynamoDB is made only for the guess that locks the throttle key."""
        key, counted = (
            {"scope": throttle_scope(throttle_key)},
            {"kept": now + THROTTLE_KEPT_SECONDS, "one": 1, "now": now},
        )
        last = self._limits.wrong_codes_per_person - 1
        not_the_last = "wrong < :last" + (" OR attribute_not_exists(wrong)" if last else "")
        item, is_counted = self._table.update(
            key,
            "SET expires_at = :kept ADD wrong :one",
            condition=f"{NOT_LOCKED} AND ({not_the_last})",
            last=last,
            **counted,
        )
        if not is_counted and throttle_state_of(item or {}).locked_until <= now:
            item, is_counted = self._table.update(
                key,
                "SET expires_at = :kept, locked_until = :until ADD wrong :one",
                condition=NOT_LOCKED,
                until=now + THROTTLE_LOCK_SECONDS,
                **counted,
            )
            if is_counted:
                metrics().add_metric("ThrottleKeysLocked", MetricUnit.Count, 1)
                metrics().flush_metrics()  # now: if the call breaks off later, no other call counts this lock
        state = throttle_state_of(item or {})
        if not is_counted:
            raise AccountLockedError(state.locked_until)
        return state.wrong

    def forgive_guesses(self, throttle_key: str, *, now: int) -> DynamoWrite:
        return self._table.update_write(
            {"scope": throttle_scope(throttle_key)},
            "SET expires_at = :kept REMOVE wrong, locked_until",
            kept=now + THROTTLE_KEPT_SECONDS,
        )

    def clear_throttle(self, throttle_key: str, seen: ThrottleState, *, now: int) -> DynamoWrite:
        gone = ("locked_until", *TALLY_NAMES)
        unchanged, values = tallies_unchanged(seen.starts)
        numbers = {"wrong": seen.wrong, "locked_until": seen.locked_until}
        as_seen = (
            f"{name} = :{name}" if number else f"(attribute_not_exists({name}) OR {name} = :{name})"
            for name, number in numbers.items()
        )
        return self._table.update_write(
            {"scope": throttle_scope(throttle_key)},
            f"SET wrong = :left, expires_at = :kept REMOVE {', '.join(gone)}",
            condition=" AND ".join([*as_seen, unchanged]),
            refuse=lambda _: StaleError(),
            left=min(seen.wrong, self._limits.longer_codes_after),
            kept=now + THROTTLE_KEPT_SECONDS,
            **numbers,
            **values,
        )

    def _may_send(self, digits: int, now: int) -> tuple[str, dict[str, int]]:
        if digits == LONGER_CODE_DIGITS:
            return NOT_LOCKED, {"now": now}
        return f"{NOT_LOCKED} AND {SHORT_CODES_ALLOWED}", {"now": now, "longer_after": self._limits.longer_codes_after}

    def _refusal(self, old: Item, digits: int, now: int) -> DomainError | None:
        """The refusal for a lock or for too short a code, which come before any quota; None when there is none."""
        state = throttle_state_of(old)
        if state.locked_until > now:
            return AccountLockedError(state.locked_until)
        too_short = digits < LONGER_CODE_DIGITS and state.wrong >= self._limits.longer_codes_after
        return LongerCodeNeededError() if too_short else None

    # Addresses

    def count_address(self, address: str, *, now: int) -> DynamoWrite:
        """An IPv6 address counts as its /64; the table has only a hash of the address."""
        return self._count_visit("address", address, self._limits.starts_per_ip_per_5_minutes, now)

    def count_verification(self, address: str, *, now: int) -> None:
        counted = self._count_visit("verifier", address, self._limits.verifications_per_ip_per_5_minutes, now)
        carry_out(self._table.client, counted)

    def _count_visit(self, what: str, address: str, most: int, now: int) -> DynamoWrite:
        span = window("i", ADDRESS_WINDOW_SECONDS, now)
        return self._table.update_write(
            {"scope": f"{what}#{_hidden(_network(address))}#{span.name}"},
            "SET expires_at = :ends ADD calls :one",
            condition="attribute_not_exists(calls) OR calls < :most",
            refuse=lambda _: TooManyRequestsError(span.ends_at),
            ends=span.ends_at,
            one=1,
            most=most,
        )

    def count_today(self, what: Daily, identifier: str, *, most: int, now: int) -> DynamoWrite:
        span = window("d", DAY_SECONDS, now)
        return self._table.update_write(
            {"scope": f"{what}#{_hidden(identifier)}#{span.name}"},
            "SET expires_at = :ends ADD calls :one",
            condition="attribute_not_exists(calls) OR calls < :most",
            refuse=lambda _: TooManyTodayError(span.ends_at),
            ends=span.ends_at,
            one=1,
            most=most,
        )

    # Passwords

    def count_wrong_password(self, scope: str, *, now: int) -> int:
        """The first wrong password opens a window, each further one prolongs it, the last one turns it into the lock.

        Each stores the former end of the window (`former_end`). A right password is counted beforehand as if it were
        wrong; `return_wrong_password` then puts the former end back, so that the right password prolongs nothing.
        """
        key, most = {"scope": f"password#{scope}"}, self._limits.wrong_passwords
        ends = now + self._limits.password_lock_seconds
        while True:
            item, counted = self._table.update(
                key,
                "SET failures = :one, former_end = :now, expires_at = :ends",
                condition="attribute_not_exists(failures) OR expires_at <= :now",
                one=1,
                ends=ends,
                now=now,
            )
            if not counted and item and item["failures"] < most:
                item, counted = self._table.update(
                    key,
                    "SET failures = failures + :one, former_end = expires_at, expires_at = :ends",
                    condition="failures < :most AND expires_at > :now",
                    one=1,
                    ends=ends,
                    most=most,
                    now=now,
                )
            if counted and item:
                return int(most - item["failures"])
            if item and item["failures"] >= most and item["expires_at"] > now:
                raise AccountLockedError(item["expires_at"])

    def password_locked_until(self, scope: str, *, now: int) -> int:
        item = self._table.get(scope=f"password#{scope}") or {}
        is_locked = item.get("failures", 0) >= self._limits.wrong_passwords and item["expires_at"] > now
        return int(item["expires_at"]) if is_locked else 0

    def return_wrong_password(self, scope: str) -> DynamoWrite:
        """With two tries at once, the end that the other try set may be put back: the two ends are moments apart.

        A failure that was forgotten meanwhile takes nothing back.
        """
        key = {"scope": f"password#{scope}"}
        return self._table.update_write(
            key,
            "SET failures = failures - :one, expires_at = if_not_exists(former_end, :zero)",
            condition="failures > :zero",
            refuse=lambda _: self._table.update_write(key, "SET expires_at = if_not_exists(expires_at, :zero)", zero=0),
            one=1,
            zero=0,
        )

    def lift_password_lock(self, scope: str, *, locked_until: int = 0) -> DynamoWrite:
        """Without `locked_until`, a right password that was counted before takes nothing from the count any more."""
        key, forget = {"scope": f"password#{scope}"}, "SET expires_at = :zero REMOVE failures, former_end"
        if locked_until:
            return self._table.update_write(key, forget, condition="expires_at = :until", zero=0, until=locked_until)
        return self._table.update_write(key, forget, zero=0)

    # Names

    def count_other_name(self, identifier: str, *, now: int) -> None:
        """Only the first count after a day without any makes a second call. The table has a hash of what was typed."""
        key, kept = {"scope": _other_name_scope(identifier)}, now + DAY_SECONDS
        _, counted = self._table.update(
            key,
            "SET last_at = :now, expires_at = :kept ADD requests :one",
            condition="attribute_not_exists(expires_at) OR expires_at > :now",
            now=now,
            kept=kept,
            one=1,
        )
        if not counted:
            self._table.update(
                key, "SET last_at = :now, expires_at = :kept, requests = :one", now=now, kept=kept, one=1
            )

    def other_names(self, identifier: str, *, now: int) -> OtherNames | None:
        item = self._table.get(scope=_other_name_scope(identifier))
        return OtherNames(item["requests"], item["last_at"]) if item and item["expires_at"] > now else None


def _other_name_scope(identifier: str) -> str:
    return f"other-name#{_hidden(identifier)}"


def throttle_scope(throttle_key: str) -> str:
    """The key of a throttle key's row."""
    return f"throttle#{throttle_key}"


def throttle_state_of(item: Item) -> ThrottleState:
    """The throttle state that a row of the table counts."""
    return ThrottleState(item.get("wrong", 0), item.get("locked_until", 0), counted_starts(item))


def _network(address: str) -> str:
    """The network under which an address is counted: an IPv4 address whole, an IPv6 address as its /64."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def _hidden(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
