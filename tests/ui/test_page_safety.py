"""The page under hostile texts, on a phone, and in light and dark."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer, marked, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

    PageFor = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


# Hostile texts


@pytest.mark.browser
def test_a_hostile_text_is_shown_and_does_nothing(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.HOSTILE_QUESTION)
    assert marked(page) == pipeline.ask(fake.HOSTILE_QUESTION).citations[0].quote
    assert "<script>window.hurt=9</script>" in page.inner_text(".answer")
    answer(page, fake.REFUSED)
    assert page.evaluate("window.hurt") is None
    page.wait_for_selector("#side .talk")
    assert "<img src=x" in page.inner_text("#side .talk"), "the question names the conversation"
    page.locator("#side .menu summary").first.click()
    assert page.input_value("#side [name=title]").startswith("ما في الملف الخبيث؟ <img")
    inside = "#log :is(script, img, iframe, a), #source :is(script, img, iframe, a)"
    assert page.locator(inside).count() == 0
    around = ":is(#head, #side, #library, #welcome) :is(script, img, iframe, b b)"
    assert page.locator(around).count() == 0
    assert page.locator("#library b", has_text="<b>خبيث</b>").count() == 1


@pytest.mark.browser
def test_the_policy_stops_a_script_that_gets_in(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    page.evaluate(
        "document.querySelector('#note').innerHTML = '<img src=x onerror=\"window.hurt = 1\">'"
    )
    page.wait_for_function("document.querySelector('#note img').complete")
    assert page.evaluate("window.hurt") is None


@pytest.mark.browser
def test_a_bidi_override_reorders_nothing_outside_itself(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.HOSTILE_QUESTION)
    # Unless it is boxed, the override turns the question's last word round: c is left of a.
    left = page.evaluate(
        """() => {
          const last = document.querySelector('.said').lastChild;
          return [...'abc'].map((letter) => {
            const at = last.textContent.indexOf(letter);
            const range = document.createRange();
            range.setStart(last, at); range.setEnd(last, at + 1);
            return range.getBoundingClientRect().left;
          });
        }"""
    )
    assert left == sorted(left)


# Sizes and schemes


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_phone_scrolls_only_down_and_shows_sources_in_a_drawer(
    page_for: "PageFor", pipeline: fake.FakePipeline, language: str
) -> None:
    page = page_for(pipeline, language=language, **PHONE)
    assert overflow(page) <= 0
    for question in (fake.UNESCO, fake.HOSTILE_QUESTION, fake.UNKNOWN, fake.REFUSED):
        answer(page, question)
        assert overflow(page) <= 0
        inner = page.evaluate(
            "(e => e.scrollWidth - e.clientWidth)(document.querySelector('#log'))"
        )
        assert inner <= 0
    assert not page.is_visible("#source")
    page.locator(".card").first.click()
    page.wait_for_function("document.activeElement?.className === 'close'")
    assert page.is_visible("#source")
    assert marked(page) == pipeline.ask(fake.UNESCO).citations[0].quote
    assert overflow(page) <= 0
    page.keyboard.press("Escape")
    page.wait_for_selector("#source", state="hidden")
    assert page.evaluate("document.activeElement.className") == "card"
    page.locator(".card").first.click()
    page.wait_for_selector("#source .close")
    page.click("#source .close")
    page.wait_for_selector("#source", state="hidden")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(
    page_for: "PageFor", pipeline: fake.FakePipeline, scheme: str
) -> None:
    page = page_for(pipeline, color_scheme=scheme)
    answer(page, fake.UNESCO)
    marked(page)
    for selector in (".answer", ".meta", ".card q", ".place", ".around", "mark", "#send", ".said"):
        ratio = page.locator(selector).first.evaluate(CONTRAST)
        assert ratio >= 4.5, selector


CONTRAST = """(element) => {
  const rgba = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  let ground = element;
  while (rgba(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const [a, b] = [light(rgba(getComputedStyle(element).color)),
                  light(rgba(getComputedStyle(ground).backgroundColor))].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}"""
