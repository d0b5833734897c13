"""What holds for every page as it is built, without a browser: structure, words, weight, headers."""

import gzip
import re
from pathlib import Path

from infra.edge_functions import KEPT_FOR_GOOD
from local.exchange import Request
from local.front import Front
from tests.web.pages_read import ReadPage
from tests.web.site import HEADERS
from web.build import ASSETS, modules_of, served_assets, version_of

HEAVIEST_SCRIPT, HEAVIEST_STYLE = 15_000, 10_000
_ELSEWHERE = {"plan-du-site", "preferences", "deconnexion"}
_REFUSALS = {"404", "blocage", "cookies-refuses", "indisponible", "probleme", "session-expiree", "session-terminee"}


def test_every_page_has_one_title_of_its_own(pages: list[ReadPage]) -> None:
    titles = [page.text_of("title") for page in pages]
    assert sorted(titles) == sorted(set(titles))
    assert [title for title in titles if not title.endswith(" – CNAS")] == []


def test_a_title_starts_with_the_only_heading_of_the_first_level(pages: list[ReadPage]) -> None:
    assert [page.address for page in pages if not page.text_of("title").startswith(page.text_of("h1"))] == []


def test_the_plan_of_the_site_has_every_page_but_steps_on_the_way_and_refusals(pages: list[ReadPage]) -> None:
    (plan,) = (page for page in pages if page.address == "/plan-du-site")
    named = {link.attributes["href"] for link in plan.all("a") if "main" in link.ancestors}
    others = {page.address for page in pages if not any(f"{page.address}/".startswith(f"{each}/") for each in named)}
    assert {address.split("/")[1] for address in others} == _ELSEWHERE | _REFUSALS


def test_the_three_steps_say_which_one_they_are(pages: list[ReadPage]) -> None:
    said = {page.address: page.text_of("title") for page in pages if "Étape" in page.text_of("title")}
    assert said == {
        "/activation": "Vos informations de connexion – Étape 1/3 – CNAS",
        "/activation/code": "Saisissez le code de sécurité – Étape 2/3 – CNAS",
        "/activation/mot-de-passe": "Choisissez un mot de passe – Étape 3/3 – CNAS",
    }


def test_a_header_differs_only_by_where_the_account_is(pages: list[ReadPage]) -> None:
    headers = {page.html[page.html.index("<header") : page.html.index("</header>")] for page in pages}
    assert len({re.sub(r'href="/(connexion|compte|correspondant)"', "", header) for header in headers}) == 1


def test_no_page_takes_the_focus_or_has_a_style_or_a_script_in_its_attributes(pages: list[ReadPage]) -> None:
    forbidden = {"autofocus", "style", "onclick"}
    assert [(p.address, e.tag) for p in pages for e in p.elements if forbidden & e.attributes.keys()] == []


def test_no_page_has_an_inline_script_or_style(pages: list[ReadPage]) -> None:
    assert [p.address for p in pages if p.all("style")] == []
    assert [p.address for p in pages for e in p.all("script") if not e.attributes.get("src") or e.text.strip()] == []


def test_a_form_does_nothing_before_its_script_runs(pages: list[ReadPage]) -> None:
    forms = [e for p in pages for e in p.all("form")]
    assert {(e.attributes["method"], "action" in e.attributes) for e in forms} == {("post", False)}
    buttons = [e for p in pages for e in p.all("button") if "form" in e.ancestors]
    assert [e.text for e in buttons if "disabled" not in e.attributes] == []


def test_an_example_of_a_document_s_code_breaks_at_no_hyphen(pages: list[ReadPage]) -> None:
    written = {code for page in pages for code in re.findall(r"\b\w{4}[-\u2011]\w{4}[-\u2011]\w{4}\b", page.html)}
    assert written == {"7K2M\u201104QX\u20119RZT"}


def test_a_page_with_a_script_says_what_it_needs_without_it_and_who_helps(pages: list[ReadPage]) -> None:
    without = [p.address for p in pages if p.all("script") and "Cette page a besoin de JavaScript." not in p.html]
    assert without == []
    helped = {p.address: re.findall(r"aussi contacter (.*?)\.", p.html) for p in pages if p.all("script", "noscript")}
    spaces = {address for address, helpers in helped.items() if set(helpers) == {"le CNAS"}}
    assert spaces == {p.address for p in pages if p.address.startswith("/correspondant")}


def test_the_code_is_typed_on_a_numeric_keyboard(pages: list[ReadPage]) -> None:
    codes = [e.attributes for p in pages for e in p.all("input") if e.attributes["name"] == "code"]
    assert len(codes) == 5
    assert {code["inputmode"] for code in codes} == {"numeric"}


def test_every_table_says_what_it_is_and_heads_its_columns(pages: list[ReadPage]) -> None:
    tables = [(p.address, len(p.all("table")), len(p.all("caption"))) for p in pages if p.all("table")]
    assert tables == [
        ("/compte/budget", 1, 1),
        ("/compte/calculatrice-d-emprunt", 2, 2),
        ("/compte/suivi", 1, 1),
        ("/correspondant/beneficiaires", 1, 1),
        ("/correspondant/envoi/controle", 2, 2),
        ("/correspondant/suivi", 1, 1),
    ]
    heads = [e for p in pages for e in p.all("th")]
    assert [e.text for e in heads if not e.text.strip() or e.attributes.get("scope") != "col"] == []
    assert [p.address for p in pages for e in p.all("caption") if not e.text.strip()] == []


def test_no_mark_stands_alone_at_the_start_of_a_line_nor_a_unit_or_a_digit(pages: list[ReadPage]) -> None:
    assert [(p.address, m) for p in pages for m in re.findall(r".{15} [:;?!»].{5}|« .{9}", p.html)] == []
    texts = {page.address: re.sub(r"<[^>]+>", "", page.html) for page in pages}
    assert [(address, m) for address, text in texts.items() for m in re.findall(r".{9}\d [\d%€]", text)] == []


def assets_of(built: Path) -> Path:
    (folder,) = (built / "assets").iterdir()
    return folder


def test_a_browser_keeps_what_pages_load_by_a_name_of_its_own_and_asks_again_for_pages(built: Path) -> None:
    assets = served_assets()
    assert version_of(assets) == version_of(dict(reversed(assets.items())))
    assert version_of(assets) != version_of(assets | {"api.js": assets["api.js"] + " "})
    front = Front(built, HEADERS)
    for path in ("/activation", f"/assets/{assets_of(built).name}/style.css"):
        headers = dict(front.answer(Request("GET", path, "", (), b"")).headers)
        assert headers["Cache-Control"] == ("no-cache" if path == "/activation" else KEPT_FOR_GOOD[1])


def test_a_page_is_light(pages: list[ReadPage], built: Path) -> None:
    weights = {path.name: len(gzip.compress(path.read_bytes())) for path in assets_of(built).iterdir()}
    assert weights["style.css"] <= HEAVIEST_STYLE
    for page in pages:
        scripts = [Path(script.attributes["src"]).stem for script in page.all("script")]
        modules = {module for script in scripts for module in modules_of(script)}
        assert sum(weights[f"{module}.js"] for module in modules) <= HEAVIEST_SCRIPT, page.address


def test_the_modules_as_served_are_those_written_without_their_comments_and_their_layout(built: Path) -> None:
    for source in ASSETS.glob("*.js"):
        written = source.read_text(encoding="utf-8")
        assert [text for text in re.findall(r"`[^`]*`", written) if "\n" in text] == [], "its layout would be lost"
        served = (assets_of(built) / source.name).read_text(encoding="utf-8")
        kept = [line.strip() for line in written.splitlines() if line.strip() in served.splitlines()]
        assert [line for line in kept if line] == served.splitlines()
        assert [line for line in served.splitlines() if line.lstrip().startswith(("//", "/*", "*/"))] == []


def test_nothing_comes_from_a_third_party(pages: list[ReadPage]) -> None:
    loaded = [e.attributes.get("src") or e.attributes.get("href", "") for p in pages for e in p.all("script", "link")]
    assert [address for address in loaded if not address.startswith("/assets/")] == []


def test_text_follows_the_browser_s_size_and_no_heading_is_cut_inside_a_word() -> None:
    style = (ASSETS / "style.css").read_text(encoding="utf-8")
    assert re.findall(r"font(?:-size)?:[^;]*\dpx|hyphen", style) == []


def test_scripts_write_no_html() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js")}
    sinks = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|localStorage")
    assert [name for name, script in scripts.items() if sinks.search(script)] == []
    assert [name for name, script in scripts.items() if "document.cookie" in script] == ["cookies.js"]


def test_the_security_policy_is_the_contract_s() -> None:
    assert HEADERS["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert {"Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Strict-Transport-Security"} <= (
        HEADERS.keys()
    )


def test_no_field_is_corrected_whose_letters_count(pages: list[ReadPage]) -> None:
    """Not even a password that is shown: iOS makes its quotes and dashes typographic."""
    fields = [(p.address, e.attributes) for p in pages for e in p.all("input")]
    kept = {"username", "family-name", "email", "one-time-code", "current-password", "new-password"}
    found = [(a, f) for a, f in fields if f.get("autocomplete") in kept and "hidden" not in f]
    assert {field["autocomplete"] for _, field in found} == kept
    assert [(a, f) for a, f in found if (f.get("spellcheck"), f.get("autocorrect")) != ("false", "off")] == []


def test_a_reset_says_where_its_code_goes_after_a_change_of_contact(pages: list[ReadPage]) -> None:
    said = {page.address: " ".join("".join(e.text for e in page.all("main")).split()) for page in pages}
    for address in ("/mot-de-passe-oublie", "/mot-de-passe-oublie/code"):
        assert "il y a moins de 3 jours ? Le code est envoyé à vos anciennes coordonnées seulement" in said[address]
    for address in ("email", "mobile"):
        words = said[f"/compte/informations-personnelles/{address}"]
        assert "si vous oubliez votre mot de passe, le code est encore envoyé à vos anciennes coordonnées." in words
        assert "Si vous saisissez ce code, elles remplacent de nouveau les nouvelles" in words
        assert "rétabli" not in words
