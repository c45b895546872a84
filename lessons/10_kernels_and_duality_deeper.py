# %% [markdown]
# # Close the gap: find the alphas two at a time, and see what a score is not
#
# A machine that has stopped is not a machine that has finished. The dual problem comes with a number that says how far
# the end still is, and with a way to get there; what comes out ranks patients, and says of none how probable her
# illness is.
#
# ## What you will do
# - See why primal and dual meet, and read from their gap how far the end is (quiz).
# - Take one step of the algorithm that solves the dual, two numbers at a time (exercise 10.3).
# - Turn a score into a probability, and measure what that buys (quiz).
#
# **What you need.** [Lesson 10](10_kernels_and_duality.ipynb): kernel, dual, the three kinds of patients. Slopes, as
# in [lesson 07](07_backpropagation.ipynb).
#
# **How long.** About 40 minutes.

# %% [markdown]
# ## 1. Measure how far the end is
#
# The four patients of the core page, their table of kernels, and the two numbers to compare, $D$ and $P$:

# %%
import numpy as np

x, y = np.array([-3.0, -1.0, 1.0, 3.0]), np.array([1, -1, -1, 1])
K = (np.outer(x, x) + 1) ** 2

# %% [markdown]
# As functions of the alphas, the labels and the table of kernels:

# %%
def dual(alpha, y, K):
    return alpha.sum() - 0.5 * (alpha * y) @ K @ (alpha * y)

def primal(alpha, y, K, b, C):
    scores = K @ (alpha * y) + b
    return 0.5 * (alpha * y) @ K @ (alpha * y) + C * np.maximum(0, 1 - y * scores).sum()

# %% [markdown]
# Take any allowed alphas and any weights and intercept, however bad. With $h_i = \max(0, 1 - y_i f(x_i))$, the hinge,
# the difference can be written
#
# $$P(w, b) - D(\alpha) = \tfrac12 \Bigl\lVert w - \sum_i \alpha_i y_i \varphi(x_i) \Bigr\rVert^2
# + \sum_i \bigl[\, C h_i - \alpha_i (1 - y_i f(x_i)) \,\bigr]$$
#
# (multiply the square out, and $b$ drops, since $\sum \alpha_i y_i = 0$). The square is never negative. Nor is a
# bracket: with a margin below 1 it is $(C - \alpha_i)(1 - y_i f)$, otherwise $\alpha_i (y_i f - 1)$. So $D \le P$
# always. If they meet, $D$ can rise no more and $P$ fall no more: both problems are solved at once. And the gap tells
# how far one still is from the end, without knowing the end. Our alphas too small, right, and too large, with the
# mixture as weights (any $b$ will do; these keep the border at $x^2 = 5$):

# %%
for share in (0.5, 1.0, 1.5):
    equal = np.full(4, share / 64)
    print(f"{share} / 64:  D = {dual(equal, y, K):.5f}   P = {primal(equal, y, K, -1.25 * share, 1.0):.5f}")

# %% [markdown]
# And they do meet (that they always do is a theorem; the middle row shows it here). At the solution every term of the
# difference is 0. The square says that the weights *are* the mixture. The brackets are the three kinds of the core
# page: if the margin is above 1, $\alpha_i (y_i f - 1) = 0$ leaves only $\alpha_i = 0$; if it is below, $(C -
# \alpha_i)(1 - y_i f) = 0$ leaves only $\alpha_i = C$; what is strictly between stands exactly on 1.

# %% [markdown]
# ## 2. Two numbers at a time
#
# How are the alphas found? One alpha alone cannot move: $\sum \alpha_i y_i = 0$ would break. Two can, and for two
# there is a formula. That is *sequential minimal optimisation*, SMO. Write
#
# $$F_k = y_k - \sum_s \alpha_s y_s K(x_s, x_k)$$
#
# the intercept that patient $k$ asks for. Say that a patient *may rise* if the product $\alpha_k y_k$ can still go up
# inside its box, and *may fall* if it can go down. (Those between 0 and $C$ may do both; one at a bound, only one.) At
# the solution nobody who may rise asks for more than anybody who may fall. So take two who break that: $i$ may rise
# and asks for more than $j$, who may fall. Move $\alpha_i y_i$ up and $\alpha_j y_j$ down by the same step $t$:
#
# $$\alpha_i \leftarrow \alpha_i + t\, y_i, \qquad \alpha_j \leftarrow \alpha_j - t\, y_j$$
#
# $D$ then rises by $t\,(F_i - F_j) - \tfrac12 t^2\,(K_{ii} + K_{jj} - 2 K_{ij})$, most at
#
# $$t = \frac{F_i - F_j}{K_{ii} + K_{jj} - 2 K_{ij}}$$
#
# The four patients, from $\alpha = 0$: all $F_k = y_k$. The first ($y = 1$) and the second ($y = -1$) disagree by 2;
# $t = 2 / (100 + 4 - 2 \cdot 16) = 2 / 72 = 0.028$. Both alphas become 0.028.
#
# **The box.** No alpha may leave $0$ to $C$. If $y_i = 1$, alpha $i$ rises and has room $C - \alpha_i$; if $y_i = -1$,
# it falls and has room $\alpha_i$. For $j$ it is the other way round. The step is the smallest of $t$ and the two
# rooms.
#
# ### Exercise 10.3 - one step

# %%
# Exercise 10.3 - one step of sequential minimal optimization
from course.checks import check


def smo_step(K, y, alpha, C, i, j):
    """Return the new alphas (n,) after the best step of the pair i, j, of which i asks for the higher intercept.

    K (n, n), y (n,) of -1 and +1, alpha (n,) from 0 to C, which stays as it is.
    """
    ### BEGIN SOLUTION
    F = y - K @ (alpha * y)
    room_i = C - alpha[i] if y[i] == 1 else alpha[i]
    room_j = alpha[j] if y[j] == 1 else C - alpha[j]
    t = min((F[i] - F[j]) / (K[i, i] + K[j, j] - 2 * K[i, j]), room_i, room_j)
    new = alpha.copy()
    new[i] += t * y[i]
    new[j] -= t * y[j]
    return new
    ### END SOLUTION

check("10.3", smo_step)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Why must both alphas move by the same $t$, even where only one of them meets its bound?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# All F at once: `y - K @ (alpha * y)`. The free step; the two rooms, each by its label; the smallest of the three. Then
# a copy, and two moves.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `room_i = C - alpha[i] if y[i] == 1 else alpha[i]`, `room_j` the other way round, `t = min(..., room_i, room_j)`, and
# `new[i] += t * y[i]`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `smo_step(K, y, np.zeros(4), 1.0, 0, 1)` is 0.028, 0.028, 0, 0; with `C` = 0.01 it is 0.01, 0.01, 0, 0.
# </details>
#
# Repeat until no such pair is left. The pair: of all who may rise the one that asks for the most, of all who may fall
# the one that asks for the least. (`course.classic` chooses the second one a little better, and is quicker for it.)

# %%
def most_at_odds(K, y, alpha, C):
    """Return i, j and by how much they disagree."""
    F = y - K @ (alpha * y)
    may_rise, may_fall = np.where(y == 1, alpha < C, alpha > 0), np.where(y == 1, alpha > 0, alpha < C)
    i, j = np.argmax(np.where(may_rise, F, -np.inf)), np.argmin(np.where(may_fall, F, np.inf))
    return i, j, F[i] - F[j]

# %% [markdown]
# The next cell uses the course's own step, so that an open exercise costs nothing; write `smo_step` for
# `one_step` to use yours. **Predict:** four patients, six pairs. How many steps until they agree to a millionth?

# %%
from course.widgets.lesson_10 import one_step

four = np.zeros(4)  # the alphas of the four patients
for step in range(100):
    i, j, disagreement = most_at_odds(K, y, four, C=1.0)
    if disagreement < 1e-6:
        break
    four = one_step(K, y, four, 1.0, i, j)
    if step < 3:
        print(f"step {step + 1}: patients {i} and {j}, D = {dual(four, y, K):.5f}")
b = np.mean((y - K @ (four * y))[(four > 0) & (four < 1.0)])
print(f"agreed after {step} steps: D = {dual(four, y, K):.5f}, scores", (K @ (four * y) + b).round(3))

# %% [markdown]
# $D$ climbs to $1/32 = 0.03125$, and the scores are those worked out on paper. Now the course's full version beside
# the library, on the 569 patients of the core page (two columns, standardised), by the number that both maximise:

# %%
from course.data.cytology import table

rows, malignant = table()
columns = np.array([[row["mean radius"], row["mean texture"]] for row in rows])
places, labels = (columns - columns.mean(axis=0)) / columns.std(axis=0), np.where(malignant == 1, 1, -1)
K_places = np.exp(-0.5 * ((places[:, None] - places) ** 2).sum(axis=2))

# %% [markdown]
# Both hand back their alphas (scikit-learn as $\alpha_i y_i$, hence `np.abs`):

# %%
from sklearn.svm import SVC

svm = SVC(C=1.0, gamma=0.5, tol=1e-10).fit(places, labels)
alpha = np.zeros(len(labels))
alpha[svm.support_] = np.abs(svm.dual_coef_[0])

# %% [markdown]
# Now the two values of $D$:

# %%
from course.classic import KernelSVM

ours, library = KernelSVM(C=1.0, gamma=0.5, tol=1e-6).fit(places, labels), dual(alpha, labels, K_places)
assert abs(ours.dual_objective_ - library) <= 1e-4 * library
print(f"D: course {ours.dual_objective_:.4f}, scikit-learn {library:.4f}")

# %% [markdown]
# The gap is the proof that nothing is left to gain. **Predict:** how large is $P - D$ here?

# %%
gap = primal(alpha, labels, K_places, svm.intercept_[0], 1.0) - library
print(f"P - D is below a millionth of D: {gap < 1e-6 * library}")

# %% [markdown]
# ## 3. A score is not a probability
#
# The score says on which side, and how far from the border in units of the margin. Is a score of 2 "twice as sure" as
# 1, or 88 % sure, as a sigmoid would say? Take all thirty measurements, hold out a third of the patients, train with
# three prices, and look at the scores of the same held-out patients:

# %%
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

thirty = np.array([list(row.values()) for row in rows])
learn, hold, y_learn, y_hold = train_test_split(thirty, labels, test_size=1 / 3, stratify=labels, random_state=0)
machines = {C: make_pipeline(StandardScaler(), SVC(C=C, gamma=0.03)).fit(learn, y_learn) for C in (0.1, 1, 100)}
held = {C: machine.decision_function(hold) for C, machine in machines.items()}

# %% [markdown]
# How many are found, how many left in peace, and on which scale:

# %%
print(f"everybody benign: {np.mean(y_hold < 0):.2f} right")
for C, scores in held.items():
    found, spared = np.mean(scores[y_hold > 0] > 0), np.mean(scores[y_hold < 0] <= 0)
    print(f"C = {C:4}: sensitivity {found:.2f}, specificity {spared:.2f},",
          f"scores {scores.min():.2f} to {scores.max():.2f}")

# %% [markdown]
# The same patients, and scores of quite another size: the scale follows $C$, so it cannot be a probability. What can
# be done is to *learn* the step from score to probability on patients held back, by fitting a sigmoid $1 / (1 + e^{-(a
# f + c)})$ with two numbers $a$ and $c$ (Platt's way). `CalibratedClassifierCV` does that, with folds of its own
# inside the training part. Compare it with a sigmoid laid over the score as it is, by the cross-entropy of [lesson
# 07](07_backpropagation.ipynb): lower is better, and knowing nothing but the share of malignant tumours gives 0.66.
# Both are judged on the same patients, so each patient gives a *difference*; the 95 % interval is that of the mean
# difference, two standard errors to either side.

# %%
from sklearn.calibration import CalibratedClassifierCV


def surprise(p):
    return -np.log(np.where(y_hold > 0, p, 1 - p))  # each patient's cross-entropy

for C, machine in machines.items():
    raw = surprise(1 / (1 + np.exp(-held[C])))
    learnt = CalibratedClassifierCV(machine, ensemble=False).fit(learn, y_learn).predict_proba(hold)[:, 1]
    gain = raw - surprise(learnt)
    two_errors = 2 * gain.std() / len(gain) ** 0.5
    print(f"C = {C:4}: as it is {raw.mean():.2f}, learnt {surprise(learnt).mean():.2f}; "
          f"gain {gain.mean() - two_errors:.2f} to {gain.mean() + two_errors:.2f} a patient")

# %% [markdown]
# With the learnt step the cross-entropy falls by about half, at every price. Whether 0.8 then means "malignant in 80
# of 100" is the question of *calibration*, and has to be measured. Until then: an SVM gives an order and a side.

# %% [markdown]
# ## Traps
#
# - **Two alphas, two steps.** *Symptom*: each is cut off at its own bound, and $\sum \alpha_i y_i$ is no longer 0.
#   *Cure*: shorten the common step by both rooms, then move both.
# - **Stopped is not solved.** *Symptom*: the step limit is reached, and the border still moves with more steps.
#   *Cure*: look at the gap $P - D$.
# - **A sigmoid over the score.** *Symptom*: probabilities that change with $C$. *Cure*: learn the step on patients
#   held back, and test it.

# %% [markdown]
# ## Recap
#
# Primal minus dual is a sum of terms none of which is negative, so the gap tells how far the end is. At the end all
# are 0, which is why there are three kinds of patients. SMO moves two alphas at a time until no pair is left to move,
# and reaches the library's answer. A score's scale follows $C$; a probability has to be learnt on patients held back.

# %% [markdown]
# ## Quiz
#
# **1. Gap.** For some allowed alphas and some weights, $P = 12.0$ and $D = 11.9$. What follows?
#
# - (a) the least $P$ lies between 11.9 and 12.0
# - (b) both still have a long way to go
# - (c) one of the two was computed wrongly, since they must be equal
#
# <details><summary>Answer</summary>
#
# (a). No $D$ is above any $P$, so the least $P$ is at least 11.9, and 12.0 has been reached. (b): at most 0.1 is left.
# (c): they are equal at the solution, not on the way.
# </details>
#
# **2. Pairs.** Why does SMO move two alphas, not one?
#
# - (a) two are quicker
# - (b) one alone would break $\sum \alpha_i y_i = 0$
# - (c) one alone would leave its box
#
# <details><summary>Answer</summary>
#
# (b). With all others fixed, that sum fixes the last one: nothing could move. (a) may be true of larger groups, but is
# not the reason. (c) can be prevented by a shorter step.
# </details>
#
# **3. Scores.** Patient A has the score 3, patient B 1.5. What follows?
#
# - (a) A is farther on the malignant side
# - (b) A is twice as likely to have a malignant tumour
# - (c) A's tumour is malignant with 95 %
#
# <details><summary>Answer</summary>
#
# (a). A score gives an order and a side. (b) and (c) read it as a probability, on a scale that changes with $C$.
# </details>

# %% [markdown]
# ## Sources
#
# - J. C. Platt. Fast training of support vector machines using sequential minimal optimization. In *Advances in Kernel
#   Methods*, MIT Press, 1999. [doi 10.7551/mitpress/1130.003.0016](https://doi.org/10.7551/mitpress/1130.003.0016).
#   Two numbers at a time.
# - R.-E. Fan, P.-H. Chen, C.-J. Lin. Working set selection using second order information for training support vector
#   machines. *Journal of Machine Learning Research* 6, pages 1889 to 1918, 2005.
#   [jmlr.org/papers/v6/fan05a](https://www.jmlr.org/papers/v6/fan05a.html). Which two.
# - J. C. Platt. Probabilities for SV machines. In *Advances in Large-Margin Classifiers*, pages 61 to 74, MIT Press,
#   2000. [doi 10.7551/mitpress/1113.003.0008](https://doi.org/10.7551/mitpress/1113.003.0008). From score to
#   probability.

# %% [markdown]
# ## Next
#
# [Lesson 11](11_naive_bayes.ipynb) starts with probabilities, and finds that they can be far too sure as well.
