"""``checks.function``: what it says about a function that is not right."""

from __future__ import annotations

import logging
import sys
import warnings
from typing import Any

import numpy as np
import pytest

from course_utils.checks import function
from course_utils.conv import correlate2d
from tests.checks.failing import message_of

RNG = np.random.default_rng(0)
INPUTS = [
    (RNG.normal(size=(5, 7)), RNG.normal(size=(3, 2))),
    (RNG.normal(size=(6, 4)), RNG.normal(size=(2, 3))),
]


def complain(fn: Any, inputs: Any = INPUTS, **kwargs: Any) -> str:
    return message_of(function, fn, correlate2d, inputs, **kwargs)


def test_a_right_function_passes_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    function(correlate2d, correlate2d, INPUTS)
    assert capfd.readouterr() == ("", "")


def test_a_list_or_a_smaller_float_is_as_good_as_an_array() -> None:
    function(lambda *a: correlate2d(*a).tolist(), correlate2d, INPUTS)
    function(lambda *a: correlate2d(*a).astype(np.float32), correlate2d, INPUTS)


@pytest.mark.parametrize(
    ("mistake", "fn"),
    [
        ("flipped kernel", lambda p, k: correlate2d(p, k[::-1, ::-1])),
        ("kernel upside down", lambda p, k: correlate2d(p, k[::-1])),
        ("kernel back to front", lambda p, k: correlate2d(p, k[:, ::-1])),
        ("wrong sign", lambda p, k: -correlate2d(p, k)),
        ("signs lost", lambda p, k: abs(correlate2d(p, k))),
        ("negative values cut off", lambda p, k: np.maximum(correlate2d(p, k), 0)),
        ("mean instead of sum", lambda p, k: correlate2d(p, k) / k.size),
        ("integer dtype", lambda p, k: correlate2d(p, k).astype(int)),
        ("unnormalised", lambda p, k: 255 * correlate2d(p, k)),
        ("added constant", lambda p, k: correlate2d(p, k) + 0.5),
        ("not precise enough", lambda p, k: correlate2d(p, 0.9 * k + 0.01)),
        ("all zero", lambda p, k: 0 * correlate2d(p, k)),
        ("swapped axes", lambda p, k: correlate2d(p, k).T),
        ("off by one", lambda p, k: correlate2d(p, k)[:-1, :-1]),
        ("padded", lambda p, k: correlate2d(np.pad(p, ((1, 1), (1, 0))), k)[: len(p)]),
        ("flattened", lambda p, k: correlate2d(p, k).ravel()),
        ("extra axis", lambda p, k: correlate2d(p, k)[None]),
        ("returned None", lambda p, k: None),
        ("NaN", lambda p, k: correlate2d(p, k) * np.nan),
    ],
)
def test_a_mistake_is_called_by_its_name(mistake: str, fn: Any) -> None:
    inputs = [INPUTS[0]] if mistake == "padded" else INPUTS
    assert mistake in complain(fn, inputs)


def test_a_transposed_kernel_is_recognised_where_it_fits() -> None:
    inputs = [(RNG.normal(size=(6, 6)), RNG.normal(size=(3, 3)))]
    said = complain(lambda p, k: correlate2d(p, k.T), inputs)
    assert "swapped axes" in said
    assert "The kernel is transposed" in said


def test_pixels_that_wrap_round_are_recognised() -> None:
    pixels = RNG.integers(0, 256, size=(5, 5), dtype=np.uint8)
    inputs = [*INPUTS, (pixels, np.array([[1, -2], [3, 1]]))]
    said = complain(
        lambda p, k: (
            correlate2d(p, k).astype(int).astype(np.uint8)
            if p.dtype == np.uint8
            else correlate2d(p, k)
        ),
        inputs,
    )
    assert "uint8 overflow" in said
    assert "a 5×5 array of uint8" in said


def test_the_same_answer_for_every_input_looks_written_by_hand() -> None:
    square = [(RNG.normal(size=(4, 4)), RNG.normal(size=(2, 2))) for _ in range(2)]
    first = correlate2d(*square[0])
    said = complain(lambda p, k: first, square)
    assert "constant answer" in said


def test_a_mistake_is_not_named_unless_it_explains_every_answer() -> None:
    calls = iter([1.0, -1.0])
    said = complain(lambda p, k: -1 * next(calls) * correlate2d(p, k))
    assert "wrong values" in said
    assert "Likely mistake" not in said


def test_a_questions_own_mistake_comes_before_the_general_ones() -> None:
    own = {"upside down: turn it back": lambda p, k: correlate2d(p, k[::-1])}
    said = complain(lambda p, k: correlate2d(p, k[::-1]), mistakes=own)
    assert "Likely mistake: upside down. Turn it back." in said


def test_an_input_that_is_changed_is_noticed_and_stays_whole() -> None:
    image = np.ones((4, 4))

    def spoil(image: Any, kernel: Any) -> Any:
        answer = correlate2d(image, kernel)
        image[0, 0] = 7
        return answer

    said = complain(spoil, [(image, np.ones((2, 2)))])
    assert "changes its argument number 1" in said
    assert "modified its input" in said
    assert image[0, 0] == 1


def test_an_error_is_reported_with_its_input_and_not_as_a_traceback() -> None:
    def broken(image: Any, kernel: Any) -> Any:
        return image[99]

    said = complain(broken)
    assert said.startswith("Your function raises IndexError: index 99 is out of bounds")
    assert "a 5×7 array of float64, a 3×2 array of float64" in said
    assert "`return image[99]`" in said


class Unspeakable(Exception):
    """An error that fails even to say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("error", [Unspeakable(), ValueError("x" * 10_000)])
def test_an_error_of_any_kind_makes_a_short_message(error: Exception) -> None:
    def broken(image: Any, kernel: Any) -> Any:
        raise error

    said = complain(broken)
    assert said.startswith("Your function raises ")
    assert len(said) < 600


def test_an_input_with_nan_does_not_count_as_changed() -> None:
    function(lambda a: a.shape, [(2,)], [(np.array([np.nan, 1]),)])


def test_leaving_python_is_an_error_like_any_other() -> None:
    assert "raises SystemExit" in complain(lambda p, k: sys.exit())


def test_wrong_arguments_are_reported_too() -> None:
    assert "raises TypeError" in complain(lambda p: p)


def test_a_function_that_is_not_written_yet_is_no_error_but_a_hint() -> None:
    def later(image: Any, kernel: Any) -> Any:
        raise NotImplementedError

    assert "not written yet" in complain(later)


def test_a_wrong_first_answer_counts_more_than_a_later_error() -> None:
    def square_only(image: Any, kernel: Any) -> Any:
        if image.shape[0] != image.shape[1]:
            raise ValueError("not square")
        return -correlate2d(image, kernel)

    inputs = [(np.eye(4), np.ones((2, 2))), *INPUTS]
    assert "wrong sign" in complain(square_only, inputs)


def test_warnings_and_notes_on_stderr_cost_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def noisy(image: Any, kernel: Any) -> Any:
        warnings.warn("careful", stacklevel=1)
        print("note", file=sys.stderr)
        logging.getLogger("tensorflow").warning("retracing")
        np.float64(1) / np.float64(0)
        return correlate2d(image, kernel)

    function(noisy, correlate2d, INPUTS)
    assert capfd.readouterr().err == ""


class Agreeable(np.ndarray):
    """Claims to equal anything."""

    def __eq__(self, other: object) -> Any:
        return np.ones(self.shape, dtype=bool)

    def __sub__(self, other: object) -> Any:
        return np.zeros(self.shape)

    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
        return np.zeros(self.shape)


def test_an_answer_has_no_say_in_how_it_is_compared() -> None:
    said = complain(lambda p, k: np.zeros((3, 6)).view(Agreeable), INPUTS[:1])
    assert "all zero" in said


class Explosive:
    """Cannot be looked at without an error."""

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("no")

    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Explosive(), "an object of type Explosive"),
        ([[1, 2], [3]], "a list whose rows differ in length"),
        ("24", "'24'"),
        ({"a": 1}, "an object of type dict"),
        (np.array([[1j]]), "a 1×1 array of complex128"),
        (np.array([object()]), "a 1-element array of object"),
        (lambda: 1, "an object of type function"),
        (b"x" * 10_000, "an object of type bytes"),
        (3.5, "3.5"),
    ],
)
def test_an_answer_of_another_kind_is_named_and_refused(answer: Any, said: str) -> None:
    message = complain(lambda p, k: answer)
    assert f"Your function returns {said}, not an array of numbers." in message


def test_a_huge_answer_is_told_by_its_shape() -> None:
    huge = np.broadcast_to(np.float64(0), (10**6, 10**6))
    message = complain(lambda p, k: huge)
    assert "Yours:    1000000×1000000" in message
    assert len(message) < 500


def test_texts_are_compared_letter_by_letter() -> None:
    inputs = [(1,), (2,)]
    function(lambda n: ["", "a", "b"][n], ["a", "b"], inputs)
    said = message_of(function, lambda n: "a", ["a", "b"], inputs)
    assert "Expected: 'b'" in said
    assert "constant answer" in said
    said = message_of(function, lambda n: " A", ["a"], inputs[:1])
    assert "another spelling" in said
    said = message_of(function, lambda n: ["", "b", "a"][n], ["a", "b"], inputs)
    assert "names swapped" in said


def test_numbers_and_tuples_can_be_answers_too() -> None:
    function(lambda n: n + 1, lambda n: n + 1, [(3,), (4,)])
    function(lambda n: (n, n), lambda n: (n, n), [(3,)])
    assert "off by one" in message_of(function, lambda n: n, lambda n: n + 1, [(3,)])


def test_the_message_ends_with_where_to_read() -> None:
    said = complain(lambda p, k: None, read="“Filters”, chapter 1")
    assert said.endswith("Read: “Filters”, chapter 1.")
