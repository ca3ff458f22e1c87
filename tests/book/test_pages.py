"""The pages of the book in a real browser, as a reader meets them."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urldefrag, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.book.site import build, pages, served, visit

PAGES = pages()
CHAPTER = "book/01_images_and_filters"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 1440)

# docutils marks bibliography entries with the role doc-biblioentry. ARIA has since
# deprecated it in favour of plain list items, so axe no longer counts them as such;
# screen readers read the list as one.
NOT_OURS = {"aria-required-children": ".citation-list"}

every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    built = build(folder)
    if built.returncode != 0:
        said = re.findall(".*(?:WARNING|ERROR|Error).*", built.stdout + built.stderr)
        pytest.fail("the book does not build:\n" + "\n".join(said), pytrace=False)
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with served(site) as where:
        yield where


def test_the_book_builds_without_a_warning(site: Path) -> None:
    assert all((site / f"{name}.html").exists() for name in PAGES)


def look_at(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """Switch the screen of an open page; the theme follows the system's scheme."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(
        "scheme => document.documentElement.dataset.theme == scheme", arg=scheme
    )


# Code is thousands of spans in few colours, and axe takes its time over each. Blocks
# whose every kind of span was in a block before are left out.
MARK_REPEATED_CODE = """() => {
    const seen = new Set();
    for (const block of document.querySelectorAll("pre")) {
        const kinds = [...block.querySelectorAll("span")].map(one => one.className);
        const isNew = kinds.some(kind => !seen.has(kind));
        block.toggleAttribute("data-repeated", seen.size > 0 && !isNew);
        kinds.forEach(kind => seen.add(kind));
    }
}"""


def accessibility_faults(page: Page, **options: object) -> list[str]:
    """What axe finds serious or critical: rule, place, remedy."""
    page.evaluate(MARK_REPEATED_CODE)
    # axe would fetch the style sheets once more; nothing here depends on that.
    options |= {"preload": False, "resultTypes": ["violations"]}
    context = {"exclude": [["[data-repeated]"]]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{fault['id']} at {node['target']}: {node['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        if NOT_OURS.get(fault["id"]) not in node["target"]
    ]


@every_page
def test_a_page_opens_without_errors_and_without_a_network(
    name: str, browser: Browser, address: str
) -> None:
    with visit(browser, address, name) as seen:
        assert seen.faults == []


@every_page
def test_every_picture_is_there_and_says_what_it_shows(
    name: str, browser: Browser, address: str
) -> None:
    with visit(browser, address, name) as seen:
        pictures = seen.page.eval_on_selector_all(
            "img",
            """images => Promise.all(images.map(async image => {
                image.loading = "eager";
                await image.decode().catch(() => {});
                return [image.src, image.alt, image.naturalWidth];
            }))""",
        )
    for source, alt, width in pictures:
        assert width > 0, f"{source} is broken"
        # An alt of one or two words, or a file name, says nothing of a figure.
        assert len(alt.split()) > 5, f"{source} has no alt text worth the name: {alt!r}"


@every_page
def test_a_page_never_scrolls_sideways(
    name: str, browser: Browser, address: str
) -> None:
    with visit(browser, address, name) as seen:
        for scheme, width in product(SCHEMES, WIDTHS):
            look_at(seen.page, scheme, width)
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} pixels on a screen of {width}, {scheme}"


@every_page
def test_a_page_has_no_serious_accessibility_fault(
    name: str, browser: Browser, address: str
) -> None:
    # Opened narrow, as on a telephone: after a change of width the theme takes a
    # moment to let the keyboard into code that now scrolls.
    with visit(browser, address, name, width=360) as seen:
        # Folded parts count too.
        seen.page.evaluate(
            "document.querySelectorAll('details').forEach(one => one.open = true)"
        )
        # Colours that are on their way to others are no fault.
        seen.page.add_style_tag(content="* { transition: none !important }")
        look_at(seen.page, "light", 360)
        found = accessibility_faults(seen.page)
        look_at(seen.page, "dark", 360)
        found += accessibility_faults(seen.page, runOnly=["color-contrast"])
    assert found == []


@every_page
def test_every_link_inside_the_book_leads_somewhere(name: str, site: Path) -> None:
    html = (site / f"{name}.html").read_text()
    for link in re.findall(r'<a [^>]*?href="([^"]+)"', html):
        path, fragment = urldefrag(urljoin(f"/{name}.html", link))
        if re.match(r"[a-z]+:", path):
            continue
        target = site / unquote(path).lstrip("/")
        assert target.exists(), f"{link} leads to no file"
        if fragment:
            anchor = f'id="{unquote(fragment)}"'
            assert anchor in target.read_text(), f"{link} leads to no place"


def test_the_front_page_is_at_the_root(browser: Browser, address: str) -> None:
    with visit(browser, address, "index") as seen:
        seen.page.wait_for_url("**/book/index.html")


def test_formulas_are_drawn_without_a_script(browser: Browser, address: str) -> None:
    with visit(browser, address, CHAPTER) as seen:
        heights = seen.page.eval_on_selector_all(
            "math", "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert len(heights) > 10
        assert seen.page.evaluate("document.fonts.check('16px \"Course Math\"')")
        # The brackets of a matrix grow with it.
        brackets = seen.page.eval_on_selector_all(
            "math mo",
            """all => all.filter(one => one.textContent == "(")
                .map(one => one.getBoundingClientRect().height)""",
        )
        assert max(brackets) > 40


def test_a_quiz_answer_opens_with_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address, CHAPTER) as seen:
        answer = seen.page.locator("details.quiz").first
        explanation = answer.locator("p").first
        assert not explanation.is_visible()
        for key in ("Enter", "Space"):
            answer.locator("summary").focus()
            seen.page.keyboard.press(key)
            assert explanation.is_visible()
            seen.page.keyboard.press(key)
            assert not explanation.is_visible()


def test_solutions_are_folded_until_a_reader_asks(
    browser: Browser, address: str
) -> None:
    with visit(browser, address, CHAPTER) as seen:
        solutions = seen.page.locator(".solution")
        assert solutions.count() == seen.page.locator(".exercise").count() > 2
        for solution in solutions.all():
            code = solution.locator(".highlight").first
            assert not code.is_visible()
            button = solution.locator("button.toggle-button")
            button.focus()
            seen.page.keyboard.press("Enter")
            code.wait_for(state="visible", timeout=2000)


def test_an_answer_is_right_for_one_reason_and_wrong_for_another(
    browser: Browser, address: str
) -> None:
    with visit(browser, address, CHAPTER) as seen:
        answers = seen.page.eval_on_selector_all(
            "details.quiz",
            """all => all.map(one => [
                one.previousElementSibling.matches("details.quiz"),
                one.querySelector("strong").textContent,
                one.querySelector("p").textContent.length,
            ])""",
        )
    questions: list[list[str]] = []
    for follows, verdict, length in answers:
        if not follows:
            questions.append([])
        questions[-1].append(verdict)
        assert length > 30, "an answer without a reason"
    assert len(questions) >= 5
    for verdicts in questions:
        assert len(verdicts) >= 3
        assert verdicts.count("Yes.") == 1


@pytest.mark.parametrize(
    ("term", "title", "page"),
    [
        ("equivariant", "Images and filters", "01_images_and_filters"),
        ("padding", "Convolution arithmetic", "02_convolution_arithmetic"),
        ("receptive field", "Pooling and pyramids", "04_pooling_and_pyramids"),
    ],
)
def test_the_search_leads_from_a_term_to_its_chapter(
    browser: Browser, address: str, term: str, title: str, page: str
) -> None:
    with visit(browser, address, "search") as seen:
        seen.page.goto(f"{address}/search.html?q={quote(term)}")
        found = seen.page.locator("#search-results li a", has_text=title)
        found.first.wait_for(timeout=10_000)
        assert page in (found.first.get_attribute("href") or "")
