"""For course_utils/models.py, after `regularised_net` (the chapter shows the same lines)."""

import keras
from keras import layers

from course_utils.models import regularised_net


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
