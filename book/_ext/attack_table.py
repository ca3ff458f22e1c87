"""What attacks on the grading earn, as tables: from ``book/grading_attacks.json``.

``{attack-summary}`` has a row for each family of attacks, ``{attack-table}`` one for
each attack. A record that cannot be read is a warning.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from run_cost import row
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

Attack = dict[str, Any]  # family, attack, and points: honest, plain (or None), engine

SUMMARY = ("Family", "Plain: too much", "Plain: too little", "Here: right")
EACH = ("Attack", "Plain", "Here")


class AttackDirective(SphinxDirective):
    """What both directives need: the record, as a dependency of the page."""

    headings: tuple[str, ...]

    def run(self) -> list[nodes.Node]:
        """Make the table; nothing, and a warning, if the record cannot be read."""
        path = Path(self.env.srcdir, self.config.attacks_record)
        self.env.note_dependency(str(path))
        try:
            attacks = json.loads(path.read_text(encoding="utf-8"))
            body = list(self.lines(attacks))
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{path} is no record of attacks: {error!r}"
            logger.warning(message, location=self.get_location(), type="attacks")
            return []
        table = nodes.table(classes=["attack-table"])
        group = nodes.tgroup(cols=len(self.headings))
        table += group
        group += [nodes.colspec(colwidth=1) for _ in self.headings]
        group += nodes.thead("", row(list(self.headings)))
        group += nodes.tbody("", *body)
        return [table]

    def lines(self, attacks: list[Attack]) -> Iterator[nodes.row]:
        """Rows of the table."""
        raise NotImplementedError


class AttackSummary(AttackDirective):
    """How many attacks of each family got points for nothing, or took earned ones."""

    headings = SUMMARY

    def lines(self, attacks: list[Attack]) -> Iterator[nodes.row]:
        """One row for each family, and one for all."""
        for name, family in by_family(attacks):
            yield row([name, *counts(family)])
        yield row([nodes.strong("", "all"), *counts(attacks)])


class AttackTable(AttackDirective):
    """Every attack, with what it got in plain nbgrader and here."""

    headings = EACH

    def lines(self, attacks: list[Attack]) -> Iterator[nodes.row]:
        """A row with the family's name before those of its attacks."""
        for name, family in by_family(attacks):
            heading = nodes.paragraph("", "", nodes.strong("", name))
            yield nodes.row("", nodes.entry("", heading, morecols=len(EACH) - 1))
            for one in family:
                yield row([one["attack"], shown(one["plain"]), shown(one["engine"])])


def by_family(attacks: list[Attack]) -> Iterator[tuple[str, list[Attack]]]:
    """Attacks under the name of their family, in the order of the record."""
    for name, family in groupby(attacks, key=lambda one: str(one["family"])):
        yield name, list(family)


def counts(attacks: list[Attack]) -> list[str | nodes.Node]:
    """How many got too much and too little in plain nbgrader, and are right here."""
    plain = [(one["plain"], one["honest"]) for one in attacks]
    more = sum(points is not None and points > honest for points, honest in plain)
    less = sum(points is None or points < honest for points, honest in plain)
    right = sum(one["engine"] == one["honest"] for one in attacks)
    return [str(more), str(less), f"{right} of {len(attacks)}"]


def shown(points: float | None) -> str:
    """Points; a submission that nbgrader drops has none."""
    return "lost" if points is None else f"{points:g}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Add both directives; the record's place is relative to the sources."""
    app.add_config_value("attacks_record", "book/grading_attacks.json", "env", [str])
    app.add_directive("attack-summary", AttackSummary)
    app.add_directive("attack-table", AttackTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
