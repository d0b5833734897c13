"""The home page tells somebody that mail to their address came back."""

from playwright.sync_api import expect

from activation.domain.recipients import UNREACHABLE_WORDS
from local.gallery.fake_api import account, signed_in
from tests.web.conftest import Visit


def test_home_asks_to_look_at_the_address(visit: Visit) -> None:
    visit.api.where, visit.api.home = signed_in(), account(to_do=[UNREACHABLE_WORDS])
    page = visit.open("/compte")
    expect(page.locator("#a-faire li")).to_have_text([UNREACHABLE_WORDS])
    expect(page.locator("#a-faire p")).to_be_hidden()
