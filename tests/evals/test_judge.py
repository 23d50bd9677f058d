"""The second opinion: what it passes, what it does not, and how far it agrees with labels."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.errors import DalilError
from evals.agreement import Labelled, agreement, kappa, load_labelled, main
from evals.command import OWN_SET
from evals.judge import bears_out, verified
from evals.judge_words import with_figures
from evals.letters import words
from qa.answer import Citation

LIBRARY = (
    "تأسست مكتبة الواحة سنة ١٩٣٤ على يد القاضي إبراهيم السنوسي. تضم المكتبة اليوم ٤٢٬٥٠٠ كتاب "
    "مطبوع، ولا تُعار المخطوطات خارج القاعة. ويُرجَّح أن أقدم مخطوط فيها كُتب في القرن الثاني عشر."
)
QUESTION = "متى تأسست مكتبة الواحة؟"


def citation(document: Document, start: int, end: int) -> Citation:
    return Citation(
        number=1, source="x.txt", page=None, start=start, end=end, heading="",
        quote=document.text[start:end], document_id=document.id, passage_id="p",
    )  # fmt: skip


def test_a_citation_holds_letter_by_letter_or_not_at_all() -> None:
    document = Document("x.txt", LIBRARY)
    good = citation(document, 0, 27)
    assert verified(good, document)
    for bad in (
        replace(good, quote=good.quote.replace("١٩٣٤", "١٩٣٥")),
        replace(good, quote=good.quote.replace("ة", "ه")),
        replace(good, start=1, end=28),
        replace(good, start=-5),
        replace(good, end=26),
        replace(good, start=len(LIBRARY), end=len(LIBRARY) + 27),
        replace(good, document_id="0" * 16),
    ):
        assert not verified(bad, document)
    assert not verified(good, replace(document, text=LIBRARY.replace("الواحة", "الواحه")))


@pytest.mark.parametrize(
    "sentence",
    [
        "تأسست مكتبة الواحة سنة 1934 على يد القاضي إبراهيم السنوسي.",
        "تأسّست مكتبة الواحة سنة 1934 م.",
        "على يد القاضي ابراهيم السنوسي تأسست المكتبة.",
        "تضم المكتبة 42500 كتاب مطبوع.",
        "في المكتبة ٤٢,٥٠٠ كتابٍ مطبوعٍ.",
        "لا تعار المخطوطات خارج القاعة.",
        "يرجح أن أقدم مخطوط في المكتبة كُتب في القرن 12.",
    ],
)
def test_what_the_words_say_is_passed_however_it_is_spelt(sentence: str) -> None:
    assert bears_out(sentence, [LIBRARY], "مكتبة الواحة", QUESTION).borne_out


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("تأسست مكتبة الواحة سنة 1943.", "numbers"),
        ("تأسست مكتبة الواحة سنة l934.", "numbers"),
        ("تضم المكتبة اليوم 42 كتابًا مطبوعًا.", "numbers"),
        ("تضم المكتبة 42500 كتاب مطبوع و12% منها نادر.", "numbers"),
        ("تأسست مكتبة الواحة سنة 1934 على يد القاضي إبراهيم التونسي.", "words"),
        ("تأسست مكتبة الواحة سنة 1934 بأمر من نابليون بونابرت.", "words"),
        ("تأسست مكتبة الواحة سنة 1934 by Napoleon.", "words"),
        ("تعار المخطوطات خارج القاعة.", "polarity"),
        ("لم تتأسس مكتبة الواحة سنة 1934.", "polarity"),
        ("ليس صحيحًا أن مكتبة الواحة تأسست سنة 1934.", "words"),
        ("كُتب أقدم مخطوط في القرن الثاني عشر.", "polarity"),
        ("كل المخطوطات خارج القاعة.", "words"),
        ("تأسست المكتبة بعد سنة 1934.", "words"),
        ("تأسست المكتبة سنة 1934 قبل اليوم بمطبوع.", "words"),
        ("القاضي إبراهيم السنوسي خارج القاعة.", "order"),
        ("تأسست مكتبة الواحة سنة 1934 [1].", "form"),
        ("تأسست مكتبة الواحة <b>سنة 1934</b>.", "form"),
        ("تأسست مكتبة الواحة سنة \u202e1934\u202c.", "form"),
        ("تأسست مكتبة الو\u200bاحة سنة 1934.", "form"),
        ("تأسست مكتبة الواحة سنة 1934 ![ص](http://x).", "form"),
        ("نعم.", "words"),
        ("", "words"),
    ],
)
def test_what_they_do_not_say_is_not(sentence: str, why: str) -> None:
    verdict = bears_out(sentence, [LIBRARY], "", QUESTION)
    assert not verdict.borne_out
    assert verdict.why == why


def test_the_questions_own_words_prove_nothing() -> None:
    for quotes in ([], ["لا شيء هنا يفيد."]):
        assert not bears_out("تأسست مكتبة الواحة", quotes, "مكتبة الواحة", QUESTION).borne_out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ثلاثمئة وثمانية عشر كيلومترًا", ["318", "كيلومترا"]),
        ("15 ألف متفرج", ["15000", "متفرج"]),
        ("4.6 مليون", ["4600000"]),
        ("٤٬٦٠٠٬٠٠٠", ["4600000"]),
        ("سبعة وعشرين يومًا", ["27", "يوما"]),
        ("ألف وتسعمئة وأربعة وثلاثون", ["1934"]),
        ("بين عامي 1970 و2020", ["بين", "عامي", "1970", "و", "2020"]),
        ("القرن الحادي عشر", ["القرن", "11"]),
        ("أحد العلماء", ["احد", "العلما"]),
        ("الثالث من مايو", ["3", "من", "مايو"]),
    ],
)
def test_numbers_in_words_are_numbers(text: str, found: list[str]) -> None:
    assert with_figures(words(text)) == found


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_gets_a_verdict(sentence: str, quote: str) -> None:
    assert bears_out(sentence, [quote], "", "").borne_out in {True, False}


def test_labelled_sentences_are_mostly_judged_as_people_do() -> None:
    found = agreement(load_labelled(OWN_SET.with_name("support.jsonl")))
    assert found["raw"].value > 0.75
    assert found["kappa"].value > 0.5
    assert found["too_strict"] < 0.15 * (found["too_strict"] + found["both_yes"])


# Agreement


def test_kappa_is_what_cohen_says() -> None:
    # Yes of both 20, no of both 15, first alone 5, second alone 10: (0.7 - 0.5) / (1 - 0.5).
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10
    pairs += [(False, False)] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([(True, True), (False, False)]) == pytest.approx(1)
    assert kappa([(True, False), (False, True)]) == pytest.approx(-1)
    assert kappa([(True, True)] * 3) is None


def test_agreement_tells_the_dangerous_error_from_the_other() -> None:
    labelled = [Labelled("أ", True, True, "")] * 3 + [Labelled("ب", False, True, "")]
    labelled += [Labelled("ج", True, False, "words")] * 2 + [Labelled("د", False, False, "")] * 4
    found = agreement(labelled)
    assert (found["missed"], found["too_strict"]) == (1, 2)
    assert (found["both_yes"], found["both_no"]) == (3, 4)
    assert (found["raw"].value, found["raw"].n) == (0.7, 10)
    assert found["kappa"].low <= found["kappa"].value <= found["kappa"].high


def test_the_command_compares_a_file(tmp_path: Path) -> None:
    rows = [
        {"sentence": "تأسست المكتبة سنة 1934.", "quotes": [LIBRARY], "borne_out": True},
        {"sentence": "تأسست المكتبة سنة 1999.", "passage": LIBRARY, "supported": False},
        {"sentence": "تأسست المكتبة سنة 1934.", "quotes": [LIBRARY], "borne_out": False},
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    done = CliRunner().invoke(main, [str(path), "--disagreements"], catch_exceptions=False)
    assert "n=3, agreement 66.7" in done.output
    assert "judge alone says yes 1" in done.output
    assert "person False, judge True" in done.output


@pytest.mark.parametrize("line", ["{", "{}", '{"sentence": "أ", "quotes": [], "borne_out": null}'])
def test_a_line_that_does_not_fit_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(DalilError, match="Line 1"):
        load_labelled(path)


def test_sentences_are_drawn_to_be_labelled(tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "question": "س", "sentence": f"جملة {n}", "quotes": ["نص"] * (n % 3 > 0),
         "shown": n % 2 == 0, "heading": ""}
        for n in range(30)
    ]  # fmt: skip
    kept, out = tmp_path / "kept.jsonl", tmp_path / "drawn.jsonl"
    kept.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    arguments = [str(kept), "--draw", "5", "--shown", "--out", str(out)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    drawn = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(drawn) == len({row["id"] for row in drawn}) == 5
    assert all(row["shown"] and row["quotes"] and row["borne_out"] is None for row in drawn)
