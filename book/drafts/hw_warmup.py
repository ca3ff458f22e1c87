md("paired", r"""
# A warm-up from chapter 8

## 1. Pair by pair (0.5 points)

[1] Two ways of training were run from the same seeds, each seed with the same pictures for both. Some
seeds drew easy pictures, some hard ones; subtracting seed by seed takes that out. Write a function
that says by how much the first way is better on average, and how sure that is: the standard error of
the mean of the differences. The spread of a few values is estimated with `ddof=1`.

> **Before you run it.** The test below has these six pairs. Do you expect the difference to be more
> than two of its standard errors?
""")
answer("paired", r'''
def paired(a, b):
    """Mean of the paired differences a − b, and its standard error.

    Parameters
    ----------
    a, b : arrays or lists of n floats, accuracies of two ways; a[i] and b[i] share a
        seed.

    Returns
    -------
    tuple of 2 floats: mean, standard error.
    """
    ### BEGIN SOLUTION
    pairs = np.subtract(a, b)
    return pairs.mean(), pairs.std(ddof=1) / np.sqrt(len(pairs))
    ### END SOLUTION
''')
test("paired-difference", 0.5, r"""
how = {"mistakes": transfer.paired_mistakes()}
how["read"] = "“Five seeds, pair by pair”, chapter 8"
first = [0.61, 0.64, 0.66, 0.63, 0.60, 0.69]
second = [0.55, 0.60, 0.57, 0.64, 0.52, 0.61]
checks.function(paired, transfer.paired, [(first, second)], **how)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(seed=91)
inputs = [(first, second)] + [(rng.random(n), rng.random(n)) for n in (7, 3)]
checks.function(paired, transfer.paired, inputs, **how)
### END HIDDEN TESTS
""")
md("ensemble", r"""
## 2. Several networks, one answer (0.5 points)

[2] Several networks have given their probabilities for the same pictures. Write two functions. The
first asks all of them: it takes the mean of their probabilities and names the class with the
largest. The second says what that gains: the accuracy of the ensemble minus the *mean* accuracy of
its members. (Which member is the best one nobody knows beforehand.) It may be negative.

Then say for which of these four the gain is next to nothing, whatever the pictures:

- **A** Five networks trained from scratch from five seeds, on the same pictures.
- **B** Five copies of a pretrained network, all of whose weights were fine-tuned from five seeds,
  with dropout and augmentation.
- **C** Five heads of one dense layer, trained from five seeds until the loss falls no more, on one
  frozen body, on the same pictures and without augmentation.
- **D** Five such heads, each trained on 50 pictures of its own, picked at random.

Put the letter in place of `None`.
""")
answer("ensemble", r'''
useless = None  # "A", "B", "C" or "D"


def ensemble(probabilities):
    """Classes that the mean of the members' probabilities names.

    Parameters
    ----------
    probabilities : array of floats, shape (members, n, classes).

    Returns
    -------
    array of ints, shape (n,).
    """
    ### BEGIN SOLUTION
    return probabilities.mean(axis=0).argmax(axis=-1)
    ### END SOLUTION


def gain(probabilities, y):
    """Accuracy of the ensemble minus the mean accuracy of its members.

    Parameters
    ----------
    probabilities : array of floats, shape (members, n, classes).
    y : array of ints, shape (n,), the true classes.

    Returns
    -------
    float, 0.02 for two points.
    """
    ### BEGIN SOLUTION
    together = probabilities.mean(axis=0).argmax(axis=-1)
    alone = probabilities.argmax(axis=-1)
    return np.mean(together == y) - np.mean(alone == y)


useless = "C"
### END SOLUTION
''')
test("ensemble-answers", 0.25, r"""
rng = np.random.default_rng(seed=82)
p = rng.random((4, 8, 3)) ** 2
p /= p.sum(axis=-1, keepdims=True)
how = {"mistakes": transfer.ensemble_mistakes()}
how["read"] = "“Five networks instead of one”, chapter 8"
checks.function(ensemble, transfer.ensemble, [(p,)], **how)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(seed=92)
more = rng.random((5, 12, 4)) ** 2
more /= more.sum(axis=-1, keepdims=True)
checks.function(ensemble, transfer.ensemble, [(p,), (more,)], **how)
### END HIDDEN TESTS
""")
test("ensemble-gain", 0.125, r"""
rng = np.random.default_rng(seed=82)
p = rng.random((4, 8, 3)) ** 2
p /= p.sum(axis=-1, keepdims=True)
y_true = np.array([2, 2, 2, 1, 0, 1, 0, 2])
how = {"mistakes": transfer.gain_mistakes()}
how["read"] = "“Five networks instead of one”, chapter 8"
checks.function(gain, transfer.gain, [(p, y_true)], **how)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(seed=93)
more = rng.random((4, 30, 3)) ** 2
more /= more.sum(axis=-1, keepdims=True)
worse = np.array([[[0.55, 0.45]], [[0.55, 0.45]], [[0.1, 0.9]]])
inputs = [(p, y_true), (more, rng.integers(0, 3, 30)), (worse, np.array([0]))]
checks.function(gain, transfer.gain, inputs, **how)
### END HIDDEN TESTS
""")
test("ensemble-useless", 0.125, r"""
mistakes, read = transfer.USELESS, "“Five networks instead of one”, chapter 8"
checks.value(useless, "C", name="useless", mistakes=mistakes, read=read)
""")
md("weights", r"""
## 3. As the weights want it (0.5 points)

[3] Two bodies of `keras.applications` are given our pictures, floats from 0 to 1 with the colours in
the order red, green, blue. Nothing complains, and the numbers that come out are useless: the pictures
must look as they did when the weights were trained.

- **MobileNetV2** wants the same colours from −1 to 1: black is −1, white is 1.
- **VGG16** wants 0 to 255, the colours in the order *blue, green, red*, and of each colour its mean
  over ImageNet subtracted: 103.939 of blue, 116.779 of green, 123.68 of red.

Repair it: write both, with NumPy alone. What a function makes of one picture must not depend on the
others.
""")
answer("weights", r'''
def for_mobilenet(pictures):
    """Pictures from 0 to 1 as MobileNetV2 wants them, from −1 to 1.

    Parameters
    ----------
    pictures : array of floats, shape (n, height, width, 3); red, green, blue.

    Returns
    -------
    array of floats, the same shape.
    """
    ### BEGIN SOLUTION
    return 2 * pictures - 1
    ### END SOLUTION


def for_vgg(pictures):
    """Pictures from 0 to 1 as VGG16 wants them: blue first, less the means of ImageNet.

    Parameters
    ----------
    pictures : array of floats, shape (n, height, width, 3); red, green, blue.

    Returns
    -------
    array of floats, the same shape; blue, green, red.
    """
    ### BEGIN SOLUTION
    return 255 * pictures[..., ::-1] - np.array([103.939, 116.779, 123.68])
    ### END SOLUTION
''')
test("weights-mobilenet", 0.25, r"""
rng = np.random.default_rng(seed=83)
some = rng.random((2, 3, 4, 3), dtype="float32")
how = {"mistakes": transfer.mobilenet_mistakes()}
how["read"] = "“Where real pretrained weights come from”, chapter 8"
checks.function(for_mobilenet, transfer.for_mobilenet, [(some,)], **how)
### BEGIN HIDDEN TESTS
more = 0.9 * rng.random((3, 5, 4, 3), dtype="float32")
checks.function(for_mobilenet, transfer.for_mobilenet, [(some,), (more,)], **how)
### END HIDDEN TESTS
""")
test("weights-vgg", 0.25, r"""
rng = np.random.default_rng(seed=83)
some = rng.random((2, 3, 4, 3), dtype="float32")
how = {"mistakes": transfer.vgg_mistakes()}
how["read"] = "“Where real pretrained weights come from”, chapter 8"
checks.function(for_vgg, transfer.for_vgg, [(some,)], **how)
### BEGIN HIDDEN TESTS
more = 0.9 * rng.random((3, 5, 4, 3), dtype="float32")
checks.function(for_vgg, transfer.for_vgg, [(some,), (more,)], **how)
### END HIDDEN TESTS
""")
