"""What PostgreSQL refuses about the handover."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("seguimiento", "0003_empalme")]

    operations = []
