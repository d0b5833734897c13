"""The terminal's screens. Everything from the service is plain text: no markup and no escape sequence is obeyed."""

import json
import unicodedata
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

_GOOD, _BAD, _QUIET = "bold green", "bold red", "dim"
_COLOURS = {
    "active": _GOOD,
    "ready": _GOOD,
    "code_sent": "bold cyan",
    "unfinished": "bold yellow",
    "closing": "bold yellow",
}
_CHANNELS = {"email": ("email", "à l'adresse "), "sms": ("SMS", "au ")}
"""The name of a contact, and the beginning that the service gives it in a sentence."""
_NO_STRUCTURE = "Aucune structure n'a ce code ni ce nom. À dire : donnez-moi le nom exact de votre employeur."
_NOBODY = (
    "Personne de ce nom dans cette structure. À dire : épelez-moi votre nom, de naissance puis d'usage, "
    "ou donnez-moi votre identifiant."
)
_PERSON = {
    "Identifiant": "identifier",
    "Nom": "last_name",
    "Prénom": "first_name",
    "Nom de naissance": "birth_name",
    "Structure": "structure",
}
_OBEYED = frozenset({"Cc", "Cf", "Zl", "Zp"})
_IN_QUARANTINE = (
    "Un autre agent doit confirmer le contact corrigé : confirm-contact. Le prochain fichier de la structure remplace "
    "la correction : l'appelant doit aussi la demander à son correspondant."
)
_NAME_ASKED = "Un autre agent doit le confirmer (confirm-name) avant "
_NAME_KEPT = "Le prochain fichier de la structure le remplace : l'appelant doit aussi le demander à son correspondant."
_ON_FILE = {
    "unknown": "inconnue",
    "elsewhere": "dans une autre structure",
    "closed": "sortie",
    "there": "déjà dans cette structure",
}
_OUTCOMES = {
    "invited": ("L'invitation est partie.", _GOOD),
    "linked": ("Cette adresse a déjà un compte en service : la structure y est ajoutée.", _GOOD),
    "waiting": ("Rien n'est envoyé : un autre agent doit confirmer.", "bold yellow"),
}
_LEFT = {
    "mail": "l'adresse n'y était pas avant cet import",
    "name": "le nom et le prénom ne se distinguent pas",
    "account": "cette adresse a un compte à un autre nom",
    "full": "trop de correspondants ou de structures",
}
_NEWS = {"": "", "send": "a envoyé", "complete": "a complété", "message": "a écrit"}
"""The person's act since an agent last acted on a request, in French."""
_MARKS = {"undeliverable": "n'a pas pu être joint", "complained": "ne veut pas d'avis"}


def show_file(console: Console, file: dict[str, Any]) -> None:
    """Show a person's file: names, status line, sentence to say, contacts, history."""
    name = f"{file['first_name']} {file['last_name']}"
    if file["birth_name"] != file["last_name"]:
        name += f" (nom de naissance : {file['birth_name']})"
    console.print(_plain(f"{file['identifier']}  {name}", style="bold"))
    where = f"{file.get('structure', '')} ({file['structure_id']})"
    if "structures" in file:
        where = f"Correspondant(e) : {', '.join(file['structures']) or 'aucune structure'}"
    console.print(_plain(where, style=_QUIET))
    status = file["status"]
    console.print(_plain(status["line"], style=_COLOURS.get(status["standing"], _BAD)))
    console.print(Panel(_plain(status["sentence"]), title="À dire", title_align="left"))
    for contact in file["contacts"]:
        console.print(_contact(contact))
    if any("held_until" in contact for contact in file["contacts"]):
        console.print(_IN_QUARANTINE)
    if "name_correction" in file:
        asked = file["name_correction"]
        console.print(
            _plain(f"Nom demandé par {asked['agent']} : {asked['last_name']}. {_NAME_ASKED}{asked['until']}.")
        )
        console.print(_NAME_KEPT)
    if "closing_asked_by" in file:
        console.print(_plain(f"Fermeture demandée par {file['closing_asked_by']} : à confirmer par un autre agent."))
    console.print(_timeline(file["timeline"]))


def show_found(console: Console, found: dict[str, Any]) -> None:
    """Show the people that a search found."""
    if found.get("has_more_structures"):
        console.print("Trop de structures portent ce nom : précisez-le, ou donnez le code de l'une d'elles.")
        console.print(_rows(found["structures"], {"Code": "structure_id", "Structure": "name"}))
        return
    if found.get("structures") == []:
        console.print(_NO_STRUCTURE)
        return
    if not found["people"]:
        console.print(_NOBODY)
        return
    names = {one["structure_id"]: one["name"] for one in found.get("structures", [])}
    people = [{**person, "structure": names.get(person.get("structure_id"), "")} for person in found["people"]]
    console.print(_rows(people, _PERSON))
    if found["has_more"]:
        console.print("Il y en a d'autres : précisez le nom.")


def show_structure(console: Console, file: dict[str, Any]) -> None:
    """Show a structure: its roster's data, correspondents, waiting invitation, and the outcome of an invitation."""
    roster, waiting = file["roster"], file.get("waiting")
    console.print(_plain(f"{file['structure_id']}  {file['name']}", style="bold"))
    said = (roster["name"] or "aucun nom", roster["email"] or "aucune adresse", roster["phone"] or "aucun téléphone")
    console.print(_plain(f"Correspondant selon le fichier : {', '.join(said)}"))
    console.print(_plain(f"Nom : {roster['last_name'] or '?'}. Prénom : {roster['first_name'] or '?'}."))
    if not file["correspondents"]:
        console.print("Personne ne répond de cette structure.")
    for one in file["correspondents"]:
        day = _day(one.get("invited_until", ""))
        until = f", invitation valable jusqu'au {day}" if day else ""
        where = ", ".join(one["masked"])
        console.print(_plain(f"{one['identifier']}  {one['first_name']} {one['last_name']}  {where}{until}"))
    if waiting:
        who = f"{waiting['first_name']} {waiting['last_name']}, {waiting['email']}"
        console.print(_plain(f"Invitation demandée par {waiting['agent']} : {who}. Un autre agent doit la confirmer"))
        console.print(_plain(f"(confirm-invitation) avant {waiting['until']}."))
    if "outcome" in file:
        words, colour = _OUTCOMES[file["outcome"]]
        console.print(_plain(words, style=colour))


def show_without(console: Console, found: dict[str, Any]) -> None:
    """Show structures without a correspondent."""
    if not found["structures"]:
        console.print("Quelqu'un répond de chaque structure.")
        return
    lines = [{**one, "people": str(one["people"])} for one in found["structures"]]
    console.print(_rows(lines, {"Code": "structure_id", "Structure": "name", "Bénéficiaires": "people"}))
    _show_after(console, found)


def show_arrivals(console: Console, found: dict[str, Any]) -> None:
    """Show the people who arrive with a correspondent's file, and their stored state."""
    lines = [{**one, "on_file": _ON_FILE[one["on_file"]]} for one in found["people"]]
    columns = {
        "Identifiant": "identifier",
        "Nom": "last_name",
        "Prénom": "first_name",
        "Code": "structure_id",
        "Aujourd'hui": "on_file",
    }
    console.print(_plain(f"Envoi de {found['sender']}, entrées : {found['number']}"))
    console.print(_rows(lines, columns))
    if found["number"] > len(lines):
        console.print(_plain(f"… et d'autres : {found['number'] - len(lines)}"))
    if found["is_done"]:
        console.print(_plain("Confirmées : l'import les fait entrer.", style=_GOOD))


def show_queue(console: Console, found: dict[str, Any]) -> None:
    """Show the requests that wait for an agent."""
    if not found["requests"]:
        console.print("Aucune demande n'attend.")
        return
    console.print(f"À prendre : {found['next']}. En cours d'examen : {found['examined']}. Les plus anciennes d'abord.")
    lines = [_queued(one) for one in found["requests"]]
    columns = {
        "Depuis": "sent_on",
        "Numéro": "number",
        "Identifiant": "identifier",
        "Demande": "label",
        "État": "state_label",
        "La personne": "news",
    }
    console.print(_rows(lines, columns))
    more = found["next"] + found["examined"] - len(lines)
    if more > 0:
        console.print(f"… et d'autres : {more}")


def show_case(console: Console, case: dict[str, Any]) -> None:
    """Show one request: its person, state, answers, timeline and allowed acts."""
    title = f"{_number(case['number'])}  {case['label']} : {case['state_label']}"
    console.print(_plain(title, style="bold"))
    console.print(_plain(f"{case['identifier']}  {case['first_name']} {case['last_name']}", style=_QUIET))
    console.print(Panel(_plain(case["sentence"]), title="La personne lit", title_align="left"))
    for one in case["fields"]:
        console.print(_plain(one["label"], style=_QUIET))
        for line in one.get("value", "(pas de réponse)").split("\n"):
            console.print(_plain(f"  {line}"))
    said = [{**line, "label": " ".join((line["label"], line.get("words", ""))).strip()} for line in case["timeline"]]
    console.print(_timeline(said))
    console.print(_plain(f"À faire : {', '.join(case['acts']) or 'rien'}."))


def _queued(one: dict[str, Any]) -> dict[str, Any]:
    said = {"sent_on": _day(one["sent_on"]), "number": _number(one["number"]), "news": _NEWS[one.get("news", "")]}
    return {**one, **said}


def _day(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def _number(number: str) -> str:
    return " ".join((number[:3], number[3:6], number[6:]))


def show_bulk(console: Console, done: dict[str, Any]) -> None:
    """Show the outcomes of an import's invitations, and the structures that an agent must invite one by one."""
    console.print(_plain(f"Invités : {len(done['invited'])}.", style=_GOOD))
    lines = [{**one, "why": _LEFT[one["why"]]} for one in done["left"]]
    if lines:
        console.print("À inviter un par un (invite-correspondent) :")
        console.print(_rows(lines, {"Code": "structure_id", "Structure": "name", "Pourquoi": "why"}))
    _show_after(console, done)


def _show_after(console: Console, found: dict[str, Any]) -> None:
    if "after" in found:
        console.print(_plain(f"Il y en a d'autres : --after {found['after']}"))


def show_check(console: Console, answer: dict[str, Any]) -> None:
    """Show whether the caller's contact is on file."""
    words = (
        ("Oui : ce contact est dans le dossier.", _GOOD)
        if answer["matches"]
        else ("Non : ce contact n'est pas dans le dossier.", _BAD)
    )
    console.print(_plain(words[0], style=words[1]))


def is_shown_whole(console: Console, answer: Any) -> bool:
    """Whether the terminal has every letter of the answer; it shows « ? » for those that it lacks."""
    words = json.dumps(answer, ensure_ascii=False)
    return words == words.encode(console.encoding, "replace").decode(console.encoding)


def show_done(console: Console, words: str) -> None:
    """Show that an act was done."""
    console.print(_plain(words, style=_GOOD))


def show_refusal(console: Console, words: str) -> None:
    """Show why an act was not done."""
    for line in words.split("\n"):
        console.print(_plain(line, style=_BAD))


def _contact(contact: dict[str, Any]) -> Text:
    notes = ["vérifié" if contact["is_proven"] else "pas encore vérifié"]
    notes += [_MARKS[contact["deliverability"]]] if "deliverability" in contact else []
    notes += [f"rien n'y part avant {contact['held_until']}"] if "held_until" in contact else []
    name, opening = _CHANNELS[contact["channel"]]
    return _plain(f"{name:<6} {contact['masked'].removeprefix(opening)} ({', '.join(notes)})")


def _timeline(lines: list[dict[str, Any]]) -> Table:
    table = _table("Quand", "La personne lit", "Agent")
    for line in lines:
        table.add_row(_plain(line["when"]), _plain(line["label"]), _plain(line.get("agent", "")))
    return table


def _rows(lines: list[dict[str, Any]], members: dict[str, str]) -> Table:
    """A table of these members, with a heading for each column."""
    table = _table(*members)
    for line in lines:
        table.add_row(*(_plain(line[member]) for member in members.values()))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style=_QUIET)
    for column in columns:
        table.add_column(column)
    return table


def _plain(words: str, style: str = "") -> Text:
    """One line of the words, without characters that control a terminal or turn the direction of writing (Cc, Cf)."""
    return Text("".join(map(_shown, words)), style=style)


def _shown(char: str) -> str:
    if unicodedata.category(char) not in _OBEYED:
        return char
    return " " if char.isspace() else ""
