"""What a net of the book reaches from several seeds, by its chapter's own recipe.

    COURSE_DATA_DIR=<folder> python benchmarks/seeds.py [net …] [--seeds 0 1 2 …]
    COURSE_DATA_DIR=<folder> python benchmarks/seeds.py --try net …

Trains every net from every seed, five by default, and then prints the kept runs with
mean and standard deviation. Each run is kept at once, in ``course_utils/seeds.json``:
what is there already is not trained again, so a broken-off call goes on where it
stopped. A run by another recipe or on drawn pictures does not count as there, and is
replaced.

With ``--try`` the runs are for choosing a recipe: they are judged by the validation
pictures, the test pictures stay unopened, and nothing is kept.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import Any

from trainings import Recipe, homework, photographs, transfer, whole_sets

from course_utils import data, seeds, session
from course_utils.errors import CourseError
from course_utils.publishing import execution, runs

RECIPES: dict[str, Recipe] = {
    **whole_sets.RECIPES,
    **photographs.RECIPES,
    **transfer.RECIPES,
    **homework.RECIPES,
}
TRIES: dict[str, Recipe] = {
    **RECIPES,
    **whole_sets.TRIES,
    **photographs.TRIES,
    **transfer.TRIES,
    **homework.TRIES,
}


def trained(recipe: Recipe, name: str, seed: int) -> tuple[Any, float, float]:
    """Train a net from one seed: the net, its seconds, its validation accuracy."""
    session.start(seed)
    return recipe.train(name, seed)


def tested(name: str, seed: int) -> seeds.SeedRun:
    """Train a net from one seed, and show it the test pictures, once."""
    recipe = RECIPES[name]
    net, seconds, validation = trained(recipe, name, seed)
    return seeds.SeedRun(
        net=name,
        seed=seed,
        recipe=recipe.as_json(),
        parameters=net.count_params(),
        seconds=round(seconds, 1),
        validation_accuracy=round(validation, 5),
        test_accuracy=round(recipe.test(net), 5),
        data_source=data.load(recipe.dataset).source,
        date=datetime.now(UTC).date().isoformat(),
        machine=runs.machine(),
        versions=runs.versions(),
    )


def is_kept(name: str, seed: int) -> bool:
    """Whether this very run is there already."""
    wanted = (name, seed, RECIPES[name].as_json())
    return any(
        (run.net, run.seed, run.recipe) == wanted and run.data_source != "drawn"
        for run in seeds.kept()
    )


def main() -> None:
    """Train what is missing, then print one table per net."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nets", nargs="*", choices=[[], *TRIES], metavar="net")
    parser.add_argument("--seeds", nargs="+", type=int, default=range(5))
    parser.add_argument("--try", action="store_true", dest="trying")
    asked = parser.parse_args()
    execution.keep_to_cores(execution.CORES)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    for name in asked.nets or RECIPES:
        for seed in asked.seeds:
            if asked.trying:
                _, seconds, share = trained(TRIES[name], name, seed)
                told = f"{name}, seed {seed}: validation {share:.2%}, {seconds:.0f} s"
                print(told, flush=True)
                continue
            if name not in RECIPES:
                raise CourseError(f"{name} is for --try: it is no recipe to keep.")
            if is_kept(name, seed):
                print(f"{name}, seed {seed}: kept already")
                continue
            print(f"{name}, seed {seed}: training", flush=True)
            seeds.keep(tested(name, seed))
        if not asked.trying:
            recipe = RECIPES[name]
            runs = [run for run in seeds.kept(name) if run.recipe == recipe.as_json()]
            print(f"\n{name}: {recipe}\n{seeds.table(runs)}\n")


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
