"""Answers to the assignment ``5_lenet``."""

from __future__ import annotations

from tests.variants import Answer, Question


def _losses(ten: object = 2.303, hundred: object = 4.605, sure: object = 0.223) -> str:
    return f"ten, hundred, sure = {ten!r}, {hundred!r}, {sure!r}"


LOSSES = Question(
    grade_id="losses",
    tests=("losses-predicted",),
    points=0.5,
    right=(
        Answer("rounded to two decimals", _losses(2.30, 4.61, 0.22), 0.5),
        Answer(
            "with the math module",
            """
            import math

            ten, hundred = math.log(10), 2 * math.log(10)
            sure = math.log(1 / 0.8)
            """,
            0.5,
        ),
        Answer(
            "from an array of equal probabilities",
            """
            ten, hundred = (-np.log(np.full(c, 1 / c)).mean() for c in (10, 100))
            sure = float(-np.log(np.float32(0.8)))
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("base 10", _losses(1.0, 2.0, 0.097), 0, "logarithm to base 10"),
        Answer("base 2", _losses(3.32193, 6.64386, 0.322), 0, "logarithm to base 2"),
        Answer("sign lost", _losses(-2.303, -4.605, -0.223), 0, "sign lost"),
        Answer("a tenth", _losses(0.1, 0.01), 0, "a probability"),
        Answer("nine tenths", _losses(0.9), 0, "share of mistakes"),
        Answer("nothing at the start", _losses(0), 0, "nothing is zero"),
        Answer("the same for a hundred", _losses(2.303, 2.303), 0, "as with ten"),
        Answer("tenfold", _losses(2.303, 23.03), 0, "grows slowly"),
        Answer("sure is a tenth", _losses(sure=0.2), 0, "share of mistakes"),
        Answer("sure of the wrong", _losses(sure=1.61), 0, "of the wrong classes"),
        Answer("sure is itself", _losses(sure=0.8), 0, "a probability"),
        Answer("unanswered", _losses(None, None, None), 0, "has no value yet"),
        Answer("as a text", _losses("ln 10"), 0, "holds 'ln 10'"),
    ),
)


def _entropy(body: str) -> str:
    lines = "\n".join(f"                {line}" for line in body.split("\n"))
    return f"""
            def mean_cross_entropy(logits, labels):
{lines}
            """


_SHIFT = "z = logits - logits.max(axis=1, keepdims=True)\n"
_SHARES = (
    _SHIFT + "p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)\n"
    "p = np.maximum(p, 1e-300)\n"
)
_LOGS = _SHIFT + "logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\n"

ENTROPY = Question(
    grade_id="entropy",
    tests=("entropy-values",),
    points=0.5,
    right=(
        Answer(
            "with scipy",
            """
            from scipy.special import logsumexp

            def mean_cross_entropy(logits, labels):
                right = np.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
                return np.mean(logsumexp(logits, axis=1) - right)
            """,
            0.5,
        ),
        Answer(
            "picture by picture",
            _entropy(
                "total = 0\n"
                "for z, label in zip(logits, labels):\n"
                "    z = z - max(z)\n"
                "    total += np.log(sum(np.exp(v) for v in z)) - z[label]\n"
                "return total / len(labels)"
            ),
            0.5,
        ),
        Answer(
            "one-hot",
            _entropy(
                _LOGS + "hot = np.eye(logits.shape[1])[labels]\n"
                "return -np.mean(np.sum(hot * logs, axis=1))"
            ),
            0.5,
        ),
        Answer(
            "asked Keras",
            """
            def mean_cross_entropy(logits, labels):
                loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
                return float(loss(labels, logits))
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "summed",
            _entropy(_LOGS + "return -logs[np.arange(len(labels)), labels].sum()"),
            0,
            "Likely mistake: sum.",
        ),
        Answer(
            "not averaged",
            _entropy(_LOGS + "return -logs[np.arange(len(labels)), labels]"),
            0,
            "not a number",
        ),
        Answer(
            "sign lost",
            _entropy(_LOGS + "return logs[np.arange(len(labels)), labels].mean()"),
            0,
            "sign lost",
        ),
        Answer(
            "base 2",
            _entropy(
                _SHARES + "return -np.log2(p[np.arange(len(labels)), labels]).mean()"
            ),
            0,
            "logarithm to base 2",
        ),
        Answer(
            "base 10",
            _entropy(
                _SHARES + "return -np.log10(p[np.arange(len(labels)), labels]).mean()"
            ),
            0,
            "logarithm to base 10",
        ),
        Answer(
            "overflow",
            _entropy(
                "p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)\n"
                "return -np.log(p[np.arange(len(labels)), labels]).mean()"
            ),
            0,
            "NaN",
        ),
        Answer(
            "probability",
            _entropy(_SHARES + "return p[np.arange(len(labels)), labels].mean()"),
            0,
            "Likely mistake: probability",
        ),
        Answer(
            "logarithm of the mean",
            _entropy(
                _SHARES + "return -np.log(p[np.arange(len(labels)), labels].mean())"
            ),
            0,
            "mean too early",
        ),
        Answer(
            "softmax over the pictures",
            _entropy(
                "p = np.exp(logits) / np.exp(logits).sum(axis=0)\n"
                "return -np.log(p[np.arange(len(labels)), labels]).mean()"
            ),
            0,
            "softmax over the wrong axis",
        ),
        Answer(
            "one softmax for all",
            _entropy(
                "p = np.exp(logits) / np.exp(logits).sum()\n"
                "return -np.log(p[np.arange(len(labels)), labels]).mean()"
            ),
            0,
            "one sum for all pictures",
        ),
        Answer(
            "no softmax",
            _entropy("return -logits[np.arange(len(labels)), labels].mean()"),
            0,
            "no softmax",
        ),
        Answer(
            "surest class",
            _entropy(_LOGS + "return -logs.max(axis=1).mean()"),
            0,
            "surest class",
        ),
        Answer(
            "every class counted",
            _entropy(
                _LOGS + "hot = np.eye(logits.shape[1])[labels]\n"
                "return -np.mean(hot * logs)"
            ),
            0,
            "mean over the classes, too",
        ),
        Answer(
            "not written", _entropy("raise NotImplementedError()"), 0, "not written yet"
        ),
    ),
)


def _column(
    compared: object = (1000, 1000),
    says: object = 0.1,
    body: str = "np.mean(np.ravel(y_true) == y_pred)",
) -> str:
    return f"""
            compared, says = {compared!r}, {says!r}

            def share_right(y_true, y_pred):
                return {body}
            """


COLUMN = Question(
    grade_id="column",
    tests=("column-predicted", "column-function"),
    points=0.5,
    right=(
        Answer("reshaped", _column(body="(y_true.reshape(-1) == y_pred).mean()"), 0.5),
        Answer(
            "counted in a loop",
            """
            compared, says = [1000, 1000], 1 / 10

            def share_right(y_true, y_pred):
                right = 0
                for true, predicted in zip(y_true, y_pred):
                    right += int(np.squeeze(true) == predicted)
                return right / len(y_pred)
            """,
            0.5,
        ),
        Answer(
            "both as columns",
            _column(body="float(np.mean(y_true.reshape(-1, 1) == y_pred[:, None]))"),
            0.5,
        ),
        Answer(
            "squeezed on one axis",
            _column(body="np.mean(y_true.flatten() == y_pred)"),
            0.5,
        ),
    ),
    wrong=(
        Answer("a row", _column((1000,)), 0.25, "Likely mistake"),
        Answer("a column", _column((1000, 1)), 0.25, "a column"),
        Answer("flat row", _column((1, 1000)), 0.25, "a row"),
        Answer("ten classes", _column((1000, 10)), 0.25, "ten classes"),
        Answer("what the net can do", _column(says=0.62), 0.25, "what the net can do"),
        Answer("nothing", _column(says=0), 0.25, "nothing at all"),
        Answer("all", _column(says=1.0), 0.25, "everything"),
        Answer("one in a thousand", _column(says=0.001), 0.25, "one in a thousand"),
        Answer(
            "compared as they are",
            _column(body="np.mean(y_true == y_pred)"),
            0.25,
            "everything with everything",
        ),
        Answer(
            "counted",
            _column(body="np.sum(np.ravel(y_true) == y_pred)"),
            0.25,
            "a count",
        ),
        Answer(
            "per cent",
            _column(body="100 * np.mean(np.ravel(y_true) == y_pred)"),
            0.25,
            "per cent",
        ),
        Answer(
            "mistakes",
            _column(body="np.mean(np.ravel(y_true) != y_pred)"),
            0.25,
            "share of mistakes",
        ),
        Answer(
            "first label for all",
            _column(body="np.mean(np.ravel(y_true)[0] == y_pred)"),
            0.25,
            "one label for all",
        ),
        Answer(
            "all or nothing",
            _column(body="float(np.array_equal(np.ravel(y_true), y_pred))"),
            0.25,
            "all or nothing",
        ),
    ),
)


def _lenet(
    stages: str = "C(6), P, C(16), P, F, D(120), D(84), layers.Dense(10)",
    pixels: str = "32, 32, 3",
    how: str = "5, activation='relu'",
    pool: str = "layers.MaxPooling2D(2)",
) -> str:
    return f"""
            def build_lenet():
                def C(filters):
                    return layers.Conv2D(filters, {how})

                def D(units):
                    return layers.Dense(units, activation="relu")

                made = []
                for stage in "{stages.replace("layers.Dense(10)", "H")}".split(", "):
                    made.append(
                        {pool} if stage == "P"
                        else layers.Flatten() if stage == "F"
                        else layers.Dense(10) if stage == "H"
                        else eval(stage, {{"C": C, "D": D, "layers": layers}})
                    )
                return keras.Sequential([keras.Input(({pixels})), *made])
            """


LENET = Question(
    grade_id="lenet",
    tests=("lenet-parameters", "lenet-layers"),
    points=1,
    right=(
        Answer(
            "functional, activations by themselves",
            """
            def build_lenet():
                inputs = z = keras.Input((32, 32, 3))
                for filters in (6, 16):
                    z = layers.Conv2D(filters, (5, 5), padding="valid")(z)
                    z = layers.ReLU()(z)
                    z = layers.MaxPool2D()(z)
                z = layers.Flatten()(z)
                for units in (120, 84):
                    z = layers.Activation("relu")(layers.Dense(units)(z))
                return keras.Model(inputs, layers.Dense(10, name="logits")(z))
            """,
            1,
        ),
        Answer(
            "added one by one",
            """
            def build_lenet():
                net = keras.Sequential()
                net.add(keras.Input(shape=(32, 32, 3)))
                net.add(layers.Conv2D(6, 5, activation=keras.activations.relu))
                net.add(layers.MaxPooling2D((2, 2), strides=2))
                net.add(layers.Conv2D(16, kernel_size=5, activation="relu"))
                net.add(layers.MaxPooling2D())
                net.add(layers.Flatten())
                net.add(layers.Dense(120, "relu"))
                net.add(layers.Dense(84, "relu"))
                net.add(layers.Dense(10, activation=None))
                return net
            """,
            1,
        ),
        Answer(
            "a class of its own",
            """
            class LeNet(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.first = layers.Conv2D(6, 5, activation="relu")
                    self.second = layers.Conv2D(16, 5, activation="relu")
                    self.pool = layers.MaxPooling2D(2)
                    self.flatten = layers.Flatten()
                    self.hidden = [
                        layers.Dense(120, activation="relu"),
                        layers.Dense(84, activation="relu"),
                    ]
                    self.logits = layers.Dense(10)

                def call(self, x):
                    x = self.pool(self.first(x))
                    x = self.flatten(self.pool(self.second(x)))
                    for layer in self.hidden:
                        x = layer(x)
                    return self.logits(x)

            def build_lenet():
                return LeNet()
            """,
            1,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer("grey", _lenet(pixels="32, 32, 1"), 0, "61,706 parameters"),
        Answer(
            "same padding",
            _lenet(how="5, padding='same', activation='relu'"),
            0,
            "136,886 parameters; LeNet has 62,006",
        ),
        Answer("filters of 3×3", _lenet(how="3, activation='relu'"), 0, "parameters"),
        Answer(
            "10 and 26 filters",
            _lenet("C(10), P, C(26), P, F, D(120), D(84), layers.Dense(10)"),
            0,
            "parameters; LeNet has 62,006",
        ),
        Answer(
            "no pooling",
            _lenet("C(6), C(16), F, D(120), D(84), layers.Dense(10)"),
            0,
            "parameters; LeNet has 62,006",
        ),
        Answer(
            "a dense layer forgotten",
            _lenet("C(6), P, C(16), P, F, D(120), layers.Dense(10)"),
            0,
            "parameters; LeNet has 62,006",
        ),
        Answer(
            "mean pooling",
            _lenet(pool="layers.AveragePooling2D(2)"),
            0.5,
            "AveragePooling2D",
        ),
        Answer("no ReLU in the filters", _lenet(how="5"), 0.5, "relu"),
        Answer(
            "softmax at the end",
            _lenet().replace("layers.Dense(10) if", "layers.Dense(10, 'softmax') if"),
            0.5,
            "softmax",
        ),
        Answer(
            "tanh, as in 1998",
            _lenet(how="5, activation='tanh'"),
            0.5,
            "tanh",
        ),
        Answer(
            "mean over the maps",
            _lenet("C(6), P, C(16), P, G, D(120), D(84), layers.Dense(10)").replace(
                "eval(stage",
                "layers.GlobalAveragePooling2D() if stage == 'G' else eval(stage",
            ),
            0,
            "parameters; LeNet has 62,006",
        ),
        Answer(
            "a dense layer without bias",
            _lenet().replace(
                "layers.Dense(10) if", "layers.Dense(10, use_bias=False) if"
            ),
            0,
            "61,996",
        ),
        Answer(
            "nothing returned",
            _lenet().replace("return keras.Sequential", "net = keras.Sequential"),
            0,
            "None",
        ),
        Answer(
            "not written",
            "def build_lenet():\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _split(
    rows: str = "rng.permutation(np.flatnonzero(y == c))",
    generator: str = "np.random.default_rng(seed)",
    cut: str = "round(share * len(rows))",
    answer: str = "np.concatenate(train), np.concatenate(validation)",
    parts: str = "rows[cut:], rows[:cut]",
) -> str:
    return f"""
            def stratified_split(y, share, seed):
                rng, train, validation = {generator}, [], []
                for c in np.unique(y):
                    rows = {rows}
                    cut = {cut}
                    left, right = {parts}
                    train.append(left)
                    validation.append(right)
                return {answer}
            """


SPLIT = Question(
    grade_id="split",
    tests=("split-parts", "split-shares"),
    points=1,
    right=(
        Answer("rounded down", _split(cut="int(share * len(rows))"), 1),
        Answer(
            "a mask",
            """
            def stratified_split(y, share, seed):
                np.random.seed(seed)
                held = np.zeros(len(y), dtype=bool)
                for c in set(y.tolist()):
                    rows = np.where(y == c)[0]
                    n = int(np.ceil(share * len(rows)))
                    held[np.random.choice(rows, n, replace=False)] = True
                return np.flatnonzero(~held), np.flatnonzero(held)
            """,
            1,
        ),
        Answer(
            "lists, shuffled",
            """
            import random

            def stratified_split(y, share, seed):
                dice, train, validation = random.Random(seed), [], []
                for c in np.unique(y):
                    rows = [i for i, label in enumerate(y) if label == c]
                    dice.shuffle(rows)
                    cut = round(share * len(rows))
                    validation += rows[:cut]
                    train += rows[cut:]
                return sorted(train), sorted(validation)
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "blindly",
            """
            def stratified_split(y, share, seed):
                rows = np.random.default_rng(seed).permutation(len(y))
                cut = round(share * len(y))
                return rows[cut:], rows[:cut]
            """,
            0.5,
            "not class by class",
        ),
        Answer(
            "from the front",
            """
            def stratified_split(y, share, seed):
                cut = round(share * len(y))
                return np.arange(cut, len(y)), np.arange(cut)
            """,
            0.5,
            "Likely mistake",
        ),
        Answer(
            "first of each class", _split("np.flatnonzero(y == c)"), 0.5, "not drawn"
        ),
        Answer(
            "one seed for all",
            _split(generator="np.random.default_rng(0)"),
            0.5,
            "seed ignored",
        ),
        Answer(
            "another each time",
            _split(generator="np.random.default_rng()"),
            0.5,
            "seed ignored",
        ),
        Answer("swapped", _split(parts="rows[:cut], rows[cut:]"), 0, "parts swapped"),
        Answer(
            "everything for training", _split(parts="rows, rows[:cut]"), 0, "leakage"
        ),
        Answer("one lost", _split(parts="rows[cut + 1 :], rows[:cut]"), 0, "loses"),
        Answer(
            "with replacement",
            _split("rng.choice(np.flatnonzero(y == c), np.sum(y == c))"),
            0,
            "Likely mistake",
        ),
        Answer(
            "equal numbers of each",
            _split(cut="round(share * len(y) / len(np.unique(y)))"),
            0,
            "wrong size",
        ),
        Answer(
            "labels for rows",
            _split(answer="y[np.concatenate(train)], y[np.concatenate(validation)]"),
            0,
            "rows into both parts",
        ),
        Answer(
            "masks",
            _split(
                answer="np.isin(np.arange(len(y)), np.concatenate(train)),"
                " np.isin(np.arange(len(y)), np.concatenate(validation))"
            ),
            0,
            "a mask",
        ),
        Answer("one part", _split(answer="np.concatenate(validation)"), 0, "not two"),
        Answer(
            "not written",
            "def stratified_split(y, share, seed):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _copies(key: str, answer: str = "[key(p) in known for p in images]") -> str:
    return f"""
            def copies(images, others):
                def key(p):
                    return {key}

                known = {{key(p) for p in others}}
                return np.array({answer})
            """


COPIES = Question(
    grade_id="copies",
    tests=("copies-few", "copies-many"),
    points=1,
    right=(
        Answer("bytes themselves", _copies("p.tobytes()"), 1),
        Answer("md5, in hexadecimal", _copies("hashlib.md5(p).hexdigest()"), 1),
        Answer("tuples of pixels", _copies("tuple(p.ravel().tolist())"), 1),
        Answer(
            "in a loop",
            """
            def copies(images, others):
                seen = {}
                for i, picture in enumerate(others):
                    seen.setdefault(hashlib.sha1(picture.tobytes()).hexdigest(), i)
                found = np.zeros(len(images), dtype=bool)
                for i, picture in enumerate(images):
                    if hashlib.sha1(picture.tobytes()).hexdigest() in seen:
                        found[i] = True
                return found
            """,
            1,
        ),
    ),
    wrong=(
        Answer("sums", _copies("int(p.sum())"), 0.5, "means compared"),
        Answer("means", _copies("p.mean()"), 0.5, "means compared"),
        Answer("sorted", _copies("np.sort(p, axis=None).tobytes()"), 0.5, "sorted"),
        Answer("first pixel", _copies("p[0, 0].tobytes()"), 0, "first pixels only"),
        Answer(
            "the other way round",
            _copies("p.tobytes()", "[key(p) not in known for p in images]"),
            0,
            "the other way round",
        ),
        Answer(
            "of the others",
            _copies(
                "p.tobytes()", "[key(p) in {key(q) for q in images} for p in others]"
            ),
            0,
            "other answers",
        ),
        Answer(
            "same place only",
            """
            def copies(images, others):
                found = np.zeros(len(images), dtype=bool)
                for i in range(min(len(images), len(others))):
                    found[i] = np.array_equal(images[i], others[i])
                return found
            """,
            0,
            "same place only",
        ),
        Answer(
            "near is enough",
            _copies("(p // 8).tobytes()"),
            0.5,
            "near copies",
        ),
        Answer(
            "places instead of truth values",
            _copies(
                "p.tobytes()", "[i for i, p in enumerate(images) if key(p) in known]"
            ),
            0,
            "the wrong shape",
        ),
        Answer(
            "a count",
            _copies("p.tobytes()", "sum(key(p) in known for p in images)"),
            0,
            "not",
        ),
        Answer("the object itself", _copies("object()"), 0, "the objects compared"),
        Answer(
            "each picture once",
            """
            def copies(images, others):
                known, found = {p.tobytes() for p in others}, []
                for p in images:
                    found.append(p.tobytes() in known)
                    known.discard(p.tobytes())
                return np.array(found)
            """,
            0.5,
            "first of several only",
        ),
        Answer(
            "not written",
            "def copies(images, others):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _confusion(
    count: str = "counts[t, p] += 1",
    matrix: str = "counts",
    size: str = "(classes, classes)",
    recall: str = "np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)",
) -> str:
    return f"""
            def confusion_matrix(y_true, y_pred, classes):
                counts = np.zeros({size}, dtype=int)
                for t, p in zip(y_true, y_pred):
                    {count}
                return {matrix}

            def recall(matrix):
                return {recall}
            """


CONFUSION = Question(
    grade_id="confusion",
    tests=("confusion-matrix", "confusion-recall"),
    points=1,
    right=(
        Answer(
            "np.add.at",
            """
            def confusion_matrix(y_true, y_pred, classes):
                counts = np.zeros((classes, classes), int)
                np.add.at(counts, (y_true, y_pred), 1)
                return counts

            def recall(matrix):
                totals = matrix.sum(axis=1)
                shares = np.zeros(len(matrix))
                shares[totals > 0] = np.diag(matrix)[totals > 0] / totals[totals > 0]
                return shares
            """,
            1,
        ),
        Answer(
            "bincount",
            """
            def confusion_matrix(y_true, y_pred, classes):
                places = y_true * classes + y_pred
                counts = np.bincount(places, minlength=classes**2)
                return counts.reshape(classes, classes)

            def recall(matrix):
                return np.nan_to_num(matrix.diagonal() / matrix.sum(axis=1))
            """,
            1,
        ),
        Answer(
            "one-hot, and lists",
            """
            def confusion_matrix(y_true, y_pred, classes):
                hot = np.eye(classes)
                return hot[y_true].T @ hot[y_pred]

            def recall(matrix):
                return [row[i] / sum(row) if sum(row) else 0.0
                        for i, row in enumerate(matrix)]
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "rows for predictions",
            _confusion("counts[p, t] += 1"),
            0.5,
            "rows and columns swapped",
        ),
        Answer("set to one", _confusion("counts[t, p] = 1"), 0.5, "counted once"),
        Answer(
            "all at once",
            """
            def confusion_matrix(y_true, y_pred, classes):
                counts = np.zeros((classes, classes), int)
                counts[y_true, y_pred] += 1
                return counts

            def recall(matrix):
                return np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)
            """,
            0.5,
            "counted once",
        ),
        Answer(
            "only the right ones",
            _confusion("counts[t, p] += t == p"),
            0.5,
            "only what is right",
        ),
        Answer(
            "only the wrong ones",
            _confusion("counts[t, p] += t != p"),
            0.5,
            "only what is wrong",
        ),
        Answer(
            "shares",
            _confusion(
                matrix="counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)"
            ),
            0.5,
            "shares of the rows",
        ),
        Answer(
            "classes counted from what is there",
            _confusion(size="2 * (max(*y_true, *y_pred) + 1,)"),
            0.5,
            "classes left out",
        ),
        Answer(
            "precision",
            _confusion(recall="np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1)"),
            0.5,
            "precision",
        ),
        Answer(
            "accuracy",
            _confusion(recall="np.trace(matrix) / matrix.sum()"),
            0.5,
            "not a tuple of numbers",
        ),
        Answer(
            "share of all",
            _confusion(recall="np.diag(matrix) / matrix.sum()"),
            0.5,
            "share of all pictures",
        ),
        Answer("counts", _confusion(recall="np.diag(matrix)"), 0.5, "counts"),
        Answer(
            "whole numbers",
            _confusion(recall="np.diag(matrix) // np.maximum(matrix.sum(axis=1), 1)"),
            0.5,
            "divided into whole numbers",
        ),
        Answer(
            "empty class divided by zero",
            _confusion(recall="np.diag(matrix) / matrix.sum(axis=1)"),
            0.5,
            "NaN",
        ),
        Answer(
            "both wrong",
            _confusion("counts[p, t] += 1", recall="matrix / 10"),
            0,
            "swapped",
        ),
    ),
)


def _heart(
    pictures: str = "x_20",
    labels: str = "y_20",
    rate: float = 2e-3,
    epochs: int = 80,
    stages: str = "models.lenet()",
    after: str = "",
    optimizer: str = "Adam",
    loss: str = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
) -> str:
    return f"""
            keras.utils.set_random_seed(1)
            by_heart = keras.Sequential([{stages}{after}])
            by_heart.compile(keras.optimizers.{optimizer}({rate}), {loss})
            told = by_heart.fit(
                {pictures}, {labels}, batch_size=20, epochs={epochs}, verbose=0
            )
            """


_SMALL = "layers.Flatten(), layers.Dense(10)"

HEART = Question(
    grade_id="heart",
    group="heart",
    tests=("heart-known",),
    points=0.5,
    right=(
        Answer("slower and longer", _heart(rate=1e-3, epochs=120), 0.5),
        Answer(
            "probabilities",
            _heart(
                after=", layers.Softmax()", loss="'sparse_categorical_crossentropy'"
            ),
            0.5,
        ),
        Answer(
            "no convolution at all, one step a picture",
            """
            keras.utils.set_random_seed(2)
            by_heart = keras.Sequential(
                [keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(10)]
            )
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            by_heart.compile(keras.optimizers.Adam(1e-3), loss)
            by_heart.fit(x_20, y_20, batch_size=4, epochs=150, verbose=0)
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("not trained", "by_heart = models.lenet()", 0, "Likely mistake"),
        Answer("too few steps", _heart(epochs=4, stages=_SMALL), 0, "Likely mistake"),
        Answer(
            "negatives of the pictures",
            _heart("1 - x_20", stages=_SMALL, rate=1e-2, epochs=60),
            0,
            "Likely mistake",
        ),
        Answer(
            "far too large steps",
            _heart(rate=3.0, epochs=12),
            0,
            "Likely mistake",
        ),
        Answer(
            "pictures and labels out of step",
            _heart(labels="np.roll(y_20, 1)", stages=_SMALL, epochs=60),
            0,
            "Likely mistake",
        ),
        Answer(
            "other pictures",
            _heart("x[20:40]", "y[20:40]", stages=_SMALL, epochs=60),
            0,
            "Likely mistake",
        ),
        Answer(
            "the history instead of the net",
            _heart(stages=_SMALL, epochs=2) + "by_heart = told",
            0,
            "holds what `fit` returns",
        ),
        Answer("unanswered", "by_heart = None", 0, "has no value yet"),
        Answer(
            "the function instead of a net",
            "by_heart = models.lenet",
            0,
            "Call the function",
        ),
        Answer(
            "nine outputs",
            "by_heart = keras.Sequential("
            "[keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(9)])",
            0,
            "wrong shape",
        ),
        Answer("a list of nets", "by_heart = [models.lenet()]", 0, "not a Keras model"),
        Answer("a text", "by_heart = 'all of them'", 0, "not a Keras model"),
        Answer(
            "one output",
            "by_heart = keras.Sequential("
            "[keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(1)])",
            0,
            "one output",
        ),
        Answer(
            "grey pictures",
            "by_heart = keras.Sequential("
            "[keras.Input((32, 32, 1)), layers.Flatten(), layers.Dense(10)])",
            0,
            "cannot predict",
        ),
        Answer(
            "not flattened",
            "by_heart = keras.Sequential([keras.Input((32, 32, 3)), layers.Dense(10)])",
            0,
            "not flattened",
        ),
    ),
)


def _own(
    stages: str = "layers.Flatten(), layers.Dense(10)",
    pictures: str = "x",
    labels: str = "y",
    rate: float = 1e-3,
    epochs: int = 2,
    batch_size: int = 32,
    validation: str = ", validation_data=(x_val, y_val)",
    after: str = "",
) -> str:
    return f"""
            keras.utils.set_random_seed(3)
            own = keras.Sequential([keras.Input((32, 32, 3)), {stages}])
            own.compile(
                keras.optimizers.Adam({rate}),
                keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                metrics=["accuracy"],
            )
            own_history = own.fit(
                {pictures}, {labels}, {batch_size}, {epochs}, verbose=0{validation}
            )
            {after}
            """


_HALF_LENET = (
    "layers.Conv2D(6, 5, activation='relu'), layers.MaxPooling2D(),"
    " layers.Conv2D(16, 5, activation='relu'), layers.MaxPooling2D(),"
    " layers.Flatten(), layers.Dense(60, activation='relu'), layers.Dense(10)"
)
_STRIDED = (
    "layers.Conv2D(16, 5, strides=2, activation='relu'),"
    " layers.Conv2D(32, 3, activation='relu'), layers.MaxPooling2D(),"
    " layers.Flatten(), layers.Dense(10)"
)

OWN = Question(
    grade_id="own",
    group="own",
    tests=("own-budget", "own-accuracy"),
    points=1,
    right=(
        Answer("half of LeNet", _own(_HALF_LENET, epochs=6), 1),
        Answer(
            "functional, its history as a dictionary",
            """
            inputs = keras.Input((32, 32, 3))
            z = layers.Conv2D(16, 5, strides=2, activation="relu")(inputs)
            z = layers.Conv2D(32, 3)(z)
            z = layers.MaxPooling2D()(layers.ReLU()(z))
            outputs = layers.Dense(10, "softmax")(layers.Flatten()(z))
            own = keras.Model(inputs, outputs)
            own.compile("adam", "sparse_categorical_crossentropy")
            own_history = own.fit(
                x, y, epochs=7, validation_data=(x_val, y_val), verbose=0
            ).history
            """,
            1,
        ),
        Answer(
            "a class of its own",
            f"""
            class Own(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.stages = [{_STRIDED}]

                def call(self, z):
                    for stage in self.stages:
                        z = stage(z)
                    return z

            keras.utils.set_random_seed(4)
            own = Own()
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            own.compile(keras.optimizers.Adam(2e-3), loss, metrics=["accuracy"])
            own_history = own.fit(
                x, y, epochs=6, validation_data=(x_val, y_val), verbose=0
            )
            """,
            1,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer("a linear net", _own(epochs=3), 0.25, "Likely mistake"),
        Answer(
            "LeNet itself",
            """
            own = models.lenet()
            own_history = {"loss": [2.0, 1.5], "val_loss": [2.0, 1.6]}
            """,
            0.25,
            "more parameters than its budget",
        ),
        Answer("no validation", _own(epochs=2, validation=""), 0, "no validation"),
        Answer(
            "too many epochs",
            _own(epochs=9, pictures="x[:500]", labels="y[:500]"),
            0,
            "more epochs than its budget",
        ),
        Answer(
            "pixels up to 255",
            _own(
                _STRIDED,
                pictures="255 * x[:640]",
                labels="y[:640]",
                epochs=2,
                validation=", validation_data=(255 * x_val, y_val)",
            ),
            0.25,
            "Likely mistake",
        ),
        Answer(
            "far too large steps",
            _own(_STRIDED, rate=2.0, epochs=2, pictures="x[:960]", labels="y[:960]"),
            0.25,
            "same answer always",
        ),
        Answer(
            "labels out of step",
            _own(labels="np.roll(y, 1)", rate=1e-4, epochs=2),
            0,
            "nothing learned",
        ),
        Answer(
            "not trained, though a history is there",
            _own(epochs=2, pictures="x[:500]", labels="y[:500]", rate=3e-3)
            + f"own = keras.Sequential([keras.Input((32, 32, 3)), {_STRIDED}])",
            0.25,
            "Likely mistake",
        ),
        Answer(
            "net and history swapped",
            _own(epochs=2, pictures="x[:200]", labels="y[:200]")
            + "own, own_history = own_history, own",
            0,
            "holds a net; the history",
        ),
        Answer(
            "only the last loss",
            "own, own_history = models.lenet(), 1.6",
            0,
            "not a history",
        ),
        Answer(
            "accuracies alone",
            "own = None; own_history = {'accuracy': [0.3, 0.5]}",
            0,
            "not a history",
        ),
        Answer(
            "a loss that is NaN",
            "own = None; own_history = dict(loss=[2.3, np.nan], val_loss=[2.3, 2.3])",
            0,
            "NaN",
        ),
        Answer(
            "a loss that rises",
            "own = None; own_history = dict(loss=[2.3, 9.0], val_loss=[2.3, 9.0])",
            0,
            "learning rate too high",
        ),
        Answer("unanswered", "own = own_history = None", 0, "has no value yet"),
        Answer(
            "one epoch",
            _own(epochs=1, pictures="x[:500]", labels="y[:500]"),
            0,
            "makes no curve",
        ),
    ),
)


def _rate(
    letter: object = "B",
    slopes: str = "np.diff(losses) / np.diff(np.log(rates))",
    pick: str = "np.argmin",
    answer: str = "np.sqrt(rates[i] * rates[i + 1])",
) -> str:
    return f"""
            first_rate = {letter!r}

            def falls_fastest(rates, losses):
                i = {pick}({slopes})
                return {answer}
            """


RATE = Question(
    grade_id="rate",
    tests=("rate-read", "rate-found"),
    points=0.5,
    right=(
        Answer(
            "base 10",
            _rate(
                slopes="np.diff(losses) / np.diff(np.log10(rates))",
                answer="10 ** np.mean(np.log10(rates[i:i + 2]))",
            ),
            0.5,
        ),
        Answer(
            "in a loop",
            """
            import math

            def falls_fastest(rates, losses):
                best, found = math.inf, None
                for i in range(len(rates) - 1):
                    width = math.log(rates[i + 1] / rates[i])
                    slope = (losses[i + 1] - losses[i]) / width
                    if slope < best:
                        best, found = slope, math.sqrt(rates[i] * rates[i + 1])
                return found

            first_rate = "B"
            """,
            0.5,
        ),
        Answer(
            "steepest fall as a maximum",
            _rate(
                slopes="(losses[:-1] - losses[1:]) / np.log(rates[1:] / rates[:-1])",
                pick="np.argmax",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("too careful", _rate("A"), 0.25, "too careful"),
        Answer("the lowest point", _rate("C"), 0.25, "the lowest point"),
        Answer("too high", _rate("D"), 0.25, "too high"),
        Answer("small letter", _rate("b"), 0.25, "another spelling"),
        Answer(
            "lowest loss",
            _rate(slopes="losses", answer="rates[i]"),
            0.25,
            "lowest point",
        ),
        Answer(
            "over the rate itself",
            _rate(slopes="np.diff(losses) / np.diff(rates)"),
            0.25,
            "slope over the rate itself",
        ),
        Answer("rise", _rate(pick="np.argmax"), 0.25, "steepest rise"),
        Answer(
            "not divided by the width",
            _rate(slopes="np.diff(losses)"),
            0.25,
            "steps of different width",
        ),
        Answer("left end", _rate(answer="rates[i]"), 0.25, "left end"),
        Answer("right end", _rate(answer="rates[i + 1]"), 0.25, "right end"),
        Answer(
            "arithmetic mean",
            _rate(answer="(rates[i] + rates[i + 1]) / 2"),
            0.25,
            "arithmetic mean",
        ),
        Answer("number of the step", _rate(answer="i"), 0.25, "number of the step"),
        Answer(
            "still a logarithm",
            _rate(answer="np.log(np.sqrt(rates[i] * rates[i + 1]))"),
            0.25,
            "logarithm of the rate",
        ),
        Answer(
            "unanswered",
            "first_rate = None\n\n"
            "def falls_fastest(rates, losses):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)


def _tests(letter: object = "B", body: str = "", answer: str = "") -> str:
    body = body or "cut = len(x) * 9 // 10"
    answer = answer or "x[:cut], y[:cut], (x[cut:], y[cut:])"
    return f"""
            test_fault = {letter!r}

            def fit_arrays(x, y, x_test, y_test):
                {body}
                return {answer}
            """


_ORDER = "order = np.random.default_rng(0).permutation(len(x)); cut = len(x) // 5"

TESTS = Question(
    grade_id="tests",
    tests=("tests-fault", "tests-repaired"),
    points=0.5,
    right=(
        Answer("cut at the end", _tests(), 0.5),
        Answer(
            "shuffled first",
            _tests(
                body=_ORDER,
                answer="x[order[cut:]], y[order[cut:]],"
                " (x[order[:cut]], y[order[:cut]])",
            ),
            0.5,
        ),
        Answer(
            "with the course's own split",
            """
            def fit_arrays(x, y, x_test, y_test):
                (x_fit, y_fit), validation = data.split(x, y, 0.1)
                return x_fit, y_fit, validation

            test_fault = "B"
            """,
            0.5,
        ),
        Answer(
            "from the front",
            _tests(
                body="cut = len(x) // 6", answer="x[cut:], y[cut:], [x[:cut], y[:cut]]"
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("epochs", _tests("A"), 0.25, "not the number of epochs"),
        Answer("training pictures", _tests("C"), 0.25, "not the training pictures"),
        Answer("labels", _tests("D"), 0.25, "not the labels"),
        Answer(
            "as it was",
            _tests(answer="x, y, (x_test, y_test)"),
            0.25,
            "leakage from the test set",
        ),
        Answer(
            "half of the test set",
            _tests(answer="x, y, (x_test[::2], y_test[::2])"),
            0.25,
            "leakage from the test set",
        ),
        Answer(
            "all for training",
            _tests(answer="x, y, (x[cut:], y[cut:])"),
            0.25,
            "Likely mistake: leakage",
        ),
        Answer(
            "test pictures to train on",
            _tests(
                answer="np.concatenate([x[:cut], x_test]),"
                " np.concatenate([y[:cut], y_test]), (x[cut:], y[cut:])"
            ),
            0.25,
            "leakage from the test set",
        ),
        Answer(
            "only the pictures shuffled",
            _tests(
                body=_ORDER,
                answer="x[order[cut:]], y[cut:], (x[order[:cut]], y[:cut])",
            ),
            0.25,
            "out of step",
        ),
        Answer(
            "a single picture",
            _tests(answer="x[:-1], y[:-1], (x[-1:], y[-1:])"),
            0.25,
            "usual shares",
        ),
        Answer(
            "pictures lost",
            _tests(answer="x[: cut - 10], y[: cut - 10], (x[cut:], y[cut:])"),
            0.25,
            "usual shares",
        ),
        Answer(
            "four arrays",
            _tests(answer="x[:cut], y[:cut], x[cut:], y[cut:]"),
            0.25,
            "not x, y, (x_val, y_val)",
        ),
        Answer(
            "labels forgotten",
            _tests(answer="x[:cut], y[:cut], (x[cut:], y)"),
            0.25,
            "no pictures with their labels",
        ),
        Answer(
            "unanswered",
            "test_fault = None\n\n"
            "def fit_arrays(x, y, x_test, y_test):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)


def _sorted(
    letter: object = "C",
    order: str = "np.random.default_rng(seed).permutation(len(y))",
    answer: str = "x[order], y[order]",
) -> str:
    return f"""
            sorted_fault = {letter!r}

            def mixed_order(x, y, seed):
                order = {order}
                return {answer}
            """


SORTED = Question(
    grade_id="sorted",
    tests=("sorted-fault", "sorted-repaired"),
    points=0.5,
    right=(
        Answer("one permutation", _sorted(), 0.5),
        Answer(
            "a shuffled list of rows",
            """
            import random

            sorted_fault = "C"

            def mixed_order(x, y, seed):
                rows = list(range(len(x)))
                random.Random(seed).shuffle(rows)
                return x[rows], y[rows]
            """,
            0.5,
        ),
        Answer(
            "classes in turn",
            _sorted(order="np.argsort(np.argsort(np.argsort(y, kind='stable')) % 97)"),
            0.5,
        ),
        Answer(
            "random keys",
            _sorted(order="np.random.default_rng(seed).random(len(y)).argsort()"),
            0.5,
        ),
    ),
    wrong=(
        Answer("the rate", _sorted("A"), 0.25, "not the learning rate"),
        Answer("overfitting", _sorted("B"), 0.25, "not overfitting"),
        Answer("the share", _sorted("D"), 0.25, "not the share"),
        Answer(
            "as it was",
            _sorted(order="np.argsort(y, kind='stable')"),
            0.25,
            "sorted labels",
        ),
        Answer(
            "back to front", _sorted(order="np.argsort(y)[::-1]"), 0.25, "sorted labels"
        ),
        Answer(
            "only the pictures",
            _sorted(answer="x[order], y"),
            0.25,
            "out of step",
        ),
        Answer(
            "two permutations",
            _sorted(answer="x[order], y[np.random.permutation(len(y))]"),
            0.25,
            "out of step",
        ),
        Answer(
            "with replacement",
            _sorted(
                order="np.random.default_rng(seed).integers(0, len(y), len(y) - 5)"
            ),
            0.25,
            "loses pictures",
        ),
        Answer(
            "first half only",
            _sorted(answer="x[order[: len(y) // 2]], y[order[: len(y) // 2]]"),
            0.25,
            "loses pictures",
        ),
        Answer("the order alone", _sorted(answer="order"), 0.25, "not x and y"),
        Answer(
            "labels first",
            _sorted(answer="y[order], x[order]"),
            0.25,
            "no pictures with their labels",
        ),
        Answer(
            "unanswered",
            "sorted_fault = None\n\n"
            "def mixed_order(x, y, seed):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)


def _statistics(
    letter: object = "A",
    mean: str = "x.mean()",
    std: str = "x.std()",
    answer: str = "(x - mean) / std, (x_val - mean) / std",
) -> str:
    return f"""
            statistics_fault = {letter!r}

            def standardise(x, x_val):
                mean, std = {mean}, {std}
                return {answer}
            """


STATISTICS = Question(
    grade_id="statistics",
    tests=("statistics-fault", "statistics-repaired"),
    points=0.5,
    right=(
        Answer("mean and deviation of the training pictures", _statistics(), 0.5),
        Answer(
            "a function inside",
            """
            statistics_fault = "A"

            def standardise(x, x_val):
                mean = np.mean(x)
                std = np.sqrt(np.mean((x - mean) ** 2))

                def scaled(images):
                    return (images - mean) / std

                return scaled(x), scaled(x_val)
            """,
            0.5,
        ),
        Answer(
            "a layer of Keras",
            """
            statistics_fault = "A"

            def standardise(x, x_val):
                layer = layers.Normalization(axis=None)
                layer.adapt(x)
                return np.array(layer(x)), np.array(layer(x_val))
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("variance", _statistics("B"), 0.25, "not the division"),
        Answer("labels", _statistics("C"), 0.25, "not the labels"),
        Answer("columns", _statistics("D"), 0.25, "not the axes"),
        Answer(
            "as it was",
            _statistics(
                mean="np.concatenate([x, x_val]).mean()",
                std="np.concatenate([x, x_val]).std()",
            ),
            0.25,
            "statistics of all",
        ),
        Answer(
            "each its own",
            _statistics(
                answer="(x - mean) / std, (x_val - x_val.mean()) / x_val.std()"
            ),
            0.25,
            "each with its own",
        ),
        Answer(
            "by the validation pictures",
            _statistics(mean="x_val.mean()", std="x_val.std()"),
            0.25,
            "statistics of the validation pictures",
        ),
        Answer(
            "validation left alone",
            _statistics(answer="(x - mean) / std, x_val"),
            0.25,
            "validation left as it was",
        ),
        Answer(
            "not divided",
            _statistics(answer="x - mean, x_val - mean"),
            0.25,
            "not divided",
        ),
        Answer(
            "mean left in",
            _statistics(answer="x / std, x_val / std"),
            0.25,
            "mean not subtracted",
        ),
        Answer("by the variance", _statistics(std="x.var()"), 0.25, "variance"),
        Answer(
            "to [0, 1]",
            _statistics(mean="x.min()", std="x.max() - x.min()"),
            0.25,
            "stretched to [0, 1]",
        ),
        Answer(
            "multiplied",
            _statistics(answer="(x - mean) * std, (x_val - mean) * std"),
            0.25,
            "multiplied",
        ),
        Answer(
            "unanswered",
            "statistics_fault = None\n\n"
            "def standardise(x, x_val):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)

QUESTIONS = (
    LOSSES,
    ENTROPY,
    COLUMN,
    LENET,
    SPLIT,
    COPIES,
    CONFUSION,
    HEART,
    OWN,
    RATE,
    TESTS,
    SORTED,
    STATISTICS,
)
POINTS_BY_HAND = 1
