"""The requests that a correspondent sees: those of people who consent at that moment.

A call looks at one page of people, fifty at most, whether they consent or not, and the next page begins behind the
fiftieth: neither tells of consent. Nor does the time: for a person who does not consent as many reads are made, of
nobody's requests. So a call asks DynamoDB three times, once for each person of the page, and once for each who is
shown: 103 times at most. While nobody is shown, the browser's page asks for the next.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from activation.domain.access import enter_with
from activation.domain.accounts import Account
from activation.domain.consent import consent_allows
from activation.domain.correspondents import LinkedStructure
from activation.domain.errors import SessionExpiredError
from activation.domain.events import Event, EventKind
from activation.domain.parallel import run_all
from activation.domain.people_search import Cursor, Search
from activation.domain.ports import Store
from activation.domain.requests.followed import followed
from activation.domain.requests.kinds import Catalogue, Kind
from activation.domain.requests.ports import Requests
from activation.domain.requests.request import Request
from activation.domain.steps import Texts
from activation.domain.verification import RequestContext
from functions.correspondent.service import Ports, look_for, require_theirs


class FollowUpPorts(NamedTuple):
    """The ports of the follow-up, beside those of every call of a correspondent."""

    space: Ports
    store: Store
    requests: Requests
    catalogue: Catalogue


class Followed(NamedTuple):
    """A person who consents, and those of their requests that may be shown: one at least."""

    account: Account
    requests: Sequence[tuple[Request, Kind]]


class FollowedPeople(NamedTuple):
    """The people shown of a page, in order of name, and the cursor of the next page; None on the last."""

    people: Sequence[Followed]
    after: Cursor | None


def show_requests(
    ports: FollowUpPorts,
    token_hash: str | None,
    structure_id: str,
    *,
    after: Cursor | None,
    texts: Texts,
    context: RequestContext,
) -> FollowedPeople:
    """The requests of those of the next fifty people of a structure who consent now.

    A person who is shown has it in their history first; if that can't be written, nothing is shown. Raises
    NotFoundError for a structure that is not theirs, SessionExpiredError, NotYourAccountError, WrongStepError.
    """
    if token_hash is None:
        raise SessionExpiredError
    reads = ports.space.reads
    session, structure = reads.session_and_structure(token_hash, structure_id)
    if session is None or not session.is_open(context.now):
        raise SessionExpiredError
    found = look_for(ports.space, session, Search(structure_id), None, after)
    account, people = reads.account_and_people(session.identifier, found.identifiers)
    access = enter_with(ports.space.sessions, session, account, now=context.now, limits=context.limits)
    theirs = require_theirs(access.account, structure, texts)
    shown = _followed(ports, access.account, theirs, people)
    run_all([partial(_record_look, ports, one.account, access.account, context.now) for one in shown])
    return FollowedPeople(shown, found.after)


def _followed(
    ports: FollowUpPorts, correspondent: Account, structure: LinkedStructure, people: Sequence[Account]
) -> list[Followed]:
    """The people to show. For people who do not consent the correspondent's own requests are read: there are none."""
    consents = [consent_allows(correspondent, structure, person) for person in people]
    reads: list[Callable[[], list[Request]]] = [
        partial(ports.requests.of, person.identifier if allowed else correspondent.identifier)
        for person, allowed in zip(people, consents, strict=True)
    ]
    filed = [followed(requests, ports.catalogue) for requests in run_all(reads)]
    return [
        Followed(person, requests)
        for person, allowed, requests in zip(people, consents, filed, strict=True)
        if allowed and requests
    ]


def _record_look(ports: FollowUpPorts, person: Account, correspondent: Account, now: int) -> None:
    event = Event(EventKind.CORRESPONDENT_LOOKED, now, agent=correspondent.identifier)
    ports.store.commit(ports.space.accounts.record_look(person.identifier, event))
