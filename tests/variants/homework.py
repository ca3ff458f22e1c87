"""Answers to the assignment ``8_homework``.

Its later questions measure the networks of earlier ones, so what stands in the other
cells matters: see `FILLING`. The first questions do not look at each other's answers
and share notebooks; those that train networks, or measure them, have their own.
"""

from __future__ import annotations

from tests.variants import Answer, Question

_NO_VALUE = "has no value yet"


def _none(names: str) -> str:
    """A cell as it was handed out: a name without a value, and an error."""
    return f"{names} = None\nraise NotImplementedError()"


def _paired(
    mean: str = "d.mean()",
    error: str = "d.std(ddof=1) / np.sqrt(len(d))",
    d: str = "np.subtract(a, b)",
    answer: str = "{mean}, {error}",
) -> str:
    told = answer.format(mean=mean, error=error)
    return f"""
def paired(a, b):
    d = {d}
    return {told}
"""


PAIRED = Question(
    grade_id="paired",
    tests=("paired-difference",),
    points=0.5,
    right=(
        Answer("with NumPy", _paired(), 0.5),
        Answer(
            "with statistics",
            """
import statistics


def paired(a, b):
    d = [float(p) - float(q) for p, q in zip(a, b)]
    return statistics.mean(d), statistics.stdev(d) / len(d) ** 0.5
""",
            0.5,
        ),
        Answer(
            "with SciPy",
            """
from scipy.stats import sem


def paired(a, b):
    pairs = np.array(a) - np.array(b)
    return np.mean(pairs), sem(pairs)
""",
            0.5,
        ),
        Answer(
            "in a loop",
            """
def paired(a, b):
    n, total = len(a), 0.0
    for p, q in zip(a, b):
        total += p - q
    squares = sum((p - q - total / n) ** 2 for p, q in zip(a, b))
    return [total / n, (squares / (n - 1) / n) ** 0.5]
""",
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "the other way round",
            _paired(d="np.subtract(b, a)"),
            0,
            "the other way round",
        ),
        Answer(
            "the deviation", _paired(error="d.std(ddof=1)"), 0, "standard deviation"
        ),
        Answer(
            "ddof forgotten",
            _paired(error="d.std() / np.sqrt(len(d))"),
            0,
            "divided by n. The spread",
        ),
        Answer("np.std alone", _paired(error="d.std()"), 0, "neither ddof nor root"),
        Answer(
            "by n",
            _paired(error="d.std(ddof=1) / len(d)"),
            0,
            "divided by n, not by its root",
        ),
        Answer("the variance", _paired(error="d.var(ddof=1) / len(d)"), 0, "variance"),
        Answer(
            "not paired",
            _paired(error="np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / len(d))"),
            0,
            "not paired",
        ),
        Answer(
            "an interval",
            _paired(error="2 * d.std(ddof=1) / np.sqrt(len(d))"),
            0,
            "two standard errors",
        ),
        Answer(
            "sizes",
            _paired(d="np.abs(np.subtract(a, b))"),
            0,
            "sizes of the differences",
        ),
        Answer("exchanged", _paired(answer="{error}, {mean}"), 0, "exchanged"),
        Answer("the median", _paired(mean="np.median(d)"), 0, "median"),
        Answer("in points", _paired(answer="100 * {mean}, 100 * {error}"), 0, "points"),
        Answer(
            "not written",
            "def paired(a, b):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _ensemble(
    together: str = "p.mean(axis=0).argmax(axis=-1)",
    gain: str = "np.mean(both == y) - np.mean(own == y)",
    letter: object = "C",
) -> str:
    return f"""
useless = {letter!r}


def ensemble(probabilities):
    p = probabilities
    return {together}


def gain(probabilities, y):
    p = probabilities
    both, own = p.mean(axis=0).argmax(axis=-1), p.argmax(axis=-1)
    return {gain}
"""


_EACH = "(own == y).mean(axis=1)"

ENSEMBLE = Question(
    grade_id="ensemble",
    tests=("ensemble-answers", "ensemble-gain", "ensemble-useless"),
    points=0.5,
    right=(
        Answer("with axes", _ensemble(), 0.5),
        Answer(
            "sum, and one calls the other",
            """
def ensemble(probabilities):
    return np.argmax(sum(probabilities), axis=1)


def gain(probabilities, y):
    members = [np.mean(np.argmax(one, axis=1) == y) for one in probabilities]
    return (ensemble(probabilities) == y).mean() - sum(members) / len(members)


useless = "C"
""",
            0.5,
        ),
        Answer(
            "picture by picture",
            """
useless = "C"


def ensemble(probabilities):
    answers = []
    for picture in range(probabilities.shape[1]):
        mean = probabilities[:, picture].mean(axis=0)
        answers.append(int(np.argmax(mean)))
    return np.array(answers)


def gain(probabilities, y):
    members, n, _ = probabilities.shape
    right = sum(
        probabilities[m, i].argmax() == y[i] for m in range(members) for i in range(n)
    )
    together = sum(a == b for a, b in zip(ensemble(probabilities), y))
    return together / n - right / (n * members)
""",
            0.5,
        ),
        Answer(
            "einsum",
            _ensemble(
                'np.einsum("mnc->nc", p).argmax(1)',
                "(both == y).mean() - (p.argmax(2) == y[None]).mean()",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "a vote",
            _ensemble(
                "np.array([np.bincount(v).argmax() for v in p.argmax(axis=-1).T])"
            ),
            0.25,
            "a vote",
        ),
        Answer(
            "multiplied",
            _ensemble("np.prod(p, axis=0).argmax(axis=-1)"),
            0.25,
            "multiplied",
        ),
        Answer(
            "the surest",
            _ensemble("p.max(axis=0).argmax(axis=-1)"),
            0.25,
            "the surest member",
        ),
        Answer(
            "the median",
            _ensemble("np.median(p, axis=0).argmax(axis=-1)"),
            0.25,
            "median",
        ),
        Answer(
            "mean of the numbers",
            _ensemble("p.argmax(axis=-1).mean(axis=0).round().astype(int)"),
            0.25,
            "mean of the classes' numbers",
        ),
        Answer("no argmax", _ensemble("p.mean(axis=0)"), 0.25, "probabilities"),
        Answer(
            "over the pictures",
            _ensemble("p.mean(axis=1).argmax(axis=-1)"),
            0.25,
            "mean over the pictures",
        ),
        Answer(
            "largest of the wrong axis",
            _ensemble("p.mean(axis=0).argmax(axis=0)"),
            0.25,
            "largest over the pictures",
        ),
        Answer(
            "everyone's own",
            _ensemble("p.argmax(axis=-1)"),
            0.25,
            "every member's own answer",
        ),
        Answer("the first", _ensemble("p[0].argmax(axis=-1)"), 0.25, "first member"),
        Answer(
            "members minus ensemble",
            _ensemble(gain="np.mean(own == y) - np.mean(both == y)"),
            0.375,
            "the other way round",
        ),
        Answer(
            "minus the best",
            _ensemble(gain=f"np.mean(both == y) - {_EACH}.max()"),
            0.375,
            "against the best member",
        ),
        Answer(
            "minus the first",
            _ensemble(gain=f"np.mean(both == y) - {_EACH}[0]"),
            0.375,
            "against the first member",
        ),
        Answer(
            "its accuracy",
            _ensemble(gain="np.mean(both == y)"),
            0.375,
            "the ensemble alone",
        ),
        Answer(
            "in points",
            _ensemble(gain="100 * (np.mean(both == y) - np.mean(own == y))"),
            0.375,
            "points",
        ),
        Answer(
            "never negative",
            _ensemble(gain="abs(np.mean(both == y) - np.mean(own == y))"),
            0.375,
            "size only",
        ),
        Answer("from scratch", _ensemble(letter="A"), 0.375, "these differ most"),
        Answer("fine-tuned", _ensemble(letter="B"), 0.375, "these differ"),
        Answer("other pictures", _ensemble(letter="D"), 0.375, "was drawn anew"),
        Answer(
            "not written",
            """
useless = None


def ensemble(probabilities):
    raise NotImplementedError()


def gain(probabilities, y):
    raise NotImplementedError()
""",
            0,
            "not written yet",
        ),
    ),
)


def _weights(
    mobilenet: str = "2 * pictures - 1",
    vgg: str = "255 * pictures[..., ::-1] - means",
) -> str:
    return f"""
means = np.array([103.939, 116.779, 123.68])


def for_mobilenet(pictures):
    return {mobilenet}


def for_vgg(pictures):
    return {vgg}
"""


WEIGHTS = Question(
    grade_id="weights",
    tests=("weights-mobilenet", "weights-vgg"),
    points=0.5,
    right=(
        Answer("in a line", _weights(), 0.5),
        Answer(
            "around the middle, reversed in the end",
            _weights(
                "(pictures - 0.5) / 0.5", "(255 * pictures - means[::-1])[..., ::-1]"
            ),
            0.5,
        ),
        Answer(
            "by way of 255, channel by channel",
            """
def for_mobilenet(pictures):
    return 255 * pictures / 127.5 - 1


def for_vgg(pictures):
    made = np.empty_like(pictures)
    for place, (colour, mean) in enumerate(((2, 103.939), (1, 116.779), (0, 123.68))):
        made[..., place] = 255 * pictures[..., colour] - mean
    return made
""",
            0.5,
        ),
        Answer(
            "interpolated and stacked",
            _weights(
                "np.interp(pictures, [0, 1], [-1, 1])",
                "np.stack([255 * pictures[..., c] for c in (2, 1, 0)], -1) - means",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("unchanged", _weights("pictures"), 0.25, "as they were"),
        Answer("up to 255", _weights("255 * pictures"), 0.25, "from 0 to 255"),
        Answer(
            "as for bytes", _weights("pictures / 127.5 - 1"), 0.25, "meant for bytes"
        ),
        Answer("half of it", _weights("pictures - 0.5"), 0.25, "half of the range"),
        Answer("negative", _weights("1 - 2 * pictures"), 0.25, "upside down"),
        Answer(
            "blue first",
            _weights("2 * pictures[..., ::-1] - 1"),
            0.25,
            "blue, green, red",
        ),
        Answer(
            "standardised",
            _weights("(pictures - pictures.mean()) / pictures.std()"),
            0.25,
            "by their own mean",
        ),
        Answer(
            "stretched",
            _weights("2 * (pictures - pictures.min()) / np.ptp(pictures) - 1"),
            0.25,
            "stretched",
        ),
        Answer(
            "red first and its mean wrong",
            _weights(vgg="255 * pictures - means"),
            0.25,
            "red, green, blue",
        ),
        Answer(
            "red first",
            _weights(vgg="255 * pictures - means[::-1]"),
            0.25,
            "red first",
        ),
        Answer(
            "means the wrong way",
            _weights(vgg="255 * pictures[..., ::-1] - means[::-1]"),
            0.25,
            "means in the other order",
        ),
        Answer(
            "no means",
            _weights(vgg="255 * pictures[..., ::-1]"),
            0.25,
            "means forgotten",
        ),
        Answer(
            "means of bytes from pixels up to 1",
            _weights(vgg="pictures[..., ::-1] - means"),
            0.25,
            "from 0 to 1",
        ),
        Answer(
            "all divided",
            _weights(vgg="pictures[..., ::-1] - means / 255"),
            0.25,
            "scaled back",
        ),
        Answer(
            "columns turned",
            _weights(vgg="255 * pictures[..., ::-1, :] - means"),
            0.25,
            "mirrored",
        ),
        Answer(
            "means of these",
            _weights(vgg="255 * (pictures - pictures.mean(axis=(0, 1, 2)))[..., ::-1]"),
            0.25,
            "their own means",
        ),
        Answer(
            "like the other",
            _weights(vgg="2 * pictures - 1"),
            0.25,
            "as for MobileNetV2",
        ),
        Answer(
            "not written",
            """
def for_mobilenet(pictures):
    raise NotImplementedError()


def for_vgg(pictures):
    raise NotImplementedError()
""",
            0,
            "not written yet",
        ),
    ),
)


def _sets(
    cut: str = "rest, test = data.split(x, y, 1000)\n"
    "training, validation = data.split(*rest, 1000)",
    sets: str = '{"training": training, "validation": validation, "test": test}',
    chosen: str = "range(10)",
    per_class: str = "400",
) -> str:
    return f"""
chosen = {chosen}
x, y = data.subset(cifar10.x_train, cifar10.y_train, chosen, {per_class})
{cut}
sets = {sets}
"""


_BY_HAND = """
rng = np.random.default_rng(3)
rows = [rng.permutation(np.flatnonzero(y == c)) for c in range(len(chosen))]
parts = {}
for name, start, stop in (
    ("training", 0, 200), ("validation", 200, 300), ("test", 300, 400)
):
    taken = rng.permutation(np.concatenate([r[start:stop] for r in rows]))
    parts[name] = x[taken], y[taken]
"""

SETS = Question(
    grade_id="sets",
    tests=("sets-sizes", "sets-apart"),
    points=1,
    right=(
        Answer("as in the brief", _sets(), 1),
        Answer("class by class, by hand", _sets(_BY_HAND, "parts"), 1),
        Answer(
            "five classes, validation first",
            _sets(
                "rest, validation = data.split(x, y, 0.25, seed=1)\n"
                "training, test = data.split(*rest, 1000, seed=2)",
                chosen="[2, 3, 4, 5, 7]",
                per_class="800",
            ),
            1,
        ),
        Answer(
            "from four subsets",
            """
chosen = list(range(10))
x, y = data.subset(cifar10.x_train, cifar10.y_train, per_class=400, seed=5)
order = np.argsort(y, kind="stable").reshape(10, 400)
part = {"training": order[:, :200], "validation": order[:, 200:300]}
part["test"] = order[:, 300:]
sets = {name: [x[rows.ravel()], y[rows.ravel()]] for name, rows in part.items()}
""",
            1,
        ),
    ),
    wrong=(
        Answer("nothing", "chosen = range(10)\nsets = None", 0, "has no value yet"),
        Answer(
            "a tuple", _sets(sets="(training, validation, test)"), 0, "not a dict of"
        ),
        Answer(
            "other names",
            _sets(sets='{"train": training, "val": validation, "test": test}'),
            0,
            "the three sets by their names",
        ),
        Answer(
            "without labels",
            _sets(sets='{"training": x, "validation": x, "test": x}'),
            0,
            "not (images, labels)",
        ),
        Answer(
            "scaled already",
            _sets("x = x / 255\n" + _BY_HAND, "parts"),
            0,
            "scaled already",
        ),
        Answer(
            "a tenth for validation",
            _sets(
                "rest, test = data.split(x, y, 1000)\n"
                "training, validation = data.split(*rest, 0.1)"
            ),
            0.5,
            "Yours:    2,700",
        ),
        Answer(
            "training and test exchanged",
            _sets(
                sets='{"training": test, "validation": validation, "test": training}'
            ),
            0.5,
            "sets exchanged",
        ),
        Answer(
            "labels as they were",
            _sets(
                "y = np.asarray(chosen)[y].astype(y.dtype)\n"
                "rest, test = data.split(x, y, 1000)\n"
                "training, validation = data.split(*rest, 1000)",
                chosen="[2, 3, 4, 5, 7]",
                per_class="800",
            ),
            0.5,
            "not numbered anew",
        ),
        Answer(
            "any four thousand",
            _sets(
                "rows = np.random.default_rng(0).permutation(8000)[:4000]\n"
                "x, y = cifar10.x_train[rows], cifar10.y_train[rows]\n"
                "training, validation, test = (\n"
                "    (x[a : a + n], y[a : a + n])"
                " for a, n in ((0, 2000), (2000, 1000), (3000, 1000))\n"
                ")"
            ),
            0.5,
            "every class equally often",
        ),
        Answer(
            "cut from the end of sorted labels",
            _sets(
                "order = np.argsort(y, kind='stable')\n"
                "x, y = x[order], y[order]\n"
                "training, validation, test = (\n"
                "    (x[a : a + n], y[a : a + n])"
                " for a, n in ((0, 2000), (2000, 1000), (3000, 1000))\n"
                ")"
            ),
            0.5,
            "sorted labels",
        ),
        Answer(
            "pictures shuffled alone",
            _sets(
                _BY_HAND
                + "parts['test'] = parts['test'][0], np.sort(parts['test'][1])\n",
                "parts",
            ),
            0.5,
            "out of step",
        ),
        Answer(
            "CIFAR-10's own test set",
            _sets(
                "rest, _ = data.split(x, y, 1000)\n"
                "training, validation = data.split(*rest, 1000)\n"
                "test = cifar10.x_test[:1000], np.arange(1000) % 10"
            ),
            0.5,
            "CIFAR-10's own test set",
        ),
        Answer(
            "mirrored for variety",
            _sets(
                _BY_HAND + "images, labels = parts['training']\n"
                "parts['training'] = images[:, :, ::-1], labels\n",
                "parts",
            ),
            0.5,
            "changed pictures",
        ),
        Answer(
            "two classes",
            _sets(_BY_HAND, "parts", chosen="[3, 5]"),
            0.5,
            "three, four or five different",
        ),
        Answer(
            "subset asked three times",
            """
chosen = range(10)
sets = {
    name: data.subset(cifar10.x_train, cifar10.y_train, chosen, n)
    for name, n in (("training", 200), ("validation", 100), ("test", 100))
}
""",
            0.5,
            "“validation” are in “training”",
        ),
        Answer(
            "other seeds instead of a cut",
            """
chosen = range(10)
sets = {
    name: data.subset(cifar10.x_train, cifar10.y_train, chosen, n, seed=seed)
    for seed, (name, n) in enumerate(
        (("training", 200), ("validation", 100), ("test", 100))
    )
}
""",
            0.5,
            "are in “training” as well",
        ),
        Answer(
            "validation is the test",
            _sets(sets='{"training": training, "validation": test, "test": test}'),
            0.5,
            "leakage from the test set",
        ),
        Answer(
            "split from the whole each time",
            _sets(
                "training, _ = data.split(x, y, 2000)\n"
                "_, validation = data.split(x, y, 1000, seed=1)\n"
                "_, test = data.split(x, y, 1000, seed=2)"
            ),
            0.5,
            "are in “training” as well",
        ),
        Answer(
            "training holds all",
            _sets(
                "rest, test = data.split(x, y, 1000)\n"
                "_, validation = data.split(*rest, 1000)\n"
                "training, _ = data.split(x, y, 2000, seed=4)"
            ),
            0.5,
            "as well",
        ),
        Answer(
            "one picture too often",
            _sets(
                _BY_HAND + "images, labels = parts['test']\n"
                "first = np.flatnonzero(labels == 0)[:2]\n"
                "images[first[1]] = images[first[0]]\n",
                "parts",
            ),
            0.5,
            "1 pictures more than once",
        ),
        Answer(
            "drawn with replacement",
            _sets(
                "rest, test = data.split(x, y, 1000)\n"
                "(a, b), validation = data.split(*rest, 1000)\n"
                "rows = [np.random.default_rng(c).choice(np.flatnonzero(b == c), 200)"
                " for c in range(10)]\n"
                "rows = np.concatenate(rows)\n"
                "training = a[rows], b[rows]"
            ),
            0.5,
            "more than once",
        ),
        Answer(
            "not written",
            "chosen = range(10)\n" + _none("sets"),
            0,
            _NO_VALUE,
        ),
    ),
)


def _scale(body: str) -> str:
    return f"""
def as_input(images):
    {body}
"""


SCALE = Question(
    grade_id="scale",
    tests=("scale-values",),
    points=0.5,
    right=(
        Answer("times a fraction", _scale("return np.float32(1 / 255) * images"), 0.5),
        Answer("as doubles", _scale("return images / 255"), 0.5),
        Answer(
            "by a layer",
            _scale("return np.array(layers.Rescaling(1 / 255)(images))"),
            0.5,
        ),
        Answer(
            "in place of a copy",
            _scale(
                "made = images.astype(np.float32)\n    made /= 255\n    return made"
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("not scaled", _scale("return images"), 0, "not scaled"),
        Answer(
            "as floats alone",
            _scale('return images.astype("float32")'),
            0,
            "not scaled",
        ),
        Answer(
            "by the brightest",
            _scale("return images / images.max()"),
            0,
            "by its own brightest pixel",
        ),
        Answer(
            "each by its brightest",
            _scale("return images / images.max(axis=(1, 2, 3), keepdims=True)"),
            0,
            "brightest pixel",
        ),
        Answer(
            "stretched",
            _scale("return (images - images.min()) / np.ptp(images)"),
            0,
            "Likely mistake: stretched",
        ),
        Answer("whole numbers", _scale("return images // 255"), 0, "whole numbers"),
        Answer(
            "bytes again",
            _scale('return (images / 255).astype("uint8")'),
            0,
            "whole numbers",
        ),
        Answer("by 256", _scale("return images / 256"), 0, "divided by 256"),
        Answer("to −1", _scale("return images / 127.5 - 1"), 0, "from −1 to 1"),
        Answer(
            "standardised",
            _scale("return (images - images.mean()) / images.std()"),
            0,
            "standardised",
        ),
        Answer("twice", _scale("return images / 255 / 255"), 0, "scaled twice"),
        Answer("no return", _scale("scaled = images / 255"), 0, "returned None"),
        Answer(
            "flattened",
            _scale("return images.reshape(len(images), -1) / 255"),
            0,
            "wrong shape",
        ),
        Answer(
            "not written", _scale("raise NotImplementedError()"), 0, "not written yet"
        ),
    ),
)


def _net(
    *stages: str,
    loss: str = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    optimizer: str = '"adam"',
    name: str = "build_baseline",
    more: str = "",
) -> str:
    body = ",\n        ".join(stages)
    return f"""
def {name}():
    net = keras.Sequential([
        keras.Input((32, 32, 3)),
        {body},
    ])
    net.compile({optimizer}, {loss}, metrics=["accuracy"])
    return net

{more}
"""


_CONV = 'layers.Conv2D(8, 5, strides=3, activation="relu")'
_POOL, _FLAT = "layers.MaxPooling2D(2)", "layers.Flatten()"
_HEAD = "layers.Dense(len(chosen))"
_SOFTMAX = 'layers.Dense(len(chosen), activation="softmax")'
_FLIP = 'layers.RandomFlip("horizontal")'

BUILD_BASELINE = Question(
    grade_id="build-baseline",
    tests=("baseline-net",),
    points=0.5,
    right=(
        Answer("logits", _net(_CONV, _POOL, _FLAT, _HEAD), 0.5),
        Answer(
            "softmax and probabilities",
            _net(
                _CONV,
                "layers.AveragePooling2D(2)",
                "layers.GlobalMaxPooling2D()",
                _SOFTMAX,
                loss='"sparse_categorical_crossentropy"',
            ),
            0.5,
        ),
        Answer(
            "functional, one-hot labels",
            """
def build_baseline():
    pictures = keras.Input((32, 32, 3))
    maps = layers.ReLU()(layers.Conv2D(8, 3, padding="same")(pictures))
    maps = layers.MaxPooling2D(4)(maps)
    values = layers.Dense(16, activation="tanh")(layers.Flatten()(maps))
    net = keras.Model(pictures, layers.Dense(len(chosen))(values))
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.SGD(0.05, momentum=0.9), loss, metrics=["acc"])
    return net
""",
            0.5,
        ),
        Answer(
            "a class of its own",
            """
class Plain(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(8, 5, strides=3, activation="relu")
        self.pool, self.flat = layers.MaxPooling2D(2), layers.Flatten()
        self.head = layers.Dense(len(chosen))

    def call(self, pictures):
        return self.head(self.flat(self.pool(self.conv(pictures))))


def build_baseline():
    net = Plain()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile("adam", loss, metrics=["accuracy"])
    return net
""",
            0.5,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer("no convolution", _net(_POOL, _FLAT, _HEAD), 0, "no convolution"),
        Answer("no pooling", _net(_CONV, _FLAT, _HEAD), 0, "no pooling"),
        Answer("not flattened", _net(_CONV, _POOL, _HEAD), 0, "not flattened"),
        Answer(
            "a thousand outputs",
            _net(_CONV, _POOL, _FLAT, "layers.Dense(1000)"),
            0,
            "another number of outputs",
        ),
        Answer(
            "dropout at once",
            _net(_CONV, _POOL, "layers.Dropout(0.5)", _FLAT, _HEAD),
            0,
            "yours has dropout",
        ),
        Answer(
            "batch norm at once",
            _net(_CONV, "layers.BatchNormalization()", _POOL, _FLAT, _HEAD),
            0,
            "yours has normalisation",
        ),
        Answer(
            "augmented at once",
            _net(_FLIP, _CONV, _POOL, _FLAT, _HEAD),
            0,
            "yours has RandomFlip",
        ),
        Answer(
            "logits for probabilities",
            _net(_CONV, _POOL, _FLAT, _HEAD, loss='"sparse_categorical_crossentropy"'),
            0,
            "logits taken for probabilities",
        ),
        Answer(
            "softmax twice", _net(_CONV, _POOL, _FLAT, _SOFTMAX), 0, "softmax twice"
        ),
        Answer(
            "squared error",
            _net(_CONV, _POOL, _FLAT, _HEAD, loss='"mse"'),
            0,
            "not for classes",
        ),
        Answer(
            "not compiled",
            """
def build_baseline():
    conv, head = layers.Conv2D(8, 5, strides=3), layers.Dense(len(chosen))
    stages = [conv, layers.MaxPooling2D(2), layers.Flatten(), head]
    return keras.Sequential([keras.Input((32, 32, 3)), *stages])
""",
            0,
            "compile forgotten",
        ),
        Answer(
            "nothing returned",
            _net(_CONV, _POOL, _FLAT, _HEAD).replace("return net", "net.summary()"),
            0,
            "returned None",
        ),
        Answer(
            "a list of layers",
            f"def build_baseline():\n    return [{_CONV}, {_POOL}, {_FLAT}, {_HEAD}]",
            0,
            "a list of layers",
        ),
        Answer(
            "not written",
            "def build_baseline():\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _layers_of(*stages: str) -> str:
    return f"augment = keras.Sequential([{', '.join(stages)}])"


AUGMENT = Question(
    grade_id="augment",
    tests=("augment-changes",),
    points=0.5,
    right=(
        Answer("mirrored alone", _layers_of(_FLIP), 0.5),
        Answer(
            "with its input, four layers",
            _layers_of(
                "keras.Input((32, 32, 3))",
                _FLIP,
                "layers.RandomRotation(10 / 360)",
                "layers.RandomZoom(0.1)",
                "layers.RandomBrightness(0.1, value_range=(0, 1))",
            ),
            0.5,
        ),
        Answer(
            "a layer alone",
            "augment = layers.RandomTranslation(0.1, 0.1, fill_mode='nearest')",
            0.5,
        ),
        Answer(
            "covered boxes",
            _layers_of(
                _FLIP,
                "layers.RandomErasing(0.5, scale=(0.02, 0.1), value_range=(0, 1))",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("nothing", "augment = None", 0, "has no value yet"),
        Answer("a list", f"augment = [{_FLIP}]", 0, "a list"),
        Answer("empty", "augment = keras.Sequential([layers.Identity()])", 0, "no aug"),
        Answer(
            "factor 0", _layers_of("layers.RandomRotation(0.0)"), 0, "no augmentation"
        ),
        Answer(
            "rescaled as well",
            _layers_of("layers.Rescaling(1 / 255)", _FLIP),
            0,
            "not random",
        ),
        Answer(
            "degrees",
            _layers_of("layers.RandomRotation(30)"),
            0,
            "in the range [-1, 1]",
            plain="name 'augment' is not defined",
        ),
        Answer(
            "degrees as a range",
            _layers_of(_FLIP, "layers.RandomRotation((-30, 30))"),
            0,
            "15 / 360",
        ),
        Answer(
            "the whole width",
            _layers_of("layers.RandomTranslation(1.0, 1.0)"),
            0,
            "3 pixels of 32",
        ),
        Answer(
            "bright to 255",
            _layers_of("layers.RandomBrightness(0.2)"),
            0,
            "value_range left out",
        ),
        Answer(
            "cropped smaller",
            _layers_of("layers.RandomCrop(24, 24)"),
            0,
            "another shape",
        ),
        Answer(
            "always mirrored",
            "def augment(pictures, training=True):\n    return pictures[:, :, ::-1]",
            0,
            "when nothing is trained",
        ),
        Answer(
            "mirrored in every training",
            "def augment(pictures, training=True):\n"
            "    return pictures[:, :, ::-1] if training else pictures",
            0,
            "the same each time",
        ),
        Answer(
            "a function without training",
            "def augment(pictures):\n    return pictures[:, :, ::-1]",
            0,
            "training not passed on",
        ),
        Answer("not written", _none("augment"), 0, _NO_VALUE),
    ),
)


def _means(*stages: str, **how: str) -> str:
    return _net(_FLIP, *stages, name="build_regularised", **how)


BUILD_REGULARISED = Question(
    grade_id="build-regularised",
    tests=("regularised-means",),
    points=0.5,
    right=(
        Answer(
            "batch norm and dropout",
            _means(
                _CONV,
                "layers.BatchNormalization()",
                _FLAT,
                "layers.Dropout(0.2)",
                _HEAD,
            ),
            0.5,
        ),
        Answer(
            "in loss and optimiser",
            _means(
                _CONV,
                _FLAT,
                _SOFTMAX,
                loss="keras.losses.CategoricalCrossentropy(label_smoothing=0.1)",
                optimizer="keras.optimizers.AdamW(1e-3, weight_decay=0.01)",
            ),
            0.5,
        ),
        Answer(
            "with a branch",
            """
def build_regularised():
    pictures = keras.Input((32, 32, 3))
    one = layers.Conv2D(8, 5, strides=3, activation="relu")(pictures)
    two = layers.Conv2D(8, 3, padding="same")(one)
    both = layers.add([one, layers.BatchNormalization()(two)])
    values = layers.GlobalAveragePooling2D()(both)
    net = keras.Model(pictures, layers.Dense(len(chosen))(values))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile("adam", loss, metrics=["accuracy"])
    return net
""",
            0.5,
        ),
        Answer(
            "a class of its own",
            """
class Best(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(8, 5, strides=3, kernel_regularizer="l2")
        self.drop, self.flat = layers.SpatialDropout2D(0.2), layers.Flatten()
        self.head = layers.Dense(len(chosen))

    def call(self, pictures, training=False):
        maps = self.drop(self.conv(pictures), training=training)
        return self.head(self.flat(maps))


def build_regularised():
    net = Best()
    net(np.zeros((1, 32, 32, 3)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile("adam", loss, metrics=["accuracy"])
    return net
""",
            0.5,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer("none", _means(_CONV, _POOL, _FLAT, _HEAD), 0, "no means"),
        Answer(
            "augmentation alone",
            _means("layers.RandomTranslation(0.1, 0.1)", _CONV, _FLAT, _HEAD),
            0,
            "no means",
        ),
        Answer(
            "a falling rate",
            _means(
                _CONV,
                _FLAT,
                _HEAD,
                optimizer="keras.optimizers.Adam("
                "keras.optimizers.schedules.CosineDecay(1e-3, 800))",
            ),
            0,
            "no means",
        ),
        Answer(
            "dropout alone",
            _means(_CONV, _FLAT, "layers.Dropout(0.5)", _HEAD),
            0,
            "one kind",
        ),
        Answer(
            "dropout twice",
            _means(
                _CONV,
                "layers.SpatialDropout2D(0.1)",
                _FLAT,
                "layers.Dropout(0.5)",
                _HEAD,
            ),
            0,
            "one kind",
        ),
        Answer(
            "batch norm alone",
            _means(_CONV, "layers.BatchNormalization()", _FLAT, _HEAD),
            0,
            "one kind",
        ),
        Answer(
            "L2 and weight decay",
            _means(
                _CONV,
                _FLAT,
                'layers.Dense(len(chosen), kernel_regularizer="l2")',
                optimizer="keras.optimizers.AdamW()",
            ),
            0,
            "one kind",
        ),
        Answer(
            "dropout of nothing and smoothing of nothing",
            _means(
                _CONV,
                _FLAT,
                "layers.Dropout(0.0)",
                _SOFTMAX,
                loss="keras.losses.CategoricalCrossentropy(label_smoothing=0.0)",
            ),
            0,
            "no means",
        ),
        Answer(
            "ends in features",
            _means(_CONV, "layers.BatchNormalization()", "layers.Dropout(0.2)", _FLAT),
            0,
            "one number for each class",
        ),
        Answer(
            "nothing returned",
            _means(_CONV, _FLAT, _HEAD).replace("return net", "net.summary()"),
            0,
            "returned None",
        ),
        Answer(
            "not written",
            "def build_regularised():\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


# From here on networks are trained: small ones, for a few epochs.

_SMALL = (
    'layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")',
    _POOL,
    'layers.Conv2D(32, 3, padding="same", activation="relu")',
    _POOL,
    _FLAT,
    _HEAD,
)
_BASELINE = _net(*_SMALL, optimizer="keras.optimizers.Adam(4e-3)")
_FIT = "batch_size=50, epochs=EPOCHS, validation_data=(x_val, y_val), verbose=0"


def _trained(
    arm: str,
    how: str = _FIT,
    pictures: str = "x, y",
    after: str = "",
    epochs: str = '5 if cifar10.source == "drawn" else 15',
) -> str:
    return f"""
EPOCHS = {epochs}
keras.utils.set_random_seed(1)
{arm} = build_{arm}()
histories["{arm}"] = {arm}.fit({pictures}, {how})
{after}
"""


_NO_VALIDATION = "batch_size=50, epochs=EPOCHS, verbose=0"
_TEST_SET = """
_, _, (x_exam, y_exam) = homework.three_sets(cifar10, chosen).values()
x_exam = homework.scaled(x_exam)
"""

TRAIN_BASELINE = Question(
    grade_id="train-baseline",
    tests=("baseline-trained",),
    points=0.5,
    group="baseline",
    right=(
        Answer("arrays", _trained("baseline"), 0.5),
        Answer(
            "the dict of the history",
            _trained("baseline")
            + 'histories["baseline"] = histories["baseline"].history',
            0.5,
        ),
        Answer(
            "a dataset, the best weights kept",
            """
import tensorflow as tf

keras.utils.set_random_seed(1)
batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(2000).batch(50)
best = keras.callbacks.EarlyStopping("val_accuracy", patience=5,
                                     restore_best_weights=True)
baseline = build_baseline()
histories["baseline"] = baseline.fit(
    batches, epochs=4, validation_data=(x_val, y_val), callbacks=[best], verbose=0)
""",
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "test set as validation",
            _TEST_SET + _trained("baseline", _FIT.replace("_val", "_exam")),
            0,
            "test set as validation_data",
        ),
        Answer(
            "training set as validation",
            _trained("baseline", _FIT.replace("x_val, y_val", "x, y")),
            0,
            "disagree about the validation pictures",
        ),
        Answer(
            "no validation", _trained("baseline", _NO_VALIDATION), 0, "no validation"
        ),
        Answer(
            "a share of the training pictures",
            _trained("baseline", _NO_VALIDATION + ", validation_split=0.1"),
            0,
            "disagree about the validation pictures",
        ),
        Answer(
            "trained on after the curves",
            _trained(
                "baseline",
                after="baseline.fit(x, y, batch_size=50, epochs=4, verbose=0)",
            ),
            0,
            "must not be trained any further",
        ),
        Answer(
            "only the second half kept",
            _trained("baseline", _FIT.replace("=EPOCHS", "=40"))
            + f'histories["baseline"] = baseline.fit(x, y, {_FIT})',
            0,
            "a network that goes on",
        ),
        Answer(
            "steps far too large",
            _trained("baseline").replace(
                "histories", "baseline.optimizer.learning_rate = 100.0\nhistories", 1
            ),
            0,
            "the rate may be far too high",
        ),
        Answer(
            "labels in another order",
            _trained("baseline", pictures="x, y[::-1]"),
            0,
            "training loss does not fall",
            plain="labels out of step",
        ),
        Answer(
            "labels that are one too high",
            _trained("baseline", pictures="x, (y + 1) % len(chosen)"),
            0,
            "labels out of step",
        ),
        Answer(
            "validation pictures learned",
            """
keras.utils.set_random_seed(1)
baseline = build_baseline()
histories["baseline"] = baseline.fit(
    np.concatenate([x_val] * 20), np.concatenate([y_val] * 20), batch_size=50,
    epochs=2, validation_data=(x_val, y_val), verbose=0)
""",
            0,
            "knows the pictures of the validation set",
        ),
        Answer(
            "one epoch",
            _trained("baseline", _FIT.replace("EPOCHS", "1")),
            0,
            "no curve",
        ),
        Answer(
            "made up",
            """
baseline = build_baseline()
histories["baseline"] = {
    "loss": [2.2, 1.6, 1.2], "accuracy": [0.2, 0.4, 0.6],
    "val_loss": [2.1, 1.7, 1.5], "val_accuracy": [0.3, 0.5, 0.7],
}
""",
            0,
            "disagree about the validation pictures",
        ),
        Answer(
            "history forgotten",
            "baseline = build_baseline()\nbaseline.fit(x[:50], y[:50], verbose=0)",
            0,
            "has no value yet",
        ),
        Answer(
            "the history in place of the net",
            _trained("baseline", after='baseline = histories["baseline"]'),
            0,
            "holds what `fit` returns",
        ),
        Answer("not written", _none("baseline"), 0, _NO_VALUE),
    ),
)


def _second(
    stages: str = "augment, *plain()", how: str = _FIT, then: str = "", net: str = ""
) -> str:
    return f"""
def plain():
    return [{", ".join(_SMALL)}]


def build_augmented():
    net = keras.Sequential([keras.Input((32, 32, 3)), {stages}])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(4e-3), loss, metrics=["accuracy"])
    return net


keras.utils.set_random_seed(2)
augmented = {net or "build_augmented()"}
{then}
histories["augmented"] = augmented.fit(x, y, {how})
"""


AUGMENTED = Question(
    grade_id="augmented",
    tests=("augmented-arm",),
    points=0.5,
    group="augmented",
    right=(
        Answer("in front", _second(), 0.5),
        Answer("around the other", _second("augment, build_baseline()"), 0.5),
        Answer(
            "functional",
            """
def build_augmented():
    pictures = keras.Input((32, 32, 3))
    net = keras.Model(pictures, build_baseline()(augment(pictures)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(4e-3), loss, metrics=["accuracy"])
    return net


keras.utils.set_random_seed(3)
augmented = build_augmented()
histories["augmented"] = augmented.fit(
    x, y, batch_size=50, epochs=EPOCHS, validation_data=(x_val, y_val), verbose=0)
""",
            0.5,
        ),
    ),
    wrong=(
        Answer("no augmentation", _second("*plain()"), 0, "no augmentation"),
        Answer(
            "more filters",
            _second("augment, *plain()").replace("Conv2D(32", "Conv2D(12"),
            0,
            "another number of filters",
        ),
        Answer(
            "dropout as well",
            _second("augment, *plain()[:-1], layers.Dropout(0.3), plain()[-1]"),
            0,
            "your net has a Dropout",
        ),
        Answer(
            "augmented beforehand",
            _second("*plain()").replace("fit(x,", "fit(np.array(augment(x)),"),
            0,
            "no augmentation in the network",
        ),
        Answer(
            "a penalty on weights",
            _second(
                "augment, *plain()[:-1], layers.Dense(len(chosen), "
                "kernel_regularizer='l2')"
            ),
            0,
            "has a penalty on weights; the baseline has not",
        ),
        Answer(
            "another rate",
            _second().replace("Adam(4e-3)", "Adam(2e-3)"),
            0,
            "build_baseline:  learning_rate 0.004",
        ),
        Answer(
            "a network that goes on",
            _second(
                net="keras.Sequential([augment, baseline])",
                then="baseline.fit(x, y, batch_size=50, epochs=20, verbose=0)\n"
                "augmented.compile('adam', baseline.loss, metrics=['accuracy'])",
            ),
            0,
            "a network that goes on",
        ),
        Answer(
            "longer", _second(how=_FIT.replace("EPOCHS", "EPOCHS + 2")), 0, "unequal ep"
        ),
        Answer(
            "larger batches",
            _second(how=_FIT.replace("50", "100")),
            0,
            "unequal steps",
        ),
        Answer(
            "stopped early",
            _second(
                how=_FIT + ", callbacks=[keras.callbacks.EarlyStopping("
                "min_delta=1.0, patience=2)]"
            ),
            0,
            "unequal epochs",
        ),
        Answer(
            "validation pictures too",
            _second().replace(
                "fit(x, y,",
                "fit(np.concatenate([x, x_val]), np.concatenate([y, y_val]),",
            ),
            0,
            "unequal steps",
        ),
        Answer(
            "test set as validation",
            _TEST_SET + _second(how=_FIT.replace("_val", "_exam")),
            0,
            "test set as validation_data",
        ),
        Answer(
            "the dict of the history",
            _second() + 'histories["augmented"] = histories["augmented"].history',
            0,
            "the dict alone",
        ),
        Answer(
            "not trained",
            _second().replace('histories["augmented"] =', "histories['other'] ="),
            0,
            "has no value yet",
        ),
        Answer(
            "not written",
            "augmented = None\n\n\ndef build_augmented():\n"
            "    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)

# Good enough for the figure, on the drawn pictures.
_GOOD = """
def build_regularised(rate=3e-3):
    net = keras.Sequential([
        keras.Input((32, 32, 3)),
        layers.RandomFlip("horizontal"),
        layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.BatchNormalization(momentum=0.8),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(len(chosen)),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return net
"""


def _third(how: str = _FIT, pictures: str = "x, y", first: str = "") -> str:
    return f"""
keras.utils.set_random_seed(4)
regularised = build_regularised()
{first}
histories["regularised"] = regularised.fit({pictures}, {how})
"""


def _blind(how: str = _FIT, *, flip: str = _FLIP, see: int = 4) -> str:
    """A network that sees the middle of a picture alone, and begins far off."""
    return f"""
far = keras.initializers.RandomNormal(stddev=2.0, seed=1)
regularised = keras.Sequential([
    keras.Input((32, 32, 3)), {flip}, layers.CenterCrop({see}, {see}),
    layers.Flatten(), layers.Dense(len(chosen), kernel_initializer=far)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
regularised.compile(keras.optimizers.Adam(0.03), loss, metrics=["accuracy"])
histories["regularised"] = regularised.fit(x, y, {how})
"""


TRAIN_REGULARISED = Question(
    grade_id="train-regularised",
    tests=("regularised-arm", "regularised-figure"),
    points=1,
    group="regularised",
    right=(
        Answer("as the others", _third(), 1),
        Answer(
            "a falling rate",
            _third(
                _FIT + ", callbacks=[keras.callbacks.ReduceLROnPlateau(patience=2)]"
            ),
            1,
        ),
        Answer(
            "in a loop of its own making",
            """
def run(build, seed):
    keras.utils.set_random_seed(seed)
    net = build()
    return net, net.fit(
        x, y, batch_size=50, epochs=EPOCHS, validation_data=(x_val, y_val), verbose=0)


regularised, histories["regularised"] = run(build_regularised, seed=7)
""",
            1,
        ),
    ),
    wrong=(
        Answer(
            "longer",
            _third(_FIT.replace("EPOCHS", "EPOCHS + 1")),
            0.5,
            "unequal epochs",
        ),
        Answer(
            "smaller batches", _third(_FIT.replace("50", "25")), 0.5, "unequal steps"
        ),
        Answer(
            "test set as validation",
            _TEST_SET + _third(_FIT.replace("_val", "_exam")),
            0.5,
            "test set as validation_data",
        ),
        Answer(
            "the dict of the history",
            _third() + 'histories["regularised"] = histories["regularised"].history',
            0.5,
            "the dict alone",
        ),
        Answer("no validation", _third(_NO_VALIDATION), 0.5, "no validation"),
        Answer(
            "the curves of another arm",
            _third().replace('histories["regularised"] =', "_ =")
            + 'histories["regularised"] = histories["baseline"]',
            0.5,
            "disagree about the validation pictures",
        ),
        Answer("sees the middle alone", _blind(), 0.5, "names too few pictures"),
        Answer("sees two pixels", _blind(see=2), 0.5, "names too few pictures"),
        Answer(
            "no augmentation", _blind(flip="layers.Identity()"), 0, "no augmentation in"
        ),
        Answer(
            "steps far too small",
            _third(first="regularised.optimizer.learning_rate = 1e-9"),
            0,
            "training loss does not fall",
        ),
        Answer(
            "labels in another order",
            _third(pictures="x, y[::-1]"),
            0,
            "labels out of step",
        ),
        Answer(
            "unscaled",
            _third(
                "batch_size=50, epochs=EPOCHS, verbose=0,"
                " validation_data=(255 * x_val, y_val)",
                "255 * x, y",
            ),
            0,
            "disagree about the validation pictures",
        ),
        Answer(
            "one class only",
            _third(pictures="x[y == 0].repeat(10, axis=0), y[y == 0].repeat(10)"),
            0,
            "every class must be among",
        ),
        Answer(
            "not written",
            _none("regularised"),
            0,
            _NO_VALUE,
        ),
    ),
)

# Ends of the notebook: three nets that know a little more than nothing are enough.


def _curves(
    train: str = "ax.plot(told[metric], label=f'{arm}, training')",
    val: str = "ax.plot(told['val_' + metric], '--', label=f'{arm}, validation')",
    labels: str = "ax.set(xlabel='epoch', ylabel=metric)",
    legend: str = "ax.legend()",
    arms: str = "histories",
) -> str:
    return f"""
fig, axes = plt.subplots(1, 2)
for ax, metric in zip(axes, ("loss", "accuracy")):
    for arm in {arms}:
        told = histories[arm].history
        {train}
        {val}
    {labels}
    {legend}
"""


CURVES = Question(
    grade_id="curves",
    tests=("curves-shown",),
    points=0.5,
    group="ends",
    right=(
        Answer("two panels", _curves(), 0.5),
        Answer(
            "plot_history for each",
            """
from course_utils.plotting import plot_history

axes = [plot_history(histories[arm]) for arm in histories]
""",
            0.5,
        ),
        Answer(
            "six panels, in per cent",
            """
fig, axes = plt.subplots(2, 3)
for column, history in zip(axes.T, histories.values()):
    for ax, metric, times in zip(column, ("loss", "accuracy"), (1, 100)):
        ax.plot(np.multiply(history.history[metric], times))
        ax.plot(np.multiply(history.history["val_" + metric], times))
        ax.set_xlabel("epoch")
        ax.set_ylabel(metric)
        ax.legend(["training", "validation"])
""",
            0.5,
        ),
        Answer(
            "the figure itself, epochs from 1",
            _curves(
                "ax.plot(range(1, EPOCHS + 1), told[metric], label=arm)",
                "ax.plot(range(1, EPOCHS + 1), told['val_' + metric], ':')",
            )
            + "axes = fig",
            0.5,
        ),
    ),
    wrong=(
        Answer("nothing", "axes = None", 0, "no value yet"),
        Answer(
            "training only", _curves(val="pass"), 0, "the curve “validation loss of"
        ),
        Answer(
            "validation only", _curves(train="pass"), 0, "the curve “training loss of"
        ),
        Answer(
            "two arms", _curves(arms="('baseline', 'augmented')"), 0, "regularised”"
        ),
        Answer("no labels", _curves(labels="pass"), 0, "unlabelled axis"),
        Answer(
            "epochs without a word",
            _curves(labels="ax.set_ylabel(metric)"),
            0,
            "no label on its x axis",
        ),
        Answer("no legend", _curves(legend="pass"), 0, "no legend"),
        Answer("loss only", _curves() + "axes = axes[0]", 0, "accuracy of baseline”"),
        Answer(
            "last epoch left out",
            _curves("ax.plot(told[metric][:-1], label=arm)"),
            0,
            "not every epoch",
        ),
        Answer(
            "smoothed",
            _curves("ax.plot(np.full(EPOCHS, np.mean(told[metric])), label=arm)"),
            0,
            "the curve “training loss of baseline”",
        ),
        Answer("numbers", "axes = [0.5, 0.6]", 0, "not the Axes of a figure"),
        Answer("not written", _none("axes"), 0, _NO_VALUE),
    ),
)


def _expected(error: str = "np.sqrt(0.6 * 0.4 / 1000)", pictures: str = "9600") -> str:
    return f"error_expected = {error}\npictures_needed = {pictures}"


EXPECTED = Question(
    grade_id="expected",
    tests=("errors-expected",),
    points=0.25,
    right=(
        Answer("as a formula", _expected(pictures="round(0.24 / 0.005**2)"), 0.25),
        Answer("rounded", _expected("0.0155"), 0.25),
        Answer(
            "in steps",
            """
p, n = 600 / 1000, 1000
error_expected = (p * (1 - p)) ** 0.5 / n**0.5
pictures_needed = int(np.ceil(n * (error_expected / 0.005) ** 2 - 1e-9))
""",
            0.25,
        ),
    ),
    wrong=(
        Answer("the variance", _expected("0.24 / 1000"), 0, "the variance"),
        Answer("of one picture", _expected("0.24**0.5"), 0, "of one picture"),
        Answer("p alone", _expected("(0.6 / 1000) ** 0.5"), 0, "p alone"),
        Answer("in per cent", _expected("100 * np.sqrt(0.24 / 1000)"), 0, "per cent"),
        Answer("the interval", _expected("1.96 * 0.01549"), 0, "twice"),
        Answer("without p", _expected("1000**-0.5"), 0, "without p"),
        Answer("three times as many", _expected(pictures="3098"), 0, "root forgotten"),
        Answer("not squared", _expected(pictures="48"), 0, "error not squared"),
        Answer("for a half", _expected(pictures="10_000"), 0, "without p"),
        Answer("p alone again", _expected(pictures="24_000"), 0, "p alone"),
        Answer("five points", _expected(pictures="96"), 0, "five points"),
        Answer("more", _expected(pictures="8600"), 0, "how many more"),
        Answer("nothing", "error_expected = pictures_needed = None", 0, "no value yet"),
        Answer(
            "not written",
            _none("error_expected = pictures_needed"),
            0,
            _NO_VALUE,
        ),
    ),
)


def _reported(answer: str = "test[int(np.argmax(val))]", letter: object = "B") -> str:
    return f"""
chosen_fault = {letter!r}


def reported(val_accuracy, test_accuracy):
    val, test = list(val_accuracy), list(test_accuracy)
    return {answer}
"""


CHOSEN = Question(
    grade_id="chosen",
    tests=("chosen-fault", "chosen-repaired"),
    points=0.25,
    right=(
        Answer("argmax", _reported(), 0.25),
        Answer("index", _reported("test[val.index(max(val))]"), 0.25),
        Answer(
            "in a loop",
            """
def reported(val_accuracy, test_accuracy):
    best, answer = -1.0, None
    for watched, tested in zip(val_accuracy, test_accuracy):
        if watched > best:
            best, answer = watched, tested
    return answer


chosen_fault = "B"
""",
            0.25,
        ),
    ),
    wrong=(
        Answer("the patience", _reported(letter="A"), 0.125, "not the patience"),
        Answer("the epochs", _reported(letter="C"), 0.125, "not the epochs"),
        Answer("the weights", _reported(letter="D"), 0.125, "not the weights"),
        Answer("as before", _reported("max(test)"), 0.125, "chosen by the test"),
        Answer("at the end", _reported("test[-1]"), 0.125, "the last epoch"),
        Answer("of validation", _reported("max(val)"), 0.125, "the validation figure"),
        Answer("where", _reported("int(np.argmax(val))"), 0.125, "the epoch"),
        Answer(
            "a step too far",
            _reported("test[min(int(np.argmax(val)) + 1, len(test) - 1)]"),
            0.125,
            "one epoch late",
        ),
        Answer(
            "as of a loss",
            _reported("test[int(np.argmin(val))]"),
            0.125,
            "the worst epoch",
        ),
        Answer(
            "sorted",
            _reported("sorted(zip(val, range(len(val)), test))[-1][2]"),
            0.125,
            "the last of several",
        ),
        Answer("the mean", _reported("float(np.mean(test))"), 0.125, "a mean"),
        Answer("printed", _reported("print(max(test))"), 0.125, "returned None"),
        Answer(
            "not written",
            "chosen_fault = None\n\n\ndef reported(val_accuracy, test_accuracy):\n"
            "    raise NotImplementedError()",
            0,
            "no value yet",
        ),
    ),
)


def _measured(
    out: str = "net.predict(x_test, verbose=0)",
    p: str = "np.mean(predictions[arm].argmax(axis=1) == y_test)",
    error: str = "np.sqrt(p * (1 - p) / len(y_test))",
    after: str = "",
) -> str:
    return f"""
predictions, accuracies, standard_errors = {{}}, {{}}, {{}}
nets = {{"baseline": baseline, "augmented": augmented, "regularised": regularised}}
for arm, net in nets.items():
    predictions[arm] = {out}
    p = np.mean(predictions[arm].argmax(axis=1) == y_test)
    standard_errors[arm] = {error}
    accuracies[arm] = {p}
{after}
"""


MEASURED = Question(
    grade_id="measured",
    tests=("test-accuracies", "test-errors"),
    points=0.5,
    group="ends",
    right=(
        Answer("in a loop", _measured(), 0.5),
        Answer(
            "one by one",
            """
def measure(net):
    outputs = net(x_test, training=False).numpy()
    right = (np.argmax(outputs, axis=-1) == y_test).mean()
    return outputs, float(right), float((right * (1 - right) / 1000) ** 0.5)


predictions, accuracies, standard_errors = (
    dict(zip(("baseline", "augmented", "regularised"), column))
    for column in zip(measure(baseline), measure(augmented), measure(regularised)))
""",
            0.5,
        ),
        Answer(
            "as probabilities, rounded to three places",
            _measured(
                "keras.ops.softmax(net.predict(x_test, verbose=0)).numpy()",
                p="round(float(p), 3)",
                error="round(np.sqrt(p * (1 - p) / (len(y_test) - 1)), 3)",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "of the validation pictures",
            _measured("net.predict(x_val, verbose=0)"),
            0.25,
            "They are of the validation pictures",
        ),
        Answer(
            "classes in place of outputs",
            _measured(
                after="for arm in nets:\n"
                "    predictions[arm] = predictions[arm].argmax(axis=1)"
            ),
            0,
            "without argmax",
        ),
        Answer(
            "one network for all",
            _measured("regularised.predict(x_test, verbose=0)"),
            0.25,
            "They are those of `regularised`",
        ),
        Answer(
            "trained on afterwards",
            _measured(
                after="for net in nets.values():\n"
                "    net.fit(x[:400], y[:400], verbose=0)"
            ),
            0.25,
            "not of the final network",
        ),
        Answer("per cent", _measured(p="100 * p"), 0.25, "per cent"),
        Answer("mistakes", _measured(p="1 - p"), 0.25, "share of mistakes"),
        Answer("a count", _measured(p="p * len(y_test)"), 0.25, "a count"),
        Answer(
            "of the validation pictures, from the history",
            _measured(
                p="np.mean(net.predict(x_val, verbose=0).argmax(axis=1) == y_val)"
            ),
            0.25,
            "of the validation pictures",
        ),
        Answer("hoped for", _measured(p="0.75"), 0.25, "holds the wrong value"),
        Answer(
            "one arm",
            _measured(after="del accuracies['augmented']"),
            0.25,
            '`accuracies["augmented"]` has no value',
        ),
        Answer(
            "the variance",
            _measured(error="p * (1 - p) / len(y_test)"),
            0.25,
            "the variance",
        ),
        Answer(
            "of one picture",
            _measured(error="np.sqrt(p * (1 - p))"),
            0.25,
            "one picture",
        ),
        Answer(
            "divided by n",
            _measured(error="np.sqrt(p * (1 - p)) / len(y_test)"),
            0.25,
            "divided by n",
        ),
        Answer("p alone", _measured(error="np.sqrt(p / len(y_test))"), 0.25, "p alone"),
        Answer(
            "in points",
            _measured(error="100 * np.sqrt(p * (1 - p) / len(y_test))"),
            0.25,
            "per cent",
        ),
        Answer(
            "95 %",
            _measured(error="1.96 * np.sqrt(p * (1 - p) / len(y_test))"),
            0.25,
            "twice",
        ),
        Answer("without p", _measured(error="len(y_test) ** -0.5"), 0.25, "without p"),
        Answer(
            "one number",
            _measured(after="standard_errors = 0.016"),
            0.25,
            "not a dict by arm",
        ),
        Answer(
            "not written",
            "predictions, accuracies, standard_errors = {}, {}, {}\n"
            "raise NotImplementedError()",
            0,
            _NO_VALUE,
        ),
    ),
)


def _matrix(
    count: str = "np.add.at(matrix, (y_test, y_pred), 1)",
    after: str = "",
    best: str = "max(accuracies, key=accuracies.get)",
) -> str:
    return f"""
best = {best}
y_pred = predictions[best].argmax(axis=1)
matrix = np.zeros((len(chosen), len(chosen)), dtype=int)
{count}
{after}
"""


CONFUSION = Question(
    grade_id="confusion",
    tests=("confusion-matrix",),
    points=0.5,
    group="matrix",
    right=(
        Answer("add.at", _matrix(), 0.5),
        Answer(
            "by the package",
            _matrix(
                "from course_utils import mistakes as counted\n"
                "matrix = counted.confusion_matrix(y_test, y_pred, names)"
            ),
            0.5,
        ),
        Answer(
            "in a loop, as floats",
            _matrix(
                "matrix = np.zeros((len(chosen), len(chosen)))\n"
                "for true, predicted in zip(y_test, y_pred):\n"
                "    matrix[true, predicted] += 1"
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("nothing", "best = matrix = None", 0, "no value yet"),
        Answer(
            "on its side",
            _matrix("np.add.at(matrix, (y_pred, y_test), 1)"),
            0,
            "rows and columns swapped",
        ),
        Answer(
            "counted once", _matrix("matrix[y_test, y_pred] += 1"), 0, "counted once"
        ),
        Answer(
            "shares",
            _matrix(after="matrix = matrix / matrix.sum(axis=1, keepdims=True)"),
            0,
            "shares of the rows",
        ),
        Answer(
            "shares of all",
            _matrix(after="matrix = matrix / len(y_test)"),
            0,
            "shares of all",
        ),
        Answer(
            "mistakes alone",
            _matrix(after="matrix[np.arange(len(chosen)), np.arange(len(chosen))] = 0"),
            0,
            "only what is wrong",
        ),
        Answer(
            "right ones alone",
            _matrix(after="matrix = np.diag(np.diag(matrix))"),
            0,
            "only what is right",
        ),
        Answer(
            "a class left out",
            _matrix(after="matrix = matrix[:-1, :-1]"),
            0,
            "last class forgotten",
        ),
        Answer(
            "flat", _matrix(after="matrix = matrix.ravel()"), 0, "holds the wrong shape"
        ),
        Answer(
            "of another arm",
            _matrix(after="best = 'baseline' if best != 'baseline' else 'augmented'"),
            0,
            "is that of",
        ),
        Answer("a number for the arm", _matrix(after="best = 2"), 0, "not one of"),
        Answer(
            "of the validation pictures",
            _matrix(
                "y_pred = regularised.predict(x_val, verbose=0).argmax(axis=1)\n"
                "np.add.at(matrix, (y_val, y_pred), 1)"
            ),
            0,
            "wrong values",
        ),
        Answer(
            "not written",
            _none("best = matrix"),
            0,
            _NO_VALUE,
        ),
    ),
)

_FLIPS = f"augment = keras.Sequential([{_FLIP}])"
_NO_FIGURES = {cell: "raise NotImplementedError()" for cell in ("look", "gallery")}
_ARMS = {
    **_NO_FIGURES,
    "build-baseline": _BASELINE,
    "train-baseline": _trained("baseline"),
    "augment": _FLIPS,
    "build-regularised": _GOOD,
}
# All of it right: after a wrong answer the grader would look twice at the next ones.
_ENDS = {
    **_ARMS,
    "train-baseline": _trained("baseline", epochs="4"),
    "augmented": _second(),
    "train-regularised": _third(),
    "curves": _curves(),
}

FILLING = {
    "": _NO_FIGURES,
    "baseline": {**_NO_FIGURES, "build-baseline": _BASELINE},
    "augmented": _ARMS,
    "regularised": _ARMS,
    "ends": _ENDS,
    "matrix": {**_ENDS, "measured": _measured()},
}

QUESTIONS = (
    PAIRED,
    ENSEMBLE,
    WEIGHTS,
    SETS,
    SCALE,
    BUILD_BASELINE,
    TRAIN_BASELINE,
    AUGMENT,
    AUGMENTED,
    BUILD_REGULARISED,
    TRAIN_REGULARISED,
    CURVES,
    EXPECTED,
    CHOSEN,
    MEASURED,
    CONFUSION,
)
IN_WORDS = {"choices": 0.5, "conclusion": 1}
