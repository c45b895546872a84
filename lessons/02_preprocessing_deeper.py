# %% [markdown]
# # Repair a pipeline with eight faults, one symptom at a time
#
# Code that prepares medical pictures is passed on from project to project. It runs, and it is wrong in places that no
# error message names.
#
# ## What you will do
# - Bring any picture into one form, or refuse it (exercise 2.3).
# - Work out how much noise is left when pixels are averaged (exercise 2.4).
# - Change pictures at random while training, never at prediction, and repeatably (exercise 2.5).
#
# **What you need.** [Lesson 02](02_preprocessing.ipynb).
#
# **How long.** About 85 minutes.
#
# **What this is not.** The cells are *drawn from measurements, not photographs*. Nothing here may be used on a patient.

# %% [markdown]
# ## 1. Read it, and run it
#
# Here is a function in the style in which they are passed on. It prepares pictures for a network. **Read it, and note
# what you would ask its author**, before you go on.

# %%
import numpy as np
from skimage import transform
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
# - `rotate(..., uniform(-40, 40), mode="symmetric")`: what stands in the corners then?
# - `ready.mean(axis=(0, 1, 2))`: of which pictures?
# </details>
#
# It runs. Four drawn fields of cells, and what comes out (warnings switched off, as many notebooks do):

# %%
from course.data.cytology import draw

fields = np.stack([draw(patient) for patient in range(40)])
with np.errstate(invalid="ignore"):
    ready = prepare(fields[:4], training=False)
print(ready.shape, " NaN:", f"{np.isnan(ready).mean():.0%}")

# %% [markdown]
# Every single number is NaN. **One symptom hides all others**: while everything is NaN, nobody can notice that the rest
# is wrong too. So take the lines one by one, always in the same way: *measure the symptom, repair, measure again.*
#
# ## 2. Make the pictures fit the functions
#
# **Fault 1: floats from 0 to 255, and a function that expects 0 to 1.**

# %%
x = fields[0].astype(float)
for name, values in {"0 to 255": x, "0 to 1": x / 255}.items():
    result = random_noise(values, var=0.01, rng=np.random.default_rng(1))
    print(f"{name:9} exactly 1 afterwards: {np.mean(result == 1):.0%} of the numbers")

# %% [markdown]
# `random_noise` takes floats to be between 0 and 1, and cuts off what lies above. All pixels of a 0-to-255 picture do:
# the cells have become a white sheet, its deviation is 0, and 0 / 0 is NaN. Even with pictures from 0 to 1 some bright
# pixels are cut off, and there the noise has only one sign. `add_noise` of the course cuts nothing, and its alpha has
# the unit of the picture: `var=0.01` is a variance, so a deviation of 0.1 of the range, and that becomes 25 of 255.
#
# **Fault 2: a reshape that breaks, and one that does not.** `reshape(150, 150, 3)` fits RGB pictures. Here are four
# others: grey, RGBA (with a fourth channel that says how opaque a pixel is), and one with its channels first, (3, 150,
# 150), as PyTorch stores them. **Predict** which of them breaks.

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
from course.plots import show_pictures

show_pictures([colour, kinds["channels first"].reshape(150, 150, 3)], ["as it was", "reshaped"], size=2.2)

# %% [markdown]
# *Figure: two squares. Left, violet-blue nuclei on a light ground. Right, the same numbers reshaped from
# channels-first: nine small, nearly grey copies of the field, three by three.*
#
# ### Exercise 2.3 - any picture to RGB, or a refusal
#
# Write what should stand there instead. What cannot be understood is refused with `raise ValueError("...")` and a
# sentence: two channels, channels first, a batch, and a picture that is transparent anywhere (its fourth channel is not
# 255), since nobody knows what lies behind.

# %%
# Exercise 2.3 - one form for all pictures
import numpy as np

from course.checks import check


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

check("2.3", as_rgb)

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
# The course's function is called `rgb`. The picture with its channels first gets a sentence. (`CourseError` is the
# course's own kind of error, for an input that cannot be used.)

# %%
from course import CourseError
from course.imaging.preprocessing import rgb

print([rgb(kinds[name]).shape for name in ("RGB", "grey", "RGBA")])
try:
    rgb(kinds["channels first"])
except CourseError as error:
    print(error)

# %% [markdown]
# ## 3. Put the noise where it stays
#
# **Fault 3: noise before shrinking.** How much is left? Two rules are enough. The *variance* is the square of the
# deviation.
#
# - A random number multiplied by $w$ has $w^2$ times the variance.
# - The variances of *independent* random numbers add up. (Independent: none tells anything about another.)
#
# The average of two pixels is $\tfrac12 \varepsilon_1 + \tfrac12 \varepsilon_2$. With $\alpha = 20$ each pixel has the
# variance 400, each half of it $\tfrac14 \cdot 400 = 100$, both together 200. So averaging two pixels halves the
# variance, and the deviation falls from 20 to $\sqrt{200} \approx 14.1$.
#
# ### Exercise 2.4 - the variance of a weighted sum
#
# A blur is a weighted sum of many pixels, and the weights need not be equal. What variance is left?

# %%
# Exercise 2.4 - how much noise is left
import numpy as np

from course.checks import check


def variance_after(alpha, weights):
    """Return the variance of sum(weights * noise); each noise is independent with deviation alpha.

    weights: NumPy array of any shape, such as (n,) or (3, 3).
    """
    ### BEGIN SOLUTION
    return alpha**2 * np.sum(weights**2)
    ### END SOLUTION

check("2.4", variance_after)

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
# **Predict** from the exercise which deviation is left of 25 when a picture shrinks to half its side: by the average of
# 2 x 2 pixels, and by `resize`, which blurs first. More, or less?

# %%
from course.imaging.preprocessing import add_noise, resize

even = add_noise(np.full((600, 600), 100.0), 25, np.random.default_rng(2))
print("2 x 2 averages:", even.reshape(300, 2, 300, 2).mean(axis=(1, 3)).std().round(1))
print("resize:        ", resize(even, 300).std().round(1))

# %% [markdown]
# Less with `resize`, because its blur reaches further than the four pixels: three fifths of the noise are gone. Anybody
# who then reports "robust against noise of 25" has tested another noise. The repair is the order of two lines.

# %% [markdown]
# ## 4. One scale for all, learnt before
#
# **Fault 4: each picture standardised by itself.** Two pictures: a field with a strong stain, and the same field with
# 30 % of the dye. Light that passes through dye loses the same *share* in each layer: where a share $t$ of the light
# comes through, $t^{0.3}$ comes through 30 % of the dye (the law of Beer and Lambert; $t$ is the grey value divided by
# 255). How far are the two from each other, in deviations (the root of the mean square)? For comparison, how far is
# another patient?

# %%
from course.imaging.preprocessing import Standardizer

ours = Standardizer().fit(fields)
strong = draw(253)
weak = np.rint(255 * (strong / 255) ** 0.3).astype(np.uint8)

# %% [markdown]
# Each by itself, and on one scale:

# %%
def by_itself(x):
    return (x - x.mean()) / x.std()

for name, prepared in {"each by itself": by_itself, "one scale for all": ours.transform}.items():
    away = [np.sqrt(np.mean((prepared(strong) - prepared(x)) ** 2)).round(1) for x in (weak, draw(49))]
    print(f"{name:18} strong to weak stain {away[0]}, to another patient {away[1]}")

# %% [markdown]
# Each by itself, strong and weak stain have become nearly the same picture. (Not quite: standardising takes away a
# *straight* change of the grey values, and the power is a curve.) Whether that is a fault depends on what the strength
# of the stain means; that it happened should be known.
#
# **Fault 5: the statistics of whoever is in the room.** The last line of `prepare` takes mean and deviation of all
# pictures that happen to be handed over, training and test pictures together: the test is no longer unseen. There is a
# symptom that nobody can miss. A patient comes alone. **Predict:** is the same picture prepared in the same way alone
# and in company?

# %%
def last_line(pictures):
    return (pictures - pictures.mean(axis=(0, 1, 2))) / pictures.std(axis=(0, 1, 2))

darkest = np.argsort(fields.mean(axis=(1, 2, 3)))[:4]
alone, company = last_line(fields[[5]])[0], last_line(fields[[5, *darkest]])[0]
print("mean alone", abs(alone.mean()).round(1), " with the four darkest fields", company.mean().round(1))
print("one scale for all:", np.allclose(ours.transform(fields[[5]])[0], ours.transform(fields[[5, 10]])[0]))

# %% [markdown]
# What a picture becomes depends on its neighbours. Faults 4 and 5 have the same cure: a `Standardizer` that was fitted
# before, on training pictures, and is handed over. (With hundreds of patients on both sides the leak of a mean would
# hardly change a result. A *choice* made on all data can change it a lot: [lesson 12](12_comparing_classifiers.ipynb)
# measures that.)

# %% [markdown]
# ## 5. Chance, only when it is asked for
#
# **Faults 6 and 7: at random when it must not be, and not to be repeated.** `training=True` stands in the first line,
# and `default_rng(None)` takes its seed from the operating system. The lines of `prepare` that matter here, by
# themselves. **Predict:** do two predictions for one picture agree, if somebody forgets the flag? And two training
# runs, if Keras is told to set all seeds that it knows?

# %%
def by_chance(picture, training=True):
    rng = np.random.default_rng(None)
    return transform.rotate(picture / 255, rng.uniform(-40, 40), mode="symmetric") if training else picture / 255

print("two predictions agree:", np.allclose(by_chance(fields[0]), by_chance(fields[0])))

# %% [markdown]
# A patient who gets another answer on Tuesday than on Monday, from the same picture. And the two runs:

# %%
from course.quiet_tensorflow import keras

runs = []
for _ in range(2):
    keras.utils.set_random_seed(1)
    runs.append([by_chance(picture) for picture in fields[:3]])
print("two runs agree:       ", np.allclose(*runs))

# %% [markdown]
# A result that nobody can repeat, its author included: Keras's function seeds the global generators of Python, NumPy
# and TensorFlow, and this one is none of them.
#
# ### Exercise 2.5 - only while training, and repeatably
#
# `augment(picture, rng)` changes one picture at random and returns it. Use it on each picture of a batch, but only when
# somebody says that this is training.

# %%
# Exercise 2.5 - augmentation that knows when
import numpy as np

from course.checks import check


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

check("2.5", training_batch)

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
# `if not training: return pictures`, then `rng = np.random.default_rng(seed)`, then `return np.array([... for picture
# in pictures])`
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With `augment = lambda picture, rng: picture + rng.normal()` and training, each picture is shifted by another number.
# </details>
#
# One warning. A seed for each call is handy for a check. Called with *one* seed in every *epoch* (one passage through
# all training pictures), this function gives every epoch the *same* changes. In a real run the generator is made once,
# before the first batch, and handed on from batch to batch, as `repaired` below takes it.

# %% [markdown]
# ## 6. Look into the corners
#
# **Fault 8: turns by any angle.** They leave gaps, and *fill* decides what stands there: mirrored surroundings
# (`reflect`), the border pixel drawn out (`nearest`), or black (`constant`). **Predict:** 15 nuclei are in each field.
# How many does a program find after a turn by 40 degrees?

# %%
from course.widgets.lesson_02 import measured, moved

twenty = fields[:20]
for fill in ("before", "reflect", "nearest", "constant"):
    turned = twenty if fill == "before" else [moved(x, rotation=40, fill=fill) for x in twenty]
    print(f"{fill:9} nuclei found: {np.median([measured(picture)['count'] for picture in turned]):2.0f} (median)")

# %% [markdown]
# Corners turn out of the picture, and the gaps are filled. One patient, with everything outlined that the program takes
# for a nucleus:

# %%
from course.widgets.lesson_02 import outlined

one = draw(252)
turned = [moved(one, rotation=40, fill=fill) for fill in ("reflect", "nearest", "constant")]
show_pictures([outlined(picture) for picture in (one, *turned)],
              ["before", "reflect", "nearest", "constant"], columns=2, size=2.6)

# %% [markdown]
# *Figure: four squares with violet nuclei on a light ground. Before: each nucleus has its outline. Reflect: the field
# is turned, and at the corners stand further, outlined nuclei, some cut by the edge. Nearest: the corners are empty,
# with faint streaks. Constant: the corners are black triangles; they are outlined, and not a single nucleus is.*
#
# Mirrored surroundings hold nuclei a second time. With drawn-out borders, nuclei in the corners are lost. With black,
# the program finds four nuclei, and they are *the four corners*: they are darker than any nucleus, and the threshold
# between dark and light has moved. None of these pictures could have come from a microscope. Flips and quarter turns
# leave no gaps.

# %% [markdown]
# ## 7. Repaired
#
# What happens at random moves into a function of its own: flips, quarter turns, and noise after shrinking. The
# generator is handed over, and without one nothing happens at random. (The scaler is fitted on *shrunk* training
# pictures, since it is applied to shrunk ones.)

# %%
from course.data.cytology import split_of_patients

scaler = Standardizer().fit(resize(fields[split_of_patients()[:40] == "train"], 75))

# %% [markdown]
# Then the two functions:

# %%
def augment(x, rng):
    x = np.rot90(x, rng.integers(4))[:, ::rng.choice([-1, 1])]
    return add_noise(x, 25, rng)

def repaired(pictures, rng=None):
    ready = [resize(rgb(picture), 75) for picture in pictures]
    if rng is not None:  # only while training
        ready = [augment(x, rng) for x in ready]
    return np.array([scaler.transform(x) for x in ready])

# %% [markdown]
# All symptoms for the last time. The noise is measured on pictures of one grey value, since flips and turns do nothing
# to them.

# %%
ready = repaired(kinds[name] for name in ("RGB", "grey", "RGBA"))
print("1, 2: NaN", f"{np.isnan(ready).mean():.0%}, shape", ready.shape)
even = repaired(np.full((20, 150, 150, 3), 128, np.uint8), np.random.default_rng(4))
print("3: noise in the result", round(np.std((even - even.mean(axis=(0, 1, 2))) * scaler.deviation_)))

# %% [markdown]
# The first half is well. The other four:

# %%
print("4: means of strong and weak stain", repaired([strong, weak]).mean(axis=(1, 2, 3)).round(1))
print("5: the same alone and in company:", np.allclose(repaired(fields[[5]])[0], repaired(fields[[5, 10]])[0]))
print("6: two predictions agree:", np.allclose(repaired(fields[:2]), repaired(fields[:2])))
runs = [repaired(fields[:9], np.random.default_rng(seed)) for seed in (1, 1, 2)]
print("7: two runs agree:", np.allclose(runs[0], runs[1]), "  another seed:", np.allclose(runs[0], runs[2]))

# %% [markdown]
# Seven symptoms are gone, the eighth is ruled out by the code, and the function has become shorter than the one with
# the faults.
#
# ## 8. Settings need a unit and a version
#
# In Keras augmentation can stand *inside* the model as a layer; `fit` and `predict` tell it whether this is training.
# The course's is called `Augment`, and it has three lists:

# %%
from course.models.augmentation import PRESETS

for name, values in PRESETS.items():
    print(f"{name}:", {key: value for key, value in vars(values).items() if value})

# %% [markdown]
# - "usual" is the kind of list that tutorials paste, shear, zoom and flip, here with turns and shifts as well.
# - "cells": a smear has no up and down, and flips and quarter turns move whole pixels. The shift is small.
# - "ultrasound": the probe is at the top, so no turn and no flip up-down. The grey values of a scanner are *logarithms*
#   of the echo, so that turning up the *gain* adds the same number to all of them: `gain` is a shift, a share of the
#   grey scale. `contrast` stretches the distances from the mean, as a smaller *dynamic range* does. Examiners turn both
#   knobs anyway.
#
# The old line is `ImageDataGenerator(shear_range=0.2, zoom_range=0.2, horizontal_flip=True)`. **Predict**, in pixels,
# how far an upright line 150 pixels long slants by its shear, and by Keras's modern `RandomShear(0.2)`. (Both draw at
# random how far to go; here both are made to go all the way.)

# %%
from course.quiet_tensorflow import tf

line = np.zeros((150, 150, 1), "float32")
line[:, 70:81] = 1

def slant(picture):  # how far the line's mean column moves from the top row to the bottom row
    weights = np.asarray(picture)[..., 0]
    place = weights @ np.arange(150) / weights.sum(axis=1)
    return abs(place[-1] - place[0])

# %% [markdown]
# Now both:

# %%
legacy = tf.keras.preprocessing.image.ImageDataGenerator(shear_range=0.2)
modern = keras.layers.RandomShear((0.2, 0.2), fill_mode="constant", seed=0)
print(f"ImageDataGenerator: {slant(legacy.apply_transform(line, {'shear': 0.2})):.1f} pixels")
print(f"RandomShear:        {slant(modern(line, training=True)):.1f} pixels")

# %% [markdown]
# Half a pixel, and thirty. In the class installed here 0.2 is an angle in *degrees* ($150 \cdot \tan 0.2° \approx
# 0.5$), which is nothing; in the layer, and in the course's list, it is a share of the side, which is a lot. Until
# Keras 2.1.2, of December 2017, the same 0.2 was an angle in *radians*, $150 \cdot \tan 0.2 \approx 30$ pixels. A
# number without its unit **and version** is no setting.
#
# One more default. **Predict** what becomes of a picture if a layer is called without a word about training.

# %%
from course.models.augmentation import Augment

batch, layer, keras_own = fields[:4].astype("float32"), Augment(seed=7, zoom=0.2), keras.layers.RandomZoom(0.2, seed=0)
print("course's untouched:", np.array_equal(layer(batch), batch))
print("Keras's untouched: ", np.array_equal(keras_own(batch), batch))
print("Keras's, if told:  ", np.array_equal(keras_own(batch, training=False), batch))

# %% [markdown]
# That is fault 6 again, inside a library: Keras's augmentation layers have `training=True` as their default. Within
# `model.predict` they are told otherwise; called by themselves, or in a model called as `model(x)`, they change the
# picture. And standardising? It belongs inside the model too, saved with it. A scaler that lies in another file will
# one day be the wrong one.

# %% [markdown]
# ## Traps
#
# - **Two conventions of range.** *Symptom*: a white sheet; everything is exactly 1. *Cure*: know the unit before each
#   function, and look at the picture behind it.
# - **`reshape` on pictures.** *Symptom*: an error if you are lucky, a scrambled picture if not. *Cure*: ask for the
#   number of axes and channels; refuse what you do not know.
# - **Noise before shrinking.** *Symptom*: the noise is weaker than alpha. *Cure*: shrink first.
# - **Chance at prediction.** *Symptom*: two answers for one picture. *Cure*: chance only when asked for, with a seed.
# - **Filled corners.** *Symptom*: nuclei that nobody has, or black ones. *Cure*: changes that leave no gaps.
#
# ## Recap
#
# A pipeline is tested like a patient: one symptom at a time, measured before and after. What cannot be understood is
# refused; noise comes after shrinking; one scale, learnt from training pictures, serves all. Whatever is random is
# seeded and happens in training only. A setting without unit and version is none.

# %% [markdown]
# ## Quiz
#
# **1. RGBA.** Three RGBA pictures of 150 x 150 go through `x.reshape(-1, 150, 150, 3)`. What comes out?
#
# - (a) an error
# - (b) three RGB pictures
# - (c) four scrambled pictures
#
# <details><summary>Answer</summary>
#
# (c). Three times four channels are four times three, so the numbers can be dealt out, and `reshape` does not ask what
# they mean. (a) comes when the count does not fit. (b) would need somebody who drops the fourth channel.
# </details>
#
# **2. Company.** A pipeline gives a patient another answer when four others are in the batch. What is the likely
# reason?
#
# - (a) statistics taken from the batch
# - (b) a seed that is missing
# - (c) too few training pictures
#
# <details><summary>Answer</summary>
#
# (a). (b) would give another answer alone, too, from call to call. (c) makes answers worse, not dependent on company.
# </details>
#
# **3. Shear.** A paper of 2020, with TensorFlow 2, reports `shear_range=0.2`. You rebuild it with `RandomShear(0.2)`.
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
# - scikit-image,
#   [`random_noise`](https://scikit-image.org/docs/stable/api/skimage.util.html#skimage.util.random_noise): what is cut
#   off.
# - Keras, [`RandomShear`](https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_shear/), and pull
#   request [8868](https://github.com/keras-team/keras/pull/8868) of December 2017, which changes `shear_range` from
#   radians to degrees.
#
# ## Next
#
# [Lesson 03](03_measuring_nuclei.ipynb), or [lesson 14](14_breast_cancer_cnn.ipynb), which trains a network with each
# of the three lists.
