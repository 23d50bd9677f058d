"""What goes in and comes out under /v1, in the form of OpenAI's chat completions."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ui.rest_models import Citation, Words, Written

HEAD = {"id", "created", "model"}
"""The fields that every part of a streamed completion has."""
OWN = {"citations", "abstained", "confidence", "written"}
"""The fields of a completion that are Dalil's own."""


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: Words = ""


class Message(BaseModel):
    """One message; those that are neither a user's nor an assistant's are passed over."""

    role: str
    content: Words | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class StreamOptions(BaseModel):
    """What a stream carries besides the answer."""

    include_usage: bool = False


class Chat(BaseModel):
    """A conversation whose last message of a user is the question.

    ``model`` is a collection, ``dalil`` the default one. Clients send many settings of language
    models: they mean nothing here, and are passed over.
    """

    messages: list[Message]
    model: Words = "dalil"
    stream: bool = False
    stream_options: StreamOptions | None = None


class Usage(BaseModel):
    """Words in place of tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Said(BaseModel):
    """What is answered: Markdown in which no word of a text has any effect."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: str | None = None


class Choice(BaseModel):
    """The only answer."""

    index: int = 0
    message: Said
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Completion(BaseModel):
    """An answer, with fields that are Dalil's own: citations, abstained, confidence, written."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    citations: list[Citation]
    abstained: bool
    confidence: float
    written: Written | None = None


class Model(BaseModel):
    """A collection; ``collection`` is its id, which stays when it is renamed."""

    # `model_` is pydantic's own prefix, and not in the way here.
    model_config = ConfigDict(protected_namespaces=())

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["dalil"] = "dalil"
    collection: str


class Models(BaseModel):
    """Every collection, the default one first."""

    object: Literal["list"] = "list"
    data: list[Model]


def chunk(completion: Completion, delta: dict[str, Any], end: bool = False) -> dict[str, Any]:
    """A part of a streamed completion; the last one carries Dalil's own fields."""
    choice = {"index": 0, "delta": delta, "finish_reason": "stop" if end else None}
    head = completion.model_dump(include=HEAD)
    own = completion.model_dump(include=OWN) if end else {}
    return {**head, "object": "chat.completion.chunk", "choices": [choice], **own}
