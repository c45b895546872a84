# %% [markdown]
# # Catch a network learning by heart, and measure what helps
#
# A network that knows its training patients by heart looks perfect, until the next patient comes.
#
# ## What you will do
# - Read the gap between training and validation, and see what more patients do to it (quiz).
# - Make large weights cost something: the L2 penalty and its gradient (exercise 15.1).
# - Silence neurons at random without changing what the next layer expects (exercise 15.2).
# - Read a table of remedies: what it shows, and what it cannot (quiz).
#
# **What you need.** [Lesson 08](08_training_by_hand.ipynb) (loss, gradient, epochs),
# [lesson 12](12_comparing_classifiers.ipynb) (out of fold, AUC) and [lesson 14](14_breast_cancer_cnn.ipynb) (the
# network).
#
# **How long.** About 60 minutes.
#
# **What this is not.** The pictures are *drawn from measurements*; which remedy helps here need not help elsewhere.

# %% [markdown]
# ## 1. Measure the gap
#
# The network of this page is a small relative of [lesson 14](14_breast_cancer_cnn.ipynb)'s classic one: two
# convolutions, 128 neurons, one output. Its pictures are smaller, too, 48 x 48 pixels instead of 150 x 150:
# one training takes seconds.

# %%
from course.reproduce.arms_15 import ARMS, SIZE, build

plain = build(ARMS["nothing"])
print(f"{plain.count_params():,} weights for pictures of {SIZE} x {SIZE} pixels")

# %% [markdown]
# It was trained on 20, 60, 200 and all 398 training patients, each from five starts (*seeds*) with patients chosen
# anew, always for the same number of steps (so each of 20 was seen far oftener). Then it
# judged the 85 validation patients. **Predict:** what is the training AUC with 20 patients? And with 398?

# %%
from course.reproduce import tables_15

tables_15.gap().iloc[:, :6].round(2)

# %% [markdown]
# Means of five seeds. On its training patients the network is perfect, whatever their number: it has more than a
# hundred weights for each of them. That is *overfitting*: it has learnt these patients by heart, and of the disease
# less.

# %%
from course.widgets.lesson_15 import gap_figure

gap_figure()

# %% [markdown]
# *Figure: left, AUC against the number of training patients, from 20 to 398; the training line with squares lies at 1
# throughout; the dashed validation line with circles, five dots a size, rises from about 0.6 to about 0.8, steeply at
# first. Right, the loss over 12 epochs with all patients: the training loss falls to 0; the dashed validation loss
# falls a little for four epochs, turns, and ends higher than it began.*
#
# - **Left: more patients narrow the gap.** It is the first cure, and often the dearest. From 60
#   on the gain is small: the dots of 60 and 398 mix, and the table's accuracy shows none. (With 20 the dots lie far
#   apart: one run says little.)
# - **Right: the validation loss turns** while the training loss falls on. From there on the network becomes surer of
#   itself, also where it is wrong. Its validation AUC hardly moves meanwhile: the loss looks at how sure it is, the
#   AUC at the order of the patients alone.

# %% [markdown]
# ## 2. See it in one dimension
#
# Take points about a curve, and fit a polynomial $b + w_1 x + \dots + w_d x^d$ of
# *degree* $d$: the more powers, the more weights. **Predict:** 20 points and degree 12. How good is the fit on these
# points, and on new ones? And what do 200 points change?

# %%
from course.widgets.lesson_15 import three_polynomials

three_polynomials([(20, 12, 0), (20, 12, 0.01), (200, 12, 0)])

# %% [markdown]
# *Figure: three panels, each with points, a dashed true curve shaped like an S and a fitted line. Left, 20 points: the
# line swings wildly between the points, and the validation error is more than ten times the training error. Middle,
# the same points with strength 0.01: a calm line near the dashed one. Right, 200 points, strength 0: also calm.*
#
# *Error* is the root of the mean squared distance. The points scatter by 0.3, so on new ones no fit does much better.
# On the right the cure is more points. In the middle it is *strength*: the sum of squared errors plus
# strength $\cdot\,(w_1^2 + \dots + w_d^2)$ is made as small as can be. Wild swings need huge weights, and those now
# cost something. (Statisticians call it *ridge regression*.)
#
# ### Experiment: points, degree, strength

# %%
from ipywidgets import IntSlider, SelectionSlider

from course.widgets.lesson_15 import DEGREES, POINTS, STRENGTHS, polynomial_picture
from course.widgets.panel import Panel

points = SelectionSlider(options=POINTS, value=20)
strength = SelectionSlider(options=STRENGTHS, value=0)
Panel(polynomial_picture, "Points, fitted polynomial, true curve (dashed), errors.",
      points=points, degree=IntSlider(12, *DEGREES), strength=strength)

# %% [markdown]
# **Try.**
# 1. Keep 20 points and strength 0. Find the degree with the lowest validation error, and the one with the lowest
#    training error.
# 2. With degree 12, raise the strength notch by notch up to 100.
#
# **Question.** Can the training error tell you which strength to take?
# <details><summary>Answer</summary>
#
# No. It only rises with the strength, so it would always choose 0. The validation error falls first and rises again:
# too much strength flattens the curve itself (*underfitting*). Strength must be chosen on data that did not train, and
# judged on data that did not choose.
# </details>

# %% [markdown]
# ## 3. Make large weights cost something
#
# The same for a network. **L2** adds $\lambda \sum w^2$ to the loss, over the weights $w$ of a *kernel*, with a small
# *factor* $\lambda$ (lambda). By hand: one weight $w = 3$, factor 0.1. The penalty is $0.1 \cdot 3^2 = 0.9$. Its slope
# by $w$ is $2 \lambda w = 0.6$. A step of rate 0.5 against this slope alone takes $w$ to $3 - 0.5 \cdot 0.6 = 2.7$:
# nine tenths of it. **Where does a weight of 1 go, and one of -3?**

# %%
import numpy as np

factor, rate = 0.1, 0.5
w = np.array([3.0, 1.0, -3.0])
print("L2", round(factor * (w**2).sum(), 3), " step to", w - rate * 2 * factor * w)
print("L1", round(factor * abs(w).sum(), 3), " step to", w - rate * factor * np.sign(w))

# %% [markdown]
# L2 shrinks every weight *by the same share*, $1 - 2 \cdot 0.5 \cdot 0.1 = 0.9$: large ones lose most. **L1** adds
# $\lambda \sum |w|$, whose slope is $\lambda$ times the sign of $w$: every weight loses *the same amount*, 0.05, so
# small ones soon arrive at 0 (and then step to and fro about it).
#
# Two conventions to know. Keras's `L2(0.1)` is $0.1 \sum w^2$; some books write $\frac{\lambda}{2} \sum w^2$, whose
# slope is $\lambda w$. The *bias* stays free: it sets the level, and a level far from 0 is no sign of learning by
# heart.
#
# ### Exercise 15.1 - a layer with an L2 penalty
#
# A layer hands you its loss and gradients as the data made them. Add the penalty.

# %%
# Exercise 15.1 - L2: loss and gradients
import numpy as np

from course.checks import check


def with_l2(loss, kernel, bias, d_kernel, d_bias, factor):
    """Return (loss, d_kernel, d_bias) with an L2 penalty on the kernel, as in Keras.

    d_kernel, d_bias: the loss's slopes by kernel and bias. Change no array you get.
    """
    ### BEGIN SOLUTION
    return loss + factor * np.sum(kernel**2), d_kernel + 2 * factor * kernel, d_bias
    ### END SOLUTION

check("15.1", with_l2)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Three things come back. Which of them does a penalty on the kernel leave alone?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The loss gains one number, the factor times the sum of all squares. Each slope of the kernel gains its own
# $2 \lambda w$.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return loss + factor * np.sum(...), d_kernel + ..., d_bias`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Kernel `[[3.0], [-1.0]]`, factor 0.1, loss 0.5, `d_kernel` `[[0.1], [0.4]]`: the loss becomes 1.5, `d_kernel`
# `[[0.7], [0.2]]`.
# </details>
#
# The course's layers take such penalties as `kernel_regularizer`. Against Keras, on one kernel:

# %%
from course.nn import L1, L2
from course.quiet_tensorflow import keras, tf

kernel = np.random.default_rng(0).normal(size=(3, 3, 2, 4)).astype("float32")
R = keras.regularizers
for ours, theirs in [(L1(0.02), R.L1(0.02)), (L2(0.02), R.L2(0.02))]:
    variable = tf.Variable(kernel)
    with tf.GradientTape() as tape:
        value = theirs(variable)
    apart = np.abs(ours.gradient(kernel) - tape.gradient(value, variable)).max()
    print(ours, "as in Keras:", apart < 1e-5, abs(ours(kernel) - float(value)) < 1e-4)

# %% [markdown]
# ## 4. Silence neurons at random
#
# **Dropout** silences a random part of a layer in each training step. Its inventors' idea: where no neuron can rely on
# another being there, single patients are harder to learn by heart. Four outputs of a layer, *rate* 0.25 (the share to
# silence on average), and a random draw for each:
#
# | | | | | |
# |---|---|---|---|---|
# | output | 4 | -2 | 1 | 3 |
# | draw, 0 to 1 | 0.9 | 0.1 | 0.3 | 0.6 |
# | below 0.25? | no | **yes** | no | no |
# | silenced | 4 | 0 | 1 | 3 |
# | divided by 0.75 | 5.33 | 0 | 1.33 | 4 |
#
# Why divide? On average three quarters are left, so the next layer's sums would be three quarters of what they are
# without dropout. Dividing by $1 - \text{rate}$ makes up for it (*inverted* dropout). At *prediction* nothing is drawn
# and nothing scaled: a patient's result must not be a matter of luck.
#
# **Predict** the mean of many dropped-out copies of the four outputs.

# %%
from course.nn import Dropout

copies = np.tile([4.0, -2.0, 1.0, 3.0], (100_000, 1))
print(Dropout(0.25, seed=0).forward(copies, training=True).mean(axis=0).round(1))

# %% [markdown]
# ### Exercise 15.2 - inverted dropout
#
# For any array, in training and at prediction. The draws are handed to you.

# %%
# Exercise 15.2 - inverted dropout
import numpy as np

from course.checks import check


def my_dropout(x, rate, draws, training):
    """Return x with dropout; training: True in a training step, False at prediction.

    draws: random numbers from 0 to 1 in x's shape; silenced where below rate.
    """
    ### BEGIN SOLUTION
    if not training:
        return x
    return x * (draws >= rate) / (1 - rate)
    ### END SOLUTION

check("15.2", my_dropout)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What comes back when `training` is False?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `draws >= rate` is True where a number is kept. True counts as 1, False as 0: multiply.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `if not training: return ...`, then `return x * (...) / (...)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The table above: 5.33, 0, 1.33, 4.
# </details>
#
# The training loss that Keras prints is measured *with* dropout, and averaged over an epoch in which the weights still
# moved; the validation loss without dropout, at the end. So the first may lie *above* the second, and nothing is wrong.

# %% [markdown]
# ## 5. Stop in time
#
# **Early stopping** keeps the weights of the epoch with the lowest validation loss, and ends the training when
# *patience* epochs in a row brought no lower one. By hand, with patience 3:
#
# | epoch | 1 | 2 | 3 | 4 | 5 | 6 |
# |---|---|---|---|---|---|---|
# | validation loss | 0.70 | 0.60 | 0.62 | 0.65 | 0.61 | 0.50 |
# | epochs without gain | 0 | 0 | 1 | 2 | 3 | |
#
# Epoch 5 is the last: 3, 4 and 5 brought nothing below 0.60 (0.61 is lower than 0.65, but that does not count). Epoch
# **2** is kept, and 6 is never run. Keras's `EarlyStopping` keeps the *last* weights,
# those of epoch 5, unless you say `restore_best_weights=True`.
#
# **Deeper.** [Write it yourself](15_overfitting_deeper.ipynb).

# %% [markdown]
# ## 6. Measure the remedies
#
# Now one table: the same network on the same patients, in the same order, for the same 12 epochs, and one thing
# changed in each row.
#
# | row | what is changed |
# | --- | --- |
# | smaller network | 8 and 8 channels, 16 neurons: a twentieth of the weights |
# | augmentation | quarter turns, mirror images and small shifts of the training pictures |
# | L1, L2 | factors 0.0001 and 0.001, on all kernels |
# | dropout | rate 0.5, between the last map and the 128 neurons |
# | early stopping | the runs of "nothing", ended with patience 3, by 15 % of the patients, kept aside in every row |
# | all together | all of the above |
#
# The remedies' numbers are round ones, fixed before the first run. Every row was run with five seeds on the five folds
# of [lesson 14](14_breast_cancer_cnn.ipynb), so each of the 569 patients is judged by networks that never saw her
# (`course reproduce 15`). **Predict:** which row gains most? Which gains nothing?

# %%
table = tables_15.ablation()
table.iloc[:, :8].round(2)

# %% [markdown]
# Means of five seeds; `lowest` and `highest` are the AUCs of single seeds; all but the first column are out of fold,
# the shares at the threshold 0.5. Seeds are not patients: that five runs agree says nothing of what other *patients*
# would have done. For that, take each patient's mean score over the five seeds (`averaged` is its AUC), and compare
# each row with "nothing" on the same patients, by DeLong's paired interval:

# %%
table[["averaged", "minus nothing", "from", "to"]].round(3)

# %% [markdown]
# - **Augmentation** gains most, and its interval lies above 0. Each training picture in eight positions is a little
#   like more patients. (Turned or mirrored, a nucleus keeps all that is measured in it.)
# - **Dropout's** interval lies above 0 too, but barely: with seven rows compared, one such interval is weak
#   evidence.
# - **L1 and L2**: both intervals hold 0 and end below 0.02, so a large gain is unlikely. The loss falls a little. The
#   training AUC is still 1: the network pays so small a penalty and learns by heart all the same. That speaks of these
#   factors, not of L2.
# - **Smaller network, early stopping, all together** take a third to a half off the *loss*, and their intervals hold 0.
#   They are less sure of their errors; that they put the patients in a better order is not shown. *All together* is
#   not their sum: its training AUC is the lowest, hardly above the one out of fold. It learns too little, which is
#   *underfitting*.
# - Compare `AUC` with `averaged`: averaging five networks of "nothing" gains about as much as any row but augmentation.
#   So averaging is a remedy, too.
#
# And at 0.5, every row misses more than a third of the malignant tumours.
#
# **Deeper.** [What no interval knows](15_overfitting_deeper.ipynb).

# %% [markdown]
# And beside it, as always, what looks at no picture, or measures it; the last columns are its AUC minus that of the
# best row:

# %%
tables_15.beside("augmentation").round(3)

# %% [markdown]
# The total area of the nuclei, one number, is ahead of the best of our networks (best on these very patients, which
# flatters it), and ten measured features are farther ahead: both intervals lie above 0. No remedy here replaces
# knowing what to measure. (Pictures of 48 pixels a side hide much of a nucleus's outline, and the features were
# measured at 150.)
#
# Watch two rows yourself, one seed, judged on the validation patients. It takes about half a minute.

# %% tags=["nbval-ignore-output", "long"]
import numpy as np

from course.data.cytology import load, split_of_patients
from course.reproduce.arms_15 import fit, measured, scores_of, standardised

images, labels, _ = load(SIZE)
train = np.flatnonzero(split_of_patients() == "train")
judged = np.flatnonzero(split_of_patients() == "validation")
x, found = standardised(images, train), {}
for name in ("nothing", "augmentation"):
    model, _ = fit(ARMS[name], 0, x, labels, train, judged)
    for part, some in (("training", train), ("validation", judged)):
        found[name, part] = measured(labels[some], scores_of(model, x[some]))
        form = "{:12} {:10} loss {:.2f}, AUC {:.2f}, accuracy {:.2f}"
        print(form.format(name, part, *found[name, part]))

# %% [markdown]
# Your digits differ a little from ours; the finding must not:

# %%
without, augmented = (found[name, "validation"][0] - found[name, "training"][0]
                      for name in ("nothing", "augmentation"))
assert without > 0.3 and augmented < without / 2, "run the training once more"
print("Validation loss minus training loss: far smaller with augmentation.")

# %% [markdown]
# ## Traps
#
# - **A validation set that is augmented.** *Symptom*: validation scores that jump when nothing was trained. *Cure*:
#   change the training pictures only.
# - **Two single runs compared.** *Symptom*: the remedy that wins today loses tomorrow. *Cure*: several seeds, and an
#   interval over patients.
# - **A factor chosen by the test set.** *Symptom*: a gain that nobody can repeat. *Cure*: fix it beforehand, or choose
#   it on patients who do not judge.
# - **Losses compared across penalties.** *Symptom*: L2 "has the higher loss". *Cure*: Keras's `loss` and `val_loss`
#   *contain* the penalty; compare AUC, or the loss of the data alone, as in the table.

# %% [markdown]
# ## Recap
#
# A network with more weights than patients can learn every training patient by heart; the gap to validation shows it.
# More patients close the gap, and augmentation makes more pictures of those one has. L2 adds $\lambda \sum w^2$ to the
# loss and $2 \lambda w$ to the slope; dropout silences neurons in training only; early stopping keeps the best epoch.
# Which of them helps is measured, out of fold, over several seeds, with an interval over patients.

# %% [markdown]
# ## Quiz
#
# **1. Gap.** Training AUC 1.00, validation AUC 0.81. What do you try first?
#
# - (a) more epochs
# - (b) more patients, or pictures changed as the diagnosis allows
# - (c) a larger network
#
# <details><summary>Answer</summary>
#
# (b). The network has room enough to learn its patients by heart, so (c) adds room that it does not need, and (a) lets
# it go on past the turn of the validation loss.
# </details>
#
# **2. Above.** With dropout, the training loss is 0.50 and the validation loss 0.45. What is wrong?
#
# - (a) The two sets were exchanged.
# - (b) Validation patients leaked into the training.
# - (c) Nothing need be wrong.
#
# <details><summary>Answer</summary>
#
# (c). The training loss is measured with neurons silenced, and averaged over an epoch in which the network was still
# getting better. (a) and (b) are possible, but this is no sign of them: measure the training loss once more with
# dropout off.
# </details>
#
# **3. Table.** A remedy's five seeds all have a higher AUC than "nothing"; the paired interval over the patients runs
# from -0.01 to +0.04. What follows?
#
# - (a) It helps: five of five.
# - (b) Other patients could have turned the difference round.
# - (c) It does not help.
#
# <details><summary>Answer</summary>
#
# (b). All five were judged on the same patients, so they agree on what is peculiar to these. (c) says more than the
# interval, which holds +0.04 as well.
# </details>

# %% [markdown]
# ## Sources
#
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov. Dropout: a simple way to prevent neural
#   networks from overfitting. *Journal of Machine Learning Research* 15, pages 1929 to 1958, 2014. (There $p$ is the
#   probability of *keeping*, and weights are scaled at prediction.)
# - A. Krogh, J. Hertz. A simple weight decay can improve generalization. *Advances in Neural Information Processing
#   Systems* 4, pages 950 to 957, 1991.
# - [Keras: EarlyStopping](https://keras.io/api/callbacks/early_stopping).

# %% [markdown]
# ## Next
#
# [Lesson 16](16_better_networks.ipynb) looks for better networks. [The deeper page](15_overfitting_deeper.ipynb) of
# this lesson writes early stopping, tells L2 from weight decay, smooths labels, and doubts the table.
