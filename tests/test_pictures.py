"""The drawn letters and the zebra."""

import numpy as np
import pytest

from course_utils.pictures import x_and_o, zebra


@pytest.mark.parametrize("size", [5, 6, 9])
def test_an_x_has_both_diagonals_and_an_o_none(size: int) -> None:
    x, o = x_and_o(size)
    assert x.shape == o.shape == (size, size)
    assert x.sum() == 2 * size - size % 2
    assert (np.diag(x) == 1).all()
    assert (np.diag(x[::-1]) == 1).all()
    assert np.diag(o).sum() == np.diag(o[::-1]).sum() == 0


def test_letters_look_the_same_from_all_four_sides() -> None:
    for letter in x_and_o():
        np.testing.assert_array_equal(letter, np.rot90(letter))


def test_a_letter_needs_room() -> None:
    with pytest.raises(ValueError, match="at least 5 pixels a side, not 4"):
        x_and_o(4)


def test_the_same_zebra_is_drawn_twice_and_another_seed_draws_another() -> None:
    np.testing.assert_array_equal(zebra(32, seed=1), zebra(32, seed=1))
    assert np.abs(zebra(32, seed=1) - zebra(32, seed=2)).max() > 0.5


def test_a_quarter_turn_turns_the_picture_counter_clockwise() -> None:
    np.testing.assert_allclose(zebra(48, angle=90), np.rot90(zebra(48)), atol=1e-6)


def test_black_white_and_the_grey_plain_are_all_there() -> None:
    picture = zebra(96)
    assert picture.dtype == np.float32
    assert 0 <= picture.min() < 0.1
    assert 0.9 < picture.max() <= 1
    assert 0.5 < picture[0, 0] < 0.8


def test_a_zebra_needs_room() -> None:
    with pytest.raises(ValueError, match="at least 16 pixels a side, not 15"):
        zebra(15)
