"""The Execution Simulation: every moment of the run that changes or decides something, in order."""

import ast
from random import Random

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues import changes, inside, phrases
from pyx_dataset.monologues.blocks import Outline, outline
from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.pace import brief
from pyx_dataset.monologues.story import Moment, tell
from pyx_dataset.schema import Change, Trace


def simulation(trace: Trace, rng: Random) -> str:
    """
    The run in words, one label for each line that is told.

    Raises:
        NotNarratable: something that matters has no value that could be stated.
    """
    narrator = _Narrator(outline(trace.code), rng)
    story = tell(trace)
    short = brief(story)
    for place, moment in enumerate(story):
        narrator.follow(moment, place in short)
    return narrator.text()


class _Narrator:
    """Writes sentence after sentence."""

    def __init__(self, plan: Outline, rng: Random) -> None:
        self.plan, self.rng = plan, rng
        self.paragraphs: list[list[str]] = []
        self.is_brief = False

    def text(self) -> str:
        return "\n".join(" ".join(sentences) for sentences in self.paragraphs)

    def follow(self, moment: Moment, is_brief: bool) -> None:
        """Tell one moment, if there is anything to tell."""
        self.is_brief = is_brief
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
            return f"{code(moment.function)} is entered"
        what = phrases.listed(bindings + names)
        if moment.depth == 0:
            return self.rng.choice([f"the call binds {what}", f"it starts with {what}"])
        if self.is_brief:
            return what
        return f"inside {code(moment.function)}, at depth {moment.depth}, {what}"

    @staticmethod
    def _named(change: Change) -> bool:
        """A parameter without a value to state; raises if it is hidden state."""
        if changes.is_told_by_name(change.value):
            return True
        changes.told(change, None)
        return False

    def _return(self, moment: Moment) -> str:
        value = moment.value or "None"
        changes.told(Change("the result", value), None)
        function = code(moment.function.rpartition(".")[2])
        node = moment.statement.node if moment.statement else None
        told = self._change_words(moment)
        if not isinstance(node, ast.Return):
            return f"{function} ends and returns {code(value)}"
        returns = f"{function} returns {code(value)}"
        if node.value is None or isinstance(node.value, ast.Constant):
            return phrases.listed([*told, returns])
        why = self._why(node.value, moment)
        if not why and not told:
            source = ast.unparse(node.value)
            if isinstance(node.value, ast.Name):
                return f"{returns}, the value of {code(source)}"
            return returns
        return f"{', '.join([*why, *told])}, so {returns}"

    def _for(self, moment: Moment) -> str:
        assert moment.statement is not None
        node = moment.statement.node
        assert isinstance(node, ast.For)
        if moment.entered is False:
            told = self._change_words(moment)
            if not moment.passes:
                told = [*self._why(node.iter, moment), *told]
                return ", ".join([*told, f"there is nothing to go over: {phrases.passes(0)}"])
            return ", ".join([*told, f"the loop ends after {phrases.passes(moment.passes)}"])
        after = moment.after
        names = sorted(_names(node.target) | {item.name for item in moment.changed})
        items = [Change(name, after[name]) for name in names if name in after]
        what = phrases.listed(
            [code(i.name) if self._named(i) else phrases.binding(i.name, i.value) for i in items]
        )
        if not what:
            return ""
        if moment.is_first:
            why = self._why(node.iter, moment)
            return ", ".join([*why, f"the loop starts with {what}"])
        if self.is_brief:
            return what
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
        state = inside.known(moment, self.plan)
        test = inside.decisive(test, state, self.plan)
        source = ast.unparse(test)
        shown = inside.with_values(test, state, self.plan)
        truth = "true" if is_true else "false"
        if shown and self.is_brief:
            return f"{code(shown)} is {truth}"
        if shown:
            return f"{code(source)} is {code(shown)}, {phrases.verdict(is_true, self.rng)}"
        why = [] if self.is_brief else self._why(test, moment, whole=isinstance(test, ast.Name))
        if why:
            return f"{', '.join(why)}, {phrases.verdict(is_true, self.rng)}"
        what = code(source) if len(source) <= inside.MAX_PART_CHARS else "the condition"
        return f"{what} is {truth}"

    def _caught(self, moment: Moment) -> str:
        names = phrases.listed([code(item.name) for item in moment.changed])
        return f"the exception is caught{f' as {names}' if names else ''}"

    def _changes(self, moment: Moment) -> str:
        told = self._change_words(moment)
        node = moment.statement.node if moment.statement else None
        why: list[str] = []
        match node:
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
                gone = change.value == "<deleted>"
                words.append(f"{code(change.name)} is {'gone' if gone else 'defined'}")
                continue
            for source, value in changes.told(change, old):
                before = old if source == change.name else None
                if before is None and old is not None:
                    words.append(f"{code(source)} becomes {code(value)}")
                elif self.is_brief:
                    words.append(phrases.binding(source, value))
                else:
                    words.append(phrases.becomes(source, before, value, self.rng))
        return words

    def _kept(self, moment: Moment) -> str:
        """An assignment that gave a variable the value it had already."""
        node = moment.statement.node if moment.statement else None
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
                value = moment.after.get(name)
                if (
                    value is not None
                    and len(value) <= changes.SHORT
                    and not changes.is_told_by_name(value)
                ):
                    return phrases.stays(name, value, self.rng)
        return ""

    def _why(self, node: ast.expr, moment: Moment, whole: bool = False) -> list[str]:
        """The parts of an expression with their values, for a line that is told in full."""
        if self.is_brief:
            return []
        state = inside.known(moment, self.plan)
        found = inside.parts(node, state, self.plan)
        shown = inside.with_values(node, state, self.plan)
        if shown:
            found = (
                [*found[:1], (ast.unparse(node), shown)]
                if _is_deep(node)
                else [(ast.unparse(node), shown)]
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
