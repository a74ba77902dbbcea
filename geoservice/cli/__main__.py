"""`python -m geoservice.cli`."""

from geoservice.cli.app import main

main()
