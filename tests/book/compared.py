"""A pytest plugin for nbval: what of a cell's output is compared, beyond its options.

nbval leaves out PNG pictures by itself. Vector pictures carry the day they were made,
and what goes to stderr is not in the book.
"""

import pytest
from nbval.plugin import IPyNbCell

LEFT_OUT = ("image/svg+xml", "application/pdf", "stderr")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these kinds out of every comparison."""
    for item in items:
        if isinstance(item, IPyNbCell):
            item.parent.skip_compare = (*item.parent.skip_compare, *LEFT_OUT)
