"""Write one program: idioms in a row, each working on what the one before it made."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from pyx_dataset.config import Procedural
from pyx_dataset.seeds.procedural import (
    grids,
    numbers,
    recursion,
    searches,
    selections,
    sequences,
    text,
    words,
)
from pyx_dataset.seeds.procedural.calls import bound, choose, figures, for_each, in_helper, name_for
from pyx_dataset.seeds.procedural.draft import Draft, Made, Parameter, Value
from pyx_dataset.seeds.procedural.grammar import FIGURES, IDIOMS, OF_ONE, START, TAKES_MORE

_ENDS = {"int": 0.6, "bool": 1.0, "str": 0.4}
"""How often a program ends as soon as it has a value of the type."""

_SLIGHT = frozenset({
    selections.picked, selections.rotated, sequences.size, sequences.runs, selections.chunked,
    selections.until, numbers.simple, searches.peaks, searches.best_stretch,
    searches.sorted_by_hand, numbers.windows,
    text.measured, text.respelled, text.has_any, text.packed, text.mirrored, words.common_start,
    words.letters_joined, text.depth, words.padded, grids.columns, recursion.nested,
})  # fmt: skip
"""Idioms that have few forms, so that they make no program on their own."""


_FEWEST = 5
"""Statements of a program, its ``def`` line included, below which there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Written:
    """A program and what is known about it."""

    code: str
    entry_point: str
    description: str
    parameters: tuple[Parameter, ...]


def write(rng: Random, knobs: Procedural) -> Written:
    """A program within `knobs`: drafts outside them are thrown away."""
    while True:
        draft = Draft(rng, knobs)
        written = _write(draft)
        if written is None:
            continue
        tree = ast.parse(written.code)
        statements, nesting = measure(tree)
        fits = _FEWEST <= statements <= knobs.statements and nesting <= knobs.nesting
        if fits and not any(map(_unused, tree.body)):
            return written


def measure(tree: ast.AST) -> tuple[int, int]:
    """Statements of a program, and how many blocks stand inside each other in a function."""
    statements = sum(1 for node in ast.walk(tree) if isinstance(node, ast.stmt))

    def deepest(node: ast.AST, depth: int) -> Iterator[int]:
        yield depth
        for child in ast.iter_child_nodes(node):
            is_else_if = isinstance(node, ast.If) and child in node.orelse[:1]
            is_block = isinstance(child, ast.If | ast.For | ast.While)
            yield from deepest(child, depth + (is_block and not is_else_if))

    return statements, max(deepest(tree, 0))


def _unused(function: ast.AST) -> set[str]:
    """Parameters and variables of a function that nothing reads."""
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    given = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    return (given | {node.id for node in names}) - read - {"_"}


def _write(d: Draft) -> Written | None:
    type_ = d.rng.choices([*START], [*START.values()])[0]
    x = d.parameter(type_)
    first, lines, clauses = x, list[str](), list[str]()
    used = set[object]()
    wanted = d.rng.choices((1, 2, 3, 4), (1, 4, 2.5, 1))[0]
    made = _step(d, x, used, is_last=wanted == 1)
    for number in range(2, wanted + 1):
        if made.type not in IDIOMS or d.chance(_ENDS.get(made.type, 0)):
            break
        name = name_for(d, made)
        lines += [made.block, *bound(name, made)]
        clauses.append(made.clause)
        x = Value(name, made.type, made.noun)
        made = _step(d, x, used, is_last=number == wanted)
    if used <= _SLIGHT:
        return None
    lines.append(made.block)
    clauses.append(made.clause)
    guard, exception = _guard(d, first, made.type)
    body = "\n".join(line for line in [guard, *lines, f"return {made.expr}"] if line)
    name = _function_name(d, made)
    head = _head(d, made.type)
    function = f"def {name}({head[0]}){head[1]}:\n" + "\n".join(
        f"    {line}" for line in body.splitlines()
    )
    code = "\n\n\n".join([*d.program.functions, function]) + "\n"
    return Written(code, name, _description(clauses, made.noun, exception), tuple(d.parameters))


def _step(d: Draft, x: Value, used: set[object], *, is_last: bool) -> Made:
    """One step on `x`, as statements or through a helper."""
    if is_last and x.type in FIGURES and d.chance(0.2):
        used.add(figures)
        return figures(d, x, FIGURES[x.type])
    if (
        x.item_type in OF_ONE
        and x.type.startswith("list")
        and d.chance(0.3)
        and for_each not in used
    ):
        used.add(for_each)
        return for_each(d, x)
    more = len(d.parameters) > 1
    options = tuple(
        (weight, idiom)
        for weight, idiom in IDIOMS[x.type]
        if idiom not in used and not (more and idiom in TAKES_MORE)
    )
    idiom, is_first = choose(d, options), not used
    used.add(idiom)
    may_call = not is_first and idiom not in TAKES_MORE | _SLIGHT
    if may_call and d.chance(0.2):
        return in_helper(d, x, idiom)
    return idiom(d, x)


def _guard(d: Draft, x: Value, gives: str) -> tuple[str, str]:
    """An early return for a special argument, and the sentence for it."""
    nothing = {"int": "0", "str": '""', "bool": "False"}.get(gives) or {
        "list": "[]", "dict": "{}"}.get(gives.partition("[")[0])  # fmt: skip
    if nothing is None or not d.chance(0.4):
        return "", ""
    k = d.rng.randint(2, 3)
    other = str(-d.rng.randint(1, 2)) if gives == "int" else nothing
    if x.type == "int":
        options = [
            (f"{x} < 0", f"{x.noun} is negative", other),
            (f"{x} == 0", f"{x.noun} is 0", other),
            (f"{x} > {10**k * 5}", f"{x.noun} is above {10**k * 5}", other),
        ]
    else:
        one = {"str": "characters", "dict[str, int]": "keys"}.get(x.type, "items")
        options = [
            (f"not {x}", f"{x.noun} is empty", nothing),
            (f"len({x}) < {k}", f"{x.noun} has fewer than {k} {one}", other),
        ]
    question, words, value = d.rng.choice(options)
    return f"if {question}:\n    return {value}", f" If {words}, return {value}."


def _function_name(d: Draft, made: Made) -> str:
    verb = d.one_of("", "", "get_", "find_", "compute_" if made.type == "int" else "make_")
    names = [f"{verb}{made.tag}", made.tag, f"{verb}{made.tag.split('_of_')[0]}", "solve"]
    taken = d.names | d.program.names
    return next((n for n in names if len(n) <= 40 and n not in taken), "find_answer")


def _head(d: Draft, gives: str) -> tuple[str, str]:
    """Parameters and return annotation."""
    if not d.chance(0.75):
        return ", ".join(each.name for each in d.parameters), ""
    parameters = ", ".join(f"{each.name}: {each.type}" for each in d.parameters)
    return parameters, f" -> {gives}"


def _description(clauses: list[str], noun: str, exception: str) -> str:
    *before, last = clauses
    text = "; ".join([*before, f"then {last}" if before else last])
    return f"{text[0].upper()}{text[1:]}. Return {noun}.{exception}"
