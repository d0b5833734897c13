"""The journeys themselves: every call of the API and every function is in one."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.builders import PASSWORD, ROSTER
from tests.functions.correspondents import CLAIRE_FONTAINE, claire_and_others
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    AWA,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS,
    NEW_PASSWORD,
    OWN_PASSWORD,
    RESET,
    SESSION,
    TERMS,
    Person,
    both,
    credentials,
    with_two_contacts,
)
from tests.functions.requests import CLAIM, REQUESTS, VERIFICATION
from tests.functions.visitor import Visitor
from tests.functions.walks.acts import (
    Act,
    change_row,
    delete,
    get,
    mistype_code,
    of_request,
    of_upload,
    post,
    put,
    send_again,
    send_file,
    type_code,
)
from tests.functions.walks.events import (
    APPLY_FILE,
    ASK_TO_COMPLETE,
    BOUNCE,
    CHECK_FILE,
    CLEAN_UP,
    FROM_THE_QUEUE,
    IMPORT,
    IMPORT_STATES,
    INVITE,
    LOOK,
    SAME_WORK,
    SMS_FAILS,
    TAKE,
    UNDO_FILE,
    UNDO_STATES,
    UNLINK,
    UNLOCK,
    WORK,
)
from tests.functions.walks.origins import (
    about_to_be_locked,
    after,
    anybody,
    awa_shares_her_mobile,
    claire_follows_louis,
    claire_of_two_structures,
    louis_at_home,
    louis_dated,
    louis_in_session,
    louis_locked,
)
from tests.functions.world import World
from tests.unit.in_memory_roster import as_csv


@dataclass(frozen=True)
class Walk:
    """A journey: who comes, and what they do."""

    name: str
    origin: Callable[[World], Visitor]
    acts: tuple[Act, ...]
    person: Person = LOUIS


SPACE, PEOPLE, FOLLOW_UP, UPLOAD = (
    "/api/correspondent",
    "/api/correspondent/people",
    "/api/correspondent/requests/search",
    "/api/correspondent/uploads/{upload_id}",
)
SETTLE = (
    put(CONSENT, {"consents": True, "text_version": "1"}, 200, "choose_channel", at="give_consent"),
    put(CHANNEL, {"channel": "email"}, 200, "accept_terms", at="choose_channel"),
    put(TERMS, {"version": "1"}, 200, "home", at="accept_terms"),
)


def _with_password(path: str, **contact: str) -> Act:
    return put(path, {**contact, "password": PASSWORD}, 202, "verify_contact")


WALKS = (
    Walk(
        "activation",
        anybody,
        (
            post(ACTIVATION, LOUIS.start_body, 202, "verify_code"),
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
    Walk(
        "the retry queue",
        anybody,
        (replace(post(ACTIVATION, LOUIS.start_body, 202, "verify_code"), walked=False), FROM_THE_QUEUE),
    ),
    Walk(
        "a mail that comes back",
        anybody,
        (
            replace(post(ACTIVATION, LOUIS.start_body, 202, "verify_code"), walked=False),
            SAME_WORK,
            BOUNCE,
            SAME_WORK,
            replace(type_code(ACTIVATION, "set_password"), walked=False),
        ),
    ),
    Walk(
        "an SMS that comes back",
        after(with_two_contacts),
        (
            replace(post(SESSION, credentials(LOUIS), 202, "verify_code", at="sign_in"), walked=False),
            SAME_WORK,
            SMS_FAILS,
            SAME_WORK,
            replace(type_code(SESSION, "home"), walked=False),
        ),
    ),
    Walk("activation by SMS", awa_shares_her_mobile, (post(ACTIVATION, AWA.start_body, 202, "verify_code"), WORK), AWA),
    Walk(
        "a locked throttle key",
        about_to_be_locked,
        (post(ACTIVATION, LOUIS.start_body, 202, "verify_code"), SAME_WORK, mistype_code(ACTIVATION), WORK),
    ),
    Walk(
        "activation once active", after(louis_at_home), (post(ACTIVATION, LOUIS.start_body, 202, "verify_code"), WORK)
    ),
    Walk(
        "reset",
        after(louis_at_home),
        (
            post(RESET, LOUIS.start_body, 202, "verify_code"),
            SAME_WORK,
            send_again(RESET),
            SAME_WORK,
            type_code(RESET, "set_password"),
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
            SAME_WORK,
            send_again(SESSION),
            SAME_WORK,
            type_code(SESSION, "home"),
            get(ACCOUNT, "home"),
            delete(SESSION),
        ),
    ),
    Walk(
        "a new channel",
        louis_in_session,
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
            post(REQUESTS, {"kind": "reclamation"}, 201, None),
            of_request("PUT", body={"version": 1, "fields": CLAIM}),
            of_request("POST", "/sending", {}),
            SAME_WORK,
            get(REQUESTS),
            TAKE,
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
        (
            replace(post(REQUESTS, {"kind": "reclamation"}, 201, None), walked=False),
            replace(of_request("PUT", body={"version": 1, "fields": CLAIM}), walked=False),
            replace(of_request("POST", "/sending", {}), walked=False),
            IMPORT_STATES,
            SAME_WORK,
            UNDO_STATES,
        ),
    ),
    Walk(
        "an attestation",
        louis_dated,
        (
            post(REQUESTS, {"kind": "attestation-de-droits"}, 201, None),
            of_request("GET", "/document"),
            post(VERIFICATION, {"code": "0000-0000-0000"}, 200, None),
        ),
    ),
    Walk("the help desk", louis_locked, (LOOK, UNLOCK)),
    Walk("an invitation", anybody, (INVITE, SAME_WORK)),
    Walk("the end of a link", claire_of_two_structures, (UNLINK, SAME_WORK)),
    Walk("import", anybody, (IMPORT,)),
    Walk(
        "a correspondent's file",
        claire_and_others,
        (
            get(SPACE),
            Act(f"POST {PEOPLE}/search", lambda _, visitor: visitor.post(f"{PEOPLE}/search", {"structure": "S1"})),
            change_row(PEOPLE, "S1", "10000001", {"email": "louis@exemple.fr"}),
            send_file(f"{SPACE}/uploads", as_csv([ROSTER[0] | {"mobile": "0698765432"}, *ROSTER[1:]])),
            CHECK_FILE,
            of_upload("GET", UPLOAD, None, 200),
            of_upload("GET", f"{UPLOAD}/report", None, 200),
            of_upload("POST", f"{UPLOAD}/application", {"confirm": []}, 202),
            APPLY_FILE,
            of_upload("POST", f"{UPLOAD}/undoing", {}, 202),
            UNDO_FILE,
        ),
        CLAIRE_FONTAINE,
    ),
    Walk(
        "a correspondent's follow-up",
        claire_follows_louis,
        (Act(f"POST {FOLLOW_UP}", lambda _, visitor: visitor.post(FOLLOW_UP, {"structure": "S1"})),),
        CLAIRE_FONTAINE,
    ),
    Walk("cleanup", louis_at_home, (CLEAN_UP,)),
)
