# %% [markdown]
# # Trace an error back to every weight, and check the way
#
# A network calls a malignant tumour benign. Thousands of weights had a part in it: which of them should change, in
# which direction, and by how much? Training a diagnosis is answering this question, over and over.
#
# ## What you will do
# - Measure slopes, follow them through one neuron by the chain rule, and derive the shortest formula of the trade,
#   p - y (exercise 7.1).
# - Send a gradient back through a dense layer, for a whole batch of patients (exercise 7.2).
# - Send it through ReLU and max pooling, ties included (exercise 7.3).
# - Send it through a convolution, to the kernel and to the picture (exercises 7.4 and 7.5).
#
# Then you check all of it twice, against measured slopes and against TensorFlow, and you see when such a check cries
# wolf and when it sleeps.
#
# **What you need.** Python, NumPy, [lesson 04](04_convolution.ipynb), and from [lesson 05](05_pooling.ipynb) what max
# pooling is. [Lesson 06](06_forward_pass.ipynb) builds the networks whose errors are traced here; the little that is
# needed of it is said again. No calculus: school algebra will do.
#
# **How long.** About 150 minutes, best in two or three sittings: pause after section 4 and again after section 7. To
# predict honestly, hide the stored answers first: **Edit > Clear Outputs of All Cells**.
#
# **What this is not.** The pictures are *drawn from measurements, not photographs*, and the networks of this page are
# too small to be of use. Nothing here may be used on a patient.

# %% [markdown]
# ## 1. Measure a slope
#
# Take a function that everybody knows, $f(w) = w^2$, and stand at $w = 3$. Go a little to the right. How much higher
# does $f$ get, for each unit of the way? From 3 to 3.1 it rises from 9 to 9.61:
#
# $$\frac{f(3.1) - f(3)}{0.1} = \frac{9.61 - 9}{0.1} = 6.1$$
#
# That is the *slope*: rise divided by way. **Predict it for steps of 0.01 and 0.001.**

# %%
def square(w):
    return w**2

for h in (0.1, 0.01, 0.001):
    print(f"step {h}: slope {(square(3 + h) - square(3)) / h:.4f}")

# %% [markdown]
# It settles at 6. Algebra says why. At any $w$, with a step $h$,
#
# $$\frac{(w + h)^2 - w^2}{h} = \frac{2wh + h^2}{h} = 2w + h$$
#
# and as $h$ shrinks, $2w$ is left: 6 at $w = 3$. This limit is the slope *at the point*, written $\frac{df}{dw}$ and
# called the *derivative*. What is it good for? It foretells small changes:
#
# $$\text{change of } f \approx \text{slope} \cdot \text{change of } w$$
#
# Without squaring anything, $f(3.02) \approx 9 + 6 \cdot 0.02 = 9.12$. (It is 9.1204.)
#
# The leftover $h$ comes from looking to one side only. Look to both sides, and it cancels:
#
# $$\frac{f(w + h) - f(w - h)}{2h} = \frac{4wh}{2h} = 2w$$
#
# This is the *central difference*. For other functions it is not exact, but much better than one-sided:

# %%
def slope(f, w, h=1e-6):
    """Return the measured slope of f at w: the central difference with step h."""
    return (f(w + h) - f(w - h)) / (2 * h)

cube_one_sided = (2.01**3 - 2**3) / 0.01
print(f"w^3 at 2, step 0.01: one-sided {cube_one_sided:.4f}, central {slope(lambda w: w**3, 2, 0.01):.4f}, true 12")

# %% [markdown]
# We need few slopes in this lesson. Two follow by algebra: $5w$ has the slope 5, and
# $\frac{1}{h}\left(\frac{1}{u + h} - \frac{1}{u}\right) = \frac{-1}{u (u + h)}$, so $\frac{1}{u}$ has the slope
# $-\frac{1}{u^2}$. Two more are worth knowing by heart: $e^z$ is its own slope, and $\log p$ (the natural logarithm)
# has the slope $\frac{1}{p}$. Do not believe it; measure it.

# %%
import numpy as np

print(f"1/u   at 4:   measured {slope(lambda u: 1 / u, 4):.5f}, -1/u^2 = {-1 / 16:.5f}")
print(f"exp   at 2:   measured {slope(np.exp, 2):.5f}, exp(2) = {np.exp(2):.5f}")
print(f"log p at 0.2: measured {slope(np.log, 0.2):.5f}, 1/p    = {1 / 0.2:.5f}")

# %% [markdown]
# ## 2. One slope for each weight
#
# A neuron has several weights. Ours looks at two measurements of a patient: $x_1$, how large her nuclei are, and $x_2$,
# how coarse their texture is, both in *standard deviations*: 0 is the average patient, 1 is "one usual difference
# above". It gives each a weight, adds a bias $b$, and bends the score $z$ into a probability $p$ that she has a
# malignant tumour (1) rather than a benign one (0):
#
# $$z = w_1 x_1 + w_2 x_2 + b, \qquad p = \frac{1}{1 + e^{-z}}$$
#
# The bend is called *sigmoid*: it turns 0 into a half, large scores into almost 1, very negative ones into almost 0.
# How wrong is $p$? The truth is $y$, 0 or 1. The *loss* is
#
# $$L = -\log p \;\text{ if } y = 1, \qquad L = -\log(1 - p) \;\text{ if } y = 0$$
#
# that is 0 for "certain and right" and grows without end for "certain and wrong": if the tumour is malignant, $p = 0.9$
# costs 0.11, $p = 0.5$ costs 0.69, and $p = 0.01$ costs 4.6. It is called *cross-entropy*.
#
# Our patient was made up so that the numbers are round: $x_1 = 2$, $x_2 = -1$, $w_1 = w_2 = 1$, $b = -1$. **Work out
# $z$ and $p$ on paper.** Her tumour is malignant.

# %%
patient, start = np.array([2.0, -1.0]), np.array([1.0, 1.0, -1.0])

def loss_of(w):
    """Return the loss of the neuron with w = (w1, w2, b) for our patient: her tumour is malignant."""
    z = w[0] * patient[0] + w[1] * patient[1] + w[2]
    p = 1 / (1 + np.exp(-z))
    return -np.log(p)

print(f"loss {loss_of(start):.3f}")

# %% [markdown]
# $z = 2 - 1 - 1 = 0$, so $p$ is one half: the neuron knows nothing, and pays $-\log \frac{1}{2} = 0.693$.
#
# Three weights, so three slopes. Move *one* and hold the others still: that is a *partial derivative*, written with a
# round d, $\frac{\partial L}{\partial w_1}$. We say *the slope of $L$ by $w_1$*: how much $L$ changes for each unit
# that $w_1$ moves. All of them together are the *gradient*. (`np.ndindex(shape)` runs through all places of an array,
# like as many nested loops as it has axes.)

# %%
def numeric_gradient(f, w, h=1e-6):
    """Return the slope of f by each number of w (an array of floats): central differences, shape of w."""
    slopes = np.zeros_like(w)
    for place in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[place] += h
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes

gradient = numeric_gradient(loss_of, start)
print(gradient.round(4))

# %% [markdown]
# Read it: raise $w_1$ by a little, and the loss falls, by once that little. Raise $w_2$, and the loss *rises*, by half
# of it. So go against each slope. The length of the step, here 0.5, is the *learning rate*:

# %%
better = start - 0.5 * gradient
print("weights", better.round(3), f"loss {loss_of(better):.3f}")

# %% [markdown]
# From 0.693 to 0.201 in one step. This is *gradient descent*, and you have met it: the kernel that was learnt in lesson
# 04 went down the slope of a mean squared error.
#
# Why not always measure slopes like this? Each weight needs two runs of the whole network. **Predict** how long the
# network of [lesson 14](14_breast_cancer_cnn.ipynb), with its 3,453,121 weights, would need for *one* gradient, if one
# run takes a hundredth of a second.

# %%
print(f"{2 * 3_453_121 * 0.01 / 3600:.0f} hours")

# %% [markdown]
# For one step of thousands. *Backpropagation* finds all slopes at once, for the price of a few runs. The measured ones
# stay precious: they are slow and honest, and at the end they will judge the clever ones.

# %% [markdown]
# ## 3. Follow the chain through one neuron
#
# Three cogwheels: while the first turns once, the second turns three times; while the second turns once, the third
# turns twice. How often does the third turn for one turn of the first? Six times. **Rates along a chain are
# multiplied.** That is the *chain rule*. If $w$ moves $z$, and $z$ moves $p$, and $p$ moves $L$, then
#
# $$\frac{\partial L}{\partial w} = \frac{\partial L}{\partial p} \cdot \frac{\partial p}{\partial z} \cdot
# \frac{\partial z}{\partial w}$$
#
# Each link is short. For our patient, $y = 1$:
#
# - $L = -\log p$, so $\frac{\partial L}{\partial p} = -\frac{1}{p} = -2$.
# - $p = \frac{1}{u}$ with $u = 1 + e^{-z}$. That is a chain too: $-\frac{1}{u^2}$ times the slope of $u$, which is
#   $-e^{-z}$ (again a chain: $-z$ has the slope $-1$). So $\frac{\partial p}{\partial z} = \frac{1}{u} \cdot
#   \frac{e^{-z}}{u}$. The first factor is $p$, the second is $\frac{u - 1}{u} = 1 - p$. The sigmoid's slope is $p (1 -
#   p)$, here $0.5 \cdot 0.5 = 0.25$.
# - $z = w_1 x_1 + \dots$, so $\frac{\partial z}{\partial w_1} = x_1 = 2$.
#
# Together: $(-2) \cdot 0.25 \cdot 2 = -1$. **Work out the other two**, for $w_2$ and $b$, before you run.

# %%
p = 0.5
by_p = -1 / p
by_z = by_p * p * (1 - p)
print("by w1, w2 and b:", by_z * patient[0], by_z * patient[1], by_z)

# %% [markdown]
# The same as measured. Note *how* it was done: first forward, keeping $p$; then backward, from the loss to the weights,
# and what was known about $z$ was used three times. That saving is the whole trick, and it is why one goes backward:
# all paths share their end.
#
# **Two ways to the same end.** What if a weight acts along two paths? In $f(w) = w \cdot w$ the same $w$ stands twice.
# Move the first alone: the slope is the second, $w$. Move the second alone: $w$ again. Move both: the changes add up,
# $w + w = 2w$, as in section 1. **Slopes along one path are multiplied; slopes of several paths are added.** Nothing
# else happens in this lesson.

# %%
from course.widgets.lesson_04 import stacked
from course.widgets.lesson_07 import neuron_picture

stacked([neuron_picture(step) for step in (2, 6, 8)])

# %% [markdown]
# *Figure: the neuron at three moments, as boxes from left to right: two weights with their products and the bias, the
# score z, the probability p, the loss L. The slopes in the boxes on the left are those by the weight alone, not by the
# product. Above, step 2: thick arrows to the right have brought 2, -1 and -1 together to the score 0.
# Middle, step 6: a thick arrow to the left; below the values stand the slopes so far, 1 by L, -2 by p, -0.5 by z.
# Below, step 8: slopes stand in all boxes, -1 by w1, 0.5 by w2, -0.5 by b, and after a step of 0.5 against them p is
# 0.818 and the loss 0.201.*
#
# ### Experiment: forward, back, and one step down

# %%
import ipywidgets

from course.widgets.panel import Panel

Panel(neuron_picture, "One neuron. Values travel to the right, slopes of the loss to the left; below, the step's sum.",
      step=ipywidgets.IntSlider(1, 1, 8), x1=ipywidgets.FloatSlider(2, min=-3, max=3, step=0.5),
      w1=ipywidgets.FloatSlider(1, min=-3, max=3, step=0.5), truth=["malignant", "benign"])

# %% [markdown]
# **Try.**
# 1. Walk through the eight steps. Then set `truth` to benign: which slopes change their sign?
# 2. Set `x1` to 0 and go to step 7. What is the slope by `w1`, and why must it be so?
#
# **Question.** Set `w1` and `x1` to 3 and `truth` to benign: the neuron is certain and wrong, and the sigmoid is almost
# flat there. Why is the slope by $z$ not almost 0?
# <details><summary>Answer</summary>
#
# The sigmoid passes back little, $p (1 - p) \approx 0.001$, but the loss sends much: its slope by $p$ is $\frac{1}{1 -
# p} \approx 1{,}100$. The product is almost exactly 1. The logarithm in the loss undoes the flatness of the sigmoid;
# section 4 shows it in one line. (On the tries: all slopes but the 1 by $L$ itself change sign. With $x_1 = 0$ the
# weight $w_1$ has no say in the score, so it gets no blame.)
# </details>

# %% [markdown]
# ## 4. The shortest formula of the trade
#
# Write both cases of the loss in one line (for $y = 1$ the second term vanishes, for $y = 0$ the first):
#
# $$L = -\left[\, y \log p + (1 - y) \log(1 - p) \,\right]$$
#
# $\log(1 - p)$ has the slope $-\frac{1}{1 - p}$ by $p$ (a chain: $1 - p$ falls as $p$ rises). So
#
# $$\frac{\partial L}{\partial p} = -\frac{y}{p} + \frac{1 - y}{1 - p} = \frac{-y (1 - p) + (1 - y)\, p}{p (1 - p)}
# = \frac{p - y}{p (1 - p)}$$
#
# and, times the sigmoid's slope $p (1 - p)$, everything ugly cancels:
#
# $$\frac{\partial L}{\partial z} = p - y$$
#
# **Probability minus truth.** Her tumour is malignant, the network says 0.5: the score is to blame with $-0.5$, so
# raise it.
# Measure it at three scores:

# %%
from course.nn import sigmoid


def cross_entropy(z, y):
    p = sigmoid(z)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))

three, truths = np.array([0.0, 2.0, -1.5]), np.array([1, 0, 1])
print("measured", slope(lambda z: cross_entropy(z, truths), three).round(5))
print("p - y   ", (sigmoid(three) - truths).round(5))

# %% [markdown]
# **Break it on purpose.** A program that computes link by link, $\frac{p - y}{p (1 - p)}$ and then times $p (1 - p)$,
# does the same on paper. **Predict** what it says about a score of 800 with truth 0.

# %%
p, y = sigmoid(np.array([40.0, 800.0])), 0
with np.errstate(all="ignore"):
    print("link by link:", (p - y) / (p * (1 - p)) * (p * (1 - p)))
print("p - y:       ", p - y)

# %% [markdown]
# At 40 already, $p$ is rounded to exactly 1 and the sigmoid's slope to 0. The fraction becomes infinite, and infinity
# times 0 is NaN, "not a number". One such patient, and every weight of the network is NaN after the next step. Cancel
# on paper what cancels.
#
# Second: who teaches neurons with $\frac{1}{2}(p - y)^2$ instead of cross-entropy gets $(p - y)\, p (1 - p)$, where
# nothing cancels. **Predict** the two slopes for a neuron that is certain ($z = 7$) and wrong ($y = 0$).

# %%
p = sigmoid(np.array(7.0))
print(f"cross-entropy {p - 0:.4f}, squared error {(p - 0) * p * (1 - p):.4f}")

# %% [markdown]
# The worst error teaches least. That is one reason why classifiers use cross-entropy.
#
# ### Exercise 7.1 - the gradient of a batch
#
# Networks look at many patients at once, a *batch* of $n$. The scores stand in a column, shape $(n, 1)$, and so do the
# truths. The loss of the batch is the **mean** of the patients' losses. How much does it change with the score of *one*
# patient? `sigmoid` from `course.nn` takes scores of any size.

# %%
# Exercise 7.1 - slopes of the mean cross-entropy by the scores
from course.checks import check


def bce_gradient(z, y):
    """Return the gradient of the mean loss by the scores z (n, 1); y (n, 1) holds 0 or 1. Float, (n, 1)."""
    ### BEGIN SOLUTION
    return (sigmoid(z) - y) / len(z)
    ### END SOLUTION

check("7.1", bce_gradient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# The mean is the sum divided by $n$. If one patient's loss rises by 0.3, by how much does the mean of ten rise?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Each patient's own slope is $p - y$. In the mean each has one $n$-th of the say.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return (... - y) / len(z)`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Scores 0 and 0, truths 1 and 0: the gradient is -0.25 and 0.25.
# </details>

# %% [markdown]
# ## 5. A dense layer
#
# A *dense* layer is a row of such neurons without the bend: each output weighs each input. For one patient, with inputs
# $x_i$, weights $W_{io}$ (row: input, column: output, both counted from 0 as in code) and biases $b_o$,
#
# $$s_o = \sum_i x_i W_{io} + b_o$$
#
# From the layers that follow comes, on the way back, $g_o = \frac{\partial L}{\partial s_o}$: how the loss changes with
# each output. That is all the layer has to know of the rest of the network, and it is always so: **a layer gets the
# slopes by its outputs, and gives the slopes by its inputs.** In code the incoming slopes are called `grad`.

# %%
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
# **A debt paid.** Lesson 04 learnt a kernel from examples by the rule `weights -= rate * lines.T @ error / len(error)`
# and owed you the reason. Its unrolled windows, one in each row of `lines`, times one column of weights: that is a
# dense layer with one output. Take as its loss half the mean squared error, $\frac{1}{2n} \sum_m e_m^2$, where $e_m$ is
# the error at place $m$ of $n$. The slope of $\frac{1}{2} e^2$ is $e$, so `grad` is `error / n`, and the kernel's
# gradient is `lines.T @ grad`: the rule, word for word.

# %%
rng = np.random.default_rng(4)
lines, wanted, weights = rng.normal(size=(20, 9)), rng.normal(size=20), rng.normal(size=9)
measured = numeric_gradient(lambda w: np.mean((lines @ w - wanted) ** 2) / 2, weights)
print(np.allclose(measured, lines.T @ (lines @ weights - wanted) / 20))

# %% [markdown]
# (Without the half the slopes are twice as large, and half the rate does the same.)
#
# **Enough to learn from real patients.** The table of 569 patients behind the drawn cells holds ten measurements a
# patient (their means over the nuclei). One neuron, all weights 0 at first. What is its first loss? **Predict.**

# %%
from course.data.cytology import table

rows, labels = table()
names = [name for name in rows[0] if name.startswith("mean ")]
values = np.array([[row[name] for name in names] for row in rows])
standard = (values - values.mean(axis=0)) / values.std(axis=0)
truth = labels[:, None]

# %% [markdown]
# `learn` takes the steps; with `per_patient=False` it "forgets" to divide by the number of patients.

# %%
def learn(rate, steps=50, per_patient=True):
    """Return the mean loss before each step of gradient descent for one neuron, a list."""
    kernel, bias, losses = np.zeros((10, 1)), np.zeros(1), []
    for _ in range(steps):
        z = standard @ kernel + bias
        losses.append(np.mean(np.logaddexp(0, z) - truth * z))
        grad = (sigmoid(z) - truth) / (len(z) if per_patient else 1)
        kernel, bias = kernel - rate * standard.T @ grad, bias - rate * grad.sum(axis=0)
    return losses

losses = learn(rate=0.5)
print(f"first loss {losses[0]:.3f}, after ten steps {losses[10]:.2f}, after fifty {losses[-1]:.2f}")

# %% [markdown]
# (`np.logaddexp(0, z) - y * z` is the same loss, written so that no score overflows.) The first is $\log 2 = 0.693$:
# all weights 0, all probabilities one half. Whatever network for two classes you build, its first loss should be near
# that; if it is far off, look for the mistake before you train.
#
# We do not judge the neuron here, since it has seen all patients; [lesson 14](14_breast_cancer_cnn.ipynb) shows how one
# judges. **Break it on purpose:** leave out the 1/n. The direction of the gradient stays the same. **Predict** the
# loss after fifty steps: smaller than with 1/n, the same, larger?

# %%
wild = learn(rate=0.5, per_patient=False)
print(f"without 1/n: largest loss {max(wild):.1f}, after fifty steps {wild[-1]:.1f}")

# %% [markdown]
# Steps 569 times as long: the weights are thrown across the valley. Worse than a crash is that the fault hides. With
# a small enough rate all is well again, until somebody changes the batch size. (The losses of Keras and PyTorch divide
# by $n$ unless told otherwise.)

# %% [markdown]
# ## 6. Gates and winners
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

print(f"just below 0: {slope(relu, -0.1):.2f}, at 0: {slope(relu, 0.0):.2f}, just above: {slope(relu, 0.1):.2f}")

# %% [markdown]
# Seen from the left the slope is 0, from the right 1, and the central difference splits it. At a kink there is no
# slope; any number from 0 to 1 is a *sub-gradient* and will do. Libraries take 0. Remember the place: it returns in
# section 9.
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
# ## 7. Back through a convolution
#
# Lesson 04 began with a row and a kernel of three numbers: $y_j = \sum_v k_v \, x_{j+v}$. Here they are again, with
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
# Do you know this pattern?

# %%
print("by hand:       ", [float(np.sum(grad * row[v:v + 3])) for v in range(3)])
print("np.correlate:  ", np.correlate(row, grad))

# %% [markdown]
# The gradient slides over the row, as if *it* were the kernel:
#
# $$\frac{\partial L}{\partial k_v} = \sum_j g_j \, x_{j+v}$$
#
# **The gradient by the kernel is the correlation of the input with the gradient.** Nothing is flipped.
#
# **By the input.** Follow the other end. Answer $j$ had looked at three pixels, with the weights -1, 0, 1. It hands
# $g_j$ back along the same three paths: $g_0 = 1$ gives $-1, 0, 1$ to the first three pixels, $g_2 = 2$ gives
# $-2, 0, 2$ to the last three. Where they meet, they add up:

# %%
d_row = np.zeros(5)
for j in range(3):
    d_row[j:j + 3] += grad[j] * kernel
print(d_row)

# %% [markdown]
# Now the same seen from a pixel. Pixel 2 was met by $k_2$ on the way to $y_0$, by $k_1$ to $y_1$, by $k_0$ to $y_2$: as
# the place goes up, the weight goes *down*.
#
# $$\frac{\partial L}{\partial x_i} = \sum_v k_v \, g_{i-v}$$
#
# ($g$ counts as 0 outside its places.) To slide the kernel over the gradients it must lie the other way round. And a
# pixel at the end was met by one weight only, as if zeros lay beyond: $n_k - 1$ of them on either side, $n_k$ being the
# kernel's length. That is called a *full* correlation: even where a single number is shared, it counts as a place.
# **Predict** which of the two lines repeats the numbers above.

# %%
padded = np.pad(grad, 2)
print("kernel as it is:", np.correlate(padded, kernel))
print("kernel turned:  ", np.correlate(padded, kernel[::-1]))

# %% [markdown]
# **The gradient by the input is the full correlation of the gradient with the kernel turned round.** Forgetting the
# turn gives, for this kernel, every sign wrong: descent becomes ascent. Would a blur notice?

# %%
blur = np.array([1.0, 2, 1]) / 4
print(np.array_equal(np.correlate(padded, blur), np.correlate(padded, blur[::-1])))

# %% [markdown]
# It would not, as in lesson 04: test with a kernel that has no symmetry.
#
# ### Exercise 7.4 - the kernel's gradient
#
# Two directions, $c$ channels in, $d$ maps out, stride 1, no padding. Ask of each number `kernel[u, v, ch, f]`: which
# pixels did it meet, and in which map did the result land?

# %%
# Exercise 7.4 - what each number of the kernel has met, times what came of it
def conv_kernel_gradient(grad, x):
    """Return the gradient by the kernel: float, (kh, kw, c, d).

    grad (rows, columns, d): the loss's gradient by the maps; x (h, w, c): the picture. rows = h - kh + 1.
    """
    ### BEGIN SOLUTION
    (rows, columns, d), (h, w, c) = grad.shape, x.shape
    d_kernel = np.zeros((h - rows + 1, w - columns + 1, c, d))
    for u, v, ch, f in np.ndindex(d_kernel.shape):
        d_kernel[u, v, ch, f] = np.sum(x[u:u + rows, v:v + columns, ch] * grad[..., f])
    return d_kernel
    ### END SOLUTION

check("7.4", conv_kernel_gradient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# In one direction the kernel's gradient had `len(row) - len(grad) + 1` numbers. What are $k_h$ and $k_w$ here?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Weight `[u, v, ch, f]` met, at the place `i`, `j`, the pixel `x[i + u, j + v, ch]`, and helped to make map `f`. All
# its places together are a slice of `x` as large as a map.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for u, v, ch, f in np.ndindex(d_kernel.shape):` and below it
# `d_kernel[u, v, ch, f] = np.sum(x[u:u + rows, ...] * grad[..., f])`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `conv_kernel_gradient(grad.reshape(1, 3, 1), row.reshape(1, 5, 1)).ravel()` is 16, 19, 24.
# </details>
#
# ### Exercise 7.5 - the picture's gradient
#
# Zeros around, kernel turned by half a turn: in two directions `kernel[::-1, ::-1]`. And one thing more. Forward, the
# third axis of the kernel reads channels and the fourth makes maps. Going back, what *comes in* are maps and what *goes
# out* are channels. `conv2d` may slide; it wants pictures `(n, h, w, channels)`, so give it `[None]` and take `[0]`.
# Any right answer counts: handing back place by place with `+=`, as the loop above does, is one.

# %%
# Exercise 7.5 - each pixel collects from all windows in which it lay
from course.nn import conv2d


def conv_input_gradient(grad, kernel):
    """Return the gradient by the picture: float, (rows + kh - 1, columns + kw - 1, c).

    grad (rows, columns, d): the loss's gradient by the maps; kernel (kh, kw, c, d).
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape[:2]
    padded = np.pad(grad.astype(float), ((kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    turned = kernel[::-1, ::-1].swapaxes(2, 3)
    return conv2d(padded[None], turned)[0]
    ### END SOLUTION

check("7.5", conv_input_gradient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which shape has the kernel that reads $d$ maps and makes $c$ channels?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Pad `grad` with $k_h - 1$ zeros above and below and $k_w - 1$ left and right, none for the channels. Turn rows and
# columns of the kernel, swap its last two axes, slide.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `padded = np.pad(grad, ((kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))`,
# `turned = kernel[::-1, ::-1].swapaxes(2, 3)`, `conv2d(padded[None], turned)[0]`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With a 1 x 1 gradient that holds a single 1, and one map, the result is the kernel itself.
# </details>

# %% [markdown]
# ## 8. All the way back
#
# Now put the pieces in a row: convolution, ReLU, max pooling, a dense neuron, cross-entropy (without biases, to keep it
# short). From here on the page uses the course's versions of what you wrote, which also know batches and strides.

# %%
from course.nn import conv2d_gradients, max_pool2d, max_pool2d_gradient


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
# That is backpropagation, whole. (What we left out is no harder: a convolution's bias collects all that arrives at its
# map; and with softmax and its cross-entropy the slopes by the scores are again shares minus truth, 1 for the true
# class and 0 for the others.) Look at it at work on one drawn nucleus, with Sobel's edge kernel from lesson 04, and
# a neuron that weighs all places alike. The tumour is malignant. A pixel is the share of light that is missing.

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
# The way forward and the way back as pictures:

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
# Look closely. Black is the only number that is not 0, $(p - 1) \cdot 0.01$: below 0, since the score should rise. The
# regular grid lies where all four of a window are 0 after ReLU: a tie, and the first of the equals is
# paid. Then the gate takes it back.
#
# The last picture says for every pixel: a change here would make the network less wrong, or more. It does **not** show
# where the evidence is: the rim is bright in the map, and in the gradient it is one speck among many, because behind
# ReLU a faint answer counts as much, for each unit of change, as a strong one. Who shows such a picture as "what the
# network saw" claims too much. Lesson 17 (planned) is about what can be shown.

# %% [markdown]
# ## 9. Trust nothing: check the gradient
#
# A wrong gradient seldom crashes. The loss may even fall, more slowly, to a worse place. So compare with the slow and
# honest way, the measured slopes of section 2. Two questions first: how small a step, and how close is close?
#
# Take the neuron of section 2, $z = 2 w_1 - 2$, at twenty values of $w_1$. Its slope by $w_1$ is $(p - y)\, x_1$,
# exactly. Measure it with steps from $10^{-1}$ to $10^{-12}$, with 16 digits (`float64`) and with 7 (`float32`), and
# take the mean error. **Predict the best step.**

# %%
twenty = np.linspace(0.5, 1.5, 20)

def neuron_loss(w1):
    return np.log(1 + np.exp(-(2 * w1 - 2)))

def error_of_slope(h, kind):
    w1, h = twenty.astype(kind), kind(h)
    measured = (neuron_loss(w1 + h) - neuron_loss(w1 - h)) / (2 * h)
    return np.mean(np.abs(measured - 2 * (sigmoid(2 * twenty - 2) - 1)))

steps = 10.0 ** -np.arange(1, 13)
errors = {kind.__name__: [error_of_slope(h, kind) for h in steps] for kind in (np.float64, np.float32)}

# %% [markdown]
# As a picture, both axes in powers of ten:

# %%
from course.plots import new_figure, use_style

use_style()
figure = new_figure(7.5, 3.4)
axes = figure.subplots()
for (name, values), marker in zip(errors.items(), "os", strict=True):
    axes.loglog(steps, values, marker=marker, label=name)
axes.set(xlabel="step h", ylabel="mean error of the slope")
axes.legend()
figure

# %% [markdown]
# *Figure: two curves shaped roughly like a V, the step h on the horizontal axis, the mean error of the slope on the
# vertical one, both in powers of ten. With float64 the error falls with the square of h, is smallest for steps of a
# hundred-thousandth to a millionth, and then rises again as h shrinks further. With float32 the error is smallest for a
# step of one hundredth; with smaller steps the curve lies far above the other, and from a ten-millionth on the slope is
# worthless.*

# %%
print("float64, h from 1e-1 to 1e-4:", *[f"{error:.0e}" for error in errors["float64"][:4]])
print(f"float32, h = 1e-8: {errors['float32'][7]:.1f}")
assert errors["float64"][5] < 1e-9 and errors["float64"][11] > 1e-6 and min(errors["float32"]) > 1e-6

# %% [markdown]
# Two faults fight. Too large a step, and the curve bends under it: a tenth of the step, a hundredth of the error, so it
# goes with $h^2$. Too small a step, and two nearly equal losses are subtracted: their last digits are rounded, by about
# $10^{-16}$ in `float64`, and that is divided by $2h$. (In `float32` a step of $10^{-8}$ is lost altogether: $0.8 +
# 10^{-8}$ is stored as 0.8.) So: **check in `float64`, with $h = 10^{-6}$.** For other functions $10^{-5}$ may be
# better; but an error below $10^{-9}$ is far less than mistakes make, and a shorter step jumps over fewer kinks. Which
# brings us to them.
#
# **Where the check cries wolf.** A score of $4 \cdot 10^{-7}$, right in front of ReLU's kink:

# %%
print(f"ReLU at 4e-7: measured with h = 1e-6 {slope(relu, 4e-7):.2f}, with h = 1e-8 {slope(relu, 4e-7, 1e-8):.2f}")

# %% [markdown]
# The slope is 1 and the measurement says 0.7: its left foot stands beyond the kink. Nothing is wrong with the gradient.
# Likewise max pooling at a tie. The row and kernel of section 7 give 8, 8, 0; pool the first two. **Predict** the
# measured slopes by the three weights.

# %%
row, kernel = np.array([0.0, 1, 8, 9, 8]), np.array([-1.0, 0, 1])

def largest_of_two(kernel):
    return np.max(np.correlate(row, kernel)[:2])

print("measured", numeric_gradient(largest_of_two, kernel).round(3) + 0.0)
print("if the first 8 wins", row[0:3], " if the second wins", row[1:4])

# %% [markdown]
# Half of each. To one side the first wins, to the other the second, and the difference measures across both. Either
# answer is a valid sub-gradient, and the check would report a fault in both. So: **skip a coordinate when the step
# switches a ReLU or a winner**, and count how many were skipped. `to_all` hands a window's number to all four of its
# places; `pattern` tells which gates are open and which places hold their window's largest number.

# %%
def to_all(pooled):
    return pooled.repeat(2, axis=1).repeat(2, axis=2)

def pattern(x, kernel, weights):
    """Return two arrays of True and False in one: gates that are open, places that win."""
    scores, maps, pooled = forward(x, kernel, weights)[:3]
    return np.stack([scores > 0, maps == to_all(pooled)])

# %% [markdown]
# The check itself is `numeric_gradient` of section 2, with a place left out where the two patterns differ.

# %%
def check_gradient(f, pattern_of, w, gradient, h=1e-6, skip=True):
    """Return the largest error of gradient, as a share of its largest number, and how many places were skipped."""
    errors, skipped = [], 0
    for place in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[place], down[place] = w[place] + h, w[place] - h
        if skip and not np.array_equal(pattern_of(up), pattern_of(down)):
            skipped += 1
        else:
            errors.append(abs((f(up) - f(down)) / (2 * h) - gradient[place]))
    return max(errors, default=np.nan) / np.abs(gradient).max(), skipped

# %% [markdown]
# A small network on random pictures, four of 12 x 12 with two channels, and three kernels:

# %%
rng = np.random.default_rng(7)
x, y = rng.normal(size=(4, 12, 12, 2)), np.array([[0], [1], [1], [0]])
kernel, weights = rng.normal(size=(3, 3, 2, 3)), 0.1 * rng.normal(size=(75, 1))
back = backward(x, y, kernel, weights)

def loss_with(kernel):
    return np.mean(cross_entropy(forward(x, kernel, weights)[-1], y))

def pattern_with(kernel):
    return pattern(x, kernel, weights)

# %% [markdown]
# Three steps, each without and with skipping. The kernel has 54 numbers:

# %%
for h in (1e-1, 1e-2, 1e-6):
    plain, _ = check_gradient(loss_with, pattern_with, kernel, back["kernel"], h, skip=False)
    careful, skipped = check_gradient(loss_with, pattern_with, kernel, back["kernel"], h)
    rest = "nothing left to compare" if np.isnan(careful) else f"the rest agree: {careful < 1e-5}"
    print(f"h {h}: all agree to 1e-5: {plain < 1e-5}; {skipped} skipped, {rest}")

# %% [markdown]
# With a step of 0.1 every coordinate crosses a kink: all are skipped. (Had the function begun its list with a 0, it
# would report a perfect gradient. Who skips must count.) With 0.01 half are left, and agree. With $10^{-6}$ no kink is
# near, and the whole gradient agrees. Now let the check earn its bread: plant faults, and see which it finds.

# %%
open_gates, winners = pattern(x, kernel, weights)
spread = to_all(back["pooled"])
suspects = {
    "as it should be": back["kernel"],
    "1/batch missing": back["kernel"] * len(x),
    "kernel's gradient flipped": back["kernel"][::-1, ::-1],
    "ReLU's gate forgotten": conv2d_gradients(back["maps"], x, kernel)[1],
    "all of a window, not its winner": conv2d_gradients(spread * open_gates, x, kernel)[1],
    "full copies to ties": conv2d_gradients(spread * winners * open_gates, x, kernel)[1],
}

# %% [markdown]
# **Predict** which of the five faults are found.

# %%
for name, suspect in suspects.items():
    error, _ = check_gradient(loss_with, pattern_with, kernel, suspect)
    print(f"{name:32}", "passes" if error < 1e-5 else "FAULT" if error > 0.05 else "unclear")

# %% [markdown]
# All but the last, the mistake of section 6. Random numbers never tie (and where all of a window are cut to 0, the
# gates behind them are shut), so nothing shows. **There the check sleeps**: the gradient passes, and is wrong on the
# first picture with even ground; skipping ties would hide it there too. For ties the test is another: raise all equals
# together, as you did with the two 7s, and let no share be below 0.
#
# And a check sees only what it looks at:

# %%
unturned = np.pad(back["scores"], ((0, 0), (2, 2), (2, 2), (0, 0)))
x_unturned = conv2d(unturned, kernel.swapaxes(2, 3))

def loss_of_pictures(pictures):
    return np.mean(cross_entropy(forward(pictures, kernel, weights)[-1], y))

for name, suspect in {"turned": back["x"], "not turned": x_unturned}.items():
    error, _ = check_gradient(loss_of_pictures, lambda p: pattern(p, kernel, weights), x, suspect)
    print(f"gradient by the pictures, kernel {name}:", "passes" if error < 1e-5 else "FAULT")

# %% [markdown]
# The unturned kernel spoils the gradient *by the pictures* alone. In a network with a single convolution nothing uses
# that, and a check of the kernel passes. With a second convolution in front, everything before it gets a wrong
# gradient. **No single check is enough**: know what each is blind to.
#
# **And the library?** TensorFlow records every step forward on a *tape* and plays it back. It is the reference of the
# exercises. Here our whole network, in `float32` as networks are trained, five seeds, drawn cells in colour:

# %%
from course.quiet_tensorflow import tf


def tape_gradients(x, y, kernel, weights):
    """Return TensorFlow's gradients of the mean loss by x, kernel and weights."""
    tensors = [tf.constant(array) for array in (x, kernel, weights)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        maps = tf.nn.relu(tf.nn.conv2d(tensors[0], tensors[1], 1, "VALID"))
        flat = tf.reshape(tf.nn.max_pool2d(maps, 2, 2, "VALID"), (len(x), -1))
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, flat @ tensors[2]))
    return [gradient.numpy() for gradient in tape.gradient(loss, tensors)]

# %% [markdown]
# How close is close in `float32`? Seven digits, some lost in long sums: we ask for a ten-thousandth of the largest
# number.

# %%
cells = np.stack([draw(case)[60:91, 60:93] for case in (0, 77, 149, 186)]).astype(np.float32) / 255
truths = np.array([[1], [0], [0], [1]], np.float32)
for seed in range(5):
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=(3, 3, 3, 4)).astype(np.float32)
    weights = 0.02 * rng.normal(size=(14 * 15 * 4, 1)).astype(np.float32)
    ours = backward(cells, truths, kernel, weights)
    theirs = tape_gradients(cells, truths, kernel, weights)
    for name, other in zip(("x", "kernel", "weights"), theirs, strict=True):
        assert ours[name].dtype == np.float32 and np.abs(ours[name] - other).max() <= 1e-4 * np.abs(other).max()
print("five seeds, three gradients each: all within 1e-4 of TensorFlow's, relative to the largest")

# %% [markdown]
# What you wrote is what the library does. It has recorded the same products and sums; there is no further secret in it.

# %% [markdown]
# ## Traps
#
# - **The missing 1/batch.** *Symptom*: the rate that worked for 8 patients explodes for 512. *Cure*: divide once, in
#   the loss; add up over patients everywhere else.
# - **The 1/batch twice.** *Symptom*: training crawls. *Cure*: the same; check against measured slopes.
# - **Full copies to ties.** *Symptom*: none on random numbers; too large gradients on even ground. *Cure*: the shares
#   of equals add up to 1, and none is below 0; raise all equals together to test it.
# - **The unturned kernel.** *Symptom*: the last convolution gets right gradients, those before it wrong ones, and
#   training is slower or ends worse. *Cure*: check the gradient
#   by the *pictures* too, with a kernel that has no symmetry.
# - **The forgotten `.T`.** *Symptom*: none where a layer has as many inputs as outputs. *Cure*: test with sizes that
#   all differ.
# - **The gate of the wrong array.** *Symptom*: negative gradients vanish. *Cure*: the mask comes from what went in
#   forward, not from `grad`.
# - **The division by 0.** *Symptom*: one very certain patient, then NaN everywhere. *Cure*: p - y, cancelled on paper.
# - **The overwritten pixel.** *Symptom*: a convolution's gradient is too small. *Cure*: several windows hand back to
#   one pixel: `+=`.
# - **The wolf that was none.** *Symptom*: the check fails at a few places, by about a half. *Cure*: skip where a gate
#   or a winner switches, and say how many.
# - **The check in `float32`.** *Symptom*: every gradient seems a little wrong. *Cure*: `float64` for the check.

# %% [markdown]
# ## Recap
#
# A slope says how much the loss moves when one number moves; along a path slopes are multiplied, over several paths
# they are added. Going backward, each layer turns the slopes by its outputs into those by its inputs and weights:
# cross-entropy and sigmoid begin with p - y, a dense layer multiplies by its weights on their side, ReLU is a gate, max
# pooling pays its winners, and a convolution correlates again, with the kernel turned for the picture. Measured slopes
# in `float64` and a library's tape check the whole, except where gates and winners switch, and every check is blind to
# something.

# %% [markdown]
# ## Quiz
#
# **1. Sign.** The slope of the loss by a weight is -3. What does a step of gradient descent with rate 0.1 do?
#
# - (a) lowers the weight by 0.3
# - (b) raises the weight by 0.3
# - (c) raises the loss by 0.3
#
# <details><summary>Answer</summary>
#
# (b). Against the slope: $-0.1 \cdot (-3) = +0.3$. (a) goes with the slope, uphill. (c): the loss *falls*, by about
# $3 \cdot 0.3 = 0.9$ as long as the slope holds that far.
# </details>
#
# **2. Certainty.** A patient with a benign tumour ($y = 0$) gets $p = 0.9$. What is the slope of her loss by the score
# $z$?
#
# - (a) 0.9
# - (b) 0.09
# - (c) 10
#
# <details><summary>Answer</summary>
#
# (a), p - y. (b) is the sigmoid's slope $p (1 - p)$ alone, (c) the loss's slope by $p$ alone, $\frac{1}{1 - p}$; their
# product is (a).
# </details>
#
# **3. Ties.** Three pixels of a window are equal and largest, and the gradient 6 arrives. Which is no valid answer?
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
# **4. Shapes.** A convolution with 3 x 3 kernels reads 16 channels and makes 32 maps. Which kernel slides over the
# gradients on the way back to the picture?
#
# - (a) (3, 3, 16, 32), as it is
# - (b) (3, 3, 16, 32), turned by half a turn
# - (c) (3, 3, 32, 16), turned by half a turn
#
# <details><summary>Answer</summary>
#
# (c). It reads 32 maps and makes 16 channels, so the last two axes are swapped. The course's `conv2d` refuses (a) and
# (b), because 16 is not 32. TensorFlow does not: 32 is a multiple of 16, so it quietly computes another kind of
# convolution (a *grouped* one), with 32 channels instead of 16. With 16 maps even the shape would be right.
# </details>
#
# **5. Checking.** A gradient passes the check on random numbers, in `float64`, with no place skipped. What follows?
#
# - (a) It is right at these points.
# - (b) It is right on every picture.
# - (c) The network will learn well.
#
# <details><summary>Answer</summary>
#
# (a). Ties, overflow and whatever random numbers never do were not tried, so not (b). (c) is another matter: the right
# gradient with a rate of 100 learns nothing.
# </details>

# %% [markdown]
# ## Sources
#
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams. Learning representations by back-propagating errors. *Nature* 323,
#   pages 533 to 536, 1986. [doi 10.1038/323533a0](https://doi.org/10.1038/323533a0). The paper that made it known.
# - S. Linnainmaa. Taylor expansion of the accumulated rounding error. *BIT* 16, pages 146 to 160, 1976.
#   [doi 10.1007/BF01931367](https://doi.org/10.1007/BF01931367). The same way back, earlier, for rounding errors.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind. Automatic differentiation in machine learning: a
#   survey. *Journal of Machine Learning Research* 18(153), pages 1 to 43, 2018.
#   [jmlr.org](https://www.jmlr.org/papers/v18/17-468.html). What a tape does.
# - I. Goodfellow, Y. Bengio, A. Courville. *Deep Learning*. MIT Press, 2016, section 6.5.
#   [deeplearningbook.org](https://www.deeplearningbook.org/contents/mlp.html). Backpropagation in general.
# - W. H. Press, S. A. Teukolsky, W. T. Vetterling, B. P. Flannery. *Numerical Recipes*, third edition, Cambridge
#   University Press, 2007, section 5.7. How long a step should be.
# - TensorFlow, [GradientTape](https://www.tensorflow.org/api_docs/python/tf/GradientTape).

# %% [markdown]
# ## Next
#
# [Lesson 08](08_training_by_hand.ipynb) takes these gradients and trains a network with them, step by step, in NumPy.
# [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), leaves the way back to Keras; you now know what it
# does on each of its steps.
