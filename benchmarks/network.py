"""One training step of a whole network, course.nn against Keras and PyTorch: `python benchmarks/network.py 32`.

Without a batch size, 32 and 8. The measuring is in `course.timing.network`, where lesson 13 uses it too.
"""

from course.timing.network import main

if __name__ == "__main__":
    main()
