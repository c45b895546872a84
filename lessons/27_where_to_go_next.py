# %% [markdown]
# # Plan your own study, and check what you read
#
# You can now build a network, judge it, and say what it cannot do. What comes next is yours: pictures of your own,
# other people's papers, and the question whether to believe them.
#
# ## What you will do
# - Check references against a catalogue (exercise 27.1).
# - Reckon how many pictures a study needs (exercise 27.2).
# - Choose what to read, a tool, and a project (quiz).
#
# **What you need.** Intervals, [lesson 19](19_evaluating_a_diagnosis.ipynb); the system of
# [lesson 14](14_breast_cancer_cnn.ipynb).
#
# **How long.** About 49 minutes.
#
# **What this is not.** No study here may examine, diagnose or treat anybody.

# %% [markdown]
# ## 1. Check a reference before you believe it
#
# Reading lists are copied, and errors are copied with them. Programs that write text make up titles that sound right.
# Three lines as they go around:
#
# 1. "ImageNet classification with deep convolutional neural networks, Deng, 2014". The title is real; Krizhevsky and
#    others wrote it, in 2012.
# 2. "Convolutional neural networks for visual recognition, Krizhevsky, 2012". The name of a course at Stanford, CS231n.
# 3. "Deep learning for image recognition, He, 2016". A blend of two titles, made for this page; the paper of that
#    author and year is "Deep *residual* learning for image recognition".
#
# How to check by hand, in this order: the *title*, whole and in quotation marks, in a library's search; then the first
# author, the year and the place; then the abstract: does the paper say what it is cited for? A title that nobody but
# reading lists knows is not to be cited.
#
# ### Exercise 27.1 - a look-up
#
# A program can do the first step. Given are claims and a catalogue of true entries, each (title, first author, year).
# Titles are the same when their small letters and digits are: "Deep Learning." is "deep learning". Two works may
# have one title.

# %%
# Exercise 27.1 - references against a catalogue
from course.checks import check


def verdicts(claims, catalogue):
    """Return for each claim "right", "other facts" or "not found".

    claims, catalogue: lists of (title, author, year). Capitals in names do not matter.
    "other facts": the title is there, but with no entry that has this author and year.
    """
    ### BEGIN SOLUTION
    def plain(title):
        letters = "".join(c if c.isalnum() else " " for c in title.lower())
        return " ".join(letters.split())

    found = []
    for title, author, year in claims:
        entries = [(a.lower(), y) for t, a, y in catalogue if plain(t) == plain(title)]
        if not entries:
            found.append("not found")
        else:
            found.append("right" if (author.lower(), year) in entries else "other facts")
    return found
    ### END SOLUTION

check("27.1", verdicts)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# "ImageNet: a database" and "ImageNet a database": what do you compare, so that both are one title?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# First a plain form of a title. Then, for each claim, all entries with the same plain form.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `"".join(c if c.isalnum() else " " for c in title.lower())`, and `" ".join(text.split())` for single spaces.
# </details>
# <details><summary>Hint 4: what to expect</summary>
#
# A claim ("deep learning", "He", 2016) against [("Deep Learning", "LeCun", 2015)]: other facts.
# </details>

# %% [markdown]
# ## 2. What to read
#
# The course's own list. Each line was looked up, title, authors, year and place, in December 2026:

# %%
from course.references import reading_list

print(reading_list())

# %% [markdown]
# Read a paper backwards: first the table of patients, then how the split was made, then the intervals, last the title.
# With what you know you can ask of any result: which patients, at which level was it split, what did the majority do,
# was the threshold chosen on the test, how wide is the interval, who is missing?
#
# ## 3. Tools
#
# | tool | what it is for | when |
# |---|---|---|
# | JupyterLab's debugger (the bug, top right) | stop at a line, look at every value | a shape is not what you thought |
# | `%prun`, `%timeit`, TensorBoard ([lesson 13](13_keras_same_network.ipynb)) | where time goes | before you hurry |
# | PyTorch | the other large framework; most new papers' code | you want to run or change such code |
# | MONAI (on PyTorch) | readers, networks and measures for medical volumes | CT and MR in three dimensions |
# | OpenCV, scikit-image | classical image processing, fast, or in readable Python | measuring, registering, drawing |
# | pydicom, nibabel | DICOM and NIfTI files | every day |
# | git | what did I change since it worked? | from the first day |
#
# ## 4. How many pictures?
#
# The commonest fault of a first project is a test of a few positive cases. In [lesson
# 19](19_evaluating_a_diagnosis.ipynb) Wilson's interval for a share $p$ found in $n$ cases had the half width
#
# $$h = \frac{z}{1 + z^2/n}\sqrt{\frac{p(1-p)}{n} + \frac{z^2}{4n^2}}, \qquad z = 1.96.$$
#
# By hand, 18 of 20 found, $p = 0.9$: $z^2/n = 0.192$, the root is $\sqrt{0.0045 + 0.0024} = 0.083$, and
# $h = 1.96/1.192 \cdot 0.083 = 0.137$. By the course's function:

# %%
from course.evaluation.intervals import wilson

print("{:.2f} ({:.3f} to {:.3f})".format(*wilson(18, 20)))

# %% [markdown]
# "90 %" means anything from about 70 to 97 here. (The interval is not centred on 0.9: it leans towards one half.)
#
# ### Experiment: cases against width
#
# Three states first: 10, 80 and 640 positive cases, nine in ten of them found.

# %%
from course.widgets.lesson_27 import width_figure

width_figure()

# %% [markdown]
# *Figure: a band, the 95 % interval of a sensitivity of 0.9, against the number of positive cases, 10 to 1,280, on a
# logarithmic axis. At a, 10 cases, it reaches from about 0.6 to 0.98; at b, 80, from about 0.81 to 0.95; at c, 640, it
# is about 0.05 wide in all.*

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_27 import COUNTS, SHARES, width_panel
from course.widgets.panel import Panel

Panel(width_panel, "The 95 % interval against the number of positive cases; the bar marks the chosen number.",
      sensitivity=SelectionSlider(options=SHARES, value=0.9),
      cases=SelectionSlider(options=COUNTS, value=80),
      prevalence=SelectionSlider(options=(0.005, 0.05, 0.27, 0.5), value=0.27))

# %% [markdown]
# **Try.**
# 1. Four times the cases: what becomes of the half width?
# 2. Prevalence 0.005, a screening: how many pictures for 80 cancers?
#
# **Question.** Which share needs more cases for the same half width, 0.5 or 0.95?
# <details><summary>Answer</summary>
#
# 0.5: $p(1-p)$ is largest there. But a half width of 0.05 about 0.95 is rarely enough: it cannot tell 0.91 from 0.98.
# </details>
#
# ### Exercise 27.2 - how many pictures
#
# Turn it round. You expect a sensitivity and want a half width of at most $h$. How many positive cases, and, since only
# a share of all pictures is positive, how many pictures?

# %%
# Exercise 27.2 - how many pictures
import math

from course.checks import check


def pictures_needed(sensitivity, half_width, prevalence):
    """Return (positive cases, all pictures), whole numbers, for Wilson's 95 % interval.

    positive: the smallest n whose half width is at most `half_width`, were the share found exactly.
    all: the smallest whole number with at least so many positive at this prevalence.
    """
    ### BEGIN SOLUTION
    z = 1.959964
    n = 1
    while True:
        root = math.sqrt(sensitivity * (1 - sensitivity) / n + z**2 / (4 * n**2))
        if z / (1 + z**2 / n) * root <= half_width:
            return n, math.ceil(n / prevalence)
        n += 1
    ### END SOLUTION

check("27.2", pictures_needed)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Does the half width grow or shrink with n? So where does a search begin?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Try n = 1, 2, 3 and so on until the half width is small enough. Then divide by the prevalence, and round up.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# A `while` loop that works out $h$; `math.ceil` rounds up.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# For 0.9 and 0.05 at a prevalence of 0.27: 141 positive, 523 pictures.
# </details>
#
# That is for *one* share. Comparing two models, or a subgroup of a tenth, takes more. If the number is out of reach,
# say so, and report the wide interval.
#
# ## 5. Three projects
#
# | project | data | what is new |
# |---|---|---|
# | **Your own folder** | two classes that you may use: leaves, stones, slides | collecting, labels of two readers |
# | **A public set** | one file, placed by hand: BreastMNIST, PneumoniaMNIST | twins, labels, the published table |
# | **A better lesson** | one page of this course | an experiment that fails, a clearer exercise |
#
# How each begins:
#
# ```
# course train MY_FOLDER --positive NAME --out models/first
# course data breastmnist --to data/ultrasound
# course build 15_overfitting
# ```
#
# MY_FOLDER holds train, validation and test, each with one folder a class: split by patient first.
#
# A project is finished when these can be answered. Give each line 0, 1 or 2 points:
#
# | | 0 | 1 | 2 |
# |---|---|---|---|
# | Question | "use AI on ..." | a task | a task, for whom, and what a wrong answer costs |
# | Patients | pictures | split by patient | and who is missing, counted |
# | Labels | as found | where they come from | two readers on a part, kappa |
# | Baseline | none | majority | and the simplest measurement |
# | Choice | best of many on the test | validation | and the test opened once |
# | Result | one number | interval | paired interval, threshold stated, calibration |
# | Failure | none seen | examples | a test that changed the suspected cause |
# | Words | "detects cancer" | what was measured | and what it is not for |
#
# Twelve of sixteen is a good first study. Try it on a paper you admire.
#
# ## 6. Where you stand
#
# Your own exercises, read from the notebooks beside this page (save them first). In a terminal: `course progress`.

# %% tags=["nbval-ignore-output", "not-stored"]
from pathlib import Path

from course.gradebook import exercises, following, read

(me, *_), pages = read(Path.cwd()), exercises()
right = sum(answer.status == "right" for answer in me.answers.values())
print(f"{right} of {len(pages)} exercises are right. Next: {following(me, pages) or 'none is left'}.")

# %% [markdown]
# The line above is yours alone: it is not stored in the course. Exercises with "not yet" are the ones to go back to;
# what you got wrong and mended, you know.

# %% [markdown]
# ## Traps
#
# - **A title that sounds right.** *Symptom*: only reading lists know it. *Cure*: look it up whole.
# - **A test of twelve cancers.** *Symptom*: "92 %". *Cure*: reckon first, exercise 27.2.
# - **A new tool for an old fault.** *Symptom*: another framework, the same leak. *Cure*: the split first.
# - **"It works."** *Symptom*: one number. *Cure*: the rubric.

# %% [markdown]
# ## Recap
#
# A reference is checked by its whole title, then by author, year and place, then by what it says. A study begins with
# the width of its interval, and that with the number of positive cases. Tools come after the question. Your first
# project needs a baseline, a split by patient, one opening of the test, and honest words.

# %% [markdown]
# ## Quiz
#
# **1. Reference.** A title is found nowhere but in three reading lists, which agree. You
#
# - (a) cite it: three sources agree
# - (b) do not cite it: lists are copied from lists
# - (c) cite it with "in press"
#
# <details><summary>Answer</summary>
#
# (b). Copies are no witnesses (a), and (c) invents a fact.
# </details>
#
# **2. Cases.** A test holds 2,000 pictures, 10 of them positive, 9 found. The sensitivity is known
#
# - (a) well, from 2,000 pictures
# - (b) badly, from 10
# - (c) exactly: 0.9
#
# <details><summary>Answer</summary>
#
# (b): only positive cases speak of sensitivity; about 0.6 to 0.98 here. The 1,990 others speak of specificity (a).
# </details>
#
# **3. Tool.** Which comes first in a project?
#
# - (a) the framework
# - (b) the question, and who is in the pictures
# - (c) the largest network that fits
#
# <details><summary>Answer</summary>
#
# (b). No framework and no size mends a wrong question or a leak between patients; (a) and (c) can be changed in a day.
# </details>

# %% [markdown]
# ## Sources
#
# - The list of section 2 is in `course/references.py`, with whom each work is for.
# - E. B. Wilson: Probable inference, the law of succession, and statistical inference. *Journal of the American
#   Statistical Association* 22 (1927) 209-212.
#
# ## Next
#
# This was the last lesson. Take one of the three projects, or open a page that you left with "not yet".
