"""The first line of a notebook: seeds, and no noise from TensorFlow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.session import start

KERAS = """
import os
os.write(2, b"noise while importing\\n")

class utils:
    seeds = []
    set_random_seed = seeds.append

class ops:
    @staticmethod
    def matmul(a, b):
        os.write(2, b"noise from the first operation\\n")
"""
TENSORFLOW = """
from logging import getLogger as get_logger

class config:
    list_logical_devices = list

class data:
    class Options:
        class autotune:
            enabled = None

    class Dataset:
        def __iter__(self):
            return iter(())
"""


@pytest.fixture
def stand_ins(tmp_path: Path) -> Path:
    """A folder with a small noisy Keras and TensorFlow, which load at once."""
    (tmp_path / "keras.py").write_text(KERAS)
    (tmp_path / "tensorflow.py").write_text(TENSORFLOW)
    return tmp_path


def run(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    setup = f"import os, sys; sys.path.insert(0, {str(path)!r})\n"
    return subprocess.run(
        [sys.executable, "-c", setup + code], capture_output=True, text=True
    )


def test_noise_is_held_back_and_stderr_works_again_afterwards(stand_ins: Path) -> None:
    done = run(
        "from course_utils.session import start; start(seed=3)\n"
        "import keras; print(keras.utils.seeds); os.write(2, b'after')",
        stand_ins,
    )
    assert done.stdout == "[3]\n"
    assert done.stderr == "after"


def test_if_loading_fails_what_was_said_is_shown(stand_ins: Path) -> None:
    (stand_ins / "tensorflow.py").write_text("raise ImportError('no such library')")
    done = run("from course_utils.session import start; start()", stand_ins)
    assert done.returncode == 1
    assert "noise while importing" in done.stderr
    assert "ImportError: no such library" in done.stderr


def test_after_start_no_use_of_keras_writes_to_stderr() -> None:
    cells = [
        "from course_utils.session import start\nstart(seed=1)",
        "import keras, numpy as np, tensorflow as tf\n"
        "first = keras.random.normal((2,)), np.random.default_rng(0).normal()",
        "x = np.ones((8, 9, 9, 1), 'float32')\n"
        "keras.ops.conv(x, np.ones((3, 3, 1, 2), 'float32'))",
        "layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten()]\n"
        "net = keras.Sequential([keras.Input((9, 9, 1)), *layers])\n"
        "net.compile('adam', 'mse')\n"
        "net.fit(x, np.ones((8, 98)), verbose=0)\n"
        "net.predict(x, verbose=0)",
        "with tf.GradientTape() as tape:\n    loss = tf.reduce_sum(net(x))\n"
        "tape.gradient(loss, net.weights)",
    ]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    NotebookClient(notebook, timeout=300).execute()
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []


def test_passes_through_data_are_not_tuned_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import tensorflow as tf

    start()
    numbers = tf.data.Dataset.range(3)
    tuned = tf.data.Options()
    tuned.autotune.enabled = True
    asked_for = numbers.with_options(tuned)
    settings = []
    with_options = tf.data.Dataset.with_options

    def note(dataset: tf.data.Dataset, options: tf.data.Options) -> tf.data.Dataset:
        settings.append(options.autotune.enabled)
        return with_options(dataset, options)

    monkeypatch.setattr(tf.data.Dataset, "with_options", note)
    assert [int(number) for number in numbers] == [0, 1, 2]
    assert settings == [False]
    assert [int(number) for number in asked_for] == [0, 1, 2]
    assert settings == [False]
