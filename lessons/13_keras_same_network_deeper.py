# %% [markdown]
# # Count the work, predict the time, and look at the clock
#
# A system that needs a minute for a picture is not used in a clinic. Which part of a network costs what can be
# counted, predicted and measured, and the three answers differ.
#
# ## What you will do
# - Translate weights that another library stores in another order (exercise 13.2).
# - Count the multiply-adds of every layer (exercise 13.3).
# - Predict which layer takes the most time, look at the clock, and see where the prediction fails (exercise 13.4).
# - Compare loops, NumPy and Keras fairly (quiz).
#
# **What you need.** [Lesson 13](13_keras_same_network.ipynb), and the sizes of maps from
# [lesson 04](04_convolution.ipynb).
#
# **How long.** About 80 minutes.
#
# **What this is not.** Times are of one computer; yours will give others.

# %% [markdown]
# ## 1. Read weights from another library
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
import numpy as np

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
from course.checks import check


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
# ## 2. Count the work
#
# May the quicker library do the work? First count what there is to do. One product, added to a sum, is
# a *multiply-add* (MAC). By hand, a grey picture of 6 x 6 and two 3 x 3 kernels: the maps are 4 x 4 (as in
# [lesson 04](04_convolution.ipynb), $6 - 3 + 1$), each place of each map takes $3 \cdot 3 \cdot 1$ products:
#
# $$4 \cdot 4 \cdot 9 \cdot 2 = 288$$
#
# With $h' \times w'$ places in the *output*, kernels of side $k$, $c$ channels in and $d$ out, a convolution takes
# $h' w' \cdot k^2 c \cdot d$. A dense layer uses each weight once, $m \cdot k$ for $m$ inputs and $k$ neurons. Biases,
# activations and the comparisons of pooling are not counted: there is nothing multiplied.
#
# A library can count for us. Let all inputs and all weights be 1. **Predict** what each output is, and the sum of all.

# %%
from course.quiet_tensorflow import keras, tf

ones = keras.layers.Conv2D(2, 3, kernel_initializer="ones")(np.ones((1, 6, 6, 1), np.float32))
print("one output:", float(ones[0, 0, 0, 0]), " sum of", np.size(ones), "outputs:", float(keras.ops.sum(ones)))

# %% [markdown]
# Each output adds up nine ones, so it is the number of its own products. The checker uses this trick.
#
# ### Exercise 13.3 - multiply-adds, layer by layer
#
# For any network given as a list such as `[("conv", 8, 3, 1), ("pool", 2), ("flatten",), ("dense", 32)]`: a convolution
# with its number of kernels, their side, and the stride; pooling with its window, moved by its own size. No padding; an
# incomplete window is dropped, so sizes are $(n - k) \mathbin{//} s + 1$. Pictures need not be square.

# %%
# Exercise 13.3 - multiply-adds of every layer for one picture
from course.checks import check


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
# What do you have to carry from layer to layer?
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
# *Figure: three tables of bars, one line a layer; left the multiply-adds, right the weights, as shares of the
# network's own total. At 64 x 64 three convolutions share nearly all multiply-adds, the second most, and the hidden
# layer holds 86 % of the weights. At 128 x 128 multiply-adds and weights are both more than four times as many; all
# growth of the weights is in the hidden layer. With a fourth block multiply-adds grow by about a fifth, while the
# weights fall to less than half, since Flatten hands on fewer numbers.*
#
# ### Experiment: what makes a network expensive?

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_13 import cost_picture
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
# ## 3. Predict the time, then look at the clock
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
import numpy as np

from course.checks import check


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
# `conv b`, with the most multiply-adds, should be slowest; but pooling, which multiplies nothing, should take a
# quarter of all.
#
# Now the clock. These times were measured at length when the course was made, with TensorFlow's *profiler*, which
# notes when every operation began and ended: 32 pictures forward, 50 times, with the graph that `fit` and `predict`
# use too.

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
# Three questions, three layers: the file is `hidden`, the multiply-adds are `conv b`, the clock is `conv a`. (No bar
# for a bias or a ReLU: they are *fused* into the convolution, so that the maps are written once and not three times.)
# Look at *all* predictions of a model, not only at the winner. Measured over predicted, with the round speeds and with
# quicker ones, as another measurement of $r$ and $b$ gave them:

# %%
for r, b in ((60e9, 4e9), (71e9, 8e9)):
    ratios = {name: seconds_32 / 32 / max(m / r, q / b) for name, seconds_32, m, q in
              zip(layer_names, seconds, macs, numbers, strict=True) if seconds_32}
    print(f"r / b = {r / b:2.0f}: ", ", ".join(f"{name} {ratio:.1f}" for name, ratio in ratios.items()))

# %% [markdown]
# How well the model fits depends on the two speeds one believes in. But one fault stays whatever they are: `conv a`
# takes almost twice as long, beside `conv b`, as its multiply-adds say. (The small layers at the end are further off
# still: a call has a price of its own. They hardly count in the sum.)
#
# Why `conv a`? The model believes that every multiply-add costs the same. oneDNN, the library of convolutions that
# TensorFlow uses on Intel's and AMD's processors, works on output channels in blocks, of 8 or 16, as wide as the
# processor computes at once; `conv a` has only 8. If a block of 16 is half empty, then *sixteen* kernels must take
# hardly longer than eight. **Predict**, then let the clock say: twice the kernels, twice the multiply-adds. Twice the
# time?

# %% tags=["nbval-ignore-output"]
def quickest(kernels, channels):
    layer, pictures = keras.layers.Conv2D(kernels, 3), tf.ones((32, 64, 64, channels))
    run = tf.function(layer)
    _ = run(pictures)
    return min(clock(lambda: run(pictures)) for _ in range(100))

for channels in (3, 8):
    ratio = quickest(16, channels) / quickest(8, channels)
    print(f"{channels} channels in, 16 kernels against 8: {ratio:.1f} times the time")

# %% [markdown]
# On a processor with blocks of 16 the answer is near 1, and 8 kernels are 16 half paid for nothing; on others it lies
# between. Neither the number of weights nor the multiply-adds nor the model say so: where a model fails, you learn
# something.
#
# ## 4. Time loops, NumPy and Keras
#
# Timing is an experiment, and most timings one reads are bad ones. Three rules:
#
# 1. *Warm up.* The first call compiles, allocates and fills caches. It is not counted.
# 2. *Take turns.* Candidates go one after the other, round by round, and what is compared are neighbours in time: the
#    *ratio* in each round.
# 3. *Each in its own process.* Otherwise one library's idle threads get in the other's way.
#
# `course.timing` does that. **Predict the ratios**, then look at the long run: one picture of 64 x 64, forward. Keras
# can be called in several ways: *eager*, layer by layer from Python; as a *graph*, noted once and then run without
# Python, its operations fused; compiled by *XLA* for one fixed shape; and as a graph without oneDNN's operations.

# %%
from course.widgets.lesson_13 import time_bars

time_bars(stored["forward"]["1"], "one picture forward, lesson 08's network")

# %% [markdown]
# *Figure: horizontal bars on a log scale, one for each way to compute one picture's answer. Python loops take more than
# ten times as long as Keras's graph, Keras called eagerly several times as long; `course.nn`, XLA and the graph without
# oneDNN's operations are of the graph's order. Beside each bar stand its milliseconds and its ratio to the graph.*
#
# And 32 pictures? Time and ratio are the middle ones of the rounds, so a ratio need not be the quotient of two times;
# *peak* is the most memory that the process ever held.

# %%
from course.timing.paired import show

show("32 pictures forward", stored["forward"]["32"], "graph")

# %% [markdown]
# NumPy without loops is *quicker* than Keras on one picture, and slower on 32. For one picture most of Keras's time
# seems to be the call itself: 32 pictures do not take four times as long. And a whole training step, forward,
# backward, Adam, of two networks: *classic*, [lesson 14](14_breast_cancer_cnn.ipynb)'s with 3.5 million weights, and
# ours. "Plain layers" are the course's one after the other; the *fused block* computes convolution, pooling and ReLU
# in one go.

# %%
for title, rows in stored["step"].items():
    show(f"one training step, 32 pictures, network: {title}", rows, "Keras")

# %% [markdown]
# What to take along: leaving the *loops* was worth a factor of tens to hundreds; the choice between NumPy and Keras is
# worth a small factor, and which of them wins depends on network, batch and computer. What Keras gives you is not
# mainly speed. It is every layer you did not have to derive, and the tape.
#
# All these ways round a little differently, since fusing and compiling change the order of the sums. How far are 32
# probabilities from the same computed in `float64`?

# %%
for name, apart in stored["rounding"].items():
    print(f"{name:28} {apart:.0e}")

# %% [markdown]
# None is "the right one". *Bit for bit the same* is a promise for one way, one library version and one computer.
# Whoever must reproduce a decision for the record stores the probability itself, not only the weights.

# %% [markdown]
# ## Traps
#
# - **Another Flatten.** *Symptom*: convolutions agree, everything after Flatten does not. *Cure*: reshape the table to
#   (k, d, h, w), transpose, flatten again.
# - **The input's size in place of the output's.** *Symptom*: multiply-adds somewhat too many; pooling forgotten, four
#   times too many. *Cure*: let a network of ones count.
# - **The first call timed.** *Symptom*: the compiled version is slower than the plain one. *Cure*: warm up; and
#   compare ratios of neighbours, not times of yesterday.
# - **Measuring by weights.** *Symptom*: the smaller file is the slower network. *Cure*: count multiply-adds *and*
#   numbers moved, then look at the clock.

# %% [markdown]
# ## Recap
#
# Weights from another library may lie in another order. Weights, multiply-adds and time are three different costs, and
# the layer that leads in one need not lead in another. A model of the time is as good as the speeds put into it, and
# its faults say where to look. Leaving loops is worth most.

# %% [markdown]
# ## Quiz
#
# **1. Multiply-adds.** The picture's side doubles. The multiply-adds of the convolutions
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
# **2. Time.** Max pooling multiplies nothing. Its time is
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
# **3. Order.** PyTorch's table (k, d h w) was transposed to (d h w, k) and put into Keras. Answers are wrong, because
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
# **4. Turns.** Program A was timed in the morning, B in the evening; B took 0.9 of A's time. What follows?
#
# - (a) B is quicker
# - (b) nothing yet: let them take turns and compare neighbours
# - (c) nothing, ever: computers are not exact
#
# <details><summary>Answer</summary>
#
# (b). The computer's other work changed too. (a) takes that for the programs' doing. (c): ratios of neighbours are
# quite steady.
# </details>

# %% [markdown]
# ## Sources
#
# - S. Williams, A. Waterman, D. Patterson. Roofline: an insightful visual performance model for multicore
#   architectures. *Communications of the ACM* 52(4), 2009.
#   [doi:10.1145/1498765.1498785](https://doi.org/10.1145/1498765.1498785). The maximum of section 3.
# - M. Abadi and others. TensorFlow: a system for large-scale machine learning. *OSDI*, 2016.
#   [arXiv 1605.08695](https://arxiv.org/abs/1605.08695). Graphs, and why.
# - oneDNN documentation, [understanding memory
#   formats](https://oneapi-src.github.io/oneDNN/v1.3/dev_guide_understanding_memory_formats.html): blocks of 8 or 16
#   channels.

# %% [markdown]
# ## Next
#
# [Lesson 14](14_breast_cancer_cnn.ipynb), the breast cancer system.
