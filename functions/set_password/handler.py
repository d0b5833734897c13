"""HTTP for step 3, and for changing a password later."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.api.bodies import StepBody
from activation.api.resolver import Api, reply
from activation.domain.access import enter
from activation.domain.errors import NextStep
from activation.domain.steps import Step, step_of_account
from functions.set_password import service
from functions.set_password.schemas import ChangePasswordRequest, SetPasswordRequest

api = Api(bootstrap.api_settings)


@api.post("/api/activation/password", summary="Étape 3 : le mot de passe")
def activate_account(body: Annotated[SetPasswordRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    login = service.activate_account(
        _ports(),
        reference=api.flow_reference,
        typed=_typed(body),
        device=api.visit.device,
        former=api.visit.session,
        context=context,
    )
    step = step_of_account(login.account, bootstrap.texts())
    cookies = [*api.cookies.login(login), api.cookies.without("flow")]
    return reply(HTTPStatus.OK, StepBody.of(step, context.limits), cookies)


@api.post("/api/password-reset/password", summary="Mot de passe oublié : le nouveau mot de passe")
def reset_password(body: Annotated[SetPasswordRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    device = service.reset(
        _ports(), reference=api.flow_reference, typed=_typed(body), device=api.visit.device, context=context
    )
    cookies = [api.cookies.without("flow"), api.cookies.without("session")]
    cookies += [api.cookies.device(device)] if device else []
    return reply(HTTPStatus.OK, StepBody.of(Step(NextStep.SIGN_IN), context.limits), cookies)


@api.put("/api/account/password", summary="Changer de mot de passe")
def change_password(body: Annotated[ChangePasswordRequest, Body()]) -> Response[StepBody]:
    context = bootstrap.request_context()
    access = enter(
        bootstrap.sessions(), bootstrap.accounts(), api.visit.session, now=context.now, limits=context.limits
    )
    login = service.change(
        _ports(),
        access=access,
        current=body.current.get_secret_value(),
        typed=_typed(body),
        device=api.visit.device,
        context=context,
    )
    step = step_of_account(login.account, bootstrap.texts())
    return reply(HTTPStatus.OK, StepBody.of(step, context.limits), api.cookies.login(login))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    return api.answer(event, context)


def _ports() -> service.Ports:
    return service.Ports(
        bootstrap.verification_ports(),
        bootstrap.accounts(),
        bootstrap.throttled_accounts(),
        bootstrap.sessions(),
        bootstrap.pepper_macs(),
    )


def _typed(body: SetPasswordRequest) -> service.Typed:
    return service.Typed(body.password.get_secret_value(), body.confirmation.get_secret_value())
