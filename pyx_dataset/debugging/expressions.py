"""Operators that change one expression: the field's mutations, and slips that people make."""

from collections.abc import Callable, Iterator, Mapping

import libcst as cst

from pyx_dataset.debugging.source import Edit, Place, Source

Kinds = Mapping[int, Mapping[str, str]]
"""By line, variables that had a value there, and the type of it in every run that was seen."""

_ARITHMETIC: dict[type[cst.BaseBinaryOp | cst.BaseAugOp], str] = {
    cst.Add: "-", cst.Subtract: "+", cst.Multiply: "+", cst.Modulo: "//", cst.Power: "*",
    cst.AddAssign: "-=", cst.SubtractAssign: "+=", cst.MultiplyAssign: "+=",
    cst.BitAnd: "|", cst.BitOr: "&", cst.BitXor: "|", cst.LeftShift: ">>", cst.RightShift: "<<",
}  # fmt: skip
_DIVISION: dict[type[cst.BaseBinaryOp | cst.BaseAugOp], str] = {
    cst.Divide: "//", cst.FloorDivide: "/", cst.DivideAssign: "//=", cst.FloorDivideAssign: "/=",
}  # fmt: skip
_BOUNDARY: dict[type[cst.BaseCompOp], str] = {
    cst.LessThan: "<=", cst.LessThanEqual: "<", cst.GreaterThan: ">=", cst.GreaterThanEqual: ">",
}  # fmt: skip
_COMPARISON: dict[type[cst.BaseCompOp], tuple[str, ...]] = {
    cst.Equal: ("!=",), cst.NotEqual: ("==",), cst.LessThan: (">",), cst.GreaterThan: ("<",),
    cst.LessThanEqual: (">=",), cst.GreaterThanEqual: ("<=",), cst.In: ("not in",),
    cst.NotIn: ("in",), cst.Is: ("is not",), cst.IsNot: ("is",),
}  # fmt: skip
_COPIES = {"list", "dict", "set", "copy", "deepcopy"}
_TWINS = {
    "min": "max", "max": "min", "any": "all", "all": "any", "lower": "upper", "upper": "lower",
    "startswith": "endswith", "endswith": "startswith", "find": "rfind", "rfind": "find",
    "lstrip": "rstrip", "rstrip": "lstrip", "append": "extend",
}  # fmt: skip
"""Names that are mistaken for one another."""


def arithmetic(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """Another arithmetic operator, or the other of the two divisions."""
    node = place.node
    if isinstance(node, cst.BaseBinaryOp | cst.BaseAugOp):
        if other := _ARITHMETIC.get(type(node)):
            yield source.replace("arithmetic", node, other)
        if other := _DIVISION.get(type(node)):
            yield source.replace("division", node, other)


def comparison(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """A bound that is or is not included, the opposite relation, identity for equality."""
    node = place.node
    if isinstance(node, cst.BaseCompOp):
        if other := _BOUNDARY.get(type(node)):
            yield source.replace("boundary", node, other)
        for word in _COMPARISON.get(type(node), ()):
            yield source.replace("comparison", node, word)
        target = place.parent
        is_literal = isinstance(target, cst.ComparisonTarget) and isinstance(
            target.comparator, cst.BaseNumber | cst.BaseString
        )
        if isinstance(node, cst.Equal) and not is_literal:
            yield source.replace("is_for_equals", node, "is")


def condition(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """``and`` for ``or``, a condition turned around, truth in place of ``is not None``."""
    node, parent = place.node, place.parent
    if isinstance(node, cst.And | cst.Or):
        yield source.replace("boolean", node, "or" if isinstance(node, cst.And) else "and")
    match node:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            yield source.replace("negated_condition", node, source.text(inner))
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(cst.IsNot())]):
            yield source.replace("truth_for_none", node, source.text(left))
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(cst.Is())]):
            yield source.replace("truth_for_none", node, f"not {source.text(left)}")
    is_test = isinstance(parent, cst.If | cst.While | cst.IfExp | cst.CompIf) and (
        node is parent.test
    )
    if is_test and isinstance(node, cst.Name | cst.Call | cst.Attribute | cst.Subscript):
        yield source.replace("negated_condition", node, f"not {source.text(node)}")
    elif is_test and isinstance(node, cst.BooleanOperation):
        yield source.replace("negated_condition", node, f"not ({source.text(node)})")


def constant(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """A number one off, a truth value turned around, a wrong start."""
    node, parent = place.node, place.parent
    starts = isinstance(parent, cst.Assign) and node is parent.value
    match node:
        case cst.Integer(value=text) if text.isdigit():
            value = int(text)
            if starts:
                yield source.replace("wrong_start", node, "0" if value == 1 else "1")
            else:
                yield source.replace("constant", node, str(value + 1))
                if value > 1:
                    yield source.replace("constant", node, str(value - 1))
        case cst.Name(value="True" | "False" as word):
            other = "False" if word == "True" else "True"
            returned = isinstance(parent, cst.Return)
            name = "wrong_return" if returned else "wrong_start" if starts else "constant"
            yield source.replace(name, node, other)
        case cst.SimpleString(value="''" | '""' as text) if starts:
            yield source.replace("wrong_start", node, f"{text[0]} {text[0]}")


def off_by_one(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """A range, slice or index that begins or ends one too early or too late; a lost ``+ 1``."""
    node = place.node
    match node:
        case cst.Call(func=cst.Name("range"), args=[cst.Arg(value=stop)]):
            yield source.replace("off_by_one_range", stop, _plus(stop, source, -1))
            yield source.replace("off_by_one_range", stop, f"1, {source.text(stop)}")
        case cst.Call(func=cst.Name("range"), args=[cst.Arg(value=start), cst.Arg(value=stop), *_]):
            yield source.replace("off_by_one_range", stop, _plus(stop, source, -1))
            yield source.replace("off_by_one_range", start, _plus(start, source, 1))
        case cst.Slice(lower=lower, upper=upper, step=step):
            for bound in (lower, upper):
                if bound is not None:
                    by = 1 if bound is lower else -1
                    yield source.replace("off_by_one_slice", bound, _plus(bound, source, by))
            for bound in (lower, upper, step):
                if bound is not None:
                    yield source.replace("lost_slice_bound", bound, "")
        case cst.Index(value=index) if isinstance(place.parent, cst.SubscriptElement):
            if not isinstance(index, cst.BaseString):
                yield source.replace("off_by_one_index", index, _plus(index, source, 1))
        case cst.BinaryOperation(
            left=left, operator=cst.Add() | cst.Subtract(), right=cst.Integer("1")
        ):
            yield source.replace("lost_one", node, source.text(left))


def _plus(node: cst.BaseExpression, source: Source, by: int) -> str:
    """The source of `node` plus `by`, written as a person would."""
    match node:
        case cst.Integer(value=text) if text.isdigit():
            return str(int(text) + by)
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer(value=text)):
            return str(-int(text) + by)
        case cst.BinaryOperation(left=left, operator=cst.Add(), right=cst.Integer("1")) if by < 0:
            return source.text(left)
        case cst.BinaryOperation(left=left, operator=cst.Subtract(), right=cst.Integer("1")) if (
            by > 0
        ):
            return source.text(left)
        case cst.BinaryOperation(operator=cst.Add(), right=cst.Integer(value=text) as right):
            start = source.span(node)[0]
            return f"{source.raw[start : source.span(right)[0]].decode()}{int(text) + by}"
    text = source.text(node)
    is_loose = isinstance(node, cst.IfExp | cst.BooleanOperation | cst.Comparison | cst.Lambda)
    return f"{f'({text})' if is_loose else text} {'+' if by > 0 else '-'} {abs(by)}"


def call(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """Arguments in the wrong order, a copy that is not made, a sort that goes the other way."""
    node = place.node
    if not isinstance(node, cst.Call):
        return
    arguments = [item for item in node.args if item.keyword is None and not item.star]
    if len(arguments) >= 2 and len(arguments) == len([i for i in node.args if not i.keyword]):
        first, second = arguments[0].value, arguments[1].value
        start, end = source.span(first)[0], source.span(second)[1]
        between = source.raw[source.span(first)[1] : source.span(second)[0]].decode()
        text = f"{source.text(second)}{between}{source.text(first)}"
        if not (first.lpar or second.lpar):
            yield source.edit("swapped_arguments", start, end, text)
    match node:
        case cst.Call(func=cst.Name(name), args=[cst.Arg(value=inner, keyword=None, star="")]) if (
            name in _COPIES and not isinstance(inner, cst.GeneratorExp)
        ):
            yield source.replace("missing_copy", node, source.text(inner))
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name("copy")), args=[]):
            yield source.replace("missing_copy", node, source.text(inner))
    is_sort = isinstance(node.func, cst.Name) and node.func.value in ("sorted", "min", "max")
    is_sort |= isinstance(node.func, cst.Attribute) and node.func.attr.value == "sort"
    for number, item in enumerate(node.args):
        if is_sort and item.keyword and item.keyword.value in ("key", "reverse"):
            start, end = source.span(item)
            if number:
                start = source.span(node.args[number - 1].value)[1]
            elif len(node.args) > 1:
                end = source.span(node.args[1])[0]
            yield source.edit(f"lost_sort_{item.keyword.value}", start, end, "")


def name(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """Another variable of the same type; a name that is easily mistaken for this one."""
    node, parent = place.node, place.parent
    if not isinstance(node, cst.Name):
        return
    is_called = isinstance(parent, cst.Call) and node is parent.func
    is_attribute = isinstance(parent, cst.Attribute) and node is parent.attr
    if is_called or is_attribute:
        if other := _TWINS.get(node.value):
            yield source.replace("wrong_function", node, other)
        return
    if isinstance(parent, cst.Param | cst.FunctionDef | cst.NameItem) or (
        isinstance(parent, cst.Arg) and node is parent.keyword
    ):
        return
    if isinstance(parent, cst.AssignTarget | cst.For | cst.CompFor) and node is parent.target:
        return
    here = kinds.get(source.line(source.span(node)[0]), {})
    if kind := here.get(node.value):
        others = [other for other, its in here.items() if its == kind and other != node.value]
        is_target = isinstance(parent, cst.AugAssign) and node is parent.target
        for other in sorted(others):
            yield source.replace(
                "wrong_accumulator" if is_target else "wrong_variable", node, other
            )


EXPRESSIONS: tuple[Callable[[Place, Source, Kinds], Iterator[Edit]], ...] = (
    arithmetic, comparison, condition, constant, off_by_one, call, name,
)  # fmt: skip
