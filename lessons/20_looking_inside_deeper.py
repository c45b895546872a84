# %% [markdown]
# # Test the maps themselves
#
# A map that points at the tumour in three chosen pictures persuades, and may point nowhere in the others. Here the
# truth behind each pixel is known, so the maps of [lesson 20](20_looking_inside.ipynb) can be tested.
#
# ## What you will do
# - Play the pointing game against chance (exercise 20.3).
# - Lay a coarse map over its picture without moving it (exercise 20.4).
# - Ask whether a map depends on what was learnt, and on what the square shows (quiz).
# - Catch a shortcut that has no place: more nuclei (quiz).
#
# **What you need.** [Lesson 20](20_looking_inside.ipynb).
#
# **How long.** About 48 minutes.

# %% [markdown]
# ## 1. The pointing game
#
# Does a map's highest place lie where it should? If it does, that is a *hit* (Zhang and others). By hand, three
# pictures of 2 x 3 pixels:
#
# | heat | mask (1 = nucleus) | highest place | hit |
# |---|---|---|---|
# | 1 5 2 / 0 3 1 | 0 1 0 / 0 1 0 | first row, second | 1 |
# | 4 1 0 / 2 2 3 | 0 0 1 / 0 1 1 | first row, first | 0 |
# | 0 0 1 / 2 0 6 | 1 1 1 / 1 0 1 | second row, third | 1 |
#
# Two of three. Is that much? The masks cover 2, 3 and 5 of 6 pixels: a blind finger hits with $(2 + 3 + 5)/18 = 0.56$.
# Without this *chance* a share of hits means nothing.
#
# ### Exercise 20.3 - hits and chance

# %%
# Exercise 20.3 - the pointing game
import numpy as np

from course.checks import check


def pointing_game(heats, masks):
    """Return (share of hits, chance).

    heats, masks: lists of arrays (h, w), floats and bools; each picture may have a size of its own.
    chance: the mean over the pictures of the share that the mask covers.
    """
    ### BEGIN SOLUTION
    hits = []
    for heat, mask in zip(heats, masks, strict=True):
        place = np.unravel_index(heat.argmax(), heat.shape)
        hits.append(mask[place])
    return np.mean(hits), np.mean([mask.mean() for mask in masks])
    ### END SOLUTION

check("20.3", pointing_game)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `argmax` counts through all pixels. How do you get a row and a column from its number?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# One picture after the other: is the mask True at the highest place?
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `place = np.unravel_index(heat.argmax(), heat.shape)`, then `mask[place]`.
# </details>
#
# Now the 32 malignant patients of validation. For each the hits of five networks are averaged, her own chance is taken
# away, and the interval is a bootstrap over the patients. **Predict:** who points better at nuclei in "plain", Grad-CAM
# or occlusion?

# %%
from course.reproduce import tables_20

games = tables_20.pointing()
print(games[games["network"] != "more nuclei"].round(2).to_string(index=False))

# %% [markdown]
# "plain": both point at nuclei more often than chance, and miss in more than half of the patients: a cell beside a
# nucleus, with its edge in sight, may react most. Which is better? Patient by patient:

# %%
print("occlusion minus Grad-CAM: {:+.2f} ({:+.2f} to {:+.2f})".format(*tables_20.occlusion_minus_grad_cam()))

# %% [markdown]
# That cannot be told. "marked": occlusion points at the mark in all patients (so its interval has no width), Grad-CAM
# in less than a third. Its cells are 4 pixels wide and see 20; the highest may lie *beside* the tick. The game's
# inventors allow a margin for this. Widen all masks, for chance too, by 4 pixels, one cell:

# %%
wider = tables_20.pointing(margin=4)
print(wider[wider["network"] != "more nuclei"].round(2).to_string(index=False))
for margin in (0, 4):
    print(f"margin {margin}, Grad-CAM on the mark, each of five networks:", tables_20.hits_on_mark(margin))

# %% [markdown]
# The mean hides the networks: with the margin Grad-CAM finds the mark's corner in every patient for some of them, and
# for one never. (The intervals speak of other patients, not of other networks.) "plain" hits nuclei always now, but
# with their margin the nuclei cover more than half of each picture. State the margin, and the chance that goes with
# it. (On chest radiographs seven kinds of map, Grad-CAM the best of them, pointed worse than radiologists: Saporta and
# others.)
#
# ## 2. A map and its grid
#
# The last maps have 16 x 16 cells, the picture 64 x 64 pixels. Where does a cell lie? Take two cells over eight pixels.
# Each is four pixels wide: the first covers the pixels 0 to 3, its middle lies at 1.5, that of the second at 5.5.
# In general, of $m$ cells over $n$ pixels,
#
# $$\text{middle of cell } i = (i + 0.5)\,\frac{n}{m} - 0.5.$$
#
# Between two middles the value goes in a straight line from one to the other; beyond the last it stays.
#
# ### Exercise 20.4 - enlarge a row of cells

# %%
# Exercise 20.4 - cells over pixels
import numpy as np

from course.checks import check


def enlarged(values, n):
    """Return the values (m,) of evenly spread cells at the pixels 0 to n - 1: (n,)."""
    ### BEGIN SOLUTION
    m = len(values)
    middles = (np.arange(m) + 0.5) * n / m - 0.5
    return np.interp(np.arange(n), middles, values)
    ### END SOLUTION

check("20.4", enlarged)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# At which pixel is the value exactly that of the first cell, for two cells over eight? (At none: 1.5 lies between two.)
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `np.interp` draws straight lines between given places, and stays even beyond the ends.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.interp(np.arange(n), middles, values)`.
# </details>
#
# How much does it matter? Stretch the 16 cells so that the first *middle* lies on the first pixel and the last on the
# last, as some tools do:

# %%
right = (np.arange(16) + 0.5) * 4 - 0.5
stretched = np.linspace(0, 63, 16)
print("moved by, pixels:", (stretched - right).round(1))

# %% [markdown]
# At the edges 1.5 pixels of 64; with the 7 x 7 cells of a large network over 224 pixels it is 15.5. And networks
# without padding see less than the whole picture: there the middles must be followed layer by layer, as the course's
# `grad_cam` does:

# %%
from course.models.breast_cnn import classic
from course.models.explain import grad_cam
from course.reproduce.arms_20 import pictures

heat = grad_cam(classic((64, 64, 3), seed=0), pictures("mark", "none", [119]))
print("middles:", heat.rows, " if spread evenly:", (np.arange(4) + 0.5) * 16 - 0.5)

# %% [markdown]
# Spread evenly, the outer cells would lie 11 pixels away from the middle of what they see, the inner ones 3.
#
# ## 3. Random weights
#
# Adebayo and others ask: does the map change when the *weights* are thrown away? A map that stays the same shows the
# picture, such as its edges, and not what was learnt. The measure is the correlation of ranks (Spearman), picture by
# picture, before the ReLU, between the trained network and untrained ones. **Predict** its mean over 32 patients.

# %%
from course.models.map_tests import weights_check
from course.reproduce.arms_20 import patients, trained

labels, _, judged = patients()
plain, malignant = trained("plain"), pictures("mark", "none", judged[labels[judged] == 1])
for seed in range(5):
    found = weights_check(plain, malignant, seed=seed)
    print(f"untrained network {seed}: mean {found.mean():+.2f}, from {found.min():+.2f} to {found.max():+.2f}")

# %% [markdown]
# The correlations are all over the place, from network to network, of either sign. So the map does depend on the
# weights. But look at their size: an untrained network's map may follow the nuclei or the gaps between them, since its
# feature maps do too, and then the correlation is far from 0. Passing this test is necessary, and shows no reason.
#
# ## 4. What does the square show?
#
# A square of one colour is something no network has met in training. And this network measures the lightest and the
# densest block of each picture first (`StainDensity`, [lesson 14](14_breast_cancer_cnn.ipynb)). **Predict:** what
# will a black square do, wherever it lies?

# %%
from course.models.explain import logits, occlusion
from course.widgets.lesson_20 import heats_figure

one = pictures("mark", "none", [119])[0]
fills = {"median": np.median(one, axis=(0, 1)), "grey 128": 128, "black": 0, "white": 255}
heats = {name: occlusion(lambda some: logits(plain, some), one, 8, 4, fill) for name, fill in fills.items()}
for name, heat in heats.items():
    print(f"{name:9} median fall {np.median(heat.values):+.2f}, from {heat.values.min():+.2f} "
          f"to {heat.values.max():+.2f}")
heats_figure(one, heats)

# %% [markdown]
# *Figure: the picture, and four occlusion maps over it, each with a scale of its own: squares of the median colour,
# grey, black and white. The first map has spots on and beside nuclei, some running on to the picture's edge, and next
# to nothing on the empty lower left; the others differ from it over large parts. The black one has other colours,
# since no value is below 0: yellow is most.*
#
# A square that changes the score wherever it lies says nothing of the place. A fall near 0 on the background is a good
# sign for a fill; state yours.
#
# ## 5. A shortcut without a place
#
# All pictures so far have 15 nuclei. Let malignant *training* pictures have 20, and benign ones 15: the network "more
# nuclei". Judged on validation, means of five seeds, where the twenty are:

# %%
print(tables_20.moved("more nuclei").drop(columns=["lowest", "highest"]).round(2))
print(tables_20.moved("plain", "nuclei").drop(columns=["lowest", "highest"]).round(2))

# %% [markdown]
# (First the network trained so, then "plain".) Drawn as in training, the first looks better than it is. Without the
# twenty its ranking is that of "plain", and its threshold is not: it was made for the shortcut, and the sick are called
# malignant less often:

# %%
print("sensitivity minus plain's: {:+.2f} ({:+.2f} to {:+.2f})".format(*tables_20.sensitivity_lost()))
print("AUC minus plain's: {:+.3f} ({:+.3f} to {:+.3f})".format(*tables_20.against_plain("more nuclei")))

# %% [markdown]
# With the twenty on the benign it falls further. Unlike the tick, the number is nothing strange to "plain": more
# nuclei are more dark cells, and it reacts a little as well.
#
# What do the maps show? They point at nuclei, more often than chance:

# %%
print(games[games["network"] == "more nuclei"].round(2).to_string(index=False))

# %% [markdown]
# Nuclei are where a good network looks, too. *Too many of them* has no place. The map is no alarm here; moving the
# shortcut was.
#
# And the remedy? The fourth network, "marks by lot", was trained with ticks on half of each class:

# %%
print(tables_20.moved("marks by lot").drop(columns=["lowest", "highest"]).round(2))
print("its AUC minus that of plain: {:+.3f}, from {:+.3f} to {:+.3f}".format(
    *tables_20.against_plain("marks by lot")))

# %% [markdown]
# Where a tick says nothing about the class, no use of it is seen: all four rows are alike. It is a remedy where the
# shortcut is known and can be drawn; an unknown one needs pictures from other places, and even these may share it.

# %% [markdown]
# ## Traps
#
# - **Hits without chance.** *Symptom*: "the map hits in half of the pictures". *Cure*: the mask's share beside it.
# - **A map resized without its grid.** *Symptom*: spots lie a little beside the thing, most at the edges. *Cure*: the
#   middles of the cells.
# - **A square that is an event.** *Symptom*: falls everywhere. *Cure*: a fill that changes nothing on background.
# - **A map as alarm.** *Symptom*: nuclei look hot, all seems well. *Cure*: move the shortcut.

# %% [markdown]
# ## Recap
#
# The pointing game needs its chance and its margin. A coarse map is laid over the picture by the middles of its cells.
# Random weights changed these maps, which is necessary and proves no reason. The square's colour changed the map of
# occlusion. The shortcut without a place did not show in these maps; a test that moves it found it.

# %% [markdown]
# ## Quiz
#
# **1. Hits.** A map hits in 60 % of the pictures; the lesion covers 55 % of each.
#
# - (a) the map is good
# - (b) hardly better than a blind finger
# - (c) worse than chance
#
# <details><summary>Answer</summary>
#
# (b). 60 beside 55; (a) forgets chance, (c) takes it for larger than it is.
# </details>
#
# **2. Random weights.** The map of a trained network and that of an untrained one correlate with 0.95 in every picture.
#
# - (a) the map shows mostly the picture, whatever was learnt
# - (b) the network has learnt nothing
# - (c) the test is passed
#
# <details><summary>Answer</summary>
#
# (a). The network may have learnt much (b); the map does not show it, so the test is failed (c).
# </details>
#
# **3. Count.** Which test finds that a network counts nuclei?
#
# - (a) Grad-CAM
# - (b) the pointing game with the nuclei as mask
# - (c) pictures of the same patients with other numbers of nuclei
#
# <details><summary>Answer</summary>
#
# (c). In (a) and (b) nuclei are hit either way.
# </details>
#
# **4. Fill.** A black square lowers the score wherever it lies. The map shows
#
# - (a) that everything matters
# - (b) mostly that black is strange to the network
# - (c) where the nuclei are
#
# <details><summary>Answer</summary>
#
# (b). A fall that does not depend on the place says nothing of places; (a) and (c) read it as if it did.
# </details>

# %% [markdown]
# ## Sources
#
# - J. Zhang and others: Top-down neural attention by excitation backprop. ECCV 2016; International Journal of Computer
#   Vision 2018, doi 10.1007/s11263-017-1059-x.
# - J. Adebayo and others: Sanity checks for saliency maps. NeurIPS 2018.
# - A. Saporta and others: Benchmarking saliency methods for chest X-ray interpretation. Nature Machine Intelligence 4
#   (2022), doi 10.1038/s42256-022-00536-x.
#
# ## Next
#
# [Lesson 21](21_real_ultrasound.ipynb) lays such maps over the outlines of real lesions.
