"""Where an officer begins to write something down ("Catat"): what this user may record."""

from django.shortcuts import render

from cooperatives.models import Cooperative


def record(request):
    user = request.user
    context = {
        "cooperatives": Cooperative.objects.managed_by(user),
        "may_add_cooperative": user.has_perm("cooperatives.add_cooperative"),
        "may_add_person": user.has_perm("cooperatives.add_person"),
    }
    return render(request, "cooperatives/record.html", context)
