# %% [markdown]
# # Build momentum and Adam, and compare a training with Keras
#
# Two trainings of "the same" network give two diagnoses. Here you build the step that most networks are trained with,
# find out why two right programs part, and open the test set, once.
#
# ## What you will do
# - Give the walk a memory for its speed, one for each array of weights (exercise 8.3).
# - Write Adam in the form that Keras uses, bias correction included (exercise 8.4).
# - Say why two right programs drift apart, and what that means for a third digit (quiz).
# - Judge a network beside baselines, on the same test patients (quiz).
#
# **What you need.** [Lesson 08](08_training_by_hand.ipynb).
#
# **How long.** About 80 minutes, best in two sittings: the second begins with section 3.
#
# **What this is not.** The cells are *drawn from measurements, not photographs*. The network is judged on 86 patients,
# and may not be used on anyone.

# %% [markdown]
# ## 1. A walk with momentum
#
# A ball does not stop at each step to ask for the slope. It keeps its velocity, loses a little by friction, and the
# slope adds to it. With the velocity $v$ (same shape as $w$, at first 0) and the momentum $\beta$ (beta, say 0.9):
#
# $$v \leftarrow \beta v - \eta\, g, \qquad w \leftarrow w + v$$
#
# On a steady slope $g = 1$ with $\eta = 0.1$ the first velocity is $-0.1$, the second
# $0.9 \cdot (-0.1) - 0.1 = -0.19$. **Work out the third. Where does it end?** And what if the slope changes its sign at
# every step, as in a gorge?

# %%
import numpy as np

steady = zigzag = 0.0
for k in range(60):
    steady = 0.9 * steady - 0.1 * 1
    zigzag = 0.9 * zigzag - 0.1 * (-1) ** k
    if k in (0, 1, 2, 59):
        print(f"velocity {k + 1}: steady slope {steady:.3f}, slope +1, -1, +1, ... {zigzag:.3f}")

# %% [markdown]
# On a steady slope the velocity grows to $\frac{\eta}{1 - \beta} = 1$, ten times the single step. In the gorge pushes
# to and fro cancel, and it shrinks to about half a step. That is what a flat valley in a steep gorge needs. The price:
# a ball overshoots.
#
# ### Exercise 8.3 - momentum, with a memory for every array
#
# Now there is something to remember from step to step, so an object keeps it. The velocities cannot be made before the
# first `update`: only then are the shapes known. **Each array of weights needs a velocity of its own.**

# %%
# Exercise 8.3 - momentum, in place
import numpy as np

from course.checks import check


class Momentum:
    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.momentum = learning_rate, momentum
        self.velocities = None

    def update(self, params, grads):
        """Take one step. Changes each array of the list params in place; remembers the velocities."""
        ### BEGIN SOLUTION
        if self.velocities is None:
            self.velocities = [np.zeros_like(w) for w in params]
        for w, g, v in zip(params, grads, self.velocities, strict=True):
            v *= self.momentum
            v -= self.learning_rate * g
            w += v
        ### END SOLUTION

check("8.3", Momentum)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `[np.zeros(3)] * 2` is a list of two. How many arrays are there?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# If `self.velocities` is still None, make a list: zeros in the shape of each array. Then go through weights, gradients
# and velocities together, and write into weights *and* velocities.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `self.velocities = [np.zeros_like(w) for w in params]`, then
# `for w, g, v in zip(params, grads, self.velocities):` with `v *= ...`, `v -= ...`, `w += ...`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# A weight 0.0 with slope 1 at every step, rate 0.1, momentum 0.9: -0.1, -0.29, -0.561.
# </details>
#
# Does it help? On the core page's surface of two weights, whose lowest loss is 0.255, with the same rate and 60 steps:

# %%
from course.widgets.lesson_08 import loss, path

for name in ("SGD", "momentum"):
    print(f"{name}: loss {loss(path(name, 4.0, 60)[-1]):.3f}")

# %% [markdown]
# The ball comes most of the way along the floor. Same rate, so not yet a fair race: momentum 0.9 lengthens a steady
# step tenfold, and in the core page's experiment plain SGD with a large rate keeps up.
#
# PyTorch writes $v \leftarrow \beta v + g$ and $w \leftarrow w - \eta v$: its $v$ is ours divided by $-\eta$, and the
# walk is the same as long as the rate is not changed on the way. Others write $\beta v + (1 - \beta) g$: then, with
# 0.9,
# the same rate gives steps ten times shorter. A rate without its formula says little.

# %% [markdown]
# ## 2. Adam: each slope in units of its own size
#
# Slopes differ from weight to weight by factors of thousands, and one rate must serve all. Adam gives each *number* its
# own scale. It keeps two *running means*, of the slope $g$ and of its square. A running mean keeps nine tenths of the
# old and takes in one tenth of the new ($\beta_1 = 0.9$), for the square 999 and one thousandths ($\beta_2 = 0.999$):
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2$$
#
# and steps by $\eta$ times $m / \sqrt{s}$: the mean slope in units of its usual size. (Most texts call the second $v$;
# that letter is taken.) Two weights, first slopes 0.5 and 0.0005. By hand for the first: $m = 0.1 \cdot 0.5 = 0.05$,
# $s = 0.001 \cdot 0.25 = 0.00025$, $\sqrt{s} = 0.0158$. **Work out $m / \sqrt{s}$, and the same for the second.**

# %%
g = np.array([0.5, 0.0005])
m, s = 0.1 * g, 0.001 * g**2
print("m / sqrt(s):", (m / np.sqrt(s)).round(2))

# %% [markdown]
# The same for both, although one slope is a thousand times the other. But it is 3.16, and there is one slope only so
# far: the mean slope in units of its size should be 1. The fault: both means start at 0, so at first they are too
# small, and not equally so. $m$ holds a tenth of what it should, $s$ a thousandth. With $g = 1$ at every step $m$ is
# 0.1, 0.19, 0.271: the velocities of section 1 once more (without their sign), and $1 - 0.9^t$. So after $t$ steps with
# equal slopes the share that has arrived is $1 - \beta_1^t$, and $1 - \beta_2^t$ for $s$. Divide by it, and all is well
# from the first step. That is the *bias correction*:
#
# $$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat s = \frac{s}{1 - \beta_2^t}$$
#
# **Predict** where leaving it out does the most harm.

# %%
for t in (1, 3, 10, 100, 1000, 5000):
    print(f"step {t}: uncorrected steps are {(1 - 0.9**t) / np.sqrt(1 - 0.999**t):.1f} times too long")

# %% [markdown]
# Not at the first step: about six times too long after ten, and still too long after hundreds. A training that "needs
# a small rate at first" may be one whose correction was forgotten.
#
# How long are the corrected steps? As long as the rate, whatever the *size* of the slopes, if they keep their *sign*
# and stay about as large as they were. Slopes that shrink on the way make shorter steps, since the usual size remembers
# about a thousand of them. Where the sign changes, the mean slope shrinks and its usual size does not. **Predict** the
# step for slopes that shrink by a thousandth each time, for slopes that alternate, and for pure noise.

# %%
from course.nn import Adam


def median_step(slopes):
    """Return Adam's median step, in units of the rate, after the first 1,000."""
    w, walk, optimizer = np.zeros(1), [], Adam(1.0)
    for g in slopes:
        optimizer.update([w], [np.array([g])])
        walk.append(w[0])
    return np.median(np.abs(np.diff(walk[1000:])))

# %% [markdown]
# Four kinds of slopes, 3,000 steps each:

# %%
noise = np.random.default_rng(0).normal(size=3000)
for name, slopes in [("always +1", np.ones(3000)), ("shrinking", 0.999 ** np.arange(3000)),
                     ("+1, -1, ...", (-1.0) ** np.arange(3000)), ("noise", noise)]:
    print(f"{name:11}: median step {median_step(slopes):.2f} times the rate")

# %% [markdown]
# So in a gorge Adam brakes by itself.
#
# **Where epsilon stands.** A small $\varepsilon$ (epsilon) keeps the division from blowing up where all slopes are 0.
# There are two places for it:
#
# $$\text{paper's algorithm, PyTorch:} \quad \frac{\eta\, \hat m}{\sqrt{\hat s} + \varepsilon} \qquad\qquad
# \text{Keras, this course:} \quad \frac{\alpha_t\, m}{\sqrt{s} + \varepsilon}, \quad
# \alpha_t = \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}$$
#
# Without $\varepsilon$ the two are equal. With it, Keras adds $\varepsilon$ to a root that is still too small, so at
# step $t$ it weighs $1 / \sqrt{1 - \beta_2^t}$ times as much. **When** does that matter most, and for which slopes?
# (First steps in units of the rate, both with $\varepsilon = 10^{-7}$.)

# %%
print("epsilon weighs", *[f"{1 / np.sqrt(1 - 0.999**t):.1f} times at step {t};" for t in (1, 10, 100, 1000, 5000)])
for g in (0.5, 1e-4, 1e-6, 1e-7):
    w = np.zeros(1)
    Adam(1.0).update([w], [np.array([g])])
    print(f"slope {g}: paper, PyTorch {g / (g + 1e-7):.3f}, Keras's form {-w[0]:.3f}")

# %% [markdown]
# At the beginning, and for tiny slopes, such as those of a nearly dead unit; then the two forms come together, and
# what is left is that Keras's $\varepsilon$ is $10^{-7}$ and PyTorch's $10^{-8}$.
#
# ### Exercise 8.4 - one step of Adam, as Keras takes it
#
# For one array, and this time returning the new arrays. $t$ is 1 at the first step.

# %%
# Exercise 8.4 - Adam with epsilon outside the correction
import numpy as np

from course.checks import check


def adam_step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Return the new weights, mean and mean square (w, m, s), in the shape of w, after step t = 1, 2, ..."""
    ### BEGIN SOLUTION
    m = beta_1 * m + (1 - beta_1) * g
    s = beta_2 * s + (1 - beta_2) * g**2
    alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - alpha * m / (np.sqrt(s) + epsilon), m, s
    ### END SOLUTION

check("8.4", adam_step)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which slope must already be inside $m$ and $s$ when the weight moves: the last one or this one?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Four lines: the new mean, the new mean square, $\alpha_t$, the step. The correction stands in $\alpha_t$ alone; $m$
# and $s$ are returned uncorrected.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `alpha = rate * np.sqrt(1 - beta_2**t) / (1 - ...)` and `return w - alpha * m / (... + epsilon), m, s`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# A weight 1.0 with slope 0.5, m = s = 0, t = 1, rate 0.1: about 0.9, 0.05 and 0.00025.
# </details>

# %% [markdown]
# ## 3. The same as Keras?
#
# First the core page's network and pictures once more.

# %%
from course.data.cytology import load, split_of_patients

pictures, labels, _ = load(size=64)
split = split_of_patients()
x, y = (pictures / 127.5 - 1).astype(np.float32), labels[:, None].astype(np.float32)
x_train, y_train = x[split == "train"], y[split == "train"]

# %% [markdown]
# The layers, from `course.nn`:

# %%
from course.nn import SGD, BinaryCrossentropy, Conv2D, Dense, Flatten, MaxPooling2D, Sequential


def small_network(seed=0):
    return Sequential([
        Conv2D(8, 3, activation="relu"), MaxPooling2D(2),
        Conv2D(16, 3, activation="relu"), MaxPooling2D(2),
        Conv2D(32, 3, activation="relu"), MaxPooling2D(2),
        Flatten(), Dense(32, activation="relu"), Dense(1, activation="sigmoid"),
    ], seed=seed)

# %% [markdown]
# The same layers in Keras. It computes in `float32` unless told otherwise; we want to tell apart *the same up to
# rounding* from *nearly the same*, so both use `float64`.

# %%
from course.quiet_tensorflow import keras, tf


def small_network_in_keras():
    keras.config.set_floatx("float64")  # all numbers of Keras in this type: first the arrays, then the layers
    keras.config.set_dtype_policy("float64")
    keras.utils.set_random_seed(0)
    layers = [keras.Input((64, 64, 3))]
    for filters in (8, 16, 32):
        layers += [keras.layers.Conv2D(filters, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    return keras.Sequential([*layers, keras.layers.Flatten(), keras.layers.Dense(32, activation="relu"),
                             keras.layers.Dense(1, activation="sigmoid")])

# %% [markdown]
# One step of Keras: TensorFlow records the loss on a *tape*, plays it back for the gradients, and the optimiser moves
# the weights. (`train_on_batch` does the same in one call.)

# %%
def keras_step(model, optimizer, x, y):
    """Take one step in Keras; return the loss before it."""
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy()(y, model(x, training=True))
    optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    return float(loss)

# %% [markdown]
# Twenty steps from the same weights on the same batches, each program on its own.

# %%
def largest_gap(ours, theirs, steps=20):
    """Return the largest difference between the losses of our network and Keras's."""
    network, model, losses = small_network(), small_network_in_keras(), []
    network.build(x_train.shape, "float64")
    network.compile(ours, BinaryCrossentropy())
    model.set_weights(network.get_weights())
    for k in range(steps):
        rows = slice(32 * (k % 4), 32 * (k % 4) + 32)
        batch = x_train[rows].astype(float), y_train[rows].astype(float)
        losses.append((network.train_on_batch(*batch), keras_step(model, theirs, *batch)))
    return np.abs(np.diff(losses, axis=1)).max()

# %% [markdown]
# A fault of one weight in one step would show in all later losses. First SGD. **Predict** how many digits agree.

# %%
keras.config.set_floatx("float64")  # an optimiser of Keras takes its number type when it is made
print("SGD: all twenty losses within 1e-10:", largest_gap(SGD(0.05), keras.optimizers.SGD(0.05)) <= 1e-10)

# %% [markdown]
# Now Adam, the form that you wrote. **Predict again.**

# %%
gap = largest_gap(Adam(0.001), keras.optimizers.Adam(0.001))
print("Adam: within 1e-10:", gap <= 1e-10, "  apart by more than 1e-4:", gap > 1e-4)

# %% [markdown]
# The formula is the same and the losses are not. Rounding of sums? That would be the size of the last digit, as it
# was for SGD. Look at the numbers that go *into* the formula. For the correction $1 - \beta_2^t$ Keras takes a
# $\beta_2$ that it has rounded to `float32`, even here. What is 0.999 then, and what becomes of $1 - \beta_2$?

# %%
class KerasAdam(Adam):
    def update(self, params, grads):
        t, (b1, b2) = self.iterations + 1, np.float32([0.9, 0.999]).astype(float)
        keras_s, exact = np.sqrt(1 - b2**t) / (1 - b1**t), np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        self.learning_rate = 0.001 * keras_s / exact
        super().update(params, grads)

# %% [markdown]
# The same twenty steps:

# %%
print("1 - beta_2:", f"{1 - 0.999:.11f} or, rounded, {1 - float(np.float32(0.999)):.11f}")
gap = largest_gap(KerasAdam(0.001), keras.optimizers.Adam(0.001))
print("Adam, its correction rounded as Keras rounds it: within 1e-10:", gap <= 1e-10)

# %% [markdown]
# A difference in the eighth digit of one constant, systematic and no noise, parts the weights by so little at first
# that nobody would see it. Then the next slopes are taken at slightly different weights, a ReLU or a maximum falls to
# the other side, and the gap grows. In `float32`, as networks are really trained, sums that are added up in another
# order do the same, between two libraries, two processors or two numbers of threads. After hundreds of steps they are
# two different networks ([lesson 13](13_keras_same_network.ipynb) follows how). **A single training is one draw from
# a lottery**; do not build a diagnosis on the third digit.
#
# What the exercises asked for is what the library does. Keras goes back to its usual precision:

# %%
keras.config.set_floatx("float32")
keras.config.set_dtype_policy("float32")

# %% [markdown]
# ## 4. Show each patient from eight sides
#
# The core page's network learnt its patients by heart. What would help? More patients. There are none; but a field of
# cells has no top and no bottom. Turned by a quarter, or seen in a mirror, it is as good a picture of the same
# patient. (Not every picture allows it. An ultrasound turned upside down is no ultrasound, and enlarging would change
# the very size that matters.) So turn each batch before the step:

# %%
def turned(batch, rng):
    """Return pictures (n, h, w, c) in one of eight views, all alike: mirrored or not, by 0 to 3 quarter turns."""
    if rng.random() < 0.5:
        batch = batch[:, ::-1]
    return np.rot90(batch, rng.integers(4), axes=(1, 2))

# %% [markdown]
# The loop of exercise 8.2, with that `view`. The weights of the best epoch on validation are put back at the end.

# %%
from course.progress import progress


def train_network(network, epochs, view, batch_size=32, seed=0):
    """Train; leave the weights of least validation loss. Return a list of dicts, one an epoch."""
    rng, history, best = np.random.default_rng(seed), [], np.inf
    for epoch in progress(range(1, epochs + 1), "training"):
        order, total = rng.permutation(len(x_train)), 0.0
        for start in range(0, len(order), batch_size):
            rows = order[start:start + batch_size]
            total += network.train_on_batch(view(x_train[rows], rng), y_train[rows]) * len(rows)
        now = network.evaluate(x[split == "validation"], y[split == "validation"])
        history.append({"epoch": epoch, "loss": total / len(order), "val_loss": now.loss, "val_accuracy": now.accuracy})
        if now.loss < best:
            best, weights = now.loss, network.get_weights()
    network.set_weights(weights)
    return history

# %% [markdown]
# Thirty epochs:

# %% tags=["nbval-ignore-output"]
network = small_network()
network.compile(Adam(0.001), BinaryCrossentropy())
history = train_network(network, 30, turned)
assert history[-1]["loss"] > 0.2
print("the training patients are not known by heart: loss above 0.2")

# %% [markdown]
# One training proves little. The course's long run (`course reproduce 08`) did both from six seeds, without turning
# for twenty epochs and with. To be fair, the best validation loss of the first twenty epochs of each:

# %%
from course.reproduce import result

six = result(8)["runs"]
for run in six:
    print(f"seed {run['seed']}: as they are {min(run['plain']):.2f}, turned {min(run['turned'][:20]):.2f}")

# %% [markdown]
# With every seed the turned pictures come lower, though not always by much.
#
# ## 5. Was it worth it?
#
# Now the test set, once. Which methods, beside the network? *Majority*: everybody is benign. *Mean brightness* of the
# picture. *Total nuclear area*: one number, and a program that finds nuclei behind it. And ten measured features of
# the nuclei, given to a *support vector machine* (SVM), which draws a border between two classes of measured numbers
# ([lesson 09](09_support_vector_machine.ipynb)). **Predict the order**, and write it down.

# %%
from course.data.cytology import pixel_size
from course.imaging.measurement import FEATURES, measure
from course.imaging.segmentation import segment_nuclei


def measured(picture):
    """Return ten mean features of the nuclei found in a picture, and their total area: 11 numbers."""
    nuclei = segment_nuclei(picture)
    features = measure(picture, nuclei, pixel_size(64))
    return [features[f"mean {name}"] for name in FEATURES] + [np.sum(nuclei > 0) * pixel_size(64) ** 2]

numbers = np.array([measured(picture) for picture in progress(pictures, "measuring")])

# %% [markdown]
# The methods learn from the training patients and give each test patient a score, above 0 for malignant. (`C` and
# `gamma`, the SVM's settings, are not tuned here. They come from earlier work on *all* patients of this table, the test
# patients included: so the SVM's numbers may be a little too good.)

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def scores_of(model, columns):
    """Fit on the training patients; return the scores of all patients, (569,)."""
    model = make_pipeline(StandardScaler(), model)
    return model.fit(columns[split == "train"], labels[split == "train"]).decision_function(columns)

# %% [markdown]
# The network's score is its probability minus a half:

# %%
all_scores = {
    "mean brightness": scores_of(LogisticRegression(), pictures.mean(axis=(1, 2, 3))[:, None]),
    "total nuclear area": scores_of(LogisticRegression(), numbers[:, 10:]),
    "SVM, ten features": scores_of(SVC(C=10, gamma=0.01), numbers[:, :10]),
    "our network": network.predict(x)[:, 0].astype(float) - 0.5,
}

# %% [markdown]
# One threshold, 0, for sensitivity, specificity and share of right answers; the AUC needs none. *From* and *to* are
# the AUC's 95 % confidence interval: a recipe that catches the true value in about 95 of 100 samples of patients
# (DeLong's variance, on a logit scale so that no end leaves 0 to 1).

# %% tags=["nbval-ignore-output"]
import pandas as pd

from course.evaluation.intervals import delong

test = split == "test"
truth, lines = labels[test], [("majority", 0.5, np.nan, np.nan, 0.0, 1.0, np.mean(labels[test] == 0))]
for name, scores in all_scores.items():
    yes = scores[test] > 0
    lines.append((name, *delong(truth, scores[test]), yes[truth == 1].mean(), 1 - yes[truth == 0].mean(),
                  np.mean(yes == truth)))
columns = ["method", "AUC", "from", "to", "sensitivity", "specificity", "right"]
pd.DataFrame(lines, columns=columns).set_index("method").round(2)

# %% [markdown]
# Intervals that overlap do not decide who is better, since all judged the *same* patients: hard patients are hard for
# all. Compare patient by patient:

# %% tags=["nbval-ignore-output"]
from course.evaluation.intervals import delong_difference

for name in list(all_scores)[:3]:
    gap, _ = delong_difference(truth, all_scores["our network"][test], all_scores[name][test])
    print(f"network minus {name}: AUC {gap.estimate:+.2f} ({gap.low:+.2f} to {gap.high:+.2f})")

# %% [markdown]
# An interval of the difference that leaves out 0 says: more than the luck of drawing these 86 patients. One that
# holds 0 says: they cannot tell; it does not say that the two are equal. (Three comparisons have three chances of a
# lucky one.) And each interval belongs to *this* trained network. It knows the luck of drawing patients, not the luck
# of training. The same training from six seeds:

# %%
print("test AUC, seeds 0 to 5:", *(f"{run['auc']:.2f}" for run in six))

# %% [markdown]
# So 42,961 weights, trained on turned pictures, are not shown to be better than *one number*, the summed area of the
# nuclei. Large nuclei *are* the sign here, the drawn cells hold nothing but what the table measured, and 398 pictures
# are few to find it out from. [Lesson 14](14_breast_cancer_cnn.ipynb) goes on from here, with larger pictures, all
# patients in turn, and a better network.

# %% [markdown]
# ## Traps
#
# - **One memory for all arrays.** *Symptom*: an error if shapes differ, and without error a poor training if they do
#   not. *Cure*: a list of zeros, a new array for each; `[zeros] * n` is one array n times.
# - **Adam without bias correction.** *Symptom*: the first dozens of steps are several times too long. *Cure*: divide
#   by
#   what has arrived, $1 - \beta^t$, with $t$ starting at 1 and counted once a step, not once an array.
# - **Epsilon elsewhere.** *Symptom*: two libraries part in the first steps where slopes are tiny. *Cure*: read the
#   formula, not the name.
# - **A constant rounded.** *Symptom*: two right programs agree to six digits, then to two. *Cure*: compare the numbers
#   that go in, and the weights after one step, before blaming noise.
# - **Chosen on the test set.** *Symptom*: the result does not repeat on new patients. *Cure*: epochs and settings by
#   validation; test once.

# %% [markdown]
# ## Recap
#
# Momentum remembers its speed, and Adam measures each slope in units of its own size, corrected for having started at
# 0; each array needs its own memory, and Keras puts epsilon outside the correction. With the same constants our
# losses are Keras's to the last digits; with a constant that differs in the eighth they part. Turned pictures help
# against learning by heart. On the same test patients the network is not shown to be better than the summed area of
# the nuclei.

# %% [markdown]
# ## Quiz
#
# **1. Momentum.** The slope is 2 at every step, the rate 0.01, the momentum 0.9. How long do the steps become?
#
# - (a) 0.02
# - (b) 0.2
# - (c) longer and longer without end
#
# <details><summary>Answer</summary>
#
# (b): $0.01 \cdot 2 / (1 - 0.9)$. (a) is the first step. (c) would need a momentum of 1, without friction.
# </details>
#
# **2. Adam.** All slopes of a network are multiplied by 1,000, because somebody sums the loss over 1,000 patients.
# What happens to Adam's steps?
#
# - (a) They grow a thousandfold.
# - (b) Next to nothing.
# - (c) They shrink.
#
# <details><summary>Answer</summary>
#
# (b): $m$ and $\sqrt{s}$ grow alike, and only epsilon notices. (a) is what SGD would do. (c) mistakes the square for
# its root.
# </details>
#
# **3. Drift.** Two right programs train from the same weights in `float32`. After 1,000 steps their losses differ in
# the second digit. What follows?
#
# - (a) One has a mistake.
# - (b) Little: compare single steps from equal weights, and the weights after them.
# - (c) Both are useless.
#
# <details><summary>Answer</summary>
#
# (b). Tiny differences grow; a mistake shows in the first step already, if the *weights* are compared. (a) may be, but
# this is no proof. (c): both may be equally good on new patients.
# </details>

# %% [markdown]
# ## Sources
#
# - B. T. Polyak. Some methods of speeding up the convergence of iteration methods. *USSR Computational Mathematics and
#   Mathematical Physics* 4(5), pages 1 to 17, 1964.
#   [doi 10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553(64)90137-5). The heavy ball.
# - D. P. Kingma, J. Ba. Adam: a method for stochastic optimization. *ICLR*, 2015.
#   [arXiv 1412.6980](https://arxiv.org/abs/1412.6980). Algorithm 1 adds epsilon to the corrected root; the end of
#   section 2 has the other form, which Keras uses.
# - E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson. Comparing the areas under two or more correlated receiver
#   operating characteristic curves. *Biometrics* 44(3), pages 837 to 845, 1988. [doi
#   10.2307/2531595](https://doi.org/10.2307/2531595). Patient by patient.

# %% [markdown]
# ## Next
#
# [Lesson 09](09_support_vector_machine.ipynb) draws a border between two classes without any network. [Lesson 13, the
# same network in Keras](13_keras_same_network.ipynb), takes the network of this page to Keras and asks where the time
# goes.
