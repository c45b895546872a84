# %% [markdown]
# # Measure an outline, refute a formula, and see how far one number goes
#
# Size is a count of pixels. Roundness is not, and a published formula for it cannot be true. A diagnosis that rests on
# measured numbers has to know both.
#
# ## What you will do
# - Test what "error" and "worst" mean in a famous table, with your own three numbers (exercise 3.3).
# - Find out which formula for roundness that table must have used, against its own description (exercise 3.4).
# - Repair a threshold under uneven light, and see the repair fail (quiz).
# - Judge patients by one measured number (quiz).
#
# **What you need.** [Lesson 03](03_measuring_nuclei.ipynb).
#
# **How long.** About 70 minutes.
#
# **What this is not.** A tool for patients. The cells are *drawn from measurements, not photographs*.

# %% [markdown]
# ## 1. Uneven light
#
# Turn the lamp so that the right edge of the slide gets half the light of the left one. The cells are the same.
# **Predict** the overlap that Otsu's cut of the red channel reaches, before and after.

# %%
import numpy as np
from skimage.filters import threshold_otsu

from course.data.cytology import draw, draw_mask
from course.widgets.lesson_03 import dice

picture, truth = draw(22), draw_mask(22) > 0

# %% [markdown]
# The lamp dims evenly from left to right:

# %%
lamp = np.linspace(1, 0.5, 150)[np.newaxis, :, np.newaxis]
dim = (picture * lamp).astype(np.uint8)
for name, light in (("even light", picture[..., 0]), ("tilted lamp", dim[..., 0])):
    print(f"{name:12} Dice {dice(light <= threshold_otsu(light), truth):.2f}")

# %% [markdown]
# Otsu's two classes have become the bright side and the dim side.
#
# **Physics helps.** A layer of dye lets a fixed *share* of the light through, and a second layer the same share of the
# rest. So shares multiply, and their logarithms add up (Beer and Lambert's law): the optical density tells how much
# dye there is, whatever the lamp. By hand: ground 200, nucleus 50, so $D = \log_{10} 4 = 0.60$. At half the light: 100
# and 25. **What is $D$ now?** The same 0.60. But how do we know the light of the empty slide, $I_0$, under a nucleus?
# `stain_density` fits a plane through the brighter half of the pixels, which are mostly ground.

# %%
from course.imaging.segmentation import stain_density
from course.plots import show_pictures

dim_density = stain_density(dim)
by_light, by_density = dim[..., 0] <= threshold_otsu(dim[..., 0]), dim_density > threshold_otsu(dim_density)
print(f"tilted lamp, by density: Dice {dice(by_density, truth):.2f}")
show_pictures([dim, by_light, by_density], ["tilted lamp", "Otsu on the light", "Otsu on the density"], 3, size=2.6)

# %% [markdown]
# *Figure: the same fifteen nuclei, with the right side of the picture dark. In the middle, Otsu's cut of the light: the
# whole right part is white, ground and nuclei alike. On the right, Otsu's cut of the density: the fifteen nuclei, white
# on black, some touching, some with holes.*
#
# A plane bends nowhere. **Break it:** what if the lamp is brightest in the middle and falls off on all sides?

# %%
y, x = np.mgrid[-1:1:150j, -1:1:150j]
for loss in (0.1, 0.25, 0.35):
    round_lamp = (picture * (1 - loss * (x**2 + y**2))[..., np.newaxis]).astype(np.uint8)
    cut_density = stain_density(round_lamp)
    mask = cut_density > threshold_otsu(cut_density)
    print(f"{2 * loss:.0%} less light in the corners: Dice {dice(mask, truth):.2f}")

# %% [markdown]
# A little is forgiven, more is not. This repair rests on an assumption, that the light is a tilted plane, and fails
# where that is badly wrong. (The usual cure is a photograph of an empty slide, and dividing by it.)

# %% [markdown]
# ## 2. Is the table's "error" a standard error?
#
# ### Exercise 3.3 - mean, error, worst
#
# Write the three numbers of the core page.

# %%
# Exercise 3.3 - from nuclei to one patient
import numpy as np

from course.checks import check


def summarise(values):
    """Return (mean, standard error, worst) of one feature. values: (n,) of n >= 3 nuclei, in any order."""
    ### BEGIN SOLUTION
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    return np.mean(values), error, np.sort(values)[-3:].mean()
    ### END SOLUTION

check("3.3", summarise)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# By which number does `np.std(values)` divide, and which one is asked? (Try it on the five radii.)
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `np.std(values, ddof=1)` divides by $n - 1$. A slice `[-3:]` holds the last three, and they are the largest only of a
# row that has been sorted. `np.sort(values)` makes a sorted copy; `values.sort()` changes what you were given.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return np.mean(values), ... / np.sqrt(len(values)), np.sort(values)[...].mean()`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The five radii: 6, 1.14, 7.67.
# </details>
#
# The table's description says that its "error" is the standard error. Do not take its word. Ask the numbers: how many
# "errors" does the worst lie above the mean?

# %%
from course.data.cytology import table
from course.imaging.measurement import FEATURES

patients, diagnoses = table()
column = {name: np.array([patient[name] for patient in patients]) for name in patients[0]}

def errors_above(name):  # the median over the patients of (worst - mean) / error
    some = column[f"{name} error"] > 0
    gap = column[f"worst {name}"] - column[f"mean {name}"]
    return np.median(gap[some] / column[f"{name} error"][some])

print(*(f"{name} {errors_above(name):.1f}" for name in FEATURES), sep=", ")

# %% [markdown]
# Between 5 and 6 for all ten. How far above the mean does the worst lie in standard *deviations* $s$, for $n$ values
# from a bell curve (a *normal distribution*), and how far in standard errors? Simulated 4,000 times; beside it the most
# that is possible, when all but three values are alike:

# %%
rng = np.random.default_rng(3)
for n in (10, 15, 20, 83):
    values, twins = rng.normal(size=(4000, n)), np.r_[np.zeros(n - 3), np.ones(3)]
    gaps = (np.sort(values)[:, -3:].mean(axis=1) - values.mean(axis=1)) / values.std(axis=1, ddof=1)
    print(f"n = {n}: {gaps.mean():.1f} s or {gaps.mean() * np.sqrt(n):.1f} standard errors;",
          f"at most {(1 - twins.mean()) / twins.std(ddof=1):.1f} s")

# %% [markdown]
# If "error" were the standard deviation, a typical patient would need at least 83 nuclei for the radius, all but three
# of them twins. As a standard error, 15 ordinary nuclei give what the table shows. So the standard error fits, and the
# standard deviation does not; and a typical picture had some 15 nuclei, if their values are spread like a bell curve.
# That is why the drawn fields have fifteen.

# %% [markdown]
# ## 3. How long is the way round?
#
# Area is a count. A *perimeter* is not, though many programs count it. Take a disc, whose true perimeter is $2 \pi r$,
# drawn on pixels with a soft edge:

# %%
def disc(radius, centre):
    "Return a picture uint8 (60, 60) of a dark disc with a soft edge, and its mask. All in pixels."
    y, x = np.mgrid[:60, :60]
    outside = np.hypot(y - centre[0], x - centre[1]) - radius
    return np.round(80 + 150 * np.clip(outside + 0.5, 0, 1)).astype(np.uint8), outside <= 0

# %% [markdown]
# Four ways to its perimeter:
#
# - **edge pixels**: count the pixels of the mask that touch the ground.
# - **pixel sides**: add up the sides between mask and ground.
# - **Crofton**: count how often lines in four directions cross the edge, and average.
# - **sub-pixel**: use the grey levels, not the mask. Where the picture is half-way between inside and outside, there is
#   the edge, also between two pixels. Join these points, add up the pieces.
#
# **Predict**: which of them are too short, which too long? (For pixel sides: think of a staircase.)

# %%
from scipy.ndimage import binary_erosion
from skimage.measure import find_contours, perimeter_crofton


def line_length(grey):  # of the contour at the level half-way between 80 and 230
    points = max(find_contours(grey.astype(float), 155), key=len)
    return np.linalg.norm(np.diff(points, axis=0), axis=1).sum()

ways = {
    "edge pixels": lambda grey, mask: np.sum(mask & ~binary_erosion(mask)),
    "pixel sides": lambda grey, mask: sum(np.abs(np.diff(mask.astype(int), axis=axis)).sum() for axis in (0, 1)),
    "Crofton": lambda grey, mask: perimeter_crofton(mask, 4),
    "sub-pixel": lambda grey, mask: line_length(grey),
}

# %% [markdown]
# Twenty discs of each radius, their centres anywhere between the pixels; the mean error in per cent:

# %%
import pandas as pd

rng = np.random.default_rng(5)
centres = 30 + rng.uniform(-0.5, 0.5, (20, 2))
errors = {f"r = {r} px": {name: 100 * np.mean([way(*disc(r, c)) for c in centres]) / (2 * np.pi * r) - 100
                          for name, way in ways.items()} for r in (4, 6, 9, 15)}
pd.DataFrame(errors).round(1)

# %% [markdown]
# - **Edge pixels** are more than a tenth short. A diagonal step counts as 1, which costs a tenth at every size; and the
#   middles of these pixels lie inside the edge, which costs a small disc more. So the error *changes with the size*,
#   and no constant factor repairs it.
# - **Pixel sides** are 27 % too long, at every size. A staircase is as long as its two straight sides together, $8r$
#   instead of $2 \pi r$, and $8 / 2\pi = 1.27$. **Finer pixels do not help**: the steps get smaller, and more.
# - **Crofton** and **the sub-pixel line** are within 1 %; the second uses what the mask has thrown away.

# %% [markdown]
# ## 4. A formula that cannot be true
#
# How far is an outline from round? One of the ten features of the table is called *compactness*. scikit-learn ships the
# table with the description that its authors gave to the data in 1995:

# %%
from sklearn.datasets import load_breast_cancer

print(*(line for line in load_breast_cancer().DESCR.splitlines() if "perimeter^2" in line))

# %% [markdown]
# So $\frac{p^2}{a} - 1$, with the perimeter $p$ and the area $a$. **Work out on paper what a circle gets**, with $p = 2
# \pi r$ and $a = \pi r^2$. Does its size matter?

# %%
for r in (1, 10):
    p, a = 2 * np.pi * r, np.pi * r**2
    print(f"circle of radius {r:2}: p^2 / a - 1 = {p**2 / a - 1:.2f}")

# %% [markdown]
# $4\pi - 1 = 11.57$, whatever the size. And no outline can have less: of all outlines with the same area the circle is
# the one with the shortest way round; that is proved, as the *isoperimetric inequality*. **Predict** the range of the
# table's column, then look.

# %%
stored, p, a = column["mean compactness"], column["mean perimeter"], column["mean area"]
as_described = p**2 / a - 1
print(f"the table's mean compactness: {stored.min():.3f} to {stored.max():.3f}")
print(f"p^2 / a - 1 from the table's own columns: {as_described.min():.1f} to {as_described.max():.1f}")
print(f"correlation of the two: {np.corrcoef(as_described, stored)[0, 1]:.2f}")

# %% [markdown]
# Not one of 569 patients comes near 11.57. (Other copies of the authors' text leave out the "- 1"; then a circle has
# 12.57, which is no better.) The *correlation*, 1 where two columns rise and fall together exactly and 0 where there is
# no tendency, is high, so the ingredients are right; but a correlation is blind to a wrong factor. Only the *scale*
# gives it away. **Which one change makes the formula plausible?** Larger is to mean less round. What should the
# roundest of all outlines get, on a scale that ends in "$- 1$"?
#
# ### Exercise 3.4 - compactness, as it must have been
#
# Find that formula, and apply it to a contour. A contour is a list of $n$ points $(y_k, x_k)$, joined in order, the
# last one to the first. Its perimeter is the sum of the lengths of the pieces, and its area (the "shoelace" formula)
#
# $$a = \frac{1}{2} \left| \sum_{k=1}^{n} \left( y_k\, x_{k+1} - y_{k+1}\, x_k \right) \right|$$
#
# where point $n + 1$ is point 1 again. A triangle by hand, (0, 0), (0, 4), (3, 0): the pieces are 4, 5 and 3 long, so
# $p = 12$; of the three products only $0 \cdot 0 - 3 \cdot 4 = -12$ is not 0, so $a = 6$.

# %%
# Exercise 3.4 - compactness of a contour
import numpy as np

from course.checks import check


def compactness(contour):
    """Return the compactness of a closed contour, a number. contour: (n, 2), rows and columns of its points."""
    ### BEGIN SOLUTION
    following = np.roll(contour, -1, axis=0)
    p = np.linalg.norm(following - contour, axis=1).sum()
    (y, x), (y_next, x_next) = contour.T, following.T
    a = abs(np.sum(y * x_next - y_next * x)) / 2
    return p**2 / (4 * np.pi * a) - 1
    ### END SOLUTION

check("3.4", compactness)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# $p^2 / a$ of a circle is a number that does not depend on its size. Which? What must you do with it to get 1?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Divide $p^2 / a$ by its value for a circle, then take 1 away: a circle gets 0, everything else more. For the pieces:
# `np.roll(contour, -1, axis=0)` holds, for each point, the next one, and closes the line by itself.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `following = np.roll(contour, -1, axis=0)`, `p = np.linalg.norm(..., axis=1).sum()`, `a = abs(np.sum(...)) / 2`, and
# the formula. Mind the brackets below the fraction line.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The triangle of the text gets 0.91; a square gets 0.27.
# </details>
#
# <details><summary>Passed, or stuck? The formula</summary>
#
# For a circle $p^2 / a = 4 \pi$. So the candidate is $\dfrac{p^2}{4 \pi a} - 1$.
# </details>
#
# Does it give the table's values from the table's own perimeters and areas?

# %%
candidate = p**2 / (4 * np.pi * a) - 1
ratio = stored / candidate
print(f"candidate {candidate.min():.3f} to {candidate.max():.3f}, stored {stored.min():.3f} to {stored.max():.3f}")
print(f"stored / candidate: median {np.median(ratio):.2f}, half of the patients {np.percentile(ratio, 25):.2f} to",
      f"{np.percentile(ratio, 75):.2f}; nine in ten {np.percentile(ratio, 5):.2f} to {np.percentile(ratio, 95):.2f}")

# %% [markdown]
# The range fits, and the ratio is near 1, not near 100. Patient by patient:

# %%
from course.widgets.lesson_03 import scatter_figure

scatter_figure({"mean compactness": (candidate, stored)}, diagnoses, ["from mean p and mean a", "stored in the table"])

# %% [markdown]
# *Figure: for each patient the stored compactness against the candidate formula, computed from her mean perimeter and
# mean area; benign dots, malignant triangles. A narrow cloud that rises along the dashed line of equality, nearly all
# of it a little above the line.*
#
# The stored values are somewhat larger for nearly all patients, because the table holds **means**, and a mean of ratios
# is not the ratio of means: the compactness was computed for each nucleus and then averaged; we put the *average*
# perimeter and the *average* area into the formula. Areas grow with the square of the size, so nuclei of *different*
# sizes raise the mean area more than the square of the mean perimeter. **A published formula is a claim, and a table
# can refute it.**
#
# What would compactness have been with the other perimeters of section 3? A round nucleus of radius 6 pixels:

# %%
for name in ("edge pixels", "pixel sides", "Crofton", "sub-pixel"):
    values = [ways[name](*disc(6, c)) ** 2 / (4 * np.pi * disc(6, c)[1].sum()) - 1 for c in centres]
    print(f"{name:12} compactness {round(np.mean(values), 2) + 0:+.2f}")

# %% [markdown]
# With counted edge pixels a disc is "rounder than a circle", below 0, which is impossible. With pixel sides it has 0.6,
# more than any patient of the table has on average: the staircase drowns everything.

# %% [markdown]
# ## 5. All patients: what comes back?
#
# Now the whole chain, 569 times: draw the picture, find the nuclei, measure ten features of each, summarise. Nobody
# tells the program where the nuclei are. (Drawing takes some ten seconds, measuring twenty or thirty.) Kept as well:
# the total area of the nuclei, and how many were found.

# %%
from course.data.cytology import load
from course.imaging.measurement import measure
from course.imaging.segmentation import segment_nuclei
from course.progress import progress

pictures, diagnosis, _ = load()  # diagnosis: 1 malignant, 0 benign, in the order of the table

# %% [markdown]
# `measure` gives the thirty numbers of a picture, named as in the table:

# %%
def measured(picture):
    labels = segment_nuclei(picture)
    return [*measure(picture, labels, pixel_size=2).values(), np.sum(labels > 0) * 2**2, labels.max()]

numbers = np.array([measured(picture) for picture in progress(pictures, "measuring")])

# %% [markdown]
# First the count, which should be fifteen everywhere, and the worst failure, before it is averaged away:

# %%
from course.widgets.lesson_03 import in_a_row, outlined

found, times = np.unique(numbers[:, 31].astype(int), return_counts=True)
print(", ".join(f"{count} nuclei: {n} pictures" for count, n in zip(found, times, strict=True)))
worst = int(numbers[:, 31].argmax())
labels = segment_nuclei(pictures[worst])
in_a_row([outlined(pictures[worst], drawn, times=2) for drawn in (np.zeros_like(labels), labels)],
         [f"patient {worst}", f"{labels.max()} found"])

# %% [markdown]
# *Figure: left, a field of dark nuclei with a coarse pattern of bright grains inside. Right, the outlines: many nuclei
# are broken up into small pieces along the bright grains.*
#
# Mostly right, and where it is wrong, mostly by one. Patient 239 of the core page again: very dark nuclei with bright
# grains. A rule that is better for the typical patient is not better for every one, and a number without a picture
# would have hidden why.
#
# Now each measurement against the table, as a correlation over all patients. **Predict** the best and the worst of the
# ten. (*smoothness*: how much the radius jumps from one contour point to the next. *symmetry*: how unlike the two
# halves are. *concavity*: how deep the dents are. *concave points*: how much of the contour lies in dents. *fractal
# dimension*: how much longer the contour gets under a finer ruler.)

# %% tags=["nbval-ignore-output"]
names = list(table()[0][0])
again = {name: np.corrcoef(numbers[:, k], column[name])[0, 1] for k, name in enumerate(names)}
pd.DataFrame({kind: [again[name] for name in names[10 * k:10 * k + 10]] for k, kind in
              enumerate(("mean", "error", "worst"))}, index=FEATURES).round(2)

# %% [markdown]
# (`names` holds ten means, ten errors, ten worst, in this order, and so does `numbers`.) The last digit may differ from
# machine to machine; what holds on any is asserted:

# %%
assert min(again[f"{kind} {name}"] for kind in ("mean", "worst") for name in ("radius", "area", "perimeter")) > 0.97
assert again["mean texture"] > 0.9 and 0.6 < again["mean concavity"] < again["mean compactness"] < 0.9
assert again["mean fractal dimension"] < 0.4 and again["smoothness error"] < 0.3
print("size comes back, texture too; compactness and concavity in part; fractal dimension hardly")

# %% [markdown]
# **Size** comes back almost perfectly, texture well, compactness and concavity in part: at two units a pixel fine dents
# are lost. Symmetry, smoothness and fractal dimension come back poorly, for two reasons that this table cannot tell
# apart: details of their definitions are not published, so ours are our own, and the drawing does not aim at all of
# them. It is a test of drawing and measuring together. It says nothing about medicine.

# %% [markdown]
# ## 6. How far does one number go?
#
# What must a network beat? Three ways to judge a picture, from thoughtless to careful: call every patient benign (the
# **majority**); **mean brightness**, no nuclei looked for; **total nuclear area**. The rule is a border, chosen where
# most training patients are judged rightly, and judged on the validation patients. Beside it the *AUC*: of all pairs of
# a malignant and a benign patient, the share in which the malignant one has the larger number; 0.5 is a coin. **Write
# down your guess.**

# %%
from course.data.cytology import split_of_patients
from course.evaluation.metrics import auc

split = split_of_patients()
train, new = split == "train", split == "validation"
scores = {"darkness": -pictures.mean(axis=(1, 2, 3)), "total nuclear area": numbers[:, 30]}
print(f"{'majority':18} accuracy {np.mean(diagnosis[new] == 0):.2f}, sensitivity 0, specificity 1, AUC -")
for name, score in scores.items():
    border = max(score[train], key=lambda cut: np.mean((score[train] > cut) == diagnosis[train]))
    right = (score[new] > border) == diagnosis[new]
    print(f"{name:18} accuracy {right.mean():.2f}, sensitivity {right[diagnosis[new] == 1].mean():.2f},",
          f"specificity {right[diagnosis[new] == 0].mean():.2f}, AUC {auc(diagnosis[new], score[new]):.2f}")

# %% [markdown]
# (A constant score puts no pair in order, so the majority has a dash for its AUC.) Two rules on the *same* patients are
# compared by the interval of their difference, not by two intervals side by side. `delong_difference` gives it ([lesson
# 12](12_comparing_classifiers.ipynb) says more):

# %%
from course.evaluation.intervals import delong_difference

gap, _ = delong_difference(diagnosis[new], scores["total nuclear area"][new], scores["darkness"][new])
print(f"AUC of the area less that of the darkness: {gap.estimate:.2f}, 95 % interval {gap.low:.2f} to {gap.high:.2f}")

# %% [markdown]
# - **The majority** finds no tumour at all. An accuracy above 60 % means nothing by itself.
# - **Brightness** is not worthless, although stain and lamp were drawn without regard to the class: large dark nuclei
#   cover more of the field. How much the stain varies was our choice, so the figure says nothing about real slides.
#   There it could be *far* better, for a bad reason: malignant slides stained on another day.
# - **One area** goes most of the way. A network that sees the same pictures and does no better is a slow ruler. [Lesson
#   14](14_breast_cancer_cnn.ipynb) sets one beside it, and beside a classifier of all ten features.

# %% [markdown]
# ## Traps
#
# - **One threshold on uneven light.** *Symptom*: half the picture is nucleus. *Cure*: density against the empty slide.
# - **Counting pixels for a perimeter.** *Symptom*: discs rounder than a circle, or more ragged than any patient; finer
#   pixels do not help. *Cure*: a sub-pixel contour, or Crofton; test it on a disc.
# - **A formula believed.** *Symptom*: values a hundred times off, and a correlation that looks fine. *Cure*: try it on
#   a circle; compare scales, not only correlations.
# - **Worst of an unsorted row.** *Symptom*: a "worst" below the mean. *Cure*: sort a copy, then take the last three.
#
# ## Recap
#
# Otsu needs even light, or densities, to work on. Areas may be counted in pixels, perimeters may not. The table's
# compactness is $p^2 / (4 \pi a) - 1$ and its "error" the standard error, as its own numbers show. The area alone goes
# most of the way in the drawn pictures: that is what a network has to beat.

# %% [markdown]
# ## Quiz
#
# **1. Finer pixels.** You double the resolution. What becomes of the 27 % by which the pixel sides of a disc are too
# long?
#
# - (a) they stay
# - (b) they halve
# - (c) they become a quarter
#
# <details><summary>Answer</summary>
#
# (a). The staircase is $8r$ long at every resolution. (b) and (c) sound natural, since the *area* of the staircase does
# come closer; its length does not. (The sub-pixel line stays within 1 %; it does not become exact either.)
# </details>
#
# **2. Light.** The lamp is brightest in the middle of the slide. Which repair can you trust?
#
# - (a) Otsu on the grey values
# - (b) a plane fitted to the ground
# - (c) a photograph of the empty slide, to divide by
#
# <details><summary>Answer</summary>
#
# (c). (a) cuts between light and shade. (b) assumes that the light falls off in one direction only.
# </details>
#
# **3. A network** on these pictures has an AUC as large as the area's, on 85 patients. What is it worth?
#
# - (a) it has learnt to see cancer
# - (b) about what the summed area of the nuclei is worth, as far as 85 patients can tell
# - (c) nothing
#
# <details><summary>Answer</summary>
#
# (b). (a) is more than an AUC can say, and these are drawings. (c) is unfair: a coin has 0.5.
# </details>

# %% [markdown]
# ## Sources
#
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *SPIE* 1905,
#   pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The ten features.
# - W. H. Wolberg, W. N. Street, O. L. Mangasarian. Breast Cancer Wisconsin (Diagnostic). UCI Machine Learning
#   Repository. [doi 10.24432/C5DW2B](https://doi.org/10.24432/C5DW2B). The table and its description.
# - L. R. Dice. Measures of the amount of ecologic association between species. *Ecology* 26, pages 297 to 302, 1945.
#   [doi 10.2307/1932409](https://doi.org/10.2307/1932409). The overlap.
# - scikit-image, [measure](https://scikit-image.org/docs/stable/api/skimage.measure.html): `perimeter_crofton`,
#   `find_contours`.
#
# ## Next
#
# [Lesson 04](04_convolution.ipynb), or [lesson 09](09_support_vector_machine.ipynb), which draws a border through two
# measured numbers at once.
