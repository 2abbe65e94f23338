from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo import Demostracion, crear_personas


class Command(BaseCommand):
    help = "Carga personas y textos de demostración. Se puede repetir; pide PORTAL_DEMO=1."

    def handle(self, *, verbosity, **options):
        if not settings.PORTAL_DEMO:
            raise CommandError("La demostración solo se carga con PORTAL_DEMO=1 en el entorno.")
        if not settings.PORTAL_DEMO_CLAVE:
            raise CommandError("Falta PORTAL_DEMO_CLAVE: la contraseña de los usuarios de prueba.")
        ahora = timezone.now()
        personas = crear_personas(settings.PORTAL_DEMO_CLAVE, timezone.localdate(ahora))
        demostracion = Demostracion(settings.BASE_DIR / "datos" / "demo", personas, ahora)
        faltantes = demostracion.faltantes()
        for numero, obra in enumerate(faltantes, 1):
            version = demostracion.publicar(obra)
            if verbosity:
                estado = version.get_estado_display().lower()
                self.stdout.write(f"[{numero}/{len(faltantes)}] {version} · {estado}")
        if verbosity:
            self.stdout.write(f"Demostración lista: {len(faltantes)} textos nuevos.")
