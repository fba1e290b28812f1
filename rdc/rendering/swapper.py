"""A folder and its successor -> the successor alone, whole or not at all, whenever the process is killed."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import RenderingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 10.0
"""Seconds to wait for another process that writes the same folder."""


def successor(folder: Path) -> Path:
    """Name the sibling that is filled before it takes the folder's place."""
    return folder.with_name(f".{folder.name}.rdc-new")


def predecessor(folder: Path) -> Path:
    """Name the sibling that holds the folder's old contents while its successor takes its place."""
    return folder.with_name(f".{folder.name}.rdc-old")


@contextmanager
def hold_folder(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Keep other writers out, after putting in order what a killed one left behind.

    Raises:
        RenderingError: another process holds it for longer than `patience` seconds.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # The parent itself is locked, so that no lock file is left in anybody's repository.
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        _wait_for_lock(handle, folder, patience)
        _recover(folder)
        yield
    finally:
        os.close(handle)


def recover_folder(folder: Path) -> None:
    """Put a folder in order that a killed process left between old and new; does nothing else."""
    if predecessor(folder).exists():
        with hold_folder(folder):
            pass


def swap_folder(folder: Path) -> None:
    """Put the successor, which is complete, in the folder's place, and remove what was there.

    Raises:
        OSError: it can't be done; the folder is as it was.
    """
    new, old = successor(folder), predecessor(folder)
    if not folder.exists():
        new.rename(folder)
        return
    if _exchange(new, folder):
        shutil.rmtree(new)
        return
    _set_aside(folder)
    try:
        new.rename(folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        old.rename(folder)
        raise
    shutil.rmtree(old)


def _wait_for_lock(handle: int, folder: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                fact = f"another process writes {folder.name}/"
                raise RenderingError(Diagnostic("RDC607", fact, "Try again when it is done.")) from None
            time.sleep(0.05)
        else:
            return


def _recover(folder: Path) -> None:
    """Go back to the old folder where a swap was not finished, and remove what is left over."""
    new, old = successor(folder), predecessor(folder)
    if old.exists() and (new.exists() or not folder.exists()):
        if folder.exists():
            shutil.rmtree(folder)
        old.rename(folder)
    for left in (new, old, _partial(old)):
        if left.exists():
            shutil.rmtree(left)


def _set_aside(folder: Path) -> None:
    """Move a folder to where its predecessor goes."""
    old = predecessor(folder)
    try:
        folder.rename(old)
    except OSError as error:
        # A folder from a lower layer of an overlay file system, as in a container, can't be renamed.
        if error.errno != errno.EXDEV:
            raise
        shutil.copytree(folder, _partial(old), symlinks=True)
        _partial(old).rename(old)
        shutil.rmtree(folder)


def _partial(old: Path) -> Path:
    return old.with_name(f"{old.name}-partial")


def _exchange(first: Path, second: Path) -> bool:
    """Let two folders change places in one step, where the system can."""
    library = ctypes.CDLL(None, use_errno=True)
    one, two = os.fsencode(first), os.fsencode(second)
    try:
        if sys.platform == "darwin":
            return bool(library.renamex_np(one, two, 2) == 0)
        here = -100
        return bool(library.renameat2(here, one, here, two, 2) == 0)
    except AttributeError:
        return False
