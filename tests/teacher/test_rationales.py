"""A rationale is asked for with everything that the debugging needs, and read, not believed."""

from pyx_dataset.calls import trace_call
from pyx_dataset.classroom.rationales import Question, rationales
from pyx_dataset.classroom.room import Room
from pyx_dataset.program import Boxes
from pyx_dataset.schema import Rejected
from pyx_dataset.teacher.parse import Debugged
from pyx_dataset.teacher.prompts import load_prompts
from pyx_dataset.teacher.scripted import Scripted
from tests.teacher.pupils import config

WRONG = "def f(x):\n    y = x + 1\n    return y\n"
REPLY = """### Execution Simulation
[L6] `y` becomes `3`.

### Root Cause Analysis
It adds.

### Bug Fixing
Multiply.
[/MONOLOGUE]
[Refined]
```python
def f(x):
    return x * 2
```
[/Refined]"""


def test_one_answer_to_each_question() -> None:
    """Failing test, trace and both values are in the prompt; what is no rationale says so."""
    question = Question("bug_1", "Double x.", "assert f(2) == 4", trace_call(WRONG, "f(2)"), "4")
    replies = iter([REPLY, "I see no bug."])
    teacher = Scripted("tiny", lambda request: next(replies))
    settings = config("seeds")
    with Boxes(settings, "weak") as boxes:
        room = Room(settings, teacher, load_prompts(), boxes)
        (good, bad), tally = rationales([question, question], room)

    assert isinstance(good, Debugged)
    assert good.code == "def f(x):\n    return x * 2\n"
    assert isinstance(bad, Rejected)
    assert (bad.stage, bad.reason, bad.subject) == ("taught debugging", "not_in_layout", "bug_1")
    assert (tally.asked, tally.accepted) == (2, 1)
    prompt = teacher.asked[0].prompt
    for part in ("Double x.", "y = x + 1 # [L6]", "assert f(2) == 4", '{"y": 3}', "`4`", "`3`"):
        assert part in prompt
