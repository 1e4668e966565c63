"""Any server that speaks OpenAI's protocol can be asked, and what is wrong with it is said."""

import json
from pathlib import Path

import pytest

from evaluation.backends import Decoding, Generation, Request, Server, find_model, with_server
from evaluation.prompts import Prompt
from evaluation.run import main
from pyx_dataset.errors import InputError
from pyx_dataset.layout import user
from tests.teacher.server import Server as Fake
from tests.teacher.server import answer, echo, hang_up, serving, status

pytestmark = pytest.mark.network
GREEDY = Decoding(5)


def ask(server: Fake, count: int = 3, decoding: Decoding = GREEDY) -> list[Generation]:
    """Ask for `count` echoes, in the order of the questions."""
    model = find_model("tiny", "openai", Server(server.url, "", 2))
    requests = [Request(Prompt(user(f"q{n}"), "", ("[/ANSWER]",)), n) for n in range(count)]
    made = model.generator.generate(requests, decoding)
    return sorted(made, key=lambda one: one.index)


def test_every_request_has_its_own_answer() -> None:
    """In whatever order they come, never more at a time than allowed."""
    with serving() as server:
        server.usual = echo
        assert [one.text for one in ask(server, 9)] == [f"you said: q{n}" for n in range(9)]
        assert server.most_in_flight <= 2


def test_trouble_that_passes_is_waited_out() -> None:
    """An overloaded server and a lost connection cost time, not an answer."""
    with serving() as server:
        server.usual = echo
        server.script = [status(429, "slow down", retry_after="0"), hang_up]
        assert len(ask(server)) == 3
        assert len(server.bodies) == 5


def test_a_server_that_gives_up_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one sentence."""
    monkeypatch.setattr(with_server, "ATTEMPTS", 1)
    with serving() as server:
        server.usual = status(500, "broken")
        with pytest.raises(InputError, match="broken"):
            ask(server)


def test_samples_have_seeds_and_greedy_has_none() -> None:
    """What is sent is what the setting says."""
    with serving() as server:
        ask(server, 2, Decoding(5, 0.7, 0.9))
        assert [(body["seed"], body["top_p"]) for body in server.bodies] in (
            [(0, 0.9), (1, 0.9)], [(1, 0.9), (0, 0.9)],
        )  # fmt: skip
        ask(server, 1)
        assert "seed" not in server.bodies[-1]


def test_an_answer_that_was_cut_is_said_so() -> None:
    """And one with a stop in it ends there."""
    with serving() as server:
        server.script = [answer("a [/ANSWER] b"), answer("c", finish="length")]
        found = [(one.text, one.is_complete) for one in ask(server, 2)]
        assert sorted(found) == [("a ", True), ("c", False)]


def test_a_server_that_is_down_is_said() -> None:
    """With its address."""
    with serving() as server:
        url = server.url
    with pytest.raises(InputError, match=url):
        find_model("tiny", "openai", Server(url, ""))


def test_a_model_that_is_not_served_is_said_with_those_that_are() -> None:
    """Before anything is asked of it."""
    with serving() as server:
        server.usual = status(404, "no such model")
        with pytest.raises(InputError, match=r"'big'.*tiny"):
            find_model("big", "openai", Server(server.url, ""))


def test_a_run_over_a_server_asks_without_starting_the_answer(data: Path, tmp_path: Path) -> None:
    """A chat server starts the assistant's turn itself; the setting says so, and answers count."""
    with serving() as server:
        server.usual = answer("[ANSWER]\nassert double(2) == 4\n[/ANSWER]")
        argv = ["--model", "tiny", "--backend", "openai", "--base-url", server.url]
        more = ["--benchmark", "pyx-output", "--data", str(data), "--out", str(tmp_path)]
        assert main([*argv, *more]) == 0
        assert [body["messages"][-1]["role"] for body in server.bodies] == ["user"] * 6
        assert {tuple(body["stop"]) for body in server.bodies} == {("[/ANSWER]",)}
    found = json.loads((tmp_path / "pyx-output.direct" / "results.json").read_text())
    assert found["setting"]["prefill"] is False
    assert found["outcomes"]["right"] >= 1
