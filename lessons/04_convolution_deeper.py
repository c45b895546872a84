# %% [markdown]
# # Teach a kernel colours, borders and speed, and watch it learn a stain
#
# The loops of the core page are right for one grey picture. Pathology is coloured, pictures end, networks ask many
# questions at once, and what a kernel learns on one slide may be the slide.
#
# ## What you will do
# - Treat the border of a picture on purpose (exercise 4.3).
# - Handle colours and many kernels without falling for a mistake that raises no error (exercise 4.4).
# - Turn the loops into one matrix product, and measure what that gains (exercise 4.5).
# - Say what sharpening adds to a picture (quiz).
#
# **What you need.** [Lesson 04](04_convolution.ipynb).
#
# **How long.** About 80 minutes.
#
# **What this is not.** The cells are *drawn from measurements, not photographs*, and nothing here may be used on a
# patient.

# %% [markdown]
# ## 1. Keep the size
#
# The course's `conv2d` does the sliding. `np.pad` takes two pairs in two directions: `((above, below), (left, right))`.
#
# ### Exercise 4.3 - a map as large as the picture
#
# Write the function that pads with as many zeros as keep the size, for any kernel with odd sides, square or not.

# %%
# Exercise 4.3 - a map as large as the picture
import numpy as np

from course.checks import check
from course.nn import conv2d


def correlate_same(image, kernel):
    """Return the map of image (h, w), zeros laid around it, and kernel (kh, kw): float, (h, w).

    kh and kw are odd.
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    rows, columns = (kh - 1) // 2, (kw - 1) // 2
    return conv2d(np.pad(image.astype(float), ((rows, rows), (columns, columns))), kernel)
    ### END SOLUTION

check("4.3", correlate_same)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# A 3 x 5 kernel: how many rows does the map lose, and how many columns?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# $k - 1$ places are lost in each direction. Half of them belong on either side.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return conv2d(np.pad(image, ((rows, rows), (columns, columns))), kernel)`, with `rows` from `kh` and `columns` from
# `kw`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With a kernel of a single 1 in its middle, the map is the picture itself.
# </details>
#
# Now look at the false edge in a picture: a drawn field of cells. `stain` is the share of light that is missing: 0
# where the slide is clear, 1 where no light comes through.

# %%
from course.data.cytology import draw, draw_mask

edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
rgb = draw(186)
stain = (255 - rgb.mean(axis=2)) / 255

# %% [markdown]
# Three rows begin with pale ground, far from any nucleus. **Predict:** is their answer at the border 0? (`+ 0.0` is
# cosmetic: it turns `-0.` into `0.`)

# %%
with_zeros = conv2d(stain, edge, padding="same")
print("answers at the border, rows 20 to 22:", with_zeros[20:23, 0].round(1) + 0.0)
print("answers one pixel inside:            ", with_zeros[20:23, 1].round(1) + 0.0)

# %% [markdown]
# The ground is not 0 but about 0.2, times $1 + 2 + 1$: the step from ground to zeros is an edge that no patient has.

# %% [markdown]
# ## 2. See what nine numbers can see
#
# One nucleus, cut out of the field, and five kernels (`edge.T` is Sobel's kernel with rows and columns exchanged). A
# larger number is drawn lighter, so a stained nucleus looks *white*. **Predict for each:** what becomes of the even
# ground, of the outline, of the texture inside?

# %%
from course.plots import show_pictures

nucleus, blur = stain[82:130, 51:99], np.ones((3, 3)) / 9
laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
views = {"nucleus": nucleus, "blur": conv2d(nucleus, blur), "blur, 9 x 9": conv2d(nucleus, np.ones((9, 9)) / 81),
         "left to right": conv2d(nucleus, edge), "top to bottom": conv2d(nucleus, edge.T),
         "Laplacian": conv2d(nucleus, laplacian)}
show_pictures(list(views.values()), titles=list(views), columns=3, size=2.6)

# %% [markdown]
# *Figure: six small grey pictures, lighter for larger numbers. The nucleus is a bright blot on dark ground; in the left
# corners lie parts of two more, and about each a faint disc, its cytoplasm. The small blur smooths its texture, the
# large one melts it to a soft spot. "Left to right" shows the left outline white and the right one black on an even
# grey; "top to bottom" does the same for the upper and lower outline. The Laplacian shows a grainy field with a thin
# double line around the nucleus.*
#
# The weights of the blur add up to 1, so even ground keeps its value. The weights of the others add up to 0, so even
# ground gives 0, however dark it is: they see *change* and nothing else. (A place in the map belongs to the *middle* of
# its window. Forget it, and every outline you draw is off by one pixel.)
#
# ### Experiment: what can nine numbers see?
#
# The panel shows the nucleus on the left and its map on the right; below them, what the nine numbers add up to and
# which values are black and white. The nine sliders lie as the kernel does.

# %%
import numpy as np

from course.widgets.lesson_04 import KERNELS, PLACES, a_nucleus, nine_sliders, seen_by
from course.widgets.panel import Panel


def look(**numbers):
    return seen_by(a_nucleus(), np.reshape([numbers[place] for place in PLACES], (3, 3)))

Panel(look, "Left: a nucleus. Right: what the kernel of the nine sliders makes of it.", across=3,
      **nine_sliders(KERNELS["left to right"]))

# %% [markdown]
# **Try.**
# 1. Set the three numbers on the right to 0. The edges are gone: what is left, and what do the numbers add up to?
# 2. Find a kernel that leaves the picture as it is, and one that moves it by one pixel.
#
# The greys on the right are stretched anew for each kernel, so compare the printed values of black and white.
#
# **Question.** Which nine numbers *sharpen*: make the outline clearer and keep the value of the even ground?
# <details><summary>Answer</summary>
#
# They must add up to 1, or the ground changes, and the neighbours must be subtracted: 5 in the middle, -1 at top, left,
# right and bottom, 0 in the corners. That is the picture minus its Laplacian. (The half kernel of the first try adds up
# to -4: it shows the picture blurred, as a negative. A single 1 in the middle leaves the picture as it is; a single 1
# on the right moves it one pixel to the *left*, since each place shows its right neighbour.)
# </details>
#
# **What does sharpening add?** A row in which the stain steps from 0.2 to 0.8, sharpened. **Predict** the numbers on
# both sides of the step.

# %%
sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
step = np.tile([0.2, 0.2, 0.2, 0.8, 0.8, 0.8], (3, 1))
print(step[1, 1:-1], "becomes", conv2d(step, sharpen)[0].round(1))

# %% [markdown]
# It overshoots: less stain than none on one side of the step, more than all on the other. No information is added, and
# yet something is there that was not: a rim on either side of each edge, and the grain grows louder too. Such rims have
# been taken for findings; a picture sharpened for the eye says so.

# %% [markdown]
# ## 3. Colours in, many maps out
#
# ### Exercise 4.4 - channels in, channels out
#
# Write the formula of the core page with loops: colour or any number of channels in, $d$ maps out. A picture whose
# channels are not as many as the kernel's must raise a `ValueError`: a single channel would be stretched over three
# without a word.

# %%
# Exercise 4.4 - cross-correlate with channels
import numpy as np

from course.checks import check


def correlate_channels(picture, kernel):
    """Return the maps of picture (h, w, c) and kernel (kh, kw, c, d).

    Float, (h - kh + 1, w - kw + 1, d). Raise ValueError if the numbers of channels differ.
    """
    ### BEGIN SOLUTION
    (h, w, c), (kh, kw, kc, d) = picture.shape, kernel.shape
    if c != kc:
        raise ValueError(f"a picture of shape {picture.shape} does not go with a kernel of shape {kernel.shape}")
    picture, out = picture.astype(float), np.zeros((h - kh + 1, w - kw + 1, d))
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            for f in range(d):
                out[i, j, f] = np.sum(picture[i:i + kh, j:j + kw] * kernel[..., f])
    return out
    ### END SOLUTION

check("4.4", correlate_channels)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `picture[i:i + kh, j:j + kw]` has the shape (kh, kw, c). Which part of `kernel` has the same shape?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Three loops: row, column, map `f`. The sum over `u`, `v` and the channels is one `np.sum`.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `out[i, j, f] = np.sum(picture[i:i + kh, j:j + kw] * kernel[..., f])`, and before the loops a comparison of
# `picture.shape[2]` with `kernel.shape[2]`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# A (1, 1, 3, 1) kernel of three ones gives the sum of red, green and blue at each pixel, shape (h, w, 1).
# </details>

# %% [markdown]
# **Break it on purpose.** What happens if a 3 x 3 edge kernel meets a *colour* picture, with the two loops of exercise
# 4.2 as they are? **Predict:** an error?

# %%
colour = rgb.astype(float)
places = range(len(colour) - 2)
surprise = np.array([[np.sum(colour[i:i + 3, j:j + 3] * edge) for j in places] for i in places])
sum_of_edges = sum(conv2d(colour[..., channel], edge) for channel in range(3))
show_pictures([surprise, sum_of_edges], titles=["the surprise", "the edges of all channels"], columns=2, size=3.2)

# %% [markdown]
# *Figure: two grey maps of the same field. Left: whole nuclei, bright and filled, on black ground, like a clean
# segmentation. Right: nuclei in relief on even grey, their left outlines dark and their right ones light: these numbers
# are light, not stain, so the signs are the reverse of section 2.*
#
# No error. Worse: the wrong map is the prettier one. But it shows no edges. A patch has the shape (3, 3, 3), the kernel
# (3, 3), and NumPy lines shapes up *from the right*: the kernel's columns -1, 0, 1 were laid along red, green, blue,
# and its rows along the columns of the patch. What came out is a smoothed "blue minus red":

# %%
blue_less_red = colour[..., 2] - colour[..., 0]
one_two_one = np.array([[1, 2, 1], [1, 2, 1], [1, 2, 1]])
print(np.allclose(surprise, conv2d(blue_less_red, one_two_one)))

# %% [markdown]
# A colour filter, called edges. The mistake is silent only because 3 = 3: as many columns in the kernel as colours in
# the picture, the most common case there is. (A 5 x 5 kernel is refused.) And it would look like a success, until
# another laboratory stains in other colours.

# %% [markdown]
# ## 4. Make it one matrix product
#
# The loops are right and slow: Python starts anew at every place. Look at what they do. Each window is unrolled into a
# line of numbers and multiplied with the same unrolled kernel. That is what a *matrix product* does: `lines @ k`
# multiplies each line with `k`, number by number, and adds up, one answer a line; `lines @ K` does it for each column
# of `K`. NumPy can show all windows at once, without copying a number.

# %%
from numpy.lib.stride_tricks import sliding_window_view

patch = np.array([[0, 0, 7, 8, 8], [0, 1, 8, 9, 8], [1, 2, 9, 8, 9], [0, 7, 8, 9, 8]])
windows = sliding_window_view(patch, (3, 3))
print("windows:", windows.shape, " the first, unrolled:", windows[0, 0].ravel())
lines = windows.reshape(-1, 9)
print("all lines:", lines.shape, " times the unrolled kernel:", lines @ edge.ravel())

# %% [markdown]
# Six places, nine numbers each. Folded back to (2, 3), this is the map. For a large picture the copy of the windows
# takes nearly nine times its memory, and a processor is so good at matrix products that it pays. It is called *im2col*,
# and to this day it is one of the ways in which convolutions are computed.
#
# With channels and $d$ kernels, `kernel.reshape(-1, d)` is a matrix with one column for each kernel. One trap lies in
# wait. **Look at the shape of the windows of a colour picture:**

# %%
print(sliding_window_view(colour, (5, 5), axis=(0, 1)).shape, "from a picture of shape", colour.shape)

# %% [markdown]
# The 3 channels stand *before* the rows and columns of the window (5 x 5), in the kernel behind them. Both unroll to 75
# numbers, in different orders, and no error will tell. (`np.moveaxis(a, 2, -1)` moves axis 2 to the end.)
#
# ### Exercise 4.5 - without a loop over places
#
# Now with channels, many kernels and a stride. It is the hardest of this page; take its hints. (The check compares with
# Keras, which takes some seconds to load.)

# %%
# Exercise 4.5 - convolution as one matrix product
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.checks import check


def fast_conv2d(picture, kernel, stride=1):
    """Return the maps of picture (h, w, c) and kernel (kh, kw, c, d): float, (rows, columns, d).

    The window moves by `stride`, down and across, and stays inside the picture.
    """
    ### BEGIN SOLUTION
    kh, kw, c, d = kernel.shape
    floats = picture.astype(kernel.dtype if kernel.dtype.kind == "f" else float)
    windows = sliding_window_view(floats, (kh, kw), axis=(0, 1))
    windows = np.moveaxis(windows[::stride, ::stride], 2, -1)
    rows, columns = windows.shape[:2]
    lines = windows.reshape(rows * columns, kh * kw * c)
    return (lines @ kernel.reshape(kh * kw * c, d)).reshape(rows, columns, d)
    ### END SOLUTION

check("4.5", fast_conv2d)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What shape must the windows have so that `reshape` unrolls them in the order in which `kernel.reshape(-1, d)` is
# unrolled?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `sliding_window_view(picture, (kh, kw), axis=(0, 1))` has the shape (rows, columns, c, kh, kw). Keep every stride-th
# in both directions: after that `windows.shape[:2]` tells rows and columns. Move the channels to the end; one line a
# window; multiply; fold back.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `lines = np.moveaxis(windows[::stride, ::stride], 2, -1).reshape(rows * columns, -1)`, then `(lines @
# kernel.reshape(-1, d)).reshape(rows, columns, d)`. Floats first, as always.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With stride 1 it gives what exercise 4.4 gives.
# </details>
#
# Any right answer counts, loops included. Now the speed: a colour picture of 40 x 40, 32 kernels. `race` leaves out
# whatever does not give the right maps. (`lambda x, k: ...` is a small function without a name; `x[None]` makes one
# picture a batch of one.) Keras's line holds the toll of a call into a large machinery, which a small picture does not
# repay. **Predict the factor** between loops and matrix product.

# %% tags=["nbval-ignore-output"]
from course.quiet_tensorflow import keras
from course.widgets.lesson_04 import by_loops, race

rng = np.random.default_rng(4)
small = rng.random((40, 40, 3), dtype=np.float32)
kernels32 = rng.standard_normal((3, 3, 3, 32), dtype=np.float32)
race({"three loops": by_loops, "yours": fast_conv2d,
      "course.nn": lambda x, k: conv2d(x[None], k)[0],
      "Keras": lambda x, k: keras.ops.convert_to_numpy(keras.ops.conv(x[None], k))[0]}, small, kernels32)

# %% [markdown]
# The times are those of one computer (NumPy on one thread); on yours they differ, and the gap remains. The arithmetic
# is the same in every line: what differs is how often Python is asked. (How near NumPy comes to Keras when a whole
# network is trained is the question of [lesson 13](13_keras_same_network.ipynb).)
#
# **How much arithmetic is it?** Each number of a map costs $k_h \cdot k_w \cdot c$ multiplications with an addition
# each. The network of [lesson 14](14_breast_cancer_cnn.ipynb) has four convolutions of 3 x 3. Behind each, the map is
# halved ([lesson 05](05_pooling.ipynb)): 150 pixels give 148 places, halved 74; these give 72, halved 36; 34, halved
# 17; 15, halved 7. Then a *dense* layer gives each of the $7 \cdot 7 \cdot 128$ numbers a weight of its own, 512 times
# over. **Predict: which layer does most of the work, and which holds most of the weights?**

# %%
layers = [(148, 3, 32), (72, 32, 64), (34, 64, 128), (15, 128, 128)]  # side, channels in, maps out
for side, c, d in layers:
    weights = 9 * c * d
    print(f"map {side:3} x {side:3}, {c:3} -> {d:3}: {side**2 * weights:11,} multiply-adds {weights:9,} weights")
dense = 7 * 7 * 128 * 512
print(f"first dense layer        : {dense:11,} multiply-adds {dense:9,} weights")

# %% [markdown]
# Work and weights lie in different places. A kernel's few weights are used at every place, so convolutions hold little
# and compute much; the dense layer uses each of its weights once. Whoever wants a *smaller* file looks at the dense
# layer, whoever wants a *faster* answer at the second and third convolution.
#
# **Compare with the libraries.** One comparison on a friendly example proves little. `largest_difference` takes two
# random pictures of 13 x 10 with three channels and four kernels of 3 x 5, and asks Keras; at stride 1 it asks SciPy as
# well. Numbers on a computer are rounded: `float32` keeps about 7 digits, `float64` about 16, and the libraries add up
# in another order than we do. So never test floats with `==`; say how far apart they may be.

# %%
from course.widgets.lesson_04 import largest_difference

settings = [("valid", 1), ("valid", 2), ("same", 1), ("same", 2), ("same", 3)]
for dtype, limit in {"float32": 1e-5, "float64": 1e-12}.items():
    assert all(largest_difference(dtype, padding, strides) <= limit for padding, strides in settings)
    print(f"{dtype}: five settings within {limit} of Keras, the two of stride 1 of SciPy too")

# %% [markdown]
# ## 5. Which kernel finds a nucleus?
#
# For drawn cells the truth of each pixel is known. Take colour windows of 5 x 5, with a 1 behind the 75 numbers for the
# bias, and look for the 76 weights with the least squared error. For so few weights there is a direct way,
# `np.linalg.lstsq`, where the rule of the core page would take long.

# %%
def examples(case, stride):
    windows = sliding_window_view(draw(case) / 255, (5, 5), axis=(0, 1))[::stride, ::stride]
    truth = draw_mask(case)[2:-2:stride, 2:-2:stride] > 0
    lines = windows.reshape(-1, 75)
    return np.column_stack([lines, np.ones(len(lines))]), truth.ravel()

# %% [markdown]
# `examples` gives the lines, and for each: is the middle pixel nucleus? From several patients:

# %%
def learnt_from(cases):
    parts = [examples(case, stride=3) for case in cases]
    lines, truth = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    return np.linalg.lstsq(lines, truth.astype(float))[0]

# %% [markdown]
# Judge it by *Dice*: twice the number of pixels that both call nucleus, divided by the sum of the numbers that each
# calls nucleus; 1 is perfect, 0 is disjoint. Learn from **one** patient, 446, and look at four others:

# %%
def dice(weights, case):
    lines, truth = examples(case, 1)
    found = lines @ weights > 0.5
    return 2 * np.sum(found & truth) / (np.sum(found) + np.sum(truth))

cases = (446, 149, 0, 77, 324)
show_pictures([draw(case) for case in cases], titles=[f"patient {case}" for case in cases], columns=5, size=1.9)

# %% [markdown]
# *Figure: five fields of fifteen nuclei each. 446: violet on grey. 149 and 0: violet on pink, 0 with pale blue
# cytoplasm. 77: slate blue on grey. 324: blue with pale blue cytoplasm on beige.*
#
# **Predict:** on which of the four will the kernel from patient 446 do worst?

# %%
one, dozen = learnt_from([446]), learnt_from(range(200, 212))
for case in (149, 0, 77, 324):
    print(f"patient {case:3}: from one patient {dice(one, case):.2f}, from twelve {dice(dozen, case):.2f}")
print(f"patient 446 herself: {dice(one, 446):.2f}")

# %% [markdown]
# The kernel from one patient has learnt the stain of her slide along with her nuclei: on some others it does nearly as
# well as on her, on some badly. (We chose 446 because she shows it well. Drawn with one stain for all patients, the
# same kernel reaches 0.9 on each of the four.) Twelve slides, stained in twelve ways, distinguish the two. It is the
# stripes of the core page again, in a laboratory coat.

# %% [markdown]
# ## Traps
#
# - **The silent colour kernel.** *Symptom*: a 3 x 3 kernel on an RGB picture gives a map without edges, perhaps a
#   pretty one. *Cure*: print the shapes before you multiply; refuse channels that do not match.
# - **The flat list.** *Symptom*: the right numbers with shape (6,), and the next layer cannot read them. *Cure*: fill
#   an array that has the map's shape.
# - **The wrong order.** *Symptom*: right shape, wrong numbers, after a `reshape`. *Cure*: bring the axes into the same
#   order before unrolling, and compare with the loops.
# - **Sharpened rims.** *Symptom*: a bright line around every nucleus. *Cure*: measure on the picture as it came.
#
# ## Recap
#
# With channels, one kernel adds up everything under it and gives one map. Loops, one matrix product, SciPy and Keras
# agree to the last digit that counts, if nobody flips, wraps around or lines shapes up by accident. Convolutions hold
# few weights and do most of the work. A kernel learns what its examples distinguish, the stain included.

# %% [markdown]
# ## Quiz
#
# **1. Testing.** A colleague's convolution agrees with SciPy's on a blur, on many pictures. What do you ask for?
#
# - (a) more pictures
# - (b) a kernel without symmetry, and a colour picture
# - (c) a larger blur
#
# <details><summary>Answer</summary>
#
# (b). A blur is its own mirror image, so neither a flip nor swapped axes can show, whatever the picture; (a) and (c)
# leave that as it is.
# </details>
#
# **2. Sharpening.** A sharpened picture shows a bright rim around a nodule. What is it?
#
# - (a) a capsule that was hidden before
# - (b) perhaps nothing: sharpening makes rims at every edge
# - (c) noise
#
# <details><summary>Answer</summary>
#
# (b). Look at the picture as it came. (a) may be so, and only the unsharpened picture can tell. (c) has no reason to
# follow an outline.
# </details>
#
# **3. Work.** You halve the number of weights of the dense layer of 512. What becomes of the time for one picture?
#
# - (a) it halves
# - (b) hardly anything
# - (c) it grows
#
# <details><summary>Answer</summary>
#
# (b). The convolutions do most of the multiplying. (a) confuses weights with work. (c) has no reason.
# </details>

# %% [markdown]
# ## Sources
#
# - M. Prokop, C. M. Schaefer-Prokop. Digital image processing. *European Radiology* 7 (supplement 3), pages S73 to
#   S82, 1997. Unsharp masking may simulate pathology.
# - K. Chellapilla, S. Puri, P. Simard. High performance convolutional neural networks for document processing. *Tenth
#   International Workshop on Frontiers in Handwriting Recognition*, 2006.
#   [inria-00112631](https://hal.inria.fr/inria-00112631). Unrolled windows and one matrix product.
# - P. Virtanen and others. SciPy 1.0: fundamental algorithms for scientific computing in Python. *Nature Methods* 17,
#   pages 261 to 272, 2020. `correlate2d`.
#
# ## Next
#
# [Lesson 05](05_pooling.ipynb), pooling; or [lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), which
# stacks four of these convolutions.
