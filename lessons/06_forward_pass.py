# %% [markdown]
# # Follow one picture through a network, to a number between 0 and 1
#
# A network shown a picture of cells ends in a number that looks like the probability of cancer. Here you compute that
# number yourself, layer by layer, and learn when it means something and when it means nothing.
#
# ## What you will do
# - Write a dense layer that notices weights lying the wrong way round (exercise 6.1).
# - Turn scores into shares that add up to 1, without overflow (exercise 6.2).
# - Show why a network may end in two outputs or in one (exercise 6.3).
# - Count a network's weights before you build it, and say where most of them are (exercise 6.4).
# - Put the layers together and agree with Keras (exercise 6.5).
#
# **What you need.** Python, NumPy, [lesson 04](04_convolution.ipynb); of [lesson 05](05_pooling.ipynb) only this: *max
# pooling* keeps the largest number of each 2 x 2 square. And $e^x$, the exponential function.
#
# **How long.** About 110 minutes. A good place for a pause is after section 4. To predict honestly, hide the stored
# answers first: **Edit > Clear Outputs of All Cells**.
#
# **What this is not.** No network on this page has been trained. Whatever it says about a cell is meaningless, and
# section 7 shows how meaningless. The cells are *drawn from measurements, not photographs*.

# %% [markdown]
# ## 1. Weigh the evidence
#
# A patient, described by three numbers: how far her nuclei lie above the average in size, in texture and in dents, in
# standard deviations (negative: below).

# %%
import numpy as np

patient = np.array([1.5, -0.5, 2.0])
weights = np.array([[2, 0],
                    [1, -3],
                    [-1, 1]])
bias = np.array([0.5, -1])

# %% [markdown]
# A *neuron* has one weight for each number and one number more, its *bias*. It multiplies, adds up, and adds the bias.
# The weights of neuron 0 stand in the first column: 2, 1, -1.
#
# $$1.5 \cdot 2 + (-0.5) \cdot 1 + 2.0 \cdot (-1) + 0.5 = 1$$
#
# **Work out neuron 1 on paper** (weights 0, -3, 1, bias -1). Then run the loop.

# %%
for j in range(2):
    total = bias[j]
    for i in range(3):
        total += patient[i] * weights[i, j]
    print("neuron", j, "answers", total)

# %% [markdown]
# It is the kernel of lesson 04 again, laid on everything at once. Neurons side by side that all look at the same
# numbers are a *dense layer*. With $m$ inputs and $k$ neurons,
#
# $$y_j = \sum_{i=0}^{m-1} x_i \, W_{ij} + b_j$$
#
# $x$ has shape $(m)$, the weights $W$ have shape $(m, k)$, the biases $b$ and the answers $y$ have shape $(k)$.
# $W_{ij}$ leads **from input $i$ to neuron $j$**. As a matrix product this is $y = xW + b$:

# %%
print(patient @ weights + bias)

# %% [markdown]
# **Break it on purpose: turn the weights.** Many books write $y = Wx + b$ with $W$ the other way round, $(k, m)$, and
# PyTorch, a library like Keras, stores its weights like that. **Predict** what turned weights give here, and what they
# give in a layer with as many neurons as inputs.

# %%
try:
    print(patient @ weights.T + bias)
except ValueError as error:
    print("3 inputs, 2 neurons:", str(error)[:45], "...")
square = np.array([[1, 2, 0], [0, 1, 0], [3, 0, 1]])
print("3 inputs, 3 neurons:", patient @ square, "or, turned,", patient @ square.T)

# %% [markdown]
# NumPy refuses the first: the sizes do not meet. The second has the right shape and wrong numbers, and no error. A
# layer with as many neurons as inputs is common, so check turned weights with a layer that is *not* square.
#
# **Break it, second way: a bias that lies wrong.** One patient, four neurons, and the four biases in a column.

# %%
column = np.array([[0.1], [0.2], [0.3], [0.4]])
print((np.ones((1, 3)) @ np.ones((3, 4)) + column).shape)

# %% [markdown]
# One patient went in, four rows came out: NumPy stretched both to fit (*broadcasting*). From now on every row counts
# as a patient.
#
# ### Exercise 6.1 - a dense layer for many patients
#
# A network gets a *batch*: $n$ patients, one to a row, shape $(n, m)$. The answers have shape $(n, k)$. Refuse with a
# `ValueError` what does not fit, weights and bias alike. Later the rows will be pixels, which may come as `uint8`:
# floats first, as in lesson 04.

# %%
# Exercise 6.1 - a dense layer
from course.checks import check


def dense(x, weights, bias):
    """Return the answers, float (n, k), to rows x (n, m): weights (m, k), bias (k,).

    Raise ValueError if weights or bias do not fit.
    """
    ### BEGIN SOLUTION
    if weights.shape[0] != x.shape[1] or bias.shape != (weights.shape[1],):
        raise ValueError(f"x {x.shape}, weights {weights.shape} and bias {bias.shape} do not fit together")
    return x.astype(float) @ weights + bias
    ### END SOLUTION

check("6.1", dense)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# One row was `patient @ weights + bias`. What does `@` do with several rows, and to which axis does NumPy add the bias?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The same formula does all rows at once. What is left is to compare `x.shape[1]` with `weights.shape[0]`, and
# `bias.shape` with one number for each neuron.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `if ... or bias.shape != (weights.shape[1],): raise ValueError(...)`, then one line with `@`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `dense(patient[None], weights, bias)` is the row 1.0, 2.5, with shape (1, 2).
# </details>

# %% [markdown]
# ## 2. Put a bend between two layers
#
# One layer is a weighted sum. Do two of them, one behind the other, see more? Let a second layer with weights 1 and 2
# and bias -3 read the answers 1 and 2.5: $1 \cdot 1 + 2.5 \cdot 2 - 3 = 3$.

# %%
second, second_bias = np.array([[1], [2]]), np.array([-3])
print("two layers:", (patient @ weights + bias) @ second + second_bias)

# %% [markdown]
# Now multiply the two tables of weights first. The first number of the new table is $2 \cdot 1 + 0 \cdot 2 = 2$.
# **Work out the other two**, and the new bias.

# %%
together = weights @ second
together_bias = bias @ second + second_bias
print("weights", together.ravel(), "bias", together_bias)
print("one layer:", patient @ together + together_bias)

# %% [markdown]
# The same answer, for this patient and for all others. On paper, with the first layer's weights $A$ and biases $a$ and
# the second's $B$ and $b$:
#
# $$(xA + a)\,B + b = x\,(AB) + (aB + b)$$
#
# The right side is one dense layer. **Predict:** how many layers are ten of them worth?

# %%
rng = np.random.default_rng(6)
ten = [(rng.normal(size=(8, 8)) / 3, rng.normal(size=8)) for _ in range(10)]
x = rng.normal(size=(5, 8))
deep, one, one_bias = x, np.eye(8), np.zeros(8)
for W, b in ten:
    deep = deep @ W + b
    one, one_bias = one @ W, one_bias @ W + b
print("ten layers and one agree:", np.allclose(deep, x @ one + one_bias))

# %% [markdown]
# Ten times the weights, and not one answer more. And one layer cannot do much. Take a blood value that is alarming when
# it is far too high *or* far too low. A weighted sum $f(x) = wx + b$ is a straight line, so in the middle it is the
# mean of both ends, $f(0) = (f(-2) + f(2)) / 2$: if it is high at both ends, it is high in the middle too.
#
# What is missing is a bend. The *rectified linear unit*, ReLU, keeps what is positive and makes the rest 0:
# $\mathrm{ReLU}(x) = \max(x, 0)$. Two neurons with a bend, $\mathrm{ReLU}(x - 1)$ and $\mathrm{ReLU}(-x - 1)$, and
# their sum. **Predict the five numbers**, with and without the bend.

# %%
from course.nn import relu

values = np.array([-3, -2, 0, 2, 3])
print("values         ", values)
print("without a bend:", (values - 1) + (-values - 1))
print("with ReLU:     ", relu(values - 1) + relu(-values - 1))

# %% [markdown]
# Without the bend the two cancel out. With it, the network says: fine in the middle, alarming on both sides. Such a
# bend between layers is called the *activation*, and it is what makes a second layer worth having.
#
# An older activation is the *sigmoid*, which squeezes any number between 0 and 1:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# By hand: $\sigma(0) = 1 / (1 + 1) = 0.5$, and with $e^{-2} \approx 0.135$, $\sigma(2) \approx 1 / 1.135 \approx 0.88$.
# **Predict $\sigma(-2)$.**

# %%
from course.nn import sigmoid

print(sigmoid(np.array([-2.0, 0.0, 2.0, 10.0])).round(3))

# %% [markdown]
# $\sigma(-x) = 1 - \sigma(x)$: what one side gains, the other loses. Written as it stands, the formula takes
# $e^{800}$ when $x = -800$:

# %%
with np.errstate(over="raise"):
    try:
        1 / (1 + np.exp(-np.array([-800.0])))
    except FloatingPointError as error:
        print(error)
print("the course's sigmoid(-800):", sigmoid(np.array([-800.0])))

# %% [markdown]
# Computers' numbers end near $10^{308}$ (`float64`); beyond lies `inf`. The course's version takes $e^x / (1 + e^x)$
# where $x$ is negative, which is equal, and raises $e$ to negative powers only.
#
# Back to the two neurons, now twice as steep, $2(x - 1)$ and $2(-x - 1)$: without a bend, and with each of the two.

# %%
from course.widgets.lesson_06 import three_bends

three_bends()

# %% [markdown]
# *Figure: three diagrams of two neurons, twice as steep as above, and their sum, a broad grey line, against a
# measurement from -4 to 4. Without activation the neurons are two straight lines that cross, and the sum is a flat
# line. With ReLU the sum is a trough: 0 between -1 and 1, rising steadily on both sides. With the sigmoid the sum is a
# smooth valley between two plateaus near 1.*
#
# ### Experiment: what can two neurons say?
#
# Neuron 1 gets `steepness` times (measurement - `threshold`), neuron 2 `steepness` times (-measurement - `threshold`).
# The next layer adds the first and `second` times the second.

# %%
from ipywidgets import FloatSlider, IntSlider, SelectionSlider

from course.widgets.lesson_06 import ACTIVATIONS, bend_picture
from course.widgets.panel import Panel

Panel(bend_picture, "Dashed and dotted: two neurons. Broad and grey: what the next layer makes of them.",
      activation=list(ACTIVATIONS), steepness=FloatSlider(2, min=0.5, max=4, step=0.5),
      threshold=FloatSlider(1, min=0, max=3, step=0.5), second=FloatSlider(1, min=-1, max=1, step=0.25))

# %% [markdown]
# **Try.**
# 1. With activation "none", move everything. Does the broad line ever bend?
# 2. With "ReLU" and `second` 1, make the trough wider; then set `second` to -1.
#
# **Question.** Set `second` to 0.5. With which activation does the answer level off far out, on both sides?
# <details><summary>Answer</summary>
#
# With the sigmoid: far out it is *saturated*, and a larger measurement changes next to nothing. ReLU goes on rising.
# Saturation is comfortable when reading an answer, and a nuisance in the middle of a network: where nothing changes,
# nothing can be learnt ([lesson 07](07_backpropagation.ipynb)). That is one reason why ReLU took over inside
# networks. (On the tries: "none" never bends, since two straight lines add up to a straight line. With `second` -1
# ReLU gives a rise, a flat piece and a rise: below 0 on the left, 0 in the middle, above 0 on the right.)
# </details>

# %% [markdown]
# ## 3. Turn scores into shares
#
# The last layer of a network often has one neuron for each class. Its answers are called *scores* (or *logits*): any
# numbers, the larger the more likely. To make shares of them that are positive and add up to 1, take $e$ to the power
# of each, and divide by the sum. For $k$ scores $z$ this is *softmax*:
#
# $$p_j = \frac{e^{z_j}}{\sum_{l=0}^{k-1} e^{z_l}}$$
#
# Three findings, benign, atypical and malignant, with scores 2, 1 and 0: the powers are about 7.39, 2.72 and 1, their
# sum 11.11. **Work out the three shares.**

# %%
scores = np.array([2.0, 1.0, 0.0])
powers = np.exp(scores)
print("powers", powers.round(2), " sum", powers.sum().round(2), " shares", (powers / powers.sum()).round(2))

# %% [markdown]
# A score that is one point higher gets $e \approx 2.72$ times the share: only *differences* between scores count. Lower
# all three by 2, to 0, -1, -2. Every power shrinks by the same factor $e^2$, above and below the line, and it cancels:

# %%
lowered = np.exp(scores - 2)
print("powers", lowered.round(3), " sum", lowered.sum().round(3), " shares", (lowered / lowered.sum()).round(2))

# %% [markdown]
# That looks like a curiosity, and it is about to save us. **Break it on purpose.** A network that is very sure gives
# scores such as 800 and 790. **Predict the shares:** which finding gets nearly everything?

# %%
with np.errstate(all="ignore"):
    sure = np.exp(np.array([800.0, 790.0, 0.0]))
    print("powers", sure, " shares", sure / sure.sum())
    print("the first whole number too large for float32:",
          next(n for n in range(1000) if np.isinf(np.exp(np.float32(n)))))

# %% [markdown]
# `inf / inf` is `nan`, "not a number", and every later calculation with it is `nan` too. In `float32`, in which most
# networks compute, it takes a score of only 89.
#
# ### Exercise 6.2 - a softmax that does not overflow
#
# Scores of a whole batch, one row a picture, shape $(n, k)$; one column a class. You may lower a row by any number.
# Which one is safe for every row? (Sums along an axis keep it, with length 1, if you ask for `keepdims=True`.)

# %%
# Exercise 6.2 - stable softmax of every row
def my_softmax(scores):
    """Return the shares (n, k) of scores (n, k): each row is positive and adds up to 1."""
    ### BEGIN SOLUTION
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION

check("6.2", my_softmax)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# $e^z$ overflows when $z$ is large and positive, and goes quietly to 0 when it is far below 0. What is the largest
# number you may leave in a row, so that no power exceeds 1?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Lower each row by its own largest score. That one becomes 0, its power 1, so the sum is at least 1.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `powers = np.exp(scores - scores.max(axis=..., keepdims=True))`, then divide by the sum along the same axis.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# For scores 800, 790, 0 the largest share is 0.99995.
# </details>
#
# **Break it, second way: the wrong axis.** Here is one patient, first beside one stranger, then beside another.
# `axis=0` runs down the column. **Predict** what the patient's shares depend on.

# %%
from course.nn import softmax

for stranger in ([0.0, 0.0], [5.0, 0.0]):
    batch = np.array([[2.0, 1.0], stranger])
    print("right", softmax(batch, axis=1)[0].round(2), " wrong axis", softmax(batch, axis=0)[0].round(2))

# %% [markdown]
# With the wrong axis a patient's result changes with *who else is in the batch*, and alone she would get the share 1
# for every class. No error is raised, and each number lies between 0 and 1. Test it: the rows must add up to 1.
#
# **How sure is sure?** Divide all scores by a number $T > 0$ before softmax, the *temperature*:
# $p = \mathrm{softmax}(z / T)$. A low temperature pulls the scores apart, a high one pushes them together.

# %%
from course.widgets.lesson_04 import stacked
from course.widgets.lesson_06 import shares_picture

stacked([shares_picture(1, 2, -1, temperature) for temperature in (0.25, 1, 4)])

# %% [markdown]
# *Figure: three times three bars; on the left always the same scores, benign 1, atypical 2, malignant -1; on the right
# the shares. At temperature 0.25 atypical has 0.982 of the whole; at 1 it has 0.705 and benign 0.259; at 4 the three
# come close: 0.346, 0.444 and 0.210.*
#
# ### Experiment: how sure does it look?

# %%
Panel(shares_picture, "Left: three scores. Right: the shares that softmax makes of them.",
      benign=FloatSlider(1, min=-5, max=5, step=0.5), atypical=FloatSlider(2, min=-5, max=5, step=0.5),
      malignant=FloatSlider(-1, min=-5, max=5, step=0.5),
      temperature=SelectionSlider(value=1, options=[0.1, 0.25, 0.5, 1, 2, 4, 10]))

# %% [markdown]
# **Try.**
# 1. Leave the scores as they are and move the temperature from end to end.
# 2. Note the shares, then raise all three scores by 2. What changes?
#
# **Question.** Can the temperature change which finding wins?
# <details><summary>Answer</summary>
#
# No. Division by a positive number keeps the order, and softmax keeps it too. What changes is how *sure* the answer
# looks, from nearly certain to nearly a draw, with the same evidence. So "0.98" is no measurement of certainty in
# itself: it depends on the scale of the last weights. Whether of all answers "0.98" really 98 in 100 are right must be
# tested on patients; that is *calibration* (lesson 16, planned). (Raising all scores alike changes nothing.)
# </details>

# %% [markdown]
# ## 4. End in two outputs, or in one
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
# ## 5. Count the weights
#
# What does a network hold? A small one first: a grey picture of 10 x 10, a convolution with two 3 x 3 kernels, max
# pooling 2 x 2, all numbers in one row (*Flatten*), a dense layer with 3 neurons, one with 1.
#
# - Each kernel has $3 \cdot 3 \cdot 1$ weights and a bias: $2 \cdot (9 + 1) = 20$.
# - The maps are 8 x 8 (lesson 04: $10 - 3 + 1$), pooled 4 x 4; pooling has no weights. Two maps: 32 numbers.
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
# Millions of weights and a few hundred patients: such a table can learn its pictures by heart. Remember it when lesson
# 14 replaces *all* places of each map by two numbers, their mean and their maximum.

# %% [markdown]
# ## 6. Send one picture through
#
# All parts are there. What passes from layer to layer is an array with a few axes, which libraries call a *tensor*; let
# us look at every one. One nucleus, 48 x 48 x 3, values from 0 to 1. To see something, we choose the four kernels: the
# two edges of lesson 04 on all colours, "how dark", and "blue less red".

# %%
from course.data.cytology import draw

nucleus = draw(186)[82:130, 51:99] / 255
edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 3
kernel = np.zeros((3, 3, 3, 4))
kernel[..., 0], kernel[..., 1] = edge[..., None], edge.T[..., None]
kernel[1, 1, :, 2] = -1, -1, -1
kernel[1, 1, :, 3] = -1, 0, 1
kernel_bias = np.array([0, 0, 1.5, 0])

# %% [markdown]
# `edge[..., None]` lays the same nine numbers on red, green and blue; divided by 3 they give the mean of the three
# edges. `kernel[1, 1, :, 2]` is the middle pixel of kernel 2, all colours: "how dark" adds up minus red, minus green,
# minus blue and 1.5, which is above 0 only where the pixel is dark. The library wants a batch: `nucleus[None]` has
# shape (1, 48, 48, 3).

# %%
from course.nn import conv2d, max_pool2d
from course.plots import show_pictures

maps = conv2d(nucleus[None], kernel, kernel_bias)
print("maps", maps.shape, " from", maps.min().round(1), "to", maps.max().round(1))
titles = ["left to right", "top to bottom", "how dark", "blue less red"]
show_pictures([nucleus, *np.moveaxis(maps[0], -1, 0)], titles=["nucleus", *titles], columns=5)

# %% [markdown]
# *Figure: a dark violet nucleus in pink, with parts of others at the margin, and four grey maps, each drawn from its
# smallest number, black, to its largest, white. The two edge maps show the nucleus in relief: its right and its lower
# outline white, the opposite ones black (large numbers are light here; where they were stain, in lesson 04, black and
# white were reversed). In "how dark" and "blue less red" the nuclei are light on dark ground.*
#
# **Predict** what ReLU does to each map, and which of them it changes most. Then pooling: how large will the maps be?

# %%
bent = relu(maps)
pooled = max_pool2d(bent)
print("zeros in each map:", (bent[0] == 0).mean(axis=(0, 1)).round(1), " pooled", pooled.shape)
show_pictures([*np.moveaxis(bent[0], -1, 0), *np.moveaxis(pooled[0], -1, 0)],
              titles=[*titles, *[f"{title}, pooled" for title in titles]], columns=4, size=2.2)

# %% [markdown]
# *Figure: two rows of four maps. Above, after ReLU: of the edges only the outlines on one side are left on black; "how
# dark" shows the nuclei light on pure black. Below, the same maps pooled, with half as many pixels a side: coarser, and
# the outlines thicker.*
#
# An edge that goes the other way is gone: a network that needs it must have a kernel for it. "How dark" has become a
# rough segmentation: ground and cytoplasm fell below 0. Now everything in one row, and two neurons, number 0 for benign
# and number 1 for malignant. Their weights are random numbers, since nobody has trained them.

# %%
flat = pooled.reshape(len(pooled), -1)
rng = np.random.default_rng(13)
last, last_bias = rng.normal(scale=0.05, size=(flat.shape[1], 2)), np.zeros(2)
scores = flat @ last + last_bias
shares = softmax(scores)
print("flat", flat.shape, " scores", scores.round(2), " shares", shares.round(2))
print("the first four numbers are the four channels of one place:", np.array_equal(flat[0, :4], pooled[0, 0, 0]))

# %% [markdown]
# `reshape(n, -1)` runs along the channels of the first place, then those of the second: place after place, not map
# after map. Weights made for one order are nonsense in the other. The whole way in one drawing:

# %%
from course.widgets.lesson_06 import pass_picture

stacked([pass_picture(nucleus, maps[0], bent[0], pooled[0], scores[0], shares[0])])

# %% [markdown]
# *Figure: the pass from left to right. The picture, 48 x 48 x 3; four maps, 46 x 46; the same after ReLU, where nothing
# is darker than the mid-grey that stands for 0; the same pooled, 23 x 23; the 2,116 numbers of Flatten, folded into one
# line for each row of places, a nucleus seen through a picket fence; two bars for the scores; two for the shares.*
#
# ### Exercise 6.5 - the whole pass
#
# Write it for a batch, for any sizes. `conv2d`, `relu`, `max_pool2d` and `softmax` of the course are yours to use.

# %%
# Exercise 6.5 - conv -> ReLU -> max pooling 2 x 2 -> flatten -> dense -> softmax
def forward(x, kernel, kernel_bias, weights, bias):
    """Return the shares (n, k) for pictures x (n, h, w, c).

    kernel (kh, kw, c, d), kernel_bias (d,); weights (m, k), bias (k,), m numbers after flatten.
    """
    ### BEGIN SOLUTION
    maps = relu(conv2d(x, kernel, kernel_bias))
    flat = max_pool2d(maps).reshape(len(x), -1)
    return softmax(flat @ weights + bias)
    ### END SOLUTION

check("6.5", forward)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which of the steps above used a fixed number or a `[0]` that a batch of another size would not bear?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Every function of the course already takes a batch. Only Flatten is yours: one row a picture.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `maps = ...`, then `flat = max_pool2d(maps).reshape(len(x), -1)`, then one line with `@` and `softmax`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# `forward(nucleus[None], kernel, kernel_bias, last, last_bias)` gives the shares printed above.
# </details>
#
# **Compare with the library.** First the activations alone, extremes included. **Predict** how far `float32` may differ
# (lesson 04).

# %%
from course.quiet_tensorflow import keras

z = np.array([[-800, -20, -1, 0, 1, 20, 800], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]], dtype=np.float32)
for ours, theirs in [(relu, keras.ops.relu), (sigmoid, keras.ops.sigmoid), (softmax, keras.ops.softmax)]:
    assert np.abs(ours(z) - keras.ops.convert_to_numpy(theirs(z))).max() <= 1e-5
    print(ours.__name__, "within 1e-5 of Keras")

# %% [markdown]
# Then the whole network: the same layers in Keras, given the course's weights. Random pictures of several sizes, and
# the nucleus.

# %%
def in_keras(shape, kernels, classes):
    layers = keras.layers
    return keras.Sequential([keras.Input(shape), layers.Conv2D(kernels, 3, activation="relu"), layers.MaxPooling2D(2),
                             layers.Flatten(), layers.Dense(classes, activation="softmax")])

def in_numpy(kernels, classes, seed=0):
    return Sequential([Conv2D(kernels, 3, activation="relu"), MaxPooling2D(2), Flatten(),
                       Dense(classes, activation="softmax")], seed=seed)

# %% [markdown]
# Both are made of the same layers; `get_weights` and `set_weights` carry the numbers across.

# %%
for shape, kernels, classes in [((48, 48, 3), 4, 2), ((9, 8, 1), 3, 2), ((13, 10, 3), 2, 3)]:
    x = np.random.default_rng(0).random((5, *shape), dtype=np.float32)
    if shape == nucleus.shape:
        x[0] = nucleus
    ours, theirs = in_numpy(kernels, classes), in_keras(shape, kernels, classes)
    answers = ours.predict(x)
    theirs.set_weights(ours.get_weights())
    assert np.abs(answers - theirs.predict(x, verbose=0)).max() <= 1e-5
    print(shape, "-> within 1e-5 of Keras; rows add up to 1:", np.allclose(answers.sum(axis=1), 1))

# %% [markdown]
# A network is no more than this: sums of products, a bend, a maximum, sums of products, shares. Nothing in the drawing
# above is hidden in a library any more.

# %% [markdown]
# ## 7. Ask an untrained network, and learn not to believe it
#
# Networks start with random weights. Here are twenty untrained networks; they differ in their *seed*, the number that
# starts the random generator, and in nothing else. All are shown the same two nuclei, one malignant, one benign.
# **Predict** the probability of malignant that each will name.

# %%
benign_nucleus = draw(149)[73:121, 46:94] / 255
nuclei = np.array([nucleus, benign_nucleus])
opinions = np.array([in_numpy(4, 2, seed).predict(nuclei)[:, 1] for seed in range(20)])
print(f"malignant nucleus: from {opinions[:, 0].min():.2f} to {opinions[:, 0].max():.2f}")
print(f"benign nucleus:    from {opinions[:, 1].min():.2f} to {opinions[:, 1].max():.2f}")
higher, lower = np.sum(opinions[:, 0] > opinions[:, 1]), np.sum(opinions[:, 0] < opinions[:, 1])
print(f"the malignant one is rated higher by {higher}, lower by {lower}, alike by {20 - higher - lower}")

# %% [markdown]
# Whatever you like. The number between 0 and 1 depends on the seed; the nucleus hardly matters. softmax makes shares of
# *any* scores, sense or nonsense, so the form of the answer proves nothing.
#
# Perhaps one of them is good by luck? Take 72 patients, and count for each network how often, of a patient with a
# malignant and one with a benign tumour, the first gets the higher number; `auc` does this counting ("area under a
# curve"; lesson 16, planned, explains the name). Coins get 0.5 on average. **Predict** how far the best and the worst
# of twenty lie from it, networks and coins.

# %%
from course.data.cytology import table
from course.evaluation.metrics import auc

some = range(0, 569, 8)
labels = table()[1][some]
fields = np.array([draw(case) for case in some], dtype=np.float32) / 255
in_order = [auc(labels, in_numpy(4, 2, seed).predict(fields)[:, 1]) for seed in range(20)]
print(f"right order: worst network {min(in_order):.2f}, best {max(in_order):.2f}, mean {np.mean(in_order):.2f}")
coins = [auc(labels, np.random.default_rng(seed).random(72)) for seed in range(20)]
print(f"twenty coins: worst {min(coins):.2f}, best {max(coins):.2f}")
print(f"mean darkness of the picture: {auc(labels, -fields.mean(axis=(1, 2, 3))):.2f}")

# %% [markdown]
# On average they are coins. Yet the best of twenty looks as if it knew something, and the worst as if it knew the
# opposite. Much of that is chance: twenty coins reach nearly as far. Some of it stands in the last line:
# malignant pictures here are a little darker, and many a random sum leans towards dark or towards light. Whoever tries
# twenty seeds and reports the best has found a seed, not a diagnosis.
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
def untrained(picture, seed):
    """Return every tensor of an untrained network's pass, as pass_picture draws them."""
    network = in_numpy(4, 2, seed)
    shares = network.predict(picture[None])[0]
    kernel, kernel_bias, weights, bias = network.get_weights()
    maps = conv2d(picture[None], kernel, kernel_bias)
    pooled = max_pool2d(relu(maps))
    return picture, maps[0], relu(maps)[0], pooled[0], (pooled.reshape(1, -1) @ weights + bias)[0], shares

stacked([pass_picture(*untrained(nucleus, seed), times=1, name=f"seed {seed}") for seed in (13, 9, 16)])

# %% [markdown]
# *Figure: the pass of the same nucleus through three untrained networks, seeds 13, 9 and 16 from top to bottom. The
# first gives malignant a share of about a tenth, the third of about nine tenths. In the second all four maps lie below
# 0; after ReLU they are an even grey, nothing but zeros, both scores are 0 and both shares one half.*
#
# ### Experiment: can you make it say what you want?

# %%
pictures = {"malignant": nucleus, "benign": benign_nucleus, "white": np.ones((48, 48, 3)),
            "noise": np.random.default_rng(7).random((48, 48, 3))}

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
#
# What is missing is learning: the weights must be turned until the answers fit the patients. That is [lesson
# 07](07_backpropagation.ipynb) and [lesson 08](08_training_by_hand.ipynb).

# %% [markdown]
# ## Traps
#
# - **Turned weights.** *Symptom*: an error in one layer, and in a square layer wrong numbers without any. *Cure*: say
#   "from input $i$ to neuron $j$"; compare shapes; transpose when weights come from PyTorch.
# - **The stretched bias.** *Symptom*: more rows come out than patients went in. *Cure*: compare the bias's shape with
#   one number for each neuron.
# - **The forgotten bend.** *Symptom*: more layers, no better. *Cure*: an activation between any two layers with
#   weights.
# - **Overflow in exp.** *Symptom*: `nan`, usually after a while, and from then on everywhere. *Cure*: lower each row by
#   its largest score.
# - **The wrong axis.** *Symptom*: a patient's probability changes with the batch; alone she gets 1. *Cure*: the rows of
#   a batch add up to 1: test it.
# - **softmax over one output.** *Symptom*: every patient gets exactly 1. *Cure*: one output takes a sigmoid; softmax
#   needs two or more.
# - **Another order in Flatten.** *Symptom*: right shapes, wrong answers, after weights were carried to another library.
#   *Cure*: place after place with the channels together, as here and in Keras; PyTorch goes map after map.
# - **A probability by its looks.** *Symptom*: 0.97 is believed because it is called probability. *Cure*: ask how the
#   network was trained and on whom it was tested.

# %% [markdown]
# ## Recap
#
# A dense layer is $xW + b$, a weighted sum for each neuron; without a bend between them, any number of such layers is
# one. softmax makes shares of scores, safely if each row is lowered by its largest, and for two classes it is the
# sigmoid of their difference. In the classic network nearly all weights lie between Flatten and the first dense layer.
# A whole pass is convolution, ReLU, pooling, dense and softmax, and ours agrees with Keras. Its answer has the form of
# a probability from the first moment, and means something only after training and testing.

# %% [markdown]
# ## Quiz
#
# **1. Shapes.** A batch of 20 rows with 6 numbers meets a dense layer of 4 neurons. The shape of the weights?
#
# - (a) (6, 4)
# - (b) (4, 6)
# - (c) (20, 4)
#
# <details><summary>Answer</summary>
#
# (a): from each of 6 inputs to each of 4 neurons. (b) is the other convention, and stops with an error here. (c) is the
# shape of the answers: the weights do not depend on how many patients there are.
# </details>
#
# **2. Layers.** Five dense layers without activation are replaced by one. What is lost?
#
# - (a) precision
# - (b) nothing
# - (c) the ability to bend
#
# <details><summary>Answer</summary>
#
# (b). The product of the five tables gives the same answers, up to rounding. (c) was never there: a straight line of a
# straight line is straight. (a) sounds reasonable, but fewer sums mean less rounding, if anything.
# </details>
#
# **3. Scores.** Every score of a picture rises by 10. Its softmax
#
# - (a) stays as it is.
# - (b) gets surer.
# - (c) overflows.
#
# <details><summary>Answer</summary>
#
# (a). Only differences count. (b) would be true if the scores were *multiplied*. (c) is true of a careless softmax and
# scores that were near the limit before.
# </details>
#
# **4. Weights.** Pictures of twice the side go into the same network, trained anew. What grows?
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
# **5. Meaning.** An untrained network says 0.93 malignant. What do you know?
#
# - (a) The picture is probably malignant.
# - (b) The network is badly made.
# - (c) How large two random sums happened to be.
#
# <details><summary>Answer</summary>
#
# (c). Another seed, another number. (a) confuses the form of the answer with its content. (b) does not follow: every
# network, good or bad, starts like this.
# </details>

# %% [markdown]
# ## Sources
#
# - J. S. Bridle. Probabilistic interpretation of feedforward classification network outputs, with relationships to
#   statistical pattern recognition. *Neurocomputing*, NATO ASI Series F 68, Springer, 1990.
#   [doi:10.1007/978-3-642-76153-9_28](https://doi.org/10.1007/978-3-642-76153-9_28). Softmax gets its name.
# - P. Blanchard, D. J. Higham, N. J. Higham. Accurately computing the log-sum-exp and softmax functions. *IMA Journal
#   of Numerical Analysis* 41(4), 2021. [doi:10.1093/imanum/draa038](https://doi.org/10.1093/imanum/draa038). Why the
#   largest is the right one to take away.
# - V. Nair, G. E. Hinton. Rectified linear units improve restricted Boltzmann machines. *Twenty-seventh International
#   Conference on Machine Learning*, 2010. ReLU, in the networks of today.
# - X. Glorot, Y. Bengio. Understanding the difficulty of training deep feedforward neural networks. *AISTATS*, 2010.
#   The random weights with which our networks, and Keras's, start.
# - C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger. On calibration of modern neural networks. *ICML*, 2017.
#   [arXiv 1706.04599](https://arxiv.org/abs/1706.04599). The temperature, put to use.

# %% [markdown]
# ## Next
#
# [Lesson 07](07_backpropagation.ipynb) goes the same way backwards, from the answer to every weight. Then
# [lesson 08](08_training_by_hand.ipynb) turns the weights. [Lesson 14, the breast cancer
# system](14_breast_cancer_cnn.ipynb), is the network whose weights you counted.
