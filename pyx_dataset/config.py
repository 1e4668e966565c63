"""Every setting once, with its unit; a key we do not know is an error, not a no-op."""

import tomllib
from dataclasses import dataclass, field, fields, replace
from importlib import resources
from pathlib import Path
from typing import Any, Self

from pyx_dataset.errors import ConfigError
from pyx_dataset.teacher.settings import TeacherConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one call may use. Passing a limit is an outcome, never a cut value."""

    cpu_s: float = 2.0
    """CPU time of one call: the verdict depends on it, so that load beside it does not matter."""
    wall_s: float = 10.0
    """Wall time of one call: the net behind `cpu_s`, for programs that sleep."""
    memory_mib: int = 512
    output_kib: int = 64
    """What a call may print."""
    value_chars: int = 20_000
    """Longest canonical value that is returned."""
    trace_steps: int = 2_000
    """Longest trace that is recorded."""
    trace_value_chars: int = 2_000
    """Longest canonical value of one variable inside a trace."""

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
                raise ConfigError(f"limits.{item.name} must be a positive number, got {value!r}")

    @classmethod
    def from_table(cls, table: dict[str, Any]) -> Self:
        """Build from a TOML table."""
        _known(cls, table, "limits")
        return cls(**table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedural:
    """How large the programs of ``procedural:N`` may be."""

    statements: int = 26
    """Most statements of a program, helpers and ``def`` lines included."""
    nesting: int = 4
    """Most blocks inside each other."""
    loop_trips: int = 9
    """Most passes of a loop with a fixed bound, and most members of a list in an example call."""
    value: int = 100
    """Largest constant, and largest number in an example call."""

    def __post_init__(self) -> None:
        for name, least in (("statements", 8), ("nesting", 2), ("loop_trips", 3), ("value", 10)):
            found = getattr(self, name)
            if not isinstance(found, int) or isinstance(found, bool) or found < least:
                raise ConfigError(
                    f"procedural.{name} must be a whole number, {least} at least, got {found!r}"
                )

    @classmethod
    def from_table(cls, table: dict[str, Any]) -> Self:
        """Build from a TOML table."""
        _known(cls, table, "procedural")
        return cls(**table)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """One build of PYX. The same config and the same inputs give the same bytes."""

    seeds: tuple[str, ...]
    """
    Where programs come from: ``package:NAME`` or ``package:stdlib``, ``files:FOLDER`` or
    ``files:ROWS.jsonl:COLUMN``, ``hub:ORG/NAME:COLUMN``, ``procedural:N``.
    """
    programs: int = 0
    """Stop after this many verified programs; 0 takes all there are."""
    seed: int = 20240601
    """Root of all randomness."""
    min_code_lines: int = 3
    max_code_lines: int = 40
    """Of the whole program, helpers included, without docstrings and blank lines."""
    min_calls: int = 6
    """A program with fewer valid calls is dropped."""
    max_calls: int = 10
    """Calls kept of one program."""
    max_raising_calls: int = 3
    """Calls that end in an exception, kept beside those that return: one, and others that reach
    lines or branches that no other call does."""
    max_proposals: int = 240
    """Calls tried on one program at most; fewer where new ones reach nothing new."""
    max_call_chars: int = 200
    max_value_chars: int = 200
    """Longest published result of a call."""
    max_monologue_words: int = 700
    max_bugs: int = 2
    """Broken versions kept of one program, each broken by another kind of edit; 0 makes none."""
    max_mutants: int = 16
    """Edits tried on one program to find them."""
    raising_bug_share: float = 0.15
    """Share of the edits tried that may be kept if every failing call raises."""
    max_family: int = 200
    """Programs of one family, which is of one split; more of the kind are dropped."""
    shard_programs: int = 64
    """Programs of one shard: what a killed build loses at most."""
    validation_share: float = 0.05
    test_share: float = 0.2
    decontaminate: tuple[str, ...] = ()
    """Benchmark files (JSON lines): programs and calls that they hold are dropped."""
    licenses: tuple[str, ...] = (
        "MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC", "0BSD",
    )  # fmt: skip
    """SPDX licences whose code may become rows."""
    unlicensed: str = "drop"
    """What becomes of code whose licence nobody states: ``drop``, or ``mark`` it ``unknown``."""
    procedural: Procedural = field(default_factory=Procedural)
    limits: Limits = field(
        default_factory=lambda: Limits(trace_steps=300, trace_value_chars=400, value_chars=2_000)
    )
    teacher: TeacherConfig = field(default_factory=TeacherConfig)
    """Who writes beside the narrator."""

    def __post_init__(self) -> None:
        if not self.seeds:
            raise ConfigError('seeds must name at least one source, e.g. "package:stdlib"')
        for spec in self.seeds:
            kind, _, name = spec.partition(":")
            if kind not in {"package", "files", "hub", "procedural"} or not name:
                raise ConfigError(
                    f"unknown seed source {spec!r}; write package:NAME, files:FOLDER, "
                    f"hub:ORG/NAME:COLUMN or procedural:N"
                )
        for name in ("validation_share", "test_share"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 0 and below 1")
        if self.unlicensed not in {"drop", "mark"}:
            raise ConfigError(f'unlicensed must be "drop" or "mark", got {self.unlicensed!r}')
        if self.validation_share + self.test_share >= 1:
            raise ConfigError("validation_share and test_share leave nothing for train")
        if self.max_bugs < 0 or self.max_mutants < 0 or not 0 <= self.raising_bug_share <= 1:
            raise ConfigError(
                "max_bugs and max_mutants must be at least 0 and raising_bug_share a share, got "
                f"{self.max_bugs}, {self.max_mutants} and {self.raising_bug_share}"
            )
        if self.max_family < 1:
            raise ConfigError(f"max_family must be at least 1, got {self.max_family}")
        if not 1 <= self.min_calls <= self.max_calls:
            raise ConfigError(
                f"min_calls must lie between 1 and max_calls, "
                f"got {self.min_calls} and {self.max_calls}"
            )

    @classmethod
    def from_table(cls, table: dict[str, Any], origin: str) -> Self:
        """Build from a TOML table read from `origin`."""
        _known(cls, table, origin)
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
        }
        if "limits" in values:
            values["limits"] = Limits.from_table(values["limits"])
        if "procedural" in values:
            values["procedural"] = Procedural.from_table(values["procedural"])
        if "teacher" in values:
            values["teacher"] = TeacherConfig.from_table(values["teacher"], origin)
        if "seeds" not in values:
            raise ConfigError(f"{origin} names no seeds")
        return cls(**values)

    def with_changes(self, **changes: Any) -> Self:
        """The same config with some settings replaced; None leaves one as it is."""
        return replace(self, **{key: value for key, value in changes.items() if value is not None})

    def with_teacher(self, **changes: Any) -> Self:
        """The same config with some settings of the teacher replaced; None leaves one as it is."""
        changed = {key: value for key, value in changes.items() if value is not None}
        return replace(self, teacher=replace(self.teacher, **changed))


def _known(cls: type[Any], table: dict[str, Any], origin: str) -> None:
    known = {item.name for item in fields(cls)}
    if unknown := sorted(table.keys() - known):
        raise ConfigError(
            f"unknown setting {', '.join(unknown)} in {origin}; known: {', '.join(sorted(known))}"
        )


def load_config(name_or_file: str) -> BuildConfig:
    """
    Read a shipped config by name (``"quickstart"``) or any TOML file by path.

    Raises:
        ConfigError: there is no such config, it is not TOML, or it holds an unknown key.
    """
    folder = resources.files("pyx_dataset") / "configs"
    shipped = sorted(item.name.removesuffix(".toml") for item in folder.iterdir())
    path = Path(name_or_file)
    try:
        if name_or_file in shipped:
            text = (folder / f"{name_or_file}.toml").read_text(encoding="utf-8")
        elif path.is_file():
            text = path.read_text(encoding="utf-8")
        else:
            raise ConfigError(
                f"no config {name_or_file!r}: neither a file nor one of {', '.join(shipped)}"
            )
        return BuildConfig.from_table(tomllib.loads(text), name_or_file)
    except (tomllib.TOMLDecodeError, TypeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{name_or_file} is not a valid config: {exc}") from exc
