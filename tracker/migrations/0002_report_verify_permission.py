from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="report",
            options={
                "ordering": ["activity", "period__fiscal_year", "period__quarter"],
                "permissions": [("verify_report", "Boleh memverifikasi laporan triwulan")],
                "verbose_name": "laporan triwulan",
                "verbose_name_plural": "laporan triwulan",
            },
        ),
    ]
