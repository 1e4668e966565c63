"""Turn each function of a module into a seed, or say why not."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from pyx_dataset.config import BuildConfig
from pyx_dataset.layout import signature_of
from pyx_dataset.schema import Rejected, Seed, Source
from pyx_dataset.seeds.iterators import NOTE, gives_iterator, listed
from pyx_dataset.seeds.lift import NotSelfContained, TooLong, lift
from pyx_dataset.seeds.modules import Library, Module, is_overload
from pyx_dataset.seeds.prose import examples_of, instruction_of, listed_examples

_KNOWN_DECORATORS = {"lru_cache", "cache", "wraps"}


def seeds_of(
    module: Module, library: Library, source: Source, config: BuildConfig
) -> Iterator[Seed | Rejected]:
    """
    Each top-level function of `module`, in line order.

    `source` names the distribution, its version and licence; path and line are filled in.
    """
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or is_overload(node):
            continue
        subject = f"{module.name}.{node.name}"
        if isinstance(node, ast.AsyncFunctionDef):
            yield Rejected("seeds", "is_async", subject)
            continue
        why = _unsuitable(node)
        if why is None and module.definitions.get(node.name) is not node:
            why = "not_self_contained", f"{node.name} is bound more than once"
        if why:
            yield Rejected("seeds", why[0], subject, why[1])
            continue
        try:
            code = lift(node.name, module, library, config.max_code_lines)
        except NotSelfContained as exc:
            yield Rejected("seeds", "not_self_contained", subject, f"needs {exc}")
            continue
        except TooLong as exc:
            yield Rejected("seeds", "code_too_long", subject, str(exc))
            continue
        lines = sum(1 for line in code.splitlines() if line.strip())
        if not config.min_code_lines <= lines <= config.max_code_lines:
            reason = "code_too_short" if lines < config.min_code_lines else "code_too_long"
            yield Rejected("seeds", reason, subject, f"{lines} lines")
            continue
        yield _seed(node, code, replace(source, path=module.path, line=node.lineno))


def _seed(node: ast.FunctionDef, code: str, source: Source) -> Seed:
    docstring = ast.get_docstring(node, clean=False)
    instruction, entry_point = instruction_of(docstring), node.name
    if gives_iterator(node, [*_own_nodes(node)]):
        code, entry_point = listed(code, node.name)
        examples = listed_examples(docstring, node.name, entry_point)
        stop = "" if instruction.endswith((".", "!", "?", ":")) else "."
        instruction = f"{instruction}{stop} {NOTE}" if instruction else ""
    else:
        examples = examples_of(docstring, node.name)
    return Seed(
        source=source,
        code=code,
        entry_point=entry_point,
        signature=signature_of(code, entry_point),
        instruction=instruction,
        examples=examples,
    )


def _unsuitable(node: ast.FunctionDef) -> tuple[str, str] | None:
    own = [*_own_nodes(node)]
    for item in node.decorator_list:
        target = item.func if isinstance(item, ast.Call) else item
        name = target.attr if isinstance(target, ast.Attribute) else ast.unparse(target)
        if name not in _KNOWN_DECORATORS:
            return "decorated", f"@{ast.unparse(target)}"
    if not any(isinstance(item, ast.arg) for item in ast.walk(node.args)):
        return "no_parameters", ""
    gives = any(isinstance(item, ast.Return) and _is_value(item.value) for item in own)
    if not gives and not gives_iterator(node, own):
        return "returns_nothing", ""
    return None


def _is_value(node: ast.expr | None) -> bool:
    return node is not None and not (isinstance(node, ast.Constant) and node.value is None)


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body, without those of functions and classes inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        ):
            yield from _own_nodes(child)
