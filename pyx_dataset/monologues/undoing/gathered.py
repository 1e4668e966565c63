"""A loop on the way up: what each pass asks for, gathered until its first pass is reached."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Statement, names_in, source_of
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling import changes, phrases
from pyx_dataset.monologues.undoing.invert import invert
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.sums import NotInvertible

MAX_SOURCE_CHARS = 60


@dataclass(slots=True)
class Gathered:
    """What has been found out about the passes of one run of a loop, the last pass first."""

    loop: Statement
    passes: int
    full_passes: int
    """Passes told in full from the end; between them and the first, only what each pass had."""
    why: str = ""
    """What fixes the number of passes; empty where it is a choice."""
    clauses: list[str] = field(default_factory=list)
    """About the pass that the reader is in."""
    behind: list[list[str]] = field(default_factory=list)
    """The same of each pass that it has left."""
    items: list[dict[str, str]] = field(default_factory=list)
    """What the header bound in each pass."""

    def enter(self, moment: Moment, needs: Needs) -> None:
        """The header of a pass is reached: what it bound is what the loop went over."""
        node = self.loop.node
        clauses, self.clauses = self.clauses, []
        if isinstance(node, ast.For):
            names = [part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)]
            after = moment.after
            bound = {}
            for name in names:
                value = needs.values.pop(name, None)
                is_free = value is None
                value = value or after.get(name)
                if value is None or changes.is_told_by_name(value):
                    continue
                bound[name] = value
                if is_free and not _is_counted(node.iter):
                    clauses.append(f"nothing fixes {code(name)}, so take "
                                   f"{phrases.binding(name, value)}")  # fmt: skip
            self.items.append(bound)
        elif self.loop.test is not None:
            told = needs.take(names_in(self.loop.test), moment.before)
            if told:
                clauses.append(f"to go on it needs {code(_short(self.loop.test))}, "
                               f"so take {phrases.listed(told)}")  # fmt: skip
        self.behind.append(clauses)

    def told(self, moment: Moment, needs: Needs, rng: Random) -> list[str]:
        """The whole loop in words, once its first pass has been reached."""
        node = self.loop.node
        what = f"over {code(_short(node.iter))}" if isinstance(node, ast.For) else ""
        if isinstance(node, ast.While):
            what = f"while {code(_short(node.test))}"
        count = phrases.passes(self.passes)
        reason = f"{self.why}, so it makes {count}" if self.why else f"let it make {count}"
        lines = [f"above it stands the loop {what}; {reason}"]
        lines += self._passes(rng)
        if isinstance(node, ast.For):
            lines.append(self._source(node, moment, needs))
        return [line for line in lines if line]

    def _passes(self, rng: Random) -> list[str]:
        """Sentences about the passes, from the last to the first."""
        count = len(self.behind)
        told: list[str] = []
        if count and not self.full_passes:
            bound = [phrases.listed(self._bound(index)) for index in range(count)]
            return [f"its passes, from the last to the first, had {'; '.join(bound)}"] * all(bound)
        for index, clauses in enumerate(self.behind):
            number = count - index
            is_full = index < self.full_passes or (number == 1 and self.full_passes > 0)
            if not is_full:
                continue
            if index > self.full_passes and number == 1:
                told.append(self._middle(count))
            lead = "the first pass" if number == 1 else "the last pass" if index == 0 else (
                rng.choice(["the pass before it", "one pass earlier"])
            )  # fmt: skip
            items = "; ".join(clauses)
            own = [item for item in self._bound(index) if item not in items]
            had = f"{'so ' if items else ''}it had {phrases.listed(own)}" if own else ""
            tail = "; ".join(filter(None, [items, had]))
            if tail:
                told.append(f"{lead}: {tail}")
        return told

    def _bound(self, index: int) -> list[str]:
        if index >= len(self.items):
            return []
        return [phrases.binding(*item) for item in self.items[index].items()]

    def _middle(self, count: int) -> str:
        """The passes that are told in few words."""
        bound = [phrases.listed(self._bound(index)) for index in range(self.full_passes, count - 1)]
        if not all(bound):
            return "the passes before that, all but the first, are undone in the same way"
        return f"the passes before that, going up, had {'; '.join(bound)}"

    def _source(self, node: ast.For, moment: Moment, needs: Needs) -> str:
        """What the loop went over, put together from its passes."""
        source = code(_short(node.iter))
        items: list[object] = []
        try:
            items = [_item(node.target, bound) for bound in reversed(self.items)]
            values = self._solved(node.iter, items, moment, needs)
        except (NotInvertible, Unknown):
            values = {}
        before = moment.before
        if values and (
            needs.is_proposal or all(before.get(name) == text for name, text in values.items())
        ):
            needs.values.update(values)
            told = [phrases.binding(name, text) for name, text in values.items()]
            gave = code(canonical(items))
            return f"all passes together, {source} gave {gave}, so {phrases.listed(told)}"
        told = needs.take(names_in(node.iter), before)
        if told:
            return f"for {source} to give these passes, take {phrases.listed(told)}"
        return ""

    def _solved(
        self, node: ast.expr, items: list[object], moment: Moment, needs: Needs
    ) -> dict[str, str]:
        """Variables for which `node` gives exactly these items."""
        fixed = {**needs.plan.constants, **needs.values}
        match node:
            case ast.Name(id=name) if name in needs.values:
                return {}
            case ast.Name(id=name):
                kind = moment.before.get(name, "")
                if kind.startswith(("'", '"')) and all(isinstance(item, str) for item in items):
                    return {name: canonical("".join(map(str, items)))}
                if kind.startswith("["):
                    return {name: canonical(items)}
                if kind.startswith("("):
                    return {name: canonical(tuple(items))}
            case ast.Call(func=ast.Name(id="range"), args=[stop]) if items == list(
                range(len(items))
            ):
                found = invert(stop, canonical(len(items)), fixed, moment.before, needs.plan.bound)
                return found.values
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner]):
                return self._solved(inner, [item for _, item in _pairs(items)], moment, needs)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items"), args=[]):
                return {name: canonical(dict(_pairs(items)))}
        raise NotInvertible


def _pairs(items: list[object]) -> list[tuple[object, object]]:
    pairs = [item for item in items if isinstance(item, tuple) and len(item) == 2]
    if len(pairs) < len(items):
        raise NotInvertible
    return pairs


def count_reason(loop: Statement, passes: int, values: Mapping[str, str]) -> str:
    """Why a loop makes so many passes: each adds one item to something whose length is needed."""
    node = loop.node
    if not isinstance(node, ast.For | ast.While) or any(
        isinstance(part, ast.Break | ast.Continue | ast.Return) for part in ast.walk(node)
    ):
        return ""
    for statement in node.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name),
                                                            attr="append"))):  # fmt: skip
                pass
            case _:
                continue
        try:
            whole = parse(values.get(name, "<>"))
        except Unknown:
            continue
        if isinstance(whole, list) and len(whole) == passes:
            return f"each pass puts one item into {code(name)}, which has {len(whole)}"
    return ""


def _is_counted(node: ast.expr) -> bool:
    """Do the items follow from their number, as those of ``range``?"""
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
    )


def _item(target: ast.expr, bound: dict[str, str]) -> object:
    match target:
        case ast.Name(id=name) if name in bound:
            return parse(bound[name])
        case ast.Tuple(elts=targets):
            return tuple(_item(part, bound) for part in targets)
    raise NotInvertible


def _short(node: ast.expr) -> str:
    source = source_of(node)
    return source if len(source) <= MAX_SOURCE_CHARS else f"{source[: MAX_SOURCE_CHARS - 4]} ..."
