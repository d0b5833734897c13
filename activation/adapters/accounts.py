"""Accounts and structures, in the tables `accounts` and `structures` (ports `Accounts`, `Structures`)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from operator import attrgetter

from activation.adapters.dynamodb import DynamoWrite, Item, Table, to_attributes
from activation.adapters.tables import BY_LAST_NAME, BY_USAGE_NAME
from activation.domain.accounts import Account, ClosingRequest, FormerContacts, PasswordRecord, Status
from activation.domain.beneficiaries import Beneficiary, NameCorrection, QuarantinedContact
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.correspondents import Correspondent
from activation.domain.employment import RosterEntry, RosterJournal, Structure
from activation.domain.errors import StaleError
from activation.domain.events import Event
from activation.domain.identifiers import Role, role_of
from activation.domain.ledger import Consent, ConsentEntry
from activation.domain.names import fold_name
from activation.domain.records import from_record
from activation.domain.standing import Standing
from activation.domain.terms import TermsAcceptance, TermsEntry
from activation.domain.times import day_of_rights, rfc3339

PROFILE, CORRESPONDENT = "PROFILE", "CORRESPONDENT"
_RECORD_OF = {Role.BENEFICIARY: PROFILE, Role.CORRESPONDENT: CORRESPONDENT}
"""The record that stores the account. Not `PROFILE` for a correspondent: releases that know none must not meet one."""

_RECORDS = {"EVENT": Event, "CONSENT": ConsentEntry, "TERMS": TermsEntry}


class DynamoAccounts:
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, identifier: str) -> Account | None:
        item = self._table.get(**account_key(identifier))
        return account_of(item) if item else None

    def save(self, account: Account, *, instead_of: Account | None = None) -> DynamoWrite:
        """`instead_of`: the closed account that this one replaces, as it was read."""
        item = _item(replace(account, version=account.version + 1))
        if account.version == 0:
            return self._table.put(item, condition="attribute_not_exists(identifier)")
        read = instead_of or account
        return self._table.put(
            item,
            condition=f"version = :version AND {_NOTED}",
            version=account.version,
            sent=read.code_sent_at or 0,
            delivered=read.code_delivered_at or 0,
        )

    def require_open(self, identifier: str) -> DynamoWrite:
        return self._table.check(
            account_key(identifier),
            condition="attribute_exists(identifier) AND #status <> :closed",
            refuse=lambda _: StaleError(),
            name_status="status",
            closed=Status.CLOSED.value,
        )

    def search(self, structure_id: str, folded_name: str, *, most: int) -> list[Account]:
        """Reads the structure's keys in both name indexes, which may lag behind the profiles by a moment."""
        keys = [
            (not name.startswith(folded_name), name, identifier)
            for index in (BY_LAST_NAME, BY_USAGE_NAME)
            for name, identifier in self._table.keys_of(index, structure_id)
            if folded_name in name
        ]
        found = [identifier for *_, identifier in sorted(keys)]
        return [account for identifier in list(dict.fromkeys(found))[:most] if (account := self.get(identifier))]

    def count_people(self, structure_id: str) -> int:
        """Everybody has a birth name, so the index of birth names has everybody; it may lag behind by a moment."""
        return self._table.count(BY_LAST_NAME, structure_id)

    def history(self, identifier: str) -> list[Event | ConsentEntry | TermsEntry]:
        recorded: list[Event | ConsentEntry | TermsEntry] = [
            from_record(make, item)
            for item in self._table.query(identifier=identifier)
            if (make := _RECORDS.get(item["record"].partition("#")[0]))
        ]
        return sorted(recorded, key=attrgetter("at"))

    def record_consent(self, account: Account, entry: ConsentEntry) -> DynamoWrite:
        """The key ends with the version of the profile: it keeps decisions of the same second apart, and in order."""
        record = f"CONSENT#{rfc3339(entry.decided_at)}#{account.version:08}"
        return self._append(account.identifier, record, asdict(entry))

    def record_terms(self, identifier: str, entry: TermsEntry) -> DynamoWrite:
        return self._append(identifier, f"TERMS#{entry.version}#{rfc3339(entry.accepted_at)}", asdict(entry))

    def record_event(self, identifier: str, event: Event) -> DynamoWrite:
        return self._append(identifier, f"EVENT#{rfc3339(event.at)}#{_suffix()}", asdict(event))

    def record_look(self, identifier: str, event: Event) -> DynamoWrite:
        record = f"EVENT#{day_of_rights(event.at)}#{event.kind}#{event.agent}"
        return self._table.put(
            {"identifier": identifier, "record": record, **asdict(event)},
            condition="attribute_not_exists(identifier)",
            refuse=lambda _: None,  # today's line is there
        )

    def _append(self, identifier: str, record: str, values: Item) -> DynamoWrite:
        return self._table.put(
            {"identifier": identifier, "record": record, **values},
            condition="attribute_not_exists(identifier)",
        )


class DynamoStructures:
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, structure_id: str) -> Structure | None:
        item = self._table.get(structure_id=structure_id)
        return structure_of(item) if item else None

    def named(self, words: Sequence[str]) -> list[Structure]:
        """Reads the whole table, some megabytes for every employer of the CNAS: agents search seldom."""
        rows = ((item["structure_id"], item["name"]) for item in self._table.scan("structure_id", "name"))
        return [Structure(*row) for row in rows if all(word in fold_name(row[1]) for word in words)]

    def save(self, structure: Structure) -> None:
        self._table.client.put_item(TableName=self._table.name, Item=to_attributes(asdict(structure)))


_NOTED = (
    "(attribute_not_exists(code_sent_at) OR code_sent_at = :sent)"
    " AND (attribute_not_exists(code_delivered_at) OR code_delivered_at = :delivered)"
)
"""The cleanup notes codes in a profile without raising its version: a write must have read these two times."""


def structure_of(item: Item) -> Structure:
    """The structure stored in a row; the row's other attributes are ignored."""
    return from_record(Structure, item)


def account_key(identifier: str) -> dict[str, str]:
    """The key of the row with that account, whether or not there is one: the identifier's letter chooses it."""
    return {"identifier": identifier, "record": _RECORD_OF[role_of(identifier)]}


def _suffix() -> str:
    """Eight random hexadecimal digits, which keep two events of the same second apart."""
    return secrets.token_hex(4)


def _item(account: Account) -> Item:
    return {
        **account_key(account.identifier),
        "status": account.status.value,
        "version": account.version,
        "proven": _contact_values(account.proven),
        "former": [
            {"contacts": _contact_values(change.contacts), "changed_at": change.changed_at} for change in account.former
        ],
        "password": account.password and asdict(account.password),
        "channel": account.channel and account.channel.value,
        "terms": account.terms and asdict(account.terms),
        "session_epoch": account.session_epoch,
        "devices": dict(account.devices),
        "signed_in_at": account.signed_in_at,
        "previously_signed_in_at": account.previously_signed_in_at,
        "deliverability": {address: mark.value for address, mark in account.deliverability.items()},
        "closed_at": account.closed_at,
        "undated_closing": account.undated_closing,
        "code_sent_at": account.code_sent_at,
        "code_delivered_at": account.code_delivered_at,
        "closing": account.closing and asdict(account.closing),
        **_owner_values(account),
    }


def _owner_values(account: Account) -> Item:
    owner = account.owner
    if isinstance(owner, Correspondent):
        return {**asdict(owner), "structures": list(owner.structures)}
    return {
        "roster": asdict(owner.roster),
        "consent": owner.consent and asdict(owner.consent),
        "journal": owner.journal and journal_values(owner.journal),
        "name_correction": owner.name_correction and asdict(owner.name_correction),
        "quarantine": [quarantined_values(quarantined) for quarantined in owner.quarantine] or None,
        **found_by(owner.roster, _shown_standing(account)),
    }


def found_by(roster: RosterEntry, standing: Standing | None) -> dict[str, str | None]:
    """The attributes by which the indexes find a person; None for an empty one, as a key may not be empty.

    `standing` is None for a person whose account is closed: correspondents are not shown them.
    """
    folded = fold_name(roster.last_name)
    return {
        "structure_id": roster.structure_id or None,
        "folded_last_name": folded or None,
        "folded_usage_name": fold_name(roster.usage_name) or None,
        "standing": standing and f"{standing}#{folded}",
    }


def found_by_of(item: Item) -> dict[str, str | None]:
    """The attributes of `found_by` as the rest of a profile row calls for them, whatever the row stores of them now."""
    account = account_of(item)
    return found_by(account.beneficiary.roster, _shown_standing(account))


def _shown_standing(account: Account) -> Standing | None:
    return None if account.status is Status.CLOSED else account.beneficiary.standing


def account_of(item: Item) -> Account:
    """The account of a row with one."""
    return Account(
        identifier=item["identifier"],
        owner=_owner(item),
        status=Status(item["status"]),
        version=item["version"],
        proven=_contacts(item["proven"]),
        former=tuple(FormerContacts(_contacts(change["contacts"]), change["changed_at"]) for change in item["former"]),
        password=from_record(PasswordRecord, item["password"]) if "password" in item else None,
        channel=Channel(item["channel"]) if "channel" in item else None,
        terms=from_record(TermsAcceptance, item["terms"]) if "terms" in item else None,
        session_epoch=item["session_epoch"],
        devices=item["devices"],
        signed_in_at=item.get("signed_in_at"),
        previously_signed_in_at=item.get("previously_signed_in_at"),
        deliverability={address: Deliverability(mark) for address, mark in item["deliverability"].items()},
        closed_at=item.get("closed_at"),
        undated_closing=item.get("undated_closing"),
        code_sent_at=item.get("code_sent_at"),
        code_delivered_at=item.get("code_delivered_at"),
        closing=from_record(ClosingRequest, item["closing"]) if "closing" in item else None,
    )


def _owner(item: Item) -> Beneficiary | Correspondent:
    if item["record"] == CORRESPONDENT:
        return replace(from_record(Correspondent, item), structures=tuple(item["structures"]))
    return Beneficiary(
        roster=from_record(RosterEntry, item["roster"]),
        consent=from_record(Consent, item["consent"]) if "consent" in item else None,
        quarantine=tuple(map(quarantined_of, item.get("quarantine", ()))),
        name_correction=from_record(NameCorrection, item["name_correction"]) if "name_correction" in item else None,
        journal=journal_of(item["journal"]) if "journal" in item else None,
        has_bounced=_has_bounced(item),
    )


def _has_bounced(item: Item) -> bool:
    """Whether a message to a contact of the roster came back; read from provider reports if the row has no standing."""
    if "standing" in item:
        return has_bounced(item["standing"])
    marks = item["deliverability"]
    return any(marks.get(item["roster"][name]) == Deliverability.UNDELIVERABLE for name in ("email", "mobile"))


def has_bounced(standing: str) -> bool:
    """Whether a row's attribute `standing` says that a message to a contact of the roster came back."""
    return standing.startswith(f"{Standing.BOUNCED}#")


def journal_values(journal: RosterJournal) -> Item:
    """The journal as it is stored in a row."""
    return {name: value for name, value in asdict(journal).items() if value is not None}


def journal_of(values: Item) -> RosterJournal:
    """The journal stored in a row."""
    before = values.get("before")
    return from_record(RosterJournal, {**values, "before": from_record(RosterEntry, before) if before else None})


def quarantined_values(quarantined: QuarantinedContact) -> Item:
    """The contact in quarantine as it is stored in a row."""
    contact = {"channel": quarantined.contact.channel.value, "value": quarantined.contact.value}
    return {"contact": contact, "until": quarantined.until, "agent": quarantined.agent}


def quarantined_of(values: Item) -> QuarantinedContact:
    """The contact in quarantine stored in a row."""
    contact = Contact(Channel(values["contact"]["channel"]), values["contact"]["value"])
    return QuarantinedContact(contact, values["until"], values["agent"])


def _contact_values(contacts: Mapping[Channel, Contact]) -> Item:
    return {channel.value: contact.value for channel, contact in contacts.items()}


def _contacts(values: Item) -> dict[Channel, Contact]:
    return {Channel(channel): Contact(Channel(channel), value) for channel, value in values.items()}
