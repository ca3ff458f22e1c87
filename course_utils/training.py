"""Short trainings, by which to see whether a long one is worth its time."""

import math
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from course_utils.conv import InvalidInput

TOO_HIGH = 4  # times the first loss: beyond, the test ends


def rate_range_test(
    net: keras.Model,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    lowest: float = 1e-5,
    highest: float = 1.0,
    steps: int = 300,
    batch_size: int = 64,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Train for a few hundred steps, each with a higher learning rate than the last.

    Where the loss falls fastest, the rate is good; where it rises, the rate is too
    high. The test ends early where the loss is four times the first one, or no number
    any more. It trains `net` and spoils it: make a new one afterwards.

    Parameters
    ----------
    net : keras.Model
        Compiled, and not trained yet.
    x, y : arrays of n pictures and n labels
        As for ``net.fit``.
    lowest, highest : float
        First and last learning rate; those between grow by equal factors.
    steps, batch_size : int
        How many steps, and how many pictures in each.

    Returns
    -------
    ``(rates, losses)`` : float arrays of one length, at most `steps`. Each loss is that
        of one batch, before the step that its rate made.

    Raises
    ------
    InvalidInput
        If the net is not compiled, the rates do not grow, or there are too few
        pictures for so many steps.

    References
    ----------
    L. N. Smith, "Cyclical learning rates for training neural networks", WACV (2017),
    doi:10.1109/WACV.2017.58.

    Examples
    --------
    >>> net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> net.compile("sgd", "mse")
    >>> x = np.ones((64, 1))
    >>> rates, losses = rate_range_test(net, x, 3 * x, steps=4, batch_size=16)
    >>> rates[:2].round(5)
    array([1.0e-05, 4.6e-04])
    """
    if not getattr(net, "compiled", False):
        raise InvalidInput("The net has no loss yet: call net.compile first.")
    if not 0 < lowest < highest:
        raise InvalidInput(
            f"The rates must grow from above 0; they go from {lowest} to {highest}."
        )
    if steps * batch_size > len(x) or steps < 2:
        raise InvalidInput(
            f"{steps} steps of {batch_size} need {steps * batch_size:,} pictures, and "
            f"at least two steps; there are {len(x):,} pictures."
        )
    rates = np.geomspace(lowest, highest, steps)
    losses: list[float] = []
    net.fit(
        x,
        y,
        batch_size=batch_size,
        steps_per_epoch=steps,
        callbacks=[_ramp(net, rates, losses)],
        verbose=0,
    )
    return rates[: len(losses)], np.array(losses)


def start_over(net: keras.Model, seed: int) -> keras.Model:
    """Give a compiled net the first weights of this seed, and a fresh optimiser.

    The same as making and compiling it anew, but what Keras has prepared for its
    training is kept, which otherwise takes longer than a short training itself.

    Parameters
    ----------
    net : keras.Model
        Sequential or functional, and compiled. Its learning rate stays as it is.
    seed : int
        As for ``keras.utils.set_random_seed``, which it is given to.

    Returns
    -------
    keras.Model : the same `net`.

    Raises
    ------
    InvalidInput
        If the net is not compiled.

    Examples
    --------
    >>> net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> net.compile("adam", "mse")
    >>> first = start_over(net, seed=0).get_weights()[0]
    >>> loss = net.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))
    >>> bool(np.all(start_over(net, seed=0).get_weights()[0] == first))
    True
    """
    if not getattr(net, "compiled", False):
        raise InvalidInput("The net has no loss yet: call net.compile first.")
    keras.utils.set_random_seed(seed)
    net.set_weights(keras.models.clone_model(net).get_weights())
    for variable in net.optimizer.variables:
        if variable is not net.optimizer._learning_rate:
            variable.assign(keras.ops.zeros_like(variable))
    net.reset_metrics()
    return net


def _ramp(
    net: keras.Model, rates: NDArray[np.float64], losses: list[float]
) -> keras.callbacks.Callback:
    """Set the next learning rate before every step, and note the step's loss."""

    def begin(batch: int, logs: Any = None) -> None:
        # Keras reports the mean since its metrics were last reset, not the last loss.
        net.reset_metrics()
        net.optimizer.learning_rate = rates[len(losses)]

    def end(batch: int, logs: Any = None) -> None:
        loss = float(logs["loss"])
        losses.append(loss)
        if not math.isfinite(loss) or loss > TOO_HIGH * losses[0]:
            net.stop_training = True

    return keras.callbacks.LambdaCallback(
        on_train_batch_begin=begin, on_train_batch_end=end
    )
