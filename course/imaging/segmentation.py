"""Finding the nuclei in a picture of stained cells: threshold, distance transform, watershed."""

import numpy as np

from course import CourseError

LEAST_CONTRAST = 0.08  # density between the two sides of Otsu's cut; see `nuclear_threshold`


def stain_density(image):
    """Optical density in the red channel, float64 (h, w).

    Haematoxylin absorbs there and eosin hardly does, though a green counterstain absorbs there too.
    image: uint8 (h, w) grey or (h, w, 3) RGB, bright background. Beer-Lambert: density = log10(background / light), the
    background being fitted as a plane to the brighter half of the picture, since no lamp lights a field evenly.
    """
    image = np.asarray(image)
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise CourseError(
            f"expected one picture, uint8, (height, width) or (height, width, 3); got {image.dtype} {image.shape}. "
            "Convert it to 8-bit grey or RGB first."
        )
    light = (image if image.ndim == 2 else image[..., 0]).astype(np.float64)
    return np.log10((_background(light) + 1) / (light + 1))


def _background(light):
    """The empty slide's light (h, w): a plane through the brighter half of the pixels, by least squares."""
    row, column = np.mgrid[: light.shape[0], : light.shape[1]]
    plane = np.stack([np.ones(light.size), row.ravel(), column.ravel()], 1)
    bright = light.ravel() >= np.median(light)
    weights, *_ = np.linalg.lstsq(plane[bright], light.ravel()[bright], rcond=None)
    return np.maximum((plane @ weights).reshape(light.shape), 1)


def segment_nuclei(image, smoothing=0.7, neck=0.13):
    """Label the nuclei of a stained-cell picture: int32 (h, w), 0 = background, 1 ... n = nuclei.

    image: uint8 (h, w) or (h, w, 3); an empty field has no nuclei. `smoothing`, `neck`: see `smoothed` and `labels_at`,
    whose threshold is here `nuclear_threshold`.
    """
    density = smoothed(image, smoothing)
    return labels_at(density, nuclear_threshold(density), neck)


def smoothed(image, smoothing=0.7):
    """Return the stain density of a picture, blurred: float64 (h, w).

    `smoothing`: standard deviation of the blur, in 1/150 of the picture's height.
    """
    from scipy import ndimage

    return ndimage.gaussian_filter(stain_density(image), smoothing * len(image) / 150)


def labels_at(density, threshold, neck=0.13):
    """Label the nuclei of a density (h, w) at a threshold of your choice: int32 (h, w).

    The threshold finds the nuclear pixels, the distance transform the middle of each nucleus, and a watershed from
    there parts nuclei that touch. `neck`: two nuclei are told apart where log(1 + smoothed depth) drops by at least
    this much from the middle of the smaller one to the waist. 0.13 is 12 % of 1 + depth; because of the smoothing, the
    waist of two equal discs must be narrower than they are by some 15 % when they are large, 40 % when they are small.
    With a neck of 0 nothing is parted: what hangs together is one nucleus.
    """
    from scipy import ndimage
    from skimage import measure, morphology, segmentation

    unit = len(density) / 150
    nuclear = morphology.closing(density > threshold, morphology.disk(round(unit)))
    nuclear = ndimage.binary_fill_holes(nuclear)
    nuclear = morphology.remove_small_objects(nuclear, max_size=int(15 * unit**2))
    if neck == 0:
        return measure.label(nuclear).astype(np.int32)
    depth = np.log1p(ndimage.gaussian_filter(ndimage.distance_transform_edt(nuclear), unit) / unit)
    middles = measure.label(morphology.h_maxima(depth, neck) > 0)
    return segmentation.watershed(-depth, middles, mask=nuclear).astype(np.int32)


def nuclear_threshold(density):
    """Density halfway between the inside of the nuclei and what lies round them; Otsu's threshold starts the search.

    Otsu's own value leans towards the larger class, the background, and makes small nuclei too large. It also cuts an
    empty field in two, in the middle of its noise. So the two sides of the cut must lie `LEAST_CONTRAST` apart on
    average, or there are no nuclei: infinity. The drawn fields have 0.18 or more, and blurred four times as strongly
    0.097 or more; empty ones as bright as a slide (120 to 240 levels), with noise of 1 to 12 levels, 0.03 or less, and
    twice that at 60 levels.
    """
    from scipy import ndimage
    from skimage.filters import threshold_otsu

    threshold = threshold_otsu(density)
    sides = density[density > threshold], density[density <= threshold]
    if not (len(sides[0]) and sides[0].mean() - sides[1].mean() >= LEAST_CONTRAST):
        return np.inf
    nuclear = density > threshold
    inside = ndimage.binary_erosion(nuclear, iterations=2)
    around = ndimage.binary_dilation(nuclear, iterations=4) & ~ndimage.binary_dilation(nuclear, iterations=2)
    if inside.sum() < 30 or not around.any():
        return threshold
    return (np.median(density[inside]) + np.median(density[around])) / 2


def dice(found, true):
    """Return the Dice overlap of two masks, 0 to 1: twice the pixels they share over the pixels of both, 0 for none."""
    return 2 * np.count_nonzero(found & true) / max(np.count_nonzero(found) + np.count_nonzero(true), 1)
