"""The same function with fewer steps."""

from __future__ import annotations

import pytest

from rdc.generation.reducer import reduce_function

HEAD = "def clean_a(value: str | None) -> str | None:\n"


@pytest.mark.parametrize(
    ("body", "variants"),
    [
        ("    return upper_case(us_state_code(value))\n", ["us_state_code(value)", "upper_case(value)"]),
        (
            "    return to_date(null_if(null_tokens(value), 'N/A'), order='dmy')\n",
            [
                "null_tokens(value)",
                "null_if(value, 'N/A')",
                "to_date(value, order='dmy')",
                "null_if(null_tokens(value), 'N/A')",
                "to_date(null_tokens(value), order='dmy')",
                "to_date(null_if(value, 'N/A'), order='dmy')",
            ],
        ),
        ("    return lower_case(value)\n", []),
        ("    return value.strip().lower()\n", []),
        ("    return " + "lower_case(" * 5 + "value" + ")" * 5 + "\n", []),
    ],
)
def test_steps_are_left_out_the_shortest_first(body: str, variants: list[str]) -> None:
    expected = [f"{HEAD}    return {variant}\n" for variant in variants]
    assert sorted(reduce_function(HEAD + body)) == sorted(expected)
    lengths = [variant.count("(") for variant in reduce_function(HEAD + body)]
    assert lengths == sorted(lengths)


def test_steps_on_lines_of_their_own_count_too() -> None:
    body = "    value = collapse_spaces(value)\n    return lower_case(value)\n"
    assert reduce_function(HEAD + body) == (
        f"{HEAD}    return lower_case(value)\n",
        f"{HEAD}    value = collapse_spaces(value)\n    return value\n",
    )


def test_what_is_left_is_always_python() -> None:
    body = "    if value:\n        value = collapse_spaces(value)\n    return lower_case(value)\n"
    assert f"{HEAD}    if value:\n        pass\n    return lower_case(value)\n" in reduce_function(
        HEAD + body
    )


def test_a_method_that_is_called_on_a_step_stays() -> None:
    for method in ("replace('a', 'b')", "strip()"):
        body = f"    return strip_spaces(lower_case(value)).{method}\n"
        assert sorted(reduce_function(HEAD + body)) == [
            f"{HEAD}    return {step}(value).{method}\n" for step in ("lower_case", "strip_spaces")
        ]
