"""What the checker of exercise 23.2 needs: landmarks with and without errors, classic mistakes."""

import itertools

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    every = []
    for seed, (n, fle, note) in enumerate([(4, 0, "no errors"), (5, 2, "errors of 2 mm"), (3, 1, "three landmarks"),
                                           (9, 8, "large errors")]):  # fmt: skip
        rng = np.random.default_rng(seed)
        source = rng.normal(scale=60, size=(n, 3)).round(1) + np.array([20, -40, 300])
        every.append(Case(source, _seen(source, rng, fle), note=note))
    flat = np.array([[50.0, 10, 0.5], [-40, 30, -0.4], [-10, -60, 0.2], [30, 45, -0.6], [5, 2, 0.3]])
    dented = flat * [1, 1, -1]  # errors of a millimetre turn a nearly flat set inside out
    rng = np.random.default_rng(5)
    return [*every, Case(flat, _seen(dented, rng, 0.1), note="nearly in one plane, errors of a millimetre")]


def _seen(points, rng, fle):
    from scipy.spatial.transform import Rotation

    turn = Rotation.from_rotvec(rng.normal(size=3) * 0.9).as_matrix()
    return (points @ turn.T + rng.normal(scale=150, size=3) + rng.normal(scale=fle / 1.7, size=points.shape)).round(2)


def by_library(source, target):
    from scipy.spatial.transform import Rotation

    a, b = source.mean(axis=0), target.mean(axis=0)
    rotation = Rotation.align_vectors(target - b, source - a)[0].as_matrix()
    return rotation, b - rotation @ a


def wrong(middle=lambda points: points.mean(axis=0), guard=True, turn=lambda V, D, U: V @ D @ U.T, shift=None):
    """Kabsch with something changed; the right way unless changed.

    middle: of a set; guard: whether V's last column is turned: True where the turn mirrors, False never, None always;
    turn: made of V, the guard and U; shift(rotation, a, b): the translation.
    """
    def answer(source, target):
        a, b = middle(source), middle(target)
        U, _, Vt = np.linalg.svd((source - a).T @ (target - b))
        sign = np.sign(np.linalg.det(Vt.T @ U.T))
        rotation = turn(Vt.T, np.diag([1, 1, {True: sign, False: 1, None: -1}[guard]]), U)
        return rotation, shift(rotation, a, b) if shift else b - rotation @ a
    return answer


def _back(source, target):
    return by_library(target, source)


def _transposed(source, target):
    rotation, translation = by_library(source, target)
    return rotation.T, translation


def _scaled(source, target):
    rotation, _ = by_library(source, target)
    a, b = source.mean(axis=0), target.mean(axis=0)
    scale = np.sum((target - b) * ((source - a) @ rotation.T)) / np.sum((source - a) ** 2)
    return scale * rotation, b - scale * rotation @ a


def _best_matrix(source, target):
    a, b = source.mean(axis=0), target.mean(axis=0)
    matrix = np.linalg.lstsq(source - a, target - b, rcond=None)[0].T
    return matrix, b - matrix @ a


def _shift_alone(source, target):
    return np.eye(3), target.mean(axis=0) - source.mean(axis=0)


MIRROR = ("In this case the rotation is a mirror: its determinant is -1, and no head can be moved so. When it is, turn "
          "the sign of V's last column before U is multiplied.")  # fmt: skip


def made(build, *signs):
    """Return a test: is the rotation build(V, D, U), D with one of these signs on its diagonal, and the means kept?

    With three landmarks, svd is free to choose the sign of the last column of U and of V: each choice is tried.
    """
    def when(result, expected, source, target):
        rotation, translation = (np.asarray(one, float) for one in result)
        a, b = source.mean(axis=0), target.mean(axis=0)
        U, _, Vt = np.linalg.svd((source - a).T @ (target - b))
        free = [np.diag([1, 1, s]) for s in (1, -1)]
        turns = [build(Vt.T @ one, np.diag(D), U @ two) for D in signs for one in free for two in free]
        return np.allclose(rotation @ a + translation, b, atol=1e-4) and any(
            np.allclose(rotation, turn, atol=1e-5) for turn in turns)
    return when


def _kabsch(V, D, U):
    return V @ D @ U.T


def _mirrors(result, expected, source, target):
    return np.linalg.det(result[0]) < 0 and made(_kabsch, (1, 1, 1))(result, expected, source, target)


EVERY = list(itertools.product((1, -1), repeat=3))


MISTAKES = [*mistakes(
    (MIRROR, wrong(guard=False)),
    ("The last column is turned in every case. Turn it only where the determinant is -1.", wrong(guard=None)),
    ("This is the motion from target to source. Source is to be laid on target.", _back,
     wrong(turn=lambda V, D, U: U @ D @ V.T)),
    ("The rotation is transposed, the way back; the translation is right. With rows, source @ rotation.T turns every "
     "point.", _transposed),
    ("The points are not centred before the matrix of sums is made: subtract each set's mean.",
     wrong(middle=lambda points: np.zeros(3)), wrong(middle=lambda points: np.zeros(3), shift=lambda R, a, b: b - a),
     lambda source, target: (R := wrong(middle=lambda p: np.zeros(3))(source, target)[0],
                             target.mean(axis=0) - R @ source.mean(axis=0))),
    ("The sets are centred at their first points. An error of that one point moves everything: take the means.",
     wrong(middle=lambda points: points[0])),
    ("The sets are centred at their medians. Least squares asks for the means.",
     wrong(middle=lambda points: np.median(points, axis=0))),
    ("The rotation is right. The translation is the difference of the means, and the source's mean is to be turned "
     "first: target mean - rotation @ source mean.", wrong(shift=lambda R, a, b: b - a)),
    ("The rotation is right. The translation has its sign turned.", wrong(shift=lambda R, a, b: R @ a - b)),
    ("The rotation is right. The translation turns the source's mean backwards: rotation @ mean, not mean @ rotation.",
     wrong(shift=lambda R, a, b: b - R.T @ a)),
    ("The rotation is right. The translation is missing.", wrong(shift=lambda R, a, b: 0 * b)),
    ("The rotation also stretches. A head is rigid: leave the scale out.", _scaled),
    ("This is the best matrix of any kind, by least squares: it may stretch and shear. Take the turns "
     "of the svd alone.", _best_matrix),
    ("Nothing is turned: the sets are only shifted.", _shift_alone),
), Mistake(MIRROR, when=_mirrors),
    Mistake("The mirror is noticed, and the wrong column is turned: the last one belongs to the weakest direction.",
            when=made(_kabsch, (-1, 1, 1), (1, -1, 1))),
    Mistake("The mirror is noticed, and a column of Vt is turned. V's last column is Vt's last row: Vt[2] *= -1.",
            when=made(lambda V, D, U: D @ V @ U.T, (1, 1, -1))),
    Mistake("The mirror is noticed, and the last column of the finished matrix is turned. Turn V's, before U.T is "
            "multiplied.", when=made(lambda V, D, U: V @ U.T @ D, (1, 1, -1))),
    Mistake("The mirror is noticed, and the whole matrix is turned. Turn the sign of V's last column alone.",
            when=made(_kabsch, (-1, -1, 1))),
    Mistake("np.linalg.svd gives U, s and V transposed, Vt. V is Vt.T.",
            when=made(lambda V, D, U: V.T @ D @ U.T, *EVERY)),
    Mistake("np.linalg.svd gives U, s and V transposed, Vt. V is Vt.T, and U is to be transposed.",
            when=made(lambda V, D, U: V.T @ D @ U, *EVERY)),
    Mistake("U is to be transposed: V diag U.T.", when=made(lambda V, D, U: V @ D @ U, *EVERY)),
]  # fmt: skip
