"""``python -m netpursuit`` is the same as ``netpursuit``."""

from netpursuit.cli import main

if __name__ == "__main__":
    main()
