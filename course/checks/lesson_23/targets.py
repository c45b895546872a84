"""What the checker of exercise 23.3 needs: landmarks and targets, the error by another way, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    cross = 60.0 * np.vstack([np.eye(3), -np.eye(3)])
    every = [Case(cross, np.array([0.0, 60.0, 0.0]), 1.0, note="six landmarks on the axes")]
    for seed, (n, spread, fle) in enumerate([(5, (70, 40, 15), 1.5), (4, (30, 80, 50), 0.6), (8, (60, 20, 90), 3.0),
                                             (12, (50, 50, 50), 1.0)]):  # fmt: skip
        rng = np.random.default_rng(seed)
        turned = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        points = (rng.normal(size=(n, 3)) * spread @ turned + rng.normal(scale=40, size=3)).round(1)
        every.append(Case(points, rng.normal(scale=50, size=3).round(1), fle))
    points = every[1].args[0]
    return [*every, Case(points, points.mean(axis=0), 2.0, note="the target is the landmarks' middle")]


def by_inertia(points, target, fle):
    """The small turn has the covariance s^2 J^-1, J the landmarks' inertia, s^2 = fle^2 / 3; it moves the target."""
    r, apart = target - points.mean(axis=0), points - points.mean(axis=0)
    inertia = (apart**2).sum() * np.eye(3) - apart.T @ apart
    lever = np.cross(np.eye(3), r)
    moved = np.trace(lever.T @ np.linalg.inv(inertia) @ lever) + 3 / len(points)
    return float(fle * np.sqrt(moved / 3))


def wrong(middle=lambda points: points.mean(axis=0), axes=None, off=lambda squares: squares.sum() - squares,
          mean=lambda squares: squares.mean(axis=0), sum_=lambda parts: 1 + parts.sum() / 3, swap=False, end=np.sqrt,
          each=lambda fle, n: fle**2 / n):  # fmt: skip
    """Fitzpatrick's formula with something changed; the right way unless changed."""
    def answer(points, target, fle):
        apart = points - middle(points)
        turn = axes if axes is not None else np.linalg.svd(points - points.mean(axis=0))[2]
        along, there = apart @ turn.T, turn @ (target - middle(points))
        f2 = mean(np.array([off(one) for one in along**2]))
        d2 = off(there**2)
        return float(end(each(fle, len(points)) * sum_(f2 / d2 if swap else d2 / f2)))
    return answer


def _fre(points, target, fle):
    return fle * np.sqrt(1 - 2 / len(points))


MISTAKES = mistakes(
    ("This is the error expected AT the landmarks, the FRE. The target's was asked.", _fre,
     lambda points, target, fle: fle * np.sqrt(1 - 3 / len(points))),
    ("This is the mean square. Take the root at the end.", wrong(end=lambda square: square)),
    ("The axes are those of the coordinates. Take the landmarks' own: np.linalg.svd of the centred points gives them.",
     wrong(axes=np.eye(3))),
    ("The axes are the ROWS of svd's third result: coordinates along them are points @ axes.T.",
     lambda points, target, fle: wrong(axes=np.linalg.svd(points - points.mean(axis=0))[2].T)(points, target, fle)),
    ("svd was given the points uncentred: subtract their mean first.",
     lambda points, target, fle: wrong(axes=np.linalg.svd(points)[2])(points, target, fle)),
    ("These are places along an axis. d and f are distances FROM the axis: the two other coordinates, squared and "
     "added.", wrong(off=lambda squares: squares)),
    ("The landmarks' distances are right. The target is not centred: subtract the landmarks' mean from it as well.",
     lambda points, target, fle: wrong()(points, target + points.mean(axis=0), fle)),
    ("The points are not centred: the axes run through the landmarks' mean.",
     wrong(middle=lambda points: 0 * points[0])),
    ("The squared distances of the landmarks are added up. f squared is their mean.",
     wrong(mean=lambda squares: squares.sum(axis=0))),
    ("The mean of the landmarks' squared distances divides by n, not by n - 1.",
     wrong(mean=lambda squares: squares.sum(axis=0) / (len(squares) - 1))),
    ("d and f have changed places: a far target is worse, wide landmarks are better.", wrong(swap=True)),
    ("The third before the sum is missing.", wrong(sum_=lambda parts: 1 + parts.sum())),
    ("The 1 in the brackets is missing: the shift's part, which every target has.",
     wrong(sum_=lambda parts: parts.sum() / 3)),
    ("The part of the turn is missing: d and f.", wrong(sum_=lambda parts: 1.0)),
    ("The number of landmarks is missing: fle squared is divided by n.", wrong(each=lambda fle, n: fle**2)),
    ("fle is to be squared within the root.", wrong(each=lambda fle, n: fle / n)),
    ("The whole is divided by the root of n once more, or n stands outside the root.",
     wrong(each=lambda fle, n: fle**2 / n**2)),
    ("d and f are to be squared.", wrong(sum_=lambda parts: 1 + np.sqrt(parts).sum() / 3)),
)  # fmt: skip
