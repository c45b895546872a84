# %% [markdown]
# # Deeper: train in three hospitals without moving a picture, and see what leaks
#
# If pictures may not leave a hospital, a model can travel instead. It comes back changed, and the change can tell more
# than anybody wished.
#
# ## What you will do
# - Average three hospitals' weights by their sizes (exercise 25.3).
# - Say who gains by federated learning, and who loses (quiz).
# - Read a picture out of a gradient (exercise 25.4).
#
# **What you need.** [The core page](25_data_and_privacy.ipynb); a dense layer's gradients,
# [lesson 07](07_backpropagation.ipynb); paired intervals, [lesson 19](19_evaluating_a_diagnosis.ipynb).
#
# **How long.** About 45 minutes.
#
# **What this is not.** Three drawn hospitals of one table: their patients are alike, only their stains differ.

# %% [markdown]
# ## 1. Three hospitals
#
# The training patients are dealt to three hospitals, malignant in the same share. Each laboratory stains in its own
# way: B's stain is pale, C uses another dye. Two patients, one malignant and one benign, as each would see them:

# %%
from course.widgets.lesson_25 import stains_figure

stains_figure()

# %% [markdown]
# *Figure: two fields of cells in two rows, in three columns for hospitals A, B and C with 260, 100 and 38 patients. A
# is violet and strong, B the same and pale, C brownish red.*
#
# In **federated learning** a server sends the same weights to all. Each hospital trains them on its own pictures for a
# round, here one pass, and sends back weights, no picture. The server averages, and so on, here 48 rounds. How
# should it average? By hand: one weight, hospital X with 20 patients returns 1, hospital Y with 10 returns 4. The plain
# mean is 2.5, as if ten patients were as many as twenty. By size it is $(20 \cdot 1 + 10 \cdot 4)/30 = 2$. (Averaging
# by size is McMahan and others' *FedAvg*.)
#
# ### Exercise 25.3 - the average by size

# %%
# Exercise 25.3 - the average by size
import numpy as np

from course.checks import check


def federated_average(weights, sizes):
    """Return the average of one layer's weights over hospitals, by size.

    weights: list of arrays of one shape; sizes: numbers of patients.
    """
    ### BEGIN SOLUTION
    total = sum(sizes)
    return sum(n / total * np.asarray(w) for n, w in zip(sizes, weights, strict=True))
    ### END SOLUTION

check("25.3", federated_average)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# If one hospital had all patients, whose weights should come out?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Each hospital's weights times its share of all patients, added up.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# A sum over `zip(sizes, weights)`; arrays of one shape can be added.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `[np.array([1.0, 0.0]), np.array([4.0, 3.0])]` with `[20, 10]` gives 2 and 1.
# </details>
#
# The stored run (`course reproduce 25`) trained [lesson 15](15_overfitting.ipynb)'s small network, with augmentation,
# in six ways: at each hospital alone, on all pictures pooled, and federated, by size and plainly. Five folds, so that
# every one of the 569 patients is judged by networks that never saw her, drawn in *each* stain: all columns speak of
# the same patients. A holds 65 % of the training patients, B 25 %, C 10 %. **Predict:** where is "A alone" worst, and
# does "federated" reach "pooled"?

# %%
from course.reproduce import tables_25

tables_25.ways().round(3)

# %% [markdown]
# AUC out of fold. A hospital alone does best in its own stain, and B and C are worlds of their own to A. Now each
# hospital asks: what do I gain by taking part? Paired, on the same patients in its own stain:

# %%
for name in "ABC":
    for way in ("pooled", "federated", "federated, plain mean"):
        gap = tables_25.against(way, f"{name} alone").loc[name]
        print("{}: {:22} minus alone {:+.3f} ({:+.3f} to {:+.3f})".format(name, way, *gap))

# %% [markdown]
# Read B's lines. Averaged by size, the shared network is *worse* in the pale hospital than what B had made alone: two
# thirds of every average come from A, and A has never seen a pale slide. A gains a little, C nothing that shows.
# Pooling would have cost nobody anything that these patients can show, and helped C. And the plain mean, the "wrong"
# one, treats B better:

# %%
print("by size minus plain mean")
print(tables_25.against("federated", "federated, plain mean").round(3))

# %% [markdown]
# By size is right when all patients come from one population: then more patients know more. Here the hospitals
# differ, and whoever is small and different loses. One run with one way of dealing does not make a rule (other stains,
# more rounds or a smaller rate may end otherwise); that *each* hospital must be judged in its own pictures does.
#
# ## 2. What a gradient tells
#
# "No picture leaves the hospital." Only changes of weights do. Look at a dense layer, $y = xW + b$, that has seen
# **one** picture $x$ ([lesson 07](07_backpropagation.ipynb)): if $g_j$ is the slope of the loss by $y_j$, then
#
# $$\frac{\partial L}{\partial W_{ij}} = x_i\, g_j, \qquad \frac{\partial L}{\partial b_j} = g_j.$$
#
# Two pixels, two units: $x = (2, 5)$, $g = (3, -1)$. The hospital sends
# $dW = \begin{pmatrix} 6 & -2 \\ 15 & -5 \end{pmatrix}$ and $db = (3, -1)$. What can the server do with that?
#
# ### Exercise 25.4 - the picture in the gradient

# %%
# Exercise 25.4 - the picture in the gradient
import numpy as np

from course.checks import check


def picture_from_gradient(dW, db):
    """Return the one picture x (d,) that a dense layer has seen.

    dW (d, units) and db (units,): gradients; some of db may be 0, not all.
    """
    ### BEGIN SOLUTION
    unit = np.argmax(np.abs(db))
    return dW[:, unit] / db[unit]
    ### END SOLUTION

check("25.4", picture_from_gradient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# One column of $dW$: which single number has every pixel been multiplied by?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# That number stands in $db$. Take a unit for which it is not 0.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.argmax(np.abs(db))`, then a column divided by a number.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The numbers of the text give 2 and 5.
# </details>
#
# Now a drawn field of cells, a dense network of Keras's, and the gradient of one step, computed by TensorFlow:

# %%
from course.data.cytology import draw
from course.widgets.lesson_25 import first_gradients

picture = draw(119, 64)
dW, db = first_gradients(picture)
print(dW.shape, "units with a slope:", int((np.abs(db) > 1e-6).sum()), "of 8")

# %% [markdown]
# A slope of 0 belongs to a unit that ReLU has switched off for this picture. **Predict:** how near does the server get?

# %%
from course.plots import show_pictures

unit = np.argmax(np.abs(db))
found = (dW[:, unit] / db[unit] * 255).round().clip(0, 255).astype(np.uint8).reshape(64, 64, 3)
assert np.abs(found.astype(int) - picture).max() <= 1
show_pictures([picture, found], titles=["in the hospital", "on the server"], columns=2)

# %% [markdown]
# *Figure: the same field of cells twice, "in the hospital" and "on the server". No difference can be seen.*
#
# Two pictures in a batch give a mixture, and convolutions make it harder, not impossible: Geiping and others rebuilt
# pictures from the gradients of deep networks, several at once. So "the data never leave" is a statement about files.
# Protection needs more: sums that the server can read only together (*secure aggregation*), or noise that hides any one
# patient (*differential privacy*), which costs accuracy.
#
# ## 3. More than two readers, more than two words
#
# Assessments come in order: benign, probably benign, suspicious, malignant. Confusing neighbours is a smaller fault
# than confusing ends. **Weighted kappa** counts a disagreement by its distance (linear) or its square. And with three
# or more readers, **Fleiss's kappa** asks of each case how many pairs of readers agree. Three invented readers,
# four words, 120 cases; each reader's word is the truth moved by chance:

# %%
from course.evaluation.agreement import cohen, fleiss, table

rng = np.random.default_rng(3)
truth = rng.normal(size=(120, 1))
words = np.digitize(truth + rng.normal(0, 0.5, (120, 3)), [-0.7, 0, 0.7])
counts, _ = table(words[:, 0], words[:, 1])
for name, one in (("unweighted", cohen(counts)), ("linear", cohen(counts, "linear")),
                  ("quadratic", cohen(counts, "quadratic")), ("Fleiss, three", fleiss(words))):
    print("{:14} {:.2f} ({:.2f} to {:.2f})".format(name, *one))

# %% [markdown]
# The same two readers have three kappas. Weights forgive neighbours, so the weighted ones are higher here. A paper that
# says "kappa" without saying which has said little; and Fleiss's asks another question than Cohen's, since it does
# not know who said what.

# %% [markdown]
# ## Traps
#
# - **The plain mean, unawares.** *Symptom*: a ward of ten counts like a clinic. *Cure*: weights by size, or a reason.
# - **One column for all.** *Symptom*: federated is fine "on average". *Cure*: judge each hospital in its own stain.
# - **"The data never leave."** *Symptom*: a gradient that holds a picture. *Cure*: secure sums, noise.
# - **Kappa without its name.** *Symptom*: 0.5 and 0.8 from one table. *Cure*: say weights and readers.

# %% [markdown]
# ## Recap
#
# Federated averaging moves weights, not pictures, and weighs each hospital by its patients. Here that served the large
# hospital and failed the one with the pale stain, which only a judgement in each hospital's own pictures could show.
# The gradient of a dense *first* layer for one picture gives the picture. Kappa has weights and versions, and they
# change it.

# %% [markdown]
# ## Quiz
#
# **1. Size.** Hospitals with 900 and 100 patients return the weights 1 and 2. The average by size is
#
# - (a) 1.5
# - (b) 1.1
# - (c) 1.9
#
# <details><summary>Answer</summary>
#
# (b): $0.9 \cdot 1 + 0.1 \cdot 2$. (a) is the plain mean, (c) has the shares exchanged.
# </details>
#
# **2. Taking part.** Federated by size, a network's AUC rises in the large hospital and falls in a small one with
# another stain. The consortium should
#
# - (a) report the mean AUC over all patients
# - (b) report each hospital, and not send the small one a network that is worse than its own
# - (c) leave the small hospital out of the report
#
# <details><summary>Answer</summary>
#
# (b). A mean over all patients (a) is nearly the large hospital's, and (c) hides who pays.
# </details>
#
# **3. Gradient.** A hospital trains one *round* of many batches and sends weights, no gradients. Is one picture safe?
#
# - (a) yes, weights hold no pictures
# - (b) it is harder to read out, but nothing here proves it impossible
# - (c) yes, if the connection is encrypted
#
# <details><summary>Answer</summary>
#
# (b). Weights are start plus changes, so not (a); encryption protects the way, not what the server reads (c).
# </details>
#
# **4. Weights.** Quadratic kappa is higher than unweighted. That means
#
# - (a) the readers are better than thought
# - (b) most disagreements are between neighbours
# - (c) chance was forgotten
#
# <details><summary>Answer</summary>
#
# (b). The table is the same, so nobody got better (a), and both versions take chance away (c).
# </details>

# %% [markdown]
# ## Sources
#
# - B. McMahan and others. Communication-efficient learning of deep networks from decentralized data. AISTATS 2017.
# - J. Geiping and others. Inverting gradients: how easy is it to break privacy in federated learning? NeurIPS 2020.
# - J. L. Fleiss. Measuring nominal scale agreement among many raters. *Psychological Bulletin* 76 (1971) 378-382.
#
# ## Next
#
# Lesson 26 (planned) asks what happens when a model meets the clinic's day.
