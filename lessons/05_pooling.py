# %% [markdown]
# # Shrink a map by pooling, and count what it costs
#
# A network has to get from some twenty thousand pixels to one answer about a patient. On the way it throws numbers
# away, three of four at each step, and what is thrown away cannot be diagnosed any more.
#
# ## What you will do
# - Keep the largest number of each window, where others trip: negative numbers, odd sides, missing values
#   (exercise 5.1).
# - Choose between maximum and average by what a finding looks like (quiz).
# - Shift a picture by two pixels, and say what pooling does not notice and what it does (quiz).
# - Say how many pixels a number deep in a network can see (exercise 5.2).
#
# **What you need.** Python, NumPy, [lesson 04](04_convolution.ipynb): kernels, maps, stride, channels.
#
# **How long.** About 60 minutes.
#
# **What this is not.** The cells are *drawn from measurements, not photographs*. Nothing here may be used on a
# patient.

# %% [markdown]
# ## 1. Keep the strongest of each window
#
# [Lesson 04](04_convolution.ipynb) slid an edge kernel over a picture. Its answers say how strongly there is an edge,
# and exactly where. Often "there is one, about here" is enough. So look at windows of two answers and keep the larger:

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
# $j$ counts the windows, $v$ runs inside one. As with kernels there are $\lfloor (n - k) / s \rfloor + 1$ places for
# $n$ numbers. **Predict what size 3 with stride 2 gives,** then run.

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
# With size 3 and stride 2 the windows overlap, and the 7 wins twice. There is nothing to learn here, no weights at
# all.
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
# off by one, and weights meet the wrong places.
#
# Third: a pixel that could not be measured or computed. Programs mark it as NaN, "not a number"; in NumPy, 0 / 0 gives
# one too. **Predict:** which of these three lines says that something is missing?

# %%
window = [2.0, np.nan, 5.0]
print("Python's max   ", max(window))
print("NumPy's nanmax ", np.nanmax(window))
print("NumPy's max    ", np.max(window))

# %% [markdown]
# Nothing is larger than NaN, and nothing is smaller: with it, `<` and `>` are always false. So what `>` makes of it
# depends on where it stands: first, it stays; later, it is passed over, and the gap in the measurement becomes an
# ordinary 5. Only `np.max` always keeps it. In a diagnosis an error must stay visible until somebody has looked at it.

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
# it. A list would not say any more what was beside and what was below. Pooling treats each *channel* by itself, since
# each is the answer to another question.
#
# ### Exercise 5.1 - max pooling, with loops
#
# You have seen one direction as a loop; now write both. Keep the precautions of section 1. (The first check takes
# some seconds.)

# %%
# Exercise 5.1 - the largest number of each window
import numpy as np

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
# ## 3. Average instead
#
# *Average pooling* takes the mean of each window. Which is better? Ask what a finding looks like. Here is a window of
# 16 x 16 pixels of even ground with one small spot, such as a cell in division, or a fleck of calcium in a mammogram
# (an X-ray picture of the breast; such flecks can be an early sign). **Predict both numbers.**

# %%
from course.nn import avg_pool2d

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
# *something*. Neither is better in itself. The maximum asks "is it anywhere?", the average "how much of it is there?"

# %% [markdown]
# ## 4. Shift the picture by two pixels
#
# Why pool at all? One reason is size. The other is said in every text: *invariance*. A field of cells that lies two
# pixels further to the right is the same field, so the numbers should not change. Do they stay? First with a spot of
# one pixel, then with an edge two pixels wide. **Predict** each line.

# %%
for name, shape in [("one pixel ", [9]), ("two pixels", [5, 5])]:
    for shift in range(3):
        line = np.zeros(8)
        line[2 + shift:2 + shift + len(shape)] = shape
        print(f"{name} shifted by {shift}: {line} -> {max_pool_row(line, 2, 2)}")

# %% [markdown]
# - The one pixel, shifted by one, stays *inside* its window: nothing changes. That is *invariance*, and luck: a pixel
#   on
#   the right of its window would have left it.
# - A shift by the whole stride moves the pooled row by one place. Its numbers are the same, *somewhere else*. This is
#   *equivariance*: the answer moves along.
# - The edge of two pixels, shifted by one, lies across two windows and comes out *twice as wide*: neither.
#
# So pooling does not make a network invariant. It makes it *less sensitive*. How much less? Measure it on a drawn
# cell: the left-to-right edge kernel, *ReLU* (which replaces negative numbers by 0), pooling, once before and once
# after a shift.

# %%
from course.data.cytology import draw
from course.nn import conv2d, relu

edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])

def edge_map(patient):
    stain = (255 - draw(patient).mean(axis=2)) / 255
    return relu(conv2d(stain, edge))

# %% [markdown]
# `stain` is the share of light that is missing. Agreement is measured by the correlation of the two pooled maps,
# place by place: 1 if one is the other up to brightness and contrast, around 0 if they have nothing in common. A map
# that moves along by one whole place gets a low number too.

# %%
from course.widgets.lesson_04 import stacked
from course.widgets.lesson_05 import explored

field_map, corner = edge_map(186), (81, 50)
states = [("maximum", 2, 2, 1), ("maximum", 2, 2, 2), ("maximum", 8, 8, 2)]
stacked([explored(field_map, corner, *state) for state in states])

# %% [markdown]
# *Figure: three rows, each with the edge map of one nucleus, its left rim bright, and two pooled maps, before and
# after a shift. Orange frames mark windows. First row: windows of 2, shift 1; the pooled maps look alike. Second row:
# the same, shift 2; the pooled crescent has moved by one place, and the agreement is lower. Third row: windows of 8,
# shift 2; six by six squares, agreement near 1, no crescent.*
#
# ### Experiment: who notices the shift?
#
# `thinned` has no window: of each square of stride x stride pixels it keeps the middle one, as a stride without
# pooling does. The slider `window` does nothing for it.

# %%
import ipywidgets

from course.widgets.lesson_05 import CORNER, edges_of_a_field, explored
from course.widgets.panel import Panel


def explore(kind, window, stride, shift):
    return explored(edges_of_a_field(), CORNER, kind, window, stride, shift)

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
# So insensitivity is bought with detail. Networks therefore pool in small steps, with kernels in between.

# %% [markdown]
# ## 5. See how far a number can see
#
# Pooling has a second effect: after it, a 3 x 3 kernel looks at more of the picture. The square of pixels that a
# number in a map depends on is its *receptive field*. Two numbers describe it, in pixels: its side, and the *step*,
# how far apart two neighbouring numbers look. Here is one number two maps up, joined with all that it is made of.
# Count the pixels.

# %%
from course.widgets.lesson_05 import joined

joined([("convolved, pooled", 4, 2), ("convolved again", 3, 1)])

# %% [markdown]
# *Figure: three rows of dots, the pixels lowest. Above them the map after a 3 x 3 convolution and 2 x 2 pooling, step
# 2: each of its first three numbers is joined with 4 pixels, which begin 2 pixels after those of the one before.
# Highest the map after one more convolution: its first number is joined with these three, and so with 8 pixels in all.*

# %% [markdown]
# The network of [lesson 14](14_breast_cancer_cnn.ipynb) has four such blocks: a 3 x 3 convolution and 2 x 2 pooling,
# from 150 x 150 pixels down to 7 x 7. A pixel sees itself: side 1, step 1. The first convolution reads three
# neighbours, one pixel apart: two pixels more. The pooling reads two neighbours, one pixel apart: one more; and since
# it keeps every second, neighbours now lie two pixels apart. The second convolution reads three of them: four pixels
# more.
#
# | layer | window | stride | side | step behind it |
# |---|---|---|---|---|
# | convolution | 3 | 1 | $1 + 2 \cdot 1 = 3$ | 1 |
# | pooling | 2 | 2 | $3 + 1 \cdot 1 = 4$ | 2 |
# | convolution | 3 | 1 | $4 + 2 \cdot 2 = 8$ | 2 |
# | pooling | 2 | 2 | $8 + 1 \cdot 2 = 10$ | 4 |
#
# **Continue on paper** for the two blocks that are left.
#
# <details><summary>The other two blocks</summary>
#
# | layer | window | stride | side | step behind it |
# |---|---|---|---|---|
# | convolution | 3 | 1 | $10 + 2 \cdot 4 = 18$ | 4 |
# | pooling | 2 | 2 | $18 + 1 \cdot 4 = 22$ | 8 |
# | convolution | 3 | 1 | $22 + 2 \cdot 8 = 38$ | 8 |
# | pooling | 2 | 2 | $38 + 1 \cdot 8 = 46$ | 16 |
# </details>
#
# ### Exercise 5.2 - the receptive field of any chain of layers
#
# You have done eight layers by hand. Write the rule for any windows and strides.

# %%
# Exercise 5.2 - how many pixels does one number see?
from course.checks import check


def receptive_field(layers):
    """Return (side, step) in pixels. layers: a list of pairs (window, stride), the first reads the picture."""
    ### BEGIN SOLUTION
    side, step = 1, 1
    for window, stride in layers:
        side += (window - 1) * step
        step *= stride
    return side, step
    ### END SOLUTION

check("5.2", receptive_field)

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
# Most drawn nuclei are 10 to 20 pixels across, so one number of the last map, of side 46, sees a nucleus with its
# surroundings.

# %% [markdown]
# ## Traps
#
# - **The 0 or -1 at the start.** *Symptom*: no negative number in the pooled map, or a frame of zeros. *Cure*: start
#   at
#   `-np.inf`; test with a map that is negative everywhere.
# - **The edge overrun.** *Symptom*: one row and one column more than the library has, on odd sides only. *Cure*:
#   $\lfloor (n - k) / s \rfloor + 1$ places; test with odd sides.
# - **The vanished NaN.** *Symptom*: a broken picture gets an ordinary answer. *Cure*: `np.max`, and a check before the
#   network, `np.isnan(picture).any()`, since libraries may lose it.
# - **"Pooling makes it invariant."** *Symptom*: the answer changes when the patient moves by a pixel. *Cure*: measure
#   with shifted pictures; it is a matter of degree.

# %% [markdown]
# ## Recap
#
# Pooling replaces each window by its largest number or its average, channel by channel, and has nothing to learn. The
# maximum asks whether something is anywhere, and makes something of noise too; the average asks how much there is, and
# dilutes what is small. Both make maps less sensitive to small shifts, by the size of the window, and pay with detail.
# Behind each pooling a kernel sees further: in the four-block network one number depends on 46 x 46 pixels.

# %% [markdown]
# ## Quiz
#
# **1. Choice.** You look for a few bright specks in a large window. Which pooling, and what is its price?
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
# **2. Shift.** Windows of 2, stride 2, maximum. The picture moves by one pixel. What becomes of the pooled map?
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
# **3. Receptive field.** In front of the four blocks you put one more 3 x 3 convolution, stride 1. One number of the
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

# %% [markdown]
# ## Sources
#
# - Y.-L. Boureau, J. Ponce, Y. LeCun. A theoretical analysis of feature pooling in visual recognition. *Proceedings of
#   ICML* 2010, pages 111 to 118. Maximum or average, and when.
# - A. Araujo, W. Norris, J. Sim. Computing receptive fields of convolutional neural networks. *Distill*, 2019.
#   [doi 10.23915/distill.00021](https://doi.org/10.23915/distill.00021). The recurrence, and more.

# %% [markdown]
# ## Next
#
# [Lesson 06](06_forward_pass.ipynb) joins convolution, ReLU, pooling and dense layers to a network that turns a
# picture into a probability. [The deeper page](05_pooling_deeper.ipynb) pools without a loop, measures what pooling
# costs, and finds pixels that nobody sees.
