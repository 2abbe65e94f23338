from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import rutinas


class Command(BaseCommand):
    help = "Corre el trabajo periódico que ya toca, una sola vez aunque haya varios procesos."

    def add_arguments(self, parser):
        parser.add_argument("nombre", nargs="?", help="corre solo esta, aunque no toque")
        parser.add_argument("--lista", action="store_true", help="dice cuáles hay y cómo van")

    def handle(self, *, nombre, lista, verbosity, **options):
        if lista:
            return self._listar()
        if nombre and nombre not in rutinas.registro:
            raise CommandError(f"No hay rutina «{nombre}». Hay: {', '.join(rutinas.registro)}.")
        cuales = [rutinas.registro[nombre]] if nombre else rutinas.registro.values()
        fallas = []
        for cual in cuales:
            ejecucion = rutinas.correr(cual, aunque_no_toque=bool(nombre))
            if ejecucion is None:
                continue
            if not ejecucion.bien:
                fallas.append(f"{cual.nombre}:\n{ejecucion.resultado}")
            elif verbosity:
                self.stdout.write(f"{cual.titulo}: {ejecucion.resultado}")
        if fallas:
            raise CommandError("Fallaron rutinas. " + "\n".join(fallas))

    def _listar(self):
        for fila in rutinas.estado():
            ultima = fila["ultima"]
            cuando = f"{timezone.localtime(ultima):%d/%m/%Y %H:%M}" if ultima else "nunca"
            como = "" if fila["bien"] in {True, None} else " · falló"
            self.stdout.write(f"{fila['nombre']}: {fila['titulo']}. Última vez: {cuando}{como}.")
