"""A browser of one signed-in user, which calls the application without a server between."""

import gzip
import io
from importlib import import_module
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from malaka_portal.models import User

application = get_wsgi_application()
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Answer:
    """Status, headers (lower case) and the body as it goes over the wire."""

    def __init__(self, status, headers, body):
        self.status, self.body = int(status[:3]), body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def text(self):
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Browser:
    """Its session is a row of the database that is in use when it is made."""

    def __init__(self, username):
        self.cookie = self.sign_in(username) if username else ""

    def sign_in(self, username):
        user = User.objects.get(username=username)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        now = timezone.now().isoformat()
        session.update(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: MODEL_BACKEND,
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                "began_at": now,
                "seen_at": now,
                "own_phone": False,
            }
        )
        session.save()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def environ(self, url):
        parts = urlsplit(url)
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie,
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_ACCEPT_LANGUAGE": "id",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def get(self, url):
        given = []
        body = application(self.environ(url), lambda *start: given.extend(start[:2]))
        try:
            return Answer(*given[:2], b"".join(body))
        finally:
            body.close()
