"""Which names of a notebook are the grader's and which are the student's.

The source notebook alone decides: names that its own cells define are trusted, those
that its solution cells define or change come from the student, and so does whatever is
computed from them. Nothing that a student hands in moves a name from one side to the
other.
"""

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from course_utils.grading.engine.jobs import Cell

_MODULES_OWN = ("__builtins__", "__file__", "__name__", "__annotations__")
_BUILTIN = frozenset(dir(builtins)) | {"get_ipython", "display", *_MODULES_OWN}
_DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Uses:
    """What the code of one cell does with global names.

    Parameters
    ----------
    loads : names that it needs from earlier cells as it runs.
    later : names that its functions need when they are called.
    binds : names that it defines.
    changes : names whose objects it changes in place.
    imports : its import statements, as (code, names that they define).
    star : whether it imports names that nobody can see.
    texts : string constants, as tests may look names up by them.
    """

    loads: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    imports: tuple[tuple[str, frozenset[str]], ...] = ()
    star: bool = False
    texts: frozenset[str] = frozenset()


def plain_python(code: str) -> str:
    """Code of a cell with IPython's magics written as calls."""
    from IPython.core.inputtransformer2 import TransformerManager

    manager: Any = TransformerManager
    return str(manager().transform_cell(code))


@lru_cache(maxsize=4096)
def uses(code: str) -> Uses | None:
    """Return what a cell does with global names; None if it is not Python."""
    try:
        tree = ast.parse(plain_python(code))
    except (SyntaxError, ValueError, RecursionError):
        return None
    loads: set[str] = set()
    later: set[str] = set()
    binds: set[str] = set()
    for statement in tree.body:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        read, deferred, bound = _of_table(table)
        read |= _augmented(statement)
        loads |= read - binds - (set() if _simple(statement) else bound)
        later |= deferred
        binds |= bound
    statements = tuple(_imports(tree))
    imported = {name for _, names in statements for name in names}
    return Uses(
        loads=frozenset(loads - _BUILTIN),
        later=frozenset(later - _BUILTIN),
        binds=frozenset(binds),
        changes=frozenset(_changes(tree))
        - {n for _, names in statements for n in names},
        imports=statements,
        star="*" in imported,
        texts=frozenset(_texts(tree)),
    )


def _of_table(table: symtable.SymbolTable) -> tuple[set[str], set[str], set[str]]:
    """Global names read at once, read later and bound in a scope and those inside."""
    read: set[str] = set()
    later: set[str] = set()
    bound: set[str] = set()
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        name, is_global = symbol.get_name(), top or symbol.is_global()
        if is_global and symbol.is_referenced():
            read.add(name)
        if is_global and (symbol.is_assigned() or symbol.is_imported()):
            bound.add(name)
    for child in table.get_children():
        child_read, child_later, child_bound = _of_table(child)
        if child.get_type() == "function" and child.get_name() not in _AT_ONCE:
            later |= child_read | child_later
        else:
            read |= child_read
            later |= child_later
        bound |= child_bound
    return read, later, bound


_AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr")


def _simple(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr)


def _augmented(statement: ast.stmt) -> set[str]:
    return {
        node.target.id
        for node in _at_once(statement)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }


def _at_once(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that run with the cell, not later in a function."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, _DEFERRED):
            yield from _at_once(child)


def _changes(tree: ast.AST) -> Iterator[str]:
    for node in _at_once(tree):
        if isinstance(node, ast.AugAssign):
            yield from _root(node.target)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node.ctx, ast.Store | ast.Del):
                yield from _root(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _root(node.value.func)


def _root(node: ast.AST) -> Iterator[str]:
    """The object that an attribute or an item belongs to in the end."""
    inner = node
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    if isinstance(inner, ast.Name) and (
        inner is not node or isinstance(node.ctx, ast.Store)
    ):
        yield inner.id


def _imports(tree: ast.AST) -> Iterator[tuple[str, frozenset[str]]]:
    for node in _at_once(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (alias.asname or alias.name.split(".")[0] for alias in node.names)
            yield ast.unparse(node), frozenset(names)


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            text = node.value
            if isinstance(text, str) and text.isidentifier():
                yield text


@dataclass
class Plan:
    """What runs where, per cell index of the source notebook.

    Parameters
    ----------
    checker : code that the checker runs when it comes to this cell.
    wanted : names that a test cell gets from the student.
    unsure : those of them that no cell of the source seems to define; where the checker
        has such a name after all (`from … import *`), its own goes first.
    makers : for each of those, the solution cells that define it.
    visible : test cells whose released text runs in the student's kernel too, because
        later cells there use what it defines.
    """

    checker: dict[int, str] = field(default_factory=dict)
    wanted: dict[int, frozenset[str]] = field(default_factory=dict)
    unsure: dict[int, frozenset[str]] = field(default_factory=dict)
    makers: dict[int, frozenset[int]] = field(default_factory=dict)
    visible: frozenset[int] = frozenset()


class _Planner:
    """Goes through the cells in order and keeps whose every name is."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._trusted: dict[str, set[int]] = {}  # name → cells that made it
        self._student: dict[str, set[int]] = {}
        self._later: dict[str, frozenset[str]] = {}
        self._star = False
        self._from_tests: dict[str, int] = {}
        self._visible: set[int] = set()
        self.plan = Plan()

    def run(self) -> Plan:
        for nth, cell in enumerate(self._cells):
            if cell.kind == "text":
                continue
            found = uses(cell.source)
            if cell.kind in ("solution", "manual"):
                self._solution(nth, cell, found or Uses())
            elif cell.kind == "context":
                self._context(nth, cell, found)
            else:
                self._test(nth, cell, found or Uses())
        self._drop_unneeded()
        self.plan.visible = frozenset(self._visible)
        return self.plan

    def _solution(self, nth: int, cell: Cell, found: Uses) -> None:
        self._look_for_tests(found, uses(cell.answer) or Uses())
        imported: set[str] = set()
        lines = []
        for code, names in found.imports:
            if "*" not in names and not names & self._student.keys():
                lines.append(f"try:\n    {code}\nexcept ImportError:\n    pass")
                imported |= names
        if lines:
            self.plan.checker[nth] = "\n".join(lines)
            self._own(self._trusted, nth, imported)
        self._own(self._student, nth, (found.binds - imported) | found.changes)

    def _context(self, nth: int, cell: Cell, found: Uses | None) -> None:
        if found is None:
            return
        self._look_for_tests(found)
        self._star = self._star or found.star
        if self._needs_student(found.loads):
            changes = found.changes if found.changes & self._trusted.keys() else ()
            self._own(self._student, nth, found.binds | set(changes))
            return
        self.plan.checker[nth] = cell.source
        self._own(self._trusted, nth, found.binds | found.changes)
        self._later |= {name: found.later for name in found.binds}

    def _test(self, nth: int, cell: Cell, found: Uses) -> None:
        texts = found.texts & self._student.keys()
        names = found.loads | (found.later - found.binds) | texts
        wanted = frozenset(self._students(names))
        self.plan.wanted[nth] = wanted
        self.plan.unsure[nth] = wanted - self._student.keys()
        self.plan.makers[nth] = frozenset(
            maker for name in wanted for maker in self._student.get(name, ())
        )
        self._own(self._trusted, nth, found.binds)
        self._later |= {name: found.later for name in found.binds}
        self._from_tests |= {name: nth for name in found.binds}

    def _own(self, side: dict[str, set[int]], nth: int, names: Iterable[str]) -> None:
        other = self._student if side is self._trusted else self._trusted
        for name in names:
            makers = side.get(name, set()) | other.pop(name, set())
            side[name] = makers | {nth}
            if self._cells[nth].kind != "test":
                self._from_tests.pop(name, None)
            if side is self._student:
                self._later.pop(name, None)

    def _needs_student(self, names: Iterable[str]) -> bool:
        return next(self._students(names), None) is not None

    def _students(self, names: Iterable[str]) -> Iterator[str]:
        """The student's among these names and those that trusted functions need."""
        todo, seen = list(names), set(_BUILTIN)
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name not in self._trusted:
                yield name
            todo += self._later.get(name, ())

    def _look_for_tests(self, *found: Uses) -> None:
        """Note tests whose names are used in the student's kernel later on."""
        for one in found:
            for name in one.loads | one.later:
                if name in self._from_tests:
                    self._visible.add(self._from_tests[name])

    def _drop_unneeded(self) -> None:
        """Leave out trusted cells whose results no test looks at: they may be slow."""
        needed: set[str] = set()
        for nth in reversed(range(len(self._cells))):
            cell = self._cells[nth]
            found = uses(cell.source) or Uses()
            if cell.kind == "test":
                needed |= found.loads | found.later | found.texts
            elif nth in self.plan.checker and cell.kind == "context":
                if _serves(cell.source, needed):
                    needed |= found.loads | found.later
                else:
                    del self.plan.checker[nth]


def needed(
    codes: Sequence[str], names: Iterable[str], always: Sequence[bool]
) -> list[str]:
    """What of some cells, that ran one after the other, names depend on.

    Parameters
    ----------
    codes : the cells.
    names : what is needed in the end.
    always : which of the cells are needed whatever they make.

    Returns
    -------
    For each cell its code; the lines of it that import, if only these are needed; or
    "". A cell that is no Python is needed.
    """
    cells = [uses(code) or Uses(star=True) for code in codes]
    imports = [line for cell in cells for line in cell.imports]
    modules = {name for _, made in imports for name in made}
    whole = {n for n, fixed in enumerate(always) if fixed}
    wanted, before = set(names), -1
    while len(wanted) > before:  # a function may use what a later cell changes
        before = len(wanted)
        own = wanted - modules
        whole |= {n for n, cell in enumerate(cells) if cell.star or _makes(cell, own)}
        wanted = wanted.union(*(cells[n].loads | cells[n].later for n in whole))
    return [
        code if n in whole else _lines(cells[n].imports, wanted)
        for n, code in enumerate(codes)
    ]


def _lines(imports: Iterable[tuple[str, frozenset[str]]], names: set[str]) -> str:
    return "\n".join(line for line, made in imports if made & names)


def _makes(cell: Uses, names: AbstractSet[str]) -> bool:
    return bool((cell.binds | cell.changes) & names)


def _serves(code: str, names: AbstractSet[str]) -> bool:
    """Whether a trusted cell may do something for these names."""
    found = uses(code) or Uses()
    if found.star or found.imports:
        return True
    return _makes(found, names) or _sets_state(code)


def _sets_state(code: str) -> bool:
    """Whether a cell may set a seed or an option: a call on a module, nothing bound."""
    found = uses(code)
    return found is not None and not found.binds and "seed" in code


def plan(cells: Sequence[Cell]) -> Plan:
    """Work out what runs where."""
    return _Planner(cells).run()
