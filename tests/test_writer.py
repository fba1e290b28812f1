from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.lockfile import LockedCleaner, Lockfile
from rdc.errors import RenderingError
from rdc.rendering import swapper
from rdc.rendering.renderer import HEADER
from rdc.rendering.swapper import hold_folder, predecessor, successor
from rdc.rendering.writer import digest_files, find_edited, next_version, read_lock, write_generated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = f"# {HEADER}\n"
OLD = {"beers": {"a.py": "old\n", "completions/1.json": "{}\n"}}
NEW = {"beers": {"a.py": "new é\n", "b.py": "b\n"}}


def lock_of(files: Mapping[str, Mapping[str, str]], version: int = 1) -> Lockfile:
    cleaners = {
        name: LockedCleaner(version=version, inputs={}, outputs=digest_files(texts), authors={})
        for name, texts in files.items()
    }
    return Lockfile(cleaners=cleaners)


def write(folder: Path, files: Mapping[str, Mapping[str, str]], *, force: bool = False) -> tuple[str, ...]:
    return write_generated(folder, files, lock_of(files), package=PACKAGE, force=force)


def read(folder: Path) -> dict[str, str]:
    """All files by path, but for rdc's own two at the top."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        path: files[path].read_text() for path in sorted(files) if path not in {"rdc.lock", "__init__.py"}
    }


def flat(files: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{name}/{path}": text for name, texts in files.items() for path, text in texts.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project" / "generated"
    write(made, OLD)
    return made


def test_files_and_lock_are_written_and_what_is_no_longer_made_is_removed(folder: Path) -> None:
    assert read(folder) == flat(OLD)
    assert write(folder, NEW) == ("beers/a.py", "beers/b.py", "beers/completions/1.json", "rdc.lock")
    assert read(folder) == flat(NEW)
    assert read_lock(folder) == lock_of(NEW)
    assert not (folder / "beers" / "completions").exists()
    assert (folder / "__init__.py").read_text() == PACKAGE
    assert list(folder.parent.iterdir()) == [folder]


def test_writing_the_same_again_touches_nothing(folder: Path) -> None:
    before = {path: path.stat() for path in [folder, *folder.rglob("*")]}
    assert write(folder, OLD) == ()
    assert {path: path.stat() for path in [folder, *folder.rglob("*")]} == before


def test_cleaners_that_are_not_written_now_stay_and_removed_ones_go(folder: Path) -> None:
    wines = {"wines": {"a.py": "wine\n"}}
    both = lock_of({**OLD, **wines})
    write_generated(folder, wines, both)
    assert read(folder) == flat({**OLD, **wines})
    write_generated(folder, {}, lock_of(wines))
    assert read(folder) == flat(wines)
    assert not (folder / "beers").exists()


def test_files_of_a_person_survive(folder: Path) -> None:
    own = {"notes.md": "n", "beers/own.py": "o", "mine/deep/x.txt": "x"}
    for path, text in own.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "link").symlink_to("notes.md")
    (folder / "beers" / "__pycache__").mkdir()
    write(folder, NEW)
    assert (folder / "link").is_symlink()
    assert read(folder) == {**flat(NEW), **own, "link": "n"}


def test_an_init_that_is_not_ours_is_left_alone(folder: Path) -> None:
    (folder / "__init__.py").write_text("import mine\n")
    write(folder, NEW)
    assert (folder / "__init__.py").read_text() == "import mine\n"


def test_an_edited_file_is_refused_by_name_and_overwritten_by_force(folder: Path) -> None:
    (folder / "beers" / "a.py").write_text("edited\n")
    (folder / "beers" / "completions" / "1.json").write_text("edited\n")
    assert find_edited(folder, read_lock(folder), flat(OLD)) == ("beers/a.py", "beers/completions/1.json")
    with pytest.raises(RenderingError) as caught:
        write(folder, NEW)
    hint = "`function:` in the cleaner's YAML takes code of your own; `rdc compile --force` throws the edit away."
    assert str(caught.value).splitlines() == [
        f"RDC605 generated/beers/a.py was edited by hand. {hint}",
        f"RDC605 generated/beers/completions/1.json was edited by hand. {hint}",
    ]
    assert read(folder)["beers/a.py"] == "edited\n"
    write(folder, NEW, force=True)
    assert read(folder) == flat(NEW)


def test_an_edit_that_is_what_would_be_written_is_none(folder: Path) -> None:
    (folder / "beers" / "a.py").write_text("new é\n")
    write(folder, NEW)
    assert read(folder) == flat(NEW)


def test_without_a_lock_nothing_that_differs_is_overwritten(folder: Path) -> None:
    (folder / "rdc.lock").unlink()
    assert read_lock(folder) is None
    with pytest.raises(RenderingError, match=r"RDC605 generated/beers/a\.py"):
        write(folder, NEW)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n",
            "RDC603 generated/rdc.lock holds a merge conflict",
        ),
        ("{", "RDC603 generated/rdc.lock is no lock"),
        ('{"version": 2, "cleaners": {}}', "RDC603 generated/rdc.lock is no lock"),
        ("[]", "RDC603 generated/rdc.lock is no lock"),
        ("\xff", "RDC603 generated/rdc.lock is no lock"),
    ],
)
def test_a_broken_lock_is_refused_and_passed_over_by_force(folder: Path, text: str, fact: str) -> None:
    (folder / "rdc.lock").write_text(text, encoding="latin-1")
    for attempt in (lambda: read_lock(folder), lambda: write(folder, NEW)):
        with pytest.raises(RenderingError, match=fact):
            attempt()
    write(folder, NEW, force=True)
    assert read_lock(folder) == lock_of(NEW)


@pytest.mark.parametrize("path", ["../x.py", "a/../../../x.py", "x\0.py"])
def test_paths_that_lead_out_of_the_folder_are_refused(folder: Path, path: str) -> None:
    with pytest.raises(RenderingError, match="RDC604"):
        write(folder, {"beers": {path: "x"}})
    lock = lock_of({"beers": {path: "x"}})
    (folder / "rdc.lock").write_text(lock.text())
    with pytest.raises(RenderingError, match="RDC604"):
        write(folder, NEW)


def test_the_version_counts_up_where_the_output_changes() -> None:
    outputs = digest_files(OLD["beers"])
    entry = lock_of(OLD, version=4).cleaners["beers"]
    assert next_version(None, outputs) == 1
    assert next_version(entry, outputs) == 4
    assert next_version(entry, digest_files(NEW["beers"])) == 5


def fail_at(number: int, code: int) -> Callable[[Path, Path], Path]:
    """A rename whose n-th call fails."""
    calls: list[Path] = []
    rename = Path.rename

    def run(source: Path, target: Path) -> Path:
        calls.append(source)
        if len(calls) == number:
            raise OSError(code, os.strerror(code))
        return rename(source, target)

    return run


@pytest.mark.parametrize("number", [1, 2])
def test_a_swap_that_fails_leaves_the_folder_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(swapper, "_exchange", lambda _first, _second: False)
    monkeypatch.setattr(Path, "rename", fail_at(number, errno.EACCES))
    with pytest.raises(RenderingError, match="RDC606 generated/ cannot be written: Permission denied"):
        write(folder, NEW)
    assert read(folder) == flat(OLD)
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("code", [0, errno.EXDEV])
def test_a_swap_works_where_folders_cannot_change_places(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Some file systems don't exchange; an overlay doesn't rename a folder of a lower layer."""
    monkeypatch.setattr(swapper, "_exchange", lambda _first, _second: False)
    monkeypatch.setattr(Path, "rename", fail_at(1 if code else -1, code))
    write(folder, NEW)
    assert read(folder) == flat(NEW)
    assert list(folder.parent.iterdir()) == [folder]


STEPS = 30

# For each folder a process of its own that is killed at one of the steps that change the file system.
KILLED = """
import json, os, shutil, signal, sys
from pathlib import Path
from rdc.artifacts.lockfile import Lockfile
from rdc.rendering import swapper
from rdc.rendering.writer import write_generated

def stop_after(steps):
    left = [steps]
    def guard(run):
        def step(*args, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return run(*args, **kwargs)
        return step
    for owner, name in (
        (Path, "rename"), (Path, "write_bytes"), (os, "unlink"), (os, "rmdir"), (swapper, "_exchange")
    ):
        setattr(owner, name, guard(getattr(owner, name)))

def refuse(rename):
    calls = []
    def run(source, target):
        calls.append(source)
        if len(calls) == 1:
            raise OSError(18, "of another layer")
        return rename(source, target)
    return run

files, lock = json.loads(sys.argv[2]), Lockfile.model_validate_json(sys.argv[3])
for project in sorted(Path(sys.argv[1]).iterdir()):
    child = os.fork()
    if not child:
        way, steps = project.name.split("-")
        if way != "exchange":
            swapper._exchange = lambda first, second: False
        if way == "overlay":
            Path.rename = refuse(Path.rename)
        stop_after(int(steps))
        write_generated(project / "generated", files, lock)
        os._exit(0)
    print(project.name, os.waitpid(child, 0)[1])
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, int]]:
    """Folders by way and step, each with how its writer ended."""
    root = tmp_path_factory.mktemp("killed")
    for way in ("exchange", "renames", "overlay"):
        for steps in range(STEPS):
            write(root / f"{way}-{steps}" / "generated", OLD)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, root, json.dumps(NEW), lock_of(NEW).text()],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    ends = [line.split() for line in done.stdout.splitlines()]
    return {name: (root / name / "generated", int(status)) for name, status in ends}


@pytest.mark.parametrize("way", ["exchange", "renames", "overlay"])
def test_a_process_that_is_killed_leaves_all_old_or_all_new(
    killed: dict[str, tuple[Path, int]], way: str
) -> None:
    left = []
    for steps in range(STEPS):
        folder, status = killed[f"{way}-{steps}"]
        lock = read_lock(folder)
        assert (read(folder), lock) in [(flat(OLD), lock_of(OLD)), (flat(NEW), lock_of(NEW))]
        left.append((status == 0, lock == lock_of(NEW)))
        # The next write clears away what is left.
        write(folder, NEW)
        write(folder, OLD)
        assert read(folder) == flat(OLD)
        assert list(folder.parent.iterdir()) == [folder]
    assert left == sorted(left)
    assert set(left) == {(False, False), (False, True), (True, True)}


def test_two_writers_wait_for_each_other(folder: Path) -> None:
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with (
            pytest.raises(RenderingError, match="RDC607 another process writes generated/"),
            hold_folder(folder, patience=0.1),
        ):
            pass
    finally:
        os.close(handle)
    write(folder, NEW)
    assert read(folder) == flat(NEW)


def test_a_swap_that_was_not_finished_goes_back(folder: Path) -> None:
    folder.rename(predecessor(folder))
    successor(folder).mkdir()
    assert read_lock(folder) == lock_of(OLD)
    assert read(folder) == flat(OLD)
    assert list(folder.parent.iterdir()) == [folder]
