"""Answers to the assignment ``2_arithmetic``."""

from __future__ import annotations

from tests.variants import Answer, Question


def _sizes(
    padded: object = (28, 40),
    strided: object = (15, 23),
    same: object = (13, 9),
    never: object = 3,
) -> str:
    return (
        f"padded_map, strided_map = {padded!r}, {strided!r}\n"
        f"same_map, never_seen = {same!r}, {never!r}"
    )


SIZES = Question(
    grade_id="sizes",
    tests=("sizes-formula", "sizes-ends"),
    points=1,
    right=(
        Answer(
            "worked out with the formula",
            """
            padded_map = (30 - 5 + 2 + 1, 40 - 3 + 2 + 1)
            strided_map = ((64 - 7 + 4) // 4, (98 - 7 + 4) // 4)
            same_map = (-(-25 // 2), -(-18 // 2))
            never_seen = (98 - 7) % 4
            """,
            1,
        ),
        Answer("lists", _sizes([28, 40], [15, 23], [13, 9]), 1),
        Answer(
            "positions counted",
            """
            padded_map = np.array([len(range(30 + 2 - 4)), len(range(40 + 2 - 2))])
            starts = np.arange(0, 98 - 7 + 1, 4)
            strided_map = len(range(0, 64 - 7 + 1, 4)), len(starts)
            same_map = len(range(0, 25, 2)), len(range(0, 18, 2))
            never_seen = 98 - (starts[-1] + 7)
            """,
            1,
        ),
        Answer(
            "asked Keras",
            """
            from keras import ops

            def size_of(shape, kernel, **how):
                picture = np.zeros((1, *shape, 1))
                maps = ops.conv(picture, np.ones((*kernel, 1, 1)), **how)
                return tuple(maps.shape[1:3])

            padded_map = size_of((32, 42), (5, 3))
            strided_map = size_of((64, 98), (7, 7), strides=4)
            same_map = size_of((25, 18), (3, 3), strides=2, padding="same")
            never_seen = 98 - (4 * (strided_map[1] - 1) + 7)
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "padding on each side",
            _sizes(padded=(30, 42)),
            0.5,
            "padding counted twice",
        ),
        Answer("no padding", _sizes(padded=(26, 38)), 0.5, "padding forgotten"),
        Answer(
            "no + 1 anywhere",
            _sizes((27, 39), (14, 22)),
            0.5,
            "one position already",
        ),
        Answer("filter width first", _sizes((30, 38)), 0.5, "kernel axes swapped"),
        Answer("width first", _sizes((40, 28), (23, 15)), 0.5, "swapped axes"),
        Answer("moves only", _sizes(strided=(14, 22)), 0.5, "moves counted"),
        Answer("rounded up", _sizes(strided=(16, 24)), 0.5, "rounded up"),
        Answer("not rounded", _sizes(strided=(15.25, 23.75)), 0.5, "not rounded"),
        Answer("no stride", _sizes(strided=(58, 92)), 0.5, "stride ignored"),
        Answer("sizes as floats", _sizes((28.0, 40.0)), 0.5, "float dtype"),
        Answer("same rounded down", _sizes(same=(12, 9)), 0.5, "rounded down"),
        Answer(
            "same is the same, whatever the stride",
            _sizes(same=(25, 18)),
            0.5,
            "only at stride 1",
        ),
        Answer("valid for same", _sizes(same=(12, 8)), 0.5, "the size for valid"),
        Answer("nothing left over", _sizes(never=0), 0.5, "nothing left over"),
        Answer("rows left over", _sizes(never=1), 0.5, "rows instead of columns"),
        Answer("a whole stride left over", _sizes(never=4), 0.5, "a whole stride"),
        Answer("one number for both", _sizes(padded=28, same=13), 0, "not a tuple"),
        Answer("unanswered", _sizes(None, None, None, None), 0, "has no value yet"),
        Answer("texts", _sizes("28×40", same="13×9"), 0, "holds '28×40'"),
    ),
)


def _costs(
    parameters: object = 2416,
    large: object = 2416,
    work: object = 1_881_600,
    strided: object = 470_400,
) -> str:
    return (
        f"parameters, parameters_large = {parameters!r}, {large!r}\n"
        f"multiply_adds, multiply_adds_strided = {work!r}, {strided!r}"
    )


COSTS = Question(
    grade_id="costs",
    tests=("costs-parameters", "costs-work"),
    points=1,
    right=(
        Answer(
            "weights first",
            """
            weights = 5 * 5 * 6 * 16
            parameters = parameters_large = weights + 16
            multiply_adds = weights * 28**2
            multiply_adds_strided = multiply_adds // 4
            """,
            1,
        ),
        Answer("plain numbers", _costs(), 1),
        Answer(
            "filter by filter",
            """
            parameters = sum(np.prod((5, 5, 6)) + 1 for _ in range(16))
            parameters_large = int(parameters)
            multiply_adds = np.prod((28, 28, 16, 5, 5, 6))
            multiply_adds_strided = np.prod((14, 14, 16, 5, 5, 6))
            """,
            1,
        ),
        Answer(
            "asked Keras",
            """
            from keras import layers

            layer = layers.Conv2D(16, 5, strides=2, padding="same")
            maps = layer(np.zeros((1, 28, 28, 6)))
            weights = int(np.prod(layer.kernel.shape))
            parameters, parameters_large = layer.count_params(), layer.count_params()
            multiply_adds = 28 * 28 * weights
            multiply_adds_strided = maps.shape[1] * maps.shape[2] * weights
            """,
            1,
        ),
    ),
    wrong=(
        Answer("no bias", _costs(2400, 2400), 0.5, "bias forgotten"),
        Answer("one bias for all", _costs(2401), 0.5, "one bias for all"),
        Answer(
            "grey filters", _costs(416, 416, 313_600, 78_400), 0, "channels forgotten"
        ),
        Answer("one filter only", _costs(151, 151), 0.5, "one filter only"),
        Answer(
            "parameters of every position",
            _costs(1_881_600),
            0.5,
            "do not depend on the positions",
        ),
        Answer("four times as many", _costs(large=9664), 0.5, "grown with the picture"),
        Answer("twice as many", _costs(large=4832), 0.5, "grown with one side"),
        Answer("operations", _costs(work=3_763_200), 0.5, "operations counted"),
        Answer("valid positions", _costs(work=1_382_400), 0.5, "positions of valid"),
        Answer("one filter's work", _costs(work=117_600), 0.5, "one filter only"),
        Answer("bias multiplied too", _costs(work=1_894_144), 0.5, "bias counted"),
        Answer(
            "16 biases added to the work",
            _costs(work=1_881_616),
            0.5,
            "Yours:    1881616",
        ),
        Answer("work without positions", _costs(work=2400), 0.5, "used at each"),
        Answer("half the work", _costs(strided=940_800), 0.5, "every second column"),
        Answer("as much work", _costs(strided=1_881_600), 0.5, "stride ignored"),
        Answer("strided but valid", _costs(strided=345_600), 0.5, "⌈28 / 2⌉"),
        Answer("a float", _costs(strided=1_881_600 / 4), 0.5, "float dtype"),
        Answer("unanswered", _costs(None, None, None, None), 0, "has no value yet"),
    ),
)


def _shape(size: str, answer: str = "(*sides, kernel_shape[3])") -> str:
    return f"""
        def output_shape(input_shape, kernel_shape, stride, padding):
            sides = []
            for n, k in zip(input_shape[:2], kernel_shape[:2]):
                sides.append({size})
            return {answer}
        """


SHAPE = Question(
    grade_id="shape",
    tests=("shape-padding", "shape-stride"),
    points=1,
    right=(
        Answer(
            "the other form of the formula",
            _shape("(n - k + padding + stride) // stride"),
            1,
        ),
        Answer(
            "a list",
            _shape("(n + padding - k) // stride + 1", "sides + [kernel_shape[-1]]"),
            1,
        ),
        Answer(
            "positions counted",
            """
            def output_shape(input_shape, kernel_shape, stride, padding):
                (h, w, _), (k_h, k_w, _, maps) = input_shape, kernel_shape
                down = range(0, h + padding - k_h + 1, stride)
                across = range(0, w + padding - k_w + 1, stride)
                return len(down), len(across), maps
            """,
            1,
        ),
        Answer(
            "measured, as an array",
            """
            def output_shape(input_shape, kernel_shape, stride, padding):
                view = np.lib.stride_tricks.sliding_window_view
                padded = np.zeros([n + padding for n in input_shape[:2]])
                windows = view(padded, kernel_shape[:2])[::stride, ::stride]
                return np.array([*windows.shape[:2], kernel_shape[3]])
            """,
            1,
        ),
        Answer(
            "rounded with int",
            _shape("int((n - k + padding) / stride) + 1"),
            1,
        ),
    ),
    wrong=(
        Answer(
            "padding on each side",
            _shape("(n - k + 2 * padding) // stride + 1"),
            0,
            "padding counted twice",
        ),
        Answer("no padding", _shape("(n - k) // stride + 1"), 0, "padding forgotten"),
        Answer(
            "padding after the division",
            _shape("(n - k) // stride + 1 + padding"),
            0.5,
            "padding added at the end",
        ),
        Answer("no stride", _shape("n - k + padding + 1"), 0.5, "stride ignored"),
        Answer(
            "moves only",
            _shape("(n - k + padding) // stride"),
            0,
            "one position already",
        ),
        Answer(
            "+ 1 before the division",
            _shape("(n - k + padding + 1) // stride"),
            0.5,
            "+ 1 inside",
        ),
        Answer(
            "rounded up",
            _shape("int(np.ceil((n - k + padding) / stride)) + 1"),
            0.5,
            "rounded up",
        ),
        Answer(
            "not rounded",
            _shape("(n - k + padding) / stride + 1"),
            0.5,
            "not rounded",
        ),
        Answer(
            "rounded, but a float",
            _shape("np.floor((n - k + padding) / stride) + 1"),
            0.5,
            "float dtype",
        ),
        Answer(
            "rounded to the nearest",
            _shape("round((n - k + padding) / stride + 1)"),
            0.5,
            "rounded up",
        ),
        Answer(
            "channels of the input",
            _shape("(n - k + padding) // stride + 1", "(*sides, kernel_shape[2])"),
            0,
            "input channels",
        ),
        Answer(
            "channels first",
            _shape("(n - k + padding) // stride + 1", "(kernel_shape[3], *sides)"),
            0,
            "channels first",
        ),
        Answer(
            "no channels",
            _shape("(n - k + padding) // stride + 1", "tuple(sides)"),
            0,
            "channels forgotten",
        ),
        Answer(
            "width first",
            _shape(
                "(n - k + padding) // stride + 1", "(*sides[::-1], kernel_shape[3])"
            ),
            0,
            "swapped axes",
        ),
        Answer(
            "square pictures only",
            _shape(
                "(n - k + padding) // stride + 1",
                "(sides[0], sides[0], kernel_shape[3])",
            ),
            0,
            "square pictures only",
        ),
        Answer(
            "square filters only",
            """
            def output_shape(input_shape, kernel_shape, stride, padding):
                k = kernel_shape[0]
                rows = (input_shape[0] - k + padding) // stride + 1
                columns = (input_shape[1] - k + padding) // stride + 1
                return rows, columns, kernel_shape[3]
            """,
            0,
            "one kernel side for both",
        ),
        Answer(
            "the example written down",
            """
            def output_shape(input_shape, kernel_shape, stride, padding):
                return 28, 28, 9
            """,
            0,
            "constant answer",
        ),
        Answer(
            "printed, not returned",
            """
            def output_shape(input_shape, kernel_shape, stride, padding):
                rows = (input_shape[0] - kernel_shape[0] + padding) // stride + 1
                columns = (input_shape[1] - kernel_shape[1] + padding) // stride + 1
                print(rows, columns, kernel_shape[3])
            """,
            0,
            "returned None",
        ),
    ),
)


def _loops(
    value: str = "np.sum(window * kernel[..., f]) + bias[f]",
    *,
    name: str = "conv2d",
    extra: str = "",
    before: str = "",
    rows: str = "(x.shape[1] - k_h) // stride + 1",
    columns: str = "(x.shape[2] - k_w) // stride + 1",
    place: str = "n, i, j, f",
    top: str = "i * stride",
    left: str = "j * stride",
    answer: str = "maps",
) -> str:
    """A layer written with loops, and a place for each mistake."""
    return f"""
        def {name}(x, kernel, bias{extra}):
            {before or "stride = 1"}
            k_h, k_w, channels, filters = kernel.shape
            rows, columns = {rows}, {columns}
            maps = np.zeros((len(x), rows, columns, filters))
            for n, i, j, f in np.ndindex(maps.shape):
                top, left = {top}, {left}
                window = x[n, top : top + k_h, left : left + k_w]
                maps[{place}] = {value}
            return {answer}
        """


CONV2D = Question(
    grade_id="conv2d",
    tests=("conv2d-channels", "conv2d-bias"),
    points=1,
    right=(
        Answer("loops over the maps", _loops(), 1),
        Answer(
            "loops over the kernel",
            """
            def conv2d(x, kernel, bias):
                h, w = kernel.shape[:2]
                rows, columns = x.shape[1] - h + 1, x.shape[2] - w + 1
                result = np.zeros((x.shape[0], rows, columns, kernel.shape[3]))
                for u in range(h):
                    for v in range(w):
                        result += x[:, u : u + rows, v : v + columns] @ kernel[u, v]
                return result + bias
            """,
            1,
        ),
        Answer(
            "windows and a tensor product, float32",
            """
            def conv2d(pictures, filters, offsets):
                view = np.lib.stride_tricks.sliding_window_view
                windows = view(pictures.astype("float32"), filters.shape[:3], (1, 2, 3))
                return np.tensordot(windows[:, :, :, 0], filters, 3) + offsets
            """,
            1,
        ),
        Answer(
            "Keras, as a tensor",
            """
            from keras import ops

            def conv2d(x, kernel, bias):
                x = ops.convert_to_tensor(x, dtype="float32")
                kernel = ops.convert_to_tensor(kernel, dtype="float32")
                return ops.conv(x, kernel) + ops.convert_to_tensor(bias, "float32")
            """,
            1,
        ),
        Answer(
            "one matrix product",
            """
            def conv2d(x, kernel, bias):
                k_h, k_w, c, filters = kernel.shape
                n, height, width, _ = x.shape
                rows, columns = height - k_h + 1, width - k_w + 1
                patches = np.empty((n, rows, columns, k_h * k_w * c))
                for i in range(rows):
                    for j in range(columns):
                        window = x[:, i : i + k_h, j : j + k_w]
                        patches[:, i, j] = window.reshape(n, -1)
                return patches @ kernel.reshape(-1, filters) + bias
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "true convolution",
            _loops("np.sum(window * kernel[::-1, ::-1, :, f]) + bias[f]"),
            0,
            "flipped kernel",
        ),
        Answer(
            "no bias", _loops("np.sum(window * kernel[..., f])"), 0.5, "bias forgotten"
        ),
        Answer(
            "bias in every product",
            _loops("np.sum(window * kernel[..., f] + bias[f])"),
            0.5,
            "bias in every product",
        ),
        Answer(
            "bias in every channel",
            _loops(
                "sum(np.sum(window[..., c] * kernel[..., c, f]) + bias[f]"
                " for c in range(channels))"
            ),
            0.5,
            "bias in every channel",
        ),
        Answer(
            "one bias for all",
            _loops("np.sum(window * kernel[..., f]) + bias[0]"),
            0.5,
            "one bias for all filters",
        ),
        Answer(
            "width from the height",
            _loops(columns="x.shape[1] - k_w + 1"),
            0,
            "width from the height",
        ),
        Answer(
            "channels averaged",
            _loops("np.sum((window * kernel[..., f]).mean(axis=2)) + bias[f]"),
            0,
            "channels averaged",
        ),
        Answer(
            "the mean of all products",
            _loops("np.mean(window * kernel[..., f]) + bias[f]"),
            0,
            "mean instead of sum",
        ),
        Answer(
            "channels not summed",
            """
            def conv2d(x, kernel, bias):
                view = np.lib.stride_tricks.sliding_window_view
                windows = view(x, kernel.shape[:2], (1, 2))
                maps = np.einsum("nijcuv,uvcf->nijfc", windows, kernel)
                return maps + bias[:, None]
            """,
            0,
            "channels not summed",
        ),
        Answer(
            "the shape of the example",
            _loops(rows="4", columns="4"),
            0,
            "hard-coded size",
        ),
        Answer(
            "columns before rows",
            _loops(answer="maps.swapaxes(1, 2)"),
            0,
            "swapped axes",
        ),
        Answer(
            "one row and one column short",
            _loops(rows="x.shape[1] - k_h", columns="x.shape[2] - k_w"),
            0,
            "one position short",
        ),
        Answer(
            "one channel only",
            _loops("np.sum(window[..., 0] * kernel[..., 0, f]) + bias[f]"),
            0,
            "one channel only",
        ),
        Answer(
            "one filter for all maps",
            _loops("np.sum(window * kernel[..., 0]) + bias[f]"),
            0,
            "one filter for all maps",
        ),
        Answer(
            "the first picture only",
            _loops("np.sum(x[0, i : i + k_h, j : j + k_w] * kernel[..., f]) + bias[f]"),
            0,
            "one picture for all",
        ),
        Answer(
            "a loop variable lost",
            _loops(place="n, i, i, f"),
            0,
            "returns wrong values",
        ),
        Answer(
            "negative responses thrown away",
            _loops("max(0, np.sum(window * kernel[..., f]) + bias[f])"),
            0,
            "negative values cut off",
        ),
        Answer(
            "not written yet",
            """
            def conv2d(x, kernel, bias):
                raise NotImplementedError()
            """,
            0,
            "not written yet",
        ),
    ),
)

_PADDED = "x = np.pad(x, [(0, 0), (padding // 2,) * 2, (padding // 2,) * 2, (0, 0)])"


def _strided(
    value: str = "np.sum(window * kernel[..., f]) + bias[f]",
    before: str = _PADDED,
    **changes: str,
) -> str:
    extra = ", stride, padding"
    return _loops(value, name="strided_conv2d", extra=extra, before=before, **changes)


_SLICED = """
    def strided_conv2d(x, kernel, bias, stride, padding):
        p = padding // 2
        x = np.pad(x, [(0, 0), (p, p), (p, p), (0, 0)])
        return conv.conv2d(x, kernel, bias){slices}
    """

STRIDED = Question(
    grade_id="strided",
    tests=("strided-steps", "strided-padding"),
    points=1,
    right=(
        Answer("loops over the maps", _strided(), 1),
        Answer(
            "a part of the dense map",
            _SLICED.format(slices="[:, ::stride, ::stride]"),
            1,
        ),
        Answer(
            "zeros written by hand, loops over the kernel",
            """
            def strided_conv2d(x, kernel, bias, stride, padding):
                n, height, width, channels = x.shape
                k_h, k_w, _, filters = kernel.shape
                side = padding // 2
                padded = np.zeros((n, height + padding, width + padding, channels))
                padded[:, side : side + height, side : side + width] = x
                rows = (height - k_h + padding) // stride + 1
                columns = (width - k_w + padding) // stride + 1
                maps = np.zeros((n, rows, columns, filters))
                for u in range(k_h):
                    for v in range(k_w):
                        met = padded[:, u::stride, v::stride][:, :rows, :columns]
                        maps += met @ kernel[u, v]
                return maps + bias
            """,
            1,
        ),
        Answer(
            "Keras with a layer of padding",
            """
            from keras import layers, ops

            def strided_conv2d(x, kernel, bias, stride, padding):
                x = layers.ZeroPadding2D(padding // 2)(np.asarray(x, "float32"))
                kernel = np.asarray(kernel, "float32")
                return np.array(ops.conv(x, kernel, strides=stride)) + bias
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "true convolution",
            _strided("np.sum(window * kernel[::-1, ::-1, :, f]) + bias[f]"),
            0,
            "flipped kernel",
        ),
        Answer(
            "no bias", _strided("np.sum(window * kernel[..., f])"), 0, "bias forgotten"
        ),
        Answer(
            "bias in every product",
            _strided("np.sum(window * kernel[..., f] + bias[f])"),
            0,
            "bias in every product",
        ),
        Answer(
            "one bias for all",
            _strided("np.sum(window * kernel[..., f]) + bias[0]"),
            0,
            "one bias for all filters",
        ),
        Answer(
            "width from the height",
            _strided(columns="(x.shape[1] - k_w) // stride + 1"),
            0,
            "width from the height",
        ),
        Answer(
            "rounded up",
            _strided(
                rows="-(-(x.shape[1] - k_h) // stride) + 1",
                columns="-(-(x.shape[2] - k_w) // stride) + 1",
            ),
            0,
            "shapes that differ",
        ),
        Answer(
            "rounded up, with zeros beyond the end",
            _strided(
                before=_PADDED.replace("(padding // 2,) * 2", "(padding // 2, 9)"),
                rows="-(-(x.shape[1] - 9 + padding // 2 - k_h) // stride) + 1",
                columns="-(-(x.shape[2] - 9 + padding // 2 - k_w) // stride) + 1",
            ),
            0,
            "rounded up",
        ),
        Answer(
            "all zeros at the end",
            _strided(
                before="x = np.pad(x, [(0, 0), (0, padding), (0, padding), (0, 0)])"
            ),
            0.5,
            "padding on one side",
        ),
        Answer(
            "all zeros at the start",
            _strided(
                before="x = np.pad(x, [(0, 0), (padding, 0), (padding, 0), (0, 0)])"
            ),
            0.5,
            "padding on one side",
        ),
        Answer(
            "padding on each side",
            _strided(before=_PADDED.replace("padding // 2", "padding")),
            0.5,
            "padding counted twice",
        ),
        Answer("no padding", _strided(before="pass"), 0.5, "padding forgotten"),
        Answer(
            "stride along the rows only",
            _SLICED.format(slices="[:, ::stride]"),
            0,
            "from column to column too",
        ),
        Answer(
            "stride along the columns only",
            _SLICED.format(slices="[:, :, ::stride]"),
            0,
            "from row to row too",
        ),
        Answer("no stride", _SLICED.format(slices=""), 0, "stride ignored"),
        Answer(
            "windows one pixel apart",
            _strided(top="i", left="j"),
            0,
            "windows side by side",
        ),
        Answer(
            "channels averaged",
            _strided("np.sum((window * kernel[..., f]).mean(axis=2)) + bias[f]"),
            0,
            "channels averaged",
        ),
        Answer(
            "channels not summed",
            """
            def strided_conv2d(x, kernel, bias, stride, padding):
                p = padding // 2
                x = np.pad(x, [(0, 0), (p, p), (p, p), (0, 0)])
                view = np.lib.stride_tricks.sliding_window_view
                windows = view(x, kernel.shape[:2], (1, 2))[:, ::stride, ::stride]
                maps = np.einsum("nijcuv,uvcf->nijcf", windows, kernel)
                return maps + bias
            """,
            0,
            "channels not summed",
        ),
        Answer(
            "the shape of the example",
            _strided(rows="3", columns="3"),
            0,
            "shapes that differ",
        ),
        Answer(
            "columns before rows",
            _strided(answer="maps.swapaxes(1, 2)"),
            0,
            "swapped axes",
        ),
        Answer(
            "padded in every axis",
            _strided(before="x = np.pad(x, padding // 2)"),
            0.5,
            "shapes that differ",
        ),
    ),
)


def _same(positions: str, answer: str, total: str = "") -> str:
    total = total or "max((positions - 1) * stride + kernel_size - n, 0)"
    return f"""
        def same_padding(n, kernel_size, stride):
            positions = {positions}
            total = {total}
            return {answer}
        """


_UP, _HALVES = "-(-n // stride)", "(total // 2, total - total // 2)"

SAME = Question(
    grade_id="same",
    tests=("same-dense", "same-strided"),
    points=1,
    right=(
        Answer(
            "rounded with NumPy, a list",
            _same("int(np.ceil(n / stride))", "[total // 2, (total + 1) // 2]"),
            1,
        ),
        Answer(
            "two cases, as TensorFlow's notes have it",
            """
            def same_padding(n, kernel_size, stride):
                if n % stride == 0:
                    total = max(kernel_size - stride, 0)
                else:
                    total = max(kernel_size - n % stride, 0)
                before = total // 2
                return before, total - before
            """,
            1,
        ),
        Answer(
            "rows added one by one",
            """
            def same_padding(n, kernel_size, stride):
                before = after = 0
                wanted = (n + stride - 1) // stride
                while (n + before + after - kernel_size) // stride + 1 < wanted:
                    if before < after:
                        before += 1
                    else:
                        after += 1
                return before, after
            """,
            1,
        ),
        Answer(
            "halves by divmod, as an array",
            """
            def same_padding(n, kernel_size, stride):
                last_start = (n - 1) // stride * stride
                half, odd = divmod(max(last_start + kernel_size - n, 0), 2)
                return np.array([half, half + odd])
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "the odd row first",
            _same(_UP, "(total - total // 2, total // 2)"),
            0,
            "odd row first",
        ),
        Answer(
            "one on each side",
            _same(_UP, "((total + 1) // 2, (total + 1) // 2)"),
            0,
            "one on each side",
        ),
        Answer(
            "the odd row lost",
            _same(_UP, "(total // 2, total // 2)"),
            0,
            "odd row lost",
        ),
        Answer("all at the end", _same(_UP, "(0, total)"), 0, "all at the end"),
        Answer(
            "k − 1 at any stride",
            _same(_UP, _HALVES, "kernel_size - 1"),
            0.5,
            "stride ignored",
        ),
        Answer("rounded down", _same("n // stride", _HALVES), 0.5, "rounded down"),
        Answer(
            "sizes that divide",
            _same(_UP, _HALVES, "max(kernel_size - stride, 0)"),
            0.5,
            "only sizes that the stride divides",
        ),
        Answer(
            "fewer than none",
            _same(_UP, _HALVES, "(positions - 1) * stride + kernel_size - n"),
            0.5,
            "fewer than none",
        ),
        Answer("the total", _same(_UP, "total"), 0, "not a tuple of numbers"),
        Answer("not rounded", _same(_UP, "(total / 2, total / 2)"), 0, "halved"),
        Answer(
            "odd filters only",
            """
            def same_padding(n, kernel_size, stride):
                return kernel_size // 2, kernel_size // 2
            """,
            0,
            "one on each side",
        ),
        Answer(
            "as many as stride 1, shared by the stride",
            _same(_UP, _HALVES, "(kernel_size - 1) // stride"),
            0.5,
            "returns wrong values",
        ),
        Answer(
            "the example written down",
            "def same_padding(n, kernel_size, stride):\n    return 0, 1",
            0,
            "constant answer",
        ),
        Answer(
            "forgotten return",
            """
            def same_padding(n, kernel_size, stride):
                total = max((-(-n // stride) - 1) * stride + kernel_size - n, 0)
                (total // 2, total - total // 2)
            """,
            0,
            "returned None",
        ),
    ),
)


def _field(
    body: str,
    field: object = 18,
    start: str = "pixels, step = 1, 1",
    end: str = "pixels",
) -> str:
    return f"""
        field = {field!r}

        def receptive_field(layers):
            {start}
            for k, s in layers:
                {body}
            return {end}
        """


_FORWARDS = "pixels, step = pixels + (k - 1) * step, step * s"

RECEPTIVE = Question(
    grade_id="receptive",
    tests=("receptive-predicted", "receptive-dense", "receptive-strided"),
    points=1,
    right=(
        Answer("from the picture on", _field(_FORWARDS), 1),
        Answer(
            "from the last layer back",
            """
            def receptive_field(layers):
                pixels = 1
                for kernel_size, stride in reversed(layers):
                    pixels = (pixels - 1) * stride + kernel_size
                return pixels

            field = receptive_field([(3, 1), (2, 2), (3, 1), (2, 2), (3, 1)])
            """,
            1,
        ),
        Answer(
            "the sum of the formula",
            """
            field = 1 + 2 + 1 + 2 * 2 + 1 * 2 + 2 * 4

            def receptive_field(layers):
                sizes, strides = np.array(layers).T
                steps = np.cumprod([1, *strides[:-1]])
                return 1 + np.sum((sizes - 1) * steps)
            """,
            1,
        ),
        Answer(
            "called by itself",
            """
            field = 18

            def receptive_field(layers):
                if not layers:
                    return 1
                (k, s), *rest = layers
                return k + s * (receptive_field(rest) - 1)
            """,
            1,
        ),
    ),
    wrong=(
        Answer("sizes added up", _field(_FORWARDS, 13), 0.75, "sizes added"),
        Answer(
            "predicted without strides", _field(_FORWARDS, 9), 0.75, "strides ignored"
        ),
        Answer(
            "predicted with its own stride", _field(_FORWARDS, 21), 0.75, "own stride"
        ),
        Answer("sizes multiplied", _field(_FORWARDS, 108), 0.75, "sizes multiplied"),
        Answer("not predicted", _field(_FORWARDS, None), 0.75, "has no value yet"),
        Answer("no strides", _field("pixels += k - 1"), 0.5, "strides ignored"),
        Answer(
            "own stride too early",
            _field("step *= s; pixels += (k - 1) * step"),
            0.5,
            "own stride counted",
        ),
        Answer(
            "the last stride only",
            _field("pixels, step = pixels + (k - 1) * step, s"),
            0.5,
            "last stride only",
        ),
        Answer(
            "strides added",
            _field(
                "pixels, step = pixels + (k - 1) * max(step, 1), step + s",
                start="pixels, step = 1, 0",
            ),
            0.25,
            "strides added",
        ),
        Answer(
            "from the wrong end",
            _field(
                _FORWARDS.replace("(k", "(k"),
                start="pixels, step, layers = 1, 1, layers[::-1]",
            ),
            0.5,
            "from the wrong end",
        ),
        Answer(
            "nothing to start from",
            _field(_FORWARDS, start="pixels, step = 0, 1"),
            0.25,
            "nothing to start from",
        ),
        Answer(
            "k instead of k − 1",
            _field("pixels, step = pixels + k * step, step * s"),
            0.25,
            "k instead of k − 1",
        ),
        Answer(
            "a sum of sizes",
            _field("pixels += k", start="pixels = 0"),
            0.25,
            "sizes added",
        ),
        Answer(
            "a product of sizes",
            _field("pixels *= k", start="pixels = 1"),
            0.25,
            "sizes multiplied",
        ),
        Answer(
            "two layers only",
            """
            field = 18

            def receptive_field(layers):
                (first, stride), (second, _) = layers
                return first + (second - 1) * stride
            """,
            0.25,
            "Your function raises ValueError",
        ),
        Answer(
            "printed", _field(_FORWARDS, end="print(pixels)"), 0.25, "returned None"
        ),
        Answer(
            "both axes together",
            _field(_FORWARDS, end="pixels, pixels"),
            0.25,
            "not a number",
        ),
    ),
)


def _batch(answer: str, fault: object = "B") -> str:
    return f"""
        batch_fault = {fault!r}

        def to_batch(picture):
            return {answer}
        """


_BATCH = "picture[None, ..., None] / 255"

BATCH = Question(
    grade_id="batch",
    tests=("batch-named", "batch-repaired"),
    points=0.5,
    right=(
        Answer("reshaped", _batch("picture.reshape(1, *picture.shape, 1) / 255"), 0.5),
        Answer(
            "one axis after the other, float32",
            _batch(
                "np.expand_dims(np.expand_dims(picture, 0), -1).astype('float32')"
                " / np.float32(255)"
            ),
            0.5,
        ),
        Answer(
            "filled in",
            """
            def to_batch(picture):
                height, width = picture.shape
                batch = np.zeros((1, height, width, 1))
                batch[0, :, :, 0] = picture * (1 / 255)
                return batch

            batch_fault = "B"
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "as it was", _batch("picture[..., None] / 255"), 0.25, "one column each"
        ),
        Answer(
            "no channel axis",
            _batch("picture[None] / 255"),
            0.25,
            "look at the number of axes yourself",
        ),
        Answer(
            "channels first",
            _batch("picture[None, None] / 255"),
            0.25,
            "channels first",
        ),
        Answer(
            "pictures last",
            _batch("picture[:, :, None, None] / 255"),
            0.25,
            "pictures at the end",
        ),
        Answer("only scaled", _batch("picture / 255"), 0.25, "a batch has four"),
        Answer("not scaled", _batch("picture[None, ..., None]"), 0.25, "not scaled"),
        Answer(
            "scaled by the largest",
            _batch("picture[None, ..., None] / picture.max()"),
            0.25,
            "not by the largest",
        ),
        Answer(
            "scaled before, too",
            _batch("(picture / 255)[None, ..., None] / 255"),
            0.25,
            "scaled twice",
        ),
        Answer(
            "divided without remainder",
            _batch("picture[None, ..., None] // 255"),
            0.25,
            "divided into whole numbers",
        ),
        Answer(
            "transposed",
            _batch("picture.T[None, ..., None] / 255"),
            0.25,
            "swapped axes",
        ),
        Answer(
            "28×28 only",
            _batch("picture.reshape(1, 28, 28, 1) / 255"),
            0.25,
            "Your function raises ValueError",
        ),
        Answer(
            "divided by 256",
            _batch("picture[None, ..., None] / 256"),
            0.25,
            "unnormalised",
        ),
        Answer("padding blamed", _batch(_BATCH, "A"), 0.25, "not the padding"),
        Answer("channels blamed", _batch(_BATCH, "C"), 0.25, "not the channels"),
        Answer("filters blamed", _batch(_BATCH, "D"), 0.25, "not the filters"),
        Answer("a small letter", _batch(_BATCH, "b"), 0.25, "another spelling"),
        Answer("nothing blamed", _batch(_BATCH, None), 0.25, "has no value yet"),
        Answer("two letters", _batch(_BATCH, ("B", "C")), 0.25, "not a text"),
    ),
)


def _bytes(
    pixels: str = "images[..., None] / 255",
    bias: str = "-4.5",
    answer: str = "(maps > 0).sum(axis=(1, 2, 3))",
    fault: object = "C",
    kernel: str = "UPRIGHT[..., None, None]",
) -> str:
    return f"""
        bytes_fault = {fault!r}

        def upright_strokes(images):
            kernel = {kernel}
            maps = conv.conv2d({pixels}, kernel, bias=[{bias}])
            return {answer}
        """


BYTES = Question(
    grade_id="bytes",
    tests=("bytes-named", "bytes-repaired"),
    points=0.5,
    right=(
        Answer("the pixels scaled", _bytes(), 0.5),
        Answer("the bias scaled", _bytes("images[..., None]", "-4.5 * 255"), 0.5),
        Answer(
            "picture by picture",
            """
            bytes_fault = "C"

            def upright_strokes(images):
                counts = []
                for picture in images:
                    answers = conv.correlate2d(picture / 255.0, UPRIGHT)
                    counts.append(int(np.count_nonzero(answers - 4.5 > 0)))
                return counts
            """,
            0.5,
        ),
        Answer(
            "the filter scaled",
            _bytes("images[..., None]", kernel="UPRIGHT[..., None, None] / 255"),
            0.5,
        ),
    ),
    wrong=(
        Answer("as it was", _bytes("images[..., None]"), 0.25, "not scaled"),
        Answer("bias left out", _bytes(bias="0"), 0.25, "bias forgotten"),
        Answer("both scaled", _bytes(bias="-4.5 / 255"), 0.25, "not scaled"),
        Answer(
            "floats, but not scaled",
            _bytes("images[..., None].astype(float)"),
            0.25,
            "not scaled",
        ),
        Answer(
            "divided without remainder",
            _bytes("images[..., None] // 255"),
            0.25,
            "divided into whole numbers",
        ),
        Answer(
            "one number for all", _bytes(answer="(maps > 0).sum()"), 0.25, "not a tuple"
        ),
        Answer(
            "strengths added up",
            _bytes(answer="np.maximum(maps, 0).sum(axis=(1, 2, 3))"),
            0.25,
            "strengths added",
        ),
        Answer(
            "shares", _bytes(answer="(maps > 0).mean(axis=(1, 2, 3))"), 0.25, "a share"
        ),
        Answer(
            "yes or no",
            _bytes(answer="(maps > 0).any(axis=(1, 2, 3))"),
            0.25,
            "yes or no",
        ),
        Answer(
            "places that do not answer",
            _bytes(answer="(maps < 0).sum(axis=(1, 2, 3))"),
            0.25,
            "below the threshold",
        ),
        Answer("the maps", _bytes(answer="maps"), 0.25, "maps not counted"),
        Answer("bias blamed", _bytes(fault="A"), 0.25, "not the bias"),
        Answer("filter blamed", _bytes(fault="B"), 0.25, "not the kernel"),
        Answer("overflow blamed", _bytes(fault="D"), 0.25, "not an overflow"),
        Answer("nothing blamed", _bytes(fault=None), 0.25, "has no value yet"),
        Answer("a full stop", _bytes(fault="C."), 0.25, "Expected: 'C'"),
    ),
)


def _backward(
    kernel_share: str = "np.tensordot(windows, here, axes=(0, 0))",
    input_share: str = "np.tensordot(here, kernel, axes=(1, 3))",
    *,
    top: str = "i * stride",
    left: str = "j * stride",
    input_top: str = "i * stride",
    input_left: str = "j * stride",
    add: str = "+=",
    kernel_answer: str = "gradient",
    input_answer: str = "gradient",
) -> str:
    return f"""
        def kernel_gradient(x, upstream, kernel_shape, stride):
            gradient = np.zeros(kernel_shape)
            for i in range(upstream.shape[1]):
                for j in range(upstream.shape[2]):
                    top, left = {top}, {left}
                    rows = slice(top, top + kernel_shape[0])
                    columns = slice(left, left + kernel_shape[1])
                    windows, here = x[:, rows, columns], upstream[:, i, j]
                    gradient += {kernel_share}
            return {kernel_answer}

        def input_gradient(kernel, upstream, input_shape, stride):
            gradient = np.zeros(input_shape)
            for i in range(upstream.shape[1]):
                for j in range(upstream.shape[2]):
                    top, left = {input_top}, {input_left}
                    rows = slice(top, top + kernel.shape[0])
                    columns = slice(left, left + kernel.shape[1])
                    here = upstream[:, i, j]
                    gradient[:, rows, columns] {add} {input_share}
            return {input_answer}
        """


BACKWARD = Question(
    grade_id="backward",
    tests=("backward-kernel", "backward-input"),
    points=1,
    right=(
        Answer("loops over positions", _backward(), 1),
        Answer(
            "loops over weights",
            """
            def met(x, u, v, upstream, stride):
                rows, columns = upstream.shape[1:3]
                return x[:, u::stride, v::stride][:, :rows, :columns]

            def kernel_gradient(x, upstream, kernel_shape, stride):
                gradient = np.empty(kernel_shape)
                for u, v in np.ndindex(*kernel_shape[:2]):
                    pixels = met(x, u, v, upstream, stride)
                    gradient[u, v] = np.einsum("nijc,nijf->cf", pixels, upstream)
                return gradient

            def input_gradient(kernel, upstream, input_shape, stride):
                gradient = np.zeros(input_shape)
                for u, v in np.ndindex(*kernel.shape[:2]):
                    pixels = met(gradient, u, v, upstream, stride)
                    pixels += upstream @ kernel[u, v].T
                return gradient
            """,
            1,
        ),
        Answer(
            "windows, and a padded map with holes",
            """
            view = np.lib.stride_tricks.sliding_window_view

            def kernel_gradient(x, upstream, kernel_shape, stride):
                windows = view(x, kernel_shape[:2], (1, 2))[:, ::stride, ::stride]
                return np.einsum("nijcuv,nijf->uvcf", windows, upstream)

            def input_gradient(kernel, upstream, input_shape, stride):
                k_h, k_w, _, filters = kernel.shape
                n, height, width, _ = input_shape
                spread = np.zeros((n, height + k_h - 1, width + k_w - 1, filters))
                rows, columns = upstream.shape[1:3]
                spread[
                    :,
                    k_h - 1 : k_h - 1 + rows * stride : stride,
                    k_w - 1 : k_w - 1 + columns * stride : stride,
                ] = upstream
                windows = view(spread, (k_h, k_w), (1, 2))
                return np.einsum("nijfuv,uvcf->nijc", windows, kernel[::-1, ::-1])
            """,
            1,
        ),
        Answer(
            "TensorFlow's tape",
            """
            import tensorflow as tf

            def gradients_of(x, kernel, upstream, stride):
                x, kernel = tf.Variable(x), tf.Variable(kernel)
                with tf.GradientTape() as tape:
                    maps = tf.nn.conv2d(x, kernel, stride, "VALID")
                    loss = tf.reduce_sum(upstream * maps)
                return tape.gradient(loss, [x, kernel])

            def kernel_gradient(x, upstream, kernel_shape, stride):
                return gradients_of(x, np.zeros(kernel_shape), upstream, stride)[1]

            def input_gradient(kernel, upstream, input_shape, stride):
                return gradients_of(np.zeros(input_shape), kernel, upstream, stride)[0]
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "kernel without stride",
            _backward(top="i", left="j"),
            0.5,
            "stride forgotten",
        ),
        Answer(
            "pictures without stride",
            _backward(input_top="i", input_left="j"),
            0.5,
            "stride forgotten",
        ),
        Answer("overwritten", _backward(add="="), 0.5, "overwritten"),
        Answer(
            "the filter turned round",
            _backward(
                input_share="np.tensordot(here, kernel[::-1, ::-1], axes=(1, 3))"
            ),
            0.5,
            "turned round",
        ),
        Answer(
            "the kernel's gradient turned round",
            _backward(kernel_answer="gradient[::-1, ::-1]"),
            0.5,
            "turned round",
        ),
        Answer(
            "the first picture only",
            _backward("np.tensordot(windows[:1], here[:1], axes=(0, 0))"),
            0.5,
            "one picture only",
        ),
        Answer(
            "the mean over the pictures",
            _backward(kernel_answer="gradient / len(x)"),
            0.5,
            "mean over the pictures",
        ),
        Answer(
            "the mean over the positions",
            _backward(
                kernel_answer="gradient / (upstream.shape[1] * upstream.shape[2])"
            ),
            0.5,
            "mean over the positions",
        ),
        Answer(
            "upstream forgotten",
            _backward("np.tensordot(windows, np.ones_like(here), axes=(0, 0))"),
            0.5,
            "upstream forgotten",
        ),
        Answer(
            "one filter only",
            _backward(
                input_share="here[:, :1, None, None].swapaxes(1, 3) * kernel[..., 0]"
            ),
            0.5,
            "one filter only",
        ),
        Answer(
            "both with the wrong sign",
            _backward(kernel_answer="-gradient", input_answer="-gradient"),
            0,
            "wrong sign",
        ),
        Answer(
            "cut to what was met",
            _backward(input_answer="gradient[:, :-1, :-1]"),
            0.5,
            "left-over pixels cut off",
        ),
        Answer(
            "upstream changed",
            _backward().replace(
                "np.zeros(input_shape)",
                "np.zeros(input_shape); upstream /= len(upstream) + 1",
            ),
            0.5,
            "modified its input",
        ),
        Answer(
            "pictures not written",
            _backward().split("def input_gradient")[0]
            + "def input_gradient(kernel, upstream, input_shape, stride):\n"
            "            raise NotImplementedError()",
            0.5,
            "not written yet",
        ),
        Answer(
            "never filled",
            _backward(add="=", input_share="np.nan"),
            0.5,
            "NaN",
        ),
        Answer(
            "axes of the kernel in PyTorch's order",
            _backward(kernel_answer="gradient.transpose(3, 2, 0, 1)"),
            0.5,
            "PyTorch",
        ),
    ),
)

QUESTIONS = (
    SIZES,
    COSTS,
    SHAPE,
    CONV2D,
    STRIDED,
    SAME,
    RECEPTIVE,
    BATCH,
    BYTES,
    BACKWARD,
)
POINTS_BY_HAND = 1
