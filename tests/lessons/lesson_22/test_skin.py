"""What lesson 22's deeper page says of skin must be true of its drawn spots."""

from course.data.phantom_skin import TONES
from course.reproduce import skin_22

FIXED, BELOW, SHARE = skin_22.RULES
ALL = tuple(TONES)


def mean(rule, tone, tones=skin_22.LIGHT):
    return skin_22.scores(rule, tone, tones).mean()


def test_no_spot_teaches_and_judges():
    assert not set(skin_22.TAUGHT) & set(skin_22.JUDGED) and len(skin_22.JUDGED) == 60 and len(skin_22.TAUGHT) == 20


def test_a_fixed_grey_fails_and_more_tones_do_not_mend_it():
    assert min(mean(FIXED, tone) for tone in skin_22.LIGHT) > 0.8
    assert max(mean(FIXED, tone) for tone in ALL[2:]) < 0.4
    assert mean(FIXED, "very light", ALL) < 0.5 and mean(FIXED, "dark", ALL) < 0.4 and mean(FIXED, "tan", ALL) > 0.85


def test_a_difference_is_mended_and_a_share_needs_no_mending():
    assert mean(BELOW, "dark") < 0.5 and min(mean(BELOW, tone, ALL) for tone in ALL) > 0.8
    assert min(mean(SHARE, tone, tones) for tone in ALL for tones in (skin_22.LIGHT, ALL)) > 0.88


def test_gaps_are_paired_and_as_wide_as_said():
    for rule in (FIXED, BELOW):
        gap, low, high = skin_22.gap(rule)
        assert 0.3 < low < gap < high
    assert abs(skin_22.gap(SHARE)[0]) < 0.03
