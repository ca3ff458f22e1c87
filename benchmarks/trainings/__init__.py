"""How the book's nets are trained, for trying them from several seeds.

One module for each kind of pictures, each with a dictionary `RECIPES`, by the name that
the kept runs have, and `TRIES`: recipes that were candidates.
"""

from typing import Any, Protocol


class Recipe(Protocol):
    """What `seeds.py` needs to know of a training."""

    dataset: str

    def as_json(self) -> dict[str, Any]:
        """What was chosen, without what was left out."""

    def train(self, name: str, seed: int) -> tuple[Any, float, float]:
        """Train: the net, its seconds, its validation accuracy. Keras is seeded."""

    def test(self, net: Any) -> float:
        """Share of the test pictures that a net names rightly."""


def scaled(images: Any) -> Any:
    """Pictures as a net takes them: float32 from 0 to 1, with an axis for channels."""
    images = images.astype("float32") / 255
    return images if images.ndim == 4 else images[..., None]
