"""`trainers/sft.py` against TRL's own ``trl sft``: tokens of the same rows for each CPU second.

    python -m benchmarks.training pyx [--model FOLDER] [--rows 16 64] [--turns 2]

Both train the same LoRA on the same tokens, which TRL is given ready, in fresh processes that
take turns. Each trains on few rows and on many, and the difference is what the rows cost: CPU
time of the whole process tree, as the kernel adds it up. Ours runs row by row as TRL does, and
with the prefixes shared that rows of one program have in common.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # ships no stubs
from datasets import Dataset
from transformers import AutoTokenizer

from trainers.rows import DataArguments, load_parts

ROOT = Path(__file__).parents[1]
LENGTH, COMPLETION, SEED = 768, 48, 42
TRAINING = {
    "dtype": "bfloat16", "bf16": True, "use_cpu": True, "use_peft": True, "lora_r": 16,
    "lora_alpha": 32, "lora_dropout": 0.0, "lora_target_modules": "all-linear",
    "learning_rate": 5.0e-4, "max_length": LENGTH, "num_train_epochs": 1, "seed": SEED,
    "per_device_train_batch_size": 1, "gradient_accumulation_steps": 2, "report_to": "none",
    "gradient_checkpointing": False, "save_strategy": "no", "disable_tqdm": True,
}  # fmt: skip
Recipe = dict[str, Any]


def asked(pyx: str, rows: int) -> DataArguments:
    """Direct answers of as many rows, three of a program."""
    return DataArguments(
        data=pyx,
        formats="direct",
        rows_per_program=3,
        max_train_rows=rows,
        max_completion_length=COMPLETION,
    )


def spend(command: list[str], recipe: Recipe, folder: Path) -> float:
    """CPU seconds of a run and all that it started, one thread a process."""
    file = folder / "recipe.yaml"
    file.write_text(yaml.safe_dump(recipe | {"output_dir": str(folder / "run")}))
    with (folder / "said.txt").open("w") as said:
        child = subprocess.Popen(  # noqa: S603  (our own commands)
            [*command, "--config", str(file)],
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stdout=said,
            stderr=said,
        )
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit((folder / "said.txt").read_text()[-2000:])
    shutil.rmtree(folder / "run")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print one line for each turn and the median ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pyx", help="a PyX data set: a folder or a Hub name")
    parser.add_argument("--model", default="models/smollm2-135m-instruct")
    parser.add_argument("--rows", type=int, nargs=2, default=(16, 64), metavar=("FEW", "MANY"))
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(options.model)
    ours: dict[str, list[Recipe]] = {"row by row": [], "prefixes shared": []}
    theirs: list[Recipe] = []
    tokens: list[int] = []
    with tempfile.TemporaryDirectory(prefix="pyx-training-") as scratch:
        common = TRAINING | {"model_name_or_path": options.model}
        for rows in options.rows:
            data = asked(options.pyx, rows)
            (part,) = load_parts(data, tokenizer, length=LENGTH, seed=SEED)
            ready = [{"input_ids": e.input_ids, "labels": e.labels} for e in part.examples]
            folder = Path(scratch) / str(rows)
            Dataset.from_list(ready).to_parquet(folder / "train.parquet")
            theirs.append(common | {"dataset_name": str(folder)})
            tokens.append(sum(len(example.input_ids) for example in part.examples))
            for name, recipes in ours.items():
                shared = name == "prefixes shared"
                recipes.append(common | vars(data) | {"share_prefixes": shared})
        more = tokens[1] - tokens[0]

        def speed(command: list[str], recipes: list[Recipe]) -> float:
            few, many = (spend(command, recipe, Path(scratch)) for recipe in recipes)
            return more / (many - few)

        print(f"{more} tokens of rows")
        ratios: dict[str, list[float]] = {name: [] for name in ours}
        for _ in range(options.turns):
            peer = speed([str(Path(sys.executable).with_name("trl")), "sft"], theirs)
            print(f"trl sft: {peer:.0f} tokens / CPU s")
            for name, recipes in ours.items():
                own = speed([sys.executable, str(ROOT / "trainers" / "sft.py")], recipes)
                ratios[name].append(own / peer)
                print(f"sft.py, {name}: {own:.0f} tokens / CPU s, ratio {own / peer:.2f}")
    for name, found in ratios.items():
        print(f"median, {name} / trl sft: {statistics.median(found):.2f}")


if __name__ == "__main__":
    main()
