"""The applications of the doors for programs: routes, gate, and errors in one form."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from corpus.errors import DalilError, UnfitError
from ui.doors import fault, refusal, turned_away
from ui.gate import Gate
from ui.waiting import Queue
from ui.workspace import WAITING, Workspace

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError
    from starlette.requests import Request
    from starlette.responses import Response

_TITLE = "Dalil for other programs"
_ABOUT = (
    "Answers from the texts of this Dalil, with citations that are checked letter by letter. "
    "Every error has the form {error: {message, hint, arabic}}."
)


def open_doors(app: "FastAPI", workspace: Workspace, keys: Sequence[str], local: bool) -> None:
    """Mount the doors for programs, /api/v1 and /v1, in ``app``.

    With ``keys``, each request must have one; without, only a ``local`` server is open.
    """
    from ui.openai_door import openai_routes
    from ui.rest import asking_routes, reading_routes, state_routes
    from ui.rest_changes import changing_routes

    shelves, queue, desk = workspace.shelves, workspace.programs, workspace.desk
    rest = _application("/openapi.json", keys, local)
    rest.include_router(asking_routes(shelves, queue, desk))
    rest.include_router(reading_routes(shelves))
    rest.include_router(changing_routes(shelves, Queue(WAITING)))
    rest.include_router(state_routes(shelves, rest.openapi))
    app.mount("/api/v1", rest)
    chat = _application(None, keys, local)
    chat.include_router(openai_routes(shelves, queue, desk))
    app.mount("/v1", chat)
    # Addresses with a line feed reach no mounted application.
    app.add_exception_handler(404, _turned_away)


def _application(openapi_url: str | None, keys: Sequence[str], local: bool) -> "FastAPI":
    from fastapi import FastAPI, Security
    from fastapi.exceptions import RequestValidationError
    from fastapi.security import HTTPBearer
    from starlette.exceptions import HTTPException

    app = FastAPI(
        title=_TITLE,
        description=_ABOUT,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=openapi_url,
        redirect_slashes=False,
        dependencies=[Security(HTTPBearer(auto_error=False))] if keys else [],  # for readers of it
    )
    app.add_exception_handler(DalilError, _refused)
    app.add_exception_handler(HTTPException, _turned_away)
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _faulted)
    app.add_middleware(Gate, keys=keys, local=local)
    return app


async def _refused(_: "Request", error: Any) -> "Response":
    return refusal(error)


async def _turned_away(_: "Request", error: Any) -> "Response":
    return turned_away(error.status_code, **(error.headers or {}))


async def _faulted(_: "Request", _error: Exception) -> "Response":
    return refusal(fault())  # the server prints the error itself, once this is sent


async def _invalid(_: "Request", error: "RequestValidationError") -> "Response":
    """What does not fit, named by its place: what was sent is not sent back."""
    found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]]
    told = UnfitError(
        f"The request does not fit: {'; '.join(found)[:500]}.",
        "/api/v1/docs lists what belongs in it.",
        arabic="ليس الطلب على الصورة المتوقّعة. تفصيلها في الصفحة ‎/api/v1/docs‎.",
    )
    return refusal(told, int(HTTPStatus.UNPROCESSABLE_ENTITY))
