"""Answers to the assignment ``4_pooling``."""

from __future__ import annotations

from tests.variants import Answer, Question


def _kept(
    thirds: object = (9, 13, 12),
    overlapping: object = (13, 19, 12),
    padded: object = (10, 14, 12),
    gone: object = 0.9375,
) -> str:
    return (
        f"thirds, overlapping = {thirds!r}, {overlapping!r}\n"
        f"padded, gone = {padded!r}, {gone!r}"
    )


KEPT = Question(
    grade_id="kept",
    tests=("kept-shapes", "kept-share"),
    points=1,
    right=(
        Answer("lists", _kept([9, 13, 12], [13, 19, 12], [10, 14, 12]), 1),
        Answer(
            "worked out with the formula",
            """
            def side(n, k, s):
                return (n - k + s) // s

            thirds = side(28, 3, 3), side(40, 3, 3), 12
            overlapping = side(28, 3, 2), side(40, 3, 2), 12
            padded = -(-28 // 3), -(-40 // 3), 12
            gone = 1 - 1 / 16
            """,
            1,
        ),
        Answer(
            "asked Keras",
            """
            maps = np.zeros((1, 28, 40, 12))
            thirds = layers.MaxPooling2D(3)(maps).shape[1:]
            overlapping = layers.MaxPooling2D(3, strides=2)(maps).shape[1:]
            padded = layers.MaxPooling2D(3, padding="same")(maps).shape[1:]
            kept = np.prod(layers.MaxPooling2D(4)(maps).shape)
            gone = 1 - kept / maps.size
            """,
            1,
        ),
    ),
    wrong=(
        Answer("stride 1", _kept((26, 38, 12), (26, 38, 12)), 0.5, "stride of 1"),
        Answer("stride 2 everywhere", _kept((13, 19, 12)), 0.5, "stride of 2"),
        Answer("rounded up", _kept((10, 14, 12), (14, 20, 12)), 0.5, "rounded up"),
        Answer("channels pooled", _kept((9, 13, 4)), 0.5, "channels pooled"),
        Answer("no channels", _kept((9, 13), (13, 19), (10, 14)), 0, "channels forg"),
        Answer("width first", _kept((13, 9, 12)), 0.5, "swapped axes"),
        Answer("halved", _kept((14, 20, 12)), 0.5, "windows of two"),
        Answer("own size as stride", _kept(overlapping=(9, 13, 12)), 0.5, "given, 2"),
        Answer("sizes as floats", _kept((9.0, 13.0, 12.0)), 0.5, "float dtype"),
        Answer("same is the same", _kept(padded=(28, 40, 12)), 0.5, "as large as the"),
        Answer("same rounded down", _kept(padded=(9, 13, 12)), 0.5, "rounded down"),
        Answer("what is left", _kept(gone=1 / 16), 0.5, "what is left"),
        Answer("three quarters", _kept(gone=0.75), 0.5, "one axis only"),
        Answer("per cent", _kept(gone=93.75), 0.5, "in per cent"),
        Answer("unanswered", _kept(None, None, None, None), 0, "has no value yet"),
    ),
)


def _paper(
    fields: object = (5, 6, 14, 16),
    parameters: object = (260, 0, 5020, 0, 0, 3210),
    overlapping: object = (5, 7, 15, 19),
    total: object = 7090,
) -> str:
    return (
        f"fields, fields_overlapping = {fields!r}, {overlapping!r}\n"
        f"parameters, all_parameters = {parameters!r}, {total!r}"
    )


PAPER = Question(
    grade_id="paper",
    tests=("paper-fields", "paper-parameters"),
    points=1,
    right=(
        Answer(
            "step by step",
            """
            first = 1 + 4
            fields = (first, first + 1, first + 1 + 4 * 2, first + 1 + 4 * 2 + 1 * 2)
            fields_overlapping = (5, 5 + 2, 5 + 2 + 4 * 2, 5 + 2 + 4 * 2 + 2 * 2)
            filters = [10 * (25 + 1), 20 * (250 + 1)]
            parameters = [filters[0], 0, filters[1], 0, 0, 4 * 4 * 20 * 10 + 10]
            all_parameters = sum(filters) + 10 * (3 * 3 * 20 + 1)
            """,
            1,
        ),
        Answer("arrays", f"{_paper()}\nparameters = np.array(parameters)", 1),
        Answer(
            "asked the package",
            """
            def depths(stages):
                return [conv.receptive_field(stages[: n + 1]) for n in range(4)]

            fields = depths([(5, 1), (2, 2), (5, 1), (2, 2)])
            fields_overlapping = depths([(5, 1), (3, 2), (5, 1), (3, 2)])
            parameters = [layer.count_params() for layer in models.pyramid().layers]
            all_parameters = sum(parameters) - 3210 + 9 * 200 + 10
            """,
            1,
        ),
    ),
    wrong=(
        Answer("steps of one", _paper((5, 6, 10, 11)), 0.5, "strides ignored"),
        Answer("sizes added", _paper((5, 7, 12, 14)), 0.5, "sizes added"),
        Answer("own stride", _paper((5, 7, 15, 19)), 0.5, "own stride counted"),
        Answer("filters only", _paper((5, 5, 13, 13)), 0.5, "pooling forgotten"),
        Answer("doubled", _paper((5, 10, 14, 28)), 0.5, "doubled"),
        Answer("sides", _paper((24, 12, 8, 4)), 0.5, "sides of the maps"),
        Answer("what is added", _paper((5, 1, 8, 2)), 0.5, "what each layer adds"),
        Answer(
            "overlapping as before",
            _paper(overlapping=(5, 6, 14, 16), total=8490),
            0,
            "windows of two",
        ),
        Answer(
            "overlapping, steps of three",
            _paper(overlapping=(5, 7, 19, 25), total=6080),
            0,
            "strides of three",
        ),
        Answer(
            "no biases",
            _paper(parameters=(250, 0, 5000, 0, 0, 3200), total=7050),
            0.5,
            "bias forgotten",
        ),
        Answer(
            "grey filters",
            _paper(parameters=(260, 0, 520, 0, 0, 3210), total=2590),
            0.5,
            "channels forgotten",
        ),
        Answer(
            "parameters in the pooling",
            _paper(parameters=(260, 40, 5020, 80, 0, 3210), total=7390),
            0.5,
            "pooling counted",
        ),
        Answer(
            "dense on large maps",
            _paper(parameters=(260, 0, 5020, 0, 0, 12810)),
            0.5,
            "maps before pooling",
        ),
        Answer("dense layer alone", _paper(total=1810), 0.5, "the dense layer only"),
        Answer(
            "layers left out",
            _paper(parameters=(260, 5020, 3210)),
            0.5,
            "wrong shape",
        ),
        Answer("unanswered", _paper(None, None, None, None), 0, "has no value yet"),
    ),
)


def _max(
    value: str = "window.max()",
    *,
    rows: str = "(h - size) // stride + 1",
    columns: str = "(w - size) // stride + 1",
    top: str = "i * stride",
    left: str = "j * stride",
    before: str = "",
    answer: str = "pooled",
) -> str:
    """Max pooling written with loops, and a place for each mistake."""
    return f"""
        def max_pool2d(x, size, stride):
            {before or "x = np.asarray(x)"}
            count, h, w, channels = x.shape
            pooled = np.zeros((count, {rows}, {columns}, channels))
            for n, i, j, c in np.ndindex(pooled.shape):
                top, left = {top}, {left}
                window = x[n, top : top + size, left : left + size, c]
                pooled[n, i, j, c] = {value}
            return {answer}
        """


MAX = Question(
    grade_id="max",
    tests=("max-aside", "max-stride"),
    points=1,
    right=(
        Answer("loops over the values", _max(), 1),
        Answer(
            "loops over the window",
            """
            def max_pool2d(maps, k, s):
                rows = (maps.shape[1] - k) // s + 1
                columns = (maps.shape[2] - k) // s + 1
                best = np.full((len(maps), rows, columns, maps.shape[3]), -np.inf)
                for u in range(k):
                    for v in range(k):
                        some = maps[:, u : u + s * rows : s, v : v + s * columns : s]
                        some = some[:, :rows, :columns]
                        best = np.maximum(best, some)
                return best
            """,
            1,
        ),
        Answer(
            "rows first, then columns",
            """
            def along(x, size, stride, axis):
                starts = range(0, x.shape[axis] - size + 1, stride)
                parts = [x.take(range(s, s + size), axis).max(axis) for s in starts]
                return np.stack(parts, axis)

            def max_pool2d(x, size, stride):
                return along(along(x, size, stride, 1), size, stride, 2)
            """,
            1,
        ),
    ),
    wrong=(
        Answer("mean", _max("window.mean()"), 0, "mean instead of maximum"),
        Answer("minimum", _max("window.min()"), 0, "minimum instead of maximum"),
        Answer("sum", _max("window.sum()"), 0, "sum instead of maximum"),
        Answer("absolute", _max("np.abs(window).max()"), 0, "largest without its sign"),
        Answer("starts from zero", _max("max(0, window.max())"), 0, "started from 0"),
        Answer("first value", _max("window[0, 0]"), 0, "first value of each window"),
        Answer("all channels", _max("x[n].max()"), 0, "Expected:"),
        Answer(
            "maximum over the channels too",
            """
            def max_pool2d(x, size, stride):
                view = np.lib.stride_tricks.sliding_window_view
                windows = view(x, (size, size), (1, 2))
                return windows[:, ::stride, ::stride].max(axis=(3, 4, 5))
            """,
            0,
            "channels lost",
        ),
        Answer(
            "own size as stride",
            _max(before="stride = size"),
            0.5,
            "stride ignored",
        ),
        Answer("stride 1", _max(before="stride = 1"), 0, "stride of 1"),
        Answer("two by two", _max(before="size = stride = 2"), 0, "two by two"),
        Answer(
            "windows side by side", _max(top="i", left="j"), 0, "windows side by side"
        ),
        Answer(
            "one position short",
            _max(rows="(h - size) // stride", columns="(w - size) // stride"),
            0,
            "one position short",
        ),
        Answer(
            "reaches over the edge",
            _max(rows="-(-h // stride)", columns="-(-w // stride)"),
            0,
            "Expected:",
        ),
        Answer(
            "square maps", _max(columns="(h - size) // stride + 1"), 0, "from the h"
        ),
        Answer(
            "reshape only",
            """
            def max_pool2d(x, size, stride):
                n, h, w, c = x.shape
                blocks = x.reshape(n, h // size, size, w // size, size, c)
                return blocks.max(axis=(2, 4))
            """,
            0,
            "raises ValueError",
        ),
        Answer("printed", _max(answer="print(pooled.shape)"), 0, "returned None"),
        Answer("unwritten", "def max_pool2d(x, size, stride):\n    ...", 0, "None"),
    ),
)


def _mean(
    value: str = "window.mean(axis=(1, 2))",
    *,
    rows: str = "-(-h // size)",
    columns: str = "-(-w // size)",
    before: str = "x = np.asarray(x)",
    answer: str = "means",
) -> str:
    return f"""
        def avg_pool2d(x, size):
            {before}
            n, h, w, channels = x.shape
            means = np.zeros((n, {rows}, {columns}, channels))
            for i in range(means.shape[1]):
                for j in range(means.shape[2]):
                    top, left = i * size, j * size
                    window = x[:, top : top + size, left : left + size]
                    means[:, i, j] = {value}
            return {answer}
        """


MEAN = Question(
    grade_id="mean",
    tests=("mean-whole", "mean-edge"),
    points=1,
    right=(
        Answer("rounded up with ceil", _mean(rows="int(np.ceil(h / size))"), 1),
        Answer(
            "padded with NaN",
            """
            def avg_pool2d(x, size):
                more = [(0, -n % size) for n in x.shape[1:3]]
                x = np.pad(x, [(0, 0), *more, (0, 0)], constant_values=np.nan)
                n, h, w, c = x.shape
                blocks = x.reshape(n, h // size, size, w // size, size, c)
                return np.nanmean(blocks, axis=(2, 4))
            """,
            1,
        ),
        Answer(
            "sums and counts",
            """
            def sums(x, size):
                more = [(0, -n % size) for n in x.shape[1:3]]
                x = np.pad(x, [(0, 0), *more, (0, 0)])
                n, h, w, c = x.shape
                blocks = x.reshape(n, h // size, size, w // size, size, c)
                return blocks.sum(axis=(2, 4))

            def avg_pool2d(x, size):
                return sums(x, size) / sums(np.ones_like(x), size)
            """,
            1,
        ),
    ),
    wrong=(
        Answer("sum", _mean("window.sum(axis=(1, 2))"), 0, "sum instead of mean"),
        Answer(
            "zeros counted",
            _mean("window.sum(axis=(1, 2)) / size**2"),
            0.5,
            "zeros counted",
        ),
        Answer(
            "edge left out",
            _mean(rows="h // size", columns="w // size"),
            0.5,
            "last windows left out",
        ),
        Answer(
            "Keras' default",
            """
            def avg_pool2d(x, size):
                return layers.AveragePooling2D(size)(x).numpy()
            """,
            0.5,
            "last windows left out",
        ),
        Answer("maximum", _mean("window.max(axis=(1, 2))"), 0, "maximum instead"),
        Answer("over the channels", _mean("window.mean()"), 0, "Expected:"),
        Answer(
            "channels mixed",
            _mean("window.mean(axis=(1, 2, 3))[:, None]"),
            0,
            "channels mixed",
        ),
        Answer(
            "divided by one side",
            _mean("window.sum(axis=(1, 2)) / size"),
            0,
            "divided by one side",
        ),
        Answer(
            "whole division",
            _mean("window.sum(axis=(1, 2)) // (window.shape[1] * window.shape[2])"),
            0,
            "divided into whole numbers",
        ),
        Answer("one picture", _mean("window[0].mean(axis=(0, 1))"), 0, "one picture"),
        Answer("square maps", _mean(columns="-(-h // size)"), 0, "width from the h"),
        Answer("median", _mean("np.median(window, axis=(1, 2))"), 0, "wrong values"),
        Answer("width first", _mean(answer="means.swapaxes(1, 2)"), 0, "swapped axes"),
        Answer("printed", _mean(answer="print(means)"), 0, "returned None"),
    ),
)


def _back(
    gain: str = "g[n, i, j, c]",
    *,
    step: str = "stride",
    pick: str = "np.argmax(window)",
    sign: str = "+=",
    source: str = "x[n, top : top + size, left : left + size, c]",
    shape: str = "x.shape",
    answer: str = "result",
) -> str:
    return f"""
        def max_pool2d_backward(x, g, size, stride):
            result = np.zeros({shape})
            for n, i, j, c in np.ndindex(g.shape):
                top, left = i * {step}, j * {step}
                window = {source}
                u, v = np.unravel_index({pick}, window.shape)
                result[n, top + u, left + v, c] {sign} {gain}
            return {answer}
        """


def _spread(share: str) -> str:
    return f"""
        def max_pool2d_backward(x, g, size, stride):
            result = np.zeros(x.shape)
            for n, i, j, c in np.ndindex(g.shape):
                top, left = i * stride, j * stride
                place = np.s_[n, top : top + size, left : left + size, c]
                window = x[place]
                result[place] += g[n, i, j, c] * {share}
            return result
        """


BACK = Question(
    grade_id="back",
    tests=("back-aside", "back-ties"),
    points=1,
    right=(
        Answer("the place of the winner", _back(), 1),
        Answer(
            "one comparison after the other",
            """
            def max_pool2d_backward(x, upstream, size, stride):
                gradient = np.zeros_like(x, dtype=float)
                for n, i, j, c in np.ndindex(upstream.shape):
                    best = None
                    for u in range(i * stride, i * stride + size):
                        for v in range(j * stride, j * stride + size):
                            if best is None or x[n, u, v, c] > x[(n, *best, c)]:
                                best = u, v
                    gradient[(n, *best, c)] += upstream[n, i, j, c]
                return gradient
            """,
            1,
        ),
        Answer(
            "all pictures and channels at once",
            """
            def max_pool2d_backward(x, upstream, size, stride):
                gradient = np.zeros(x.shape)
                n, channels = np.ogrid[: len(x), : x.shape[3]]
                for i, j in np.ndindex(upstream.shape[1:3]):
                    top, left = i * stride, j * stride
                    window = x[:, top : top + size, left : left + size]
                    winner = window.reshape(len(x), -1, x.shape[3]).argmax(axis=1)
                    rows, columns = top + winner // size, left + winner % size
                    gradient[n, rows, columns, channels] += upstream[:, i, j]
                return gradient
            """,
            1,
        ),
        Answer(
            "asked TensorFlow",
            """
            def max_pool2d_backward(x, upstream, size, stride):
                x = tf.constant(x)
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    loss = tf.reduce_sum(
                        tf.nn.max_pool2d(x, size, stride, "VALID") * upstream
                    )
                return tape.gradient(loss, x).numpy()
            """,
            1,
        ),
    ),
    wrong=(
        Answer("overwritten", _back(sign="="), 0.5, "overwritten"),
        Answer(
            "all of equals", _spread("(window == window.max())"), 0.5, "all of equals"
        ),
        Answer(
            "shared by equals",
            _spread("(window == window.max()) / (window == window.max()).sum()"),
            0.5,
            "shared by equals",
        ),
        Answer(
            "last of equals",
            _back(pick="window.size - 1 - np.argmax(window.ravel()[::-1])"),
            0.5,
            "last of equals",
        ),
        Answer("shared out", _spread("1 / size**2"), 0, "shared out"),
        Answer("everyone", _spread("1"), 0, "everyone gets it"),
        Answer("smallest", _back(pick="np.argmin(window)"), 0, "smallest instead"),
        Answer("ones", _back("1"), 0, "upstream forgotten"),
        Answer("values", _back("window.max()"), 0, "values instead of gradients"),
        Answer(
            "times the value",
            _back("g[n, i, j, c] * window.max()"),
            0,
            "times the value",
        ),
        Answer("own size as step", _back(step="size"), 0.5, "stride ignored"),
        Answer("steps of one", _back(step="1"), 0, "windows side by side"),
        Answer(
            "winner of channel 0",
            _back(source="x[n, top : top + size, left : left + size, 0]"),
            0,
            "one winner for all channels",
        ),
        Answer(
            "winner of picture 0",
            _back(source="x[0, top : top + size, left : left + size, c]"),
            0,
            "one winner for all pictures",
        ),
        Answer("pooled shape", _back(shape="g.shape"), 0, "index out of bounds"),
        Answer("printed", _back(answer="print(result)"), 0, "returned None"),
    ),
)


def _shift(
    share: str = "np.sum(before & after) / np.sum(before | after)",
    *,
    how_many: object = 5,
    smallest: object = 6,
    moved: str = "probes.shift_images(ink, 0, shift)",
    pool: str = "conv.max_pool2d(x, size)",
) -> str:
    return f"""
        how_many, smallest = {how_many!r}, {smallest!r}

        def agreement(ink, shift, size):
            def pooled(x):
                return {pool} > 0

            before, after = pooled(ink), pooled({moved})
            return {share}
        """


SHIFT = Question(
    grade_id="shift",
    tests=("shift-steps", "shift-agreement"),
    points=1,
    right=(
        Answer("sets of windows", _shift(how_many=len(range(4, 21, 4))), 1),
        Answer(
            "with NumPy alone",
            """
            how_many, smallest = 20 // 2**2, 3 * 2

            def agreement(ink, shift, size):
                moved = np.zeros_like(ink)
                moved[:, :, shift:] = ink[:, :, : ink.shape[2] - shift]
                both = either = 0
                rows, columns = (n // size for n in ink.shape[1:3])
                for i in range(rows):
                    for j in range(columns):
                        place = np.s_[
                            :, i * size : (i + 1) * size, j * size : (j + 1) * size
                        ]
                        first = ink[place].any(axis=(1, 2, 3))
                        second = moved[place].any(axis=(1, 2, 3))
                        both += np.sum(first & second)
                        either += np.sum(first | second)
                return float(both / either)
            """,
            1,
        ),
        Answer(
            "smaller over larger",
            _shift("np.minimum(before, after).sum() / np.maximum(before, after).sum()"),
            1,
        ),
    ),
    wrong=(
        Answer("even shifts", _shift(how_many=10), 0.5, "every even shift"),
        Answer("every shift", _shift(how_many=20), 0.5, "every shift"),
        Answer("shift by 0", _shift(how_many=6), 0.5, "one too many"),
        Answer("the smallest", _shift(how_many=4), 0.5, "the smallest shift"),
        Answer("none", _shift(how_many=0), 0.5, "none"),
        Answer("a list", _shift(how_many=[4, 8]), 0.5, "not a number"),
        Answer("steps added", _shift(smallest=5), 0.5, "strides added"),
        Answer("first step", _shift(smallest=3), 0.5, "first step only"),
        Answer("field", _shift(smallest=8), 0.5, "receptive field"),
        Answer(
            "equal windows", _shift("np.mean(before == after)"), 0.5, "empty windows"
        ),
        Answer(
            "of the windows before",
            _shift("np.sum(before & after) / np.sum(before)"),
            0.5,
            "divided by the windows before",
        ),
        Answer(
            "Dice",
            _shift("2 * np.sum(before & after) / (np.sum(before) + np.sum(after))"),
            0.5,
            "Dice's measure",
        ),
        Answer(
            "difference",
            _shift("np.sum(before ^ after) / np.sum(before | after)"),
            0.5,
            "difference instead of agreement",
        ),
        Answer("counted", _shift("np.sum(before & after)"), 0.5, "not divided"),
        Answer(
            "moved round",
            _shift(moved="np.roll(ink, shift + 6, axis=2)"),
            0.5,
            "wrong value",
        ),
        Answer(
            "moved down",
            _shift(moved="probes.shift_images(ink, shift, 0)"),
            0.5,
            "moved down",
        ),
        Answer("not pooled", _shift(pool="x"), 0.5, "not pooled"),
        Answer(
            "means compared",
            _shift(pool="conv.avg_pool2d(x, size) - 0.5"),
            0.5,
            "mean of the windows",
        ),
        Answer("unanswered", _shift(how_many=None, smallest=None), 0.5, "no value yet"),
    ),
)


def _build(
    first: str = 'layers.Conv2D(10, 5, activation="relu")',
    second: str = 'layers.Conv2D(20, 5, activation="relu")',
    *,
    pool: str = "layers.MaxPooling2D(2)",
    flat: str = "layers.Flatten()",
    head: str = "layers.Dense(10)",
    end: str = "return net",
) -> str:
    return f"""
        def build_pyramid():
            net = keras.Sequential([keras.Input((28, 28, 1))])
            net.add({first})
            net.add({pool})
            net.add({second})
            net.add({pool})
            net.add({flat})
            net.add({head})
            {end}
        """


BUILD = Question(
    grade_id="build",
    tests=("build-count", "build-layers"),
    points=1,
    right=(
        Answer("layer after layer", _build(), 1),
        Answer(
            "functional, with ReLU layers",
            """
            def build_pyramid():
                inputs = keras.Input((28, 28, 1), name="digits")
                maps = inputs
                for filters in (10, 20):
                    maps = layers.ReLU()(layers.Conv2D(filters, (5, 5))(maps))
                    maps = layers.MaxPool2D((2, 2), strides=2)(maps)
                outputs = layers.Dense(10, name="logits")(layers.Flatten()(maps))
                return keras.Model(inputs, outputs)
            """,
            1,
        ),
        Answer(
            "a class",
            """
            class Pyramid(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.first = layers.Conv2D(10, 5, activation="relu")
                    self.second = layers.Conv2D(20, 5, activation="relu")
                    self.pool = layers.MaxPooling2D()
                    self.flatten = layers.Flatten()
                    self.logits = layers.Dense(10)

                def call(self, x):
                    x = self.pool(self.first(x))
                    x = self.pool(self.second(x))
                    return self.logits(self.flatten(x))

            def build_pyramid():
                return Pyramid()
            """,
            1,
            remarks=("custom_model",),
        ),
        Answer(
            "without an Input, compiled",
            """
            def build_pyramid():
                stages = []
                for filters in (10, 20):
                    stages += [layers.Conv2D(filters, 5), layers.Activation("relu")]
                    stages += [layers.MaxPooling2D()]
                net = keras.Sequential([*stages, layers.Flatten(), layers.Dense(10)])
                net.compile("adam", "mse")
                return net
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "softmax",
            _build(head='layers.Dense(10, activation="softmax")'),
            0.5,
            "softmax at the end",
        ),
        Answer(
            "no ReLU",
            _build("layers.Conv2D(10, 5)", "layers.Conv2D(20, 5)"),
            0.5,
            "activation forgotten",
        ),
        Answer(
            "mean pooling",
            _build(pool="layers.AveragePooling2D(2)"),
            0.5,
            "the mean instead of the largest",
        ),
        Answer(
            "windows of three", _build(pool="layers.MaxPooling2D(3, 2)"), 0, "7,090"
        ),
        Answer(
            "no pooling",
            _build(pool='layers.Activation("linear")'),
            0,
            "Your net has 85,290 parameters",
        ),
        Answer("filters of 3×3", _build("layers.Conv2D(10, 3)"), 0, "First difference"),
        Answer(
            "swapped arguments",
            _build('layers.Conv2D(5, 10, activation="relu")'),
            0,
            "Conv2D #1 has",
        ),
        Answer(
            "padded",
            _build('layers.Conv2D(10, 5, padding="same", activation="relu")'),
            0,
            "Dense has",
        ),
        Answer(
            "no biases",
            _build("layers.Conv2D(10, 5, use_bias=False)"),
            0,
            "Conv2D #1 has 250",
        ),
        Answer(
            "global pooling", _build(flat="layers.GlobalMaxPooling2D()"), 0, "5,490"
        ),
        Answer("not flattened", _build(flat='layers.Activation("linear")'), 0, "210"),
        Answer("no return", _build(end="net.summary()"), 0, "returned None"),
        Answer(
            "a list",
            """
            def build_pyramid():
                pool = layers.MaxPooling2D(2)
                return [layers.Conv2D(10, 5), pool, layers.Conv2D(20, 5), pool]
            """,
            0,
            "a list of layers",
        ),
        Answer(
            "chapter 3",
            "def build_pyramid():\n    return models.single_conv()",
            0,
            "52,084",
        ),
    ),
)


def _own(
    *,
    stages: str = "(8, 3), (12, 3)",
    head: str = "layers.Flatten(), layers.Dense(10)",
    loss: str = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    rate: float = 3e-3,
    fit: str = "x, y, validation_data=(x_val, y_val)",
    how: str = "epochs=5, batch_size=32",
    end: str = "",
) -> str:
    return f"""
        own = own_history = None
        keras.utils.set_random_seed(1)
        own = keras.Sequential([keras.Input((28, 28, 1))])
        for filters, size in ({stages}):
            own.add(layers.Conv2D(filters, size, activation="relu"))
            own.add(layers.MaxPooling2D(2))
        for last in ({head},):
            own.add(last)
        own.compile(keras.optimizers.Adam({rate}), {loss}, metrics=["accuracy"])
        own_history = own.fit({fit}, {how}, verbose=0)
        {end}
        """


_FEW = "x[:320], y[:320], validation_data=(x_val, y_val)"
_QUICK = "epochs=2, batch_size=32"

OWN = Question(
    grade_id="own",
    group="own",
    tests=("own-training", "own-accuracy"),
    points=1,
    right=(
        Answer(
            "softmax, and what Keras takes by default",
            _own(
                stages="(6, 5), (10, 5)",
                head='layers.Flatten(), layers.Dense(10, activation="softmax")',
                loss='"sparse_categorical_crossentropy"',
                rate=1e-3,
                how="epochs=8",
            ),
            1,
        ),
        Answer(
            "a class, with pixels of mean 0 inside",
            """
            class Own(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.scale = layers.Rescaling(2, offset=-1)
                    self.first = layers.Conv2D(8, 3, activation="relu")
                    self.second = layers.Conv2D(12, 3, activation="relu")
                    self.pool, self.flat = layers.MaxPooling2D(), layers.Flatten()
                    self.logits = layers.Dense(10)

                def call(self, x):
                    x = self.pool(self.first(self.scale(x)))
                    return self.logits(self.flat(self.pool(self.second(x))))

            keras.utils.set_random_seed(2)
            own = Own()
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            own.compile(keras.optimizers.Adam(3e-3), loss)
            own_history = own.fit(x, y, 32, 5, 0, validation_data=(x_val, y_val))
            """,
            1,
            remarks=("custom_model",),
        ),
        Answer(
            "functional, one-hot labels, stopped early",
            """
            keras.utils.set_random_seed(3)
            inputs = keras.Input((28, 28, 1))
            maps = layers.Conv2D(8, 3, activation="relu")(inputs)
            maps = layers.AveragePooling2D(2)(maps)
            maps = layers.Conv2D(12, 3, activation="relu")(maps)
            outputs = layers.Dense(10)(layers.Flatten()(layers.MaxPooling2D()(maps)))
            own = keras.Model(inputs, outputs)
            one_hot = keras.losses.CategoricalCrossentropy(from_logits=True)
            own.compile(keras.optimizers.Adam(4e-3), one_hot, metrics=["accuracy"])
            hot, hot_val = (keras.utils.to_categorical(part) for part in (y, y_val))
            stop = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
            own_history = own.fit(
                x, hot, validation_data=(x_val, hot_val), epochs=6, callbacks=[stop],
                verbose=0,
            )
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "over the budget",
            _own(stages="(10, 5), (20, 5)", fit=_FEW, how=_QUICK),
            0.5,
            "more parameters than its budget",
        ),
        Answer(
            "not there yet", _own(fit=_FEW, how=_QUICK), 0.5, "names too few pictures"
        ),
        Answer(
            "trained on bytes",
            _own(fit="255 * x, y, validation_data=(x_val, y_val)", how="epochs=2"),
            0.5,
            "pixels not scaled",
        ),
        Answer(
            "too many epochs",
            _own(fit=_FEW, how="epochs=9, batch_size=64"),
            0,
            "more epochs than its budget",
        ),
        Answer(
            "no validation", _own(fit="x[:320], y[:320]", how=_QUICK), 0, "no valid"
        ),
        Answer(
            "one epoch", _own(fit=_FEW, how="epochs=1"), 0, "train for two at least"
        ),
        Answer(
            "softmax twice",
            _own(
                head='layers.Flatten(), layers.Dense(10, activation="softmax")',
                fit=_FEW,
                how=_QUICK,
            ),
            0,
            "softmax twice",
        ),
        Answer(
            "logits taken for probabilities",
            _own(loss='"sparse_categorical_crossentropy"', fit=_FEW, how=_QUICK),
            0,
            "does not f",
        ),
        Answer(
            "labels of other pictures",
            _own(
                fit="x[:960], y_val[:960], validation_data=(x_val, y_val)", how=_QUICK
            ),
            0,
            "does not fall",
        ),
        Answer(
            "the net for its history",
            _own(fit=_FEW, how=_QUICK, end="own_history = own"),
            0,
            "holds a net",
        ),
        Answer(
            "not flattened",
            _own(head="layers.Dense(10)", fit=_FEW, how=_QUICK),
            0,
            "own_history` has no value yet",
        ),
        Answer("unanswered", "own = own_history = None", 0, "has no value yet"),
    ),
)


def _bytes(
    pixels: str = "thousand / 255", net: str = "small_net()", fault: object = "C"
) -> str:
    return f"bytes_fault = {fault!r}\nx_ready = {pixels}\nsmall = {net}"


_RESCALING = "keras.Sequential([layers.Rescaling({0}), *small_net().layers])"

BYTES = Question(
    grade_id="bytes",
    tests=("bytes-fault", "bytes-repair"),
    points=0.5,
    right=(
        Answer("divided, as doubles", _bytes(), 0.5),
        Answer(
            "a layer that scales", _bytes("thousand", _RESCALING.format("1 / 255")), 0.5
        ),
        Answer(
            "from −1 to 1",
            _bytes("thousand.astype('float32') / 127.5 - 1"),
            0.5,
        ),
        Answer("as for question 8", _bytes("as_input(mnist.x_train[:1000])"), 0.5),
    ),
    wrong=(
        Answer("A", _bytes(fault="A"), 0.25, "not the labels"),
        Answer("B", _bytes(fault="B"), 0.25, "not the learning rate"),
        Answer("D", _bytes(fault="D"), 0.25, "not the head"),
        Answer("no letter", _bytes(fault=None), 0.25, "has no value yet"),
        Answer("as it was", _bytes("thousand"), 0.25, "unscaled pictures"),
        Answer(
            "floats, not scaled",
            _bytes("thousand.astype('float32')"),
            0.25,
            "unscaled pictures",
        ),
        Answer("divided twice", _bytes("thousand / 255 / 255"), 0.25, "scaled twice"),
        Answer(
            "divided, and a layer that scales",
            _bytes("thousand / 255", _RESCALING.format("1 / 255")),
            0.25,
            "scaled twice",
        ),
        Answer(
            "divided into whole numbers",
            _bytes("thousand // 255"),
            0.25,
            "divided into whole numbers",
        ),
        Answer(
            "no axis for the channel",
            _bytes("thousand[..., 0] / 255"),
            0.25,
            "no axis for the channel",
        ),
        Answer(
            "flattened",
            _bytes("thousand.reshape(1000, -1) / 255"),
            0.25,
            "flattened pictures",
        ),
        Answer("other digits", _bytes("x[1000:2000]"), 0.25, "wrong values"),
        Answer("no net", _bytes(net="None"), 0.25, "no value yet"),
        Answer("the function", _bytes("None", "small_net"), 0.25, "not answered yet"),
    ),
)


def _count(
    ready: str = "net(np.zeros((1, *shape)))",
    answer: str = "net.count_params()",
    fault: object = "C",
) -> str:
    return f"""
        count_fault = {fault!r}

        def count(shape):
            net = Stages()
            {ready}
            return {answer}
        """


COUNT = Question(
    grade_id="count",
    tests=("count-fault", "count-repair"),
    points=0.5,
    right=(
        Answer("called on zeros", _count(), 0.5),
        Answer("called on an Input", _count("net(keras.Input(shape))"), 0.5),
        Answer(
            "predicted, weights added up",
            _count(
                "net.predict(np.zeros((2, *shape)), verbose=0)",
                "sum(int(np.prod(w.shape)) for w in net.weights)",
            ),
            0.5,
        ),
        Answer(
            "a Sequential of the same layers",
            _count(
                "net = keras.Sequential([keras.Input(shape), *net.steps])",
                "int(net.count_params())",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("A", _count(fault="A"), 0.25, "not the pooling"),
        Answer("B", _count(fault="B"), 0.25, "not the list"),
        Answer("D", _count(fault="D"), 0.25, "not the compiling"),
        Answer(
            "as it was", _count("net.build((None, *shape))"), 0.25, "no weights yet"
        ),
        Answer("nothing built", _count("pass"), 0.25, "raises ValueError"),
        Answer(
            "compiled first",
            _count("net.compile('adam', 'mse'); net.build((1, *shape))"),
            0.25,
            "no weights yet",
        ),
        Answer("arrays", _count(answer="len(net.weights)"), 0.25, "arrays counted"),
        Answer(
            "weights alone",
            _count(answer="sum(int(np.prod(w.shape)) for w in net.weights[::2])"),
            0.25,
            "bias forgotten",
        ),
        Answer(
            "grey digits only",
            _count("net(np.zeros((1, 28, 28, 1)))"),
            0.25,
            "digits only",
        ),
        Answer("the number", _count(answer="3826"), 0.25, "digits only"),
        Answer(
            "without the dense layer",
            _count(answer="sum(step.count_params() for step in net.steps[:4])"),
            0.25,
            "filters only",
        ),
        Answer(
            "grey pictures only",
            _count("net(np.zeros((1, *shape[:2], 1)))"),
            0.25,
            "grey pictures only",
        ),
        Answer("no batch", _count("net(np.zeros(shape))"), 0.25, "raises"),
        Answer(
            "printed", _count(answer="print(net.count_params())"), 0.25, "returned None"
        ),
    ),
)

QUESTIONS = (KEPT, PAPER, MAX, MEAN, BACK, SHIFT, BUILD, OWN, BYTES, COUNT)
POINTS_BY_HAND = 1
