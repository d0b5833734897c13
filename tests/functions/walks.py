"""The journeys that people make, act by act, for walking them again with one call failing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.builders import PASSWORD, ROSTER, row
from tests.functions.desk import CLAIRE
from tests.functions.event_sources import let_the_queue_work, let_the_worker_work
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    AWA,
    CHANNEL,
    CONSENT,
    CONTACT,
    DAY,
    LOUIS,
    NEW_PASSWORD,
    OWN_PASSWORD,
    RESET,
    SESSION,
    TERMS,
    Person,
    at_home,
    both,
    credentials,
    in_session,
    with_two_contacts,
    wrong_codes,
)
from tests.functions.reports import report_mail
from tests.functions.visitor import CONTEXT, Answer, Visitor, handler
from tests.functions.world import World

EVENTS = ("deliver_message", "deliver_message, from the queue", "record_delivery", "import_roster", "purge_expired")
"""The functions that no person calls."""

Do = Callable[[World, Visitor], Answer]

DONE = Answer(200, {}, "")
"""What stands for the answer of a function that no person calls."""
TO_DO_AGAIN = Answer(503, {"Retry-After": ["5"]}, "{}")
"""The same, when it failed: whatever started it starts it again."""


@dataclass(frozen=True)
class Act:
    """Something that a person, or an event source, does. `at`: the step that an answer names for it.

    `says`: its answer when it succeeds, status and next step or slug.
    """

    name: str
    do: Do
    says: tuple[int, str | None] = (200, None)
    at: str | None = None
    walked: bool = True
    """False where another walk has the very same calls fail."""

    @property
    def is_event(self) -> bool:
        """Whether no person does it."""
        return self.name in EVENTS


@dataclass(frozen=True)
class Walk:
    """A journey: who comes, and what they do."""

    name: str
    origin: Callable[[World], Visitor]
    acts: tuple[Act, ...]
    person: Person = LOUIS


def latest_code(world: World) -> str:
    """The code that came last."""
    return [message for message in world.messages() if message.has_code][-1].code


def post(path: str, body: object, status: int, next_step: str, *, at: str | None = None) -> Act:
    """A POST with that body."""
    return Act(f"POST {path}", lambda _, visitor: visitor.post(path, body), (status, next_step), at)


def put(path: str, body: object, status: int, next_step: str, *, at: str | None = None) -> Act:
    """A PUT with that body."""
    return Act(f"PUT {path}", lambda _, visitor: visitor.put(path, body), (status, next_step), at)


def get(path: str, next_step: str | None = None) -> Act:
    """A GET."""
    return Act(f"GET {path}", lambda _, visitor: visitor.get(path), (200, next_step))


def delete(path: str) -> Act:
    """A DELETE."""
    return Act(f"DELETE {path}", lambda _, visitor: visitor.delete(path), (204, None))


def send_again(path: str, next_step: str = "verify_code") -> Act:
    """« Renvoyer le code », a minute later."""

    def do(world: World, visitor: Visitor) -> Answer:
        world.advance(60)
        return visitor.post(f"{path}/code")

    return Act(f"POST {path}/code", do, (202, next_step))


def type_code(path: str, next_step: str) -> Act:
    """The code that came is typed."""

    def do(world: World, visitor: Visitor) -> Answer:
        return visitor.post(f"{path}/verification", {"code": latest_code(world)})

    return Act(f"POST {path}/verification", do, (200, next_step), "verify_code")


def mistype_code(path: str) -> Act:
    """Another code is typed."""

    def do(world: World, visitor: Visitor) -> Answer:
        return visitor.post(f"{path}/verification", {"code": next(wrong_codes(latest_code(world)))})

    return Act(f"POST {path}/verification, a wrong code", do, (422, "code-rejected"))


def _work(world: World, _: Visitor) -> Answer:
    let_the_worker_work(world)
    return DONE


def _work_from_the_queue(world: World, _: Visitor) -> Answer:
    let_the_queue_work(world)
    return DONE


def _import(_: World, __: Visitor) -> Answer:
    rows = [ROSTER[0] | {"structure_name": "Mairie"}, ROSTER[1] | {"identifier": "10000008"}]
    return _started(lambda: handler("import_roster")({"action": "apply", "rows": rows}, CONTEXT))


def _purge(world: World, _: Visitor) -> Answer:
    world.advance(DAY)
    return _started(lambda: handler("purge_expired")({}, CONTEXT))


def louis_locked(world: World) -> Visitor:
    """Louis at home, where somebody else tried ten passwords."""
    louis = louis_at_home(world)
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS, "Phrase-Fausse-77"))
    return louis


def _look(_: World, __: Visitor) -> Answer:
    return CLAIRE.ask("person", LOUIS.identifier)


def _unlock(_: World, __: Visitor) -> Answer:
    return CLAIRE.ask("lock", LOUIS.identifier)


def _bounce(world: World, _: Visitor) -> Answer:
    mail = world.wire.asked("SendEmail")[-1]
    [to], [tag] = mail["Destination"]["ToAddresses"], mail["EmailTags"]
    return _started(lambda: report_mail(tag["Value"], "bounce", to=to))


def _started(function: Callable[[], object]) -> Answer:
    try:
        function()
    except Exception:  # noqa: BLE001  # whatever it is, it is tried again
        return TO_DO_AGAIN
    return DONE


WORK = Act("deliver_message", _work)
"""The worker gets what waits."""
FROM_THE_QUEUE = Act("deliver_message, from the queue", _work_from_the_queue)
SAME_WORK = replace(WORK, walked=False)

SETTLE = (
    put(CONSENT, {"consents": True, "text_version": "1"}, 200, "choose_channel", at="give_consent"),
    put(CHANNEL, {"channel": "email"}, 200, "accept_terms", at="choose_channel"),
    put(TERMS, {"version": "1"}, 200, "home", at="accept_terms"),
)


def anybody(_: World) -> Visitor:
    """A browser that knows nothing yet."""
    return Visitor()


def after(ready: Callable[[World], Visitor]) -> Callable[[World], Visitor]:
    """Another browser, once Louis is where `ready` leads him."""

    def origin(world: World) -> Visitor:
        ready(world)
        return Visitor()

    return origin


def louis_at_home(world: World) -> Visitor:
    """Louis at home."""
    return at_home(world, LOUIS)


def louis_in_session(world: World) -> Visitor:
    """Louis, with everything to decide."""
    return in_session(world, LOUIS)


def awa_shares_her_mobile(world: World) -> Visitor:
    """Somebody else came with Awa's mobile: her code names her employer."""
    world.import_rows([*ROSTER, row("20000002", "N'Diaye", "Ibrahima", mobile="0623456789")])
    return Visitor()


def about_to_be_locked(world: World) -> Visitor:
    """A browser where the next wrong code locks the pair."""
    world.set(WRONG_CODES_PER_PERSON=1)
    return Visitor()


def _with_password(path: str, **contact: str) -> Act:
    return put(path, {**contact, "password": PASSWORD}, 202, "verify_contact")


WALKS = (
    Walk(
        "activation",
        anybody,
        (
            post(ACTIVATION, LOUIS.pair, 202, "verify_code"),
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
        (replace(post(ACTIVATION, LOUIS.pair, 202, "verify_code"), walked=False), FROM_THE_QUEUE),
    ),
    Walk(
        "a mail that comes back",
        anybody,
        (
            replace(post(ACTIVATION, LOUIS.pair, 202, "verify_code"), walked=False),
            SAME_WORK,
            Act("record_delivery", _bounce),
            SAME_WORK,
            replace(type_code(ACTIVATION, "set_password"), walked=False),
        ),
    ),
    Walk("activation by SMS", awa_shares_her_mobile, (post(ACTIVATION, AWA.pair, 202, "verify_code"), WORK), AWA),
    Walk(
        "a locked pair",
        about_to_be_locked,
        (post(ACTIVATION, LOUIS.pair, 202, "verify_code"), SAME_WORK, mistype_code(ACTIVATION), WORK),
    ),
    Walk("activation once active", after(louis_at_home), (post(ACTIVATION, LOUIS.pair, 202, "verify_code"), WORK)),
    Walk(
        "reset",
        after(louis_at_home),
        (
            post(RESET, LOUIS.pair, 202, "verify_code"),
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
    Walk("the help desk", louis_locked, (Act("support", _look), Act("support, unlocking", _unlock))),
    Walk("import", anybody, (Act("import_roster", _import),)),
    Walk("cleanup", louis_at_home, (Act("purge_expired", _purge),)),
)
