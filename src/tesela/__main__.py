"""`python -m tesela` is `tesela`."""

from tesela.cli import main

if __name__ == "__main__":
    main()
