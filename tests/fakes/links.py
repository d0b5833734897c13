"""The ports `Links` and `ImportedMails` in memory, over the structures of `tests.fakes`."""

from collections.abc import Sequence

from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from tests.fakes.store import FakeWrite
from tests.fakes.structures import FakeStructures


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
