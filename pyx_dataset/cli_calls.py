"""Commands about single calls: run, trace, narrate, check."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pyx_dataset.calls import check_monologue, narrate, trace_call
from pyx_dataset.config import Limits
from pyx_dataset.console import Require, Workers, app, err, out
from pyx_dataset.errors import InputError
from pyx_dataset.sandbox.pool import Job, JobResult, Sandbox
from pyx_dataset.schema import Claim, Direction
from pyx_dataset.traces.render import FORMATS, render


@app.command("run")
def run_command(
    jobs: Annotated[
        typer.FileText, typer.Argument(help='JSONL of {"id", "code", "calls"}; default: stdin.')
    ] = sys.stdin,  # type: ignore[assignment]  # typer reads "-" as stdin; this is its default
    workers: Workers = 2,
    require: Require = "weak",
    cpu_s: Annotated[float, typer.Option(help="CPU seconds a call may use.")] = 2.0,
) -> None:
    """Run untrusted calls; results in input order, one JSON object a line."""
    with Sandbox(workers=workers, limits=Limits(cpu_s=cpu_s), require=require) as sandbox:
        for result in sandbox.run(_jobs(jobs)):
            print(json.dumps(_result(result)))  # noqa: T201  (the output is the job)


@app.command("trace")
def trace_command(
    file: Annotated[Path, typer.Argument(help="A Python file.")],
    call: Annotated[str, typer.Argument(help='Such as "f(1, 2)".')],
    style: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "table",
    parts: Annotated[
        bool, typer.Option("--parts", help="What each sub-expression gave too; table and jsonl.")
    ] = False,
) -> None:
    """Show what one call does, step by step."""
    if parts and style not in ("table", "jsonl"):
        raise InputError(f"--parts needs the format table or jsonl, not {style}")
    trace = trace_call(_source(file), call, parts=parts)
    out.print(render(trace, style), markup=False)
    if trace.no_parts:
        err.print(f"no parts: {trace.no_parts}", markup=False)


@app.command("narrate")
def narrate_command(
    file: Annotated[Path, typer.Argument(help="A Python file.")],
    call: Annotated[str, typer.Argument(help='Such as "f(1, 2)".')],
    direction: Annotated[str, typer.Option(help="forward or backward.")] = "forward",
) -> None:
    """Tell one call in words, every claim checked against its trace."""
    monologue = narrate(_source(file), call, direction=_direction(direction))
    out.print(f"{monologue.text}\n\n{monologue.answer}", markup=False)


@app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(help="A Python file.")],
    call: Annotated[str, typer.Argument(help='Such as "f(1, 2)".')],
    monologue: Annotated[Path, typer.Argument(help="The text to check.")],
    direction: Annotated[str, typer.Option(help="forward or backward.")] = "forward",
) -> None:
    """Hold each claim of a monologue against the trace. Exit code 1 if any is contradicted."""
    report = check_monologue(
        _source(monologue), _source(file), call, direction=_direction(direction)
    )
    for name, claims in asdict(report).items():
        style = {"contradicted": "red", "confirmed": "green"}.get(name)
        for item in getattr(report, name):
            found = f" (found: {item.found})" if item.found is not None else ""
            out.print(
                f"{name:12} {_where(item.claim)} {item.claim.text}{found}",
                style=style,
                markup=False,
            )
        out.print(f"{name}: {len(claims)}")
    raise typer.Exit(1 if report.contradicted else 0)


def _jobs(lines: typer.FileText) -> Iterator[Job]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            yield Job(str(data["id"]), str(data["code"]), tuple(map(str, data["calls"])))
        except (ValueError, KeyError, TypeError) as exc:
            raise InputError(
                f'line {number} is not a job {{"id", "code", "calls": ["f(1)"]}}: {exc!r}'
            ) from exc


def _result(result: JobResult) -> dict[str, object]:
    names = ("outcome", "value", "exception", "stdout", "cpu_s", "wall_s")
    calls = [{name: getattr(call, name) for name in names} for call in result.calls]
    return {"id": result.id, "calls": calls, "isolation": result.isolation}


def _source(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"cannot read {file}: {exc}") from exc


def _direction(text: str) -> Direction:
    directions: dict[str, Direction] = {"forward": "forward", "backward": "backward"}
    if text not in directions:
        raise InputError(f"unknown direction {text!r}; write forward or backward")
    return directions[text]


def _where(claim: Claim) -> str:
    return f"line {claim.line}:" if claim.line else "text:"
