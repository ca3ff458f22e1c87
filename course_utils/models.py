"""The nets of the lessons, one function each, not yet compiled.

Pictures come in as (n, height, width, channels) in [0, 1]. A net ends in logits, so
compile it with a loss that says ``from_logits=True``; only `regularised_net` ends in a
softmax. Weights are drawn when a function is called: ``keras.utils.set_random_seed``
before it makes them the same every time.
"""

import keras
from keras import layers

from course_utils.conv import InvalidInput


def mlp(hidden: int = 100) -> keras.Sequential:
    """Make a multilayer perceptron on MNIST pixels, to compare a CNN with.

    Of its 79,510 parameters 78,500 connect 784 pixels with 100 hidden units and 1,010
    those with ten logits. With 65 hidden units it has 51,685, about as many as
    `single_conv`.

    Parameters
    ----------
    hidden : int
        Number of hidden units.

    Returns
    -------
    keras.Sequential
        From (n, 28, 28, 1) to logits (n, 10).

    Examples
    --------
    >>> mlp().count_params(), mlp(hidden=65).count_params()
    (79510, 51685)
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(name="flatten"),
            layers.Dense(hidden, activation="relu", name="hidden"),
            layers.Dense(10, name="logits"),
        ],
        name="mlp",
    )


def single_conv() -> keras.Sequential:
    """Make the first CNN: nine 5×5 filters and one dense layer on MNIST.

    Of its 52,084 parameters 234 sit in the filters (9 · (5·5 + 1)) and 51,850 in the
    dense layer, which connects all 24·24·9 = 5,184 features with ten logits.

    Returns
    -------
    keras.Sequential
        From (n, 28, 28, 1) to logits (n, 10).

    Examples
    --------
    >>> [layer.count_params() for layer in single_conv().layers]
    [234, 0, 51850]
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(9, 5, activation="relu", name="conv"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, name="logits"),
        ],
        name="single_conv",
    )


def pyramid() -> keras.Sequential:
    """Make a pyramid on MNIST: pictures shrink from stage to stage, channels grow.

    Of its 8,490 parameters 260 and 5,020 sit in the filters and 3,210 in the dense
    layer, which reads 4·4·20 = 320 features.

    Returns
    -------
    keras.Sequential
        From (n, 28, 28, 1) to logits (n, 10).

    Examples
    --------
    >>> [layer.count_params() for layer in pyramid().layers]
    [260, 0, 5020, 0, 0, 3210]
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(10, 5, activation="relu", name="conv_1"),
            layers.MaxPooling2D(2, name="pool_1"),
            layers.Conv2D(20, 5, activation="relu", name="conv_2"),
            layers.MaxPooling2D(2, name="pool_2"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, name="logits"),
        ],
        name="pyramid",
    )


def dropout_pyramid() -> keras.Sequential:
    """Make a wider pyramid of 3×3 filters on MNIST, with dropout before its head.

    Of its 34,826 parameters 320 and 18,496 sit in the filters and 16,010 in the dense
    layer, which reads 5·5·64 = 1,600 features.

    Returns
    -------
    keras.Sequential
        From (n, 28, 28, 1) to logits (n, 10).

    Examples
    --------
    >>> [layer.count_params() for layer in dropout_pyramid().layers]
    [320, 0, 18496, 0, 0, 0, 16010]
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu", name="conv_1"),
            layers.MaxPooling2D(2, name="pool_1"),
            layers.Conv2D(64, 3, activation="relu", name="conv_2"),
            layers.MaxPooling2D(2, name="pool_2"),
            layers.Flatten(name="flatten"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(10, name="logits"),
        ],
        name="dropout_pyramid",
    )


def lenet() -> keras.Sequential:
    """Make LeNet for the colour pictures of CIFAR-10.

    Of its 62,006 parameters 456 and 2,416 sit in the filters and 48,120, 10,164 and 850
    in the dense layers, the first of which reads 5·5·16 = 400 features.

    Returns
    -------
    keras.Sequential
        From (n, 32, 32, 3) to logits (n, 10).

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
    document recognition", Proceedings of the IEEE 86 (1998): the sizes, here with ReLU
    and max pooling.

    Examples
    --------
    >>> [layer.count_params() for layer in lenet().layers]
    [456, 0, 2416, 0, 0, 48120, 10164, 850]
    """
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(6, 5, activation="relu", name="conv_1"),
            layers.MaxPooling2D(2, name="pool_1"),
            layers.Conv2D(16, 5, activation="relu", name="conv_2"),
            layers.MaxPooling2D(2, name="pool_2"),
            layers.Flatten(name="flatten"),
            layers.Dense(120, activation="relu", name="dense_1"),
            layers.Dense(84, activation="relu", name="dense_2"),
            layers.Dense(10, name="logits"),
        ],
        name="lenet",
    )


def regularised_net() -> keras.Sequential:
    """Make the regularised net for Fashion-MNIST. It ends in a softmax, not in logits.

    Its 468,586 parameters: 64,992 in the filters, 768 in the batch normalisation, of
    which 384, the moving means and variances, are not trained, and 402,826 in the dense
    layers, nearly all of them (401,536) after Flatten.

    Returns
    -------
    keras.Sequential
        From (n, 28, 28, 1) to probabilities (n, 10). Compile it with one-hot labels and
        ``categorical_crossentropy``.

    References
    ----------
    S. Ioffe, C. Szegedy, "Batch normalization", ICML (2015), arXiv:1502.03167.

    N. Srivastava et al., "Dropout", Journal of Machine Learning Research 15 (2014).

    Examples
    --------
    >>> regularised_net().count_params()
    468586
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *_conv_bn_relu(32, "1a"),
            *_conv_bn_relu(32, "1b"),
            layers.MaxPooling2D(2, name="pool_1"),
            layers.Dropout(0.25, name="dropout_1"),
            *_conv_bn_relu(64, "2a"),
            *_conv_bn_relu(64, "2b"),
            layers.MaxPooling2D(2, name="pool_2"),
            layers.Dropout(0.30, name="dropout_2"),
            layers.Flatten(name="flatten"),
            layers.Dense(128, activation="relu", name="dense"),
            layers.Dropout(0.40, name="dropout_3"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="regularised_net",
    )


def stripped_net() -> keras.Sequential:
    """Make `regularised_net` without batch normalisation and dropout, to compare.

    Its 467,818 parameters are those of the regularised net but for the 768 of the batch
    normalisation.

    Returns
    -------
    keras.Sequential
        From (n, 28, 28, 1) to probabilities (n, 10).

    Examples
    --------
    >>> stripped_net().count_params()
    467818
    """
    helps = layers.BatchNormalization | layers.Dropout
    net = keras.Sequential([keras.Input((28, 28, 1))], name="stripped_net")
    for layer in regularised_net().layers:
        if not isinstance(layer, helps):
            net.add(layer.__class__.from_config(layer.get_config()))
    return net


def cats_dogs_net(size: int = 64) -> keras.Sequential:
    """Make the bipyramidal net for cats and dogs, from scratch and regularised.

    Four stages halve the picture while the channels grow from 3 to 128; the mean over
    what is left of the picture replaces Flatten, so the number of parameters does not
    depend on `size`. Of the 242,017 parameters 240,480 sit in the filters, 1,408 in the
    batch normalisation (704 of them not trained) and 129 in the head.

    Parameters
    ----------
    size : int
        Height and width of the pictures in pixels, at least 16.

    Returns
    -------
    keras.Sequential
        From (n, size, size, 3) to one logit (n, 1): positive means class 1, dog.
        Compile it with ``BinaryCrossentropy(from_logits=True)`` and
        ``BinaryAccuracy(threshold=0)``.

    Raises
    ------
    InvalidInput
        If nothing would be left of the picture after four stages.

    References
    ----------
    M. Lin, Q. Chen, S. Yan, "Network in network", ICLR (2014), arXiv:1312.4400, for the
    global pooling.

    Examples
    --------
    >>> cats_dogs_net().count_params(), cats_dogs_net(size=128).count_params()
    (242017, 242017)
    """
    if size < 16:
        raise InvalidInput(
            f"Pictures of {size} pixels are too small: four poolings by 2 need 16."
        )
    stages = [
        layer
        for stage, filters in enumerate((32, 64, 128, 128), start=1)
        for layer in (
            *_conv_bn_relu(filters, str(stage), use_bias=False),
            layers.MaxPooling2D(2, name=f"pool_{stage}"),
        )
    ]
    return keras.Sequential(
        [
            keras.Input((size, size, 3)),
            *stages,
            layers.GlobalAveragePooling2D(name="global_pool"),
            layers.Dropout(0.4, name="dropout"),
            layers.Dense(1, name="logit"),
        ],
        name="cats_dogs_net",
    )


def _conv_bn_relu(
    filters: int, name: str, *, use_bias: bool = True
) -> tuple[keras.Layer, keras.Layer, keras.Layer]:
    """Make a 3×3 convolution that keeps the size, normalised before its ReLU.

    The normalisation subtracts the mean and with it any bias of the convolution, which
    can therefore be left out.
    """
    return (
        layers.Conv2D(
            filters, 3, padding="same", use_bias=use_bias, name=f"conv_{name}"
        ),
        layers.BatchNormalization(name=f"norm_{name}"),
        layers.ReLU(name=f"relu_{name}"),
    )
