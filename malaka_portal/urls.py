"""All addresses. Plain ones are Indonesian, those under /en/ English; names are English."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from malaka_portal import account, dashboard

handler400 = "malaka_portal.errors.bad_request"
urlpatterns = [
    path("sehat", dashboard.health, name="health"),
    path("admin/", admin.site.urls),
]
urlpatterns += i18n_patterns(
    path("", dashboard.dashboard, name="dashboard"),
    path("", include("cooperatives.urls")),
    path("masuk/", login_not_required(account.SignInView.as_view()), name="login"),
    path("undangan/", account.invitation, name="invitation"),
    path("keluar/", account.SignOutView.as_view(), name="logout"),
    path("akun/", account.account, name="account"),
    path("akun/sandi/", account.PasswordView.as_view(), name="account-password"),
    path("akun/akhiri-sesi/", account.end_sessions, name="account-end-sessions"),
    path("wilayah/", dashboard.RegionListView.as_view(), name="region-list"),
    path("wilayah/<str:code>/", dashboard.RegionListView.as_view(), name="region-detail"),
    path("komponen/", dashboard.components, name="components"),
    prefix_default_language=False,
)
