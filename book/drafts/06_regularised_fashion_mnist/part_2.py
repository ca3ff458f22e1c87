md(r"""
(fashion-training)=
## Training, the patient way

First, the checks of chapter 5. The loss at the start should be about $\ln 10 = 2.303$.

> **Before you run it.** In use, and in training: the same loss?
""")
code("""
print("        in use   in training")
for seed in range(3):
    keras.utils.set_random_seed(seed)
    net = compiled(models.regularised_net())
    losses = [float(net.loss(t[:128], net(x[:128], training=m))) for m in (False, True)]
    print("seed {}: {:6.2f} {:11.2f}".format(seed, *losses))
""")
md(r"""
⟨Read: in use near 2.30; in training higher, by about …⟩ In training the values are normalised
and a part of them dropped, so the ten answers differ more from each other; that costs something
while they mean nothing yet. Both are all right.

Now the recipe that this network came with. Adam with its usual rate of 0.001, 128 pictures per
step, up to fifty epochs, and two watchmen.

- {term}`Early stopping <early stopping>` {cite:p}`prechelt1998early` watches the validation accuracy. If five
  epochs go by without a new best, it stops the training and puts back the weights of the best
  epoch. This is the fifth help: a network cannot learn by heart what it has no time for.
- The rate is halved whenever the validation loss has not fallen for two epochs, but not below
  0.00001. So the steps become smaller when, and only when, large ones stop paying.

> **Before you run it.** After how many epochs will it stop? Dropout handicaps the training
> accuracy that you see while it trains. Where do the two curves cross, if they do?

It takes about ⟨minutes of the lesson's recipe⟩ minutes on two cores; the bar says how far it is,
as if all fifty epochs were to come.
""")
code("""
def fit(net, epochs, *watching):
    \"\"\"Train; what was told of every epoch, and the seconds.\"\"\"
    began = time.perf_counter()
    history = net.fit(
        x,
        t,
        validation_data=(x_val, t_val),
        batch_size=128,
        epochs=epochs,
        verbose=0,
        callbacks=[TqdmCallback(verbose=0), *watching],
    )
    return history.history, time.perf_counter() - began
""")
code(
    """
keras.utils.set_random_seed(0)
patient = compiled(models.regularised_net())
stop = keras.callbacks.EarlyStopping(
    "val_accuracy", mode="max", patience=5, restore_best_weights=True
)
lower = keras.callbacks.ReduceLROnPlateau(
    "val_loss", factor=0.5, patience=2, min_lr=1e-5
)
patient_history, patient_seconds = fit(patient, most_epochs, stop, lower)
done = len(patient_history["loss"])
best = 1 + int(np.argmax(patient_history["val_accuracy"]))
print(f"{done} epochs in {patient_seconds:.0f} s, the best was epoch {best}")
print(f"validation accuracy there {max(patient_history['val_accuracy']):.2%}")
""",
    run=True,
)
code(
    """
_ = plotting.plot_history(patient_history)
""",
    run=True,
    alt="""Two panels over the epochs of the patient training. Loss: the training curve falls
    throughout, the validation curve falls, begins to swing and flattens. Accuracy: the
    validation curve is the higher one at first; ⟨epoch⟩ epochs later the training curve
    crosses it and goes on rising, while the validation curve gains little. A ring marks the
    best epoch of each.""",
)
md(r"""
⟨Read: number of epochs, the best one, where the curves cross, how the validation curve calms down
with each halving of the rate.⟩

The training curve is told by a network that drops a part of its values and is still changing.
To compare like with like, ask the finished network, in use, about pictures it has trained on.
""")
code(
    """
def share_right(net, images, labels):
    y_pred = net.predict(images, batch_size=500, verbose=0).argmax(axis=1)
    return np.mean(y_pred == labels)


print(f"training pictures, in use:   {share_right(patient, x[:1000], y[:1000]):.1%}")
print(f"validation pictures, in use: {max(patient_history['val_accuracy']):.1%}")
""",
    run=True,
)
md(r"""
So there is {term}`overfitting`, helps or not: ⟨gap⟩ points between pictures it knows and pictures it
does not. The question is never whether there is a gap, but whether the height on new pictures is
worth having.

## The same in a third of the time?

A patient training spends most of its epochs waiting: for two epochs without progress, then for
five. A {term}`one-cycle rate` {cite:p}`smith2019super` does not wait. It is planned for a fixed
number of steps from the first one on. The rate begins low, while the first weights are still
random and the moving averages empty; rises to several times the usual value, where the steps are
long, which gets on quickly and, as its authors hold, regularises by itself; and falls to nothing,
so that the network comes to rest. With a plan, there is nothing to stop early.

Keras's cosine schedule has such a warm-up built in. We take ⟨8⟩ epochs, the first fifth of them
upwards, to a top of ⟨0.003⟩: chosen by the validation pictures.
""")
code("""
def one_cycle(pictures, epochs, top=3e-3):
    \"\"\"Up in a straight line for a fifth of the steps, then down along a cosine.\"\"\"
    steps = epochs * int(np.ceil(pictures / 128))
    rising = steps // 5
    return keras.optimizers.schedules.CosineDecay(
        1e-4, steps - rising, warmup_target=top, warmup_steps=rising
    )


rate = one_cycle(len(x), fast_epochs)
an_epoch = int(np.ceil(len(x) / 128))
for epoch in range(fast_epochs + 1):
    print(f"after {epoch} epochs: {float(rate(epoch * an_epoch)):.5f}")
""")
md(r"""
> **Before you run it.** Will ⟨8⟩ epochs reach what ⟨28⟩ did? After half of them, will it be ahead
> of where the patient training was after as many, or behind? (About ⟨minutes⟩ minutes.)
""")
code(
    """
keras.utils.set_random_seed(0)
fast = compiled(models.regularised_net(), one_cycle(len(x), fast_epochs))
fast_history, fast_seconds = fit(fast, fast_epochs)
print(f"{fast_epochs} epochs in {fast_seconds:.0f} s", end=", ")
print(f"{fast_seconds / patient_seconds:.0%} of the patient training's time")
print(f"validation accuracy at the end {fast_history['val_accuracy'][-1]:.2%}")
""",
    run=True,
)
code(
    """
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
halved, places = patient_history["learning_rate"], np.linspace(0, fast_epochs, 200)
left.plot(np.arange(done) + 0.5, halved, "o-", ms=3, label="patient")
planned = [float(rate(place * an_epoch)) for place in places]
left.plot(places, planned, "--", label="fast")
left.set(xlabel="epoch", ylabel="learning rate")
for history, look in ((patient_history, "o-"), (fast_history, "s--")):
    shares = history["val_accuracy"]
    right.plot(np.arange(len(shares)) + 1, shares, look, ms=3)
right.set(xlabel="epoch", ylabel="validation accuracy")
right.yaxis.set_major_formatter(PercentFormatter(1))
_ = left.legend()
""",
    run=True,
    hide=True,
    alt="""Two panels over epochs. Left, the learning rate: the patient one is 0.001 and falls by
    halves in steps; the fast one rises in a straight line to three times that and falls to 0
    along a cosine within the first quarter of the picture. Right, validation accuracy: ⟨describe
    both curves and where they end⟩.""",
)
md(r"""
⟨Read: the fast curve lags/swings while the rate is high and gains most in its last epochs, when
the rate falls; it ends at … against … in …% of the time.⟩ Do not judge such a training by its
middle. While the rate is high the weights are carried to and fro; the height comes at the end.

Both ways have a price. The plan must know the number of epochs beforehand, and a training that
is broken off in its middle is worth little. The watchmen need no plan, but they decide by the
validation pictures again and again: which epoch to keep, when to lower the rate. The accuracy on
these pictures is therefore a little too good for the patient network, and fair for the fast one.

## Stripped of its helps

Now the network without batch normalisation and dropout, everything else the same: filters, dense
layers, the fast recipe, the number of epochs, the seed.

> **Before you run it.** How many parameters does it lose? Which of the two networks will know its
> training pictures better after ⟨8⟩ epochs? And the validation pictures?
""")
code("""
def stripped_net():
    \"\"\"The regularised net without batch normalisation and dropout.\"\"\"
    helps = layers.BatchNormalization | layers.Dropout
    net = keras.Sequential([keras.Input((28, 28, 1))], name="stripped_net")
    for layer in models.regularised_net().layers:
        if not isinstance(layer, helps):
            net.add(layer.__class__.from_config(layer.get_config()))
    return net


full_count, bare_count = (net.count_params() for net in (fast, stripped_net()))
print(f"{full_count:,} - {bare_count:,} = {full_count - bare_count}")
""")
code(
    """
keras.utils.set_random_seed(0)
stripped = compiled(stripped_net(), one_cycle(len(x), fast_epochs))
stripped_history, stripped_seconds = fit(stripped, fast_epochs)
print(f"{fast_epochs} epochs in {stripped_seconds:.0f} s; in use:")
for net, history in ((fast, fast_history), (stripped, stripped_history)):
    known, new = share_right(net, x[:1000], y[:1000]), history["val_accuracy"][-1]
    print(f"{net.name:16} training {known:.1%}, validation {new:.1%}")
""",
    run=True,
)
code(
    """
told = ("regularised", fast_history, "C0"), ("stripped", stripped_history, "C1")
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
for ax, metric in zip(axes, ("loss", "accuracy"), strict=True):
    for name, history, colour in told:
        epochs = np.arange(len(history[metric])) + 1
        ax.plot(epochs, history[metric], color=colour, label=f"{name}, training")
        values = history[f"val_{metric}"]
        ax.plot(epochs, values, "--", color=colour, label=f"{name}, validation")
    ax.set(xlabel="epoch", ylabel=metric)
_ = axes[0].legend()
""",
    run=True,
    hide=True,
    alt="""Loss and accuracy over the epochs of the fast training, with and without batch
    normalisation and dropout. Regularised: the training and the validation curve stay close
    together. Stripped: the training loss falls further, the validation loss ⟨turns and
    rises⟩, and the two accuracies part. ⟨Check against the figure.⟩""",
)
md(r"""
⟨Read: the stripped network knows …% of its training pictures and …% of the validation pictures;
the regularised one …% and …%. Where the validation loss of the stripped one turns.⟩ Look at the
stripped network's *loss*: ⟨it rises while its accuracy does not fall⟩. It is not wrong more often;
it is more and more sure where it is wrong. Keep that in mind for the last part of the chapter.

It is also quicker per epoch, ⟨seconds⟩ against ⟨seconds⟩: batch normalisation is cheap to write
and not cheap to compute.

### The same from other seeds

One training is one draw. So all three have been trained from other seeds outside of the chapter, on
all 54,000 pictures, and what came out is kept (`benchmarks/seeds.py` does it). The test accuracies
were measured once for each, when everything was decided.

```{seed-runs}
regularised_net: patient
regularised_net_fast: fast
stripped_net: stripped, as long as fast
```

⟨Read.⟩
""")
md(r"""
(fashion-test)=
## The test set, once

All is decided: the network, both recipes, the number of epochs. What follows needs more than the
shares of right answers, it needs what the networks said. For reasons that come under
calibration, we ask for the ten numbers *before* the softmax, the {term}`logits <logit>`. The
network ends in a softmax, so we stop one step earlier and do the last layer's dot product
ourselves.
""")
code("""
def logits_of(net, images):
    \"\"\"What the last layer works out before its softmax, in use.\"\"\"
    *_, before, last = net.layers
    body = keras.Model(net.inputs, before.output)
    features = body.predict(images, batch_size=500, verbose=0)
    return features @ last.kernel.numpy() + last.bias.numpy()


shares = keras.ops.softmax(logits_of(fast, x_val[:500]))
said = fast.predict(x_val[:500], batch_size=500, verbose=0)
print(np.allclose(shares, said, atol=1e-5))
""")
code(
    """
nets = {"patient": patient, "fast": fast, "stripped": stripped}
x_test, y_test = as_input(fashion.x_test), fashion.y_test
logits = {name: logits_of(net, x_test) for name, net in nets.items()}
for name, values in logits.items():
    right = values.argmax(axis=1) == y_test
    error = np.sqrt(right.mean() * (1 - right.mean()) / len(right))
    print(f"{name:9} {right.mean():.2%} of the test pictures, ± {error:.2%} by chance")
""",
    run=True,
)
md(r"""
Two of them enter the page [Results](results.md), which shows them with the kept runs beside them.
""")
code(
    """
from course_utils.results import Headline

share = np.mean(logits["patient"].argmax(axis=1) == y_test)
Headline(
    net="Regularised net",
    data=fashion,
    parameters=patient.count_params(),
    epochs=done,
    seconds=patient_seconds,
    test_accuracy=[share],
    to_reach=0.9379,
    kept="regularised_net",
)
""",
    run=True,
)
code(
    """
share = np.mean(logits["fast"].argmax(axis=1) == y_test)
Headline(
    net="Regularised net, one-cycle rate",
    data=fashion,
    parameters=fast.count_params(),
    epochs=fast_epochs,
    seconds=fast_seconds,
    test_accuracy=[share],
    to_reach=0.9379,
    kept="regularised_net_fast",
)
""",
    run=True,
)
md(r"""
⟨One honest paragraph: whether 93.79 % is reached by each mean; if the test set was met before, by
which earlier run (one run of the patient recipe was tested while the course was written: 93.45 %,
28 epochs), and that nothing was decided by it.⟩

## Who is taken for whom

> **Before you run it.** Take out your list: the two classes that are confused most, the three
> that are nearly perfect.
""")
code(
    """
from course_utils import mistakes

y_pred = logits["fast"].argmax(axis=1)
_ = plotting.plot_confusion_matrix(y_test, y_pred, fashion.classes)
""",
    run=True,
    alt="""Confusion matrix of the ten classes, true ones in rows, predicted ones in columns. The
    diagonal is darkest everywhere, palest for shirt. Most mistakes lie among T-shirt or top,
    pullover, dress, coat and shirt; a few among sandal, sneaker and ankle boot; trouser and
    bag have almost none.""",
)
code(
    """
mistakes.most_confused(y_test, y_pred, fashion.classes, limit=8)
""",
    run=True,
)
md(r"""
⟨Read: the most frequent mistakes, with numbers; shirt on one side of … of the eight.⟩ Each line is
one *direction*. ⟨Say whether the most frequent pair is symmetrical.⟩ Numbers say how often; only
pictures say why. Here are the surest mistakes of the four most frequent kinds.
""")
code(
    """
shares = keras.ops.convert_to_numpy(keras.ops.softmax(logits["fast"]))
_ = plotting.plot_confused_pairs(
    fashion.x_test, y_test, y_pred, fashion.classes, probabilities=shares
)
""",
    run=True,
    alt="""Four rows of six small pictures of clothes, a row for each of the most frequent kinds
    of mistakes, with the two classes and the count as its title and the network's confidence
    below each picture. Within a row the pictures could pass for either class: short-sleeved
    tops, long-sleeved ones with and without buttons. ⟨Check against the figure.⟩""",
)
md(r"""
Try it yourself: would you call these as the catalogue does? ⟨Say what is seen, for instance
short-sleeved shirts without a visible collar.⟩ Some of what is counted as a mistake is a matter
of the shop's words. No network gets from 28×28 grey pixels what is not in them, and no
regularisation helps against it.

### Class by class

The {term}`recall` of a class is the share of its pictures that were found. Its {term}`precision`
is the share of the pictures called so that really are. {term}`F1` is a mean of the two that is
low when either is.

> **Before you run it.** If the network is in doubt about shirts and says "T-shirt" too often,
> which of the four numbers suffers: precision or recall, of shirt or of T-shirt?
""")
code(
    """
mistakes.class_table(y_test, y_pred, fashion.classes)
""",
    run=True,
)
md(r"""
The recall of shirt and the precision of T-shirt. ⟨Read the table: shirt lowest at …; trouser, bag
and … above …%.⟩ One number for ten classes, ⟨93.x⟩ %, hides that one class is right ⟨…⟩ times in
ten and another practically always. Whoever sells shirts should know.

### The surest mistakes
""")
code(
    """
_ = plotting.gallery(
    fashion.x_test, y_test, y_pred, fashion.classes, probabilities=shares
)
""",
    run=True,
    alt="""Twelve small grey pictures of clothes in three rows of four. Above each stands its
    true class, an arrow to the class that the network took it for, and the probability that
    the network gave to that class, close to 100 % in all twelve.""",
)
md(r"""
⟨Say what is seen: which are labelled oddly in the catalogue, which are really mistaken.⟩ Twelve
times the network is as good as certain, and wrong. That brings us to the last question.

(calibration)=
## Does 90 % mean 90 %?

The probability that a network gives to its own answer is its {term}`confidence`. Nothing in the
training forces it to mean anything outside the training pictures. We would like it to: of all
pictures with a confidence of about 80 %, 80 % should be right. Such a network is
{term}`calibrated`.

> **Before you run it.** Compare mean confidence and accuracy on the test set. Which of the three
> networks will be too sure of itself, and which not sure enough?
""")
code(
    """
from course_utils import calibration

for name, values in logits.items():
    told = calibration.reliability(values, y_test, from_logits=True).all
    print(f"{name:9} confidence {told.confidence:.1%}, accuracy {told.accuracy:.1%}")
""",
    run=True,
)
md(r"""
⟨Read.⟩ A mean can be right by accident: too sure here, not sure enough there. So sort the pictures
by confidence into fifteen bins of equal width and compare in each. That is a {term}`reliability
diagram`. The **expected calibration error**, {term}`ECE <expected calibration error>`, is the mean
gap over the bins, each weighted by its pictures {cite:p}`naeini2015obtaining`.
""")
code(
    """
diagrams = {
    name: calibration.reliability(values, y_test, from_logits=True)
    for name, values in logits.items()
}
_ = plotting.plot_reliability(diagrams)
""",
    run=True,
    alt="""Three reliability diagrams side by side, for the patient, the fast and the stripped
    network: accuracy over confidence in fifteen bins, with the gap to the dashed diagonal
    hatched, and below each the number of pictures per bin on a logarithmic scale. ⟨Describe the
    gaps.⟩ In all three by far most pictures are in the last bin.""",
)
code(
    """
diagrams["stripped"]
""",
    run=True,
)
md(r"""
⟨Read: the gaps of each network; ECE of each; the stripped one is too sure by … points at
confidences between … and ….⟩ It is what the loss curve foretold: when nearly all training pictures
are right, the loss can only fall by making the logits longer, and so the network becomes surer
without becoming better {cite:p}`guo2017calibration`.

### How small can it be?

Even a perfectly calibrated network has an ECE above 0, since the pictures in a bin are a sample.

> **Before you run it.** How large is it by chance alone, with 10,000 pictures? The next cell deals
> out labels by the network's own probabilities, so that it is calibrated by construction, twenty
> times.
""")
code(
    """
def dealt_out(probabilities):
    \"\"\"A class for each row, drawn with the row's probabilities.\"\"\"
    thrown = rng.random((len(probabilities), 1))
    return (probabilities.cumsum(axis=1) > thrown).argmax(axis=1)


ece_of = calibration.expected_calibration_error
for name, values in logits.items():
    p = calibration.apply_temperature(values, 1, from_logits=True)
    by_chance = [ece_of(p, dealt_out(p)) for _ in range(20)]
    print(f"{name:9} ECE {diagrams[name].ece:.2%}", end=", ")
    print(f"by chance {np.mean(by_chance):.2%} ± {np.std(by_chance, ddof=1):.2%}")
""",
    run=True,
)
md(r"""
⟨Read: which of the three lie beyond chance.⟩ A gap that chance explains is no finding.

### One number that mends it

A network that is too sure has logits that are too long. Divide all of them by one number $T$, the
{term}`temperature`: $p = \text{softmax}(z / T)$. Which $T$? The one with the smallest
cross-entropy, on pictures that the network was not trained on. That must not be the test pictures,
since they are to judge the result; it is the validation pictures, of which 2,000 will do.

> **Before you run it.** Is $T$ above or below 1 for each network? And what does dividing by $T$ do
> to the accuracy?
""")
code(
    """
temperatures = {
    name: calibration.fit_temperature(
        logits_of(net, x_val[:2000]), y_val[:2000], from_logits=True
    )
    for name, net in nets.items()
}
print("network       T   accuracy     ECE   cross-entropy")
for name, values in logits.items():
    for temperature in (1, temperatures[name]):
        p = calibration.apply_temperature(values, temperature, from_logits=True)
        share = np.mean(p.argmax(axis=1) == y_test)
        loss = calibration.negative_log_likelihood(p, y_test)
        line = f"{name:9} {temperature:5.2f} {share:10.2%}"
        print(f"{line} {ece_of(p, y_test):7.2%} {loss:15.4f}")
""",
    run=True,
)
code(
    """
temperature = temperatures["stripped"]
mended = calibration.apply_temperature(
    logits["stripped"], temperature, from_logits=True
)
pair = {
    "stripped": diagrams["stripped"],
    f"divided by {temperature:.2f}": calibration.reliability(mended, y_test),
}
_ = plotting.plot_reliability(pair)
""",
    run=True,
    alt="""Two reliability diagrams of the stripped network, before and after its logits are
    divided by the temperature. Before, the bars end well below the dashed diagonal; after,
    they end close to it, and fewer pictures are in the last bin. ⟨Check.⟩""",
)
md(r"""
⟨Read: T of each, ECE before and after.⟩ The accuracy has not moved by a single picture: dividing
all ten logits by the same number leaves the largest the largest. Calibration and accuracy are two
things, and this is the proof. One number, fitted on 2,000 pictures, has mended ⟨most⟩ of it; that
one is enough is an observation about networks {cite:p}`guo2017calibration`, not a law.

Two warnings. The patient network was *chosen* by its validation pictures, so it looks a little
better there than it is, and its $T$ comes out a little low. And a temperature that fits these
pictures says nothing about others: show the network a cat, and it will name a piece of clothing,
with confidence.
""")
