"""Programs lifted out of modules, held against CPython."""

import ast
import os
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

from pyx_dataset.seeds.lift import NotSelfContained, lift, statement_text
from pyx_dataset.seeds.modules import Module, read_module
from pyx_dataset.seeds.tidy import tidy


def library(**files: str) -> dict[str, Module]:
    modules = [read_module(f"pkg/{name}.py", text) for name, text in files.items()]
    return {module.name: module for module in modules}


def lifted(text: str, name: str = "f", **others: str) -> str:
    modules = library(main=text, **others)
    return lift(name, modules["pkg.main"], modules, 100)


def run(code: str, call: str) -> object:
    scope: dict[str, object] = {}
    exec(compile(code, "<program>", "exec"), scope)
    return eval(call, scope)


def test_a_program_brings_helpers_constants_classes_and_imports() -> None:
    """What the function needs, directly or not, is in the program and nothing else is."""
    code = lifted(
        "import math\nimport os\nLIMIT = 3\nUNUSED = 4\n\n"
        "class Box:\n    def __init__(self, x):\n        self.x = x\n\n"
        "def helper(x):\n    return Box(math.floor(x))\n\n"
        "def unused(x):\n    return os.getcwd()\n\n"
        "def f(x):\n    return min(helper(x).x, LIMIT)\n"
    )

    assert run(code, "f(2.5)") == 2
    assert "UNUSED" not in code
    assert "import os" not in code


def test_definitions_keep_their_order() -> None:
    """A constant computed by a function comes after that function, as in the module."""
    code = lifted(
        "def double(x):\n    return 2 * x\n\nTWO = double(1)\n\ndef f(x):\n    return x + TWO\n"
    )

    assert run(code, "f(1)") == 3


def test_a_helper_next_door_comes_along() -> None:
    """``from .other import g`` is followed, through re-exports too."""
    code = lifted(
        "from .middle import g\n\ndef f(x):\n    return g(x)\n",
        middle="from .last import g\n",
        last="ONE = 1\n\ndef g(x):\n    return x + ONE\n",
    )

    assert run(code, "f(1)") == 2


def test_two_meanings_of_one_name_are_refused() -> None:
    """Helpers of two modules that use one name differently cannot share a program."""
    with pytest.raises(NotSelfContained, match="K means both"):
        lifted(
            "from .other import g\nK = 1\n\ndef f(x):\n    return g(x) + K\n",
            other="K = 2\n\ndef g(x):\n    return x + K\n",
        )


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("import os\n\ndef f(x):\n    return os.path.join(x)\n", "os"),
        ("def f(x):\n    return open(x).read()\n", "open"),
        ("def f(x):\n    return [eval(y) for y in x]\n", "eval"),
        ("N = 0\n\ndef f(x):\n    global N\n    N += x\n    return N\n", "global N"),
        ("T = {}\nfor i in range(3):\n    T[i] = i\n\ndef f(x):\n    return T[x]\n", "T"),
        ("try:\n    from a import g\nfinally:\n    pass\n\ndef f(x):\n    return g(x)\n", "g"),
        ("A = 1\nA = 2\n\ndef f(x):\n    return A\n", "A"),
        ("from random import random\n\ndef f(x):\n    return random()\n", "random of random"),
        ("from .gone import g\n\ndef f(x):\n    return g(x)\n", "g of pkg.gone"),
    ],
)  # fmt: skip
def test_what_cannot_stand_alone_is_refused_by_name(text: str, needs: str) -> None:
    """The world, changing state and names with no plain meaning end the attempt."""
    with pytest.raises(NotSelfContained, match=needs):
        lifted(text)


def test_a_builtin_that_the_module_redefines_is_the_modules_own() -> None:
    """``open`` of the module itself touches no file."""
    code = lifted("def open(x):\n    return x + 1\n\ndef f(x):\n    return open(x)\n")

    assert run(code, "f(1)") == 2


def test_docstrings_comments_and_foreign_annotations_go() -> None:
    """What is left is code: short, and with nothing that needs an import that we lack."""
    text = (
        'def f(x: Foo = 1, *, y: "int", z: int | None = None) -> Bar:\n'
        '    """Doc.\n\n    >>> f(1)\n    """\n    # why\n\n    a: Foo = x  # not a comment: "#"\n'
        '    return """a\n\n# kept\n"""\n'
    )

    assert tidy(text, frozenset({"int"})) == (
        'def f(x=1, *, y, z: int | None = None):\n    a = x\n    return """a\n\n# kept\n"""'
    )


class _Bare(ast.NodeTransformer):
    """Takes docstrings and annotations out of a tree, by other means than the product."""

    def _body(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.body = [item for item in node.body if not _is_text(item)] or [ast.Pass()]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._body(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._body(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return ast.Assign([node.target], node.value) if node.value else ast.Pass()


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


@pytest.mark.parametrize("name", ["textwrap", "dataclasses", "calendar", "fractions"])
def test_tidying_changes_no_meaning(name: str) -> None:
    """The syntax tree of each definition stays, docstrings and annotations aside."""
    file = ast.__file__
    with tokenize.open(Path(file).with_name(f"{name}.py") if file else name) as source:
        module = read_module(f"{name}.py", source.read())
    for node in module.definitions.values():
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            text = statement_text(node, module)
            found = tidy(text, frozenset({"int"}))

            assert ast.dump(_Bare().visit(ast.parse(found))) == ast.dump(
                _Bare().visit(ast.parse(text))
            )


def test_an_annotation_goes_with_its_parentheses_and_comments() -> None:
    """Nothing of it is left behind, and a comment inside it is not cut twice."""
    code = lifted(
        "from .other import T\n\n"
        "def f(x: (  # anything (really\n    T | None\n) = 1) -> (T):\n"
        "    y: (T) = x\n    return y\n",
        other="class T: pass\n",
    )

    assert code == "def f(x=1):\n    y = x\n    return y\n"


def test_parts_of_a_module_that_depend_on_nothing_outside_are_taken() -> None:
    """A time span is plain arithmetic, the present moment is not."""
    code = lifted(
        "from contextlib import suppress\nfrom datetime import timedelta\n\n"
        "def f(days):\n    with suppress(OverflowError):\n"
        "        return timedelta(days=days).total_seconds()\n"
    )

    assert run(code, "f(2)") == 172800.0
    with pytest.raises(NotSelfContained, match="datetime"):
        lifted("from datetime import date\n\ndef f(x):\n    return date.today()\n")


_ASKED = """
from pyx_dataset.seeds.lift import lift
from pyx_dataset.seeds.modules import read_module
texts = {f"of_{name}": f"def {name}(x):\\n    return x + 1\\n" for name in "abcdef"}
lines = [f"from pkg.of_{name} import {name}" for name in "abcdef"]
texts["main"] = "\\n".join([*lines, "def f(x):", "    return a(x) + b(x) + c(x) + d(x) + e(x)", ""])
library = {m.name: m for m in (read_module(f"pkg/{k}.py", text) for k, text in texts.items())}
print(lift("f", library["pkg.main"], library, 100))
"""


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_helpers_of_several_modules_stand_in_one_order(seed: str) -> None:
    """Whatever CPython's string hashes are: they differ between processes, as sets' orders do."""

    def printed(hash_seed: str) -> str:
        command = [sys.executable, "-c", _ASKED]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        return subprocess.check_output(command, env=environment, text=True)

    assert printed(seed) == printed("0")
    assert run(printed("0"), "f(1)") == 10
