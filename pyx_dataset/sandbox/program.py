"""The child's side of one program: load it, make its calls, say how each ended.

The program shares this process, so everything here was bound before its first line ran: names
are taken from their modules, builtins from a copy, and no method of a value it made is called.
What it can still do is lie about its own results, and that is all it can gain: nothing it is
compared with ever comes here.
"""

import ast
import builtins
import json.encoder
import marshal
import sys
from collections.abc import Callable
from sys import setprofile as _setprofile
from sys import setrecursionlimit as _setrecursionlimit
from sys import settrace as _settrace
from typing import Any

from pyx_dataset.sandbox import frames
from pyx_dataset.sandbox.surroundings import (
    FILE_NAME,
    Supply,
    TooMuchOutput,
    reseed,
)
from pyx_dataset.traces.parts import PartsRecorder
from pyx_dataset.traces.tracer import Tracer
from pyx_dataset.traces.values import NotPlain, TooLarge, canonical, describe_exception, name_of

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

_RECURSION_LIMIT = sys.getrecursionlimit()
_EPERM, _EACCES = 1, 13
_SYNTAX_ERRORS = frozenset((SyntaxError, IndentationError, TabError))
_traceback_of = BaseException.__dict__["__traceback__"].__get__
_OUT_OF_MEMORY = {"outcome": "out_of_memory", "exception": "MemoryError"}
_NO_ROOM_FOR_MORE = b'{"outcome": "out_of_memory", "exception": "MemoryError"}'

Result = dict[str, Any]
"""``outcome`` and, if there are any, ``value``, ``exception``, ``stdout``, ``steps``, ``parts``."""

_json_encoder: Any = json.encoder
# The parts of `json.loads` and `json.dumps` that are all C.
_scan_json: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder())["scan_once"]
_to_json: Callable[[object, int], tuple[str, ...]] = _json_encoder.c_make_encoder(
    None, None, _json_encoder.c_encode_basestring_ascii, None, ": ", ", ", False, False, True
)


class Program:
    """A program and the limits of its calls; made before its process is forked."""

    def __init__(self, settings: dict[str, Any], supply: Supply) -> None:
        self.settings = settings
        self.trace: bool | str = False
        self.recorder: PartsRecorder | None = None
        self.code = ""
        self.body: Any = None
        self.supply = supply
        self.around = supply.first
        self.names = self.around.names
        self.is_used = False
        """A call was made: what it left in the program's globals is not for the next one."""

    def load(self, code: str, seed: int) -> Result:
        """Run the program's own lines, in globals of their own."""
        if self.is_used:
            self.around = self.supply.take()
            self.names = self.around.names
            self.is_used = False
        reseed(seed)
        try:
            if self.body is None:
                self.code = code
                self.supply.source.text = code
                self.body = compile(code, FILE_NAME, "exec", dont_inherit=True)
                if self.trace == "parts":
                    self.recorder = PartsRecorder(self.settings)
                    self.body = self.recorder.compiled(code, FILE_NAME)
            exec(self.body, self.names)  # noqa: S102  (its job)
        except BaseException as exc:  # noqa: BLE001  (whatever the program raises)
            result = self._ended_by(exc)
            if result["outcome"] == "raised":
                result["outcome"] = "invalid"
            return result
        finally:
            _settrace(None)
            _restore()
        return {"outcome": "returned"}

    def call(self, text: str, seed: int) -> Result:
        """Evaluate a call that is written as text, as the first call of a program just loaded."""
        if self.is_used:
            loaded = self.load(self.code, seed)
            if loaded["outcome"] != "returned":
                return loaded
        self.is_used = True
        try:
            tree: Any = compile(text.strip(), "<call>", "eval", ast.PyCF_ONLY_AST, True)
            if type(tree.body) is not ast.Call:
                return {"outcome": "invalid", "exception": f"not a call: {text[:200]}"}
            code = compile(tree, "<call>", "eval", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError) as exc:
            return {"outcome": "invalid", "exception": f"the call does not compile: {exc}"}
        except MemoryError:
            return dict(_OUT_OF_MEMORY)
        return self.make(lambda: eval(code, self.names), seed)  # noqa: S307  (its job)

    def make(self, thunk: Callable[[], object], seed: int | None) -> Result:
        """Run `thunk` under the limits; without `seed` the random numbers just go on."""
        output = self.around.output
        output.start_over()
        if seed is not None:
            reseed(seed)
        tracer = self._tracer() if self.trace else None
        if tracer and self.recorder:
            self.recorder.start(tracer)
        try:
            value = tracer.run(thunk) if tracer else thunk()
            _settrace(None)  # before any call of ours: each would be an event for its tracer
            _restore()
            result = self.rendered(value)
        except BaseException as exc:  # noqa: BLE001  (whatever the program raises)
            _settrace(None)
            _restore()
            result = self._ended_by(exc)
        result["stdout"] = output.so_far()
        if output.room < 0:
            result = self._printed_too_much()
        elif tracer and result["outcome"] != "out_of_memory":
            if tracer.overflow:
                result = _too_long(tracer.overflow)
            else:
                result["steps"] = tracer.steps
                result |= self.recorder.result() if self.recorder else {}
        return result

    def _tracer(self) -> Tracer:
        return Tracer(
            filename=FILE_NAME,
            max_steps=self.settings["trace_steps"],
            max_value_chars=self.settings["trace_value_chars"],
            source=self.code,
        )

    def rendered(self, value: object) -> Result:
        """The result of a call that returned `value`."""
        limit = self.settings["value_chars"]
        try:
            return {"outcome": "returned", "value": canonical(value, limit)}
        except NotPlain as exc:
            return {"outcome": "no_result", "exception": f"{exc.args[0]} is not plain data"}
        except TooLarge as exc:
            return _too_long(f"value passes value_chars = {limit}: {exc.args[0]}")

    def _printed_too_much(self) -> Result:
        return _too_long(f"prints more than output_kib = {self.settings['output_kib']} KiB")

    def _ended_by(self, exc: BaseException) -> Result:
        kind = type(exc)
        if kind is MemoryError:
            return {"outcome": "out_of_memory", "exception": f"MemoryError{_place(exc)}"}
        if kind is TooMuchOutput:
            return self._printed_too_much()
        try:
            if kind in _SYNTAX_ERRORS:  # its text would repeat the place
                text = f"{name_of(kind)}: {exc.msg}"  # type: ignore[attr-defined]
            else:
                text = describe_exception(exc, self.settings["value_chars"])
        except TooLarge as large:
            return _too_long(f"message of {name_of(kind)}: {large.args[0]}")
        outcome = "forbidden" if _is_denial(exc) else "raised"
        return {"outcome": outcome, "exception": text + _place(exc)}


def _restore() -> None:
    """Take back what a program may have left switched on."""
    _setprofile(None)
    _setrecursionlimit(_RECURSION_LIMIT)


def _too_long(what: str) -> Result:
    return {"outcome": "too_long", "exception": what}


def _is_denial(exc: BaseException) -> bool:
    """Whether the sandbox said no: only its denials carry an error number or that sentence."""
    if type(exc) is PermissionError:
        return exc.errno in (_EPERM, _EACCES)
    return type(exc) is RuntimeError and exc.args == ("can't start new thread",)


def _place(exc: BaseException) -> str:
    """`` (line 3)``: the innermost line of the program on the way of `exc`, if any."""
    line = exc.lineno if type(exc) in _SYNTAX_ERRORS and exc.filename == FILE_NAME else None  # type: ignore[attr-defined]
    step = _traceback_of(exc)
    while step is not None:
        if step.tb_frame.f_code.co_filename == FILE_NAME:
            line = step.tb_lineno
        step = step.tb_next
    return f" (line {line})" if line else ""


def encode(result: object) -> bytes:
    """Any JSON data as bytes, without a line of Python that the program could reach."""
    return "".join(_to_json(result, 0)).encode()


def read_json(text: str) -> Any:
    """What `encode` wrote."""
    return _scan_json(text, 0)[0]


def receive(requests: int) -> Any:
    """The next request."""
    return read_json(frames.read(requests)[1].decode())


def order(requests: int) -> Any:
    """The next request, if it comes from the worker itself and from nobody else."""
    return marshal.loads(frames.read(requests)[1])  # noqa: S302  (from the worker)


def deliver(results: int, result: Result) -> None:
    """Send a result. After running out of memory this process is good for nothing more."""
    try:
        payload = encode(result)
    except MemoryError:
        result, payload = _OUT_OF_MEMORY, _NO_ROOM_FOR_MORE
    kind = frames.SPENT if result["outcome"] == "out_of_memory" else frames.ANSWER
    frames.write(results, kind, payload)


def start(program: Program, spec: dict[str, Any], results: int) -> bool:
    """Load the program of `spec` and report whether it loads."""
    result = program.load(spec["code"], spec["seed"])
    loads: bool = result["outcome"] == "returned"
    frames.write(results, frames.ANSWER if loads else frames.SPENT, encode(result))
    return loads


def serve(program: Program, spec: dict[str, Any], requests: int, results: int) -> None:
    """Load a program and make the calls that are asked for, until nobody asks."""
    program.trace = spec["trace"]
    loads = start(program, spec, results)
    while loads:
        call, seed = order(requests)
        deliver(results, program.call(call, seed))
