"""Nobody asks who may not: every route, with no token, from another host or origin, with bodies that forms send."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.auth import Authorizer
from jupyter_server.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from trackside.server.handlers import ROUTES

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from tests.server.conftest import Client, Project

EVIL = "http://evil.example"


class Browser:
    """Sends requests as a page could, by cookie or with nothing at all."""

    def __init__(self, serverapp: ServerApp, port: int) -> None:
        self._root = f"http://127.0.0.1:{port}"
        self._base = serverapp.base_url
        self._token = serverapp.identity_provider.token
        self.cookies: dict[str, str] = {}

    async def log_in(self) -> None:
        """Get the cookies that the server gives a page: its XSRF token's, and, opened with the token, the user's."""
        url = f"{self._root}{url_path_join(self._base, 'login')}"
        for address in (url, f"{url}?token={self._token}"):
            request = HTTPRequest(address, follow_redirects=False)
            response = await AsyncHTTPClient().fetch(request, raise_error=False)
            given = [line.partition(";")[0].partition("=") for line in response.headers.get_list("Set-Cookie")]
            self.cookies |= {name: value for name, _, value in given}

    async def send(self, route: str, body: Any = None, **headers: str) -> int:
        """Return the status of a request to a route; with a body it is a POST."""
        sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = f"{self._root}{url_path_join(self._base, 'trackside', route)}"
        text = None if body is None else json.dumps(body)
        request = HTTPRequest(url, "GET" if body is None else "POST", body=text, headers=sent)
        return (await AsyncHTTPClient().fetch(request, raise_error=False)).code


@pytest.fixture
def browser(jp_serverapp: ServerApp, http_server: Any, http_server_port: Any) -> Browser:  # noqa: ARG001 - it is to run
    return Browser(jp_serverapp, http_server_port[1])


async def requests_of(client: Client, project: Project) -> dict[str, Any]:
    """Return for each registered route a request that is answered, by its path: the body, or None for a GET."""
    run_id = project.run().id
    store = (await client.get("place", path="digits/train.ipynb"))["store"]
    mark = {"ask": "mark", "run_ids": [run_id], "mark": "starred", "value": "yes"}
    made = {
        "about": None,
        "place?path=digits/train.ipynb": None,
        "ask": {"store": store, "question": {"ask": "runs"}},
        "change": {"store": store, "question": mark},
        "watch": {"store": store},
        f"notebook/{store}/{run_id}": None,
        f"outputs/{store}/{run_id}": None,
        "restore": {"store": store, "run_id": run_id},
    }
    names = [route.partition("/")[0] for route, _ in ROUTES]
    assert names == [path.partition("/")[0].partition("?")[0] for path in made], "a route is not tried"
    return made


async def is_untouched(client: Client, project: Project) -> bool:
    store = (await client.get("place", path="digits/train.ipynb"))["store"]
    table = await client.ask(store, {"ask": "runs"})
    return table["starred"] == [] and not list(project.folder.glob("restored-*"))


async def test_without_a_token_no_route_answers(client: Client, project: Project, browser: Browser) -> None:
    for route, body in (await requests_of(client, project)).items():
        assert await browser.send(route, body) == 403, route
    assert await is_untouched(client, project)


async def test_with_the_cookie_of_a_page_and_its_xsrf_token_every_route_answers(
    client: Client, project: Project, browser: Browser
) -> None:
    requests = await requests_of(client, project)
    await browser.log_in()
    for route, body in requests.items():
        assert await browser.send(route, body, X_XSRFToken=browser.cookies["_xsrf"]) == 200, route
    assert not await is_untouched(client, project)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": EVIL, "Referer": f"{EVIL}/page"}, id="evil origin"),
        pytest.param({"Host": "evil.example"}, id="evil host"),
        pytest.param({"Origin": EVIL, "Content_Type": "text/plain"}, id="text/plain from an evil origin"),
    ],
)
async def test_from_another_site_no_route_answers_though_the_browser_sends_its_cookie(
    client: Client, project: Project, browser: Browser, headers: dict[str, str]
) -> None:
    requests = await requests_of(client, project)
    await browser.log_in()
    for route, body in requests.items():
        assert await browser.send(route, body, **headers) in {403, 404}, route
    assert await is_untouched(client, project)


async def test_without_the_xsrf_token_nothing_that_is_sent_is_heard(
    client: Client, project: Project, browser: Browser
) -> None:
    requests = await requests_of(client, project)
    await browser.log_in()
    for route, body in requests.items():
        if body is not None:
            assert await browser.send(route, body) == 403, route
    assert await is_untouched(client, project)


async def test_bodies_that_a_form_can_send_are_refused_even_with_a_token(client: Client, project: Project) -> None:
    requests = await requests_of(client, project)
    for route, body in requests.items():
        if body is not None:
            for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
                status, message = await client.post(route, body, kind=kind)
                assert status == 415 or (status == 400 and "multipart" in kind), (route, message)
    assert await is_untouched(client, project)


class Reader(Authorizer):
    """Lets everybody read and nobody write."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:  # noqa: ARG002 - its shape
        return action == "read"


class Nobody(Authorizer):
    """Lets nobody do anything."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:  # noqa: ARG002 - its shape
        return False


async def test_each_route_asks_the_servers_authorizer(
    client: Client, project: Project, jp_serverapp: ServerApp
) -> None:
    requests = await requests_of(client, project)
    jp_serverapp.web_app.settings["authorizer"] = Nobody(parent=jp_serverapp)
    for route, body in requests.items():
        path, _, query = route.partition("?")
        params = dict(pair.split("=") for pair in query.split("&") if pair)
        answer = await (client.get(path, **params) if body is None else client.post(route, body))
        assert answer[0] == 403, route


async def test_who_may_only_read_changes_nothing(client: Client, project: Project, jp_serverapp: ServerApp) -> None:
    requests = await requests_of(client, project)
    jp_serverapp.web_app.settings["authorizer"] = Reader(parent=jp_serverapp)
    for route, body in requests.items():
        if body is not None:
            answer = await client.post(route, body)
            is_refused = isinstance(answer, tuple) and answer[0] == 403
            assert is_refused == (route in {"change", "restore"}), route
    assert await is_untouched(client, project)
