"""The workspace that the settings describe, with its models loading behind the page."""

from collections.abc import Callable
from threading import Thread

from corpus.errors import DalilError
from index.search import require_generation
from qa.conversations import Conversations
from qa.models import Models
from qa.settings import Settings
from ui.library import Library
from ui.workspace import Workspace


def open_workspace(settings: Settings, tell: Callable[[str], None]) -> Workspace:
    """Collections and conversations at once; the models begin to load in a thread of their own.

    ``tell`` is told what is loaded, and what goes wrong with it. Raises DalilError when the index
    that the settings name, or the file of conversations, cannot be used.
    """
    require_generation(settings.index_folder)
    library = Library(settings, lambda: Models.load(settings, tell))

    def load() -> None:
        try:
            library.pipeline(library.default().id).examples()
        except DalilError as error:  # a question will say so on the page too
            tell(f"✗ {error.message}\n  {error.hint}")

    # To end amid loading, native libraries would abort the whole process.
    loading = Thread(target=load, name="dalil-loading")
    conversations = Conversations(settings.conversations)
    loading.start()
    return Workspace(library, conversations, loading.join)
