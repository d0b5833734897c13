"""What every released kind of request keeps to, in data that no code checks at a cold start."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from activation.catalogue import KINDS, catalogue, kind_of, versions
from activation.catalogue.check import faults_of, main
from activation.domain.requests.deadlines import DeadlineRule
from activation.domain.requests.kinds import Choice, Field, FieldType, Guide, Kind

RELEASED = [kind_of(kind, version) for kind in KINDS for version in versions(kind)]
SOUND = kind_of("reclamation", "1")
GUIDED = kind_of("naissance-adoption", "1")
ATTESTED = kind_of("non-versement", "1")


@pytest.mark.parametrize("kind", RELEASED, ids=lambda kind: f"{kind.id}-{kind.version}")
def test_every_released_kind_is_sound(kind: Kind) -> None:
    assert faults_of(kind) == []


def test_a_file_that_is_no_kind_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reclamation").mkdir()
    (tmp_path / "reclamation" / "1.toml").write_text('label = "Réclamation"', encoding="utf-8")
    monkeypatch.setattr("activation.catalogue._HERE", tmp_path)
    monkeypatch.setattr("activation.catalogue.check.KINDS", ("reclamation",))
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out == "reclamation 1: no kind: KeyError('decided_by')\n"


def test_every_folder_of_the_catalogue_is_a_kind_that_is_told() -> None:
    folders = [each.name for each in files("activation.catalogue").iterdir() if each.is_dir() and each.name[:1] != "_"]
    assert sorted(KINDS) == sorted(catalogue().versions) == sorted(folders)
    assert all(versions(kind)[0] == "1" for kind in KINDS)


def with_field(**more: Any) -> Kind:
    field = Field("jour", FieldType.DATE, "Quel jour ?")
    return replace(SOUND, fields=(*SOUND.fields, replace(field, **more)))


UNSOUND = [
    (replace(SOUND, id="Réclamation"), "id"),
    (replace(SOUND, version="1b"), "version"),
    (replace(SOUND, valid_from="2026-13-01"), "valid_from"),
    (replace(SOUND, valid_from="2027-01-01", valid_until="2026-01-01"), "valid_until"),
    (replace(SOUND, label=""), "label"),
    (replace(SOUND, fields=()), "fields"),
    (replace(GUIDED, fields=SOUND.fields), "fields"),
    (replace(SOUND, fields=(*SOUND.fields, SOUND.fields[0])), "fields"),
    (replace(ATTESTED, attests=""), "attests"),
    (replace(ATTESTED, attests="En {mois}, rien."), "attests"),
    (replace(ATTESTED, fields=ATTESTED.fields[1:]), "attention"),
    (replace(SOUND, attests="Rien."), "attests"),
    (replace(SOUND, summary=" ".join(["mot"] * 16) + "."), "words"),
    (with_field(id="un jour"), "jour id"),
    (with_field(choices=(Choice("a", "A"), Choice("b", "B"))), "jour choices"),
    (with_field(type=FieldType.CHOICE), "jour choices"),
    (with_field(type=FieldType.CHOICE, choices=(Choice("a", "A"), Choice("a", "B"))), "jour choices"),
    (with_field(type=FieldType.CHOICE, choices=(Choice("a", "A"), Choice("b", "B", sends=False))), "jour choices"),
    (with_field(least=3), "jour bounds"),
    (with_field(least="2026-02-30"), "jour bounds"),
    (with_field(least="2026-02-02", most="2026-02-01"), "jour bounds"),
    (with_field(type=FieldType.NUMBER, least="3"), "jour bounds"),
    (with_field(type=FieldType.NUMBER, most="today"), "jour bounds"),
    (with_field(most="this-year"), "jour bounds"),
    (with_field(most="tomorrow"), "jour bounds"),
    (with_field(least="2027-01-01", most="today"), "jour bounds"),
    (with_field(type=FieldType.TEXT, most=2_001), "jour bounds"),
    (replace(GUIDED, guide=replace(GUIDED.guide or Guide("", "", ""), months=0)), "guide"),
    (replace(GUIDED, guide=replace(GUIDED.guide or Guide("", "", ""), counted_from="")), "guide"),
    (replace(GUIDED, guide=replace(GUIDED.guide or Guide("", "", ""), rule=DeadlineRule.CALENDAR_YEAR)), "guide"),
]


@pytest.mark.parametrize(("kind", "fault"), UNSOUND)
def test_a_kind_that_is_not_sound_is_told_by_what_is_wrong(kind: Kind, fault: str) -> None:
    assert any(found.startswith(fault.replace("jour id", "un jour id")) for found in faults_of(kind)), faults_of(kind)
