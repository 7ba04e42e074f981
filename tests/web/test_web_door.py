"""Whom the pages answer at all, asked without a browser."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

EVIL = "https://evil.example"
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


def test_cookies_are_for_this_site_only_and_for_no_script(shop: Any) -> None:
    plain = shop.stranger.get("/enter/demo")
    over_tls = shop.stranger.get("/enter/demo", headers={"X-Forwarded-Proto": "https"})

    for answer in (plain, over_tls):
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
    assert "secure" in over_tls.headers["set-cookie"].lower()
    assert "secure" not in plain.headers["set-cookie"].lower()


@pytest.mark.parametrize("path", ["/", "/register", "/console", "/simulator", "/connect"])
def test_every_page_says_whom_it_talks_to_and_is_kept_by_nobody(shop: Any, path: str) -> None:
    answer = shop.stranger.get(path, follow_redirects=True)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ],
    ids=lambda headers: ", ".join(headers.values()),
)
def test_another_site_gets_no_page(shop: Any, headers: dict[str, str]) -> None:
    assert shop.stranger.get("/register", headers=headers).status_code == 403


def test_a_link_from_another_site_may_be_followed_but_nothing_posted(shop: Any) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

    assert shop.stranger.get("/", headers=followed).status_code == 200
    assert shop.stranger.post("/", headers=followed).status_code == 403


def test_another_site_gets_no_connection_to_a_page(shop: Any) -> None:
    address = f"ws://{urlsplit(shop.base_url).netloc}{SOCKET}"

    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin=EVIL)  # type: ignore[arg-type]
    with connect(address, origin=shop.base_url) as ours:
        assert ours.recv(timeout=10)
    assert refused.value.response.status_code == 403
