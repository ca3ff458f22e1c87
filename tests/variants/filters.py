"""Answers to the assignment ``1_filters``."""

from __future__ import annotations

from tests.variants import Answer, Question

CORRELATE2D = Question(
    grade_id="correlate2d",
    tests=("correlate2d-small", "correlate2d-any"),
    points=2,
    right=(
        Answer(
            "windows and einsum",
            """
            def correlate2d(image, kernel):
                windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
                return np.einsum("ijkl,kl", windows, kernel)
            """,
            2,
        ),
        Answer(
            "a sum of moved pictures, other names, float32",
            """
            def correlate2d(picture, weights):
                rows = picture.shape[0] - weights.shape[0] + 1
                columns = picture.shape[1] - weights.shape[1] + 1
                result = np.zeros((rows, columns), dtype=np.float32)
                for (r, c), weight in np.ndenumerate(weights):
                    result += weight * picture[r : r + rows, c : c + columns]
                return result
            """,
            2,
        ),
        Answer(
            "a list of rows",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                return [
                    [
                        float(np.sum(image[i : i + h, j : j + w] * kernel))
                        for j in range(len(image[0]) - w + 1)
                    ]
                    for i in range(len(image) - h + 1)
                ]
            """,
            2,
        ),
        Answer(
            "one matrix product, and a note on stderr",
            """
            import sys

            def correlate2d(image, kernel):
                print("correlating", file=sys.stderr)
                h, w = kernel.shape
                rows, columns = image.shape[0] - h + 1, image.shape[1] - w + 1
                patches = [
                    image[i : i + h, j : j + w].ravel()
                    for i in range(rows)
                    for j in range(columns)
                ]
                return (np.array(patches) @ kernel.ravel()).reshape(rows, columns)
            """,
            2,
        ),
    ),
    wrong=(
        Answer(
            "true convolution",
            """
            def correlate2d(image, kernel):
                kernel = kernel[::-1, ::-1]
                windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
                return (windows * kernel).sum(axis=(2, 3))
            """,
            0,
            "flipped kernel",
        ),
        Answer(
            "one row and one column short",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                out = np.zeros((image.shape[0] - h, image.shape[1] - w))
                for i in range(out.shape[0]):
                    for j in range(out.shape[1]):
                        out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
                return out
            """,
            0,
            "off by one",
        ),
        Answer(
            "rows counted along the width",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                out = np.zeros((image.shape[1] - h + 1, image.shape[0] - w + 1))
                for i in range(out.shape[0]):
                    for j in range(out.shape[1]):
                        out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
                return out
            """,
            1,
            "rows and columns that are swapped",
        ),
        Answer(
            "the result in the picture's own type",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                shape = (image.shape[0] - h + 1, image.shape[1] - w + 1)
                out = np.zeros(shape, dtype=image.dtype)
                for i, j in np.ndindex(shape):
                    total = (image[i : i + h, j : j + w] * kernel).sum()
                    out[i, j] = np.asarray(total).astype(image.dtype)
                return out
            """,
            1,
            "uint8 overflow",
        ),
        Answer(
            "the result as integers",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                shape = (image.shape[0] - h + 1, image.shape[1] - w + 1)
                out = np.zeros(shape, dtype=int)
                for i, j in np.ndindex(shape):
                    out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
                return out
            """,
            1,
            "integer dtype",
        ),
        Answer(
            "printed, not returned",
            """
            def correlate2d(image, kernel):
                windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
                print((windows * kernel).sum(axis=(2, 3)))
            """,
            0,
            "returned None",
        ),
        Answer(
            "multiplied in place",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
                for i, j in np.ndindex(out.shape):
                    window = image[i : i + h, j : j + w]
                    window *= kernel
                    out[i, j] = window.sum()
                return out
            """,
            0,
            "modified its input",
        ),
        Answer(
            "the mean of the products",
            """
            def correlate2d(image, kernel):
                windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
                return (windows * kernel).mean(axis=(2, 3))
            """,
            0,
            "mean instead of sum",
        ),
        Answer(
            "the example written down",
            """
            def correlate2d(image, kernel):
                return np.array([[1.0, 4.0], [5.0, 2.0]])
            """,
            0,
            "constant answer",
        ),
        Answer(
            "zeros around the picture",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                padded = np.pad(image, ((0, h - 1), (0, w - 1)))
                windows = np.lib.stride_tricks.sliding_window_view(padded, (h, w))
                return (windows * kernel).sum(axis=(2, 3))
            """,
            0,
            "padded",
        ),
        Answer(
            "windows that run off the picture",
            """
            def correlate2d(image, kernel):
                h, w = kernel.shape
                out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
                for i, j in np.ndindex(image.shape):
                    out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
                return out
            """,
            0,
            "index out of bounds",
        ),
        Answer(
            "columns before rows",
            """
            def correlate2d(image, kernel):
                windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
                return (windows * kernel).sum(axis=(2, 3)).T
            """,
            0,
            "swapped axes",
        ),
        Answer(
            "square kernels only",
            """
            def correlate2d(image, kernel):
                k = kernel.shape[0]
                out = np.zeros((image.shape[0] - k + 1, image.shape[1] - k + 1))
                for i, j in np.ndindex(out.shape):
                    out[i, j] = (image[i : i + k, j : j + k] * kernel).sum()
                return out
            """,
            1,
            "shapes that differ",
        ),
    ),
)


def _sizes(
    digit: object = (24, 24),
    photo: object = (478, 634),
    twice: object = (22, 22),
    kernel: object = 7,
) -> str:
    return (
        f"digit_map, photo_map = {digit!r}, {photo!r}\n"
        f"twice_map, kernel_size = {twice!r}, {kernel!r}"
    )


SIZES = Question(
    grade_id="sizes",
    tests=("sizes-one-filter", "sizes-two-filters"),
    points=1,
    right=(
        Answer(
            "worked out with the formula",
            """
            digit_map = (28 - 5 + 1, 28 - 5 + 1)
            photo_map = (480 - 3 + 1, 640 - 7 + 1)
            twice_map = (digit_map[0] - 3 + 1, digit_map[1] - 3 + 1)
            kernel_size = 32 - 26 + 1
            """,
            1,
        ),
        Answer("lists", _sizes([24, 24], [478, 634], [22, 22]), 1),
        Answer(
            "measured",
            """
            def map_of(picture_shape, kernel_shape):
                return conv.correlate2d(np.zeros(picture_shape), np.ones(kernel_shape))

            digit_map = np.array(map_of((28, 28), (5, 5)).shape)
            photo_map = np.array(map_of((480, 640), (3, 7)).shape)
            twice_map = np.array(map_of(digit_map, (3, 3)).shape)
            [kernel_size] = [
                k for k in range(1, 33) if len(map_of((32, 32), (k, k))) == 26
            ]
            """,
            1,
        ),
    ),
    wrong=(
        Answer("n − k", _sizes((23, 23), (477, 633), (20, 20), 6), 0, "off by one"),
        Answer(
            "as large as the picture",
            _sizes((28, 28), (480, 640), (28, 28), 7),
            0,
            "cannot start at each",
        ),
        Answer(
            "as large as a full convolution",
            _sizes((32, 32), (482, 646), (34, 34), 7),
            0,
            "beyond the picture",
        ),
        Answer("width first", _sizes(photo=(634, 478)), 0.5, "swapped axes"),
        Answer(
            "kernel width first", _sizes(photo=(474, 638)), 0.5, "kernel axes swapped"
        ),
        Answer("32 − 26", _sizes(kernel=6), 0.5, "off by one"),
        Answer(
            "sizes as floats",
            _sizes((24.0, 24.0), twice=(22.0, 22.0)),
            0,
            "float dtype",
        ),
        Answer("one number for both", _sizes(24, twice=22), 0, "not a tuple"),
        Answer("a pair for one number", _sizes(kernel=(7, 7)), 0.5, "not a number"),
        Answer("only one answered", _sizes(None, None, None), 0, "has no value yet"),
        Answer("one filter only", _sizes(twice=(24, 24)), 0.5, "one filter only"),
        Answer("one + 1 for both filters", _sizes(twice=(21, 21)), 0.5, "its own + 1"),
        Answer("texts", _sizes("24×24", twice="22×22"), 0, "holds '24×24'"),
    ),
)


def _detector(rows: object) -> str:
    return f"x_detector = np.array({rows!r})"


LETTERS = Question(
    grade_id="letters",
    tests=("letters-apart",),
    points=1,
    right=(
        Answer("a diagonal stroke", "x_detector = np.eye(3)", 1),
        Answer("a small X", "x_detector = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]", 1),
        Answer("cut from the picture", "x_detector = x[2:5, 2:5] - 0.5", 1),
        Answer(
            "the other diagonal, unlike weights",
            "x_detector = np.fliplr(np.diag([0.3, 0.5, 0.3])) - 0.1",
            1,
        ),
    ),
    wrong=(
        Answer("an upright stroke", _detector([[0, 1, 0]] * 3), 0, "must be larger"),
        Answer("a vertical edge", _detector([[-1, 0, 1]] * 3), 0, "must be larger"),
        Answer("a level stroke", _detector([[0] * 3, [1] * 3, [0] * 3]), 0, "to the X"),
        Answer("nothing at all", "x_detector = np.zeros((3, 3))", 0, "must be larger"),
        Answer("the wrong sign", "x_detector = -np.eye(3)", 0, "must be larger"),
        Answer(
            "a corner of the O",
            _detector([[0, 1, 1], [1, 0, 0], [1, 0, 0]]),
            0,
            "must be larger",
        ),
        Answer(
            "the middle of this one X",
            _detector([[1, 1, 0], [1, 1, 0], [0, 0, 0]]),
            0,
            "an X of 7×7 pixels",
        ),
        Answer("two pixels", "x_detector = np.eye(2)", 0, "Expected: 3×3"),
        Answer("the whole picture", "x_detector = x", 0, "Yours:    10×10"),
        Answer("unanswered", "x_detector = None", 0, "has no value yet"),
        Answer("a word", "x_detector = 'diagonal'", 0, "not an array of numbers"),
        Answer("not numbers", "x_detector = np.eye(3) / np.eye(3)", 0, "NaN"),
        Answer("one pixel", _detector([[0] * 3, [0, 1, 0], [0] * 3]), 0, "in no O"),
    ),
)


def _orientation(choice: str, measure: str = "(m**2).sum()") -> str:
    return f"""
        def orientation(picture):
            maps = {{n: conv.correlate2d(picture, k) for n, k in KERNELS.items()}}
            values = {{n: {measure} for n, m in maps.items()}}
            {choice}
        """


_MOST = "return max(values, key=values.get)"

STRIPES = Question(
    grade_id="stripes",
    tests=("stripes-named",),
    points=1,
    right=(
        Answer("the mean of the squares", _orientation(_MOST, "np.mean(m**2)"), 1),
        Answer("the root of the energy", _orientation(_MOST, "np.linalg.norm(m)"), 1),
        Answer(
            "a loop that keeps the best",
            """
            def orientation(zebra_picture):
                best, name = -1, None
                for key in KERNELS:
                    energy = 0
                    for row in conv.correlate2d(zebra_picture, KERNELS[key]):
                        for response in row:
                            energy += response * response
                    if energy > best:
                        best, name = energy, key
                return name
            """,
            1,
        ),
        Answer(
            "a NumPy text",
            """
            def orientation(picture):
                maps = [conv.correlate2d(picture, k) for k in KERNELS.values()]
                best = np.argmax([np.vdot(m, m) for m in maps])
                return np.array(list(KERNELS))[best]
            """,
            1,
        ),
    ),
    wrong=(
        Answer("the sum", _orientation(_MOST, "m.sum()"), 0, "sum instead of energy"),
        Answer("the mean", _orientation(_MOST, "m.mean()"), 0, "sum instead of energy"),
        Answer(
            "the square of the sum",
            _orientation(_MOST, "m.sum() ** 2"),
            0,
            "square of the sum",
        ),
        Answer(
            "the largest value",
            _orientation(_MOST, "m.max()"),
            0,
            "largest value instead of energy",
        ),
        Answer(
            "the least energy",
            _orientation("return min(values, key=values.get)"),
            0,
            "smallest energy",
        ),
        Answer(
            "named after the edge's gradient",
            _orientation(
                "swap = {'vertical': 'horizontal', 'horizontal': 'vertical'}; "
                "name = max(values, key=values.get); return swap.get(name, name)"
            ),
            0,
            "names swapped",
        ),
        Answer(
            "a number for the name",
            _orientation("return int(np.argmax(list(values.values())))"),
            0,
            "returns 0, not a text",
        ),
        Answer(
            "always the same",
            "def orientation(picture):\n    return 'vertical'",
            0,
            "constant answer",
        ),
        Answer(
            "two directions of four",
            _orientation(
                "return 'vertical' if values['vertical'] > values['horizontal']"
                " else 'horizontal'"
            ),
            0,
            "Expected: 'rising'",
        ),
        Answer(
            "a capital letter",
            _orientation("return max(values, key=values.get).capitalize()"),
            0,
            "another spelling",
        ),
        Answer(
            "printed, not returned",
            _orientation("print(max(values, key=values.get))"),
            0,
            "returned None",
        ),
        Answer(
            "the energy, not its name",
            _orientation("return max(values.values())"),
            0,
            "not a text",
        ),
        Answer(
            "a name that does not exist",
            _orientation("return max(value, key=value.get)"),
            0,
            "Your function raises NameError",
        ),
    ),
)


def _gap(moved: str, filtered: str, answer: str = "np.abs(moved - filtered)") -> str:
    return f"""
        def equivariance_gap(image, kernel, down, right):
            moved = {moved}
            filtered = {filtered}
            return {answer}
        """


_MOVED = "conv.correlate2d(np.roll(image, (down, right), axis=(0, 1)), kernel)"
_FILTERED = "np.roll(conv.correlate2d(image, kernel), (down, right), axis=(0, 1))"

SHIFT = Question(
    grade_id="shift",
    tests=("shift-gap",),
    points=1,
    right=(
        Answer(
            "one axis after the other",
            _gap(
                "np.roll(np.roll(image, down, 0), right, 1)",
                "conv.correlate2d(image, kernel)",
                "abs(np.roll(np.roll(filtered, right, 1), down, 0)"
                " - conv.correlate2d(moved, kernel))",
            ),
            1,
        ),
        Answer(
            "a root of squares, as a list",
            _gap(_MOVED, _FILTERED, "np.sqrt((moved - filtered) ** 2).tolist()"),
            1,
        ),
        Answer(
            "indices taken round the edge",
            """
            def move(picture, down, right):
                rows, columns = picture.shape
                return picture[
                    (np.arange(rows)[:, None] - down) % rows,
                    (np.arange(columns)[None, :] - right) % columns,
                ]

            def equivariance_gap(image, kernel, down, right):
                a = conv.correlate2d(move(image, down, right), kernel)
                b = move(conv.correlate2d(image, kernel), down, right)
                return np.maximum(a - b, b - a)
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "with its sign",
            _gap(_MOVED, _FILTERED, "moved - filtered"),
            0,
            "no absolute value",
        ),
        Answer(
            "the map not moved",
            _gap(_MOVED, "conv.correlate2d(image, kernel)"),
            0,
            "map not moved",
        ),
        Answer(
            "the picture not moved",
            _gap("conv.correlate2d(image, kernel)", _FILTERED),
            0,
            "picture not moved",
        ),
        Answer(
            "moved back",
            _gap(_MOVED, _FILTERED.replace("(down, right)", "(-down, -right)")),
            0,
            "moved the other way",
        ),
        Answer(
            "down and right mixed up",
            _gap(
                _MOVED.replace("(down, right)", "(right, down)"),
                _FILTERED.replace("(down, right)", "(right, down)"),
            ),
            0,
            "swapped axes",
        ),
        Answer("one way twice", _gap(_MOVED, _MOVED), 0, "one way twice"),
        Answer(
            "squared",
            _gap(_MOVED, _FILTERED, "(moved - filtered) ** 2"),
            0,
            "squared difference",
        ),
        Answer(
            "one number",
            _gap(_MOVED, _FILTERED, "np.abs(moved - filtered).max()"),
            0,
            "not an array of numbers",
        ),
        Answer(
            "a yes or no",
            _gap(_MOVED, _FILTERED, "bool(np.allclose(moved, filtered))"),
            0,
            "returns False",
        ),
        Answer(
            "the picture moved in place",
            """
            def equivariance_gap(image, kernel, down, right):
                shift, axes = (down, right), (0, 1)
                filtered = np.roll(conv.correlate2d(image, kernel), shift, axes)
                image[:] = np.roll(image, shift, axes)
                return np.abs(conv.correlate2d(image, kernel) - filtered)
            """,
            0,
            "modified its input",
        ),
        Answer(
            "the example written down",
            """
            def equivariance_gap(image, kernel, down, right):
                return np.array([[1, 3, 2], [0, 0, 0], [0, 0, 0]])
            """,
            0,
            "constant answer",
        ),
        Answer(
            "the kernel moved as well",
            _gap(_MOVED.replace(", kernel)", ", np.roll(kernel, 1, 1))"), _FILTERED),
            0,
            "returns wrong values",
        ),
        Answer(
            "not written yet",
            """
            def equivariance_gap(image, kernel, down, right):
                raise NotImplementedError()
            """,
            0,
            "not written yet",
        ),
    ),
)


def _colour(body: str) -> str:
    return f"""
        def colour_map(image, kernel):
            maps = [
                conv.correlate2d(image[:, :, c], kernel[:, :, c])
                for c in range(image.shape[2])
            ]
            {body}
        """


COLOUR = Question(
    grade_id="colour",
    tests=("colour-keras",),
    points=1,
    right=(
        Answer("a sum over a list", _colour("return np.sum(maps, axis=0)"), 1),
        Answer(
            "Keras, as a tensor",
            """
            from keras import ops

            def colour_map(image, kernel):
                pictures = ops.convert_to_tensor(image[None], dtype="float32")
                filters = ops.convert_to_tensor(kernel[..., None], dtype="float32")
                return ops.squeeze(ops.conv(pictures, filters), (0, 3))
            """,
            1,
        ),
        Answer(
            "windows in one product",
            """
            def colour_map(image, kernel):
                view = np.lib.stride_tricks.sliding_window_view
                windows = view(image, kernel.shape)[:, :, 0]
                return np.tensordot(windows, kernel, axes=3)
            """,
            1,
        ),
        Answer(
            "loops over everything",
            """
            def colour_map(image, kernel):
                h, w, channels = kernel.shape
                result = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
                for i in range(result.shape[0]):
                    for j in range(result.shape[1]):
                        for c in range(channels):
                            window = image[i : i + h, j : j + w, c]
                            result[i, j] += np.sum(window * kernel[..., c])
                return result
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "the mean over channels",
            _colour("return np.mean(maps, axis=0)"),
            0,
            "mean instead of sum",
        ),
        Answer("red only", _colour("return maps[0]"), 0, "one channel only"),
        Answer(
            "each channel overwrites the last",
            """
            def colour_map(image, kernel):
                for c in range(image.shape[2]):
                    result = conv.correlate2d(image[:, :, c], kernel[:, :, c])
                return result
            """,
            0,
            "one channel only",
        ),
        Answer(
            "three maps behind each other",
            _colour("return np.stack(maps, axis=-1)"),
            0,
            "not summed",
        ),
        Answer("a list of maps", _colour("return maps"), 0, "not summed"),
        Answer(
            "channels taken for rows",
            """
            def colour_map(image, kernel):
                return sum(conv.correlate2d(a, b) for a, b in zip(image, kernel))
            """,
            0,
            "Your function returns the wrong shape",
        ),
        Answer(
            "blue for red",
            """
            def colour_map(image, kernel):
                return sum(
                    conv.correlate2d(image[:, :, c], kernel[:, :, -1 - c])
                    for c in range(image.shape[2])
                )
            """,
            0,
            "channels in reverse order",
        ),
        Answer(
            "the weights for red on all channels",
            """
            def colour_map(image, kernel):
                return sum(
                    conv.correlate2d(image[:, :, c], kernel[:, :, 0])
                    for c in range(image.shape[2])
                )
            """,
            0,
            "same weights for every channel",
        ),
        Answer(
            "a grey picture under a grey kernel",
            """
            def colour_map(image, kernel):
                return conv.correlate2d(image.mean(axis=2), kernel.mean(axis=2))
            """,
            0,
            "grey first",
        ),
        Answer(
            "three channels and no more",
            """
            def colour_map(image, kernel):
                result = 0
                for c in range(3):
                    result = result + conv.correlate2d(image[..., c], kernel[..., c])
                return result
            """,
            0,
            "three channels only",
        ),
        Answer(
            "true convolution",
            """
            def colour_map(image, kernel):
                return sum(
                    conv.correlate2d(image[:, :, c], kernel[::-1, ::-1, c])
                    for c in range(image.shape[2])
                )
            """,
            0,
            "flipped kernel",
        ),
        Answer(
            "negative responses thrown away",
            _colour("return np.maximum(sum(maps), 0)"),
            0,
            "negative values cut off",
        ),
        Answer(
            "half a map of a size of its own",
            _colour("return sum(maps)[:-1, :-1]"),
            0,
            "off by one",
        ),
    ),
)


def _lstsq(answer: str, change: str = "windows.reshape(-1, 9)") -> str:
    return f"""
        def find_kernel(image, feature_map):
            windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
            equations = {change}
            weights = np.linalg.lstsq(equations, feature_map.ravel(), rcond=None)[0]
            {answer}
        """


def _descent(steps: int) -> str:
    return f"""
        def find_kernel(image, feature_map):
            kernel = np.zeros((3, 3))
            for _ in range({steps}):
                error = conv.correlate2d(image, kernel) - feature_map
                kernel -= 0.3 * conv.correlate2d(image, error) / error.size
            return kernel
        """


UNKNOWN = Question(
    grade_id="unknown",
    tests=("unknown-found",),
    points=1.5,
    right=(
        Answer("gradient descent", _descent(400), 1.5),
        Answer(
            "the normal equations",
            """
            def find_kernel(image, feature_map):
                rows, columns = feature_map.shape
                X = np.stack(
                    [
                        image[r : r + rows, c : c + columns].ravel()
                        for r in range(3)
                        for c in range(3)
                    ],
                    axis=1,
                )
                return np.linalg.solve(X.T @ X, X.T @ feature_map.ravel()).reshape(3, 3)
            """,
            1.5,
        ),
        Answer(
            "gradient descent with TensorFlow",
            """
            import tensorflow as tf

            def find_kernel(image, feature_map):
                x = tf.constant(image[None, ..., None], tf.float32)
                y = tf.constant(feature_map[None, ..., None], tf.float32)
                kernel = tf.Variable(tf.zeros((3, 3, 1, 1)))
                for _ in range(60):
                    with tf.GradientTape() as tape:
                        error = tf.nn.conv2d(x, kernel, 1, "VALID") - y
                        loss = tf.reduce_mean(error**2)
                    kernel.assign_sub(0.25 * tape.gradient(loss, kernel))
                return kernel[:, :, 0, 0]
            """,
            1.5,
        ),
        Answer(
            "the pseudo-inverse",
            """
            def find_kernel(image, feature_map):
                windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
                inverse = np.linalg.pinv(windows.reshape(-1, 9))
                return (inverse @ feature_map.reshape(-1)).reshape(3, 3)
            """,
            1.5,
        ),
    ),
    wrong=(
        Answer(
            "turned by 180°",
            _lstsq("return weights.reshape(3, 3)[::-1, ::-1]"),
            0,
            "flipped kernel",
        ),
        Answer(
            "transposed", _lstsq("return weights.reshape(3, 3).T"), 0, "swapped axes"
        ),
        Answer("nine in a row", _lstsq("return weights"), 0, "flattened"),
        Answer("stopped too early", _descent(5), 0, "not precise enough"),
        Answer(
            "the wrong sign",
            _lstsq("return -weights.reshape(3, 3)"),
            0,
            "wrong sign",
        ),
        Answer(
            "scaled to one",
            _lstsq("return (weights / np.linalg.norm(weights)).reshape(3, 3)"),
            0,
            "unnormalised",
        ),
        Answer(
            "picture times map, unsolved",
            """
            def find_kernel(image, feature_map):
                return conv.correlate2d(image, feature_map)
            """,
            0,
            "returns wrong values",
        ),
        Answer(
            "the example written down",
            """
            def find_kernel(image, feature_map):
                return np.array([[1, 2, 0], [0, -1, 0], [0, 3, 1]])
            """,
            0,
            "constant answer",
        ),
        Answer(
            "pixel by pixel division",
            """
            def find_kernel(image, feature_map):
                return (feature_map / image[1:-1, 1:-1])[:3, :3]
            """,
            0,
            "returns wrong values",
        ),
        Answer(
            "rounded",
            _lstsq("return np.rint(weights).reshape(3, 3)"),
            0,
            "integer dtype",
        ),
        Answer("forgotten return", _lstsq("weights.reshape(3, 3)"), 0, "returned None"),
        Answer(
            "never filled",
            """
            def find_kernel(image, feature_map):
                kernel = np.full((3, 3), np.nan)
                return kernel
            """,
            0,
            "NaN",
        ),
        Answer(
            "a damped solution",
            """
            def find_kernel(image, feature_map):
                windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
                X, y = windows.reshape(-1, 9), feature_map.ravel()
                damped = X.T @ X + 10 * np.eye(9)
                return np.linalg.solve(damped, X.T @ y).reshape(3, 3)
            """,
            0,
            "not precise enough",
        ),
    ),
)

QUESTIONS = (CORRELATE2D, SIZES, LETTERS, STRIPES, SHIFT, COLOUR, UNKNOWN)
POINTS_BY_HAND = 1.5
