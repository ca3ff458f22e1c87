"""Whose each name is, worked out from the source notebook alone."""

import pytest

from course_utils.grading.engine.jobs import Cell
from course_utils.grading.engine.names import needed, plan, uses
from tests.grading.engine.cells import check, context, solution

IMPORTS = context("import numpy as np\nfrom pathlib import Path as P")


@pytest.mark.parametrize(
    ("code", "loads", "later", "binds", "changes"),
    [
        ("y = f(x)", "f x", "", "y", ""),
        ("x = 1\ny = x", "", "", "x y", ""),
        ("x = x + 1", "x", "", "x", ""),
        ("x += 1", "x", "", "x", "x"),
        ("x[0] = 1\ny.z = 2\ndel w['a']", "x y w", "", "", "x y w"),
        ("items.append(3)\nnp.sum(x)", "items np x", "", "", "items np"),
        ("for i in data:\n    print(i)", "data", "", "i", ""),
        ("squares = [i * n for i in data]", "data n", "", "squares", ""),
        ("def f(x):\n    return x + g(y)", "", "g y", "f", ""),
        ("def f(x=n):\n    pass", "n", "", "f", ""),
        ("f = lambda x: x + y", "", "y", "f", ""),
        ("class A(B):\n    z = w\n    def m(self): return v", "B w", "v", "A", ""),
        ("@wrap\ndef f(): pass", "wrap", "", "f", ""),
        ("with open(p) as file:\n    text = file.read()", "p", "", "file text", ""),
        ("(a, *b), c = d", "d", "", "a b c", ""),
        ("def f():\n    global g\n    g = 1", "", "", "f g", ""),
        ("if (n := size):\n    pass", "size", "", "n", ""),
        ("%timeit f(x)", "", "", "", ""),
        ("files = !ls", "", "", "files", ""),
    ],
)
def test_what_a_cell_does_with_names(
    code: str, loads: str, later: str, binds: str, changes: str
) -> None:
    """Read at once, read when a function is called, bound, changed in place."""
    found = uses(code)

    assert found is not None
    assert found.loads == set(loads.split())
    assert found.later == set(later.split())
    assert found.binds == set(binds.split())
    assert found.changes == set(changes.split())


def test_code_that_is_none_has_no_names() -> None:
    """A cell that a student broke off."""
    assert uses("def f(:") is None


def wanted(*cells: Cell) -> set[str]:
    """What the last cell, a test, gets from the student."""
    return set(plan(cells).wanted[len(cells) - 1])


def test_a_test_gets_what_solutions_define_and_nothing_else() -> None:
    """Imports, built-ins and the instructor's own names stay trusted."""
    test = check("q", "x = np.ones(size)\nassert len(f(x)) == size and P('a')")

    assert wanted(IMPORTS, context("size = 3"), solution("f = 1", ""), test) == {"f"}


def test_a_name_that_a_solution_changes_is_the_students_from_then_on() -> None:
    """By assignment, item, attribute or method."""
    for change in (
        "data = 0",
        "data[0] = 1",
        "data.x = 1",
        "data.fill(1)",
        "data += 1",
    ):
        cells = IMPORTS, context("data = np.ones(3)"), solution(change, "")
        assert wanted(*cells, check("q", "assert data")) == {"data"}, change


def test_an_answer_cannot_claim_a_name() -> None:
    """Only the source decides."""
    cells = context("truth = 1"), solution("f = 1", "truth = f = 2")

    assert wanted(*cells, check("q", "assert f == truth")) == {"f"}


def test_an_import_in_a_solution_stays_an_import() -> None:
    """The checker imports the module itself."""
    cells = solution("import math\nr = math.pi", ""), check("q", "assert r == math.pi")

    assert wanted(*cells) == {"r"}
    assert "import math" in plan(cells).checker[0]


def test_helpers_of_the_instructor_run_in_the_checker() -> None:
    """And what they need of the student's is fetched for them."""
    helper = context("def verify(n):\n    assert f(n) == n")
    cells = helper, solution("def f(n): return n", ""), check("q", "verify(3)")

    assert wanted(*cells) == {"f"}
    assert plan(cells).checker[0] == helper.source


def test_what_is_computed_from_an_answer_is_the_students() -> None:
    """Such a cell runs in the student's kernel only."""
    cells = solution("def f(): return 1", ""), context("y = f()\nz = y + 1")

    assert wanted(*cells, check("q", "assert z")) == {"z"}
    assert 1 not in plan((*cells, check("q", "assert z"))).checker


def test_cells_that_no_test_looks_at_do_not_run_twice() -> None:
    """They may be slow."""
    slow, used = context("big = [0] * 10"), context("small = 3")
    cells = slow, used, solution("f = 1", ""), check("q", "assert f < small")

    assert set(plan(cells).checker) == {1}


def test_seeds_are_set_in_both() -> None:
    """A test may draw numbers."""
    seed = context("np.random.seed(0)")

    assert 1 in plan((IMPORTS, seed, check("q", "assert np.random.rand()"))).checker


def test_names_looked_up_by_text_are_fetched() -> None:
    """`'f' in globals()` is how some tests begin."""
    cells = solution("f = 1", ""), check("q", "assert 'f' in globals()")

    assert wanted(*cells) == {"f"}


def test_a_star_import_keeps_its_names() -> None:
    """Nobody can see them, so the checker's own go first."""
    cells = context("from math import *"), solution("f = 1", "")
    cells_ = (*cells, check("q", "assert sqrt(f) == 1"))

    assert plan(cells_).unsure[2] == {"sqrt"}


def test_names_of_tests_that_later_cells_use_are_noticed() -> None:
    """In the source or in the answer."""
    test = check("a", "data = [1]")
    for later in (solution("g = data", ""), solution("g = 1", "g = data")):
        assert plan((test, later)).visible == {0}
    assert plan((test, solution("g = 1", "g = 1"))).visible == frozenset()


def test_of_cells_that_ran_only_those_are_needed_that_names_depend_on() -> None:
    codes = [
        "import numpy as np\nslow = np.zeros(10)",
        "size = 3",
        "def helper(x):\n    return x + size",
        "size += 1",
        "other = helper(1)",
        "np.random.seed(0)",
        "def (",
    ]
    always = [False] * 5 + [True, False]
    assert needed(codes, ["helper"], always) == [
        "import numpy as np",
        *codes[1:4],
        "",
        *codes[5:],
    ]
