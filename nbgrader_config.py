"""nbgrader's settings for this course: where things lie and what is never released."""

import os
from pathlib import Path

c = get_config()

# nbgrader needs an absolute path here: it changes its working directory.
root = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "convolutional-neural-networks"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# Grades on the drawn stand-ins have a gradebook and folders of their own: a grade that
# was not earned on the real pictures must never be taken for one that was.
kind = "-drawn" if os.environ.get("COURSE_DATA") == "drawn" else ""
c.CourseDirectory.db_url = f"sqlite:///{root / f'gradebook{kind}.db'}"
c.CourseDirectory.autograded_directory = f"autograded{kind}"
c.CourseDirectory.feedback_directory = f"feedback{kind}"

# A paired .py file holds the solutions as plain text.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "*.py",
    "*.nbconvert.ipynb",
    "feedback",
    ".*",
]

# Importing TensorFlow can take a minute on a busy machine; past its 30 seconds nbgrader
# drops the whole submission.
c.Execute.timeout = 180
