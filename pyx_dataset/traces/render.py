"""A trace as text, in the layouts that the field compares.

scratchpad, next and concise are those of the SemCoder ablation (Ding et al., NeurIPS 2024,
arXiv 2406.01006, section 6); next follows NExT (Ni et al., ICML 2024, arXiv 2404.14662) and
codeexecutor follows Liu et al., ACL Findings 2023, arXiv 2305.05383. A line that ran and
changed nothing shows an empty state, so the path stays visible.
"""

import json
from collections.abc import Callable, Sequence

from pyx_dataset.errors import InputError
from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.schema import Change, Part, Step, Trace
from pyx_dataset.traces.elements import element_changes
from pyx_dataset.traces.values import is_plain


def render(trace: Trace, style: str) -> str:
    """
    `trace` in one of `FORMATS`.

    Raises:
        InputError: an unknown style, or a style for models and a value that is not plain data.
    """
    if style not in FORMATS:
        raise InputError(f"unknown trace format {style!r}; known: {', '.join(FORMATS)}")
    return FORMATS[style](trace)


def scratchpad(trace: Trace) -> str:
    """The program, each line followed by all the states it left."""
    _require_plain(trace)
    return _annotated(trace, lambda step, number: _state(step, "STATE"), _all)


def next_style(trace: Trace) -> str:
    """As `scratchpad`, with numbered states; of more than three, the first two and the last."""
    _require_plain(trace)
    return _annotated(trace, lambda step, number: _state(step, f"STATE-{number}"), _ends)


def concise(trace: Trace) -> str:
    """No program: one labelled tag for each line that ran."""
    _require_plain(trace)
    rows = []
    for index, step in enumerate(trace.steps):
        following = trace.steps[index + 1 : index + 2]
        if step.event == "line":
            if not step.changed and following and _ends_line(following[0], step):
                continue  # the output stands in its place
            text = _variables(step.changed) if step.changed else ""
        else:
            text = _state(step, "")
        label = f"L{step.line + LABEL_OFFSET}"
        rows.append(f"[{label}] {text} [/{label}]" if text else f"[{label}] [/{label}]")
    return "\n".join(rows)


def codeexecutor(trace: Trace) -> str:
    """Each line that ran with all variables of its frame as it left them."""
    _require_plain(trace)
    frames: list[dict[str, str]] = []
    rows = []
    for step in trace.steps:
        if step.event == "call":
            frames.append({})
        frames[-1].update((change.name, change.value) for change in step.changed)
        if step.event == "line":
            state = " [DICTSEP] ".join(f"{name} : {text}" for name, text in frames[-1].items())
            rows.append(f"[LINE] [{step.line}] [STATE] {state} [STATEEND]")
        elif step.event in ("return", "exception"):
            frames.pop()
    return "\n".join(rows)


def table(trace: Trace) -> str:
    """For people: the lines in the order they ran, indented by depth, with what each did."""
    lines = trace.code.split("\n")
    texts = ["  " * step.depth + lines[step.line - 1].rstrip() for step in trace.steps]
    width = min(60, max(map(len, texts), default=0))
    parts, inside = _parts_by_step(trace), list(element_changes(trace.steps))
    rows = []
    for number, (step, text) in enumerate(zip(trace.steps, texts, strict=True)):
        what = _assignments(step.changed)
        if inside[number]:
            what = f"{what}  ({_assignments(inside[number])})"
        if step.value is not None:
            what = f"{what}  {step.event} {step.value}".strip()
        shown = text if step.event in ("call", "line") else ""
        rows.append(f"{number:>4} {step.line:>4}  {shown:<{width}}  {what}".rstrip())
        for part in parts[number]:
            value = "<too long to show>" if part.value is None else part.value
            rows.append(f"{'':{13 + 2 * step.depth}}> {' '.join(part.text.split())} = {value}")
    return "\n".join(rows)


def jsonl(trace: Trace) -> str:
    """One JSON object for each step."""
    rows = []
    all_parts, inside = _parts_by_step(trace), element_changes(trace.steps)
    for step, parts, elements in zip(trace.steps, all_parts, inside, strict=True):
        row: dict[str, object] = {
            "line": step.line,
            "event": step.event,
            "depth": step.depth,
            "function": step.function,
            "changed": {change.name: change.value for change in step.changed},
            "value": step.value,
        }
        if elements:
            row["elements"] = {change.name: change.value for change in elements}
        if trace.parts is not None:
            names = ("line", "column", "text", "value")
            row["parts"] = [{name: getattr(part, name) for name in names} for part in parts]
        rows.append(json.dumps(row))
    return "\n".join(rows)


FORMATS: dict[str, Callable[[Trace], str]] = {
    "jsonl": jsonl,
    "scratchpad": scratchpad,
    "next": next_style,
    "concise": concise,
    "codeexecutor": codeexecutor,
    "table": table,
}


def _assignments(changes: Sequence[Change]) -> str:
    return ", ".join(f"{change.name} = {change.value}" for change in changes)


def _parts_by_step(trace: Trace) -> list[list[Part]]:
    """The parts of each step, in the order in which they got their values."""
    found: list[list[Part]] = [[] for _ in trace.steps]
    for part in trace.parts or ():
        found[part.step].append(part)
    return found


def _require_plain(trace: Trace) -> None:
    for index, step in enumerate(trace.steps):
        values = [(change.name, change.value) for change in step.changed]
        if step.event == "return":
            values.append((f"{step.function}()", step.value or ""))
        for name, value in values:
            if not is_plain(value):
                raise InputError(
                    f"step {index}: {name} is {value}, which is not plain data, so this format "
                    'cannot show it; the formats "table" and "jsonl" can'
                )


def _annotated(
    trace: Trace,
    state: Callable[[Step, int], str],
    keep: Callable[[Sequence[str]], str],
) -> str:
    states: dict[int, list[str]] = {}
    for number, step in enumerate(trace.steps):
        states.setdefault(step.line, []).append(state(step, number))
    return "\n".join(
        f"{text} # {keep(states[line])}" if line in states else text
        for line, text in enumerate(trace.code.rstrip("\n").split("\n"), start=1)
    )


def _all(states: Sequence[str]) -> str:
    return "".join(states)


def _ends(states: Sequence[str]) -> str:
    return "".join(states) if len(states) <= 3 else f"{states[0]}{states[1]} ... {states[-1]}"


def _state(step: Step, tag: str) -> str:
    if step.event == "return":
        return f"[OUTPUT] {step.value} [/OUTPUT]"
    if step.event == "exception":
        return f"[EXCEPTION] {step.value} [/EXCEPTION]"
    tag = "INPUT" if step.event == "call" else tag
    return f"[{tag}] {_variables(step.changed)} [/{tag}]"


def _variables(changed: Sequence[Change]) -> str:
    return "{" + ", ".join(f"{json.dumps(item.name)}: {item.value}" for item in changed) + "}"


def _ends_line(following: Step, step: Step) -> bool:
    ends = following.event in ("return", "exception")
    return ends and (following.line, following.depth) == (step.line, step.depth)
