from tests.ui.test_library_page import *
from tests.ui.browsing import ask
import time
T0 = time.time()
def p(*a): print(f"{time.time()-T0:.3f}", *a)

def test_it(page_for, workspace, moon, tmp_path):
    nile = tmp_path / "نيل.txt"
    nile.write_text(NILE, encoding="utf-8")
    page = page_for(workspace)
    for name, file in (("السماء", moon), ("الأرض", nile)):
        make(page, name)
        add(page, file)
    page.click(".views [data-view=chat]")
    page.on("console", lambda m: p("console", m.text))
    page.on("request", lambda r: p("req", r.method, r.url[-40:], (r.post_data or "")[:150]) if "queue" in r.url else None)
    page.on("requestfinished", lambda r: p("fin", r.method, r.url[-40:]) if "queue" in r.url else None)
    page.on("requestfailed", lambda r: p("failed", r.method, r.url[-40:]) if "queue" in r.url else None)
    page.on("response", lambda r: p("resp", r.status, r.url[-40:]) if "queue" in r.url else None)
    for name, words in (("السماء", MOON), ("الأرض", NILE), ("السماء", MOON), ("الأرض", NILE), ("السماء", MOON)):
        page.select_option(".choice", label=name)
        page.wait_for_selector(f"#library h2:has-text('{name}')", state="attached")
        p(name, "turns", page.locator(".turn").count())
        ask(page, "أين يجري نهر النيل؟ وكيف يدور القمر؟")
        try:
            page.wait_for_function("document.querySelectorAll('.turn').length == 1 && document.querySelector('.turns').ariaBusy === 'false'", timeout=6000)
            assert marked(page) in words
        except Exception as e:
            p(page.locator(".turn").count(), page.get_attribute(".turns", "aria-busy"), page.input_value(".choice"), page.is_disabled(".choice"), page.inner_text("#note"), page.input_value("#question textarea")[:5], page.inner_text("body")[-300:])
            page.press("#question textarea", "Enter")
            page.wait_for_timeout(3000)
            p(page.locator(".turn").count())
            raise
    assert 0
