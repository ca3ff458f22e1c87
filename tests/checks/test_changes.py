"""Pictures changed by hand: each mistake is caught and called by its name."""

from __future__ import annotations

from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from course_utils import augmentation
from course_utils.checks import changes
from course_utils.checks.partitions import families_apart
from course_utils.probes import shift_images
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise, spoken

RNG = np.random.default_rng(0)
PICTURES = 0.1 + RNG.random((4, 8, 10, 3))
LABELS = np.eye(4)
PARTNERS, WEIGHTS = np.array([3, 2, 0, 1]), np.array([0.9, 0.6, 0.2, 0.35])
BOXES = np.array([[0, 7, 1, 9], [-2, 3, 4, 8], [4, 12, -3, 2], [2, 5, 1, 6]])


def test_every_wrong_mirror_is_called_by_its_name() -> None:
    calls = [(PICTURES, np.array([True, False, True, True]))]
    assert not called_otherwise(changes.mirror_mistakes(), changes.mirror, calls)


def test_every_wrong_shift_is_called_by_its_name() -> None:
    calls = [(PICTURES, 2, 1), (PICTURES, -1, -3)]
    assert not called_otherwise(changes.shift_mistakes(), shift_images, calls)


def test_every_wrong_cutout_is_called_by_its_name() -> None:
    tops, lefts = np.array([-2, 3, 6, -1]), np.array([4, -1, 8, -2])
    calls = [(PICTURES, tops, lefts, 4), (PICTURES, tops + 1, lefts, 5)]
    assert not called_otherwise(changes.cutout_mistakes(), changes.cutout, calls)


@pytest.mark.parametrize("part", [changes.PICTURES, changes.LABELS])
def test_every_wrong_mixture_is_called_by_its_name(part: int) -> None:
    for mistakes, right, how in (
        (changes.blend_mistakes(part), augmentation.blend, WEIGHTS),
        (changes.paste_mistakes(part), augmentation.paste, BOXES),
    ):
        arguments = (PICTURES, LABELS, PARTNERS, how)
        for mistake, wrong in mistakes.items():

            def answer(*given: Any, wrong: Any = wrong, right: Any = right) -> Any:
                pair = list(right(*given)[:2])
                pair[part] = wrong(*given)
                return tuple(pair)

            said = message_of(
                changes.mixed, answer, right, [arguments], part=part, mistakes=mistakes
            )
            assert spoken(mistake) in said


def test_a_pair_is_asked_for() -> None:
    arguments = (PICTURES, LABELS, PARTNERS, WEIGHTS)
    said = message_of(
        changes.mixed,
        lambda *given: given[0],
        augmentation.blend,
        [arguments],
        part=changes.LABELS,
        mistakes={},
    )
    assert "not pictures and labels" in said


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (lambda p: p.tobytes(), "mirror image forgotten"),
        (lambda p: int(p.sum()), "too coarse"),
        (lambda p: (p.astype(int) + p[:, ::-1]).tobytes(), "too coarse"),
        (lambda p: p, "not bytes or a text"),
    ],
)
def test_a_key_is_one_for_a_picture_and_its_mirror_image_only(
    key: Any, words: str
) -> None:
    images = RNG.integers(0, 256, (2, 5, 6, 3)).astype("uint8")
    changes.same_family(lambda p: min(p.tobytes(), p[:, ::-1].tobytes()), images)
    assert words in message_of(changes.same_family, key, images)


def test_a_split_that_tears_a_family_apart_is_told_so() -> None:
    keys = np.arange(40) // 2

    def rows(keys: Any, y: Any, share: float, seed: int) -> Any:
        order = np.random.default_rng(seed).permutation(len(y))
        return order[10:], order[:10]

    said = message_of(families_apart, rows, keys, keys % 2, 0.25, seed=0)
    assert "families torn apart" in said


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            [layers.RandomRotation((-30, 30)), layers.RandomBrightness(0.2)],
            "another range of pixels",
        ),
        (
            [
                layers.RandomRotation(0.5),
                layers.RandomBrightness(0.2, value_range=(0, 1)),
            ],
            "degrees for turns",
        ),
        ([layers.RandomRotation(30 / 360)], "brightness as it was"),
    ],
)
def test_changes_in_another_unit_are_told_so(parts: Any, words: str) -> None:
    net = keras.Sequential(parts)
    assert words in message_of(changes.small_changes, net, degrees=30, brightness=0.2)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([layers.RandomFlip("horizontal")], ""),
        ([keras.Sequential([layers.RandomRotation(0.1)])], ""),
        ([layers.Dropout(0.5)], "augmentation outside the net"),
        ([layers.RandomTranslation(0, 0)], "nothing changed"),
    ],
)
def test_a_net_has_layers_that_change_its_pictures(parts: Any, words: str) -> None:
    x = RNG.random((20, 8, 8, 3), "float32")
    net = keras.Sequential([keras.Input((8, 8, 3)), *parts, layers.Flatten()])
    if words:
        assert words in message_of(changes.augments, net, x)
    else:
        changes.augments(net, x)


def test_a_net_that_is_none_is_no_net_without_augmentation() -> None:
    x = RNG.random((2, 8, 8, 3), "float32")
    said = message_of(changes.augments, keras.callbacks.History(), x, name="own")
    assert "`own` holds what `fit` returns" in said


def sets(x: Any, y: Any, x_val: Any, y_val: Any, change: Any, both: bool) -> Any:
    """Data sets of which the first is changed, or both are."""

    def changed(pictures: Any, labels: Any) -> Any:
        return change(pictures, training=True), labels

    train = tf.data.Dataset.from_tensor_slices((x, y)).batch(16).map(changed)
    val = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(16)
    return train, val.map(changed) if both else val


@pytest.mark.parametrize(
    ("change", "make", "words"),
    [
        (layers.RandomRotation(0.1), {"both": False}, ""),
        (layers.RandomRotation(0.1), {"both": True}, "augmented validation"),
        (layers.Identity(), {"both": False}, "no augmentation"),
    ],
)
def test_only_training_pictures_are_changed(
    change: Any, make: dict[str, bool], words: str
) -> None:
    light = np.tile([0, 1, 1], 16)
    x = (0.2 * RNG.random((48, 8, 8, 3)) + 0.8 * light[:, None, None, None]).astype("f")
    answer = partial(sets, change=change, **make)
    if words:
        assert words in message_of(changes.training_only, answer, x, light)
    else:
        changes.training_only(answer, x, light)


def test_a_set_without_end_is_told_so() -> None:
    light = np.tile([0, 1], 16)
    x = (0.2 * RNG.random((32, 8, 8, 3)) + 0.8 * light[:, None, None, None]).astype("f")

    def answer(*given: Any) -> Any:
        train, val = sets(*given, change=layers.RandomRotation(0.1), both=False)
        return train.take(1).repeat(3), val

    said = message_of(changes.training_only, answer, x, light)
    assert "loses or repeats pictures" in said
