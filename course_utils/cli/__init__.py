"""The command ``course``: data, release, check, grade, feedback, report, doctor.

Each command imports what it needs when it runs, so that ``course --help`` is quick.
"""

from __future__ import annotations

from typing import Any

import typer
import typer.core

from course_utils.cli import data, doctor, grading
from course_utils.errors import CourseError


class _Commands(typer.core.TyperGroup):
    """Commands that end a user's mistake with one sentence and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            typer.echo(str(error), err=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f": {error.filename}" if error.filename else ""
            typer.echo(f"{error.strerror or error}{where}.", err=True)
        raise typer.Exit(1)


app = typer.Typer(
    name="course",
    cls=_Commands,
    help="Tools of the course on convolutional neural networks.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # panels cost as much time as all the rest
    pretty_exceptions_enable=False,
)
app.add_typer(data.app, name="data")
app.command()(grading.release)
app.command()(grading.check)
app.command()(grading.grade)
app.command()(grading.feedback)
app.command()(grading.report)
app.command()(doctor.doctor)


def main() -> None:
    """Entry point of the console script."""
    app()
