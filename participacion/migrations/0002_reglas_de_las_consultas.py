"""What PostgreSQL refuses about consultas and answers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("participacion", "0001_inicial")]

    operations = []
