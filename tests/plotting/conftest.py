from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest

from course_utils import plotting


@pytest.fixture(autouse=True)
def figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw in the style of the course, never show, and close what was drawn."""

    def shown(*_: object, **__: object) -> None:
        pytest.fail("A helper called plt.show().")

    monkeypatch.setattr(plt, "show", shown)
    plt.close("all")  # Tests of other parts may have left some open.
    with plt.rc_context():
        plotting.use_style()
        yield
    plt.close("all")
