"""A pytest plugin for nbval, for what its options cannot say.

Cells are counted from 1, as Jupyter shows them. Of the outputs nbval leaves out PNG
pictures by itself; vector pictures carry the day they were made, and what goes to
stderr is not in the book.
"""

import pytest
from nbval.plugin import IPyNbCell

LEFT_OUT = ("image/svg+xml", "application/pdf", "stderr")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Number the cells, and leave some kinds of output out of every comparison."""
    for item in items:
        if isinstance(item, IPyNbCell):
            item.cell_num += 1
            item.name = f"cell {item.cell_num}"
            item.parent.skip_compare = (*item.parent.skip_compare, *LEFT_OUT)
