"""Publishing runs a chapter in full and stores what came out, or changes nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
)

from course_utils.errors import CourseError
from course_utils.publishing import chapters, execution, headlines, runs
from course_utils.publishing.__main__ import publish
from course_utils.publishing.files import replace_text
from course_utils.results import MIME

NAME = "01_small"


def code(source: str, **metadata: Any) -> NotebookNode:
    return new_code_cell(source, metadata=metadata)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for chapters, and cores that a run may narrow down."""
    if hasattr(os, "sched_setaffinity"):
        monkeypatch.setattr(os, "sched_setaffinity", lambda pid, cores: None)
    return tmp_path


def write(book: Path, *cells: NotebookNode, name: str = NAME) -> Path:
    path = book / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def stored(path: Path) -> list[NotebookNode]:
    """The cells that the file holds now."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


def run_command(book: Path, *arguments: str, **env: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "course_utils.publishing", "--book", ".", *arguments],
        cwd=book,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_chapter_gets_the_outputs_and_counts_of_a_fresh_run(book: Path) -> None:
    path = write(book, new_markdown_cell("# Sum"), code("x = 6"), code("x * 7"))
    publish(book, [])
    text, first, second = stored(path)
    assert text.source == "# Sum"
    assert (first.execution_count, second.execution_count) == (1, 2)
    assert second.outputs[0].data["text/plain"] == "42"


def test_publishing_again_with_force_changes_no_byte_of_the_chapter(book: Path) -> None:
    path = write(book, code("print('a')\nprint('b')"), code(""), code("1 + 1"))
    publish(book, [])
    before = path.read_bytes()
    publish(book, [], force=True)
    assert path.read_bytes() == before


def test_the_record_says_what_the_run_cost_and_on_what(book: Path) -> None:
    write(book, code("import time\nblock = bytearray(300_000_000)\ntime.sleep(0.5)"))
    publish(book, [])
    run = runs.read(book / "runs.json")[NAME]
    assert 0.5 <= run.seconds < 10
    assert 300 <= run.peak_mb < 600
    assert run.machine["cores"] == len(os.sched_getaffinity(0))
    assert set(run.versions) == {"keras", "matplotlib", "numpy", "python", "tensorflow"}
    assert run.data_source == {}


def test_the_memory_of_child_processes_counts(book: Path) -> None:
    child = "import time; block = bytearray(200_000_000); time.sleep(1)"
    cell = (
        f"import subprocess, sys\n_ = subprocess.run([sys.executable, '-c', {child!r}])"
    )
    notebook = nbformat.read(write(book, code(cell)), as_version=4)
    assert execution.execute(notebook, book).peak_bytes > 250_000_000


def test_the_record_is_sorted_and_keeps_the_other_chapters(book: Path) -> None:
    write(book, code("2"), name="02_later")
    write(book, code("1"))
    publish(book, ["02"])
    later = runs.read(book / "runs.json")["02_later"]
    publish(book, ["01"])
    assert list(json.loads((book / "runs.json").read_text())) == [NAME, "02_later"]
    assert runs.read(book / "runs.json")["02_later"] == later


def test_an_unchanged_chapter_is_not_run_again(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, code("open('ran', 'a').write('x');"))
    publish(book, [])
    publish(book, [])
    assert (book / "ran").read_text() == "x"
    assert f"{NAME}: unchanged" in capsys.readouterr().out
    publish(book, [], force=True)
    assert (book / "ran").read_text() == "xx"


def test_new_prose_asks_for_no_new_run_but_new_code_and_new_tags_do() -> None:
    cells = [new_markdown_cell("before"), code("1")]
    before = chapters.fingerprint(new_notebook(cells=cells))
    cells[0].source = "after"
    assert chapters.fingerprint(new_notebook(cells=cells)) == before
    cells[1].metadata["tags"] = ["nbval-ignore-output"]
    tagged = chapters.fingerprint(new_notebook(cells=cells))
    cells[1].source = "2"
    assert len({before, tagged, chapters.fingerprint(new_notebook(cells=cells))}) == 3


def test_other_versions_of_the_libraries_ask_for_a_new_run() -> None:
    versions = runs.versions()
    run = runs.Run("abc", {}, "2026-01-01", {}, 1, 1.0, versions)
    assert run.repeats("abc", versions)
    assert not run.repeats("abc", versions | {"keras": "4.0"})


def test_a_chapter_that_fails_stays_as_it_was(book: Path) -> None:
    path = write(book, code("print('new')"), code("1 / 0"))
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"01_small: Cell 2 raised ZeroDivisionError"):
        publish(book, [])
    assert path.read_bytes() == before
    assert list(book.iterdir()) == [path]


def test_the_chapters_before_a_failure_are_kept(book: Path) -> None:
    first = write(book, code("1 + 1"))
    write(book, code("1 / 0"), name="02_broken")
    with pytest.raises(CourseError, match="02_broken"):
        publish(book, [])
    assert stored(first)[0].outputs
    assert list(runs.read(book / "runs.json")) == [NAME]


def test_a_cell_that_ends_the_kernel_is_named(book: Path) -> None:
    path = write(book, code("1"), code("import os; os._exit(1)"))
    before = path.read_bytes()
    with pytest.raises(CourseError, match="kernel died in cell 2"):
        publish(book, [])
    assert path.read_bytes() == before


def test_a_run_that_is_broken_off_leaves_everything_as_it_was(book: Path) -> None:
    cells = (
        code("1 + 1"),
        code("open('here', 'w').close()\nimport time; time.sleep(60)"),
    )
    path = write(book, *cells)
    before = path.read_bytes()
    with run_command(book) as process:
        children = []
        while not (book / "here").exists():
            time.sleep(0.05)
            children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Stopped" in output
    assert path.read_bytes() == before
    assert {file.name for file in book.iterdir()} == {path.name, "here"}
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_text_that_was_edited_during_the_run_is_kept(book: Path) -> None:
    path = write(book, new_markdown_cell("before"), code("1 + 1"))
    ran = chapters.read(path)
    execution.execute(ran, book)
    edited = chapters.read(path)
    edited.cells[0].source = "after"
    nbformat.write(edited, path)
    chapters.store_outputs(path, ran)
    text, cell = stored(path)
    assert text.source == "after"
    assert cell.outputs[0].data["text/plain"] == "2"


def test_outputs_never_land_under_code_that_did_not_make_them(book: Path) -> None:
    path = write(book, code("1 + 1"))
    ran = chapters.read(path)
    execution.execute(ran, book)
    write(book, code("1 + 2"))
    before = path.read_bytes()
    with pytest.raises(CourseError, match="was edited while it ran"):
        chapters.store_outputs(path, ran)
    assert path.read_bytes() == before


def test_an_error_that_a_chapter_shows_on_purpose_is_stored_without_folders(
    book: Path,
) -> None:
    cell = code("import json\njson.loads('{')", tags=["raises-exception"])
    path = write(book, cell)
    publish(book, [])
    output = stored(path)[0].outputs[0]
    assert output.ename == "JSONDecodeError"
    assert sys.prefix not in "".join(output.traceback)


def test_what_is_written_to_stderr_is_dropped_and_reported(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(book, code("import warnings\nwarnings.warn('old')\nprint('kept')"))
    publish(book, [])
    outputs = stored(path)[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "kept\n")]
    assert "cell 1 wrote to stderr" in capsys.readouterr().out


def test_a_warning_that_a_chapter_shows_on_purpose_is_stored(book: Path) -> None:
    cell = code(
        "import warnings\nwarnings.warn('look')", mystnb={"output_stderr": "show"}
    )
    path = write(book, cell)
    publish(book, [])
    (output,) = stored(path)[0].outputs
    assert output.text.startswith("cell:2: UserWarning: look")


def test_what_the_process_logs_below_python_is_not_stored(book: Path) -> None:
    path = write(
        book, code("import os\n_ = os.write(1, b'log')\n_ = os.write(2, b'log')")
    )
    publish(book, [])
    assert stored(path)[0].outputs == []


def test_a_widget_is_dropped_since_a_page_cannot_show_it(book: Path) -> None:
    path = write(book, code("import ipywidgets\nipywidgets.IntSlider()"))
    publish(book, [])
    assert stored(path)[0].outputs == []
    assert "widgets" not in nbformat.read(path, as_version=4).metadata


def test_a_folder_of_this_machine_in_an_output_stops_the_run(book: Path) -> None:
    path = write(book, code("import sys; print(sys.prefix)"))
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"Cell 1 shows the folder .*relative"):
        publish(book, [])
    assert path.read_bytes() == before


def test_metadata_are_the_same_whoever_ran_the_chapter(book: Path) -> None:
    chosen = {"tags": ["hide-input"], "jupyter": {"outputs_hidden": True}}
    path = write(book, code("1", ExecuteTime={"start": "now"}, **chosen))
    publish(book, [])
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].metadata == chosen
    assert notebook.metadata.kernelspec.name == "python3"
    assert "version" not in notebook.metadata.language_info
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


def test_cells_keep_their_ids_and_get_the_same_one_if_they_have_none(
    book: Path,
) -> None:
    path = write(book, code("1"), code("2"))
    ids = [cell.id for cell in stored(path)]
    publish(book, [])
    assert [cell.id for cell in stored(path)] == ids
    given = []
    for _ in range(2):
        old = new_notebook(cells=[code("1"), code("2")])
        old.nbformat_minor = 4
        for cell in old.cells:
            del cell["id"]
        path.write_text(json.dumps(old))
        publish(book, [], force=True)
        given.append([cell.id for cell in stored(path)])
    assert given[0] == given[1]
    assert len(set(given[0])) == 2


def test_ones_own_ipython_settings_do_not_show_in_the_book(
    book: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = tmp_path_factory.mktemp("ipython")
    startup = settings / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("mine = 1\n")
    monkeypatch.setenv("IPYTHONDIR", str(settings))
    path = write(book, code("'mine' in globals()"))
    publish(book, [])
    assert stored(path)[0].outputs[0].data["text/plain"] == "False"


def test_drawn_pictures_are_refused(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_DATA", "drawn")
    path = write(book, code("from course_utils import data\ndata.load('mnist')"))
    before = path.read_bytes()
    with pytest.raises(CourseError, match="published on the real pictures, and mnist"):
        publish(book, [])
    assert path.read_bytes() == before
    assert not (book / "runs.json").exists()


def test_the_record_names_the_source_of_real_pictures(
    book: Path, real_data: Path
) -> None:
    write(book, code("from course_utils import data\ndata.load('mnist').source"))
    publish(book, [])
    run = runs.read(book / "runs.json")[NAME]
    assert run.data_source == {"mnist": "file"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('data.load("cifar10")', ["cifar10"]),
        (
            "a, b = map(data.load, ('mnist', 'fashion_mnist'))",
            ["fashion_mnist", "mnist"],
        ),
        ("folder = data.photo_folder()", ["cats_vs_dogs"]),
        ("mnist = 3", []),
    ],
)
def test_the_image_sets_of_a_chapter_are_read_from_its_code(
    source: str, names: list[str]
) -> None:
    assert chapters.image_sets(new_notebook(cells=[code(source)])) == names


HEADLINE = """import numpy as np
from course_utils import results
from course_utils.data import Dataset

x, y = np.zeros((1, 2, 2), "uint8"), np.zeros(1, "uint8")
shown = Dataset(x, y, x, y, ("0",), "zeros", "{source}")
results.Headline(net="{net}", data=shown, parameters=52, epochs=3, seconds=7,
                 test_accuracy=[0.9, 0.8], to_reach=0.5)"""


def headline(net: str, source: str = "file") -> NotebookNode:
    return code(HEADLINE.format(net=net, source=source))


def results_on_record(book: Path) -> dict[str, list[str]]:
    """The names of the nets, by chapter."""
    found = headlines.read(book / "results.json")
    return {
        chapter: [result.net for result in results]
        for chapter, results in found.items()
    }


def test_a_headline_enters_the_results_with_its_place_machine_and_versions(
    book: Path,
) -> None:
    text = "# Chapter\n\n## The `test` set\n\n```python\n# a comment\n```"
    write(book, new_markdown_cell(text), code("1"), headline("LeNet"))
    publish(book, [])
    (result,) = headlines.read(book / "results.json")[NAME]
    run = runs.read(book / "runs.json")[NAME]
    assert (result.net, result.parameters, result.seeds) == ("LeNet", 52, 2)
    assert (result.test_accuracy, result.data_source) == (0.85, "file")
    assert result.spread == pytest.approx(0.0707, abs=1e-4)
    assert result.section == "The test set"
    assert (result.machine, result.versions) == (run.machine, run.versions)


def test_publishing_again_replaces_the_chapters_results_and_no_others(
    book: Path,
) -> None:
    write(book, headline("first"), headline("second"))
    write(book, headline("other"), name="02_later")
    publish(book, [])
    assert results_on_record(book) == {
        NAME: ["first", "second"],
        "02_later": ["other"],
    }
    write(book, headline("third"))
    publish(book, [])
    assert results_on_record(book) == {NAME: ["third"], "02_later": ["other"]}
    write(book, code("1"))
    publish(book, [])
    assert results_on_record(book) == {"02_later": ["other"]}


def test_a_book_without_headlines_gets_no_results_file(book: Path) -> None:
    write(book, code("1"))
    publish(book, [])
    assert not (book / "results.json").exists()


def test_a_result_on_stand_ins_is_shown_but_never_enters_the_results(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(book, headline("LeNet", source="drawn"))
    publish(book, [])
    assert "no result" in stored(path)[0].outputs[0].data["text/plain"]
    assert not (book / "results.json").exists()
    assert "LeNet is left out: the pictures are drawn" in capsys.readouterr().out


def test_a_run_that_fails_leaves_the_results_as_they_were(book: Path) -> None:
    write(book, headline("LeNet"))
    publish(book, [])
    before = (book / "results.json").read_bytes()
    write(book, headline("other"), code("1 / 0"))
    with pytest.raises(CourseError, match="ZeroDivisionError"):
        publish(book, [])
    assert (book / "results.json").read_bytes() == before


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"01_small": [{"net": "LeNet"}]}', '{"01_small": null}'],
)
def test_broken_results_are_one_clear_error_before_anything_runs(
    book: Path, content: str
) -> None:
    write(book, code("open('ran', 'w').close()"))
    (book / "results.json").write_text(content)
    with pytest.raises(CourseError, match=r"results\.json is no record of results"):
        publish(book, [])
    assert not (book / "ran").exists()


def test_something_else_in_the_place_of_a_headline_is_one_clear_error(
    book: Path,
) -> None:
    source = f"display({{{MIME!r}: {{'net': 'LeNet'}}}}, raw=True)"
    path = write(book, new_markdown_cell("# Sums"), code(source))
    before = path.read_bytes()
    with pytest.raises(CourseError, match="An output under “Sums” is no headline"):
        publish(book, [])
    assert path.read_bytes() == before


def test_the_first_run_shows_no_estimate_and_the_next_one_does(book: Path) -> None:
    from rich.progress import Progress

    from course_utils.publishing.__main__ import TimeLeft

    progress = Progress()
    for last, expected in [(None, ""), (90.0, "about 1 min 30 s left")]:
        progress.add_task("01", last_seconds=last)
        assert str(TimeLeft().render(progress.tasks[-1])) == expected


def test_a_chapter_may_be_named_by_its_beginning_or_its_file(book: Path) -> None:
    path = write(book, code("1"))
    for name in ("01", NAME, "book/01_small.ipynb"):
        assert chapters.chosen(book, [name]) == {NAME: path}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["07"], r"“07” names no chapter; the chapters are 01_small, 01_tall\."),
        (["01"], r"“01” names 2 chapters"),
    ],
)
def test_a_name_that_fits_no_chapter_or_several_is_refused(
    book: Path, names: list[str], message: str
) -> None:
    write(book, code("1"))
    write(book, code("1"), name="01_tall")
    with pytest.raises(CourseError, match=message):
        publish(book, names)


@pytest.mark.parametrize("content", ["not JSON", "[]", '{"cells": 3}', ""])
def test_a_file_that_is_no_notebook_is_one_clear_error(
    book: Path, content: str
) -> None:
    path = book / f"{NAME}.ipynb"
    path.write_text(content)
    with pytest.raises(CourseError, match=r"01_small\.ipynb is not a notebook"):
        publish(book, [])
    assert path.read_text() == content


def test_the_command_says_what_is_wrong_without_a_traceback(book: Path) -> None:
    (book / f"{NAME}.ipynb").write_text("not JSON")
    with run_command(book) as process:
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "is not a notebook" in output
    assert "Traceback" not in output


@pytest.mark.parametrize("content", ["{", "[]", '{"01_small": {"seconds": 1}}'])
def test_a_broken_record_is_one_clear_error(book: Path, content: str) -> None:
    path = write(book, code("1"))
    before = path.read_bytes()
    (book / "runs.json").write_text(content)
    with pytest.raises(CourseError, match=r"runs\.json is no record of runs"):
        publish(book, [])
    assert path.read_bytes() == before


def test_a_folder_without_chapters_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no chapter"):
        publish(tmp_path, [])


def test_a_file_that_cannot_be_written_whole_keeps_its_old_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("load", "cores", "busy"), [(0.2, 2, False), (1.5, 2, True), (5.0, 8, False)]
)
def test_other_work_on_the_machine_is_noticed(
    load: float, cores: int, busy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert execution.is_busy() is busy


def test_a_run_is_held_to_two_cores_where_the_system_can() -> None:
    asked = (
        "from course_utils.publishing import execution, runs\n"
        "execution.keep_to_cores(2)\n"
        "print(runs.usable_cores())"
    )
    shown = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    available = len(os.sched_getaffinity(0))
    assert int(shown.stdout) == min(2, available)


def configured(tmp_path: Path, address: str) -> Path:
    """A folder for chapters in a project whose repository has this address."""
    (tmp_path / "_config.yml").write_text(f"repository:\n  url: {address!r}\n")
    book = tmp_path / "book"
    book.mkdir(exist_ok=True)
    return book


def test_where_the_repository_is_known_colab_installs_the_package_from_it(
    book: Path,
) -> None:
    folder = configured(book, "https://github.com/course/course")
    path = write(folder, new_markdown_cell("# Sum"), code("1 + 1"))
    publish(folder, [])
    install, title, total = stored(path)
    assert "git+https://github.com/course/course" in install.source
    assert install.outputs == []
    assert title.source == "# Sum"
    assert total.execution_count == 1


def test_the_cell_for_colab_does_nothing_elsewhere(book: Path) -> None:
    folder = configured(book, "https://github.com/course/course")
    publish(folder, [write(folder, code("1 + 1")).stem])
    install, _ = stored(folder / f"{NAME}.ipynb")
    as_any_other = new_notebook(cells=[code(install.source)])
    execution.execute(as_any_other, folder)
    assert as_any_other.cells[0].outputs == []


def test_a_new_address_needs_no_new_run_and_none_takes_the_cell_away(
    book: Path,
) -> None:
    folder = configured(book, "https://github.com/course/course")
    path = write(folder, code("open('ran', 'a').write('x');"))
    publish(folder, [])
    configured(book, "https://github.com/course/moved")
    publish(folder, [])
    assert "course/moved" in stored(path)[0].source
    configured(book, "")
    publish(folder, [])
    assert len(stored(path)) == 1
    assert (folder / "ran").read_text() == "x"
