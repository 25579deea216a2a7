"""NPZ files."""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray


def arrays_of(file: str | os.PathLike[str] | BinaryIO) -> dict[str, NDArray[Any]]:
    """Returns the arrays of an NPZ file. Raises `ValueError` if it is cut or another file, `OSError` if it cannot be read."""
    try:
        with np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, EOFError, AttributeError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(str(error)) from error
