from django.core.management.base import BaseCommand, CommandError

from seguimiento.empalme.documento import armar
from seguimiento.models import Empalme


class Command(BaseCommand):
    help = "Arma el documento de empalme con los registros. Se puede repetir: sin cambios, es el mismo."

    def add_arguments(self, parser):
        parser.add_argument(
            "saliente", nargs="?", help="el gobierno que sale, por su dirección; sin él, el último empalme"
        )

    def handle(self, *, saliente, verbosity, **options):
        empalme = self._empalme(saliente)

        def progreso(puesto: int, total: int, seccion) -> None:
            if verbosity:
                self.stdout.write(f"[{puesto}/{total}] {seccion.titulo}")

        documento, nuevo = armar(empalme, progreso=progreso)
        if verbosity:
            que = "Se armó" if nuevo else "Nada cambió: sigue"
            self.stdout.write(f"{que} el {documento}, huella {documento.huella}.")

    def _empalme(self, saliente: str | None) -> Empalme:
        empalmes = Empalme.objects.select_related("saliente", "entrante")
        hallado = empalmes.filter(saliente__slug=saliente).first() if saliente else empalmes.first()
        if hallado is None:
            hay = ", ".join(empalmes.values_list("saliente__slug", flat=True)) or "ninguno"
            raise CommandError(f"No hay un empalme {f'de «{saliente}»' if saliente else ''}. Hay: {hay}.")
        return hallado
