"""Where a Chromium for the page's tests is. ``python -m tests.browser`` exits 1 when there is none."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")


def browser_path(playwrights_own: str) -> str | None:
    """``DALIL_CHROMIUM``, then an installed Chromium or Chrome, then Playwright's own."""
    named = os.environ.get("DALIL_CHROMIUM")
    found = [named] if named else [*map(shutil.which, NAMES), playwrights_own]
    return next((path for path in found if path and Path(path).is_file()), None)


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = browser_path(playwright.chromium.executable_path)
    print(path or "No Chromium found.")
    sys.exit(path is None)
