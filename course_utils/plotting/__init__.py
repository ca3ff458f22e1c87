"""Figures of the course. Every function returns its Axes; none calls ``plt.show``.

Colours carry the same meaning everywhere and survive colour blindness: grey for
pictures, red–white–blue for signed numbers with white at zero, viridis for numbers that
cannot be negative, the Okabe–Ito palette for curves. Figures are drawn on white, at
most `WIDTH` inches wide, so that their text stays readable on a telephone.
"""

from course_utils.plotting.answers import (
    gallery,
    plot_confused_pairs,
    plot_confusion_matrix,
)
from course_utils.plotting.filters import (
    plot_convolution,
    plot_feature_maps,
    plot_filters,
)
from course_utils.plotting.history import plot_history
from course_utils.plotting.pictures import show_images, show_rows
from course_utils.plotting.reliability import plot_reliability
from course_utils.plotting.style import PALETTE, WIDTH, use_style

__all__ = [
    "PALETTE",
    "WIDTH",
    "gallery",
    "plot_confused_pairs",
    "plot_confusion_matrix",
    "plot_convolution",
    "plot_feature_maps",
    "plot_filters",
    "plot_history",
    "plot_reliability",
    "show_images",
    "show_rows",
    "use_style",
]
