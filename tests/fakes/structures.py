"""The ports of structures, of who answers for them and of imported mails, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from activation.domain.accounts import Account
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from activation.domain.names import fold_name
from tests.fakes.accounts import FakeAccounts
from tests.fakes.store import FakeWrite


class FakeStructures:
    """The employers, in `rows`; `saved` counts the writes."""

    def __init__(self) -> None:
        self.rows: dict[str, Structure] = {}
        self.saved = 0

    def get(self, structure_id: str) -> Structure | None:
        return self.rows.get(structure_id)

    def named(self, words: Sequence[str]) -> list[Structure]:
        named = [one for one in self.rows.values() if all(word in fold_name(one.name) for word in words)]
        return [Structure(one.structure_id, one.name) for one in named]

    def save(self, structure: Structure) -> None:
        self.rows[structure.structure_id] = structure
        self.saved += 1


@dataclass(frozen=True)
class FakeEmployments:
    accounts: FakeAccounts
    structures: FakeStructures

    def get(self, identifier: str, structure_id: str | None) -> tuple[Account | None, Structure | None]:
        return self.accounts.get(identifier), self.structures.get(structure_id) if structure_id else None


class FakeLinks:
    """Who answers for what, in `rows`, by structure; whose a mail is, in `mails`, by its key."""

    def __init__(self, structures: FakeStructures) -> None:
        self._structures = structures
        self.rows: dict[str, LinkedStructure] = {}
        self.mails: dict[str, str] = {}

    def structures(self, structure_ids: Sequence[str]) -> dict[str, LinkedStructure]:
        return {one: self._now(one) for one in structure_ids if one in self._structures.rows}

    def save(self, before: LinkedStructure, after: LinkedStructure) -> FakeWrite:
        name = after.structure_id

        def holds() -> bool:
            row = self._now(name)
            return (row.correspondents, row.waiting) == (before.correspondents, before.waiting)

        return FakeWrite(name, lambda: self.rows.update({name: after}), holds)

    def without(self, *, after: str, most: int) -> list[Structure]:
        ids = sorted(one for one in self._structures.rows if one > after and not self._now(one).correspondents)
        return [self._structures.rows[one] for one in ids[:most]]

    def account_of_mail(self, mail_key: str) -> str | None:
        return self.mails.get(mail_key)

    def claim_mail(self, mail_key: str, identifier: str) -> FakeWrite:
        return FakeWrite(
            f"MAIL#{mail_key}", lambda: self.mails.update({mail_key: identifier}), lambda: mail_key not in self.mails
        )

    def release_mail(self, mail_key: str, identifier: str) -> FakeWrite:
        def release() -> None:
            del self.mails[mail_key]

        return FakeWrite(f"MAIL#{mail_key}", release, lambda: self.mails.get(mail_key) == identifier)

    def _now(self, structure_id: str) -> LinkedStructure:
        structure, row = self._structures.rows[structure_id], self.rows.get(structure_id)
        return LinkedStructure(structure, row.correspondents, row.waiting) if row else LinkedStructure(structure)


class FakeImportedMails:
    """The port `ImportedMails` in memory: what each import found, in `rows`."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, str]] = {}

    def of(self, import_id: str) -> dict[str, str] | None:
        return self.rows.get(import_id)
