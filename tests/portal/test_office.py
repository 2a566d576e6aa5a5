"""When offices answer: one setting, told in words to whoever asks for a quote."""

import pytest
from django.core.checks import run_checks
from django.urls import reverse
from django.utils.translation import override

from malaka_portal import office
from tests.factories.enterprises import QuoteRequestFactory


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        ("1-5 08.00-15.00", "en", "Monday to Friday, 08.00–15.00 WITA"),
        ("1-6 07.30-13.00", "en", "Monday to Saturday, 07.30–13.00 WITA"),
        ("3-3 09.00-12.00", "en", "Wednesday, 09.00–12.00 WITA"),
    ],
)
def test_the_hours_in_words(settings, value, language, words):
    settings.OFFICE_HOURS = value

    with override(language):
        assert office.hours() == words


@pytest.mark.parametrize(
    "value", ["", "1-5", "0-5 08.00-15.00", "1-8 08.00-15.00", "1-5 15.00-08.00", "1-5 08.00-25.00"]
)
def test_hours_that_cannot_be_read_are_told_at_the_start(settings, value):
    assert office.check_hours() == []
    settings.OFFICE_HOURS = value

    assert "malaka_portal.E002" in [found.id for found in run_checks()]


@pytest.mark.django_db
def test_the_buyer_reads_the_hours_of_the_setting(client, settings):
    settings.OFFICE_HOURS = "2-4 09.30-11.00"
    url = reverse("cooperatives:quote-status", args=[QuoteRequestFactory().code])
    text = client.get(f"/en{url}").content.decode()

    assert "Tuesday to Thursday, 09.30–11.00 WITA." in text
    assert "08.00" not in text
