"""HTTP for where a visitor is and what an account shows."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import EmptyRequest, StepBody
from activation.api.resolver import Api, reply
from activation.domain.steps import step_of_flow
from functions.account import service
from functions.account.schemas import HomeBody, WhereBody
from functions.account.views import home_body, where_body

api = Api(bootstrap.api_settings)


@api.get("/api/session", summary="Où en suis-je ?")
def where_am_i() -> Response[WhereBody]:
    clock = bootstrap.clock()
    position = service.where_am_i(_ports(), _visitor(), clock=clock)
    return reply(HTTPStatus.OK, where_body(position, bootstrap.texts(), clock))


@api.get("/api/account", summary="L'accueil du compte")
def show_home() -> Response[HomeBody]:
    texts = bootstrap.texts()
    home = service.show_home(_ports(), _visitor(), texts=texts, clock=bootstrap.clock())
    return reply(HTTPStatus.OK, home_body(home, texts))


@api.post(
    "/api/account/contact/code", status_code=HTTPStatus.ACCEPTED, summary="Renvoyer le code qui prouve un contact"
)
def resend_contact_code(body: Annotated[EmptyRequest, Body()]) -> Response[StepBody]:
    clock = bootstrap.clock()
    flow = service.resend_contact_code(_ports(), _visitor(), api.held_flow, clock=clock)
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(flow), clock.limits))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _ports() -> service.Ports:
    return service.Ports(bootstrap.proof_ports(), bootstrap.accounts(), bootstrap.sessions(), bootstrap.structures())


def _visitor() -> service.Visitor:
    return service.Visitor(api.visit.session, api.visit.flow)
