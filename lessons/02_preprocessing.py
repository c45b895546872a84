# %% [markdown]
# # Prepare a picture without spoiling it
#
# Between microscope and network stand a few lines of code that nobody looks at. They can wipe out the stain or the size
# of a nucleus without any error message, and no later step brings back what is gone.
#
# ## What you will do
# - Standardise numbers on paper (exercise 2.1).
# - Standardise pictures by channel, with training statistics (exercise 2.2).
# - Say what shrinking and averaging do to fine structure and to noise (quiz).
# - Find out which changes leave a diagnosis alone (quiz).
#
# **What you need.** Python, NumPy, school algebra; pictures as arrays with rows, columns and channels, as in [lesson
# 01](01_images_as_arrays.ipynb).
#
# **How long.** About 60 minutes.
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
# $16 / 4 = 4$. The distances are $-2, 0, 0, 2$, their squares $4, 0, 0, 4$, the mean of these 2, and $\sigma = \sqrt 2
# \approx 1.41$. So 6 becomes $2 / 1.41 \approx 1.41$. (The mean of the squares, here 2, is called the *variance*. We
# divide by $n = 4$; some books divide by $n - 1$.)

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
# The difference is still there, in other units. Is it worth keeping? In computed tomography the grey value *is* the
# finding. In a stained smear of cells much of the stain's strength comes from the laboratory. Standardise each
# picture by itself only if brightness and contrast come from the machine alone. Otherwise use **one mean and one
# deviation for each channel, from the training pictures**: nothing of a single picture is erased.
#
# The formula has two traps. First, $\sigma$ can be 0: a channel that is the same everywhere. **Predict** what 0 / 0
# is.

# %%
blue = np.zeros(4)
with np.errstate(invalid="ignore"):
    print((blue - blue.mean()) / blue.std())

# %% [markdown]
# "Not a number", in every pixel, and everything computed from it later is NaN too. The cure: a channel that is
# constant in training is only shifted, which means dividing by 1. Ask for the smallest and the largest value: the
# *computed* $\sigma$ of equal fractions may be a little above 0.
#
# Second, the word. Dividing by 255 is called "normalising" too:

# %%
field = np.array([[200, 210], [190, 220]], dtype=np.uint8)
print("by 255:      ", (field / 255).round(2).tolist())
print("standardised:", ((field - field.mean()) / field.std()).round(2).tolist())

# %% [markdown]
# Dividing by 255 changes the unit, nothing more: a bright picture with little contrast stays a heap of numbers around
# 0.8.
#
# ### Exercise 2.2 - by channel, with training statistics
#
# You have seen one row of numbers. Now batches, several pictures in one array: `train` has the shape (pictures, rows,
# columns, channels), and each channel gets *one* mean and *one* deviation, over all pixels of all training pictures.
# Named axes disappear: `mean(axis=(0, 1))` of shape (h, w, c) leaves (c,), and NumPy takes (n, h, w, c) - (c,) channel
# by channel. Three things to keep in mind: a channel that is constant in training; `uint8`, of which the difference
# wraps around below 0; `float32`, whose sums lose digits: `astype(float)` first.

# %%
# Exercise 2.2 - standardise new pictures with the statistics of the training pictures
import numpy as np

from course.checks import check


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
# one line that returns. (`dtype=float` adds up with sixteen digits; `float32` pictures would be added up with seven,
# which is too few for millions of pixels.)
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# `standardise(train, train)` has mean 0 and deviation 1 in each channel. `standardise(train, new)` has neither, and
# that is the point: it says how far the new pictures are from the training pictures.
# </details>
#
# Now the course's `Standardizer` and scikit-learn's `StandardScaler`, on drawn fields of cells: `draw(k)` draws 15
# nuclei with the measurements of patient `k`. The second wants a table, so pictures are laid out with one pixel in each
# row.

# %%
from sklearn.preprocessing import StandardScaler

from course.data.cytology import draw
from course.imaging.preprocessing import Standardizer

fields = np.stack([draw(patient) for patient in range(40)])
ours = Standardizer().fit(fields[:30])
theirs = StandardScaler().fit(fields[:30].reshape(-1, 3).astype(float))
expected = theirs.transform(fields[30:].reshape(-1, 3).astype(float)).reshape(10, 150, 150, 3)
assert np.allclose(ours.transform(fields[30:]), expected, rtol=0, atol=1e-9)
print("mean", ours.mean_.round(1), " deviation", ours.deviation_.round(1))

# %% [markdown]
# They agree. Both are *fitted* on 30 pictures and *applied* to 10 others. Whatever is learnt from pictures, a mean
# included, is learnt from training pictures.
#
# ## 2. Shrink without inventing
#
# A slide scanner delivers 100,000 x 100,000 pixels, the network wants 150 x 150. Take a row of fine stripes and keep
# every second pixel:

# %%
stripes = np.array([0, 9, 0, 9, 0, 9, 0, 9])
print("from the first on: ", stripes[::2])
print("from the second on:", stripes[1::2])
print("average of each two:", stripes.reshape(4, 2).mean(axis=1))

# %% [markdown]
# Black, or white, depending on where one begins: both are wrong. The average says "grey", which is true. One period of
# a pattern needs at least two pixels (the *sampling theorem*); what is finer turns into something that is not there,
# which is called *aliasing*. The next picture has rings that get finer from the upper left to the lower right corner.
# **Predict**, if every fourth pixel is kept: grey, or new patterns?

# %%
from course.imaging.preprocessing import resize
from course.widgets.lesson_02 import enlarged

side = np.linspace(0, 1, 300)
rings = 0.5 + 0.5 * np.cos(150 * np.pi * (side**2 + side[:, None] ** 2))
enlarged([rings[::4, ::4], resize(rings, 75)], ["every fourth pixel", "blurred first"])

# %% [markdown]
# *Figure: two squares. Left, every fourth pixel: rings about the upper left corner, and new broad rings about the
# middle and other points, all false. Right, blurred first: rings near the corner, and even grey where they are too fine
# to be shown, with a faint trace of the false ones at the edges.*
#
# The cure is to blur first. It is not perfect. A wave with a known number of periods in each new pixel (from 0.5 on,
# none can be shown), made four times smaller by the course's `resize`; what is left of its deviation:

# %%
for periods in (0.25, 0.6, 0.8, 1.0):
    wave = np.tile(np.cos(2 * np.pi * periods * np.arange(400) / 4), (400, 1))
    print(f"{periods:4} periods a new pixel: {resize(wave, 100).std() / wave.std():.0%} left")

# %% [markdown]
# Half-way to the limit less than a quarter is lost, far above it nearly all; in between, false pattern is left. And a
# nucleus 12 pixels across has 3 now: *size in pixels is no size* without the length of a pixel.

# %% [markdown]
# ## 3. Inject noise, and know how much
#
# A network trained on clean pictures only may stumble over a grainy one. So noise is *injected* into training pictures:
#
# $$x' = x + \alpha \cdot \varepsilon$$
#
# $\varepsilon$ ("epsilon") is a random number of its own for each pixel, from the *normal distribution* (the bell
# curve) with mean 0 and deviation 1. $\alpha$ ("alpha") is the deviation of what is added, in the unit of $x$. It
# makes a picture worse, on purpose, and must never touch one that somebody is going to read. `default_rng(2)` makes a
# *generator* of random numbers from a *seed*, here 2: the same seed gives the same numbers again.
#
# **Predict** what deviation is left when squares of 2 x 2 pixels are averaged.

# %%
from course.imaging.preprocessing import add_noise

noisy = add_noise(np.full((600, 600), 100.0), 20, np.random.default_rng(2))
averaged = noisy.reshape(300, 2, 300, 2).mean(axis=(1, 3))  # rows in pairs, columns in pairs
print("deviation", noisy.std().round(1), " of the averages", averaged.std().round(1))

# %% [markdown]
# The half. **Noise that is added before shrinking is averaged away**: shrink first, then add.

# %% [markdown]
# ## 4. Turn, shift, zoom, flip: what becomes of the diagnosis?
#
# With few training pictures it helps to show each in many positions: *augmentation*. The idea rests on one condition,
# that **the changed picture would get the same diagnosis**. Does it? For cells that can be measured. The course finds
# the nuclei of a picture, measures radius and *compactness* (0 for a circle, larger the less round), then changes the
# picture and measures *the same nuclei* again, those that are still whole. **Predict** which of these changes leave
# radius and compactness alone.

# %%
from course.widgets.lesson_02 import same_nuclei

changes = {"turn by 90 degrees": {"rotation": 90}, "turn by 20 degrees": {"rotation": 20},
           "flip left-right": {"flip_x": True}, "shift by 20 %": {"shift": 0.2}, "shear by 20 %": {"shear": 0.2},
           "zoom 1.2 both ways": {"zoom_x": 1.2, "zoom_y": 1.2}, "zoom 1.2 by 0.8": {"zoom_x": 1.2, "zoom_y": 0.8}}
for name, change in changes.items():
    pairs = [same_nuclei(picture, **change)[:2] for picture in fields[:20]]
    shares = [np.median([after[key] / before[key] - 1 for before, after in pairs]) for key in ("radius", "compactness")]
    radius, compactness = np.round(shares, 2) + 0
    print(f"{name:18} radius {radius:+.0%}, compactness {compactness:+.0%},",
          f"whole {np.median([after['count'] for _, after in pairs]):.0f} of 15 (medians of twenty patients)")

# %% [markdown]
# - Quarter turns and flips move whole pixels: nothing changes. Other turns read between pixels, and the median hardly
#   moves.
# - Shifts leave radius and compactness alone, *of the nuclei that stay*. What leaves the picture is gone.
# - Shear makes outlines less round. Zoom changes the radius by what it says, and **drawn separately for width and
#   height, as Keras's old `ImageDataGenerator` does, it changes the roundness by far more than anything else here.**
#
# What does a random zoom cost? Take the simplest rule, "malignant if the mean radius lies above a border". The patients
# are divided: *training* patients choose the border, as they are, or zoomed twenty times each, at random by 0.8 to 1.2.
# *Validation* patients, kept aside and never changed, judge it. *Accuracy*: the share judged rightly. *Sensitivity*: of
# the malignant, the share found. *Specificity*: of the benign, the share left in peace. (The *majority* rule calls
# everybody benign.) **Predict** which of the three falls when the training patients are zoomed.

# %%
from course.data.cytology import split_of_patients, table

rows, labels = table()
radii, split = np.array([row["mean radius"] for row in rows]), split_of_patients()
train, new = split == "train", split == "validation"
zooms = np.random.default_rng(0).uniform(0.8, 1.2, (20, train.sum()))
print(f"majority: accuracy {np.mean(labels[new] == 0):.2f}, sensitivity 0")
for name, seen in {"as they are": radii[train] * np.ones((20, 1)), "zoomed": radii[train] * zooms}.items():
    border = max(np.arange(8, 25, 0.1), key=lambda cut: np.mean((seen > cut) == labels[train]))
    right = (radii[new] > border) == labels[new]
    print(f"{name:11} border {border:.1f}, right in training {np.mean((seen > border) == labels[train]):.2f};",
          f"new patients: accuracy {right.mean():.2f}, sensitivity {right[labels[new] == 1].mean():.2f},",
          f"specificity {right[labels[new] == 0].mean():.2f}")

# %% [markdown]
# Two prices. In training size tells less than it does in truth, so a learner that has other features will lean on
# them. And the border moves up: the classes overlap more, and a border that counts right answers then gives way to
# the larger class, the benign. Whether an augmentation pays has to be measured.
#
# ### Experiment: would a pathologist still sign?

# %%
from course.widgets.lesson_02 import explored
from course.widgets.lesson_04 import stacked

states = [("malignant cells", {"zoom_x": 1.2, "zoom_y": 0.8}), ("ultrasound phantom", {"flip_y": True})]
stacked([explored(name, **change) for name, change in states])

# %% [markdown]
# *Figure: two pairs of pictures, before and after, with what is measured below. First, malignant cells, 1.2 times as
# wide and 0.8 times as tall: the radius hardly changes, the compactness goes up by 70 %. Second, an *ultrasound
# phantom*, here a drawn test picture, bright at the top where the probe is, with a dark oval and a dark shadow below
# it; after the flip the shadow stands above the oval, and the bright skin is at the bottom.*
#
# The second pair is about *up and down*. A smear has none. In ultrasound the *probe* lies on the skin, at the top, and
# behind a *lesion* (a changed spot in the tissue) that swallows sound lies its *acoustic shadow*, away from the probe:
# a finding. A picture flipped up-down shows what no scanner shows.

# %%
import ipywidgets

from course.widgets.lesson_02 import explored
from course.widgets.panel import Panel

zoom = {"min": 0.7, "max": 1.3, "step": 0.05}
Panel(explored, "A picture before and after a change; below, what is measured on both, and what it would mean.",
      picture=["benign cells", "malignant cells", "ultrasound phantom"], rotation=ipywidgets.IntSlider(0, -40, 40),
      shear=ipywidgets.FloatSlider(0, min=-0.4, max=0.4, step=0.05),
      zoom_x=ipywidgets.FloatSlider(1.2, **zoom), zoom_y=ipywidgets.FloatSlider(0.8, **zoom),
      flip_y=ipywidgets.Checkbox(False, description="flip up-down", indent=False))

# %% [markdown]
# **Try.**
# 1. Benign cells: set both zooms to 1, then to 1.1, then to 1.3. How many benign patients would be in the malignant
#    range? (The middle 90 % of the malignant patients' mean radii.)
# 2. The phantom: make the lesion taller than wide, which is a sign of malignancy (it takes two sliders).
#
# **Question.** Which of these changes may a network for cells be trained with, which for breast ultrasound?
# <details><summary>Answer</summary>
#
# Try 1: about 132, 214, 310. Try 2: `zoom_x` down and `zoom_y` up.
#
# Cells: flips, quarter turns (they move whole pixels) and small shifts. Zoom and shear change size and roundness; a
# turn by any angle does no harm to the nuclei themselves, but has to fill the corners with something. Ultrasound: flip
# left-right and small shifts *sideways*. Zoom by different amounts and shear change the lesion's shape; turning it, or
# flipping it up-down, moves the shadow. It takes more than a rule of thumb: somebody who knows what a finding looks
# like has to go through the list.
# </details>
#
# **Deeper.** [A pipeline with eight faults](02_preprocessing_deeper.ipynb), each measured and repaired: noise in the
# wrong place, chance at prediction, a `reshape` that scrambles, black corners.

# %% [markdown]
# ## Traps
#
# - **Statistics from the wrong pictures.** *Symptom*: a picture is prepared differently alone and in company. *Cure*:
#   fit on training pictures, keep, apply.
# - **Each picture by itself.** *Symptom*: strong and weak stain become nearly the same. *Cure*: one scale for all,
#   unless you know that brightness is the machine's only.
# - **A deviation of 0**, or of 0.00000000000000001. *Symptom*: NaN everywhere, or huge numbers. *Cure*: divide a
#   constant channel by 1, and leave warnings switched on.
# - **Augmentation that changes the diagnosis.** *Symptom*: nuclei of another size or roundness, shadows that fall
#   upwards. *Cure*: measure, and ask somebody who reads such pictures.
#
# ## Recap
#
# Standardising subtracts a mean and divides by a deviation, and the question is always: of what? Shrinking needs a blur
# first, and noise comes after it. An augmentation is allowed if the diagnosis stays the same, which can be measured:
# zoom changes size, unequal zoom and shear change roundness, and a flip up-down moves an ultrasound shadow. Whatever is
# learnt is learnt from training pictures, and chance belongs to training only.

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
# (a): each halving of the side halves it. (b) is 20 / 16: of the *squared* deviation, the variance, a sixteenth is
# left, so of the deviation a quarter. (c) would need noise that is the same in all sixteen pixels.
# </details>
#
# **3. Another laboratory.** A test set comes from another laboratory with a stronger stain. You standardise it with the
# training set's mean and deviation. Its mean is then not 0.
#
# - (a) That is a fault; use the test set's own mean.
# - (b) That is right: the network is shown that these pictures differ from those it knows.
# - (c) It makes no difference.
#
# <details><summary>Answer</summary>
#
# (b). Whether the network copes with it is what the test should find out. (a) needs the test set as a whole before the
# first patient can be judged, and hides the difference. (c): the numbers differ, and so will the answers.
# </details>

# %% [markdown]
# ## Sources
#
# - A. T. Stavros and others. Solid breast nodules: use of sonography to distinguish between benign and malignant
#   lesions. *Radiology* 196(1), pages 123 to 134, 1995. [doi
#   10.1148/radiology.196.1.7784555](https://doi.org/10.1148/radiology.196.1.7784555). Shadow, and "taller than wide".
#
# ## Next
#
# [Lesson 03](03_measuring_nuclei.ipynb) finds the nuclei and measures them: the radius and the compactness that were
# used here. The [second page of this lesson](02_preprocessing_deeper.ipynb) repairs a pipeline with eight faults.
