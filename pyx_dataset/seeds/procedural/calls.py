"""Steps that call a helper: written for this program, for one member or for a whole value."""

from pyx_dataset.seeds.procedural.draft import Draft, Idiom, Made, Value, block
from pyx_dataset.seeds.procedural.grammar import OF_ONE, Weighted

_VERBS = {
    "int": ("rate", "measure", "score", "weigh"),
    "str": ("convert", "describe", "encode", "render"),
    "bool": ("accept", "check"),
}


def choose(d: Draft, options: Weighted) -> Idiom:
    """One idiom by weight."""
    return d.rng.choices([each for _, each in options], [weight for weight, _ in options])[0]


def for_each(d: Draft, x: Value) -> Made:
    """Put every member through a helper and gather what comes out."""
    helper = d.helper()
    member = helper.item(x) if x.item_type != "list[int]" else helper.name("row", "group")
    call, made = _written(
        d, helper, choose(d, OF_ONE[x.item_type]), Value(member, x.item_type, "it")
    )
    item = d.item(x)
    one = call.format(item)
    expr, what, gives, tag = _gathered(d, x, item, one, made.type)
    clause = f"for each of {x.noun}, {made.clause}; {what}"
    noun = "the results" if gives.startswith("list") else "the result"
    return Made("", expr, gives, clause, noun, f"{made.tag}_{tag}")


def _gathered(d: Draft, x: Value, item: str, one: str, type_: str) -> tuple[str, str, str, str]:
    """The expression, its words, its type and a tag."""
    k = d.constant(1, 12)
    loop = f"for {item} in {x}"
    ways = [(f"[{one} {loop}]", "list the results", f"list[{type_}]", "list")]
    if type_ in ("int", "str") and x.item_type in ("int", "str"):
        ways += [
            (f"{{{item}: {one} {loop}}}", "map each to its result",
             f"dict[{x.item_type}, {type_}]", "table"),
            (f"sorted({x}, key=lambda {item}: ({one}, {item}))",
             "sort them by the result, ties by the value itself", x.type, "order"),
        ]  # fmt: skip
    if type_ == "int":
        ways += [
            (f"sum({one} {loop})", "add up the results", "int", "total"),
            (f"max(({one} {loop}), default=0)", "take the largest result, 0 for "
             "none", "int", "maximum"),
            (f"[{item} {loop} if {one} > {k}]", f"keep those whose result is above "
             f"{k}", x.type, "kept"),
            (f"[{item} {loop} if {one} % 2 == {k % 2}]",
             f"keep those whose result is {'odd' if k % 2 else 'even'}", x.type, "kept"),
        ]  # fmt: skip
    if type_ == "bool":
        ways = [
            (f"[{item} {loop} if {one}]", "keep those for which that is true", x.type, "kept"),
            (f"sum(1 {loop} if {one})", "count those for which that is true", "int", "count"),
        ]
    return d.rng.choice(ways)


def in_helper(d: Draft, x: Value, idiom: Idiom) -> Made:
    """A whole step in a function of its own."""
    helper = d.helper()
    inner = Value(helper.name(x.code), x.type, x.noun)
    call, made = _written(d, helper, idiom, inner)
    return Made("", call.format(x), made.type, made.clause, made.noun, made.tag, made.wish)


def _written(d: Draft, helper: Draft, idiom: Idiom, x: Value) -> tuple[str, Made]:
    """Write the helper; how it is called with ``{}`` for its value, and what it made."""
    made = idiom(helper, x)
    verbs = _VERBS.get(made.type, ("derive", "extract", "collect"))
    wishes = [f"{verb}_{x}" for verb in verbs if verb != str(x)]
    name = d.name(*d.rng.sample(wishes, len(wishes)), f"make_{made.tag}")
    d.program.names.add(name)
    arguments = ["{}"]
    clause = made.clause
    for each in helper.parameters:
        code, words = _argument(d, each.low, each.high, each.name)
        arguments.append(code)
        clause = clause.replace(f"`{each.name}`", words)
    head = ", ".join([str(x), *(each.name for each in helper.parameters)])
    body = f"{made.block}\nreturn {made.expr}"
    d.program.functions.append(block(f"def {name}({head}):\n    <body>", body=body))
    changed = Made(made.block, made.expr, made.type, clause, made.noun, made.tag, made.wish)
    return f"{name}({', '.join(arguments)})", changed


def _argument(d: Draft, low: int, high: int, name: str) -> tuple[str, str]:
    return d.number(low, high, name)


def figures(d: Draft, x: Value, options: Weighted) -> Made:
    """Two numbers about one value, brought together."""
    first, second = choose(d, options), choose(d, options)
    while second is first:
        second = choose(d, options)
    one, two = first(d, x), second(d, x)
    a, b = name_for(d, one), name_for(d, two)
    lines = [one.block, *bound(a, one), two.block, *bound(b, two)]
    ways = [(f"({a}, {b})", "tuple", "both")]
    if one.type == two.type == "int":
        ways += _joined(a, b, one.tag, two.tag, d.constant(2, 6))
    expr, gives, noun = d.rng.choice(ways)
    types = {"tuple": f"tuple[{one.type}, {two.type}]", "dict": "dict[str, int]"}
    clause = f"{one.clause}; {two.clause}"
    tag = f"{one.tag}_and_{two.tag}"
    text = "\n".join(line for line in lines if line)
    return Made(text, expr, types.get(gives, gives), clause, noun, tag)


def _joined(a: str, b: str, one: str, two: str, k: int) -> list[tuple[str, str, str]]:
    return [
        (f"{a} - {b}", "int", "the first less the second"),
        (f"{a} * {k} + {b}", "int", f"{k} times the first plus the second"),
        (f"max({a}, {b})", "int", "the larger"),
        (f"{a} > {b}", "bool", "whether the first is larger"),
        (f'{{"{one}": {a}, "{two}": {b}}}', "dict", "both, by name"),
    ]


def name_for(d: Draft, made: Made) -> str:
    """What to call the result of a step from here on."""
    if made.expr.isidentifier():
        return made.expr
    return made.wish[0] if len(made.wish) == 1 else d.name(*made.wish)


def bound(name: str, made: Made) -> list[str]:
    """The statement that names a result, none if it has a name."""
    return [] if made.expr.isidentifier() else [f"{name} = {made.expr}"]
