# %% [markdown]
# # Slide a kernel over a picture, and let it find edges
#
# A cytologist judges a nucleus by its outline, among other things: smooth or jagged, sharp or washed out. Nine numbers,
# slid over a picture, can find that outline, and networks that read medical pictures are built from such numbers.
#
# ## What you will do
# - Work out by hand what a kernel makes of a picture, and how large the result is (exercise 4.1).
# - Write the two loops, and tell cross-correlation from convolution (exercise 4.2).
# - Say what zeros around a picture do, and what channels do (quiz).
# - Let a kernel be *learnt* from examples, and make that go wrong (quiz).
#
# **What you need.** Python, NumPy arrays and their slices, [lesson 00](00_start_here.ipynb). No calculus.
#
# **How long.** About 60 minutes.
#
# **What this is not.** An edge is not a diagnosis. The cells are *drawn from measurements, not photographs*, and
# nothing here may be used on a patient.

# %% [markdown]
# ## 1. Find an edge with three numbers
#
# Here is one line of a picture: how strongly each of five pixels is stained, from 0 (clear) to 9 (dark). Somewhere in
# it a nucleus begins.

# %%
import numpy as np

row = np.array([0, 1, 8, 9, 8])
kernel = np.array([-1, 0, 1])

# %% [markdown]
# The second array is the *kernel*: three weights. Lay it on the first three pixels, multiply what lies on top of each
# other, and add up:
#
# $$(-1) \cdot 0 + 0 \cdot 1 + 1 \cdot 8 = 8$$
#
# Move it one pixel to the right: $(-1) \cdot 1 + 0 \cdot 8 + 1 \cdot 9 = 8$. **Predict the third and last number**
# before you run the next cell. What does the kernel measure?

# %%
print([int(np.sum(row[j:j + 3] * kernel)) for j in range(3)])

# %% [markdown]
# Large where the pixel on the right is darker than the one on the left, 0 where both are alike. The kernel measures
# *change from left to right*: it finds the edge, and ignores how dark the nucleus is inside.
#
# The weights stay the same at every place. **One small question, asked everywhere.** Written with $x$ for the row, $k$
# for the kernel (length $n_k$) and $y$ for the answers,
#
# $$y_j = \sum_{v=0}^{n_k - 1} k_v \, x_{j+v}$$
#
# $j$ says where the kernel lies, $v$ runs over its weights. As a loop that can be read aloud:

# %%
def correlate_row(row, kernel):
    "Return the answers of a kernel (k,) at every place in a row (n,): shape (n - k + 1,), float."
    places = len(row) - len(kernel) + 1
    if places < 1:
        raise ValueError(f"a kernel of {len(kernel)} does not fit into a row of {len(row)}")
    row, answers = row.astype(float), np.zeros(places)
    for j in range(places):
        for v in range(len(kernel)):
            answers[j] += kernel[v] * row[j + v]
    return answers

print(correlate_row(row, kernel))

# %% [markdown]
# Two precautions. `astype(float)`: pictures come as `uint8`, which wraps around at 256 and holds nothing below 0, and
# the answer of an edge kernel is often negative. And the `if`: a kernel that does not fit would give an empty list
# without an error, and a program that goes on with nothing may well print a diagnosis at the end.

# %% [markdown]
# ## 2. Slide nine numbers over a picture
#
# A picture has two directions, so the kernel gets two. The picture $x$ has shape $(h, w)$: $h$ rows, $w$ columns. The
# kernel $k$ has shape $(k_h, k_w)$, here $3 \times 3$.

# %%
patch = np.array([[0, 0, 7, 8, 8],
                  [0, 1, 8, 9, 8],
                  [1, 2, 9, 8, 9],
                  [0, 7, 8, 9, 8]])

# %% [markdown]
# Dark on the right, clear on the left: the rim of a nucleus. The kernel is Sobel's: the change from left to right, the
# middle row counted twice.

# %%
edge = np.array([[-1, 0, 1],
                 [-2, 0, 2],
                 [-1, 0, 1]])

# %% [markdown]
# Lay it on the upper left corner. The middle column has weight 0, so six products are left:
#
# $$-1 \cdot 0 - 2 \cdot 0 - 1 \cdot 1 + 1 \cdot 7 + 2 \cdot 8 + 1 \cdot 9 = 31$$
#
# **Work out the number one place to the right on paper.** Then compare.

# %%
print([int(np.sum(patch[0:3, j:j + 3] * edge)) for j in range(3)])

# %% [markdown]
# The third number is small: there the nucleus fills the window, and left and right are nearly alike. All answers
# together form a *map*, a picture again:
#
# $$y_{ij} = \sum_{u=0}^{k_h - 1} \sum_{v=0}^{k_w - 1} k_{uv} \, x_{i+u,\, j+v}$$
#
# $i$ and $j$ say where the window lies, $u$ and $v$ run over the weights. This is called *cross-correlation*; deep
# learning says *convolution* and means the same. Here are three moments of the walk over a larger picture.

# %%
from course.widgets.lesson_04 import FIELD, stacked, stepping_picture

moments = [(1, 1, 0), (3, 2, 0), (6, 1, 1)]  # number of the place, stride, padding
stacked([stepping_picture(FIELD, edge, *moment, roomy=False) for moment in moments])

# %% [markdown]
# *Figure: three rows, each with the picture, the kernel and the map as far as it is filled. An orange frame marks the
# window in the picture and the number it gives in the map. First row: the first of 16 places, 21. Second row: the
# window moves two pixels at a time, so the map has only 2 x 2 places; the third of them is filled. Third row: a ring of
# zeros lies around the picture, and the map is 6 x 6. The sixth place lies partly on the zeros and gives -25.*
#
# The number of pixels from one place to the next is the *stride*. Zeros may be laid around the picture, so that the
# window can stand on the border too: the *padding* says how many rows of them.
#
# ### Experiment: where does each number come from?
#
# Four kernels to choose from: the change from left to right or from top to bottom, the plain sum, and the *Laplacian*,
# which compares a pixel with its four neighbours.

# %%
import ipywidgets

from course.widgets.lesson_04 import FIELD, KERNELS, stepping_picture
from course.widgets.panel import Panel


def walk(step, stride, padding, kernel):
    return stepping_picture(FIELD, KERNELS[kernel], step, stride, padding)

Panel(walk, "A window walks over 6 x 6 numbers; below, the products that give the framed number.",
      step=ipywidgets.IntSlider(1, 1, 64), stride=ipywidgets.IntSlider(1, 1, 3),
      padding=ipywidgets.IntSlider(0, 0, 2), kernel=list(KERNELS))

# %% [markdown]
# **Try.**
# 1. Set `step` to 64 and change stride and padding: note the size of the map for each pair.
# 2. With padding 1 and stride 1 go to place 6. Where does its large negative number come from?
#
# **Question.** Which padding keeps a 6 x 6 picture 6 x 6 when the kernel is 3 x 3 and the stride 1?
# <details><summary>Answer</summary>
#
# Padding 1. The window loses two places in each direction, and one zero on either side gives them back. A kernel of
# side $k$ (odd) needs $(k - 1) / 2$. The large negative number at place 6 is an edge that is not in the picture: it
# lies between the last pixels and our own zeros.
# </details>
#
# **How large is the map?** Count along one direction. A line of $n$ pixels with $p$ zeros on either side, a window of
# $k$ pixels, a stride of $s$ pixels. Some counts, by listing every place:

# %%
for n, k, p, s in [(5, 3, 0, 1), (5, 3, 1, 1), (7, 3, 0, 2), (8, 3, 0, 2), (9, 3, 0, 2), (2, 3, 0, 1)]:
    starts = [start for start in range(0, n + 2 * p, s) if start + k <= n + 2 * p]
    print(f"n = {n}, k = {k}, p = {p}, s = {s}: places begin at {starts}, so {len(starts)}")

# %% [markdown]
# ### Exercise 4.1 - how large is the map?
#
# A window that would hang over the edge is not counted, and a window larger than its line has no place at all. Find the
# rule that gives the count without listing the places.

# %%
# Exercise 4.1 - the number of places along one direction
from course.checks import check


def output_size(n, k, p, s):
    """Return how many places a window of k pixels has along n pixels; 0 if it does not fit.

    p: zeros on either side. s: stride.
    """
    ### BEGIN SOLUTION
    return max(0, (n + 2 * p - k) // s + 1)
    ### END SOLUTION

check("4.1", output_size)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Stride 1, no padding: how far can the window move from its first place until it touches the end? How many places is
# that, with the first?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The padding makes the line $n + 2p$ long, which leaves $n + 2p - k$ pixels to move. Each step takes $s$ of them; a
# step that does not fit in whole is not made. Then add the place where it began.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return max(0, (...) // s + 1)`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `output_size(150, 3, 0, 1)` is 148, `output_size(224, 7, 3, 2)` is 112, `output_size(2, 3, 0, 1)` is 0.
# </details>
#
# ### Exercise 4.2 - the map, with loops
#
# You saw one direction as a loop; now write both. Keep the two precautions of section 1: floats, and a `ValueError`
# when the kernel does not fit.

# %%
# Exercise 4.2 - cross-correlate a picture with a kernel
import numpy as np

from course.checks import check


def correlate(image, kernel):
    """Return the map of image (h, w) and kernel (kh, kw): float, (h - kh + 1, w - kw + 1).

    Raise ValueError if the kernel does not fit.
    """
    ### BEGIN SOLUTION
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError(f"a kernel of shape {kernel.shape} does not fit into a picture of shape {image.shape}")
    image, out = image.astype(float), np.zeros((h - kh + 1, w - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i + kh, j:j + kw] * kernel)
    return out
    ### END SOLUTION

check("4.2", correlate)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which slice of `image` lies under the kernel when the window's upper left corner is at row `i`, column `j`?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# One loop over the rows of the *map*, one over its columns. At each place: slice, multiply, add up, store.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `out = np.zeros((h - kh + 1, w - kw + 1))`, then two `for` lines, then `out[i, j] = np.sum(image[i:i + kh, j:j + kw] *
# kernel)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `correlate(patch, edge)` has shape (2, 3); its upper left number is 31, as worked out by hand.
# </details>
#
# From here on the page uses the course's `conv2d`, so an open exercise costs you nothing.

# %% [markdown]
# ## 3. Ask a library: to flip or not to flip
#
# SciPy offers two functions. **Predict which one agrees with the numbers from the paper.**

# %%
from scipy.signal import convolve2d, correlate2d

from course.nn import conv2d

print("course     ", conv2d(patch.astype(float), edge)[0])
print("correlate2d", correlate2d(patch, edge, mode="valid")[0])
print("convolve2d ", convolve2d(patch, edge, mode="valid")[0])

# %% [markdown]
# The mathematician's *convolution* turns the kernel by half a turn before it is laid on. Networks leave out the turn:
# whether a weight is learnt here or in the opposite corner makes no difference to them. A symmetric kernel cannot tell
# the two apart.

# %% [markdown]
# ## 4. Mind the border
#
# The map is smaller than the picture, and pixels at the border count less often: a corner pixel lies under one place of
# a 3 x 3 window, most others under nine. Padding helps. In one direction:

# %%
padded = np.pad(row, (1, 1))
print(row, "becomes", padded)
print("answers:", correlate_row(padded, kernel))

# %% [markdown]
# `np.pad(row, (before, after))` lays zeros before and after. Five pixels, five answers. The last answer is new, strong
# and false: it is the step from the picture down to our own zeros. Keras, the library with which [lesson
# 14](14_breast_cancer_cnn.ipynb) builds its network, calls the padded form `padding="same"` and the other
# `padding="valid"`.

# %% [markdown]
# ## 5. Colours in, many maps out
#
# A colour picture has three numbers a pixel, its *channels*: shape $(h, w, c)$ with $c = 3$. Then a kernel has three
# weights for each of its pixels. Begin with the smallest, $1 \times 1$: one pixel, three weights.

# %%
from course.data.cytology import draw

rgb = draw(186)  # a drawn field of cells
blue_minus_red = np.array([-1, 0, 1])
for name, pixel in (("nucleus", rgb[106, 75].astype(float)), ("ground ", rgb[20, 20].astype(float))):
    print(name, pixel, "->", np.sum(pixel * blue_minus_red))

# %% [markdown]
# A kernel without neighbours already sees colour. In general one kernel has the shape $(k_h, k_w, c)$ and adds up
# *everything* under it, all channels included; it gives **one** map. To ask $d$ questions, take $d$ kernels, and stack
# their maps as the channels of the result. All kernels together are one array of shape $(k_h, k_w, c, d)$:
#
# $$y_{ijf} = \sum_{u} \sum_{v} \sum_{c'} k_{uvc'f} \, x_{i+u,\, j+v,\, c'}$$
#
# where $c'$ runs over the channels that go in and $f$ over the maps that come out. (Layers also add one number to each
# map, its *bias*.) So channels in the middle of a network are not colours any more: each is an answer.

# %% [markdown]
# ## 6. Let the kernel be learnt
#
# Until now we chose the numbers. Hide Sobel's kernel, give only examples: a picture and the map that is wanted. Can the
# nine numbers be found?
#
# At each place compare the answer with the wanted number: *error = answer - wanted*. If the answer is too large and a
# pixel under the window is positive, lower the weight on that pixel: by more, the larger the error and the pixel. If
# one of the two is the other way round, raise it. Average this over all places, take a small part of it (the *learning
# rate*), repeat. (Below, each window is one line of nine numbers. `lines @ weights` multiplies each line with the
# weights, number by number, and adds up: all answers at once. `.T` turns rows into columns, so `lines.T @ error` adds
# up, for each weight, pixel times error over all places. The *mean squared error* is the mean of all errors' squares.
# `default_rng(7)` makes random numbers, the same each time.)

# %%
from numpy.lib.stride_tricks import sliding_window_view


def unrolled(picture):
    return sliding_window_view(picture, (3, 3)).reshape(-1, 9)

def learn(lines, wanted, steps, rate, start=0):
    "Learn from windows (places, 9) and wanted answers (places,): weights (9,), last mean squared error."
    weights = np.zeros(9) + start
    for _ in range(steps):
        error = lines @ weights - wanted
        weights -= rate * lines.T @ error / len(error)
    return weights, np.mean(error**2)

# %% [markdown]
# [Lesson 07](07_backpropagation.ipynb) derives this rule and calls it gradient descent. The example is a picture of
# random numbers, which holds every pattern a little. **Predict:** after how many steps do you recognise Sobel?

# %%
noise = unrolled(np.random.default_rng(7).normal(size=(20, 20)))
for steps in (1, 3, 30):
    weights, _ = learn(noise, noise @ edge.ravel(), steps, rate=0.5)
    print(f"after {steps} steps\n{weights.reshape(3, 3).round(1) + 0.0}")

# %% [markdown]
# It found the kernel that we hid, from examples alone.
#
# **Break it: poor examples.** Learn from a picture of vertical stripes, where all rows are alike; once from zeros, once
# from random weights, as networks do. The error falls to nothing. **Predict:** is it Sobel?

# %%
stripes = unrolled(np.tile(np.random.default_rng(8).normal(size=20), (20, 1)))
for name, start in {"zeros": 0, "random weights": np.random.default_rng(9).normal(size=9)}.items():
    weights, last = learn(stripes, stripes @ edge.ravel(), 200, rate=0.1, start=start)
    elsewhere = np.mean((noise @ weights - noise @ edge.ravel()) ** 2)
    print(f"from {name}: error on stripes {last:.3f}, on another picture {elsewhere:.1f}")
    print(weights.reshape(3, 3).round(1) + 0.0)

# %% [markdown]
# Perfect on what it has seen, and two other kernels. In stripes the three rows of a window are always equal, so nothing
# in the examples says how the weight is shared among the rows. What the examples leave open, the start decides. **A
# network learns what its examples distinguish.** The error on the training pictures cannot tell you what is missing;
# another picture can. So a model that shines in one hospital may fail in the next.
#
# **Deeper.** [Colours and borders with exercises, nine numbers to play with, one matrix product in place of loops, and
# a kernel that learns one patient's stain](04_convolution_deeper.ipynb).

# %% [markdown]
# ## Traps
#
# - **The flip.** *Symptom*: edges with the wrong sign, and a test with a blur passes. *Cure*: test with nine different
#   numbers, against `correlate2d`.
# - **The false frame.** *Symptom*: strong answers along the border. *Cure*: a zero is a value like any other, not
#   "nothing"; look at the border of your maps.
#
# ## Recap
#
# A kernel asks one small question at every place of a picture, and the answers form a map of $\lfloor (n + 2p - k) / s
# \rfloor + 1$ places in each direction. With channels, one kernel adds up everything under it and gives one map; $d$
# kernels give $d$. Kernels can be learnt from examples, and they learn what the examples distinguish.

# %% [markdown]
# ## Quiz
#
# **1. Size.** A 64 x 64 picture, a 5 x 5 kernel, padding 2, stride 2. How large is the map?
#
# - (a) 32 x 32
# - (b) 31 x 31
# - (c) 64 x 64
#
# <details><summary>Answer</summary>
#
# (a). $\lfloor (64 + 4 - 5) / 2 \rfloor + 1 = 31 + 1$. (b) forgets the first place, where the window begins. (c) would
# be right with stride 1.
# </details>
#
# **2. Meaning.** The weights of a kernel add up to 0. What is its answer on even ground?
#
# - (a) the brightness of the ground
# - (b) 0, however dark the ground is
# - (c) it depends on where the weights stand
#
# <details><summary>Answer</summary>
#
# (b). On even ground every product has the same pixel value, so the sum is that value times the sum of the weights. (a)
# belongs to weights that add up to 1. (c) is true of textures and edges, not of even ground.
# </details>
#
# **3. Weights.** 32 kernels of 3 x 3 look at a picture with 3 channels, each with a bias. How many numbers are learnt?
#
# - (a) 288
# - (b) 896
# - (c) 9 for each pixel of the picture
#
# <details><summary>Answer</summary>
#
# (b). $3 \cdot 3 \cdot 3 \cdot 32 = 864$ weights and 32 biases. (a) forgets the channels and the biases. (c) forgets
# that the same weights are used at every place.
# </details>

# %% [markdown]
# ## Sources
#
# - V. Dumoulin, F. Visin. A guide to convolution arithmetic for deep learning. 2016. [arXiv
#   1603.07285](https://arxiv.org/abs/1603.07285).
#
# ## Next
#
# [Lesson 05](05_pooling.ipynb) shrinks the maps by pooling and shows what that costs. The [second page of this
# lesson](04_convolution_deeper.ipynb) goes further: colours, borders, speed.
