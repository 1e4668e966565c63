"""What a person does with the page, done in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.viewing.serve import Viewer, export_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need chromium"),
    pytest.mark.filterwarnings("default"),  # playwright's own
]
# Without these it looks for Google's hosts at every start.
QUIET = ("--no-sandbox", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless Chromium."""
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["wide", "phone"])
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """An empty page of a laptop and of a phone; nothing may go wrong on it."""
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: asked.url.startswith(("http://127.0.0.1", "file:"))
            or troubles.append(asked.url))  # fmt: skip
    yield page
    page.close()
    assert troubles == []


def test_rows_are_found_by_filter_and_opened(page: Any, viewer: Viewer) -> None:
    """Type a word, click the row, read its id."""
    page.goto(f"{viewer.url}#/forward/train")
    page.fill("#filter", "entry_point:running_total")
    page.wait_for_selector("#shown >> text=/ of /")
    page.click("#rows a >> nth=0")
    page.wait_for_selector("#step")

    assert "running_total(" in page.inner_text("article .run h3")
    assert page.inner_text("article h2") in page.url


def test_steps_go_forward_and_back_with_the_state_of_each(page: Any, viewer: Viewer) -> None:
    """At the last step the variables and the returned value are what the program computes."""
    page.goto(f"{viewer.url}#/executions/train")
    page.fill("#filter", "call:running_total([1,")
    page.click("#rows a >> nth=0")
    page.wait_for_selector("#step")
    page.keyboard.press("End")
    state = page.inner_text(".run")
    page.keyboard.press("ArrowLeft")
    before = page.inner_text("#step")
    page.keyboard.press("ArrowRight")

    assert "returns [1, 3, 6]" in state
    assert "total\t6" in state.replace("\n", "")
    assert before != page.inner_text("#step")
    assert page.inner_text(".run .current").strip() == "return sums"


def test_a_claim_leads_to_its_step_and_the_address_leads_back(page: Any, viewer: Viewer) -> None:
    """Click a claim; open the address it leaves in a new visit; the same step is shown."""
    page.goto(f"{viewer.url}#/forward/train")
    page.click("#rows a >> nth=0")
    page.wait_for_selector("a.claim.confirmed")
    claim = page.locator("a.claim.confirmed").nth(3)
    wanted = claim.get_attribute("data-step")
    claim.click()
    page.wait_for_function(
        f"document.querySelector('#step').textContent.startsWith('step {wanted} ')"
    )
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#step")

    assert page.inner_text("#step").startswith(f"step {wanted} ")


def test_nothing_in_a_row_becomes_markup(page: Any, viewer: Viewer) -> None:
    """The row's own tags are shown as text, and no script of theirs runs."""
    page.goto(f"{viewer.url}#/executions/train")
    page.fill("#filter", "page_of")
    page.click("#rows a >> nth=0")
    page.wait_for_selector("#step")

    assert page.locator("article img").count() == 0
    assert "onerror" in page.inner_text("article")
    assert page.evaluate("self.owned") is None


def test_the_page_fits_its_screen(page: Any, viewer: Viewer) -> None:
    """Nothing makes the page itself scroll sideways."""
    page.goto(f"{viewer.url}#/forward/train")
    page.click("#rows a >> nth=0")
    page.wait_for_selector("#step")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_exported_page_works_without_a_server(
    page: Any, folder: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Opened from the disk: list, row, steps and claims."""
    file = tmp_path / "pyx.html"
    export_page(folder, sandbox, file, rows=3)
    page.goto(f"{file.as_uri()}#/forward/train")
    page.click("#rows a >> nth=1")
    page.wait_for_selector("a.claim.confirmed")
    page.keyboard.press("ArrowRight")

    assert page.inner_text("#step").startswith("step 1 ")


def test_what_does_not_exist_is_said_on_the_page(page: Any, viewer: Viewer) -> None:
    """An old address to a row that is gone."""
    page.goto(f"{viewer.url}#/forward/train/fwd_mnl_gone")
    page.wait_for_selector("[role=alert]")

    assert "no row 'fwd_mnl_gone'" in page.inner_text("[role=alert]")
