"""EvalPlus's tests (Liu et al. 2023, https://arxiv.org/abs/2305.01210) as source for our judge.

EvalPlus publishes inputs and a solution, and says that a candidate is right where it gives what
the solution gives: exactly, or for floats within a tolerance. A few tasks have an oracle of their
own. The sandbox has no numpy, which finished tests use for the tolerance; here are their words
without it.
"""

import ast
from typing import Any

CLOSE = '''
def is_close(out, exp, atol):
    """Within `atol` + 1e-7 of the expected size, all the way down; shapes as numpy sees them."""
    if isinstance(exp, (list, tuple)):
        return (isinstance(out, (list, tuple)) and len(out) == len(exp)
                and all(is_close(a, b, atol) for a, b in zip(out, exp)))
    if not isinstance(exp, (int, float, complex)) or not isinstance(out, (int, float, complex)):
        return out == exp
    return out == exp or (out != out and exp != exp) or abs(out - exp) <= atol + 1e-7 * abs(exp)
'''
RIGHT = f"""{CLOSE}
def is_floats(exp):
    return isinstance(exp, float) or (
        isinstance(exp, (list, tuple)) and exp and all(isinstance(item, float) for item in exp))

def is_right(out, exp, atol):
    if atol == 0 and is_floats(exp):
        atol = 1e-6
    return out == exp or (atol != 0 and is_close(out, exp, atol))

def is_huge(exp):
    return size(exp) > 200_000

def size(exp):
    if isinstance(exp, int):
        return exp.bit_length() // 3
    if isinstance(exp, (list, tuple)):
        return sum(size(item) + 2 for item in exp)
    return len(exp) if isinstance(exp, str) else 1
"""
NUMPY = f'''{CLOSE}
class np:
    """What finished tests use of numpy."""
    ndarray = ()
    def allclose(out, exp, rtol=1e-7, atol=0):
        return is_close(out, exp, atol)
    class testing:
        def assert_allclose(out, exp, atol=0, rtol=1e-7):
            assert is_close(out, exp, atol)
'''

ORACLES = {
    "find_zero": "abs(sum(c * out ** i for i, c in enumerate(args[0]))) <= atol",
    **dict.fromkeys(
        ("similar_elements", "find_char_long", "common_in_nested_lists", "extract_singly",
         "larg_nnum", "intersection_array", "find_dissimilar", "Diff"),
        "set(out) == set(exp)",
    ),
    **dict.fromkeys(
        ("check_str", "text_match_three", "text_starta_endb"),
        "(out if isinstance(out, bool) else out is not None)"
        " == (exp if isinstance(exp, bool) else exp is not None)",
    ),
}  # fmt: skip
"""Entry points whose task leaves several outputs right, and when one is: roots of a polynomial
instead of one root, elements in any order, a match where a boolean was not asked for.

EvalPlus lets everything pass for ``are_equivalent`` and 0 for ``sum_div``; here they are graded.
"""


def written_test(row: dict[str, Any]) -> str:
    """Tests in the form of HumanEval from EvalPlus's inputs, with the solution as the oracle."""
    name = row["entry_point"]
    examples = example_arguments(row.get("assertion") or "", name)
    inputs = [*row["base_input"], *row["plus_input"]]
    shaped = [_shaped(arguments, examples) for arguments in inputs]
    solution = row["prompt"] + row["canonical_solution"]
    right = ORACLES.get(name, "is_right(out, exp, atol)")
    asserts = "\n".join(
        f"    assert is_same(candidate({text}), reference({text}), [{text}])"
        for text, arguments in zip(shaped, inputs, strict=True)
        if not _may_be_huge(arguments)
    )
    # Behind the others, because calls that depend on something cannot be made ahead of the tests.
    asserts += "".join(
        f"\n    if not is_huge(reference({text})):"
        f" assert is_same(candidate({text}), reference({text}), [{text}])"
        for text, arguments in zip(shaped, inputs, strict=True)
        if _may_be_huge(arguments)
    )
    return (
        # A namespace of its own: in that of the tests, its name means the candidate.
        f"{RIGHT}\nown = {{}}\nexec({solution!r}, own)\nreference = own[{name!r}]\n"
        f"def is_same(out, exp, args, atol={row['atol']!r}):\n    return {right}\n"
        f"def check(candidate):\n{asserts or '    pass'}\n"
    )


def _may_be_huge(arguments: list[Any]) -> bool:
    """
    Whether an output may be too long to leave the sandbox: factorials, piles of a million stones.

    Inputs whose right output has over 200,000 characters are not tested. In HumanEval+ Mini they
    belong to five tasks, each of which has others.
    """
    return any(type(value) is int and abs(value) > 99 for value in arguments)


def published_test(test: str) -> str:
    """A finished test of EvalPlus, able to run where numpy is not."""
    lines = test.splitlines()
    kept = [line for line in lines if line.strip() != "import numpy as np"]
    return "\n".join([NUMPY, *kept]) + "\n" if len(kept) < len(lines) else test


def example_arguments(assertions: str, name: str) -> list[list[Any]]:
    """The arguments in EvalPlus's sample assertions: JSON has no tuples, sets or complex."""
    found: list[list[Any]] = []
    try:
        tree = ast.parse(assertions)
    except SyntaxError:
        return []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            try:
                found.append([ast.literal_eval(argument) for argument in node.args])
            except ValueError:
                continue
    return found


def _shaped(arguments: list[Any], examples: list[list[Any]]) -> str:
    """`arguments` as source, each in the types that the examples have at its place."""
    values = [
        shaped_like(value, [example[place] for example in examples if place < len(example)])
        for place, value in enumerate(arguments)
    ]
    return ", ".join(source(value) for value in values)


def shaped_like(value: Any, examples: list[Any]) -> Any:
    """
    `value` from JSON, in the types that `examples` of it have.

    >>> shaped_like([[1, 2], [3]], [[(5, 6)]])
    [(1, 2), (3,)]
    >>> shaped_like("1j", [2 + 3j])
    1j
    """
    if isinstance(value, list):
        kinds = [kind for kind in (list, tuple, set) if any(type(one) is kind for one in examples)]
        inner = [item for one in examples if isinstance(one, list | tuple | set) for item in one]
        items = [shaped_like(item, inner) for item in value]
        return kinds[0](items) if kinds else items
    if isinstance(value, dict):
        inner = [item for one in examples if isinstance(one, dict) for item in one.values()]
        return {name: shaped_like(item, inner) for name, item in value.items()}
    if isinstance(value, str):
        for kind in (complex, float):
            if any(type(one) is kind for one in examples):
                return kind(value)
    return value


def source(value: Any) -> str:
    """
    Python for a value; infinities and NaN have no literal of their own.

    >>> source([float("inf"), "a"])
    "[float('inf'), 'a']"
    """
    match value:
        case float() if value != value or value in (float("inf"), float("-inf")):
            return f"float({str(value)!r})"
        case list():
            return f"[{', '.join(map(source, value))}]"
        case tuple():
            return f"({''.join(source(item) + ', ' for item in value)})"
        case dict():
            return f"{{{', '.join(f'{source(k)}: {source(v)}' for k, v in value.items())}}}"
    return repr(value)
