"""Answers to the assignment ``6_fashion_mnist``."""

from __future__ import annotations

from tests.variants import Answer, Question


def _counts(
    in_all: object = 34_474,
    not_trained: object = 144,
    values_per_mean: object = 50_176,
    left: object = 0.605,
) -> str:
    numbers = f"{in_all!r}, {not_trained!r}, {values_per_mean!r}, {left!r}"
    return f"in_all, not_trained, values_per_mean, left = {numbers}"


COUNTS = Question(
    grade_id="counts",
    tests=("counts-predicted", "counts-averaged"),
    points=0.5,
    right=(
        Answer("rounded to two decimals", _counts(left=0.61), 0.5),
        Answer(
            "in a loop",
            """
            in_all, channels = 0, 1
            for filters in (24, 48):
                in_all += filters * (3 * 3 * channels + 1) + 4 * filters
                channels = filters
            in_all += (7 * 7 * 48 + 1) * 10
            not_trained, values_per_mean = 48 + 96, 64 * 28**2
            left = 1.0
            for _ in range(50):
                left *= 0.99
            """,
            0.5,
        ),
        Answer(
            "as numbers of NumPy",
            """
            in_all, not_trained = np.int64(34474), np.array([2, 2]) @ np.array([24, 48])
            values_per_mean = np.prod([64, 28, 28])
            left = np.exp(50 * np.log(0.99))
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("two numbers a channel", _counts(34_330), 0.25, "two numbers a channel"),
        Answer("biases forgotten", _counts(34_392), 0.25, "biases forgotten"),
        Answer("not padded", _counts(22_954), 0.25, "not padded"),
        Answer(
            "no normalisation counted", _counts(34_186), 0.25, "normalisation forgotten"
        ),
        Answer("all of it", _counts(not_trained=288), 0.25, "Gamma and beta are"),
        Answer("one a channel", _counts(not_trained=72), 0.25, "one number a channel"),
        Answer("first layer only", _counts(not_trained=48), 0.25, "the first layer"),
        Answer("pictures", _counts(values_per_mean=64), 0.25, "pictures only"),
        Answer(
            "channels together",
            _counts(values_per_mean=1_204_224),
            0.25,
            "all channels together",
        ),
        Answer("what has gone", _counts(left=0.395), 0.25, "what has gone"),
        Answer("subtracted", _counts(left=0.5), 0.25, "a hundredth of what is still"),
        Answer("per cent", _counts(left=60.5), 0.25, "in per cent"),
        Answer("unanswered", _counts(None, None, None, None), 0, "has no value yet"),
    ),
)


def _train(
    axes: str = "(0, 1, 2)",
    y: str = "gamma * (x - mean) / np.sqrt(variance + epsilon) + beta",
    kept: str = "momentum * {old} + (1 - momentum) * {new}",
    answer: str = "y, moving_mean, moving_variance",
    variance: str = "np.var",
) -> str:
    mean, spread = (
        kept.format(old=f"moving_{name}", new=name) for name in ("mean", "variance")
    )
    return f"""
            def batch_norm_train(
                x, gamma, beta, moving_mean, moving_variance, momentum, epsilon
            ):
                mean = np.mean(x, axis={axes})
                variance = {variance}(x, axis={axes})
                y = {y}
                moving_mean = {mean}
                moving_variance = {spread}
                return {answer}
            """


TRAIN = Question(
    grade_id="bn_train",
    tests=("bn_train-normalised", "bn_train-kept"),
    points=0.75,
    right=(
        Answer(
            "channel by channel",
            """
            def batch_norm_train(
                x, gamma, beta, moving_mean, moving_variance, momentum, epsilon
            ):
                y = np.empty(x.shape)
                new_mean, new_variance = [], []
                for c in range(x.shape[-1]):
                    values = x[:, :, :, c].astype(float)
                    m = values.sum() / values.size
                    v = ((values - m) ** 2).sum() / values.size
                    y[..., c] = gamma[c] * (values - m) / (v + epsilon) ** 0.5 + beta[c]
                    new_mean.append(momentum * moving_mean[c] + (1 - momentum) * m)
                    old = moving_variance[c]
                    new_variance.append(momentum * old + (1 - momentum) * v)
                return [y, np.array(new_mean), np.array(new_variance)]
            """,
            0.75,
        ),
        Answer(
            "flattened, moved towards",
            """
            def batch_norm_train(
                x, gamma, beta, moving_mean, moving_variance, momentum, epsilon
            ):
                rows = x.reshape(-1, x.shape[-1])
                mean, variance = rows.mean(0), rows.std(0) ** 2
                y = (rows - mean) * (gamma / np.sqrt(variance + epsilon)) + beta
                new_mean = moving_mean - (1 - momentum) * (moving_mean - mean)
                new_variance = moving_variance.copy()
                new_variance += (1 - momentum) * (variance - moving_variance)
                return y.reshape(x.shape), new_mean, new_variance
            """,
            0.75,
        ),
        Answer(
            "asked Keras for the moments",
            """
            def batch_norm_train(
                x, gamma, beta, moving_mean, moving_variance, momentum, epsilon
            ):
                mean, variance = (
                    np.asarray(m) for m in keras.ops.moments(x, axes=[0, 1, 2])
                )
                y = (x - mean) / np.sqrt(variance + epsilon) * gamma + beta
                m = momentum
                return (
                    y,
                    m * moving_mean + (1 - m) * mean,
                    m * moving_variance + (1 - m) * variance,
                )
            """,
            0.75,
        ),
    ),
    wrong=(
        Answer(
            "variance for deviation",
            _train(y="gamma * (x - mean) / (variance + epsilon) + beta"),
            0.25,
            "divided by the variance",
        ),
        Answer(
            "epsilon beside the root",
            _train(y="gamma * (x - mean) / (np.sqrt(variance) + epsilon) + beta"),
            0.25,
            "epsilon beside the root",
        ),
        Answer(
            "epsilon forgotten",
            _train(y="gamma * (x - mean) / np.sqrt(variance) + beta"),
            0.25,
            "epsilon forgotten",
        ),
        Answer(
            "moving averages used",
            _train(
                y="gamma * (x - moving_mean) / np.sqrt(moving_variance + epsilon)"
                " + beta"
            ),
            0.25,
            "moving averages used",
        ),
        Answer(
            "scale and shift forgotten",
            _train(y="(x - mean) / np.sqrt(variance + epsilon)"),
            0.25,
            "gamma and beta forgotten",
        ),
        Answer(
            "momentum the other way round",
            _train(kept="(1 - momentum) * {old} + momentum * {new}"),
            0.5,
            "the other way round",
        ),
        Answer("replaced", _train(kept="{new}"), 0.5, "Likely mistake: replaced"),
        Answer("not updated", _train(kept="{old}"), 0.5, "not updated"),
        Answer(
            "a momentum of its own",
            _train(kept="0.99 * {old} + 0.01 * {new}"),
            0.5,
            "momentum of 0.99",
        ),
        Answer(
            "written into what was given",
            """
            def batch_norm_train(
                x, gamma, beta, moving_mean, moving_variance, momentum, epsilon
            ):
                mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
                moving_mean *= momentum
                moving_mean += (1 - momentum) * mean
                moving_variance *= momentum
                moving_variance += (1 - momentum) * variance
                y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
                return y, moving_mean, moving_variance
            """,
            0,
            "modified its input",
        ),
        Answer("per place", _train(axes="0"), 0, "a mean for each place"),
        Answer("y alone", _train(answer="y"), 0, "three things"),
        Answer(
            "not written",
            "def batch_norm_train(*arguments):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _use(
    body: str = "gamma * (x - moving_mean) / np.sqrt(moving_variance + epsilon) + beta",
) -> str:
    return f"""
            def batch_norm_use(x, gamma, beta, moving_mean, moving_variance, epsilon):
                return {body}
            """


USE = Question(
    grade_id="bn_use",
    tests=("bn_use-values",),
    points=0.25,
    right=(
        Answer(
            "scale and shift worked out first",
            """
            def batch_norm_use(x, gamma, beta, moving_mean, moving_variance, epsilon):
                scale = gamma * (moving_variance + epsilon) ** -0.5
                return x * scale + (beta - scale * moving_mean)
            """,
            0.25,
        ),
        Answer(
            "value by value",
            """
            def batch_norm_use(x, gamma, beta, moving_mean, moving_variance, epsilon):
                y = np.zeros(x.shape)
                for c, (g, b) in enumerate(zip(gamma, beta)):
                    root = np.sqrt(moving_variance[c] + epsilon)
                    y[:, :, :, c] = g * (x[:, :, :, c] - moving_mean[c]) / root + b
                return y
            """,
            0.25,
        ),
        Answer(
            "a layer of Keras",
            """
            def batch_norm_use(x, gamma, beta, moving_mean, moving_variance, epsilon):
                layer = layers.BatchNormalization(epsilon=epsilon)
                layer.build(x.shape)
                layer.set_weights([gamma, beta, moving_mean, moving_variance])
                return keras.ops.convert_to_numpy(layer(x, training=False))
            """,
            0.25,
        ),
    ),
    wrong=(
        Answer(
            "by the batch",
            _use(
                "gamma * (x - x.mean((0, 1, 2)))"
                " / np.sqrt(x.var((0, 1, 2)) + epsilon) + beta"
            ),
            0,
            "statistics of the batch",
        ),
        Answer(
            "variance of the batch",
            _use(
                "gamma * (x - moving_mean) / np.sqrt(x.var((0, 1, 2)) + epsilon) + beta"
            ),
            0,
            "variance of the batch",
        ),
        Answer(
            "swapped",
            _use(
                "gamma * (x - moving_variance) / np.sqrt(moving_mean + epsilon) + beta"
            ),
            0,
            "mean and variance swapped",
        ),
        Answer(
            "variance for deviation",
            _use("gamma * (x - moving_mean) / (moving_variance + epsilon) + beta"),
            0,
            "divided by the variance",
        ),
        Answer(
            "epsilon beside the root",
            _use(
                "gamma * (x - moving_mean) / (np.sqrt(moving_variance) + epsilon)"
                " + beta"
            ),
            0,
            "epsilon beside the root",
        ),
        Answer(
            "epsilon of its own",
            _use("gamma * (x - moving_mean) / np.sqrt(moving_variance + 1e-3) + beta"),
            0,
            "epsilon of 0.001",
        ),
        Answer("nothing done", _use("x"), 0, "nothing done"),
        Answer("scale and shift only", _use("gamma * x + beta"), 0, "only"),
        Answer(
            "shift first",
            _use(
                "gamma * ((x - moving_mean) / np.sqrt(moving_variance + epsilon)"
                " + beta)"
            ),
            0,
            "beta before gamma",
        ),
        Answer(
            "mean left in",
            _use("gamma * x / np.sqrt(moving_variance + epsilon) + beta"),
            0,
            "mean not subtracted",
        ),
        Answer(
            "not written",
            "def batch_norm_use(*arguments):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _dropout(
    trained: str = "np.where(draws < rate, 0, x / (1 - rate))", used: str = "x"
) -> str:
    return f"""
            def dropout(x, rate, draws, training):
                return {trained} if training else {used}
            """


DROPOUT = Question(
    grade_id="dropout",
    tests=("dropout-training", "dropout-use"),
    points=0.5,
    right=(
        Answer("a mask", _dropout("x * (draws >= rate) / (1 - rate)"), 0.5),
        Answer(
            "a copy that is written into",
            """
            def dropout(x, rate, draws, training):
                result = x.copy()
                if training:
                    result /= 1 - rate
                    result[draws < rate] = 0
                return result
            """,
            0.5,
        ),
        Answer(
            "value by value",
            """
            def dropout(x, rate, draws, training):
                if not training:
                    return np.array(x)
                stays = 1.0 - rate
                pairs = zip(x.ravel(), draws.ravel())
                values = [value / stays if draw >= rate else 0.0
                          for value, draw in pairs]
                return np.reshape(values, x.shape)
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("not divided", _dropout("x * (draws >= rate)"), 0.25, "not divided"),
        Answer(
            "as in the first paper",
            _dropout("x * (draws >= rate)", "x * (1 - rate)"),
            0,
            "not divided",
        ),
        Answer("scaled twice", _dropout(used="x * (1 - rate)"), 0.25, "scaled"),
        Answer(
            "divided by the rate",
            _dropout("x * (draws >= rate) / rate"),
            0.25,
            "divided by the rate",
        ),
        Answer(
            "rate of those that stay",
            _dropout("x * (draws < rate) / rate"),
            0.25,
            "rate taken for the share that stays",
        ),
        Answer(
            "the others dropped",
            _dropout("x * (draws < rate) / (1 - rate)"),
            0.25,
            "the others dropped",
        ),
        Answer(
            "always",
            "def dropout(x, rate, draws, training):\n"
            "    return x * (draws >= rate) / (1 - rate)",
            0.25,
            "in use as in training",
        ),
        Answer("never", _dropout("x"), 0.25, "Likely mistake: never dropped"),
        Answer(
            "modes swapped",
            _dropout("x", "x * (draws >= rate) / (1 - rate)"),
            0,
            "Likely mistake",
        ),
        Answer(
            "own draws",
            _dropout("x * (np.random.random(x.shape) >= rate) / (1 - rate)"),
            0.25,
            "wrong values",
        ),
        Answer(
            "written into what was given",
            """
            def dropout(x, rate, draws, training):
                if training:
                    x[draws < rate] = 0
                    x /= 1 - rate
                return x
            """,
            0.25,
            "modified its input",
        ),
        Answer(
            "not written",
            "def dropout(x, rate, draws, training):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _doubt(best: object = 0.84, smallest: object = 0.66) -> str:
    return f"best, smallest = {best!r}, {smallest!r}"


DOUBT = Question(
    grade_id="doubt",
    tests=("doubt-predicted",),
    points=0.25,
    right=(
        Answer("two decimals", _doubt(), 0.25),
        Answer(
            "entropy of a row",
            """
            row = np.array([0.84, 0.04, 0.04, 0.04, 0.04])
            best, smallest = row[0], -(row * np.log(row)).sum()
            """,
            0.25,
        ),
        Answer(
            "searched",
            """
            tried = np.linspace(0.5, 0.99, 4901)
            losses = -0.84 * np.log(tried) - 0.16 * np.log((1 - tried) / 4)
            best, smallest = tried[losses.argmin()], losses.min()
            """,
            0.25,
        ),
    ),
    wrong=(
        Answer("certain", _doubt(best=1.0), 0, "no smoothing"),
        Answer("own part forgotten", _doubt(best=0.8), 0, "own part forgotten"),
        Answer("ten classes", _doubt(best=0.82), 0, "ten classes"),
        Answer("a share of the others", _doubt(best=0.04), 0, "what the others get"),
        Answer("no loss", _doubt(smallest=0), 0, "the loss cannot be 0"),
        Answer("right class only", _doubt(smallest=0.174), 0, "the right class only"),
        Answer("one other", _doubt(smallest=0.275), 0, "one other class"),
        Answer("base 10", _doubt(smallest=0.2873), 0, "logarithm to base 10"),
        Answer("base 2", _doubt(smallest=0.954), 0, "logarithm to base 2"),
        Answer("sign lost", _doubt(smallest=-0.66), 0, "sign lost"),
        Answer("unanswered", _doubt(None, None), 0, "has no value yet"),
    ),
)


def _smooth(
    body: str = "np.eye(classes)[labels] * (1 - smoothing) + smoothing / classes",
) -> str:
    return f"""
            def smooth_labels(labels, classes, smoothing):
                hot = np.eye(classes)[labels]
                return {body}
            """


SMOOTH = Question(
    grade_id="smooth",
    tests=("smooth-rows",),
    points=0.25,
    right=(
        Answer(
            "row by row",
            """
            def smooth_labels(labels, classes, smoothing):
                rows = []
                for label in labels:
                    row = [smoothing / classes] * classes
                    row[label] += 1 - smoothing
                    rows.append(row)
                return rows
            """,
            0.25,
        ),
        Answer(
            "filled, then set",
            """
            def smooth_labels(labels, classes, smoothing):
                t = np.full((len(labels), classes), smoothing / classes)
                t[np.arange(len(labels)), labels] = 1 - smoothing + smoothing / classes
                return t
            """,
            0.25,
        ),
        Answer(
            "with Keras's rows",
            """
            def smooth_labels(labels, classes, smoothing):
                t = keras.utils.to_categorical(labels, classes)
                return t + smoothing * (1 / classes - t)
            """,
            0.25,
        ),
    ),
    wrong=(
        Answer("not smoothed", _smooth("hot"), 0, "not smoothed"),
        Answer(
            "own part forgotten",
            _smooth("np.where(hot == 1, 1 - smoothing, smoothing / classes)"),
            0,
            "own part forgotten",
        ),
        Answer(
            "over the others",
            _smooth("np.where(hot == 1, 1 - smoothing, smoothing / (classes - 1))"),
            0,
            "spread over the others only",
        ),
        Answer("not spread", _smooth("hot * (1 - smoothing)"), 0, "not spread"),
        Answer("not divided", _smooth("np.maximum(hot, smoothing)"), 0, "not divided"),
        Answer(
            "nothing taken", _smooth("hot + smoothing / classes"), 0, "nothing taken"
        ),
        Answer(
            "exchanged",
            _smooth("hot * smoothing + (1 - smoothing) / classes"),
            0,
            "shares exchanged",
        ),
        Answer(
            "always ten",
            "def smooth_labels(labels, classes, smoothing):\n"
            "    return np.eye(10)[labels] * (1 - smoothing) + smoothing / 10",
            0,
            "the wrong shape",
        ),
        Answer(
            "as many classes as labels",
            "def smooth_labels(labels, classes, smoothing):\n"
            "    hot = keras.utils.to_categorical(labels)\n"
            "    return hot * (1 - smoothing) + smoothing / hot.shape[1]",
            0,
            "the wrong shape",
        ),
        Answer(
            "columns",
            _smooth("(hot * (1 - smoothing) + smoothing / classes).T"),
            0,
            "transposed",
        ),
        Answer(
            "not written",
            "def smooth_labels(labels, classes, smoothing):\n"
            "    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _entropy(answer: str, shares: str = "np.exp(logits)", axis: int = 1) -> str:
    return f"""
            def cross_entropy(t, logits):
                p = {shares}
                p = p / p.sum(axis={axis}, keepdims=True)
                logs = np.log(np.maximum(p, 1e-300))
                return {answer}
            """


_SHIFTED = "np.exp(logits - logits.max(axis=1, keepdims=True))"

ENTROPY = Question(
    grade_id="rowloss",
    tests=("rowloss-values",),
    points=0.5,
    right=(
        Answer(
            "with scipy",
            """
            from scipy.special import log_softmax

            def cross_entropy(t, logits):
                return -np.mean(np.sum(t * log_softmax(logits, axis=1), axis=1))
            """,
            0.5,
        ),
        Answer(
            "picture by picture",
            """
            def cross_entropy(t, logits):
                total = 0.0
                for row, z in zip(t, logits):
                    z = z - max(z)
                    total -= sum(row * (z - np.log(sum(np.exp(z)))))
                return total / len(t)
            """,
            0.5,
        ),
        Answer(
            "asked Keras",
            """
            def cross_entropy(t, logits):
                loss = keras.losses.CategoricalCrossentropy(from_logits=True)
                return float(loss(t, logits))
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "summed",
            _entropy("-(t * logs).sum()", _SHIFTED),
            0,
            "Likely mistake: sum.",
        ),
        Answer(
            "mean of everything",
            _entropy("-(t * logs).mean()", _SHIFTED),
            0,
            "mean over the classes, too",
        ),
        Answer(
            "not averaged",
            _entropy("-(t * logs).sum(axis=1)", _SHIFTED),
            0,
            "not a number",
        ),
        Answer(
            "sign lost",
            _entropy("(t * logs).sum(axis=1).mean()", _SHIFTED),
            0,
            "sign lost",
        ),
        Answer(
            "base 2",
            _entropy("-(t * logs).sum(axis=1).mean() / np.log(2)", _SHIFTED),
            0,
            "logarithm to base 2",
        ),
        Answer(
            "right class only",
            _entropy("-logs[np.arange(len(t)), t.argmax(axis=1)].mean()", _SHIFTED),
            0,
            "right class only",
        ),
        Answer(
            "overflow",
            """
            def cross_entropy(t, logits):
                p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
                return -(t * np.log(p)).sum(axis=1).mean()
            """,
            0,
            "NaN",
        ),
        Answer(
            "over the pictures",
            _entropy("-(t * logs).sum(axis=1).mean()", axis=0),
            0,
            "softmax over the wrong axis",
        ),
        Answer(
            "no softmax",
            "def cross_entropy(t, logits):\n"
            "    return -(t * logits).sum(axis=1).mean()",
            0,
            "no softmax",
        ),
        Answer(
            "binary",
            _entropy(
                "-(t * logs + (1 - t) * np.log(np.maximum(1 - p, 1e-300))).mean()",
                _SHIFTED,
            ),
            0,
            "binary cross-entropy",
        ),
        Answer(
            "not written",
            "def cross_entropy(t, logits):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _penalty(
    price: str = "np.sum(w**2)",
    answer: str = "loss + factor * total",
    which: str = "w.ndim > 1",
) -> str:
    return f"""
            def with_penalty(loss, weights, factor):
                total = sum({price} for w in weights if {which})
                return {answer}
            """


PENALTY = Question(
    grade_id="penalty",
    tests=("penalty-added",),
    points=0.5,
    right=(
        Answer(
            "in a loop",
            """
            def with_penalty(loss, weights, factor):
                for w in weights:
                    if len(w.shape) >= 2:
                        loss = loss + factor * float(np.square(w).sum())
                return loss
            """,
            0.5,
        ),
        Answer(
            "flattened and multiplied",
            """
            def with_penalty(loss, weights, factor):
                kernels = [w.ravel() for w in weights if np.ndim(w) != 1]
                return loss + factor * sum(k @ k for k in kernels)
            """,
            0.5,
        ),
        Answer(
            "a regulariser of Keras",
            """
            def with_penalty(loss, weights, factor):
                price = keras.regularizers.L2(factor)
                return loss + sum(float(price(w)) for w in weights if w.ndim > 1)
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("a half", _penalty("np.sum(w**2) / 2"), 0, "a half too many"),
        Answer("mean", _penalty("np.mean(w**2)"), 0, "mean for sum"),
        Answer("L1", _penalty("np.abs(w).sum()"), 0, "not squared"),
        Answer("squared too late", _penalty("np.sum(w) ** 2"), 0, "squared too late"),
        Answer("length", _penalty("np.linalg.norm(w)"), 0, "length for its square"),
        Answer("biases too", _penalty(which="True"), 0, "biases charged"),
        Answer("dense only", _penalty(which="w.ndim == 2"), 0, "filters left out"),
        Answer("penalty alone", _penalty(answer="factor * total"), 0, "penalty alone"),
        Answer("subtracted", _penalty(answer="loss - factor * total"), 0, "subtracted"),
        Answer(
            "factor forgotten", _penalty(answer="loss + total"), 0, "factor forgotten"
        ),
        Answer(
            "last kernel only",
            """
            def with_penalty(loss, weights, factor):
                for w in weights:
                    if w.ndim > 1:
                        penalty = factor * (w**2).sum()
                return loss + penalty
            """,
            0,
            "last kernel only",
        ),
        Answer(
            "not written",
            "def with_penalty(loss, weights, factor):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _net(
    stage: str = "C, N, R, C, N, R, P, D",
    rates: str = "(0.25, 0.3, 0.4)",
    filters: str = "(32, 64)",
    how: str = "3, padding='same'",
    last: str = "layers.Dense(10, activation='softmax')",
    pool: str = "layers.MaxPooling2D(2)",
    units: int = 128,
) -> str:
    return f"""
            def build_regularised_net():
                rates = {rates}
                net = keras.Sequential([keras.Input((28, 28, 1))])
                for filters, rate in zip({filters}, rates):
                    make = {{
                        "C": lambda: layers.Conv2D(filters, {how}),
                        "N": lambda: layers.BatchNormalization(),
                        "R": lambda: layers.ReLU(),
                        "P": lambda: {pool},
                        "D": lambda: layers.Dropout(rate),
                    }}
                    for name in "{stage}".split(", "):
                        net.add(make[name]())
                net.add(layers.Flatten())
                net.add(layers.Dense({units}, activation="relu"))
                net.add(layers.Dropout(rates[-1]))
                net.add({last})
                return net
            """


NET = Question(
    grade_id="net",
    tests=("net-parameters", "net-layers"),
    points=1,
    right=(
        Answer(
            "functional",
            """
            def build_regularised_net():
                inputs = z = keras.Input((28, 28, 1))
                for filters, rate in ((32, 0.25), (64, 0.3)):
                    for _ in "ab":
                        z = layers.Conv2D(filters, (3, 3), padding="same")(z)
                        z = layers.BatchNormalization()(z)
                        z = layers.Activation("relu")(z)
                    z = layers.MaxPool2D()(z)
                    z = layers.Dropout(rate)(z)
                z = layers.Dense(128, "relu")(layers.Flatten()(z))
                z = layers.Dropout(0.4)(z)
                outputs = layers.Softmax()(layers.Dense(10)(z))
                return keras.Model(inputs, outputs)
            """,
            1,
        ),
        Answer("in parts that are added", _net(), 1),
        Answer(
            "a class of its own",
            """
            class Stage(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.parts = []
                    for filters, rate in ((32, 0.25), (64, 0.3)):
                        for _ in range(2):
                            conv = layers.Conv2D(filters, 3, padding="same")
                            norm = layers.BatchNormalization()
                            self.parts += [conv, norm, layers.ReLU()]
                        self.parts += [layers.MaxPooling2D(2), layers.Dropout(rate)]
                    self.parts += [
                        layers.Flatten(),
                        layers.Dense(128, activation="relu"),
                        layers.Dropout(0.4),
                        layers.Dense(10, activation="softmax"),
                    ]

                def call(self, x, training=None):
                    for part in self.parts:
                        drops = isinstance(part, layers.Dropout)
                        x = part(x, training=training) if drops else part(x)
                    return x

            def build_regularised_net():
                return Stage()
            """,
            1,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer(
            "no batch normalisation", _net("C, R, C, R, P, D"), 0, "467,818 parameters"
        ),
        Answer(
            "normalised after the ReLU",
            _net("C, R, N, C, R, N, P, D"),
            0.5,
            "your net has a relu",
        ),
        Answer("no dropout", _net("C, N, R, C, N, R, P"), 0.5, "Dropout"),
        Answer("other rates", _net(rates="(0.3, 0.25, 0.4)"), 0.5, "another rate"),
        Answer("not padded", _net(how="3"), 0, "parameters; the regularised net has"),
        Answer("one convolution a stage", _net("C, N, R, P, D"), 0, "parameters"),
        Answer("no ReLU", _net("C, N, C, N, P, D"), 0.5, "relu"),
        Answer("logits", _net(last="layers.Dense(10)"), 0.5, "activation forgotten"),
        Answer(
            "mean pooling",
            _net(pool="layers.AveragePooling2D(2)"),
            0.5,
            "the mean instead of the largest",
        ),
        Answer(
            "no biases",
            _net(how="3, padding='same', use_bias=False"),
            0,
            "468,394 parameters",
        ),
        Answer("256 units", _net(units=256), 0, "parameters"),
        Answer(
            "nothing returned", _net().replace("return net", "net.summary"), 0, "None"
        ),
        Answer(
            "not written",
            "def build_regularised_net():\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _taken(
    total: str = "matrix.sum(axis=0)",
    share: str = "np.diag(matrix) / np.maximum(total, 1)",
    wrong: str = "matrix - np.diag(np.diag(matrix))",
    pair: str = "np.unravel_index(wrong.argmax(), wrong.shape)",
) -> str:
    return f"""
            def precision(matrix):
                total = {total}
                return {share}


            def most_confused(matrix):
                wrong = {wrong}
                return {pair}
            """


TAKEN = Question(
    grade_id="taken",
    tests=("taken-precision", "taken-pair"),
    points=0.5,
    right=(
        Answer("places of NumPy", _taken(), 0.5),
        Answer(
            "cell by cell",
            """
            def precision(matrix):
                shares = []
                for c in range(len(matrix)):
                    called = sum(row[c] for row in matrix)
                    shares.append(matrix[c][c] / called if called else 0.0)
                return shares


            def most_confused(matrix):
                best = (-1, 0, 0)
                for i, row in enumerate(matrix):
                    for j, count in enumerate(row):
                        if i != j and count > best[0]:
                            best = (count, i, j)
                return best[1:]
            """,
            0.5,
        ),
        Answer(
            "columns scaled, a copy written into",
            """
            def precision(matrix):
                called = matrix.sum(0, keepdims=True)
                shares = np.divide(
                    matrix, called, out=np.zeros(matrix.shape), where=called > 0
                )
                return shares.diagonal()


            def most_confused(matrix):
                matrix = matrix.copy()
                np.fill_diagonal(matrix, -1)
                return list(divmod(int(np.argmax(matrix)), matrix.shape[1]))
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("recall", _taken("matrix.sum(axis=1)"), 0.25, "Likely mistake: recall."),
        Answer("share of all", _taken("matrix.sum()"), 0.25, "share of all pictures"),
        Answer(
            "counts", _taken(share="np.diag(matrix)"), 0.25, "Likely mistake: counts"
        ),
        Answer(
            "whole numbers",
            _taken(share="np.diag(matrix) // np.maximum(total, 1)"),
            0.25,
            "divided into whole numbers",
        ),
        Answer(
            "divided by nothing",
            _taken(share="np.diag(matrix) / total"),
            0.25,
            "NaN",
        ),
        Answer(
            "per cent",
            _taken(share="100 * np.diag(matrix) / np.maximum(total, 1)"),
            0.25,
            "per cent",
        ),
        Answer(
            "against the mistakes",
            _taken("matrix.sum(axis=0) - np.diag(matrix)"),
            0.25,
            "against the mistakes",
        ),
        Answer("the diagonal", _taken(wrong="matrix"), 0.25, "the diagonal"),
        Answer(
            "column first",
            _taken(pair="np.unravel_index(wrong.T.argmax(), wrong.shape)"),
            0.25,
            "Likely mistake: swapped.",
        ),
        Answer(
            "both directions",
            _taken(
                pair="np.unravel_index(np.triu(wrong + wrong.T).argmax(), wrong.shape)"
            ),
            0.25,
            "both directions together",
        ),
        Answer(
            "shares",
            _taken(
                wrong="(1 - np.eye(len(matrix))) * matrix"
                " / matrix.sum(axis=1, keepdims=True)"
            ),
            0.25,
            "largest share",
        ),
        Answer(
            "row and column apart",
            _taken(pair="(wrong.sum(axis=1).argmax(), wrong.sum(axis=0).argmax())"),
            0.25,
            "row and column apart",
        ),
        Answer("one number", _taken(pair="wrong.argmax()"), 0.25, "not a tuple"),
        Answer(
            "written into what was given",
            """
            def precision(matrix):
                return np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1)


            def most_confused(matrix):
                np.fill_diagonal(matrix, 0)
                return np.unravel_index(matrix.argmax(), matrix.shape)
            """,
            0.25,
            "modified its input",
        ),
        Answer(
            "not written",
            "def precision(matrix):\n    raise NotImplementedError()\n\n\n"
            "def most_confused(matrix):\n    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _temperature(z: str = "logits / temperature", axis: object = 1) -> str:
    return f"""
            def with_temperature(logits, temperature):
                z = {z}
                p = np.exp(z - z.max(axis={axis}, keepdims=True))
                return p / p.sum(axis={axis}, keepdims=True)
            """


_SOFTMAX = """
            from scipy.special import softmax

            def with_temperature(logits, temperature):
                return {}
            """

TEMPERATURE = Question(
    grade_id="temperature",
    tests=("temperature-shares",),
    points=0.5,
    right=(
        Answer("scipy", _SOFTMAX.format("softmax(logits / temperature, axis=-1)"), 0.5),
        Answer(
            "Keras",
            """
            def with_temperature(logits, temperature):
                p = keras.ops.softmax(logits / temperature)
                return keras.ops.convert_to_numpy(p)
            """,
            0.5,
        ),
        Answer(
            "row by row",
            """
            def with_temperature(logits, temperature):
                rows = []
                for z in logits:
                    powers = np.exp((z - max(z)) / temperature)
                    rows.append(powers / sum(powers))
                return np.array(rows)
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("ignored", _temperature("logits"), 0, "temperature ignored"),
        Answer("multiplied", _temperature("logits * temperature"), 0, "multiplied"),
        Answer(
            "probabilities divided",
            _SOFTMAX.format("softmax(logits, axis=1) / temperature"),
            0,
            "probabilities divided",
        ),
        Answer(
            "subtracted",
            _temperature("logits - temperature"),
            0,
            "temperature ignored",
        ),
        Answer("over the pictures", _temperature(axis=0), 0, "over the wrong axis"),
        Answer("one sum for all", _temperature(axis=None), 0, "one sum for all"),
        Answer(
            "no softmax",
            "def with_temperature(logits, temperature):\n"
            "    return logits / temperature",
            0,
            "no softmax",
        ),
        Answer(
            "overflow",
            """
            def with_temperature(logits, temperature):
                powers = np.exp(logits / temperature)
                return powers / powers.sum(axis=1, keepdims=True)
            """,
            0,
            "NaN",
        ),
        Answer(
            "confidence only",
            _SOFTMAX.format("softmax(logits / temperature, axis=1).max(axis=1)"),
            0,
            "Likely mistake: confidence only",
        ),
        Answer(
            "answers",
            "def with_temperature(logits, temperature):\n"
            "    return (logits / temperature).argmax(axis=1)",
            0,
            "the wrong shape",
        ),
        Answer(
            "not written",
            "def with_temperature(logits, temperature):\n"
            "    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _ece(
    add: str = "error += inside.mean() * abs(gap)",
    answer: str = "error",
    inside: str = "(confidence > i / bins) & (confidence <= (i + 1) / bins)",
    confidence: str = "probabilities.max(axis=1)",
    bins: str = "bins",
) -> str:
    return f"""
            def calibration_error(probabilities, labels, bins):
                confidence = {confidence}
                right = probabilities.argmax(axis=1) == labels
                error, filled, gaps, bins = 0.0, 0, [], {bins}
                for i in range(bins):
                    inside = {inside}
                    if not inside.any():
                        continue
                    filled += 1
                    gap = confidence[inside].mean() - right[inside].mean()
                    gaps.append(abs(gap))
                    {add}
                return {answer}
            """


ECE = Question(
    grade_id="ece",
    tests=("ece-values",),
    points=0.5,
    right=(
        Answer(
            "with histograms",
            """
            def calibration_error(probabilities, labels, bins):
                confidence = probabilities.max(axis=1)
                gap = confidence - (probabilities.argmax(axis=1) == labels)
                number = np.minimum((confidence * bins).astype(int), bins - 1)
                return abs(np.bincount(number, gap)).sum() / len(labels)
            """,
            0.5,
        ),
        Answer(
            "digitized",
            """
            def calibration_error(probabilities, labels, bins):
                edges = np.linspace(0, 1, bins + 1)
                c = probabilities.max(1)
                number = np.digitize(c, edges[1:-1], right=True)
                right = (probabilities.argmax(1) == labels).astype(float)
                return sum(
                    np.mean(number == i)
                    * abs(c[number == i].mean() - right[number == i].mean())
                    for i in set(number.tolist())
                )
            """,
            0.5,
        ),
        Answer(
            "by the course's own tool",
            """
            def calibration_error(probabilities, labels, bins):
                return expected_calibration_error(probabilities, labels, bins=bins)
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("not weighted", _ece(answer="np.mean(gaps)"), 0, "not weighted"),
        Answer(
            "by the number of bins",
            _ece(answer="sum(gaps) / bins"),
            0,
            "divided by the number of bins",
        ),
        Answer("added up", _ece(answer="sum(gaps)"), 0, "added up"),
        Answer("largest", _ece(answer="max(gaps)"), 0, "largest gap"),
        Answer("signs kept", _ece(add="error += inside.mean() * gap"), 0, "signs kept"),
        Answer(
            "certain ones lost",
            _ece(inside="(confidence >= i / bins) & (confidence < (i + 1) / bins)"),
            0,
            "a confidence of 1 lost",
        ),
        Answer(
            "of the true class",
            _ece(confidence="probabilities[np.arange(len(labels)), labels]"),
            0,
            "probability of the true class",
        ),
        Answer("one bin", _ece(bins="1"), 0, "one bin"),
        Answer("always ten", _ece(bins="10"), 0, "ten bins"),
        Answer("per cent", _ece(answer="100 * error"), 0, "per cent"),
        Answer(
            "share of mistakes", _ece(answer="1 - right.mean()"), 0, "share of mistakes"
        ),
        Answer(
            "not written",
            "def calibration_error(probabilities, labels, bins):\n"
            "    raise NotImplementedError()",
            0,
            "not written yet",
        ),
    ),
)


def _own(
    stages: str = "layers.Flatten(), layers.Dense(10, 'softmax')",
    pictures: str = "x[:400]",
    labels: str = "t[:400]",
    checked: str = "(x_val, t_val)",
    loss: str = "'categorical_crossentropy'",
    rate: float = 1e-3,
    epochs: int = 8,
    batch_size: int = 32,
    stop: str = "'val_accuracy', mode='max', patience=2, restore_best_weights=True",
    after: str = "",
) -> str:
    watching = f"[keras.callbacks.EarlyStopping({stop})]" if stop else "[]"
    return f"""
            keras.utils.set_random_seed(3)
            own = keras.Sequential([keras.Input((28, 28, 1)), {stages}])
            own.compile(keras.optimizers.Adam({rate}), {loss}, metrics=["accuracy"])
            own_history = own.fit(
                {pictures}, {labels}, {batch_size}, {epochs}, verbose=0,
                validation_data={checked}, callbacks={watching},
            )
            {after}
            """


_FLAT = "layers.Flatten(), layers.Dense(10, 'softmax')"


def _stages(
    convolution: str = "layers.Conv2D({}, 5, 2, padding='same')",
    normalisation: str = "layers.BatchNormalization(momentum=0.9), ",
    activation: str = "layers.ReLU(), ",
    dropout: str = "layers.Dropout(0.2), ",
    filters: tuple[int, ...] = (12, 24),
    units: str = "",
) -> str:
    stages = [f"{convolution.format(n)}, {normalisation}{activation}" for n in filters]
    last = f"layers.Flatten(), {dropout}{units}layers.Dense(10, 'softmax')"
    return "".join(stages) + last


_PLAIN = (
    "layers.Conv2D(12, 5, 2, padding='same'), layers.BatchNormalization(),"
    " layers.ReLU(), layers.Conv2D(24, 3, padding='same'),"
    " layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(),"
    " layers.Flatten(), layers.Dropout(0.2), layers.Dense(10, 'softmax')"
)
_CURVES = "own_history = dict(loss=[2.3, {}], val_loss=[2.3, 2.2], val_accuracy={})"

OWN = Question(
    grade_id="own",
    group="own",
    tests=("own-stopped", "own-accuracy"),
    points=1,
    right=(
        Answer("what Keras takes by default", _own(_PLAIN, "x", "t"), 1),
        Answer(
            "functional, class numbers, its history as a dictionary",
            """
            keras.utils.set_random_seed(5)
            inputs = keras.Input((28, 28, 1))
            z = layers.Conv2D(16, 5, strides=2, padding="same", activation="relu")(
                inputs
            )
            z = layers.BatchNormalization(momentum=0.9)(z)
            z = layers.Conv2D(24, (3, 3), padding="same")(z)
            z = layers.MaxPooling2D()(layers.BatchNormalization(momentum=0.9)(z))
            z = layers.SpatialDropout2D(0.1)(layers.Activation("gelu")(z))
            z = layers.Flatten()(z)
            outputs = layers.Dense(10)(z)
            own = keras.Model(inputs, outputs)
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            own.compile(keras.optimizers.Adam(2e-3), loss, metrics=["accuracy"])
            stop = keras.callbacks.EarlyStopping(
                monitor="val_accuracy", patience=2, restore_best_weights=True
            )
            own_history = own.fit(
                x, y, epochs=8, validation_data=(x_val, y_val), verbose=0,
                callbacks=stop,
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
                    self.stages = [{_PLAIN}]

                def call(self, z, training=None):
                    moody = layers.Dropout | layers.BatchNormalization
                    for stage in self.stages:
                        if isinstance(stage, moody):
                            z = stage(z, training=training)
                        else:
                            z = stage(z)
                    return z

            keras.utils.set_random_seed(4)
            own = Own()
            adam = keras.optimizers.Adam(2e-3)
            own.compile(adam, "categorical_crossentropy", metrics=["accuracy"])
            best = keras.callbacks.EarlyStopping(
                "val_accuracy", patience=2, restore_best_weights=True
            )
            own_history = own.fit(
                x, t, epochs=8, validation_data=(x_val, t_val), verbose=0,
                callbacks=[best],
            )
            """,
            1,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer(
            "no early stopping",
            _own("layers.Flatten(), layers.Dense(10, 'softmax')", epochs=5, stop=""),
            0,
            "stopped too early",
        ),
        Answer(
            "not restored",
            _own(rate=0.02, stop="'val_accuracy', mode='max', patience=2"),
            0,
            "weights not restored",
        ),
        Answer("nine epochs", _own(epochs=9, stop=""), 0, "than its budget"),
        Answer("a linear net", _own(_FLAT, "x", "t", rate=3e-3), 0.5, "a linear net"),
        Answer(
            "dense layers",
            _own(
                "layers.Flatten(), layers.Dense(64, 'relu'),"
                " layers.BatchNormalization(momentum=0.9), layers.Dropout(0.2),"
                " layers.Dense(10, 'softmax')"
            ),
            0.5,
            "dense layers only",
        ),
        Answer("one convolution", _own(_stages(filters=(24,))), 0.5, "one convolution"),
        Answer(
            "filters of 1×1",
            _own(_stages("layers.Conv2D({}, 1, 2)")),
            0.5,
            "filters of 1×1",
        ),
        Answer(
            "not normalised",
            _own(_stages(normalisation="")),
            0.5,
            "batch normalisation forgotten",
        ),
        Answer(
            "no activation", _own(_stages(activation="")), 0.5, "activation forgotten"
        ),
        Answer("no dropout", _own(_stages(dropout="")), 0.5, "dropout forgotten"),
        Answer(
            "a dropout of nothing",
            _own(_stages(dropout="layers.Dropout(0.0), ")),
            0.5,
            "dropout forgotten",
        ),
        Answer(
            "too large",
            _own(_stages(units="layers.Dense(80), ")),
            0.5,
            "more parameters than its budget",
        ),
        Answer(
            "negatives of the pictures",
            _own(
                "layers.Flatten(), layers.Dense(10, 'softmax')",
                pictures="1 - x[:400]",
                checked="(1 - x_val, t_val)",
            ),
            0,
            "weights of its best epoch",
        ),
        Answer(
            "no validation",
            _own(epochs=2, stop="").replace("validation_data=(x_val, t_val),", ""),
            0,
            "no validation",
        ),
        Answer(
            "net and history swapped",
            _own(epochs=2, stop="", after="own, own_history = own_history, own"),
            0,
            "holds a net; the history",
        ),
        Answer(
            "few garments",
            _own(_stages(), "x[:60]", "t[:60]", rate=1e-2, batch_size=10),
            0.5,
            "too few",
        ),
        Answer(
            "a loss that is NaN",
            f"own = None; {_CURVES.format('np.nan', '[0.1, 0.1]')}",
            0,
            "NaN",
        ),
        Answer(
            "no accuracies",
            "own = None; own_history = dict(loss=[2.3, 1.5], val_loss=[2.3, 1.6])",
            0,
            "no curve 'val_accuracy'",
        ),
        Answer("unanswered", "own = own_history = None", 0, "has no value yet"),
        Answer(
            "only the last accuracy",
            "own, own_history = None, 0.86",
            0,
            "not a history",
        ),
    ),
)


def _repair(name: str, letter: object, compiled: str, after: str = "return net") -> str:
    fault, function = {
        "rank": ("rank_fault", "compile_for_numbers"),
        "binary": ("binary_fault", "compile_for_rows"),
    }[name]
    return f"""
            {fault} = {letter!r}

            def {function}(net):
                net.compile({compiled})
                {after}
            """


_SPARSE = "'adam', 'sparse_categorical_crossentropy', metrics=['accuracy']"
_ROWS = "'adam', 'categorical_crossentropy', metrics=['accuracy']"

RANK = Question(
    grade_id="rank",
    tests=("rank-fault", "rank-repaired"),
    points=0.5,
    right=(
        Answer("the sparse loss by its name", _repair("rank", "B", _SPARSE), 0.5),
        Answer(
            "an object",
            _repair("rank", "B", "'sgd', keras.losses.SparseCategoricalCrossentropy()"),
            0.5,
        ),
        Answer(
            "a function",
            _repair(
                "rank",
                "B",
                "loss=keras.losses.sparse_categorical_crossentropy, optimizer='adam'",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("the pictures", _repair("rank", "A", _SPARSE), 0.25, "not the pictures"),
        Answer("the head", _repair("rank", "C", _SPARSE), 0.25, "not the head"),
        Answer("the batches", _repair("rank", "D", _SPARSE), 0.25, "not the batches"),
        Answer("as it was", _repair("rank", "B", _ROWS), 0.25, "whole numbers for a"),
        Answer(
            "a distance",
            _repair("rank", "B", "'adam', 'mse'"),
            0.25,
            "a loss that is not for classes",
        ),
        Answer(
            "binary",
            _repair("rank", "B", "'adam', 'binary_crossentropy'"),
            0.25,
            "binary cross-entropy for several classes",
        ),
        Answer(
            "logits",
            _repair(
                "rank",
                "B",
                "'adam', keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
            ),
            0.25,
            "softmax twice",
        ),
        Answer("nothing returned", _repair("rank", "B", _SPARSE, "pass"), 0.25, "None"),
        Answer(
            "not compiled",
            "rank_fault = 'B'\n\ndef compile_for_numbers(net):\n    return net",
            0.25,
            "compile forgotten",
        ),
        Answer(
            "unanswered",
            "rank_fault = None\n\ndef compile_for_numbers(net):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)

BINARY = Question(
    grade_id="binary",
    tests=("binary-fault", "binary-repaired"),
    points=0.5,
    right=(
        Answer("the loss by its name", _repair("binary", "C", _ROWS), 0.5),
        Answer(
            "objects",
            _repair(
                "binary",
                "C",
                "keras.optimizers.Adam(), keras.losses.CategoricalCrossentropy(),"
                " metrics=[keras.metrics.CategoricalAccuracy()]",
            ),
            0.5,
        ),
        Answer(
            "two metrics",
            _repair(
                "binary",
                "C",
                "'adam', keras.losses.CategoricalCrossentropy(label_smoothing=0.1),"
                " metrics=['acc', 'mse']",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("easy", _repair("binary", "A", _ROWS), 0.25, "not so quick"),
        Answer("labels", _repair("binary", "B", _ROWS), 0.25, "not the labels"),
        Answer("softmax", _repair("binary", "D", _ROWS), 0.25, "not the softmax"),
        Answer(
            "as it was",
            _repair(
                "binary",
                "C",
                "'adam', 'binary_crossentropy', metrics=['binary_accuracy']",
            ),
            0.25,
            "binary cross-entropy for several classes",
        ),
        Answer(
            "only the loss",
            _repair(
                "binary",
                "C",
                "'adam', 'categorical_crossentropy', metrics=['binary_accuracy']",
            ),
            0.25,
            "counted class by class",
        ),
        Answer(
            "only the metric",
            _repair("binary", "C", "'adam', 'binary_crossentropy', metrics=['acc']"),
            0.25,
            "binary cross-entropy for several classes",
        ),
        Answer(
            "a distance",
            _repair("binary", "C", "'adam', 'mse', metrics=['accuracy']"),
            0.25,
            "a loss that is not for classes",
        ),
        Answer(
            "no metric",
            _repair("binary", "C", "'adam', 'categorical_crossentropy'"),
            0.25,
            "no metric",
        ),
        Answer(
            "sparse",
            _repair("binary", "C", _SPARSE),
            0.25,
            "one-hot labels for a sparse loss",
        ),
        Answer(
            "unanswered",
            "binary_fault = None\n\ndef compile_for_rows(net):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)


def _doubtful(
    letter: object = "B",
    rows: str = "keras.utils.to_categorical(y, 10)",
    loss: str = "keras.losses.CategoricalCrossentropy(label_smoothing=0.1)",
    answer: str = "rows, loss",
) -> str:
    return f"""
            smoothing_fault = {letter!r}

            def smoothed_training(y):
                rows, loss = {rows}, {loss}
                return {answer}
            """


SMOOTHING = Question(
    grade_id="smoothing",
    tests=("smoothing-fault", "smoothing-repaired"),
    points=0.5,
    right=(
        Answer("the loss smooths", _doubtful(rows="np.eye(10)[y]"), 0.5),
        Answer(
            "the rows are smooth",
            _doubtful(
                rows="0.9 * np.eye(10)[y] + 0.01", loss="'categorical_crossentropy'"
            ),
            0.5,
        ),
        Answer(
            "a function of its own",
            """
            smoothing_fault = "B"

            def smooth_loss(t, p):
                return keras.losses.categorical_crossentropy(
                    t, p, label_smoothing=0.1
                )

            def smoothed_training(y):
                return keras.ops.one_hot(y, 10), smooth_loss
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("the place", _doubtful("A"), 0.25, "not the place"),
        Answer("the size", _doubtful("C"), 0.25, "not the size"),
        Answer("the logits", _doubtful("D"), 0.25, "not the logits"),
        Answer(
            "as it was",
            _doubtful(
                loss="keras.losses.SparseCategoricalCrossentropy(label_smoothing=0.1)"
            ),
            0.25,
            "unexpected keyword argument",
        ),
        Answer("whole numbers", _doubtful(rows="y"), 0.25, "whole numbers"),
        Answer(
            "not smoothed",
            _doubtful(loss="'categorical_crossentropy'"),
            0.25,
            "not smoothed",
        ),
        Answer(
            "smoothed twice",
            _doubtful(rows="0.9 * np.eye(10)[y] + 0.01"),
            0.25,
            "smoothed twice",
        ),
        Answer(
            "over the others",
            _doubtful(
                rows="np.where(np.eye(10)[y] == 1, 0.9, 0.1 / 9)",
                loss="'categorical_crossentropy'",
            ),
            0.25,
            "spread over the others only",
        ),
        Answer(
            "logits",
            _doubtful(
                loss="keras.losses.CategoricalCrossentropy(True, label_smoothing=0.1)"
            ),
            0.25,
            "Likely mistake: from_logits",
        ),
        Answer("the loss alone", _doubtful(answer="loss"), 0.25, "not labels and a"),
        Answer(
            "sparse",
            _doubtful(loss="'sparse_categorical_crossentropy'"),
            0.25,
            "cannot compare your labels",
        ),
        Answer(
            "unanswered",
            "smoothing_fault = None\n\ndef smoothed_training(y):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)


def _random(
    letter: object = "C",
    dropped: str = "layers.Dropout(0.5)(z)",
    last: str = "layers.Dense(10, activation='softmax')",
) -> str:
    return f"""
            random_fault = {letter!r}

            def dropout_net():
                inputs = keras.Input((28, 28, 1))
                z = layers.Conv2D(8, 5, strides=2, activation="relu")(inputs)
                z = layers.Flatten()(z)
                z = {dropped}
                return keras.Model(inputs, {last}(z))
            """


RANDOM = Question(
    grade_id="random",
    tests=("random-fault", "random-repaired"),
    points=0.5,
    right=(
        Answer("argument left out", _random(), 0.5),
        Answer(
            "layers in a row",
            """
            random_fault = "C"

            def dropout_net():
                return keras.Sequential([
                    keras.Input((28, 28, 1)),
                    layers.Conv2D(8, 5, strides=2, activation="relu"),
                    layers.Flatten(),
                    layers.Dropout(0.5),
                    layers.Dense(10, activation="softmax"),
                ])
            """,
            0.5,
        ),
        Answer(
            "a class of its own",
            """
            random_fault = "C"

            class Steady(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.conv = layers.Conv2D(8, 5, strides=2, activation="relu")
                    self.flatten = layers.Flatten()
                    self.dropout = layers.Dropout(0.5)
                    self.head = layers.Dense(10, activation="softmax")

                def call(self, x, training=False):
                    z = self.flatten(self.conv(x))
                    return self.head(self.dropout(z, training=training))

            def dropout_net():
                return Steady()
            """,
            0.5,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer("the rate", _random("A"), 0.25, "not the rate"),
        Answer("the weights", _random("B"), 0.25, "not the weights"),
        Answer("untrained", _random("D"), 0.25, "not the training"),
        Answer(
            "as it was",
            _random(dropped="layers.Dropout(0.5)(z, training=True)"),
            0.25,
            "dropout in use",
        ),
        Answer("left out", _random(dropped="z"), 0.25, "dropout gone"),
        Answer(
            "a rate of 0",
            _random(dropped="layers.Dropout(0.0)(z)"),
            0.25,
            "dropout gone",
        ),
        Answer(
            "another rate",
            _random(dropped="layers.Dropout(0.1)(z)"),
            0.25,
            "another rate",
        ),
        Answer(
            "a seed",
            _random(dropped="layers.Dropout(0.5, seed=1)(z, training=True)"),
            0.25,
            "dropout in use",
        ),
        Answer(
            "logits", _random(last="layers.Dense(10)"), 0.25, "activation forgotten"
        ),
        Answer(
            "unanswered",
            "random_fault = None\n\ndef dropout_net():\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)

QUESTIONS = (
    COUNTS,
    TRAIN,
    USE,
    DROPOUT,
    DOUBT,
    SMOOTH,
    ENTROPY,
    PENALTY,
    NET,
    TAKEN,
    TEMPERATURE,
    ECE,
    OWN,
    RANK,
    BINARY,
    SMOOTHING,
    RANDOM,
)
POINTS_BY_HAND = 1
