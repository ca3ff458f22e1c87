"""One pass over the cells of a job: what runs where, and what it says.

A run keeps two processes, the student's kernel and the checker, and starts either anew
when it has ended: the kernel with the cells that went well before, the checker with the
instructor's cells.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

from course_utils.grading.engine import names
from course_utils.grading.engine.jobs import Cell, Job
from course_utils.grading.engine.outputs import Fate, Output, Ran
from course_utils.grading.engine.scoring import Tested, by_hand, judge, outputs_of
from course_utils.grading.engine.session import Checker, Gone, Student
from course_utils.grading.engine.verdicts import CHANGED, Verdict
from course_utils.grading.engine.warm import Infrastructure, Nursery

_SECOND_LOOK_SECONDS = 60.0  # most that repeating cells may take for one


@dataclass(frozen=True)
class _Parked:
    """A kernel that waits for another second look.

    Attributes
    ----------
    ran : the cells that it ran, with their numbers.
    fates, outputs : of the answers among them.
    """

    student: Student
    ran: list[tuple[int, str]]
    fates: dict[int, Ran]
    outputs: dict[int, tuple[Output, ...]]


class Run:
    """One pass over the cells of a job."""

    def __init__(self, job: Job, nursery: Nursery) -> None:
        self.job, self._nursery = job, nursery
        self._plan = names.plan(job.cells)
        self._deadline = time.monotonic() + job.limits.notebook_seconds
        self._student: Student | None = None
        self._checker: Checker | None = None
        self._ran: list[tuple[int, str]] = []  # what a new student's kernel repeats
        self._trusted: list[str] = []  # what a new checker repeats
        self._todo: list[str] = []  # trusted cells that no test has needed yet
        self._fates: dict[int, Ran] = {}
        self._seconds: dict[int, float] = {}  # that each cell of the student's took
        self._unprepared = ""  # how a cell failed on which tests depend
        self._suspects: set[int] = set()  # solution cells of questions that failed
        self._saw_test = False  # whether the student's kernel has run a hidden test
        self._parked: _Parked | None = None
        self._peaks = [0.0]
        self.verdicts: list[Verdict] = []
        self.outputs: dict[int, tuple[Output, ...]] = {}

    @property
    def peak_mb(self) -> float:
        """Peak memory of the student's processes so far, in MiB."""
        now = self._student.peak_mb if self._student else 0.0
        return max(*self._peaks, now)

    def all_cells(self) -> None:
        """Go through the notebook."""
        if any(cell.kind != "text" for cell in self.job.cells):
            self._start_both()
        for nth, cell in enumerate(self.job.cells):
            if cell.kind == "test":
                self._test(nth, cell)
                continue
            self._bury_parked()
            if cell.kind != "text":
                self._execute(
                    nth, cell.source if cell.kind == "context" else cell.answer
                )
            if nth in self._plan.checker:
                self._todo.append(self._plan.checker[nth])
            if cell.by_hand:
                self.verdicts.append(by_hand(cell))

    def give_up(self, why: str) -> None:
        """Add the verdicts that the machine could not reach."""
        done = {verdict.question for verdict in self.verdicts}
        for nth, cell in enumerate(self.job.cells):
            if cell.kind == "test" and cell.grade_id not in done:
                verdict = Verdict(
                    cell.grade_id, None, cell.points, "infrastructure", why
                )
                self.verdicts.append(verdict)
                self.outputs[nth] = outputs_of(verdict)
            elif cell.by_hand and cell.grade_id not in done:
                self.verdicts.append(by_hand(cell))

    def close(self) -> None:
        """End both processes."""
        self._bury_student()
        self._bury_parked()
        self._bury_checker()

    def _start_both(self) -> None:
        self._student = Student(self._nursery, self.job)
        if any(cell.kind == "test" for cell in self.job.cells):
            self._checker = Checker(self._nursery, self.job)

    def _left(self, seconds: float) -> float:
        return min(seconds, self._deadline - time.monotonic())

    # The student's kernel

    def _execute(self, nth: int, code: str) -> None:
        """Run a cell in the student's kernel; its end is the end of this cell only."""
        if not code.strip():
            self._fates[nth] = Ran("ok")
            return
        seconds = self._left(self.job.limits.cell_seconds)
        if seconds <= 0:
            self._fates[nth] = Ran("timed_out")
            return
        if self._saw_test:  # what this cell prints, the student reads
            self._bury_student()
        started = time.monotonic()
        self._fates[nth] = self._run_cell(code, seconds)
        if self._student is not None:
            self._ran.append((nth, code))
        self._seconds[nth] = time.monotonic() - started
        self.outputs[nth] = self._fates[nth].outputs

    def _run_cell(self, code: str, seconds: float) -> Ran:
        """Run it; once more if the kernel ends for no reason that was seen.

        The machine may have killed the kernel for want of memory, say.
        """
        fate: Fate = "crashed"
        for _ in range(2):
            try:
                return self._kernel().execute(code, seconds)
            except Gone as gone:
                self._bury_student()
                fate = gone.fate
            if fate != "crashed":
                break
        return Ran(fate)

    def _kernel(self) -> Student:
        """The student's kernel; a new one repeats the cells of the last."""
        if self._student is not None:
            return self._student
        self._student = Student(self._nursery, self.job)
        for nth, code in list(self._ran):
            try:
                self._student.execute(code, self._left(self.job.limits.cell_seconds))
            except Gone as gone:  # it went well the first time; do not try a third
                self._ran = [(n, c) for n, c in self._ran if n != nth]
                self._fates[nth] = Ran(gone.fate)
                self._bury_student()
                return self._kernel()
        return self._student

    def _bury_student(self) -> None:
        if self._student is not None:
            self._peaks.append(self._student.peak_mb)
            self._student.close()
            self._student = None
        self._saw_test = False

    # The checker

    def _ready_checker(self) -> Checker:
        """A checker in which every trusted cell so far has run."""
        fresh = self._checker is None
        if self._checker is None:
            self._checker = Checker(self._nursery, self.job)
        cells = [*self._trusted, *self._todo] if fresh else self._todo
        try:
            for code in cells:
                answer = self._checker.run(code, self.job.limits.cell_seconds)
                if answer["status"] != "ok" and code in self._todo:
                    self._unprepared = f"Before a test: {answer['message']}"
        except Gone as gone:
            self._bury_checker()
            why = f"A cell of the instructor's ended the checker: {gone.fate}."
            raise Infrastructure(why) from None
        self._trusted += self._todo
        self._todo = []
        return self._checker

    def _bury_checker(self) -> None:
        if self._checker is not None:
            self._checker.close()
            self._checker = None

    # Questions

    def _test(self, nth: int, cell: Cell) -> None:
        started = time.monotonic()
        verdict = self._judged(nth, cell)
        if self._harmed(nth, verdict):
            verdict = self._second_look(nth, cell, verdict)
        seconds = time.monotonic() - started
        verdict = replace(verdict, seconds=seconds, memory_mb=self.peak_mb)
        made = set(self._makers(nth))
        # One that is not answered yet is reason enough, and the others may be right.
        if verdict.points == 0 and all(self.job.cells[n].answered for n in made):
            self._suspects |= made
        self.verdicts.append(verdict)
        if _defines(cell):
            self._trusted.append(cell.source)
        if nth in self._plan.visible:
            self._execute(nth, cell.released)
        self.outputs[nth] = outputs_of(verdict)

    def _judged(self, nth: int, cell: Cell) -> Verdict:
        """Run a test once."""
        seconds = self._left(self.job.limits.question_seconds)
        if seconds <= 0:
            tested = Tested("timed_out", "The notebook ran out of time here.")
        elif cell.grade_id in (self.job.weak or ()):
            tested = self._weak(cell, seconds)
        else:
            tested = self._outside(nth, cell, seconds)
        makers = [(self.job.cells[n], self._fates.get(n)) for n in self._makers(nth)]
        return judge(cell, tested, makers)

    def _harmed(self, nth: int, verdict: Verdict) -> bool:
        """Whether an earlier answer, itself wrong, may be what made this one fail."""
        if verdict.points != 0 or verdict.reason == "not_answered":
            return False
        ran, makers = {n for n, _ in self._ran}, set(self._makers(nth))
        repeated = (ran - self._suspects) | makers
        cost = sum(self._seconds.get(n, 0.0) for n in repeated)
        return bool(ran & self._suspects - makers) and cost < _SECOND_LOOK_SECONDS

    def _second_look(self, nth: int, cell: Cell, first: Verdict) -> Verdict:
        """Test again in a kernel that never ran the answers that have failed.

        One of them may have damaged the kernel; that must not cost a later question.
        What this question does not need is not repeated, and its tests share a kernel.
        """
        makers = set(self._makers(nth))
        clean = [(n, c) for n, c in self._ran if n not in self._suspects | makers]
        before = self._ran, self._saw_test, dict(self._fates), dict(self.outputs)
        needed = self._needed_by(nth, makers, clean)
        with self._aside():
            if not self._unpark(needed, makers):
                self._ran = needed
                for maker in sorted(makers):
                    self._execute(maker, self.job.cells[maker].answer)
            second = self._judged(nth, cell)
            made = [(n, code) for n, code in self._ran if n in makers]
            better = (second.points or 0) > (first.points or 0)
            if not better:
                self._park(makers)
        if better:
            self._bury_student()  # from now on without the answers that have failed
            self._ran = sorted(clean + made)
            return second
        self._ran, self._saw_test, self._fates, self.outputs = before
        return first

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Work with another kernel for a while; the one that waits stands still."""
        waits, self._student, self._saw_test = self._student, None, False
        try:
            with waits.paused() if waits else nullcontext():
                yield
        finally:
            self._bury_student()
            self._student = waits

    def _park(self, makers: set[int]) -> None:
        """Keep the kernel of a second look for the next test of the same answers."""
        if self._student is not None and not self._saw_test:
            fates = {n: self._fates[n] for n in makers}
            outputs = {n: self.outputs[n] for n in makers if n in self.outputs}
            self._parked = _Parked(self._student, self._ran, fates, outputs)
            self._student = None

    def _unpark(self, needed: list[tuple[int, str]], makers: set[int]) -> bool:
        """Go on with the parked kernel if it ran these answers and all they need."""
        parked = self._parked
        if parked and parked.fates.keys() == makers and set(needed) <= set(parked.ran):
            self._student, self._ran, self._parked = parked.student, parked.ran, None
            self._fates |= parked.fates
            self.outputs |= parked.outputs
            return True
        self._bury_parked()
        return False

    def _bury_parked(self) -> None:
        if self._parked is not None:
            self._peaks.append(self._parked.student.peak_mb)
            self._parked.student.close()
            self._parked = None

    def _needed_by(
        self, nth: int, makers: set[int], ran: list[tuple[int, str]]
    ) -> list[tuple[int, str]]:
        """Of the cells that ran, what a test and its answers need of them."""
        cells = self.job.cells
        codes = [cells[maker].answer for maker in makers]
        if cells[nth].grade_id in (self.job.weak or ()):
            codes.append(cells[nth].source)
        found = [names.uses(code) or names.Uses() for code in codes]
        wanted = {name for one in found for name in one.loads | one.later}
        seeds = [cells[n].kind == "context" and "seed" in code for n, code in ran]
        kept = names.needed(
            [code for _, code in ran], wanted | self._plan.wanted[nth], seeds
        )
        return [(n, code) for (n, _), code in zip(ran, kept, strict=True) if code]

    def _makers(self, nth: int) -> Iterator[int]:
        """Solution cells behind the names of a test."""
        for maker in sorted(self._plan.makers[nth]):
            if self.job.cells[maker].kind in ("solution", "manual"):
                yield maker

    def _outside(self, nth: int, cell: Cell, seconds: float) -> Tested:
        """Run a test in the checker."""
        tested = self._checked(nth, cell, seconds)
        if CHANGED in tested.flags:
            tested = self._without_changes(nth, cell, seconds, tested)
        if self._unprepared and tested.status not in ("passed", "value"):
            return Tested("infrastructure", self._unprepared)
        if tested.status == "cannot_cross" and self.job.weak is None:
            return Tested("not_gradable", "The grader cannot look at this answer.")
        return tested

    def _checked(
        self, nth: int, cell: Cell, seconds: float, *, write_back: bool = True
    ) -> Tested:
        """Run a test in the checker; once more if it or the kernel ends for no reason.

        Data of the answer's may do that to the checker. It costs this question only.
        """
        wanted, unsure = self._plan.wanted[nth], self._plan.unsure[nth]
        tested = Tested("infrastructure", "This answer ended the checker twice.")
        for _ in range(2):
            student = self._kernel() if wanted else None
            try:
                message = self._ready_checker().test(
                    cell.source, wanted, unsure, student, seconds, write_back=write_back
                )
            except Gone as gone:
                self._bury_checker()
                if gone.fate != "crashed":
                    return Tested(gone.fate)
                continue
            tested = Tested.of(message)
            if tested.status in ("timed_out", "memory", "crashed", "garbled"):
                self._bury_student()
            if tested.status != "crashed":
                return tested
        return tested

    def _without_changes(
        self, nth: int, cell: Cell, seconds: float, first: Tested
    ) -> Tested:
        """Test again without what the answer did to its arguments.

        A test that compares a result with the argument afterwards would be fooled by an
        answer that changes the argument. Where the solution does so too, it may.
        """
        flags = tuple(flag for flag in first.flags if flag != CHANGED)
        earned = first.status in ("passed", "value")
        if not earned or cell.grade_id in (self.job.in_place or ()):
            return replace(first, flags=flags)
        second = self._checked(nth, cell, seconds, write_back=False)
        if (second.status, second.value) == (first.status, first.value):
            return replace(first, flags=flags)
        return first if self.job.in_place is None else second

    def _weak(self, cell: Cell, seconds: float) -> Tested:
        """Run a test where the answer is; the answer could tamper with it."""
        if self.job.strict:
            return Tested("not_gradable", "This test cannot look at the answer safely.")
        tested = Tested.of_weak(self._run_cell(cell.source, seconds))
        self._saw_test = True
        return tested


def _defines(cell: Cell) -> bool:
    found = names.uses(cell.source)
    return found is not None and bool(found.binds)
