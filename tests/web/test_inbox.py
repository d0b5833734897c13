"""The inbox of the local run, as a page."""

from playwright.sync_api import Page, expect

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


def _show(visit: Visit) -> Page:
    visit.page.goto(visit.base + EMPTY)
    visit.page.set_content(page_of([MAIL, TEXT]))
    return visit.page


def test_the_latest_is_the_first_and_times_are_those_of_paris_as_on_every_screen(visit: Visit) -> None:
    times = _show(visit).locator("time")
    expect(times).to_have_text(["le 02/07 à 0 h 30", "le 25/11 à 14 h 12"])
    expect(times.last).to_have_attribute("datetime", MAIL.sent_at)


def test_it_can_be_read_in_light_and_dark_colours(visit: Visit) -> None:
    page = _show(visit)
    assert faults.by_axe(page) == []
    assert faults.in_the_dark(page) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate("getComputedStyle(document.querySelector('pre')).backgroundColor") == "rgb(43, 43, 43)"
