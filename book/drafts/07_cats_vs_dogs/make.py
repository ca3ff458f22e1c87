"""Write 07_cats_vs_dogs.ipynb beside this file."""

import re
import textwrap
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

cells = []


def wrapped(block):
    """A plain paragraph in lines of at most 98 characters; anything else as it is."""
    lines = block.split("\n")
    plain = re.match(r"[\w*⟨{`\"(]", block) and not re.match(r"\d+\. |\(.*\)=|\* |```", block)
    if not plain or "$$" in block or any(re.match(r"[-|:#<]|\d+\. ", li) for li in lines):
        return block
    new = textwrap.fill(
        " ".join(lines), 98, break_long_words=False, break_on_hyphens=False
    )
    return block if re.search(r"(?m)^([-+#>|]|\d+\.) ", new) else new


def md(text):
    blocks = re.split(r"(\n{2,})", text.strip("\n"))
    text = "".join(wrapped(block) for block in blocks)
    cells.append(new_markdown_cell(text, id=f"text-{len(cells):03}"))


def code(source, alt=None, *, ignore=False, hide=False, folded=False):
    metadata = {}
    if folded:
        metadata["jupyter"] = {"outputs_hidden": True, "source_hidden": True}
    if alt:
        metadata["mystnb"] = {"image": {"alt": " ".join(alt.split())}}
    tags = ["nbval-ignore-output"] * ignore + ["hide-input"] * hide
    if tags:
        metadata["tags"] = tags
    name = f"code-{len(cells):03}"
    cells.append(new_code_cell(source.strip("\n"), id=name, metadata=metadata))


# ---------------------------------------------------------------------------- beginning
md(r"""
# Cats and dogs

In 2007 a puzzle was proposed that should keep programs off web sites: pick the cats out of twelve
photographs of cats and dogs. People could do it in half a minute. For programs, its makers
expected, it would stay hopeless "barring a major advance in machine vision"
{cite:p}`elson2007asirra`. A year later a program told the photographs apart in 82.7 % of the cases,
by colours and textures {cite:p}`golle2008machine`. Then came the major advance.

We take 4,000 of these photographs. For a network that learns from nothing this is little, and what
happens with little is the subject of this chapter: a network of half a million parameters learns
its pictures by heart, and what it has learned helps it only half with others. We shall watch that
happen. Then come two kinds of remedy, more pictures out of the same ones and a network that is
hindered from memorising, each alone and both together. At the end we ask the network what it
looks at, and ask the answers whether they can be trusted.

**What you will learn**

- *Read* photographs from a folder of files, and *measure* what caching and reading ahead buy.
- *Recognise* overfitting in the curves of a training, and *say* where it begins.
- *Make* new pictures out of old ones, and *work out* what becomes of their labels.
- *Compare* two remedies, each alone and both together, at equal epochs and over several seeds.
- *Ask* a network what it looks at, in four ways, and *test* whether a map shows the network or only
  the picture.

**Needed before:** [chapter 5](05_lenet_cifar10.ipynb) for training and its checks,
[chapter 6](06_regularised_fashion_mnist.ipynb) for batch normalisation, dropout and L2.

**Time:** about three hours. In full, the cells take about ⟨minutes of the full run⟩ minutes on two
cores, nearly all of it in five trainings, each with a bar that shows how far it is. There is also
a smaller run; the switch is two cells below.

```{run-cost} 07_cats_vs_dogs
```
""")
code("""
from course_utils import session

session.start()
""")
code("""
%config InlineBackend.figure_formats = ["svg"]
import time
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from PIL import Image
from scipy.stats import rankdata
from tqdm.keras import TqdmCallback

from course_utils import anatomy, augmentation, data, explain, models, plotting, seeds
from course_utils.mistakes import class_table
from course_utils.results import Headline

plotting.use_style()
photographs = data.load("cats_vs_dogs")
photographs
""")
md(r"""
**The smaller run.** With `small = True` everything below is done in under eight minutes: two trainings
of the first five are left out, the others are shorter, and the last one gets smaller pictures. Its
network then knows about ⟨validation accuracy of the smaller run⟩ of the validation pictures, where
the full run reaches ⟨validation accuracy of the full run⟩. The outputs on this page are from the
full run.
""")
code("""
small = False  # True: the smaller run
""")
md(r"""
## A folder of files

So far our pictures lay in arrays, all of one size, ready to use. Your own pictures will not. They
will lie in a folder as JPEG files, and the folder's name will say what they show. The course can
lay out its photographs like that, too.
""")
code("""
folder = data.photo_folder()
for place in sorted(folder.glob("*/*")):
    print(f"{place.relative_to(folder)}: {len(list(place.glob('*.jpg'))):,} files")
""")
md(r"""
Two classes of equal size. Whoever always says "cat" is right half of the time; that is the figure
to beat. The 1,000 photographs in `test` are the {term}`test set`, and we leave them closed until
all is decided.

Look before you train.
""")
code("""
rng = np.random.default_rng(0)
shown = []
for animal in ("cat", "dog"):
    files = sorted((folder / "train" / animal).glob("*.jpg"))
    drawn = rng.choice(len(files), 10, replace=False)
    shown += [np.asarray(Image.open(files[i])) for i in drawn]
_ = plotting.show_images(shown, columns=5)
""", alt="""Twenty square colour photographs, two rows of cats above two rows of dogs, as people take them
at home and in shelters: animals near and far, from all sides, whole or only the face, on sofas and
lawns, behind bars, in people's arms.""")
md(r"""
> **Before you go on.** Write down three things that could tell a cat from a dog in a picture of 64
> pixels. Then three that a network might use *although they are not part of the animal*. We come
> back to both lists.

### The loader

Keras reads such a folder with one function. It takes the classes from the names of the folders, in
alphabetical order, so a cat is 0 and a dog is 1; it decodes the files, brings every picture to one
size and puts them into batches. The files are 128 pixels wide. We ask for 64, which is a quarter
of the work for every layer.

> **Before you run it.** `shuffle=False` leaves the files in the order of their names. What are the
> first 32 labels? What would become of a network that got its batches in this order?
""")
code("""
how = {"label_mode": "binary", "shuffle": False, "verbose": False}
loader = keras.utils.image_dataset_from_directory(
    folder / "train", image_size=(64, 64), batch_size=32, **how
)
pictures, labels = next(iter(loader))
print(loader.class_names)
print(pictures.shape, pictures.dtype.name, labels.shape, labels.dtype.name)
print("labels", np.unique(labels))
print("pixels above 1:", bool(np.max(pictures) > 1))
""")
md(r"""
Thirty-two cats. All cats come before all dogs, and a network that saw a hundred batches of cats,
then a hundred of dogs, would swing to and fro and learn little. We shall have to shuffle, and do it
in the right place.

Pixels are floats, but they still run to 255; dividing is left to us. The labels are floats, too,
in a column: with `label_mode="binary"` the network is meant to end in a single {term}`logit`,
positive for dog. Its logits will be a column as well, so here the two sides of a comparison fit, and
the trap of chapter 5 is closed.

How does a picture of 128 pixels become one of 64? By bilinear interpolation. For exactly half of
the size that means: each new pixel is the mean of the four that it covers.
""")
code("""
full_size = keras.utils.image_dataset_from_directory(
    folder / "train", image_size=(128, 128), batch_size=32, **how
)
large = next(iter(full_size))[0].numpy()
means = large.reshape(-1, 64, 2, 64, 2, 3).mean(axis=(2, 4))
print(np.allclose(means, pictures, atol=1e-3))
""")
md(r"""
### What reading costs

A training of 20 epochs wants every picture twenty times. Reading a file and decoding it takes time,
and while the processor decodes, it does not learn. Two remedies have names: a cache keeps what was
once decoded, and a {term}`prefetch` makes the next batch while the network works on this one.

Let us measure both. The loader does several things at once already, so we also read the same files
plainly, one after another, with nothing done behind our back; that is what the options say.
""")
code("""
def read(path):
    \"\"\"One file, as the loader reads it.\"\"\"
    file = tf.io.read_file(path)
    return tf.image.resize(tf.io.decode_jpeg(file, channels=3), (64, 64))


plainly = tf.data.Options()
plainly.experimental_optimization.inject_prefetch = False
plainly.experimental_optimization.map_parallelization = False
paths = tf.data.Dataset.from_tensor_slices(loader.file_paths[:1024])
one_by_one = paths.map(read).batch(32).with_options(plainly)
ways = {
    "one after another": one_by_one,
    "one after another, prefetch": one_by_one.prefetch(tf.data.AUTOTUNE),
    "one after another, cache": one_by_one.cache(),
    "the loader": loader.take(32),
    "the loader, cache": loader.take(32).cache(),
}
""")
md(r"""
We time three passes over 1,024 photographs. In the first nothing is cached yet. The second is the
same again. In the third there is a rest of 10 ms after each batch, in which this process only waits:
that is what it looks like to the processor when a graphics card does the training.

> **Before you run it.** Which of the five ways is fastest in the first pass, and which in the second?
> And for which does the rest of 32 times 10 ms come on top, for which does it not?
""")
code("""
def seconds(pictures, rest):
    \"\"\"What one pass over all batches takes, with a rest after each.\"\"\"
    began = time.perf_counter()
    for _ in pictures:
        time.sleep(rest)
    return time.perf_counter() - began


print("seconds                        first  again  with rests")
for name, pictures in ways.items():
    passes = [seconds(pictures, rest) for rest in (0, 0, 0.01)]
    print("{:30} {:5.2f}  {:5.2f}  {:10.2f}".format(name, *passes))
""", ignore=True)
md(r"""
⟨Check against the run.⟩ Two things can be read from this table. The cache does nothing in the first
pass and nearly everything afterwards: the files are not opened any more. It costs memory, 64 · 64 · 3
floats of four bytes for each picture, 197 MB for all 4,000; where the pictures do not fit,
`.cache(path)` keeps them decoded in a file. And the prefetch hides reading behind the rests: the time of a pass is
no longer the sum of reading and resting but the larger of the two. Where learning and reading share
the same two cores, as in this chapter, there is little to hide behind, and the cache is what counts.

The loader needs no prefetch of ours, since it ends in one. `benchmarks/photo_pipeline.py` does the
same measurement on all files at full size, each way several times.
""")
md(r"""
### The order of things

Now the pipeline that we train with. Each step stands where it does for a reason.

1. The loader gives **single pictures in the order of their names**, `batch_size=None` and
   `shuffle=False`.
2. Pixels are divided by 255.
3. **Every eighth** picture goes into the {term}`validation set`, the others into the
   {term}`training set`. Cats come before dogs, so each class gives exactly its eighth.
4. The **cache** comes before everything that shall be different from epoch to epoch.
5. **Shuffling** comes after it, over all pictures, then batches of 32, and a prefetch.

> **Before you go on.** What would happen if 4 and 5 changed places? And if, in 3, you asked for the
> last eighth instead? Both are among [what goes wrong](cats-wrong).
""")
code("""
def scaled(picture, label):
    return picture / 255, label


def load(split, size):
    \"\"\"Single photographs from 0 to 1 and their labels, all cats before all dogs.\"\"\"
    pairs = keras.utils.image_dataset_from_directory(
        folder / split, image_size=(size, size), batch_size=None, **how
    )
    return pairs.map(scaled)
""")
code("""
def is_held_back(number, pair):
    return number % 8 == 0


def is_left(number, pair):
    return number % 8 > 0


def without_number(number, pair):
    return pair


def cut(pairs):
    \"\"\"Training pairs, and every eighth pair for validation; both cached.\"\"\"
    held_back = len(pairs.batch(8))
    parts = []
    for wanted, count in ((is_left, len(pairs) - held_back), (is_held_back, held_back)):
        part = pairs.enumerate().filter(wanted).map(without_number).cache()
        parts.append(part.apply(tf.data.experimental.assert_cardinality(count)))
    return parts
""")
code("""
def batches(pairs, seed):
    \"\"\"Pairs in a new order in every epoch, 32 at a time.\"\"\"
    shuffled = pairs.shuffle(4000, seed=seed)
    return shuffled.batch(32).prefetch(tf.data.AUTOTUNE)


train, val = cut(load("train", 64))
for name, pairs in (("training", train), ("validation", val)):
    labels = np.concatenate([label for _, label in pairs])
    print(f"{name}: {len(labels):,} pictures, {labels.sum():,.0f} of them dogs")
""")
md(r"""
This pass has filled the caches. (`cut` also tells TensorFlow how many pictures there are, which it
cannot know of a filter.) 3,500 pictures to learn from, 500 to decide by. The 500 are few: the
standard error of a share of 80 % is $\sqrt{0.8 \cdot 0.2 / 500}$, 1.8 points. Keep it in mind whenever
two validation figures differ by one.

## The baseline

The network is built like those of chapter 4, only taller. Each of four stages has filters of 3×3
and pooling: the picture is halved four times, from 64 pixels to 4, while the number of maps grows
from 3 to 128. Draw both and you have two pyramids, one standing on its head; the shape is therefore
called *bipyramidal*. Behind the last stage come Flatten, a {term}`dense layer`, and one logit.

Write it with a switch: the same network, regularised with all that chapter 6 had, comes later.
""")
code("""
def bipyramid(regularised=False):
    \"\"\"The plain net, or the same with batch normalisation, dropout and L2.\"\"\"
    l2 = keras.regularizers.L2(1e-4) if regularised else None
    net = keras.Sequential([keras.Input((64, 64, 3))], name="bipyramid")
    same = {"padding": "same", "kernel_regularizer": l2}
    for i, filters in enumerate((32, 64, 128, 128), start=1):
        net.add(layers.Conv2D(filters, 3, name=f"conv_{i}", **same))
        if regularised:
            net.add(layers.BatchNormalization(name=f"norm_{i}"))
        net.add(layers.ReLU(name=f"relu_{i}"))
        net.add(layers.MaxPooling2D(2, name=f"pool_{i}"))
    net.add(layers.Flatten(name="flatten"))
    if regularised:
        net.add(layers.Dropout(0.5, name="dropout"))
    net.add(layers.Dense(128, "relu", kernel_regularizer=l2, name="dense"))
    net.add(layers.Dense(1, name="logit"))
    return net
""")
md(r"""
> **Before you run it.** How many parameters has the plain network? Begin with the filters: 3 → 32 →
> 64 → 128 → 128 channels. What does the dense layer read? And how many parameters does the network
> have for each of its 3,500 training pictures?
""")
code("""
anatomy.layer_table(bipyramid())
""")
md(r"""
**503,233 parameters**, more than half of them in the dense layer, which reads
$4 \cdot 4 \cdot 128 = 2{,}048$ values. That is 144 numbers for each training picture. To remember
whether a picture is a cat or a dog takes one bit.

With one logit $z$ the probability of a dog is $1/(1 + e^{-z})$, the *sigmoid* of $z$, and the loss is
the binary {term}`cross-entropy`. Two details are easily missed. The loss must be told that it gets
logits, and so must the accuracy: with logits, "dog" begins at 0 and not at 0.5.
""")
code("""
def compiled(net, rate=1e-3):
    net.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy("accuracy", threshold=0)],
    )
    return net


keras.utils.set_random_seed(0)
print(f"ln 2 is {np.log(2):.3f}")
loss, accuracy = compiled(bipyramid()).evaluate(val.batch(250), verbose=0)
print(f"at the start: loss {loss:.3f}, accuracy {accuracy:.1%}")
""", ignore=True)
md(r"""
The first check of chapter 5 is passed: a network that knows nothing about two classes has a loss of
about $\ln 2$.

Here is how all networks of this chapter are trained. `augment` comes into play later.
""")
code("""
def trained(make, parts, epochs, *, augment=False, rate=1e-3, seed=0):
    \"\"\"A net trained from a seed on the first part, and its curves.\"\"\"
    keras.utils.set_random_seed(seed)
    net = make()
    learner = keras.Sequential([augmenter(), net]) if augment else net
    history = compiled(learner, rate).fit(
        batches(parts[0], seed),
        validation_data=parts[1].batch(250),
        epochs=epochs,
        shuffle=False,  # The pipeline does it.
        verbose=0,
        callbacks=[TqdmCallback(verbose=0)],
    )
    return net, history.history
""")
md(r"""
Twenty epochs, about ⟨minutes⟩ minutes.

> **Before you run it.** Sketch four curves over twenty epochs: loss and accuracy, each on the
> training and on the validation pictures. Where do they part? Where do the two of the validation
> set turn, and do both turn at the same epoch?
""")
code("""
epochs = 8 if small else 20
nets, curves = {}, {}
nets["nothing"], curves["nothing"] = trained(bipyramid, (train, val), epochs)
_ = plotting.plot_history(curves["nothing"])
""", alt="""Two panels over twenty epochs. Loss: the training curve falls to nearly 0; the validation
curve falls for a few epochs, turns, and rises far above where it began. Accuracy: the training curve
rises to nearly 1; the validation curve stops rising after a few epochs and stays at about ⟨three
quarters⟩.""", ignore=True)
code("""
curve = {name: np.array(values) for name, values in curves["nothing"].items()}
lowest, highest = curve["val_loss"].argmin(), curve["val_accuracy"].argmax()
last = len(curve["loss"]) - 1
print("validation     epoch  training  validation  validation loss")
for name, k in (("lowest loss", lowest), ("highest share", highest), ("end", last)):
    shares = f"{curve['accuracy'][k]:8.1%} {curve['val_accuracy'][k]:11.1%}"
    print(f"{name:13} {k + 1:6} {shares} {curve['val_loss'][k]:16.2f}")
""", ignore=True)
md(r"""
⟨Check against the run.⟩ This is {term}`overfitting`, as plain as it gets. For a few epochs both
losses fall: what is learned from the training pictures holds for others. Then they part. The
training loss goes on to nearly 0, and the network knows ⟨share⟩ of its own pictures. The validation
loss turns in epoch ⟨…⟩ and at the end is ⟨…⟩, more than the 0.69 of a network that knows nothing.

And the accuracy? It hardly falls. How can the loss be worse than that of a coin, while three in four
answers are right? The loss does not ask how often the network is wrong but how sure it is when it
is. A network that knows its training pictures can lower its training loss further only by being
surer, and it becomes surer about all pictures, also about those it gets wrong.

The cheapest remedy is to stop: take the weights of epoch ⟨…⟩, where the validation loss was lowest.
That is *early stopping*, and chapter 6 had it. It keeps the network from becoming too sure. It does
not make it better: the curve of the accuracy never was much higher than here. For that the
network has to learn something else.

## More pictures out of the same ones

A cat that looks to the left is a cat when it looks to the right. If you turn the picture a little,
move it, make it larger or paler, it stays one. The network does not know. It has seen each
photograph in one way only, and it may hold on to anything that happens to go with it, a shade in
one corner.

So we change the pictures at random, anew in each epoch: {term}`augmentation`. The network never sees
the same picture twice. Learning by heart does not pay any more, and what pays instead is what all
versions have in common.

Here are five kinds, each five times.
""")
code("""
keras.utils.set_random_seed(0)
whole, _ = next(iter(load("train", 128).skip(2).batch(1)))
five = np.repeat(whole, 5, axis=0)
kinds = {
    "flip": layers.RandomFlip("horizontal"),
    "rotation": layers.RandomRotation(0.08),
    "zoom": layers.RandomZoom(0.25),
    "translation": layers.RandomTranslation(0.15, 0.15),
    "contrast": layers.RandomContrast((0.5, 0.5), value_range=(0, 1)),
}
rows = {name: layer(five, training=True).numpy() for name, layer in kinds.items()}
_ = plotting.show_rows({"photograph": five} | rows)
""", alt="""One photograph of a cat in six rows of five. First row: five times as it is. Then mirrored
or not; turned by up to about thirty degrees either way; seen nearer or farther; moved; paler or
richer in contrast. Where a turned or moved picture leaves a gap, its mirror image fills it.""",
     ignore=True)
md(r"""
The numbers are worth a look, for each layer counts in its own way. A rotation by 0.08 is up to 0.08
of a *full turn*, 29 degrees, either way. A zoom of 0.25 goes from a quarter nearer to a quarter
farther. A translation is a share of the height and of the width. Contrast multiplies the distance
from the mean; the pair (0.5, 0.5) means from half to one and a half, and `value_range` says where
to cut off. Gaps are filled with a mirror image unless you say otherwise.

> **Before you go on.** Which of these would you *not* use (a) for digits, (b) for cells under a
> microscope, (c) if the question was whether a picture had been turned?

For (a), flipping: a mirrored 2 is no 2. For (b) you may use all, and a flip upside down and turns
by any angle as well, since a cell has no up. For (c) neither flips nor turns: they change the
answer. That is the only rule. A change is allowed if *the label stays true*.

Here is our choice. All changes are smaller than in the gallery, since now they are combined.
""")
code("""
def augmenter():
    return keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomRotation(0.04),
            layers.RandomZoom(0.15),
            layers.RandomTranslation(0.1, 0.1),
            layers.RandomContrast((0.3, 0.3), value_range=(0, 1)),
        ],
        name="augmenter",
    )


x, _ = next(iter(train.skip(30).batch(5)))
keras.utils.set_random_seed(0)
change = augmenter()
rows = {f"epoch {k}": change(x, training=True).numpy() for k in (1, 2, 3)}
_ = plotting.show_rows({"photograph": x} | rows)
""", alt="""Five small photographs of cats, and below each three versions of it as the network would
see them in three epochs: mirrored or not, a little turned, moved, enlarged and changed in contrast.
Each is easily recognised as the photograph above.""", ignore=True)
md(r"""
These are layers, so they can stand in front of the network: `keras.Sequential([augmenter(), net])` is
what `trained` gives to `fit`. They work in training only. In validation, and in `predict`, they let
every picture through as it is. After the training we take `net` and leave the augmenter behind.

(cats-mixing)=
### When the label changes too

Three kinds of augmentation go further {cite:p}`zhang2018mixup,devries2017improved,yun2019cutmix`.

- {term}`Mixup` lays one picture over another: $\lambda$ of this one, $1 - \lambda$ of that.
- {term}`Cutout` covers a square.
- {term}`Cutmix` pastes a box of one picture into another.

> **Before you run it.** A cat is mixed with a dog, $\lambda = 0.7$. What should the label be? A square
> that covers a quarter of a cat: what should the label be? A box of a dog that covers a quarter of a
> cat?
""")
code("""
pairs = [next(iter(load("train", 128).skip(k).batch(5))) for k in (2, 2002)]
x = np.concatenate([picture for picture, _ in pairs])
x[:5] = x[0]  # the same cat five times, and five dogs
y = np.repeat(np.eye(2), 5, axis=0)  # one-hot: (1, 0) is a cat
rng, partners = np.random.default_rng(3), np.roll(np.arange(10), 5)
boxes = np.array([[0, 64, 0, 64], [32, 96, 32, 96], [64, 128, 0, 128]])
boxes = np.concatenate([boxes, [[0, 128, 0, 30], [40, 80, 90, 170]], boxes, boxes[:2]])
mixed = {
    "mixup": augmentation.blend(x, y, partners, np.tile([0.9, 0.7, 0.5, 0.3, 0.1], 2)),
    "cutout": augmentation.cutout(x, y, rng, size=64),
    "cutmix": augmentation.paste(x, y, partners, boxes),
}
rows = {name: one.images[:5] for name, one in mixed.items()}
cat = {name: [f"{c:.2f} cat" for c in one.labels[:5, 0]] for name, one in mixed.items()}
_ = plotting.show_rows(rows, cat)
""", alt="""Three rows of five versions of a photograph of a cat. Mixup: five different dogs shine
through, labelled 0.90 to 0.10 cat. Cutout: a black square covers a part, at another place each time,
and the label stays 1.00 cat. Cutmix: a box shows a part of a dog; the labels are 0.75, 0.75, 0.50,
0.77 and 0.91 cat.""", ignore=True)
md(r"""
In mixup the label is mixed as the picture is: 0.7 cat, 0.3 dog. In cutout it stays: half a cat is a
cat, and the network has to find out by the other half. In cutmix it goes by area, and by the area
that was *really replaced*. In the last picture of the row the box is 80 columns wide, but 42 of them
lie outside. A weight that is worked out from the box before it is cut off would be wrong.

$$
\frac{40 \cdot (128 - 90)}{128 \cdot 128} = 0.093
$$

Do Keras's own layers do the same? A trick makes it visible: let every picture be black or white, all
0 or all 1, and give it the label 0 or 1. After mixing, the mean of a picture *is* the share of white
in it, and a right label equals it.
""")
code("""
keras.utils.set_random_seed(0)
y = np.tile(np.eye(2, dtype="float32"), (100, 1))
x = np.broadcast_to(y[:, 1, None, None, None], (200, 64, 64, 3)).copy()
ours = augmentation.cutmix(x, y, np.random.default_rng(0))
theirs = layers.CutMix(factor=(1, 1))({"images": x, "labels": y}, training=True)
blended = layers.MixUp(alpha=0.2)({"images": x, "labels": y}, training=True)
print("label against share of white, largest difference of 200")
for name, images, labels in (
    ("our cutmix", ours.images, ours.labels),
    ("Keras CutMix", theirs["images"], theirs["labels"]),
    ("Keras MixUp", blended["images"], blended["labels"]),
):
    apart = np.abs(np.mean(images, axis=(1, 2, 3)) - np.array(labels)[:, 1])
    print(f"{name:13} {apart.max():.6f}")
""", ignore=True)
md(r"""
Ours counts pixels, so nothing is apart but rounding. Keras works the weight out before the box is
rounded to pixels; ⟨the largest difference⟩ is small, but now you know where it comes from. Its
`factor=(1, 1)` is the $\alpha = 1$ of the paper; the default, `factor=1.0`, draws another $\alpha$
between 0 and 1 for each batch. For cutout there is `RandomErasing`, and there the same holds: only
`(1, 1)` covers every picture, `1.0` leaves about half of them alone.

For the comparison that follows we keep to the five plain kinds.

## Two remedies, four networks

Chapter 6 had a remedy of another kind. It does not change the pictures; it hinders the network:
dropout, batch normalisation, L2. Which is better? Do they add up, or does one make the other
superfluous? Questions about two remedies need four networks: without either, with one, with the
other, with both. All are trained on the same pictures, for the same number of epochs, at the same
rate. Only so does a difference mean what it seems to mean.

> **Before you run it.** Fill in your guess, in points of validation accuracy:
>
> | | no augmentation | augmentation |
> |---|---|---|
> | **not regularised** | ⟨validation accuracy of the baseline at the end⟩ | ? |
> | **regularised** | ? | ? |
>
> And for each of the four: how much higher is its accuracy on the training pictures?

About ⟨minutes⟩ minutes for the three that are missing.
""")
code("""
arms = {
    "nothing": (False, False),
    "augmentation": (True, False),
    "regularisation": (False, True),
    "both": (True, True),
}
for name, (augment, regularised) in arms.items():
    if name in nets or (small and name != "both"):
        continue
    nets[name], curves[name] = trained(
        lambda regularised=regularised: bipyramid(regularised),
        (train, val),
        epochs,
        augment=augment,
    )
""", ignore=True)
code("""
fig, axes = plt.subplots(2, 2, figsize=(6.4, 4.8), sharex=True, sharey=True)
for name, curve in curves.items():
    augment, regularised = arms[name]
    ax, passed = axes[int(regularised), int(augment)], range(1, len(curve["loss"]) + 1)
    ax.plot(passed, curve["accuracy"], label="training")
    ax.plot(passed, curve["val_accuracy"], "--", label="validation")
    ax.set_title(name)
for ax in axes[1]:
    ax.set_xlabel("epoch")
for ax in axes[:, 0]:
    ax.set_ylabel("accuracy")
_ = axes[0, 0].legend()
""", alt="""Four panels of accuracy over twenty epochs. Without remedy the training curve leaves the
validation curve far below. With augmentation the two stay ⟨close together⟩. With regularisation alone
⟨the training curve rises to nearly 1, too, and the validation curve lies above that of the first
panel⟩. With both ⟨the curves stay together and end highest⟩.""", ignore=True, hide=True)
md(r"""
A caution before you read the training curves. They were measured *during* training: on augmented
pictures, with dropout at work, and as a mean over an epoch in which the network was still
changing. That is not the same as what the finished network knows. So ask the finished networks, on
500 of their own training pictures as they are, and on the 500 of the validation set.
""")
code("""
def share_right(net, pairs):
    \"\"\"Share of the pictures whose logit lies on the right side of 0.\"\"\"
    logits = net.predict(pairs.batch(250), verbose=0)
    labels = np.concatenate([label for _, label in pairs.batch(250)])
    return np.mean((logits > 0) == labels)


own = train.shard(7, 0)
print("                 own pictures  validation     gap")
for name, net in nets.items():
    known, right = share_right(net, own), share_right(net, val)
    print(f"{name:16} {known:12.1%} {right:11.1%} {known - right:7.1%}")
""", ignore=True)
md(r"""
⟨Check against the run.⟩ Look at the column on the right. Without remedy the gap is ⟨…⟩ points.
Regularisation makes it ⟨…⟩, augmentation ⟨…⟩. Augmentation is the stronger of the two here, and it
works in another way: the regularised network still learns its pictures by heart, only later and
with less harm, while the augmented one never gets the chance to.

A small gap is not the aim, though. A network that knows nothing has none. The aim is the middle
column.

(cats-table)=
### The same from other seeds

So far each network was trained once. The course has trained all four from five seeds each, on the
same pictures and for the same twenty epochs (`benchmarks/seeds.py` does it).
""")
code("""
kept = {name: seeds.kept(f"cats_dogs_{name}") for name in arms}
val_shares = {k: [run.validation_accuracy for run in runs] for k, runs in kept.items()}


def told(shares):
    return f"{np.mean(shares):6.1%} ± {np.std(shares, ddof=1):.1%}"


print(f"validation, mean and SD of {len(kept['both'])} seeds")
print("                   no augmentation   augmentation")
for line, pair in (
    ("not regularised", ("nothing", "augmentation")),
    ("regularised", ("regularisation", "both")),
):
    cells = "     ".join(told(val_shares[name]) for name in pair)
    print(f"{line:20} {cells}")
""")
md(r"""
From four means one can read what each remedy brings, alone and on top of the other. The standard error
of such a difference comes from the spread of both.
""")
code("""
def gain(better, worse):
    \"\"\"Difference of two means in points, and its standard error.\"\"\"
    two = [np.array(val_shares[name]) for name in (better, worse)]
    error = np.sqrt(sum(shares.var(ddof=1) / len(shares) for shares in two))
    return f"{100 * (two[0].mean() - two[1].mean()):+5.1f} ± {100 * error:.1f} points"


print("augmentation, alone:      ", gain("augmentation", "nothing"))
print("augmentation, on top:     ", gain("both", "regularisation"))
print("regularisation, alone:    ", gain("regularisation", "nothing"))
print("regularisation, on top:   ", gain("both", "augmentation"))
print("both against nothing:     ", gain("both", "nothing"))
""")
md(r"""
⟨Read the table: which effects are larger than two standard errors; whether they add up. Expected
from single tries: augmentation the larger one; together less than the sum.⟩

And a word on what the table does not say. Twenty epochs are enough for the network without
remedies to be at its end. ⟨Check with the curves:⟩ they are not enough for the networks with
augmentation, whose curves are still rising, since a network that never sees the same picture twice
learns more slowly. At equal epochs the table is fair. What augmentation can do with more of them it
does not show; the next section does.

## As good as we can make it

Now we use what we have found, and three things besides.

- **A lighter head.** More than half of the parameters sat in a dense layer that remembers *where* on
  a grid of 4×4 something was. {term}`Global average pooling` keeps the mean of each whole map instead
  {cite:p}`lin2014network`. The head then has 129 parameters, and none of them knows a place.
- **Larger pictures.** Such a head does not care how large the picture is, nor do filters. So the same
  network, with the same 242,017 parameters, can read pictures of ⟨96⟩ pixels.
- **Time, and a falling rate.** ⟨50⟩ epochs, the rate along half a wave of the cosine, as in chapter 5.

> **Before you run it.** The network of the table had 503,233 parameters. Where have the others gone?
> And by how much does the work grow if a picture is 96 pixels wide instead of 64?
""")
code("""
size, epochs_best = (64, 14) if small else (96, 50)
anatomy.layer_table(models.cats_dogs_net(size))
""")
md(r"""
The filters have not changed but for their biases, which batch normalisation makes superfluous. The
dense layer is gone. The work grows by $(96/64)^2 = 2.25$, for every filter has so many more places to
go to.

About ⟨minutes⟩ minutes. It is the longest training of the chapter; the bar tells how long is left.

> **Before you run it.** Where will the two curves of the accuracy end this time, and how far apart?
""")
code("""
parts = (train, val) if size == 64 else cut(load("train", size))
steps = epochs_best * int(np.ceil(len(parts[0]) / 32))
best, curves_best = trained(
    lambda: models.cats_dogs_net(size),
    parts,
    epochs_best,
    augment=True,
    rate=keras.optimizers.schedules.CosineDecay(2e-3, steps),
)
_ = plotting.plot_history(curves_best)
""", alt="""Two panels over ⟨fifty⟩ epochs. Loss: both curves fall together; the validation curve jumps
up and down at first and becomes calm towards the end, ⟨a little above the training curve⟩. Accuracy:
both rise together to about ⟨nine tenths⟩, the validation curve restless at first, then calm.""",
     ignore=True)
code("""
x_val = np.concatenate([picture for picture, _ in parts[1].batch(250)])
y_val = np.concatenate([label for _, label in parts[1].batch(250)])[:, 0].astype(int)
logits = best.predict(x_val, verbose=0)[:, 0]
known = share_right(best, parts[0].shard(7, 0))
print(f"own pictures {known:.1%}, validation {np.mean((logits > 0) == y_val):.1%}")
""", ignore=True)
md(r"""
⟨Check against the run.⟩ The validation curve jumps at first. That is batch normalisation: its moving
means follow the weights with a delay, and while the rate is high the weights run ahead. As the rate
falls, it becomes calm.
""")
md(r"""
(cats-test)=
## The test set, once

All decisions are made. Each of the networks that were trained from several seeds has seen the 1,000
test photographs once, after its last epoch; so does ours now.
""")
code("""
pairs = load("test", size)
x_test = np.concatenate([picture for picture, _ in pairs.batch(250)])
y_test = np.concatenate([label for _, label in pairs.batch(250)])[:, 0].astype(int)
probability = keras.ops.sigmoid(best.predict(x_test, verbose=0)[:, 0]).numpy()
y_pred = (probability > 0.5).astype(int)
right = np.mean(y_pred == y_test)
error = np.sqrt(right * (1 - right) / len(y_test))
print(f"{right:.1%} of the test pictures, standard error {error:.1%}")
""", ignore=True)
code("""
kept["best"] = seeds.kept("cats_dogs_net")
print("test, mean and SD over the seeds")
for name, runs in kept.items():
    print(f"{name:15} {told([run.test_accuracy for run in runs])}  {len(runs)} seeds")
""")
md(r"""
The lesson set out to show a baseline between 65 and 75 % and to reach 88 %. ⟨Compare.⟩ Between the
two lie the same 3,500 photographs, and fewer than half as many parameters.
""")
code("""
Headline(
    net="cats_dogs_net",
    data=photographs,
    parameters=best.count_params(),
    epochs=kept["best"][0].recipe["epochs"],
    seconds=np.mean([run.seconds for run in kept["best"]]),
    test_accuracy=[run.test_accuracy for run in kept["best"]],
    to_reach=0.88,
)
""", ignore=True)
code("""
class_table(y_test, y_pred, photographs.classes)
""", ignore=True)
md(r"""
⟨One sentence: which of the two animals is found more often, and whether the difference is larger
than its standard error of about 2 points.⟩

And here are the mistakes of which the network is surest.
""")
code("""
both_sides = np.stack([1 - probability, probability], axis=1)
_ = plotting.gallery(
    x_test, y_test, y_pred, photographs.classes, probabilities=both_sides
)
""", alt="""Twelve small photographs in three rows of four. Above each stands what it is, an arrow to
what the network took it for, and the probability that the network gave to that. ⟨What they have in
common.⟩""", ignore=True)
md(r"""
⟨What can be seen: animals in cages, cut off, very dark, lying on their backs; dogs with pointed
ears.⟩ For each of them you can make up a reason. Whether it *is* the reason is another question,
and the rest of the chapter is about how to ask it.
""")

# ------------------------------------------------------------------------ looking inside
md(r"""
## What the network sees

We open the network, from the input on. Everything from here is about validation pictures.

### The first filters

Only the first filters can be shown as they are, for only their three channels are colours.
""")
code("""
_ = plotting.plot_filters(best.get_layer("conv_1").kernel, columns=8)
""", alt="""Thirty-two squares of three by three coloured pixels, the filters of the first layer. Some
are light on one side and dark on the other, some have a colour and its opposite, some are nearly
grey all over.""", ignore=True)
md(r"""
⟨Check:⟩ edges in several directions, and pairs of opposite colours, much as in chapter 5. Nothing in them
speaks of cats.

### Feature maps of every block

So look at what the layers *answer*. Of each of the four stages here are the six maps that vary most over one picture of a cat, after {term}`ReLU`.

> **Before you run it.** From stage to stage, do the maps show more of the picture or less? In which
> of them do you expect to recognise the cat?
""")
code("""
surest_cat = np.argmin(logits)
fig, axes = plt.subplots(4, 7, figsize=(6.4, 3.9))
for i, row in enumerate(axes, start=1):
    plotting.show_images(x_val[[surest_cat]], axes=row[:1])
    maps = explain.feature_maps(best, x_val[[surest_cat]], f"relu_{i}")
    liveliest = np.argsort(-maps.std(axis=(0, 1, 2)))[:6]
    plotting.plot_feature_maps(maps[..., liveliest], axes=row[1:])
    row[0].set_ylabel(f"stage {i}\\n{maps.shape[1]}×{maps.shape[2]}")
""", alt="""Four rows, one for each stage: the photograph of a cat and six feature maps. In the first
row the maps are as fine as the picture, and the cat is there in outlines and patches. From row to row
they get coarser and emptier; in the last, each map has a few bright spots, most of them ⟨on the
head⟩.""", ignore=True)
md(r"""
⟨Check against the run.⟩ In the first stage you see the cat, drawn in edges and in patches of a
colour. In the second, edges of some kinds, in some places. In the last stage there is no cat any
more. A few places of a grid of ⟨12×12⟩ are bright and all others dark: *here* is something that
this map was looking for. What it looks for the map does not say. Global average pooling then asks
only how much of it there is.

### The gradient of the logit

Ask the network directly: *which pixels would have to change for you to change your mind?* That is a
derivative. The gradient of the logit with respect to the pixels says for each of them how much a
small change would move the answer. Its size, shown as a picture, is called {term}`saliency`
{cite:p}`simonyan2014deep`.

Why the logit and not the probability, which is what we care for?

> **Before you run it.** For $p = \operatorname{sigmoid}(z)$ the derivative is
> $\mathrm{d}p/\mathrm{d}z = p\,(1 - p)$. How large is the gradient of the probability for a picture of
> which the network is very sure?

We take five pictures, from the surest cat to the surest dog, with the undecided one in the middle.
""")
code("""
order = np.argsort(logits)
chosen = order[np.linspace(0, len(order) - 1, 5).astype(int)]
x, z = x_val[chosen], logits[chosen]
p = 1 / (1 + np.exp(-z))
for label, score, dog in zip(y_val[chosen], z, p, strict=True):
    name, slope = photographs.classes[label], dog * (1 - dog)
    print(f"{name}: logit {score:6.2f}, dog {dog:.4f}, p(1 − p) = {slope:.5f}")
""", ignore=True)
md(r"""
For the surest pictures the gradient of the probability is ⟨hundreds or thousands⟩ of times smaller than that of
the logit, and for no other reason than that the sigmoid is flat there. A map of it would say that the
network looks at nothing. The logit has no such flat ends.

One more preparation. Our network has one logit, and "what speaks for cat" would be its negative. The
functions of the course want one logit for each class, so we split ours into halves: $-z/2$ for cat,
$z/2$ for dog. Their softmax is just the sigmoid of $z$:

$$
\frac{e^{z/2}}{e^{-z/2} + e^{z/2}} = \frac{1}{1 + e^{-z}} .
$$
""")
code("""
def with_two_logits(net):
    \"\"\"The same net with a logit for cat, −z/2, and one for dog, z/2.\"\"\"
    dog = net.outputs[0] / 2
    return keras.Model(net.inputs[0], keras.ops.concatenate([-dog, dog], axis=1))


def heat(maps):
    \"\"\"Maps as pictures: dark violet is 0, yellow is the largest value of each.\"\"\"
    largest = maps.max(axis=(1, 2), keepdims=True)
    return plt.get_cmap("viridis")(maps / np.maximum(largest, 1e-12))[..., :3]
""")
code("""
def titled(numbers):
    \"\"\"What each validation picture is, and its logit.\"\"\"
    return [f"{photographs.classes[y_val[i]]}, z = {logits[i]:.1f}" for i in numbers]


asked = with_two_logits(best)
print(np.allclose(keras.ops.softmax(asked.predict(x, verbose=0))[:, 1], p, atol=1e-4))
""")
code("""
rows = {
    "photograph": x,
    "saliency": heat(explain.saliency(asked, x)),
    "SmoothGrad": heat(explain.smooth_grad(asked, x)),
}
names = titled(chosen)
_ = plotting.show_rows(rows, {"photograph": names})
""", alt="""Five photographs from the surest cat to the surest dog. Below each its saliency, a grain of
bright and dark points that is ⟨denser on the animal⟩; below that its SmoothGrad, the same with less
grain, ⟨in which outlines of heads can be seen⟩.""", ignore=True)
md(r"""
Saliency is a grain of points. Neighbouring pixels have quite different gradients, for a network of
ReLUs is made of flat pieces that meet at edges, and the gradient jumps from piece to piece.
{term}`SmoothGrad` adds noise to the picture, takes the gradient, does it 25 times and averages
{cite:p}`smilkov2017smoothgrad`. What is left is what the pieces round about agree on.

Keep in mind what was asked. A gradient says what a *small* change would do. It does not say what the
answer rests on.

### Grad-CAM

The maps of the last stage say where something is, and the gradient says which maps matter.
{term}`Grad-CAM` puts the two together {cite:p}`selvaraju2017grad`: weigh each map by the mean gradient
of the logit over its places, add the maps up, cut off what is negative, and lay the result over the
picture. It can be asked about each class.

> **Before you run it.** For the surest cat, what will the map *for dog* show? And for the undecided
> picture?
""")
code("""
rows = {"photograph": x}
for label, name in enumerate(photographs.classes):
    maps = explain.grad_cam(asked, x, "relu_4", np.full(len(x), label))
    rows[f"for {name}"] = heat(maps)
    print(f"for {name}, largest value of each:", maps.max(axis=(1, 2)).round(3))
_ = plotting.show_rows(rows, {"photograph": names})
""", alt="""The five photographs again, with two rows of coarse heat maps, for cat and for dog. For the
surest cat the map for cat is bright ⟨on the head⟩; for the surest dog the map for dog is. For the
undecided picture ⟨both have bright places, at different spots⟩.""", ignore=True)
md(r"""
⟨Check against the run.⟩ Each map is brought to its own brightest value, so compare maps only with the
numbers above. Grad-CAM is coarse, a grid of ⟨12×12⟩ stretched over the picture, and each of its values
sees 38 pixels. But it answers a question that saliency does not: *where is what speaks for this
class?*

### Occlusion

The plainest way is to try. Cover a part of the picture and see what becomes of the logit:
{term}`occlusion` {cite:p}`zeiler2014visualizing`. It takes one prediction for each place of the square, and no gradient
at all. (About ⟨seconds⟩ seconds.)
""")
code("""
fallen = explain.occlusion(asked, x, size=16, stride=8)
limit = np.abs(fallen).max(axis=(1, 2), keepdims=True)
colours = plt.get_cmap("RdBu_r")(0.5 + fallen / (2 * limit))[..., :3]
largest = [f"{value:.1f}" for value in fallen.max(axis=(1, 2))]
_ = plotting.show_rows({"photograph": x, "occlusion": colours}, {"occlusion": largest})
""", alt="""The five photographs, and below each a map in red, white and blue. Red is where covering
lowers the logit of the class that the net had chosen, ⟨on the heads⟩; blue is where covering raises
it. Above each stands the largest fall in logits.""", ignore=True)
md(r"""
Red says: without this, the network is less sure. Blue says: without this, it is surer; something there
spoke for the other animal. The numbers are falls of a logit, of
$z/2$ or $-z/2$ to be exact, so they can be compared from picture to picture.

⟨Where do the three methods agree on these five pictures, and where do they not?⟩

## The animal or the room?

Suppose that dogs are photographed on lawns more often, and cats on sofas. A network that has learned "lawn" will be right more
often than not and has not learned what a dog is. It is not a fault of the network. It was asked to be
right, and nobody told it that the lawn does not count. {cite:t}`geirhos2020shortcut` collect many
such shortcuts; {cite:t}`ribeiro2016should` made one on purpose, a classifier of wolves and huskies
that looked for snow.

Take out your second list. How much does *our* network rest on what is not the animal? Nobody has
marked where the animals are. But photographers mostly put them into the middle, so divide each picture into
a middle and a rim *of equal area*.
""")
code("""
side = round(size * np.sqrt(0.5))
first = (size - side) // 2
inside = slice(first, first + side)
middle = np.zeros((size, size, 1), dtype=bool)
middle[inside, inside] = True
print(f"the middle is {side} of {size} pixels wide, {middle.mean():.0%} of the area")

grey = x_val.mean(axis=(1, 2), keepdims=True)
tries = {
    "whole picture": x_val,
    "middle only": np.where(middle, x_val, grey),
    "rim only": np.where(middle, grey, x_val),
}
shown = [one[i] for one in tries.values() for i in (40, 300)]
_ = plotting.show_images(shown, columns=6)
""", alt="""A cat and a dog, three times each: as they are; with a grey frame, so that only the middle
is left; and with a grey square in the middle, so that only the rim is left.""", ignore=True)
md(r"""
> **Before you run it.** What share of the pictures is right if only the middle is left? And if only
> the rim is left: 50 %, or more?
""")
code("""
for name, images in tries.items():
    found = best.predict(images, verbose=0)[:, 0] > 0
    share = np.mean(found == y_val)
    error = np.sqrt(share * (1 - share) / len(y_val))
    print(f"{name:14} {share:.1%} ± {error:.1%}, taken for dogs: {found.mean():.0%}")
""", ignore=True)
md(r"""
⟨Check against the run.⟩ From the rim alone the network is right in ⟨…⟩ of the cases, more than a coin.
Some of that is honest, since ears and tails reach into the rim. Some of it is the room. The last
column is a warning about the method itself: a grey square is something that the network has never
seen, and it may speak for one of the classes all by itself.

So let the two halves compete instead, without any grey. We paste the middle of a dog into the picture
of a cat, and the other way round. Middle and rim now say opposite things, with equal area.

> **Before you run it.** If every pixel had the same say, the network would side with the middle half
> of the time. What share do you expect?
""")
code("""
half = len(x_val) // 2  # cats first, then as many dogs
partners = np.roll(np.arange(len(x_val)), half)
box = [first, first + side, first, first + side]
pasted = augmentation.paste(
    x_val, np.eye(2)[y_val], partners, np.tile(box, (len(x_val), 1))
)
found = (best.predict(pasted.images, verbose=0)[:, 0] > 0).astype(int)
share = np.mean(found == y_val[partners])
error = np.sqrt(share * (1 - share) / len(found))
print(f"sides with the middle: {share:.1%} ± {error:.1%}")
_ = plotting.show_images(pasted.images[[40, 90, 140, 300, 350, 400]], columns=6)
""", alt="""Six photographs with a square of another one in the middle: dogs in the frames of cats'
pictures, and cats in the frames of dogs' pictures.""", ignore=True)
md(r"""
⟨Check against the run.⟩ In ⟨…⟩ the middle wins, with the area of the rim as large as its own. And in
⟨…⟩ the rim does: a sofa, or an ear that stuck out. {cite:t}`xiao2021noise` do this on ImageNet, with
animals that were cut out properly, and find that good networks still follow the background in a
part of the cases.

Grad-CAM can say in which pictures the network looks elsewhere. For each picture, what share of its
map lies in the middle? And these are the five with the least.
""")
code("""
maps = explain.grad_cam(asked, x_val, "relu_4")
total = maps.sum(axis=(1, 2))
shares = np.where(middle[..., 0], maps, 0).sum(axis=(1, 2)) / np.maximum(total, 1e-12)
correct = (logits > 0) == y_val
print(f"in the middle, mean share: {shares[total > 0].mean():.0%}")
for name, group in (("right", correct), ("wrong", ~correct)):
    print(f"  of those that it gets {name}: {shares[group & (total > 0)].mean():.0%}")
away = np.argsort(np.where(total > 0, shares, 1))[:5]
rows = {"photograph": x_val[away], "Grad-CAM": heat(maps[away])}
_ = plotting.show_rows(rows, {"photograph": titled(away)})
""", alt="""Five photographs with heat maps that are bright at the rim: ⟨what the network looks at
there⟩.""", ignore=True)
md(r"""
⟨What clutter is it: bars, hands, patterned cloth? Is the share lower where the network is wrong?⟩

## Does the map show the network?

A map on which the head of a cat glows convinces everybody. It should not, without one more test. A
picture has edges, and a map that simply shows edges would glow on the same head. So ask: *would this
map look different if the network knew nothing?* {cite:t}`adebayo2018sanity` put it like that. Take
the same architecture with random weights, make the same map, and compare. A map that stays the same
shows the picture, not the network.

> **Before you run it.** Saliency, SmoothGrad, Grad-CAM. Which of the three will change most when the
> trained weights are replaced by random ones? Is there one that will not change?
""")
code("""
ways = {
    "saliency": explain.saliency,
    "SmoothGrad": explain.smooth_grad,
    "Grad-CAM": lambda net, x, classes: explain.grad_cam(net, x, "relu_4", classes),
}
ignorant = with_two_logits(explain.with_random_weights(best, seed=0))
classes = (z > 0).astype(int)
rows = {"photograph": x}
for name, way in ways.items():
    rows[f"{name},\\ntrained"] = heat(way(asked, x, classes))
    rows[f"{name},\\nrandom"] = heat(way(ignorant, x, classes))
_ = plotting.show_rows(rows)
""", alt="""The five photographs, and below them three pairs of rows: saliency, SmoothGrad and Grad-CAM,
each for the trained network and for one with random weights. ⟨In how far each pair looks alike.⟩""",
     ignore=True)
md(r"""
Eyes are easily deceived here, so let us have a number: the rank correlation of two maps, 1 if they put
all pixels into the same order, 0 if the one says nothing about the other. Ten pictures, five random
networks. For comparison, the edges of the picture itself, which know of no network at all.
""")
code("""
def likeness(first, second):
    \"\"\"Mean rank correlation of maps; a map that is 0 everywhere is like none.\"\"\"
    found = []
    for pair in zip(first, second, strict=True):
        a, b = (rankdata(one) - (one.size + 1) / 2 for one in pair)
        found.append(np.sum(a * b) / max(np.linalg.norm(a) * np.linalg.norm(b), 1e-9))
    return np.mean(found)


ten = x_val[order[np.linspace(0, len(order) - 1, 10).astype(int)]]
classes = (best.predict(ten, verbose=0)[:, 0] > 0).astype(int)
edges = np.hypot(*np.gradient(ten.mean(axis=3), axis=(1, 2)))
trained_maps = {name: way(asked, ten, classes) for name, way in ways.items()}
random_nets = [
    with_two_logits(explain.with_random_weights(best, seed)) for seed in session.seeds()
]
""", ignore=True)
code("""
print("likeness of the trained net's map to   random net's   edges of the picture")
for name, way in ways.items():
    mine = trained_maps[name]
    to_random = [likeness(mine, way(net, ten, classes)) for net in random_nets]
    mean, spread = np.mean(to_random), np.std(to_random, ddof=1)
    print(f"{name:36} {mean:7.2f} ± {spread:.2f} {likeness(mine, edges):16.2f}")
""", ignore=True)
md(r"""
⟨Check against the run. Expected from the paper: gradients and Grad-CAM depend on the weights, so the
likeness should fall; but saliency of a random network is not unlike that of a trained one where the
picture has strong edges.⟩ The number in the second column is how much of a map you would have got from
the picture alone. What a map says *beyond* that is what it says about the network.

Three lessons for the use of such maps:

1. Ask about the logit, in inference mode, and about a named class.
2. Before you believe a map, make it for a network that knows nothing.
3. A map is a question about one picture. Whether the network *needs* what the map shows, only an
   experiment tells: cover it, exchange it, and count over many pictures.
""")

# ----------------------------------------------------------------------------- exercises
md("## Exercises")


def exercise(title, label, task, answer, source=None, **kwargs):
    md(f"```{{exercise-start}} {title}\n:label: {label}\n```\n{task.strip()}\n\n"
       "```{exercise-end}\n```")
    md(f"```{{solution-start}} {label}\n:class: dropdown\n```\n{answer.strip()}")
    if source:
        code(source, folded=True, **kwargs)
    md("```{solution-end}\n```")


exercise("Larger pictures, once more", "ex-cats-larger", r"""
How many parameters do `bipyramid` and `cats_dogs_net` have for pictures of 128 pixels? Work it out,
then check the second one. Why does only one of them grow?
""", r"""
Filters do not care about the size, and neither does global average pooling: 242,017 as before. Behind
Flatten, however, $8 \cdot 8 \cdot 128 = 8{,}192$ values meet 128 units, $8{,}192 \cdot 128 + 128 =
1{,}048{,}704$ parameters. With the filters' 240,832 and the last 129 that is 1,289,665.
""", """
filters = sum(9 * i * o + o for i, o in ((3, 32), (32, 64), (64, 128), (128, 128)))
print(f"{filters + (8 * 8 * 128 * 128 + 128) + 129:,}")
print(f"{models.cats_dogs_net(128).count_params():,}")
""")
exercise("The loss of a mixed label", "ex-cats-mixed", r"""
A network gives a picture the logit $z$. The picture is a mixture, 0.7 dog and 0.3 cat. Show that its
loss is 0.7 times the loss of a dog plus 0.3 times the loss of a cat. For which $z$ is it smallest, and
how small can it get? What does that do to a network that likes to be sure?
""", r"""
The binary cross-entropy is $-t \ln p - (1 - t) \ln(1 - p)$, linear in $t$: that is the first part. Its
derivative is zero where $p = t$, so at $z = \ln(0.7/0.3) \approx 0.85$, and there the loss is 0.61 and
not 0. A network that says 0.999 pays for it. Mixing labels therefore works against being too sure,
as label smoothing does in chapter 6.
""", """
loss = keras.losses.BinaryCrossentropy(from_logits=True)
z_try = np.linspace(-4, 4, 801)
parts_of_it = [loss([[t]], [[z_try[500]]]) for t in (0.7, 1.0, 0.0)]
mixed_loss, dog_loss, cat_loss = map(float, parts_of_it)
print(np.isclose(mixed_loss, 0.7 * dog_loss + 0.3 * cat_loss))
p_try = 1 / (1 + np.exp(-z_try))
losses = -0.7 * np.log(p_try) - 0.3 * np.log(1 - p_try)
print(f"smallest {losses.min():.3f} at z = {z_try[losses.argmin()]:.2f}")
""")
exercise("How much does cutout cover?", "ex-cats-cutout", r"""
A square of 32×32 pixels is laid on a picture of 64×64, its middle on any pixel with equal probability.
It may reach outside. What share of the picture does it cover in the mean? Guess, then count over all
places of the middle.
""", r"""
At most a quarter, and less in the mean, since it often reaches outside. Along one axis the covered
length is 32 for the inner half of the places and falls to 16 at the border, 28 in the mean; for both
axes $(28/64)^2 = 19\ \%$. If you want it always whole, draw the corner instead of the middle, as
`RandomErasing` does.
""", """
middles = np.arange(64)
lengths = np.minimum(middles + 16, 64) - np.maximum(middles - 16, 0)
print(lengths.min(), lengths.max(), lengths.mean())
print(f"{(lengths.mean() / 64) ** 2:.1%} of the picture")
""")
exercise("Two looks", "ex-cats-two-looks", r"""
A mirrored cat is a cat. So let the network look at each validation picture and at its mirror image, and
take the mean of the two logits. Is it better? By more than chance? What does it cost? And why would it
make no sense to do so with a picture turned upside down?
""", r"""
The mean of two looks is right a little more often, ⟨by … points⟩. With 500 pictures that is only a few
of them, so count those on which the two ways differ: only they say anything. It costs twice the time at
each use. Upside down, the network is much worse, because it has never seen that: an augmentation is
also a statement about what may come.
""", """
mirrored = best.predict(x_val[:, :, ::-1], verbose=0)[:, 0]
one_look, two_looks = (((score > 0) == y_val) for score in (logits, logits + mirrored))
print(f"one look {one_look.mean():.1%}, two looks {two_looks.mean():.1%}")
print("only two looks right:", np.sum(two_looks & ~one_look), end=", ")
print("only one look right:", np.sum(one_look & ~two_looks))
upside_down = best.predict(x_val[:, ::-1], verbose=0)[:, 0]
print(f"upside down {np.mean((upside_down > 0) == y_val):.1%}")
""", ignore=True)
exercise("Grad-CAM by hand", "ex-cats-cam", r"""
Write Grad-CAM for the logit of "dog" with `tf.GradientTape`: open the network at `relu_4`, take the
gradient of the logit with respect to the maps, average it over the places, weigh, add up, cut off below
0. Leave out the enlarging, and compare with `explain.grad_cam` in its largest place.
""", r"""
Eight lines. The course's function does the same and then brings the map to the picture's size. Its
brightest place lies where the small map is largest, within one of the coarse steps.
""", """
last_maps = asked.get_layer("relu_4").output
inside_net = keras.Model(asked.inputs[0], [last_maps, asked.outputs[0]])
with tf.GradientTape() as tape:
    maps, both_logits = inside_net(x[-1:], training=False)
    dog = both_logits[0, 1]
weights = tf.reduce_mean(tape.gradient(dog, maps), axis=(1, 2), keepdims=True)
small_map = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1))[0].numpy()
enlarged = explain.grad_cam(asked, x[-1:], "relu_4", np.array([1]))[0]
step = size // len(small_map)
peaks = [np.unravel_index(one.argmax(), one.shape) for one in (small_map, enlarged)]
print("by hand, in pixels:", [int(k) * step + step // 2 for k in peaks[0]])
print("course's function: ", [int(k) for k in peaks[1]])
""", ignore=True)
exercise("A picture that a map likes", "ex-cats-favourite", r"""
`explain.favourite_picture` begins with grey noise and climbs the gradient of one map's mean answer.
Make one for three maps each of the second and the fourth stage. Do the pictures say what the maps look
for? Do they pass the test of the last section?
""", r"""
⟨Check against the run:⟩ in the second stage they are textures, stripes and dots of one scale. In the fourth they are larger and
less regular, and whoever knows that the network tells cats from dogs sees eyes in them. Make the same
pictures with random weights before you believe it: the textures are less clear, but some are there, for
the architecture alone prefers what repeats.
""", """
rows = {}
for name in ("relu_2", "relu_4"):
    rows[name] = [explain.favourite_picture(best, name, k, steps=30) for k in range(3)]
_ = plotting.show_rows(rows)
""", alt="""Two rows of three pictures that were climbed to from noise: in the first, textures of fine
stripes and dots in several colours; in the second, coarser and less regular patterns.""", ignore=True)

# ----------------------------------------------------------------------- what goes wrong
md(r"""
(cats-wrong)=
## What goes wrong, and how it looks

**A cache behind the shuffle.** Someone calls `image_dataset_from_directory`, which shuffles, and then
`.cache()`. The cache keeps the pictures in the order of the first epoch, and that order comes back in
every epoch. Nothing warns; the training is just a little worse. Cure: cache first, then shuffle. Six
numbers in place of pictures show it.
""")
code("""
six = tf.data.Dataset.range(6)
for name, numbers in (
    ("shuffle, cache", six.shuffle(6, seed=1).cache()),
    ("cache, shuffle", six.cache().shuffle(6, seed=1)),
):
    passes = [[int(k) for k in numbers] for _ in range(3)]
    print(name, *passes)
""")
md(r"""
**A validation set of dogs.** `validation_split` takes the *last* share of the files. With
`shuffle=False` the files are in order, and the last ones are dogs. The accuracy on such a set says how
fond the network is of dogs. Cure: count the classes on both sides of a split.
""")
code("""
split = {"validation_split": 0.125, "subset": "validation", "image_size": (64, 64)}
last = keras.utils.image_dataset_from_directory(folder / "train", **split, **how)
print({Path(name).parent.name for name in last.file_paths})
""")
md(r"""
**Augmented validation pictures.** The augmenter is mapped over the data set before it is split, or over
both parts. Then the validation accuracy is too low, and different each time. Cure: go through the
validation set twice and compare.
""")
code("""
change = augmenter()


def changed(x, y):
    return change(x, training=True), y


spoiled = val.batch(250).map(changed)
for name, pairs in (("as it should be", val.batch(250)), ("augmented", spoiled)):
    first_pass, second_pass = (next(iter(pairs))[0].numpy() for _ in range(2))
    print(f"{name}: the same twice: {np.array_equal(first_pass, second_pass)}")
""")
md(r"""
**Numbers in another unit.** `RandomRotation((-30, 30))` means thirty full turns, so any angle.
`RandomContrast(0.5)` sounds as if it went both ways and only raises contrast; and without
`value_range=(0, 1)` it cuts off at 255 and lets pixels of [0, 1] pass beyond 1. Nothing warns. Cure:
look at the pictures, or measure. Here is by what factor the contrast of 500 pale pictures changes.
""")
code("""
keras.utils.set_random_seed(0)
pale = 0.5 + 0.02 * np.random.default_rng(0).standard_normal((500, 16, 16, 1))
for factor in (0.5, (0.5, 0.5)):
    layer = layers.RandomContrast(factor, value_range=(0, 1))
    after = layer(pale.astype("float32"), training=True).numpy()
    ratio = after.std(axis=(1, 2, 3)) / pale.std(axis=(1, 2, 3))
    print(f"RandomContrast({factor}): from {ratio.min():.2f} to {ratio.max():.2f}")
""", ignore=True)
code("""
keras.utils.set_random_seed(0)
same_five = np.repeat(x_val[40:41], 5, axis=0)
rows = {}
for name, factor in (("30 / 360", 30 / 360), ("(-30, 30)", (-30, 30))):
    rows[name] = layers.RandomRotation(factor)(same_five, training=True).numpy()
_ = plotting.show_rows(rows)
""", alt="""The same small photograph five times in two rows. With 30 / 360 it is turned a little to
either side. With (-30, 30) it stands at any angle, on its side or on its head.""", ignore=True)
md(r"""
**The augmenter inside the network.** If `[augmenter(), net]` is what you keep, a bare call is random:
`learner(x)` augments, though `predict` does not. A saliency map made with it belongs to some turned
version of the picture. Cure: keep `net`, or call with `training=False`.
""")
code("""
learner = keras.Sequential([augmenter(), best])
for training in (None, False):
    twice = [learner(x_val[:1], training=training).numpy() for _ in range(2)]
    print(f"training={training}: the same twice: {np.array_equal(*twice)}")
""", ignore=True)
md(r"""
**A threshold for probabilities, used on logits.** `metrics=["accuracy"]` and `BinaryAccuracy()` put the
border at 0.5. On logits that is a probability of 0.62, and too many dogs count as cats. The training
is not affected, only what you read. Cure: `threshold=0`.
""")
code("""
for threshold in (0.5, 0.0):
    metric = keras.metrics.BinaryAccuracy(threshold=threshold)
    share = float(metric(y_val[:, None], logits[:, None]))
    dogs = np.mean(logits[y_val == 1] > threshold)
    print(f"threshold {threshold}: {share:.1%}, dogs found: {dogs:.1%}")
""", ignore=True)
md(r"""
Which sign points to what:

| you see | look at |
|---|---|
| training near 100 %, validation far below, its loss rising | overfitting: more pictures, augmentation, a lighter head |
| both low, close together, still rising | too few epochs, or too much augmentation |
| validation above training | augmentation and dropout work in training only; as a rule no fault |
| validation differs between two calls | augmentation on the validation set |
| validation near 0 or 100 % from the start | only one class in it |
| a saliency map that changes from call to call | an augmenter or dropout at work: `training=False` |
""")
md(r"""
## Summary

- A folder of files becomes batches by `image_dataset_from_directory`. Cache what stays the same, then
  shuffle, then batch; the loader reads ahead by itself.
- 503,233 parameters learn 3,500 photographs by heart. The training loss goes to 0; the validation loss
  turns after ⟨…⟩ epochs and rises above that of a coin, while the accuracy hardly falls.
- Augmentation is allowed where the label stays true. In mixup and cutmix the label changes with the
  picture, and goes by what was really replaced.
- Two remedies need four networks, at equal epochs and over several seeds. Augmentation brought
  ⟨…⟩ points, regularisation ⟨…⟩, both ⟨…⟩.
- With a light head, larger pictures and a falling rate, 242,017 parameters reach ⟨…⟩ of the test
  pictures from the same photographs. The baseline reached ⟨…⟩.
- Saliency and SmoothGrad show which pixels would move the logit, Grad-CAM where the last maps speak for a
  class, occlusion what happens when a part is gone. Ask about the logit; the probability is flat where
  the network is sure.
- From the rim alone the network is right in ⟨…⟩ of the cases. Where the rim and the middle disagree it
  sides with the middle in ⟨…⟩.
- Make every map also for random weights. What stays the same shows the picture, not the network.
""")

# ---------------------------------------------------------------------------------- quiz


def quiz(number, question, answers, head=""):
    text = head + f"**{number}. {question}**\n"
    for summary, verdict, why in answers:
        text += f'\n<details class="quiz"><summary>{summary}</summary>\n\n'
        text += f"**{verdict}.** {why}\n\n</details>"
    md(text)


quiz(1, """The training accuracy is 99 %, the validation accuracy 74 %, and the validation loss has
been rising for ten epochs. What is it?""", [
    ("The learning rate is too high.", "No", "Then the training loss would not have gone to almost 0."),
    ("The network overfits.", "Yes", """It knows its own pictures and grows surer and surer, also where
it is wrong on others."""),
    ("The network is too small.", "No", "It is large enough to learn every training picture by heart."),
], "## Quiz\n\nChoose an answer in your mind, then open it.\n\n")
quiz(2, "Where in the pipeline does <code>.cache()</code> belong?", [
    ("After shuffling and augmentation, so that these are done only once", "No", """Done once, they are
the same in every epoch: one order for ever, and no augmentation worth the name."""),
    ("After decoding, before shuffling and augmentation", "Yes", """It keeps what is always the same and
takes long, and leaves alone what shall change."""),
    ("At the very end, behind the prefetch", "No", """There it keeps finished batches, in the order of the
first epoch."""),
])
quiz(3, """A box from a dog is pasted into a cat of 100×100 pixels. It is 50×60 pixels, but only 50×40 of
them lie inside the picture. What is the label?""", [
    ("0.70 cat, 0.30 dog", "No", "That is the whole box, 3,000 pixels. A third of it was cut off."),
    ("0.80 cat, 0.20 dog", "Yes", "2,000 of 10,000 pixels were really replaced."),
    ("1.00 cat", "No", "So it is in cutout, where what covers the cat shows nothing."),
])
quiz(4, """Net A has augmentation and trained 60 epochs, net B has not and trained 20. A is better by
five points on average over five seeds, with a standard error of one. What follows?""", [
    ("Augmentation helps.", "No", "It may have been the forty more epochs. Two things were changed."),
    ("Nothing, five points may be chance.", "No", """Five standard errors are no chance. But the question
is what the difference is due to."""),
    ("A is better. Whether by augmentation or by epochs remains open.", "Yes", """To know, train both
equally long."""),
])
quiz(5, "Why is saliency taken of the logit and not of the probability?", [
    ("Because the probability cannot be differentiated.", "No", """It can: its derivative is p (1 − p)
times that of the logit."""),
    ("Because the gradient of a probability near 0 or 1 is almost zero everywhere.", "Yes", """The network
is sure, the sigmoid is flat, and the map would show nothing."""),
    ("Because the logit is positive for the class that was chosen.", "No", """It may have any sign, and
its sign is not the reason."""),
])
quiz(6, """A heat map glows on the cat's head. The same method, applied to the network with random
weights, gives nearly the same map. What do you conclude?""", [
    ("The network looks at the head.", "No", """The random network has never learned anything, and its
map says the same."""),
    ("The map shows something about the picture, such as its edges.", "Yes", """What does not depend on
the weights cannot tell what the weights have learned."""),
    ("The network has not learned anything.", "No", """Its accuracy says that it has. It is the map that
fails the test."""),
])
md(r"""
## Further reading

- {cite:t}`elson2007asirra` and {cite:t}`golle2008machine` are the puzzle and its solution, both short.
- {cite:t}`shorten2019survey` survey augmentation; {cite:t}`zhang2018mixup`,
  {cite:t}`devries2017improved` and {cite:t}`yun2019cutmix` are mixup, cutout and cutmix, and
  {cite:t}`zhong2020random` is what `RandomErasing` does.
- {cite:t}`simonyan2014deep`, {cite:t}`smilkov2017smoothgrad`, {cite:t}`selvaraju2017grad` and
  {cite:t}`zeiler2014visualizing` introduce saliency, SmoothGrad, Grad-CAM and occlusion.
- {cite:t}`adebayo2018sanity` should be read by everybody who shows a heat map to others.
- {cite:t}`geirhos2020shortcut`, {cite:t}`xiao2021noise` and {cite:t}`ribeiro2016should` are about
  networks that are right for the wrong reason.

## Now you

The assignment to this chapter is
{download}`7_overfitting.ipynb <../exercises/7_overfitting/7_overfitting.ipynb>`. You read curves that
part, choose augmentations whose labels stay true, write mixup and cutmix with the weights of their
labels, put a pipeline into the right order, train a network of your own on few pictures under a budget,
find what is wrong in three programs, and judge a heat map. Before you hand in,
`course check 7_overfitting.ipynb` shows you how you did.
""")

notebook = new_notebook(cells=cells)
notebook.nbformat_minor = 5
notebook.metadata = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
nbformat.validate(notebook)
target = Path(__file__).with_name("07_cats_vs_dogs.ipynb")
nbformat.write(notebook, target)
print(len(cells), "cells")
