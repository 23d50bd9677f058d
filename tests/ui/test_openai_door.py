"""OpenAI's own client asks Dalil."""

from collections.abc import Iterator

import openai
import pytest
from markdown_it import MarkdownIt

from qa.answer import Exchange
from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
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
