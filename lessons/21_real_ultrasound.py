# %% [markdown]
# # Judge real ultrasound, and find the twins in its test
#
# A published test of 156 pictures has ranked dozens of networks. Before you trust a rank, ask how many women those
# pictures show, whether some of them were in the training as well, and which way round the labels are.
#
# ## What you will do
# - Read a public data set with its traps: turned labels, "normal" among the benign (quiz).
# - Compare all pictures with all others (exercise 21.1).
# - Gather twins, and twins of twins, into groups (exercise 21.2).
# - Measure what twins are worth to a classifier, and read a published table with its noise (quiz).
#
# **What you need.** AUC and out of fold, [lesson 12](12_comparing_classifiers.ipynb); the borrowed network,
# [lesson 17](17_transfer_learning.ipynb); intervals by patient, [lesson 19](19_evaluating_a_diagnosis.ipynb).
#
# **How long.** About 59 minutes.
#
# **What this is not.** The pictures are real, the networks are exercises: nothing here is fit to judge a patient.

# %% [markdown]
# ## 1. 780 pictures, and which of them is a 1?
#
# The collection **BUSI** holds 780 ultrasound pictures of breasts, from 600 women in one hospital in Cairo (Al-Dhabyani
# and others). **BreastMNIST** (Yang and others) split them for everybody: 546 training, 78 validation, 156 test
# pictures. No picture stands in this course; this page works from stored numbers, and shows pictures only where you
# have fetched the file. How many of each kind?

# %%
from course.reproduce import tables_21
from course.reproduce.store import result

kinds = result(21)["twins"]["kinds"]
print(kinds, "together", sum(kinds.values()))

# %% [markdown]
# BreastMNIST asks one question, malignant or not. So "benign" there means *benign or normal*: 133 pictures without any
# lesion sit among them. A surgeon asks another question: *this* lump, is it malignant? We report both.
#
# And the file says **0 = malignant**. A public model card of 2026 reports "malignant recall 107 of 114, benign recall
# 29 of 42". The test holds 42 malignant pictures and 114 others. **Predict:** what is this model's sensitivity?

# %%
from course.evaluation.intervals import wilson

for name, found, of in (("as reported", 107, 114), ("with the names put right", 29, 42)):
    print("{:25} sensitivity {:.2f} ({:.2f} to {:.2f})".format(name, *wilson(found, of)))

# %% [markdown]
# The report was wrong, whatever the network. Two names had changed places, and a model that misses nearly a third of
# the cancers looked like one that finds almost all. The counts gave it away: look at the *denominators* first. The
# course turns the labels once, on reading, and has a test for it.
#
# ## 2. How alike are two pictures?
#
# 600 women, 780 pictures: some women have several. Whose is whose has not been published, so nobody can split by
# patient. What can be done is to look for pictures that are *nearly the same*: two frames of one scan, the same frame
# with and without marks. Call them **twins** (in papers: near-duplicates).
#
# The measure is the **correlation** $r$ (Pearson's). Take four grey values as a picture. From each value take the
# picture's own mean; the *length* is the root of the sum of squares; $r$ is the sum of products over both lengths.
#
# | picture | mean | deviations | length |
# |---|---|---|---|
# | A = 1, 2, 3, 6 | 3 | -2, -1, 0, 3 | $\sqrt{14}$ |
# | B = 12, 14, 16, 22 | 16 | -4, -2, 0, 6 | $2\sqrt{14}$ |
# | C = 6, 3, 2, 1 | 3 | 3, 0, -1, -2 | $\sqrt{14}$ |
#
# A with B: $(8 + 2 + 0 + 18) / 28 = 1$. B is A with more light and more contrast: a twin. A with C:
# $(-6 + 0 + 0 - 6)/14 = -0.86$, nearly a negative of it. In a loop, for two pictures:

# %%
import numpy as np


def correlation(one, other):
    """Return r of two pictures (h, w), uint8."""
    one, other = one.astype(float) - one.mean(), other.astype(float) - other.mean()
    product = squares = others = 0.0
    for a, b in zip(one.ravel(), other.ravel(), strict=True):
        product, squares, others = product + a * b, squares + a * a, others + b * b
    return product / (squares * others) ** 0.5

A, B, C = (np.array(row, np.uint8) for row in ([1, 2, 3, 6], [12, 14, 16, 22], [6, 3, 2, 1]))
print(round(correlation(A, B), 2), round(correlation(A, C), 2))

# %% [markdown]
# ### Exercise 21.1 - all pictures with all others
#
# 780 pictures make some 300,000 pairs; the loop would take hours. Give all correlations at once, as one matrix. A
# picture of a single grey value has the length 0: its correlations are to be 0.

# %%
# Exercise 21.1 - correlations of all pictures
import numpy as np

from course.checks import check


def correlations(pictures):
    """Return r of each picture with each, (n, n). pictures: uint8 (n, h, w)."""
    ### BEGIN SOLUTION
    x = pictures.reshape(len(pictures), -1).astype(float)
    x = x - x.mean(axis=1, keepdims=True)
    length = np.linalg.norm(x, axis=1, keepdims=True)
    x = x / np.where(length == 0, 1, length)
    return x @ x.T
    ### END SOLUTION

check("21.1", correlations)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What becomes of the sum of products when every row has been divided by its length before?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# One picture a row; each row loses its mean and is divided by its length; then a product of two matrices.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `pictures.reshape(n, -1)`, `mean(axis=1, keepdims=True)`, `np.linalg.norm(..., axis=1, keepdims=True)`, `x @ x.T`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# For `np.array([[A], [C]])` the matrix has ones on its diagonal and -0.86 beside it.
# </details>
#
# The course shrinks each picture to 16 x 16 first: cheaper, and small shifts or marks count less. On a drawn field of
# cells, three copies of it, and another patient's field. **Predict:** which copy escapes?

# %%
from course.data.cytology import draw
from course.data.twins import prints_of

field = draw(0, 224)[..., 1]
other = draw(1, 224)[..., 1]
copies = {"paler": field // 2 + 90, "cut": np.pad(field[8:-8, 8:-8], 8, mode="edge"),
          "mirrored": field[:, ::-1], "another patient": other}
prints = prints_of(np.stack([field, *copies.values()]))
for name, r in zip(copies, prints[1:] @ prints[0], strict=True):
    print(f"{name:16} {r:.2f}")

# %% [markdown]
# The mirrored copy does. The measure finds what is nearly the same *in place*, and a twin that was turned or
# scanned a centimetre further on goes unseen. What we count below is a lower bound.
#
# ## 3. Twins of twins
#
# Frames 1 and 2 are twins, so are 2 and 3, while 1 and 3 have drifted apart. In a fair split all three stay on one
# side. A **group** holds everybody who can be reached from twin to twin (in graph theory: a *connected component*).
#
# With the rows 0 to 5 and the pairs (4, 1), (2, 5), (5, 4): 1 and 4 belong together, 2 and 5 as well, and the last pair
# joins both: {1, 2, 4, 5}. Rows 0 and 3 stay alone. As name of a group take its smallest row: 0, 1, 1, 3, 1, 1.
#
# ### Exercise 21.2 - groups

# %%
# Exercise 21.2 - groups of twins
from course.checks import check


def groups(n, pairs):
    """Return for each of n rows the smallest row of its group, (n,).

    pairs: list of (i, j), twins, in any order.
    """
    ### BEGIN SOLUTION
    group = list(range(n))
    for i, j in pairs:
        keep, gone = sorted((group[i], group[j]))
        group = [keep if one == gone else one for one in group]
    return group
    ### END SOLUTION

check("21.2", groups)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# When the pair (5, 4) comes, row 2 already carries the name of row 5's group. Who tells row 2?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Begin with everybody alone. At each pair rename one whole group.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `group = list(range(n))`; for each pair the smaller and the larger name; every row with the larger gets the smaller.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `groups(6, [(4, 1), (2, 5), (5, 4)])` is 0, 1, 1, 3, 1, 1.
# </details>
#
# From which correlation on are two pictures twins? Here is what hangs on the rule, counted on all 780. (If you have
# fetched the file, `twins_figure()` from `course.widgets.lesson_21` shows the largest groups.)

# %%
tables_21.rules()

# %% [markdown]
# ### Experiment: the rule
#
# Three states first: 0.9, 0.97 and 0.999.

# %%
from course.widgets.lesson_21 import rules_figure

rules_figure()

# %% [markdown]
# *Figure: three counts, on a logarithmic axis, against eleven rules from 0.9 to 0.999, evenly spaced. Pairs fall from
# over two thousand to below a hundred, pictures in groups from about five hundred to about one hundred. The largest
# group holds 270 pictures at a, 0.9, and seven or fewer from 0.95 on (b is 0.97, c 0.999).*

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_21 import rules, rules_panel
from course.widgets.panel import Panel

Panel(rules_panel, "Pairs, pictures in groups, and the largest group; rings mark the chosen rule.",
      rule=SelectionSlider(options=rules(), value=0.97))

# %% [markdown]
# **Try.**
# 1. Go to 0.9. Why does one group swallow a third of all pictures?
# 2. Between 0.96 and 0.98: how much changes?
#
# **Question.** Which rule would you take, if a pair too many costs little and one too few is a leak?
# <details><summary>Answer</summary>
#
# The loosest that does not chain strangers together: by the largest group, 0.95. At 0.9 dark breasts with a bright
# skin line all look alike, and a chain of such likenesses makes a group of 270. The course takes 0.97, from which on
# all pairs looked at show one scene (15 of 15 between 0.97 and 0.98). That is strict: of the 9 pairs between 0.96 and
# 0.97 eight are twins, and they stay apart.
# </details>
#
# By that rule some groups hold *both* labels: nearly the same picture, once called malignant and once not. One of the
# two labels is probably wrong; somebody must look. Others found copies and doubtful labels by other means (Pawłowska
# and others).

# %% [markdown]
# ## 4. What is a twin worth?
#
# Two quick judges, out of fold, five folds, repeated five times with new folds. **nearest** calls a picture what its
# most similar training picture is called: it knows nothing, it remembers. **frozen** is the logistic regression on
# [lesson 17](17_transfer_learning.ipynb)'s 1,280 numbers. Each is judged twice: with folds drawn by picture, so that
# twins are torn *apart*, and with folds that keep groups *together*. **Predict** both falls.

# %%
tables_21.leak().round(3)

# %% [markdown]
# The gap is paired, on the same pictures, its interval drawn by group. Memory alone reached an AUC above 0.8, and
# about half of its lead over a coin was twins. The frozen features lose less, but they lose. What a trained network
# loses was not measured: none was trained both ways.
#
# So the honest number comes from folds with **twins together**, over *all* 780 pictures: five times as many as the
# official test has. Three ways, one training a fold: **scratch**, the repaired network of
# [lesson 14](14_breast_cancer_cnn.ipynb) at 150 pixels; **fine-tuned**, [lesson 17](17_transfer_learning.ipynb)'s, at
# 224; **frozen**. And means of their probabilities. **Predict** the order, and whether the mean beats its best part.

# %%
tables_21.folds().drop(columns=["sensitivity", "specificity"]).round(3)

# %% [markdown]
# `low` and `high`: the interval by group. *lesions only* leaves the normal breasts out. The same as a picture:

# %%
from course.widgets.lesson_21 import folds_figure

folds_figure()

# %% [markdown]
# *Figure: five dots with bars, the AUC out of fold of each model with its interval. Frozen and scratch stand at about
# 0.89 and 0.90; fine-tuned and the two means between 0.93 and 0.94. Every bar reaches about 0.03 to the left and 0.02
# to 0.026 to the right.*
#
# Bars that overlap decide nothing, since all models judged the same pictures. So pair by pair, first against frozen,
# then against fine-tuned:

# %%
for other in ("frozen", "fine-tuned"):
    print("minus", other)
    print(tables_21.against(other).round(3))

# %% [markdown]
# Fine-tuned is ahead of frozen features and of the network from scratch; scratch and frozen cannot be told apart. (The
# intervals speak of other pictures, not of other seeds: each fold was trained once. And scratch saw 150 pixels,
# fine-tuned 224.) The means *look* no worse, and are not shown to be better: their intervals against fine-tuned hold
# 0. Without the normal breasts the numbers are nearly the same. And at a probability of 0.5?

# %%
tables_21.folds()[["sensitivity", "specificity"]].round(2)

# %% [markdown]
# Every model misses about a quarter of the cancers or more: an AUC of 0.93 is no sensitivity. ([Lesson
# 19](19_evaluating_a_diagnosis.ipynb) moves the threshold.)
#
# ## 5. The official test, already opened
#
# Now the published split, on which everybody is ranked. Every choice was made on training and validation pictures;
# five seeds were fine-tuned, and each model saw the 156 test pictures once, for [lesson
# 17](17_transfer_learning.ipynb).

# %%
tables_21.official().drop(columns="lesions only").round(3)

# %% [markdown]
# *no twin*: the 92 test pictures without a twin, by this rule, in training or validation; *twin seen*: the other 64.
# `low` and `high` are DeLong's here, by picture. The last rows are [lesson 14](14_breast_cancer_cnn.ipynb)'s, from
# scratch.
#
# Two surprises. One recipe, five seeds: the AUC moves by more than 0.03, by the luck of training alone. And without
# the twins no AUC falls by more than 0.002. Did the leak do no harm? Nobody can say from this test: the 64 hold 10
# malignant pictures. In section 4, with 780 pictures, each judged both ways, the harm did show. So the twins are a
# fault of the *test*, whether or not they flattered these networks.
#
# Beside it the published table (Doerrich and others: networks from ImageNet, trained end to end, three seeds each, the
# best size of each network picked here by its test result):

# %%
for name, (area, deviation, accuracy) in tables_21.PUBLISHED.items():
    print(f"{name:24} AUC {area:.3f} (seeds' deviation {deviation:.3f}), accuracy {accuracy:.3f}")
print("141 right of 156: {:.3f} ({:.3f} to {:.3f})".format(*wilson(141, 156)))

# %% [markdown]
# Can you rank them? The deviation over seeds says how far *training* shakes. It says nothing of the women who happened
# to be in the test, of whom nobody knows how many stand behind 156 pictures. The last line shows how wide *that* noise
# is for one accuracy. A comparison on the same pictures would be sharper, but needs each network's scores, and those
# are not published. So the lead of an old AlexNet over this page's networks is not shown, nor is the reverse.
#
# ## 6. What is left
#
# - **Other women.** One hospital, one maker of scanners. Nothing here says what happens elsewhere.
# - **Marks.** Many pictures carry the cross-shaped marks (*calipers*) of whoever measured the lump. If suspicious ones
#   are measured more often, that is a shortcut, as in [lesson 20](20_looking_inside.ipynb).
# - **The share of cancers.** 27 % here, far fewer in a screening; [lesson 19](19_evaluating_a_diagnosis.ipynb)'s
#   arithmetic applies.
# - **Unseen twins.** Mirrored, shifted, another plane of the same woman.
#
# **Deeper.** [The deeper page](21_real_ultrasound_deeper.ipynb) asks whether the network looks at the lesion, and
# builds the interval by group.

# %% [markdown]
# ## Traps
#
# - **Labels taken on trust.** *Symptom*: 107 of 114 found, where 42 exist. *Cure*: count each class before any result.
# - **A split by picture.** *Symptom*: remembering looks like knowing. *Cure*: groups on one side.
# - **Only direct twins.** *Symptom*: a group torn in its middle. *Cure*: follow twins of twins.
# - **A rule too loose.** *Symptom*: one giant group. *Cure*: look at pairs near the border.
# - **The best row of a table.** *Symptom*: 0.001 more than the last paper. *Cure*: the interval, on the same pictures.

# %% [markdown]
# ## Recap
#
# BreastMNIST calls malignant 0 and counts normal breasts as benign. Correlation of small pictures finds twins; groups
# follow twins of twins. With twins torn apart a judge that only remembers looked good; with groups together it lost
# about half of its lead over a coin. The main number is out of fold over all pictures, twins together, with intervals
# by group. The table of published networks cannot be ranked from what was published: that needs each network's scores
# on the same pictures.

# %% [markdown]
# ## Quiz
#
# **1. Turned.** A report on BreastMNIST says "sensitivity 0.94, from 114 malignant test pictures". You conclude:
#
# - (a) a good network
# - (b) the classes' names have changed places
# - (c) the test is too small
#
# <details><summary>Answer</summary>
#
# (b). The test holds 42 malignant pictures; 114 is the number of the others. So (a) is not known; and (c) is true of
# any number from this test, but does not explain 114.
# </details>
#
# **2. Leak.** Which judge gains most from twins torn apart?
#
# - (a) one that asks the most similar training picture
# - (b) one that always says benign
# - (c) logistic regression on few features
#
# <details><summary>Answer</summary>
#
# (a): it finds the twin and copies its label. (b) never looks; (c) cannot hold single pictures in few weights.
# </details>
#
# **3. Group.** Pairs (0, 1) and (1, 2) are twins; 0 and 2 correlate by 0.93. Where may they go?
#
# - (a) 0 to training, 2 to the test
# - (b) 1 to the test, the others to training
# - (c) all three to one side
#
# <details><summary>Answer</summary>
#
# (c). Whatever links 0 to 2 is the same scene. (a) leaves 1 on a side where it meets a twin; (b) tears two pairs.
# </details>
#
# **4. Rank.** Two published networks have AUC 0.940 and 0.924 on the same 156 pictures, seeds' deviation 0.01. You say:
#
# - (a) the first is better
# - (b) they are equal
# - (c) their scores on the same pictures are needed
#
# <details><summary>Answer</summary>
#
# (c). A paired interval would tell; the deviation over seeds leaves out which women were tested, so not (a); and
# unknown is not equal (b).
# </details>

# %% [markdown]
# ## Sources
#
# - W. Al-Dhabyani, M. Gomaa, H. Khaled, A. Fahmy. Dataset of breast ultrasound images. *Data in Brief* 28 (2020)
#   104863.
# - J. Yang and others. MedMNIST v2. *Scientific Data* 10 (2023) 41. BreastMNIST: CC BY 4.0.
# - A. Pawłowska, P. Karwat, N. Żołek. Letter to the editor, re: Dataset of breast ultrasound images. *Data in Brief* 48
#   (2023) 109247.
# - S. Doerrich and others. Rethinking model prototyping through the MedMNIST+ dataset collection. *Scientific Reports*
#   15 (2025) 7669.
# - The turned labels: [model card](https://huggingface.co/habib-analyst/sonocnn), as read in 2026.
#
# ## Next
#
# [Lesson 22](22_detection_and_measurement.ipynb) asks where a lesion is, and how large. [The deeper
# page](21_real_ultrasound_deeper.ipynb) lays the network's maps over the outlines of the lesions.
