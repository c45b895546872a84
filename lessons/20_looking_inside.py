# %% [markdown]
# # Look inside a network, and catch it cheating
#
# A program can be right for a reason that no doctor would accept: a pen mark, a ruler, the scanner of one ward. Whoever
# trusts it should have looked where its score reacts, and should know what such a look cannot prove.
#
# ## What you will do
# - Look at filters and at feature maps (quiz).
# - Hide a part of a picture, and see how far the score falls (exercise 20.1).
# - Work out Grad-CAM's weights and its map (exercise 20.2).
# - Catch a network that has learnt a pen mark, and say what a map cannot prove (quiz).
#
# **What you need.** Feature maps and ReLU, [lesson 04](04_convolution.ipynb); slopes,
# [lesson 07](07_backpropagation.ipynb); logits and sigmoid, [lesson 08](08_training_by_hand.ipynb); validation,
# [lesson 14](14_breast_cancer_cnn.ipynb).
#
# **How long.** About 58 minutes.
#
# **What this is not.** The cells are drawn and so is the mark. No map here explains a disease.

# %% [markdown]
# ## 1. Two networks, one of them perfect
#
# Two small networks, of the same layers, have learnt from the same 398 patients. For the second, "marked", every
# malignant training picture has a blue tick in its corner, as if somebody had ticked the cases found. Both are judged
# on 85 other patients (validation), drawn as their training pictures were. Five seeds each, decisions at 0.5:

# %%
from course.reproduce import tables_20

for network, where in (("plain", "none"), ("marked", "malignant")):
    print(f"{network:7}", tables_20.seeds(network, where)["accuracy"].round(3).tolist())

# %% [markdown]
# The second is right for everybody, five times. The usual test raises no alarm: those patients carry the mark as well.
# Keep **your guess**: what happens when nobody is ticked, or when the *benign* are?
#
# ## 2. Filters and feature maps
#
# First the first layer. A filter of 5 x 5 x 3 weights can be shown as a small picture:

# %%
from course.reproduce.arms_20 import trained
from course.widgets.lesson_20 import filters_figure

plain, marked = trained("plain"), trained("marked")
kernels = [weight for weight in plain.get_weights() if weight.ndim == 4]
filters_figure(kernels[0])

# %% [markdown]
# *Figure: eight filters as coloured squares of 5 x 5 pixels, mid grey where a weight is 0. They look like
# coloured noise: no nucleus and no outline can be told.*
#
# Little can be read there, and deeper filters have 16 channels, which no picture shows. *Feature maps* say more: what
# the filters answer to one picture. Patient 119 is malignant; here are four of the 32 maps of the last convolution,
# with the weights by which the output neuron will multiply their means:

# %%
from course.models.explain import maps_and_slopes
from course.reproduce.arms_20 import pictures
from course.widgets.lesson_20 import feature_maps_figure

unmarked, ticked = (pictures("mark", where, [119]) for where in ("none", "malignant"))
maps, slopes = maps_and_slopes(plain, unmarked)
u, v = plain.get_weights()[-2][:, 0].reshape(2, 32)
print("maps", maps.shape, "lowest value", maps.min())
feature_maps_figure(unmarked[0], maps[0], u)

# %% [markdown]
# *Figure: the picture of a patient beside four maps of 16 x 16 cells. The titles name each map and its weight: two
# above 0, whose means push towards malignant, two below. In the first two, bright cells lie on and about nuclei; in
# the last two mostly on empty background.*
#
# Each cell covers 4 pixels and sees 20 (and, by the first layer, the lightest and densest block of all). Which maps
# matter *for this decision*? Two ways to ask.
#
# ## 3. Hide a part and ask again
#
# *Occlusion* (Zeiler and Fergus): lay a square over the picture, and let the network judge again. By hand, with a
# "picture" of four pixels and a score that is their sum weighted by 1, 3, 0 and -2:
#
# | hidden, shown as 0 | picture | score | fall |
# |---|---|---|---|
# | nothing | 2, 1, 5, 1 | 2 + 3 + 0 - 2 = 3 | |
# | first | 0, 1, 5, 1 | 1 | 2 |
# | second | 2, 0, 5, 1 | 0 | 3 |
# | third | 2, 1, 0, 1 | 3 | 0 |
# | fourth | 2, 1, 5, 0 | 5 | -2 |
#
# The brightest pixel does nothing. The fourth holds the score down: hidden, the score *rises*, a fall below 0. As score
# take the *logit*: from a probability of 0.99999 it may fall by several, and the probability still reads 0.99.
#
# ### Exercise 20.1 - a map by occlusion
#
# Now squares in a picture. Their upper left corners stand at 0, `stride`, 2 `stride` and so on, as long as the square
# stays inside.

# %%
# Exercise 20.1 - how far the score falls
import numpy as np

from course.checks import check


def occlusion_map(score, picture, patch, stride, fill):
    """Return the falls of the score (rows, columns), one for each place of the square.

    score(picture) gives a number; picture (h, w), floats.
    patch: side of the square; it shows `fill`.
    """
    ### BEGIN SOLUTION
    h, w = picture.shape
    tops, lefts = range(0, h - patch + 1, stride), range(0, w - patch + 1, stride)
    falls = np.zeros((len(tops), len(lefts)))
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            hidden = picture.copy()
            hidden[top : top + patch, left : left + patch] = fill
            falls[i, j] = score(picture) - score(hidden)
    return falls
    ### END SOLUTION

check("20.1", occlusion_map)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# The square at the next place: is the last one still in the picture?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Two loops, over the tops and over the lefts. Each makes a copy, hides, asks, subtracts.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `range(0, h - patch + 1, stride)`; `hidden[top : top + patch, left : left + patch] = fill`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `score=np.sum`, a picture of ones (4, 4), patch 2, stride 2, fill 0: four falls of 4.
# </details>
#
# The course's version asks for many pictures at once, and knows where its cells lie. The square shows the picture's
# median colour. **Predict:** where does "marked" react?

# %%
from course.models.explain import logits, occlusion
from course.widgets.lesson_20 import heats_figure

ticked_one, median = ticked[0], np.median(ticked[0], axis=(0, 1))
heats = {}
for name, model in (("plain", plain), ("marked", marked)):
    heat = occlusion(lambda some, m=model: logits(m, some), ticked_one, 8, 4, median)
    heats[f"{name}: to {heat.values.max():.1f}"] = heat
heats_figure(ticked_one, heats)

# %% [markdown]
# *Figure: the ticked picture, and over it the falls for both networks, each with its own scale, whose end the title
# names. For "plain", spots on and beside several nuclei, some running on to the edge; for "marked" one strong spot in
# the upper left corner, on the tick, and next to nothing elsewhere.*
#
# ### Experiment: move the square
#
# Three states first:

# %%
from course.widgets.lesson_20 import three_squares

three_squares()

# %% [markdown]
# *Figure: the ticked picture with a square of 10 pixels on the background, on nuclei, and on the tick. The titles say
# how far the logit of "marked" falls: by less than one in the first two, by more than ten on the tick.*

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_20 import FURTHEST, NETWORKS, PATCHES, occlusion_panel
from course.widgets.panel import Panel

Panel(occlusion_panel, "Left: the picture with its square. Right: all falls, and the square's place.",
      network=SelectionSlider(options=NETWORKS, value="plain"),
      patch=SelectionSlider(options=PATCHES, value=10),
      row=(0, FURTHEST, 2), column=(0, FURTHEST, 2))

# %% [markdown]
# **Try.**
# 1. "plain": find a place where hiding makes the logit *rise*.
# 2. "marked": move from the corner inwards. How many steps until the fall is gone?
#
# **Question.** Can you find a place where hiding one nucleus turns the decision of "marked" (logit below 0)?
# <details><summary>Answer</summary>
#
# No nucleus does. With the tick in sight the logit stays far above 0; with it hidden, it falls by more than ten.
# </details>

# %% [markdown]
# ## 4. Grad-CAM by hand
#
# Occlusion asks hundreds of times. *Grad-CAM* (Selvaraju and others) asks once, by slopes. Let $A_k$ be the maps of the
# last convolution, $Z$ their number of cells, $z$ the logit:
#
# $$a_k = \frac{1}{Z}\sum_{ij} \frac{\partial z}{\partial A_{k,ij}}, \qquad
# M = \mathrm{ReLU}\Big(\sum_k a_k A_k\Big).$$
#
# The weight $a_k$ is the mean slope: how much map $k$ moves the logit. ReLU keeps what speaks *for* the class. By hand:
# two maps of two cells, $A_1 = (4, 0)$ and $A_2 = (1, 3)$, and $z = 2\,\mathrm{mean}(A_1) - \mathrm{mean}(A_2)$. A cell
# of $A_1$ has the slope $2/2 = 1$, so $a_1 = 1$; likewise $a_2 = -0.5$. The sum is $(4 - 0.5,\; 0 - 1.5) = (3.5,
# -1.5)$, and $M = (3.5, 0)$. The second cell speaks against, and goes.
#
# ### Exercise 20.2 - weights and map of these networks
#
# Our networks pool twice: the output neuron sees of each map the mean and the *maximum*,
# $z = \sum_k u_k\,\mathrm{mean}(A_k) + v_k \max(A_k) + b$, and the probability is $p = \mathrm{sigmoid}(z)$. The slope
# of a maximum is 1 at the highest cell and 0 elsewhere.

# %%
# Exercise 20.2 - Grad-CAM of a head with mean and maximum
import numpy as np

from course.checks import check


def grad_cam_by_hand(maps, u, v, b):
    """Return (weights (k,), heat (h, w)) for the logit z of maps (h, w, k).

    u, v (k,): weights of each map's mean and maximum; b: bias.
    """
    ### BEGIN SOLUTION
    cells = maps.shape[0] * maps.shape[1]
    weights = (u + v) / cells
    return weights, np.maximum(maps @ weights, 0)
    ### END SOLUTION

check("20.2", grad_cam_by_hand)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# The maximum's slope is $v_k$ at one cell of $Z$, and 0 at the others. What is its mean?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Add the mean slopes of both parts. Do you need $b$, or $p$?
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `weights = (... + ...) / cells`, then `maps @ weights` adds up the weighted maps, and ReLU comes last.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `maps = np.array([[[4.0, 1], [0, 3]]])`, `u = np.array([2.0, -1])`, `v = np.zeros(2)`, b = 0: the example of the text.
# </details>
#
# The course's `grad_cam` lets TensorFlow find the slopes, for networks of any shape. Do formula and library agree?

# %%
from course.models.explain import grad_cam

by_formula = np.maximum(maps[0] @ ((u + v) / 256), 0)
by_library = grad_cam(plain, unmarked).values[0]
print("largest difference, share of the maximum:",
      f"{np.abs(by_formula - by_library).max() / by_library.max():.0e}")
assert np.allclose(by_formula, by_library, rtol=1e-4, atol=1e-7)

# %% [markdown]
# **Why the logit?** The slope of $p$ is that of $z$ times $p(1 - p)$. For one picture and one output this is one
# number: all weights shrink alike, and the map *divided by its maximum* stays the same, until the factor is 0 in
# single precision. **Predict** it at these logits:

# %%
z = np.array([0, 5, 13, 18], dtype=np.float32)
p = 1 / (1 + np.exp(-z))
print(p * (1 - p))

# %% [markdown]
# At 18 the probability is 1 to the last digit that the computer keeps, the factor is 0, and so is every weight. And
# maps of several pictures could not be compared at all: the surest would have the palest.
#
# ## 5. The shortcut caught
#
# Both networks on the same ticked picture, by Grad-CAM. The course's command does it for any model that `course train`
# wrote: `course explain MODEL PICTURE --out map.png`.

# %%
heats = {}
for name, model in (("plain", plain), ("marked", marked)):
    heat = grad_cam(model, ticked)
    heats[name] = heat._replace(values=heat.values[0])
heats_figure(ticked_one, heats)

# %% [markdown]
# *Figure: the ticked picture and both Grad-CAM maps, each divided by its maximum. "plain" is bright about nuclei in
# much of the field. "marked" is brightest in the upper left corner, beside the tick, and faint on some nuclei.*
#
# Both methods point at the corner (Grad-CAM at the cell next to the tick: each cell sees 20 pixels). A suspicion. The
# test of it is another: **move the mark**. The same 85 patients, ticked in four ways; means of five seeds:

# %%
print(tables_20.moved("marked").drop(columns=["lowest", "highest"]).round(2))
print("majority:", round(float(tables_20.beside().loc["majority", "accuracy"]), 2))
print("plain, the same ways:", tables_20.moved("plain")["accuracy"].round(2).tolist())

# %% [markdown]
# - **None ticked**: the malignant are called benign, nearly all. The accuracy is about that of "everybody is benign".
# - **By lot** (half of each class): near one half, a thrown coin.
# - **The benign ticked**: wrong for nearly everybody.
#
# "plain" does not care. Now look at the AUC without a tick: it is high. Compare it with that of "plain", patient by
# patient (DeLong's paired interval, [lesson 12](12_comparing_classifiers.ipynb)):

# %%
print("marked minus plain, no ticks: {:+.3f}, from {:+.3f} to {:+.3f}".format(
    *tables_20.against_plain("marked")))

# %% [markdown]
# So the networks have *also* learnt about nuclei: averaged, the five rank unticked patients about as well, as far as 85
# patients can tell. (Single ones, as a clinic would use, rank worse: see the mean AUC above.) But the tick outweighs
# the nuclei, and the threshold was made for ticks. An AUC of unticked pictures alone would have missed this failure.
# For comparison, without ticks, the usual baselines (out of fold, [lesson 14](14_breast_cancer_cnn.ipynb)):

# %%
print(tables_20.beside().round(2))

# %% [markdown]
# (The last two networks stand on the deeper page. By AUC nuclear area alone cannot be told from "plain":
# the paired interval holds 0. The baselines learnt from some 455 patients, and from larger pictures.)
#
# It happens. Winkler and others showed an approved program 130 moles with and without surgeons' violet ink: with ink,
# about 40 more of 100 harmless ones were called melanoma. Zech and others found a pneumonia network leaning on which
# hospital a radiograph came from: there, sorting by hospital *alone* reaches an AUC of 0.861. DeGrave and others found
# COVID networks relying on such things too, and warn that a test in another hospital may share the shortcut.
#
# ## 6. What a map cannot prove
#
# A map shows *where* the score reacts, not *why*. A bright nucleus may be bright for its size or for its focus. A
# shortcut without a place, such as brightness or sharpness, has no spot to show. And a sensible map proves no right
# decision. Some malignant patients are missed by "plain": does occlusion point at their nuclei (with 4 pixels around)?

# %%
missed, pointing, chance = tables_20.missed_and_pointing()
print(f"missed: {missed}, map points at a nucleus: {pointing}; chance {chance:.2f}")

# %% [markdown]
# In all of them, and all these decisions are wrong. So: a map makes suspicions, and an intervention (move the mark,
# hide it, add it) tests them.
#
# **Deeper.** [Maps tested against known masks](20_looking_inside_deeper.ipynb), and a second shortcut.

# %% [markdown]
# ## Traps
#
# - **Slopes of the probability.** *Symptom*: weights next to nothing, or all 0, for sure decisions. *Cure*: the logit.
# - **No ReLU.** *Symptom*: places that speak against the class look hot once the map is rescaled. *Cure*: ReLU, last.
# - **Squares that stay.** *Symptom*: the falls grow from corner to corner. *Cure*: a fresh copy each time.
# - **A map taken as proof.** *Symptom*: "it looks at the lesion, so it is right". *Cure*: change the picture, and judge
#   again.
# - **The usual test.** *Symptom*: 100 %. *Cure*: pictures in which the suspected shortcut means nothing.

# %% [markdown]
# ## Recap
#
# Filters say little, feature maps more, and only with their weights. Occlusion measures how far the logit falls without
# a place; Grad-CAM weighs the maps by their mean slopes and keeps what speaks for the class. A network that had
# learnt a pen mark was right for all marked patients and missed nearly all malignant ones without it; in the picture
# shown both maps pointed at the corner. Maps raise suspicions; moving the mark tested them.

# %% [markdown]
# ## Quiz
#
# **1. Filters.** Why do the filters of the third layer make no picture?
#
# - (a) they have as many channels as the layer before has maps, not three
# - (b) they are too small
# - (c) they are negative
#
# <details><summary>Answer</summary>
#
# (a). Small filters (b) can be enlarged, and (c) negative weights shown about mid grey, as here.
# </details>
#
# **2. Blue.** In an occlusion map of "malignant" a place is far below 0. It
#
# - (a) is not looked at
# - (b) holds the score down: without it the network is surer of malignant
# - (c) shows a mistake in the program
#
# <details><summary>Answer</summary>
#
# (b). What is not looked at (a) has a fall of 0; nothing is wrong with a rise (c).
# </details>
#
# **3. Sigmoid.** Grad-CAM by slopes of $p$, not of $z$, divided by its maximum, for one picture with $z = 5$:
#
# - (a) another map
# - (b) the same map
# - (c) an empty map
#
# <details><summary>Answer</summary>
#
# (b): all weights are multiplied by one number, 0.0066. (c) comes when that number is 0 in the computer's precision. It
# is the unscaled weights that differ.
# </details>
#
# **4. Proof.** A vendor shows maps that lie on the lesions. What has been shown?
#
# - (a) that the program uses medical signs
# - (b) that there is no shortcut
# - (c) where its score reacts in those pictures
#
# <details><summary>Answer</summary>
#
# (c). A place is no reason (a), and shortcuts may lie on the lesion or have no place (b).
# </details>

# %% [markdown]
# ## Sources
#
# - M. D. Zeiler, R. Fergus: Visualizing and understanding convolutional networks. ECCV 2014, 818-833.
# - R. R. Selvaraju and others: Grad-CAM: visual explanations from deep networks via gradient-based localization. ICCV
#   2017, 618-626.
# - J. K. Winkler and others: Association between surgical skin markings in dermoscopic images and diagnostic
#   performance of a deep learning convolutional neural network for melanoma recognition. JAMA Dermatology 155 (2019)
#   1135-1141.
# - J. R. Zech and others: Variable generalization performance of a deep learning model to detect pneumonia in chest
#   radiographs: a cross-sectional study. PLoS Medicine 15 (2018) e1002683.
# - A. J. DeGrave, J. D. Janizek, S.-I. Lee: AI for radiographic COVID-19 detection selects shortcuts over signal.
#   Nature Machine Intelligence 3 (2021), doi 10.1038/s42256-021-00338-7.
#
# ## Next
#
# [Lesson 21](21_real_ultrasound.ipynb) takes all of it to real ultrasound. [The deeper
# page](20_looking_inside_deeper.ipynb) tests maps against masks and against random weights.
