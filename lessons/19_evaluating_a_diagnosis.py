# %% [markdown]
# # Judge a diagnosis: for whom, how surely, and is it worth it
#
# A network that finds 95 of 100 cancers in a study may be worth nothing where it is used. A doctor has to know what an
# alarm means in her own practice, how sure the study's numbers are, and whether the program beats a biopsy for all.
#
# ## What you will do
# - Turn a study's four counts into what an alarm means elsewhere (exercise 19.1).
# - Choose a threshold on some patients and read it on others (quiz).
# - Give an interval that counts patients, not pictures (quiz).
# - Check whether 20 % means 20 in 100, and cool a network that boasts (quiz).
# - Weigh cancers found against needless biopsies (exercise 19.2).
#
# **What you need.** Sensitivity and specificity, [lesson 12](12_comparing_classifiers.ipynb); prevalence, [lesson
# 11](11_naive_bayes.ipynb); the network of [lesson 14](14_breast_cancer_cnn.ipynb), whose stored scores are judged.
#
# **How long.** About 56 minutes.
#
# **What this is not.** The pictures are drawn cells; no number here is the risk of a woman.

# %% [markdown]
# ## 1. What does an alarm mean?
#
# Each of the 569 patients has been judged out of fold by [lesson 14](14_breast_cancer_cnn.ipynb)'s repaired network.
# Its 86 test patients are among them; no choice here rests on them alone. Call malignant from a risk of 0.1 on:

# %%
from course.evaluation.metrics import confusion_counts
from course.reproduce import tables_19

y, risk = tables_19.network()
print(f"{y.mean():.0%} malignant;", confusion_counts(y, risk >= 0.1))

# %% [markdown]
# Of those called malignant in this study about 7 in 10 are: the *positive predictive value*, PPV, of [lesson
# 12](12_comparing_classifiers.ipynb). The *negative predictive value*, NPV, is the share of those called benign who
# are.
#
# But 37 of 100 were malignant here: these women had come with a lump. By hand, another place: 1,000 women, of whom 10
# are ill; a test with a sensitivity of 0.9 and a specificity of 0.8. It finds 9 of the 10, and alarms
# $0.2 \cdot 990 = 198$ of the healthy. So of 207 alarms 9 are true, PPV $9/207 = 0.04$; and of 793 called benign 792
# are, NPV 0.999.
#
# Sensitivity and specificity were carried over; PPV was made anew from the place's own prevalence. That assumes that
# the ill look alike in both places, and the healthy too. (In a screening tumours are smaller, and found less often.)
#
# ### Exercise 19.1 - what an alarm means elsewhere

# %%
# Exercise 19.1 - predictive values at another prevalence
import numpy as np

from course.checks import check


def predictive(tp, fp, fn, tn, prevalence):
    """Return (ppv, npv) in a place where a share `prevalence` is malignant.

    tp, fp, fn, tn: a study's counts, with another share of malignant patients.
    """
    ### BEGIN SOLUTION
    sensitivity, specificity = tp / (tp + fn), tn / (tn + fp)
    found, alarmed = prevalence * sensitivity, (1 - prevalence) * (1 - specificity)
    missed, spared = prevalence * (1 - sensitivity), (1 - prevalence) * specificity
    return found / (found + alarmed), spared / (spared + missed)
    ### END SOLUTION

check("19.1", predictive)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which two numbers of the study do not change with the share of malignant patients?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Rates first. Then four shares of all women of the place: found, missed, alarmed, spared. They add up to 1.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `found = prevalence * sensitivity`, `alarmed = (1 - prevalence) * (1 - specificity)`, and two more.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `predictive(90, 20, 10, 80, 0.01)` is the text's test: 0.043 and 0.999.
# </details>
#
# **Predict** the network's PPV where 5 %, and where 0.5 % are malignant.

# %%
from course.evaluation.metrics import predictive_values, sensitivity, specificity

rates = sensitivity(y, risk >= 0.1), specificity(y, risk >= 0.1)
for prevalence in (0.37, 0.05, 0.005):
    ppv, npv = predictive_values(*rates, prevalence)
    print(f"{prevalence:5}: PPV {ppv:.2f}, NPV {npv:.4f}")

# %% [markdown]
# The same network: seven alarms in ten are true, then fewer than one in five, then one in fifty.

# %%
from course.widgets.lesson_19 import three_places

three_places()

# %% [markdown]
# *Figure: the network's predictive values at every cut, where 37 %, 5 % and 0.5 % are malignant; a dot at the cut 0.1.
# The positive value (full line) rises with the cut; its dot stands at 0.7, then below 0.2, then almost at 0. The
# negative one (dashed) falls from near 1 to 0.8 in the first place and stays near 1 in the others. A dotted line is the
# prevalence.*
#
# ### Experiment: ten thousand women

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_19 import CUTS, SHARES, dashboard
from course.widgets.panel import Panel

Panel(dashboard, "Left: women, each mark ten times the last. Right: dots, the cut.",
      share=SelectionSlider(options=SHARES, value=0.37),
      cut=SelectionSlider(options=CUTS, value=0.1))

# %% [markdown]
# **Try.**
# 1. At 37 % find the highest cut that misses fewer than 300 women.
# 2. Leave it, and go down to 0.5 %. What stays, and what goes?
#
# **Question.** At 0.5 %, which cut gives a PPV above one half, and what does it cost?
# <details><summary>Answer</summary>
#
# On paper the last two, 0.9 and 0.95, which miss about four in ten of the ill. But at 0.9 one benign patient of 357 was
# alarmed, at 0.95 none: so few fix no specificity, and at 0.5 % each percent of false alarms is two for every ill
# woman. As the prevalence moves, sensitivity and specificity stay.
# </details>

# %% [markdown]
# ## 2. A threshold, chosen on some, read on others
#
# "Find 95 of 100" is a wish. Draw 85 patients by lot, as many as the validation set has; take the highest
# threshold that finds 95 % of *their* malignant ones; read its sensitivity on them and on all others. A thousand times.
# **Predict** the lowest twentieth on the others.

# %%
import numpy as np

from course.evaluation.metrics import threshold_for_sensitivity

rng, read = np.random.default_rng(0), []
for _ in range(1000):
    some = rng.permutation(len(y)) < 85
    cut = threshold_for_sensitivity(y[some], risk[some], 0.95)
    read.append([sensitivity(y[who], risk[who] >= cut) for who in (some, ~some)])
for name, values in zip(("chosen on", "others"), np.transpose(read), strict=True):
    low = np.quantile(values, 0.05)
    print(f"{name:9} twentieth {low:.2f}, mean {values.mean():.2f}")

# %% [markdown]
# On those who chose it, at least 95 % always: it was made so. Reading it there is the trap "threshold from the test".
# On others it misses the wish on average, and now and then by far: some thirty malignant patients do not fix a
# threshold. *Cross-validation* uses more: choose on four folds, call the fifth.

# %%
from sklearn.model_selection import StratifiedKFold

read, called = [], np.zeros(len(y), bool)
for seed in range(100):
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    for inner, outer in folds.split(risk, y):
        cut = threshold_for_sensitivity(y[inner], risk[inner], 0.95)
        called[outer] = risk[outer] >= cut
    read.append(sensitivity(y, called))
print(f"100 cuts into folds: mean {np.mean(read):.3f}, "
      f"{min(read):.3f} to {max(read):.3f}")

# %% [markdown]
# With about 170 malignant patients to choose on, the wish is nearly met on average, and no cut into folds misses it by
# far. (A little flattered: the networks that scored four folds were trained on the fifth. A clinic keeps patients apart
# for this.)
#
# ## 3. How sure? Count patients
#
# Other patients would have given another figure. *Wilson's interval* encloses the true share in about 95 of 100
# studies. It needs the count alone:

# %%
from course.evaluation.intervals import bootstrap, wilson

share, low, high = wilson(int(called[y == 1].sum()), int(y.sum()))
print(f"sensitivity {share:.3f}, 95 % interval {low:.3f} to {high:.3f}")

# %% [markdown]
# Its trials must be patients. Suppose each has four pictures. A stored run has drawn four fields of every patient's
# slide, and a logistic regression has judged them from mean and spread of each colour, out of fold by patient.
#
# The *bootstrap* works for any statistic: draw from the study's ill and from its healthy, with replacement, as many as
# it has; compute; repeat; 95 % of the results lie in the interval. Draw *pictures*, or *patients* with all their
# pictures? **Predict** which interval of the AUC is wider, and by how much.

# %%
from course.evaluation.metrics import auc

label, scores, patients = tables_19.fields()
for name, groups in (("pictures", None), ("patients", patients)):
    area, low, high = bootstrap(auc, label, scores, groups, n_resamples=500)
    print(f"drawing {name}: {low:.3f} to {high:.3f}, width {high - low:.3f}")

# %% [markdown]
# About twice as wide. The four fields of a patient say nearly the same, so 2,276 pictures are worth little more than
# 569. Which one is right? In simulated studies the truth is known. Share of the intervals that enclosed it (four
# pictures a patient, which have 95 % of their chance in common; 500 to 1,000 studies; *by patient*: with as many trials
# as the variance between patients allows):

# %%
print(tables_19.coverage("four pictures a patient, 42 and 114").droplevel(0))

# %% [markdown]
# Over pictures the promise of 95 in 100 is broken in about every third or fourth study; by patient it is kept. Who
# draws pictures claims patients he has not seen.
#
# **Deeper.** [DeLong's interval, differences, and where intervals fail](19_evaluating_a_diagnosis_deeper.ipynb).
#
# ## 4. Does 20 % mean 20 in 100?
#
# A threshold is a risk only if the risks are true. Sort patients by risk, cut them into groups, and compare the mean
# risk with the share that is malignant: the *calibration curve*. Beside that network stands the small one of
# [lesson 15](15_overfitting.ipynb), overfitted, with no remedy. **Predict** where its points lie.

# %%
from course.widgets.lesson_19 import calibration_figure

calibration_figure()

# %% [markdown]
# *Figure: two calibration curves, eight groups each, with Wilson's intervals; a thin diagonal is where said and true
# are equal. Left, the repaired network: circles on the diagonal or near it, and diamonds (with a temperature) nearly on
# the circles. Right, the small network: circles at risks near 0 lie well above 0, at risks near 1 below the diagonal;
# the diamonds are spread over the width and lie closer to it, the lowest and the highest above.*
#
# The small network boasts: it says nearly 0 of groups in which about one in ten or more is ill. One number mends much
# of it. Divide every logit $\ln\frac{p}{1-p}$ by a *temperature* $T$, learnt on other patients. $T > 1$ draws risks
# towards one half. The order stays, and with it the AUC, wherever one $T$ is used.

# %%
from course.evaluation.calibration import brier

for name, risks in {"repaired": risk, "small": tables_19.small_network()[1]}.items():
    cooled, temperatures = tables_19.cooled(y, risks)
    print(f"{name:8} T {temperatures.round(1)}, "
          f"Brier score {brier(y, risks):.3f} -> {brier(y, cooled):.3f}")

# %% [markdown]
# (One $T$ for each fold, learnt on the others. Brier score: mean squared error of the risks, [lesson
# 18](18_class_imbalance.ipynb).) The small network needs a $T$ of 4 to 5, and gains. The repaired one needs none:
# its $T$ is about 1, and the Brier score no better. A temperature mends boasting, not ignorance.
#
# ## 5. Is it worth it?
#
# A woman who wants a biopsy from a risk $t$ on accepts $(1-t)/t$ needless ones for a cancer found: at $t = 0.1$, nine.
# So a needless one costs $t/(1-t)$ of a cancer found, and the *net benefit* of calling from $t$ on is
#
# $$\frac{TP}{n} - \frac{FP}{n} \cdot \frac{t}{1-t},$$
#
# $TP$, $FP$: true and false positives of $n$ patients. By hand, calling *everybody*: of 100 women 20 are ill. At
# $t = 0.1$: $0.20 - 0.80 \cdot \frac{1}{9} = 0.11$; at $t = 0.2$: $0.20 - 0.80 \cdot \frac14 = 0$. Calling *nobody* is
# worth 0. A program must beat both.
#
# ### Exercise 19.2 - net benefit of a program

# %%
# Exercise 19.2 - net benefit
import numpy as np

from course.checks import check


def benefit(y, risk, t):
    """Return the net benefit of calling malignant from a risk of t on (t included).

    y (n,), 1 = malignant; risk (n,), in 0 to 1; 0 < t < 1.
    """
    ### BEGIN SOLUTION
    called = risk >= t
    found, alarmed = np.mean(called & (y == 1)), np.mean(called & (y == 0))
    return found - alarmed * t / (1 - t)
    ### END SOLUTION

check("19.2", benefit)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Both counts are divided by the same number. By which?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `np.mean` of True and False is a share of all patients.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `called = risk >= t`, a share for each of the two, the second times `t / (1 - t)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `benefit(np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.2, 0.5, 0.2, 0.1]), 0.2)` is 0.3.
# </details>
#
# The *decision curve* shows it for every wish. Beside the network stand its simple rivals, their scores turned
# into risks out of fold. **Predict** where the network is no better than calling everybody.

# %%
from course.widgets.lesson_19 import decision_figure

decision_figure()

# %% [markdown]
# *Figure: net benefit against the threshold, 0 to 0.8. Calling everybody (thin line) begins at 0.37 with all others,
# falls fast and reaches 0 at a threshold of 0.37; calling nobody is 0. Mean brightness (diamonds) leaves the higher of
# the two only from about 0.25 on, by less than 0.1. Total nuclear area (triangles) lies above, the repaired network
# (circles) and the SVM on ten measured features (squares) highest, close to one another.*
#
# At low thresholds all lines meet. How much better than calling everybody? A net benefit depends on how many are ill,
# so the ill and the healthy are drawn together this time, as many of each as it falls:

# %%
from course.evaluation.decision import net_benefit, net_benefit_of_all


def gained(label, p):
    return net_benefit(label, p, t) - net_benefit_of_all(label, t)

for t in (0.02, 0.1, 0.3):
    gain = bootstrap(gained, y, risk, n_resamples=500, by_class=False)
    print(f"from a risk of {t}: {gain.estimate:+.3f}, "
          f"{gain.low:+.3f} to {gain.high:+.3f}")

# %% [markdown]
# Who wants a biopsy at 2 % should not ask this network, in a clinic where 37 % are ill: nothing shows that it helps.
# At 10 % it does. A high AUC did not say this.

# %% [markdown]
# ## Traps
#
# - **PPV from the study's table.** *Symptom*: seven alarms in ten are true, in a study where 37 % are ill. *Cure*: make
#   it anew from sensitivity, specificity and the place's prevalence.
# - **Threshold from the test.** *Symptom*: a sensitivity of exactly what was wished. *Cure*: choose on some, read on
#   others.
# - **Pictures taken for patients.** *Symptom*: intervals that halve with four pictures each. *Cure*: draw patients.
# - **Boasting taken for knowledge.** *Symptom*: 0 % and 100 % everywhere. *Cure*: a calibration curve; a temperature
#   from other patients.

# %% [markdown]
# ## Recap
#
# An alarm means what the prevalence lets it mean. A threshold belongs to the patients it was chosen on until others
# have confirmed it. Intervals count patients. Risks are checked against shares before anyone decides by them; a
# temperature cools a network that boasts. And the decision curve asks what an AUC cannot: is this better than
# treating all, or none?

# %% [markdown]
# ## Quiz
#
# **1. Threshold.** A paper reports "specificity 0.80 at a sensitivity of 0.95" on its test set. What do you ask?
#
# - (a) on which patients the threshold was chosen
# - (b) nothing, both numbers come from the test set
# - (c) the AUC
#
# <details><summary>Answer</summary>
#
# (a). If on the test set, the 0.95 is a wish fulfilled by construction. (b) is the trap, (c) does not answer it.
# </details>
#
# **2. Patients.** 100 patients, ten pictures each, that look much alike. Wilson's interval for 900 right of 1,000 is
#
# - (a) right, since 1,000 pictures were judged
# - (b) about three times too narrow
# - (c) too wide
#
# <details><summary>Answer</summary>
#
# (b): if the ten agree, there are 100 trials, and $\sqrt{10}$ is about 3. (a) takes pictures for patients.
# </details>
#
# **3. Temperature.** Dividing all logits by $T = 3$ changes
#
# - (a) the AUC
# - (b) who lies above one half
# - (c) who lies above 0.1
#
# <details><summary>Answer</summary>
#
# (c): small risks rise. The order stays, and a logit of 0 stays 0, so neither (a) nor (b).
# </details>

# %% [markdown]
# ## Sources
#
# - A. J. Vickers, B. van Calster, E. W. Steyerberg. A simple, step-by-step guide to interpreting decision curve
#   analysis. *Diagnostic and Prognostic Research* 3, 18, 2019. [doi
#   10.1186/s41512-019-0064-7](https://doi.org/10.1186/s41512-019-0064-7).
# - C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger. On calibration of modern neural networks. *ICML* 2017. [arXiv
#   1706.04599](https://arxiv.org/abs/1706.04599). The temperature.
# - E. B. Wilson. Probable inference, the law of succession, and statistical inference. *Journal of the American
#   Statistical Association* 22, pages 209 to 212, 1927.
# - B. Efron, R. Tibshirani. *An Introduction to the Bootstrap*. Chapman and Hall, 1993.

# %% [markdown]
# ## Next
#
# [Lesson 20](20_looking_inside.ipynb) looks inside a network. [The deeper
# page](19_evaluating_a_diagnosis_deeper.ipynb) compares models and seeds, splits by patient, fits a temperature, and
# shows where intervals and calibration errors mislead.
