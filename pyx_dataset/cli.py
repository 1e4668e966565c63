"""The ``pyx`` command. Exit code 0: ok, 1: found problems, 2: could not run."""

import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pyx_dataset import cli_calls  # noqa: F401  (its commands are commands too)
from pyx_dataset.classroom.preview import answers_shown, prompts_shown, tallies_shown
from pyx_dataset.config import BuildConfig, load_config
from pyx_dataset.console import Require, Workers, app, err, out
from pyx_dataset.errors import PyxError
from pyx_dataset.export.hub import parcels, push
from pyx_dataset.pipeline import build
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.sandbox.self_check import doctor_report
from pyx_dataset.show import counts_shown, rows_shown
from pyx_dataset.teacher.opening import open_teacher
from pyx_dataset.teacher.protocol import Teacher
from pyx_dataset.verify import verify
from pyx_dataset.viewing.serve import PORT, Viewer, export_page


def main() -> None:
    """Run the command line; what we raise on purpose is one sentence and exit code 2."""
    try:
        app()
    except PyxError as exc:
        err.print(f"pyx: {exc}", style="red", markup=False)
        sys.exit(2)


@app.callback()
def _pyx() -> None:
    """PYX: Python programs whose meaning is spelled out, every answer proved by execution."""


@app.command("build")
def build_command(
    config: Annotated[str, typer.Option(help="A shipped config or a TOML file.")] = "quickstart",
    seeds: Annotated[
        list[str] | None,
        typer.Option(
            help="package:NAME, files:FOLDER, files:ROWS.jsonl:COLUMN, hub:ORG/NAME:COLUMN "
            "or procedural:N."
        ),
    ] = None,
    out_folder: Annotated[Path, typer.Option("--out", help="Where the data set goes.")] = Path(
        "pyx"
    ),
    programs: Annotated[
        int | None, typer.Option(min=0, help="Stop after so many verified programs; 0: all.")
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(help="A benchmark (JSON lines) whose programs and calls are left out."),
    ] = None,
    workers: Workers = 2,
    require: Require = "weak",
    teacher_url: Annotated[
        str | None, typer.Option(help="A server that speaks OpenAI's protocol, http://HOST/v1.")
    ] = None,
    teacher_model: Annotated[str | None, typer.Option(help="The model to ask there.")] = None,
    samples: Annotated[int | None, typer.Option(min=1, help="Answers to each prompt.")] = None,
    max_cost: Annotated[
        float | None, typer.Option(min=0, help="What the answers may cost in all.")
    ] = None,
    max_requests: Annotated[
        int | None, typer.Option(min=0, help="Answers that may be used in all.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="The file that keeps every answer; default OUT.answers.")
    ] = None,
    preview_programs: Annotated[
        int | None, typer.Option("--preview", min=1, help="Ask about so many programs, and show.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Print the prompts and send none.")] = False,
) -> None:
    """Make a data set that load_dataset reads. The same command resumes, or does nothing."""
    settings = load_config(config).with_changes(
        seeds=tuple(seeds) if seeds else None,
        programs=programs,
        decontaminate=tuple(against) if against else None,
    ).with_teacher(
        kind="endpoint" if teacher_url or teacher_model else None, base_url=teacher_url,
        model=teacher_model, samples=samples, max_cost=max_cost, max_requests=max_requests,
    )  # fmt: skip
    if dry_run:
        out.print(*prompts_shown(settings, preview_programs or 5, require))
        return
    kept_in = answers or out_folder.with_name(f"{out_folder.name}.answers")
    with open_teacher(settings.teacher, kept_in, os.environ) as teacher:
        if preview_programs:
            out.print(*answers_shown(settings, teacher, preview_programs, require))
            return
        _built(settings, out_folder, teacher, workers, require)


def _built(
    settings: BuildConfig, out_folder: Path, teacher: Teacher | None, workers: int, require: str
) -> None:
    """Build, with bars, and say what came of it."""
    with _bars() as bars:
        tasks = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total or None)

        report = build(
            settings, out_folder, workers=workers, require=require, progress=progress,
            teacher=teacher,
        )  # fmt: skip
    out.print(*counts_shown(report.record))
    if "teacher" in report.record:
        out.print(tallies_shown(report.record["teacher"]))
    state = "made" if report.is_fresh else "was complete already"
    out.print(f"{report.out} {state}; isolation: {report.record['isolation']}")


@app.command("verify")
def verify_command(
    folder: Annotated[str, typer.Argument(help="A built folder, or ORG/NAME on the Hub.")],
    sample: Annotated[int | None, typer.Option(min=1, help="Only this many executions.")] = None,
    workers: Workers = 2,
) -> None:
    """Run a data set again, row by row. Exit code 1 on any mismatch, each named by row id."""
    with _bars() as bars:
        task = bars.add_task("executions", total=None)
        report = verify(
            folder,
            workers=workers,
            sample=sample,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    for mismatch in report.mismatches:
        out.print(str(mismatch), style="red", markup=False)
    rows = ", ".join(f"{count} {config}" for config, count in report.checked.items())
    out.print(f"checked {rows}: {len(report.mismatches)} mismatches")
    raise typer.Exit(1 if report.mismatches else 0)


@app.command("show")
def show_command(
    folder: Annotated[Path, typer.Argument(help="A built folder.")] = Path("pyx"),
    split: Annotated[str, typer.Option(help="train, validation or test.")] = "test",
) -> None:
    """Print three real rows: a forward monologue, a backward one, a program from its purpose."""
    out.print(*rows_shown(folder, split))


@app.command("push")
def push_command(
    folder: Annotated[Path, typer.Argument(help="A built folder.")],
    repo: Annotated[str, typer.Argument(help="ORG/NAME on the Hub.")],
    private: Annotated[bool, typer.Option("--private", help="Only for you or your ORG.")] = False,
    revision: Annotated[str | None, typer.Option(help="A branch, made if need be.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent.")] = False,
) -> None:
    """Publish a built folder with its card, as one commit. The same command resumes."""
    if dry_run:
        sent = parcels(folder)
        for parcel in sent:
            out.print(f"{parcel.bytes:>12,}  {parcel.path}", markup=False)
        out.print(f"{len(sent)} files, {sum(item.bytes for item in sent):,} bytes, to {repo}")
        return
    url, commit = push(folder, repo, private=private, revision=revision)
    out.print(f"{url} {commit}", markup=False)


@app.command("view")
def view_command(
    folder: Annotated[Path, typer.Argument(help="A built folder.")] = Path("pyx"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="On loopback; 0 for any.")] = PORT,
    export: Annotated[
        Path | None, typer.Option(help="Write one HTML file that needs no server, and end.")
    ] = None,
    rows: Annotated[
        int, typer.Option(min=1, help="Rows of every config and split in that file.")
    ] = 20,
) -> None:
    """Browse rows, step through traces, see each claim beside the step it is about."""
    with Sandbox() as sandbox:
        if export:
            count = export_page(folder, sandbox, export, rows)
            out.print(f"{export}: {count} rows", markup=False)
            return
        with Viewer(folder, sandbox, port) as viewer, suppress(KeyboardInterrupt):
            out.print(f"{folder} at {viewer.url} until Ctrl-C", markup=False)
            viewer.serve_forever()


@app.command("doctor")
def doctor_command() -> None:
    """Say how well this machine can isolate untrusted code, and which versions are here."""
    table = Table("what", "found", show_header=False, box=None)
    for name, value in asdict(doctor_report()).items():
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        table.add_row(name.replace("_", " "), text or "none")
    out.print(table)


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:>12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
    )
