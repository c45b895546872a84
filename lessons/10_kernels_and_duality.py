# %% [markdown]
# # Bend a border without leaving the plane, and see which patients hold it
#
# Some findings are bad news when they are too small *and* when they are too large. No straight line says that. A
# kernel does, and the way there shows on which patients a machine's answer rests.
#
# ## What you will do
# - Compute how alike two patients are, and turn likeness into a curved border (exercise 10.1).
# - Read a score from the patients that hold the border, and find the one number, the intercept, for which only some of
#   them may be asked (exercise 10.2).
# - Say of each patient what she does to the border, and which points may choose how far it bends (quiz).
#
# **What you need.** Python, NumPy, and from [lesson 09](09_support_vector_machine.ipynb) the margin and the hinge
# loss; section 1 repeats both in five lines. This lesson can be skipped: nothing later needs it.
#
# **How long.** About 55 minutes.

# %% [markdown]
# ## 1. A border that no line can draw
#
# Four patients, one measurement. The two in the middle are benign ($y = -1$), the two far out malignant ($y = +1$):

# %%
import numpy as np

x = np.array([-3.0, -1.0, 1.0, 3.0])
y = np.array([1, -1, -1, 1])

# %% [markdown]
# A linear machine gives the *score* $f(x) = wx + b$ and decides by its sign. **Predict:** how many of the four can it
# get right at most?

# %%
borders = np.linspace(-4, 4, 81)
best = max(np.sum(np.sign(side * (x - border)) == y) for border in borders for side in (-1, 1))
print("right at most:", best, "of 4")

# %% [markdown]
# A line has one border point here, and the truth needs two. Now give each patient a second number, $x^2$:

# %%
print(np.stack([x, x**2], axis=1))

# %% [markdown]
# In the plane of $x$ and $x^2$ the two kinds lie at heights 9 and 1, and the straight line at height 5 parts them.
# Straight *there* is curved *here*: $x^2 = 5$ means two borders, $x = \pm 2.24$.
#
# What "best line" means, in short: a patient with label $y_i$ and score $f(x_i)$ has the
# *margin* $y_i f(x_i)$; below 1 it costs $1 - y_i f(x_i)$, the *hinge*; and the machine minimises
#
# $$P(w, b) = \tfrac12 \lVert w \rVert^2 + C \sum_i \max\bigl(0,\; 1 - y_i f(x_i)\bigr)$$
#
# $C > 0$ is the price of a hinge. Small weights mean a wide margin, and $C$ says how much a patient inside it costs.

# %% [markdown]
# ## 2. Likeness in place of coordinates
#
# With 30 measurements, squares and products alone are 465 new columns. There is a way around. Take the new
# coordinates $\varphi(x) = (x^2, \sqrt 2\, x, 1)$ and multiply two patients, number by number, and add up:
#
# $$\varphi(x) \cdot \varphi(z) = x^2 z^2 + 2xz + 1 = (xz + 1)^2$$
#
# For $x = 3$ and $z = -1$ the left side is $9 \cdot 1 + 4.24 \cdot (-1.41) + 1 = 9 - 6 + 1 = 4$. The right side is
# $(-3 + 1)^2 = 4$, and needed no new coordinates at all. A function that gives the product of new coordinates without
# working them out is a *kernel*, $K(x, z)$. All pairs of our four patients:

# %%
def quadratic_kernel(x, z):
    """(x z + 1)^2 for every pair of places x (n,) and z (m,): (n, m)."""
    return (np.outer(x, z) + 1) ** 2

K = quadratic_kernel(x, x)
print(K)

# %% [markdown]
# The most used kernel is a likeness (in books: a *similarity*), the *radial basis function*, RBF:
#
# $$K(x, z) = e^{-\gamma \lVert x - z \rVert^2}$$
#
# where $\lVert x - z \rVert^2$ is the squared distance, the sum of the squared differences over all measurements, and
# $\gamma > 0$ says how quickly likeness fades. It is 1 for two equal patients and falls towards 0. With $\gamma = 0.5$
# and the places $(1, 3)$ and $(0, 1)$: squared distance $1 + 4 = 5$, likeness $e^{-0.5 \cdot 5} = e^{-2.5} = 0.08$.
#
# ### Exercise 10.1 - likeness of all pairs

# %%
# Exercise 10.1 - the RBF kernel
import numpy as np

from course.checks import check


def rbf_kernel(X, Z, gamma):
    """Return the likeness of each place in X (n, d) to each in Z (m, d): (n, m), from 0 to 1."""
    ### BEGIN SOLUTION
    differences = X[:, None, :] - Z[None, :, :]
    return np.exp(-gamma * (differences**2).sum(axis=2))
    ### END SOLUTION

check("10.1", rbf_kernel)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `X[:, None, :] - Z[None, :, :]` has the shape (n, m, d). What does it hold at `[i, j]`?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Differences, squared, added up over the last axis; then `np.exp` of minus gamma times that. Two loops are fine too.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return np.exp(-gamma * (differences**2).sum(axis=2))`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The likeness of `[[1, 3]]` and `[[0, 1]]` with gamma 0.5 is 0.08; of a place with itself it is 1.
# </details>

# %% [markdown]
# ## 3. The dual: one number for each patient
#
# If a machine sees patients only by their likeness, what is left to be learnt? One number for each patient. In [lesson
# 09](09_support_vector_machine.ipynb) every step shrank $w$ and added a multiple of $y_i x_i$ for each patient who
# pulled; starting from 0, $w$ never becomes anything but a mixture of patients. So in the new coordinates too,
#
# $$w = \sum_i \alpha_i y_i \varphi(x_i), \qquad f(x) = w \cdot \varphi(x) + b = \sum_i \alpha_i y_i K(x_i, x) + b$$
#
# and the numbers $\alpha_i$ ("alpha") are found by *maximising*
#
# $$D(\alpha) = \sum_i \alpha_i - \tfrac12 \sum_i \sum_j \alpha_i \alpha_j\, y_i y_j\, K(x_i, x_j)
# \qquad \text{with} \quad 0 \le \alpha_i \le C, \quad \sum_i \alpha_i y_i = 0$$
#
# This is the *dual* problem; $P$ is the *primal*. The greatest $D$ is the least $P$: the numbers will bear it out.
#
# **Deeper.** [Why the two problems meet](10_kernels_and_duality_deeper.ipynb) takes half a page of algebra.
#
# Solve the dual for the four patients on paper. They lie mirrored, so let us look for a solution in which the outer
# two share an alpha and so do the inner two; $\sum \alpha_i y_i = 0$ then makes all four equal, $\alpha$. The double
# sum is the sum of the table above with a minus where labels differ:

# %%
print(int(np.sum(np.outer(y, y) * K)))

# %% [markdown]
# So $D = 4\alpha - \tfrac12 \cdot 256\, \alpha^2 = 4\alpha - 128\, \alpha^2$. Its slope is $4 - 256\, \alpha$, which is
# 0 at $\alpha = 1/64$. There $D = 4/64 - 128/4096 = 1/32$. With $b$ still open, the score is
#
# $$f(x) = \tfrac{1}{64} \bigl[(-3x + 1)^2 - (-x + 1)^2 - (x + 1)^2 + (3x + 1)^2\bigr] + b = \tfrac{x^2}{4} + b$$
#
# The outer patients stand exactly on their margin, $f(3) = 9/4 + b = 1$. **Work out $b$, and where $f$ is 0.** Then ask
# a library:

# %%
from sklearn.svm import SVC

svm = SVC(C=1.0, kernel="poly", degree=2, gamma=1.0, coef0=1.0, tol=1e-10).fit(x[:, None], y)
print("scores:", svm.decision_function(x[:, None]).round(4), " b:", svm.intercept_.round(4))
theirs = np.zeros(4)
theirs[svm.support_] = np.abs(svm.dual_coef_[0])
print("64 alpha, patient by patient:", (64 * theirs).round(3))

# %% [markdown]
# $b = -5/4$, and the border stands at $x^2 = 5$, where we drew the line by hand. But the alphas are others! Both are
# right: with four patients and three new coordinates there is more than one mixture that makes the same $w$. The
# weights are unique (and $b$ too, as long as one alpha lies between 0 and $C$); the alphas need not be.
#
# The paper's solution has $w \cdot w = 256 / 64^2 = 1/16$ and no hinge, so $P = \tfrac12 \cdot \tfrac1{16} = 1/32$,
# and $D$ is $1/32$ too. They meet. There, each patient is of one of three kinds, by the *conditions of Karush, Kuhn
# and Tucker* (KKT):
#
# | alpha | margin $y f(x)$ | in words |
# |---|---|---|
# | 0 | 1 or more | far enough on the right side: does not matter |
# | between 0 and $C$ | exactly 1 | stands on the margin and holds it |
# | $C$ | 1 or less | inside the margin or on the wrong side, and pulls as hard as it may |
#
# Those with $\alpha > 0$ are the *support vectors*. Leave out any other patient, train again, and nothing changes.
# Here are real patients: two columns of the Wisconsin table, each *standardised* (mean subtracted, divided by its
# standard deviation).

# %%
from course.data.cytology import table

rows, malignant = table()
columns = np.array([[row["mean radius"], row["mean texture"]] for row in rows])
places, labels = (columns - columns.mean(axis=0)) / columns.std(axis=0), np.where(malignant == 1, 1, -1)

# %% [markdown]
# **Predict:** of 569 patients, how many hold the border?

# %%
svm = SVC(C=1.0, gamma=0.5, tol=1e-10).fit(places, labels)
alpha = np.zeros(len(labels))
alpha[svm.support_] = np.abs(svm.dual_coef_[0])
at_bound = alpha > 1 - 1e-9
margins = labels * svm.decision_function(places)

# %% [markdown]
# (`np.abs` takes the label out of $\alpha_i y_i$ again.) The three kinds, counted:

# %%
kinds = {"alpha = 0": alpha == 0, "between": (alpha > 0) & ~at_bound, "alpha = C": at_bound}
for name, which in kinds.items():
    print(f"{name:9} {which.sum():4} patients, margins {margins[which].min():6.3f} to {margins[which].max():.3f}")

# %% [markdown]
# Support vectors are 156 of 569, more than a quarter, and 16 of them stand exactly on their margin. These few
# *between* are the ones to ask when $b$ is wanted.

# %% [markdown]
# ## 4. The intercept, and whom not to ask
#
# Given the alphas, the score lacks $b$. On paper we found it from a patient on the margin: $f(3) = 9/4 + b = 1$. In
# general a patient *between* stands exactly on its margin, $y_s f(x_s) = 1$, which for $y = \pm 1$ means
# $f(x_s) = y_s$:
#
# $$b = y_s - \sum_i \alpha_i y_i K(x_i, x_s) \qquad \text{for any } s \text{ with } 0 < \alpha_s < C$$
#
# With computed alphas the answers differ in late digits, so one takes their mean.
#
# ### Exercise 10.2 - scores from the dual
#
# The kernel comes as tables: `K_new` for the new patients against the training patients, `K` for these among
# themselves. (Hand-made alphas at the bound are exactly `C` here; at least one lies between.)

# %%
# Exercise 10.2 - scores, with the intercept found by yourself
import numpy as np

from course.checks import check


def scores(K_new, K, y, alpha, C):
    """Return f of m new places: (m,). K_new (m, n), K (n, n), y (n,) of -1 and +1, alpha (n,) from 0 to C."""
    ### BEGIN SOLUTION
    between = (alpha > 0) & (alpha < C)
    b = np.mean((y - K @ (alpha * y))[between])
    return K_new @ (alpha * y) + b
    ### END SOLUTION

check("10.2", scores)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `K @ (alpha * y)` gives one number for each training patient. Which part of $f$ is it?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The numbers that the training patients ask for are `y - K @ (alpha * y)`. Keep those of patients with alpha between 0
# and `C`, both excluded, and take the mean. Then the same sum with `K_new`, plus that.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `between = (alpha > 0) & (alpha < C)`, then `b = np.mean((...)[between])`, then `return K_new @ (alpha * y) + b`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# For the four patients, `scores(quadratic_kernel(np.array([0.0]), x), K, y, np.full(4, 1 / 64), 1.0)` is -1.25.
# </details>
#
# A patient at the bound, $\alpha = C$, may lie anywhere inside the margin, or beyond it. **Predict:** what happens if
# one of those is asked for $b$?

# %%
K_places = np.exp(-0.5 * ((places[:, None] - places) ** 2).sum(axis=2))
asked = labels - K_places @ (alpha * labels)
print("library:", svm.intercept_.round(3))
print(f"patients between say {asked[kinds['between']].min():.3f} to {asked[kinds['between']].max():.3f}")
print(f"patients at C say    {asked[at_bound].min():.3f} to {asked[at_bound].max():.3f}")

# %% [markdown]
# Whoever asks a patient at the bound gets nearly any number, and no error.

# %% [markdown]
# ## 5. Bend it too far
#
# $\gamma$ is how quickly likeness fades: small, and every patient is like every other, so the border is nearly
# straight; large, and each patient is like nobody but itself. $C$ is the price of a hinge. Two crescents of 80 points,
# and 2,000 further points from the same crescents, which the machine has not seen:

# %%
from course.plots import show_pictures
from course.widgets.lesson_10 import border_picture

settings = {"gamma 0.1, C 1": (0.1, 1), "gamma 1, C 1": (1, 1), "gamma 30, C 1": (30, 1)}
show_pictures([border_picture(*pair) for pair in settings.values()], titles=list(settings), columns=3, size=3.2)

# %% [markdown]
# *Figure: three squares with the same 80 points, discs above and squares below, each in a crescent. A dark line is the
# border, pale colour the margin, a black ring a support vector. Left: a nearly straight border through both crescents,
# 85 % of its own points right and 84 % of the others. Middle: the border swings between the crescents, 92 % and 90 %.
# Right: a ragged island around the squares, nearly every point ringed, 99 % of its own and 87 % of the others.*
#
# ### Experiment: how much bend does the truth need?

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_10 import border_picture
from course.widgets.panel import Panel

Panel(border_picture, "Border; pale inside the margin, dark beyond it; support vectors are ringed.",
      gamma=SelectionSlider(options=[0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100], value=0.1),
      C=SelectionSlider(options=[0.01, 0.1, 1, 10, 100, 1000], value=1))

# %% [markdown]
# **Try.**
# 1. With $C = 1$ go through all gammas. For which are the 2,000 others judged best? And its own points?
# 2. Set gamma to 0.1 and raise $C$ from 0.01 to 1000. What does a higher price do to the number of support vectors?
#
# **Question.** The points themselves are judged better and better as gamma grows. Which of the two percentages may you
# look at when you choose gamma, and why not the 2,000 others?
# <details><summary>Answer</summary>
#
# Neither. Its own points reward learning by heart: at gamma 100 all of them are right. The 2,000 others are the exam; a
# gamma chosen by them has seen the exam. One needs points of a third kind, for choosing: a validation set, or parts of
# the training points held back in turn. Try 1: the others are best, 92 %, at gamma 3 and 10, and worst at 100, where
# its own points are all right. Try 2: from all 80 at $C = 0.01$ down to 22: at a low price everybody may stand inside a
# wide margin.
# </details>

# %% [markdown]
# ## Traps
#
# - **The intercept from a bounded vector.** *Symptom*: the shape of the border is right, its place is not. *Cure*: ask
#   only patients with $0 < \alpha < C$.
# - **The sign of the RBF.** *Symptom*: numbers that grow with distance, overflow, a kernel above 1. *Cure*: the
#   likeness of a patient with itself is 1, and nothing is larger.
# - **Columns of different size.** *Symptom*: the distance is that in one or two columns, those with the largest
#   numbers. *Cure*: standardise, by training patients only.
# - **Choosing by the exam.** *Symptom*: gamma chosen on the patients it is judged by. *Cure*: a third set, or folds
#   within the training part.

# %% [markdown]
# ## Recap
#
# A kernel is a product of new coordinates without the coordinates: likeness between patients. The dual problem has one
# number for each patient, and at its solution only the support vectors keep one above 0; those strictly between 0 and
# $C$ stand on the margin and name the intercept. A bent border has to be paid for with choices, gamma and $C$, and
# those are made on points that neither trained it nor judge it.

# %% [markdown]
# ## Quiz
#
# **1. Kernel.** Two patients are equal in all measurements. What is their RBF likeness?
#
# - (a) 0
# - (b) 1
# - (c) it depends on gamma
#
# <details><summary>Answer</summary>
#
# (b). The distance is 0, and $e^0 = 1$ whatever gamma is, so not (c). (a) would be for patients infinitely far apart.
# </details>
#
# **2. Support.** A patient with $\alpha = 0$ is removed and the machine is trained again. What changes?
#
# - (a) nothing
# - (b) the border moves a little
# - (c) the intercept changes
#
# <details><summary>Answer</summary>
#
# (a). The solution of all others still fulfils every condition. (b) and (c) may happen when a support vector goes; they
# need not: of the four patients of section 1, leave out the one at 1, and border and intercept stay.
# </details>
#
# **3. Bounds.** Half of all patients have $\alpha = C$. What does that say?
#
# - (a) the algorithm has not finished
# - (b) many stand inside the margin or on the wrong side: the classes overlap, or the price is low
# - (c) the data are separated perfectly
#
# <details><summary>Answer</summary>
#
# (b). Alphas at the bound are part of many solutions, so not (a). With perfect separation and a high price hardly any
# alpha meets the bound, so not (c).
# </details>

# %% [markdown]
# ## Sources
#
# - B. E. Boser, I. M. Guyon, V. N. Vapnik. A training algorithm for optimal margin classifiers. *Proceedings of COLT*,
#   pages 144 to 152, 1992. [doi 10.1145/130385.130401](https://doi.org/10.1145/130385.130401). The kernel meets the
#   margin.
# - C. Cortes, V. Vapnik. Support-vector networks. *Machine Learning* 20, pages 273 to 297, 1995.
#   [doi 10.1007/BF00994018](https://doi.org/10.1007/BF00994018). The price of a hinge.
# - scikit-learn, [SVC](https://scikit-learn.org/stable/modules/generated/sklearn.svm.SVC.html).

# %% [markdown]
# ## Next
#
# [Lesson 11](11_naive_bayes.ipynb) goes another way to a decision: probabilities from the start, and a base rate that
# changes everything. Or stay: [the deeper page](10_kernels_and_duality_deeper.ipynb) shows why primal and dual meet,
# finds the alphas two at a time, and asks what a score is worth as a probability.
