"""Three programs of 2025 that a reader can add up. All figures are at TW III, where the straight line plans 75 %.

                        pagu      TW II        TW III      fisik  program at TW III
Bantuan sosial, Dinsos, strategi 1, prioritas 2021-1
  Sembako               100 jt    –            75 / 60 jt  75     pagu 400, fisik (100×75 + 300×30) ÷ 400 = 41,25
  Bedah rumah           300 jt    60 / 90 jt   –           30     ratio 55: terlambat; serapan 150 ÷ 400 = 37,5
  Pasar murah           dihentikan in APBD Perubahan              mewakili 25; tertinggi (7.500 + 22.500) ÷ 400 = 75
Layanan kesehatan, Dinkes, strategi 2, prioritas 2021-2
  Imunisasi             200 jt    –            60 / 100 jt 60     ratio 80: perlu perhatian; from CSR, outside APBD
  Gizi balita           500 jt, starts in TW IV
Jalan desa, PUPR, belum dipetakan
  Rabat beton           400 jt    –            –           –      belum lapor

All: pagu 100 + 300 + 200 + 400 = 1.000 jt, realisasi 60 + 90 + 100 = 250 jt, serapan 25
     fisik (7.500 + 9.000 + 12.000 + 0) ÷ 1.000 = 28,5; tertinggi (7.500 + 22.500 + 12.000 + 30.000) ÷ 1.000 = 72
     deviasi 28,5 − 75 = −46,5; mewakili 300 ÷ 1.000 = 30; belum lapor 2 of 4; 200 jt outside APBD
Verified only (Sembako): fisik 7.500 ÷ 1.000 = 7,5; serapan 6; mewakili 10; 3 of 4 belum terverifikasi
"""

from types import SimpleNamespace

from tests import make

YEAR = 2025
MILLION = 1_000_000
TW3 = {"tahun": "2025", "tw": "3"}


def small_world() -> SimpleNamespace:
    make.rating_bands()
    make.periods(YEAR)
    for number in (1, 2, 3):
        make.strategy(number)
    for number in (1, 2, 3, 4):
        make.priority(2021, number)
    dinsos = make.opd("Dinsos", name="Dinas Sosial")
    dinkes = make.opd("Dinkes", name="Dinas Kesehatan")
    pupr = make.opd("PUPR", name="Dinas Pekerjaan Umum")
    jarai = make.district("16.04.11", name="Jarai")
    lahat = make.district("16.04.02", name="Lahat")
    csr = make.funding_source("CSR", in_apbd=False)

    aid = make.program(dinsos, YEAR, name="Bantuan sosial", strategy=make.strategy(1), priority=make.priority(2021, 1))
    sembako = make.activity(aid, name="Sembako", budget=100 * MILLION, target=100)
    make.location(sembako, jarai)
    make.report(sembako, 3, realised_budget=60 * MILLION, realised_output=75, status="verified")
    houses = make.activity(aid, name="Bedah rumah", budget=300 * MILLION, target=200)
    make.report(houses, 2, realised_budget=90 * MILLION, realised_output=60)
    stopped = make.activity(aid, name="Pasar murah", budget=50 * MILLION, revised_budget=0)

    health = make.program(
        dinkes, YEAR, name="Layanan kesehatan", strategy=make.strategy(2), priority=make.priority(2021, 2)
    )
    vaccines = make.activity(health, name="Imunisasi", budget=200 * MILLION, target=100, funding_source=csr)
    make.location(vaccines, jarai)
    make.location(vaccines, lahat)
    make.report(vaccines, 3, realised_budget=100 * MILLION, realised_output=60)
    late_start = make.activity(health, name="Gizi balita", budget=500 * MILLION, starts_quarter=4)

    roads = make.program(pupr, YEAR, name="Jalan desa")
    concrete = make.activity(roads, name="Rabat beton", budget=400 * MILLION)
    return SimpleNamespace(
        dinsos=dinsos, dinkes=dinkes, pupr=pupr, jarai=jarai, lahat=lahat,
        aid=aid, sembako=sembako, houses=houses, stopped=stopped,
        health=health, vaccines=vaccines, late_start=late_start,
        roads=roads, concrete=concrete,
    )  # fmt: skip


def pages_of(world) -> list[str]:
    """One address of every reader's page."""
    return [
        "/",
        "/strategi/",
        "/strategi/1/",
        "/prioritas/",
        "/prioritas/2021/1/",
        "/opd/",
        f"/opd/{world.dinsos.pk}/",
        "/program/",
        f"/program/{world.aid.pk}/",
        f"/sub-kegiatan/{world.sembako.ref}/",
        "/realisasi/",
        "/pelaporan/",
        "/metode/",
    ]


TABLES = {
    "/": ["strategi", "prioritas", "keputusan"],
    "/strategi/": ["strategi"],
    "/strategi/1/": ["strategi"],
    "/prioritas/": ["prioritas"],
    "/prioritas/2021/1/": ["prioritas"],
    "/opd/": ["opd"],
    "/opd/{dinsos}/": ["opd"],
    "/program/": ["program", "sub-kegiatan", "rekap"],
    "/program/{aid}/": ["program", "sub-kegiatan"],
    "/sub-kegiatan/{sembako}/": ["triwulan", "angka", "riwayat"],
    "/realisasi/": ["realisasi"],
    "/pelaporan/": ["pelaporan", "belum-lapor"],
    "/metode/": ["predikat"],
}


def files_of(world) -> list[str]:
    """The address of every table as a file."""
    place = {"dinsos": world.dinsos.pk, "aid": world.aid.pk, "sembako": world.sembako.ref}
    return [
        f"{address.format(**place)}?format=csv&tabel={slug}" for address, slugs in TABLES.items() for slug in slugs
    ]
