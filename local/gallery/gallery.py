"""Shows any screen in any state: the real page, the answers of that state in place of the API's, the acts played.

A link of `/gallery` leaves a cookie that names the state. As long as it lasts, that browser is answered as in this
state; opening `/gallery` again ends it.
"""

import json
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from importlib import resources

import jinja2

from local.exchange import Answer, Request
from local.front import Front
from local.gallery.acts import as_data
from local.gallery.fake_api import Call, FakeApi
from local.gallery.screen import Screen
from local.gallery.screens import ALL, GROUPS

COOKIE = "gallery"
_HOME = "/gallery"
_PLAYING, _OPENING = "/gallery/play.js", "/gallery/open.js"
_SCRIPTS = (_PLAYING, _OPENING)
_COOKIE_SECONDS = 600
_SCREENS = {screen.slug: screen for screen in ALL}
_SCRIPT_HEADERS = (("Content-Type", "text/javascript"), ("Cache-Control", "no-store"))
_OPENING_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; script-src 'self'; frame-ancestors 'none'"),
)
_PAGE_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
)
_TEMPLATES = jinja2.Environment(loader=jinja2.PackageLoader("local", "pages"), autoescape=True)
_OPENER = jinja2.Template(
    '<!doctype html>\n<html lang="fr">\n<title>{{ name }}</title>\n'
    '<script src="{{ src }}" data-path="{{ path }}" data-memory="{{ memory }}"></script>\n',
    autoescape=True,
)
_PLAYER = jinja2.Template('<head>\n  <script src="{{ src }}" data-acts="{{ acts }}"></script>', autoescape=True)


class Gallery:
    """The gallery of a front."""

    def __init__(self, front: Front) -> None:
        self._front = front

    def concerns(self, request: Request) -> bool:
        """Whether the gallery answers: at its own addresses, at the page and the calls of the shown state."""
        if request.path == _HOME or request.path.startswith(f"{_HOME}/"):
            return True
        screen = _shown(request)
        return screen is not None and (request.path == screen.path or request.path.startswith("/api/"))

    def answer(self, request: Request) -> Answer:
        """The answer to a request that concerns the gallery."""
        screen = _shown(request)
        if request.path == _HOME:
            return Answer(HTTPStatus.OK, (*_PAGE_HEADERS, _cookie("", 0)), _page())
        if request.path in _SCRIPTS:
            return Answer(HTTPStatus.OK, _SCRIPT_HEADERS, _script(request.path))
        if screen and request.path.startswith("/api/"):
            return _answer_of_api(screen, request)
        if screen and request.path == screen.path:
            return _with_player(self._front.answer(request), screen)
        asked = _SCREENS.get(request.path.removeprefix(f"{_HOME}/"))
        if asked is None:
            return self._front.answer(request)
        return Answer(HTTPStatus.OK, (*_OPENING_HEADERS, _cookie(asked.slug, _COOKIE_SECONDS)), _opening(asked))


def _shown(request: Request) -> Screen | None:
    """The state that the browser shows, if any."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load("; ".join(value for name, value in request.headers if name.lower() == "cookie"))
    except CookieError:
        return None
    return _SCREENS.get(cookies[COOKIE].value) if COOKIE in cookies else None


def _cookie(slug: str, seconds: int) -> tuple[str, str]:
    return "Set-Cookie", f"{COOKIE}={slug}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict"


def _page() -> bytes:
    return _TEMPLATES.get_template("gallery.html").render(groups=GROUPS).encode()


def _script(path: str) -> bytes:
    return resources.files("local.gallery").joinpath(path.rpartition("/")[2]).read_bytes()


def _opening(screen: Screen) -> bytes:
    """A page that forgets the last state before this one shows: each tab remembers its own pages only."""
    memory = json.dumps(dict(screen.memory), ensure_ascii=False)
    page: str = _OPENER.render(name=screen.name, src=_OPENING, path=screen.path, memory=memory)
    return page.encode()


def _answer_of_api(screen: Screen, request: Request) -> Answer:
    api = FakeApi()
    screen.prepare(api)
    if screen.slow:
        api.hold()
    status, body = api.answer(Call(request.method, request.path, None, {}))
    kind = "application/json" if status < HTTPStatus.BAD_REQUEST else "application/problem+json"
    sent = b"" if status == HTTPStatus.NO_CONTENT else json.dumps(body).encode()
    return Answer(status, (("Content-Type", kind), ("Cache-Control", "no-store")), sent)


def _with_player(page: Answer, screen: Screen) -> Answer:
    if not screen.acts:
        return page
    acts = json.dumps([as_data(act) for act in screen.acts], ensure_ascii=False)
    body = page.body.decode().replace("<head>", _PLAYER.render(src=_PLAYING, acts=acts), 1)
    return Answer(page.status, page.headers, body.encode())
