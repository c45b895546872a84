"""Pictures with their diagnoses: cells drawn from measurements, real ultrasound, and folders of the reader's own."""

from typing import Any, NamedTuple


class Split(NamedTuple):
    """One part of a data set: training, validation or test.

    images: uint8 array (n, height, width) when grey, (n, height, width, 3) when coloured, values 0 to 255.
    labels: int64 array (n,); benign = 0, malignant = 1.
    """

    images: Any
    labels: Any
