"""The home page tells somebody that messages to their address or number came back."""

from playwright.sync_api import expect

from activation.domain.recipients import UNREACHABLE_WORDS
from local.gallery.fake_api import account, signed_in
from tests.web.conftest import Visit


def test_home_asks_to_look_at_the_contacts(visit: Visit) -> None:
    words = list(UNREACHABLE_WORDS.values())
    visit.api.where, visit.api.home = signed_in(), account(to_do=words)
    page = visit.open("/compte")
    expect(page.locator("#a-faire li")).to_have_text(words)
    expect(page.locator("#a-faire p")).to_be_hidden()
