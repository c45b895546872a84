# %% [markdown]
# # Break the rules of fine-tuning, and measure what it costs
#
# "Batch normalisation stays in inference mode", "head first, then a low rate": rules are better kept by those who have
# seen what breaking them does.
#
# ## What you will do
# - Count what each phase of fine-tuning trains (exercise 17.3).
# - Follow the moving mean that batch normalisation keeps (exercise 17.4), and see what it does in training mode (quiz).
# - Cut the network in the middle, and find out which blocks diagnosis needs (quiz).
#
# **What you need.** [Lesson 17](17_transfer_learning.ipynb).
#
# **How long.** About 55 minutes.

# %% [markdown]
# ## 1. Count what is trained
#
# A layer has its numbers in arrays: a convolution one kernel, a dense layer weights and biases, batch normalisation
# four rows (scale, shift, mean, variance), one number each for every channel. By hand: a stem with kernel (3, 3, 3,
# 32), its batch normalisation, and a head of 1,280 weights and 1 bias.
#
# $$\text{head alone: } 1280 + 1 = 1281, \qquad \text{all: } 3 \cdot 3 \cdot 3 \cdot 32 + 1281 = 2145$$
#
# The $4 \cdot 32$ numbers of batch normalisation count in neither phase: mean and variance are never trained by slopes,
# and scale and shift are left alone with them.
#
# ### Exercise 17.3 - what each phase trains

# %%
# Exercise 17.3 - what each phase trains
import math

from course.checks import check


def count_trained(layers, phase):
    """Return how many numbers training changes.

    layers: list of (kind, shapes), the last one is the head. kind: a name such as "Conv2D"
    or "BatchNormalization"; shapes: a list of tuples. phase: "head" or "all".
    """
    ### BEGIN SOLUTION
    if phase == "head":
        layers = layers[-1:]
    return sum(math.prod(shape) for kind, shapes in layers if kind != "BatchNormalization" for shape in shapes)
    ### END SOLUTION

check("17.3", count_trained)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which layers go on learning in the phase "all", and which never do?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `math.prod((3, 3, 3, 32))` is the count of one array. Add up those of the layers that count.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# Two loops: over `(kind, shapes)` of the layers, and over the shapes of one layer. `layers[-1]` is the head.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# 1281 and 2145 for the example above.
# </details>
#
# And Keras, of the whole network:

# %%
from course.models.breast_cnn import set_trained, transfer

model = transfer((96, 96, 3), seed=0)
set_trained(model, base=True)
print(f"trained: {sum(weight.shape.num_elements() for weight in model.trainable_weights):,}")

# %% [markdown]
# And what batch normalisation keeps to itself:

# %%
borrowed = model.get_layer("efficientnet_lite0")
norms = [layer for layer in borrowed.layers if hasattr(layer, "moving_mean")]
print(f"left alone: {sum(layer.count_params() for layer in norms):,} in {len(norms)} layers")

# %% [markdown]
# ## 2. The moving mean
#
# In *training mode* batch normalisation standardises by the mean and variance of the present batch, and notes them in
# a *moving mean*: after each batch
#
# $$\mu \leftarrow m\,\mu + (1 - m)\,\bar x$$
#
# where $\mu$ is the moving mean of a channel, $\bar x$ the batch's mean of it (over pictures, rows and columns), and
# $m$ the *momentum*. In *inference mode* it standardises by $\mu$. By hand with $m = 0.9$: from $\mu = 2$, a batch
# with $\bar x = 12$ gives $0.9 \cdot 2 + 0.1 \cdot 12 = 3$.
#
# ### Exercise 17.4 - the moving mean

# %%
# Exercise 17.4 - the moving mean
from course.checks import check


def moving_mean(mean, batches, momentum):
    """Return the moving mean of each channel (c,) after all batches.

    mean (c,): the one before; batches: a list of arrays (n, h, w, c).
    """
    ### BEGIN SOLUTION
    for batch in batches:
        mean = momentum * mean + (1 - momentum) * batch.mean(axis=(0, 1, 2))
    return mean
    ### END SOLUTION

check("17.4", moving_mean)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which three of the four axes does a mean "of each channel" go over?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Go through the batches; each moves the mean that the one before has left.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for batch in batches: mean = ... * mean + ... * batch.mean(axis=(0, 1, 2))`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `moving_mean(np.array([2.0]), [np.full((1, 2, 2, 1), 12.0)], 0.9)` is `[3.0]`.
# </details>

# %% [markdown]
# ## 3. Batch normalisation in training mode, measured
#
# The same network, the same weights, no training at all. Sixty drawn patients from validation; the features are
# computed in inference mode, then in training mode, in batches of 8 and of 2.
#
# **Predict:** the features of one patient, do they depend on who else is in the batch?

# %%
import numpy as np

from course.data.cytology import load, split_of_patients
from course.reproduce.lesson_17 import SIDE

(images, labels, _), split = load(SIDE), split_of_patients()
some = np.flatnonzero(split == "validation")[:60]

# %% [markdown]
# All layers are trainable, as Keras makes them; then `training=True` puts batch normalisation into training mode.

# %%
from course.models.pretrained import efficientnet_lite0

network = efficientnet_lite0(SIDE)
kept = network.get_weights()

# %% [markdown]
# The features of some patients, in their order in the table, whatever the order of the batches:

# %%
def features_of(rows, size, training):
    parts = [images[rows[k : k + size]].astype("float32") for k in range(0, len(rows), size)]
    found = np.concatenate([np.asarray(network(part, training=training)) for part in parts])
    return found[np.argsort(rows)]

# %% [markdown]
# The same patients twice, the second time in another order, so that each has other neighbours:

# %%
others = np.random.default_rng(0).permutation(some)
for training, size in ((False, 8), (True, 8), (True, 2)):
    one, two = features_of(some, size, training), features_of(others, size, training)
    network.set_weights(kept)
    alike = np.corrcoef(one.ravel(), two.ravel())[0, 1]
    print(f"{'training' if training else 'inference':9} mode, batches of {size}: alike {alike:.2f}")
    assert (alike < 0.99) == training

# %% [markdown]
# (Alike: the correlation of all features, 1 when they are the same.) In training mode a patient's features depend on
# her neighbours in the batch; in inference mode they do not. And what do a few batches do to the moving means?

# %%
layers = [layer for layer in network.layers if hasattr(layer, "moving_mean")]
before = [layer.moving_mean.numpy() for layer in layers]

# %% [markdown]
# Four rounds of four batches:

# %%
for _ in range(4):
    features_of(some, 15, True)
moved = [np.abs(layer.moving_mean.numpy() - mean).mean() / np.abs(mean).mean()
         for layer, mean in zip(layers, before, strict=True)]
print(f"16 batches moved {len(moved)} moving means by {np.median(moved):.1%} (median)")
network.set_weights(kept)
assert 0.002 < np.median(moved) < 0.1

# %% [markdown]
# A little in each batch; but ten epochs of 398 patients are 250 batches, after which 8 % of the old mean is left
# ($0.99^{250}$). No weight was trained, and what a million photographs had left in these rows is overwritten. Here the
# new means differ little from the old ones; elsewhere they may not.
#
# ## 4. One high rate for head and base
#
# Now the other rule. Forty-eight patients, a few epochs, judged on validation patients. The recipe's way (head first,
# then $2 \cdot 10^{-4}$) beside one high, constant rate, $10^{-2}$, for everything from the first step. To be quick,
# the first eleven blocks stay as they are in both.
#
# **Predict:** which ends with the higher AUC on validation?

# %%
from course.data import Split
from course.reproduce.lesson_17 import maps_of

few = np.flatnonzero(split == "train")[:48]
train = Split(maps_of(images[few])[0], labels[few])
judge = Split(maps_of(images[some])[0], labels[some])

# %% [markdown]
# These are the maps behind the frozen blocks. Now both recipes, from the same start:

# %%
from dataclasses import replace

from course.models.training import RECIPES

usual = replace(RECIPES["transfer"], epochs=5, head_epochs=2, average=0.0, monitor="last")
high = replace(usual, head_epochs=0, learning_rate=1e-2, warmup=0, schedule="constant")

# %% [markdown]
# The head starts from the same random numbers in both:

# %% tags=["nbval-ignore-output", "long"]
from course.models.training import fit
from course.reproduce.lesson_17 import last_blocks

for name, recipe in {"head first, then 2e-4": usual, "all at 1e-2": high}.items():
    model = last_blocks(train.images.shape[1:], seed=0)
    end = fit(model, train, judge, recipe, seed=0, progress=False).iloc[-1]
    print(f"{name:22} validation loss {end['val_loss']:.2f}, AUC {end['val_auc']:.2f}")

# %% [markdown]
# One start each, on few patients: what the two lines show is this run's. Read the AUC first: far below the other's, the
# order of the patients is wrong. Then the loss: above 0.69, that of answering 0.5 to all, beside a good AUC, it says
# that the order is right and the probabilities are too sure, or all on one side. Order and probability are two things.
#
# ## 5. Cut the network in the middle
#
# Sixteen blocks, and the last ones learnt what distinguishes an espresso from a consomme. Does a diagnosis need them?
# `cut` gives the part up to a block; the mean of each of its maps is a feature. **Predict: which block is best?**

# %%
from course.models.pretrained import cut


def pooled(block):
    front, _ = cut(network, block)
    parts = [images[k : k + 32].astype("float32") for k in range(0, len(images), 32)]
    return np.concatenate([np.asarray(front(part)).mean(axis=(1, 2)) for part in parts])

# %% [markdown]
# Each part's features go to the same classifier, trained on the training patients:

# %% tags=["long"]
from course.evaluation.metrics import auc
from course.reproduce.lesson_17 import classifier

learn, asked, scores = split == "train", split == "validation", {}
for block in (1, 7, 15):
    x = pooled(block)
    scores[block] = classifier().fit(x[learn], labels[learn]).decision_function(x[asked])
    print(f"up to block {block:2}: {x.shape[1]:3} features, AUC {auc(labels[asked], scores[block]):.2f}")

# %% [markdown]
# And the paired difference between all sixteen blocks and each part, on the same patients:

# %%
from course.evaluation.intervals import delong_difference

for block in (1, 7):
    gap = delong_difference(labels[asked], scores[block], scores[15])[0]
    print(f"up to block {block:2} minus all blocks: {gap.estimate:+.2f}  ({gap.low:+.2f} to {gap.high:+.2f})")

# %% [markdown]
# Where the interval holds 0, the final blocks cannot be shown to help, and a network cut there is smaller. Ke et al.
# report the same on chest films: cutting final blocks made networks 3.25 times smaller without a significant loss.
# (Which block is best was looked at on the patients that judge it here: as a finding it would need others.)
#
# ## 6. Several seeds on real ultrasound
#
# Each seed of the fine-tuned network errs elsewhere, so the mean of their probabilities errs less in squared error than
# they do on average. For the AUC nothing is promised; the stored run says what came out: a row for each seed,
# one for their mean, and one for the mean with the frozen features' probability.

# %%
from course.reproduce import transfer_tables

found = transfer_tables.ultrasound()
found[~found.index.str.startswith("repaired")][["AUC", "low", "high", "gain", "from", "to"]].round(3)

# %% [markdown]
# The threshold 0.5 is not a clinic's. The stored run also keeps, for each model, the threshold that finds 95 % of the
# malignant *validation* pictures, and what it does on the test:

# %%
from course.reproduce import result

stored = result(17)["ultrasound"]
models = {"frozen features": stored["frozen"]}
models |= {f"seed {run['seed']}": run for run in stored["seeds"]}
print(", ".join(models))

# %% [markdown]
# Sensitivity and specificity on the test pictures, at each model's own threshold:

# %%
for name, model in models.items():
    at = model["at threshold"]
    print(f"{name:16} sensitivity {at['sensitivity'][0]:.2f}, "
          f"specificity {at['specificity'][0]:.2f}")

# %% [markdown]
# The 21 malignant validation pictures that set the threshold are few, so it promises little for the test.

# %% [markdown]
# ## Traps
#
# - **`model.trainable = True` for everything.** *Symptom*: batch normalisation wakes up as well. *Cure*: set it layer
#   by layer, and count what is trained.
# - **A change of `trainable` without a new `compile`.** *Symptom*: the old phase goes on. *Cure*: compile at the start
#   of each phase.
# - **One high rate.** *Symptom*: the order is lost, the AUC falls.
#   *Cure*: head first, then a fifth to a fifteenth of a usual rate.

# %% [markdown]
# ## Recap
#
# In training mode batch normalisation makes a patient's features depend on her neighbours, and overwrites what it had
# learnt. The head is a tiny part of what is trained, and it comes first. A network may be cut where its features are
# good enough: measure where, on patients that do not judge it.

# %% [markdown]
# ## Quiz
#
# **1. Company.** In training mode, one patient is judged in two different batches. Her features are
#
# - (a) the same
# - (b) different
# - (c) different only if weights were trained
#
# <details><summary>Answer</summary>
#
# (b): the batch's mean and variance differ. Section 3 trained no weight, so not (c).
# </details>
#
# **2. Momentum.** With momentum 0.99, after one batch the moving mean holds of the old mean
#
# - (a) 1 %
# - (b) 99 %
# - (c) nothing
#
# <details><summary>Answer</summary>
#
# (b): $0.99\,\mu + 0.01\,\bar x$. After a hundred batches about 37 % are left.
# </details>
#
# **3. Cutting.** Which block to cut at was chosen on the patients that judge the result. The AUC is then
#
# - (a) too high on average
# - (b) too low on average
# - (c) fair
#
# <details><summary>Answer</summary>
#
# (a): the best of several looks better than it is, by luck.
# </details>

# %% [markdown]
# ## Sources
#
# - S. Ioffe, C. Szegedy. Batch normalization: accelerating deep network training by reducing internal covariate shift.
#   ICML 2015.
# - A. Ke et al. CheXtransfer: performance and parameter efficiency of ImageNet models for chest X-ray interpretation.
#   CHIL 2021, [arXiv 2101.06871](https://arxiv.org/abs/2101.06871).
#
# ## Next
#
# Back to [lesson 17](17_transfer_learning.ipynb), or on to the next subject in [the map](00_start_here.ipynb).
