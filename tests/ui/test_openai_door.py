"""OpenAI's own client asks Dalil."""

from collections.abc import Iterator
from dataclasses import replace

import openai
import pytest
from markdown_it import MarkdownIt
from openai.types.chat import ChatCompletion

from qa.answer import Exchange
from qa.turn import Turn
from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
from tests.ui.worded_pipeline import WordedPipeline
from ui.export import bare, reply_as_markdown
from ui.openai_door import asked_in
from ui.openai_models import Chat, Message
from ui.strings import ARABIC, ENGLISH

KEY = "a-key-of-sixteen-letters"


@pytest.fixture(scope="module")
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


@pytest.fixture(scope="module")
def client(pipeline: fake.FakePipeline) -> Iterator[openai.OpenAI]:
    with serving(pipeline, keys=[KEY]) as address:
        yield openai.OpenAI(base_url=f"{address}/v1", api_key=KEY, max_retries=0)


def said(role: str, content: str) -> Message:
    return Message(role=role, content=content)


def test_an_answer_stands_above_its_numbered_quotes(
    client: openai.OpenAI, pipeline: fake.FakePipeline
) -> None:
    completion = client.chat.completions.create(
        model="dalil",
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": fake.WHEN}]},
        ],
        temperature=0.2,
    )
    (choice,) = completion.choices
    content = choice.message.content or ""
    assert choice.finish_reason == "stop"
    assert completion.model == "dalil"
    assert "16 أكتوبر 2002" in content.splitlines()[0]
    assert r"\[1\]" in content.splitlines()[0]
    (citation,) = (completion.model_extra or {})["citations"]
    assert citation["quote"] in content
    document = next(d for d in pipeline.documents if d.id == citation["document_id"])
    assert document.text[citation["start"] : citation["end"]] == citation["quote"]
    assert content.index("16 أكتوبر") < content.index(citation["quote"])
    usage = completion.usage
    assert usage is not None
    assert usage.prompt_tokens + usage.completion_tokens == usage.total_tokens
    assert pipeline.asked[-1] == fake.WHEN


def test_a_stream_is_the_same_answer_in_parts(client: openai.OpenAI) -> None:
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [
        {"role": "user", "content": fake.UNESCO}
    ]
    whole = client.chat.completions.create(model="dalil", messages=messages)
    parts = list(
        client.chat.completions.create(
            model="dalil", messages=messages, stream=True, stream_options={"include_usage": True}
        )
    )
    *body, last = parts
    assert last.choices == []
    assert last.usage == whole.usage
    assert len({part.id for part in parts}) == 1
    assert body[0].choices[0].delta.role == "assistant"
    streamed = "".join(part.choices[0].delta.content or "" for part in body)
    assert streamed == whole.choices[0].message.content
    assert [part.choices[0].finish_reason for part in body][-2:] == [None, "stop"]
    assert (body[-1].model_extra or {})["citations"] == (whole.model_extra or {})["citations"]


@pytest.mark.parametrize(
    ("question", "strings"), [(fake.UNKNOWN, ARABIC), ("How many people work there?", ENGLISH)]
)
def test_an_abstention_is_said_in_the_questions_language(
    client: openai.OpenAI, question: str, strings: object
) -> None:
    completion = client.chat.completions.create(
        model="dalil", messages=[{"role": "user", "content": question}]
    )
    content = completion.choices[0].message.content or ""
    assert content.startswith(getattr(strings, "abstained"))  # noqa: B009
    extra = completion.model_extra or {}
    assert (extra["abstained"], extra["citations"]) == (True, [])


def test_words_of_a_text_have_no_effect_in_the_answer(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="dalil", messages=[{"role": "user", "content": fake.HOSTILE_QUESTION}]
    )
    content = completion.choices[0].message.content or ""
    shown = MarkdownIt("commonmark", {"html": True}).render(content)
    for harm in ("<a", "<img", "<script", "<iframe"):
        assert harm not in shown


def test_collections_are_models(client: openai.OpenAI) -> None:
    listed = [model.id for model in client.models.list()]
    assert listed == ["dalil", "<b>نصوص</b>"]
    for name in ("dalil", "fake"):
        assert client.models.retrieve(name).id == name
        client.chat.completions.create(
            model=name, messages=[{"role": "user", "content": fake.WHEN}]
        )
    with pytest.raises(openai.NotFoundError, match="gone"):
        client.models.retrieve("gone")


def test_errors_are_those_that_the_client_knows(
    client: openai.OpenAI, pipeline: fake.FakePipeline
) -> None:
    asked = len(pipeline.asked)
    create = client.chat.completions.create
    with pytest.raises(openai.NotFoundError, match="gone"):
        create(model="gone", messages=[{"role": "user", "content": "أ"}])
    with pytest.raises(openai.BadRequestError, match="no message of a user"):
        create(model="dalil", messages=[{"role": "system", "content": "أ"}])
    with pytest.raises(openai.BadRequestError, match="empty"):
        create(model="dalil", messages=[{"role": "user", "content": "؟"}], stream=True)
    with pytest.raises(openai.UnprocessableEntityError, match="messages"):
        create(model="dalil", messages="أ")  # type: ignore[arg-type]
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="another-key-of-sixteen").models.list()
    assert len(pipeline.asked) == asked


# Answers that a language model words


def completion_of(pipeline: fake.FakePipeline, question: str = fake.WHEN) -> ChatCompletion:
    with serving(pipeline) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        return client.chat.completions.create(
            model="dalil", messages=[{"role": "user", "content": question}]
        )


@pytest.mark.parametrize("question", [fake.WHEN, fake.UNESCO, fake.UNKNOWN])
def test_where_nothing_is_written_nothing_is_said_of_it(
    client: openai.OpenAI, pipeline: fake.FakePipeline, question: str
) -> None:
    answer = pipeline.ask(question)
    said = client.chat.completions.create(
        model="dalil", messages=[{"role": "user", "content": question}]
    )
    assert said.choices[0].message.content == reply_as_markdown(Turn(question, answer), ARABIC)
    assert (said.model_extra or {})["written"] is None


def test_sentences_stand_between_the_short_answer_and_the_sources() -> None:
    hostile = replace(fake.HOSTILE_SENTENCE, text=f"{fake.HOSTILE_SENTENCE.text} [رابط](http://x)")
    completion = completion_of(WordedPipeline(sentences=(*fake.SENTENCES, hostile)))
    extra = completion.model_extra or {}
    assert [one["number"] for one in extra["citations"]] == [1, 2]
    assert extra["written"]["sentences"][2] == {"text": fake.HALL, "citations": [2]}
    assert extra["written"]["removed"] == 1
    content = completion.choices[0].message.content or ""
    lines = [bare(line) for line in content.split("\n\n")]
    assert lines[0] == "16 أكتوبر 2002 [1]"
    (place,) = [place for place, line in enumerate(lines) if line.startswith(fake.OPENED)]
    assert lines[place].startswith(f"{fake.OPENED} [1] {fake.DESIGNED} [1] {fake.HALL} [2] ")
    assert ARABIC.removed_one in lines[place + 1]
    assert [line[:6] for line in lines[place + 2 :]] == [
        f"### {ARABIC.sources}"[:6],
        "- [1] ",
        "- [2] ",
    ]
    for citation in extra["citations"]:
        assert citation["quote"] in bare(content)
    shown = MarkdownIt("commonmark", {"html": True}).render(content)
    for harm in ("<a", "<img", "<script", "\u202e"):
        assert harm not in shown


def test_the_short_answer_is_streamed_before_the_model_is_done() -> None:
    pipeline = WordedPipeline.held()
    with serving(pipeline) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        stream = client.chat.completions.create(
            model="dalil", messages=[{"role": "user", "content": fake.WHEN}], stream=True
        )
        parts: list[str] = []
        while fake.OPENED not in (streamed := bare("".join(parts))):
            parts.append(next(stream).choices[0].delta.content or "")
        assert streamed.startswith("16 أكتوبر 2002 [1]")
        assert not pipeline.closed.is_set()
        pipeline.go_on()
        chunks = list(stream)
        whole = client.chat.completions.create(
            model="dalil", messages=[{"role": "user", "content": fake.WHEN}]
        )
    parts += [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert "".join(parts) == whole.choices[0].message.content
    last = chunks[-1].model_extra or {}
    for name in ("citations", "written", "abstained", "confidence"):
        assert last[name] == (whole.model_extra or {})[name]


def test_a_stream_that_nobody_reads_any_more_stops_the_model() -> None:
    pipeline = WordedPipeline.held()
    with serving(pipeline) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        with client.chat.completions.create(
            model="dalil", messages=[{"role": "user", "content": fake.WHEN}], stream=True
        ):
            assert pipeline.began.wait(30)
        assert pipeline.stopped.wait(20)
        assert pipeline.closed.wait(20)


def test_a_model_that_fails_is_told_of_in_the_questions_language() -> None:
    completion = completion_of(WordedPipeline(state="failed"))
    content = bare(completion.choices[0].message.content or "")
    assert "غاب <b>الخادم</b>." in content
    assert fake.OPENED in content
    written = (completion.model_extra or {})["written"]
    assert (written["state"], written["trouble"]) == ("failed", "The <b>server</b> is gone.")


def test_a_stream_that_breaks_off_is_an_error_that_tells_nothing_of_the_inside() -> None:
    with serving(WordedPipeline(breaks=RuntimeError("secret detail"))) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        stream = client.chat.completions.create(
            model="dalil", messages=[{"role": "user", "content": fake.WHEN}], stream=True
        )
        with pytest.raises(openai.APIError, match="Something went wrong") as caught:
            list(stream)
    assert "secret" not in str(caught.value)


def test_an_answer_that_was_worded_is_read_back_as_its_short_answer() -> None:
    content = completion_of(WordedPipeline()).choices[0].message.content or ""
    messages = [said("user", fake.WHEN), said("assistant", content), said("user", "ومن صمّمها؟")]
    assert asked_in(Chat(messages=messages)).history == (Exchange(fake.WHEN, "16 أكتوبر 2002"),)


# The conversation before


def test_a_conversation_goes_on_from_what_was_answered(
    client: openai.OpenAI, pipeline: fake.FakePipeline
) -> None:
    first = client.chat.completions.create(
        model="dalil", messages=[{"role": "user", "content": fake.WHEN}]
    )
    client.chat.completions.create(
        model="dalil",
        messages=[
            {"role": "user", "content": fake.WHEN},
            {"role": "assistant", "content": first.choices[0].message.content},
            {"role": "user", "content": "ومن صمّمها؟"},
        ],
    )
    assert pipeline.histories[-1] == (Exchange(fake.WHEN, "16 أكتوبر 2002"),)


def test_earlier_questions_stand_alone_and_an_abstention_is_no_answer() -> None:
    chat = Chat(
        messages=[
            said("user", "أين عُقد الاجتماع الأول؟"),
            said("assistant", f"{ARABIC.abstained}\n\n{ARABIC.abstained_more}"),
            said("tool", "لا شيء"),
            said("user", "والثالث؟"),
            said("user", "ومن ترأسه؟"),
            said("assistant", "يأتي الجواب"),
        ]
    )
    asked = asked_in(chat)
    assert asked.question == "ومن ترأسه؟"
    assert asked.history == (
        Exchange("أين عُقد الاجتماع الأول؟"),
        Exchange("أين عُقد الاجتماع الثالث؟"),
    )
