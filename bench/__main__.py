"""`python -m bench [NAME...] [--full] [--fresh]`: see docs/performance.md."""

import argparse
import os
import sys
from fnmatch import fnmatch

SCALES, LARGEST = [10_000, 1_000_000], 10_000_000


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases, as own-members or home*")
    parser.add_argument("--full", action="store_true", help="ten million members too (an hour)")
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    parser.add_argument("--seconds", type=float, default=6, help="longest time for one case")
    return parser.parse_args()


def main():
    given = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    from bench import databases
    from bench.cases import CASES

    wanted = [c for c in CASES if any(fnmatch(c.name, n) for n in given.names or ["*"])]
    if not wanted:
        sys.exit(f"No such case. There are: {' '.join(case.name for case in CASES)}")
    scales = [*SCALES, LARGEST] if given.full else SCALES
    for rows in scales:
        databases.prepare(rows, fresh=given.fresh)
    from bench.run import run  # loads the application, which wants settings

    sys.exit(1 if run(wanted, scales, seconds=given.seconds) else 0)


if __name__ == "__main__":
    main()
