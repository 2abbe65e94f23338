import time
from contextlib import suppress

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conectividad.sonda import DestinoInvalido, leer_destino
from conectividad.vigilancia import enlaces_vigilados, rehacer_resumenes, sondear
from portal.rutinas import a_solas

CADA = 60


class Command(BaseCommand):
    help = (
        "Sondea los enlaces cada minuto hasta que se interrumpa. El temporizador de «rutinas» ya lo hace: "
        "esto sirve para verlo trabajar, medir la velocidad o rehacer los resúmenes."
    )

    def add_arguments(self, parser):
        parser.add_argument("--una-vez", action="store_true", help="una sola ronda")
        parser.add_argument("--enlace", help="solo este (su dirección, como «palacio-municipal»)")
        parser.add_argument(
            "--velocidad",
            metavar="URL",
            default="",
            help="mide además con qué velocidad baja ese archivo; gasta hasta 8 MB en cada ronda",
        )
        parser.add_argument(
            "--rehacer-resumenes", action="store_true", help="vuelve a sumar por horas todos los sondeos"
        )

    def handle(self, *, una_vez, enlace, velocidad, **options):
        if options["rehacer_resumenes"]:
            return self._rehacer()
        self._revisar(velocidad, enlace)
        with suppress(KeyboardInterrupt):
            while True:
                self._ronda(enlace, velocidad)
                if una_vez:
                    break
                time.sleep(CADA - time.time() % CADA)

    def _revisar(self, velocidad: str, enlace: str | None) -> None:
        """Raises CommandError before anything is tried."""
        vigilados = [vigilado.slug for vigilado in enlaces_vigilados()]
        if enlace and enlace not in vigilados:
            hay = ", ".join(vigilados) or "ninguno"
            raise CommandError(f"No hay enlace «{enlace}» con objetivos que probar. Hay: {hay}.")
        if not velocidad:
            return
        if not enlace and len(vigilados) > 1:
            raise CommandError("Diga con --enlace por cuál se mide la velocidad.")
        try:
            leer_destino("http", velocidad)
        except DestinoInvalido as error:
            raise CommandError(str(error)) from error

    def _ronda(self, enlace: str | None, velocidad: str) -> None:
        with a_solas("vigilar-conectividad") as tomado:
            if not tomado:
                self.stdout.write("El temporizador está sondeando ahora mismo.")
                return
            enlaces = enlaces_vigilados()
            elegidos = enlaces.filter(slug=enlace) if enlace else enlaces
            self.stdout.write(sondear(elegidos, timezone.now(), velocidad=velocidad))

    def _rehacer(self) -> None:
        for linea in rehacer_resumenes():
            self.stdout.write(linea)
        self.stdout.write("Resúmenes al día.")
