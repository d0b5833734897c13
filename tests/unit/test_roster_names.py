"""Names as correspondents write them into a roster."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.names import BORN, MARRIED, fold_name, fold_words
from activation.domain.roster.columns import Column
from activation.domain.roster.person_names import read_names
from activation.domain.roster.rows import RosterRow
from tests.builders import entry, invited
from tests.in_memory.roster import InMemoryRosterService, counted, line
from tests.unit.test_roster_rows import faults, good, judge

LAST, USAGE, FIRST = Column.LAST_NAME, Column.USAGE_NAME, Column.FIRST_NAME

SPLIT = [
    # birth name, usage name and first name as they are written; as they are taken; the column that the remark names
    (("DUPONT (ép. MARTIN)", "", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("Dupont Épouse Le Goff", "", ""), ("Dupont", "Le Goff", ""), USAGE),
    (("DUPONT, veuve MARTIN", "", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("MARTIN née DUPONT", "", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("MARTIN NEE SAINT-AUBIN", "", ""), ("SAINT-AUBIN", "MARTIN", ""), USAGE),
    (("Martin (née Dupont)", "néant", ""), ("Dupont", "Martin", ""), USAGE),
    (("née DUPONT", "", ""), ("DUPONT", "", ""), LAST),
    (("DUPONT épouse MARTIN", "MARTIN", ""), ("DUPONT", "MARTIN", ""), LAST),
    (("MARTIN née DUPONT", "PETIT", ""), ("DUPONT", "PETIT", ""), LAST),
    (("DUPONT", "MARTIN née DUPONT", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("DUPONT", "épouse MARTIN", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("DUPONT", "DUPONT ép. MARTIN", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("DUPONT", "née Dupont", ""), ("DUPONT", "", ""), USAGE),
    (("Mme DUPONT", "", ""), ("DUPONT", "", ""), LAST),
    (("Mlle. Dupont", "", ""), ("Dupont", "", ""), LAST),
    (("DUPONT", "Madame MARTIN", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("DUPONT", "Me -", ""), ("DUPONT", "", ""), USAGE),
    (("GARCIA (fils)", "", ""), ("GARCIA", "", ""), LAST),
    (("GARCIA (Père)", "", ""), ("GARCIA", "", ""), LAST),
    (("GARCIA Louis", "", "Louis"), ("GARCIA", "", "Louis"), LAST),
    (("Louis GARCIA", "", "Louis"), ("GARCIA", "", "Louis"), LAST),
    (("LE GOFF Jean Pierre", "", "Jean-Pierre"), ("LE GOFF", "", "Jean-Pierre"), LAST),
    (("GARCIA", "PETIT Zoé", "Zoe"), ("GARCIA", "PETIT", "Zoe"), USAGE),
    *(
        (("DUPONT " + joint + " MARTIN", "", ""), ("DUPONT", "MARTIN", ""), USAGE)
        for joint in (
            *("épouse", "EP", "epse", "épse", "EPSE", "épse.", "ép.", "mariée", "divorcée", "vve", "nom d'usage"),
            *("(nom d'usage :", "nom marital"),
        )
    ),
    (("DUPONT ép.MARTIN", "", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("MARTIN nom de jeune fille DUPONT", "", ""), ("DUPONT", "MARTIN", ""), USAGE),
    (("MARTIN (nom de naissance : DUPONT)", "", ""), ("DUPONT", "MARTIN", ""), USAGE),
    *(
        ((f"DUPONT {end}", "", ""), ("DUPONT", "", ""), LAST)
        for end in (
            *("EPOUSE", "ép.", "épse", "veuve", "Mme", "(Mme)", ", Mlle", "M.", "Madame"),
            *("fils", "père", "- père", "Jr", "Jr.", "III", "(III)", "(aîné)", "aînée"),
            *("- RETRAITE", "retraité", "(retraitée)", "décédée", "N.C.", "n/c", "- CDD"),
        )
    ),
    *(
        ((f"{title} DUPONT", "", ""), ("DUPONT", "", ""), LAST)
        for title in ("M.", "Dr", "Dr.", "DR", "Me", "Pr", "Mr", "Mme Dr", "M.Mme")
    ),
    (("M.DUPONT", "", ""), ("DUPONT", "", ""), LAST),
    (("DUPONT Marie", "", ""), ("DUPONT", "", "Marie"), FIRST),
    (("AX Marie", "", ""), ("AX", "", "Marie"), FIRST),
    (("LE GOFF Jean-Pierre", "néant", "-"), ("LE GOFF", "", "Jean-Pierre"), FIRST),
    (("DUPONT MARTIN Anne Marie", "", ""), ("DUPONT MARTIN", "", "Anne Marie"), FIRST),
    (("DUPONT", "", "Mme Marie"), ("DUPONT", "", "Marie"), FIRST),
    (("DUPONT", "", "M. Paul"), ("DUPONT", "", "Paul"), FIRST),
    (("LE ROUX, fils", "", ""), ("LE ROUX", "", ""), LAST),
]
REMARKS = {
    "Mme DUPONT": "la civilité devant le nom n'est pas reprise",
    "DUPONT Mme": "la civilité après le nom n'est pas reprise",
    "DUPONT EPOUSE": "il manque un nom après « épouse », « ép. »… : ce mot n'est pas repris",
    "DUPONT N.C.": "« N.C. », « N/A »… après le nom n'est pas repris",
    "GARCIA (fils)": "« fils », « père », « retraité »… après le nom n'est pas repris",
    "née DUPONT": "seul le nom de naissance est repris de cette cellule",
    "épouse MARTIN": "seul le nom d'usage est repris de cette cellule",
    "GARCIA Louis": "le prénom n'est pas repris dans le nom",
}


@pytest.mark.parametrize(("written", "taken", "column"), SPLIT)
def test_each_name_is_put_into_its_column_and_the_remark_names_it(
    written: tuple[str, str, str], taken: tuple[str, str, str], column: Column
) -> None:
    row = good(**dict(zip((LAST, USAGE, FIRST), written, strict=True)))
    assert (row.entry.last_name, row.entry.usage_name, row.entry.first_name) == taken
    assert [remark.column for remark in row.remarks] == [column]
    assert row.remarks[0].text == REMARKS.get(written[0], REMARKS.get(written[1], row.remarks[0].text))


AS_WRITTEN = ["Le Née", "Saint-Martin", "D\N{RIGHT SINGLE QUOTATION MARK}Almeida-Cœur", "M'Barek"]
AS_WRITTEN += [
    *("EVALET TAPONAT", "Ben Ali", "Nguyễn", "Yıldız", "O\N{ACUTE ACCENT}Brien", "J\N{COMBINING CARON}irka"),
    *("St. Aubin", "' t Hooft"),
    *("Petit", "Roy", "Le Père", "Lefils", "Le Fils", "LE GOFF", "Le GOFF", "Mc DONALD", "Saint MARTIN", "Petit-Fils"),
    *("Soeur", "Nonet", "Idemo", "Sansoucy", "Mercier", "Drouet", "Prat", "Du Jeune", "Van Ep", "El KHALIL"),
]


def test_columns_that_a_file_does_not_have_are_not_added() -> None:
    assert read_names({LAST: "Mme DUPONT"}).cells == {LAST: "DUPONT"}


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_a_name_is_taken_as_it_is_written(name: str) -> None:
    row = good(last_name=name, first_name="")
    assert (row.entry.last_name, row.remarks) == (name, ())


NO_USAGE_NAMES = [
    *("idem", "IDEM", "id.", "Ibid.", "même", "Même", "même nom", "identique", "Ditto", "célibataire"),
    *("R.A.S.", "S.O."),
    *("nsp", "NSP", "mme", "Mlle", "Mme", "M.", "pas de nom d'usage", "Pas de nom d\u2019usage"),
    *("sans nom", "sans objet", "N A"),
    *("aucun nom d'usage", "idem nom de naissance", "non communiqué", "Non renseigné", "inconnu", "xx", "XXX", "ND"),
    *("épouse", "divorcée", "pacsée", "N.C.", "n/c"),
]


EMPTY = ["néant", "NÉANT", "-", "--", "/", "aucun", "Aucune", "N/A", "n.a.", "NULL", "nan"]


@pytest.mark.parametrize("written", NO_USAGE_NAMES + EMPTY)
@pytest.mark.parametrize("last", ["GARCIA", "Garcia", "garcia"])
def test_words_that_say_that_there_is_no_usage_name_are_none_and_some_no_first_name(last: str, written: str) -> None:
    row = good(last_name=last, usage_name=written, first_name=written if written in EMPTY else "Louis")
    assert (row.entry.usage_name, row.remarks) == ("", ())
    assert row.entry.first_name == ("" if written in EMPTY else "Louis")


@pytest.mark.parametrize("word", ["sans", "non", "oui", "ras", "so", "rien"])
@pytest.mark.parametrize("last", ["GARCIA", "Garcia", "garcia"])
@pytest.mark.parametrize("form", [str.upper, str.capitalize, str.lower])
def test_a_word_for_nothing_is_a_name_if_written_as_one(form: Callable[[str], str], last: str, word: str) -> None:
    row = good(last_name=last, usage_name=form(word))
    nothing = "lu comme une cellule vide ; si c'est un nom, écrivez-le comme l'autre"
    taken, words = (form(word), "est-ce un nom ? vérifiez-le") if form(last) == last else ("", nothing)
    assert row.entry.usage_name == taken
    assert [(remark.column, remark.text) for remark in row.remarks] == [(USAGE, words)]


@pytest.mark.parametrize(("last", "taken"), [("GARCIA", ""), ("Garcia", "X")])
def test_one_capital_alone_is_a_first_letter(last: str, taken: str) -> None:
    assert good(last_name=last, usage_name="X").entry.usage_name == taken


def test_two_names_that_were_stored_as_one_are_split_once_the_file_is_sent_again() -> None:
    written = {"last_name": "DUPONT épouse MARTIN", "email": entry().email}
    app = InMemoryRosterService(invited(roster=entry(last_name=written["last_name"], mobile="")))
    prepared = app.take_in(line(**written))
    assert app.account().owner.last_names == ("MARTIN", "DUPONT")
    moved = "il était avec le nom de naissance : il est mis dans sa colonne"
    assert app.findings(prepared) == [["2", "remarque", "nom d'usage", moved]]
    assert counted(app.take_in(line(**written))) == {"unchanged": 1}
    app = InMemoryRosterService(invited(roster=entry(usage_name="néant", mobile="")))  # to which no code answers
    assert counted(app.take_in(line(usage_name="néant", email=entry().email))) == {"updated": 1}
    assert app.account().owner.last_names == ("Garcia",)


REMARKED = [
    ("Garcia Louis", "", "Louis", LAST, "le prénom est aussi dans le nom : vérifiez-le"),
    ("Louis Lebrun", "", "Louis", LAST, "le prénom est aussi dans le nom : vérifiez-le"),
    ("BEN MOHAMED", "", "MOHAMED", LAST, "le prénom est aussi dans le nom : vérifiez-le"),
    ("Garcia", "Ben Louis", "Louis", USAGE, "le prénom est aussi dans le nom : vérifiez-le"),
    *(
        (word, "", "", LAST, "est-ce un nom ? vérifiez-le")
        for word in ("Aucun", "Null", "Na", "Sans", "Non", "X", "So", "Née", "M", "Monsieur")
    ),
    ("Garcia", "Aucune Na", "", USAGE, "le dernier mot est-il du nom ? sinon effacez-le"),
    ("Garcia", "", "Louis 2", FIRST, "ce prénom a des chiffres"),
    ("Maître", "", "12", FIRST, "ce prénom a des chiffres"),
    ("Usage", "", "=Louis", FIRST, "il y a un signe « = » : un seul nom par colonne, en lettres"),
    ("Garcia", "", "Louis et Anne", FIRST, "il y a deux personnes ? une ligne pour chacune"),
    ("DURAND", "", "PAUL DURAND", FIRST, "le nom est aussi dans le prénom : vérifiez-le"),
    ("Durand", "", "Durand Paul", FIRST, "le nom est aussi dans le prénom : vérifiez-le"),
    *(
        (name, "", "", LAST, "le premier mot est-il du nom ? sinon effacez-le")
        for name in ("M Barek", "M DUPONT", "Maître Jean", "Famille Dupont")
    ),
    *(
        (name, "", "", LAST, "le dernier mot est-il du nom ? sinon effacez-le")
        for name in (
            *("DUPONT Née", "Dupont Fils", "DUPONT PERE", "DUPONT NC", "DUPONT IDEM", "Silva Junior", "Petit Sans"),
        )
    ),
    *(
        (name, "", "", LAST, "« dit », « usage »… est dans le nom : un autre nom a sa colonne")
        for name in ("Martin dit Lapierre", "DUPONT DITE MARTIN", "DUPONT usage MARTIN", "Dupont Alias")
    ),
    ("DUPONT marie", "", "", LAST, "un prénom est-il dans le nom ? il a sa colonne"),
    ("Famille Ali", "", "Famille Ali", LAST, "le premier mot est-il du nom ? sinon effacez-le"),
    ("DUPONT Marie Le Goff", "", "", LAST, "un prénom est-il dans le nom ? il a sa colonne"),
    ("DUPONT Marie", "", "Anne", LAST, "un prénom est-il dans le nom ? il a sa colonne"),
    ("Dupont Mme Marie", "", "", LAST, "une civilité est dans le nom : vérifiez-le"),
    ("Dupont M. Paul", "", "", LAST, "une civilité est dans le nom : vérifiez-le"),
    ("Marie DUPONT", "", "", LAST, "un prénom est-il dans le nom ? il a sa colonne"),
]


@pytest.mark.parametrize(("last", "usage", "first", "where", "said"), REMARKED)
def test_what_may_be_a_name_is_taken_with_a_remark(last: str, usage: str, first: str, where: Column, said: str) -> None:
    row = good(last_name=last, usage_name=usage, first_name=first)
    assert (row.entry.last_name, row.entry.usage_name, row.entry.first_name) == (last, usage, first)
    assert [(remark.column, remark.text) for remark in row.remarks] == [(where, said)]


NOT_A_NAME = "ce n'est pas un nom : écrivez le nom de naissance"
TWO_PEOPLE = "il y a deux personnes : une ligne pour chacune"
ONE_NAME = "un seul nom, en lettres : le nom de naissance et le nom d'usage ont chacun leur colonne"
NO_NAMES = [
    ("épouse MARTIN", "", LAST, "c'est un nom d'usage : mettez-le dans sa colonne"),
    ("MARTIN", "née DUPONT", USAGE, "c'est un nom de naissance, différent de celui de sa colonne"),
    ("PETIT épouse MARTIN née DUPONT", "", USAGE, ONE_NAME),
    ("MARTIN née DUPONT NEE Marie", "", LAST, ONE_NAME),
    ("NULL", "", LAST, "ce n'est pas un nom ; si c'en est un, écrivez-le avec une seule majuscule"),
    ("undefined", "", LAST, "ce n'est pas un nom ; si c'en est un, écrivez-le avec une seule majuscule"),
    *(
        (word, "", LAST, NOT_A_NAME)
        for word in (
            *("Mme", "MME", "M.", "Mr", "Dr", "épouse", "Épouse", "N.C.", "NC", "Sans nom", "SANS NOM"),
            *("Inconnu", "inconnue"),
            *("néant", "Néant", "NÉANT", "Nom inconnu", "idem", "Célibataire", "Non renseigné", "xxx"),
            *("Anonyme", "n/a", "x" * 40),
        )
    ),
    *(
        (name, "", LAST, TWO_PEOPLE)
        for name in (
            *("M. et Mme DUPONT", "M et Mme DUPONT", "Mme et M. Dupont", "M. ou Mme DUPONT"),
            *("M./Mme DUPONT", "Mme & M. DUPONT"),
            *("Monsieur et Madame DUPONT", "DUPONT M. et Mme", "DUPONT et MARTIN", "M. & Mme Dupont"),
            "DUPONT - et MARTIN",
        )
    ),
    ("Garcia", "M. et Mme PETIT", USAGE, TWO_PEOPLE),
    ("GARCIA2", "", LAST, "un nom n'a pas de chiffres"),
    ("10000001", "", LAST, "un nom n'a pas de chiffres"),
    ("Garcia", "Petit 2", USAGE, "un nom n'a pas de chiffres"),
]


@pytest.mark.parametrize(("last", "usage", "column", "words"), NO_NAMES)
def test_what_is_no_name_in_this_column_is_refused(last: str, usage: str, column: Column, words: str) -> None:
    assert faults(last_name=last, usage_name=usage, first_name="") == [(column, words)]


UNTYPED = ["DUPONT (MARTIN)", "DUPONT / MARTIN", "DUPONT, Louis", "*Garcia", "a@b", "Garcia & Petit", "Gar[cia"]
UNTYPED += ["Garcia\u00b2", "Garcia_", "=Garcia", "Garcia,"]


QUOTED = ['Gar"cia', "«Garcia»", "\u201cGarcia\u201d"]


@pytest.mark.parametrize("written", UNTYPED + QUOTED)
@pytest.mark.parametrize("column", [LAST, USAGE])
def test_what_nobody_types_is_refused_with_the_sign(column: Column, written: str) -> None:
    sign = "".join(set(written) & set("(/,*@&[\u00b2_="))
    words = f"il y a un signe « {sign} » : un seul nom par colonne, en lettres"
    told = "il y a un guillemet dans le nom : effacez-le" if written in QUOTED else words
    assert faults(**{column: written}) == [(column, told)]


@pytest.mark.parametrize("column", [LAST, USAGE, FIRST])
def test_a_name_that_is_too_long_is_not_even_read(column: Column) -> None:
    assert faults(**{column: "Mme Louis " * 20_000}) == [(column, "plus de 200 caractères")]
    assert good(**{column: f"Mme {'a' * 196}"}).entry == good(**{column: "a" * 196}).entry


_WORDS = [
    *("DUPONT", "Martin", "Le", "Goff", "née", "épouse", "ép.", "Mme", "M.", "(fils)", "(", ")", "/", "2"),
    *("Louis", "-"),
    *("épse", "divorcée", "fils", "Fils", "Jr.", "III", "retraité", "et", "dit", "usage", "Dr", "M", "N.C.", "sans"),
    *("nom d'usage", "Non", "idem", "pas de nom", '"', "ép.PETIT", "X", "LE"),
]
_NAMES = st.lists(st.sampled_from([*_WORDS, "NULL", "néant", "Saint-Martin", "N'Diaye"]), max_size=5).map(" ".join)


@given(_NAMES, _NAMES, _NAMES)
def test_whatever_is_written_no_name_is_taken_that_nobody_can_type(last: str, usage: str, first: str) -> None:
    row = judge({"last_name": last, "usage_name": usage, "first_name": first, "email": ""})
    if not isinstance(row, RosterRow):
        assert {fault.column for fault in row} <= {LAST, USAGE}
        return
    for name in filter(None, (row.entry.last_name, row.entry.usage_name)):
        assert fold_name(name).isalpha()
        assert fold_name(name) not in {"mme", "nc", "idem", "pasdenom", "epse", "divorcee"}
        assert "et" not in fold_words(name)[1:-1]
        assert not set(name) & set('()/2"')
        assert not set(fold_words(name)[1:-1]) & (BORN | MARRIED)


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=12))
def test_a_name_of_letters_is_taken_or_split_and_never_lost(name: str) -> None:
    row = judge({"last_name": name, "email": "", "first_name": ""})
    if isinstance(row, RosterRow):
        taken = fold_name(row.entry.last_name + row.entry.usage_name)
        assert taken
        assert sorted(taken) <= sorted(fold_name(name)) or taken in fold_name(name)
