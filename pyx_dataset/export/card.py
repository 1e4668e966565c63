"""The data set's card, made from the build's record: no number in it is typed by hand."""

import json
from collections.abc import Iterable
from hashlib import sha256
from importlib import resources
from string import Template
from typing import Any

from huggingface_hub import DatasetCardData

from pyx_dataset.export.features import FEATURES, MEANING
from pyx_dataset.export.plots import plots
from pyx_dataset.reasons import REASONS
from pyx_dataset.schema import SPLITS

_HUB_LICENSES = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}
"""SPDX names that the Hub writes in lower case; any other is ``other`` there."""

_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M")


def card(record: dict[str, Any]) -> str:
    """
    The README.md of a built data set, with the YAML head that ``load_dataset`` reads.

    Args:
        record: What ``build.json`` holds.
    """
    template = resources.files("pyx_dataset") / "export" / "card.md"
    limits = record["config"]["limits"]
    return Template(template.read_text(encoding="utf-8")).substitute(
        metadata=_metadata(record).to_yaml(),
        rows=_rows(record["counts"]),
        columns=_columns(),
        sources=_sources(record["sources"]),
        outcomes=_table(("outcome", "executions"), record["outcomes"].items()),
        reach=_table(("of a program", "mean"), record["reach"].items()),
        spreads=_spreads(record["spreads"]),
        plots="\n".join(f"![{caption}](plots/{name})" for name, caption, _ in plots(record)),
        writers=_writers(record),
        rejected=_rejected(record["rejected"]),
        decontamination=_decontamination(record.get("decontamination", {})),
        settings=_toml(record["config"]),
        pyx_version=record["pyx_version"],
        schema_version=record["schema_version"],
        python_version=record["python_version"],
        isolation=record["isolation"],
        trace_steps=limits["trace_steps"],
        trace_value_chars=limits["trace_value_chars"],
    )


def _metadata(record: dict[str, Any]) -> DatasetCardData:
    spdx = sorted({source["license"] for source in record["sources"].values()})
    others = [name for name in spdx if name not in _HUB_LICENSES]
    licenses = [name.lower() for name in spdx if name in _HUB_LICENSES] + ["other"] * bool(others)
    examples = sum(record["counts"]["default"].values())
    extra = {"license_name": " AND ".join(others).lower()} if others else {}
    return DatasetCardData(
        pretty_name="PYX",
        language=["code", "en"],
        license=licenses,
        **extra,
        task_categories=["text-generation"],
        tags=["code", "python", "execution", "reasoning", "trace"],
        size_categories=[_SIZES[min(max(len(str(examples)) - 3, 0), len(_SIZES) - 1)]],
        configs=_configs(record["counts"], record["files"]),
    )


def _configs(counts: dict[str, dict[str, int]], files: dict[str, str]) -> list[dict[str, Any]]:
    """
    What ``load_dataset`` finds: `datasets` fails on a split without rows, so none is named.

    `datasets` keeps what it has read of a local folder under a name made of this head alone, not
    of the path or the time of its files; without a fingerprint of the rows in it, another build
    would be answered with the rows of the first.
    """
    configs: list[dict[str, Any]] = []
    for config in FEATURES:
        splits = [split for split in SPLITS if counts[config][split]]
        if splits:
            paths = [{"split": split, "path": f"{config}/{split}-*.parquet"} for split in splits]
            mark = {"default": True} if config == "default" else {}
            own = {name: text for name, text in files.items() if name.startswith(f"{config}/")}
            rows = sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()
            description = {"description": f"rows {rows[:16]}"}
            configs.append({"config_name": config, **mark, **description, "data_files": paths})
    return configs


def _rows(counts: dict[str, dict[str, int]]) -> str:
    lines = (
        (f"`{config}`", *(counts[config][split] for split in SPLITS), sum(counts[config].values()))
        for config in FEATURES
    )
    return _table(("config", *SPLITS, "all"), lines)


def _columns() -> str:
    holders: dict[str, list[str]] = {}
    for config, features in FEATURES.items():
        for column in features:
            holders.setdefault(column, []).append(config)
    lines = ((f"`{name}`", MEANING[name], ", ".join(holders[name])) for name in sorted(holders))
    return _table(("column", "holds", "in"), lines)


def _sources(sources: dict[str, dict[str, Any]]) -> str:
    lines = (
        (name, source["version"], source["license"], source["programs"])
        for name, source in sorted(sources.items())
    )
    return _table(("distribution", "version", "licence", "programs"), lines)


def _spreads(spreads: dict[str, dict[str, Any]]) -> str:
    names = ("n", "min", "p10", "median", "p90", "max")
    lines = ((what, *(spread.get(name, "") for name in names)) for what, spread in spreads.items())
    return _table(("of", *names), lines)


def _writers(record: dict[str, Any]) -> str:
    """Who wrote the texts: the narrator alone, or a model beside it."""
    if "teacher" not in record:
        return "No language model wrote anything: monologues are told from traces by rules."
    model = record["config"]["teacher"]["model"]
    hashes = ", ".join(f"{task} `{text}`" for task, text in record["prompts"].items())
    tallies = _table(
        ("task", "asked", "accepted", "tokens in", "tokens out"),
        ((task, *tally.values()) for task, tally in record["teacher"].items()),
    )
    return (
        f"The narrator tells traces by rules; `{model}` was asked beside it, and what it wrote was "
        f"judged by execution and step by step.\nPrompt files: {hashes}.\n\n{tallies}"
    )


def _rejected(rejected: dict[str, dict[str, int]]) -> str:
    lines = (
        (stage, f"`{reason}`", REASONS[reason], count)
        for stage, reasons in rejected.items()
        for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    )
    return _table(("stage", "reason", "meaning", "dropped"), lines)


def _decontamination(benchmarks: dict[str, dict[str, int]]) -> str:
    if not benchmarks:
        return "- No decontamination against benchmarks has been run on this build."
    rules = {
        "tokens": "programs that share 13 code tokens in a row",
        "text": "programs that share a task's text",
        "pair": "calls that share arguments and value",
    }
    return "\n".join(
        f"- Decontaminated against {name} ({found['tasks']} tasks); dropped: "
        + ", ".join(f"{found.get(rule, 0)} {words}" for rule, words in rules.items())
        + "."
        for name, found in benchmarks.items()
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _toml(config: dict[str, Any]) -> str:
    """`config` as TOML: its scalars and lists are written as in JSON."""
    plain = {name: value for name, value in config.items() if not isinstance(value, dict)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in plain.items()]
    for name, table in config.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]"]
            lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines)
