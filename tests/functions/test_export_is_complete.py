"""Nothing that is stored about a person is left out of their export without a reason."""

from collections.abc import Iterator
from typing import Any

from activation.adapters.dynamodb import from_attributes
from activation.adapters.tables import TABLES
from tests.builders import ROSTER, row
from tests.functions.correspondents import at_home_as_correspondent
from tests.functions.desk import CLAIRE, REASON, close
from tests.functions.paths import ACCOUNT, RESET, SEARCH
from tests.functions.people import INES, LOUIS, LOUIS_MAIL, YANN, Person, change_mail, sign_in
from tests.functions.reports import report_mail
from tests.functions.requests import IN_A_MONTH, handle, opened, sent
from tests.functions.roster_steps import take_in_states
from tests.functions.test_correspondent_uploads import apply, send
from tests.functions.visitor import Visitor
from tests.functions.whole_life import LAST_PASSWORD, whole_life
from tests.functions.world import World
from tests.in_memory.states import by_number, said


def same(stored: str, shown: str, *names: str) -> dict[str, str]:
    """Attributes of a kind of row that stand under their own names in a part of the export."""
    return {f"{stored}.{name}": f"{shown}.{name}" for name in names}


def because(reason: str, *names: str) -> dict[str, str]:
    """Attributes that are left out for the same reason."""
    return dict.fromkeys(names, reason)


_PROOFS = {
    **same("TERMS", "terms", "version", "channel"),
    "TERMS.accepted_at": "terms.at",
    **same("EVENT", "events", "kind", "at"),
    "EVENT.reason": "events.label",
}
_TIMES = ("code_sent_at", "code_delivered_at", "signed_in_at", "previously_signed_in_at")
EXPORTED = {
    "accounts": {
        **same("PROFILE", "person", "identifier", "channel", "consent.*", "terms.*"),
        **{f"PROFILE.{name}": name for name in ("status", "roster.*", "deliverability.*", *_TIMES)},
        "PROFILE.proven.email": "person.email",
        "PROFILE.proven.sms": "person.mobile",
        "PROFILE.former.changed_at": "former_contacts.changed_at",
        "PROFILE.former.contacts.email": "former_contacts.email",
        "PROFILE.former.contacts.sms": "former_contacts.mobile",
        **same("CONSENT", "consents", "purpose", "text_version", "consents", "channel", "structure_id"),
        "CONSENT.decided_at": "consents.at",
        "PROFILE.consent.structure_id": "consents.structure_id",
        **_PROOFS,
        "PROFILE.structure_id": "roster.structure_id",
    },
    "structures": {
        "structure_id": "roster.structure_id",
        "name": "correspondent.structure",
        **{f"correspondent_{name}": f"correspondent.{name}" for name in ("name", "email", "phone")},
    },
    "requests": {
        "R.identifier": "person.identifier",
        "R.request_id": "requests.id",
        **same("R", "requests", "number", "kind", "kind_version", "state", "origin", "opened_at", "sent_at"),
        **same("R", "requests", "changed_at", "ended_at", "structure_id", "about", "answers.*", "asked.*"),
        **same("R", "requests", "words", "document_id"),
        **same("L", "requests.timeline", "at", "act", "by", "state", "words"),
        **same("D", "documents", "document_id", "identifier", "request_id", "kind", "attests", "last_name"),
        **same("D", "documents", "first_name", "structure_id", "employer", "attention", "since", "until", "issued_at"),
    },
}
"""Where each attribute stands in the export."""

_KEY, _HASH, _COUNTER = "the key of a row", "a hash", "a counter"
_EMPLOYEE = "names an employee, not the person; when and why they acted is exported (docs/adr/0019)"
_PASSING = "lives minutes, to prove a contact or to open a session; what comes of it is exported"

WITHHELD = {
    "accounts": {
        **because(_KEY, "PROFILE.record", "CONSENT.identifier", "CONSENT.record"),
        **because(_KEY, "TERMS.identifier", "TERMS.record", "EVENT.identifier", "EVENT.record"),
        **because(_COUNTER, "PROFILE.version", "PROFILE.session_epoch"),
        **because("the roster's name once more, to be found", "PROFILE.folded_last_name", "PROFILE.folded_usage_name"),
        **because("names a session that has ended, not the person", "CONSENT.session_id", "TERMS.session_id"),
        "PROFILE.journal.*": "which file wrote the roster; for a day what stood there before, to undo the file",
        "PROFILE.password.*": _HASH,
        "PROFILE.devices.*": "hashes of tokens; the times beside them are exported as known_browsers",
        "PROFILE.standing": "what roster and deliverability say, with the name once more, to be found by",
        "PROFILE.quarantine.*": "gone at activation, before which nobody can ask for an export; an event tells of it",
        "PROFILE.closing.*": "an agent's request that waits for another's; an event tells of it",
        "PROFILE.undated_closing": "of an account that was closed, for the hour until the proofs of before have a date",
        "PROFILE.closed_at": "of closed accounts, which nobody can enter; an event tells of it",
        "CONSENT.text_sha256": f"{_HASH}; the text's version is exported",
        "TERMS.document_sha256": f"{_HASH}; the document's version is exported",
        "EVENT.agent": _EMPLOYEE,
        "EVENT.flow_id": "names a flow that has ended, not the person",
    },
    "structures": {"journal.*": "which file wrote the employer, and what stood there before, to undo the file"},
    "pending_codes": {"*": _PASSING},
    "sessions": {"*": _PASSING},
    "limits": {"*": f"{_COUNTER}, under a hash of who or what it counts"},
    "outbox": {"*": "gone within a day; what the message tells of is exported as an event"},
    "requests": {
        **because(_KEY, "R.record", "L.identifier", "L.record", "D.record"),
        **because(_COUNTER, "R.version", "L.number"),
        **because(_EMPLOYEE, "R.decided_by", "L.agent"),
        **because("the timeline's last line once more", "R.last_act", "R.last_by"),
        "R.queue": "the kind once more, to be found by those who answer",
        "R.queued_at": "when it was sent, once more",
        "R.due_on": "the day on which the cleanup looks at it again, by the times beside it (docs/privacy.md)",
        "R.reminded": "whether a notice was sent that its end is near",
        "R.journal.*": "which file of states changed it; what stood before, as the timeline says, to undo the file",
        "L.request_id": "the request beside which it is exported",
        "D.code_hash": f"{_HASH} of the document's code, which its page shows",
        "D.due_on": "the day on which it is erased, by its end",
        "OPEN.*": f"{_COUNTER}, and which drafts there are",
        "POINTER.*": "finds a request by its number, a document by its code",
    },
}
"""Why each of the others does not."""


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Every path to a plain value in a row or a JSON body; the places of a list share one path."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from paths(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for member in value:
            yield from paths(member, path)
    else:
        yield path


def attributes(world: World, table: str) -> set[str]:
    """The paths of all that a table holds; where it has several kinds of rows they begin with that."""
    rows = [from_attributes(row) for row in world.rows(table)]
    if table not in ("accounts", "requests"):
        return {path for row in rows for path in paths(dict(row))}
    return {path for row in rows for path in paths(dict(row), str(row["record"]).partition("#")[0])}


def covers(patterns: set[str], path: str) -> bool:
    """Whether the path is one of the patterns, or lies under one that ends in a star."""
    return path in patterns or any(p.endswith("*") and path.startswith(p[:-1]) for p in patterns)


def compare(stored: set[str], shown: set[str], exported: dict[str, str], withheld: dict[str, str], table: str) -> None:
    """All that is stored is exported or has a reason not to be, and nothing else is said to be stored, or exported."""
    known = {*exported, *withheld}
    assert {path for path in stored if not covers(known, path)} == set(), table
    assert {name for name in known if not any(covers({name}, path) for path in stored)} == set(), f"{table}: stale"
    assert {place for place in exported.values() if not any(covers({place}, path) for path in shown)} == set(), table


def ask_for_all_sorts(world: World, visitor: Visitor) -> None:
    """Requests in every state in which they hold something more, and a document."""
    refused, asked, by_file = sent(visitor), sent(visitor), sent(visitor)
    for claim in (refused, asked, by_file):
        handle(CLAIRE, claim, "take")
    handle(CLAIRE, refused, "refuse", words="Trop tard.")
    for claim in (asked, by_file):
        handle(CLAIRE, claim, "ask", field="la date", because="incomplet", before=IN_A_MONTH, words="Quel jour ?")
    take_in_states(world, [by_number(by_file["number"], "settled", words="Vos titres sont repartis."), said()])
    sent(visitor)
    opened(visitor, about=refused["id"])
    world.import_rows([{**row, "start_date": "2020-09-01"} for row in ROSTER])
    opened(visitor, "attestation-de-droits")


def test_every_attribute_of_every_table_is_exported_or_has_a_reason_not_to_be(world: World) -> None:
    """And no secret of what is exported opens the account: no password's hash, no token of a browser or a session."""
    whole_life(world)
    # as the cleanup notes it while somebody is still invited
    noted = {name: {"N": "1795512000"} for name in ("code_sent_at", "code_delivered_at")}
    world.deployment.dynamodb.put_item(TableName="accounts", Item=world.profile() | noted)
    world.advance(60)
    visitor = sign_in(world, LOUIS, LAST_PASSWORD)
    change_mail(world, visitor, "louis@nouveau.fr", LAST_PASSWORD)
    Visitor().post(RESET, LOUIS.start_body)
    [code] = world.pending()
    world.deliver()
    report_mail(code, "bounce", to=LOUIS_MAIL)
    ask_for_all_sorts(world, visitor)
    CLAIRE.ask("closing", LOUIS.identifier)
    CLAIRE.ask("contact", INES.identifier, email="ines@nouveau.fr")
    close(YANN.identifier)
    export = visitor.get(f"{ACCOUNT}/export")
    assert export.body["signed_in_at"] == world.in_(0)
    assert [change["email"] for change in export.body["former_contacts"]][-1] == "louis.garcia@mondomaine.com"
    assert len(export.body["known_browsers"]) >= 1
    profile = from_attributes(world.profile())
    secrets = {profile["password"]["encoded"], *profile["devices"], *visitor.cookies.values()}
    assert [secret for secret in secrets if secret in export.text] == []
    shown = set(paths(export.body))
    for table in (spec.name for spec in TABLES):
        compare(attributes(world, table), shown, EXPORTED.get(table, {}), WITHHELD[table], table)


EXPORTED_OF_CORRESPONDENTS = {
    **same("CORRESPONDENT", "person", "identifier", "channel", "terms.*"),
    "CORRESPONDENT.status": "status",
    **same("CORRESPONDENT", "invitation", "last_name", "other_name", "first_name", "email", "mobile", "structures"),
    "CORRESPONDENT.proven.email": "person.email",
    "CORRESPONDENT.signed_in_at": "signed_in_at",
    **_PROOFS,
    "EVENT.changed": "events.label",
    **same("UPLOAD", "uploads", "sent_at", "state", "structures", "counts.*", "applied_at"),
    "UPLOAD.admitted_at": "uploads.confirmed_at",
}
"""Where each attribute of a correspondent's rows stands in their export."""

WITHHELD_OF_CORRESPONDENTS = {
    **because(_KEY, "CORRESPONDENT.record", "MAIL.record", "UPLOAD.identifier", "UPLOAD.record"),
    **because(_COUNTER, "CORRESPONDENT.version", "CORRESPONDENT.session_epoch", "UPLOAD.progress.*", "UPLOAD.stayed"),
    **because(f"{_HASH} of the work mail, which is exported", "CORRESPONDENT.mail_key", "MAIL.identifier"),
    "CORRESPONDENT.password.*": _HASH,
    "CORRESPONDENT.devices.*": WITHHELD["accounts"]["PROFILE.devices.*"],
    "CORRESPONDENT.invited_until": "the end of the invitation; gone at activation, before which nobody can ask",
    "MAIL.account": "the identifier once more",
    "UPLOAD.erase_at": "30 days after it was sent",
    "UPLOAD.since": "when its step began; when it was sent and applied is exported",
    "UPLOAD.changes.*": "whom a file that waits would change: other people",
    "UPLOAD.confirm.*": "what a file that waits asks of its sender",
    "UPLOAD.findings.*": "what its report says, which is to be downloaded for as long",
    "LATEST_IMPORT.*": "which of the exported files ran last",
    "GIVEN.*": f"{_HASH} of a contact that is another's, and whose it is, for 30 days",
    **{name: why for name, why in WITHHELD["accounts"].items() if name.startswith(("TERMS.", "EVENT."))},
}


def send_all_sorts(world: World, visitor: Visitor, identifier: str) -> None:
    """A file that was applied, whose arrivals an agent took in, one that waits with all that it has, and a row."""
    applied = apply(world, send(world, [row("10000001", "Garcia", "Lou"), row("30000009", "Neuf", "Eva")], identifier))
    name = f"{identifier}-{applied.upload_id}"
    assert CLAIRE.send("arrivals/confirmation", {"upload": name, "reason": REASON}).status == 200
    waiting = [row(one["identifier"], "Zorro", "Zoé", email="nope@", structure_id="S1") for one in ROSTER]
    gone = [{**each, "email": "", "end_date": "2026-12-31"} for each in waiting]
    assert send(world, [*gone, {**row("30000010", "Non", "Eva"), "email": "nope"}], identifier).confirm
    [louis] = visitor.post(SEARCH, {"structure": "S1", "identifier": "10000001"}).body["people"]
    said = {"identifier": "10000001", "version": louis["version"], "row": {"email": "lou@exemple.fr"}}
    assert visitor.put("/api/correspondent/people", said).status == 200


def test_every_attribute_of_a_correspondents_rows_is_exported_or_has_a_reason_not_to_be(world: World) -> None:
    told = CLAIRE.ask("invitation", structure_id="S1", last_name="Fontaine", first_name="Claire")
    [account] = told.body["correspondents"]
    visitor = at_home_as_correspondent(world, Person(account["identifier"], "Fontaine"))
    send_all_sorts(world, visitor, account["identifier"])
    shown = set(paths(visitor.get(f"{ACCOUNT}/export").body))
    theirs = ("CORRESPONDENT.", "MAIL.", "TERMS.", "EVENT.", "UPLOAD.", "GIVEN.", "LATEST_IMPORT.")
    stored = {path for path in attributes(world, "accounts") if path.startswith(theirs)}
    compare(stored, shown, EXPORTED_OF_CORRESPONDENTS, WITHHELD_OF_CORRESPONDENTS, "accounts")
