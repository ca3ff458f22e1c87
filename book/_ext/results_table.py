"""What the chapters' nets reached, as a table: from ``book/results.json``.

``{results-table}`` has a row for each headline, with a link to the section that shows
it and the figure that the lesson set out to reach. Where a headline is of one seed and
names runs that are kept from others (``course_utils/seeds.json``), the row is about
those. A record that cannot be read, and a section that is gone, are a warning.
"""

from pathlib import Path

from docutils import nodes
from run_cost import circumstances, duration, row
from section_links import link
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from course_utils import seeds
from course_utils.errors import CourseError
from course_utils.publishing.headlines import Result, read
from course_utils.results import percent

logger = logging.getLogger(__name__)

HEADINGS = ("Net", "Parameters", "Epochs", "Time", "Seeds", "Test accuracy", "To reach")


class ResultsTable(SphinxDirective):
    """A table of all headlines, and a line about the machine and the versions."""

    def run(self) -> list[nodes.Node]:
        """Make the table; nothing, and a warning, if the record cannot be read."""
        path = Path(self.env.srcdir, self.config.results_record)
        self.env.note_dependency(str(path))
        try:
            chapters = sorted(read(path).items())
        except CourseError as error:
            self.warn(str(error))
            return []
        if not chapters:
            return [nodes.paragraph("", "No chapter has a result on record yet.")]
        lines = [(name, result) for name, results in chapters for result in results]
        table = nodes.table(classes=["results-table"])
        group = nodes.tgroup(cols=len(HEADINGS))
        table += group
        group += [nodes.colspec(colwidth=1) for _ in HEADINGS]
        group += nodes.thead("", row(list(HEADINGS)))
        group += nodes.tbody("", *(self.line(name, result) for name, result in lines))
        latest = circumstances(lines[-1][1])
        return [table, nodes.paragraph("", latest)]

    def line(self, chapter: str, result: Result) -> nodes.row:
        """One result; its net's name leads to the section that shows it."""
        count, accuracy = result.seeds, (result.test_accuracy, result.spread)
        kept = self.kept(result.kept) if result.kept else []
        if kept:
            several = seeds.summary(kept)
            count, accuracy = several.seeds, several.test
        publish = f"run `python -m course_utils.publishing {chapter}`"
        remedy = f", where a result comes from; {publish}"
        return row(
            [
                link(self.env.docname, chapter, result.section, result.net, remedy),
                f"{result.parameters:,}",
                str(result.epochs),
                duration(result.seconds),
                str(count),
                percent(*accuracy),
                f"{100 * result.to_reach:g} %",
            ]
        )

    def kept(self, net: str) -> list[seeds.SeedRun]:
        """The kept runs of a net, as yet perhaps none; the page depends on them."""
        path = Path(self.env.srcdir, self.config.seed_runs_record)
        self.env.note_dependency(str(path))
        try:
            return [run for run in seeds.kept(path=path) if run.net == net]
        except CourseError as error:
            self.warn(str(error))
            return []

    def warn(self, message: str) -> None:
        """Warn at the place of the directive."""
        logger.warning(message, location=self.get_location(), type="results")


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive; the record's place is relative to the sources."""
    app.add_config_value("results_record", "book/results.json", "env", [str])
    app.add_directive("results-table", ResultsTable)
    app.setup_extension("section_links")
    app.setup_extension("seed_runs")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
