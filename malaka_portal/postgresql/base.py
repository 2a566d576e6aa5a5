"""Django's PostgreSQL backend, which starts the private server when a connection is first opened.

Commands that never touch the database (`check`, `makemessages`) therefore start nothing.
"""

from pathlib import Path

from django.db.backends.postgresql import base

from malaka_portal import database


class DatabaseWrapper(base.DatabaseWrapper):
    started = False  # of the class: one server serves every connection of the process

    def ensure_server(self):
        options = self.settings_dict["OPTIONS"]
        found = database.ensure(
            Path(options["local_data"]), throwaway=options.get("local_throwaway", False)
        )
        self.settings_dict.update({key: found[key] for key in ("HOST", "PORT", "USER")})
        DatabaseWrapper.started = True

    def get_connection_params(self):
        if not self.started or not self.settings_dict["HOST"]:
            self.ensure_server()
        params = super().get_connection_params()
        for ours in ("local_data", "local_throwaway"):
            params.pop(ours, None)
        return params

    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except base.Database.OperationalError:
            self.ensure_server()  # it crashed, or was stopped: start it again
            return super().get_new_connection(conn_params)
