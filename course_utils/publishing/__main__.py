"""``python -m course_utils.publishing``: run chapters in full and store the outputs."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from nbformat import NotebookNode
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from course_utils import data
from course_utils.errors import CourseError
from course_utils.publishing import chapters, colab, execution, headlines, runs

console = Console()


class TimeLeft(ProgressColumn):
    """What is left if a chapter takes as long as the last time."""

    def render(self, task: Task) -> Text:
        """Say it for one chapter; nothing where there was no last time."""
        last, now = task.fields["last_seconds"], task.elapsed
        if last is None or now is None:
            return Text("")
        if now > last:
            return Text(f"longer than last time ({runs.duration(last)})")
        return Text(f"about {runs.duration(last - now)} left")


def real_sources(notebook: NotebookNode) -> dict[str, str]:
    """Where the image sets of a chapter come from; loads each of them once.

    So nothing is fetched or unpacked while the clock runs.

    Raises
    ------
    CourseError : if a set is not to be had, or only its drawn stand-in.
    """
    sources = {name: data.load(name).source for name in chapters.image_sets(notebook)}
    drawn = [name for name, source in sources.items() if source == "drawn"]
    if drawn:
        raise CourseError(
            f"The book is published on the real pictures, and {' and '.join(drawn)} "
            "would be drawn stand-ins; unset COURSE_DATA, or set it to file or "
            "download."
        )
    return sources


def run_chapter(
    path: Path, last: runs.Run | None
) -> tuple[runs.Run, list[headlines.Result]]:
    """Run one chapter in full and store its outputs, with progress on the console.

    Returns
    -------
    What the run cost, and the results that the chapter shows.

    Raises
    ------
    CourseError : if it cannot be run to its end; the notebook is then as it was.
    """
    notebook = chapters.read(path)
    sources = real_sources(notebook)
    count = len(chapters.code_cells(notebook))
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("cell {task.completed} of {task.total}"),
        TimeElapsedColumn(),
        TimeLeft(),
        console=console,
        transient=True,
    )
    with progress:
        task = progress.add_task(
            path.stem, total=count, last_seconds=last.seconds if last else None
        )

        def say_dropped(number: int, text: str) -> None:
            first = text.strip().splitlines()[0] if text.strip() else "blank lines"
            console.print(
                f"  cell {number} wrote to stderr, which the book does not show: "
                f"[dim]{escape(first)}[/dim]"
            )

        cost = execution.execute(
            notebook,
            path.parent,
            begin_cell=lambda number: progress.update(task, completed=number),
            dropped=say_dropped,
        )
    run = runs.Run(
        cells=chapters.fingerprint(notebook),
        data_source=sources,
        date=datetime.now(UTC).date().isoformat(),
        machine=runs.machine(),
        peak_mb=round(cost.peak_bytes / 1e6),
        seconds=round(cost.seconds, 1),
        versions=runs.versions(),
    )
    found, left_out = headlines.collect(notebook, run)
    for net, doubt in left_out.items():
        console.print(f"  the result of {escape(net)} is left out: {doubt}")
    chapters.store_outputs(path, notebook)
    return run, found


def publish(book: Path, names: list[str], *, force: bool = False) -> None:
    """Run chapters that changed since their last run, one after the other.

    Each is stored as soon as it is done, so a run that was broken off goes on where it
    stopped.

    Parameters
    ----------
    book : the folder of the chapters, of ``runs.json`` and of ``results.json``.
    names : chapters, by name or beginning; all if empty.
    force : run also what has not changed.

    Raises
    ------
    CourseError : if a chapter cannot be published; those before it are.
    """
    record = book / "runs.json"
    execution.keep_to_cores(execution.CORES)
    if execution.is_busy():
        console.print(
            "[yellow]This machine is busy with other work; the times on record will be "
            "too long.[/yellow]"
        )
    address = colab.repository_address(book)
    for name, path in chapters.chosen(book, names).items():
        chapters.prepare_for_colab(path, address)
        on_record = runs.read(record)
        last = on_record.get(name)
        cells = chapters.fingerprint(chapters.read(path))
        if last and last.repeats(cells, runs.versions()) and not force:
            console.print(f"[dim]{name}: unchanged since its run of {last.date}[/dim]")
            continue
        try:
            results = headlines.read(book / "results.json")
            run, found = run_chapter(path, last)
        except CourseError as error:
            told = CourseError(f"{name}: {error} Its stored outputs are as they were.")
            told.__notes__ = getattr(error, "__notes__", [])
            raise told from error
        if found or name in results:
            headlines.write(book / "results.json", results | {name: found})
        # Last, so that a run that was broken off before is done again.
        runs.write(record, on_record | {name: run})
        console.print(
            f"{name}: stored after {runs.duration(run.seconds)}, "
            f"{runs.memory(run.peak_mb)} at most"
        )


def main(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CHAPTER]...", help="Name or beginning; all if none."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run also what has not changed.")
    ] = False,
    book: Annotated[
        Path, typer.Option(help="Folder of the chapters.", show_default=True)
    ] = Path("book"),
) -> None:
    """Run the book's chapters in full on the real pictures and store the outputs."""
    try:
        publish(book, names or [], force=force)
    except CourseError as error:
        for note in getattr(error, "__notes__", []):
            console.print(Text.from_ansi(note))
        console.print(Text(str(error), style="red"), soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("Stopped; the chapter that was running is as it was before.")
        sys.exit(130)


if __name__ == "__main__":
    typer.run(main)
