"""One frame of the program, from call to return. Inside the sandbox: standard library only."""

import builtins
from types import CodeType, FrameType, MethodType, TracebackType
from typing import Any, NoReturn

from pyx_dataset.traces.endings import is_unwound
from pyx_dataset.traces.lines import Plan
from pyx_dataset.traces.memory import FIXED, WATCHED_CHARS, Memory, atom_text
from pyx_dataset.traces.recording import Abandoned, Recording, Stop, WireStep
from pyx_dataset.traces.shapes import exact_type
from pyx_dataset.traces.values import TooLarge, describe_exception

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

_NOTHING: Any = object()
_NOTHING_RAN: Plan = 0, (), True, (), False


def running_step(frame: FrameType) -> WireStep | None:
    """The step that a traced frame is at; None for a frame that is not traced."""
    known = frame.f_trace
    if type(known) is MethodType and type(known.__self__) is Visit:
        return known.__self__.step
    return None


class Visit:
    """Its `on_event` lives in the frame's `f_trace`."""

    def __init__(self, recording: Recording, code: CodeType) -> None:
        self.recording = recording
        self.steps = recording.steps
        self.code = code
        self.name = code.co_name
        self.plans = recording.plans(code)
        self.lines = self.plans.known
        self.hidden = self.plans.facts.hidden
        self.depth = self.line = self.raw_line = self.n_globals = 0
        self.step: WireStep = []
        self.running = _NOTHING_RAN
        """The plan of the statement that runs."""
        self.seen: dict[str, object] = {}
        """The last value of each variable whose value cannot change."""
        self.watched: dict[str, Memory] = {}
        """The last state of each other one."""
        self.opaque: set[str] = set()
        """Those that hold more than plain data: touching them may run any code."""
        self.shared: tuple[str, ...] = ()
        """The globals that the code names and that exist, when there were `n_globals` in all."""
        self.mark = 0
        """`Recording.entered` when the variables were last looked at."""
        self.error: tuple[int, str] = (0, "")
        """Line and text of the exception seen last."""
        self.is_fresh = False
        """No line began since then."""

    def on_event(self, frame: FrameType, event: str, arg: Any) -> None:
        """What CPython calls. It returns nothing, which leaves it in its place."""
        try:
            if event != "line":
                if event == "return":
                    self.on_return(frame, arg)
                elif event == "exception":
                    self.on_exception(frame, *arg)
                else:
                    self.on_call(frame)
                return
            line, before = frame.f_lineno, self.raw_line
            self.raw_line = line
            self.is_fresh = False
            if self.hidden and any(frame.f_lasti in offsets for offsets in self.hidden):
                return
            lines = self.lines
            plan = lines[line] if line in lines else self.plans.of(line)
            start = plan[0]
            if start == self.line and not (line == before and plan[4]):
                return  # the statement goes on
            # A line event comes before its line runs, so what changed was done by the one before.
            _, stored, is_tame, augmented, _ = self.running
            recording = self.recording
            if (
                not is_tame
                or self.mark != recording.entered
                or self.opaque
                or (augmented and self.watched)
            ):
                self.settle(frame)
            elif stored:
                values, seen = frame.f_locals, self.seen
                for name in stored:
                    value = values.get(name, _NOTHING)
                    # The most frequent case, written out: an int after another.
                    if type(value) is int and type(old := seen.get(name)) is int:
                        if value != old:
                            seen[name] = value
                            self.credit(name, atom_text(value))
                    else:
                        self.look(name, value)
            self.running = plan
            self.line = start
            steps = self.steps
            if len(steps) >= recording.max_steps:
                raise Stop(f"steps: more than {recording.max_steps}")
            self.step = step = ["line", start, self.depth, self.name, (), None]
            steps.append(step)
        except RecursionError as error:
            self.recording.stop(str(error))  # the program is about to meet the same limit
        except (Stop, TooLarge) as error:
            self.recording.stop(str(error))
            raise Abandoned from None

    def on_call(self, frame: FrameType) -> None:
        """Entered, or a generator goes on."""
        is_first = not self.step
        recording = self.recording
        self.depth = recording.depth
        recording.depth += 1
        self.raw_line = frame.f_lineno
        plan = self.plans.of(self.raw_line)
        self.step = self.add("call", plan[0])
        self.is_fresh = False
        if is_first:
            self.begin(frame)
            self.mark = recording.entered
        else:
            self.line = plan[0]
            self.running = plan
            self.mark = -1  # much can have happened while it waited

    def begin(self, frame: FrameType) -> None:
        """Look at all variables for the first time; only the parameters are news."""
        facts, values = self.plans.facts, frame.f_locals
        for name in facts.parameters:
            self.look(name, values.get(name, _NOTHING))
        for name in facts.cells:
            if name not in facts.parameters:
                self.know(name, values.get(name, _NOTHING))
        if facts.shared:
            values = frame.f_globals
            self.n_globals = len(values)
            self.shared = tuple([name for name in facts.shared if name in values])
            for name in self.shared:
                self.know(name, values[name])

    def on_exception(
        self, frame: FrameType, kind: object, error: BaseException, here: TracebackType | None
    ) -> None:
        """Raised here or passing through; whether it leaves is seen later."""
        self.recording.correct(error, here and here.tb_next)  # a StopIteration has no traceback
        text = describe_exception(error, WATCHED_CHARS)
        self.error = self.plans.of(frame.f_lineno)[0], text
        self.is_fresh = True

    def on_return(self, frame: FrameType, value: object) -> None:
        """The frame ends, or a generator waits."""
        self.settle(frame)
        recording = self.recording
        if value is None and is_unwound(self.code, frame.f_lasti, self.is_fresh):
            line, text = self.error
            if text == "GeneratorExit" and self.step is recording.steps[-1]:
                # Closed where it waited, and nothing ran. Since 3.13 that makes no event at all.
                recording.steps.pop()
                recording.depth -= 1
                return
            step = self.add("exception", line)
            recording.left = self.code, step
        else:
            step = self.add("return", self.plans.of(frame.f_lineno or self.raw_line)[0])
            is_fixed = exact_type(value) in FIXED
            text = atom_text(value) if is_fixed else recording.memories.of(value)[1]
        step[5] = text
        if len(text) > recording.max_value_chars:
            self.refuse(f"{self.name}()")
        recording.depth -= 1

    def add(self, event: str, line: int) -> WireStep:
        """Append a step and return it, to be filled in."""
        if len(self.steps) >= self.recording.max_steps:
            raise Stop(f"steps: more than {self.recording.max_steps}")
        step: WireStep = [event, line, self.depth, self.name, (), None]
        self.steps.append(step)
        return step

    def refuse(self, what: str) -> NoReturn:
        """A value is longer than one may be."""
        raise Stop(f"value of {what}: more than {self.recording.max_value_chars} characters")

    def settle(self, frame: FrameType) -> None:
        """Credit the step that was running with what it changed."""
        _, stored, is_tame, augmented, _ = self.running
        watched = self.watched
        if (
            not is_tame
            or self.opaque
            or self.mark != self.recording.entered
            or (augmented and watched and not watched.keys().isdisjoint(augmented))
        ):
            self.sweep(frame)
        elif stored:
            values = frame.f_locals
            for name in stored:
                self.look(name, values.get(name, _NOTHING))

    def sweep(self, frame: FrameType) -> None:
        """Look at everything that can have changed."""
        self.mark = self.recording.entered
        stored, facts, values = self.running[1], self.plans.facts, frame.f_locals
        had = len(self.step[4])
        for name in stored:
            if name not in facts.shared:
                self.look(name, values.get(name, _NOTHING))
        for name in (*self.watched, *facts.cells):
            if name not in stored and name not in facts.shared:
                self.look(name, values.get(name, _NOTHING))
        if facts.shared:
            values = frame.f_globals
            if len(values) != self.n_globals:
                self.n_globals, self.shared = len(values), facts.shared
            for name in self.shared:
                self.look(name, values.get(name, _NOTHING))
        if len(self.step[4]) - had > 1:
            order, changed = self.plans.order, self.step[4]
            found = sorted(changed[had:], key=lambda change: order[change[0]])
            self.step[4] = (*changed[:had], *found)

    def look(self, name: str, value: Any) -> None:
        """Credit the running step with `value`, if the variable did not have it before."""
        kind = type(value)
        old = self.seen.get(name, _NOTHING)
        # Texts of different types differ, and so do those of different ints or strings.
        if kind is int or kind is str:
            if value is old or (type(old) is kind and value == old):
                return
            text = atom_text(value)
        elif kind is list or kind is dict:
            self.look_inside(name, value)
            return
        elif exact_type(value) in FIXED:
            if value is old:
                return
            text = atom_text(value)
            if type(old) is kind and text == atom_text(old):
                self.seen[name] = value
                return
        else:
            self.look_inside(name, value)
            return
        if self.watched and name in self.watched:
            self.forget(name)
        self.seen[name] = value
        self.credit(name, text)

    def look_inside(self, name: str, value: Any) -> None:
        """`look`, where the value can change, or there is none."""
        known = self.watched.get(name)
        if value is _NOTHING:
            if known is not None or name in self.seen:
                self.forget(name)
                self.credit(name, "<deleted>")
            return
        memory = self.recording.memories.of(value)
        if known is not None:
            if memory[0] == known[0]:
                return
            self.opaque.discard(name)
        else:
            self.seen.pop(name, None)
        self.remember(name, memory)
        if known is None or memory[1] != known[1]:
            self.credit(name, memory[1])

    def credit(self, name: str, text: str) -> None:
        """The running step gave the variable this value."""
        step = self.step
        if len(text) > self.recording.max_value_chars:
            self.refuse(name)
        step[4] = (*step[4], (name, text)) if step[4] else ((name, text),)

    def know(self, name: str, value: Any) -> None:
        """Take `value` for what the variable has had all along."""
        if exact_type(value) in FIXED:
            self.seen[name] = value
        elif value is not _NOTHING:
            self.remember(name, self.recording.memories.of(value))

    def remember(self, name: str, memory: Memory) -> None:
        """The variable is in this state."""
        self.watched[name] = memory
        if not memory[2]:
            self.opaque.add(name)

    def forget(self, name: str) -> None:
        """The variable holds nothing that was known of it."""
        self.seen.pop(name, None)
        self.watched.pop(name, None)
        self.opaque.discard(name)
