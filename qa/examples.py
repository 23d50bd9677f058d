"""Questions for a newcomer to begin with."""

from collections.abc import Iterable
from pathlib import PurePosixPath

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
    """Questions on the bundled texts among ``sources``; none for a person's own texts."""
    names = {PurePosixPath(source).stem for source in sources}
    return tuple(question for name, question in _BUNDLED.items() if name in names)[:_MOST]
