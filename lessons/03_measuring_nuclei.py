# %% [markdown]
# # Find the nuclei, measure them, and see how far that goes
#
# Large and uneven nuclei are among the first things that a pathologist looks for in breast cells, when asked whether a
# tumour is *malignant* (cancer) or *benign* (not). A program can measure both. Every network of this course has to show
# that it knows more than a ruler does.
#
# ## What you will do
# - Say how well a cut parts dark pixels from bright ones, and find the best cut (exercises 3.1 and 3.2).
# - Turn a map of labelled nuclei into radii with units (exercise 3.3).
# - Measure a contour, and find out which formula a famous table must have used, against its own description
#   (exercise 3.4).
# - Boil fifteen nuclei down to three numbers, and test what one column of that table means (exercise 3.5).
#
# At the end you measure 569 patients and set up four baselines, numbers that every later model has to stand beside.
#
# **What you need.** Python, NumPy, school algebra, and the idea that a picture is an array of numbers
# ([lesson 01](01_images_as_arrays.ipynb)).
#
# **How long.** About 160 minutes, best in two sittings: pause after section 3. To predict honestly, hide the stored
# answers first: **Edit > Clear Outputs of All Cells**.
#
# **What this is not.** A tool for patients. The cells are *drawn from measurements, not photographs*. They hold nothing
# that the table of measurements does not hold, so measuring them again tests the measuring, not medicine.

# %% [markdown]
# ## 1. One number between nucleus and ground
#
# Every page of this course draws on one table: measurements of the cell nuclei of 569 patients of the University of
# Wisconsin, with the diagnosis of each. The photographs are not part of it, so the course draws some. Patient 22, whose
# tumour was malignant, is drawn as if stained with two dyes. Haematoxylin, blue-violet, sits in the nuclei and takes up
# green and red light; eosin, pink, sits around them and takes up green but hardly any red. So it is in the red channel
# that nuclei stand out best.

# %%
import numpy as np

from course.data.cytology import draw, draw_mask
from course.plots import show_pictures

picture, truth = draw(22), draw_mask(22) > 0
red = picture[..., 0]
show_pictures([picture, red, truth], ["picture", "red channel", "what was drawn"], columns=3, size=2.6)

# %% [markdown]
# *Figure: fifteen dark nuclei on a paler ground, 150 x 150 pixels. Beside it the red channel in grey, nuclei dark. Then
# the true mask, white where a nucleus was drawn. On a drawn picture, unlike a real one, the truth is known.*
#
# Which pixels are nuclei? Those darker than some *threshold*. Whoever picks it by eye picks another one tomorrow. Let
# the pixels decide. Ten of them, each with a level of darkness from 0 to 9:

# %%
ten = np.array([2, 7, 1, 3, 2, 6, 8, 1, 3, 7])

# %% [markdown]
# A *cut* $t$ parts them into two classes: *below*, with values $\le t$, and *above*, with values $> t$. (Which side
# gets the equals sign is a convention. We take scikit-image's.) A good cut leaves the classes far apart. With
#
# - $w_0$ and $w_1$ the shares of the pixels below and above, so $w_0 + w_1 = 1$,
# - $m_0$ and $m_1$ the mean values below and above,
#
# Nobuyuki Otsu (1979) measured it by the *between-class variance*
#
# $$B(t) = w_0\, w_1\, (m_0 - m_1)^2$$
#
# Cut $t = 1$: below are 1, 1, so $w_0 = 0.2$ and $m_0 = 1$. Above are eight pixels whose sum is 38, so $w_1 = 0.8$ and
# $m_1 = 4.75$. $B(1) = 0.2 \cdot 0.8 \cdot 3.75^2 = 2.25$. **Work out $B(3)$ and $B(6)$ on paper.** Which of the cuts 1
# to 7 will be the best?
#
# ### Exercise 3.1 - how well does one cut part the pixels?
#
# `values` may be a picture. A cut that leaves one class empty parts nothing: give 0.

# %%
# Exercise 3.1 - the between-class variance of a cut
from course.checks import check


def between(values, cut):
    """Return B, a number. values: array of any shape and number type; below is values <= cut. 0 for an empty class."""
    ### BEGIN SOLUTION
    below, above = values[values <= cut], values[values > cut]
    if below.size == 0 or above.size == 0:
        return 0.0
    shares = below.size / values.size, above.size / values.size
    return shares[0] * shares[1] * (below.mean() - above.mean()) ** 2
    ### END SOLUTION

check("3.1", between)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What does `values[values <= cut]` hold, and how many are they?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Make the two classes first. If one has no pixel, answer at once. Shares are counts divided by the count of all.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `below, above = ..., ...`, then `if below.size == 0 or ...: return 0.0`, then
# `return w0 * w1 * (below.mean() - above.mean()) ** 2`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The ten pixels: $B(1) = 2.25$ and $B(3) = 6$.
# </details>
#
# All cuts of the ten pixels, by the course's own version (`between_classes`):

# %%
from course.widgets.lesson_03 import between_classes

for cut in range(1, 8):
    print(f"B({cut}) = {between_classes(ten, cut):.2f}")

# %% [markdown]
# The cuts 3, 4 and 5 are equally good, since no pixel lies between 3 and 6. For $t = 3$ the work is short: $0.6 \cdot
# 0.4 \cdot (2 - 7)^2 = 6$.
#
# There is a second way to see it. The *variance* is the mean squared distance from the mean. Of all ten pixels it is
# 6.6. *Within* the classes at $t = 3$ it is 0.67 and 0.5, weighted by shares $0.6 \cdot 0.67 + 0.4 \cdot 0.5 = 0.6$.
# And $6.6 = 6 + 0.6$: **all = between + within**, for every cut. So the largest variance between is the smallest
# within, *if the shares are kept as weights*.
#
# **Break it on purpose: leave the shares out.** Six pixels of ground, three of nuclei, and one speck of dirt, darker
# than all. Predict which cut $(m_0 - m_1)^2$ alone prefers.

# %%
speck = np.array([1, 1, 2, 2, 2, 3, 6, 7, 7, 12])
for name, score in {"B": between_classes, "no shares": lambda v, t: (v[v <= t].mean() - v[v > t].mean()) ** 2}.items():
    print(f"{name:10}", {cut: round(float(score(speck, cut)), 1) for cut in (1, 2, 3, 6, 7)})

# %% [markdown]
# Without shares the speck gets a class of its own, and the nuclei count as ground. With them the cut is 3. Weights
# make a rule less easily impressed by a few pixels, not immune: write 15 for the speck's 12, and $B$ gives in too.
#
# ### Exercise 3.2 - Otsu's threshold
#
# Search the best cut among whole numbers. If several cuts are equally good, give the smallest. If all pixels are equal,
# give their level. Pixels may have more than 256 levels.

# %%
# Exercise 3.2 - the cut with the largest between-class variance
def otsu(values):
    """Return the smallest cut with the largest B, a whole number. values: array of whole numbers, any shape."""
    ### BEGIN SOLUTION
    best, best_cut = -1.0, None
    for cut in range(int(values.min()), int(values.max()) + 1):
        variance = between_classes(values, cut)
        if variance > best + 1e-9:
            best, best_cut = variance, cut
    return best_cut
    ### END SOLUTION

check("3.2", otsu)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Between which two numbers must every sensible cut lie? And what must be remembered while searching?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A loop over the levels from the smallest to the largest value. Keep the best $B$ so far *and* the cut where it was
# found. You may use `between_classes(values, cut)`.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for cut in range(int(values.min()), int(values.max()) + 1):` and, inside, `if variance > best + 1e-9:` (the tiny
# number keeps rounding errors from breaking a tie).
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The ten pixels: 3. The red channel of patient 22: 137.
# </details>
#
# Your loop looks at all pixels again for each cut. The fast form counts the pixels of each level once and adds up.
# Write $m$ for the mean of all pixels and $s = w_0 m_0$ for what the class below contributes to it. Then
# $m_0 = s / w_0$ and $m_1 = (m - s) / w_1$, and $B$ becomes
#
# $$B = \frac{(m\, w_0 - s)^2}{w_0\, w_1}$$
#
# For $t = 3$ of the ten: $m = 4$, $w_0 = 0.6$, $s = 1.2$, so $B = 1.2^2 / 0.24 = 6$ again.

# %%
shares = np.bincount(red.ravel(), minlength=256) / red.size
w0, s = np.cumsum(shares), np.cumsum(shares * np.arange(256))
product = w0 * (1 - w0)
B = np.divide((s[-1] * w0 - s) ** 2, product, out=np.zeros(256), where=product > 1e-12)
fast = int(np.argmax(B))
print("fast form:", fast, "  loop:", max(range(256), key=lambda cut: between_classes(red, cut)))

# %% [markdown]
# (`np.cumsum` adds up from the left, so `w0[t]` is the share of all levels up to `t`. `where` leaves out the cuts
# with an empty class.) Now the library, and how many pixels the three disagree about:

# %%
from skimage.filters import threshold_otsu

library = threshold_otsu(red)
print("scikit-image:", library, "  pixels that change class:", np.sum((red <= fast) != (red <= library)))

# %% [markdown]
# Equal. Mind the side: scikit-image's documentation takes the pixels *above* the threshold for the object. Here the
# object is dark, so the nuclei are `red <= library`.

# %%
from course.widgets.lesson_03 import otsu_figure

otsu_figure(red, fast)

# %% [markdown]
# *Figure: above, the histogram of the red channel: a tall heap of bright ground on the right, a low, wide heap of dark
# nuclei on the left. Below, the between-class variance of every cut, a broad hill. A dashed line marks its top, which
# lies between the two heaps.*
#
# The hill is flat: from 121 to 151 $B$ stays within 3 % of its top, while the share of nuclear pixels goes from 12 to
# 15 %. *Best* need not mean *sure*.
#
# **A convention that bites.** For whole numbers each level is a bin of its own. Fractions must be put into bins
# first, 256 unless you say otherwise, and scikit-image answers with the *middle* of a bin. So a pixel in the upper
# half of that bin counted as below in the search, and counts as above in your mask. Predict how much that matters
# with few bins. (The values are stain densities; the next section says what they are. "As searched" counts the whole
# bin as below.)

# %%
from course.imaging.segmentation import stain_density

density = stain_density(picture)
half_bin = np.ptp(density) / 2 / np.array([8, 32, 256])
for bins, half in zip((8, 32, 256), half_bin, strict=True):
    cut = threshold_otsu(density, nbins=bins)
    print(f"{bins:3} bins: cut {cut:.3f}, nuclear as searched {np.mean(density > cut + half):.1%}, "
          f"as cut {np.mean(density > cut):.1%}")

# %% [markdown]
# With 8 bins the mask holds one per cent of all pixels more than the search meant. That sounds little; but they lie at
# the rims of the nuclei, which are an eighth of the picture, so their area is larger by almost a tenth. And the cut
# itself wanders with the bins. Two programs that both "use Otsu" can differ for this alone.

# %% [markdown]
# ## 2. What one number gets wrong
#
# How good is a mask? Compare it with the truth by the *Dice overlap*: twice the pixels that both have, over the pixels
# of the one plus those of the other. Found 4, true 5, shared 3: $2 \cdot 3 / (4 + 5) = 0.67$. A perfect mask has 1.
#
# Now turn the lamp so that the right edge of the slide gets half the light of the left one. The cells are the same.
# **Predict** the overlap that Otsu's cut of the red channel reaches, before and after.

# %%
from course.widgets.lesson_03 import dice

lamp = np.linspace(1, 0.5, 150)[np.newaxis, :, np.newaxis]
dim = (picture * lamp).astype(np.uint8)
for name, light in (("even light", red), ("tilted lamp", dim[..., 0])):
    print(f"{name:12} Dice {dice(light <= threshold_otsu(light), truth):.2f}")

# %% [markdown]
# Otsu's two classes have become the bright side and the dim side. The best cut is still the one that parts the levels
# best; it is only no longer a cut between nuclei and ground.
#
# **Physics helps.** A layer of dye lets a fixed *share* of the light through, and a second layer the same share of the
# rest. So shares multiply, and their logarithms add up (Beer and Lambert's law). The *optical density*
#
# $$D = \log_{10} \frac{I_0}{I}$$
#
# with $I$ the light that arrives and $I_0$ the light of the empty slide at the same place, tells how much dye there
# is, whatever the lamp. By hand: ground 200, nucleus 50, so $D = \log_{10} 4 = 0.60$. At half the light: 100 and 25.
# **What is $D$ now?** The same 0.60. But how do we know $I_0$ under a nucleus? `stain_density` fits a plane through
# the brighter half of the pixels, which are mostly ground.

# %%
dim_density = stain_density(dim)
by_light = dim[..., 0] <= threshold_otsu(dim[..., 0])
by_density = dim_density > threshold_otsu(dim_density)
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
#
# **And Otsu leans.** No pixel lies between his best cut and the point half-way between the means of his two classes;
# that can be proved. (The ten pixels: means 2 and 7, half-way 4.5, best cuts 3 to 5. The red channel: half-way 137.4,
# cut 137.) But most of the class "ground" is empty glass, while close round a nucleus lies cytoplasm, the body of the
# cell, which takes up some dye too. So between nucleus and *surroundings* the half-way density is higher.
# `nuclear_threshold` takes that one: it starts at Otsu's cut and looks inside the nuclei and at the ring round them.

# %%
from course.imaging.segmentation import nuclear_threshold

print(f"Otsu {threshold_otsu(density):.3f}, half-way {nuclear_threshold(density):.3f}")

# %% [markdown]
# Which of the two finds the area that was drawn? The first forty patients. (`smoothed` gives the density, slightly
# blurred against the camera's noise. `labels_at` is the course's `segment_nuclei` with the threshold in your hand; the
# next section says what else is in it.)

# %%
from course.progress import progress
from course.widgets.lesson_03 import labels_at, smoothed

fields = [(smoothed(draw(case)), draw_mask(case) > 0) for case in progress(range(40), "drawing")]
for name, rule in {"Otsu": threshold_otsu, "half-way": nuclear_threshold}.items():
    ratios = [np.sum(labels_at(blurred, rule(blurred)) > 0) / true.sum() for blurred, true in fields]
    print(f"{name:9} area found / drawn: median {np.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")

# %% [markdown]
# Some five per cent too much area is no catastrophe. But size is what we want to measure, and an error that always goes
# the same way is not cured by more nuclei.

# %% [markdown]
# ## 3. Nuclei that touch
#
# A mask says nucleus or not. *Which* nucleus, it does not say. The natural idea is to give one label to all pixels that
# hang together, a *connected component*. On a tiny mask:

# %%
tiny = np.zeros((7, 13), int)
tiny[1:6, 1:6] = tiny[1:6, 7:12] = tiny[3, 6] = 1
print(tiny)

# %% [markdown]
# Two square nuclei, and one pixel between them where they touch. Hanging together, they are one. To part them, ask each
# pixel how far it is to the nearest 0: the *distance transform*, or the depth of the pixel. The rim has depth 1, the
# middle of a square 3. **Work out on paper** the depth of the bridge (row 3, column 6) and of its left neighbour. (The
# nearest 0 may lie diagonally: Pythagoras.)

# %%
from scipy.ndimage import distance_transform_edt
from skimage.measure import label

depth = distance_transform_edt(tiny)
print(depth.round(1))
print("connected components:", label(tiny).max())

# %% [markdown]
# The bridge has depth 1, its neighbour $\sqrt{2}$. Now turn it upside down: depth becomes the depth of water. Two
# basins with a pass between. Let water rise from the middle of each basin; where the waters meet, build a wall. That
# is the *watershed*.

# %%
from skimage.segmentation import watershed

middles = label(depth == 3)
print(watershed(-depth, middles, mask=tiny))

# %% [markdown]
# Two labels. (`middles` says where water starts. The bridge went to one of the two: a pixel belongs to one nucleus.)
#
# Everything hangs on the middles. Too few, and touching nuclei stay one; too many, and one nucleus falls to pieces. A
# ragged nucleus has several places that are deepest *nearby*. `segment_nuclei` counts two middles as two only if the
# depth between them drops enough. Its measure, `neck`, is the drop of $\log(1 + d)$, with $d$ the smoothed depth, so
# that a large nucleus needs a larger drop. In the tiny mask, not smoothed: middle 3, bridge 1, so $\log 4 - \log 2 =
# 0.69$, far above 0.13: two nuclei. (`labels_at` also fills holes and drops specks, as `segment_nuclei` does. For it 0
# means: no watershed at all.)

# %%
for neck in (0, 0.01, 0.13, 0.6):
    counts = [labels_at(blurred, nuclear_threshold(blurred), neck).max() for blurred, _ in fields]
    right = np.sum(np.equal(counts, 15))
    print(f"neck {neck:4}: exactly 15 nuclei in {right:2} of 40, from {min(counts)} to {max(counts)}")

# %% [markdown]
# All pictures have fifteen. Without the watershed the count is right in few of them, and always too low where it is
# wrong. A neck of 0.13 was chosen on such pictures, so this is no proof for others; and drawn nuclei never overlap,
# real ones do.

# %%
from course.imaging.segmentation import segment_nuclei
from course.widgets.lesson_03 import in_a_row, outlined

blurred = smoothed(picture)
found = labels_at(blurred, nuclear_threshold(blurred), neck=0) > 0
deep = distance_transform_edt(found)
grey = np.repeat((255 * deep / deep.max()).astype(np.uint8)[..., np.newaxis], 3, axis=2).repeat(2, 0).repeat(2, 1)
parts = [grey, outlined(picture, label(found), 2), outlined(picture, segment_nuclei(picture), 2)]
in_a_row(parts, ["depth", "hanging together", "after the watershed"])

# %% [markdown]
# *Figure: left, the depth of each nuclear pixel, bright in the middle of each nucleus and dark at the rims. In the
# middle, the outlines of what hangs together, several nuclei in one outline. Right, after the watershed, each nucleus
# has an outline of its own; where two touch, a wall stands between them.*
#
# ### Experiment: where would you cut?
#
# First three states on patient 0, whose tumour was malignant: a low threshold, the half-way one, a high one.

# %%
first, first_truth = draw(0), draw_mask(0) > 0
states = {cut: labels_at(smoothed(first), cut) for cut in (0.08, 0.2, 0.4)}
titles = [f"{cut}: {found.max()} found, Dice {dice(found > 0, first_truth):.2f}" for cut, found in states.items()]
in_a_row([outlined(first, found, times=2) for found in states.values()], titles)

# %% [markdown]
# *Figure: the same field three times with outlines. At 0.08 the outlines run far out into the pale cytoplasm, and
# neighbours share one. At 0.2 they follow the nuclei. At 0.4 two dark crumbs inside nuclei are all that is outlined.*

# %%
import ipywidgets

from course.widgets.lesson_03 import explored
from course.widgets.panel import Panel

who = [(f"{case}, {kind}", case) for case, kind in
       ((0, "malignant"), (22, "malignant"), (239, "malignant"), (37, "benign"), (101, "benign"), (60, "benign"))]
Panel(explored, "A field of cells with the outlines found, the histogram of its density, the count and the overlap.",
      patient=ipywidgets.SelectionSlider(options=who),
      threshold=ipywidgets.FloatSlider(0.16, min=0.02, max=0.6, step=0.01),
      smoothing=ipywidgets.FloatSlider(0.7, min=0, max=3, step=0.1),
      neck=ipywidgets.FloatSlider(0.13, min=0, max=0.6, step=0.01))

# %% [markdown]
# `smoothing` is the blur before the cut, in pixels. Fifteen is always right. (In the histogram, orange bars are the
# pixels above the threshold. Its height is the *root* of the count, or the nuclei could not be seen beside the ground.)
#
# **Try.**
# 1. Patient 0: move `threshold` from 0.16 (Otsu's) to 0.20 (half-way). What happens to the count, and what to Dice?
# 2. Patient 239 at `threshold` 0.28 (her half-way one): far too many. Get 15 by moving `threshold` alone. Put it back,
#    and get 15 by moving `neck` alone. (Try both ends: 0 is special, no watershed.)
#
# **Question.** Both repairs in 2 give the right count. Which one do you trust, and which number under the picture
# tells?
# <details><summary>Answer</summary>
#
# The lower threshold, about 0.20. The other is `neck` 0, no watershed at all: the fragments hang together again, as
# fifteen, but a third of the area is still missing, and Dice has not moved. A right count alone proves little. (And
# in 1 Dice rises a little, while the count goes from 11 to 14: a bridge of a few pixels hardly shows in an overlap, but
# makes one nucleus of two. Report both.)
# </details>

# %% [markdown]
# ## 4. Area, and the radius that goes with it
#
# Counting is the honest way to an area: the number of pixels, times the area of one pixel. The drawn fields are 300
# *units* wide, whatever the number of pixels. In 150 pixels, one is 2 units wide, and its area is 4.
#
# What is a unit? The table was measured in pixels of the Wisconsin camera, and the drawing takes them over. How many
# micrometres that is, we have found published nowhere. So this page gives lengths in units and areas in square units,
# and no micrometres.
#
# By hand: a nucleus of 13 pixels has the area 52. A disc of that area has the radius $r$ with $\pi r^2 = 52$, so
# $r = \sqrt{52 / \pi} = 4.07$ units: the *equivalent radius*.
#
# ### Exercise 3.3 - the radius of each nucleus
#
# The segmentation gives *labels*: an array of whole numbers, one number for all pixels of a nucleus. Nuclei that touch
# have different labels. Labels may be missing, if a nucleus was thrown out. What is 0?

# %%
# Exercise 3.3 - equivalent radii
def radii(labels, pixel_size):
    """Return the equivalent radius of each nucleus, (n,), in the order of the labels.

    labels: (h, w) of whole numbers, 0 where there is no nucleus; pixel_size: width of a pixel, in units.
    """
    ### BEGIN SOLUTION
    _, areas = np.unique(labels[labels > 0], return_counts=True)
    return np.sqrt(areas * pixel_size**2 / np.pi)
    ### END SOLUTION

check("3.3", radii)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which different numbers stand in `labels`, and which of them is no nucleus?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `np.unique(numbers, return_counts=True)` gives the numbers that are there, sorted, and how often each occurs. That
# is an area in pixels.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `_, areas = np.unique(labels[...], return_counts=True)`, then the root of `areas * ... / np.pi`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# A label of 13 pixels and `pixel_size = 2` gives 4.07; with `pixel_size = 1` it gives 2.03.
# </details>
#
# The library has a function for all such numbers, `regionprops`. Its centroid is the mean row and the mean column of a
# nucleus's pixels. One nucleus, both ways:

# %%
from skimage.measure import regionprops

labels = segment_nuclei(picture)
regions = regionprops(labels)
rows, columns = np.nonzero(labels == 1)
print("area    ", len(rows), int(regions[0].area))
print("centroid", np.round([rows.mean(), columns.mean()], 2), np.round(regions[0].centroid, 2))

# %% [markdown]
# **Break it on purpose.** Forget that label 0 is the ground, and take the mean radius of everything that has a label.
# Predict roughly what the ground's "radius" is. (The picture is 300 units wide.)

# %%
_, pixels = np.unique(labels, return_counts=True)
sizes = np.sqrt(pixels * 2**2 / np.pi)
nuclear = sizes[1:]  # without label 0, which comes first here because there is ground
print(f"all {len(sizes)} labels: mean radius {sizes.mean():.1f};  the {len(nuclear)} nuclei: {nuclear.mean():.1f}")
print("largest:", sizes.max().round(0))

# %% [markdown]
# One "nucleus" more than there are, and by far the largest. In the column "worst" it would be a catastrophe. The
# opposite slip, touching nuclei taken for one, hides better: the mean grows a little, and nobody counts.

# %%
_, pixels = np.unique(label(labels > 0)[labels > 0], return_counts=True)
merged = np.sqrt(pixels * 2**2 / np.pi)
print(f"hanging together: {len(merged)} nuclei, mean radius {merged.mean():.1f}, largest {merged.max():.1f}")
print(f"parted:           {len(nuclear)} nuclei, mean radius {nuclear.mean():.1f}, largest {nuclear.max():.1f}")

# %% [markdown]
# The table's own "radius" is not the equivalent radius. It is the mean distance from the centroid to the points of the
# contour. (Somebody had outlined each nucleus roughly on a screen; a program, a "snake", then drew the line tight.) For
# a circle both are equal; for a long nucleus they are not quite. `measure_nuclei` follows the table's words; `table()`
# gives the patients, a dictionary each, and their diagnoses.

# %%
from course.data.cytology import table
from course.imaging.measurement import measure_nuclei

nuclei = measure_nuclei(picture, labels, pixel_size=2)
print(f"equivalent {nuclear.mean():.2f}, mean distance to the contour {nuclei['radius'].mean():.2f},",
      f"table {table()[0][22]['mean radius']:.2f}")

# %% [markdown]
# ## 5. How long is the way round?
#
# Area is a count. A *perimeter* is not, though many programs count it. Take a disc, whose true perimeter is $2 \pi r$,
# drawn on pixels with a soft edge:

# %%
def disc(radius, centre):
    """Return a picture uint8 (60, 60) of a dark disc with a soft edge, and its mask. All in pixels."""
    y, x = np.mgrid[:60, :60]
    outside = np.hypot(y - centre[0], x - centre[1]) - radius
    return np.round(80 + 150 * np.clip(outside + 0.5, 0, 1)).astype(np.uint8), outside <= 0


# %% [markdown]
# Five ways to its perimeter:
#
# - **edge pixels**: count the pixels of the mask that touch the ground.
# - **pixel sides**: add up the sides between mask and ground.
# - **regionprops**: weighs edge pixels, a diagonal step as $\sqrt 2$.
# - **Crofton**: count how often lines in four directions cross the edge, and average.
# - **sub-pixel**: use the grey levels, not the mask. Where the picture is half-way between inside and outside, there is
#   the edge, also between two pixels. Join these points, add up the pieces.
#
# **Predict**: which of them are too short, which too long? (For pixel sides: think of a staircase.)

# %%
from scipy.ndimage import binary_erosion
from skimage.measure import find_contours, perimeter, perimeter_crofton


def line_length(grey):
    """Return the length of the contour at the level half-way between 80 and 230."""
    points = max(find_contours(grey.astype(float), 155), key=len)
    return np.linalg.norm(np.diff(points, axis=0), axis=1).sum()

ways = {
    "edge pixels": lambda grey, mask: np.sum(mask & ~binary_erosion(mask)),
    "pixel sides": lambda grey, mask: sum(np.abs(np.diff(mask.astype(int), axis=axis)).sum() for axis in (0, 1)),
    "regionprops": lambda grey, mask: perimeter(mask),
    "Crofton": lambda grey, mask: perimeter_crofton(mask, 4),
    "sub-pixel": lambda grey, mask: line_length(grey),
    "course, smoothed": lambda grey, mask: measure_nuclei(grey, mask.astype(int))["perimeter"][0],
}

# %% [markdown]
# The last one is the sub-pixel line of `measure_nuclei`, which is smoothed along its way. Twenty discs of each radius,
# their centres anywhere between the pixels; the mean error in per cent:

# %%
import pandas as pd

rng = np.random.default_rng(5)
centres = 30 + rng.uniform(-0.5, 0.5, (20, 2))
errors = {f"r = {r} px": {name: 100 * np.mean([way(*disc(r, c)) for c in centres]) / (2 * np.pi * r) - 100
                          for name, way in ways.items()} for r in (4, 6, 9, 15)}
pd.DataFrame(errors).round(1)

# %% [markdown]
# - **Edge pixels** are more than a tenth short, since a diagonal step counts as 1. And the error *changes with the
#   size*, so that no constant factor repairs it.
# - **Pixel sides** are 27 % too long, at every size. A staircase is as long as its two straight sides together,
#   $8r$ instead of $2 \pi r$, and $8 / 2\pi = 1.27$. **Finer pixels do not help**: the steps get smaller, and more.
# - **regionprops** is short for small discs and long for large ones, by a few per cent. **Crofton** is within 1 %.
# - **The sub-pixel line** is within 1 % and uses what the mask has thrown away.
# - **The course's smoothed line** is short for small discs. It is smoothed against the jitter of the pixel grid,
#   which features that compare neighbouring points would feel; smoothing a small circle makes it smaller.
#
# Patient 22, the mean of her nuclei, in units. The drawing aimed at the table's value:

# %%
by_pixels = 2 * np.mean([region.perimeter for region in regions])
print(f"regionprops {by_pixels:.0f}, course, smoothed {nuclei['perimeter'].mean():.0f},",
      f"table {table()[0][22]['mean perimeter']:.0f} units")

# %% [markdown]
# The course's line is 2 % below the table. That regionprops meets the table here is no merit: at this size, a radius of
# seven to eight pixels, its error is small, between those at 6 and at 9 in the table of discs.
#
# ## 6. A formula that cannot be true
#
# How far is an outline from round? One of the ten features of the table is called *compactness*. scikit-learn, which
# ships the table, repeats the description that came with it, from its makers' report of 1993:

# %%
from sklearn.datasets import load_breast_cancer

print(*(line for line in load_breast_cancer().DESCR.splitlines() if "perimeter^2" in line))

# %% [markdown]
# So $\frac{p^2}{a} - 1$, with the perimeter $p$ and the area $a$. **Work out on paper what a circle gets**, with $p =
# 2 \pi r$ and $a = \pi r^2$. Does its size matter?

# %%
for r in (1, 10):
    p, a = 2 * np.pi * r, np.pi * r**2
    print(f"circle of radius {r:2}: p^2 / a - 1 = {p**2 / a - 1:.2f}")

# %% [markdown]
# $4\pi - 1 = 11.57$, whatever the size. And no outline can have less: of all outlines with the same area the circle
# is the one with the shortest way round; that is proved, as the *isoperimetric inequality*. Dents and length only
# raise it. **Predict** the range of the table's column, then look.

# %%
patients, diagnoses = table()
column = {name: np.array([patient[name] for patient in patients]) for name in patients[0]}
stored = column["mean compactness"]
print(f"the table's mean compactness: {stored.min():.3f} to {stored.max():.3f}")

# %% [markdown]
# Not one of 569 patients comes near 11.57. Either the table's nuclei are rounder than circles, or the formula is not
# what was computed. The table holds its own proof, for it also has the perimeters and the areas:

# %%
p, a = column["mean perimeter"], column["mean area"]
as_described = p**2 / a - 1
print(f"p^2 / a - 1 from the table's own columns: {as_described.min():.1f} to {as_described.max():.1f}")
print(f"correlation with the stored column: {np.corrcoef(as_described, stored)[0, 1]:.2f}")

# %% [markdown]
# (A *correlation* is 1 where two columns rise and fall together exactly, and 0 where there is no tendency.) It is
# high, so the ingredients are right; but a correlation is blind to a wrong factor. Only the *scale* gives it away.
# **Which one change makes the formula plausible?** Larger is to mean less round. What should the roundest of all
# outlines get, on a scale that ends in "$- 1$"?
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
# But the stored values are somewhat larger, for nearly all patients. Why not equal? Because the table holds
# **means**, and a mean of ratios is not the ratio of means. The compactness was computed for each nucleus and then
# averaged; we put the *average* perimeter and the *average* area into the formula. Patient 22's nuclei, both ways:

# %%
mean_of_ratios = nuclei["compactness"].mean()
ratio_of_means = nuclei["perimeter"].mean() ** 2 / (4 * np.pi * nuclei["area"].mean()) - 1
print(f"mean of the nuclei's values {mean_of_ratios:.3f}, from their mean p and mean a {ratio_of_means:.3f}")

# %% [markdown]
# The same direction. Part of it can be worked out. Areas grow with the square of the size, so nuclei of *different*
# sizes raise the mean area more than the square of the mean perimeter. If the standard deviation of the sizes (a
# typical distance from their mean) is $v$ times their mean, the mean area is larger by the factor $1 + v^2$. The
# table lets us estimate $v$, if we guess 15 nuclei a picture (the next section says why 15, and what "radius error"
# is):

# %%
v = np.sqrt(15) * column["radius error"] / column["mean radius"]
corrected = (1 + candidate) * (1 + v**2) - 1  # 1 + candidate is the fraction, whose area is too large by 1 + v**2
print(f"stored / corrected: median {np.median(stored / corrected):.2f}")

# %% [markdown]
# That is enough to account for the excess of the typical patient. It does not account for the scatter, and it rests
# on a guessed number of nuclei. Is there a rival? $1 - 4\pi a / p^2$ is 0 for a circle too, and rises and falls with
# ours. But it can never reach 1. The largest value stored in the column "worst compactness":

# %%
print(f"largest worst compactness: {column['worst compactness'].max():.2f}")

# %% [markdown]
# That rules the rival out. So: $p^2 / (4\pi a) - 1$ explains the column, apart from what averaging hides; $p^2 / a - 1$
# cannot explain it at all. **A published formula is a claim, and a table can refute it.**
#
# What would compactness have been with the other perimeters of section 5? A round nucleus of radius 6 pixels:

# %%
for name in ("edge pixels", "pixel sides", "Crofton", "sub-pixel"):
    values = [ways[name](*disc(6, c)) ** 2 / (4 * np.pi * disc(6, c)[1].sum()) - 1 for c in centres]
    print(f"{name:12} compactness {np.mean(values):+.2f}")

# %% [markdown]
# With counted edge pixels a disc is "rounder than a circle", below 0, which is impossible. With pixel sides it has 0.6,
# more than any patient of the table has on average: the staircase drowns everything.

# %% [markdown]
# ## 7. Three numbers for fifteen nuclei
#
# A picture has many nuclei, a patient gets one row. For each of the ten features the table keeps three numbers:
#
# - **mean**: of all nuclei of the picture;
# - **error**: the *standard error* of that mean, $\frac{s}{\sqrt n}$, with $n$ the number of nuclei and $s$ their
#   standard deviation, $s = \sqrt{\frac{1}{n-1} \sum_i (v_i - \bar v)^2}$, where $v_i$ is the value of nucleus $i$ and
#   $\bar v$ the mean;
# - **worst**: the mean of the three largest values.
#
# By hand, five radii 3, 9, 4, 8, 6: mean 6, squared distances 9, 9, 4, 4, 0 with sum 26, $s = \sqrt{26 / 4} = 2.55$,
# error $2.55 / \sqrt 5 = 1.14$. **Worst?** Sorted, the largest three are 6, 8 and 9: 7.67.
#
# $s$ says how much the *nuclei* differ, the error how far the *mean* may be off. With four times as many nuclei, $s$
# stays about as it is, and the error halves.
#
# ### Exercise 3.5 - mean, error, worst

# %%
# Exercise 3.5 - from nuclei to one patient
def summarise(values):
    """Return (mean, standard error, worst) of one feature. values: (n,) of n >= 3 nuclei, in any order."""
    ### BEGIN SOLUTION
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    return np.mean(values), error, np.sort(values)[-3:].mean()
    ### END SOLUTION

check("3.5", summarise)

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
# **Is the table's "error" really a standard error?** Its description says so, and after section 6 we do not take its
# word. Ask the numbers: how many "errors" does the worst lie above the mean?

# %%
from course.imaging.measurement import FEATURES


def errors_above(name):
    """Return the median over the patients of (worst - mean) / error of one feature."""
    some = column[f"{name} error"] > 0
    gap = column[f"worst {name}"] - column[f"mean {name}"]
    return np.median(gap[some] / column[f"{name} error"][some])

print(*(f"{name} {errors_above(name):.1f}" for name in FEATURES), sep="\n")

# %% [markdown]
# Between 5 and 6 for all ten. Now how many standard *deviations* can three nuclei of $n$ lie above the mean of all? At
# most, when the other $n - 3$ are all alike (put $n - 3$ values at 0 and three at 1, and compute); then the answer is
# $\sqrt{(n-3)(n-1) / (3n)}$. And for values from a bell
# curve (a *normal distribution*), simulated 4,000 times:

# %%
rng = np.random.default_rng(3)
for n in (10, 15, 20, 83, 111):
    values = rng.normal(size=(4000, n))
    gaps = (np.sort(values)[:, -3:].mean(axis=1) - values.mean(axis=1)) / values.std(axis=1, ddof=1)
    print(f"n = {n:3}: bell curve {gaps.mean():.1f} s, at most {np.sqrt((n - 3) * (n - 1) / (3 * n)):.1f} s;",
          f"bell curve {gaps.mean() * np.sqrt(n):.1f} standard errors")

# %% [markdown]
# If "error" were the standard deviation, a typical patient would need at least 83 nuclei for the radius and 111 for the
# concavity, all but three of them twins, and this in each of the ten features. As a standard error, 15 ordinary nuclei
# give 5.2 and 20 give 6.7. So the standard error fits, and the standard deviation does not; and a typical picture had
# some 15 nuclei, if their values are spread like a bell curve. That is why the drawn fields have fifteen.
#
# **One more trap.** The three worst nuclei are chosen *for each feature anew*. The largest nucleus need not be the most
# ragged. So the worst compactness does not follow from the worst perimeter and the worst area:

# %%
from_worst = column["worst perimeter"] ** 2 / (4 * np.pi * column["worst area"]) - 1
print(f"correlation with the stored column: worst {np.corrcoef(from_worst, column['worst compactness'])[0, 1]:.2f},",
      f"mean {np.corrcoef(candidate, stored)[0, 1]:.2f}")

# %% [markdown]
# ## 8. All patients: what comes back?
#
# Now the whole chain, 569 times: draw the picture, find the nuclei, measure ten features of each, summarise. Nobody
# tells the program where the nuclei are. (Drawing takes some ten seconds, measuring twenty or thirty.)

# %%
from course.data.cytology import load

pictures, diagnosis, _ = load()  # diagnosis: 1 malignant, 0 benign, in the order of the table

# %% [markdown]
# `measure` returns the thirty numbers of a picture, named as in the table. Two more are kept: the total area of the
# nuclei, and how many were found.

# %%
from course.imaging.measurement import measure


def measured(picture):
    """Return the thirty measurements of a picture, the total nuclear area in square units, and the count."""
    labels = segment_nuclei(picture)
    return [*measure(picture, labels, pixel_size=2).values(), np.sum(labels > 0) * 2**2, labels.max()]

numbers = np.array([measured(picture) for picture in progress(pictures, "measuring")])

# %% [markdown]
# First the count, which should be fifteen everywhere:

# %%
found, times = np.unique(numbers[:, 31].astype(int), return_counts=True)
print(", ".join(f"{count} nuclei: {n} pictures" for count, n in zip(found, times, strict=True)))
assert np.mean(np.abs(numbers[:, 31] - 15) <= 1) > 0.95

# %% [markdown]
# Mostly right, and where it is wrong, mostly by one. Look at the worst failure before you average it away:

# %%
worst = int(numbers[:, 31].argmax())
labels = segment_nuclei(pictures[worst])
nothing = np.zeros_like(labels)
in_a_row([outlined(pictures[worst], drawn, times=2) for drawn in (nothing, labels)],
         [f"patient {worst}", f"{labels.max()} found"])

# %% [markdown]
# *Figure: left, a field of dark nuclei with a coarse pattern of bright grains inside. Right, the outlines: many
# nuclei are broken up into small pieces along the bright grains.*
#
# Patient 239 of section 3 again. These nuclei are very dark, with bright grains. The half-way rule measures *inside*
# the nuclei, lands high, at 0.28, and cuts the grains out. Otsu's own cut, 0.21, finds all fifteen. What is better for
# the typical patient is not better for every one, and a number without a picture would have hidden why.
#
# Now each measurement against the table. The ten features, in a few words each; all are made so that larger is more
# suspicious:
#
# - *radius*, *perimeter*, *area*, *compactness*: as above. *texture*: the spread of the grey levels inside the nucleus.
# - *smoothness*: how much the radius jumps from one contour point to the next. *symmetry*: how unlike the two halves
#   are.
# - *concavity*: how deep the dents are. *concave points*: how much of the contour lies in dents.
# - *fractal dimension*: how much longer the contour gets under a finer ruler.
#
# The correlation over all patients is 1 where measured and stored values rise and fall together exactly, 0 where there
# is no tendency. **Predict** the best and the worst of the ten.

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
# One of each kind, patient by patient:

# %%
panels = {name: (column[name], numbers[:, names.index(name)]) for name in
          ("mean radius", "mean compactness", "mean fractal dimension")}
scatter_figure(panels, diagnosis, ["table", "measured again"])

# %% [markdown]
# *Figure: three clouds, table across and re-measured value upwards, benign dots and malignant triangles. Mean radius: a
# thin line a little below the dashed line of equality, and one patient far below it. Mean compactness: a wide rising
# cloud, three quarters of it below the line, with some malignant patients far above. Mean fractal dimension: a
# shapeless cloud well below the line.*
#
# Read it without pride:
#
# - **Size** comes back almost perfectly, a few per cent small, as the smoothed line of section 5 was. The one patient
#   far off is the one in pieces.
# - **Texture**, the standard deviation of the grey levels inside a nucleus, comes back well.
# - **Compactness and concavity** come back in part. At two units a pixel a small nucleus is about a dozen pixels
#   across, and fine dents are lost. Extreme patients were also drawn less extreme than the table, since no nucleus
#   may be torn to shreds.
# - **Symmetry, smoothness, fractal dimension**: poor, and for two reasons that this table cannot tell apart. The
#   report leaves details of their definitions open, so ours are our own, on another scale. And the drawing does not
#   aim at all of them; what nobody drew, nobody can measure.
# - **Errors** come back worse than means. A spread is harder to measure than a mean, and one nucleus missed or two
#   taken for one tell at once.
#
# It is a test of drawing and measuring together. It says nothing about medicine: the diagnosis was in the table before
# the first pixel was drawn.

# %% [markdown]
# ## 9. Four baselines
#
# What must a network beat? Four ways to judge a picture, from thoughtless to careful:
#
# - **majority**: call every patient benign;
# - **mean brightness**: one number, no nuclei looked for;
# - **total nuclear area**: one number, everything of this page in it;
# - **SVM on the ten measured features**: a support vector machine, which draws a border between two classes of measured
#   numbers ([lesson 09](09_support_vector_machine.ipynb)), on the ten means of section 8.
#
# The middle two get the simplest learnt rule for one number, a *logistic regression*: a threshold with a soft edge.
# **Write down your guess** of the share of patients that each is right about. (Take the tools of this section as black
# boxes; lessons 09 and 12 open them.)
#
# Each patient must be judged by a rule that has not seen her. So deal the patients into five parts; learn from four,
# judge the fifth; five times. (`C` and `gamma`, which say how far the border may bend, come from work on the table
# itself, `neck` from such pictures; parts and settings are those of [lesson 14](14_breast_cancer_cnn.ipynb).)

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def out_of_fold(model, columns, dealt=0):
    """Return each patient's score, (569,), by a model that has not seen her. Above 0 it says malignant."""
    pipeline = make_pipeline(StandardScaler(), model)
    parts = StratifiedKFold(5, shuffle=True, random_state=dealt)
    return cross_val_predict(pipeline, columns.reshape(569, -1), diagnosis, cv=parts, method="decision_function")

# %% [markdown]
# `make_pipeline` standardises the columns with the means of the four parts alone, as it must.

# %%
scores = {
    "majority": np.full(569, -1.0),
    "mean brightness": out_of_fold(LogisticRegression(), pictures.mean(axis=(1, 2, 3))),
    "total nuclear area": out_of_fold(LogisticRegression(), numbers[:, 30]),
    "SVM on the ten measured features": out_of_fold(SVC(C=10, gamma=0.01), numbers[:, :10]),
}

# %% [markdown]
# Two measures. *Accuracy* is the share right. *AUC* is how often a malignant patient gets a higher score than a
# benign one, if one of each is drawn at random; a coin has 0.5. *From* and *to* enclose a *95 % confidence interval*:
# other patients would give other numbers, and such a recipe is made to catch the true value in about 95 of 100 studies.
# (Here it treats the five rules as one, and leaves out how they themselves would change: a lower bound on the doubt.)
# `delong` and `wilson` return estimate, from, to.

# %%
from course.evaluation.intervals import delong, wilson

lines = {}
for name, score in scores.items():
    right = np.sum((score > 0) == diagnosis)
    lines[name] = [*delong(diagnosis, score), *wilson(right, 569)]
baselines = pd.DataFrame(lines, index=["AUC", "from", "to", "accuracy", "from ", "to "]).T
baselines.round(2)

# %% [markdown]
# (The majority's AUC is 0.5 on any patients; ignore its interval.) And if the parts are dealt anew?

# %%
dealt = [np.mean((out_of_fold(SVC(C=10, gamma=0.01), numbers[:, :10], seed) > 0) == diagnosis) for seed in range(10)]
print(f"SVM, ten deals: accuracy {min(dealt):.2f} to {max(dealt):.2f}; the first, above, {dealt[0]:.2f}")

# %% [markdown]
# - **The majority** is right about 63 of 100 and finds no tumour at all. An accuracy of 63 % means nothing.
# - **Brightness** is not worthless, although stain and lamp were drawn without regard to the class: nuclei are darker
#   than the ground, and large ones cover more of it. How much stain and lamp vary was our choice, made so that
#   brightness alone stays below 0.75; with less variation it had 0.94. So the figure says nothing about real slides. On
#   slides from a careless laboratory it could be *far* better, for a bad reason: malignant
#   slides stained on another day.
# - **One area** goes most of the way.
# - **Ten features** go further: the interval of their AUC lies above that of the area.
#
# A network that sees the same pictures and reaches an AUC of 0.93 does no better than a ruler. The results stored for
# lesson 14 hold the same four, made earlier by the same functions. Has anything changed since?

# %%
from course.reproduce.store import result

for name, stored_there in result(14)["baselines"].items():
    if name in lines:
        gap = max(abs(lines[name][0] - stored_there["auc"][0]), abs(lines[name][3] - stored_there["accuracy"][0]))
        print(f"{name}: {'agrees' if gap < 0.005 else 'differs by ' + str(round(gap, 3))}")

# %% [markdown]
# These are the numbers to remember. Lesson 08 uses smaller pictures (64 pixels) and one fixed split, so its numbers for
# the same methods differ a little. One such split here, learnt from the training patients, judged on the 86 test
# patients:

# %%
from course.data.cytology import split_of_patients

split = split_of_patients()
train, test = split == "train", split == "test"
svm = make_pipeline(StandardScaler(), SVC(C=10, gamma=0.01)).fit(numbers[train, :10], diagnosis[train])
auc = delong(diagnosis[test], svm.decision_function(numbers[test, :10]))
print(f"SVM, 86 test patients: AUC {auc.estimate:.2f}, 95 % interval {auc.low:.2f} to {auc.high:.2f}")
print(f"SVM, all, out of fold: AUC {baselines.loc['SVM on the ten measured features', 'AUC']:.2f}")

# %% [markdown]
# With 86 patients the interval is wide. That is why lesson 14 judges out of fold.
# [Lesson 12](12_comparing_classifiers.ipynb) lets machines learn from the table itself, all thirty columns, and they do
# better still: drawing, pixels and segmentation have cost something on the way.

# %% [markdown]
# ## Traps
#
# - **The ground counted as a nucleus.** *Symptom*: one nucleus more than you can see, and a giant among the "worst".
#   *Cure*: label 0 is no nucleus; `labels[labels > 0]`.
# - **Touching nuclei taken for one.** *Symptom*: a high Dice, a low count, sizes too large. *Cure*: the watershed, and
#   look at the outlines.
# - **Counting pixels for a perimeter.** *Symptom*: discs rounder than a circle, or more ragged than any patient; finer
#   pixels do not help. *Cure*: a sub-pixel contour, or Crofton; test it on a disc.
# - **One threshold on uneven light.** *Symptom*: half the picture is nucleus. *Cure*: density against the empty slide.
# - **Otsu without weights, or with the boundary level on the wrong side.** *Symptom*: a few specks make the cut; two
#   programs disagree. *Cure*: shares of both classes; decide once that a pixel equal to the cut lies below.
# - **A formula believed.** *Symptom*: values a hundred times off, and a correlation that looks fine. *Cure*: try it
#   on a circle; compare scales, not only correlations.
# - **"Error" taken for the spread of the nuclei.** *Symptom*: nuclei that look all alike on paper. *Cure*: multiply by
#   $\sqrt n$.
# - **Worst of an unsorted row.** *Symptom*: a "worst" below the mean. *Cure*: sort a copy, then take the last three.

# %% [markdown]
# ## Recap
#
# Otsu's threshold is the cut with the largest between-class variance, and it needs even light, or densities, to work
# on. Distance transform and watershed part nuclei that touch, at the price of one more number to choose. Areas may be
# counted in pixels, perimeters may not. The table's compactness is $p^2 / (4 \pi a) - 1$ and its "error" the standard
# error, as its own numbers show, whatever its description says. Ten honest measurements judge the drawn pictures
# well, and the area alone goes most of the way: that is what a network has to beat.

# %% [markdown]
# ## Quiz
#
# **1. A brighter lamp.** All levels of a picture are doubled (no level runs over). What happens to Otsu's two classes?
#
# - (a) the same pixels are nuclei as before
# - (b) fewer pixels become nuclei
# - (c) it cannot be said
#
# <details><summary>Answer</summary>
#
# (a). Means and distances double, $B$ of every cut is four times as large, and the best cut doubles with the levels.
# (b) would be so for a fixed threshold. A lamp that is *uneven* is another matter: it changes the order of the
# pixels.
# </details>
#
# **2. Finer pixels.** You double the resolution. Which perimeter of a disc comes closer to $2 \pi r$?
#
# - (a) the sum of the pixel sides
# - (b) the sub-pixel contour
# - (c) both
#
# <details><summary>Answer</summary>
#
# (b). The staircase is $8r$ long at every resolution. (c) sounds natural, since the *area* of the staircase does come
# closer; its length does not.
# </details>
#
# **3. Two nuclei touch** and are taken for one. What happens to the mean area, if all other nuclei are found rightly?
#
# - (a) it stays: the total area is the same
# - (b) it grows: the same total is divided by fewer nuclei
# - (c) it falls
#
# <details><summary>Answer</summary>
#
# (b). (a) is true of the *total* nuclear area, which is why that baseline is so sturdy.
# </details>
#
# **4. A colleague** writes: "radius error 0.3, so nearly all nuclei are within 0.6 of the mean radius of 12". About 15
# nuclei were measured. What do you answer?
#
# - (a) right, two standard deviations
# - (b) no: the nuclei's own spread is about $0.3 \cdot \sqrt{15} = 1.2$
# - (c) no: the spread is $0.3 / \sqrt{15}$
#
# <details><summary>Answer</summary>
#
# (b). The error speaks of the mean. (a) takes it for the standard deviation, (c) divides where one must multiply.
# </details>
#
# **5. A network** on these pictures reaches AUC 0.93 on 86 patients. What is it worth?
#
# - (a) it has learnt to see cancer
# - (b) about what the summed area of the nuclei is worth, as far as 86 patients can tell
# - (c) nothing
#
# <details><summary>Answer</summary>
#
# (b). Section 9 has the area at about that AUC, on all patients. (a) is more than an AUC can say, and these are
# drawings. (c) is unfair: a majority has 0.5.
# </details>

# %% [markdown]
# ## Sources
#
# - N. Otsu. A threshold selection method from gray-level histograms. *IEEE Transactions on Systems, Man, and
#   Cybernetics* 9, pages 62 to 66, 1979. [doi 10.1109/TSMC.1979.4310076](https://doi.org/10.1109/TSMC.1979.4310076).
# - L. Vincent, P. Soille. Watersheds in digital spaces. *IEEE Transactions on Pattern Analysis and Machine
#   Intelligence* 13, pages 583 to 598, 1991. [doi 10.1109/34.87344](https://doi.org/10.1109/34.87344).
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *SPIE* 1905,
#   pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The ten features.
# - W. H. Wolberg, W. N. Street, O. L. Mangasarian. Breast Cancer Wisconsin (Diagnostic). UCI Machine Learning
#   Repository, 1993. [doi 10.24432/C5DW2B](https://doi.org/10.24432/C5DW2B). The table (UCI's own citation names Street
#   twice).
# - L. R. Dice. Measures of the amount of ecologic association between species. *Ecology* 26, pages 297 to 302, 1945.
#   [doi 10.2307/1932409](https://doi.org/10.2307/1932409). The overlap.
# - scikit-image, [measure](https://scikit-image.org/docs/stable/api/skimage.measure.html): `regionprops`,
#   `perimeter_crofton`, `find_contours`.

# %% [markdown]
# ## Next
#
# [Lesson 04](04_convolution.ipynb) stops telling the program what a nucleus is and begins with what a network can do:
# slide a small kernel over the picture. [Lesson 09](09_support_vector_machine.ipynb) draws a border through the
# measurements of this page, and [lesson 14](14_breast_cancer_cnn.ipynb) sets a network beside the four baselines.
