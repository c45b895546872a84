# %% [markdown]
# # Stop in time, decay in earnest, and doubt the table
#
# The core page measured what helps. Here are the parts it left out: the rule that stops a training, a famous mix-up of
# two remedies, a remedy that makes a network less sure on purpose, and what the table's intervals do not know.
#
# ## What you will do
# - Write the rule that ends a training and says which epoch to keep (exercise 15.3).
# - See in two numbers why L2 is not weight decay in Adam (quiz).
# - Smooth labels, and say what becomes of the probabilities (exercise 15.4).
# - Name what an out-of-fold interval leaves out (quiz).
#
# **What you need.** [Lesson 15](15_overfitting.ipynb), and from [lesson 08](08_training_by_hand.ipynb) the idea of
# Adam: steps in units of each slope's own usual size.
#
# **How long.** About 60 minutes.

# %% [markdown]
# ## 1. Stop with patience
#
# The rule, once more: an epoch is better when its validation loss is *below* the lowest so far. After *patience*
# epochs in a row without a better one the training ends, and the best epoch is kept. Two cases by hand, patience 2.
# **Where do they stop, and what is kept?**
#
# - 0.7, 0.6, 0.62, 0.58, 0.61, 0.59, 0.60: epoch 3 is no better, 4 is (0.58): the count begins anew. 5 and 6 are no
#   better than 0.58. Stop after 6, keep 4.
# - 0.6, 0.5, 0.5, 0.5: equal is not better. Stop after 4, keep 2.
#
# ### Exercise 15.3 - which epoch, and when to stop

# %%
# Exercise 15.3 - early stopping
from course.checks import check


def stop_at(losses, patience):
    """Return (epoch kept, last epoch run), both counted from 1.

    losses: validation losses, epoch by epoch, as a training without any stop has them.
    patience: 1 or more.
    """
    ### BEGIN SOLUTION
    best, kept = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            return kept, epoch
    return kept, len(losses)
    ### END SOLUTION

check("15.3", stop_at)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What do you have to remember while the losses go by?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The lowest loss and its epoch. The number of epochs without gain is the distance from that epoch to the present one.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# A loop over `enumerate(losses, start=1)`: if lower, remember; else, if `epoch - kept >= patience`, return. After the
# loop return too: the training may run to its end.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The two cases above give `(4, 6)` and `(2, 4)`.
# </details>
#
# In the stored runs of the core page, which epochs did the rule keep? Five seeds with five folds each:

# %%
from course.reproduce import result

runs = result(15)["ablation"]
for arm in ("early stopping", "all together"):
    print(f"{arm:15}", *(run["epochs"] for run in runs[arm]))

# %% [markdown]
# The epochs scatter: the lowest point of a wobbling curve, measured on some 69 patients, is partly luck. And the loss
# at that point is the lowest of several, so it is too good to be reported as a result. The patients who chose the epoch
# are spent; the out-of-fold patients judge. (Where 10, 11 or 12 was kept, the
# training ended before the rule could stop it.)

# %% [markdown]
# ## 2. L2 is not weight decay
#
# *Weight decay* shrinks every weight by a share $\eta d$ in each step: $w \leftarrow w - \eta d\, w - \dots$, with
# learning rate $\eta$ and decay $d$. With plain SGD, L2 does the same. The slope of data and penalty is $g + 2 \lambda
# w$, so a step gives
#
# $$w - \eta (g + 2 \lambda w) = (1 - 2 \eta \lambda)\, w - \eta g,$$
#
# a decay with $d = 2 \lambda$. Many programs therefore called the one by the other's name. But Adam divides each slope
# by its own usual size, the penalty's slope included. **Predict:** no data at all ($g = 0$), one weight $w = 1$, rate
# 0.1. How far does Adam's first step go for a factor of 0.0001, and how far for 0.1?

# %%
import numpy as np

from course.nn import SGD, Adam

for factor in (0.0001, 0.1):
    ends = []
    for optimizer in (SGD(0.1), Adam(0.1)):
        w = np.array([1.0])
        optimizer.update([w], [2 * factor * w])
        ends.append(w[0])
    print(f"factor {factor}: SGD ends at {ends[0]:.5f}, Adam at {ends[1]:.3f}")

# %% [markdown]
# SGD shrinks the weight by the share that was asked for. Adam takes a step of about 0.1 either way: the factor, divided
# by itself, is gone. With data the two slopes are divided *together*, by a size that the data set. So weights whose
# slopes are large are pulled less. Loshchilov and Hutter's remedy (*AdamW*) takes the decay out of the slope: Adam's
# step is made from the data alone, and the decay comes beside it. Two lines:

# %%
def adamw_step(w, slope, adam, decay):
    """Take one step of Adam on the data's slope alone; shrink w beside it, in place."""
    w -= adam.learning_rate * decay * w
    adam.update([w], [slope])

# %% [markdown]
# Keras's `AdamW` does the same (so does Keras's `Adam(weight_decay=...)`, while other libraries mean L2 by that name):

# %%
from course.quiet_tensorflow import keras

theirs, ours = keras.Variable([1.0, -2.0]), np.array([1.0, -2.0])
library, adam = keras.optimizers.AdamW(0.1, weight_decay=0.5), Adam(0.1)
for slope in ([0.3, -0.1], [-0.2, 0.4], [0.1, 0.1]):
    library.apply([keras.ops.array(slope)], [theirs])
    adamw_step(ours, np.array(slope), adam, 0.5)
print("three steps agree with Keras:", np.abs(theirs.numpy() - ours).max() < 1e-5)

# %% [markdown]
# Now two kinds of weights, all 1 at first. The data pull them to and fro and, on average, nowhere: the first kind with
# slopes of $\pm 1$, the second with $\pm 0.01$. Neither is needed, so a penalty should shrink both alike. **Predict**
# what 300 steps leave of each.

# %%
def left_over(decoupled, strength, steps=300):
    """Return what is left of the two kinds of weights, means (2,) of 500 each."""
    w, adam = np.ones((2, 500)), Adam(0.01)
    signs = np.random.default_rng(0).choice([-1, 1], (steps, 500))
    for sign in signs:
        slope = sign * np.array([[1.0], [0.01]])
        if decoupled:
            adamw_step(w, slope, adam, 2 * strength)
        else:
            adam.update([w], [slope + 2 * strength * w])
    return w.mean(axis=1)

# %% [markdown]
# What is left without a penalty, with L2 in the slope, and with decay beside the step:

# %%
print("Adam alone:  ", left_over(False, 0).round(2))
print("Adam with L2:", left_over(False, 0.05).round(2))
print("AdamW:       ", left_over(True, 0.05).round(2))

# %% [markdown]
# With L2 in the slope, the pull on each weight is divided by the usual size of *its* slopes. Where that is 1, the
# weight shrinks as it does under decay; where it is 0.01, the pull is a hundred times as strong, and nothing is left.
# So one factor is another penalty for each weight. AdamW shrinks both alike. Neither is "wrong", but a factor found
# with the one says nothing about the other. (The core page's rows L1 and L2 used Adam with the penalty in the loss.)

# %% [markdown]
# ## 3. Make a network less sure on purpose
#
# A network that has learnt by heart answers 0.999 and 0.001. **Label smoothing** moves the labels towards the middle:
# with *amount* $a$ the label $y$ becomes
#
# $$t = y\,(1 - a) + \frac{a}{2},$$
#
# so with $a = 0.1$ a 1 becomes 0.95 and a 0 becomes 0.05. The loss of a probability $p$ is then $-t \log p - (1 - t)
# \log(1 - p)$. **For which $p$ is it lowest when $y = 1$?**

# %%
p = np.array([0.90, 0.95, 0.99, 0.999])
for t in (1.0, 0.95):
    losses = -t * np.log(p) - (1 - t) * np.log(1 - p)
    print(f"label {t}: losses", losses.round(3), " of p =", p)

# %% [markdown]
# With the plain label, surer is always better. With the smoothed one 0.95 is best, and 0.999 costs *more*: the network
# is paid for modesty.
#
# ### Exercise 15.4 - the loss with smoothed labels

# %%
# Exercise 15.4 - label smoothing
import numpy as np

from course.checks import check


def smoothed_loss(y, p, amount):
    """Return the mean cross-entropy of probabilities p (n,) with smoothed labels.

    y (n,): labels, 0 or 1; amount: how much to smooth them.
    """
    ### BEGIN SOLUTION
    t = y * (1 - amount) + amount / 2
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    ### END SOLUTION

check("15.4", smoothed_loss)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which of `y` and `p` is changed before the loss is taken?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# First `t`, from `y` and `amount`. Then the loss of [lesson 08](08_training_by_hand.ipynb) with `t` in place of `y`.
# </details>
# <details><summary>Hint 3: numbers to compare with</summary>
#
# `smoothed_loss(np.array([1, 0]), np.array([0.9, 0.2]), 0.1)` is about 0.288.
# </details>
#
# What does it do to probabilities as a doctor reads them? Among patients who are told 0.95, do 95 of 100 have a
# malignant tumour? Where such shares agree, a model is *calibrated*. One neuron on the table's thirty measurements, out
# of fold, with three amounts:

# %%
from course.data.cytology import table
from course.widgets.lesson_12 import out_of_fold

rows, y = table()
X = np.array([list(row.values()) for row in rows])
folds = np.random.default_rng(0).permutation(np.arange(len(y)) % 5)

# %% [markdown]
# **Predict** which of the columns changes with the amount: the order of the patients (AUC), the loss against the true
# labels, or what the "surest 150" are told, the patients with the 150 highest probabilities?

# %%
from course.evaluation.metrics import auc
from course.widgets.lesson_15 import by_neuron

for amount in (0.0, 0.1, 0.4):
    q = out_of_fold(X, y, folds, by_neuron(amount))
    surest = np.argsort(-q)[:150]
    loss = -np.mean(np.log(np.clip(np.where(y == 1, q, 1 - q), 1e-7, 1)))
    print(f"amount {amount}: AUC {auc(y, q):.2f}, loss {loss:.2f}; "
          f"the surest 150 are told {q[surest].mean():.2f} on average, "
          f"malignant {y[surest].mean():.2f}")

# %% [markdown]
# The order hardly moves. The surest are told less and less, while as many of them are malignant as before: a model that
# was about right has become too modest, and its loss rises.
#
# A network that has learnt by heart errs the other way. Of the core page's runs, seed 0, those patients who were told
# more than 0.95 (how many, what on average, and the share with a malignant tumour):

# %%
from course.reproduce import tables_15

for arm in ("nothing", "augmentation"):
    q = tables_15.scores()[arm][0]
    told, ill = q[q > 0.95], y[q > 0.95]
    print(f"{arm:12} {len(told):3}: told {told.mean():.2f}, malignant {ill.mean():.2f}")

# %% [markdown]
# The plain network is far too sure. Where that is so, smoothed labels can help (Müller and others report better
# calibrated networks on large sets of photographs); where it is not, they harm. They never make a probability honest by
# themselves: measure.

# %% [markdown]
# ## 4. Doubt the table
#
# The core page's intervals answer one question: had there been *other patients* to judge, how far might the difference
# of two AUCs have moved? Four things they leave out.
#
# **Seeds.** The core page judged the mean of five seeds' scores. Seed by seed, each with its interval:

# %%
for arm in ("smaller network", "augmentation", "L2", "dropout", "early stopping"):
    ends = tables_15.by_seed(arm)[["from", "to"]].to_numpy()
    print(f"{arm:16}", *(f"{low:+.3f}..{high:+.3f} " for low, high in ends))

# %% [markdown]
# Five intervals a row, one for each seed. Augmentation gains with all five. Each other row has seeds that show
# nothing, and the smaller network has one whose interval lies below 0 and one whose interval nearly lies above:
# whoever runs one seed can find what she likes.
#
# **Many comparisons.** Seven rows were compared with "nothing". If none of them did anything, an interval of 95 % would
# leave out 0 for each with a chance of 1 in 20; for at least one of seven the chance would be larger (30 %, were
# they independent). A stricter level for each, $1 - 0.05/7$, keeps the chance of *any* false alarm below 1 in 20
# (*Bonferroni*):

# %%
from course.evaluation.intervals import delong_difference

scores = {arm: five.mean(axis=0) for arm, five in tables_15.scores().items()}
for arm in list(scores)[1:]:
    found = delong_difference(y, scores[arm], scores["nothing"], level=1 - 0.05 / 7)[0]
    print(f"{arm:16} {found.low:+.3f} .. {found.high:+.3f}")

# %% [markdown]
# Augmentation stays above 0. Dropout, whose plain interval on the core page lay above 0, does not.
#
# **Training patients.** Five folds share most of their training patients, and there was one cut into folds. Another
# cut would have trained other networks. The interval knows nothing of that, so it is probably too narrow, and one
# cross-validation alone cannot say by how much (Bengio and Grandvalet proved that no estimate of its variance is
# unbiased for all kinds of data). And the scores of five networks, one a fold, are pooled in each AUC, though each
# has a scale of its own.
#
# **What was fixed.** One factor a remedy, one rate, twelve epochs for all. A row without gain says "not with this
# factor, in this network, for this long". We, the authors, chose the network's size, learning rate and
# number of epochs after a few trainings of the plain network, judged on the validation patients
# of [lesson 14](14_breast_cancer_cnn.ipynb), who are among the 569.
#
# **Whom it moves.** One number a row hides what happens to the patients. The mean scores of five seeds, with two
# remedies:

# %%
from course.widgets.lesson_15 import remedies_figure

remedies_figure(["L2", "augmentation"])

# %% [markdown]
# *Figure: two panels; each shows how many patients have which mean score, malignant ones upwards, benign ones
# downwards, filled for the remedy and as a line for nothing. Left, L2: filled and line nearly agree, with most patients
# near 0 or 1. Right, augmentation: far fewer patients near 0 and 1 than the line, more between.*
#
# ### Experiment: which patients does a remedy move?
#
# Left, the five seeds of every row; right, the patients' mean scores with the remedy (filled) and with nothing (line).

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_15 import MEASURES, REMEDIES, ablation_picture
from course.widgets.panel import Panel

remedy = SelectionSlider(options=REMEDIES, value="augmentation")
Panel(ablation_picture, "Left: seeds, diamonds: the remedy, bars: means.",
      remedy=remedy, measure=MEASURES)

# %% [markdown]
# **Try.**
# 1. Go from "L2" to "augmentation" and look at the two ends of the right picture: how many patients are scored below
#    0.05 or above 0.95?
# 2. For each measure, find the row whose five seeds scatter most.
#
# **Question.** A row has half the loss of "nothing" and nearly its AUC. What has it done?
# <details><summary>Answer</summary>
#
# It has made the network less sure, not better at telling the patients apart. The loss punishes confident mistakes; the
# AUC looks at the order alone. For a doctor who reads the probability that is a gain; for one who reads the order it is
# none.
# </details>

# %% [markdown]
# ## Traps
#
# - **The last epoch called the best.** *Symptom*: the saved network is worse than its own curve. *Cure*:
#   `restore_best_weights=True`, or your own copy of the weights.
# - **`weight_decay` copied from one library to another.** *Symptom*: the same number, another result. *Cure*: read
#   whether it is added to the slope or taken beside the step, and find the factor anew.
# - **Smoothed labels and a claim of calibration.** *Symptom*: nobody is told more than 0.95. *Cure*: compare what is
#   told with what happens, on patients who did not train.
# - **The best of many rows reported with its plain interval.** *Symptom*: the gain shrinks on new patients. *Cure*: say
#   how many rows there were, and use a stricter level.

# %% [markdown]
# ## Recap
#
# Early stopping remembers the best epoch and counts how long nothing better came. L2 goes through the optimiser, so
# Adam rescales it weight by weight; weight decay stands beside the step. Smoothed labels make a network less sure,
# which is a remedy only for one that is too sure. An interval over patients knows nothing of
# seeds, of folds, or of the number of rows compared.

# %% [markdown]
# ## Quiz
#
# **1. Patience.** Validation losses 0.9, 0.7, 0.8, 0.75, 0.72, patience 3. Which epoch is kept, which is the last?
#
# - (a) 2 and 5
# - (b) 5 and 5
# - (c) 2 and 4
#
# <details><summary>Answer</summary>
#
# (a). Epochs 3, 4 and 5 are the three without gain. (b) keeps the last one; (c) stops a turn too early. That 4 and 5
# fall again does not count: they are above 0.7.
# </details>
#
# **2. Decay.** A weight without any data slope, plain SGD, rate 0.1, `L2(0.5)`. What is left of it after one step?
#
# - (a) 0.95 of it
# - (b) 0.9 of it
# - (c) it depends on the weight
#
# <details><summary>Answer</summary>
#
# (b). The slope is $2 \cdot 0.5\, w = w$, the step $0.1\, w$. (a) forgets the 2. (c) is true of Adam, whose first step
# is about the rate, whatever the weight.
# </details>
#
# **3. Interval.** Out of fold, remedy minus nothing is +0.02, with the interval +0.001 to +0.04, the best of seven
# remedies. What is left out?
#
# - (a) nothing: 0 is not inside
# - (b) that it was the best of seven, one cut into folds, and shared training patients
# - (c) that the two were judged on the same patients
#
# <details><summary>Answer</summary>
#
# (b). With a stricter level for seven comparisons the interval would hold 0. (c) is in it: the interval is a paired
# one.
# </details>

# %% [markdown]
# ## Sources
#
# - I. Loshchilov, F. Hutter. Decoupled weight decay regularization. *International Conference on Learning
#   Representations*, 2019. [arXiv 1711.05101](https://arxiv.org/abs/1711.05101).
# - R. Müller, S. Kornblith, G. Hinton. When does label smoothing help? *Advances in Neural Information Processing
#   Systems* 32, 2019. [arXiv 1906.02629](https://arxiv.org/abs/1906.02629).
# - Y. Bengio, Y. Grandvalet. No unbiased estimator of the variance of k-fold cross-validation. *Journal of Machine
#   Learning Research* 5, pages 1089 to 1105, 2004.
# - L. Prechelt. Automatic early stopping using cross validation: quantifying the criteria. *Neural Networks* 11, pages
#   761 to 767, 1998.

# %% [markdown]
# ## Next
#
# Change one factor of a row, predict its training AUC and its AUC out of fold, and run it with one seed. The core pages
# go on with [lesson 16](16_better_networks.ipynb).
