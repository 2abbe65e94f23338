"""Filing for somebody at the counter, by telephone or from a letter: the same book and the same receipt."""

import base64
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.archivos import ArchivoRevisado
from portal.models import Usuario
from portal.secretos import huella_del_secreto
from ventanilla import services
from ventanilla.anexos import exigir_que_quepan, guardar_anexo
from ventanilla.models import Borrador, ClaseDeRadicado, Radicado, TextoDeConsentimiento
from ventanilla.models.radicado import VIDA_DEL_BORRADOR


def secreto_de(clave: UUID) -> str:
    """The secret address of what is filed with that key: the same for who sends it twice. 256 bits."""
    firma = salted_hmac("ventanilla.en_persona", str(clave), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(firma).rstrip(b"=").decode()


@transaction.atomic
def recibir(
    *,
    clave: UUID,
    clase: ClaseDeRadicado,
    medio: str,
    archivos: Iterable[ArchivoRevisado],
    por: Usuario,
) -> Borrador:
    """The draft of that key with the files that arrived, each once.

    Raises PermissionDenied if another person began it, or ValidationError when the files are too many.
    """
    ahora = timezone.now()
    borrador, _nuevo = Borrador.objects.select_for_update(of=("self",)).get_or_create(
        clave=clave,
        defaults={
            "secreto_sha256": huella_del_secreto(secreto_de(clave)),
            "clase": clase,
            "medio": medio,
            "registrado_por": por,
            "creado_en": ahora,
            "vence_en": ahora + VIDA_DEL_BORRADOR,
        },
    )
    if borrador.registrado_por_id != por.pk:
        raise PermissionDenied
    if borrador.radicado_id is None:
        _agregar(borrador, archivos)
    return borrador


def _agregar(borrador: Borrador, archivos: Iterable[ArchivoRevisado]) -> None:
    """They are of the person, whoever uploads them."""
    estan = set(borrador.anexos.values_list("sha256", flat=True))
    nuevos = {archivo.sha256: archivo for archivo in archivos if archivo.sha256 not in estan}
    exigir_que_quepan(borrador.anexos.all(), nuevos.values())
    for archivo in nuevos.values():
        guardar_anexo(archivo, borrador=borrador)


@transaction.atomic
def radicar(
    borrador: Borrador, datos: dict[str, Any], persona: dict[str, Any] | None, *, por: Usuario
) -> Radicado:
    """File it, with who received it. Raises ValidationError by field."""
    if borrador.radicado is not None:
        return borrador.radicado
    ahora = timezone.now()
    consiente = persona is not None and datos["consiente"]
    borrador.clase, borrador.medio, borrador.anonimo = datos["clase"], datos["medio"], persona is None
    borrador.consentimiento = TextoDeConsentimiento.vigente(ahora) if consiente else None
    borrador.consentido_en = ahora if consiente else None
    borrador.save(update_fields=["clase", "medio", "anonimo", "consentimiento", "consentido_en"])
    return services.radicar(
        clave=borrador.clave,
        clase=borrador.clase,
        asunto=datos["asunto"],
        texto=datos["texto"],
        persona=persona,
        medio=borrador.medio,
        anexos=borrador.anexos.all(),
        consentimiento=borrador.consentimiento,
        consentido_en=borrador.consentido_en,
        registrado_por=por,
        borrador=borrador,
    )
