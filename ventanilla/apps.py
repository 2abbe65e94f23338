from django.apps import AppConfig


class VentanillaConfig(AppConfig):
    name = "ventanilla"
    verbose_name = "Ventanilla única"

    def ready(self):
        from portal import importacion
        from ventanilla import admin, models  # noqa: F401 -- the admin registers itself
        from ventanilla.importacion import CARGAS

        importacion.CARGAS += CARGAS
