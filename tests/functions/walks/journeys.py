"""The journeys themselves, and who comes to each: every call of the API and every function is in one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from tests.builders import PASSWORD, ROSTER, row
from tests.functions import correspondents, paths, people
from tests.functions.correspondents import CLAIRE_FONTAINE, claire_and_others
from tests.functions.paths import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, CONTACT, OWN_PASSWORD, RESET, SESSION, TERMS
from tests.functions.people import LOUIS, NEW_PASSWORD, Person, both, credentials, with_two_contacts
from tests.functions.requests import CLAIM, sent
from tests.functions.visitor import Visitor
from tests.functions.walks import acts, events
from tests.functions.walks.acts import Act, delete, get, mistype_code, of_request, post, put, send_again, type_code
from tests.functions.walks.events import ASK_TO_COMPLETE, SAME_WORK, WORK
from tests.functions.world import World
from tests.in_memory.roster import as_csv

louis_at_home = partial(people.at_home, person=LOUIS)


def anybody(_: World) -> Visitor:
    return Visitor()


def after(ready: Callable[[World], Visitor]) -> Callable[[World], Visitor]:
    """Another browser, once Louis is where `ready` leads him."""

    def origin(world: World) -> Visitor:
        ready(world)
        return Visitor()

    return origin


def louis_dated(world: World) -> Visitor:
    """Louis at home; a roster has said since when there are rights."""
    louis = louis_at_home(world)
    world.import_rows([{**row, "start_date": "2020-09-01"} for row in ROSTER])
    return louis


def louis_locked(world: World) -> Visitor:
    louis = louis_at_home(world)
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS, "Phrase-Fausse-77"))
    return louis


def claire_of_two_structures(world: World) -> Visitor:
    world.import_rows([row("20000002", "Marin", "Zoé", structure_id="S2", structure_name="CCAS de Mondomaine")])
    correspondents.invite(world, "S1", "S2")
    return Visitor()


def claire_follows_louis(world: World) -> Visitor:
    """Claire at home; Louis, who consents, has sent a claim."""
    sent(louis_at_home(world))
    return correspondents.claire_at_home(world)


def awa_shares_her_mobile(world: World) -> Visitor:
    """Somebody else came with Awa's mobile: her code names her employer."""
    world.import_rows([*ROSTER, row("20000002", "N'Diaye", "Ibrahima", mobile="0623456789")])
    return Visitor()


def about_to_be_locked(world: World) -> Visitor:
    """A browser where the next wrong code locks the throttle key."""
    world.set(WRONG_CODES_PER_PERSON=1)
    return Visitor()


@dataclass(frozen=True)
class Walk:
    """A journey: who comes, and what they do."""

    name: str
    origin: Callable[[World], Visitor]
    acts: tuple[Act, ...]
    person: Person = LOUIS


UPLOAD = f"{paths.UPLOADS}/{{upload_id}}"
SETTLE = (
    put(CONSENT, {"consents": True, "text_version": "1"}, 200, "choose_channel", at="give_consent"),
    put(CHANNEL, {"channel": "email"}, 200, "accept_terms", at="choose_channel"),
    put(TERMS, {"version": "1"}, 200, "home", at="accept_terms"),
)
SEND_A_CLAIM = (
    post(paths.REQUESTS, {"kind": "reclamation"}, 201, None),
    of_request("PUT", body={"version": 1, "fields": CLAIM}),
    of_request("POST", "/sending", {}),
)
START = post(ACTIVATION, LOUIS.start_body, 202, "verify_code")


def _elsewhere(act: Act) -> Act:
    """The same, where another walk has its calls fail."""
    return replace(act, walked=False)


def _type_another_code(path: str, next_step: str) -> tuple[Act, ...]:
    return SAME_WORK, send_again(path), SAME_WORK, type_code(path, next_step)


def _with_password(path: str, **contact: str) -> Act:
    return put(path, {**contact, "password": PASSWORD}, 202, "verify_contact")


WALKS = (
    Walk(
        "activation",
        anybody,
        (
            START,
            WORK,
            get(SESSION, "verify_code"),
            send_again(ACTIVATION),
            SAME_WORK,
            mistype_code(ACTIVATION),
            type_code(ACTIVATION, "set_password"),
            post(f"{ACTIVATION}/password", both(PASSWORD), 200, "give_consent", at="set_password"),
            WORK,
            *SETTLE,
            get(ACCOUNT, "home"),
            get(SESSION, "home"),
            get("/api/terms"),
        ),
    ),
    Walk("the retry queue", anybody, (_elsewhere(START), events.FROM_THE_QUEUE)),
    Walk(
        "a mail that comes back",
        anybody,
        (_elsewhere(START), SAME_WORK, events.BOUNCE, SAME_WORK, _elsewhere(type_code(ACTIVATION, "set_password"))),
    ),
    Walk(
        "an SMS that comes back",
        after(with_two_contacts),
        (
            _elsewhere(post(SESSION, credentials(LOUIS), 202, "verify_code", at="sign_in")),
            SAME_WORK,
            events.SMS_FAILS,
            SAME_WORK,
            _elsewhere(type_code(SESSION, "home")),
        ),
    ),
    Walk(
        "activation by SMS",
        awa_shares_her_mobile,
        (post(ACTIVATION, people.AWA.start_body, 202, "verify_code"), WORK),
        people.AWA,
    ),
    Walk("a locked throttle key", about_to_be_locked, (START, SAME_WORK, mistype_code(ACTIVATION), WORK)),
    Walk("activation once active", after(louis_at_home), (START, WORK)),
    Walk(
        "reset",
        after(louis_at_home),
        (
            post(RESET, LOUIS.start_body, 202, "verify_code"),
            *_type_another_code(RESET, "set_password"),
            post(f"{RESET}/password", both(NEW_PASSWORD), 200, "sign_in", at="set_password"),
            SAME_WORK,
            post(SESSION, credentials(LOUIS, NEW_PASSWORD), 202, "verify_code", at="sign_in"),
            SAME_WORK,
            type_code(SESSION, "home"),
        ),
    ),
    Walk(
        "sign-in",
        after(louis_at_home),
        (
            post(SESSION, credentials(LOUIS), 202, "verify_code", at="sign_in"),
            *_type_another_code(SESSION, "home"),
            get(ACCOUNT, "home"),
            delete(SESSION),
        ),
    ),
    Walk(
        "a new channel",
        partial(people.in_session, person=LOUIS),
        (
            SETTLE[0],
            put(CHANNEL, {"channel": "sms", "mobile": "0612345678"}, 202, "verify_contact", at="choose_channel"),
            SAME_WORK,
            send_again(CONTACT, "verify_contact"),
            SAME_WORK,
            type_code(CONTACT, "accept_terms"),
            SAME_WORK,
        ),
    ),
    Walk(
        "changes",
        with_two_contacts,
        (
            put(CHANNEL, {"channel": "email"}, 200, "home"),
            _with_password("/api/account/mobile", mobile="0698765432"),
            SAME_WORK,
            type_code(CONTACT, "home"),
            SAME_WORK,
            _with_password("/api/account/email", email="autre@exemple.fr"),
            put(CONSENT, {"consents": False, "text_version": "1"}, 200, "home"),
            get("/api/account/history"),
            get("/api/account/export"),
        ),
    ),
    Walk(
        "a new password",
        louis_at_home,
        (put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)}, 200, "home"), SAME_WORK),
    ),
    Walk("everywhere", louis_at_home, (delete("/api/account/sessions"),)),
    Walk(
        "a claim",
        louis_at_home,
        (
            *SEND_A_CLAIM,
            SAME_WORK,
            get(paths.REQUESTS),
            events.TAKE,
            of_request("POST", "/message", {"text": "Bonjour"}),
            ASK_TO_COMPLETE,
            of_request("GET"),
            of_request("POST", "/completion", {"fields": {"depuis": "2026-10-01"}}),
            ASK_TO_COMPLETE,
            of_request("POST", "/withdrawal", {}),
        ),
    ),
    Walk(
        "a file of states",
        louis_at_home,
        (*map(_elsewhere, SEND_A_CLAIM), events.IMPORT_STATES, SAME_WORK, events.UNDO_STATES),
    ),
    Walk(
        "an attestation",
        louis_dated,
        (
            post(paths.REQUESTS, {"kind": "attestation-de-droits"}, 201, None),
            of_request("GET", "/document"),
            post(paths.VERIFICATION, {"code": "0000-0000-0000"}, 200, None),
        ),
    ),
    Walk("the help desk", louis_locked, (events.LOOK, events.UNLOCK)),
    Walk("an invitation", anybody, (events.INVITE, SAME_WORK)),
    Walk("the end of a link", claire_of_two_structures, (events.UNLINK, SAME_WORK)),
    Walk("import", anybody, (events.IMPORT,)),
    Walk(
        "a correspondent's file",
        claire_and_others,
        (
            get(paths.HOME),
            Act(f"POST {paths.SEARCH}", lambda _, visitor: visitor.post(paths.SEARCH, {"structure": "S1"})),
            acts.change_row(paths.ROW, "S1", "10000001", {"email": "louis@exemple.fr"}),
            acts.send_file(paths.UPLOADS, as_csv([ROSTER[0] | {"mobile": "0698765432"}, *ROSTER[1:]])),
            events.CHECK_FILE,
            acts.of_upload("GET", UPLOAD, None, 200),
            acts.of_upload("GET", f"{UPLOAD}/report", None, 200),
            acts.of_upload("POST", f"{UPLOAD}/application", {"confirm": []}, 202),
            events.APPLY_FILE,
            acts.of_upload("POST", f"{UPLOAD}/undoing", {}, 202),
            events.UNDO_FILE,
        ),
        CLAIRE_FONTAINE,
    ),
    Walk(
        "a correspondent's follow-up",
        claire_follows_louis,
        (Act(f"POST {paths.FOLLOW_UP}", lambda _, visitor: visitor.post(paths.FOLLOW_UP, {"structure": "S1"})),),
        CLAIRE_FONTAINE,
    ),
    Walk("cleanup", louis_at_home, (events.CLEAN_UP,)),
)
