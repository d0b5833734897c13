"""S10, S14 and the pages that only inform."""

from local.gallery.fake_api import problem, signed_in
from local.gallery.screen import Reply, Screen
from local.gallery.states import RETRY_SOON, broken, choosing, consenting, expired, unavailable, verifying


def _not_yet() -> Reply:
    return problem(409, "wrong-step", next_step="give_consent")


INCIDENTS = [
    Screen("S10 codes incorrects", "/blocage/codes-incorrects", shows="Demandez un nouveau code"),
    Screen("S10 trop de codes", "/blocage/trop-de-codes", verifying("activation"), shows="J'ai retrouvé un code"),
    Screen("S10 trop de codes, sans code en cours", "/blocage/trop-de-codes", shows="Demander un nouveau code"),
    Screen("S10 mots de passe incorrects", "/blocage/mots-de-passe-incorrects", shows="trop de mots de passe"),
    Screen("S10 réseau", "/blocage/reseau", shows="Trop de demandes depuis votre réseau"),
    Screen("S11 session expirée", "/session-expiree", shows="Votre session a expiré"),
    Screen(
        "S11 session expirée, pendant l'activation",
        "/preferences/canal",
        expired(choosing),
        shows="Ce que vous avez déjà validé",
    ),
    Screen("S11 session terminée", "/session-terminee", shows="Votre session est terminée"),
    Screen("Cookies refusés", "/cookies-refuses", shows="Votre navigateur refuse les cookies"),
    Screen("S11 déconnecté", "/deconnexion", shows="Vous êtes déconnecté(e)."),
    Screen("S11 déjà activé", "/activation/deja-active", shows="Votre compte est déjà activé."),
    Screen("S11 déjà activé, retour en arrière", "/activation/code", signed_in, shows="Votre compte est déjà activé."),
    Screen("S14 page introuvable", "/nulle-part", shows="Page introuvable"),
    Screen("S14 panne", "/preferences/consentement", broken, shows="Référence : 0d9f7a0e"),
    Screen("S14 panne, sans référence", "/probleme", shows="Réessayez plus tard."),
    Screen("S14 indisponible", "/preferences/canal", unavailable, shows=RETRY_SOON),
    Screen("S14 indisponible, sans heure", "/indisponible", shows="Réessayez dans quelques minutes"),
    Screen("S14 étape à finir", "/compte", consenting, home=_not_yet, shows="Consentez-vous"),
]

INFORMATION = [
    Screen(name, path)
    for name, path in (
        ("Conditions générales", "/conditions-generales"),
        ("Cookies", "/cookies"),
        ("Contact", "/contact"),
        ("Mentions légales", "/mentions-legales"),
        ("Données personnelles", "/donnees-personnelles"),
        ("Accessibilité", "/accessibilite"),
        ("Plan du site", "/plan-du-site"),
    )
]
