"""Kept trainings: stored at once, read back, summed up, and made by the script."""

import json
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import mean, stdev

import keras
import pytest

from course_utils import models, seeds
from course_utils.errors import CourseError
from tests.conftest import ROOT

RUN = seeds.SeedRun(
    net="pyramid",
    seed=0,
    recipe={"dataset": "mnist", "epochs": 3},
    parameters=8490,
    seconds=12.5,
    validation_accuracy=0.981,
    test_accuracy=0.983,
    data_source="file",
    date="2026-01-02",
    machine={"cores": 2},
    versions={"keras": "3"},
)


def test_what_is_kept_is_read_back_by_net_and_seed(tmp_path: Path) -> None:
    path = tmp_path / "seeds.json"
    other = replace(RUN, net="lenet", seed=7)
    later = replace(RUN, seed=1)
    for run in (later, other, RUN):
        seeds.keep(run, path=path)
    assert seeds.kept(path=path) == [other, RUN, later]
    assert seeds.kept("pyramid", path=path) == [RUN, later]


def test_a_run_takes_the_place_of_the_same_net_and_seed(tmp_path: Path) -> None:
    path = tmp_path / "seeds.json"
    better = replace(RUN, test_accuracy=0.99)
    for run in (RUN, better):
        seeds.keep(run, path=path)
    assert seeds.kept(path=path) == [better]


def test_only_the_kept_file_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "seeds.json"
    seeds.keep(RUN, path=path)
    seeds.keep(replace(RUN, seed=1), path=path)
    assert [one.name for one in tmp_path.iterdir()] == ["seeds.json"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_net_without_runs_names_the_command_that_makes_them(tmp_path: Path) -> None:
    path = tmp_path / "seeds.json"
    with pytest.raises(CourseError, match="it has those of no net"):
        seeds.kept("lenet", path=path)
    seeds.keep(RUN, path=path)
    with pytest.raises(CourseError, match=r"of pyramid\. .*seeds\.py lenet"):
        seeds.kept("lenet", path=path)


@pytest.mark.parametrize("text", ["{", '{"a": 1}', '[{"net": "pyramid"}]', "[1]"])
def test_a_file_that_holds_something_else_is_never_overwritten(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "seeds.json"
    path.write_text(text)
    with pytest.raises(CourseError, match=r"seeds\.json holds no runs"):
        seeds.keep(RUN, path=path)
    assert path.read_text() == text


def test_the_table_has_mean_and_sample_standard_deviation() -> None:
    runs = [
        replace(RUN, seed=seed, test_accuracy=share)
        for seed, share in enumerate((0.97, 0.98, 0.99))
    ]
    *_, mean, spread = seeds.table(runs).splitlines()
    assert mean.split() == ["mean", "98.10%", "98.00%"]
    assert spread.split() == ["SD", "0.00%", "1.00%"]


def test_a_single_run_stands_alone() -> None:
    _, only = seeds.table([RUN]).splitlines()
    assert only.split() == ["0", "98.10%", "98.30%"]


@pytest.mark.parametrize(
    "runs",
    [[], [RUN, replace(RUN, net="lenet")], [RUN, replace(RUN, recipe={"epochs": 4})]],
)
def test_a_table_is_of_one_net_and_one_recipe(runs: list[seeds.SeedRun]) -> None:
    with pytest.raises(CourseError, match="runs of one net by one recipe"):
        seeds.table(runs)


ARMS = {"nothing": False, "augmentation": False, "regularisation": True, "both": True}


def parameters_of_arm(regularised: bool) -> int:
    """How many chapter 7's nets have that end in Flatten and a dense layer."""
    channels = (3, 32, 64, 128, 128)
    filters = sum(9 * i * o + o for i, o in pairwise(channels))
    norms = 4 * sum(channels[1:]) if regularised else 0
    return filters + norms + (4 * 4 * 128 * 128 + 128) + (128 + 1)


def parameters_of_homework(arm: str) -> int:
    """How many an arm of chapter 9 has: two share a net, the third is normalised."""
    if arm == "regularised":
        widths = (3, 32, 32, 64, 64, 128, 128)
        filters = sum((9 * i + 4) * o for i, o in pairwise(widths))
        return filters + (128 + 1) * 10
    filters = sum((9 * i + 1) * o for i, o in pairwise((3, 32, 64, 64)))
    return filters + (4 * 4 * 64 + 1) * 64 + (64 + 1) * 10


def parameters_of(net: str) -> int:
    """How many the book's net has that was trained under this name."""
    if net.startswith("homework_"):
        return parameters_of_homework(net.removeprefix("homework_"))
    if net.removeprefix("cats_dogs_") in ARMS:
        return parameters_of_arm(ARMS[net.removeprefix("cats_dogs_")])
    if net == "stripped_net":  # chapter 6 takes its helps from the regularised net
        helps = keras.layers.BatchNormalization
        stripped = [x for x in models.regularised_net().layers if type(x) is not helps]
        return sum(layer.count_params() for layer in stripped)
    if net.startswith("transfer_"):  # chapter 8 has the last net of chapter 7
        net = "cats_dogs_net"
    net = net.removesuffix("_fast").removesuffix("_five")
    return int(getattr(models, net)().count_params())


def test_the_kept_runs_are_of_real_pictures_and_the_nets_of_the_book() -> None:
    for run in seeds.kept():
        assert run.data_source in {"file", "download"}
        assert parameters_of(run.net) == run.parameters
        assert 0 < run.validation_accuracy < 1
        assert 0 < run.test_accuracy < 1


@pytest.mark.parametrize(
    ("net", "epochs", "asked"),
    [("pyramid", 3, 0.98), ("dropout_pyramid", 15, 0.991), ("lenet", 10, 0.60)],
)
def test_five_seeds_of_a_net_reach_what_the_lesson_asks_for(
    net: str, epochs: int, asked: float
) -> None:
    runs = seeds.kept(net)
    assert len(runs) >= 5
    assert {run.recipe["epochs"] for run in runs} == {epochs}
    assert sum(run.test_accuracy for run in runs) / len(runs) >= asked


def test_four_nets_that_are_compared_differ_in_their_remedies_only() -> None:
    runs = [run for arm in ARMS for run in seeds.kept(f"cats_dogs_{arm}")]
    others = [dict(run.recipe, make=None, augment=None) for run in runs]
    assert all(other == others[0] for other in others)
    assert {run.net: run.recipe["augment"] for run in runs} == {
        "cats_dogs_nothing": False,
        "cats_dogs_augmentation": True,
        "cats_dogs_regularisation": False,
        "cats_dogs_both": True,
    }
    assert sorted(run.seed for run in runs) == sorted([0, 1, 2] * len(ARMS))


def test_transfer_beats_scratch_by_more_than_two_standard_errors() -> None:
    better, scratch = seeds.kept("transfer_fine_tuned"), seeds.kept("transfer_scratch")
    assert [run.seed for run in better] == [run.seed for run in scratch]
    assert {run.recipe["per_class"] for run in better + scratch} == {200}
    pairs = zip(better, scratch, strict=True)
    gains = [run.test_accuracy - rival.test_accuracy for run, rival in pairs]
    assert len(gains) >= 5
    assert mean(gains) > 2 * stdev(gains) / len(gains) ** 0.5


def test_the_script_trains_no_seed_twice() -> None:
    """All five are kept, so it ends within seconds and prints the table."""
    script = [sys.executable, "benchmarks/seeds.py", "pyramid"]
    before = json.loads(seeds.KEPT.read_text())
    shown = subprocess.run(
        script, cwd=ROOT, capture_output=True, text=True, timeout=60
    ).stdout
    assert shown.count("kept already") == 5
    assert seeds.table(seeds.kept("pyramid")) in shown
    assert json.loads(seeds.KEPT.read_text()) == before
