"""What the trainings of the assignments reach, and what may be asked for.

    COURSE_DATA_DIR=<folder> python benchmarks/thresholds.py [--only NAME …]
    COURSE_DATA=drawn python benchmarks/thresholds.py [--only NAME …]

Answers each question of `recipes` by every recipe from ten seeds, and keeps what the
nets reach in ``course_utils/checks/thresholds.json``. NAME is a question or the
beginning of several, such as 5_lenet. Each run is kept at once; a broken-off call goes
on where it stopped, and a recipe is run anew if its module has changed.
"""

import argparse
import ast
import hashlib
import importlib
import inspect
import json
import os
import pkgutil
import sys
import time
from datetime import UTC, datetime
from statistics import mean, stdev
from typing import Any

import recipes
from recipes import Question

from course_utils import data, session
from course_utils.checks import thresholds
from course_utils.checks.accuracy import Net, right
from course_utils.data import Dataset
from course_utils.errors import CourseError
from course_utils.publishing import runs
from course_utils.publishing.files import replace_text


def questions() -> dict[str, tuple[Question, str]]:
    """All questions by name, each with the fingerprint of its module's code."""
    found = {}
    for module in pkgutil.iter_modules(recipes.__path__, "recipes."):
        loaded = importlib.import_module(module.name)
        code = ast.dump(ast.parse(inspect.getsource(loaded)))
        fingerprint = hashlib.sha256(code.encode()).hexdigest()[:16]
        for name, question in loaded.QUESTIONS.items():
            found[name] = (question, fingerprint)
    return found


def reached(question: Question, recipe: str, pictures: Dataset, seed: int) -> float:
    """Share of pictures that a net names which one recipe trained from one seed."""
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    net = question.recipes[recipe](pictures)
    x, y = question.judged(pictures)
    return round(right(Net(net, recipe).outputs(x), y), 5)


def measure(name: str, question: Question, code: str) -> dict[str, Any]:
    """Run what is missing of one question, keep it, and return its row."""
    pictures = data.load(question.dataset)
    row_kind = thresholds.kind(pictures.source)
    row = thresholds.read().get(name, {}).get(row_kind, {})
    if row.get("code") != code:
        row = {"code": code, "runs": {recipe: [] for recipe in question.recipes}}
    for recipe, shares in row["runs"].items():
        for seed in range(len(shares), thresholds.SEEDS):
            began = time.perf_counter()
            shares.append(reached(question, recipe, pictures, seed))
            seconds = time.perf_counter() - began
            told = f"{name}, {row_kind}, {recipe}, seed {seed}: {shares[-1]:.2%}"
            print(f"{told}, {seconds:.0f} s", flush=True)
            keep(name, row_kind, row)
    row["at_least"] = thresholds.rounded_down(row["runs"].values())
    row["mean"] = {who: round(mean(found), 5) for who, found in row["runs"].items()}
    row["sd"] = {who: round(stdev(found), 5) for who, found in row["runs"].items()}
    if "date" not in row:
        row["judged_on"] = len(question.judged(pictures)[1])
        row["data_source"] = pictures.source
        row["date"] = datetime.now(UTC).date().isoformat()
        row["machine"], row["versions"] = runs.machine(), runs.versions()
    keep(name, row_kind, row)
    return row


def keep(name: str, row_kind: str, row: dict[str, Any]) -> None:
    """Write one row into the table."""
    table = thresholds.read()
    table.setdefault(name, {})[row_kind] = row
    text = json.dumps(table, indent=1, sort_keys=True)
    replace_text(thresholds.KEPT, text + "\n")


def main() -> None:
    """Measure what was asked for, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=[""], metavar="NAME")
    asked = parser.parse_args()
    # One thread: a run repeats to the last bit, on a machine with more cores, too.
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    session.start()
    for name, (question, code) in questions().items():
        if not name.startswith(tuple(asked.only)):
            continue
        row = measure(name, question, code)
        for recipe in row["runs"]:
            told = f"mean {row['mean'][recipe]:.2%}, SD {row['sd'][recipe]:.2%}"
            print(f"{name}, {recipe}: {told}")
        print(f"{name}: at least {row['at_least']:.1%}\n", flush=True)


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
