# %% [markdown]
# # Shrink a map by pooling, and count what it costs
#
# A network has to get from some twenty thousand pixels to one answer about a patient. On the way it throws numbers
# away, three of four at each step, and what is thrown away cannot be diagnosed any more.
#
# ## What you will do
# - Keep the largest number of each window, where others trip: negative numbers, odd sides, missing values
#   (exercise 5.1).
# - Do it without a loop, for any number of channels (exercise 5.2).
# - Average instead, and know which of the two a finding survives (exercise 5.3).
# - Say how many pixels a number deep in a network can see (exercise 5.4).
#
# In between you shift a picture by two pixels and measure who notices, and find the part of every picture at which the
# network of lesson 14 never looks.
#
# **What you need.** Python, NumPy, [lesson 04](04_convolution.ipynb): kernels, maps, stride, channels.
#
# **How long.** About 85 minutes. A good place for a pause is after section 4.
#
# **What this is not.** The cells are *drawn from measurements, not photographs*. Nothing here may be used on a patient.

# %% [markdown]
# ## 1. Keep the strongest of each window
#
# Lesson 04 slid an edge kernel over a picture. Its answers say how strongly there is an edge, and exactly where. Often
# "there is one, about here" is enough. So look at windows of two answers and keep the larger:

# %%
import numpy as np

row = np.array([1, 3, 2, 0, 7, 6, 4])

# %% [markdown]
# $$\max(1, 3) = 3, \qquad \max(2, 0) = 2, \qquad \max(7, 6) = 7$$
#
# and the 4 is left over: a window that hangs over the edge is not counted. This is *max pooling*. With $x$ for the
# row, $k$ for the window's size and $s$ for the stride (the pixels from one window to the next), both 2 here, the
# pooled row $y$ is
#
# $$y_j = \max_{0 \le v < k} x_{js + v}$$
#
# $j$ counts the windows, $v$ runs inside one. In lesson 04 a kernel moved one pixel at a time; a pooling window
# usually moves by its own size, so that windows touch and do not overlap. The number of places is the same formula as
# there: $\lfloor (n - k) / s \rfloor + 1$ for $n$ numbers. **Predict what size 3 with stride 2 gives,** then run.

# %%
def max_pool_row(row, size, stride):
    """Return the largest number of each window of a row (n,): float, ((n - size) // stride + 1,)."""
    places = (len(row) - size) // stride + 1
    pooled = np.zeros(places)
    for j in range(places):
        pooled[j] = np.max(row[j * stride:j * stride + size])
    return pooled

print("size 2, stride 2:", max_pool_row(row, 2, 2))
print("size 3, stride 2:", max_pool_row(row, 3, 2))

# %% [markdown]
# With size 3 and stride 2 the windows overlap, and the 7 wins twice. There is nothing to learn here, no weights at all:
# pooling is a rule.
#
# It looks too short to get wrong. **Break it on purpose, three times.** First: many programs keep the best so far in a
# variable, and begin with 0. The answers of an edge kernel can be negative. **Predict** both numbers.

# %%
falling = [-4, -2, -3, -6]
best = 0
for value in falling:
    best = max(best, value)
print("began with 0:", best, "  NumPy's maximum:", np.max(falling))

# %% [markdown]
# A 0 that is nowhere in the window. Beginning with any fixed number only moves the problem; begin with $-\infty$,
# `-np.inf`, or with a number of the window itself.
#
# Second: forget that the last window may hang over the edge. Will NumPy complain about a slice that is too long?

# %%
print([int(row[start:start + 2].max()) for start in range(0, len(row), 2)])

# %% [markdown]
# It cuts the slice short, and a fourth number appears. Here it does little harm. In a network every later size is then
# off by one, and the first *dense layer* (there every number has a weight of its own, so their count must not change)
# does not fit any more, or weights meet the wrong places.
#
# Third: a pixel that could not be measured or computed. Programs mark it as NaN, "not a number"; in NumPy, 0 / 0 gives
# one too. **Predict:** which of these three lines says that something is missing?

# %%
window = [2.0, np.nan, 5.0]
print("Python's max   ", max(window))
print("NumPy's nanmax ", np.nanmax(window))
print("NumPy's max    ", np.max(window))

# %% [markdown]
# Nothing is larger than NaN, and nothing is smaller: with it, `<` and `>` are always false. So whatever compares with
# `>` passes over it, and the gap in the measurement becomes an ordinary 5. In a spreadsheet of means that may be
# wanted. In a diagnosis an error must stay visible until somebody has looked at it. (If the NaN stands first, Python's
# `max` keeps it, so a test with one example proves nothing.)

# %% [markdown]
# ## 2. Two directions, window and stride
#
# A map $x$ has the shape $(h, w)$, and the window gets two directions: $k \times k$ pixels, moved by $s$, down and
# across.
#
# $$y_{ij} = \max_{0 \le u < k} \; \max_{0 \le v < k} \; x_{is + u,\, js + v}$$
#
# $i$ and $j$ say which window, $u$ and $v$ where in it.

# %%
answers = np.array([[1, 3, 2, 0, 4, 1],
                    [5, 2, 1, 1, 0, 2],
                    [0, 1, 7, 6, 3, 3],
                    [2, 2, 8, 1, 9, 0]])

# %% [markdown]
# Upper left window, $k = s = 2$: the largest of 1, 3, 5, 2 is 5. **Work out the other five on paper.** Then the corner
# windows of size 3 and stride 1. The next cell uses the course's `max_pool2d`.

# %%
from course.nn import max_pool2d

print(max_pool2d(answers, 2))
print(max_pool2d(answers, 3, strides=1))

# %% [markdown]
# Six numbers of 24 are left. They still form a *map*, with rows and columns, and so the next kernel can slide over
# it. Had the program collected them in a list, one after the other, nobody could tell any more what was beside and
# what was below. Networks repeat convolution and pooling; a flat list ends the chain.
#
# **A formula to distrust.** You may meet $y_i = \max_u x_{is + u}$ in texts about pictures, with one index. Ask what it
# does to the picture: it must be a line, so the picture is unrolled, row after row, and the window runs along it. What
# becomes of the 8 in the last row?

# %%
print(max_pool_row(answers.ravel(), 2, 2))

# %% [markdown]
# Twelve numbers, and the 8 has never met the 7 above it. One direction was pooled, the other not: a formula for
# pictures needs two offsets, $u$ and $v$.
#
# ### Exercise 5.1 - max pooling, with loops
#
# You have seen one direction as a loop; now write both. Keep the precautions of section 1. (The first check takes some
# seconds: it starts Keras, to compare with.)

# %%
# Exercise 5.1 - the largest number of each window
from course.checks import check


def max_pool(picture, size, stride):
    """Return the largest number of each window of a map (h, w): shape (rows, columns).

    size: the window's side; stride: pixels from one window to the next. A window with a NaN gives NaN.
    """
    ### BEGIN SOLUTION
    rows, columns = ((n - size) // stride + 1 for n in picture.shape)
    pooled = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            pooled[i, j] = np.max(picture[i * stride:i * stride + size, j * stride:j * stride + size])
    return pooled
    ### END SOLUTION

check("5.1", max_pool)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# In which row and which column does the window of place `i`, `j` begin?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Count the places down and across with the formula of section 1. One loop over the rows of the *pooled* map, one over
# its columns; at each place a slice in two directions, and its maximum.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `pooled = np.zeros((rows, columns))`, two `for` lines, and
# `pooled[i, j] = np.max(picture[i * stride:i * stride + size, ...])`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `max_pool(answers, 2, 2)` and `max_pool(answers, 3, 1)` are printed above. `max_pool(-2 - answers, 4, 2)` has shape
# (1, 2) and holds -2 twice.
# </details>

# %% [markdown]
# ## 3. Fold instead of loop
#
# Where windows touch without overlap, there is a trick: cut off what is left over, and fold the row so that each window
# is a line of its own.

# %%
folded = row[:6].reshape(3, 2)
print(folded)
print(folded.max(axis=1))

# %% [markdown]
# `reshape` changes no number's turn: it counts row after row, the last axis fastest, and says where lines end. Axis 0
# says *which window*, axis 1 *where in the window*: the maximum over axis 1 removes the second and keeps the first.
#
# A map needs two such pairs of axes. And it has channels: shape $(h, w, c)$. Pooling treats each channel by itself.
# **Predict** what happens if it does not: two channels, say the answers to upright and to level edges. (`two[None]`
# puts an axis for the number of pictures in front; the course's functions read one grey map, or a stack of pictures
# with channels, as Keras does.)

# %%
two = np.stack([answers, 9 - answers[::-1]], axis=-1)
print("each by itself:", max_pool2d(two[None], 4)[0, 0, 0], "  all together:", two[0:4, 0:4].max())

# %% [markdown]
# All together, one number is left, and whether it was an upright or a level edge is gone. Channels are answers to
# *different questions*; only answers to one question may compete.
#
# ### Exercise 5.2 - max pooling, folded
#
# Any number of channels, windows of $k \times k$ that touch, no loop. What does not fill a window is dropped at the
# lower and right edge, and a NaN stays visible as before. (Any right answer counts, loops included.)

# %%
# Exercise 5.2 - the same without a loop
def fold_max_pool(picture, k):
    """Return the largest number of each k x k window, channel by channel: (h, w, c) -> (h // k, w // k, c)."""
    ### BEGIN SOLUTION
    h, w, c = picture.shape
    rows, columns = h // k, w // k
    whole = picture[:rows * k, :columns * k]
    return whole.reshape(rows, k, columns, k, c).max(axis=(1, 3))
    ### END SOLUTION

check("5.2", fold_max_pool)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# The row became (windows, places in the window). Into which two axes does the axis `h` split, into which the axis `w`?
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
from course.nn import avg_pool2d, relu

signed = np.random.default_rng(5).normal(size=(60, 60))
print("maximum:", np.array_equal(relu(max_pool2d(signed, 2)), max_pool2d(relu(signed), 2)))
print("average:", np.allclose(relu(avg_pool2d(signed, 2)), avg_pool2d(relu(signed), 2)))

# %% [markdown]
# For the maximum it does not: ReLU never turns the order of two numbers round, so the winner stays the winner. Pool
# first, and ReLU has a quarter of the work. For the average it does matter: negative numbers pull an average down only
# as long as they are there.

# %% [markdown]
# ## 4. Average instead
#
# *Average pooling* takes the mean of each window. Which is better? Ask what a finding looks like. Here is a window of
# 16 x 16 pixels of even ground with one small spot, such as a cell in division, or a fleck of calcium in a mammogram
# (an X-ray picture of the breast; such flecks can be an early sign). **Predict both numbers.**

# %%
spot = np.zeros((16, 16))
spot[5, 9] = 1
print("maximum:", max_pool2d(spot, 16), "  average:", avg_pool2d(spot, 16).round(3))

# %% [markdown]
# The average dilutes the spot by 256; the maximum keeps it whole. Now the same ground without any finding, with the
# noise of a camera: random numbers around 0 with a standard deviation (a typical distance from the mean) of 1.
# **Predict:** what do the two make of nothing, with windows of 2 x 2?

# %%
noise = np.random.default_rng(3).normal(size=(400, 400))
for name, pool in [("maximum", max_pool2d), ("average", avg_pool2d)]:
    print(f"{name}: mean {pool(noise, 2).mean():.1f}, standard deviation {pool(noise, 2).std():.1f}")

# %% [markdown]
# The average halves the noise and stays at 0. The maximum picks the highest of four, so that empty ground looks like
# *something*: a tilt, in statistics called a bias (not the bias of lesson 04). Neither is better in itself. The maximum
# asks "is it anywhere?", the average "how much of it is there?" Much the same choice lies behind two groups of columns
# in the Wisconsin table, "worst" and "mean" ("worst" is the mean of the three largest nuclei, a maximum that does not
# hang on one).
#
# ### Exercise 5.3 - average pooling
#
# Windows may overlap or leave pixels between them, and the picture may be `uint8`.

# %%
# Exercise 5.3 - the average of each window
def average_pool(picture, size, stride):
    """Return the average of each size x size window, channel by channel: (h, w, c) -> float (rows, columns, c)."""
    ### BEGIN SOLUTION
    rows, columns = ((n - size) // stride + 1 for n in picture.shape[:2])
    pooled = np.zeros((rows, columns, picture.shape[2]))
    for i in range(rows):
        for j in range(columns):
            window = picture[i * stride:i * stride + size, j * stride:j * stride + size]
            pooled[i, j] = window.mean(axis=(0, 1))
    return pooled
    ### END SOLUTION

check("5.3", average_pool)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# A slice of the picture has the shape (size, size, c). Over which of its axes do you average, and what shape is left?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The loops are those of exercise 5.1. `mean` has an `axis`, and computes in floats even for `uint8`; your own sum would
# have to be turned into floats first.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `pooled = np.zeros((rows, columns, c))`, two loops, `pooled[i, j] = window.mean(axis=(...))`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# A picture of one colour gives that colour everywhere, whatever size and stride.
# </details>
#
# ### Ask a library
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
# ## 5. Shift the picture by two pixels
#
# Why pool at all? One reason is size. The other is said in every text: *invariance*. A field of cells that lies two
# pixels further to the right is the same field, so the numbers should not change. Do they stay the same? First with a
# spot of one pixel, then with an edge two pixels wide. **Predict** each line.

# %%
for name, shape in [("one pixel ", [9]), ("two pixels", [5, 5])]:
    for shift in range(3):
        line = np.zeros(8)
        line[2 + shift:2 + shift + len(shape)] = shape
        print(f"{name} shifted by {shift}: {line} -> {max_pool_row(line, 2, 2)}")

# %% [markdown]
# Three different things happen.
#
# - The one pixel, shifted by one, stays *inside* its window: nothing changes. That is invariance. It holds for half of
#   the places; a pixel on the right of its window would have left it.
# - A shift by the whole stride moves the pooled row by one place. Its numbers are the same, *somewhere else*. This is
#   called *equivariance*: the answer moves along.
# - The edge of two pixels, shifted by one, lies across two windows and comes out *twice as wide*. That is neither:
#   the pooled rows before and after are no shifted copies of each other.
#
# So pooling does not make a network invariant. It makes it *less sensitive*. How much less? Measure it on drawn
# cells: the left-to-right edge kernel of lesson 04, ReLU, pooling, once before and once after a shift by 2 pixels.

# %%
from course.data.cytology import draw
from course.nn import conv2d

edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])

def edge_map(patient):
    stain = (255 - draw(patient).mean(axis=2)) / 255
    return relu(conv2d(stain, edge))

# %% [markdown]
# `stain` is the share of light that is missing. The measure of agreement is the correlation of the two pooled maps,
# place by place: 1 if one is the other up to brightness and contrast, around 0 if they have nothing to do with each
# other. It rewards only staying put: a map that moves along perfectly, by one whole place, also gets a low number.
# Before the measurement, three states of it.

# %%
from course.widgets.lesson_04 import stacked
from course.widgets.lesson_05 import explored

field_map, corner = edge_map(186), (81, 50)
states = [("maximum", 2, 2, 1), ("maximum", 2, 2, 2), ("maximum", 8, 8, 2)]
stacked([explored(field_map, corner, *state) for state in states])

# %% [markdown]
# *Figure: three rows, each with the edge map of one nucleus, its left rim bright, and two pooled maps, before and after
# a shift. Orange frames mark windows, which stay where they are; where all windows would hide the map, only the first
# two are drawn. First row: windows of 2, shift 1; the pooled maps look alike and their agreement is printed below.
# Second row: the same, shift 2; the pooled crescent has moved by one place, and the agreement is lower. Third row:
# windows of 8, shift 2; six by six coarse squares, the same ones bright before and after, agreement near 1, and no
# crescent to be seen.*
#
# ### Experiment: who notices the shift?
#
# `thinned` has no window: of each square of stride x stride pixels it keeps the middle one, as a stride without pooling
# does. The slider `window` does nothing for it.

# %%
import ipywidgets

from course.widgets.panel import Panel


def explore(kind, window, stride, shift):
    return explored(field_map, corner, kind, window, stride, shift)

Panel(explore, "A map and its pooled form before and after a shift; below, how far the two agree.",
      kind=["maximum", "thinned", "average"], window=ipywidgets.IntSlider(2, 1, 8),
      stride=ipywidgets.IntSlider(2, 1, 8), shift=ipywidgets.IntSlider(2, 0, 8))

# %% [markdown]
# **Try.**
# 1. Window 4, stride 4: move `shift` from 0 to 8. When does the pooled map move by one whole place? Then the same with
#    `thinned`.
# 2. Shift 2, stride 1: let the window grow from 1 to 8. No number is saved now; what becomes of the agreement?
#
# **Question.** Which of the two makes the maps agree, the large window or the large stride?
# <details><summary>Answer</summary>
#
# The window. With stride 1 the agreement grows with the window although the map keeps nearly its size; with `thinned`,
# which has the stride and no window, the agreement stays poor and jumps about. The stride makes the map small, the
# window makes it insensitive. (Window 4, stride 4: the map moves by whole places at shifts 4 and 8.)
# </details>

# %% [markdown]
# One nucleus is an anecdote. Eight patients, windows from 1 to 16, always a shift by 2 pixels. How much of the map is
# *kept* is measured as well: blow the pooled map up to its old size, each number a square, and correlate it with the
# map before pooling. **Predict:** how large must the window be so that the pooled maps agree well, say above 0.8?

# %%
from course.widgets.lesson_05 import agreement, kept

maps_of_eight, sizes = [edge_map(patient) for patient in range(0, 40, 5)], [1, 2, 4, 8, 16]
for k in sizes:
    print(f"maximum, window {k:2}: agree {agreement(maps_of_eight, 'maximum', k):.2f},",
          f"kept {kept(maps_of_eight, 'maximum', k):.2f}")

# %% [markdown]
# A window of 2, the usual one, helps a little. Windows of 8 make the maps agree, and pay for it: a correlation of 0.5
# means that only a quarter (0.5 squared) of the map's variation can be read from the pooled one. Now the other two.

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
# ## 6. Look at what is lost
#
# "Detail" sounds harmless. What is it? Inside a window only the largest number counts, not where it stood. So shuffle
# the numbers *inside each window* of 8 x 8. **Predict:** how do the pooled maps of the two differ, for the maximum and
# for the average?

# %%
from course.widgets.lesson_05 import shuffled

part = field_map[76:132, 44:100]
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
# apart.) The maximum makes nuclei grow until they melt together: fewer nuclei, each larger, and large nuclei are what
# malignancy looks like. The average keeps the total area. But a value of 0.4 only says that 40% of the window is
# nucleus, not where its outline ran. A network trained on pooled maps can learn that everything looks larger, since
# that happens to all patients alike. What it cannot do is count what has melted, unless a kernel *before* the pooling
# has put the count somewhere.
#
# So where should a network pool? Late enough that kernels have looked at the detail first, and often in small steps.
# For finding *whether*, pool; for finding *where* or *how many*, think twice.

# %% [markdown]
# ## 7. See how far a number can see
#
# Pooling has a second effect: after it, a 3 x 3 kernel looks at more of the picture. The square of pixels that a number
# in a map can depend on is its *receptive field*. Take the network of [lesson 14](14_breast_cancer_cnn.ipynb): four
# times a 3 x 3 convolution and 2 x 2 pooling, from 150 x 150 pixels down to 7 x 7.
#
# Two numbers describe a layer $l$: the side $r_l$ of the receptive field, and the step $d_l$, how far apart in the
# picture two neighbouring numbers look, both in pixels. A pixel sees itself: $r_0 = 1$, $d_0 = 1$. A layer with window
# $k_l$ and stride $s_l$ reads $k_l$ neighbours, each $d_{l-1}$ pixels further on, and so
#
# $$r_l = r_{l-1} + (k_l - 1) \, d_{l-1}, \qquad d_l = d_{l-1} \, s_l$$
#
# Here is one number two maps up, joined with all that it is made of. Count the pixels.

# %%
from course.widgets.lesson_05 import joined

joined([("convolved, pooled", 4, 2), ("convolved again", 3, 1)])

# %% [markdown]
# *Figure: three rows of dots, the pixels lowest. Above them the map after a 3 x 3 convolution and 2 x 2 pooling, step
# 2: each of its first three numbers is joined with 4 pixels, which begin 2 pixels after those of the one before.
# Highest the map after one more convolution: its first number is joined with these three, and so with 8 pixels in all.*
#
# By hand, the first two blocks:
#
# | layer | window $k_l$ | stride $s_l$ | side $r_l$ | step $d_l$ |
# |---|---|---|---|---|
# | convolution | 3 | 1 | $1 + 2 \cdot 1 = 3$ | 1 |
# | pooling | 2 | 2 | $3 + 1 \cdot 1 = 4$ | 2 |
# | convolution | 3 | 1 | $4 + 2 \cdot 2 = 8$ | 2 |
# | pooling | 2 | 2 | $8 + 1 \cdot 2 = 10$ | 4 |
#
# **Continue on paper** for the two blocks that are left. The same kernel of 3 x 3 reaches further each time, because
# the step has doubled.
#
# <details><summary>The other two blocks</summary>
#
# | layer | window $k_l$ | stride $s_l$ | side $r_l$ | step $d_l$ |
# |---|---|---|---|---|
# | convolution | 3 | 1 | $10 + 2 \cdot 4 = 18$ | 4 |
# | pooling | 2 | 2 | $18 + 1 \cdot 4 = 22$ | 8 |
# | convolution | 3 | 1 | $22 + 2 \cdot 8 = 38$ | 8 |
# | pooling | 2 | 2 | $38 + 1 \cdot 8 = 46$ | 16 |
# </details>
#
# ### Exercise 5.4 - the receptive field of any chain of layers

# %%
# Exercise 5.4 - how many pixels does one number see?
def receptive_field(layers):
    """Return (side, step) in pixels. layers: a list of pairs (window, stride), the first reads the picture."""
    ### BEGIN SOLUTION
    side, step = 1, 1
    for window, stride in layers:
        side += (window - 1) * step
        step *= stride
    return side, step
    ### END SOLUTION

check("5.4", receptive_field)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which step belongs into the formula for the side: the one before the layer, or the one behind it?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Begin with side 1 and step 1, and go through the layers: first the side grows, then the step.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for window, stride in layers:`, inside it `side += ...` and `step *= ...`; behind it `return side, step`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# One block, `[(3, 1), (2, 2)]`, gives (4, 2). Two of them, `[(3, 1), (2, 2)] * 2`, give (10, 4), as in the table.
# </details>
#
# ### Believe it only after an experiment
#
# Section 1 showed a number that spoils everything it touches. That makes NaN a *dye*: put it into one pixel, and see
# which numbers of the last map are coloured. Any kernels will do; here they are random, and there is one channel.

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
# The side and the step of the recurrence, by experiment. Receptive fields of neighbours overlap by a good deal. Most
# drawn nuclei are 10 to 20 pixels across, so one number of the last map can see a nucleus with its surroundings; what
# lies further apart meets only in the dense layer.
#
# Look at the last line once more. The picture has 150 columns, 0 to 149. **Which pixels does nobody see?**

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
# What lies in the strip, here the outer part of one nucleus in eleven, changes nothing: not the answer, and (unless
# pictures are shifted or flipped) nothing in training. There is no warning, and no measure of accuracy points at it.
# Cures: `padding="same"`, or a side for which nothing is left over:

# %%
for side in (142, 150, 158):
    places = len(four_blocks(np.ones((side, side))))
    print(f"side {side}: {places} numbers, the last sees pixels {16 * (places - 1)} to {16 * (places - 1) + 45}")

# %% [markdown]
# With 142 or 158 the last number ends at the last pixel.
#
# **Seen is not the same as noticed.** A pixel in the middle of a receptive field reaches the number on many ways, a
# pixel in its corner on a single one. Take two 3-windows on top of each other, in one direction: the middle pixel is
# reached on three ways, its neighbours on two, the ends on one. For any layers, from the last one back to the picture:

# %%
def ways(layers):
    """Return for each pixel of a receptive field on how many ways it reaches the number: (side,)."""
    count = np.ones(1)
    for window, stride in reversed(layers):
        wider = np.zeros((len(count) - 1) * stride + window)
        for place, number in enumerate(count):
            wider[place * stride:place * stride + window] += number
        count = wider
    return count

print(ways([(3, 1), (3, 1)]))

# %% [markdown]
# In two directions the ways multiply: each way down goes with each way across.

# %%
line = ways([(3, 1), (2, 2)] * 4)
square = np.outer(line, line)
inner = square[12:34, 12:34]
print(f"ways from a corner {square[0, 0]:.0f}, from the middle {square[23, 23]:.0f}")
print(f"the inner 22 x 22 pixels: {inner.size / square.size:.0%} of the area,",
      f"{inner.sum() / square.sum():.0%} of the ways")

# %% [markdown]
# Here is the receptive field in the picture: its frame, and what is in it, darkened where few ways lead to the number.

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
# - **The 0 or -1 at the start.** *Symptom*: no negative number in the pooled map, or a frame of zeros. *Cure*: start at
#   `-np.inf`; test with a map that is negative everywhere.
# - **The edge overrun.** *Symptom*: one row and one column more than the library has, on odd sides only. *Cure*:
#   $\lfloor (n - k) / s \rfloor + 1$ places; test with odd sides.
# - **The flat list.** *Symptom*: the right numbers, and the next convolution refuses them. *Cure*: fill an array that
#   has rows and columns.
# - **The vanished NaN.** *Symptom*: a broken picture gets an ordinary answer. *Cure*: `np.max`, and a check before the
#   network, since libraries may lose it.
# - **Pooling over channels.** *Symptom*: shape $(h', w')$, or all channels alike. *Cure*: name the axes of the window,
#   `axis=(1, 3)`, and no others.
# - **The one-directional formula.** *Symptom*: half as many numbers, not a quarter. *Cure*: two offsets, $u$ and $v$.
# - **The order in reshape.** *Symptom*: right shape, wrong numbers. *Cure*: (rows, k, columns, k, c), and compare with
#   the loops.
# - **"Pooling makes it invariant."** *Symptom*: the answer changes when the patient moves by a pixel. *Cure*: measure
#   with shifted pictures; it is a matter of degree.
# - **The strip nobody sees.** *Symptom*: none. *Cure*: follow the sides by hand, and dye a pixel at the edge.

# %% [markdown]
# ## Recap
#
# Pooling replaces each window by its largest number or its average, channel by channel, and has nothing to learn. The
# maximum asks whether something is anywhere and grows what it finds; the average asks how much there is and dilutes
# what is small. Both make maps less sensitive to small shifts, by the size of the window, and pay with the place, the
# shape and the number of what they pool. Behind each pooling a kernel sees further: in the four-block network one
# number depends on 46 x 46 pixels, and a strip of eight pixels on none at all.

# %% [markdown]
# ## Quiz
#
# **1. Size.** A map of 75 x 75 is pooled with windows of 2 and stride 2, without padding. How large is it then?
#
# - (a) 38 x 38
# - (b) 37 x 37
# - (c) it cannot be done
#
# <details><summary>Answer</summary>
#
# (b). $\lfloor (75 - 2) / 2 \rfloor + 1 = 36 + 1$. (a) is what `padding="same"` gives, with a last window that is cut
# short. (c): it can; the last row and column are dropped, without a word.
# </details>
#
# **2. Choice.** You look for a few bright specks in a large window. Which pooling, and what is its price?
#
# - (a) the average; it dilutes the specks
# - (b) the maximum; noise looks like something
# - (c) the maximum; it costs more weights
#
# <details><summary>Answer</summary>
#
# (b). The maximum keeps a single speck at full strength, and it also picks the highest of the noise. (a) names the
# price rightly, and it is too high for specks. (c): pooling has no weights.
# </details>
#
# **3. Shift.** Windows of 2, stride 2, maximum. The picture moves by one pixel. What becomes of the pooled map?
#
# - (a) it stays the same
# - (b) it moves by half a place
# - (c) some numbers stay, some change, and it need not be a shifted copy
#
# <details><summary>Answer</summary>
#
# (c). What stays inside its window stays the same, what crosses a border does not; the edge of two pixels came out
# twice as wide. (a) is the myth. (b): there are no half places.
# </details>
#
# **4. Receptive field.** In front of the four blocks you put one more 3 x 3 convolution, stride 1. One number of the
# last map now sees
#
# - (a) 48 x 48 pixels
# - (b) 49 x 49 pixels
# - (c) 78 x 78 pixels
#
# <details><summary>Answer</summary>
#
# (a). In front the step is 1, so the layer adds $2 \cdot 1$ pixels. (b) adds 3, forgetting that one of the three was
# there already. (c) adds $2 \cdot 16$: that is what the layer would bring *behind* the four blocks.
# </details>
#
# **5. Loss.** Two pictures have the same map after max pooling with windows of 8. What follows?
#
# - (a) They are the same picture.
# - (b) All later layers give the same answer for both.
# - (c) They have the same number of nuclei.
#
# <details><summary>Answer</summary>
#
# (b), however the later layers are trained. (a) is refuted by the shuffled map, and (c) by nuclei that melt together.
# </details>

# %% [markdown]
# ## Sources
#
# - Y.-L. Boureau, J. Ponce, Y. LeCun. A theoretical analysis of feature pooling in visual recognition. *Proceedings of
#   ICML* 2010, pages 111 to 118. Maximum or average, and when.
# - R. Zhang. Making convolutional networks shift-invariant again. *Proceedings of ICML* 2019, PMLR 97, pages 7324 to
#   7334. [proceedings.mlr.press](https://proceedings.mlr.press/v97/zhang19a.html). Why a stride spoils invariance, and
#   blurring as a cure.
# - A. Azulay, Y. Weiss. Why do deep convolutional networks generalize so poorly to small image transformations?
#   *Journal of Machine Learning Research* 20(184), pages 1 to 25, 2019.
#   [jmlr.org](https://www.jmlr.org/papers/v20/19-519.html). Whole networks, shifted by a few pixels.
# - A. Araujo, W. Norris, J. Sim. Computing receptive fields of convolutional neural networks. *Distill*, 2019.
#   [doi 10.23915/distill.00021](https://doi.org/10.23915/distill.00021). The recurrence, and more.
# - W. Luo, Y. Li, R. Urtasun, R. Zemel. Understanding the effective receptive field in deep convolutional neural
#   networks. *Advances in Neural Information Processing Systems* 29, 2016. The torch, and that it grows in training.
# - TensorFlow, issues [2501](https://github.com/tensorflow/tensorflow/issues/2501) (2016) and
#   [125965](https://github.com/tensorflow/tensorflow/issues/125965). NaN in max pooling.

# %% [markdown]
# ## Next
#
# [Lesson 06](06_forward_pass.ipynb) joins convolution, ReLU, pooling and dense layers to a network that turns a
# picture into a probability. [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb) uses the four blocks;
# there "pool over the whole picture" will remind you of section 4.
