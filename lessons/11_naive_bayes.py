# %% [markdown]
# # Turn a finding into a probability, base rates first
#
# "The test is positive. How probable is cancer?" The same test, the same result, and the right answer may be "very" or
# "hardly at all". Whoever cannot tell which frightens thousands, or reassures the wrong ones.
#
# ## What you will do
# - Count patients instead of juggling percentages, and write what you did as Bayes' rule (exercise 11.1).
# - Ask on whom a test's sensitivity and specificity were measured (quiz).
# - Learn a classifier, Gaussian naive Bayes, from nothing but counts, means and variances (exercise 11.2).
#
# **What you need.** Python and NumPy.
#
# **How long.** About 60 minutes.
#
# **What this is not.** No advice on screening, and no test for patients. The classifier learns from 569 patients of
# one hospital, and you will see how little that says about others.

# %% [markdown]
# ## 1. Count patients first
#
# The Wisconsin table holds thirty measurements of each of 569 breast lumps. A thin needle took some cells out of each
# lump (*aspirated* them; such a sample is an *aspirate*); the cells were stained, and their nuclei outlined and
# measured. The *label* says what the lump turned out to be: benign = 0, malignant = 1.

# %%
import numpy as np

from course.data.cytology import table

rows, y = table()
names = list(rows[0])
X = np.array([[row[name] for name in names] for row in rows])
print(X.shape, "benign", (y == 0).sum(), "malignant", (y == 1).sum(), f"share {y.mean():.3f}")

# %% [markdown]
# `X` has shape (569, 30), a row for each patient. The share of malignant lumps, 37 %, is the *prevalence* in this
# group, or *base rate*: what you know before you look at the cells.
#
# Now a test. The "worst radius" of a lump is the mean radius of its three largest nuclei. Call the test *positive* if
# it is at least 16 (in the table's unit of length), else *negative*. The share of malignant lumps that test positive is
# the *sensitivity*; the share of benign lumps that test negative is the *specificity*.

# %%
worst_radius = X[:, names.index("worst radius")]
positive = worst_radius >= 16
print(f"sensitivity {positive[y == 1].sum()} of {(y == 1).sum()} = {positive[y == 1].mean():.2f}")
print(f"specificity {(~positive[y == 0]).sum()} of {(y == 0).sum()} = {(~positive[y == 0]).mean():.2f}")

# %% [markdown]
# About 90 % each. (The limit of 16 was picked on these patients; on new ones expect less.)
#
# **Predict, and write it down:** a woman of such a group tests positive. How probable is it that her tumour is
# malignant? And in a group where only 0.5 % have a malignant tumour?
#
# Imagine 10,000 women, and count them:
#
# | of 10,000 | prevalence 37 % | prevalence 0.5 % |
# |---|---|---|
# | with a malignant tumour | 3,700 | 50 |
# | of these, test positive (90 %) | **3,330** | **45** |
# | without | 6,300 | 9,950 |
# | of these, test positive (10 %) | **630** | **995** |
# | all positive | 3,960 | 1,040 |

# %%
print(f"malignant tumours among the positive tests: {3330 / 3960:.1%} and {45 / 1040:.1%}")

# %% [markdown]
# The test did not change; the women did. At 0.5 % 995 false alarms drown the 45.
#
# Mammography screening in the United States found 5.1 cancers in 1,000 examinations, with a specificity of 88.9 %. Of
# the positive examinations, 4.4 % were cancer (Lehman and others): the same arithmetic.
#
# **Now with names.** Let $y$ be the class and $x$ what was found, here "positive". $P(y)$ is the share of a class
# before the finding, its *prior*. $P(x \mid y)$, read "$x$ given $y$", is the share *within class $y$* in which $x$ is
# found: its *likelihood*. What you counted was $P(y)\,P(x \mid y)$: 0.37 of all women, and 0.9 of those, are
# $0.333$. The share of all positive, from both classes together, is $P(x)$. So the share of class $y$ among those
# with finding $x$, the *posterior* $P(y \mid x)$, is
#
# $$P(y \mid x) = \frac{P(x \mid y)\, P(y)}{P(x)}, \qquad P(x) = \sum_{y} P(x \mid y)\, P(y)$$
#
# This is *Bayes' rule*. With the numbers of the left column:
#
# $$P(\text{malignant} \mid \text{positive}) = \frac{0.9 \cdot 0.37}{0.9 \cdot 0.37 + 0.1 \cdot 0.63} =
# \frac{0.333}{0.396} = 0.841$$

# %%
from course.widgets.lesson_11 import SHARES, prevalence_picture, three_prevalences

three_prevalences([0.37, 0.05, 0.005])

# %% [markdown]
# *Figure: the women with a positive test, of 10,000, at three prevalences; full squares have a malignant tumour, hollow
# ones have none. At 37 % there are 3,960, and 84.1 % are full. At 5 % there are 1,400, and 32.1 % are full. At
# 0.5 % there are 1,040, and 4.3 % are full.*
#
# ### Experiment: the same test, other women

# %%
import ipywidgets

from course.widgets.lesson_11 import SHARES, prevalence_picture
from course.widgets.panel import Panel

Panel(prevalence_picture, "10,000 women, sorted by the test. Full squares: malignant tumour; hollow: none.",
      share=ipywidgets.SelectionSlider(options=SHARES, value=0.37),
      sensitivity=ipywidgets.FloatSlider(0.9, min=0.5, max=1, step=0.01),
      specificity=ipywidgets.FloatSlider(0.9, min=0.5, max=1, step=0.01))

# %% [markdown]
# **Try.**
# 1. Set `share` to 0.005. Raise the sensitivity to 1. How much better is the share among the positive?
# 2. Put it back to 0.9, and raise the specificity to 0.99. And now?
#
# **Question.** At 0.005, with 0.9 and 0.9: what is a *negative* test worth? How many cancers are among the negative,
# and how does that share compare with 0.5 %?
# <details><summary>Answer</summary>
#
# 5 of 8,960, about 0.06 %: some nine times less than before the test. It calms, though 5 women are calmed wrongly. On
# the tries: a perfect sensitivity adds 5 women, 50 of 1,045 or 4.8 %. A specificity of 0.99 takes away nine tenths of
# the false alarms: 45 of 145, or 31 %. Where a disease is rare, specificity decides what a positive test means.
# </details>
#
# ### Exercise 11.1 - the posterior of any number of classes
#
# A report may have more than two classes: benign, atypical, malignant. You get the prior of each of $k$ classes, and
# the likelihood of what was found in each.

# %%
# Exercise 11.1 - Bayes' rule
from course.checks import check


def posterior(prior, likelihood):
    """Return P(y | x) of every class, (k,), from prior P(y) (k,) and likelihood P(x | y) (k,): NumPy arrays."""
    ### BEGIN SOLUTION
    joint = prior * likelihood
    return joint / joint.sum()
    ### END SOLUTION

check("11.1", posterior)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# In the table above: which two rows are printed in bold, and what are they divided by?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Multiply class by class. Divide by the sum over all classes, so that the answers add up to 1.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `joint = prior * likelihood`, then `return joint / ...`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Shares 0.7, 0.2, 0.1 and likelihoods 0.1, 0.5, 0.8: products 0.07, 0.1, 0.08, together 0.25; so 0.28, 0.4, 0.32.
# </details>

# %% [markdown]
# ## 2. Ask who was tested
#
# May you take the 90 % from the Wisconsin table and use it at 0.5 %? We did, to see the arithmetic. In earnest, no: a
# woman comes to an aspiration because a lump was *felt* or seen. In screening most women have no lump at all, and the
# cancers are those nobody has noticed yet. The base rate changes, and so does the mix of mild and severe
# cases, the *spectrum* of the patients. What becomes of sensitivity and specificity?
#
# Look inside the table. "Mean concave points" goes by the *number* of dents in the nuclei's outlines. Split the
# malignant lumps at their median into a half with fewer and a half with more dents, and the benign lumps at theirs.
# **Predict** the sensitivity of the radius test in each malignant half (over both together it is 0.90).

# %%
dents = X[:, names.index("mean concave points")]
for label, word, right in ((1, "sensitivity", positive), (0, "specificity", ~positive)):
    dented = dents >= np.median(dents[y == label])
    for half, chosen in (("fewer", ~dented), ("more", dented)):
        print(f"{word}, {half} dents: {right[chosen & (y == label)].mean():.2f}")

# %% [markdown]
# Same test, same hospital, same limit: the malignant lumps with fewer dents are missed more often, and the benign
# ones with more dents raise more false alarms. **Sensitivity and specificity belong to the patients, not to the test
# alone.** So when you carry a test to other women, all three sliders of the panel may move, not `share` alone. (See
# Usher-Smith and others.)

# %% [markdown]
# ## 3. Multiply the findings, naively
#
# Now a second finding: *coarse* chromatin (what the stain colours in a nucleus), say in 60 % of malignant and 20 % of
# benign lumps. Go on counting with the left column of section 1, and call the first finding ("worst radius at least
# 16", a positive test) *large nuclei*. Of the 3,330 women with a malignant tumour and large nuclei, how many have
# coarse chromatin too? Nobody said. If, once the class is known, the first finding tells *nothing* about the second,
# it is again 60 %:
#
# $$3{,}330 \cdot 0.6 = 1{,}998, \qquad 630 \cdot 0.2 = 126, \qquad \frac{1{,}998}{1{,}998 + 126} = 0.941$$
#
# From 84.1 % to 94.1 %. The assumption is called *conditional independence*. For findings $x_1, \dots, x_d$ it says
#
# $$P(x_1, \dots, x_d \mid y) = P(x_1 \mid y) \cdot P(x_2 \mid y) \cdots P(x_d \mid y) = \prod_{j=1}^{d} P(x_j \mid y)$$
#
# ($\prod$ is a product, as $\sum$ is a sum.) Whoever believes this of all findings is *naive*, and the classifier that
# does so is *naive Bayes*. Why would one? Without it, thirty yes-or-no findings need a share for each of $2^{30}$
# combinations in each class, a thousand million; with it, thirty.
#
# Is it true? Take two second findings from the table and count who has *both*, beside what the product foretells.

# %%
def both(second, limit):
    """Print, for each class, how many have large nuclei and the second finding, and what the product foretells."""
    found = X[:, names.index(second)] >= limit
    for label, word in enumerate(("benign", "malignant")):
        of = y == label
        product = positive[of].mean() * found[of].mean() * of.sum()
        print(f"{second}, {word}: second alone {found[of].sum()}, both {(positive & found)[of].sum()},",
              f"foretold {product:.1f}")

both("worst texture", 28)

# %% [markdown]
# (*Texture* is the spread of the grey levels in a nucleus, the table's nearest thing to coarse chromatin.) Within a
# class it says almost nothing about size: the naive product is nearly right. **Predict** the same for a second finding
# "worst perimeter at least 105". In this table a perimeter is about 6.5 times the radius (a circle's is 6.3).

# %%
both("worst perimeter", 105)

# %% [markdown]
# Among the benign lumps, 3.5 foretold and 29 found. The second finding is the first one in other words, and naive
# Bayes counts it as a second witness. Remember this; section 5 shows the price.

# %% [markdown]
# ## 4. From findings to measurements
#
# A cut at 16 throws away that 24 is more alarming than 17. Use the measurement itself. Then $P(x \mid y)$ becomes a
# *density*: how thickly the patients of class $y$ lie around $x$, as a share for each unit of length. (It may exceed
# 1.) *Gaussian* naive Bayes takes the normal curve, which needs two numbers for each class: the mean $m$ and the
# *variance* $v$, the mean squared distance from $m$. The standard deviation is $\sqrt{v}$.
#
# $$N(x; m, v) = \frac{1}{\sqrt{2 \pi v}}\; e^{-\frac{(x - m)^2}{2 v}}$$
#
# By hand, with rounded curves for another column, the *mean* radius of a lump's nuclei: benign $m = 12$, $v = 4$;
# malignant $m = 17$, $v = 9$. A patient has $x = 15$.
#
# - Benign: $\frac{1}{\sqrt{2 \pi \cdot 4}} = 0.1995$, and $e^{-9/8} = 0.3247$: density $0.0648$.
# - Malignant: $\frac{1}{\sqrt{2 \pi \cdot 9}} = 0.1330$, and $e^{-4/18} = 0.8007$: density $0.1065$.
#
# The measurement speaks for malignant, $0.1065$ to $0.0648$. As code, for both classes at once:

# %%
def density(x, m, v):
    """Return the normal curve with mean m and variance v at x."""
    return np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)


likelihood = density(15, np.array([12, 17]), np.array([4, 9]))
print(likelihood.round(4))

# %% [markdown]
# **Which class is more probable, with the shares 0.63 and 0.37?** Work it out with two products and a division. Then
# run; the other two lines are for equal shares, and for 0.5 % malignant.

# %%
for prior in ([0.5, 0.5], [0.63, 0.37], [0.995, 0.005]):
    joint = prior * likelihood
    print(f"malignant share {prior[1]}: P(malignant | x = 15) = {joint[1] / joint.sum():.3f}")

# %% [markdown]
# Yours was the second line: $0.63 \cdot 0.0648 = 0.0408$ for benign, $0.37 \cdot 0.1065 = 0.0394$ for malignant, and
# $\frac{0.0394}{0.0408 + 0.0394} = \frac{0.0394}{0.0802} = 0.491$. A little below one half: benign, by a hair. Three
# base rates, three answers. Who forgets the prior works with the first line, without knowing it.
#
# **Learning** is nothing but counting and averaging. Six lumps, one measurement: benign 10, 12, 14, 12; malignant 16,
# 20. The shares are $\frac{4}{6}$ and $\frac{2}{6}$, the means 12 and 18. The benign lumps lie $-2, 0, 2, 0$ from
# their mean, so $v = \frac{4 + 0 + 4 + 0}{4} = 2$; the malignant ones $-2, 2$, so $v = \frac{4 + 4}{2} = 4$.
#
# We divide by the number of lumps in the class, say $n$: that gives the curve under which these measurements are most
# likely. (Dividing by $n - 1$, here 2.67 and 8, is right on average over many samples. Both are in use; scikit-learn's
# classifier divides by $n$, and so do we.)
#
# ### Exercise 11.2 - learn
#
# Now for $d$ measurements at once: the naive assumption lets you treat each column alone.

# %%
# Exercise 11.2 - shares, means and variances of both classes
import numpy as np

from course.checks import check


def learn(x, y):
    """x (n, d) floats, y (n,) labels 0 and 1. Return shares (2,), means (2, d), variances (2, d), benign first."""
    ### BEGIN SOLUTION
    groups = [x[y == 0], x[y == 1]]
    shares = np.array([len(group) / len(x) for group in groups])
    means = np.array([group.mean(axis=0) for group in groups])
    variances = np.array([group.var(axis=0) for group in groups])
    return shares, means, variances
    ### END SOLUTION

check("11.2", learn)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `x[y == 1]` are the rows of the malignant lumps. Along which axis do the patients lie?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# For each class: number of rows over the number of all rows; `mean` and `var` along axis 0. `var` divides by $n$ unless
# you ask for something else.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `groups = [x[y == 0], x[y == 1]]`, then three arrays, each made by a list over `groups`; `return shares, means, ...`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The six lumps above, as a column of shape (6, 1): shares 0.667 and 0.333, means 12 and 18, variances 2 and 4.
# </details>
#
# **Deeper.** [Do the patients keep to such a curve](11_naive_bayes_deeper.ipynb), and where do two curves cross? There
# you can move them.

# %% [markdown]
# ## 5. Judge it on patients it has not seen
#
# The classifier multiplies thirty densities and the share, class by class, and divides as Bayes' rule says. (A
# computer adds their logarithms, lest the product become too small to be held.) The course's version is
# `GaussianNaiveBayes`.
#
# Judging it by patients it has learnt from would flatter it. So divide them into ten groups (*folds*), learn from
# nine, judge the tenth, ten times: each patient is judged once, by a model that never saw her. **Predict** what share
# is judged rightly, and what share by a program that calls everybody benign.

# %%
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from course.classic import GaussianNaiveBayes

folds = StratifiedKFold(10, shuffle=True, random_state=0)
p = cross_val_predict(GaussianNaiveBayes(), X, y, cv=folds, method="predict_proba")[:, 1]
called = p >= 0.5
print(f"right {np.mean(called == y):.2f}; everybody benign: {np.mean(y == 0):.2f}")
print(f"sensitivity {called[y == 1].mean():.2f}, specificity {(~called[y == 0]).mean():.2f}")

# %% [markdown]
# Far above the majority. But about one malignant tumour in ten is called benign. And how sure was it, where it was
# wrong?

# %%
sure, wrong = np.maximum(p, 1 - p), called != y
print(f"mean confidence {sure.mean():.2f}; wrong {wrong.sum()},",
      f"of these more than 99 % sure: {(sure[wrong] > 0.99).sum()}")

# %% [markdown]
# A probability of 0.99 should be wrong once in a hundred times. Radius, perimeter and area are one witness who speaks
# three times: with a finding three times as likely in malignant lumps, and equal shares, the probability is
# $\frac{3}{4} = 0.75$; counted three times it is $\frac{27}{28} = 0.96$. So naive Bayes may *decide* well, where only
# the side of one half counts, and its *probabilities* may be worth little.

# %% [markdown]
# ## Traps
#
# - **P(x | y) for P(y | x).** *Symptom*: "the test is 90 % sensitive, so she has cancer with 90 %". *Cure*: count
#   10,000 patients.
# - **The forgotten prior.** *Symptom*: every class is treated as equally common, and the rare one is diagnosed far too
#   often. *Cure*: multiply by the share; ask of which population.
# - **Another spectrum.** *Symptom*: the figures of a clinic do not repeat in screening. *Cure*: measure sensitivity
#   and specificity where the test will be used.
# - **Twins counted as witnesses.** *Symptom*: wrong and 99 % sure. *Cure*: never trust a confidence before judging it
#   on unseen patients.

# %% [markdown]
# ## Recap
#
# Bayes' rule is counting: share times likelihood, divided by the sum over the classes. The same test means 84 % among
# aspirates and 4 % where disease is rare, and even its sensitivity belongs to the patients on whom it was measured.
# Naive Bayes multiplies the likelihoods of all measurements as if they were independent within a class; with normal
# curves it learns nothing but shares, means and variances. It decides well on the Wisconsin table and is far too sure.

# %% [markdown]
# ## Quiz
#
# **1. Base rate.** A disease has a prevalence of 1 %; the test has sensitivity 100 % and specificity 95 %. Of 10,000
# people, what share of the positive is ill?
#
# - (a) 95 %
# - (b) about 17 %
# - (c) 1 %
#
# <details><summary>Answer</summary>
#
# (b). 100 ill, all positive; 9,900 healthy, 495 of them positive; $\frac{100}{595} = 0.168$. (a) is the specificity, a
# share of the healthy. (c) is the prior: the test did tell something.
# </details>
#
# **2. Elsewhere.** A test has a sensitivity of 90 % in a clinic for lumps. In screening it
#
# - (a) has 90 % too: sensitivity is a property of the test
# - (b) may have another: the cancers there are others
# - (c) has 0.5 %, like the disease
#
# <details><summary>Answer</summary>
#
# (b). Early cancers are harder to see; the halves of section 2 differ in one hospital already. (a) is what the 90 %
# seems to promise. (c) takes the base rate for the sensitivity.
# </details>
#
# **3. Twins.** The shares are equal. You append a copy of *every* column to the table and train again. The
# probabilities
#
# - (a) stay the same, as nothing was added
# - (b) move towards 0 and 1
# - (c) move towards one half
#
# <details><summary>Answer</summary>
#
# (b). All likelihoods are multiplied in twice, so the odds are squared: 3 to 1 becomes 9 to 1, and 1 to 3 becomes 1 to
# 9. (a) would be right, since nothing was added, but naive Bayes does not notice. (c) would be the modest mistake.
# </details>

# %% [markdown]
# ## Sources
#
# - T. Bayes. An essay towards solving a problem in the doctrine of chances. *Philosophical Transactions* 53, pages 370
#   to 418, 1763. [doi 10.1098/rstl.1763.0053](https://doi.org/10.1098/rstl.1763.0053).
# - C. D. Lehman and others. National performance benchmarks for modern screening digital mammography: update from the
#   Breast Cancer Surveillance Consortium. *Radiology* 283, pages 49 to 58, 2017.
#   [doi 10.1148/radiol.2016161174](https://doi.org/10.1148/radiol.2016161174). 1,682,504 examinations.
# - J. A. Usher-Smith, S. J. Sharp, S. J. Griffin. The spectrum effect in tests for risk prediction, screening, and
#   diagnosis. *BMJ* 353, i3139, 2016. [doi 10.1136/bmj.i3139](https://doi.org/10.1136/bmj.i3139).
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *Proceedings
#   of SPIE* 1905, pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The
#   measurements.
# - scikit-learn, [GaussianNB](https://scikit-learn.org/stable/modules/generated/sklearn.naive_bayes.GaussianNB.html).

# %% [markdown]
# ## Next
#
# [Lesson 12](12_comparing_classifiers.ipynb) sets naive Bayes beside the [support vector machine of lesson
# 09](09_support_vector_machine.ipynb) and a small network. [The deeper page](11_naive_bayes_deeper.ipynb) looks at the
# curves, adds the logarithms, finds out where the sureness comes from, and carries a probability to another base rate.
