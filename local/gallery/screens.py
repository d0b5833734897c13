"""All screens in all their states, in the order in which a visitor may meet them."""

from local.gallery.account_screens import CONTACTS_SCREENS, HOME, MENU, OWN_DATA
from local.gallery.activation_screens import STEP_1, STEP_2, STEP_3
from local.gallery.correspondent_screens import EDITS, FOLLOWING, HOMES, LISTS, REQUESTS_FOLLOWED, SENDINGS
from local.gallery.other_screens import INCIDENTS, INFORMATION
from local.gallery.preferences_screens import CHANNEL_SCREENS, CONSENT_SCREENS, TERMS_SCREENS, VERIFICATION_SCREENS
from local.gallery.request_screens import ASKING, CLAIMS, DOCUMENTS, FOLLOWED, GUIDE
from local.gallery.screen import Screen
from local.gallery.sign_in_screens import RESET, SIGN_IN, SIGN_IN_CODE

GROUPS: dict[str, list[Screen]] = {
    "Connexion": SIGN_IN,
    "Activation, étape 1 : vos informations": STEP_1,
    "Activation, étape 2 : le code": STEP_2,
    "Activation, étape 3 : le mot de passe": STEP_3,
    "Préférences : le consentement": CONSENT_SCREENS,
    "Préférences : le moyen de recevoir les codes": CHANNEL_SCREENS,
    "Préférences : la vérification d'un contact": VERIFICATION_SCREENS,
    "Préférences : les conditions": TERMS_SCREENS,
    "Accueil du compte": HOME,
    "Code de connexion": SIGN_IN_CODE,
    "Mot de passe oublié": RESET,
    "Changer de coordonnées": CONTACTS_SCREENS,
    "Informations personnelles": OWN_DATA,
    "Autres pages du compte": MENU,
    "Demandes : le guide": GUIDE,
    "Demandes : commencer et répondre": ASKING,
    "Demandes : la réclamation": CLAIMS,
    "Demandes : le suivi": FOLLOWED,
    "Demandes : les attestations": DOCUMENTS,
    "Espace correspondant : accueil": HOMES,
    "Espace correspondant : les bénéficiaires": LISTS,
    "Espace correspondant : modifier un bénéficiaire": EDITS,
    "Espace correspondant : envoyer un fichier": SENDINGS,
    "Espace correspondant : un envoi": FOLLOWING,
    "Espace correspondant : les demandes": REQUESTS_FOLLOWED,
    "Blocages, fins de session et incidents": INCIDENTS,
    "Pages d'information": INFORMATION,
}

ALL = [screen for group in GROUPS.values() for screen in group]
