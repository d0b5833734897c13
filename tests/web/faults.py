"""What can be wrong with a page however it is looked at: what axe finds, and what it does not look for."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import CDPSession, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 44
USUAL_TEXT, LARGE_TEXT = 16, 32

# Nothing when axe is not there yet: it is half a megabyte.
_AXE = """rules => window.axe && axe.run(
    {runOnly: rules, preload: false, resultTypes: ['violations'], selectors: false}).then((found) =>
    found.violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`)))"""

_SIDEWAYS = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
    ? ['scrolls sideways'] : []"""

# Links inside a sentence are exempt: their line gives their height. A link that is a sentence of its own is not.
_SMALL_TARGETS = """smallest => [...document.querySelectorAll('a:not(.skip), button, summary, input, label.choice')]
    .filter((e) => e.checkVisibility({visibilityProperty: true}) && !['radio', 'checkbox'].includes(e.type))
    .filter((e) => !(e.tagName === 'A' && e.parentElement.matches('p, li, dd') && !(
        /(^|[.!?])$/.test((e.previousSibling?.textContent ?? '').trim())
        && /^($|[.!?])/.test((e.nextSibling?.textContent ?? '').trim()))))
    .filter((e) => { const {width, height} = e.getBoundingClientRect(); return height < smallest || width < smallest; })
    .map((e) => `${e.outerHTML} ${JSON.stringify(e.getBoundingClientRect())}`)"""

_LOOSE_REFERENCES = """() => [...document.querySelectorAll('*')].flatMap((e) =>
    ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for']
        .flatMap((name) => (e.getAttribute(name) ?? '').split(' ').filter(Boolean))
        .filter((id) => !document.getElementById(id)))"""

_DOUBLE_IDS = """() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    return ids.filter((id, index) => ids.indexOf(id) !== index); }"""

# WCAG 1.4.12, by a sheet that a strict policy allows.
_SPACE_OUT = """() => { const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet]; }"""
_NO_MORE_SPACE = "document.adoptedStyleSheets = []"
_CUT_OFF = """() => [...document.querySelectorAll('main *:not(.unseen)')]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .filter((e) => getComputedStyle(e).overflow !== 'visible' && e.tagName !== 'INPUT')
    .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
    .map((e) => e.outerHTML)"""

# What French typography keeps on one line: a mark and its word (also after a link that stands by itself), the digits of
# a number, a number and its unit.
_PARTED = r"""() => { const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange(); const parted = [];
    const linesOf = (node, start, end) => { range.setStart(node, start); range.setEnd(node, end);
        return [...range.getClientRects()].filter(({width}) => width); };
    const isParted = (lines) => lines.some(({top}) => top > lines[0].bottom - 4);
    while (walker.nextNode()) { const node = walker.currentNode; const {data, previousSibling: before} = node;
        for (const {0: found, index} of data.matchAll(
            /\S\s[:;?!»](?!\S)|«\s\S|\d\s(?:\d|[%€]|(?:h|secondes?|minutes?|heures?|jours?|mois|ans?)\b)|étape\s\d/gi))
            if (isParted(linesOf(node, index, index + found.length))) parted.push(`parted: ${found} of ${data}`);
        const mark = /^\s*[:;?!»](?!\S)/.exec(data);
        if (mark && before?.getClientRects && isParted([...before.getClientRects(),
            ...linesOf(node, mark[0].length - 1, mark[0].length)].slice(-2))) parted.push(`parted: ${data}`); }
    return parted; }"""


def by_axe(page: Page) -> list[str]:
    """What axe finds wrong by the rules of these tags."""
    found: list[str] | None = page.evaluate(_AXE, TAGS)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        return by_axe(page)
    return found


def at_width(page: Page, width: int) -> list[str]:
    """What is wrong in a window so wide: a target too small, a page that scrolls sideways, text parted by a line."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = page.evaluate(
        f"smallest => [...({_SMALL_TARGETS})(smallest), ...({_SIDEWAYS})(), ...({_PARTED})()]", SMALLEST_TARGET
    )
    return found


def sideways(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_SIDEWAYS)
    return found


def in_the_dark(page: Page) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = by_axe(page)
    page.emulate_media(color_scheme="light")
    return found


def held_sideways(page: Page) -> list[str]:
    page.set_viewport_size({"width": 844, "height": 390})
    return [*sideways(page), *([] if page.get_by_role("heading", level=1).is_visible() else ["no heading"])]


def spaced_out(page: Page) -> list[str]:
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(_SPACE_OUT)
    cut_off: list[str] = page.evaluate(_CUT_OFF)
    found = [*cut_off, *sideways(page)]
    page.evaluate(_NO_MORE_SPACE)
    return found


def enlarged(page: Page) -> list[str]:
    page.set_viewport_size({"width": 390, "height": 844})
    with _large_text(page):
        return sideways(page)


def in_its_markup(page: Page) -> list[str]:
    """References that lead nowhere, ids that stand twice."""
    loose: list[str] = page.evaluate(_LOOSE_REFERENCES)
    double: list[str] = page.evaluate(_DOUBLE_IDS)
    return [*loose, *double]


@contextmanager
def _large_text(page: Page) -> Iterator[None]:
    settings = page.context.new_cdp_session(page)
    _set_text(page, settings, LARGE_TEXT)
    yield
    _set_text(page, settings, USUAL_TEXT)
    settings.detach()


def _set_text(page: Page, settings: CDPSession, size: int) -> None:
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    page.wait_for_function("size => getComputedStyle(document.documentElement).fontSize === `${size}px`", arg=size)
