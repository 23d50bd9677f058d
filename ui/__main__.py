"""``python -m ui`` is the command ``dalil``."""

from ui.cli import main

main(prog_name="dalil")
