"""``course data``: which image sets are here, and bringing them here."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from course_utils.cli.output import AsJson, print_json, size, stdout, table

app = typer.Typer(help="The image sets: what is here, and how to get the rest.")


@app.command()
def status(json: AsJson = False) -> None:
    """Show which image sets can be loaded without a network, and from where."""
    from course_utils import data

    sets = data.status()
    if json:
        print_json([_plain(one) for one in sets])
        return
    numbers = ("Train", "Test", "Size")
    shown = table("Set", "Here", *numbers, right=numbers)
    for one in sets:
        here = f"[green]{one.source}[/]" if one.available else "[yellow]no[/]"
        counts = (f"{one.n_train:,}", f"{one.n_test:,}")
        shown.add_row(one.name, here, *counts, size(one.bytes) if one.bytes else "–")
    console = stdout()
    console.print(shown)
    for one in sets:
        console.print(f"{one.name}: {one.note}.", markup=False)


@app.command()
def fetch(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Sets.")],
    json: AsJson = False,
) -> None:
    """Download image sets from their publishers, check them and unpack them."""
    from course_utils import data
    from course_utils.data.catalogue import find

    for name in names:
        find(name)  # a wrong name must not be found after a long download
    folders = {name: str(data.fetch(name, progress=not json)) for name in names}
    if json:
        print_json(folders)
        return
    for name, folder in folders.items():
        stdout().print(f"{name}: ready in {folder}", markup=False, soft_wrap=True)


def _plain(one: Any) -> dict[str, Any]:
    fields = ("name", "available", "source", "n_train", "n_test", "bytes", "note")
    path = str(one.path) if one.path else None
    return {field: getattr(one, field) for field in fields} | {"path": path}
