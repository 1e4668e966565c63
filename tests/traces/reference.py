"""The slow reference: write out every variable at every line event, and compare whole snapshots.

It knows nothing of the tracer: no hints from the bytecode, no fast path, its own rendering.
Self-contained, so that it can also be run inside the sandbox beside the program that it traces.
Comprehensions make frames of their own to 3.11, and none since; so compare on 3.11.
"""

import sys
import types

HIDDEN = "?"
"""Stands for every value that is not plain data."""
NAME = "<reference>"


def text(value: object, inside: tuple[int, ...] = ()) -> str:
    """Plain data as Python writes it, sets sorted."""
    kind = type(value)
    if kind in (type(None), bool, int, float, complex, str, bytes):
        return repr(value)
    if kind not in (list, tuple, set, frozenset, dict) or id(value) in inside:
        raise ValueError("not plain")
    inside = (*inside, id(value))
    if kind is dict:
        pairs = [f"{text(k, inside)}: {text(v, inside)}" for k, v in value.items()]  # type: ignore[attr-defined]
        return "{" + ", ".join(pairs) + "}"
    items = [text(item, inside) for item in value]  # type: ignore[attr-defined]
    if kind is list:
        return "[" + ", ".join(items) + "]"
    if kind is tuple:
        return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
    body = "{" + ", ".join(sorted(items)) + "}"
    if kind is set:
        return body if items else "set()"
    return f"frozenset({body})" if items else "frozenset()"


def snapshot(frame: types.FrameType) -> dict[str, str]:
    """Every local, and every global that the code names, as text."""
    named = {
        name: frame.f_globals[name] for name in frame.f_code.co_names if name in frame.f_globals
    }
    found = {}
    for name, value in {**named, **frame.f_locals}.items():
        try:
            found[name] = text(value)
        except (ValueError, RecursionError):
            found[name] = HIDDEN
    return found


def record(source: str, call: str) -> list[list[object]]:
    """
    Each stay in a function, in the order of their beginning: its name and its line events.

    An event is a line with what that line changed until the next event of its frame.
    """
    stays: list[list[object]] = []
    events: dict[types.FrameType, list[list[object]]] = {}
    before: dict[types.FrameType, dict[str, str]] = {}

    def credit(frame: types.FrameType) -> None:
        now, old = snapshot(frame), before[frame]
        names = [*now, *(name for name in old if name not in now)]
        changed = {n: now.get(n, "<deleted>") for n in names if now.get(n) != old.get(n)}
        events[frame][-1][1].update(changed)  # type: ignore[attr-defined]
        before[frame] = now

    def on_event(frame: types.FrameType, event: str, _: object) -> object:
        if event in ("line", "return"):
            credit(frame)
        if event == "line":
            events[frame].append([frame.f_lineno, {}])
        return on_event

    def enter(frame: types.FrameType, event: str, _: object) -> object:
        code = frame.f_code
        if code.co_filename != NAME or code.co_name.startswith("<") or not code.co_flags & 1:
            return None
        is_new = frame not in events
        now = snapshot(frame)
        count = code.co_argcount + code.co_kwonlyargcount
        count += bool(code.co_flags & 4) + bool(code.co_flags & 8)
        taken = {n: now[n] for n in code.co_varnames[:count] if n in now} if is_new else {}
        events[frame] = [[frame.f_lineno, taken]]
        stays.append([code.co_name, events[frame]])
        before[frame] = now
        return on_event

    module = types.ModuleType("program")
    sys.modules["program"] = module
    exec(compile(source, NAME, "exec", dont_inherit=True), module.__dict__)
    sys.settrace(enter)
    try:
        eval(call, module.__dict__)
    except Exception:  # noqa: BLE001  (whatever the program raises)
        pass
    finally:
        sys.settrace(None)
    return stays
