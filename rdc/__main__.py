"""`python -m rdc` is the command `rdc`."""

from rdc.cli import main

if __name__ == "__main__":
    main()
