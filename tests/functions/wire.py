"""Between the functions and AWS: what was asked, what was done, and what is made to fail."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError

Failure = Callable[[Any, str, dict[str, Any]], BaseException | None]
"""Makes the error that an AWS client raises for that operation and its parameters; None lets the call go on."""


@dataclass
class Fault:
    """An operation that fails, for so many calls."""

    operation: str
    failure: Failure
    left: int


@dataclass
class Interruption:
    """One call that fails, the `due`-th from now; with `after`, AWS has carried it out and only its answer is lost."""

    due: int
    failure: Failure
    after: bool


class ProcessKilledError(BaseException):
    """The function's process stops here: no handler of its own runs any more."""


class Wire:
    """`done`: the operations that AWS carried out since, with their parameters. `tests`: clients that never fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tests: Collection[Any] = ()) -> None:
        self.done: list[tuple[str, dict[str, Any]]] = []
        self._faults: list[Fault] = []
        self._interruption: Interruption | None = None
        original: Callable[[BaseClient, str, dict[str, Any]], Any] = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's own name, which the stubs hide

        def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
            for fault in self._faults:
                if fault.operation == operation and fault.left > 0:
                    fault.left -= 1
                    failure = fault.failure(client, operation, parameters)
                    if failure:
                        raise failure
            lost = None if client in tests else self._interrupt(client, operation, parameters)
            answer = original(client, operation, parameters)
            self.done.append((operation, parameters))
            if lost:
                raise lost
            return answer

        monkeypatch.setattr(BaseClient, "_make_api_call", call)

    def fail(self, operation: str, failure: Failure, *, times: int = 1_000) -> None:
        self._faults.append(Fault(operation, failure, times))

    def interrupt(self, due: int, failure: Failure, *, after: bool = False) -> None:
        """Have the `due`-th call from now fail, whichever it is; with `after`, once AWS has carried it out."""
        self._interruption = Interruption(due, failure, after)

    def mend(self) -> None:
        self._faults.clear()
        self._interruption = None

    def asked(self, operation: str) -> list[dict[str, Any]]:
        return [parameters for done, parameters in self.done if done == operation]

    def _interrupt(self, client: Any, operation: str, parameters: dict[str, Any]) -> BaseException | None:
        """Fail the call that is due; or return what is to be raised once it has been carried out."""
        if self._interruption is None:
            return None
        self._interruption.due -= 1
        if self._interruption.due:
            return None
        failure, after = self._interruption.failure(client, operation, parameters), self._interruption.after
        if failure and not after:
            raise failure
        return failure


def aws_error(code: str, status: int = 400, **more: Any) -> Failure:
    def make(client: Any, operation: str, _: dict[str, Any]) -> Exception:
        said = {"Error": {"Code": code, "Message": "made to fail"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        error: Exception = client.exceptions.from_code(code)({**said, **more}, operation)
        return error

    return make


def cancelled(code: str) -> Failure:

    def make(client: Any, operation: str, parameters: dict[str, Any]) -> BaseException | None:
        others = [{"Code": "None"}] * (len(parameters["TransactItems"]) - 1)
        cancellation = aws_error("TransactionCanceledException", CancellationReasons=[{"Code": code}, *others])
        return cancellation(client, operation, parameters)

    return make


def timeout(_: Any, operation: str, __: dict[str, Any]) -> Exception:
    return ReadTimeoutError(endpoint_url=f"https://aws.example/{operation}")


def killed(_: Any, __: str, ___: dict[str, Any]) -> BaseException:
    return ProcessKilledError()
