"""Where an officer begins to write something down ("Catat"): what this user may record."""

from django.shortcuts import render

from cooperatives.models import Cooperative
from malaka_portal.imports.kinds import KINDS


def record(request):
    user = request.user
    context = {
        "cooperatives": Cooperative.objects.managed_by(user),
        "may_add_cooperative": user.has_perm("cooperatives.add_cooperative"),
        "may_add_enterprise": user.has_perm("cooperatives.add_enterprise"),
        "may_add_person": user.has_perm("cooperatives.add_person"),
        "kinds": [k for k in KINDS.values() if k.target_model is None and k.may_import(user)],
    }
    return render(request, "cooperatives/record.html", context)
