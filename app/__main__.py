"""``python -m app`` is ``nn-playground``."""

from app.cli import main

main()
