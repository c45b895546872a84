# %% [markdown]
# # Compare classifiers, and keep the exam a secret
#
# A hospital is offered four programs, each with a percentage. Before anybody asks which is best, somebody has to ask
# what was counted, on whom, and whether the program had seen them before.
#
# ## What you will do
# - Count the four kinds of decisions, and learn which of the usual percentages hides what (exercise 12.1).
# - Judge every patient by a model that has not seen her, not even through the scaler (exercise 12.2).
# - Compare two classifiers on the same patients (quiz).
#
# **What you need.** Python, NumPy; a neuron and its training, [lesson 06](06_forward_pass.ipynb) and
# [lesson 08](08_training_by_hand.ipynb). [Lesson 09](09_support_vector_machine.ipynb) and
# [lesson 11](11_naive_bayes.ipynb) explain two of the classifiers; here they are used whole.
#
# **How long.** About 60 minutes.
#
# **What this is not.** The table is real; what is found here holds for it, and nothing here may be used on a patient.

# %% [markdown]
# ## 1. Be right for ninety-nine of a hundred
#
# The simplest learnt classifier is a single neuron: it weighs each measurement $a_i$ with a weight $w_i$, adds a bias
# $b$, and bends the sum into 0 to 1, $p = \sigma\bigl(\sum_i w_i a_i + b\bigr)$. Put a few of them side by side, with
# ReLU for $\sigma$, and a last neuron that reads their answers: a network with one *hidden layer*. `small_network(30)`
# is that, eight hidden neurons for 30 measurements, from the parts of [lesson 08](08_training_by_hand.ipynb). Each
# column of the Wisconsin table is *standardised* (its mean subtracted, divided by its standard deviation), and the
# network trained for 20 epochs:

# %%
import numpy as np

from course.data.cytology import table
from course.widgets.lesson_12 import small_network

rows, y = table()  # 1 = malignant
X = np.array([list(row.values()) for row in rows])
z = (X - X.mean(axis=0)) / X.std(axis=0)
network = small_network(30)
network.fit(z, y[:, None].astype(float), epochs=20)
print(f"{len(y)} patients, right: {np.mean((network.predict(z)[:, 0] >= 0.5) == y):.2f}")

# %% [markdown]
# **Before you read on: write down three reasons why this number means little.** The rest of the page is about them.

# %% [markdown]
# ## 2. What was counted?
#
# Ten patients, the first four with a malignant tumour. A program gives each a score, and calls those from 0.5 upwards
# malignant:

# %%
truth = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
score = np.array([0.9, 0.8, 0.6, 0.3, 0.7, 0.4, 0.3, 0.2, 0.2, 0.1])
called = (score >= 0.5).astype(int)
print("truth ", truth)
print("called", called)

# %% [markdown]
# Each patient falls into one of four boxes, the *confusion matrix*. Count along:
#
# | | called malignant | called benign |
# |---|---|---|
# | malignant | 3 *true positives*, tp | 1 *false negative*, fn: missed |
# | benign | 1 *false positive*, fp: false alarm | 5 *true negatives*, tn |
#
# From the boxes come the percentages, and each answers another question:
#
# - *Accuracy* $(tp + tn) / n = 8/10$: how many decisions were right?
# - *Sensitivity* $tp / (tp + fn) = 3/4$: of the malignant, how many were found? (Also called *recall*.)
# - *Specificity* $tn / (tn + fp) = 5/6$: of the benign, how many were left in peace?
# - *Positive predictive value* $tp / (tp + fp) = 3/4$: of those called malignant, how many are? (Also *precision*.)
#
# **Predict:** a program that calls everybody benign. Its accuracy on the table's 569 patients, and its sensitivity?

# %%
nobody = np.zeros(len(y), int)
print(f"accuracy {np.mean(nobody == y):.3f}, sensitivity {np.mean(nobody[y == 1] == 1):.3f}")

# %% [markdown]
# It is right for 63 of 100 patients, and finds nothing. That is the *majority* baseline: any accuracy is to be read
# beside it. (In a screening, where 1 woman in 200 may have cancer, the same program is right for 99.5 %.)
#
# ### Exercise 12.1 - four boxes

# %%
# Exercise 12.1 - the confusion matrix
import numpy as np

from course.checks import check


def counts(truth, decided):
    """Return (tp, fp, fn, tn) of truth (n,) and decisions (n,); 1 = malignant, the positive class."""
    ### BEGIN SOLUTION
    tp = np.sum((truth == 1) & (decided == 1))
    fp = np.sum((truth == 0) & (decided == 1))
    fn = np.sum((truth == 1) & (decided == 0))
    tn = np.sum((truth == 0) & (decided == 0))
    return tp, fp, fn, tn
    ### END SOLUTION

check("12.1", counts)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `(truth == 1) & (decided == 1)` is an array of True and False, `&` reading "and". What does its sum count?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# One such line for each box. "False" means: the decision is not the truth. "Positive" means: called malignant.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `tp = np.sum((truth == 1) & (decided == 1))`, three more, `return tp, fp, fn, tn`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `counts(truth, called)` of the ten patients is 3, 1, 1, 5.
# </details>

# %% [markdown]
# ## 3. Where to cut, and a number without a cut
#
# The threshold 0.5 was nobody's decision. With a lower one fewer tumours are missed and more women alarmed.
# **Predict** sensitivity and specificity of the ten patients at 0.3.

# %%
from course.evaluation.metrics import accuracy, auc, sensitivity, specificity

for threshold in (0.3, 0.5, 0.75):
    decided = score >= threshold
    print(f"threshold {threshold}: sensitivity {sensitivity(truth, decided):.2f}, "
          f"specificity {specificity(truth, decided):.2f}")

# %% [markdown]
# A missed tumour and a false alarm do not weigh the same, and how much each weighs is no question of mathematics. The
# person who decides needs all the pairs. (Drawn as a curve they are called *ROC*.)
#
# How good are the scores as a whole, whatever the threshold? Take one malignant and one benign patient; how often has
# the malignant one the higher score? (A tie counts half.) That share is the *AUC*, the area under the curve: 1 is
# perfect order, one half is chance. There are $4 \cdot 6 = 24$ pairs. **Count those in which the malignant one is
# *not* ahead.**

# %%
pairs = score[truth == 1][:, None] - score[truth == 0]
print("ahead:", np.sum(pairs > 0), " ties:", np.sum(pairs == 0))
print(f"AUC: {np.mean((pairs > 0) + 0.5 * (pairs == 0)):.4f}, the course's function: {auc(truth, score):.4f}")

# %% [markdown]
# Two pairs are lost to the benign patient with 0.7, one more by the 0.3 against 0.4, and 0.3 against 0.3 is a tie.
#
# **Deeper.** [The ROC curve](12_comparing_classifiers_deeper.ipynb), drawn and computed.
#
# ## 4. Was it an exam, or a rehearsal?
#
# The 99 % of section 1 were measured on patients the network was trained on. An exam needs others. With 569 patients
# one would like to train on nearly all and test on all. *Cross-validation* does both: cut the patients into ten parts
# (*folds*), and in ten rounds train on nine parts and test on the tenth. Each patient is tested once, *out of fold*,
# by a model that has not seen her.
#
# What "not seen" means is easily got wrong. The mean and deviation for standardising are learnt from patients too. So
# are the columns one keeps, the gaps one fills, the threshold one chooses. **Everything that is learnt is learnt
# inside the round.**
#
# A classifier is written here as a function that trains and *hands back another function*, which scores new patients.
# The simplest one there is remembers the two class means:

# %%
def by_nearer_mean(X, y):
    benign, malignant = X[y == 0].mean(axis=0), X[y == 1].mean(axis=0)

    def score(new):  # above 0: nearer to the malignant mean
        return ((new - benign) ** 2).sum(axis=1) - ((new - malignant) ** 2).sum(axis=1)
    return score

# %% [markdown]
# So there are two calls, one to train and one to ask: `score = by_nearer_mean(X, y)`, then `score(new)`. With means
# 1.5 and 5.5, a new patient with 3 gets $1.5^2 - 2.5^2 = -4$, the benign side.
#
# ### Exercise 12.2 - folds without a leak

# %%
# Exercise 12.2 - each patient judged by a model that has not seen her
import numpy as np

from course.checks import check


def out_of_fold(X, y, folds, fit):
    """Return scores (n,): each patient's, from a model trained and standardised on the other folds.

    X (n, d), y (n,); folds (n,): the number of each patient's fold. fit(X, y) trains and hands back a function that
    gives the scores of new patients. Standardised column by column, with np.std (which divides by the number of rows).
    """
    ### BEGIN SOLUTION
    scores = np.zeros(len(y))
    for k in np.unique(folds):
        train, test = folds != k, folds == k
        mean, deviation = X[train].mean(axis=0), X[train].std(axis=0)
        score = fit((X[train] - mean) / deviation, y[train])
        scores[test] = score((X[test] - mean) / deviation)
    return scores
    ### END SOLUTION

check("12.2", out_of_fold)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# In round `k`, which patients may take part in computing the mean?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A loop over `np.unique(folds)`. In it: who trains (`folds != k`), who is tested; mean and deviation of those who
# train, applied to both; `fit` gives a function; its scores go to the places of the tested.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `score = fit((X[train] - mean) / deviation, y[train])`, then `scores[test] = score((X[test] - mean) / deviation)`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# The result has one score for each patient, in the order of `y`, not of the folds.
# </details>
#
# `judged_by` below is the course's version; write yours in its place if you like.
#
# Does a leak matter? Build one. A hundred patients without any finding: 2,000 columns of pure chance, and truths drawn
# by lot. Any honest judgement says "right for about half". As with genes, only the columns that go best with the truth
# are kept:

# %%
rng = np.random.default_rng(0)
noise = rng.normal(size=(100, 2000))
lot = rng.permutation(np.arange(100) % 2)
parts = rng.permutation(np.arange(100) % 10)

def ten_best(X, y):
    """Return the numbers of the ten columns whose class means lie farthest apart."""
    gap = np.abs(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0))
    return np.argsort(gap)[-10:]

# %% [markdown]
# First keep ten columns, then cross-validate with care. **Predict** the share that is judged rightly.

# %%
from course.widgets.lesson_12 import out_of_fold as judged_by

keep = ten_best(noise, lot)
leaking = judged_by(noise[:, keep], lot, parts, by_nearer_mean)
print(f"chosen before the folds: {np.mean((leaking >= 0) == lot):.0%} right")

# %% [markdown]
# Disease in noise, and no line of the cross-validation is wrong. The leak is `ten_best(noise, lot)`: among 2,000
# columns some go with any list of truths, those of the tested patients included. Move that one line inside, where it
# sees the training patients only:

# %%
def choosing_inside(X, y):
    keep = ten_best(X, y)
    score = by_nearer_mean(X[:, keep], y)
    return lambda new: score(new[:, keep])  # a function without a name: of new patients, the same columns

honest = judged_by(noise, lot, parts, choosing_inside)
print(f"chosen inside the folds: {np.mean((honest >= 0) == lot):.0%} right")

# %% [markdown]
# One draw is one draw. Ten draws, in pictures:

# %%
from course.widgets.lesson_04 import stacked
from course.widgets.lesson_12 import LEAKS, folds_picture

states = [("none", 200), (LEAKS[2], 200), (LEAKS[2], 2000)]
stacked([folds_picture(*state) for state in states])

# %% [markdown]
# *Figure: three times ten rounds as rows of 100 patients; in each row the ten tested ones are dark, scattered
# as the lot fell. Below, a scale from 0 to 100 % with a dot for each of ten draws, equal ones stacked, and a line at
# one half. First: no leak, 200 columns of chance; the dots lie about the line. Second: a bar across the dark ones, the
# choice of columns has seen them; all dots lie well to the right of the line. Third: the same leak with 2,000 columns;
# the dots lie farther right still.*
#
# ### Experiment: how much disease is in noise?

# %%
from course.widgets.lesson_12 import LEAKS, folds_picture
from course.widgets.panel import Panel

Panel(folds_picture, "Ten rounds; dark: tested. A bar across: seen before, by the step that leaks.",
      leak=list(LEAKS), columns=[20, 50, 100, 200, 500, 1000, 2000])

# %% [markdown]
# **Try.**
# 1. With the third leak, go from 20 columns to 2,000.
# 2. Compare "scaler sees all" with "none": which dots move, and how far?
#
# **Question.** A paper reports 85 % on 100 patients, with 10 genes kept of 5,000 and ten-fold cross-validation. What do
# you ask?
# <details><summary>Answer</summary>
#
# Whether the genes were chosen inside the folds. If they were chosen first, noise alone gives such a figure: in the
# panel 2,000 columns of chance seem to know the truth four times in five. (Choosing 10 of 20 leaks already.) The
# scaler's leak changes at most three of a hundred: it has seen the tested patients' values, but not their truths.
# </details>

# %% [markdown]
# ## 5. Two classifiers, the same patients
#
# Now the table, out of fold, the same folds for all: naive Bayes, the linear SVM and the small network. Nobody chose
# their settings on these folds ($C = 1$ is the usual default). All scores are turned so that 0 is the threshold.

# %%
from course.classic import GaussianNaiveBayes, LinearSVM


def by_bayes(X, y):
    model = GaussianNaiveBayes().fit(X, y)
    return lambda new: np.diff(model.predict_log_proba(new))[:, 0]

def by_svm(X, y):
    return LinearSVM(C=1.0).fit(X, y).decision_function

def by_network(X, y):
    network = small_network(X.shape[1])
    network.fit(X, y[:, None].astype(float), epochs=20)
    return lambda new: network.predict(new)[:, 0] - 0.5

# %% [markdown]
# **Predict the order, and how many patients lie between the first and the last.**

# %%
folds = np.random.default_rng(0).permutation(np.arange(len(y)) % 10)
right = {}
for name, fit in {"naive Bayes": by_bayes, "linear SVM": by_svm, "network": by_network}.items():
    called = judged_by(X, y, folds, fit) >= 0
    right[name] = called == y
    print(f"{name:11} accuracy {accuracy(y, called):.3f}  sensitivity {sensitivity(y, called):.3f}  "
          f"specificity {specificity(y, called):.3f}")
print(f"majority    accuracy {np.mean(y == 0):.3f}  sensitivity 0.000  specificity 1.000")

# %% [markdown]
# Other patients would give other numbers. How sure is a *difference*? All are judged on the same patients, so look at
# those on whom two of them disagree. If the two were equally good, each of these $n$ patients would be a fair coin:
# $n/2$ heads, give or take $\sqrt n$ (two standard deviations). This is *McNemar's test*.

# %%
for other in ("naive Bayes", "network"):
    one, two = np.sum(right["linear SVM"] & ~right[other]), np.sum(right[other] & ~right["linear SVM"])
    n = one + two
    print(f"only the SVM right: {one:2}, only {other:11}: {two:2}   (a coin: {n / 2:.1f} +- {n**0.5:.1f})")

# %% [markdown]
# Naive Bayes is behind the SVM: a fair coin hardly ever does that. The SVM and the network cannot be told apart on 569
# patients. (The ten models share patients, and another cut or start gives other counts: there is more chance here than
# the coin has.)

# %% [markdown]
# ## Traps
#
# - **The rehearsal.** *Symptom*: 99 % on the patients one has trained on. *Cure*: only out of fold, or on a test set.
# - **Learning before the split.** *Symptom*: none that can be seen with a scaler; wonderful figures with a choice of
#   columns. *Cure*: everything that is learnt is learnt inside the round; with truths in random order the result must
#   fall to chance.
# - **Accuracy alone.** *Symptom*: 99.5 % where 1 in 200 is ill. *Cure*: sensitivity and specificity beside it, and the
#   majority.
# - **Two numbers compared, not two classifiers.** *Symptom*: 97.7 beats 97.4. *Cure*: count the patients on whom they
#   disagree.

# %% [markdown]
# ## Recap
#
# Your three reasons of section 1, perhaps: *what* was counted, *on whom*, and *had they been seen*. Four boxes hold
# all decisions, and each percentage hides another box; a threshold trades missed tumours for false alarms, and the AUC
# looks at all thresholds at once. Every patient must be judged by something that has not seen her, and choosing is
# seeing. Two classifiers are compared on the same patients, by those on whom they disagree.

# %% [markdown]
# ## Quiz
#
# **1. Boxes.** 200 patients, 10 with cancer. A program finds 8 of these and raises 19 false alarms. Its sensitivity?
#
# - (a) 0.80
# - (b) 0.90
# - (c) 0.30
#
# <details><summary>Answer</summary>
#
# (a), 8 of 10. (b) is the specificity, 171 of 190. (c) is the positive predictive value, 8 of 27.
# </details>
#
# **2. Leak.** Which step may be done with all patients, before the folds are cut?
#
# - (a) leaving out columns that do not go with the truth
# - (b) choosing the number of neurons by the accuracy out of fold, and reporting that accuracy
# - (c) changing millimetres into micrometres
#
# <details><summary>Answer</summary>
#
# (c). Nothing is learnt from patients there. (a) is the leak of section 4, (b) the exam that chooses.
# </details>
#
# **3. Intervals.** The 95 % intervals of two classifiers, judged on the same patients, overlap. What follows?
#
# - (a) they are equally good
# - (b) not enough: look at the patients on whom they disagree
# - (c) the one with the higher number is better
#
# <details><summary>Answer</summary>
#
# (b). Both saw the same luck of the patients, so the difference can be surer than each number. (a) and (c) say more
# than the numbers do.
# </details>

# %% [markdown]
# ## Sources
#
# - C. Ambroise, G. J. McLachlan. Selection bias in gene extraction on the basis of microarray gene-expression data.
#   *PNAS* 99, pages 6562 to 6566, 2002. [doi 10.1073/pnas.102102699](https://doi.org/10.1073/pnas.102102699). The leak
#   of section 4.
# - Q. McNemar. Note on the sampling error of the difference between correlated proportions or percentages.
#   *Psychometrika* 12, pages 153 to 157, 1947. [doi 10.1007/BF02295996](https://doi.org/10.1007/BF02295996).
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *Proceedings
#   of SPIE* 1905, pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The table.

# %% [markdown]
# ## Next
#
# [Lesson 13](13_keras_same_network.ipynb) takes a network to Keras. [The deeper
# page](12_comparing_classifiers_deeper.ipynb) draws the ROC curve, asks what the hidden layer is worth and what
# choosing a setting flatters, and follows a program to another hospital.
