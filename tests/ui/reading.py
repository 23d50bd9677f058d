"""HTML read the way a browser reads it."""

from html.parser import HTMLParser


class Reading(HTMLParser):
    """The text and the tags that a browser would find; ``marked`` is the text inside <mark>."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marked = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self._marks = 0
        self.feed(html)
        self.close()

    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        """The tags with the names of their attributes: what no text may change.

        Without the boxes around bidirectional controls, which are part of a text.
        """
        return [
            (tag, tuple(sorted(attrs))) for tag, attrs in self.tags if attrs != {"class": "control"}
        ]

    def each(self, tag: str, **attributes: str | None) -> list[dict[str, str | None]]:
        """The attributes of each ``tag`` that has these; ``data_act`` stands for data-act, and
        ``class_`` for class.
        """
        sought = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [a for t, a in self.tags if t == tag and sought.items() <= a.items()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._marks += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._marks -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if self._marks else ""

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
