"""Who may open the page: nobody without the password, and nothing of it is shown before."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from corpus.errors import DalilError
from qa.settings import load_settings
from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
from tests.ui.fake_library import workspace_over
from ui.access import Access
from ui.login import COOKIE, WEEK, Tickets
from ui.serving import serve
from ui.strings import ARABIC, ENGLISH
from ui.web import web_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

USER, PASSWORD = "سعاد", "كلمة طويلة لا تُخمَّن"
GUARDED = Access(user=USER, password=PASSWORD)
BROWSER = {"accept": "text/html,*/*"}
CLOSED = [
    "/config",
    "/ar/config",
    "/gradio_api/info",
    "/gradio_api/app_id",
    "/en/gradio_api/queue/join",
    "/gradio_api/upload",
    "/gradio_api/call/ask",
    "/gradio_api/heartbeat/x",
    "/theme.css",
    "/dalil/conversations/x.md",
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(fake.FakePipeline(), host="0.0.0.0", access=GUARDED) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A browser of its own address, so that no test waits for another's tries."""
    with httpx.Client(base_url=address, headers=BROWSER) as client:
        yield client


def given(user: str = USER, password: str = PASSWORD) -> dict[str, str]:
    return {"username": user, "password": password}


# What is closed


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("ticket", ["", "x", "99999999999.", "99999999999." + "0" * 64, "é.é"])
def test_nothing_of_the_page_is_given_without_a_ticket(
    client: httpx.Client, path: str, ticket: str
) -> None:
    headers = {"cookie": f"{COOKIE}={ticket}".encode()} if ticket else {}
    for method in ("GET", "POST"):
        reply = client.request(method, path, headers=headers)  # type: ignore[arg-type]
        assert reply.status_code == 401, method
        assert "gradio" not in reply.text


@pytest.mark.parametrize("path", ["/", "/ar/", "/en/"])
def test_a_page_leads_to_the_login_in_its_language(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 303
    strings = ENGLISH if path == "/en/" else ARABIC
    page = client.get(reply.headers["location"]).text
    assert f'dir="{strings.direction}"' in page
    assert strings.password in page
    assert "<script" not in page


def test_programs_without_a_key_stay_outside_too(client: httpx.Client) -> None:
    assert client.post("/api/v1/ask", json={"question": fake.WHEN}).status_code == 403
    with serving(fake.FakePipeline(), access=GUARDED) as here:
        assert httpx.post(f"{here}/api/v1/ask", json={"question": fake.WHEN}).status_code == 403
        assert httpx.get(f"{here}/config").status_code == 401, "on this machine as well"


# Who comes in


def test_the_password_opens_the_page_until_one_leaves() -> None:
    with (
        serving(fake.FakePipeline(), host="0.0.0.0", access=GUARDED) as address,
        httpx.Client(base_url=address, headers=BROWSER) as client,
    ):
        reply = client.post("/login?language=en", data=given())
        assert (reply.status_code, reply.headers["location"]) == (303, "/en/")
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "Secure" not in cookie
        assert PASSWORD not in str(reply.headers)
        assert client.get("/config").status_code == 200
        assert client.get("/logout").status_code == 303
        assert client.get("/config").status_code == 401


def test_behind_a_proxy_with_tls_cookies_are_for_tls_only() -> None:
    access = Access(user=USER, password=PASSWORD, public_name="dalil.example")
    headers = {"host": "dalil.example", "x-forwarded-proto": "https", **BROWSER}
    with serving(fake.FakePipeline(), access=access) as address:
        reply = httpx.post(f"{address}/login", data=given(), headers=headers)
        assert reply.headers["set-cookie"].endswith("Secure")
        ticket = reply.headers["set-cookie"].partition(";")[0]
        page = httpx.get(f"{address}/ar/", headers={**headers, "cookie": ticket})
        assert page.headers["set-cookie"].endswith("Secure")
        other = httpx.get(f"{address}/ar/", headers={**headers, "host": "evil.example"})
        assert other.status_code == 400


@pytest.mark.parametrize(
    "form",
    [
        given("", ""),
        given(password=""),
        given(password=PASSWORD[:-1]),
        given(password=PASSWORD + "x"),
        given(user="سعد"),
        given(USER.upper(), PASSWORD.upper() + "X"),
        {},
        given(password="x" * 5000),
    ],
)
def test_no_other_word_opens_it(form: dict[str, str]) -> None:
    with serving(fake.FakePipeline(), host="0.0.0.0", access=GUARDED) as address:
        reply = httpx.post(f"{address}/login", data=form, headers=BROWSER)
        assert reply.status_code == 401
        assert ARABIC.wrong_password in reply.text
        assert "set-cookie" not in reply.headers


def test_whoever_tries_too_often_waits() -> None:
    with serving(fake.FakePipeline(), host="0.0.0.0", access=GUARDED) as address:
        said = [
            httpx.post(f"{address}/login?language=en", data=given(password=str(number)))
            for number in range(7)
        ]
        assert [reply.status_code for reply in said] == [401] * 5 + [429] * 2
        seconds = said[-1].headers["retry-after"]
        assert ENGLISH.too_many_tries.format(seconds=seconds) in said[-1].text
        late = httpx.post(f"{address}/login", data=given())
        assert late.status_code == 429, "the right one waits as well"


def test_another_sites_page_may_not_log_one_in(client: httpx.Client) -> None:
    headers = {"origin": "http://evil.example"}
    assert client.post("/login", data=given(), headers=headers).status_code == 403


def test_programs_that_speak_gradio_come_in_by_password() -> None:
    from gradio_client import Client  # type: ignore[import-untyped]

    with serving(fake.FakePipeline(), host="0.0.0.0", access=GUARDED) as address:
        program = Client(address, auth=(USER, PASSWORD), verbose=False)
        assert program.predict(fake.UNESCO, api_name="/ask")["citations"]
        program.close()


# Tickets


def test_tickets_hold_a_week_and_no_longer() -> None:
    now = time.time()
    tickets = Tickets(GUARDED, lambda: now)
    ticket = tickets.new()
    assert tickets.holds(ticket)
    now += WEEK - 1
    assert tickets.holds(ticket)
    now += 2
    assert not tickets.holds(ticket)


def test_a_ticket_cannot_be_changed_or_taken_elsewhere() -> None:
    ticket = Tickets(GUARDED).new()
    until, _, signature = ticket.partition(".")
    assert Tickets(GUARDED).holds(ticket), "a start of the server later"
    assert not Tickets(GUARDED).holds(f"{int(until) + 1}.{signature}")
    assert not Tickets(Access(user=USER, password=PASSWORD + "2")).holds(ticket)
    assert not Tickets(Access(user="other", password=PASSWORD)).holds(ticket)


# Saying so


def test_beyond_this_machine_something_must_be_said() -> None:
    for access, host in (
        (Access(), "0.0.0.0"),
        (Access(), "192.168.1.2"),
        (Access(public_name="dalil.example"), "127.0.0.1"),
    ):
        with pytest.raises(DalilError, match="no password") as told:
            web_app(workspace_over(), "ar", host, 7860, access)
        assert "DALIL_PASSWORD" in told.value.hint
        assert "--open-to-all" in told.value.arabic
        with pytest.raises(DalilError, match="no password"):
            serve(workspace_over(), host, 0, access=access)
    Access().require("127.0.0.1")
    Access(open_to_all=True).require("0.0.0.0")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"user": "u"}, "belong together"),
        ({"password": PASSWORD}, "belong together"),
        ({"user": "u", "password": "short"}, "12 characters"),
        ({"user": "u", "password": "aaaaaaaaaaaaaaaa"}, "12 characters"),
    ],
)
def test_a_weak_password_is_refused_and_not_repeated(flags: dict[str, str], said: str) -> None:
    with pytest.raises(DalilError, match=said) as told:
        load_settings(**flags)
    assert flags.get("password", "?" * 9) not in str(told.value)


def test_there_is_no_password_unless_one_is_set(tmp_path: Path) -> None:
    assert load_settings(data=tmp_path).password is None
    settings = load_settings(user=USER, password=PASSWORD)
    assert PASSWORD not in repr(settings) + repr(Access.of(settings))


# The page itself


@pytest.mark.browser
def test_a_person_comes_in_by_keyboard_and_goes_out(browser: "Browser") -> None:
    from axe_playwright_python.sync_playwright import Axe

    with serving(fake.FakePipeline(), host="0.0.0.0", access=GUARDED) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        page.keyboard.type(USER)
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector(".trouble")
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
        page.fill("#user", USER)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#log .turns")
        page.click(".leave")
        page.wait_for_selector("#password")
        page.go_back()
        page.wait_for_url(re.compile("/login"))
        page.context.close()
