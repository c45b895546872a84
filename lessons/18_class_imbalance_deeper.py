# %% [markdown]
# # Correct a prior, invent a patient, cluster the benign
#
# Whoever adjusts a model for a rare disease should know which part of its probabilities can be mended afterwards. This
# page opens the remedies of [lesson 18](18_class_imbalance.ipynb) one by one.
#
# ## What you will do
# - Correct probabilities for any two shares (exercise 18.3), and estimate a share that nobody knows (quiz).
# - Read a calibration curve, its slope and its intercept (quiz).
# - Invent patients by SMOTE, and see what that means for pixels (quiz).
# - Cluster by k-means, and train a model for each cluster (exercise 18.4).
#
# **What you need.** [Lesson 18](18_class_imbalance.ipynb).
#
# **How long.** About 60 minutes.

# %% [markdown]
# ## 1. Any two shares
#
# The core page corrected from one half to 1 in 20. In general, let a share $a$ of the patients in training be
# malignant, and a share $b$ of the patients to come. Bayes' rule says where $p$ came from: the likelihood of the
# findings under each class, times its share. Divide each side by the old share and multiply by the new one:
#
# - malignant: $p \cdot b / a$
# - benign: $(1 - p) \cdot (1 - b)/(1 - a)$
#
# These two do not add up to 1 any more. With $p = 0.8$, $a = 0.5$ and $b = 0.2$ they are 0.32 and 0.32. **What is the
# probability of malignant?** (They are equal, so: one half. Dividing by their sum does it.)
#
# ### Exercise 18.3 - the prior of another place

# %%
# Exercise 18.3 - probabilities under another prior
import numpy as np

from course.checks import check


def new_prior(p, trained, target):
    """Return the probabilities where a share `target` is malignant.

    p, of any shape, comes from training with a share `trained`; both lie in 0 to 1.
    """
    ### BEGIN SOLUTION
    malignant = p * target / trained
    benign = (1 - p) * (1 - target) / (1 - trained)
    return malignant / (malignant + benign)
    ### END SOLUTION

check("18.3", new_prior)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What must the probabilities of malignant and of benign add up to?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Two sides, each with its factor; then the malignant side, divided by the sum of both.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `malignant = p * target / trained`, a line for `benign`, `return malignant / (malignant + benign)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `new_prior(np.array([0.5, 0.9]), 0.5, 0.05)` is 0.05 and 0.32.
# </details>
#
# The logarithm of the odds, the *logit*, shows it best: $\ln\frac{p}{1-p}$ is moved by one number, the same for all
# patients. So no order changes. **Predict** by how much, from one half to 1 in 20.

# %%
from scipy.special import logit

from course.evaluation.calibration import correct_prior

p = np.array([0.01, 0.5, 0.99])
moved = logit(correct_prior(p, 0.5, 0.05)) - logit(p)
print(moved.round(3), "and ln(1/19) =", np.log(1 / 19).round(3))

# %% [markdown]
# That is what a weight of 19 on the malignant does to a neuron's bias, turned round. What is assumed: the *classes*
# look the same in both places, and only their shares differ. Another camera is no other prior.
#
# ## 2. A share that nobody knows
#
# In a new place nobody has labels, so $b$ is unknown. Saerens, Latinne and Decaestecker find it in rounds, by the *EM
# algorithm*: begin with $b = a$; correct all probabilities; their mean is a better guess of $b$; again, until it stays.
# To try it, 20,000 simulated patients with eight features, whose truth is drawn from a known logistic risk, 5 % on
# average; a neuron with balanced class weights; and a new place, where three of four benign patients are missing:

# %%
from course.reproduce.lesson_18 import simulate, train

X, y = simulate(20_000, seed=0)
X_new, y_new = simulate(100_000, seed=1)
balanced = train("class weights", X, y, seed=0)
here = (y_new == 1) | (np.arange(len(y_new)) % 4 == 0)
said = balanced.risk(X_new[here])
print(f"malignant here: {y_new[here].mean():.3f}, the model says {said.mean():.3f}")

# %% [markdown]
# **Predict** the guess after the first round. It has been printed already.

# %%
share = 0.5
for round_ in range(1, 31):
    share = correct_prior(said, 0.5, share).mean()
    if round_ in (1, 2, 5, 10, 30):
        print(f"round {round_:2}: {share:.3f}")

# %% [markdown]
# The first round corrects nothing ($b = a$), so its guess is the mean of what the model says. From there the guesses
# fall to near the true share, without having seen a label. They need probabilities that are calibrated for their own
# training; a model that boasts gives a wrong share with as much confidence. (`estimate_prior` of
# `course.evaluation.calibration` is this loop.)
#
# ## 3. Is 5 % borne out by 5 in 100?
#
# A model is *calibrated* if of those to whom it gives a risk of 5 %, 5 in 100 are malignant. Sort the patients by risk,
# cut them into ten groups of equal size, and compare in each the mean risk with the share that is malignant: the
# *calibration curve*. Nineteen malignant patients are about two in a group, which is why this section simulates.
# **Predict** in which groups a model without any remedy will be far off.

# %%
nothing = train("nothing", X, y, seed=0)
risk = nothing.risk(X_new)
for group in np.array_split(np.argsort(risk), 10)[::3]:
    print(f"said {risk[group].mean():.4f}, malignant {y_new[group].mean():.4f}")

# %% [markdown]
# In none, among 10,000 in each. It was trained by cross-entropy on patients as they come, and has the right form. The
# course's function and scikit-learn's agree:

# %%
from sklearn.calibration import calibration_curve as theirs

from course.evaluation.calibration import calibration_curve

ours = calibration_curve(y_new, risk, bins=10)
observed, predicted = theirs(y_new, risk, n_bins=10, strategy="quantile")
same = np.allclose(ours.observed, observed) and np.allclose(ours.predicted, predicted)
print("equal:", same)

# %% [markdown]
# Two numbers sum the curve up. Fit a line to the logits, $\ln\frac{P}{1-P} = \alpha + \beta\,\ln\frac{p}{1-p}$, with
# $P$ the chance of malignant: calibrated is *intercept* $\alpha = 0$, *slope* $\beta = 1$. A slope below 1 says that
# risks are too far from one another; where it is near 1, an intercept below 0 says that they are too high. **Predict**
# the intercept with balanced weights (section 1 has the number).

# %%
from course.evaluation.calibration import calibration_line

for name, model in {"nothing": nothing, "class weights": balanced}.items():
    slope, intercept = calibration_line(y_new, model.risk(X_new))
    print(f"{name:13} slope {slope:.2f}, intercept {intercept:.2f}")

# %% [markdown]
# Near $\ln(1/19)$, the logit of 1 in 20 less that of one half. Now all six ways, the mean of five training sets of
# 20,000, each judged on 100,000 others. As they come:

# %%
from course.reproduce import tables_18

print(tables_18.simulated("raw").round(3))

# %% [markdown]
# **Which of these columns will the prior correction change, and for which remedy will it fail?**

# %%
print(tables_18.simulated("corrected").round(3))

# %% [markdown]
# The ranking stays, and so does the slope: a step of the logit changes neither. (Of the clusters each model was
# corrected by its own share before the mean, which is no single step.) Weights and copies are mended. SMOTE nearly: its
# slope stays below 1, since invented patients lie closer together than real ones, and the classes seem farther apart
# than they are. (Its intercept goes with that slope: it is the line's height at $p = 0.5$, where few patients are. The
# mean risk is nearly right.) Clusters are not mended; section 5 asks why.

# %%
from course.widgets.lesson_18 import curves_figure

curves_figure()

# %% [markdown]
# *Figure: calibration curves of four ways, ten groups each; a thin diagonal is where said and true are equal. Left, as
# they come: nothing (circles) lies on the diagonal; oversampling (squares) and SMOTE (triangles) lie far below it,
# nearly on one another, and say more than 0.8 where less than 0.3 is true; clusters (diamonds) lies lowest. Right,
# corrected: nothing and oversampling lie on the diagonal, SMOTE a little below at its upper end; clusters is still far
# below.*
#
# ## 4. SMOTE invents a patient
#
# Two malignant patients with the features $x = (1, 2)$ and, one of her five nearest among the malignant,
# $x_{nn} = (3, 1)$. Draw $u$ between 0 and 1, say 0.25. The invented patient is $x + u\,(x_{nn} - x)$:
# $(1 + 0.25 \cdot 2,\; 2 - 0.25 \cdot 1) = (1.5, 1.75)$, a quarter of the way. All of it:

# %%
def smote(X, number, rng, k=5):
    """Return `number` rows, each between a row of X (n, d) and one of its k nearest."""
    apart = np.square(X[:, None] - X).sum(axis=-1)
    nearest = np.argsort(apart, axis=1)[:, 1:k + 1]  # place 0 is the row itself
    one = rng.integers(len(X), size=number)
    other = nearest[one, rng.integers(k, size=number)]
    return X[one] + rng.random((number, 1)) * (X[other] - X[one])

# %% [markdown]
# imbalanced-learn draws other random numbers. So compare what can be compared: does each of *its* invented patients lie
# on such a line? If so, the way there from one real patient and on to a neighbour is no detour.

# %%
from imblearn.over_sampling import SMOTE

rng = np.random.default_rng(0)
few = rng.normal(size=(12, 2)) + 2
both, truth = np.vstack([rng.normal(size=(60, 2)), few]), np.repeat([0, 1], [60, 12])
invented = SMOTE(random_state=0).fit_resample(both, truth)[0][72:]
apart = np.square(few[:, None] - few).sum(axis=-1)
near = few[np.argsort(apart, axis=1)[:, 1:6]]  # (12, 5, 2)

# %% [markdown]
# `near` holds the five neighbours of each of the twelve.

# %%
def long(difference):
    return np.sqrt(np.square(difference).sum(axis=-1))

to = long(invented[:, None, None] - few[:, None])  # invented to a real one: (48, 12, 1)
on = long(invented[:, None, None] - near)  # and on to her neighbour: (48, 12, 5)
detour = to + on - long(near - few[:, None])
shortest = detour.min(axis=(1, 2))  # of each invented patient
print(len(invented), "invented; with a detour:", np.sum(shortest > 1e-12))

# %% [markdown]
# Our own beside it:

# %%
from course.widgets.lesson_18 import smote_figure

smote_figure(few, smote(few, 48, np.random.default_rng(1)), invented)

# %% [markdown]
# *Figure: two panels of the same twelve malignant patients (large circles) in two features; small crosses are 48
# invented ones, left ours, right imbalanced-learn's. In both they lie on straight lines between the circles, and none
# lies outside the outermost circles.*
#
# Nothing is added that the twelve did not say: the lines run inside their outline. Whether the space between two
# malignant patients is malignant is a guess, good for features that change slowly, and bad where benign patients live
# between. **And with pixels?** Half-way between two pictures, each pixel is the mean of two:

# %%
from course.data.cytology import draw, table
from course.plots import show_pictures

one, other = (draw(case) for case in np.flatnonzero(table()[1] == 1)[[0, 3]])
between = (0.5 * one.astype(float) + 0.5 * other).round().astype(np.uint8)
titles = ["a patient", "half-way (SMOTE)", "another"]
show_pictures([one, between, other], titles, size=2.4)

# %% [markdown]
# *Figure: three pictures of drawn cells. Left and right two malignant patients, dark nuclei on a light ground. In the
# middle every nucleus of either is there at half its darkness, one over the other: a double exposure.*
#
# No microscope shows this. A turned or mirrored picture is a possible patient ([lesson 02](02_preprocessing.ipynb)); a
# mixture is not.
#
# ## 5. Clusters, by k-means
#
# The last remedy asks whether the majority is *one* class. Cut the benign patients into as many clusters as there are
# benign patients for a malignant one; train a model on each cluster against all malignant ones; average. Each model
# sees a fairer fight.
#
# *k-means* cuts as follows. Begin with $k$ centres. In each round, each point goes to the nearest centre (the smallest
# sum of squared differences); then each centre moves to the mean of its points. Until nothing moves. With the points 0,
# 1, 4, 6 and the centres 0 and 5: the first two go to the one, the last two to the other; the new centres are 0.5 and
# 5\. **What happens in the next round?** (Nothing.)
#
# ### Exercise 18.4 - one round of k-means

# %%
# Exercise 18.4 - one round of k-means
import numpy as np

from course.checks import check


def one_round(X, centres):
    """Return the number of each point's nearest centre (n,) and the new centres (k, d).

    X (n, d), centres (k, d); each centre is the nearest of at least one point.
    """
    ### BEGIN SOLUTION
    apart = np.square(X[:, None] - centres).sum(axis=-1)
    number = apart.argmin(axis=1)
    return number, np.array([X[number == k].mean(axis=0) for k in range(len(centres))])
    ### END SOLUTION

check("18.4", one_round)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `X[:, None] - centres` has the shape (n, k, d). Which axis is added up, and in which is the smallest sought?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Squared distances (n, k); `argmin` along the centres; then for each centre the mean of its points, column by column.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `apart = np.square(X[:, None] - centres).sum(axis=-1)`, `number = apart.argmin(axis=1)`, and a list over
# `range(len(centres))` of `X[number == k].mean(axis=0)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The four points of the text, as a column, give the numbers 0, 0, 1, 1 and the centres 0.5 and 5.
# </details>
#
# Two hundred rounds on benign patients of the simulation, against scikit-learn from the same start:

# %%
from sklearn.cluster import KMeans

benign = X[y == 0][:3000]
centres = benign[:5]
for _ in range(200):
    number = np.square(benign[:, None] - centres).sum(axis=-1).argmin(axis=1)
    centres = np.array([benign[number == k].mean(axis=0) for k in range(5)])
library = KMeans(5, init=benign[:5], n_init=1, tol=0, algorithm="lloyd").fit(benign)
print("same centres:", np.allclose(centres, library.cluster_centers_))

# %% [markdown]
# And the remedy? On the cells the clusters ranked about as well as nothing, in section 3 worse than all others, and in
# both their risks were the highest by far. **Why?** Look at a thousand benign patients of the simulation, and at what
# the 19 models say of each:

# %%
says = np.array(train("clusters", X, y, seed=0).each(X_new[y_new == 0][:1000]))
low, high = says.min(axis=0).mean(), says.max(axis=0).mean()
print(f"of a benign patient the lowest of {len(says)} says {low:.2f}, the highest "
      f"{high:.2f}; the mean of all is {says.mean():.2f}")

# %% [markdown]
# Each model knows the benign patients of one cluster alone. Of a benign patient from another cluster it has seen
# nothing like, and what is unlike its own benign ones it calls malignant. A few models are right, most are not, and the
# mean follows the many. The correction (here of each model by its own share, before the mean) cannot mend this, since
# its assumption is broken: benign patients do not look the same in a cluster and in the place.
#
# ## 6. A harder task, the same answer?
#
# Ten features rank nearly perfectly, so perhaps there was nothing to gain. Four of them know neither the size nor the
# dents of a nucleus (texture, smoothness, symmetry, fractal dimension). The same twenty lots:

# %%
shown = ["AUC", "average precision", "mean risk", "corrected mean risk"]
print(tables_18.patients("four features")[shown].round(3))
print(tables_18.against_nothing("AUC", "four features").round(3))

# %% [markdown]
# Nearly the same answer: by the AUC no remedy ranks better on average, each inflates the risks, and all but the
# clusters are mended. The clusters' average precision is a little above nothing's here, and was a little below on the
# core page: not a gain to build on. Nineteen malignant patients are few, whatever is done with them.

# %% [markdown]
# ## Traps
#
# - **The shares exchanged.** *Symptom*: a rare disease becomes frequent. *Cure*: a patient at the training share must
#   land at the new one.
# - **A prior for another camera.** *Symptom*: corrected risks that are still wrong. *Cure*: the correction moves
#   shares; a changed class needs new training.
# - **SMOTE on pixels.** *Symptom*: double exposures in training. *Cure*: augment by what a microscope could show.
# - **A calibration curve of 19.** *Symptom*: it jumps. *Cure*: fewer groups, an interval, or more patients.

# %% [markdown]
# ## Recap
#
# A prior is moved by adding one number to every logit, and its share can be estimated without labels if the model is
# calibrated. Without a remedy a logistic regression of the right form is calibrated; weights, copies and SMOTE shift
# its intercept, and the correction shifts it back; SMOTE's slope stays below 1. SMOTE stays on the lines between
# patients, and has no business among pixels. Clusters break the benign class apart, and with it the assumption behind
# the correction.

# %% [markdown]
# ## Quiz
#
# **1. Line.** A calibration line has the slope 1 and the intercept -3. What is wrong?
#
# - (a) all risks are too high, by the same step in logits
# - (b) the ranking
# - (c) the risks are too far apart
#
# <details><summary>Answer</summary>
#
# (a): a prior correction mends it. The ranking is another matter, and (c) would be a slope below 1.
# </details>
#
# **2. EM.** A model calibrated at 40 % malignant is used where the share is unknown. When does EM fail?
#
# - (a) when the share there is below 10 %
# - (b) when nobody has labels there
# - (c) when the pictures there come from another stain
#
# <details><summary>Answer</summary>
#
# (c): the classes look otherwise, and the assumption is gone. (b) is what it is made for.
# </details>
#
# **3. SMOTE.** Where do its invented patients never lie?
#
# - (a) nearer to a benign patient than to a malignant one
# - (b) outside the outline of the malignant patients
# - (c) exactly between two malignant patients
#
# <details><summary>Answer</summary>
#
# (b). (a) happens when benign patients live between two malignant ones; (c) is $u = 0.5$.
# </details>

# %% [markdown]
# ## Sources
#
# - N. V. Chawla, K. W. Bowyer, L. O. Hall, W. P. Kegelmeyer. SMOTE: synthetic minority over-sampling technique.
#   *Journal of Artificial Intelligence Research* 16, pages 321 to 357, 2002. [doi
#   10.1613/jair.953](https://doi.org/10.1613/jair.953).
# - M. Saerens, P. Latinne, C. Decaestecker. Adjusting the outputs of a classifier to new a priori probabilities.
#   *Neural Computation* 14, pages 21 to 41, 2002. Sections 1 and 2.
# - R. van den Goorbergh, M. van Smeden, D. Timmerman, B. Van Calster. The harm of class imbalance corrections for
#   risk prediction models. *JAMIA* 29, pages 1525 to 1534, 2022. [doi
#   10.1093/jamia/ocac093](https://doi.org/10.1093/jamia/ocac093).

# %% [markdown]
# ## Next
#
# [Lesson 19](19_evaluating_a_diagnosis.ipynb) asks what a threshold is worth to the patients.
