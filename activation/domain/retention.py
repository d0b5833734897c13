"""How long each data category is kept. `docs/privacy.md` shows the same table; a test compares the two."""

from enum import StrEnum
from typing import NamedTuple

from activation.domain.limits import DAY_SECONDS
from activation.domain.times import day_of_rights

YEAR_SECONDS = 365 * DAY_SECONDS
FIVE_YEARS_SECONDS = 5 * YEAR_SECONDS + DAY_SECONDS
"""Five years have at least one leap day."""


class DataCategory(StrEnum):
    """A kind of data, in the words of the register."""

    FLOWS = "Parcours en cours (activation, connexion, contact)"
    SESSIONS = "Sessions ouvertes"
    COUNTERS = "Compteurs de limites"
    MESSAGES = "Messages à remettre"
    FILES = "Fichiers des correspondants et rapports d'import"
    BEFORE_IMPORT = "Données remplacées par un fichier, pour pouvoir l'annuler"
    LOGS = "Journaux techniques"
    EVENTS = "Événements du compte"
    CONTACTS = "Contacts et mot de passe d'un compte fermé"
    CLOSED = "Reste d'un compte fermé"
    PROOFS = "Preuves de consentement et d'acceptation des conditions"
    DRAFTS = "Brouillons de demandes"
    REQUESTS = "Demandes et leur suivi"
    DOCUMENTS = "Attestations délivrées"
    INVITATIONS = "Invitations de correspondants, sans compte activé"
    WAITING_INVITATIONS = "Invitations demandées par un agent, sans confirmation"
    BACKUPS = "Sauvegardes"


class RetentionPeriod(NamedTuple):
    """How long a data category is kept, in seconds and in the register's words, and from when."""

    data: DataCategory
    seconds: int
    kept: str
    since: str


RETENTION_PERIODS = (
    RetentionPeriod(DataCategory.FLOWS, 0, "aucune durée", "leur expiration"),
    RetentionPeriod(DataCategory.SESSIONS, 0, "aucune durée", "leur expiration"),
    RetentionPeriod(DataCategory.COUNTERS, 0, "aucune durée", "leur expiration"),
    RetentionPeriod(DataCategory.MESSAGES, DAY_SECONDS, "1 jour", "leur création"),
    RetentionPeriod(DataCategory.FILES, 30 * DAY_SECONDS, "30 jours", "leur dépôt"),
    RetentionPeriod(DataCategory.BEFORE_IMPORT, DAY_SECONDS, "1 jour", "l'import"),
    RetentionPeriod(DataCategory.LOGS, 30 * DAY_SECONDS, "30 jours", "leur écriture"),
    RetentionPeriod(DataCategory.EVENTS, YEAR_SECONDS, "1 an", "l'événement"),
    RetentionPeriod(DataCategory.CONTACTS, 0, "aucune durée", "la fermeture"),
    RetentionPeriod(DataCategory.CLOSED, YEAR_SECONDS, "12 mois", "la fermeture"),
    RetentionPeriod(DataCategory.PROOFS, FIVE_YEARS_SECONDS, "5 ans", "la fermeture"),
    RetentionPeriod(DataCategory.DRAFTS, 30 * DAY_SECONDS, "30 jours", "leur dernier enregistrement"),
    RetentionPeriod(DataCategory.REQUESTS, 2 * YEAR_SECONDS, "l'année et une de plus", "leur fin"),
    RetentionPeriod(DataCategory.DOCUMENTS, YEAR_SECONDS, "1 an", "leur dernier jour"),
    RetentionPeriod(DataCategory.INVITATIONS, 30 * DAY_SECONDS, "30 jours", "l'invitation"),
    RetentionPeriod(DataCategory.WAITING_INVITATIONS, 7 * DAY_SECONDS, "7 jours", "la demande"),
    RetentionPeriod(DataCategory.BACKUPS, 35 * DAY_SECONDS, "35 jours", "la sauvegarde"),
)

SECONDS = {retention.data: retention.seconds for retention in RETENTION_PERIODS}


class Cutoffs(NamedTuple):
    """The moments up to which data is due at `now` (epoch seconds): one for each data category."""

    now: int

    @property
    def today(self) -> str:
        """The day of rights (`day_of_rights`). Accounts whose roster entry ended before it are due to be closed."""
        return day_of_rights(self.now)

    def of(self, data: DataCategory) -> int:
        """The latest moment (epoch seconds) whose data of that category is due."""
        return self.now - SECONDS[data]


class Act(StrEnum):
    """The acts that are due for a row of the table of accounts; the value names one in reports and metrics."""

    CLOSE = "accounts_closed"
    DATE_PROOFS = "proofs_dated"
    ERASE = "accounts_erased"
    FORGET_BEFORE = "undo_data_removed"
    REMOVE_EVENT = "events_removed"
    REMOVE_PROOF = "proofs_removed"


class Due(NamedTuple):
    """A row of the table of accounts, and the act that is due for it."""

    identifier: str
    record: str
    act: Act
