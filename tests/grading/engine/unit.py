"""The assignment that honest and other students hand in here: two questions."""

from course_utils.grading.engine.grader import grade
from course_utils.grading.engine.jobs import Job
from course_utils.grading.engine.verdicts import Result
from course_utils.grading.engine.warm import Nursery
from tests.grading.engine.cells import check, context, job, solution

SECRET = "xyzzy-4711"  # stands in the hidden tests and nowhere else

DOUBLE = """
def double(x):
    return 2 * x
"""
WRONG_DOUBLE = """
def double(x):
    return x
"""
MEAN = """
def mean(values):
    return sum(values) / len(values)
"""

IMPORTS = context("import numpy as np\n%matplotlib inline")
TEST_DOUBLE = check(
    "test_double",
    f"""
    x = np.arange(1.0, 7.0).reshape(2, 3)
    expected_secret = "{SECRET}"
    y = double(x)
    assert isinstance(y, np.ndarray), "double returns an array."
    assert y.shape == (2, 3), f"double changes the shape to {{y.shape}}."
    np.testing.assert_allclose(y, [[2, 4, 6], [8, 10, 12]])
    assert np.allclose(double(np.ones(3)), 2), "double(1) is 2."
    assert double(21) == 42, "double(21) is 42."
    """,
    points=2.0,
)
TEST_MEAN = check(
    "test_mean",
    f"""
    hidden_secret = "{SECRET}"
    assert abs(mean([1, 2, 6]) - 3) < 1e-9, "mean([1, 2, 6]) is 3."
    assert abs(mean(np.array([0.5, 1.5])) - 1) < 1e-9, "mean([0.5, 1.5]) is 1."
    """,
    points=3.0,
)


def submission(double: str = DOUBLE, mean: str = MEAN, **fields: object) -> Job:
    """A submission of the assignment."""
    return job(
        IMPORTS,
        solution(DOUBLE, double),
        TEST_DOUBLE,
        solution(MEAN, mean),
        TEST_MEAN,
        **fields,
    )


def points(double: str, mean: str, nursery: Nursery) -> tuple[float | None, ...]:
    """Points of both questions."""
    return tuple(verdict.points for verdict in marked(double, mean, nursery).verdicts)


def marked(double: str, mean: str, nursery: Nursery) -> Result:
    """The result of a submission."""
    return grade(submission(double, mean), nursery)
