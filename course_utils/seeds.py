"""What a net reaches from other seeds: runs that were trained once and are kept.

A single training tells little: another seed draws other weights and another order of
the pictures, and ends a little higher or lower. Nets that take minutes to train are
trained from several seeds by ``benchmarks/seeds.py``, and what came out lies in
``seeds.json`` beside this module, where a chapter can show it.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from course_utils.errors import CourseError

KEPT = Path(__file__).with_name("seeds.json")


@dataclass(frozen=True, kw_only=True)
class SeedRun:
    """One training of a net, from one seed.

    Attributes
    ----------
    net : its name in `course_utils.models`.
    seed : where its random numbers began.
    recipe : what it was trained on and how, as plain JSON.
    parameters : how many it has.
    seconds : what the training took.
    validation_accuracy, test_accuracy : shares of right answers, 0 to 1, at the end.
    data_source : where the pictures came from, as in `Dataset.source`.
    date : day of the run, YYYY-MM-DD, UTC.
    machine : cores, processor, memory.
    versions : of Python and the libraries.
    """

    net: str
    seed: int
    recipe: dict[str, Any]
    parameters: int
    seconds: float
    validation_accuracy: float
    test_accuracy: float
    data_source: str
    date: str
    machine: dict[str, Any]
    versions: dict[str, str]


@dataclass(frozen=True)
class Summary:
    """What runs of one net by one recipe reached.

    Attributes
    ----------
    seeds : how many runs.
    validation, test : mean of the shares of right answers, 0 to 1, and their standard
        deviation; None for a single run.
    range : lowest and highest share of the test pictures.
    """

    seeds: int
    validation: tuple[float, float | None]
    test: tuple[float, float | None]
    range: tuple[float, float]


def kept(net: str | None = None, *, path: Path = KEPT) -> list[SeedRun]:
    """Read the runs that are kept, of one net or of all, by net and seed.

    Parameters
    ----------
    net : str, optional
        The net's name; all nets if left out.
    path : Path
        Where they are kept.

    Raises
    ------
    CourseError
        If there is no run of this net, or the file does not hold such runs.

    Examples
    --------
    >>> {run.parameters for run in kept("dropout_pyramid")}
    {34826}
    """
    runs = _read(path)
    chosen = [run for run in runs if net in (None, run.net)]
    if net is not None and not chosen:
        names = ", ".join(sorted({run.net for run in runs})) or "no net"
        raise CourseError(
            f"No runs of {net!r} are kept in {path.name}; it has those of {names}. Make"
            f" them with: python benchmarks/seeds.py {net}"
        )
    return chosen


def keep(run: SeedRun, *, path: Path = KEPT) -> None:
    """Add a run to the file, in the place of one of the same net and seed.

    The file is written whole or not at all, so that it can be interrupted at any time.

    Raises
    ------
    CourseError
        If the file does not hold such runs.
    """
    others = [old for old in _read(path) if (old.net, old.seed) != (run.net, run.seed)]
    runs = sorted([*others, run], key=lambda run: (run.net, run.seed))
    text = json.dumps([asdict(run) for run in runs], indent=1, sort_keys=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", encoding="utf-8", delete=False
    ) as file:
        file.write(text + "\n")
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def table(runs: Sequence[SeedRun]) -> str:
    """Write runs of one net as a table, with mean and standard deviation.

    A single run has neither, and stands alone.

    Raises
    ------
    CourseError
        If there is no run, or they are not runs of one net by one recipe.

    Examples
    --------
    >>> from dataclasses import replace
    >>> run = kept("dropout_pyramid")[0]
    >>> few = [replace(run, seed=seed, validation_accuracy=0.99, test_accuracy=share)
    ...        for seed, share in enumerate((0.991, 0.993))]
    >>> print(table(few))
    seed  validation    test
       0      99.00%  99.10%
       1      99.00%  99.30%
    mean      99.00%  99.20%
      SD       0.00%   0.14%
    """
    summed = summary(runs)
    lines: list[tuple[object, float, float]] = [
        (run.seed, run.validation_accuracy, run.test_accuracy) for run in runs
    ]
    for name, left, right in zip(
        ("mean", "SD"), summed.validation, summed.test, strict=True
    ):
        if left is not None and right is not None and len(runs) > 1:
            lines.append((name, left, right))
    rows = [f"{name!s:>4}  {left:10.2%}  {right:6.2%}" for name, left, right in lines]
    return "\n".join(["seed  validation    test", *rows])


def summary(runs: Sequence[SeedRun]) -> Summary:
    """Mean, standard deviation and range of runs of one net.

    Raises
    ------
    CourseError
        If there is no run, or they are not runs of one net by one recipe.
    """
    if not runs or any(
        (run.net, run.recipe) != (runs[0].net, runs[0].recipe) for run in runs
    ):
        raise CourseError("A table takes one or more runs of one net by one recipe.")
    validation = [run.validation_accuracy for run in runs]
    test = [run.test_accuracy for run in runs]
    several = len(runs) > 1
    return Summary(
        seeds=len(runs),
        validation=(mean(validation), stdev(validation) if several else None),
        test=(mean(test), stdev(test) if several else None),
        range=(min(test), max(test)),
    )


def _read(path: Path) -> list[SeedRun]:
    try:
        return [SeedRun(**entry) for entry in json.loads(path.read_text("utf-8"))]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise CourseError(
            f"{path.name} holds no runs ({error}); restore it from the history, or"
            " remove it and train again."
        ) from error
