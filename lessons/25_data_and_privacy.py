# %% [markdown]
# # Share data without giving a patient away
#
# Whoever wants to learn from pictures needs other people's patients: their files, their names in unexpected places,
# their doctors' disagreements. What a model can be depends on how well that was done.
#
# ## What you will do
# - List what must go from a file's header, wherever it hides (exercise 25.1).
# - Read a report of what was removed, and of what nobody looked at (quiz).
# - Say how far two readers agree beyond chance (exercise 25.2).
# - Measure what wrong labels cost, and who is served worse (quiz).
#
# **What you need.** A DICOM header, [lesson 01](01_images_as_arrays.ipynb); sensitivity,
# [lesson 12](12_comparing_classifiers.ipynb); thresholds, [lesson 19](19_evaluating_a_diagnosis.ipynb).
#
# **How long.** About 52 minutes.
#
# **What this is not.** No legal advice, and no tool that makes data anonymous. What is said of laws is their state of
# December 2026.

# %% [markdown]
# ## 1. Where a name hides
#
# A DICOM file carries a *header*: hundreds of elements, each with a *tag* of two numbers, the group and the element,
# such as (0010,0010), the patient's name. Some elements are *sequences*: they hold headers again. And makers of
# scanners add **private** tags of their own; their group is odd. Into a file of pydicom's we have written an invented
# Anna Quill, where real names have been found. **Predict:** in how many places does her name stand?

# %%
from course.widgets.lesson_25 import planted, where

header = planted()
print(where(header, "Quill"))

# %% [markdown]
# A name, an operator's field and a comment inside a sequence, a private tag, and a remark about a contrast agent. A
# program that clears the patient's name alone has cleared one of five.
#
# ### Exercise 25.1 - what must go
#
# Before anything is removed, a person should see the list. A header is given here as a dictionary: tag, as text,
# to value; a sequence's value is a list of headers. This one has three things that must go, if names (0010,0010) and
# comments (0020,4000) are listed:
#
# | path | why |
# |---|---|
# | `0008,1110/0010,0010` | a name, inside the sequence 0008,1110 |
# | `0009,1001` | private: the group 0009 is odd |
# | `0020,4000` | a comment |
#
# Groups are hexadecimal: `int("7FE0", 16)` reads one. What goes as a whole is listed once: nobody walks into a
# private sequence.

# %%
# Exercise 25.1 - what must go
from course.checks import check


def to_remove(header, listed):
    """Return the sorted list of paths, such as "0008,1110/0010,0010".

    header: dict of tag to text, or to a list of headers. listed: set of tags.
    """
    ### BEGIN SOLUTION
    found = []
    for tag, value in header.items():
        if tag in listed or int(tag[:4], 16) % 2:
            found.append(tag)
        elif isinstance(value, list):
            for item in value:
                found += [f"{tag}/{path}" for path in to_remove(item, listed)]
    return sorted(found)
    ### END SOLUTION

check("25.1", to_remove)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# A sequence holds headers. Which function do you have that lists what must go from a header?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The function calls itself for each header inside, and puts the sequence's tag in front of what comes back.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `if tag in listed or int(tag[:4], 16) % 2:` ... `elif isinstance(value, list):` ... `to_remove(item, listed)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `to_remove({"0008,1110": [{"0010,0010": "Lee"}], "0009,1001": "x"}, {"0010,0010"})` gives the first two paths of the
# table.
# </details>

# %% [markdown]
# ## 2. Removed, replaced, moved, blanked
#
# Removing is not enough: two examinations of one woman must still be known as hers, and two weeks apart. The standard
# (DICOM PS3.15, Annex E) has an action for each element. The course's `deidentify` does a listed part of it:
#
# | what | becomes |
# |---|---|
# | listed elements, private ones, overlays | gone, in sequences too |
# | person names, the patient's number, birth date | empty |
# | dates | moved back, one number of days for all of a patient |
# | numbers of pictures and studies (UIDs) | another, the same in all her files |
# | ages above 89 | 90 |
# | given rectangles of pixels | black, in every frame |
#
# The days and the new numbers come from a **secret**: who lacks it cannot reckon them back (but one date known from
# elsewhere gives away the shift of all). **Predict:** of the five places, which is left?

# %%
from course.imaging.dicom import deidentify

cleaned, report = deidentify(header, secret="kept in the hospital's safe")
print("left:", where(cleaned, "Quill"))
print(report.done)
print("texts to read:", ", ".join(report.texts))
print("not looked at:", "; ".join(report.not_looked_at))

# %% [markdown]
# The remark about the contrast agent stays: it is no listed element, and no program knows that "as for Mrs Quill" is a
# name. The report says so, by listing every free text for a person to read. It also says what was *not looked at*:
# the pixels. Names burned into pictures need eyes, or rectangles. And in a scan of the head the *face* is in the
# picture: of 84 volunteers, 70 were matched to their photographs by common software (Schwarz and others).
#
# So the result is not "anonymous". Under the European GDPR data that somebody can still connect with a person, by a
# key or otherwise, stay personal data, at least for whoever has the means. In the United States HIPAA's "safe harbor"
# names eighteen kinds of identifiers, full faces among them; China's PIPL counts health data as sensitive. Ask the
# people whose job it is: data protection, the ethics board, the patients' side.
#
# ## 3. Two readers
#
# The picture may leave. What does it show? Labels come from people. Berg and others let five radiologists read the same
# mammograms: of 86 lesions all five agreed on what to do, biopsy and the like or waiting, in 47 (55 %). How much of
# an agreement is chance?
#
# Two readers, 100 cases. First *even* cases, then a *screening*, where hardly anybody is ill:
#
# | | both malignant | first only | second only | both benign | agreement |
# |---|---|---|---|---|---|
# | even | 45 | 5 | 5 | 45 | 0.90 |
# | screening | 2 | 5 | 5 | 88 | 0.90 |
#
# In the screening each says "benign" in 93 of 100. Two readers who never look, and say so at random that often, agree
# by $0.93 \cdot 0.93 + 0.07 \cdot 0.07 = 0.87$. **Cohen's kappa** asks which part of the room above chance was used:
#
# $$\kappa = \frac{p_o - p_e}{1 - p_e},$$
#
# $p_o$ the observed agreement, $p_e$ that by chance: the product of both readers' shares of a word, added over the
# words. Even: $p_e = 0.5$ and $\kappa = 0.8$. Screening: $(0.90 - 0.87)/(1 - 0.87) = 0.23$.
#
# ### Exercise 25.2 - kappa from two lists of words

# %%
# Exercise 25.2 - Cohen's kappa
from course.checks import check


def cohens_kappa(one, other):
    """Return kappa of two readers. one, other: lists of words, one a case, such as "b".

    Any number of different words; a reader may use one that the other never does.
    """
    ### BEGIN SOLUTION
    n = len(one)
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    words = set(one) | set(other)
    chance = sum(list(one).count(w) / n * list(other).count(w) / n for w in words)
    return (agreed - chance) / (1 - chance)
    ### END SOLUTION

check("25.2", cohens_kappa)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How often does the first reader say "m"? The second? And both, if neither knows of the other?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Two numbers first: the share of equal pairs, and the sum over all words of one share times the other.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `set(one) | set(other)` are the words; `one.count(word) / len(one)` is a share.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `["m", "m", "b", "b", "b"]` and `["m", "b", "b", "b", "b"]`: agreement 0.8, chance 0.56, kappa 0.545.
# </details>
#
# The course's version adds an interval (by statsmodels). With 100 cases:

# %%
from course.evaluation.agreement import cohen

for name, counts in (("even", [[45, 5], [5, 45]]), ("screening", [[2, 5], [5, 88]])):
    print("{:10} kappa {:.2f} ({:.2f} to {:.2f})".format(name, *cohen(counts)))

# %% [markdown]
# ### Experiment: the same readers, other patients
#
# Two readers with one sensitivity (0.9) and one specificity (0.95), who err independently. Three states first: 2, 10
# and 50 malignant cases of 100.

# %%
from course.widgets.lesson_25 import paradox_figure

paradox_figure()

# %% [markdown]
# *Figure: agreement and kappa against the share of malignant cases on a logarithmic axis, from 0.01 to 0.5, three
# states marked a, b, c. Agreement is about 0.9 everywhere, 0.86 to 0.90. Kappa climbs from below 0.2 at 0.01 to above
# 0.7 at 0.5.*

# %%
from ipywidgets import FloatSlider, SelectionSlider

from course.widgets.lesson_25 import SHARES, kappa_panel
from course.widgets.panel import Panel

Panel(kappa_panel, "Four fields, as large as their shares of all cases; filled where both readers agree.",
      share=SelectionSlider(options=SHARES, value=0.1),
      sensitivity=FloatSlider(0.9, min=0.5, max=1, step=0.05),
      specificity=FloatSlider(0.95, min=0.5, max=1, step=0.05))

# %% [markdown]
# **Try.**
# 1. Sensitivity and specificity 0.9: move the share from 0.5 down to 0.01. Which number falls, and do the readers get
#    worse?
# 2. Share 0.02: which of both settings moves kappa more?
#
# **Question.** Two papers report kappa 0.7 and 0.35 for the same task. Whose readers are better?
# <details><summary>Answer</summary>
#
# Nobody can say before knowing the share of malignant cases in each: the same two readers give both numbers. Report
# agreement, kappa *and* the four counts. (The words "substantial" or "fair" for ranges of kappa are Landis and Koch's,
# who called their limits arbitrary.)
# </details>
#
# ## 4. What wrong labels cost
#
# Suppose some *training* labels are wrong. Two ways: a share of *all* labels turned **by lot**; or a share of the
# *malignant* ones **missed**, and called benign (10 % of these is under 4 % of all labels). A logistic regression on
# the table's thirty measurements, out of fold, three repeats; the labels that judge are right. **Predict:** at 10 %,
# which way costs more sensitivity?

# %%
from course.reproduce.tables_25 import taught_wrong

found = taught_wrong([(0, "missed"), (0.1, "by lot"), (0.3, "by lot"), (0.1, "missed"), (0.3, "missed")])
assert found["sensitivity"].iloc[3] < found["sensitivity"].iloc[1] - 0.02
found.round(3)

# %% [markdown]
# Wrong labels by lot blur everything, the more the more there are. Missed cancers teach one lesson: "when in doubt,
# benign". The AUC hardly shows it; the sensitivity does, and the specificity does not fall. (Means of three repeats,
# without an interval.) Had the *judging* labels the same fault, the cancers that the model finds and the archive
# missed would count as false alarms, and the model would be blamed.
#
# ## 5. Who is served worse?
#
# A model is right on average and wrong for some. Take the malignant patients out of [lesson
# 14](14_breast_cancer_cnn.ipynb)'s folds, and cut them at their median nuclear radius: *smaller* and *larger* nuclei.
# **Predict** the sensitivity in both halves, at one threshold.

# %%
from course.evaluation.intervals import wilson
from course.reproduce.tables import NETWORK, out_of_fold
from course.reproduce.tables_25 import halves

scores, cut = out_of_fold()[NETWORK]
small, large, benign = halves()
for name, group in (("smaller nuclei", small), ("larger nuclei", large)):
    found = int((scores[group] >= cut).sum())
    print("{}: sensitivity {:.2f} ({:.2f} to {:.2f})".format(name, *wilson(found, int(group.sum()))))

# %% [markdown]
# Nearly four in ten of one half are missed, and nobody of the other. The sensitivity of the whole, about 0.8, shows
# neither. What would close the gap?

# %%
import numpy as np

lower = np.quantile(scores[small], 0.1)
for threshold in (cut, lower):
    print(f"threshold {threshold:.2f}: specificity {np.mean(scores[benign] < threshold):.2f}")

# %% [markdown]
# A threshold that finds nine of ten in the weak half costs alarms among the healthy. (It was read off the same
# patients, so it flatters.) Whether that is worth it is no question for whoever writes the code. Small nuclei
# are no protected group, but the arithmetic is the same: Obermeyer and others found a program that had predicted
# *costs* instead of illness, so that Black patients had to be sicker to get the same help.
#
# **Deeper.** [Learning without sharing](25_data_and_privacy_deeper.ipynb): three hospitals, one network.

# %% [markdown]
# ## Traps
#
# - **Names at the top only.** *Symptom*: the patient's name stands in a sequence. *Cure*: walk into every list.
# - **Private tags left.** *Symptom*: a maker's tag spells it out. *Cure*: odd groups go.
# - **Agreement without chance.** *Symptom*: 0.90, in a screening. *Cure*: kappa, and the four counts.
# - **A mean for all.** *Symptom*: fine on the whole. *Cure*: sensitivity by group, with its interval.

# %% [markdown]
# ## Recap
#
# Names hide in sequences, private tags, free texts and pixels; a program can list, remove and map, and must say what it
# has not looked at. Kappa measures agreement beyond chance and falls when a disease is rare, with the same readers.
# Missed cancers among the training labels cost sensitivity and spare the AUC. A model's mean can hide a half that it
# fails.

# %% [markdown]
# ## Quiz
#
# **1. Clean.** `deidentify` has run. May the file be called anonymous?
#
# - (a) yes, all identifying elements are gone
# - (b) no: texts and pixels were not looked at, and whoever has the secret can connect it
# - (c) yes, if the name is empty
#
# <details><summary>Answer</summary>
#
# (b). The list is a part of the standard's, and (a) and (c) forget free texts, faces and the secret.
# </details>
#
# **2. Dates.** Why are all dates of a patient moved by the *same* number of days?
#
# - (a) it is faster
# - (b) the time between her examinations stays
# - (c) the standard forbids others
#
# <details><summary>Answer</summary>
#
# (b): growth of a lesion per month can still be measured. The other two are not the reason.
# </details>
#
# **3. Kappa.** Agreement is 0.96 and kappa 0.3. Most likely
#
# - (a) one of the numbers is wrong
# - (b) nearly all cases are of one kind
# - (c) the readers guess
#
# <details><summary>Answer</summary>
#
# (b): chance alone agrees nearly always then. Guessing (c) would give kappa near 0.
# </details>
#
# **4. Labels.** A hospital's archive misses one cancer in ten. A model trained *and* tested on it shows
#
# - (a) half of all cancers missed
# - (b) false alarms, some of which are the archive's missed cancers
# - (c) a higher specificity than with right labels
#
# <details><summary>Answer</summary>
#
# (b). The model finds some of the missed cancers, and the archive counts each as a false alarm: the specificity falls,
# so not (c). The loss is far from half (a). Nothing in the numbers says that the labels are at fault.
# </details>

# %% [markdown]
# ## Sources
#
# - DICOM PS3.15, Security and System Management Profiles, Annex E.
# - C. G. Schwarz and others. Identification of anonymous MRI research participants with face-recognition software. *New
#   England Journal of Medicine* 381 (2019) 1684-1686.
# - J. Cohen. A coefficient of agreement for nominal scales. *Educational and Psychological Measurement* 20 (1960)
#   37-46.
# - W. A. Berg and others. Breast Imaging Reporting and Data System: inter- and intraobserver variability in feature
#   analysis and final assessment. *American Journal of Roentgenology* 174 (2000) 1769-1777.
# - J. R. Landis, G. G. Koch. The measurement of observer agreement for categorical data. *Biometrics* 33 (1977)
#   159-174.
# - Z. Obermeyer and others. Dissecting racial bias in an algorithm used to manage the health of populations. *Science*
#   366 (2019) 447-453.
#
# ## Next
#
# Lesson 26 (planned) puts a model to work. [The deeper page](25_data_and_privacy_deeper.ipynb) trains in three
# hospitals at once, and reads a picture out of a gradient.
