"""Questions for a newcomer to begin with."""

from collections.abc import Iterable
from pathlib import PurePosixPath

_BUNDLED = {
    "wsis-forum": "من ترأس منتدى القمة العالمية لمجتمع المعلومات 2017؟",
    "e-waste": "كم بلغت كمية النفايات الإلكترونية في العالم عام 2022؟",
    "itu": "متى تأسس الاتحاد الدولي للاتصالات وأين؟",
    "baghdad-house-of-wisdom": "من بنى مدينة بغداد؟",
    "ibn-al-haytham": "ما أشهر كتب ابن الهيثم؟",
    "water-scarcity": "متى يعد البلد تحت خط شح المياه؟",
    "arabic-language": "متى صارت العربية لغة رسمية في الأمم المتحدة؟",
    "vaccines": "متى أعلن القضاء على الجدري؟",
}
_MOST = 6


def examples_for(sources: Iterable[str]) -> tuple[str, ...]:
    """Questions on the bundled texts among ``sources``; none for a person's own texts."""
    names = {PurePosixPath(source).stem for source in sources}
    return tuple(question for name, question in _BUNDLED.items() if name in names)[:_MOST]
