"""Shared code of the course: data, reference convolutions, nets, figures, checks.

Importing the package itself loads nothing heavy; each module imports Keras only if it
needs it.
"""

from importlib.metadata import version

__version__ = version("course-utils")
