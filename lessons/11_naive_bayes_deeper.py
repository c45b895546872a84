# %% [markdown]
# # Add the evidence in logarithms, and find out why it is too sure
#
# A program says "malignant, 99.9 %", and is wrong. Somebody has to find out where the nines come from, and what
# becomes of them among other patients.
#
# ## What you will do
# - See where a normal curve fits its patients, and where two curves cross (quiz).
# - Multiply the evidence of many measurements by adding logarithms, and compare with scikit-learn (exercise 11.3).
# - Catch the classifier counting one witness three times (quiz).
# - Carry a probability from one group of patients to another (exercise 11.4).
#
# **What you need.** [Lesson 11](11_naive_bayes.ipynb), and in one place softmax, [lesson 06](06_forward_pass.ipynb).
#
# **How long.** About 60 minutes.

# %% [markdown]
# ## 1. Look at the curves
#
# The table, and the normal curve of the core page:

# %%
import numpy as np

from course.data.cytology import table

rows, y = table()
names = list(rows[0])
X = np.array([[row[name] for name in names] for row in rows])

# %% [markdown]
# A mean $m$ and a variance $v$ for each class and column make the curve:

# %%
def density(x, m, v):
    """Return the normal curve with mean m and variance v at x."""
    return np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)

print(density(15, np.array([12, 17]), np.array([4, 9])).round(4))

# %% [markdown]
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
# Of the area error's malignant curve, 12 % lies below 0. When this classifier is too sure of something, a curve that
# does not fit may be at fault.
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
import ipywidgets

from course.widgets.lesson_11 import curves_picture
from course.widgets.panel import Panel

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
# ## 2. Add logarithms
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
import numpy as np

from course.checks import check


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
# largest, then `exp`, then divide by the sum: that is the stable *softmax* of [lesson
# 06](06_forward_pass.ipynb). Bayes' rule, in logs, is a softmax.

# %%
from course.nn import softmax

print(softmax(np.array([[-1000.0, -1003.0]])).round(3))

# %% [markdown]
# ### Compare with the library
#
# scikit-learn's `GaussianNB` does what you wrote, and one thing more: it adds a little to every variance (a column
# that is the same for all patients of a class would have variance 0). How much? A thousand-millionth of the
# **largest** variance of all columns, here that of "worst area". The course's `GaussianNaiveBayes` does the same.

# %%
from sklearn.naive_bayes import GaussianNB

from course.classic import GaussianNaiveBayes

theirs = GaussianNB().fit(X, y)
gap = np.abs(GaussianNaiveBayes().fit(X, y).predict_log_proba(X) - theirs.predict_log_proba(X)).max()
print(f"added: {theirs.epsilon_:.5f}; log-posteriors differ by at most 1e-9: {gap <= 1e-9}")
print("columns with a smaller variance than what is added:", np.sum(X.var(axis=0) < theirs.epsilon_))

# %% [markdown]
# What is nothing to an area in the hundreds more than doubles the variance of these columns, and blurs what they could
# say. On paper naive Bayes does not care about units: scale a column by 100, and both classes' densities shrink by
# 100. **Predict** how many of the 569 decisions change if worst area is given in a unit 100 times smaller.

# %%
other_unit = X.copy()
other_unit[:, names.index("worst area")] *= 100
for model in (GaussianNB(), GaussianNB(var_smoothing=0)):
    before, after = (model.fit(data, y).predict(data) for data in (X, other_unit))
    print(f"{model}: {np.sum(before != after)} decisions changed")

# %% [markdown]
# Nothing about the patients changed, only a unit. The cure for daily use: scale all columns to standard deviations
# first.
#
# ## 3. Count the same evidence three times
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
# x)$ and $P(\text{benign} \mid x)$. If it is honest, the mean confidence is about the share it gets right. **Predict**
# what happens to both from one column to three, and to thirty. As on the core page every patient is judged by a model
# that has not seen her; scaling is learnt inside, with the model (a *pipeline*).

# %%
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def unseen(columns):
    x = X[:, [names.index(column) for column in columns]]
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    model = make_pipeline(StandardScaler(), GaussianNaiveBayes())
    return cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]

# %% [markdown]
# The share of the majority, 0.627, is what "everybody benign" would get right.

# %%
untwinned = [name for name in names if "perimeter" not in name and "area" not in name]
for text, columns in (("radius", trio[:1]), ("radius, perimeter, area", trio), ("all thirty", names),
                      ("no perimeter, no area", untwinned)):
    p = unseen(columns)
    sure, right = np.maximum(p, 1 - p), (p >= 0.5) == y
    print(f"{text}: sensitivity {right[y == 1].mean():.3f}, specificity {right[y == 0].mean():.3f},",
          f"right {right.mean():.3f}")
    print(f"    mean confidence {sure.mean():.3f}; of {(~right).sum()} wrong, {(sure[~right] > 0.99).sum()}",
          "more than 99 % sure")

# %% [markdown]
# With the radius alone right and confidence agree within a hundredth, and none of the mistakes is more than 99 % sure.
# With the trio the confidence jumps, and the share right hardly moves. With all thirty the model is sure almost
# always, also in most of its mistakes. Leaving out the twins of the radius (the last line) does not mend it: of the
# mistakes even more are made with more than 99 % confidence. The other measurements repeat one another too.
#
# So a naive Bayes classifier may *decide* well (only the side of one half counts), and its *probabilities* may be
# worth little. One can learn afterwards how to read them: that is *calibration*.

# %% [markdown]
# ## 4. Take the answer to another base rate
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
from course.checks import check


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
# And with other women the *curves* change too; moving the prior does not mend that.

# %% [markdown]
# ## Traps
#
# - **Underflow.** *Symptom*: 0, then 0/0 = NaN, for the strangest patients first. *Cure*: add logarithms; lower by the
#   largest before `exp`.
# - **The divisor.** *Symptom*: log-posteriors that differ a little from the library's, most with few patients. *Cure*:
#   this model divides by $n$, not $n - 1$.
# - **Smoothing by the largest column.** *Symptom*: another unit, another diagnosis. *Cure*: scale all columns first.
# - **A curve that does not fit.** *Symptom*: a long tail; part of the curve where no measurement can be. *Cure*: draw
#   measurements and curve.
# - **Twins counted as witnesses.** *Symptom*: wrong and 99 % sure. *Cure*: keeping one of them may not be enough
#   (section 3); judge the confidence on unseen patients.

# %% [markdown]
# ## Recap
#
# A normal curve is an assumption, and fits some columns and not others. Thirty densities are multiplied by adding
# logarithms, and Bayes' rule in logs is a softmax. Naive Bayes is too sure mostly because its measurements repeat one
# another: each repetition multiplies the odds again. A probability is carried to another base rate by dividing the old
# share out and multiplying the new one in.

# %% [markdown]
# ## Quiz
#
# **1. Border.** Both curves are equally wide, and malignant becomes rarer. The border
#
# - (a) stays in the middle
# - (b) moves towards the malignant mean, or beyond it
# - (c) splits in two
#
# <details><summary>Answer</summary>
#
# (b). The rarer malignant is, the more evidence it needs. (a) holds for equal shares only. (c) needs curves of
# different width.
# </details>
#
# **2. Logs.** Two classes have the log-likelihoods $-500$ and $-502$; their shares are equal. The posterior of the
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
# **3. Twins.** The shares are equal. You list the radius column *twice*, and train on these two columns instead of
# one. The probabilities
#
# - (a) stay the same, as nothing was added
# - (b) move towards 0 and 1
# - (c) move towards one half
#
# <details><summary>Answer</summary>
#
# (b). The likelihoods are multiplied in twice, so the odds are squared: 3 to 1 becomes 9 to 1, and 1 to 3 becomes 1 to
# 9. (a) would be right, since nothing was added, but naive Bayes does not notice. (c) would be the modest mistake.
# </details>

# %% [markdown]
# ## Sources
#
# - P. Domingos, M. Pazzani. On the optimality of the simple Bayesian classifier under zero-one loss. *Machine
#   Learning* 29, pages 103 to 130, 1997. [doi 10.1023/A:1007413511361](https://doi.org/10.1023/A:1007413511361). Why
#   it may decide well with wrong probabilities.
# - scikit-learn, [GaussianNB](https://scikit-learn.org/stable/modules/generated/sklearn.naive_bayes.GaussianNB.html).
# - M. Saerens, P. Latinne, C. Decaestecker. Adjusting the outputs of a classifier to new a priori probabilities: a
#   simple procedure. *Neural Computation* 14, pages 21 to 41, 2002. [doi
#   10.1162/089976602753284446](https://doi.org/10.1162/089976602753284446). Another base rate.

# %% [markdown]
# ## Next
#
# [Lesson 12](12_comparing_classifiers.ipynb) sets naive Bayes beside other classifiers. In [lesson
# 14](14_breast_cancer_cnn.ipynb) a network looks at pictures of such cells, and you now know what to ask of its
# probabilities: learnt at which base rate, on which patients?
