"""What the test cells of an assignment call.

Every check says nothing if the answer is right. If not, it raises an ``AssertionError``
whose message tells what was expected, what came, the likely mistake by name, and where
to read about it.
"""

from course_utils.checks.accuracy import accuracy
from course_utils.checks.architecture import architecture
from course_utils.checks.confusion import confusion_matrix
from course_utils.checks.failure import CheckFailed
from course_utils.checks.figures import figure
from course_utils.checks.functions import function
from course_utils.checks.losses import loss_matches_head
from course_utils.checks.nets import built
from course_utils.checks.parameters import parameters
from course_utils.checks.pipeline import answered, pipeline
from course_utils.checks.probabilities import probabilities
from course_utils.checks.training import balanced, no_leakage, training
from course_utils.checks.values import array, larger, shape, value

__all__ = [
    "CheckFailed",
    "accuracy",
    "answered",
    "architecture",
    "array",
    "balanced",
    "built",
    "confusion_matrix",
    "figure",
    "function",
    "larger",
    "loss_matches_head",
    "no_leakage",
    "parameters",
    "pipeline",
    "probabilities",
    "shape",
    "training",
    "value",
]
