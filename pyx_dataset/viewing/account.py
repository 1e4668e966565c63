"""One row as a page shows it: its facts, its texts with every claim marked, and its runs.

    {"facts": [[name, text]], "texts": [Text], "runs": [Run]}

    Text = {"title", "is_code", "pieces": [{"text", "verdict"?, "step"?, "found"?}]}
    Run  = {"title", "code", "call", "steps": [Step], "mark", "label_offset"}

`verdict` is ``confirmed``, ``contradicted`` or ``unchecked``; `step` is an index into the steps
of the first run; `mark` is the step that a reader should see first, or null. Lines are shown with
their labels, as the texts cite them.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from pyx_dataset import layout
from pyx_dataset.debug_rows import told_runs
from pyx_dataset.monologues.check import check
from pyx_dataset.published import Row, trace_of
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.schema import CheckedClaim, CheckReport, Direction, Step, Trace
from pyx_dataset.viewing.folder import Folder

_DIRECTIONS: dict[str, Direction] = {"forward": "forward", "backward": "backward"}
_ELSEWHERE = {"code", "steps", "prompt", "completion", "buggy_code", "refined"}
"""Columns that have a place of their own on the page."""


def account(folder: Folder, sandbox: Sandbox, config: str, split: str, row_id: str) -> Row:
    """
    All that the page shows of one row.

    A run that the data set holds is taken from it; any other is made in `sandbox`.

    Raises:
        InputError: there is no such row.
    """
    row = folder.row(config, split, row_id)
    report: CheckReport | None = None
    if config == "debug":
        buggy, fixed, report = told_runs(row, sandbox)
        runs = [("as it is written", buggy, row["divergence_step"]),
                ("as it should be", fixed, row["divergence_fixed_step"])]  # fmt: skip
    else:
        runs = [(title, trace, None) for title, trace in _runs(folder, sandbox, config, split, row)]
    first = runs[0][1] if runs else None
    texts: list[dict[str, Any]] = []
    for name in ("completion", "response", "chosen", "rejected"):
        if text := _content(row.get(name)):
            texts.append(_text(name, _judged(text, row, config, first, report)))
    for name in ("prompt", "fault", "nl", "fwd_mnl", "bwd_mnl"):
        if text := _content(row.get(name)):
            texts.append(_text(name, [{"text": text}]))
    if not runs and row.get("code"):
        texts.insert(0, _text("code", [{"text": row["code"]}], is_code=True))
    return {
        "facts": list(_facts(row)),
        "texts": texts,
        "runs": [_shown(title, trace, mark) for title, trace, mark in runs],
    }


def _text(title: str, pieces: list[dict[str, Any]], *, is_code: bool = False) -> dict[str, Any]:
    return {"title": title, "is_code": is_code, "pieces": pieces}


def _runs(
    folder: Folder, sandbox: Sandbox, config: str, split: str, row: Row
) -> Iterator[tuple[str, Trace]]:
    """Title and trace of each run that a row is about."""
    if config == "executions":
        yield "run", trace_of(row)
    elif config in _DIRECTIONS:
        told = row["answer"].removeprefix("assert ").removesuffix(f" == {row['value']}")
        if told == row["call"]:
            yield "run", trace_of(folder.row("executions", split, row["execution_id"]))
        elif trace := _traced(sandbox, row["code"], told):
            yield "run of the deduced call", trace
    elif row.get("call") and (trace := _traced(sandbox, row["code"], row["call"])):
        yield "run", trace


def _traced(sandbox: Sandbox, code: str, call: str) -> Trace | None:
    result = next(sandbox.run([Job("view", code, (call,), trace=True)])).calls[0]
    if result.steps is None:
        return None
    return Trace(code, call, result.outcome, result.value, result.exception, result.steps)


def _judged(
    text: str, row: Row, config: str, trace: Trace | None, report: CheckReport | None
) -> list[dict[str, Any]]:
    """`text` in pieces, each claim of it with what `report`, or else the run, says."""
    body, end, answer = text.partition(f"\n{layout.MONOLOGUE_CLOSE}")
    direction = _DIRECTIONS.get(config) or _DIRECTIONS.get(row.get("task", ""))
    if report is None and trace is not None and direction is not None:
        report = check(body, trace, row.get("answer"), direction=direction)
    if report is None:
        return [{"text": text}]
    return [*pieces(body, report), {"text": end + answer}]


def pieces(text: str, report: CheckReport) -> Iterator[dict[str, Any]]:
    """
    `text` cut at its claims, each with its verdict and step; together the pieces are the text.

    A report has its claims in the order of the text, one list for each verdict; of equal words
    in two lists those come first that are about the earlier step.
    """
    waiting = {
        name: deque(item for item in getattr(report, name) if item.claim.text)
        for name in ("contradicted", "confirmed", "unchecked")
    }
    at = 0
    while any(waiting.values()):
        found = [
            (place, items[0].step or 0, name)
            for name, items in waiting.items()
            if items and (place := _place(text, items, at)) >= 0
        ]
        if not found:
            break
        place, _, name = min(found)
        item: CheckedClaim = waiting[name].popleft()
        if place > at:
            yield {"text": text[at:place]}
        at = place + len(item.claim.text)
        yield {"text": text[place:at], "verdict": name, "step": item.step, "found": item.found}
    if at < len(text):
        yield {"text": text[at:]}


def _place(text: str, items: deque[CheckedClaim], at: int) -> int:
    """Where the first of `items` that still can be found begins; the others are dropped."""
    while items:
        if (place := text.find(items[0].claim.text, at)) >= 0:
            return place
        items.popleft()
    return -1


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if name in _ELSEWHERE or value in (None, "", []):
            continue
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", str(item)) for key, item in value.items())
        elif isinstance(value, list):
            yield name, "\n".join(map(str, value))
        elif name not in ("fault", "nl", "fwd_mnl", "bwd_mnl", "response", "chosen", "rejected"):
            yield name, str(value)


def _content(value: object) -> str:
    """The text of a column: of chat messages, what they say."""
    if isinstance(value, list):
        return "\n\n".join(message["content"] for message in value)
    return value if isinstance(value, str) else ""


def _shown(title: str, trace: Trace, mark: int | None) -> dict[str, Any]:
    return {
        "title": title,
        "code": trace.code,
        "call": trace.call,
        "steps": [_step(step) for step in trace.steps],
        "mark": mark,
        "label_offset": layout.LABEL_OFFSET,
    }


def _step(step: Step) -> dict[str, Any]:
    shown = asdict(step)
    shown["changed"] = [[change.name, change.value] for change in step.changed]
    return shown
