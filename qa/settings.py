"""Settings, from the strongest to the weakest: flags, ``DALIL_*``, ``dalil.toml``, defaults."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from corpus.errors import DalilError
from corpus.passages import PassageSize

CONFIG_FILE = "dalil.toml"


def _listed(value: object) -> object:
    """A variable's words as a list: commas or spaces part them."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _strong(key: SecretStr) -> SecretStr:
    """Neither so short that it is soon guessed, nor with what a header does not carry."""
    if not re.fullmatch(r"[!-~]{16,}", key.get_secret_value()):
        raise ValueError("a key has 16 characters or more, without spaces, letters in ASCII")
    return key


def _sendable(key: SecretStr | None) -> SecretStr | None:
    """What a header carries; an empty one is none."""
    if key is None or not key.get_secret_value():
        return None
    if not re.fullmatch(r"[!-~]+", key.get_secret_value()):
        raise ValueError("a key has no spaces, and letters in ASCII only")
    return key


def _hard(password: SecretStr | None) -> SecretStr | None:
    """Nothing that is soon guessed; an empty one is none."""
    if password is None or not password.get_secret_value():
        return None
    said = password.get_secret_value()
    if len(said) < 12 or len(set(said)) < 5:
        raise ValueError("a password has 12 characters or more, and not the same few")
    return password


_Key = Annotated[SecretStr, AfterValidator(_strong)]
_SECRET = frozenset({"api_keys", "generator", "generator_key", "password", "store"})
"""Settings whose values are not shown: an address may hold a password too."""


class Settings(BaseSettings):
    """Everything that can be set. Unknown keys are refused."""

    model_config = SettingsConfigDict(
        env_prefix="DALIL_",
        toml_file=CONFIG_FILE,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # a key may be among it
    )

    index: Path | None = Field(None, description="folder of the index to use")
    store: str = Field(
        "faiss",
        pattern=r"^(faiss|(milvus|postgres):.+)$",
        description="what searches the vectors: `faiss`, `milvus:` with a file *.db or the address "
        "of a server, or `postgres:` with a connection string",
    )
    embed_on: str = Field(
        "here",
        pattern=r"^(here|ray(:.+)?)$",
        description="where `dalil index` embeds: `here`, `ray` (every core, by Ray), or `ray:` "
        "with the address of a Ray cluster",
    )
    embedder: str = Field("default", description="`default`, a local folder, or a hub name")
    reader: str = Field(
        "default",
        description="`default`, `sentences` (no trained reader), or the folder or hub name of an "
        "extractive question-answering model",
    )
    calibration: Path | None = Field(None, description="what `evals.fit_reader` wrote for it")
    cache: Path = Field(user_cache_path("dalil"), description="where converted models are kept")
    data: Path = Field(user_data_path("dalil"), description="where indexes are kept by default")
    passage_words: int = Field(150, ge=20, le=400)
    passage_overlap: int = Field(30, ge=0, le=200)
    candidates: int = Field(10, ge=1, le=100, description="passages that the reader is given")
    mood: Literal["cautious", "balanced", "eager"] = Field(
        "balanced", description="how sure an answer must be"
    )
    threshold: float | None = Field(
        None, ge=0, le=1, description="least confidence of an answer, in place of the mood's"
    )
    generator: str = Field(
        "",
        description="language model that words answers: the address of an OpenAI-compatible "
        "server, or a folder, hub name or .gguf file; empty for none",
    )
    generator_model: str = Field("", description="its name there; empty takes the first one listed")
    generator_key: Annotated[SecretStr | None, AfterValidator(_sendable)] = Field(
        None, description="key of that server"
    )
    generator_wait: float = Field(30, gt=0, le=600, description="seconds until its first word")
    generator_seconds: float = Field(120, gt=0, le=3600, description="seconds in all")
    generator_words: int = Field(400, ge=20, le=4000, description="most tokens of one answer")
    generator_rewrites: bool = Field(
        False, description="whether it also makes follow-ups stand alone and parts questions"
    )
    host: str = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)
    api_keys: Annotated[tuple[_Key, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (), description="keys of programs, 16 characters or more each; with any, each must have one"
    )
    user: str = Field("", max_length=100, description="who may open the page, with `password`")
    password: Annotated[SecretStr | None, AfterValidator(_hard)] = Field(
        None, description="12 characters or more; with it the page asks for both, wherever it is"
    )
    open_to_all: bool = Field(
        False, description="that anybody may ask where others reach `host` and no password is set"
    )
    public_name: str = Field(
        "",
        pattern=r"^[A-Za-z0-9.-]*$",
        description="the name by which a reverse proxy on this machine makes the page known",
    )
    per_minute: int = Field(
        120, ge=0, description="requests that one address may send a minute where others reach "
        "`host`; 0 for any number",
    )  # fmt: skip
    language: Literal["ar", "en"] = "ar"
    terminal: Literal["auto", "logical", "visual"] = Field(
        "auto", description="who turns Arabic round: the terminal (logical) or Dalil (visual)"
    )

    @model_validator(mode="after")
    def _both(self) -> Settings:
        if bool(self.user) != bool(self.password):
            raise ValueError("`user` and `password` belong together: set both, or neither")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (named by the caller)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def bundled_index(self) -> Path:
        """Where the index of the bundled texts is kept."""
        return self.data / "indexes" / "bundled"

    @property
    def own_index(self) -> Path:
        """Where ``dalil index`` writes unless told otherwise."""
        return self.index or self.data / "indexes" / "own"

    @property
    def index_folder(self) -> Path:
        """The index to ask: the one named, else the person's own, else the bundled texts'."""
        own = self.own_index
        return own if self.index or (own / "CURRENT").exists() else self.bundled_index

    @property
    def conversations(self) -> Path:
        """The file that conversations are kept in."""
        return self.data / "conversations.sqlite"

    @property
    def size(self) -> PassageSize:
        """The passage size."""
        return PassageSize(self.passage_words, self.passage_overlap)


def load_settings(**flags: object) -> Settings:
    """Settings with the given flags on top; a flag that is None was not given.

    Raises DalilError that names the setting when a value does not fit.
    """
    try:
        return Settings(**{k: v for k, v in flags.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        shown = first["loc"] and first["loc"][0] in Settings.model_fields.keys() - _SECRET
        # An unknown name may be a known one mistyped, and the whole holds all of them.
        found = f" (found {first.get('input')!r})" if shown else ""
        named = f"The setting {name!r} does" if name else "The settings do"
        raise DalilError(
            f"{named} not fit: {first['msg']}{found}.",
            f"Look at the flags, the variables DALIL_*, and {CONFIG_FILE} in this folder.",
        ) from error
    except ValueError as error:
        raise DalilError(
            f"{CONFIG_FILE} cannot be read: {error}.", "Mend it or remove it."
        ) from error
