"""The registry's addresses: paths in Indonesian, names in English."""

from django.urls import include, path

from cooperatives.views import (
    cooperative,
    credential,
    duplicate,
    enterprise,
    member,
    officer,
    paper,
    person,
    photo,
    privacy,
    product,
    publishing,
    quote,
    record,
    search,
    showcase,
    work,
)

app_name = "cooperatives"

cooperatives = [
    path("", cooperative.CooperativeListView.as_view(), name="cooperative-list"),
    path("baru/", cooperative.CooperativeCreateView.as_view(), name="cooperative-create"),
    path("cetak/", paper.OfficePapersView.as_view(), name="paper-list"),
    path("angka/", cooperative.YearlySnapshotListView.as_view(), name="yearlysnapshot-list"),
    path("<int:pk>/", cooperative.CooperativeDetailView.as_view(), name="cooperative-detail"),
    path("<int:pk>/ubah/", cooperative.CooperativeUpdateView.as_view(), name="cooperative-update"),
    path(
        "<int:pk>/riwayat/",
        cooperative.CooperativeHistoryView.as_view(),
        name="cooperative-history",
    ),
    path("<int:pk>/cetak/", paper.CooperativePapersView.as_view(), name="paper-books"),
    path("<int:pk>/buku-anggota/", member.RegisterView.as_view(), name="register"),
    path("<int:pk>/anggota/baru/", member.member_create, name="member-create"),
    path("<int:pk>/umkm/baru/", enterprise.EnterpriseAddView.as_view(), name="enterprise-add"),
    path(
        "<int:pk>/produk/baru/",
        product.CooperativeProductCreateView.as_view(),
        name="cooperative-product-create",
    ),
    path("<int:pk>/tampil/", publishing.PublicationView.as_view(), name="cooperative-show"),
    path("<int:pk>/sembunyikan/", publishing.cooperative_hide, name="cooperative-hide"),
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
    path("<int:pk>/berkas/", privacy.person_dossier, name="person-dossier"),
    path("<int:pk>/keberatan/", privacy.person_object, name="person-object"),
    path(
        "<int:pk>/persetujuan/baru/",
        privacy.ConsentCreateView.as_view(),
        name="consent-create",
    ),
]
quote_requests = [
    path("", quote.QuoteRequestListView.as_view(), name="quoterequest-list"),
    path("<int:pk>/", quote.QuoteRequestDetailView.as_view(), name="quoterequest-detail"),
    path("<int:pk>/jawab/", quote.quoterequest_answer, name="quoterequest-answer"),
    path("<int:pk>/ubah/", quote.QuoteRequestCorrectView.as_view(), name="quoterequest-correct"),
    path("<int:pk>/riwayat/", quote.QuoteRequestHistoryView.as_view(), name="quoterequest-history"),
]
for_everybody = [
    path("", showcase.ShowcaseView.as_view(), name="showcase"),
    path("<int:pk>/", showcase.product, name="showcase-product"),
    path("<int:product>/foto/<int:pk>/", showcase.photo, name="showcase-photo"),
    path("<int:pk>/minta/", quote.quote_create, name="quote-create"),
    path("koperasi/", showcase.ShowcaseCooperativesView.as_view(), name="showcase-cooperatives"),
    path("koperasi/<int:pk>/", showcase.cooperative, name="showcase-cooperative"),
    path(
        "koperasi/<int:pk>/minta/",
        quote.quote_create_of_cooperative,
        name="quote-create-cooperative",
    ),
]
enterprises = [
    path("", enterprise.EnterpriseListView.as_view(), name="enterprise-list"),
    path("baru/", enterprise.EnterpriseCreateView.as_view(), name="enterprise-create"),
    path("<int:pk>/", enterprise.EnterpriseDetailView.as_view(), name="enterprise-detail"),
    path("<int:pk>/ubah/", enterprise.EnterpriseUpdateView.as_view(), name="enterprise-update"),
    path(
        "<int:pk>/riwayat/", enterprise.EnterpriseHistoryView.as_view(), name="enterprise-history"
    ),
    path(
        "<int:pk>/angka/baru/",
        enterprise.EnterpriseSnapshotCreateView.as_view(),
        name="enterprisesnapshot-create",
    ),
    path("<int:pk>/bantuan/baru/", enterprise.SupportCreateView.as_view(), name="support-create"),
    path("bantuan/<int:pk>/ubah/", enterprise.SupportUpdateView.as_view(), name="support-update"),
    path(
        "<int:pk>/keanggotaan/baru/",
        enterprise.EnterpriseMembershipCreateView.as_view(),
        name="enterprisemembership-create",
    ),
    path("keanggotaan/<int:pk>/akhiri/", enterprise.membership_end, name="membership-end"),
    path(
        "<int:pk>/kelompok/baru/",
        enterprise.GroupMemberCreateView.as_view(),
        name="groupmember-create",
    ),
    path(
        "kelompok/<int:pk>/ubah/",
        enterprise.GroupMemberUpdateView.as_view(),
        name="groupmember-update",
    ),
    path("kelompok/<int:pk>/keluar/", enterprise.groupmember_leave, name="groupmember-leave"),
    path("surat/", credential.CredentialListView.as_view(), name="credential-list"),
    path(
        "<int:pk>/surat/baru/", credential.CredentialCreateView.as_view(), name="credential-create"
    ),
    path("surat/<int:pk>/", credential.CredentialDetailView.as_view(), name="credential-detail"),
    path(
        "surat/<int:pk>/ubah/", credential.CredentialUpdateView.as_view(), name="credential-update"
    ),
    path(
        "surat/<int:pk>/riwayat/",
        credential.CredentialHistoryView.as_view(),
        name="credential-history",
    ),
    path("surat/<int:pk>/berkas/", credential.credential_file, name="credential-file"),
]
products = [
    path("", product.ProductListView.as_view(), name="product-list"),
    path("<int:pk>/", product.ProductDetailView.as_view(), name="product-detail"),
    path("<int:pk>/ubah/", product.ProductUpdateView.as_view(), name="product-update"),
    path("<int:pk>/riwayat/", product.ProductHistoryView.as_view(), name="product-history"),
    path("<int:pk>/harga/baru/", product.PriceCreateView.as_view(), name="pricechange-create"),
    path("<int:pk>/foto/baru/", photo.PhotoCreateView.as_view(), name="productphoto-create"),
    path("<int:pk>/tampilkan/", publishing.product_show, name="product-show"),
    path("<int:pk>/sembunyikan/", publishing.product_hide, name="product-hide"),
]
photos = [
    path("<int:pk>/", photo.ImageView.as_view(), name="productphoto-image"),
    path("<int:pk>/kecil/", photo.ThumbnailView.as_view(), name="productphoto-thumbnail"),
    path("<int:pk>/turunkan/", photo.photo_remove, name="productphoto-remove"),
]
motifs = [
    path("", product.MotifListView.as_view(), name="motif-list"),
    path("baru/", product.MotifCreateView.as_view(), name="motif-create"),
    path("<int:pk>/ubah/", product.MotifUpdateView.as_view(), name="motif-update"),
]
urlpatterns = [
    path("etalase/", include(for_everybody)),
    path("p/<str:code>", quote.quote_status, name="quote-status"),
    path("permintaan/", include(quote_requests)),
    path("koperasi/", include(cooperatives)),
    path("anggota/", include(members)),
    path("pengurus/", include(officers)),
    path("orang/", include(people)),
    path("produk/", include(products)),
    path("produk/foto/", include(photos)),
    path("motif/", include(motifs)),
    path(
        "umkm/<int:pk>/produk/baru/",
        product.EnterpriseProductCreateView.as_view(),
        name="enterprise-product-create",
    ),
    path("persetujuan/<int:pk>/tarik/", privacy.consent_withdraw, name="consent-withdraw"),
    path("umkm/", include(enterprises)),
    path("catat/", record.record, name="record"),
    path("cari/", search.search, name="search"),
    path("pekerjaan/", work.work_list, name="work-list"),
    path("pekerjaan/nik/<int:pk>/", work.nikclaim_decide, name="nikclaim-decide"),
    path("pekerjaan/nik/<int:pk>/gabung/", duplicate.nikclaim_join, name="nikclaim-join"),
    path("pekerjaan/ganda/", duplicate.SuspicionListView.as_view(), name="suspicion-list"),
    path("pekerjaan/ganda/<int:pk>/", duplicate.suspicion_decide, name="suspicion-decide"),
    path("pekerjaan/gabungan/<int:pk>/", duplicate.joining_undo, name="joining-undo"),
    path("pekerjaan/usulan/<int:pk>/", work.proposal_decide, name="proposal-decide"),
]
