"""Errors that a person can act on: every one is a list of problems, and each phase has its subclass."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Problem(Protocol):
    """What an error shows: `str()` of it is one line with place, code, fact and hint."""

    @property
    def code(self) -> str:
        """The stable code, such as `RDC104`."""
        ...

    @property
    def fact(self) -> str:
        """What is the case."""
        ...


class RdcError(Exception):
    """The root of all errors that rdc raises on purpose.

    Attributes:
        problems: everything that was found wrong, at least one.
        exit_code: 1 where the input is wrong, 2 where rdc could not do its work.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> RdcError:
        """Make one error of many problems."""
        return cls(*problems)


class ProjectError(RdcError):
    """The YAML of a project is wrong (RDC1xx)."""


class SourceError(RdcError):
    """A source cannot be read as it is declared (RDC2xx)."""


class GenerationError(RdcError):
    """No proposal can be had: a completion is missing, an answer is unusable (RDC3xx)."""


class VerificationError(RdcError):
    """Code was refused, or a person's own function does not hold (RDC4xx)."""


class LoweringError(RdcError):
    """A function has no SQL (RDC5xx)."""


class RenderingError(RdcError):
    """`generated/` cannot be written, or does not match what is recorded (RDC6xx)."""


class RunError(RdcError):
    """A run cannot publish: a check, a contract or a limit failed (RDC7xx)."""


class ServiceError(RdcError):
    """Something that rdc needs is missing or unreachable (RDC9xx)."""

    exit_code: ClassVar[int] = 2
