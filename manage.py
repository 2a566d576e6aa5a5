#!/usr/bin/env python
"""Django's command line."""

import getpass
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "malaka_portal.settings")
    from django.core.management import execute_from_command_line

    from malaka_portal.actors import acting

    with acting(command=sys.argv[1] if sys.argv[1:] else "help", by=getpass.getuser()):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
