"""The project's settings, made faster; what production does is tested with these changes only."""

import os

os.environ.setdefault("SECRET_KEY", "tests only")
os.environ["DEBUG"] = "on"

from malaka_portal.settings import *

DEBUG = False
TESTING = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECURE_SSL_REDIRECT = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "malaka_portal.postgresql":
    # one throw-away cluster per set of server programs: PORTAL_PG_BIN may change between runs
    server = os.environ.get("PORTAL_PG_BIN") or os.environ.get("PORTAL_LOCAL_PG") or "default"
    name = "".join(c if c.isalnum() else "-" for c in server).strip("-")
    DATABASES["default"]["OPTIONS"] = {
        "local_data": str(BASE_DIR / ".local" / f"test-{name}"),
        "local_throwaway": True,
    }
