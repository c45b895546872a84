"""What the checker of exercise 19.3 needs: pictures of patients, and what a deal into folds must keep."""

import numpy as np

from course.checks.compare import require
from course.checks.running import call


def cases():
    """Return (patients (n,), number of folds) of each case; ids with gaps, out of order, as words."""
    rng = np.random.default_rng(0)
    uneven = np.repeat([3, 4, 9, 10, 12, 15, 21, 30, 33, 40, 41], [1, 5, 2, 4, 1, 3, 6, 2, 2, 1, 3])
    words = np.repeat(["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus"], 3)
    return [(np.repeat(np.arange(12), 4), 3), (rng.permutation(uneven), 4), (rng.permutation(words), 2),
            (np.repeat(100 + 5 * np.arange(20), 2), 5)]  # fmt: skip


def judge(answer):
    """Return the sentence for a right deal, or raise NotYet with what it breaks."""
    for number, (patients, k) in enumerate(cases()):
        found = _dealt(answer, patients, k, 0)
        _keeps(found, patients, k)
        again, other = (_dealt(answer, patients, k, seed) for seed in (0, 1))
        require(np.array_equal(found, again), "With the same rng the deal is another one each time: draw from `rng`, "
                "so that others can repeat it.", patients=patients)
        if number == 0:  # twelve patients: two deals alike are no accident
            require(not np.array_equal(_sets(found, patients), _sets(other, patients)), "The deal is the same whatever "
                    "rng draws. Patients who came together may be alike: shuffle them, rng.permutation(...).")
            _shuffles(answer, patients, k)
    return "In all cases each patient lies in one fold, and the folds hold equally many patients, give or take one."


def _dealt(answer, patients, k, seed):
    return np.asarray(call(answer, patients.copy(), k, np.random.default_rng(seed)))


def _shuffles(answer, patients, k, deals=60):
    """Raise NotYet unless patients that follow one another share a fold as often as any two do."""
    together = []
    for seed in range(deals):
        fold = _sets(_dealt(answer, patients, k, seed), patients)
        together.append(np.mean(fold[1:] == fold[:-1]))
    n = len(fold)
    by_chance = (n / k - 1) / (n - 1)
    require(abs(np.mean(together) - by_chance) < 0.1, "rng moves the deal, but patients who follow one another lie in "
            "one fold (or never do) more often than chance has it. Shuffle all of them: rng.permutation(...).",
            share_a_fold=round(float(np.mean(together)), 2), by_chance=round(by_chance, 2))


def _sets(folds, patients):
    """Return the fold of each patient, the folds renamed in the order in which they appear."""
    first = folds[np.unique(patients, return_index=True)[1]]
    names = {fold: place for place, fold in enumerate(dict.fromkeys(first.tolist()))}
    return np.array([names[fold] for fold in first.tolist()])


def _keeps(folds, patients, k):
    """Raise NotYet unless these are k folds of whole patients, equally many in each."""
    names, several = np.unique(patients), {}
    require(folds.shape != (len(names),) or len(names) == len(patients), "There is one number for each patient. Give "
            "one for each picture: np.unique(..., return_inverse=True) tells whose each picture is.", came_out=folds)
    require(folds.shape == patients.shape, "Return one fold number for each picture, an array as long as `patients`.",
            came_out=folds)
    for name in names:
        several[name] = np.unique(folds[patients == name])
    split = [name for name, own in several.items() if len(own) > 1]
    require(not split, "The pictures of a patient lie in several folds: the pictures were dealt. Deal the patients, "
            "and give each picture her patient's fold.", patients=patients, came_out=folds)
    require(len(np.unique(folds)) <= k, f"There are more than {k} folds: each patient (or nearly) has her own.",
            came_out=folds)
    require(set(folds.tolist()) <= set(range(k)), f"Number the folds from 0 to {k - 1}.", came_out=folds)
    size = np.array([sum(own[0] == fold for own in several.values()) for fold in range(k)])
    require(size.min() > 0, "A fold is empty. Deal round: the first patient into fold 0, the next into 1, and so on.",
            patients_in_each_fold=size)
    require(size.max() - size.min() <= 1, "Some folds hold many more patients than others: dealt by lot, or by "
            "the patients' own numbers, which have gaps. Deal them one by one, round.", patients_in_each_fold=size)
