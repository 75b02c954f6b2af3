import pytest

from app.core.routing.calibration import Calibration, calibrate
from app.core.routing.labels import Label, Signs
from app.core.routing.reliability import LEAST_LABELS, reliability
from tests.core.routing.claims import OVER, labels_of, played


def test_reliability_says_how_often_sure_was_right():
    labels = labels_of(OVER, played(OVER, 400, 3))
    told = reliability(labels, OVER.name, calibrate(labels))
    assert told is not None
    assert told.labels == 400
    assert told.sure_right < 0.85
    assert sum(one.labels for one in told.bins) == 400
    surest = told.bins[-1]
    assert (surest.least, surest.most) == (0.9, 1.0)
    assert surest.trust == pytest.approx(surest.right_share, abs=0.05)


def test_reliability_waits_for_30_labels():
    labels = [Label(f"f{at}", "gemini", "m", 0.9, Signs(), "thumb", 1.0, 1.0) for at in range(LEAST_LABELS)]
    assert reliability(labels[1:], "gemini", Calibration()) is None
    told = reliability(labels, "gemini", Calibration())
    assert told is not None
    assert (told.sure, told.sure_right) == (30, 1.0)
    assert told.bins[0].trust == pytest.approx(0.9)
