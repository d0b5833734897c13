"""S7, S11 to S13: the account's home, its pages, one's own data, the end of the session."""

from local.gallery.acts import Choose, Fill, Press, Unfold
from local.gallery.fake_api import LOOKED_AT, correspondent, problem, signed_in
from local.gallery.form import Form
from local.gallery.request_bodies import everything, listed
from local.gallery.screen import Screen
from local.gallery.states import (
    GOOD_PASSWORD,
    RETRY_SOON,
    RETRY_THEN,
    account_locked,
    broken,
    changing_mail,
    changing_mobile,
    corresponding,
    ending,
    first_visit,
    unavailable,
    with_mail_to_verify,
    with_things_to_do,
    without_correspondent,
    without_mail,
)

_REQUESTS = ("GET", "/api/requests")
_OWN = "/compte/informations-personnelles"
_WRONG = problem(401, "credentials-rejected", attempts_left=1)
_SIGN_OUT = Form("S7", "/compte", signed_in, (Press("Me déconnecter"),), ("DELETE", "/api/session"))

HOME = [
    Screen("S7", "/compte", signed_in, shows="Dernière connexion"),
    Screen("S7, première visite", "/compte", signed_in, shows="C'est votre première visite", home=first_visit),
    Screen("S7, à faire", "/compte", signed_in, shows="n'a pas pu être jointe", home=with_things_to_do),
    Screen(
        "S7, demandes à finir", "/compte", signed_in, replies={_REQUESTS: listed(*everything())}, shows="À vous, avant"
    ),
    Screen("S7, demandes illisibles", "/compte", signed_in, replies={_REQUESTS: broken}, shows="ne s'affichent pas"),
    Screen("S7, fin de session proche", "/compte", ending, shows="Vous avez besoin de plus de temps ?"),
    Screen("S7, service indisponible", "/compte", unavailable, home=unavailable, shows=RETRY_SOON),
    Screen("S7, sans session", "/compte", shows="1re connexion : créez votre compte en ligne"),
    _SIGN_OUT.refused("déconnecté", (204, {}), "Vous êtes déconnecté(e)."),
    *_SIGN_OUT.failures(),
]

_S12_MAIL = Form(
    "S12 email",
    f"{_OWN}/email",
    signed_in,
    (Fill("email", "louis@exemple.fr"), Fill("mot_de_passe", "x"), Press("Recevoir un code")),
    ("PUT", "/api/account/email"),
)
_S12_MOBILE = Form(
    "S12 mobile",
    f"{_OWN}/mobile",
    signed_in,
    (Fill("mobile", "06 98 76 54 32"), Fill("mot_de_passe", "x"), Press("Recevoir un code")),
    ("PUT", "/api/account/mobile"),
)
_S12_CODE = Form(
    "S12 code",
    f"{_OWN}/code",
    changing_mobile,
    (Fill("code", "123456"), Press("Vérifier le code")),
    ("POST", "/api/account/contact/verification"),
)

CONTACTS_SCREENS = [
    Screen("S12 email", f"{_OWN}/email", signed_in, shows="Nous devons vérifier que c'est bien vous"),
    Screen("S12 email, première adresse", f"{_OWN}/email", signed_in, shows="Ajouter", home=without_mail),
    Screen(
        "S12 email, rien de saisi",
        f"{_OWN}/email",
        signed_in,
        (Press("Recevoir un code"),),
        shows="Saisissez votre mot de passe",
    ),
    Screen(
        "S12 email, domaine mal écrit",
        f"{_OWN}/email",
        signed_in,
        (Fill("email", "louis@gmial.com"), Fill("mot_de_passe", "x")),
        shows="Vouliez-vous dire gmail.com",
    ),
    _S12_MAIL.refused(
        "même adresse", problem(422, "invalid-request", ("email", "unchanged")), "Vous utilisez déjà cette adresse"
    ),
    *_S12_MAIL.failures(),
    Screen("S12 mobile", f"{_OWN}/mobile", signed_in, shows="Nous devons vérifier que c'est bien vous"),
    _S12_MOBILE.refused("mot de passe incorrect", _WRONG, "Il vous reste une tentative."),
    _S12_MOBILE.refused("bloqué", account_locked, RETRY_THEN),
    _S12_MOBILE.refused(
        "pas un mobile", problem(422, "invalid-request", ("mobile", "not-a-mobile")), "Ce numéro n'est pas un mobile"
    ),
    Screen("S12 code", f"{_OWN}/code", changing_mobile, (Unfold(),), shows="Vérifiez votre nouveau téléphone"),
    Screen("S12 code, adresse email", f"{_OWN}/code", changing_mail, shows="Vérifiez votre nouvelle adresse email"),
    _S12_CODE.refused("code incorrect", problem(422, "code-rejected", attempts_left=2), "Il vous reste 2 tentatives."),
    _S12_CODE.refused("expiré", problem(401, "flow-expired"), "Ce code a expiré."),
    *_S12_CODE.failures(),
]

_NEW_PASSWORD = Form(
    "Nouveau mot de passe",
    f"{_OWN}/mot-de-passe",
    signed_in,
    (
        Fill("actuel", "x"),
        Fill("mot_de_passe", GOOD_PASSWORD),
        Fill("confirmation", GOOD_PASSWORD),
        Press("Soumettre"),
    ),
    ("PUT", "/api/account/password"),
)
_CONSENT = Form(
    "S13", _OWN, signed_in, (Choose("consentement-non"), Press("Valider mon choix")), ("PUT", "/api/account/consent")
)

OWN_DATA = [
    Screen("S13", _OWN, signed_in, (Unfold(),), shows="Votre choix actuel"),
    Screen("S13, un seul contact", _OWN, signed_in, shows="le seul contact que vous avez validé", home=without_mail),
    Screen("S13, adresse à vérifier", _OWN, signed_in, shows="Pas encore vérifié", home=with_mail_to_verify),
    Screen(
        "S13, correspondant",
        _OWN,
        corresponding,
        replies={("GET", "/api/account/export"): correspondent},
        shows="claire.fontaine@saint-aubin.example",
    ),
    Screen(
        "S13, demandes regardées",
        _OWN,
        signed_in,
        replies={("GET", "/api/account/history"): LOOKED_AT},
        shows="Le CNAS a consulté une de vos demandes",
    ),
    Screen("S13, aucun choix", _OWN, signed_in, (Press("Valider mon choix"),), shows="Choisissez « Je consens »"),
    _CONSENT.refused("choix enregistré", {"next_step": "home"}, "Votre choix est enregistré"),
    _CONSENT.refused("texte remplacé", problem(409, "outdated-version"), "Ce texte vient de changer."),
    *_CONSENT.failures(),
    Screen("Nouveau mot de passe", f"{_OWN}/mot-de-passe", signed_in, shows="Mot de passe actuel"),
    _NEW_PASSWORD.refused("mot de passe incorrect", _WRONG, "Ce mot de passe est incorrect."),
    _NEW_PASSWORD.refused("modifié", {"next_step": "home"}, "Votre mot de passe a été modifié."),
    *_NEW_PASSWORD.failures(),
    Screen("Historique", f"{_OWN}/historique", signed_in, shows="Compte activé"),
]

_BUDGET = "/compte/budget"
_DEBT, _LOAN = "/compte/taux-d-endettement", "/compte/calculatrice-d-emprunt"

MENU = [
    Screen("Correspondant", "/compte/correspondant", signed_in, shows="Claire Fontaine"),
    Screen(
        "Correspondant, non renseigné",
        "/compte/correspondant",
        signed_in,
        shows="Non renseigné",
        home=without_correspondent,
    ),
    Screen("Budget", _BUDGET, signed_in, shows="Vos revenus"),
    Screen(
        "Budget, résultat",
        _BUDGET,
        signed_in,
        (Fill("amount-1-1", "2 100"), Fill("amount-3-1", "650"), Fill("amount-5-1", "400,50"), Press("Calculer")),
        shows="Il vous reste",
    ),
    Screen(
        "Budget, montant illisible",
        _BUDGET,
        signed_in,
        (Fill("amount-1-1", "beaucoup"), Press("Calculer")),
        shows="saisissez un montant de 0 à",
    ),
    Screen("Taux d'endettement", _DEBT, signed_in, shows="Charges mensuelles"),
    Screen("Taux d'endettement, rien de saisi", _DEBT, signed_in, (Press("Calculer"),), shows="par exemple 650"),
    Screen(
        "Taux d'endettement, résultat",
        _DEBT,
        signed_in,
        (Fill("charges", "650"), Fill("revenus", "2 100"), Press("Calculer")),
        shows="Votre taux d'endettement est de 31 %.",
    ),
    Screen("Emprunt", _LOAN, signed_in, shows="Montant emprunté"),
    Screen("Emprunt, rien de saisi", _LOAN, signed_in, (Press("Calculer"),), shows="Saisissez le montant emprunté"),
    Screen(
        "Emprunt, résultat",
        _LOAN,
        signed_in,
        (Fill("montant", "100 000"), Fill("taux", "3,5"), Fill("duree", "20"), Press("Calculer")),
        shows="Coût total",
    ),
]
