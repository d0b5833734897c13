"""HTTP for step 2, for all four purposes."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import StepBody
from activation.api.resolver import Api, reply
from activation.domain.access import enter
from activation.domain.flows import Purpose
from activation.domain.steps import step_of_account, step_of_flow
from functions.verify_code import service
from functions.verify_code.comparison import Ports
from functions.verify_code.schemas import VerifyRequest

api = Api(bootstrap.api_settings)


@api.post("/api/activation/verification", summary="Étape 2 : le code")
def verify_activation(body: Annotated[VerifyRequest, Body()]) -> Response[StepBody]:
    return _verify_anonymous(Purpose.ACTIVATION, body)


@api.post("/api/password-reset/verification", summary="Mot de passe oublié : le code")
def verify_reset(body: Annotated[VerifyRequest, Body()]) -> Response[StepBody]:
    return _verify_anonymous(Purpose.PASSWORD_RESET, body)


@api.post("/api/session/verification", summary="Connexion : le code")
def verify_sign_in(body: Annotated[VerifyRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    login = service.verify_sign_in(
        _ports(),
        reference=api.flow_reference,
        code=body.code,
        device=api.visit.device,
        former=api.visit.session,
        context=context,
    )
    step = step_of_account(login.account, bootstrap.texts())
    cookies = [*api.cookies.login(login), api.cookies.without("flow")]
    return reply(HTTPStatus.OK, StepBody.of(step, context.limits), cookies)


@api.post("/api/account/contact/verification", summary="Prouver un nouveau contact : le code")
def verify_contact(body: Annotated[VerifyRequest, Body()]) -> Response[StepBody]:
    context, texts = bootstrap.request_context(), bootstrap.texts()
    access = enter(
        bootstrap.sessions(), bootstrap.accounts(), api.visit.session, now=context.now, limits=context.limits
    )
    account = service.verify_contact(
        _ports(), access=access, reference=api.flow_reference, code=body.code, context=context
    )
    step = step_of_account(account, texts)
    return reply(HTTPStatus.OK, StepBody.of(step, context.limits), [api.cookies.without("flow")])


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _verify_anonymous(purpose: Purpose, body: VerifyRequest) -> Response[StepBody]:
    context = bootstrap.request_context()
    proven = service.verify_anonymous(
        _ports(), purpose=purpose, reference=api.flow_reference, code=body.code, context=context
    )
    cookies = [api.cookies.flow(proven.flow.flow_id, proven.token)]
    return reply(HTTPStatus.OK, StepBody.of(step_of_flow(proven.flow), context.limits), cookies)


def _ports() -> Ports:
    return Ports(bootstrap.verification_ports(), bootstrap.accounts(), bootstrap.sessions(), bootstrap.code_macs())
