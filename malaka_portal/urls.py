"""All addresses. Plain ones are Indonesian, those under /en/ English; names are English."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from cooperatives.views import showcase
from malaka_portal import accesses, account, dashboard
from malaka_portal.imports import views as imports

handler400 = "malaka_portal.errors.bad_request"
urlpatterns = [
    path("sehat", dashboard.health, name="health"),
    path("sitemap.xml", showcase.sitemap, name="sitemap"),
    path("robots.txt", showcase.robots, name="robots"),
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
    path("akses/", accesses.AccessLogListView.as_view(), name="accesslog-list"),
    path("impor/", imports.ImportListView.as_view(), name="import-list"),
    path("impor/baru/<slug:kind>/", imports.import_create, name="import-create"),
    path("impor/baru/<slug:kind>/<int:target>/", imports.import_create, name="import-create-for"),
    path("impor/<int:pk>/", imports.import_detail, name="import-detail"),
    path("impor/<int:pk>/baris/", imports.import_lines, name="import-lines"),
    path("impor/<int:pk>/kolom/", imports.import_columns, name="import-columns"),
    path("impor/<int:pk>/desa/", imports.import_villages, name="import-villages"),
    path("impor/<int:pk>/simpan/", imports.import_save, name="import-save"),
    path("impor/<int:pk>/galat/", imports.import_refused, name="import-refused"),
    path("impor/<int:pk>/batal/", imports.import_drop, name="import-drop"),
    path("impor/<int:pk>/kembalikan/", imports.import_undo, name="import-undo"),
    path("wilayah/", dashboard.RegionListView.as_view(), name="region-list"),
    path("wilayah/<str:code>/", dashboard.RegionListView.as_view(), name="region-detail"),
    path("komponen/", dashboard.components, name="components"),
    prefix_default_language=False,
)
