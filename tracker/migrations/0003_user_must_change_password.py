from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0002_report_verify_permission")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="must_change_password",
            field=models.BooleanField(default=False, editable=False, verbose_name="harus mengganti kata sandi"),
        )
        for name in ("historicaluser", "user")
    ]
