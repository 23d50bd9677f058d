"""The page at /api/v1/docs: what the doors for programs take and give, from their description."""

from collections.abc import Iterator, Mapping
from typing import Any

from ui.markup import safe

_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}code{font:.9em ui-monospace,monospace}"
    "section{border-top:1px solid #8884;padding:.5rem 0}h2{font-size:1.1rem}"
    "table{border-collapse:collapse}td,th{padding:.1rem .8rem .1rem 0;text-align:start;"
    "vertical-align:top}"
)


def routes_page(description: Mapping[str, Any], base: str) -> str:
    """HTML that lists each route below ``base`` with its fields and answers; it loads nothing."""
    body = "".join(
        _route(f"{method.upper()} {base}{path}", route, description)
        for path, methods in description["paths"].items()
        for method, route in methods.items()
    )
    info = description["info"]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{safe(info["title"])}'
        f"</title><style>{_STYLE}</style></head><body><h1>{safe(info['title'])}</h1>"
        f"<p>{safe(info.get('description', ''))}</p>"
        f'<p><a href="openapi.json">openapi.json</a></p>{body}</body></html>'
    )


def _route(name: str, route: Mapping[str, Any], description: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{safe(field)}</code></td><td>{safe(kind)}</td><td>{safe(about)}</td></tr>"
        for field, kind, about in _fields(route, description)
    )
    table = f"<table><tr><th>field</th><th>type</th><th></th></tr>{rows}</table>" if rows else ""
    answers = ", ".join(safe(status) for status in route["responses"])
    return (
        f"<section><h2><code>{safe(name)}</code></h2><p>{safe(route.get('description', ''))}</p>"
        f"{table}<p>Answers: {answers}</p></section>"
    )


def _fields(
    route: Mapping[str, Any], description: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each parameter and each field of the body."""
    for one in route.get("parameters", []):
        yield one["name"], f"{_kind(one['schema'])}, in the {one['in']}", one.get("description", "")
    for content in route.get("requestBody", {}).get("content", {}).values():
        form = content["schema"]["$ref"].rpartition("/")[2]
        schema = description["components"]["schemas"][form]
        for name, field in schema["properties"].items():
            needed = "" if name in schema.get("required", []) else ", may be left out"
            yield name, _kind(field) + needed, field.get("description", "")


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema's type in a word or two."""
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("type") or schema.get("$ref", "any").rpartition("/")[2])
