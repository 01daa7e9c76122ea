"""perfmon is an app for its management commands and its deployment checks; it has no tables."""

from django.apps import AppConfig
from django.core.checks import register

from . import checks


class PerfmonConfig(AppConfig):
    name = "perfmon"

    def ready(self) -> None:
        for check in checks.ALL:
            register(check, checks.TAG, deploy=True)
