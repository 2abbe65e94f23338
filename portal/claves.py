"""A password given again: by a link in one's mail or, without mail, by two people and a code told in person.

Nobody gets a right by it that they did not have: the owner writes the new password, every step is kept, and
the owner is written to. That of a superuser is never given by two people: who administers the machine sets it
with `manage.py changepassword`, or uses a link in their own mail; otherwise two posts would open what no post
opens. That of the alcalde is given as anybody's: the alcalde may have no mail either, no right hangs from the
person, and both who asked and who granted answer for it with their names.
"""

import secrets
from datetime import datetime, timedelta

from axes.utils import reset as olvidar_intentos
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from portal import freno
from portal.alcance import alcance_de
from portal.bandeja import Rama, Tarea, momento, sencilla
from portal.correo import RESERVADOS
from portal.models import Cargo, Dependencia, RestablecimientoDeClave, Titularidad, Usuario
from portal.redaccion.avisos import escribir
from portal.secretos import codigo_de, letras_de

#: Two groups of seven: 67 bits, and it can be told in person.
GRUPO, GRUPOS = 7, 2
VALE = timedelta(hours=1)
#: What is counted is forgotten after this.
CADA = timedelta(hours=1)
#: Tries of a code for one account from one connection: from another, its owner is not left out by them.
POR_CUENTA = 5
#: The whole alcaldía leaves by one address: tries of a code, or links asked, from one connection.
POR_DIRECCION = 40
#: Links by mail to one address.
ENLACES_POR_CORREO = 3
#: First word of the `clave` of the message with the link.
_ENLACE = "contrasena"
RESERVADOS.add(_ENLACE)  # whoever read it in the outbox would enter as that person


# --- By mail --------------------------------------------------------------------------------------
def con_correo(correo: str) -> list[Usuario]:
    """The active people of the desk with that address; who was created without a password, too."""
    return list(Usuario.objects.filter(email__iexact=correo, is_active=True, is_staff=True).order_by("pk"))


@transaction.atomic
def escribir_enlaces(correo: str, en: datetime | None = None) -> int:
    """Write to each account with that address the link that opens a new password. Returns how many.

    Past the limit of that address nothing is written. An address that nobody has costs the same: its message
    is written too and then taken back, so that time does not tell who has an account.
    """
    en = en or timezone.now()
    # In capitals, as PostgreSQL compares them: «ſ» and «s» are the same address here too.
    if not freno.intentar("contrasena", correo.upper(), maximo=ENLACES_POR_CORREO, cada=CADA, en=en):
        return 0
    personas = con_correo(correo)
    for persona in personas:
        _escribir_enlace(persona, en)
    if not personas:
        with transaction.atomic():
            _escribir_enlace(Usuario(pk=0, username="nadie", email=correo), en)
            transaction.set_rollback(True)
    return len(personas)


def _escribir_enlace(persona: Usuario, en: datetime) -> None:
    uid = urlsafe_base64_encode(force_bytes(persona.pk))
    camino = reverse("admin:password_reset_confirm", args=[uid, default_token_generator.make_token(persona)])
    escribir(
        persona,
        "contrasena",
        asunto="Para escribir una contraseña nueva",
        clave=f"{_ENLACE}:{en.isoformat()}",
        en=en,
        enlace=f"{settings.PORTAL_URL}{camino}",
    )


def poner(persona: Usuario, clave: str, en: datetime | None = None) -> None:
    """Save the new password of a locked row: sessions and links of before stop working by themselves.

    The wait after failed tries ends, codes that were granted too, and the owner is told by mail.
    """
    en = en or timezone.now()
    persona.set_password(clave)
    persona.save(update_fields=["password"])
    _anular_codigos(persona)
    olvidar_intentos(username=persona.get_username())
    escribir(
        persona,
        "contrasena_cambiada",
        asunto="Su contraseña cambió",
        clave=f"contrasena_cambiada:{en.isoformat()}",
        en=en,
        cuando=en,
    )


@transaction.atomic
def cambiar_correo(persona: Usuario, correo: str, en: datetime | None = None) -> None:
    """Where their links go from now on, as its owner writes it; the address of before is told."""
    en = en or timezone.now()
    persona = Usuario.objects.select_for_update().get(pk=persona.pk)
    if persona.email == correo:
        return
    clave = f"correo_cambiado:{en.isoformat()}"
    escribir(
        persona, "correo_cambiado", asunto="Su correo en el portal cambió", clave=clave, en=en, cuando=en
    )
    persona.email = correo
    persona.save(update_fields=["email"])
    LogEntry.objects.log_actions(
        persona.pk, [persona], CHANGE, change_message="Cambió su correo.", single_object=True
    )


# --- Without mail: asking -------------------------------------------------------------------------
def dirigidas_por(usuario: Usuario, en: datetime | None = None):
    """The people whose password the person may ask for: of the offices they head.

    The head of Secretaría General, of everybody. Never their own nor that of a superuser.
    """
    alcance = alcance_de(usuario, en)
    personas = Usuario.objects.filter(is_active=True, is_staff=True, is_superuser=False).exclude(
        pk=usuario.pk
    )
    if not alcance.dirige_secretaria_general:
        de_su_oficina = Titularidad.objects.en_ejercicio(en).filter(cargo__dependencia__in=alcance.dirige)
        personas = personas.filter(pk__in=de_su_oficina.values("persona"))
    return personas.order_by("first_name", "last_name", "username")


@transaction.atomic
def pedir(
    *, persona: Usuario, por: Usuario, motivo: str, en: datetime | None = None
) -> RestablecimientoDeClave:
    """Ask for it: somebody else will decide. Raises ValidationError, which says why not."""
    en = en or timezone.now()
    persona = Usuario.objects.select_for_update().get(pk=persona.pk)
    if not dirigidas_por(por, en).filter(pk=persona.pk).exists():
        raise ValidationError("La pide quien dirige la oficina de esa persona, o la Secretaría General.")
    if RestablecimientoDeClave.objects.filter(persona=persona, decidido_por=None).exists():
        raise ValidationError(f"Ya hay una pedida para {persona}: falta que alguien la decida.")
    pedido = RestablecimientoDeClave(
        persona=persona, pedido_por=por, pedido_como=_cargo_de(por, persona, en), motivo=motivo.strip()
    )
    pedido.pedido_en = en
    pedido.full_clean()
    pedido.save()
    _avisar(pedido, "Pidieron una contraseña nueva para usted", f"pedida:{pedido.pk}", en)
    return pedido


def _cargo_de(por: Usuario, persona: Usuario, en: datetime) -> Cargo:
    """The post with which it is asked: that of the person's office before that of Secretaría General."""
    oficinas = Dependencia.objects.filter(
        cargos__in=Titularidad.objects.en_ejercicio(en).filter(persona=persona).values("cargo")
    )
    jefaturas = Cargo.objects.ejercidos_por(por, en).filter(es_jefatura=True)
    de_la_persona = jefaturas.filter(dependencia__in=oficinas).first()
    return de_la_persona or jefaturas.filter(dependencia__es_secretaria_general=True)[0]


# --- Without mail: deciding -----------------------------------------------------------------------
def decide(usuario: Usuario, en: datetime | None = None) -> bool:
    """Whether the person decides on what others asked: who heads an office, or is of Secretaría General."""
    return any(p.es_jefatura or p.de_secretaria_general for p in alcance_de(usuario, en).puestos)


def por_decidir(usuario: Usuario, en: datetime | None = None):
    """What waits for a decision that the person may take: neither theirs nor asked by them."""
    pedidos = RestablecimientoDeClave.objects.filter(decidido_por=None)
    if not decide(usuario, en):
        return pedidos.none()
    return pedidos.exclude(Q(persona=usuario) | Q(pedido_por=usuario)).order_by("pedido_en", "pk")


class YaDecidido(ValidationError):
    """Somebody decided it before."""


@transaction.atomic
def conceder(pedido: RestablecimientoDeClave, *, por: Usuario, en: datetime | None = None) -> str:
    """Grant it and return the code, which nobody can see again. Those of before stop working.

    Raises ValidationError when the person may not, the owner no longer enters or who asked may no longer ask;
    YaDecidido.
    """
    en = en or timezone.now()
    pedido = _bloquear(pedido, por, en)
    if not pedido.persona.is_active or not pedido.persona.is_staff or pedido.persona.is_superuser:
        raise ValidationError(f"{pedido.persona} ya no entra al portal con un usuario de la alcaldía.")
    if not dirigidas_por(pedido.pedido_por, en).filter(pk=pedido.persona_id).exists():
        raise ValidationError(
            f"{pedido.pedido_por} ya no dirige la oficina de esa persona. Niéguela, y que la pida quien la "
            "dirige hoy."
        )
    _anular_codigos(pedido.persona)
    codigo = nuevo_codigo()
    pedido.huella, pedido.vence_en = huella_de(codigo, pedido.persona), en + VALE
    _decidir(pedido, por, True, en)
    _avisar(pedido, "Le concedieron una contraseña nueva", f"concedida:{pedido.pk}", en)
    return codigo


@transaction.atomic
def negar(pedido: RestablecimientoDeClave, *, por: Usuario, razon: str, en: datetime | None = None) -> None:
    """Refuse it, with a reason. Raises ValidationError when the person may not, or says none; YaDecidido."""
    en = en or timezone.now()
    pedido = _bloquear(pedido, por, en)
    pedido.razon = razon.strip()
    if not pedido.razon:
        raise ValidationError("Escriba por qué la niega.")
    _decidir(pedido, por, False, en)
    _avisar(pedido, "Negaron la contraseña nueva que pidieron para usted", f"negada:{pedido.pk}", en)


def _bloquear(pedido: RestablecimientoDeClave, por: Usuario, en: datetime) -> RestablecimientoDeClave:
    """The row, locked, if that person may decide it now."""
    pedido = RestablecimientoDeClave.objects.select_for_update().get(pk=pedido.pk)
    if pedido.decidido_por:
        raise YaDecidido(f"{pedido.decidido_por} ya la había decidido.")
    if not por_decidir(por, en).filter(pk=pedido.pk).exists():
        raise ValidationError(
            "La decide otra jefatura u otra persona de la Secretaría General: "
            "nunca quien la pidió ni su dueño."
        )
    return pedido


def _decidir(pedido: RestablecimientoDeClave, por: Usuario, concedido: bool, en: datetime) -> None:
    pedido.decidido_por, pedido.decidido_en, pedido.concedido = por, en, concedido
    pedido.full_clean()
    pedido.save()


def _anular_codigos(persona: Usuario) -> None:
    RestablecimientoDeClave.objects.filter(persona=persona).exclude(huella="").update(huella="")


def _avisar(pedido: RestablecimientoDeClave, asunto: str, que: str, en: datetime) -> None:
    """To the owner, in case they asked for nothing."""
    escribir(pedido.persona, "clave", asunto=asunto, clave=f"clave_{que}", en=en, pedido=pedido)


# --- The code -------------------------------------------------------------------------------------
def nuevo_codigo() -> str:
    return codigo_de(secrets.token_bytes(32), GRUPO * GRUPOS, grupo=GRUPO)


def huella_de(codigo: str, persona: Usuario) -> str:
    """What is kept of a code, however it is typed: keyed, and only good for that person."""
    return salted_hmac("portal.claves", f"{persona.pk}|{letras_de(codigo)}", algorithm="sha256").hexdigest()


def puede_probar(usuario: str, direccion: str, en: datetime | None = None) -> bool:
    """Count one more try of a code for that account from that connection; False when they are too many."""
    de_la_cuenta = freno.intentar(
        "clave", f"{usuario.lower()}|{direccion}", maximo=POR_CUENTA, cada=CADA, en=en
    )
    return freno.intentar("clave-desde", direccion, maximo=POR_DIRECCION, cada=CADA, en=en) and de_la_cuenta


def devolver_intento(usuario: str, direccion: str, en: datetime | None = None) -> None:
    """The code was right, even if the new password was not."""
    freno.devolver("clave", f"{usuario.lower()}|{direccion}", cada=CADA, en=en)
    freno.devolver("clave-desde", direccion, cada=CADA, en=en)


def duena_de(usuario: str, codigo: str, en: datetime | None = None) -> Usuario | None:
    """The active person with that user name whom that code is for, while it is good."""
    persona = Usuario.objects.filter(
        username=usuario, is_active=True, is_staff=True, is_superuser=False
    ).first()
    vigente = _vigentes(en).filter(huella=huella_de(codigo, persona or Usuario(pk=0)))
    return persona if vigente.exists() else None


def _vigentes(en: datetime | None):
    return RestablecimientoDeClave.objects.filter(
        concedido=True, usado_en=None, vence_en__gt=en or timezone.now()
    )


@transaction.atomic
def usar(persona: Usuario, codigo: str, clave: str, en: datetime | None = None) -> bool:
    """Write the new password with that code, once. False when it is no longer good."""
    en = en or timezone.now()
    duena = Usuario.objects.select_for_update().get(pk=persona.pk)
    pedido = _vigentes(en).select_for_update().filter(huella=huella_de(codigo, duena)).first()
    if pedido is None or not duena.is_active or not duena.is_staff or duena.is_superuser:
        return False
    pedido.usado_en = en
    pedido.save(update_fields=["usado_en"])
    poner(duena, clave, en)
    return True


# --- What is shown --------------------------------------------------------------------------------
def recientes(usuario: Usuario):
    """The last decided ones that the person asked for or decided."""
    return (
        RestablecimientoDeClave.objects.filter(Q(pedido_por=usuario) | Q(decidido_por=usuario))
        .exclude(decidido_por=None)
        .select_related("persona", "pedido_por", "decidido_por")[:20]
    )


def de_claves(usuario: Usuario, en: datetime) -> list[Rama]:
    """What others asked for that the person may decide."""
    if not decide(usuario, en):
        return []
    filas = sencilla(
        por_decidir(usuario, en),
        texto="persona__username",
        detalle="motivo",
        cuando="pedido_en",
    )
    return [
        Rama(
            "Contraseñas por conceder",
            filas,
            lambda fila: Tarea(
                f"Para el usuario {fila.de_texto}",
                f"{fila.de_detalle} · {momento(fila.de_cuando)}",
                f"{reverse('admin:claves')}#pedida-{fila.de_clave}",
            ),
        )
    ]
