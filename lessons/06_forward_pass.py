# %% [markdown]
# # Follow one picture through a network, to a number between 0 and 1
#
# A network shown a picture of cells ends in a number that looks like the probability of cancer. Here you compute that
# number yourself, layer by layer, and learn when it means nothing.
#
# ## What you will do
# - Write a dense layer that notices weights lying the wrong way round (exercise 6.1).
# - Say what a bend between layers is good for (quiz).
# - Turn scores into shares that add up to 1, without overflow (exercise 6.2).
# - Follow one nucleus through every layer, and say what the answer is worth (quiz).
#
# **What you need.** Python, NumPy, [lesson 04](04_convolution.ipynb); of [lesson 05](05_pooling.ipynb) only this: *max
# pooling* keeps the largest number of each 2 x 2 square. And $e^x$, the exponential function.
#
# **How long.** About 60 minutes.
#
# **What this is not.** No network here has been trained: what it says about a cell is meaningless. The cells are *drawn
# from measurements, not photographs*.

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
# Neurons side by side that all look at the same numbers are a *dense layer*. With $m$ inputs and $k$ neurons,
#
# $$y_j = \sum_{i=0}^{m-1} x_i \, W_{ij} + b_j$$
#
# $x$ has shape $(m)$, the weights $W$ have shape $(m, k)$, the biases $b$ and the answers $y$ have shape $(k)$.
# $W_{ij}$ leads **from input $i$ to neuron $j$**. As a matrix product this is $y = xW + b$:

# %%
print(patient @ weights + bias)

# %% [markdown]
# **Break it on purpose: turn the weights.** Many books write $y = Wx + b$ with $W$ the other way round, $(k, m)$.
# **Predict** what turned weights give here, and what they give in a layer with as many neurons as inputs.

# %%
try:
    print(patient @ weights.T + bias)
except ValueError as error:
    print("3 inputs, 2 neurons:", str(error)[:45], "...")
square = np.array([[1, 2, 0], [0, 1, 0], [3, 0, 1]])
print("3 inputs, 3 neurons:", patient @ square, "or, turned,", patient @ square.T)

# %% [markdown]
# NumPy refuses the first. The second has the right shape and wrong numbers, and no error.
#
# ### Exercise 6.1 - a dense layer for many patients
#
# A network gets a *batch*: $n$ patients, one to a row, shape $(n, m)$. The answers have shape $(n, k)$. Refuse with a
# `ValueError` what does not fit, weights and bias alike: a bias in a column, $(k, 1)$, would be stretched by NumPy to
# a row for each neuron. Later the rows will be pixels, which may come as `uint8`: floats first.

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
# `patient[None]` is a batch of one, shape (1, 3). `dense(patient[None], weights, bias)` is the row 1.0, 2.5, with shape
# (1, 2).
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
# **Work out the other two**, and the bias.

# %%
together = weights @ second
together_bias = bias @ second + second_bias
print("weights", together.ravel(), "bias", together_bias)
print("one layer:", patient @ together + together_bias)

# %% [markdown]
# The same answer, for every patient. On paper, with the first layer's weights $A$ and biases $a$ and the second's $B$
# and $b$:
#
# $$(xA + a)\,B + b = x\,(AB) + (aB + b)$$
#
# The right side is one dense layer: ten of them are worth no more than one. Take a blood value that is alarming when
# it is far too high *or* far too low. A weighted sum of it is a straight line.
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
# bend is called the *activation*; it makes a second layer worth having.
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
# $\sigma(-x) = 1 - \sigma(x)$: what one side gains, the other loses. Back to the two neurons, now twice as steep,
# $2(x - 1)$ and $2(-x - 1)$: without a bend, and with each of the two.

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
from ipywidgets import FloatSlider

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
# **Break it on purpose.** A very sure network gives scores such as 800 and 790. **Predict the shares:** which finding
# gets nearly everything?

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
# Scores of a whole batch, one row a picture, shape $(n, k)$; one column a class. You may lower a row. Which one is
# safe for every row? (Sums along an axis keep it, with length 1, if you ask for `keepdims=True`.)

# %%
# Exercise 6.2 - stable softmax of every row
import numpy as np

from course.checks import check


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

# %% [markdown]
# With the wrong axis a patient's result changes with *who else is in the batch*, without any error. So test it: the
# rows must add up to 1.

# %% [markdown]
# ## 4. Send one picture through
#
# All parts are there. What passes from layer to layer is an array with a few axes, which libraries call a *tensor*;
# let us look at every one. One nucleus, 48 x 48 x 3, values from 0 to 1. We choose the four kernels: the two edges of
# [lesson 04](04_convolution.ipynb) on all colours, "how dark", and "blue less red".

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
# `edge[..., None]` lays the same nine numbers on red, green and blue. `kernel[1, 1, :, 2]` is the middle pixel of
# kernel 2, all colours: 1.5 minus red, green and blue is above 0 only where the pixel is dark. The library wants a
# batch: `nucleus[None]` has shape (1, 48, 48, 3).

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
# outline white, the opposite ones black. In "how dark" and "blue less red" the nuclei are light on dark ground.*
#
# **Predict** what ReLU does to each map, and which of them it changes most. Then pooling: how large will the maps be?

# %%
bent = relu(maps)
pooled = max_pool2d(bent)
print("zeros in each map:", (bent[0] < 1e-4).mean(axis=(0, 1)).round(2), " pooled", pooled.shape)
show_pictures([*np.moveaxis(bent[0], -1, 0), *np.moveaxis(pooled[0], -1, 0)],
              titles=[*titles, *[f"{title}, pooled" for title in titles]], columns=4, size=2.2)

# %% [markdown]
# *Figure: two rows of four maps. Above, after ReLU: of the edges only the outlines on one side are left on black; "how
# dark" shows the nuclei light on pure black. Below, the same maps pooled, with half as many pixels a side: coarser, and
# the outlines thicker.*
#
# An edge that goes the other way is gone: a network that needs it must have a kernel for it. "How dark" has become a
# rough segmentation: ground and cytoplasm (the body of the cell) fell below 0. Now everything in one row, and two
# neurons, number 0 for benign and number 1 for malignant. Their weights are random: nobody has trained them.

# %%
from course.nn import softmax

flat = pooled.reshape(len(pooled), -1)
rng = np.random.default_rng(13)
last, last_bias = rng.normal(scale=0.05, size=(flat.shape[1], 2)), np.zeros(2)
scores = flat @ last + last_bias
shares = softmax(scores)
print("flat", flat.shape, " scores", scores.round(2), " shares", shares.round(2))

# %% [markdown]
# `reshape(n, -1)` runs place after place, with the channels of a place side by side. Weights made for one order are
# nonsense in the other. The whole way in one drawing:

# %%
from course.widgets.lesson_04 import stacked
from course.widgets.lesson_06 import pass_picture

stacked([pass_picture(nucleus, maps[0], bent[0], pooled[0], scores[0], shares[0])])

# %% [markdown]
# *Figure: the pass from left to right. The picture, 48 x 48 x 3; four maps, 46 x 46; the same after ReLU, where nothing
# is darker than the mid-grey that stands for 0; the same pooled, 23 x 23; the 2,116 numbers of Flatten, folded into one
# line for each row of places, a nucleus seen through a picket fence; two bars for the scores; two for the shares.*
#
# And the number at the end? Nobody has trained these weights. Softmax makes shares of *any* scores, sense or nonsense,
# so the form of the answer proves nothing; another seed of the random generator gives another diagnosis. What is
# missing is learning.

# %% [markdown]
# ## Traps
#
# - **Turned weights.** *Symptom*: an error in one layer, and in a square layer wrong numbers without any. *Cure*: say
#   "from input $i$ to neuron $j$"; compare shapes.
# - **Overflow in exp.** *Symptom*: `nan`, usually after a while, and from then on everywhere. *Cure*: lower each row
#   by
#   its largest score.
# - **The wrong axis.** *Symptom*: a patient's probability changes with the batch; alone she gets 1. *Cure*: the rows
#   of
#   a batch add up to 1: test it.
# - **A probability by its looks.** *Symptom*: 0.97 is believed because it is called probability. *Cure*: ask on whom
# the
#   network was tested.

# %% [markdown]
# ## Recap
#
# A dense layer is $xW + b$, a weighted sum for each neuron; without a bend between them, any number of such layers is
# one. Softmax makes shares of scores, safely if each row is lowered by its largest. A whole pass is convolution, ReLU,
# pooling, dense and softmax. Its answer means something only after training.

# %% [markdown]
# ## Quiz
#
# **1. Layers.** Five dense layers without activation are replaced by one. What is lost?
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
# **2. Scores.** Every score of a picture rises by 10. Its softmax
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
# **3. Meaning.** An untrained network says 0.93 malignant. What do you know?
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

# %% [markdown]
# ## Next
#
# [Lesson 07](07_backpropagation.ipynb) goes the same way backwards. [The deeper
# page](06_forward_pass_deeper.ipynb) counts weights, writes the whole pass beside Keras, and asks twenty untrained
# networks.
