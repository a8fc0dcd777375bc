"""What programs are sorted by: OPDs, strategies, priorities, places, money, classes, partners, pockets."""

from django.contrib import admin

from tracker import formats
from tracker.admin.base import RecordAdmin
from tracker.admin.lists import UnverifiedFilter
from tracker.models import (
    District,
    FundingSource,
    ObstacleCategory,
    Opd,
    Partner,
    PovertyPocket,
    Priority,
    RatingBand,
    Strategy,
    Village,
)


class FixedRowsAdmin(RecordAdmin):
    """The rows are given by a decree: their words may be corrected, none is added or deleted."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Opd)
class OpdAdmin(RecordAdmin):
    list_display = ["name", "short_name", "kind", "verification", "activity"]
    list_filter = [UnverifiedFilter, "kind", "is_active"]
    search_fields = ["name", "short_name", "aliases", "code"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "aliases", "kind", "code"]}),
        (
            "Keadaan",
            {
                "fields": ["is_active", "is_verified", "source"],
                "description": "OPD yang digabung atau dibubarkan tidak dihapus: hapus centang “aktif”.",
            },
        ),
    ]

    @admin.display(description="nama", ordering="is_verified")
    def verification(self, opd):
        return "sudah diverifikasi" if opd.is_verified else "belum diverifikasi"

    @admin.display(description="keadaan", ordering="is_active")
    def activity(self, opd):
        return "aktif" if opd.is_active else "tidak aktif"


@admin.register(Strategy)
class StrategyAdmin(FixedRowsAdmin):
    list_display = ["number", "name", "short_name"]
    list_display_links = ["name"]
    fields = ["number", "name", "short_name", "description", "source"]
    readonly_fields = ["number"]


@admin.register(Priority)
class PriorityAdmin(RecordAdmin):
    list_display = ["name", "rkpd_year", "number"]
    list_filter = [("rkpd_year", admin.AllValuesFieldListFilter)]
    search_fields = ["name", "rkpd_year"]
    fieldsets = [
        (
            None,
            {
                "fields": ["rkpd_year", "number", "name", "description", "source"],
                "description": "Prioritas RKPD tahun lain ditambahkan sebagai baris baru; yang lama tetap disimpan.",
            },
        )
    ]


@admin.register(FundingSource)
class FundingSourceAdmin(RecordAdmin):
    list_display = ["name", "code", "group", "place"]
    list_filter = ["in_apbd"]
    search_fields = ["name", "code", "group"]
    fields = ["code", "name", "group", "in_apbd", "source"]

    @admin.display(description="tempat", ordering="in_apbd")
    def place(self, funding_source):
        return "APBD kabupaten" if funding_source.in_apbd else "di luar APBD"


@admin.register(District)
class DistrictAdmin(RecordAdmin):
    list_display = ["name", "code", "aliases"]
    search_fields = ["name", "code", "aliases"]
    fieldsets = [
        (None, {"fields": ["name", "code", "aliases", "source"]}),
        (
            "Letak pada peta petak",
            {
                "classes": ["collapse"],
                "fields": [("tile_row", "tile_column")],
                "description": "Baris dan kolom petak kecamatan ini pada halaman Kecamatan.",
            },
        ),
    ]


@admin.register(Village)
class VillageAdmin(RecordAdmin):
    list_display = ["name", "kind", "district", "code"]
    list_filter = ["kind", "district"]
    list_select_related = ["district"]
    search_fields = ["name", "code", "district__name"]
    autocomplete_fields = ["district"]
    fields = ["district", "kind", "name", "code", "source"]

    def get_queryset(self, request):
        # Suggestions name the kecamatan too.
        return super().get_queryset(request).select_related("district")


@admin.register(ObstacleCategory)
class ObstacleCategoryAdmin(RecordAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    fields = ["name", "source"]


@admin.register(RatingBand)
class RatingBandAdmin(FixedRowsAdmin):
    list_display = ["name", "lower_bound", "status", "legal_basis"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "lower_bound", "status", "legal_basis", "source"],
                "description": "Mengubah batas mengubah status semua program di semua halaman.",
            },
        )
    ]


@admin.register(Partner)
class PartnerAdmin(RecordAdmin):
    list_display = ["name", "kind"]
    list_filter = ["kind"]
    search_fields = ["name"]
    fields = ["name", "kind"]


@admin.register(PovertyPocket)
class PovertyPocketAdmin(RecordAdmin):
    list_display = ["village", "year", "households", "sample"]
    list_filter = [("year", admin.AllValuesFieldListFilter)]
    list_select_related = ["village__district"]
    search_fields = ["village__name", "village__district__name"]
    autocomplete_fields = ["village"]
    fields = ["year", "village", "poor_households", "source"]

    @admin.display(description="keluarga miskin", ordering="poor_households")
    def households(self, pocket):
        return formats.number(pocket.poor_households)

    @admin.display(description="keterangan", ordering="is_sample")
    def sample(self, pocket):
        return "contoh" if pocket.is_sample else ""
