"""Makes the answers on requests and documents from the service's results."""

from io import BytesIO

from activation.domain.requests.acts import may
from activation.domain.requests.documents import Document, DocumentState
from activation.domain.requests.kinds import EndsWith, Field, Kind
from activation.domain.requests.request import Line, Request
from activation.domain.requests.sentences import label_of, sentence_of, words_of
from activation.domain.requests.states import TRANSITIONS, Party, RequestState
from activation.domain.times import latest_day, rfc3339
from functions.requests.schemas import (
    AttestedBody,
    ChoiceBody,
    DocumentBody,
    FieldBody,
    KindBody,
    LineBody,
    ListedBody,
    QrBody,
    RequestsBody,
    ShownRequestBody,
    VerifiedBody,
)
from functions.requests.service import Listed, Shown, ShownDocument

CONTEST, NOT_RECEIVED, SHOW_DOCUMENT = "contest", "not_received", "document"
"""Ways onward beside the acts: two to a claim about the request, and one to its document."""

_QUIET_ZONE = 4


def requests_body(listed: Listed) -> RequestsBody:
    """The list of requests."""
    drafts = {one.kind: one.request_id for one, _ in listed.requests if one.state is RequestState.DRAFT}
    return RequestsBody(
        requests=[ListedBody(**_listed(one, kind)) for one, kind in listed.requests],
        kinds=[
            KindBody(id=kind.id, label=kind.label, summary=kind.summary, draft=drafts.get(kind.id))
            for kind in listed.kinds
        ],
    )


def request_body(shown: Shown, *, claims_are_open: bool, now: int) -> ShownRequestBody:
    """One request at that moment; `claims_are_open`: a claim about it may be opened."""
    request, kind = shown.request, shown.kind
    return ShownRequestBody(
        **_listed(request, kind),
        fields=[_field(asked.on(latest_day(now)), request.answers.get(asked.id)) for asked in kind.fields],
        acts=[*_acts(request), *(_ways_to_claim(request, kind) if claims_are_open else [])],
        timeline=[_line(line, kind) for line in shown.timeline],
        deadline=(request.asked.before if request.asked else request.lapses_on),
        about=request.about,
        version=request.version,
    )


def document_body(shown: ShownDocument, *, origin: str) -> DocumentBody:
    """A document, with the QR code of the page that verifies it."""
    url = f"{origin}/verifier#{shown.code}"
    return DocumentBody(
        **_attested(shown.document), number=shown.number, state=shown.state, code=shown.code, url=url, qr=qr_body(url)
    )


def verified_body(state: DocumentState, document: Document | None) -> VerifiedBody:
    """The answer to whoever verifies a document."""
    return VerifiedBody(state=state.value, shown=AttestedBody(**_attested(document)) if document else None)


def qr_body(text: str) -> QrBody:
    """The text as a QR code (ISO/IEC 18004, error correction M)."""
    import segno  # noqa: PLC0415  # only documents need it

    code = segno.make_qr(text, error="m")
    drawn = BytesIO()
    code.save(drawn, kind="svg", border=_QUIET_ZONE, svgclass=None, lineclass=None, xmldecl=False, svgns=False)
    path = drawn.getvalue().decode().partition(' d="')[2].partition('"')[0]
    return QrBody(size=code.symbol_size(border=_QUIET_ZONE)[0], path=path)


def _listed(request: Request, kind: Kind) -> dict[str, object]:
    return {
        "id": request.request_id,
        "number": request.number,
        "kind": request.kind,
        "label": kind.label,
        "state": request.state,
        "state_label": label_of(request, kind),
        "sentence": sentence_of(request, kind),
        "yours": request.state in (RequestState.DRAFT, RequestState.TO_COMPLETE),
        "changed_at": rfc3339(request.changed_at),
    }


def _acts(request: Request) -> list[str]:
    """The acts that the person may do now, the main one first."""
    acts = [act.value for act in TRANSITIONS if may(request, act, Party.PERSON)]
    return [*acts, SHOW_DOCUMENT] if request.document_id else acts


def _ways_to_claim(request: Request, kind: Kind) -> list[str]:
    if request.state is RequestState.REFUSED:
        return [CONTEST]
    is_paid = request.state is RequestState.SETTLED and kind.ends_with is EndsWith.PAYMENT
    return [NOT_RECEIVED] if is_paid else []


def _field(asked: Field, value: str | None) -> FieldBody:
    choices = [
        ChoiceBody(id=choice.id, label=choice.label, sends=choice.sends, advice=choice.advice or None)
        for choice in asked.choices
    ]
    return FieldBody(
        id=asked.id,
        type=asked.type,
        label=asked.label,
        hint=asked.hint or None,
        obligatory=asked.obligatory,
        choices=choices or None,
        min=asked.least,
        max=asked.most,
        value=value,
    )


def _line(line: Line, kind: Kind) -> LineBody:
    return LineBody(at=rfc3339(line.at), act=line.act, by=line.by, label=words_of(line, kind), words=line.words or None)


def _attested(document: Document) -> dict[str, str]:
    return {
        "kind": document.kind,
        "attests": document.attests,
        "last_name": document.last_name,
        "first_name": document.first_name,
        "identifier": document.identifier,
        "employer": document.employer,
        "attention": document.attention,
        "since": document.since,
        "until": document.until,
        "issued_at": rfc3339(document.issued_at),
    }
