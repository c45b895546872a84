# %% [markdown]
# # Plan a path to a tumour, and know how far off you are
#
# A picture can guide a needle as far as its millimetres are true. Whoever trusts an overlay should know how the picture
# was laid on the patient, and how far off it may be at the place that matters.
#
# ## What you will do
# - Turn voxels into millimetres and back (quiz).
# - Draw a safety margin round what must not be touched (exercise 23.1).
# - Score straight paths by their smallest distance, while you move the entry (quiz).
# - Lay the landmarks of a patient on those of a picture (exercise 23.2).
# - Tell the error at the landmarks from the error at the target (quiz).
#
# **What you need.** Arrays, [lesson 01](01_images_as_arrays.ipynb); masks, [lesson 03](03_measuring_nuclei.ipynb);
# matrix products, [lesson 06](06_forward_pass.ipynb).
#
# **How long.** About 59 minutes.
#
# **What this is not.** No navigation system, and no advice. Tumour, vessels and tract are drawn by us. And a real brain
# moves once the skull is open, which nothing here models: in 61 patients, landmarks on the brain's surface had moved by
# 6.1 mm on average during the operation (Reinges and others).

# %% [markdown]
# ## 1. A brain in millimetres
#
# The brain is real, and nobody's: MNI's template, the average of magnetic resonance pictures of 152 healthy people. It
# comes inside the package nilearn.

# %%
from course.data import brain

head = brain.load()
print(head.t1.shape, head.t1.dtype)
print(head.affine)

# %% [markdown]
# A *voxel* is a pixel with depth, named by three numbers $(i, j, k)$. The *affine* says where its middle lies, in mm:
#
# $$(x, y, z) = M\,(i, j, k) + o,$$
#
# with $M$ the left upper 3 x 3 numbers of the affine and $o$ its last column. In this file $x$ grows to the patient's
# right, $y$ forward, $z$ up. By hand, voxel (130, 133, 104): $x = 1 \cdot 130 - 98 = 32$, $y = 133 - 134 = -1$,
# $z = 104 - 72 = 32$ mm. The way back subtracts $o$ and multiplies by the inverse of $M$. The library:

# %%
import numpy as np
from nibabel.affines import apply_affine

to_voxels = np.linalg.inv(head.affine)
print(apply_affine(head.affine, [130, 133, 104]), apply_affine(to_voxels, [32, -1, 32]))

# %% [markdown]
# With voxels of 1 mm the two are easily mixed up. Many scans have thick slices. We keep every third. **Predict:** which
# voxel holds the place (32, -1, 32) mm now?

# %%
thick = brain.load(every=3)
print(thick.t1.shape, "steps of", np.diag(thick.affine)[:3], "mm")
print(apply_affine(np.linalg.inv(thick.affine), brain.TARGET).round(2))

# %% [markdown]
# Its third number is a third of what it was, and no whole number: the place lies between two slices. Now what is drawn:
# a tumour of two balls, vessels 3 mm thick, and a *tract*, a bundle of nerve fibres, 7 mm thick.

# %%
from course.widgets.lesson_23 import overlay_figure

overlay_figure(head)

# %% [markdown]
# *Figure: three slices through the middle of the tumour's larger ball, seen from above, from behind and from the
# right, axes in mm. The tumour is a striped patch, about 2 cm across, in the right half. The vessels, small solid
# spots, lie mostly on the surface; the dotted tract runs behind the tumour.*
#
# (Right is on the right here. Radiologists often show it the other way round, as if the patient faced you.)
#
# ## 2. A margin in millimetres
#
# A *safety margin* of $m$ mm is every place whose nearest forbidden voxel is at most $m$ mm away. Let slices lie 3 mm
# apart and columns 1 mm. From a voxel of a vessel:
#
# | to the voxel | slices, columns | mm | within 3 mm |
# |---|---|---|---|
# | one slice up | 1, 0 | 3 | yes |
# | three columns right | 0, 3 | 3 | yes |
# | one up, one right | 1, 1 | $\sqrt{3^2 + 1^2} = 3.16$ | no |
# | four columns right | 0, 4 | 4 | no |
#
# No number of voxels says that, and no box: each axis has its own spacing $s_a$, and the distance is straight,
# $\sqrt{\sum_a (s_a\,\Delta_a)^2}$, with $\Delta_a$ the voxels walked along axis $a$.
#
# ### Exercise 23.1 - a margin round any mask

# %%
# Exercise 23.1 - all voxels within mm of the marked ones
import numpy as np

from course.checks import check


def safety_margin(mask, spacing, mm):
    """Return bool, of the mask's shape: True on marked voxels and at most mm from one.

    mask: bool, of any number of axes; spacing: mm from voxel to voxel, one an axis.
    """
    ### BEGIN SOLUTION
    places = np.argwhere(np.ones_like(mask)) * spacing
    marked = np.argwhere(mask) * spacing
    steps = places[:, None] - marked
    nearest = np.sqrt((steps**2).sum(axis=-1)).min(axis=1)
    return (nearest <= mm).reshape(mask.shape)
    ### END SOLUTION

check("23.1", safety_margin)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# For one voxel: which of all marked voxels decides?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `np.argwhere(mask)` lists the numbers of the marked voxels. Times the spacing they are millimetres. Then the distances
# from each place to all of them, and the smallest.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `places = np.argwhere(np.ones_like(mask)) * spacing` lists every voxel. `places[:, None] - marked` subtracts each from
# each. At the end `reshape(mask.shape)`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `safety_margin(np.array([[False, False, True]]), [1.0, 2.0], 2.0)` is `[[False, True, True]]`.
# </details>
#
# For a whole head all pairs would fill a thousand gigabytes. SciPy's *distance transform* takes seconds: for each voxel
# that is True, the distance to the nearest False. Hence the `~`.

# %%
from scipy.ndimage import distance_transform_edt

from course.imaging.paths import spacing

forbidden = brain.mask("vessels", head) | brain.mask("tract", head)
distances = distance_transform_edt(~forbidden, sampling=spacing(head.affine))
overlay_figure(head, margin=distances <= 5)

# %% [markdown]
# *Figure: the same three slices. Round vessels and tract lies a hatched border 5 mm wide; at the tumour's back, on the
# side of the tract, it reaches the tumour's edge.*
#
# **Break it.** The thick scan, with the spacing forgotten. **Predict:** how far does a "margin of 5" reach?

# %%
there = brain.mask("vessels", thick) | brain.mask("tract", thick)
true = distance_transform_edt(~there, sampling=spacing(thick.affine))
called = distance_transform_edt(~there) <= 5
print(f"voxels called near: {called.sum()}, truly within 5 mm: {(true <= 5).sum()}")
print(f"the furthest of them: {true[called].max():.0f} mm")

# %% [markdown]
# Five slices of 3 mm. Here too much is forbidden; with voxels of half a millimetre the same slip halves the margin.
#
# ## 3. Straight paths
#
# A needle goes straight from an *entry* on the surface to the *target*, the middle of the tumour's larger ball. Its
# score is the smallest distance on the way: that of its worst place. A loop over 200 places, the course's function,
# which works between voxels, and the truth by the formula of the tubes:

# %%
from course.imaging.paths import clearance

entry, target = brain.surface(head, [1, 0, 0.2]), brain.TARGET
way = np.linspace(entry, target, 200)
voxels = apply_affine(to_voxels, way).round().astype(int)
by_loop = min(distances[tuple(voxel)] for voxel in voxels)
by_course, _ = clearance(distances, head.affine, entry, target)
true = min(brain.distance_to(name, way).min() for name in ("vessels", "tract"))
print(f"loop {by_loop:.1f}, course {by_course:.1f}, truth {true:.1f} mm")

# %% [markdown]
# A map of voxels can be off by about half a voxel's diagonal, 0.87 mm: each tube has become a heap of cubes.
#
# ### Experiment: move the entry

# %%
from course.widgets.lesson_23 import three_entries

three_entries()

# %% [markdown]
# *Figure: three slices that hold the path (white, from a round entry to the middle of the striped tumour). The first
# path begins in a vessel, hidden under the entry's circle: distance 0. The second starts high up and passes a vessel
# at about 5 mm, the third between vessels, about 12 mm from the nearest. Hatched: a margin of 3 mm.*

# %%
from course.widgets.lesson_23 import frame_rate, plan_panel
from course.widgets.panel import Panel

Panel(plan_panel, "Left: the slice that holds the path. Right: distances on the way.",
      follow=frame_rate, turn=(-60, 90, 5), height=(0, 80, 5), margin=(0, 10))

# %% [markdown]
# **Try.**
# 1. Turn 0: raise the height from 0 to 80. Where is the best entry, and what limits you on either side?
# 2. Margin 10: find an entry that keeps it. How many degrees may it turn?
#
# **Question.** No entry scores more than 14 mm. Why?
# <details><summary>Answer</summary>
#
# Every path ends at the target, and the target itself lies 13.4 mm from the tract.
# </details>
#
# Below the panel stands how many pictures a second this computer draws; a video shows 25, one every 40 ms. Delay is
# distance: a tool that moves by 50 mm a second is 50 x 0.1 = 5 mm further on after 100 ms.
#
# ## 4. Lay the patient on the picture
#
# In theatre a camera sees the patient in coordinates of its own. Five markers on the head are seen by the camera and in
# the picture. We look for the *rigid motion* that carries the camera's points $a_i$, the source, to the picture's
# $b_i$ (also called target): $b_i \approx R\,a_i + t$, with a rotation $R$ and a translation $t$ in mm. By
# hand, in two dimensions:
#
# | $a$ | $b$ | $a$ less its mean (2, 1) | $b$ less its mean (9, 7) |
# |---|---|---|---|
# | (0, 0) | (10, 5) | (-2, -1) | (1, -2) |
# | (6, 0) | (10, 11) | (4, -1) | (1, 4) |
# | (0, 3) | (7, 5) | (-2, 2) | (-2, -2) |
#
# Centred, only a turn by an angle $\theta$ is left. The best one has $\tan\theta = \frac{\sum a_x b_y - a_y b_x}{\sum
# a_x b_x + a_y b_y}$: above $5 + 17 + 8 = 30$, below $0 + 0 + 0$, so 90 degrees: $(x, y)$ becomes $(-y, x)$. The
# translation takes the turned mean to the other mean: $t = (9, 7) - (-1, 2) = (10, 5)$.
#
# In three dimensions one angle is not enough. *Kabsch's* way puts all sums of products in a table, $H = \sum_i a_i
# b_i^T$ (3 x 3, centred points), and takes it apart by `np.linalg.svd`: $H = U S V^T$, a turn $U$, a stretch $S$, a
# turn $V$. The turns without the stretch are the answer: $R = V U^T$. One thing can go wrong: $V U^T$ may be a
# *mirror*, with determinant -1. A head cannot be mirrored. The best true turn then comes from $V$ with the sign of its
# last column changed.
#
# ### Exercise 23.2 - Kabsch's rotation and translation

# %%
# Exercise 23.2 - the rigid motion from source to target
import numpy as np

from course.checks import check


def rigid_motion(source, target):
    """Return (rotation (3, 3), translation (3,)).

    Each target point is near rotation @ its source point + translation.
    source, target: (n, 3) mm; row i of one belongs to row i of the other.
    """
    ### BEGIN SOLUTION
    a, b = source.mean(axis=0), target.mean(axis=0)
    U, _, Vt = np.linalg.svd((source - a).T @ (target - b))
    V = Vt.T
    if np.linalg.det(V @ U.T) < 0:
        V[:, 2] *= -1
    rotation = V @ U.T
    return rotation, b - rotation @ a
    ### END SOLUTION

check("23.2", rigid_motion)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which point of the source is sure to land on which point of the target?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Centre both sets; the table of sums; svd; look at the determinant; at last the translation, from the means.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# The table is `(source - a).T @ (target - b)`. `np.linalg.svd` gives U, the stretches, and V *transposed*.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The rows of the table above with a third coordinate 0: rotation `[[0, -1, 0], [1, 0, 0], [0, 0, 1]]`, translation
# `[10, 5, 0]`.
# </details>
#
# ## 5. How far off are you?
#
# Nobody finds a marker exactly. Let each be found with a random error of 1 mm (the *fiducial localisation error*, FLE;
# root mean square). Two numbers come out:
#
# - the *fiducial registration error*, FRE: root mean square distance of the markers, laid on each other. Of 1, 1 and 2
#   mm it is $\sqrt{(1 + 1 + 4)/3} = 1.41$. Any system can show it.
# - the *target registration error*, TRE: the distance at a point that was *not* used. It is what matters, and in
#   theatre nobody knows it. Here we do.
#
# Below, `camera` is the true motion of the patient, which the program does not see, and `located` adds the errors.
# **Predict:** which will be larger, FRE or TRE, at the tumour? At the back of the head?

# %%
from scipy.spatial.transform import Rotation

from course.imaging.registration import located, moved, rigid, rms_distance

turn = Rotation.from_euler("xyz", [10, 20, 130], degrees=True).as_matrix()
camera = turn, [300, -120, 900]
seen = located(moved(brain.MARKERS, *camera), 1.0, np.random.default_rng(23))
motion = rigid(seen, brain.MARKERS)
print(f"FRE {rms_distance(moved(seen, *motion), brain.MARKERS):.2f} mm")
for name, place in (("tumour", brain.TARGET), ("back of the head", [20, -88, 0])):
    shown = moved(moved(place, *camera), *motion)
    print(f"TRE at the {name}: {rms_distance(shown, place):.2f} mm")

# %% [markdown]
# That was one registration. A thousand (TRE: tumour, back):

# %%
from course.imaging.registration import rms, trials

fre, tre = trials(brain.MARKERS, [brain.TARGET, [20, -88, 0]], 1.0, 1000, seed=1)
print("root mean square: FRE", rms(fre).round(1), "TRE", rms(tre).round(1), "mm")
assert 1.8 < rms(tre)[1] / rms(tre)[0] < 2.2

# %% [markdown]
# All five markers sit on the front half. Far from them a small turn becomes a long way, so the back is twice as far
# off. And a path that keeps 3 mm in the picture keeps in the patient 3 mm give or take the TRE.
#
# ### Experiment: move a landmark

# %%
from course.widgets.lesson_23_landmarks import three_slips

three_slips()

# %% [markdown]
# *Figure: the head from above, five landmarks in front (circles: in the picture; crosses: the patient's, laid on them;
# square: slipped), two targets (diamonds: true place; plus: where the system shows it). Landmark 3 seen 12 mm too far
# right, or too far forward: FRE over 4 mm both times, TRE at the back below 1 mm or about 8 mm, mostly up or down,
# which is not seen from above. All five 12 mm too far right: FRE 0, TRE 12 mm.*

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_23_landmarks import MARKS, landmark_panel
from course.widgets.panel import Panel

Panel(landmark_panel, "Circles, crosses: landmarks. Diamonds, pluses: targets.",
      landmark=SelectionSlider(options=MARKS, value=3),
      right=(-15, 15), forward=(-15, 15))

# %% [markdown]
# **Try.**
# 1. Move one landmark after the other by 12 mm. How much do the FRE and the TRE at the back change?
# 2. Find a slip with an FRE above 4 mm and TREs below 2 mm.
#
# **Question.** The markers stick to the skin, and all slip together when the head is clamped. What does the FRE say?
# <details><summary>Answer</summary>
#
# Nothing: 0. The landmarks fit each other perfectly, and every target is off by the whole slip.
# </details>
#
# **Deeper.** [How far off to expect, and why the FRE does not tell](23_surgical_navigation_deeper.ipynb).

# %% [markdown]
# ## Traps
#
# - **Voxels for millimetres.** *Symptom*: a margin of another width along each axis. *Cure*: `sampling`, in the order
#   of the axes.
# - **The wrong side.** *Symptom*: distance 0 everywhere but in the vessel. *Cure*: `~`.
# - **A mirror.** *Symptom*: determinant -1; left and right exchanged. *Cure*: the sign of the last column.
# - **Not centred, or the way back.** *Symptom*: distances of decimetres. *Cure*: centre; lay the source on the target
#   and look.
# - **FRE taken as TRE.** *Symptom*: "accuracy 0.5 mm". *Cure*: check at a place that was not used.

# %% [markdown]
# ## Recap
#
# An affine turns voxels into millimetres, and a distance transform with the spacing turns a mask into a margin. A
# straight path is as safe as its nearest place. Kabsch's motion lays landmarks on each other: centre, svd, no mirror.
# How well they fit says how well they fit, not how far off the target is.

# %% [markdown]
# ## Quiz
#
# **1. Affine.** Its diagonal is 0.5, 0.5, 4, its last column (-60, -80, -20). Voxel (120, 160, 10) lies at
#
# - (a) (0, 0, 20) mm
# - (b) (60, 80, -10) mm
# - (c) (0, 0, -10) mm
#
# <details><summary>Answer</summary>
#
# (a): 0.5 x 120 - 60, 0.5 x 160 - 80, 4 x 10 - 20. (b) forgets the spacing; (c) in the third axis.
# </details>
#
# **2. Worst place.** Path A is 10 mm from all vessels for 50 mm and then 1 mm for 2 mm; path B is 4 mm from them all
# the way. By our score
#
# - (a) A is better, on average
# - (b) B is better
# - (c) they are equal
#
# <details><summary>Answer</summary>
#
# (b): 4 against 1. A mean (a) hides the place where harm is done.
# </details>
#
# **3. Display.** The system shows 0.4 mm, the FRE. The target is off by
#
# - (a) 0.4 mm
# - (b) at most 0.4 mm
# - (c) an amount that this number does not tell
#
# <details><summary>Answer</summary>
#
# (c). It may be less, or many times more: the panel's "all" has FRE 0 and a TRE of any size.
# </details>
#
# **4. Mirror.** The determinant of $V U^T$ is -1, and the FRE is tiny. You
#
# - (a) keep it, since it fits
# - (b) change the sign of the last column of $V$
# - (c) change the sign of the whole matrix
#
# <details><summary>Answer</summary>
#
# (b). A mirror image (a) cannot be reached by moving a head; (c) is a rotation, and not the best one.
# </details>

# %% [markdown]
# ## Sources
#
# - V. Fonov and others: Unbiased average age-appropriate atlases for pediatric studies. NeuroImage 54 (2011) 313-327.
#   The template's own paper; its licence stands in the data card.
# - W. Kabsch: A solution for the best rotation to relate two sets of vectors. Acta Crystallographica A 32 (1976)
#   922-923.
# - S. Umeyama: Least-squares estimation of transformation parameters between two point patterns. IEEE Transactions on
#   Pattern Analysis and Machine Intelligence 13 (1991) 376-380. The guard against mirrors.
# - J. M. Fitzpatrick: Fiducial registration error and target registration error are uncorrelated. Proc. SPIE 7261
#   (2009) 726102.
# - M. H. T. Reinges and others: Course of brain shift during microsurgical resection of supratentorial cerebral
#   lesions: limits of conventional neuronavigation. Acta Neurochirurgica 146 (2004) 369-377.
#
# ## Next
#
# [Lesson 24](24_molecules.ipynb) looks at molecules, as pictures and as graphs. [The deeper
# page](23_surgical_navigation_deeper.ipynb) predicts the error at a target, and measures a broken wrist.
