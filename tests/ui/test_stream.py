"""What is done in quick succession: nothing is dropped, and the stream of results loses nothing."""

from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer, marked
from tests.ui.fake_library import workspace_over
from ui.web import ASSETS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    PageFor = Callable[..., Page]

SERVER = """async (script) => {
  const encoder = new TextEncoder();
  const streams = [];
  const signals = [];
  let sent = 0;
  let heard = "";
  window.fetch = async (address) => {
    const path = new URL(address.url ?? address).pathname;
    if (path.endsWith("/queue/join")) return Response.json({ event_id: `event ${++sent}` });
    if (!path.endsWith("/queue/data")) return new Response("another thing");
    signals.push(address.signal);
    return new Response(new ReadableStream({ start: (one) => streams.push(one) }));
  };
  await import(script);
  const queue = "http://127.0.0.1/ar/gradio_api/queue";
  const join = () => fetch(`${queue}/join`, { method: "POST", body: "{}" });
  const say = (...all) => all.forEach((said) => {
    const words = encoder.encode(`data: ${JSON.stringify(said)}\\n\\n`);
    streams.at(-1).enqueue(words.slice(0, 9)); // as networks cut it
    streams.at(-1).enqueue(words.slice(9));
  });
  const done = (event_id) => ({ msg: "process_completed", event_id });
  const close = () => { say({ msg: "close_stream" }); streams.at(-1).close(); };
  const opened = async (count) => {
    while (streams.length < count) await new Promise((go) => setTimeout(go, 5));
  };
  const listen = async (options = {}) => {
    const reply = await fetch(new Request(`${queue}/data?session_hash=x`, options));
    for await (const part of reply.body.pipeThrough(new TextDecoderStream())) heard += part;
    return heard.trim().split("\\n\\n").map((line) => JSON.parse(line.slice(6)))
      .map(({ msg, event_id }) => event_id ?? msg);
  };
"""


@pytest.fixture
def stream(browser: "Browser") -> Any:
    """``stream(story)`` runs a story on a page whose server is played by `SERVER`."""
    visit = browser.new_context()
    page = visit.new_page()
    script = b64encode((ASSETS / "stream.js").read_bytes()).decode()

    def run(story: str) -> Any:
        return page.evaluate(f"{SERVER}{story}}}", f"data:text/javascript;base64,{script}")

    yield run
    visit.close()


@pytest.mark.browser
def test_a_stream_closes_when_nothing_is_due(stream: Any) -> None:
    said = stream("""
      await join();
      const heard_ = listen();
      await opened(1);
      say({ msg: "heartbeat" }, done("event 1"));
      close();
      return [await heard_, streams.length];
    """)
    assert said == [["heartbeat", "event 1", "close_stream"], 1]


@pytest.mark.browser
def test_what_was_sent_before_the_close_is_waited_for(stream: Any) -> None:
    said = stream("""
      await join();
      const heard_ = listen();
      await opened(1);
      say(done("event 1"));
      await join();
      close();
      await opened(2);
      say(done("event 2"));
      close();
      return [await heard_, streams.length];
    """)
    assert said == [["event 1", "event 2", "close_stream"], 2]


@pytest.mark.browser
def test_what_is_being_sent_during_the_close_is_waited_for(stream: Any) -> None:
    said = stream("""
      await join();
      const heard_ = listen();
      await opened(1);
      say(done("event 1"));
      close();
      await Promise.all([join(), join()]);
      await opened(2);
      say(done("event 3"), done("event 2"));
      close();
      return [await heard_, streams.length];
    """)
    assert said == [["event 1", "event 3", "event 2", "close_stream"], 2]


@pytest.mark.browser
def test_the_stream_is_not_broken_off_from_this_side(stream: Any) -> None:
    said = stream("""
      const breaking = new AbortController();
      await join();
      const heard_ = listen({ signal: breaking.signal });
      await opened(1);
      breaking.abort();
      say(done("event 1"));
      close();
      return [await heard_, signals.map((one) => one.aborted)];
    """)
    assert said == [["event 1", "close_stream"], [False]]


@pytest.mark.browser
def test_a_stream_that_breaks_off_ends_and_other_requests_are_left_alone(stream: Any) -> None:
    said = stream("""
      await join();
      const heard_ = listen();
      await opened(1);
      say({ msg: "heartbeat" });
      streams.at(-1).close();
      const other = await fetch("http://127.0.0.1/dalil/health");
      return [await heard_, streams.length, await other.text()];
    """)
    assert said == [["heartbeat"], 1, "another thing"]


@pytest.mark.browser
def test_of_sources_chosen_at_once_the_last_one_is_shown(
    page_for: "PageFor",
) -> None:
    pipeline = fake.FakePipeline()
    page = page_for(pipeline)
    answer(page, fake.UNESCO)
    first, second = (c.quote for c in pipeline.ask(fake.UNESCO).citations)
    assert marked(page) == first
    page.evaluate("document.querySelectorAll('.card').forEach((card) => card.click())")
    page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=second)
    assert page.get_attribute(".card >> nth=1", "aria-current") == "true"


@pytest.mark.browser
def test_of_sources_answered_the_wrong_way_round_the_last_one_is_shown(
    page_for: "PageFor",
) -> None:
    pipeline = fake.FakePipeline()
    page = page_for(pipeline)
    answer(page, fake.UNESCO)
    _, second = (c.quote for c in pipeline.ask(fake.UNESCO).citations)
    page.evaluate("""() => {
      const real = window.fetch;
      let joined = 0;
      window.fetch = async (...asked) => {
        const address = String(asked[0].url ?? asked[0]);
        if (address.includes("queue/join") && ++joined === 1) {
          await new Promise((on) => setTimeout(on, 700));
        }
        return real(...asked);
      };
      document.querySelectorAll('.card').forEach((card) => card.click());
      window.joins = () => joined;
    }""")
    page.wait_for_function("() => window.joins() >= 3")  # it was asked for again
    page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=second)


@pytest.mark.browser
def test_of_answers_judged_at_once_each_judgement_is_kept(
    page_for: "PageFor",
) -> None:
    workspace = workspace_over()
    page = page_for(workspace)
    answer(page, fake.WHEN)
    answer(page, fake.WHERE)
    page.evaluate("document.querySelectorAll('[data-kind=wrong]').forEach((one) => one.click())")
    page.wait_for_function("document.querySelectorAll('.judging form').length === 2")
    assert {one.turn.question for one in workspace.conversations.judged()} == {
        fake.WHEN,
        fake.WHERE,
    }
