"""``python -m adapters``: the same as ``circlet``, without installing the package."""

from adapters.cli import main

main()
