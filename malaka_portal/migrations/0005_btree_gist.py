"""Exclusion constraints compare identifiers beside periods: terms, and later leases."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("malaka_portal", "0004_name_key")]

    operations = [BtreeGistExtension()]
