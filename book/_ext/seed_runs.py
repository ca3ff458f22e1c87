"""What nets reach from several seeds, as a table: from ``course_utils/seeds.json``.

``{seed-runs}`` has a line ``net: words`` for each training; the words name it in the
table. A training of which no runs are kept, or which is none, is a warning. Where a
chapter trains for many minutes from one seed, the table shows the others as they are
kept, without another run of the chapter.
"""

from pathlib import Path

from docutils import nodes
from run_cost import row
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from course_utils import seeds
from course_utils.errors import CourseError
from course_utils.results import percent

logger = logging.getLogger(__name__)

HEADINGS = ("Training", "Seeds", "Validation", "Test", "Lowest and highest test")


class SeedRuns(SphinxDirective):
    """A table with a row for each training."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the table; a training without runs has no row, and is a warning."""
        path = Path(self.env.srcdir, self.config.seed_runs_record)
        self.env.note_dependency(str(path))
        lines = []
        for told in self.content:
            net, _, words = told.partition(":")
            try:
                summary = seeds.summary(seeds.kept(net.strip(), path=path))
            except CourseError as error:
                self.warn(str(error))
                continue
            lines.append(line(words.strip() or net, summary))
        if not lines:
            return []
        table = nodes.table(classes=["seed-runs"])
        group = nodes.tgroup(cols=len(HEADINGS))
        table += group
        group += [nodes.colspec(colwidth=1) for _ in HEADINGS]
        group += nodes.thead("", row(list(HEADINGS)))
        group += nodes.tbody("", *lines)
        return [table]

    def warn(self, message: str) -> None:
        """Warn at the place of the directive."""
        logger.warning(message, location=self.get_location(), type="seed_runs")


def line(words: str, summary: seeds.Summary) -> nodes.row:
    """One training."""
    return row(
        [
            words,
            str(summary.seeds),
            percent(*summary.validation),
            percent(*summary.test),
            " to ".join(sorted({f"{100 * x:.2f}" for x in summary.range})) + " %",
        ]
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive; the record's place is relative to the sources."""
    app.add_config_value("seed_runs_record", "course_utils/seeds.json", "env", [str])
    app.add_directive("seed-runs", SeedRuns)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
