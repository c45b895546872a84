# %% [markdown]
# # Give Keras your weights, and let it check your work
#
# Nobody should believe a network for patients that only its author has computed. Here an independent library computes
# the same network from the same weights; you measure how far the two are apart, and then ask which is quicker and why.
#
# ## What you will do
# - Carry weights into Keras, and compare answers, gradients and training, with a bound for each (exercise 13.1).
# - Translate weights that a third library stores in another order (exercise 13.2).
# - Count the multiply-adds of every layer (exercise 13.3).
# - Predict which layer takes the most time, then look at the clock, and see where the prediction fails
#   (exercise 13.4).
#
# **What you need.** [Lesson 06](06_forward_pass.ipynb), [lesson 07](07_backpropagation.ipynb), and
# [lesson 08](08_training_by_hand.ipynb) for Adam and batches.
#
# **How long.** About 95 minutes, best in two sittings: the second begins with section 6. Section 4 can be left out.
#
# **What this is not.** Agreement shows that two programs compute the same, not that the network is any good for a
# patient. The cells are *drawn from measurements, not photographs*.

# %% [markdown]
# ## 1. Build the same network twice
#
# The pictures of lesson 08: cells at 64 x 64, numbers from -1 to 1, malignant = 1.

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
# purpose. What is new: an `Input` with the shape of *one* picture, and here a name for each layer, which will help us
# to find it again in section 7.

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
# The same *shape* of network, another one: each drew random weights of its own. `get_weights` lists the arrays, layer
# by layer, the kernel before its bias:

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
# Close, and perhaps not 0. Is what is left a small mistake, or is it rounding? A `float32` has 24 binary digits, about
# seven decimal ones, and every sum is rounded. So a sum depends on its *order*. By hand, with $10^8$, 1 and $-10^8$:
# $10^8 + 1$ needs nine digits, the 1 falls off, and 0 is left. **Predict** the other order.

# %%
large, one = np.float32(1e8), np.float32(1)
print("(large + one) - large =", (large + one) - large)
print("(large - large) + one =", (large - large) + one)
print("next number after 1 is 1 +", np.spacing(one))

# %% [markdown]
# Each answer here is made of some millions of products, added up in an order that each library chooses for speed.
# Differences of some $10^{-7}$ are what to expect, and nobody's fault.
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
# mistake, and one that raised no error, since a turned 3 x 3 kernel is a 3 x 3 kernel. And the third, with no biases at
# all, is as good as the first! Before you read on: why?
#
# Nobody has trained this network. Fresh biases are all 0, so forgetting them changes nothing. **A test on a fresh
# network cannot see a lost bias.** One epoch of training, and the test again:

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
# Equal answers do not prove equal learning: that runs on gradients, which [lesson 07](07_backpropagation.ipynb) derived
# by hand. In Keras nobody derives anything. A *gradient tape* writes down every operation while the answer is computed,
# and walks back through the notes with the chain rule (*automatic differentiation*).

# %%
def slopes_by_hand(network, x, y):
    """Gradients of the mean cross-entropy by every weight, from the backward pass of course.nn."""
    loss = nn.BinaryCrossentropy()
    network.backward(loss.gradient(y, network.forward(x, training=True)))
    return network.grads

# %% [markdown]
# The tape's version. Notice what it does not contain: any formula of lesson 07.

# %%
def slopes_by_tape(model, x, y):
    """(loss, gradients of it by every weight), from TensorFlow's tape."""
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy(dtype=x.dtype.name)(y, model(tf.constant(x), training=True))
    return float(loss), tape.gradient(loss, model.trainable_weights)

# %% [markdown]
# (A Keras loss works in `float32` too unless it is told otherwise, hence its `dtype`.)
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
# A slope is a sum over 32 pictures and, for a kernel, over every place of the map: more sums, more rounding; and where
# two numbers of a pooling window are all but equal, rounding decides which of them wins and is given the slope. All of
# the backward pass of lesson 07 could be wrong without showing in the answers; here each of 42,961 slopes has been
# compared.
#
# In `float64` the same must hold with five hundred million times less room:

# %%
precise, precise_keras = in_numpy("float64"), in_keras("float64")
precise.set_weights(trained)
precise_keras.set_weights(trained)
batch = x[:32].astype("float64"), y[:32].astype("float64")
pairs = zip(slopes_by_hand(precise, *batch), slopes_by_tape(precise_keras, *batch)[1], strict=True)
print("all slopes within 1e-11:", all(np.abs(a - b).max() / np.abs(b).max() < 1e-11 for a, b in pairs))

# %% [markdown]
# ## 3. Train both, step by step
#
# Last: the curve. [Lesson 08](08_training_by_hand.ipynb) looked at twenty steps and asked whether they agree. New here:
# *how the distance grows*. Same weights at the start, same batches, and nobody carries weights across any more.

# %%
def batches(steps, size=32):
    """Row numbers of `steps` batches, epoch after epoch in a new order."""
    rng, rows = np.random.default_rng(0), []
    while len(rows) < steps:
        order = rng.permutation(len(x))
        rows += [order[start:start + size] for start in range(0, len(x), size)]
    return rows[:steps]

# %% [markdown]
# One step is slopes, then the optimiser; `getattr(nn, "Adam")` is `nn.Adam`, and `**settings` hands on what came in.

# %%
def both_curves(dtype, optimizer, steps=40, **settings):
    """Losses (steps, 2) of course.nn and of Keras from the same weights on the same batches."""
    network, model, losses = in_numpy(dtype), in_keras(dtype), []
    model.set_weights(network.get_weights())
    network.compile(getattr(nn, optimizer)(**settings), nn.BinaryCrossentropy())
    their_optimizer = getattr(keras.optimizers, optimizer)(**settings)
    for rows in batches(steps):
        batch = x[rows].astype(dtype), y[rows].astype(dtype)
        loss, slopes = slopes_by_tape(model, *batch)
        their_optimizer.apply(slopes, model.trainable_weights)
        losses.append((network.train_on_batch(*batch), loss))
    return np.array(losses)

# %% [markdown]
# **Predict:** after forty steps, are the two losses still equal to ten digits, in `float64`? In `float32`?

# %% tags=["nbval-ignore-output"]
exact = both_curves("float64", "SGD", learning_rate=1 / 16)
single = both_curves("float32", "Adam", learning_rate=0.001)
for name, curves in [("float64, SGD ", exact), ("float32, Adam", single)]:
    apart = np.abs(curves[:, 0] - curves[:, 1])
    print(name, " step 1:", f"{apart[0]:.0e}", " step 20:", f"{apart[19]:.0e}", " step 40:", f"{apart[39]:.0e}")
assert np.abs(np.diff(exact[:20])).max() <= 1e-10 and np.abs(np.diff(single[:10])).max() <= 1e-4

# %% [markdown]
# The bounds that the cell asserts: $10^{-10}$ for twenty steps in `float64`, $10^{-4}$ for the first ten in `float32`.

# %%
from course.widgets.lesson_13 import distance_figure

distance_figure({"course.nn": single[:, 0], "Keras": single[:, 1]},
                {"float32, Adam": np.abs(np.diff(single)).ravel(), "float64, SGD": np.abs(np.diff(exact)).ravel()})

# %% [markdown]
# *Figure: two diagrams against the step, 1 to 40. Left: the losses of `course.nn`, a broad light line, and of Keras, a
# dotted black one, lie on each other all the way. Right, on a log scale: the distance of the two losses. In float64 it
# stays below one ten-thousand-millionth throughout (an exact 0 is drawn at the bottom); in float32 it starts near one
# ten-millionth or at 0 and grows, to about a thousandth in our run.*
#
# To the eye one curve. Under the microscope the distance may *grow*: a step from slightly different weights meets
# slightly different slopes, and a ReLU or a maximum near its switching point falls to the other side in one of the two.
# After enough epochs two right programs can disagree in the second digit. So:
#
# - To test *code*, compare few steps in `float64`, or give both the same weights again before every step.
# - To compare *networks*, train several. Lesson 14 uses five seeds for that reason.

# %% [markdown]
# ## 4. Say it in three ways
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
# Lesson 17 (planned) looks inside a trained network in this way. The third way is *subclassing*: a class with layers as
# attributes and a method `call` that may hold any Python, loops and conditions included. It is what most PyTorch code
# looks like.

# %%
class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()  # what keras.Model does at the start
        self.blocks = keras.Sequential([layer for n in (8, 16, 32) for layer in (
            keras.layers.Conv2D(n, 3, activation="relu"), keras.layers.MaxPooling2D(2))])
        self.end = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(32, activation="relu"),
                                     keras.layers.Dense(1, activation="sigmoid")])

    def call(self, pictures):
        return self.end(self.blocks(pictures))

# %% [markdown]
# It does not know its shapes before it has seen a picture, so the weights come second. **Predict** how far the three
# are apart, given the same weights.

# %%
subclassed = Subclassed()
_ = subclassed(x[:1])
subclassed.set_weights(trained)
three = [model(x[:64]).numpy() for model in (theirs, functional, subclassed)]
print("largest difference within 1e-6:", np.ptp(three, axis=0).max() <= 1e-6)

# %% [markdown]
# Three spellings, one network. `Sequential` for a row of layers, functional for everything with a plan, a subclass when
# the plan depends on the data. A functional model can be drawn, saved without its source code and checked before it
# runs; a subclass can do less of that. The repaired network of lesson 14 is functional, because it branches.

# %% [markdown]
# ## 5. Read weights from another library
#
# From `course.nn` to Keras nothing had to be moved. Often it is otherwise: a hospital trained in PyTorch, you use
# Keras. Both compute the same; they *store* differently:
#
# | | Keras, `course.nn` | PyTorch |
# |---|---|---|
# | pictures | (n, h, w, c) | (n, c, h, w) |
# | kernel of a convolution | (kh, kw, c, d) | (d, c, kh, kw) |
# | dense table | (m, k): $xW$ | (k, m): $Wx$ |
# | Flatten | place after place | map after map |
#
# ($h, w$ rows and columns; $c$ channels in; $d$ kernels, so maps out; $m$ inputs, $k$ neurons.) The last line is the
# treacherous one. By hand: two maps, each of one row with two places, `a1 a2` and `b1 b2`.
#
# - Keras goes place after place, all channels of a place together: `a1 b1 a2 b2`.
# - PyTorch goes map after map: `a1 a2 b1 b2`.
#
# **Predict** what these three lines give, before you run them. `transpose(2, 0, 1)` makes old axis 2 the first.

# %%
maps = np.array([[["a1", "b1"], ["a2", "b2"]]])
print("shape (h, w, c):", maps.shape, " flat:", maps.ravel())
print("as PyTorch:", maps.transpose(2, 0, 1).ravel())
print("reshape is no transpose:", maps.reshape(2, 1, 2).ravel())

# %% [markdown]
# `reshape` leaves the row of numbers as it is and cuts it elsewhere; only `transpose` moves them. Right shape, wrong
# order is the commonest mistake of this kind, and nothing but a comparison of answers finds it.
#
# ### Exercise 13.2 - from PyTorch's order to Keras's
#
# One convolution with $d$ kernels, later Flatten, then a dense layer. `maps` is $(h, w)$, the size of each of the $d$
# maps that Flatten gets. The columns of PyTorch's dense table stand in *its* order of Flatten.

# %%
# Exercise 13.2 - translate weights from PyTorch's order
def from_torch(kernel, bias, dense, dense_bias, maps):
    """Return (kernel (kh, kw, c, d), bias (d,), dense (h w d, k), dense_bias (k,)) for Keras.

    Given kernel (d, c, kh, kw), bias (d,), dense (k, d h w), dense_bias (k,), maps = (h, w).
    """
    ### BEGIN SOLUTION
    h, w = maps
    table = dense.reshape(len(dense), len(kernel), h, w).transpose(2, 3, 1, 0)
    return kernel.transpose(2, 3, 1, 0), bias, table.reshape(-1, len(dense)), dense_bias
    ### END SOLUTION

check("13.2", from_torch)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which old axis must be the first of the new kernel, which the second? Those are the numbers for `transpose`.
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Undo PyTorch's Flatten: `dense.reshape(k, d, h, w)` gives each column its channel, row and column back. Then put the
# axes in Keras's order, the neurons last, and flatten again.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `kernel.transpose(2, 3, 1, 0)`; for the table `reshape`, `transpose`, `reshape(-1, k)`. Biases stay as they are.
# </details>

# %% [markdown]
# ## 6. Count the work
#
# Same answers; so may the quicker library do the work? First count what there is to do. One product, added to a sum, is
# a *multiply-add* (MAC). By hand, a grey picture of 6 x 6 and two 3 x 3 kernels: the maps are 4 x 4 (lesson 04:
# $6 - 3 + 1$), each place of each map takes $3 \cdot 3 \cdot 1$ products:
#
# $$4 \cdot 4 \cdot 9 \cdot 2 = 288$$
#
# With $h' \times w'$ places in the *output*, kernels of side $k$, $c$ channels in and $d$ out, a convolution takes
# $h' w' \cdot k^2 c \cdot d$. A dense layer uses each weight once, $m \cdot k$ in lesson 06's letters. Biases,
# activations and the comparisons of pooling are not counted: there is nothing multiplied.
#
# A library can count for us. Let all inputs and all weights be 1. **Predict** what each output is, and the sum of all.

# %%
ones = keras.layers.Conv2D(2, 3, kernel_initializer="ones")(np.ones((1, 6, 6, 1), np.float32))
print("one output:", float(ones[0, 0, 0, 0]), " sum of", np.size(ones), "outputs:", float(keras.ops.sum(ones)))

# %% [markdown]
# Each output adds up nine ones, so it is the number of its own products. The checker uses this trick.
#
# ### Exercise 13.3 - multiply-adds, layer by layer
#
# For any network given as a list such as `[("conv", 8, 3, 1), ("pool", 2), ("flatten",), ("dense", 32)]`: a convolution
# with its number of kernels, their side, and the stride; pooling with its window, moved by its own size. No padding; an
# incomplete window is dropped, so sizes are lesson 04's $(n - k) \mathbin{//} s + 1$. Pictures need not be square.

# %%
# Exercise 13.3 - multiply-adds of every layer for one picture
def count_macs(shape, layers):
    """Return a list of whole numbers, one for each layer (0 for pool and flatten). shape: (h, w, c)."""
    ### BEGIN SOLUTION
    macs = []
    for kind, *settings in layers:
        macs.append(0)
        if kind == "conv":
            (h, w, c), (d, k, s) = shape, settings
            shape = ((h - k) // s + 1, (w - k) // s + 1, d)
            macs[-1] = shape[0] * shape[1] * k * k * c * d
        elif kind == "pool":
            shape = (shape[0] // settings[0], shape[1] // settings[0], shape[2])
        elif kind == "flatten":
            shape = (shape[0] * shape[1] * shape[2],)
        else:
            macs[-1], shape = shape[0] * settings[0], (settings[0],)
    return macs
    ### END SOLUTION

check("13.3", count_macs)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What do you have to carry from layer to layer? (Exercise 6.4 carried the same.)
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Carry `shape`. At every layer work out the *new* shape; a convolution's work is the number of places of the new maps
# times the size of its kernel, $k \cdot k \cdot c \cdot d$.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for kind, *settings in layers:` with four branches; each sets `shape` and appends one number.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `count_macs((6, 6, 1), [("conv", 2, 3, 1), ("pool", 2), ("flatten",), ("dense", 5)])` is `[288, 0, 0, 40]`.
# </details>
#
# Now our network, with the course's function `costs`. **Before you run it:** which layer multiplies most, and which
# holds the most weights?

# %%
from course.timing.costs import blocks, costs
from course.widgets.lesson_13 import names

network_layers = blocks((8, 16, 32), hidden=32)
layer_names = names((8, 16, 32))
table = costs((64, 64, 3), network_layers)
for name, row in zip(layer_names, table, strict=True):
    print(f"{name:8} {row.shape!s:13} MACs {row.macs:8,}  weights {row.weights:7,}")

# %% [markdown]
# The weights sit in `hidden`, the work in the convolutions. A kernel of `conv a` has 27 weights and uses them at 3,844
# places; a weight of `hidden` is used once. **Small files can be slow and large ones quick.**
#
# The same for three networks. The first is ours; the second has pictures of twice the side; the third one block more.
# Bars are shares of *each network's own* total, which stands above them.

# %%
from course.widgets.lesson_13 import cost_picture, cost_tables

cost_tables((64, 8, 3, 3), (128, 8, 3, 3), (128, 8, 4, 3))

# %% [markdown]
# *Figure: three tables of bars, one line a layer; left the multiply-adds, right the weights,
# as shares of the network's own total. At 64 x 64 three
# convolutions share nearly all multiply-adds, the second most, and the hidden layer holds 86 % of the weights. At
# 128 x 128 multiply-adds and weights are both more than four times as many; all growth of the weights is in the hidden
# layer. With a fourth block multiply-adds grow by about a fifth, while the weights fall to less than half, since
# Flatten hands on fewer numbers.*
#
# ### Experiment: what makes a network expensive?

# %%
from ipywidgets import SelectionSlider

from course.widgets.panel import Panel

Panel(cost_picture, "Left: multiply-adds of each layer for one picture. Right: its weights. Bars: shares of the total.",
      side=SelectionSlider(value=64, options=[32, 64, 96, 128, 150, 224]),
      first_kernels=SelectionSlider(value=8, options=[4, 8, 16, 32, 64]),
      blocks_deep=SelectionSlider(value=3, options=[1, 2, 3, 4, 5]),
      kernel_size=SelectionSlider(value=3, options=[1, 3, 5, 7]))

# %% [markdown]
# **Try.**
# 1. Double `side`, then go back and double `first_kernels`. By how much do the multiply-adds of `conv b` grow each
#    time?
# 2. Set `side` to 128 and go from one block to five. What happens to the weights, and why do they turn round?
#
# **Question.** You may spend four times the multiply-adds. What leaves the number of kernels' weights as it is: twice
# the side, or twice the kernels?
# <details><summary>Answer</summary>
#
# Twice the side. Kernels do not know how large the picture is; there are four times as many places to lay them on. (The
# dense table after Flatten does grow.) Twice the kernels means twice as many going in *and* out of every later block,
# so four times the weights there and four times the work; only `conv a`, which always reads three colours, merely
# doubles. (On the tries: twice the side gives `conv b` 4.4 times the multiply-adds, a little more than four, since less
# is lost at the border; twice the kernels 4.0 times. From one block to five the weights are 1,016,353, 462,257,
# 206,801, 98,321 and 114,833: more blocks shrink the last maps, so the dense table shrinks by more than the new kernels
# add, until these, four times as many weights with each block, outweigh the rest.)
# </details>

# %% [markdown]
# ## 7. Predict the time, then look at the clock
#
# Does the layer with the most multiply-adds take the most time? A processor does two things side by side: it
# *computes*, $r$ multiply-adds a second, and it *moves numbers* between memory and itself, $b$ numbers a second. A
# layer that reads and writes $q$ numbers and makes $a$ multiply-adds is done when the slower of both is done:
#
# $$t = \max\left(\frac{a}{r}, \frac{q}{b}\right)$$
#
# This is the *roofline model*. By hand, with $r = 20$ and $b = 1$ in some unit: $a = 800, q = 20$ takes
# $\max(40, 20) = 40$: it waits for the arithmetic. $a = 100, q = 20$ takes $\max(5, 20) = 20$: it waits for memory.
# And a pooling layer, $a = 0$? **It is not free:** it takes $q / b$.
#
# ### Exercise 13.4 - predict the slowest layer, and what each waits for

# %%
# Exercise 13.4 - seconds of every layer, which one dominates, and which wait for memory
def predict_seconds(macs, numbers, rate, bandwidth):
    """Return (seconds of each layer, place of the slowest counted from 0, for each layer: does it wait for memory?).

    macs, numbers: lists with a and q of each layer; rate = r, bandwidth = b, a second. The first and the third are
    arrays; the third is True where moving the numbers takes longer than the arithmetic, else False.
    """
    ### BEGIN SOLUTION
    arithmetic, memory = np.array(macs) / rate, np.array(numbers) / bandwidth
    seconds = np.maximum(arithmetic, memory)
    return seconds, int(seconds.argmax()), memory > arithmetic
    ### END SOLUTION

check("13.4", predict_seconds)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# For one layer you need two quotients. Which of them decides, and is it the same one for all layers?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `np.maximum(p, q)` compares number by number; `max` would look for one largest number. `argmax` gives a place, and
# `p > q` an array of True and False.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `arithmetic = np.array(macs) / rate`, the same for `memory`; then `np.maximum`, `argmax` and `>`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `predict_seconds([800, 100, 0], [20, 20, 30], 20, 1)` is 40, 20, 30 seconds, layer 0, and False, True, True.
# </details>
#
# How quick is your computer? A product of large matrices shows a rough $r$, the copying of as many numbers as a batch
# of maps has a rough $b$. The *least* time counts: whatever else runs can only slow it.

# %% tags=["nbval-ignore-output"]
from course.timing.paired import seconds as clock

a, b, copy = np.ones((1000, 1000), np.float32), np.ones(1_400_000, np.float32), np.empty(1_400_000, np.float32)
rate = 1000**3 / min(clock(lambda: a @ a) for _ in range(20))
bandwidth = 2 * len(b) / min(clock(lambda: np.copyto(copy, b)) for _ in range(50))
print(f"r = {rate / 1e9:.0f} thousand million multiply-adds a second")
print(f"b = {bandwidth / 1e9:.0f} thousand million numbers a second, read or written;  r / b = {rate / bandwidth:.0f}")

# %% [markdown]
# (A billion has two meanings, hence the long word.) To have the same prediction on every computer, take round numbers:
# $r = 60$ and $b = 4$ thousand million. **Write down your own guess first:** which layer is slowest? Does pooling
# matter?

# %%
macs, numbers = np.array([row.macs for row in table]), np.array([row.numbers for row in table])
predicted = np.maximum(macs / 60e9, numbers / 4e9)
for name, moved, seconds, memory in zip(layer_names, numbers, predicted, numbers / 4e9 > macs / 60e9, strict=True):
    waits = "memory" if memory else "arithmetic" if seconds else "nothing"
    print(f"{name:8} moves {moved:6,} numbers, predicted {1e6 * seconds:4.1f} millionths of a second: {waits}")

# %% [markdown]
# (The weights are read too, once for a whole batch; they are left out here.) Arithmetic decides the convolutions, and
# `conv b`, with the most multiply-adds, should be slowest; but pooling, which multiplies nothing, should take a quarter
# of all. Other speeds change the order, though not at will. `pool a` can never lead: it moves fewer numbers than
# `conv a`. And `conv a` leads only where $r$ is more than 22 times $b$:

# %%
print(f"conv b leads as long as r / b is below {macs[2] / numbers[0]:.1f}")

# %% [markdown]
# Now the clock. TensorFlow has a *profiler*: between `start` and `stop` it notes when every operation began and ended,
# and writes one file, a *trace*. (TensorBoard can draw it with a plug-in that is a large installation of its own; the
# file can be read without.) First a folder for what this notebook writes.

# %%
import shutil
from pathlib import Path

runs = Path.cwd().parent / "runs" / f"lesson_13_{Path.cwd().name}"
shutil.rmtree(runs, ignore_errors=True)
runs.mkdir(parents=True)

# %% [markdown]
# We look at the forward pass of 32 pictures, 50 times. `tf.function` makes a *graph* of the model, which is how `fit`
# and `predict` run it; section 9 says what that is. The call before `start` leaves the making of it out.

# %% tags=["nbval-ignore-output"]
graph, pictures32 = tf.function(theirs), tf.constant(x[:32])
_ = graph(pictures32)
tf.profiler.experimental.start(str(runs / "profile"))
for _ in range(50):
    graph(pictures32)
tf.profiler.experimental.stop()

# %% [markdown]
# The file holds some thousand events; `operations` adds up those of our layers.

# %% tags=["nbval-ignore-output"]
from course.timing.trace import operations

for row in operations(runs / "profile", [layer.name for layer in theirs.layers]):
    each = 1e6 * row["seconds"] / row["calls"] / 32
    print(f"{row['layer']:8} {row['operation']:26} {each:5.1f} millionths of a second a picture")

# %% [markdown]
# Read it line by line. Which layer is slowest here? How much does pooling take, which multiplies nothing? And note what
# is *missing*: no line for a bias or a ReLU. On most computers the operation's name tells why: it is a *fused* one,
# convolution, bias and ReLU in one go, so that the maps are written once and not three times. Flatten is missing too:
# it moves nothing.
#
# Your numbers differ from ours. These were measured at length when the course was made:

# %%
from course.reproduce import result

stored = result(13)
print("made by:", stored["command"])
for name, value in stored["computer"].items():
    print(f"{name}: {value}")

# %% [markdown]
# (*Load* is the number of programs that wanted a core, this one included, on the average of the last minute. With more
# of them than cores, trust ratios and shares, not milliseconds.) Four ways to look at the nine layers:

# %%
from course.widgets.lesson_13 import layer_bars

measured = {row["layer"].replace("_", " "): row["seconds"] for row in stored["layers"]}
seconds = [measured.get(name, 0) for name in layer_names]
layer_bars({"weights": [row.weights for row in table], "multiply-adds": macs, "predicted time": predicted,
            "measured time": seconds}, layer_names)

# %% [markdown]
# *Figure: four bar charts side by side, one bar for each of nine layers; the largest bar of each is dark. Weights:
# hidden, 86 %. Multiply-adds: conv b, 39 %. Predicted time: conv b, with conv a close behind. Measured time: conv a is
# far ahead of conv b; pool a takes more than a tenth of the whole, and hidden next to nothing.*
#
# Three questions, three layers: the file is `hidden`, the multiply-adds are `conv b`, the clock is `conv a`. The model
# got the third wrong, and only there: beside `conv b`, the bars of `pool a` and `conv c` are nearly as long as
# predicted, and that of `conv a` is about twice as long. Why? It does not wait for memory: `pool a` moves nine tenths
# as many numbers in less than half the time. So its *arithmetic* is slow. The model believes that every multiply-add
# costs the same; but a sum in `conv a` has 27 products, against 72 in `conv b`, most likely too few to keep the
# processor's wide units busy. Whoever wants this network quicker has to look at `conv a`, and neither parameter count
# nor multiply-adds nor the model say so. Look at all predictions of a model, not only at the winner: where it fails,
# you learn something.

# %% [markdown]
# ## 8. Time loops, NumPy and Keras
#
# Timing is an experiment, and most timings one reads are bad ones. Three rules:
#
# 1. *Warm up.* The first call compiles, allocates and fills caches. It is not counted.
# 2. *Take turns.* Something else always runs on a computer. Candidates go one after the other, round by round, and what
#    is compared are neighbours in time: the *ratio* in each round.
# 3. *Each in its own process.* Otherwise one library's idle threads get in the other's way.
#
# `course.timing` does that; `make bench` uses the same code at length. Here in small: one picture forward, with the
# loops of lessons 04 to 06, with `course.nn`, with Keras's graph. **Predict the ratios.** (It takes ten to thirty
# seconds: every candidate starts a Python of its own.) In the table, time and ratio are the middle ones of the rounds,
# so a ratio need not be the quotient of two times; *peak* is the most memory that the process ever held, and for Keras
# nearly all of that is TensorFlow itself.

# %% tags=["nbval-ignore-output"]
from course.timing import forward, network
from course.timing.paired import show

some = ["Python loops", "course.nn", "Keras, graph"]
show("1 picture of 64 x 64 x 3, forward", forward.measure(1, rounds=3, candidates=some), "graph")

# %% [markdown]
# NumPy without loops is usually *quicker* than Keras on one picture. **Predict:** and on 32? The long run behind
# section 7's bars timed that too:

# %%
show("32 pictures forward, long run", [row for row in stored["forward"]["32"] if row["name"] in some], "graph")

# %% [markdown]
# Here Keras wins. For one picture most of its time seems to be the call itself: 32 pictures do not take four times
# as long (section 9). NumPy's call is cheap, its convolution slower.
#
# And a whole training step with 32 pictures: forward, backward, Adam. "Plain layers" are those of lessons 04 to 07 one
# after the other; the *fused block* computes convolution, pooling and ReLU in one go, for the same reason as above.

# %% tags=["nbval-ignore-output"]
some = ["course.nn, plain layers", "course.nn, fused block", "Keras"]
show("one training step, 32 pictures", network.measure(32, "lesson 08", rounds=5, candidates=some), "Keras")

# %% [markdown]
# Three or five rounds are few. The long run, on the computer named above: first one picture; then training steps of two
# networks, *classic*, lesson 14's with 3.5 million weights, and ours.

# %%
from course.widgets.lesson_13 import time_bars

time_bars(stored["forward"]["1"], "one picture forward, lesson 08's network")

# %% [markdown]
# *Figure: horizontal bars on a log scale, one for each way to compute one picture's answer. Python loops take more than
# ten times as long as Keras's graph, Keras called eagerly several times as long; `course.nn`, XLA and the graph without
# oneDNN's operations are of the graph's order. Beside each bar stand its milliseconds and its ratio to the graph.*

# %%
for title, rows in stored["step"].items():
    show(f"one training step, 32 pictures, network: {title}", rows, "Keras")

# %% [markdown]
# (PyTorch takes part in `make bench` where it is installed.) What to take along: leaving the *loops* was worth a factor
# of tens to hundreds; the choice between NumPy and Keras is worth a small factor, and which of them wins depends on
# network, batch and computer. What Keras gives you is not mainly speed. It is every layer you did not have to derive,
# the tape, and graphics cards, which are reported to be far quicker for large networks; we did not measure it.

# %% [markdown]
# ## 9. Ask what oneDNN and XLA do
#
# Keras itself multiplies nothing; it hands the work to TensorFlow, and that can do it in several ways.
#
# - *Eager*: every layer is called from Python when its turn comes. Easy to debug; Python stands between the layers.
# - *Graph*: `tf.function` runs the Python once, notes the operations (*tracing*), and from then on runs the notes.
#   Operations can then be fused and unused ones dropped. `fit` and `predict` do this by themselves.
# - *oneDNN*: the library of convolutions and matrix products, fitted to Intel's and AMD's processors, that TensorFlow
#   uses on them. It needs no call. `TF_ENABLE_ONEDNN_OPTS=0`, set before TensorFlow is loaded, takes oneDNN's own
#   *operations* away, its convolution and its fusing; products of matrices still use a piece of it.
# - *XLA*: a compiler (`jit_compile=True`). It translates the whole graph for one fixed input shape, into a program of
#   its own. Made for graphics cards and their like; on a processor it may win or lose. On a computer with only a
#   processor Keras does not use XLA unless told to.

# %%
from course.timing.paired import in_turn

ways = {mode: forward.in_mode(theirs, mode) for mode in ("eager", "graph", "XLA")}
answers = {mode: run(pictures32).numpy() for mode, run in ways.items()}
for mode in ("eager", "XLA"):
    print(mode, "and graph within 1e-6:", np.abs(answers[mode] - answers["graph"]).max() <= 1e-6)

# %% [markdown]
# Not "equal": within $10^{-6}$. Fusing and compiling change the order of the sums (section 1). **Predict** which of the
# three is quickest for 32 pictures on your computer.

# %% tags=["nbval-ignore-output"]
# run=run: keep this turn's `run`, not the last one
works = {mode: lambda run=run: run(pictures32).numpy() for mode, run in ways.items()}
show("32 pictures forward", in_turn(works, "graph", rounds=9), "graph")

# %% [markdown]
# And at length, each in its own process (*peak* above is empty, since all three share one), and without oneDNN's
# operations as well. The second table says how far the 32
# probabilities of each are from the same computed in `float64`.

# %%
show("32 pictures forward", stored["forward"]["32"], "graph")
for name, apart in stored["rounding"].items():
    print(f"{name:28} rounding {apart:.0e}")

# %% [markdown]
# All of them round a little differently, and none is "the right one": each is within $10^{-6}$ of what `float64` gives.
# But *bit for bit the same result* is a promise for one way, one library version and one computer. Whoever must
# reproduce a decision for the record stores the probability itself, not only the weights.
#
# **Break it on purpose: a new shape each time.** A graph is made for the shapes it has seen. The list notes every
# tracing. **Predict** its length after four calls with 32, 32, 7 and 9 pictures.

# %%
traced = []

@tf.function(reduce_retracing=False)
def counted(pictures):
    traced.append(pictures.shape[0])
    return theirs(pictures)

for count in (32, 32, 7, 9):
    _ = counted(x[:count])
print("traced for:", traced)

# %% [markdown]
# The list is filled by Python, and Python runs only while tracing. The second call with 32 made no entry: the shape was
# known. A data set whose last batch is smaller pays a second tracing; pictures
# that all differ in size pay for each, and with XLA every time is a compilation. `fit` leaves the batch's size open for
# that reason, `predict` opens it at the first batch of another size; in your own code, `input_signature` does it:

# %%
traced.clear()
open_size = tf.function(counted.python_function, input_signature=[tf.TensorSpec((None, 64, 64, 3), tf.float32)])
for count in (32, 7, 9):
    _ = open_size(x[:count])
print("traced for:", traced)

# %% [markdown]
# ## 10. Watch a run in TensorBoard
#
# A training run leaves more than its last number. The callback `keras.callbacks.TensorBoard` writes losses, and here
# after every epoch a histogram of every weight, into *event files*.

# %%
keras.utils.set_random_seed(13)
pupil = in_keras()
pupil.compile(keras.optimizers.Adam(0.001), "binary_crossentropy", metrics=["accuracy"])
board = keras.callbacks.TensorBoard(runs / "board", histogram_freq=1)
held, held_labels, _ = cytology.load(size=64, split="validation")
validation = (held / 127.5 - 1).astype(np.float32), held_labels[:, None].astype(np.float32)
history = pupil.fit(x, y, epochs=6, batch_size=32, validation_data=validation, callbacks=[board], verbose=0)
print("epochs:", len(history.history["loss"]), " loss fell:", history.history["loss"][-1] < history.history["loss"][0])

# %% [markdown]
# TensorBoard is a small web server. `%load_ext tensorboard` would start one that goes on running when the notebook is
# closed; `serve` starts it inside this notebook's process, for this computer alone, and it ends with the kernel. No
# internet is needed. Click on the address that the cell prints.

# %% tags=["nbval-ignore-output", "not-stored"]
from course.board import serve

print("TensorBoard is at", serve(runs / "board"))

# %% [markdown]
# **What to see there.** Under *Scalars*, `epoch_loss` with a line for `train` and one for `validation`: validation that
# has stopped falling while training goes on falling is the sign of overfitting. (Keras's training loss is a mean over
# the epoch, in which the weights still improve, so it may begin above.) Under *Histograms*, the one whose name ends in
# `conv_a/kernel/histogram`: one slice an epoch; it should widen slowly. A slice that does not change is a layer that
# does not learn; one that explodes, a learning rate too large. Under *Graphs*, the network as TensorFlow sees it.
#
# Readers without a browser at hand, and programs, can read the files themselves:

# %%
from course.board import histogram_names, histograms, scalars
from course.widgets.lesson_13 import board_figure

written = scalars(runs / "board")
print(sorted(written["name"].unique()))
print("histograms:", len(histogram_names(runs / "board")))
kernel = next(name for name in histogram_names(runs / "board") if "conv_a" in name and "kernel" in name)
board_figure(written, histograms(runs / "board", kernel), "weights of conv_a's kernels")

# %% [markdown]
# *Figure: drawn from the event files. Left: the loss against the epoch, 0 to 5, a solid line for training and a dashed
# one with dots for validation; both fall. Right: six histograms of the 216 kernel weights of the first layer, one above
# the other, epoch 0 at the bottom; each is broad and uneven, from about -0.25 to 0.25, and they change little.*
#
# The folder `runs/` of the course holds the files until the notebook is run again.

# %% [markdown]
# ## Traps
#
# - **The kernel turned or the table transposed.** *Symptom*: right shapes, no error, wrong answers. *Cure*: compare
#   answers in `float64`; what does not shrink is no rounding.
# - **The lost bias.** *Symptom*: the copy agrees in a fresh network and fails in a trained one. *Cure*: test with
#   random weights *and* random biases.
# - **Another Flatten.** *Symptom*: convolutions agree, everything after Flatten does not. *Cure*: reshape the table to
#   (k, d, h, w), transpose, flatten again.
# - **`zip` stops early.** *Symptom*: the last layer keeps its random weights, without a word. *Cure*: `strict=True`.
# - **The input's size in place of the output's.** *Symptom*: multiply-adds somewhat too many; pooling forgotten, four
#   times too many. *Cure*: let a network of ones count.
# - **The first call timed.** *Symptom*: the compiled version is slower than the plain one. *Cure*: warm up; and compare
#   ratios of neighbours, not times of yesterday.
# - **Measuring by weights.** *Symptom*: the smaller file is the slower network. *Cure*: count multiply-adds *and*
#   numbers moved, then look at a trace.
# - **A new shape each call.** *Symptom*: a graph that is slower than eager. *Cure*: leave the batch size open; give all
#   pictures one size.

# %% [markdown]
# ## Recap
#
# With the same weights `course.nn` and Keras give the same answers, the same slopes and the same curve, up to rounding,
# and `float64` tells rounding from mistakes. `Sequential`, functional and subclassed models are three spellings of one
# network; weights from another library may lie in another order. Weights, multiply-adds and time are three different
# costs, and the layer that leads in one need not lead in another. Leaving loops is worth most; the rest is fusing,
# ordering and moving fewer numbers, which is what graphs, oneDNN and XLA do.

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
# **2. Multiply-adds.** The picture's side doubles. The multiply-adds of the convolutions
#
# - (a) stay, since the kernels do
# - (b) double
# - (c) grow about fourfold
#
# <details><summary>Answer</summary>
#
# (c). There are four times as many places. (a) is true of their *weights*. (b) forgets one of the two directions.
# </details>
#
# **3. Time.** Max pooling multiplies nothing. Its time is
#
# - (a) zero
# - (b) that of reading and writing its numbers
# - (c) that of the convolution before it
#
# <details><summary>Answer</summary>
#
# (b). In the roofline model $a = 0$ leaves $q / b$. (a) confuses work with multiply-adds. (c): they may come close, but
# for different reasons.
# </details>
#
# **4. Order.** PyTorch's table (k, d h w) was transposed to (d h w, k) and put into Keras. Answers are wrong, because
#
# - (a) the bias is missing
# - (b) its rows stand map after map
# - (c) Keras transposes it again
#
# <details><summary>Answer</summary>
#
# (b). Keras's Flatten goes place after place. (a) biases have no order to get wrong. (c) it does not.
# </details>
#
# **5. Training.** After 60 epochs in `float32` the two losses differ in the second digit. You conclude that
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

# %% [markdown]
# ## Sources
#
# - D. Goldberg. What every computer scientist should know about floating-point arithmetic. *ACM Computing Surveys*
#   23(1), 1991. [doi:10.1145/103162.103163](https://doi.org/10.1145/103162.103163). Why the order of a sum matters.
# - S. Williams, A. Waterman, D. Patterson. Roofline: an insightful visual performance model for multicore
#   architectures. *Communications of the ACM* 52(4), 2009.
#   [doi:10.1145/1498765.1498785](https://doi.org/10.1145/1498765.1498785). The maximum of section 7.
# - M. Abadi and others. TensorFlow: a system for large-scale machine learning. *OSDI*, 2016.
#   [arXiv 1605.08695](https://arxiv.org/abs/1605.08695). Graphs, and why.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind. Automatic differentiation in machine learning: a
#   survey. *Journal of Machine Learning Research* 18(153), 2018. [arXiv 1502.05767](https://arxiv.org/abs/1502.05767).
#   The tape.
# - Keras documentation: [the functional API](https://keras.io/guides/functional_api/) and
#   [subclassing](https://keras.io/guides/making_new_layers_and_models_via_subclassing/).

# %% [markdown]
# ## Next
#
# [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), uses Keras for all that you now know it to do. On
# the way, lessons 09 to 12 are about other kinds of classifier.
