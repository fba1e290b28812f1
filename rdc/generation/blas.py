"""This machine -> the fast BLAS that MLX shall use on the CPU; without one, the way to get it."""

from __future__ import annotations

import ctypes
import importlib.metadata
import sys
from pathlib import Path

OPENBLAS = ("libopenblas.so.0", "libopenblas.so")
BLAS_HINT = (
    "Products of matrices run about 30 times faster with it: `apt-get install libopenblas0-pthread`, "
    "or `pip install mkl`."
)


def load_blas() -> str | None:
    """Put a fast BLAS before the reference one that MLX's wheel for the CPU links; the name of its library."""
    if sys.platform != "linux":
        return None
    try:
        shipped = importlib.metadata.files("mkl") or ()
    except importlib.metadata.PackageNotFoundError:
        shipped = ()
    mkl = sorted(str(file.locate()) for file in shipped if file.name.startswith("libmkl_rt.so"))
    # With one to four rows, as when answers are decoded, MKL took about half of OpenBLAS's time, else the same.
    for library in (*mkl, *OPENBLAS):
        try:
            ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue
        return Path(library).name
    return None
