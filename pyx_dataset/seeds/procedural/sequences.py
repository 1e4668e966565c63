"""Idioms for any list of numbers or words."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block, of
from pyx_dataset.seeds.procedural.pieces import Key, key, test


def each(d: Draft, x: Value) -> Made:
    """Something about every item."""
    about, item = key(d, x.item_type), d.item(x)
    out = d.name(about.tag, "changed", "mapped")
    made = ("", f"[{about.of(item)} for {item} in {x}]")
    if d.chance(0.5):
        made = (
            block(f"""
                {out} = []
                for {item} in {x}:
                    {out}.append({about.of(item)})
            """),
            out,
        )
    clause = f"replace each of {x.noun} by {about.its}"
    return Made(*made, f"list[{about.gives}]", clause, "the results", about.tag, (out,))


def either(d: Draft, x: Value) -> Made:
    """One thing for items that pass a test, another for the rest."""
    question, item = test(d, x.item_type), d.item(x)
    gives = d.one_of("int", "str")
    yes, no = key(d, x.item_type, gives), key(d, x.item_type, gives)
    out = d.name("results", "changed", "outputs")
    text = block(f"""
        {out} = []
        for {item} in {x}:
            if {question.of(item)}:
                {out}.append({yes.of(item)})
            else:
                {out}.append({no.of(item)})
    """)
    clause = (
        f"go through {x.noun} and note for each {yes.its} if it {question.one}, and {no.its} if not"
    )
    return Made(text, out, f"list[{gives}]", clause, "the notes", f"{yes.single}_or_{no.single}")


def number_that(d: Draft, x: Value) -> Made:
    """How many pass a test."""
    question, item = test(d, x.item_type), d.item(x)
    count = d.name("count", "hits", "matches")
    made = ("", f"sum(1 for {item} in {x} if {question.of(item)})")
    if d.chance(0.7):
        made = (
            block(f"""
                {count} = 0
                for {item} in {x}:
                    if {question.of(item)}:
                        {count} += 1
            """),
            count,
        )
    clause = f"count those of {x.noun} that {question.many}"
    return Made(*made, "int", clause, "the count", f"{question.tag}_count", (count,))


def first_that(d: Draft, x: Value) -> Made:
    """Where the first (or last) item is that passes a test."""
    question, item, i = test(d, x.item_type), d.item(x), d.name("index", "i", "position")
    found = d.name("found", "place", "where")
    clause = (
        f"find the position of the {{}} one of {x.noun} that {question.one}, -1 if there is none"
    )
    if d.chance(0.5):
        text = f"""
            {found} = -1
            for {i}, {item} in enumerate({x}):
                if {question.of(item)}:
                    {found} = {i}
                    break
        """
        which = "first"
    else:
        text = f"""
            {found} = -1
            for {i}, {item} in enumerate({x}):
                if {question.of(item)}:
                    {found} = {i}
        """
        which = "last"
    noun = "that position"
    return Made(block(text), found, "int", clause.format(which), noun, f"{which}_{question.tag}")


def grouped(d: Draft, x: Value) -> Made:
    """Items by something about them."""
    item, groups = d.item(x), d.name("groups", "buckets", "by_key")
    about = key(d, x.item_type)
    mark = d.name(about.single, "mark", "trait")
    if d.chance(0.5):
        line = f"{groups}.setdefault({about.of(item)}, []).append({item})"
    else:
        line = block(f"""
            {mark} = {about.of(item)}
            if {mark} not in {groups}:
                {groups}[{mark}] = []
            {groups}[{mark}].append({item})
        """)
    text = block(
        f"""
        {groups} = {{}}
        for {item} in {x}:
            <line>
        """,
        line=line,
    )
    clause = f"group {x.noun} by {about.their}"
    gives = f"dict[{about.gives}, {x.type}]"
    return Made(text, groups, gives, clause, "the groups", f"{x.code}_by_{about.single}")


def counted(d: Draft, x: Value) -> Made:
    """How often each thing about an item occurs."""
    item, counts = d.item(x), d.name("counts", "tally", "frequency")
    about = key(d, x.item_type) if d.chance(0.75) else Key("{x}", "it", x.code, x.item_type)
    only = test(d, x.item_type) if d.chance(0.35) else None
    line = f"{counts}[{about.of(item)}] = {counts}.get({about.of(item)}, 0) + 1"
    body = f"if {only.of(item)}:\n    {line}" if only else line
    text = block(
        f"""
        {counts} = {{}}
        for {item} in {x}:
            <body>
        """,
        body=body,
    )
    what = "value" if about.code == "{x}" else f"value of {about.their}"
    which = f", among those that {only.many}," if only else ""
    clause = f"count how often each {what} occurs{which} in {x.noun}"
    return Made(
        text, counts, f"dict[{about.gives}, int]", clause, "the counts", f"{about.single}_counts"
    )


def ordered(d: Draft, x: Value) -> Made:
    """Sorted by something about an item, ties by the item."""
    item, about = d.item(x), key(d, x.item_type)
    back = d.chance(0.35)
    order = f"key=lambda {item}: ({about.of(item)}, {item})" + ", reverse=True" * back
    clause = f"sort {x.noun} by {about.their}, ties by the value itself" + ", largest first" * back
    out = ("ordered", "ranked")
    return Made(
        "", f"sorted({x}, {order})", x.type, clause, "the sorted ones", f"sorted_{x.code}", out
    )


def streak(d: Draft, x: Value) -> Made:
    """Longest run of items that pass a test."""
    question, item = test(d, x.item_type), d.item(x)
    now, longest = d.name("current", "streak", "run"), d.name("longest", "best", "record")
    text = block(f"""
        {longest} = {now} = 0
        for {item} in {x}:
            if {question.of(item)}:
                {now} += 1
                {longest} = max({longest}, {now})
            else:
                {now} = 0
    """)
    clause = f"find the length of the longest run of {x.noun} that {question.many}"
    return Made(text, longest, "int", clause, "that length", f"longest_{question.tag}_run")


def runs(d: Draft, x: Value) -> Made:
    """Equal neighbours with how many there are."""
    item, out = d.item(x), d.name("runs", "blocks", "packed")
    text = block(f"""
        {out} = []
        for {item} in {x}:
            if {out} and {out}[-1][0] == {item}:
                {out}[-1] = ({item}, {out}[-1][1] + 1)
            else:
                {out}.append(({item}, 1))
    """)
    clause = f"join equal neighbours of {x.noun} into pairs of value and length"
    gives = f"list[tuple[{x.item_type}, int]]"
    return Made(text, out, gives, clause, "the pairs", f"runs_of_{x.code}")


def size(d: Draft, x: Value) -> Made:
    """How many there are, in some unit."""
    k = d.rng.randint(2, 5)
    return d.one_of(
        Made("", f"len({x}) % {k}", "int", f"take {of('length', x)} modulo {k}", "the remainder",
             f"{x.code}_modulo_{k}"),
        Made("", f"len(set({x}))", "int", f"count the different values in {x.noun}", "the count",
             f"distinct_{x.code}", ("variety", "kinds")),
        Made("", f"len({x}) - len(set({x}))", "int", f"count the repetitions in {x.noun}",
             "the count", f"repeated_{x.code}", ("repeats", "extra")),
    )  # fmt: skip
