"""A loop on the way up: what each pass asks for, gathered until its first pass is reached."""

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Statement, source_of
from pyx_dataset.monologues.run.literals import Unknown, canonical
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.monologues.undoing.conditions import Condition
from pyx_dataset.monologues.undoing.expressions import opaque, reads
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.rows import item_of, went_over
from pyx_dataset.monologues.undoing.statements import items_at
from pyx_dataset.monologues.undoing.sums import NotInvertible

MAX_SOURCE_CHARS = 60


@dataclass(slots=True)
class Gathered:
    """What has been found out about the passes of one run of a loop, the last pass first."""

    loop: Statement
    passes: int
    full_passes: int
    """Passes told in full from the end; between them and the first, only what each pass had."""
    ends: bool
    """It went over everything; it was not left in its middle."""
    why: str = ""
    """What fixes the number of passes; empty where it is a choice."""
    clauses: list[str] = field(default_factory=list)
    """About the pass that the reader is in."""
    behind: list[list[str]] = field(default_factory=list)
    """The same of each pass that it has left."""
    items: list[dict[str, str]] = field(default_factory=list)
    """What the header bound in each pass, as far as it is fixed."""
    is_followed: bool = False
    """Conditions on what it binds have become conditions on what it goes over."""

    def enter(self, moment: Moment, needs: Needs) -> None:
        """The header of a pass is reached: what it bound is what the loop went over."""
        clauses, self.clauses = self.clauses, []
        node = self.loop.node
        if isinstance(node, ast.For):
            place = self.passes - 1 - len(self.items)
            self.items.append(self._bound_in(node, place, moment, needs, clauses))
        self.behind.append(clauses)

    def _bound_in(
        self, node: ast.For, place: int, moment: Moment, needs: Needs, clauses: list[str]
    ) -> dict[str, str]:
        names = [part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)]
        made = items_at(node.target, node.iter, place)
        if set(reads(node.iter)) & changed_in(self.loop.node):
            made = {name: opaque(reads(node.iter)) for name in names}
        bound = {}
        for name in names:
            item = made.get(name)
            if isinstance(item, ast.Constant):
                bound[name] = canonical(item.value)
                if needs.values.get(name) == bound[name]:
                    needs.values.pop(name)
                continue
            value = needs.values.pop(name, None)
            if value is None and (chosen := needs.choose(name, moment.after.get(name))):
                value, asked = chosen
                end = f"take {phrases.binding(name, value)}"
                clauses.append(f"{asked}, and nothing else fixes {code(name)}, so {end}"
                               if asked else end)  # fmt: skip
            if value is not None:
                bound[name] = value
        if any(name in needs.names and name not in bound for name in names):
            self.is_followed = True
        needs.move(made)
        return bound

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
            said = "; ".join(clauses)
            own = [item for item in self._bound(index) if item not in said]
            had = f"{'so ' if said else ''}it had {phrases.listed(own)}" if own else ""
            tail = "; ".join(filter(None, [said, had]))
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
        if not needs.open_in(node.iter):
            return ""
        if not self.is_followed and self.ends:
            items: list[Any] = []
            try:
                items = [item_of(node.target, bound, moment) for bound in reversed(self.items)]
                values = went_over(node.iter, items, moment, needs)
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
        return self._asked(node, needs)

    def _asked(self, node: ast.For, needs: Needs) -> str:
        """Conditions on what the loop went over: what each pass had, and how many there were."""
        if set(reads(node.iter)) & changed_in(self.loop.node):
            needs.add(Condition(opaque(reads(node.iter)), "True", is_test=True))
            return f"what that asks of {code(_short(node.iter))} is not followed, as it changes"
        for place, bound in enumerate(reversed(self.items)):
            made = items_at(node.target, node.iter, place)
            for name, value in bound.items():
                if name in made and not isinstance(made[name], ast.Constant):
                    needs.add(Condition(made[name], value, is_test=False))
        rows: ast.expr = node.iter
        if not isinstance(rows, ast.Name):
            rows = ast.Call(ast.Name("list", ast.Load()), [rows], [])
        length: ast.expr = ast.Call(ast.Name("len", ast.Load()), [rows], [])
        match node.iter:
            case ast.Call(func=ast.Name(id="range"), args=[stop]):
                length = stop
            case ast.Call(func=ast.Name(id="range"), args=[start, stop]) if self.passes:
                length = ast.BinOp(stop, ast.Sub(), start)
            case ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name() as inner]):
                length = ast.Call(ast.Name("len", ast.Load()), [inner], [])
        if self.ends:
            return needs.settle(length, str(self.passes), {})
        more = ast.Compare(length, [ast.GtE()], [ast.Constant(self.passes)])
        return needs.add(Condition(more, "True", is_test=True))


def _short(node: ast.expr) -> str:
    source = source_of(node)
    return source if len(source) <= MAX_SOURCE_CHARS else f"{source[: MAX_SOURCE_CHARS - 4]} ..."


@lru_cache(maxsize=256)
def changed_in(loop: ast.AST) -> frozenset[str]:
    """Variables that the body of a ``for`` may set or change; the node must not be changed."""
    assert isinstance(loop, ast.For)
    parts = [part for item in loop.body for part in ast.walk(item)]
    stores = {
        part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    mutated = {
        part.value.id
        for part in parts
        if isinstance(part, ast.Attribute | ast.Subscript)
        and isinstance(part.value, ast.Name)
        and (isinstance(part, ast.Attribute) or isinstance(part.ctx, ast.Store | ast.Del))
    }
    return frozenset(stores | mutated)
