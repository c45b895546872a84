# %% [markdown]
# # Give Keras your weights, and let it check your work
#
# Nobody should believe a network for patients that only its author has computed. Here an independent library computes
# the same network from the same weights, and you measure how far the two are apart.
#
# ## What you will do
# - Carry weights into Keras, and compare answers, with a test that tells rounding from mistakes (exercise 13.1).
# - Compare every slope and a few steps of training with those of Keras (quiz).
# - Say a network in Keras as a list and as a plan, and train it (quiz).
#
# **What you need.** [Lesson 06](06_forward_pass.ipynb), [lesson 07](07_backpropagation_layers.ipynb), and
# [lesson 08](08_training_by_hand.ipynb) for Adam and batches.
#
# **How long.** About 55 minutes.
#
# **What this is not.** Agreement shows that two programs compute the same, not that the network is any good for a
# patient. The cells are *drawn from measurements, not photographs*.

# %% [markdown]
# ## 1. Build the same network twice
#
# The pictures of [lesson 08](08_training_by_hand.ipynb): cells at 64 x 64, numbers from -1 to 1, malignant = 1.

# %%
import numpy as np

from course.data import cytology

pictures, labels, _ = cytology.load(size=64, split="train")
x = (pictures / 127.5 - 1).astype(np.float32)
y = labels[:, None].astype(np.float32)
print(x.shape, y.shape, "malignant:", f"{y.mean():.0%}")

# %% [markdown]
# And its network: three blocks of convolution and max pooling, then two dense layers.

# %%
from course import nn


def in_numpy(dtype="float32"):
    network = nn.Sequential([
        nn.Conv2D(8, 3, activation="relu"), nn.MaxPooling2D(2),
        nn.Conv2D(16, 3, activation="relu"), nn.MaxPooling2D(2),
        nn.Conv2D(32, 3, activation="relu"), nn.MaxPooling2D(2),
        nn.Flatten(), nn.Dense(32, activation="relu"), nn.Dense(1, activation="sigmoid")], seed=0)
    network.build((None, 64, 64, 3), dtype)
    return network

ours = in_numpy()

# %% [markdown]
# Now Keras. `keras.Sequential` takes a list of layers too, and the course's layers have Keras's names and arguments on
# purpose. What is new: an `Input` with the shape of *one* picture, and here a name for some layers.

# %%
from course.quiet_tensorflow import keras, tf


def in_keras(dtype="float32"):
    conv = {"kernel_size": 3, "activation": "relu", "dtype": dtype}  # **conv hands these over as arguments
    layers = keras.layers
    return keras.Sequential([
        keras.Input((64, 64, 3), dtype=dtype),
        layers.Conv2D(8, name="conv_a", **conv), layers.MaxPooling2D(2, name="pool_a", dtype=dtype),
        layers.Conv2D(16, name="conv_b", **conv), layers.MaxPooling2D(2, name="pool_b", dtype=dtype),
        layers.Conv2D(32, name="conv_c", **conv), layers.MaxPooling2D(2, name="pool_c", dtype=dtype),
        layers.Flatten(name="flatten", dtype=dtype),
        layers.Dense(32, activation="relu", name="hidden", dtype=dtype),
        layers.Dense(1, activation="sigmoid", name="last", dtype=dtype)])

# %% [markdown]
# (`dtype` is the number type: `float32` as usual, `float64` when we want more digits.) **Predict:** the layers are the
# same; are the answers?

# %%
keras.utils.set_random_seed(13)
theirs = in_keras()
apart = np.abs(ours.predict(x[:32]) - theirs.predict(x[:32], verbose=0)).max()
print("weights:", sum(w.size for w in ours.get_weights()), "and", theirs.count_params())
print("largest difference of 32 answers is above 0.01:", apart > 0.01)

# %% [markdown]
# The same *shape* of network, but each drew random weights of its own. `get_weights` lists the arrays, layer by
# layer, the kernel before its bias:

# %%
for array, same in zip(ours.get_weights(), theirs.get_weights(), strict=True):
    print(array.shape, same.shape)

# %% [markdown]
# ### Exercise 13.1 - carry the weights across
#
# `network` is of `course.nn`, `model` is of Keras. Afterwards the model must give the network's answers. A model that
# does not fit must be refused with a `ValueError`, and where a layer has another shape the error must name that layer
# of the model (its `name`): a bare "does not fit" helps nobody. Both have a list `layers`. A `course.nn` layer has its
# weights in the list `params`, a Keras layer in `get_weights` and `set_weights`; either list may be empty or lack a
# bias.

# %%
# Exercise 13.1 - copy the weights of a network into a Keras model
from course.checks import check


def copy_weights(network, model):
    """Put all weights of `network` into `model`. Raise ValueError, with the layer's name, if they do not fit."""
    ### BEGIN SOLUTION
    for source, target in zip(network.layers, model.layers, strict=True):
        target.set_weights(source.params)
    ### END SOLUTION

check("13.1", copy_weights)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Look at the two columns printed above. What would have to be done to the arrays on the left?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Order and shapes are the same, so go layer by layer. `set_weights` of a Keras *layer* refuses arrays of another shape,
# and its error names the layer; that of a whole model names only the model. `zip` stops at the shorter list without a
# word, unless you ask for `strict=True`.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for source, target in zip(..., strict=True):` and one line with `set_weights`.
# </details>
#
# With the weights carried across (here all at once, since we know that they fit), compare the answers. The cell prints
# what *this* computer finds, and stops with an error if the two are further apart than $10^{-5}$.

# %% tags=["nbval-ignore-output"]
theirs.set_weights(ours.get_weights())
apart = np.abs(ours.predict(x) - theirs.predict(x, verbose=0)).max()
print(f"largest difference of {len(x)} answers: {apart:.1e}")
assert apart <= 1e-5

# %% [markdown]
# Close, and perhaps not 0. A small mistake, or rounding? A `float32` has 24 binary digits, about seven decimal ones,
# and every sum is rounded. So a sum depends on its *order*. By hand, with $10^8$, 1 and $-10^8$: $10^8 + 1$ needs
# nine digits, the 1 falls off, and 0 is left. **Predict** the other order.

# %%
large, one = np.float32(1e8), np.float32(1)
print("(large + one) - large =", (large + one) - large)
print("(large - large) + one =", (large - large) + one)
print("next number after 1 is 1 +", np.spacing(one))

# %% [markdown]
# Each answer here is made of some millions of products, added up in an order that each library chooses for speed.
# Expect differences of some $10^{-7}$.
#
# **A test that tells the two apart.** Compute in `float64`, 53 binary digits instead of 24. Rounding must shrink by
# about $2^{29}$, five hundred million. A mistake stays as large as it was. **Predict** the three lines that follow: the
# right copy, a copy with rows and columns of the kernels exchanged, and a copy *without the biases*.

# %% tags=["nbval-ignore-output"]
def difference(change, dtype, weights, pictures=x[:64]):
    """Largest difference of the answers when Keras gets `change(weight)` in place of each weight."""
    network, model = in_numpy(dtype), in_keras(dtype)
    network.set_weights(weights)
    model.set_weights([change(weight) for weight in weights])
    pictures = pictures.astype(dtype)
    return np.abs(network.predict(pictures) - model(tf.constant(pictures))).max()

changes = {"right": lambda w: w, "turned": lambda w: w.swapaxes(0, 1) if w.ndim == 4 else w,
           "no biases": lambda w: w if w.ndim > 1 else 0 * w}
for name, change in changes.items():
    print(f"{name:10}", *(f"{dtype} {difference(change, dtype, ours.get_weights()):8.1e}  " for dtype in
                          ("float32", "float64")))

# %% [markdown]
# (Why `model(...)` and not `model.predict(...)`? Keras's `predict` turns pictures into `float32` first, whatever the
# model's number type, and the test would be spoilt.) The first shrinks to nothing: rounding. The second stays: a
# mistake, and one that raised no error, since a turned 3 x 3 kernel is a 3 x 3 kernel. And the third, with no biases
# at all, is as good as the first! Why?
#
# Nobody has trained this network. Fresh biases are all 0, so forgetting them changes nothing. **A test on a fresh
# network cannot see a lost bias.** After one epoch:

# %%
ours.compile(nn.Adam(0.001), nn.BinaryCrossentropy())
_ = ours.fit(x, y, epochs=1, verbose=0)
trained = ours.get_weights()
right, no_biases = (difference(changes[name], "float64", trained) for name in ("right", "no biases"))
print("right copy below 1e-12:", right < 1e-12, "  without biases above 1e-5:", no_biases > 1e-5)

# %% [markdown]
# Now it shows. Test a copy on weights that are all different from 0, from 1 and from each other.

# %% [markdown]
# ## 2. Compare every slope
#
# Equal answers do not prove equal learning: that runs on gradients, which
# [lesson 07](07_backpropagation_layers.ipynb) derived by hand. In Keras nobody derives anything. A *gradient tape*
# writes down every operation while the answer is computed, and walks back through the notes with the chain rule
# (*automatic differentiation*).

# %%
def slopes_by_hand(network, x, y):
    """Gradients of the mean cross-entropy by every weight, from the backward pass of course.nn."""
    loss = nn.BinaryCrossentropy()
    network.backward(loss.gradient(y, network.forward(x, training=True)))
    return network.grads

# %% [markdown]
# The tape's version. Notice what it does not contain: any formula of [lesson 07](07_backpropagation_layers.ipynb).

# %%
def slopes_by_tape(model, x, y):
    """(loss, gradients of it by every weight), from TensorFlow's tape."""
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy(dtype=x.dtype.name)(y, model(tf.constant(x), training=True))
    return float(loss), tape.gradient(loss, model.trainable_weights)

# %% [markdown]
# (The loss gets a `dtype` too: Keras's usual one is `float32`.)
#
# For each of the ten arrays: the largest difference, as a share of the array's largest slope. **Predict** which will be
# larger, this or the difference of the answers.

# %% tags=["nbval-ignore-output"]
theirs.set_weights(trained)
_, taped = slopes_by_tape(theirs, x[:32], y[:32])
for a, b in zip(slopes_by_hand(ours, x[:32], y[:32]), taped, strict=True):
    apart = np.abs(a - b).max() / np.abs(b).max()
    print(f"{a.shape!s:16} {apart:.1e}")
    assert apart <= 1e-4

# %% [markdown]
# Most are larger: a slope is a sum over 32 pictures and, in a convolution, over every place of the map. Here each of
# 42,961 slopes has been compared.
#
# And training? Same weights at the start, same batches, five steps of gradient descent, in `float64`. **Predict:** to
# how many digits are the losses the same?

# %%
network, model = in_numpy("float64"), in_keras("float64")
model.set_weights(network.get_weights())
network.compile(nn.SGD(learning_rate=1 / 16), nn.BinaryCrossentropy())
their_optimizer, apart = keras.optimizers.SGD(learning_rate=1 / 16), []
for start in range(0, 160, 32):
    batch = x[start:start + 32].astype("float64"), y[start:start + 32].astype("float64")
    loss, slopes = slopes_by_tape(model, *batch)
    their_optimizer.apply(slopes, model.trainable_weights)
    apart.append(abs(network.train_on_batch(*batch) - loss))
print("five losses within 1e-10:", max(apart) <= 1e-10)

# %% [markdown]
# After many steps, and in `float32`, it is not so: a step from slightly different weights meets slightly different
# slopes, and a ReLU near its switching point falls to the other side in one of the two. After enough epochs two right
# programs can disagree in the second digit. To test *code*, compare few steps in `float64`. To compare *networks*,
# train several: [lesson 14](14_breast_cancer_cnn.ipynb) uses five starts for that reason.
#
# ## 3. Say it as a plan
#
# `Sequential` is a list, one layer behind the other. Networks with two inputs, branches or several outputs need more.
# The *functional* way: a layer is called like a function on a symbolic tensor, which stands for pictures to come.

# %%
def block(tensor, filters):
    tensor = keras.layers.Conv2D(filters, 3, activation="relu")(tensor)
    return keras.layers.MaxPooling2D(2)(tensor)

picture = keras.Input((64, 64, 3))
second = block(block(picture, 8), 16)
hidden = keras.layers.Dense(32, activation="relu")(keras.layers.Flatten()(block(second, 32)))
answer = keras.layers.Dense(1, activation="sigmoid")(hidden)
functional = keras.Model(picture, answer)

# %% [markdown]
# What is gained: any tensor on the way can be an output. Here the maps after the second block, for the first picture,
# beside those of `course.nn`. (`inside` *shares* its layers with `functional`: no weights are copied.)

# %%
functional.set_weights(trained)
inside = keras.Model(picture, second)
maps = x[:1]
for layer in ours.layers[:4]:
    maps = layer.forward(maps)
their_maps = inside(x[:1]).numpy()
print(maps.shape, their_maps.shape, "within 1e-5:", np.abs(maps - their_maps).max() <= 1e-5)

# %% [markdown]
# **Predict** how far the answers of the list and of the plan are apart, given the same weights.

# %%
two = [model(x[:64]).numpy() for model in (theirs, functional)]
print("largest difference within 1e-6:", np.abs(two[0] - two[1]).max() <= 1e-6)

# %% [markdown]
# Two spellings, one network. (A third is a class with a method `call`; most PyTorch code looks like that, with
# `forward`.) The repaired network of [lesson 14](14_breast_cancer_cnn.ipynb) is functional, because it branches.
#
# ## 4. Train in one line, and watch it
#
# `compile` names the optimiser, the loss and what to print; `fit` goes through the epochs, shuffles, and judges the
# validation pictures after each. The *callback* `keras.callbacks.TensorBoard` writes what happens into *event files*:
# losses, and here after every epoch a histogram of every weight.

# %%
from pathlib import Path

runs = Path.cwd().parent / "runs" / f"lesson_13_{Path.cwd().name}"
held, held_labels, _ = cytology.load(size=64, split="validation")
validation = (held / 127.5 - 1).astype(np.float32), held_labels[:, None].astype(np.float32)

# %% [markdown]
# The files go into the folder `runs/` of the course.

# %%
import shutil

shutil.rmtree(runs / "board", ignore_errors=True)
keras.utils.set_random_seed(13)
pupil = in_keras()
pupil.compile(keras.optimizers.Adam(0.001), "binary_crossentropy", metrics=["accuracy"])
board = keras.callbacks.TensorBoard(runs / "board", histogram_freq=1)
history = pupil.fit(x, y, epochs=6, batch_size=32, validation_data=validation, callbacks=[board], verbose=0)
print("loss fell:", history.history["loss"][-1] < history.history["loss"][0])

# %% [markdown]
# TensorBoard is a small web server. `serve` starts it inside this notebook's process, for this computer alone; it
# ends with the kernel. Click on the address that the cell prints.

# %% tags=["nbval-ignore-output", "not-stored"]
from course.board import serve

print("TensorBoard is at", serve(runs / "board"))

# %% [markdown]
# **What to see there.** Under *Scalars*, `epoch_loss` with a line for `train` and one for `validation`: validation
# that has stopped falling while training goes on falling is the sign of overfitting. Under *Histograms*, one slice an
# epoch; one that explodes means a learning rate too large.
#
# Programs can read the files, too:

# %%
from course.board import histogram_names, histograms, scalars
from course.widgets.lesson_13 import board_figure

written = scalars(runs / "board")
kernel = next(name for name in histogram_names(runs / "board") if "conv_a" in name and "kernel" in name)
board_figure(written, histograms(runs / "board", kernel), "weights of conv_a's kernels")

# %% [markdown]
# *Figure: drawn from the event files. Left: the loss against the epoch, 0 to 5, a solid line for training and a dashed
# one with dots for validation; both fall. Right: six histograms of the 216 kernel weights of the first layer, one above
# the other, epoch 0 at the bottom; each is broad and uneven, from about -0.25 to 0.25, and they change little.*
#
# A slice that hardly changes does not mean a layer that does not learn. How far did the weights move, in their own
# standard deviations, and how much did their spread change?

# %%
keras.utils.set_random_seed(13)
before, after = in_keras().get_weights()[0], pupil.get_weights()[0]  # the kernels of conv_a, fresh and trained
print("spread changed by less than 5 %:", abs(after.std() / before.std() - 1) < 0.05)
print("typical move above 5 % of the spread:", (after - before).std() > 0.05 * before.std())

# %% [markdown]
# The weights trade places, and a histogram cannot see that.

# %% [markdown]
# ## Traps
#
# - **The kernel turned or the table transposed.** *Symptom*: right shapes, no error, wrong answers. *Cure*: compare
#   answers in `float64`; what does not shrink is no rounding.
# - **The lost bias.** *Symptom*: the copy agrees in a fresh network and fails in a trained one. *Cure*: test with
#   random weights *and* random biases.
# - **`zip` stops early.** *Symptom*: the last layer keeps its random weights, without a word. *Cure*: `strict=True`.
# - **Two long runs compared.** *Symptom*: the same code, another curve. *Cure*: few steps in `float64`, or several
#   runs.

# %% [markdown]
# ## Recap
#
# With the same weights `course.nn` and Keras give the same answers, the same slopes and the same first steps, up to
# rounding, and `float64` tells rounding from mistakes. A list and a plan are two spellings of one network. `fit`
# trains it, and event files keep what happened on the way.

# %% [markdown]
# ## Quiz
#
# **1. Rounding.** Two programs differ by 3e-4 in `float32` and by 3e-4 in `float64`. It is
#
# - (a) rounding
# - (b) a mistake in one of them
# - (c) unavoidable
#
# <details><summary>Answer</summary>
#
# (b). Rounding would have shrunk to a five-hundred-millionth. (a) and (c) are what one tells oneself.
# </details>
#
# **2. Training.** After 60 epochs in `float32` the two losses differ in the second digit. You conclude that
#
# - (a) one optimiser is wrong
# - (b) nothing: compare a few steps in `float64` first
# - (c) Keras is better
#
# <details><summary>Answer</summary>
#
# (b). Small differences grow while weights move. (a) may be true, and this does not show it. (c): a lower loss of one
# run is luck as much as merit.
# </details>
#
# **3. Plan.** What does a functional model offer that a list does not?
#
# - (a) other answers from the same weights
# - (b) branches, and any tensor on the way as an output
# - (c) a quicker training
#
# <details><summary>Answer</summary>
#
# (b). (a): the two gave the same answers. (c): the same layers do the same work.
# </details>

# %% [markdown]
# ## Sources
#
# - D. Goldberg. What every computer scientist should know about floating-point arithmetic. *ACM Computing Surveys*
#   23(1), 1991. [doi:10.1145/103162.103163](https://doi.org/10.1145/103162.103163). Why the order of a sum matters.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind. Automatic differentiation in machine learning: a
#   survey. *Journal of Machine Learning Research* 18(153), 2018. [arXiv 1502.05767](https://arxiv.org/abs/1502.05767).
#   The tape.
# - Keras documentation: [the functional API](https://keras.io/guides/functional_api/).

# %% [markdown]
# ## Next
#
# [Lesson 14](14_breast_cancer_cnn.ipynb), the breast cancer system, uses Keras for all that you now know it to do.
# [The deeper page](13_keras_same_network_deeper.ipynb) reads weights from another library, counts multiply-adds,
# predicts the time of every layer and looks at the clock.
