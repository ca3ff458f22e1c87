"""``course release``, ``check``, ``grade``, ``feedback`` and ``report``."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course_utils.cli.output import AsJson, print_json, stderr, stdout

if TYPE_CHECKING:
    from course_utils.grading.classroom import Classroom
    from course_utils.grading.results import SubmissionResult
    from course_utils.grading.schedule import Pool

Assignment = Annotated[str, typer.Argument(help="Name of the assignment.")]
Timeout = Annotated[
    int, typer.Option(min=1, metavar="SECONDS", help="Longest time of a cell.")
]
Students = Annotated[
    list[str] | None,
    typer.Option("--student", metavar="ID", help="Only this student; may be repeated."),
]
Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write the grades to this file too."),
]


def release(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Names of assignments.")
    ],
    json: AsJson = False,
) -> None:
    """Make the students' version of assignments from their source.

    nbgrader takes out the solutions and hidden tests and enters the questions in the
    gradebook. The same source gives the same bytes.
    """
    _need_nbgrader()
    from course_utils.grading.course import Course
    from course_utils.grading.generate import release

    course = Course.find()
    with _busy("Releasing", json):
        for name in names:
            course.require(name)  # a wrong name must not come after half the work
        released = {name: release(course, name) for name in names}
    if json:
        print_json({name: list(map(str, paths)) for name, paths in released.items()})
        return
    for path in itertools.chain.from_iterable(released.values()):
        stdout().print(f"Released {_short(path)}", markup=False, soft_wrap=True)


def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook (.ipynb).")],
    timeout: Timeout = 60,
    json: AsJson = False,
) -> None:
    """Run your notebook as the grader will, before you hand it in.

    It runs from top to bottom in a fresh kernel; your file is not changed. The exit
    code is 0 when every question passes. The grader has more tests than you can see.
    """
    from course_utils.cli.tables import print_check
    from course_utils.grading.execution import Limits
    from course_utils.grading.selfcheck import check

    with _counter("Running the cells", json) as advance:
        found = check(notebook, Limits(cell=timeout), on_cell=advance)
    if json:
        questions = [vars(question) for question in found.questions]
        verdict = {"notebook": str(notebook), "passed": found.passed}
        print_json(verdict | {"questions": questions, "remarks": list(found.remarks)})
    else:
        print_check(stdout(), found)
    if not found.passed:
        raise typer.Exit(1)


def grade(
    assignment: Assignment,
    student: Students = None,
    force: Annotated[
        bool, typer.Option("--force", help="Grade unchanged submissions again.")
    ] = False,
    timeout: Annotated[
        int | None,
        typer.Option(min=1, metavar="SECONDS", help="Longest time of a cell."),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="Submissions at a time; else as the machine allows."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Leave tests that need trust to a person.")
    ] = False,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run students' code with your rights.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Grade on a Dask cluster: tcp://host:8786"
        ),
    ] = None,
    csv: Csv = None,
    json: AsJson = False,
) -> None:
    """Grade what students handed in.

    Run it in the course folder; it looks into submitted/<student>/<assignment>/.
    Students' code runs in a sandbox; tests, solutions and grades stay outside of it.
    What did not change since it was graded is not run again; a submission that breaks
    stops nobody else's; after Ctrl-C or worse the next run goes on where this one
    ended. The exit code is 1 when the grader itself failed on one.
    """
    _need_nbgrader()
    from course_utils.grading.classroom import Classroom, Wishes
    from course_utils.grading.course import Course
    from course_utils.grading.limits import limits_from

    if no_sandbox:
        _warn("No sandbox: students' code runs with all your rights on this machine.")
    try:
        with _busy("Looking for submissions", json):
            course = Course.find()
            limits = limits_from(course.config, timeout)
            wishes = Wishes(student or (), limits, force, not no_sandbox, strict)
            room = Classroom(course, assignment, wishes)
        with room:
            results = _grade(room, _pool(room, processes, cluster), json)
    except KeyboardInterrupt:
        typer.echo("Stopped; what was graded until now is kept.", err=True)
        raise typer.Exit(130) from None
    _show_grades(assignment, results, csv, json)
    if any(result.needs_rerun for result in results):
        raise typer.Exit(1)


def _pool(room: Classroom, processes: int | None, cluster: str | None) -> Pool:
    """The workers: of a cluster, or as many as there is room for on this machine."""
    from course_utils.grading.cluster import Cluster
    from course_utils.grading.schedule import LocalPool, worker_count

    if cluster is not None:
        return Cluster(cluster, room.setting)
    size = processes or worker_count(room.wishes.limits.memory_mb)
    return LocalPool(room.setting, size, room.course.log)


def _grade(room: Classroom, workers: Pool, json: bool) -> list[SubmissionResult]:
    with closing(workers) as pool:
        with _busy("Trying the tests on the solutions", json):
            room.survey(pool)
            due = room.due()
        for sentence in room.unsolved():
            _warn(sentence)
        with _class_progress(due, json) as on_result:
            return room.grade(pool, on_result)


def feedback(
    assignment: Assignment, student: Students = None, json: AsJson = False
) -> None:
    """Write the feedback pages that students get back.

    They show answers, outputs, points and comments; hidden tests are left out, and
    nothing that a student's code has displayed can run in them.
    """
    _need_nbgrader()
    from course_utils.grading.course import Course
    from course_utils.grading.feedback import write_feedback

    course = Course.find()
    with _busy("Writing feedback", json):
        pages = write_feedback(course, course.require(assignment), student or ())
    if json:
        print_json([str(page) for page in pages])
        return
    for page in pages:
        stdout().print(f"Written {_short(page)}", markup=False, soft_wrap=True)


def report(assignment: Assignment, csv: Csv = None, json: AsJson = False) -> None:
    """Show the grades of an assignment, points given by hand included."""
    _need_nbgrader()
    from course_utils.grading.classroom import load_results
    from course_utils.grading.course import Course

    with _busy("Reading the gradebook", json):
        results = load_results(Course.find(), assignment)
    _show_grades(assignment, results, csv, json)


def _show_grades(
    assignment: str,
    results: Sequence[SubmissionResult],
    csv: Path | None,
    json: bool,
) -> None:
    from course_utils.cli.tables import print_grades
    from course_utils.grading.export import write_csv

    if csv is not None:
        write_csv(csv, results)
    if json:
        data = [result.as_dict() for result in results]
        print_json({"assignment": assignment, "submissions": data})
        return
    print_grades(stdout(), assignment, results)
    if csv is not None:
        stdout().print(f"Written to {csv}", markup=False, soft_wrap=True)


def _warn(sentence: str) -> None:
    from rich.text import Text

    stderr().print(Text(sentence, "bold red"))


def _need_nbgrader() -> None:
    from importlib.util import find_spec

    from course_utils.errors import CourseError

    if find_spec("nbgrader") is None:
        raise CourseError(
            "This command needs nbgrader; "
            'install it with: pip install "course-utils[grading]".'
        )


@contextmanager
def _busy(what: str, silent: bool) -> Iterator[None]:
    """A spinner while nbgrader is imported and works; nothing where nobody watches."""
    console = stderr()
    if silent or not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield


@contextmanager
def _counter(what: str, silent: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar for (done, total)."""
    from rich.progress import Progress

    console = stderr()
    hidden = silent or not console.is_terminal
    with Progress(console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def _class_progress(
    due: Sequence[str], silent: bool
) -> Iterator[Callable[[SubmissionResult], None]]:
    """A bar with the time left, and a line for each student as the result comes."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from course_utils.cli.tables import result_line

    columns = (
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    console = stderr()
    hidden = silent or not due or not console.is_terminal
    with Progress(
        *columns, console=console, transient=True, disable=hidden
    ) as progress:
        task = progress.add_task("grading", total=len(due))
        width = max(map(len, due), default=0)

        def show(result: SubmissionResult) -> None:
            progress.advance(task)
            if not silent:
                line = result_line(result, width)
                console.print(line, no_wrap=True, overflow="ellipsis")

        yield show


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
