"""Whoever comes to a page that is not theirs now is led to the one that is, which says why where it has to."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import expect

from local.gallery import correspondent_screens as space
from local.gallery import request_screens as requests
from local.gallery.fake_api import CONSENT, CONTACTS, TERMS, Body, account, anonymous, answering_for, in_flow, problem
from local.gallery.fake_api import signed_in as session
from local.gallery.request_bodies import CLAIM, Told
from local.gallery.screen import Call, Reply
from local.gallery.states import corresponding
from tests.exhaustive import exhaustive_but
from tests.web.conftest import Visit

OWN, PREFERENCES = "/compte/informations-personnelles", "/preferences"
GONE, NO_STRUCTURE = "Cette personne n'est plus dans votre structure.", "Vous ne répondez plus de cette structure."
NO_UPLOAD = "Cet envoi n'existe plus. Envoyez votre fichier de nouveau."
NOT_FOUND, ENDED = problem(404, "not-found"), problem(401, "session-expired")
OF_SPACE = (space.HOME, space.PEOPLE, space.PERSON, space.UPLOAD, space.FOLLOWED, space.REQUESTS)
OF_ONE_REQUEST = (requests.ONE, requests.QUESTION, requests.COMPLETION, requests.DOCUMENT)
OF_REQUESTS = (
    *(requests.LIST, *OF_ONE_REQUEST),
    *(requests.CLAIM_PAGE, requests.RIGHTS_PAGE, requests.REFUSAL_PAGE, requests.GUIDE_PAGE),
)


@dataclass(frozen=True)
class Led:
    """Who comes to `path`, by what the API and the tab know of them; where they are led, and what stands there."""

    path: str
    to: str
    where: Reply = field(default_factory=anonymous)
    home: Reply = ENDED
    replies: Mapping[Call, Reply] = field(default_factory=dict)
    memory: Mapping[str, object] = field(default_factory=dict)
    says: str = ""


def claire(
    path: str, to: str, says: str = "", memory: Body | None = None, home: Body = space.ONE, **told: Reply
) -> Led:
    replies = {call: reply() if callable(reply) else reply for call, reply in space.space(home, **told).items()}
    return Led(path, to, corresponding(), problem(403, "not-your-account"), replies, memory or {}, says)


def louis(path: str, to: str, says: str = "", where: Body | None = None, **more: Any) -> Led:
    return Led(path, to, where or session(), account(), says=says, **more)


CHOICE = answering_for(space.VILLAGE, space.SCHOOL)
STEPS = {
    f"{PREFERENCES}/consentement": session("give_consent", consent=CONSENT),
    f"{PREFERENCES}/canal": session("choose_channel", contacts=CONTACTS),
    f"{PREFERENCES}/conditions": session("accept_terms", terms=TERMS),
    "/compte": session(),
}
CHANNEL = f"{PREFERENCES}/canal"
LED: Mapping[str, list[Led]] = {
    "a second tab finds the step": [louis("/connexion", path, where=where) for path, where in STEPS.items()],
    "whoever comes back after the end learns that the account is active": [
        louis(path, "/activation/deja-active", "Aller à votre compte")
        for path in ("/activation", "/activation/code", f"{PREFERENCES}/consentement")
    ],
    "a step too far leads back to the code": [
        Led("/activation/mot-de-passe", "/activation/code", in_flow("activation", "verify_code"))
    ],
    "someone who has not finished is led to what is left": [
        Led("/compte", CHANNEL, STEPS[CHANNEL], problem(409, "wrong-step", next_step="choose_channel")),
        Led(space.PEOPLE, CHANNEL, {**STEPS[CHANNEL], "role": "correspondent", "home": space.HOME}),
    ],
    "a browser that has begun nothing begins": [
        *(Led(path, "/activation") for path in ("/activation/code", "/activation/mot-de-passe")),
        *(
            Led(path, "/connexion")
            for path in ("/connexion/code", "/mot-de-passe-oublie/code", "/compte/correspondant")
        ),
        *(Led(f"{PREFERENCES}/{path}", "/connexion") for path in ("canal", "canal/code")),
        *(Led(f"{OWN}/{path}", "/connexion") for path in ("email", "code")),
        *(Led(path, "/connexion") for path in (*OF_SPACE, *OF_REQUESTS)),
    ],
    "a code page without a change leads to one's own data": [louis(f"{OWN}/code", OWN)],
    "a beneficiary goes home from a correspondent's page": [
        louis(path, "/compte", "Bienvenue sur votre compte CNAS", session(role="beneficiary", home="/compte"))
        for path in OF_SPACE
    ],
    "a correspondent goes to their space from a beneficiary's page": [
        claire(path, space.HOME) for path in ("/compte", "/compte/budget", "/compte/correspondant")
    ],
    "nobody chosen leads back to the list": [
        claire(space.PERSON, space.PEOPLE, memory=memory) for memory in ({}, {"work": {"structure": space.STRUCTURE}})
    ],
    "somebody who has left meanwhile leads back to the list": [
        claire(space.PERSON, space.PEOPLE, GONE, space.EDITING, search={"people": []})
    ],
    "a structure that is theirs no more leads to those that are": [
        *(claire(path, space.PEOPLE, NO_STRUCTURE, space.EDITING, CHOICE, search=NOT_FOUND) for path in OF_SPACE[1:3]),
        claire(space.REQUESTS, space.REQUESTS, NO_STRUCTURE, space.EDITING, CHOICE, requests=NOT_FOUND),
    ],
    "without any upload there is nothing to follow": [claire(space.FOLLOWED, space.UPLOAD)],
    "an upload that is no more leads to where one is sent": [
        claire(space.FOLLOWED, space.UPLOAD, NO_UPLOAD, space.FOLLOWING_IT, follow=NOT_FOUND)
    ],
    "a draft that was sent elsewhere is no more asked": [
        louis(
            requests.QUESTION,
            requests.ONE,
            replies={requests.SHOW_CALL: requests.body_of(Told(CLAIM).sent())},
            memory=requests.AT,
        )
    ],
    "a request that is gone leads to the list": [
        louis(requests.ONE, requests.LIST, "Cette demande n'existe plus.", memory=requests.AT)
    ],
    "a page of one request without one leads to the list": [louis(path, requests.LIST) for path in OF_ONE_REQUEST],
}


@pytest.mark.parametrize(
    "led",
    exhaustive_but([first for first, *_ in LED.values()], itertools.chain(*LED.values())),
    ids=lambda led: f"{next(sentence for sentence, all_ in LED.items() if led in all_)}, {led.path}",
)
def test_whoever_comes_to_a_page_that_is_not_theirs_now_is_led_on(visit: Visit, led: Led) -> None:
    visit.api.where, visit.api.home = led.where, led.home
    for call, reply in led.replies.items():
        visit.api.reply(*call, reply)
    if led.memory:
        visit.remember(led.memory)
    visit.page.goto(visit.base + led.path)
    visit.page.wait_for_url(visit.base + led.to)
    expect(visit.page.locator("main")).to_contain_text(led.says)
    if led.says == NO_STRUCTURE:
        expect(visit.page.get_by_role("link", name="Caisse des écoles")).to_be_visible()
