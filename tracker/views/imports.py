"""Sheets that come back: the upload, the columns of foreign files, the preview, and what was applied."""

import datetime
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from config import uploads
from tracker import formats
from tracker.exports import RESPONSES
from tracker.imports import applying, mapping
from tracker.imports.plan import plan_of
from tracker.imports.receiving import receive
from tracker.imports.result_tables import change_table, problem_sheet
from tracker.imports.sheets import Unreadable
from tracker.models import ColumnMapping, ImportBatch
from tracker.selection import BadSelection
from tracker.views.import_forms import MappingForm, PlaceForm, UploadForm, place_of
from tracker.views.import_preview import done_context, preview_context
from tracker.views.pages import answers_bad_selections

MOST_BATCHES = 15
MOST_PLACES = 100
SENT_TWICE_WITHIN = datetime.timedelta(minutes=1)


def for_importers(view):
    """For whoever enters figures: the same may be sent as a file."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.enters_figures:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


def own_batch(request, pk) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.select_related("uploaded_by").visible_to(request.user), pk=pk)


# The upload


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def import_list(request):
    complaint, places = "", []
    form = UploadForm()
    if request.method == "POST":
        complaint = uploads.refusal(request) or ""
        form = UploadForm(request.POST, request.FILES)
        if not complaint and form.is_valid():
            try:
                return redirect(received(form.cleaned_data, request.user))
            except Unreadable as unreadable:
                complaint, places = str(unreadable), unreadable.places
    batches = ImportBatch.objects.visible_to(request.user).select_related("uploaded_by")
    removable = set(ColumnMapping.objects.removable_by(request.user).values_list("pk", flat=True))
    context = {
        "form": form,
        "complaint": complaint,
        "places": places[:MOST_PLACES],
        "more_places": len(places) - MOST_PLACES,
        "batches": batches.defer("rows", "worksheets", "layout", "outcomes")[:MOST_BATCHES],
        "mappings": [(each, each.pk in removable) for each in ColumnMapping.objects.select_related("made_by")],
    }
    return render(request, "tracker/imports/list.html", context)


def received(sent, user) -> ImportBatch:
    """The batch of an uploaded file. Sent twice by a double click, it is still one."""
    file = sent["file"]
    batch, _ = receive(file.temporary_file_path(), file.name, user, wanted=sent["sheet"])
    same = {"uploaded_by": user, "state": batch.state, "file_name": batch.file_name, "sheet": batch.sheet}
    recent = timezone.now() - SENT_TWICE_WITHIN
    first = ImportBatch.objects.filter(**same, uploaded_at__gt=recent, rows=batch.rows).order_by("pk").first()
    if first and first.pk < batch.pk:
        batch.delete()
        return first
    return batch


# The columns


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def import_columns(request, pk):
    batch = own_batch(request, pk)
    if not batch.is_open:
        return redirect(batch)
    start = mapping.start_of(batch)
    posted = request.POST if request.method == "POST" else None
    place_form = PlaceForm(batch, posted, place=mapping.Place.of(start.layout))
    form, moved = mapping_form(batch, request.user, start, place_form, posted)
    context = {"batch": batch, "start": start, "place_form": place_form, "form": form}
    if posted is None or not place_form.is_valid() or not form.is_bound:
        return render(request, "tracker/imports/columns.html", context | {"is_moved": moved})
    if form.is_valid():
        if request.POST.get("action") == "look":
            context["titles"], context["examples"] = mapping.interpreted(batch, form.layout, request.user)
        elif keep(batch, form):
            return redirect(batch)
    return render(request, "tracker/imports/columns.html", context)


def mapping_form(batch, user, start, place_form, posted) -> tuple[MappingForm, bool]:
    """The form for the columns, and whether they were read anew because the table stands elsewhere now."""
    if posted is None:
        return MappingForm(batch, mapping.Place.of(start.layout), user, layout=start.layout), False
    shown = place_of(batch, posted)
    place = place_form.place if place_form.is_valid() else shown or mapping.Place.of(start.layout)
    if place == shown and posted.get("action") != "move":
        return MappingForm(batch, place, user, posted), False
    typed = {name: text for name, text in posted.items() if not name.startswith("column_")}
    return MappingForm(batch, place, user, layout=mapping.proposal_at(batch, place).layout, typed=typed), True


def keep(batch, form) -> bool:
    """Store the columns with the batch, and under their name; False where somebody has just taken that name."""
    try:
        with transaction.atomic():
            if remembered := form.mapping():
                remembered.save()
            ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.READ).update(
                sheet=form.layout.sheet, layout=form.layout.as_json()
            )
    except IntegrityError:
        form.add_error("name", "Nama ini baru saja dipakai orang lain. Pilih nama lain.")
        return False
    return True


@require_POST
@for_importers
def mapping_delete(request, pk):
    remembered = get_object_or_404(ColumnMapping.objects.removable_by(request.user), pk=pk)
    remembered.delete()
    messages.success(request, f"Susunan kolom “{remembered}” sudah dihapus.")
    return redirect("imports")


# The preview


@answers_bad_selections
@for_importers
def import_detail(request, pk):
    batch = own_batch(request, pk)
    if not batch.is_open:
        return render(request, "tracker/imports/done.html", done_context(batch))
    if batch.layout is None:
        return redirect("import_columns", batch.pk)
    plan = plan_of(batch, request.user)
    if wanted := request.GET.get("format"):
        return file_of(batch, plan, wanted, request.GET.get("tabel", "masalah"))
    return render(request, "tracker/imports/detail.html", preview_context(batch, plan))


def file_of(batch, plan, wanted, slug):
    tables = {
        "masalah": lambda: problem_sheet(batch.sheet, batch, plan),
        "perubahan": lambda: change_table("perubahan", plan),
    }
    for what, given, known in (("Format", wanted, RESPONSES), ("Tabel", slug, tables)):
        if given not in known:
            raise BadSelection([f"{what} “{given[:20]}” tidak dikenal. Yang tersedia: {', '.join(known)}."])
    return RESPONSES[wanted](tables[slug](), f"pantau-{batch.sheet}-{slug}-{batch.pk}", about(batch, slug))


def about(batch, slug):
    """What a file is, for its sheet "Keterangan"."""
    yield "Judul", "Masalah pada berkas yang diunggah" if slug == "masalah" else "Perubahan dari berkas yang diunggah"
    yield "Berkas", batch.file_name
    yield "Diunggah", f"{batch.uploaded_by}, {moment(batch.uploaded_at)}"
    if slug == "masalah":
        yield (
            "Cara memakai",
            ("Perbaiki baris yang kolom Masalah-nya terisi, lalu unggah berkas ini. Kolom Masalah tidak ikut dibaca."),
        )


def moment(value) -> str:
    local = timezone.localtime(value)
    return f"{formats.date(local.date())} pukul {local:%H.%M} WIB"


# What becomes of it


@require_POST
@for_importers
def import_apply(request, pk):
    batch = own_batch(request, pk)
    if batch.is_open and batch.layout is None:
        return redirect("import_columns", batch.pk)
    try:
        if not batch.is_open:
            raise applying.NotOpen
        plan = applying.apply(batch, request.user)
    except applying.NotOpen:
        messages.warning(request, f"{closed(batch)}, jadi kali ini tidak ada yang ditulis.")
    except applying.Busy:
        messages.warning(
            request,
            "Data yang sama sedang diubah orang lain, jadi belum ada yang ditulis. Tunggu sebentar, lalu ulangi.",
        )
    else:
        if plan.is_applicable:
            messages.success(request, "Semua perubahan dari berkas ini sudah ditulis.")
        else:
            messages.warning(request, "Belum ada yang ditulis: keadaannya berubah sejak pratinjau tadi. Periksa lagi.")
    return redirect(batch)


def closed(batch) -> str:
    """Why a batch is not open any more."""
    batch.refresh_from_db(fields=["state"])
    is_applied = batch.state == ImportBatch.State.APPLIED
    return "Berkas ini sudah diterapkan" if is_applied else "Impor berkas ini sudah dibatalkan"


@require_POST
@for_importers
def import_cancel(request, pk):
    batch = own_batch(request, pk)
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.READ)
    if waiting.update(state=ImportBatch.State.CANCELLED):
        messages.success(request, f"Impor “{batch}” dibatalkan. Tidak ada yang ditulis.")
        return redirect("imports")
    messages.warning(request, f"{closed(batch)}, jadi tidak ada yang dibatalkan lagi.")
    return redirect(batch)
