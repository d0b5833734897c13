"""The history of an account in French words, for its owner and for the help desk."""

from activation.domain.events import Event, EventKind

EVENT_WORDS = {
    EventKind.ACTIVATED: "Compte activé",
    EventKind.SIGNED_IN: "Connexion",
    EventKind.SIGNED_OUT_EVERYWHERE: "Déconnexion de tous les appareils",
    EventKind.PASSWORD_CHANGED: "Mot de passe modifié",
    EventKind.PASSWORD_RESET: "Mot de passe réinitialisé",
    EventKind.EMAIL_PROVEN: "Adresse email vérifiée",
    EventKind.SMS_PROVEN: "Téléphone mobile vérifié",
    EventKind.CONTACTS_RESTORED: "Coordonnées d'avant vos changements des 3 derniers jours rétablies",
    EventKind.CHANNEL_EMAIL: "Vos codes de sécurité arrivent désormais par email",
    EventKind.CHANNEL_SMS: "Vos codes de sécurité arrivent désormais par SMS",
    EventKind.CODE_SENT_EMAIL: "Code de sécurité envoyé par email",
    EventKind.CODE_SENT_SMS: "Code de sécurité envoyé par SMS",
    EventKind.CODE_REFUSED: "Code de sécurité non envoyé : message refusé par l'opérateur",
    EventKind.CODE_WITHHELD: "Code de sécurité non envoyé : trop de SMS vers ce numéro aujourd'hui",
    EventKind.MAIL_DELIVERED: "Email remis à votre messagerie",
    EventKind.MAIL_DELAYED: "Email retardé par votre messagerie",
    EventKind.MAIL_BOUNCED: "Email non remis : adresse refusée par la messagerie",
    EventKind.MAIL_BLOCKED: "Email non remis : message refusé par la messagerie",
    EventKind.MAIL_BOUNCED_FOR_NOW: "Email non remis : messagerie indisponible ou pleine",
    EventKind.MAIL_REJECTED: "Email non remis : message refusé avant l'envoi",
    EventKind.MAIL_COMPLAINED: "Email signalé comme indésirable",
    EventKind.SMS_FAILED: "SMS non remis : téléphone injoignable, ou bloqué par l'opérateur",
    EventKind.SMS_NUMBER_REFUSED: "SMS non remis : ce numéro n'existe pas, ou refuse nos SMS",
    EventKind.DECLARED_ANEW: "Un correspondant a modifié ce que votre employeur déclare de vous",
    EventKind.CORRESPONDENT_LOOKED: "Votre correspondant a consulté le suivi de vos demandes",
    EventKind.DESK_LISTED: "Le service d'assistance a vu votre nom dans une recherche",
    EventKind.DESK_LOOKED: "Le service d'assistance a consulté votre dossier",
    EventKind.DESK_CONTACT_CHECKED: "Le service d'assistance a comparé un contact à ceux de votre dossier",
    EventKind.DESK_CONTACT_CORRECTED: "Le service d'assistance a corrigé un contact",
    EventKind.DESK_CONTACT_CONFIRMED: "Un second agent du service d'assistance a confirmé le contact corrigé",
    EventKind.DESK_NAME_ASKED: "Le service d'assistance a demandé la correction de votre nom",
    EventKind.DESK_NAME_CORRECTED: "Un second agent du service d'assistance a corrigé votre nom",
    EventKind.DESK_CODE_SENT_AGAIN: "Le service d'assistance a fait renvoyer votre code",
    EventKind.DESK_COUNTERS_CLEARED: "Le service d'assistance a remis à zéro le nombre de codes demandés et refusés",
    EventKind.DESK_UNLOCKED: "Le service d'assistance a levé le blocage des mots de passe incorrects",
    EventKind.DESK_MARK_LIFTED: "Le service d'assistance a remis votre adresse ou votre numéro en service",
    EventKind.DESK_CLOSING_ASKED: "Le service d'assistance a demandé la fermeture de votre compte",
    EventKind.DESK_CLOSED: "Un second agent du service d'assistance a fermé votre compte",
    EventKind.DESK_REQUEST_LOOKED: "Le CNAS a consulté une de vos demandes",
    EventKind.DESK_REQUEST_HANDLED: "Le CNAS a traité une de vos demandes",
    EventKind.DESK_INVITATION_ASKED: "Le service d'assistance a demandé votre invitation comme correspondant(e)",
    EventKind.DESK_INVITED: "Le service d'assistance vous a confié une structure comme correspondant(e)",
    EventKind.DESK_ARRIVALS_ADMITTED: "Le service d'assistance a confirmé les entrées d'un de vos fichiers",
    EventKind.FILE_APPLIED: "Fichier appliqué",
    EventKind.FILE_UNDONE: "Fichier annulé",
    EventKind.LINK_REPLACED: "Un fichier du CNAS a donné à une de vos structures un autre correspondant",
    EventKind.LINK_RESTORED: "Ce fichier a été annulé : vous répondez de nouveau de cette structure",
    EventKind.DESK_UNLINKED: "Le service d'assistance vous a retiré une structure comme correspondant(e)",
}

OTHER_WORDS = "Activité sur votre compte"
"""The words for an unknown kind of event: a newer release, since rolled back, may have written it."""


def words_of(event: Event) -> str:
    """The event in French, with the reason that an agent gave, or the columns that were changed.

    The name of the person who acted is not shown.
    """
    words = EVENT_WORDS.get(event.kind, OTHER_WORDS)
    if event.changed:
        return f"{words} : {event.changed}"
    return f"{words}. Motif : {event.reason}" if event.reason else words
