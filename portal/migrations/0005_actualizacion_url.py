from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_rotulos")]

    operations = [
        migrations.AddField(
            model_name="actualizacion",
            name="url",
            field=models.CharField(
                blank=True,
                help_text="De lo que cambió, cuando no es una publicación.",
                max_length=300,
                verbose_name="dirección",
            ),
        ),
    ]
