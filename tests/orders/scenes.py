"""Where everybody stands when an order begins: an account at some time of its life, with much under way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from activation.adapters.counters import throttle_scope
from activation.domain.limits import Limits
from activation.domain.times import paris_day
from activation.domain.upload_keys import UploadPaths
from tests.builders import PASSWORD, ROSTER, row
from tests.functions.correspondents import ELSEWHERE, at_home_as_correspondent
from tests.functions.desk import CLAIRE, KARIM
from tests.functions.paths import ACTIVATION, CHANNEL, CONSENT, CONTACT, REQUESTS, RESET, SESSION, TERMS
from tests.functions.people import LOUIS, Person, activate, at_home, credentials
from tests.functions.requests import CLAIM, IN_A_MONTH, handle, opened, saved, sent
from tests.functions.roster_steps import INCOMING, STATES, batches, carry_out, prepare, put, send, step, upload
from tests.functions.visitor import Visitor
from tests.functions.world import World
from tests.in_memory.roster import as_csv
from tests.in_memory.states import as_states, by_number, said

MIDNIGHT = int(datetime(2026, 11, 28, 23, tzinfo=UTC).timestamp())
"""In Paris, four days after every world begins."""

WRONG_PASSWORD = "Phrase-Fausse-77"
UPLOADS = "/api/correspondent/uploads"
NO_UPLOAD = "20261124T093000Z-000000000000"
NO_REQUEST = {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "number": "100000000"}
TO_COMPLETE = {"field": "la date d'envoi", "because": "incomplet", "before": IN_A_MONTH}
ARRIVES = row("20000001", "Lefèvre", "Zoé")
ANOTHER = {"correspondent_name": "Paul Martin", "correspondent_email": "paul.martin@mondomaine.com"}


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
    works: list[tuple[Any, str]] = field(default_factory=list)
    """What the machine hands to workers of the import: what was prepared, and a batch of it."""
    orders: dict[str, Any] = field(default_factory=dict)
    """What the machine is to begin: a file to check, an import to undo or to take back."""
    person: Person = LOUIS
    """Whose browsers these are."""
    version: str = "none"
    """Of Louis's row, as his correspondent read it."""
    correspondent: str = "C00000000"
    """Who answers for Louis's structure."""
    sender: str = "C00000000"
    """Who sent the file that was applied."""
    uploads: dict[str, str] = field(default_factory=lambda: dict.fromkeys(("checked", "applied"), NO_UPLOAD))
    """Ids of files that correspondents sent, by how far each has come."""
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    """Ids and numbers of Louis's requests, by how far each has come."""
    imported: str = "none"
    """The import that brought a structure for which nobody answers."""
    now: int = 0

    def request(self, what: str) -> dict[str, str]:
        """Louis's request that has come so far; one that nobody has where the scene has none."""
        return self.requests.get(what, NO_REQUEST)

    def browser(self, what: str) -> Visitor:
        """A tab of that browser; of a new one where the scene has none."""
        return self.browsers[what].twin() if what in self.browsers else Visitor(address="203.0.113.99")


def invited(world: World) -> Scene:
    """Louis is invited: one browser may choose a password, another waits for its second code, one has a decoy.

    An agent has corrected his mobile; an import has named him otherwise since.
    """
    scene = _begin(world, "invited")
    _with_proof(world, scene, "verified", ACTIVATION)
    _with_code(world, scene, "activation", ACTIVATION)
    _report_of(world, scene)
    scene.browsers["activation"].post(f"{ACTIVATION}/verification", {"code": "000000"})
    _with_code(world, scene, "reset", RESET)
    assert CLAIRE.ask("contact", LOUIS.identifier, mobile="0698765432").status == 200
    assert CLAIRE.ask("name", LOUIS.identifier, last_name="Garcin").status == 200
    imported = [ROSTER[0] | {"mobile": "0698765432", "first_name": "Lou"}, *ROSTER[1:]]
    return _end(world, scene, "activation", ACTIVATION, imported=imported)


def brought(world: World) -> Scene:
    """Louis, whom an import has brought an hour ago, may choose a password in one browser."""
    scene = _begin(world, "brought")
    _with_proof(world, scene, "verified", ACTIVATION)
    scene.orders["undo"], scene.now = {"undo": _import_of(world, LOUIS)}, world.now
    return scene


def onboarding(world: World) -> Scene:
    """Louis has a password and has not accepted the terms. He wants his codes by SMS; a browser may choose one."""
    scene = _begin(world, "onboarding")
    _with_proof(world, scene, "verified", ACTIVATION)
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
    """Louis is at home twice; a sign-in, resets and a new mail are under way. His employment ended a minute ago.

    An import has named him otherwise since he was active last.
    """
    scene = _begin(world, "home")
    louis = Visitor(address="203.0.113.20")
    activate(world, louis, LOUIS)
    world.deliver()
    louis.put(CONSENT, {"consents": True, "text_version": "1"})
    louis.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})
    _keep_code(world, scene, "session", louis)
    _type_code(scene, "session", CONTACT)
    assert louis.put(TERMS, {"version": "1"}).said == (200, "home")
    world.deliver()
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-28"}, *ROSTER[1:]])
    world.advance(MIDNIGHT - 300 - world.now)
    other = Visitor(address="203.0.113.21")
    scene.browsers["other"] = other
    for name, visitor in (("other", other), ("session", louis)):
        assert visitor.post(SESSION, credentials(LOUIS)).said == (202, "verify_code")
        _keep_code(world, scene, name, visitor)
        _type_code(scene, name, SESSION)
    _with_proof(world, scene, "reset_verified", RESET)
    _with_code(world, scene, "reset", RESET)
    signing_in = Visitor(address="203.0.113.22")
    assert signing_in.post(SESSION, credentials(LOUIS)).said == (202, "verify_code")
    _keep_code(world, scene, "sign_in", signing_in)
    _report_of(world, scene)
    assert louis.put("/api/account/email", {"email": "autre@exemple.fr", "password": PASSWORD}).status == 202
    _keep_code(world, scene, "session", louis)
    for _ in range(10):
        Visitor(address="203.0.113.50").post(SESSION, credentials(LOUIS, WRONG_PASSWORD))
    imported = [ROSTER[0] | {"end_date": "2026-11-28", "first_name": "Lou"}, *ROSTER[1:]]
    return _end(world, scene, "session", CONTACT, imported=imported, seconds=360)


def space(world: World) -> Scene:
    """Claire at home: a file of hers is checked, one is applied; a roster brings another correspondent; she is closed.

    Nobody answers for S2 yet, whose roster names her. Paul's invitation to S1 waits for the worker.
    """
    scene = _begin(world, "space")
    for _ in range(2):
        imported = world.import_rows([*ROSTER, {**ELSEWHERE, "correspondent_name": "Claire FONTAINE"}])
    scene.person = _invited_to("S1")
    scene.correspondent = scene.sender = scene.person.identifier
    claire = at_home_as_correspondent(world, scene.person)
    applied = _sent(world, claire, [ROSTER[0] | {"first_name": "Lou"}, ARRIVES, *ROSTER[1:]])
    _applied(world, claire, applied)
    checked = _sent(world, claire, [ROSTER[0] | {"email": "deux@exemple.fr"}, *ROSTER[1:]])
    scene.uploads = {"applied": applied, "checked": checked}
    scene.version = _version(claire)
    _with_browsers(world, scene, claire)
    assert CLAIRE.ask("invitation", structure_id="S2", email="autre@exemple.fr").body["outcome"] == "waiting"
    _end(world, scene, "session", "", rows=[each | ANOTHER for each in ROSTER])
    scene.imported = imported["import_id"]
    undoing = step("prepare", order={"undo": UploadPaths(scene.sender, applied).import_id})
    scene.works.append((undoing, batches(world, undoing)[0]))
    _invited_to("S1", email="paul@exemple.fr")
    scene.waiting = world.pending()
    return scene


def declared(world: World) -> Scene:
    """Louis, invited, of whom Claire's file is being applied, while Paul's is being taken back. One guess locks him.

    Yann, whom Claire's file changes too, has gone to another structure since it was checked.
    """
    scene = _begin(world, "declared")
    claire = at_home_as_correspondent(world, of_claire := _invited_to("S1"))
    paul = at_home_as_correspondent(world, of_paul := _invited_to("S1", email="paul@exemple.fr"))
    scene.correspondent, scene.sender = of_claire.identifier, of_paul.identifier
    taken_back = {"first_name": "Lou", "mobile": "0611223344"}
    applied = _sent(world, paul, [ROSTER[0] | taken_back, ARRIVES, *ROSTER[1:]])
    _applied(world, paul, applied)
    changed = [ROSTER[0] | {"email": "nouveau@exemple.fr"}, ROSTER[1], ROSTER[2] | {"first_name": "Yannick"}]
    sent = _sent(world, claire, [*changed, *ROSTER[3:]])
    world.import_rows([ROSTER[2] | {"structure_id": "S2", "structure_name": "Ville d'ailleurs"}])
    scene.uploads = {"checked": sent, "applied": applied}
    scene.version, scene.browsers["correspondent"] = _version(claire), claire
    _with_proof(world, scene, "verified", ACTIVATION)
    _stand_before_a_lock(world)
    _with_code(world, scene, "activation", ACTIVATION)
    _report_of(world, scene)
    _end(world, scene, "activation", ACTIVATION)
    scene.works.clear()
    assert claire.post(f"{UPLOADS}/{sent}/application", {"confirm": ["changes"]}).status == 202
    assert paul.post(f"{UPLOADS}/{applied}/undoing").status == 202
    for key in (UploadPaths(scene.correspondent, sent).application, UploadPaths(scene.sender, applied).undoing):
        begun = prepare(key)
        scene.works.append((begun, batches(world, begun)[0]))
    scene.orders["undo"] = put(UploadPaths(scene.sender, applied).undoing)
    return scene


def requesting(world: World) -> Scene:
    """Louis at home, whose requests have come as far as each may; his correspondent may follow them.

    A file of hers waits for its check.
    """
    scene = _begin(world, "requesting")
    louis = at_home(world, LOUIS)
    world.import_rows([{**each, "start_date": "2020-09-01"} for each in ROSTER])
    claire = at_home_as_correspondent(world, of_claire := _invited_to("S1"))
    scene.correspondent = of_claire.identifier
    louis.put(CONSENT, {"consents": True, "text_version": "1"})
    scene.browsers |= {"session": louis, "correspondent": claire}
    scene.requests["issued"] = issued = _known(opened(louis, "attestation-de-droits"))
    scene.codes["document"] = louis.get(f"{REQUESTS}/{issued['id']}/document").body["code"]
    for name in ("sent", "examined", "to_complete", "refused"):
        request = scene.requests[name] = _known(sent(louis))
        if name != "sent":
            assert handle(CLAIRE, request, "take").status == 200
    assert handle(CLAIRE, scene.requests["to_complete"], "ask", **TO_COMPLETE).status == 200
    world.deliver()
    _report_of(world, scene)
    assert handle(CLAIRE, scene.requests["refused"], "refuse", words="Vos chèques ont été remis.").status == 200
    draft = opened(louis)
    assert saved(louis, draft, **CLAIM).status == 200
    scene.requests["draft"] = _known(draft)
    _states_of(world, scene)
    sent_by_claire = claire.send(UPLOADS, as_csv([ROSTER[0] | {"email": "deux@exemple.fr"}, *ROSTER[1:]]))
    _end(world, scene, "session", "")
    scene.orders["check"] = put(UploadPaths(scene.correspondent, sent_by_claire.body["upload_id"]).file)
    return scene


SCENES: dict[str, Callable[[World], Scene]] = {
    "invited": invited,
    "onboarding": onboarding,
    "home": home,
    "space": space,
    "declared": declared,
    "requesting": requesting,
}


def _states_of(world: World, scene: Scene) -> None:
    """Files of states for the machine, a row each: what agents handle meanwhile, and a request that came by post."""
    of_claim = by_number(scene.requests["examined"]["number"], "settled", paris_day(world.now), words="Ils partent.")
    for each in (of_claim, said("settled")):
        prepared = prepare(STATES, upload(world, as_states([each]), STATES, apply="yes"))
        [batch] = batches(world, prepared)
        scene.works.append((prepared, batch))


def _import_of(world: World, person: Person) -> str:
    row = world.row("accounts", identifier=person.identifier, record="PROFILE")
    return str(row["journal"]["M"]["import_id"]["S"])


def _known(request: dict[str, Any]) -> dict[str, str]:
    return {name: request[name] for name in ("id", "number")}


def _begin(world: World, name: str) -> Scene:
    world.begin_anew()
    return Scene(name)


def _with_code(world: World, scene: Scene, name: str, path: str) -> None:
    """A browser that asked for a code; the worker has sent it, if Louis may have one."""
    visitor = Visitor(address=f"203.0.113.{30 + len(scene.browsers)}")
    assert visitor.post(path, scene.person.start_body).said == (202, "verify_code")
    _keep_code(world, scene, name, visitor)


def _with_proof(world: World, scene: Scene, name: str, path: str) -> None:
    """A browser that typed the code which came for it."""
    _with_code(world, scene, name, path)
    _type_code(scene, name, path)


def _type_code(scene: Scene, name: str, path: str) -> None:
    typed = {"code": scene.codes[name]}
    assert scene.browsers[name].post(f"{path}/verification", typed).status == 200


def _keep_code(world: World, scene: Scene, name: str, visitor: Visitor | None = None) -> None:
    scene.browsers[name] = visitor or scene.browsers[name]
    codes = [message.code for message in world.deliver() if message.has_code]
    scene.codes[name] = codes[-1] if codes else "000000"


def _stand_before_a_lock(world: World) -> None:
    """As many wrong codes as may be were typed in Louis's name, over days."""
    verified = [flow for flow in world.rows("pending_codes") if flow["state"]["S"] == "verified"]
    [throttle_key] = {flow["throttle_key"]["S"] for flow in verified}
    world.deployment.dynamodb.update_item(
        TableName="limits",
        Key={"scope": {"S": throttle_scope(throttle_key)}},
        UpdateExpression="SET wrong = :most",
        ExpressionAttributeValues={":most": {"N": str(Limits().wrong_codes_per_person - 1)}},
    )


def _report_of(world: World, scene: Scene) -> None:
    """What SES may report of: the mail that was sent last."""
    mail = world.wire.asked("SendEmail")[-1]
    [to], [tag] = mail["Destination"]["ToAddresses"], mail["EmailTags"]
    scene.reported = tag["Value"], to


def _end(
    world: World,
    scene: Scene,
    waits: str,
    path: str,
    *,
    imported: list[dict[str, str]] | None = None,
    rows: list[dict[str, str]] | None = None,
    seconds: int = 60,
) -> Scene:
    """What the desk, the roster and the worker have to do; a code sent again waits for the worker."""
    assert CLAIRE.ask("closing", scene.person.identifier).status == 200
    if imported:
        world.import_rows(imported)
    changed = [
        ROSTER[0] | {"email": "nouveau@mondomaine.com", "first_name": "Louis-Marie"},
        ROSTER[1] | {"identifier": "10000008"},
        *ROSTER[1:],
    ]
    confirmed = {"confirm_changes": "yes", "confirm_correspondents": "yes"}
    scene.orders = {"check": (sent := put(INCOMING, send(world, rows or changed, apply="yes", **confirmed)))}
    scene.orders["undo"] = {"undo": _import_of(world, LOUIS)}
    prepared = step("prepare", order=sent)
    [batch] = batches(world, prepared)
    scene.works.append((prepared, batch))
    world.advance(seconds)
    assert not path or scene.browsers[waits].post(f"{path}/code").status == 202
    scene.waiting = world.pending()
    scene.now = world.now
    return scene


def _with_browsers(world: World, scene: Scene, visitor: Visitor) -> None:
    """Whoever is at home there has resets and a sign-in under way, and is at home in another browser, too."""
    scene.browsers |= {"session": visitor, "correspondent": visitor}
    for name in ("other", "sign_in"):
        scene.browsers[name] = Visitor(address=f"203.0.113.{30 + len(scene.browsers)}")
        assert scene.browsers[name].post(SESSION, credentials(scene.person)).said == (202, "verify_code")
        _keep_code(world, scene, name)
    _type_code(scene, "other", SESSION)
    _with_proof(world, scene, "reset_verified", RESET)
    _with_code(world, scene, "reset", RESET)
    _report_of(world, scene)


def _invited_to(structure_id: str, **more: str) -> Person:
    """A correspondent whom the desk has invited to that structure; with a mail, one that the roster does not name."""
    said = {"last_name": "Fontaine", "first_name": "Claire", **more}
    answer = CLAIRE.ask("invitation", structure_id=structure_id, **said)
    if more:
        answer = KARIM.ask("invitation/confirmation", structure_id=structure_id)
    assert answer.body["outcome"] == "invited"
    return Person(answer.body["correspondents"][-1]["identifier"], "Fontaine")


def _sent(world: World, visitor: Visitor, rows: list[dict[str, str]]) -> str:
    """A file of theirs, checked; its id."""
    upload_id: str = visitor.send(UPLOADS, as_csv(rows)).body["upload_id"]
    carry_out(world, UploadPaths(_whose(world, upload_id), upload_id).file)
    assert visitor.get(f"{UPLOADS}/{upload_id}").body["state"] == "checked"
    return upload_id


def _applied(world: World, visitor: Visitor, upload_id: str) -> None:
    assert visitor.post(f"{UPLOADS}/{upload_id}/application", {"confirm": []}).status == 202
    carry_out(world, UploadPaths(_whose(world, upload_id), upload_id).application)
    assert visitor.get(f"{UPLOADS}/{upload_id}").body["state"] == "applied"
    world.deliver()


def _whose(world: World, upload_id: str) -> str:
    [found] = [item for item in world.rows("accounts") if item["record"]["S"] == f"UPLOAD#{upload_id}"]
    return str(found["identifier"]["S"])


def _version(visitor: Visitor) -> str:
    found = visitor.post("/api/correspondent/people/search", {"structure": "S1", "identifier": LOUIS.identifier})
    return str(found.body["people"][0]["version"])
