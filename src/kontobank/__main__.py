"""`python -m kontobank` is the command `kontobank`."""

from __future__ import annotations

import sys

from kontobank.cli import main

if __name__ == "__main__":
    sys.exit(main())
