"""`python3 -m perfmon demo | test | check | bench`.

This file keeps to syntax that an old Python can read, so that it can say plainly that it is too old.
"""

import sys

OLDEST = (3, 11)


def too_old(version):
    """The sentence for a reader whose Python is too old, or None. version: (major, minor, ...)."""
    if tuple(version[:2]) >= OLDEST:
        return None
    return "This needs Python {}.{} or newer; this is Python {}.{}. Install a newer one and run it with that.".format(
        OLDEST[0], OLDEST[1], version[0], version[1]
    )


if __name__ == "__main__":
    problem = too_old(sys.version_info)
    if problem:
        sys.stderr.write(problem + "\n")
        sys.exit(2)
    from perfmon.setup.command import main

    sys.exit(main(sys.argv[1:]))
