"""Verdicts: points, reasons, and what one question costs another."""

import threading
import time
from contextlib import suppress
from dataclasses import replace

import psutil
import pytest

from course_utils.grading.engine.grader import grade, survey
from course_utils.grading.engine.jobs import Cell, Job
from course_utils.grading.engine.sandbox import Sandbox
from course_utils.grading.engine.verdicts import Verdict
from course_utils.grading.engine.warm import Infrastructure, Nursery
from tests.grading.engine.cells import QUICK, STUB, check, context, job, solution
from tests.grading.engine.unit import DOUBLE, IMPORTS, MEAN, submission

ONE_SECOND = replace(QUICK, cell_seconds=1, call_seconds=1)


def only(job: Job, nursery: Nursery) -> Verdict:
    """The verdict on the one question of a job."""
    (verdict,) = grade(job, nursery).verdicts
    return verdict


def answered(answer: str, test: str, nursery: Nursery, points: float = 2.0) -> Verdict:
    """The verdict on an answer by a test."""
    cells = IMPORTS, solution("f = 0", answer), check("q", test, points)
    return only(job(*cells), nursery)


@pytest.mark.parametrize(
    ("answer", "test", "points", "reason"),
    [
        ("f = 1", "assert f == 1", 2.0, "passed"),
        ("f = 1", "assert f == 2, 'f is 2'", 0.0, "failed"),
        ("f = 1", "f.shape", 0.0, "error"),
        ("f = 1 / 0", "assert f == 1", 0.0, "error"),
        ("f = (", "assert f == 1", 0.0, "error"),
        ("g = 1", "assert f == 1", 0.0, "error"),
        (STUB, "assert f == 1", 0.0, "not_answered"),
        ("f = 1", "f", 1.0, "partial"),
        ("f = 2", "f", 2.0, "passed"),
        ("f = 0", "f", 0.0, "failed"),
        ("f = np.float64(0.5)", "f", 0.5, "partial"),
        ("f = np.float32(0.5)", "f", 0.5, "partial"),
        ("f = np.array(1.5)", "f", 1.5, "partial"),
        ("f = True", "f", 2.0, "passed"),
        ("f = np.False_", "f", 0.0, "failed"),
        ("f = None", "f", 2.0, "passed"),
        ("f = 1", "f;", 2.0, "passed"),
        ("f = 'text'", "f", 2.0, "passed"),
        ("f = float('nan')", "f", 0.0, "error"),
        ("f = float('inf')", "f", 0.0, "error"),
        ("f = -1", "f", 0.0, "error"),
        ("f = 2.001", "f", 0.0, "error"),
    ],
)
def test_a_cell_earns_its_points_or_those_of_its_value(
    answer: str, test: str, points: float, reason: str, nursery: Nursery
) -> None:
    """nbgrader's rules, without its full marks for what is no number of points."""
    verdict = answered(answer, test, nursery)

    assert (verdict.points, verdict.reason) == (points, reason), verdict


def test_a_value_that_is_no_score_is_flagged(nursery: Nursery) -> None:
    """The instructor sees that the test itself went wrong."""
    assert answered("f = float('nan')", "f", nursery).flags == ("score: nan",)


def test_the_message_of_an_assertion_reaches_the_student(nursery: Nursery) -> None:
    """It is written for them."""
    assert answered("f = 1", "assert f == 2, 'f is 2'", nursery).message == "f is 2"


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("f = undefined", "Your code stopped with NameError: name 'undefined' is not"),
        ("raise NotImplementedError()", "f has no value"),
    ],
)
def test_what_ended_a_cell_is_told_though_its_names_are_there(
    end: str, told: str, nursery: Nursery
) -> None:
    """Its starter line defines the name; without this the error would be hidden."""
    verdict = answered(f"f = None\n{end}", "assert f, 'f has no value'", nursery)
    assert verdict.message.startswith("f has no value")
    assert told in verdict.message.splitlines()[-1]


def test_an_exception_in_the_answer_can_be_expected(nursery: Nursery) -> None:
    """A test may want an answer to refuse bad input."""
    answer = "def f(x):\n    raise ValueError('no negative sizes')"
    test = """
    try:
        f(-1)
    except ValueError as error:
        assert "negative" in str(error)
    else:
        raise AssertionError("f(-1) is a ValueError")
    """
    assert answered(answer, test, nursery).reason == "passed"


def test_changed_arguments_are_seen(nursery: Nursery) -> None:
    """In-place changes travel back, of arrays, lists and random generators."""
    answer = """
    def f(x, items, rng):
        x += 1
        items.append(4)
        return rng.random()
    """
    test = """
    x, items = np.zeros(3), [1, [2]]
    inner, rng = items[1], np.random.default_rng(0)
    value = f(x, items, rng)
    assert x.sum() == 3 and items == [1, [2], 4] and items[1] is inner
    again = np.random.default_rng(0)
    assert value == again.random() and rng.random() == again.random()
    """
    assert answered(answer, test, nursery).reason == "passed"


SORTED = "def f(items): return sorted(items)"
EMPTIED = "def f(items):\n    items.clear()\n    return items"


def _sorting(answer: str, in_place: frozenset[str] | None) -> Job:
    test = """
    items = [3, 1, 2]
    assert f(items) == sorted(items), "The items in order."
    """
    cells = solution(SORTED, answer), check("q", test)
    return job(*cells, in_place=in_place)


def test_changing_the_argument_until_it_agrees_is_no_way_to_points(
    nursery: Nursery,
) -> None:
    """Unless the instructor's own solution changes it as well."""
    reference = _sorting(SORTED, None)
    in_place = survey(reference, nursery).in_place
    right = only(
        _sorting("def f(items):\n    items.sort()\n    return items", in_place), nursery
    )
    wrong = only(_sorting(EMPTIED, in_place), nursery)
    unknown = only(_sorting(EMPTIED, None), nursery)

    assert in_place == frozenset()
    assert (right.points, right.flags) == (2.0, ())
    assert (wrong.points, wrong.message) == (0.0, "The items in order.")
    assert (unknown.points, unknown.flags) == (2.0, ("changed_arguments",))


def test_questions_about_changing_an_argument_are_known_from_the_solution(
    nursery: Nursery,
) -> None:
    """Then a change is what earns the points, and no remark."""
    fill = "def f(items): items.append(4)"
    cells = solution(fill, fill), check("q", "x = [1]\nf(x)\nassert x == [1, 4]")
    in_place = survey(job(*cells), nursery).in_place
    right = only(job(*cells, in_place=in_place), nursery)

    assert in_place == {"q"}
    assert (right.points, right.flags) == (2.0, ())


def test_an_answer_that_ends_the_checker_costs_its_own_question(
    nursery: Nursery,
) -> None:
    """It is reported; no other question waits for it."""
    cells = (
        context("import os"),
        solution("f = 0", "f = 1"),
        check("killer", "os._exit(f)"),
        check("after", "assert f == 1"),
    )
    killer, after = grade(job(*cells), nursery).verdicts

    assert (killer.points, killer.reason) == (None, "infrastructure")
    assert after.reason == "passed"


def test_objects_of_the_answers_own_class_are_called_from_afar(
    nursery: Nursery,
) -> None:
    """Constructors, methods, attributes, items and iteration."""
    answer = """
    class f:
        def __init__(self, n): self.n = n
        def grow(self, by=1): self.n += by; return self
        def __getitem__(self, key): return self.n + key
        def __len__(self): return self.n
        def __iter__(self): return iter(range(self.n))
    """
    test = """
    thing = f(2)
    assert thing.n == 2 and thing.grow(by=3).n == 5 and len(thing) == 5
    assert thing[1] == 6 and list(thing) == [0, 1, 2, 3, 4]
    """
    assert answered(answer, test, nursery).reason == "passed"


@pytest.mark.parametrize("test", ["f == 3", "abs(f - 3) < 1e-9", "(3 - f) < 1e-9"])
def test_computing_with_such_objects_is_no_way_to_points(
    test: str, nursery: Nursery
) -> None:
    """Their operators are the answer's own, and would be told what is expected."""
    answer = """
    class F:
        def __eq__(self, other): return True
        def __sub__(self, other): return 0
        __rsub__ = __sub__
    f = F()
    """
    verdict = answered(answer, f"assert {test}", nursery)

    assert (verdict.points, verdict.flags) == (0.0, ("cannot_cross",))


def test_a_text_in_a_test_that_is_also_a_name_does_not_hide_what_the_test_says(
    nursery: Nursery,
) -> None:
    cells = (
        solution("same = 1", "other = 1"),
        solution("f = 'same'", "f = 'valid'"),
        check("q", "assert f == 'same', 'Pad with zeros.'"),
    )
    assert only(job(*cells), nursery).message == "Pad with zeros."


def test_what_nobody_surveyed_is_left_to_a_person(nursery: Nursery) -> None:
    """Whether the test or the answer is at fault is then unknown."""
    answer = "class F:\n    def __eq__(self, other): return True\nf = F()"
    cells = solution("f = 0", answer), check("q", "assert f == 3")

    verdict = only(job(*cells, weak=None), nursery)

    assert (verdict.points, verdict.reason) == (None, "not_gradable")


OWN_CLASS = "class F:\n    def __eq__(self, other): return other == 3\nf = F()"


def _by_class(answer: str, **fields: object) -> Job:
    cells = solution(OWN_CLASS, answer), check("q", "assert f == 3, 'f is 3'")
    return job(*cells, **fields)


def test_a_survey_finds_tests_that_must_run_beside_the_answer(
    nursery: Nursery,
) -> None:
    """Only those that the instructor's own solution cannot pass from outside."""
    assert survey(_by_class(OWN_CLASS), nursery).weak == {"q"}
    assert survey(submission(), nursery).weak == frozenset()


def test_a_survey_finds_tests_that_the_authors_own_solution_fails(
    nursery: Nursery,
) -> None:
    cells = solution("f = 2", "f = 2"), check("q", "assert f == 3, 'f should be 3.'")
    found = survey(job(*cells), nursery)

    assert found.weak == frozenset()
    assert found.failing == {"q": "f should be 3."}


def test_a_weak_test_says_so(nursery: Nursery) -> None:
    """It runs in the student's kernel, and the result is marked."""
    weak = frozenset({"q"})
    right = only(_by_class(OWN_CLASS, weak=weak), nursery)
    wrong = only(_by_class("f = 4", weak=weak), nursery)
    strict = only(_by_class(OWN_CLASS, weak=weak, strict=True), nursery)

    assert (right.points, right.flags) == (2.0, ("weak",))
    assert (wrong.points, wrong.message) == (0.0, "f is 3")
    assert (strict.points, strict.reason) == (None, "not_gradable")


def test_what_a_weak_test_said_stays_out_of_later_outputs(nursery: Nursery) -> None:
    """It ran in the student's kernel, so the next cell gets another one."""
    tell = "print([text for text in In if 'hidden' in text], globals().get('hidden'))"
    cells = (
        solution(OWN_CLASS, OWN_CLASS),
        check("q", "hidden = 'xyzzy'\nassert f == 3"),
        solution("", tell),
    )
    result = grade(job(*cells, weak=frozenset({"q"})), nursery)

    assert result["q"].points == 2
    assert "xyzzy" not in str(result.outputs[2])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("def double(x):\n    import os; os._exit(1)", "crashed"),
        ("def double(x):\n    while True: pass", "timed_out"),
        ("import os; os._exit(1)", "crashed"),
        ("while True: pass", "timed_out"),
        ("import signal\nsignal.signal(2, signal.SIG_IGN)\nwhile 1: pass", "timed_out"),
    ],
)
def test_a_kernel_that_ends_costs_the_question_that_ended_it(
    broken: str, reason: str, nursery: Nursery
) -> None:
    """Neither the question before nor the one after."""
    cells = (
        IMPORTS,
        solution(MEAN, MEAN),
        check("before", "assert mean([1, 3]) == 2"),
        solution(DOUBLE, broken),
        check("killer", "assert double(2) == 4"),
        solution("g = 0", "g = mean([2, 4])"),
        check("after", "assert g == 3 and mean([1]) == 1"),
    )
    before, killer, after = grade(job(*cells, limits=ONE_SECOND), nursery).verdicts

    assert (before.reason, after.reason) == ("passed", "passed")
    assert (killer.points, killer.reason) == (0.0, reason)


def running(before: set[int]) -> dict[str, psutil.Process]:
    """The processes of a question that is being tested, by role; none before that."""
    family = psutil.Process().children(recursive=True)
    new = [one for one in family if one.pid not in before and one.name() != "bwrap"]
    warm = [one for one in new if one.parent() not in new]
    forks = [one for one in new if one.parent() in warm]
    relays = [one for one in forks if one.children()]
    if (len(new), len(warm), len(forks), len(relays)) != (4, 1, 2, 1):
        return {}
    (kernel,) = relays[0].children()
    (checker,) = set(forks) - set(relays)
    return {"warm process": warm[0], "kernel": kernel, "checker": checker}


@pytest.mark.parametrize("victim", ["warm process", "kernel", "checker"])
def test_a_process_that_the_machine_kills_costs_no_points(
    victim: str, sandbox: Sandbox
) -> None:
    """As it does when memory runs out."""
    sleeps = "import time\ntime.sleep(3)\nf = 3"
    cells = solution("f = 0", sleeps), check("q", "assert f == 3")
    before = {one.pid for one in psutil.Process().children(recursive=True)}

    def kill() -> None:
        seen: dict[str, psutil.Process] = {}
        last = seen
        while not seen or seen != last:
            time.sleep(0.2)
            with suppress(psutil.NoSuchProcess):
                seen, last = running(before), seen
        seen[victim].kill()

    killer = threading.Thread(target=kill)
    with Nursery(sandbox, preload=()) as nursery:
        killer.start()
        verdict = only(job(*cells), nursery)
        killer.join(timeout=10)

    assert not killer.is_alive()
    assert (verdict.reason, verdict.points) == ("passed", 2.0)


def test_too_much_memory_is_named(nursery: Nursery) -> None:
    """All processes of the answer count together."""
    answer = """
    def f():
        import os, time
        for _ in range(4):
            if os.fork() == 0:
                block = bytearray(120 << 20)
                time.sleep(30)
        time.sleep(30)
    """
    cells = solution("f = 0", answer), check("q", "f()")
    limits = replace(QUICK, memory_mb=400)

    assert only(job(*cells, limits=limits), nursery).reason == "memory"


def test_a_test_that_never_ends_is_stopped(nursery: Nursery) -> None:
    """And the next one has a checker again, with its context."""
    cells = (
        context("limit = 3"),
        solution("f = 0", "f = 3"),
        check("endless", "while f: pass"),
        check("next", "assert f == limit"),
    )
    limits = replace(QUICK, question_seconds=1)
    endless, following = grade(job(*cells, limits=limits), nursery).verdicts

    assert (endless.reason, following.reason) == ("timed_out", "passed")


def test_trusted_names_cannot_be_taken_over(nursery: Nursery) -> None:
    """What the instructor's cells define is the instructor's in every test."""
    cells = (
        context("truth = 42\ndef agree(value):\n    assert value == truth"),
        solution("f = 0", "f = truth = 1\ndef agree(value): pass"),
        check("q", "agree(f)"),
    )
    assert only(job(*cells), nursery).points == 0


def test_what_is_computed_from_an_answer_comes_from_the_student(
    nursery: Nursery,
) -> None:
    """A visible cell between answer and test runs once, in the student's kernel."""
    cells = (
        context("import numpy as np\nx = np.arange(3)"),
        solution("def f(x): return x", "def f(x): return x + 1"),
        context("y = f(x)\ntotal = y.sum()"),
        check("q", "assert total == 6 and y.tolist() == [1, 2, 3]"),
    )
    assert only(job(*cells), nursery).reason == "passed"


def test_later_answers_may_use_names_of_a_test(nursery: Nursery) -> None:
    """As in Jupyter; its hidden part stays out of the student's kernel."""
    cells = (
        solution("f = 0", "f = 1"),
        check("first", "data = [1, 2]\nhidden = 3\nassert f", visible="data = [1, 2]"),
        solution("g = sum(data)", "g = sum(data)\nleak = 'hidden' in globals()"),
        check("second", "assert g == 3 and not leak"),
    )
    source = replace(cells[2], source="g = sum(data)\nleak = False")
    first, second = grade(job(cells[0], cells[1], source, cells[3]), nursery).verdicts

    assert (first.reason, second.reason) == ("passed", "passed")


def test_an_answer_not_given_yet_casts_no_doubt_on_those_given(
    nursery: Nursery,
) -> None:
    """Else every later failure of a half-done notebook would be looked at twice."""
    slow = "import time\ntime.sleep(1)\nc = 0"
    cells = (
        solution("a = 1", "a = 1"),
        solution("b = 1", "b = None", "b = None"),
        check("both", "assert a + (b or 0) == 2"),
        solution("c = 1", slow),
        check("later", "assert c == 1"),
    )
    both, later = grade(job(*cells), nursery).verdicts

    assert (both.points, later.points) == (0, 0)
    assert later.seconds < 1


def test_two_tests_of_an_answer_share_the_second_look(nursery: Nursery) -> None:
    """What it takes to run is paid once: here a second, elsewhere a training."""
    damage = "import builtins\nbuiltins.sum = lambda numbers: 0\na = 0"
    slow = "import time\ntime.sleep(1)\ndef f(x): return sum(x)"
    cells = (
        solution("a = 1", damage),
        check("damage", "assert a == 1"),
        solution("def f(x): return sum(x) if x else None", slow),
        check("empty", "assert f([]) is None"),
        check("some", "assert f([1, 2]) == 3"),
    )
    verdicts = {v.question: v for v in grade(job(*cells), nursery).verdicts}

    earned = {name: verdict.points for name, verdict in verdicts.items()}
    assert earned == {"damage": 0, "empty": 0, "some": 2}
    assert verdicts["empty"].seconds > 1  # the answer ran once more
    assert verdicts["some"].seconds < 1


def test_helper_files_reach_those_who_may_see_them(nursery: Nursery) -> None:
    """The instructor's go before the student's; labels stay with the checker."""
    cells = (
        context("import helper\nimport os"),
        solution("f = 0", "f = helper.value, sorted(os.listdir('.'))"),
        check("q", "assert f == (1, ['helper.py', 'mine.txt'])\nopen('labels.csv')"),
    )
    files = {
        "files": {"helper.py": b"value = 1"},
        "student_files": {"helper.py": b"value = 2", "mine.txt": b""},
        "checker_files": {"labels.csv": b"0"},
    }
    verdict = only(job(*cells, **files), nursery)

    assert verdict.reason == "passed", verdict


def test_written_answers_wait_for_a_person(nursery: Nursery) -> None:
    """Unless nothing was written."""
    written = Cell("text", "", "Your answer", "It is blurred.", "essay", 3.0)
    empty = Cell("text", "", "Your answer", "Your  answer\n", "blank", 3.0)
    first, second = grade(job(written, empty), nursery).verdicts

    assert (first.points, first.reason) == (None, "by_hand")
    assert (second.points, second.reason) == (0.0, "not_answered")


def test_a_machine_that_fails_gives_no_zero(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is tried again, and told apart if it stays."""
    tries: list[int] = []

    def fail(*args: object) -> None:
        tries.append(1)
        raise Infrastructure("no process could be started")

    monkeypatch.setattr(nursery, "start", fail)
    result = grade(submission(), nursery)

    assert len(tries) == 3
    assert {v.reason for v in result.verdicts} == {"infrastructure"}
    assert {v.points for v in result.verdicts} == {None}


def test_a_failure_of_the_instructors_own_cells_gives_no_zero(
    nursery: Nursery,
) -> None:
    """Data that is missing on this machine is no student's fault."""
    cells = (
        context("import os\nlabels = open('/data/labels.csv')"),
        solution("f = 0", "f = 1"),
        check("blind", "assert f == labels"),
        check("other", "assert f == 1"),
    )
    blind, other = grade(job(*cells), nursery).verdicts

    assert (blind.points, blind.reason) == (None, "infrastructure")
    assert "labels.csv" in blind.message
    assert other.reason == "passed"


def test_a_lost_warm_process_is_replaced(nursery: Nursery) -> None:
    """The submission that was under way is graded again."""
    nursery.close()

    assert grade(submission(), nursery).points == 5


def test_results_agree_with_the_outputs_for_the_gradebook(nursery: Nursery) -> None:
    """nbgrader's own rule reads the same points from them."""
    from nbformat.v4 import new_code_cell
    from nbgrader.utils import determine_grade

    for answer, points in (("f = 2", 2.0), ("f = 0.5", 0.5), ("f = -1", 0.0)):
        cells = solution("f = 0", answer), check("q", "f")
        result = grade(job(*cells), nursery)
        cell = new_code_cell("f")
        cell.metadata["nbgrader"] = {
            "grade": True, "solution": False, "points": 2, "grade_id": "q",
        }  # fmt: skip
        from nbformat import from_dict

        cell.outputs = [from_dict(output) for output in result.outputs[1]]
        assert determine_grade(cell)[0] == points == result["q"].points
