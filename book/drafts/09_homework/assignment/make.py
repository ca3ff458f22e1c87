"""Write solutions/8_homework/8_homework.ipynb (not part of the project)."""
import sys
from pathlib import Path
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = []

def meta(grade_id, grade, solution, points=None, locked=True):
    m = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3,
         "solution": solution, "task": False}
    if points is not None:
        m["points"] = points
    return {"nbgrader": m}

def text(name, source):
    CELLS.append(new_markdown_cell(source.strip("\n"), id=name, metadata={}))

def given(name, source):
    CELLS.append(new_code_cell(source.strip("\n"), id=name, metadata=meta(name, False, False)))

def answer(name, source):
    CELLS.append(new_code_cell(source.strip("\n"), id=name, metadata=meta(name, False, True, locked=False)))

def test(name, source):
    CELLS.append(new_code_cell(source.strip("\n"), id=name, metadata=meta(name, True, False, 0.1)))

def words(name, source, points):
    CELLS.append(new_markdown_cell(source.strip("\n"), id=name, metadata=meta(name, True, True, points, locked=False)))

text("title", r"""
# Homework: a network that earns its parts

You train three networks on 2,000 small photographs and find out by how much augmentation and
regularisation improve them. The chapter *Homework* is the brief: what is asked, what earns the
points, and which mistakes cost them most often. Read it first. There are 2 points, in twenty
tenths. The numbers in brackets below, such as [5], are the lines of its rubric: fourteen are
decided by tests, six by a person who reads your sentences.

**How it works.** Write your code in place of `raise NotImplementedError()` and your sentences in
place of `YOUR ANSWER HERE`. The cell below an answer tests it. When it says nothing, the tests
that you can see have passed; some more follow after you hand in. Add cells of your own wherever
you like. This is one experiment, so the later parts measure the networks of the earlier ones.
Only the pictures do not depend on you: after the first part everybody goes on with the same.

**Time.** The whole notebook has to run in *ten minutes on two cores*, all three trainings
included, and no single cell longer than three minutes, for so it is graded. Time one epoch of each
network before you choose how many.

**Before you hand in**, choose *Restart kernel and run all cells*, and type
`course check --timeout 600 8_homework.ipynb` in a terminal.
""")
given("start", """
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from course_utils import checks, data, homework
from course_utils.checks import arms, evaluation, random_layers, subsets, thresholds
from course_utils.plotting import plot_confusion_matrix, show_images, show_rows
from course_utils.session import start

start(seed=9)
cifar10 = data.load("cifar10")
print(cifar10)
print(f"to be handed in by {homework.DUE:%A, %d %B %Y, %H:%M} UTC")
""")

text("sets-text", r"""
## 1. The pictures (0.4 points)

Choose your classes: three, four or five of the ten, by their numbers, or all ten. Then cut three
sets out of CIFAR-10's *training* pictures: 2,000 to learn from, 1,000 for validation and 1,000 for
your test, every class equally often in each, and no picture in two of them. (A number of classes
that does not divide a thousand leaves one picture more of some.) Leave the pixels as they are.

CIFAR-10's own test set stays closed. Your third network is judged by it after you have handed in,
where nobody can have looked.
""")
answer("sets", """
chosen = range(10)  # or, for example, [3, 5, 8]
sets = None  # {"training": (images, labels), "validation": …, "test": …}

### BEGIN SOLUTION
x, y = data.subset(cifar10.x_train, cifar10.y_train, chosen, 4000 // len(chosen))
rest, test = data.split(x, y, 1000)
training, validation = data.split(*rest, 1000)
sets = {"training": training, "validation": validation, "test": test}
### END SOLUTION
""")
text("sets-sizes-text", r"""
[1] Do the sets have the right sizes, and every class equally often?
""")
test("sets-sizes", """
subsets.sized(sets, cifar10, chosen, read="“The data”, chapter 9")
""")
text("sets-apart-text", r"""
[2] Is every picture in one set only?
""")
test("sets-apart", """
subsets.apart(sets, read="“The data”, chapter 9")
""")
text("scale-text", r"""
[3] A network learns best from pixels between 0 and 1. One function prepares all three sets, so what
it makes of a picture must not depend on the other pictures that come with it.
""")
answer("scale", '''
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
test("scale-values", """
mistakes, read = subsets.scaling_mistakes(), "“The data”, chapter 9"
inputs = [(20 + cifar10.x_train[:8] // 2,)]
checks.function(as_input, homework.scaled, inputs, mistakes=mistakes, read=read)
### BEGIN HIDDEN TESTS
inputs += [(cifar10.x_train[8:20],), (30 + cifar10.x_train[20:21] // 3,)]
checks.function(as_input, homework.scaled, inputs, mistakes=mistakes, read=read)
### END HIDDEN TESTS
""")
text("look-text", r"""
[4] Show some pictures of every class with their names, and look at them. Write one sentence about
what you see that may matter for a network.
""")
answer("look", """
### BEGIN SOLUTION
images, labels = sets["training"]
shown = [np.flatnonzero(labels == label)[:8] for label in range(len(chosen))]
drawn = show_images(images[np.concatenate(shown)], columns=8)
for ax, label in zip(drawn[::8], chosen, strict=True):
    ax.set_ylabel(cifar10.classes[label], rotation=0, ha="right", va="center")
### END SOLUTION
""")
words("look-words", r"""
Many pictures show part of an animal only, close up, and the backgrounds differ within a class as
much as between classes: cats and dogs sit on the same sofas, so colour will not help much there.

**For the grader**, line 4: a tenth for the figure, with every class and its name, *and* a remark
that refers to something in these pictures. "They are blurred" is too little; half a tenth for a
figure without a remark, or with names missing.
""", 0.1)
text("given-text", r"""
From here on everybody works with the sets that the next cell makes, cut as yours should be. So a
slip above costs no more than its own tenths. It has no test pictures: they stay closed until all
three networks are trained.
""")
given("given", """
training, validation, _ = homework.three_sets(cifar10, chosen).values()
(x, y), (x_val, y_val) = training, validation
x, x_val = homework.scaled(x), homework.scaled(x_val)
names = [cifar10.classes[label] for label in chosen]
histories = {}  # by arm, what `fit` returns
print(f"{len(x):,} + {len(x_val):,} pictures of {', '.join(names)}")
""")

text("build-baseline-text", r"""
## 2. The baseline (0.3 points)

[5] A plain network: convolutions, pooling, one dense layer or two, and at its end a number for each
of your classes. Compile it with a loss that fits its end, and with `metrics=["accuracy"]`. No
dropout, no batch normalisation, no augmentation yet: those come later, one after the other.
""")
answer("build-baseline", '''
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
test("baseline-net", """
arms.plain(build_baseline, len(chosen), read="“The workflow”, chapter 9")
""")
text("train-baseline-text", r"""
Train it, and keep the network in `baseline` and what `fit` returns in `histories["baseline"]`. All
three arms get the same pictures `x`, `y`, the same batch size and the same number of epochs, so
choose those with the slowest in mind. Show the table of layers, too.
""")
answer("train-baseline", """
baseline = None  # trained

### BEGIN SOLUTION
EPOCHS = 5 if cifar10.source == "drawn" else 20  # stand-ins: in a hurry


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
text("baseline-trained-text", r"""
[6] Has it learned, and was it watched on the validation pictures?
""")
test("baseline-trained", """
own, read = homework.three_sets(cifar10, chosen), "“The workflow”, chapter 9"
arms.trained(baseline, histories, "baseline", own, read=read)
### BEGIN HIDDEN TESTS
strange = homework.strangers(cifar10, chosen)
how = {"part": "validation", "read": read}
arms.not_known(baseline, "baseline", own["validation"], strange, **how)
### END HIDDEN TESTS
""")
text("baseline-words-text", r"""
[7] In two sentences: where do most of its parameters sit, and from which epoch on does it overfit?
Say how you see that.
""")
words("baseline-words", r"""
Almost three quarters of its parameters, 65,600 of 89,834, sit in the first dense layer. From about epoch 10
on it overfits: the validation loss has its lowest value there and rises from then on, while the
training loss goes on falling.

**For the grader**, line 7: a tenth for both, if the figures are those of the table and the curves
of this notebook; half a tenth for one of the two. Accuracy that stops rising, with the loss rising,
is as good an answer as the loss alone.
""", 0.1)

text("augment-text", r"""
## 3. Augmentation (0.3 points)

[8] Layers that change a picture at random while a network trains, so that it still shows what it
showed before, and leave it alone otherwise.
""")
answer("augment", """
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
test("augment-changes", """
pictures = homework.scaled(cifar10.x_train[:64])
random_layers.augmentation(augment, pictures, read="“The workflow”, chapter 9")
""")
text("gallery-text", r"""
[9] Show what it does to five pictures, each several times. Then name in one sentence a change that
you left out on purpose, and say why.
""")
answer("gallery", """
### BEGIN SOLUTION
rows = {}
for nth in range(5):
    copies = np.repeat(x[nth : nth + 1], 6, axis=0)
    changed = np.clip(np.array(augment(copies, training=True)), 0, 1)
    rows[names[y[nth]]] = np.concatenate([x[nth : nth + 1], changed])
_ = show_rows(rows)
### END SOLUTION
""")
words("gallery-words", r"""
I left out flipping upside down: no photograph here shows a ship in the sky or a horse on its back,
so the network would learn from pictures that it is never asked about.

**For the grader**, line 9: a tenth if every picture of the gallery still shows its class *and* the
sentence names a change with a reason that has to do with these pictures. Half a tenth for one of
the two.
""", 0.1)
text("augmented-text", r"""
Now the second arm: the same network, layer by layer, with `augment` in front of its first
convolution. Build it anew, and train it as you trained the first.
""")
answer("augmented", '''
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
text("augmented-arm-text", r"""
[10] Does it differ from the baseline in the augmentation, and in nothing else?
""")
test("augmented-arm", """
own, read = homework.three_sets(cifar10, chosen), "“The workflow”, chapter 9"
arms.same_network(build_augmented, build_baseline, read=read)
arms.trained(augmented, histories, "augmented", own, read=read)
arms.equal_budgets(histories, "augmented", "baseline", read=read)
### BEGIN HIDDEN TESTS
strange = homework.strangers(cifar10, chosen)
how = {"part": "validation", "read": read}
arms.not_known(augmented, "augmented", own["validation"], strange, **how)
### END HIDDEN TESTS
""")

text("build-regularised-text", r"""
## 4. Regularisation (0.4 points)

[11] Your best network. It begins with augmentation, too, and has at least two kinds of means
against overfitting: dropout, batch normalisation, weight decay, smoothed labels, global pooling,
what you like. Its body may be another one than the baseline's.
""")
answer("build-regularised", '''
def build_regularised():
    """The third network, compiled and not trained.

    Returns
    -------
    keras.Model, from (n, 32, 32, 3) to (n, classes).
    """
    ### BEGIN SOLUTION
    stages = [augment]
    for filters in (24, 48, 96):
        stages += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(2),
        ]
    stages += [layers.GlobalAveragePooling2D(), layers.Dropout(0.2)]
    falling = keras.optimizers.schedules.CosineDecay(3e-3, 40 * EPOCHS)
    return compiled([*stages, layers.Dense(len(chosen))], falling)
    ### END SOLUTION
''')
test("regularised-means", """
arms.means(build_regularised, len(chosen), read="“The workflow”, chapter 9")
""")
text("means-text", r"""
[12] For each of the means that you took, one sentence: what does it do *here*?
""")
words("means-words", r"""
Batch normalisation keeps the values of each map on one scale from batch to batch, so larger steps
do no harm, and the noise of the batch's own mean makes it a little harder to learn 2,000 pictures
by heart. Global pooling leaves 128 numbers of the last maps, where Flatten would leave sixteen
times as many, and with them sixteen times as many weights in the head. Dropout hides a third of
the 128 in each step, so that no class may depend on one of them alone.

**For the grader**, line 12: a tenth if every means in the network has a sentence, and each sentence
says what it does to this network or these pictures; half a tenth if one is missing or could be
written without having seen the network ("dropout prevents overfitting").
""", 0.1)
text("train-regularised-text", r"""
Train it as the others: the same pictures, batch size and epochs.
""")
answer("train-regularised", """
regularised = None  # trained

### BEGIN SOLUTION
regularised, histories["regularised"] = train(build_regularised)
### END SOLUTION
""")
text("regularised-arm-text", r"""
[13] Was it trained like the others, on augmented pictures?
""")
test("regularised-arm", """
own, read = homework.three_sets(cifar10, chosen), "“The workflow”, chapter 9"
arms.require_augmentation(regularised, "regularised", read=read)
arms.trained(regularised, histories, "regularised", own, read=read)
arms.equal_budgets(histories, "regularised", "baseline", read=read)
### BEGIN HIDDEN TESTS
strange = homework.strangers(cifar10, chosen)
how = {"part": "validation", "read": read}
arms.not_known(regularised, "regularised", own["validation"], strange, **how)
### END HIDDEN TESTS
""")
text("figure-text", r"""
[14] Your `regularised` has to be right on as many of 2,000 pictures of CIFAR-10's own test set as
the next cell says. That is well below what a careful network reaches. What you can see here asks
for five points less on the validation pictures.
""")
given("to-reach", """
to_reach = thresholds.of(f"8_homework/{len(chosen)}", cifar10.source)
print(f"to reach: {to_reach:.1%} ({len(names)} classes, {cifar10.source})")
""")
test("regularised-figure", """
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

text("curves-text", r"""
## 5. The curves (0.1 points)

[15] Show loss and accuracy of all three arms, for training and for validation: twelve curves in as
many panels as you like, with labels on both axes and a legend in each panel. Keep the Axes, one or
several, in `axes`.
""")
answer("curves", """
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
test("curves-shown", """
read = "“What is required”, chapter 9"
checks.figure(axes, evaluation.curves(histories, read=read), name="axes", read=read)
""")

text("envelope-text", r"""
## 6. The test, once (0.3 points)

All three networks are trained and nothing will be changed any more. Now, and not before, the test
pictures:
""")
given("envelope", """
x_test, y_test = homework.three_sets(cifar10, chosen)["test"]
x_test = homework.scaled(x_test)
""")
text("measured-text", r"""
What do your networks say of them? Keep for each arm the outputs, the share of right answers, and
its standard error, $\sqrt{p (1 - p) / n}$.
""")
answer("measured", """
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
text("test-accuracies-text", r"""
[16] Are these the answers of your final networks, and do the accuracies say what the answers say?
""")
test("test-accuracies", """
own, read = homework.three_sets(cifar10, chosen), "“What is required”, chapter 9"
final = {"baseline": baseline, "augmented": augmented, "regularised": regularised}
evaluation.accuracies(accuracies, predictions, final, own, read=read)
### BEGIN HIDDEN TESTS
strange, how = homework.strangers(cifar10, chosen), {"part": "test", "read": read}
for arm in homework.ARMS:
    arms.not_known(final[arm], arm, own["test"], strange, **how)
### END HIDDEN TESTS
""")
text("test-errors-text", r"""
[17] And the standard errors?
""")
test("test-errors", """
own = homework.three_sets(cifar10, chosen)
read = "“How much can 1,000 test pictures tell?”, chapter 9"
evaluation.standard_errors(standard_errors, predictions, own, read=read)
""")
text("confusion-text", r"""
[18] Which of the arms is your best? Count for it who is mistaken for whom: the true class picks the
row, the predicted one the column. Show the matrix with the names of the classes, too.
""")
answer("confusion", """
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
test("confusion-matrix", """
own, read = homework.three_sets(cifar10, chosen), "“What is required”, chapter 9"
evaluation.matrix_of_best(matrix, best, predictions, own, read=read)
""")

text("conclusion-text", r"""
## 7. Comparison and conclusion (0.2 points)

In 150 to 300 words, two parts of a tenth each:

- [19] Compare the arms in numbers, with their uncertainty. Say what the comparison does *not* show.
- [20] Name two classes that are mixed up, with a likely reason, and one next step that follows from
  what you saw.
""")
words("conclusion", CONCLUSION := r"""
CONCLUSION
""", 0.2)
text("optional-text", r"""
## If you have time

These earn a mention and no points: a gallery of pictures that your best arm gets wrong, with a guess
why; the same experiment with more classes, or fewer, and what that changes. Add cells below, and
mind the ten minutes.
""")

CELLS_BY = {c.id: c for c in CELLS}
CELLS_BY["conclusion"].source = Path(__file__).with_name("conclusion.md").read_text().strip()

root = Path(sys.argv[1])
nb = new_notebook(cells=CELLS, metadata={
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"}})
nb.nbformat_minor = 5
out = root / "solutions/8_homework/8_homework.ipynb"
out.parent.mkdir(parents=True, exist_ok=True)
nbformat.write(nb, out)
print(out, len(CELLS), sum(c.metadata.get("nbgrader", {}).get("points", 0) for c in CELLS))
