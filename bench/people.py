"""A roster of any size: realistic, and the same for the same seed."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from activation.domain.names import fold_name
from activation.domain.roster.columns import FRENCH_NAMES, Column

SEED = 1946


def _words(text: str) -> list[str]:
    return text.split()


_LAST_NAMES = _words(
    "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefèvre Leroy Roux "
    "David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefebvre "
    "Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin "
    "Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël "
    "Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez "
    "Gérard Renard Renaud Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Lacroix "
    "Olivier Philippe Bourgeois Pierre Benoît Rolland Leclerc Payet Hoarau Grondin N'Diaye Traoré Diallo "
    "Nguyen Tran Da-Silva Fernandes Le-Goff Le-Gall D'Almeida Saint-Martin"
)
_FIRST_NAMES = _words(
    "Marie Nathalie Isabelle Sylvie Catherine Françoise Christine Sandrine Stéphanie Céline Valérie Véronique "
    "Aurélie Émilie Julie Camille Léa Manon Chloé Zoé Inès Anaïs Hélène Noémie Élodie Awa Fatou Jean Philippe "
    "Michel Alain Patrick Nicolas Christophe Laurent Frédéric Sébastien Stéphane Julien Thomas Alexandre Louis "
    "Lucas Hugo Théo Loïc Yann Gaël Rémi Jérôme Benoît Mohamed Mamadou Jean-Pierre Jean-Luc Marie-Claude "
    "Anne-Sophie"
)
_TOWNS = _words(
    "Saint-Aubin Villefranche Montreuil Beaulieu Clermont Sainte-Foy Bellevue Rochefort Valmont Grandpré "
    "Neuville Châteauneuf Fontenay Marigny Aubigny Courcelles Verneuil Chaumont Mirecourt Lormont"
)
_KINDS = ("Mairie de", "Communauté de communes de", "CCAS de", "Office public de l'habitat de")
_MAILS = ("gmail.com", "orange.fr", "free.fr", "laposte.net", "hotmail.fr", "sfr.fr")
_PEOPLE_PER_STRUCTURE = 40
_FIRST_IDENTIFIER = 10_000_000

Row = list[str]
HEADER = [FRENCH_NAMES[column][0] for column in Column]


def rows(number: int, *, seed: int = SEED) -> Iterator[Row]:
    """That many people, structure by structure, in the order of the template's columns."""
    chance = Random(seed)  # noqa: S311  # no secret
    structure: Row = []
    for place in range(number):
        if place % _PEOPLE_PER_STRUCTURE == 0:
            structure = _structure(chance, place // _PEOPLE_PER_STRUCTURE)
        yield _person(chance, place, structure)


def _structure(chance: Random, number: int) -> Row:
    town, name = chance.choice(_TOWNS), f"{chance.choice(_FIRST_NAMES)} {chance.choice(_LAST_NAMES)}"
    mail = f"{fold_name(name)}@{fold_name(town)}-{number}.example"
    return [f"M{number:06}", f"{chance.choice(_KINDS)} {town}", name, mail, f"01{chance.randrange(10**8):08}"]


def _person(chance: Random, place: int, structure: Row) -> Row:
    last, first = chance.choice(_LAST_NAMES), chance.choice(_FIRST_NAMES)
    usage = chance.choice(_LAST_NAMES) if chance.random() < 0.2 else ""  # noqa: PLR2004  # one in five
    has_mail, has_mobile = chance.random() < 0.85, chance.random() < 0.7  # noqa: PLR2004  # as enrolments say
    domain = chance.choice(_MAILS) if chance.random() < 0.9 else structure[3].partition("@")[2]  # noqa: PLR2004
    mail = f"{fold_name(first)}.{fold_name(usage or last)}{place}@{domain}" if has_mail else ""
    mobile = f"06{10_000_000 + (place * 7_919) % 29_000_000:08}" if has_mobile else ""
    end = f"31/12/{chance.randrange(2027, 2030)}" if chance.random() < 0.05 else ""  # noqa: PLR2004  # contracts
    return [str(_FIRST_IDENTIFIER + place), last, usage, first, mail, mobile, *structure, end]


def write(place: Path, people: Iterable[Row]) -> Path:
    """A file of these people (`;`, UTF-8)."""
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(people)
    return place


def renamed(people: Iterable[Row]) -> Iterator[Row]:
    """The same people with another first name each, and nothing else changed."""
    for row in people:
        yield [*row[:3], f"{row[3]}-Zoé", *row[4:]]
