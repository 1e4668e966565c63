"""The page of each metric, started and used in a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
pytest.importorskip("gradio", reason="the pages need gradio: make apps")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need chromium"),
    pytest.mark.filterwarnings("default"),  # playwright's own
]
# Without these it looks for Google's hosts at every start.
QUIET = ("--no-sandbox", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
START_S = 120
"""Gradio alone takes ten seconds to import where other work runs."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless Chromium."""
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def address(name: str, tmp_path: Path) -> Iterator[str]:
    """Where the page answers, started as its card says: ``python app.py`` in its folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("HF_ALLOW_CODE_EVAL", None)
    folder = ROOT / "evaluation" / "metrics" / name
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "app.py"], cwd=folder, env=environment, stdout=log, stderr=log
        )
    deadline = time.monotonic() + START_S
    while not _answers(port):
        assert server.poll() is None, (tmp_path / "log").read_text()
        assert time.monotonic() < deadline, (tmp_path / "log").read_text()
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    ("name", "field", "wrong", "score"),
    [
        ("cruxeval", "label:has-text('answer') textarea", "'abab' or True", "pass@1"),
        ("pass_at_k", ".cm-content >> nth=-1", "import os; os._exit(0)", "pass@1"),
        ("monologue_faithfulness", "textarea >> nth=-1", "[L6]: `y` becomes `'ab'`.", "faithful"),
    ],
)
def test_a_page_grades_what_is_typed(
    browser: Any, address: str, field: str, wrong: str, score: str
) -> None:
    """Its example is right; another answer, typed over it, is wrong. Nobody else is asked."""
    page = browser.new_page()
    # Fonts of its theme; everything works without them.
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page.goto(address)
    for answer, expected in ((None, 1), (wrong, 0)):
        if answer is not None:
            page.locator(field).click()
            page.keyboard.press("Control+a")
            page.keyboard.type(answer)
        page.get_by_role("button", name="Submit").click()
        page.wait_for_function(
            "([name, value]) => document.body.innerText.replace(/\\s/g, '')"
            '.includes(`"${name}":${value}`)',
            arg=[score, expected],
            timeout=120_000,
        )
    page.close()
