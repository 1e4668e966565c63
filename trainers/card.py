"""The model card: what a tuned model was made from, how, and a place for its scores."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # ships no stubs
from huggingface_hub import DatasetCard, ModelCard, ModelCardData
from huggingface_hub.errors import HfHubHTTPError

SCORES = "## Scores"
"""`python -m evaluation.report ... --model-card FOLDER` writes under this heading."""
NO_SCORES = (
    "None yet: `python -m evaluation.report BASE_RUN TUNED_RUN --model-card FOLDER` fills this."
)

HIDDEN = "--hub_token"
"""The option whose value no card may show."""

METHODS = {
    "sft.py": "Fine-tuned on the completions of",
    "dpo.py": "Trained with DPO on the preferences of",
    "grpo.py": "Trained with GRPO on the rewards of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the card tells; `settings` as `checkpoints.settings_of` gives them."""

    script: str
    arguments: list[str]
    settings: dict[str, Any]
    configs: tuple[str, ...]
    """Of the data set, those that rows were taken from."""
    rows: str
    """How many of what, in words."""
    steps: int
    tokens: int
    """Computed in training; 0 is not counted."""
    loss: float


def write_card(account: Account, out: Path) -> None:
    """Write ``README.md`` beside a model."""
    base, data = account.settings["model_name_or_path"], account.settings["data"]
    of_base = card_data(base, ModelCard)
    head = ModelCardData(
        base_model=of_base.get("base_model") if Path(base).is_dir() else base,
        datasets=None if Path(data).is_dir() else [data],
        library_name="transformers",
        pipeline_tag="text-generation",
        license=of_base.get("license"),
        license_name=of_base.get("license_name"),
        tags=["pyx", "trl", "code", account.script.removesuffix(".py")],
    )
    revisions = "; ".join(
        f"`{config['config_name']}` {config['description']}"
        for config in card_data(data, DatasetCard).get("configs", [])
        if config["config_name"] in account.configs and config.get("description")
    )
    facts = {
        "base model": base,
        "data": data + (f" ({revisions})" if revisions else ""),
        "rows trained on": f"{account.rows}; digest `{account.settings['rows']}`",
        "steps": account.steps,
        "tokens computed": account.tokens or "not counted",
        "mean loss": f"{account.loss:.3f}",
    }
    settings = {name: value for name, value in account.settings.items() if value not in (None, "")}
    for idle in ("model_name_or_path", "data", "rows", *unused(settings)):
        settings.pop(idle)
    lines = [
        "---",
        head.to_yaml(),
        "---",
        "",
        f"# {out.parent.name}",
        "",
        f"{METHODS[account.script]} PYX: Python programs whose meaning was proved by execution.",
        "",
        *table({name: str(value) for name, value in facts.items()}),
        "",
        SCORES,
        "",
        NO_SCORES,
        "",
        "## How it was trained",
        "",
        "```",
        shlex.join([f"trainers/{account.script}", *without_secrets(account.arguments)]),
        "```",
        "",
        *table({f"`{name}`": f"`{value}`" for name, value in settings.items()}),
        "",
    ]
    (out / "README.md").write_text("\n".join(lines), encoding="utf-8")


def unused(settings: dict[str, Any]) -> list[str]:
    """Settings that decided nothing: of an adapter or a quantised base that there was not."""
    words = ["lora", "dora"] if not settings["use_peft"] else []
    words += ["bnb"] if not settings["load_in_4bit"] else []
    return [name for name in settings if any(word in name for word in words)]


def without_secrets(arguments: list[str]) -> list[str]:
    """The command line with the value of ``--hub_token`` left out."""
    said = []
    for before, word in zip(["", *arguments], arguments, strict=False):
        name, equals, _ = word.partition("=")
        said.append(
            "***" if before == HIDDEN else f"{name}=***" if name == HIDDEN and equals else word
        )
    return said


def table(cells: dict[str, str]) -> list[str]:
    """A Markdown table of two columns."""
    return ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in cells.items())]


def card_data(name: str, kind: type[ModelCard] | type[DatasetCard]) -> dict[str, Any]:
    """The head of the card of a folder or Hub name; nothing where there is none."""
    file = Path(name) / "README.md"
    try:
        found: dict[str, Any] = kind.load(file if Path(name).is_dir() else name).data.to_dict()
    except (HfHubHTTPError, OSError, ValueError, yaml.YAMLError):
        return {}  # a model is not worth less because its base has no card
    return found
