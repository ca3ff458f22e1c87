"""Widths, colours and defaults that all figures of the course share."""

from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler

WIDTH = 6.4
"""Width of the widest figure in inches."""

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Colours of M. Okabe and K. Ito, "Color Universal Design" (2008)."""

SIGNED, POSITIVE = "RdBu_r", "viridis"

STYLE: dict[str, Any] = {
    # White and opaque: the same picture on a light page, on the white card that the
    # book's dark theme puts behind images, in a notebook and in print.
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.figsize": (WIDTH, 3.6),
    "figure.dpi": 144,
    "figure.constrained_layout.use": True,
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "legend.fontsize": 11,
    "legend.frameon": False,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=PALETTE),
    "lines.linewidth": 2,
    "image.interpolation": "nearest",
    "image.cmap": POSITIVE,
}


def use_style() -> None:
    """Set matplotlib's defaults for the figures of the course.

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["figure.facecolor"]
    'white'
    """
    plt.style.use(STYLE)
