"""What PostgreSQL refuses about comments."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("participacion", "0002_reglas_de_las_consultas")]

    operations = []
