"""What every door for programs shares: how what is wrong is told, with which status."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from corpus.errors import AbsentError, BusyError, DalilError, UnfitError, UnreadableFileError
from qa.turn import carried

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Send


class LoadingError(DalilError):
    """The models are not there yet."""


class CrowdedError(DalilError):
    """More wait already than there is room for."""


class StuckError(DalilError):
    """Work on a collection began, and failed."""


_STATUS: tuple[tuple[type[DalilError], int], ...] = (
    (UnfitError, 400),
    (UnreadableFileError, 400),
    (AbsentError, 404),
    (BusyError, 409),
    (StuckError, 409),
    (CrowdedError, 429),
    (LoadingError, 503),
)
_RETRY_AFTER = {409: "5", 429: "5", 503: "5"}  # seconds
_FAULT = DalilError(
    "Something went wrong inside Dalil.",
    "What it was stands in the window that Dalil runs in.",
    arabic="حدث خطأ داخل دليل. تفصيله في النافذة التي يعمل فيها.",
)
_REFUSALS = {
    400: UnfitError(
        "The request cannot be read.",
        "Send JSON, or for files a form; /api/v1/docs lists what belongs in it.",
        arabic="تعذّرت قراءة الطلب. أرسله بصيغة JSON، وأرسل الملفّات في استمارة (multipart).",
    ),
    401: DalilError(
        "A key is missing, or it is not one of those that this Dalil knows.",
        "Send it as a header: Authorization: Bearer KEY",
        arabic="ينقص الطلبَ مفتاح، أو أنّ المفتاح لا يعرفه دليل. أرسله في الترويسة Authorization.",
    ),
    403: DalilError(
        "Programs may not ask here: this Dalil listens beyond its own machine or has a password, "
        "and has no keys.",
        "Set one where it runs, in the variable DALIL_API_KEYS or as api_keys in dalil.toml.",
        arabic="لا يُجيب دليل البرامج هنا، لأنّه يستمع إلى أجهزة أخرى أو له كلمة مرور، ولم تُعيَّن "
        "له مفاتيح. "
        "عيّن مفتاحًا في المتغيّر DALIL_API_KEYS حيث يعمل دليل.",
    ),
    404: AbsentError(
        "There is nothing at this address.",
        "/api/v1/docs lists the addresses.",
        arabic="لا شيء على هذا العنوان. قائمة العناوين في الصفحة ‎/api/v1/docs‎.",
    ),
    405: DalilError(
        "This address does not take this method.",
        "/api/v1/docs lists which it takes.",
        arabic="لا يقبل هذا العنوان هذه الطريقة من الطلبات.",
    ),
    429: CrowdedError(
        "Too many requests come from this address.",
        "Wait as many seconds as the header Retry-After says.",
        arabic="الطلبات من هذا العنوان كثيرة. انتظر قليلًا ثم أعِد المحاولة.",
    ),
    413: DalilError(
        "The request is too large.",
        "Send less at once.",
        arabic="الطلب أكبر ممّا يُقبل. أرسله على أجزاء.",
    ),
}


def status_of(error: DalilError) -> int:
    """The HTTP status that says of which kind an error is; 500 for one of the server's own."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem(error: DalilError) -> dict[str, Any]:
    """An error in the one form that programs get: ``{error: {message, hint, arabic}}``."""
    return {"error": {"message": error.message, "hint": error.hint, "arabic": error.arabic}}


def fault() -> DalilError:
    """What is said of an error that nobody foresaw."""
    return _FAULT


def refusal(error: DalilError, status: int = 0) -> "Response":
    """The response for an error, with the status of its kind unless another is given."""
    return _response(error, status or status_of(error), {})


def turned_away(status: int, **headers: str) -> "Response":
    """The response for a request that is refused before anybody looks into it."""
    return _response(_REFUSALS.get(status, _FAULT), status, headers)


def _response(error: DalilError, status: int, headers: Mapping[str, str]) -> "Response":
    from starlette.responses import Response

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if status in _RETRY_AFTER:
        named.setdefault("retry-after", _RETRY_AFTER[status])
    body = carried(json.dumps(problem(error), ensure_ascii=False))
    return Response(body, status, named, media_type="application/json")


def streamed(events: AsyncGenerator[bytes, None]) -> "Response":
    """The response that sends ``events`` as they come; they are closed when the client leaves."""
    from starlette.responses import StreamingResponse

    class Stream(StreamingResponse):
        async def stream_response(self, send: "Send") -> None:
            async with aclosing(events):
                await super().stream_response(send)

    return Stream(events, media_type="text/event-stream")


def event(data: Mapping[str, Any], name: str = "") -> bytes:
    """A server-sent event; ``name`` may be empty."""
    head = f"event: {name}\n" if name else ""
    return carried(f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n").encode()
