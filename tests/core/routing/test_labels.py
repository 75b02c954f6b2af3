import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.frame import KINDS
from app.core.routing.labels import Signs

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
