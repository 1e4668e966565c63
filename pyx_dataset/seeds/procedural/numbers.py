"""Idioms for lists of numbers."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block, of
from pyx_dataset.seeds.procedural.pieces import key, test


def total(d: Draft, x: Value) -> Made:
    """The sum of something about those that pass a test."""
    item, acc = d.item(x), d.name("total", "acc", "balance")
    about, only = key(d, "int", "int"), test(d, "int") if d.chance(0.5) else None
    line = f"{acc} += {about.of(item)}"
    start = d.constant(0, 10) if d.chance(0.3) else 0
    text = block(
        f"""
        {acc} = {start}
        for {item} in {x}:
            <body>
        """,
        body=f"if {only.of(item)}:\n    {line}" if only else line,
    )
    which = f" that {only.one}" if only else ""
    begin = f", starting from {start}" if start else ""
    clause = f"add up, for each of {x.noun}{which}, {about.its}{begin}"
    return Made(text, acc, "int", clause, "the total", f"total_of_{about.tag}")


def running(d: Draft, x: Value) -> Made:
    """A list of what was reached on the way."""
    item, acc = d.item(x), d.name("level", "total", "state")
    out = d.name("levels", "history", "progress", "sums")
    k = d.constant(2, 9)
    start = d.constant(0, 5) if d.chance(0.4) else 0
    line, how, tag = d.one_of(
        (f"{acc} += {item}", "add each", "running_totals"),
        (f"{acc} = max({acc}, {item})", "take the larger of it and each", "running_maxima"),
        (f"{acc} = min({acc}, {item})", "take the smaller of it and each", "running_minima"),
        (f"{acc} = max(0, {acc} + {item})", "add each, never below 0", "floored_totals"),
        (
            f"{acc} = min({acc} + {item}, {k * 5})",
            f"add each, never above {k * 5}",
            "capped_totals",
        ),
        (f"{acc} = ({acc} + {item}) % {k}", f"add each modulo {k}", f"totals_modulo_{k}"),
        (f"{acc} = {item} - {acc}", "take each minus it", "alternating_totals"),
        (f"{acc} = abs({acc} - {item})", "take the distance to each", "running_distances"),
        (f"{acc} = ({acc} * {k} + {item}) % 97", f"multiply by {k}, add each, modulo 97", "mixing"),
    )
    text = block(f"""
        {acc} = {start}
        {out} = []
        for {item} in {x}:
            {line}
            {out}.append({acc})
    """)
    clause = f"start from {start}, {how} of {x.noun} in turn, and note every intermediate value"
    if d.chance(0.25):
        last = f"start from {start} and {how} of {x.noun} in turn"
        short = text.replace(f"\n    {out}.append({acc})", "").replace(f"{out} = []\n", "")
        return Made(short, acc, "int", last, "the last value", f"last_of_{tag}")
    return Made(text, out, x.type, clause, "those values", tag)


def neighbours(d: Draft, x: Value) -> Made:
    """Something about each pair of neighbours."""
    a, b = d.one_of(("left", "right"), ("before", "after"), ("a", "b"), ("previous", "current"))
    a, b = d.name(a), d.name(b)
    k = d.constant(1, 6)
    expr, words, tag = d.one_of(
        (f"{b} - {a}", "the second minus the first", "differences"),
        (f"abs({a} - {b})", "their distance", "jumps"),
        (f"{a} + {b}", "their sum", "pair_sums"),
        (f"max({a}, {b})", "the larger", "larger_neighbours"),
        (f"{a} * {b}", "their product", "pair_products"),
        (f"({a} + {b}) // 2", "their mean, rounded down", "midpoints"),
        (f"{a} * {k} - {b}", f"{k} times the first minus the second", "combinations"),
    )
    pairs = f"for {a}, {b} in zip({x}, {x}[1:])"
    only = d.chance(0.5) and d.one_of(
        (f"{b} > {a}", "the second is larger"),
        (f"{b} < {a}", "the second is smaller"),
        (f"abs({a} - {b}) > {k}", f"they differ by more than {k}"),
        (f"({a} + {b}) % 2 == 1", "one is even and one odd"),
        (f"{a} != {b}", "they differ"),
    )
    out = d.name(tag, "steps", "changes")
    if only:
        text = block(f"""
            {out} = []
            {pairs}:
                if {only[0]}:
                    {out}.append({expr})
        """)
        clause = f"for each two neighbours in {x.noun} where {only[1]}, take {words}"
        return Made(text, out, x.type, clause, "these", tag)
    clause = f"take of each two neighbours in {x.noun} {words}"
    return Made("", f"[{expr} {pairs}]", x.type, clause, "these", tag, (out,))


def windows(d: Draft, x: Value) -> Made:
    """Something about each window."""
    code, words = d.number(2, 4, "size", "width", "span")
    i, out, part = d.name("i", "start"), d.name("windows", "readings"), d.name("window", "part")
    expr, what, tag = d.one_of(
        (f"sum({part})", "its sum", "sums"),
        (f"max({part})", "its largest value", "maxima"),
        (f"min({part})", "its smallest value", "minima"),
        (f"max({part}) - min({part})", "its spread", "spreads"),
        (f"sorted({part})[len({part}) // 2]", "its upper median", "medians"),
        (f"sum({part}) // len({part})", "its mean, rounded down", "means"),
    )
    bound = f"max(1, {code})" if not code.isdigit() else code
    k = bound if code.isdigit() else d.name("length", "wide")
    text = block(
        f"""
        <bind>
        {out} = []
        for {i} in range(len({x}) - {k} + 1):
            {part} = {x}[{i}:{i} + {k}]
            {out}.append({expr})
        """,
        bind="" if code.isdigit() else f"{k} = {bound}",
    )
    clause = f"slide a window of {words} over {x.noun} and note {what} each time"
    if not code.isdigit():
        clause = f"slide a window of {words} (1 at least) over {x.noun} and note {what} each time"
    return Made(text, out, x.type, clause, "the notes", f"window_{tag}")


def weighted(d: Draft, x: Value) -> Made:
    """Sum of items times something of their place."""
    i, item, acc = d.name("i", "position", "rank"), d.item(x), d.name("score", "total", "checksum")
    k, start = d.constant(2, 9), d.rng.randint(0, 3)
    expr, words = d.one_of(
        (f"{i} * {item}", "its position times its value"),
        (f"{item} * (1 if {i} % 2 == 0 else -1)", "its value, with a minus at odd positions"),
        (f"{item} * ({i} % {k})", f"its value times its position modulo {k}"),
        (f"({item} + {i}) % {k}", f"its value plus its position, modulo {k}"),
        (f"{item} // ({i} + 1)", "its value divided by its position plus 1, rounded down"),
    )  # fmt: skip
    code = f"enumerate({x}, {start})" if start else f"enumerate({x})"
    text = block(f"""
        {acc} = 0
        for {i}, {item} in {code}:
            {acc} += {expr}
    """)
    clause = f"add up, for each of {x.noun} with positions from {start} on, {words}"
    return Made(text, acc, "int", clause, "the sum", "weighted_total")


def simple(d: Draft, x: Value) -> Made:
    """A built-in function or two of the whole list."""
    k = d.constant(1, 9)
    expr, clause, noun, tag = d.one_of(
        (f"sum({x})", f"take {of('sum', x)}", "the sum", "sum"),
        (f"max({x}, default=0)", f"take the largest of {x.noun}, 0 for none", "it", "largest"),
        (f"min({x}, default=0)", f"take the smallest of {x.noun}, 0 for none", "it", "smallest"),
        (f"max({x}, default={k}) - min({x}, default={k})", f"take {of('spread', x)}",
         "the spread", "spread"),
        (f"sum({x}) // max(1, len({x}))", f"take {of('mean', x)}, rounded "
         f"down", "the mean", "mean"),
        (f"sum({x}) % {k + 6}", f"take {of('sum', x)} modulo {k + 6}", "the remainder", "checksum"),
        (f"sum({x}) + {k} * len({x})", f"add up {x.noun} with {k} more for "
         f"each", "the sum", "cost"),
    )  # fmt: skip
    return Made("", expr, "int", clause, noun, f"{tag}_of_{x.code}", (tag, "figure"))
