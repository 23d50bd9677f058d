"""Questions for a newcomer to begin with."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from corpus import bundled_texts

_BUNDLED = {
    "e-waste": "كم بلغت كمية النفايات الإلكترونية في العالم عام 2022؟",
    "wsis-forum": "متى وأين انعقد المنتدى عام 2017؟",
    "arabic-language": "متى صارت العربية لغة رسمية في الأمم المتحدة؟",
    "itu": "أين يقع مقر الاتحاد الدولي للاتصالات؟",
    "ibn-al-haytham": "كم مقالة في كتاب المناظر؟",
    "vaccines": "متى أعلن القضاء على الجدري؟",
}
_MOST = 6


def examples_for(sources: Iterable[str]) -> tuple[str, ...]:
    """Questions on the bundled texts, where ``sources`` are of these alone; else none."""
    names = {PurePosixPath(source).name for source in sources}
    if not names <= {path.name for path in bundled_texts().iterdir()}:
        return ()
    stems = {PurePosixPath(name).stem for name in names}
    return tuple(question for name, question in _BUNDLED.items() if name in stems)[:_MOST]
