# %% [markdown]
# # Deeper: split scaffolds by hand, and screen where nearly all are inactive
#
# Drug screening looks for one active molecule among many. There a split that leaks or a measure that flatters costs
# months in a laboratory.
#
# ## What you will do
# - Split molecules so that no scaffold stands on both sides (exercise 24.3).
# - Use similarity as a kernel of a support vector machine (quiz).
# - Say what an accuracy hides where few are active, and count what a screening gains (exercise 24.4).
# - Say what published comparisons of drawings and fingerprints found (quiz).
#
# **What you need.** [The core page](24_molecules.ipynb); kernels, [lesson 10](10_kernels_and_duality.ipynb); rare
# classes, [lesson 18](18_class_imbalance.ipynb).
#
# **How long.** About 50 minutes.
#
# **What this is not.** No toxicology: the side effect here is a made-up rule. No advice on any drug.

# %% [markdown]
# ## 1. Deal scaffolds by hand
#
# Ten molecules with the scaffolds A A A A B B B C C D; 75 % shall train. A common recipe takes whole scaffolds, the
# largest first, while they fit. Room: 7.5 molecules. A (4) fits and leaves 3.5; B (3) fits and leaves 0.5; C (2) does
# not, D (1) does not. Seven train, three are tested. What fits is asked of *every* scaffold: with room for one more, D
# would have gone in although C had not.
#
# And a molecule without rings?

# %%
from course.data import fingerprints, molecules

texts = {"aspirin": "CC(=O)Oc1ccccc1C(=O)O", "ethanol": "CCO", "hexane": "CCCCCC"}
print(fingerprints.scaffolds([molecules.parse(text) for text in texts.values()]))

# %% [markdown]
# All ringless molecules share *one* scaffold, the empty text, however little they have in common otherwise. A program
# that leaves it out, or takes each of them alone, makes another split than it says.
#
# ### Exercise 24.3 - a split by scaffolds

# %%
# Exercise 24.3 - a split by scaffolds
from course.checks import check


def scaffold_split(scaffolds, share):
    """Return the rows to train on: whole scaffolds, the largest first, each if it fits into share * n.

    scaffolds: list of n texts. Of equally large scaffolds the first in the list comes first.
    """
    ### BEGIN SOLUTION
    rows = {}
    for row, name in enumerate(scaffolds):
        rows.setdefault(name, []).append(row)
    train, room = [], share * len(scaffolds)
    for group in sorted(rows.values(), key=len, reverse=True):
        if len(train) + len(group) <= room:
            train += group
    return sorted(train)
    ### END SOLUTION

check("24.3", scaffold_split)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which rows does each scaffold have? Write that down first.
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A dictionary from scaffold to rows; then its groups by size, falling; take each that still fits.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `rows.setdefault(name, []).append(row)`; `sorted(..., key=len, reverse=True)` keeps the order of equally long ones.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `["A", "A", "A", "B", "B", "C", "C", "D"]` and 0.5: room for 4, rows 0, 1, 2 and 7.
# </details>
#
# This recipe always tests on rare scaffolds and gives one split. The stored run deals scaffolds to five folds by lot,
# five times, so every molecule is tested. How far do the dealings differ?

# %%
from course.reproduce import tables_24

tables_24.dealings().round(3).T

# %% [markdown]
# AUC of the fingerprint methods, least and most of five dealings. Dealings differ less than neighbours and machines do.
# Such a range is no interval: all five share the same molecules.
#
# ## 2. Similarity as a kernel
#
# A support vector machine needs no coordinates, only a kernel: a table of how alike any two cases are, that stays a
# sum of products somewhere ([lesson 10](10_kernels_and_duality.ipynb)). Then no eigenvalue of the table is negative.
# Tanimoto similarity has that property. First the fast form against RDKit, then a look at the smallest eigenvalue:

# %%
import numpy as np
from rdkit import DataStructs

table = molecules.load()
bits = fingerprints.fingerprints(table.mols)
alike = fingerprints.tanimoto(bits, bits)
vectors = [DataStructs.CreateFromBitString("".join(map(str, row))) for row in bits[:50]]
theirs = [DataStructs.BulkTanimotoSimilarity(one, vectors) for one in vectors]
print("largest difference from RDKit:", np.abs(alike[:50, :50] - theirs).max())
print("smallest eigenvalue below zero:", bool(np.linalg.eigvalsh(alike).min() < 0))

# %% [markdown]
# scikit-learn takes such a table as it is. One fold of the scaffold split:

# %%
from sklearn.svm import SVC

from course.evaluation.metrics import auc
from course.reproduce.lesson_24 import fold_of

active, fold = molecules.active(table.value), fold_of("scaffold")
train, out = np.flatnonzero(fold != 0), np.flatnonzero(fold == 0)
machine = SVC(kernel="precomputed").fit(alike[np.ix_(train, train)], active[train])
print(f"AUC in one fold: {auc(active[out], machine.decision_function(alike[np.ix_(out, train)])):.2f}")

# %% [markdown]
# Is it better than the usual RBF kernel on the bits? Paired, all folds:

# %%
for split in ("random", "scaffold"):
    gap = tables_24.against("SVM, Tanimoto", "SVM, bits", split)
    print("{:9} Tanimoto kernel minus RBF: {:+.4f} ({:+.4f} to {:+.4f})".format(split, *gap))

# %% [markdown]
# No difference that these molecules show, and none of a size to care about. It has one setting less.
#
# ## 3. A side effect whose truth is known
#
# A medicine must act, and must not harm. Of real side effects this table says nothing. So here is a **rule, made up
# and no toxicology**: a molecule counts as harmful when it holds an amino group on an aromatic ring. RDKit finds such
# fragments by a pattern in the notation SMARTS, here `c[NH2]`: an aromatic carbon bound to a nitrogen with two
# hydrogens. **Predict:** which method finds the harmful ones best, and what accuracy does a program have that calls
# everything harmless?

# %%
harmful = molecules.has_pattern(table.mols, "c[NH2]")
print(harmful.sum(), "harmful", f"({harmful.mean():.1%})")
tables_24.side_effect().round(2)

# %% [markdown]
# Random split. Calling everything harmless has an accuracy that sounds excellent and finds nobody. The fingerprint has
# a bit for nearly this fragment, so the machine has an easy task. The network on drawings beats the majority's accuracy
# and misses more than half of the harmful molecules: a few small letters among eighty times eighty pixels.
#
# A **property** of the same molecules: logP says how much more of a substance goes into octanol, an oily liquid, than
# into water, as a decimal logarithm. Crippen's method adds up contributions of atoms, so this one is computed from the
# graph, not measured. Correlation, in the mean of five folds, of what is said with what was computed:

# %%
print(tables_24.logp_correlation().round(2))

# %% [markdown]
# Ridge regression on the bits, which also adds up fragments, is asked for what was made by adding: no surprise. The
# drawing gives some of it.
#
# ## 4. Five in a hundred
#
# In a screening hardly any molecule is active. Then a laboratory tests the best-scored few. The **enrichment factor**
# says what that gains: the share of active ones among those tested, over their share among all. Of 1,000 molecules 50
# are active; among the best 50 there are 20. That is $(20 / 50) / (50 / 1000) = 8$ times as many as by lot. No more
# than $1 / 0.05 = 20$ is possible.
#
# ### Exercise 24.4 - enrichment

# %%
# Exercise 24.4 - the enrichment factor
import numpy as np

from course.checks import check


def enrichment(active, scores, top):
    """Return the share of active ones among the `top` best scores, over their share among all.

    active: (n,) of 0 and 1, one at least is 1; scores: (n,), all different.
    """
    ### BEGIN SOLUTION
    best = np.argsort(-scores)[:top]
    return active[best].mean() / active.mean()
    ### END SOLUTION

check("24.4", enrichment)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Two shares: among whom is each taken?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Find the places of the best scores; the mean of zeros and ones is a share.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.argsort(-scores)[:top]` are the places, `active[...]` what stands there.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `active` 1, 0, 0, 0, `scores` 0.9, 0.1, 0.8, 0.2: top 1 gives 4, top 2 gives 2, top 4 gives 1.
# </details>
#
# From the stored scores a screening is made: all inactive molecules, and so few active ones, by lot, that they are
# 5 %. As many are tested as are active, best ranks first, each rank within its own fold. 200 such draws:

# %%
for split in ("random", "scaffold"):
    print(split, tables_24.screening(split).round(1).to_string(), sep="\n")

# %% [markdown]
# Mean, and the range of 95 of 100 draws (no interval: all draw from the same molecules). (The models were trained
# where a third was active; only the lists they rank are thinned.) "Nobody is active" would be right in 95 of 100, and
# its enrichment is that of a lot. Every model enriches; of counting atoms, one draw in many would not even say so. On
# new scaffolds all gain less. This is what a chemist can use: how many of the next tests will be worth while.
#
# ## 5. What others found
#
# - *Chemception* (Goh and others, 2017): a deep network on drawings, against a network on fingerprints. In the
#   authors' words slightly better for activity and solvation, slightly worse for toxicity.
# - The same group, later in 2017, gave each pixel three basic chemical facts as further channels, and the network
#   improved: the plain drawing had held it back.
# - *KekuleScope* (Cortés-Ciriano and Bender, 2019): networks trained before on photographs, on drawings of 33 data sets
#   of ChEMBL, *comparable* to random forests and dense networks on Morgan fingerprints; the mean of both was a little
#   better than either.
#
# "Comparable" is not "better", and those networks were far larger than ours. A drawing cannot hold chemistry that its
# graph does not: it is made from the graph.

# %% [markdown]
# ## Traps
#
# - **A scaffold divided.** *Symptom*: relatives on both sides. *Cure*: whole groups; check that no name is in both.
# - **Ringless molecules lost.** *Symptom*: fewer rows than molecules. *Cure*: the empty scaffold is one, too.
# - **Accuracy at 5 %.** *Symptom*: 0.95, and nobody found. *Cure*: sensitivity, enrichment.
# - **A rule taken for nature.** *Symptom*: "detects toxicity". *Cure*: say who decided what counts as harmful.

# %% [markdown]
# ## Recap
#
# A scaffold split takes whole groups, and the molecules without rings are one of them. Tanimoto similarity is a kernel,
# here as good as the usual one. A made-up side effect showed what accuracy hides where harm is rare, and that a
# fragment is easier to find as a bit than as letters in a drawing. Where few are active, enrichment says what a
# screening gains.

# %% [markdown]
# ## Quiz
#
# **1. Kernel.** Why may similarities be given to a support vector machine instead of coordinates?
#
# - (a) it needs only a table of products between cases, and Tanimoto's can serve as one
# - (b) any table of numbers will do
# - (c) because fingerprints are binary
#
# <details><summary>Answer</summary>
#
# (a). A table with negative eigenvalues is no such table of products (b); binary is neither needed nor enough (c).
# </details>
#
# **2. Harm.** A model of a side effect that 6 % of the molecules have is right in 94 %. It
#
# - (a) is good
# - (b) may have found nobody: look at the sensitivity
# - (c) must be wrong about the others
#
# <details><summary>Answer</summary>
#
# (b): calling all of them harmless is right as often. (a) takes the accuracy at its word, (c) does not follow.
# </details>
#
# **3. Enrichment.** Among 2,000 molecules 100 are active; of the best 40, ten are. The factor is
#
# - (a) 5
# - (b) 0.25
# - (c) 0.1
#
# <details><summary>Answer</summary>
#
# (a): a quarter over a twentieth. (b) is the first share alone, (c) the part of all active ones that was found.
# </details>
#
# **4. Published.** "Networks on drawings are comparable to fingerprints" means
#
# - (a) drawings hold more than graphs
# - (b) on those data, with those networks, neither was clearly ahead
# - (c) any small network on drawings will do
#
# <details><summary>Answer</summary>
#
# (b). The drawing is made from the graph, so not (a); the small network of this lesson lost clearly (c).
# </details>

# %% [markdown]
# ## Sources
#
# - L. Ralaivola, S. J. Swamidass, H. Saigo, P. Baldi. Graph kernels for chemical informatics. *Neural Networks* 18
#   (2005) 1093-1110.
# - S. A. Wildman, G. M. Crippen. Prediction of physicochemical parameters by atomic contributions. *Journal of Chemical
#   Information and Computer Sciences* 39 (1999) 868-873.
# - G. B. Goh, C. Siegel, A. Vishnu, N. O. Hodas, N. Baker. Chemception: a deep neural network with minimal chemistry
#   knowledge matches the performance of expert-developed QSAR/QSPR models. arXiv 1706.06689 (2017).
# - G. B. Goh, C. Siegel, A. Vishnu, N. Hodas, N. Baker. How much chemistry does a deep neural network need to know to
#   make accurate predictions? arXiv 1710.02238 (2017).
# - I. Cortés-Ciriano, A. Bender. KekuleScope: prediction of cancer cell line sensitivity and compound potency using
#   convolutional neural networks trained on compound images. *Journal of Cheminformatics* 11 (2019) 41.
# - Z. Wu and others. MoleculeNet: a benchmark for molecular machine learning. *Chemical Science* 9 (2018) 513-530. For
#   a table of it, placed by hand: `molecules.from_csv(path, smiles=..., value=...)`.
#
# ## Next
#
# [Lesson 25](25_data_and_privacy.ipynb) asks how data can be shared without giving a patient away.
