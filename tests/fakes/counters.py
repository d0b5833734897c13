"""The ports `Counters` and `Budgets` in memory."""

from dataclasses import dataclass, replace
from functools import partial

from activation.domain import errors, limits
from activation.domain.budgets import Budget
from activation.domain.code_limits import LONGER_CODE_DIGITS
from activation.domain.limits import Daily, Limits, OtherNames, Quota, ThrottleState, window
from tests.fakes.store import FakeStore, FakeWrite


@dataclass(frozen=True)
class Failures:
    """Wrong passwords in a row, until the window ends; when it ended before the latest."""

    number: int
    ends_at: int
    former_end: int = 0


class FakeCounters:
    """What is counted: `throttles` by key, `addresses` by window, `passwords` by scope, `names` by identifier.

    `days`: by what is counted, whose and when.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.throttles: dict[str, ThrottleState] = {}
        self.addresses: dict[str, int] = {}
        self.days: dict[str, int] = {}
        self.passwords: dict[str, Failures] = {}
        self.names: dict[str, OtherNames] = {}

    def throttle(self, throttle_key: str) -> ThrottleState:
        return self.throttles.get(throttle_key, ThrottleState())

    def count_start(self, throttle_key: str, quota: Quota, *, digits: int, now: int) -> FakeWrite:
        def refusal() -> errors.DomainError:
            return self._refusal(throttle_key, digits, now) or errors.TooManyCodesError(
                self.throttle(throttle_key).may_start_at(quota, now)
            )

        def apply() -> None:
            state = self.throttle(throttle_key)
            counted = {span.name: state.starts.get(span.name, 0) + 1 for span, _ in quota.windows(now)}
            self.throttles[throttle_key] = replace(state, starts=counted)

        def holds() -> bool:
            starts = self.throttle(throttle_key).starts
            allowed = all(starts.get(span.name, 0) < most for span, most in quota.windows(now))
            return allowed and self._refusal(throttle_key, digits, now) is None

        return FakeWrite(throttle_key, apply, holds, refusal)

    def allow_code(self, throttle_key: str, *, digits: int, now: int) -> FakeWrite:
        refusal = partial(self._refusal, throttle_key, digits, now)
        return FakeWrite(throttle_key, holds=lambda: refusal() is None, refusal=refusal)

    def require_unlocked(self, throttle_key: str, *, now: int) -> FakeWrite:
        """Nothing but a lock holds a longer code back."""
        return self.allow_code(throttle_key, digits=LONGER_CODE_DIGITS, now=now)

    def count_address(self, address: str, *, now: int) -> FakeWrite:
        """Which part of an address counts is the adapter's business."""
        return self._count_visit(address, self._limits.starts_per_ip_per_5_minutes, now)

    def count_verification(self, address: str, *, now: int) -> None:
        most = self._limits.verifications_per_ip_per_5_minutes
        FakeStore().commit(self._count_visit(f"verifier {address}", most, now))

    def _count_visit(self, address: str, most: int, now: int) -> FakeWrite:
        span = window("i", limits.ADDRESS_WINDOW_SECONDS, now)
        refusal = errors.TooManyRequestsError(span.ends_at)
        return _count(self.addresses, f"{address} {span.name}", most, refusal)

    def count_today(self, what: Daily, identifier: str, *, most: int, now: int) -> FakeWrite:
        span = window("d", limits.DAY_SECONDS, now)
        return _count(self.days, f"{what} {identifier} {span.name}", most, errors.TooManyTodayError(span.ends_at))

    def count_guess(self, throttle_key: str, *, now: int) -> int:
        state = self.throttle(throttle_key)
        if state.locked_until > now:
            raise errors.AccountLockedError(state.locked_until)
        guesses = state.wrong + 1
        locked_until = (
            now + limits.THROTTLE_LOCK_SECONDS if guesses >= self._limits.wrong_codes_per_person else state.locked_until
        )
        self.throttles[throttle_key] = replace(state, wrong=guesses, locked_until=locked_until)
        return guesses

    def forgive_guesses(self, throttle_key: str, *, now: int) -> FakeWrite:  # noqa: ARG002  # only what expires needs the time
        def apply() -> None:
            self.throttles[throttle_key] = replace(self.throttle(throttle_key), wrong=0, locked_until=0)

        return FakeWrite(throttle_key, apply)

    def lock_throttle(self, throttle_key: str, *, until: int) -> None:
        self.throttles[throttle_key] = replace(self.throttle(throttle_key), locked_until=until)

    def clear_throttle(self, throttle_key: str, seen: ThrottleState, *, now: int) -> FakeWrite:  # noqa: ARG002  # only what expires needs the time
        left = ThrottleState(wrong=min(seen.wrong, self._limits.longer_codes_after))
        lift = partial(self.throttles.__setitem__, throttle_key, left)
        return FakeWrite(throttle_key, lift, lambda: self.throttle(throttle_key) == seen)

    def password_locked_until(self, scope: str, *, now: int) -> int:
        failures = self.passwords.get(scope, Failures(0, 0))
        is_locked = failures.number >= self._limits.wrong_passwords and failures.ends_at > now
        return failures.ends_at if is_locked else 0

    def count_wrong_password(self, scope: str, *, now: int) -> int:
        """The first failure opens a window; each one prolongs it; the last one makes it the lock."""
        failures = self.passwords.get(scope)
        if failures is None or failures.ends_at <= now:
            failures = Failures(0, now)
        if failures.number >= self._limits.wrong_passwords:
            raise errors.AccountLockedError(failures.ends_at)
        ends_at = now + self._limits.password_lock_seconds
        self.passwords[scope] = Failures(failures.number + 1, ends_at, failures.ends_at)
        return self._limits.wrong_passwords - self.passwords[scope].number

    def return_wrong_password(self, scope: str) -> FakeWrite:
        def apply() -> None:
            failures = self.passwords.get(scope, Failures(0, 0))
            if failures.number:
                self.passwords[scope] = replace(failures, number=failures.number - 1, ends_at=failures.former_end)

        return FakeWrite(f"password {scope}", apply)

    def lift_password_lock(self, scope: str, *, locked_until: int = 0) -> FakeWrite:
        def apply() -> None:
            self.passwords.pop(scope, None)

        def holds() -> bool:
            return not locked_until or self.passwords.get(scope, Failures(0, 0)).ends_at == locked_until

        return FakeWrite(f"password {scope}", apply, holds)

    def count_other_name(self, identifier: str, *, now: int) -> None:
        before = self.other_names(identifier, now=now)
        self.names[identifier] = OtherNames(before.requests + 1 if before else 1, now)

    def other_names(self, identifier: str, *, now: int) -> OtherNames | None:
        counted = self.names.get(identifier)
        return counted if counted and counted.last_at + limits.DAY_SECONDS > now else None

    def _refusal(self, throttle_key: str, digits: int, now: int) -> errors.DomainError | None:
        """The refusal that stands before any quota, if one does."""
        state = self.throttle(throttle_key)
        if state.locked_until > now:
            return errors.AccountLockedError(state.locked_until)
        needs_longer = digits < LONGER_CODE_DIGITS and state.wrong >= self._limits.longer_codes_after
        return errors.LongerCodeNeededError() if needs_longer else None


def _count(counts: dict[str, int], scope: str, most: int, refusal: errors.DomainError) -> FakeWrite:
    def apply() -> None:
        counts[scope] = counts.get(scope, 0) + 1

    return FakeWrite(scope, apply, lambda: counts.get(scope, 0) < most, lambda: refusal)


class FakeBudgets:
    """What messages may cost: what is `taken`, by scope."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def take(self, budget: Budget) -> bool:
        taken = self.taken.get(budget.scope, 0)
        if taken >= budget.most:
            return False
        self.taken[budget.scope] = taken + 1
        return True

    def give_back(self, budget: Budget) -> None:
        self.taken[budget.scope] -= 1
