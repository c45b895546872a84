# %% [markdown]
# # Count a network's weights, compare it with Keras, and doubt it
#
# A probability of cancer depends on where a network ends, on millions of weights, and on a seed. Here you take hold of
# all three.
#
# ## What you will do
# - Show why a network may end in two outputs or in one (exercise 6.3).
# - Count a network's weights before you build it, and say where most of them are (exercise 6.4).
# - Put the layers together and agree with Keras (exercise 6.5).
# - Ask untrained networks for a diagnosis, and say what their agreement is worth (quiz).
#
# **What you need.** [Lesson 06](06_forward_pass.ipynb).
#
# **How long.** About 75 minutes. A good place for a pause is after section 2.
#
# **What this is not.** No network on this page has been trained. Whatever it says about a cell is meaningless.

# %% [markdown]
# ## 1. End in two outputs, or in one
#
# Benign or malignant: two classes. Some networks end in two neurons and softmax, others, as in
# [lesson 14](14_breast_cancer_cnn.ipynb), in one neuron and a sigmoid. Which is right? Take the softmax of two scores,
# and divide above and below by $e^{z_1}$:
#
# $$p_1 = \frac{e^{z_1}}{e^{z_0} + e^{z_1}} = \frac{1}{e^{z_0 - z_1} + 1} = \sigma(z_1 - z_0)$$
#
# The softmax of two *is* the sigmoid of their difference. With the scores 0.5 and 2.5 the difference is 2, and
# $\sigma(2) \approx 0.88$ you know already. Paper may err, so try 1,000 pairs:

# %%
import numpy as np

from course.nn import sigmoid, softmax

pairs = np.random.default_rng(4).normal(scale=20, size=(1000, 2))
gap = np.abs(softmax(pairs)[:, 1] - sigmoid(pairs[:, 1] - pairs[:, 0])).max()
print("for 0.5 and 2.5:", softmax(np.array([0.5, 2.5]))[1].round(2))
print("1,000 pairs differ by less than 1e-12:", gap < 1e-12)

# %% [markdown]
# So the two endings can give the same probability, and the choice is largely a matter of habit. (With three or more
# classes, of which exactly one is true, it is softmax.) The one output belongs to class 1: whoever reads it as the
# probability of class 0 turns every diagnosis round.
#
# ### Exercise 6.3 - make one output of two
#
# Somebody hands you the last layer of a trained network: weights $(m, 2)$ and bias $(2)$, to be followed by softmax;
# class 0 is benign, class 1 malignant. Give the weights $(m, 1)$ and bias $(1)$ of a layer with one neuron, such that
# its sigmoid is the probability of malignant, for every input.

# %%
# Exercise 6.3 - from two outputs with softmax to one with sigmoid
from course.checks import check


def one_output(weights, bias):
    """Return (weights (m, 1), bias (1,)) from weights (m, 2) and bias (2,)."""
    ### BEGIN SOLUTION
    return weights[:, 1:] - weights[:, :1], bias[1:] - bias[:1]
    ### END SOLUTION

check("6.3", one_output)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# $z_1 - z_0$ is what the sigmoid needs. Write both scores as weighted sums of the same inputs. What stands before
# $x_i$?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# $z_1 - z_0 = \sum_i x_i (W_{i1} - W_{i0}) + (b_1 - b_0)$.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# A slice such as `weights[:, 1:]` keeps the axis, where `weights[:, 1]` drops it.
# </details>
#
# **Not the same: two sigmoids.** What if each of two outputs gets a sigmoid of its own? **Predict the sum.**

# %%
both = sigmoid(np.array([0.5, 2.5]))
print("two sigmoids", both.round(2), "add up to", both.sum().round(2))

# %% [markdown]
# Each now answers a question of its own, yes or no. That is right when several findings may be present together (a
# chest X-ray with fluid *and* a fracture), and wrong when exactly one is true.

# %% [markdown]
# ## 2. Count the weights
#
# What does a network hold? A small one first: a grey picture of 10 x 10, a convolution with two 3 x 3 kernels, max
# pooling 2 x 2, all numbers in one row (*Flatten*), a dense layer with 3 neurons, one with 1.
#
# - Each kernel has $3 \cdot 3 \cdot 1$ weights and a bias: $2 \cdot (9 + 1) = 20$.
# - The maps are 8 x 8 ($10 - 3 + 1$), pooled 4 x 4; pooling has no weights. Two maps: 32 numbers.
# - Dense: $32 \cdot 3$ weights and 3 biases, 99. The last neuron: $3 + 1 = 4$.
#
# 123 in all. Does the course's network agree?

# %%
from course.nn import Conv2D, Dense, Flatten, MaxPooling2D, Sequential

small = Sequential([Conv2D(2, 3, activation="relu"), MaxPooling2D(2), Flatten(),
                    Dense(3, activation="relu"), Dense(1, activation="sigmoid")])
small.build((None, 10, 10, 1))
small.summary()

# %% [markdown]
# ### Exercise 6.4 - count any network of blocks
#
# A picture of shape $(h, w, c)$; for each number in `filters` one block, a 3 x 3 convolution without padding and a
# 2 x 2 pooling that drops an odd last row or column; then Flatten, a dense layer of `hidden` neurons, and one neuron.

# %%
# Exercise 6.4 - the number of weights, biases included
from course.checks import check


def count_weights(shape, filters, hidden):
    """Return how many numbers the network learns. shape: (h, w, c); filters: kernels of each block."""
    ### BEGIN SOLUTION
    (h, w, c), total = shape, 0
    for d in filters:
        total += (9 * c + 1) * d
        h, w, c = (h - 2) // 2, (w - 2) // 2, d
    return total + (h * w * c + 1) * hidden + hidden + 1
    ### END SOLUTION

check("6.4", count_weights)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# After a block with $d$ kernels: what are the new height, width, and number of channels?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Go through the blocks with `h, w, c` in hand: add the block's weights, then replace the three.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for d in filters:` with `total += (9 * c + 1) * d` and `h, w, c = ..., ..., d`; after the loop two dense layers.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `count_weights((10, 10, 1), [2], 3)` is 123.
# </details>
#
# Now the classic network of [lesson 14](14_breast_cancer_cnn.ipynb): 150 x 150 x 3 in, blocks of 32, 64, 128 and 128
# kernels, 512 neurons, one. Sides by hand: $150 \to 148 \to 74 \to 72 \to 36 \to 34 \to 17 \to 15 \to 7$. Hence
#
# | layer | by hand |
# |---|---|
# | convolutions | $(27 + 1) \cdot 32$, $(288 + 1) \cdot 64$, $(576 + 1) \cdot 128$, $(1152 + 1) \cdot 128$ |
# | dense, 512 | $7 \cdot 7 \cdot 128 = 6272$ inputs, $(6272 + 1) \cdot 512$ |
# | dense, 1 | $512 + 1$ |
#
# **Which line is the largest?** Compare with Keras's own model.

# %%
from course.models.breast_cnn import classic

model = classic(seed=0)
by_hand = [28 * 32, 289 * 64, 577 * 128, 1153 * 128, 6273 * 512, 513]
by_keras = [layer.count_params() for layer in model.layers if layer.count_params()]
for ours, theirs in zip(by_hand, by_keras, strict=True):
    print(f"{ours:9,} {theirs:9,} {ours / sum(by_hand):6.1%}")
print(f"{sum(by_hand):9,} {model.count_params():9,}")

# %% [markdown]
# More than nine weights in ten sit in one table, between Flatten and the 512 neurons. The convolutions, which do the
# looking, are the small rest. That table joins each *place* of the last map to each neuron, so it grows with the
# picture, and the kernels do not:

# %%
for side in (150, 300, 600):
    n = side
    for _ in range(4):
        n = (n - 2) // 2
    print(f"picture {side} x {side}: last map {n:2} x {n:2}, dense table {(n * n * 128 + 1) * 512:12,}")

# %% [markdown]
# Millions of weights and a few hundred patients: such a table can learn its pictures by heart.

# %% [markdown]
# ## 3. Write the whole pass, and ask the library
#
# ### Exercise 6.5 - the whole pass, for any number of blocks
#
# The core page sent one picture through one convolution. Write it for a batch, and for any number of blocks, each a
# convolution, ReLU and max pooling 2 x 2. `conv2d`, `relu`, `max_pool2d` and `softmax` of the course are yours to use.

# %%
# Exercise 6.5 - blocks of conv -> ReLU -> max pooling 2 x 2, then flatten -> dense -> softmax
from course.checks import check
from course.nn import conv2d, max_pool2d, relu, softmax


def forward(x, blocks, weights, bias):
    """Return the shares (n, k) for pictures x (n, h, w, c).

    blocks: a list of pairs (kernel (kh, kw, c, d), kernel_bias (d,)); weights (m, k), bias (k,), m after flatten.
    """
    ### BEGIN SOLUTION
    for kernel, kernel_bias in blocks:
        x = max_pool2d(relu(conv2d(x, kernel, kernel_bias)))
    return softmax(x.reshape(len(x), -1) @ weights + bias)
    ### END SOLUTION

check("6.5", forward)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What does the second block read: the picture, or what the first block has made?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Every function of the course already takes a batch. One loop over the blocks, each of which replaces `x`; after it
# only
# Flatten is yours: one row a picture.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for kernel, kernel_bias in blocks:` with `x = max_pool2d(...)`, then one line with `reshape`, `@` and `softmax`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# Each row of the result adds up to 1, and one block gives the numbers of the core page.
# </details>
#
# **Compare with the library.** The same layers in Keras, given the course's weights, for random pictures of several
# sizes. **Predict** how far `float32` may differ.

# %%
from course.nn import Conv2D, Dense, Flatten, MaxPooling2D, Sequential
from course.quiet_tensorflow import keras


def in_keras(shape, kernels, classes):
    layers = keras.layers
    return keras.Sequential([keras.Input(shape), layers.Conv2D(kernels, 3, activation="relu"), layers.MaxPooling2D(2),
                             layers.Flatten(), layers.Dense(classes, activation="softmax")])

# %% [markdown]
# And in `course.nn`:

# %%
def in_numpy(kernels, classes, seed=0):
    return Sequential([Conv2D(kernels, 3, activation="relu"), MaxPooling2D(2), Flatten(),
                       Dense(classes, activation="softmax")], seed=seed)

# %% [markdown]
# Both are made of the same layers; `get_weights` and `set_weights` carry the numbers across.

# %%
for shape, kernels, classes in [((48, 48, 3), 4, 2), ((9, 8, 1), 3, 2), ((13, 10, 3), 2, 3)]:
    x = np.random.default_rng(0).random((5, *shape), dtype=np.float32)
    ours, theirs = in_numpy(kernels, classes), in_keras(shape, kernels, classes)
    answers = ours.predict(x)
    theirs.set_weights(ours.get_weights())
    assert np.abs(answers - theirs.predict(x, verbose=0)).max() <= 1e-5
    print(shape, "-> within 1e-5 of Keras; rows add up to 1:", np.allclose(answers.sum(axis=1), 1))

# %% [markdown]
# What you wrote is what the library does.
#
# ## 4. Ask an untrained network, and learn not to believe it
#
# Here are twenty untrained networks; they differ in their *seed*, the number that starts the random generator, and in
# nothing else. All are shown the same two nuclei, one malignant, one benign. **Predict** the probability of malignant
# that each will name.

# %%
from course.data.cytology import draw

nucleus = draw(186)[82:130, 51:99] / 255
benign_nucleus = draw(149)[73:121, 46:94] / 255
nuclei = np.array([nucleus, benign_nucleus])

# %% [markdown]
# The twenty answers:

# %%
opinions = np.array([in_numpy(4, 2, seed).predict(nuclei)[:, 1] for seed in range(20)])
print(f"malignant nucleus: from {opinions[:, 0].min():.2f} to {opinions[:, 0].max():.2f}")
print(f"benign nucleus:    from {opinions[:, 1].min():.2f} to {opinions[:, 1].max():.2f}")
higher, lower = np.sum(opinions[:, 0] > opinions[:, 1]), np.sum(opinions[:, 0] < opinions[:, 1])
print(f"the malignant one is rated higher by {higher}, lower by {lower}, alike by {20 - higher - lower}")

# %% [markdown]
# Whatever you like. The number between 0 and 1 depends on the seed; the nucleus hardly matters.
#
# Perhaps one of them is good by luck? Take 72 patients, and count for each network how often, of a patient with a
# malignant and one with a benign tumour, the first gets the higher number; `auc` does this counting ("area under a
# curve"). Coins get 0.5 on average. **Predict** how far the best and the worst of twenty lie from it, networks and
# coins.

# %%
from course.data.cytology import table
from course.evaluation.metrics import auc


def order_of(patients):
    """Return the AUC of each of the twenty networks on these patients, and that of mean darkness."""
    truth = table()[1][patients]
    fields = np.array([draw(case) for case in patients], dtype=np.float32) / 255
    networks = [auc(truth, in_numpy(4, 2, seed).predict(fields)[:, 1]) for seed in range(20)]
    return np.array(networks), auc(truth, -fields.mean(axis=(1, 2, 3)))

# %% [markdown]
# And twenty coins, each tossed for the same 72 patients:

# %%
some = list(range(0, 569, 8))
networks, darkness = order_of(some)
coins = [auc(table()[1][some], np.random.default_rng(seed).random(72)) for seed in range(20)]
for name, twenty in [("networks", networks), ("coins", coins)]:
    print(f"{name:8}: worst {min(twenty):.2f}, best {max(twenty):.2f}, standard deviation {np.std(twenty):.2f}")

# %% [markdown]
# On average both are at one half, and the networks spread more widely. Chance alone spreads like the coins; what goes
# beyond is something that a network has. Luck would not last. **Do the same networks lead on 71 other patients?**

# %%
others, _ = order_of(list(range(4, 569, 8)))
print(f"correlation of the networks' places on two sets of patients: {np.corrcoef(networks, others)[0, 1]:.2f}")
print(f"AUC of the mean darkness of a picture: {darkness:.2f}")

# %% [markdown]
# They largely do. A random sum leans towards something, and keeps leaning: in part it is dark or light, and malignant
# pictures here are a little darker. That is a property of the weights' signs, not of cells. Whoever tries twenty seeds
# and reports the best has found such a leaning, not a diagnosis; on pictures with another stain or lamp it is worth
# nothing, or the opposite.
#
# **Break it on purpose: forget to divide by 255.** The same networks get the same nucleus with values from 0 to 255.
# **Predict** how sure they are.

# %%
for name, factor in [("0 to 1  ", 1), ("0 to 255", 255)]:
    p = np.array([in_numpy(4, 2, seed).predict(factor * nuclei)[:, 1] for seed in range(20)])
    print(name, f"answers beyond 0.99 or below 0.01: {np.mean((p > 0.99) | (p < 0.01)):.0%} of 40")

# %% [markdown]
# All scores grew with the pixels, which works like a low temperature. The untrained network is now *certain*, and knows
# as little as before. Certainty costs nothing.

# %%
from course.widgets.lesson_04 import stacked
from course.widgets.lesson_06 import pass_picture, untrained

stacked([pass_picture(*untrained(nucleus, seed), times=1, name=f"seed {seed}") for seed in (13, 9, 16)])

# %% [markdown]
# *Figure: the pass of the same nucleus through three untrained networks, seeds 13, 9 and 16 from top to bottom. The
# first gives malignant a share of about a tenth, the third of about nine tenths. In the second all four maps lie below
# 0; after ReLU they are an even grey, nothing but zeros, both scores are 0 and both shares one half.*
#
# ### Experiment: can you make it say what you want?
#
# Four pictures, twenty seeds, and the brightest value of a picture:

# %%
from ipywidgets import IntSlider

from course.widgets.lesson_06 import four_pictures, pass_picture, untrained
from course.widgets.panel import Panel

pictures = four_pictures()

def ask(seed, picture, brightest):
    return pass_picture(*untrained(pictures[picture] * brightest, seed), white=brightest)

Panel(ask, "One pass through an untrained network, from picture to shares. Mid-grey in the maps is 0.",
      seed=IntSlider(0, 0, 19), picture=list(pictures), brightest=[1, 10, 255])

# %% [markdown]
# **Try.**
# 1. Find a network that gives the malignant nucleus a small probability of malignant, and one that gives it a large
#    one. Then show each of the two the white picture and the noise: do they change their mind?
# 2. Network 9 says 0.500 to both nuclei. Which column of the drawing tells you why?
# 3. Set `brightest` to 255 and look at the shares.
#
# **Question.** The white picture shows no cell at all. Why does the network not say "I do not know"?
# <details><summary>Answer</summary>
#
# It has no such output. Whatever comes in is multiplied and added up, and softmax shares out 1 among the classes
# offered. A trained network does the same with a picture of a cat, or of another organ: it cannot refuse. That a
# picture belongs to those it was made for has to be checked outside it. (On the tries: the networks of the figure, 13
# and 16, say 0.087 and 0.965 to white: surer than of the nucleus. With `brightest` 255 nearly all are certain, of noise
# too. Network 9 is *dead* for the two nuclei: all
# its maps lie below 0, ReLU makes them 0, and the biases, which start at 0, add nothing. Its 0.500 is not doubt but
# silence.)
# </details>

# %% [markdown]
# ## Traps
#
# - **softmax over one output.** *Symptom*: every patient gets exactly 1. *Cure*: one output takes a sigmoid; softmax
#   needs two or more.
# - **Another order in Flatten.** *Symptom*: right shapes, wrong answers, after weights were carried to another
#   library.
#   *Cure*: place after place with the channels together, as here and in Keras; PyTorch goes map after map.
# - **The lucky seed.** *Symptom*: the best of twenty untrained networks impresses, even on other patients. *Cure*:
#   compare with a plain measure such as darkness.

# %% [markdown]
# ## Recap
#
# For two classes softmax is the sigmoid of the difference of the scores. In the classic network nearly all weights
# lie between Flatten and the first dense layer. The whole pass in NumPy agrees with Keras. An untrained network
# answers every picture, leans towards something by chance, and is certain if its input is large.

# %% [markdown]
# ## Quiz
#
# **1. Weights.** Pictures of twice the side go into the same network, trained anew. What grows?
#
# - (a) every layer's weights
# - (b) the kernels
# - (c) the first dense layer
#
# <details><summary>Answer</summary>
#
# (c), by more than four times. (b) Kernels are the same size at every place, however many places there are. (a) also
# forgets the last neuron, which has one weight for each of the 512 before it, as ever.
# </details>
#
# **2. One output.** A network ends in one neuron and a sigmoid, trained with 1 for malignant. It says 0.2. The share
# of benign is
#
# - (a) 0.2
# - (b) 0.8
# - (c) unknown: benign has no neuron
#
# <details><summary>Answer</summary>
#
# (b). The one output belongs to class 1, and the other class gets the rest. (a) turns the diagnosis round. (c): two
# outputs with softmax would carry no more.
# </details>
#
# **3. The best seed.** The best of twenty untrained networks orders malignant before benign in 7 of 10 pairs, and
# nearly so on other patients. What has it found?
#
# - (a) nuclei
# - (b) a leaning, for instance towards darkness
# - (c) nothing; it is chance
#
# <details><summary>Answer</summary>
#
# (b). Chance alone (c) would not repeat on others. (a) would have to be learnt.
# </details>

# %% [markdown]
# ## Sources
#
# - X. Glorot, Y. Bengio. Understanding the difficulty of training deep feedforward neural networks. *AISTATS*, 2010.
#   The random weights with which our networks, and Keras's, start.
# - P. Blanchard, D. J. Higham, N. J. Higham. Accurately computing the log-sum-exp and softmax functions. *IMA Journal
#   of Numerical Analysis* 41(4), 2021. [doi:10.1093/imanum/draa038](https://doi.org/10.1093/imanum/draa038).

# %% [markdown]
# ## Next
#
# [Lesson 07](07_backpropagation.ipynb) goes the same way backwards, from the answer to every weight.
# [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), is the network whose weights you counted.
