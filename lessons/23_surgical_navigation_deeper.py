# %% [markdown]
# # Predict the error at a target, and measure a broken joint
#
# The number on the screen says how well landmarks fit. Whoever answers for the target needs another one, and can have
# it before the operation. This page begins where [lesson 23](23_surgical_navigation.ipynb) ends.
#
# ## What you will do
# - Predict the error at any target from where the landmarks are (exercise 23.3).
# - See whether a small FRE means a small TRE (quiz).
# - Look for a landmark that has slipped, and meet a mirror (quiz).
# - Measure gap and step of a broken joint surface in mm (exercise 23.4).
#
# **What you need.** [Lesson 23](23_surgical_navigation.ipynb).
#
# **How long.** About 59 minutes.
#
# **What this is not.** No advice on any fracture. The wrist is drawn: a straight joint surface, one break, no hand.

# %% [markdown]
# ## 1. How far off to expect
#
# Each landmark is found with a random error whose root mean square length is $\mathrm{FLE}$, in mm. Averaged over many
# registrations, Fitzpatrick, West and Maurer's formula says (for errors that are small, independent, and alike in all
# directions)
#
# $$\mathrm{TRE}^2 = \frac{\mathrm{FLE}^2}{n}\Big(1 + \frac{1}{3}\sum_{k=1}^{3}\frac{d_k^2}{f_k^2}\Big).$$
#
# $n$ is the number of landmarks. $k$ counts their three *principal axes*: lines through their mean, at right angles,
# the first where they spread most. $d_k$ is the distance of the *target* from axis $k$, $f_k$ the root mean square
# distance of the *landmarks* from it, all in mm. The 1 is the error of the shift, the sum that of the turn: far
# targets are worse, wide landmarks better.
#
# By hand: six landmarks 60 mm from the middle, two on each axis. From axis 1 four of them are 60 mm away and two 0:
# $f_1^2 = 4 \cdot 60^2 / 6 = 2400$, and so for the others. With $\mathrm{FLE} = 1$:
#
# | target | $d_1^2, d_2^2, d_3^2$ | sum of $d^2/f^2$ | $\mathrm{TRE}^2$ | TRE, mm |
# |---|---|---|---|---|
# | the middle | 0, 0, 0 | 0 | 1/6 | 0.41 |
# | on axis 2, 60 mm out | 3600, 0, 3600 | 3 | 2/6 | 0.58 |
# | on axis 2, 120 mm out | 14400, 0, 14400 | 12 | 5/6 | 0.91 |
#
# ### Exercise 23.3 - landmarks anywhere
#
# Real axes are not those of the coordinates. `np.linalg.svd(points - points.mean(axis=0))[2]` has the three axes as
# rows, of length 1. A point's distance from an axis follows from its coordinates along the *other* two.

# %%
# Exercise 23.3 - the error to expect at a target
import numpy as np

from course.checks import check


def expected_error(points, target, fle):
    """Return the expected TRE (root mean square) at target (3,) in mm.

    points (n, 3): the landmarks; fle: root mean square error of finding one, mm.
    """
    ### BEGIN SOLUTION
    middle = points.mean(axis=0)
    axes = np.linalg.svd(points - middle)[2]
    landmarks = ((points - middle) @ axes.T) ** 2
    there = (axes @ (target - middle)) ** 2
    d2 = there.sum() - there
    f2 = (landmarks.sum(axis=1, keepdims=True) - landmarks).mean(axis=0)
    return fle * np.sqrt((1 + (d2 / f2).sum() / 3) / len(points))
    ### END SOLUTION

check("23.3", expected_error)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# A point has the coordinates 3, 4 and 12 along the axes. How far is it from the third axis?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# 5: the root of 3 squared plus 4 squared, which is the sum of all squares less 12 squared. Do it for all landmarks and
# for the target, seen from the landmarks' mean.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `squares = ((points - middle) @ axes.T) ** 2`; then `squares.sum(axis=1, keepdims=True) - squares`, and its mean over
# the landmarks.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `points = 60 * np.vstack([np.eye(3), -np.eye(3)])` are the landmarks of the table; target `np.array([0, 60.0, 0])`,
# fle 1: 0.577.
# </details>
#
# Does it hold? Two thousand simulated registrations with the five markers of the core page, and the prediction, at the
# tumour, the back of the head and the forehead:

# %%
from course.data import brain
from course.imaging.registration import expected_tre, rms, trials

places = [brain.TARGET, [20, -88, 0], [0, 70, 30]]
print(rms(trials(brain.MARKERS, places, 1.0, 2000, seed=5)[1]).round(2))
print([round(expected_tre(brain.MARKERS, place, 1.0), 2) for place in places])

# %% [markdown]
# So the error can be mapped before anybody is operated on:

# %%
from course.widgets.lesson_23_landmarks import expected_figure

expected_figure(brain.MARKERS)

# %% [markdown]
# *Figure: the head from above at the height of the tumour, five landmarks (circles) in front. Lines of equal expected
# TRE, in mm for an FLE of 1 mm. They run round the middle of the landmarks, where the error is below 0.5 mm; it grows
# backwards, to 1.3 mm at the back of the head.*
#
# ## 2. Does a small FRE mean a small TRE?
#
# The system shows the FRE. Take 3,000 registrations of one system, and compare the quarter with the smallest FRE with
# the quarter with the largest. **Predict:** how much better is the first at the tumour?

# %%
fre, tre = trials(brain.MARKERS, brain.TARGET, 1.0, 3000, seed=6)
first, *_, last = np.array_split(np.argsort(fre), 4)
print("smallest FRE", rms(fre[first]).round(2), "TRE", rms(tre[first]).round(2), "mm")
print("largest FRE ", rms(fre[last]).round(2), "TRE", rms(tre[last]).round(2), "mm")
print("correlation", np.corrcoef(fre, tre[:, 0])[0, 1].round(2))

# %% [markdown]
# Not at all. Chance alone makes a correlation of up to about $2/\sqrt{3000} = 0.04$ either way.

# %%
from course.widgets.lesson_23_landmarks import cloud_figure

cloud_figure(fre, tre[:, 0])

# %% [markdown]
# *Figure: 3,000 dots, FRE sideways, TRE at the tumour upwards, both in mm. The cloud has no slope: at any FRE the TREs
# run from near 0 to about 1.5 mm.*
#
# Fitzpatrick proved it to first order: for a given system with a given level of normal errors, no measure of how well
# the landmarks fit gives any information about the true error in that patient; surgeons, he wrote, should stop using
# them so. Danilchenko and Fitzpatrick found the same, correlations below 0.1, for errors that differ by direction and
# landmark.
#
# Mind the conditions. Where the *level* of the errors differs from patient to patient, a large FRE hints at a careless
# hand. **Predict** the correlation when each registration draws its FLE between 0.5 and 3 mm.

# %%
fle = np.random.default_rng(7).uniform(0.5, 3, 3000)
fre, tre = trials(brain.MARKERS, brain.TARGET, fle, 3000, seed=7)
print("correlation", np.corrcoef(fre, tre[:, 0])[0, 1].round(1))

# %% [markdown]
# So the FRE is good for noticing that something is wrong with the whole, and for nothing finer. It misleads across
# systems, too. Landmarks on a ring of 80 mm, a target 40 mm below it (their number, FRE, TRE):

# %%
from course.imaging.registration import expected_fre

for n in (3, 4, 6, 10, 20):
    angles = 2 * np.pi * np.arange(n) / n
    ring = 80 * np.column_stack([np.cos(angles), np.sin(angles), 0 * angles])
    print(n, round(expected_fre(n, 1), 2), round(expected_tre(ring, [0, 0, -40], 1), 2))

# %% [markdown]
# More landmarks: the FRE *rises* towards the FLE ($\mathrm{FRE}^2 = (1 - 2/n)\,\mathrm{FLE}^2$ is expected), for the
# motion can bend less to each one's error. The TRE falls. Three landmarks look best and are worst.
#
# ## 3. A landmark that has slipped
#
# Now one of five landmarks is 8 mm off, the others as before. Two ways to look for it: the *residuals* (each landmark's
# own distance after the registration), and the FRE of the other four when one is left out. **Predict:** which slip is
# worse for the tumour, landmark 1 to the right, or landmark 5 upwards?

# %%
from course.imaging.registration import left_out, located, moved, rigid, rms_distance

for slipped, by in ((1, [8, 0, 0]), (5, [0, 0, 8])):
    seen = located(brain.MARKERS, 1.0, np.random.default_rng(4))
    seen[slipped - 1] += by
    motion = rigid(seen, brain.MARKERS)
    residuals = np.linalg.norm(moved(seen, *motion) - brain.MARKERS, axis=1)
    without = left_out(seen, brain.MARKERS)
    tre = rms_distance(moved(brain.TARGET, *motion), brain.TARGET)
    print(f"landmark {slipped}: TRE {tre:.1f} mm")
    print("  residuals  ", residuals.round(1), "\n  without it ", without.round(1))

# %% [markdown]
# The first slip shouts: by far the largest residual is its own, and the fit is good without it. It does little harm.
# The second is quiet here and does more harm: of the five, 4 and 5 hold the head against rolling to a side, so the
# motion rolls to follow landmark 5, and the tumour lies on that side. That was one draw of the errors. In 500:

# %%
from course.imaging.registration import accused

largest, out = accused(brain.MARKERS, place=4, slip=[0, 0, 8], fle=1, n=500, seed=0)
print(f"the largest residual is landmark 5's in {largest:.0%}; leaving one out points at 5 in {out:.0%}")
assert largest < 0.3 and out > 0.9

# %% [markdown]
# The largest residual mostly accuses a landmark that is right; leaving one out finds the culprit. No rule replaces
# touching a known place, such as the tip of the nose, and looking at the screen.
#
# ## 4. A mirror
#
# Four landmarks almost in one plane, half a millimetre above or below it, found with an FLE of 1.5 mm; a target 60 mm
# below the plane's middle. Kabsch without the guard, in a thousand registrations:

# %%
plate = np.array([[-40, -25, 0.5], [40, -25, -0.5], [40, 25, 0.5], [-40, 25, -0.5]])
rng, deep, rows = np.random.default_rng(3), np.array([0, 0, -60.0]), []
for _ in range(1000):
    seen = located(plate, 1.5, rng)
    a, b = seen.mean(axis=0), plate.mean(axis=0)
    U, _, Vt = np.linalg.svd((seen - a).T @ (plate - b))
    mirror = Vt.T @ U.T
    if np.linalg.det(mirror) < 0:
        for motion in ((mirror, b - mirror @ a), rigid(seen, plate)):
            rows.append([rms_distance(moved(seen, *motion), plate),
                         rms_distance(moved(deep, *motion), deep)])
print(len(rows) // 2, "mirrors; FRE and TRE of them, then of the true motions, mm:")
print(rms(rows[::2]).round(1), rms(rows[1::2]).round(1))

# %% [markdown]
# The mirrors fit *better*: they had one more freedom. And they show the target above the plane, 120 mm from where it
# is. A test on landmarks alone would choose them.
#
# ## 5. A broken joint surface
#
# A *radiograph* is flat, and again all depends on millimetres. Here is the end of a forearm bone, the radius, split
# into the joint. The *gap* is the opening along the joint surface, the *step* the height by which the surface jumps.

# %%
from course.data.phantom_bone import draw
from course.widgets.lesson_23_landmarks import wrist_figure

wrist = draw(gap=2.0, step=1.5, spacing=(0.2, 0.2))
wrist_figure(draw(gap=0, step=0), wrist)

# %% [markdown]
# *Figure: two drawn radiographs, axes in mm. Left the whole bone: a shaft that widens to a slanting joint surface at
# the bottom. Right the break: a dark band runs upwards from the surface, and the right piece is moved away and
# upwards. Circles mark the ends of the main piece's surface, squares those of the other's.*
#
# By hand, on a level surface with pixels of 0.5 mm: the main piece ends at row 10, column 50, the other begins at row
# 5, column 60. The gap is $10 \cdot 0.5 = 5$ mm, the step $5 \cdot 0.5 = 2.5$ mm upwards.
#
# ### Exercise 23.4 - gap and step of a slanting surface
#
# Let $(y, x)$ be the direction of the main piece's surface *in mm*, from its outer end to its end at the fracture, of
# length 1; $y$ runs down the rows. Then $(-x, y)$ stands at a right angle to it, and points upwards where the surface
# runs to the right. The part of a way along a direction of length 1 is the dot product.

# %%
# Exercise 23.4 - gap and step in mm
import numpy as np

from course.checks import check


def gap_and_step(surface, corner, spacing):
    """Return (gap, step) in mm from points (row, column) in pixels.

    surface (2, 2): outer end of the main piece's surface, then its end at the fracture.
    corner (2,): where the other piece's surface begins.
    spacing (2,): mm from row to row, from column to column.
    step: the part along (-x, y) of the direction (y, x): above 0 on the left of who walks along the surface.
    """
    ### BEGIN SOLUTION
    outer, end = surface * spacing
    along = (end - outer) / np.linalg.norm(end - outer)
    across = np.array([-along[1], along[0]])
    way = corner * spacing - end
    return way @ along, way @ across
    ### END SOLUTION

check("23.4", gap_and_step)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Pixels may be higher than wide. When must they become millimetres: before the direction is made, or after?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Before. Then the way from the end at the fracture to the other piece's corner has a part along the surface and a part
# across it.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `points * spacing` turns rows of points into mm. `along = ... / np.linalg.norm(...)`, then two dot products, `@`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `surface = np.array([[10.0, 10], [10, 50]])`, `corner = np.array([5.0, 60])`, `spacing = np.array([0.5, 0.5])`: 5 and
# 2.5.
# </details>
#
# The course's function on the drawn wrist, with the true corners:

# %%
from course.imaging.fractures import gap_and_step as measured

main, corner = wrist.truth["main"], wrist.truth["piece"][0]
print(np.round(measured(main, corner, wrist.spacing), 2), "mm")

# %% [markdown]
# And as two hundred readers would mark them, each corner off by a pixel (standard deviation) in either direction.
# **Predict** how far the readers' numbers lie apart.

# %%
slips = np.random.default_rng(8).normal(size=(200, 3, 2))
readings = [measured(main + one[:2], corner + one[2], wrist.spacing) for one in slips]
print("readers, mean:", np.mean(readings, axis=0).round(1), "mm")
print("readers, standard deviation:", np.std(readings, axis=0).round(1), "mm")

# %% [markdown]
# A pixel of 0.2 mm in each corner makes a few tenths of a millimetre in the result. That matters, for the lines drawn
# in the literature are near. Altissimi and others counted a step of 2 mm or more as one of four signs of a malunion
# (two were needed). Knirk and Jupiter followed 43 such fractures: of 24 that healed with an uneven joint surface, 91 %
# had arthritis later. One old series is no threshold, and this page gives none.
#
# Two more errors no formula here sees. A radiograph *enlarges*: with the tube 1000 mm from the detector and the bone
# 50 mm in front of it, everything is shown 1000 / 950 = 1.05 times as large, so 2 mm measure 2.1, unless the spacing
# is that of the bone's plane. And it shows one projection: a step that runs towards the viewer is not seen.

# %% [markdown]
# ## Traps
#
# - **FRE taken as TRE.** *Symptom*: the patient with the smallest FRE is called the most accurate. *Cure*: predict the
#   TRE from the landmarks' places; check a known place.
# - **Distances along the axes.** *Symptom*: a far target looks good. *Cure*: $d$ and $f$ are distances *from* the axes.
# - **Landmarks in a row.** *Symptom*: a turn that nothing holds. *Cure*: spread them, round the target.
# - **Landmarks in a plane, and no guard.** *Symptom*: a mirror. *Cure*: look at the determinant.
# - **The slip with small residuals.** *Symptom*: all fit moderately. *Cure*: leave one out, and do not trust it alone.
# - **Square pixels assumed.** *Symptom*: a slant of another angle. *Cure*: millimetres first.

# %% [markdown]
# ## Recap
#
# The error at a target follows from the landmarks' number and places and from the error of finding them; it can be
# mapped beforehand. How well the landmarks fit in one patient says nothing about it, as long as the errors are of one
# level. The most harmful slip can be the least visible one, and a mirror fits best of all. Gap and step are parts of
# one way, along and across a surface, in millimetres.

# %% [markdown]
# ## Quiz
#
# **1. Which patient?** Same system, same markers. FRE 0.3 mm in one patient, 0.9 mm in the other. The TRE is
#
# - (a) about three times as large in the second
# - (b) smaller in the first, at least probably
# - (c) as good as independent of it, if the landmarks were found equally well
#
# <details><summary>Answer</summary>
#
# (c). (a) and (b) are the intuition that section 2 tests. A *much* larger FRE may tell that the condition is broken.
# </details>
#
# **2. More markers.** From 4 to 10 landmarks of the same quality:
#
# - (a) FRE and TRE fall
# - (b) the FRE rises, the TRE falls
# - (c) neither changes
#
# <details><summary>Answer</summary>
#
# (b): $1 - 2/n$ grows, $1/n$ falls.
# </details>
#
# **3. Where to stick them.** For a target at the back of the head, with five markers, better
#
# - (a) all on the forehead, where they are found best
# - (b) spread round the head, the target in their midst
# - (c) in one row
#
# <details><summary>Answer</summary>
#
# (b): small $d$, large $f$. In (a) $d$ is large; in (c) one $f$ is 0 and the turn about the row is free.
# </details>
#
# **4. Left out.** Without landmark 5 the other four fit better. You know that
#
# - (a) landmark 5 was badly found
# - (b) the TRE is now smaller
# - (c) four fit better than five, which they often do
#
# <details><summary>Answer</summary>
#
# (c): $1 - 2/4 < 1 - 2/5$. A clear drop makes (a) likely; (b) may be false, since fewer landmarks are left.
# </details>

# %% [markdown]
# ## Sources
#
# - J. M. Fitzpatrick, J. B. West, C. R. Maurer: Predicting error in rigid-body point-based registration. IEEE
#   Transactions on Medical Imaging 17 (1998) 694-702.
# - J. M. Fitzpatrick: Fiducial registration error and target registration error are uncorrelated. Proc. SPIE 7261
#   (2009) 726102.
# - A. Danilchenko, J. M. Fitzpatrick: General approach to first-order error prediction in rigid point registration.
#   IEEE Transactions on Medical Imaging 30 (2011) 679-693.
# - S. Thompson and others: Are fiducial registration error and target registration error correlated?
#   SciKit-SurgeryFRED for teaching and research. Proc. SPIE 11598 (2021) 115980U. A program to try it with.
# - J. L. Knirk, J. B. Jupiter: Intra-articular fractures of the distal end of the radius in young adults. Journal of
#   Bone and Joint Surgery, American volume 68 (1986) 647-659.
# - M. Altissimi, A. Azzarà, G. Giustelli: Gli insuccessi nelle fratture del polso: viziose consolidazioni in esito a
#   trattamento conservativo. Rivista di Chirurgia della Mano 38 (2001).
#
# ## Next
#
# [Lesson 24](24_molecules.ipynb) looks at molecules, as pictures and as graphs.
