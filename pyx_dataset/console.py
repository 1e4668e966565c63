"""The ``pyx`` command itself, and what its commands share."""

from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

Require = Annotated[
    str, typer.Option("--require-isolation", help="Refuse to run below: strong, no-files, weak.")
]
Workers = Annotated[
    int, typer.Option(min=1, help="Processes; they change the time, not the bytes.")
]
