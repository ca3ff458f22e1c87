"""Write solutions/8_homework/8_homework.ipynb."""

import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = []


def meta(name, **how):
    told = {"grade": False, "grade_id": name, "locked": True, "schema_version": 3}
    return {"nbgrader": told | {"solution": False, "task": False} | how}


def md(name, text):
    CELLS.append(new_markdown_cell(text.strip("\n"), id=f"{name}-text"))


def given(name, text):
    CELLS.append(new_code_cell(text.strip("\n"), id=name, metadata=meta(name)))


def answer(name, text):
    how = meta(name, locked=False, solution=True)
    CELLS.append(new_code_cell(text.strip("\n"), id=name, metadata=how))


def test(name, points, text):
    how = meta(name, grade=True, points=points)
    CELLS.append(new_code_cell(text.strip("\n"), id=name, metadata=how))


def words(name, points, text):
    how = meta(name, grade=True, locked=False, solution=True, points=points)
    CELLS.append(new_markdown_cell(text.strip("\n"), id=name, metadata=how))


md("title", r"""
# Assignment 8: Homework, a network that earns its parts

This is the graded homework. It begins with three short questions on chapter 8, *Transfer
learning*. Then comes the experiment: you train three networks on 2,000 small photographs and find
out by how much augmentation and regularisation improve them. Chapter 9, *Homework*, is its brief: what
is asked, what earns the points, and which mistakes cost them most often. Read it first.

**The points.** There are 10 points in this notebook, in twenty lines of half a point. In the
course they count as 2 points, so each line is a tenth. A number in brackets, such as [7], is the
line in the brief's table. Seventeen lines are decided by tests, three by a person who reads your
sentences.

**How it works.** Write your code in place of `raise NotImplementedError()` and your sentences in
place of `YOUR ANSWER HERE`. The cell below an answer tests it. When it says nothing, the tests
that you can see have passed; some more follow after you hand in. Add cells of your own wherever
you like. No question needs the answer to an earlier one to be *right*; but this is one experiment, so
the later parts measure the networks that the earlier ones have trained.

**Time.** The whole notebook has to run in *ten minutes on two cores*, all three trainings
included, and no single cell longer than three minutes, for so it is graded. Time one epoch of each
network before you choose how many.

**Before you hand in**, choose *Restart kernel and run all cells*, and type
`course check --timeout 600 8_homework.ipynb` in a terminal.
""")
given("start", r"""
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from course_utils import checks, data, homework
from course_utils.checks import (
    cuts,
    fairness,
    layouts,
    randomness,
    reports,
    thresholds,
    transfer,
)
from course_utils.plotting import plot_confusion_matrix, show_images, show_rows
from course_utils.session import start

start(seed=9)
cifar10 = data.load("cifar10")
print(cifar10)
print(f"to be handed in by {homework.DUE:%A, %d %B %Y, %H:%M} UTC")
""")

exec((Path(__file__).parent / "hw_warmup.py").read_text())

md("sets", r"""
# The experiment

## 4. The pictures (1.5 points)

Choose your classes: three, four or five of the ten, by their numbers, or all ten. Then cut three
sets out of CIFAR-10's *training* pictures: 2,000 to learn from, 1,000 for validation and 1,000 for
your test, every class equally often in each, and no picture in two of them. (A number of classes
that does not divide a thousand leaves one picture more of some.) Leave the pixels as they are.

CIFAR-10's own test set stays closed. Your third network is judged by it after you have handed in,
where nobody can have looked.
""")
answer("sets", r"""
chosen = range(10)  # or, for example, [3, 5, 8]
sets = None  # {"training": (images, labels), "validation": …, "test": …}

### BEGIN SOLUTION
x, y = data.subset(cifar10.x_train, cifar10.y_train, chosen, 4000 // len(chosen))
rest, last = data.split(x, y, 1000)
first, middle = data.split(*rest, 1000)
sets = {"training": first, "validation": middle, "test": last}
### END SOLUTION
""")
md("sets-sizes", "[4] Do the sets have the right sizes, and every class equally often?")
test("sets-sizes", 0.5, 'cuts.sized(sets, cifar10, chosen, read="“The data”, chapter 9")')
md("sets-apart", "[5] Is every picture in one set only?")
test("sets-apart", 0.5, 'cuts.apart(sets, read="“The data”, chapter 9")')
md("scale", r"""
[6] A network learns best from pixels between 0 and 1. One function prepares all three sets, so what
it makes of a picture must not depend on the other pictures that come with it.
""")
answer("scale", r'''
def as_input(images):
    """Pictures as the networks read them.

    Parameters
    ----------
    images : array of uint8, shape (n, 32, 32, 3), from 0 to 255.

    Returns
    -------
    array of 32-bit floats, the same shape, from 0 to 1.
    """
    ### BEGIN SOLUTION
    return images.astype("float32") / 255
    ### END SOLUTION
''')
test("scale-values", 0.5, r"""
mistakes, read = cuts.scaling_mistakes(), "“The data”, chapter 9"
inputs = [(20 + cifar10.x_train[:8] // 2,)]
checks.function(as_input, homework.scaled, inputs, mistakes=mistakes, read=read)
### BEGIN HIDDEN TESTS
inputs += [(cifar10.x_train[8:20],), (30 + cifar10.x_train[20:21] // 3,)]
checks.function(as_input, homework.scaled, inputs, mistakes=mistakes, read=read)
### END HIDDEN TESTS
""")
md("look", r"""
Show some pictures of every class with their names, and look at them: question 11 asks you for a
remark on what you see.
""")
answer("look", r"""
### BEGIN SOLUTION
images, labels = sets["training"]
shown = [np.flatnonzero(labels == label)[:8] for label in range(len(chosen))]
panels = show_images(images[np.concatenate(shown)], columns=8)
for ax, label in zip(panels[::8], chosen, strict=True):
    ax.set_ylabel(cifar10.classes[label], rotation=0, ha="right", va="center")
### END SOLUTION
""")
md("given", r"""
From here on everybody works with the sets that the next cell makes, cut as yours should be. So a
slip above costs no more than its own lines. It has no test pictures: they stay closed until all
three networks are trained.
""")
given("given", r"""
(x, y), (x_val, y_val), _ = homework.three_sets(cifar10, chosen).values()
x, x_val = homework.scaled(x), homework.scaled(x_val)
names = [cifar10.classes[label] for label in chosen]
histories = {}  # by arm, what `fit` returns
print(f"{len(x):,} + {len(x_val):,} pictures of {', '.join(names)}")
""")
md("baseline", r"""
## 5. The baseline (1 point)

[7] A plain network: convolutions, pooling, one dense layer or two, and at its end a number for each
of your classes. Compile it with a loss that fits its end, and with `metrics=["accuracy"]`. No
dropout, no batch normalisation, no augmentation yet: those come later, one after the other.
""")
answer("build-baseline", r'''
def build_baseline():
    """The first network, compiled and not trained.

    Returns
    -------
    keras.Model, from (n, 32, 32, 3) to (n, classes).
    """
    ### BEGIN SOLUTION
    return compiled(plain_layers())


def plain_layers():
    stages = []
    for filters in (16, 32, 64):
        stages.append(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        stages.append(layers.MaxPooling2D(2))
    stages += [layers.Flatten(), layers.Dense(64, activation="relu")]
    return [*stages, layers.Dense(len(chosen))]


def compiled(stages, rate=2e-3):
    net = keras.Sequential([keras.Input((32, 32, 3)), *stages])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return net
    ### END SOLUTION
''')
test(
    "baseline-net",
    0.5,
    'layouts.plain(build_baseline, len(chosen), read="“The workflow”, chapter 9")',
)
md("train-baseline", r"""
Train it, and keep the network in `baseline` and what `fit` returns in `histories["baseline"]`. All
three arms get the same pictures `x`, `y`, the same batch size and the same number of epochs, so
choose those with the slowest in mind. Show the table of layers, too.

> **Before you train.** How many steps will the training take, and how many parameters has the
> network? Work both out on paper. The table of layers tells you whether you were right.
""")
answer("train-baseline", r"""
baseline = None  # trained

### BEGIN SOLUTION
EPOCHS = 10 if cifar10.source == "drawn" else 24  # a short run on stand-ins


def train(build):
    keras.utils.set_random_seed(0)
    net = build()
    history = net.fit(
        x,
        y,
        batch_size=50,
        epochs=EPOCHS,
        validation_data=(x_val, y_val),
        verbose=0,
    )
    return net, history


baseline, histories["baseline"] = train(build_baseline)
baseline.summary()
### END SOLUTION
""")
md("baseline-trained", r"""
[8] Has it learned, from nothing, and was it watched on the validation pictures?
""")
test("baseline-trained", 0.5, r"""
own, read = homework.three_sets(cifar10, chosen), "“The workflow”, chapter 9"
fairness.trained(baseline, histories, "baseline", own, read=read)
### BEGIN HIDDEN TESTS
strange = homework.strangers(cifar10, chosen)
how = {"part": "validation", "read": read}
fairness.not_known(baseline, "baseline", own["validation"], strange, **how)
### END HIDDEN TESTS
""")
md("augment", r"""
## 6. Augmentation (1 point)

[9] Layers that change a picture at random while a network trains, so that it still shows what it
showed before, and leave it alone otherwise.
""")
answer("augment", r"""
augment = None  # a keras.Sequential of layers of augmentation

### BEGIN SOLUTION
augment = keras.Sequential(
    [
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.1, 0.1),
    ]
)
### END SOLUTION
""")
test("augment-changes", 0.5, r"""
pictures = homework.scaled(cifar10.x_train[:64])
randomness.augmentation(augment, pictures, read="“The workflow”, chapter 9")
""")
md("gallery", r"""
Show what it does to five pictures, each several times. Does every one of them still show its class?
""")
answer("gallery", r"""
### BEGIN SOLUTION
rows = {}
for nth in range(5):
    copies = np.repeat(x[nth : nth + 1], 6, axis=0)
    changed = np.clip(np.array(augment(copies, training=True)), 0, 1)
    rows[names[y[nth]]] = np.concatenate([x[nth : nth + 1], changed])
_ = show_rows(rows)
### END SOLUTION
""")
md("augmented", r"""
Now the second arm: the same network, layer by layer and compiled alike, with `augment` in front of
its first convolution. Build it anew, and train it as you trained the first.
""")
answer("augmented", r'''
augmented = None  # trained


def build_augmented():
    """The baseline with augmentation in front, compiled and not trained.

    Returns
    -------
    keras.Model, from (n, 32, 32, 3) to (n, classes).
    """
    ### BEGIN SOLUTION
    return compiled([augment, *plain_layers()])


augmented, histories["augmented"] = train(build_augmented)
### END SOLUTION
''')
md("augmented-arm", r"""
[10] Does it differ from the baseline in the augmentation, and in nothing else?
""")
test("augmented-arm", 0.5, r"""
own, read = homework.three_sets(cifar10, chosen), "“The workflow”, chapter 9"
layouts.same_network(build_augmented, build_baseline, read=read)
fairness.equal_budgets(histories, "augmented", "baseline", read=read)
fairness.trained(augmented, histories, "augmented", own, read=read)
fairness.begins_anew(histories, "augmented", "baseline", read=read)
### BEGIN HIDDEN TESTS
strange = homework.strangers(cifar10, chosen)
how = {"part": "validation", "read": read}
fairness.not_known(augmented, "augmented", own["validation"], strange, **how)
### END HIDDEN TESTS
""")
md("regularised", r"""
## 7. Regularisation (1.5 points)

[11] Your best network. It begins with augmentation, too, and has at least two kinds of means
against overfitting: dropout, batch normalisation, weight decay, smoothed labels, global pooling,
what you like. Its body may be another one than the baseline's.
""")
answer("build-regularised", r'''
def build_regularised():
    """The third network, compiled and not trained.

    Returns
    -------
    keras.Model, from (n, 32, 32, 3) to (n, classes).
    """
    ### BEGIN SOLUTION
    stages = [augment]
    for filters, strides in ((32, 2), (64, 1), (128, 1)):
        stages += [
            layers.Conv2D(filters, 3, strides, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
        if filters < 128:
            stages.append(layers.MaxPooling2D(2))
    stages += [layers.GlobalAveragePooling2D(), layers.Dropout(0.2)]
    falling = keras.optimizers.schedules.CosineDecay(3e-3, 40 * EPOCHS)
    return compiled([*stages, layers.Dense(len(chosen))], falling)
    ### END SOLUTION
''')
test(
    "regularised-means",
    0.5,
    'layouts.means(build_regularised, len(chosen), read="“The workflow”, chapter 9")',
)
md("train-regularised", r"""
Train it as the others: the same pictures, batch size and epochs.
""")
answer("train-regularised", r"""
regularised = None  # trained

### BEGIN SOLUTION
regularised, histories["regularised"] = train(build_regularised)
### END SOLUTION
""")
md("regularised-arm", "[12] Was it trained like the others, on augmented pictures?")
test("regularised-arm", 0.5, r"""
own, read = homework.three_sets(cifar10, chosen), "“The workflow”, chapter 9"
layouts.require_augmentation(regularised, "regularised", read=read)
fairness.equal_budgets(histories, "regularised", "baseline", read=read)
fairness.trained(regularised, histories, "regularised", own, read=read)
### BEGIN HIDDEN TESTS
strange = homework.strangers(cifar10, chosen)
how = {"part": "validation", "read": read}
fairness.not_known(regularised, "regularised", own["validation"], strange, **how)
### END HIDDEN TESTS
""")
md("to-reach", r"""
[13] Your `regularised` has to be right on as many of 2,000 pictures of CIFAR-10's own test set as
the next cell says. That is well below what a careful network reaches. What you can see here asks
for five points less on the validation pictures.
""")
given("to-reach", r"""
to_reach = thresholds.of(f"8_homework/{len(chosen)}", cifar10.source)
print(f"to reach: {to_reach:.1%} ({len(names)} classes, {cifar10.source})")
""")
test("regularised-figure", 0.5, r"""
own, read = homework.three_sets(cifar10, chosen), "“What can be reached”, chapter 9"
to_reach = thresholds.of(f"8_homework/{len(chosen)}", cifar10.source)
x_seen, y_seen = own["training"]
how = {"name": "regularised", "seen": (homework.scaled(x_seen), y_seen), "read": read}
x_own, y_own = own["validation"]
x_own = homework.scaled(x_own)
checks.accuracy(regularised, x_own, y_own, at_least=to_reach - 0.05, **how)
### BEGIN HIDDEN TESTS
x_strange, y_strange = homework.strangers(cifar10, chosen)
x_strange = homework.scaled(x_strange)
checks.accuracy(regularised, x_strange, y_strange, at_least=to_reach, **how)
### END HIDDEN TESTS
""")
md("curves", r"""
## 8. The curves (0.5 points)

[14] Show loss and accuracy of all three arms, for training and for validation: twelve curves in as
many panels as you like, with labels on both axes and a legend in each panel. Keep the Axes, one or
several, in `axes`.
""")
answer("curves", r"""
axes = None

### BEGIN SOLUTION
fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for ax, metric in zip(axes, ("loss", "accuracy"), strict=True):
    for colour, arm in enumerate(homework.ARMS):
        told = histories[arm].history
        ax.plot(told[metric], color=f"C{colour}", label=f"{arm}, training")
        ax.plot(told[f"val_{metric}"], "--", color=f"C{colour}", label="validation")
    ax.set(xlabel="epoch", ylabel=metric)
axes[0].set_ylim(0, 3)
_ = [ax.legend(fontsize="x-small") for ax in axes]
### END SOLUTION
""")
test("curves-shown", 0.5, r"""
read = "“What is required”, chapter 9"
checks.figure(axes, reports.curves(histories, read=read), name="axes", read=read)
""")
md("expected", r"""
## 9. The test, once (1 point)

[16] Before the envelope is opened: how much can it tell? Suppose that an arm is right on 600 of 1,000
test pictures. What is the standard error of its accuracy? And of how many pictures would the test
have to be, for the same accuracy, to have a standard error of half a point? Work both out before you
measure anything.
""")
answer("expected", r"""
error_expected = None  # of 600 right answers among 1,000; a share, from 0 to 1
pictures_needed = None  # for a standard error of 0.005; a whole number

### BEGIN SOLUTION
error_expected = np.sqrt(0.6 * 0.4 / 1000)
pictures_needed = round(0.6 * 0.4 / 0.005**2)
### END SOLUTION
""")
test("errors-expected", 0.25, r"""
read = "“How much can 1,000 test pictures tell?”, chapter 9"
reports.expected_error(error_expected, pictures_needed, read=read)
""")
md("chosen", r"""
[15] And a test that is none. This loop trains the arms, and prints what is called their test accuracy:

```python
for arm, build in builders.items():
    stop = keras.callbacks.EarlyStopping(
        "val_accuracy", patience=5, restore_best_weights=True
    )
    fitted = build().fit(
        x, y, epochs=100, validation_data=(x_test, y_test), callbacks=[stop]
    )
    print(arm, max(fitted.history["val_accuracy"]))
```

It runs, and the figures look well. What is wrong?

- **A** A patience of 5 epochs is too short to find the best epoch.
- **B** The epoch is chosen by the very pictures that judge it afterwards.
- **C** A hundred epochs are too many for 2,000 pictures.
- **D** The weights must be those of the last epoch, not of the best.

Put the letter in place of `None`, and write what should be reported: the test accuracy of the epoch
that is best on the *validation* pictures (of the first such epoch, if there are several).
""")
answer("chosen", r'''
chosen_fault = None  # "A", "B", "C" or "D"


def reported(val_accuracy, test_accuracy):
    """Test accuracy to report of a network whose epoch is chosen afterwards.

    Parameters
    ----------
    val_accuracy, test_accuracy : lists of floats, after each epoch, from 0 to 1.

    Returns
    -------
    float, from 0 to 1.
    """
    ### BEGIN SOLUTION
    return test_accuracy[int(np.argmax(val_accuracy))]


chosen_fault = "B"
### END SOLUTION
''')
test("chosen-fault", 0.125, r"""
mistakes, name = reports.CHOSEN_FAULT, "chosen_fault"
read = "“Frequently made mistakes, and how they look”, chapter 9"
checks.value(chosen_fault, "B", name=name, mistakes=mistakes, read=read)
""")
test("chosen-repaired", 0.125, r"""
how = {"mistakes": reports.by_validation_mistakes()}
how["read"] = "“Frequently made mistakes, and how they look”, chapter 9"
watched = [0.33, 0.31, 0.44, 0.47, 0.45, 0.47, 0.46]
tested = [0.30, 0.40, 0.50, 0.45, 0.44, 0.48, 0.42]
checks.function(reported, reports.by_validation, [(watched, tested)], **how)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(seed=96)
more = [(list(rng.random(9)), list(rng.random(9))), ([0.4, 0.2], [0.3, 0.5])]
inputs = [(watched, tested), *more]
checks.function(reported, reports.by_validation, inputs, **how)
### END HIDDEN TESTS
""")
md("envelope", r"""
All three networks are trained and nothing will be changed any more. Now, and not before, the test
pictures:
""")
given("envelope", r"""
x_test, y_test = homework.three_sets(cifar10, chosen)["test"]
x_test = homework.scaled(x_test)
""")
md("measured", r"""
What do your networks say of them? Keep for each arm the outputs, the share of right answers, and
its standard error, $\sqrt{p (1 - p) / n}$.
""")
answer("measured", r"""
predictions = {}  # by arm, what `predict` gives for x_test, (n, classes)
accuracies = {}  # by arm, from 0 to 1
standard_errors = {}  # by arm, from 0 to 1

### BEGIN SOLUTION
nets = {"baseline": baseline, "augmented": augmented, "regularised": regularised}
for arm, net in nets.items():
    predictions[arm] = net.predict(x_test, verbose=0)
    p = float(np.mean(predictions[arm].argmax(axis=1) == y_test))
    accuracies[arm] = p
    standard_errors[arm] = np.sqrt(p * (1 - p) / len(y_test))
    print(f"{arm:12} {p:.1%} ± {standard_errors[arm]:.1%}")
### END SOLUTION
""")
md("test-accuracies", r"""
[15] Are these the answers of your final networks, and do the accuracies say what the answers say?
""")
test("test-accuracies", 0.25, r"""
own, read = homework.three_sets(cifar10, chosen), "“What is required”, chapter 9"
final = {"baseline": baseline, "augmented": augmented, "regularised": regularised}
reports.accuracies(accuracies, predictions, final, own, read=read)
### BEGIN HIDDEN TESTS
strange, how = homework.strangers(cifar10, chosen), {"part": "test", "read": read}
for arm in homework.ARMS:
    fairness.not_known(final[arm], arm, own["test"], strange, **how)
### END HIDDEN TESTS
""")
md("test-errors", "[16] And the standard errors?")
test("test-errors", 0.25, r"""
own = homework.three_sets(cifar10, chosen)
read = "“How much can 1,000 test pictures tell?”, chapter 9"
reports.standard_errors(standard_errors, predictions, own, read=read)
""")
md("confusion", r"""
## 10. Who is taken for whom (0.5 points)

[17] Which of the arms is your best? Count for it who is mistaken for whom: the true class picks the
row, the predicted one the column. Show the matrix with the names of the classes, too.
""")
answer("confusion", r"""
best = None  # "baseline", "augmented" or "regularised"
matrix = None  # counts, shape (classes, classes)

### BEGIN SOLUTION
best = max(accuracies, key=accuracies.get)
y_pred = predictions[best].argmax(axis=1)
matrix = np.zeros((len(chosen), len(chosen)), dtype=int)
np.add.at(matrix, (y_test, y_pred), 1)
_ = plot_confusion_matrix(y_test, y_pred, names)
### END SOLUTION
""")
test("confusion-matrix", 0.5, r"""
own, read = homework.three_sets(cifar10, chosen), "“What is required”, chapter 9"
reports.matrix_of_best(matrix, best, predictions, own, read=read)
""")
md("choices", r"""
## 11. What you saw and chose, in your own words (0.5 points)

[18] One sentence each, and a person reads them:

1. What do you see in your pictures that may matter for a network?
2. Where do most of the baseline's parameters sit, and from which epoch on does it overfit? Say how
   you see that.
3. Which change did you leave out of `augment` on purpose, and why?
4. For each of the means that you took in `build_regularised`: what does it do *here*?

To read again: “What is required”, chapter 9; “The baseline” and “More pictures out of the same
ones”, chapter 7; “What is it good for?”, chapter 6.
""")
words("choices", 0.5, r"""
1. Many pictures show part of an animal only, close up, and the backgrounds differ within a class
   as much as between classes: cats and dogs sit on the same sofas, so colour will not help much
   there.
2. Almost three quarters of its parameters, 65,600 of 89,834, sit in the first dense layer. It
   overfits from epoch 10 on: there its validation loss is lowest, 1.54, and from there it rises to
   2.39, while the training loss goes on falling.
3. I left out flipping upside down: no photograph here shows a ship in the sky or a horse on its
   back, so the network would learn from pictures that it is never asked about.
4. Batch normalisation keeps the values of each map on one scale from batch to batch, so larger
   steps do no harm, and the noise of the batch's own mean makes it a little harder to learn 2,000
   pictures by heart. Global pooling leaves 128 numbers of the last maps, where Flatten would leave
   sixteen times as many, and with them sixteen times as many weights in the head. Dropout hides a
   fifth of the 128 in each step, so that no class may depend on one of them alone.

**For the grader**, line 18: half a point if all four are there and right, a quarter if two or three
are.

| part | is there if |
|---|---|
| 1 | both figures, of the classes with their names and of the augmentation, are in the notebook, *and* the remark refers to something in these pictures; "they are blurred" is too little |
| 2 | layer and epoch are those of the table and of the curves in this notebook; accuracy that stops rising, with the loss rising, is as good a sign as the loss alone |
| 3 | a change is named, with a reason that has to do with these pictures |
| 4 | every means of the network has a sentence that says what it does to this network or these pictures; "dropout prevents overfitting" could be written without having seen them |
""")
md("conclusion", r"""
## 12. Comparison and conclusion, in your own words (1 point)

In 150 to 300 words, two parts of half a point each:

- [19] Compare the arms in numbers, with their uncertainty. Say what the comparison does *not* show.
- [20] Name two classes that are mixed up, with a likely reason, and one next step that follows from
  what you saw.

To read again: “How much can 1,000 test pictures tell?” and “What earns the points”, chapter 9.
""")
words("conclusion", 1, (Path(__file__).parent / "hw_conclusion.md").read_text())
md("optional", r"""
## If you have time

These earn a mention and no points: a gallery of pictures that your best arm gets wrong, with a guess
why; the same experiment with more classes, or fewer, and what that changes. Add cells below, and
mind the ten minutes.
""")

book = new_notebook(
    cells=CELLS,
    metadata={
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    },
)
nbformat.validate(book)
for cell in CELLS:
    if cell.cell_type == "code":
        for line in cell.source.splitlines():
            if len(line) > 88:
                print(len(line), line)
total = sum(c.metadata.get("nbgrader", {}).get("points", 0) for c in CELLS)
print(len(CELLS), "cells,", total, "points")
path = Path(sys.argv[1])
path.parent.mkdir(exist_ok=True)
nbformat.write(book, path)
