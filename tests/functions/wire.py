"""Between the functions and AWS: what was asked, what was done, and what is made to fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError

Failure = Callable[[Any, str, dict[str, Any]], Exception | None]
"""Makes the error that an AWS client raises for that operation and its parameters; None lets the call go on."""


@dataclass
class Fault:
    """An operation that fails, for so many calls."""

    operation: str
    failure: Failure
    left: int


class Wire:
    """`done`: the operations that AWS carried out since, with their parameters."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[tuple[str, dict[str, Any]]] = []
        self._faults: list[Fault] = []
        original: Callable[[BaseClient, str, dict[str, Any]], Any] = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's own name, which the stubs hide

        def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
            for fault in self._faults:
                if fault.operation == operation and fault.left > 0:
                    fault.left -= 1
                    failure = fault.failure(client, operation, parameters)
                    if failure:
                        raise failure
            answer = original(client, operation, parameters)
            self.done.append((operation, parameters))
            return answer

        monkeypatch.setattr(BaseClient, "_make_api_call", call)

    def fail(self, operation: str, failure: Failure, *, times: int = 1_000) -> None:
        """Have the operation's next calls fail."""
        self._faults.append(Fault(operation, failure, times))

    def mend(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """The parameters of each such call that was carried out."""
        return [parameters for done, parameters in self.done if done == operation]


def aws_error(code: str, status: int = 400, **more: Any) -> Failure:
    """AWS refuses with that code."""

    def make(client: Any, operation: str, _: dict[str, Any]) -> Exception:
        response = {
            "Error": {"Code": code, "Message": "made to fail"},
            "ResponseMetadata": {"HTTPStatusCode": status},
            **more,
        }
        error: Exception = client.exceptions.from_code(code)(response, operation)
        return error

    return make


def cancelled(code: str) -> Failure:
    """A transaction is cancelled because of its first row."""

    def make(client: Any, operation: str, parameters: dict[str, Any]) -> Exception | None:
        others = [{"Code": "None"}] * (len(parameters["TransactItems"]) - 1)
        cancellation = aws_error("TransactionCanceledException", CancellationReasons=[{"Code": code}, *others])
        return cancellation(client, operation, parameters)

    return make


def timeout(_: Any, operation: str, __: dict[str, Any]) -> Exception:
    """No answer comes."""
    return ReadTimeoutError(endpoint_url=f"https://aws.example/{operation}")
