# %% [markdown]
# # Choose a setting without asking the exam, and follow a program to another hospital
#
# The brochure says 97.5 %. It was measured with the best of many settings, on the patients that chose it, at home.
# Each of the three can be taken apart.
#
# ## What you will do
# - Turn scores and a threshold into sensitivity and specificity, and draw all pairs (exercise 12.3).
# - Separate two kinds of chance, and ask what a hidden layer is worth (quiz).
# - Choose a setting without asking the exam (exercise 12.4).
# - Follow a program from its own clinic to another one's hard cases (quiz).
#
# **What you need.** [Lesson 12](12_comparing_classifiers.ipynb).
#
# **How long.** About 55 minutes.

# %% [markdown]
# ## 1. Draw all thresholds at once
#
# The ten patients of the core page, the first four with a malignant tumour. At the threshold 0.5 three of the four are
# found and five of the six benign ones left in peace. Your turn, for any scores and any threshold.
#
# ### Exercise 12.3 - both shares at a threshold

# %%
# Exercise 12.3 - what is found and what is left in peace
import numpy as np

from course.checks import check

truth = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
score = np.array([0.9, 0.8, 0.6, 0.3, 0.7, 0.4, 0.3, 0.2, 0.2, 0.1])
def rates_at(truth, scores, threshold):
    """Return (sensitivity, specificity) when scores (n,) from the threshold upwards are called malignant.

    truth (n,) holds 0 and 1, both at least once.
    """
    ### BEGIN SOLUTION
    return np.mean(scores[truth == 1] >= threshold), np.mean(scores[truth == 0] < threshold)
    ### END SOLUTION

check("12.3", rates_at)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Of whom is each a share? Take only their scores.
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `scores[truth == 1]` are those of the malignant; compare them with the threshold. The mean of True and False is a
# share.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return np.mean(scores[truth == 1] >= threshold), np.mean(scores[...] ...)`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# At 0.3, 0.5 and 0.75 the ten patients give (1, 0.5), (0.75, 0.83) and (0.5, 1). A score *at* the threshold is called
# malignant.
# </details>
#
# The pairs of all thresholds make a curve, called *ROC*: sensitivity upwards, and to the right the *false positive
# rate*, the share of the benign who are alarmed, 1 - specificity. Among its points are
# (0.50, 1.00), (0.17, 0.75) and (0, 0.50), of the thresholds 0.3, 0.5 and 0.75.

# %%
from course.plots import new_figure, plot_roc

figure = new_figure(3.6, 3.4)
plot_roc(truth, score, figure.subplots(), name="ten patients", threshold=0.5)
figure

# %% [markdown]
# *Figure: sensitivity upwards against the false positive rate to the right, both from 0 to 1. A staircase, slanted once
# where scores tie, climbs from the lower left corner to the upper right one, well above the dotted diagonal. A mark
# shows the threshold 0.5: 0.75 up, 0.17 to the right.*
#
# The area under the curve is the AUC that the core page counted from pairs. scikit-learn's:

# %%
from sklearn.metrics import roc_auc_score

print("scikit-learn:", round(roc_auc_score(truth, score), 4))

# %% [markdown]
# The AUC needs no threshold, which is its use and its weakness: it also counts thresholds at which nobody would work.
#
# ## 2. Four learners on the same folds
#
# Now the table, out of fold, all on the same folds. To the core page's three comes the single neuron (`hidden=0`), and
# the starts of the networks can be varied. None of the settings was chosen on these folds; $C = 1$ is the usual
# default.

# %%
from course.classic import GaussianNaiveBayes, LinearSVM
from course.widgets.lesson_12 import out_of_fold as judged_by
from course.widgets.lesson_12 import small_network


def by_network(X, y, hidden=8, seed=0):
    network = small_network(X.shape[1], hidden, seed)
    network.fit(X, y[:, None].astype(float), epochs=20)
    return lambda new: network.predict(new)[:, 0] - 0.5

# %% [markdown]
# The other two, with the course's own classes:

# %%
def by_bayes(X, y):
    model = GaussianNaiveBayes().fit(X, y)
    return lambda new: np.diff(model.predict_log_proba(new))[:, 0]

def by_svm(X, y, C=1.0):
    return LinearSVM(C=C).fit(X, y).decision_function

# %% [markdown]
# `partial(by_network, hidden=0)` is `by_network` with that one input filled in. The folds come from the library, with
# as equal a share of malignant tumours in each as can be.

# %%
from functools import partial

from sklearn.model_selection import StratifiedKFold

from course.data.cytology import table

rows, y = table()
X = np.array([list(row.values()) for row in rows])

def ten_folds(seed):
    folds = np.empty(len(y), int)
    for k, (_, test) in enumerate(StratifiedKFold(10, shuffle=True, random_state=seed).split(X, y)):
        folds[test] = k
    return folds

# %% [markdown]
# **Predict the order, and how many patients lie between the first and the last.** (Everybody benign: 0.627 right.)

# %%
fits = {"naive Bayes": by_bayes, "linear SVM": by_svm,
        "one neuron": partial(by_network, hidden=0), "network": by_network}
folds = ten_folds(seed=0)
scores = {name: judged_by(X, y, folds, fit) for name, fit in fits.items()}

# %% [markdown]
# All decided at the same threshold, 0:

# %%
from course.evaluation.metrics import accuracy, auc, sensitivity, specificity

for name, s in scores.items():
    called = s >= 0
    print(f"{name:11} wrong {np.sum(called != y):2}  accuracy {accuracy(y, called):.3f}  "
          f"sensitivity {sensitivity(y, called):.3f}  specificity {specificity(y, called):.3f}  AUC {auc(y, s):.3f}")

# %% [markdown]
# ### How sure?
#
# Two kinds of chance are in these numbers. Other *patients* would give others. For a difference between two learners
# that were judged on the same $N$ patients, count those whom only the first judged rightly, $b$, and only the second,
# $c$. The shares differ by $(b - c)/N$, and the 95 % interval is $\pm 2 \sqrt{b + c - (b - c)^2 / N} / N$. (A little
# too narrow here, since the ten models share patients.)

# %%
right = {name: (s >= 0) == y for name, s in scores.items()}
for other in ("naive Bayes", "one neuron", "network"):
    b, c = np.sum(right["linear SVM"] & ~right[other]), np.sum(right[other] & ~right["linear SVM"])
    middle, reach = (b - c) / len(y), 2 * (b + c - (b - c) ** 2 / len(y)) ** 0.5 / len(y)
    print(f"SVM minus {other:11}: {b:2} against {c:2}, {middle:+.3f} ({middle - reach:+.3f} to {middle + reach:+.3f})")

# %% [markdown]
# And another *cut* into folds, with another start of the network, gives others on the same patients. Repeat it:

# %%
cut = ten_folds(seed=1)
for name, fit in {"linear SVM": by_svm, "network": partial(by_network, seed=1)}.items():
    print(f"another cut, {name:10} wrong {np.sum((judged_by(X, y, cut, fit) >= 0) != y)}")

# %% [markdown]
# Naive Bayes is behind the SVM; SVM, neuron and network cannot be told apart on 569 patients, and another cut may
# move each a little. **So what did the hidden layer buy?** On this table nothing that can be shown: a straight border
# is enough.
#
# ## 3. Choose without asking the exam
#
# Would another price $C$ do better?

# %%
prices = (0.001, 0.01, 0.1, 1)
for C in prices:
    called = judged_by(X, y, folds, partial(by_svm, C=C)) >= 0
    print(f"C = {C:<5}  wrong {np.sum(called != y):2}  sensitivity {sensitivity(y, called):.3f}  "
          f"specificity {specificity(y, called):.3f}")

# %% [markdown]
# Whoever now reports the best row has chosen on the very folds that judge it. Among many settings one is lucky, so
# such a result is a little too good. The cure has three parts: one to *train*, one to *choose* (validation), one to
# *judge* (test), which is asked once.
#
# ### Exercise 12.4 - choose, then judge

# %%
# Exercise 12.4 - the best setting by validation, judged once by the test part
import numpy as np

from course.checks import check


def choose_and_judge(settings, fit, train, validation, test):
    """Return (setting, share right on test): the setting with the highest share right on validation, first of equals.

    Each part is (X, y). fit(setting, X, y) trains and returns a function X -> decisions. Train on `train` only.
    """
    ### BEGIN SOLUTION
    best, best_share = None, -1
    for setting in settings:
        decide = fit(setting, *train)
        share = np.mean(decide(validation[0]) == validation[1])
        if share > best_share:
            best, best_share, chosen = setting, share, decide
    return best, np.mean(chosen(test[0]) == test[1])
    ### END SOLUTION

check("12.4", choose_and_judge)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which of the three parts may appear inside the loop over the settings?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Keep the best setting so far, its share on validation and its decision function. After the loop, one line with `test`.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `decide = fit(setting, *train)` (the star hands over both parts of the pair), then
# `share = np.mean(decide(validation[0]) == validation[1])`, and `if share > best_share:`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# The share on test is mostly a little lower than the one on validation that won.
# </details>
#
# On the table, without losing patients to a fixed validation part: inside each of the ten rounds the nine training
# folds are cut into three, $C$ is chosen there, and the tenth fold judges the choice. **Predict:** more or fewer wrong
# than above, and by how many?

# %% tags=["long"]
def choosing_C(X, y):
    inner = np.arange(len(y)) % 3
    wrong = [np.sum((judged_by(X, y, inner, partial(by_svm, C=C)) >= 0) != y) for C in prices]
    return by_svm(X, y, prices[np.argmin(wrong)])

nested = judged_by(X, y, folds, choosing_C)
print("wrong:", np.sum((nested >= 0) != y))

# %% [markdown]
# A few more than the best row, or as many. With four settings and 569 patients choosing on the exam flatters a little;
# the core page shows what it does with 2,000 columns and 100 patients. One rule serves both: the choice belongs
# inside.

# %% [markdown]
# ## 4. The same program in another hospital
#
# The authors of the table had a program of three features: 97.5 % in cross-validation. But the three had been found by
# searching through all combinations *on the same patients*: the leak of the core page, if a small one. Their better
# argument came afterwards: the next 128 consecutive patients, whom nothing had been chosen on, were all judged
# rightly. (Nine benign ones came out between 0.3 and 0.7 and were called "suspicious".)
#
# Then another hospital had the program judge 56 aspirates that its doctors had found *indeterminate*, neither clearly
# benign nor clearly malignant. Called malignant from a probability of 0.3 upwards, 42 were judged rightly:
#
# | | called malignant | called benign |
# |---|---|---|
# | malignant | 14 | 5 |
# | benign | 9 | 28 |
#
# A 95 % interval for a share, *Wilson's*, is made by a recipe that catches the true value in about 95 of 100 such
# samples. **Predict:** do those of the two clinics meet?

# %%
from course.evaluation.intervals import wilson

for what, part, whole in (("at home, right", 128, 128), ("away, right", 42, 56),
                          ("away, sensitivity", 14, 19), ("away, specificity", 28, 37)):
    share, low, high = wilson(part, whole)
    print(f"{what:17} {part:3} of {whole:3}: {low:.2f} to {high:.2f}")
print(f"away, everybody benign: {37 / 56:.2f} right")

# %% [markdown]
# They do not meet, and these are different patients, so that says something. Three things have changed at once: other
# slides, stains and hands; *only* hard cases; and the threshold, which sorted out the suspicious at home. The
# percentage of a program belongs to the patients it was measured on. Clear cases make up much of a consecutive series,
# and a program is wanted for the others.

# %% [markdown]
# ## Traps
#
# - **The exam that chooses.** *Symptom*: "the best setting reached ...". *Cure*: a third part, asked once, or the
#   choice inside each round.
# - **Overlap read as equality.** *Symptom*: two intervals overlap, so "no difference". *Cure*: the interval of the
#   difference, on the same patients.
# - **The number without its patients.** *Symptom*: "97 %", and nobody says of whom. *Cure*: ask where, who, how hard.

# %% [markdown]
# ## Recap
#
# A threshold makes a pair, sensitivity and specificity, and all pairs make the ROC curve. On this table an SVM, one
# neuron and a small network cannot be told apart. Choosing is seeing: the choice belongs inside the rounds. And a
# program that was right for 128 of 128 at home was right for 42 of 56 hard cases from elsewhere.

# %% [markdown]
# ## Quiz
#
# **1. Threshold.** It is lowered. Which cannot happen?
#
# - (a) the sensitivity falls
# - (b) the specificity falls
# - (c) the accuracy rises
#
# <details><summary>Answer</summary>
#
# (a). More patients are called malignant, so no tumour found before is missed now. (b) is the price, and (c) can happen
# where the threshold was too high.
# </details>
#
#
# **2. Hidden.** A network with a hidden layer is right for two patients more than a single neuron; they disagree on
# twelve. What follows?
#
# - (a) the hidden layer helps
# - (b) nothing yet: 7 to 5 is what a coin does
# - (c) the two are equally good
#
# <details><summary>Answer</summary>
#
# (b). Six, give or take three and a half. (a) and (c) both say more than twelve patients can.
# </details>
#
# **3. Best.** Of fifty settings the best was right for 98 % out of fold. What should one expect of it on new patients
# of the same kind?
#
# - (a) 98 %
# - (b) less
# - (c) more, since it may train on all
#
# <details><summary>Answer</summary>
#
# (b), mostly: among fifty one was lucky on these folds. (a) holds for a setting chosen without them. (c) is a small
# effect beside it.
# </details>

# %% [markdown]
# ## Sources
#
# - W. H. Wolberg, W. N. Street, D. M. Heisey, O. L. Mangasarian. Computer-derived nuclear features distinguish
#   malignant from benign breast cytology. *Human Pathology* 26, pages 792 to 796, 1995. [doi
#   10.1016/0046-8177(95)90229-5](https://doi.org/10.1016/0046-8177%2895%2990229-5). The 97.5 % and the 128 patients.
# - M. W. Teague, W. H. Wolberg, W. N. Street, O. L. Mangasarian, S. Lambremont, D. L. Page. Indeterminate fine-needle
#   aspiration of the breast: image analysis-assisted diagnosis. *Cancer* 81, pages 129 to 135, 1997. The 56 aspirates;
#   the four boxes follow from its sensitivity, specificity and predictive value.
# - W. H. Wolberg, O. L. Mangasarian, W. N. Street. Breast Cancer Wisconsin (Diagnostic). UCI Machine Learning
#   Repository, 1995. [doi 10.24432/C5DW2B](https://doi.org/10.24432/C5DW2B). The exhaustive search for the three
#   features.
# - E. B. Wilson. Probable inference, the law of succession, and statistical inference. *Journal of the American
#   Statistical Association* 22, pages 209 to 212, 1927. [doi
#   10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953).
# - S. Varma, R. Simon. Bias in error estimation when using cross-validation for model selection. *BMC Bioinformatics*
#   7, 91, 2006. [doi 10.1186/1471-2105-7-91](https://doi.org/10.1186/1471-2105-7-91). The exam that chooses.

# %% [markdown]
# ## Next
#
# [Lesson 13](13_keras_same_network.ipynb) takes a network to Keras.
