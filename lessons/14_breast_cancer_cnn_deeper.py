# %% [markdown]
# # Take the repair apart, and ask the network about a picture
#
# A network that works is worth understanding before it is trusted: what it does to a picture, which class it speaks
# of, and what it answers to a picture it should never have seen.
#
# ## What you will do
# - Open the splits of a folder so that picture, label and file stay together (exercise 14.3).
# - Say which class a network's single output speaks about (exercise 14.4).
# - Follow a picture through stain density and batch normalisation (quiz).
# - Ask a trained network about a picture in a file, preprocessing included (exercise 14.5).
#
# **What you need.** [Lesson 14](14_breast_cancer_cnn.ipynb).
#
# **How long.** About 80 minutes.
#
# **What this is not.** Not a medical device. The cells are *drawn from measurements, not photographs*.

# %% [markdown]
# ## 1. Keep picture and label together
#
# The core page opened the training pictures, shuffled: a batch of one class only would pull the network to one side.
# What if the *test* pictures are shuffled too? Collect their labels in two passes, as a program does that first
# predicts and then looks up the truth. **Predict** the share that agrees. (If a share $q$ is malignant, two
# independent shuffles agree by chance with probability $q^2 + (1 - q)^2$; here $q$ is about 0.37.)

# %%
import numpy as np

from course.lab import ROOT, draw_pictures
from course.quiet_tensorflow import keras

_, folder = draw_pictures(), ROOT / "data" / "cytology"
shuffled = keras.utils.image_dataset_from_directory(
    folder / "test", label_mode="binary", image_size=(150, 150), shuffle=True, seed=7, verbose=False
)

# %% [markdown]
# Two passes over it:

# %%
first, second = (np.concatenate([y.numpy()[:, 0] for _, y in shuffled]) for _ in range(2))
print(f"labels that agree between two passes: {np.mean(first == second):.2f}")

# %% [markdown]
# Each pass shuffles anew. Scores from the first pass beside labels from the second are scores beside strangers'
# labels. The network may be excellent; its measured accuracy falls to that of chance. No error is raised.
#
# ### Exercise 14.3 - one function for all three splits
#
# Write the function that opens any split of any folder in batches of 32, 150 x 150, with labels of shape (n, 1), so
# that nothing of this kind can happen.

# %%
# Exercise 14.3 - open a split as batches of pictures and labels
from course.checks import check
from course.quiet_tensorflow import keras


def open_split(folder, split):
    """Return a tf.data.Dataset: batches of 32, 150 x 150, labels (n, 1); shuffled only when split is "train"."""
    ### BEGIN SOLUTION
    return keras.utils.image_dataset_from_directory(
        folder / split, label_mode="binary", image_size=(150, 150), batch_size=32,
        shuffle=(split == "train"), seed=7, verbose=False,
    )
    ### END SOLUTION

check("14.3", open_split)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which two arguments of the call above must depend on `split`?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The path is `folder / split`. The comparison `split == "train"` is itself True or False.
# </details>
# <details><summary>Hint 3: what to expect</summary>
#
# Two passes over the test split give the same labels in the same order: all of `benign` first, then `malignant`.
# </details>
#
# ## 2. Which class is 1?
#
# The network ends in one number, $p$: the estimated probability of class 1. Keras numbers the folders in alphabetical
# order, so with `benign` and `malignant` the luck of the alphabet makes *malignant* class 1. With folders called
# `cancer` and `healthy`, class 1 would be the healthy ones. And labels that come in a file may be numbered either way:
# in BreastMNIST, a set of ultrasound pictures, 0 is malignant. A model card published with a network for it says that
# 107 of 114 malignant test pictures were found, and 29 of 42 benign ones. That test set holds 42 malignant pictures
# and 114 others. The two classes are swapped, and what was found is 29 of the 42 malignant ones.
#
# ### Exercise 14.4 - the probability of a class, by its name

# %%
# Exercise 14.4 - from the network's output to the probability of a named class
from course.checks import check


def probability_of(name, folder_names, p):
    """Return the probability of class name. folder_names: the two folders, in any order; p: the network's output."""
    ### BEGIN SOLUTION
    if name not in folder_names:
        raise ValueError(f"there is no folder {name!r}")
    class_one = sorted(folder_names)[1]
    return p if name == class_one else 1 - p
    ### END SOLUTION

check("14.4", probability_of)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `p` speaks about class 1. If it is 0.8 for class 1, what is left for class 0?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Sort the two names as Keras does. The second is class 1.
# </details>
# <details><summary>Hint 3: numbers to compare with</summary>
#
# `probability_of("healthy", ["healthy", "cancer"], 0.8)` is 0.8, and for `"cancer"` it is 0.2.
# </details>
#
# ## 3. Take the repair apart
#
# ### The light and the stain
#
# Slides differ: more stain, less lamp. Take the picture's brightest block as white, $w$, and turn light $I$ into
# *optical density*, $\log(w / I)$: the amount of stain, by the law of Beer and Lambert. (The layer computes
# $\log((w + 1)/(I + 1))$, so that black pixels do no harm, takes blocks of 6 x 6 pixels, divides by the density of the
# densest block, and moves the result to about $-0.5$ for no stain and 1.5 for most.)

# %%
from course.data.cytology import draw
from course.models.breast_cnn import StainDensity
from course.plots import show_pictures

fields = np.stack([draw(case) for case in (12, 120, 391)])
density = StainDensity()(fields.astype("float32")).numpy()
stain = (255 * np.clip((density + 0.5) / 2, 0, 1)).astype("uint8")
show_pictures([*fields, *stain], titles=["as drawn"] * 3 + ["density"] * 3, columns=3)

# %% [markdown]
# *Figure: three fields of different colour above, the same three as density below: bright, nearly white nuclei on a
# dark ground. The nuclei's own colour and strength of stain are gone; a tint of the cell bodies and the ground is
# left, since each channel is scaled by the nuclei.*
#
# That erases how strongly a slide is stained. Here it is right: we drew the stain at random, so it says nothing. In a
# hospital a pathologist *reads* the stain (a nucleus that takes too much of it is called *hyperchromatic*, the sign
# *hyperchromasia*); whoever erases it must know why.
#
# ### Batch normalisation
#
# Inside the network, each channel is brought to mean 0 and variance 1 over all places of all pictures in the batch,
# then scaled and shifted by two learnt numbers. By hand, with four values 2, 4, 4, 6: the mean is 4, the variance $(4
# + 0 + 0 + 4)/4 = 2$, and the result $(-1.41, 0, 0, 1.41)$. **Predict:** what becomes of a *single* value 6, alone in
# its batch? (A tiny number is added to the variance, so that nothing is divided by zero.)

# %%
normalise = keras.layers.BatchNormalization(momentum=0.9)
batch, single = np.array([[2.0], [4.0], [4.0], [6.0]]), np.array([[6.0]])
print("training, four values:", normalise(batch, training=True).numpy()[:, 0].round(2))
print("training, one value:  ", normalise(single, training=True).numpy()[:, 0].round(2))
print("inference, one value: ", normalise(single, training=False).numpy()[:, 0].round(2))

# %% [markdown]
# In *training mode* a single value is its own mean, and all that made it special becomes 0. So the layer keeps running
# averages of mean and variance while it trains, and in *inference mode* it uses those. They started
# at mean 0 and variance 1 and moved a tenth of the way, twice, which is why the last line is far from 1.41: after two
# batches the averages know little. A patient's result must never depend on who else is in the batch. At prediction it
# is inference mode, always.
#
# ### Fewer weights, in the right places
#
# Cells lie anywhere, so a table that joins each place to each neuron is wasted. Keep two numbers a channel: the *mean*
# over the picture and the *maximum*. What are the nuclei like, and what is the most suspicious spot like?

# %%
from course.models.breast_cnn import classic, repaired

keras.utils.set_random_seed(0)
model = repaired()
trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
print(f"classic  {classic().count_params():>9,} weights")
print(f"repaired {model.count_params():>9,}, of which {trained:,} are trained")

# %% [markdown]
# The difference, 480, are the running averages of batch normalisation: kept with the weights, but not trained.
#
# ### Augmentation that keeps the measurements
#
# Augmentation shows a picture changed in ways that must not change the diagnosis. **Predict:** which of these does the
# diagnosis survive: a turn by 30 degrees, a zoom, a slant, a mirror image, a quarter turn, a small shift?

# %%
from course.models.augmentation import PRESETS, Augment

one = np.repeat(draw(12)[None], 5, axis=0).astype("float32")
rows = [Augment(seed=3, **vars(PRESETS[name]))(one, training=True).numpy() for name in ("usual", "cells")]
changed = np.concatenate(rows).clip(0, 255).astype("uint8")
show_pictures(changed, titles=["usual"] * 5 + ["cells"] * 5, columns=5)

# %% [markdown]
# *Figure: one field ten times. Above, "usual": turned by odd angles, slanted, stretched, moved; nuclei become larger,
# smaller or oval. Below, "cells": quarter turns, mirror images and small shifts; each nucleus keeps its size and
# shape, but for one that a shift cuts off at the border.*
#
# Large and uneven nuclei are the signs of cancer here. Zoom changes the size, shear and unequal zoom the roundness.
# Does that harm the network? The core page's runs do not say: the usual preset changes five things at once, and its
# AUC did not fall. What can be said is which changes *keep* what the diagnosis rests on: quarter turns, mirror images,
# small shifts. It depends on the disease and on the instrument; for ultrasound, turning upside down would be wrong,
# since sound comes from above.
#
# ### More fields of the same patients
#
# One smear has many fields. Here is one patient four times:

# %%
titles = [f"patient 12, field {number}" for number in range(4)]
show_pictures([draw(12, field=number) for number in range(4)], titles=titles, columns=4)

# %% [markdown]
# *Figure: four fields of one patient: other nuclei in other places, under other light and focus, but with the same
# stain, since it is the same slide. Their mean and largest radius are the patient's in all four.*
#
# Ours are tamer than real ones: each is drawn to have exactly the patient's mean and worst radius, which on a real
# smear differ from field to field. And all four belong on the same side of the split. With one in the training set and
# one in the test set, the network could recognise the patient instead of the disease.
#
# ## 4. Move the threshold
#
# The scores out of fold of all 569 patients, at three thresholds. (Five networks made them, each with a scale of its
# own; the panel treats them as one.)
#
# ### Experiment: where would you draw the line?

# %%
from course.data.cytology import table
from course.reproduce import tables

truth, (scores, _) = table()[1], tables.out_of_fold()["repaired network"]

# %% [markdown]
# Three states of the panel that follows:

# %%
from course.plots import new_figure
from course.widgets.lesson_14 import threshold_figure

figure = new_figure(7, 8)
for part, threshold in zip(figure.subfigures(3, 1), (0.1, 0.5, 0.9), strict=True):
    threshold_figure(part, truth, scores, threshold)
figure

# %% [markdown]
# *Figure: scores of all patients three times, malignant upwards, benign downwards, the threshold a dashed line at 0.1,
# 0.5 and 0.9. Most patients stand at the two ends; the title of each counts those on the wrong side: few missed and
# many alarmed at 0.1, the other way round at 0.9.*

# %%
from course.data.cytology import table
from course.reproduce import tables
from course.widgets.lesson_14 import threshold_figure
from course.widgets.panel import Panel

truth, (scores, _) = table()[1], tables.out_of_fold()["repaired network"]

def show_threshold(fig, threshold):
    threshold_figure(fig, truth, scores, threshold)

Panel(show_threshold, "Scores of all 569 patients out of fold; right of the dashed line is called malignant.",
      threshold=(0.0, 1.0, 0.02))

# %% [markdown]
# **Try.**
# 1. Find the highest threshold that misses no more than four malignant patients, about one in fifty. How many benign
#    ones are alarmed?
# 2. Move to the right until no benign patient is alarmed. Who pays?
#
# <details><summary>What to find</summary>
#
# 1. The line stands near the left end, and nearly half of the benign patients are alarmed.
# 2. It stands near the right end, and nearly half of the malignant patients pay: they are not found.
# </details>
#
# **Question.** Is 0.5 a good threshold because it is in the middle?
# <details><summary>Answer</summary>
#
# No. A missed cancer and a needless second biopsy or operation do not weigh the same. The threshold is a medical
# decision. `course train` chooses it on the validation patients for a sensitivity that you state (`--sensitivity
# 0.95`), writes it beside the model, and reports what the test patients made of it.
# </details>
#
# ## 5. Keep it, load it, ask it
#
# A trained network is a file. `model.save("name.keras")` writes layers and weights. A file from a stranger may smuggle
# in code. `safe_mode=True` refuses the best-known way, but has been got round before: load files from people you
# trust, with an up-to-date Keras. The course ships the weights of one stored run.

# %%
from course.reproduce.lesson_14 import WEIGHTS

ours = {"Augment": Augment, "StainDensity": StainDensity}  # layers that Keras does not know by itself
shipped = keras.saving.load_model(WEIGHTS, custom_objects=ours, safe_mode=True)
print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB")

# %% [markdown]
# `course train` keeps more than weights, because weights alone are dangerous: class names, the positive class, picture
# size, threshold and how it was chosen, seed, versions.
#
# ```
# course train data/cytology --model repaired
# course predict models/cytology-repaired data/cytology/test/malignant/
# ```
#
# ### Exercise 14.5 - ask about one picture
#
# Write the last step yourself. The network preprocesses inside: it wants colour pictures, 150 x 150, values 0 to 255,
# in a batch. Files come in all forms: grey, with an alpha channel (transparency), large. A model is called like a
# function and gives an array of shape (n, 1).

# %%
# Exercise 14.5 - the probability for one picture in a file
import numpy as np
from PIL import Image

from course.checks import check


def predict_file(model, path):
    """Return the model's output for the picture at path as a float."""
    ### BEGIN SOLUTION
    picture = Image.open(path).convert("RGB").resize((150, 150))
    return float(model(np.asarray(picture)[None])[0, 0])
    ### END SOLUTION

check("14.5", predict_file)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What three things may differ between a file and what the network expects? Pillow's `Image` can mend two of them.
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `Image.open(path)`, then `.convert("RGB")`, then `.resize((150, 150))`. `np.asarray` makes an array, `[None]` a batch
# of one.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return float(model(np.asarray(picture)[None])[0, 0])`
# </details>
#
# It makes the *shape* fit, not the scale: a picture at another magnification gets a number too, and it means nothing.
#
# **Break it on purpose.** What if somebody divides by 255 first, as older tutorials do, not knowing that the network
# does its own scaling? The density is a ratio, so **predict:** does it matter?

# %%
case = draw(0)
right = float(shipped(case[None])[0, 0])
twice = float(shipped((case / 255)[None])[0, 0])
print(f"patient 0, who has a malignant tumour: {right:.2f} as trained, {twice:.2f} when scaled twice")

# %% [markdown]
# No error, another number: the 1 that protects black pixels is small beside 200, not beside 200/255. Preprocessing
# inside the model removes one of two mistakes; a test with a known picture finds both. Whatever the number is, it
# needs words around it. `course predict` prints these with each answer:

# %%
from course.models.diagnoser import CAUTION

print(CAUTION)

# %% [markdown]
# ### Experiment: draw a field of cells, watch the verdict
#
# Two opinions on the same picture. The *network* sees pixels. The *support vector machine* sees measurements: the
# nuclei are segmented and thirty numbers taken. Its *margin* says on which side of the border a patient lies (plus:
# malignant) and how far. `readers` measures the training patients, fits the machine, which is printed, and loads the
# network.

# %%
from course.widgets.lesson_14 import readers

svm, network = readers()
print(svm)

# %% [markdown]
# Now invent patients. Three of them:

# %%
from course.data.cytology import draw_field
from course.widgets.lesson_14 import imagined_patient, two_opinions

asked = {"small, even": (11, 1.1), "medium": (15, 1.2), "large, uneven": (20, 1.4)}
fields = {name: draw_field(imagined_patient(*values, 0.1, 19)) for name, values in asked.items()}
for name, field in fields.items():
    print(f"{name}:", two_opinions(field, svm, network))
show_pictures(fields.values(), titles=list(fields), columns=3)

# %% [markdown]
# *Figure: three invented fields of fifteen nuclei: small and alike; medium; large, with a few much larger. In the
# panel below, sliders set the mean radius, the unevenness (worst radius over mean radius), the irregularity
# (compactness) and the chromatin (texture); the last one takes another slide: other stain, light and focus, and
# fifteen other nuclei with the same mean and largest radius.*

# %%
from course.widgets.lesson_14 import field_of, verdict
from course.widgets.panel import Panel

Panel(field_of, "A drawn field of fifteen nuclei with the measurements of the sliders.", follow=verdict,
      mean_radius=(7.0, 27.0, 0.5), unevenness=(1.0, 1.9, 0.05), compactness=(0.02, 0.34, 0.02),
      texture=(10.0, 38.0, 1.0), slide=(0, 20))

# %% [markdown]
# **Try.**
# 1. Start small and even, and raise the mean radius. Do both change their mind at the same place?
# 2. Find a patient on whom they disagree. Then move only `slide`: another smear of the same measurements. Does the
#    network keep its opinion? If not, was it the stain or the new nuclei? This slider cannot tell.
#
# **Question.** Set the mean radius to 12 and the unevenness to 1.9. Both answer, and no warning appears, yet in no
# patient of the table is the worst radius more than 1.6 times the mean one. What is the answer worth?
# <details><summary>Answer</summary>
#
# Nothing. A model answers whatever it is asked, also where it has seen no patient. The line "no patient of the table
# has this" comes from a check that *we* added; neither model would have told you. And no warning is no promise: the
# check looks at each measurement alone.
# </details>

# %% [markdown]
# ## 6. Take it to real ultrasound
#
# Another folder with two classes needs no new code: `course train my_pictures --positive sick`. The repaired network,
# trained from scratch on 546 real pictures of BreastMNIST (public, CC BY 4.0), three seeds: there is no stain to take
# out, so the pictures are standardised, and nothing is turned upside down. Of its 156 test pictures 42 are malignant;
# the others are benign or normal. All columns of a row belong to *one* threshold: 0.5, or the one chosen on the
# validation pictures for a sensitivity of 0.95.

# %%
from course.reproduce import result

rows = []
for run in result(14)["ultrasound"]:
    for rule in ("at 0.5", "at threshold"):
        shares = [run[rule][name][0] for name in ("sensitivity", "specificity", "accuracy", "auc")]
        rows.append((run["seed"], rule, *shares, run["majority"]))

# %% [markdown]
# As a table, two rows a seed:

# %%
import pandas as pd

names = ["seed", "rule", "sensitivity", "specificity", "accuracy", "AUC", "majority"]
pd.DataFrame(rows, columns=names).set_index(["seed", "rule"]).round(3)

# %% [markdown]
# At 0.5 the accuracy looks fine, and some of the malignant pictures, about a quarter to a third, are missed. At the
# chosen threshold few are missed, and the accuracy is about the majority's, below it in two of the three runs: nobody
# alarmed would score as well. Neither row is wrong; they answer different questions. (Of 42 malignant pictures one is
# more than two hundredths, and with 21 malignant pictures to choose on, a promised sensitivity is weak. The AUC is of
# all thresholds: it belongs to the run, not to the row.)

# %% [markdown]
# ## Traps
#
# - **Shuffled test set.** *Symptom*: chance accuracy from a network that trained well. *Cure*: `shuffle=False` for all
#   but training; keep label and score in one row.
# - **Labels turned around.** *Symptom*: an AUC far below 0.5, or a fine sensitivity for the wrong class. *Cure*: print
#   `class_names`; name the positive class in every report.
# - **Preprocessing forgotten, or done twice.** *Symptom*: good in training, odd at prediction. *Cure*: scale inside
#   the model, and test with one known picture.
# - **Two rules in one row.** *Symptom*: the accuracy at 0.5 beside the sensitivity at another threshold. *Cure*: one
#   threshold for all columns of a row.

# %% [markdown]
# ## Recap
#
# Test pictures stay in file order, and the positive class has a name. Stain density, batch normalisation, pooling over
# the whole picture, augmentation that keeps the measurements and more fields make up the repair. A model answers
# whatever it is asked, also where it has seen no patient; the words around the number are part of the answer.

# %% [markdown]
# ## Quiz
#
# **1. Modes.** In which mode must batch normalisation be when one patient's picture is judged?
#
# - (a) Training mode: it is more exact.
# - (b) Inference mode: it uses the running averages.
#
# <details><summary>Answer</summary>
#
# (b). In training mode the picture would be normalised by the batch it happens to be in, so its result would depend on
# the other patients.
# </details>
#
# **2. Augmentation.** Which of these keeps the size *and* the shape of every nucleus?
#
# - (a) Quarter turns
# - (b) Zoom by 20 %
# - (c) Shear
#
# <details><summary>Answer</summary>
#
# (a). A smear has neither up nor left. (b) changes the size, (c) the roundness; whether that harms a network has to be
# measured.
# </details>
#
# **3. Swapped.** Folders `tumour` and `no_tumour`; the network says 0.9. Then
#
# - (a) a tumour is probable
# - (b) no tumour is probable
# - (c) it cannot be known
#
# <details><summary>Answer</summary>
#
# (a). `no_tumour` stands before `tumour` in the alphabet, so class 1 is `tumour`. (b) would hold for `cancer` and
# `healthy`. (c): the order of the folders tells.
# </details>

# %% [markdown]
# ## Sources
#
# - S. Ioffe, C. Szegedy. Batch normalization: accelerating deep network training by reducing internal covariate shift.
#   *Proceedings of ICML*, 2015. [arXiv 1502.03167](https://arxiv.org/abs/1502.03167).
# - A. C. Ruifrok, D. A. Johnston. Quantification of histochemical staining by color deconvolution. *Analytical and
#   Quantitative Cytology and Histology* 23, pages 291 to 299, 2001. Density from light.
# - W. Al-Dhabyani, M. Gomaa, H. Khaled, A. Fahmy. Dataset of breast ultrasound images. *Data in Brief* 28, 104863,
#   2020. [doi 10.1016/j.dib.2019.104863](https://doi.org/10.1016/j.dib.2019.104863).
# - J. Yang and others. MedMNIST v2: a large-scale lightweight benchmark for 2D and 3D biomedical image classification.
#   *Scientific Data* 10, 41, 2023. [doi 10.1038/s41597-022-01721-8](https://doi.org/10.1038/s41597-022-01721-8).
# - [Model card sonocnn](https://huggingface.co/habib-analyst/sonocnn), as it read in November 2026: the card of
#   section 2.

# %% [markdown]
# ## Next
#
# Change one part of the repair, predict what it does to accuracy *and* AUC on the validation patients, and try it with
# three seeds. Then go back to any [deeper page](12_comparing_classifiers_deeper.ipynb) you left out.
