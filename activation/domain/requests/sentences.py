"""The French name of a request's state, and the sentence that says who acts next and by when, for all readers."""

from collections.abc import Callable

from activation.domain.requests.kinds import EndsWith, Kind
from activation.domain.requests.request import Line, Request
from activation.domain.requests.states import AskReason, Origin, Party, RequestAct, RequestState
from activation.domain.times import french_day, paris_day

Sentence = Callable[[], str]

LABELS = {
    RequestState.DRAFT: "Brouillon",
    RequestState.SENT: "Envoyée",
    RequestState.EXAMINED: "En cours d'examen",
    RequestState.TO_COMPLETE: "À compléter",
    RequestState.ACCEPTED: "Acceptée",
    RequestState.REFUSED: "Refusée",
}
SETTLED_LABELS = {EndsWith.PAYMENT: "Réglée", EndsWith.DOCUMENT: "Délivrée", EndsWith.ANSWER: "Répondue"}
_SETTLED_SENTENCES = {
    EndsWith.PAYMENT: "Réglée {day}.",
    EndsWith.DOCUMENT: "Délivrée {day}. Vous pouvez l'afficher et l'imprimer.",
    EndsWith.ANSWER: "Le CNAS vous a répondu {day}.",
}
REASONS = {
    AskReason.INCORRECT: "ce qui est écrit est incorrect",
    AskReason.INCOMPLETE: "il manque quelque chose",
    AskReason.OUT_OF_DATE: "ce qui est donné est périmé",
}


def label_of(request: Request, kind: Kind) -> str:
    """The state in French words."""
    if request.state is RequestState.SETTLED:
        return SETTLED_LABELS[kind.ends_with]
    if request.state is RequestState.CLOSED and not request.was_sent:
        return "Brouillon effacé"
    if request.state is RequestState.CLOSED:
        return "Retirée" if request.last_act is RequestAct.WITHDRAW else "Classée sans suite"
    return LABELS[request.state]


def sentence_of(request: Request, kind: Kind) -> str:
    """The French sentence that says who acts next, and by when."""
    sentences: dict[RequestState, Sentence] = {
        RequestState.DRAFT: lambda: f"À vous : terminez et envoyez. Effacé {french_day(request.lapses_on or '')}.",
        RequestState.SENT: lambda: (
            "Le CNAS l'a reçue. Vous n'avez rien à faire."
            if request.origin is Origin.BACK_OFFICE
            else "Le CNAS l'a reçue. Vous pouvez encore la retirer."
        ),
        RequestState.EXAMINED: lambda: "Au CNAS. Vous n'avez rien à faire.",
        RequestState.TO_COMPLETE: lambda: _to_complete(request),
        RequestState.ACCEPTED: lambda: "Le CNAS prépare le règlement.",
        RequestState.SETTLED: lambda: _SETTLED_SENTENCES[kind.ends_with].format(day=_day_of(request.ended_at)),
        RequestState.REFUSED: lambda: _ended(request.words) or "Le CNAS a refusé votre demande.",
        RequestState.CLOSED: lambda: _closed(request),
    }
    return sentences[request.state]()


_ACTS = {
    (RequestAct.OPEN, Party.PERSON): "Vous avez commencé votre demande.",
    (RequestAct.SAVE, Party.PERSON): "Vous avez enregistré votre brouillon.",
    (RequestAct.SEND, Party.PERSON): "Vous avez envoyé votre demande.",
    (RequestAct.ISSUE, Party.SERVICE): "Votre document est prêt.",
    (RequestAct.WITHDRAW, Party.PERSON): "Vous avez retiré votre demande.",
    (RequestAct.TAKE, Party.AGENT): "Le CNAS examine votre demande.",
    (RequestAct.ASK, Party.AGENT): "Le CNAS vous demande de compléter.",
    (RequestAct.COMPLETE, Party.PERSON): "Vous avez complété votre demande.",
    (RequestAct.ACCEPT, Party.AGENT): "Le CNAS a accepté votre demande.",
    (RequestAct.REFUSE, Party.AGENT): "Le CNAS a refusé votre demande.",
    (RequestAct.DROP, Party.AGENT): "Le CNAS a classé votre demande.",
    (RequestAct.SETTLE, Party.AGENT): "Le règlement est parti.",
    (RequestAct.OPEN, Party.BACK_OFFICE): "Le CNAS a reçu votre demande.",
    (RequestAct.CORRECT, Party.BACK_OFFICE): "Le CNAS a corrigé l'état de votre demande.",
    (RequestAct.REOPEN, Party.AGENT): "Le CNAS examine de nouveau votre demande.",
    (RequestAct.LAPSE, Party.SERVICE): "Votre demande n'a pas été terminée à temps : elle est fermée.",
    (RequestAct.MESSAGE, Party.PERSON): "Vous avez écrit au CNAS.",
    (RequestAct.MESSAGE, Party.AGENT): "Le CNAS vous a écrit.",
}


def words_of(line: Line, kind: Kind) -> str:
    """The words that the person reads for a line of a timeline; `kind` is the request's."""
    if line.act in (RequestAct.ACCEPT, RequestAct.SETTLE) and kind.ends_with is EndsWith.ANSWER:
        return "Le CNAS vous a répondu."
    of_agents = _ACTS.get((line.act, Party.AGENT), "Le CNAS a mis à jour votre demande.")
    return _ACTS.get((line.act, line.by), of_agents)


def _to_complete(request: Request) -> str:
    asked = request.asked
    if asked is None:
        return f"À vous : {_ended(request.words) or 'complétez votre demande.'}"
    return f"À vous, avant {french_day(asked.before)} : {asked.what}, {REASONS[asked.reason]}."


def _closed(request: Request) -> str:
    day = _day_of(request.ended_at)
    if not request.was_sent:
        return _erased(request, day)
    if request.last_act is RequestAct.WITHDRAW:
        return f"Vous l'avez retirée {day}."
    if request.last_by in (Party.AGENT, Party.BACK_OFFICE) or request.words:
        return f"Le CNAS l'a classée {day}. {_ended(request.words)}".strip()
    return f"Fermée {day} : elle n'a pas été terminée à temps."


def _erased(draft: Request, day: str) -> str:
    if draft.last_act is RequestAct.WITHDRAW:
        return f"Vous avez effacé ce brouillon {day}. Le CNAS n'a rien reçu."
    return f"Effacé {day} : il n'a pas été terminé à temps."


def _day_of(moment: int | None) -> str:
    return french_day(paris_day(moment or 0))


def _ended(words: str) -> str:
    return words if not words or words.endswith((".", "!", "?")) else f"{words}."
