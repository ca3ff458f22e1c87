"""Every chapter runs, and its cells still give what the book shows."""

import os
import re
import resource
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course_utils import quick_kernel
from course_utils.publishing import chapters, execution, headlines, runs
from tests.conftest import ROOT

BOOK = ROOT / "book"
HERE = Path(__file__).parent
CHAPTERS = chapters.chapters(BOOK)
# A chapter in the quick kernel, in starts of TensorFlow just before and just after.
# On a quiet machine one takes 3.4 s of processor time, so that this is a minute there.
STARTS = 17

every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for JUPYTER_PATH that holds the quick kernel."""
    return quick_kernel.install(tmp_path_factory.mktemp("jupyter")).parent.parent


def compare(
    notebook: Path, kernels: Path, *, lax: bool = False, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a notebook through nbval in the quick kernel; lax compares no output."""
    outer = {name for name in os.environ if name.startswith("PYTEST_")}
    inherited = {k: v for k, v in os.environ.items() if k not in outer}
    paths = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "pytest", str(notebook)]
    command += ["--nbval-lax" if lax else "--nbval"]
    command += [f"--nbval-kernel-name={quick_kernel.NAME}"]
    command += ["--nbval-cell-timeout=60"]
    command += [f"--nbval-sanitize-with={HERE / 'sanitize.cfg'}"]
    command += ["-p", "compared", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["-o", "addopts=", "-c", os.devnull, f"--rootdir={notebook.parent}"]
    command += ["-q", "-rN", "--no-header", "--color=no"]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        env=inherited | {"JUPYTER_PATH": str(kernels), "PYTHONPATH": paths} | env,
    )


def report(done: subprocess.CompletedProcess[str]) -> str:
    """What nbval says of the cells that failed, without pytest's frame around it."""
    body = re.sub(r"^\.*F[.F]*\s+\[100%\]$", "", done.stdout, flags=re.M)
    return body + done.stderr


def processor_seconds() -> float:
    """What the child processes that have ended used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of_a_start() -> float:
    """Processor seconds that TensorFlow needs to start, as the machine is now."""
    used = processor_seconds()
    start = "from course_utils import session; session.start()"
    subprocess.run([sys.executable, "-c", start], check=True, capture_output=True)
    return processor_seconds() - used


@every_chapter
def test_a_chapter_runs_and_gives_what_the_book_shows(
    chapter: str, kernels: Path, request: pytest.FixtureRequest
) -> None:
    try:
        request.getfixturevalue("real_data")
        lax, env = False, {"COURSE_DATA": "file"}
    except pytest.skip.Exception as reason:
        told = f"{chapter} runs on stand-ins, no output is compared: {reason}"
        warnings.warn(told, stacklevel=1)
        lax, env = True, {"COURSE_DATA": "drawn"}
    before, used = seconds_of_a_start(), processor_seconds()
    done = compare(CHAPTERS[chapter], kernels, lax=lax, **env)
    took = processor_seconds() - used
    if done.returncode != 0:
        pytest.fail(
            f"{chapter} does not give what the book shows (below, what it shows stands "
            "left of ==, what it gives now right). If it should give that: "
            f".venv/bin/python -m course_utils.publishing {chapter} --force\n\n"
            f"{report(done)}",
            pytrace=False,
        )
    starts = took / ((before + seconds_of_a_start()) / 2)
    assert starts < STARTS, (
        f"in the quick kernel {chapter} takes {starts:.1f} times as long as TensorFlow "
        f"to start, more than {STARTS} times; say where it may do less"
    )


@every_chapter
def test_a_chapter_shows_one_full_run_from_top_to_bottom(chapter: str) -> None:
    cells = chapters.code_cells(chapters.read(CHAPTERS[chapter]))
    counts = [cell.execution_count for cell in cells]
    assert counts == list(range(1, len(cells) + 1)), f"publish {chapter}"
    for number, cell in enumerate(cells, start=1):
        if "raises-exception" not in cell.metadata.get("tags", []):
            kinds = [output.output_type for output in cell.outputs]
            assert "error" not in kinds, f"cell {number} shows an error"


@every_chapter
def test_a_chapters_outputs_come_from_its_present_code_and_real_pictures(
    chapter: str,
) -> None:
    notebook = chapters.read(CHAPTERS[chapter])
    record = runs.read(BOOK / "runs.json")
    remedy = f"run: .venv/bin/python -m course_utils.publishing {chapter}"
    assert chapter in record, f"no full run of {chapter} is on record; {remedy}"
    run = record[chapter]
    assert run.cells == chapters.fingerprint(notebook), f"the code is newer; {remedy}"
    assert list(run.data_source) == chapters.image_sets(notebook), remedy
    assert set(run.data_source.values()) <= {"file", "download"}


def test_the_record_holds_no_chapter_that_is_gone() -> None:
    assert set(runs.read(BOOK / "runs.json")) == set(CHAPTERS)


def test_the_results_are_those_that_the_chapters_show() -> None:
    on_record = headlines.read(BOOK / "results.json")
    record = runs.read(BOOK / "runs.json")
    for chapter, run in record.items():
        shown, _ = headlines.collect(chapters.read(CHAPTERS[chapter]), run)
        assert on_record.pop(chapter, []) == shown, f"publish {chapter}"
    assert not on_record, "results of chapters that are gone"


FIGURE = """import matplotlib.pyplot as plt
%config InlineBackend.figure_formats = ["svg"]
_ = plt.plot([1, 2])"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small chapter with the outputs that its cells really give."""
    random = new_code_cell("import random\nrandom.random()")
    random.metadata["tags"] = ["nbval-ignore-output"]
    sources = ["print('sum', 1 + 2)", "{'a': 1}", "print(7)", "object()", FIGURE]
    cells = [*map(new_code_cell, sources), random, new_code_cell("1 / 1")]
    path = tmp_path_factory.mktemp("chapter") / "01_small.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    ran = chapters.read(path)
    execution.execute(ran, path.parent)
    chapters.store_outputs(path, ran)
    return path


@pytest.fixture
def drifted(published: Path, tmp_path: Path) -> Path:
    """The same chapter, of which four cells no longer give what is stored."""
    notebook = chapters.read(published)
    printed, result, silent, *_, raising = notebook.cells
    printed.outputs[0].text = "sum 4\n"
    result.outputs[0].data["text/plain"] = "{'a': 2}"
    silent.outputs = []
    raising.source = "1 / 0"
    nbformat.write(notebook, tmp_path / published.name)
    return tmp_path / published.name


def test_addresses_vector_pictures_and_marked_cells_may_differ(
    published: Path, kernels: Path
) -> None:
    done = compare(published, kernels)
    assert done.returncode == 0, report(done)
    assert "7 passed" in done.stdout


def test_every_output_that_differs_from_the_stored_one_is_found_and_shown(
    drifted: Path, kernels: Path
) -> None:
    done = compare(drifted, kernels)
    assert done.returncode == 1
    for cell in (1, 2, 3):
        assert f"Cell {cell}: Cell outputs differ" in done.stdout
    assert "Cell 7: Cell execution caused an exception" in done.stdout
    for shown in ("sum 4", "{'a': 2}", "ZeroDivisionError"):
        assert shown in report(done)
    assert "4 failed, 3 passed" in done.stdout


def test_on_stand_ins_only_a_cell_that_raises_is_a_failure(
    drifted: Path, kernels: Path
) -> None:
    done = compare(drifted, kernels, lax=True)
    assert "1 failed, 6 passed" in done.stdout
    assert "ZeroDivisionError" in done.stdout


def test_training_runs_short_and_is_not_compared(tmp_path: Path, kernels: Path) -> None:
    setup = (
        "import keras\nimport numpy as np\n\n"
        "x = np.zeros((64, 3), 'float32')\n"
        "net = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])\n"
        "net.compile('sgd', 'mse')\n"
        "print(net.count_params())"
    )
    train = "history = net.fit(x, x[:, :1], batch_size=4, epochs=10**6)"
    cells = [new_code_cell(setup), new_code_cell(train)]
    cells[0].outputs = [new_output("stream", text="4\n")]
    cells[1].outputs = [new_output("stream", text="as published")]
    cells[1].metadata["tags"] = ["nbval-ignore-output"]
    for count, cell in enumerate(cells, start=1):
        cell.execution_count = count
    path = tmp_path / "01_training.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    done = compare(path, kernels)
    assert done.returncode == 0, report(done)
