"""Every role before every radicado at every address of the ventanilla: nobody reads what is not theirs.

The addresses come from the URLconf: a new one without a rule here fails.
"""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.calendario import DiasHabiles
from tests.builders import crear_cargo, crear_usuario
from tests.ventanilla.builders import PERSONA, crear_anexo, escribir_respuesta, radicar
from tests.ventanilla.builders_en_linea import crear_casa_en_linea, crear_en_linea, solicitar
from ventanilla import services, sesion, subcasos
from ventanilla.flujo import dar_paso
from ventanilla.models import Actuacion, Anexo, Mensaje, Proyecto, Radicado, Subcaso
from ventanilla.urls import urlpatterns

#: Who may see each address with something of a radicado in it. The rest may only get what says nothing of it.
LEE = "whoever reads it at the desk"
TRAMITA = "whoever handles it"
NADIE = "nobody without its code or its secret"
LISTA = "whoever enters the desk, and of each radicado who reads it"
ATIENDE = "the counter"
SOLO_POST = "only by post, and only whoever may"
PDF = "as its page, where it can be drawn"
CIFRAS = "figures, with nothing of anybody"
REGLAS = {
    "pqrsd": NADIE,
    "solicitar": NADIE,
    "continuar": NADIE,
    "borrador": NADIE,
    "progreso": NADIE,
    "acuse": NADIE,
    "acuse_pdf": NADIE,
    "quitar_anexo": NADIE,
    "paso": NADIE,
    "consulta": NADIE,
    "cifras": CIFRAS,
    "cifras_csv": CIFRAS,
    "seguimiento": NADIE,
    "salir": NADIE,
    "anexo_de_la_persona": NADIE,
    "actuar": NADIE,
    "documento": LEE,
    "documento_pdf": PDF,
    "anular_documento": NADIE,
    "verificar_buscar": NADIE,
    "verificar": NADIE,
    "radicados": LISTA,
    "nuevo": ATIENDE,
    "informe": CIFRAS,
    "informe_csv": CIFRAS,
    "subcaso": LEE,
    "radicado": LEE,
    "dar_paso": SOLO_POST,
    "proyecto": TRAMITA,
    "mensaje": SOLO_POST,
    "pedir_subcaso": SOLO_POST,
    "anexo": LEE,
}
ROLES = {
    "anónima": {},
    "con la sesión de otro": {},
    "inactiva": {},
    "superusuario sin cargo": {},
    "jefatura de otra": {},
    "auxiliar sin él": {},
    "cargo asignado": {LEE, TRAMITA},
    "jefatura": {LEE, TRAMITA},
    "ventanilla": {LEE, ATIENDE},
    "Secretaría General": {LEE, TRAMITA, ATIENDE},
}
RADICADOS = ("ordinario", "denuncia", "de trámite", "anulado")
SIN_ENTRAR = {"anónima", "con la sesión de otro", "inactiva"}


@dataclass
class Caso:
    """A radicado with something of everything, and a mark that no other text of the site has."""

    radicado: Radicado
    marca: str
    anexo: Anexo
    subcaso: Subcaso
    esta_en_tramite: bool

    def kwargs(self, nombre: str) -> dict[str, object]:
        """What the address of that name needs, about this radicado."""
        return {
            "numero": self._numero(nombre),
            "secreto": "s" * 43,
            "codigo": "2222-3333-4444-5555",
            "slug": self.radicado.tramite.slug if self.radicado.tramite else "no-existe",
            "paso": "aceptar" if nombre == "dar_paso" else "persona",
            "accion": "mensaje",
            "pk": self.subcaso.pk if nombre == "subcaso" else self.anexo.pk,
        }

    def _numero(self, nombre: str) -> str:
        return self.radicado.salidas.get().numero if "documento" in nombre else self.radicado.numero

    def url(self, ruta) -> str:
        piden = ruta.pattern.converters
        kwargs = {k: v for k, v in self.kwargs(ruta.name).items() if k in piden}
        return reverse(f"ventanilla:{ruta.name}", kwargs=kwargs)


def _caso(mundo: SimpleNamespace, radicado: Radicado, marca: str) -> Caso:
    """With Planeación, given to a post of it, half answered, and with a part asked of the mayor's office."""
    if radicado.estado == "radicado":
        dependencia, cargo = mundo.casa.planeacion, mundo.cargo
        radicado = dar_paso(
            "asignar", radicado, por=mundo.casa.secretaria, dependencia=dependencia, cargo=cargo
        )
    else:
        radicado = dar_paso(
            "reasignar",
            radicado,
            por=mundo.casa.jefe,
            dependencia=mundo.casa.planeacion,
            cargo=mundo.cargo,
            motivo="Le toca.",
        )
    radicado = dar_paso("aceptar", radicado, por=mundo.asignada)
    radicado = dar_paso("requerir", radicado, por=mundo.asignada, falta=f"{marca} La dirección.")
    radicado = dar_paso("completar", radicado, por=None, de_la_persona=True)
    services.enviar_mensaje(radicado, clave=uuid4(), texto=f"{marca} ¿Cuándo?")
    escribir_respuesta(radicado, por=mundo.asignada, texto=f"{marca} El lunes.")
    subcaso = subcasos.pedir(
        radicado,
        dependencia=mundo.casa.alcalde.titularidades.get().cargo.dependencia,
        pregunta=f"{marca} ¿Qué opina?",
        vence=DiasHabiles().siguiente(timezone.localdate()),
        por=mundo.asignada,
    )
    anexo = crear_anexo(radicado=radicado, contenido=f"%PDF-1.4 {marca}\n%%EOF\n".encode())
    return Caso(Radicado.objects.enteros().get(pk=radicado.pk), marca, anexo, subcaso, True)


@pytest.fixture
def mundo(db) -> SimpleNamespace:
    casa = crear_casa_en_linea()
    cargo = crear_cargo(casa.planeacion, "Técnica de planeación")
    mundo = SimpleNamespace(casa=casa, cargo=cargo, asignada=crear_usuario("asignada", cargo), casos={})
    formulario = crear_en_linea(casa)
    for n, nombre in enumerate(RADICADOS):
        marca = f"Zarigüeya{n}"
        campos = {"asunto": f"{marca} asunto", "persona": PERSONA | {"nombre": f"{marca} Peña"}}
        if nombre == "de trámite":
            radicado = solicitar(formulario, **campos)
        else:
            clase = "denuncia" if nombre == "denuncia" else "queja"
            radicado = radicar(clase, texto=f"{marca} texto", **campos)
        mundo.casos[nombre] = _caso(mundo, radicado, marca)
    anulado = mundo.casos["anulado"]
    dar_paso("pedir_anulacion", anulado.radicado, por=casa.jefe, motivo="Está repetido.")
    anulado.radicado = dar_paso("anular", anulado.radicado, por=casa.secretaria)
    anulado.esta_en_tramite = False
    mundo.ajeno = radicar()
    return mundo


def entrar(mundo: SimpleNamespace, rol: str) -> Client:
    client = Client()
    personas = {
        "inactiva": mundo.casa.jefe,
        "superusuario sin cargo": mundo.casa.admin,
        "jefatura de otra": mundo.casa.tesorero,
        "auxiliar sin él": mundo.casa.auxiliar,
        "cargo asignado": mundo.asignada,
        "jefatura": mundo.casa.jefe,
        "ventanilla": mundo.casa.radicadora,
        "Secretaría General": mundo.casa.secretaria,
    }
    if persona := personas.get(rol):
        client.force_login(persona)
    if rol == "inactiva":
        persona.is_active = False
        persona.save()
    if rol == "con la sesión de otro":
        sesion_del_navegador = client.session
        pedido = SimpleNamespace(session=sesion_del_navegador, user=SimpleNamespace(is_authenticated=True))
        sesion.abrir(pedido, mundo.ajeno)
        sesion_del_navegador.save()
    return client


def puede(rol: str, regla: str, nombre: str) -> bool:
    """Whether that role gets what the rule keeps, for the radicado of that name."""
    if rol == "ventanilla" and nombre == "denuncia" and regla != ATIENDE:
        return False
    return regla in ROLES[rol]


def contenido(respuesta) -> str:
    datos = b"".join(respuesta.streaming_content) if respuesta.streaming else respuesta.content
    return datos.decode(errors="replace")


def estado_de_todo() -> tuple:
    """What a step, a message or an answer would change."""
    return (
        sorted(Radicado.objects.values_list("pk", "estado", "vence", "anulacion_pedida_por")),
        sorted(Proyecto.objects.values_list("pk", "revision", "texto")),
        sorted(Subcaso.objects.values_list("pk", "estado")),
        (Mensaje.objects.count(), Actuacion.objects.count(), Anexo.objects.count()),
    )


def test_every_address_has_its_rule():
    assert {ruta.name for ruta in urlpatterns} == set(REGLAS)


@pytest.mark.parametrize("rol", ROLES)
def test_each_role_reads_what_is_theirs_and_nothing_else(mundo, rol):
    client = entrar(mundo, rol)
    for nombre, caso in mundo.casos.items():
        for ruta in urlpatterns:
            donde = (rol, nombre, ruta.name)
            regla = REGLAS[ruta.name]
            respuesta = client.get(caso.url(ruta))
            texto = contenido(respuesta)
            assert respuesta.status_code < 500, donde
            if regla in (LEE, TRAMITA, LISTA):
                lee = puede(rol, LEE if regla == LISTA else regla, nombre)
                lee = lee and (regla != TRAMITA or caso.esta_en_tramite)
                assert (caso.marca in texto) is lee, donde
                if regla != LISTA:
                    assert (respuesta.status_code == 200) is lee, donde
            elif regla == PDF:
                assert puede(rol, LEE, nombre) or respuesta.status_code == 404, donde
            else:
                assert caso.marca not in texto, donde
            if regla == ATIENDE:
                assert (respuesta.status_code == 200) is puede(rol, regla, nombre), donde
            if regla == SOLO_POST:
                assert respuesta.status_code == 405, donde
            if rol in SIN_ENTRAR and respuesta.request["PATH_INFO"].startswith("/panel/"):
                assert respuesta.status_code in (302, 405), donde


#: What a hostile hand would send, whatever the address.
FORJADO = {
    "visto": "0",
    "texto": "Forjado.",
    "motivo": "Forjado.",
    "respuesta": "Forjado.",
    "pregunta": "Forjado.",
    "vence": str(date(2099, 1, 5)),
    "sentido": "negada",
    "revision": "0",
    "accion": "guardar",
    "clave": str(uuid4()),
    "asunto": "Forjado",
    "medio": "ventanilla",
}


@pytest.mark.parametrize("rol", [rol for rol, puede_algo in ROLES.items() if not puede_algo])
def test_whoever_has_nothing_to_do_with_it_changes_nothing(mundo, rol):
    client = entrar(mundo, rol)
    antes = estado_de_todo()
    for nombre, caso in mundo.casos.items():
        for ruta in urlpatterns:
            for metodo in ("post", "put", "delete", "patch"):
                datos = FORJADO if metodo == "post" else None
                respuesta = getattr(client, metodo)(caso.url(ruta), datos)
                assert respuesta.status_code < 500, (rol, nombre, ruta.name, metodo)
                assert caso.marca not in contenido(respuesta), (rol, nombre, ruta.name, metodo)
    assert estado_de_todo() == antes


def test_the_counter_changes_nothing_of_a_denuncia(mundo):
    client, caso = entrar(mundo, "ventanilla"), mundo.casos["denuncia"]
    antes = estado_de_todo()
    for ruta in urlpatterns:
        if "panel" in str(ruta.pattern) and ruta.pattern.converters:
            assert client.post(caso.url(ruta), FORJADO).status_code in (404, 405), ruta.name
    assert estado_de_todo() == antes


def test_the_counter_writes_no_answer_nor_asks_other_offices(mundo):
    client, caso = entrar(mundo, "ventanilla"), mundo.casos["ordinario"]
    antes = estado_de_todo()
    for ruta in urlpatterns:
        if ruta.name in ("proyecto", "mensaje", "pedir_subcaso", "subcaso"):
            assert client.post(caso.url(ruta), FORJADO).status_code == 403, ruta.name
    assert estado_de_todo() == antes


def test_an_annulled_one_is_not_touched_by_anybody(mundo):
    caso = mundo.casos["anulado"]
    antes = estado_de_todo()
    for rol in ("jefatura", "cargo asignado", "Secretaría General"):
        client = entrar(mundo, rol)
        for ruta in urlpatterns:
            if "panel" in str(ruta.pattern) and ruta.pattern.converters:
                respuesta = client.post(caso.url(ruta), FORJADO)
                assert respuesta.status_code in (403, 405, 409, 422), (rol, ruta.name)
    assert estado_de_todo() == antes


def test_without_its_token_no_form_of_the_desk_is_taken(mundo):
    client = Client(enforce_csrf_checks=True)
    client.force_login(mundo.casa.secretaria)
    for ruta in urlpatterns:
        if "panel" in str(ruta.pattern):
            respuesta = client.post(mundo.casos["ordinario"].url(ruta), FORJADO)
            assert respuesta.status_code == 403, ruta.name


def test_with_the_number_of_another_a_file_does_not_come(mundo):
    client = entrar(mundo, "Secretaría General")
    uno, otro = mundo.casos["ordinario"], mundo.casos["denuncia"]

    assert (
        client.get(reverse("ventanilla:anexo", args=[uno.radicado.numero, otro.anexo.pk])).status_code == 404
    )
