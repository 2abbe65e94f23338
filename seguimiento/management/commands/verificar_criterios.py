from django.core.management.base import BaseCommand, CommandError

from seguimiento.evaluacion import YaSeEstaVerificando, verificar_todo
from seguimiento.models import Criterio, Fase

#: A line of progress every so many criteria.
PASO = 25


class Command(BaseCommand):
    help = (
        "Mira hoy todos los criterios y anota lo que encuentra. Se puede repetir; no falla si no se cumplen."
    )

    def add_arguments(self, parser):
        parser.add_argument("--fase", help="solo los de esta fase, por su dirección: informacion")
        parser.add_argument("--criterio", help="solo este, por su código: INF-12")

    def handle(self, *, fase, criterio, verbosity, **options):
        criterios = Criterio.objects.all()
        if fase:
            criterios = criterios.filter(fase__slug=self._existe(Fase, "slug", fase))
        if criterio:
            criterios = criterios.filter(codigo=self._existe(Criterio, "codigo", criterio))

        def progreso(numero: int, total: int, criterio: Criterio) -> None:
            if verbosity > 1:
                self.stdout.write(f"[{numero}/{total}] {criterio}: {criterio.get_resultado_display()}.")
            elif verbosity and (numero % PASO == 0 or numero == total):
                self.stdout.write(f"[{numero}/{total}] {criterio.codigo}")

        try:
            cuenta = verificar_todo(criterios, progreso=progreso)
        except YaSeEstaVerificando:
            raise CommandError("Otra verificación está en curso: espere a que termine.") from None
        if verbosity:
            self.stdout.write(str(cuenta))

    def _existe(self, modelo, campo: str, valor: str) -> str:
        valores = modelo.objects.values_list(campo, flat=True)
        if valor not in valores:
            nombre = modelo._meta.verbose_name
            raise CommandError(f"No hay {nombre} «{valor}». Hay: {', '.join(valores) or 'ninguno'}.")
        return valor
