from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo import CONTINUACIONES, Demostracion, crear_personas


class Command(BaseCommand):
    help = "Carga personas y textos de demostración. Se puede repetir; pide PORTAL_DEMO=1."

    def handle(self, *, verbosity, **options):
        if not settings.PORTAL_DEMO:
            raise CommandError("La demostración solo se carga con PORTAL_DEMO=1 en el entorno.")
        if not settings.PORTAL_DEMO_CLAVE:
            raise CommandError("Falta PORTAL_DEMO_CLAVE: la contraseña de los usuarios de prueba.")
        ahora = timezone.now()
        personas = crear_personas(settings.PORTAL_DEMO_CLAVE, timezone.localdate(ahora))
        carpeta = settings.BASE_DIR / "datos" / "demo"
        demostracion = Demostracion(carpeta, personas, ahora)
        faltantes = demostracion.faltantes()
        for numero, obra in enumerate(faltantes, 1):
            version = demostracion.publicar(obra)
            if verbosity:
                estado = version.get_estado_display().lower()
                self.stdout.write(f"[{numero}/{len(faltantes)}] {version} · {estado}")
        cuentas = {"textos": len(faltantes)}
        for que, continuar in CONTINUACIONES.items():
            cuentas[que] = 0
            for linea in continuar(carpeta, personas, ahora):
                cuentas[que] += 1
                if verbosity:
                    self.stdout.write(linea)
        if verbosity:
            resumen = ", ".join(f"{cuantos} {que}" for que, cuantos in cuentas.items())
            self.stdout.write(f"Demostración lista: {resumen} nuevos.")
