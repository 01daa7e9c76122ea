"""gunicorn's own lines in the same form as the program's. Loaded by gunicorn before Django is."""

from __future__ import annotations

import logging
import os

from gunicorn.config import Config
from gunicorn.glogging import Logger

from perfmon.logs import formatter


class GunicornLogger(Logger):
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        form = formatter(os.environ.get("LOG_FORMAT", "line").strip().lower())
        for handler in logging.getLogger("gunicorn.error").handlers:
            handler.setFormatter(form)
