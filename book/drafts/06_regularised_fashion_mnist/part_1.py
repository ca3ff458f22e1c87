md(r"""
# A regularised network for Fashion-MNIST

A network with enough parameters can learn its training pictures by heart. Chapter 5 let one do
so, with labels that meant nothing. What we want is another thing: a network that does well on
pictures it has never seen. Whatever helps it there, and not on the training pictures, is called
{term}`regularisation`.

This chapter has a network with 468,586 parameters and five such helps: batch normalisation,
dropout, an L2 penalty, label smoothing, and stopping in time. You make each of them by hand
before you use it, since most of them do one thing while a network trains and another when it is
used, and most mistakes are made between the two. Then you train the network twice, patiently
and quickly, and once stripped of its helps. At the end you ask a question that accuracy does
not answer: when the network says 90 %, is it right nine times in ten?

**What you will learn**

- *Compute* batch normalisation and dropout by hand, in training and in use, and *check* them
  against Keras.
- *Predict* what an L2 penalty and label smoothing do to the loss.
- *Train* a network with early stopping, and the same network in a third of the time by a rate
  that rises and falls.
- *Compare* it fairly with the same network without its helps.
- *Read* a confusion matrix, the confused pairs and a table of the classes.
- *Measure* whether a network's probabilities mean what they say, and *mend* them.

**Needed before:** [chapter 3](03_convolutional_layers.ipynb) for training with Keras,
[chapter 4](04_pooling_and_pyramids.ipynb) for pooling and a first look at dropout,
[chapter 5](05_lenet_cifar10.ipynb) for falling rates, seeds and the confusion matrix.

**Time:** about three hours, of which nearly one is training. You can read on while a cell runs.

```{run-cost} 06_regularised_fashion_mnist
```
""")
code("""
from course_utils import session

session.start()
""")
code("""
%config InlineBackend.figure_formats = ["svg"]
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from matplotlib.ticker import PercentFormatter
from tqdm.auto import tqdm
from tqdm.keras import TqdmCallback

from course_utils import anatomy, data, explain, models, plotting, training

plotting.use_style()
fashion = data.load("fashion_mnist")
fashion
""")
md(r"""
### The full run and a smaller one

All that you see on this page comes from the **full run**, which on two cores takes ⟨minutes of
the full run⟩ minutes, nearly all of them in three cells. If that is too long, write `False` into
the next cell. The **smaller run** trains on 10,000 pictures and for fewer epochs. It takes under
eight minutes, ends at about ⟨test accuracy of the smaller run⟩ of the test pictures, and shows
the same things less sharply.
""")
code("""
full = True  # False: the smaller run

most_epochs, fast_epochs = (50, 8) if full else (10, 6)
""")
md(r"""
## Clothes instead of digits

Fashion-MNIST {cite:p}`xiao2017fashion` was made to take the place of MNIST, which had become too
easy: 60,000 training and 10,000 test pictures of the same size, 28×28 and grey, in ten classes.
They are pictures from an online shop's catalogue, so everything is neatly laid out before black.
Ten of each class:
""")
code(
    """
rng = np.random.default_rng(0)
rows = [np.flatnonzero(fashion.y_train == label) for label in range(10)]
chosen = np.concatenate([rng.choice(row, 10, replace=False) for row in rows])
axes = plotting.show_images(fashion.x_train[chosen], columns=10)
for label, name in enumerate(fashion.classes):
    axes[10 * label].set_ylabel(name, rotation=0, ha="right", va="center")
""",
    alt="""A hundred small grey pictures of clothes before black, in ten rows of ten, one
    row per class: T-shirt or top, trouser, pullover, dress, coat, sandal, shirt, sneaker,
    bag, ankle boot. Trousers, bags and shoes have outlines of their own; pullovers, coats
    and shirts look much alike.""",
)
md(r"""
> **Before you go on.** Cover the names and try the rows for pullovers, coats and shirts. Write
> down the two classes that you expect to be confused most, and the three that you expect to be
> nearly perfect. We come back to your list.

A tenth becomes the {term}`validation set`, as always: 54,000 pictures to learn from and 6,000 to
decide by.
""")
code("""
def as_input(images):
    \"\"\"Pixels from 0 to 1 as 32-bit floats, with an axis for the one channel.\"\"\"
    return images[..., None].astype("float32") / 255


(x, y), (x_val, y_val) = data.split(fashion.x_train, fashion.y_train, 0.1)
if not full:
    x, y = data.subset(x, y, per_class=1_000)
x, x_val = as_input(x), as_input(x_val)
print(x.shape, x_val.shape, x.min(), x.max())
""")
md(r"""
### Labels as probabilities

Until now a label was a number: 9 for an ankle boot. In this chapter it is a row of ten
probabilities, with 1 at the right class and 0 elsewhere, called a {term}`one-hot label`. The loss
for it is the same {term}`cross-entropy`, written out in full: with $t_q$ for the label and $p_q$
for what the network says,

$$
L = -\sum_q t_q \ln p_q .
$$

> **Before you run it.** All $t_q$ but one are 0. How does this loss differ from the one for class
> numbers?
""")
code("""
t, t_val = (keras.utils.to_categorical(labels, 10) for labels in (y, y_val))
print(y[0], t[0])

guess = np.full((1, 10), 0.05, dtype="float32")
guess[0, y[0]] = 0.55
by_number = keras.losses.SparseCategoricalCrossentropy()(y[:1], guess)
by_row = keras.losses.CategoricalCrossentropy()(t[:1], guess)
print(f"{float(by_number):.4f} {float(by_row):.4f} {-np.log(0.55):.4f}")
""")
md(r"""
Not at all: only $-\ln p$ of the right class is left. The longer way of writing pays as soon as a
label is *not* all or nothing. Label smoothing, further down, gives nine tenths and a bit to the
right class, and the mixed pictures of chapter 7 are half of one class and half of another.

## The network

Two stages. Each has two convolutions of 3×3 that keep the size, then pooling and dropout; between
each convolution and its ReLU stands a {term}`batch normalisation`. After that come a
{term}`dense layer` of 128 units, dropout, and ten probabilities.

> **Before you run it.** Filters: 32 and 32 in the first stage, 64 and 64 in the second. Work out
> the parameters of the four convolutions and of the two dense layers. For each channel, batch
> normalisation keeps four numbers. How many does that make? And which single layer holds most of
> the total?
""")
code("""
net = models.regularised_net()
anatomy.layer_table(net)
""")
md(r"""
$32 \cdot (9 + 1) = 320$, $32 \cdot (9 \cdot 32 + 1) = 9{,}248$, $64 \cdot (9 \cdot 32 + 1) =
18{,}496$ and $64 \cdot (9 \cdot 64 + 1) = 36{,}928$; batch normalisation has $4 \cdot (32 + 32 +
64 + 64) = 768$. Two poolings leave $7 \cdot 7 \cdot 64 = 3{,}136$ values, which meet 128 units:
401,536 parameters, 86 % of all. In all it is **468,586 parameters**.

Not all of them are learned in the usual sense.
""")
code("""
def count(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


print(f"trained by gradients:     {count(net.trainable_weights):,}")
print(f"not trained by gradients: {count(net.non_trainable_weights):,}")
for weight in net.get_layer("norm_1a").weights:
    print(f"  {weight.name:16} {weight.shape} {weight.trainable}")
""")
md(r"""
The 384 are half of what batch normalisation keeps. What they are for is the first thing to take
apart.

## Batch normalisation, by hand

Take the maps that the first convolution makes of 128 pictures. The network is untrained, but its
first filters already disagree about scale: one makes maps of large values, the other of small
ones, one above zero, the other below. Everything behind has to cope with that, and to cope anew
whenever the filters change.
""")
code("""
keras.utils.set_random_seed(0)
net = models.regularised_net()
maps = explain.feature_maps(net, x[:128], "conv_1a")
mean, variance = maps.mean(axis=(0, 1, 2)), maps.var(axis=(0, 1, 2))
print(maps.shape)
print("means of five channels    ", mean[:5].round(3))
print("deviations of the same    ", np.sqrt(variance[:5]).round(3))
""")
md(r"""
Batch normalisation {cite:p}`ioffe2015batch` takes that out. **While the network trains**, it
computes the mean $\mu$ and the variance $\sigma^2$ of each channel over all pictures of the batch
and all places, and gives

$$
y = \gamma \, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta .
$$

The small $\varepsilon$, 0.001 in Keras, keeps a channel that is constant from being divided by
zero. The factor $\gamma$ and the shift $\beta$ are learned, one of each per channel, and begin as
1 and 0: if another scale is better than mean 0 and variance 1, the network can have it, by two
numbers that it controls and not by the accident of all weights before.

> **Before you run it.** The maps have the shape (128, 28, 28, 32). Over how many values is each
> mean taken, and how many means are there? What are mean and deviation of each channel
> afterwards: exactly 0 and 1?
""")
code("""
def normalise(maps, mean, variance, gamma=1.0, beta=0.0, epsilon=1e-3):
    return gamma * (maps - mean) / np.sqrt(variance + epsilon) + beta


by_hand = normalise(maps, mean, variance)
print(f"{len(mean)} means over {maps[..., 0].size:,} values each")
print("means     ", np.abs(by_hand.mean(axis=(0, 1, 2))).max().round(3))
print("deviations", by_hand.std(axis=(0, 1, 2))[:5].round(3))

norm = layers.BatchNormalization()
from_keras = keras.ops.convert_to_numpy(norm(maps, training=True))
print("as Keras   ", np.allclose(from_keras, by_hand, atol=1e-4))
""")
md(r"""
One mean per *channel*, over $128 \cdot 28 \cdot 28 = 100{,}352$ values. The filter is the same
everywhere, so there is no reason to treat one place in another way than the next. The deviations
are below 1, and the more so the less a channel varies. That is the $\varepsilon$: beside a small
variance, 0.001 is not nothing.

### The other mode

When the network is *used*, there may be a single picture, and no batch to take a mean of. And
even where there is one, nobody wants the answer for a picture to depend on its neighbours. So
batch normalisation keeps a {term}`moving average` of the means and of the variances that it has
met, and **in use** it takes these. They are the 384 numbers. After each batch,

$$
\text{kept} \leftarrow 0.99 \cdot \text{kept} + 0.01 \cdot \text{this batch},
$$

from 0 for the means and 1 for the variances.

> **Before you run it.** The layer above has met exactly one batch. What are its moving mean and
> variance for the first channel? If it is *used* now on the very same maps, what deviations will
> come out?
""")
code("""
print("by hand", (0.01 * mean[:3]).round(4), (0.99 + 0.01 * variance[:3]).round(4))
kept = norm.moving_mean.numpy(), norm.moving_variance.numpy()
print("Keras  ", kept[0][:3].round(4), kept[1][:3].round(4))

in_use = norm(maps).numpy()
print("as by hand", np.allclose(in_use, normalise(maps, *kept), atol=1e-4))
print("deviations", in_use.std(axis=(0, 1, 2))[:5].round(3))
""")
md(r"""
After one batch the kept numbers are still 99 % the invented ones from the start. In use, the
layer hardly normalises at all yet. The share of the start is 0.99 to the power of the batches.
""")
code("""
for batches in (1, 20, 100, 459, 1000):
    print(f"after {batches:5} batches: {0.99**batches:7.2%} of the start is left")
""")
md(r"""
It takes 459 batches, here somewhat more than an epoch, until less than a hundredth is left. Now
think of a network that has trained for twenty batches.

> **Before you run it.** Twenty steps on 2,560 pictures. What will the accuracy on these be, told
> by the training itself? And on the validation pictures, in use? (Five seeds, half
> a minute.)
""")
code(
    """
def compiled(net, learning_rate=1e-3, label_smoothing=0.0):
    net.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=label_smoothing),
        metrics=["accuracy"],
    )
    return net


part = x[:2560], t[:2560], x_val[:1000], t_val[:1000]
young = compiled(models.regularised_net())
for seed in session.seeds():
    training.start_over(young, seed)
    told = young.fit(*part[:2], 128, validation_data=part[2:], verbose=0).history
    on_training, on_validation = told["accuracy"][-1], told["val_accuracy"][-1]
    print(f"seed {seed}: training {on_training:.1%}, validation {on_validation:.1%}")
""",
    run=True,
)
md(r"""
⟨Say what was seen: training accuracy about … after 20 steps, validation accuracy near chance.⟩
Nothing is broken. The network has learned with the means of its batches, and is used with moving
averages that have not arrived. If the first validation accuracies of a net with batch
normalisation look absurd, count the batches before you look for a bug. With small training sets,
where an epoch has few batches, a shorter memory (`momentum=0.9`) helps.

### One picture, two companies

> **Before you run it.** One and the same picture goes through the layer twice, each time with 63
> others, but with different ones. By how much do its values differ, in training and in use?
""")
code("""
first = maps[:64]
second = np.concatenate([maps[:1], maps[64:127]])
for name, mode in (("in training", True), ("in use", False)):
    one, two = (norm(batch, training=mode).numpy()[0] for batch in (first, second))
    print(f"{name}: {np.abs(one - two).max():.3f}")
""")
md(r"""
In training the picture is not alone: its values depend, a little, on the company it is in. That
is a nuisance for reasoning and a help for learning, because the same picture never looks quite the
same twice: a kind of noise, and noise makes it harder to learn by heart. In use the company does
not matter, to the last digit.

### What is it good for?

The authors of batch normalisation meant it to keep the inputs of each layer steady while the
layers before it change. Later work doubts that this is why it helps: it helps as well where the
inputs are *made* unsteady, and what it does make is a smoother loss, on which longer steps are
safe {cite:p}`santurkar2018how`. That it allows longer steps can be seen. A small pyramid, with
and without, is trained for 64 steps at four rates.

> **Before you run it.** Adam's own rate is 0.001. Sketch accuracy against rate, from 0.0003 to
> 0.3, for both. (Five seeds each; about a minute.)
""")
code("""
def small_net(normalised):
    stages = []
    for filters in (8, 16):
        stages.append(layers.Conv2D(filters, 3, padding="same"))
        if normalised:
            stages.append(layers.BatchNormalization(momentum=0.9))
        stages += [layers.ReLU(), layers.MaxPooling2D(2)]
    head = layers.Flatten(), layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((28, 28, 1)), *stages, *head])
""")
code(
    """
rates, by_rate = (3e-4, 3e-3, 3e-2, 3e-1), {}
for name, normalised in (("with", True), ("without", False)):
    small, by_rate[name] = compiled(small_net(normalised)), []
    for rate in tqdm(rates, desc=name):
        small.optimizer.learning_rate = rate
        shares = []
        for seed in session.seeds():
            training.start_over(small, seed)
            small.fit(x[:4096], t[:4096], batch_size=64, verbose=0)
            answers = np.argmax(small(x_val[:1000]), axis=1)
            shares.append(np.mean(answers == y_val[:1000]))
        by_rate[name].append(shares)
for name, table in by_rate.items():
    means, spreads = np.mean(table, axis=1), np.std(table, axis=1, ddof=1)
    told = (f"{m:6.1%} ± {s:.1%}" for m, s in zip(means, spreads, strict=True))
    print(f"{name:8}", *told)
""",
    run=True,
)
code(
    """
fig, ax = plt.subplots(figsize=(6.4, 3.2))
for (name, table), look in zip(by_rate.items(), ("o-", "s--"), strict=True):
    spread = np.std(table, axis=1, ddof=1)
    ax.errorbar(rates, np.mean(table, axis=1), spread, fmt=look, capsize=3, label=name)
ax.set(xscale="log", xlabel="learning rate", ylabel="validation accuracy", ylim=(0, 1))
ax.yaxis.set_major_formatter(PercentFormatter(1))
_ = ax.legend(title="batch normalisation")
""",
    run=True,
    hide=True,
    alt="""Validation accuracy over the learning rate from 0.0003 to 0.3, with error bars
    over the seeds, for the small network with and without batch normalisation. ⟨Describe
    both curves: where each is highest, and where the one without falls to chance.⟩""",
)
md(r"""
⟨Read the figure: at which rates both work, and from which on only the normalised one does.⟩ Look
at the left end, too, where ⟨the normalised network is ahead/behind⟩.

## Dropout, by hand

Chapter 4 used {term}`dropout` {cite:p}`srivastava2014dropout`; here is what it does in full. **In
training** each value becomes 0 with a given probability, the *rate*, anew for every picture and
every step, and what is left is divided by the share that stays. **In use** nothing happens.

> **Before you run it.** 100,000 ones, and a rate of 0.4. Which values come out in training? What
> are their mean and their standard deviation?
""")
code("""
def dropout(values, rate, training):
    if not training:
        return values
    stays = rng.random(values.shape) >= rate
    return np.where(stays, values / (1 - rate), 0.0)


ones = np.ones(100_000)
from_keras = layers.Dropout(0.4, seed=0)(ones, training=True).numpy()
for name, values in (("by hand", dropout(ones, 0.4, True)), ("Keras", from_keras)):
    found, times = np.unique(values.round(4), return_counts=True)
    print(f"{name:8}", dict(zip(found.tolist(), times.tolist(), strict=True)), end=" ")
    print(f"mean {values.mean():.3f}, deviation {values.std():.3f}")
print("in use ", np.unique(dropout(ones, 0.4, False)))
""")
md(r"""
Either 0 or $1 / 0.6 = 1.667$. The mean stays 1, which is the point of the division: the layers
behind meet in use what they met in training, on average. The deviation is $\sqrt{0.4 / 0.6} =
0.816$, as large as the values themselves nearly. That is the noise that a network has to stand,
and it can only stand it by not leaning on any single feature.

Mind the arithmetic of *two* modes: a training that drops without dividing gives a network whose
units are all too loud in use, by $1 / 0.6$. The original paper did it the other way round, and
multiplied the weights by 0.6 after training. Both are right; forgetting both is the mistake.

Our network drops 25 % and 30 % of the maps' values after its poolings, and 40 % of the 128
features before the last layer, where there are most parameters to lean on.

## L2: a price on weights

The third help is the oldest {cite:p}`krogh1992simple`. Add to the loss a price for every weight,

$$
L' = L + \lambda \sum w^2 ,
$$

so that a weight is kept only as large as it is worth. This is the {term}`L2 penalty`. In Keras it
belongs to a layer, `kernel_regularizer=keras.regularizers.L2(0.001)`, and the penalty appears in
`net.losses`. Biases are left out: they bend nothing.

> **Before you run it.** Many books write $\frac{1}{2} \lambda \sum w^2$, and some divide by the
> number of weights. What does Keras do? Of two weights, 1 and 0.1, which is pushed down harder,
> and by what factor?
""")
code("""
def dense_net(factor):
    price = keras.regularizers.L2(factor) if factor else None
    units = layers.Dense(128, activation="relu", kernel_regularizer=price)
    last = layers.Dense(10, activation="softmax", kernel_regularizer=price)
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), units, last])


priced = compiled(dense_net(1e-3))
kernels = [weight.numpy() for weight in priced.weights if weight.name == "kernel"]
by_hand = 1e-3 * sum(np.sum(kernel**2) for kernel in kernels)
print(f"by hand {by_hand:.4f}, Keras {float(sum(priced.losses)):.4f}")

loss = priced.evaluate(x_val[:500], t_val[:500], verbose=0)[0]
p = priced.predict(x_val[:500], verbose=0)
alone = -np.log(p[np.arange(500), y_val[:500]]).mean()
print(f"Keras's loss {loss:.3f}, cross-entropy + penalty {alone + by_hand:.3f}")
""")
md(r"""
No ½ and no division. Therefore the pull on a weight is the derivative $2 \lambda w$: ten times as
strong on 1 as on 0.1. L2 shrinks large weights and hardly cares for small ones; it does not make
zeros. And the loss that `fit` and `evaluate` tell *contains the penalty*. A network with L2 has a
higher loss than one without, and the two losses cannot be compared; accuracies can.

What does it do? A dense network with 101,770 parameters on 2,000 pictures overfits as fast as
one could wish.

> **Before you run it.** Four prices from 0 to 0.01. Which way will the training accuracy go, and
> the length of the weights? The validation accuracy? (Five seeds each, about a minute.)
""")
code(
    """
few, priced_at = (x[:2000], t[:2000]), {}
for factor in (0, 1e-4, 1e-3, 1e-2):
    priced, priced_at[factor] = compiled(dense_net(factor)), []
    for seed in tqdm(session.seeds(), desc=f"L2 of {factor:g}"):
        training.start_over(priced, seed)
        told = priced.fit(*few, batch_size=64, epochs=30, verbose=0).history
        on_validation = np.mean(np.argmax(priced(x_val), axis=1) == y_val)
        length = np.sqrt(sum(np.sum(w.numpy() ** 2) for w in priced.weights))
        priced_at[factor].append((told["accuracy"][-1], on_validation, length))
print(" factor   training       validation     length of all weights")
for factor, table in priced_at.items():
    (a, b, c), (d, e, f) = np.mean(table, axis=0), np.std(table, axis=0, ddof=1)
    print(f"{factor:7g}  {a:.1%} ± {d:.1%}  {b:.1%} ± {e:.1%}  {c:.1f} ± {f:.1f}")
""",
    run=True,
)
md(r"""
⟨Read the table: training accuracy falls with the price, the weights get shorter, the validation
accuracy rises by … or stays within its spread up to …, and falls where the price is too high.⟩

Our network gets no L2. It has batch normalisation behind every convolution, and that changes what
the penalty means: if all weights of a filter are halved, the normalisation doubles what comes
out, and the network computes the same. (It acts on the length of the steps instead.) Where you do
want small weights with Adam, take `AdamW`. It shrinks each weight by a fixed share per step,
{term}`weight decay`, whereas Adam divides the gradient of an L2 penalty by its own measure of the
gradients' size, so that weights with large gradients are shrunk less than they should be
{cite:p}`loshchilov2019decoupled`.

## Label smoothing: a little doubt

The fourth help is done to the labels {cite:p}`szegedy2016rethinking`. {term}`Label smoothing
<label smoothing>` takes a share $\alpha$ of the certainty from each one-hot label and spreads it over all ten
classes, the right one among them: with $\alpha = 0.1$ the right class has $0.9 + 0.01 = 0.91$, the
others have 0.01 each.

> **Before you run it.** A network is right about every picture and as sure as can be. What loss
> does it get with these labels? What probability should it give to the right class to make the
> loss smallest, and how small is that?
""")
code("""
smooth = 0.9 * t[:1] + 0.1 / 10
print(smooth.round(2))
label = int(y[0])
loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
for p in (0.5, 0.91, 0.99, 0.9999):
    says = np.full((1, 10), (1 - p) / 9)
    says[0, label] = p
    by_hand = -np.sum(smooth * np.log(says))
    print(f"p = {p:<6}  by hand {by_hand:.4f}, Keras {float(loss(t[:1], says)):.4f}")
""")
code(
    """
p = np.linspace(0.3, 0.9999, 800)
fig, ax = plt.subplots(figsize=(6.4, 3.2))
for share, look in ((0.0, "-"), (0.1, "--")):
    right = 1 - share + share / 10
    losses = -right * np.log(p) - (1 - right) * np.log((1 - p) / 9)
    ax.plot(p, losses, look, label=f"smoothing {share:g}")
ax.plot(0.91, 0.5003, "o", color="black", mfc="none", ms=11)
ax.set(xlabel="probability of the right class", ylabel="loss", ylim=(0, 1.4))
_ = ax.legend()
""",
    hide=True,
    alt="""Loss over the probability of the right class, from 0.3 to 1, the rest spread evenly.
    Without smoothing the curve falls all the way to 0 at probability 1. With a smoothing of
    0.1 it falls to 0.5 at 0.91, marked by a ring, and rises steeply beyond.""",
)
md(r"""
The smallest loss is 0.500, at a probability of exactly 0.91, and being surer costs. So the logit
of the right class has no reason to run away: $\ln (0.91 / 0.01) = 4.5$ above the others is
enough. Without smoothing more is always better, without end. As with L2, losses with and without
smoothing cannot be compared.

Networks trained so are often less sure of themselves and often better calibrated; a distilled
copy of one is worse {cite:p}`muller2019when`. Whether ours gains by it is a question for the end,
and for the validation pictures.
""")
