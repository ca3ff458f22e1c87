"""Links to a section of a chapter by its heading, for directives that make tables.

A heading that is gone is a warning.
"""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)


def link(
    docname: str, chapter: str, section: str, text: str, remedy: str = ""
) -> addnodes.pending_xref:
    """A link from a page to a heading of a chapter, to be resolved once all are read.

    A section that begins with a # is an anchor, such as an exercise's; without a
    section the link has the chapter's title and leads to its top. The remedy is what
    the warning advises if the section is gone.
    """
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="",
        reftype="section-by-heading",
        reftarget=chapter,
        section=section,
        remedy=remedy,
        refdoc=docname,
        refwarn=False,
    )


def resolve(
    app: Sphinx,
    env: BuildEnvironment,
    node: addnodes.pending_xref,
    content: nodes.TextElement,
) -> nodes.Node | None:
    """Turn the name of a section into a link to it, or warn that it is gone."""
    if node["reftype"] != "section-by-heading":
        return None
    chapter, section = node["reftarget"], node["section"]
    for docname, contents in env.tocs.items():
        if Path(docname).name == chapter:
            page = app.builder.get_relative_uri(node["refdoc"], docname)
            if not section:
                title = nodes.Text(env.titles[docname].astext())
                return nodes.reference("", "", title, refuri=page)
            if section.startswith("#"):
                return nodes.reference("", "", content, refuri=page + section)
            for heading in contents.findall(nodes.reference):
                if heading.astext() == section.replace("`", ""):
                    anchor = heading["anchorname"]
                    return nodes.reference("", "", content, refuri=page + anchor)
    logger.warning(
        f"No chapter “{chapter}” has a section “{section}”{node['remedy']}.",
        location=node,
        type="section_links",
    )
    return content


def setup(app: Sphinx) -> dict[str, bool]:
    """Resolve the links."""
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
