# %% [markdown]
# # Compare models, split by patient, and distrust small numbers
#
# Whoever reports that one program is better, or calibrated, or fair, needs to know what chance alone would have shown.
# This page goes on where [lesson 19](19_evaluating_a_diagnosis.ipynb) ends.
#
# ## What you will do
# - Compare two models on the same patients, and tell seeds from patients (quiz).
# - See where a 95 % interval breaks its promise (quiz).
# - Measure what pictures of one patient on both sides of a split are worth, and deal whole patients (exercise 19.3).
# - Find a temperature (exercise 19.4).
# - Learn why a calibration error of few patients is never 0, and how subgroups differ by lot (quiz).
#
# **What you need.** [Lesson 19](19_evaluating_a_diagnosis.ipynb).
#
# **How long.** About 56 minutes.

# %% [markdown]
# ## 1. Two models, the same patients
#
# *DeLong's interval* for an AUC has a formula. For each malignant patient take the share of benign ones she beats; for
# each benign patient the share of malignant ones who beat him. The AUC is the mean of either, and its variance is that
# of the first divided by their number, plus that of the second divided by theirs.

# %%
from course.evaluation.intervals import delong
from course.reproduce import tables_19

y, risk = tables_19.network()
print("AUC and interval:", [round(end, 3) for end in delong(y, risk)])

# %% [markdown]
# Beside it the bootstrap:

# %%
from course.evaluation.intervals import bootstrap
from course.evaluation.metrics import auc

drawn = bootstrap(auc, y, risk, n_resamples=500)
print("AUC and interval:", [round(end, 3) for end in drawn])

# %% [markdown]
# For a *difference* of two AUCs on the same patients the formula takes each patient's two shares, one less the other.
# Where both models stumble over the same patients, this varies less than either. **Predict:** the repaired network
# ([lesson 14](14_breast_cancer_cnn.ipynb)) against its simple models; which of the network's leads, its AUC less that
# of the other, can be told from 0?

# %%
from course.evaluation.intervals import delong_difference

others = tables_19.as_risks()
svm = others["SVM on the ten measured features"]
simple = {name: others[name] for name in ("mean brightness", "total nuclear area")}
for name, scores in (simple | {"SVM on features": svm}).items():
    gap, p = delong_difference(y, risk, scores)
    print(f"less {name:18} {gap.estimate:+.3f}, {gap.low:+.3f} to {gap.high:+.3f}")

# %% [markdown]
# This one training ranks better than brightness and than area. From the SVM on measured features it cannot be told
# apart.
#
# For *decisions*, count the patients on whom the two disagree: McNemar's coin of [lesson
# 12](12_comparing_classifiers.ipynb), exactly this time, with an interval for the difference of the two shares. Among
# the malignant that is a difference of sensitivities, among the benign of specificities; look at both:

# %%
import numpy as np

from course.evaluation.intervals import mcnemar

ill = y == 1
for name, who in (("sensitivity", ill), ("specificity", ~ill)):
    right = [(p[who] >= 0.1) == ill[who] for p in (risk, svm)]
    found = mcnemar(np.ones(who.sum(), int), *(r.astype(int) for r in right))
    gap, low, high = found.difference
    print(f"{name}: only network right {found.only_a}, only SVM {found.only_b}, "
          f"p = {found.p_value:.3f}; {gap:+.3f}, {low:+.3f} to {high:+.3f}")

# %% [markdown]
# At this cut the network finds no demonstrably fewer, and alarms fewer of the healthy: 0.1 of the one is not 0.1 of the
# other. statsmodels agrees on the test:

# %%
from statsmodels.stats.contingency_tables import mcnemar as theirs

table = [[found.both, found.only_a], [found.only_b, found.neither]]
print("same p:", np.isclose(theirs(table, exact=True).pvalue, found.p_value))

# %% [markdown]
# ## 2. Seeds are no patients
#
# Five seeds of one network give five AUCs. Their spread says how much the *training* varies. How much other *patients*
# would change is DeLong's business. **Predict** which is larger for [lesson 15](15_overfitting.ipynb)'s arm "all
# together", judged out of fold on 569 patients.

# %%
five = [tables_19.small_network("all together", seed)[1] for seed in range(5)]
areas = [delong(y, scores) for scores in five]
seeds = np.std([area.estimate for area in areas], ddof=1)
sampling = np.mean([(area.high - area.low) / (2 * 1.96) for area in areas])
print(f"standard deviation over seeds {seeds:.3f}, "
      f"standard error over patients {sampling:.3f}")

# %% [markdown]
# Of like size (five seeds know theirs only to a factor of three). More seeds shrink the first and leave the second: a
# mean of a hundred seeds on 569 patients is still one study. And two models compared over seeds on one test set have
# not been compared on other patients.
#
# ## 3. Where the promise breaks
#
# The truth is known in a simulation. In each row below, up to 5,000 studies; the share whose 95 % interval enclosed it.
# (The numbers in a row's name: the true AUC, malignant and benign patients; or a share and how many.) **Predict** the
# worst.

# %%
print(tables_19.coverage(
    "share 0.95 of 212", "share 0.98 of 20",
    "AUC 0.96, 212 and 357", "AUC 0.9, 42 and 114",
    "AUC 0.99, 42 and 114", "AUC 0.9, 10 and 50", "AUC 0.99, 10 and 50",
    "AUC 0.96 and 0.93, 212 and 357", "decisions on 42, alike"))

# %% [markdown]
# Wilson and DeLong are near 95 % with the numbers of this course; with few malignant patients, or near 1, DeLong errs
# by some hundredths, to either side. "1.96 standard errors" collapses near 1: 20 of 20 gets an interval of width 0.
# So does the bootstrap of an AUC near 1 with ten malignant patients: what was not in the study cannot be drawn from
# it. An interval that ignores the pairing is too wide, and encloses too often. And McNemar's exact test is cautious:
# two that are equally good it calls different in fewer than 5 of 100 studies.
#
# ## 4. One patient on both sides
#
# Four fields of each patient, six numbers a field (mean and spread of each colour). Split *pictures* into five folds,
# or *patients*. Fields of one patient share the slide's stain, so a model with memory may know a patient again. Mean
# of five splits, and the gap:

# %%
print(tables_19.leak("true").round(3).to_string())

# %% [markdown]
# Every mean gap is above 0. It grows with the fields, and with the memory of the model: one neighbour gains most, the
# logistic regression, seven numbers, hardly at all. Now the labels are given to the patients by lot, so that nothing
# but the patient can be learnt. **Predict** the AUC by picture.

# %%
print(tables_19.leak("lot").round(3).to_string())

# %% [markdown]
# By patient about one half, as it must be. By picture more, most for the two models with memory: patients known again,
# which is worth nothing for the next one.
#
# ### Exercise 19.3 - deal patients, not pictures

# %%
# Exercise 19.3 - folds of whole patients
import numpy as np

from course.checks import check


def folds_by_patient(patients, k, rng):
    """Return the fold, 0 to k - 1, of each picture (n,).

    patients (n,): whose picture it is, any names. Patients are shuffled by rng and
    dealt round, so that the folds hold equally many, give or take one.
    """
    ### BEGIN SOLUTION
    names, whose = np.unique(patients, return_inverse=True)
    fold = rng.permutation(np.arange(len(names)) % k)
    return fold[whose]
    ### END SOLUTION

check("19.3", folds_by_patient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How many folds does a *patient* need? And what does `np.unique(patients, return_inverse=True)` give?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A fold for each patient first. Then each picture looks up its patient's.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `fold = rng.permutation(np.arange(len(names)) % k)`, then `fold[whose]`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With 569 patients of four fields and five folds: four folds of 114 patients (456 pictures), one of 113.
# </details>
#
# scikit-learn has `GroupKFold`, and `StratifiedGroupKFold`, which also keeps the classes' shares.
#
# ## 5. Find the temperature
#
# The core page divided logits by a temperature. It is chosen by *maximum likelihood*: the $T$ whose risks
# $p = \sigma(z/T)$ of the logits $z$ make the truths most likely, which is the least mean cross-entropy. By hand, one
# patient with $z = 4$ and $y = 1$, one with $z = 4$ and $y = 0$: at $T = 1$ the losses are $-\ln 0.982 = 0.018$ and
# $-\ln 0.018 = 4.018$, mean 2.02; at $T = 4$, $-\ln 0.731 = 0.313$ and 1.313, mean 0.81. **Which $T$ is best for these
# two?** (An endless one: they are one in two, and $\sigma(0) = 0.5$.)
#
# ### Exercise 19.4 - the best of some temperatures

# %%
# Exercise 19.4 - a temperature
import numpy as np

from course.checks import check


def best_temperature(y, z, candidates):
    """Return (T, loss): the candidate with the least mean cross-entropy, and that loss.

    y (n,), 1 = malignant; z (n,) logits; candidates (m,), each above 0, in any order.
    """
    ### BEGIN SOLUTION
    losses = []
    for T in candidates:
        p = 1 / (1 + np.exp(-z / T))
        losses.append(-np.mean(np.where(y == 1, np.log(p), np.log(1 - p))))
    return candidates[np.argmin(losses)], np.min(losses)
    ### END SOLUTION

check("19.4", best_temperature)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What is the cross-entropy of one malignant patient with the risk $p$? Of a benign one?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A loss for each candidate, then the smallest and its place.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# A loop over `candidates`; `np.argmin(losses)` is the place of the best.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The two patients of the text, with the candidates 1 and 4, give 4 and 0.81.
# </details>
#
# The course's `temperature` searches without candidates. How well do 85 patients know it? Draw as many, again and
# again, for [lesson 15](15_overfitting.ipynb)'s small network:

# %%
from course.evaluation.calibration import temperature

z = tables_19.logits(tables_19.small_network()[1])
print(f"learnt from all: {temperature(y, z):.1f}")

# %% [markdown]
# **Predict** the range of what 85 find:

# %%
rng = np.random.default_rng(0)
some = [rng.choice(len(y), 85, replace=False) for _ in range(300)]
learnt = [temperature(y[rows], z[rows]) for rows in some]
low, high = np.quantile(learnt, [0.025, 0.975])
print(f"95 % from {low:.1f} to {high:.1f}")

# %% [markdown]
# That it boasts is certain; how much is not.
#
# ## 6. A calibration error is never 0
#
# The mean gap between said and true over ten groups is called *expected calibration error*, ECE. Let 156 patients have
# *true* risks: each is ill by lot, with exactly the risk that is said. **Predict** their ECE.

# %%
from course.evaluation.calibration import calibration_error

rng, errors = np.random.default_rng(0), []
for _ in range(1000):
    p = rng.choice(risk, 156)
    errors.append(calibration_error((rng.random(156) < p).astype(int), p))
low, high = np.quantile(errors, [0.025, 0.975])
print(f"mean {np.mean(errors):.3f}, 95 % from {low:.3f} to {high:.3f}")

# %% [markdown]
# A gap by chance has no sign in an ECE, so chances do not cancel: flawless risks seem off by some hundredths, in one
# draw by three times as much as in another. And the network's own, on 156 patients?

# %%
from course.widgets.lesson_19 import errors_figure

one = calibration_error(y[::3][:156], risk[::3][:156])
errors_figure(errors, 0, one)

# %% [markdown]
# *Figure: histogram of the calibration errors of a thousand studies of 156 patients with true risks. It begins clearly
# above 0, where a full line marks the truth, and is broad. A dashed line, the repaired network's error on 156 patients,
# stands inside it.*
#
# The Brier score has no such bias; its parts (Murphy, 1973) have it, so compare them with the same groups:
# *reliability*, the squared gaps; *resolution*, how far the groups' shares lie from the share of all; *uncertainty*,
# the prevalence times 1 less the prevalence.

# %%
from course.evaluation.calibration import brier, brier_parts

small = tables_19.small_network()[1]
cooled = tables_19.cooled(y, small)[0]
for name, p in {"repaired": risk, "small": small, "small, T": cooled}.items():
    off, spread, base, rest = brier_parts(y, p, bins=10)
    print(f"{name:9} {off:.3f} - {spread:.3f} + {base:.3f} {rest:+.3f}: {brier(y, p):.3f}")

# %% [markdown]
# (The fourth part comes from taking different risks of a group together.) The temperature lowers the first part, the
# boasting. The second, what the network can tell apart, hardly moves.
#
# ## 7. Subgroups
#
# A mean can hide a group that fares badly. So can chance invent one. The sensitivity (from 0.1 on) in thirds of the
# malignant patients: by the table's mean radius of the nuclei; then in thirds by lot, twenty times.

# %%
from course.data.cytology import table
from course.evaluation.intervals import wilson

called = risk[ill] >= 0.1
radius = np.array([row["mean radius"] for row in table()[0]])[ill]
groups = np.array_split(np.argsort(radius), 3)
for name, rows in zip(("small", "middle", "large"), groups, strict=True):
    share, low, high = wilson(int(called[rows].sum()), len(rows))
    print(f"{name:7} {share:.2f} ({low:.2f} to {high:.2f})")

# %% [markdown]
# **Predict** the gap between the best and the worst third by lot, the widest of twenty.

# %%
rng, gaps = np.random.default_rng(0), []
for _ in range(20):
    thirds = [some.mean() for some in np.array_split(rng.permutation(called), 3)]
    gaps.append(max(thirds) - min(thirds))
print(f"by lot, best less worst third: {min(gaps):.2f} to {max(gaps):.2f}")

# %% [markdown]
# Cancers with small nuclei are missed more often than those with large ones, by more than any of the twenty lots has
# made. (As a rule malignant nuclei are large, and the network has learnt it.) Groups are named before looking, few,
# each with its interval and number. Of twenty groups looked at, on average one has a "significant" gap by chance.

# %% [markdown]
# ## Traps
#
# - **Patients on both sides.** *Symptom*: much better by picture than by patient; order found in labels by lot. *Cure*:
#   deal patients.
# - **Seeds for patients.** *Symptom*: five seeds, a tiny deviation, "significant". *Cure*: a paired interval on
#   patients.
# - **An ECE taken as exact.** *Symptom*: 0.04 against 0.05 from 156 patients. *Cure*: simulate what true risks would
#   show.
# - **A bootstrap near 1.** *Symptom*: AUC 1.00, 1.00 to 1.00. *Cure*: Wilson's interval, which `delong` takes there.

# %% [markdown]
# ## Recap
#
# Models are compared on the same patients, by differences. Seeds measure training, patients measure the world.
# Intervals keep their promise with enough malignant patients, away from the edge, and over patients. Whole patients
# belong on one side of a split, or memory passes for skill. And before a gap is explained, in calibration or between
# subgroups, ask how large a gap chance makes.

# %% [markdown]
# ## Quiz
#
# **1. Pairing.** The AUCs of two models on the same patients have intervals 0.94 to 0.98 and 0.95 to 0.98. Is one
# better?
#
# - (a) no, they overlap
# - (b) that needs the interval of the difference
# - (c) yes, the second
#
# <details><summary>Answer</summary>
#
# (b). The two stumble over the same patients, so the difference may be known far better than each. (a) and (c) read
# more from the two than they hold.
# </details>
#
# **2. Seeds.** Mean of 50 seeds on a test set of 86 patients. What is known well?
#
# - (a) how this training does on these 86 patients, on average
# - (b) how it does on other patients
# - (c) both
#
# <details><summary>Answer</summary>
#
# (a). Seeds shrink the training's variance, not that of 86 patients.
# </details>
#
# **3. ECE.** A paper: ECE 0.045 before, 0.035 after, 156 patients, ten groups. What follows?
#
# - (a) calibration has improved
# - (b) nothing yet: errors of 156 patients scatter by more
# - (c) the model is well calibrated
#
# <details><summary>Answer</summary>
#
# (b): what is needed is the interval of the difference, on the same patients. (a) reads it off two numbers, (c) takes
# one for exact.
# </details>
#
# **4. Edge.** Ten malignant patients, all ranked above all benign. The bootstrap's interval of the AUC is 1 to 1. Why?
#
# - (a) the model is perfect
# - (b) every drawn study has the same order
# - (c) there were too few draws
#
# <details><summary>Answer</summary>
#
# (b). No draw contains the patient who would break the order; more draws, (c), do not help, and (a) is what nobody
# knows.
# </details>

# %% [markdown]
# ## Sources
#
# - E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson. Comparing the areas under two or more correlated receiver
#   operating characteristic curves: a nonparametric approach. *Biometrics* 44, pages 837 to 845, 1988.
# - M. W. Fagerland, S. Lydersen, P. Laake. The McNemar test for binary matched-pairs data: mid-p and asymptotic are
#   better than exact conditional. *BMC Medical Research Methodology* 13, 91, 2013. [doi
#   10.1186/1471-2288-13-91](https://doi.org/10.1186/1471-2288-13-91). The exact test is cautious.
# - A. H. Murphy. A new vector partition of the probability score. *Journal of Applied Meteorology* 12, pages 595 to
#   600, 1973.
# - R. Roelofs, N. Cain, J. Shlens, M. C. Mozer. Mitigating bias in calibration error estimation. *AISTATS* 2022. [arXiv
#   2012.08668](https://arxiv.org/abs/2012.08668).
# - D. B. Stephenson, C. A. S. Coelho, I. T. Jolliffe. Two extra components in the Brier score decomposition. *Weather
#   and Forecasting* 23, pages 752 to 757, 2008.

# %% [markdown]
# ## Next
#
# [Lesson 20](20_looking_inside.ipynb) looks inside a network and asks what it has looked at.
