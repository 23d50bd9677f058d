"""The generator that the settings name."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from corpus.errors import DalilError, left_to_right
from qa.generator import Generator
from qa.settings import Settings
from qa.timed import Limits

_BARE_ADDRESS = re.compile(r"[\w.-]+:\d+(/.*)?|\[[\da-fA-F:]+\].*|.*://.*")
_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
_EXAMPLE = "http://127.0.0.1:11434/v1"


def load_generator(settings: Settings) -> Generator | None:
    """The generator; None where none is set. It reaches for no server and loads no model yet.

    Raises DalilError when ``settings.generator`` is no address, and no model that is here.
    """
    named = settings.generator.strip()
    if not named:
        return None
    limits, words = (
        Limits(settings.generator_wait, settings.generator_seconds),
        settings.generator_words,
    )
    if _BARE_ADDRESS.fullmatch(named):
        from qa.openai_generator import OpenAIGenerator

        key = settings.generator_key.get_secret_value() if settings.generator_key else ""
        return OpenAIGenerator(
            address_of(named), settings.generator_model, key, limits=limits, words=words
        )
    _check_local(named)
    from qa.local_generator import LocalGenerator

    return LocalGenerator(named, settings.cache / "generators", limits=limits, words=words)


def address_of(named: str) -> str:
    """The address to which ``/chat/completions`` is put; without a path it is taken to be ``/v1``.

    Raises DalilError when it is not one.
    """
    try:
        parts = urlsplit(named)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, or half an IPv6 address
        whole = None
    if not whole or re.search(r"[\s\x00-\x1f]", named):
        raise _no_address(named)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise DalilError(
            "The address in the setting `generator` holds more than host, port and path.",
            f"Write it like {_EXAMPLE}, and a key in DALIL_GENERATOR_KEY.",
            arabic="في عنوان النموذج اللغوي ما ليس من العنوان. اكتبه هكذا: "
            f"{left_to_right(_EXAMPLE)}، واكتب المفتاح في المتغيّر DALIL_GENERATOR_KEY.",
        )
    return named.rstrip("/") + ("" if parts.path.strip("/") else "/v1")


def _no_address(named: str) -> DalilError:
    shown = "" if "@" in named else f": {named!r}"  # what stands before it may be a password
    return DalilError(
        f"The setting `generator` is not an address of a server{shown}.",
        f"Write it with http:// or https://, like {_EXAMPLE}",
        arabic="ما عُيّن للنموذج اللغوي في الإعدادات ليس عنوان خادم. اكتبه هكذا: "
        f"{left_to_right(_EXAMPLE)}",
    )


def _check_local(named: str) -> None:
    """Raise DalilError when ``named`` is neither a model's folder or file nor a hub name."""
    path = Path(named).expanduser()
    if path.is_dir():
        fits = (path / "config.json").is_file()
    else:
        fits = path.suffix == ".gguf" and path.is_file()
        if not path.exists() and path.suffix != ".gguf":
            fits = _HUB_NAME.fullmatch(named) is not None
    if not fits:
        found = "holds no model" if path.exists() else "is not there"
        raise DalilError(
            f"The language model of the setting `generator` {found}: {named}",
            "Give the folder of a model of transformers, a .gguf file, a hub name such as "
            f"owner/model, or the address of a server, like {_EXAMPLE}",
            arabic=f"لا نموذج لغويًّا في «{left_to_right(named)}». عيّن في الإعدادات مجلّد نموذج، أو "
            f"ملف gguf، أو عنوان خادم مثل {left_to_right(_EXAMPLE)}",
        )
