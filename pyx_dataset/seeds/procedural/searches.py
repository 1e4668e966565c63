"""Idioms that look for pairs, places and an order among numbers."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block


def two_pointers(d: Draft, x: Value) -> Made:
    """Close in from both ends of the sorted list."""
    code, words = d.number(5, 30, "target", "goal", "budget")
    ends = d.one_of(("low", "high"), ("left", "right"), ("i", "j"))
    i, j = d.name(ends[0]), d.name(ends[1])
    row, pair_sum = d.name("ordered", "ranked"), d.name("pair_sum", "both", "together")
    out = d.name("pairs", "found", "hits")
    about = d.one_of("exact", "count", "closest")
    sign = "<=" if about == "count" else d.one_of("<", "<=")
    if about == "closest":
        step = f"if abs({pair_sum} - {code}) < abs({out} - {code}):\n    {out} = {pair_sum}"
        first, gives = "0", "int"
        clause = f"find the sum of two of {x.noun} that is closest to {words} (0 counts as one)"
        noun, tag = "that sum", "closest_pair_sum"
    elif about == "count":
        step = f"if {pair_sum} <= {code}:\n    {out} += {j} - {i}"
        first, gives = "0", "int"
        clause = f"count the pairs in {x.noun} whose sum is {words} at most"
        noun, tag = "the count", "affordable_pairs"
    else:
        step = f"if {pair_sum} == {code}:\n    {out}.append(({row}[{i}], {row}[{j}]))"
        first, gives = "[]", "list[tuple[int, int]]"
        clause = (
            f"sort {x.noun}, close in from both ends and note each pair met that sums to {words}"
        )
        noun, tag = "the pairs", "matching_pairs"
    text = block(
        f"""
        {row} = sorted({x})
        {i}, {j} = 0, len({row}) - 1
        {out} = {first}
        while {i} < {j}:
            {pair_sum} = {row}[{i}] + {row}[{j}]
            <step>
            if {pair_sum} {sign} {code}:
                {i} += 1
            else:
                {j} -= 1
        """,
        step=step,
    )
    return Made(text, out, gives, clause, noun, tag)


def pairs_in(d: Draft, x: Value) -> Made:
    """Every two items, in a nested loop."""
    i, j = d.name("i", "first"), d.name("j", "second")
    out = d.name("count", "pairs")
    k = d.constant(2, 9)
    a, b = f"{x}[{i}]", f"{x}[{j}]"
    question, words, tag = d.one_of(
        (f"{a} > {b}", "the earlier one is larger", "inversions"),
        (f"({a} + {b}) % {k} == 0", f"the sum is divisible by {k}", f"pairs_divisible_by_{k}"),
        (f"abs({a} - {b}) == {k}", f"the distance is {k}", f"pairs_{k}_apart"),
        (f"abs({a} - {b}) < {k}", f"the distance is below {k}", "close_pairs"),
        (f"{a} == {b} + {k}", f"the earlier one is {k} larger", "matching_pairs"),
        (f"{a} + {b} > {k * 3}", f"the sum exceeds {k * 3}", "heavy_pairs"),
        (f"{j} - {i} > 1 and {a} < {b}", "the later one is larger and no neighbour",
         "distant_rises"),
    )  # fmt: skip
    as_list = d.chance(0.4)
    line = f"{out}.append(({a}, {b}))" if as_list else f"{out} += 1"
    text = block(f"""
        {out} = {"[]" if as_list else "0"}
        for {i} in range(len({x})):
            for {j} in range({i} + 1, len({x})):
                if {question}:
                    {line}
    """)
    verb = "list" if as_list else "count"
    clause = f"{verb} the pairs of {x.noun}, in order, where {words}"
    gives = "list[tuple[int, int]]" if as_list else "int"
    return Made(text, out, gives, clause, "the pairs" if as_list else "the count", tag)


def peaks(d: Draft, x: Value) -> Made:
    """Places that stand out from both neighbours."""
    i, out = d.name("i", "index", "place"), d.name("peaks", "spots", "marks")
    high = d.chance(0.6)
    sign, word = (">", "larger") if high else ("<", "smaller")
    what, noun = d.one_of((i, "positions"), (f"{x}[{i}]", "values"))
    text = block(f"""
        {out} = []
        for {i} in range(1, len({x}) - 1):
            if {x}[{i}] {sign} {x}[{i} - 1] and {x}[{i}] {sign} {x}[{i} + 1]:
                {out}.append({what})
    """)
    clause = f"find the {noun} in {x.noun} that are {word} than both neighbours"
    if what == i:
        clause = f"find the positions in {x.noun} whose value is {word} than both neighbours"
    return Made(text, out, x.type, clause, f"the {noun}", "peaks" if high else "valleys")


def best_stretch(d: Draft, x: Value) -> Made:
    """Largest sum of neighbours, with a charge for each."""
    item, now, top = d.item(x), d.name("current", "here"), d.name("best", "top", "highest")
    charge = d.constant(0, 6)
    gain = f"{item} - {charge}" if charge else item
    text = block(f"""
        {top} = {now} = 0
        for {item} in {x}:
            {now} = max(0, {now} + {gain})
            {top} = max({top}, {now})
    """)
    less = f", each less {charge}" if charge else ""
    clause = f"find the largest sum of neighbours in {x.noun}{less}, 0 for none"
    return Made(text, top, "int", clause, "that sum", "best_stretch")


def queue(d: Draft, x: Value) -> Made:
    """Take items one by one; large ones come back smaller."""
    waiting, item = d.name("waiting", "queue", "todo"), d.item(x)
    out, limit = d.name("done", "order", "handled"), d.constant(6, 24)
    k = d.rng.randint(2, 4)
    put = d.one_of("append({0})", "insert(0, {0})").format(f"{item} // {k}")
    where = "at the end" if put.startswith("append") else "in front"
    text = block(f"""
        {waiting} = list({x})
        {out} = []
        while {waiting}:
            {item} = {waiting}.pop(0)
            if {item} > {limit}:
                {waiting}.{put}
            else:
                {out}.append({item})
    """)
    clause = (
        f"take {x.noun} one after the other; put each above {limit} back {where}, "
        f"divided by {k} and rounded down, and note the others"
    )
    return Made(text, out, x.type, clause, "the notes", "handled_order")


def sorted_by_hand(d: Draft, x: Value) -> Made:
    """Insertion sort, and perhaps how much moved."""
    row, i, item = d.name("ordered", "result"), d.name("i", "place"), d.item(x)
    moves = d.name("moves", "shifts", "swaps")
    back = d.chance(0.4)
    sign = "<" if back else ">"
    counts = d.chance(0.5)
    text = block(f"""
        {row} = []
        {f"{moves} = 0" if counts else ""}
        for {item} in {x}:
            {i} = len({row})
            while {i} > 0 and {row}[{i} - 1] {sign} {item}:
                {i} -= 1
                {f"{moves} += 1" if counts else ""}
            {row}.insert({i}, {item})
    """)
    order = "falling" if back else "rising"
    clause = f"sort {x.noun} by insertion into {order} order"
    if counts:
        return Made(
            text, moves, "int", f"{clause} and count the moves", "the count", "sorting_moves"
        )
    return Made(text, row, x.type, clause, "the sorted ones", f"{order}_{x.code}")
