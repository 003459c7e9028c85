"""`python -m tvld` is the same as the command `tvld`."""

from tvld.cli import main

main()
