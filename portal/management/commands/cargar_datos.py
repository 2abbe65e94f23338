from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.importacion import CARGAS, FilaRechazada, cargar_carpeta


class Command(BaseCommand):
    help = "Carga lo que dice datos/: municipio, dependencias, cargos, canales y matriz. Se puede repetir."

    def add_arguments(self, parser):
        parser.add_argument(
            "--carpeta", type=Path, default=settings.BASE_DIR / "datos", help="por omisión, datos/"
        )

    @transaction.atomic
    def handle(self, *, carpeta, verbosity, **options):
        for numero, carga in enumerate(CARGAS, 1):
            try:
                [(que, cuenta)] = cargar_carpeta(carpeta, [carga]).items()
            except FilaRechazada as rechazo:
                transaction.set_rollback(True)
                raise CommandError(f"{rechazo} No se cambió nada.") from rechazo
            if verbosity:
                self.stdout.write(f"[{numero}/{len(CARGAS)}] {que}: {cuenta}.")
