from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.formats import date_format

from ventanilla.depuracion import depurar, por_depurar, regla_de


class Command(BaseCommand):
    help = (
        "Borra los datos personales de los radicados cuyo tiempo de conservación terminó. "
        "Sin --confirmar solo dice cuáles son."
    )

    def add_arguments(self, parser):
        parser.add_argument("--confirmar", action="store_true", help="Borra de verdad. No se puede deshacer.")

    def handle(self, *args, confirmar: bool, **opciones):
        en = timezone.now()
        radicados = list(por_depurar(en))
        for numero, radicado in enumerate(radicados, 1):
            cerrado = date_format(timezone.localdate(radicado.cerrado_en), "SHORT_DATE_FORMAT")
            que = f"{numero} de {len(radicados)}: {radicado.numero}, cerrado el {cerrado}. "
            self.stdout.write(que + regla_de(radicado.clase))
            if confirmar:
                depurar(radicado, en)
        if not radicados:
            self.stdout.write("No hay nada que depurar.")
        elif confirmar:
            self.stdout.write(f"Se borraron los datos personales de {len(radicados)} radicados.")
        else:
            self.stdout.write("No se borró nada. Para borrar: manage.py depurar_ventanilla --confirmar")
