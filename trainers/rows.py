"""From published rows to the tokens a trainer sees: which rows, in which format, at what length.

Everything is a function of the rows, the tokenizer and the seed. A row that does not fit is
dropped and counted, never cut: half a monologue teaches a model to stop in the middle.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from datasets import Dataset, get_dataset_config_names, load_dataset

from trainers.formats import COLUMNS, FORMATS, STYLES, TRACED, Messages, Row, beside, put

IGNORED = -100
"""The label of a token without loss, as PyTorch and TRL write it."""


class Refused(Exception):  # noqa: N818  (read aloud: "refused: ...")
    """What was asked cannot be trained; said before anything is computed."""


class Tokenizer(Protocol):
    """The one method of a Transformers tokenizer that is used here."""

    def apply_chat_template(self, conversation: Messages, **options: bool) -> list[int]:
        """Token ids of a conversation."""


@dataclass
class DataArguments:
    """What to train on. A recipe and the command line set these beside TRL's own settings."""

    data: str = field(default="pyx", metadata={"help": "PyX data set: a folder or a Hub name."})
    mixture: str = field(
        default="forward", metadata={"help": "Configs with weights: forward:2,backward:1."}
    )
    formats: str = field(
        default="monologue",
        metadata={"help": "Completions over the same rows, with weights: direct:3,monologue:1."},
    )
    fit_formats: str = field(
        default="",
        metadata={"help": "Keep only rows that fit in these formats too: direct,monologue."},
    )
    rows_per_program: int = field(
        default=0, metadata={"help": "Take at most so many rows of one program; 0 is all."}
    )
    max_train_rows: int = field(
        default=0, metadata={"help": "Take at most so many rows, program by program; 0 is all."}
    )
    max_train_tokens: int = field(
        default=0, metadata={"help": "Compute about so many tokens; 0: as num_train_epochs says."}
    )
    max_completion_length: int = field(
        default=0, metadata={"help": "Drop rows with more completion tokens; 0 keeps all."}
    )
    share_prefixes: bool = field(
        default=True, metadata={"help": "Compute what rows of one program have in common once."}
    )


@dataclass(frozen=True, slots=True)
class Example:
    """One tokenised row: loss falls on the tokens whose label is not `IGNORED`."""

    program: str
    """Rows of one program share most of their prompt."""
    input_ids: tuple[int, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one config in one format gave."""

    config: str
    format: str
    examples: tuple[Example, ...]
    dropped: int
    """Rows that are longer than asked, or hold a value that the format cannot show."""


def parse_weights(text: str, known: Iterable[str]) -> dict[str, float]:
    """
    Read names with weights; a name without one weighs 1.

    >>> parse_weights("direct:3,monologue", ["direct", "monologue"])
    {'direct': 3.0, 'monologue': 1.0}
    """
    weights: dict[str, float] = {}
    for item in text.split(","):
        name, _, weight = item.strip().partition(":")
        if name not in known:
            raise Refused(f"unknown name {name!r} in {text!r}; known: {', '.join(known)}")
        try:
            weights[name] = float(weight or 1)
        except ValueError:
            raise Refused(f"{weight!r} in {text!r} is not a weight; write {name}:2") from None
        if not weights[name] > 0:
            raise Refused(f"the weight of {name} in {text!r} must be positive")
    return weights


def load_rows(
    data: str, config: str, split: str = "train", columns: tuple[str, ...] | None = None
) -> Dataset:
    """
    Load one config of a PyX data set, a folder or a Hub name, and check its columns.

    `columns` are by default those that a completion is made of.
    """
    try:
        configs = get_dataset_config_names(data)
        if config not in configs:
            raise Refused(f"{data} has no config {config!r}; it has {', '.join(configs)}")
        rows = load_dataset(data, config, split=split)
    except (OSError, ValueError) as exc:
        raise Refused(f"cannot load {config!r} of {data}: {first_line(exc)}") from exc
    columns = COLUMNS[config] if columns is None else columns
    if missing := sorted(set(columns) - set(rows.column_names)):
        raise Refused(f"{config!r} of {data} is no PyX data: it lacks {', '.join(missing)}")
    return rows


def tokenise(row: Row, prompt: Messages, completion: Messages, tokenizer: Tokenizer) -> Example:
    """Tokenise one example; the labels are the completion, with the token that ends the turn."""
    start = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=False)
    ids = tokenizer.apply_chat_template(prompt + completion, return_dict=False)
    if ids[: len(start)] != start:
        raise Refused("the chat template renders a prompt differently once an answer follows")
    labels = [IGNORED] * len(start) + ids[len(start) :]
    return Example(row["program_id"], tuple(ids), tuple(labels))


def completion_length(example: Example) -> int:
    """Tokens with loss."""
    return sum(label != IGNORED for label in example.labels)


def example_of(
    row: Row, config: str, styles: Sequence[str], tokenizer: Tokenizer, limits: tuple[int, int]
) -> Example | None:
    """
    `row` in the first of `styles`; None unless it fits in every one of them.

    `limits` are the most tokens of a row and of its completion.
    """
    made = []
    for style in styles:
        turns = put(row, config, style)
        if turns is None:
            return None
        example = tokenise(row, *turns, tokenizer)
        if len(example.input_ids) > limits[0] or completion_length(example) > limits[1]:
            return None
        made.append(example)
    return made[0]


def choose(counts: Sequence[int], weights: Sequence[float], most: int) -> list[int]:
    """
    How many rows each part gives so that shares follow `weights` and no row repeats.

    `most` limits the sum; 0 is no limit.

    >>> choose([1000, 1000], [3, 1], 0)
    [1000, 333]
    >>> choose([1000, 1000], [3, 1], 400)
    [300, 100]
    """
    per_weight = min(count / weight for count, weight in zip(counts, weights, strict=True))
    if most:
        per_weight = min(per_weight, most / sum(weights))
    return [round(per_weight * weight) for weight in weights]


def order(rows: Dataset, seed: int) -> list[int]:
    """
    Row numbers in a seeded order that keeps the rows of a program together.

    So a limit takes whole programs, the same ones in every format, and prompts can be shared.
    """

    def key(number: int) -> tuple[bytes, bytes]:
        program = programs[number]
        return _digest(seed, program), _digest(seed, program, number)

    programs: list[str] = rows["program_id"][:]
    return sorted(range(len(rows)), key=key)


def spread(rows: Dataset, most: int, seed: int) -> Dataset:
    """At most `most` rows of each program (0: all), so that a limit reaches more programs."""
    programs: list[str] = rows["program_id"][:]
    taken: Counter[str] = Counter()
    kept = []
    for number in order(rows, seed):
        taken[programs[number]] += 1
        if not most or taken[programs[number]] <= most:
            kept.append(number)
    return rows.select(kept)


def load_parts(
    wanted: DataArguments, tokenizer: Tokenizer, *, length: int, seed: int
) -> list[Part]:
    """Load, choose and tokenise the training rows; drop those that are too long."""
    configs = parse_weights(wanted.mixture, FORMATS)
    styles = parse_weights(wanted.formats, STYLES)
    also = list(parse_weights(wanted.fit_formats, STYLES)) if wanted.fit_formats else []
    for config in configs:
        if unknown := {*styles, *also} - FORMATS[config].keys():
            raise Refused(
                f"{config!r} has no format {', '.join(sorted(unknown))}; "
                f"it has {', '.join(FORMATS[config])}"
            )
    tables = {
        config: spread(load_rows(wanted.data, config), wanted.rows_per_program, seed)
        for config in configs
    }
    executions = None
    if {*styles, *also} & set(TRACED):
        executions = load_rows(wanted.data, "executions")
    asked = [(config, style) for config in configs for style in styles]
    numbers = choose(
        [len(tables[config]) for config, _ in asked],
        [configs[config] * styles[style] for config, style in asked],
        wanted.max_train_rows,
    )
    limits = length, wanted.max_completion_length or length
    parts = []
    for (config, style), number in zip(asked, numbers, strict=True):
        rows = tables[config].select(order(tables[config], seed)[:number])
        examples = [
            example_of(row, config, [style, *also], tokenizer, limits)
            for row in (beside(rows, executions) if executions else rows)
        ]
        fitting = tuple(example for example in examples if example is not None)
        parts.append(Part(config, style, fitting, len(examples) - len(fitting)))
    if not any(part.examples for part in parts):
        most = wanted.max_completion_length or "any"
        raise Refused(
            f"no row of {wanted.data} fits max_length={length}, max_completion_length={most}"
        )
    return parts


def _digest(*path: str | int) -> bytes:
    return hashlib.blake2b(repr(path).encode(), digest_size=8).digest()


def first_line(exc: Exception) -> str:
    """What a library's error says, without its pages of advice."""
    return (str(exc).strip() or type(exc).__name__).splitlines()[0]
