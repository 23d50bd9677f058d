"""What any reader tells people about a text that it could read but that may be damaged."""

from corpus.repair import reads_backwards

_SAMPLE = 200_000  # characters


def doubts(text: str) -> tuple[str, ...]:
    """Warnings in Arabic about broken characters and about reversed words; mostly none."""
    found = []
    if broken := text.count("\ufffd"):
        found.append(f"في الملف محارف تالفة عددها {broken}، وتظهر في النص بالعلامة \ufffd.")
    if reads_backwards(text[:_SAMPLE]):
        found.append("تبدو الكلمات العربية في هذا الملف معكوسة الحروف، فلن يعثر عليها البحث.")
    return tuple(found)
