# %% [markdown]
# # Search for a better network, and judge the search honestly
#
# A hospital gets the network that a search has chosen. What the search promised is not what its patients will get.
#
# ## What you will do
# - Set the learning rate first, and say what the other settings are worth (quiz).
# - Compare a grid with random trials, and what a choice promises with what it keeps (quiz).
# - Write a residual block and its gradient (exercise 16.1).
# - Average the probabilities of several seeds, and say which part of the error falls (exercise 16.2).
#
# **What you need.** [Lesson 08](08_training_by_hand.ipynb) (rate, batch, gradient),
# [lesson 12](12_comparing_classifiers.ipynb) (out of fold, AUC) and [lesson 15](15_overfitting.ipynb) (seeds, paired
# intervals).
#
# **How long.** About 60 minutes.
#
# **What this is not.** The pictures are *drawn from measurements*; which setting is best here need not be elsewhere.

# %% [markdown]
# ## 1. The learning rate first
#
# A *setting* (hyperparameter) is what training does not learn: somebody chooses it. Take the smallest example of the
# most important one. The loss is $w^2$, its slope $2w$, and a step of rate $r$ takes $w$ to $w - r \cdot 2w$, which is
# $(1 - 2r)\,w$. With $r = 0.1$ each step leaves 0.8 of $w$. **Predict** where $w = 1$ is after twenty steps with the
# rates 0.001, 0.1, 0.9 and 1.1.

# %%
for rate in (0.001, 0.1, 0.9, 1.1):
    print(f"rate {rate}: {(1 - 2 * rate) ** 20:.3f}")

# %% [markdown]
# Hardly moved; good; to and fro, nearing 0; away for ever. So rates are tried in powers of ten.
#
# Now a network: four convolutions with batch normalisation and ReLU, pictures of 48 x 48 pixels, 398 training patients
# in batches of 32, 12 epochs: 13 steps an epoch, 156 in all. Adam moves a weight by about the rate in a step, however
# small the slope. So at 0.00001 hardly a weight goes farther than 0.002, and they begin up to 0.2 from 0. **Predict**
# the rows of the lowest rate, and of the highest, 1.

# %%
from course.reproduce import tables_16

tables_16.compared(tables_16.arms("rate")).iloc[:, :5].round(2)

# %% [markdown]
# Means of five seeds, last epoch, 85 validation patients. (The figure shows the middle seed's loss.)

# %%
from course.widgets.lesson_16 import rates_figure

rates_figure()

# %% [markdown]
# *Figure: left, loss against the rate, logarithmic axes. The training loss (full line, squares) falls from 0.7 to 0.02
# at 0.001 and rises to 0.4. The validation loss (dashed, circles) is lowest at 0.001 too, near 1 at 0.01 and 0.1.
# Right, validation AUC, five circles a rate: near 0.9 from 0.0001 to 0.1; far apart at both ends.*
#
# - **The lowest rate** has hardly begun, and at **1** the training loss stays high: steps are too long to settle.
# - **The validation loss** is lowest at 0.001. At 0.01 and 0.1 it is more than twice as high, though the patients are
#   put in as good an order: the probabilities are off. Decided at 0.5, one seed finds none of the malignant, another
#   all:

# %%
print("sensitivity at the rate 0.01, five seeds:", tables_16.sensitivities("rate 0.01"))

# %% [markdown]
# - **The AUC** is the same to about 0.02 over three decades. Which measure chooses, matters.

# %% [markdown]
# ## 2. The others, one at a time
#
# Keep the rate at 0.001 and change one thing: the *batch* (8 or 128 patients instead of 32: 600 or 48 steps instead of
# 156), or the *bend* behind each convolution (tanh, sigmoid or GELU, a smooth relative of ReLU). **Predict:** is any
# row clearly better than the first?

# %%
rows = [tables_16.BASE, *tables_16.arms("batch", "tanh", "sigmoid", "gelu")]
tables_16.compared(rows).round(3)

# %% [markdown]
# `averaged` is the AUC of each patient's mean score over the seeds; `minus base` compares that with the first row on
# the same patients, with its 95 % interval.
#
# Every interval holds 0, and none reaches 0.04: whoever takes the best row has chosen by noise. Sigmoid's validation
# loss is the highest by far, its mean AUC too: decided at 0.5, three of its five networks find no malignant patient at
# all.

# %% [markdown]
# ## 3. A grid, or chance?
#
# Two settings at once: the rate and the L2 penalty of a small network on ten measured features ([lesson
# 03](03_measuring_nuclei.ipynb)). You can afford nine trials. A *grid* takes three rates and three penalties, in all
# nine pairs. *Random search* draws nine pairs. If only the rate matters, the grid has tried **three** rates, each three
# times over, and chance up to **nine** (here about eight: only 25 rates can be drawn).
#
# All pairs of 25 rates and 9 penalties were run in five folds of the training patients, so any search can be replayed:

# %%
from course.widgets.lesson_16 import three_searches

three_searches()

# %% [markdown]
# *Figure: three lots over the loss against the rate, a line that is high on the left, flat and low from 0.01 to 0.4,
# and rises at 1. Squares, the grid: three rates a draw. Crosses, random trials: more rates. In lot 7 one square lies
# in the valley, in lots 5 and 12 two. Some crosses lie far up on the left.*
#
# ### Experiment: slide the grid, draw again

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_16 import TRIALS, search_panel
from course.widgets.panel import Panel

Panel(search_panel, "Above: loss (light is low), trials as dots. Below: loss by rate.",
      trials=SelectionSlider(options=TRIALS, value=9), lot=(0, 19))

# %% [markdown]
# **Try.**
# 1. With 9 trials, slide through the lots. How often is the grid ahead, and how often far behind?
# 2. The same with 4 trials, and with 25.
#
# **Question.** Why does the penalty not matter in the upper pictures, and what would a grid lose if it did?
# <details><summary>Answer</summary>
#
# The stripes are upright: at one rate the loss is the same from top to bottom (but near a rate of 1), so penalties this
# small change nothing. Were it the other way round, the grid would again try three values of what matters. Where both
# matter alike, its regular spacing costs it nothing.
# </details>
#
# Now count over 400 lots: how far above the lowest of all 225 losses is the best of nine trials?

# %%
import numpy as np

from course.widgets.lesson_16 import best_of, grid_points, random_points

loss = tables_16.landscape()
for name, points in (("grid", grid_points), ("random", random_points)):
    above = [best_of(loss, points(9, lot)) - loss.min() for lot in range(400)]
    print(f"{name:6} middle {np.median(above):.4f}, mean {np.mean(above):.4f}, "
          f"worst {max(above):.4f}")

# %% [markdown]
# Here chance is ahead in the middle and on the mean, by a thousandth or two: nobody would notice. The valley is broad,
# so three rates hit it, too; and an unlucky draw costs chance more than the worst place costs the grid. With many
# settings Bergstra and Bengio found more: as good or better in a small fraction of the time, since only a few settings
# matter, and others from data set to data set.

# %% [markdown]
# ## 4. What a choice promises, and what it keeps
#
# Whoever keeps the best of many keeps luck as well. To see luck alone, let "networks" toss a coin for each of 85
# patients. **Predict** the accuracy of the best of 10, and of 225. And on new patients?

# %%
rng = np.random.default_rng(0)
for networks in (1, 10, 225):
    best = [(rng.random((networks, 85)) < 0.5).mean(axis=1).max() for _ in range(200)]
    print(f"best of {networks:3}: {np.mean(best):.2f} promised; on new patients 0.50")

# %% [markdown]
# So the patients who choose must not judge. An **honest outer loop** sets a fold aside, chooses by cross-validation
# among the others alone, trains the winner on them, and asks the fold. Each fold in turn. Here with all 225 pairs and
# all 569 patients, each judged once. (The winner learns from 455 patients, its promise came from 364: that helps it.)

# %%
outer = tables_16.outer()
outer.loc["mean", ["promised", "kept"]] = outer[["promised", "kept"]].mean()
outer.drop(columns="penalty").round(3)

# %% [markdown]
# Log losses: lower is better. **No broken promise is seen here**: on the mean both differ by a few thousandths. But the
# folds differ by up to 0.07 either way, so five of them could hide a gap of 0.05. The coins were 225 independent
# chances to be lucky; these pairs are far fewer, since the penalty changes nearly nothing and in the valley all rates
# do about as well. Cawley and Talbot show promises broken by as much as methods
# differ.
#
# **Deeper.** [Exercise 16.4](16_better_networks_deeper.ipynb) is this loop.

# %% [markdown]
# ## 5. Add what came in
#
# Deeper networks can express more, and are harder to train. A **residual block** computes
#
# $$y = x + f(x),$$
#
# with two layers for $f$, say. If $f$ is 0, nothing is harmed. The gradient has two ways back. With $f'$ for the slope
# of $f$,
#
# $$\frac{dL}{dx} = \frac{dL}{dy}\,(1 + f'(x)).$$
#
# By hand, with single numbers: $f(x) = -3\,\mathrm{ReLU}(0.5\,x)$ at $x = 2$. Inside, $0.5 \cdot 2 = 1$, which is above
# 0; so $f = -3$, $y = 2 - 3 = -1$; and $f' = -3 \cdot 0.5 = -1.5$, so a slope of 1 by $y$ becomes $1 - 1.5 = -0.5$ by
# $x$. Ten layers in a row, each with a slope of 0.1, leave $0.1^{10}$ of a gradient, as good as nothing; ten blocks
# whose $f'$ is 0.1 pass on $1.1^{10}$ of it, about 2.6. The 1 passes on what a weak $f$ would stifle.
#
# ### Exercise 16.1 - a residual block, forth and back

# %%
# Exercise 16.1 - a residual block
import numpy as np

from course.checks import check


def residual(x, W1, W2, grad):
    """Return (y, dx): y = x + f(x) with f(x) = ReLU(x @ W1) @ W2, and the loss's slope by x.

    x (n, d), W1 (d, h), W2 (h, d); grad (n, d): the loss's slope by y.
    Raise ValueError where x and f(x) differ in shape.
    """
    ### BEGIN SOLUTION
    hidden = np.maximum(x @ W1, 0)
    inside = hidden @ W2
    if inside.shape != x.shape:
        raise ValueError(f"x has the shape {x.shape}, f(x) has {inside.shape}")
    return x + inside, grad + ((grad @ W2.T) * (hidden > 0)) @ W1.T
    ### END SOLUTION

check("16.1", residual)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# By which two ways does `x` reach `y`? Each brings a slope back, and the two are added.
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Through $f$ you go back as in [lesson 07](07_backpropagation.ipynb): through `W2`, through the bend (nothing passes
# where it was 0), through `W1`. A product goes back by the transpose.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `hidden = np.maximum(...)`, `inside = hidden @ W2`, compare shapes, then
# `return x + inside, grad + (... * (hidden > 0)) @ W1.T`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The numbers of the text: `residual(np.array([[2.0]]), np.array([[0.5]]), np.array([[-3.0]]), np.array([[1.0]]))` gives
# -1 and -0.5.
# </details>
#
# The course's block, against TensorFlow's `GradientTape`, which notes each step on the way forth:

# %%
from course.nn import Dense, Residual
from course.quiet_tensorflow import tf

x, grad = np.random.default_rng(0).normal(size=(2, 5, 3))
block = Residual([Dense(4, activation="relu"), Dense(3)], seed=0)
y = block.forward(x)
with tf.GradientTape() as tape:
    W1, b1, W2, b2 = block.params
    v = tf.Variable(x)
    out = v + tf.nn.relu(v @ W1 + b1) @ W2 + b2
theirs = tape.gradient(out, v, output_gradients=grad)
print(np.allclose(y, out, atol=1e-5), np.allclose(block.backward(grad), theirs, atol=1e-5))

# %% [markdown]
# On the cells: 6 plain layers, 20 plain layers, and the same 20 as ten residual blocks (which bend the
# sum once more, as He's do), all with batch normalisation.
# **Predict:** which has the lowest *training* loss?

# %%
tables_16.compared(tables_16.arms("plain", "residual"), base="plain, 6 layers").round(2)

# %% [markdown]
# (`minus base`: minus six plain layers.)

# %%
from course.widgets.lesson_16 import depth_figure

depth_figure()

# %% [markdown]
# *Figure: loss over 12 epochs. Left, training: six plain layers (full line) fall to 0.1; twenty (dashed) lie above them
# from the third epoch on; twenty residual ones (dash-dotted) fall fastest, to 0.01. Right, validation: six plain layers
# lie lowest, at 0.45; the residual line stays near 0.55; twenty plain layers turn up to 0.7.*
#
# - **Training.** Twenty plain layers are no better than six, though they could copy them and pass the rest through. (He
#   and others saw the same, and argue that with batch normalisation vanishing gradients are not the reason.) As
#   residual blocks they reach a tenth of the loss.
# - **Validation.** Six plain layers have the highest AUC on average; both intervals hold 0. The blocks cure what is
#   hard in *training*. Here, as in [lesson 15](15_overfitting.ipynb), the trouble is the next patient.

# %% [markdown]
# ## 6. Ask five, and take the mean
#
# An *ensemble* averages the probabilities of several networks, here of five seeds. A malignant patient ($y = 1$) gets
# 0.9, 0.6 and 0.3 from three seeds. Their squared errors are 0.01, 0.16 and 0.49, on average **0.22**. The average
# 0.6 has **0.16**. Where are the other 0.06? In how far the seeds lie from their average: 0.09, 0 and 0.09, on average
# **0.06**. It comes out exactly, always:
#
# $$\underbrace{\text{mean of } (p_s - y)^2}_{\text{one seed}} = \underbrace{(\bar p - y)^2}_{\text{kept}} +
# \underbrace{\text{mean of } (p_s - \bar p)^2}_{\text{taken away}},$$
#
# with $p_s$ the probability that seed $s$ gives, $\bar p$ their mean. Averaging takes away the seeds' quarrel, and
# keeps what they share.
#
# ### Exercise 16.2 - average, and the two parts

# %%
# Exercise 16.2 - the mean of several seeds
import numpy as np

from course.checks import check


def averaged(p, y):
    """Return (mean probability (n,), kept, taken); the last two are means over patients.

    p (seeds, n): probabilities; y (n,): truth, 1 = malignant.
    """
    ### BEGIN SOLUTION
    mean = p.mean(axis=0)
    return mean, np.mean((mean - y) ** 2), np.mean((p - mean) ** 2)
    ### END SOLUTION

check("16.2", averaged)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which axis of `p` are the seeds? Each patient keeps a number of her own.
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `p - mean` works for all seeds at once: NumPy repeats `mean` in each row.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `mean = p.mean(axis=...)`, then two means of squares.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `averaged(np.array([[0.9], [0.6], [0.3]]), np.array([1]))` gives 0.6, 0.16 and 0.06.
# </details>
#
# Measured on [lesson 15](15_overfitting.ipynb)'s networks, five seeds a row, each of the 569 patients judged by
# networks that never saw her. **Predict:** is the larger part of the error taken away, or kept?

# %%
tables_16.quarrels().round(3)

# %% [markdown]
# The seeds' quarrel is less than a quarter in every row. What is kept, the five mostly share: the same training
# patients, the same kind of network, what no picture tells. More seeds would take away a little more, at most about a
# quarter of `taken`; more patients may help beyond that.
#
# And the AUC? The average of "nothing" minus each of its seeds:

# %%
tables_16.average_minus_seeds("nothing").round(3)

# %% [markdown]
# The average is ahead of every seed; all intervals but one lie above 0. Why not take the *best* seed? Let half of the
# patients choose, and the other half judge, 200 times:

# %%
tables_16.best_seed("nothing").round(3)

# %% [markdown]
# On other patients the best seed is hardly ahead of the mean seed, and the average of all five, which chooses nothing,
# is ahead of both.

# %% [markdown]
# ## 7. Beside what measures
#
# The networks of section 1 (rate 0.001, average of five) beside what looks at no picture, or measures it, judged out of
# fold on the same 85 patients; the last columns are its AUC minus the networks':

# %%
tables_16.beside().round(2)

# %% [markdown]
# One number, the total area of the nuclei, has a higher AUC than the average of five networks, and so have ten measured
# features; both intervals hold 0. (They had pictures of 150 pixels, and some 455 patients to learn from.) No setting of
# this page shows a gain over that.

# %% [markdown]
# ## Traps
#
# - **The rate left as it was.** *Symptom*: a new network "does not work". *Cure*: five decades first.
# - **Judged by those who chose.** *Symptom*: the paper's number is never met again. *Cure*: an outer loop, or patients
#   kept for one opening.
# - **x added to another shape.** *Symptom*: none; NumPy repeats one number over a row. *Cure*: compare shapes first.

# %% [markdown]
# ## Recap
#
# The learning rate comes first, in powers of ten; the other settings follow, each judged on the same patients with an
# interval. Where few settings matter, random trials waste fewer than a grid. What chose cannot judge: an outer loop
# says what a search keeps, and here no broken promise was seen. A residual block adds what came in, and gives the
# gradient a second way back. The mean of several seeds takes away their quarrel and keeps what they share.

# %% [markdown]
# ## Quiz
#
# **1. Rate.** The training loss of a new network hardly falls in five epochs. What do you try first?
#
# - (a) ten more layers
# - (b) learning rates ten times higher and lower
# - (c) another bend
#
# <details><summary>Answer</summary>
#
# (b). A rate that is off by a power of ten hides what everything else is worth. (a) adds weights that the same rate
# will not train; (c) changed less than the rate in the tables above.
# </details>
#
# **2. Nine trials.** Of two settings one does not matter; nobody knows which. What do nine random trials have that a
# grid of three by three has not?
#
# - (a) more pairs
# - (b) up to nine values of the setting that matters instead of three
# - (c) a guarantee to come closer
#
# <details><summary>Answer</summary>
#
# (b). Both have nine pairs; and chance may be unlucky, as some draws of the experiment were.
# </details>
#
# **3. Promise.** A search over 200 networks reports the best validation AUC, 0.93. What do you expect on new patients?
#
# - (a) 0.93, since validation patients did not train
# - (b) less, and the less the fewer validation patients there were
# - (c) more, since the network will be trained on all patients
#
# <details><summary>Answer</summary>
#
# (b). The validation patients have chosen, so luck with them is part of 0.93. (a) forgets that choosing is a kind of
# learning. (c) may be true of the training, and says nothing of the promise. (On average over such
# searches; one may be lucky, and in section 4 no loss was seen.)
# </details>

# %% [markdown]
# ## Sources
#
# - J. Bergstra, Y. Bengio. Random search for hyper-parameter optimization. *Journal of Machine Learning Research* 13,
#   pages 281 to 305, 2012. [jmlr.org](https://jmlr.org/papers/v13/bergstra12a.html).
# - G. C. Cawley, N. L. C. Talbot. On over-fitting in model selection and subsequent selection bias in performance
#   evaluation. *Journal of Machine Learning Research* 11, pages 2079 to 2107, 2010.
#   [jmlr.org](https://jmlr.org/papers/v11/cawley10a.html).
# - K. He, X. Zhang, S. Ren, J. Sun. Deep residual learning for image recognition. *CVPR* 2016. [arXiv
#   1512.03385](https://arxiv.org/abs/1512.03385).
# - B. Lakshminarayanan, A. Pritzel, C. Blundell. Simple and scalable predictive uncertainty estimation using deep
#   ensembles. *NeurIPS* 2017. [arXiv 1612.01474](https://arxiv.org/abs/1612.01474).

# %% [markdown]
# ## Next
#
# [Lesson 17](17_transfer_learning.ipynb) starts from a network that has seen a million photographs. [The deeper
# page](16_better_networks_deeper.ipynb) has attention by hand, a patch transformer, and the honest loop.
