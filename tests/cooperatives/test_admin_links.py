"""Links in the back office lead somewhere: none of them answers 403 to who sees it."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from malaka_portal.models import User
from tests.factories.cooperatives import ProposalFactory
from tests.factories.portal import UserFactory
from tests.factories.roles import actor, own_rows

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a [^>]*?href="(/admin/[^"#]+)"')


def page_of(row):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


@pytest.fixture
def own():
    return own_rows()


@pytest.fixture
def staff(own, client):
    """Signs in staff of the programme who enter the back office too; gives the browser."""
    user = actor("staff", own)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user)
    return client


def test_every_link_on_the_pages_of_staff_opens(own, staff):
    pages = [page_of(row) for row in own.values() if admin.site.is_registered(type(row))]
    opened = {page: staff.get(page) for page in pages}
    opened = {page: answer for page, answer in opened.items() if answer.status_code == 200}
    shown = "".join(answer.content.decode() for answer in opened.values()).replace("&amp;", "&")
    found = {link: staff.get(link, follow=True).status_code for link in set(LINK.findall(shown))}

    assert len(opened) > 12
    assert {link: status for link, status in found.items() if status != 200} == {}


def test_a_closed_target_is_told_in_plain_text(own, staff):
    cooperative, proposal = own["Cooperative"], own["Proposal"]
    who = proposal.proposed_by
    village = cooperative.village

    shown = staff.get(page_of(cooperative)).content.decode()
    assert f"<strong>{village}</strong>" in shown
    assert "/admin/malaka_portal/region/" not in shown
    shown = staff.get(page_of(proposal)).content.decode()
    assert f'<div class="readonly">{who}</div>' in shown
    assert "/admin/malaka_portal/user/" not in shown


def test_the_administrator_has_the_links(own, client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    cooperative, proposal = own["Cooperative"], ProposalFactory()

    shown = client.get(page_of(cooperative)).content.decode()
    assert f'href="{page_of(cooperative.village)}"' in shown
    assert 'id="lookup_id_village"' in shown
    shown = client.get(page_of(proposal)).content.decode()
    assert f'href="{page_of(proposal.proposed_by)}"' in shown
