"""A client that is made from `docs/openapi.json` alone can do what the front does."""

import importlib
from collections.abc import Iterator
from typing import Any

import openapi_python_client
import pytest
from openapi_python_client.config import Config, ConfigFile, MetaType

from infra.assets import ROOT
from tests.builders import PASSWORD
from tests.people import invite
from tests.stack import Stack
from tests.visitor import await_message, code_in

PACKAGE = "generated_client"


class Generated:
    """The generated package's client, and its calls by their names in the document."""

    def __init__(self, base: str) -> None:
        """`base` is where the product is served."""
        self.models = importlib.import_module(f"{PACKAGE}.models")
        self._client = importlib.import_module(PACKAGE).Client(base_url=base, raise_on_unexpected_status=True)
        self._origin = base

    def call(self, group: str, name: str, body: Any = None, **headers: str) -> Any:
        """What that call answers, parsed; a body goes with the page's origin."""
        module = importlib.import_module(f"{PACKAGE}.api.{group}.{name}")
        more = {"body": body, "origin": self._origin, **headers} if body is not None else {}
        return module.sync(client=self._client, **more)


@pytest.fixture(scope="module")
def generated(product: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """The client, without a warning about the document; no tool runs over its files."""
    folder = tmp_path_factory.mktemp("generated")
    config = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, ROOT / "docs/openapi.json", "utf-8", False, folder / PACKAGE
    )
    assert openapi_python_client.generate(config=config) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield Generated(product.base)


def test_a_client_made_from_the_document_activates_an_account(product: Stack, generated: Generated) -> None:
    someone, api = invite(product), generated.models
    before = {message.id for message in product.messages()}
    started = generated.call("activation", "start_activation", api.StartRequest.from_dict(someone.start_body))
    code = code_in(await_message(product, before, to=someone.contact, with_code=True))
    flow = {"x_flow": started.flow}
    generated.call("activation", "verify_activation", api.VerifyRequest(code=code), **flow)
    chosen = api.SetPasswordRequest(password=PASSWORD, confirmation=PASSWORD)
    opened = generated.call("activation", "activate_account", chosen, **flow)
    session = {"x_session": generated.call("where_am_i", "where_am_i").session.id}
    decided = api.ConsentRequest(consents=True, text_version=opened.consent.text_version)
    generated.call("preferences", "set_consent", decided, **session)
    channel = api.ChannelRequest(channel=api.Channel.EMAIL)
    offered = generated.call("preferences", "choose_channel", channel, **session)
    accepted = api.TermsRequest(version=offered.terms.version)
    assert generated.call("preferences", "accept_terms", accepted, **session).next_step is api.NextStep.HOME
    home = generated.call("the_account", "show_home")
    assert (home.person.identifier, home.person.terms.version) == (someone.identifier, offered.terms.version)
    assert home.person.terms.accepted_at.tzinfo
