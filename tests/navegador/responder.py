"""To answer a radicado of the running portal as its office would, through the real flow."""

from django.utils import timezone

from portal.models import Cargo, Dependencia, Titularidad, Usuario
from ventanilla.flujo import dar_paso
from ventanilla.models import Proyecto, Radicado


def responder(numero: str, texto: str) -> None:
    """From wherever it is to its signature, by whoever heads Secretaría General."""
    hoy = timezone.localdate()
    jefatura = Cargo.objects.get(es_jefatura=True, dependencia__es_secretaria_general=True)
    quien: Usuario = Titularidad.objects.filter(cargo=jefatura, desde__lte=hoy).latest("desde").persona
    radicado = Radicado.objects.enteros().con_numero(numero).get()
    if radicado.estado == Radicado.Estado.RADICADO:
        oficina = Dependencia.objects.get(es_secretaria_general=True)
        radicado = dar_paso("asignar", radicado, por=quien, dependencia=oficina, cargo=None)
    if radicado.estado == Radicado.Estado.ASIGNADO:
        radicado = dar_paso("aceptar", radicado, por=quien)
    Proyecto.objects.create(radicado=radicado, texto=texto, proyectado_por=quien)
    radicado = dar_paso("enviar_a_firma", radicado, por=quien)
    dar_paso("firmar", radicado, por=quien)
