"""Expectations as data -> a Great Expectations suite of them, each as it is told; what it does not know is refused."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.expectation import Expectation
from rdc.errors import RunError
from rdc.runtime.extension import extend_expectations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEVERITIES = {"error": "critical", "warn": "warning"}
NUMBER = "rdc"
"""Under this key of its meta an expectation tells its position."""


def build_suite(expectations: Sequence[Mapping[str, Any] | Expectation], name: str) -> Any:
    """Make a Great Expectations `ExpectationSuite` of expectations as data.

    Args:
        expectations: `type`, `kwargs` and, where they matter, `severity` and `origin` of each.
        name: of the suite.

    Raises:
        RunError: an expectation is unknown or has arguments that it doesn't take.
    """
    made = [e if isinstance(e, Expectation) else Expectation.model_validate(e) for e in expectations]
    suite, invalid = make_suite(dict(enumerate(made)), name)
    refuse_invalid(made, invalid)
    return suite


def refuse_invalid(expectations: Sequence[Expectation], invalid: Sequence[tuple[int, str]]) -> None:
    """Report all expectations that could not be made.

    Raises:
        RunError: there are some.
    """
    if invalid:
        raise RunError.of(
            Diagnostic("RDC711", f"{expectations[at].type} cannot be used: {why}") for at, why in invalid
        )


def make_suite(expectations: Mapping[int, Expectation], name: str) -> tuple[Any, list[tuple[int, str]]]:
    """A suite of expectations by their position, and what could not be put into it: position and reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - takes seconds
        from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415 - the same
            ExpectationConfiguration,
        )
        from great_expectations.expectations.metadata_types import FailureSeverity  # noqa: PLC0415 - the same

    extend_expectations()
    suite = gx.ExpectationSuite(name=name)
    invalid = []
    for at, expectation in expectations.items():
        meta = {NUMBER: at} | ({"origin": expectation.origin} if expectation.origin else {})
        configuration = ExpectationConfiguration(
            type=expectation.type,
            kwargs=dict(expectation.kwargs),
            meta=meta,
            severity=FailureSeverity(SEVERITIES[expectation.severity]),
        )
        try:
            # A suite's own ways drop an unknown type, and replace a check by the next of its type and column.
            suite.expectations.append(configuration.to_domain_obj())
        except Exception as error:  # noqa: BLE001 - pydantic's of two versions, and its own
            invalid.append((at, " ".join(str(error).split())))
    return suite, invalid
