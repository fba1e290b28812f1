"""A command -> what a fresh process of it takes: seconds, seconds of CPU, and the most memory of it and its children."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

INTERVAL = 0.03
"""Seconds between two looks at the memory."""
PAGE = os.sysconf("SC_PAGE_SIZE")
MEBIBYTE = 1 << 20
LAST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Usage:
    """What one run took.

    Attributes:
        cpu: of the user and the system, children that were waited for included.
        peak: bytes; the largest sum of resident memory of all processes at one time, pages that several
            share counted for each.
        failure: why there is no result; the figures are up to then.
    """

    wall: float
    cpu: float
    peak: int
    failure: str = ""

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def measure(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, seconds: float, memory: int
) -> Usage:
    """Run a command once, and stop it where it takes too much.

    Args:
        command: with its arguments.
        environment: of the process.
        folder: where it runs.
        seconds: that it may take.
        memory: bytes that it and its children may take.
    """
    # What others wrote must be on the disk before the clock runs.
    os.sync()
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=said, stderr=said, start_new_session=True
        )
        try:
            usage, code = _watch(process.pid, start, seconds, memory)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        process.returncode = code
        if code and not usage.failure:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()[-LAST_WORDS:]
            return Usage(usage.wall, usage.cpu, usage.peak, f"exit code {code}: {words}")
    return usage


def _watch(pid: int, start: float, seconds: float, memory: int) -> tuple[Usage, int]:
    """Look at a process until it ends, or end it."""
    peak, failure = 0, ""
    while True:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        elapsed = time.perf_counter() - start
        if ended:
            usage = Usage(elapsed, used.ru_utime + used.ru_stime, peak, failure)
            return usage, os.waitstatus_to_exitcode(status)
        resident, most = _read_memory(pid)
        peak = max(peak, resident, most)
        if not failure and (resident > memory or elapsed > seconds):
            failure = f"over {memory // MEBIBYTE} MiB" if resident > memory else f"over {seconds:.0f} s"
            os.killpg(pid, signal.SIGKILL)
        time.sleep(INTERVAL)


def _read_memory(pid: int) -> tuple[int, int]:
    """The resident bytes of a process and all below it, now, and the most that one of them ever had."""
    resident, most = 0, 0
    for member in _list_members(pid):
        folder = Path(f"/proc/{member}")
        try:
            status = (folder / "status").read_text()
            resident += int((folder / "statm").read_text().split()[1]) * PAGE
        except (OSError, IndexError):
            continue
        most = max(most, 1024 * int(status.partition("VmHWM:")[2].split()[0]) if "VmHWM:" in status else 0)
    return resident, most


def _list_members(pid: int) -> Iterator[int]:
    """A process and its descendants; where the system has no /proc, none have memory to be read."""
    yield pid
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _list_members(int(child))
