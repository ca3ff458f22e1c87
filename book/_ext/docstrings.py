"""Entries of docstrings as one text each: ``name : what it is``, over as many lines.

Napoleon takes what follows the colon for a type, up to the end of the line, and the
next line for the description. In this package the two are often one sentence, so they
are joined before Napoleon sees them.
"""

import re
from collections.abc import Iterator

from sphinx.application import Sphinx

ENTRIES = ("Parameters", "Attributes", "Raises", "Returns")


def sections(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Cut a docstring at its underlined headings; the first part has no heading."""
    heading, body = "", []
    for line in lines:
        if body and re.fullmatch(r"-{3,}", line.strip()):
            title = body.pop()
            yield heading, body
            heading, body = title, []
        else:
            body.append(line)
    yield heading, body


def entries(body: list[str]) -> Iterator[str]:
    """The entries of a section, each on one line."""
    entry = ""
    for line in filter(str.strip, body):
        if not line.startswith(" "):
            if entry:
                yield entry
            entry = line.strip()
        else:
            # A capital after an open line is a new sentence.
            new = line.strip()[0].isupper() and entry[-1] not in ".,:;"
            entry += ("; " + line.strip()) if new else (" " + line.strip())
    if entry:
        yield entry


def rewritten(heading: str, body: list[str]) -> list[str]:
    """A section as Napoleon reads it: the name on a line, the text indented below."""
    if heading == "Returns":
        # What comes back has no name to set apart: each entry is a text.
        return [f":returns: {'; '.join(entries(body))}", ""]
    if heading not in ENTRIES:
        return [heading, "-" * len(heading), *body] if heading else body
    lines = [heading, "-" * len(heading)]
    for entry in entries(body):
        name, _, text = entry.partition(" : ")
        lines += [name, f"    {text}"]
    return [*lines, ""]


def join_entries(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Rewrite a docstring in place, as autodoc's event asks."""
    lines[:] = [
        line
        for heading, body in sections(lines)
        for line in rewritten(heading.strip(), body)
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Come before Napoleon, which has the usual priority of 500."""
    app.connect("autodoc-process-docstring", join_entries, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
