"""Step 1 in a Firefox that was told to say less of where its calls come from, on the deployed product."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest

from tests.stack import Stack
from tests.web.engines import Tab, firefox

PREFERENCES = {"no Referer": "network.http.sendRefererHeader", "no Origin": "network.http.sendOriginHeader"}
CALL_WITH_A_NULL_ORIGIN = """
    return fetch('/api/activation', {
        method: 'POST',
        mode: 'same-origin',
        referrerPolicy: 'no-referrer',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ identifier: '80009', last_name: 'Personne' }),
    }).then((answer) => answer.status);
"""
"""What is told no referrer and is no CORS call has `Origin: null` (Fetch, « append a request `Origin` header »)."""


@pytest.fixture(scope="module")
def quiet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with firefox(tmp_path_factory.mktemp("profile"), {PREFERENCES[request.param]: 0}) as tab:
        yield tab


@pytest.mark.exhaustive
@pytest.mark.parametrize("quiet", PREFERENCES, indirect=True)
def test_step_1_is_taken_and_so_is_a_call_whose_origin_is_null(product: Stack, quiet: Tab) -> None:
    quiet.open(product.base + "/activation")
    quiet.fill("identifiant", "80008")
    quiet.fill("nom", "Personne")
    quiet.press("Continuer")
    quiet.see("h1", "Saisissez le code de sécurité")

    assert quiet.driver.execute_script(CALL_WITH_A_NULL_ORIGIN) == HTTPStatus.ACCEPTED
