"""What must hold after every order: one list, a name each, read from all tables, the answers and what was sent."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from activation.adapters.accounts import CORRESPONDENT, PROFILE
from activation.domain.limits import Limits
from activation.domain.outbox import MessageKind
from activation.domain.retention import SECONDS, DataCategory
from tests.functions.invariants import promises_broken_by
from tests.functions.visitor import Answer
from tests.orders.actors import CALLS
from tests.orders.simulation import COUNTED, UNAVAILABLE, UNDER_WAY, Outcome, Row, Tables, without_counters

Breaks = Callable[[Outcome], bool]

_LIMITS = Limits()
_REFUSED = 400


def broken(outcome: Outcome) -> list[str]:
    removed = profiles(outcome.before).keys() - profiles(outcome.after).keys()
    kept = [row for row in outcome.after["accounts"] if row["identifier"] not in removed]  # a history outlives them
    standing = promises_broken_by({**outcome.after, "accounts": kept}, _LIMITS)
    return [*(name for name, breaks in INVARIANTS.items() if breaks(outcome)), *standing]


def profiles(tables: Tables) -> dict[str, Row]:
    return {row["identifier"]: row for row in tables["accounts"] if row["record"] in (PROFILE, CORRESPONDENT)}


def lines(tables: Tables, kind: str) -> list[Row]:
    """Every line of a history, a ledger or another of that kind, oldest first."""
    found = (row for row in tables["accounts"] if row["record"].startswith(f"{kind}#"))
    return sorted(found, key=lambda row: (row["identifier"], row["record"]))


def _new(outcome: Outcome, table: str, key: str) -> Iterator[Row]:
    before = {row[key] for row in outcome.before[table]}
    return (row for row in outcome.after[table] if row[key] not in before)


def _pairs(outcome: Outcome, table: str, key: str) -> Iterator[tuple[Row, Row]]:
    before = {row[key]: row for row in outcome.before[table]}
    return ((before[row[key]], row) for row in outcome.after[table] if row[key] in before)


def _people(outcome: Outcome) -> Iterator[tuple[Row, Row]]:
    before = profiles(outcome.before)
    return ((before[name], row) for name, row in profiles(outcome.after).items() if name in before)


def _live_sessions(tables: Tables, now: int) -> list[Row]:
    people = profiles(tables)
    return [
        session
        for session in tables["sessions"]
        if session["expires_at"] > now
        and session["identifier"] in people
        and people[session["identifier"]]["session_epoch"] == session["epoch"]
    ]


def _two_passwords_won(outcome: Outcome) -> bool:
    """Each password that was set raised the account's epoch, or made it active: two in one epoch are two in force."""
    set_by = Counter(
        row["identifier"] for row in _new(outcome, "accounts", "record") if row.get("kind") in _PASSWORD_EVENTS
    )
    before, after = profiles(outcome.before), profiles(outcome.after)
    for identifier, times in set_by.items():
        is_first = "password" not in before[identifier] and "password" in after[identifier]
        if after[identifier]["session_epoch"] - before[identifier]["session_epoch"] < times - is_first:
            return True
    return False


_PASSWORD_EVENTS = ("activated", "password_reset", "password_changed")


def _session_revived(outcome: Outcome) -> bool:
    """A session that was ended, or is of an older epoch, was opened by no call of this order."""
    opened = {row["token_hash"] for row in _new(outcome, "sessions", "token_hash")}
    fresh = [row for row in outcome.after["sessions"] if row["token_hash"] in opened]
    return any(row["created_at"] != outcome.now for row in fresh)


def takes_a_code(call: str) -> bool:
    """Whether the call spends a code of a flow; a document's code is good as long as the document."""
    return call.endswith("/verification") and "/documents/" not in call


def _code_good_twice(outcome: Outcome) -> bool:
    """Of all calls that say a code was right, each has a flow that no other has."""
    said = list(filter(takes_a_code, _done(outcome)))
    changes = _pairs(outcome, "pending_codes", "flow_id")
    moved = [after for before, after in changes if before["state"] == "code_sent" != after["state"]]
    return len(said) > len(moved)


def _done(outcome: Outcome) -> list[str]:
    return [
        outcome.does(name)
        for name, answer in outcome.answers.items()
        if isinstance(answer, Answer) and answer.status < _REFUSED
    ]


def _epoch_outlived(outcome: Outcome) -> bool:
    """Something was done after the epoch had ended in which it began: a second end, a sign-in, a call in a session."""
    done = _done(outcome)
    ends = [what for what in done if what in _OWN_ENDS]
    if len(ends) > 1 and not outcome.has_fault:
        return True
    before = profiles(outcome.before)
    opened = [row for row in _new(outcome, "sessions", "token_hash") if row["identifier"] in before]
    signed_in = "POST /api/session/verification" in done
    if signed_in and not ends and any(row["epoch"] != before[row["identifier"]]["session_epoch"] for row in opened):
        return True
    return _ended_first(outcome) and not _IN_A_SESSION.isdisjoint(done)


def _ended_first(outcome: Outcome) -> bool:
    """Whether whoever came first came to their end, and ended every session that there was."""
    is_whole = all(turn.steps is None for turn in outcome.order)
    first = outcome.answers[outcome.order[0].who]
    if not (is_whole and outcome.does(outcome.order[0].who) in (*_OWN_ENDS, *_DESKS_ENDS) and not _is_refused(first)):
        return False
    after = profiles(outcome.after)
    stood = _live_sessions(outcome.before, outcome.now)
    return all(after[row["identifier"]]["session_epoch"] > row["epoch"] for row in stood)


_OWN_ENDS = ("POST /api/password-reset/password", "PUT /api/account/password", "DELETE /api/account/sessions")
_DESKS_ENDS = ("/support/closing/confirmation", "/support/unlinking")
_IN_A_SESSION = {
    name
    for name in CALLS
    if "/api/account" in name or "/api/correspondent" in name or name == "POST /api/session/verification"
} - set(_OWN_ENDS)


def _done_in_spite_of_a_lock(outcome: Outcome) -> bool:
    """A password was begun to be written by a flow whose throttle key another had locked by then."""
    locked = {("limits", row["scope"]) for row in outcome.after["limits"] if row.get("locked_until", 0) > outcome.now}
    locked -= {("limits", row["scope"]) for row in outcome.before["limits"] if row.get("locked_until", 0) > outcome.now}
    done: Counter[str] = Counter()
    has_locked = False
    for turn in outcome.order:
        steps = outcome.steps[turn.who]
        to_come = steps[done[turn.who] :]
        written = {row[-1] for step in to_come if step.operation == "TransactWriteItems" for row in step.writes}
        began_after = bool(written & {PROFILE, CORRESPONDENT})
        has_looked = any(step.reads & locked for step in steps)
        is_done = outcome.does(turn.who) in _STOPPED_BY_A_LOCK and not _is_refused(outcome.answers[turn.who])
        if has_locked and began_after and has_looked and is_done:
            return True
        done[turn.who] = len(steps) if turn.steps is None else done[turn.who] + turn.steps
        has_locked |= turn.steps is None and any(step.writes & locked for step in to_come)
    return False


_STOPPED_BY_A_LOCK = ("POST /api/activation/password", "POST /api/password-reset/password")


def _attempts_given_back(outcome: Outcome) -> bool:
    return any(
        after.get(count, 0) < before.get(count, 0)
        for before, after in _pairs(outcome, "pending_codes", "flow_id")
        for count in COUNTED["pending_codes"]
    )


def _consent_is_not_the_ledgers_last(outcome: Outcome) -> bool:
    for identifier, person in profiles(outcome.after).items():
        own = [row for row in lines(outcome.after, "CONSENT") if row["identifier"] == identifier]
        if own and person["status"] != "closed" and "consent" in person:
            of_last_second = [row for row in own if row["decided_at"] == own[-1]["decided_at"]]
            if person["consent"]["consents"] not in {row["consents"] for row in of_last_second}:
                return True
    return False


def _ledger_lost_a_line(outcome: Outcome) -> bool:
    """A line of a ledger or a history that was there is gone or says something else.

    But for when a proof goes, which the cleanup writes into it once its account is closed.
    """
    after = {(row["identifier"], row["record"]): row for row in outcome.after["accounts"]}
    closings = {
        (name, row[at])
        for tables in (outcome.before, outcome.after)
        for name, row in profiles(tables).items()
        for at in ("closed_at", "undated_closing")
        if at in row
    }
    closings |= {(name, outcome.now) for name in profiles(outcome.after) if _is_cleaned(outcome)}
    return any(
        said != row and not _is_dated(row, said, closings)
        for kind in ("CONSENT", "TERMS", "EVENT")
        for row in lines(outcome.before, kind)
        for said in [after.get((row["identifier"], row["record"]), {})]
    )


def _is_dated(row: Row, said: Row, closings: Collection[tuple[str, int]]) -> bool:
    closed_at = said.get("erase_at", 0) - SECONDS[DataCategory.PROOFS]
    is_proof = row["record"].startswith(("CONSENT#", "TERMS#"))
    return is_proof and said == {**row, "erase_at": said.get("erase_at")} and (row["identifier"], closed_at) in closings


def _is_cleaned(outcome: Outcome) -> bool:
    return any(actor.name == "purge_expired" for actor in outcome.cast.values())


def _contact_proven_without_its_code(outcome: Outcome) -> bool:
    """A contact became proven that no flow verified in this order, or verified before, and no reset put back."""
    matched = {
        flow["recipients"][str(flow["matched"])]["value"]
        for flow in outcome.after["pending_codes"]
        if flow.get("matched") is not None and str(flow["matched"]) in flow["recipients"]
    }
    for before, after in _people(outcome):
        stood = {value for change in before["former"] for value in change["contacts"].values()}
        gained = set(after["proven"].values()) - set(before["proven"].values())
        if gained - matched - stood:
            return True
    return False


def _version_is_not_the_number_of_writes(outcome: Outcome) -> bool:
    """A profile's version rises by one with each write, but for the notes that the cleanup makes in it.

    Whom an undone import had brought, and another brings anew, begins at one again.
    """
    if _is_cleaned(outcome):
        return False
    writes = Counter(outcome.written)
    return any(
        after["version"] - before["version"] != writes["accounts", after["identifier"], after["record"]]
        for before, after in _people(outcome)
        if not _is_brought_anew(before, after)
    )


def _is_brought_anew(before: Row, after: Row) -> bool:
    brought = [
        person["journal"]["import_id"]
        for person in (before, after)
        if "before" not in person.get("journal", {"before": None})
    ]
    return len(set(brought)) > 1


def _spent_is_forgotten(outcome: Outcome) -> bool:
    """Each code that was compared took an attempt and a guess; each call that was done took one of its day's or hour's.

    Guesses are forgiven by a right code, and by the help desk.
    """
    judged = [
        answer.status < _REFUSED
        for name, answer in outcome.answers.items()
        if isinstance(answer, Answer)
        and takes_a_code(outcome.does(name))
        and (answer.status < _REFUSED or answer.code == "code-rejected")
    ]
    spent = sum(after["attempts"] - before["attempts"] for before, after in _pairs(outcome, "pending_codes", "flow_id"))
    is_forgiven = outcome.has_fault or any(judged) or any(outcome.does(name) in _FORGIVES for name in outcome.cast)
    guessed = _rise(outcome, "throttle#", "wrong")
    if len(judged) > spent or (not is_forgiven and len(judged) > guessed):
        return True
    done = [outcome.does(name) for name, answer in outcome.answers.items() if _is_done(answer)]
    return any(
        sum(done.count(call) for call in calls) > _rise(outcome, scope, "calls") for scope, calls in _COUNTS.items()
    )


def _rise(outcome: Outcome, scope: str, number: str) -> int:
    """By how much that number has risen in the counters of a scope, of all together; what is past its time may go."""
    before = {row["scope"]: row.get(number, 0) for row in outcome.before["limits"]}
    return sum(
        max(row.get(number, 0) - before.get(row["scope"], 0), 0)
        for row in outcome.after["limits"]
        if row["scope"].startswith(scope)
    )


def _is_done(answer: object) -> bool:
    return isinstance(answer, Answer) and answer.status < _REFUSED and (answer.body or {}).get("outcome") != "unchanged"


_FORGIVES = ("/support/counters",)
_COUNTS = {
    "address#": ("POST /api/activation", "POST /api/password-reset", "POST /api/session"),
    "uploads#": ("POST /api/correspondent/uploads",),
    "single-rows#": ("PUT /api/correspondent/people",),
}


def _closed_leaves_contacts(outcome: Outcome) -> bool:
    """Of somebody closed only names, proofs and history stay: no password, contact, channel or known browser."""
    return any(
        person["status"] == "closed"
        and (person["proven"] or person["former"] or "password" in person or person["devices"]
             or any(person.get("roster", person).get(channel) for channel in ("email", "mobile")))
        for person in profiles(outcome.after).values()
    )  # fmt: skip


def _notice_missing_or_twice(outcome: Outcome) -> bool:
    """For each thing that an owner must be told of, its notices are in the outbox: one for each contact, once.

    Whoever never proved a contact is told of no closing (docs/adr/0022).
    """
    told = Counter(row.get("kind") for row in _new(outcome, "outbox", "message_id"))
    activated = {row["identifier"] for row in lines(outcome.after, "EVENT") if row["kind"] == "activated"}
    could_be_told = {name for name, row in profiles(outcome.before).items() if row["proven"]} | activated
    new = list(_new(outcome, "accounts", "record"))
    for event, notice in _NOTICES.items():
        happened = [row["identifier"] for row in new if row.get("kind") == event]
        if not could_be_told.isdisjoint(happened) and not told[notice]:
            return True
        if not happened and told[notice] and notice not in _TOLD_OF_MORE:
            return True
    return False


_NOTICES = {
    "activated": "activated",
    "password_reset": "password_changed",
    "password_changed": "password_changed",
    "desk_closed": "account_closed",
}
_TOLD_OF_MORE = {"password_changed", "account_closed"}


def _message_sent_twice_without_need(outcome: Outcome) -> bool:
    """More messages went out than the outbox says were sent, though nothing failed."""
    if outcome.has_fault:
        return False
    was_sent = {row["message_id"] for row in outcome.before["outbox"] if row.get("state") == "sent"}
    said = {row["message_id"] for row in outcome.after["outbox"] if row.get("state") == "sent"} - was_sent
    return len(outcome.sent) > len(said)


def _row_applied_twice(outcome: Outcome) -> bool:
    """More lines say that a person was declared anew than files, of which each batch counts once, and rows did it."""
    new = _new(outcome, "accounts", "record")
    times = Counter(row["identifier"] for row in new if row.get("kind") == "declared_anew")
    batches = {str(actor) for actor in outcome.cast.values() if actor.name.startswith("import_roster")}
    rows = [actor for actor in outcome.cast.values() if actor.name == "PUT /api/correspondent/people"]
    return any(number > len(batches) + len(rows) for number in times.values())


def _removed_otherwise(outcome: Outcome) -> bool:
    """Somebody is gone whom no undone import had brought, or who had activated by then."""
    undoes = any(outcome.does(name) in ("import_roster", "import_roster undo") for name in outcome.cast)
    before, after = profiles(outcome.before), profiles(outcome.after)
    activated = {row["identifier"] for row in lines(outcome.after, "EVENT") if row["kind"] == "activated"}
    return any(
        not undoes
        or row["status"] != "invited"
        or "before" in row.get("journal", {"before": None})
        or name in activated
        for name, row in before.items()
        if name not in after
    )


def _told_otherwise_than_done(outcome: Outcome) -> bool:
    """A correspondent's file is said to have changed so many people, and others were."""
    if any(outcome.does(name) == "PUT /api/correspondent/people" for name in outcome.cast):
        return False
    new = _new(outcome, "accounts", "record")
    changed = Counter(row["agent"] for row in new if row.get("kind") == "declared_anew")
    return any(
        before["state"] == "applying"
        and after["state"] == "applied"
        and changed[after["identifier"]] != sum(after["counts"].get(kind, 0) for kind in ("updated", "left"))
        for before, after in _pairs(outcome, "accounts", "record")
        if before["record"].startswith("UPLOAD#")
    )


def _taken_back_otherwise(outcome: Outcome) -> bool:
    """An import was taken back of somebody of whom the roster says other than before it, or a contact of it waits."""
    if any(outcome.does(name) in _WRITE_A_ROSTER_ENTRY for name in outcome.cast):
        return False
    return any(
        after["roster"] != before["journal"]["before"]
        or any(waiting["agent"] == before["journal"]["import_id"] for waiting in after.get("quarantine", ()))
        for before, after in _people(outcome)
        if "before" in before.get("journal", ()) and "journal" not in after
    )


_WRITE_A_ROSTER_ENTRY = (
    "/support/contact", "/support/contact/confirmation", "/support/name/confirmation", "/support/closing/confirmation",
)  # fmt: skip


def _declared_by_another(outcome: Outcome) -> bool:
    """A correspondent changed somebody of structures for which they answer neither before the order nor after it.

    Where their link had ended first, they changed nobody.
    """
    has_ended = outcome.does(outcome.order[0].who) in _DESKS_ENDS and all(turn.steps is None for turn in outcome.order)
    linked = _links(outcome.after) if has_ended else _links(outcome.before) | _links(outcome.after)
    people = {before["identifier"]: (before, after) for before, after in _people(outcome)}
    return any(
        linked.isdisjoint((row["agent"], person["roster"]["structure_id"]) for person in people[row["identifier"]])
        for row in _new(outcome, "accounts", "record")
        if row.get("kind") == "declared_anew" and row["identifier"] in people
    )


def _links(tables: Tables) -> set[tuple[str, str]]:
    people = profiles(tables)
    return {
        (name, row["structure_id"])
        for row in tables["structures"]
        for name in row.get("correspondents", ())
        if row["structure_id"] in people[name]["structures"]
    }


def _refused_and_done(outcome: Outcome) -> bool:
    """Every call was refused, and something but counters changed, or was told but of a lock."""
    if outcome.has_fault or not all(_is_refused(answer) for answer in outcome.answers.values()):
        return False
    before, after = (
        {name: sorted(map(repr, rows)) for name, rows in without_counters(tables).items()}
        for tables in (outcome.before, outcome.after)
    )
    told = {
        repr(row)
        for row in _new(outcome, "outbox", "message_id")
        if row.get("kind") == MessageKind.TOO_MANY_WRONG_CODES
    }
    after["outbox"] = [row for row in after["outbox"] if row not in told]
    return before != after


def _is_refused(answer: object) -> bool:
    return isinstance(answer, Answer) and answer.status >= _REFUSED


def _said_and_not_done(outcome: Outcome) -> bool:
    """A call that says it succeeded left its effect, or another call of the order undid it."""
    kinds = {row.get("kind") for row in _new(outcome, "accounts", "record")}
    return any(_EFFECTS[what] not in kinds for what in _done(outcome) if what in _EFFECTS)


_EFFECTS = {
    "POST /api/activation/password": "activated",
    "POST /api/password-reset/password": "password_reset",
    "PUT /api/account/password": "password_changed",
    "DELETE /api/account/sessions": "signed_out_everywhere",
    "POST /api/session/verification": "signed_in",
    "/support/closing/confirmation": "desk_closed",
}


def _failed_without_a_fault(outcome: Outcome) -> bool:
    """A function that no person calls raised, or a call said that the service is unavailable, with nothing failing.

    But whoever met a transaction of another, under way all the time, may say that it is too busy.
    """
    if outcome.has_fault:
        return False
    return any(
        (isinstance(answer, BaseException) or (isinstance(answer, Answer) and answer.status == UNAVAILABLE))
        and not _met_a_transaction(outcome, name)
        for name, answer in outcome.answers.items()
    )


def _met_a_transaction(outcome: Outcome, name: str) -> bool:
    """Whether another's turn ended within a transaction on rows that the call's last write is about."""
    if not outcome.says_busy(name):
        return False
    last = [step for step in outcome.steps[name] if step.writes][-1:]
    done: Counter[str] = Counter()
    for turn in outcome.order:
        if turn.steps is not None and turn.who != name:
            done[turn.who] += turn.steps
            stands_before = outcome.steps[turn.who][done[turn.who] : done[turn.who] + 1]
            if any(step.operation == UNDER_WAY and step.meets(write) for step in stands_before for write in last):
                return True
    return False


INVARIANTS: Mapping[str, Breaks] = {
    "two passwords are never in force": _two_passwords_won,
    "an epoch only rises": lambda outcome: any(
        after["session_epoch"] < before["session_epoch"] for before, after in _people(outcome)
    ),
    "a session that has ended does not come back": _session_revived,
    "nothing outlives the epoch in which it began": _epoch_outlived,
    "a code is good once": _code_good_twice,
    "a lock holds for whoever is under way": _done_in_spite_of_a_lock,
    "an attempt is never given back": _attempts_given_back,
    "the consent in force is the ledger's last line": _consent_is_not_the_ledgers_last,
    "no line of a ledger or a history is lost or changed": _ledger_lost_a_line,
    "a contact is proven only by its own code": _contact_proven_without_its_code,
    "a profile's version is the number of its writes": _version_is_not_the_number_of_writes,
    "a counter is never below what was spent": _spent_is_forgotten,
    "of somebody closed nothing is left but what retention names": _closed_leaves_contacts,
    "every notice owed is in the outbox": _notice_missing_or_twice,
    "a message goes out once": _message_sent_twice_without_need,
    "a row of an import is applied once": _row_applied_twice,
    "an undoing brings back what was there": _taken_back_otherwise,
    "nobody is removed but whom an undone import brought": _removed_otherwise,
    "a file is said to have changed whom it changed": _told_otherwise_than_done,
    "a correspondent changes nobody of another's structure": _declared_by_another,
    "an answer of refusal changed nothing but counters": _refused_and_done,
    "an answer of success left its effect": _said_and_not_done,
    "nothing fails where nothing was made to": _failed_without_a_fault,
}
