"""S11: the session's end is told in time, and can be put off."""

from playwright.sync_api import Page, Route, expect

from local.gallery.fake_api import account, anonymous, signed_in
from tests.web.conftest import Visit
from tests.web.hands import heading
from tests.web.site import EMPTY


def _warn(visit: Visit) -> None:
    visit.pass_minutes(0.3)
    expect(visit.page.get_by_role("alertdialog")).to_be_visible()


def test_five_minutes_before_the_end_a_dialog_asks_with_the_focus_on_staying(visit: Visit, waiting: Page) -> None:
    dialog = waiting.get_by_role("alertdialog")
    expect(dialog).to_be_hidden()
    visit.pass_minutes(0.3)
    expect(dialog).to_have_accessible_name("Vous avez besoin de plus de temps ?")
    expect(dialog).to_have_accessible_description("Vous serez déconnecté(e) dans 5 minutes.")
    expect(dialog.get_by_role("button", name="Rester connecté(e)")).to_be_focused()
    visit.api.reply("DELETE", "/api/session", {}, status=204)
    dialog.get_by_role("button", name="Me déconnecter").click()
    waiting.wait_for_url("**/deconnexion")


def test_whoever_stays_is_asked_again_only_when_no_answer_came(visit: Visit, waiting: Page) -> None:
    _warn(visit)
    dialog = waiting.get_by_role("alertdialog")
    waiting.route("**/api/**", lambda route: route.abort())
    waiting.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    visit.pass_minutes(0.1)
    expect(dialog).to_be_visible()
    waiting.unroute("**/api/**")
    slow: list[Route] = []
    waiting.route("**/api/account", lambda route: slow.append(route), times=1)  # noqa: PLW0108  # Playwright marks it
    with waiting.expect_request("**/api/account"):
        waiting.keyboard.press("Escape")
    asked = len(visit.api.made("GET", "/api/session"))
    visit.pass_minutes(0.1)
    waiting.evaluate("path => fetch(path).then(() => undefined)", EMPTY)  # after what the page asks when it looks
    assert len(visit.api.made("GET", "/api/session")) == asked
    expect(dialog).to_be_hidden()
    visit.api.where = signed_in(minutes=60)
    slow[0].continue_()
    visit.settle()
    expect(dialog).to_be_hidden()


def test_the_time_left_is_spoken_again_at_two_minutes_and_at_one_only(visit: Visit, waiting: Page) -> None:
    _warn(visit)
    spoken, shown = waiting.locator("#expiration-annonce"), waiting.locator("#expiration-delai")
    visit.pass_minutes(2)
    expect(shown).to_have_text("Vous serez déconnecté(e) dans 3 minutes.")
    expect(spoken).to_be_empty()
    visit.pass_minutes(1)
    expect(spoken).to_have_text("Vous serez déconnecté(e) dans 2 minutes.")
    visit.pass_minutes(1)
    expect(spoken).to_have_text("Vous serez déconnecté(e) dans 1 minute.")


def test_what_another_tab_does_keeps_this_one_open_without_a_word(visit: Visit, waiting: Page) -> None:
    visit.api.where = signed_in(minutes=35)
    visit.pass_minutes(3)
    expect(waiting.get_by_role("alertdialog")).to_be_hidden()
    expect(heading(waiting)).to_be_visible()


def come_back(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_a_tab_one_comes_back_to_asks_nothing_more_or_shows_who_is_there_now(visit: Visit, waiting: Page) -> None:
    asked = len(visit.api.made("GET", "/api/account"))
    with waiting.expect_response("**/api/session"):
        come_back(waiting)
    expect(waiting.get_by_text("Bonjour Louis Garcia")).to_be_visible()
    assert len(visit.api.made("GET", "/api/account")) == asked
    visit.api.where = signed_in(ends_at="2030-01-01T00:00:00Z")
    visit.api.home = account(person={**account()["person"], "first_name": "Awa", "last_name": "N'Diaye"})
    come_back(waiting)
    expect(waiting.get_by_text("Bonjour Awa N'Diaye")).to_be_visible()
    expect(waiting.locator("#qui")).to_have_text("Awa N'Diaye")
    visit.settle()
    visit.api.where = anonymous()
    come_back(waiting)
    waiting.wait_for_url("**/deconnexion")
    expect(heading(waiting)).to_have_text("Vous êtes déconnecté(e).")
