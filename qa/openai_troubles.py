"""What can go wrong with an OpenAI-compatible server, in words for people.

The server's own words are never among them: nobody has checked what it writes, and they may hold
the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import left_to_right
from qa.generator import GeneratorError

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAIError

_TOO_LONG = ("context", "too long", "too large", "maximum length", "n_ctx")
_SETTING = "Look at the setting `generator`."


def told(error: OpenAIError, address: str, model: str) -> GeneratorError:
    """What ``error`` means for the person who set ``address`` and ``model``."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, APIStatusError):
        return _refused(error, address, model)
    if isinstance(error, APIConnectionError):
        dead = is_unreachable(error) or isinstance(error, APITimeoutError)
        if dead and "CERTIFICATE" in str(error.__cause__):
            return _not_trusted(address)
        return unreachable(address) if dead else broke_off(address)
    return GeneratorError(
        f"The server at {address} reported a failure while its model was writing.",
        "Ask again, and look at what the server itself reports.",
        arabic=f"أبلغ خادم النموذج اللغوي «{left_to_right(address)}» عن عطل في أثناء الكتابة. "
        "أعد السؤال، وانظر ما يقوله الخادم نفسه.",
    )


def is_unreachable(error: OpenAIError) -> bool:
    """Whether no connection came about at all."""
    from httpx2 import ConnectError, ConnectTimeout, ProxyError

    return isinstance(error.__cause__, ConnectError | ConnectTimeout | ProxyError)


def unreachable(address: str) -> GeneratorError:
    """Nobody is there, or nobody who says anything."""
    return GeneratorError(
        f"The language model's server at {address} does not answer.",
        f"Start it. {_SETTING}",
        arabic=f"لا يردّ خادم النموذج اللغوي «{left_to_right(address)}». "
        "شغّله، أو صحّح عنوانه في الإعدادات.",
    )


def broke_off(address: str) -> GeneratorError:
    """The connection ended before the answer did."""
    return GeneratorError(
        f"The server at {address} broke off before its model had finished.",
        "Ask again, and look whether the server still runs.",
        arabic=f"انقطع الاتصال بخادم النموذج اللغوي «{left_to_right(address)}» قبل تمام الجواب. "
        "أعد السؤال، وتأكّد من أنّ الخادم يعمل.",
    )


def unreadable(address: str) -> GeneratorError:
    """What comes is not in the protocol's form, or larger than any answer is."""
    return GeneratorError(
        f"What the server at {address} sends is not the answer of an OpenAI-compatible server.",
        f"{_SETTING} As a rule the address ends in /v1.",
        arabic=f"ما يرسله الخادم «{left_to_right(address)}» ليس جوابًا يُفهم من نموذج لغوي. "
        f"تأكّد من العنوان في الإعدادات، وآخره غالبًا {left_to_right('/v1')}.",
    )


def no_model(address: str, model: str) -> GeneratorError:
    """The model is not there, or none at all where ``model`` is empty."""
    named = f"the model {model}" if model else "any model"
    arabic = f"ليس فيه النموذج «{left_to_right(model)}»" if model else "ليس فيه أيّ نموذج"
    return GeneratorError(
        f"The server at {address} does not have {named}.",
        "Load it there, or name another in the setting `generator_model`.",
        arabic=f"خادم النموذج اللغوي «{left_to_right(address)}» {arabic}. "
        "حمّله هناك، أو عيّن غيره في الإعدادات generator_model.",
    )


def _not_trusted(address: str) -> GeneratorError:
    return GeneratorError(
        f"The certificate of the server at {address} is not one that this machine trusts.",
        "Name the authority that signed it in the variable SSL_CERT_FILE.",
        arabic=f"شهادة الخادم «{left_to_right(address)}» غير موثوقة على هذا الجهاز. "
        "عيّن ملف الجهة التي وقّعتها في المتغيّر SSL_CERT_FILE.",
    )


def _refused(error: APIStatusError, address: str, model: str) -> GeneratorError:
    """An answer whose status says that there is none."""
    status = error.status_code
    about = f"{error.code} {error.type} {error.message}".lower()
    if status in {401, 403}:
        return GeneratorError(
            f"The server at {address} does not accept the key (HTTP {status}).",
            "Set the key that it asks for in DALIL_GENERATOR_KEY.",
            arabic=f"لم يقبل خادم النموذج اللغوي «{left_to_right(address)}» المفتاح. "
            "عيّن مفتاحه في المتغيّر DALIL_GENERATOR_KEY.",
        )
    if status == 404:
        return no_model(address, model) if "model" in about else unreadable(address)
    if status == 429:
        return GeneratorError(
            f"The server at {address} takes no more questions just now (HTTP 429).",
            "Ask again later; a paid service may have come to the end of what was paid for.",
            arabic=f"لا يقبل خادم النموذج اللغوي «{left_to_right(address)}» أسئلة أخرى الآن. "
            "أعد السؤال بعد مدّة.",
        )
    if status in {400, 413, 422} and any(sign in about for sign in _TOO_LONG):
        return too_long(model or address)
    if 300 <= status < 400:
        return GeneratorError(
            f"The server at {address} sends one on to another address (HTTP {status}).",
            "Dalil does not follow: put the final address in the setting `generator`.",
            arabic=f"يحيل الخادم «{left_to_right(address)}» إلى عنوان آخر، ودليل لا يتبع الإحالة. "
            "عيّن العنوان الأخير في الإعدادات.",
        )
    return GeneratorError(
        f"The server at {address} did not do what it was asked (HTTP {status}).",
        "Ask again, and look at what the server itself reports.",
        arabic=f"لم ينفّذ خادم النموذج اللغوي «{left_to_right(address)}» ما طُلب منه "
        f"(HTTP {status}). أعد السؤال، وانظر ما يقوله الخادم نفسه.",
    )


def too_long(name: str) -> GeneratorError:
    """The passages and the question do not fit in the model's context."""
    return GeneratorError(
        f"The passages and the question are longer than the language model {name} can take.",
        "Give the model more context where it runs (8,192 tokens are enough), or take another.",
        arabic=f"المقاطع والسؤال أطول ممّا يتّسع له النموذج اللغوي «{left_to_right(name)}». "
        "وسّع سياقه حيث يعمل، ويكفيه 8192 رمزًا، أو اختر غيره.",
    )
