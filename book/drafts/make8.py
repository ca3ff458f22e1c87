"""Write book/08_transfer_learning.ipynb."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = []


def md(text):
    CELLS.append(new_markdown_cell(text.strip("\n"), id=f"text-{len(CELLS):03}"))


def code(text, *tags, alt=None, hidden=False):
    meta = {"tags": list(tags)} if tags else {}
    if alt:
        meta["mystnb"] = {"image": {"alt": " ".join(alt.split())}}
    if hidden:
        meta["jupyter"] = {"outputs_hidden": True, "source_hidden": True}
    CELLS.append(
        new_code_cell(text.strip("\n"), id=f"code-{len(CELLS):03}", metadata=meta)
    )


IGNORE = "nbval-ignore-output"


def exercise(label, title, text):
    md(
        f"```{{exercise-start}} {title}\n:label: {label}\n```\n"
        f"{text.strip(chr(10))}\n\n```{{exercise-end}}\n```"
    )


def solution(label, text, *cells):
    md(
        f"```{{solution-start}} {label}\n:class: dropdown\n```\n{text.strip(chr(10))}"
    )
    for source, tags, alt in cells:
        code(source, *tags, alt=alt, hidden=True)
    md("```{solution-end}\n```")


def quiz(question, *answers):
    parts = [question.strip("\n")]
    for summary, told in answers:
        parts.append(
            f'<details class="quiz"><summary>{summary}</summary>\n\n'
            f"{told.strip(chr(10))}\n\n</details>"
        )
    head, *rest = parts
    md(head + "\n\n" + "\n".join(rest))


md(r"""
# Transfer learning

Every network of this course has begun from nothing. Its filters were random numbers, and what an
edge is, or fur, or an ear, it had to find out from the pictures that we gave it. With tens of
thousands of pictures that works. Often there are not so many: a doctor has two hundred scans of a
rare disease, a gardener two hundred photographs of one beetle.

A person who is shown her first beetle does not learn to see first. She has seen other things
before. In this chapter a network does the same. It learns to see from pictures of eight classes
that do not matter to us, and then it is shown two hundred cats and two hundred dogs. This is
{term}`transfer learning`. We ask what the borrowed sight is worth, and we ask it in such a way
that the answer can be trusted: five seeds, a fair rival, and one look at the test set.

**What you will learn**

- *Transfer* the filters of one network to another task, first frozen, then fine-tuned.
- *Keep* batch normalisation in inference mode while the rest learns, and *check* that it stays
  there. The line of code that many guides recommend does not do it.
- *Compare* two ways of training over several seeds, pair by pair, with a standard error.
- *Combine* several networks into one that is better than its mean member, and *say* when that
  gains nothing.
- *Load* weights that others have trained for weeks, and feed them as they want to be fed.

**Needed before:** [chapter 5](05_lenet_cifar10.ipynb) for CIFAR-10 and for judging a training,
[chapter 6](06_regularised_fashion_mnist.ipynb) for batch normalisation and dropout,
[chapter 7](07_cats_vs_dogs.ipynb) for the network and for augmentation.

**Time:** about two hours. In full, the cells take as long as the line below says, half of it in
one training. Cells that take longer than a few seconds say so.

```{run-cost} 08_transfer_learning
```
""")
code("""
from course_utils import session

session.start()
""")
code("""
%config InlineBackend.figure_formats = ["svg"]
import socket
import tempfile
import time
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from matplotlib.ticker import PercentFormatter
from tqdm.auto import tqdm
from tqdm.keras import TqdmCallback

from course_utils import anatomy, data, models, plotting, seeds
from course_utils.results import Headline

plotting.use_style()
cifar10 = data.load("cifar10")
cifar10
""")
md(r"""
## Two hundred cats, two hundred dogs

The task is the hardest pair of CIFAR-10. In [chapter 5](05_lenet_cifar10.ipynb), LeNet mixed up
cats and dogs more often than any other two classes, and it had 4,500 pictures of each.

We put all cats and dogs of the training set on one side. From these 10,000 we cut 1,000 for
validation; the others are the pool from which we draw our few. That is a luxury: whoever has only
two hundred pictures of a class has no five hundred more to decide by. We allow ourselves these
because they let us *see* with less noise what happens. What the networks learn cats and dogs from
is 400 pictures, here and in all that follows.
""")
code('''
def scaled(images):
    """Pixels from 0 to 1 as 32-bit floats."""
    return images.astype("float32") / 255


pets = [cifar10.classes.index(name) for name in ("cat", "dog")]
pool, kinds = data.subset(cifar10.x_train, cifar10.y_train, classes=pets)
(pool, kinds), (pets_val, kinds_val) = data.split(pool, kinds, 1000)
pets_val = scaled(pets_val)
print(pool.shape, pets_val.shape)
''')
code('''
def draw_pets(per_class, seed):
    """So many cats (0) and dogs (1) from the pool, and their labels."""
    few, few_kinds = data.subset(pool, kinds, per_class=per_class, seed=seed)
    return scaled(few), few_kinds


few, few_kinds = draw_pets(200, seed=0)
print(few.shape, "cats and dogs:", np.bincount(few_kinds))
''')
code(
    """
_ = plotting.show_rows({"cat": few[few_kinds == 0][:9], "dog": few[few_kinds == 1][:9]})
""",
    alt="""Two rows of nine small, coarse colour photographs, cats above dogs. The cats
    stand, sit and lie, one fills the picture with its face, one sits before a bright
    window, one is curled up. Most of the dogs sit and look at us; one is held in a
    hand.""",
)
md(r"""
`data.subset` has numbered the two classes anew: 0 is a cat, 1 is a dog.

### From scratch

First the rival. We take the last network of chapter 7, which was made for cats and dogs, at 32
pixels. It keeps its 242,017 parameters: the mean over each map takes the place of Flatten, so the
size of the picture does not count. A rival must be allowed to try, so it gets what it needs.
{term}`Batch normalisation` and {term}`dropout` are in it; pictures are mirrored and shifted a
little while it trains; the learning rate falls to zero, and there is time: a hundred epochs. (Twice
as many, and twice the rate, were tried on validation pictures. Neither gained a point.)

We build it in two parts, a *body* that turns a picture into 128 numbers, and a *head* that makes
one {term}`logit` of them. You will see soon why.
""")
code('''
def make_body():
    """The network of chapter 7 without its head: a picture becomes 128 numbers."""
    net = models.cats_dogs_net(size=32)
    return keras.Model(net.inputs[0], net.get_layer("global_pool").output, name="body")
''')
code('''
def with_head(body, units=1, name="logit"):
    """Pictures, changed a little while training; a body; its numbers; the logits."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1),
            body,
            layers.Dropout(0.4, name="dropout"),
            layers.Dense(units, name=name),
        ]
    )


anatomy.layer_table(make_body())
''')
md(r"""
241,888 parameters in the body, and $128 + 1 = 129$ in the head. The rest is as in the last
chapter. The logit is positive for a dog, so the accuracy has its threshold at 0.
""")
code('''
def compiled(net, learning_rate):
    net.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0, name="accuracy")],
    )
    return net


def falling(rate, epochs, pictures, batch_size=32):
    """A learning rate that falls to zero along half a wave of the cosine."""
    steps = epochs * int(np.ceil(pictures / batch_size))
    return keras.optimizers.schedules.CosineDecay(rate, steps)
''')
code('''
def from_scratch(pictures, labels, seed, epochs=100, **watch):
    """Train the whole network from random weights: the network and its curves."""
    keras.utils.set_random_seed(seed)
    net = compiled(with_head(make_body()), falling(1e-3, epochs, len(pictures)))
    told = net.fit(pictures, labels, 32, epochs=epochs, verbose=0, **watch)
    return net, told.history


def share_right(net, pictures, labels):
    """Share of the pictures whose logit lies on the right side of 0."""
    return np.mean((net.predict(pictures, verbose=0)[:, 0] > 0) == labels)
''')
md(r"""
> **Before you run it.** Guessing gets 50 %. What will a network of 242,017 parameters reach on
> 1,000 new cats and dogs after a hundred epochs with 400 of them? And on the 400 themselves?
> (About a minute.)
""")
code(
    """
watch = {
    "validation_data": (pets_val, kinds_val),
    "callbacks": [TqdmCallback(verbose=0)],
}
scratch, curves = from_scratch(few, few_kinds, seed=0, **watch)
for name, pair in (("its own", (few, few_kinds)), ("new", (pets_val, kinds_val))):
    print(f"{name:7} pictures: {share_right(scratch, *pair):.1%}")
_ = plotting.plot_history(curves)
""",
    IGNORE,
    alt="""Two panels with the loss and the accuracy of a hundred epochs. The training
    curves improve to the end. The validation curves, dashed and restless, stop improving
    much earlier; between the two a wide gap opens.""",
)
md(r"""
⟨its own⟩ of the 400, and ⟨new⟩ of new ones. It is the gap of chapter 7, in spite of everything
that is meant to close it. Four hundred pictures are too few to find out what fur looks like *and*
how a dog's face differs from a cat's.

## Learning to see elsewhere

The first of these does not need cats and dogs. Edges, textures, legs and eyes are in other
pictures, too. So we let the same body learn on the eight other classes of CIFAR-10, of which there
are plenty: airplanes, automobiles, birds, deer, frogs, horses, ships and trucks. No cat and no dog
is among them. That is called {term}`pretraining`.
""")
code("""
others = [label for label in range(10) if label not in pets]
names = [cifar10.classes[label] for label in others]
x, y = data.subset(cifar10.x_train, cifar10.y_train, classes=others)
(x, y), (x_val, y_val) = data.split(x, y, 0.1)
x, x_val = scaled(x), scaled(x_val)
print(x.shape, x_val.shape, ", ".join(names))
""")
md(r"""
The head has eight logits now, and the loss is the one for several classes. Fifteen epochs in
batches of 64 take ⟨minutes⟩ minutes on two cores. It is the one long training of this chapter, and
it is done once; all that follows takes seconds, or a minute or two.
""")
code(
    '''
keras.utils.set_random_seed(0)
base, epochs = make_body(), 15
teacher = with_head(base, units=8, name="logits")
teacher.compile(
    optimizer=keras.optimizers.Adam(falling(2e-3, epochs, len(x), batch_size=64)),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
'''
)
code(
    '''
began = time.perf_counter()
history = teacher.fit(
    *(x, y, 64),
    epochs=epochs,
    validation_data=(x_val, y_val),
    verbose=0,
    callbacks=[TqdmCallback(verbose=0)],
)
print(f"{(time.perf_counter() - began) / 60:.0f} minutes", end=", ")
print(f"eight classes: {history.history['val_accuracy'][-1]:.1%} of validation right")
''',
    IGNORE,
)
code(
    """
_ = plotting.plot_history(history)
""",
    IGNORE,
    alt="""Two panels with the loss and the accuracy of fifteen epochs on eight classes,
    training and validation in each: the loss falls and the accuracy rises, fast at first,
    slowly at last.""",
)
md(r"""
⟨Validation accuracy on eight classes; how far apart training and validation are.⟩

What does this network make of a cat? It has eight answers, and none of them is right.

> **Before you run it.** We show it 500 cats and 500 dogs. Which of the eight classes will it
> name most often for cats, and which for dogs? Will it treat the two alike?
""")
code(
    """
answers = teacher.predict(pets_val, verbose=0).argmax(axis=1)
places = np.arange(len(names))
fig, ax = plt.subplots(figsize=(6.4, 3.8))
for kind, (offset, name) in enumerate(((-0.2, "cats"), (0.2, "dogs"))):
    counts = np.bincount(answers[kinds_val == kind], minlength=8)
    share = counts / counts.sum()
    bars = ax.barh(places + offset, share, 0.38, label=name)
    ax.bar_label(bars, [f" {value:.0%}" for value in share], fontsize=10)
ax.set_yticks(places, names)
ax.margins(x=0.12)  # room for the numbers
ax.set(xlabel="share of the answers")
ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
ax.invert_yaxis()
_ = ax.legend(loc="lower right")
""",
    IGNORE,
    "hide-input",
    alt="""Bars for eight classes, one for cats and one for dogs each: how often the
    network, which knows neither, named that class, in per cent.""",
)
md(r"""
⟨Which classes, for cats and for dogs; vehicles how rarely.⟩ It knows no cat, and still it does
not answer at random: ⟨it finds that both are animals, and it does not treat the two alike⟩. So
there is something in its 128 numbers that tells a cat from a dog, although nobody asked for it.
The last layer was not made to say it. We make one that is.

## Frozen

We keep the body as it is, and train only a new head: 128 weights and a bias, 129 parameters for
400 pictures. The body is {term}`frozen <frozen layer>`: none of its weights changes.

Since the body does not change, neither do the 128 numbers that it makes of a picture. We need to
work them out only once, and what is left is a tiny training that has nothing to do with pictures
any more.
""")
code('''
def new_head(numbers, labels, seed, epochs=60):
    """Train a single unit on what a body has made of pictures, shape (n, 128)."""
    keras.utils.set_random_seed(seed)
    head = keras.Sequential([keras.Input(numbers.shape[1:]), layers.Dense(1)])
    compiled(head, falling(1e-2, epochs, len(numbers)))
    head.fit(numbers, labels, 32, epochs=epochs, verbose=0)
    return head


def frozen(body, pictures, labels, seed):
    """Give a body a new head, trained on the pictures. The body stays."""
    head = new_head(body.predict(pictures, verbose=0), labels, seed)
    net = with_head(body)
    net.get_layer("logit").set_weights(head.get_weights())
    return net
''')
md(r"""
> **Before you run it.** 129 parameters against 242,017. The frozen body has never seen a cat. Will
> it be better or worse than the network from scratch, and by how much? How long will it take?
""")
code(
    """
began = time.perf_counter()
borrowed = frozen(base, few, few_kinds, seed=0)
print(f"{time.perf_counter() - began:.1f} s")
print(f"frozen: {share_right(borrowed, pets_val, kinds_val):.1%}")
""",
    IGNORE,
)
md(r"""
⟨Comparison: frozen against scratch, points, seconds.⟩ It is one training each, so do not make a
law of it yet; five seeds come [below](transfer-seeds).

There is a price for computing the numbers only once. They belong to the pictures as they are, so
there is no augmentation.

A frozen body has a limit, too. It hands on what helps to tell eight other classes apart. What sets
a cat's muzzle apart from a dog's may have been of no use there. Then it is not among the 128
numbers, and no head brings it back.

## Fine-tuned

So we let the body learn, too, from where it is. This is {term}`fine-tuning`. Two questions come
first.

**What does the head know?** A random head sends random gradients back. They would shake the very
filters that we borrowed, before the head had anything to tell them
{cite:p}`kumar2022finetuning`. So: first the head alone, as above, and then everything.

**How large may the steps be?** Many guides say: small, a tenth of the usual rate or less. The
filters are good already, so one should nudge them and not throw them about. That sounds
reasonable, and it was found with bodies that had seen a million photographs. Whether it holds for
ours we shall not believe but [try](transfer-rates).

And there is a third question, which is often answered wrongly.
""")
md(r"""
(transfer-norms)=
### Batch normalisation while fine-tuning

A batch normalisation layer has two modes, as you computed by hand in
[chapter 6](06_regularised_fashion_mnist.ipynb). In training it takes mean and variance from the
batch at hand, and moves its {term}`moving averages <moving average>` a little towards them. In use
it takes the moving averages. Those of our body were collected over tens of thousands of pictures.
In fine-tuning there are few pictures, in small batches; their means are noisy, and the averages
begin to drift away from what the filters after them were trained with. So one wants these layers
in {term}`inference mode` throughout: averages used, averages left alone.

The line of code that you find for this in many guides calls the body with `training=False`:

    features = body(inputs, training=False)

> **Before you run it.** We fine-tune for one epoch, in four ways, and measure how far the moving
> means move. (a) An ordinary call. (b) The body called with `training=False`. (c) An ordinary
> call, but `layer.trainable = False` for the batch normalisation layers. (d) The whole body
> frozen by `body.trainable = False`. In which of them do the means stay where they are?
""")
code('''
def norms(body):
    return [one for one in body.layers if isinstance(one, layers.BatchNormalization)]


def moving_means(body):
    return np.concatenate([norm.moving_mean.numpy() for norm in norms(body)])


''')
code('''
def copy_of(body):
    """A body of its own with the same weights."""
    copy = keras.models.clone_model(body)
    copy.set_weights(body.get_weights())
    return copy


def drift(body, **call):
    """How far one epoch of fine-tuning moves the moving means, on average."""
    before, inputs = moving_means(body), keras.Input((32, 32, 3))
    net = keras.Model(inputs, layers.Dense(1)(body(inputs, **call)))
    compiled(net, 1e-4).fit(few, few_kinds, 32, verbose=0)
    return np.abs(moving_means(body) - before).mean()
''')
code(
    """
ways = {name: copy_of(base) for name in "abcd"}
for norm in norms(ways["c"]):
    norm.trainable = False
ways["d"].trainable = False
for name, body in ways.items():
    call = {"training": False} if name == "b" else {}
    learned = sum(np.size(weight) for weight in body.trainable_weights)
    moved = drift(body, **call)
    print(f"({name}) {learned:7,} parameters learn, means moved by {moved:.5f}")
""",
    IGNORE,
)
md(r"""
(a) and (b) move, ⟨by how much each, and whether alike⟩. **The call with `training=False` keeps
nothing in place.** In (c) and (d) nothing moves at all.

Why? Look at who has the last word. The value that is given when the body is *called* is kept with
that call. When the network is trained, `fit` hands `training=True` down through all layers, and
that replaces what was kept. What a layer cannot be talked out of is its own `trainable = False`:
in Keras a batch normalisation layer that is not trainable runs in inference mode, whatever it is
told. (This is Keras 3.15. In other versions the call may have another effect, which is one more
reason to measure.)

In way (d) the call is superfluous, and that is why the habit does no harm while the body is
frozen. It fails exactly where it is meant to help: when the body is set free.

Note the price of (c). The factors and shifts of these layers, $\gamma$ and $\beta$, are frozen
with them: 704 of 242,017 parameters.
""")
code('''
def fine_tuned(net, pictures, labels, seed, rate=1e-3, epochs=100, norms_move=False):
    """Go on with all weights of a frozen network, but keep batch norm as it is."""
    keras.utils.set_random_seed(seed)
    body = copy_of(net.get_layer("body"))
    body.trainable = True
    for norm in norms(body):
        norm.trainable = norms_move
    tuned = with_head(body)
    tuned.get_layer("logit").set_weights(net.get_layer("logit").get_weights())
    compiled(tuned, falling(rate, epochs, len(pictures)))
    tuned.fit(pictures, labels, 32, epochs=epochs, verbose=0)
    return tuned
''')
md(r"""
The body is copied first, so that the borrowed one stays as it is for later use.

(transfer-rates)=
### How large may the steps be?

> **Before you run it.** We fine-tune at five rates, from a tenth of the usual one, which is 0.001, to
> ten times as much. Each training gets a hundred epochs and the same start. Which rate will be best
> on the validation pictures? What do you expect at the two ends? (About four minutes.)
""")
code(
    """
began, by_rate = time.perf_counter(), {}
for rate in tqdm((1e-4, 3e-4, 1e-3, 3e-3, 1e-2)):
    by_rate[rate] = fine_tuned(borrowed, few, few_kinds, seed=0, rate=rate)
seconds = (time.perf_counter() - began) / len(by_rate)
print(f"frozen:      {share_right(borrowed, pets_val, kinds_val):.1%}")
for rate, net in by_rate.items():
    print(f"rate {rate:<6}: {share_right(net, pets_val, kinds_val):.1%}")
""",
    IGNORE,
)
md(r"""
⟨What the rates do.⟩ The body knew too little of what sets a cat apart from a dog to be nudged. It
had to learn it, and for that it needs steps of the usual size. At the other end the advice is right:
steps that are large enough throw away what was borrowed. Where the best rate lies depends on the
body, on the task and on how many pictures there are. It is found by trying, on validation pictures.

We take 0.001. That makes a clean comparison: the rate, the hundred epochs and the augmentation are
those of the network from scratch, and only the *beginning* is another.

And batch normalisation? Whoever writes a function such as `fine_tuned` should not believe it. The
check is one line: compare the moving means before and after.
""")
code(
    """
tuned = by_rate[1e-3]
same = np.array_equal(moving_means(tuned.get_layer("body")), moving_means(base))
print("moving means as before:", same)
nets = {"from scratch": scratch, "frozen": borrowed, "fine-tuned": tuned}
reached = {name: share_right(net, pets_val, kinds_val) for name, net in nets.items()}
for name, share in reached.items():
    print(f"{name:12} {share:.1%}")
""",
    IGNORE,
)
md(r"""
⟨One sentence on the three figures.⟩
""")
md(r"""
(transfer-seeds)=
## Five seeds, pair by pair

One training of each is an anecdote. The course has trained all three ways from five seeds,
exactly as above; `benchmarks/seeds.py` does it and keeps what came out. The seed decides
*everything* that is left to chance: the pretraining of the body, which 400 pictures are drawn, the
first weights of the rest, the order of the pictures, and how they are shifted and mirrored.

For the same seed all three ways get the same 400 pictures, and both ways of transfer the same
body. That makes pairs. One draw may be harder than another, but it is harder for all three; in the
*difference* between two ways the luck of the draw drops out, as far as it can.

> **Before you run it.** Do you expect transfer to win from every seed, or only on average? Which
> of the three ways will vary most from seed to seed?
""")
code(
    '''
def table(shares):
    """One line per way: its seeds, mean and standard deviation."""
    for name, values in shares.items():
        seen = "  ".join(f"{value:.1%}" for value in values)
        mean, spread = np.mean(values), np.std(values, ddof=1)
        print(f"{name:12}  {seen}   mean {mean:.1%}, SD {spread:.1%}")


arms = {"from scratch": "scratch", "frozen": "frozen", "fine-tuned": "fine_tuned"}
kept = {name: seeds.kept(f"transfer_{arm}") for name, arm in arms.items()}
on_validation = {
    name: [run.validation_accuracy for run in runs] for name, runs in kept.items()
}
table(on_validation)
'''
)
code(
    """
fig, ax = plt.subplots(figsize=(6.4, 3.2))
lines = np.transpose(list(on_validation.values()))
ax.plot(lines.T, color="0.75", lw=1, zorder=0)
for place, values in enumerate(lines.T):
    ax.plot([place] * len(values), values, "o", color=f"C{place}")
    ax.plot([place - 0.15, place + 0.15], [values.mean()] * 2, color=f"C{place}", lw=3)
ax.set_xticks(range(3), on_validation)
ax.set(ylabel="validation accuracy", xlim=(-0.4, 2.4))
ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
""",
    "hide-input",
    alt="""Three columns of five points: validation accuracy from scratch, frozen and
    fine-tuned. A short bar marks the mean of each column, and thin grey lines join the
    points that come from the same seed.""",
)
md(r"""
Each grey line is one seed, with the same 400 pictures at its three points. ⟨Do all lines rise? By
how much? Which way varies most?⟩

How sure can we be of the difference? For each seed we subtract. The mean of the five differences
has a {term}`standard error`: their standard deviation divided by $\sqrt 5$. A difference of more
than two standard errors is rarely chance. With only five pairs the error itself is not well known,
so we would rather see three or four.
""")
code(
    '''
def difference(better, worse):
    """Mean of the paired differences, and its standard error."""
    pairs = np.subtract(better, worse)
    return pairs.mean(), pairs.std(ddof=1) / np.sqrt(len(pairs))


scratch_shares = on_validation["from scratch"]
for name in ("frozen", "fine-tuned"):
    gain, error = difference(on_validation[name], scratch_shares)
    print(f"{name} − from scratch: {100 * gain:.1f} ± {100 * error:.1f} points")
gain, error = difference(on_validation["fine-tuned"], on_validation["frozen"])
print(f"fine-tuned − frozen: {100 * gain:.1f} ± {100 * error:.1f} points")
'''
)
md(r"""
⟨Transfer against scratch, in standard errors; fine-tuned against frozen: is it more than two
standard errors or not. Say it plainly if not.⟩

> **Before you run it.** Without pairs, as if each way had had draws of its own, the variances of the
> two means would add up. Will that error be larger or smaller than the one of the pairs? When
> would the two be equal?
""")
code(
    '''
better, worse = on_validation["fine-tuned"], on_validation["from scratch"]
apart = np.sqrt((np.var(better, ddof=1) + np.var(worse, ddof=1)) / len(better))
_, error = difference(better, worse)
print(f"as pairs ± {100 * error:.1f} points, apart ± {100 * apart:.1f} points")
'''
)
md(r"""
⟨Which is smaller, by how much.⟩ If a hard draw is hard for both ways, the two columns go up and
down together, and the pairs take that out. If they have nothing in common, the two errors are
about equal, and nothing is lost by pairing.

Be careful with the conclusion. It is about 200 pictures a class. Whoever has 4,000 can let a
network learn to see from them, and the advantage should shrink. {cite:t}`he2019rethinking` trained networks that
find objects, on many pictures and for long enough, and the advantage of pretraining was gone.

## Five networks instead of one

Whoever trains from five seeds owns five networks. Do we have to choose one? We can also ask all
five and take the mean of their probabilities. That is an {term}`ensemble`
{cite:p}`hansen1990neural`.

For a fair comparison with a single network all members must have learned from the same 400
pictures. (Those of the last section have not: each had its own draw, so five together have seen up
to 2,000.) So we keep our pictures and our body, and let only the rest of the chance vary.

> **Before you run it.** Three ensembles: five networks from scratch, five new heads on the frozen
> body, five fine-tuned. For which of them is the mean of five much better than a single one, and
> for which is it no use at all? Think of what distinguishes five members of each kind. (About six
> minutes.)
""")
code(
    """
members = {name: [net] for name, net in nets.items()}
for seed in tqdm(session.seeds()[1:]):
    members["from scratch"].append(from_scratch(few, few_kinds, seed)[0])
    members["frozen"].append(frozen(base, few, few_kinds, seed))
    last = members["frozen"][-1]
    members["fine-tuned"].append(fine_tuned(last, few, few_kinds, seed))
""",
    IGNORE,
)
code(
    '''
def dog_probabilities(some, pictures):
    """What each network says, shape (networks, pictures)."""
    logits = [net.predict(pictures, verbose=0)[:, 0] for net in some]
    return 1 / (1 + np.exp(-np.array(logits)))


def compare(some, pictures, labels):
    """Share right of the mean member and of the mean; how often two members differ."""
    p = dog_probabilities(some, pictures)
    says_dog = p > 0.5
    alone = np.mean(says_dog == labels)
    together = np.mean((p.mean(axis=0) > 0.5) == labels)
    pairs = [(i, j) for j in range(len(p)) for i in range(j)]
    apart = np.mean([np.mean(says_dog[i] != says_dog[j]) for i, j in pairs])
    return alone, together, apart
''')
code(
    """
print("              mean member   ensemble   two members differ")
for name, some in members.items():
    alone, together, apart = compare(some, pets_val, kinds_val)
    print(f"{name:12} {alone:12.1%} {together:10.1%} {apart:20.1%}")
""",
    IGNORE,
)
md(r"""
Read the last column first. ⟨Frozen members hardly differ; scratch members differ most.⟩ ⟨What each
ensemble gains.⟩

Training the head of a frozen network is logistic regression. Its loss has one valley and no other,
and from wherever one begins one goes down into it. Five heads on the same pictures are nearly one
head, five times, and the mean of five equal answers is that answer. Networks from scratch arrive at
different places. Where one is wrong another may be right, and in the mean the doubts of one are
outweighed by what the others know. An ensemble lives on members that are *good* and that *err
differently*.

For the {term}`cross-entropy` there is even a guarantee: the mean of the probabilities never has a
higher loss than the mean member (an exercise asks you why). For the accuracy there is none, only
good odds.

The price is plain. Five networks take five times as long to train and to ask, so the fair rival of
an ensemble is one network that may be five times as large. Still, where the last point counts,
averaging several networks rarely disappoints, and {cite:t}`lakshminarayanan2017simple` show that
the probabilities get better, too.

(transfer-test)=
## The test set, once

All is decided: the rates, the epochs, what is compared with what. Each of the fifteen networks
that were kept has seen the two thousand cats and dogs of the test set once, after its last epoch.

```{seed-runs}
transfer_scratch: from scratch
transfer_frozen: frozen
transfer_fine_tuned: fine-tuned
```
""")
code(
    """
on_test = {name: [run.test_accuracy for run in runs] for name, runs in kept.items()}
for name in ("frozen", "fine-tuned"):
    gain, error = difference(on_test[name], on_test["from scratch"])
    print(f"{name} − from scratch: {100 * gain:.1f} ± {100 * error:.1f} points")
"""
)
md(r"""
⟨Transfer beats scratch by … points, … standard errors; as on the validation pictures or not.⟩

Now the ensembles see them, too. Their question was not decided by these pictures either.
""")
code(
    """
pets_test, kinds_test = data.subset(cifar10.x_test, cifar10.y_test, classes=pets)
pets_test = scaled(pets_test)
for name, some in members.items():
    alone, together, _ = compare(some, pets_test, kinds_test)
    print(f"{name:12}  mean member {alone:.1%}, ensemble of {len(some)} {together:.1%}")
""",
    IGNORE,
)
md(r"""
⟨The ensembles on the test set.⟩

### Luck of the seeds, luck of the pictures

⟨Frozen against scratch: validation and test.⟩ How can that be, with errors so small? They come from
the spread over seeds. They say how much another five seeds would change the mean *on the same
pictures*. That these pictures are a draw, too, they cannot know: all seeds were judged by the same
ones.

The five networks of each way that we have here let us see the other part. For every picture we take
the share of the frozen networks that are right, less the share of those from scratch. The mean of
these differences is the difference in accuracy, and their spread over the pictures gives an error.

> **Before you run it.** Will the luck of 1,000 pictures be larger or smaller than the half point or
> the point that the seeds left? And that of 2,000?
""")
code(
    '''
def shares_right(some, pictures, labels):
    """Share of the networks that are right, for each picture."""
    return np.mean((dog_probabilities(some, pictures) > 0.5) == labels, axis=0)


for part, pair in (
    ("validation", (pets_val, kinds_val)),
    ("test", (pets_test, kinds_test)),
):
    alone = shares_right(members["from scratch"], *pair)
    for name in ("frozen", "fine-tuned"):
        gains = shares_right(members[name], *pair) - alone
        error = gains.std(ddof=1) / np.sqrt(len(gains))
        told = f"{100 * gains.mean():.1f} ± {100 * error:.1f} points"
        print(f"{part:10}  {name} − from scratch: {told}, by {len(gains):,} pictures")
''',
    IGNORE,
)
md(r"""
⟨What the pictures' error is, and what follows.⟩

The lesson set out to show that transfer beats training from scratch by more than two standard
errors. As a figure to reach that is the mean from scratch and twice the standard error of the
difference on top.
""")
code(
    """
gain, error = difference(on_test["fine-tuned"], on_test["from scratch"])
Headline(
    net="Cat or dog with 200 pictures a class, fine-tuned",
    data=cifar10,
    parameters=tuned.count_params(),
    epochs=100,
    seconds=seconds,
    test_accuracy=[share_right(tuned, pets_test, kinds_test)],
    to_reach=round(np.mean(on_test["from scratch"]) + 2 * error, 3),
    kept="transfer_fine_tuned",
)
""",
    IGNORE,
)
md(r"""
The time is that of fine-tuning alone. The pretraining comes on top, once, and the head.
""")
md(r"""
(pretrained-weights)=
## Where real pretrained weights come from

A body that was trained once should not have to be trained again. Its weights can be written to a
file and put into another network of the same architecture, tomorrow or on another machine.

> **Before you run it.** `load_weights` fills a network that is built anew, with random weights. Will
> its answers be those of `base` exactly, or nearly? And do the moving averages travel along,
> although no gradient has made them?
""")
code(
    """
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "eight_classes.weights.h5")
    base.save_weights(path)
    again = make_body()
    again.load_weights(path)
same = np.array_equal(again(pets_val[:10]), base(pets_val[:10]))
print("the same numbers:", same)
print("the same moving means:", np.array_equal(moving_means(again), moving_means(base)))
"""
)
md(r"""
To the last digit. The file holds numbers and nothing else; the code that builds the network must
come from somewhere else.

Our eight classes and ⟨minutes⟩ minutes stand for something much larger. In practice one borrows
filters that were trained on ImageNet {cite:p}`russakovsky2015imagenet`, well over a million
photographs of 1,000 classes, for days or weeks and on machines that most of us do not own. The
weights are published. `keras.applications` has the architectures, and fetches the weights when you
ask for them.

The next cell does so if your computer has a network. If not, it says so, and builds the same
architecture with random weights, so that you can look at it. `MobileNetV2`
{cite:p}`sandler2018mobilenetv2` is one of the smallest; its weights are a download of 9 MB.
""")
code(
    '''
def reachable(host="storage.googleapis.com"):
    """Whether the computer that keeps Keras's weights answers within three seconds."""
    try:
        socket.create_connection((host, 443), timeout=3).close()
    except OSError:
        return False
    return True


weights = "imagenet" if reachable() else None
big = keras.applications.MobileNetV2(
    input_shape=(96, 96, 3), include_top=False, pooling="avg", weights=weights
)
print(f"{big.count_params():,} parameters, {big.output.shape[1]:,} numbers per picture")
print("weights:", weights or "random, for there is no network here to fetch them from")
''',
    IGNORE,
)
md(r"""
`include_top=False` leaves out the head with its 1,000 classes, and `pooling="avg"` takes the mean
over each map: a body, as ours. Everything else you know. Two things differ, and both are easy to
get wrong.

**The pictures must look as they did in its training.** Our 32 pixels are made 96. And every family
of networks has its own scale: this one wants −1 to 1, others 0 to 255, others the colours in the
order blue, green, red with the mean colour of ImageNet subtracted. Each has its own
`preprocess_input`, which takes pixels from 0 to 255.

**Cats and dogs are not new to it.** More than a hundred of ImageNet's thousand classes are breeds
of dogs. For such a body our task is a matter of putting names together, so do not compare its
figure with ours as if it had been the same feat.
""")
code(
    """
greys = np.array([0, 127.5, 255]).reshape(1, 1, 3, 1) * np.ones(3)
for name in ("mobilenet_v2", "efficientnet", "vgg16"):
    family = getattr(keras.applications, name)
    pixels = family.preprocess_input(greys.copy())[0, 0]
    print(f"{name:13} black {pixels[0].round(1)}, white {pixels[2].round(1)}")
"""
)
md(r"""
Three families, three scales. In the last one the three colours have different means, and the first
of them is blue. None of the three complains if it gets the pictures of another.
""")
code(
    '''
def in_its_terms(pictures):
    """Pixels from 0 to 1, 32 wide, as MobileNetV2 wants them."""
    large = keras.ops.image.resize(255 * pictures, (96, 96), interpolation="bicubic")
    large = keras.ops.convert_to_numpy(large)
    return keras.applications.mobilenet_v2.preprocess_input(large)


if weights:
    head = keras.Sequential([keras.Input((1280,)), layers.Dense(1)])
    numbers = big.predict(in_its_terms(few), verbose=0)
    compiled(head, 1e-3).fit(numbers, few_kinds, 32, epochs=60, verbose=0)
    numbers = big.predict(in_its_terms(pets_val), verbose=0)
    print(f"frozen MobileNetV2: {share_right(head, numbers, kinds_val):.1%}")
else:
    print("There is no network here, so there are no weights to transfer.")
''',
    IGNORE,
)
md(r"""
Other collections of weights work the same; Keras Hub and Hugging Face have networks for pictures
and much else. Before you use one, read what comes with it. What was it trained on? May you use it
for your purpose? And a file that holds a whole model, not only its weights, can contain code, so
load such files only from sources that you trust.
""")
md("## Exercises")
exercise(
    "ex-transfer-count",
    "What is trained",
    r"""
Of the 242,017 parameters of the network, how many does training change (a) from scratch, (b) with
the body frozen, (c) in fine-tuning as we do it? Remember that moving means and variances are
never changed by gradients. Work it out from the table of layers, then check.
""",
)
solution(
    "ex-transfer-count",
    r"""
The four batch normalisation layers have $4 \cdot (32 + 64 + 128 + 128) = 1{,}408$ parameters: a
quarter each for factors, shifts, moving means and moving variances. (a) All but the moving
ones: $242{,}017 - 704 = 241{,}313$. (b) The head: 129. (c) All but batch normalisation:
$242{,}017 - 1{,}408 = 240{,}609$.
""",
    (
        """
def trained(net):
    return sum(np.size(weight) for weight in net.trainable_weights)


body = copy_of(base)
net = with_head(body)
print(f"(a) {trained(net):,}")
body.trainable = False
print(f"(b) {trained(net):,}")
body.trainable = True
for norm in norms(body):
    norm.trainable = False
print(f"(c) {trained(net):,}")
""",
        (),
        None,
    ),
)
exercise(
    "ex-transfer-random",
    "A body that has seen nothing",
    r"""
How much of the frozen network's success is due to what the body *learned*, and how much to its
being a convolutional network at all? Freeze a body with random weights, train a head on it, from
five seeds and on our 400 pictures, and compare. Guess first: 50 %, or more?
""",
)
solution(
    "ex-transfer-random",
    r"""
⟨Random bodies: mean and SD over five seeds, against the learned one; more than guessing? If so: random
filters, too, react to brightness, colours and edges.⟩ A claim about pretraining should always come
with this experiment.
""",
    (
        """
shares = []
for seed in session.seeds():
    keras.utils.set_random_seed(seed)
    blank = make_body()
    head = new_head(blank.predict(few, verbose=0), few_kinds, seed)
    numbers = blank.predict(pets_val, verbose=0)
    shares.append(share_right(head, numbers, kinds_val))
table({"random body": shares})
print(f"the learned body, one head: {reached['frozen']:.1%}")
""",
        (IGNORE,),
        None,
    ),
)
exercise(
    "ex-transfer-few",
    "How few are enough?",
    r"""
Training the head of a frozen network takes seconds. Train it with 10, 50, 200 and 1,000
pictures a class, from five seeds each, and draw the accuracy over the number of pictures. How many
does it need to be as good as the network from scratch with 200? Does it still gain from 200 to
1,000? (About a minute.)
""",
)
solution(
    "ex-transfer-few",
    r"""
⟨Number a class at which frozen passes scratch with 200; whether the curve goes flat.⟩ Where such a
curve goes flat, it is not pictures that are missing: the 128 numbers do not hold more. There
fine-tuning should take over.
""",
    (
        """
counts, curve = (10, 50, 200, 1000), []
numbers, numbers_val = (base.predict(x, verbose=0) for x in (scaled(pool), pets_val))
for count in tqdm(counts):
    shares = []
    for seed in session.seeds():
        some, some_kinds = data.subset(numbers, kinds, per_class=count, seed=seed)
        head = new_head(some, some_kinds, seed)
        shares.append(share_right(head, numbers_val, kinds_val))
    curve.append(shares)
""",
        (IGNORE,),
        None,
    ),
    (
        """
mean, spread = np.mean(curve, axis=1), np.std(curve, axis=1, ddof=1)
fig, ax = plt.subplots(figsize=(6.4, 3.2))
ax.errorbar(counts, mean, spread, marker="o", capsize=3, label="frozen")
ax.axhline(np.mean(scratch_shares), color="C1", ls="--", label="from scratch, 200")
ax.set(xscale="log", xlabel="pictures a class", ylabel="validation accuracy")
ax.set_xticks(counts, counts)
ax.yaxis.set_major_formatter(PercentFormatter(1))
_ = ax.legend()
""",
        (IGNORE,),
        """Validation accuracy of the frozen network over the number of pictures a class,
        from 10 to 1,000 on a logarithmic axis, with bars of one standard deviation, and a
        dashed level line for the network from scratch with 200 pictures a class.""",
    ),
)
exercise(
    "ex-transfer-norms",
    "Let batch normalisation move",
    r"""
We have taken pains to keep batch normalisation still. Was it worth it? Fine-tune the five frozen
networks of the ensemble with `norms_move=True`, and compare pair by pair. (About four minutes.)
""",
)
solution(
    "ex-transfer-norms",
    r"""
⟨Difference ± standard error, and what it says.⟩ Our two tasks are close relatives, with pictures
of one collection, so the averages have not far to drift. With pictures from elsewhere, or with
batches of four, it can be otherwise, in either direction. Whatever comes out, you should know which
of the two you are doing.
""",
    (
        """
moved = [
    fine_tuned(net, few, few_kinds, seed, norms_move=True)
    for seed, net in zip(session.seeds(), members["frozen"], strict=True)
]
shares = {
    name: [share_right(net, pets_val, kinds_val) for net in some]
    for name, some in (("norms move", moved), ("norms stay", members["fine-tuned"]))
}
table(shares)
gain, error = difference(shares["norms stay"], shares["norms move"])
print(f"stay − move: {100 * gain:.1f} ± {100 * error:.1f} points")
""",
        (IGNORE,),
        None,
    ),
)
exercise(
    "ex-transfer-jensen",
    "What an ensemble guarantees",
    r"""
Show that the cross-entropy of the mean of the probabilities is never higher than the mean
cross-entropy of the members. Then find three members and one picture for which the ensemble is
wrong although two of the three are right.
""",
)
solution(
    "ex-transfer-jensen",
    r"""
Let member $m$ of $M$ give the right class the probability $p_m$. The loss $-\ln p$ is a convex
function of $p$: the chord lies above the curve. For such a function the value at the mean is at
most the mean of the values (Jensen's inequality):

$$
-\ln \Big( \frac{1}{M} \sum_m p_m \Big) \le \frac{1}{M} \sum_m (-\ln p_m).
$$

It holds for each picture, so also for the mean over all. For the accuracy: three members give the
right class 0.55, 0.55 and 0.10. Two are right, and the mean, 0.40, is wrong. One member that is
sure outvotes two that are not. A vote would have been right here, and wrong elsewhere.
""",
    (
        """
p = np.array([0.55, 0.55, 0.10])
print(f"mean {p.mean():.2f}, its loss {-np.log(p.mean()):.3f}")
print(f"mean of the losses {-np.log(p).mean():.3f}")
""",
        (),
        None,
    ),
)
md(r"""
(transfer-wrong)=
## What goes wrong, and how it looks

**A rate taken on trust.** With steps that are too large the borrowed filters are thrown away; with
steps that are too small the body stays nearly as it was. Both looked harmless [above](transfer-rates):
the training loss falls in either case. Cure: a few rates, a factor of three apart, judged by
validation pictures and compared with the frozen network.

**Pictures on another scale.** The body was trained with pixels from 0 to 1. Give it 0 to 255, or
the colours in another order, or pictures with their mean subtracted, and nothing complains. The
accuracy is poorer, and one blames the transfer. Cure: the same preparation as in the pretraining,
kept in *one* function; for `keras.applications`, the `preprocess_input` of that very family.
""")
code(
    """
print(f"pixels from 0 to 1:   {reached['frozen']:.1%}")
print(f"pixels from 0 to 255: {share_right(borrowed, 255 * pets_val, kinds_val):.1%}")
swapped = pets_val[..., ::-1]
print(f"blue, green, red:     {share_right(borrowed, swapped, kinds_val):.1%}")
""",
    IGNORE,
)
md(r"""
⟨How much each costs.⟩

**Set free after compiling.** `trainable` is looked at when Keras prepares the training. Whoever
trains a head, sets the body free and goes on without `compile` in between trains what was trained
before. Here is how far one more step moves the filters of the first layer.
""")
code(
    """
for again in (False, True):
    body = copy_of(base)
    body.trainable = False
    net = compiled(keras.Sequential([body, layers.Dense(1)]), 1e-4)
    net.train_on_batch(few[:64], few_kinds[:64])
    body.trainable = True
    if again:
        compiled(net, 1e-4)
    before = body.get_layer("conv_1").kernel.numpy()
    net.train_on_batch(few[:64], few_kinds[:64])
    moved = np.abs(body.get_layer("conv_1").kernel.numpy() - before).mean()
    print(f"compiled again: {again!s:5}  filters moved by {moved:.6f}")
""",
    IGNORE,
)
md(r"""
Without compiling they do not move at all. Cure: after every change of `trainable`,
compile again, and look at what moved.

**Batch normalisation that moves although it was told not to.** Shown [above](transfer-norms): the
call with `training=False` is overruled in `fit`. It looks like nothing at all, which is the
trouble. Cure: `trainable = False` on these layers, and a comparison of the moving means before
and after.

**The new task is hidden in the old one.** Somebody pretrains on all of CIFAR-10 and "transfers" to
cats and dogs, whose pictures the body has seen with their labels. With weights from the web this
happens without anybody wishing it: your test pictures may have come from the same websites as those
of ImageNet. It looks like a splendid result. Cure: know what the weights were trained on, and look
for copies as in [chapter 5](05_lenet_cifar10.ipynb).

**A rival that was not allowed to try.** Fine-tuning gets augmentation, a falling rate and ten
tries at the settings; "from scratch" gets none of it. The gain is real, but it is the gain of care,
not of transfer. Cure: spend as much effort on the rival as on your favourite, and say how much.

| mistake | looks like | check |
|---|---|---|
| rate too small | hardly better than frozen | a few rates, judged by validation |
| rate too large | worse than with a smaller one | a few rates, judged by validation |
| other scale of pixels | poorer, not absurd | minimum, maximum and mean of what goes in |
| not compiled again | fine-tuning changes nothing | compare a kernel before and after |
| batch normalisation moves | nothing to be seen | compare moving means before and after |
| task hidden in the pretraining | too good | what was it trained on? copies? |
| unfair rival | a large gain | same augmentation, same schedule, same care |
""")
md(r"""
## Summary

- A body that was trained on other classes turns a picture into numbers that are useful for new
  classes, too. With 200 cats and 200 dogs, a new head on such a body reaches ⟨frozen⟩ of the test
  pictures, the same network from scratch ⟨scratch⟩, and fine-tuned ⟨fine-tuned⟩ (means of five seeds).
- Frozen: the body stays, its numbers are worked out once, and the head trains in seconds.
- Fine-tuned: the head first, then everything. How large the steps may be is found by trying. Here a
  tenth of the usual rate was too small.
- In `fit`, calling a body with `training=False` does not keep its batch normalisation in inference
  mode (Keras 3.15). `trainable = False` on those layers does. Check it by their moving means.
- Compare ways of training over several seeds, in pairs that share their pictures, and give the
  mean difference with its standard error.
- An ensemble is better than its mean member if its members are good and err differently. Five
  heads on one frozen body are one head, five times.
- Real pretrained weights come with a scale of pixels of their own, and with a history that you
  should know.
""")
md("## Quiz\n\nChoose an answer in your mind, then open it.")
quiz(
    """
**1. Why does training only the head of a frozen network take so little time?**
""",
    (
        "The head has few parameters, so each step changes little.",
        """
**No.** How much a step changes has nothing to do with how long it takes. Nearly all the work of a
step is in the filters of the body.
""",
    ),
    (
        "The numbers that the body makes of each picture are computed once.",
        """
**Yes.** The body does not change, so neither do they. What is left is a dense layer on 128 numbers.
""",
    ),
    (
        "It needs fewer epochs.",
        """
**No.** It may well take as many. They are only much shorter.
""",
    ),
)
quiz(
    """
**2. You fine-tune a body and want its batch normalisation to stay in inference mode. What do you
do?**
""",
    (
        "Call the body with <code>training=False</code>.",
        """
**No.** `fit` hands `training=True` through all layers and overrules it. We measured that the
means move all the same.
""",
    ),
    (
        "Set <code>body.trainable = False</code>.",
        """
**No.** The moving means stay, but so does everything else: nothing of the body would be tuned.
""",
    ),
    (
        "Set <code>trainable = False</code> on the batch normalisation layers, and compile.",
        """
**Yes.** A batch normalisation layer that is not trainable uses its moving averages and leaves them
alone, whatever it is told.
""",
    ),
)
quiz(
    """
**3. Why is the head trained alone before the body is set free?**
""",
    (
        "A random head sends random gradients into filters that are good already.",
        """
**Yes.** Once the head has learned something, what it asks of the filters makes sense.
""",
    ),
    (
        "Keras cannot train both at once.",
        """
**No.** It can, and from scratch it always does.
""",
    ),
    (
        "It saves memory.",
        """
**No.** It does while it lasts, but the second stage needs all the memory anyway.
""",
    ),
)
quiz(
    """
**4. Fine-tuned minus from scratch, five pairs: 9, 11, 8, 12 and 10 points. What do you report?**
""",
    (
        "12 points: it can do that.",
        """
**No.** That is the best of five draws. Nobody who repeats it should expect it.
""",
    ),
    (
        "10.0 ± 0.7 points, mean and standard error of five pairs.",
        """
**Yes.** The standard deviation of the differences is 1.6 points; divided by the root of five that
is 0.7.
""",
    ),
    (
        "The mean accuracies of both, each with its standard deviation; that says it all.",
        """
**No.** It leaves out what the pairs are for. Two columns that vary by five points each may still
differ by ten points in every single pair, or only on average.
""",
    ),
)
quiz(
    """
**5. Five heads were trained on one frozen body, from five seeds, with the same pictures. What does
their ensemble gain?**
""",
    (
        "Next to nothing.",
        """
**Yes.** The loss of such a head has a single valley, and all five go down into it. The mean of equal
answers is the same answer.
""",
    ),
    (
        "As much as an ensemble of five networks from scratch.",
        """
**No.** Those end at different places and err differently. That is what an ensemble lives on.
""",
    ),
    (
        "It is worse than a single one, because errors add up.",
        """
**No.** A mean does not add errors up, and its cross-entropy is never above that of the mean member.
""",
    ),
)
quiz(
    """
**6. A frozen network from <code>keras.applications</code> reaches 71 % on cats and dogs, where you
expected more than 90 %. What do you look at first?**
""",
    (
        "Whether the head has enough epochs.",
        """
**No.** A head on good numbers gets far in a few epochs. Twenty points are not missing for want of
some more.
""",
    ),
    (
        "Whether its <code>preprocess_input</code> was used, on pixels from 0 to 255.",
        """
**Yes.** A wrong scale gives no error, only numbers that mean little. It is the usual cause.
""",
    ),
    (
        "Whether the network is large enough.",
        """
**No.** The smallest of them have been trained on more than a million photographs, with dogs of
all breeds.
""",
    ),
)
md(r"""
## Further reading

- {cite:t}`yosinski2014how` cut networks at every layer and transplant them: first layers are
  general, last layers special, and a cut in between can hurt for a reason of its own.
- {cite:t}`donahue2014decaf` used the numbers of a frozen network for tasks of many kinds, when that
  was new.
- {cite:t}`kumar2022finetuning` ask when fine-tuning does harm, and why the head should come first.
- {cite:t}`kornblith2019better` ask whether networks that are better on ImageNet transfer better. As
  a rule yes, and for some tasks it matters little.
- {cite:t}`he2019rethinking` train from scratch until the advantage of pretraining is gone: the
  other side of this chapter.
- {cite:t}`hansen1990neural` on ensembles, when networks were small;
  {cite:t}`lakshminarayanan2017simple` on what ensembles do to probabilities.
- {cite:t}`zhang2023dive`, section 14.2, has fine-tuning with photographs of hot dogs.

## Now you

The assignment to this chapter and the next is
{download}`8_homework.ipynb <../exercises/8_homework/8_homework.ipynb>`. It begins with three short
questions on this chapter: differences pair by pair, an ensemble and what it gains, and pictures as
two families of weights want them. Then comes a network of your own, on 2,000 small photographs, in
three stages, each of which has to prove itself. [Chapter 9](09_homework.ipynb) is the brief.
Before you hand in, `course check 8_homework.ipynb` shows you how you did.
""")

book = new_notebook(
    cells=CELLS,
    metadata={
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "pygments_lexer": "ipython3",
        },
    },
)
nbformat.validate(book)
for cell in CELLS:
    if cell.cell_type == "code":
        for line in cell.source.splitlines():
            if len(line) > 88:
                print(len(line), line)
nbformat.write(book, Path(__file__).parents[1] / "08_transfer_learning.ipynb")
print(len(CELLS), "cells; long:", [
    (c.id, c.source.count("\n") + 1)
    for c in CELLS if c.cell_type == "code" and c.source.count("\n") > 15
])
