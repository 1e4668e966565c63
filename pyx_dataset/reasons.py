"""The closed set of reasons to drop a record, by the stage that drops it."""

REASONS: dict[str, str] = {
    # seeds
    "not_self_contained": "uses something outside builtins, its module and pure standard library",
    "no_parameters": "takes no parameter, so there is nothing to reason about",
    "returns_nothing": "has no `return` with a value",
    "decorated": "has a decorator whose effect is not known",
    "is_async": "is a coroutine: its result is not a value",
    "code_too_long": "program longer than `max_code_lines`",
    "code_too_short": "body shorter than `min_code_lines`",
    "license_not_allowed": "its licence is not on the allow-list",
    "syntax_error": "the source file does not parse",
    "duplicate": "same code as an earlier program, names and docstrings aside",
    "contaminated": "shares code, text or a call with its value with a benchmark",
    "crowded": "its family has `max_family` programs already, or would have by joining two",
    # programs
    "does_not_load": "executing the definitions fails",
    "example_disagrees": "a documented example gives another value than documented",
    "too_few_calls": "fewer valid calls found than `min_calls`",
    "constant_output": "every call gives the same value",
    # executions
    "not_deterministic": "two runs under different hash seeds disagree",
    "raised": "the call raises",
    "timed_out": "the call uses up its time",
    "out_of_memory": "the call uses up its memory",
    "crashed": "the process dies",
    "no_result": "the call returns something that is not plain data",
    "too_long": "the trace or a value passes its limit",
    "forbidden": "the call tries what the sandbox denies",
    "invalid": "the call is not valid",
    "hidden_state": "the trace holds an object whose state cannot be shown as plain data",
    "not_replayed": "replaying the recorded changes does not reach the recorded end",
    # monologues
    "claim_contradicted": "a statement of the monologue disagrees with the trace",
    "line_not_told": "a line that changed something is missing from the monologue",
    "monologue_too_long": "longer than `max_monologue_words`",
    "not_invertible": "no input could be derived from the output",
    "input_not_confirmed": "running the derived input does not give the output",
    # bugs
    "no_bug_found": "no edit that was tried makes some of its calls fail and leaves some right",
    "no_divergence": "no recorded step of the failing call differs from the right program's",
    "too_different": "more of the program was changed than a rationale can explain",
    "other_signature": "has not the function, or not the parameters, that it should have",
    "cause_not_told": "what goes wrong at the first step that differs cannot be put in words",
    # what a teacher wrote
    "no_answer": "the teacher gave none, or the server refused the prompt",
    "answer_cut": "the teacher was still writing when its tokens ran out",
    "not_in_layout": "a heading, a tag or a part that was asked for is missing",
    "wrong_answer": "the value that the answer states is not the one that was executed",
    "fails_a_call": "the program in the answer gives another value than the right one in some call",
    "nothing_confirmed": "no step of it can be held against the run",
    "repeated": "the teacher gave the same answer before",
}
"""Why a record can be dropped. A build counts each; a reason outside this table is a bug."""
