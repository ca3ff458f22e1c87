"""Honest notebooks get what a fair person would give, however they are written."""

from textwrap import dedent

import pytest

from course_utils.grading.engine.grader import grade
from course_utils.grading.engine.warm import Nursery
from tests.grading.engine.unit import DOUBLE, MEAN, marked, submission

pytestmark = pytest.mark.thorough

AROUND = {  # what stands above the right answer
    "a warning": "import warnings\nwarnings.warn('careful')",
    "lines on standard error": "import sys\nprint('log', file=sys.stderr)",
    "a logger": "import logging\nlogging.basicConfig()\nlogging.error('no GPU')",
    "a log line written past Python": "import os\nos.write(2, b'E0000 failed call')",
    "prints": "for n in range(3):\n    print(n)",
    "a long print": "print('=' * 200_000)",
    "a plot": """
        import matplotlib.pyplot as plt
        plt.plot([1, 2, 3])
        plt.show()
    """,
    "a figure that stays open": """
        import matplotlib.pyplot as plt
        fig, ax = plt.subplots()
        ax.imshow(np.eye(3))
    """,
    "another backend": "%matplotlib agg",
    "a shell command": "!ls -la",
    "a shell command's output": "files = !ls",
    "a timing magic": "%timeit -n1 -r1 sum(range(10))",
    "a line of Bash": "%%bash\necho hello",
    "a question to the user": "name = input('Your name? ')",
    "rich output": """
        from IPython.display import HTML, Markdown, display, clear_output
        display(HTML("<b>done</b>"), Markdown("*done*"))
        clear_output(wait=True)
    """,
    "a progress bar": """
        from tqdm import tqdm
        for _ in tqdm(range(10)):
            pass
    """,
    "a progress bar in the notebook": """
        from tqdm.auto import tqdm
        for _ in tqdm(range(10)):
            pass
    """,
    "threads": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(abs, range(10)))
    """,
    "processes": """
        import multiprocessing
        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(abs, range(10))
    """,
    "shared memory": """
        from multiprocessing.shared_memory import SharedMemory
        block = SharedMemory(create=True, size=1000)
        block.close()
        block.unlink()
    """,
    "a cell that waits": "import asyncio\nawait asyncio.sleep(0.05)",
    "a file that it writes and reads": """
        np.save("array.npy", np.eye(3))
        np.load("array.npy")
    """,
    "a temporary file": "import tempfile\ntempfile.NamedTemporaryFile().write(b'x')",
    "a local server": """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
    """,
    "a function of C": """
        import ctypes
        compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda n: n)
        compare(1)
    """,
    "NumPy's options": "np.set_printoptions(precision=2)\nnp.seterr(all='raise')",
    "a seed": "np.random.seed(0)\nimport random\nrandom.seed(0)",
    "a class and a decorator": """
        import functools
        @functools.lru_cache
        def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
    """,
    "names of its own": "x = y = expected = 3\nresult = None",
    "a name in Greek": "λ, größe = 0.1, 2",
    "a wild star import": "from math import *",
    "a debugger": "import pdb",
    "type hints and a dataclass": """
        from dataclasses import dataclass
        @dataclass
        class Pair:
            first: int
            second: int = 0
    """,
    "a deep recursion": """
        import sys
        sys.setrecursionlimit(5000)
        def down(n): return n and down(n - 1)
        down(2000)
    """,
    "a few seconds of work": "import time\ntime.sleep(2)",
    "an exception that it handles": """
        try:
            1 / 0
        except ZeroDivisionError:
            pass
    """,
}
AFTER = {  # what stands below it
    "exit()": "exit()",
    "quit()": "quit()",
    "sys.exit()": "import sys\nsys.exit()",
    "raise SystemExit": "raise SystemExit",
    "a try that shows its result": "double(np.arange(3))",
    "a mistake after the answer": "print(undefined)",
    "a test of its own": "assert double(2) == 4",
    "a keyboard interrupt": "raise KeyboardInterrupt",
}
STYLES = {  # other right answers
    "a lambda": "double = lambda x: x + x",
    "an operator": """
        import functools, operator
        double = functools.partial(operator.mul, 2)
    """,
    "a universal function": """
        def double(x):
            return np.add(x, x)
    """,
    "a callable object": """
        class Double:
            def __call__(self, x):
                return 2 * x
        double = Double()
    """,
    "a bound method": """
        class Double:
            def go(self, x):
                return 2 * x
        double = Double().go
    """,
    "a closure": """
        def times(n):
            def multiply(x):
                return n * x
            return multiply
        double = times(2)
    """,
    "a decorated function": """
        import functools
        def noisy(f):
            @functools.wraps(f)
            def inner(*args):
                print("called")
                return f(*args)
            return inner
        @noisy
        def double(x):
            return 2 * x
    """,
    "loops": """
        def double(x):
            if np.isscalar(x):
                return 2 * x
            y = np.zeros(np.shape(x))
            for index in np.ndindex(*np.shape(x)):
                y[index] = 2 * x[index]
            return y
    """,
    "vectorize": "double = np.vectorize(lambda value: 2 * value)",
    "one that prints and plots": """
        def double(x):
            import matplotlib.pyplot as plt
            plt.plot(np.ravel(x))
            print(x)
            return 2 * x
    """,
    "one that changes its argument": """
        def double(x):
            x = x + x
            return x
    """,
    "NumPy scalars": """
        def double(x):
            return np.float32(2) * x if np.ndim(x) else np.int64(2 * x)
    """,
    "a thread inside": """
        import threading
        def double(x):
            out = []
            thread = threading.Thread(target=lambda: out.append(2 * x))
            thread.start()
            thread.join()
            return out[0]
    """,
    "two definitions, the last one right": """
        def double(x):
            return x
        def double(x):
            return 2 * x
    """,
}


@pytest.mark.parametrize("code", AROUND.values(), ids=AROUND.keys())
def test_what_stands_above_a_right_answer_costs_nothing(
    code: str, nursery: Nursery
) -> None:
    """All points, and no remark for the instructor."""
    cell_magic = code.startswith("%%")
    answer = DOUBLE if cell_magic else f"{dedent(code)}\n{DOUBLE}"
    job = submission(answer, f"{code}" if cell_magic else MEAN)

    result = grade(job, nursery)

    assert result["test_double"].points == 2, result["test_double"]
    if not cell_magic:
        assert result["test_mean"].points == 3, result["test_mean"]
    assert not result["test_double"].flags


@pytest.mark.parametrize("code", AFTER.values(), ids=AFTER.keys())
def test_what_stands_below_a_right_answer_costs_nothing(
    code: str, nursery: Nursery
) -> None:
    """All points for this and for the next answer."""
    result = marked(f"{DOUBLE}\n{code}", MEAN, nursery)

    assert result.points == 5, result.verdicts


@pytest.mark.parametrize("answer", STYLES.values(), ids=STYLES.keys())
def test_a_right_answer_in_another_style_gets_all_points(
    answer: str, nursery: Nursery
) -> None:
    """All points, and no remark for the instructor."""
    result = marked(dedent(answer), MEAN, nursery)

    assert result.points == 5, result.verdicts
    assert not result["test_double"].flags
