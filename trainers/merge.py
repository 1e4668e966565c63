"""Make a model of a checkpoint: ``python -m trainers.merge --checkpoint DIR --out DIR``.

The end of a training does this by itself; a checkpoint on the way is merged to be scored.
"""

import argparse
import sys
from pathlib import Path

from transformers import AutoTokenizer

from trainers.models import write_merged
from trainers.rows import Refused


def main(arguments: list[str] | None = None) -> int:
    """Write the merged model; 2 with one sentence where there is nothing to merge."""
    parser = argparse.ArgumentParser(prog="python -m trainers.merge", description=__doc__)
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True, help="folder that a trainer saved")
    add("--out", type=Path, required=True, help="folder for the plain model in bfloat16")
    add("--revision", help="of the base model on the Hub")
    options = parser.parse_args(arguments)
    try:
        if not any(options.checkpoint.glob("*.safetensors")):
            raise Refused(f"{options.checkpoint} holds no weights; give the folder of a checkpoint")
        tokenizer = AutoTokenizer.from_pretrained(options.checkpoint)
        write_merged(options.checkpoint, tokenizer, options.out, options.revision)
    except Refused as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2
    print(f"wrote {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
