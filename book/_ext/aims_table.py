"""What teaches, practises and assesses each aim of the chapters: ``{aims-table}``.

The aims come from the chapters, with ``book/aims.yml``, and the questions from
``solutions/``. An aim that nothing assesses, or a question that nothing teaches, is a
warning.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from docutils import nodes
from section_links import link
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from course_utils.errors import CourseError
from course_utils.publishing.aims import Aim, Question, aims, gaps, questions

logger = logging.getLogger(__name__)


class AimsTable(SphinxDirective):
    """A list of the aims of every chapter."""

    def run(self) -> list[nodes.Node]:
        """Make the lists; warn of what is missing."""
        root = Path(self.env.srcdir)
        for file in [*root.glob("book/*.ipynb"), *root.glob("solutions/*/*.ipynb")]:
            self.env.note_dependency(str(file))
        self.env.note_dependency(str(root / "book" / "aims.yml"))
        try:
            every, asked = aims(root / "book"), questions(root / "solutions")
        except CourseError as error:
            self.warn(str(error))
            return []
        for gap in gaps(every, asked):
            self.warn(gap)
        shown: list[nodes.Node] = []
        for chapter, some in groupby(every, key=lambda aim: aim.chapter):
            title = nodes.rubric("", "", link(self.env.docname, chapter, "", chapter))
            shown += [title, self.listed(list(some), asked)]
        return shown

    def listed(self, some: list[Aim], asked: list[Question]) -> nodes.definition_list:
        """The aims of a chapter, each with what belongs to it."""
        items = nodes.definition_list(classes=["aims"])
        for aim in some:
            lines = nodes.bullet_list()
            lines += self.line("Taught in ", self.sections(aim))
            if aim.exercises:
                lines += self.line("Practised in ", self.exercises(aim))
            lines += nodes.list_item("", *self.questions(aim, asked))
            term = nodes.term("", aim.text)
            items += nodes.definition_list_item("", term, nodes.definition("", lines))
        return items

    def line(self, word: str, parts: Iterator[nodes.Node]) -> nodes.list_item:
        """A word, and what it speaks of, one after the other."""
        told = nodes.paragraph("", word)
        for count, part in enumerate(parts):
            told += [nodes.Text("; ")] * bool(count) + [part]
        return nodes.list_item("", told)

    def sections(self, aim: Aim) -> Iterator[nodes.Node]:
        """Links to the sections."""
        for section in aim.sections:
            title = section.title
            yield link(self.env.docname, aim.chapter, title, title.replace("`", ""))

    def exercises(self, aim: Aim) -> Iterator[nodes.Node]:
        """Links to the exercises."""
        for label, title in aim.exercises.items():
            yield link(self.env.docname, aim.chapter, f"#{label}", title)

    def questions(self, aim: Aim, asked: list[Question]) -> Iterator[nodes.Node]:
        """The questions, each with its checks and the points that they decide on."""
        yield nodes.paragraph("", "Assessed by")
        found = nodes.bullet_list()
        for question in asked:
            if tests := question.on(aim):
                calls = dict.fromkeys(call for test in tests for call in test.checks)
                points = sum(test.points for test in tests)
                told = nodes.paragraph("", f"{question.assignment}, {question.title} (")
                for call in calls:
                    told += [nodes.literal("", call), nodes.Text(", ")]
                if not calls:
                    told += nodes.Text("by a person, ")
                told += nodes.Text(f"{points:g} point{'' if points == 1 else 's'})")
                found += nodes.list_item("", told)
        yield found

    def warn(self, message: str) -> None:
        """Warn at the place of the directive."""
        logger.warning(message, location=self.get_location(), type="aims")


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.setup_extension("section_links")
    app.add_directive("aims-table", AimsTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
