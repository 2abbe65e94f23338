"""Valid rows with only what matters said, through the real services: impossible worlds refuse to be built."""

from datetime import date, datetime, time, timedelta
from itertools import count
from types import SimpleNamespace

from django.utils import timezone

from portal import services
from portal.models import (
    Asignacion,
    Canal,
    Cargo,
    Dependencia,
    Edicion,
    Municipio,
    Titularidad,
    Usuario,
    Version,
)

Funcion = Asignacion.Funcion
CLAVE = "una-clave-de-prueba"
_serie = count(1)


def crear_municipio(**campos) -> Municipio:
    valores = {
        "nombre": "Puerto Santander",
        "departamento": "Norte de Santander",
        "divipola": "54553",
        "nombre_entidad": "Alcaldía Municipal de Puerto Santander",
        "direccion": "Carrera 2 n.º 2-35",
        "telefono": "+57 607 000 0000",
        "horario": "Lunes a viernes, de 8:00 a. m. a 6:00 p. m.",
        "correo": "contacto@ejemplo.gov.co",
        "correo_judicial": "judicial@ejemplo.gov.co",
    }
    return Municipio.objects.update_or_create(pk=1, defaults=valores | campos)[0]


def crear_dependencia(nombre: str = "", **campos) -> Dependencia:
    n = next(_serie)
    nombre = nombre or f"Dependencia {n}"
    return Dependencia.objects.create(**{"nombre": nombre, "slug": f"dependencia-{n}"} | campos)


def crear_cargo(dependencia: Dependencia, nombre: str = "", **campos) -> Cargo:
    n = next(_serie)
    valores = {"nombre": nombre or f"Cargo {n}", "codigo": f"cargo-{n}", "dependencia": dependencia}
    return Cargo.objects.create(**valores | campos)


def crear_usuario(nombre: str = "", *cargos: Cargo, **campos) -> Usuario:
    """A person who enters the admin and holds those posts since a year ago."""
    valores = {"username": nombre or f"persona-{next(_serie)}", "is_staff": True}
    usuario = Usuario.objects.create_user(**valores | campos)
    for cargo in cargos:
        crear_titularidad(usuario, cargo)
    return usuario


def crear_titularidad(persona: Usuario, cargo: Cargo, **campos) -> Titularidad:
    valores = {"desde": timezone.localdate() - timedelta(days=365)}
    return Titularidad.objects.create(persona=persona, cargo=cargo, **valores | campos)


def crear_canal(dependencia: Dependencia | None = None, **campos) -> Canal:
    n = next(_serie)
    valores = {
        "nombre": f"Canal {n}",
        "slug": f"canal-{n}",
        "descripcion": "Para probar.",
        "seccion": Canal.Seccion.ACTUALIDAD,
        "tipos": ["noticia", "pagina", "documento"],
        "dependencia": dependencia or crear_dependencia(),
        "fase": Canal.Fase.INFORMACION,
    }
    return Canal.objects.create(**valores | campos)


def asignar(canal: Canal, **cargos: Cargo) -> None:
    """`asignar(canal, autor=cargo, editor=otro)`."""
    for funcion, cargo in cargos.items():
        Asignacion.objects.create(canal=canal, cargo=cargo, funcion=funcion)


def crear_alcaldia() -> SimpleNamespace:
    """The smallest house where the main job can be done, and somebody from another office."""
    Edicion.objects.get_or_create(pk=1)  # a test of transactions may have emptied every table
    crear_municipio()
    despacho = crear_dependencia("Despacho del Alcalde")
    general = crear_dependencia("Secretaría General", es_secretaria_general=True)
    planeacion = crear_dependencia("Planeación", padre=despacho)
    hacienda = crear_dependencia("Hacienda", padre=despacho)
    canal = crear_canal(
        planeacion,
        nombre="Programas y proyectos",
        slug="programas-y-proyectos",
        edad_maxima_dias=31,
    )
    cargo_autor = crear_cargo(planeacion, "Auxiliar")
    cargo_editor = crear_cargo(general, "Editor de contenidos")
    cargo_jefe = crear_cargo(planeacion, "Secretario de Planeación", es_jefatura=True)
    cargo_general = crear_cargo(general, "Secretario General", es_jefatura=True)
    cargo_alcalde = crear_cargo(despacho, "Alcalde", es_jefatura=True)
    cargo_hacienda = crear_cargo(hacienda, "Tesorero", es_jefatura=True)
    asignar(canal, autor=cargo_autor, editor=cargo_editor, autoriza=cargo_alcalde)
    return SimpleNamespace(
        canal=canal,
        planeacion=planeacion,
        general=general,
        cargo_autor=cargo_autor,
        cargo_editor=cargo_editor,
        cargo_jefe=cargo_jefe,
        cargo_alcalde=cargo_alcalde,
        autora=crear_usuario("autora", cargo_autor),
        editor=crear_usuario("editor", cargo_editor),
        jefe=crear_usuario("jefe", cargo_jefe),
        secretaria=crear_usuario("secretaria", cargo_general),
        alcalde=crear_usuario("alcalde", cargo_alcalde),
        tesorero=crear_usuario("tesorero", cargo_hacienda),
        admin=crear_usuario("admin", is_superuser=True),
    )


CONTENIDO = {
    "titulo": "Pavimentación de la calle 3",
    "resumen": "La obra empieza el lunes.",
    "cuerpo": "<p>La obra empieza el <strong>lunes</strong>.</p>",
}
#: The steps that lead from a draft to each state.
CAMINOS = {
    "borrador": [],
    "descartada": ["descartar"],
    "en_validacion": ["enviar"],
    "devuelta": ["enviar", "devolver"],
    "por_autorizar": ["enviar", "validar"],
    "autorizada": ["enviar", "validar", "autorizar"],
    "programada": ["enviar", "validar", "autorizar", "programar"],
    "publicada": ["enviar", "validar", "autorizar", "publicar"],
    "retirada": ["enviar", "validar", "autorizar", "publicar", "retirar"],
    "reemplazada": ["enviar", "validar", "autorizar", "publicar", "reemplazar"],
    "urgente": ["publicar_urgente"],
}


def crear_version(
    casa: SimpleNamespace,
    estado: str = "borrador",
    *,
    en=None,
    canal=None,
    tipo="noticia",
    **campos,
) -> Version:
    """A text taken to `estado` by the people of `casa`, through the real flow."""
    version = services.crear_publicacion(
        canal=canal or casa.canal, tipo=tipo, por=casa.autora, en=en, **CONTENIDO | campos
    )
    for paso in CAMINOS[estado]:
        version = _dar_paso(casa, version, paso, en)
    return Version.objects.get(pk=version.pk)


def crear_publicada(casa: SimpleNamespace, **campos):
    """The publication of a text that the public reads."""
    return crear_version(casa, "publicada", **campos).publicacion


def _dar_paso(casa, version: Version, paso: str, en) -> Version:
    jefe, editor, autora = casa.jefe, casa.editor, casa.autora
    if paso == "autorizar":
        services.autorizar(version, por=jefe, huella=version.huella(), en=en)
    elif paso == "programar":
        para = (en or timezone.now()) + timedelta(days=1)
        services.programar(version, por=jefe, para=para, en=en)
    elif paso == "retirar":
        services.retirar(version.publicacion, por=jefe, clase="error", motivo="No iba.", en=en)
    elif paso == "reemplazar":
        nueva = services.nueva_version(version.publicacion, por=autora, en=en)
        for siguiente in CAMINOS["publicada"]:
            _dar_paso(casa, nueva, siguiente, en)
    elif paso == "devolver":
        services.devolver(version, por=editor, motivo="Falta la fecha.", en=en)
    elif paso == "publicar_urgente":
        services.publicar_urgente(version, por=jefe, motivo="Creciente del río.", en=en)
    else:
        quien = {"validar": editor, "publicar": jefe}.get(paso, autora)
        getattr(services, paso)(version, por=quien, en=en)
    return version


def en_fecha(dia: str, hora: int = 10):
    """A moment of that day in Bogotá."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(dia), time(hora)))
