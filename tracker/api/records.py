"""Which fields an answer has. Names are those of the models; what a stranger needs to join tables are stable keys."""

import datetime

from drf_spectacular.utils import extend_schema_serializer

from tracker import formats
from tracker.api.fields import Day, Moment, Percent, Quantity, Record, Text, Texts, Whole, Word, YesNo
from tracker.models import Activity, Indicator, Opd, Period, Report
from tracker.progress.figures import Status

STATUSES = [(status.value, formats.STATUS_LABELS[status.value]) for status in Status]


class OpdRecord(Record):
    id = Whole("Kunci OPD; dipakai pada saringan `opd`.", 7)
    short_name = Text("Nama singkat, seperti pada tabel dan berkas.", "Dinsos")
    name = Text("Nama lengkap.", "Dinas Sosial")
    code = Text("Kode perangkat daerah di SIPD.", "1.06.0.00.0.00.01.0000", allow_null=True)
    aliases = Text("Nama lama atau sebutan lain, dipisah tanda |.", "Dinas Sosial dan PPA", allow_null=True)
    kind = Word("Jenis perangkat daerah.", "dinas", choices=Opd.Kind.choices)
    is_active = YesNo("Salah bila OPD sudah digabung atau dibubarkan.", True)
    is_verified = YesNo("Benar bila namanya sudah dicocokkan dengan perda.", True)
    source = Text("Sumber data.", "Perda 4/2021", allow_null=True)


class StrategyRecord(Record):
    number = Whole("Nomor strategi, 1 sampai 3.", 1)
    name = Text("Nama.", "Mengurangi beban pengeluaran masyarakat")
    short_name = Text("Nama singkat.", "Kurangi beban")
    description = Text("Penjelasan.", "Bantuan sosial dan jaminan.", allow_null=True)
    source = Text("Sumber data.", "Inpres 8/2025", allow_null=True)


class PriorityRecord(Record):
    code = Text("Kunci prioritas: tahun RKPD dan nomornya.", "2021-1")
    rkpd_year = Whole("Tahun RKPD.", 2021)
    number = Whole("Nomor urut dalam RKPD tahun itu.", 1)
    name = Text("Nama.", "Penurunan tingkat kemiskinan")
    description = Text("Penjelasan.", "Melalui pertumbuhan ekonomi.", allow_null=True)
    source = Text("Sumber data.", "RKPD 2021", allow_null=True)


class DistrictRecord(Record):
    code = Text("Kode Kemendagri kecamatan.", "16.04.11")
    name = Text("Nama kecamatan.", "Jarai")
    aliases = Text("Ejaan lain, dipisah tanda |.", "Djarai", allow_null=True)
    tile_row = Whole("Baris pada peta petak.", 3, allow_null=True)
    tile_column = Whole("Kolom pada peta petak.", 2, allow_null=True)
    source = Text("Sumber data.", "Kepmendagri 300.2.2-2138/2025", allow_null=True)


class PeriodRecord(Record):
    key = Text("Kunci triwulan: tahun dan nomornya.", "2025-3")
    fiscal_year = Whole("Tahun anggaran.", 2025)
    quarter = Whole("Triwulan, 1 sampai 4.", 3)
    ends_on = Day("Hari terakhir triwulan: angka bersifat kumulatif s.d. tanggal ini.", datetime.date(2025, 9, 30))
    opens_on = Day("Sejak tanggal ini laporan dapat diisi.", datetime.date(2025, 7, 1))
    due_on = Day("Tenggat laporan.", datetime.date(2025, 10, 10))
    state = Word("Keadaan hari ini (WIB).", "overdue", choices=Period.State.choices)
    locked_at = Moment("Saat dikunci.", "2025-11-01T10:00:00+07:00", allow_null=True)
    lock_reason = Text("Alasan penguncian.", "Angka final rapat TW III", allow_null=True)


class ProgramRecord(Record):
    id = Whole("Kunci program.", 12)
    fiscal_year = Whole("Tahun anggaran.", 2025)
    opd_id = Whole("Kunci OPD.", 7)
    opd = Text("Nama singkat OPD.", "Dinsos", source="opd.short_name")
    code = Text("Kode program di SIPD.", "1.06.05", allow_null=True)
    name = Text("Nama program.", "Program Perlindungan dan Jaminan Sosial")
    strategy = Whole("Nomor strategi; null = belum dipetakan.", 1, source="strategy.number", allow_null=True)
    priority = Text("Kunci prioritas; null = belum dipetakan.", "2021-1", source="priority.code", allow_null=True)
    is_extreme_poverty = YesNo("Ditandai penghapusan kemiskinan ekstrem (PPKE).", True)
    objective = Text("Tujuan.", "Keluarga miskin menerima bantuan pangan.", allow_null=True)
    partners = Texts("Nama mitra.", ["Baznas Lahat"], source="partners.all")
    activities = Whole("Jumlah sub kegiatan.", 2, source="activity_count")


class ActivityRecord(Record):
    """A sub kegiatan, and how it stands at the chosen quarter: the figures of tracker/progress."""

    ref = Text("Nomor register: kunci sub kegiatan untuk seterusnya.", "2025-0143", source="activity.ref")
    fiscal_year = Whole("Tahun anggaran.", 2025, source="activity.program.fiscal_year")
    quarter = Whole("Triwulan yang dipilih; angka di bawah ini s.d. akhir triwulan itu.", 3, source="row.quarter")
    opd_id = Whole("Kunci OPD.", 7, source="activity.program.opd_id")
    opd = Text("Nama singkat OPD.", "Dinsos", source="activity.program.opd.short_name")
    program_id = Whole("Kunci program.", 12, source="activity.program_id")
    program = Text("Nama program.", "Program Perlindungan dan Jaminan Sosial", source="activity.program.name")
    code = Text("Kode sub kegiatan di SIPD.", "1.06.05.2.01.0001", source="activity.code", allow_null=True)
    name = Text("Nama sub kegiatan.", "Bantuan sembako", source="activity.name")
    strategy = Whole(
        "Nomor strategi; null = belum dipetakan.", 1, source="activity.program.strategy.number", allow_null=True
    )
    priority = Text(
        "Kunci prioritas; null = belum dipetakan.", "2021-1", source="activity.program.priority.code", allow_null=True
    )
    is_extreme_poverty = YesNo("Ditandai PPKE.", True, source="activity.program.is_extreme_poverty")
    funding_source = Text("Kode sumber dana.", "DAU", source="activity.funding_source.code")
    in_apbd = YesNo("Benar bila dananya dari APBD kabupaten.", True, source="activity.funding_source.in_apbd")
    districts = Texts("Kode kecamatan; kosong = tingkat kabupaten.", ["16.04.11"])
    villages = Texts("Kode desa atau kelurahan.", ["16.04.11.2003"])
    indicator = Text("Indikator keluaran.", "Jumlah keluarga yang dibantu", source="activity.indicator")
    unit = Text("Satuan.", "KPM", source="activity.unit")
    direction = Word(
        "Arah: `up` makin besar makin baik, `down` makin kecil makin baik.",
        "up",
        source="activity.direction",
        choices=Activity.Direction.choices,
    )
    baseline = Quantity("Nilai awal, untuk arah turun.", "1250", source="activity.baseline", allow_null=True)
    target = Quantity("Target semula, setahun penuh.", "1000", source="activity.target")
    revised_target = Quantity("Target perubahan.", "1200", source="activity.revised_target", allow_null=True)
    target_in_force = Quantity("Target yang berlaku.", "1200", source="row.target")
    budget = Whole("Pagu semula, rupiah utuh.", 400_000_000, source="activity.budget")
    revised_budget = Whole(
        "Pagu perubahan; 0 = dihentikan.", 450_000_000, source="activity.revised_budget", allow_null=True
    )
    budget_in_force = Whole("Pagu yang berlaku.", 450_000_000, source="row.budget")
    starts_quarter = Whole("Sebelum triwulan ini tidak ditagih.", 1, source="activity.starts_quarter")
    target_group = Text("Kelompok sasaran.", "KPM desil 1-2", source="activity.target_group", allow_null=True)
    target_beneficiaries = Whole("Jumlah sasaran.", 1200, source="activity.target_beneficiaries", allow_null=True)
    beneficiary_unit = Text("Satuan sasaran.", "KPM", source="activity.beneficiary_unit", allow_null=True)
    is_cash_for_work = YesNo("Padat karya.", False, source="activity.is_cash_for_work")
    is_expected = YesNo("Ditagih pada triwulan itu: sudah mulai dan tidak dihentikan.", True, source="row.is_expected")
    has_report = YesNo("Ada laporan yang dihitung tepat pada triwulan itu.", True, source="row.has_report")
    position_quarter = Whole(
        "Triwulan laporan terakhir yang dihitung (posisi); null = belum pernah lapor.",
        3,
        source="row.position.quarter",
        allow_null=True,
    )
    realised_budget = Whole(
        "Realisasi anggaran pada posisi.", 270_000_000, source="row.position.realised_budget", allow_null=True
    )
    realised_output = Quantity(
        "Realisasi keluaran pada posisi.", "900", source="row.position.realised_output", allow_null=True
    )
    absorption = Percent("Serapan, persen.", "60.00", source="row.figures.absorption", allow_null=True)
    physical = Percent("Fisik, persen.", "75.00", source="row.figures.physical", allow_null=True)
    physical_high = Percent(
        "Fisik tertinggi bila yang belum lapor sesuai rencana.",
        "75.00",
        source="row.figures.physical_high",
        allow_null=True,
    )
    plan = Percent("Rencana s.d. triwulan itu, persen.", "75.00", source="row.figures.plan", allow_null=True)
    deviation = Percent("Fisik − rencana, persen poin.", "0.00", source="row.figures.deviation", allow_null=True)
    status = Word("Status; null = tidak ditagih.", "sesuai", choices=STATUSES, allow_null=True)
    status_label = Text("Status seperti tertulis di halaman.", "Sesuai rencana", allow_null=True)
    version = Whole("Nomor perubahan data ini.", 3, source="activity.version")


class ReportRecord(Record):
    key = Text("Kunci laporan: register dan triwulan.", "2025-0143-3")
    ref = Text("Nomor register sub kegiatan.", "2025-0143", source="activity.ref")
    fiscal_year = Whole("Tahun anggaran.", 2025, source="period.fiscal_year")
    quarter = Whole(
        "Triwulan; semua angka kumulatif sejak Januari s.d. akhir triwulan ini.", 3, source="period.quarter"
    )
    opd_id = Whole("Kunci OPD.", 7, source="activity.program.opd_id")
    opd = Text("Nama singkat OPD.", "Dinsos", source="activity.program.opd.short_name")
    activity = Text("Nama sub kegiatan.", "Bantuan sembako", source="activity.name")
    status = Word(
        "Keadaan laporan. `draft` dan `returned` hanya terlihat oleh OPD-nya, Verifikator, dan Sekretariat.",
        "verified",
        choices=Report.Status.choices,
    )
    realised_budget = Whole("Realisasi anggaran, rupiah utuh.", 270_000_000)
    realised_output = Quantity("Realisasi keluaran, dalam satuan indikator.", "900")
    physical_percent = Quantity("Persen fisik yang dilaporkan.", "75", allow_null=True)
    beneficiaries = Whole("Jumlah penerima manfaat.", 900, allow_null=True)
    local_workers = Whole("Jumlah tenaga kerja lokal.", 40, allow_null=True)
    obstacle_category = Text("Kategori kendala.", "Cuaca", source="obstacle_category.name", allow_null=True)
    obstacle = Text("Kendala.", "Jalan putus karena banjir.", allow_null=True)
    follow_up = Text("Tindak lanjut.", "Tetapkan jalur pengganti.", allow_null=True)
    follow_up_owner = Text("Penanggung jawab (jabatan).", "Kepala Bidang Linjamsos", allow_null=True)
    follow_up_due = Day("Tenggat tindak lanjut.", datetime.date(2025, 10, 31), allow_null=True)
    evidence_url = Text("Tautan bukti.", "https://dinsos.example/bukti", allow_null=True)
    return_note = Text("Catatan pengembalian.", None, allow_null=True)
    submitted_at = Moment("Saat diajukan.", "2025-10-06T09:12:00+07:00", allow_null=True)
    verified_at = Moment("Saat diverifikasi.", "2025-10-08T14:30:00+07:00", allow_null=True)
    version = Whole("Nomor perubahan data ini.", 2)


class IndicatorPoint(Record):
    region = Text("Wilayah.", "Kabupaten Lahat")
    year = Whole("Tahun.", 2024)
    month = Whole("Bulan; null = setahun.", 3, allow_null=True)
    value = Quantity("Nilai, dalam satuan indikator.", "14.14")
    source = Text("Sumber data.", "https://lahatkab.bps.go.id/")
    is_verified = YesNo("Sudah dicocokkan dengan sumbernya.", True)


class IndicatorGoal(Record):
    year = Whole("Tahun.", 2024)
    value = Quantity("Target, dalam satuan indikator.", "14.6")
    document = Text("Dokumen yang menetapkan.", "RPD 2024-2026")
    is_derived = YesNo("Turunan: dihitung sendiri, bukan dari tabel resmi.", True)


class IndicatorRecord(Record):
    id = Whole("Kunci indikator.", 1)
    name = Text("Nama.", "Persentase penduduk miskin (P0)")
    unit = Text("Satuan.", "persen")
    direction = Word(
        "Arah: `up` makin besar makin baik, `down` sebaliknya.", "down", choices=Indicator.Direction.choices
    )
    agency = Text("Instansi penerbit.", "BPS")
    latest_year = Whole("Tahun nilai terbaru wilayah ini.", 2024, source="latest.year", allow_null=True)
    latest_value = Quantity("Nilai terbaru wilayah ini.", "14.14", source="latest.value", allow_null=True)
    source = Text("Sumber data.", "https://lahatkab.bps.go.id/", allow_null=True)


class IndicatorDetail(IndicatorRecord):
    """With everything that was published, and what was aimed at."""

    values = IndicatorPoint(many=True, help_text="Semua nilai, menurut wilayah dan tahun.", read_only=True)
    targets = IndicatorGoal(many=True, help_text="Target per tahun.", read_only=True)


class Explanation(Record):
    """“Mengapa angka ini”: sentences with the numbers of the row."""

    absorption = Text("Rumus serapan dengan angka baris ini.", "Serapan = realisasi ÷ pagu × 100 = …", allow_null=True)
    physical = Text("Rumus fisik dengan angka baris ini.", "Fisik = jumlah (pagu × fisik …) ÷ …", allow_null=True)
    interval = Text("Dari mana rentangnya.", "Rentang: 41,25 % sampai 75,00 %. …", allow_null=True)
    plan = Text("Rumus rencana dengan angka baris ini.", "Rencana = …", allow_null=True)
    deviation = Text("Rumus deviasi.", "Deviasi = fisik − rencana = 41,25 − 75,00 = …", allow_null=True)
    status = Text("Alasan statusnya.", "Terlambat: rasio fisik ÷ rencana × 100 = 55,00 …", allow_null=True)
    represented = Text("Rumus mewakili.", "Mewakili = pagu yang sudah lapor ÷ pagu × 100 = …", allow_null=True)
    counted = Text("Apa yang dihitung.", "Dihitung: 2 sub kegiatan yang ditagih …")
    not_counted = Text("Apa yang tidak dihitung.", "Tidak dihitung: draf dan laporan yang dikembalikan; …")
    as_of = Text("Sampai kapan datanya.", "Data s.d. 30 September 2025 …")


class ProgressRecord(Record):
    """A row of the table “rekap” of the pages."""

    region = Text("Wilayah instansi ini.", "Kabupaten Lahat")
    fiscal_year = Whole("Tahun anggaran.", 2025)
    quarter = Whole("Triwulan; angka kumulatif s.d. akhir triwulan itu.", 3)
    key = Text(
        "Kunci kelompok: nomor strategi, prioritas `2021-1`, nama singkat OPD, kode kecamatan, nomor triwulan, kode "
        "sumber dana; `-` = belum dipetakan atau tingkat kabupaten; null = Jumlah.",
        "1",
        allow_null=True,
    )
    name = Text("Nama kelompok.", "Mengurangi beban pengeluaran masyarakat")
    programs = Whole("Jumlah program.", 1, source="figures.programs")
    activities = Whole("Jumlah sub kegiatan yang ditagih.", 2, source="figures.activities")
    budget = Whole("Pagu yang berlaku, rupiah utuh.", 400_000_000, source="figures.budget")
    realised = Whole("Realisasi, rupiah utuh.", 150_000_000, source="figures.realised", allow_null=True)
    absorption = Percent("Serapan, persen.", "37.50", source="figures.absorption", allow_null=True)
    physical = Percent("Fisik, persen; juga batas bawah rentang.", "41.25", source="figures.physical", allow_null=True)
    physical_high = Percent(
        "Fisik tertinggi: batas atas rentang, bila yang belum lapor sesuai rencana.",
        "75.00",
        source="figures.physical_high",
        allow_null=True,
    )
    plan = Percent("Rencana, persen.", "75.00", source="figures.plan", allow_null=True)
    deviation = Percent("Fisik − rencana, persen poin.", "-33.75", source="figures.deviation", allow_null=True)
    ratio = Percent("Fisik ÷ rencana × 100.", "55.00", source="figures.ratio", allow_null=True)
    status = Word("Status; null = kelompok kosong.", "terlambat", choices=STATUSES, allow_null=True)
    status_label = Text("Status seperti tertulis di halaman.", "Terlambat", allow_null=True)
    rating = Text("Predikat menurut Permendagri 86/2017.", "Rendah", source="figures.rating", allow_null=True)
    represented = Percent(
        "Mewakili: bagian pagu yang sudah lapor tepat pada triwulan itu, persen.",
        "25.00",
        source="figures.represented",
        allow_null=True,
    )
    missing = Whole("Sub kegiatan yang belum lapor.", 1, source="figures.missing")
    undefined = Whole(
        "Sub kegiatan yang indikatornya tidak terukur; di luar fisik dan rencana.", 0, source="figures.undefined"
    )
    budget_outside = Whole("Bagian pagu di luar APBD.", 0, source="figures.budget_outside")
    explanation = Explanation(help_text="Mengapa angka ini.", read_only=True)
    page_url = Text(
        "Halaman program dengan tepat sub kegiatan baris ini.",
        "https://pantau.example/program/?tahun=2025&tw=3&strategi=1",
    )
    activities_url = Text(
        "Alamat API dengan tepat sub kegiatan baris ini.",
        "https://pantau.example/api/v1/activities/?tahun=2025&tw=3&strategi=1&ditagih=ya",
    )


@extend_schema_serializer(many=False)
class ProgressAnswer(Record):
    """All rows of a grouping, with their sum."""

    by = Text("Pengelompokan.", "strategy")
    fiscal_year = Whole("Tahun anggaran.", 2025)
    quarter = Whole("Triwulan.", 3)
    ends_on = Day("Hari terakhir triwulan itu.", datetime.date(2025, 9, 30))
    has_ended = YesNo("Salah selama triwulan berjalan: lalu belum ada yang dinilai terlambat.", True)
    verified_only = YesNo("Benar dengan saringan hitung=terverifikasi.", False)
    results = ProgressRecord(many=True, help_text="Satu baris per kelompok.", read_only=True)
    total = ProgressRecord(
        help_text="Jumlah dari datanya sendiri, bukan dari menjumlahkan kelompok. Di CSV: baris terakhir.",
        read_only=True,
    )
