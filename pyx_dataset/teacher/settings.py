"""The ``[teacher]`` table of a config: who writes beside the narrator, and how it is asked."""

import json
import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from pyx_dataset.errors import ConfigError
from pyx_dataset.lessons import NARRATOR

KINDS = (NARRATOR, "endpoint")
TASKS = ("problem", "inputs", "forward", "backward", "solution", "debugging")
"""What a build can ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherConfig:
    """
    A teacher. With the narrator alone nobody is asked and nothing else here counts.

    The narrator tells every execution in any case; what a model writes comes on top.
    """

    kind: str = NARRATOR
    """``narrator``, or ``endpoint``: any server that speaks OpenAI's protocol."""
    model: str = ""
    """As the server calls it."""
    name: str = ""
    """As the rows call it; the same as `model` if empty."""
    tasks: tuple[str, ...] = ("forward", "backward")
    problems: int = 100
    """Snippets of real code that the task ``problem`` shows, one a request."""
    repairs: int = 2
    """How often a program that fails is sent back with its error."""
    executions: int = 3
    """Executions of a program that the model is asked about, in each direction, and bugs of it."""
    samples: int = 1
    """Answers to each prompt about an execution, a task or a bug."""
    temperature: float = 0.7
    max_tokens: int = 1500
    """Longest answer; 0 leaves it to the server."""
    extra: str = ""
    """JSON of further fields of each request, as ``{"top_p": 0.95}``."""

    prompts: str = ""
    """A folder with prompt files of your own; what it lacks is taken from this package."""
    base_url: str = ""
    """Such as ``http://localhost:8000/v1``."""
    key_env: str = ""
    """The environment variable with the key; empty where the server wants none."""
    rpm: int = 0
    """Requests a minute; 0 is no limit."""
    tpm: int = 0
    """Tokens a minute, those of prompts and answers; 0 is no limit."""
    concurrency: int = 16
    """Requests in flight at most; a server that is slow or overloaded gets fewer."""
    timeout_s: float = 300.0
    """What one request may take."""
    attempts: int = 6
    """How often a request is sent before the build gives up."""
    price_in: float = 0.0
    """Of a million tokens of prompts, in the currency of your bill."""
    price_out: float = 0.0
    """Of a million tokens of answers."""
    max_cost: float = 0.0
    """What the answers of this build may cost in all; 0 is no limit."""
    max_requests: int = 0
    """Answers that this build may use in all; 0 is no limit."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ConfigError(f"unknown teacher.kind {self.kind!r}; known: {', '.join(KINDS)}")
        if unknown := sorted(set(self.tasks) - set(TASKS)):
            raise ConfigError(
                f"unknown task {', '.join(unknown)} in teacher.tasks; known: {', '.join(TASKS)}"
            )
        for item in fields(self):
            value, least = getattr(self, item.name), _LEAST.get(item.name, 0)
            wanted = (int, float) if item.type is float else item.type
            if wanted in (int, (int, float)) and (
                isinstance(value, bool) or not isinstance(value, wanted) or not value >= least
                or not math.isfinite(value)
            ):  # fmt: skip
                raise ConfigError(
                    f"teacher.{item.name} must be a number, {least} or more, got {value!r}"
                )
        if self.extra and not isinstance(_json(self.extra), dict):
            raise ConfigError(f"teacher.extra must be a JSON object, got {self.extra!r}")

    @classmethod
    def from_table(cls, table: dict[str, Any], origin: str) -> Self:
        """Build from a TOML table read from `origin`."""
        known = {item.name for item in fields(cls)}
        if unknown := sorted(table.keys() - known):
            raise ConfigError(
                f"unknown setting teacher.{', teacher.'.join(unknown)} in {origin}; "
                f"known: {', '.join(sorted(known))}"
            )
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
        }
        return cls(**values)

    @property
    def called(self) -> str:
        """The name of the teacher in rows."""
        return NARRATOR if self.kind == NARRATOR else self.name or self.model

    def asks_for(self, task: str) -> bool:
        """Whether a model is asked for `task`."""
        return self.kind != NARRATOR and task in self.tasks

    def deciding(self) -> dict[str, Any]:
        """The settings that decide the rows: not where the server is and what it may cost."""
        if self.kind == NARRATOR:
            return {"kind": NARRATOR}
        return {key: value for key, value in asdict(self).items() if key not in _ELSEWHERE}

    def further(self) -> dict[str, Any]:
        """The fields of `extra`."""
        return dict(json.loads(self.extra)) if self.extra else {}


_LEAST: dict[str, float] = {"samples": 1, "executions": 1, "concurrency": 1, "attempts": 1,
                            "timeout_s": 0.001}  # fmt: skip
_ELSEWHERE = frozenset((
    "prompts", "base_url", "key_env", "rpm", "tpm", "concurrency", "timeout_s", "attempts",
    "price_in", "price_out", "max_cost", "max_requests",
))  # fmt: skip
"""Settings that two builds of the same bytes may differ in; of `prompts`, the hashes decide."""


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
