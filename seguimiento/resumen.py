"""The weekly message to whoever heads each office: how its week was and what waits."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from portal.correo import encolar
from portal.models import Titularidad, Usuario
from portal.redaccion.avisos import puede_recibir
from seguimiento.models import InformeSemanal
from seguimiento.redaccion import cuantos, enumerar, estado_de_dependencia


def avisar(informe: InformeSemanal, *, en: datetime | None = None) -> str:
    """Leave in the outbox a message for each head who can get it, once; says how many, and who has none.

    A wrong address leaves without it only whose it is.
    """
    jefaturas = _jefaturas(en)
    escritos, sin_direccion = 0, []
    for fila in informe.datos["dependencias"]:
        con_direccion = [persona for persona in jefaturas[fila["slug"]] if puede_recibir(persona)]
        if not con_direccion:
            sin_direccion.append(fila["nombre"])
        for persona in con_direccion:
            escritos += 1
            encolar(
                clave=f"resumen-semanal:{informe.pk}:{fila['slug']}:{persona.pk}",
                para=persona.email,
                asunto=f"Semana {informe.semana}: {fila['nombre']}. {estado_de_dependencia(fila)}"[:200],
                texto=_texto(informe, fila, persona),
                en=en,
            )
    resultado = f"{cuantos(escritos, 'correo', 'correos')} a las jefaturas"
    if sin_direccion:
        resultado += f"; no tienen a quién escribirle: {enumerar(sin_direccion)}"
    return f"{resultado}."


def _jefaturas(en: datetime | None) -> dict[str, list[Usuario]]:
    """Who heads each office today, by its address."""
    vigentes = Titularidad.objects.vigentes(en).filter(
        cargo__es_jefatura=True, cargo__activo=True, persona__is_active=True
    )
    por_dependencia = defaultdict(list)
    for titularidad in vigentes.select_related("persona", "cargo__dependencia").order_by("pk"):
        por_dependencia[titularidad.cargo.dependencia.slug].append(titularidad.persona)
    return por_dependencia


def _texto(informe: InformeSemanal, fila: dict, persona: Usuario) -> str:
    ruta = reverse("seguimiento:seguimiento_de_dependencia", args=[fila["slug"]])
    nombre = fila["nombre"]
    return render_to_string(
        "seguimiento/correo_resumen.txt",
        {
            "informe": informe,
            "persona": persona,
            "dependencia": fila,
            "estado": estado_de_dependencia(fila),
            "vencidos": [
                c for c in informe.datos["canales"] if c["dependencia"] == nombre and not c["al_dia"]
            ],
            "urgentes": [
                u
                for u in informe.datos["urgentes"]
                if u["dependencia"] == nombre and u["estado"] != "ratificada"
            ],
            "enlace": f"{settings.PORTAL_URL}{ruta}?semana={informe.periodo.clave}",
        },
    )
