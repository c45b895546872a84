"""Whole networks: the same weights in Keras give the same answers, gradients and losses; and Sequential's manners."""

import contextlib
import subprocess
import sys

import numpy as np
import pytest

from course import CourseError
from course.nn import (
    SGD,
    Adam,
    AveragePooling2D,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
)
from course.quiet_tensorflow import keras, tf

SHAPE = (48, 50, 3)  # the smallest that four blocks of 3 x 3 and pooling leave anything of, and not square


def four_blocks(kind, filters=(8, 9, 12, 10), hidden=16):
    """The layers of the classic network, thinner: `kind` is course.nn's namespace or keras.layers."""
    blocks = [(kind.Conv2D(f, 3, activation="relu"), kind.MaxPooling2D()) for f in filters]
    return [layer for block in blocks for layer in block] + [
        kind.Flatten(), kind.Dense(hidden, activation="relu"), kind.Dense(1, activation="sigmoid")]


class Ours:
    """course.nn's layers under one name, like keras.layers."""

    Conv2D, MaxPooling2D, AveragePooling2D, Flatten, Dense = Conv2D, MaxPooling2D, AveragePooling2D, Flatten, Dense
    ReLU, Softmax = ReLU, Softmax


def mixed(kind):
    """Strides, "same", kernels and pools that are not square, separate activations, softmax over three classes."""
    return [kind.Conv2D(6, (3, 2), strides=(1, 2), padding="same"), kind.ReLU(), kind.MaxPooling2D((3, 2), 2, "same"),
            kind.Conv2D(5, 3, activation="sigmoid", use_bias=False), kind.AveragePooling2D(2, 1, "same"),
            kind.Flatten(), kind.Dense(3), kind.Softmax()]


@contextlib.contextmanager
def keras_in(dtype):
    """Let Keras compute in `dtype`: its layers by the policy, its losses by floatx."""
    policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


@pytest.fixture(params=["float32", "float64"])
def dtype(request):
    with keras_in(request.param):
        yield request.param


@pytest.fixture
def float64():
    with keras_in("float64"):
        yield


def twins(layers, dtype, seed=0, shape=SHAPE, **options):
    """A network here and one in Keras, with the same weights."""
    ours = Sequential(layers(Ours), seed=seed, **options)
    ours.build((None, *shape), dtype)
    theirs = keras.Sequential([keras.Input(shape), *layers(keras.layers)])
    theirs.set_weights(ours.get_weights())
    return ours, theirs


def batches(n, dtype, steps=1, shape=SHAPE, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        yield rng.standard_normal((n, *shape)).astype(dtype), rng.integers(0, 2, (n, 1)).astype(dtype)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("layers", [four_blocks, mixed])
def test_outputs_and_gradients_equal_keras(layers, fused, dtype):
    tolerance = 1e-5 if dtype == "float32" else 1e-12
    for seed in range(3):
        ours, theirs = twins(layers, dtype, seed, fused=fused)
        (x, _), = batches(1 + 2 * seed, dtype, seed=seed)
        x_ = tf.Variable(x)
        with tf.GradientTape() as tape:
            expected = theirs(x_)
            grad = np.random.default_rng(seed).standard_normal(expected.shape).astype(dtype)
            loss = tf.reduce_sum(expected * grad)
        out = ours.forward(x)
        assert out.dtype == dtype
        np.testing.assert_allclose(out, expected.numpy(), rtol=0, atol=tolerance)
        slopes = tape.gradient(loss, [x_, *theirs.trainable_variables])
        for mine, other in zip([ours.backward(grad), *ours.grads], slopes, strict=True):
            other = other.numpy()
            assert mine.dtype == dtype
            assert np.abs(mine - other).max() <= 10 * tolerance * np.abs(other).max()


def keras_steps(model, optimizer, data):
    """Train a Keras model step by step and yield (x, y, loss before the step), the loss in full precision."""
    loss = keras.losses.BinaryCrossentropy()
    for x, y in data:
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        yield x, y, float(value)


@pytest.mark.parametrize("momentum", [0.0, 0.875])  # Keras rounds 0.9 to float32 even here; 0.875 is exact
@pytest.mark.parametrize("fused", [True, False])
def test_free_running_sgd_in_float64_gives_kerass_losses(fused, momentum, float64):
    ours, theirs = twins(four_blocks, "float64", fused=fused)
    ours.compile(SGD(0.05, momentum), BinaryCrossentropy())
    steps = keras_steps(theirs, keras.optimizers.SGD(0.05, momentum), batches(8, "float64", steps=20))
    losses = np.array([(ours.train_on_batch(x, y), expected) for x, y, expected in steps])
    assert losses.shape == (20, 2) and np.ptp(losses[:, 0]) > 0.01
    np.testing.assert_allclose(losses[:, 0], losses[:, 1], rtol=0, atol=1e-10)


def gaps_after_each_step(optimizer, dtype, fused=True, steps=6):
    """Take the same steps in Keras with Adam(0.001) and here; return the largest gap of weights after each, before
    Keras's weights are taken over. (Losses alone would not do: both are taken before the step, from equal weights.)
    """
    ours, theirs = twins(four_blocks, dtype, fused=fused)
    ours.compile(optimizer, BinaryCrossentropy())
    for x, y, expected in keras_steps(theirs, keras.optimizers.Adam(0.001), batches(8, dtype, steps=steps)):
        assert ours.train_on_batch(x, y) == pytest.approx(expected, abs=1e-5)
        pairs = zip(ours.get_weights(), theirs.get_weights(), strict=True)
        yield max(np.abs(mine - other).max() for mine, other in pairs)
        ours.set_weights(theirs.get_weights())


@pytest.mark.parametrize("fused", [True, False])
def test_adam_moves_every_weight_as_keras_does(fused, dtype):
    """In float64 what is left comes from Keras, which rounds the betas of its correction to float32."""
    assert max(gaps_after_each_step(Adam(0.001), dtype, fused)) < {"float32": 1e-5, "float64": 2e-8}[dtype]


WRONG = [SGD(0.001), SGD(1000.0), Adam(0.001, beta_2=0.5), Adam(0.001, beta_1=0.8), Adam(0.002)]


@pytest.mark.parametrize("wrong", WRONG)
def test_another_optimizer_is_noticed_by_the_weights(wrong, float64):
    assert max(gaps_after_each_step(wrong, "float64", steps=3)) > 1e-5


class RoundedAdam(Adam):
    """Adam with the correction that Keras takes: 1 - beta^t from betas in float32."""

    def update(self, params, grads):
        t, (b1, b2) = self.iterations + 1, np.float32([self.beta_1, self.beta_2]).astype(float)
        exact = np.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        self.learning_rate = 0.001 * np.sqrt(1 - b2**t) / (1 - b1**t) / exact
        super().update(params, grads)


def test_free_running_adam_differs_from_keras_by_its_rounded_betas_alone(float64):
    found = {}
    for kind in (Adam, RoundedAdam):
        ours, theirs = twins(four_blocks, "float64")
        ours.compile(kind(0.001), BinaryCrossentropy())
        steps = keras_steps(theirs, keras.optimizers.Adam(0.001), batches(8, "float64", steps=20))
        found[kind] = max(abs(ours.train_on_batch(x, y) - expected) for x, y, expected in steps)
    assert found[RoundedAdam] < 1e-10 < 1e-7 < found[Adam]


@pytest.mark.parametrize("fused", [True, False])
def test_the_whole_networks_gradients_equal_central_differences(fused):
    network = Sequential(four_blocks(Ours, (3, 9, 4, 3), 4), fused=fused)
    (x, y), = batches(2, "float64")
    network.compile(SGD(), BinaryCrossentropy())
    network.forward(x)

    def loss():
        return network.loss(y, network._forward(x, scores=True))

    middle = loss()
    network._backward(network.loss.gradient(y, network._forward(x, scores=True)), scores=True)
    rng, h, checked = np.random.default_rng(0), 1e-6, 0
    for param, slope in zip(network.params, network.grads, strict=True):
        slope = slope.copy()
        for place in rng.integers(0, param.size, 12):
            kept = param.flat[place]
            param.flat[place] = kept + h
            up = loss()
            param.flat[place] = kept - h
            down = loss()
            param.flat[place] = kept
            if abs((up - middle) - (middle - down)) / h <= 1e-5:  # else a ReLU or a maximum switches in between
                assert abs((up - down) / (2 * h) - slope.flat[place]) <= 1e-5
                checked += 1
    assert checked > 0.8 * 12 * len(network.params)


@pytest.mark.parametrize(("end", "loss", "wrong"), [
    (lambda: [Dense(1, activation="sigmoid")], BinaryCrossentropy, [[0]]),
    (lambda: [Dense(1), Sigmoid()], BinaryCrossentropy, [[0]]),
    (lambda: [Dense(2, activation="softmax")], CategoricalCrossentropy, [[1, 0]]),
    (lambda: [Dense(2), Softmax()], CategoricalCrossentropy, [[1, 0]]),
])
def test_scores_of_800_neither_overflow_nor_stop_learning(end, loss, wrong):
    network = Sequential(end())
    network.build((None, 1))
    network.params[0][...] = [[800]] if len(wrong[0]) == 1 else [[0, 800]]
    network.compile(SGD(1.0), loss())
    with np.errstate(all="raise", under="ignore"):
        assert network.evaluate(np.ones((1, 1)), wrong).loss == pytest.approx(800)
        assert network.train_on_batch(np.ones((1, 1)), wrong) == pytest.approx(800)
    assert np.abs(network.grads[0]).max() == pytest.approx(1)


@pytest.mark.parametrize("fused", [True, False])
def test_a_batch_of_one_works_and_an_empty_one_is_refused(fused):
    network = Sequential(four_blocks(Ours), fused=fused)
    network.compile(Adam(), BinaryCrossentropy())
    (x, y), = batches(1, "float32")
    assert np.isfinite(network.train_on_batch(x, y))
    for use in (lambda: network.train_on_batch(x[:0], y[:0]), lambda: network.predict(x[:0]),
                lambda: network.fit(x[:0], y[:0]), lambda: network.evaluate(x[:0], y[:0])):
        with pytest.raises(CourseError, match=r"empty.*\(0, 48, 50, 3\)"):
            use()


def test_shapes_that_cannot_work_are_named():
    network = Sequential(four_blocks(Ours))
    network.compile(Adam(), BinaryCrossentropy())
    (x, y), = batches(4, "float32")
    network.train_on_batch(x, y)
    for use, shapes in [
        (lambda: network.predict(x[:, 1:]), ["(None, 48, 50, 3)", "(4, 47, 50, 3)"]),
        (lambda: network.train_on_batch(x, y[:3]), ["(4, 48, 50, 3)", "(3, 1)"]),
        (lambda: network.train_on_batch(x, np.ones((4, 2))), ["(4, 2)", "(4, 1)"]),
        (lambda: network.set_weights(network.get_weights()[:-1]), ["(16, 1)", "(1,)"]),
        (lambda: Sequential(four_blocks(Ours)).build((None, 20, 20, 3)), ["(2, 2)", "(None, 1, 1, 12)"]),
    ]:
        with pytest.raises(CourseError) as error:
            use()
        assert all(shape in str(error.value) for shape in shapes)


def test_misuse_is_explained():
    layer = Dense(1)
    for use, words in [(lambda: Sequential([]), "at least one"), (lambda: Sequential([layer, layer]), "twice"),
                       (lambda: Sequential([Dense(1)]).fit(np.ones((2, 3)), [0, 1]), "compile"),
                       (lambda: Sequential([Dense(1)]).get_weights(), "build"),
                       (lambda: Sequential([Dense(1)]).predict([["a"]]), "numbers")]:
        with pytest.raises(CourseError, match=words):
            use()


def test_whole_number_pictures_and_flat_targets_are_taken():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (6, *SHAPE), np.uint8), rng.integers(0, 2, 6)
    one, other = (Sequential(four_blocks(Ours), seed=1) for _ in range(2))
    for network in (one, other):
        network.compile(Adam(), BinaryCrossentropy())
    assert one.train_on_batch(x, y) == other.train_on_batch(x.astype("float32"), y[:, None].astype("float32"))
    assert all(param.dtype == np.float32 for param in one.params)


def test_fit_learns_repeats_itself_and_reports_like_evaluate(capsys):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 40)
    x = (rng.standard_normal((40, 12, 12, 1)) + 2 * y[:, None, None, None]).astype("float32")

    def trained():
        network = Sequential([Conv2D(4, 3, activation="relu"), MaxPooling2D(), Flatten(), Dropout(0.1),
                              Dense(1, activation="sigmoid")], seed=5)
        network.compile(Adam(0.01), BinaryCrossentropy())
        return network, network.fit(x, y, epochs=8, batch_size=16, validation_data=(x, y))

    (network, history), (_, again) = trained(), trained()
    assert history == again
    assert history["epoch"] == list(range(1, 9))
    assert history["loss"][-1] < 0.5 * history["loss"][0] and history["val_accuracy"][-1] == 1
    score = network.evaluate(x, y, batch_size=7)
    assert score.loss == pytest.approx(history["val_loss"][-1], rel=1e-5) and score.accuracy == 1
    probability = network.predict(x, batch_size=7)
    np.testing.assert_allclose(probability, network.predict(x), atol=1e-6)
    assert ((probability[:, 0] > 0.5) == y).all()
    network.fit(x, y, epochs=1, verbose=True)
    assert capsys.readouterr().out == ""


def test_evaluate_counts_classes():
    network = Sequential([Dense(3, activation="softmax")])
    network.build((None, 3))
    network.set_weights([np.eye(3), np.zeros(3)])
    network.compile(SGD(), CategoricalCrossentropy())
    assert network.evaluate(np.eye(3), np.eye(3)[[0, 1, 1]]).accuracy == pytest.approx(2 / 3)


def test_save_and_load_give_the_same_network_without_pickles(tmp_path):
    network = Sequential([*mixed(Ours)[:-2], Dropout(0.5), Dense(3), Softmax()], seed=2)
    (x, _), = batches(3, "float64")
    expected = network.predict(x)
    path = tmp_path / "net work.npz"
    network.save(path)
    with np.load(path, allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)
    loaded = Sequential.load(path)
    np.testing.assert_array_equal(loaded.predict(x), expected)
    assert [p.dtype for p in loaded.params] == [p.dtype for p in network.params]
    (tmp_path / "bad.npz").write_bytes(path.read_bytes()[:500])
    np.savez(tmp_path / "other.npz", a=1)
    for name in ("bad.npz", "other.npz", "missing.npz", "name.txt"):
        with pytest.raises(CourseError, match=name):
            Sequential.load(tmp_path / name)


def test_the_classic_network_has_its_3453121_weights(capsys):
    network = Sequential(four_blocks(Ours, (32, 64, 128, 128), 512))
    network.build((None, 150, 150, 3))
    network.summary()
    text = capsys.readouterr().out
    assert "3,453,121" in text and "(None, 7, 7, 128)" in text and "3,211,776" in text


def test_importing_the_package_loads_nothing_heavy():
    code = "import course.nn, sys; print([m for m in ('tensorflow', 'matplotlib', 'sklearn') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def small(seed=0, end=None):
    return Sequential([Conv2D(3, 3, activation="relu"), MaxPooling2D(), Flatten(), *(end or [Dense(1, "sigmoid")])],
                      seed=seed, workers=2)


def small_data(n=12):
    rng = np.random.default_rng(0)
    return rng.standard_normal((n, 12, 12, 1)).astype("float32"), rng.integers(0, 2, n)


@pytest.mark.parametrize("optimizer", [lambda: Adam(0.01), lambda: SGD(0.01), lambda: SGD(0.01, 0.9)])
def test_one_optimizer_for_two_networks_is_refused_and_a_new_one_gives_what_it_should(optimizer):
    x, y = small_data()
    shared, first, second, alone = optimizer(), small(1), small(2), small(2)
    for network, its in ((first, shared), (second, shared), (alone, optimizer())):
        network.compile(its, BinaryCrossentropy())
    first.fit(x, y, epochs=2)
    before = second.predict(x)
    with pytest.raises(CourseError, match=r"served other weights before.*a new one for each network, such as"):
        second.fit(x, y)
    np.testing.assert_array_equal(second.predict(x), before)
    first.compile(shared, BinaryCrossentropy())  # the same network may be compiled anew
    first.fit(x, y)
    second = small(2)
    second.compile(optimizer(), BinaryCrossentropy())
    assert second.fit(x, y, epochs=2) == alone.fit(x, y, epochs=2)


def test_four_calls_of_one_epoch_are_one_call_of_four():
    x, y = small_data(40)
    orders = []

    def trained(*epochs):
        network = small(seed=3)
        network.compile(SGD(0.01), BinaryCrossentropy())
        train = network._train
        network._train = lambda x, y: orders.append(x[:, 0, 0, 0].tolist()) or train(x, y)
        return [loss for n in epochs for loss in network.fit(x, y, epochs=n, batch_size=40)["loss"]]

    assert trained(1, 1, 1, 1) == trained(4) == trained(2, 2)
    assert orders[:4] == orders[4:8] == orders[8:]
    assert len({tuple(order) for order in orders[:4]}) == 4


@pytest.mark.parametrize(("targets", "words"), [
    ([-1, 1], "from -1 to 1"), ([1, 2], "from 1 to 2"), ([0, 255], "from 0 to 255"), ([0, np.nan], "from nan to nan"),
])
def test_targets_that_no_probability_can_meet_are_refused_before_training(targets, words):
    x, _ = small_data(2)
    network = small()
    network.compile(SGD(), BinaryCrossentropy())
    before = network.predict(x)
    for use in (network.fit, network.evaluate, network.train_on_batch):
        with pytest.raises(CourseError, match=f"targets from 0 to 1.*{words}"):
            use(x, np.array(targets))
    np.testing.assert_array_equal(network.predict(x), before)
    network.fit(x, np.array([0.05, 0.95]))  # smoothed labels are shares


@pytest.mark.parametrize(("targets", "words"), [
    ([[0, 1], [1, 1]], "one-hot"), ([[0, 2], [1, 0]], "one-hot"), ([[-1, 2], [1, 0]], "one-hot"),
    ([[0, np.nan], [1, 0]], "one-hot"), ([[1], [0]], "at least two classes"),
])
def test_targets_that_are_no_classes_are_refused(targets, words):
    network = small(end=[Dense(2, "softmax")])
    network.compile(SGD(), CategoricalCrossentropy())
    with pytest.raises(CourseError, match=words):
        network.fit(small_data(2)[0], np.array(targets, float))


def test_scores_given_as_probabilities_are_refused():
    x, y = small_data()
    network = small(end=[Dense(1)])
    network.compile(SGD(), BinaryCrossentropy())
    advice = r'takes probabilities.*Dense\(1, "sigmoid"\), or, if these are scores, say from_logits'
    with pytest.raises(CourseError, match=advice):
        network.fit(100 * x, y)
    with pytest.raises(CourseError, match=r"shares of at least 0.*softmax"):
        CategoricalCrossentropy()([[1, 0]], [[3.0, -2.0]])
    assert np.isnan(BinaryCrossentropy()([[1.0]], [[np.nan]]))  # a training that went astray is no wrong argument
    network.compile(SGD(), BinaryCrossentropy(from_logits=True))
    network.fit(x, y)


def test_softmax_over_one_output_is_refused():
    for make in (lambda: Dense(1, "softmax"), lambda: Conv2D(1, 3, activation="softmax"),
                 lambda: Sequential([Dense(1), Softmax()]).predict(np.ones((2, 3)))):
        with pytest.raises(CourseError, match="always 1"):
            make()
    network = small(end=[Dense(1)])
    network.compile(SGD(), CategoricalCrossentropy(from_logits=True))
    with pytest.raises(CourseError, match="single output"):
        network.fit(*small_data())
