"""The inbox of the local run, as a page."""

from playwright.sync_api import expect

from local.inbox import Message, page_of
from tests.web import faults
from tests.web.conftest import Visit
from tests.web.site import EMPTY

MAIL = Message(
    id="1",
    channel="email",
    to="louis.garcia@mondomaine.com",
    subject="Votre code de sécurité CNAS",
    text="Votre code de sécurité est : 097373",
    html="<p>Votre code de sécurité est : 097373</p>",
    sent_at="2026-11-25T13:12:05.120Z",
)
TEXT = Message(
    id="2",
    channel="sms",
    to="+33612345678",
    subject="",
    text="410973 est votre code",
    html="",
    sent_at="2026-07-01T22:30:00.000Z",
)


def test_the_latest_is_the_first_with_times_of_paris_in_light_and_dark_colours(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.base + EMPTY)
    page.set_content(page_of([MAIL, TEXT]))
    times = page.locator("time")
    expect(times).to_have_text(["le 02/07 à 0 h 30", "le 25/11 à 14 h 12"])  # as on every screen
    expect(times.last).to_have_attribute("datetime", MAIL.sent_at)
    assert faults.by_axe(page) == []
    assert faults.in_the_dark(page) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate("getComputedStyle(document.querySelector('pre')).backgroundColor") == "rgb(43, 43, 43)"
