"""The verbs of `python3 -m perfmon`, and the one place where a Problem becomes words and an exit code."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from perfmon.setup import bench, check, demo, suite
from perfmon.setup.console import Problem, say
from perfmon.setup.place import ROOT

# verb -> (what it does, adds its own options, runs it and returns an exit code)
Verb = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]
VERBS: dict[str, Verb] = {
    "demo": ("set up and serve the program with its demo data", demo.options, demo.run),
    "test": ("set up and run every check and test, in a browser too", suite.options, suite.run),
    "check": ("set up and run the checks of style, types and settings", check.options, check.run),
    "bench": ("time the heavy steps on this machine, with generated data", bench.options, bench.run),
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python3 -m perfmon")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, (words, options, run) in VERBS.items():
        one = verbs.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        options(one)
        one.set_defaults(run=run)
    return top


def main(arguments: Sequence[str]) -> int:
    options, rest = parser().parse_known_args(arguments)
    if rest and options.verb != "test":
        parser().error("not understood: " + " ".join(rest))
    options.rest = rest
    os.chdir(ROOT)
    try:
        code: int = options.run(options)
        return code
    except Problem as problem:
        sys.stdout.flush()
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        print(f"\nThe computer refused: {error.strerror or error}{place}", file=sys.stderr)
        return 1
