"""Benchmarks come from the Hub by name, through the client that everybody has."""

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.hub.loopback import LoopbackHub, Repo

pytestmark = pytest.mark.network

CARD = """---
configs:
- config_name: {config}
  data_files:
  - split: test
    path: data/*
---
"""
ROWS = {
    "cruxeval-org/cruxeval": ("default", [
        {"id": "s0", "code": "def f(a, b):\n    return a", "input": "1, 2", "output": "1"},
    ]),
    "livecodebench/execution-v2": ("default", [
        {"question_id": 1, "id": "l0", "function_name": "g", "code": "def g(x):\n    return x",
         "input": "g(x = 3)", "output": "3", "numsteps": 2},
    ]),
    "google-research-datasets/mbpp": ("sanitized", [
        {"task_id": 2, "prompt": "Add one.", "code": "def inc(x):\n    return x + 1",
         "test_imports": ["import math"], "test_list": ["assert inc(1) == 2"]},
    ]),
}  # fmt: skip


def test_a_name_is_enough(tmp_path: Path) -> None:
    """Nothing but the benchmark is named, and its own answers score 100 %."""
    with LoopbackHub() as hub:
        for name, (config, rows) in ROWS.items():
            buffer = io.BytesIO()
            pq.write_table(pa.Table.from_pylist(rows), buffer)
            files = {"README.md": CARD.format(config=config).encode(),
                     "data/test.parquet": buffer.getvalue()}  # fmt: skip
            stored = {path: hashlib.sha256(blob).hexdigest() for path, blob in files.items()}
            hub.blobs |= {stored[path]: blob for path, blob in files.items()}
            hub.repos[name] = Repo(name, private=False)
            hub.repos[name].commit("main", stored)
        asked = "cruxeval-output,cruxeval-input,livecodebench-output,mbpp"
        done = subprocess.run(
            [sys.executable, "-m", "evaluation.run", "--model", "gold", "--benchmark", asked,
             "--out", str(tmp_path / "out"), "--workers", "1"],
            env={"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home"),
                 "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)},
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [json.loads(path.read_text()) for path in (tmp_path / "out").glob("*/results.json")]
    assert [one["total"]["score"] for one in found] == [1, 1, 1, 1]
