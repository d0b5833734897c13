"""From the first page to the account's home, and what must hold on the way."""

import secrets
import time
from collections.abc import Iterator
from http import HTTPStatus

from smoke.backstage import Backstage
from smoke.site import Answer, Site, SmokeError

_WAITS = (0.5, 3, 10, 20)
"""Seconds before each try of a code, which opens nothing before the worker has found its person; a flow bears five."""

_PAGES = ("/", "/activation", "/connexion", "/mentions-legales")


def probe(site: Site) -> Iterator[str]:
    """Look at what anybody may look at, and change nothing. Yields what was seen; raises SmokeError."""
    for path in _PAGES:
        page = site.expect(200, "GET", path)
        if "default-src 'none'" not in page.headers.get("content-security-policy", ""):
            raise SmokeError(f"{path} comes without its content security policy")
        yield f"{path} is served with its headers"
    site.expect(404, "GET", "/nulle-part")
    yield "an unknown page is not found"
    where = site.expect(200, "GET", "/api/session")
    if where.body["who"] != "anonymous" or where.headers.get("cache-control") != "no-store":
        raise SmokeError("GET /api/session does not answer a stranger as it should")
    yield "the API answers a stranger"
    terms = site.expect(200, "GET", "/api/terms").body
    site.expect(200, "GET", terms["url"])
    yield f"the terms, version {terms['version']}, are served"
    unknown = site.expect(404, "GET", "/api/nulle-part")
    if unknown.body["code"] != "not-found":
        raise SmokeError("an unknown call of the API is not a problem of ours")
    yield "an unknown call is a problem"


def activate(site: Site, behind: Backstage) -> Iterator[str]:
    """Activate somebody, come home, sign out. Yields what was done; raises SmokeError."""
    person = behind.enrol()
    asked = {"identifier": person.identifier, "last_name": person.last_name}
    site.expect(202, "POST", "/api/activation", asked)
    yield "step 1: a code is on its way"
    (flow,) = (value for name, value in site.cookies.items() if name.endswith("flow"))
    _prove(site, behind.code(flow.partition(".")[0]))
    yield "step 2: the code is right"
    password = f"{secrets.token_urlsafe(18)}-Aa1"
    chosen = site.expect(200, "POST", "/api/activation/password", {"password": password, "confirmation": password}).body
    yield "step 3: the account is active"
    answer = {"consents": False, "text_version": chosen["consent"]["text_version"]}
    site.expect(200, "PUT", "/api/account/consent", answer)
    accepted = site.expect(200, "PUT", "/api/account/code-channel", {"channel": "email"}).body
    home = site.expect(200, "PUT", "/api/account/terms", {"version": accepted["terms"]["version"]}).body
    if home["next_step"] != "home":
        raise SmokeError(f"after the terms comes {home['next_step']}")
    yield "consent, channel and terms are kept"
    if site.expect(200, "GET", "/api/account").body["person"]["identifier"] != person.identifier:
        raise SmokeError("home shows somebody else")
    yield "home is shown"
    site.expect(204, "DELETE", "/api/session")
    site.expect(401, "GET", "/api/account")
    yield "signed out"


def _prove(site: Site, code: str) -> Answer:
    for wait in _WAITS:
        time.sleep(wait)
        answer = site.call("POST", "/api/activation/verification", {"code": code})
        if answer.status == HTTPStatus.OK:
            return answer
    raise SmokeError("the right code is refused: has the worker found its person?")
