"""What the checker of exercise 17.2 needs: features, the logistic regression by another route, classic leaks."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes

C = 0.01


def _fitted(x, labels, c=C):
    """Weights and bias of the least loss c * sum(cross-entropies) + |weights|^2 / 2, by SciPy."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(w):
        z = x @ w[1:] + w[0]
        slope = c * (expit(z) - labels)
        return c * np.sum(np.logaddexp(0, z) - labels * z) + w[1:] @ w[1:] / 2, np.r_[slope.sum(), x.T @ slope + w[1:]]

    return minimize(loss, np.zeros(x.shape[1] + 1), jac=True, options={"gtol": 1e-9}).x


def _answer(seen="train", new_by=None, output="probability", c=C):
    """What comes out with something changed: whom the scaler saw; who scales the new; what is returned."""
    def answer(train, labels, new):
        from scipy.special import expit

        rows = {"train": train, "new": new, "all": np.concatenate([train, new])}

        def scaled(x, by):
            if by == "nobody":
                return x
            deviation = rows[by].std(axis=0)
            return (x - rows[by].mean(axis=0)) / np.where(deviation == 0, 1, deviation)

        w = _fitted(scaled(train, seen), labels, c)
        z = scaled(new, new_by or seen) @ w[1:] + w[0]
        return {"probability": expit(z), "other": expit(-z), "class": (z > 0) * 1, "score": z,
                "both": np.stack([expit(-z), expit(z)], axis=1)}[output]
    return answer


reference = _answer()


def cases():
    every = []
    for seed, (n, m, d) in enumerate([(80, 12, 3), (60, 7, 5), (120, 9, 2)]):
        rng = np.random.default_rng(seed)
        labels = rng.permutation(np.arange(n) % 3 == 0).astype(int)
        x = rng.normal(size=(n + m, d)) * 3.0 ** rng.integers(0, 3, d)
        x[:n] += 2 * labels[:, None]
        x[n:] += rng.normal(2, 2, (m, 1))  # another scanner
        every.append((x[:n], labels, x[n:]))
    train, labels, new = every[1]
    silent = np.concatenate([train, np.zeros((len(train), 1))], axis=1), labels, np.c_[new, np.linspace(0, 4, len(new))]
    return [*(Case(*one) for one in every), Case(*silent, note="the last feature is 0 in all training pictures"),
            Case(every[0][0], every[0][1], every[0][2][:1], note="one new picture")]


MISTAKES = [
    Mistake("There is no number where a feature never changes among the training pictures: its deviation is 0, and "
            "something is divided by it. scikit-learn's StandardScaler takes 1 there.",
            when=lambda result, expected, *inputs: result is not None and np.ndim(result) == 1
            and len(result) == len(expected) and not np.all(np.isfinite(result))),
    *mistakes(
        ("The scaler saw the new pictures, too: it was fitted on all. Fit it on `train` alone; a pipeline does.",
         _answer("all")),
        ("The new pictures are scaled by their own mean and deviation. A single picture has none: use those of the "
         "training pictures.", _answer(new_by="new")),
        ("Training pictures are scaled by their own numbers, new ones by those of all.", _answer(new_by="all")),
        ("The new pictures are not scaled as the training pictures are.", _answer(new_by="nobody")),
        ("Nothing is scaled.", _answer("nobody")),
        ("This is the probability of benign: the second column of predict_proba belongs to class 1.",
         _answer(output="other")),
        ("These are both classes' probabilities. Take the column of class 1: [:, 1].", _answer(output="both")),
        ("These are decisions. The probability was asked for: predict_proba.", _answer(output="class")),
        ("These are scores before the sigmoid (decision_function). The probability was asked for: predict_proba.",
         _answer(output="score")),
        ("The penalty is another: C=0.01 was asked for, and scikit-learn takes 1 when it is told nothing.",
         _answer(c=1.0)),
    ),
]  # fmt: skip
