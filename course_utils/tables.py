"""Small tables that read well in a terminal and in a notebook, light and dark."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import ClassVar, Generic, TypeVar

Row = TypeVar("Row")
Cells = Sequence[str]


class Table(Generic[Row]):
    """Rows of data that a notebook shows as a table.

    A table says in `_cells` what its rows look like as text.
    """

    rows: tuple[Row, ...]
    _names: ClassVar[int] = 1  # So many columns stand at the left; numbers, right.

    def _cells(self) -> tuple[Cells, list[Cells], list[Cells]]:
        """Give the heads, a line for each row, and the lines of totals below."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        head, body, foot = self._cells()
        lines = [head, *body, *foot]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        sides = "<" * self._names + ">" * (len(widths) - self._names)
        return "\n".join(
            "  ".join(
                f"{cell:{side}{width}}"
                for cell, side, width in zip(line, sides, widths, strict=True)
            ).rstrip()
            for line in lines
        )

    def _repr_html_(self) -> str:
        head, body, foot = self._cells()
        html = ""
        for part, lines in (("thead", [head]), ("tbody", body), ("tfoot", foot)):
            scope = "col" if part == "thead" else "row"
            tag, first = "th" if part == "thead" else "td", f'<th scope="{scope}">'
            html += f"<{part}>" if lines else ""
            for name, *cells in ([escape(cell) for cell in line] for line in lines):
                html += f"<tr>{first}{name}</th>"
                html += "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
            html += f"</{part}>" if lines else ""
        return f'<table class="dataframe">{html}</table>'
