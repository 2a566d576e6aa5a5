import logging
import os
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from malaka_portal import jobs

PAUSE = 1.0  # seconds between two looks at what is due
PATIENCE = 5.0  # seconds after the database was out of reach
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "The worker: runs the regular jobs when they are due, until it is told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run what is due, and end")

    def handle(self, *args, once, **options):
        autodiscover_modules("jobs")
        if once:
            for name in jobs.run_due():
                self.stdout.write(name)
            return
        stop, parent = threading.Event(), os.getppid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        pause = 0
        # the process that started it has died when it is somebody else's child
        while not stop.wait(pause) and os.getppid() == parent:
            pause = self.look()

    def look(self):
        """Run what is due; how many seconds to wait then."""
        try:
            close_old_connections()
            jobs.run_due()
        except (DatabaseError, InterfaceError):
            log.exception("The worker cannot reach the database; it tries again.")
            connection.close()
            return PATIENCE
        return PAUSE
