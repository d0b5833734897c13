"""The resolver that every HTTP function shares: guards before, problems and headers after."""

import base64
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError, ResponseValidationError
from aws_lambda_powertools.shared.cookies import Cookie
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import garbage_collector
from activation.api.cookies import Cookies
from activation.api.metrics import count
from activation.api.problems import (
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    NOT_JSON,
    Problem,
    invalid_request,
    problem,
    problem_of,
    told_to_agents,
    unavailable,
)
from activation.api.requests import RequestRefusedError, Visit, agent_of, guarded, read_visit
from activation.config import ApiSettings, ConfigurationError
from activation.domain.errors import DomainError, FlowExpiredError
from activation.domain.flows import FlowReference
from activation.observability import hush_libraries, logger, name_of, where

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

BodyT = TypeVar("BodyT")


class Api(APIGatewayRestResolver):
    """A Powertools resolver whose answers all follow the contract (docs/api.md), refusals and faults too.

    `settings` is called at the first request: nothing is read at import. `shared` names the methods of a path that
    another function answers, for `Allow`. `is_signed`: the gateway lets only signed calls in, none from a page.
    `files`: the calls, by method and path, that take a file instead of JSON.
    """

    def __init__(
        self,
        settings: Callable[[], ApiSettings],
        *,
        shared: Mapping[str, frozenset[str]] | None = None,
        is_signed: bool = False,
        files: Collection[tuple[str, str]] = (),
    ) -> None:
        super().__init__(enable_validation=True, response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR)
        hush_libraries()
        self._settings = settings
        self._shared = shared or {}
        self._is_signed = is_signed
        self.files = files
        self._visit: Visit | None = None
        # Powertools would answer these in its own words; raised again, they reach `answer` like every other refusal.
        self.exception_handler(RequestValidationError)(_refuse_body)
        self.exception_handler(ResponseValidationError)(_raise_again)
        self.not_found(self._refuse_route)

    @property
    def visit(self) -> Visit:
        """The visit that is being answered. Raises RuntimeError outside a request."""
        if self._visit is None:
            raise RuntimeError("no request is being answered")
        return self._visit

    @property
    def agent(self) -> str:
        """The agent who signed the call. Raises RequestRefusedError when no agent is named."""
        return agent_of(self.current_event)

    @property
    def file(self) -> bytes:
        """The bytes of the file that the request carries, for a call that takes a file."""
        return base64.b64decode(self.current_event.body or "")

    @property
    def flow_reference(self) -> FlowReference:
        """The flow reference from the browser's cookie. Raises FlowExpiredError when there is none."""
        if self.visit.flow is None:
            raise FlowExpiredError
        return self.visit.flow

    @property
    def cookies(self) -> Cookies:
        """The maker and reader of cookies; the cookies are secure when every public origin is https."""
        return Cookies(secure=all(origin.startswith("https:") for origin in self._settings().public_origins))

    def answer(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer a gateway event. Raises only ConfigurationError: without its settings a function cannot answer."""
        settings, started = self._settings(), time.monotonic()
        self._visit = visit = read_visit(event, settings, self.cookies)
        try:
            is_file = (event.get("httpMethod"), event.get("path")) in self.files
            checked = guarded(event, settings, visit, is_signed=self._is_signed, is_file=is_file)
            answer = self.resolve(checked, context)
        except RequestRefusedError as error:
            answer = _problem_answer(error.problem, visit)
        except DomainError as error:
            refusal = problem_of(error, int(time.time()))
            answer = _problem_answer(told_to_agents(refusal) if self._is_signed else refusal, visit)
        except RecursionError:  # nested so deep that the guard can read it and Powertools cannot
            answer = _problem_answer(problem(NOT_JSON), visit)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001  # the visitor gets a problem, the log gets the place
            logger().error("call_failed", extra={"error": name_of(error), "where": where(error), **_named(visit)})
            answer = _problem_answer(unavailable(int(time.time())), visit)
        answer["body"] = answer.get("body") or ""  # the gateway takes only a string, for an empty body too
        headers = answer.setdefault("multiValueHeaders", {})
        headers.update(
            {name: [value] for name, value in HEADERS.items()} | {"X-Correlation-Id": [visit.correlation_id]}
        )
        count(event, answer)
        logger().info(
            "request_answered",
            extra={
                "method": event.get("httpMethod"),
                "path": event.get("resource"),
                "status": answer["statusCode"],
                "milliseconds": round((time.monotonic() - started) * 1000),
                **_named(visit),
            },
        )
        garbage_collector.resume()
        return answer

    def _refuse_route(self, _: Exception) -> NoReturn:
        path = self.current_event.path
        allowed = {route.method for route in self._static_routes if route.path == path}
        allowed |= {route.method for route in self._dynamic_routes if route.rule.match(path)}
        if not allowed:
            raise RequestRefusedError(problem(NOT_FOUND))
        allowed |= self._shared.get(path, frozenset())
        raise RequestRefusedError(replace(problem(METHOD_NOT_ALLOWED), allowed=tuple(sorted(allowed))))


def reply(status: HTTPStatus, body: BodyT, cookies: list[Cookie] | None = None) -> Response[BodyT]:
    """An answer with a JSON body."""
    return Response(status_code=status, content_type="application/json", body=body, cookies=cookies)


def no_content(cookies: list[Cookie]) -> Response[None]:
    """An answer without a body."""
    return Response(status_code=HTTPStatus.NO_CONTENT, cookies=cookies)


def _refuse_body(error: RequestValidationError) -> NoReturn:
    raise RequestRefusedError(invalid_request(error.errors())) from None


def _raise_again(error: Exception) -> NoReturn:
    raise error


def _named(visit: Visit) -> dict[str, str | None]:
    return {"correlation_id": visit.correlation_id, "flow_id": visit.flow.flow_id if visit.flow else None}


def _problem_answer(refusal: Problem, visit: Visit) -> dict[str, Any]:
    headers = {"Content-Type": ["application/problem+json"]}
    if refusal.retry_at is not None:
        headers["Retry-After"] = [str(max(0, refusal.retry_at - int(time.time())))]
    if refusal.allowed:
        headers["Allow"] = [", ".join(refusal.allowed)]
    return {
        "statusCode": int(refusal.status),
        "body": json.dumps(refusal.body(visit.correlation_id), ensure_ascii=False),
        "isBase64Encoded": False,
        "multiValueHeaders": headers,
    }
