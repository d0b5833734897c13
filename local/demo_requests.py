"""Requests of the demo people, in each state: by the acts and the writes of the functions, without their notices."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from activation.adapters.accounts import DynamoAccounts, DynamoStructures
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.mac import KmsMacs
from activation.adapters.requests import DynamoRequests
from activation.adapters.tables import ACCOUNTS, REQUESTS, STRUCTURES
from activation.catalogue import catalogue
from activation.domain.limits import DAY_SECONDS
from activation.domain.requests import acts
from activation.domain.requests.acts import Actor, Done
from activation.domain.requests.documents import (
    Document,
    document_code,
    document_message,
    hash_code,
    issue,
    new_number,
    new_ulid,
)
from activation.domain.requests.kinds import EndsWith, Kind
from activation.domain.requests.request import Asked, Request, days_after
from activation.domain.requests.sentences import label_of
from activation.domain.requests.states import AskReason, Party
from activation.domain.times import day_of_rights
from local.deployment import Deployment, DeploymentError


@dataclass(frozen=True, slots=True)
class At:
    """The arguments of an act beside its request; `now` in epoch seconds."""

    kind: Kind
    structure_id: str
    now: int


Step = Callable[[Request, At], Done]

_CLAIRE, _KARIM = Actor(Party.AGENT, "claire"), Actor(Party.AGENT, "karim")
_CLAIM = {"objet": "jamais-arrive", "explication": "Mes chèques ne sont jamais arrivés."}
_ATTESTATION = {"attention": "la CAF", "aide": "l'aide pour la garde d'un enfant", "annee": "2025"}


def _send(request: Request, at: At) -> Done:
    return acts.send(request, at.kind, structure_id=at.structure_id, now=at.now)


def _take(request: Request, at: At) -> Done:
    return acts.take(request, at.kind, _CLAIRE, now=at.now)


def _ask(request: Request, at: At) -> Done:
    before = days_after(day_of_rights(at.now), 3 * acts.LEAST_DAYS_TO_COMPLETE)
    asked = Asked("la date de votre demande", AskReason.INCOMPLETE, before, "Depuis quand attendez-vous ?")
    return acts.ask(request, at.kind, asked, _CLAIRE, now=at.now)


def _accept(request: Request, at: At, *, words: str = "") -> Done:
    is_document = at.kind.ends_with is EndsWith.DOCUMENT
    document_id = new_ulid(secrets.token_bytes, now=at.now) if is_document else None
    return acts.accept(request, at.kind, _CLAIRE, words=words, document_id=document_id, now=at.now)


def _settle(request: Request, at: At) -> Done:
    return acts.settle(request, at.kind, _CLAIRE, now=at.now)


def _refuse(request: Request, at: At) -> Done:
    return acts.refuse(request, at.kind, "Cette aide vous a été versée en mars 2025.", _KARIM, now=at.now)


def _withdraw(request: Request, at: At) -> Done:
    return acts.withdraw(request, at.kind, now=at.now)


@dataclass(frozen=True, slots=True)
class Story:
    """A request: its kind, its answers, and its acts, each so many days ago, after it was begun."""

    kind: str
    steps: Sequence[tuple[int, Step]] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    begun: int = 1


_PAID = ((30, _send), (28, _take), (20, _accept))
PAID = Story("rentree-11-18", (*_PAID, (6, _settle)), begun=30)
EXAMINED = Story("non-versement", ((4, _send), (3, _take)), {**_ATTESTATION, "attention": "la mairie"}, begun=4)
STORIES = (
    Story("reclamation", ((1, _send),), _CLAIM),
    EXAMINED,
    Story("reclamation", ((8, _send), (6, _take), (5, _ask)), _CLAIM, begun=8),
    Story("naissance-adoption", _PAID, begun=30),
    PAID,
    Story("non-versement", ((2, _send), (1, _take), (0, _accept)), {**_ATTESTATION, "annee": "2024"}, begun=2),
    Story(
        "reclamation",
        ((15, _send), (14, _take), (10, partial(_accept, words="Vos titres sont partis de nouveau hier."))),
        _CLAIM,
        begun=15,
    ),
    Story("non-versement", ((12, _send), (11, _take), (9, _refuse)), _ATTESTATION, begun=12),
    Story("reclamation", ((7, _send), (7, _withdraw)), _CLAIM, begun=7),
    # Last, as a kind has one draft at a time.
    Story("reclamation", answers={"objet": "autre"}, begun=2),
)
"""A request in each state, and each way in which an accepted one ends."""


def file_requests(deployment: Deployment, identifier: str, stories: Sequence[Story] = STORIES) -> list[str]:
    """Give an active person these requests; a line for each, with its number. Raises DeploymentError."""
    dynamodb = deployment.engine.client("dynamodb")
    account = DynamoAccounts(Table(dynamodb, deployment.table(ACCOUNTS))).get(identifier)
    if account is None:
        raise DeploymentError(f"nobody is {identifier}")
    structures = DynamoStructures(Table(dynamodb, deployment.table(STRUCTURES)))
    structure = structures.get(account.beneficiary.roster.structure_id)
    macs = KmsMacs(deployment.engine.client("kms"), deployment.key("DocumentKey"))
    store, requests = DynamoStore(dynamodb), DynamoRequests(Table(dynamodb, deployment.table(REQUESTS)))
    filed, today = [], int(time.time())

    def issued(request: Request, kind: Kind, now: int) -> Document | None:
        if not request.document_id:
            return None
        named = {"document_id": request.document_id, "request_id": request.request_id}
        return issue(kind, account, structure, **named, answers=request.answers, now=now)

    for story in stories:
        kind, now = catalogue().released(story.kind, "1"), today - story.begun * DAY_SECONDS
        done = acts.opened(
            kind,
            request_id=new_ulid(secrets.token_bytes, now=now),
            number=new_number(secrets.token_bytes),
            identifier=identifier,
            now=now,
        )
        store.commit(*requests.write(done))
        begun: list[tuple[int, Step]] = [(story.begun, partial(_save, answers=story.answers))] if story.answers else []
        for days, step in (*begun, *story.steps):
            moment = today - days * DAY_SECONDS
            done = step(done.after, At(kind, account.beneficiary.roster.structure_id, moment))
            document = issued(done.after, kind, moment)
            code = document and document_code(macs.mac(document_message(document.document_id)))
            store.commit(
                *requests.write(done), *(requests.issue(document, hash_code(code)) if document and code else ())
            )
        filed.append(f"{done.after.number}  {kind.label} : {label_of(done.after, kind)}")
    return filed


def _save(request: Request, at: At, *, answers: Mapping[str, str]) -> Done:
    return acts.save(request, at.kind, answers, now=at.now)
