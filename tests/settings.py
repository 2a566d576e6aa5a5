"""The project's settings, made faster; what production does is tested with these changes only."""

import base64
import os

os.environ.setdefault("SECRET_KEY", "tests only")
os.environ["DEBUG"] = "on"
os.environ["NIK_CIPHER_KEYS"] = "test:" + base64.b64encode(b"0" * 32).decode()
os.environ["NIK_HASH_KEY"] = base64.b64encode(b"1" * 32).decode()

from malaka_portal.settings import *

DEBUG = False
TESTING = True
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "templates")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECURE_SSL_REDIRECT = False
MEDIA_ROOT = str(BASE_DIR / ".local" / "test-media")
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "malaka_portal.postgresql":
    # one throw-away cluster per set of server programs: PORTAL_PG_BIN may change between runs
    server = os.environ.get("PORTAL_PG_BIN") or os.environ.get("PORTAL_LOCAL_PG") or "default"
    name = "".join(c if c.isalnum() else "-" for c in server).strip("-")
    DATABASES["default"]["OPTIONS"] |= {
        "local_data": str(BASE_DIR / ".local" / f"test-{name}"),
        "local_throwaway": True,
    }
