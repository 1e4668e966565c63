"""Servers that are slow, busy, broken or wrong, and what asking them comes to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tenacity
from aiolimiter import AsyncLimiter

from pyx_dataset.errors import ConfigError, TeacherError
from pyx_dataset.teacher.endpoint import Endpoint
from pyx_dataset.teacher.protocol import Answer, Request
from pyx_dataset.teacher.settings import TeacherConfig
from tests.teacher.server import (
    Body,
    Handler,
    Reply,
    Server,
    answer,
    cut_short,
    echo,
    hang_up,
    raw,
    serving,
    status,
)

pytestmark = pytest.mark.network

CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back off for moments; what a server asks for is still waited."""
    short = tenacity.wait_random(0, 0.05)
    monkeypatch.setattr("pyx_dataset.teacher.endpoint._BACK_OFF", short)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def config(server: Server, **changes: Any) -> TeacherConfig:
    plain: dict[str, Any] = {"kind": "endpoint", "base_url": server.url, "model": "tiny",
                             "timeout_s": 5.0, "attempts": 3}  # fmt: skip
    return TeacherConfig(**{**plain, **changes})


def requests(*prompts: str) -> list[Request]:
    return [Request("forward", f"p_{number}", text, "0") for number, text in enumerate(prompts)]


def ask(server: Server, folder: Path, *prompts: str, **changes: Any) -> list[Answer]:
    settings = config(server, **changes)
    with Endpoint(settings, folder / "answers", {"KEY": CANARY}) as teacher:
        return teacher.ask(requests(*prompts))


def test_answers_come_in_the_order_of_the_requests(server: Server, tmp_path: Path) -> None:
    """Whatever the order in which the server is done."""
    server.usual = echo
    prompts = [f"prompt {number}" for number in range(20)]

    texts = [item.text for item in ask(server, tmp_path, *prompts)]

    assert texts == [f"you said: {prompt}" for prompt in prompts]


def test_tokens_are_those_the_server_counts(server: Server, tmp_path: Path) -> None:
    """As in `usage`; and that an answer was cut is kept."""
    server.usual = answer("so far", "length")

    (found,) = ask(server, tmp_path, "hello")

    assert (found.tokens_in, found.tokens_out, found.is_cut) == (11, 7, True)


def test_what_was_answered_is_never_asked_again(server: Server, tmp_path: Path) -> None:
    """Another run, another process: the same prompts cost nothing."""
    first = ask(server, tmp_path, "a", "b", "a")
    asked = len(server.bodies)
    server.usual = status(500, "down")

    assert ask(server, tmp_path, "a", "b", "a") == first
    assert asked == len(server.bodies) == 2


def test_a_build_made_of_known_answers_needs_no_server(server: Server, tmp_path: Path) -> None:
    """Not even to see whether it is there."""
    first = ask(server, tmp_path, "a", "b")
    server.models, asked = [], len(server.bodies)
    server.usual = status(500, "down")

    assert ask(server, tmp_path, "a", "b") == first
    assert len(server.bodies) == asked


@pytest.mark.parametrize(
    "changes", [{"temperature": 0.1}, {"max_tokens": 77}, {"extra": '{"top_p": 0.5}'}]
)
def test_other_sampling_is_another_question(
    server: Server, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """The cache is keyed by model, prompt, sampling and number of the sample."""
    ask(server, tmp_path, "a")
    ask(server, tmp_path, "a", **changes)
    with Endpoint(config(server), tmp_path / "answers", {}) as teacher:
        teacher.ask([Request("forward", "p", "a", "0", sample=1)])

    assert len(server.bodies) == 3


@pytest.mark.parametrize(
    "trouble",
    [
        status(500, "worker died"),
        status(503, "overloaded"),
        status(429, "slow down"),
        status(408, "too slow"),
        raw(b"<html>502 Bad Gateway</html>"),
        raw(b'{"choices": [{"mess'),
        raw(b'{"object": "chat.completion"}'),
        raw(b'{"choices": "none"}'),
        raw(b"[]"),
        raw(b'{"choices": []}'),
        cut_short,
        hang_up,
    ],
)
def test_trouble_that_passes_is_waited_out(server: Server, tmp_path: Path, trouble: Reply) -> None:
    """Each is tried again, and the answer that then comes is taken."""
    server.script = [trouble]

    assert [item.text for item in ask(server, tmp_path, "a")] == ["an answer"]
    assert len(server.bodies) == 2


def test_retry_after_is_honoured(server: Server, tmp_path: Path) -> None:
    """A server that names a time is not asked before it."""
    server.script = [status(429, "slow down", Retry_After="1.2")]

    ask(server, tmp_path, "a")

    assert server.times[1] - server.times[0] >= 1.2


def test_a_server_that_is_too_slow_is_given_up(server: Server, tmp_path: Path) -> None:
    """The error says where, which model, and what was missing."""
    server.usual = answer("late", after_s=2.0)

    with pytest.raises(TeacherError, match=r"127\.0\.0\.1.*model tiny.*no answer in time"):
        ask(server, tmp_path, "a", timeout_s=0.3, attempts=2)

    assert len(server.bodies) == 2


def test_trouble_that_stays_names_what_the_server_said(server: Server, tmp_path: Path) -> None:
    """After the last attempt, in one sentence."""
    server.usual = status(500, "CUDA out of memory")

    with pytest.raises(TeacherError, match="model tiny: status 500: CUDA out of memory"):
        ask(server, tmp_path, "a", attempts=2)


def test_answers_in_flight_are_kept_when_the_server_fails(server: Server, tmp_path: Path) -> None:
    """One request fails for good; those beside it were paid, and are there next time."""
    server.script = [answer("paid", after_s=0.5), status(401, "expired")]
    with pytest.raises(TeacherError, match="expired"):
        ask(server, tmp_path, "a", "b")
    asked = len(server.bodies)

    assert asked == 2
    assert {item.text for item in ask(server, tmp_path, "a", "b")} == {"paid", "an answer"}
    assert len(server.bodies) == asked + 1


def test_a_key_that_is_refused_is_said_at_once(server: Server, tmp_path: Path) -> None:
    """No second attempt, and the key itself is in no word of it, however the server repeats it."""
    server.usual = status(401, f"Incorrect API key provided: {CANARY}")

    with pytest.raises(TeacherError, match=r"Incorrect API key provided: \[key\]") as caught:
        ask(server, tmp_path, "a", key_env="KEY")

    assert len(server.bodies) == 1
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_model_that_is_not_there_is_found_out_before_the_work(
    server: Server, tmp_path: Path
) -> None:
    """The list of models and the server's own words are in the error."""
    server.usual = status(404, "The model does not exist")

    with pytest.raises(TeacherError, match=r"model huge: .*does not exist; it serves tiny"):
        ask(server, tmp_path, model="huge")


@pytest.mark.parametrize("models", [[], ["another"]])
def test_a_server_whose_list_lacks_what_it_serves_is_believed(
    server: Server, tmp_path: Path, models: list[str]
) -> None:
    """No list, or an alias: one token tells."""
    server.models = models

    assert [item.text for item in ask(server, tmp_path, "a")] == ["an answer"]
    assert server.bodies[0]["max_tokens"] == 1


def test_no_server_is_one_clear_error(tmp_path: Path) -> None:
    """Before any work is done."""
    with serving() as gone:
        pass

    with pytest.raises(TeacherError, match=r"127\.0\.0\.1.*no connection"):
        ask(gone, tmp_path, "a")


def test_a_prompt_that_the_server_refuses_is_an_answer_of_its_own(
    server: Server, tmp_path: Path
) -> None:
    """Too long for its context, say: the others go on, and it is not asked again."""

    def all_but_b(handler: Handler, body: Body) -> None:
        is_b = body["messages"][0]["content"] == "b"
        reply = status(400, "context length exceeded") if is_b else answer("fine")
        reply(handler, body)

    server.usual = all_but_b
    first = ask(server, tmp_path, "a")
    found = ask(server, tmp_path, "a", "b", "c")

    assert [item.text for item in found] == ["fine", "", "fine"]
    assert "context length exceeded" in found[1].error
    assert ask(server, tmp_path, "a", "b", "c") == found
    assert first == found[:1]
    assert len(server.bodies) == 3


def test_a_server_that_refuses_every_prompt_stops_the_build(server: Server, tmp_path: Path) -> None:
    """A wrong parameter must not become a thousand empty answers."""
    server.usual = status(400, "unsupported parameter: temperature")

    with pytest.raises(TeacherError, match="unsupported parameter"):
        ask(server, tmp_path, "a", "b")


def test_an_empty_answer_is_an_answer(server: Server, tmp_path: Path) -> None:
    """It was paid for; it is judged like any other."""
    server.usual = answer(None)

    assert ask(server, tmp_path, "a") == [Answer("", 11, 7)]


def test_half_a_character_does_not_stop_a_build(server: Server, tmp_path: Path) -> None:
    """JSON can carry a lone surrogate; no file can."""
    server.script = [raw(b'{"choices": [{"message": {"content": "a\\ud800b"}}]}')]

    assert [item.text for item in ask(server, tmp_path, "a")] == ["a?b"]


def test_an_empty_account_is_not_waited_for(server: Server, tmp_path: Path) -> None:
    """It has the status of too many requests, and no time helps."""

    def broke(handler: Handler, body: Body) -> None:
        error = {"message": "You exceeded your quota", "code": "insufficient_quota"}
        handler.send(429, {"error": error})

    server.usual = broke

    with pytest.raises(TeacherError, match="You exceeded your quota"):
        ask(server, tmp_path, "a")
    assert len(server.bodies) == 1


def test_a_busy_server_gets_fewer_requests_at_once(server: Server, tmp_path: Path) -> None:
    """Half as many after trouble, more again while all goes well, never more than allowed."""
    server.usual = answer("x", after_s=0.1)
    with Endpoint(config(server, concurrency=8), tmp_path / "answers", {}) as teacher:
        teacher.ask(requests(*(f"a {number}" for number in range(30))))
        fast, most = teacher.window.size, server.most_in_flight
        server.script = [status(429, "slow down")]
        teacher.ask(requests("one more"))
        cut = teacher.window.size
        teacher.ask(requests(*(f"b {number}" for number in range(20))))

    assert fast == 8
    assert most <= 8
    assert cut < 5
    assert cut < teacher.window.size <= 8


def test_a_server_that_only_gets_slow_is_given_less(server: Server, tmp_path: Path) -> None:
    """Over half of the time limit counts as a sign, though no error was sent."""
    server.usual = answer("x", after_s=0.4)
    with Endpoint(config(server, timeout_s=0.7), tmp_path / "answers", {}) as teacher:
        teacher.ask(requests("a", "b", "c", "d"))

        assert teacher.window.size == 2.0


@pytest.mark.parametrize("name", ["_requests", "_tokens"])
def test_limits_a_minute_hold_requests_back(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Requests and tokens go through a bucket of their own; here a minute lasts half a second."""
    monkeypatch.setattr(
        "pyx_dataset.teacher.endpoint.AsyncLimiter",
        lambda rate, period: AsyncLimiter(rate, period / 120),
    )
    # Each request takes the whole bucket, and one is larger than it.
    limits = {"rpm": 1} if name == "_requests" else {"tpm": 1000, "max_tokens": 2000}
    ask(server, tmp_path, "a", "b", "c", **limits)

    assert server.times[2] - server.times[0] >= 0.9


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_requests": 3}, "stopped at 3 answers, as max_requests is 3"),
        ({"max_cost": 0.0030, "price_out": 10.0, "max_tokens": 100}, "might pass max_cost 0.003"),
    ],
)
def test_a_limit_stops_and_loses_nothing(
    server: Server, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    """The same command stops at the same place for nothing; with a higher limit it goes on."""
    prompts = [f"prompt {number}" for number in range(50)]
    with pytest.raises(TeacherError, match=said):
        ask(server, tmp_path, *prompts, **changes)
    asked = len(server.bodies)
    with pytest.raises(TeacherError, match=said):
        ask(server, tmp_path, *prompts, **changes)

    assert len(server.bodies) == asked
    higher = {"max_requests": 50} if "max_requests" in changes else {"max_cost": 1.0}
    ask(server, tmp_path, *prompts, **{**changes, **higher})
    assert len(server.prompts) == len(set(server.prompts)) == 50


def test_the_cost_is_never_above_its_limit(server: Server, tmp_path: Path) -> None:
    """The most that answers in flight can cost is set aside before they are asked for."""
    settings = config(server, price_in=1.0, price_out=10.0, max_tokens=20, max_cost=0.002)
    with Endpoint(settings, tmp_path / "answers", {}) as teacher:
        with pytest.raises(TeacherError, match="max_cost"):
            teacher.ask(requests(*(f"prompt {number}" for number in range(99))))

        assert 0.0015 < teacher.budget.cost <= 0.002
        assert teacher.budget.cost == pytest.approx(len(server.bodies) * (11 + 70) / 1e6)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"base_url": ""}, "needs teacher.base_url"),
        ({"model": ""}, "needs teacher.model"),
        ({"base_url": "localhost:8000"}, "must be http://HOST/v1"),
        ({"base_url": "http://user:secret@host/v1"}, "put the key into an environment variable"),
        ({"key_env": "NO_SUCH"}, "NO_SUCH, which is not set"),
    ],
)
def test_what_it_takes_to_ask_is_asked_for(
    server: Server, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    """One sentence each, and no secret in it."""
    with pytest.raises(ConfigError, match=said) as caught:
        Endpoint(config(server, **changes), tmp_path / "answers", {})

    assert "secret" not in str(caught.value)
