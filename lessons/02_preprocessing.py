# %% [markdown]
# # Prepare a picture without spoiling it
#
# Between the microscope and the network stand a few lines of code that nobody looks at. They can wipe out the stain,
# the size of a nucleus or the whole picture without any error message, and no later step brings back what is gone.
#
# ## What you will do
# - Standardise numbers on paper, then pictures by channel with training statistics (exercises 2.1 and 2.2).
# - Work out how much noise is left when pixels are averaged, and add it in the right place (exercises 2.3 and 2.5).
# - Bring any picture into one form, or refuse it (exercise 2.4).
# - Change pictures at random while training, never at prediction, and repeatably (exercise 2.6).
#
# In between you measure what turning, shifting, shearing and zooming do to a diagnosis, and repair a pipeline with
# eight faults, each with its symptom.
#
# **What you need.** Python, NumPy, school algebra; pictures as arrays with rows, columns and channels, as in
# [lesson 01](01_images_as_arrays.ipynb).
#
# **How long.** About 140 minutes. Good places for a pause are after section 3 and after section 4.
#
# **What this is not.** The cells are *drawn from measurements, not photographs*, the ultrasound picture is a sketch.
# Nothing here may be used on a patient.

# %% [markdown]
# ## 1. Standardise, but over what?
#
# A network multiplies pixels by weights and adds them up. That goes best with numbers around 0 and of a size around 1,
# and pixels lie between 0 and 255. *Standardising* moves and stretches them:
#
# $$x' = \frac{x - \mu}{\sigma}$$
#
# $x$ is a number as it comes, $x'$ the number standardised, $\mu$ ("mu") the mean and $\sigma$ ("sigma") the
# *deviation*: the root of the mean of the squared distances from the mean. Take four pixels: 2, 4, 4, 6. Their mean is
# $16 / 4 = 4$. The distances are $-2, 0, 0, 2$, their squares $4, 0, 0, 4$, the mean of these 2, and
# $\sigma = \sqrt 2 \approx 1.41$. So 6 becomes $2 / 1.41 \approx 1.41$. (The mean of the squares, here 2, is called the
# *variance*. We divide by $n = 4$; some books divide by $n - 1$.)

# %%
import numpy as np

row = np.array([2, 4, 4, 6])
print("mean", row.mean(), " deviation", row.std().round(2), " standardised", ((row - row.mean()) / row.std()).round(2))

# %% [markdown]
# ### Exercise 2.1 - four numbers by hand
#
# Standardise **1, 3, 3, 9** on paper. Two decimals are enough; you may also type fractions such as `2 / 3`.

# %%
# Exercise 2.1 - standardise 1, 3, 3, 9
from course.checks import check

four = [-1, -1 / 3, -1 / 3, 5 / 3]  # SOLUTION

check("2.1", four)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What is the mean of the four, and how far is each from it?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Four distances; their squares; the mean of the squares; its root. Divide each distance by it.
# </details>
# <details><summary>Hint 3: the shape of the answer</summary>
#
# `four = [..., ..., ..., ...]`. The second and the third number are equal, and the four add up to 0.
# </details>
#
# Now the question that most tutorials skip. **Mean of what?** Of the picture? Of the channel? Of all pictures? Take two
# pictures of two pixels each, the second with half the contrast and brighter. **Predict** what becomes of the two when
# each is standardised *by itself*.

# %%
strong, weak = np.array([20.0, 220.0]), np.array([120.0, 220.0])
for picture in (strong, weak):
    print("by itself:", (picture - picture.mean()) / picture.std())

# %% [markdown]
# They have become the same picture. A picture standardised by itself has mean 0 and deviation 1, whatever it was: how
# bright it is, and how strong its contrast, is erased. Now *one* mean and *one* deviation for both:

# %%
both = np.concatenate([strong, weak])
for picture in (strong, weak):
    print("together: ", ((picture - both.mean()) / both.std()).round(2))

# %% [markdown]
# The difference is still there, in other units. Is it worth keeping? That is no question of mathematics:
#
# | mean and deviation of | what is erased | when that is right |
# |---|---|---|
# | each pixel's place, over all pictures | what all have in common at that place | aligned brain scans |
# | each picture | its brightness and contrast | both come from the machine only |
# | each channel of the training pictures | nothing of a single picture | brightness or colour may hold a finding |
#
# In computed tomography the grey value *is* the finding: it says how much X-ray the tissue takes away. Cells are nearly
# colourless; what one sees under the microscope is the *stain*, a dye. In an *antibody stain* the dye hangs on one
# protein only, and its strength is a part of what the pathologist grades (for the protein HER2 from 0 to 3+: how
# strong, how complete around the cell, in how many cells). In a *smear*, cells spread on a glass slide and dyed as a
# whole, much of the stain's strength comes from the laboratory, and some from the cells. Whoever prepares pictures has
# to know which.
#
# Two more traps hide in this little formula. First, $\sigma$ can be 0: a channel that is the same everywhere. In
# *fluorescence* pictures dyes glow, each in its colour; with a red and a green dye the blue channel stays empty.
# **Predict** what 0 / 0 is.

# %%
blue = np.zeros(4)
with np.errstate(invalid="ignore"):
    print((blue - blue.mean()) / blue.std())

# %% [markdown]
# "Not a number", in every pixel, and everything computed from it later is NaN too. (NumPy prints a warning;
# `np.errstate` switches it off, as many notebooks do. Now you know what is lost with it.) The cure: a channel that is
# constant in training is only shifted, which means dividing by 1. Adding a tiny number to $\sigma$ is no cure. If a new
# picture differs by 1 there, dividing by 0.0000001 makes that ten million.
#
# **Predict:** is the computed $\sigma$ of a constant picture always 0? Here are 256 of them, one for each grey value,
# divided by 255.

# %%
levels = [np.full((10, 50, 50, 1), grey / 255) for grey in range(256)]
deviations = [level.std(axis=(0, 1, 2)).item() for level in levels]
print("more than 0 in over a hundred of them:", sum(deviation > 0 for deviation in deviations) > 100)
print("largest below 0.000000000001:         ", max(deviations) < 1e-12)

# %% [markdown]
# The mean of many equal numbers is rounded, the distances from it are no longer exactly 0, and whoever divides by such
# a $\sigma$ meets the ten million again, and more. "Is it constant?" is a question about the smallest and the largest
# value.
#
# Second, the word. Dividing by 255 is called "normalising" too:

# %%
field = np.array([[200, 210], [190, 220]], dtype=np.uint8)
print("by 255:      ", (field / 255).round(2).tolist())
print("standardised:", ((field - field.mean()) / field.std()).round(2).tolist())

# %% [markdown]
# Dividing by 255 changes the unit, nothing more: no mean is taken away, and a bright picture with little contrast stays
# a heap of numbers around 0.8. It learns nothing from data, so it cannot carry anything from the test pictures into
# training; it also does not centre. If somebody says "the pictures are normalised", ask which of the two is meant.
#
# ### Exercise 2.2 - by channel, with training statistics
#
# You have seen one row of numbers. Now batches, several pictures in one array: `train` has the shape (pictures, rows,
# columns, channels), and each channel gets *one* mean and *one* deviation, over all pixels of all training pictures.
# They are applied to `new`. Two things to keep in mind: a channel that is constant in training, and whole numbers of
# type `uint8`, of which the difference wraps around below 0.

# %%
# Exercise 2.2 - standardise new pictures with the statistics of the training pictures
def standardise(train, new):
    """Return the new pictures standardised by channel: float, the shape of `new`.

    train (n, h, w, c) gives mean and deviation (divided by n); new (m, h', w', c). Both may be uint8 or float.
    A channel that is constant in training is only shifted.
    """
    ### BEGIN SOLUTION
    mean = train.mean(axis=(0, 1, 2), dtype=float)
    deviation = train.std(axis=(0, 1, 2), dtype=float)
    constant = train.min(axis=(0, 1, 2)) == train.max(axis=(0, 1, 2))
    return (new - mean) / np.where(constant, 1, deviation)
    ### END SOLUTION

check("2.2", standardise)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `axis` names the axes over which the mean runs. Which axis is to be left over?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Mean and deviation have the shape (c,), one number for each channel. NumPy lines them up with the last axis of `new`
# by itself. Where the channel is constant, put a 1: `np.where(condition, one, other)`. Ask `train.min(...)` and
# `train.max(...)`, not whether the deviation is 0.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `mean = train.mean(axis=(...), dtype=float)`, the same with `std`, a line that asks which channels are constant, and
# one line that returns.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# `standardise(train, train)` has mean 0 and deviation 1 in each channel. `standardise(train, new)` has neither, and
# that is the point: it says how far the new pictures are from the training pictures.
# </details>
#
# Why `dtype=float`? With `float32`, which networks use, NumPy also *adds up* in `float32`, which keeps about seven
# digits of a number; `float` is `float64`, with about sixteen. Here are 100 drawn fields of cells. (They are drawn from
# the *Wisconsin table*: the measured nuclei of 569 patients with a lump in the breast, *benign*, that is harmless, in
# 357 of them, *malignant*, that is cancer, in 212. `draw(k)` draws a field of 15 nuclei with the measurements of
# patient `k`, 150 x 150 pixels, `uint8`.) **Predict** in which decimal the two lines differ, if they do.

# %%
from course.data.cytology import draw

fields = np.stack([draw(patient) for patient in range(100)])
print("added up in float32:", fields.astype("float32").mean(axis=(0, 1, 2)).round(1))
print("added up in float64:", fields.mean(axis=(0, 1, 2), dtype=float).round(1))

# %% [markdown]
# In the first, and not in the seventh digit: each of the 2,250,000 numbers of a channel is added to a sum of hundreds
# of millions, and rounded with it. The larger the sum grows, the more is rounded off with each pixel added. (That holds
# for these axes. Along numbers that lie side by side in memory, such as one channel alone, NumPy adds in pairs, and the
# error is next to nothing. Do not rely on it: `dtype=float` is right in every order.)
#
# Now the course's `Standardizer` and scikit-learn's `StandardScaler`. The second wants a table, so pictures are laid
# out with one pixel in each row.

# %%
from sklearn.preprocessing import StandardScaler

from course.imaging.preprocessing import Standardizer

ours = Standardizer().fit(fields[:80])
theirs = StandardScaler().fit(fields[:80].reshape(-1, 3).astype(float))
expected = theirs.transform(fields[80:].reshape(-1, 3).astype(float)).reshape(20, 150, 150, 3)
assert np.allclose(ours.transform(fields[80:]), expected, rtol=0, atol=1e-9)
print("mean", ours.mean_.round(1), " deviation", ours.deviation_.round(1))

# %% [markdown]
# They agree. Both are *fitted* on 80 pictures and *applied* to 20 others: two separate steps, on purpose.

# %% [markdown]
# ## 2. Shrink without inventing
#
# A slide scanner can deliver 100,000 x 100,000 pixels, the network wants 150 x 150. Take a row of fine stripes and keep
# every second pixel:

# %%
stripes = np.array([0, 9, 0, 9, 0, 9, 0, 9])
print("from the first on: ", stripes[::2])
print("from the second on:", stripes[1::2])
print("average of each two:", stripes.reshape(4, 2).mean(axis=1))

# %% [markdown]
# Black, or white, depending on where one begins: both are wrong. The average says "grey", which is true: the stripes
# are finer than the new pixels. When fine structure turns into something that is not there, it is called *aliasing*.
# The next picture has rings that get finer from the upper left to the lower right corner. **Predict** what becomes of
# them if every fourth pixel is kept.

# %%
from skimage import transform

from course.imaging.preprocessing import resize
from course.widgets.lesson_02 import enlarged

side = np.linspace(0, 1, 300)
rings = 0.5 + 0.5 * np.cos(150 * np.pi * (side**2 + side[:, None] ** 2))
skipped, linear, smooth = rings[::4, ::4], transform.resize(rings, (75, 75), anti_aliasing=False), resize(rings, 75)
titles = ["300 x 300", "every fourth", "no anti-aliasing", "anti-aliased"]
enlarged([rings, skipped, linear, smooth], titles)

# %% [markdown]
# *Figure: four squares. Upper left, rings about the upper left corner, ever finer outwards. Upper right, every fourth
# pixel: the same rings near that corner, and new broad rings about the middle and other points, all false. Lower left,
# without anti-aliasing: the false rings are about half as strong and still there. Lower right, anti-aliased: rings near
# the corner, and even grey where they are too fine to be shown, with a faint trace of the false ones at the edges.*
#
# The cure is to blur first, so that nothing is finer than the new pixels. How far do the false rings stand out? In the
# middle of the picture the true rings are four pixels apart along a row (and less than three straight across), the size
# of a new pixel: nothing of them can be shown. The window has to hold whole false rings, so it is 19 new pixels wide.

# %%
middle = np.s_[28:47, 28:47]
for title, small in zip(titles[1:], [skipped, linear, smooth], strict=True):
    print(f"{title:17} deviation in the middle {small[middle].std():.2f}")

# %% [markdown]
# Even grey would have the deviation 0. Reading in straight lines between four pixels halves the false rings, the blur
# removes them. Medical pictures have such structure: an X-ray picture taken through an anti-scatter grid holds the
# grid's fine lines, and *chromatin* (the grainy content of a nucleus) or the struts inside a bone can be as fine.
#
# Nothing about it is magic. By default scikit-image blurs with a Gaussian of deviation (factor - 1) / 2, that is 0.5
# pixels for half the size, and then reads between the pixels in straight lines. For half the size "between" is the
# middle of four pixels, so it is their average. Averages of squares have a short form, worth understanding once. Fold
# the rows in pairs, and the columns too:

# %%
little = np.arange(24).reshape(4, 6)
folded = little.reshape(2, 2, 3, 2)
print(little)
print("pair of rows 0, pair of columns 1:", folded[0, :, 1].tolist())
print("averages:", folded.mean(axis=(1, 3)).tolist())

# %% [markdown]
# `reshape` leaves the numbers in their order and gives them longer addresses. Row `r` becomes row `r % 2` of the pair
# `r // 2`, since `r = 2 * (r // 2) + r % 2`, and the same with the columns. Nothing is mixed, because each axis is
# split *in its own place*: 4 rows into 2 pairs of 2, then 6 columns into 3 pairs of 2. The axes 1 and 3 run within a
# square, so the mean over them is one number for each square. (In section 5 you will see a `reshape` that does mix.)

# %%
from scipy import ndimage

picture = fields[0, ..., 0].astype(float)
blurred = ndimage.gaussian_filter(picture, 0.5, mode="mirror")
by_hand = blurred.reshape(75, 2, 75, 2).mean(axis=(1, 3))
assert np.abs(by_hand - transform.resize(picture, (75, 75), anti_aliasing=True)).max() < 1e-6
assert np.abs(by_hand - resize(fields[:2], 75)[0, ..., 0]).max() < 1e-6
print("ours, scikit-image's and the course's resize agree")

# %% [markdown]
# The course's `resize` takes batches too and keeps the range of values. And what has become of the cell? Half the
# side is a quarter of the pixels; a nucleus 12 pixels across has 6. *Size in pixels is no size.* Only with the length
# of a pixel beside it, in micrometres, may nuclei from two scanners be compared.

# %% [markdown]
# ## 3. Inject noise, and know how much
#
# A network trained on clean pictures only may stumble over a grainy one. So noise is *injected* into training pictures:
#
# $$x' = x + \alpha \cdot \varepsilon$$
#
# $\varepsilon$ ("epsilon") is a random number of its own for each pixel, from the *normal distribution* (the bell
# curve: small numbers are frequent, large ones rare, both signs alike) with mean 0 and deviation 1. $\alpha$ ("alpha")
# is the deviation of what is added, in the unit of $x$; the variance added is $\alpha^2$. This is no enhancement: it
# makes a picture worse, on purpose, and must never touch a picture that somebody is going to read.
#
# `default_rng(2)` makes a *generator* of random numbers from a *seed*, here 2. The same seed gives the same numbers
# again.

# %%
from course.imaging.preprocessing import add_noise

grey = np.full((600, 600), 100.0)
noisy = add_noise(grey, 20, np.random.default_rng(2))
print("mean", noisy.mean().round(1), " deviation", noisy.std().round(1), " variance", round(noisy.var(), -1))

# %% [markdown]
# What is left when pixels are averaged? Two rules are enough.
#
# - A random number multiplied by $w$ has $w^2$ times the variance.
# - The variances of *independent* random numbers add up. (Independent: none tells anything about another.)
#
# The average of two pixels is $\tfrac12 \varepsilon_1 + \tfrac12 \varepsilon_2$. With $\alpha = 20$ each pixel has the
# variance 400, each half of it $\tfrac14 \cdot 400 = 100$, both together 200. So averaging two pixels halves the
# variance, and the deviation falls from 20 to $\sqrt{200} \approx 14.1$.
#
# ### Exercise 2.3 - the variance of a weighted sum
#
# A blur is a weighted sum of many pixels, and the weights need not be equal. What variance is left?

# %%
# Exercise 2.3 - how much noise is left
def variance_after(alpha, weights):
    """Return the variance of sum(weights * noise); each noise is independent with deviation alpha.

    weights: NumPy array of any shape, such as (n,) or (3, 3).
    """
    ### BEGIN SOLUTION
    return alpha**2 * np.sum(weights**2)
    ### END SOLUTION

check("2.3", variance_after)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# In the average of two pixels: what happened to the weight, and what to the two results?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# First rule for each weight, second rule over all of them.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# One line, with `alpha` squared and `np.sum`, which adds tables as well.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# For `alpha = 20` and the weights `np.array([0.5, 0.5])` it is 200; for `np.array([1.0, 1.0])` it is 800.
# </details>
#
# **Predict** from the exercise which share of the variance is left when a picture shrinks to half its side: by the
# average of 2 x 2 pixels, and by `resize`, which blurs first. More, or less?

# %%
print("start:          ", round(noisy.var() / 400, 2))
print("2 x 2 averages: ", round(noisy.reshape(300, 2, 300, 2).mean(axis=(1, 3)).var() / 400, 2))
print("half the side:  ", round(resize(noisy, 300).var() / 400, 2))
print("quarter of it:  ", round(resize(noisy, 150).var() / 400, 3))

# %% [markdown]
# A quarter for 2 x 2 averages, since four weights of a quarter give $4 \cdot \tfrac1{16}$. Less with `resize`, because
# its blur reaches further than the four pixels. At a quarter of the side hardly anything is left. These are shares of
# the *variance*; of the deviation the root is left: 16 % of the variance is $\sqrt{0.16}$, 40 %, of the deviation, so
# that noise of 25 leaves 10. Remember that for section 5: **noise that is added before shrinking is averaged away.**

# %% [markdown]
# ## 4. Turn, shift, zoom, flip: what becomes of the diagnosis?
#
# With few training pictures it helps to show each of them in many positions: *augmentation*. The idea rests on one
# condition, that **the changed picture would get the same diagnosis**. Does it? For cells that can be measured. The
# course finds the nuclei of a picture, measures radius and *compactness* (0 for a circle, larger the less round), then
# changes the picture and measures *the same nuclei* again, those that are still whole. (How nuclei are found and
# measured is the subject of [lesson 03](03_measuring_nuclei.ipynb).)
#
# Ten changes, twenty patients. **Predict** which of them leave radius and compactness alone.

# %%
from course.widgets.lesson_02 import same_nuclei

changes = {"turn by 90 degrees": {"rotation": 90}, "turn by 20 degrees": {"rotation": 20},
           "flip left-right": {"flip_x": True}, "flip up-down": {"flip_y": True},
           "shift by 4 %": {"shift": 0.04}, "shift by 20 %": {"shift": 0.2},
           "shear by 20 %": {"shear": 0.2}, "zoom 1.2 both ways": {"zoom_x": 1.2, "zoom_y": 1.2},
           "zoom 0.8 both ways": {"zoom_x": 0.8, "zoom_y": 0.8}, "zoom 1.2 by 0.8": {"zoom_x": 1.2, "zoom_y": 0.8}}

twenty = [draw(patient) for patient in range(0, 560, 28)]

def effects(change):
    pairs = [same_nuclei(picture, **change)[:2] for picture in twenty]
    shares = [[after[name] / before[name] - 1 for before, after in pairs] for name in ("radius", "compactness")]
    return [*shares, [after["count"] for _, after in pairs]]

def percent(share):
    return f"{round(share, 2) + 0:+.0%}"

# %% [markdown]
# Printed is the middle one of the twenty patients (the median), for compactness also the most extreme; last, how many
# of the 15 nuclei are still whole.

# %%
for name, change in changes.items():
    radius, compactness, left = effects(change)
    print(f"{name:18} radius {percent(np.median(radius)):>4}, compactness {percent(np.median(compactness)):>4}",
          f"({percent(min(compactness))} to {percent(max(compactness))}), whole {np.median(left):2.0f}")

# %% [markdown]
# - Quarter turns and flips move whole pixels: nothing changes. (A per cent at most: the background is fitted anew.)
# - Shifts leave radius and compactness alone as well, *of the nuclei that stay*. Look at the last number: what leaves
#   the picture is gone, and a mean over the others cannot show it.
# - Other turns read between pixels. A turned outline is as round as before, and the median hardly moves; that single
#   patients move by more is the price of measuring on pixels that were computed anew.
# - Shears read between pixels too, but they also change the outline: all twenty fields have become less round.
# - Zoom changes the radius by what it says, and **drawn separately for width and height, as Keras's old
#   `ImageDataGenerator` does, it changes the roundness by far more than anything else here.** (Its successor
#   `RandomZoom` draws one number for both, unless told otherwise.) A zoom both ways keeps the roundness of an outline
#   exactly; what moves the compactness there is reading between pixels, and measuring with fewer or more of them.
#
# Is 20 % of radius much? Take the radii of all 569 patients in the table. How many benign patients have nuclei as large
# as malignant ones, and how many would have after the change? "As large as" means: inside the middle 90 % of the other
# class.

# %%
from course.widgets.lesson_02 import mistakable

for factor in (0.8, 0.9, 1.0, 1.1, 1.2):
    benign, malignant = mistakable(factor)
    print(f"radii x {factor}: {benign:3} of 357 benign in the malignant range, {malignant:3} of 212 the other way")

# %% [markdown]
# With a zoom of 1.2 most benign patients have nuclei of the size that malignant ones have *unchanged*, and the network
# is told "benign". But the table compares the changed patients of one class with the unchanged ones of the other; in
# training all are changed. How well does size still tell the classes apart? The measure is the *AUC*: of all pairs of a
# malignant and a benign patient, the share in which the malignant one has the larger number. 1 is perfect, 0.5 is
# tossing a coin. **Predict** what becomes of it if all radii are multiplied by 1.2, and if each patient's is multiplied
# by a random number of its own between 0.8 and 1.2.

# %%
from course.data.cytology import table
from course.evaluation.metrics import auc

rows, labels = table()
radii = np.array([row["mean radius"] for row in rows])
factors = [np.random.default_rng(seed).uniform(0.8, 1.2, len(radii)) for seed in range(20)]
each = [auc(labels, radii * factor) for factor in factors]
print(f"as measured {auc(labels, radii):.2f}, all x 1.2 {auc(labels, 1.2 * radii):.2f},",
      f"each x 0.8 to 1.2: {min(each):.2f} to {max(each):.2f} in {len(each)} draws")

# %% [markdown]
# A zoom that is the same for all does no harm: who was larger still is, and the border between the classes moves along.
# Chance does the harm. Size still tells a lot, but less, and a network trained so can trust it less. Yet size is among
# the first things that a pathologist looks at.
#
# There is a second price. Whatever is turned, shifted or made smaller leaves gaps, and *fill* decides what stands
# there: mirrored surroundings (`reflect`), the border pixel drawn out (`nearest`), or black (`constant`). **Predict:**
# 15 nuclei are in each field. How many does a program find after a turn by 40 degrees?

# %%
from course.plots import show_pictures
from course.widgets.lesson_02 import measured, moved

for fill in ("before", "reflect", "nearest", "constant"):
    turned = twenty if fill == "before" else [moved(x, rotation=40, fill=fill) for x in twenty]
    found = [measured(picture) for picture in turned]
    print(f"{fill:9} nuclei {np.median([one['count'] for one in found]):2.0f},",
          f"compactness {np.median([one['compactness'] for one in found]):.2f} (medians)")

# %% [markdown]
# Corners turn out of the picture, and the gaps are filled. One of the twenty, with everything outlined that the program
# takes for a nucleus:

# %%
from course.widgets.lesson_02 import outlined

turned = [moved(twenty[9], rotation=40, fill=fill) for fill in ("reflect", "nearest", "constant")]
show_pictures([outlined(picture) for picture in (twenty[9], *turned)],
              ["before", "reflect", "nearest", "constant"], columns=2, size=2.6)

# %% [markdown]
# *Figure: four squares with violet nuclei on a light ground. Before: each nucleus has its outline. Reflect: the field
# is turned, and at the corners stand further, outlined nuclei, some cut by the edge. Nearest: the corners are empty,
# with faint streaks. Constant: the corners are black triangles; they are outlined, and not a single nucleus is.*
#
# Mirrored surroundings hold nuclei a second time. With drawn-out borders, nuclei in the corners are lost. With black,
# the program finds four nuclei, and they are *the four corners*: they are darker than any nucleus, and the threshold
# between dark and light has moved. None of these pictures could have come from a microscope.
#
# ### Would a pathologist still sign?

# %%
from course.widgets.lesson_02 import explored
from course.widgets.lesson_04 import stacked

states = [("benign cells", {"zoom_x": 1.2, "zoom_y": 1.2}), ("malignant cells", {"zoom_x": 1.2, "zoom_y": 0.8}),
          ("ultrasound phantom", {"flip_y": True})]
stacked([explored(name, **change) for name, change in states])

# %% [markdown]
# *Figure: three pairs of pictures, before and after, with what is measured below. First, benign cells, zoom 1.2: the
# radius grows by a fifth, from 13.3 to 15.8, and 284 instead of 132 of 357 benign patients would be in the malignant
# range (with the change as measured, +19 %; the table above had the full 1.2). Second, malignant cells, 1.2 times as
# wide and 0.8 times as tall: the radius hardly changes, the compactness goes up by 70 %. Third, a drawn ultrasound
# picture, bright at the top where the probe is, with a dark oval and a dark shadow below it, narrower than the oval
# (the beams at its sides pass through little of it); after the flip the shadow stands above the oval, and the bright
# skin is at the bottom.*
#
# The third pair is about *up and down*. A smear has none. In ultrasound the *probe*, which lies on the skin, sends
# sound and hears the echoes, is at the top: sound fades on its way down, and behind a *lesion* (a changed spot in the
# tissue) that swallows sound lies its *acoustic shadow*, away from the probe. (Scanners amplify the deeper echoes to
# make up for the fading; behind fluid, which takes little away, that leaves a bright band, the *enhancement*.) By
# convention pictures of the breast have the probe at the top. One that is flipped up-down shows what none of them
# shows: the shadow, or the enhancement, between skin and lesion. And the shadow is a finding: with the shape "taller
# than wide" it is among the signs by which Stavros and colleagues told solid nodules (small lumps) of the breast apart.
# Left and right can be exchanged.
#
# (In the next cell, `lesion_mask` says which pixels are lesion. Half a lesion pixel makes no sense, so the mask is
# moved with `order=0`, which takes the nearest pixel instead of reading between them.)

# %%
from course.widgets.lesson_02_phantom import lesion_mask, phantom, shape_and_shadow

for name, change in {"as drawn": {}, "flip left-right": {"flip_x": True}, "flip up-down": {"flip_y": True},
                     "zoom 0.8 by 1.2": {"zoom_x": 0.8, "zoom_y": 1.2}}.items():
    mask = moved(lesion_mask().astype(np.uint8), order=0, **change) > 0
    ratio, above, below = shape_and_shadow(moved(phantom(), **change), mask)
    print(f"{name:16} height / width {ratio:.2f}, grey value above {above:3.0f}, below {below:3.0f}")

# %% [markdown]
# The last line: an innocent zoom of 20 % each way makes a lesion that lies flat as tall as it is wide. If it was
# labelled benign, it still is. (The phantom is a sketch of fading, speckle and shadow. It simulates no sound and proves
# nothing about real pictures.)
#
# ### Experiment: would a pathologist still sign?
#
# Outlined are the nuclei that are measured: those that are whole and were there before.

# %%
import ipywidgets

from course.widgets.panel import Panel

zooms = {"min": 0.7, "max": 1.3, "step": 0.05}
Panel(explored, "A picture before and after a change; below, what is measured on both, and what it would mean.",
      picture=["benign cells", "malignant cells", "ultrasound phantom"], rotation=ipywidgets.IntSlider(0, -40, 40),
      shift=ipywidgets.FloatSlider(0, min=-0.2, max=0.2, step=0.02),
      shear=ipywidgets.FloatSlider(0, min=-0.4, max=0.4, step=0.05),
      zoom_x=ipywidgets.FloatSlider(1.2, **zooms), zoom_y=ipywidgets.FloatSlider(0.8, **zooms),
      flip_x=ipywidgets.Checkbox(False, description="flip left-right", indent=False),
      flip_y=ipywidgets.Checkbox(False, description="flip up-down", indent=False))

# %% [markdown]
# **Try.**
# 1. Benign cells: set both zooms to 1, then to 1.1, then to 1.3. How many benign patients would be in the malignant
#    range?
# 2. The phantom: make the lesion taller than wide (it takes two sliders), and put its shadow where it cannot be.
#
# **Question.** Which sliders may a network for cells be trained with, which ones for breast ultrasound?
# <details><summary>Answer</summary>
#
# Try 1: about 132, 214, 310. (The widget multiplies by the change that was *measured*, such as +9 % for a zoom of 1.1;
# the table multiplied by 1.1.) Try 2: `zoom_x` down and `zoom_y` up; then the flip up-down.
#
# Cells: flips, quarter turns (not on the slider; they move whole pixels) and small shifts. Zoom and shear change size
# and roundness; a turn by any angle does no harm to the nuclei themselves, but fills corners with things that were
# never seen. Ultrasound: flip left-right and small shifts *sideways* (a shift down mirrors the skin, a shift up cuts it
# off). Zoom by different amounts and shear change the lesion's shape; turning it, or flipping it up-down, moves the
# shadow. It takes more than a rule of thumb: somebody who knows what a finding looks like has to go through the list.
# </details>

# %% [markdown]
# The course has three such lists:

# %%
from course.models.augmentation import PRESETS

for name, values in PRESETS.items():
    print(f"{name}:", {key: value for key, value in vars(values).items() if value})

# %% [markdown]
# - "usual" is what tutorials paste. Zoom changes the size of nuclei, shear and unequal zoom their roundness; turns by
#   any angle and large shifts push cells out and mirror others in. Lesson 14 measures what it does to a network.
# - "cells": a smear has no up and down, and flips and quarter turns move whole pixels. The shift is small.
# - "ultrasound": the probe is at the top, so no turn and no flip up-down. (Its small shift also goes up and down: a
#   compromise, since that can cut off the skin.) *Gain* (all grey values times a number) and
#   *contrast* (their distances from the mean times a number) are knobs that the examiner turns anyway.
#
# The "usual" list is often met as `ImageDataGenerator(shear_range=0.2, zoom_range=0.2, horizontal_flip=True)`, a class
# of Keras, the library for networks of which the later lessons make use. What does its shear do? And what does Keras's
# modern `RandomShear(0.2)`? **Predict**, in pixels, how far an upright line 150 pixels long slants in each.

# %%
from course.quiet_tensorflow import keras, tf

line = np.zeros((150, 150, 1), "float32")
line[:, 70:81] = 1

def slant(picture):
    """How far the line's place (the mean column, weighted by brightness) moves from the top row to the bottom row."""
    weights, columns = np.asarray(picture)[..., 0], np.arange(150)
    place = weights @ columns / weights.sum(axis=1)
    return abs(place[-1] - place[0])

# %% [markdown]
# Both draw at random how far to go, up to 0.2. So that there is nothing to guess, both are made to go all the way.

# %%
legacy = tf.keras.preprocessing.image.ImageDataGenerator(shear_range=0.2)
modern = keras.layers.RandomShear((0.2, 0.2), fill_mode="constant", seed=0)
print(f"ImageDataGenerator: {slant(legacy.apply_transform(line, {'shear': 0.2})):.1f} pixels")
print(f"RandomShear:        {slant(modern(line, training=True)):.1f} pixels")

# %% [markdown]
# Half a pixel, and thirty: nearly sixty times as far. In the class installed here 0.2 is an angle in *degrees*
# ($150 \cdot \tan 0.2° \approx 0.5$), which is nothing; in the layer it is a share of the side, 20 %, which is a lot.
# And the old class has a history. Until Keras 2.1.2, of December 2017, the same 0.2 was an angle in *radians*,
# $150 \cdot \tan 0.2 \approx 30$ pixels. Version 2.1.3, of January 2018, changed the unit under the same name and the
# same number, and a part of the documentation said "radians" for months after. So a tutorial of 2016 sheared a lot, and
# the same line pasted today shears next to nothing. The course's own shear, in the list "usual" too, is a share of the
# side, as in `RandomShear`. A number without its unit **and version** is no setting.
#
# `zoom=0.2` has its catch as well. These libraries fetch a *window* of 0.8 to 1.2 of the side and spread it over the
# picture, so that nuclei become 1.25 to 0.83 times as large, and +0.2 in `RandomZoom` makes them *smaller*. (The
# course's list "usual" fetches its window in the same way; the zooms of this section's table and widget are meant as
# they stand.)

# %% [markdown]
# ## 5. A pipeline with eight faults
#
# Here is a function in the style in which they are passed on. It prepares pictures for a network. **Read it, and note
# what you would ask its author**, before you go on.

# %%
from skimage.util import random_noise


def prepare(pictures, training=True):
    """Bring pictures into the form that a network wants. (Do not copy this one.)"""
    rng = np.random.default_rng(None)
    ready = []
    for picture in pictures:
        x = picture.reshape(150, 150, 3).astype(float)
        x = random_noise(x, var=0.01, rng=rng)
        x = transform.resize(x, (75, 75), anti_aliasing=True)
        x = (x - x.mean()) / x.std()
        if training:
            x = transform.rotate(x, rng.uniform(-40, 40), mode="symmetric")[:, ::rng.choice([-1, 1])]
        ready.append(x)
    ready = np.array(ready)
    return (ready - ready.mean(axis=(0, 1, 2))) / ready.std(axis=(0, 1, 2))

# %% [markdown]
# <details><summary>What a careful reader asks, line by line (unfold it when you have your own list)</summary>
#
# - `training=True`: what happens to somebody who predicts and forgets the flag?
# - `default_rng(None)`: can the run be repeated?
# - `reshape(150, 150, 3)`: what if the picture is grey, or stored in another way?
# - `random_noise`: which range does it expect, and is there noise at prediction as well? Why before the next line?
# - `x - x.mean()`: of one picture, all channels together; what is erased?
# - `rotate(..., uniform(-40, 40), mode="symmetric")`: what did section 4 say about that?
# - `ready.mean(axis=(0, 1, 2))`: of which pictures?
# </details>
#
# It runs. Four drawn fields, and what comes out (warnings switched off again):

# %%
with np.errstate(invalid="ignore"):
    ready = prepare(fields[:4], training=False)
print(ready.shape, " NaN:", f"{np.isnan(ready).mean():.0%}")

# %% [markdown]
# Every single number is NaN. A network trained on this reports the loss NaN, if one is lucky enough to look. Go through
# the lines, always in the same way: *measure the symptom, repair, measure again.* (The faults are numbered in the order
# of their repair. The last, number 8, is the turn by any angle. You have measured it in section 4; it stays in the code
# until section 6.)
#
# ### Fault 1: floats from 0 to 255, and a function that expects 0 to 1

# %%
x = fields[0].astype(float)
for name, values in {"0 to 255": x, "0 to 1": x / 255}.items():
    result = random_noise(values, var=0.01, rng=np.random.default_rng(1))
    print(f"{name:9} exactly 1 afterwards: {np.mean(result == 1):.0%} of the numbers")

# %% [markdown]
# `random_noise` takes floats to be between 0 and 1, and cuts off what lies above. All pixels of a 0-to-255 picture do:
# the cells have become a white sheet, its deviation is 0, and 0 / 0 is NaN. (On another computer a rounding error may
# stand in place of the 0, which is worse: numbers that look healthy.) With pictures from 0 to 1 it works. Even
# then some bright pixels are cut off, and where that happens the noise has only one sign. `add_noise` of the course
# cuts nothing, and its alpha has the unit of the picture: `var=0.01` is a variance, so a deviation of 0.1 of the range,
# and that becomes 25 of 255.
#
# ### Fault 2: a reshape that breaks, and one that does not
#
# `reshape(150, 150, 3)` fits RGB pictures. Here are four others: grey, RGBA (with a fourth channel that says how opaque
# a pixel is), and one with its channels first, (3, 150, 150), as PyTorch stores them. **Predict** which of them breaks.

# %%
colour = fields[1]
opaque = np.full((150, 150, 1), 255, np.uint8)
kinds = {"RGB": colour, "grey": colour[..., 0], "RGBA": np.concatenate([colour, opaque], axis=2),
         "channels first": np.moveaxis(colour, 2, 0)}
for name, picture in kinds.items():
    try:
        same = np.array_equal(picture.reshape(150, 150, 3), colour)
        print(f"{name:15} accepted,", "as it was" if same else "SCRAMBLED")
    except ValueError as error:
        print(f"{name:15} {error}")

# %% [markdown]
# The two that break are the lucky ones. The last one is accepted, in the right shape, with every number in a wrong
# place. `reshape` knows nothing of rows and colours; it deals out the numbers in the order in which they lie in memory.

# %%
show_pictures([colour, kinds["channels first"].reshape(150, 150, 3)], ["as it was", "reshaped"], size=2.2)

# %% [markdown]
# *Figure: two squares. Left, violet-blue nuclei on a light ground. Right, the same numbers reshaped from
# channels-first: nine small, nearly grey copies of the field, three by three.*
#
# A batch can break in silence too: `x.reshape(-1, 150, 150, 3)` turns three grey pictures into one "colour" picture of
# three patients, and three RGBA pictures into four.

# %%
print("three grey:", np.stack([kinds["grey"]] * 3).reshape(-1, 150, 150, 3).shape)
print("three RGBA:", np.stack([kinds["RGBA"]] * 3).reshape(-1, 150, 150, 3).shape)

# %% [markdown]
# ### Exercise 2.4 - any picture to RGB, or a refusal
#
# Write what should stand there instead. What cannot be understood is refused with `raise ValueError("...")` and a
# sentence: two channels, channels first, a batch, and a picture that is transparent anywhere (its fourth channel is not
# 255), since nobody knows what lies behind.

# %%
# Exercise 2.4 - one form for all pictures
def as_rgb(picture):
    """Return a uint8 picture as (h, w, 3), values unchanged; raise ValueError for what is no such picture.

    Grey, (h, w) or (h, w, 1), is repeated three times. RGB, (h, w, 3), stays. RGBA, (h, w, 4), loses its fourth
    channel if that is 255 everywhere.
    """
    ### BEGIN SOLUTION
    if picture.ndim == 2:
        picture = picture[..., None]
    if picture.ndim != 3 or picture.shape[2] not in (1, 3, 4):
        raise ValueError(f"shape {picture.shape} is no grey, RGB or RGBA picture")
    if picture.shape[2] == 4 and np.any(picture[..., 3] != 255):
        raise ValueError("the picture is transparent in places")
    return np.repeat(picture, 3, axis=2) if picture.shape[2] == 1 else picture[..., :3]
    ### END SOLUTION

check("2.4", as_rgb)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How many axes can the picture have, and how long may the last one be? What is to be done in each case?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Give a grey picture an axis of length 1 first: `picture[..., None]`. Then only the number of channels matters.
# `np.repeat(..., 3, axis=2)` repeats, `[..., :3]` cuts off. Ask before you cut.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# An `if` for two axes; an `if` that refuses all other shapes; an `if` that refuses transparent pictures; `return`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# `as_rgb(kinds["grey"])` has the shape (150, 150, 3), and its three channels are equal.
# </details>
#
# The course's function is called `rgb`. With both repairs, and nothing else changed, the pipeline reads:

# %%
from course.imaging.preprocessing import rgb


def prepare_2(pictures, training=True):
    """Two faults repaired: any kind of picture, and noise in the unit of the picture."""
    rng = np.random.default_rng(None)
    ready = []
    for picture in pictures:
        x = rgb(picture)                                    # repaired
        x = add_noise(x, 25, rng)                           # repaired
        x = transform.resize(x, (75, 75), anti_aliasing=True)
        x = (x - x.mean()) / x.std()
        if training:
            x = transform.rotate(x, rng.uniform(-40, 40), mode="symmetric")[:, ::rng.choice([-1, 1])]
        ready.append(x)
    ready = np.array(ready)
    return (ready - ready.mean(axis=(0, 1, 2))) / ready.std(axis=(0, 1, 2))

# %% [markdown]
# Both symptoms, measured again:

# %%
ready = prepare_2([kinds["RGB"], kinds["grey"], kinds["RGBA"]], training=False)
print(ready.shape, " NaN:", f"{np.isnan(ready).mean():.0%}")

# %% [markdown]
# Three kinds of pictures, one form, no NaN. And the one with its channels first? (`CourseError` is the course's own
# kind of error, for an input that cannot be used.)

# %%
from course import CourseError

try:
    rgb(kinds["channels first"])
except CourseError as error:
    print(error)

# %% [markdown]
# A sentence instead of a scrambled picture. **One symptom had hidden all others.** While everything is NaN, nobody
# can notice that the rest is wrong too.
#
# ### Fault 3: noise before shrinking
#
# Section 3 has told you: 40 %. In numbers, what is left of a deviation of 25:

# %%
x = fields[0].astype(float)
small = resize(add_noise(x, 25, np.random.default_rng(3)), 75)
print("deviation of the noise in the result:", (small - resize(x, 75)).std().round(1))

# %% [markdown]
# Three fifths of it are gone. Anybody who then reports "robust against noise of 25" has tested another noise.
#
# ### Exercise 2.5 - noise in the right place
#
# Shrink by averaging squares of k x k pixels, so that the *result* holds noise of deviation alpha. The generator `rng`
# is handed over; draw from it.

# %%
# Exercise 2.5 - shrink, and inject noise where it stays
def shrink_then_noise(picture, k, alpha, rng):
    """Return a picture (h, w) averaged over k x k squares, with normal noise of deviation alpha in the result.

    k divides h and w. alpha is in the unit of the picture, uint8 or float. rng: a generator, as default_rng gives it.
    Returns float (h // k, w // k); nothing is cut off or rounded.
    """
    ### BEGIN SOLUTION
    h, w = picture.shape
    small = picture.reshape(h // k, k, w // k, k).mean(axis=(1, 3))
    return small + alpha * rng.standard_normal(small.shape)
    ### END SOLUTION

check("2.5", shrink_then_noise)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What shape must the noise have, so that each pixel of the result gets its own?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Fold the picture so that rows and columns of a square get axes of their own, as in section 3, and average over these
# two. Then add.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `small = picture.reshape(h // k, k, w // k, k).mean(axis=(..., ...))`; then add `alpha * rng.standard_normal(...)`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# For an even picture of 100 and alpha = 20 the result has a deviation near 20, whatever k is.
# </details>
#
# ### Fault 4: each picture standardised by itself
#
# Two pictures: a field with a strong stain, and the same field with 30 % of the dye. Light that passes through dye
# loses the same *share* in each layer. Where a share $t$ of the light comes through, $t^{0.3}$ comes through 30 % of
# the dye (the law of Beer and Lambert; $t$ is the grey value divided by 255). **Predict** the two means that
# `prepare_2` gives.

# %%
strong = draw(253)
weak = np.rint(255 * (strong / 255) ** 0.3).astype(np.uint8)
means = prepare_2([strong, weak], training=False).mean(axis=(1, 2, 3))
print("strong", abs(means[0]).round(1), " weak", abs(means[1]).round(1))

# %% [markdown]
# 0 for both, as for *any* picture that is standardised by itself: how dark it was cannot be seen any more. And the rest
# of the picture? Without noise, pixel by pixel: how far are strong and weak stain from each other, in deviations (the
# root of the mean square)? For comparison, how far is another patient?

# %%
def by_itself(x):
    return (x - x.mean()) / x.std()

for name, prepared in {"each by itself": by_itself, "one scale for all": ours.transform}.items():
    away = [np.sqrt(np.mean((prepared(strong) - prepared(x)) ** 2)).round(1) for x in (weak, draw(49))]
    print(f"{name:18} strong to weak stain {away[0]}, to another patient {away[1]}")

# %% [markdown]
# Each by itself, strong and weak stain have become nearly the same picture. (Not quite: standardising takes away a
# *straight* change of the grey values, and the power is a curve.) The strength of the stain is erased, and the noise
# that `prepare_2` adds is stretched with the weak field. Does that cost anything? Ask the cells. Six numbers for each
# of the 569 fields, the mean and the deviation of its three channels, go into a logistic regression (a single neuron),
# which is judged on patients it has not seen. The measure is the AUC again, now of the score that comes out.
# **Predict** it for pictures on one scale and for pictures standardised one by one. **You may skip the code of the next
# three cells** and read on at their result; lesson 12 explains all of it.

# %%
from course.data.cytology import load

pictures, labels, patients = load(48)  # one field of each of the 569 patients, 48 x 48 pixels
floats = pictures.astype(float)
own = floats - floats.mean(axis=(1, 2, 3), keepdims=True)
own /= own.std(axis=(1, 2, 3), keepdims=True)
channelwise = floats - floats.mean(axis=(1, 2), keepdims=True)
channelwise /= channelwise.std(axis=(1, 2), keepdims=True)

# %% [markdown]
# `own` holds the pictures standardised one by one, `channelwise` each channel of each by itself. A second description
# is compared: the *tenths*, the grey values below which 5, 15, ... 95 % of the pixels of a channel lie. They describe
# the whole histogram.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from course.evaluation.intervals import delong


def mean_and_deviation(x):
    return np.concatenate([x.mean(axis=(1, 2)), x.std(axis=(1, 2))], axis=1)

def tenths(x):
    return np.quantile(x, np.linspace(0.05, 0.95, 10), axis=(1, 2)).transpose(1, 0, 2).reshape(len(x), -1)

def judged(numbers, seed):
    folds = StratifiedKFold(10, shuffle=True, random_state=seed)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))
    return delong(labels, cross_val_predict(model, numbers, labels, cv=folds, method="decision_function"))

# %% [markdown]
# <details><summary>For those who did not skip it</summary>
#
# *Folds*: the patients are dealt into ten parts, and each part is scored by a model trained on the nine others
# (`cross_val_predict`). `decision_function` is the score before it is turned into yes or no. `delong` computes the AUC
# and an interval for it by the method of DeLong and colleagues.
# </details>
#
# Each is judged three times with other folds (seeds 0, 1, 2); printed are the mean of the AUC over the three and, for
# the first seed, a 95 % interval (the range in which the true value for these scores may well lie, with 569 patients;
# what other training patients would change is not in it).

# %%
ways = {"one scale for all": floats, "each by itself": own, "each channel by itself": channelwise}
for describe in (mean_and_deviation, tenths):
    for name, x in ways.items():
        numbers = describe(x)
        if np.ptp(numbers, axis=0).max() < 1e-9:
            print(f"{describe.__name__:18} {name:22} the same numbers for all patients: AUC 0.5")
            continue
        results = [judged(numbers, seed) for seed in range(3)]
        mean, (_, low, high) = np.mean([one.estimate for one in results]), results[0]
        print(f"{describe.__name__:18} {name:22} AUC {mean:.2f}  (first seed: {low:.2f} to {high:.2f})")

# %% [markdown]
# Read it twice. The six numbers lose a great deal: brightness and contrast *were* most of their information. (Why not
# all of it, down to 0.5? Each picture was standardised as a whole, so how its channels stand *to each other* is left.
# Where each channel is standardised by itself, that is gone too.) The tenths lose next to nothing, even where nothing
# is left of the six numbers: the shape of the histogram, which standardising keeps, says nearly the same. So
# "standardising each picture by itself ruins the result" is too strong, and "it does no harm" is too: it depends on
# what the next step can see. Here the stain is drawn without any relation to the diagnosis, but the dark *area* of
# large nuclei is not. Where the strength of stain is the finding, there may be no second way to see it.
#
# ### Fault 5: the statistics of whoever is in the room
#
# The last line takes mean and deviation of all pictures that happen to be handed over. In many programs those are
# training and test pictures together: the test is no longer unseen. How much does that change? Measure before you are
# indignant. The distance of the two means, in deviations:

# %%
from course.data.cytology import split_of_patients

train = split_of_patients() == "train"
of_training, of_all = Standardizer().fit(pictures[train]), Standardizer().fit(pictures)
print("means differ by at most", np.abs((of_all.mean_ - of_training.mean_) / of_training.deviation_).max().round(2))

# %% [markdown]
# Next to nothing. With hundreds of patients on both sides the two means are nearly the same, and it is hard
# to believe that a result would change. Why is it wrong all the same?
#
# - With few patients the means move more, with a test set from another hospital perhaps further, and what that does to
#   a result cannot be known beforehand. And a *choice* made on all data, instead of a mean, can leak a lot (lesson 12
#   measures both).
# - And there is a symptom that is not small. A patient comes alone. Then "all pictures" is one picture, and the last
#   line standardises it by itself. **Predict:** is the same picture prepared in the same way alone and in company?

# %%
def company_matters(prepare):
    companies = [], list(fields[10:14]), [x[..., 0] for x in fields[10:14]]
    means = [prepare([fields[5], *company], training=False)[0].mean(axis=(0, 1)) for company in companies]
    return np.ptp(means, axis=0).max() > 0.2

print("alone, with four others, with four grey ones: differs by more than 0.2:", company_matters(prepare_2))

# %% [markdown]
# What a picture becomes depends on its neighbours in the batch. (Why 0.2, and not 0? `prepare_2` draws its noise anew
# each time. But the mean of 5625 pixels hardly feels that, much less than 0.2 deviations.) Repair faults 3, 4 and 5
# together, since 4 and 5 have the same cure: a `Standardizer` that was fitted before, on training pictures, and is
# handed over. (It is fitted on *shrunk* training pictures, since it is applied to shrunk ones; of the 100 fields only
# those whose patients are in the training part.)

# %%
in_training = fields[train[:100]]
scaler = Standardizer().fit(resize(in_training, 75))
print(len(in_training), "of 100 fields are from training patients")


def prepare_3(pictures, training=True):
    """Three more repaired: noise after shrinking, and one scale for all, learnt from training pictures."""
    rng = np.random.default_rng(None)
    ready = []
    for picture in pictures:
        x = resize(rgb(picture), 75)
        x = add_noise(x, 25, rng)                           # repaired: behind the line above
        x = scaler.transform(x)                             # repaired; and the last line is gone
        if training:
            x = transform.rotate(x, rng.uniform(-40, 40), mode="symmetric")[:, ::rng.choice([-1, 1])]
        ready.append(x)
    return np.array(ready)

# %% [markdown]
# The three symptoms again. The noise in the result is measured by preparing five pictures twice: two independent noises
# differ with $\sqrt 2$ times their deviation.

# %%
one, two = (prepare_3(fields[:5], training=False) for _ in range(2))
print("noise in the result:", round(np.std((one - two) * scaler.deviation_) / 2**0.5))
print("strong and weak stain:", prepare_3([strong, weak], training=False).mean(axis=(1, 2, 3)).round(1))
print("alone or in company differs by more than 0.2:", company_matters(prepare_3))

# %% [markdown]
# The noise is what was asked for, the stains differ again (a weak stain lets more light through, so its mean is the
# larger), and a picture is prepared in the same way in any company.
#
# ### Faults 6 and 7: at random when it must not be, and not to be repeated
#
# `training=True` stands in the first line. Whoever calls `prepare_3(new_pictures)` and forgets the flag gets a turned
# picture, and noise is added even with the flag. **Predict:** do two predictions for one picture agree, without the
# flag and with it? And two training runs, if Keras is told to set all seeds that it knows before each?

# %%
print("two predictions agree:", np.allclose(prepare_3(fields[:2]), prepare_3(fields[:2])))
told = [prepare_3(fields[:2], training=False) for _ in range(2)]
print("with training=False:  ", np.allclose(*told))
runs = []
for _ in range(2):
    keras.utils.set_random_seed(1)
    runs.append(prepare_3(fields[:9]))
print("two runs agree:       ", np.allclose(*runs))

# %% [markdown]
# A patient who gets another answer on Tuesday than on Monday, from the same picture. And a result that nobody can
# repeat, its author included: `default_rng(None)` takes its seed from the operating system. Keras's function seeds
# the global generators of Python, NumPy and TensorFlow, and this one is none of them.
#
# ### Exercise 2.6 - only while training, and repeatably
#
# `augment(picture, rng)` changes one picture at random and returns it. Use it on each picture of a batch, but only when
# somebody says that this is training.

# %%
# Exercise 2.6 - augmentation that knows when
def training_batch(pictures, augment, seed, training=False):
    """Return pictures (n, h, w, c), each changed by augment(picture, rng) if training, else as they are.

    One generator, made from `seed`, serves the whole batch: each picture gets a change of its own, and the same seed
    gives the same batch.
    """
    ### BEGIN SOLUTION
    if not training:
        return pictures
    rng = np.random.default_rng(seed)
    return np.array([augment(picture, rng) for picture in pictures])
    ### END SOLUTION

check("2.6", training_batch)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Where is the generator made: once for the batch, or once for each picture? What would the second mean?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# If this is no training, hand the pictures on. Otherwise make the generator, then go through the pictures and collect.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `if not training: return pictures`, then `rng = np.random.default_rng(seed)`, then
# `return np.array([... for picture in pictures])`
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With `augment = lambda picture, rng: picture + rng.normal()` and training, each picture is shifted by another number.
# </details>
#
# One warning. A seed for each call is handy for a check. Called with *one* seed in every *epoch* (one passage through
# all training pictures), this function gives every epoch the *same* changes. In a real run the generator is made once,
# before the first batch, and handed on from batch to batch, as `prepare_4` below takes it.

# %% [markdown]
# ## 6. Repaired
#
# The last three repairs make the function shorter. What happens at random moves into a function of its own. There fault
# 8 goes: instead of turns by any angle there are changes that cells allow, flips and quarter turns. The generator is
# handed over, and without one nothing happens at random.

# %%
def augment(x, rng):
    x = np.rot90(x, rng.integers(4))[:, ::rng.choice([-1, 1])]
    return add_noise(x, 25, rng)


def prepare_4(pictures, rng=None):
    """Return pictures ready for a network, float (n, 75, 75, 3). rng: only while training, for random changes."""
    ready = []
    for picture in pictures:
        x = resize(rgb(picture), 75)
        if rng is not None:                                 # repaired: nobody gets chance by default
            x = augment(x, rng)
        ready.append(scaler.transform(x))
    return np.array(ready)

# %% [markdown]
# All symptoms for the last time, by the numbers of the faults. The noise (3) is measured on pictures of one grey value,
# since flips and turns do nothing to them. For company (5) the tolerance can now be nearly 0: no noise is left at
# prediction. Fault 8 has no line of its own; the code says what is allowed.

# %%
ready = prepare_4(kinds[name] for name in ("RGB", "grey", "RGBA"))
print("1, 2: NaN", f"{np.isnan(ready).mean():.0%}, shape", ready.shape)
try:
    prepare_4([kinds["channels first"]])
except CourseError as error:
    print("2: refused,", error)
even = prepare_4(np.full((20, 150, 150, 3), 128, np.uint8), np.random.default_rng(4))
print("3: noise in the result", round(np.std((even - even.mean(axis=(0, 1, 2))) * scaler.deviation_)))

# %% [markdown]
# The first half is well. The other four:

# %%
print("4: strong and weak stain", prepare_4([strong, weak]).mean(axis=(1, 2, 3)).round(1))
alone, company = prepare_4(fields[5:6]), prepare_4([fields[5], *fields[10:14, ..., 0]])
print("5: the same alone and in company:", np.allclose(alone[0], company[0], rtol=0, atol=1e-9))
print("6: two predictions agree:", np.allclose(prepare_4(fields[:2]), prepare_4(fields[:2])))
runs = [prepare_4(fields[:9], np.random.default_rng(seed)) for seed in (1, 1, 2)]
print("7: two runs agree:", np.allclose(runs[0], runs[1]), "  another seed:", np.allclose(runs[0], runs[2]))

# %% [markdown]
# Seven symptoms are gone, and the function has become shorter than the one with the faults.
#
# In Keras, `fit` and `predict` tell each layer whether this is training, so that augmentation can stand *inside* the
# model as a layer. The course's is called `Augment`. **Predict** what becomes of a picture if a layer is called without
# a word about training: the course's, and Keras's own `RandomZoom`.

# %%
from course.models.augmentation import Augment

layer = Augment(seed=7, **vars(PRESETS["cells"]))
batch = fields[:4].astype("float32")
print("at prediction untouched:", np.array_equal(layer(batch), batch))
print("while training changed: ", not np.array_equal(layer(batch, training=True), batch))
keras_own = keras.layers.RandomZoom(0.2, seed=0)
print("Keras's own, untouched without a word:", np.array_equal(keras_own(batch), batch))
print("Keras's own, untouched if told:       ", np.array_equal(keras_own(batch, training=False), batch))

# %% [markdown]
# That is fault 6 again, inside a library: Keras's augmentation layers have `training=True` as their default. Within
# `model.predict` they are told otherwise and do nothing; called as `model(x)`, a model that holds one changes the
# picture.
#
# And standardising? The same place: inside the model, saved with it. A scaler that lies in another file will one day
# be the wrong one.

# %% [markdown]
# ## Traps
#
# - **Statistics from the wrong pictures.** *Symptom*: a picture is prepared differently alone and in company. *Cure*:
#   fit on training pictures, keep, apply.
# - **Each picture by itself.** *Symptom*: strong and weak stain become nearly the same. *Cure*: one scale for all,
#   unless you know that brightness is the machine's only.
# - **A deviation of 0**, or of 0.00000000000000001. *Symptom*: NaN everywhere, or huge numbers. *Cure*: divide a
#   constant channel by 1, and leave warnings switched on.
# - **Two conventions of range.** *Symptom*: a white sheet; everything is exactly 1. *Cure*: know the unit before each
#   function, and look at the picture behind it.
# - **`reshape` on pictures.** *Symptom*: an error if you are lucky, a scrambled picture if not. *Cure*: ask for the
#   number of axes and channels; refuse what you do not know.
# - **Noise before shrinking.** *Symptom*: the noise is weaker than alpha. *Cure*: shrink first.
# - **Chance at prediction.** *Symptom*: two answers for one picture. *Cure*: chance only when asked for, with a seed.
# - **Augmentation that changes the diagnosis.** *Symptom*: nuclei of another size or roundness, shadows that fall
#   upwards. *Cure*: measure, and ask somebody who reads such pictures.

# %% [markdown]
# ## Recap
#
# Standardising subtracts a mean and divides by a deviation, and the question is always: of what? Shrinking needs a blur
# first, and noise comes after it. An augmentation is allowed if the diagnosis stays the same, which can be measured:
# zoom changes size, unequal zoom and shear change roundness, and a flip up-down moves an ultrasound shadow. Whatever is
# learnt is learnt from training pictures, whatever is random is seeded and happens in training only. A pipeline is
# tested like a patient: one symptom at a time, measured before and after.

# %% [markdown]
# ## Quiz
#
# **1. A picture of one colour.** All pixels of a picture are 80, and it is standardised by itself. What comes out?
#
# - (a) 0 everywhere
# - (b) NaN everywhere, unless somebody has taken precautions
# - (c) 1 everywhere
#
# <details><summary>Answer</summary>
#
# (b). 80 minus 80 is 0, and the deviation is 0 too. (a) is what one gets with the precaution of dividing by 1. (c)
# confuses the deviation wanted with the values.
# </details>
#
# **2. Noise.** Noise of deviation 20 is added, then 4 x 4 pixels are averaged to one. What deviation is left?
#
# - (a) 5
# - (b) 1.25
# - (c) 20
#
# <details><summary>Answer</summary>
#
# (a). Sixteen weights of 1/16 leave 1/16 of the variance, so a quarter of the deviation. (b) is 20 / 16: the variance's
# share applied to the deviation. (c) would need noise that is the same in all sixteen pixels.
# </details>
#
# **3. Another laboratory.** A test set comes from another laboratory with a stronger stain. You standardise it with
# the training set's mean and deviation. Its mean is then not 0.
#
# - (a) That is a fault; use the test set's own mean.
# - (b) That is right: the network is shown that these pictures differ from those it knows.
# - (c) It makes no difference.
#
# <details><summary>Answer</summary>
#
# (b). Whether the network copes with it is what the test should find out. (a) needs the test set as a whole before the
# first patient can be judged, and hides the difference; correcting for stain can be sensible, but as a step of its own
# that works on one picture. (c): the numbers differ, and so will the answers.
# </details>
#
# **4. A flip.** For which pictures is a left-right flip *not* harmless?
#
# - (a) smears of cells
# - (b) ultrasound of a breast lesion
# - (c) X-ray pictures of the chest
#
# <details><summary>Answer</summary>
#
# (c): the heart lies on the left, and a mirrored chest is a different finding (situs inversus) or a mix-up. (a) has no
# sides, and in (b) the rules of sound are the same from both sides.
# </details>
#
# **5. Shear.** A paper of 2020, with TensorFlow 2, reports `shear_range=0.2`. You rebuild it with `RandomShear(0.2)`.
# What happens?
#
# - (a) Nothing: the number is the same.
# - (b) You shear nearly sixty times as far.
# - (c) You shear less far, since layers work in percent.
#
# <details><summary>Answer</summary>
#
# (b): 0.2 degrees, about half a pixel in 150, against 20 % of the side, thirty pixels. (a) forgets the unit. (c): it is
# 20 %, not 0.2 %.
# </details>

# %% [markdown]
# ## Sources
#
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *Proceedings
#   of SPIE* 1905, pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The table from
#   which the cells are drawn: size and shape of nuclei.
# - A. T. Stavros, D. Thickman, C. L. Rapp, M. A. Dennis, S. H. Parker, G. A. Sisney. Solid breast nodules: use of
#   sonography to distinguish between benign and malignant lesions. *Radiology* 196(1), pages 123 to 134, 1995.
#   [doi 10.1148/radiology.196.1.7784555](https://doi.org/10.1148/radiology.196.1.7784555). Shadow, shape, and others.
# - A. C. Wolff and colleagues. American Society of Clinical Oncology/College of American Pathologists guideline
#   recommendations for human epidermal growth factor receptor 2 testing in breast cancer. *Journal of Clinical
#   Oncology* 25(1), pages 118 to 145, 2007. A score from the strength of a stain, its completeness and the
#   share of cells (updated since).
# - scikit-image, [`random_noise`](https://scikit-image.org/docs/stable/api/skimage.util.html#skimage.util.random_noise)
#   and [`resize`](https://scikit-image.org/docs/stable/api/skimage.transform.html#skimage.transform.resize): what is
#   cut off, and how far the blur reaches.
# - Keras, [`RandomShear`](https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_shear/), and pull
#   requests [8868](https://github.com/keras-team/keras/pull/8868) of December 2017, which changes `shear_range` from
#   radians to degrees, and [9798](https://github.com/keras-team/keras/pull/9798) of 2018, which mends what 8868 left in
#   the documentation.

# %% [markdown]
# ## Next
#
# [Lesson 03](03_measuring_nuclei.ipynb) finds the nuclei and measures them: the radius and the compactness that were
# used here. [Lesson 14](14_breast_cancer_cnn.ipynb) trains a network with each of the augmentations, and [lesson
# 12](12_comparing_classifiers.ipynb) shows what larger leaks do.
