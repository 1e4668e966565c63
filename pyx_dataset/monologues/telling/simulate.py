"""The Execution Simulation: each moment of the run that changes or decides something, in order."""

import ast
import re
from collections.abc import Mapping
from random import Random

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run import inside
from pyx_dataset.monologues.run.blocks import Outline, outline, source_of
from pyx_dataset.monologues.run.story import Moment, tell
from pyx_dataset.monologues.telling import changes, explain, phrases
from pyx_dataset.monologues.telling.pace import CALM, Pace, Visit, units
from pyx_dataset.monologues.telling.passes import Stretch, last_passes
from pyx_dataset.monologues.telling.together import together
from pyx_dataset.monologues.telling.visits import visit_words
from pyx_dataset.schema import Change, Trace

_COMPLEX = re.compile(r"\dj\b")


def simulation(trace: Trace, rng: Random, pace: Pace = CALM) -> str:
    """The run in words, one label for each line that is told."""
    narrator = _Narrator(outline(trace.code), rng, pace)
    story = tell(trace)
    narrator.last_passes = last_passes(story)
    for unit in units(story, pace):
        if isinstance(unit, Stretch):
            narrator.sum_up(unit.loop.line, together(story, unit, rng))
        elif isinstance(unit, Visit):
            narrator.sum_up(story[unit.start].line, visit_words(story, unit, rng))
        else:
            narrator.follow(story[unit])
    return narrator.text()


class _Narrator:
    """Writes sentence after sentence."""

    def __init__(self, plan: Outline, rng: Random, pace: Pace) -> None:
        self.plan, self.rng, self.pace = plan, rng, pace
        self.last_passes: frozenset[int] = frozenset()
        """Steps in which the last pass of a longer loop starts."""
        self.paragraphs: list[list[str]] = []

    def text(self) -> str:
        return "\n".join(" ".join(sentences) for sentences in self.paragraphs)

    def follow(self, moment: Moment) -> None:
        """Tell one moment, if there is anything to tell."""
        if moment.statement and moment.statement.kind == "break" and moment.event == "line":
            self.paragraphs[-1][-1] = (
                f"{self.paragraphs[-1][-1][:-1]}, and `break` leaves the loop."
            )
            return
        words = self._words(moment)
        if not words:
            return
        starts = moment.event in ("call", "return") or (
            moment.statement is not None and moment.statement.kind in ("for", "while")
        )
        if starts or not self.paragraphs:
            self.paragraphs.append([])
        words = words[0].upper() + words[1:]
        self.paragraphs[-1].append(f"[L{moment.line + LABEL_OFFSET}] {words}.")

    def sum_up(self, line: int, words: str) -> None:
        """Tell several passes of the loop on `line`, or a call, in one sentence."""
        self.paragraphs.append([f"[L{line + LABEL_OFFSET}] {words[0].upper()}{words[1:]}."])

    def _words(self, moment: Moment) -> str:
        if moment.event == "call":
            return self._call(moment)
        if moment.event == "return":
            return self._return(moment)
        if moment.event == "exception":
            kind = (moment.value or "").partition(":")[0]
            return f"{code(moment.function)} raises {code(kind)}"
        kind = moment.statement.kind if moment.statement else "other"
        if kind == "for":
            return self._for(moment)
        if kind in ("if", "while"):
            return self._condition(moment)
        if kind == "except" and moment.entered:
            return self._caught(moment)
        if moment.changed:
            return self._changes(moment)
        return self._kept(moment)

    def _call(self, moment: Moment) -> str:
        bindings = [phrases.binding(item.name, item.value) for item in moment.changed
                    if not self._named(item)]  # fmt: skip
        names = [code(item.name) for item in moment.changed if self._named(item)]
        if not bindings + names:
            verb = "goes on" if self._resumes(moment) else "is entered"
            return f"{code(moment.function)} {verb}"
        what = phrases.listed(bindings + names)
        if self._resumes(moment):
            return f"{code(moment.function)} goes on with {what}"
        if moment.depth == 0:
            return self.rng.choice([f"the call binds {what}", f"it starts with {what}"])
        return f"inside {code(moment.function)}, at depth {moment.depth}, {what}"

    def _resumes(self, moment: Moment) -> bool:
        """Is it a generator that goes on behind a ``yield``?"""
        node = self.plan.functions.get(moment.function.rpartition(".")[2])
        return node is not None and node.lineno != moment.line and not node.decorator_list

    @staticmethod
    def _named(change: Change) -> bool:
        """Is it a parameter without a value to state?"""
        return changes.is_told_by_name(change.value)

    def _return(self, moment: Moment) -> str:
        value = moment.value or "None"
        function = code(moment.function.rpartition(".")[2])
        node = moment.statement.node if moment.statement else None
        told = self._change_words(moment)
        if changes.is_told_by_name(value):
            return phrases.listed([*told, f"{function} returns {phrases.thing(value)}"])
        if moment.waits:
            return phrases.listed(
                [*told, f"{function} waits here and returns {code(value)} for now"]
            )
        if not isinstance(node, ast.Return):
            return f"{function} ends and returns {code(value)}"
        returns = f"{function} returns {code(value)}"
        if node.value is None or isinstance(node.value, ast.Constant):
            return phrases.listed([*told, returns])
        why = self._why(node.value, moment)
        if not why and not told:
            source = source_of(node.value)
            if isinstance(node.value, ast.Name):
                return f"{returns}, the value of {code(source)}"
            return returns
        return f"{', '.join([*why, *told])}, so {returns}"

    def _for(self, moment: Moment) -> str:
        assert moment.statement is not None
        node = moment.statement.node
        assert isinstance(node, ast.For)
        if moment.entered is False:
            told = changes.becoming(moment.changed, moment)
            if not moment.passes:
                told = [*self._why(node.iter, moment), *told]
                return ", ".join([*told, f"there is nothing to go over: {phrases.passes(0)}"])
            end = self.rng.choice(["the loop ends", "the loop is done", "nothing is left: it ends"])
            return ", ".join([*told, f"{end} after {phrases.passes(moment.passes)}"])
        after = moment.after
        names = sorted(_names(node.target))
        items = [Change(name, after[name]) for name in names if name in after]
        others = [item for item in moment.changed if item.name not in names]
        what = phrases.listed(
            [code(i.name) if self._named(i) else phrases.binding(i.name, i.value) for i in items]
        )
        if others:
            what = ", ".join([*changes.becoming(others, moment), what])
        if not what:
            return ""
        if moment.is_first:
            why = self._why(node.iter, moment)
            return ", ".join([*why, f"the loop starts with {what}"])
        if moment.step in self.last_passes:
            return f"{self.rng.choice(['last comes', 'at last', 'the last pass has'])} {what}"
        return f"{self.rng.choice(['next', 'then', 'now', 'the next pass has'])} {what}"

    def _condition(self, moment: Moment) -> str:
        assert moment.statement is not None
        told = self._change_words(moment)
        if moment.entered is None or moment.statement.test is None:
            return phrases.listed(told) if told else ""
        words = self._test(moment, moment.statement.test, moment.entered)
        if moment.statement.kind == "while" and not moment.entered:
            words += f": the loop ends after {phrases.passes(moment.passes or 0)}"
        return ", ".join([*told, words])

    def _test(self, moment: Moment, test: ast.expr, is_true: bool) -> str:
        state = self._state(moment)
        test = inside.decisive(test, state, self.plan)
        source = source_of(test)
        if source.endswith((" is None", " is not None")) and len(source) <= inside.MAX_PART_CHARS:
            return f"{code(source)} is {'true' if is_true else 'false'}"
        shown = self._shown(test, state)
        truth = "true" if is_true else "false"
        if shown and isinstance(test, ast.UnaryOp) and isinstance(test.operand, ast.Name):
            inner = phrases.worth(source_of(test.operand), shown.removeprefix("not "), self.rng)
            return f"{inner}, so {code(source)} is {truth}"
        if shown:
            return f"{code(source)} is {code(shown)}, {phrases.verdict(is_true, self.rng)}"
        why = self._why(test, moment, whole=isinstance(test, ast.Name))
        if why and isinstance(test, ast.Name):
            return f"{', '.join(why)}, {phrases.verdict(is_true, self.rng)}"
        what = code(source) if len(source) <= inside.MAX_PART_CHARS else "the condition"
        if why:
            return f"{', '.join(why)}, so {what} is {truth}"
        return f"{what} is {truth}"

    def _state(self, moment: Moment) -> Mapping[str, str]:
        """What an expression on the line is worked out from."""
        if not moment.results:
            return {**self.plan.constants, **moment.before}
        return inside.known(moment, self.plan)

    def _shown(self, node: ast.expr, state: Mapping[str, str]) -> str | None:
        """`node` with values put in, if that is worth a word."""
        shown = inside.with_values(node, state, self.plan) if self.pace.with_reasons else None
        # The text of a complex number is an expression of two, which would be taken apart again.
        return None if shown and _COMPLEX.search(shown) else shown

    def _caught(self, moment: Moment) -> str:
        names = phrases.listed([code(item.name) for item in moment.changed])
        return f"the exception is caught{f' as {names}' if names else ''}"

    def _changes(self, moment: Moment) -> str:
        told = self._change_words(moment)
        node = moment.statement.node if moment.statement else None
        why: list[str] = []
        match node:
            case (
                ast.AugAssign(value=ast.Constant(value=int() | float()))
                | ast.Assign(value=ast.BinOp(left=ast.Name(), right=ast.Constant(value=1)))
            ):
                pass  # counting on needs no explanation
            case ast.Assign(value=value) | ast.Expr(value=value):
                why = self._why(value, moment)
            case ast.AugAssign(target=ast.Name() as target, op=op, value=value):
                read = ast.Name(target.id, ast.Load())
                why = self._why(ast.BinOp(read, op, value), moment)
        if not why:
            return phrases.listed(told)
        return f"{', '.join(why)}, {self.rng.choice(['so', 'and'])} {phrases.listed(told)}"

    def _change_words(self, moment: Moment) -> list[str]:
        words: list[str] = []
        for change in moment.changed:
            old = moment.before.get(change.name)
            if changes.is_told_by_name(change.value):
                words.append(changes.opaque(change))
                continue
            for source, value in changes.told(change, old):
                before = old if source == change.name else None
                if before is None and old is not None:
                    words.append(f"{code(source)} becomes {code(value)}")
                else:
                    words.append(phrases.becomes(source, before, value, self.rng))
        return words

    def _kept(self, moment: Moment) -> str:
        """A statement that could have changed a variable and left it as it was."""
        match moment.statement.node if moment.statement else None:
            case (
                ast.Assign(targets=[ast.Name(id=name)])
                | ast.AugAssign(target=ast.Name(id=name))
                | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))))
            ):
                value = moment.after.get(name)
                is_short = value is not None and len(value) <= inside.MAX_PART_CHARS
                if value and is_short and not changes.is_told_by_name(value):
                    return phrases.stays(name, value, self.rng)
        return ""

    def _why(self, node: ast.expr, moment: Moment, whole: bool = False) -> list[str]:
        """The parts of an expression with their values."""
        if not self.pace.with_reasons:
            return []
        state = self._state(moment)
        if contest := explain.contest(node, state, self.plan):
            return [contest]
        if isinstance(node, ast.JoinedStr):
            found = explain.text_parts(node, state, self.plan)
        else:
            found = inside.parts(node, state, self.plan)
            found = explain.with_bounds(node, found, state, self.plan)
        shown = self._shown(node, state)
        if shown:
            found = (
                [*found[:1], (source_of(node), shown)]
                if _is_deep(node)
                else [(source_of(node), shown)]
            )
        elif whole and isinstance(node, ast.Name) and node.id in moment.before:
            value = moment.before[node.id]
            if len(value) <= inside.MAX_PART_CHARS and not changes.is_told_by_name(value):
                found = [(node.id, value)]
        return [phrases.worth(source, value, self.rng) for source, value in found]


def _is_deep(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call | ast.Subscript) for part in ast.walk(node))


def _names(target: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
