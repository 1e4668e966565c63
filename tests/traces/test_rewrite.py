"""A program that notes its parts does what the program does: every form of the language."""

import ast
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pyx_dataset.schema import Trace

TraceOf = Callable[[str, str], Trace]
FORMS = sorted(Path(__file__).with_name("forms").glob("*.py"))
GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "programs").glob("*.py"))


def calls_of(code: str) -> list[str]:
    """The calls that a program lists in comments."""
    return [line.removeprefix("# call: ") for line in code.splitlines() if "# call: " in line]


@pytest.mark.parametrize("program", [*FORMS, *GOLDEN], ids=lambda path: path.stem)
def test_noting_changes_nothing(program: Path, noted_of: TraceOf) -> None:
    """Value, exception, its lines, output and steps are the same, for each call of the program."""
    code = program.read_text()
    for call in calls_of(code):
        assert noted_of(code, call).parts is not None


def test_forms_use_the_whole_grammar() -> None:
    """No expression or statement of the language is missing from the programs above."""
    nodes = {
        type(node)
        for program in [*FORMS, *GOLDEN]
        for node in ast.walk(ast.parse(program.read_text()))
    }
    known = {
        kind
        for kind in vars(ast).values()
        if isinstance(kind, type)
        and issubclass(kind, ast.expr | ast.stmt | ast.pattern | ast.operator | ast.cmpop)
        and kind not in ast.Constant.__subclasses__()  # what Python had before 3.8
        and kind.__subclasses__() == []
    }
    missing = {kind.__name__ for kind in known - nodes}
    assert missing <= {"TypeAlias"}


SPY = '''\
class Log(list):
    def append(self, item):
        if len(self) == 300:  # `a.p for v in log` would go on for ever
            raise OverflowError("the log is full")
        super().append(item)


class Spy:
    """Writes down whatever is asked of it."""

    def __init__(self, name, is_true, log):
        self.__dict__.update(name=name, is_true=is_true, log=log)

    def __bool__(self):
        self.log.append(("bool", self.name))
        return self.is_true

    def __lt__(self, other):
        self.log.append(("lt", self.name))
        return Spy(self.name + "<", not self.is_true, self.log)

    def __eq__(self, other):
        self.log.append(("eq", self.name))
        return Spy(self.name + "=", self.is_true, self.log)

    def __add__(self, other):
        self.log.append(("add", self.name))
        return self

    __radd__ = __add__

    def __contains__(self, item):
        self.log.append(("in", self.name))
        return Spy(self.name + "?", self.is_true, self.log)

    def __getattr__(self, name):
        self.log.append((name, self.name))
        return self

    def __setattr__(self, name, value):
        self.log.append((name, "set", self.name))

    def __getitem__(self, key):
        self.log.append(("item", self.name))
        return key

    def __setitem__(self, key, value):
        self.log.append(("set item", self.name))

    def __iter__(self):
        self.log.append(("iter", self.name))
        return iter([self, 0])

    def __call__(self, *args, **kwargs):
        self.log.append(("call", self.name, len(args), len(kwargs)))
        return self

    def __repr__(self):
        self.log.append(("repr", self.name))
        return self.name

    def __format__(self, spec):
        self.log.append(("format", self.name))
        return self.name


def f():
    log = Log()
    a, b, c = Spy("a", True, log), Spy("b", False, log), Spy("c", True, log)
    n, s, v, w = 2, "text", 0, 0
    try:
'''
END = """\
    except Exception as error:
        log[300:] = [type(error).__name__]
    return list(log)
"""
ATOMS = st.sampled_from(["a", "b", "c", "n", "s", "(0)", "(1)", "'x'", "None", "a.p", "log"])
TEMPLATES = [
    "({0} and {1})", "({0} or {1} or {2})", "(not {0})", "({0} < {1})", "({0} < {1} == {2})",
    "({0} if {1} else {2})", "({0} + {1})", "{0}({1}, *[{2}])", "{0}.q", "{0}[{1}]",
    "[{0}, {1}]", "({0}, {1})", "{{{0}: {1}}}", "[{0} for v in {1} if {2}]",
    "sorted([{0} for v in {1}], key=lambda p: {2})", "any({0} for v in {1})", "(w := {0})",
    "f'{{ {0} }}-{{{1}!r:>{{n}}}}'", "({0} in {1})", "len(str({0}))", "{0}(k={1})",
    "(lambda p, q=1: {1})({0})", "(-{0})", "{{*{0}}}", "{{**{{'k': {0}}}}}", "{0}[n:{1}]",
    "({0} is not {1})", "([v, w] in [{0}, {1}])", "(yield_ := {0})",
]  # fmt: skip
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.tuples(st.sampled_from(TEMPLATES), inner, inner, inner).map(
        lambda drawn: drawn[0].format(*drawn[1:])
    ),
    max_leaves=8,
)
STATEMENTS = st.tuples(
    st.sampled_from([
        "log.append({0})", "v = {0}", "v, w = {0}, {1}", "v, w = w, {0}", "[v, *w] = [{0}, {1}]",
        "a.x = {0}", "a[{0}] = {1}", "a[{0}].y = {1}", "v += {0}", "log[0:0] += [{0}]",
        "if {0}: v = 1", "while {0}: break", "assert {0}, {1}", "v: int = {0}",
        "for v in {0}: w = {1}", "for v in [{0}, {1}]: w = v", "del log[len(log) - 1:]; v = {0}",
        "v = [{0}\n           , {1}\n        ]", "v = ({0}\n        and {1})",
        "if ({0}\n            and {1}\n        ): v = 2", "with a({0}) as w: pass",
    ]),
    EXPRESSIONS,
    EXPRESSIONS,
).map(lambda drawn: drawn[0].format(*drawn[1:]))  # fmt: skip


def compiles(code: str) -> bool:
    """Not all that is put together from pieces does: quotes in an f-string, ``yield`` in one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(code, "<program>", "exec")
        except SyntaxError:
            return False
    return True


@pytest.mark.parametrize("examples", [60, pytest.param(2_000, marks=pytest.mark.slow)])
def test_nothing_is_asked_twice(examples: int, noted_of: TraceOf) -> None:
    """Objects that write down every operation see the same ones in the same order."""

    @settings(max_examples=examples, deadline=None, database=None)
    @given(st.lists(STATEMENTS, min_size=1, max_size=4))
    def check(lines: list[str]) -> None:
        code = SPY + "".join(f"        {line}\n" for line in lines) + END
        assume(compiles(code))
        noted_of(code, "f()")

    check()
