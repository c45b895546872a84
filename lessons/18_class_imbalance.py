# %% [markdown]
# # Find the rare class, and keep its probabilities
#
# Of those screened, few are ill. A program that finds none of them is right nearly always, and the usual remedies make
# its risks several times too high. A person decides on these numbers.
#
# ## What you will do
# - Read accuracy, precision and a precision-recall curve beside the prevalence (quiz).
# - Give a rare class more weight in a loss and in its gradient (exercise 18.1).
# - Copy rare patients inside a fold, and see what happens when the copies come first (exercise 18.2).
# - Tell what the remedies do to ranking, decisions and probabilities, and mend the last (quiz).
#
# **What you need.** Cross-validation, sensitivity and AUC, [lesson 12](12_comparing_classifiers.ipynb); the
# cross-entropy loss and its gradient, [lesson 08](08_training_by_hand.ipynb); prevalence, [lesson
# 11](11_naive_bayes.ipynb).
#
# **How long.** About 60 minutes.
#
# **What this is not.** The cells are drawn; no number here is the risk of a woman.

# %% [markdown]
# ## 1. Right for 95 of 100
#
# Take the ten features of [lesson 03](03_measuring_nuclei.ipynb), measured in drawn pictures of 569 patients. Of the
# 212 malignant ones 19 are drawn by lot and the others left out, so 1 in 20 is malignant:

# %%
import numpy as np

from course.data.cytology import table
from course.reproduce import result

X, y = np.array(result(18)["patients"]["features"]).T, table()[1]
lot = np.random.default_rng(0).choice(np.flatnonzero(y == 1), 19, replace=False)
rows = np.concatenate([np.flatnonzero(y == 0), lot])
X, y = X[rows], y[rows]
print(len(y), "patients, malignant:", y.sum(), f"({y.mean():.1%})")

# %% [markdown]
# A *logistic regression* is [lesson 12](12_comparing_classifiers.ipynb)'s single neuron, trained to its best weights.
# Scaler and neuron in one `make_pipeline` are trained anew in each fold. **Predict:** its accuracy out of fold, the
# accuracy of "nobody is ill", and how many of the 19 are found.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folds = StratifiedKFold(5, shuffle=True, random_state=0)
plain = make_pipeline(StandardScaler(), LogisticRegression())
risk = cross_val_predict(plain, X, y, cv=folds, method="predict_proba")[:, 1]
print(f"accuracy {np.mean((risk >= 0.5) == y):.3f}, nobody ill: {np.mean(y == 0):.3f}")
print("malignant found at 0.5:", np.sum(risk[y == 1] >= 0.5), "of", y.sum())

# %% [markdown]
# One of the two "programs" looks at nothing, and is nearly as accurate: 19 of 20 patients are benign. And 0.5 is a high
# threshold here: a patient at 0.4, eight times the usual risk, is called benign.
#
# ## 2. Precision has the prevalence for its floor
#
# *Precision* is the share of those called malignant who are (positive predictive value); *recall* is sensitivity. Let
# eight patients be sorted by their scores, highest first, and the first and the fourth be malignant. Call them one
# after another. At the first malignant one the precision is 1/1, at the second 2/4. The mean of these, 0.75, is the
# *average precision*:

# %%
from sklearn.metrics import average_precision_score

sorted_truth = np.array([1, 0, 0, 1, 0, 0, 0, 0])
print(average_precision_score(sorted_truth, -np.arange(8)))  # scores 0, -1 to -7

# %% [markdown]
# **Predict** the average precision of scores that are pure chance, where 50 %, 5 % and 0.5 % are malignant. (The AUC of
# such scores is one half, whoever is ill.)

# %%
rng = np.random.default_rng(0)
for share in (0.5, 0.05, 0.005):
    truth = (np.arange(100_000) < share * 100_000).astype(int)
    print(f"{share:5}: {average_precision_score(truth, rng.random(100_000)):.3f}")

# %% [markdown]
# Whoever is called at random is malignant as often as anybody: the floor is the prevalence. So 0.3 may be excellent or
# worthless. Below, the *same* scores at three prevalences:

# %%
from course.widgets.lesson_18 import three_shares

three_shares([0.5, 0.05, 0.005])

# %% [markdown]
# *Figure: three curves of precision against recall, for the same scores (two bell curves, two standard deviations
# apart) at 50 %, 5 % and 0.5 % malignant. A dotted line, the baseline, stands at each prevalence. The first curve stays
# above 0.9 until recall is 0.7; the second falls in a slope; the third has sunk below 0.2 by a recall of 0.4. A dot
# marks the same threshold in all: recall about 0.7, and precision 0.9, then about a third, then a twentieth.*
#
# Saito and Rehmsmeier prefer precision and recall where a class is rare, since they show the false alarms; McDermott
# and others show that the area under them is in general no better for comparing models, and can reward gains among
# groups with more disease. Name the prevalence.
#
# ### Experiment: a thousand women

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_18 import SHARES, prevalence_panel
from course.widgets.panel import Panel

Panel(prevalence_panel, "Left: women at each score; the cut. Right: a dot, the cut.",
      share=SelectionSlider(options=SHARES, value=0.05), cut=(-2.0, 4.0, 0.1))

# %% [markdown]
# **Try.**
# 1. At 5 %, move the cut until accuracy is highest. How many of the 50 are missed?
# 2. Leave the cut, and move the share. What stays, and what goes?
#
# **Question.** At 0.5 %, can a cut have both a recall above one half and a precision above one half?
# <details><summary>Answer</summary>
#
# No: with these scores a precision of one half costs nearly all recall. At 50 % the same scores do it easily.
# Sensitivity and specificity stay as the share moves; precision and accuracy go with it. And at 5 % the highest
# accuracy is at a cut that misses two of three of the ill.
# </details>

# %% [markdown]
# ## 3. A weight for each patient
#
# In a loss the 357 benign patients drown the 19. The first remedy: give each malignant patient a larger weight $v_i$.
# With the cross-entropy $\ell_i = -y_i \ln p_i - (1 - y_i) \ln(1 - p_i)$ of patient $i$, truth $y_i$, probability
# $p_i$, the loss becomes a weighted mean,
#
# $$L = \frac{\sum_i v_i\,\ell_i}{\sum_i v_i}.$$
#
# By hand: three benign patients and a malignant one, all with $p = 0.2$; weights 1, 1, 1 and 3. Their losses are
# $-\ln 0.8 = 0.223$, three times, and $-\ln 0.2 = 1.609$. Without weights $L = (3 \cdot 0.223 + 1.609)/4 = 0.570$.
# With them, **predict** a larger or a smaller one?

# %%
p, truth, v = np.full(4, 0.2), np.array([0, 0, 0, 1]), np.array([1, 1, 1, 3])
losses = -np.log(np.where(truth == 1, p, 1 - p))
print(f"{losses.mean():.3f} without, {np.sum(v * losses) / np.sum(v):.3f} with weights")

# %% [markdown]
# **Predict:** in which direction do these four push the bias, without weights and with? (Patient $i$ pushes by the
# slope of her $\ell_i$, $p_i - y_i$, as in [lesson 08](08_training_by_hand.ipynb); below 0: upwards.)

# %%
pushes = p - truth
print(f"{pushes.mean():+.2f} without, {np.sum(v * pushes) / np.sum(v):+.2f} with")

# %% [markdown]
# The malignant patient pulls harder. The pushes add up to 0 at $p = 0.25$ for all four without weights, and at
# $p = 0.5$ with them: the model *says* a half of a group of which a quarter is malignant. Keep this for section 5.
#
# ### Exercise 18.1 - weights in a loss and its gradient
#
# A patient has $d$ features now. The slope of a neuron's weight is $p_i - y_i$ times the feature it multiplies.

# %%
# Exercise 18.1 - weighted cross-entropy
import numpy as np

from course.checks import check


def weighted_loss(X, y, w, b, weights):
    """Return (loss, dw, db) of p = sigmoid(X @ w + b): dw (d,) and db are its slopes.

    X (n, d); y (n,), whole numbers, 1 = malignant.
    weights: that of a benign and that of a malignant patient, such as (1, 19).
    """
    ### BEGIN SOLUTION
    p = 1 / (1 + np.exp(-(X @ w + b)))
    v = np.array(weights)[y]
    loss = np.sum(v * -np.log(np.where(y == 1, p, 1 - p))) / np.sum(v)
    push = v * (p - y) / np.sum(v)
    return loss, X.T @ push, np.sum(push)
    ### END SOLUTION

check("18.1", weighted_loss)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which of the two weights has a patient with `y = 1`? And with `y = 0`? `y` holds whole numbers: they may be places.
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A weight for each patient, `v`. Loss and slopes are weighted sums, divided by the same `np.sum(v)`.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `v = np.array(weights)[y]`, then `push = v * (p - y) / np.sum(v)`, then `X.T @ push` and `np.sum(push)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# With `X = np.zeros((4, 1))`, `y = np.array([0, 0, 0, 1])`, `w = np.zeros(1)`, `b = np.log(0.25)` and weights (1, 3),
# the four of the text: 0.916, 0 and -0.3.
# </details>
#
# Libraries have it built in: scikit-learn's `class_weight`, Keras's `fit(class_weight=...)`. Keras divides by the
# number of patients, not by the sum of weights. A step of size 0 shows its loss for the four:

# %%
from course.quiet_tensorflow import keras

keras.utils.set_random_seed(0)
neuron = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, "sigmoid")])
neuron.set_weights([np.zeros((1, 1)), np.array([np.log(0.25)])])
neuron.compile(keras.optimizers.SGD(0.0), "binary_crossentropy")
fitted = neuron.fit(np.zeros((4, 1)), truth, class_weight={0: 1, 1: 3}, verbose=0)
print(f"Keras {fitted.history['loss'][0]:.3f} = {np.sum(v * losses):.3f} / 4")

# %% [markdown]
# Such a loss cannot be compared with a validation loss, which has no weights. With *balanced* weights, $n / (2 n_0)$
# and $n / (2 n_1)$ for $n_0$ benign and $n_1$ malignant of $n$, the weights add up to $n$, and both divisions are the
# same.
#
# ## 4. Copies, and when they are made
#
# A weight of 3 is worth as much as being there three times. So *oversampling* copies malignant patients until the
# classes are equal. (*Undersampling* drops benign ones at random. *SMOTE* invents malignant ones between two real ones.
# *Clusters* cuts the benign into 19 groups of similar patients, trains a model on each with all the malignant, and
# takes the mean.) The tested fold stays as it is: it stands for the patients to come.
#
# ### Exercise 18.2 - copies inside a fold

# %%
# Exercise 18.2 - oversampled, out of fold
import numpy as np

from course.checks import check


def copied_inside(X, y, folds, times, fit):
    """Return scores (n,), each patient's from a model trained on the other folds.

    In training each malignant patient is there `times` times, herself included.
    X (n, d), y (n,); folds (n,): the number of each patient's fold.
    fit(X, y) trains and hands back a function that gives scores of new patients.
    """
    ### BEGIN SOLUTION
    scores = np.zeros(len(y))
    for k in np.unique(folds):
        train, test = folds != k, folds == k
        repeats = np.where(y[train] == 1, times, 1)
        score = fit(np.repeat(X[train], repeats, axis=0), np.repeat(y[train], repeats))
        scores[test] = score(X[test])
    return scores
    ### END SOLUTION

check("18.2", copied_inside)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Whose copies may a round see?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The loop of exercise 12.2. Between choosing who trains and `fit`, the rows of the malignant ones are repeated.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.repeat(X[train], repeats, axis=0)` with `repeats = np.where(y[train] == 1, times, 1)`; the same for `y[train]`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With `times = 1` nothing is copied, and the scores are those of exercise 12.2 without a scaler.
# </details>
#
# imbalanced-learn has samplers, and a pipeline that applies them to those who train. Does it matter? Two hundred
# patients of pure noise, 20 of them "malignant" by lot, judged by the three nearest neighbours. **Predict** the AUC
# when the copies are made before the folds are cut.

# %%
from course.reproduce.lesson_18 import leaking

for before in (True, False):
    print(f"copies before the folds: {before!s:5} AUC {leaking(0, before):.2f}")
for name, values in result(18)["leak"].items():
    print(f"{name:7}", np.round([min(values), np.mean(values), max(values)], 2))

# %% [markdown]
# (One draw; then of twenty the lowest, the mean and the highest.) Copies first, and a tested patient finds her *twin*
# among those who train: a label of pure noise is recognised nearly always.
#
# ## 5. What each remedy does
#
# Now the cells: twenty lots of 19 malignant patients, five folds each; six ways; a logistic regression; everything
# learnt inside the fold. Nineteen are few to judge by, so each model is tested on those the lot left out, too, weighted
# back to 1 in 20. First the *ranking*. **Predict:** which remedy gains most?

# %%
from course.reproduce import tables_18

remedies = tables_18.patients()
print(remedies[["AUC", "average precision"]].round(3))
print(tables_18.against_nothing("AUC").round(3))

# %% [markdown]
# None does. On average each lies a little below nothing; in single lots one or another is ahead. (Lower table: each
# remedy less nothing, lot by lot. The lots share their benign patients, so this is the spread of the draw, no
# confidence interval. All have the same penalty on large weights, which counts for less beside copied rows; part of the
# gap may be that.)
#
# Next, *decisions*. "Nothing" at 0.5 misses many. Move its threshold to the share of malignant patients in training,
# and compare with the others at 0.5:

# %%
print(tables_18.moved_threshold().round(2))

# %% [markdown]
# At 0.5 the remedies find more than nothing, and alarm more. So does nothing with a lower threshold: it finds at least
# as many as oversampling, SMOTE or class weights, at nearly the same specificity, and about as many as undersampling,
# which alarms more. Clusters go furthest on that way. Skill, or another threshold?
#
# Give each its own, which leaves nine of ten benign *training* patients in peace (judged out of fold among these), and
# compare with nothing lot by lot:

# %%
print(tables_18.chosen_threshold().round(3))

# %% [markdown]
# All find about nine of ten. On average none finds more than nothing without alarming more (clusters do both, each by
# less than 0.01). What a remedy does to decisions, a threshold does.
#
# Last, *probabilities*. **Predict** the mean risk after oversampling.

# %%
from course.widgets.lesson_18 import remedies_figure

remedies_figure()

# %% [markdown]
# *Figure: for each of the six ways, the mean predicted risk as it comes (a full dot) and with the prior corrected (an
# open diamond); a dashed line at the true share, 0.05. "Nothing" lies on the line. SMOTE, oversampling, class weights
# and undersampling lie at two to four times the share, clusters beyond seven times. The diamonds of all but clusters
# lie near the line, that of clusters beyond twice the share.*
#
# ## 6. Put the prior back
#
# The remedies told the model that half of all patients are malignant. Take it back. In odds, $p/(1-p)$, Bayes' rule of
# [lesson 11](11_naive_bayes.ipynb) multiplies by the odds of the *prior*, the share before looking. So divide by the
# odds of training and multiply by those of the place. A model of a balanced training says $p = 0.9$: odds 9, times
# $0.05/0.95$, divided by $0.5/0.5$, are $9/19$; back to a probability, $9/(9 + 19) = 0.32$.

# %%
from course.evaluation.calibration import correct_prior

print(correct_prior(np.array([0.5, 0.9]), trained=0.5, target=0.05).round(2))

# %% [markdown]
# A patient at a half has the usual risk, 5 %. The correction changes no order, so the ranking stays. The *Brier score*,
# the mean of $(p - y)^2$, smaller is better, before and after:

# %%
shown = ["mean risk", "Brier", "corrected mean risk", "corrected Brier"]
print(remedies[shown].round(3))

# %% [markdown]
# Before the correction each remedy is, on average, worse than saying "5 %" of everybody, whose Brier score is
# $0.05 \cdot 0.95 = 0.048$. Afterwards the mean risk is near the share again, and the Brier score near nothing's,
# though not below it. Clusters are mended in part.
#
# **Deeper.** [Why, and the same without the noise of 19](18_class_imbalance_deeper.ipynb).

# %% [markdown]
# ## Traps
#
# - **Judged by accuracy.** *Symptom*: 95 % where 1 in 20 is ill. *Cure*: sensitivity, specificity, the prevalence.
# - **Copies before the split.** *Symptom*: wonderful figures, on noise too. *Cure*: `imblearn.pipeline`, or your loop.
# - **A balanced test set.** *Symptom*: precision and risks that no hospital will see. *Cure*: resample training alone.
# - **Weights upside down.** *Symptom*: hardly anybody is called malignant. *Cure*: print the loss of one malignant
#   patient.
# - **A risk from a balanced training.** *Symptom*: mean risk far above the share. *Cure*: correct the prior, or do
#   nothing and move the threshold.

# %% [markdown]
# ## Recap
#
# Where a class is rare, accuracy is the majority's, and precision has the prevalence for its floor. Weights and copies
# make the rare class pull harder; copies belong inside the fold. On these patients no remedy ranked better than nothing
# on average, each moved the decisions as a lower threshold does, and each inflated the probabilities. The prior
# correction takes most of this back; doing nothing and choosing the threshold needs none.

# %% [markdown]
# ## Quiz
#
# **1. Floor.** A paper reports an average precision of 0.30. What do you ask?
#
# - (a) whether the AUC was above 0.5
# - (b) the prevalence among those tested
# - (c) nothing, it is below one half and so worse than chance
#
# <details><summary>Answer</summary>
#
# (b). At 1 % it is thirty times the floor, at 30 % it is the floor. (c) takes the AUC's floor for precision's; (a)
# would be answered yes by almost any model.
# </details>
#
# **2. Risk.** A model trained on as many malignant as benign pictures says 0.5 of a woman from a place where 1 in 100
# is ill. Her risk, if the model is right otherwise?
#
# - (a) 0.5
# - (b) 0.01
# - (c) 0.005
#
# <details><summary>Answer</summary>
#
# (b). Odds 1, times $0.01/0.99$: those of the place. (a) forgets the prior, (c) multiplies the probability, not the
# odds.
# </details>
#
# **3. Threshold.** A screening finds too few. Which is *no* cure?
#
# - (a) a lower threshold, chosen on training patients
# - (b) class weights, and the threshold left at 0.5
# - (c) a threshold that gives the highest accuracy
#
# <details><summary>Answer</summary>
#
# (c): most of accuracy is the benign; in the experiment the best accuracy missed two of three of the ill. (a) and (b)
# both find more and alarm more; (b) spoils the probabilities on the way.
# </details>

# %% [markdown]
# ## Sources
#
# - R. van den Goorbergh, M. van Smeden, D. Timmerman, B. Van Calster. The harm of class imbalance corrections for
#   risk prediction models. *JAMIA* 29, pages 1525 to 1534, 2022. [doi
#   10.1093/jamia/ocac093](https://doi.org/10.1093/jamia/ocac093). Found the same, with logistic regressions.
# - M. Saerens, P. Latinne, C. Decaestecker. Adjusting the outputs of a classifier to new a priori probabilities.
#   *Neural Computation* 14, pages 21 to 41, 2002.
# - T. Saito, M. Rehmsmeier. The precision-recall plot is more informative than the ROC plot when evaluating binary
#   classifiers on imbalanced datasets. *PLoS ONE* 10, e0118432, 2015. [doi
#   10.1371/journal.pone.0118432](https://doi.org/10.1371/journal.pone.0118432).
# - M. McDermott and others. A closer look at AUROC and AUPRC under class imbalance. *NeurIPS* 2024. [arXiv
#   2401.06091](https://arxiv.org/abs/2401.06091).

# %% [markdown]
# ## Next
#
# [Lesson 19](19_evaluating_a_diagnosis.ipynb) asks what a threshold is worth to the patients. [The deeper
# page](18_class_imbalance_deeper.ipynb) has SMOTE and clusters by hand, any two priors, and calibration curves.
