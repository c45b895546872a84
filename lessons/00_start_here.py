# %% [markdown]
# # Start here: see cells the way a computer does
#
# A doctor looks at stained cells and says *benign* (not cancer), *malignant* (cancer), or that it cannot be told from
# them. Before a computer can help with that decision, you must know what it sees: numbers, and nothing else.
#
# ## What you will do
# - Turn a question about a picture into a measurement of its numbers (exercise 0.1).
# - Get an answer wrong on purpose, and read what the checker makes of it (exercise 0.1).
# - Move a threshold, the border between dark and light, and find out why one number is no diagnosis (exercise 0.1).
# - Find out whether you know enough Python and school mathematics to go on (quiz).
#
# **What you need.** Python's basics: variables, loops, functions. No machine learning, no medicine, no internet.
#
# **How long.** About 35 minutes. On every page the minutes are counted from words, code and exercises: a first reader
# may need half as long again, and each page has a good place to stop half-way, after a numbered section.
#
# **What this is not.** Not a medical device, and not medical advice. Nothing built here may be used on a patient.

# %% [markdown]
# ## 1. Guess first
#
# This page is made of text and grey boxes of code. Click into a box and press **Shift + Enter**: the code runs, the
# answer appears below it. Run every box from top to bottom. You cannot break anything. If something is missing, section
# 4 says what to do.
#
# The page often asks you to predict an answer; in your copy of the page it is hidden until you run the box.
#
# The first box draws the cells of six patients with a lump in the breast. In the clinic such cells are sucked out of
# the lump through a thin needle (a *fine-needle aspirate*) and coloured with a *stain*, so that they can be seen. It
# goes most into the *nucleus*, the body inside a cell that holds its genes. Here each field has fifteen nuclei.

# %%
from course.data.cytology import draw
from course.plots import show_pictures

cases = {"A": 149, "B": 186, "C": 100, "D": 391, "E": 446, "F": 324}
pictures = {letter: draw(case) for letter, case in cases.items()}
show_pictures(list(pictures.values()), titles=list(pictures), columns=3)

# %% [markdown]
# *Figure: six fields of fifteen stained nuclei, dark violet or blue, on a pale ground. Round many of them lies a paler
# halo, the body of the cell. Size and outline of the nuclei differ from field to field, and so does the colour.*
#
# <details><summary>Python on these pages that goes beyond loops and functions</summary>
#
# - `{letter: draw(case) for letter, case in cases.items()}` is a loop that makes a dictionary: for each pair of `cases`
#   an entry. In the same way `[n**2 for n in row if n > 0]` makes a list.
# - `a, b = pair` takes a pair apart; a value that nobody needs goes into `_`. `zip(these, those)` walks through two
#   lists side by side, `enumerate(row)` counts along.
# - `lambda n: n + 1` is a function without a name, made to be handed over.
# - `f(*pair)` hands over the items of a list one by one, `f(**settings)` those of a dictionary by their names. In
#   `def f(*numbers)` the star collects them.
# - `f"{share:.1%}"` puts a number into a text, here in per cent with one digit. `x if test else y` is one or the other.
#   `with ...:` does something before its lines and something after them.
# - `A @ B` multiplies tables, `picture[..., 0]` takes place 0 of the last axis whatever stands before it.
# </details>
#
# Some of these patients had breast cancer. **Which? Write your guess on paper before you go on.** Then run the next
# box.

# %%
from course.data.cytology import table

_, labels = table()
for letter, case in cases.items():
    print(letter, "malignant" if labels[case] == 1 else "benign")

# %% [markdown]
# In B and E the nuclei are large, in E also jagged; in D they are small and of very uneven size. C probably got past
# you.
#
# **Be clear about what these pictures are.** They are *drawn from measurements, not photographs*. Behind each stands a
# real patient of the Wisconsin breast cancer table: the real diagnosis, and real measurements of her nuclei. The table
# came without its pictures, so this course invents nuclei that fit the numbers, as nearly as they can be met. The
# pictures *hold no information beyond the table*, and the colours are ours: we varied the stain, as it varies between
# real laboratories.

# %% [markdown]
# ## 2. What the computer sees
#
# You saw colours and shapes. The computer has a table of grey values, from 0 (black) to 255 (white), one for each
# *pixel*, the smallest point of a picture. (A colour picture is three such tables: red, green, blue.) Here is a scrap,
# three rows and four columns, with the edge of a nucleus in it.

# %%
import numpy as np

patch = np.array([[203, 198, 121,  97],
                  [199,  88,  64,  91],
                  [201, 100,  79, 180]], dtype=np.uint8)

# %% [markdown]
# Nuclei take up the stain, so they are dark. **Predict: how many of these twelve numbers are darker than 100?** Count
# with a finger. Then let NumPy count.

# %%
dark = patch < 100
print(dark)
print("darker than 100:", dark.sum())
print("rows and columns:", patch.shape, " all pixels:", patch.size)

# %% [markdown]
# `patch < 100` asks the question of all twelve pixels at once. The answer is a table of `True` and `False`, and `sum`
# counts each `True` as one. Did you count the pixel that is exactly 100? It is not *darker than* 100. Such small
# decisions sit in every medical measurement, so it pays to make them on purpose.
#
# ### Exercise 0.1 - how much of a picture is dark?
#
# A count depends on how large the picture is. A **share** does not: of all pixels, what part is darker than the
# threshold? Five dark pixels of twenty are a share of 0.25. Write the function that gives this share for any picture
# and any threshold.
#
# Run the box as it stands first: an open exercise is no error. Then replace the three dots and run it again.

# %%
# Exercise 0.1 - the share of pixels darker than a threshold
from course.checks import check


def dark_share(picture, threshold):
    """Return the share of pixels darker than threshold, from 0 to 1. picture: shape (h, w)."""
    ### BEGIN SOLUTION
    return (picture < threshold).sum() / picture.size
    ### END SOLUTION

check("0.1", dark_share)

# %% [markdown]
# The checker has three answers. **Not attempted**: the dots are still there. **Not yet**: it shows what went in, what
# was expected and what came out, and it names the likely reason. **Right**: it says how many cases it tried, and which
# library agrees with you. When you are right, get it wrong on purpose: write `<=` for `<` and see what it notices.
#
# Stuck? Open one hint at a time.
#
# <details><summary>Hint 1: numbers to compare with</summary>
#
# `dark_share(patch, 100)` gives 0.41666..., which is 5/12. `dark_share(patch, 0)` gives 0, since nothing is darker than
# black.
# </details>
# <details><summary>Hint 2: a question</summary>
#
# If 5 of 12 pixels are dark, which two numbers do you need, and what do you do with them?
# </details>
# <details><summary>Hint 3: the idea</summary>
#
# Count the dark pixels as above, but in the picture and with the threshold that the function is given. Divide by the
# number of all pixels.
# </details>
# <details><summary>Hint 4: the shape of the code</summary>
#
# `return (...).sum() / picture.size`, where the brackets hold the comparison.
# </details>
#
# A complete answer stands in the folder `solutions`, in a notebook of the same name.

# %% [markdown]
# ## 3. One number is no diagnosis
#
# Now measure the cells. Where should the threshold lie? Here are three tries on patient A. Every pixel darker than the
# threshold is painted yellow. `grey_of` averages the three colour tables. The page goes on with the course's own
# function, here called `course_share`, so an open exercise costs you nothing.

# %%
from course.widgets.lesson_00 import dark_share as course_share
from course.widgets.lesson_00 import grey_of, mark_dark

tries = [110, 150, 200]
for threshold in tries:
    print(threshold, f"share {course_share(grey_of(pictures['A']), threshold):.2f}")
marked = [mark_dark(pictures["A"], threshold) for threshold in tries]
show_pictures(marked, titles=tries, columns=3, size=3)

# %% [markdown]
# *Figure: patient A three times; left half as drawn, right half with the dark pixels in yellow. At 110 the nuclei are
# marked in patches only. At 150 they are filled, and nothing else is marked. At 200 the yellow has run together on the
# left, over halos and ground.*
#
# Somewhere between is a good value, for this patient. **Predict: will it be good for the other five?**
#
# ### Experiment: one threshold for everybody?
#
# The next box makes two sliders.

# %%
from course.widgets.lesson_00 import dark_share as course_share
from course.widgets.lesson_00 import drawn_patients, grey_of, mark_dark
from course.widgets.panel import Panel

fields = drawn_patients()

def marked_picture(patient, threshold):
    return mark_dark(fields[patient], threshold)

def marked_share(patient, threshold):
    return f"{course_share(grey_of(fields[patient]), threshold):.1%} of the pixels are marked."

caption = "Left: a drawn field of cells. Right: its pixels darker than the threshold, in yellow."
Panel(marked_picture, caption, follow=marked_share, patient=list(fields), threshold=(0, 255, 5))

# %% [markdown]
# Click a slider, or reach it with the Tab key, and use the arrow keys. You see no slider? Run the box above.
#
# **Try.** Only nuclei should be yellow, neither their halos nor the ground.
# 1. Go to patient F and find the highest threshold that marks nuclei only.
# 2. Keep that threshold and go to patient C. What is missing from the nuclei? Raise it until they are full, and go back
#    to F.
#
# **Question.** Is there one threshold that fits both C and F?
# <details><summary>Answer</summary>
#
# Not a good one. In F, about 150 is the highest: a little above, the halos begin to turn yellow. At 150 some of C's
# nuclei still have holes; they are full at about 170, and there F's halos are yellow. The *slides* (the glass plates
# that carry the cells) are stained differently. So a threshold must be chosen for each picture, by a rule.
# </details>
#
# Now sort the six patients by the dark share, each picture with a threshold of its own. *Otsu's rule* chooses it: it
# splits the pixels into a dark and a light group, so that each group is as even as possible. [Lesson
# 03](03_measuring_nuclei.ipynb) explains it; here scikit-image works it out. **Predict: will the three malignant ones
# stand together at the end?**

# %%
from skimage.filters import threshold_otsu

greys = {letter: grey_of(pictures[letter]) for letter in pictures}
thresholds = {letter: threshold_otsu(greys[letter]) for letter in greys}
shares = {letter: course_share(greys[letter], thresholds[letter]) for letter in greys}
for letter in sorted(shares, key=shares.get):
    diagnosis = "malignant" if labels[cases[letter]] == 1 else "benign"
    print(letter, f"threshold {thresholds[letter]:.0f}, share {shares[letter]:.2f}, {diagnosis}")

# %% [markdown]
# Two malignant patients stand at the end, with the largest share. The third, C, stands among the benign ones, next to A
# and with nearly the same share. Set C's threshold in the panel: the rule marks the nuclei well. Yet it cannot tell C
# from A.
#
# That is the course in one page. Measure; look where the measurement fails; find a better one; and say honestly how
# often it fails. Later a *neural network* looks for the better measurement by itself: a long chain of multiplications
# and sums, whose numbers are adjusted until it answers well on examples. It has to be checked in the same way.

# %% [markdown]
# ## 4. Is this computer ready?
#
# The next box looks over your installation, line by line. **TO DO** says what to do. The answer is about *your*
# computer, so none is stored here: run it.

# %% tags=["nbval-ignore-output", "not-stored"]
from course.__main__ import main

_ = main(["doctor"])

# %% [markdown]
# The same check runs in a terminal: `course doctor`. The lessons need neither internet nor a graphics card.

# %% [markdown]
# ## Traps
#
# - **Running boxes out of order.** *Symptom*: `NameError: name 'pictures' is not defined`. *Cure*: the menu **Run >
#   Restart Kernel and Run All Cells**, which also keeps your answers.
# - **A box that does not end.** *Symptom*: `[*]` stays beside it. *Cure*: the square in the bar above the page. A
#   checker that waits long says so.
# - **Going on tomorrow.** *Symptom*: names are gone. *Cure*: **Run > Run All Above Selected Cell**. Exercises and
#   experiments also run alone.
# - **Trusting a measurement because it is exact.** *Symptom*: patient C. *Cure*: ask how often it is wrong, and for
#   whom.

# %% [markdown]
# ## Recap
#
# A picture is a table of numbers, and a measurement is a question asked of all of them. Exercise 0.1 is such a
# measurement, and a library that the world trusts can check it. One threshold does not fit every slide, and one number
# does not make a diagnosis. The cells in this course are drawn from real measurements; they are not photographs.

# %% [markdown]
# ## Quiz
#
# One question about this page, four about what the course takes for granted. If four are easy, go on. If not, spend an
# hour with [NumPy's basics](https://numpy.org/doc/stable/user/absolute_beginners.html), [Python's
# functions](https://docs.python.org/3/tutorial/controlflow.html#defining-functions) or
# [slopes](https://openstax.org/details/books/calculus-volume-1) (the chapter on derivatives).
#
# **1. This page.** Why does the dark share miss patient C?
#
# - (a) the threshold was wrong
# - (b) C's nuclei are no larger than those of some benign patients
# - (c) C's picture has fewer pixels
#
# <details><summary>Answer</summary>
#
# (b). The share sees how much is dark, and in C that is as much as in A. (a) was cured by a threshold for each picture,
# and C still stood among the benign. (c) is not so, and would not matter: a share is divided by the number of pixels.
# </details>
#
# **2. Arrays.** `x = np.zeros((2, 3))`. What is `x.shape`, and what is `x[1]`?
#
# - (a) `(2, 3)`, and the second row
# - (b) `(3, 2)`, and the second column
# - (c) `6`, and the second number
#
# <details><summary>Answer</summary>
#
# (a). The shape lists rows first, and counting starts at 0. (b) turns rows and columns around: a common mistake with
# pictures. (c) mixes up `x.shape` and `x.size`.
# </details>
#
# **3. Arrays.** `a = np.array([1, 2, 3])`. What is `a * 2`?
#
# - (a) `[1, 2, 3, 1, 2, 3]`
# - (b) `[2, 4, 6]`
# - (c) an error
#
# <details><summary>Answer</summary>
#
# (b). An array computes number by number. (a) is what a Python *list* does. (c) would need shapes that do not fit.
# </details>
#
# **4. Functions.** What does `f(2)` return after `def f(x, k=3): x = x * k`?
#
# - (a) 6
# - (b) 2
# - (c) `None`
#
# <details><summary>Answer</summary>
#
# (c). The function computes 6 and hands nothing back: there is no `return`. (a) forgets that; (b) takes the argument
# for the result.
# </details>
#
# **5. Slopes.** Which way must you step from $x = 3$ to make $f(x) = x^2$ smaller, and how steep is it there?
#
# - (a) to the left, slope 6
# - (b) to the right, slope 6
# - (c) to the left, slope 9
#
# <details><summary>Answer</summary>
#
# (a). The slope of $x^2$ is $2x$, so 6 at 3. It is positive: the curve rises to the right and falls to the left. (b)
# walks uphill. (c) gives the height, not the slope. Nearly all learning in this course is this step, made many times.
# [Lesson 07](07_backpropagation.ipynb) builds slopes up from nothing.
# </details>

# %% [markdown]
# ## Sources
#
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *Proceedings
#   of SPIE* 1905, pages 861 to 870, 1993. The measurements behind the cells.
# - W. Wolberg, O. Mangasarian, N. Street, W. Street. Breast Cancer Wisconsin (Diagnostic). UCI Machine Learning
#   Repository, [doi 10.24432/C5DW2B](https://doi.org/10.24432/C5DW2B). The table.

# %% [markdown]
# ## Next
#
# [Lesson 01, images as arrays](01_images_as_arrays.ipynb), takes pictures apart. [Lesson 04,
# convolution](04_convolution.ipynb), needs nothing from the lessons before it. The [second page of this
# lesson](00_start_here_deeper.ipynb) shows all lessons on two maps.
