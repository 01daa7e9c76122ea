"""Static files that come out of installed packages or are built at set-up, so that none is committed."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FALLBACK = Path(__file__).resolve().parent / "fallback"


def package_file(package: str, inside: str) -> Path:
    """A file of an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"The package {package} is not installed")
    return Path(spec.submodule_search_locations[0]) / inside


def files() -> dict[str, Path]:
    """Name below the static address -> file.

    The typeface is there only once `perfmon.fonts` has built it. The chart library comes in its small form where
    `perfmon.setup.library` or the image has put one, else whole out of the Python package.
    """
    built = settings.BUILD_DIR / "static"
    small = built / "vendor" / "plotly.min.js"
    found = {"vendor/plotly.min.js": small if small.is_file() else package_file("plotly", "package_data/plotly.min.js")}
    if (built / "css" / "font.css").is_file() and (built / "fonts" / "inter.woff2").is_file():
        found["css/font.css"] = built / "css" / "font.css"
        found["fonts/inter.woff2"] = built / "fonts" / "inter.woff2"
    else:
        found["css/font.css"] = FALLBACK / "font.css"
    return found


class PackageFileFinder(BaseFinder):
    def check(self, **kwargs) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs) -> str | list[str]:
        found = files().get(path)
        if found is None:
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns) -> Iterator[tuple[str, FileSystemStorage]]:
        for name, path in files().items():
            storage = FileSystemStorage(location=path.parent)
            storage.prefix = os.path.dirname(name)
            yield path.name, storage
