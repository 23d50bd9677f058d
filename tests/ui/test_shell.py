"""The layer around Gradio: what is open, who may post, whose browser it is, and the first paint."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.reading import Reading
from ui.shell import Shell, dressed
from ui.strings import ARABIC, ENGLISH, Strings

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

GRADIOS = b"""<!doctype html>
<html lang="en"><head><meta property="og:image" content="http://elsewhere.example/a.png" />
<meta name="twitter:card" content="x"><title>Gradio</title><script>window.config = {}</script>
<script type="module" src="./assets/index.js"></script></head>
<body><gradio-app></gradio-app></body></html>"""


@dataclass
class Inner:
    """What stands for Gradio: notes what reaches it."""

    status: int = 200
    reached: list[str] = field(default_factory=list)
    encodings: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: "Scope", _receive: "Receive", send: "Send") -> None:
        self.reached.append(scope["path"])
        self.encodings += [v for k, v in scope["headers"] if k == b"accept-encoding"]
        headers = [
            (b"content-type", b"text/html"),
            (b"content-length", str(len(GRADIOS)).encode()),
            (b"cache-control", b"public"),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        middle = len(GRADIOS) // 2  # in two parts, cut inside a tag
        await send({"type": "http.response.body", "body": GRADIOS[:middle], "more_body": True})
        await send({"type": "http.response.body", "body": GRADIOS[middle:]})


@dataclass(frozen=True)
class Reply:
    """What a browser gets."""

    status: int
    body: str
    headers: list[tuple[str, str]]

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]


@pytest.fixture
def inner() -> Inner:
    return Inner()


def asked(
    inner: Inner, path: str, method: str = "GET", language: str = "ar", **headers: str
) -> Reply:
    """One request through the shell."""
    sent: list[Message] = []

    async def send(message: "Message") -> None:
        sent.append(message)

    async def receive() -> "Message":
        return {"type": "http.request", "body": b"", "more_body": False}

    named = {"host": "127.0.0.1:7860", **headers}
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in named.items()],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as thread:  # this one may have a loop already: a browser's
        thread.submit(asyncio.run, Shell(inner, language)(scope, receive, send)).result()
    start, *bodies = sent
    return Reply(
        start["status"],
        b"".join(message["body"] for message in bodies).decode(),
        [(k.decode().lower(), v.decode()) for k, v in start["headers"]],
    )


# What is open


@pytest.mark.parametrize("before", ["", "/ar", "/en"])
@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/hostname",
        "/gradio_api/file/etc/hostname",
        "/file=/etc/hostname",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/component_server",
        "/gradio_api/deep_link",
        "/gradio_api/vibe-editor",
        "/gradio_api/upload_progress",
        "/gradio_api/uploads",
        "/gradio_api/app_ids",
        "/gradio_api/app_id/x",
        "/gradio_api/run/ask",
        "/gradio_api/call/askew",
        "/gradio_api/call/other",
        "/gradio_api/queue/status",
        "/monitoring",
        "/docs",
        "/openapi.json",
        "/configuration",
        "/login",
        "/dalilx",
    ],
)
def test_what_the_page_does_not_use_never_reaches_gradio(
    inner: Inner, before: str, path: str
) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert asked(inner, before + path, method).status == 404
    assert inner.reached == []


@pytest.mark.parametrize("path", ["/fr", "/ar/en", "/arx", "/index.html", "//"])
def test_there_are_three_pages_and_no_more(inner: Inner, path: str) -> None:
    assert asked(inner, path).status == 404
    assert inner.reached == []


@pytest.mark.parametrize(
    "path",
    [
        "/config",
        "/ar/config",
        "/en/assets/index.js",
        "/gradio_api/upload",
        "/en/gradio_api/upload",
        "/ar/gradio_api/queue/join",
        "/gradio_api/call/ask",
        "/gradio_api/call/ask/17",
        "/gradio_api/heartbeat/x",
        "/gradio_api/app_id",
        "/ar/gradio_api/app_id/",
        "/dalil/page.js",
        "/dalil/conversations/x.md",
    ],
)
def test_what_the_page_uses_goes_through_as_it_is(inner: Inner, path: str) -> None:
    reply = asked(inner, path)
    assert inner.reached == [path]
    assert reply.body == GRADIOS.decode()
    assert reply.all("set-cookie") == []


# Who may post


@pytest.mark.parametrize("path", ["/", "/ar", "/gradio_api/upload", "/en/gradio_api/queue/join"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:3000",
        "http://127.0.0.1",
        "http://localhost:7860",
        "http://127.0.0.1:7860.evil.example",
        "http://evil.example/127.0.0.1:7860",
        "http://127.0.0.1:7860@evil.example",
        "null",
        "127.0.0.1:7860",
    ],
)
def test_a_page_from_elsewhere_may_not_post(inner: Inner, path: str, origin: str) -> None:
    assert asked(inner, path, "POST", origin=origin).status == 403
    assert inner.reached == []


@pytest.mark.parametrize("headers", [{}, {"origin": "http://127.0.0.1:7860"}])
def test_our_own_page_and_programs_may_post(inner: Inner, headers: dict[str, str]) -> None:
    assert asked(inner, "/gradio_api/upload", "POST", **headers).status == 200


# Whose browser it is


@pytest.mark.parametrize("path", ["/", "/ar/", "/en/"])
def test_a_new_browser_gets_a_name_that_no_script_can_read(inner: Inner, path: str) -> None:
    names = set()
    for _ in range(3):
        (cookie,) = asked(inner, path).all("set-cookie")
        name, *limits = cookie.split("; ")
        assert {"Path=/", "HttpOnly", "SameSite=Lax"} < set(limits)
        assert re.fullmatch(r"dalil=[\w-]{32,}", name)
        names.add(name)
    assert len(names) == 3


@pytest.mark.parametrize(
    "cookies",
    [
        "dalil=abc",
        "other=1; dalil=abc",
        'settings={"a":1}; dalil=abc',  # what other programs on this machine may have set
        "[x]=1; dalil=abc",
        'broken="; dalil=abc',
    ],
)
def test_a_browser_keeps_its_name_for_another_year(inner: Inner, cookies: str) -> None:
    (cookie,) = asked(inner, "/", cookie=cookies).all("set-cookie")
    name, *limits = cookie.split("; ")
    assert name == "dalil=abc"
    assert {f"Max-Age={365 * 24 * 3600}", "HttpOnly", "SameSite=Lax"} < set(limits)


@pytest.mark.parametrize("name", ["سعاد", '"a\\015\\012x: y"', "a b", "a" * 101])
def test_a_name_of_another_form_stays_and_reaches_no_header(inner: Inner, name: str) -> None:
    cookie = f"dalil={name}".encode().decode("latin-1")
    assert asked(inner, "/", cookie=cookie).all("set-cookie") == []


@pytest.mark.parametrize("cookies", ["", "dalil=", "other=dalil", "dalilx=abc"])
def test_a_browser_without_a_name_gets_one(inner: Inner, cookies: str) -> None:
    assert len(asked(inner, "/", cookie=cookies).all("set-cookie")) == 1


# How the page looks before it runs


@pytest.mark.parametrize(
    ("path", "language", "strings"),
    [
        ("/", "ar", ARABIC),
        ("/", "en", ENGLISH),
        ("/ar/", "en", ARABIC),
        ("/en/", "ar", ENGLISH),
    ],
)
def test_each_page_has_its_language_before_anything_is_drawn(
    inner: Inner, path: str, language: str, strings: Strings
) -> None:
    reply = asked(inner, path, language=language, accept_encoding="br, gzip")
    assert f'<html lang="{strings.language}" dir="{strings.direction}">' in reply.body
    head, body = reply.body.split("</head>")
    assert f"<title>{strings.title}</title>" in head
    assert f"'{strings.language}'" in head, "Gradio's own notices follow the page"
    assert head.index("/dalil/style.css") < head.index("window.config")
    assert head.index("dalil-theme") < head.index("/dalil/style.css")
    assert strings.no_script in body
    assert "elsewhere.example" not in reply.body
    assert "twitter:" not in reply.body
    assert reply.all("content-length") == [str(len(reply.body.encode()))]
    assert inner.encodings == [], "what comes compressed cannot be rewritten"


@pytest.mark.parametrize("path", ["/ar", "/en"])
def test_an_address_without_its_slash_leads_to_the_page(inner: Inner, path: str) -> None:
    reply = asked(inner, path)
    assert (reply.status, reply.all("location")) == (307, [f"{path}/"])
    assert inner.reached == []


def test_only_scripts_of_this_reply_may_run(inner: Inner) -> None:
    first, second = asked(inner, "/"), asked(inner, "/")
    (policy,) = first.all("content-security-policy")
    found = re.search(r"'nonce-([^']+)'", policy)
    assert found
    scripts = Reading(first.body).each("script")
    assert len(scripts) == 4
    assert all(script["nonce"] == found[1] for script in scripts)
    assert found[1] not in second.body
    script_rule = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe-inline" not in script_rule
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"):
        assert rule in policy
    assert first.all("cache-control") == ["no-store"]


@pytest.mark.parametrize("status", [307, 400, 500])
def test_what_is_no_page_is_handed_on_untouched(status: int) -> None:
    reply = asked(Inner(status=status), "/")
    assert (reply.status, reply.body) == (status, GRADIOS.decode())
    assert reply.all("set-cookie") == []


def test_everything_named_in_the_page_is_our_own() -> None:
    html = dressed(GRADIOS, ARABIC, "nonce").decode()
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)|url\('([^']+)'""", html)
    assert addresses
    assert all(one.startswith(("/dalil/", "./")) for pair in addresses for one in pair if one)
