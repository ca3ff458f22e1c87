"""Running the book's chapters in full, and keeping what came out and what it cost.

``python -m course_utils.publishing`` is ``make publish``.

`chapters`
    the notebooks: which cells they have, and storing outputs without touching the text
`colab`
    the cell by which a chapter gets the package in Colab
`execution`
    one run in a fresh kernel, timed and weighed
`tidying`
    what of an output goes into the book
`headlines`
    the record of what the chapters' nets reached, ``book/results.json``
`runs`
    the record of every chapter's run, ``book/runs.json``
"""
