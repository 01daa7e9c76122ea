"""The version of the program: kept beside the code, since an image holds no pyproject.toml."""

VERSION = "0.1.0"
