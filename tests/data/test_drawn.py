"""The drawn stand-ins: what every picture depends on, and what it does not."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from course_utils.data import drawn
from course_utils.data.catalogue import CATALOGUE
from course_utils.errors import CourseError
from tests.conftest import ROOT

SMALL = {"mnist": 40, "fashion_mnist": 40, "cifar10": 40, "cats_vs_dogs": 8}

# SHA-256 of small sets. Where one changes, change drawn.VERSION, so that no machine
# goes on with the old pictures, and measure benchmarks/stand_ins.py again.
PINNED_VERSION = "2"
PINNED = {
    "mnist": "b537fe65947b3db5551a1f16cead19232daf0644bc8b8944c294cbe3a2302c1d",
    "fashion_mnist": "8bf7bea8d58d2b4895a3a863ad06a58cdbfde9e87a878de5386042e2345bf54d",
    "cifar10": "4e1034cbd4b5324882494da2318000a133467ddc770fbf3879948b03cbb538fb",
    "cats_vs_dogs": "c8e439c6601d3bcb2e883cde39f3eb571b0df15598c20beec48cad6d8fe1540e",
}


def small(name, **options):
    return drawn.draw(name, SMALL[name], SMALL[name] // 2, **options)


def digest(arrays):
    joined = b"".join(arrays[key].tobytes() for key in sorted(arrays))
    return hashlib.sha256(joined).hexdigest()


def test_the_four_sets_are_those_of_the_catalogue():
    assert tuple(CATALOGUE) == drawn.NAMES


@pytest.mark.parametrize("name", drawn.NAMES)
def test_counts_shapes_and_types_are_those_of_the_real_set(name):
    real = CATALOGUE[name]
    arrays = small(name)
    images, labels = arrays["x_train"], arrays["y_train"]
    assert images.shape == (SMALL[name], *real.image_shape)
    assert labels.shape == (SMALL[name],)
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.uint8)}
    kind = drawn._SETS[name]
    assert (kind.n_train, kind.n_test) == (real.n_train, real.n_test)
    assert kind.classes == len(real.classes)


@pytest.mark.parametrize("name", drawn.NAMES)
def test_every_kind_of_net_was_measured_to_beat_the_one_before(name):
    measured = json.loads((ROOT / "benchmarks" / "stand_ins.json").read_text())[name]
    assert measured["pictures"] == drawn.VERSION, "measure benchmarks/stand_ins.py"
    reached = defaultdict(list)
    for run in measured["runs"]:
        reached[run["arm"]].append(run["test"])
    kinds = "linear", "small MLP", "small CNN", "regularised CNN"
    for weaker, better in pairwise(kinds):
        assert max(reached[weaker]) < min(reached[better])
        assert len(reached[better]) >= 3


def test_the_small_net_overfits_the_drawn_pets_and_augmentation_helps():
    measured = json.loads((ROOT / "benchmarks" / "stand_ins.json").read_text())
    runs = measured["cats_vs_dogs"]["runs"]
    bare = [run for run in runs if run["arm"] == "small CNN, not augmented"]
    augmented = [run for run in runs if run["arm"] == "small CNN"]
    assert min(run["train"] - run["test"] for run in bare) > 10
    assert max(run["test"] for run in bare) < min(run["test"] for run in augmented)


@pytest.mark.parametrize("name", drawn.NAMES)
def test_the_pinned_pictures_are_drawn(name):
    assert (drawn.VERSION, digest(small(name))) == (PINNED_VERSION, PINNED[name])


@pytest.mark.parametrize("name", drawn.NAMES)
def test_a_processor_with_fewer_instructions_draws_the_same_bytes(name):
    code = (
        "import sys; sys.path.insert(0, 'tests/data')\n"
        "import test_drawn as t; "
        f"print(t.digest(t.small({name!r})))"
    )
    fewer = {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512_SKX X86_V3 X86_V4"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=os.environ | fewer | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(small(name))


@pytest.mark.parametrize("name", drawn.NAMES)
def test_a_small_set_is_the_beginning_of_a_large_one(name):
    few, more = small(name), drawn.draw(name, 2 * SMALL[name] + 3, SMALL[name])
    for key, array in few.items():
        np.testing.assert_array_equal(array, more[key][: len(array)])


@pytest.mark.parametrize("name", drawn.NAMES)
def test_the_block_size_changes_no_picture(name, monkeypatch):
    whole = digest(small(name))
    kind = drawn._SETS[name]._replace(block=7)
    monkeypatch.setitem(drawn._SETS, name, kind)
    assert digest(small(name)) == whole


def test_threads_that_draw_at_once_draw_the_same():
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(digest, pool.map(small, ["cifar10"] * 4)))) == 1


@pytest.mark.parametrize("name", drawn.NAMES)
def test_another_seed_draws_other_pictures(name):
    first, second = small(name, seed=0), small(name, seed=1)
    same = (first["x_train"] == second["x_train"]).reshape(SMALL[name], -1).all(axis=1)
    assert not same.any()


@pytest.mark.parametrize("name", drawn.NAMES)
def test_no_picture_comes_twice(name):
    arrays = drawn.draw(name, 10 * SMALL[name], 10 * SMALL[name])
    images = np.concatenate([arrays["x_train"], arrays["x_test"]])
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)


@pytest.mark.parametrize("name", drawn.NAMES)
def test_every_beginning_of_a_set_is_balanced(name):
    labels = drawn.draw(name, 10 * SMALL[name] + 1, 0)["y_train"]
    classes = len(CATALOGUE[name].classes)
    for n in range(classes, len(labels), 7):
        counts = np.bincount(labels[:n], minlength=classes)
        assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", drawn.NAMES)
def test_pictures_use_the_range_of_a_byte(name):
    images = small(name)["x_train"]
    assert images.min() < 10
    assert images.max() > 245
    spread = images.reshape(len(images), -1).std(axis=1)
    assert spread.min() > 5  # none is empty


def test_mean_colour_does_not_tell_cats_from_dogs():
    arrays = drawn.draw("cats_vs_dogs", 400, 0)
    colour = arrays["x_train"].mean(axis=(1, 2))
    cats, dogs = (colour[arrays["y_train"] == label] for label in (0, 1))
    error = np.sqrt(cats.var(axis=0) / len(cats) + dogs.var(axis=0) / len(dogs))
    assert (abs(cats.mean(axis=0) - dogs.mean(axis=0)) < 3 * error).all()


def test_sixty_thousand_digits_take_less_than_ten_seconds_of_one_core():
    start = time.process_time()
    drawn.draw("mnist", 6_000, 0)
    assert time.process_time() - start < 1.0


def test_an_unknown_set_is_refused_by_name():
    with pytest.raises(CourseError, match="no drawn set “mnits”; there are mnist, "):
        drawn.draw("mnits")


@pytest.mark.parametrize("bad", [{"n_train": -1}, {"n_test": -1}, {"seed": -1}])
def test_negative_numbers_are_refused(bad):
    with pytest.raises(CourseError, match="must not be negative"):
        drawn.draw("mnist", **{"n_train": 1, "n_test": 1} | bad)


def test_an_empty_set_can_be_drawn():
    assert drawn.draw("cifar10", 0, 0)["x_train"].shape == (0, 32, 32, 3)
