import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.frame import KINDS
from app.core.routing.labels import SOURCES, WEIGHTS, Signs

_signs = st.builds(
    Signs, st.sampled_from(KINDS), st.booleans(), st.booleans(), st.booleans(), st.floats(-1, 1), st.floats(-1, 1)
)


@given(_signs)
def test_signs_come_back_from_json(signs):
    assert Signs.from_json(signs.to_json()) == signs


@pytest.mark.parametrize("told", [
    {}, {"kind": "song", "witness": "much", "has_missing": 1}, {"witness": math.nan, "again": None, "more": []},
])  # fmt: skip
def test_signs_that_are_none_are_not_known(told):
    assert Signs.from_json(told) == Signs()


def test_every_source_has_a_weight_that_a_backup_may_hold():
    assert WEIGHTS.keys() == set(SOURCES)
    assert all(0 < weight <= 1 for weight in WEIGHTS.values())
