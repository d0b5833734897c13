"""HTTP for the help desk. The gateway lets only signed calls in; the agent is the one who signed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import EmptyRequest
from activation.api.resolver import Api, reply
from activation.catalogue import catalogue
from activation.domain.requests import acts as request_acts
from activation.domain.requests.acts import Actor, Done
from activation.domain.requests.kinds import Kind
from activation.domain.requests.request import Asked, Request
from activation.domain.verification import RequestContext
from functions.support import acts, arrivals, invitations, requests, service
from functions.support.request_schemas import (
    AcceptRequest,
    AskRequest,
    CaseBody,
    CaseRequest,
    QueueBody,
    WordsRequest,
)
from functions.support.request_views import case_body, queue_body
from functions.support.schemas import (
    ArrivalsBody,
    ArrivalsRequest,
    ContactCheckBody,
    ContactRequest,
    FileBody,
    FoundBody,
    InvitationRequest,
    InvitationsBody,
    InvitationsRequest,
    NameRequest,
    PersonRequest,
    ReasonedRequest,
    SearchRequest,
    StructureFileBody,
    StructureRequest,
    UnlinkingRequest,
    WithoutBody,
    WithoutRequest,
)
from functions.support.views import arrivals_body, file_body, found_body, invitations_body, structure_body, without_body

api = Api(bootstrap.api_settings, is_signed=True)


@api.post("/support/search", summary="Chercher une personne par structure et nom")
def search(body: Annotated[SearchRequest, Body()]) -> Response[FoundBody]:
    found = service.search(
        _ports(),
        _call(body),
        structure=body.structure_id,
        last_name=body.last_name,
        context=bootstrap.request_context(),
    )
    return reply(HTTPStatus.OK, found_body(found))


@api.post("/support/person", summary="Consulter un dossier")
def look(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    context = bootstrap.request_context()
    file = service.look(_ports(), _call(body), identifier=body.identifier, texts=bootstrap.texts(), context=context)
    return reply(HTTPStatus.OK, file_body(file, now=context.now))


@api.post("/support/contact/check", summary="Comparer un contact à ceux du dossier")
def check_contact(body: Annotated[ContactRequest, Body()]) -> Response[ContactCheckBody]:
    matches = service.check_contact(
        _ports(), _call(body), identifier=body.identifier, contact=body.contact, context=bootstrap.request_context()
    )
    return reply(HTTPStatus.OK, ContactCheckBody(matches=matches))


@api.post("/support/contact", summary="Corriger un contact avant l'activation")
def correct_contact(body: Annotated[ContactRequest, Body()]) -> Response[FileBody]:
    def correct(ports: service.Ports, call: service.Call, *, identifier: str, context: RequestContext) -> None:
        acts.correct(ports, call, identifier=identifier, contact=body.contact, context=context)

    return _act(correct, body)


@api.post("/support/contact/confirmation", summary="Confirmer le contact corrigé par un autre agent")
def confirm_contact(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.confirm_correction, body)


@api.post("/support/name", summary="Demander la correction du nom de naissance avant l'activation")
def ask_name(body: Annotated[NameRequest, Body()]) -> Response[FileBody]:
    def ask(ports: service.Ports, call: service.Call, *, identifier: str, context: RequestContext) -> None:
        acts.ask_for_name(ports, call, identifier=identifier, last_name=body.last_name, context=context)

    return _act(ask, body)


@api.post("/support/name/confirmation", summary="Confirmer le nom demandé par un autre agent")
def confirm_name(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.correct_name, body)


@api.post("/support/code", summary="Renvoyer le code que la personne attend")
def send_again(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.send_again, body)


@api.post("/support/counters", summary="Remettre à zéro les codes demandés et refusés")
def clear_counters(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.clear_counters, body)


@api.post("/support/lock", summary="Lever le blocage des mots de passe incorrects")
def unlock(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.unlock, body)


@api.post("/support/address", summary="Remettre en service une adresse qui refusait les messages")
def lift_mark(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.lift_mark, body)


@api.post("/support/closing", summary="Demander la fermeture et l'effacement")
def ask_closing(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.ask_to_close, body)


@api.post("/support/closing/confirmation", summary="Confirmer la fermeture demandée par un autre agent")
def confirm_closing(body: Annotated[PersonRequest, Body()]) -> Response[FileBody]:
    return _act(acts.close, body)


@api.post("/support/structure", summary="Voir qui répond d'une structure")
def look_at_structure(body: Annotated[StructureRequest, Body()]) -> Response[StructureFileBody]:
    file = invitations.look(_ports(), _call(body), structure_id=body.structure_id, context=bootstrap.request_context())
    return reply(HTTPStatus.OK, structure_body(file))


@api.post("/support/structure/without", summary="Lister les structures dont personne ne répond")
def list_without(body: Annotated[WithoutRequest, Body()]) -> Response[WithoutBody]:
    return reply(HTTPStatus.OK, without_body(invitations.without(_ports(), after=body.after)))


@api.post("/support/invitation", summary="Inviter le correspondant d'une structure")
def invite(body: Annotated[InvitationRequest, Body()]) -> Response[StructureFileBody]:
    said = invitations.Said(body.last_name or "", body.first_name or "", body.email or "")
    context = bootstrap.request_context()
    outcome = invitations.invite(
        _ports(), bootstrap.mail_macs(), _call(body), structure_id=body.structure_id, said=said, context=context
    )
    return _structure(body.structure_id, outcome, context)


@api.post("/support/invitation/confirmation", summary="Envoyer l'invitation demandée par un autre agent")
def confirm_invitation(body: Annotated[StructureRequest, Body()]) -> Response[StructureFileBody]:
    context = bootstrap.request_context()
    outcome = invitations.confirm(
        _ports(), bootstrap.mail_macs(), _call(body), structure_id=body.structure_id, context=context
    )
    return _structure(body.structure_id, outcome, context)


@api.post("/support/invitations", summary="Inviter les correspondants d'un import")
def invite_many(body: Annotated[InvitationsRequest, Body()]) -> Response[InvitationsBody]:
    done = invitations.invite_many(
        _ports(),
        bootstrap.mail_macs(),
        _call(body),
        import_id=body.import_id,
        after=body.after,
        context=bootstrap.request_context(),
    )
    return reply(HTTPStatus.OK, invitations_body(done))


@api.post("/support/unlinking", summary="Retirer une structure à un correspondant")
def unlink(body: Annotated[UnlinkingRequest, Body()]) -> Response[StructureFileBody]:
    context = bootstrap.request_context()
    invitations.unlink(
        _ports(), _call(body), identifier=body.identifier, structure_id=body.structure_id, context=context
    )
    return _structure(body.structure_id, None, context)


@api.post("/support/arrivals", summary="Voir les entrées d'un fichier de correspondant")
def look_at_arrivals(body: Annotated[ArrivalsRequest, Body()]) -> Response[ArrivalsBody]:
    found = arrivals.look(_arrival_ports(), _call(body), import_id=body.upload, context=bootstrap.request_context())
    return reply(HTTPStatus.OK, arrivals_body(found))


@api.post("/support/arrivals/confirmation", summary="Confirmer les entrées d'un fichier de correspondant")
def confirm_arrivals(body: Annotated[ArrivalsRequest, Body()]) -> Response[ArrivalsBody]:
    done = arrivals.admit(_arrival_ports(), _call(body), import_id=body.upload, context=bootstrap.request_context())
    return reply(HTTPStatus.OK, arrivals_body(done))


@api.post("/support/requests/queue", summary="Les demandes qui attendent un agent")
def queue(body: Annotated[EmptyRequest, Body()]) -> Response[QueueBody]:
    return reply(HTTPStatus.OK, queue_body(requests.waiting(_request_ports())))


@api.post("/support/requests/look", summary="Consulter une demande")
def look_at_request(body: Annotated[CaseRequest, Body()]) -> Response[CaseBody]:
    case = requests.look(_request_ports(), _call(body), _named(body), context=bootstrap.request_context())
    return reply(HTTPStatus.OK, case_body(case))


@api.post("/support/requests/take", summary="Commencer l'examen d'une demande")
def take(body: Annotated[CaseRequest, Body()]) -> Response[CaseBody]:
    return _handle(body, lambda request, kind, actor, now: request_acts.take(request, kind, actor, now=now))


@api.post("/support/requests/ask", summary="Demander à la personne de compléter")
def ask(body: Annotated[AskRequest, Body()]) -> Response[CaseBody]:
    asked = Asked(body.field, body.because, body.before, body.words)
    return _handle(body, lambda request, kind, actor, now: request_acts.ask(request, kind, asked, actor, now=now))


@api.post("/support/requests/accept", summary="Accepter une demande, ou y répondre")
def accept(body: Annotated[AcceptRequest, Body()]) -> Response[CaseBody]:
    context = bootstrap.request_context()
    case = requests.accept(_request_ports(), _call(body), _named(body), body.words, context=context)
    return reply(HTTPStatus.OK, case_body(case))


@api.post("/support/requests/refuse", summary="Refuser une demande")
def refuse(body: Annotated[WordsRequest, Body()]) -> Response[CaseBody]:
    return _handle(
        body, lambda request, kind, actor, now: request_acts.refuse(request, kind, body.words, actor, now=now)
    )


@api.post("/support/requests/drop", summary="Classer une demande sans suite")
def drop(body: Annotated[WordsRequest, Body()]) -> Response[CaseBody]:
    return _handle(body, lambda request, kind, actor, now: request_acts.drop(request, kind, body.words, actor, now=now))


@api.post("/support/requests/settle", summary="Noter qu'une demande acceptée est réglée")
def settle(body: Annotated[CaseRequest, Body()]) -> Response[CaseBody]:
    return _handle(body, lambda request, kind, actor, now: request_acts.settle(request, kind, actor, now=now))


@api.post("/support/requests/reopen", summary="Reprendre une demande qu'un autre agent a refusée ou classée")
def reopen(body: Annotated[CaseRequest, Body()]) -> Response[CaseBody]:
    return _handle(
        body, lambda request, kind, actor, now: request_acts.reopen(request, kind, body.reason, actor, now=now)
    )


@api.post("/support/requests/message", summary="Écrire à la personne")
def write_message(body: Annotated[WordsRequest, Body()]) -> Response[CaseBody]:
    return _handle(
        body, lambda request, kind, actor, now: request_acts.message(request, kind, body.words, actor, now=now)
    )


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _act(act: Callable[..., None], body: PersonRequest) -> Response[FileBody]:
    """Do the act, then answer with the person's file after it."""
    ports, context = _ports(), bootstrap.request_context()
    act(ports, _call(body), identifier=body.identifier, context=context)
    file = service.file_of(ports, body.identifier, texts=bootstrap.texts(), context=context)
    return reply(HTTPStatus.OK, file_body(file, now=context.now))


def _handle(body: CaseRequest, do: Callable[[Request, Kind, Actor, int], Done]) -> Response[CaseBody]:
    context = bootstrap.request_context()

    def act(request: Request, kind: Kind, actor: Actor) -> Done:
        return do(request, kind, actor, context.now)

    return reply(
        HTTPStatus.OK, case_body(requests.act(_request_ports(), _call(body), _named(body), act, context=context))
    )


def _named(body: CaseRequest) -> requests.Named:
    return requests.Named(body.identifier, body.number.replace(" ", ""))


def _request_ports() -> requests.RequestPorts:
    return requests.RequestPorts(
        _ports(),
        catalogue(),
        bootstrap.requests(),
        bootstrap.document_macs(),
        bootstrap.agent_settings().agent_identifiers,
    )


def _structure(
    structure_id: str, outcome: invitations.Outcome | None, context: RequestContext
) -> Response[StructureFileBody]:
    """Answer with the structure's file after an act."""
    file = invitations.file_of(_ports(), structure_id, context=context)
    return reply(HTTPStatus.OK, structure_body(file, outcome))


def _call(body: ReasonedRequest) -> service.Call:
    return service.Call(api.agent, body.reason)


def _arrival_ports() -> arrivals.Ports:
    return arrivals.Ports(
        bootstrap.store(), bootstrap.accounts(), bootstrap.uploads(), bootstrap.rosters(), bootstrap.arrival_files()
    )


def _ports() -> service.Ports:
    return service.Ports(
        bootstrap.verification_ports(),
        bootstrap.accounts(),
        bootstrap.structures(),
        bootstrap.links(),
        bootstrap.imported_mails(),
    )
