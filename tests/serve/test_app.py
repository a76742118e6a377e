from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from omr.serve.app import make_app
from omr.serve.pieces import read_file
from omr.serve.workspace import UPLOAD_LIMIT, Workspace, safe_name, scan_key
from tests.builders.scans import found_on, piano_page, write_scan

testclient = pytest.importorskip("starlette.testclient", reason="there is no starlette")

HOST = "127.0.0.1:8642"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"not for the browser")
    return write_scan(folder, piano_page())


@pytest.fixture
def client(scan: Path) -> Iterator[testclient.TestClient]:
    app = make_app(Workspace(scan.parent, found_on), "token", frozenset({HOST}))
    with testclient.TestClient(app, base_url=f"http://{HOST}/token/") as client:
        yield client


def piece(scan: Path) -> str:
    return f"piece/{scan_key(scan)}"


def test_app_lists_scans_and_shows_a_piece(client: testclient.TestClient, scan: Path) -> None:
    [listed] = client.get("scans").json()
    assert (listed["name"], listed["state"], listed["mended"]) == ("piano.png", "ready", False)
    content = client.get(f"{piece(scan)}/content").json()
    picture = client.get(f"{piece(scan)}/{content['pages'][0]['picture']}")
    assert picture.headers["content-type"] in ("image/png", "image/webp") and len(picture.content) > 500
    page = client.get(f"{piece(scan)}/")
    assert page.status_code == 200 and "editor.js" in page.text
    assert client.get("static/editor.js").headers["content-type"].startswith("text/javascript")


def test_app_applies_edits_and_downloads_the_mended_music(client: testclient.TestClient, scan: Path) -> None:
    before = client.get(f"{piece(scan)}/download/musicxml").text
    answer = client.post(f"{piece(scan)}/edit", json={"page": 0, "set": "key", "measure": 0, "fifths": -2})
    assert answer.json()["edits"] == ["Key of 2 flats"]
    after = client.get(f"{piece(scan)}/download/musicxml").text
    assert "<fifths>2</fifths>" in before and "<fifths>-2</fifths>" in after
    assert client.post(f"{piece(scan)}/steps", json={"position": 0}).json()["position"] == 0
    assert client.get(f"{piece(scan)}/download/musicxml").text == before
    for name in ("mxl", "midi", "mei", "coco", "mung", "html"):
        assert client.get(f"{piece(scan)}/download/{name}").content, name


@pytest.mark.parametrize(
    "body", ["{", "[]", "{}", '{"page": 9, "set": "key"}', '{"page": 0, "set": "weather"}', '{"page": "x"}']
)
def test_app_answers_a_bad_edit_in_one_line(client: testclient.TestClient, scan: Path, body: str) -> None:
    answer = client.post(f"{piece(scan)}/edit", content=body)
    assert answer.status_code == 400 and "\n" not in answer.json()["fault"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"http://{HOST}/wrong/scans", {}),
        (f"http://{HOST}/scans", {}),
        ("scans", {"origin": "http://elsewhere.example"}),
        ("scans", {"origin": "null"}),
        ("scans", {"host": "elsewhere.example:8642"}),
        ("scans", {"host": "127.0.0.1:1"}),
        ("scans", {"sec-fetch-site": "cross-site"}),
    ],
)
def test_app_refuses_requests_of_other_pages(
    client: testclient.TestClient, path: str, headers: dict[str, str]
) -> None:
    assert client.get(path, headers=headers).status_code == 403


def test_app_gives_no_file_outside_its_folder(client: testclient.TestClient, scan: Path) -> None:
    (scan.parent / "link.png").symlink_to(scan.parent.parent / "secret.png")
    for path in (
        "piece/../secret.png/content",
        "piece/%2e%2e%2fsecret.png/content",
        "static/../__init__.py",
        "static/%2e%2e/%2e%2e/secret.png",
        "piece/0123456789abcdef/content",
    ):
        answer = client.get(path)
        assert answer.status_code in (400, 403, 404) and b"not for the browser" not in answer.content, path
    assert [each["name"] for each in client.get("scans").json()] == ["piano.png"]


def test_app_sends_headers_that_keep_others_out(client: testclient.TestClient) -> None:
    headers = client.get("").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"


def test_app_takes_an_upload_reads_it_and_overwrites_nothing(
    client: testclient.TestClient, scan: Path
) -> None:
    old = scan.read_bytes()
    answer = client.post("upload", params={"name": "../piano.png"}, content=old)
    key = answer.json()["key"]
    taken = scan.with_name("piano-2.png")
    assert key == scan_key(taken) and taken.read_bytes() == scan.read_bytes() == old
    end = time.monotonic() + 20
    while not read_file(taken).exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert client.get(f"piece/{key}/content").json()["title"] == "piano-2.png"


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"x"), ("a.png", b""), ("", b"x")])
def test_app_refuses_uploads_that_are_no_scans(
    client: testclient.TestClient, scan: Path, name: str, content: bytes
) -> None:
    assert client.post("upload", params={"name": name}, content=content).status_code == 400
    assert sorted(path.name for path in scan.parent.iterdir()) == ["piano.png", "piano.png.read.json"]


def test_app_refuses_uploads_that_are_too_large(
    client: testclient.TestClient, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omr.serve.workspace.UPLOAD_LIMIT", 100)
    answer = client.post("upload", params={"name": "b.png"}, content=b"x" * 101)
    assert answer.status_code == 400 and "larger" in answer.json()["fault"] and UPLOAD_LIMIT > 100
    assert not (scan.parent / "b.png").exists()


def test_workspace_says_why_a_scan_can_not_be_read(client: testclient.TestClient, scan: Path) -> None:
    client.post("upload", params={"name": "broken.png"}, content=b"no picture")
    end, listed = time.monotonic() + 20, {}
    while listed.get("state") != "failed" and time.monotonic() < end:
        listed = next(each for each in client.get("scans").json() if each["name"] == "broken.png")
        time.sleep(0.05)
    assert "broken.png" in listed["fault"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("C:\\scans\\a.pdf", "a.pdf"),
        ("/etc/../x/.b.png", "b.png"),
        ("Für Elise (1).PDF", "Für Elise (1).PDF"),
        ("a\x00b.png", "a_b.png"),
    ],
)
def test_safe_name_keeps_no_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe
