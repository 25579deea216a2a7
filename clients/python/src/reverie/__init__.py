"""The client of Reverie: sends labelled images to a service, and replays the memory that the service learns.

    from reverie import Reverie

    memory = Reverie("http://127.0.0.1:8080")
    memory.samples(images, labels)                  # uint8, or floats in [0, 1]; [n, C, H, W] or [n, H, W]
    images, labels, names = memory.sample(64)       # a random batch, balanced over the classes

    with memory.local() as copy:                    # batches without a request each
        images, labels, names = copy.sample(64)

`reverie.torch` feeds batches to PyTorch; `reverie.mammoth`, `reverie.avalanche` and `reverie.continuum` replace the buffers
of these libraries.
"""

from reverie.client import Reverie, load
from reverie.local import LocalMemory
from reverie.problem import Problem
from reverie.sending import Sending

__version__ = "0.1.0.dev0"
__all__ = ["LocalMemory", "Problem", "Reverie", "Sending", "load"]
