"""The server answers its own page on loopback, and nobody else."""

import json
from http.client import HTTPConnection
from pathlib import Path

import pytest

from pyx_dataset.errors import InputError
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.viewing.serve import Viewer, export_page
from tests.viewing.conftest import ATTACK

pytestmark = pytest.mark.network


def ask(viewer: Viewer, path: str, host: str | None = None) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of one GET."""
    connection = HTTPConnection("127.0.0.1", viewer.server_port, timeout=10)
    connection.request("GET", path, headers={"Host": host} if host else {})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body, dict(response.headers)


def test_the_page_lists_what_was_built(viewer: Viewer, folder: Path) -> None:
    """The counts are those of the build's own record."""
    status, body, _ = ask(viewer, "/api/about")

    assert status == 200
    assert json.loads(body)["counts"] == json.loads((folder / "build.json").read_text())["counts"]


def test_another_name_for_this_address_is_refused(viewer: Viewer) -> None:
    """A page that has its own name point to loopback cannot read the rows (DNS rebinding)."""
    status, body, _ = ask(viewer, "/api/about", host="evil.example:80")

    assert status == 403
    assert "counts" not in body


@pytest.mark.parametrize(
    "path",
    ["/../build.json", "/%2e%2e/build.json", "/api/row?config=forward", "/api/nothing",
     "/api/row?config=../..&split=train&id=x", "/api/rows?config=forward&split=%2fetc"],
)  # fmt: skip
def test_what_is_not_offered_is_not_found(viewer: Viewer, path: str) -> None:
    """No path leads to a file, and an incomplete question is answered in words."""
    status, body, _ = ask(viewer, path)

    assert status == 404
    assert json.loads(body)["error"]


def test_a_page_may_load_nothing_from_elsewhere(viewer: Viewer) -> None:
    """The browser itself is told so."""
    _, _, headers = ask(viewer, "/")

    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_port_in_use_is_said(viewer: Viewer, folder: Path, sandbox: Sandbox) -> None:
    """With the port and what to do."""
    with pytest.raises(InputError, match=rf"{viewer.server_port}: .*give another --port"):
        Viewer(folder, sandbox, viewer.server_port)


def test_an_exported_page_holds_rows_and_no_markup_of_theirs(
    folder: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    """One file; a row that closes a script element does not close ours."""
    file = tmp_path / "pyx.html"
    count = export_page(folder, sandbox, file, rows=2)
    text = file.read_text()

    # What stands between the tags is JSON without "<", so the first closing tag is our own.
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])

    assert len(data["rows"]) == count > 0
    assert ATTACK in json.dumps(data, ensure_ascii=False).replace('\\"', '"')
    assert ATTACK not in text
    assert "://" not in text.partition("<body>")[0]
