"""Trainings that assignments ask for, one module for each assignment.

A module has a dictionary `QUESTIONS`: by name, what `thresholds.py` is to measure. Its
recipes use nothing but what is in the module, so that a change to it is noticed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.data import Dataset


@dataclass(frozen=True)
class Question:
    """One question, and how it may be answered.

    Parameters
    ----------
    dataset : the image set, by name.
    judged : takes from it what the question's test shows the net: pictures, labels.
    recipes : by name, of which one is "reference", what trains a net on the set. Keras
        has been seeded when it is called.
    """

    dataset: str
    judged: Callable[[Dataset], tuple[Any, Any]]
    recipes: Mapping[str, Callable[[Dataset], Any]]
