"""A sheet of an Excel workbook -> columns of text, as Excel shows plain values; formulas are read as last computed."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.errors import ServiceError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.source import SourceOptions


def read_sheet(path: Path, shown: str, options: SourceOptions) -> tuple[tuple[str, ...], list[list[Cell]]]:
    """The names of a sheet's columns, and its rows.

    Raises:
        ServiceError: openpyxl is not installed.
        SourceError: the file is no workbook, has no such sheet, or a row reaches beyond the header.
    """
    rows = _trim(_load_rows(path, shown, options.sheet))
    if not rows:
        raise SourceError(Diagnostic("RDC212", "the sheet is empty", "", Place(shown)))
    width = len(rows[0]) if options.header else max(map(len, rows))
    names = [cell or "" for cell in rows[0]] if options.header else [f"column{i}" for i in range(width)]
    problems = [
        Diagnostic(
            "RDC213", f"row {number} has {len(row)} cells, the header has {width}", "", Place(shown, number)
        )
        for number, row in enumerate(rows, 1)
        if len(row) > width
    ]
    if problems:
        raise SourceError(*problems[:10])
    body = rows[1:] if options.header else rows
    return tuple(names), [row + [None] * (width - len(row)) for row in body]


def _load_rows(path: Path, shown: str, sheet: str | None) -> list[list[Cell]]:
    """All cells of a sheet as text."""
    try:
        import openpyxl  # noqa: PLC0415  # an extra, and slow to load
    except ImportError:
        hint = "Install it: pip install 'rdc-cleaner[excel]'."
        raise ServiceError(Diagnostic("RDC902", "reading Excel files needs openpyxl", hint)) from None
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # noqa: BLE001  # openpyxl lets errors of zip, XML and its own through
        raise SourceError(
            Diagnostic("RDC230", f"this is no Excel workbook: {error}", "", Place(shown))
        ) from None
    try:
        if sheet is not None and sheet not in workbook.sheetnames:
            hint = f"It has {', '.join(workbook.sheetnames)}."
            raise SourceError(Diagnostic("RDC231", f"there is no sheet {sheet!r}", hint, Place(shown)))
        page = workbook[sheet or workbook.sheetnames[0]]
        return [[show_cell(cell.value, cell.number_format) for cell in row] for row in page.iter_rows()]
    finally:
        workbook.close()


def _trim(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows without the empty cells at their ends and the empty rows after the last."""
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def show_cell(value: Any, number_format: str = "General") -> Cell:
    """A cell's value as text.

    >>> [show_cell(value) for value in (3.0, 0.1 + 0.2, True, None, dt.datetime(2024, 3, 1), 1e21)]
    ['3', '0.3', 'TRUE', None, '2024-03-01', '1000000000000000000000']
    >>> show_cell(1907, "00000")
    '01907'
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        # Excel computes with 15 digits; what the file has beyond is the noise of binary fractions.
        text = str(value) if isinstance(value, int) else _plain(value)
        return text.zfill(len(number_format)) if re.fullmatch("0{2,}", number_format) else text
    if isinstance(value, dt.datetime):
        timed = value.time() != dt.time() or "h" in number_format.lower()
        return value.isoformat(sep=" ") if timed else value.date().isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _plain(number: float) -> str:
    """A number without an exponent and without zeros at its end."""
    text = format(Decimal(f"{number:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
