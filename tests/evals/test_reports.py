"""The report for people, with the worst that a question, a text or a name can hold."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result as Run

from corpus.errors import DalilError
from evals import plots as drawing
from evals.comparison import Change, Paired
from evals.measures import mean
from evals.outcomes import Outcome
from evals.plots import plots
from evals.reports import markdown, page, write_reports
from evals.results import Latency, Result
from evals.robustness import Drop
from tests.ui.browsing import overflow
from tests.ui.reading import Reading

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURE = Path(__file__).parents[2] / "docs" / "report.png"
SCRIPT = "<script>window.hurt=1</script><img src=x onerror='window.hurt=2'>"
SIGNS = "[a](http://b.example) | `c` *d* _e_ ~~f~~ $g$ &lt;\n\n# ح\n---"
CONTROLS = "\u202eabc\u2066\u2069\u200f\x1b[31m\x00"
HOSTILE = f"{SCRIPT} {SIGNS} {CONTROLS} {'ش' * 300} $\\frac{{$"


def hostile_outcomes() -> list[Outcome]:
    found = []
    for n in range(24):
        answerable, confidence = n % 4 != 3, (n % 10) / 10
        measures = ("end_to_end.answer_in_quote", "end_to_end.f1", "end_to_end.em",
                    "end_to_end.cited_first", "retrieval.ndcg@10", "retrieval.hit@1",
                    "retrieval.hit@5", "retrieval.mrr@10", "reader.f1_raw")  # fmt: skip
        found.append(
            Outcome(
                id=f"{n}{HOSTILE}",
                question=HOSTILE,
                expected=(HOSTILE,) if answerable else (),
                groups={"type": HOSTILE if n % 2 else "who", "kind": HOSTILE},
                answered=confidence >= 0.2,
                confidence=confidence,
                answer=HOSTILE,
                quotes=(HOSTILE,),
                retrieved=(HOSTILE,) * 5,
                scores=dict.fromkeys(measures, float(n % 3 == 0)) if answerable else {},
            )
        )
    return found


def full_result() -> Result:
    section = {name: mean([0.1, 0.9, 0.7]) for name in ("ndcg@10", "hit@1", "hit@5", "mrr@10")}
    figure = mean([0.25, 0.5])
    return Result(
        name=HOSTILE,
        passages=7,
        threshold=0.2,
        outcomes=tuple(hostile_outcomes()),
        without_gold=(0.1, 0.3, 0.2),
        ablations={"dense": section, "BM25, stems and exact words": section},
        spellings=(Drop("one typing error", figure, figure, figure, 0.5),),
        latency=Latency(10.0, 30.0, tuple(map(float, range(5, 40)))),
    )


RUN: dict[str, Any] = {
    "version": "0.1.0",
    "suite": "full",
    "created": "2026-01-01T00:00:00+00:00",
    "embedder": HOSTILE,
    "settings": {"threshold": 0.2},
}
CHANGES = [Change(HOSTILE, "end_to_end.f1", mean([0.5]), 0.01)]
PAIRS = [Paired(HOSTILE, 20, 21, 24)]


@pytest.fixture(scope="module")
def html() -> str:
    return page(RUN, [full_result()], CHANGES, PAIRS)


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return "\n".join(markdown(RUN, [full_result()], CHANGES, PAIRS)).split("\n")


def test_hostile_words_are_only_words_in_html(html: str) -> None:
    read = Reading(html)
    names = {tag for tag, _ in read.tags}
    assert names.isdisjoint({"script", "img", "iframe", "object", "base", "form"})
    assert not any(name.startswith("on") for _, given in read.tags for name in given)
    assert "<script>window.hurt=1</script>" in read.text
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00\x1b]", html)


def test_the_page_loads_nothing(html: str) -> None:
    assert "default-src 'none'" in html
    for tag, given in Reading(html).tags:
        for name in ("src", "href", "xlink:href", "data", "action", "srcset"):
            assert (given.get(name) or "#").startswith("#"), tag
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_every_part_of_a_result_is_on_the_page(html: str) -> None:
    assert html.count("<svg") == 5
    text = Reading(html).text
    for words in ("Retrieval", "Reader, given the gold passage", "End to end", "Abstention",
                  "Abstention when only the answer is taken away", "Stages", "Spelling",
                  "Against the earlier run", "20 questions paired, of 24 now and 21 earlier", "The worst questions", "n=24", "answer in quote"):  # fmt: skip
        assert words in text, words
    assert "font-family" in html
    assert "التغطية · coverage" in text  # words of the pictures stay text


def test_hostile_words_are_only_words_in_markdown(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00\x1b]", text)
    assert not re.search(r"(?<!\\)[<`~$&]", text)
    assert not re.search(r"(?<!\\)\]\(", text)
    # No line was begun by a text: headings and rules are the report's own.
    assert not any(line.startswith(("# ح", "---")) for line in lines)


def test_every_row_has_as_many_cells_as_its_heading(lines: list[str]) -> None:
    tables = 0
    for before, line in pairwise(lines):
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)\|", line))
            if before.startswith("|"):
                assert cells == len(re.findall(r"(?<!\\)\|", before)), line[:80]
            else:
                tables += 1
    assert tables >= 8


def test_a_set_with_little_to_show_still_makes_a_page() -> None:
    one = hostile_outcomes()[3]
    bare = Result("bare", 1, 0.2, (one,))
    assert list(plots(bare)) == []
    assert "bare" in page(RUN, [bare], [])
    assert any("bare" in line for line in markdown(RUN, [bare], []))
    only = Result("only", 1, 0.2, (hostile_outcomes()[4],))
    assert len(list(plots(only))) == 3
    withheld = Result("withheld", 1, 0.2, (hostile_outcomes()[0],))
    assert [title for title, _ in plots(withheld)] == ["بحسب أداة السؤال · By question word"]


class Axes:
    """Keeps the lines that are drawn, and nothing else."""

    def __init__(self) -> None:
        self.lines: list[tuple[list[float], list[float]]] = []
        self.upright = -1.0

    def plot(self, across: Iterable[float], up: Iterable[float], **_: object) -> None:
        self.lines.append(([*map(float, across)], [*map(float, up)]))

    def axvline(self, place: float, **_: object) -> None:
        self.upright = place

    def set(self, **_: object) -> None: ...

    def legend(self, **_: object) -> None: ...


def drawn(draw: Callable[..., None]) -> Axes:
    """The lines of a picture of one right answer, two wrong ones, and a withheld one."""
    plain = replace(hostile_outcomes()[0], scores={"end_to_end.answer_in_quote": 0.0})
    some = (
        replace(plain, answered=True, confidence=0.5),
        replace(plain, answered=False, confidence=0.1),
        replace(plain, answered=True, confidence=0.9, scores={"end_to_end.answer_in_quote": 1.0}),
        replace(plain, answered=True, confidence=0.7, expected=(), scores={}),
    )
    axes = Axes()
    draw(axes, Result("four", 1, 0.2, some))
    return axes


def test_risk_is_of_the_answers_shown_and_coverage_of_all_questions() -> None:
    axes = drawn(drawing._risk_coverage)
    ((coverage, risk),) = axes.lines
    assert coverage == [0.25, 0.5, 0.75]
    assert risk == pytest.approx([0, 1 / 2, 2 / 3])
    assert axes.upright == 0.75


def test_calibration_is_of_the_answers_shown() -> None:
    _, (stated, true) = drawn(drawing._calibration).lines
    assert (stated, true) == ([0.5, 0.7, 0.9], [0, 0, 1])


def test_the_same_result_draws_the_same_pictures() -> None:
    assert list(plots(full_result())) == list(plots(full_result()))


def test_three_files_are_written_and_the_run_can_be_read_again(tmp_path: Path) -> None:
    result = full_result()
    run = RUN | {"datasets": {result.name: result.as_json()}}
    write_reports(tmp_path / "new" / "folder", run, [result], [])
    folder = tmp_path / "new" / "folder"
    assert {path.name for path in folder.iterdir()} == {"report.md", "report.html", "run.json"}
    again = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert again == json.loads(json.dumps(run))


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DalilError, match="cannot be written") as refused:
        write_reports(tmp_path / "file" / "out", RUN, [], [])
    assert "--out" in refused.value.hint


@pytest.mark.browser
@pytest.mark.parametrize("width", [1180, 390])
def test_the_page_fits_the_window_and_runs_nothing(
    browser: Browser, html: str, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    asked: list[str] = []
    visit = browser.new_context(viewport={"width": width, "height": 900})
    opened = visit.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(file.as_uri())
    opened.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert overflow(opened) <= 0
    clipped = opened.evaluate(
        """[...document.querySelectorAll('.sections .card, .plots .card')]
           .filter((card) => card.scrollWidth > card.clientWidth).map((card) => card.innerText)"""
    )
    assert clipped == []
    assert opened.evaluate("[document.documentElement.dir, document.documentElement.lang]") == [
        "rtl",
        "ar",
    ]
    sizes = opened.locator("figure svg").evaluate_all(
        "all => all.map((svg) => svg.getBoundingClientRect().height)"
    )
    assert len(sizes) == 5
    assert min(sizes) > 100
    assert opened.evaluate("window.hurt") is None
    assert asked == [file.as_uri()]
    visit.close()


@pytest.mark.browser
@pytest.mark.skipif("DALIL_PICTURE" not in os.environ, reason="only to renew the picture")
@pytest.mark.usefixtures("model")
def test_the_picture_is_of_a_real_run(
    browser: Browser, dalil: Callable[..., Run], tmp_path: Path
) -> None:
    assert dalil("eval", "--out", tmp_path).exit_code == 0
    visit = browser.new_context(viewport={"width": 1180, "height": 1200})
    opened = visit.new_page()
    opened.goto((tmp_path / "report.html").as_uri())
    opened.screenshot(path=PICTURE)
    visit.close()
