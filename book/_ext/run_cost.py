"""What a chapter's full run took, on the page: from ``book/runs.json``.

``{run-cost}`` is one sentence about the chapter that it stands in (or that it names);
``{run-table}`` is a table of all chapters. A chapter without a record is a warning.
"""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from course_utils.errors import CourseError
from course_utils.publishing.runs import Run, duration, memory, read

logger = logging.getLogger(__name__)

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def cores(run: Run) -> str:
    """The machine's cores in words: "two CPU cores"."""
    count = int(run.machine["cores"])
    spelt = COUNTS[count] if count < len(COUNTS) else str(count)
    return f"{spelt} CPU core{'' if count == 1 else 's'}"


def sentence(run: Run) -> str:
    """Time and memory of a run, and on what."""
    return (
        f"Measured on {cores(run)}: {duration(run.seconds)}, "
        f"{memory(run.peak_mb)} at most."
    )


class RunDirective(SphinxDirective):
    """What both directives need: the record, as a dependency of the page."""

    def runs(self) -> dict[str, Run]:
        """The runs on record; none, and a warning, if the record cannot be read."""
        path = Path(self.env.srcdir, self.config.run_cost_record)
        self.env.note_dependency(str(path))
        try:
            return read(path)
        except CourseError as error:
            self.warn(str(error))
            return {}

    def warn(self, message: str) -> None:
        """Warn at the place of the directive."""
        logger.warning(message, location=self.get_location(), type="run_cost")


class RunCost(RunDirective):
    """One sentence: what the chapter took, on how many cores."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the sentence, or warn that the chapter has not been run in full."""
        name = self.arguments[0] if self.arguments else Path(self.env.docname).name
        record = self.runs().get(name)
        if record is None:
            self.warn(
                f"There is no full run of “{name}” on record; run "
                f"`python -m course_utils.publishing {name}`."
            )
            return []
        return [nodes.paragraph("", sentence(record), classes=["run-cost"])]


class RunTable(RunDirective):
    """A table of all chapters: time, memory, day of the run."""

    def run(self) -> list[nodes.Node]:
        """Make the table, and a line under it about the machine and the versions."""
        runs = self.runs()
        if not runs:
            self.warn("There is no full run of any chapter on record: `make publish`.")
            return []
        table = nodes.table(classes=["run-table"])
        group = nodes.tgroup(cols=4)
        table += group
        group += [nodes.colspec(colwidth=width) for width in (40, 20, 20, 20)]
        heading = row(["Chapter", "Time", "Memory, at most", "Run on"])
        group += nodes.thead("", heading)
        group += nodes.tbody(
            "", *(self.chapter(*item) for item in sorted(runs.items()))
        )
        latest = max(runs.values(), key=lambda run: run.date)
        return [table, nodes.paragraph("", circumstances(latest))]

    def chapter(self, name: str, run: Run) -> nodes.row:
        """One chapter's row; its name leads to its page."""
        title: str | nodes.Node = name
        docname = next((d for d in self.env.found_docs if Path(d).name == name), None)
        if docname is not None:
            title = addnodes.pending_xref(
                "",
                nodes.inline("", name),
                refdomain="std",
                reftype="doc",
                reftarget=f"/{docname}",
                refexplicit=False,
                refwarn=True,
                refdoc=self.env.docname,
            )
        return row([title, duration(run.seconds), memory(run.peak_mb), run.date])


def row(cells: list[str | nodes.Node]) -> nodes.row:
    """A row of a table; a line does not end between a number and its %."""
    entries = []
    for cell in cells:
        if isinstance(cell, str):
            cell = nodes.Text(cell.replace(" %", "\N{NO-BREAK SPACE}%"))
        entries.append(nodes.entry("", nodes.paragraph("", "", cell)))
    return nodes.row("", *entries)


def circumstances(run: Run) -> str:
    """Under what a run was measured."""
    names = {"keras": "Keras", "numpy": "NumPy", "tensorflow": "TensorFlow"}
    libraries = [f"{name} {run.versions[key]}" for key, name in names.items()]
    return (
        f"Full runs on {cores(run)} ({run.machine['processor']}, "
        f"{run.machine['memory_gb']} GB of memory) with Python "
        f"{run.versions['python']}, {', '.join(libraries[:-1])} and {libraries[-1]}."
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Add both directives; the record's place is relative to the sources."""
    app.add_config_value("run_cost_record", "book/runs.json", "env", [str])
    app.add_directive("run-cost", RunCost)
    app.add_directive("run-table", RunTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
