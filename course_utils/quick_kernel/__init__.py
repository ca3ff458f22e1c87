"""A Jupyter kernel in which training is cut short, so that a chapter runs in seconds.

``python -m course_utils.quick_kernel`` installs it as ``course-quick`` beside the other
kernels of this Python. A notebook run in it gives the same results as in the plain
kernel up to its first :meth:`keras.Model.fit`; what is trained there gets `EPOCHS`
epochs of `STEPS` steps at most. The notebook itself shows nothing of it.
"""

import json
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

NAME = "course-quick"

# Jupyter puts the path of its own Python in the place of "python", so that the file
# names no folder of this machine. -P keeps a file that lies beside a notebook from
# being imported in the place of a library.
_SPEC = {
    "argv": [
        "python",
        "-P",
        "-m",
        "course_utils.quick_kernel.start",
        "-f",
        "{connection_file}",
    ],
    "display_name": "Python 3 (quick: training is cut short)",
    "language": "python",
}


def install(prefix: str | Path | None = None) -> Path:
    """Install the kernel, in the place of an older one if there is one.

    Parameters
    ----------
    prefix : folder that gets ``share/jupyter/kernels/course-quick``; this Python's own
        (its virtual environment) if None.

    Returns
    -------
    The folder that now holds ``kernel.json``.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(_SPEC, indent=1) + "\n")
        installed = KernelSpecManager().install_kernel_spec(
            folder, NAME, prefix=str(prefix or sys.prefix)
        )
    return Path(installed)
