"""The quick kernel cuts training short and changes nothing else."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from course_utils import quick_kernel
from course_utils.quick_kernel.start import EPOCHS, STEPS
from course_utils.session import QUICK


@dataclass
class Kernel:
    """A running quick kernel, and what it sent for one piece of code."""

    manager: Any
    client: Any
    messages: list[dict[str, Any]] = field(default_factory=list)

    def run(self, code: str) -> str:
        """What ``code`` writes to stdout."""
        self.messages = []
        reply = self.client.execute_interactive(
            code, output_hook=self.messages.append, timeout=120
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        return self.stream("stdout")

    def stream(self, name: str) -> str:
        texts = [m["content"] for m in self.messages if m["msg_type"] == "stream"]
        return "".join(text["text"] for text in texts if text["name"] == name)

    def value(self, expression: str) -> Any:
        return json.loads(self.run(f"print(__import__('json').dumps({expression}))"))


def start(folder: Path) -> Kernel:
    specs = KernelSpecManager(kernel_dirs=[str(folder)])
    manager = KernelManager(kernel_name=quick_kernel.NAME, kernel_spec_manager=specs)
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return Kernel(manager, client)


def stop(kernel: Kernel) -> None:
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of kernels that holds the quick one."""
    return quick_kernel.install(tmp_path_factory.mktemp("prefix")).parent


@pytest.fixture(scope="module")
def plain(installed: Path) -> Iterator[Kernel]:
    """A kernel that has imported nothing yet."""
    kernel = start(installed)
    yield kernel
    stop(kernel)


@pytest.fixture(scope="module")
def kernel(installed: Path) -> Iterator[Kernel]:
    """A kernel with Keras, 1,000 pictures and a function that makes a net."""
    kernel = start(installed)
    kernel.run(
        """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).random((1000, 8, 8, 1), dtype="float32")
y = (x.mean((1, 2, 3)) > 0.5).astype(int)

class Count(keras.callbacks.Callback):
    def __init__(self):
        self.train, self.test = 0, 0
    def on_train_batch_end(self, batch, logs=None):
        self.train += 1
    def on_test_batch_end(self, batch, logs=None):
        self.test += 1

def net():
    layers = [keras.layers.Input((8, 8, 1)), keras.layers.Flatten()]
    model = keras.Sequential([*layers, keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model
"""
    )
    yield kernel
    stop(kernel)


def test_the_kernel_is_installed_beside_the_others_of_its_environment(
    tmp_path: Path,
) -> None:
    folder = quick_kernel.install(tmp_path)
    assert folder == tmp_path / "share" / "jupyter" / "kernels" / "course-quick"
    spec = json.loads((folder / "kernel.json").read_text())
    assert "quick" in spec["display_name"]


def test_installing_twice_leaves_one_kernel_and_the_same_file(tmp_path: Path) -> None:
    first = quick_kernel.install(tmp_path) / "kernel.json"
    before = first.read_bytes()
    assert quick_kernel.install(tmp_path) / "kernel.json" == first
    assert first.read_bytes() == before
    assert len(list(first.parent.parent.iterdir())) == 1


def test_the_kernel_file_names_no_folder_of_this_machine(installed: Path) -> None:
    written = (installed / "course-quick" / "kernel.json").read_text()
    assert sys.prefix not in written
    assert "/" not in written


def test_the_kernel_starts_without_keras(plain: Kernel) -> None:
    heavy = ["keras", "tensorflow", "numpy"]
    loaded = f"[name for name in {heavy} if name in __import__('sys').modules]"
    assert plain.value(loaded) == []


def test_the_kernel_answers_within_seconds(installed: Path) -> None:
    begin = time.perf_counter()
    kernel = start(installed)
    took = time.perf_counter() - begin
    stop(kernel)
    assert took < 15


def test_a_notebook_sees_no_name_that_it_did_not_make(plain: Kernel) -> None:
    names = plain.value("[n for n in dir() if not n.startswith('_')]")
    assert set(names) <= {"In", "Out", "exit", "quit", "get_ipython", "open"}


def test_what_the_process_logs_below_python_stays_out_of_the_notebook(
    plain: Kernel,
) -> None:
    plain.run("import os; _ = os.write(2, b'log line'); _ = os.write(1, b'log line')")
    assert plain.messages != []
    assert "log line" not in plain.stream("stderr") + plain.stream("stdout")


def test_training_stops_after_a_few_epochs_of_a_few_steps(kernel: Kernel) -> None:
    kernel.run(
        "count = Count()\n"
        "history = net().fit(x, y, epochs=50, batch_size=8, callbacks=[count])"
    )
    assert kernel.value("len(history.epoch)") == EPOCHS
    assert kernel.value("count.train") == EPOCHS * STEPS


def test_the_history_has_the_metrics_that_were_asked_for(kernel: Kernel) -> None:
    kernel.run("history = net().fit(x, y, validation_split=0.2, epochs=9, verbose=0)")
    history = kernel.value("history.history")
    assert list(history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert all(len(values) == EPOCHS for values in history.values())
    assert all(0 <= v <= 1 for v in history["accuracy"] + history["val_accuracy"])


@pytest.mark.parametrize(
    "validation",
    ["validation_split=0.5", "validation_data=(x, y)"],
)
def test_validation_is_cut_short_too(kernel: Kernel, validation: str) -> None:
    kernel.run(
        "count = Count()\n"
        f"_ = net().fit(x, y, {validation}, epochs=5, verbose=0, callbacks=[count])"
    )
    assert kernel.value("count.test") == EPOCHS * STEPS


@pytest.mark.parametrize(
    "pictures",
    [
        "tf.data.Dataset.from_tensor_slices((x, y)).batch(10)",
        "tf.data.Dataset.from_tensor_slices((x, y)).batch(10).repeat()",
        "((x[:10], y[:10]) for _ in iter(int, 1))",
        "Batches()",
    ],
    ids=["tf.data", "endless tf.data", "generator", "PyDataset"],
)
def test_every_kind_of_input_is_cut_short(kernel: Kernel, pictures: str) -> None:
    kernel.run(
        f"""
import tensorflow as tf

class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 100
    def __getitem__(self, i):
        return x[i * 10:(i + 1) * 10], y[i * 10:(i + 1) * 10]

count = Count()
history = net().fit(
    {pictures}, epochs=9, steps_per_epoch=50, verbose=0, callbacks=[count]
)
"""
    )
    assert kernel.value("count.train") == EPOCHS * STEPS
    assert len(kernel.value("history.history['loss']")) == EPOCHS


def test_a_set_smaller_than_the_limit_is_seen_once_an_epoch(kernel: Kernel) -> None:
    kernel.run(
        "count = Count()\n"
        "history = net().fit(x[:10], y[:10], batch_size=10, epochs=100,"
        " validation_data=(x[:5], y[:5]), verbose=0, callbacks=[count])"
    )
    assert kernel.value("(count.train, count.test)") == [EPOCHS, EPOCHS]
    assert kernel.stream("stderr") == ""


def test_fewer_epochs_than_the_limit_stay_as_they_are(kernel: Kernel) -> None:
    assert kernel.value("net().fit(x, y, epochs=1, verbose=0).epoch") == [0]


def test_training_that_goes_on_from_a_later_epoch_still_trains(kernel: Kernel) -> None:
    epochs = kernel.value(
        "net().fit(x, y, initial_epoch=10, epochs=30, verbose=0).epoch"
    )
    assert epochs == [10, 11]


def test_the_arguments_of_fit_may_come_by_position(kernel: Kernel) -> None:
    assert kernel.value("len(net().fit(x, y, 8, 50, 0).epoch)") == EPOCHS


def test_callbacks_end_training_early_and_restore_weights(kernel: Kernel) -> None:
    kernel.run(
        """
class Stop(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = True

stopping = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
plateau = keras.callbacks.ReduceLROnPlateau(patience=2)
model = net()
callbacks = [stopping, plateau, Stop()]
history = model.fit(
    x, y, epochs=9, validation_split=0.1, verbose=0, callbacks=callbacks
)
"""
    )
    assert kernel.value("history.epoch") == [0]
    assert "learning_rate" in kernel.value("list(history.history)")
    assert kernel.value("stopping.best_epoch") == 0


def test_predict_and_evaluate_see_every_picture_of_a_thousand(kernel: Kernel) -> None:
    kernel.run("model = net(); _ = model.fit(x, y, epochs=1, verbose=0)")
    assert kernel.value("model.predict(x, verbose=0).shape") == [1000, 2]
    kernel.run(
        "count = Count()\n"
        "scores = model.evaluate(x, y, batch_size=10, verbose=0, callbacks=[count])"
    )
    assert kernel.value("count.test") == 100
    assert kernel.value(
        "float(((model.predict(x, verbose=0).argmax(1) == y).mean() - scores[1]))"
    ) == pytest.approx(0, abs=1e-6)


def test_predict_repeats_its_answers_where_there_are_very_many_pictures(
    kernel: Kernel,
) -> None:
    kernel.run("model = net(); many = np.concatenate([x, x[::-1], x, x[::-1], x])")
    kernel.run("told = model.predict(many, verbose=0)")
    assert kernel.value("told.shape") == [5000, 2]
    kernel.run("seen = model.predict(x, verbose=0)")
    assert kernel.value("bool(np.array_equal(told, np.tile(seen, (5, 1))))")


def test_predict_looks_at_fewer_large_pictures_than_small_ones(kernel: Kernel) -> None:
    kernel.run(
        "mean = keras.Sequential([keras.Input((56, 56, 1)),"
        " keras.layers.GlobalAveragePooling2D()])\n"
        "large = np.arange(600.0)[:, None, None, None] * np.ones((1, 56, 56, 1))\n"
        "means = mean.predict(large, verbose=0)[:, 0]"
    )
    assert kernel.value("[round(float(means[k])) for k in (0, 249, 250, 599)]") == [
        *(0, 249),
        *(0, 99),
    ]


def test_a_callback_that_predicts_during_training_gets_every_picture(
    kernel: Kernel,
) -> None:
    kernel.run(
        """
class Predict(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.shape = self.model.predict(x, verbose=0).shape

predict, count = Predict(), Count()
_ = net().fit(x, y, validation_split=0.5, verbose=0, callbacks=[predict, count])
"""
    )
    assert kernel.value("predict.shape") == [1000, 2]
    assert kernel.value("(count.train, count.test)") == [STEPS, STEPS]


def test_a_training_loop_of_ones_own_runs_in_full(kernel: Kernel) -> None:
    kernel.run(
        "model = net()\n"
        "for begin in range(0, 1000, 100):\n"
        "    batch = slice(begin, begin + 100)\n"
        "    _ = model.train_on_batch(x[batch], y[batch])\n"
        "steps = int(model.optimizer.iterations)"
    )
    assert kernel.value("steps") == 10


def test_a_mistake_raises_what_keras_says_and_lifts_the_limit(kernel: Kernel) -> None:
    kernel.run(
        """
try:
    net().fit(x, y[:10])
except ValueError as error:
    message = str(error)
try:
    net().fit(x, y, epoch=3)
except TypeError as error:
    unknown = str(error)
"""
    )
    assert "cardinality" in kernel.value("message")
    assert "epoch" in kernel.value("unknown")
    assert kernel.value("keras.config.max_steps_per_epoch()") is None


def test_training_says_nothing_of_the_limit(kernel: Kernel) -> None:
    shown = kernel.run("_ = net().fit(x, y, epochs=50, validation_split=0.1)")
    assert "Epoch 1/2" in shown
    assert kernel.stream("stderr") == ""
    assert kernel.value("keras.Model.fit.__name__") == "fit"
    assert "epochs" in kernel.value(
        "list(__import__('inspect').signature(net().fit).parameters)"
    )


def test_a_net_of_the_students_own_class_is_cut_short(kernel: Kernel) -> None:
    kernel.run(
        """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(2)
    def call(self, x):
        return self.head(keras.ops.reshape(x, (-1, 64)))

model = Net()
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
    )
    assert kernel.value("len(model.fit(x, y, epochs=9, verbose=0).epoch)") == EPOCHS


def test_the_kernel_says_that_what_it_trains_is_no_result(plain: Kernel) -> None:
    assert plain.value(f"__import__('os').environ.get({QUICK!r})") == "1"
