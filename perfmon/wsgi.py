import gc
import os

from django.core.wsgi import get_wsgi_application

from perfmon import database_limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perfmon.settings")
application = get_wsgi_application()
database_limits.install()

# What is loaded by now stays for good: looking it through again and again for garbage would be a third of the time of
# an import of 5,000 rows.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
