"""Loaded by pytest (`-p tests.environment`) before Django's settings are read."""

import os

os.environ.setdefault("PERFMON_TEST", "1")
os.environ.setdefault("PERFMON_DEMO", "1")
os.environ.setdefault("PERFMON_TODAY", "2018-11-11")
