"""Makes the answers to agents on requests."""

from activation.domain.requests.acts import may
from activation.domain.requests.kinds import Field, Kind
from activation.domain.requests.request import Line, Queue, Request
from activation.domain.requests.sentences import label_of, sentence_of, words_of
from activation.domain.requests.states import TRANSITIONS, Party
from activation.domain.times import paris_day, paris_time, rfc3339
from functions.support.request_schemas import AnswerBody, CaseBody, CaseLineBody, QueueBody, QueuedBody
from functions.support.requests import Case, Waiting


def queue_body(waiting: Waiting) -> QueueBody:
    """The two queues."""
    return QueueBody(
        requests=[QueuedBody(**_queued(request, kind)) for request, kind in waiting.requests],
        next=waiting.counts[Queue.NEXT],
        examined=waiting.counts[Queue.EXAMINED],
    )


def case_body(case: Case) -> CaseBody:
    """One request for an agent."""
    request, kind = case.request, case.kind
    owner = case.account.beneficiary
    return CaseBody(
        **_queued(request, kind),
        first_name=owner.roster.first_name,
        last_name=owner.last_name,
        sentence=sentence_of(request, kind),
        fields=[
            AnswerBody(id=asked.id, label=asked.label, value=_in_words(asked, request.answers.get(asked.id)))
            for asked in kind.fields
        ],
        acts=[act.value for act in TRANSITIONS if may(request, act, Party.AGENT)],
        timeline=[_line(line, kind) for line in case.timeline],
        version=request.version,
        about=request.about,
    )


def _in_words(asked: Field, value: str | None) -> str | None:
    """The answer as the person read it: the label of a choice, the text itself for other fields."""
    return next((choice.label for choice in asked.choices if choice.id == value), value)


def _queued(request: Request, kind: Kind) -> dict[str, object]:
    sent_at = request.sent_at or request.opened_at
    return {
        "number": request.number,
        "identifier": request.identifier,
        "kind": request.kind,
        "label": kind.label,
        "state": request.state,
        "state_label": label_of(request, kind),
        "sent_at": rfc3339(sent_at),
        "sent_on": paris_day(sent_at),
        "news": request.news,
    }


def _line(line: Line, kind: Kind) -> CaseLineBody:
    return CaseLineBody(
        at=rfc3339(line.at),
        when=paris_time(line.at),
        act=line.act,
        by=line.by,
        label=words_of(line, kind),
        words=line.words or None,
        agent=line.agent,
    )
