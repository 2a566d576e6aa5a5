"""The portal's settings as production has them, on a scratch server, with the peers beside."""

import os

os.environ["DEBUG"] = "on"  # nothing needs to be set up; switched off again below

from malaka_portal.settings import *

DEBUG = False
ROOT_URLCONF = "bench.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "bench.peers"]
MIGRATION_MODULES = {"peers": None}
STATIC_ROOT = BASE_DIR / "static"  # nothing is collected, and no file is asked for
ALLOWED_HOSTS = ["localhost"]
SECURE_SSL_REDIRECT = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False  # looks for every file at every request
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "peers" / "templates")
# a page of a peer may take minutes among ten million rows
DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=20000"
if DATABASES["default"]["ENGINE"] == "malaka_portal.postgresql":
    DATABASES["default"]["OPTIONS"] |= {
        "local_data": str(BASE_DIR / ".local" / "bench"),
        "local_throwaway": True,
    }
