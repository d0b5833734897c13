"""Requests, their timelines and documents as the API answers them: made by the domain's own functions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from activation.catalogue import catalogue
from activation.domain.requests import acts
from activation.domain.requests.acts import PERSON, Actor, Done
from activation.domain.requests.documents import Document, DocumentState
from activation.domain.requests.kinds import Kind
from activation.domain.requests.request import Asked, Line
from activation.domain.requests.states import AskReason, Party, RequestState
from activation.domain.times import rfc3339
from functions.requests.service import Listed, Shown, ShownDocument
from functions.requests.views import document_body, request_body, requests_body, verified_body
from local.gallery.fake_api import Body

DAY = 86_400
NOW = int(datetime(2026, 11, 24, 9, 30, tzinfo=UTC).timestamp())
AGENT = Actor(Party.AGENT, "agent")
CODE = "7K2M-04QX-9RZT"
CLAIM, REFUSAL, RIGHTS, TERM = "reclamation", "non-versement", "attestation-de-droits", "rentree-19-26"
ANSWERS = {
    CLAIM: {
        "objet": "jamais-arrive",
        "explication": "J'attends mes titres depuis le 2 septembre.",
        "depuis": "2026-09-02",
    },
    REFUSAL: {"attention": "la CAF", "aide": "l'aide pour la garde d'un enfant", "annee": "2026"},
}
NUMBERS = {CLAIM: "412307518", REFUSAL: "608114925", RIGHTS: "233907446", TERM: "751200384"}


class Told:
    """A request and its acts, day after day."""

    def __init__(self, kind: str, *, request_id: str = "", about: str | None = None) -> None:
        self.kind = _kind(kind)
        self._now = NOW
        self._lines: list[Line] = []
        name = request_id or f"01K{kind[:6].upper()}"
        opened = acts.opened(
            self.kind, request_id=name, number=NUMBERS[kind], identifier="10000001", about=about, now=self._now
        )
        self._take(opened)

    def then(self, act: Callable[..., Done], *what: Any, **more: Any) -> "Told":
        """The request after that act, a day later."""
        self._now += DAY
        self._take(act(self.request, self.kind, *what, now=self._now, **more))
        return self

    def answered(self) -> "Told":
        """The request with every answer."""
        return self.then(acts.save, ANSWERS.get(self.kind.id, {}))

    def sent(self) -> "Told":
        """The request once it was sent."""
        return self.answered().then(acts.send, structure_id="M0001")

    def examined(self) -> "Told":
        """The request once an agent took it."""
        return self.sent().then(acts.take, AGENT)

    @property
    def body(self) -> Body:
        """The request as the API shows it."""
        return request_body(
            Shown(self.request, self.kind, self._lines), claims_are_open=True, now=self._now
        ).model_dump(mode="json")

    def _take(self, done: Done) -> None:
        self.request = done.after
        self._lines.append(done.line)


def begun(kind: str = CLAIM, **more: Any) -> Told:
    """A draft without an answer."""
    return Told(kind, **more)


def to_complete() -> Told:
    """A claim to which the person must add something, as an agent asked."""
    asked = Asked("la date de votre demande", AskReason.INCOMPLETE, "2027-01-15", "Depuis quand attendez-vous ?")
    return Told(CLAIM).examined().then(acts.ask, asked, AGENT)


def refused() -> Told:
    """A request for an attestation that was refused."""
    words = "Le CNAS vous a versé cette aide en mars 2026."
    return Told(REFUSAL).examined().then(acts.refuse, words, AGENT)


def answered_claim() -> Told:
    """A claim that was answered, after a message of either side."""
    told = Told(CLAIM).examined()
    told = told.then(acts.message, "Quelle adresse avez-vous ? Voyez https://exemple.fr", AGENT)
    told = told.then(acts.message, "1 rue des Lilas, 35000 Rennes", PERSON)
    return told.then(acts.accept, AGENT, words="Vos titres sont partis de nouveau le 20 novembre.")


def delivered() -> Told:
    """An attestation of non-versement, with its document."""
    return Told(REFUSAL).examined().then(acts.accept, AGENT, document_id="D1")


def paid() -> Told:
    """A benefit that was paid, as the back office's file says it."""
    told = Told(TERM).sent().then(acts.take, AGENT).then(acts.accept, AGENT)
    return told.then(acts.settle, AGENT)


def rights() -> Told:
    """The attestation of rights, issued at once."""
    told = Told(RIGHTS)
    told._lines.clear()  # noqa: SLF001  # it was never a draft
    told._take(  # noqa: SLF001
        acts.issued(
            told.kind,
            request_id="01KRIGHTS",
            number=NUMBERS[RIGHTS],
            identifier="10000001",
            structure_id="M0001",
            document_id="D2",
            now=NOW,
        )
    )
    return told


def listed(*told: Told) -> Body:
    """The list of those requests, and the kinds that may be opened."""
    requests = [(each.request, each.kind) for each in told]
    kinds = [kind for kind in catalogue().in_force("2026-11-24") if kind.is_asked_here]
    ranked = sorted(requests, key=lambda each: each[0].state not in (RequestState.DRAFT, RequestState.TO_COMPLETE))
    return requests_body(Listed(ranked, kinds)).model_dump(mode="json")


def followed(last_name: str, first_name: str, *told: Told) -> Body:
    """A person and their requests, as the API shows them to the correspondent."""
    shown = ("number", "label", "state", "state_label", "changed_at")
    requests = []
    for each in told:
        body, asked = each.body, each.request.asked
        more: Body = {"asked": asked.what, "deadline": asked.before} if asked else {}
        if each.request.sent_at:
            more["sent_at"] = rfc3339(each.request.sent_at)
        requests.append({name: body[name] for name in shown} | more)
    return {"last_name": last_name, "usage_name": "", "first_name": first_name, "requests": requests}


def _document(kind: str) -> Document:
    found = _kind(kind)
    return Document(
        "D1",
        "10000001",
        "R1",
        kind,
        found.attests.format_map(ANSWERS.get(kind, {})),
        "Garcia",
        "Louis",
        "M0001",
        "Mairie de Saint-Aubin",
        ANSWERS.get(kind, {}).get("attention", found.attention),
        "2021-03-01" if kind == RIGHTS else "2026-11-24",
        "2026-12-31",
        NOW,
    )


def document(kind: str = RIGHTS, state: DocumentState = DocumentState.VALID) -> Body:
    """A document as its person sees it."""
    shown = ShownDocument(_document(kind), NUMBERS[kind], CODE, state)
    return document_body(shown, origin="https://compte.cnas.example").model_dump(mode="json")


def verified(state: DocumentState, kind: str = RIGHTS) -> Body:
    """The answer to anybody who verifies a document."""
    return verified_body(state, _document(kind) if state is DocumentState.VALID else None).model_dump(mode="json")


def everything() -> tuple[Told, ...]:
    """One request in each state, each with an id of its own."""
    made = (
        begun(),
        Told(REFUSAL).sent(),
        Told(CLAIM).examined(),
        to_complete(),
        refused(),
        answered_claim(),
        paid(),
        rights(),
        Told(CLAIM).sent().then(acts.withdraw),
    )
    for place, told in enumerate(made):
        told.request = replace(told.request, request_id=f"01KR{place}", number=str(412_307_518 + 101 * place))
    return made


def _kind(kind: str) -> Kind:
    return list(catalogue().versions[kind].values())[-1]
