"""Programs that are kept on disk."""

import pickle
from pathlib import Path

from pyx_dataset.config import BuildConfig
from pyx_dataset.population import Gathering
from pyx_dataset.schema import Rejected
from pyx_dataset.seeds.procedural.source import procedural_seeds

CONFIG = BuildConfig(seeds=("procedural:60",))


def test_programs_come_back_as_they_went_in(tmp_path: Path) -> None:
    """Every seed, once, whatever order they are made in; a slice and a pickle read the same."""
    seeds = list(procedural_seeds("60", CONFIG))
    gathering = Gathering(tmp_path / "seeds.jsonl", CONFIG)
    for seed in [*seeds, seeds[3]]:
        gathering.take(seed)
    programs = gathering.settle()

    assert gathering.rejected[-1].reason == "duplicate"
    assert {program.seed for program in programs} == set(gathering.seeds()) <= set(seeds)
    assert [p.id for p in programs] == sorted(p.id for p in programs)
    assert list(pickle.loads(pickle.dumps(programs[10:20]))) == list(programs)[10:20]
    assert len(pickle.dumps(programs[10:20])) < 4000


def test_what_was_rejected_stays_rejected(tmp_path: Path) -> None:
    """It is passed on, not counted among the programs."""
    gathering = Gathering(tmp_path / "seeds.jsonl", CONFIG)
    gathering.take(Rejected("seeds", "decorated", "f"))

    assert len(gathering) == 0
    assert [item.subject for item in gathering.rejected] == ["f"]
