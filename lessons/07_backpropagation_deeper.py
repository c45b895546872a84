# %% [markdown]
# # Derive the convolution's gradients, and test what a check can see
#
# A wrong gradient seldom crashes: the network learns less, and a diagnosis suffers without a sign. Here you derive the
# one gradient that is easiest to get wrong, and plant faults to learn which of them a check finds.
#
# ## What you will do
# - Give each number of a kernel the slope it has earned (exercise 7.4).
# - Hand the slopes on to the picture (exercise 7.5).
# - Choose the step of a measured slope, and say when a check cries wolf and when it sleeps (quiz).
#
# **What you need.** [Both](07_backpropagation.ipynb) [pages](07_backpropagation_layers.ipynb) of this lesson.
#
# **How long.** About 70 minutes. A good place for a pause is after section 1.

# %% [markdown]
# ## 1. Back through a convolution
#
# A row and a kernel of three numbers, $y_j = \sum_v k_v \, x_{j+v}$, with slopes $g_j$ that arrive at the three
# answers. The core page found the gradient by the kernel, $\frac{\partial L}{\partial k_v} = \sum_j g_j \, x_{j+v}$:
# the correlation of the input with the gradient.

# %%
import numpy as np

row, kernel = np.array([0.0, 1, 8, 9, 8]), np.array([-1.0, 0, 1])
grad = np.array([1.0, 0, 2])

# %% [markdown]
# **By the input.** Follow the other end. Answer $j$ had looked at three pixels, with the weights -1, 0, 1. It hands
# $g_j$ back along the same three paths: $g_0 = 1$ gives $-1, 0, 1$ to the first three pixels, $g_2 = 2$ gives
# $-2, 0, 2$ to the last three. Where they meet, they add up:

# %%
d_row = np.zeros(5)
for j in range(3):
    d_row[j:j + 3] += grad[j] * kernel
print(d_row)

# %% [markdown]
# Now the same seen from a pixel. Pixel 2 was met by $k_2$ on the way to $y_0$, by $k_1$ to $y_1$, by $k_0$ to $y_2$: as
# the place goes up, the weight goes *down*.
#
# $$\frac{\partial L}{\partial x_i} = \sum_v k_v \, g_{i-v}$$
#
# ($g$ counts as 0 outside its places.) To slide the kernel over the gradients it must lie the other way round. And a
# pixel at the end was met by one weight only, as if zeros lay beyond: $n_k - 1$ of them on either side, $n_k$ being the
# kernel's length. That is called a *full* correlation: even where a single number is shared, it counts as a place.
# **Predict** which of the two lines repeats the numbers above.

# %%
padded = np.pad(grad, 2)
print("kernel as it is:", np.correlate(padded, kernel))
print("kernel turned:  ", np.correlate(padded, kernel[::-1]))

# %% [markdown]
# **The gradient by the input is the full correlation of the gradient with the kernel turned round.** Forgetting the
# turn gives, for this kernel, every sign wrong: descent becomes ascent. Would a blur notice?

# %%
blur = np.array([1.0, 2, 1]) / 4
print(np.array_equal(np.correlate(padded, blur), np.correlate(padded, blur[::-1])))

# %% [markdown]
# It would not: test with a kernel that has no symmetry.
#
# ### Exercise 7.4 - the kernel's gradient
#
# Two directions, $c$ channels in, $d$ maps out, stride 1, no padding. Ask of each number `kernel[u, v, ch, f]`: which
# pixels did it meet, and in which map did the result land?

# %%
# Exercise 7.4 - what each number of the kernel has met, times what came of it
import numpy as np

from course.checks import check


def conv_kernel_gradient(grad, x):
    """Return the gradient by the kernel: float, (kh, kw, c, d).

    grad (rows, columns, d): the loss's gradient by the maps; x (h, w, c): the picture. rows = h - kh + 1.
    """
    ### BEGIN SOLUTION
    (rows, columns, d), (h, w, c) = grad.shape, x.shape
    d_kernel = np.zeros((h - rows + 1, w - columns + 1, c, d))
    for u, v, ch, f in np.ndindex(d_kernel.shape):
        d_kernel[u, v, ch, f] = np.sum(x[u:u + rows, v:v + columns, ch] * grad[..., f])
    return d_kernel
    ### END SOLUTION

check("7.4", conv_kernel_gradient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# In one direction the kernel's gradient had `len(row) - len(grad) + 1` numbers. What are $k_h$ and $k_w$ here?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Weight `[u, v, ch, f]` met, at the place `i`, `j`, the pixel `x[i + u, j + v, ch]`, and helped to make map `f`. All
# its places together are a slice of `x` as large as a map.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for u, v, ch, f in np.ndindex(d_kernel.shape):` and below it
# `d_kernel[u, v, ch, f] = np.sum(x[u:u + rows, ...] * grad[..., f])`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `conv_kernel_gradient(grad.reshape(1, 3, 1), row.reshape(1, 5, 1)).ravel()` is 16, 19, 24.
# </details>
#
# ### Exercise 7.5 - the picture's gradient
#
# The same for the other end, again in two directions, with $c$ channels in and $d$ maps out. What becomes of padding
# and turning, and what of the kernel's last two axes? `conv2d` may slide; it wants pictures `(n, h, w, channels)`, so
# give it `[None]` and take `[0]`. Any right answer counts: handing back place by place with `+=` is one.

# %%
# Exercise 7.5 - each pixel collects from all windows in which it lay
import numpy as np

from course.checks import check
from course.nn import conv2d


def conv_input_gradient(grad, kernel):
    """Return the gradient by the picture: float, (rows + kh - 1, columns + kw - 1, c).

    grad (rows, columns, d): the loss's gradient by the maps; kernel (kh, kw, c, d).
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape[:2]
    padded = np.pad(grad.astype(float), ((kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    turned = kernel[::-1, ::-1].swapaxes(2, 3)
    return conv2d(padded[None], turned)[0]
    ### END SOLUTION

check("7.5", conv_input_gradient)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which shape has the kernel that reads $d$ maps and makes $c$ channels?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Pad `grad` with $k_h - 1$ zeros above and below and $k_w - 1$ left and right, none for the channels. Turn rows and
# columns of the kernel, swap its last two axes, slide.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `padded = np.pad(grad, ((kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))`,
# `turned = kernel[::-1, ::-1].swapaxes(2, 3)`, `conv2d(padded[None], turned)[0]`.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# With a 1 x 1 gradient that holds a single 1, and one map, the result is the kernel itself.
# </details>

# %% [markdown]
# ## 2. Trust nothing: check the gradient
#
# Compare with the slow and honest way, measured slopes. Two questions first: how small a step, and how close is close?
#
# Take a neuron with the score $z = 2 w_1 - 2$ and a malignant tumour, at twenty values of $w_1$. Its slope by $w_1$ is
# $(p - y) \cdot 2$, exactly. Measure it with steps from $10^{-1}$ to $10^{-12}$, with 16 digits (`float64`) and with 7
# (`float32`), and take the mean error. **Predict the best step.**

# %%
from course.nn import sigmoid

twenty = np.linspace(0.5, 1.5, 20)

def neuron_loss(w1):
    return np.log(1 + np.exp(-(2 * w1 - 2)))

def error_of_slope(h, kind):
    w1, h = twenty.astype(kind), kind(h)
    measured = (neuron_loss(w1 + h) - neuron_loss(w1 - h)) / (2 * h)
    return np.mean(np.abs(measured - 2 * (sigmoid(2 * twenty - 2) - 1)))

steps = 10.0 ** -np.arange(1, 13)
errors = {kind.__name__: [error_of_slope(h, kind) for h in steps] for kind in (np.float64, np.float32)}

# %% [markdown]
# As a picture, both axes in powers of ten:

# %%
from course.plots import new_figure, use_style

use_style()
figure = new_figure(7.5, 3.4)
axes = figure.subplots()
for (name, values), marker in zip(errors.items(), "os", strict=True):
    axes.loglog(steps, values, marker=marker, label=name)
axes.set(xlabel="step h", ylabel="mean error of the slope")
axes.legend()
figure

# %% [markdown]
# *Figure: two curves shaped roughly like a V, the step h on the horizontal axis, the mean error of the slope on the
# vertical one, both in powers of ten. With float64 the error falls with the square of h, is smallest for steps of a
# hundred-thousandth to a millionth, and then rises again as h shrinks further. With float32 the error is smallest for a
# step of one hundredth; with smaller steps the curve lies far above the other, and from a ten-millionth on the slope is
# worthless.*

# %% [markdown]
# Two faults fight. Too large a step, and the curve bends under it: a tenth of the step, a hundredth of the error, so
# it goes with $h^2$. Too small a step, and two nearly equal losses are subtracted: their last digits are rounded, by
# about $10^{-16}$ in `float64`, and that is divided by $2h$. (In `float32` a step of $10^{-8}$ is lost altogether.)
# So: **check in `float64`, with $h$ around $10^{-5}$ or $10^{-6}$.** For this function $10^{-5}$ is the better of the
# two; we take $10^{-6}$ below, where an error near $10^{-10}$ is far less than mistakes make, because a shorter step
# jumps over fewer kinks. Which brings us to them.
#
# **Where the check cries wolf.** A score of $4 \cdot 10^{-7}$, right in front of ReLU's kink:

# %%
from course.nn import relu


def slope(f, w, h=1e-6):
    """Return the measured slope of f at w: the central difference with step h."""
    return (f(w + h) - f(w - h)) / (2 * h)

print(f"ReLU at 4e-7: measured with h = 1e-6 {slope(relu, 4e-7):.2f}, with h = 1e-8 {slope(relu, 4e-7, 1e-8):.2f}")

# %% [markdown]
# The slope is 1 and the measurement says 0.7: its left foot stands beyond the kink. Nothing is wrong with the
# gradient. Likewise max pooling at a tie: to one side the first wins, to the other the second, and the difference
# measures across both. So: **skip a coordinate when the step switches a ReLU or a winner**, and count how many were
# skipped. First the core page's network, forward and back.

# %%
from course.nn import conv2d_gradients, max_pool2d, max_pool2d_gradient


def forward(x, kernel, weights):
    """Return everything on the way from pictures (n, h, w, c) to scores (n, 1), for the way back."""
    scores = conv2d(x, kernel)
    maps = relu(scores)
    pooled = max_pool2d(maps, 2)
    flat = pooled.reshape(len(x), -1)
    return scores, maps, pooled, flat, flat @ weights

# %% [markdown]
# And the way back:

# %%
def backward(x, y, kernel, weights):
    """Return the loss's gradients by z, weights, pooled, maps, scores, kernel and x: arrays in their shapes."""
    scores, maps, pooled, flat, z = forward(x, kernel, weights)
    d_z = (sigmoid(z) - y) / len(z)
    d_flat, d_weights = d_z @ weights.T, flat.T @ d_z
    d_pooled = d_flat.reshape(pooled.shape)
    d_maps = max_pool2d_gradient(d_pooled, maps, 2)
    d_scores = d_maps * (scores > 0)
    d_x, d_kernel, _ = conv2d_gradients(d_scores, x, kernel)
    return {"z": d_z, "weights": d_weights, "pooled": d_pooled, "maps": d_maps, "scores": d_scores,
            "kernel": d_kernel, "x": d_x}

# %% [markdown]
# `to_all` hands a window's number to all four of its places:

# %%
def to_all(pooled):
    return pooled.repeat(2, axis=1).repeat(2, axis=2)

# %% [markdown]
# `pattern` tells which gates are open and which places hold their window's largest number.

# %%
def pattern(x, kernel, weights):
    """Return two arrays of True and False in one: gates that are open, places that win."""
    scores, maps, pooled = forward(x, kernel, weights)[:3]
    return np.stack([scores > 0, maps == to_all(pooled)])

# %% [markdown]
# The check itself measures the slope by each place in turn, and leaves out those where the two patterns differ.

# %%
def check_gradient(f, pattern_of, w, gradient, h=1e-6, skip=True):
    """Return the largest error of gradient, as a share of its largest number, and how many places were skipped."""
    errors, skipped = [], 0
    for place in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[place], down[place] = w[place] + h, w[place] - h
        if skip and not np.array_equal(pattern_of(up), pattern_of(down)):
            skipped += 1
        else:
            errors.append(abs((f(up) - f(down)) / (2 * h) - gradient[place]))
    return max(errors, default=np.nan) / np.abs(gradient).max(), skipped

# %% [markdown]
# A small network on random pictures, four of 12 x 12 with two channels, and three kernels:

# %%
rng = np.random.default_rng(7)
x, y = rng.normal(size=(4, 12, 12, 2)), np.array([[0], [1], [1], [0]])
kernel, weights = rng.normal(size=(3, 3, 2, 3)), 0.1 * rng.normal(size=(75, 1))
back = backward(x, y, kernel, weights)

# %% [markdown]
# Its loss, and its pattern, as functions of the kernel alone. (`np.logaddexp(0, z) - y * z` is the cross-entropy,
# written so that no score overflows.)

# %%
def cross_entropy(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)

def loss_with(kernel):
    return cross_entropy(forward(x, kernel, weights)[-1], y)

# %% [markdown]
# Likewise:

# %%
def pattern_with(kernel):
    return pattern(x, kernel, weights)

# %% [markdown]
# Three steps, each without and with skipping. The kernel has 54 numbers:

# %%
for h in (1e-1, 1e-2, 1e-6):
    plain, _ = check_gradient(loss_with, pattern_with, kernel, back["kernel"], h, skip=False)
    careful, skipped = check_gradient(loss_with, pattern_with, kernel, back["kernel"], h)
    rest = "nothing left to compare" if np.isnan(careful) else f"the rest agree: {careful < 1e-5}"
    print(f"h {h}: all agree to 1e-5: {plain < 1e-5}; {skipped} skipped, {rest}")

# %% [markdown]
# With a step of 0.1 every coordinate crosses a kink: all are skipped. (Had the function begun its list with a 0, it
# would report a perfect gradient. Who skips must count.) With 0.01 half are left, and agree. With $10^{-6}$ no kink is
# near, and the whole gradient agrees. Now let the check earn its bread: plant faults, and see which it finds.

# %%
open_gates, winners = pattern(x, kernel, weights)
spread = to_all(back["pooled"])
suspects = {
    "as it should be": back["kernel"],
    "1/batch missing": back["kernel"] * len(x),
    "kernel's gradient flipped": back["kernel"][::-1, ::-1],
    "ReLU's gate forgotten": conv2d_gradients(back["maps"], x, kernel)[1],
    "all of a window, not its winner": conv2d_gradients(spread * open_gates, x, kernel)[1],
    "full copies to ties": conv2d_gradients(spread * winners * open_gates, x, kernel)[1],
}

# %% [markdown]
# **Predict** which of the five faults are found.

# %%
for name, suspect in suspects.items():
    error, _ = check_gradient(loss_with, pattern_with, kernel, suspect)
    print(f"{name:32}", "passes" if error < 1e-5 else "FAULT" if error > 0.05 else "unclear")

# %% [markdown]
# All but the last, the full copies. Random numbers never tie (and where all of a window are cut to 0, the gates behind
# them are shut), so nothing shows. **There the check sleeps**: the gradient passes, and is wrong on the first picture
# with even ground; skipping ties would hide it there too. For ties the test is another: raise all equals together, and
# let no share be below 0.
#
# And a check sees only what it looks at:

# %%
unturned = np.pad(back["scores"], ((0, 0), (2, 2), (2, 2), (0, 0)))
x_unturned = conv2d(unturned, kernel.swapaxes(2, 3))

# %% [markdown]
# That is the gradient by the pictures with the kernel not turned. Will the check of the *kernel* have noticed?

# %%
def loss_of_pictures(pictures):
    return cross_entropy(forward(pictures, kernel, weights)[-1], y)

for name, suspect in {"turned": back["x"], "not turned": x_unturned}.items():
    error, _ = check_gradient(loss_of_pictures, lambda p: pattern(p, kernel, weights), x, suspect)
    print(f"gradient by the pictures, kernel {name}:", "passes" if error < 1e-5 else "FAULT")

# %% [markdown]
# The unturned kernel spoils the gradient *by the pictures* alone. In a network with a single convolution nothing uses
# that, and a check of the kernel passes. With a second convolution in front, everything before it gets a wrong
# gradient. **No single check is enough**: know what each is blind to.
#
# **And the library?** TensorFlow records every step forward on a *tape* and plays it back. It is the reference of the
# exercises. Here our whole network, in `float32` as networks are trained, five seeds, drawn cells in colour:

# %%
from course.quiet_tensorflow import tf


def tape_gradients(x, y, kernel, weights):
    """Return TensorFlow's gradients of the mean loss by x, kernel and weights."""
    tensors = [tf.constant(array) for array in (x, kernel, weights)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        maps = tf.nn.relu(tf.nn.conv2d(tensors[0], tensors[1], 1, "VALID"))
        flat = tf.reshape(tf.nn.max_pool2d(maps, 2, 2, "VALID"), (len(x), -1))
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, flat @ tensors[2]))
    return [gradient.numpy() for gradient in tape.gradient(loss, tensors)]

# %% [markdown]
# How close is close in `float32`? Seven digits, some lost in long sums: we ask for a ten-thousandth of the largest
# number.

# %%
from course.data.cytology import draw

cells = np.stack([draw(case)[60:91, 60:93] for case in (0, 77, 149, 186)]).astype(np.float32) / 255
truths = np.array([[1], [0], [0], [1]], np.float32)

# %% [markdown]
# Five seeds, three gradients each:

# %%
for seed in range(5):
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=(3, 3, 3, 4)).astype(np.float32)
    weights = 0.02 * rng.normal(size=(14 * 15 * 4, 1)).astype(np.float32)
    ours = backward(cells, truths, kernel, weights)
    theirs = tape_gradients(cells, truths, kernel, weights)
    for name, other in zip(("x", "kernel", "weights"), theirs, strict=True):
        assert ours[name].dtype == np.float32 and np.abs(ours[name] - other).max() <= 1e-4 * np.abs(other).max()
print("five seeds, three gradients each: all within 1e-4 of TensorFlow's, relative to the largest")

# %% [markdown]
# What you wrote is what the library does. It has recorded the same products and sums; there is no further secret in it.

# %% [markdown]
# ## Traps
#
# - **The unturned kernel.** *Symptom*: the last convolution gets right gradients, those before it wrong ones, and
#   training is slower or ends worse. *Cure*: check the gradient by the *pictures* too, with a kernel that has no
#   symmetry.
# - **The overwritten pixel.** *Symptom*: a convolution's gradient is too small. *Cure*: several windows hand back to
#   one pixel: `+=`.
# - **The wolf that was none.** *Symptom*: the check fails at a few places, by about a half. *Cure*: skip where a gate
#   or a winner switches, and say how many.
# - **The check in `float32`.** *Symptom*: every gradient seems a little wrong. *Cure*: `float64` for the check.

# %% [markdown]
# ## Recap
#
# A convolution's gradient by the kernel is a correlation of input and gradient; by the picture it is a full
# correlation with the kernel turned and its last two axes swapped. Measured slopes in `float64` and a library's tape
# check the whole, except where gates and winners switch. Every check is blind to something: ties, or arrays that it
# does not look at.

# %% [markdown]
# ## Quiz
#
# **1. Shapes.** A convolution with 3 x 3 kernels reads 16 channels and makes 32 maps. Which kernel slides over the
# gradients on the way back to the picture?
#
# - (a) (3, 3, 16, 32), as it is
# - (b) (3, 3, 16, 32), turned by half a turn
# - (c) (3, 3, 32, 16), turned by half a turn
#
# <details><summary>Answer</summary>
#
# (c). It reads 32 maps and makes 16 channels, so the last two axes are swapped. The course's `conv2d` refuses (a) and
# (b), because 16 is not 32. TensorFlow does not: 32 is a multiple of 16, so it quietly computes another kind of
# convolution (a *grouped* one), with 32 channels instead of 16. With 16 maps even the shape would be right.
# </details>
#
# **2. Checking.** A gradient passes the check on random numbers, in `float64`, with no place skipped. What follows?
#
# - (a) It is right at these points.
# - (b) It is right on every picture.
# - (c) The network will learn well.
#
# <details><summary>Answer</summary>
#
# (a). Ties, overflow and whatever random numbers never do were not tried, so not (b). (c) is another matter: the right
# gradient with a rate of 100 learns nothing.
# </details>
#
# **3. Skipping.** A check skips every coordinate and reports no error. What does that mean?
#
# - (a) The gradient is right.
# - (b) The step is too large, or too much sits on kinks; nothing was checked.
# - (c) The network has no ReLU.
#
# <details><summary>Answer</summary>
#
# (b). Who skips must count. (a) takes silence for proof. (c) is the reverse: without kinks nothing would be skipped.
# </details>

# %% [markdown]
# ## Sources
#
# - S. Linnainmaa. Taylor expansion of the accumulated rounding error. *BIT* 16, pages 146 to 160, 1976.
#   [doi 10.1007/BF01931367](https://doi.org/10.1007/BF01931367). The way back, ten years earlier, for rounding errors.
# - W. H. Press, S. A. Teukolsky, W. T. Vetterling, B. P. Flannery. *Numerical Recipes*, third edition, Cambridge
#   University Press, 2007, section 5.7. How long a step should be.
# - TensorFlow, [GradientTape](https://www.tensorflow.org/api_docs/python/tf/GradientTape).

# %% [markdown]
# ## Next
#
# [Lesson 08](08_training_by_hand.ipynb) trains a network with these gradients.
# [Lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), leaves the way back to Keras; you now know what it
# does on each of its steps.
