"""What the sheet "Petunjuk" says: for whom and until when the kit is, how to fill it in, where to send it."""

from collections.abc import Iterator

from django.conf import settings

from tracker import formats
from tracker.kit.contents import Kit


def facts(kit: Kit) -> Iterator[tuple[str, str]]:
    yield "Untuk", f"{kit.opd.name} ({kit.opd.short_name})" if kit.opd else "Semua OPD di lembar realisasi"
    yield "Triwulan", f"{kit}, angka s.d. {formats.date(formats.quarter_end(kit.year, kit.quarter))}"
    if kit.period:
        yield "Tenggat", formats.date(kit.period.due_on)
    if kit.open_opds:
        yield "Keadaan", kit.period.in_words()
        if kit.period.locked_at:
            yield "Pengecualian", f"Masih dapat diisi oleh {formats.listed(sorted(kit.open_opds), most=10)}."
    yield "Bantuan", f"Bila ada yang kurang jelas, tanyakan kepada Sekretariat {settings.TEAM_NAME}."


def steps(kit: Kit) -> Iterator[str]:
    yield "Isi lembar “realisasi”, hanya kolom berjudul hijau. Kolom abu-abu terkunci, supaya baris tetap dikenali."
    yield (
        "Tulis angka kumulatif, yaitu sejak Januari s.d. akhir triwulan ini, bukan angka triwulan ini saja. "
        "Rupiah ditulis utuh tanpa “Rp” dan tanpa titik ribuan, misalnya 1250000."
    )
    yield (
        "Baris kuning belum berisi realisasi. Biarkan kosong bila belum ada laporan. "
        "Tulis 0 hanya bila realisasinya benar-benar nol."
    )
    yield (
        "Pilih Status: Draf bila masih akan dilengkapi, Diajukan bila sudah selesai; kosong berarti Diajukan. "
        "Draf belum dihitung."
    )
    yield (
        "Isi Alasan perubahan bila angka turun dari triwulan sebelumnya, atau bila laporan yang sudah diverifikasi "
        "diubah (kotak alasannya biru). Laporan itu lalu diajukan lagi."
    )
    yield "Realisasi anggaran yang merah melebihi pagu. Isian itu tetap diterima, tetapi periksa dahulu angkanya."
    yield "Tulis jabatan, bukan nama orang. Jangan menulis nama penerima atau NIK di kolom mana pun."
    yield (
        f"Simpan sebagai XLSX, lalu unggah lewat menu Impor di {kit.import_address} – "
        "apa yang akan berubah ditunjukkan dahulu sebelum disimpan."
    )
    yield (
        "Pakailah berkas yang baru diunduh. Baris yang sementara itu diubah di aplikasi ditolak, "
        "supaya tidak ada isian yang tertimpa."
    )
