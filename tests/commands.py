"""Running the command ``course`` in tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from course_utils.cli import app


def course(*words: object, **options: Any) -> Result:
    """The command in this process, as CliRunner calls it."""
    return CliRunner().invoke(app, [str(word) for word in words], **options)


def shell(
    *words: object, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "course_utils.cli", *map(str, words)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def assert_one_sentence(result: Result, *parts: str) -> None:
    """The command refused: exit code 1, one sentence on stderr, nothing on stdout."""
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    for part in parts:
        assert part in result.stderr
