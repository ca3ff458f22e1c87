"""Run a check that must fail, and return its message."""

from collections.abc import Callable
from typing import Any

import pytest

from course_utils.checks import CheckFailed


def message_of(check: Callable[..., None], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(CheckFailed) as caught:
        check(*args, **kwargs)
    return str(caught.value)
