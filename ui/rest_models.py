"""What goes in and comes out under /api/v1, as JSON. Offsets count characters of the raw text."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from qa.turn import carried

MOST_HISTORY = 50
MOST_HITS = 50

# JSON can hold halves of surrogate pairs, which no text of ours and no answer can.
Words = Annotated[str, AfterValidator(carried)]
Name = Annotated[Words, Field(max_length=200)]


class In(BaseModel):
    """What a program sends: of exactly this form."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Exchange(In):
    """An earlier question as it was searched for, and its answer; empty where it had none."""

    query: Annotated[Words, Field(max_length=2000)]
    answer: Annotated[Words, Field(max_length=10_000)] = ""


class Question(In):
    """A question to a collection, named by its id or name; without a name, to the default one."""

    question: Words = Field(description="up to 2000 characters, with a letter or a digit")
    collection: Name = ""
    history: Annotated[list[Exchange], Field(max_length=MOST_HISTORY)] = []
    mood: Literal["cautious", "balanced", "eager"] | None = Field(
        None, description="how sure an answer must be; as the settings say where it is left out"
    )
    stream: bool = Field(False, description="answer with server-sent events")
    write: bool = Field(
        True, description="whether a language model words the answer, where one is set"
    )


class Search(In):
    """A search of a collection."""

    query: Words = Field(description="up to 2000 characters, with a letter or a digit")
    limit: Annotated[int, Field(ge=1, le=MOST_HITS)] = 10
    collection: Name = ""


class Out(BaseModel):
    """What a program gets; filled from the dataclass of the same fields."""

    model_config = ConfigDict(from_attributes=True)


class Citation(Out):
    """Words of a source: ``text[start:end] == quote`` in the document, checked just now."""

    number: int
    source: str
    page: int | None
    heading: str
    start: int
    end: int
    quote: str
    answer: str = Field(description="the part of the quote that is the short answer, if not all")
    document_id: str
    passage_id: str


class Passage(Out):
    """A passage that a search found. Scores are higher-is-better; ``score`` lies in 0..1."""

    source: str
    page: int | None
    heading: str
    start: int
    end: int
    text: str
    document_id: str
    passage_id: str
    score: float
    dense: float
    lexical: float


class Sentence(Out):
    """A sentence of a language model; the ``citations`` with these numbers bear it out."""

    text: str
    citations: list[int]


class Written(Out):
    """What a language model wrote of an answer, as far as the texts bear it out.

    ``removed`` is how many further sentences they do not; ``trouble`` says why it ``failed``.
    """

    sentences: list[Sentence]
    removed: int
    state: Literal["writing", "done", "stopped", "failed"]
    trouble: str
    trouble_arabic: str


class Answer(Out):
    """An answer with its citations, or an abstention with the nearest passages."""

    question: str
    query: str = Field(description="what was searched for")
    answer: str
    abstained: bool
    confidence: float = Field(description="a probability, 0..1")
    citations: list[Citation]
    nearest: list[Passage]
    written: Written | None = Field(
        None, description="what a language model wrote; null where none was asked"
    )


class Found(Out):
    """What a search found, best first."""

    hits: list[Passage]


class Collection(Out):
    """Texts that are asked together."""

    id: str
    name: str
    default: bool
    fixed: bool = Field(description="whether it cannot be changed")


class Collections(Out):
    """Every collection."""

    collections: list[Collection]


class Item(Out):
    """One text of a collection. ``pages`` is 0 where its kind has none."""

    source: str
    title: str
    document_id: str
    pages: int
    passages: int
    warnings: list[str]
    removable: bool


class Items(Out):
    """The texts of a collection, by source."""

    documents: list[Item]


class Document(Out):
    """One text, whole. ``pages`` are the offsets at which its pages begin."""

    id: str
    source: str
    title: str
    text: str
    pages: list[int]
    warnings: list[str]


class File(Out):
    """What became of a file that was sent; why it was refused stands in both languages."""

    name: str
    state: Literal["waiting", "reading", "read", "refused", "indexed"]
    pages: int
    characters: int
    message: str
    arabic: str


class Changed(Out):
    """What a collection holds after it was changed; nothing is said where nothing was changed."""

    files: list[File] = []
    documents: int | None = None
    passages: int | None = None


class State(Out):
    """How the server is."""

    status: str


class Trouble(Out):
    """What is wrong, what to do, and both in Arabic; the last two may be empty."""

    message: str
    hint: str
    arabic: str


class Problem(Out):
    """The form of every error."""

    error: Trouble
