import pytest

from qa.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("من ترأس المنتدى؟", [("من ترأس المنتدى؟",)]),
        ("من ترأس المنتدى، وكم حضره؟", [("من ترأس المنتدى؟",), ("كم حضره؟",)]),
        ("من بنى بغداد ومتى سقطت؟", [("من بنى بغداد؟",), ("متى سقطت؟",)]),
        ("متى وأين عقد المنتدى؟", [("متى عقد المنتدى؟", "أين عقد المنتدى؟")]),
        ("من بنى بغداد و متى سقطت؟", [("من بنى بغداد؟",), ("متى سقطت؟",)]),
        ("متى ولد ابن سينا؟ أين دفن؟", [("متى ولد ابن سينا؟",), ("أين دفن؟",)]),
        ("امتى وفين اتعقد المنتدى؟", [("متى اتعقد المنتدى؟", "أين اتعقد المنتدى؟")]),
        ("في أي سنة ولد المتنبي، وأين توفي؟", [("في أي سنة ولد المتنبي؟",), ("أين توفي؟",)]),
        ("Who chaired the forum and where was it held?",
         [("Who chaired the forum؟",), ("where was it held؟",)]),
    ],
)  # fmt: skip
def test_questions_are_taken_apart(question: str, parts: list[tuple[str, ...]]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "ما الفرق بين العراق ومن حوله من البلاد؟ وما",  # a part without a telling word
        "كيف ومتى؟",
        "ما أهمية الماء، والهواء، والغذاء؟",
        "من هو محمد ومنصور؟",
        "بعد وفاة هارون الرشيد، من تولى الخلافة؟",
        "من الخليفة الذي تولى الحكم عام 809 ولم يكمل خمس سنوات؟",
        "ما الفرق بين الحداثة وما بعد الحداثة؟",
        "ما ما ما، وما وما، وكم وكم، ومن من، ومتى متى",
    ],
)
def test_other_questions_stay_whole(question: str) -> None:
    assert parts_of(question) == [(question,)]
