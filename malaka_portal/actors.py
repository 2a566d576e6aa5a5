"""Who is acting, told to the database together with every write.

The names go along as settings of the transaction; `history` keeps them with each event.
"""

import uuid
from contextlib import contextmanager

import pghistory
from pghistory import runtime


@contextmanager
def acting(**who):
    """Everything written inside is recorded as done by `who`, as one act.

    `who` is what the history shows: `user` (its id) and `url`, or `command`. Unlike
    `pghistory.context`, an act inside another one is an act of its own.
    """
    outer = runtime._tracker.__dict__.pop("value", None)
    try:
        with pghistory.context(**who):
            yield
    finally:
        if outer is not None:
            runtime._tracker.value = outer


class ActorMiddleware:
    """Names the actor of every request that may write. A GET names none, and so cannot write."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with acting(user=request.user.pk, url=request.path, request=str(uuid.uuid4())):
            return self.get_response(request)
