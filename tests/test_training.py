"""Short trainings: a range of learning rates, and starting over without waiting."""

from typing import Any

import keras
import numpy as np
import pytest

from course_utils.conv import InvalidInput
from course_utils.training import rate_range_test, start_over


@pytest.fixture
def line() -> tuple[Any, Any]:
    """Numbers, and three times as much."""
    x = np.random.default_rng(0).normal(size=(640, 1)).astype("float32")
    return x, 3 * x


def net(optimizer: str = "sgd") -> keras.Model:
    keras.utils.set_random_seed(0)
    one = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    one.compile(optimizer, "mse")
    return one


def test_the_rates_grow_by_equal_factors_from_the_lowest_to_the_highest(
    line: tuple[Any, Any],
) -> None:
    rates, losses = rate_range_test(
        net(), *line, lowest=1e-4, highest=1e-2, steps=21, batch_size=30
    )
    assert len(rates) == len(losses) == 21
    assert (rates[0], rates[-1]) == pytest.approx((1e-4, 1e-2))
    assert np.allclose(rates[1:] / rates[:-1], 10**0.1)


def test_each_loss_is_that_of_its_own_batch(line: tuple[Any, Any]) -> None:
    one = net()
    slope = float(one.layers[0].kernel[0, 0])
    x = np.full((64, 1), 2.0, "float32")
    rates, losses = rate_range_test(
        one, x, 3 * x, lowest=0.01, highest=0.02, steps=3, batch_size=1
    )
    # By hand: one weight, one bias, every batch the same picture.
    bias, expected = 0.0, []
    for rate in rates:
        error = slope * 2 + bias - 6
        expected.append(error**2)
        slope, bias = slope - rate * 4 * error, bias - rate * 2 * error
    assert losses == pytest.approx(expected, rel=1e-4)


def test_the_test_ends_where_the_loss_runs_away(line: tuple[Any, Any]) -> None:
    rates, losses = rate_range_test(
        net(), *line, lowest=1e-3, highest=1e3, steps=80, batch_size=8
    )
    assert len(rates) == len(losses) < 80
    assert losses[-1] > 4 * losses[0]
    assert losses[:-1].max() <= 4 * losses[0]


def test_a_loss_that_is_no_number_ends_the_test(line: tuple[Any, Any]) -> None:
    x, y = line
    _, losses = rate_range_test(net(), np.full_like(x, np.nan), y, steps=9)
    assert len(losses) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lowest": 0}, "rates must grow from above 0; they go from 0 to 1"),
        ({"lowest": 0.1, "highest": 0.1}, "rates must grow"),
        ({"steps": 11}, "11 steps of 64 need 704 pictures.*there are 640"),
        ({"steps": 1}, "at least two steps"),
    ],
)
def test_what_makes_no_test_is_refused(
    line: tuple[Any, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        rate_range_test(net(), *line, **options)


def test_a_net_without_a_loss_is_refused(line: tuple[Any, Any]) -> None:
    bare = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    with pytest.raises(InvalidInput, match=r"call net\.compile first"):
        rate_range_test(bare, *line)


def weights_after(one: keras.Model, line: tuple[Any, Any]) -> list[Any]:
    one.fit(*line, batch_size=64, epochs=2, shuffle=False, verbose=0)
    return [weight.copy() for weight in one.get_weights()]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_starting_over_is_like_a_new_net(line: tuple[Any, Any], optimizer: str) -> None:
    one = net(optimizer)
    first = weights_after(one, line)
    again = weights_after(start_over(one, seed=0), line)
    other = weights_after(start_over(one, seed=1), line)
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(first, again, strict=True))
    assert not np.allclose(first[0], other[0])


def test_starting_over_keeps_the_learning_rate_and_forgets_the_metrics(
    line: tuple[Any, Any],
) -> None:
    one = net("adam")
    one.optimizer.learning_rate = 0.25
    one.train_on_batch(*line)
    start_over(one, seed=0)
    assert float(one.optimizer.learning_rate) == 0.25
    assert int(one.optimizer.iterations) == 0
    loss = one.evaluate(*line, verbose=0)
    assert one.train_on_batch(*line) == pytest.approx(loss, rel=1e-4)


def test_a_net_without_a_loss_cannot_start_over() -> None:
    bare = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    with pytest.raises(InvalidInput, match=r"call net\.compile first"):
        start_over(bare, seed=0)
