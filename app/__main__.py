"""``python -m app`` is ``nn-playground``."""

from app.cli import main

if __name__ == "__main__":
    main()
