"""Our own generator of fresh arguments against bounded hypothesis strategies, on the same programs.

Both stand in the same search: documented calls first, half of the rest neighbours of good calls,
half fresh from the same types and ingredients. Only what makes the fresh values differs, and all
make the same number of proposals. What is reached is counted over all calls that were tried.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from random import Random
from statistics import fmean
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pyx_dataset.config import BuildConfig, load_config
from pyx_dataset.filters.dedup import shape
from pyx_dataset.inputs import steer
from pyx_dataset.inputs.calls import Call, Value
from pyx_dataset.inputs.choose import points_of_all
from pyx_dataset.inputs.ingredients import Ingredients
from pyx_dataset.inputs.parameters import Parameter
from pyx_dataset.inputs.types import ANY, INT, STR, Type
from pyx_dataset.population import program_id
from pyx_dataset.program import explore
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import Program, Seed
from pyx_dataset.seeds.collect import collect
from pyx_dataset.traces.coverage import Points, points_of

_BATCH = 60


def strategy_of(wanted: Type, mix: Ingredients, depth: int = 0) -> st.SearchStrategy[Value]:
    """A bounded strategy for `wanted` that also gives what the program mentions."""
    inner = [strategy_of(item, mix, depth + 1) for item in wanted.items] if depth < 3 else []
    first = inner[0] if inner else st.integers(-20, 100) | st.text("abc XYZ019", max_size=8)
    match wanted.kind:
        case "int":
            return st.integers(-20, 1000) | st.sampled_from(mix.ints or (0, 1))
        case "float":
            return st.floats(-100, 1000, allow_nan=False, width=16).map(lambda x: round(x, 2))
        case "bool":
            return st.booleans()
        case "none":
            return st.none()
        case "str":
            letters = "abcxyzABC 0123.,-_" + "".join(mix.chars)
            words = st.text(st.sampled_from(letters), max_size=10)
            return words | st.sampled_from(mix.strs or ("a",)) | _near(mix)
        case "char":
            return st.sampled_from("abcXYZ019 .,-_é" + "".join(mix.chars))
        case "bytes":
            return st.binary(max_size=8) | _near(mix).map(lambda s: s.encode("latin-1", "replace"))
        case "list":
            return st.lists(first, max_size=6)
        case "set":
            return st.sets(st.integers(-20, 100) | st.text("abc", max_size=3), max_size=5)
        case "tuple":
            return st.tuples(*inner) if len(inner) > 1 else st.lists(first, max_size=4).map(tuple)
        case "dict":
            keys = st.text("abcXYZ", max_size=4) | st.sampled_from(mix.keys or ("a",))
            is_int = wanted.item(0).kind == "int"
            values = inner[1] if len(inner) > 1 else first
            return st.dictionaries(st.integers(0, 9) if is_int else keys, values, max_size=5)
    return strategy_of(INT, mix, 3) | strategy_of(STR, mix, 3) | st.lists(st.integers(-20, 100))


def _near(mix: Ingredients) -> st.SearchStrategy[str]:
    told = st.sampled_from(mix.strs or ("a",))
    return st.lists(told | st.text("abc 01", max_size=4), max_size=4).map("".join)


def fresh_by_hypothesis(
    name: str, takes: tuple[Parameter, ...], rng: Random, mix: Ingredients
) -> Iterator[Call]:
    """Takes the place of `pyx_dataset.inputs.generate.fresh`."""
    plain = [item for item in takes if item.style != "many" and item.types]
    fields = {
        item.name: st.one_of(
            *(strategy_of(each, mix) for each in item.types[:3]),
            *([st.sampled_from(item.told)] if item.told else []),
        )
        for item in plain
    }
    arguments = st.fixed_dictionaries(
        {item.name: fields[item.name] for item in plain if not item.is_optional},
        optional={item.name: fields[item.name] for item in plain if item.is_optional},
    )
    by_position = [item.name for item in takes if item.style == "plain"]
    rest = next((item for item in takes if item.style == "many" and item.types), None)
    extra = st.lists(strategy_of(rest.types[0] if rest else ANY, mix), max_size=3 if rest else 0)
    while True:
        for drawn, more in _draws(arguments, extra, rng.randrange(2**32)):
            named = dict(drawn)
            args: list[Value] = []
            for each in by_position:
                if each not in named:
                    break
                args.append(named.pop(each))
            else:
                args += more
            yield Call(name, tuple(args), named)


def _draws(
    arguments: st.SearchStrategy[dict[str, Value]],
    extra: st.SearchStrategy[list[Value]],
    number: int,
) -> list[tuple[dict[str, Value], list[Value]]]:
    """A batch of what two strategies give, the same for the same `number`."""
    found: list[tuple[dict[str, Value], list[Value]]] = []

    @seed(number)
    @settings(
        max_examples=_BATCH,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(arguments, extra)
    def draw(named: dict[str, Value], more: list[Value]) -> None:
        found.append((named, more))

    draw()
    return found


def measure(
    programs: list[Program], config: BuildConfig, most: int, way: AbstractContextManager[object]
) -> str:
    """One row of the table."""
    rows: list[tuple[float, float, float, float]] = []
    tried = valid_calls = 0
    began = time.process_time()
    with (
        way,
        Sandbox(limits=config.limits, hash_seed=1) as box,
        patch.multiple(steer, _ENOUGH=most, _QUIET=0),
    ):
        for program in programs:
            valid, raised, rejected = explore(program, config, box)
            code = program.seed
            there = points_of(code.code, code.entry_point)
            found = points_of_all([*valid, *raised])
            reached = Points(there.lines & found, there.branches & found)
            different = len({item.value for item in valid})
            tried += len(valid) + len(rejected)
            valid_calls += len(valid)
            rows.append((*reached.share(there), float(different), float(len(valid) >= 6)))
    cpu_s = time.process_time() - began
    line_share, branch_share, values, survive = (
        fmean(column) for column in zip(*rows, strict=True)
    )
    return (
        f"{line_share:.4f} | {branch_share:.4f} | {valid_calls / tried:.3f} | {values:.1f} | "
        f"{survive:.3f} | {tried} | {1000 * cpu_s / tried:.3f}"
    )


def sample(config: BuildConfig, n: int) -> list[Program]:
    """`n` programs of the config's sources, spread over all of them by their hashes."""
    seeds: dict[str, Seed] = {}
    for item in collect(config.seeds, config):
        if isinstance(item, Seed):
            seeds.setdefault(shape(item.code), item)
    programs = [Program(program_id(item), "", "train", item) for item in seeds.values()]
    return sorted(programs, key=lambda item: item.id)[:n]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="quickstart")
    parser.add_argument("--programs", type=int, default=300)
    parser.add_argument("--proposals", type=int, default=100, help="for each program")
    args = parser.parse_args()
    config = load_config(args.config).with_changes(max_proposals=args.proposals)
    programs = sample(config, args.programs)
    target = "pyx_dataset.inputs.generate.fresh"
    ways: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "ours": nullcontext,
        "hypothesis": lambda: patch(target, fresh_by_hypothesis),
    }
    print(f"{len(programs)} programs, at most {args.proposals} proposals each")
    print("fresh values by | lines | branches | valid | values | 6 valid | proposals | own ms each")
    for name, way in ways.items():
        print(f"{name} | {measure(programs, config, args.proposals, way())}", flush=True)


if __name__ == "__main__":
    main()
