md(r"""
## Exercises
""")


def exercise(title, label, text):
    md(f"""
```{{exercise-start}} {title}
:label: {label}
```
{text.strip()}

```{{exercise-end}}
```
""")


def solution(label, text, cells=(), run=False):
    md(f"""
```{{solution-start}} {label}
:class: dropdown
```
{text.strip()}
""")
    for cell in cells:
        code(cell, solution=True, run=run)
    md("""
```{solution-end}
```
""")


exercise(
    "Parameters that do nothing",
    "ex-fashion-bias",
    r"""
Each convolution of the network has a bias, and behind each stands a batch normalisation. Show
that these biases change nothing while the network trains. How many parameters could be left out?
Why is the same not true of the biases of the dense layers?
""",
)
solution(
    "ex-fashion-bias",
    r"""
A bias adds the same number to a whole channel. The channel's mean grows by just that number, and
the normalisation takes the mean away again. What such a bias could have done is done by $\beta$,
which comes after. $32 + 32 + 64 + 64 = 192$ parameters could go (`use_bias=False`), and 468,394
would be left. The dense layers have no normalisation behind them.
""",
    [
        """
shifted = maps + np.linspace(-3, 3, 32)  # another bias for each of 32 filters
for values in (maps, shifted):
    channels = values.mean(axis=(0, 1, 2)), values.var(axis=(0, 1, 2))
    print(normalise(values, *channels)[0, 14, 14, :4].round(4))
""",
    ],
)
exercise(
    "Melting the normalisation in",
    "ex-fashion-fold",
    r"""
In use, batch normalisation multiplies each channel by one number and adds another. So does a
convolution, if one changes its kernel and its bias. Put the first normalisation of the trained
network into the convolution before it, and show that the maps are the same. What is gained?
""",
)
solution(
    "ex-fashion-fold",
    r"""
With $s = \gamma / \sqrt{\sigma^2 + \varepsilon}$ the layer gives $s\,x + (\beta - s\,\mu)$. The
filters are multiplied by $s$, one number per output channel, which is the kernel's last axis. The
new bias is $s\,(b - \mu) + \beta$. The network in use then has no normalisation to compute: it is
faster, and the answers are the same. Programs that bring networks to telephones do this.
""",
    [
        """
conv_layer, norm = fast.get_layer("conv_1a"), fast.get_layer("norm_1a")
kernel, bias = conv_layer.get_weights()
gamma, beta, mean, variance = norm.get_weights()
scale = gamma / np.sqrt(variance + norm.epsilon)
melted = layers.Conv2D(32, 3, padding="same")
melted.build((None, 28, 28, 1))
melted.set_weights([kernel * scale, scale * (bias - mean) + beta])
both = explain.feature_maps(fast, x_val[:100], "norm_1a")
print(np.abs(melted(x_val[:100]).numpy() - both).max() < 1e-4)
""",
    ],
    run=True,
)
exercise(
    "The smallest loss",
    "ex-fashion-smallest",
    r"""
You train on 100 classes with a label smoothing of 0.2. What probability should the right class
get? What is the smallest loss that any network can reach? Someone stops the training "when the
loss is below 0.5". What happens?
""",
)
solution(
    "ex-fashion-smallest",
    r"""
The right class gets $0.8 + 0.2 / 100 = 0.802$, each other one 0.002. The smallest loss is the
entropy of that label, $-0.802 \ln 0.802 - 99 \cdot 0.002 \ln 0.002 \approx 1.41$. A loss below 0.5 is
impossible, so the training never stops.
""",
    [
        """
label = np.full(100, 0.2 / 100)
label[0] += 0.8
print(f"{label[0]:.3f} {label[1]:.3f} {-np.sum(label * np.log(label)):.3f}")
""",
    ],
)
exercise(
    "Many thinned networks",
    "ex-fashion-thinned",
    r"""
Dropout can be seen as training very many networks at once, each with other units missing, and
the network in use as a stand-in for their mean. Test it on the last dropout: take the 128
features of 500 validation pictures, drop 40 % of them by hand two hundred times, and compare the
mean of the two hundred probabilities with those of the network in use.
""",
)
solution(
    "ex-fashion-thinned",
    r"""
⟨Say how close they are: largest difference, share of pictures with the same answer, and which of
the two is less sure.⟩ For the *logits* the mean is exact, since the last layer is linear; the softmax
bends it. The two hundred together cost two hundred times as much, which is why one uses the
stand-in.
""",
    [
        """
*_, before, last = fast.layers
features = keras.Model(fast.inputs, before.output).predict(x_val[:500], verbose=0)
kernel, bias = last.get_weights()
thinned = [
    keras.ops.softmax(dropout(features, 0.4, True) @ kernel + bias) for _ in range(200)
]
mean_of_all = np.mean(thinned, axis=0)
one = keras.ops.convert_to_numpy(keras.ops.softmax(features @ kernel + bias))
same = np.mean(mean_of_all.argmax(axis=1) == one.argmax(axis=1))
print(f"largest difference {np.abs(mean_of_all - one).max():.3f}", end=", ")
print(f"same answer {same:.1%}")
print(f"confidence: in use {one.max(axis=1).mean():.3f}", end=", ")
print(f"mean of 200 {mean_of_all.max(axis=1).mean():.3f}")
""",
    ],
    run=True,
)
exercise(
    "Less patience",
    "ex-fashion-patience",
    r"""
Where would the patient training have stopped with a patience of 1, 2 or 3 epochs, and which
validation accuracy would it have kept? No training is needed. Why is the answer for the smaller
patience certain, and why would one for a larger patience not be?
""",
)
solution(
    "ex-fashion-patience",
    r"""
Early stopping changes nothing before it stops. So a training with less patience is the beginning
of this one, and its curve says all. For more patience one would have to go on training. ⟨Read:
what patience 1 would have cost.⟩
""",
    [
        """
shares = patient_history["val_accuracy"]
for patience in (1, 2, 3, 5):
    best_epoch = 0
    for epoch, share in enumerate(shares):
        if share > shares[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch >= patience:
            break
    kept_share = f"keeps {shares[best_epoch]:.2%} of epoch {best_epoch + 1}"
    print(f"patience {patience}: ends after epoch {epoch + 1}, {kept_share}")
""",
    ],
    run=True,
)
exercise(
    "How many bins?",
    "ex-fashion-bins",
    r"""
The ECE depends on the number of bins. Compute it for the stripped network with 1, 5, 15, 50 and
500 bins. Explain both ends. Which number would you report?
""",
)
solution(
    "ex-fashion-bins",
    r"""
With one bin it is the difference of the two means, in which gaps of opposite signs cancel. With
500 there are so few pictures in each bin that chance alone makes gaps. Between the two it hardly
changes, and there one reports it, with the number of bins.
""",
    [
        """
for bins in (1, 5, 15, 50, 500):
    error = ece_of(logits["stripped"], y_test, bins=bins, from_logits=True)
    print(f"{bins:3} bins: {error:.2%}")
""",
    ],
    run=True,
)
md(r"""
(fashion-wrong)=
## What goes wrong, and how it looks

**Used as in training.** Someone calls the network with `training=True`, or builds a dropout that
is always on. Nothing fails; the answers change from call to call, and they depend on the company.
Here are 500 validation pictures, in use, then in training mode with the classes mixed in each
batch, then in training mode with each batch from a single class.

> **Before you run it.** Which of the three is worst, and how bad?
""")
code(
    """
def in_batches(order, mode):
    right = 0
    for rows in np.split(order, 10):
        probabilities = fast(x_val[rows], training=mode).numpy()
        right += np.sum(probabilities.argmax(axis=1) == y_val[rows])
    return right / len(order)


kept_weights = fast.get_weights()  # training mode changes the moving averages
by_class = np.concatenate([np.flatnonzero(y_val == q)[:50] for q in range(10)])
mixed = rng.permutation(by_class)
print(f"in use                     {in_batches(mixed, False):.1%}")
print(f"training mode, mixed       {in_batches(mixed, True):.1%}")
print(f"training mode, one class   {in_batches(by_class, True):.1%}")
fast.set_weights(kept_weights)
""",
    run=True,
)
md(r"""
⟨Read.⟩ The normalisation takes away what a batch has in common, and in a batch of trousers that
is the trouser. Cure: `predict`, `evaluate`, or `net(x, training=False)`. The same network, asked
about pictures sorted by class, is the test that finds it.
""")
md(r"""
**One-hot or not.** The labels and the loss do not fit. Integer labels with
`CategoricalCrossentropy`, and one-hot labels with the sparse loss, stop with an error about
shapes. Label smoothing needs one-hot labels; asked of the sparse loss, it is not even an option.
""")
code("""
try:
    keras.losses.CategoricalCrossentropy()(y[:4], said[:4])
except ValueError as error:
    print("ValueError:", str(error).splitlines()[0])
try:
    keras.losses.SparseCategoricalCrossentropy(label_smoothing=0.1)
except TypeError as error:
    print("TypeError:", error)
""")
md(r"""
**One-hot labels and the wrong word.** `loss="binary_crossentropy"` takes one-hot labels without a
murmur and treats the ten classes as ten separate questions. It trains. The metric that is often
copied along with it, `binary_accuracy`, counts the share of the ten zeros and ones that are
right, so that a network that knows nothing has 90 %. Cure: be suspicious of a first epoch that is
too good, and look at the names of loss and metric.
""")
code("""
keras.utils.set_random_seed(0)
wrong = models.regularised_net()
wrong.compile("adam", loss="binary_crossentropy", metrics=["binary_accuracy"])
told = wrong.evaluate(x_val[:500], t_val[:500], verbose=0)[1]
print(f"never trained: binary accuracy {told:.1%}, really", end=" ")
print(f"{share_right(wrong, x_val[:500], y_val[:500]):.1%}")
""")
md(r"""
**The last epoch kept.** Early stopping without `restore_best_weights=True` keeps the weights of
the epoch in which it gave up, which is `patience` epochs after the best one. There is no sign of
it but an accuracy a little lower than the one that was announced. Here is what it would have
cost.
""")
code(
    """
shares = patient_history["val_accuracy"]
print(f"best epoch {max(shares):.2%}, last epoch {shares[-1]:.2%}")
""",
    run=True,
)
md(r"""
**Too many helps.** Regularisation takes strength from a network. Where it cannot even learn its
training pictures, more of it makes things worse. The sign: training accuracy, *in use*, is low,
and the validation accuracy is close to it. That is underfitting, and the cure is less
regularisation, or a larger network, or more epochs.

**A temperature from the test set.** One fits $T$ on the pictures on which one then reports the
ECE. It is one number and cannot do much harm; but the figure is no longer about new pictures, and
the habit is the one that chapter 5 warned of.

| mistake | error? | what you see |
|---|---|---|
| `training=True` in use | no | other answers at each call; worst on sorted pictures |
| averages not there yet | no | validation near chance in the first epoch, then a jump |
| integer labels with the one-hot loss | yes | an error about shapes |
| `binary_accuracy` on ten classes | no | 90 % before anything is learned |
| losses with and without L2 or smoothing compared | no | one looks worse and is not |
| `restore_best_weights` forgotten | no | a little less than the best epoch |
| dropout that forgets to divide | no | much worse in use than in training |
""")
md(r"""
## Summary

- Regularisation is what helps on new pictures and not on the training pictures.
- Batch normalisation gives each channel mean 0 and variance 1, then a learned scale and shift. In
  training it takes the mean and the variance of the batch, in use its moving averages. Of the
  network's 468,586 parameters 384 are such averages, which no gradient trains.
- The averages need hundreds of batches to arrive: 0.99 to the power of 459 is a hundredth.
- Dropout sets values to 0 and divides the others by the share that stays, in training only.
- Keras's L2 adds $\lambda \sum w^2$ to the loss. Label smoothing of 0.1 makes 0.91 the best
  probability and 0.500 the smallest loss. Losses with and without either cannot be compared.
- The patient recipe, with early stopping, reaches ⟨… % ± …⟩ on the test set in ⟨…⟩ s; a one-cycle
  rate ⟨… % ± …⟩ in ⟨…⟩ s. Stripped of batch normalisation and dropout the network reaches ⟨… % ±
  …⟩, and knows ⟨…⟩ of its training pictures.
- Shirts are found ⟨…⟩ times in ten, trousers practically always. A mean over classes hides that.
- A confidence means something if the network is calibrated. A reliability diagram shows it, the
  ECE measures it, and both have a floor that is chance. A temperature, fitted on validation
  pictures, mends much of it and changes no answer.
""")


def quiz(*questions):
    head = "## Quiz\n\nChoose an answer in your mind, then open it.\n\n"
    for number, (asked, *answers) in enumerate(questions, start=1):
        parts = [
            f"<details class=\"quiz\"><summary>{answer}</summary>\n\n{why}\n\n</details>"
            for answer, why in answers
        ]
        md((head if number == 1 else "") + f"**{number}. {asked}**\n\n" + "\n".join(parts))


quiz(
    (
        "A batch normalisation reads maps of shape (64, 14, 14, 32). How many means does it"
        "\ncompute in training?",
        ("32", "**Yes.** One per channel, over all pictures of the batch and all places."),
        (
            "6,272",
            "**No.** That would be one for each place of each channel. A filter is the same at all"
            "\nplaces, and so is its normalisation.",
        ),
        (
            "64",
            "**No.** One for each picture is another method, layer normalisation.",
        ),
    ),
    (
        "After the first epoch, of 20 batches, training accuracy is 80 % and validation accuracy"
        "\n11 %. The network has batch normalisation. What is most likely?",
        (
            "It has learned the training pictures by heart.",
            "**No.** Not in 20 batches; and overfitting does not go down to chance.",
        ),
        (
            "The validation labels are out of step with their pictures.",
            "**No**, though it would look the same in this epoch. Wait one or two more: if it is the"
            "\naverages, the validation accuracy jumps up.",
        ),
        (
            "The moving averages are still mostly those of the start.",
            "**Yes.** After 20 batches $0.99^{20}$, 82 % of the invented start, is left.",
        ),
    ),
    (
        "Throughout a training the validation accuracy lies above the training accuracy. The"
        "\nnetwork has dropout. What follows?",
        (
            "The validation pictures are easier.",
            "**No.** They are drawn from the same pictures. Nothing says that they are easier.",
        ),
        (
            "Nothing yet: the training accuracy was measured with dropout at work.",
            "**Yes.** Evaluate both in use, and then compare.",
        ),
        (
            "The network does not overfit.",
            "**No.** It may. In use it may know its training pictures far better than the curve says.",
        ),
    ),
    (
        "With a label smoothing of 0.1 your training loss settles at 0.56, without it at 0.08."
        "\nWhich network is better?",
        (
            "The one without, its loss is seven times smaller.",
            "**No.** They are two different losses. With smoothing, none can be below 0.50.",
        ),
        (
            "The one with smoothing, it is regularised.",
            "**No.** That it is regularised does not make it better.",
        ),
        (
            "The losses cannot tell; ask the validation accuracy.",
            "**Yes.** Or a cross-entropy with plain labels, the same for both.",
        ),
    ),
    (
        "You divide the logits by a temperature of 2. What changes?",
        (
            "Accuracy falls, since the network becomes less sure.",
            "**No.** The largest of ten logits stays the largest. No answer changes.",
        ),
        (
            "The confidences fall, the answers stay.",
            "**Yes.** That is why it can mend calibration and nothing else.",
        ),
        (
            "All probabilities are halved.",
            "**No.** They still add up to 1. The logits are halved, and the softmax bends that.",
        ),
    ),
    (
        "On 200 test pictures a network has an ECE of 4 %, in 15 bins. Is it badly calibrated?",
        (
            "Yes, 4 % is four points.",
            "**No.** First ask how large it would be by chance.",
        ),
        (
            "One cannot say: with so few pictures chance alone may make as much.",
            "**Yes.** Deal out labels by the network's own probabilities, compute the ECE of these, and"
            "\ncompare.",
        ),
        (
            "No, as long as its accuracy is high.",
            "**No.** Calibration and accuracy are two things. A good network can be far too sure.",
        ),
    ),
)
md(r"""
## Further reading

- {cite:t}`ioffe2015batch` is the paper about batch normalisation; {cite:t}`santurkar2018how` ask
  why it works, and answer otherwise.
- {cite:t}`srivastava2014dropout` is long and easy to read; its section 10 is about the scaling.
- {cite:t}`krogh1992simple` show in eight pages that weight decay helps, and why.
  {cite:t}`loshchilov2019decoupled` show why it is not the same as L2 with Adam.
- {cite:t}`szegedy2016rethinking`, section 7, is where label smoothing comes from;
  {cite:t}`muller2019when` look at what it does to features and to calibration.
- {cite:t}`prechelt1998early` compares rules for stopping early. {cite:t}`smith2019super` are
  about training fast with high rates.
- {cite:t}`guo2017calibration` measured that modern networks are too sure, and that one
  temperature mends most of it.
- {cite:t}`goodfellow2016deep`, chapter 7, is about regularisation as a whole.

## Now you

The assignment to this chapter is
{download}`6_fashion_mnist.ipynb <../exercises/6_fashion_mnist/6_fashion_mnist.ipynb>`. ⟨Adapt to
the finished assignment.⟩ You write batch normalisation in both modes and dropout, predict the
loss with smoothed labels, build the network to the last parameter, count a confusion matrix,
compute an ECE, train under a budget, and mend programs that mix up their two modes. Before you
hand in, `course check 6_fashion_mnist.ipynb` shows you how you did.
""")
