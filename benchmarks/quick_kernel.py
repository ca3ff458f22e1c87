"""How long every chapter takes in the quick kernel, which cuts training short.

    python benchmarks/quick_kernel.py [chapter …]

Prints processor seconds, and those that passed. A chapter should stay under 60.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from nbclient import NotebookClient

from course_utils import quick_kernel
from course_utils.publishing import chapters

BOOK = Path(__file__).resolve().parents[1] / "book"


def processor_seconds() -> float:
    """What the kernels that have ended used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Run and print."""
    every = chapters.chapters(BOOK)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", default=list(every), choices=list(every))
    print(f"load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        kernels = quick_kernel.install(Path(folder))
        os.environ["JUPYTER_PATH"] = str(kernels.parent.parent)
        for chapter in parser.parse_args().chapters:
            notebook = chapters.read(every[chapter])
            began, used = time.perf_counter(), processor_seconds()
            where = {"metadata": {"path": str(BOOK)}}
            name = quick_kernel.NAME
            NotebookClient(notebook, kernel_name=name, resources=where).execute()
            wall, cpu = time.perf_counter() - began, processor_seconds() - used
            print(
                f"{chapter}: {cpu:.0f} s of processor time in {wall:.0f} s", flush=True
            )


if __name__ == "__main__":
    main()
