# %% [markdown]
# # Trace an error back through one neuron
#
# A network calls a malignant tumour benign. Thousands of weights had a part in it: which of them should change, in
# which direction, and by how much? Training a diagnosis is answering this question, over and over.
#
# ## What you will do
# - Measure a slope, and see what it foretells (quiz).
# - Follow slopes through one neuron by the chain rule: multiply along a path, add over paths (quiz).
# - Derive the shortest formula of the trade, p - y, and use it for many patients at once (exercise 7.1).
#
# **What you need.** Python, NumPy. [Lesson 06](06_forward_pass.ipynb) builds the networks whose errors are traced
# here; the little that is needed of it is said again. No calculus: school algebra will do.
#
# **How long.** About 45 minutes. A second page goes on with whole layers.
#
# **What this is not.** The patient of this page is made up. Nothing here may be used on a patient.

# %% [markdown]
# ## 1. Measure a slope
#
# Take $f(w) = w^2$ and stand at $w = 3$. Go a little to the right. How much does $f$ rise for each unit of the way?
# From 3 to 3.1 it rises from 9 to 9.61:
#
# $$\frac{f(3.1) - f(3)}{0.1} = \frac{9.61 - 9}{0.1} = 6.1$$
#
# That is the *slope*: rise divided by way. **Predict it for 0.01 and 0.001.**

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
# We need few slopes in this lesson. Two follow by algebra: $5w$ has the slope 5, and $\frac{1}{h}\left(\frac{1}{u +
# h} - \frac{1}{u}\right) = \frac{-1}{u (u + h)}$, so $\frac{1}{u}$ has the slope $-\frac{1}{u^2}$. Two more are worth
# knowing by heart: $e^z$ is its own slope, and $\log p$ (the natural logarithm) has the slope $\frac{1}{p}$. Measure
# it.

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
# Three weights, so three slopes. Move *one* and hold the others still. The slope that this gives is written with a
# round d, $\frac{\partial L}{\partial w_1}$. Books call it *the partial derivative of $L$ with respect to $w_1$*; we
# say, shorter, *the slope of $L$ by $w_1$*: how much $L$ changes for each unit that $w_1$ moves. All of them together
# are the *gradient*. (`np.ndindex(shape)` runs through all places of an array, like as many nested loops as it has
# axes.)

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
# of it. So go against each slope. The factor in front of the slopes, here 0.5, is the *learning rate*: the step is 0.5
# times the gradient, the other way.

# %%
better = start - 0.5 * gradient
print("weights", better.round(3), f"loss {loss_of(better):.3f}")

# %% [markdown]
# From 0.693 to 0.201 in one step. This is *gradient descent*.
#
# Why not always measure slopes like this? Each weight needs two runs of the whole network. **Predict** how long the
# network of [lesson 14](14_breast_cancer_cnn.ipynb), with its 3,453,121 weights, would need for *one* gradient, if one
# run takes a hundredth of a second.

# %%
print(f"{2 * 3_453_121 * 0.01 / 3600:.0f} hours")

# %% [markdown]
# *Backpropagation* finds all slopes at once, for the price of a few runs. The measured ones stay precious: they judge
# the clever ones.

# %% [markdown]
# ## 3. Follow the chain through one neuron
#
# Three cogwheels: for one turn of the first the second turns three times, and for one of the second the third turns
# twice. So for one turn of the first the third turns six times. **Rates along a chain are multiplied.** That is the
# *chain rule*. If $w$ moves $z$, and $z$ moves $p$, and $p$ moves $L$, then
#
# $$\frac{\partial L}{\partial w} = \frac{\partial L}{\partial p} \cdot \frac{\partial p}{\partial z} \cdot
# \frac{\partial z}{\partial w}$$
#
# Each link is short. For our patient, $y = 1$:
#
# - $L = -\log p$, so $\frac{\partial L}{\partial p} = -\frac{1}{p} = -2$.
# - $p = \frac{1}{u}$ with $u = 1 + e^{-z}$. That is a chain too. Her numbers first:
#   - $z = 0$, so $e^{-z} = 1$ and $u = 2$.
#   - The slope of $p$ by $u$ is $-\frac{1}{u^2} = -\frac{1}{4}$.
#   - The slope of $u$ by $z$ is $-e^{-z} = -1$ (again a chain: $-z$ has the slope $-1$).
#   - The product is $\frac{1}{4}$.
#
#   In letters, $\frac{\partial p}{\partial z} = \frac{1}{u} \cdot \frac{e^{-z}}{u}$. The first factor is $p$, the
#   second is $\frac{u - 1}{u} = 1 - p$. The sigmoid's slope is $p (1 - p)$, here $0.5 \cdot 0.5 = 0.25$.
# - $z = w_1 x_1 + \dots$, so $\frac{\partial z}{\partial w_1} = x_1 = 2$.
#
# Together: $(-2) \cdot 0.25 \cdot 2 = -1$. **Work out the other two**, for $w_2$ and $b$, before you run.

# %%
p = 0.5
by_p = -1 / p
by_z = by_p * p * (1 - p)
print("by w1, w2 and b:", by_z * patient[0], by_z * patient[1], by_z)

# %% [markdown]
# The same as measured. Note *how*: first forward, keeping $p$; then backward, and what was known about $z$ was used
# three times. That saving is why one goes backward: all paths share their end.
#
# **Two ways to the same end.** In $f(w) = w \cdot w$ the same $w$ stands twice. Move the first alone: the slope is
# the second, $w$. Move the second alone: $w$ again. Move both: the changes add up, $w + w = 2w$, as in section 1.
# **Slopes along one path are multiplied; slopes of several paths are added.** Nothing else happens in this lesson. (A
# *path* is a way along which one number acts on another.)

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

from course.widgets.lesson_07 import neuron_picture
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
# raise it. Measure it at three scores:

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
# ### Exercise 7.1 - the gradient of a batch
#
# Networks look at many patients at once, a *batch* of $n$. The scores stand in a column, shape $(n, 1)$, and so do the
# truths. The loss of the batch is the **mean** of the patients' losses. How much does it change with the score of *one*
# patient? `sigmoid` from `course.nn` takes scores of any size.

# %%
# Exercise 7.1 - slopes of the mean cross-entropy by the scores
from course.checks import check
from course.nn import sigmoid


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
# ## Traps
#
# - **Uphill.** *Symptom*: the loss rises from the first step. *Cure*: against the slope, `weights - rate * gradient`.
# - **The missing 1/batch.** *Symptom*: the rate that worked for 8 patients explodes for 512. *Cure*: divide once, in
#   the loss; add up over patients everywhere else.
# - **The division by 0.** *Symptom*: one very certain patient, then NaN everywhere. *Cure*: p - y, cancelled on paper.
# - **The one-sided slope.** *Symptom*: measured and derived slopes differ in the third digit. *Cure*: the central
#   difference.

# %% [markdown]
# ## Recap
#
# A slope says how much the loss moves when one number moves; going against it makes the loss smaller. Along a path
# slopes are multiplied, over several paths they are added: that is the chain rule. Going backward computes what all
# paths share only once. Sigmoid and cross-entropy together have the shortest slope of all, probability minus truth,
# and in the mean over a batch each patient has one n-th of the say.

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
# **3. Paths.** In $f(w) = 3w + w \cdot w$ the weight acts along three paths. What is the slope at $w = 2$?
#
# - (a) 3 + 2 + 2
# - (b) 3 · 2 · 2
# - (c) 3 + 2
#
# <details><summary>Answer</summary>
#
# (a): one path has the slope 3, and each factor of $w \cdot w$ has the other one as its slope. (b) multiplies where
# paths must be added. (c) forgets that $w$ stands twice in the product.
# </details>

# %% [markdown]
# ## Sources
#
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams. Learning representations by back-propagating errors. *Nature* 323,
#   pages 533 to 536, 1986. [doi 10.1038/323533a0](https://doi.org/10.1038/323533a0). The paper that made it known.
# - I. Goodfellow, Y. Bengio, A. Courville. *Deep Learning*. MIT Press, 2016, section 6.5.
#   [deeplearningbook.org](https://www.deeplearningbook.org/contents/mlp.html). Backpropagation in general.

# %% [markdown]
# ## Next
#
# [Through whole layers](07_backpropagation_layers.ipynb): dense, ReLU, max pooling, and a small network from the loss
# back to the pixels. The [deeper page](07_backpropagation_deeper.ipynb) comes after that one.
