"""The settings of the tests: a throw-away store and a fast password hash."""

import os
import tempfile

os.environ["DIANCHI_VAR"] = tempfile.mkdtemp(prefix="dianchi-test-")

from dianchi.config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
