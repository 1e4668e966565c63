"""Idioms for lists of words."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block, quoted
from pyx_dataset.seeds.procedural.pieces import key


def joined(d: Draft, x: Value) -> Made:
    """One text of all words."""
    item, glue = d.item(x), d.one_of("", ", ", "-", " ", "/", " + ", "_")
    about = key(d, "str", "str")
    shown = f"joined by {quoted(glue)}" if glue else "with nothing between"
    expr = f"{quoted(glue)}.join({about.of(item)} for {item} in {x})"
    clause = f"write down, for each of {x.noun}, {about.its}, {shown}"
    return Made("", expr, "str", clause, "the text", f"joined_{about.tag}", ("line", "joined"))


def indexed(d: Draft, x: Value) -> Made:
    """Words with where they stand or how long they are."""
    item, i, out = d.item(x), d.name("position", "i"), d.name("index", "table", "places")
    about = key(d, "str", "int")
    start = d.rng.randint(0, 3)
    head, line, words = d.one_of(
        (f"for {i}, {item} in enumerate({x}, {start})", f"{out}[{item}] = {i}",
         f"the last place it stands at, counting from {start}"),
        (f"for {item} in {x}", f"{out}[{item}] = {about.of(item)}", about.its),
        (f"for {i}, {item} in enumerate({x}, {start})",
         f"{out}[{item}] = {out}.get({item}, 0) + {i}",
         f"the sum of the places it stands at, counting from {start}"),
    )  # fmt: skip
    text = block(f"""
        {out} = {{}}
        {head}:
            {line}
    """)
    clause = f"map each of {x.noun} to {words}"
    return Made(text, out, "dict[str, int]", clause, "the mapping", f"index_of_{x.code}")


def common_start(d: Draft, x: Value) -> Made:
    """The prefix that all words share."""
    item, start = d.item(x), d.name("prefix", "shared", "start")
    back = d.chance(0.4)
    cut, test_ = (f"{start}[1:]", "endswith") if back else (f"{start}[:-1]", "startswith")
    k = d.rng.randint(0, 2)
    first = f"{x}[{k}]" if k else f"{x}[0]"
    text = block(f"""
        {start} = {first} if len({x}) > {k} else ""
        for {item} in {x}:
            while not {item}.{test_}({start}):
                {start} = {cut}
    """)
    where = "ending" if back else "beginning"
    clause = f"find the {where} that all of {x.noun} share with the one at position {k}"
    expr, gives, noun = d.one_of((start, "str", "it"), (f"len({start})", "int", "its length"))
    return Made(text, expr, gives, clause, noun, f"common_{where}")


def letters_joined(d: Draft, x: Value) -> Made:
    """The characters that appear in several words."""
    item, counts, char = d.item(x), d.name("counts", "holders"), d.name("char", "letter")
    k = d.rng.randint(1, 3)
    text = block(f"""
        {counts} = {{}}
        for {item} in {x}:
            for {char} in sorted(set({item})):
                {counts}[{char}] = {counts}.get({char}, 0) + 1
    """)
    clause = f"count in how many of {x.noun} each character occurs"
    if d.chance(0.6):
        expr = f"[{char} for {char} in sorted({counts}) if {counts}[{char}] > {k}]"
        clause = f"list, in order, the characters that occur in more than {k} of {x.noun}"
        return Made(text, expr, "list[str]", clause, "the listed ones", "shared_characters")
    return Made(text, counts, "dict[str, int]", clause, "the counts", "character_spread")


def padded(d: Draft, x: Value) -> Made:
    """Words brought to one width."""
    item, width = d.item(x), d.name("width", "longest")
    mark = d.rng.choice(".-_*")
    how, where = d.one_of(("ljust", "right"), ("rjust", "left"), ("center", "sides"))
    extra = d.rng.randint(0, 3)
    plus = f" + {extra}" if extra else ""
    text = f"{width} = max((len({item}) for {item} in {x}), default=0){plus}"
    expr = f'[{item}.{how}({width}, "{mark}") for {item} in {x}]'
    beyond = f" and {extra} more" if extra else ""
    clause = f'fill each of {x.noun} with "{mark}" on the {where} to the longest length{beyond}'
    return Made(
        text, expr, "list[str]", clause, "the filled ones", f"padded_{x.code}", ("lines", "rows")
    )
