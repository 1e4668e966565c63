"""Idioms that take some items of a list and leave others."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block
from pyx_dataset.seeds.procedural.pieces import Key, key, test


def keep(d: Draft, x: Value) -> Made:
    """Those that pass a test."""
    question, kept = test(d, x.item_type), d.name("kept", "chosen", "selected", "matches")
    item = d.item(x)
    clause = f"keep those of {x.noun} that {question.many}"
    made = ("", f"[{item} for {item} in {x} if {question.of(item)}]")
    if d.chance(0.6):
        made = (
            block(f"""
                {kept} = []
                for {item} in {x}:
                    if {question.of(item)}:
                        {kept}.append({item})
            """),
            kept,
        )
    return Made(*made, x.type, clause, "the kept ones", f"{question.tag}_{x.code}", (kept,))


def distinct(d: Draft, x: Value) -> Made:
    """Each once, by itself or by something about it."""
    item, seen = d.item(x), d.name("seen", "known", "used")
    kept = d.name("unique", "firsts", "distinct")
    about = key(d, x.item_type) if d.chance(0.85) else Key("{x}", "it", x.code, x.item_type)
    code = about.of(item)
    mark = d.name(about.single, "mark", "trait") if code != item else item
    text = block(
        f"""
        {seen} = set()
        {kept} = []
        for {item} in {x}:
            <bind>
            if {mark} not in {seen}:
                {seen}.add({mark})
                {kept}.append({item})
        """,
        bind=f"{mark} = {code}" if code != item else "",
    )
    clause = f"drop from {x.noun} what came before"
    if code != item:
        clause = f"keep of {x.noun} those for which {about.its} was not met before"
    return Made(text, kept, x.type, clause, "the remaining ones", f"distinct_{about.tag}")


def best(d: Draft, x: Value) -> Made:
    """The item with the largest or smallest of something."""
    item, about = d.item(x), key(d, x.item_type, "int")
    found = d.name("best", "winner", "pick")
    most = d.chance(0.6)
    nothing = "0" if x.item_type == "int" else '""'
    sign, word = (">", "largest") if most else ("<", "smallest")
    top, mark = d.name("record", "mark", "extreme"), d.name(about.single, "measure")
    text = block(f"""
        {found}, {top} = {nothing}, None
        for {item} in {x}:
            {mark} = {about.of(item)}
            if {top} is None or {mark} {sign} {top}:
                {found}, {top} = {item}, {mark}
    """)
    clause = (
        f"find the first of {x.noun} for which {about.its} is {word}, {nothing} if there is none"
    )
    return Made(text, found, x.item_type, clause, "it", f"{word}_{about.single}")


def chunked(d: Draft, x: Value) -> Made:
    """Pieces of equal length."""
    k = d.rng.randint(2, 4)
    i, out = d.name("start", "i"), d.name("chunks", "pieces", "parts")
    clause = f"cut {x.noun} into pieces of {k}, the last one perhaps shorter"
    if x.type == "list[str]":
        glue = d.one_of("-", "+", " ", "/")
        text = f"""
            {out} = []
            for {i} in range(0, len({x}), {k}):
                {out}.append("{glue}".join({x}[{i}:{i} + {k}]))
        """
        clause = f"{clause}, and join each with {glue!r}"
        return Made(block(text), out, "list[str]", clause, "the joined pieces", f"joined_{out}")
    expr = f"[{x}[{i}:{i} + {k}] for {i} in range(0, len({x}), {k})]"
    return Made("", expr, "list[list[int]]", clause, "the pieces", f"{x.code}_in_{out}", (out,))


def rotated(d: Draft, x: Value) -> Made:
    """Turned by some places."""
    code, words = d.number(1, 5, "steps", "shift", "offset")
    k = d.name("turn", "cut", "split_at")
    out = d.name("rotated", "turned", "moved")
    text = block(f"""
        {k} = {code} % len({x}) if {x} else 0
        {out} = {x}[{k}:] + {x}[:{k}]
    """)
    clause = f"rotate {x.noun} to the left by {words} places"
    return Made(text, out, x.type, clause, "the rotated ones", f"rotated_{x.code}")


def picked(d: Draft, x: Value) -> Made:
    """Every k-th, or the ends."""
    k = d.rng.randint(2, 4)
    start = d.rng.randint(0, k - 1)
    places = f"every {('second', 'third', 'fourth')[k - 2]} one"
    expr, clause, tag = d.one_of(
        (
            f"{x}[{start}::{k}]",
            f"take {places} of {x.noun} from position {start} on",
            "every_other",
        ),
        (f"{x}[:{k}]", f"take the first {k} of {x.noun}", "first"),
        (f"{x}[-{k}:]", f"take the last {k} of {x.noun}", "last"),
        (f"{x}[{k}:]", f"leave out the first {k} of {x.noun}", "rest_of"),
        (f"{x}[::-1]", f"reverse {x.noun}", "reversed"),
    )
    return Made("", expr, x.type, clause, "the taken ones", f"{tag}_{x.code}", ("taken", "part"))


def parted(d: Draft, x: Value) -> Made:
    """Those that pass a test before, or apart from, those that do not."""
    question, item = test(d, x.item_type), d.item(x)
    yes, no = d.name("passed", "inside", "accepted"), d.name("others", "outside", "remaining")
    text = block(f"""
        {yes}, {no} = [], []
        for {item} in {x}:
            if {question.of(item)}:
                {yes}.append({item})
            else:
                {no}.append({item})
    """)
    clause = f"part {x.noun} into those that {question.many} and the rest"
    if d.chance(0.5):
        whole = f"move those of {x.noun} that {question.many} before the rest"
        return Made(text, f"{yes} + {no}", x.type, whole, "the new order", f"{question.tag}_first",
                    ("arranged", "reordered"))  # fmt: skip
    gives = f"tuple[{x.type}, {x.type}]"
    return Made(text, f"({yes}, {no})", gives, clause, "both", f"{question.tag}_and_rest")


def until(d: Draft, x: Value) -> Made:
    """What stands before the first item that passes a test, or from there on."""
    question, item = test(d, x.item_type), d.item(x)
    out = d.name("before", "leading", "head")
    text = block(f"""
        {out} = []
        for {item} in {x}:
            if {question.of(item)}:
                break
            {out}.append({item})
    """)
    clause = f"take from {x.noun} what stands before the first one that {question.one}"
    return Made(text, out, x.type, clause, "those before it", f"{x.code}_before_{question.tag}")
