"""``course release``, ``check``, ``grade`` and ``report``."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course_utils.cli.output import AsJson, print_json, stderr, stdout

if TYPE_CHECKING:
    from course_utils.grading.classroom import Plan
    from course_utils.grading.results import SubmissionResult

Assignment = Annotated[str, typer.Argument(help="Name of the assignment.")]
Timeout = Annotated[
    int, typer.Option(min=1, metavar="SECONDS", help="Longest time of a cell.")
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
    student: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this student; may be repeated."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Grade unchanged submissions again.")
    ] = False,
    timeout: Timeout = 60,
    processes: Annotated[
        int, typer.Option(min=1, help="Submissions that run at the same time.")
    ] = 2,
    csv: Csv = None,
    json: AsJson = False,
) -> None:
    """Grade what students handed in.

    Run it in the course folder; it looks into submitted/<student>/<assignment>/. What
    did not change since it was graded is not run again; a submission that breaks stops
    nobody else's. Students' code runs with your rights on this machine. The exit code
    is 1 when the grader itself failed on one.
    """
    _need_nbgrader()
    from course_utils.grading.classroom import grade, plan
    from course_utils.grading.course import Course
    from course_utils.grading.execution import Limits

    with _busy("Looking for submissions", json):
        limits = Limits(cell=timeout)
        work = plan(
            Course.find(),
            assignment,
            students=student or (),
            limits=limits,
            force=force,
        )
    try:
        with _class_progress(work, json) as on_result:
            results = grade(work, processes=processes, on_result=on_result)
    except KeyboardInterrupt:
        typer.echo("Stopped; what was graded until now is kept.", err=True)
        raise typer.Exit(130) from None
    _show_grades(assignment, results, csv, json)
    if any(result.needs_rerun for result in results):
        raise typer.Exit(1)


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
    work: Plan, silent: bool
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
    hidden = silent or not work.due or not console.is_terminal
    with Progress(
        *columns, console=console, transient=True, disable=hidden
    ) as progress:
        task = progress.add_task("grading", total=len(work.due))
        width = max(map(len, work.due), default=0)

        def show(result: SubmissionResult) -> None:
            progress.advance(task)
            if not silent:
                line = result_line(result, width)
                console.print(line, no_wrap=True, overflow="ellipsis")

        yield show


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
