"""`python -m shieldwall`: the command line."""

from shieldwall.cli.main import main

if __name__ == "__main__":
    main()
