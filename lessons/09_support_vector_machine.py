# %% [markdown]
# # Draw the line with the widest strip between benign and malignant
#
# Without any network, a straight border through a table of measurements told benign from malignant breast tumours in
# more than nine cases of ten. Who knows how that border is found knows what a network has to beat.
#
# ## What you will do
# - Turn measurements into a score and a score into a decision, and see why the two are not the same (exercise 9.1).
# - Find the widest strip between six patients, and say who carries it (quiz).
# - Say what a patient costs who stands too near to the border, or on its wrong side (exercise 9.2).
# - Judge the machine on patients it has not seen, beside simpler ones (quiz).
#
# **What you need.** Python, NumPy, school algebra. [Lesson 02](02_preprocessing.ipynb) for standardising.
#
# **How long.** About 60 minutes.
#
# **What this is not.** A tool for patients. The table is of one hospital and one time.

# %% [markdown]
# ## 1. Three lines, and all of them right
#
# Six patients, made up so that the numbers are round. Of each we know two measurements in *standard deviations* (0 is
# the average patient, 1 is one usual difference above): $x_1$, how large the nuclei of her cells are, and $x_2$, how
# uneven their outlines are. And we know what her tumour was, as $y$: $+1$ malignant, $-1$ benign.
#
# | patient | $x_1$ | $x_2$ | tumour | $y$ |
# |---|---|---|---|---|
# | 1 | 3 | 2 | malignant | +1 |
# | 2 | 2 | 0 | malignant | +1 |
# | 3 | 1 | 2 | malignant | +1 |
# | 4 | -3 | 0 | benign | -1 |
# | 5 | -2 | -2 | benign | -1 |
# | 6 | 0 | 0 | benign | -1 |

# %%
import numpy as np

X = np.array([[3, 2], [2, 0], [1, 2], [-3, 0], [-2, -2], [0, 0]], float)
y = np.array([1, 1, 1, -1, -1, -1])

# %% [markdown]
# A straight line through their plane is given by two weights $w = (w_1, w_2)$ and an *intercept* $b$. It gives every
# patient a *score*
#
# $$s = w \cdot x + b = w_1 x_1 + w_2 x_2 + b$$
#
# and it runs where the score is 0. (The dot stands for "multiply in pairs and add up".) On one side of it scores are
# positive, on the other negative. Take three lines, all with $b = -1$:
#
# - line 1: $w = (2, 0)$
# - line 2: $w = (1, 1)$
# - line 3: $w = (1, 0.5)$
#
# Patient 1 by line 1: $2 \cdot 3 + 0 \cdot 2 - 1 = 5$. Patient 3 by line 2: $1 + 2 - 1 = 2$. **Work out all six scores
# of line 3 on paper**, then run.

# %%
lines = {"line 1": ([2, 0], -1), "line 2": ([1, 1], -1), "line 3": ([1, 0.5], -1)}
for name, (w, b) in lines.items():
    print(name, "scores", X @ np.array(w, float) + b)

# %% [markdown]
# (`X @ w` does it for all patients at once.) All three lines give the malignant tumours positive scores and the
# benign ones negative scores. No line is wrong on these six.
#
# **A score is not a decision.** The decision is the side: malignant if the score is positive, else benign. **Is it at
# least a distance, so that 5 is further from the line than 2?** Double all numbers of line 3 and see.

# %%
w, b = np.array([1, 0.5]), -1
print("line 3 ", X @ w + b)
print("doubled", X @ (2 * w) + 2 * b)

# %% [markdown]
# It is the same line with the same decisions; yet every score has doubled. A score tells a side. How far, it tells
# only together with the size of $w$. Nor is it a probability.
#
# ### Exercise 9.1 - from scores to decisions
#
# Inside the machine the labels are $-1$ and $+1$. Outside, in the whole course, they are 0 for benign and 1 for
# malignant. Decide in the course's labels: 1 where the score is positive, else 0.

# %%
# Exercise 9.1 - decide
from course.checks import check


def decide(w, b, X):
    """Return the decisions of n patients, d measurements each: (n,), 1 malignant, 0 benign. w (d,), b, X (n, d)."""
    ### BEGIN SOLUTION
    return (X @ w + b > 0).astype(int)
    ### END SOLUTION

check("9.1", decide)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What does Python answer to `np.array([3.0, -4.0]) > 0`?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# All scores at once are `X @ w + b`. Compare them with the number at which the line runs.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return (... > 0).astype(int)`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The six patients by line 3: 1, 1, 1, 0, 0, 0. A score of exactly 0 gives 0.
# </details>

# %% [markdown]
# ## 2. The widest strip
#
# A seventh patient will stand near one of the six, and a line that runs close by is easily crossed. So ask for room:
# which line keeps the largest distance from its nearest patient?
#
# **From score to distance.** Stand on the line, score 0, and walk at a right angle away from it; that is the
# direction of $w$ itself. Walking by $w$ raises the score by $w \cdot w = w_1^2 + w_2^2$, and that way is as long as
# $\lVert w \rVert = \sqrt{w_1^2 + w_2^2}$ (Pythagoras). So each unit of the way raises the score by $\lVert w
# \rVert$, and
#
# $$\text{distance from the line} = \frac{|s|}{\lVert w \rVert}$$
#
# Line 1: $\lVert w \rVert = 2$, and the scores nearest to 0 are 1 and $-1$ (patients 3 and 6), so their distance is
# $\frac{1}{2}$. **Work out the same for lines 2 and 3. Which is the best?**

# %%
for name, (w, b) in lines.items():
    length = np.linalg.norm(w)
    scores = X @ np.array(w, float) + b
    print(f"{name}: ||w|| = {length:.3f}, nearest score {np.abs(scores).min():.0f}",
          f"distance {np.abs(scores).min() / length:.3f}")

# %% [markdown]
# Line 3. All three lines were written so that the patients nearest to them have scores of exactly $+1$ and $-1$; any
# line that tells the two *classes* apart can be shifted and scaled until it is so. Then every patient meets $y\, s
# \ge 1$. The product $y\, s$ is the score, counted positive on the patient's own side; we call it her *margin*.
# (Other texts: half the width of the strip.) And between the classes lies an empty *strip* of width $\frac{2}{\lVert
# w \rVert}$, with edges where the score is $+1$ and $-1$.
#
# **The widest strip is the smallest $\lVert w \rVert$ for which all margins are at least 1.** This line is the
# *support vector machine*, here with a *hard margin*: nobody may stand in the strip.

# %%
from course.widgets.lesson_09 import three_lines

three_lines([(name, w, b) for name, (w, b) in lines.items()])

# %% [markdown]
# *Figure: the six patients three times, malignant as triangles on the right, benign as dots on the left and at the
# centre. A solid line with a dashed line on either side, the edges of the strip. Line 1 is upright, its strip 1 wide,
# and patients 3 and 6, ringed, stand at the edges. Line 2 leans at 45 degrees, 1.41 wide, with patients 2 and 6. Line
# 3 is steeper, 1.79 wide, and three patients stand at its edges: 2, 3 and 6.*
#
# None is wider than line 3 (the deeper page proves it), and patients 2, 3 and 6 carry it: they are its *support
# vectors*. Patients 1, 4 and 5 have no say: as long as they stay clear of the strip, the line is the same without
# them.

# %% [markdown]
# ## 3. What a patient in the strip costs
#
# Patient 6 has a benign tumour, but stands so near to the malignant ones that she alone makes the strip narrow. And
# in real tables classes overlap, and no line keeps everybody out of its strip. So let patients stand in the strip,
# and on the wrong side too, **at a price**:
#
# $$h_i = \max(0,\; 1 - y_i s_i)$$
#
# for patient number $i$. It is called the *hinge*. Whoever has a margin of 1 or more is clear of the strip and pays
# nothing. Below that, one pays what is missing to 1. Take a fourth line, $w = (0.4, 0.2)$, $b = 0.2$. Patient 2:
# $s = 0.8 + 0.2 = 1$, so she stands at the edge and $h = \max(0, 1 - 1) = 0$. Patient 6: $s = 0.2$, which is the wrong
# side for $y = -1$; her margin is $-0.2$, and $h = \max(0, 1 + 0.2) = 1.2$. **Work out the scores and hinges of the
# other four.**
#
# ### Exercise 9.2 - the hinge of each patient
#
# This time the labels come as the course keeps them, 0 benign and 1 malignant. The formula needs $-1$ and $+1$.

# %%
# Exercise 9.2 - hinges
import numpy as np

from course.checks import check


def hinge(w, b, X, labels):
    """Return the hinge of each patient, shape (n,). w (d,), b a number, X (n, d), labels (n,) of 0 and 1."""
    ### BEGIN SOLUTION
    signs = 2 * labels - 1
    return np.maximum(0, 1 - signs * (X @ w + b))
    ### END SOLUTION

check("9.2", hinge)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which straight rule makes $-1$ of 0 and $+1$ of 1? And what would the hinge of a benign tumour be if its label stayed
# 0?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# First the signs, then the scores, then their product. `np.maximum(0, values)` compares each value with 0;
# `np.max(values)` would give a single number.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `signs = 2 * labels - 1` and `return np.maximum(0, 1 - ...)`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Line 4 of the text: scores 1.8, 1, 1, -1, -1, 0.2; hinges 0, 0, 0, 0, 0, 1.2.
# </details>

# %% [markdown]
# ### The price of hinges, and the number P
#
# Line 4 again: five patients pay nothing and patient 6 pays 1.2. In exchange, the strip is $2 / \sqrt{0.4^2 + 0.2^2} =
# 4.47$ wide instead of 1.79. **Is that a good bargain?** Name the price of a unit of hinge $C > 0$, and put both
# wishes
# into one number, small for a wide strip and small for few hinges:
#
# $$P(w, b) = \tfrac{1}{2} \lVert w \rVert^2 + C \sum_{i=1}^{n} h_i$$
#
# The first term is called the *regulariser*. The best line is the one with the lowest $P$, now with a *soft margin*:
#
# - line 3: $\frac{1}{2}(1^2 + 0.5^2) + C \cdot 0 = 0.625$
# - line 4: $\frac{1}{2}(0.4^2 + 0.2^2) + C \cdot 1.2 = 0.1 + 1.2\, C$
#
# **Which is better at $C = 1$, and at $C = 0.1$? From which $C$ on does the answer change?**

# %%
for C in (0.1, 1.0):
    print(f"C = {C}: line 3 costs {0.625:.3f}, line 4 costs {0.1 + 1.2 * C:.3f}")
print(f"equal at C = {(0.625 - 0.1) / 1.2:.4f}")

# %% [markdown]
# At $C = 1$ the narrow strip that leaves everybody out is better. At $C = 0.1$ the wide strip wins, though it gives
# patient 6, whose tumour is benign, a positive score. Neither is "right". With a soft margin the *support vectors* are
# those at the edge of the strip **and** all who pay.

# %%
from course.widgets.lesson_09 import three_prices

three_prices([0.1, 0.4, 1.0])

# %% [markdown]
# *Figure: the line of lowest P for three prices. Rings mark the support vectors. At C = 0.1, which is line 4, the
# strip is 4.47 wide, reaches from patients 4 and 5 to patients 2 and 3, and patient 6 stands in it on the malignant
# side; five are support vectors. At C = 0.4 it is 2.80 wide, and patient 6 stands in it on her own side. At C = 1 it
# is 1.79 wide with patient 6 at its edge: line 3.*
#
# ### Experiment: what does the price change?
#
# On the left the patients, the line and its strip; rings mark the support vectors. On the right the margins $y\, s$,
# lowest first; each bar down from 1 is a hinge. `only support` learns again from the ringed patients alone. `patients
# shown` changes to 569 real patients with two measurements each.

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_09 import C_VALUES, PATIENTS
from course.widgets.lesson_09_panels import explorer_picture
from course.widgets.panel import Panel

Panel(explorer_picture, "Left: border and strip; triangles malignant, dots benign, ringed: support vectors. "
      "Right: each patient's y times score; bars are hinges.",
      C=SelectionSlider(options=C_VALUES, value=0.3), only_support=False, patients_shown=PATIENTS)

# %% [markdown]
# **Try.**
# 1. Six patients: go from C = 10 down to 0.05. When does the line begin to move, and on which side of it is patient 6
#    at 0.2?
# 2. The 569, C = 1: tick `only support`. What happens to the line, although most patients are left out?
#
# **Question.** From C = 1 to C = 10, why does nothing at all move with the six, and only little with the 569?
# <details><summary>Answer</summary>
#
# With the six, no hinge is left from C = 0.625 on: nobody pays, so the price does not matter, and this is the hard
# margin. With the 569 no line keeps everybody out. But at a high price the first term of P is small beside the hinges:
# what is left is to make the hinges small, and that is nearly the same task at 1 and at 10. (On the tries: with the
# six, the line moves from 0.7 to 0.5; patient 6 is on the wrong side at 0.3, 0.2 and 0.1, and back on her own side at
# 0.05, where the strip is so wide that everybody stands in it or at its edge. With the 569, 114 are support vectors at
# C = 1; learning from them alone gives the same line.)
# </details>

# %% [markdown]
# ## 4. What is it worth?
#
# Cells were drawn from breast lumps of 569 patients with a fine needle, at the University of Wisconsin. In a picture
# of each sample the nuclei were outlined, and ten properties measured, each in three columns: the mean over the
# nuclei, its standard error, and the mean of the three largest values ("worst"). Thirty numbers a patient, and what
# the tumour was. (scikit-learn ships the table with the labels the other way round, 0 = malignant; the course turns
# them once.)

# %%
from course.data.cytology import table

rows, labels = table()
X = np.array([list(row.values()) for row in rows])
print("patients and features:", X.shape, " malignant:", labels.sum(), " benign:", (labels == 0).sum())

# %% [markdown]
# The columns must be *standardised*: less their mean, divided by their standard deviation. Not for comfort. Say
# somebody gives the area in a unit a million times larger. To have the same effect, its weight must be a million
# times larger, and $\frac{1}{2}\lVert w \rVert^2$ forbids that: in $P$ a feature with small numbers is a dear one.
# Means and deviations come from the patients *learnt from*, never from those judged.
#
# *Cross-validation* deals all patients into ten *folds*, learns from nine, decides about the tenth, and does so for
# each fold in turn; the pipeline standardises by the nine. `LinearSVM`, the course's own machine, finds the line of
# lowest $P$; the deeper page shows how one walks there. $C$ stays at 1, chosen before looking.

# %%
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course.classic import LinearSVM


def decided(columns):
    """Return the decision about each patient, by a machine that has not seen her: (569,) of 0 and 1."""
    folds = StratifiedKFold(n_splits=10, shuffle=True, random_state=9)
    return cross_val_predict(make_pipeline(StandardScaler(), LinearSVM(C=1)), columns, labels, cv=folds)

# %% [markdown]
# Three ways: call every tumour benign; a border at one size, "worst radius" alone; all thirty columns. **Predict**
# how much the thirty gain over the one. *Sensitivity* is the share of malignant tumours found, *specificity* that of
# benign ones left in peace.

# %%
size = list(rows[0]).index("worst radius")
ways = {"majority": np.zeros(569, int), "one column": decided(X[:, [size]]), "thirty": decided(X)}
for name, d in ways.items():
    print(f"{name:10}: sensitivity {np.mean(d[labels == 1]):.3f}, specificity {np.mean(d[labels == 0] == 0):.3f},",
          f"right {np.sum(d == labels)} of 569")

# %% [markdown]
# The majority is right about more than six in ten and misses *every* malignant tumour. A border at a single size is
# already right about nine in ten: that is the bar, not 50 %. Is the gain of the thirty more than luck? Two intervals,
# one for each share, would not tell, since both judged the *same* patients. Look at those on whom they disagree.

# %%
ahead = (ways["thirty"] == labels).astype(int) - (ways["one column"] == labels)
gap, reach = ahead.mean(), 1.96 * ahead.std() / np.sqrt(569)
print(f"only the thirty right: {np.sum(ahead == 1)} patients, only the one: {np.sum(ahead == -1)}")
print(f"difference of the shares {gap:+.1%}, 95 % interval {gap - reach:+.1%} to {gap + reach:+.1%}")

# %% [markdown]
# The interval leaves out 0: on patients like these, thirty columns are better. And these are patients of the same
# hospital. What happens elsewhere, no cross-validation can say. A border at the score 0 counts a missed tumour no
# dearer than a false alarm; [lesson 12](12_comparing_classifiers.ipynb) moves the border.

# %% [markdown]
# ## Traps
#
# - **Labels 0 and 1.** *Symptom*: every tumour gets the same decision; no error. *Cure*: $-1$ and $+1$ inside the
#   machine; `2 * labels - 1`.
# - **The score taken for the decision, or for a probability.** *Symptom*: labels of 3.2; "500 per cent". *Cure*: its
#   sign decides; a distance is $|s| / \lVert w \rVert$; a probability it is not.
# - **Columns as they come.** *Symptom*: columns with small numbers have no say. *Cure*: standardise, inside the folds.
# - **Two intervals laid side by side.** *Symptom*: "they overlap, so there is no difference". *Cure*: the same
#   patients,
#   and an interval of the difference.

# %% [markdown]
# ## Recap
#
# A line gives scores, their sign decides, and the widest strip between the classes is the one with the smallest
# $\lVert w \rVert$ at which all margins reach 1. The hinge says what a patient costs who is not clear of the strip,
# $C$ is its price, and $P$ weighs both. On patients it has not seen, the straight border through thirty columns beats
# a border at a single size, and that beats the majority.

# %% [markdown]
# ## Quiz
#
# **1. Twice.** Somebody doubles $w$ and $b$ of a trained machine. What changes?
#
# - (a) the decisions
# - (b) the scores, and any hinges there are, not the decisions
# - (c) nothing
#
# <details><summary>Answer</summary>
#
# (b). The score is 0 at the same places, so the line and the decisions stay; all scores double, and the edges at $+1$
# and $-1$ move nearer. (c) forgets the scores, and the strip, which is half as wide.
# </details>
#
# **2. A benign tumour** has the score $-0.3$. What does she pay, and is she on the right side?
#
# - (a) 0.7, right side
# - (b) 1.3, wrong side
# - (c) 0, right side
#
# <details><summary>Answer</summary>
#
# (a). $y\, s = (-1)(-0.3) = 0.3$, so the hinge is $1 - 0.3 = 0.7$. The score is negative, as it should be, but she
# stands inside the strip. (b) would be the score $+0.3$, (c) a score of $-1$ or less.
# </details>
#
# **3. Who matters?** A patient far from the strip, on her own side, is removed, and the machine is trained again. What
# happens to the line?
#
# - (a) it moves towards her class
# - (b) it moves away from her class
# - (c) it stays
#
# <details><summary>Answer</summary>
#
# (c). Her hinge is 0 and she does not pull, so the lowest $P$ is where it was. (a) and (b) would be so if the line
# depended on the averages of the classes.
# </details>
#
# **4. More room.** The strip should become wider, and more patients may stand in it. What do you do?
#
# - (a) raise $C$
# - (b) lower $C$
# - (c) drop patients
#
# <details><summary>Answer</summary>
#
# (b). A lower price for hinges gives more weight to a small $\lVert w \rVert$. (a) does the opposite. (c) throws
# evidence away.
# </details>

# %% [markdown]
# ## Sources
#
# - C. Cortes, V. Vapnik. Support-vector networks. *Machine Learning* 20, pages 273 to 297, 1995.
#   [doi 10.1007/BF00994018](https://doi.org/10.1007/BF00994018). The soft margin.
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *SPIE* 1905,
#   pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The table.

# %% [markdown]
# ## Next
#
# [Lesson 10](10_kernels_and_duality.ipynb) looks at the same machine from the side of the support vectors, which
# leads to curved borders. [The deeper page](09_support_vector_machine_deeper.ipynb) walks down to the lowest $P$,
# kinks and all.
