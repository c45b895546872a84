"""Overlap and suppression give TorchVision's numbers, on random boxes, two of which touch in every case.

detection_reference.json holds the boxes with what `torchvision.ops.box_iou(boxes[:5], boxes[5:])`, `box_iou(boxes[:1],
boxes[1:2])` and `nms(boxes, scores, threshold)` of TorchVision 0.29.1 (float64) returned; TorchVision is not needed.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from course.detection import iou, suppress

CASES = json.loads(Path(__file__).with_name("detection_reference.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"threshold {case['threshold']}")
def test_the_same_overlaps_and_the_same_boxes_stay(case):
    boxes = np.array(case["boxes"], float)
    np.testing.assert_allclose(iou(boxes[:5], boxes[5:]), case["iou"], atol=1e-8)
    assert iou(boxes[:1], boxes[1:2])[0, 0] == case["first"] == 0
    assert suppress(boxes, case["scores"], case["threshold"]).tolist() == case["kept"]


def test_the_cases_differ():
    kept = [len(case["kept"]) for case in CASES]
    assert kept == sorted(kept) and kept[0] < kept[-1] and sum(np.count_nonzero(case["iou"]) for case in CASES) > 20
