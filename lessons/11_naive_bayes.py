# %% [markdown]
# # Turn a finding into a probability, base rates first
#
# "The test is positive. How probable is cancer?" The same test, the same result, and the right answer may be "very" or
# "hardly at all". Whoever cannot tell which frightens thousands, or reassures the wrong ones.
#
# ## What you will do
# - Count patients instead of juggling percentages, and write what you did as Bayes' rule (exercise 11.1).
# - Learn a classifier, Gaussian naive Bayes, from nothing but counts, means and variances (exercise 11.2).
# - Multiply the evidence of many measurements by adding logarithms (exercise 11.3).
# - Carry a probability from one group of patients to another (exercise 11.4).
#
# On the way you set yours beside scikit-learn's, find what that one hides, judge it on patients it has not seen, and
# catch it being far too sure.
#
# **What you need.** Python and NumPy. [Lesson 06](06_forward_pass.ipynb) helps in one place (softmax), no more.
#
# **How long.** About 110 minutes, four exercises and two experiments included; a good place for a pause is after
# section 4.
#
# **What this is not.** No advice on screening, and no test for patients. The classifiers learn from 569 patients of
# one hospital, and you will see how little that says about others.

# %% [markdown]
# ## 1. Count patients first
#
# The Wisconsin table holds thirty measurements of each of 569 breast lumps. A thin needle took some cells out of each
# lump (*aspirated* them; such a sample is an *aspirate*); the cells were stained, and their nuclei outlined and
# measured. The *label* says what the lump turned out to be: benign = 0, malignant = 1. (scikit-learn ships the table
# with the labels the other way round; the course turns them once, in `table`.)

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
# About 90 % each. (The limit of 16 was picked on these same patients, so on new ones expect a little less. Here it is
# an example with round numbers.)
#
# **Predict, and write it down:** a woman of such a group tests positive. How probable is it that her tumour is
# malignant? And in a group where only 0.5 % have a malignant tumour?
#
# Do not calculate with percentages. Imagine 10,000 women, and count them:
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
# The test did not change; the women did. At 0.5 % nearly everybody can give a false alarm, and 995 of them drown the
# 45. Counts like these are called *natural frequencies*; in experiments far more people find the right answer with
# them than with percentages.
#
# Is 0.5 % far-fetched? Mammography screening in the United States found 5.1 cancers in 1,000 examinations and missed
# 0.8, so the prevalence was 0.6 %, with a sensitivity of 86.9 % and a specificity of 88.9 %. Of the positive
# examinations, 4.4 % were cancer (Lehman and others; see the sources): another test, the same arithmetic.
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
#
# $P(x \mid y)$ and $P(y \mid x)$ look alike and are not: at 0.5 %, $P(\text{positive} \mid
# \text{malignant})$ is 90 % and $P(\text{malignant} \mid \text{positive})$ is 4.3 %.

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
# May you take the 90 % from the Wisconsin table and use it at 0.5 %? We did, to see the arithmetic. In earnest, no. A
# woman comes to an aspiration because a lump was *felt* or seen. In screening most women have no lump at all, and the
# cancers are those nobody has noticed yet. The base rate changes, and so does the mix of mild and severe
# cases, the *spectrum* of the patients. What becomes of sensitivity and specificity?
#
# Look inside the table. "Mean concave points" measures how dented the nuclei's outlines are. Split the malignant lumps
# at their median into a smoother and a more dented half, and the benign lumps at theirs. **Predict** the sensitivity of
# the radius test in each malignant half (over both together it is 0.90).

# %%
dents = X[:, names.index("mean concave points")]
for label, word, right in ((1, "sensitivity", positive), (0, "specificity", ~positive)):
    dented = dents >= np.median(dents[y == label])
    for half, chosen in (("smoother", ~dented), ("dented", dented)):
        print(f"{word}, {half} half: {right[chosen & (y == label)].mean():.2f}")

# %% [markdown]
# Same test, same hospital, same limit: the smoother malignant lumps are missed more often, and the dented benign ones
# raise more false alarms. **Sensitivity and specificity belong to the patients, not to the test alone.** So when you
# carry a test to other women, all three sliders of the panel may move, not `share` alone. (Typically, where disease is
# rarer and milder, sensitivity falls and specificity rises, as in the two smoother halves; see Usher-Smith and others.
# How far in screening, this table cannot say: everyone in it had a lump.)

# %% [markdown]
# ## 3. Multiply the findings, naively
#
# Now a second finding: *coarse* chromatin (what the stain colours in a nucleus), say in 60 % of malignant and 20 % of
# benign lumps. Go on counting with the left column of section 1, and call the first finding ("worst radius at least
# 16", a positive test) *large nuclei*. Of the 3,330 women with a malignant tumour and large nuclei, how many have
# coarse chromatin too? Nobody said. If, once the class is known, the first finding tells *nothing* about the second, it
# is again 60 %:
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
# "worst perimeter at least 105". A nucleus's perimeter is about 6.3 times its radius.

# %%
both("worst perimeter", 105)

# %% [markdown]
# Among the benign lumps, 3.5 foretold and 29 found. The second finding is the first one in other words, and naive Bayes
# counts it as a second witness. Remember this; section 8 shows the price.

# %% [markdown]
# ## 4. From findings to measurements
#
# A cut at 16 throws away that 24 is more alarming than 17. Use the measurement itself. Then $P(x \mid y)$ becomes a
# *density*: how thickly the patients of class $y$ lie around $x$, as a share for each unit of length. (A density may
# exceed 1: the curve below with $v = 0.01$ is about 4 high at its top. On the way to a posterior its unit cancels.)
# *Gaussian* naive Bayes takes the normal curve, which needs two numbers for each class: the mean $m$ and the *variance*
# $v$, the mean squared distance from $m$. The standard deviation is $\sqrt{v}$.
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
# **Is the normal curve true?** Nobody has shown it: it is a second assumption, beside independence. Two columns from
# the table, the mean radius and the "area error" (how uncertain the mean area of a lump's nuclei is). A normal curve
# has 68 % of its area within one standard deviation of its mean. **Predict:** do the patients keep to that in both
# columns?

# %%
for name in ("mean radius", "area error"):
    for label, word in enumerate(("benign", "malignant")):
        x = X[y == label, names.index(name)]
        print(f"{name}, {word}: {np.mean(np.abs(x - x.mean()) <= x.std()):.0%} within one standard deviation")

# %% [markdown]
# The radius keeps to it, or nearly. Of the area error's malignant lumps 92 % lie where their curve has 68 %. Drawn:

# %%
from course.widgets.lesson_11 import curves_picture, measured_and_learnt, three_borders

radius, error = (X[:, names.index(name)] for name in ("mean radius", "area error"))
measured_and_learnt({"mean radius": (radius, np.arange(4, 30)), "area error": (error, np.arange(-80, 301, 10))}, y)

# %% [markdown]
# *Figure: measured patients (benign filled, malignant as an outline) and the curves learnt from them (benign solid,
# malignant dashed). Left, mean radius: both curves follow their patients roughly. Right, area error: the malignant
# patients crowd between 20 and 60 and have a long tail to the right (two lumps lie beyond 300, outside the picture);
# their curve is too low where they crowd, and reaches far below 0, where no area error can be.*
#
# Of the area error's malignant curve, 12 % lies below 0. The two lumps beyond 300 do much of it: without them the
# standard deviation would be 42 instead of 61. When this classifier is too sure of something, a curve that does not fit
# may be at fault; section 8 looks for it.
#
# **The border.** Where the two curves, each multiplied by its share, cross, both classes are equally probable.

# %%
three_borders([((12, 2), (17, 3), 0.37), ((12, 2), (17, 3), 0.005), ((14, 2), (14, 4), 0.5)])

# %% [markdown]
# *Figure: above, the curves of benign (solid) and malignant (dashed), times their shares, drawn so that the highest
# point is 1; below, P(malignant | x); dotted lines mark the borders. Left, means 12 and 17, standard deviations 2 and
# 3, malignant share 37 %: border at 15.0 (15.04, to be exact, which is why 15 was benign by a hair). Middle, the same
# with 0.5 %: the malignant curve is too flat to be seen, and the border lies at 18.9. Right, both means 14, standard
# deviations 2 and 4, share 50 %: two borders, 11.3 and 16.7; outside them malignant is more probable.*
#
# ### Experiment: move the curves

# %%
share_slider = ipywidgets.SelectionSlider(options=[0.005, 0.05, 0.2, 0.37, 0.5, 0.8, 0.95], value=0.37)
Panel(curves_picture, "Two normal curves times their shares, and the probability of malignant.",
      benign_mean=ipywidgets.FloatSlider(12, min=8, max=24, step=0.5),
      benign_deviation=ipywidgets.FloatSlider(2, min=1, max=6, step=0.5),
      malignant_mean=ipywidgets.FloatSlider(17, min=8, max=24, step=0.5),
      malignant_deviation=ipywidgets.FloatSlider(3, min=1, max=6, step=0.5), malignant_share=share_slider)

# %% [markdown]
# **Try.**
# 1. Move only `malignant_share`. Which way does the border go, and why?
# 2. Make both standard deviations 2. Where is the border at a share of 0.5? Then move one mean.
#
# **Question.** Put everything back (12, 2, 17, 3, 0.37) and look at the far left of the lower curve. Why does the
# probability of *malignant* rise again for very small nuclei?
# <details><summary>Answer</summary>
#
# The malignant curve is wider, so far out on *both* sides it lies above the benign one. At 4 it already says 0.09, and
# there is a second border near 1, outside the picture. No patient lies there: it is what the normal curve makes up
# where it has seen nothing. On the tries: the rarer malignant is, the more evidence it needs, so the border moves
# right, into the malignant curve. At 0.95 the picture says "no border in view": even for the most benign-looking radius
# malignant stays a little above one half. With equal standard deviations and equal shares it lies half-way between the
# means, at 14.5, and there is only one; if a mean moves by 1, it moves by one half.
# </details>

# %% [markdown]
# ## 5. Add logarithms
#
# Thirty measurements mean a product of thirty densities, and small numbers multiplied become smaller. Let us scale all
# columns to standard deviations (subtract the mean, divide by the standard deviation), learn from all patients, and
# multiply in `float32`, as networks compute: seven digits, and no number between 0 and $10^{-45}$. **Predict:** for how
# many of the 569 is the product exactly 0 in a class: none, a few, more than a hundred?

# %%
Z = (X - X.mean(axis=0)) / X.std(axis=0)
groups = [Z[y == 0], Z[y == 1]]
densities = [density(Z, g.mean(axis=0), g.var(axis=0)) for g in groups]
products = np.array([d.astype(np.float32).prod(axis=1) for d in densities])
either = (products == 0).any(axis=0).sum()
print(f"patients with the product 0 in a class: at least {either // 10 * 10}")
print("patients with the product 0 in both classes:", (products == 0).all(axis=0).sum())
print("the same in float64:", (np.array([d.prod(axis=1) for d in densities]) == 0).all(axis=0).sum())

# %% [markdown]
# (The exact number of the first line depends on the order in which a computer multiplies.) A product of 0 in one class
# does no harm yet: the other class wins. For the patients of the second line Bayes' rule reads $\frac{0}{0 + 0}$, not a
# number. They are the strangest patients, on whom a diagnosis should not fail. This is *underflow*. `float64` goes on
# to $10^{-324}$, and nobody falls through in both classes; but a picture has more numbers, say 784 pixels:

# %%
print("0.2 multiplied 784 times:", np.prod(np.full(784, 0.2)))
print("the sum of 784 logarithms:", round(784 * np.log(0.2), 1))

# %% [markdown]
# The cure: the logarithm of a product is the sum of the logarithms. Take the (natural) logarithm of the normal curve on
# paper, so that no exponential is left to underflow:
#
# $$\log N(x; m, v) = -\tfrac{1}{2} \log(2 \pi v) - \frac{(x - m)^2}{2 v}$$
#
# For our patient, $x = 15$, and malignant, $m = 17$, $v = 9$: $-\frac{1}{2} \log(56.55) = -2.018$, and $-\frac{4}{18} =
# -0.222$: together $-2.240$, which is $\log 0.1065$.
#
# For many measurements, with the prior:
#
# $$\log\left[P(y)\, P(x \mid y)\right] = \log P(y) + \sum_{j=1}^{d} \log N(x_j; m_{yj}, v_{yj})$$
#
# where $m_{yj}$ and $v_{yj}$ are mean and variance of measurement $j$ in class $y$.
#
# ### Exercise 11.3 - the log-likelihood
#
# The sum, without the prior, is $\log P(x \mid y)$, the *log-likelihood*. Now for $n$ patients and $k$ classes at once.

# %%
# Exercise 11.3 - log P(x | y) of every patient under every class
def log_likelihood(x, means, variances):
    """x (n, d), means (k, d), variances (k, d). Return the sums of log densities, (n, k)."""
    ### BEGIN SOLUTION
    distances = x[:, None, :] - means  # (n, k, d)
    terms = -0.5 * np.log(2 * np.pi * variances) - distances**2 / (2 * variances)
    return terms.sum(axis=2)
    ### END SOLUTION

check("11.3", log_likelihood)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# For one patient and one class you need $d$ terms, added up. Which loops would you write around that?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A loop over the classes is fine: `means[c]` has shape (d,) and fits under every row of `x`. Sum along the
# measurements. `np.stack(columns, axis=1)` puts the classes side by side.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# With the loop:
#
# ```python
# columns = []
# for m, v in zip(means, variances):  # one class: m and v have shape (d,)
#     terms = ...  # (n, d), the formula with x, m and v
#     columns.append(terms.sum(axis=1))
# return np.stack(columns, axis=1)
# ```
#
# Shorter: `x[:, None, :]` puts in an axis of length 1 for the classes, (n, 1, d). `x[:, None, :] - means` then sets
# every patient beside every class, (n, k, d); the formula as before, and `.sum(axis=2)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `log_likelihood(np.array([[15.0]]), np.array([[12.0], [17.0]]), np.array([[4.0], [9.0]]))` is
# `[[-2.737, -2.240]]`.
# </details>
#
# **Back to probabilities.** Bayes' rule divides by $P(x)$, a sum, so `exp` comes back after all. Say two classes have
# the logarithms $-1000$ and $-1003$ for $P(y)\,P(x \mid y)$: `exp` of either is 0. But only their *difference* matters:
# add 1000 to both. $e^0 = 1$ and $e^{-3} = 0.0498$, so the posterior is $\frac{1}{1.0498} = 0.953$. Lower by the
# largest, then `exp`, then divide by the sum: that is the stable *softmax* of lesson 06. Bayes' rule, in logs, is a
# softmax.

# %%
from course.nn import softmax

print(softmax(np.array([[-1000.0, -1003.0]])).round(3))

# %% [markdown]
# ## 6. Compare with the library, and find its hidden scale
#
# scikit-learn's classifier is called `GaussianNB`. Set beside it what you wrote: learn as in 11.2, add the logarithms
# as in 11.3 and the log-prior, and take the softmax. The next cell does that in the course's words, with SciPy's
# `logpdf` for the log of the normal curve. Yours are right? Then put them in, as the two comments say.

# %%
from scipy.stats import norm

groups = [X[y == 0], X[y == 1]]
shares = np.array([len(group) / len(X) for group in groups])
means, variances = (np.array([f(group, axis=0) for group in groups]) for f in (np.mean, np.var))
# yours: shares, means, variances = learn(X, y)

def joined(extra):
    """Return P(y | x) of all patients, (569, 2), with `extra` added to every variance."""
    logs = norm.logpdf(X[:, None, :], means, np.sqrt(variances + extra)).sum(axis=2)
    # yours: logs = log_likelihood(X, means, variances + extra)
    return softmax(np.log(shares) + logs)

# %% [markdown]
# (`extra` will be 0 for now.) The same formula, the same patients. **Predict:** in how many of the 569 decisions do the
# two differ?

# %%
from sklearn.naive_bayes import GaussianNB

theirs = GaussianNB().fit(X, y)

def compare(extra):
    """Print how far P(y | x) is from scikit-learn's, and how many decisions differ."""
    mine, other = joined(extra), theirs.predict_proba(X)
    differ = ((mine[:, 1] >= 0.5) != (other[:, 1] >= 0.5)).sum()
    print(f"added {extra:.5f}: largest difference {np.abs(mine - other).max():.4f}, decisions that differ: {differ}")

compare(0)

# %% [markdown]
# For one patient, one of the two is nearly certain of what the other thinks nearly impossible. Nobody made a mistake:
# scikit-learn's classifier does what you wrote, *and one thing more*. It adds a little to every variance, for otherwise
# a measurement that is the same for all patients of a class has variance 0, and the formula divides by it. How much? A
# thousand-millionth ($10^{-9}$) of the **largest** variance of all columns. Do the same:

# %%
compare(1e-9 * X.var(axis=0).max())

# %% [markdown]
# That was it. The course's own classifier, `GaussianNaiveBayes`, is what you wrote with the same addition, and gives
# the *log-posteriors* too, $\log P(y \mid x)$. We use it from here on.

# %%
from course.classic import GaussianNaiveBayes

ours = GaussianNaiveBayes().fit(X, y).predict_log_proba(X)
print("lowest log-posterior:", theirs.predict_log_proba(X).min().round())
print("ours differs by at most 1e-9:", np.abs(ours - theirs.predict_log_proba(X)).max() <= 1e-9)

# %% [markdown]
# But 0.00032, and seven decisions? Look at what it is added to:

# %%
spreads = X.var(axis=0)
print(f"largest variance {spreads.max():,.0f} ({names[spreads.argmax()]}), added {theirs.epsilon_:.5f}")
small = [name for name, v in zip(names, spreads, strict=True) if v < theirs.epsilon_]
print(len(small), "columns have a smaller variance than what is added, for instance", small[0])

# %% [markdown]
# "Worst area" is in the hundreds and thousands, the smoothness of an outline about a tenth. What is nothing to the
# area doubles the variance of these columns, or worse, and blurs what they could say.
#
# On paper, naive Bayes does not care about units: scale a column by 100, and both classes' densities shrink by 100, and
# it cancels. **Predict:** multiply *one* column, worst area, by 100, as if it were given in another unit. What happens
# to the posteriors?

# %%
other_unit = X.copy()
other_unit[:, names.index("worst area")] *= 100
for model in (GaussianNB(), GaussianNaiveBayes(), GaussianNB(var_smoothing=0)):
    before, after = (model.fit(data, y).predict_proba(data)[:, 1] for data in (X, other_unit))
    changed = ((before >= 0.5) != (after >= 0.5)).sum()
    print(f"{model}: added {model.epsilon_:.5f}, {changed} of 569 decisions changed;",
          f"right {np.mean((before >= 0.5) == y):.3f} before, {np.mean((after >= 0.5) == y):.3f} after")

# %% [markdown]
# Nothing about the patients changed, only a unit, and diagnoses changed, more of them for the worse (all on patients
# from whom the model had learnt). What is added grew 10,000-fold, beyond the variance of most columns. Without
# smoothing the unit cancels, as on paper. The cure for daily use: scale all columns to standard deviations first, and
# the $10^{-9}$ is what it promises to be.

# %% [markdown]
# ## 7. Judge it on patients it has not seen
#
# So far we asked about patients from whom the model had learnt. Now honestly: divide the patients into ten groups
# (*folds*) with nearly the same share of malignant tumours; learn from nine, judge the tenth; do it ten times. Each
# patient is judged once, by a model that never saw her. Scaling is learnt inside, from the nine.

# %%
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folds = StratifiedKFold(10, shuffle=True, random_state=0)

# %% [markdown]
# A *pipeline* scales, then classifies; `cross_val_predict` goes through the folds.

# %%
def unseen(columns, scaler=None):
    """Return P(malignant | x) of every patient, judged by a model that has not seen her, from these columns."""
    x = X[:, [names.index(column) for column in columns]]
    model = make_pipeline(scaler or StandardScaler(), GaussianNaiveBayes())
    return cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]

# %% [markdown]
# A figure from 569 patients is not the truth about all. A *95 % interval* gives a range: a method that keeps its
# promise encloses the true share in 95 of 100 such studies. The function `wilson` computes one kind (E. B. Wilson,
# 1927) from two counts: how many were right, of how many. (It assumes new patients of the same kind; section 2 says
# what that leaves out.)
#
# **Predict** what a program gets right that calls everybody benign. And naive Bayes with all thirty columns?

# %%
from course.evaluation.intervals import wilson

p = unseen(names)
for who, right in (("everybody benign", y == 0), ("naive Bayes, thirty columns", (p >= 0.5) == y)):
    share, low, high = wilson(right.sum(), len(y))
    print(f"{who}: right {right.sum()} of 569 = {share:.3f}, interval {low:.3f} to {high:.3f}")
for word, right in (("sensitivity", p[y == 1] >= 0.5), ("specificity", p[y == 0] < 0.5)):
    share, low, high = wilson(right.sum(), len(right))
    print(f"{word}: {right.sum()} of {len(right)} = {share:.3f}, interval {low:.3f} to {high:.3f}")

# %% [markdown]
# Far above the majority, which is what "everybody benign" gets right, from two numbers a column and class. But the
# sensitivity is the weaker side: about one malignant tumour in ten is called benign. [Lesson
# 12](12_comparing_classifiers.ipynb) compares it with other classifiers.

# %% [markdown]
# ## 8. Count the same evidence three times
#
# Radius, perimeter and area of a nucleus say nearly the same:

# %%
trio = ["mean radius", "mean perimeter", "mean area"]
for label, word in enumerate(("benign", "malignant")):
    r = np.corrcoef(X[y == label][:, [names.index(name) for name in trio]].T)
    print(f"{word}: correlation radius-perimeter {r[0, 1]:.3f}, radius-area {r[0, 2]:.3f}")

# %% [markdown]
# A *correlation* of 1 means that one measurement tells the other exactly, by a straight line. Naive Bayes multiplies
# all three densities. Suppose a finding is three times as likely in malignant lumps as in benign ones. With equal
# shares the *odds* (malignant to benign) are 3 to 1, the probability of malignant $\frac{3}{4} = 0.75$. Count it three
# times: $3 \cdot 3 \cdot 3 = 27$ to 1, or $\frac{27}{28} = 0.964$. Nothing was learnt, and 75 % became 96 %.
#
# Does it happen here? How sure a model is of a decision is its *confidence*: the larger of $P(\text{malignant} \mid
# x)$ and $P(\text{benign} \mid x)$. If it is honest, the mean confidence is about the share it gets right.
# **Predict** what happens to both from one column to three, and to thirty.

# %%
untwinned = [name for name in names if "perimeter" not in name and "area" not in name]
for text, columns in (("radius", trio[:1]), ("radius, perimeter, area", trio), ("all thirty", names),
                      ("no perimeter, no area", untwinned)):
    p = unseen(columns)
    sure, right = np.maximum(p, 1 - p), (p >= 0.5) == y
    wrong_and_sure = (~right & (sure > 0.99)).sum()
    print(f"{text}: right {right.mean():.3f}, mean confidence {sure.mean():.3f};",
          f"of {(~right).sum()} wrong, {wrong_and_sure} more than 99 % sure")

# %% [markdown]
# With the radius alone the two agree within a hundredth, and none of the mistakes is more than 99 % sure. With the trio
# two more are right, while the confidence jumps. With all thirty more are right, and the model is sure almost always,
# also in most of its mistakes.
#
# Leaving out the twins of the radius (the last line) does not mend it: of the mistakes even more are made with more
# than 99 % confidence, 34 instead of 25. The other measurements repeat one another too.
#
# **Or is it the curves?** Section 4 showed an assumption that fails as well: the normal curve. A test that tells the
# two apart: *one* column repeats nothing, so if naive Bayes is too sure with the area error alone, that is its curve's
# doing. And scikit-learn's `PowerTransformer` bends a column (in place of scaling only) until its histogram looks as
# normal as it gets. **Predict:** what does the bending do to the confidence with the area error alone? With all thirty?

# %%
from sklearn.preprocessing import PowerTransformer

for text, columns in (("area error", ["area error"]), ("all thirty", names)):
    for how, scaler in (("scaled", StandardScaler()), ("bent", PowerTransformer())):
        p = unseen(columns, scaler)
        print(f"{text}, {how}: right {np.mean((p >= 0.5) == y):.3f}, mean confidence {np.maximum(p, 1 - p).mean():.3f}")

# %% [markdown]
# Both assumptions cost something, in different places. With the area error alone the confidence was too high by nearly
# six hundredths, and the bending takes that away: the curve was at fault. With all thirty the bending gets a few more
# right, and the model stays as sure as before: so far as this bending mends the curves (it looks at both classes
# together), they are not what makes it so sure there. The repetition is.
#
# So a naive Bayes classifier may *decide* well (only the side of one half counts), and its *probabilities* may be worth
# little. Fewer columns that say different things can help (but whoever picks them by these patients has seen the exam);
# or one learns afterwards how to read the probabilities (*calibration*, lesson 16, planned).

# %% [markdown]
# ## 9. Take the answer to another base rate
#
# A model has learnt at a share of 37 %, and its prior is inside every probability it gives. To carry one to another
# base rate you need not learn again. By Bayes' rule $p = P(\text{malignant} \mid x)$ is *proportional* to the old
# share times the likelihood. Divide the old share out and multiply the new one in, for both classes, and divide by the
# sum.
#
# By hand, from equal shares to one in ten, for $p = 0.9$: malignant $0.9 \cdot \frac{0.1}{0.5} = 0.18$; benign
# $0.1 \cdot \frac{0.9}{0.5} = 0.18$. They are equal: the 0.9 has become 0.5.
#
# ### Exercise 11.4 - another prior

# %%
# Exercise 11.4 - carry probabilities from the malignant share `old` to the share `new`
def with_share(p, old, new):
    """p (n,): P(malignant | x) learnt at the share old. Return it at the share new, (n,). p may hold 0 and 1."""
    ### BEGIN SOLUTION
    malignant = p * new / old
    benign = (1 - p) * (1 - new) / (1 - old)
    return malignant / (malignant + benign)
    ### END SOLUTION

check("11.4", with_share)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# In the example two products were made before the division. What was the old share of benign, and what is the new one?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `p * new / old` for malignant. For benign put `1 - p`, `1 - new` and `1 - old` in the three places, each in its own
# brackets.
# </details>
# <details><summary>Hint 3: numbers to compare with</summary>
#
# `with_share(np.array([0.25, 0.5, 0.99]), 0.37, 0.005)` is about 0.003, 0.008, 0.459.
# </details>
#
# (There is another way: the odds $\frac{p}{1 - p}$ are multiplied by the new prior's odds and divided by the old
# one's.)
#
# Take the radius alone, learnt at the table's 37 %, and count who gets a probability of at least one half. (These are
# the patients from whom it learnt; watch the move, not the level.)

# %%
column = radius[:, None]  # (569, 1)
learnt = GaussianNaiveBayes().fit(column, y).predict_proba(column)[:, 1]

def at_least_half(p):
    """Print how many of each class get a probability of malignant of at least one half."""
    print(f"at least one half: malignant {(p[y == 1] >= 0.5).sum()} of 212, benign {(p[y == 0] >= 0.5).sum()} of 357")

at_least_half(learnt)

# %% [markdown]
# Both classifiers have the move built in, as `priors`. **Predict** the two counts at 0.5 %.

# %%
moved = GaussianNaiveBayes(priors=[0.995, 0.005]).fit(column, y).predict_proba(column)[:, 1]
at_least_half(moved)
odds = learnt / (1 - learnt) * (0.005 / 0.995) / (y.mean() / (1 - y.mean()))
print("the same as moving the odds:", np.allclose(moved, odds / (1 + odds)))

# %% [markdown]
# Nearly half of the malignant tumours found before are lost, and all false alarms are gone: at 0.5 % a probability of
# one half is a high hurdle. That is no flaw of Bayes' rule, which at the new base rate makes fewest mistakes this way,
# if its curves are right. But where missing a cancer costs more than a false alarm, the limit need not be one half.
# (And section 2 holds: with other women the *curves* change too, and moving the prior does not mend that.)

# %% [markdown]
# ## Traps
#
# - **P(x | y) for P(y | x).** *Symptom*: "the test is 90 % sensitive, so she has cancer with 90 %". *Cure*: count
#   10,000 patients.
# - **The forgotten prior.** *Symptom*: every class is treated as equally common, and the rare one is diagnosed far too
#   often. *Cure*: multiply by the share; ask of which population.
# - **Another spectrum.** *Symptom*: the figures of a clinic do not repeat in screening. *Cure*: measure sensitivity and
#   specificity where the test will be used.
# - **Underflow.** *Symptom*: 0, then 0/0 = NaN, for the strangest patients first. *Cure*: add logarithms; lower by the
#   largest before `exp`.
# - **The divisor.** *Symptom*: log-posteriors that differ a little from the library's, most with few patients. *Cure*:
#   this model divides by $n$, not $n - 1$.
# - **Standard deviation for variance.** *Symptom*: curves far too wide or too narrow. *Cure*: check the density of one
#   number by hand.
# - **Smoothing by the largest column.** *Symptom*: another unit, another diagnosis. *Cure*: scale all columns first.
# - **A curve that does not fit.** *Symptom*: a long tail; part of the curve where no measurement can be. *Cure*: draw
#   measurements and curve; bend the column first.
# - **Twins counted as witnesses.** *Symptom*: wrong and 99 % sure. *Cure*: keeping one of them may not be enough
#   (section 8); never trust the confidence before judging it on unseen patients.

# %% [markdown]
# ## Recap
#
# Bayes' rule is counting: share times likelihood, divided by the sum over the classes. The same test means 84 % among
# aspirates and 4 % where disease is rare, and even its sensitivity belongs to the patients on whom it was measured.
# Naive Bayes multiplies the likelihoods of all measurements as if they were independent within a class; with normal
# curves (a second assumption, which fits some columns and not others) it learns means and variances, and adds
# logarithms. It decides well on the Wisconsin table and is far too sure, mostly because its measurements repeat one
# another: radius, perimeter and area are one witness who speaks three times, and not the only one.

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
# **2. Naive.** What does the naive assumption say?
#
# - (a) Radius and perimeter have nothing to do with each other.
# - (b) Once the class is known, the radius tells nothing about the perimeter.
# - (c) Both classes are equally common.
#
# <details><summary>Answer</summary>
#
# (b), and for these two it is false. (a) is more than it says: over both classes together even naive measurements go
# together, because both grow with malignancy. (c) is a forgotten prior.
# </details>
#
# **3. Logs.** Two classes have the log-likelihoods $-500$ and $-502$; their shares are equal. The posterior of the
# first is
#
# - (a) about 0.88
# - (b) not a number
# - (c) 0.499
#
# <details><summary>Answer</summary>
#
# (a). Add 500: $\frac{1}{1 + e^{-2}} = 0.881$. (b) is what some programs get for logarithms below $-745$, where `exp`
# gives 0 in `float64`; above that even they work. (c) takes logarithms for likelihoods.
# </details>
#
# **4. Twins.** The shares are equal. You append a copy of *every* column to the table and train again. The
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
# - G. Gigerenzer, U. Hoffrage. How to improve Bayesian reasoning without instruction: frequency formats.
#   *Psychological Review* 102, pages 684 to 704, 1995.
#   [doi 10.1037/0033-295X.102.4.684](https://doi.org/10.1037/0033-295X.102.4.684). Why counting helps.
# - C. D. Lehman and others. National performance benchmarks for modern screening digital mammography: update from the
#   Breast Cancer Surveillance Consortium. *Radiology* 283, pages 49 to 58, 2017.
#   [doi 10.1148/radiol.2016161174](https://doi.org/10.1148/radiol.2016161174). 1,682,504 examinations.
# - D. F. Ransohoff, A. R. Feinstein. Problems of spectrum and bias in evaluating the efficacy of diagnostic tests. *New
#   England Journal of Medicine* 299, pages 926 to 930, 1978.
#   [doi 10.1056/NEJM197810262991705](https://doi.org/10.1056/NEJM197810262991705).
# - J. A. Usher-Smith, S. J. Sharp, S. J. Griffin. The spectrum effect in tests for risk prediction, screening, and
#   diagnosis. *BMJ* 353, i3139, 2016. [doi 10.1136/bmj.i3139](https://doi.org/10.1136/bmj.i3139).
# - P. Domingos, M. Pazzani. On the optimality of the simple Bayesian classifier under zero-one loss. *Machine Learning*
#   29, pages 103 to 130, 1997. [doi 10.1023/A:1007413511361](https://doi.org/10.1023/A:1007413511361). Why it may
#   decide well with wrong probabilities.
# - E. B. Wilson. Probable inference, the law of succession, and statistical inference. *Journal of the American
#   Statistical Association* 22, pages 209 to 212, 1927.
#   [doi 10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953). The interval.
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *Proceedings
#   of SPIE* 1905, pages 861 to 870, 1993. The measurements.
# - scikit-learn, [GaussianNB](https://scikit-learn.org/stable/modules/generated/sklearn.naive_bayes.GaussianNB.html).

# %% [markdown]
# ## Next
#
# [Lesson 12](12_comparing_classifiers.ipynb) sets naive Bayes beside the [support vector machine of lesson
# 09](09_support_vector_machine.ipynb) and a small network, on equal terms; lesson 16 (planned) mends probabilities that
# are too sure. In [lesson 14](14_breast_cancer_cnn.ipynb) a network looks at pictures of such cells, and you now know
# what to ask of its probabilities: learnt at which base rate, on which patients?
