"""How well the assignments' tests tell answers apart: from ``book/kill_rates.json``.

``{kill-rates}`` has a row for each question, and one for each assignment as a whole. A
record that cannot be read is a warning.
"""

import json
from itertools import groupby
from pathlib import Path

from docutils import nodes
from run_cost import row
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

Rate = dict[str, str | int]

GRADERS = {"engine": "here", "nbgrader": "in plain nbgrader"}
HEADINGS = ("Question", "Caught", "Told why", "Accepted")


class KillRates(SphinxDirective):
    """A table for each assignment."""

    def run(self) -> list[nodes.Node]:
        """Make the tables; nothing, and a warning, if the record cannot be read."""
        path = Path(self.env.srcdir, self.config.kill_rates_record)
        self.env.note_dependency(str(path))
        try:
            rates = json.loads(path.read_text(encoding="utf-8"))
            body = [self.table(name, some) for name, some in by_assignment(rates)]
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{path} is no record of kill rates: {error!r}"
            logger.warning(message, location=self.get_location(), type="kill_rates")
            return []
        return [part for table in body for part in table]

    def table(self, name: str, rates: list[Rate]) -> list[nodes.Node]:
        """The questions of an assignment, with what each grader said to the answers."""
        table = nodes.table(classes=["kill-rates"])
        group = nodes.tgroup(cols=len(HEADINGS))
        table += group
        group += [nodes.colspec(colwidth=1) for _ in HEADINGS]
        group += nodes.thead("", row(list(HEADINGS)))
        group += nodes.tbody()
        for grader, where in GRADERS.items():
            some = [rate for rate in rates if rate["grader"] == grader]
            if some:
                heading = nodes.paragraph("", "", nodes.strong("", where))
                entry = nodes.entry("", heading, morecols=len(HEADINGS) - 1)
                group[-1] += nodes.row("", entry)
                group[-1] += [line(str(rate["question"]), [rate]) for rate in some]
                group[-1] += line("all", some)
        return [nodes.rubric("", name), table]


def by_assignment(rates: list[Rate]) -> list[tuple[str, list[Rate]]]:
    """The rows of each assignment."""
    ordered = sorted(rates, key=lambda rate: str(rate["assignment"]))
    pairs = groupby(ordered, key=lambda rate: str(rate["assignment"]))
    return [(name, list(some)) for name, some in pairs]


def line(name: str, rates: list[Rate]) -> nodes.row:
    """What several questions have in sum."""

    def share(part: str, whole: str) -> str:
        told, of = (sum(int(rate[key]) for rate in rates) for key in (part, whole))
        return f"{told} of {of}"

    shares = (("caught", "wrong"), ("told", "wrong"), ("accepted", "right"))
    return row([name, *(share(*pair) for pair in shares)])


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive; the record's place is relative to the sources."""
    app.add_config_value("kill_rates_record", "book/kill_rates.json", "env", [str])
    app.add_directive("kill-rates", KillRates)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
