"""The checker's three answers, and that nothing a learner hands over can fool it, stop it or be changed by it."""

import random
import sys
import time
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from course import CourseError
from course.checks import check, core, running
from course.checks.answers import kind
from course.checks.compare import Case, Mistake, against_reference, describe, find_difference, require, value_against
from course.checks.families import FAMILIES
from course.checks.refusal import require_refusal

IMAGE = np.arange(6.0).reshape(2, 3)


@pytest.fixture(autouse=True)
def exercises(monkeypatch):
    """Three exercises of a lesson 99 that exists only here."""
    monkeypatch.setattr(core, "_EXERCISES", {})
    monkeypatch.setattr(core.importlib, "import_module", lambda name: None)

    @core.exercise("99.1")
    def doubled(answer):
        return against_reference(
            answer,
            reference=lambda image: image * 2,
            cases=[Case(IMAGE), Case(np.zeros((0, 2)), note="no rows"), Case(-IMAGE)],
            library="NumPy",
            mistakes=[
                Mistake("You added two instead of doubling.", wrong=lambda image: image + 2),
                Mistake("You squared.", wrong=lambda image: image**2),
                Mistake("Everything is zero.", when=lambda result, expected, image: not result.any()),
                Mistake("You asked for row 2 of two.", wrong=lambda image: image[2]),
                Mistake("All is NaN.", wrong=lambda image: np.where(image > 1, np.nan, image * 2)),
            ],
        )

    @core.exercise("99.2")
    def value(answer):
        return value_against(answer, 0.25, "the sum by hand", mistakes=[(4, "Upside down: 1/4 was asked.")])

    @core.exercise("99.3")
    def fragile(answer):
        require(answer.size > 2, "Too small.", came_out=answer)
        return "Large enough."

    @core.exercise("99.4")
    def refusing(answer):
        require_refusal(answer, Case(-1), "A negative number was accepted.")
        return "It is refused."

    @core.exercise("99.5")
    def table(answer):
        return against_reference(
            answer, lambda words: len(words), [Case(["b", "a"]), Case([]), Case(["c", "d", "d"])], "Python's len")


def double(image):
    return image * 2


def test_right_says_how_many_cases_and_against_what():
    result = check("99.1", double)
    assert (result.status, result.reason) == ("right", "All 3 cases agree with NumPy.")
    assert repr(result) == "Exercise 99.1: right. All 3 cases agree with NumPy."
    assert check("99.2", 1 / 4).status == "right"
    assert check("99.2", np.float32(0.25)).status == "right"


def stub_dots(image): ...


def stub_docstring(image):
    """Return the doubled image."""
    ...


def stub_returns_dots(image):
    return ...


def stub_scaffold(image):
    """A stub with lines around the blank."""
    _rows, _columns = image.shape
    out = ...
    return out


def stub_unfilled_name(image):
    ...  # your code here
    return out  # noqa: F821


def stub_uses_dots(image):
    factor = ...
    return image * factor


class StubClass:
    def __init__(self, rate):
        self.rate = rate

    def step(self, weights):
        """Return the new weights."""
        ...


@pytest.mark.parametrize("untouched", [
    None, ..., (..., ...), {"a": ...}, stub_dots, stub_docstring, stub_returns_dots, stub_scaffold,
    stub_unfilled_name, stub_uses_dots, StubClass, lambda image: ...,
])  # fmt: skip
def test_an_untouched_stub_is_one_friendly_line(untouched):
    result = check("99.1", untouched)
    assert result.status == "not attempted"
    assert repr(result).startswith("Exercise 99.1: not attempted. Replace the three dots")
    assert "\n" not in repr(result)


def test_a_forgotten_return_is_an_attempt():
    def forgot(image):
        image = image * 2

    result = check("99.1", forgot)
    assert result.status == "not yet"
    assert "Is a `return` missing?" in result.reason


def test_dots_in_an_index_are_no_stub():
    assert check("99.1", lambda image: image[..., :] * 2).status == "right"


def test_not_yet_says_what_went_in_came_out_and_the_likely_reason():
    result = check("99.1", lambda image: image + 2)
    assert (result.status, result.reason) == ("not yet", "You added two instead of doubling.")
    shown = dict(result.details)
    assert "[0., 1., 2.]" in str(shown["went in"])
    assert "[ 6.,  8., 10.]" in shown["expected"]
    assert "[2., 3., 4.]" in shown["came out"]
    assert "expected:" in repr(result)
    assert "<b>Exercise 99.1: not yet.</b>" in result._repr_html_()


def test_of_two_reasons_that_fit_the_one_that_explains_more_cases_is_said():
    assert check("99.1", lambda image: image**2).reason == "You squared."
    assert check("99.1", lambda image: image * 0).reason == "Everything is zero."


def test_a_mistaken_value_has_its_reason_and_the_answer_is_not_given_away():
    result = check("99.2", 4)
    assert result.reason == "Upside down: 1/4 was asked."
    assert "0.25" not in repr(result)


def test_an_unknown_mistake_is_described():
    result = check("99.1", lambda image: image * 3)
    assert result.reason == "5 of 6 values differ; the first at [0, 1] is 3, but 2 was expected."


def test_an_exception_of_the_learner_is_named_with_its_line():
    def out_of_bounds(image):
        rows = image.shape[0]
        return image[rows]

    result = check("99.1", out_of_bounds)
    assert result.status == "not yet"
    assert "IndexError" in result.reason
    assert "`return image[rows]`" in result.reason
    assert isinstance(result.error, IndexError)


def test_an_exception_below_the_learners_code_still_names_the_learners_line():
    def bad_reshape(image):
        return np.reshape(image, (7, 7))

    assert "`return np.reshape(image, (7, 7))`" in check("99.1", bad_reshape).reason


def test_a_chained_in_place_method_is_explained():
    def chained(image):
        return list(image.ravel()).sort()[0]

    assert "nothing back" in check("99.1", chained).reason


def test_an_exception_names_the_line_of_a_notebook_cell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("def mine(image):\n    # a remark\n    return image[99]")
    reason = check("99.1", shell.user_ns["mine"]).reason
    assert "in line 3 of its cell: `return image[99]`" in reason


@pytest.mark.parametrize(("answer", "words"), [
    (lambda image: (image * 2).ravel(), "The numbers lie in one row. Give them their shape back with `reshape`."),
    (lambda image: (image.T * 2), "rows and columns have changed places"),
    (lambda image: image[:, :2] * 2, "The shape is (2, 2), but (2, 3) was expected."),
    (lambda image: image * np.nan, "There is a NaN (not a number) at [0, 0]"),
    (lambda image: "twice", "Numbers were expected, but this is a str"),
    (lambda image: image.astype(object).astype(str), "Numbers were expected"),
    (lambda image: print, "A value was expected"),
    (lambda image, factor: image, "cannot be called with what this exercise hands over"),
    (lambda: 1, "cannot be called with"),
    (42, "A function is needed here, but this is an int"),
    ("double", "Hand over its name without brackets"),
    (np.ones(3), "A function is needed here, but this is a float64 array of shape (3,)"),
])  # fmt: skip
def test_surprises_get_a_sentence(answer, words):
    result = check("99.1", answer)
    assert result.status == "not yet"
    assert words in result.reason


@pytest.mark.parametrize("answer", ["a quarter", [1, 2], np.array([0.25, 0]), {}, True, float("nan"), 1j, print])
def test_surprising_values_get_a_sentence(answer):
    assert check("99.2", answer).status == "not yet"


def test_an_answer_the_checker_did_not_foresee_is_not_an_exception():
    result = check("99.3", "text")
    assert result.status == "not yet"
    assert "could not use this answer (a str): AttributeError" in result.reason
    assert dict(check("99.3", np.ones(1)).details)["came out"].startswith("[1.]")


def test_changing_the_input_in_place_is_noticed_and_spoils_nothing():
    def in_place(image):
        image *= 2
        return image

    before = IMAGE.copy()
    assert "changed the array it was given" in check("99.1", in_place).reason
    np.testing.assert_array_equal(IMAGE, before)
    assert check("99.1", double).status == "right"


def test_a_wrong_answer_that_zeroes_its_input_does_not_pass():
    def zero_and_return(image):
        image[:] = 0
        return image

    assert check("99.1", zero_and_return).status == "not yet"


def test_returning_one_buffer_again_and_again_is_judged_on_each_case():
    buffer = np.zeros((2, 3))

    def reuse(image):
        if image.size:
            np.multiply(image, 2, out=buffer)
            return buffer
        return image

    assert check("99.1", reuse).status == "right"


def test_unknown_numbers_and_lessons_list_what_there_is():
    with pytest.raises(CourseError, match=r'no exercise "99.9".*99.1, 99.2, 99.3'):
        check("99.9", 1)
    with pytest.raises(CourseError, match="none with a checker"):
        check("seven", 1)


def test_a_lesson_without_checkers_is_not_an_import_error(monkeypatch):
    monkeypatch.undo()
    assert core.exercises(98) == {}


@pytest.mark.parametrize(("result", "expected", "same"), [
    (3, 3.0, True), (np.int64(3), 3, True), (True, True, True), (np.True_, True, True), (1, True, False),
    ("benign", "benign", True), ("benign", "malignant", False), ((1, 2), (1, 2), True), ([1, 2], (1, 2), True),
    ((1, 2, 3), (1, 2), False), (np.array(3), 3, True), (np.inf, np.inf, True), (np.inf, -np.inf, False),
    (np.array([1, np.nan]), np.array([1, np.nan]), True), ([[1], [2, 3]], 1, False), (1.0000001, 1, True),
])  # fmt: skip
def test_find_difference(result, expected, same):
    assert (find_difference(result, expected) is None) == same


def test_a_or_an():
    kinds = [np.zeros(2, np.int64), np.zeros(2, np.uint8), np.array([None]), 3, "x", np.uint8(1)]
    assert [core.kind(one).split()[:2] for one in kinds] == [
        ["an", "int64"], ["a", "uint8"], ["an", "object"], ["an", "int"], ["a", "str"], ["a", "uint8"]]  # fmt: skip


def test_describe_is_short_and_the_same_on_every_machine():
    assert describe(np.zeros((40, 40), np.uint8)) == "a uint8 array of shape (40, 40), values 0 to 0"
    assert describe(np.zeros((0, 3))) == "[]  (float64)"
    assert "0x" not in describe(object())
    assert describe(1 / 3) == "0.333333"
    assert describe([1] * 20) == "a list of 20: 1, 1, 1, ..."


def test_a_mistake_is_named_only_when_it_explains_every_case():
    def sometimes(image):
        return image + 2 if image.max(initial=0) > 0 else image * 3

    reason = check("99.1", sometimes).reason
    assert "added two" not in reason
    assert "values differ" in reason


def test_an_error_is_a_known_mistake_only_with_the_same_message():
    assert check("99.1", lambda image: image[2]).reason == "You asked for row 2 of two."
    other = check("99.1", lambda image: image[7]).reason
    assert other.startswith("Your code stopped with IndexError: index 7")


@pytest.mark.parametrize("answer", [
    lambda image: (image * 2).tolist(),
    lambda image: (image * 2).astype(np.float32),
    lambda image: np.ma.masked_array(image * 2),
    lambda image: memoryview(image * 2),
    lambda image: np.array([Fraction(2 * value) for value in image.ravel().tolist()], object).reshape(image.shape),
])  # fmt: skip
def test_right_numbers_of_any_type_are_right(answer):
    assert check("99.1", answer).status == "right"


@pytest.mark.parametrize("answer", [Fraction(1, 4), Decimal("0.25"), np.array([[0.25]]), [0.25], np.float16(0.25)])
def test_one_number_may_come_in_any_type_and_in_a_shape_of_ones(answer):
    assert check("99.2", answer).status == "right"


def test_an_empty_body_without_the_dots_is_an_attempt():
    def nothing(image):
        pass

    def none(image):
        return

    for answer in (nothing, none):
        result = check("99.1", answer)
        assert (result.status, result.reason) == ("not yet", "Nothing came back (None). Is a `return` missing?")


def test_code_below_the_dots_that_were_left_is_an_attempt():
    def left(image):
        ...
        image.sum()

    assert "Is a `return` missing?" in check("99.1", left).reason


def test_a_class_with_one_more_empty_method_is_an_attempt():
    class Filled:
        def step(self, weights):
            return weights

        def reset(self):
            pass

    assert not core.is_untouched(Filled)


@pytest.mark.parametrize("leave", [lambda: sys.exit(3), lambda: (_ for _ in ()).throw(GeneratorExit), lambda: quit()])
def test_leaving_the_program_is_an_answer_like_any_other(leave):
    assert check("99.1", lambda image: leave()).status == "not yet"
    assert check("99.3", "text").status == "not yet"


def test_an_interrupt_ends_the_check_in_words():
    def interrupted(image):
        raise KeyboardInterrupt

    result = check("99.1", interrupted)
    assert result.status == "not yet"
    assert result.reason.startswith("Stopped by hand before your code had ended, in line")


def test_a_long_run_says_what_is_waited_for_and_how_to_stop(monkeypatch, capsys):
    monkeypatch.setattr(running, "PATIENCE", 0.02)
    monkeypatch.delenv("COURSE_PATIENCE", raising=False)

    def slow(image):
        time.sleep(0.05)
        return image * 2

    assert check("99.1", slow).status == "right"
    assert "your code is still running" in capsys.readouterr().out
    check("99.1", double)
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("COURSE_PATIENCE", "0")
    check("99.1", slow)
    assert capsys.readouterr().out == ""


def test_prints_are_cut_after_a_screenful(capsys):
    def talkative(image):
        print("x" * 100_000)
        return image * 2

    assert check("99.1", talkative).status == "right"
    printed = capsys.readouterr().out
    assert len(printed) < running.SCREENFUL + 200
    assert "more characters were printed by your code" in printed


def test_a_long_message_is_cut():
    def angry(image):
        raise RuntimeError("no! " * 100_000)

    result = check("99.1", angry)
    assert len(result.reason) < 1000
    assert "400,000 characters in all" in result.reason.replace("400,014", "400,000")


def test_an_error_without_a_text_is_named():
    class Mute(Exception):
        def __str__(self):
            raise ValueError

    def mute(image):
        raise Mute

    assert "Your code stopped with Mute, in line" in check("99.1", mute).reason


def test_nothing_global_is_left_changed():
    def meddler(image):
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002
        np.seterr(all="ignore")
        warnings.simplefilter("ignore")
        return image * 2

    def everything_global():
        numpy = np.random.get_state()[1].tolist()  # noqa: NPY002
        return random.getstate(), numpy, np.geterr(), list(warnings.filters)

    before = everything_global()
    assert check("99.1", meddler).status == "right"
    assert before == everything_global()


def test_an_answer_that_remembers_its_calls_is_not_right():
    calls = []

    def remembers(image):
        calls.append(image)
        return image * (2 if len(calls) <= 3 else 3)

    assert "remembers something from call to call" in check("99.1", remembers).reason


@pytest.mark.parametrize("change", [lambda words: words.sort(), lambda words: words.append("x"),
                                    lambda words: words.clear()])  # fmt: skip
def test_a_changed_list_is_noticed(change):
    def changes(words):
        count = len(words)
        change(words)
        return count

    assert "changed the list it was given" in check("99.5", changes).reason


def test_a_table_that_was_numbered_anew_is_noticed():
    table = pd.DataFrame({"a": [1, 2]}, index=[3, 4])
    changed = core.fresh(table)
    changed.reset_index(drop=True, inplace=True)
    assert running.unchanged(core.fresh(table), table)
    assert not running.unchanged(changed, table)
    assert list(table.index) == [3, 4]


def raises(error):
    def refuses(number):
        raise error

    return refuses


@pytest.mark.parametrize(("answer", "words"), [
    (raises(ValueError("below 0")), ""),
    (raises(KeyError("below 0")), "refused, as it should be, but with a KeyError. Raise ValueError, not KeyError"),
    (lambda number: [][number], "Nothing in your code did: your code stopped with IndexError"),
    (lambda number: ValueError("below 0"), "Write `raise`, not `return`"),
    (lambda number: number, "A negative number was accepted."),
])  # fmt: skip
def test_a_refusal_of_the_wrong_kind_is_told(answer, words):
    result = check("99.4", answer)
    assert result.status == ("not yet" if words else "right")
    assert words in result.reason


VALUES = np.array([[[-7.75, 300.5, 3.25], [1.5, -0.5, 0.75]], [[3.4, 9.1, 2.6], [7.3, 0.2, 260.0]]])
CASES = {
    "volume": VALUES, "picture": VALUES[0], "row": VALUES.ravel(), "small": VALUES.ravel()[:5] / 3,
    "ones": VALUES[:1, :, :1], "tuple": (2.5, -300.25, 7.5),
}  # fmt: skip


@pytest.mark.parametrize("at", range(len(FAMILIES)), ids=[reason[:50] for reason, _ in FAMILIES])
def test_each_shared_mistake_is_named_where_it_is_made(at):
    """Its own reason, or one before it that says the same of this form of result."""
    change = FAMILIES[at][1]
    tried = 0
    for expected in CASES.values():
        with np.errstate(all="ignore"):
            try:
                wrong = change(expected)
            except (TypeError, ValueError, IndexError):
                continue
        if find_difference(wrong, expected) is None:
            continue
        tried += 1
        with pytest.raises(core.NotYet) as told:
            against_reference(lambda x, w=wrong: w, lambda x, e=expected: e, [Case(1), Case(2)], "itself")
        said = next(k for k, (text, _) in enumerate(FAMILIES) if text == told.value.reason)
        with np.errstate(all="ignore"):
            assert find_difference(FAMILIES[said][1](expected), wrong) is None
    assert tried


def test_a_family_needs_more_than_two_numbers():
    with pytest.raises(core.NotYet, match=r"The value is 0, but 0\.5 was expected"):
        against_reference(lambda x: 0, lambda x: 0.5, [Case(1)], "itself")


def test_a_family_that_leaves_the_right_result_as_it_is_explains_nothing():
    with pytest.raises(core.NotYet, match="values differ"):
        against_reference(lambda x: np.full(4, 1 + 1e-10), lambda x: np.ones(4), [Case(1), Case(2)], "itself",
                          rtol=0, atol=1e-12)  # fmt: skip


def test_two_numbers_that_look_alike_are_told_apart():
    assert find_difference(200.00001, 200, 1e-9) == "The value is 200.00001, but 200 was expected."


def test_a_list_that_contains_itself_is_described():
    endless = []
    endless.append(endless)
    assert describe(endless) == "a list that contains itself"
    assert find_difference(endless, 1.0) == "Numbers were expected, but this is a list."
    assert check("99.2", endless).status == "not yet"
    assert kind(type("EagerTensor", (), {})()) == "an EagerTensor"
