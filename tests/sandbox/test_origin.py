"""Who may ask the sandbox: this machine under its own name, and no page of another site for a change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from ponts_flows.sandbox.app import create_app
from ponts_flows.sandbox.server import Running

# The services answer before the pages: one address of each, the token endpoint, and one that is nobody's.
SERVICES = (
    ("POST", "/token"),
    ("POST", "/batch/gmail/v1"),
    ("GET", "/v1/forms/x"),
    ("POST", "/v4/spreadsheets"),
    ("POST", "/gmail/v1/users/me/drafts"),
    ("DELETE", "/drive/v3/files/x"),
    ("POST", "/upload/gmail/v1/users/me/messages/send"),
    ("GET", "/static/style.css"),
    ("OPTIONS", "/nothing/here"),
)
CLOCK = {"now": "2030-01-01T09:00:00+01:00", "standing": True}
FOREIGN = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://{host}"},
    {"Origin": "http://127.0.0.1:1"},
    {"Referer": "http://evil.example/page"},
    {"Referer": "http://evil.example/http://{host}/"},
    {"Referer": "http://{host}.evil.example/"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://{host}", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://{host}", "Referer": "http://evil.example/"},
)
OUR_OWN = (
    {},
    {"Origin": "http://{host}"},
    {"Origin": "http://{host}", "Referer": "http://{host}/mail", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
)


def every_address(directory: Path) -> list[tuple[str, str]]:
    """Each page with each of its methods, some identifier in its address; and the services."""
    pages = create_app(directory / "sandbox.db").openapi()["paths"]
    named = [
        (method.upper(), re.sub(r"\{.*?\}", "x", path))
        for path, methods in pages.items()
        for method in methods
    ]
    return [*named, *SERVICES]


def host_of(sandbox: Running) -> str:
    return sandbox.url.removeprefix("http://")


def filled(headers: dict[str, str], host: str) -> dict[str, str]:
    return {name: value.replace("{host}", host) for name, value in headers.items()}


@pytest.mark.parametrize(
    "named",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "[::1"],
)
def test_every_page_and_service_refuses_a_request_for_another_host(
    shared_sandbox: Running, tmp_path: Path, named: str
) -> None:
    addresses = every_address(tmp_path)
    host = named.replace("{port}", shared_sandbox.url.rpartition(":")[2])

    answers = {
        (method, path): requests.request(
            method, shared_sandbox.url + path, headers={"Host": host}, timeout=10, allow_redirects=False
        ).status_code
        for method, path in addresses
    }

    assert len(answers) > 25
    assert {place: status for place, status in answers.items() if status != 421} == {}


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_answered_under_each_of_its_names(shared_sandbox: Running, name: str) -> None:
    port = shared_sandbox.url.rpartition(":")[2]

    for host in (name, f"{name}:{port}"):
        answer = requests.get(f"{shared_sandbox.url}/sandbox/clock", headers={"Host": host}, timeout=10)
        assert answer.status_code == 200


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_changed_for_a_page_of_another_site(
    shared_sandbox: Running, headers: dict[str, str], method: str
) -> None:
    foreign = filled(headers, host_of(shared_sandbox))

    for path in ("/sandbox/clock", "/clock", "/token", "/sandbox/mail/deliver", "/forms/d/e/x/formResponse"):
        answer = requests.request(
            method, shared_sandbox.url + path, headers=foreign, json=CLOCK, timeout=10, allow_redirects=False
        )
        assert (path, answer.status_code) == (path, 403)

    assert requests.get(f"{shared_sandbox.url}/sandbox/clock", timeout=10).json()["now"] < "2030"


@pytest.mark.parametrize("headers", OUR_OWN, ids=str)
def test_our_own_pages_and_programs_may_write(without_files: Running, headers: dict[str, str]) -> None:
    own = filled(headers, host_of(without_files))

    answer = requests.put(f"{without_files.url}/sandbox/clock", headers=own, json=CLOCK, timeout=10)

    assert (answer.status_code, answer.json()["now"][:4]) == (200, "2030")


def test_no_other_site_may_put_our_pages_in_a_frame_or_read_them(shared_sandbox: Running) -> None:
    for path in ("/", "/forms", "/mail", "/spreadsheets"):
        answer = requests.get(
            shared_sandbox.url + path,
            headers={"Accept": "text/html", "Origin": "http://evil.example"},
            timeout=10,
        )
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert "access-control-allow-origin" not in answer.headers
