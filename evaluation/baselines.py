"""Answers that need no understanding. A score says little until it is held against them.

All are graded like a model's, on the same tasks. `is_trivial` rows are those that some of
them get right; the score on the others shows what is left.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Sequence

from evaluation.scoring import grade
from evaluation.tasks import CallTask, Task


def trivial_verdicts(
    tasks: Sequence[Task], train: Sequence[Task], workers: int = 1
) -> dict[str, list[bool]]:
    """
    For each trivial strategy, which of `tasks` it gets right; none for programs to write.

    The commonest answer is learned on `train`. Where there is no such split it is learned on
    the scored tasks themselves, which flatters the baseline and never the model.
    """
    calls = [task for task in tasks if isinstance(task, CallTask)]
    if not calls:
        return {}
    known = [task for task in train if isinstance(task, CallTask)] or calls
    return {
        name: [verdict.passed for verdict in grade(tasks, answers, workers)]
        for name, answers in trivial_answers(calls, commonest_answer(known)).items()
    }


def trivial_answers(tasks: Sequence[CallTask], commonest: str) -> dict[str, list[str]]:
    """
    For each trivial strategy its answer to each task; empty text where it has none.

    Args:
        tasks: All of one mode.
        commonest: The commonest value or input, from data that is not scored if possible.
    """
    if tasks[0].mode == "input":
        answers = {"output as argument": [task.value for task in tasks]}
    else:
        answers = {
            "first argument": [_first_argument(task) for task in tasks],
            "argument in `return`": [_returned_argument(task) for task in tasks],
            "literal in `return`": [_returned_literal(task) for task in tasks],
        }
    return answers | {f"commonest {tasks[0].mode}": [commonest] * len(tasks)}


def commonest_answer(tasks: Iterable[CallTask]) -> str:
    """The answer that is right most often: a value, or the arguments of a call."""
    counts = Counter(
        task.value if task.mode == "output" else task.call.partition("(")[2].removesuffix(")")
        for task in tasks
    )
    # Equal counts are decided by the text, so that the order of rows does not matter.
    return min(counts, key=lambda text: (-counts[text], text))


def _first_argument(task: CallTask) -> str:
    call = _call(task)
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return ast.unparse(values[0]) if values else ""


def _returned_argument(task: CallTask) -> str:
    """The value bound to the first parameter that some ``return`` gives back as it is."""
    function = _function(task)
    bound = _bindings(function, _call(task)) if function else {}
    for value in _returned(function):
        if isinstance(value, ast.Name) and value.id in bound:
            return ast.unparse(bound[value.id])
    return ""


def _returned_literal(task: CallTask) -> str:
    """The first literal that a ``return`` gives back."""
    for value in _returned(_function(task)):
        try:
            return repr(ast.literal_eval(value))
        except (ValueError, TypeError):
            continue
    return ""


def _call(task: CallTask) -> ast.Call:
    call = ast.parse(task.call, mode="eval").body
    assert isinstance(call, ast.Call)
    return call


def _function(task: CallTask) -> ast.FunctionDef | None:
    """The called function; None where the entry point is something else."""
    functions = [node for node in ast.parse(task.code).body if isinstance(node, ast.FunctionDef)]
    return next((node for node in functions if node.name == task.entry_point), None)


def _returned(function: ast.FunctionDef | None) -> list[ast.expr]:
    """What the ``return`` statements of `function` itself give back, in the order of the text."""
    found: list[ast.Return] = []
    rest: list[ast.AST] = list(function.body) if function else []
    while rest:
        node = rest.pop()
        if isinstance(node, ast.Return):
            found.append(node)
        elif not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            rest.extend(ast.iter_child_nodes(node))
    found.sort(key=lambda node: node.lineno)
    return [node.value for node in found if node.value is not None]


def _bindings(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr]:
    """Parameter names to the arguments of `call`, or to their defaults."""
    positional = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    bound: dict[str, ast.expr] = {}
    if function.args.defaults:
        defaults = function.args.defaults
        bound.update(zip(positional[-len(defaults) :], defaults, strict=True))
    only = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    bound.update((item.arg, default) for item, default in only if default is not None)
    bound.update(zip(positional, call.args, strict=False))
    bound.update((item.arg, item.value) for item in call.keywords if item.arg)
    return bound
