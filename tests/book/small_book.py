"""A small book that shows a record of the chapters' full runs, really built."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from course_utils import seeds
from tests.conftest import ROOT

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "%s"]
"""

# What every entry of a record says of where it was made.
CIRCUMSTANCES: dict[str, dict[str, Any]] = {
    "machine": {"cores": 2, "processor": "Some CPU", "memory_gb": 24},
    "versions": {
        "keras": "3.15.1",
        "matplotlib": "3.10",
        "numpy": "2.4.0",
        "python": "3.11",
        "tensorflow": "2.21.0",
    },
}


class SmallBook:
    """A book of Markdown pages, some of which show a record.

    Parameters
    ----------
    folder : where it is written.
    extension : the Sphinx extension of ours that it uses.
    record_file : name of the record.
    pages : text of each page, by name without suffix.
    """

    def __init__(
        self, folder: Path, extension: str, record_file: str, pages: dict[str, str]
    ) -> None:
        self.folder = folder
        self.record_file = folder / "book" / record_file
        self.record_file.parent.mkdir()
        (folder / "conf.py").write_text(CONF % extension)
        for name, text in pages.items():
            (folder / f"{name}.md").write_text(text)

    def record(self, entries: Any) -> None:
        """Put these entries on record, in place of what was there."""
        self.record_file.write_text(json.dumps(entries))

    def keep_runs(self, **tests: tuple[float, ...]) -> None:
        """Keep runs of these nets, one for each share of right test pictures."""
        path = self.folder / "course_utils" / "seeds.json"
        path.parent.mkdir(exist_ok=True)
        for net, shares in tests.items():
            for seed, share in enumerate(shares):
                run = seeds.SeedRun(
                    net=net,
                    seed=seed,
                    recipe={"epochs": 3},
                    parameters=10,
                    seconds=12.5,
                    validation_accuracy=share + 0.01,
                    test_accuracy=share,
                    data_source="file",
                    date="2026-01-02",
                    **CIRCUMSTANCES,
                )
                seeds.keep(run, path=path)

    def build(self) -> tuple[int, str]:
        """Exit code and messages of a build in which a warning is an error."""
        command = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-q"]
        done = subprocess.run(
            [*command, str(self.folder), str(self.folder / "html")],
            capture_output=True,
            text=True,
            env=os.environ | {"NO_COLOR": "1"},
        )
        return done.returncode, done.stderr

    def html(self, page: str) -> str:
        """A page of the built book."""
        return (self.folder / "html" / f"{page}.html").read_text()

    def text(self, page: str) -> str:
        """What a page says, without its marks."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.html(page)))
