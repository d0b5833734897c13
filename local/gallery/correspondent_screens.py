"""K0 to K3: the space of a correspondent."""

import re
from dataclasses import replace
from typing import Any

from local.gallery.acts import Act, Attach, Choose, Fill, LoseNetwork, Press
from local.gallery.fake_api import Body, answering_for, correspondent, problem, time_in
from local.gallery.request_bodies import CLAIM, Told, followed, paid, refused, to_complete
from local.gallery.screen import Call, LateReply, Reply, Screen
from local.gallery.states import RETRY_SOON, blocked_until, broken, corresponding, unavailable

HOME = "/correspondant"
PEOPLE, PERSON, UPLOAD, FOLLOWED, REQUESTS = (
    f"{HOME}/beneficiaires",
    f"{HOME}/beneficiaires/modifier",
    f"{HOME}/envoi",
    f"{HOME}/envoi/controle",
    f"{HOME}/suivi",
)
VILLAGE = {"id": "M0001", "name": "Mairie de Saint-Aubin", "people": 12, "without_contact": 2, "unreachable": 1}
SCHOOL = {"id": "M0002", "name": "Caisse des écoles", "people": 4, "without_contact": 0, "unreachable": 0}
CITY = {"id": "M0003", "name": "Ville de Montclair", "people": 3012, "without_contact": 148, "unreachable": 23}
STRUCTURE = {"id": VILLAGE["id"], "name": VILLAGE["name"]}
UPLOAD_ID = "9f3c1a5e"

HOME_CALL, EXPORT_CALL = ("GET", "/api/correspondent"), ("GET", "/api/account/export")
SEARCH_CALL, SAVE_CALL = ("POST", "/api/correspondent/people/search"), ("PUT", "/api/correspondent/people")
REQUESTS_CALL = ("POST", "/api/correspondent/requests/search")
UPLOAD_CALL = ("POST", "/api/correspondent/uploads")
FOLLOW_CALL = ("GET", f"/api/correspondent/uploads/{UPLOAD_ID}")
REPORT_CALL = ("GET", f"/api/correspondent/uploads/{UPLOAD_ID}/report")
APPLY_CALL = ("POST", f"/api/correspondent/uploads/{UPLOAD_ID}/application")
UNDO_CALL = ("POST", f"/api/correspondent/uploads/{UPLOAD_ID}/undoing")
COUNTS = {"created": 0, "updated": 3, "left": 1, "unchanged": 31, "arrivals": 2}


def declared(identifier: str, last_name: str, first_name: str, **more: str | None) -> Body:
    """A person as the search lists them; `missing` is given beside the row's columns."""
    row = {
        "last_name": last_name,
        "usage_name": "",
        "first_name": first_name,
        "email": "",
        "mobile": "",
        "start_date": "",
        "end_date": "",
    }
    missing = {"missing": more.pop("missing")} if "missing" in more else {}
    return {"identifier": identifier, "version": "v1", "row": {**row, **more}, **missing}


LOUIS = declared("10000001", "Garcia", "Louis", email="louis.garcia@mondomaine.com", mobile="+33612345678")
PEOPLE_OF_THE_VILLAGE = [
    declared("10000007", "Aubert", "Jeanne", missing="contact"),
    declared("10000004", "D'Étampes de La Rochefoucauld", "Marie-Antoinette", mobile="+33612345679"),
    LOUIS,
    declared("10000003", "Martin", "Ali", email=None),
    declared("10000009", "Petit", "Paul", email="paul.petit@mondomaine.com", missing="reachable"),
]


REQUESTS_OF_THE_VILLAGE = [
    followed("Aubert", "Jeanne", to_complete(), paid()),
    followed("D'Étampes de La Rochefoucauld", "Marie-Antoinette", Told(CLAIM).examined()),
    followed("Garcia", "Louis", refused()),
]


def sent(state: str, **more: object) -> Body:
    """An upload in the list of the last uploads."""
    return {"upload_id": UPLOAD_ID, "state": state, "sent_at": "2026-11-27T09:30:00Z", "counts": COUNTS, **more}


ONE = answering_for(VILLAGE, uploads=(sent("applied"), sent("refused")))
THREE = answering_for(VILLAGE, SCHOOL, CITY, uploads=(sent("checked"),))


def space(home: Body = ONE, /, **replies: Any) -> dict[Call, Reply | LateReply]:
    """The answers to the calls of a correspondent's pages."""
    known = {"search": SEARCH_CALL, "save": SAVE_CALL, "upload": UPLOAD_CALL, "follow": FOLLOW_CALL}
    known |= {"requests": REQUESTS_CALL}
    known |= {"report": REPORT_CALL, "apply": APPLY_CALL, "undo": UNDO_CALL}
    return {
        HOME_CALL: home,
        EXPORT_CALL: correspondent(),
        SEARCH_CALL: {"people": PEOPLE_OF_THE_VILLAGE},
        REQUESTS_CALL: {"people": REQUESTS_OF_THE_VILLAGE},
        **{known[name]: answer for name, answer in replies.items()},
    }


HOMES = [
    Screen("K0", HOME, corresponding, replies=space(), shows="12 bénéficiaires déclarés"),
    Screen("K0, plusieurs structures", HOME, corresponding, replies=space(THREE), shows="148 sans contact déclaré"),
    Screen("K0, rien encore", HOME, corresponding, replies=space(answering_for(SCHOOL)), shows="encore rien envoyé"),
    Screen(
        "K0, service indisponible", HOME, corresponding, replies={**space(), HOME_CALL: unavailable}, shows=RETRY_SOON
    ),
]

REQUESTS_FOLLOWED = [
    Screen("K4", REQUESTS, corresponding, replies=space(), shows="Le CNAS lui demande : la date de votre demande"),
    Screen(
        "K4, choix de la structure", REQUESTS, corresponding, replies=space(THREE), shows="Choisissez une structure"
    ),
    Screen(
        "K4, rien à suivre",
        REQUESTS,
        corresponding,
        replies=space(requests={"people": []}),
        shows="Aucune demande à suivre",
    ),
    Screen(
        "K4, personne encore",
        REQUESTS,
        corresponding,
        replies=space(requests={"people": [], "after": "x"}),
        shows="Voyez la suite",
    ),
    Screen(
        "K4, d'autres suivent",
        REQUESTS,
        corresponding,
        replies=space(requests={"people": REQUESTS_OF_THE_VILLAGE, "after": "x"}),
        shows="Voir la suite",
    ),
    Screen(
        "K4, service indisponible",
        REQUESTS,
        corresponding,
        replies={**space(), REQUESTS_CALL: unavailable},
        shows=RETRY_SOON,
    ),
]

LISTS = [
    Screen("K1", PEOPLE, corresponding, replies=space(), shows="5 bénéficiaires affichés"),
    Screen("K1, choix de la structure", PEOPLE, corresponding, replies=space(THREE), shows="Choisissez une structure"),
    Screen(
        "K1, sans contact",
        PEOPLE,
        corresponding,
        replies=space(search={"people": PEOPLE_OF_THE_VILLAGE[:1]}),
        shows="1 bénéficiaire affiché",
        memory={"work": {"structure": STRUCTURE, "search": {"name": "", "missing": "contact"}}},
    ),
    Screen(
        "K1, personne",
        PEOPLE,
        corresponding,
        (Fill("nom", "Zo"), Press("Rechercher")),
        space(search={"people": []}),
        shows="Personne ne correspond",
    ),
    Screen(
        "K1, d'autres suivent",
        PEOPLE,
        corresponding,
        replies=space(search={"people": PEOPLE_OF_THE_VILLAGE, "after": "x"}),
        shows="Voir la suite",
    ),
]

EDITING = {"work": {"structure": STRUCTURE, "person": LOUIS["identifier"]}}
_SAVE = (Fill("email", "louis@exemple.fr"), Press("Enregistrer"))
_LEAVE = (Fill("fin", "31/12/2026"), Choose("depart"), Press("Enregistrer"))


def _editing(state: str, acts: tuple[Act, ...], shows: str, **more: Reply | LateReply) -> Screen:
    replies = space(search={"people": [LOUIS]}, **more)
    return Screen(f"K2{state}", PERSON, corresponding, acts, replies, shows, memory=EDITING)


def _fault(column: str, reason: str) -> Reply:
    status, body = problem(422, "invalid-request")
    return status, {**body, "errors": [{"pointer": f"#/row/{column}", "code": "invalid", "detail": reason}]}


SAVED = {"outcome": "updated", "remarks": []}

EDITS = [
    _editing("", (), "Dernier jour dans la structure"),
    Screen(
        "K2, contact donné au CNAS",
        PERSON,
        corresponding,
        replies=space(search={"people": PEOPLE_OF_THE_VILLAGE[3:4]}),
        shows="Cette personne a donné une adresse au CNAS",
        memory=EDITING,
    ),
    _editing(", nom effacé", (Fill("nom", ""), Press("Enregistrer")), "Saisissez le nom de naissance"),
    _editing(
        ", adresse mal écrite",
        (Fill("email", "louis@"), Press("Enregistrer")),
        "Saisissez une adresse email au bon format",
    ),
    _editing(
        ", départ sans case cochée",
        (Fill("fin", "31/12/2026"), Press("Enregistrer")),
        "Cochez « Cette personne quitte la structure »",
    ),
    _editing(", départ sans date", (Choose("depart"), Press("Enregistrer")), "Saisissez le dernier jour"),
    _editing(", enregistré", _SAVE, "La nouvelle servira dans 24 heures.", save=SAVED),
    _editing(", départ enregistré", _LEAVE, "C'est enregistré", save=SAVED),
    _editing(
        ", refusé", _SAVE, "Ce n'est pas une adresse email", save=_fault("email", "ce n'est pas une adresse email")
    ),
    _editing(
        ", nom à confirmer",
        (Fill("nom", "Durand"), Press("Enregistrer")),
        "Cochez « C'est bien la même personne »",
        save=problem(409, "not-confirmed"),
    ),
    _editing(", changé entre-temps", _SAVE, "Cette fiche vient de changer.", save=problem(409, "outdated-version")),
    replace(_editing(", envoi lent", _SAVE, "Envoi en cours…"), slow=True),
    _editing(", connexion coupée", (LoseNetwork(), *_SAVE), "Vous êtes hors connexion."),
    _editing(", panne du service", _SAVE, "Référence : ", save=broken),
]

_FILE = Attach("fichier", "personnes.xlsx", 20_000)
_SENDING = (_FILE, Press("Envoyer et contrôler"))
FOLLOWING_IT = {"work": {"upload": UPLOAD_ID}}
FINDINGS = [
    {"row": 4, "column": "adresse email", "reason": "Refusé : ce n'est pas une adresse email"},
    {"row": 7, "column": "identifiant", "reason": "Refusé : cet identifiant est sur plusieurs lignes du fichier"},
    {"row": 2, "reason": "En attente : entrée à confirmer par le CNAS"},
    {"row": 12, "column": "téléphone mobile", "reason": "Remarque : ce numéro n'est pas encore dans nos listes"},
]


def _change(row: int, person: Body, *columns: str, leaves: bool = False) -> Body:
    names = {name: person["row"][name] for name in ("last_name", "usage_name", "first_name")}
    return {"row": row, "identifier": person["identifier"], **names, "leaves": leaves, "columns": list(columns)}


CHANGES = [
    _change(9, PEOPLE_OF_THE_VILLAGE[1], "date de fin", leaves=True),
    _change(5, LOUIS, "nom de naissance", "nom d'usage"),
    _change(3, PEOPLE_OF_THE_VILLAGE[0], "adresse email"),
    _change(11, PEOPLE_OF_THE_VILLAGE[4]),
]


def _sending(state: str, acts: tuple[Act, ...], shows: str | re.Pattern[str], **more: Reply | LateReply) -> Screen:
    return Screen(f"K3{state}", UPLOAD, corresponding, acts, space(**more), shows)


def upload(state: str, **more: object) -> Body:
    """An upload as its own page gets it."""
    return {
        "upload_id": UPLOAD_ID,
        "state": state,
        "progress": {"done": 0, "total": 0},
        "counts": COUNTS,
        "findings": [],
        "expires_at": time_in(hours=23),
        **more,
    }


def _followed(state: str, now: Reply | LateReply, shows: str, *acts: Act, **more: Reply | LateReply) -> Screen:
    replies = space(follow=now, **more)
    return Screen(f"K3 envoi{state}", FOLLOWED, corresponding, acts, replies, shows, memory=FOLLOWING_IT)


def _checked() -> Body:
    return upload("checked", findings=FINDINGS, changes=CHANGES)


def _to_confirm() -> Body:
    return upload("checked", findings=FINDINGS, changes=CHANGES, confirm=["departures", "renamings", "changes"])


SENDINGS = [
    _sending("", (), "CSV, Excel ou LibreOffice, 4 Mo au plus"),
    _sending(", rien de choisi", (Press("Envoyer et contrôler"),), "Choisissez un fichier"),
    _sending(
        ", fichier trop grand", (Attach("fichier", "tout.csv", 4_194_305), _SENDING[1]), "Ce fichier dépasse 4 Mo."
    ),
    _sending(
        ", fichier vide", (Attach("fichier", "vide.csv", 0), _SENDING[1]), "Ce fichier est vide, ou n'est plus là."
    ),
    _sending(
        ", trop de fichiers",
        _SENDING,
        "C'était le dernier pour aujourd'hui.",
        upload=lambda: blocked_until("too-many-today", hours=3),
    ),
    _sending(
        ", un autre en cours",
        _SENDING,
        "Un autre fichier est en cours.",
        upload=lambda: blocked_until("import-running", hours=3),
    ),
    replace(_sending(", envoi lent", _SENDING, "Envoi en cours…"), slow=True),
    _sending(", connexion coupée", (LoseNetwork(), *_SENDING), "Vous êtes hors connexion."),
    _sending(", panne du service", _SENDING, "Référence : ", upload=broken),
]

FOLLOWING = [
    _followed(", contrôle commencé", lambda: upload("checking", counts=None), "Lecture du fichier"),
    _followed(
        ", contrôle en cours",
        lambda: upload("checking", counts=None, progress={"done": 1200, "total": 3000}),
        "1 200 lignes sur 3 000",
    ),
    _followed(
        ", refusé",
        lambda: upload("refused", counts=None, findings=[{"reason": "Il manque ces colonnes : « identifiant »."}]),
        "Rien n'a changé.",
    ),
    _followed("", _checked, "3 modifications, 1 sortie, 2 entrées à confirmer par le CNAS, 31 inchangées"),
    _followed(", à confirmer", _to_confirm, "Je confirme ces départs"),
    _followed(", rien de confirmé", _to_confirm, "Cochez « Je confirme ces départs »", Press("Appliquer")),
    _followed(", expiré", lambda: upload("expired"), "Le contrôle date de plus de 24 heures"),
    _followed(
        ", application en cours", lambda: upload("applying", progress={"done": 10, "total": 37}), "10 lignes sur 37"
    ),
    _followed(", appliqué", lambda: upload("applied", undo_until=time_in(hours=23)), "Vous pouvez annuler cet envoi"),
    _followed(", annulation en cours", lambda: upload("undoing"), "Annulation en cours"),
    _followed(
        ", annulé",
        lambda: upload("undone", findings=[{"reason": "2 fiches restent comme elles sont."}]),
        "2 fiches restent comme elles sont.",
    ),
    _followed(", arrêté", lambda: upload("failed", counts=None), "Le service s'est arrêté avant la fin."),
    _followed(
        ", déjà appliqué",
        _checked,
        "Cette action n'est plus possible.",
        Press("Appliquer"),
        apply=problem(409, "wrong-step", next_step="home"),
    ),
    replace(_followed(", envoi lent", _checked, "Envoi en cours…", Press("Appliquer")), slow=True),
    _followed(", connexion coupée", _checked, "Vous êtes hors connexion.", LoseNetwork(), Press("Appliquer")),
    _followed(", panne du service", _checked, "Référence : ", Press("Appliquer"), apply=broken),
]
