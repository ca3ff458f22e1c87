"""Write 09_homework.ipynb into the book."""

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
# Homework: a network that earns its parts

Now you do the whole of it by yourself: small colour photographs, few of them, and a network that
has to get as far as it can. You build it in three stages. First a plain network, then the same
with more varied pictures, then one with all the means that you have met. After each stage you ask
the same question: *was that worth it, and how do I know?*

The answer to that question is what is graded, more than the last point of accuracy. This chapter is
the brief. It says what is asked, what earns the points, and which mistakes cost them most often.

**What you will learn**

- *Plan* an experiment in which every arm differs from the one before in one thing.
- *Carry it out* from loading to evaluation, with three sets of pictures that never mix.
- *Judge* the differences with the uncertainty that 1,000 test pictures leave.
- *Report* what you found in a few sentences that a stranger could check.

**Needed before:** chapters [5](05_lenet_cifar10.ipynb) to [7](07_cats_vs_dogs.ipynb). Of [chapter
8](08_transfer_learning.ipynb) you need the three sections that the notebook's warm-up asks about; the
experiment itself trains everything from scratch.

**Time:** reading, half an hour; the homework itself, six to eight hours, of which your computer
trains for about one.

```{run-cost} 09_homework
```
""")
code("""
from course_utils import session

session.start()
""")
code("""
%config InlineBackend.figure_formats = ["svg"]
import hashlib

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from matplotlib.ticker import PercentFormatter

from course_utils import data, homework, plotting, seeds
from course_utils.checks import thresholds
from course_utils.results import Headline

plotting.use_style()
cifar10 = data.load("cifar10")
cifar10
""")
md(r"""
(homework-due)=
## When it is due
""")
code("""
print(f"{homework.DUE:%A, %d %B %Y, %H:%M} UTC")
""")
md(r"""
(An instructor sets the date in one place, `course_utils/homework.py`; this page and the notebook take
it from there.) The homework counts **2 points** of the course, in twenty lines of a tenth each. The
notebook gives every line half a point, so that it shows 10 in all, as the other assignments do. What
comes in later is graded all the same; your instructor says what the delay costs.

## The aim

> Train a convolutional network on 2,000 photographs of CIFAR-10, and find out by how much
> augmentation and regularisation improve it.

You choose the classes: three, four or five of them, or all ten. Fewer classes are easier and train
faster, all ten can be compared with the figures below. The points are the same. Pretrained weights
are not allowed: the question is what 2,000 pictures can teach.
""")
md(r"""
## The data

There are 2,000 pictures to train on, 1,000 for validation and 1,000 for the test, with every class
equally frequent in each. All three are cut from CIFAR-10's *training* set; `data.subset` and
`data.split` do that, and the same seed gives everybody the same pictures. The cells of this section
may go into your notebook as they are, with your classes and the names that it asks for.

CIFAR-10's own test set stays closed. When you have handed in, your third network is shown pictures
from it, once. Where that happens your notebook cannot see their labels, so nobody can have chosen
anything by them.
""")
code("""
chosen = range(10)  # or, for example, [3, 5, 8]
share = len(chosen)
x, y = data.subset(cifar10.x_train, cifar10.y_train, chosen, per_class=4000 // share)
(x, y), (x_test, y_test) = data.split(x, y, 1000)
(x, y), (x_val, y_val) = data.split(x, y, 1000)
classes = [cifar10.classes[label] for label in chosen]
for name, labels in (("training", y), ("validation", y_val), ("test", y_test)):
    print(f"{name:10} {len(labels):5,} pictures, of each class: {np.bincount(labels)}")
""")
md(r"""
With three classes a thousand cannot be divided: then there are 1,999 pictures to train on, and
classes that differ by one picture. That is fine. The labels are numbered anew from 0, in the order of
`chosen`.

> **Before you go on.** In chapter 5 LeNet got about 62 % right after training on 45,000 pictures.
> What do you expect of a plain network with 2,000? Write it down.
""")
code(
    """
rng = np.random.default_rng(0)
rows = [rng.permutation(np.flatnonzero(y == label))[:10] for label in range(share)]
shown = np.concatenate(rows)
axes = plotting.show_images(x[shown], columns=10)
for label, name in enumerate(classes):
    axes[10 * label].set_ylabel(name, rotation=0, ha="right", va="center")
""",
    alt="""A hundred small colour photographs in ten rows of ten, one row for each class of
    CIFAR-10, from airplane to truck, picked at random from the 2,000 training pictures.""",
)
md(r"""
Show your pictures, too, and look at them: with 200 of a class, ten odd ones matter. Then make
sure that no picture is in two sets. It cannot be, the way they were cut. The check is one line,
and one day it will not be as you thought.
""")
code('''
def hashes(pictures):
    return {hashlib.sha256(picture.tobytes()).hexdigest() for picture in pictures}


known, validated, tested = hashes(x), hashes(x_val), hashes(x_test)
print(len(known), len(validated), len(tested))
print(len(known & validated), len(known & tested), len(validated & tested))
''')
code('''
def as_input(images):
    """Pixels from 0 to 1 as 32-bit floats."""
    return images.astype("float32") / 255


x, x_val = as_input(x), as_input(x_val)
print(x.shape, x.dtype, x.min(), x.max())
''')
md(r"""
The test pictures stay as they are, and closed, until all three arms are trained. (Your notebook
makes the sets a second time, in a cell of its own: so a slip in cutting them costs you its own tenth
and no more, and the test pictures appear only where they are needed.)

(homework-workflow)=
## The workflow

**Load → preprocess → build → train → evaluate.** The first two you have just seen. The other three
you go through three times, once for each {term}`arm` of the experiment.

| arm | network | pictures while training |
|---|---|---|
| **baseline** | a plain CNN: convolutions, pooling, dense layers | as they are |
| **augmented** | the same, layer by layer | augmented |
| **regularised** | your best: {term}`dropout`, {term}`batch normalisation` and whatever else you want, from at least two kinds | augmented |

All three see the same 2,000 pictures, equally often: the same number of epochs. Why equally often?
An arm that trains three times as long and is better has shown that training longer helps. It may
be so. It is not what you wanted to know.

One thing at a time: from the first to the second arm only the pictures change. From the second to
the third the network changes, in as many ways as you like; you will then know that *all of it
together* helped, and not which part. Say so.

> **Before you train.** For which of the three arms will the curves of training and validation part
> first, and for which last or not at all? Sketch the losses of all three, six curves, into one
> figure. Compare it with what comes out: where the two differ your conclusion may begin.

### Names

The notebook gives you these names, and the tests look for what they hold.

| name | what it is |
|---|---|
| `chosen`, `sets` | your classes, and your three sets: a dict with `"training"`, `"validation"` and `"test"`, each a pair of pictures and labels |
| `as_input(images)` | a function from bytes to pixels from 0 to 1 |
| `build_baseline()`, `build_augmented()`, `build_regularised()` | functions, each of which gives a new network, compiled, not trained, with a number for each of your classes at its end |
| `augment` | a `keras.Sequential` of augmentation layers, the beginning of the second network and the third |
| `baseline`, `augmented`, `regularised` | the trained networks |
| `histories` | a dict with `"baseline"`, `"augmented"`, `"regularised"`: what `fit` returned for each |
| `axes` | the Axes of your curves |
| `predictions` | a dict with the same keys: what each network gives for the 1,000 test pictures, shape (1000, classes) |
| `accuracies`, `standard_errors` | dicts with the same keys: numbers from 0 to 1 |
| `error_expected`, `pictures_needed` | two numbers that you work out before the test |
| `chosen_fault`, `reported` | a letter and a function: what is wrong with a test, and what should be reported |
| `best`, `matrix` | which arm is your best, and its confusion matrix |
| `paired`, `ensemble`, `gain`, `useless`, `for_mobilenet`, `for_vgg` | the warm-up from chapter 8 |

### The budget

The whole notebook has to run in **ten minutes on two cores**, all three trainings included, because
that is how it will be graded. No single cell may run longer than three minutes, so give each
training a cell of its own. Measure the seconds of one epoch of each arm before you choose the
number of epochs. What is trained longer elsewhere does not count.
""")
md(r"""
(homework-figures)=
## What can be reached

With all ten classes, this is what three arms of the course's own reached, from five seeds each
(`benchmarks/seeds.py` trains them). The baseline is a plain network of three convolutions and two
dense layers; the second arm is the same, with pictures mirrored and moved by up to a tenth; the third
has two normalised convolutions in each of three stages, the mean over each map, dropout and weight
decay, and boxes of its pictures are covered at random, too. All three were trained for 60 epochs, at a
rate that falls to 0. They were judged by 1,000 pictures of CIFAR-10's own test set, once, when
everything was decided.

> **Before you look.** The baseline has one chance in ten by guessing, and LeNet got about 62 % with
> more than twenty times as many pictures. Where will the three arms lie?

```{seed-runs}
homework_baseline: baseline
homework_augmented: augmented
homework_regularised: regularised
```
""")
code("""
arms = {name: seeds.kept(f"homework_{name}") for name in homework.ARMS}
for name, runs in arms.items():
    minutes = np.mean([run.seconds for run in runs]) / 60
    print(f"{name}: {runs[0].parameters:,} parameters, {minutes:.1f} minutes each")
""")
code(
    """
fig, ax = plt.subplots(figsize=(6.4, 3.2))
for place, runs in enumerate(arms.values()):
    shares = [run.test_accuracy for run in runs]
    ax.plot([place] * len(shares), shares, "o", color=f"C{place}")
    mean = [np.mean(shares)] * 2
    ax.plot([place - 0.15, place + 0.15], mean, color=f"C{place}", lw=3)
ax.axhline(0.65, color="0.5", lw=1, ls=":")
ax.set_xticks(range(3), arms)
ax.set(ylabel="test accuracy", xlim=(-0.4, 2.4))
ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
""",
    "hide-input",
    alt="""Three columns of five points, the test accuracy of the baseline, the augmented
    and the regularised arm, each with a short bar at its mean. ⟨The columns rise from left
    to right and do not overlap.⟩ A dotted level line marks 65 percent.""",
)
md(r"""
⟨means⟩ From the baseline to the second arm augmentation brought ⟨points⟩ points, and from there to the
third ⟨points⟩. The seeds of one arm lie within ⟨points⟩ points of each other, so neither step is the
luck of a seed. The best arm is ⟨above or below⟩ the 65 % of the dotted line.
""")
code("""
best = arms["regularised"]
Headline(
    net="Homework, the regularised arm",
    data=cifar10,
    parameters=best[0].parameters,
    epochs=best[0].recipe["epochs"],
    seconds=np.mean([run.seconds for run in best]),
    test_accuracy=[run.test_accuracy for run in best],
    to_reach=0.65,
)
""")
md(r"""
Yours need not go as far. For the tenth that belongs to the figure, your regularised arm has to name
this share of 2,000 pictures of CIFAR-10's own test set:
""")
code("""
for number in homework.CHOICES:
    to_reach = thresholds.of(f"8_homework/{number}", cifar10.source)
    print(f"{number:2} classes: {to_reach:.1%}")
""")
md(r"""
That is well below what ours reach: a decent network of yours, with another seed on another machine,
should not fail by bad luck. The figures for three, four and five classes were measured with animals
that are hard to tell apart; with ships and frogs it is easier. Going further is for the pleasure of
it.

### How much can 1,000 test pictures tell?

> **Before you run it.** Two arms of yours reach 61.0 % and 62.5 % on the same 1,000 pictures. Is
> the second one better?
""")
code("""
n = 1000
for p in (0.48, 0.56, 0.65, 0.80):
    print(f"{p:.0%} right: standard error {np.sqrt(p * (1 - p) / n):.2%}")
""")
md(r"""
A {term}`standard error` of one and a half points means that, of two thousand-picture tests of the
*same* network, the results can easily be three points apart. So 1.5 points are nothing to rely on.
State each accuracy with its standard error, and no more decimals than it deserves.

Two arms that are tested on the same pictures can be compared better than that, since most pictures
are easy or hard for both. Only those count that one arm gets right and the other wrong; an exercise
below shows how.

And it is only *one* training of each. If you have the time, train from three seeds and give the
spread. It earns no extra point, but it can turn your conclusion from an impression into a finding.

(homework-parts)=
## What is required

After the warm-up, three short questions on chapter 8, the notebook asks for the experiment:

1. **Data.** The three sets, with their counts by class; pictures of every class with their names.
2. **Baseline.** The network, its table of layers, its training.
3. **Augmentation.** A gallery of what your augmentation does to five pictures; the training.
4. **Regularisation.** The network, with at least two kinds of means against overfitting; the training.
5. **Curves.** Loss and accuracy of all three arms, for training and for validation.
6. **Test.** First the standard error that you expect, on paper; then the accuracy of all three on the
   test pictures, with standard error, measured once, at the end.
7. **Confusion matrix** of your best arm.
8. **What you saw and chose**, a sentence each: a remark on the pictures, on the baseline, on a change
   that you left out, and on what each means does.
9. **Comparison and conclusion**, 150 to 300 words: what helped, by how much and how sure you are;
   what the network still mixes up; what you would try next.

*Optional*, for a mention and no points: a gallery of pictures that your best arm gets wrong, with a
guess why; the same with more classes, or fewer, and what that changes.

(homework-rubric)=
## What earns the points

Each line is a tenth of a point. Those marked T are decided by tests, and `course check` shows you most
of them before you hand in; those marked P are read by a person.

| | part | what earns the tenth | |
|---|---|---|---|
| 1 | warm-up | the mean of paired differences and its standard error | T |
| 2 | | an ensemble, what it gains, and when it gains nothing | T |
| 3 | | pictures as the weights of two families want them | T |
| 4 | data | three sets of the sizes asked for, all classes equally frequent in each | T |
| 5 | | no picture is in two of them | T |
| 6 | | pixels from 0 to 1, by one function to which each picture is the same in any company | T |
| 7 | baseline | plain: convolutions and pooling; a number for each class; a loss that fits it | T |
| 8 | | it has learned, from nothing, and its validation set is the validation set | T |
| 9 | augmentation | `augment` changes pictures in training, and leaves them alone otherwise | T |
| 10 | | the baseline's network with augmentation in front, compiled alike, trained anew with as many epochs and steps | T |
| 11 | regularisation | at least two kinds of means in the network, its loss or its optimiser; a falling rate is not one | T |
| 12 | | augmented, too, with as many epochs and steps as the others | T |
| 13 | | it reaches the figure [above](homework-figures) | T |
| 14 | evaluation | curves of three arms: loss and accuracy, training and validation, axes labelled, as the histories have them | T |
| 15 | | why a test that chose its epoch is none; test accuracies of all three, equal to what the predictions of the final networks say | T |
| 16 | | their standard errors, first expected, then measured | T |
| 17 | | the confusion matrix of the best arm, true classes in rows | T |
| 18 | in words | a remark on your pictures; where the baseline's parameters sit and from when on it overfits; a change that you left out; what each means does here | P |
| 19 | | the arms compared in numbers, with their uncertainty, and what the comparison does *not* show | P |
| 20 | | two classes that are mixed up, a likely reason, and one next step that follows from what you saw | P |

Twenty tenths are 2 points: seventeen by tests, three by reading. No line asks that one arm beat
another. If your augmentation made things worse, and you show it, measure it and say what may be the
cause, you lose nothing.

> **Think.** Which three of the twenty lines could you lose without noticing, because nothing in
> your notebook would look wrong? Name them before you read on; the table of mistakes at the end has
> some candidates.
""")

md("## Exercises\n\nThree, before you begin. They are not graded.")
exercise(
    "ex-homework-budget",
    "Ten minutes",
    r"""
On your machine an epoch takes 0.6 s for the baseline, 0.9 s for the augmented arm and 5 s for the
regularised one. All three get the same number of epochs, and together they may take ten minutes,
of which you keep two in reserve. How many epochs are that? How many steps is that in batches of
50, and how often is each picture seen?
""",
)
solution(
    "ex-homework-budget",
    r"""
One epoch of all three takes 6.5 s, so 480 s allow 73 epochs. An epoch is 2,000 / 50 = 40 steps, so
each arm makes 2,920 of them and sees each picture 73 times; with augmentation, 73 times a little
differently. That is the point of it.
""",
    (
        """
epochs = int(480 / (0.6 + 0.9 + 5))
print(epochs, "epochs,", epochs * 2000 // 50, "steps")
""",
        (),
        None,
    ),
)
exercise(
    "ex-homework-pairs",
    "Better, or lucky?",
    r"""
Arm A gets 580 of 1,000 test pictures right and arm B 620. There are 90 pictures that only A gets
right, and 130 that only B gets right. How many standard errors is the difference of 4 points (a) if
you treat the two as tests on different pictures, (b) if you use that they are the same?

For (b): call the two numbers $a$ and $b$. The difference is $(b - a)/n$, and its standard error
$\sqrt{a + b - (b - a)^2 / n} \, / n$.
""",
)
solution(
    "ex-homework-pairs",
    r"""
(a) 1.8, so one would hesitate. (b) 2.7. What the two have in common drops out: the 490 pictures
that both get right and the 290 that neither does say nothing about which is better. The idea is
McNemar's {cite:p}`mcnemar1947note`, and {cite:t}`dietterich1998approximate` recommends it for
just this case. Note what it does not cover: that another seed would have given another A and
another B.
""",
    (
        """
n, a, b = 1000, 90, 130
gain = (b - a) / n
apart = np.sqrt(0.58 * 0.42 / n + 0.62 * 0.38 / n)
paired = np.sqrt(a + b - (b - a) ** 2 / n) / n
print(f"{gain:.1%}: ± {apart:.2%}, {gain / apart:.1f} standard errors")
print(f"{gain:.1%}: ± {paired:.2%}, {gain / paired:.1f} standard errors")
""",
        (),
        None,
    ),
)
exercise(
    "ex-homework-mark",
    "Be the marker",
    r"""
Here is a conclusion that was written to be faulty. Which of lines 19 and 20 does it earn? Find six
things that you would ask its author.

> *The baseline got 51.234 % after 30 epochs and started to overfit. With augmentation we trained
> 100 epochs, because it needs longer, and got 55 %. We tried rotation, zoom and contrast and took
> the combination with the best test accuracy. The final model with dropout and batch
> normalisation got 58 %, so dropout is very important for small data sets. The confusion matrix
> shows that the model works well. In future one could use a larger model and more data.*
""",
)
solution(
    "ex-homework-mark",
    r"""
Neither. (1) Three decimals, of which 1,000 pictures support none, and no standard error anywhere.
(2) The arms differ in epochs, so that augmentation and longer training are mixed up. (3) The
augmentation was chosen by the *test* accuracy, which is no test any more. (4) "So dropout": two
things were added, and the sentence credits one. (5) Is 58 against 55 more than chance? About
one and a half standard errors each; one training of each. (6) The confusion matrix is mentioned, and
nothing is read from it: no two classes, no reason. The next step would fit any report ever written.
It follows from nothing that was seen.
""",
)

md(r"""
(homework-wrong)=
## Frequently made mistakes, and how they look

**The validation set is augmented, too.** Somebody makes one data set of everything, maps the
augmentation over it and cuts it afterwards. Validation pictures are turned and shifted, and differ
from epoch to epoch. It looks like a validation curve that lies *below* what the network can do, and
jumps. Check: go through the validation set twice, and compare.
""")
code("""
augment = keras.Sequential([layers.RandomFlip(), layers.RandomTranslation(0.1, 0.1)])
both = tf.data.Dataset.from_tensor_slices((x_val[:64], y_val[:64])).batch(64)
both = both.map(lambda pictures, labels: (augment(pictures, training=True), labels))
first, again = (next(iter(both))[0] for _ in range(2))
print("the same pictures both times:", np.array_equal(first, again))
""")
md(r"""
Cure: put the augmentation layers into the network, before the first convolution. `fit` uses them
for training alone; `evaluate` and `predict` leave the pictures as they are.

**Units that are not what they seem.** `RandomRotation((-30, 30))` does not turn by up to 30 degrees.
Its number counts full turns, so this is any angle; 30 degrees are 30/360. `RandomBrightness(0.2)`
expects pixels from 0 to 255, and on ours adds up to 51, which leaves white or black. Neither
complains. Check: look at the pictures. Row by row: a rotation by up to 30 degrees; what was meant
to be one; brightness on our scale; brightness with the scale left out.
""")
code(
    """
tries = {
    "30 / 360": layers.RandomRotation(30 / 360),
    "(−30, 30)": layers.RandomRotation((-30, 30)),
    "0 to 1": layers.RandomBrightness(0.2, value_range=(0, 1)),
    "no range": layers.RandomBrightness(0.2),
}
picture = np.repeat(x[:1], 8, axis=0)
rows = {
    name: np.clip(np.array(layer(picture, training=True)), 0, 1)
    for name, layer in tries.items()
}
_ = plotting.show_rows(rows)
""",
    IGNORE,
    alt="""Four rows with eight copies each of one small photograph. First row: turned a
    little, to the left or right. Second row: turned by any angle, some upside down. Third
    row: a little lighter or darker. Fourth row: nearly all plain white or plain black.""",
)
md(r"""
**A flip too many.** `RandomFlip()` turns pictures upside down, too, as it did in the cell before
last. A frog upside down is rare, a ship in the sky is wrong. For most photographs it is
`RandomFlip("horizontal")`; for digits not even that.

**`validation_split` on sorted labels.** Pictures were collected class by class, and
`fit(…, validation_split=0.33)` takes the *last* third, before any shuffling. The validation set
then has classes of which the training set has none. It looks like a validation accuracy near 0
while training goes well. Check: count the labels of the tail. Cure: `data.split`.
""")
code("""
in_order = np.sort(np.concatenate([y, y_val]))
print("first two thirds:", np.bincount(in_order[:2000], minlength=share))
print("last third:      ", np.bincount(in_order[2000:], minlength=share))
""")
md(r"""
**The test set as `validation_data`.** All looks well; it *is* well, until a single thing is chosen
by that curve: the epoch, the rate, the augmentation. From then on the test figure is the figure of
the best of many tries. Lines 8, 10 and 12 look for it: the network's own accuracy on the validation
pictures must be that of its curve.

**Arms that differ in more than was meant.** The augmented arm also got another rate, or a layer
more, or forty epochs more. It looks like a success of augmentation. Check: build both from the same
function, and print `count_params()` and the epochs of all arms next to each other.

**A network that goes on.** The second arm is trained with the network of the first one, which has
had its epochs already. It looks like a miraculous first epoch. Cure: call `build_baseline()` anew,
with `keras.utils.set_random_seed` before it.

**Softmax and `from_logits`.** A head with a softmax and a loss that says `from_logits=True`, or
neither. The first happens to train correctly in Keras on TensorFlow; the second is silent and
learns little. Check: the first loss, before any training, is the logarithm of the number of
classes.

**A confusion matrix lying on its side.** With the predicted classes in rows, all sums are wrong and
nothing looks strange. Check: each row adds up to the number of test pictures of that class.

**The last epoch, or the best?** Both are fine if you say which, decide it beforehand and do the same
for all arms. Best by validation needs the weights of that epoch, not only its figure: `EarlyStopping`
with `restore_best_weights=True`, and a patience so long that it stops no arm before its time.

| mistake | looks like | costs line |
|---|---|---|
| augmented validation | jumping, too low validation curve | 9 |
| wrong units, a flip too many | strange pictures in the gallery | 9, 18 |
| sorted labels split | validation accuracy near 0 | 4 |
| test set as validation | nothing | 8, 10, 12 |
| early stopping | arms of different length | 10, 12 |
| trained on after the curves | nothing | 8, 10, 12, 15 |
| arms differ in two things | a great success | 10, 12 |
| network not built anew | a miraculous first epoch | 10 |
| softmax twice or never | nothing, or a high first loss | 7 |
| matrix on its side | rows do not add up | 17 |
| a sentence without a number | nothing | 19 |

(homework-hand-in)=
## How to hand in

1. Copy `exercises/8_homework/8_homework.ipynb` to a place of your own, and do not rename it.
2. Work in it. Write where it says `YOUR CODE HERE` or `YOUR ANSWER HERE`; add cells as you like.
3. Choose *Restart kernel and run all cells*. It must run to the end in ten minutes.
4. Type `course check --timeout 600 8_homework.ipynb` in a terminal, and read what it says of each
   question.
5. Hand in the notebook, and only that: no pictures, no weights. Your instructor has told you
   where.

You may hand in several times before the date [above](homework-due). The last one counts.

You may talk with others about the homework, and you may use any source and any tool. Name them in
the notebook. The sentences are yours, and you can explain each line of your code.
""")
md(r"""
## Summary

- Three arms, 2,000 training pictures, equal epochs, one difference at a time.
- Validation pictures decide; test pictures are looked at once, when all three arms are trained.
- 1,000 test pictures have a standard error of one and a half points. Two arms on the same pictures
  can be compared more sharply than that.
- Twenty tenths: seventeen by tests, three by reading. None of them asks for a success, all for an
  honest measurement.
- The whole notebook runs in ten minutes on two cores.
""")
md("## Quiz\n\nChoose an answer in your mind, then open it.")
quiz(
    """
**1. Your augmented arm trains slowly and is still getting better when the baseline has long
stopped. May you give it more epochs?**
""",
    (
        "Yes, every arm gets what it needs.",
        """
**No.** Then you compare augmentation *and* longer training with neither, and cannot say which
helped.
""",
    ),
    (
        "Yes, if all three arms get as many.",
        """
**Yes.** Choose the number for the arm that needs most, and give it to all. If the others overfit
meanwhile, that belongs to the result.
""",
    ),
    (
        "No, the number of epochs is given.",
        """
**No.** Only the ten minutes are given.
""",
    ),
)
quiz(
    """
**2. Where do augmentation layers go?**
""",
    (
        "Into the network, before the first convolution.",
        """
**Yes.** There `fit` uses them in training, and validation and test see the pictures as they are.
""",
    ),
    (
        "Over the whole data set, before it is split.",
        """
**No.** Then validation and test are augmented, too, and different every time.
""",
    ),
    (
        "Before training, once, to make 20,000 pictures of 2,000.",
        """
**No.** It is not wrong if done to training pictures only, but the network then sees the same ten
versions again and again, and an epoch takes ten times as long.
""",
    ),
)
quiz(
    """
**3. Two arms get 61.0 % and 62.5 % on the same 1,000 test pictures. What do you write?**
""",
    (
        "The second is better by 1.5 points.",
        """
**No.** On these pictures, in this training. The standard error of each figure alone is as large as
that.
""",
    ),
    (
        "The two are equally good.",
        """
**No.** You did not find a difference. That is not the same as having found that there is none.
""",
    ),
    (
        "61.0 ± 1.5 and 62.5 ± 1.5: the difference is within the uncertainty.",
        """
**Yes.** Better still, count the pictures that only one of the two gets right.
""",
    ),
)
quiz(
    """
**4. Your regularised arm has dropout, batch normalisation and a falling rate, and gains eight
points. What may you conclude?**
""",
    (
        "That all three together gained them.",
        """
**Yes.** And how sure that is depends on the test pictures and on the seeds.
""",
    ),
    (
        "That each of them helps.",
        """
**No.** One of them may even do harm. To know, you would have to take them out one by one.
""",
    ),
    (
        "That dropout did it, as it was made for small data sets.",
        """
**No.** That it was made for this does not say that it did it.
""",
    ),
)
quiz(
    """
**5. Which of these may you do with the test pictures before the end?**
""",
    (
        "Look at the accuracy of the baseline, to see whether the pipeline works.",
        """
**No.** The validation set tells you the same.
""",
    ),
    (
        "Check by hash that none of them is among the training pictures.",
        """
**Yes.** It needs neither a network nor a label, and decides nothing that the result depends on.
""",
    ),
    (
        "Take the mean of all pictures, test pictures included, to centre the pixels.",
        """
**No.** A small leak, but one. Whatever is fitted is fitted on training pictures.
""",
    ),
)
quiz(
    """
**6. Augmentation made your network worse. What happens to your points?**
""",
    (
        "Lines 9 and 10 are lost.",
        """
**No.** They ask whether it was done properly and shown, not whether it helped.
""",
    ),
    (
        "Nothing, if it is measured and discussed.",
        """
**Yes.** Look for the cause, though: wrong units, or too few epochs, are likelier than a discovery.
""",
    ),
    (
        "You should change the seed until it helps.",
        """
**No.** That is choosing by luck, and hiding it.
""",
    ),
)
md(r"""
(homework-next)=
## Where to go next

You have come from a filter of nine numbers to an experiment of your own. Here is what lies beyond,
with one step into it.

**Deeper networks.** Stack a few dozen of chapter 7's layers, and training gets worse, even on the
training pictures. The cure is a shortcut: a block does not compute its output but what is to be
*added* to its input {cite:p}`he2016deep`. If there is nothing to add, zero is easy to learn, and
gradients have a way round every block. Networks of more than a hundred layers learn with it. Such a
{term}`residual block` is a few lines in Keras's functional style.

> **Before you run it.** A block of two 3×3 convolutions on 16 channels, without biases, each with
> batch normalisation: how many parameters?
""")
code("""
def residual_block(x, filters):
    \"\"\"What two convolutions find is added to what came in.\"\"\"
    found = x
    for last in (False, True):
        found = layers.Conv2D(filters, 3, padding="same", use_bias=False)(found)
        found = layers.BatchNormalization()(found)
        if not last:
            found = layers.ReLU()(found)
    return layers.ReLU()(layers.Add()([x, found]))


inputs = keras.Input((32, 32, 16))
block = keras.Model(inputs, residual_block(inputs, 16))
print(block.output.shape, f"{block.count_params():,} parameters")
""")
md(r"""
Twice 16 · 16 · 9 weights, and four numbers for each of 16 channels, twice. The channels that come in
and those that are added have to be equally many. Where a stage should have more, a
{term}`1×1 convolution` on the shortcut makes them so.

**Weights of others.** With pretrained weights the same 2,000 pictures carry much further. [Chapter
8](08_transfer_learning.ipynb) shows how to borrow a body from `keras.applications`, and what one has
to watch. It is the first thing to try on pictures of your own.

| if you are curious about | look at |
|---|---|
| seeing a small network at work | CNN Explainer {cite:p}`wang2021cnn`, in the browser: click on a map and watch its sum being made |
| how good convolutions are today | ConvNeXt {cite:p}`liu2022convnet`, a residual network brought up to date step by step, each step measured |
| networks without convolutions | the vision transformer {cite:p}`dosovitskiy2021image`, which reads a picture as a row of patches and needs far more of them |
| *where* something is | U-Net, which gives a class to every pixel {cite:p}`ronneberger2015unet` with the transposed convolution of chapter 2 |
| a book | {cite:t}`prince2023understanding` for the ideas with many figures, {cite:t}`zhang2023dive` for code that runs, {cite:t}`goodfellow2016deep` for the mathematics; all three can be read on the web |
""")
md(r"""
## Further reading

- {cite:t}`pineau2021improving` tell how a large conference asked for reports that can be repeated,
  and have a checklist at the end. It is worth holding your notebook against.
- {cite:t}`bouthillier2021accounting` measure how much of the differences between networks is luck:
  seeds, splits, settings. More than most tables admit.
- {cite:t}`dietterich1998approximate` compares ways to compare two classifiers, McNemar's among
  them.
- {cite:t}`brigato2021close` study what networks can do with few pictures, on CIFAR-10 among others.
- Andrej Karpathy's [A recipe for training neural
  networks](https://karpathy.github.io/2019/04/25/recipe/): the habits of a careful practitioner, in
  the order in which one needs them.

## Now you

The homework's notebook is {download}`8_homework.ipynb <../exercises/8_homework/8_homework.ipynb>`.
After the warm-up begin with the baseline, and begin early: not because the training takes long, but
because the best ideas for the third arm come the day after the second one.
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
nbformat.write(book, Path(__file__).parents[1] / "09_homework.ipynb")
print(len(CELLS), "cells; long:", [
    (c.id, c.source.count("\n") + 1)
    for c in CELLS if c.cell_type == "code" and c.source.count("\n") > 15
])
