"""HTTP for the visitor's position and for the data of an account."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import EmptyRequest, StepBody
from activation.api.resolver import Api, no_content, reply
from activation.domain.contacts import Channel, Contact
from activation.domain.steps import step_of_flow
from functions.account import service
from functions.account.records import export_body, history_body
from functions.account.schemas import (
    ChangeEmailRequest,
    ChangeMobileRequest,
    ChangeRequest,
    ExportBody,
    HistoryBody,
    HomeBody,
    WhereBody,
)
from functions.account.views import home_body, where_body

api = Api(bootstrap.api_settings)


@api.get("/api/session", summary="Où en suis-je ?")
def where_am_i() -> Response[WhereBody]:
    context = bootstrap.request_context()
    position = service.where_am_i(_ports(), _visitor(), context=context)
    return reply(HTTPStatus.OK, where_body(position, bootstrap.texts(), context))


@api.get("/api/account", summary="L'accueil du compte")
def show_home() -> Response[HomeBody]:
    texts = bootstrap.texts()
    home = service.show_home(_ports(), _visitor(), texts=texts, context=bootstrap.request_context())
    return reply(HTTPStatus.OK, home_body(home, texts, bootstrap.menu()))


@api.post(
    "/api/account/contact/code", status_code=HTTPStatus.ACCEPTED, summary="Renvoyer le code qui prouve un contact"
)
def resend_contact_code(body: Annotated[EmptyRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    flow = service.resend_contact_code(_ports(), _visitor(), api.flow_reference, context=context)
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(flow), context.limits))


@api.put("/api/account/email", status_code=HTTPStatus.ACCEPTED, summary="Changer d'adresse email")
def change_email(body: Annotated[ChangeEmailRequest, Body()]) -> Response[StepBody]:
    return _change(Contact(Channel.EMAIL, body.email), body)


@api.put("/api/account/mobile", status_code=HTTPStatus.ACCEPTED, summary="Changer de mobile")
def change_mobile(body: Annotated[ChangeMobileRequest, Body()]) -> Response[StepBody]:
    return _change(Contact(Channel.SMS, body.mobile), body)


@api.delete("/api/account/sessions", status_code=HTTPStatus.NO_CONTENT, summary="Se déconnecter de tous les appareils")
def sign_out_everywhere() -> Response[None]:
    service.sign_out_everywhere(_ports(), _visitor(), context=bootstrap.request_context())
    return no_content([api.cookies.without("session"), api.cookies.without("flow")])


@api.get("/api/account/history", summary="Ce qui est arrivé à mon compte")
def show_history() -> Response[HistoryBody]:
    return reply(
        HTTPStatus.OK, history_body(service.show_records(_ports(), _visitor(), context=bootstrap.request_context()))
    )


@api.get("/api/account/export", summary="Tout ce qui est détenu sur moi")
def export_account() -> Response[ExportBody]:
    context = bootstrap.request_context()
    export = service.ExportPorts(bootstrap.requests(), bootstrap.uploads())
    records, filed, uploads = service.show_everything(_ports(), export, _visitor(), context=context)
    return reply(HTTPStatus.OK, export_body(records, filed, uploads, now=context.now))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _change(contact: Contact, body: ChangeRequest) -> Response[StepBody]:
    context = bootstrap.request_context()
    opened = service.change_contact(
        _ports(),
        _visitor(),
        contact=contact,
        password=body.password.get_secret_value(),
        texts=bootstrap.texts(),
        context=context,
    )
    cookies = [api.cookies.flow(opened.flow.flow_id, opened.token)] if opened.token else []
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(opened.flow), context.limits), cookies)


def _ports() -> service.Ports:
    return service.Ports(
        bootstrap.verification_ports(),
        bootstrap.accounts(),
        bootstrap.sessions(),
        bootstrap.structures(),
        bootstrap.employments(),
        bootstrap.pepper_macs(),
    )


def _visitor() -> service.Visitor:
    return service.Visitor(api.visit.session, api.visit.flow, api.visit.device)
