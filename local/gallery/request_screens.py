"""D0 to D5: the requests of the person signed in, their documents, and the page where anybody verifies one."""

from dataclasses import replace

from activation.domain.requests import acts
from activation.domain.requests.documents import DocumentState
from local.gallery.acts import Act, Choose, Fill, LoseNetwork, Press, Unfold
from local.gallery.fake_api import Body, problem, signed_in
from local.gallery.form import Form
from local.gallery.request_bodies import (
    CLAIM,
    REFUSAL,
    RIGHTS,
    Told,
    answered_claim,
    begun,
    delivered,
    document,
    everything,
    listed,
    paid,
    refused,
    rights,
    to_complete,
    verified,
)
from local.gallery.screen import Call, LateReply, Reply, Screen
from local.gallery.states import RETRY_SOON, broken, network_blocked, unavailable

LIST, ONE, QUESTION, COMPLETION, DOCUMENT = (
    "/compte/suivi",
    "/compte/suivi/demande",
    "/compte/suivi/question",
    "/compte/suivi/completer",
    "/compte/suivi/attestation",
)
CLAIM_PAGE, RIGHTS_PAGE, REFUSAL_PAGE, GUIDE_PAGE, VERIFY = (
    "/compte/reclamation",
    "/compte/attestation-de-droits",
    "/compte/attestation-de-non-versement",
    "/compte/demander-une-prestation",
    "/verifier",
)
REQUEST_ID = "01KREQUEST"
AT = {"request": {"id": REQUEST_ID}}
LIST_CALL, OPEN_CALL = ("GET", "/api/requests"), ("POST", "/api/requests")
SHOW_CALL, SAVE_CALL = ("GET", f"/api/requests/{REQUEST_ID}"), ("PUT", f"/api/requests/{REQUEST_ID}")
SEND_CALL, COMPLETE_CALL, MESSAGE_CALL, WITHDRAW_CALL = (
    ("POST", f"/api/requests/{REQUEST_ID}/{act}") for act in ("sending", "completion", "message", "withdrawal")
)
DOCUMENT_CALL = ("GET", f"/api/requests/{REQUEST_ID}/document")
VERIFY_CALL = ("POST", "/api/documents/verification")


def body_of(told: Told) -> Body:
    """That request, under the id in the pages' address."""
    return {**told.body, "id": REQUEST_ID}


def at_request(told: Told, **more: Reply | LateReply) -> dict[Call, Reply | LateReply]:
    """The answers to the calls on a request."""
    known = {"save": SAVE_CALL, "send": SEND_CALL, "complete": COMPLETE_CALL, "message": MESSAGE_CALL}
    known |= {"withdraw": WITHDRAW_CALL}
    return {SHOW_CALL: body_of(told), **{known[name]: answer for name, answer in more.items()}}


def _at(
    name: str, path: str, told: Told, shows: str, *played: Act, question: str = "", **more: Reply | LateReply
) -> Screen:
    memory = {"request": {"id": REQUEST_ID, **({"question": question} if question else {})}}
    return Screen(name, path, signed_in, played, at_request(told, **more), shows, memory=memory)


def _failures(screen: Screen, call: Call) -> list[Screen]:
    """The states that the form can come to whose acts the screen plays."""
    return [
        replace(screen, name=f"{screen.name}, envoi lent", shows="Envoi en cours…", slow=True),
        replace(
            screen,
            name=f"{screen.name}, connexion coupée",
            acts=(LoseNetwork(), *screen.acts),
            shows="Vous êtes hors connexion.",
        ),
        replace(
            screen,
            name=f"{screen.name}, panne du service",
            replies={**screen.replies, call: broken},
            shows="Référence : ",
        ),
    ]


FOLLOWED = [
    Screen("D0", LIST, signed_in, replies={LIST_CALL: listed(*everything())}, shows="Brouillon"),
    Screen("D0, aucune demande", LIST, signed_in, shows="Vous n'avez pas encore de demande."),
    Screen("D0, service indisponible", LIST, signed_in, replies={LIST_CALL: unavailable}, shows=RETRY_SOON),
    _at("D2 brouillon", ONE, begun(), "Continuer ma demande"),
    _at("D2 à envoyer", ONE, begun().answered(), "Envoyer ma demande"),
    _at("D2 envoyée", ONE, Told(CLAIM).sent(), "Le CNAS l'a reçue."),
    _at("D2", ONE, Told(CLAIM).examined(), "Vous n'avez rien à faire."),
    _at("D2 à compléter", ONE, to_complete(), "avant le 15/01/2027"),
    _at("D2 refusée", ONE, refused(), "Contester"),
    _at("D2 répondue", ONE, answered_claim(), "Le CNAS vous a répondu"),
    _at("D2 délivrée", ONE, delivered(), "Voir l'attestation"),
    _at("D2 réglée", ONE, paid(), "Je n'ai rien reçu"),
    _at("D2 retirée", ONE, Told(CLAIM).sent().then(acts.withdraw), "Vous l'avez retirée"),
    _at("D2 sur une autre demande", ONE, Told(CLAIM, about="01KOTHER").sent(), "Voir cette demande"),
    _at("D2 tout déplié", ONE, Told(CLAIM).sent(), "Retirer ma demande", Unfold()),
    _at(
        "D2, envoyée à l'instant",
        ONE,
        begun().answered(),
        "Votre demande est envoyée",
        Press("Envoyer ma demande"),
        send=body_of(Told(CLAIM).sent()),
    ),
    _at(
        "D2, trop tard",
        ONE,
        Told(CLAIM).sent(),
        "Cette action n'est plus possible.",
        Unfold(),
        Press("Retirer ma demande"),
        withdraw=problem(409, "wrong-step", next_step="home"),
    ),
    *_failures(
        _at("D2 envoi", ONE, begun().answered(), "", Press("Envoyer ma demande")),
        SEND_CALL,
    ),
    _at("D2 message, rien d'écrit", ONE, Told(CLAIM).examined(), "Écrivez votre message", Press("Envoyer mon message")),
    _at(
        "D2 message, envoyé",
        ONE,
        Told(CLAIM).examined(),
        "Votre message est envoyé",
        Fill("texte", "Je n'ai toujours rien reçu."),
        Press("Envoyer mon message"),
        message=body_of(Told(CLAIM).examined()),
    ),
    *_failures(
        _at(
            "D2 message",
            ONE,
            Told(CLAIM).examined(),
            "",
            Fill("texte", "Je n'ai toujours rien reçu."),
            Press("Envoyer mon message"),
        ),
        MESSAGE_CALL,
    ),
    _at("D2 complément", COMPLETION, to_complete(), "Corrigez ce qui vous est demandé."),
    _at(
        "D2 complément, réponse trop courte",
        COMPLETION,
        to_complete(),
        "Écrivez de 10 à 2 000 caractères",
        Fill("explication", "Rien"),
        Press("Envoyer le complément"),
        complete=problem(422, "invalid-request", ("fields/explication", "too-small")),
    ),
    *_failures(
        _at("D2 complément", COMPLETION, to_complete(), "", Press("Envoyer le complément")),
        COMPLETE_CALL,
    ),
]

_QUESTION = (Fill("explication", "J'attends mes titres depuis septembre."), Press("Continuer"))

ASKING = [
    Screen("Attestation de droits", RIGHTS_PAGE, signed_in, shows="Elle est faite tout de suite."),
    Screen(
        "Attestation de droits, début inconnu",
        RIGHTS_PAGE,
        signed_in,
        (Press("Afficher mon attestation"),),
        {OPEN_CALL: problem(409, "rights-not-dated")},
        "Le CNAS ne connaît pas le début de vos droits.",
    ),
    *Form("Attestation de droits", RIGHTS_PAGE, signed_in, (Press("Afficher mon attestation"),), OPEN_CALL).failures(),
    Screen("Attestation de non-versement", REFUSAL_PAGE, signed_in, shows="Vous répondez à 3 questions"),
    Screen(
        "Attestation de non-versement, déjà demandée",
        REFUSAL_PAGE,
        signed_in,
        replies={LIST_CALL: listed(begun(REFUSAL), delivered())},
        shows="Reprendre mon brouillon",
    ),
    Screen(
        "Attestation de non-versement, trop de demandes",
        REFUSAL_PAGE,
        signed_in,
        (Press("Commencer ma demande"),),
        {OPEN_CALL: problem(409, "too-many-requests-open")},
        "Vous avez 20 demandes en cours.",
    ),
    _at("D2 question", QUESTION, begun(), "Que se passe-t-il ?"),
    _at("D2 question, un texte", QUESTION, begun(), "Expliquez-nous", question="explication"),
    _at("D2 question, une date", QUESTION, begun(), "Depuis quand attendez-vous ?", question="depuis"),
    _at("D2 question, un nombre", QUESTION, begun(REFUSAL), "Pour quelle année ?", question="annee"),
    _at("D2 question, rien de répondu", QUESTION, begun(), "Répondez à cette question", Press("Continuer")),
    _at(
        "D2 question, rien n'est envoyé",
        QUESTION,
        begun(),
        "Dans ce cas, rien n'est envoyé",
        Choose("objet-perdu-ou-vole"),
        Press("Continuer"),
    ),
    _at(
        "D2 question, réponse refusée",
        QUESTION,
        begun(),
        "Saisissez une date du",
        Fill("depuis", "32/13/2026"),
        Press("Continuer"),
        question="depuis",
        save=problem(422, "invalid-request", ("fields/depuis", "format")),
    ),
    _at(
        "D2 question, changée ailleurs",
        QUESTION,
        begun(),
        "Votre brouillon a changé dans un autre onglet.",
        *_QUESTION,
        question="explication",
        save=problem(409, "outdated-version"),
    ),
    *_failures(_at("D2 question", QUESTION, begun(), "", *_QUESTION, question="explication"), SAVE_CALL),
]

_DOOR = (Choose("porte-autre"), Press("Continuer"))

CLAIMS = [
    Screen("D5", CLAIM_PAGE, signed_in, shows="Que se passe-t-il ?"),
    Screen("D5, rien de choisi", CLAIM_PAGE, signed_in, (Press("Continuer"),), shows="Choisissez ce qui se passe"),
    Screen(
        "D5, perdu ou volé",
        CLAIM_PAGE,
        signed_in,
        (Choose("porte-perdu-ou-vole"), Press("Continuer")),
        shows="Dans ce cas, rien n'est envoyé au CNAS",
    ),
    Screen(
        "D5, brouillon en cours",
        CLAIM_PAGE,
        signed_in,
        replies={LIST_CALL: listed(begun())},
        shows="Vous avez déjà commencé",
    ),
    Screen(
        "D5, sur une demande",
        CLAIM_PAGE,
        signed_in,
        shows="Votre réclamation porte sur",
        memory={
            "request": {
                "id": REQUEST_ID,
                "about": {
                    "id": REQUEST_ID,
                    "number": "608114925",
                    "label": "Attestation de non-versement",
                    "act": "contester",
                },
            }
        },
    ),
    *Form("D5", CLAIM_PAGE, signed_in, _DOOR, OPEN_CALL).failures(),
]


def _attestation(state: str, shown: Body, shows: str) -> Screen:
    return Screen(f"D3{state}", DOCUMENT, signed_in, replies={DOCUMENT_CALL: shown}, shows=shows, memory=AT)


_CODE = (Fill("code-attestation", "7k2m 04qx 9rzt"), Press("Vérifier"))


def _verified(state: str, answer: Reply | LateReply, shows: str) -> Screen:
    return Screen(f"D4, {state}", VERIFY, acts=_CODE, replies={VERIFY_CALL: answer}, shows=shows)


DOCUMENTS = [
    _attestation("", document(), "7K2M-04QX-9RZT"),
    _attestation(" non-versement", document(REFUSAL), "la CAF"),
    _attestation(", date passée", document(RIGHTS, DocumentState.EXPIRED), "sa date est passée"),
    _attestation(", situation changée", document(RIGHTS, DocumentState.WITHDRAWN), "votre situation a changé"),
    _at("D2 attestation de droits", ONE, rights(), "Votre document est prêt."),
    Screen("D4", VERIFY, shows="Vérifiez ici qu'elle est encore valable."),
    Screen("D4, rien de saisi", VERIFY, acts=(Press("Vérifier"),), shows="Saisissez le code de l'attestation"),
    Screen(
        "D4, code trop court",
        VERIFY,
        acts=(Fill("code-attestation", "7K2M"), Press("Vérifier")),
        shows="Le code comporte 12 lettres et chiffres",
    ),
    _verified("valable", verified(DocumentState.VALID), "Cette attestation est valable"),
    _verified("expirée", verified(DocumentState.EXPIRED), "Cette attestation a expiré"),
    _verified("plus valable", verified(DocumentState.WITHDRAWN), "Cette attestation n'est plus valable"),
    _verified("inconnue", verified(DocumentState.UNKNOWN), "Ce code est inconnu"),
    _verified("réseau bloqué", network_blocked, "Trop de demandes depuis votre réseau"),
    replace(_verified("envoi lent", verified(DocumentState.VALID), "Envoi en cours…"), slow=True),
    replace(
        _verified("connexion coupée", verified(DocumentState.VALID), "Vous êtes hors connexion."),
        acts=(LoseNetwork(), *_CODE),
    ),
    _verified("panne du service", broken, "Référence : "),
]

GUIDE = [
    Screen("D1", GUIDE_PAGE, signed_in, shows="Naissance ou adoption"),
    Screen("D1, tout déplié", GUIDE_PAGE, signed_in, (Unfold(),), shows="Demandez-la dans les 6 mois."),
    Screen(
        "D1, date limite",
        GUIDE_PAGE,
        signed_in,
        (Unfold(), Fill("jour-naissance-adoption", "31/08/2023"), Press("Calculer : Naissance ou adoption")),
        shows="29 février 2024",
    ),
    Screen(
        "D1, date mal écrite",
        GUIDE_PAGE,
        signed_in,
        (Unfold(), Fill("jour-naissance-adoption", "31/02/2026"), Press("Calculer : Naissance ou adoption")),
        shows="Saisissez une date, par exemple 23/07/2026",
    ),
]
