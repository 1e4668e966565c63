"""What a function is for and what always holds, read from its description and its code."""

import ast
import re
from collections.abc import Iterator
from random import Random

from pyx_dataset.monologues.blocks import Outline, outline
from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.phrases import listed
from pyx_dataset.schema import Trace

MAX_SOURCE_CHARS = 48
"""Longer expressions are not quoted in a sentence about the whole function."""
MAX_PROPERTIES = 3


def understanding(program: str, entry_point: str, instruction: str, rng: Random) -> str:
    """What the function is for, and the shape of what it does; the result is not given away."""
    function = outline(program).functions[entry_point]
    purpose = first_sentence(instruction)
    shape = _shape(function, outline(program))
    sentences = []
    if purpose:
        lead = rng.choice(["The purpose of {}", "What {} is for", "The task of {}"])
        sentences.append(f"{lead.format(code(entry_point))}: {purpose}")
    if shape:
        subject = "It" if purpose else code(entry_point)
        sentences.append(f"{subject} {listed(shape)}.")
    return " ".join(sentences)


def first_sentence(text: str) -> str:
    r"""
    The first sentence of a description, on one line.

    >>> first_sentence("Return the sum,\n  or None. More words.")
    'Return the sum, or None.'
    """
    paragraph = re.split(r"\n\s*\n", text.strip())[0]
    line = " ".join(paragraph.split()).replace("``", "`")
    line = re.sub(r":[a-z]+:`~?([^`]*)`", r"`\1`", line)
    match = re.match(r".+?[.!?](?=\s+[A-Z`]|$)", line)
    sentence = (match[0] if match else line).strip().rstrip(":")
    return sentence if not sentence or sentence[-1] in ".!?" else f"{sentence}."


def _shape(function: ast.FunctionDef, plan: Outline) -> list[str]:
    """Verbs for what the body does, in its order: three at most before the return."""
    verbs: list[str] = []
    for node in _statements(function.body):
        match node:
            case ast.For(target=target, iter=items) if _fits(target, items):
                verbs.append(f"goes over {_quoted(items)} with {_quoted(target)}")
            case ast.While(test=test) if _fits(test) and not isinstance(test, ast.Constant):
                verbs.append(f"repeats while {_quoted(test)}")
            case ast.If(test=test) if _fits(test):
                verbs.append(f"tests {_quoted(test)}")
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _calls(value, plan):
                verbs.append(
                    f"asks {listed([code(f) for f in _calls(value, plan)])} for {code(name)}"
                )
    verbs = list(dict.fromkeys(verbs))[:3]
    returns = [n.value for n in _statements(function.body) if isinstance(n, ast.Return) and n.value]
    if returns and _fits(returns[-1]) and not isinstance(returns[-1], ast.Constant):
        verbs.append(f"returns {_quoted(returns[-1])}")
    return verbs


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in source order, those of nested functions and classes left out."""
    for node in body:
        yield node
        match node:
            case ast.For() | ast.While() | ast.If():
                yield from _statements(node.body + node.orelse)
            case ast.With():
                yield from _statements(node.body)
            case ast.Try():
                handlers = [item for handler in node.handlers for item in handler.body]
                yield from _statements(node.body + handlers + node.orelse + node.finalbody)
            case ast.Match():
                yield from _statements([item for case in node.cases for item in case.body])


def _calls(node: ast.AST, plan: Outline) -> list[str]:
    return [
        part.func.id
        for part in ast.walk(node)
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id in plan.functions
    ]


def _fits(*nodes: ast.expr) -> bool:
    return all(len(ast.unparse(node)) <= MAX_SOURCE_CHARS for node in nodes)


def _quoted(node: ast.expr) -> str:
    return code(ast.unparse(node))


def static_properties(program: str, entry_point: str) -> list[str]:
    """What can be relied on in any run, read from the code."""
    plan = outline(program)
    function = plan.functions[entry_point]
    found = [
        *_early_returns(function),
        *_early_ends(function),
        *_recursion(function, plan),
        *_result_type(function, plan),
    ]
    return found[:MAX_PROPERTIES] or [_flow(function)]


def properties(program: str, entry_point: str, trace: Trace) -> list[str]:
    """What can be relied on in this run: true of the code, or seen in the trace."""
    return [*static_properties(program, entry_point), *_untouched(trace)][:MAX_PROPERTIES]


def _early_returns(function: ast.FunctionDef) -> Iterator[str]:
    for node in function.body[:-1]:
        match node:
            case ast.If(test=test, body=[ast.Return(value=value)]) if value and _fits(test, value):
                yield f"When {_quoted(test)} holds, it returns {_quoted(value)} at once."
            case ast.If(test=test, body=[ast.Raise()]) if _fits(test):
                yield f"When {_quoted(test)} holds, it raises an exception."


_ENDS = {ast.Break, ast.Return, ast.Raise}


def _early_ends(function: ast.FunctionDef) -> Iterator[str]:
    for loop in _statements(function.body):
        if isinstance(loop, ast.For | ast.While):
            ends = {type(node) for node in _statements(loop.body)} & _ENDS
            if ends:
                yield "A loop can end before it has gone over everything."
                return


def _recursion(function: ast.FunctionDef, plan: Outline) -> Iterator[str]:
    if function.name in _calls(function, plan):
        yield f"{code(function.name)} calls itself, so calls of it are open inside one another."


_TYPE_OF: dict[type[ast.expr], str] = {
    ast.Compare: "`True` or `False`", ast.ListComp: "a list", ast.List: "a list",
    ast.JoinedStr: "a string", ast.DictComp: "a dictionary", ast.Dict: "a dictionary",
    ast.SetComp: "a set", ast.Tuple: "a tuple",
}  # fmt: skip
_TYPE_OF_CALL = {
    "len": "a whole number", "sorted": "a list", "list": "a list", "str": "a string",
    "tuple": "a tuple", "set": "a set", "dict": "a dictionary", "bool": "`True` or `False`",
    "any": "`True` or `False`", "all": "`True` or `False`", "int": "a whole number",
}  # fmt: skip


def _result_type(function: ast.FunctionDef, plan: Outline) -> Iterator[str]:
    kinds = {
        _type_of(node.value, plan)
        for node in _statements(function.body)
        if isinstance(node, ast.Return) and node.value
    }
    if len(kinds) == 1 and (kind := kinds.pop()):
        yield f"Whatever it returns is {kind}."


def _type_of(node: ast.expr, plan: Outline) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name not in plan.bound:
            return _TYPE_OF_CALL.get(name, "")
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="join")):
            return "a string"
        case ast.Constant(value=bool()):
            return "`True` or `False`"
        case ast.Constant(value=str()):
            return "a string"
    return _TYPE_OF.get(type(node), "")


def _untouched(trace: Trace) -> Iterator[str]:
    """Arguments that could be changed in place and are not."""
    changed = {item.name for step in trace.steps[1:] if step.depth == 0 for item in step.changed}
    kept = [
        code(item.name)
        for item in trace.steps[0].changed
        if item.value.startswith(("[", "{", "set(")) and item.name not in changed
    ]
    if kept:
        yield (
            f"This call leaves {listed(kept)} as it was."
            if len(kept) == 1
            else (f"This call leaves {listed(kept)} as they were.")
        )


def _flow(function: ast.FunctionDef) -> str:
    kinds = {type(node) for node in _statements(function.body)}
    if kinds & {ast.For, ast.While}:
        return "No loop has a way out in its middle."
    if ast.If in kinds:
        return "No loop: which lines run depends only on the conditions."
    if any(type(node) not in _SIMPLE for node in _statements(function.body)):
        return "Which lines run depends on whether something fails."
    return "No loop and no branch: every line runs once, in order."


_SIMPLE = {ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.FunctionDef}
