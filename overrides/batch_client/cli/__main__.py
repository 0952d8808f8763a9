"""Runs the command line as `python -m batch_client.cli`."""

from batch_client.cli import main

main()
