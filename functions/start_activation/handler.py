"""HTTP for step 1, of an activation and of a password reset."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import EmptyRequest, StepBody
from activation.api.resolver import Api, reply
from activation.domain.flows import Purpose
from activation.domain.steps import step_of_flow
from functions.start_activation import service
from functions.start_activation.schemas import StartRequest

api = Api(bootstrap.api_settings)


@api.post("/api/activation", status_code=HTTPStatus.ACCEPTED, summary="Étape 1 : identifiant et nom")
def start_activation(body: Annotated[StartRequest, Body()]) -> Response[StepBody]:
    return _start(Purpose.ACTIVATION, body)


@api.post("/api/password-reset", status_code=HTTPStatus.ACCEPTED, summary="Mot de passe oublié : identifiant et nom")
def start_reset(body: Annotated[StartRequest, Body()]) -> Response[StepBody]:
    return _start(Purpose.PASSWORD_RESET, body)


@api.post("/api/activation/code", status_code=HTTPStatus.ACCEPTED, summary="Renvoyer le code d'activation")
def resend_activation_code(body: Annotated[EmptyRequest, Body()]) -> Response[StepBody]:
    return _resend(Purpose.ACTIVATION)


@api.post("/api/password-reset/code", status_code=HTTPStatus.ACCEPTED, summary="Renvoyer le code de réinitialisation")
def resend_reset_code(body: Annotated[EmptyRequest, Body()]) -> Response[StepBody]:
    return _resend(Purpose.PASSWORD_RESET)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _start(purpose: Purpose, body: StartRequest) -> Response[StepBody]:
    context = bootstrap.request_context()
    opened = service.start(
        bootstrap.verification_ports(),
        purpose=purpose,
        identifier=body.identifier,
        last_name=body.last_name,
        reference=api.visit.flow,
        address=api.visit.address,
        context=context,
    )
    cookies = [api.cookies.flow(opened.flow.flow_id, opened.token)] if opened.token else []
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(opened.flow), context.limits), cookies)


def _resend(purpose: Purpose) -> Response[StepBody]:
    context = bootstrap.request_context()
    flow = service.resend(
        bootstrap.verification_ports(), purpose=purpose, reference=api.flow_reference, context=context
    )
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(flow), context.limits))
