from django.core.management.base import BaseCommand, CommandError

from ventanilla import libro
from ventanilla.models import Asiento


class Command(BaseCommand):
    help = (
        "Dice si al libro de radicados le faltan o le sobran números, y si lo guardado es lo que se radicó."
    )

    def handle(self, *args, **opciones):
        malas = list(libro.revisar())
        for mala in malas:
            self.stderr.write(mala)
        if malas:
            raise CommandError(f"El libro no está bien: {len(malas)} cosas por revisar.")
        self.stdout.write(f"El libro está completo: {Asiento.objects.count()} asientos.")
