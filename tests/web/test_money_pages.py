"""The pages that work sums out in the browser, and send nothing."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Visit
from tests.web.hands import alert, press, send


def test_a_debt_ratio_is_drawn_and_told(louis: Visit) -> None:
    page = louis.open("/compte/taux-d-endettement")
    for charges, income, verdict, width in (
        ("800,50", "2000", "40 %. Il dépasse le repère de 35 %.", "40.025"),
        ("35,35", "101", "35 %. Il ne dépasse pas le repère de 35 %.", "35"),
    ):
        send(page, "Calculer", charges=charges, revenus=income)
        expect(page.get_by_role("img", name=f"Votre taux d'endettement est de {verdict}")).to_be_visible()
        expect(page.locator("#part")).to_have_attribute("width", width)
    assert {call.method for call in louis.api.calls} == {"GET"}


_BILLION = "1 000 000 000 €"
_AMOUNT = f"saisissez un montant de 0 à {_BILLION}, par exemple 1 234,56"


@pytest.mark.parametrize(
    ("path", "good", "wrong"),
    [
        (
            "taux-d-endettement",
            {"Charges mensuelles": "650", "Revenus mensuels nets": "2000"},
            {
                "Charges": ("-5", f"des charges mensuelles de 0 à {_BILLION}, par exemple 650"),
                "Revenus": ("0", f"des revenus mensuels nets de 1 à {_BILLION}, par exemple 2 100"),
            },
        ),
        (
            "calculatrice-d-emprunt",
            {"Montant": "10 000", "Taux annuel": "3,5", "Durée": "5"},
            {
                "Montant": ("0,01", f"un montant emprunté de 1 à {_BILLION}, par exemple 10 000"),
                "Taux": ("3.500", "un taux annuel de 0 à 100 %, par exemple 3,5"),
                "Durée": ("41", "la durée, de 1 mois à 40 ans, par exemple 5 ans ou 6 mois"),
            },
        ),
        (
            "budget",
            {"Logement, Montant": "650"},
            {
                "Logement, Montant": ("beaucoup", f"Logement : {_AMOUNT}"),
                "Crédits, Montant": ("1" + "0" * 21, f"Crédits : {_AMOUNT}"),
            },
        ),
    ],
)
def test_a_result_is_printed_alone_and_goes_when_numbers_are_out_of_bounds_which_are_told(
    louis: Visit, path: str, good: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    page = louis.open(f"/compte/{path}")
    for label, typed in good.items():
        page.get_by_label(label).fill(typed)
    press(page, "Calculer")
    expect(page.locator("#resultat")).to_be_visible()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("#imprimer").click()
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    for selector in (".side", "#imprimer", "header.top"):
        expect(page.locator(selector)).to_be_hidden()
    page.emulate_media(media="screen")
    for label, (typed, _) in wrong.items():
        page.get_by_label(label).fill(typed)
    press(page, "Calculer")
    expect(alert(page)).to_be_focused()
    links = alert(page).get_by_role("link")
    expect(links).to_have_count(len(wrong))
    expect(links).to_contain_text([told for _, told in wrong.values()])
    expect(page.locator("#resultat")).to_be_hidden()
    expect(page.locator(".drawing")).to_be_hidden()
    links.first.click()
    field = page.get_by_label(next(iter(wrong)))
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")


def test_a_loan_is_worked_out_in_the_browser(louis: Visit) -> None:
    page = louis.open("/compte/calculatrice-d-emprunt")
    page.get_by_label("Montant emprunté").fill("１０ 000")
    page.get_by_label("Taux annuel (%)").fill("3,5 %")
    page.get_by_label("Durée (années)").fill("5 ans")
    press(page, "Calculer")
    expect(page.locator("#mensualite")).to_have_text("181,92 €")
    expect(page.locator("#cout")).to_have_text("915,05 €")
    expect(page.locator("#annees tr")).to_have_count(5)
    expect(page.locator("#annees tr").last.locator("td").last).to_have_text("0 €")
    page.get_by_text("Voir le remboursement mois par mois").click()
    expect(page.locator("#mois tr")).to_have_count(60)
    expect(page.locator("#mois tr").last.locator("td").last).to_have_text("0,00 €")
    expect(page.locator("svg.chart rect")).to_have_count(10)
    expect(page.get_by_role("img", name="La première année, vous remboursez")).to_be_visible()


def _fill_budget(page: Page) -> None:
    page.get_by_label("Salaire ou pension, Montant").fill("2 100")
    page.get_by_label("Logement, Montant").fill("650")
    page.get_by_label("Alimentation, Montant").fill("400,50")


def test_a_budget_tells_what_is_missing_or_left_and_where_it_goes(louis: Visit) -> None:
    page = louis.open("/compte/budget")
    page.get_by_label("Logement, Montant").fill("650")
    press(page, "Calculer")
    expect(page.locator("#solde")).to_have_text("Il vous manque 650,00 € chaque mois.")
    page.get_by_label("Logement, Montant").fill("")
    press(page, "Calculer")
    expect(page.locator("#solde")).to_have_text("Il vous reste 0,00 € chaque mois.")
    expect(page.get_by_role("table")).to_be_hidden()
    _fill_budget(page)
    press(page, "Calculer")
    expect(page.get_by_role("heading", name="Votre budget du mois")).to_be_focused()
    expect(page.locator("#solde")).to_have_text("Il vous reste 1 049,50 € chaque mois.")
    expect(page.get_by_role("img", name="Revenus : 2 100,00 € ; dépenses : 1 050,50 €.")).to_be_visible()
    expect(page.get_by_role("row", name="Logement")).to_contain_text("31 %")
    expect(page.locator("#resultat tbody tr")).to_have_count(2)
    assert {call.method for call in louis.api.calls} == {"GET"}


def test_lines_are_added_named_and_taken_away_without_losing_the_focus(louis: Visit) -> None:
    page = louis.open("/compte/budget")
    press(page, "Ajouter une dépense")
    page.keyboard.type("Vacances")
    page.get_by_label("Vacances, Montant").fill("50")
    press(page, "Supprimer Crédits")
    expect(page.get_by_role("button", name="Supprimer Autres dépenses")).to_be_focused()
    press(page, "Calculer")
    expect(page.get_by_role("row", name="Vacances")).to_contain_text("50,00 €")
    expect(page.get_by_role("row", name="Crédits")).to_have_count(0)


@pytest.mark.parametrize("path", ["budget", "calculatrice-d-emprunt"])
def test_a_chart_has_its_axes_and_two_colours_that_differ_in_grey(louis: Visit, path: str) -> None:
    page = louis.open(f"/compte/{path}")
    if path == "budget":
        _fill_budget(page)
    else:
        for label, typed in {"Montant emprunté": "10 000", "Taux": "3,5", "Durée": "20 ans"}.items():
            page.get_by_label(label).fill(typed)
    press(page, "Calculer")
    expect(page.locator(".axis span")).to_have_text([re.compile(r"\d\s€"), re.compile(r"\d\s€"), "0 €"])
    ends = ["Revenus", "Dépenses"] if path == "budget" else ["Année 1", "Année 20"]
    expect(page.locator(".under span")).to_have_text(ends)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        fills = page.locator(".chart rect").evaluate_all("e => [...new Set(e.map((r) => getComputedStyle(r).fill))]")
        light, dark = sorted(map(_luminance, fills), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, scheme


def _luminance(colour: str) -> float:
    """Of `rgb(…)`, as WCAG counts it."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_no_line_of_a_budget_is_cropped_and_printed_it_is_one_page(louis: Visit) -> None:
    page = louis.open("/compte/budget")
    cropped = "inputs => inputs.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.value)"
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("input.label").evaluate_all(cropped) == [], width
    for amount in page.locator("input.amount").all():
        amount.fill("123,45")
    press(page, "Calculer")
    expect(page.locator("#resultat")).to_be_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_a_budget_is_kept_in_a_file_and_opened_again_and_another_file_changes_nothing(
    louis: Visit, tmp_path: Path
) -> None:
    page = louis.open("/compte/budget")
    _fill_budget(page)
    with page.expect_download() as download:
        press(page, "Enregistrer dans un fichier")
    saved = tmp_path / "mon-budget.json"
    download.value.save_as(saved)
    page = louis.open("/compte/budget")
    expect(page.get_by_label("Logement, Montant")).to_have_value("")
    page.get_by_label("Fichier d'un budget enregistré").set_input_files(saved)
    press(page, "Ouvrir ce fichier")
    expect(page.get_by_label("Logement, Montant")).to_have_value("650")
    expect(page.locator("#ouvrir .done")).to_contain_text("Votre budget est ouvert.")
    other = tmp_path / "autre.json"
    for content in (
        "not json",
        "[]",
        json.dumps({"lines": [{"kind": "other", "label": "", "amount": ""}]}),
        json.dumps({"lines": [{"kind": "income", "label": 3, "amount": ""}]}),
        json.dumps({"lines": [{"kind": "income", "label": "x" * 201, "amount": ""}]}),
        json.dumps({"lines": [{"kind": "income", "label": "", "amount": ""}] * 201}),
    ):
        press(page, "Calculer")
        expect(alert(page)).to_be_hidden()
        other.write_text(content, encoding="utf-8")
        page.get_by_label("Fichier d'un budget enregistré").set_input_files(other)
        press(page, "Ouvrir ce fichier")
        expect(alert(page)).to_contain_text("Ce fichier n'est pas un budget enregistré depuis cette page")
        expect(page.get_by_label("Logement, Montant")).to_have_value("650")
