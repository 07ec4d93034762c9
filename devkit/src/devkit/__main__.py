"""`python -m devkit` is the `tierwise` command."""

from devkit.cli import main

if __name__ == "__main__":
    main()
