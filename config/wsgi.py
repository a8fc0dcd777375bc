import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from tracker.checks import refuse_sample_accounts  # noqa: E402  (models need the application loaded)

refuse_sample_accounts()
