"""Idioms for mappings, pairs, grids and groups."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block
from pyx_dataset.seeds.procedural.pieces import key, test


def _types(x: Value) -> tuple[str, str]:
    """Key and value type of a ``dict[K, V]``, or of a ``list[tuple[K, V]]``."""
    inner = x.type.removeprefix("dict[").removeprefix("list[tuple[").rstrip("]")
    first, _, second = inner.partition(", ")
    return first, f"{second}]" if "[" in second else second


def _pair(d: Draft, x: Value) -> tuple[str, str, str]:
    """Names for a key and a value, and the loop over both."""
    first = {"str": ("name", "word", "key"), "int": ("key", "code", "point")}[_types(x)[0]]
    a = d.name(*first)
    b = d.name("members" if "list" in _types(x)[1] else "amount", "count", "value")
    return a, b, f"for {a}, {b} in {x}" + (".items()" if x.type.startswith("dict") else "")


def keys_that(d: Draft, x: Value) -> Made:
    """The keys whose value passes a test."""
    a, b, loop = _pair(d, x)
    question, out = test(d, "int"), d.name("chosen", "found", "hits")
    first = _types(x)[0]
    text = block(f"""
        {out} = []
        {loop}:
            if {question.of(b)}:
                {out}.append({a})
    """)
    clause = f"list the keys in {x.noun} whose value {question.one}"
    end, said = d.one_of((out, ""), (f"sorted({out})", ", sorted"))
    return Made(
        text, end, f"list[{first}]", clause + said, "the listed ones", f"keys_with_{question.tag}"
    )


def values_changed(d: Draft, x: Value) -> Made:
    """The same keys with other values, or only some of them."""
    a, b, loop = _pair(d, x)
    about, only = key(d, "int", "int"), test(d, "int") if d.chance(0.6) else None
    condition = f" if {only.of(b)}" if only else ""
    which = f", only where it {only.one}" if only else ""
    out = d.name("changed", "updated", "adjusted")
    clause = f"replace each value in {x.noun} by {about.its}{which}"
    made = ("", f"{{{a}: {about.of(b)} {loop}{condition}}}")
    if d.chance(0.5):
        line = f"{out}[{a}] = {about.of(b)}"
        made = (
            block(
                f"""
                {out} = {{}}
                {loop}:
                    <body>
                """,
                body=f"if {only.of(b)}:\n    {line}" if only else line,
            ),
            out,
        )
    gives = f"dict[{_types(x)[0]}, int]"
    return Made(*made, gives, clause, "the new mapping", f"{about.tag}_by_key", (out,))


def turned(d: Draft, x: Value) -> Made:
    """Values, or something about them, become keys."""
    a, b, loop = _pair(d, x)
    about, out = key(d, "int"), d.name("groups", "by_value", "inverse")
    text = block(f"""
        {out} = {{}}
        {loop}:
            {out}.setdefault({about.of(b)}, []).append({a})
    """)
    clause = f"group the keys in {x.noun} by {about.about('their value')}"
    gives = f"dict[{about.gives}, list[{_types(x)[0]}]]"
    return Made(text, out, gives, clause, "the groups", f"keys_by_{about.single}")


def top(d: Draft, x: Value) -> Made:
    """The key with the largest or smallest value."""
    a, b, loop = _pair(d, x)
    best, most = d.name("best", "winner", "leader"), d.name("most", "record", "mark")
    high = d.chance(0.65)
    sign = d.one_of(">", ">=") if high else d.one_of("<", "<=")
    which = "the last" if "=" in sign else "the first"
    floor = d.constant(0, 8) if high else d.constant(20, 60)
    text = block(f"""
        {best}, {most} = None, {floor}
        {loop}:
            if {b} {sign} {most}:
                {best}, {most} = {a}, {b}
    """)
    nothing = "0" if _types(x)[0] == "int" else '"none"'
    word, bound = ("largest", "above") if high else ("smallest", "below")
    if "=" in sign:
        bound = "at least" if high else "at most"
    expr, noun, gives = d.one_of(
        (f"({best}, {most})", f"the key (None if there is none) and that value or {floor}", "pair"),
        (f"{best} or {nothing}", f"that key, or {nothing} if there is none", _types(x)[0]),
        (most, f"that value, or {floor} if there is none", "int"),
    )  # fmt: skip
    clause = f"find {which} key in {x.noun} with the {word} value {bound} {floor}"
    gives = f"tuple[{_types(x)[0]} | None, int]" if gives == "pair" else gives
    return Made(text, expr, gives, clause, noun, f"{word}_key")


def value_total(d: Draft, x: Value) -> Made:
    """The values of some keys, added up."""
    a, b, loop = _pair(d, x)
    about = key(d, "int", "int")
    question = test(d, _types(x)[0])
    acc, k = d.name("total", "points", "cost"), d.constant(1, 9)
    other = d.one_of("", f"{acc} -= {k}", f"{acc} += {k}")
    said = {"": "", f"{acc} -= {k}": f", less {k} for any other key"}
    text = block(
        f"""
        {acc} = 0
        {loop}:
            if {question.of(a)}:
                {acc} += {about.of(b)}
            <other>
        """,
        other=f"else:\n    {other}" if other else "",
    )
    rest = said.get(other, f", and {k} for any other key")
    clause = (
        f"take, for each key in {x.noun} that {question.one}, of its value {about.its}, "
        f"and add these up{rest}"
    )
    return Made(text, acc, "int", clause, "the total", "value_total")


def ranking(d: Draft, x: Value) -> Made:
    """Pairs in order of value, perhaps only the first."""
    pair = d.name("pair", "entry")
    k = d.rng.randint(1, 5)
    cut = d.chance(0.5)
    order, words = d.one_of(
        (f"(-{pair}[1], {pair}[0])", "falling value, ties by key"),
        (f"({pair}[1], {pair}[0])", "rising value, ties by key"),
    )
    code = f"{x}.items()" if x.type.startswith("dict") else str(x)
    out = d.name("ranked", "ordered", "standing")
    text = f"{out} = sorted({code}, key=lambda {pair}: {order})"
    first, which = (f"[:{k}]", f"the first {k} of ") if cut else ("", "")
    clause = f"sort the pairs of {x.noun} by {words}"
    inner = ", ".join(_types(x))
    name = d.name("name", "key")
    expr, gives, noun = d.one_of(
        (f"{out}{first}", f"list[tuple[{inner}]]", f"{which}the pairs"),
        (f"[{name} for {name}, _ in {out}{first}]", f"list[{_types(x)[0]}]", f"{which}the keys"),
    )
    return Made(text, expr, gives, clause, noun, "ranking")


def lines_of(d: Draft, x: Value) -> Made:
    """Each pair as text."""
    a, b, loop = _pair(d, x)
    sign = d.one_of(":", "=", " x ", " -> ", ": ")
    parts = "{" + a + "}" + sign + "{" + b + "}"
    only = test(d, "int") if d.chance(0.6) else None
    condition = f" if {only.of(b)}" if only else ""
    which = f" whose value {only.one}" if only else ""
    clause = f'write each pair of {x.noun}{which} as key, "{sign}" and value'
    gives, expr = "list[str]", f'[f"{parts}" {loop}{condition}]'
    return Made("", expr, gives, clause, "the texts", "pair_texts", ("lines", "texts"))


def summed(d: Draft, x: Value) -> Made:
    """Amounts of a list of pairs added up by name."""
    a, b, loop = _pair(d, x)
    out, about = d.name("totals", "sums", "balance"), key(d, _types(x)[0])
    line, words = d.one_of(
        (f"{out}[{{k}}] = {out}.get({{k}}, 0) + {b}", "add up the values"),
        (f"{out}[{{k}}] = max({b}, {out}.get({{k}}, {b}))", "take the largest value"),
        (f"{out}[{{k}}] = min({b}, {out}.get({{k}}, {b}))", "take the smallest value"),
        (f"{out}[{{k}}] = {out}.get({{k}}, 0) + 1", "count the pairs"),
    )
    plain = d.chance(0.5)
    only = test(d, "int") if d.chance(0.4) or "+ 1" in line else None
    line = line.replace("{k}", a if plain else about.of(a))
    text = block(
        f"""
        {out} = {{}}
        {loop}:
            <body>
        """,
        body=f"if {only.of(b)}:\n    {line}" if only else line,
    )
    by = "first member" if plain else f"first member, taking of it {about.its}"
    which = f", where the second {only.one}," if only else ""
    clause = f"{words} of {x.noun}{which} for each {by}"
    gives = f"dict[{_types(x)[0] if plain else about.gives}, int]"
    return Made(text, out, gives, clause, "the mapping", "totals_by_key")


def group_figures(d: Draft, x: Value) -> Made:
    """A number for each group."""
    a, b, loop = _pair(d, x)
    member = _types(x)[1].removeprefix("list[").removesuffix("]")
    expr, words = d.one_of(
        *[(f"len({b})", "its size"), (f"len(set({b}))", "its number of different members")],
        *([(f"sum({b})", "its sum"), (f"max({b})", "its largest member"),
           (f"max({b}) - min({b})", "its spread")] if member == "int" else
          [(f"max(len(m) for m in {b})", "the length of its longest member"),
           (f"sum(len(m) for m in {b})", "the length of all its members")]),
    )  # fmt: skip
    least = d.rng.randint(1, 2)
    only, which = d.one_of(
        ("", ""), (f" if len({b}) > {least}", f" with more than {least} members")
    )
    clause = f"give for each of {x.noun}{which} {words}"
    expr = f"{{{a}: {expr} {loop}{only}}}"
    gives = f"dict[{_types(x)[0]}, int]"
    return Made("", expr, gives, clause, "the mapping", "group_figures", ("figures", "summary"))


def group_members(d: Draft, x: Value) -> Made:
    """Members of the groups, in the order of keys."""
    a, b, loop = _pair(d, x)
    out = d.name("picked", "flat", "members_found")
    member = _types(x)[1].removeprefix("list[").removesuffix("]")
    about = key(d, member)
    one = d.name("member", "inner")
    body, words, gives = d.one_of(
        (f"{out}.append({b}[-1])", "the last member", member),
        (f"{out}.append(max({b}))", "the largest member", member),
        (f"{out}.append({b}[0])", "the first member", member),
        (f"for {one} in {b}:\n    {out}.append({about.of(one)})",
         f"for every member {about.its}", about.gives),
    )  # fmt: skip
    text = block(
        f"""
        {out} = []
        for {a} in sorted({x}):
            {b} = {x}[{a}]
            <body>
        """,
        body=body,
    )
    del loop
    clause = f"go through {x.noun} in order of their keys and list {words}"
    return Made(text, out, f"list[{gives}]", clause, "the listed ones", "group_members")
