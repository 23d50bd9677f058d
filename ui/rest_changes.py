"""The doors for programs that change a collection: files come and go.

Imports FastAPI, which reads the annotations of the routes: `ui.web` imports it when it is needed.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, File, Path, UploadFile

from ui import rest_models as forms
from ui.asking import chosen
from ui.doors import StuckError
from ui.rest import Named, problems
from ui.shown import shown_work
from ui.uploads import Upload
from ui.waiting import Queue
from ui.work import Work
from ui.workspace import Shelves


def changing_routes(shelves: Shelves, queue: Queue) -> APIRouter:
    """Add and remove texts; each waits in ``queue``, and is answered once it is done."""
    routes = APIRouter(tags=["texts"])

    @routes.post(
        "/documents",
        response_model=forms.Changed,
        responses=problems(400, 404, 409, 413, 429),
    )
    async def add(
        files: Annotated[list[UploadFile], File(description="files of any type that Dalil reads")],
        collection: Named = "",
    ) -> Any:
        """Add files to a collection that can be changed, and say what became of each."""
        return await queue.run(lambda: _added(shelves, collection, files))

    @routes.delete(
        "/documents/{document:path}",
        response_model=forms.Changed,
        responses=problems(400, 404, 409, 429),
    )
    async def remove(
        document: Annotated[str, Path(description="the text's source")], collection: Named = ""
    ) -> Any:
        """Take a text out of a collection; one that was added is deleted with its file."""

        def work() -> forms.Changed:
            id = chosen(shelves, collection).id
            return shown_work(_ended(shelves.remove(id, document)))

        return await queue.run(work)

    return routes


def _added(shelves: Shelves, collection: str, files: list[UploadFile]) -> forms.Changed:
    id = chosen(shelves, collection).id
    with TemporaryDirectory(prefix="dalil-") as folder:
        uploads = [_kept(file, FilePath(folder) / str(n)) for n, file in enumerate(files)]
        return shown_work(_ended(shelves.add(id, uploads)))


def _kept(file: UploadFile, path: FilePath) -> Upload:
    """What was sent, in a file of our own naming."""
    with path.open("wb") as copy:
        shutil.copyfileobj(file.file, copy)
    return file.filename or "", path


def _ended(works: Iterator[Work]) -> Work:
    """The last snapshot; raises StuckError when the work failed."""
    last = Work()
    for work in works:
        last = work
    if last.error:
        raise StuckError(last.error, last.hint, arabic=last.arabic)
    return last
