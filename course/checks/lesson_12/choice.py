"""What the checker of exercise 12.4 needs: three parts of patients, neighbours that decide, classic mistakes."""

import numpy as np

from course.checks.answers import NotYet
from course.checks.compare import Case, mistakes, require
from course.checks.running import call


def neighbours(k, X, y):
    """Train with the setting k, an odd number; return the function that decides new patients by their k nearest."""
    X, y = np.asarray(X), np.asarray(y)

    def decide(new):
        apart = np.square(np.atleast_2d(new)[:, None] - X).sum(axis=-1)
        return (y[np.argsort(apart, axis=1)[:, :k]].mean(axis=1) > 0.5).astype(int)

    return decide


def cases():
    """Chosen so that the best setting stands first, in the middle and last, and that settings are equal at times."""
    every = [[1, 3, 5, 9], [9, 5, 3, 1], [5, 1, 9, 3], [7]]
    return [Case(every[seed % 4], neighbours, *_parts(seed)) for seed in (*range(7), 8, 9, 10)]


def _parts(seed):
    rng, parts = np.random.default_rng(seed), []
    for n in (24, 16, 15):
        y = rng.permutation(np.arange(n) % 2)
        parts.append((rng.normal(size=(n, 2)) + 0.9 * y[:, None], y))
    return parts


def chosen(by=1, told=2, best=np.argmax, judged=None, trained=(0,), again=None, tell=lambda place, setting, share:
           (setting, share)):  # fmt: skip
    """Choose by the share right on part `by` and tell that on part `told` (0, 1, 2); the right way unless changed.

    trained: the parts that models see; again: those that the chosen one is trained on once more; judged: the place of
    another setting whose model is judged.
    """
    def answer(settings, fit, *parts):
        def share(setting, place, seen):
            X, y = (np.concatenate(arrays) for arrays in zip(*(parts[one] for one in seen), strict=True))
            return np.mean(fit(setting, X, y)(parts[place][0]) == parts[place][1])

        place = int(best([share(setting, by, trained) for setting in settings]))
        judge = settings[place if judged is None else judged]
        return tell(place, settings[place], share(judge, told, again or trained))
    return answer


def _last_of_equals(shares):
    return len(shares) - 1 - np.argmax(shares[::-1])


MISTAKES = mistakes(
    ("The setting was chosen by the test part. What has chosen cannot judge: the share it gives is too good. Choose by "
     "validation.", chosen(by=2)),
    ("The setting was chosen by the training part, which rewards learning by heart. Choose by validation.",
     chosen(by=0)),
    ("Two settings are equal on validation, and this is the later one. The first was asked: >, not >=.",
     chosen(best=_last_of_equals)),
    ("The setting with the lowest share right came back. The highest was asked.", chosen(best=np.argmin)),
    ("It is always the first setting that comes back. Compare the shares on validation; is `return` in the loop?",
     chosen(best=lambda shares: 0)),
    ("It is always the last setting that comes back. Keep the one with the highest share on validation.",
     chosen(best=lambda shares: len(shares) - 1)),
    ("This is the share of the last model trained. Keep the decision function of the best.", chosen(judged=-1)),
    ("The share is that of the validation part, which has chosen. Judge by test.", chosen(told=1)),
    ("The share is that of the training part. Judge by test.", chosen(told=0)),
    ("The chosen setting was trained once more, on the training and validation parts together. Train on `train` only.",
     chosen(again=(0, 1))),
    ("The models were trained on the training and validation parts together, so validation cannot choose. Train on "
     "`train` only.", chosen(trained=(0, 1))),
    ("The models were trained on the validation part. Train on `train`.", chosen(trained=(1,))),
    ("The models were trained on the test part, which is to judge them. Train on `train`.", chosen(trained=(2,))),
    ("This is the place of the setting in the list. The setting itself was asked.",
     chosen(tell=lambda place, setting, share: (place, share))),
    ("The second number is the share that is wrong. The share that is right was asked.",
     chosen(tell=lambda place, setting, share: (setting, 1 - share))),
)  # fmt: skip


def require_honest(answer, case):
    """Models see the training part alone, and of these only the chosen one is asked about the test part."""
    (settings, fit, train, validation, test), asked = case.args, []

    def holds(new, part):
        return (np.atleast_2d(new)[:, None] == part[0]).all(axis=-1).any(axis=1)  # for each patient: one of the part?

    def watched(setting, X, y):
        if not (len(X) == len(train[0]) and holds(X, train).all()):
            raise NotYet("The values are right, but `fit` was handed other patients than those of `train`. Train on "
                         "`train` only.", case=case)  # fmt: skip
        decide = fit(setting, X, y)

        def deciding(new):
            if holds(new, test).any() and setting not in asked:
                asked.append(setting)
            return decide(new)

        return deciding

    call(answer, settings, watched, train, validation, test)
    require(len(asked) < 2, f"The values are right, but the test part was asked {len(asked)} times, for settings "
            f"{asked}. Ask it once, when all is chosen: a number once seen is hard to forget.")  # fmt: skip
