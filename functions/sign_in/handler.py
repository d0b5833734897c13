"""HTTP for signing in and out."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import StepBody
from activation.api.resolver import Api, no_content, reply
from activation.domain.steps import step_of_flow
from functions.sign_in import service
from functions.sign_in.schemas import ResendSignInRequest, SignInRequest

api = Api(bootstrap.api_settings, shared={"/api/session": frozenset({"GET"})})


@api.post("/api/session", status_code=HTTPStatus.ACCEPTED, summary="Connexion : identifiant et mot de passe")
def sign_in(body: Annotated[SignInRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    opened = service.sign_in(
        service.Ports(bootstrap.verification_ports(), bootstrap.accounts(), bootstrap.pepper_macs()),
        identifier=body.identifier,
        password=body.password.get_secret_value(),
        reference=api.visit.flow,
        device=api.visit.device,
        address=api.visit.address,
        context=context,
    )
    cookies = [api.cookies.flow(opened.flow.flow_id, opened.token)] if opened.token else []
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(opened.flow), context.limits), cookies)


@api.post(
    "/api/session/code",
    status_code=HTTPStatus.ACCEPTED,
    summary="Connexion : renvoyer le code, ou le recevoir autrement",
)
def resend_sign_in_code(body: Annotated[ResendSignInRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    flow = service.resend(
        bootstrap.verification_ports(),
        bootstrap.accounts(),
        reference=api.flow_reference,
        channel=body.channel,
        context=context,
    )
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(flow), context.limits))


@api.delete("/api/session", status_code=HTTPStatus.NO_CONTENT, summary="Se déconnecter de cet appareil")
def sign_out() -> Response[None]:
    service.sign_out(bootstrap.sessions(), api.visit.session)
    return no_content([api.cookies.without("session"), api.cookies.without("flow")])


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)
