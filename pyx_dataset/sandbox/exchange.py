"""Both ends of a judged call: tests here, candidate there, plain data in between.

The tests run in a process of their own, where the candidate is a proxy. A call of the proxy
travels as canonical text to the candidate's process; its value, its changes to the arguments and
its exception come back the same way. Objects do not, and with them no `__eq__` that always agrees.
"""

import builtins
import collections
import types
from collections.abc import Callable, Iterator
from typing import Any

from pyx_dataset.sandbox import frames, program
from pyx_dataset.sandbox.surroundings import Supply
from pyx_dataset.traces.values import NotPlain, TooLarge, canonical, name_of, parse

globals()["__builtins__"] = dict(vars(builtins))  # as in `program`

MAX_CHARS = 4_000_000
"""Longest canonical text that travels."""
TEST_FILE = "<test>"
_ERRORS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception)
}
_DICTS = (collections.Counter, collections.OrderedDict, collections.defaultdict)
_ITERABLES: tuple[type, ...] = (
    range,
    collections.deque,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)
_PLAIN = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
_arguments_of = BaseException.__dict__["args"].__get__
_bases_of = type.__dict__["__mro__"].__get__


def candidate(settings: dict[str, Any], supply: Supply) -> program.Program:
    """A program whose values may be longer than those that are published."""
    return program.Program(settings | {"value_chars": MAX_CHARS}, supply)


def serve_candidate(
    candidate: program.Program, spec: dict[str, Any], requests: int, results: int
) -> None:
    """Load the candidate and make the calls that the tests ask for."""
    loads = program.start(candidate, spec, results)
    while loads:
        program.deliver(results, _answer(candidate, program.receive(requests)))


def _answer(candidate: program.Program, request: dict[str, Any]) -> program.Result:
    if "defines" in request:
        known = [name for name in request["defines"] if name in candidate.names]
        return {"outcome": "returned", "value": known}
    args = [parse(text) for text in request["args"]]
    kwargs = {name: parse(text) for name, text in request["kwargs"].items()}
    raised: list[BaseException] = []
    forms = ["plain"]

    def call() -> object:
        try:
            if request["name"] not in candidate.names:
                raise NameError(f"name {request['name']!r} is not defined")
            forms[0], value = _portable(candidate.names[request["name"]](*args, **kwargs))
            return value
        except BaseException as exc:
            raised.append(exc)
            raise

    result = candidate.make(call, seed=None)
    if result["outcome"] not in ("returned", "raised"):
        return result
    after = [candidate.rendered(value) for value in args]
    if (
        hidden := next((item for item in after if item["outcome"] != "returned"), None)
    ) is not None:
        return hidden
    result["args"] = [item["value"] for item in after]
    result["form"] = forms[0]
    for exc in raised:
        result["kinds"] = [name_of(base) for base in _bases_of(type(exc))]
        arguments = candidate.rendered(_arguments_of(exc))
        result["arguments"] = arguments.get("value", "()")
    return result


def _portable(value: object) -> tuple[str, object]:
    """
    How a returned value travels, and as which plain data.

    Standard dicts compare as dicts do. What can only be iterated arrives as an iterator over the
    same items, so it equals no list. Anything else arrives as an object that has a truth value.
    """
    kind = type(value)
    if kind in _PLAIN:
        return "plain", value
    if kind in _DICTS:
        return "plain", dict(value)  # type: ignore[call-overload]  # a dict
    if kind in _ITERABLES or isinstance(value, Iterator):
        return "iterator", list(value)  # type: ignore[call-overload]  # an iterable
    return "object", bool(value)


class Unknown:
    """A value of the candidate that is not plain data: equal to nothing, only true or false."""

    def __init__(self, truth: bool) -> None:
        self._truth = truth

    def __bool__(self) -> bool:
        return self._truth


_FORMS: dict[str, Callable[[Any], object]] = {
    "plain": lambda value: value,
    "iterator": iter,
    "object": Unknown,
}


class Astray(BaseException):
    """The tests make another call than was foreseen; few tests catch it."""


class Answers:
    """What the candidate said: to the calls that were foreseen, in order, then to each call."""

    def __init__(self, known: list[tuple[object, str]], requests: int, results: int) -> None:
        self._known = collections.deque(known)
        self._pipes = requests, results
        self.are_astray = False

    def to(self, question: dict[str, Any]) -> Any:
        """The answer to the next call."""
        if self._known:
            foreseen, text = self._known.popleft()
            if foreseen != question or self.are_astray:
                self.are_astray = True
                raise Astray
            return program.read_json(text)
        requests, results = self._pipes
        frames.write(results, frames.ASK, program.encode(question))
        return program.receive(requests)


class Proxy:
    """Stands for a function of the candidate; a call of it is a message."""

    def __init__(self, name: str, answers: Answers, raised: list[Exception]) -> None:
        self.__name__ = name
        self._answers = answers
        self._raised = raised

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Ask the candidate's process; its exceptions are raised here and noted in `raised`."""
        texts = [canonical(value, MAX_CHARS) for value in args]
        named = {name: canonical(value, MAX_CHARS) for name, value in kwargs.items()}
        question = {"name": self.__name__, "args": texts, "kwargs": named}
        answer = self._answers.to(question)
        for value, before, after in zip(args, texts, answer["args"], strict=True):
            if before != after:
                _update(value, parse(after))
        if answer["outcome"] == "returned":
            return _FORMS[answer["form"]](parse(answer["value"]))
        self._raised.append(_as_exception(answer))
        raise self._raised[-1]


def _update(value: Any, new: Any) -> None:
    """Make `value` equal to `new` in place, so that everyone who holds it sees the change."""
    if type(value) is not type(new):
        return
    match value:
        case list():
            value[:] = [_kept(*pair) for pair in zip(value, new, strict=False)] + new[len(value) :]
        case dict():
            merged = {key: _kept(value.get(key), item) for key, item in new.items()}
            value.clear()
            value.update(merged)
        case set():
            value.clear()
            value.update(new)
        case tuple():
            for old_item, new_item in zip(value, new, strict=False):
                _update(old_item, new_item)


def _kept(old: Any, new: Any) -> Any:
    """`old` brought up to date where it is a container of the same type, else `new`."""
    if type(old) is type(new) and isinstance(old, list | dict | set):
        _update(old, new)
        return old
    return new


def _as_exception(answer: dict[str, Any]) -> Exception:
    """The candidate's exception as the nearest builtin one: its class does not travel."""
    kind = next((_ERRORS[name] for name in answer["kinds"] if name in _ERRORS), RuntimeError)
    try:
        return kind(*parse(answer["arguments"]))  # type: ignore[misc]  # a tuple
    except (TypeError, ValueError):
        return kind()


def serve_tests(tests: program.Program, spec: dict[str, Any], requests: int, results: int) -> None:
    """Run trusted tests against proxies; the last frame is the verdict."""
    raised: list[Exception] = []
    answers = Answers(spec["known"], requests, results)
    tests.load("", spec["seed"])
    verdict: dict[str, Any] = {"passed": True, "outcome": "returned", "reason": ""}
    try:
        exec(compile(spec["setup"], "<setup>", "exec", dont_inherit=True), tests.names)  # noqa: S102
        for name in spec["names"]:
            tests.names[name] = Proxy(name, answers, raised)
        exec(compile(spec["code"], TEST_FILE, "exec", dont_inherit=True), tests.names)  # noqa: S102
        if spec["entry_point"] and "check" in tests.names:
            tests.names["check"](tests.names[spec["entry_point"]])
        else:
            for name, value in list(tests.names.items()):
                if name.startswith("test_") and isinstance(value, types.FunctionType):
                    value()
    except (NotPlain, TooLarge) as exc:
        reason = f"an argument cannot travel: {exc}"
        verdict = {"passed": False, "outcome": "no_result", "reason": reason}
    except BaseException as exc:  # noqa: BLE001  (whatever the tests raise)
        own = any(exc is item for item in raised)
        reason = f"{name_of(type(exc))}: {exc}".removesuffix(": ") + _where(exc, spec["code"])
        verdict = {"passed": False, "outcome": "raised" if own else "returned", "reason": reason}
    if answers.are_astray:
        verdict = {"astray": True}
    frames.write(results, frames.ANSWER, program.encode(verdict))


def _where(exc: BaseException, code: str) -> str:
    """The innermost line of the tests on the way of `exc`, with its text."""
    line, step = 0, exc.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == TEST_FILE:
            line = step.tb_lineno
        step = step.tb_next
    return f" (test line {line}: {code.splitlines()[line - 1].strip()[:200]})" if line else ""
