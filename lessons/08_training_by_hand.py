# %% [markdown]
# # Train a network by hand, and ask whether it was worth it
#
# A network is not told what a malignant nucleus looks like. It is told, again and again, how wrong it was. Who has
# written that loop once can judge what a trained diagnosis is worth, and why two trainings differ.
#
# ## What you will do
# - Walk downhill on a real loss surface, and find the step that is too long (exercise 8.1).
# - Give the walk a memory for its speed, one for each array of weights (exercise 8.2).
# - Write Adam in the form that Keras uses, bias correction included (exercise 8.3).
# - Write the loop over epochs and batches, without tearing pictures from their labels (exercise 8.4).
#
# With these you train a convolutional network in NumPy, find that Keras does the same with the same numbers, and set
# the result beside much simpler methods.
#
# **What you need.** Python, NumPy, [lesson 06](06_forward_pass.ipynb) for the layers and
# [lesson 07](07_backpropagation.ipynb) for the gradients. From both, what is needed is said again in a line.
#
# **How long.** About 105 minutes, best in two sittings: the second begins with section 6.
#
# **What this is not.** The cells are *drawn from measurements, not photographs*. The network trained here is small, it
# is judged on 86 patients, and it may not be used on anyone.

# %% [markdown]
# ## 1. How wrong, in one number
#
# Four patients: two with a malignant tumour ($y = 1$), two with a benign one ($y = 0$). A network gives each a
# probability $p$ of "malignant".

# %%
import numpy as np

truth = np.array([1, 1, 0, 0])
p = np.array([0.9, 0.2, 0.1, 0.6])

# %% [markdown]
# A patient costs $-\log$ of the probability that was given to *what she has*: $p$ if her tumour is malignant, $1 - p$
# if it is benign (lesson 07). For the first, $-\log 0.9 = 0.105$. The third was given $1 - 0.1 = 0.9$ for benign: the
# same. **Which of the four costs most?** The mean of the four is the loss $L$, the *binary cross-entropy*:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \left[\, y_i \log p_i + (1 - y_i) \log(1 - p_i) \,\right]$$

# %%
costs = -np.where(truth == 1, np.log(p), np.log(1 - p))
print("costs", costs.round(3), f" loss {costs.mean():.3f}")

# %% [markdown]
# The second: malignant, and hardly suspected. Now three networks that never look at a picture. One says 0.5 to
# everybody. One has heard that 212 of the 569 tumours of our table are malignant, and says 0.37 to everybody. One is a
# fool, and says 0.01. **Predict the order of their losses** on the 569.

# %%
from course.data.cytology import table

rows, labels = table()
for always in (0.5, labels.mean(), 0.01):
    loss = -np.mean(np.where(labels == 1, np.log(always), np.log(1 - always)))
    print(f"always {always:.2f}: loss {loss:.2f}, right {np.mean((always > 0.5) == labels):.0%}")

# %% [markdown]
# Keep the first two numbers. **0.69, that is log 2, is what knowing nothing costs**: every network should start near
# it. **0.66 is what it costs to know only how many tumours are malignant**: a network whose loss stays there has not
# looked at a single picture. The third is "right" as often as the second, and pays more than twice as much.
#
# Why not train on the share of right answers itself? Raise one weight by a hair. **Predict** how many of 569 answers
# change sides.
#
# None, nearly always. So the slope of the accuracy is 0 nearly everywhere, and there is nothing to follow downhill.
# Cross-entropy moves with every hair. (This course's `BinaryCrossentropy` is the formula above, worked out from the
# score $z$ so that a score of 800 does no harm; section 7 compares it with Keras.)

# %% [markdown]
# ## 2. Walk downhill on a real surface
#
# One neuron, two measurements of the table: the mean area of a patient's nuclei and their mean perimeter, standardised
# (0 is the average patient, 1 is one standard deviation above). It has two weights $w_1, w_2$ and a bias. We hold the
# bias at $-1.2$, near its best value, so that what is left can be drawn.

# %%
from course.nn import sigmoid

two = np.array([[row["mean area"], row["mean perimeter"]] for row in rows])
x_two, y_two = (two - two.mean(axis=0)) / two.std(axis=0), labels

def loss_of(w, some=slice(None)):
    z = x_two[some] @ w - 1.2
    return np.mean(np.logaddexp(0, z) - y_two[some] * z)

# %% [markdown]
# (`np.logaddexp(0, z) - y * z` is a patient's cost, written with the score $z$. `some` picks patients; `slice(None)`
# means all.) The gradient is known from lesson 07: the slope by each score is $p - y$, divided by the number of
# patients; the slope by a weight collects that, times what the weight was multiplied with.

# %%
def gradient_of(w, some=slice(None)):
    """Return the slopes of the mean loss by the two weights, shape (2,)."""
    p = sigmoid(x_two[some] @ w - 1.2)
    return x_two[some].T @ (p - y_two[some]) / len(p)

w = np.zeros(2)
print(f"loss {loss_of(w):.3f}, slopes {gradient_of(w).round(3)}")

# %% [markdown]
# Both slopes are about $-0.35$: raise either weight and the loss falls. One step of *gradient descent* goes against
# the slopes, times the *learning rate* $\eta$ (eta): $w \leftarrow w - \eta\, g$. With $\eta = 1$ both weights become
# about 0.35. **By how much should the loss fall?** (Slope times way, for both weights.)

# %%
step = -1.0 * gradient_of(w)
print(f"foretold {np.dot(gradient_of(w), step):.3f}, true {loss_of(w + step) - loss_of(w):.3f}")

# %% [markdown]
# Less than foretold: the slope shrinks on the way. So a step must not be too long. **Predict** what rates of 0.1, 4 and
# 400 do in 60 steps.

# %%
def walk(rate, steps=60):
    w, losses = np.zeros(2), []
    for _ in range(steps):
        losses.append(loss_of(w))
        w = w - rate * gradient_of(w)
    return w, losses

# %% [markdown]
# Three walks from the same place:

# %%
for rate in (0.1, 4, 400):
    w, losses = walk(rate)
    print(f"rate {rate}: loss after 1 step {losses[1]:.2f}, after 5 {losses[5]:.2f};",
          f"below 0.3 after 59: {losses[59] < 0.3}")

# %% [markdown]
# Too small: it arrives some day. Too large: thrown from one side of the valley to the other. In between, a rate that is
# fine at first, and then hardly gets on. Where is it stuck?

# %%
w, losses = walk(4)
print("after 60 steps: weights", w.round(1), "slopes", gradient_of(w).round(4))
print("correlation of area and perimeter:", np.corrcoef(x_two.T)[0, 1].round(2))

# %% [markdown]
# Who has a large area has a large perimeter: the correlation is 0.99. So adding to one weight and taking away from the
# other changes hardly any score: in this direction the surface is a long flat valley, across it a steep gorge. The
# gorge allows no rate above about 56 (2 divided by its curvature; a longer step lands farther up the other wall than it
# started), and even that is small for the valley. Large networks have such valleys too, as a rule.
#
# The surface from above, with this walk and two others (100, since 400 leaves the map altogether):

# %%
from course.widgets.lesson_08 import three_paths

three_paths([("SGD", 0.1), ("SGD", 4.0), ("SGD", 100.0)])

# %% [markdown]
# *Figure: three maps of the same surface, w1 to the right, w2 upwards; lines of equal loss run from upper left to lower
# right, a gorge with a long flat floor whose lowest point, a star, lies at the upper left. From the square at (0, 0) go
# 60 steps. With rate 0.1 they end on the slope, not far from the start. With rate 4 they cross to the floor at once and
# creep a little way along it. With rate 100 they are thrown far out to the upper right, come back, and zigzag across
# the gorge.*
#
# The star surprises: the best weight of the area is *negative*. That does not make large nuclei benign. With the
# perimeter held still, more area means a rounder outline. Do not read one weight of two that go together.
#
# After 60 steps the wild walk even stands lower than the careful one: the floor is so long that any haste pays, until
# the rate is too high altogether. A low loss alone does not say that a rate is sound; look at the curve.
#
# **Fewer patients a step.** The gradient of a random *batch* of 32 patients costs an eighteenth of that of all 569.
# **Predict** how different it looks.

# %%
rng = np.random.default_rng(8)
print("all 569:", gradient_of(np.zeros(2)).round(2))
for _ in range(3):
    print("some 32:", gradient_of(np.zeros(2), rng.choice(569, 32, replace=False)).round(2))

# %% [markdown]
# Roughly the same direction, at a fraction of the price: on the average over all batches it is exactly the full
# gradient. Descent with such gradients is *stochastic gradient descent*, SGD. Near the bottom, where the full gradient
# is almost 0, the noise is what remains, and the walk trembles; smaller rates tremble less.
#
# ### Exercise 8.1 - one step for a whole network
#
# A network has many arrays of weights: kernels, biases. They come as a list, and their gradients in the same order. The
# layers hold *these very arrays*, so write the new numbers **into** them; nothing is returned.

# %%
# Exercise 8.1 - SGD, in place
from course.checks import check


def sgd(params, grads, learning_rate):
    """Take one step against the gradients. Changes each array of the list params in place; returns nothing."""
    ### BEGIN SOLUTION
    for w, g in zip(params, grads, strict=True):
        w -= learning_rate * g
    ### END SOLUTION

check("8.1", sgd)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# After `w = w - 1`, does the list still hold the old array or the new one? And after `w -= 1`?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `zip(params, grads)` gives pairs. `w -= ...` and `w[...] = ...` write into the array; `w = ...` only gives the name
# `w` to another array, and the network never hears of it.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for w, g in zip(params, grads):` and below it one line with `-=`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# A weight 1.0 with slope -2.0 and rate 0.1 becomes 1.2.
# </details>

# %% [markdown]
# ## 3. A walk with momentum
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
# ### Exercise 8.2 - momentum, with a memory for every array
#
# Now there is something to remember from step to step, so an object keeps it. The velocities cannot be made before the
# first `update`: only then are the shapes known. **Each array of weights needs a velocity of its own.**

# %%
# Exercise 8.2 - momentum, in place
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

check("8.2", Momentum)

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
# On the surface of section 2, same rate, 60 steps. `SGD` of the course has both forms. (Is your 8.2 right? Write
# `Momentum(4, momentum)` in its place.)

# %%
from course.nn import SGD

for momentum in (0.0, 0.9):
    w, optimizer = np.zeros(2), SGD(learning_rate=4, momentum=momentum)
    for _ in range(60):
        optimizer.update([w], [gradient_of(w)])
    print(f"momentum {momentum}: loss {loss_of(w):.3f}, weights {w.round(1)}")

# %% [markdown]
# (The lowest loss on this surface is 0.255.) The ball comes most of the way along the floor. Same rate, so not yet a
# fair race: momentum 0.9 lengthens a steady step tenfold. In the experiment of section 4 you tune each, and there plain
# SGD with a large rate keeps up. What momentum buys here is the same way at a tenth of the rate.
#
# **Break it on purpose: one velocity for all.** Hold the two weights in two arrays, as a network holds kernel and bias,
# and let them share one velocity. **Predict:** an error? And which direction can this walk not take?

# %%
w1, w2, shared = np.zeros(1), np.zeros(1), np.zeros(1)
for _ in range(60):
    slopes = gradient_of(np.concatenate([w1, w2]))
    for w, g in ((w1, slopes[:1]), (w2, slopes[1:])):
        shared *= 0.9
        shared -= 4 * g
        w += shared
print(f"shared: loss {loss_of(np.concatenate([w1, w2])):.3f}, weights {w1.round(1)} {w2.round(1)}")

# %% [markdown]
# No error, and worse than no momentum at all. The way along the floor is "one weight down, the other up", and what the
# first stores for its way, the second takes away. In a large network such a fault looks like a bad rate.
#
# PyTorch writes $v \leftarrow \beta v + g$ and $w \leftarrow w - \eta v$:
# its $v$ is ours divided by $-\eta$, and the walk is the same as long as the rate is not changed on the way. Others
# write $\beta v + (1 - \beta) g$: then, with 0.9, the same rate gives steps ten times shorter. A rate without its
# formula says little.

# %% [markdown]
# ## 4. Adam: steps as long as the rate
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
# 0.1, 0.19, 0.271: the velocities of section 3 once more (without their sign), and $1 - 0.9^t$. So after $t$ steps with
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
# Not at the first step: about six times too long after ten, and still too long after hundreds. A training that "needs a
# small rate at first" may be one whose correction was forgotten.
#
# **Where epsilon stands.** A small $\varepsilon$ (epsilon) keeps the division from blowing up where all slopes are 0.
# There are two places for it:
#
# $$\text{paper's algorithm, PyTorch:} \quad \frac{\eta\, \hat m}{\sqrt{\hat s} + \varepsilon} \qquad\qquad
# \text{Keras, this course:} \quad \frac{\alpha_t\, m}{\sqrt{s} + \varepsilon}, \quad
# \alpha_t = \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}$$
#
# On the left it is added to the *corrected* root $\sqrt{\hat s}$, inside the correction; on the right to the raw root
# $\sqrt{s}$, outside. Without $\varepsilon$ the two are equal. With it, Keras adds $\varepsilon$ to a root that is
# still too small, so at step $t$ it weighs $1 / \sqrt{1 - \beta_2^t}$ times as much: **about 32 times at the first
# step**. Keras's $\varepsilon$ is $10^{-7}$, PyTorch's $10^{-8}$. Does it matter? First steps, in units of $\eta$, both
# with $10^{-7}$:

# %%
for g in (0.5, 1e-4, 1e-6, 1e-7):
    m, s = 0.1 * g, 0.001 * g**2
    paper = (m / 0.1) / (np.sqrt(s / 0.001) + 1e-7)
    in_keras = np.sqrt(0.001) / 0.1 * m / (np.sqrt(s) + 1e-7)
    print(f"slope {g}: paper, PyTorch {paper:.3f}, Keras {in_keras:.3f}")

# %% [markdown]
# For slopes of ordinary size it does not. For tiny ones, as a nearly finished network or a nearly dead unit has them,
# it does: Keras damps them far more. Two libraries with "the same" Adam part company there.
#
# ### Exercise 8.3 - one step of Adam, as Keras takes it
#
# For one array, and this time returning the new arrays. $t$ is 1 at the first step.

# %%
# Exercise 8.3 - Adam with epsilon outside the correction
def adam_step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Return the new weights, mean and mean square (w, m, s), in the shape of w, after step t = 1, 2, ..."""
    ### BEGIN SOLUTION
    m = beta_1 * m + (1 - beta_1) * g
    s = beta_2 * s + (1 - beta_2) * g**2
    alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - alpha * m / (np.sqrt(s) + epsilon), m, s
    ### END SOLUTION

check("8.3", adam_step)

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

# %%
three_paths([("SGD", 4.0), ("momentum", 4.0), ("Adam", 1.0)])

# %% [markdown]
# *Figure: the surface again, three walks of 60 steps. SGD with rate 4 creeps a little way along the floor. Momentum
# with rate 4 overshoots, swings round in wide curves and comes about two thirds of the way to the star. Adam with rate
# 1 swings too, and comes less than half of the way.*
#
# ### Experiment: which way down?
#
# The dots are the weights after each step. `batch` says from how many patients each gradient is worked out; on the
# right, the loss of all patients.

# %%
from ipywidgets import IntSlider, SelectionSlider

from course.widgets.lesson_08 import BATCHES, OPTIMIZERS, RATES, surface_picture
from course.widgets.panel import Panel

Panel(surface_picture, "Left: the walk over the two weights, from square towards star. Right: the loss at each step.",
      optimizer=list(OPTIMIZERS), rate=SelectionSlider(options=RATES, value=1.0), steps=IntSlider(60, 1, 100),
      batch=list(BATCHES))

# %% [markdown]
# **Try.**
# 1. For each of the three, find the rate that brings it lowest in 60 steps. Then move one notch to either side.
# 2. SGD with rate 30, first with all 569 patients, then with batches of 32. What does the right-hand curve say?
#
# **Question.** With rate 0.01 and 10 steps, how far does Adam walk, and how far SGD? Why is that no proof that Adam is
# better?
# <details><summary>Answer</summary>
#
# Adam goes about $10 \cdot 0.01 = 0.1$ in each weight, whatever the slopes are: its steps are as long as the rate. SGD
# goes rate times slope, about $10 \cdot 0.01 \cdot 0.35 = 0.035$. The same number means different lengths, so two
# optimisers may be compared only at rates tuned for each. (On the tries: SGD does best at 30, momentum and Adam at 3,
# and so tuned all three end near 0.26: on this surface, with two weights, nobody wins. Two notches above its best rate,
# momentum is thrown out of the valley. With 32 patients the walk takes the same way, and its loss trembles.)
# </details>

# %% [markdown]
# ## 5. Batches, steps, epochs
#
# One *epoch* shows every patient once, in batches. With 398 pictures and batches of 32, **how many steps is that, and
# how many pictures has the last batch?** $398 = 12 \cdot 32 + 14$: thirteen steps, the last with 14.
#
# Before each epoch the pictures are shuffled, or batches would be the same company again and again; sorted by
# diagnosis, whole batches would be benign. One thing must never happen on the way. **Break it on purpose:** shuffle the
# patients' measurements and leave the labels where they are. All ten means of the table, one neuron, 300 steps:

# %%
names = [name for name in rows[0] if name.startswith("mean ")]
ten = np.array([[row[name] for name in names] for row in rows])
ten = (ten - ten.mean(axis=0)) / ten.std(axis=0)

def final_loss(measurements, truth, rate=0.5):
    w, b = np.zeros(10), 0.0
    for _ in range(300):
        error = sigmoid(measurements @ w + b) - truth
        w, b = w - rate * measurements.T @ error / len(error), b - rate * error.mean()
    z = measurements @ w + b
    return np.mean(np.logaddexp(0, z) - truth * z)

# %% [markdown]
# **Predict the second number** before you run.

# %%
order = np.random.default_rng(5).permutation(569)
print(f"together: {final_loss(ten[order], labels[order]):.2f}, torn apart: {final_loss(ten[order], labels):.2f}")

# %% [markdown]
# It ends close to 0.66, the price of knowing only how many tumours are malignant, and no error is raised. (A trace
# below: by chance ten numbers always fit a few labels.) You will recognise this number.
#
# ### Exercise 8.4 - the loop
#
# `step(x_batch, y_batch)` takes one step of training and returns the mean loss of its batch; you call it. Draw a new
# order from `rng` before every epoch, keep the small last batch, and say what each epoch has cost **per picture**: the
# last batch has fewer, so it counts for less.

# %%
# Exercise 8.4 - epochs and batches
def train(step, x, y, epochs, batch_size, rng):
    """Return a list: for each epoch, the mean over all its pictures of the loss that step(x_batch, y_batch) gave."""
    ### BEGIN SOLUTION
    history = []
    for _ in range(epochs):
        order, total = rng.permutation(len(x)), 0.0
        for start in range(0, len(x), batch_size):
            rows = order[start:start + batch_size]
            total += step(x[rows], y[rows]) * len(rows)
        history.append(total / len(x))
    return history
    ### END SOLUTION

check("8.4", train)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# If one array of row numbers picks the pictures, what should pick the labels?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `rng.permutation(len(x))` is an order of row numbers. Cut it into pieces of `batch_size`; use each piece for `x` *and*
# for `y`. A slice that reaches beyond the end is cut short by itself.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for start in range(0, len(x), batch_size):`, `rows = order[start:start + batch_size]`, and
# `total += step(...) * len(rows)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Losses 1.0 for a batch of four and 2.0 for a batch of one: the epoch has cost $6 / 5 = 1.2$ per picture.
# </details>
#
# This is a good place to end the first sitting.

# %% [markdown]
# ## 6. A network, and three questions before it is trained
#
# Now the pictures: the drawn cells, 64 x 64 pixels, three colours. Every patient is in one of three sets: the network
# learns from *training*; we choose by *validation*; *test* is looked at once, at the end.

# %%
from course.data.cytology import load, split_of_patients

pictures, labels, _ = load(size=64)
split = split_of_patients()
x = (pictures / 127.5 - 1).astype(np.float32)
y = labels[:, None].astype(np.float32)
for name in ("train", "validation", "test"):
    print(f"{name}: {np.sum(split == name)} patients, {y[split == name].mean():.0%} malignant")

# %% [markdown]
# Bytes from 0 to 255 became numbers from $-1$ to 1; the labels stand in a column, one row a patient.

# %%
x_train, y_train = x[split == "train"], y[split == "train"]
validation = x[split == "validation"], y[split == "validation"]
x_test, y_test = x[split == "test"], y[split == "test"]

# %% [markdown]
# The network: three times convolution, ReLU, pooling, then two dense layers. `seed` starts its random weights.

# %%
from course.nn import Adam, BinaryCrossentropy, Conv2D, Dense, Flatten, MaxPooling2D, Sequential


def small_network(seed=0):
    return Sequential([
        Conv2D(8, 3, activation="relu"), MaxPooling2D(2),
        Conv2D(16, 3, activation="relu"), MaxPooling2D(2),
        Conv2D(32, 3, activation="relu"), MaxPooling2D(2),
        Flatten(), Dense(32, activation="relu"), Dense(1, activation="sigmoid"),
    ], seed=seed)

# %% [markdown]
# `compile` chooses how it learns, `build` makes the weights. **Predict** which layer has most of them.

# %%
network = small_network()
network.compile(Adam(0.001), BinaryCrossentropy())
network.build(x_train.shape)
network.summary()

# %% [markdown]
# Most weights stand behind `Flatten`, as lesson 06 foretold. Before hours are spent on a training, three questions that
# cost seconds.
#
# **First: is the first loss near log 2?** And what if we forget to scale the pictures? **Predict.**

# %%
first = network.evaluate(x_train, y_train).loss
unscaled = small_network()
unscaled.compile(Adam(0.001), BinaryCrossentropy())
print(f"log 2 = {np.log(2):.2f}; first loss {first:.2f}; pictures from 0 to 255: above 2: "
      f"{unscaled.evaluate(pictures[split == 'train'], y_train).loss > 2}")

# %% [markdown]
# Near it. The unscaled network is certain of nonsense before it has learnt anything, and spends its first steps on
# unlearning it.
#
# **Second: can it learn ten pictures by heart?** A network that cannot has a mistake in it: the gradients, the labels,
# the rate. Five malignant tumours, five benign (`fit` is the loop of exercise 8.4):

# %%
ten_pictures = np.concatenate([np.flatnonzero(y_train[:, 0] == k)[:5] for k in (0, 1)])
network.fit(x_train[ten_pictures], y_train[ten_pictures], epochs=60, batch_size=10, verbose=0)
by_heart = network.evaluate(x_train[ten_pictures], y_train[ten_pictures])
assert by_heart.loss < 0.05 and by_heart.accuracy == 1
print("ten pictures: all right, loss below 0.05")

# %% [markdown]
# **Third: has it learnt anything else?** Surely ten pictures teach little. **Predict its loss on the others.**

# %%
others = network.evaluate(*validation)
print(f"validation: loss above log 2: {others.loss > np.log(2)}")

# %% [markdown]
# Worse than knowing nothing: it is certain, and often wrong. Learning by heart proves that the machine runs. It is the
# opposite of what we want from it.

# %% [markdown]
# ## 7. The same as Keras?
#
# The same layers in Keras, with the same first weights and the same batches. Keras computes in `float32` unless told
# otherwise; we want to tell apart *the same up to rounding* from *nearly the same*, so first both use `float64`.

# %%
from course.quiet_tensorflow import keras, tf


def small_network_in_keras(dtype):
    keras.config.set_floatx(dtype)  # all numbers of Keras in this type: first the arrays, then the layers
    keras.config.set_dtype_policy(dtype)
    keras.utils.set_random_seed(0)
    layers = [keras.Input((64, 64, 3))]
    for filters in (8, 16, 32):
        layers += [keras.layers.Conv2D(filters, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    return keras.Sequential([*layers, keras.layers.Flatten(), keras.layers.Dense(32, activation="relu"),
                             keras.layers.Dense(1, activation="sigmoid")])

# %% [markdown]
# One step of Keras: the loss recorded on a tape (lesson 07, section 9), its gradients, the optimiser. (`train_on_batch`
# does the same in one call; we write it out to see it.)

# %%
def keras_step(model, optimizer, x, y):
    """Take one step in Keras; return the loss before it."""
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy()(y, model(x, training=True))
    optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    return float(loss)

# %% [markdown]
# Both train for twenty steps, on four batches of 32 in turn. With `follow`, ours takes over Keras's weights after each
# step.

# %%
def side_by_side(dtype, ours, theirs, steps=20, follow=False):
    """Return the losses before each step, (steps, 2): ours, Keras's."""
    network, model, losses = small_network(), small_network_in_keras(dtype), []
    network.build(x_train.shape, dtype)
    network.compile(ours, BinaryCrossentropy())
    model.set_weights(network.get_weights())
    for k in range(steps):
        rows = slice(32 * (k % 4), 32 * (k % 4) + 32)
        batch = x_train[rows].astype(dtype), y_train[rows].astype(dtype)
        losses.append((network.train_on_batch(*batch), keras_step(model, theirs, *batch)))
        if follow:
            network.set_weights(model.get_weights())
    return np.array(losses)

# %% [markdown]
# SGD, `float64`, each on its own from the first step to the last. A fault of one weight in one step would show in all
# later losses. **Predict** how many digits agree.

# %%
losses = side_by_side("float64", SGD(0.0625), keras.optimizers.SGD(0.0625))
assert np.abs(losses[:, 0] - losses[:, 1]).max() <= 1e-10 and np.ptp(losses[:, 0]) > 0.01
print("ours  ", losses[-3:, 0].round(8), "\nKeras ", losses[-3:, 1].round(8), "\nall twenty losses within 1e-10")

# %% [markdown]
# The loss moves by more than a hundredth from batch to batch, and the two never differ by more than a ten-billionth.
# (Keras stores the rate in `float32`. We chose 0.0625, a sixteenth, which is the same number in both.)
#
# Now Adam, in `float32`, as networks are really trained. Ours takes over Keras's weights after each step. **Why?** And
# what will happen without?

# %%
followed = side_by_side("float32", Adam(0.001), keras.optimizers.Adam(0.001), follow=True)
alone = side_by_side("float32", Adam(0.001), keras.optimizers.Adam(0.001))
assert np.abs(followed[:, 0] - followed[:, 1]).max() <= 1e-5 and np.ptp(followed[:, 0]) > 0.01
gaps = [np.abs(losses[:, 0] - losses[:, 1]).max() for losses in (followed, alone)]
print("following: all twenty losses within 1e-5; alone: more than ten times as far apart:", gaps[1] > 10 * gaps[0])

# %% [markdown]
# In `float32` the seventh digit is noise, and it differs from library to library, because sums are added up in another
# order. Adam divides a tiny slope by its own tiny size, so the noise in it counts for more than in SGD (epsilon damps
# the worst of it). And the next slopes are taken at slightly different weights, a ReLU or a maximum falls to the other
# side, and the gap grows. Left alone, two right programs drift apart, and after hundreds of steps they are two
# different networks ([lesson 13](13_keras_same_network.ipynb) follows how). It is the same between two processors, or
# two numbers of threads. **A single training is one draw from a lottery**; do not build a diagnosis on the third digit.
#
# What the exercises asked for is what the library does. Keras goes back to its usual precision:

# %%
keras.config.set_floatx("float32")
keras.config.set_dtype_policy("float32")

# %% [markdown]
# ## 8. Train it
#
# The loop of exercise 8.4, with three words more. `view` may change a batch before the step; for the moment it will
# not. After each epoch the validation set is asked, without learning from it. And the weights of the best epoch are
# remembered, and put back at the end.

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
        now = network.evaluate(*validation)
        history.append({"epoch": epoch, "loss": total / len(order), "val_loss": now.loss, "val_accuracy": now.accuracy})
        if now.loss < best:
            best, weights = now.loss, network.get_weights()
    network.set_weights(weights)
    return history

# %% [markdown]
# Twenty epochs. **Predict two curves:** the loss of the training patients, and that of the validation patients.

# %% tags=["nbval-ignore-output"]
import pandas as pd


def as_they_are(batch, rng):
    return batch

network = small_network()
network.compile(Adam(0.001), BinaryCrossentropy())
plain = pd.DataFrame(train_network(network, 20, as_they_are))
plain.iloc[[0, 4, 9, 14, 19]].round(2)

# %% [markdown]
# The numbers above differ a little from machine to machine (section 7). What should hold on any of them:

# %%
assert plain["loss"].iloc[-1] < 0.35 < 0.6 < plain["loss"].iloc[0]
assert plain["val_loss"].iloc[-1] > plain["loss"].iloc[-1] + 0.05
print("the training loss falls below 0.35; the validation loss ends above it")

# %% [markdown]
# It learns, far below the 0.66 of knowing only how many tumours are malignant. And it learns *these 398 patients*: with
# 42,961 weights it begins to know them by heart, while strangers gain little. That gap is *overfitting*.
#
# What would help? More patients. There are none; but a field of cells has no top and no bottom. Turned by a quarter,
# or seen in a mirror, it is as good a picture of the same patient: there are eight views of each. (Not every picture
# allows it. An ultrasound turned upside down is no ultrasound, and enlarging would change the very size that
# matters.) So the second training turns each batch before the step:

# %%
def turned(batch, rng):
    """Return pictures (n, h, w, c) in one of eight views, all alike: mirrored or not, by 0 to 3 quarter turns."""
    if rng.random() < 0.5:
        batch = batch[:, ::-1]
    return np.rot90(batch, rng.integers(4), axes=(1, 2))

# %% [markdown]
# **Predict the two curves again.** Thirty epochs, well under a minute on two free cores:

# %% tags=["nbval-ignore-output"]
network = small_network()
network.compile(Adam(0.001), BinaryCrossentropy())
history = pd.DataFrame(train_network(network, 30, turned))
history.iloc[[0, 9, 19, 29]].round(2)

# %% [markdown]
# Both trainings as curves:

# %%
from course.plots import COLOURS, new_figure, use_style

use_style()
figure = new_figure(9, 3.4)
trainings = {"pictures as they are": plain, "pictures turned": history}
for ax, (title, epochs) in zip(figure.subplots(1, 2, sharey=True), trainings.items(), strict=True):
    ax.plot(epochs["epoch"], epochs["loss"], color=COLOURS["neutral"], label="training")
    ax.plot(epochs["epoch"], epochs["val_loss"], "--o", color=COLOURS["benign"], label="validation")
    ax.axhline(np.log(2), color="black", linewidth=1, linestyle=":", label="log 2")
    ax.set(title=title, xlabel="epoch", ylabel="loss (cross-entropy)")
    ax.legend(fontsize=8)
figure

# %% [markdown]
# *Figure: loss against epoch in two diagrams, training as a line, validation dashed with dots, log 2 dotted. Left, with
# the pictures as they are, both fall at first; then training goes on falling, and validation turns and stays far above
# it. Right, with turned pictures, both fall slowly and stay close together.*

# %% [markdown]
# The second training had ten epochs more. To be fair, compare the best validation loss of the first twenty, and do not
# trust one seed. The course's long run (`course reproduce 08`) did both trainings from six seeds:

# %%
from course.reproduce import result

assert history["val_loss"][:20].min() < plain["val_loss"].min()
six = result(8)["runs"]
for run in six:
    print(f"seed {run['seed']}: as they are {min(run['plain']):.2f}, turned {min(run['turned'][:20]):.2f}")

# %% [markdown]
# With every seed the turned pictures come lower, though not always by much.
#
# **If you like: your own loop and your own momentum.** What you wrote in exercises 8.2 and 8.4 trains this network too:

# %% tags=["nbval-ignore-output"]
if all(check(number, answer).status == "right" for number, answer in (("8.2", Momentum), ("8.4", train))):
    pupil = small_network()
    pupil.compile(Momentum(0.01, 0.9), BinaryCrossentropy())
    print(np.round(train(pupil.train_on_batch, x_train, y_train, 8, 32, np.random.default_rng(0)), 2))
else:
    print("first solve 8.2 and 8.4")

# %% [markdown]
# ## 9. Was it worth it?
#
# A network that learns is not yet a network that is needed. The same 86 test patients, the same pictures of 64 x 64
# pixels, and methods that take a line each to call. How good? By the *AUC*: of a malignant and a benign patient drawn
# at random, how often does the malignant one get the higher score? A coin reaches 0.5.
#
# - **Majority:** everybody is benign. All scores are equal, so its AUC is 0.5.
# - **Mean brightness** of the picture.
# - **Total nuclear area:** find the nuclei, add up their pixels. One line to call; behind it is a program that finds
#   nuclei, written by somebody who knew what to look for ([lesson 03](03_measuring_nuclei.ipynb)). The network was told
#   only the labels.
# - **A support vector machine (SVM) on ten measured features** of the nuclei: size, outline, texture. It draws a border
#   between two classes of measured numbers ([lesson 09](09_support_vector_machine.ipynb)).
# - **Logistic regression on the pixels:** our neuron of section 2, with 12,288 weights, one for each number of the
#   picture. So many weights would learn 398 patients by heart; a penalty on large weights holds them back. How strong
#   a penalty? Try five, and let the validation set choose.
#
# **Predict the order**, the network included, and write it down.

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
# The one-number methods and the SVM learn from the training patients and give each test patient a score (`C` and
# `gamma` are the SVM's settings, those of lesson 14, not tuned here):

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def scores_of(model, columns):
    """Fit on the training patients; return the scores of all patients, (569,). Above 0 means malignant."""
    columns = columns.reshape(569, -1)
    return model.fit(columns[split == "train"], labels[split == "train"]).decision_function(columns)

all_scores = {
    "majority": np.full(569, -1.0),
    "mean brightness": scores_of(make_pipeline(StandardScaler(), LogisticRegression()), pictures.mean(axis=(1, 2, 3))),
    "total nuclear area": scores_of(make_pipeline(StandardScaler(), LogisticRegression()), numbers[:, 10]),
    "SVM, ten features": scores_of(make_pipeline(StandardScaler(), SVC(C=10, gamma=0.01)), numbers[:, :10]),
}

# %% [markdown]
# Logistic regression on the 12,288 numbers, rewritten so that it takes seconds. Small `C`, strong penalty:
#
# <details><summary>How it is rewritten (you may skip this)</summary>
#
# With 398 pictures, at most 398 directions in the space of 12,288 numbers have ever been seen, and a weight in any
# other direction would only cost penalty. So `qr` turns the axes until the first 398 hold all training pictures, and
# the rest is left away. The answer is the same, since the penalty sees only the length of the weights, and the work
# shrinks thirtyfold.
# </details>

# %%
pixels = x.reshape(569, -1).astype(float)
axes = np.linalg.qr(pixels[split == "train"].T)[0]
tuned = {C: scores_of(LogisticRegression(C=C, max_iter=5000), pixels @ axes) for C in (1e-4, 1e-3, 1e-2, 1e-1, 1)}
costs = {C: np.mean((np.logaddexp(0, z) - labels * z)[split == "validation"]) for C, z in tuned.items()}
best_C = min(costs, key=costs.get)
all_scores["logistic, pixels"] = tuned[best_C]
print("validation loss", {C: round(float(cost), 2) for C, cost in costs.items()}, "-> C =", best_C)

# %% [markdown]
# Chosen in the middle of the row, not at an end, so the row was long enough. Now the network, as a score too (its
# probability minus a half), and the table. *From* and *to*: other 86 patients would give other numbers, and a
# *95 % confidence interval* is made by a recipe that catches the true value in about 95 of 100 such samples. The recipe
# is DeLong's for the AUC, Wilson's for the share of right decisions.

# %% tags=["nbval-ignore-output"]
from course.evaluation.intervals import delong, wilson

all_scores["our network"] = network.predict(x)[:, 0].astype(float) - 0.5
test = split == "test"
lines = []
for name, scores in all_scores.items():
    right = np.sum((scores[test] > 0) == labels[test])
    lines.append((name, *delong(labels[test], scores[test]), *wilson(right, test.sum())))
columns = ["method", "AUC", "from", "to", "accuracy", "from ", "to "]
results = pd.DataFrame(lines, columns=columns).set_index("method").sort_values("AUC")
results.round(2)

# %% [markdown]
# Read the intervals before the order. (The majority's AUC is exactly 0.5 on any patients; its interval has no
# meaning.) The last digits differ from machine to machine; what should hold on any is asserted here:

# %%
auc = results["AUC"]
assert auc["our network"] > auc["mean brightness"] and auc["our network"] > 0.85
assert auc["SVM, ten features"] > 0.95 and auc["total nuclear area"] > 0.9
assert results.loc["our network", "to"] > auc["total nuclear area"] > results.loc["our network", "from"]
assert auc["SVM, ten features"] > auc["our network"] - 0.02
print("the network beats brightness; the area alone lies within the network's interval; the SVM is not behind")

# %% [markdown]
# So: 42,961 weights, trained on pictures, do about as well as *one number*, the summed area of the nuclei; and ten
# measured numbers are not behind. Part of that may be the training, which was stopped after thirty epochs while the
# validation loss was still falling. But large nuclei *are* the sign here, the drawn cells hold nothing but what the
# table measured, and 398 pictures are few to find it out from. Had we shown the network's AUC alone, it would have
# looked like a success. And that AUC is one draw from section 7's lottery. The same training from six seeds:

# %%
print("test AUC, seeds 0 to 5:", *(f"{run['auc']:.2f}" for run in six))

# %% [markdown]
# The interval above belongs to *this* trained network. It knows the luck of drawing patients, not the luck of training,
# and ours, seed 0, is among the lucky ones.
#
# Is the network better than logistic regression on the same pixels? Intervals that overlap do not decide that, since
# both judged the *same* patients: hard patients are hard for both. Compare patient by patient:

# %% tags=["nbval-ignore-output"]
from course.evaluation.intervals import delong_difference

for name in ("logistic, pixels", "total nuclear area", "SVM, ten features"):
    gap, p_value = delong_difference(labels[test], all_scores["our network"][test], all_scores[name][test])
    print(f"network minus {name}: AUC {gap.estimate:+.2f} ({gap.low:+.2f} to {gap.high:+.2f}), p = {p_value:.3f}")

# %% [markdown]
# An interval that leaves out 0 says: more than the luck of drawing these 86 patients. One that holds 0 says: they
# cannot tell. And *p* is how often so large a gap, or a larger one, would come by luck if both were equally good; 0.002
# would be twice in a thousand. (Three comparisons have three chances of a lucky one.) And be fair: the network was
# shown eight views of each patient, the logistic regression one. [Lesson 14](14_breast_cancer_cnn.ipynb) goes on from
# here, with larger pictures, all patients in turn, and a better network.

# %% [markdown]
# ## 10. Look at what it has learnt
#
# The first layer has eight kernels of 3 x 3 x 3 numbers. Small enough to look at as tiny coloured pictures: mid-grey is
# 0, and a bright red corner means "red here raises the answer". Above as they were at random, below after training.

# %%
from course.plots import show_pictures


def as_pictures(network):
    """Return the eight first kernels as colour pictures, 0 to 1, each stretched to its own largest number."""
    kernels = np.moveaxis(network.get_weights()[0], 3, 0)
    return [0.5 + kernel / (2 * np.abs(kernel).max()) for kernel in kernels]

before = small_network()
before.build(x_train.shape)
show_pictures(as_pictures(before) + as_pictures(network), titles=["random", *[""] * 7, "trained", *[""] * 7],
              columns=8, size=1.1)

# %% [markdown]
# *Figure: two rows of eight kernels, random above, trained below; each a patch of three by three coloured squares. In
# both rows the squares are of random-looking colours; most kernels below resemble the one above them.*
#
# Did you hope for nuclei? At three pixels there is room for an edge or a colour, no more. And they look much as they
# did before. How much has each layer moved? (*Length*: the root of the sum of all squares.)

# %% tags=["nbval-ignore-output"]
for old, new in zip(before.get_weights(), network.get_weights(), strict=True):
    if old.ndim > 1:
        print(f"weights {old.shape}: changed by {np.linalg.norm(new - old) / np.linalg.norm(old):.0%} of their length")

# %% [markdown]
# Changes add up in every layer, and no kernel has been made anew: random ones of this size already see edges and
# colours, and a good part of the learning is how to use them. So the maps say more than the kernels: where do the eight
# answer, on a malignant field?

# %%
from course.nn import conv2d, relu

patient = np.flatnonzero(test & (labels == 1))[0]
kernel, bias = network.get_weights()[:2]
maps = relu(conv2d(x[patient][None], kernel, bias))[0]
show_pictures([pictures[patient], *np.moveaxis(maps, 2, 0)], ["field", *(f"map {k}" for k in range(8))], columns=5)

# %% [markdown]
# *Figure: a field of cells with large dark nuclei, and eight grey maps of it, bright where a kernel answers. Some maps
# are grey on the pale ground and leave the nuclei black, with a bright rim at one side; the others are black on the
# ground and light up on the nuclei, evenly or in fine stripes.*
#
# Ground, stain, rim: that is enough to add up an area. Whether the later layers do so cannot be read off here; lesson
# 17 (planned) asks that question with better tools. Do not tell a story from a kernel because it is pretty.

# %% [markdown]
# ## Traps
#
# - **Pictures shuffled without their labels.** *Symptom*: the loss stays at about 0.66, the price of knowing how
#   many tumours are malignant. *Cure*: one order of row numbers for both.
# - **`w = w - ...` inside the loop.** *Symptom*: the loss never moves. *Cure*: write into the array, `w -= ...`.
# - **The sign.** *Symptom*: the loss climbs from the first step. *Cure*: against the slope.
# - **One memory for all arrays.** *Symptom*: an error if shapes differ, and without error a poor training if they do
#   not. *Cure*: a list of zeros, a new array for each; `[zeros] * n` is one array n times.
# - **Adam without bias correction.** *Symptom*: the first dozens of steps are several times too long. *Cure*: divide by
#   what has arrived, $1 - \beta^t$, with $t$ starting at 1 and counted once a step, not once an array.
# - **Epsilon elsewhere.** *Symptom*: two libraries agree at first and part where slopes are tiny. *Cure*: read the
#   formula, not the name.
# - **A rate without its formula.** *Symptom*: a rate copied from a paper is ten times too large or small. *Cure*: which
#   momentum, which mean, which batch?
# - **The small last batch.** *Symptom*: some patients are never seen, or an epoch's loss is off. *Cure*: keep it, and
#   count its pictures.
# - **Chosen on the test set.** *Symptom*: the result does not repeat on new patients. *Cure*: epochs, rates and `C` by
#   validation; test once.
# - **No baseline.** *Symptom*: an AUC that impresses. *Cure*: the area of the nuclei.

# %% [markdown]
# ## Recap
#
# Cross-entropy says how wrong the probabilities are; log 2 is the price of knowing nothing. SGD steps against the
# slopes, momentum remembers its speed, and Adam measures each slope in units of its own size, corrected for having
# started at 0; each array needs its own memory, and Keras puts epsilon outside the correction. Written in NumPy they
# train a network whose losses are Keras's to the last digits. It learns, it overfits less if its pictures are turned,
# and it does about as well as the summed area of the nuclei, which only a baseline could tell.

# %% [markdown]
# ## Quiz
#
# **1. The first loss.** A new network for two classes starts with a loss of 9. What is the likely reason?
#
# - (a) Bad luck with the seed.
# - (b) The pictures were not scaled.
# - (c) The learning rate is too large.
#
# <details><summary>Answer</summary>
#
# (b). Scores far from 0 make it certain, and half of that certainty is wrong. (a) moves the first loss by hundredths.
# (c) has had no step yet in which to do harm.
# </details>
#
# **2. Momentum.** The slope is 2 at every step, the rate 0.01, the momentum 0.9. How long do the steps become?
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
# **3. Adam.** All slopes of a network are multiplied by 1,000, because somebody sums the loss over 1,000 patients. What
# happens to Adam's steps?
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
# **4. Ten pictures.** A network reaches a loss of 0.6 on ten pictures after 500 epochs and stays there. You should
#
# - (a) train on all pictures: ten are too few.
# - (b) look for a mistake.
# - (c) turn the pictures.
#
# <details><summary>Answer</summary>
#
# (b). Ten pictures are the easiest task there is. (a) and (c) make it harder, and hide the mistake.
# </details>
#
# **5. Which is best?** Suppose another training gave the network an AUC of 0.92 (0.84 to 0.97), and the area has 0.93
# (0.84 to 0.97). Same 86 patients. What may you say?
#
# - (a) They are equal.
# - (b) These patients do not show which is better.
# - (c) The network, because it can be trained further.
#
# <details><summary>Answer</summary>
#
# (b). (a) would need a *narrow* interval of the difference around 0. (c) is a hope, and a network
# trained further is another network, to be tested anew.
# </details>

# %% [markdown]
# ## Sources
#
# - H. Robbins, S. Monro. A stochastic approximation method. *Annals of Mathematical Statistics* 22(3), pages 400 to
#   407, 1951. [doi 10.1214/aoms/1177729586](https://doi.org/10.1214/aoms/1177729586). Noisy steps that arrive.
# - E. B. Wilson. Probable inference, the law of succession, and statistical inference. *Journal of the American
#   Statistical Association* 22(158), pages 209 to 212, 1927.
#   [doi 10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953). The interval of a share.
# - B. T. Polyak. Some methods of speeding up the convergence of iteration methods. *USSR Computational Mathematics and
#   Mathematical Physics* 4(5), pages 1 to 17, 1964.
#   [doi 10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553(64)90137-5). The heavy ball.
# - D. P. Kingma, J. Ba. Adam: a method for stochastic optimization. *ICLR*, 2015.
#   [arXiv 1412.6980](https://arxiv.org/abs/1412.6980). Algorithm 1 adds epsilon to the corrected root; the end of
#   section 2 has the other form, which Keras uses.
# - Keras, [Adam](https://keras.io/api/optimizers/adam/): its page says what its epsilon is.
# - L. Bottou, F. E. Curtis, J. Nocedal. Optimization methods for large-scale machine learning. *SIAM Review* 60(2),
#   pages 223 to 311, 2018. [arXiv 1606.04838](https://arxiv.org/abs/1606.04838).
# - E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson. Comparing the areas under two or more correlated receiver
#   operating characteristic curves. *Biometrics* 44(3), pages 837 to 845, 1988. [doi
#   10.2307/2531595](https://doi.org/10.2307/2531595). Patient by patient.

# %% [markdown]
# ## Next
#
# [Lesson 09](09_support_vector_machine.ipynb) draws a border between two classes without any network. [Lesson 13, the
# same network in Keras](13_keras_same_network.ipynb), takes the network of this page to Keras and asks where the time
# goes. [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), trains a larger one, and repairs it part by
# part.
