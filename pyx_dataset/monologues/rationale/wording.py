"""The wording of a rationale: for each kind of fact, the sentences that say it.

A template holds fields: ``{call}`` is code, ``{line:L}`` a label, ``{nth:n}`` an ordinal,
``{names:l}`` several pieces of code, ``{text:q}`` a quotation.
"""

FORMS: dict[str, tuple[str, ...]] = {
    "expected": (
        "`{call}` should give `{expected}`, and the run above ends with `{actual}`.",
        "The test wants `{expected}` from `{call}`, but what comes out is `{actual}`.",
        "So `{call}` comes to `{actual}`, where the test asks for `{expected}`.",
        "What came out for `{call}` is `{actual}`; it ought to be `{expected}`.",
    ),
    "expected_raise": (
        "`{call}` should give `{expected}`, and the run above ends in `{actual}`.",
        "The test wants `{expected}` from `{call}`, but the run breaks off with `{actual}`.",
        "There should be a result for `{call}`, namely `{expected}`, and no `{actual}`.",
    ),
    "asked": (
        'The task says: "{text:q}"',
        'What was asked for: "{text:q}"',
    ),
    "where": (
        "The first step that goes wrong is at {line:L}.",
        "Going through the run again, all is well until {line:L}.",
        "Where does it leave the track? At {line:L}.",
        "Nothing is wrong before {line:L}.",
    ),
    "where_nth": (
        "The first step that goes wrong is at {line:L}, the {nth:n} time it runs.",
        "Going through the run again, all is well until {line:L} runs for the {nth:n} time.",
        "Where does it leave the track? At {line:L}, on its {nth:n} run.",
    ),
    "behind": (
        "All is well up to and including {line:L}; it is what comes next that is wrong.",
        "Nothing is wrong before {line:L} has run, but then it goes astray.",
    ),
    "behind_nth": (
        "All is well until {line:L} has run for the {nth:n} time; what comes next is wrong.",
        "The {nth:n} run of {line:L} is still right, and the step after it is not.",
    ),
    "cause": (
        "It only shows there: what leads to it is {line:L}.",
        "That line does what it should with what it gets; the cause is {line:L}.",
    ),
    "state": (
        "At this point {names:l}.",
        "There {names:l}.",
        "What it has to work with: {names:l}.",
    ),
    "pair": (
        "Here `{old}` gives `{value}`, while `{new}` would give `{other}`.",
        "At that moment `{old}` comes to `{value}`; `{new}` would come to `{other}`.",
        "As written, `{old}` is `{value}`, and with `{new}` it would be `{other}`.",
    ),
    "pair_whole": (
        "So `{old}` is `{value}`, and `{new}` would be `{other}`.",
        "That makes `{old}` come out as `{value}`, but `{new}` as `{other}`.",
    ),
    "pair_range": (
        "As written, `{old}` goes over `{value}`; `{new}` would go over `{other}`.",
        "Here `{old}` takes the values `{value}`, while `{new}` would take `{other}`.",
    ),
    "new": (
        "With `{new}` it would be `{value}`.",
        "What is needed there is `{new}`, which would be `{value}`.",
    ),
    "equal_sides": (
        "The two differ only where both sides are equal, and here both are `{value}`.",
        "That matters only when both sides are equal, which is so here: both are `{value}`.",
    ),
    "left_out": ("So `{item}` is left out.", "That leaves out `{item}`."),
    "too_many": ("So `{item}` is taken as well.", "That takes in `{item}` too."),
    "alias": (
        "From then on `{one}` and `{other}` are one object: a change to one changes both.",
        "No copy is made, so `{one}` and `{other}` are one object and change together.",
    ),
    "missing": (
        "Nothing asks whether `{test}` holds, although it does here.",
        "Here `{test}` is true, and no line deals with that case.",
    ),
    "no_else": (
        "`{test}` is false here, and then nothing is done, as there is no other branch.",
        "Here `{test}` is false, a case that no line deals with.",
    ),
    "would_set": (
        "A branch for it would set `{name}` to `{value}`.",
        "What should happen is that `{name}` turns into `{value}`.",
    ),
    "wanted": (
        "And `{value}` is exactly what the test asks for.",
        "That `{value}` is the very result that is expected.",
    ),
    "in_loop": (
        "{line:L} stands inside the loop of {loop:L}, so the first pass to get there ends it all.",
        "Because {line:L} belongs to the block of {loop:L}, it does not wait for its end.",
    ),
    "no_pass": (
        "{line:L} stands inside the loop of {loop:L}, and no pass gets there to return anything.",
        "{line:L} belongs to the block of {loop:L}, and no pass of that loop reaches it.",
    ),
    "unused": (
        "It is telling that `{name}` is set in {line:L} and never read.",
        "Also, {line:L} sets `{name}`, and nothing makes use of it.",
    ),
    "overwrites": (
        "What `{name}` held before, `{value}`, is thrown away.",
        "The `{value}` that `{name}` had collected so far is lost.",
    ),
    "change": (
        "So `{name}` becomes `{value}` and not `{other}`.",
        "That makes `{name}` `{value}`, where it should be `{other}`.",
        "The effect: `{name}` is `{value}` after this line instead of `{other}`.",
    ),
    "no_change": (
        "So `{name}` stays `{value}`, though it should become `{other}`.",
        "That leaves `{name}` at `{value}`, where it should turn into `{other}`.",
    ),
    "other_change": (
        "So `{name}` gets another value than it should.",
        "From there on `{name}` is not what it should be.",
    ),
    "lost_change": (
        "So `{name}` stays as it is, though it should change.",
        "That leaves `{name}` untouched, which it should not be.",
    ),
    "goes_on": (
        "So the run goes on at {line:L} instead of {other:L}.",
        "So {line:L} is next, where {other:L} should be.",
    ),
    "next": ("So the run goes on at {line:L}.", "The next line that runs is {line:L}."),
    "no_pass_more": (
        "So the loop is over, though it should go on with {names:l}.",
        "That ends the loop, where a pass with {names:l} is due.",
    ),
    "pass_more": (
        "So the loop makes a pass with {names:l}, where it should be over.",
        "That is one pass too many, with {names:l}.",
    ),
    "leaves": (
        "So `{function}` returns `{value}` at this point.",
        "With that `{function}` is left, and its value is `{value}`.",
    ),
    "would_leave": (
        "It should be done here and return `{value}`.",
        "What it should do instead is return `{value}`.",
    ),
    "returned": (
        "So `{function}` returns `{value}` and not `{other}`.",
        "`{function}` therefore hands back `{value}`, where `{other}` is due.",
    ),
    "arguments": (
        "So `{function}` is entered with {names:l}, and not with {others:l}.",
        "That calls `{function}` with {names:l}, where {others:l} is meant.",
    ),
    "raised": ("That is what raises `{kind}`.", "And this ends in `{kind}`."),
    "spread": (
        "Nothing later sets that right, and the call ends with `{value}`.",
        "The rest follows from it, down to the result `{value}`.",
        "Every later line builds on that, which is how the result comes to be `{value}`.",
    ),
    "unreached": (
        "`{call}` does not show the mistake, because {line:L} never runs in it.",
        "That `{call}` passes is no surprise: it does not reach {line:L}.",
    ),
    "agree": (
        "`{call}` passes because there `{old}` and `{new}` come to the same.",
        "In `{call}` it makes no difference: `{old}` and `{new}` agree there each time.",
    ),
    "harmless": (
        "`{call}` passes all the same: no step of it comes out differently.",
        "In `{call}` every step is as it should be, so it passes.",
    ),
    "healed": (
        "`{call}` goes wrong on the way too, but its result is not touched by it.",
        "`{call}` passes although one of its steps is wrong as well.",
    ),
    "replace": (
        "In {line:L}, `{old}` has to become `{new}`.",
        "I replace `{old}` with `{new}` in {line:L}.",
        "{line:L} should say `{new}` instead of `{old}`.",
    ),
    "rewrite": (
        "{line:L} should read `{new}`.",
        "I write {line:L} anew: `{new}`.",
    ),
    "insert": (
        "Behind {line:L} I add {names:l}.",
        "What is missing comes right after {line:L}: {names:l}.",
    ),
    "insert_block": (
        "Behind {line:L} I add `{head}` and inside it {names:l}.",
        "What is missing comes right after {line:L}: `{head}`, and inside it {names:l}.",
    ),
    "instead": (
        "In place of {line:L} I write {names:l}.",
        "{line:L} gives way to {names:l}.",
    ),
    "instead_of_all": (
        "In place of everything from {line:L} to {last:L} I write {names:l}.",
        "All lines from {line:L} to {last:L} give way to {names:l}.",
    ),
    "remove": ("{line:L} has to go.", "I take out {line:L}."),
    "indent": (
        "{line:L} moves to the level of {other:L}.",
        "I give {line:L} the indentation of {other:L}.",
    ),
    "alone": (
        "No other line has to change.",
        "The rest of the program stays as it is.",
    ),
    "mended": (
        "Run again, `{call}` now gives `{value}`, as the test asks.",
        "With that, `{call}` comes to `{value}`, which is what the test wants.",
    ),
    "still": (
        "`{call}` still gives `{value}`.",
        "And `{call}` is `{value}` as before.",
    ),
}  # fmt: skip
