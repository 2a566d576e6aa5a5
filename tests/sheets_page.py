"""A page in sheets, like the one that adds a member, for the tests of static/js/sheets.js."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import path

from malaka_portal.sheets import SheetsMixin
from malaka_portal.urls import urlpatterns as portal

SAVED = []  # what was posted with "simpan", for the tests to look at


class MemberForm(SheetsMixin, forms.Form):
    sheets = (
        ("siapa", "Siapa", ["name", "nik", "gender", "phone"]),
        ("di-mana", "Di mana", ["village", "hamlet"]),
    )
    edit_labels = {
        "name": "Ubah nama",
        "nik": "Ubah NIK",
        "gender": "Ubah jenis kelamin",
        "phone": "Ubah nomor HP",
        "village": "Ubah desa",
        "hamlet": "Ubah dusun",
    }
    digits = {"nik": (16, "NIK harus 16 angka; yang diisi baru %d angka")}
    private_fields = ("nik",)

    name = forms.CharField(
        label="Nama lengkap",
        help_text="Seperti di KTP",
        error_messages={"required": "Isi nama lengkap."},
    )
    nik = forms.CharField(
        label="NIK",
        help_text="16 angka di KTP atau Kartu Keluarga. Spasi boleh.",
        error_messages={"required": "Isi NIK."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    gender = forms.ChoiceField(
        label="Jenis kelamin",
        choices=[("P", "Perempuan"), ("L", "Laki-laki")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih jenis kelamin."},
    )
    phone = forms.CharField(label="Nomor HP", required=False)
    village = forms.CharField(
        label="Desa",
        widget=forms.TextInput(attrs={"list": "villages"}),
        error_messages={"required": "Pilih desa."},
    )
    hamlet = forms.CharField(label="Dusun", required=False)

    def clean_nik(self):
        digits = "".join(c for c in self.cleaned_data["nik"] if c.isdigit())
        if len(digits) != 16:
            raise forms.ValidationError(self.digits["nik"][1] % len(digits))
        return digits

    def clean_village(self):
        village = self.cleaned_data["village"]
        if village not in {"Wehali", "Kletek"}:
            raise forms.ValidationError("Desa ini tidak ada di Malaka.")
        return village

    def clean(self):
        if self.cleaned_data.get("hamlet") == "bentrok":
            raise forms.ValidationError("Anggota ini baru saja dicatat orang lain.")
        return self.cleaned_data


@login_not_required
def member(request):
    form = MemberForm(request.POST or None)
    reviewing = form.is_valid()
    if reviewing and "simpan" in request.POST:
        SAVED.append(form.cleaned_data | {"_kunci": request.POST["_kunci"]})
        return redirect("sheets-done")
    return render(request, "sheets_page.html", {"form": form, "reviewing": reviewing})


@login_not_required
def done(request):
    return render(request, "sheets_done.html", {"name": SAVED[-1]["name"]})


urlpatterns = [
    path("contoh/", member, name="sheets"),
    path("contoh/tercatat/", done, name="sheets-done"),
    *portal,
]
