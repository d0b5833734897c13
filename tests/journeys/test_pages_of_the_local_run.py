"""What the local run serves beside the product."""

import http.client

from local.gallery.gallery import COOKIE
from tests.stack import Stack


def _get(product: Stack, path: str, cookie: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection(product.base.removeprefix("http://"), timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "User-Agent": "test"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_a_gallery_of_screens_and_a_reference_of_the_api(product: Stack) -> None:
    for path, words in (("/gallery", "Galerie des écrans"), ("/reference", "Référence de l’API")):
        status, text = _get(product, path)
        assert (status, words in text) == (200, True)


def test_only_the_browser_that_shows_a_state_is_answered_in_its_place(product: Stack) -> None:
    assert '"who": "session"' in _get(product, "/api/session", f"{COOKIE}=s7")[1]
    assert '"who": "session"' not in _get(product, "/api/session")[1]
    assert "/gallery/play.js" in _get(product, "/activation", f"{COOKIE}=s1")[1]
    assert "/gallery/play.js" not in _get(product, "/activation")[1]
