"""What all tables together must always say, whatever failed on the way: no state is half written."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from activation.adapters.accounts import PROFILE, found_by_of
from activation.adapters.tables import TABLES
from activation.domain.flows import LIVE_CODES
from activation.domain.limits import Limits
from activation.domain.requests.states import OPEN
from activation.domain.retention import SECONDS, DataCategory

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]

_ACCOUNTS = ("PROFILE", "CORRESPONDENT")

_CONTENT = {"kind", "identifier", "dies_at"}
"""What a message says, until it is dropped; what was sent keeps it for the reports on it (docs/adr/0009)."""


def broken_promises(rows_of: Callable[[str], list[dict[str, Any]]], limits: Limits) -> list[str]:
    """Every promise that the rows of the six tables break, in words; `rows_of` gives a table's rows."""
    read = TypeDeserializer().deserialize
    tables: Tables = {
        spec.name: [{name: read(value) for name, value in row.items()} for row in rows_of(spec.name)] for spec in TABLES
    }
    return promises_broken_by(tables, limits)


def promises_broken_by(tables: Tables, limits: Limits) -> list[str]:
    """The same, of rows in plain values."""
    alone = (_of_people, _of_indexes, _of_links, _of_sessions, _of_requests, _of_messages)
    parts = [of(tables) for of in alone] + [of(tables, limits) for of in (_of_flows, _of_counters)]
    return [broken for part in parts for broken in part]


def _of_people(tables: Tables) -> Iterator[str]:
    lines = [row for row in tables["accounts"] if row["record"] not in (*_ACCOUNTS, "MAIL")]
    for person in _profiles(tables).values():
        own = [row for row in lines if row["identifier"] == person["identifier"]]
        closed_at = _last_closing(person, own)
        activations = [row["at"] for row in own if row.get("kind") == "activated"]
        active = person["status"] == "active"
        if active != ("password" in person) or active != bool(person["proven"]):
            yield "an account is active exactly when it has a password and a proven contact"
        if not sum(at > closed_at for at in activations) <= active <= sum(at >= closed_at for at in activations):
            yield "an account's activation is in its history once"
        if person.get("channel", "email") not in (person["proven"] if "channel" in person else ("email",)):
            yield "codes go to a proven contact"
        consents = sorted((row for row in own if row["record"].startswith("CONSENT#")), key=lambda row: row["record"])
        if "consent" not in person and any(row["decided_at"] > closed_at for row in consents):
            yield "a consent in force stands in the ledger"
        if "consent" in person and not consents:
            yield "a consent in force stands in the ledger"
        if consents and "consent" in person and person["consent"]["decided_at"] != consents[-1]["decided_at"]:
            yield "the consent in force is the ledger's last"
        accepted = [row for row in own if row["record"].startswith("TERMS#")]
        is_proven = "terms" in person and person["terms"]["version"] in {row["version"] for row in accepted}
        if is_proven != ("terms" in person or any(row["accepted_at"] > closed_at for row in accepted)):
            yield "the terms accepted have their proof"
    if {row["identifier"] for row in lines} - set(_profiles(tables)):
        yield "a line of a history belongs to a person"


def _last_closing(person: Row, own: list[Row]) -> int:
    """When the account was closed last, by all that still tells of it; -1 when it never was.

    Proofs and history of before stay, with an account that is opened again, too.
    """
    told = [person.get("closed_at"), person.get("undated_closing"), person.get("journal", {}).get("closed_at")]
    proofs = [row for row in own if row["record"].startswith(("CONSENT#", "TERMS#"))]
    told += [row["erase_at"] - SECONDS[DataCategory.PROOFS] for row in proofs if "erase_at" in row]
    return max((at for at in told if at is not None), default=-1)


def _of_indexes(tables: Tables) -> Iterator[str]:
    for person in _profiles(tables).values():
        found_by = found_by_of(person) if person["record"] == PROFILE else {}
        if any(person.get(name) != value for name, value in found_by.items()):
            yield "a person is found by what their own row says"


def _of_links(tables: Tables) -> Iterator[str]:
    correspondents = {name: row for name, row in _profiles(tables).items() if row["record"] == "CORRESPONDENT"}
    of_accounts = {(name, structure) for name, row in correspondents.items() for structure in row["structures"]}
    of_structures = {
        (name, row["structure_id"]) for row in tables["structures"] for name in row.get("correspondents", ())
    }
    if of_accounts != of_structures:
        yield "account and structure name each other"
    open_ones = {name for name, row in correspondents.items() if row["status"] != "closed"}
    for row in correspondents.values():
        has_structure, ends = bool(row["structures"]), bool(row["invited_until"])
        if row["status"] == "active" and has_structure == ends:  # suspended by a roster for a day (docs/adr/0039)
            yield "an active account of a correspondent answers for some structure, or ends by itself"
        if row["status"] == "invited" and not ends:
            yield "an invitation of a correspondent ends by itself"
        if row["status"] == "closed" and (has_structure or ends):
            yield "a closed account of a correspondent answers for no structure"
    mails = {row["account"]: row["identifier"] for row in tables["accounts"] if row["record"] == "MAIL"}
    if mails != {name: f"MAIL#{correspondents[name]['mail_key']}" for name in open_ones}:
        yield "a work mail is that of one open account"


def _of_sessions(tables: Tables) -> Iterator[str]:
    people = _profiles(tables)
    for session in tables["sessions"]:
        person = people.get(session["identifier"])
        is_live = person is not None and session["epoch"] == person["session_epoch"]
        if person is None or session["epoch"] > person["session_epoch"] or (is_live and person["status"] != "active"):
            yield "a session stands on an active account"
        if not session["created_at"] <= session["seen_at"] < session["expires_at"] <= session["ends_at"]:
            yield "a session's times follow each other"


def _of_flows(tables: Tables, limits: Limits) -> Iterator[str]:
    people = _profiles(tables)
    for flow in tables["pending_codes"]:
        if flow.get("notified_contacts") and not flow["recipients"]:
            continue  # it only carries contacts for their notice (docs/adr/0015)
        codes, told = {int(number) for number in flow["codes"]}, {int(number) for number in flow["recipients"]}
        if max(codes) != flow["code_number"] or len(codes) != min(flow["code_number"], LIVE_CODES):
            yield "a flow keeps its last two codes"
        if flow["code_number"] - 1 != flow["resends"] or flow["resends"] > limits.resends_per_flow:
            yield "each code but the first is one resend"
        if not 0 <= flow["attempts"] <= limits.wrong_codes_per_flow:
            yield "a flow's attempts stay within their number"
        if told - codes or (flow["state"] != "code_sent" and flow.get("matched") not in told and not _carries(flow)):
            yield "a flow is verified by a code that went to somebody"
        person = people.get(flow["identifier"], {})
        was_done = not person or person["status"] == "active" or _last_closing(person, tables["accounts"]) >= 0
        if flow["state"] == "done" and not was_done and not _carries(flow):
            yield "what a flow was for is done when the flow is"


def _carries(flow: Row) -> bool:
    """Whether the flow was never one: it keeps a removed contact for the notice to it (docs/adr/0015)."""
    return not flow["attempts"] and "matched" not in flow and "notified_contacts" in flow


def _of_requests(tables: Tables) -> Iterator[str]:
    rows = tables["requests"]
    for counted in (row for row in rows if row["record"] == "OPEN"):
        whose = (row for row in rows if row["identifier"] == counted["identifier"] and row["record"].startswith("R#"))
        is_open = [row for row in whose if row["origin"] == "person" and row["state"] in OPEN]
        if counted["open_requests"] != len(is_open):
            yield "as many places are taken as requests of a person's own are open"


def _of_counters(tables: Tables, limits: Limits) -> Iterator[str]:
    for row in tables["limits"]:
        numbers = {name: value for name, value in row.items() if name not in ("scope", "expires_at", "locked_until")}
        if "expires_at" not in row:
            yield "every counter ends"
        if any(value < 0 for value in numbers.values()):
            yield "nothing is given back that was not taken"
        if row.get("failures", 0) > limits.wrong_passwords:
            yield "failures stay within their number"


def _of_messages(tables: Tables) -> Iterator[str]:
    pointers = [row for row in tables["outbox"] if "points_to" in row]
    messages = {row["message_id"]: row for row in tables["outbox"] if row not in pointers}
    for pointer in pointers:
        message = messages.get(pointer["points_to"])
        if message and (message["state"], message["expires_at"]) != ("sent", pointer["expires_at"]):
            yield "what points to a message points to one that was sent, and ends with it"
    for message in messages.values():
        settled = message["state"] in ("sent", "dropped")
        if (message["state"] == "dropped") == bool(_CONTENT & message.keys()) or "expires_at" not in message:
            yield "a message says what it says until it is dropped, and no longer"
        if settled != ("finished_at" in message) or (settled and "leased_until" in message):
            yield "a settled message says since when, and is leased to nobody"


def _profiles(tables: Tables) -> dict[str, Row]:
    return {row["identifier"]: row for row in tables["accounts"] if row["record"] in _ACCOUNTS}
