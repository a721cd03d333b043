"""`python -m rechenweg` is the command `rechenweg`."""

import sys

from rechenweg.cli import main

if __name__ == "__main__":
    sys.exit(main())
