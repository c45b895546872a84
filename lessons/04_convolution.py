# %% [markdown]
# # Slide a kernel over a picture, and let it find edges
#
# A cytologist judges a nucleus by its outline, among other things: smooth or jagged, sharp or washed out. Nine numbers,
# slid over a picture, can find that outline, and networks that read medical pictures are built from such numbers.
#
# ## What you will do
# - Work out by hand what a kernel makes of a picture, and how large the result is (exercise 4.1).
# - Write the two loops, and tell cross-correlation from convolution (exercise 4.2).
# - Treat the border of a picture on purpose (exercise 4.3).
# - Handle colours and many kernels without falling for a mistake that raises no error (exercise 4.4).
# - Turn the loops into one matrix product, and measure what that gains (exercise 4.5).
#
# At the end the nine numbers are no longer chosen by us: they are *learnt* from examples, and you make that go wrong.
#
# **What you need.** Python, NumPy arrays and their slices, lesson 00. No calculus.
#
# **How long.** About 110 minutes. A good place for a pause is after section 5, about half way.
#
# **What this is not.** An edge is not a diagnosis. The cells are *drawn from measurements, not photographs*, and
# nothing here may be used on a patient.

# %% [markdown]
# ## 1. Find an edge with three numbers
#
# Here is one line of a picture: how strongly each of five pixels is stained, from 0 (clear) to 9 (dark). Somewhere
# in it a nucleus begins.

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
# Large where the pixel on the right is much darker than the one on the left, 0 where both are alike. The kernel
# measures *change from left to right*: it finds the edge, and ignores how dark the nucleus is inside.
#
# The weights stay the same at every place. That is the whole idea: **one small question, asked everywhere.** Written
# with $x$ for the row, $k$ for the kernel (length $n_k$) and $y$ for the answers,
#
# $$y_j = \sum_{v=0}^{n_k - 1} k_v \, x_{j+v}$$
#
# $j$ says where the kernel lies, $v$ runs over its weights. As a loop that can be read aloud:

# %%
def correlate_row(row, kernel):
    """Return the answers of a kernel (k,) at every place in a row (n,): shape (n - k + 1,), float."""
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
# Two of its lines look like fuss. **Break it on purpose:** leave them out. First `astype(float)`. Pictures come as
# `uint8`, whole numbers from 0 to 255, and so may kernels. **Predict** what $200 \cdot 2$ is in `uint8`, and how -3
# is stored.

# %%
bright, weights = np.array([200, 100], np.uint8), np.array([2, 1], np.uint8)
print("200 * 2 and 100 * 1 =", bright * weights)
print("stored back as uint8: -3 becomes", np.array([-3]).astype(np.uint8)[0])

# %% [markdown]
# Whole numbers of eight bits wrap around at 256, without an error (single ones, as in a loop, at least with a warning).
# The answer of an edge kernel is often negative, so it cannot even be stored in the picture's own type. Hence: floats
# first.
#
# (If the kernel's type is wider, NumPy takes the wider one and all goes well; until somebody saves a kernel as a
# picture.) Second, the `if`. What does the loop give when the kernel is longer than the row by one?

# %%
short, long = np.array([3, 5]), np.array([1, 1, 1])
print([np.sum(short[j:j + 3] * long) for j in range(len(short) - len(long) + 1)])

# %% [markdown]
# An empty list, and again no error. (Longer still, and `np.zeros` happens to complain, about a negative size.) A
# program that goes on computes with nothing and may well print a diagnosis at the end. Better a loud `ValueError` that
# names both lengths.

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
for j in range(3):
    window = patch[0:3, j:j + 3]
    print("columns", j, "to", j + 2, "->", np.sum(window * edge))

# %% [markdown]
# The third number is small: there the nucleus fills the window, and left and right are nearly alike. All answers
# together form a *map*, a picture again:
#
# $$y_{ij} = \sum_{u=0}^{k_h - 1} \sum_{v=0}^{k_w - 1} k_{uv} \, x_{i+u,\, j+v}$$
#
# $i$ and $j$ say where the window lies, $u$ and $v$ run over the weights. This is called *cross-correlation*; deep
# learning says *convolution* and means the same (section 3 says what the difference is). Here are three moments of the
# walk over a slightly larger picture.

# %%
from course.widgets.lesson_04 import stacked, stepping_picture

field = np.array([[0, 0, 1, 7, 8, 8],
                  [0, 1, 6, 8, 9, 8],
                  [0, 2, 8, 9, 8, 9],
                  [1, 0, 7, 8, 9, 8],
                  [0, 1, 2, 8, 8, 7],
                  [0, 0, 1, 2, 7, 8]])
moments = [(1, 1, 0), (3, 2, 0), (6, 1, 1)]  # number of the place, stride, padding
stacked([stepping_picture(field, edge, *moment, roomy=False) for moment in moments])

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

from course.widgets.panel import Panel

kernels = {"left to right": edge, "top to bottom": edge.T, "sum": np.ones((3, 3), int),
           "Laplacian": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])}

def walk(step, stride, padding, kernel):
    return stepping_picture(field, kernels[kernel], step, stride, padding)

Panel(walk, "A window walks over 6 x 6 numbers; below, the products that give the framed number.",
      step=ipywidgets.IntSlider(1, 1, 64), stride=ipywidgets.IntSlider(1, 1, 3),
      padding=ipywidgets.IntSlider(0, 0, 2), kernel=list(kernels))

# %% [markdown]
# **Try.**
# 1. Set `step` to 64 and change stride and padding: note the size of the map for each pair. With padding 1 and stride
#    3, which row and which column of the picture are never looked at?
# 2. With padding 1 and stride 1 go to place 6. Where does its large negative number come from?
#
# **Question.** Which padding keeps a 6 x 6 picture 6 x 6 when the kernel is 3 x 3 and the stride 1?
# <details><summary>Answer</summary>
#
# Padding 1. The window loses two places in each direction, and one zero on either side gives them back. A kernel of
# side $k$ (odd) needs $(k - 1) / 2$. The large negative number at place 6 is an edge that is not in the picture: it
# lies between the last pixels and our own zeros. (With stride 3 it is the last row and the last column that are left
# out.)
# </details>
#
# **How large is the map?** Count along one direction. A line of $n$ pixels with $p$ zeros on either side, a window of
# $k$ pixels, a stride of $s$ pixels. Some counts, made by listing every place:

# %%
for n, k, p, s in [(5, 3, 0, 1), (5, 3, 1, 1), (7, 3, 0, 2), (8, 3, 0, 2), (9, 3, 0, 2), (2, 3, 0, 1)]:
    starts = [start for start in range(0, n + 2 * p, s) if start + k <= n + 2 * p]
    print(f"n = {n}, k = {k}, p = {p}, s = {s}: places begin at {starts}, so {len(starts)}")

# %% [markdown]
# ### Exercise 4.1 - how large is the map?
#
# A window that would hang over the edge is not counted, and a window larger than its line has no place at all. Find
# the rule that gives the count without listing the places.

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
# `out = np.zeros((h - kh + 1, w - kw + 1))`, then two `for` lines, then
# `out[i, j] = np.sum(image[i:i + kh, j:j + kw] * kernel)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `correlate(patch, edge)` has shape (2, 3); its upper left number is 31, as worked out by hand.
# </details>
#
# **A formula to distrust.** In teaching texts you may meet $y_{ij} = \sum_v w_{iv}\, x_{j+v-i}$. It looks like ours.
# Test it on a picture with a kernel that has one row of ones and two rows of zeros:

# %%
ones_on_top = np.array([[1, 1, 1], [0, 0, 0], [0, 0, 0]])
line = np.arange(8)  # the formula's x has a single index
formula = [[int(sum(ones_on_top[i, v] * line[j + v - i] for v in range(3))) for j in range(2, 6)] for i in range(3)]
print("the formula:", formula)

# %% [markdown]
# Its first row answers, the others are 0: the row of the *answer* picks the row of the *kernel*, and each slides along
# the same single line. A picture's second row never comes in. In a 2-D convolution every place uses all nine weights;
# $u$ and $v$ are both summed, $i$ and $j$ both move the window.

# %% [markdown]
# ## 3. Ask a library: to flip or not to flip
#
# From here on the page uses the course's `conv2d`, so an open exercise costs you nothing.

# %%
from course.nn import conv2d

print(conv2d(patch.astype(float), edge))

# %% [markdown]
# Does it agree with a library that the world trusts? SciPy offers two functions. **Predict which one agrees with the
# numbers from the paper.**

# %%
from scipy.signal import convolve2d, correlate2d

print("correlate2d", correlate2d(patch, edge, mode="valid")[0])
print("convolve2d ", convolve2d(patch, edge, mode="valid")[0])

# %% [markdown]
# The mathematician's *convolution* turns the kernel by half a turn before it is laid on. That makes no edge detector
# better or worse; it makes algebra neater (picture and kernel may then change places). Networks leave out the turn:
# whether a weight is learnt here or in the opposite corner makes no difference to them. Say the rule as code:

# %%
turned = edge[::-1, ::-1]
assert np.array_equal(convolve2d(patch, edge, mode="valid"), correlate2d(patch, turned, mode="valid"))
blur = np.ones((3, 3)) / 9
print("a blur, turned, is itself:", np.array_equal(blur, blur[::-1, ::-1]))

# %% [markdown]
# So a symmetric kernel cannot tell the two apart. Whoever tests a convolution with a blur alone has not tested it: the
# first real kernel comes out with its signs reversed or its parts swapped. Test with nine *different* numbers.

# %% [markdown]
# ## 4. Mind the border, choose the stride
#
# The map is smaller than the picture, and pixels at the border count less often: a corner pixel lies under one place of
# a 3 x 3 window, a pixel two or more from the border under nine. What lies at the edge of the field gets less
# attention. Padding helps. In one direction:

# %%
padded = np.pad(row, (1, 1))
print(row, "becomes", padded)
print("answers:", correlate_row(padded, kernel))

# %% [markdown]
# `np.pad(row, (before, after))` lays zeros before and after. Five pixels, five answers. The last answer is new, strong
# and false: it is the step from the picture down to our own zeros.
#
# ### Exercise 4.3 - keep the size
#
# In two directions `np.pad` takes two pairs: `((above, below), (left, right))`. Write the function that pads with as
# many zeros as keep the size, for any kernel with odd sides, square or not. `conv2d` may do the sliding.

# %%
# Exercise 4.3 - a map as large as the picture
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
from course.data.cytology import draw

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
# Keras, the library with which [lesson 14](14_breast_cancer_cnn.ipynb) builds its network, calls the padded form
# `padding="same"` and the other `padding="valid"`. The ground is not 0 but about 0.2, times $1 + 2 + 1$: the step from
# ground to zeros is an edge that no patient has. A network can learn from such a frame where the border is: sometimes
# useful, and sometimes a shortcut to be suspicious of.
#
# The *stride* thins the places out. Is a stride of 2 the same as computing everything and keeping every second answer?

# %%
everything = conv2d(stain, edge)
thinned = conv2d(stain, edge, strides=2)
print(everything.shape, thinned.shape, np.array_equal(everything[::2, ::2], thinned))

# %% [markdown]
# It is, without padding, at a quarter of the work. (With "same" it need not be: Keras counts its zeros anew for each
# stride, and an odd one goes to the right and below. So it does with an even kernel.) It is *not* the same as thinning
# the picture first: then the window would look at pixels that lie two apart.

# %% [markdown]
# ## 5. See what nine numbers can see
#
# One nucleus, cut out of the field, and five kernels (`edge.T` is Sobel's kernel with rows and columns exchanged).
# From here on a larger number is drawn lighter, so a stained nucleus looks *white*. **Predict for each:** what becomes
# of the even ground, of the outline, of the texture inside?

# %%
from course.plots import show_pictures

nucleus = stain[82:130, 51:99]
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
# ground gives 0, however dark it is: they see *change* and nothing else. The Laplacian compares each pixel with its
# four neighbours. It needs no direction, and it pays for that: measured by its rim, its grain is more than twice as
# loud as Sobel's.
#
# Two edges at right angles make the outline complete. The square root of the sum of their squares (`np.hypot`) is the
# steepness, whatever the direction; divided by 8, since Sobel's weights make 8 of a slope of 1 a pixel. How much
# steeper is it at the rim of the nucleus than inside and outside? The drawing itself tells which pixels are nucleus,
# `draw_mask`.

# %%
from scipy.ndimage import binary_dilation, binary_erosion

from course.data.cytology import draw_mask

inside = draw_mask(186)[83:129, 52:98] > 0
rim = binary_dilation(inside, iterations=1) & ~binary_erosion(inside, iterations=1)
middle, far = binary_erosion(inside, iterations=3), ~binary_dilation(inside, iterations=4)

# %% [markdown]
# `binary_dilation` and `binary_erosion` let a region grow or shrink by so many pixels; `& ~` reads "and not". The rim
# is what lies between.

# %%
steepness = np.hypot(views["left to right"], views["top to bottom"]) / 8
for name, place in {"rim": rim, "inside": middle, "outside": far}.items():
    print(f"mean change of stain a pixel, {name:7}: {steepness[place].mean():.3f}")

# %% [markdown]
# Two kernels that know nothing of cells tell the rim from what lies outside, and from the inside too, though its
# texture answers as well. (The slices begin one pixel later than those of `nucleus`, since the map lost a pixel on each
# side: a place in the map belongs to the *middle* of its window. Forget it, and every outline you draw is off by one
# pixel.)
#
# ### Experiment: what can nine numbers see?
#
# *Figure: the panel below shows the nucleus on the left and its map on the right; below them, what the nine numbers add
# up to and which values are black and white. The nine sliders lie as the kernel does.*

# %%
from course.widgets.lesson_04 import PLACES, as_square, nine_sliders, seen_by


def look(**numbers):
    return seen_by(nucleus, np.reshape([numbers[place] for place in PLACES], (3, 3)))

as_square(Panel(look, "Left: a nucleus. Right: what the kernel of the nine sliders makes of it.",
                **nine_sliders(edge)))

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
# They must add up to 1, or the ground changes, and the neighbours must be subtracted: 5 in the middle, -1 at top,
# left, right and bottom, 0 in the corners. That is the picture minus its Laplacian. (The half kernel of the first try
# adds up to -4: it shows the picture blurred, as a negative; no change any more.) A single 1 in the middle leaves the
# picture as it is; a single 1 on the right moves it one pixel to the *left*, since each place shows its right
# neighbour. Sharpening sharpens the grain as well:
# nothing is added that was not there, and a radiologist who sharpens a picture sees no new facts.
# </details>

# %% [markdown]
# ## 6. Colours in, many maps out
#
# A colour picture has three numbers a pixel, its *channels*: shape $(h, w, c)$ with $c = 3$. Then a kernel has three
# weights for each of its pixels. Begin with the smallest, $1 \times 1$: one pixel, three weights.

# %%
pixel_of_nucleus, pixel_of_ground = rgb[106, 75].astype(float), rgb[20, 20].astype(float)
blue_minus_red = np.array([-1, 0, 1])
print("nucleus", pixel_of_nucleus, "->", np.sum(pixel_of_nucleus * blue_minus_red))
print("ground ", pixel_of_ground, "->", np.sum(pixel_of_ground * blue_minus_red))

# %% [markdown]
# A kernel without any neighbours already sees something: colour. In general one kernel has the shape $(k_h, k_w, c)$
# and adds up *everything* under it, all channels included; it gives **one** map. To ask $d$ questions, take $d$
# kernels, and stack their maps as the channels of the result. All kernels together are one array of shape
# $(k_h, k_w, c, d)$:
#
# $$y_{ijf} = \sum_{u} \sum_{v} \sum_{c'} k_{uvc'f} \, x_{i+u,\, j+v,\, c'}$$
#
# where $c'$ runs over the channels that go in and $f$ over the maps that come out. (Layers also add one number to each
# map, its *bias*.) So channels in the middle of a network are not colours any more: each is an answer.
#
# **Break it on purpose.** What happens if your 3 x 3 edge kernel meets a *colour* picture, with the two loops as they
# are? **Predict:** an error?

# %%
colour = rgb.astype(float)
places = range(len(colour) - 2)
surprise = np.array([[np.sum(colour[i:i + 3, j:j + 3] * edge) for j in places] for i in places])
sum_of_edges = sum(conv2d(colour[..., channel], edge) for channel in range(3))
show_pictures([surprise, sum_of_edges], titles=["the surprise", "the edges of all channels"], columns=2, size=3.2)

# %% [markdown]
# *Figure: two grey maps of the same field. Left: whole nuclei, bright and filled, on black ground, like a clean
# segmentation. Right: nuclei in relief on even grey, their left outlines dark and their right ones light: these numbers
# are light, not stain, so the signs are the reverse of section 5.*
#
# No error. Worse: the wrong map is the prettier one. But it shows no edges. A patch has the shape (3, 3, 3), the
# kernel (3, 3), and NumPy lines shapes up *from the right*: the kernel's columns -1, 0, 1 were laid along red, green,
# blue, and its rows along the columns of the patch. What came out is a smoothed "blue minus red":

# %%
blue_less_red = colour[..., 2] - colour[..., 0]
one_two_one = np.array([[1, 2, 1], [1, 2, 1], [1, 2, 1]])
print(np.allclose(surprise, conv2d(blue_less_red, one_two_one)))

# %% [markdown]
# A colour filter, called edges. Would a 5 x 5 kernel do the same?

# %%
try:
    colour[0:5, 0:5] * np.ones((5, 5))
except ValueError as error:
    print(error)

# %% [markdown]
# Now NumPy refuses. The mistake is silent only because 3 = 3: as many columns in the kernel as colours
# in the picture, the most common case there is. And it would look like a success, until another laboratory stains in
# other colours.
#
# ### Exercise 4.4 - channels in, channels out
#
# Write it with loops: colour or any number of channels in, $d$ maps out. A picture whose channels are not as many as
# the kernel's must raise a `ValueError`: a single channel would be stretched over three without a word.

# %%
# Exercise 4.4 - cross-correlate with channels
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
# ## 7. Make it one matrix product
#
# The loops are right and slow: Python starts anew at every place. Look at what they do. Each window is unrolled into a
# line of numbers and multiplied with the same unrolled kernel. That is what a *matrix product* does: `lines @ k`
# multiplies each line with `k`, number by number, and adds up, one answer a line; `lines @ K` does it for each column
# of `K`. NumPy can show all windows at once, without copying a number.

# %%
from numpy.lib.stride_tricks import sliding_window_view

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
# Now with channels, many kernels and a stride. It is the hardest of this page; take its hints. (The check compares
# with Keras, which takes some seconds to load.)

# %%
# Exercise 4.5 - convolution as one matrix product
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
# `lines = np.moveaxis(windows[::stride, ::stride], 2, -1).reshape(rows * columns, -1)`, then
# `(lines @ kernel.reshape(-1, d)).reshape(rows, columns, d)`. Floats first, as always.
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

# %% [markdown]
# ## 8. Compare with the libraries, to the last digit that counts
#
# One comparison on a friendly example proves little. `largest_difference` takes two random pictures of 13 x 10 with
# three channels and four kernels of 3 x 5, and asks Keras; at stride 1 it asks SciPy as well.
#
# How close is close enough? Numbers on a computer are rounded: `float32` keeps about 7 digits, `float64` about 16. The
# libraries add the products up in another order than we do, so the last digits may differ, and nothing more.

# %%
from course.widgets.lesson_04 import largest_difference

settings = [("valid", 1), ("valid", 2), ("same", 1), ("same", 2), ("same", 3)]
for dtype, limit in {"float32": 1e-5, "float64": 1e-12}.items():
    assert all(largest_difference(dtype, padding, strides) <= limit for padding, strides in settings)
    print(f"{dtype}: five settings within {limit} of Keras, the two of stride 1 of SciPy too")

# %% [markdown]
# Why not exactly equal? Because on a computer even the order of a sum matters:

# %%
print((0.1 + 0.2) + 0.3 == 0.1 + (0.2 + 0.3))

# %% [markdown]
# So never test floats with `==`; test how far apart they are, and say how far they may be.

# %% [markdown]
# ## 9. Let the kernel be learnt
#
# Until now we chose the nine numbers. A network starts with random ones and corrects them on examples. Hide Sobel's
# kernel, give only examples: a picture and the map that is wanted. Can the nine numbers be found?
#
# Start with zeros. At each place compare the answer with the wanted number: *error = answer - wanted*. If the answer is
# too large and a pixel under the window is positive, lower the weight on that pixel: by more, the larger the error and
# the pixel. (Is the pixel negative, raise it.) Average this over all places, take a small part of it (the *learning
# rate*), repeat. (Below, `lines.T @ error` adds up, for each of the nine weights, pixel times error over all places.)

# %%
def learn(lines, wanted, steps, rate):
    """Learn from windows (places, 9) and wanted answers (places,): weights (9,), errors."""
    weights, history = np.zeros(lines.shape[1]), []
    for _ in range(steps):
        error = lines @ weights - wanted
        weights -= rate * lines.T @ error / len(error)
        history.append(np.mean(error**2))
    return weights, history

# %% [markdown]
# [Lesson 07](07_backpropagation.ipynb) derives this rule and calls it gradient descent. For now let it convince you
# by what it does. The example is a picture of random numbers, which holds every pattern a little.

# %%
def unrolled(picture):
    return sliding_window_view(picture, (3, 3)).reshape(-1, 9)

noise = unrolled(np.random.default_rng(7).normal(size=(20, 20)))

# %% [markdown]
# **Predict:** after how many steps do you recognise Sobel?

# %%
for steps in (1, 3, 30):
    weights, history = learn(noise, noise @ edge.ravel(), steps, rate=0.5)
    print(f"after {steps} steps\n{weights.reshape(3, 3).round(1) + 0.0}")

# %% [markdown]
# It found the kernel that we hid, from examples alone. Nobody told it what an edge is.
#
# **Break it, first way: large steps.** Each step overshoots, the next corrects too much, and so on.

# %%
for rate in (0.01, 0.1, 0.5, 3.0):
    _, history = learn(noise, noise @ edge.ravel(), 30, rate)
    print(f"rate {rate}: mean squared error, first {history[0]:.1f}, last {history[-1]:.0e}")

# %% [markdown]
# There is a border between "faster" and "never", and it depends on the data. An error that grows is the sign of it.
#
# **Break it, second way: poor examples.** Learn from a picture of vertical stripes, where all rows are alike. The error
# falls to nothing. **Predict:** is it Sobel?

# %%
stripes = unrolled(np.tile(np.random.default_rng(8).normal(size=20), (20, 1)))
weights, history = learn(stripes, stripes @ edge.ravel(), 100, rate=0.1)
elsewhere = np.mean((noise @ weights - noise @ edge.ravel()) ** 2)
print(weights.reshape(3, 3).round(2) + 0.0)
print(f"error on stripes {history[-1]:.3f}, on another picture {elsewhere:.1f}")

# %% [markdown]
# Perfect on what it has seen, and another kernel. In stripes the three rows of a window are always equal, so nothing
# in the examples says how the weight is shared among the rows. Begun with zeros, it was shared evenly. **A network
# learns what its examples distinguish, and nothing else.** The error on the training pictures cannot tell you; another
# picture can.
#
# **Now a question whose answer nobody knows.** Which kernel finds *nucleus*? For drawn cells the truth of each pixel is
# known. Take colour windows of 5 x 5, with a 1 behind the 75 numbers for the bias, and look for the 76 weights with the
# least squared error. For so few weights there is a direct way, `np.linalg.lstsq`, where our rule would take long.

# %%
def examples(case, stride):
    """Return colour windows with a 1 behind, (places, 76), and: is the middle pixel nucleus?"""
    windows = sliding_window_view(draw(case) / 255, (5, 5), axis=(0, 1))[::stride, ::stride]
    truth = draw_mask(case)[2:-2:stride, 2:-2:stride] > 0
    lines = windows.reshape(-1, 75)
    return np.column_stack([lines, np.ones(len(lines))]), truth.ravel()

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
# stripes again, in a laboratory coat, and one reason why a model that shines in one hospital may fail in the next.
# (Here we made the stain vary, as it does between laboratories.)

# %%
found = [(examples(324, 1)[0] @ weights).reshape(146, 146) > 0.5 for weights in (one, dozen)]
show_pictures([draw(324)[2:-2, 2:-2], *found], titles=["patient 324", "from one patient", "from twelve"],
              columns=3, size=2.6)

# %% [markdown]
# *Figure: left, patient 324: fifteen blue nuclei in pale blue cytoplasm on beige ground. Middle, what the kernel learnt
# from one patient calls nucleus, in white: swollen blots that take in cytoplasm, some run together. Right, what the
# kernel from twelve patients calls nucleus: mostly separate spots of the nuclei's size and shape.*
#
# A single kernel with one threshold is the smallest network there is. What comes next makes it strong: many kernels,
# maps on which further kernels look, and something between them that is not a sum ([lesson 06](06_forward_pass.ipynb)).

# %% [markdown]
# ## Traps
#
# - **The silent colour kernel.** *Symptom*: a 3 x 3 kernel on an RGB picture gives a map without edges, perhaps a
#   pretty one. *Cure*: print the shapes before you multiply; refuse channels that do not match.
# - **The flip.** *Symptom*: edges with the wrong sign, and a test with a blur passes. *Cure*: test with nine different
#   numbers, against `correlate2d`.
# - **uint8.** *Symptom*: bright specks or dark holes where sums pass 255 or fall below 0. *Cure*: floats first; store
#   the map as floats.
# - **Off by one.** *Symptom*: the last row is missing, or is all zeros. *Cure*: $n - k + 1$ places; try a kernel as
#   large as the picture, which must give one number.
# - **The empty map.** *Symptom*: `[]`, or a mean that is `nan`. *Cure*: raise an error when the kernel does not fit.
#   (SciPy's `correlate2d` lets the picture and the kernel change places when only that way fits, and says nothing.)
# - **The flat list.** *Symptom*: the right numbers with shape (6,), and the next layer cannot read them. *Cure*: fill
#   an array that has the map's shape.
# - **The one-directional formula.** *Symptom*: as many rows in the map as in the kernel. *Cure*: both $u$ and $v$ are
#   summed; $i$ and $j$ move the window.
# - **The wrong order.** *Symptom*: right shape, wrong numbers, after a `reshape`. *Cure*: bring the axes into the same
#   order before unrolling, and compare with the loops.
# - **The false frame.** *Symptom*: strong answers along the border. *Cure*: a zero is a value like any other, not
#   "nothing"; look at the border of your maps.

# %% [markdown]
# ## Recap
#
# A kernel asks one small question at every place of a picture, and the answers form a map of
# $\lfloor (n + 2p - k) / s \rfloor + 1$ places in each direction. With channels, one kernel adds up everything under it
# and gives one map; $d$ kernels give $d$. Loops, one matrix product, SciPy and Keras agree to the last digit that
# counts, if nobody flips, wraps around or lines shapes up by accident. Kernels can be learnt from examples, and they
# learn what the examples distinguish, the stain included.

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
#
# **4. Testing.** A colleague's convolution agrees with SciPy's on a blur, on many pictures. What do you ask for?
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
# **5. Learning.** A kernel is learnt from one patient until the error on her picture is tiny. What follows?
#
# - (a) It has learnt what a nucleus is.
# - (b) It answers well on her picture.
# - (c) The learning rate was too large.
#
# <details><summary>Answer</summary>
#
# (b), and no more. Whatever is constant in her picture, such as the stain, the examples cannot separate from what makes
# a nucleus. (a) needs other patients. (c) would have shown as an error that grows.
# </details>

# %% [markdown]
# ## Sources
#
# - V. Dumoulin, F. Visin. A guide to convolution arithmetic for deep learning. 2016.
#   [arXiv 1603.07285](https://arxiv.org/abs/1603.07285). Sizes, strides, padding, drawn step by step.
# - Y. LeCun, B. Boser, J. S. Denker, D. Henderson, R. E. Howard, W. Hubbard, L. D. Jackel. Backpropagation applied to
#   handwritten zip code recognition. *Neural Computation* 1(4), pages 541 to 551, 1989. Kernels that are learnt.
# - K. Chellapilla, S. Puri, P. Simard. High performance convolutional neural networks for document processing. *Tenth
#   International Workshop on Frontiers in Handwriting Recognition*, 2006.
#   [inria-00112631](https://hal.inria.fr/inria-00112631). Unrolled windows and one matrix product.
# - R. O. Duda, P. E. Hart. *Pattern Classification and Scene Analysis*. Wiley, 1973, pages 271 to 272. The kernel of
#   Sobel and Feldman, shown in a talk in 1968, first described in print.
# - P. Virtanen and others. SciPy 1.0: fundamental algorithms for scientific computing in Python. *Nature Methods* 17,
#   pages 261 to 272, 2020. `correlate2d`.

# %% [markdown]
# ## Next
#
# [Lesson 05](05_pooling.ipynb) shrinks the maps by pooling and shows what that costs. [Lesson 14, the breast cancer
# system](14_breast_cancer_cnn.ipynb), stacks four of these convolutions; you now know what each of them computes.
