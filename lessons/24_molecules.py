# %% [markdown]
# # Read a molecule as a graph and as a picture
#
# A diagnosis ends in a treatment, and many treatments begin as one molecule found among thousands. Networks that read
# drawings of molecules have been built. Here you find out what such a drawing can hide.
#
# ## What you will do
# - Turn a molecule into a set of its atoms' surroundings, and compare two such sets (exercise 24.1).
# - Guess what a molecule does from those most similar to it (exercise 24.2).
# - Say what a random split and a split by scaffold each measure (quiz).
# - Say why a network changes its mind when a drawing is turned, and what helps (quiz).
#
# **What you need.** Splits without leaks, [lesson 12](12_comparing_classifiers.ipynb); paired intervals,
# [lesson 19](19_evaluating_a_diagnosis.ipynb). No chemistry.
#
# **How long.** About 55 minutes.
#
# **What this is not.** No advice on any drug. All results are of one table and one family of molecules.

# %% [markdown]
# ## 1. One molecule, three ways
#
# This is aspirin as a line of text, in a notation called **SMILES**:
#
# `CC(=O)Oc1ccccc1C(=O)O`
#
# Letters are atoms; hydrogens are left out. Neighbours in the text are bound, brackets hold a side branch, `=` is a
# double bond. Small letters belong to an *aromatic* ring (six carbons, say, that share their bonds evenly), and a
# number that stands twice closes a ring. The text can begin at any atom, so one molecule has many texts. The package
# RDKit reads a text into a **graph**, atoms with bonds between them, and can write one *canonical* text for each graph.
# **Predict:** are these two texts one molecule?

# %%
from course.data import molecules

one = molecules.parse("CC(=O)Oc1ccccc1C(=O)O")
other = molecules.parse("OC(=O)c1ccccc1OC(C)=O")
print(molecules.canonical(one), molecules.canonical(other), sep="\n")

# %% [markdown]
# They are. The graph has no left and no above: it knows only who is bound to whom. A drawing has both.

# %%
from course.widgets.lesson_24 import three_ways_figure

three_ways_figure()

# %% [markdown]
# *Figure: aspirin three times. Left, its graph: thirteen numbered atoms on a circle, lines where there is a bond,
# thicker for more than a single bond; their places mean nothing. Middle and right, RDKit's drawing of the same graph,
# upright and turned by 90 degrees, its letters upright in both: the same ink in other places.*
#
# ## 2. A molecule as a set
#
# How alike are two molecules? Take ethanol, `CCO`, and dimethyl ether, `COC`: the same atoms, otherwise bound. Write
# down every atom. Then write down every atom once more *with its neighbours* in brackets:
#
# | | atoms | with neighbours |
# |---|---|---|
# | ethanol, C–C–O | C, O | C(C), C(CO), O(C) |
# | dimethyl ether, C–O–C | C, O | C(O), O(CC) |
#
# What stands there twice counts once: it is a *set*. Go on, and put the neighbours' own new names into the brackets:
# that reaches two bonds far. As a loop:

# %%
def surroundings(mol, radius):
    names = [atom.GetSymbol() for atom in mol.GetAtoms()]
    found = set(names)
    for _ in range(radius):
        inside = [sorted(names[b.GetIdx()] for b in atom.GetNeighbors()) for atom in mol.GetAtoms()]
        names = [f"{name}({''.join(around)})" for name, around in zip(names, inside, strict=True)]
        found.update(names)
    return found

print(sorted(surroundings(molecules.parse("CCO"), 1)))

# %% [markdown]
# Such a set is the idea of a **Morgan fingerprint**, here of *radius* 1. Chemists' common "ECFP4" is Morgan's radius 2:
# the 4 is the *diameter*, and taking it for the radius is the commonest slip.
#
# Two sets are compared by the **Tanimoto similarity** (Jaccard's index elsewhere): what both have, divided by what
# either has. With $a$ and $b$ features in each and $c$ in both,
#
# $$T = \frac{c}{a + b - c}.$$
#
# Ethanol has 5, dimethyl ether 4, both share C and O: $T = 2 / (5 + 4 - 2) = 0.29$. A molecule has 1 with itself, and
# two that share nothing have 0. And two empty sets? 0 by 0 is no number; RDKit says 0, and so shall we.
#
# ### Exercise 24.1 - Tanimoto of two lists

# %%
# Exercise 24.1 - Tanimoto of two lists
from course.checks import check


def tanimoto(one, other):
    """Return the Tanimoto similarity of two lists of features, such as ["C", "O", "O(C)"].

    A feature may stand in a list several times; two empty lists give 0.
    """
    ### BEGIN SOLUTION
    one, other = set(one), set(other)
    either = one | other
    return len(one & other) / len(either) if either else 0.0
    ### END SOLUTION

check("24.1", tanimoto)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What makes a list forget how often something stands in it?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Two sets; how many features are in both, how many in either.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `set(one) & set(other)` and `set(one) | set(other)`; look at the second before you divide by its size.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `["C", "C", "O"]` and `["C", "N", "N"]` give 1/3.
# </details>
#
# RDKit's names for atoms hold more than an element: how many neighbours and hydrogens, its charge, whether it is in a
# ring. Its bonds have kinds, too. Each surrounding gets a number, and the numbers are folded into 2,048 **bits**, so
# that two can fall on one bit. Aspirin and salicylic acid, from which it is made, by our letters and by RDKit:

# %%
from course.data import fingerprints

salicylic = molecules.parse("OC(=O)c1ccccc1O")
ours = [surroundings(mol, 2) for mol in (one, salicylic)]
print(f"letters: {len(ours[0] & ours[1]) / len(ours[0] | ours[1]):.3f}")
bits = fingerprints.fingerprints([one, salicylic], radius=2, size=2048)
print(f"RDKit:   {fingerprints.tanimoto(bits[:1], bits[1:])[0, 0]:.3f},",
      "bits:", bits.sum(axis=1), "common:", (bits[0] & bits[1]).sum())

# %% [markdown]
# ## 3. Guess from the nearest
#
# Now a real table, which RDKit carries: 1,017 molecules of the database ChEMBL, each with one measured activity. (The
# files do not say on which target.) The number is pAct, minus the decimal logarithm of a concentration in mole a
# litre: at 7, a ten-millionth of a mole a litre is enough. Before any result was looked at, **active** was set to mean
# pAct of 7 or more.

# %%
table = molecules.load()
active = molecules.active(table.value, cut=7)
print(len(active), "molecules,", active.sum(), f"active ({active.mean():.0%}); pAct",
      table.value.min(), "to", table.value.max())

# %% [markdown]
# The oldest guess in chemistry is "similar molecules do similar things". So let the $k$ most similar molecules vote,
# each with its similarity as weight: with similarities 0.9 (active), 0.6 (inactive) and 0.5 (inactive) the vote for
# "active" is $0.9 / (0.9 + 0.6 + 0.5) = 0.45$.
#
# ### Exercise 24.2 - a vote without oneself
#
# Given all similarities among $n$ molecules, judge each by the $k$ most similar *others*. Two different molecules can
# have one fingerprint, and so similarity 1.

# %%
# Exercise 24.2 - a vote without oneself
import numpy as np

from course.checks import check


def neighbour_vote(similarity, active, k):
    """Return for each molecule the weighted share of active ones among its k most similar others: (n,).

    similarity: (n, n), above 0; active: (n,) of 0 and 1.
    """
    ### BEGIN SOLUTION
    votes = []
    for own, row in enumerate(similarity):
        order = [j for j in np.argsort(-row) if j != own][:k]
        votes.append((row[order] * active[order]).sum() / row[order].sum())
    return np.array(votes)
    ### END SOLUTION

check("24.2", neighbour_vote)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Who is every molecule's most similar one, and why should it not vote?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# For each row: sort, take the row's own number out, keep $k$; then a weighted mean of zeros and ones.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.argsort(-row)` has the most similar first; a list comprehension with `if j != own` leaves one out by its number.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Three molecules, similarity 0.9 between the first two, 0.3 and 0.1 from them to the third, active 1, 0, 1, $k = 2$:
# the votes are 0.25, 1 and 0.75.
# </details>

# %% [markdown]
# ## 4. Two splits, two questions
#
# Chemists make molecules in series: one **scaffold**, the rings and what links them, and side chains to try out. Split
# by lot, and each test molecule has near relatives in the training set. That answers "how well for more of the same?".
# A **scaffold split** deals whole scaffolds, so that no scaffold stands on both sides: "how well for a new core?"

# %%
from course.reproduce import tables_24

print(len(set(fingerprints.scaffolds(table.mols))), "scaffolds")
for split in ("random", "scaffold"):
    near = tables_24.nearest(split)
    print(f"{split:9} median similarity to the nearest trained on {np.median(near):.2f};",
          f"above 0.7: {(near > 0.7).mean():.0%}")

# %% [markdown]
# The whole table is one family: even across scaffolds most molecules have a near relative. So a scaffold split is
# *harder*, and no proof of anything about molecules at large.
#
# The stored run (`course reproduce 24`) judged every molecule once, in five folds of each split, by: five nearest
# neighbours; a support vector machine on the bits ([lesson 09](09_support_vector_machine.ipynb)); a small convolutional
# network on drawings of 80 x 80 pixels. Beside them stands a baseline that counts atoms. **Predict:** which order, and
# who loses most by the scaffold split?

# %%
tables_24.methods().drop(index="SVM, Tanimoto").round(3)

# %% [markdown]
# AUC in both splits, counted over pairs within one fold, since each fold has a model of its own; then the gap between
# the splits with its interval, whole scaffolds drawn (it speaks of other molecules, not of other dealings). Both
# fingerprint methods lose on new scaffolds: the random split had flattered them. The picture's interval begins at
# zero. Now the methods against each other, on the same molecules:

# %%
for split in ("random", "scaffold"):
    for one_way, other_way in (("SVM, bits", "nearest neighbours"), ("nearest neighbours", "picture")):
        gap = tables_24.against(one_way, other_way, split)
        print("{:9} {} minus {}: {:+.3f} ({:+.3f} to {:+.3f})".format(split, one_way, other_way, *gap))

# %% [markdown]
# The picture is beaten by five neighbours in both splits, and the machine beats the neighbours in the random split; on
# new scaffolds that interval touches zero. One small network, trained for a minute a fold, in one dealing alone:
# others may do better. (Its size and epochs were settled by one look at a fifth of the molecules, which can only have
# helped it.) At a threshold fixed beforehand, in the scaffold split:

# %%
tables_24.decisions("scaffold").drop(index="SVM, Tanimoto").round(2)

# %% [markdown]
# "Inactive" for all is right in two of three. The network is a little above that, and misses more than half of the
# active ones.
#
# **Deeper.** [A harder look](24_molecules_deeper.ipynb): a scaffold split by hand, a side effect, screening.
#
# ## 5. Turn the drawing
#
# A fingerprint comes from the graph, and no turn changes it. The network has seen drawings as RDKit lays them, the long
# side across; call that *upright*. Each molecule, judged by the network of the fold that had not seen it, drawn anew
# at twelve angles, in one size. **Predict:** how often does the verdict, active or not, differ from that for the
# upright drawing?

# %%
for network in ("picture", "picture, turned"):
    changed = tables_24.changed(network)
    print(f"{network:16} another verdict at {changed.mean() / 11:.0%} of the other angles;",
          f"at least once for {(changed > 0).mean():.0%} of the molecules")
by_angle = tables_24.turned().loc[[0, 30, 90, 180, 270]].rename_axis("AUC at angle")
assert by_angle["picture"][90] < 0.6 < by_angle["picture"][180] < by_angle["picture"][0]
by_angle.round(2)

# %% [markdown]
# The first network knows drawings, not molecules: at 90 degrees it hardly beats a coin. At 180 it does better:
# many molecules of the table lie the other way round to begin with. The second, "picture, turned", was trained on
# drawings at angles by lot ([lesson 02](02_preprocessing.ipynb)'s augmentation). It changes its mind less, at every
# angle alike, *not never*, and upright it is worse than the first: presumably it had to spend its few weights and
# epochs on what the graph states for nothing.
#
# ### Experiment: one molecule, twelve angles
#
# One of twelve molecules drawn by lot. Three states first, at 0, 90 and 180 degrees.

# %%
from course.widgets.lesson_24 import turning_figure

turning_figure(10)

# %% [markdown]
# *Figure: a molecule drawn at 0 (a), 90 (b) and 180 degrees (c), and right, what the network trained on upright
# drawings says against the angle, from 0 to 1: it swings between nearly 0.1 and nearly 0.9 and crosses 0.5 several
# times, above it at a and c, far below at b. The neighbours' vote is a level dashed line.*

# %%
from ipywidgets import IntSlider, SelectionSlider

from course.widgets.lesson_24 import turning_panel
from course.widgets.panel import Panel

Panel(turning_panel, "A molecule drawn, larger than the networks see it; bars from 0 to 1: what they say of it.",
      molecule=IntSlider(11, min=1, max=12),
      angle=SelectionSlider(options=list(range(0, 360, 30)), value=0))

# %% [markdown]
# **Try.**
# 1. Molecule 11: go through the angles. Which of the three bars stands still, and why?
# 2. Go through the molecules at 0 degrees, then at 90. For how many does the first bar cross the middle?
#
# **Question.** A colleague turns every drawing so that its longest side lies across the paper, before training and
# before asking. Is that enough?
# <details><summary>Answer</summary>
#
# It removes most of the turning, like RDKit's own layout here, and leaves two choices (which end is left, which side is
# up), other layouts of the same graph, other programs' drawings, and photographs of printed ones. A *canonical* picture
# is a way of saying that the graph was what you wanted.
# </details>

# %% [markdown]
# ## Traps
#
# - **ECFP4 taken for radius 4.** *Symptom*: similarities lower than in the paper. *Cure*: 4 is the diameter, radius 2.
# - **Counts where a set is meant.** *Symptom*: long molecules are alike. *Cure*: a feature is there or not.
# - **Voting for oneself.** *Symptom*: nearly all guesses are right. *Cure*: leave the molecule out, by its number.
# - **A random split of a series.** *Symptom*: fine, until a new core comes. *Cure*: deal whole scaffolds; say both.
# - **A drawing taken for the molecule.** *Symptom*: a turn changes the verdict. *Cure*: the graph, or turned training.

# %% [markdown]
# ## Recap
#
# A molecule is a graph; SMILES writes it down, a drawing lays it on paper. Its fingerprint is the set of surroundings
# of its atoms, and Tanimoto compares two. On one real family of molecules, fingerprints beat drawings, and everything
# lost on scaffolds not seen before. A network that reads drawings changed its mind when they were turned, and less so
# when it had been trained on turned ones.

# %% [markdown]
# ## Quiz
#
# **1. ECFP4.** Which Morgan radius is it?
#
# - (a) 4
# - (b) 2
# - (c) 8
#
# <details><summary>Answer</summary>
#
# (b): the 4 is the diameter, two bonds to each side. (a) takes it for the radius, (c) doubles instead of halving.
# </details>
#
# **2. Tanimoto.** Molecules with 30 and 20 features share 10. Their similarity is
#
# - (a) 0.2
# - (b) 0.4
# - (c) 0.25
#
# <details><summary>Answer</summary>
#
# (c): 10 / (30 + 20 - 10). (a) counts the common ones twice in the divisor, (b) is Dice, 20 / 50.
# </details>
#
# **3. Splits.** A model's AUC falls from a random split to a scaffold split. What follows?
#
# - (a) the random split was computed wrongly
# - (b) part of its success rested on near relatives in training
# - (c) it will do as well as in the scaffold split on any new drug
#
# <details><summary>Answer</summary>
#
# (b). Both numbers can be right, they answer different questions, so not (a). And the scaffolds here are of one
# family, so nothing is promised for others (c).
# </details>
#
# **4. Turned.** What did training on turned drawings do here?
#
# - (a) it made the network blind to turns
# - (b) it made answers depend less on the angle, and cost something upright
# - (c) it changed the fingerprints
#
# <details><summary>Answer</summary>
#
# (b). Verdicts still changed now and then, so not (a); fingerprints know no angle (c).
# </details>

# %% [markdown]
# ## Sources
#
# - D. Rogers, M. Hahn. Extended-connectivity fingerprints. *Journal of Chemical Information and Modeling* 50 (2010)
#   742-754.
# - G. W. Bemis, M. A. Murcko. The properties of known drugs. 1. Molecular frameworks. *Journal of Medicinal Chemistry*
#   39 (1996) 2887-2893.
# - A. Gaulton and others. The ChEMBL database in 2017. *Nucleic Acids Research* 45 (2017) D945-D954. The table is
#   CHEMBL2321810, as RDKit carries it; CC BY-SA 3.0.
# - RDKit: open-source cheminformatics, https://www.rdkit.org.
#
# ## Next
#
# [Lesson 25](25_data_and_privacy.ipynb) asks how data can be shared. [The deeper page](24_molecules_deeper.ipynb)
# splits scaffolds by hand, and screens where nearly all are inactive.
