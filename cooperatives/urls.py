"""The registry's addresses: paths in Indonesian, names in English."""

from django.urls import include, path

from cooperatives.views import cooperative, member, officer, person, record, search, work

app_name = "cooperatives"

cooperatives = [
    path("", cooperative.CooperativeListView.as_view(), name="cooperative-list"),
    path("baru/", cooperative.CooperativeCreateView.as_view(), name="cooperative-create"),
    path("angka/", cooperative.YearlySnapshotListView.as_view(), name="yearlysnapshot-list"),
    path("<int:pk>/", cooperative.CooperativeDetailView.as_view(), name="cooperative-detail"),
    path("<int:pk>/ubah/", cooperative.CooperativeUpdateView.as_view(), name="cooperative-update"),
    path(
        "<int:pk>/riwayat/",
        cooperative.CooperativeHistoryView.as_view(),
        name="cooperative-history",
    ),
    path("<int:pk>/buku-anggota/", member.RegisterView.as_view(), name="register"),
    path("<int:pk>/anggota/baru/", member.member_create, name="member-create"),
    path("<int:pk>/pengurus/baru/", officer.OfficerCreateView.as_view(), name="officer-create"),
    path(
        "<int:pk>/status/baru/",
        cooperative.StatusChangeCreateView.as_view(),
        name="statuschange-create",
    ),
    path(
        "<int:pk>/perubahan/baru/",
        cooperative.AmendmentCreateView.as_view(),
        name="amendment-create",
    ),
    path(
        "<int:pk>/angka/baru/",
        cooperative.YearlySnapshotCreateView.as_view(),
        name="yearlysnapshot-create",
    ),
]
members = [
    path("", member.MemberListView.as_view(), name="member-list"),
    path("<int:pk>/", member.MemberDetailView.as_view(), name="member-detail"),
    path("<int:pk>/ubah/", member.MemberUpdateView.as_view(), name="member-update"),
    path("<int:pk>/riwayat/", member.MemberHistoryView.as_view(), name="member-history"),
    path("<int:pk>/tercatat/", member.MemberRecordedView.as_view(), name="member-recorded"),
    path("<int:pk>/berhenti/", member.member_close, name="member-close"),
]
officers = [
    path("", officer.OfficerListView.as_view(), name="officer-list"),
    path("<int:pk>/", officer.OfficerDetailView.as_view(), name="officer-detail"),
    path("<int:pk>/ubah/", officer.OfficerUpdateView.as_view(), name="officer-update"),
    path("<int:pk>/riwayat/", officer.OfficerHistoryView.as_view(), name="officer-history"),
    path("<int:pk>/akhiri/", officer.officer_end, name="officer-end"),
    path("<int:pk>/undang/", officer.officer_invite, name="officer-invite"),
]
people = [
    path("", person.PersonListView.as_view(), name="person-list"),
    path("baru/", person.PersonCreateView.as_view(), name="person-create"),
    path("<int:pk>/", person.PersonDetailView.as_view(), name="person-detail"),
    path("<int:pk>/ubah/", person.PersonUpdateView.as_view(), name="person-update"),
    path("<int:pk>/riwayat/", person.PersonHistoryView.as_view(), name="person-history"),
    path("<int:pk>/usul/", person.person_propose, name="person-propose"),
    path("<int:pk>/anggota/baru/", person.person_enrol, name="person-enrol"),
    path("<int:pk>/isi-nik/", person.person_claim, name="person-claim"),
    path("<int:pk>/nik/", person.person_reveal, name="person-reveal"),
    path(
        "<int:pk>/persetujuan/baru/",
        person.ConsentCreateView.as_view(),
        name="consent-create",
    ),
]
urlpatterns = [
    path("koperasi/", include(cooperatives)),
    path("anggota/", include(members)),
    path("pengurus/", include(officers)),
    path("orang/", include(people)),
    path("persetujuan/<int:pk>/tarik/", person.consent_withdraw, name="consent-withdraw"),
    path("catat/", record.record, name="record"),
    path("cari/", search.search, name="search"),
    path("pekerjaan/", work.work_list, name="work-list"),
    path("pekerjaan/nik/<int:pk>/", work.nikclaim_decide, name="nikclaim-decide"),
    path("pekerjaan/usulan/<int:pk>/", work.proposal_decide, name="proposal-decide"),
]
