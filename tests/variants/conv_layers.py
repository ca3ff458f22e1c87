"""Answers to the assignment ``3_conv_layers``."""

from __future__ import annotations

from tests.variants import Answer, Question

OWN_CLASS = ("custom_model",)


def _numbers(
    maps: object = (22, 22, 12),
    features: object = 5808,
    conv: object = 600,
    dense: object = 58_090,
) -> str:
    return (
        f"maps_shape, features = {maps!r}, {features!r}\n"
        f"conv_parameters, dense_parameters = {conv!r}, {dense!r}"
    )


SIZES = Question(
    grade_id="sizes",
    tests=("sizes-maps", "sizes-parameters"),
    points=1,
    right=(
        Answer("plain numbers", _numbers(), 1),
        Answer(
            "worked out step by step",
            """
            side = 28 - 7 + 1
            maps_shape = [side, side, 12]
            features = side**2 * 12
            conv_parameters = 12 * 49 + 12
            dense_parameters = (features + 1) * 10
            """,
            1,
        ),
        Answer(
            "asked Keras",
            """
            asked = keras.Sequential(
                [
                    keras.Input((28, 28, 1)),
                    layers.Conv2D(12, 7, activation="relu"),
                    layers.Flatten(),
                    layers.Dense(10),
                ]
            )
            maps_shape = asked.layers[0].output.shape[1:]
            features = np.prod(maps_shape)
            conv_parameters, _, dense_parameters = (
                layer.count_params() for layer in asked.layers
            )
            """,
            1,
        ),
    ),
    wrong=(
        Answer("padded", _numbers((28, 28, 12), 9408, dense=94_090), 0, "padded"),
        Answer("off by one", _numbers((21, 21, 12)), 0.5, "28 − 7 + 1 places"),
        Answer("arguments swapped", _numbers((17, 17, 7)), 0.5, "swapped arguments"),
        Answer("channels first", _numbers((12, 22, 22)), 0.5, "channels first"),
        Answer("size only", _numbers((22, 22)), 0.5, "maps forgotten"),
        Answer("one map", _numbers((22, 22, 1), 484), 0.5, "input channels"),
        Answer("features of one map", _numbers(features=484), 0.5, "maps forgotten"),
        Answer("features of a filter", _numbers(features=588), 0.5, "size of the fil"),
        Answer("features are pixels", _numbers(features=784), 0.5, "pixels. Flatten"),
        Answer("no biases", _numbers(conv=588, dense=58_080), 0.5, "bias forgotten"),
        Answer("one bias for all", _numbers(conv=589), 0.5, "one bias for all"),
        Answer("one filter", _numbers(conv=50), 0.5, "one filter only"),
        Answer("at every place", _numbers(conv=290_400), 0.5, "counted at every"),
        Answer("dense on pixels", _numbers(dense=7850), 0.5, "pixels. The dense"),
        Answer("dense on one map", _numbers(dense=4850), 0.5, "maps forgotten"),
        Answer("the whole net", _numbers(dense=58_690), 0.5, "convolution included"),
        Answer("a float", _numbers(dense=58_090.0), 0.5, "float dtype"),
        Answer("unanswered", _numbers(None, None, None, None), 0, "no value yet"),
    ),
)


def _forward(
    maps: str = "np.maximum(conv.conv2d(x, kernel, bias), 0)",
    answer: str = "maps.reshape(len(x), -1) @ weights + offsets",
) -> str:
    return f"""
        def forward(x, kernel, bias, weights, offsets):
            maps = {maps}
            return {answer}
        """


FORWARD = Question(
    grade_id="forward",
    tests=("forward-keras", "forward-any"),
    points=1.5,
    right=(
        Answer(
            "windows and einsum",
            """
            def forward(x, kernel, bias, weights, offsets):
                view = np.lib.stride_tricks.sliding_window_view
                windows = view(np.asarray(x), kernel.shape[:2], axis=(1, 2))
                maps = np.einsum("nijcuv,uvcf->nijf", windows, kernel) + bias
                maps[maps < 0] = 0
                features = maps.reshape(maps.shape[0], -1)
                return np.dot(features, weights) + offsets
            """,
            1.5,
        ),
        Answer(
            "picture by picture, class by class",
            """
            def forward(x, kernel, bias, weights, offsets):
                logits = np.zeros((len(x), len(offsets)))
                for n, maps in enumerate(conv.conv2d(x, kernel, bias)):
                    values = np.where(maps > 0, maps, 0).ravel()
                    for q in range(len(offsets)):
                        logits[n, q] = np.sum(values * weights[:, q]) + offsets[q]
                return logits
            """,
            1.5,
        ),
        Answer(
            "weights brought back to their places",
            """
            def forward(x, kernel, bias, weights, offsets):
                maps = conv.conv2d(x, kernel, bias).clip(min=0)
                places = weights.reshape(*maps.shape[1:], -1)
                return np.einsum("nijf,ijfq->nq", maps, places) + offsets
            """,
            1.5,
        ),
        Answer(
            "in 32 bits",
            _forward(answer="np.float32(maps.reshape(len(x), -1) @ weights + offsets)"),
            1.5,
        ),
    ),
    wrong=(
        Answer(
            "no ReLU", _forward("conv.conv2d(x, kernel, bias)"), 0, "ReLU forgotten"
        ),
        Answer(
            "ReLU at the end",
            _forward(
                answer="np.maximum(maps.reshape(len(x), -1) @ weights + offsets, 0)"
            ),
            0,
            "ReLU at the end too",
        ),
        Answer(
            "ReLU before the bias",
            _forward("np.maximum(conv.conv2d(x, kernel), 0) + bias"),
            0.5,
            "ReLU before the bias",
        ),
        Answer(
            "no bias in the convolution",
            _forward("np.maximum(conv.conv2d(x, kernel), 0)"),
            0.5,
            "bias forgotten",
        ),
        Answer(
            "no bias in the dense layer",
            _forward(answer="maps.reshape(len(x), -1) @ weights"),
            0.5,
            "offsets forgotten",
        ),
        Answer(
            "absolute values",
            _forward("np.abs(conv.conv2d(x, kernel, bias))"),
            0,
            "absolute value",
        ),
        Answer(
            "map by map",
            _forward(
                answer="maps.transpose(0, 3, 1, 2).reshape(len(x), -1) @ weights"
                " + offsets"
            ),
            0,
            "flattened map by map",
        ),
        Answer(
            "column by column",
            _forward(
                answer="maps.swapaxes(1, 2).reshape(len(x), -1) @ weights + offsets"
            ),
            0,
            "flattened column by column",
        ),
        Answer(
            "a real convolution",
            _forward("np.maximum(conv.conv2d(x, kernel[::-1, ::-1], bias), 0)"),
            0,
            "flipped kernel",
        ),
        Answer(
            "probabilities",
            _forward(
                answer="np.asarray(keras.ops.softmax(maps.reshape(len(x), -1)"
                " @ weights + offsets))"
            ),
            0,
            "softmax applied",
        ),
        Answer(
            "the class",
            _forward(
                answer="(maps.reshape(len(x), -1) @ weights + offsets).argmax(axis=1)"
            ),
            0,
            "class instead of logits",
        ),
        Answer(
            "same padding",
            _forward('np.maximum(conv.conv2d(x, kernel, bias, padding="same"), 0)'),
            0,
            "matmul",
        ),
        Answer(
            "one picture only",
            _forward(answer="maps.reshape(-1) @ weights + offsets"),
            0,
            "wrong shape",
        ),
        Answer(
            "printed",
            """
            def forward(x, kernel, bias, weights, offsets):
                maps = np.maximum(conv.conv2d(x, kernel, bias), 0)
                print(maps.reshape(len(x), -1) @ weights + offsets)
            """,
            0,
            "returned None",
        ),
    ),
)

_THERE = "images.reshape(n, h * w, c)[:, order].reshape(images.shape)"
_BACK = "images.reshape(n, h * w, c)[:, np.argsort(order)].reshape(images.shape)"


def _shuffle(there: str = _THERE, back: str = _BACK) -> str:
    return f"""
        def move_pixels(images, order):
            n, h, w, c = images.shape
            return {there}


        def move_back(images, order):
            n, h, w, c = images.shape
            return {back}
        """


SHUFFLE = Question(
    grade_id="shuffle",
    tests=("shuffle-there", "shuffle-back"),
    points=1,
    right=(
        Answer(
            "with take",
            _shuffle(
                "np.take(images.reshape(n, -1, c), order, axis=1).reshape(n, h, w, c)",
                "move_pixels(images, np.argsort(order))",
            ),
            1,
        ),
        Answer(
            "written into the places",
            """
            def move_pixels(images, order):
                moved = np.empty_like(images)
                width = images.shape[2]
                for i, j in enumerate(order):
                    to, come = divmod(i, width), divmod(j, width)
                    moved[:, to[0], to[1]] = images[:, come[0], come[1]]
                return moved


            def move_back(images, order):
                moved = np.empty_like(images)
                width = images.shape[2]
                for i, j in enumerate(order):
                    to, come = divmod(j, width), divmod(i, width)
                    moved[:, to[0], to[1]] = images[:, come[0], come[1]]
                return moved
            """,
            1,
        ),
        Answer(
            "rows and columns as indices",
            """
            def move_pixels(images, order):
                rows, columns = np.unravel_index(order, images.shape[1:3])
                return images[:, rows, columns].reshape(images.shape)


            def move_back(images, order):
                inverse = np.zeros(len(order), dtype=int)
                inverse[order] = np.arange(len(order))
                return move_pixels(images, inverse)
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "there and back swapped", _shuffle(_BACK, _THERE), 0, "the other way round"
        ),
        Answer("there and there", _shuffle(back=_THERE), 0.5, "moved once more"),
        Answer(
            "order from its end",
            _shuffle(
                back="images.reshape(n, h * w, c)[:, order[::-1]].reshape(images.shape)"
            ),
            0.5,
            "order reversed",
        ),
        Answer("nothing done", _shuffle("images", "images"), 0, "nothing moved"),
        Answer(
            "rows of pixels",
            _shuffle("images.reshape(n, h * w, c)[:, order]"),
            0.5,
            "shape lost",
        ),
        Answer(
            "columns first",
            _shuffle(
                "images.swapaxes(1, 2).reshape(n, h * w, c)[:, order]"
                ".reshape(n, w, h, c).swapaxes(1, 2)"
            ),
            0.5,
            "counted by columns",
        ),
        Answer(
            "always the first picture",
            _shuffle(
                "np.array([images[0].reshape(h * w, c)[order].reshape(h, w, c)"
                " for _ in range(n)])"
            ),
            0.5,
            "first picture for all",
        ),
        Answer(
            "pictures moved, not pixels",
            _shuffle("images[order]"),
            0.5,
            "out of bounds",
        ),
        Answer(
            "channels apart",
            _shuffle("images.reshape(n, -1)[:, order].reshape(images.shape)"),
            0.5,
            "cannot reshape",
        ),
        Answer(
            "another order each time",
            _shuffle(
                "images.reshape(n, h * w, c)[:, np.random.default_rng(0)"
                ".permutation(h * w)].reshape(images.shape)"
            ),
            0.5,
            "wrong values",
        ),
        Answer(
            "moved in place",
            """
            def move_pixels(images, order):
                n, h, w, c = images.shape
                images[:] = images.reshape(n, h * w, c)[:, order].reshape(images.shape)
                return images


            def move_back(images, order):
                return move_pixels(images, np.argsort(order))
            """,
            0,
            "modified its input",
        ),
        Answer(
            "back not written",
            """
            def move_pixels(images, order):
                n, h, w, c = images.shape
                return images.reshape(n, h * w, c)[:, order].reshape(images.shape)


            def move_back(images, order):
                raise NotImplementedError()
            """,
            0.5,
            "not written yet",
        ),
    ),
)


def _cnn(
    conv: str = 'layers.Conv2D(filters, kernel_size, activation="relu")',
    between: str = "layers.Flatten(),",
    head: str = "layers.Dense(10)",
    size: str = "(28, 28, 1)",
    end: str = "return net",
) -> str:
    return f"""
        def build_cnn(filters, kernel_size):
            net = keras.Sequential(
                [keras.Input({size}), {conv}, {between} {head}]
            )
            {end}
        """


BUILD = Question(
    grade_id="build",
    tests=("build-nine", "build-any"),
    points=1,
    right=(
        Answer(
            "functional",
            """
            def build_cnn(filters, kernel_size):
                pixels = keras.Input((28, 28, 1), name="pixels")
                maps = layers.Conv2D(filters, kernel_size)(pixels)
                maps = keras.ops.relu(maps)
                return keras.Model(pixels, layers.Dense(10)(layers.Flatten()(maps)))
            """,
            1,
        ),
        Answer(
            "layer by layer, without Input",
            """
            def build_cnn(filters, kernel_size):
                net = keras.models.Sequential(name="my_first")
                net.add(layers.Conv2D(filters, (kernel_size, kernel_size)))
                net.add(layers.Activation("relu"))
                net.add(layers.Flatten())
                net.add(layers.Dense(units=10, activation=None))
                return net
            """,
            1,
        ),
        Answer(
            "a class",
            """
            class CNN(keras.Model):
                def __init__(self, filters, kernel_size):
                    super().__init__()
                    self.logits = layers.Dense(10)
                    self.flatten = layers.Flatten()
                    self.conv = layers.Conv2D(filters, kernel_size, activation="relu")

                def call(self, x, training=False):
                    return self.logits(self.flatten(self.conv(x)))


            def build_cnn(filters, kernel_size):
                return CNN(filters, kernel_size)
            """,
            1,
            remarks=OWN_CLASS,
        ),
        Answer(
            "nets in a net",
            """
            def build_cnn(filters, kernel_size):
                front = keras.Sequential(
                    [
                        keras.Input((28, 28, 1)),
                        layers.Conv2D(filters, kernel_size, strides=(1, 1)),
                        layers.ReLU(),
                    ]
                )
                head = keras.Sequential([layers.Flatten(), layers.Dense(10)])
                return keras.Sequential([front, head])
            """,
            1,
        ),
        Answer(
            "compiled as well",
            _cnn(end="net.compile('adam'); return net"),
            1,
        ),
    ),
    wrong=(
        Answer(
            "always nine filters of 5×5",
            _cnn('layers.Conv2D(9, 5, activation="relu")'),
            0.5,
            "another number of filters",
        ),
        Answer(
            "arguments swapped",
            _cnn('layers.Conv2D(kernel_size, filters, activation="relu")'),
            0,
            "swapped arguments",
        ),
        Answer(
            "same padding",
            _cnn(
                'layers.Conv2D(filters, kernel_size, padding="same", activation="relu")'
            ),
            0,
            "another padding",
        ),
        Answer(
            "no ReLU", _cnn("layers.Conv2D(filters, kernel_size)"), 0, "activation forg"
        ),
        Answer(
            "tanh",
            _cnn('layers.Conv2D(filters, kernel_size, activation="tanh")'),
            0,
            "another activation",
        ),
        Answer("no Flatten", _cnn(between=""), 0, "Flatten forgotten"),
        Answer(
            "global pooling",
            _cnn(between="layers.GlobalAveragePooling2D(),"),
            0,
            "global pooling for Flatten",
        ),
        Answer(
            "pooling before Flatten",
            _cnn(between="layers.MaxPooling2D(2), layers.Flatten(),"),
            0,
            "your net has a MaxPooling2D",
        ),
        Answer(
            "ends in a softmax",
            _cnn(head='layers.Dense(10, activation="softmax")'),
            0,
            "softmax at the end",
        ),
        Answer(
            "ReLU at the end",
            _cnn(head='layers.Dense(10, activation="relu")'),
            0,
            "an activation too many",
        ),
        Answer("one class too few", _cnn(head="layers.Dense(9)"), 0, "another number"),
        Answer("colour pictures", _cnn(size="(28, 28, 3)"), 0, "pictures of 28×28×3"),
        Answer(
            "with stride 2",
            _cnn('layers.Conv2D(filters, kernel_size, 2, activation="relu")'),
            0,
            "another stride",
        ),
        Answer(
            "summary returned", _cnn(end="return net.compile()"), 0, "returned None"
        ),
        Answer(
            "a list",
            """
            def build_cnn(filters, kernel_size):
                return [layers.Conv2D(filters, kernel_size), layers.Dense(10)]
            """,
            0,
            "a list of layers",
        ),
    ),
)


def _mlp(
    units: str = "(parameters - classes) // (inputs + 1 + classes)",
    hidden: str = 'layers.Dense(hidden, activation="relu")',
    front: str = "layers.Flatten(),",
    head: str = "layers.Dense(10)",
) -> str:
    return f"""
        def hidden_units(parameters, inputs, classes):
            return {units}


        def build_mlp(hidden):
            return keras.Sequential(
                [keras.Input((28, 28, 1)), {front} {hidden}, {head}]
            )
        """


MLP = Question(
    grade_id="mlp",
    tests=("mlp-units", "mlp-net"),
    points=1,
    right=(
        Answer(
            "tried one after the other",
            """
            def hidden_units(parameters, inputs, classes):
                hidden = 0
                while (hidden + 1) * (inputs + 1 + classes) + classes <= parameters:
                    hidden += 1
                return hidden


            def build_mlp(hidden):
                pixels = keras.Input((28, 28, 1))
                units = layers.Dense(hidden)(layers.Flatten()(pixels))
                return keras.Model(pixels, layers.Dense(10)(layers.ReLU()(units)))
            """,
            1,
        ),
        Answer(
            "rounded with int",
            _mlp("int((parameters - classes) / (inputs + classes + 1))"),
            1,
        ),
        Answer(
            "reshaped to a row",
            _mlp(front="layers.Reshape((784,)),"),
            1,
        ),
        Answer(
            "a class",
            """
            def hidden_units(parameters, inputs, classes):
                return np.floor_divide(parameters - classes, inputs + 1 + classes)


            class MLP(keras.Model):
                def __init__(self, hidden):
                    super().__init__()
                    self.stack = keras.Sequential(
                        [
                            layers.Flatten(),
                            layers.Dense(hidden, activation="relu"),
                            layers.Dense(10),
                        ]
                    )

                def call(self, x):
                    return self.stack(x)


            build_mlp = MLP
            """,
            1,
            remarks=OWN_CLASS,
        ),
    ),
    wrong=(
        Answer(
            "no biases",
            _mlp("parameters // (inputs + classes)"),
            0.5,
            "biases forgotten",
        ),
        Answer(
            "no biases of the classes",
            _mlp("parameters // (inputs + 1 + classes)"),
            0.5,
            "biases of the classes",
        ),
        Answer(
            "first layer only",
            _mlp("parameters // (inputs + 1)"),
            0.5,
            "second layer forgotten",
        ),
        Answer(
            "rounded up",
            _mlp("-((classes - parameters) // (inputs + 1 + classes))"),
            0.5,
            "rounded up",
        ),
        Answer(
            "rounded to the nearest",
            _mlp("round((parameters - classes) / (inputs + 1 + classes))"),
            0.5,
            "rounded",
        ),
        Answer(
            "not rounded",
            _mlp("(parameters - classes) / (inputs + 1 + classes)"),
            0.5,
            "not rounded",
        ),
        Answer(
            "a float",
            _mlp("np.floor((parameters - classes) / (inputs + 1 + classes))"),
            0.5,
            "float dtype",
        ),
        Answer("65 written down", _mlp("65"), 0.5, "constant answer"),
        Answer("no Flatten", _mlp(front=""), 0.5, "Flatten forgotten"),
        Answer("no ReLU", _mlp(hidden="layers.Dense(hidden)"), 0.5, "activation forg"),
        Answer(
            "always 65 units",
            _mlp(hidden='layers.Dense(65, activation="relu")'),
            0.5,
            "another number of units",
        ),
        Answer(
            "two hidden layers",
            _mlp(front='layers.Flatten(), layers.Dense(hidden, activation="relu"),'),
            0.5,
            "your net has a Dense",
        ),
        Answer(
            "ends in a softmax",
            _mlp(head='layers.Dense(10, activation="softmax")'),
            0.5,
            "softmax at the end",
        ),
        Answer("one output", _mlp(head="layers.Dense(1)"), 0.5, "another number of un"),
    ),
)

_PLACES = """
            flat = maps.reshape(-1, maps.shape[3]).argmax(axis=0)
            found = np.stack(np.unravel_index(flat, maps.shape[:3]), axis=1)
"""


def _read(
    edge: object = 1, blur: object = 2, answer: str = "found", before: str = ""
) -> str:
    return f"""
        right_edge, blur = {edge!r}, {blur!r}


        def strongest(maps):
            {before or "pass"}
            {_PLACES.strip()}
            return {answer}
        """


READ = Question(
    grade_id="read",
    tests=("read-seen", "read-places"),
    points=1,
    right=(
        Answer(
            "a loop over the filters",
            """
            right_edge = 1
            blur = 2


            def strongest(maps):
                places = []
                for f in range(maps.shape[-1]):
                    one = maps[..., f]
                    places.append(np.unravel_index(np.argmax(one), one.shape))
                return np.array(places)
            """,
            1,
        ),
        Answer(
            "loops over everything",
            """
            right_edge, blur = 1, 2


            def strongest(maps):
                best = [(0, 0, 0)] * maps.shape[3]
                for n, i, j, f in np.ndindex(maps.shape):
                    if maps[n, i, j, f] > maps[best[f]][f]:
                        best[f] = (n, i, j)
                return best
            """,
            1,
        ),
        Answer(
            "sums ask for the blur",
            """
            mean = weights.mean(axis=(1, 2))
            blur = int(mean.argmax())
            lean = (weights[:, :, :2].sum(axis=(1, 2))
                    - weights[:, :, 3:].sum(axis=(1, 2)))
            right_edge = int(lean.argmax())


            def strongest(maps):
                best = maps.max(axis=(0, 1, 2))
                ones = np.moveaxis(maps, -1, 0)
                return [np.argwhere(one == b)[0] for one, b in zip(ones, best)]
            """,
            1,
        ),
    ),
    wrong=(
        Answer("the left edge", _read(edge=0), 0.5, "the other side"),
        Answer("a blur for an edge", _read(edge=2), 0.5, "a blur"),
        Answer("the lower edge", _read(edge=3), 0.5, "above and below"),
        Answer("an edge for a blur", _read(blur=1), 0.5, "an edge filter"),
        Answer("the lower edge for a blur", _read(blur=3), 0.5, "weights of one sign"),
        Answer("counted from 1", _read(2, 3), 0.5, "a blur"),
        Answer("unanswered", _read(None, None), 0.5, "no value yet"),
        Answer("columns first", _read(answer="found[:, [0, 2, 1]]"), 0.5, "swapped ax"),
        Answer(
            "picture last",
            _read(answer="found[:, [1, 2, 0]]"),
            0.5,
            "picture at the end",
        ),
        Answer("smallest", _read(before="maps = -maps"), 0.5, "smallest value"),
        Answer(
            "first picture only", _read(before="maps = maps[:1]"), 0.5, "first pict"
        ),
        Answer("flat places", _read(answer="flat"), 0.5, "one number only"),
        Answer(
            "largest values",
            _read(answer="maps.max(axis=(0, 1, 2))"),
            0.5,
            "one number only",
        ),
        Answer("transposed", _read(answer="found.T"), 0.5, "transposed"),
        Answer(
            "one place for all",
            _read(
                answer="np.array([np.unravel_index(maps.argmax(), maps.shape)[:3]]"
                " * maps.shape[3])"
            ),
            0.5,
            "one place for all",
        ),
    ),
)


def _twice(
    fault: object = "B",
    activation: str = "",
    loss: str = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    units: int = 10,
    end: str = "",
) -> str:
    return f"""
        twice_fault = {fault!r}


        def repaired_net():
            net = keras.Sequential(
                [
                    keras.Input((28, 28, 1)),
                    layers.Conv2D(9, 5, activation="relu"),
                    layers.Flatten(),
                    layers.Dense({units}{activation}),{end}
                ]
            )
            net.compile("adam", {loss}, metrics=["accuracy"])
            return net
        """


_SOFTMAX = ', activation="softmax"'

TWICE = Question(
    grade_id="twice",
    tests=("twice-named", "twice-repaired"),
    points=0.5,
    right=(
        Answer(
            "softmax kept, loss changed",
            _twice(
                activation=_SOFTMAX,
                loss="keras.losses.SparseCategoricalCrossentropy()",
            ),
            0.5,
        ),
        Answer(
            "softmax kept, loss by its name",
            _twice(activation=_SOFTMAX, loss='"sparse_categorical_crossentropy"'),
            0.5,
        ),
        Answer(
            "loss as a function",
            _twice(
                end="layers.Softmax()",
                loss="keras.losses.sparse_categorical_crossentropy",
            ),
            0.5,
        ),
        Answer(
            "a class",
            """
            twice_fault = "B"


            class Net(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.conv = layers.Conv2D(9, 5, activation="relu")
                    self.flat, self.dense = layers.Flatten(), layers.Dense(10)

                def call(self, x):
                    return self.dense(self.flat(self.conv(x)))


            def repaired_net():
                net = Net()
                net.compile(
                    optimizer="adam",
                    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                )
                return net
            """,
            0.5,
            remarks=OWN_CLASS,
        ),
    ),
    wrong=(
        Answer("the rate", _twice("A"), 0.25, "not the rate"),
        Answer("the labels", _twice("C"), 0.25, "not the labels"),
        Answer("the ReLU", _twice("D"), 0.25, "not the ReLU"),
        Answer("as it was", _twice(activation=_SOFTMAX), 0.25, "softmax twice"),
        Answer(
            "both taken out",
            _twice(loss="keras.losses.SparseCategoricalCrossentropy()"),
            0.25,
            "logits taken for probabilities",
        ),
        Answer(
            "one-hot loss",
            _twice(loss="keras.losses.CategoricalCrossentropy(from_logits=True)"),
            0.25,
            "whole numbers for a loss of one-hot labels",
        ),
        Answer(
            "a ReLU instead",
            _twice(activation=', activation="relu"'),
            0.25,
            "relu at the end",
        ),
        Answer(
            "a sigmoid instead",
            _twice(
                activation=', activation="sigmoid"',
                loss='"sparse_categorical_crossentropy"',
            ),
            0.25,
            "exclude each other",
        ),
        Answer("mean squared error", _twice(loss='"mse"'), 0.25, "not for classes"),
        Answer(
            "a softmax of one value",
            _twice(activation=_SOFTMAX, units=1, loss='"binary_crossentropy"'),
            0.25,
            "a softmax of one value",
        ),
        Answer("more classes", _twice(units=12), 0.25, "has 62,454 parameters"),
        Answer(
            "not compiled",
            """
            twice_fault = "B"
            repaired_net = models.single_conv
            """,
            0.25,
            "compile forgotten",
        ),
        Answer("unanswered", _twice(None), 0.25, "no value yet"),
    ),
)


def _string(
    fault: object = "C",
    loss: str = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    before: str = "pass",
    end: str = "return net",
) -> str:
    return f"""
        string_fault = {fault!r}


        def repaired_compile(net):
            {before}
            net.compile("adam", {loss}, metrics=["accuracy"])
            {end}
        """


STRING = Question(
    grade_id="string",
    tests=("string-named", "string-repaired"),
    points=0.5,
    right=(
        Answer(
            "a softmax on top",
            _string(
                loss='"sparse_categorical_crossentropy"',
                before="net = keras.Sequential([net, layers.Softmax()])",
            ),
            0.5,
        ),
        Answer(
            "by keywords",
            """
            string_fault = "C"


            def repaired_compile(net):
                loss = keras.losses.SparseCategoricalCrossentropy(
                    from_logits=True, name="cross_entropy"
                )
                net.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
                return net
            """,
            0.5,
        ),
        Answer(
            "functional softmax",
            """
            string_fault = "C"


            def repaired_compile(net):
                outputs = keras.ops.softmax(net.outputs[0])
                net = keras.Model(net.inputs, outputs)
                net.compile(loss=keras.losses.SparseCategoricalCrossentropy())
                return net
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("the pixels", _string("A"), 0.25, "not the pixels"),
        Answer("two softmaxes", _string("B"), 0.25, "not a second softmax"),
        Answer("the labels", _string("D"), 0.25, "not the labels"),
        Answer("small letter", _string("c"), 0.25, "'c'"),
        Answer(
            "as it was",
            _string(loss='"sparse_categorical_crossentropy"'),
            0.25,
            "logits taken for probabilities",
        ),
        Answer(
            "the class without its argument",
            _string(loss="keras.losses.SparseCategoricalCrossentropy()"),
            0.25,
            "logits taken for probabilities",
        ),
        Answer(
            "one-hot by its name",
            _string(loss='"categorical_crossentropy"'),
            0.25,
            "CategoricalCrossentropy(from_logits=True)",
        ),
        Answer(
            "one-hot",
            _string(loss="keras.losses.CategoricalCrossentropy(from_logits=True)"),
            0.25,
            "whole numbers for a loss",
        ),
        Answer(
            "a softmax too much",
            _string(before="net = keras.Sequential([net, layers.Softmax()])"),
            0.25,
            "softmax twice",
        ),
        Answer(
            "a sigmoid on top",
            _string(
                before="net = keras.Sequential([net, layers.Activation('sigmoid')])",
                loss='"binary_crossentropy"',
            ),
            0.25,
            "binary cross-entropy for several",
        ),
        Answer("compile returned", _string(end="return None"), 0.25, "returned None"),
        Answer("unanswered", _string(None), 0.25, "no value yet"),
    ),
)


def _standardise(
    fault: object = "B",
    answer: str = "(x - x.mean()) / x.std()",
    x: str = "images[..., None].astype(float)",
) -> str:
    return f"""
        rank_fault = {fault!r}


        def standardise(images):
            x = {x}
            return {answer}
        """


RANK = Question(
    grade_id="rank",
    tests=("rank-named", "rank-repaired"),
    points=0.5,
    right=(
        Answer(
            "the broken one, with its axis",
            """
            rank_fault = "B"


            def standardise(images):
                return broken_standardise(images[..., np.newaxis])
            """,
            0.5,
        ),
        Answer(
            "scaled first",
            _standardise(x="np.expand_dims(images, -1).astype('float32') / 255"),
            0.5,
        ),
        Answer(
            "axis at the end of it",
            _standardise(
                x="np.asarray(images, float)",
                answer="((x - np.mean(x)) / np.sqrt(np.var(x)))"
                ".reshape(*images.shape, 1)",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer("the small number", _standardise("A"), 0.25, "not the small number"),
        Answer("the net", _standardise("C"), 0.25, "not the net"),
        Answer("the range", _standardise("D"), 0.25, "not the range"),
        Answer(
            "axis after the broken one",
            _standardise(answer="broken_standardise(images)[..., None]"),
            0.25,
            "column by column",
        ),
        Answer(
            "no axis",
            _standardise(x="images.astype(float)"),
            0.25,
            "no axis for the channel",
        ),
        Answer(
            "pixel by pixel",
            _standardise(answer="(x - x.mean(axis=0)) / (x.std(axis=0) + 1e-7)"),
            0.25,
            "pixel by pixel",
        ),
        Answer(
            "picture by picture",
            _standardise(
                answer="(x - x.mean(axis=(1, 2), keepdims=True))"
                " / x.std(axis=(1, 2), keepdims=True)"
            ),
            0.25,
            "picture by picture",
        ),
        Answer(
            "divided by the variance",
            _standardise(answer="(x - x.mean()) / x.var()"),
            0.25,
            "divided by the variance",
        ),
        Answer("not divided", _standardise(answer="x - x.mean()"), 0.25, "not divided"),
        Answer("not centred", _standardise(answer="x / x.std()"), 0.25, "not centred"),
        Answer("scaled only", _standardise(answer="x / 255"), 0.25, "scaled only"),
        Answer(
            "channels first",
            _standardise(x="images[:, None].astype(float)"),
            0.25,
            "channels first",
        ),
        Answer("unanswered", _standardise(None), 0.25, "no value yet"),
    ),
)


def _train(
    build: str = "models.single_conv()",
    *,
    rate: float = 2e-3,
    epochs: int = 4,
    x: str = "x_train",
    y: str = "y_train",
    validation: str = ", validation_data=(x_val, y_val)",
    loss: str = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    end: str = "",
) -> str:
    return f"""
        keras.utils.set_random_seed(5)
        net = {build}
        net.compile(keras.optimizers.Adam({rate}), {loss}, metrics=["accuracy"])
        history = net.fit(
            {x}, {y}, batch_size=32, epochs={epochs}, verbose=0{validation}
        )
        {end}
        """


_FEW = ("x_train[:200]", "y_train[:200]")

TRAIN = Question(
    grade_id="train",
    group="train",
    tests=("train-curves", "train-figure"),
    points=1,
    right=(
        Answer(
            "smaller filters, one thread of steps",
            _train(
                """keras.Sequential([
            keras.Input((28, 28, 1)), layers.Conv2D(8, 3, activation="relu"),
            layers.Flatten(), layers.Dense(10)])""",
                rate=1e-3,
                epochs=5,
            ),
            1,
        ),
        Answer(
            "a softmax, and pooling",
            _train(
                """keras.Sequential([
            layers.Conv2D(12, 5, activation="relu"), layers.MaxPooling2D(2),
            layers.Flatten(), layers.Dense(10, activation="softmax")])""",
                loss='"sparse_categorical_crossentropy"',
                rate=3e-3,
            ),
            1,
        ),
        Answer(
            "a class",
            """
            class Mine(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.conv = layers.Conv2D(9, 5, activation="relu")
                    self.flat, self.dense = layers.Flatten(), layers.Dense(10)

                def call(self, x):
                    return self.dense(self.flat(self.conv(x)))


            net = Mine()
            net.compile(
                keras.optimizers.Adam(2e-3),
                keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                metrics=["accuracy"],
            )
            history = net.fit(
                x_train,
                y_train,
                batch_size=32,
                epochs=4,
                validation_data=(x_val, y_val),
                verbose=0,
            )
            """,
            1,
            remarks=OWN_CLASS,
        ),
    ),
    wrong=(
        Answer(
            "never trained",
            """
            net = models.single_conv()
            history = None
            """,
            0,
            "no value yet",
        ),
        Answer(
            "another net trained",
            _train(x=_FEW[0], y=_FEW[1], end="net = models.single_conv()"),
            0.25,
            "not trained",
        ),
        Answer(
            "two hundred digits",
            _train(x=_FEW[0], y=_FEW[1]),
            0.25,
            "too few pictures",
        ),
        Answer(
            "no validation",
            _train(x=_FEW[0], y=_FEW[1], validation=""),
            0,
            "no validation",
        ),
        Answer(
            "six epochs",
            _train(x=_FEW[0], y=_FEW[1], epochs=6),
            0,
            "more epochs than its budget",
        ),
        Answer(
            "one epoch",
            _train(x=_FEW[0], y=_FEW[1], epochs=1),
            0,
            "makes no curve",
        ),
        Answer(
            "too large",
            _train("models.mlp(100)", x=_FEW[0], y=_FEW[1]),
            0.25,
            "more parameters than its budget",
        ),
        Answer(
            "bytes",
            _train(x="255 * x_train[:1000]", y="y_train[:1000]"),
            0.25,
            "too few pictures",
        ),
        Answer(
            "a rate far too high",
            _train(x=_FEW[0], y=_FEW[1], rate=1e30),
            0,
            "NaN",
        ),
        Answer(
            "a rate far too low",
            _train(x=_FEW[0], y=_FEW[1], rate=1e-8),
            0,
            "nothing learned",
        ),
        Answer(
            "one output",
            _train(
                "keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(),"
                " layers.Dense(1)])",
                x=_FEW[0],
                y=_FEW[1],
                loss='"mse"',
            ),
            0.25,
            "one output",
        ),
        Answer(
            "net and history swapped",
            _train(x=_FEW[0], y=_FEW[1], end="net, history = history, net"),
            0,
            "holds a net",
        ),
    ),
)

QUESTIONS = (
    SIZES,
    FORWARD,
    SHUFFLE,
    BUILD,
    MLP,
    READ,
    TWICE,
    STRING,
    RANK,
    TRAIN,
)
POINTS_BY_HAND = 1
