# %% [markdown]
# # Deeper: look where the network looks, and draw whole groups
#
# A doctor who gets a score asks two things: did it come from the lump, and how sure is the number on the paper?
#
# ## What you will do
# - Measure how much of a map lies inside a lesion, against two kinds of chance (exercise 21.3).
# - Draw whole groups of twins, not pictures (exercise 21.4).
# - See what an interval by picture promises and what it keeps (quiz).
#
# **What you need.** [The core page](21_real_ultrasound.ipynb); Grad-CAM, [lesson 20](20_looking_inside.ipynb); the
# bootstrap, [lesson 19](19_evaluating_a_diagnosis.ipynb).
#
# **How long.** About 44 minutes.
#
# **What this is not.** A map inside a lesion proves no right reason.

# %% [markdown]
# ## 1. Heat inside the lesion
#
# BUSI's authors outlined the lesions by hand (two have no mask here): a *mask*, True inside. The five fine-tuned
# networks of the core page each judged the pictures they had not seen, and Grad-CAM showed where each score reacted.
# What share of the heat lies inside the mask?
#
# By hand, with four pixels: heat 0, 3, -2, 1; the mask covers the second and the third. What speaks against malignant,
# -2, is no heat: 0. All heat is $0 + 3 + 0 + 1 = 4$, inside are 3: a share of 0.75. A map spread evenly would get the
# mask's share of the picture, here 0.5.
#
# ### Exercise 21.3 - the share inside, and chance

# %%
# Exercise 21.3 - heat inside a mask
from course.checks import check


def heat_inside(heat, mask):
    """Return (share of the heat above 0 that lies inside, share of the pixels inside).

    heat: floats (h, w), some above 0; mask: bool (h, w).
    """
    ### BEGIN SOLUTION
    heat = heat.clip(min=0)
    return heat[mask].sum() / heat.sum(), mask.mean()
    ### END SOLUTION

check("21.3", heat_inside)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which pixels may not count, though they have large values?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Cut below 0 first. Then one sum over the mask, one over everything.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `heat.clip(min=0)`, `heat[mask].sum()`, `mask.mean()`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The four pixels of the text give 0.75 and 0.5.
# </details>
#
# Even heat is a weak opponent. Whoever takes the picture puts the lump into its middle; a map that always
# points at the middle, whatever is there, beats it. So a second kind of chance: lay the maps of *other* pictures of the
# same kind over this mask, and average. **Predict:** does the picture's own map beat the others'?

# %%
from course.reproduce import tables_21

tables_21.masks().round(3)

# %% [markdown]
# One row a kind of lesion. `pictures`: those with a mask and some heat; `area`: even chance; `inside`: the
# picture's own map; `others'`: other maps in this mask; `more`: inside minus others', with its 95 % interval by group
# of twins; `pointing`: how often the hottest pixel lies inside.
#
# In malignant pictures the share inside is more than twice that of even heat. But most of that is the usual place: maps
# of other pictures reach nearly as far. What is left, the picture's own, is small, and its interval lies above 0: the
# maps do follow the lesion a little. In benign pictures, where the score says "not malignant", many maps hold
# no heat at all, and the rest lies hardly more inside than even heat would; against other pictures' maps a little is
# left here, too.
#
# The maps have 7 x 7 cells, each about 32 pixels wide and seeing far more. A small lesion cannot be met
# exactly by such a map, and a border that matters lies outside the mask by definition. So a share below 1 is no
# fault in itself, and a high share no proof: [lesson 20](20_looking_inside.ipynb) had maps that pointed at nuclei in
# decisions that were wrong.
#
# ## 2. Draw groups, not pictures
#
# The bootstrap repeats the study on paper: it draws the cases anew, with replacement, thousands of times. If pictures
# are drawn, a twin counts as news. But another study would have met other *women*. Their pictures come and go together,
# and nearest to a woman we have the group. With groups 0, 1, 1, 2 and the draw "1, 1, 2", group 1 comes twice, with
# both its pictures: rows 1, 2, 1, 2, 3. Group 0 was not drawn.
#
# ### Exercise 21.4 - the rows of a draw

# %%
# Exercise 21.4 - the rows of a draw
import numpy as np

from course.checks import check


def rows_of_draw(group, drawn):
    """Return the row numbers of a draw, group by group, each as often as it was drawn.

    group: int (n,), the group of each row; drawn: int (k,), groups, some of them several times.
    """
    ### BEGIN SOLUTION
    return np.concatenate([np.flatnonzero(group == one) for one in drawn])
    ### END SOLUTION

check("21.4", rows_of_draw)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `np.isin(group, drawn)` says which rows belong to a drawn group. What does it forget?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Walk along the draw; each entry brings all rows of its group.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.flatnonzero(group == one)` for each `one` in `drawn`, put one behind another.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The example of the text gives 1, 2, 1, 2, 3.
# </details>
#
# What does the wrong way cost? Here the truth must be known, so we invent 400 studies: 150 groups of one to four
# pictures, one label a group, and scores in which three quarters of the variance belongs to the group. A good 95 %
# interval holds the true AUC in 95 of 100 studies. DeLong's takes pictures as strangers; Obuchowski's is by group.
# **Predict** both shares.

# %%
held = tables_21.coverage()
print({name: round(value, 3) for name, value in held.items()})

# %% [markdown]
# By picture the interval is too narrow and misses far too often; by group it keeps about what it promises. In
# BreastMNIST 445 pictures have no twin that we found, so there the two ways differ less. They differ in the direction
# that flatters.
#
# ## 3. Seeds or women?
#
# Papers often print "mean and deviation over three seeds". Here are five seeds on the official test beside the
# interval over pictures (DeLong's, since whose they are is not known; by group it would hardly be narrower), from the
# core page's table:

# %%
official = tables_21.official()
seeds = official[official.index.str.startswith("fine-tuned, seed")]
print("five seeds: {:.3f} to {:.3f}".format(seeds["AUC"].min(), seeds["AUC"].max()))
print("pictures, first seed: {:.3f} to {:.3f}".format(seeds["low"].iloc[0], seeds["high"].iloc[0]))

# %% [markdown]
# Two different questions. The seeds say how much the same women's test would change if you trained again; the
# interval, how much a trained network's result would change with other women. A reader who wants to know
# whether the network helps *her* patients needs the second, and a deviation over seeds does not answer it.

# %% [markdown]
# ## Traps
#
# - **Even chance alone.** *Symptom*: any map of the middle "finds the lesion". *Cure*: other pictures' maps.
# - **Values below 0 as heat.** *Symptom*: shares above 1. *Cure*: cut first.
# - **`isin` for a draw.** *Symptom*: no group counts twice, and the interval is too narrow. *Cure*: walk along the
#   draw.
# - **Seeds for women.** *Symptom*: "0.94, deviation 0.01". *Cure*: an interval over cases, by group.

# %% [markdown]
# ## Recap
#
# The share of heat inside a mask means something only beside chance, and other pictures' maps are the stronger
# chance. Intervals draw whole groups. Taken by picture they held the truth less often than promised, in
# studies where the truth was known. Seeds and women answer different questions.

# %% [markdown]
# ## Quiz
#
# **1. Chance.** A map has 40 % of its heat inside lesions that cover 10 % of the pictures. That shows
#
# - (a) that the network looks at lesions
# - (b) little, until other pictures' maps are tried on the same masks
# - (c) that its decisions are right
#
# <details><summary>Answer</summary>
#
# (b). Lesions lie in the middle, and so do many maps. (a) needs the comparison, and (c) does not follow from any map.
# </details>
#
# **2. Draw.** Ten groups, a draw of ten. About how many different groups does it hold?
#
# - (a) 10
# - (b) between 6 and 7
# - (c) 5
#
# <details><summary>Answer</summary>
#
# (b): a group is missed with $0.9^{10} = 0.35$, so 6.5 of ten are there. (a) would be the study itself.
# </details>
#
# **3. Coverage.** An interval by picture held the truth in fewer than 95 of 100 studies. Why?
#
# - (a) twins repeat each other, and it counted them as news
# - (b) 400 studies are too few to tell
# - (c) the AUC was wrong
#
# <details><summary>Answer</summary>
#
# (a). With 400 studies a share of 95 % would lie within some 2 points, so not (b); the AUC itself is not moved by
# repeats (c), only its sureness is.
# </details>

# %% [markdown]
# ## Sources
#
# - R. R. Selvaraju and others: Grad-CAM. ICCV 2017, 618-626.
# - N. A. Obuchowski: Nonparametric analysis of clustered ROC curve data. *Biometrics* 53 (1997) 567-578.
# - E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson: Comparing the areas under two or more correlated receiver
#   operating characteristic curves. *Biometrics* 44 (1988) 837-845.
# - W. Al-Dhabyani and others: Dataset of breast ultrasound images. *Data in Brief* 28 (2020) 104863: the masks.
#
# ## Next
#
# Back to [the core page](21_real_ultrasound.ipynb), or on to [lesson 22](22_detection_and_measurement.ipynb).
