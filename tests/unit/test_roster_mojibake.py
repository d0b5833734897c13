"""Letters of French names, through what spreadsheets make of them."""

import pytest

from activation.domain.roster.mojibake import EIGHT_BIT, has_lost_letters, likeliest_encoding, repair

WORDS = [
    *("Béranger", "Lefèbvre", "Hélène", "François", "Noël", "Zoé", "Jérôme", "Benoît", "Anaïs", "D’Almeida", "Gaëlle"),
    *("Prénom", "Téléphone", "ÉLODIE", "Élodie", "HÉLÈNE", "BÉRANGER", "LEFÈVRE", "Façade", "N°", "Août", "Agnès"),
    *("André", "RENÉ", "CHÂTEAU", "À", "à", "Maïté", "Gonçalves", "Ève", "Ménétrier", "JOSÉ", "Chloé"),
]
RARE = ["Muñoz", "João", "Ibáñez", "Müller", "Öztürk", "Lætitia", "Île", "Œuvre", "Cœur", "DUPRé", "BéRANGER"]
FINE = [
    *("JOSÉ\u00a0MARIE", "l’école", "« CAFÉ »", "GUIMARÃES", "JOÃO", "Ó Súilleabháin", "Žižek", "Šimić", "n° 3"),
    *("Garcia ?", "?", "D´Almeida", "Mairie « A »", "O`Brien", "Société 2000 & fils", "C.C.A.S.", "Nguyễn", "Garcia"),
]


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("word", WORDS)
def test_one_french_word_tells_the_encoding(word: str, encoding: str) -> None:
    if _can_hold(word, encoding):
        assert word.encode(encoding).decode(likeliest_encoding([word.encode(encoding)])) == word


@pytest.mark.parametrize("encoding", EIGHT_BIT)
def test_rare_letters_go_by_the_french_words_around_them(encoding: str) -> None:
    words = [word.encode(encoding) for word in [*WORDS, *RARE] if _can_hold(word, encoding)]
    found = likeliest_encoding(words)
    assert [word.decode(found) for word in words] == [word.decode(encoding) for word in words]


def test_without_evidence_it_is_the_usual_encoding() -> None:
    assert likeliest_encoding([b"\xff\xfe"]) == "cp1252"


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850"])
def test_utf_8_that_was_read_as_something_else_is_read_again(encoding: str, times: int) -> None:
    for word in [*WORDS, *RARE, *FINE[:6]]:
        doubled = word
        try:
            for _ in range(times):
                doubled = doubled.encode().decode(encoding)
        except UnicodeDecodeError:
            continue
        assert repair(doubled) == word


def test_what_was_misread_four_times_is_read_again_three_times() -> None:
    assert repair("ÃƒÆ’Ã†â€™Ãƒâ€šÃ‚Â©") == "Ã©"


@pytest.mark.parametrize("text", [*WORDS, *RARE, *FINE])
def test_what_was_never_misread_stays_as_it_is(text: str) -> None:
    assert repair(text) == text
    assert not has_lost_letters(text)


@pytest.mark.parametrize(
    ("text", "repaired"),
    [("D\x92Almeida", "D’Almeida"), ("C\x9cur", "Cœur"), ("\x9b31m", "\x9b31m"), ("a\x85b", "a\x85b")],
)
def test_letters_of_windows_that_were_read_as_controls_are_letters_again(text: str, repaired: str) -> None:
    assert repair(text) == repaired


LOST = [
    *("B?ranger", "?lodie", "Ren?", "Lef‚bure", "BŽranger", "C½ur", "B\ufffdranger", "BÚranger", "ZoÚ"),
    *("H…l»ne", "├®"),
]


@pytest.mark.parametrize("text", LOST)
def test_what_nobody_is_called_has_lost_letters(text: str) -> None:
    assert has_lost_letters(text)


def _can_hold(word: str, encoding: str) -> bool:
    try:
        return not word.encode(encoding).isascii()
    except UnicodeEncodeError:
        return False
