from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participacion", "0004_reglas_del_boletin"),
    ]

    operations = [
        migrations.AddField(
            model_name="suscripcion",
            name="detenida_en",
            field=models.DateTimeField(blank=True, null=True, verbose_name="se dejó de escribirle el"),
        ),
        migrations.AddField(
            model_name="suscripcion",
            name="detenida_por",
            field=models.CharField(blank=True, max_length=300, verbose_name="lo que dijo su servidor"),
        ),
        migrations.AddField(
            model_name="suscripcion",
            name="rechazos",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="rechazos seguidos"),
        ),
    ]
