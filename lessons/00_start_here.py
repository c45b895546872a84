# %% [markdown]
# # Start here: see cells the way a computer does
#
# A doctor looks at a few stained cells and says *benign* or *malignant*.
# Before a computer can help with that decision, you must know what it sees: numbers, and nothing else.
#
# ## What you will do
# - Turn a question about a picture into a measurement of its numbers (exercise 0.1).
# - Get an answer wrong on purpose, and read what the checker makes of it (exercise 0.1).
# - Move a threshold and find out why one number is no diagnosis (exercise 0.1).
# - Find out whether you know enough Python and school mathematics to go on (quiz).
#
# **What you need.** Python's basics: variables, loops, functions. No machine learning, no medicine, no network.
#
# **How long.** About 20 minutes.
#
# **What this is not.** Not a medical device, and not medical advice. Nothing built here may be used on a patient.

# %% [markdown]
# ## 1. Guess first
#
# This page is made of text and grey boxes of code. Click into a box and press **Shift + Enter**: the code runs, the
# answer appears below it. Run every box from top to bottom. You cannot break anything.
#
# The first box draws the cells of six patients.

# %%
from course.data.cytology import draw
from course.plots import show_pictures

cases = {"A": 149, "B": 186, "C": 100, "D": 391, "E": 446, "F": 324}
pictures = {letter: draw(case) for letter, case in cases.items()}
show_pictures(list(pictures.values()), titles=list(pictures), columns=3)

# %% [markdown]
# *Figure: six fields of fifteen stained, dark violet cell nuclei on a pale ground. In B and E the nuclei are large
# and of uneven size; in D they are small; in A, C and F they lie between. The stain differs from field to field.*
#
# Some of these patients had breast cancer. **Which? Write your guess on paper before you go on.** A wrong guess
# teaches you more than none: you will remember what misled you.
#
# Then run the next box.

# %%
from course.data.cytology import table

_, labels = table()
for letter, case in cases.items():
    print(letter, "malignant" if labels[case] == 1 else "benign")

# %% [markdown]
# How many did you get? Large, uneven nuclei gave some of them away. One malignant patient probably got past you.
# Remember that one; it comes back in a moment.
#
# **Be clear about what these pictures are.** They are *drawn from measurements, not photographs*. Behind each stands a
# real patient of the Wisconsin breast cancer table: the real diagnosis, and real sizes and shapes of nuclei, measured
# under a microscope. The table came without its photographs, so this course draws cells from the numbers. The pictures
# *hold no information beyond the table*, and the colours are ours. Real ultrasound comes in lesson 18.

# %% [markdown]
# ## 2. What the computer sees
#
# You saw colours and shapes. The computer has a table of grey values, from 0 (black) to 255 (white). Here is a
# scrap of a picture, three rows and four columns, with the edge of a nucleus in it.

# %%
import numpy as np

patch = np.array([[203, 198, 121,  97],
                  [199,  88,  64,  91],
                  [201, 100,  79, 180]], dtype=np.uint8)

# %% [markdown]
# Nuclei take up the stain, so they are dark. **Predict: how many of these twelve numbers are darker than 100?**
# Count with a finger. Then let NumPy count.

# %%
dark = patch < 100
print(dark)
print("darker than 100:", dark.sum())

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
# Run the box as it stands first. An open exercise is no error, and nothing below waits for it. Then replace the three
# dots and run it again.

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
# Stuck? Open one hint at a time, and try again after each.
#
# <details><summary>Hint 1: a question</summary>
#
# If 5 of 12 pixels are dark, which two numbers do you need, and what do you do with them?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Count the dark pixels as above, with the threshold that the function is given. Divide by the number of all pixels.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `return (...).sum() / picture.size`, where the brackets hold the comparison.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `dark_share(patch, 100)` gives 0.41666..., which is 5/12. `dark_share(patch, 0)` gives 0, since nothing is darker
# than black.
# </details>
#
# The complete answer stands in the folder `solutions`, in a notebook of the same name. It is one way, not the only way.

# %% [markdown]
# ## 3. One number is no diagnosis
#
# Now measure the cells. Where should the threshold lie? Here are three tries on patient A. Every pixel darker than the
# threshold is painted yellow. From here on the page uses the course's own `dark_share`, so an open exercise costs you
# nothing.

# %%
from course.widgets.lesson_00 import dark_share, grey_of, mark_dark

tries = [110, 140, 180]
for threshold in tries:
    print(threshold, f"share {dark_share(grey_of(pictures['A']), threshold):.2f}")
marked = [mark_dark(pictures["A"], threshold) for threshold in tries]
show_pictures(marked, titles=tries, columns=3, size=3)

# %% [markdown]
# *Figure: patient A three times, each as drawn and with dark pixels in yellow. At 110 the nuclei are full of holes. At
# 140 the nuclei are filled and little else. At 180 the yellow spreads over the ground between them.*
#
# Too low misses parts of the nuclei, too high takes in the background. Somewhere between is a good value, for this
# patient. **Predict: will it be good for the other five?**
#
# ### Experiment: one threshold for everybody?
#
# Click a slider, or reach it with the Tab key, and use the left and right arrow keys. If there is none, run the box
# first.

# %%
from course.widgets.panel import Panel


def picture(patient, threshold):
    return mark_dark(pictures[patient], threshold)

def share(patient, threshold):
    return f"{dark_share(grey_of(pictures[patient]), threshold):.1%} of the pixels are marked."

caption = "Left: a drawn field of cells. Right: its pixels darker than the threshold, in yellow."
Panel(picture, caption, follow=share, patient=list(pictures), threshold=(0, 255, 5))

# %% [markdown]
# **Try.**
# 1. Stay with patient F and find the highest threshold that leaves the ground between the nuclei unmarked.
# 2. Keep that threshold and go to patient C. What is missing from the nuclei?
#
# **Question.** Is there one threshold that fits both C and F?
# <details><summary>Answer</summary>
#
# Not a good one. F's slide is darker, ground and all; C's is paler. What fills C's nuclei spills over F's cells. A
# threshold must be chosen for each picture, by a rule. Lesson 03 does that.
# </details>
#
# Now sort the six patients by the dark share at one threshold. **Predict: will the malignant ones stand together at
# the end?**

# %%
shares = {letter: dark_share(grey_of(pictures[letter]), 140) for letter in pictures}
for letter in sorted(shares, key=shares.get):
    print(letter, f"{shares[letter]:.2f}", "malignant" if labels[cases[letter]] == 1 else "benign")

# %% [markdown]
# Two malignant patients stand at the end, with the largest share. The third, C, stands among the benign ones: the same
# one who, perhaps, got past you. These nuclei are not large. The measurement is right, and the diagnosis would be
# wrong.
#
# That is the course in one page. Measure; look where the measurement fails; find a better one; and say honestly how
# often it fails. Later a network looks for the better measurement by itself. It has to be checked in the same way.

# %% [markdown]
# ## 4. Is this computer ready?
#
# The next box looks over your installation, line by line. Where a line does not say OK, it says what to do. Its answer
# is about *your* computer, so none is stored here: run it.

# %% tags=["nbval-ignore-output", "not-stored"]
from course.__main__ import main

_ = main(["doctor"])

# %% [markdown]
# The same check runs in a terminal: `course doctor`. All lessons work without a network and without a graphics card.

# %% [markdown]
# ## 5. Two maps
#
# **What contains what.** The words are used loosely in the news. Here they are nested: each contains the next.
#
# ```mermaid
# flowchart LR
#     AI["Artificial intelligence:<br/>machines that seem to think"]
#     ML["Machine learning:<br/>rules found from examples<br/>09 to 12, planned"]
#     DL["Deep learning:<br/>many layers, learnt together<br/>06 to 08, planned"]
#     CNN["Convolutional neural network:<br/>layers made for pictures<br/>04, 05 planned; lesson 14"]
#     AI -->|contains| ML -->|contains| DL -->|contains| CNN
# ```
#
# **What happens to a picture.** Above, you took the upper way on foot: you chose the feature yourself. A deep network
# takes the lower way: it learns its features.
#
# ```mermaid
# flowchart LR
#     A["Acquire<br/>01, planned"] --> P["Preprocess<br/>02, planned"]
#     P --> F["Measure features<br/>03, planned"] --> C["Classifier<br/>09 to 12, planned"]
#     C --> D["Decision<br/>16, planned"]
#     P --> N["Convolutional network<br/>lesson 14"] --> D
# ```
#
# Written so far: this page and [lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb), where both ways meet.
# Lessons marked *planned* are not written yet. The decision at the end belongs to a person: a program can only inform.

# %% [markdown]
# ## 6. Words, in two languages
#
# Come back to this table when a word is in your way.
#
# | English | 中文 | meaning here |
# |---|---|---|
# | image recognition | 图像识别 | saying what a picture shows |
# | medical diagnosis | 医疗诊断 | deciding which disease a patient has, or has not |
# | disease detection | 疾病检测 | finding out whether, and where, there is a sign of disease |
# | image analysis | 影像分析 | measuring what is in a medical picture |
# | data set | 数据集 | the examples that a model learns from and is tested on |
# | preprocessing | 数据预处理 | bringing pictures into one form before anything learns from them |
# | region of interest | 感兴趣区域 | the part of a picture that matters for the question |
# | machine learning | 机器学习 | finding a rule from examples, in place of writing it down |
# | deep learning | 深度学习 | machine learning with many layers, learnt together |
# | deep neural network | 深度神经网络 | such a stack of layers, each fed by the one before |
# | convolutional neural network | 卷积神经网络 | a deep network whose first layers slide small filters over a picture |
# | support vector machine | 支持向量机 | a classifier that keeps its border as far as it can from both classes |
# | naive Bayes | 朴素贝叶斯 | a classifier that multiplies probabilities as if features were independent |
# | overfitting | 过拟合 | learning the examples by heart, and failing on new ones |
# | class imbalance | 类别不平衡 | one class far rarer than the other, as disease mostly is |
# | hyper-parameter tuning | 参数调优 | choosing the settings that are not learnt from the data |
# | real-time | 实时性 | answering fast enough to be of use while something happens |

# %% [markdown]
# ## Traps
#
# - **Reading before guessing.** *Symptom*: all seems clear, and the next exercise is hard. *Cure*: predict first, in
#   writing, even wildly.
# - **Running boxes out of order.** *Symptom*: `NameError: name 'pictures' is not defined`. *Cure*: the menu
#   **Run > Restart Kernel and Run All Cells**, which also keeps your answers.
# - **`<=` for `<`.** *Symptom*: a count that is off by the few pixels at the threshold. *Cure*: say the question
#   aloud: "darker than", or "at most as bright as"?
# - **Trusting a measurement because it is exact.** *Symptom*: patient C. *Cure*: ask how often it is wrong, and
#   for whom.

# %% [markdown]
# ## Recap
#
# A picture is a table of numbers, and a measurement is a question asked of all of them. You wrote one, and had it
# compared with a library that the world trusts. One threshold does not fit every slide, and one number does not make
# a diagnosis. The cells in this course are drawn from real measurements; they are not photographs.

# %% [markdown]
# ## Quiz
#
# Five questions about what the course takes for granted. Answer each before you open it. If four are easy, go on. If
# not, spend an hour with the link beside it; that hour is well spent.
#
# **1. Arrays.** `x = np.zeros((2, 3))`. What is `x.shape`, and what is `x[1]`?
#
# - (a) `(2, 3)`, and the second row
# - (b) `(3, 2)`, and the second column
# - (c) `6`, and the second number
#
# <details><summary>Answer</summary>
#
# (a). The shape lists rows first, and counting starts at 0. (b) turns rows and columns around: a common mistake with
# pictures. (c) mixes up `x.shape` and `x.size`. Refresh: [NumPy, the absolute basics for
# beginners](https://numpy.org/doc/stable/user/absolute_beginners.html).
# </details>
#
# **2. Arrays.** `a = np.array([1, 2, 3])`. What is `a * 2`?
#
# - (a) `[1, 2, 3, 1, 2, 3]`
# - (b) `[2, 4, 6]`
# - (c) an error
#
# <details><summary>Answer</summary>
#
# (b). An array computes number by number. (a) is what a Python *list* does. (c) would need shapes that do not fit.
# Refresh: the same page, the part on array operations.
# </details>
#
# **3. Functions.** What does `f(2)` return after `def f(x, k=3): x = x * k`?
#
# - (a) 6
# - (b) 2
# - (c) `None`
#
# <details><summary>Answer</summary>
#
# (c). The function computes 6 and hands nothing back: there is no `return`. (a) forgets that; (b) takes the argument
# for the result. Refresh: [Python tutorial, defining
# functions](https://docs.python.org/3/tutorial/controlflow.html#defining-functions).
# </details>
#
# **4. Slopes.** A straight line goes through (1, 2) and (3, 8). What is its slope?
#
# - (a) 3
# - (b) 1/3
# - (c) 6
#
# <details><summary>Answer</summary>
#
# (a). Up 6, along 2: 6/2 = 3. (b) divides the wrong way round, (c) forgets to divide. Refresh: [OpenStax, Algebra and
# Trigonometry](https://openstax.org/details/books/algebra-and-trigonometry-2e), the chapter on linear functions.
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
# Lesson 07 builds slopes up from nothing. Refresh: [OpenStax, Calculus
# 1](https://openstax.org/details/books/calculus-volume-1), the chapter on derivatives.
# </details>

# %% [markdown]
# ## Sources
#
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *Proceedings
#   of SPIE* 1905, pages 861 to 870, 1993. The measurements behind the cells.
# - W. Wolberg, O. Mangasarian, N. Street, W. Street. Breast Cancer Wisconsin (Diagnostic). UCI Machine Learning
#   Repository, [doi 10.24432/C5DW2B](https://doi.org/10.24432/C5DW2B). The table, as shipped inside scikit-learn.
# - P. Virtanen and others. SciPy 1.0: fundamental algorithms for scientific computing in Python. *Nature Methods* 17,
#   pages 261 to 272, 2020. The library that checked your answer.

# %% [markdown]
# ## Next
#
# Lesson 01, pictures as arrays, is planned. In the meantime go to the heart of the matter:
# [lesson 14, the breast cancer system](14_breast_cancer_cnn.ipynb). A network learns to tell these cells apart. At
# first it disappoints, and you find out why.
