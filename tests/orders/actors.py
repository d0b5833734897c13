"""Whoever may come at the same time: every call of both APIs, and every function that no person calls.

A route without a row here, or a function without one, fails `test_every_call_and_every_function_takes_part`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from activation.domain.upload_keys import UploadPaths
from infra.functions import FUNCTIONS
from infra.routes import ROUTES, SUPPORT_ROUTES
from tests.builders import PASSWORD, ROSTER
from tests.functions.desk import CLAIRE, KARIM, Agent
from tests.functions.people import LOUIS, NEW_PASSWORD, both, credentials
from tests.functions.reports import report_mail
from tests.functions.requests import CLAIM
from tests.functions.roster_steps import batches, step, work
from tests.functions.visitor import CONTEXT, Answer, handler
from tests.functions.world import World
from tests.in_memory.roster import as_csv
from tests.orders import scheduler
from tests.orders.scenes import TO_COMPLETE, UPLOADS, Scene

DONE = Answer(200, {}, "")
"""What stands for the answer of a function that no person calls."""

NOTHING = {"does": "nothing", "manifest": ""}
"""What stands for the check of a file that the scene has not."""

CHECK = "import_roster check"
WHOLE_IMPORTS = (CHECK, "import_roster undo")
"""Who takes part in orders of two alone: of threes there would be a third more, and the batches are in them."""

TRIES = 5
"""How often the machine takes a step (`infra/constructs/roster.py`)."""

Act = Callable[[World, Scene], Answer]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does one thing, or, as another one of its kind, the same thing otherwise."""

    name: str
    act: Act
    otherwise: bool = False

    def __str__(self) -> str:
        return f"{self.name} otherwise" if self.otherwise else self.name


Body = Callable[[Scene, int], object]

_MAILS = ("un@exemple.fr", "deux@exemple.fr")
_MOBILES = ("0611111111", "0622222222")
_PASSWORDS = (NEW_PASSWORD, "Baleine-Orange-1974-toit")


def _nothing(_: Scene, __: int) -> object:
    return {}


def _always(*bodies: object) -> Body:
    """That body; for the second of two, the second."""
    return lambda _, variant: bodies[variant % len(bodies)]


def _code(of: str) -> Body:
    """The right code; for the second of two, a wrong one."""

    def code(scene: Scene, variant: int) -> object:
        right = scene.codes.get(of, "000000")
        return {"code": "1" * len(right) if variant else right}

    return code


def _start(scene: Scene, _: int) -> object:
    return scene.person.start_body


def _signs_in(scene: Scene, variant: int) -> object:
    return credentials(scene.person, "Phrase-Fausse-77") if variant else credentials(scene.person)


def _row(scene: Scene, variant: int) -> object:
    row = {"email": _MAILS[variant]}
    return {"identifier": LOUIS.identifier, "version": scene.version, "row": row, "confirm": ["changes"]}


def _person(scene: Scene) -> Mapping[str, str]:
    return {"identifier": scene.person.identifier}


def _import_of_upload(scene: Scene) -> Mapping[str, str]:
    return {"upload": UploadPaths(scene.sender, scene.uploads["applied"]).import_id}


_DECIDES = ({"consents": False, "text_version": "1"}, {"consents": True, "text_version": "1"})

_ANSWERS = (CLAIM, CLAIM | {"explication": "Ils ne sont toujours pas là."})

REQUEST_OF = {
    "PUT /api/requests/{request_id}": "draft",
    "POST /api/requests/{request_id}/sending": "draft",
    "POST /api/requests/{request_id}/completion": "to_complete",
    "POST /api/requests/{request_id}/message": "examined",
    "GET /api/requests/{request_id}/document": "issued",
}
"""How far the request has come that each call is about; the others are about one that was sent."""


def _case(of: str, **more: str) -> Callable[[Scene], Mapping[str, str]]:
    """What an agent says of a request that has come so far."""
    return lambda scene: {"identifier": LOUIS.identifier, "number": scene.request(of)["number"], **more}


CALLS: Mapping[str, tuple[str, Body]] = {
    "POST /api/activation": ("new", _start),
    "POST /api/activation/code": ("activation", _nothing),
    "POST /api/activation/verification": ("activation", _code("activation")),
    "POST /api/activation/password": ("verified", _always(*map(both, _PASSWORDS))),
    "POST /api/password-reset": ("new", _start),
    "POST /api/password-reset/code": ("reset", _nothing),
    "POST /api/password-reset/verification": ("reset", _code("reset")),
    "POST /api/password-reset/password": ("reset_verified", _always(*map(both, _PASSWORDS))),
    "GET /api/session": ("session", _nothing),
    "POST /api/session": ("other", _signs_in),
    "DELETE /api/session": ("session", _nothing),
    "POST /api/session/code": ("sign_in", _always({}, {"channel": "email"})),
    "POST /api/session/verification": ("sign_in", _code("sign_in")),
    "GET /api/terms": ("session", _nothing),
    "PUT /api/account/consent": ("session", _always(*_DECIDES)),
    "PUT /api/account/code-channel": ("session", _always({"channel": "email"}, {"channel": "sms"})),
    "PUT /api/account/terms": ("session", _always({"version": "1"})),
    "GET /api/account": ("session", _nothing),
    "PUT /api/account/email": ("other", _always(*({"email": mail, "password": PASSWORD} for mail in _MAILS))),
    "PUT /api/account/mobile": ("other", _always(*({"mobile": to, "password": PASSWORD} for to in _MOBILES))),
    "GET /api/account/history": ("session", _nothing),
    "GET /api/account/export": ("session", _nothing),
    "DELETE /api/account/sessions": ("session", _nothing),
    "POST /api/account/contact/code": ("session", _nothing),
    "POST /api/account/contact/verification": ("session", _code("session")),
    "PUT /api/account/password": ("session", _always(*({"current": PASSWORD, **both(to)} for to in _PASSWORDS))),
    "GET /api/correspondent": ("correspondent", _nothing),
    "POST /api/correspondent/people/search": ("correspondent", _always({"structure": "S1"})),
    "PUT /api/correspondent/people": ("correspondent", _row),
    "POST /api/correspondent/uploads": ("correspondent", _nothing),
    "GET /api/correspondent/uploads/{upload_id}": ("correspondent", _nothing),
    "GET /api/correspondent/uploads/{upload_id}/report": ("correspondent", _nothing),
    "POST /api/correspondent/uploads/{upload_id}/application": ("correspondent", _always({"confirm": ["changes"]})),
    "POST /api/correspondent/uploads/{upload_id}/undoing": ("correspondent", _nothing),
    "POST /api/correspondent/requests/search": ("correspondent", _always({"structure": "S1"})),
    "GET /api/requests": ("session", _nothing),
    "POST /api/requests": ("session", _always({"kind": "non-versement"}, {"kind": "attestation-de-droits"})),
    "GET /api/requests/{request_id}": ("session", _nothing),
    "PUT /api/requests/{request_id}": ("session", _always(*({"version": 2, "fields": fields} for fields in _ANSWERS))),
    "POST /api/requests/{request_id}/sending": ("session", _nothing),
    "POST /api/requests/{request_id}/withdrawal": ("session", _nothing),
    "POST /api/requests/{request_id}/completion": ("session", _always(*({"fields": fields} for fields in _ANSWERS))),
    "POST /api/requests/{request_id}/message": ("session", _always({"text": "Merci."}, {"text": "Encore merci."})),
    "GET /api/requests/{request_id}/document": ("session", _nothing),
    "POST /api/documents/verification": (
        "new",
        lambda scene, _: {"code": scene.codes.get("document", "0000-0000-0000")},
    ),
}
"""The browser that makes each call of the API, and what it sends."""

DESK: Mapping[str, tuple[Agent, Mapping[str, str] | Callable[[Scene], Mapping[str, str]]]] = {
    "/support/search": (CLAIRE, {"structure_id": "S1", "last_name": "Gar"}),
    "/support/person": (CLAIRE, {"identifier": LOUIS.identifier}),
    "/support/contact": (CLAIRE, {"identifier": LOUIS.identifier, "email": "corrige@exemple.fr"}),
    "/support/contact/check": (CLAIRE, {"identifier": LOUIS.identifier, "email": "louis.garcia@mondomaine.com"}),
    "/support/contact/confirmation": (KARIM, {"identifier": LOUIS.identifier}),
    "/support/name": (CLAIRE, {"identifier": LOUIS.identifier, "last_name": "Garcias"}),
    "/support/name/confirmation": (KARIM, {"identifier": LOUIS.identifier}),
    "/support/code": (CLAIRE, {"identifier": LOUIS.identifier}),
    "/support/counters": (CLAIRE, {"identifier": LOUIS.identifier}),
    "/support/lock": (CLAIRE, {"identifier": LOUIS.identifier}),
    "/support/address": (CLAIRE, {"identifier": LOUIS.identifier}),
    "/support/closing": (CLAIRE, _person),
    "/support/closing/confirmation": (KARIM, _person),
    "/support/structure": (CLAIRE, {"structure_id": "S1"}),
    "/support/structure/without": (CLAIRE, {}),
    "/support/invitation": (CLAIRE, {"structure_id": "S2"}),
    "/support/invitation/confirmation": (KARIM, {"structure_id": "S2"}),
    "/support/invitations": (CLAIRE, lambda scene: {"import_id": scene.imported}),
    "/support/unlinking": (CLAIRE, lambda scene: {"identifier": scene.correspondent, "structure_id": "S1"}),
    "/support/arrivals": (CLAIRE, _import_of_upload),
    "/support/arrivals/confirmation": (CLAIRE, _import_of_upload),
    "/support/requests/queue": (CLAIRE, {}),
    "/support/requests/look": (CLAIRE, _case("sent")),
    "/support/requests/take": (CLAIRE, _case("sent")),
    "/support/requests/ask": (CLAIRE, _case("examined", **TO_COMPLETE)),
    "/support/requests/accept": (CLAIRE, _case("examined", words="Vos chèques partent demain.")),
    "/support/requests/refuse": (CLAIRE, _case("examined", words="Vos chèques ont été remis.")),
    "/support/requests/drop": (CLAIRE, _case("examined", words="Une autre demande dit la même chose.")),
    "/support/requests/settle": (CLAIRE, _case("examined")),
    "/support/requests/reopen": (KARIM, _case("refused")),
    "/support/requests/message": (CLAIRE, _case("examined", words="Nous cherchons.")),
}
"""Who at the help desk makes each call, and what they send."""


def _deliver(world: World, scene: Scene) -> Answer:
    assert world.stream(scene.waiting[-1]) == {"batchItemFailures": []}
    return DONE


def _report(event: str) -> Act:
    def report(_: World, scene: Scene) -> Answer:
        message_id, to = scene.reported
        report_mail(message_id, event, to=to)
        return DONE

    return report


def _work(number: int) -> Act:
    """The rest of what the machine does, once a file was checked and lies there: a batch, and the end."""

    def act(_: World, scene: Scene) -> Answer:
        prepared, batch = scene.works[number % len(scene.works)]
        _tried(lambda: work(prepared, batch))
        return _end(prepared)

    return act


def _machine(what: str) -> Act:
    """All that the machine does of an order, from the check on."""

    def act(world: World, scene: Scene) -> Answer:
        order = scene.orders.get(what)
        prepared = _tried(lambda: step("prepare", order=order)) if order else NOTHING
        if prepared["does"] not in (NOTHING["does"], "refused"):
            for batch in batches(world, prepared):
                _tried(partial(work, prepared, batch))
        return DONE if prepared["does"] == "refused" or not prepared["manifest"] else _end(prepared)

    return act


def _give_up(_: World, scene: Scene) -> Answer:
    """What the machine does where no check of a file ended, of which one may go on all the same."""
    _tried(lambda: step("give-up", order=scene.orders["check"]))
    return DONE


def _end(prepared: Any) -> Answer:
    _tried(lambda: step("report", does=prepared["does"], import_id=prepared["import_id"]))
    return DONE


def _tried(take: Callable[[], Any]) -> Any:
    """A step as the machine takes it: again where it fails, while others go on."""
    for _ in range(TRIES - 1):
        try:
            return take()
        except Exception:  # noqa: BLE001  # as the machine: whatever it was
            scheduler.sleep(1)
    return take()


def _purge(_: World, __: Scene) -> Answer:
    handler("purge_expired")({}, CONTEXT)
    return DONE


EVENTS: Mapping[str, tuple[Act, ...]] = {
    "deliver_message": (_deliver,),
    "record_delivery": (_report("bounce"), _report("complaint")),
    "import_roster": (_work(0), _work(1)),
    CHECK: (_machine("check"), _give_up),
    "import_roster undo": (_machine("undo"),),
    "purge_expired": (_purge,),
}
"""What each function does that an event source calls, or a schedule; the import, from which of its steps on."""


def is_import(actor: Actor) -> bool:
    return actor.name.startswith("import_roster")


@cache
def actors(variant: int = 0) -> tuple[Actor, ...]:
    """Everybody, in an order that stays the same."""
    calls = [Actor(name, _call(name, *how, variant), bool(variant)) for name, how in CALLS.items()]
    desk = [Actor(path, _ask(path, *how), bool(variant)) for path, how in DESK.items()]
    return *calls, *desk, *(Actor(name, acts[variant % len(acts)], bool(variant)) for name, acts in EVENTS.items())


def missing() -> set[str]:
    routes = {f"{route.method} {route.path}" for route in ROUTES} | {route.path for route in SUPPORT_ROUTES}
    called = {route.function for route in (*ROUTES, *SUPPORT_ROUTES)}
    by_event = {name.partition(" ")[0] for name in EVENTS}
    return routes - set(CALLS) - set(DESK) | {spec.name for spec in FUNCTIONS} - called - by_event


def _call(name: str, browser: str, body: Body, variant: int) -> Act:
    method, path = name.split(" ")
    is_safe, is_file = method in ("GET", "DELETE"), name == f"POST {UPLOADS}"

    def act(_: World, scene: Scene) -> Answer:
        visitor = scene.browser(browser)
        if is_file:
            return visitor.send(path, as_csv([ROSTER[variant]]))
        upload_id = scene.uploads["applied" if path.endswith("undoing") else "checked"]
        request_id = scene.request(REQUEST_OF.get(name, "sent"))["id"]
        named = path.format(upload_id=upload_id, request_id=request_id)
        return visitor.call(method, named, None if is_safe else body(scene, variant))

    return act


def _ask(path: str, agent: Agent, body: Mapping[str, str] | Callable[[Scene], Mapping[str, str]]) -> Act:
    def act(_: World, scene: Scene) -> Answer:
        return agent.ask(path.removeprefix("/support/"), **(body(scene) if callable(body) else body))

    return act
