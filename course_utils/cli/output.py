"""What all commands print with: tables for people, JSON for machines.

Results go to stdout, everything else (progress, remarks, errors) to stderr. Rich leaves
out the colours where ``NO_COLOR`` is set or nobody is watching.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def stdout() -> Console:
    """Where results go."""
    from rich.console import Console

    return Console(highlight=False)


def stderr() -> Console:
    """Where progress and remarks go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def table(*columns: str, title: str = "", right: tuple[str, ...] = ()) -> Table:
    """An empty table in the course's style; ``right`` names the columns of numbers."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left")
    return made


def print_json(data: Any) -> None:
    """Data as JSON; numbers that are none (NaN) would be an error of ours."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def size(count: int) -> str:
    """Bytes for people.

    Examples
    --------
    >>> size(31_969_379)
    '32 MB'
    """
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            number = count / factor
            return f"{number:.1f} {unit}" if number < 10 else f"{number:.0f} {unit}"
    return f"{count} bytes"
