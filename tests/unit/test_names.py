"""Name folding."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from activation.domain.names import BORN, MARRIED, fold_last_name, fold_letters, fold_name, fold_words

SPELLINGS = {
    "garcia": ["GARCIA", "garcia", "  Garcia  ", "García", "Garçia", "Ｇａｒｃｉａ", "Gar\u00adcia", "Gar\u200bcia"],
    "ndiaye": ["N'Diaye", "NDIAYE", "n diaye", "N’Diaye", "Nʼdiaye", "N-Diaye", "N´Diaye"],
    "dalmeidacoeur": [
        *("D’Almeida-Cœur", "D'Almeida-Coeur", "D’ALMEIDA-CŒUR", "d almeida coeur", "dalmeidacoeur"),
        *("D'Álmeida Cœur", "D`Almeida–Cœur"),
        unicodedata.normalize("NFD", "D’Alméida-Cœur"),
        "D'Almeida\u00a0Coeur",
    ],
    "saintmartin": ["Saint-Martin", "saint martin", "SAINTMARTIN", "St Martin", "ST-MARTIN", "St. Martin"],
    "saintemarie": ["Sainte-Marie", "Ste Marie", "STE-MARIE"],
    "gross": ["Groß", "GROSS", "Groẞ"],
    "lodzdordevicsorenlaetitia": ["Łódź Đorđević Søren Lætitia"],
    "yildizisik": ["Yıldız Işık", "YILDIZ IŞIK", "YILDIZ İŞİK", "yildiz isik"],
    "gudmundurthorsson": ["Guðmundur Þórsson", "GUÐMUNDUR ÞÓRSSON", "Gudmundur Thorsson"],
    "teliyevnamaq": ["Ŧ Əliyev ŊAMAĸ", "ŧ əliyev ŋamaĸ", "T ELIYEV NAMAQ"],
    "diallobayeko": ["Ɗiallo Ɓaye Kɔ", "Diallo Baye Ko"],
    "hadzic": ["Ħadžić", "Hadzic"],
    "legoff2": ["Le Goff ²", "LE GOFF 2"],
}


@pytest.mark.parametrize(("folded", "name"), [(folded, name) for folded, names in SPELLINGS.items() for name in names])
def test_spellings_of_one_name_fold_alike(folded: str, name: str) -> None:
    assert fold_name(name) == folded


OTHERS = [
    ("Garcia", "Garci"),
    ("Garcia", "Garciaa"),
    ("D'Almeida", "Almeida"),
    ("N'Diaye", "Ndiay"),
    ("Saint-Martin", "Martin"),
    ("Stern", "Saintern"),
]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_fold_otherwise(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_the_words_of_a_name_are_folded_each_and_folded_letters_keep_the_punctuation() -> None:
    assert fold_words("D’Al\u00admeida-Cœur St Éloi") == ("d", "almeida", "coeur", "saint", "eloi")
    assert fold_letters("L’Été-07 !") == "l’ete-07 !"


@pytest.mark.parametrize("name", ["", "   ", "-", "'’.", "\u00ad\u200b", "\u0301"])
def test_what_holds_no_letter_and_no_digit_folds_to_nothing(name: str) -> None:
    assert fold_name(name) == ""


@pytest.mark.parametrize("letter", [chr(point) for point in range(0xC0, 0x180) if chr(point).isalpha()])
def test_every_letter_of_a_european_language_can_be_typed_without_its_accent(letter: str) -> None:
    folded = fold_name(f"a{letter}a")
    assert folded.isascii()
    assert len(folded) > 2
    assert folded == fold_name(f"a{letter.upper()}a") == fold_name(f"a{letter.lower()}a")


JOINED = {
    "saintmartin": [
        *("Saint-Martin", "Petit née Saint-Martin", "PETIT NEE ST MARTIN", "Petit (née Saint-Martin)"),
        *("Saint-Martin épouse Petit", "Saint-Martin ép. Petit", "Saint Martin veuve Petit"),
        *("Mme Saint-Martin", "Mme Petit, née Saint-Martin"),
    ],
    "martin": ["M\u2019artin", "Monsieur Martin", "Martin né Martin"],
    "monsieur": ["Monsieur"],
    "nee": ["Née"],
    "lenee": ["Le Née"],
    "needupont": ["Née Dupont"],
    "epouse": ["Épouse"],
    "": ["", "-"],
}


@pytest.mark.parametrize(("folded", "name"), [(folded, name) for folded, names in JOINED.items() for name in names])
def test_of_two_names_joined_by_a_word_the_birth_name_counts(folded: str, name: str) -> None:
    assert fold_last_name(name) == folded


JOINTS = {
    "nee": ["née", "NÉE", "nee", "Née", "NEE", "(née"],
    "ne": ["né", "NÉ", "ne"],
    "epouse": ["épouse", "EPOUSE", "Épouse", "- épouse"],
    "epoux": ["époux", "EPOUX"],
    "epse": ["épse", "EPSE", "épse."],
    "ep": ["ép.", "ep", "EP.", "(ép."],
    "mariee": ["mariée", "MARIEE"],
    "veuve": ["veuve", "VEUVE"],
    "veuf": ["veuf", "Veuf"],
    "vve": ["vve", "Vve.", "VVE"],
    "divorcee": ["divorcée", "DIVORCEE"],
    "divorce": ["divorcé", "DIVORCÉ"],
}
"""Each word that joins two names, as people write it."""


def test_every_word_that_joins_two_names_is_in_the_table() -> None:
    assert JOINTS.keys() == BORN | MARRIED


@pytest.mark.parametrize(("word", "joint"), [(word, joint) for word, joints in JOINTS.items() for joint in joints])
@pytest.mark.parametrize(("birth", "married"), [("Saint-Martin", "Petit"), ("D’ALMEIDA-CŒUR", "GARCIA"), ("Née", "Ép")])
def test_with_any_joint_step_1_takes_the_birth_name(word: str, joint: str, birth: str, married: str) -> None:
    both = f"{married} {joint} {birth}" if word in BORN else f"{birth} {joint} {married}"
    assert fold_last_name(both) == fold_last_name(f"Mme {both})") == fold_name(birth)


@pytest.mark.parametrize("word", sorted(BORN | MARRIED))
@pytest.mark.parametrize("name", ["{}", "{} Dupont", "Dupont {}", "Dupont{}", "{}dupont", "L{} Petit"])
def test_a_joint_with_no_name_on_one_side_or_inside_a_word_is_of_the_name(word: str, name: str) -> None:
    assert fold_last_name(name.format(word)) == fold_name(name.format(word))


@given(st.text())
def test_a_last_name_folds_to_nothing_only_where_nothing_can_be_read(name: str) -> None:
    assert bool(fold_last_name(name)) is bool(fold_name(name))


@given(st.text(st.characters(exclude_categories=())))
def test_folding_is_idempotent_and_leaves_only_letters_and_digits(name: str) -> None:
    folded = fold_name(name)
    assert all(unicodedata.category(char)[0] == "L" or char.isdecimal() for char in folded)
    assume(folded not in ("st", "ste"))  # « S T » is no saint; what is typed as « St » is
    assert fold_name(folded) == folded


@given(st.text())
def test_case_and_composition_never_matter(name: str) -> None:
    assert fold_name(unicodedata.normalize("NFD", name)) == fold_name(name.casefold()) == fold_name(name)
