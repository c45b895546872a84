# %% [markdown]
# # Train a network by hand, and ask whether it was worth it
#
# A network is not told what a malignant nucleus looks like. It is told, again and again, how wrong it was. Who has
# written that loop once can judge what a trained diagnosis is worth.
#
# ## What you will do
# - Say what a loss of 0.69 and one of 0.66 mean before you trust a training (quiz).
# - Walk downhill on a real loss surface, and find the step that is too long (exercise 8.1).
# - Write the loop over epochs and batches, without tearing pictures from their labels (exercise 8.2).
# - Train a convolutional network in NumPy, and set it beside one measured number (quiz).
#
# **What you need.** Python, NumPy, [lesson 06](06_forward_pass.ipynb) for the layers and [lesson
# 07](07_backpropagation.ipynb) for the gradients. Both are summed up where needed.
#
# **How long.** About 60 minutes.
#
# **What this is not.** The cells are *drawn, not photographs*.

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
# if it is benign ([lesson 07](07_backpropagation.ipynb)). For the first, $-\log 0.9 = 0.105$. The third was given $1 -
# 0.1 = 0.9$ for benign: the same. **Which of the four costs most?** The mean of the four is the loss $L$, the *binary
# cross-entropy*:
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
# **0.69, that is log 2, is what knowing nothing costs. 0.66 is what it costs to know only how many tumours are
# malignant**: a network whose loss stays there has not looked at a single picture.
#
# The share of right answers cannot be trained on: its slope is 0 nearly everywhere. Cross-entropy moves with every
# weight.

# %% [markdown]
# ## 2. Walk downhill on a real surface
#
# One neuron, two measurements of the table: the mean area of a patient's nuclei and their mean perimeter, standardised
# (0 is the average patient, 1 is one standard deviation above). It has two weights $w_1, w_2$ and a bias,
# held at $-1.2$, near its best value, so that what is left can be drawn.

# %%
from course.nn import sigmoid

two = np.array([[row["mean area"], row["mean perimeter"]] for row in rows])
x_two, y_two = (two - two.mean(axis=0)) / two.std(axis=0), labels

# %% [markdown]
# The loss of the two weights:

# %%
def loss_of(w, some=slice(None)):
    z = x_two[some] @ w - 1.2
    return np.mean(np.logaddexp(0, z) - y_two[some] * z)

# %% [markdown]
# (`np.logaddexp(0, z) - y * z` is a patient's cost, written with the score $z$; `some` picks patients, `slice(None)`
# means all.) The gradient: the slope by each score is $p - y$, divided by the number of patients; the slope by a
# weight collects that, times what the weight was multiplied with.

# %%
def gradient_of(w, some=slice(None)):
    """Return the slopes of the mean loss by the two weights, shape (2,)."""
    p = sigmoid(x_two[some] @ w - 1.2)
    return x_two[some].T @ (p - y_two[some]) / len(p)

# %% [markdown]
# One step of *gradient descent* goes against the slopes, times the *learning
# rate* $\eta$ (eta): $w \leftarrow w - \eta\, g$. **Predict** what rates of 0.1, 4 and 400 do in 60 steps.

# %%
def walk(rate, steps=60):
    w, losses = np.zeros(2), []
    for _ in range(steps):
        losses.append(loss_of(w))
        w = w - rate * gradient_of(w)
    return w, losses

# %% [markdown]
# Three walks:

# %%
for rate in (0.1, 4, 400):
    w, losses = walk(rate)
    print(f"rate {rate}: loss after 1 step {losses[1]:.2f}, after 5 {losses[5]:.2f};",
          f"below 0.3 after 59: {losses[59] < 0.3}")

# %% [markdown]
# Too small: it arrives some day. Too large: thrown from side to side. In between, fine at first, and then it hardly
# gets on. Area and perimeter go together (their correlation is 0.99), so adding to one weight and taking away from
# the other changes hardly any score: that way the surface is a long flat valley, across it a steep gorge. With a rate
# above about 56 (2 divided by the curvature across, at the lowest point) no walk can settle at the lowest point. From
# above:

# %%
from course.widgets.lesson_08 import three_paths

three_paths([("SGD", 0.1), ("SGD", 4.0), ("SGD", 100.0)])

# %% [markdown]
# *Figure: three maps of the same surface, w1 to the right, w2 upwards; lines of equal loss run from upper left to
# lower right, a gorge with a long flat floor whose lowest point, a star, lies at the upper left. From the square at
# (0, 0) go 60 steps. With rate 0.1 they end on the slope, not far from the start. With rate 4 they cross to the floor
# at once and creep a little way along it. With rate 100 they are thrown far out to the upper right, come back, and
# zigzag across the gorge.*
#
# The gradient of a random *batch* of 32 patients costs an eighteenth of that of all 569. On average it is the full
# gradient; each single one is noisy. That is *stochastic gradient descent*, SGD. *Momentum* lets the walk keep nine
# tenths of its last step. *Adam* divides each weight's mean slope by its usual size, so that its steps do not depend on
# how large the slopes are; as long as a slope keeps its sign and its size, they are about as long as the rate.
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
# Adam goes about $10 \cdot 0.01 = 0.1$ in each weight, since on these ten steps the slopes keep their sign and nearly
# their size. SGD goes rate times slope, about $10 \cdot 0.01 \cdot 0.35 = 0.035$. The same number means different
# lengths, so two optimisers may be compared only at rates tuned for each. (On the tries: SGD does best at 30, momentum
# and Adam at 3, and so tuned all three end near 0.26: on this surface, with two weights, nobody wins. Two notches above
# its best rate, momentum is thrown out of the valley. With 32 patients the walk takes the same way, and its loss
# trembles.)
# </details>
#
# ### Exercise 8.1 - one step for a whole network
#
# A network has many arrays of weights: kernels, biases. They come as a list, their gradients in the same order. The
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
# ## 3. Batches, steps, epochs
#
# One *epoch* shows every patient once, in batches. With 398 pictures and batches of 32, **how many steps is that, and
# how many pictures has the last batch?** $398 = 12 \cdot 32 + 14$: thirteen steps, the last with 14.
#
# Before each epoch the pictures are shuffled; sorted by diagnosis, whole batches would be benign. One thing must
# never happen on the way: the pictures take a new order and the labels keep theirs. No error is raised, and the loss
# stays close to 0.66.
#
# ### Exercise 8.2 - the loop
#
# `step(x_batch, y_batch)` takes one step of training and returns the mean loss of its batch; you call it. Draw a new
# order from `rng` before every epoch, keep the small last batch, and say what each epoch has cost **per picture**: the
# last batch has fewer, so it counts for less.

# %%
# Exercise 8.2 - epochs and batches
from course.checks import check


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

check("8.2", train)

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

# %% [markdown]
# ## 4. A network, and one question before it is trained
#
# Now the pictures: the drawn cells, 64 x 64 pixels, three colours. Every patient is in one of three sets: the network
# learns from *training*; we choose and diagnose by *validation*; *test* stays closed on this page.

# %%
from course.data.cytology import load, split_of_patients

pictures, labels, _ = load(size=64)
split = split_of_patients()
x = (pictures / 127.5 - 1).astype(np.float32)
y = labels[:, None].astype(np.float32)
x_train, y_train = x[split == "train"], y[split == "train"]
validation = x[split == "validation"], y[split == "validation"]
print(len(x_train), "patients to learn from,", len(validation[0]), "to choose by")

# %% [markdown]
# Bytes from 0 to 255 became numbers from $-1$ to 1; the labels stand in a column, one row a patient. The network:
# three times convolution, ReLU, pooling, then two dense layers. `seed` starts its random weights.

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
# `compile` chooses how it learns. **Is the first loss near log 2?** And what if we forget to scale the pictures?
# **Predict.**

# %%
network = small_network()
network.compile(Adam(0.001), BinaryCrossentropy())
first, unscaled = network.evaluate(x_train, y_train).loss, network.evaluate(pictures[split == "train"], y_train).loss
print(f"log 2 = {np.log(2):.2f}; first loss {first:.2f}; pictures from 0 to 255: above 2: {unscaled > 2}")

# %% [markdown]
# Near it, as with every seed of this small network and of the classic one of [lesson 14](14_breast_cancer_cnn.ipynb).
# (Others may start higher, without any mistake.) The unscaled network is certain of nonsense before it has learnt
# anything.

# %% [markdown]
# ## 5. Train it
#
# `fit` is your loop of exercise 8.2, and after each epoch it asks the validation set, without learning from it. Twenty
# epochs. **Predict two curves:** the loss of the training patients, and that of the validation patients.

# %% tags=["nbval-ignore-output"]
history = network.fit(x_train, y_train, epochs=20, validation_data=validation, verbose=True)
training, strangers = history["loss"], history["val_loss"]
assert training[-1] < 0.35 < 0.6 < training[0] and strangers[-1] > training[-1] + 0.05
print("the training loss falls below 0.35; the validation loss ends above it")

# %% [markdown]
# As curves:

# %%
from course.plots import COLOURS, new_figure, use_style

use_style()
figure = new_figure(6, 3.2)
ax = figure.subplots()
ax.plot(range(1, 21), training, color=COLOURS["neutral"], label="training")
ax.plot(range(1, 21), strangers, "--o", color=COLOURS["benign"], label="validation")
ax.set(xlabel="epoch", ylabel="loss (cross-entropy)")
ax.legend()
figure

# %% [markdown]
# *Figure: loss against epoch; training as a line, validation dashed with dots. Both fall at first; then
# training goes on falling, and validation turns and stays far above it.*
#
# It learns, far below 0.66. And it learns *these 398 patients*: with 42,961 weights it begins to know them by heart,
# while strangers gain little. That gap is *overfitting*.
#
# **Was it worth it?** Set it beside a *baseline*, one number for each picture, the total area of its nuclei, found by
# the program of [lesson 03](03_measuring_nuclei.ipynb). Measure: *AUC*. Of a malignant and a benign patient drawn at
# random, how often does the malignant one get the higher score? A coin reaches 0.5. **Who is ahead?** Both judge the
# same patients, so `delong_difference` compares patient by patient, and gives a range for the luck of drawing these.

# %% tags=["nbval-ignore-output"]
from course.evaluation.intervals import delong, delong_difference
from course.imaging.segmentation import segment_nuclei

truth = validation[1][:, 0].astype(int)
area = np.array([np.sum(segment_nuclei(picture) > 0) for picture in pictures[split == "validation"]], float)
p = network.predict(validation[0])[:, 0].astype(float)
gap, _ = delong_difference(truth, p, area)
assert gap.estimate < -0.02
print(f"network: AUC {delong(truth, p).estimate:.2f}; network minus area {gap.estimate:+.3f}",
      f"({gap.low:+.3f} to {gap.high:+.3f}), 0 inside: {gap.low <= 0 <= gap.high}")

# %% [markdown]
# Here the interval leaves out 0, though only by little: on these 85 patients, this one training stands behind the area.
# At the threshold 0.5, beside whoever calls everybody benign:

# %% tags=["nbval-ignore-output"]
sensitivity, specificity = np.mean(p[truth == 1] > 0.5), np.mean(p[truth == 0] <= 0.5)
print(f"network: sensitivity {sensitivity:.2f}, specificity {specificity:.2f}, right {np.mean((p > 0.5) == truth):.2f}")
print(f"majority: sensitivity 0.00, specificity 1.00, right {np.mean(truth == 0):.2f}")

# %% [markdown]
# 42,961 weights stand behind *one number*, whose writer knew what to look for. The network was told only the labels of
# 398 patients. Had we shown its AUC alone, it would have looked like a success.

# %% [markdown]
# ## Traps
#
# - **Pictures shuffled without their labels.** *Symptom*: the loss stays at about 0.66, the price of knowing how
#   many tumours are malignant. *Cure*: one order of row numbers for both.
# - **`w = w - ...` inside the loop.** *Symptom*: the loss never moves. *Cure*: write into the array, `w -= ...`.
# - **No baseline.** *Symptom*: an AUC that impresses. *Cure*: the area of the nuclei, on the same patients.

# %% [markdown]
# ## Recap
#
# Cross-entropy says how wrong the probabilities are; log 2 is the price of knowing nothing. SGD steps against the
# slopes of a batch, and a rate must be neither too small nor too large for the surface. An epoch shows every patient
# once, with pictures and labels in the same new order. So trained, a network learns, learns its patients by heart,
# and stands behind one measured number, which only a baseline could tell.

# %% [markdown]
# ## Quiz
#
# **1. The first loss.** With its usual seeds the small network of this page starts near 0.7. Yours starts with 9. What
# is the likely reason?
#
# - (a) Bad luck with the seed.
# - (b) The pictures were not scaled.
# - (c) The learning rate is too large.
#
# <details><summary>Answer</summary>
#
# (b). Scores far from 0 make it certain, and half of that certainty is wrong. (a) moves the first loss of this network
# by
# hundredths. (c) has had no step yet in which to do harm.
# </details>
#
# **2. The curve.** The training loss of a two-class network on our table stays at 0.66 for 20 epochs. It has learnt
#
# - (a) the pictures.
# - (b) how many tumours are malignant, and nothing else.
# - (c) nothing at all.
#
# <details><summary>Answer</summary>
#
# (b). Look at the labels first: are they still beside their pictures? (a) would be lower; (c) would be 0.69.
# </details>
#
# **3. Which is best?** Same 86 patients: a network's AUC minus the area's is $-0.01$, from $-0.06$ to $+0.04$. What
# may you say?
#
# - (a) They are equal.
# - (b) These patients do not show which is better.
# - (c) The network, because it can be trained further.
#
# <details><summary>Answer</summary>
#
# (b). (a) would need a *narrow* interval around 0. (c) is a hope, and a network trained further is another network, to
# be
# tested anew.
# </details>

# %% [markdown]
# ## Sources
#
# - H. Robbins, S. Monro. A stochastic approximation method. *Annals of Mathematical Statistics* 22(3), pages 400 to
#   407, 1951. [doi 10.1214/aoms/1177729586](https://doi.org/10.1214/aoms/1177729586). Noisy steps that arrive.

# %% [markdown]
# ## Next
#
# [Lesson 09](09_support_vector_machine.ipynb) draws a border between two classes without any network. [The deeper
# page](08_training_by_hand_deeper.ipynb) builds momentum and Adam, compares each step with Keras, and opens the test
# set. [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), trains a larger network, and repairs it.
