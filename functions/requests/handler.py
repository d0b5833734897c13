"""HTTP for the requests of the person signed in, and for the verification of documents by anybody."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import EmptyRequest
from activation.api.resolver import Api, reply
from activation.catalogue import catalogue
from activation.domain.menu import kinds_switched_off
from activation.domain.requests.kinds import CLAIM
from functions.requests import service
from functions.requests.schemas import (
    CompleteRequest,
    DocumentBody,
    MessageRequest,
    OpenRequest,
    RequestsBody,
    SaveRequest,
    ShownRequestBody,
    VerificationRequest,
    VerifiedBody,
)
from functions.requests.views import document_body, request_body, requests_body, verified_body

api = Api(bootstrap.api_settings)
_REQUEST: dict[str, Any] = {"application/json": {"model": ShownRequestBody}}


@api.get("/api/requests", summary="Mes demandes")
def show_requests() -> Response[RequestsBody]:
    listed = service.show_all(_ports(), _visitor(), context=bootstrap.request_context())
    return reply(HTTPStatus.OK, requests_body(listed))


@api.post(
    "/api/requests",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.OK: {"description": "Elle était déjà là", "content": _REQUEST},
        HTTPStatus.CREATED: {"description": "Elle est ouverte", "content": _REQUEST},
    },
    summary="Commencer une demande, ou reprendre son brouillon",
)
def open_request(body: Annotated[OpenRequest, Body()]) -> Response[ShownRequestBody]:
    context = bootstrap.request_context()
    shown = service.open_request(_ports(), _visitor(), kind_id=body.kind, about=body.about, context=context)
    return _shown(shown, HTTPStatus.CREATED if shown.is_new else HTTPStatus.OK)


@api.get("/api/requests/<request_id>", summary="Une demande")
def show_request(request_id: str) -> Response[ShownRequestBody]:
    return _shown(service.show(_ports(), _visitor(), request_id, context=bootstrap.request_context()))


@api.put("/api/requests/<request_id>", summary="Enregistrer un brouillon")
def save_draft(request_id: str, body: Annotated[SaveRequest, Body()]) -> Response[ShownRequestBody]:
    context = bootstrap.request_context()
    return _shown(
        service.save(_ports(), _visitor(), request_id, version=body.version, answers=body.fields, context=context)
    )


@api.post("/api/requests/<request_id>/sending", summary="Envoyer une demande")
def send_request(request_id: str, body: Annotated[EmptyRequest, Body()]) -> Response[ShownRequestBody]:
    return _shown(service.send(_ports(), _visitor(), request_id, context=bootstrap.request_context()))


@api.post("/api/requests/<request_id>/withdrawal", summary="Retirer une demande")
def withdraw_request(request_id: str, body: Annotated[EmptyRequest, Body()]) -> Response[ShownRequestBody]:
    return _shown(service.withdraw(_ports(), _visitor(), request_id, context=bootstrap.request_context()))


@api.post("/api/requests/<request_id>/completion", summary="Compléter une demande")
def complete_request(request_id: str, body: Annotated[CompleteRequest, Body()]) -> Response[ShownRequestBody]:
    context = bootstrap.request_context()
    return _shown(service.complete(_ports(), _visitor(), request_id, answers=body.fields, context=context))


@api.post("/api/requests/<request_id>/message", summary="Écrire au CNAS sur une demande")
def write_message(request_id: str, body: Annotated[MessageRequest, Body()]) -> Response[ShownRequestBody]:
    context = bootstrap.request_context()
    return _shown(service.write_message(_ports(), _visitor(), request_id, text=body.text, context=context))


@api.get("/api/requests/<request_id>/document", summary="Le document d'une demande")
def show_document(request_id: str) -> Response[DocumentBody]:
    shown = service.show_document(_ports(), _visitor(), request_id, context=bootstrap.request_context())
    origin = bootstrap.api_settings().public_origins[0]
    return reply(HTTPStatus.OK, document_body(shown, origin=origin))


@api.post("/api/documents/verification", summary="Vérifier un document")
def verify_document(body: Annotated[VerificationRequest, Body()]) -> Response[VerifiedBody]:
    state, document = service.verify_document(
        _ports(), body.code, address=api.visit.address, context=bootstrap.request_context()
    )
    return reply(HTTPStatus.OK, verified_body(state, document))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _shown(shown: service.Shown, status: HTTPStatus = HTTPStatus.OK) -> Response[ShownRequestBody]:
    is_open, now = CLAIM not in kinds_switched_off(bootstrap.menu()), bootstrap.request_context().now
    return reply(status, request_body(shown, claims_are_open=is_open, now=now))


def _visitor() -> service.Visitor:
    return service.Visitor(api.visit.session, bootstrap.texts().terms.version)


def _ports() -> service.Ports:
    return service.Ports(
        catalogue(),
        kinds_switched_off(bootstrap.menu()),
        bootstrap.store(),
        bootstrap.requests(),
        bootstrap.sessions(),
        bootstrap.accounts(),
        bootstrap.structures(),
        bootstrap.counters(),
        bootstrap.outbox(),
        bootstrap.document_macs(),
    )
