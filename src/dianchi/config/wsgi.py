"""The site and the API, as one WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dianchi.config.settings.base")
application = get_wsgi_application()
