# %% [markdown]
# # Draw the line with the widest strip between benign and malignant
#
# Without any network, a straight border through a table of measurements told benign from malignant breast tumours in
# more than nine cases of ten. Who can find that border by hand knows what a network has to beat, and what can silently
# spoil it.
#
# ## What you will do
# - Turn measurements into a score and a score into a decision, and see why the two are not the same (exercise 9.1).
# - Say what a patient costs who stands too near to the border, or on its wrong side (exercise 9.2).
# - Weigh a wide border against these costs in one number, with each sum in its place (exercise 9.3).
# - Walk down to the lowest number, although it has kinks, and watch the border settle (exercise 9.4).
#
# Then you take the real table. The walk fails at first; you repair it (exercise 9.5), compare with a library, and judge
# the result on patients that the machine has not seen.
#
# **What you need.** Python, NumPy, school algebra. [Lesson 08](08_training_by_hand.ipynb) explains walking downhill at
# leisure; the little that is needed of it is said again.
#
# **How long.** About 165 minutes, best in two sittings: 100 before the pause after section 4, 65 after. To predict
# honestly, hide the stored answers first: **Edit > Clear Outputs of All Cells**.
#
# **What this is not.** A tool for patients. The table is of one hospital and one time, and somebody had outlined
# each nucleus roughly by hand before a program measured it.

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
# (`X @ w` multiplies and adds up for all patients at once: six rows of two numbers, so six scores.) All three lines
# give the malignant tumours positive scores and the benign ones negative scores. No line is wrong on these six.
#
# **A score is not a decision.** The decision is the side: malignant if the score is positive, else benign. **Is it at
# least a distance, so that 5 is further from the line than 2?** Double all numbers of line 3 and see.

# %%
w, b = np.array([1, 0.5]), -1
print("line 3 ", X @ w + b)
print("doubled", X @ (2 * w) + 2 * b)

# %% [markdown]
# Where the score was 0 it still is, so it is the same line with the same decisions; yet every score has doubled. And by
# line 1 patient 1 has 5, by line 2 only 4; yet she is further from line 2 (2.83) than from line 1 (2.50), as section 2
# will let you check. A score tells a side. How far, it tells only together with the size of $w$; section 2 says how.
# Nor is it a probability: 5 is not "500 per cent".
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
# A seventh patient will come, and she will stand near one of the six, but not at the same place. A line that runs close
# by a patient is one that a small difference can cross. So ask for room: which of the three lines keeps the largest
# distance from its nearest patient?
#
# **From score to distance.** Stand on the line, score 0, and walk at a right angle away from it. That is the direction
# of $w$ itself. (Along the line the score stays 0, so for a way $v$ along it $w \cdot v = 0$: a right angle. Line 2: $v
# = (1, -1)$ and $w = (1, 1)$ give $1 - 1 = 0$.) Walking by $w$ raises the score by $w \cdot w = w_1^2 + w_2^2$, and
# that way is as long as $\lVert w \rVert = \sqrt{w_1^2 + w_2^2}$ (Pythagoras). So each unit of the way raises the score
# by $\lVert w \rVert$, and
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
# Line 3. Now see what we did on the quiet: all three lines were written so that the patients nearest to them have
# scores of exactly $+1$ and $-1$. Any line that tells the two *classes*, malignant and benign, apart can be shifted
# until it is half-way between them, and then be written so, since doubling or halving all numbers does not move it.
# Then
#
# - every patient meets $y\, s \ge 1$. The product $y\, s$ is the score, counted positive on the patient's own side. We
#   call it her *margin*. (Other texts use the word for half the width of the strip.) Patient 5 by line 3: $y\, s =
#   (-1)(-4) = 4$.
# - the nearest are $\frac{1}{\lVert w \rVert}$ away, so between the classes lies an empty *strip* of width
#   $\frac{2}{\lVert w \rVert}$, with edges where the score is $+1$ and $-1$.
#
# **The widest strip is the smallest $\lVert w \rVert$ for which all margins are at least 1.** This line is the *support
# vector machine*, here with a *hard margin*: nobody may stand in the strip.

# %%
from course.widgets.lesson_09 import three_lines

three_lines([(name, w, b) for name, (w, b) in lines.items()])

# %% [markdown]
# *Figure: the six patients three times, malignant as triangles on the right, benign as dots on the left and at the
# centre. A solid line with a dashed line on either side, the edges of the strip. Line 1 is upright, its strip 1 wide,
# and patients 3 and 6, ringed, stand at the edges. Line 2 leans at 45 degrees, 1.41 wide, with patients 2 and 6. Line 3
# is steeper, 1.79 wide, and three patients stand at its edges: 2, 3 and 6.*
#
# **Is there one wider than line 3?** No, and three patients prove it. Walk from patient 2 towards patient 3, four
# tenths of the way, to the point $0.6 \cdot (2, 0) + 0.4 \cdot (1, 2) = (1.6, 0.8)$. A strip that leaves 2 and 3 on one
# side leaves this point there too. It must also leave patient 6, at $(0, 0)$, on the other. So it is at most as wide as
# the way from $(0, 0)$ to $(1.6, 0.8)$. **Work out that way** and compare it with the figure.

# %%
way = np.hypot(1.6, 0.8)
print(f"from patient 6 to the point {way:.3f}, strip of line 3 {2 / np.linalg.norm([1, 0.5]):.3f}")

# %% [markdown]
# Equal, so line 3 has the widest strip there is. Patients 2, 3 and 6 carry it: they are its *support vectors*. Patients
# 1, 4 and 5 have no say. They could move, or never have come, and as long as they stay clear of the strip, the line
# would be the same. That is special to this machine. A line half-way between the two *average* patients would move with
# everybody.

# %% [markdown]
# ## 3. What a patient in the strip costs
#
# Patient 6 is a nuisance. Her tumour is benign, but she stands so near to the malignant ones that she alone makes the
# strip narrow. Perhaps she was measured badly. And in real tables classes overlap, and no line at all keeps everybody
# out of its strip. So let patients stand in the strip, and on the wrong side too, **at a price**:
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
# 4.47$ wide instead of 1.79. **Is that a good bargain?** That depends on what a unit of hinge is worth to us. Name it
# $C > 0$, and put both wishes into one number, small for a wide strip and small for few hinges:
#
# $$P(w, b) = \tfrac{1}{2} \lVert w \rVert^2 + C \sum_{i=1}^{n} h_i$$
#
# The first term is called the *regulariser*. (Half a square instead of the length itself: its slope will be plain $w$.)
# The best line is the one with the lowest $P$, now with a *soft margin*. By hand, lines 3 and 4:
#
# - line 3: $\frac{1}{2}(1^2 + 0.5^2) + C \cdot 0 = 0.625$
# - line 4: $\frac{1}{2}(0.4^2 + 0.2^2) + C \cdot 1.2 = 0.1 + 1.2\, C$
#
# **Which of them is better at $C = 1$? And at $C = 0.1$? From which $C$ on does the answer change?**

# %%
for C in (0.1, 1.0):
    print(f"C = {C}: line 3 costs {0.625:.3f}, line 4 costs {0.1 + 1.2 * C:.3f}")
print(f"equal at C = {(0.625 - 0.1) / 1.2:.4f}")

# %% [markdown]
# A high price forbids: at $C = 1$ the narrow strip that leaves everybody out is better. A low price allows: at $C =
# 0.1$ the wide strip wins, though it gives patient 6, whose tumour is benign, a positive score. Neither is "right".
# Whether to trust patient 6 is not in these twelve numbers; section 8 asks other patients.
#
# ### Exercise 9.3 - the whole price
#
# Mind which sum is which. $\lVert w \rVert^2$ adds over *features* (the measurements, $d$ of them). The hinges are
# added over *patients* ($n$ of them). The intercept $b$ moves the line without changing the width of its strip, so it
# has no price. Labels come as $-1$ and $+1$ from here on.

# %%
# Exercise 9.3 - the objective P
def objective(w, b, X, y, C):
    """Return P, a number. w (d,), b a number, X (n, d), y (n,) of -1 and +1, C > 0."""
    ### BEGIN SOLUTION
    hinges = np.maximum(0, 1 - y * (X @ w + b))
    return 0.5 * np.sum(w**2) + C * np.sum(hinges)
    ### END SOLUTION

check("9.3", objective)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How many numbers does `w**2` hold for the six patients, and how many the hinges? Can they stand under one sum?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Two sums, each finished before they meet: half the squares of $w$, and $C$ times the sum of the hinges.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return 0.5 * np.sum(...) + C * np.sum(...)`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The six patients, line 4: 0.22 at $C = 0.1$ and 1.3 at $C = 1$.
# </details>
#
# **Break it on purpose: one sum for everything.** The formula is sometimes printed as
# $\sum_i \left( \frac{1}{2} \lVert w \rVert^2 + C h_i \right)$, both terms under the sum over patients. Then the
# regulariser is counted six times. Lines 3 and 4 at $C = 1$ again, now by this formula. **Predict which wins.**

# %%
from course.classic.newton import primal_objective, primal_subgradient

for name, w, b in (("line 3", np.array([1, 0.5]), -1), ("line 4", np.array([0.4, 0.2]), 0.2)):
    right = primal_objective(w, b, X, y, C=1)
    under_one_sum = 6 * 0.5 * w @ w + np.maximum(0, 1 - y * (X @ w + b)).sum()
    print(f"{name}: as it should be {right:.3f}, under one sum {under_one_sum:.3f}")

# %% [markdown]
# (`primal_objective` is the course's version of exercise 9.3; `primal_subgradient` comes later.) The misprint prefers
# line 4, which puts patient 6 on the wrong side. It asks for $n$ times as much regulariser, and that is the same as a
# price of $C / n$. So what the printed $C$ means depends on how many patients there are. The opposite slip puts the
# hinges under the sum over features; it counts each hinge $d$ times.
#
# And without any regulariser? Lines 1, 2 and 3 have no hinges at all: all three cost 0, and nothing asks for a wide
# strip.
#
# With a soft margin the *support vectors* are those at the edge of the strip **and** all who pay.

# %%
from course.widgets.lesson_09 import three_prices

three_prices([0.1, 0.4, 1.0])

# %% [markdown]
# *Figure: the line of lowest P for three prices. Rings mark the support vectors. At C = 0.1, which is line 4, the strip
# is 4.47 wide, reaches from patients 4 and 5 to patients 2 and 3, and patient 6 stands in it on the malignant side;
# five are support vectors. At C = 0.4 it is 2.80 wide, and patient 6 stands in it on her own side. At C = 1 it is 1.79
# wide with patient 6 at its edge: line 3. In the last two there are three support vectors.*
#
# ### Experiment: what does the price change?
#
# On the left the patients, the line and its strip; rings mark the support vectors. On the right the margins $y\, s$ of
# the same patients, lowest first; each bar down from 1 is a hinge. `only support` learns again from the ringed patients
# alone. `patients shown` changes to 569 real patients with two measurements each (section 5 introduces them).

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_09 import C_VALUES, PATIENTS
from course.widgets.lesson_09_panels import explorer_picture
from course.widgets.panel import Panel

Panel(explorer_picture, "Left: patients, border and strip. Right: each patient's y times score; bars are hinges.",
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
# ## 4. Walk down, kinks and all
#
# How is the lowest $P$ found? By walking downhill, as in lesson 08: work out how $P$ changes with each weight (its
# *slopes*), step a little against them, repeat.
#
# The slope of $\frac{1}{2} \lVert w \rVert^2$ by $w$ is $w$ (for one weight: the slope of $\frac12 w_1^2$ is $w_1$).
# The hinge, as a function of the margin $y\, s$, is made of two straight pieces: up to 1 it falls, slope $-1$; beyond,
# it is 0, slope 0. For any $y$, as long as a patient is not clear, the hinge is $1 - y(w \cdot x + b)$: its slope by
# $w$ is $-y\,x$, and by $b$ it is $-y$.
#
# **And at the kink**, where the margin is exactly 1? There is no slope: $-1$ to one side, 0 to the other.

# %%
from course.widgets.lesson_09 import hinge_figure

hinge_figure()

# %% [markdown]
# *Figure: the hinge over the margin, a thick line that falls with slope -1 to the height 0 at the margin 1 and stays at
# 0 from there on. Through the kink go three thin lines with the slopes -0.75, -0.5 and -0.25. None of them rises above
# the thick line anywhere.*
#
# Any number from $-1$ to 0 will do for us, since the straight line through the kink with that slope never lies above
# the hinge. Such a number is a *sub-gradient*. Why is that enough? Every place that is better lies on the downhill side
# of such a slope, so a short enough step against it brings us *nearer to the best place*, even if $P$ itself rises for
# a moment. We take 0 there, so a patient exactly at the edge does not pull. Together:
#
# $$\text{by } w: \quad w - C \sum_{y_i s_i < 1} y_i x_i \qquad\qquad \text{by } b: \quad - C \sum_{y_i s_i < 1} y_i$$
#
# Only those who are not yet clear take part. Each of them *pulls* the score to her own side, with the same factor $C$;
# $w$ by itself only wants to shrink.
#
# **The first step by hand**, with $C = 1$, from $w = (0, 0)$, $b = 0$. All scores are 0, so all six pull.
# $\sum y_i x_i = (3, 2) + (2, 0) + (1, 2) - (-3, 0) - (-2, -2) - (0, 0) = (11, 6)$ and $\sum y_i = 0$. The slopes are
# $(-11, -6)$ by $w$ and 0 by $b$. A step of a tenth against them: $w = (1.1, 0.6)$, $b = 0$. $P$ falls from 6 (every
# hinge is 1) to $\frac{1}{2}(1.21 + 0.36) + 1 = 1.785$: only patient 6 still pays.
#
# **Do the second step on paper.** What does $x = (0, 0)$ of patient 6 do to the slope by $w$?
#
# ### Exercise 9.4 - the sub-gradient
#
# For any number of patients and features. At the kink itself both answers count, pulling and not pulling.

# %%
# Exercise 9.4 - slopes of P
def subgradient(w, b, X, y, C):
    """Return a sub-gradient of P: (by w, shape (d,); by b, a number). y (n,) holds -1 and +1."""
    ### BEGIN SOLUTION
    pull = C * y * (y * (X @ w + b) < 1)
    return w - X.T @ pull, -np.sum(pull)
    ### END SOLUTION

check("9.4", subgradient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# A patient who is clear contributes nothing. Which number would you multiply her pull with?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `y * (X @ w + b) < 1` is True for those who pull, and True counts as 1 in a product. So `C * y * (... < 1)` is the
# pull of each patient. By `b` add them up; by `w` add them up, each times the patient's row of `X`. (`X.T` is the table
# on its side: `X.T @ pull` adds up the rows, each times its pull.)
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `pull = C * y * (... < 1)` and `return w - X.T @ pull, -np.sum(...)`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The six patients, $C = 1$, $w = (0, 0)$, $b = 0$: $(-11, -6)$ and 0. With $w = (1.1, 0.6)$: $(1.1, 0.6)$ and 1.
# </details>

# %% [markdown]
# ### The second step, and many more
#
# The second step: only patient 6 pulls. Her $x$ is $(0, 0)$, so she cannot turn the line, she can only shift it: the
# slope by $b$ is $+1$, by $w$ there is $w$ alone. The weights shrink by a tenth and $b$ becomes $-0.1$:

# %%
w, b = np.zeros(2), 0.0
for step in (1, 2):
    by_w, by_b = primal_subgradient(w, b, X, y, C=1)
    w, b = w - 0.1 * by_w, b - 0.1 * by_b
    print(f"step {step}: w = {w.round(3)}, b = {b:.1f}, P = {primal_objective(w, b, X, y, C=1):.3f}")

# %% [markdown]
# (`primal_subgradient` is the course's version of exercise 9.4.) Now many steps. We know where it should end: at line 3
# with $P = 0.625$. **Predict:** will 200 steps of the same length get there?

# %%
def walk(X, y, C, rate, steps, shrink=None):
    """Walk down P from 0. Returns w, b and P after each step. Step t is rate / (1 + t / shrink), or always rate."""
    w, b, values = np.zeros(X.shape[1]), 0.0, []
    for t in range(steps):
        by_w, by_b = primal_subgradient(w, b, X, y, C)
        length = rate if shrink is None else rate / (1 + t / shrink)
        w, b = w - length * by_w, b - length * by_b
        values.append(primal_objective(w, b, X, y, C))
    return w, b, np.array(values)

# %% [markdown]
# $P$ at chosen steps. (The rate is 0.11, since steps of exactly a tenth bring patients exactly to their kinks, and
# there the last rounded digit would decide who pulls. With `shrink=10` a step has halved after ten steps.)

# %%
_, _, steady = walk(X, y, C=1, rate=0.11, steps=200)
w, b, shrinking = walk(X, y, C=1, rate=0.11, steps=200, shrink=10)
for step in (1, 3, 10, 20, 50, 200):
    print(f"step {step}: P steady {steady[step - 1]:.3f}, shrinking {shrinking[step - 1]:.3f}")
print("the shrinking walk ends at", w.round(2), round(b, 2))

# %% [markdown]
# Equal steps fall fast at first and then never arrive: from step 10 on $P$ goes up and down between 0.71 and 1.12. The
# reason is the kink. At the best line the sub-gradient as we take it does not fade to 0. Patient 6 pulls with full
# force until she is clear, and a moment later not at all. A step of fixed length jumps over the best place again and
# again. **Shorter and shorter steps settle**: not exactly there after 200, but within four per cent, and nearer the
# longer one walks.
#
# Two habits follow. $P$ may rise for a while, so keep the best place seen, not the last. (Our `walk` is left simple and
# hands back the last.) And "the slopes are nearly 0" is no sign that one has arrived; [lesson
# 10](10_kernels_and_duality.ipynb) finds a better one.

# %%
from course.widgets.lesson_09 import three_steps

three_steps([(0.1, "shrinking", 1), (0.1, "shrinking", 10), (0.1, "shrinking", 60)])

# %% [markdown]
# *Figure: the shrinking walk at three moments; rings mark the patients who pull at that moment. Step 1: the line runs
# through patient 6, who alone is ringed; P is 1.785. Step 10: the line has moved to the right, patient 6 is half-way to
# the edge; now patient 2 stands a hair inside the strip and pulls too; P is 0.886. Step 60: the line is nearly line 3,
# patient 6 alone is a hair inside, and P is 0.656.*
#
# ### Experiment: watch the border settle
#
# `play` moves the slider `step` on until you press it again. On the right stands $P$ after each step, on a scale on
# which each doubling is as high as the next; the dashed line is the lowest possible, 0.625.

# %%
from ipywidgets import IntSlider, ToggleButton

from course.widgets.lesson_09 import RATES, SCHEDULES
from course.widgets.lesson_09_panels import descent_picture, playable

playable(Panel(descent_picture, "Left: the border after so many steps; ringed patients pull. Right: P after each step.",
               play=ToggleButton(description="play / pause"), step=IntSlider(2, 0, 60),
               rate=SelectionSlider(options=RATES, value=0.1), schedule=SCHEDULES))

# %% [markdown]
# **Try.**
# 1. Play with rate 0.1, first `steady`, then `shrinking`. Which patients pull in turns while the line settles?
# 2. Set the rate to 0.3, `steady`. What does the curve of $P$ do from step 10 on?
#
# **Question.** With rate 0.01, `steady`, which of the three numbers $w_1$, $w_2$, $b$ has the longest way still to go
# after 60 steps, and why that one?
# <details><summary>Answer</summary>
#
# It is $b$. The walk stands at $w = (0.62, 0.32)$, more than six tenths of the way to $(1, 0.5)$, but at $b = -0.22$ on
# its way to $-1$. In the first steps all but patient 6, who stands at 0, pull on $w$, and they agree. On $b$ three pull
# up and three pull down. Afterwards only patient 6 pulls $b$ down, by a hundredth a step, and whenever patients 2 or 3
# fall into the strip they pull it up again. (On the tries: patients 2, 3 and 6 take turns, the three support vectors of
# line 3. With 0.3, $P$ goes up and down between about 0.8 and 1.8 without end: the steps are too long for it.)
# </details>
#
# **Break it on purpose: labels 0 and 1.** Give the walk the course's labels as they are, without turning 0 into $-1$.
# No error is raised. **What is $y\, s$ for a benign tumour then? Predict the decisions.**

# %%
labels = (y > 0).astype(int)
w, b, _ = walk(X, labels, C=1, rate=0.1, steps=2000, shrink=10)
print("w", w.round(2), "b", round(b, 2), "decisions", (X @ w + b > 0).astype(int))

# %% [markdown]
# Every tumour is called malignant. With $y = 0$ a benign tumour has $y\, s = 0$ whatever the line does: it always pays
# 1, and it never pulls. Only the malignant ones pull. The cheapest way to please them is $w = 0$ and $b = 1$, which
# gives everybody the same score, and the walk is on its way there.
#
# This is a good place for a pause.

# %% [markdown]
# ## 5. The real table, and how it fails first
#
# Cells were drawn from breast lumps of 569 patients with a fine needle, at the University of Wisconsin. In a picture of
# each sample the nuclei were outlined, and ten properties measured: radius, texture, perimeter, area, smoothness and so
# on. For each property the table has three columns: the mean over the nuclei, the standard error of that mean (how far
# off it may be), and the "worst", which is the mean of the three largest values. Thirty numbers a patient, and what the
# tumour was.
#
# The course's labels of it are 0 and 1, as always; we make $-1$ and $+1$ of them for our `walk`. (Library machines, and
# the course's `LinearSVM`, take any two labels and do that inside.) From here on `X`, `y` and `labels` are the real
# table; to go back, run the first code cell again.

# %%
from course.data.cytology import table

rows, labels = table()
X, y = np.array([list(row.values()) for row in rows]), 2 * labels - 1
print("patients and features:", X.shape, " malignant:", (y == 1).sum(), " benign:", (y == -1).sum())

# %% [markdown]
# The table comes with scikit-learn, Python's library for such models. There its labels are **0 = malignant and 1 =
# benign**, the other way round than here; the course turns them once, where the table comes in. The first patient's
# tumour is malignant:

# %%
from sklearn.datasets import load_breast_cancer

print("first patient: here", labels[0], " in scikit-learn", load_breast_cancer().target[0])

# %% [markdown]
# Now the same walk, $C = 0.1$. At the start $w = 0$ and every hinge is 1, so $P = 0.1 \cdot 569 = 56.9$. What is the
# lowest $P$ on these columns? The course's `LinearSVM` finds it in another way; section 6 says how.

# %%
from course.classic import LinearSVM

print(f"possible: {LinearSVM(C=0.1).fit(X, labels).objective_[-1]:.1f}")

# %% [markdown]
# **Predict** how near 2,000 steps of our walk come to 5.8, with five rates from large to tiny.

# %%
for rate in (1e-2, 1e-4, 1e-6, 1e-8, 1e-10):
    _, _, values = walk(X, y, C=0.1, rate=rate, steps=2000, shrink=50)
    print(f"rate {rate:.0e}: lowest P {values.min():.0f}", "(worse than the start)" if values.min() > 56.9 else "")

# %% [markdown]
# None of them comes near. The two largest never fall below the start, the two smallest have made little of the way, and
# the best of the five still pays twice the possible. Look at the columns:

# %%
for name in ("mean area", "mean texture", "mean smoothness"):
    column = X[:, list(rows[0]).index(name)]
    print(f"{name:16} mean {column.mean():7.2f}, standard deviation {column.std():.3f}")

# %% [markdown]
# A patient pulls each weight by $C\,x$. With $C = 0.1$ the weight of the mean area is pulled by some 65, that of the
# smoothness by a hundredth. A rate that is small enough for the area leaves the smoothness where it was. One rate has
# to serve both, and cannot.
#
# The units do a second harm, and no better walk would cure it: they are part of the *question*. Say somebody gives
# the area in a unit a million times larger, as square millimetres are to square micrometres. To have
# the same effect, its weight must be a million times larger, and $\frac{1}{2}\lVert w \rVert^2$ forbids that. In $P$ a
# feature with small numbers is a dear one.
#
# The cure for both is to *standardise*: from each column subtract its mean, and divide by its standard deviation.

#
# One rule goes with it. New patients must be shifted and scaled by the numbers of those the machine *learns from*,
# since a new patient comes alone: she would be her own mean, with a deviation of 0. One column by hand: learnt from 2
# and 6, mean 4, standard deviation
# 2. They become $-1$ and $1$, and a new patient with 7 becomes $1.5$.
#
# ### Exercise 9.5 - standardise as for patients to come

# %%
# Exercise 9.5 - the same shift and scale for those learnt from and for new patients
def standardise(train, new):
    """Return both standardised, (n, d) and (m, d), column by column with means and deviations of `train` alone.

    Deviations by np.std, which divides by n. No column of `train` is constant.
    """
    ### BEGIN SOLUTION
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / deviation, (new - mean) / deviation
    ### END SOLUTION

check("9.5", standardise)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How many means are there, one for the table or one for each column?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `axis=0` goes down the columns. Work out means and deviations once, from `train`, and use the same ones twice.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `mean, deviation = train.mean(axis=...), train.std(axis=...)`, then `return (train - mean) / deviation, ...`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `standardise(np.array([[2.0], [6.0]]), np.array([[7.0]]))` gives -1 and 1, and 1.5.
# </details>
#
# Here the walk uses all patients, and nobody is judged yet:

# %%
Z = (X - X.mean(axis=0)) / X.std(axis=0)
w, b, values = walk(Z, y, C=0.1, rate=0.03, steps=2000, shrink=50)
for step in (1, 10, 100, 500, 2000):
    print(f"step {step}: P {values[step - 1]:.2f}")

# %% [markdown]
# From 56.9 down to 4.35. (That is not to be compared with the raw columns' $P$: it is another question now.) Is 4.35
# the lowest?

# %% [markdown]
# ## 6. Compare with a library, and mind which
#
# `SVC` of scikit-learn finds the same line in a different way ([lesson 10](10_kernels_and_duality.ipynb)), to as many
# digits as one asks for. With `kernel="linear"` it minimises our $P$. And `LinearSVM` is this course's own quick
# version: it rounds off the kink a little and takes far better directions than the slope (Newton's method), so it needs
# few steps, each of them dearer. (`tol` says how exactly the others are to be solved.)

# %%
from sklearn.svm import SVC

theirs = SVC(kernel="linear", C=0.1, tol=1e-10).fit(Z, y)
quick = LinearSVM(C=0.1).fit(Z, y)
reference = primal_objective(theirs.coef_[0], theirs.intercept_[0], Z, y, 0.1)
for name, value, steps in (("SVC", reference, ""), ("our walk", values.min(), "2000 steps"),
                           ("LinearSVM", quick.objective_[-1], f"{quick.n_iter_} steps")):
    print(f"{name:10} P = {value:.3f}  {steps}")
    assert value < 1.001 * reference

# %% [markdown]
# All three agree to 0.1 %. Look at $P$, not only at the decisions: a walk that stopped too early may decide nearly
# alike and still be elsewhere. And since $P$ is shaped like a bowl (it is *convex*), there is no second valley in which
# one of the three could have been caught.
#
# **Then there is `LinearSVC`**, whose name promises the same. With `loss="hinge"` it minimises
#
# $$\tfrac{1}{2} \left( \lVert w \rVert^2 + b^2 \right) + C \sum_i h_i$$
#
# It *penalises the intercept*. (It adds a column of ones to the table and treats $b$ as that column's weight.) Does
# that matter? **Predict** for the standardised table.

# %%
from sklearn.svm import LinearSVC


def excess(C, shift):
    """Return by which share LinearSVC's P lies above SVC's, when `shift` is added to every column."""
    model = LinearSVC(C=C, loss="hinge", tol=1e-8, max_iter=1_000_000, random_state=0).fit(Z + shift, y)
    free = SVC(kernel="linear", C=C, tol=1e-10).fit(Z, y)
    lowest = primal_objective(free.coef_[0], free.intercept_[0], Z, y, C)
    return primal_objective(model.coef_[0], model.intercept_[0], Z + shift, y, C) / lowest - 1

# %% [markdown]
# Adding the same number to every column shifts the patients and the best line together. It leaves the lowest $P$ as it
# was: $b$ makes up for it, at no cost. With `LinearSVC` it is not free:

# %%
for C, shift in ((1.0, 0), (0.01, 0), (0.01, 5)):
    print(f"C = {C}, columns shifted by {shift}: P is {excess(C, shift):.1%} above the lowest")

# %% [markdown]
# On centred columns and with a high price almost nothing, at $C = 0.01$ already 1.4 %, and off-centre far more. Why,
# the six patients show on paper. Count their $x_1$ from another zero, 10 lower, so that all are larger by 10. Line 3
# moves along: $w$ stays $(1, 0.5)$, and $b = -1 - 10 \cdot 1 = -11$. For our $P$ that is free: 0.625. With the penalty
# the same line costs $0.625 + \frac{1}{2} \cdot 11^2 = 61.1$. `LinearSVC` looks for something cheaper:

# %%
six = np.array([[3, 2], [2, 0], [1, 2], [-3, 0], [-2, -2], [0, 0]], float)
six_y = np.array([1, 1, 1, -1, -1, -1])
for shift in (0, 10):
    moved = six + np.array([shift, 0])
    model = LinearSVC(C=1, loss="hinge", tol=1e-10, max_iter=1_000_000, random_state=0).fit(moved, six_y)
    print(f"x1 + {shift}: w {model.coef_[0].round(2) + 0.0}, b {model.intercept_[0]:.2f},",
          f"decisions {model.predict(moved)}")

# %% [markdown]
# Even unshifted it is not line 3: the penalty has pulled $b$ from $-1$ to $-0.52$. With six patients $C = 1$ is no high
# price; with 569 it was. After the shift it gives up $x_1$ altogether, and calls patient 2's malignant tumour benign.
# Nothing about the patients has changed, only where zero is. So use a machine whose intercept is free; or, as a half
# measure, centre the columns before `LinearSVC` and weaken the penalty by a large `intercept_scaling`.

# %% [markdown]
# ## 7. What units do to curved borders
#
# `SVC()` without further words does not draw a straight border. It compares patients by a *similarity* (a *kernel*;
# [lesson 10](10_kernels_and_duality.ipynb) is about them):
#
# $$K(x, x') = e^{-\gamma \lVert x - x' \rVert^2}$$
#
# $\lVert x - x' \rVert^2$ is the squared distance of two patients, the sum of their squared differences over all
# features. The similarity is 1 for twins and falls towards 0 with the distance; $\gamma > 0$ (gamma) says how fast. The
# score of a new patient is her similarity to each support vector, added up with weights, plus $b$. `gamma="auto"` means
# $\gamma = \frac{1}{d}$, here $\frac{1}{30}$. `gamma="scale"`, the default, means $\gamma = \frac{1}{d \cdot v}$, with
# $v$ the variance of *all values of the table together*.
#
# Two patients of the raw table, by hand. Their mean areas are 1001 and 1326, so this column alone gives
# $325^2 = 105{,}625$ to the squared distance. Their mean smoothness, 0.118 and 0.085, gives 0.001. **Predict their
# similarity for both settings.**

# %%
squares = (X[0] - X[1]) ** 2
for name, gamma in {"auto": 1 / 30, "scale": 1 / (30 * X.var())}.items():
    print(f"{name:5}: gamma {gamma:.1e}, similarity {np.exp(-gamma * squares.sum()):.3f}")

# %% [markdown]
# The largest numbers of the table are in two columns, mean area and worst area. How much of all squared distances is
# theirs? (A column's share goes with its variance, the square of its standard deviation.)

# %%
areas = [list(rows[0]).index(name) for name in ("mean area", "worst area")]
variances = X.var(axis=0)
print(f"share of the two areas in all squared distances: {variances[areas].sum() / variances.sum():.0%}")

# %% [markdown]
# - **auto**: the two patients' squared distance is about 117,000 and $\gamma$ a thirtieth, so the similarity is
#   $e^{-3{,}900}$. Patients resemble hardly anybody but themselves. When a new one comes, all similarities in her score
#   are almost 0, and $b$ decides, always in the same way.
# - **scale**: $\gamma$ is now so small that similarities are of a useful size, here $e^{-0.075}$. But the distance is
#   made of the two areas, 99 % of it. The other 28 columns hardly exist.
#
# How much does it cost? We need patients that the machine has not seen. *Cross-validation* deals all patients into ten
# *folds*, learns from nine, decides about the tenth, and does so for each fold in turn. So every patient is decided
# about once, by a machine that has not seen her. *Stratified* folds have nearly equal shares of malignant tumours.

# %%
from sklearn.model_selection import StratifiedKFold, cross_val_predict

folds = StratifiedKFold(n_splits=10, shuffle=True, random_state=9)

def right_in_folds(model, columns=X):
    """Return how many of the 569 the model is right about, each decided by a machine that has not seen her."""
    return np.sum(cross_val_predict(model, columns, labels, cv=folds) == labels)


# %% [markdown]
# First the wrong way, for comparison: the share that "auto" is right about among the patients it has learnt from.

# %%
print("share right on the patients it learnt from, auto:", SVC(gamma="auto").fit(X, labels).score(X, labels))

# %% [markdown]
# A perfect 100 %, on those it has learnt from. **Predict** its share right on the others. The last line standardises
# first. `make_pipeline` ties both together, so that means and standard deviations come from the nine folds alone, as
# they must: the tenth stands for patients who have not come yet.

# %%
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

print(f"always benign:                {np.mean(labels == 0):.1%}")
print(f"SVC, raw, auto:               {right_in_folds(SVC(gamma='auto')) / 569:.1%}")
print(f"SVC, raw, scale:              {right_in_folds(SVC()) / 569:.1%}")
print(f"SVC, the two areas alone:     {right_in_folds(SVC(), X[:, areas]) / 569:.1%}")
print(f"SVC, standardised:            {right_in_folds(make_pipeline(StandardScaler(), SVC())) / 569:.1%}")

# %% [markdown]
# "auto" has lost everything: it learnt 569 patients by heart and calls every new tumour benign, as one can without
# looking. "scale" loses about six points in a hundred, and does no better than a machine that sees the two areas alone.
# Standardising brings them back. (On standardised columns $v$ is 1, and both settings are the same.) And all of it
# without an error message.

# %% [markdown]
# ## 8. What is it worth? An honest judgement
#
# Four ways to decide, on the same folds:
#
# - **majority**: call every tumour benign;
# - **one column**: our straight machine on the "worst radius" alone, a border at one size;
# - **our machine** on all thirty columns, standardised;
# - **SVC** with its curved border, standardised, as above (with its default $C = 1$).
#
# Which $C$? It must not be chosen by looking at the fold that judges. So inside each nine folds, a second
# cross-validation tries four prices on parts of *those* patients and takes the best. `GridSearchCV` does that.

# %%
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV


def straight():
    """Our machine behind a scaler; the price is chosen by five folds of the patients it learns from."""
    pipeline = make_pipeline(StandardScaler(), LinearSVM())
    return GridSearchCV(pipeline, {"linearsvm__C": [0.01, 0.1, 1, 10]}, cv=5)

# %% [markdown]
# Beside the share right we print an *interval*. The 569 are a sample, and another 569 would have given another number.
# "95 %" means: a method that draws such intervals encloses the true share in about 95 of 100 studies. (Wilson's method;
# it treats the 569 decisions as independent. Here ten machines made them, and these share most of their patients, so it
# may be a little too narrow.)

# %%
from course.evaluation.intervals import wilson

one_column = X[:, [list(rows[0]).index("worst radius")]]
decisions = {
    "majority": cross_val_predict(DummyClassifier(), X, labels, cv=folds),
    "one column": cross_val_predict(straight(), one_column, labels, cv=folds),
    "our machine": cross_val_predict(straight(), X, labels, cv=folds),
    "SVC, curved": cross_val_predict(make_pipeline(StandardScaler(), SVC()), X, labels, cv=folds),
}
for name, decided in decisions.items():
    share, low, high = wilson(np.sum(decided == labels), len(labels))
    print(f"{name:12} right {share:.1%} (95 % interval {low:.1%} to {high:.1%}),",
          f"malignant tumours missed: {np.sum((labels == 1) & (decided == 0))} of 212")

# %% [markdown]
# And how much does the price matter? Four fixed prices on the same folds, to look at, not to choose from:

# %%
for C in (0.01, 0.1, 1, 10):
    decided = cross_val_predict(make_pipeline(StandardScaler(), LinearSVM(C=C)), X, labels, cv=folds)
    print(f"C = {C:<4}: right about {np.sum(decided == labels)} of 569, malignant tumours missed:",
          np.sum((labels == 1) & (decided == 0)))

# %% [markdown]
# Read it with care.
#
# - The majority is right about more than six in ten and misses *every* malignant tumour. A share right says little
#   without something to compare it with.
# - **A border at a single size** is already right about nine in ten. That is the bar, not 50 %.
# - Thirty columns and a straight border do better: the intervals of the two do not meet.
# - Straight or curved makes no difference that 569 patients could show: the intervals overlap almost entirely.
# - The price moves the share right by one or two in a hundred, and the missed tumours by nearly four in a hundred.
# - The missed tumours are what matters at the bedside, and a border at the score 0 counts a missed one no dearer than a
#   false alarm. [Lesson 12](12_comparing_classifiers.ipynb) moves the border.
#
# And these are patients of the same hospital. What happens elsewhere, no cross-validation can say.

# %% [markdown]
# ## Traps
#
# - **Labels 0 and 1.** *Symptom*: every tumour gets the same decision; no error. *Cure*: $-1$ and $+1$ inside the
#   machine; `2 * labels - 1`.
# - **The missing regulariser.** *Symptom*: any line that tells the patients apart passes every test. *Cure*: check $P$
#   by hand for two lines that both have no hinges; it must differ.
# - **One sum for two.** *Symptom*: the best $C$ changes with the number of patients. *Cure*: $\lVert w \rVert^2$ sums
#   over features, the hinge over patients; finish each sum before they meet.
# - **The penalised intercept.** *Symptom*: adding a number to a column changes decisions. *Cure*:
#   `SVC(kernel="linear")` or another machine with a free intercept; centring only reduces the harm.
# - **The score taken for the decision, or for a probability.** *Symptom*: labels of 3.2; "500 per cent". *Cure*: its
#   sign decides; a distance is $|s| / \lVert w \rVert$; a probability it is not.
# - **Columns as they come.** *Symptom*: the walk creeps or explodes; `SVC()` sees the areas alone. *Cure*: standardise,
#   inside the folds.
# - **The last step taken for the best.** *Symptom*: one step more and $P$ is higher. *Cure*: shrinking steps; keep the
#   best place.
# - **scikit-learn's labels.** *Symptom*: "the share of cancers found" turns out to be about benign tumours. *Cure*: its
#   0 is malignant; turn the labels once, where the table comes in.

# %% [markdown]
# ## Recap
#
# A line gives scores, their sign decides, and the widest strip between the classes is the one with the smallest $\lVert
# w \rVert$ at which all margins reach 1. The hinge says what a patient costs who is not clear of the strip, $C$ is its
# price, and $P$ weighs both in two separate sums with a free intercept. Sub-gradient descent with shrinking steps finds
# the lowest $P$, though only on standardised columns, and the result agrees with `SVC` but not with `LinearSVC`. On
# patients it has not seen, the straight border beats a border at a single size, and that beats the majority.

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
# - (c) penalise the intercept
#
# <details><summary>Answer</summary>
#
# (b). A lower price for hinges gives more weight to a small $\lVert w \rVert$. (a) does the opposite. (c) concerns
# where the line stands, and makes that depend on where zero is.
# </details>
#
# **5. A colleague** reports that `SVC(gamma="auto")` is right about 100 % of the raw table. What do you ask first?
#
# - (a) how many support vectors it has
# - (b) whether these were the patients it had learnt from
# - (c) which computer was used
#
# <details><summary>Answer</summary>
#
# (b). Section 7 has this very machine: 100 % on those it learnt from, and the majority's share on others. (a) is worth
# a question later: when almost every patient is a support vector, the machine has learnt by heart.
# </details>

# %% [markdown]
# ## Sources
#
# - C. Cortes, V. Vapnik. Support-vector networks. *Machine Learning* 20, pages 273 to 297, 1995.
#   [doi 10.1007/BF00994018](https://doi.org/10.1007/BF00994018). The soft margin.
# - S. Shalev-Shwartz, Y. Singer, N. Srebro, A. Cotter. Pegasos: primal estimated sub-gradient solver for SVM.
#   *Mathematical Programming* 127, pages 3 to 30, 2011.
#   [doi 10.1007/s10107-010-0420-4](https://doi.org/10.1007/s10107-010-0420-4). The walk with shrinking steps, studied.
# - O. Chapelle. Training a support vector machine in the primal. *Neural Computation* 19, pages 1155 to 1178, 2007.
#   [doi 10.1162/neco.2007.19.5.1155](https://doi.org/10.1162/neco.2007.19.5.1155). Newton's method on a rounded hinge.
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *SPIE* 1905,
#   pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The table.
# - R.-E. Fan, K.-W. Chang, C.-J. Hsieh, X.-R. Wang, C.-J. Lin. LIBLINEAR: a library for large linear classification.
#   *Journal of Machine Learning Research* 9, pages 1871 to 1874, 2008. What `LinearSVC` calls.
# - scikit-learn, [Support vector machines](https://scikit-learn.org/stable/modules/svm.html), with the formulas of
#   `SVC` and `LinearSVC`.

# %% [markdown]
# ## Next
#
# [Lesson 10](10_kernels_and_duality.ipynb) looks at the same machine from the other side: from the support vectors,
# which leads to curved borders and to a proof that one has arrived. [Lesson 12](12_comparing_classifiers.ipynb) sets it
# beside other classifiers. [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), trains a network on
# pictures and has to beat the machine of this page.
