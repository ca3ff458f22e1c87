"""Write 06_regularised_fashion_mnist.ipynb from the parts beside this script."""

import runpy
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).parent
CELLS = []


def md(text):
    CELLS.append(new_markdown_cell(text.strip("\n")))


def code(text, *, alt=None, run=False, hide=False, solution=False):
    """run: depends on training or timing; hide: input folded; solution: both folded."""
    cell = new_code_cell(text.strip("\n"))
    tags = ["nbval-ignore-output"] * run + ["hide-input"] * hide
    if solution:
        cell.metadata["jupyter"] = {"outputs_hidden": True, "source_hidden": True}
    if alt:
        cell.metadata["mystnb"] = {"image": {"alt": " ".join(alt.split())}}
    if tags:
        cell.metadata["tags"] = tags
    CELLS.append(cell)


for part in sorted(HERE.glob("part_*.py")):
    runpy.run_path(str(part), init_globals={"md": md, "code": code})

for number, cell in enumerate(CELLS):
    kind = "text" if cell.cell_type == "markdown" else "code"
    cell["id"] = f"{kind}-{number:03}"
    if kind == "code":
        lines = cell.source.splitlines()
        long = [line for line in lines if len(line) > 88]
        print(f"{cell['id']}: {len(lines)} lines") if len(lines) > 17 else None
        print(f"{cell['id']}: too wide: {long}") if long else None
    elif "!" in cell.source.replace("!=", ""):
        print(cell["id"], "has an exclamation mark")
metadata = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
notebook = new_notebook(cells=CELLS, metadata=metadata)
nbformat.validate(notebook)
nbformat.write(notebook, HERE / "06_regularised_fashion_mnist.ipynb")
print(len(CELLS), "cells")
