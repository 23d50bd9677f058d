"""The page that asks for a name and a password. It runs no script."""

from base64 import b64encode
from hashlib import sha256

from ui.markup import safe
from ui.shell import font_faces
from ui.strings import Strings

_STYLE = """
:root{color-scheme:light dark;
--paper:light-dark(#f7f5f0,#101615);--surface:light-dark(#fff,#182120);
--ink:light-dark(#1d2a28,#e6ecea);--soft:light-dark(#5a6866,#9dada9);
--line:light-dark(#8a938f,#6b7a77);--low:light-dark(#ab4630,#ea9280);
--accent:light-dark(#0f6b5c,#5ec4ae);--on-accent:light-dark(#fff,#06241d);
--type:'Dalil','SF Arabic','Segoe UI','Noto Sans Arabic',Tahoma,system-ui,sans-serif}
*{box-sizing:border-box}
body{margin:0;min-block-size:100vh;display:grid;place-items:center;padding:1rem;
background:var(--paper);color:var(--ink);font:1rem/1.75 var(--type)}
main{inline-size:min(24rem,100%);background:var(--surface);border-radius:1rem;padding:2rem;
box-shadow:0 1px 3px rgb(0 0 0/.12)}
h1{margin:0;font-size:1.6rem;color:var(--accent)}
p{margin:.25rem 0 1.25rem;color:var(--soft)}
p.trouble{color:var(--low);font-weight:500}
label{display:block;margin-block:.75rem .25rem;font-weight:500}
input,button{inline-size:100%;font:inherit;border-radius:.6rem;padding:.55rem .8rem}
input{border:1px solid var(--line);background:var(--paper);color:inherit}
button{margin-block-start:1.5rem;border:0;background:var(--accent);color:var(--on-accent);
font-weight:500;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a{display:inline-block;margin-block-start:1rem;color:var(--accent)}
"""


def login_page(strings: Strings, trouble: str = "") -> tuple[str, str]:
    """The page's HTML, and the policy to send with it; ``trouble`` says why one is asked again."""
    style = font_faces() + _STYLE
    other = "en" if strings.language == "ar" else "ar"
    told = f'<p class="trouble" role="alert">{safe(trouble)}</p>' if trouble else ""
    page = (
        f'<!doctype html><html lang="{strings.language}" dir="{strings.direction}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{safe(strings.title)}</title>"
        '<link rel="icon" type="image/svg+xml" href="/dalil/icon.svg">'
        f"<style>{style}</style></head><body><main><h1>{safe(strings.name)}</h1>"
        f"<p>{safe(strings.promise)}</p>{told}"
        f'<form method="post" action="/login?language={strings.language}">'
        f'<label for="user">{safe(strings.user)}</label>'
        '<input id="user" name="username" autocomplete="username" autocapitalize="none" '
        'spellcheck="false" dir="auto" required autofocus>'
        f'<label for="password">{safe(strings.password)}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" '
        f'dir="ltr" required><button>{safe(strings.enter)}</button></form>'
        f'<a href="/login?language={other}" lang="{other}">{safe(strings.other_language)}</a>'
        "</main></body></html>"
    )
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return page, policy
