"""HTTP for consent, code channel and terms."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.shared.cookies import Cookie
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import StepBody
from activation.api.resolver import Api, reply
from activation.domain.accounts import Account
from activation.domain.steps import step_of_account, step_of_flow
from activation.domain.verification import RequestContext
from functions.preferences import service
from functions.preferences.schemas import ChannelRequest, ConsentRequest, TermsBody, TermsRequest

api = Api(bootstrap.api_settings)


@api.get("/api/terms", summary="Les conditions en vigueur")
def show_terms() -> Response[TermsBody]:
    terms = bootstrap.texts().terms
    return reply(HTTPStatus.OK, TermsBody(version=terms.version, date=terms.date, sha256=terms.sha256, url=terms.url))


@api.put("/api/account/consent", summary="Consentir, ou non, au suivi par le correspondant")
def set_consent(body: Annotated[ConsentRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    account = service.set_consent(
        _ports(),
        _visitor(),
        consents=body.consents,
        text_version=body.text_version,
        texts=bootstrap.texts(),
        context=context,
    )
    return _next(account, context)


@api.put(
    "/api/account/code-channel",
    summary="Choisir où recevoir les codes",
    responses={
        HTTPStatus.OK: {"description": "Canal choisi", "content": {"application/json": {"model": StepBody}}},
        HTTPStatus.ACCEPTED: {
            "description": "Contact à vérifier",
            "content": {"application/json": {"model": StepBody}},
        },
    },
)
def choose_channel(body: Annotated[ChannelRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    choice = service.choose_channel(_ports(), _visitor(), channel=body.channel, contact=body.contact, context=context)
    if choice.opened is None:
        # « Plus tard » abandons a verification, so its cookie goes. After home the cookie may be of another one.
        left = [api.cookies.without("flow")] if choice.account.terms is None else []
        return _next(choice.account, context, left)
    flow, token = choice.opened.flow, choice.opened.token
    cookies = [api.cookies.flow(flow.flow_id, token)] if token else []
    return reply(HTTPStatus.ACCEPTED, StepBody.of(step_of_flow(flow), context.limits), cookies)


@api.put("/api/account/terms", summary="Accepter les conditions")
def accept_terms(body: Annotated[TermsRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    account = service.set_terms(_ports(), _visitor(), version=body.version, texts=bootstrap.texts(), context=context)
    return _next(account, context)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _ports() -> service.Ports:
    return service.Ports(bootstrap.verification_ports(), bootstrap.accounts(), bootstrap.sessions())


def _visitor() -> service.Visitor:
    return service.Visitor(api.visit.session, api.visit.flow)


def _next(account: Account, context: RequestContext, cookies: list[Cookie] | None = None) -> Response[StepBody]:
    step = step_of_account(account, bootstrap.texts())
    return reply(HTTPStatus.OK, StepBody.of(step, context.limits), cookies)
