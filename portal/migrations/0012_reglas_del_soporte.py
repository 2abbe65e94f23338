"""What PostgreSQL refuses about support."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0011_gobierno_audiencia_y_soporte")]

    operations = []
