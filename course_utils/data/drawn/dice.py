"""Random numbers that belong to a picture, not to the order of drawing.

Picture ``i`` of a set always gets the same numbers, however many pictures are drawn and
however they are cut into blocks. Philox is made for that: its state is a counter, so
that the numbers of picture ``i`` can be reached without making those before it.

J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

Field = NDArray[np.floating]
"""Numbers per pixel or per picture; float32 throughout."""
Mask = NDArray[np.bool_]

NUMBERS_PER_PICTURE = 1024
_DRAWS_PER_STEP = 4  # one step of Philox's counter makes four 64-bit draws


def _philox(seed: int, stream: str, draws_before: int) -> Philox:
    tag = int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little")
    key = np.array([seed, tag], dtype=np.uint64)
    return Philox(key=key, counter=[draws_before // _DRAWS_PER_STEP, 0, 0, 0])


def shuffled_labels(n: int, classes: int, seed: int, stream: str) -> NDArray[np.uint8]:
    """Labels in random order, each class once in every group of ``classes``.

    Every beginning of the sequence is balanced, and a shorter one is the beginning of
    a longer one.
    """
    groups = -(-n // classes)
    keys = Generator(_philox(seed, stream + "/order", 0)).random((groups, classes))
    return np.argsort(keys, axis=1).astype(np.uint8).reshape(-1)[:n]


def grain(
    seed: int, stream: str, start: int, stop: int, pixels: int
) -> NDArray[np.int16]:
    """Camera noise of pictures ``start`` to ``stop``: shape (n, pixels), −255 to 255.

    The difference of two random bytes: a triangular distribution with a standard
    deviation of 104.5. Integers, so that no rounding is involved.
    """
    draws = -(-2 * pixels // 8)
    draws += -draws % _DRAWS_PER_STEP
    raw = _philox(seed, stream + "/grain", start * draws).random_raw(
        (stop - start) * draws
    )
    pairs = raw.astype("<u8", copy=False).view(np.uint8).reshape(stop - start, -1)
    first, second = pairs[:, :pixels], pairs[:, pixels : 2 * pixels]
    return first.astype(np.int16) - second


class Dice:
    """Numbers for ``n`` pictures; every throw takes the next ones of each picture.

    Throws have shape (n, 1, 1), ready to be combined with images of (n, height, width).
    """

    def __init__(self, numbers: NDArray[np.float64], used: int = 0) -> None:
        self._numbers = numbers
        self._used = used

    @classmethod
    def of_pictures(cls, seed: int, stream: str, start: int, stop: int) -> Dice:
        """The dice of the pictures ``start`` to ``stop`` of a set."""
        bits = _philox(seed, stream, start * NUMBERS_PER_PICTURE)
        return cls(Generator(bits).random((stop - start, NUMBERS_PER_PICTURE)))

    def __len__(self) -> int:
        return len(self._numbers)

    def pick(self, rows: NDArray[np.intp]) -> Dice:
        """The dice of some of the pictures, as far as they have been thrown."""
        return Dice(self._numbers[rows], self._used)

    def _take(self, count: int) -> NDArray[np.float64]:
        taken = self._numbers[:, self._used : self._used + count]
        self._used += count
        return taken

    def uniform(self, low: float, high: float) -> Field:
        """Anything between ``low`` and ``high``, shape (n, 1, 1)."""
        return self.uniforms(1, low, high)[:, :, None]

    def uniforms(self, count: int, low: float, high: float) -> Field:
        """``count`` uniform numbers for each picture, shape (n, count)."""
        return (low + (high - low) * self._take(count)).astype(np.float32)

    def spread(self, scale: float, count: int = 1) -> Field:
        """Mostly near 0, standard deviation ``scale``, shape (n, count, 1).

        The sum of three uniform numbers: bell-shaped, and no logarithm, whose last
        digit would depend on the processor.
        """
        numbers = self._take(3 * count)
        three = numbers[:, :count] + numbers[:, count : 2 * count]
        three = three + numbers[:, 2 * count :]
        return (2 * scale * (three - 1.5)).astype(np.float32)[:, :, None]

    def chance(self, probability: float) -> Mask:
        """True with the given probability, shape (n, 1, 1)."""
        return (self._take(1) < probability)[:, :, None]

    def choice(self, count: int) -> NDArray[np.intp]:
        """A whole number from 0 to ``count`` − 1, shape (n,)."""
        return (self._take(1)[:, 0] * count).astype(np.intp)

    def either(self, probability: float, yes: float, no: float) -> Field:
        """``yes`` with the given probability, else ``no``, shape (n, 1, 1)."""
        return np.where(self.chance(probability), np.float32(yes), np.float32(no))
