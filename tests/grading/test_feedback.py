"""Feedback pages in a real browser: no hidden test, no script or style of a student."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page

from course_utils.errors import CourseError
from course_utils.grading.assignment import Assignment
from course_utils.grading.course import Course
from course_utils.grading.engine.scoring import outputs_of
from course_utils.grading.engine.verdicts import Result, Verdict
from course_utils.grading.feedback import guarded, write_feedback
from course_utils.grading.record import record
from tests.grading import tiny

ATTACK = """\
<script>document.title = "hacked"</script>
<style>body { display: none }</style>
<img src="x" onerror="document.title = 'hacked'">
<svg onload="document.title = 'hacked'"></svg>
<iframe srcdoc="<script>parent.document.title = 'hacked'</script>"></iframe>
<a href="javascript:document.title = 'hacked'" id="link">click</a>
<a href="JaVaScRiPt&colon;document.title = 'hacked'" id="other">click</a>
<div style="position: fixed; inset: 0; background: red" id="cover">cover</div>
<meta http-equiv="refresh" content="0; url=https://example.org">
<form action="https://example.org"><button>send</button></form>
<noscript><p title="</noscript><script>document.title = 'hacked'</script>"></p>
<math><mtext></p><mglyph><style><!--</style><img src onerror="document.title='hacked'">
</body><script>document.title = "hacked"</script>
"""
WORDS = f"**Bold** words, `a < b && c > d`, $x^2$.\n\n> A quotation.\n\n{ATTACK}"
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SHOWN: list[dict[str, Any]] = [
    {"output_type": "display_data", "metadata": {}, "data": data}
    for data in (
        {"text/html": ATTACK},
        {"application/javascript": "document.title = 'hacked'"},
        {"image/svg+xml": "<svg onload=\"document.title = 'hacked'\"/>"},
        {"text/markdown": ATTACK},
        {"text/latex": f"$$x$$ {ATTACK}"},
        {"text/html": "<table><tr><td>in a table</td></tr></table>"},
        {"image/png": DOT},
    )
]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, blank_gradebook: Path) -> Course:
    """A course with one graded student, who tries everything."""
    root = tiny.make_course(tmp_path_factory.mktemp("course"))
    shutil.copy(blank_gradebook, root / "gradebook.db")
    course = Course.find(root)
    assignment = Assignment.load(course, "tiny")
    answers = {"double": f"x = '''{ATTACK}'''", "words": WORDS}
    released = assignment.blueprints["tiny"].released
    path = tiny.hand_in(root, "ada", tiny.answered(released, answers))
    submission = assignment.take_in("ada", path.parent)
    verdicts = (
        Verdict("test_double", 0.0, 2.0, "failed", f"double(-3) is {ATTACK}"),
        Verdict("test_mean", 3.0, 3.0, "passed"),
        Verdict("words", None, 1.0, "by_hand"),
    )
    by_name = {verdict.question: verdict for verdict in verdicts}
    printed = {"output_type": "stream", "name": "stdout", "text": ATTACK}
    outputs = tuple(
        outputs_of(by_name[cell.grade_id]) if cell.kind == "test" else (printed, *SHOWN)
        for cell in assignment.job(submission, "tiny").cells
    )
    result = Result("ada", "tiny", "tiny", "", verdicts, outputs)
    record(course, assignment, submission, {"tiny": result})
    with Gradebook(course.directory.db_url, "tiny") as gradebook:
        gradebook.find_comment(
            "words", "tiny", "tiny", "ada"
        ).manual_comment = "Well put."
        gradebook.db.commit()
    return course


@pytest.fixture(scope="module")
def feedback(course: Course) -> Path:
    (path,) = write_feedback(course, "tiny")
    return path


@pytest.fixture
def page(feedback: Path, browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(feedback.as_uri(), wait_until="domcontentloaded")
    yield page
    page.close()


def test_points_comments_and_the_students_words_are_on_the_page(
    page: Page, feedback: Path, course: Course
) -> None:
    assert feedback == course.root / "feedback" / "ada" / "tiny" / "tiny.html"
    text = page.inner_text("body")
    assert "Score: 3.0 / 6.0" in text
    assert "Well put." in text
    assert "double(2) should be 4" in text
    assert page.inner_text("strong >> nth=0") == "Bold"
    assert "a < b && c > d" in text
    assert page.inner_text("td") == "in a table"
    assert page.locator("img[src^='data:image/png']").count() > 0


def test_hidden_tests_are_not_on_the_page(feedback: Path) -> None:
    text = feedback.read_text()
    assert "HIDDEN TESTS" not in text
    assert "double(-3) should be -6" not in text


def test_nothing_of_a_student_runs_or_styles_the_page(page: Page) -> None:
    page.locator("#link, #other").first.click()
    page.wait_for_timeout(300)
    assert page.title() == "tiny"
    assert page.is_visible("text=Score: 3.0 / 6.0")
    assert page.locator("body script, body style, body iframe, body form").count() == 0
    assert page.locator("body meta, body svg, body [style]").count() == 0
    assert page.locator("[onerror], [onload], a[href^='javascript' i]").count() == 0


def test_what_a_cleaner_might_miss_the_policy_stops(
    feedback: Path, tmp_path: Path, browser: Browser
) -> None:
    planted = "<script>document.title = 'hacked'</script></body>"
    path = tmp_path / "planted.html"
    path.write_text(feedback.read_text().replace("</body>", planted))
    page = browser.new_page()
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    assert page.title() == "tiny"
    page.close()


def test_the_pages_own_scripts_are_named_by_their_hashes() -> None:
    page = "<html><head><script>one()</script></head><body><p>x</p></body></html>"
    assert "'sha256-" in guarded(page)
    assert "<script>one()</script>" in guarded(page)


def test_an_end_mark_that_is_missing_hides_the_rest(
    course: Course, feedback: Path
) -> None:
    path = course.root / "autograded" / "ada" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("### END HIDDEN TESTS", "")
    path.chmod(0o644)
    nbformat.write(notebook, path)
    (page,) = write_feedback(course, "tiny", ["ada"])
    assert "double(-3) should be -6" not in page.read_text()


def test_who_was_not_graded_is_named(course: Course) -> None:
    with pytest.raises(CourseError, match='"bob" has no graded "tiny" yet'):
        write_feedback(course, "tiny", ["bob"])
