"""The record of what the chapters' nets reached: ``book/results.json``."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.errors import CourseError
from course_utils.publishing.chapters import is_code
from course_utils.publishing.files import replace_text
from course_utils.publishing.runs import Run
from course_utils.results import MIME


@dataclass(frozen=True)
class Result:
    """A headline of a chapter (`course_utils.results.Headline`), and its origin.

    Attributes
    ----------
    net, data, parameters, epochs, to_reach : as in the headline.
    data_source : "file" or "download".
    seconds : training time of one seed.
    seeds : how many there are.
    test_accuracy : mean over the seeds, from 0 to 1.
    spread : standard deviation over the seeds; None for a single one.
    kept : as in the headline; empty where the accuracies are of kept runs themselves.
    section : heading of the chapter under which the cell stands.
    machine, versions : as in the chapter's `runs.Run`.
    """

    net: str
    data: str
    data_source: str
    parameters: int
    epochs: int
    seconds: float
    seeds: int
    test_accuracy: float
    spread: float | None
    to_reach: float
    section: str
    machine: dict[str, int | str]
    versions: dict[str, str]
    kept: str = ""

    def __post_init__(self) -> None:
        for name in ("parameters", "epochs", "seconds", "seeds", "test_accuracy"):
            value = getattr(self, name)
            if not isinstance(value, int | float):
                raise TypeError(f"{name} is {value!r}, no number")


def collect(notebook: NotebookNode, run: Run) -> tuple[list[Result], dict[str, str]]:
    """Read the headlines from a chapter's outputs.

    Parameters
    ----------
    notebook : a chapter that has been run in full.
    run : that run.

    Returns
    -------
    The results, and for each net whose headline is none (trained on drawn stand-ins, or
    cut short in the quick kernel) the reason.

    Raises
    ------
    CourseError : if an output of the headline's type holds something else.
    """
    results, left_out = [], {}
    for section, shown in _shown(notebook):
        try:
            doubt = shown.pop("doubt")
            result = Result(
                **shown, section=section, machine=run.machine, versions=run.versions
            )
        except (TypeError, KeyError, AttributeError) as error:
            raise CourseError(
                f"An output under “{section}” is no headline ({error}); make it with "
                "course_utils.results.Headline."
            ) from error
        if doubt:
            left_out[result.net] = doubt
        else:
            results.append(result)
    return results, left_out


def _shown(notebook: NotebookNode) -> list[tuple[str, dict[str, Any]]]:
    """Every headline in the outputs, and the heading that it stands under."""
    section, shown = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"^(`{3,}|:{3,}).*?^\1", "", cell.source, flags=re.M | re.S)
            headings = re.findall(r"^#+ +(.+?)\s*$", prose, flags=re.M)
            section = re.sub("[`*]", "", headings[-1]) if headings else section
        elif is_code(cell):
            found = [output.get("data", {}).get(MIME) for output in cell.outputs]
            shown += [(section, dict(data)) for data in found if data is not None]
    return shown


def read(path: Path) -> dict[str, list[Result]]:
    """The results on record, by chapter; none where there is no file yet.

    Raises
    ------
    CourseError : if the file does not hold such a record.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {
            chapter: [Result(**result) for result in results]
            for chapter, results in entries.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{path} is no record of results ({error}); restore it from the history, "
            "or remove it and publish every chapter anew."
        ) from error


def write(path: Path, results: dict[str, list[Result]]) -> None:
    """Store the record, chapters sorted; a chapter without results has no entry."""
    entries = {
        chapter: [asdict(result) for result in found]
        for chapter, found in sorted(results.items())
        if found
    }
    text = json.dumps(entries, indent=2, sort_keys=True, ensure_ascii=False)
    replace_text(path, text + "\n")
