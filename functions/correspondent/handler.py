"""HTTP for correspondents: their people, their files, and the follow-up."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import EmptyRequest
from activation.api.faults import field_fault
from activation.api.problems import INVALID_REQUEST, problem
from activation.api.requests import RequestRefusedError
from activation.api.resolver import Api, reply
from activation.catalogue import catalogue
from activation.domain.people_search import Cursor, Search, read_after
from functions.correspondent import follow_up, service
from functions.correspondent.schemas import (
    ApplicationRequest,
    ChangeBody,
    ChangeRequest,
    FollowUpBody,
    FollowUpRequest,
    PeopleBody,
    SearchRequest,
    SentBody,
    SpaceBody,
    UploadBody,
)
from functions.correspondent.views import change_body, follow_up_body, home_body, people_body, upload_body

if TYPE_CHECKING:
    from activation.imports import single_row
    from activation.imports import uploads as orders

HOME, UPLOADS = "/api/correspondent", "/api/correspondent/uploads"
MOST_PAGES = 10
"""The most pages of 20 structures: a correspondent answers for 200 at most."""

api = Api(bootstrap.api_settings, files={("POST", UPLOADS)})


@api.get(HOME, summary="L'accueil du correspondant")
def show_structures(after: Annotated[int, Query(ge=2, le=MOST_PAGES)] = 1) -> Response[SpaceBody]:
    context = bootstrap.request_context()
    home = service.show_home(_ports(), api.visit.session, page=after, texts=bootstrap.texts(), context=context)
    return reply(HTTPStatus.OK, home_body(home, now=context.now))


@api.post("/api/correspondent/people/search", summary="Les bénéficiaires déclarés")
def search_people(body: Annotated[SearchRequest, Body()]) -> Response[PeopleBody]:
    wanted = Search(body.structure, body.name or "", body.missing)
    found = service.search(
        _ports(),
        api.visit.session,
        wanted,
        identifier=body.identifier,
        after=_after(body, wanted),
        texts=bootstrap.texts(),
        context=bootstrap.request_context(),
    )
    return reply(HTTPStatus.OK, people_body(found))


@api.post("/api/correspondent/requests/search", summary="Le suivi des demandes")
def follow_requests(body: Annotated[FollowUpRequest, Body()]) -> Response[FollowUpBody]:
    found = follow_up.show_requests(
        follow_up.FollowUpPorts(_ports(), bootstrap.store(), bootstrap.requests(), catalogue()),
        api.visit.session,
        body.structure,
        after=_after(body, Search(body.structure)),
        texts=bootstrap.texts(),
        context=bootstrap.request_context(),
    )
    return reply(HTTPStatus.OK, follow_up_body(found))


@api.put("/api/correspondent/people", summary="Corriger une ligne")
def change_row(body: Annotated[ChangeRequest, Body()]) -> Response[ChangeBody]:
    from activation.imports.single_row import TypedRow  # noqa: PLC0415  # see `functions.correspondent.service`

    typed = TypedRow(body.identifier, body.version, body.row, body.confirm)
    taken = service.change_row(
        _ports(), api.visit.session, typed, texts=bootstrap.texts(), context=bootstrap.request_context()
    )
    return reply(HTTPStatus.OK, change_body(taken))


@api.post(UPLOADS, status_code=HTTPStatus.ACCEPTED, summary="Envoyer un fichier")
def send_file() -> Response[SentBody]:
    upload = service.send_file(
        _ports(), api.visit.session, api.file, texts=bootstrap.texts(), context=bootstrap.request_context()
    )
    return reply(HTTPStatus.ACCEPTED, SentBody(upload_id=upload.upload_id))


@api.get(f"{UPLOADS}/<upload_id>", summary="Ce que devient un fichier")
def show_upload(upload_id: str) -> Response[UploadBody]:
    context = bootstrap.request_context()
    shown = service.show_upload(_ports(), api.visit.session, upload_id, texts=bootstrap.texts(), context=context)
    return reply(HTTPStatus.OK, upload_body(shown, now=context.now))


@api.get(f"{UPLOADS}/<upload_id>/report", summary="Le rapport d'un fichier")
def read_report(upload_id: str) -> Response[str]:
    report = service.read_report(
        _ports(), api.visit.session, upload_id, texts=bootstrap.texts(), context=bootstrap.request_context()
    )
    return Response(
        HTTPStatus.OK,
        content_type="text/csv; charset=utf-8",
        body=report.decode(),
        headers={"Content-Disposition": 'attachment; filename="rapport.csv"'},
    )


@api.post(
    f"{UPLOADS}/<upload_id>/application", status_code=HTTPStatus.ACCEPTED, summary="Appliquer un fichier contrôlé"
)
def apply_upload(upload_id: str, body: Annotated[ApplicationRequest, Body()]) -> Response[SentBody]:
    upload = service.apply_upload(
        _ports(),
        api.visit.session,
        upload_id,
        body.confirm,
        texts=bootstrap.texts(),
        context=bootstrap.request_context(),
    )
    return reply(HTTPStatus.ACCEPTED, SentBody(upload_id=upload.upload_id))


@api.post(f"{UPLOADS}/<upload_id>/undoing", status_code=HTTPStatus.ACCEPTED, summary="Annuler un envoi appliqué")
def undo_upload(upload_id: str, body: Annotated[EmptyRequest, Body()]) -> Response[SentBody]:
    upload = service.undo_upload(
        _ports(), api.visit.session, upload_id, texts=bootstrap.texts(), context=bootstrap.request_context()
    )
    return reply(HTTPStatus.ACCEPTED, SentBody(upload_id=upload.upload_id))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _after(body: SearchRequest | FollowUpRequest, wanted: Search) -> Cursor | None:
    """The cursor of the page. Raises RequestRefusedError for a word that is no cursor of this search."""
    try:
        return read_after(body.after, wanted) if body.after is not None else None
    except ValueError:
        raise RequestRefusedError(problem(INVALID_REQUEST, faults=(field_fault("after", "invalid"),))) from None


def _ports() -> service.Ports:
    return service.Ports(
        bootstrap.sessions(),
        bootstrap.accounts(),
        bootstrap.links(),
        bootstrap.structure_reads(),
        bootstrap.declared_people(),
        bootstrap.counters(),
        bootstrap.uploads(),
        _order_ports,
        _row_ports,
    )


def _order_ports() -> "orders.Ports":
    from activation.imports import uploads as orders  # noqa: PLC0415  # see `functions.correspondent.service`

    return orders.Ports(bootstrap.store(), bootstrap.uploads(), bootstrap.roster_files())


def _row_ports() -> "single_row.Ports":
    from activation.imports import declaration, single_row  # noqa: PLC0415  # see `functions.correspondent.service`
    from activation.imports.scopes import LinkedScopes  # noqa: PLC0415  # as above

    written = declaration.Ports(
        bootstrap.store(),
        bootstrap.rosters(),
        bootstrap.flows(),
        bootstrap.outbox(),
        bootstrap.accounts(),
        bootstrap.counters(),
        LinkedScopes(bootstrap.accounts(), bootstrap.links()),
    )
    return single_row.Ports(written, bootstrap.given_contacts())
