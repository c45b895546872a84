# %% [markdown]
# # Measure what pooling costs, and find what it never sees
#
# A network that pools is less troubled by a shift of the picture. Here you read the bill: which detail is paid, which
# nuclei melt together, and which part of every picture no number ever depends on.
#
# ## What you will do
# - Pool without a loop, for any number of channels (exercise 5.3).
# - Measure on eight patients how much insensitivity a window buys, and how much of the map it costs (quiz).
# - Say what pooling does to the number and the size of nuclei (quiz).
# - Find by experiment which pixels a network never looks at (quiz).
#
# **What you need.** [Lesson 05](05_pooling.ipynb): pooling, shifts, the receptive field.
#
# **How long.** About 60 minutes.

# %% [markdown]
# ## 1. Fold instead of loop
#
# Where windows touch without overlap, there is a trick: cut off what is left over, and fold the row so that each
# window is a line of its own.

# %%
import numpy as np

row = np.array([1, 3, 2, 0, 7, 6, 4])
folded = row[:6].reshape(3, 2)
print(folded)
print(folded.max(axis=1))

# %% [markdown]
# `reshape` changes no number's turn: it counts row after row, the last axis fastest, and says where lines end. Axis 0
# says *which window*, axis 1 *where in the window*: the maximum over axis 1 removes the second and keeps the first.
#
# A map needs two such pairs of axes: 4 rows become 2 windows of 2 rows, 6 columns become 3 windows of 2 columns, shape
# (2, 2, 3, 2). **Predict** what `[0, :, 0, :]` and `[0, :, 1, :]` hold.

# %%
answers = np.array([[1, 3, 2, 0, 4, 1],
                    [5, 2, 1, 1, 0, 2],
                    [0, 1, 7, 6, 3, 3],
                    [2, 2, 8, 1, 9, 0]])

# %% [markdown]
# Those are the windows at the upper left, rows 0 and 1.

# %%
windows = answers.reshape(2, 2, 3, 2)
print(windows[0, :, 0, :])
print(windows[0, :, 1, :])

# %% [markdown]
# The first index says which window down, the third which window across; the second and the fourth say where in the
# window. So those are the two that a maximum must remove.
#
# ### Exercise 5.3 - max pooling, folded
#
# Now with channels, shape $(h, w, c)$: any number of them, each pooled by itself, windows of $k \times k$ that touch,
# no loop. What does not fill a window is dropped at the lower and right edge, and a NaN stays visible. (Any right
# answer counts, loops included.)

# %%
# Exercise 5.3 - the same without a loop
from course.checks import check


def fold_max_pool(picture, k):
    """Return the largest number of each k x k window, channel by channel: (h, w, c) -> (h // k, w // k, c)."""
    ### BEGIN SOLUTION
    h, w, c = picture.shape
    rows, columns = h // k, w // k
    whole = picture[:rows * k, :columns * k]
    return whole.reshape(rows, k, columns, k, c).max(axis=(1, 3))
    ### END SOLUTION

check("5.3", fold_max_pool)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# On the map the axes were (window, place, window, place). Where does the axis for the channels go?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Cut the picture to a multiple of `k` in both directions. Split each of its two axes where it stands. Then remove the
# two axes that say "where in the window".
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `picture[:rows * k, :columns * k].reshape(rows, k, columns, k, c).max(axis=(...))`
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# For a picture of shape (5, 7, 3) and `k = 2` the result has shape (2, 3, 3), and each channel is what exercise 5.1
# gives for it.
# </details>
#
# One more saving. *ReLU*, which networks put between layers, replaces negative numbers by 0. **Does it matter whether
# ReLU or pooling comes first?**

# %%
from course.nn import avg_pool2d, max_pool2d, relu

signed = np.random.default_rng(5).normal(size=(60, 60))
print("maximum:", np.array_equal(relu(max_pool2d(signed, 2)), max_pool2d(relu(signed), 2)))
print("average:", np.allclose(relu(avg_pool2d(signed, 2)), avg_pool2d(relu(signed), 2)))

# %% [markdown]
# For the maximum it does not: ReLU never turns the order of two numbers round, so the winner stays the winner. Pool
# first, and ReLU has a quarter of the work. For the average it does matter: negative numbers pull an average down only
# as long as they are there.

# %% [markdown]
# ## 2. Ask a library
#
# A maximum is one of the numbers that went in, so it can be compared with `==`. An average is a sum, which libraries
# may add up in another order. (The maps are `float32` because Keras's `max_pool` turns `float64` arrays into it.)

# %%
from course.quiet_tensorflow import keras

maps = np.random.default_rng(1).normal(size=(2, 13, 10, 3)).astype("float32") - 3
for window in [(2, 2, "valid"), (3, 2, "valid"), (3, 2, "same"), ((2, 5), 1, "same")]:  # size, stride, padding
    assert np.array_equal(max_pool2d(maps, *window), keras.ops.max_pool(maps, *window))
    assert np.allclose(avg_pool2d(maps, *window), keras.ops.average_pool(maps, *window), atol=1e-6)
    print(window, "gives", max_pool2d(maps, *window).shape[1:3], "places; both agree")

# %% [markdown]
# `padding="same"` lays rows and columns around the map, as many as make n / stride places, rounded up; half of them,
# rounded down, above and left. They must not count as 0, which would win against these negative maps: for the maximum
# they count as $-\infty$, and the average divides by the pixels that are there.
#
# In one thing the libraries differ. **Predict:** what does Keras make of a window with a NaN in it, and of one that
# holds nothing else?

# %% tags=["nbval-ignore-output"]
gap = np.array([[1, 2, np.nan, np.nan], [3, np.nan, np.nan, np.nan]], "float32")
print("Keras:    ", keras.ops.convert_to_numpy(keras.ops.max_pool(gap[None, ..., None], 2)).ravel())
print("course.nn:", max_pool2d(gap, 2).ravel())

# %% [markdown]
# On the computer where this page was made, Keras printed a 3 and the lowest finite number of `float32`, as if there
# were a measurement. TensorFlow computes this step, and its users have reported such answers since 2016. By a later
# report it depends on the processor and on the number of channels whether a NaN survives (see the sources). So do not
# count on the network to tell you about a broken picture. Check *before* it: `np.isnan(picture).any()`.

# %% [markdown]
# ## 3. Read the price list
#
# One nucleus is an anecdote. Take eight patients, their maps of left-to-right edges behind ReLU, windows from 1 to
# 16, and always a shift by 2 pixels. How much of the map is *kept* is measured as well: blow the pooled map up to its
# old size, each number a square, and correlate it with the map before pooling. **Predict:** how large must the window
# be so that the pooled maps agree well, say above 0.8?

# %%
from course.data.cytology import draw
from course.nn import conv2d

edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])

def edge_map(patient):
    stain = (255 - draw(patient).mean(axis=2)) / 255
    return relu(conv2d(stain, edge))

maps_of_eight, sizes = [edge_map(patient) for patient in range(0, 40, 5)], [1, 2, 4, 8, 16]

# %% [markdown]
# The measures are those of the core page: correlations, place by place.

# %%
from course.widgets.lesson_05 import agreement, kept

for k in sizes:
    print(f"maximum, window {k:2}: agree {agreement(maps_of_eight, 'maximum', k):.2f},",
          f"kept {kept(maps_of_eight, 'maximum', k):.2f}")

# %% [markdown]
# A window of 2, the usual one, helps a little. Windows of 8 make the maps agree, and pay for it: a correlation of 0.5
# means that squares of one shade reproduce a quarter (0.5 squared) of the map's variation. (A reader that looks at
# neighbouring squares together gets more out of them, so "kept" is a lower bound.) Now the average, and `thinned`,
# which keeps the middle pixel of each square as a stride without pooling does.

# %%
from course.plots import LINE_STYLES, new_figure, use_style

use_style()
figure = new_figure(8, 3.2)
for place, (title, measure) in enumerate([("agree after a shift of 2", agreement), ("kept", kept)], start=1):
    ax = figure.add_subplot(1, 2, place)
    for name, style, marker in zip(["thinned", "maximum", "average"], LINE_STYLES, "sov", strict=False):
        ax.plot(range(5), [measure(maps_of_eight, name, k) for k in sizes], style, marker=marker, label=name)
    ax.set_xticks(range(5), sizes)
    ax.set(title=title, xlabel="window and stride (pixels)", ylabel="correlation", ylim=(0, 1.03))
ax.legend()
figure

# %% [markdown]
# *Figure: two diagrams over window sizes 1, 2, 4, 8, 16. Left, the agreement after a shift: maximum and average rise
# from one third to about 0.9, steepest up to 8; thinned stays near one third, and at 16 near one half. Right, what is
# kept: all three begin at 1 and fall; thinned falls fastest, to 0.2; at 16 maximum and average keep about a third.*
#
# This is the price list: insensitivity is bought with detail. Thinning pays more, and gets hardly anything for it. The
# average does about as well as the maximum. (On the right it must win: no other even squares lie closer to a map.) Two
# things improve the bargain, and neither makes it free. Networks pool in small steps with kernels in between, which can
# put into channels what the pooling is about to lose; and one can blur before the stride (Zhang, in the sources).

# %% [markdown]
# ## 4. Look at what is lost
#
# "Detail" sounds harmless. What is it? Inside a window only the largest number counts, not where it stood. So shuffle
# the numbers *inside each window* of 8 x 8. **Predict:** how do the pooled maps of the two differ, for the maximum and
# for the average?

# %%
from course.widgets.lesson_05 import shuffled

part = edge_map(186)[76:132, 44:100]
mixed = shuffled(part, 8, seed=8)
print("maximum:", np.abs(max_pool2d(part, 8) - max_pool2d(mixed, 8)).max().round(12))
print("average:", np.abs(avg_pool2d(part, 8) - avg_pool2d(mixed, 8)).max().round(12))

# %% [markdown]
# Not at all. Whatever comes after the pooling cannot tell one from the other:

# %%
from course.plots import show_pictures

show_pictures([part, mixed, max_pool2d(part, 8)], titles=["map", "shuffled in windows", "both, pooled"], columns=3,
              size=2.6)

# %% [markdown]
# *Figure: left, the edge map with the rim of a nucleus as a thin bright crescent. Middle, the same numbers shuffled in
# windows of 8 x 8: loose bright dots in square patches, no rim. Right, the 7 x 7 squares that both become.*
#
# Smooth or jagged, one rim or two: a cytologist looks at that, and it is gone. Now two things that the table of
# measurements lives on: *how many* nuclei, and *how large*. The drawing tells which pixels are nucleus (1) or not (0).
# Pool that, and count the connected regions.

# %%
from scipy.ndimage import label

from course.data.cytology import draw_mask

for patient in (149, 30):
    nucleus = draw_mask(patient)[:144, :144] > 0
    for k in (1, 2, 4, 8, 16):
        largest, mean = max_pool2d(nucleus, k), avg_pool2d(nucleus, k)
        print(f"patient {patient:3}, window {k:2}: regions {label(largest)[1]:2}; "
              f"share that is nucleus {largest.mean():.2f} by maximum, {mean.mean():.2f} by average")

# %% [markdown]
# (14, not 15: two nuclei of patient 149 touch already in the drawing. `label` counts what meets only at a corner as
# apart.) The maximum makes nuclei grow until they melt together: fewer nuclei, each larger. The average keeps the
# total area. But a value of 0.4 only says that 40% of the window is nucleus, not where its outline ran.
#
# Large nuclei are what malignancy looks like. Does everything grow alike, so that a network could allow for it?
# Patient 149 is benign, patient 30 malignant. **Predict** whose nuclei grow by the larger factor, then look at 72
# patients.

# %%
from course.data.cytology import table

some = range(0, 569, 8)
labels = table()[1][some]
nuclei = [draw_mask(patient)[:144, :144] > 0 for patient in some]
before = np.array([nucleus.mean() for nucleus in nuclei])
after = np.array([max_pool2d(nucleus, 8).mean() for nucleus in nuclei])
for kind, name in enumerate(["benign", "malignant"]):
    print(f"{name:9}: share that is nucleus grows {np.mean((after / before)[labels == kind]):.1f} times")
ratios = [share[labels == 1].mean() / share[labels == 0].mean() for share in (before, after)]
print("malignant share : benign share, before and after:", np.round(ratios, 2))

# %% [markdown]
# A rim of some pixels more is a large gift to a small nucleus and a small one to a large nucleus. So pooling shrinks
# the very contrast that the diagnosis rests on. It does not reverse it, and a kernel *before* the pooling can put
# size and number somewhere safe; afterwards, what has melted cannot be counted any more.
#
# So where should a network pool? Late enough that kernels have looked at the detail first, and often in small steps.
# For finding *whether*, pool; for finding *where*, *how large* or *how many*, think twice.

# %% [markdown]
# ## 5. Dye a pixel, and see who notices
#
# The core page computes that in four blocks of 3 x 3 convolution and 2 x 2 pooling a number sees 46 pixels and the
# next one begins 16 further on. Believe it only after an experiment. A NaN spoils everything it touches. That makes
# it a *dye*: put it into one pixel, and see which numbers of the last map are coloured. Any kernels will do; here
# they are random, and there is one channel.

# %%
rng = np.random.default_rng(14)
kernels = rng.normal(size=(4, 3, 3))

def four_blocks(picture):
    for kernel in kernels:
        picture = max_pool2d(relu(conv2d(picture, kernel)), 2)
    return picture

print(four_blocks(rng.random((150, 150))).shape)

# %% [markdown]
# Dye each pixel of the upper edge in turn, and note which of the seven numbers in the first row of the last map become
# NaN. **Predict** with your table: which pixels colour the first number, which the second?

# %%
reached = np.zeros((7, 150), bool)
for column in range(150):
    picture = np.ones((150, 150))
    picture[0, column] = np.nan
    reached[:, column] = np.isnan(four_blocks(picture)[0])

# %% [markdown]
# Print the first and the last pixel for each number.

# %%
for place, pixels in enumerate(reached):
    first, last = np.flatnonzero(pixels)[[0, -1]]
    print(f"number {place} sees pixels {first:2} to {last:3}: {pixels.sum()}")

# %% [markdown]
# The side and the step of the rule, by experiment. Receptive fields of neighbours overlap by a good deal. Look at the
# last line once more. The picture has 150 columns, 0 to 149. **Which pixels does nobody see?**

# %%
unseen = np.flatnonzero(~reached.any(axis=0))
print("never seen:", unseen)
print(f"share of the picture: {1 - (1 - len(unseen) / 150) ** 2:.0%}")

# %% [markdown]
# Eight columns, and eight rows likewise: a tenth of every picture. At the last pooling a map of side 15 is pooled to 7;
# the 15th row, the one left over, was dropped, and a step there is 8 pixels wide. Is that so in the network of [lesson
# 14](14_breast_cancer_cnn.ipynb), with its colours and its up to 128 channels? Ask Keras. Its weights are still random
# here; that does not matter. Paint the strip black, and for comparison one of the same width at the other two sides.

# %%
from course.models.breast_cnn import classic

keras.utils.set_random_seed(5)
network = classic()
for name, strip in [("right and below", slice(142, 150)), ("left and above", slice(0, 8))]:
    whole = draw(186).astype("float32")
    before = network(whole[None]).numpy()
    whole[strip], whole[:, strip] = 0, 0
    print(f"painted {name}: the same answer?", np.array_equal(before, network(whole[None]).numpy()))

# %% [markdown]
# What lies in the strip, over all drawn fields the outer part of about one nucleus in eleven, changes nothing: not
# the answer, and (unless pictures are shifted or flipped) nothing in training. There is no warning, and no measure of
# accuracy points at it. Cures: `padding="same"`, or a side for which nothing is left over:

# %%
for side in (142, 150, 158):
    places = len(four_blocks(np.ones((side, side))))
    print(f"side {side}: {places} numbers, the last sees pixels {16 * (places - 1)} to {16 * (places - 1) + 45}")

# %% [markdown]
# With 142 or 158 the last number ends at the last pixel.
#
# **Seen is not the same as noticed.** A pixel in the middle of a receptive field reaches the number on many *paths*, a
# pixel in its corner on a single one. Take two 3-windows on top of each other, in one direction: the middle pixel is
# reached on three paths, its neighbours on two, the ends on one. For any layers, from the last one back to the
# picture:

# %%
def paths(layers):
    """Return for each pixel of a receptive field on how many paths it reaches the number: (side,)."""
    count = np.ones(1)
    for window, stride in reversed(layers):
        wider = np.zeros((len(count) - 1) * stride + window)
        for place, number in enumerate(count):
            wider[place * stride:place * stride + window] += number
        count = wider
    return count

print(paths([(3, 1), (3, 1)]))

# %% [markdown]
# In two directions the paths multiply: each path down goes with each path across.

# %%
line = paths([(3, 1), (2, 2)] * 4)
square = np.outer(line, line)
inner = square[12:34, 12:34]
print(f"paths from a corner {square[0, 0]:.0f}, from the middle {square[23, 23]:.0f}")
print(f"the inner 22 x 22 pixels: {inner.size / square.size:.0%} of the area,",
      f"{inner.sum() / square.sum():.0%} of the paths")

# %% [markdown]
# Here is the receptive field in the picture: its frame, and what is in it, darkened where few paths lead to the
# number.

# %%
framed, (top, left) = draw(186), (80, 96)  # number 5 down, number 6 across
framed[[top, top + 45], left:left + 46] = 0
framed[top:top + 46, [left, left + 45]] = 0
inside = draw(186)[top:top + 46, left:left + 46] * (square / square.max())[..., None]
show_pictures([framed, inside.astype(np.uint8)], titles=["what one number can see", "how much it notices"], columns=2,
              size=3.2)

# %% [markdown]
# *Figure: left, a drawn field of nuclei with a black square frame around one of them and its surroundings. Right, the
# content of the frame, enlarged: the nucleus a little above the bright middle, everything fading to black towards the
# edges as in the light of a torch, and two more nuclei at the lower edge lost in the dark.*
#
# A torch, not a window. (With max pooling only the winners pass at each step, so which ways are open depends on the
# picture, and kernels weigh the ways. The count is what the architecture alone gives; trained networks show a bell
# shape too, and training widens it.) If a finding is larger than the bright middle, go deeper, or make the picture
# smaller.

# %% [markdown]
# ## Traps
#
# - **The order in reshape.** *Symptom*: right shape, wrong numbers. *Cure*: (rows, k, columns, k, c), remove axes 1
#   and
#   3, and compare with the loops.
# - **The library that loses a NaN.** *Symptom*: a broken picture gets an ordinary answer. *Cure*: `np.isnan` before
#   the
#   network.
# - **"All nuclei look larger alike."** *Symptom*: small nuclei pass for large ones. *Cure*: measure sizes before
#   pooling, and compare the growth in both classes.
# - **The strip nobody sees.** *Symptom*: none. *Cure*: follow the sides by hand, and dye a pixel at the edge.

# %% [markdown]
# ## Recap
#
# Folding makes max pooling a matter of two axes. A window large enough to make maps agree after a small shift keeps
# only a part of their variation; what it gives away is outline, number and size contrast. A stride without a window
# pays more and gets next to nothing. The last map of the classic network never sees a strip of eight pixels at two
# sides of every picture, and what it sees it weighs like a torch.

# %% [markdown]
# ## Quiz
#
# **1. Reshape.** A map of 6 x 6 is folded to (2, 3, 2, 3). Which axes does the maximum remove?
#
# - (a) 0 and 2
# - (b) 1 and 3
# - (c) 2 and 3
#
# <details><summary>Answer</summary>
#
# (b): the places inside the window. (a) leaves the inside of one window. (c) takes one of each kind.
# </details>
#
# **2. Price.** Which of these makes maps agree after a shift, and what does it cost?
#
# - (a) the stride; it costs weights
# - (b) the window; it costs detail
# - (c) thinning; it costs nothing
#
# <details><summary>Answer</summary>
#
# (b). (a): the stride makes maps small, not insensitive, and has no weights. (c): thinning loses most and gains least.
# </details>
#
# **3. Loss.** Two pictures have the same map after max pooling with windows of 8. What follows?
#
# - (a) They are the same picture.
# - (b) All later layers give the same answer for both.
# - (c) They have the same number of nuclei.
#
# <details><summary>Answer</summary>
#
# (b), however the later layers are trained. (a) is refuted by the shuffled map, and (c) by nuclei that melt together.
# </details>
#
# **4. The strip.** A picture has 150 columns, and the last map of four blocks sees only 142. What helps?
#
# - (a) more training
# - (b) `padding="same"`, or a side of 142 or 158
# - (c) more kernels
#
# <details><summary>Answer</summary>
#
# (b). (a) and (c) cannot: no path leads from the strip to the answer, so nothing there can be learnt.
# </details>

# %% [markdown]
# ## Sources
#
# - A. Azulay, Y. Weiss. Why do deep convolutional networks generalize so poorly to small image transformations?
#   *Journal of Machine Learning Research* 20(184), pages 1 to 25, 2019.
#   [jmlr.org](https://www.jmlr.org/papers/v20/19-519.html). Whole networks, shifted by a few pixels.
# - R. Zhang. Making convolutional networks shift-invariant again. *Proceedings of ICML* 2019, PMLR 97, pages 7324 to
#   7334. [proceedings.mlr.press](https://proceedings.mlr.press/v97/zhang19a.html). Why a stride spoils invariance, and
#   blurring as a cure.
# - W. Luo, Y. Li, R. Urtasun, R. Zemel. Understanding the effective receptive field in deep convolutional neural
#   networks. *Advances in Neural Information Processing Systems* 29, 2016. The torch, and that it grows in training.
# - TensorFlow, issues [2501](https://github.com/tensorflow/tensorflow/issues/2501) (2016) and
#   [125965](https://github.com/tensorflow/tensorflow/issues/125965). NaN in max pooling.

# %% [markdown]
# ## Next
#
# [Lesson 06](06_forward_pass.ipynb) joins convolution, ReLU, pooling and dense layers to a network that turns a
# picture into a probability. [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb) uses the four blocks.
