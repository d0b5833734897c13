"""Where everybody stands when an order begins: Louis's account at three times of its life, with much under way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.builders import PASSWORD, ROSTER
from tests.functions.desk import CLAIRE
from tests.functions.people import (
    ACTIVATION,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS,
    RESET,
    SESSION,
    TERMS,
    activate,
    credentials,
)
from tests.functions.roster_steps import batches, prepare, send
from tests.functions.visitor import Visitor
from tests.functions.world import World

MIDNIGHT = int(datetime(2026, 11, 28, 23, tzinfo=UTC).timestamp())
"""In Paris, four days after every world begins."""

WRONG_PASSWORD = "Phrase-Fausse-77"


@dataclass
class Scene:
    """Browsers by what each is about to do, with the code that came for it; and what waits for the functions."""

    name: str
    browsers: dict[str, Visitor] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    """Messages that the worker has not seen."""
    reported: tuple[str, str] = ("", "")
    """A message that was sent, and where to."""
    prepared: Any = None
    batch: str = ""
    now: int = 0

    def browser(self, what: str) -> Visitor:
        """A tab of that browser; of a new one where the scene has none."""
        return self.browsers[what].twin() if what in self.browsers else Visitor(address="203.0.113.99")


def invited(world: World) -> Scene:
    """Louis is invited: one browser may choose a password, another waits for its second code, one has a decoy."""
    scene = _begin(world, "invited")
    _with_code(world, scene, "verified", ACTIVATION)
    assert scene.browsers["verified"].post(f"{ACTIVATION}/verification", _code(scene, "verified")).status == 200
    _with_code(world, scene, "activation", ACTIVATION)
    _report_of(world, scene)
    scene.browsers["activation"].post(f"{ACTIVATION}/verification", {"code": "000000"})
    _with_code(world, scene, "reset", RESET)
    assert CLAIRE.ask("contact", LOUIS.identifier, mobile="0698765432").status == 200
    assert CLAIRE.ask("name", LOUIS.identifier, last_name="Garcin").status == 200
    return _end(world, scene, "activation", ACTIVATION)


def onboarding(world: World) -> Scene:
    """Louis has a password and has not accepted the terms. He wants his codes by SMS; a browser may choose one."""
    scene = _begin(world, "onboarding")
    _with_code(world, scene, "verified", ACTIVATION)
    assert scene.browsers["verified"].post(f"{ACTIVATION}/verification", _code(scene, "verified")).status == 200
    scene.browsers["session"] = louis = Visitor(address="203.0.113.20")
    activate(world, louis, LOUIS)
    world.deliver()
    louis.put(CONSENT, {"consents": True, "text_version": "1"})
    louis.put(CHANNEL, {"channel": "email"})
    _with_code(world, scene, "reset", RESET)
    _report_of(world, scene)
    louis.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})
    _keep_code(world, scene, "session")
    return _end(world, scene, "session", CONTACT)


def home(world: World) -> Scene:
    """Louis is at home twice; a sign-in, resets and a new mail are under way. His employment ended a minute ago."""
    scene = _begin(world, "home")
    louis = Visitor(address="203.0.113.20")
    activate(world, louis, LOUIS)
    world.deliver()
    louis.put(CONSENT, {"consents": True, "text_version": "1"})
    louis.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})
    _keep_code(world, scene, "session", louis)
    assert louis.post(f"{CONTACT}/verification", _code(scene, "session")).status == 200
    assert louis.put(TERMS, {"version": "1"}).said == (200, "home")
    world.deliver()
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-28"}, *ROSTER[1:]])
    world.advance(MIDNIGHT - 300 - world.now)
    other = Visitor(address="203.0.113.21")
    scene.browsers["other"] = other
    for name, visitor in (("other", other), ("session", louis)):
        assert visitor.post(SESSION, credentials(LOUIS)).said == (202, "verify_code")
        _keep_code(world, scene, name, visitor)
        assert visitor.post(f"{SESSION}/verification", _code(scene, name)).status == 200
    _with_code(world, scene, "reset_verified", RESET)
    assert scene.browsers["reset_verified"].post(f"{RESET}/verification", _code(scene, "reset_verified")).status == 200
    _with_code(world, scene, "reset", RESET)
    signing_in = Visitor(address="203.0.113.22")
    assert signing_in.post(SESSION, credentials(LOUIS)).said == (202, "verify_code")
    _keep_code(world, scene, "sign_in", signing_in)
    _report_of(world, scene)
    assert louis.put("/api/account/email", {"email": "autre@exemple.fr", "password": PASSWORD}).status == 202
    _keep_code(world, scene, "session", louis)
    for _ in range(10):
        Visitor(address="203.0.113.50").post(SESSION, credentials(LOUIS, WRONG_PASSWORD))
    return _end(world, scene, "session", CONTACT, seconds=360)


SCENES: dict[str, Callable[[World], Scene]] = {"invited": invited, "onboarding": onboarding, "home": home}


def _begin(world: World, name: str) -> Scene:
    world.begin_anew()
    return Scene(name)


def _with_code(world: World, scene: Scene, name: str, path: str) -> None:
    """A browser that asked for a code; the worker has sent it, if Louis may have one."""
    visitor = Visitor(address=f"203.0.113.{30 + len(scene.browsers)}")
    assert visitor.post(path, LOUIS.start_body).said == (202, "verify_code")
    _keep_code(world, scene, name, visitor)


def _keep_code(world: World, scene: Scene, name: str, visitor: Visitor | None = None) -> None:
    scene.browsers[name] = visitor or scene.browsers[name]
    codes = [message.code for message in world.deliver() if message.has_code]
    scene.codes[name] = codes[-1] if codes else "000000"


def _code(scene: Scene, name: str) -> dict[str, str]:
    return {"code": scene.codes[name]}


def _report_of(world: World, scene: Scene) -> None:
    """What SES may report of: the mail that was sent last."""
    mail = world.wire.asked("SendEmail")[-1]
    [to], [tag] = mail["Destination"]["ToAddresses"], mail["EmailTags"]
    scene.reported = tag["Value"], to


def _end(world: World, scene: Scene, waits: str, path: str, *, seconds: int = 60) -> Scene:
    """What the desk, the roster and the worker have to do; a code sent again waits for the worker."""
    assert CLAIRE.ask("closing", LOUIS.identifier).status == 200
    rows = [
        ROSTER[0] | {"email": "nouveau@mondomaine.com", "first_name": "Louis-Marie"},
        ROSTER[1] | {"identifier": "10000008"},
        *ROSTER[1:],
    ]
    scene.prepared = prepare(version=send(world, rows, apply="yes", confirm_changes="yes"))
    [scene.batch] = batches(world, scene.prepared)
    world.advance(seconds)
    assert scene.browsers[waits].post(f"{path}/code").status == 202
    scene.waiting = world.pending()
    assert scene.waiting, "the worker has something to do"
    scene.now = world.now
    return scene
