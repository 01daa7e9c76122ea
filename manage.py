#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perfmon.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        # Read here: the command line would go on without settings and fail later, in other words.
        settings.DEBUG  # noqa: B018
    except ImproperlyConfigured as problem:
        sys.exit(f"Settings: {problem}")
    execute_from_command_line(sys.argv)
