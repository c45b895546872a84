# %% [markdown]
# # Send an error back through every layer of a network
#
# One neuron is not a diagnosis. Here the slopes travel from the loss through a whole network, back to the kernel and
# to the pixels of a cell picture.
#
# ## What you will do
# - Send a gradient back through a dense layer, for a whole batch of patients (exercise 7.2).
# - Send it through ReLU and max pooling, ties included (exercise 7.3).
# - Follow it through a convolution and a small network, and say what a gradient by the pixels shows, and what not
#   (quiz).
#
# **What you need.** [The first page of lesson 07](07_backpropagation.ipynb): slopes, the chain rule, p - y.
# Convolution, max pooling and dense layers, forward: [lesson 04](04_convolution.ipynb), [lesson 05](05_pooling.ipynb)
# and [lesson 06](06_forward_pass.ipynb).
#
# **How long.** About 60 minutes.
#
# **What this is not.** The pictures are *drawn from measurements, not photographs*, and the network of this page is
# too small to be of use. Nothing here may be used on a patient.

# %% [markdown]
# ## 1. A dense layer
#
# A *dense* layer is a row of neurons without the bend: each output weighs each input. For one patient, with inputs
# $x_i$, weights $W_{io}$ (row: input, column: output, both counted from 0 as in code) and biases $b_o$,
#
# $$s_o = \sum_i x_i W_{io} + b_o$$
#
# From the layers that follow comes, on the way back, $g_o = \frac{\partial L}{\partial s_o}$: how the loss changes with
# each output. That is all the layer has to know of the rest of the network, and it is always so: **a layer gets the
# slopes by its outputs, and gives the slopes by its inputs.** In code the incoming slopes are called `grad`.

# %%
import numpy as np

W = np.array([[1.0, 0.0],
              [3.0, 2.0]])
x, grad = np.array([2.0, -1.0]), np.array([0.5, -1.0])

# %% [markdown]
# Three questions, each answered by "multiply along a path, add over paths":
#
# - *By a weight.* $W_{io}$ multiplies $x_i$ and acts on output $o$ alone: $\frac{\partial L}{\partial W_{io}} =
#   x_i \, g_o$. For $W_{00}$: $2 \cdot 0.5 = 1$.
# - *By a bias.* $b_o$ is added to output $o$: $\frac{\partial L}{\partial b_o} = g_o$.
# - *By an input.* $x_i$ acts on **all** outputs, so its paths are added: $\frac{\partial L}{\partial x_i} = \sum_o g_o
#   W_{io}$. For $x_1$: $0.5 \cdot 3 + (-1) \cdot 2 = -0.5$.
#
# **Work out the others**, then compare with the loops:

# %%
d_W, d_x = np.zeros((2, 2)), np.zeros(2)
for i in range(2):
    for o in range(2):
        d_W[i, o] = x[i] * grad[o]
        d_x[i] += grad[o] * W[i, o]
print("by W", d_W.tolist(), " by x", d_x, " by b", grad)

# %% [markdown]
# The slopes by the *input* are what the layer hands on to the layer before it. Without them the walk would end here.
#
# ### Exercise 7.2 - a dense layer, a whole batch
#
# Now $n$ patients, in the rows of `x` and of `grad`. All of them use the same weights: many paths from one weight to
# the loss. The 1/n of the mean is already inside `grad`. (Keras calls a dense layer's weights its *kernel*, like those
# of a convolution, and so does our code.)

# %%
# Exercise 7.2 - the three gradients of a dense layer
from course.checks import check


def dense_backward(grad, x, kernel):
    """Return the gradients by x (n, i), by the kernel (i, o) and by the bias (o,), in this order.

    grad (n, o): the loss's gradient by the outputs x @ kernel + bias.
    """
    ### BEGIN SOLUTION
    return grad @ kernel.T, x.T @ grad, grad.sum(axis=0)
    ### END SOLUTION

check("7.2", dense_backward)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# The bias of output $o$ is added to that output of *every* patient. How many paths is that, and what do we do with
# several paths?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Weight $W_{io}$ collects $x_{mi} \, g_{mo}$ from all patients $m$. A sum over a shared index is a matrix product; turn
# one of the two on its side so that the patients meet.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return grad @ ..., ... @ grad, grad.sum(axis=...)`. Write the shape under each factor. But beware: with as many
# inputs as outputs, a forgotten `.T` fits too.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# For one patient, `dense_backward(grad[None], x[None], W)` gives the numbers that the loops printed.
# </details>
#
# **A debt paid.** [Lesson 04](04_convolution.ipynb) learnt a kernel from examples by the rule `weights -= rate *
# lines.T @ error / len(error)` and owed you the reason. Unrolled windows, one in each row of `lines`, times one column
# of weights: that is a dense layer with one output. With half the mean squared error as its loss (the half cancels the
# 2 in the slope of a square), `grad` is `error / n`, and the kernel's gradient is `lines.T @ grad`: the rule, word for
# word.

# %% [markdown]
# ## 2. Gates and winners
#
# **ReLU** keeps positive numbers and replaces the others by 0: $a = \max(z, 0)$. Its slope is 1 where $z > 0$ and 0
# where $z < 0$. Going back it is a gate: where it was shut, nothing passes.

# %%
z, grad = np.array([-2.0, 0.5, 3.0]), np.array([1.0, 1.0, -2.0])
print(grad * (z > 0))

# %% [markdown]
# Which gate counts: that of the numbers that went *in*, $z$, not that of `grad`. The -2 passes.
#
# What is the slope exactly at 0? **Predict what the central difference says there.**

# %%
from course.nn import relu


def slope(f, w, h=1e-6):
    """Return the measured slope of f at w: the central difference with step h."""
    return (f(w + h) - f(w - h)) / (2 * h)

print(f"just below 0: {slope(relu, -0.1):.2f}, at 0: {slope(relu, 0.0):.2f}, just above: {slope(relu, 0.1):.2f}")

# %% [markdown]
# Seen from the left the slope is 0, from the right 1, and the central difference splits it. At a kink there is no
# slope; any number from 0 to 1 is a *sub-gradient* and will do. Libraries take 0.
#
# A unit whose $z$ is negative for *every* patient gets no slope at all, and its weights stay as they are: a *dead*
# ReLU (unless layers before it change what it gets).
#
# **Max pooling** keeps the largest number of each window. Raise the winner by a little, and the output rises by as
# much: slope 1. Raise another: nothing. So all of the gradient goes to the winner.

# %%
row, grad = np.array([1.0, 3.0, 2.0, 0.0, 7.0, 7.0, 4.0]), np.array([0.5, -1.0, 2.0])
d_row = np.zeros(7)
for j in range(3):
    winner = 2 * j + np.argmax(row[2 * j:2 * j + 2])
    d_row[winner] += grad[j]
print(d_row)

# %% [markdown]
# 0.5 to the 3, -1 to the 2, nothing to the 4, which filled no window. And the third window holds 7 *twice*. `argmax`
# takes the first. Is that fair? **Which of these would you accept** for the two 7s: (2, 0), (0, 2), (1, 1), (2, 2)?
#
# Raise both by 0.1. The output rises by 0.1, so the loss should change by $2 \cdot 0.1$.

# %%
push = np.array([0.1, 0.1])
rise = 2 * (np.max(np.array([7.0, 7.0]) + push) - 7)
for shares in [(2, 0), (0, 2), (1, 1), (2, 2)]:
    print(shares, f"foretells {np.dot(shares, push):.1f}, true {rise:.1f}")

# %% [markdown]
# The first three are right: they add up to 2, and none is below 0. Full copies promise twice the effect. With all nine
# pixels of a 3 x 3 window alike they promise nine times, and ties are no rarity: even ground in a `uint8` picture is
# full of them. The formula "1 where $x_i = \max(x)$, else 0" is found in many texts, and it is this mistake.
#
# ### Exercise 7.3 - back through max pooling
#
# Two directions, windows of $k \times k$ that touch. The pixels at the edge that fill no window get 0. Among equals,
# choose one or share out, as you like.

# %%
# Exercise 7.3 - to each winner its gradient
import numpy as np

from course.checks import check


def max_pool_backward(grad, x, k):
    """Return the gradient by the map x (h, w): float, (h, w).

    grad (h // k, w // k): the loss's gradient by the pooled map.
    """
    ### BEGIN SOLUTION
    d_x = np.zeros(x.shape)
    for i, j in np.ndindex(grad.shape):
        window = x[i * k:i * k + k, j * k:j * k + k]
        u, v = np.unravel_index(window.argmax(), window.shape)
        d_x[i * k + u, j * k + v] = grad[i, j]
    return d_x
    ### END SOLUTION

check("7.3", max_pool_backward)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `np.argmax` of a window gives one number, counted row by row. In which row and column of the *window* is that, and in
# which of the *map*?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Start with zeros in the shape of `x`. One loop over the places of `grad`; find the winner of that window; write the
# number of `grad` to its place.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `u, v = np.unravel_index(window.argmax(), window.shape)`, then `d_x[i * k + u, j * k + v] = ...`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# All numbers of the result, added up, give the sum of `grad`: nothing is lost and nothing invented.
# </details>

# %% [markdown]
# ## 3. Back through a convolution
#
# A convolution is a sum of products too. Take a row and a kernel of three numbers, $y_j = \sum_v k_v \, x_{j+v}$, with
# slopes $g_j$ that arrive at the three answers.

# %%
row, kernel = np.array([0.0, 1, 8, 9, 8]), np.array([-1.0, 0, 1])
grad = np.array([1.0, 0, 2])

# %% [markdown]
# **By the kernel.** The first weight, $k_0$, was used at every place: it met $x_0$ on the way to $y_0$, $x_1$ on the
# way to $y_1$, $x_2$ on the way to $y_2$. Three paths, so
#
# $$\frac{\partial L}{\partial k_0} = g_0 x_0 + g_1 x_1 + g_2 x_2 = 1 \cdot 0 + 0 \cdot 1 + 2 \cdot 8 = 16$$
#
# The second met each time the neighbour to the right: $1 \cdot 1 + 0 \cdot 8 + 2 \cdot 9 = 19$. **Work out the third.**

# %%
print("by hand:     ", [float(np.sum(grad * row[v:v + 3])) for v in range(3)])
print("np.correlate:", np.correlate(row, grad))

# %% [markdown]
# The gradient slides over the row, as if *it* were the kernel: **the gradient by the kernel is the correlation of the
# input with the gradient.** The gradient by the input is found in the same way, by following each pixel's paths; it is
# what the convolution hands on to the layer before it. From here on the course's `conv2d_gradients` does both.
#
# **Deeper.** [The derivation for the pixels, and for two directions](07_backpropagation_deeper.ipynb).

# %% [markdown]
# ## 4. All the way back
#
# Now put the pieces in a row: convolution, ReLU, max pooling, a dense neuron, cross-entropy (without biases, to keep it
# short). From here on the page uses the course's versions of what you wrote, which also know batches and strides.

# %%
from course.nn import conv2d, conv2d_gradients, max_pool2d, max_pool2d_gradient, sigmoid


def forward(x, kernel, weights):
    """Return everything on the way from pictures (n, h, w, c) to scores (n, 1), for the way back."""
    scores = conv2d(x, kernel)
    maps = relu(scores)
    pooled = max_pool2d(maps, 2)
    flat = pooled.reshape(len(x), -1)
    return scores, maps, pooled, flat, flat @ weights

# %% [markdown]
# Read the next function beside the last one, from the bottom to the top: each line there has its lines here.
# (`conv2d_gradients` gives the gradients by picture, kernel and bias; the last is not needed.)

# %%
def backward(x, y, kernel, weights):
    """Return the loss's gradients by z, weights, pooled, maps, scores, kernel and x: arrays in their shapes."""
    scores, maps, pooled, flat, z = forward(x, kernel, weights)
    d_z = (sigmoid(z) - y) / len(z)
    d_flat, d_weights = d_z @ weights.T, flat.T @ d_z
    d_pooled = d_flat.reshape(pooled.shape)
    d_maps = max_pool2d_gradient(d_pooled, maps, 2)
    d_scores = d_maps * (scores > 0)
    d_x, d_kernel, _ = conv2d_gradients(d_scores, x, kernel)
    return {"z": d_z, "weights": d_weights, "pooled": d_pooled, "maps": d_maps, "scores": d_scores,
            "kernel": d_kernel, "x": d_x}

# %% [markdown]
# That is backpropagation, whole. **Check it** as honest people do, by measuring: random pictures, and for three
# numbers of the kernel a push up and a push down. (`np.logaddexp(0, z) - y * z` is the cross-entropy, written so that
# no score overflows.)

# %%
rng = np.random.default_rng(7)
x, y = rng.normal(size=(4, 12, 12, 2)), np.array([[0], [1], [1], [0]])
kernel, weights = rng.normal(size=(3, 3, 2, 3)), 0.1 * rng.normal(size=(75, 1))
gradient = backward(x, y, kernel, weights)["kernel"]

# %% [markdown]
# `push` is the loss as a function of how far one place of the kernel is moved.

# %%
for place in [(0, 0, 0, 0), (1, 2, 1, 0), (2, 1, 0, 2)]:
    def push(h, place=place):
        pushed = kernel.copy()
        pushed[place] += h
        z = forward(x, pushed, weights)[-1]
        return np.mean(np.logaddexp(0, z) - y * z)
    print(f"measured {slope(push, 0.0):8.5f}   by backpropagation {gradient[place]:8.5f}")

# %% [markdown]
# Now look at it at work on one drawn nucleus, with Sobel's edge kernel, and a neuron that weighs all places alike. The
# tumour is malignant. A pixel is the share of light that is missing.

# %%
from course.data.cytology import draw

nucleus = ((255 - draw(186).mean(axis=2)) / 255)[None, 82:130, 51:99, None]
edge = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])[..., None, None]
alike = np.full((23 * 23, 1), 0.01)
back = backward(nucleus, np.ones((1, 1)), edge, alike)

# %% [markdown]
# **Predict** what share of the map's places gets any gradient. Of four in a window one wins; and the gate of ReLU is
# shut where there is no rise from left to right.

# %%
print(f"map places with a gradient: {np.mean(back['maps'] != 0):.0%} after pooling, "
      f"{np.mean(back['scores'] != 0):.0%} after the gates")
print(f"pixels with a gradient: {np.mean(back['x'] != 0):.0%}")

# %% [markdown]
# One of four wins its window. A winner below 0 is stopped by ReLU; but of four, the winner is the likeliest to be above
# 0. The way forward and the way back as pictures:

# %%
from course.plots import show_pictures

maps = forward(nucleus, edge, alike)[1]
views = {"nucleus": nucleus, "map after ReLU": maps, "gradient by the map": back["maps"],
         "after the gates": back["scores"], "gradient by the pixels": back["x"]}
show_pictures([view[0, ..., 0] for view in views.values()], titles=list(views), columns=3, size=2.6)

# %% [markdown]
# *Figure: five small grey pictures, from the smallest number black to the largest white. The nucleus is a bright blot
# on dark ground, with parts of two more. The map after ReLU is bright along the nucleus's left rim and nearly black
# elsewhere. The gradient by the map has one black square in each window of four, on white: scattered on the left, in a
# regular grid on the right. After the gates a wide area to the right of the nucleus is empty. The gradient by the
# pixels has pairs of dark and bright specks wherever squares are left, on even grey: as strong on the ground as at the
# rim.*
#
# Black is the only number that is not 0: below 0, since the score should rise. The regular grid lies where all four
# of a window are 0 after ReLU: a tie, and the first of the equals is paid. Then the gate takes it back.
#
# The last picture says for every pixel: a change here would make the network less wrong, or more. It does **not** show
# where the evidence is: the rim is bright in the map, and in the gradient it is one speck among many, because behind
# ReLU a faint answer counts as much, for each unit of change, as a strong one. Who shows such a picture as "what the
# network saw" claims too much.

# %% [markdown]
# ## Traps
#
# - **Full copies to ties.** *Symptom*: none on random numbers; too large gradients on even ground. *Cure*: the shares
#   of equals add up to 1, and none is below 0; raise all equals together to test it.
# - **The forgotten `.T`.** *Symptom*: none where a layer has as many inputs as outputs. *Cure*: test with sizes that
#   all differ.
# - **The gate of the wrong array.** *Symptom*: negative gradients vanish. *Cure*: the mask comes from what went in
#   forward, not from `grad`.
# - **The 1/batch twice.** *Symptom*: training crawls. *Cure*: divide once, in the loss; check against measured slopes.

# %% [markdown]
# ## Recap
#
# Going backward, each layer turns the slopes by its outputs into those by its inputs and weights. A dense layer
# multiplies by its weights on their side, ReLU is a gate, max pooling pays its winners, and a convolution correlates
# its input with what arrives. A few measured slopes check the whole. The gradient by the pixels says what a change
# would do, not where the evidence lies.

# %% [markdown]
# ## Quiz
#
# **1. Ties.** Three pixels of a window are equal and largest, and the gradient 6 arrives. Which is no valid answer?
#
# - (a) 6, 0, 0
# - (b) 2, 2, 2
# - (c) 6, 6, 6
#
# <details><summary>Answer</summary>
#
# (c). Raise all three by 0.1: the maximum rises by 0.1, the loss by 0.6; (c) foretells 1.8. (a) and (b) add up to 6.
# </details>
#
# **2. Gates.** A ReLU unit had the score -2 on the way forward. The slope 5 arrives on the way back. What goes on?
#
# - (a) 5
# - (b) 0
# - (c) -10
#
# <details><summary>Answer</summary>
#
# (b): the gate was shut, so a small change of the score changes nothing. (a) looks at the sign of what arrives. (c)
# multiplies by the score; the slope of ReLU is 0 or 1.
# </details>
#
# **3. The picture.** The gradient by a pixel is far from 0. What do you know?
#
# - (a) The network has seen the tumour there.
# - (b) A small change of this pixel would change the loss.
# - (c) The pixel is bright.
#
# <details><summary>Answer</summary>
#
# (b), and no more: even ground had gradients as strong as the rim. (a) is the reading that section 4 refutes. (c) does
# not follow: the gradient comes from kernels, gates and weights.
# </details>

# %% [markdown]
# ## Sources
#
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams. Learning representations by back-propagating errors. *Nature* 323,
#   pages 533 to 536, 1986. [doi 10.1038/323533a0](https://doi.org/10.1038/323533a0). The paper that made it known.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind. Automatic differentiation in machine learning: a
#   survey. *Journal of Machine Learning Research* 18(153), pages 1 to 43, 2018.
#   [jmlr.org](https://www.jmlr.org/papers/v18/17-468.html). What libraries do.

# %% [markdown]
# ## Next
#
# [Lesson 08](08_training_by_hand.ipynb) takes these gradients and trains a network with them, step by step, in NumPy.
# [The deeper page](07_backpropagation_deeper.ipynb) derives the convolution's two gradients and shows when a check of
# gradients cries wolf and when it sleeps.
