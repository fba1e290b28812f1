"""SQL of a function -> whether a run may use it: what the lock says of this engine, or a check, remembered in `target/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from rdc.artifacts.lockfile import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rdc.artifacts.lockfile import LockedSql
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine
    from rdc.lowering.answers import Given
    from rdc.lowering.functions.compiler import Lowered


@dataclass(frozen=True, slots=True)
class Approver:
    """Decides which functions an engine may run itself.

    Attributes:
        locked: what was checked when the cleaner was compiled, by the function's name.
        profile: of the source, for values to try where a check is due.
        memory: a file that holds what was checked on this machine; checks are not remembered where it is None.
    """

    engine: Engine
    evaluator: Evaluator
    locked: Mapping[str, LockedSql]
    profile: TableProfile
    memory: Path | None = None

    def may_use(self, transform: Transform, source: str, lowered: Lowered) -> bool:
        """Whether SQL gave what Python gives, on this engine and in this version of it.

        Args:
            transform: a function that was accepted.
            source: its code, as it is run.
            lowered: the same as SQL.
        """
        from rdc.lowering.equivalence import read_version  # noqa: PLC0415 - few runs need a check
        from rdc.lowering.lowerer import digest_sql  # noqa: PLC0415 - as above
        from rdc.lowering.names import DIALECT  # noqa: PLC0415 - as above

        entry = self.locked.get(transform.name)
        if entry is None or entry.digest is None:
            return False
        made, version = digest_sql(lowered), read_version(self.engine)
        if (entry.digest, entry.engine, entry.version) == (made, DIALECT, version):
            return True
        key = f"{DIALECT} {version} {made} {digest(source)}"
        known = self._read_memory()
        if key not in known:
            known[key] = self._check(transform, source, lowered)
            self._write_memory(known)
        return known[key]

    def _check(self, transform: Transform, source: str, lowered: Lowered) -> bool:
        from rdc.lowering.adversary import RowSubject, Subject, gather_rows, gather_values  # noqa: PLC0415 - as above
        from rdc.lowering.answers import ask_transform  # noqa: PLC0415 - as above
        from rdc.lowering.equivalence import check  # noqa: PLC0415 - as above

        profiles = {column.name: column for column in self.profile.columns}
        known: list[list[Cell]] = []
        for name in transform.reads:
            column = profiles.get(name)
            known.append([count.value for count in (*column.frequent, *column.rare)] if column else [])
        given: Sequence[Given]
        if transform.kind == "row":
            # Which values stand together is not known any more.
            rows = zip_longest(*known)
            [given] = gather_rows([RowSubject(source, len(transform.reads), list(rows))])
        else:
            [values] = gather_values([Subject(source, known[0])])
            given = [(value,) for value in values]
        return (
            check(lowered, given, self.engine, ask_transform(self.evaluator, transform, source)).difference
            is None
        )

    def _read_memory(self) -> dict[str, bool]:
        """What was checked here before; nothing where it cannot be read."""
        if self.memory is None:
            return {}
        try:
            found = json.loads(self.memory.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        entries = found.items() if isinstance(found, dict) else ()
        return {key: value for key, value in entries if isinstance(value, bool)}

    def _write_memory(self, known: Mapping[str, bool]) -> None:
        if self.memory is not None:
            self.memory.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(dict(sorted(known.items())), indent=2)
            self.memory.write_text(f"{text}\n", encoding="utf-8")
