"""A municipality to try the portal on: nobody's real name, and texts that went through the real flow."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from portal import services
from portal.models import Asignacion, Canal, Cargo, Publicacion, Titularidad, Usuario, Version

Funcion = Asignacion.Funcion
#: What other apps show in the demonstration, by its name: from the folder of the demonstration, its people
#: and the moment, a line for each new thing that was made.
CONTINUACIONES: dict[str, Callable[[Path, dict[str, Usuario], datetime], Iterable[str]]] = {}


@dataclass(frozen=True)
class UsuarioDemo:
    """`papel` is what `make run` prints; without it the user exists but is not announced."""

    usuario: str
    nombre: str
    cargos: tuple[str, ...] = ()
    papel: str = ""


TODOS = (
    UsuarioDemo("alcalde", "Titular de la Alcaldía", ("alcalde-municipal",), "autoriza"),
    UsuarioDemo(
        "secretaria",
        "Titular de la Secretaría General",
        ("secretario-general",),
        "Secretaría General: actúa en todos los canales",
    ),
    UsuarioDemo(
        "planeacion",
        "Titular de Planeación",
        ("secretario-de-planeacion",),
        "jefatura de Planeación: autoriza",
    ),
    UsuarioDemo("autor.planeacion", "Auxiliar de Planeación", ("auxiliar",), "escribe"),
    UsuarioDemo("editor", "Edición de contenidos", ("editor-de-contenidos",), "valida y publica"),
    UsuarioDemo("suit", "Usuario del SUIT", ("usuario-autorizado-suit",), "escribe los trámites"),
    UsuarioDemo("comunidad", "Voz de la comunidad", ("representante-de-la-comunidad",), "propone contenidos"),
    UsuarioDemo("admin", "Administración del sitio", (), "administra; no autoriza contenidos"),
    UsuarioDemo("inspeccion", "Titular de la Inspección", ("inspector-de-policia",)),
    UsuarioDemo("servicios", "Titular de Servicios Públicos", ("jefe-de-servicios-publicos",)),
    UsuarioDemo("familias", "Enlace de Familias", ("enlace-familias-en-accion",)),
    UsuarioDemo("sisben", "Titular del SISBEN", ("coordinador-sisben",)),
    UsuarioDemo("concejo", "Voz del Concejo", ("concejal",)),
    UsuarioDemo("hacienda", "Titular de Tesorería", ("tesorero",)),
    UsuarioDemo("comisaria", "Titular de la Comisaría", ("comisario-de-familia",)),
    UsuarioDemo("personeria", "Titular de la Personería", ("personero-municipal",)),
)
#: The ones to enter with.
USUARIOS = tuple(usuario for usuario in TODOS if usuario.papel)


def crear_personas(clave: str, hoy: date) -> dict[str, Usuario]:
    """The demo people with their tenures, by user name. Those that exist stay as they are."""
    personas = {}
    for demo in TODOS:
        persona, nueva = Usuario.objects.get_or_create(
            username=demo.usuario,
            defaults={
                "first_name": demo.nombre,
                "last_name": "(demostración)",
                "is_staff": True,
                "is_superuser": demo.usuario == "admin",
            },
        )
        if nueva:
            persona.set_password(clave)
            persona.save(update_fields=["password"])
            for codigo in demo.cargos:
                Titularidad.objects.create(
                    persona=persona,
                    cargo=Cargo.objects.get(codigo=codigo),
                    desde=hoy - timedelta(days=365),
                    acto="Dato de demostración",
                )
        personas[demo.usuario] = persona
    return personas


@dataclass
class Obra:
    """A demo text: a header of `clave: valor` lines, an empty line and its HTML."""

    archivo: Path
    cuerpo: str
    datos: dict[str, str]
    adjuntos: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def leer(cls, archivo: Path) -> "Obra":
        encabezado, _blanco, cuerpo = archivo.read_text(encoding="utf-8").partition("\n\n")
        datos, adjuntos = {}, []
        for linea in encabezado.splitlines():
            clave, _dos_puntos, valor = (parte.strip() for parte in linea.partition(":"))
            if clave == "adjunto":
                nombre, titulo, alt = (parte.strip() for parte in valor.split("|"))
                adjuntos.append((nombre, titulo, alt))
            else:
                datos[clave] = valor
        return cls(archivo, cuerpo.strip(), datos, adjuntos)

    @property
    def canal(self) -> str:
        return self.archivo.parent.name

    @property
    def estado(self) -> str:
        return self.datos.get("estado", "publicada")

    def publicada_en(self, ahora: datetime) -> datetime:
        """A working hour of its day, always the same for the same file, never in the future."""
        dia = timezone.localdate(ahora) - timedelta(days=int(self.datos.get("dias", 0)))
        minutos = 9 * 60 + zlib.crc32(self.archivo.name.encode()) % (7 * 60)
        momento = timezone.make_aware(datetime.combine(dia, time())) + timedelta(minutes=minutos)
        return min(momento, ahora - timedelta(minutes=5 + minutos % 50))

    def contenido(self, ahora: datetime) -> dict[str, Any]:
        """The fields of its Version."""
        datos = self.datos
        contenido: dict[str, Any] = {
            "titulo": datos["titulo"],
            "resumen": datos.get("resumen", ""),
            "cuerpo": self.cuerpo,
            "norma_tipo": datos.get("norma_tipo", ""),
            "norma_numero": datos.get("norma_numero", ""),
            "lugar": datos.get("lugar", ""),
            "enlace": datos.get("enlace", ""),
        }
        if fecha := datos.get("norma_fecha"):
            contenido["norma_fecha"] = date.fromisoformat(fecha)
        if en_dias := datos.get("evento_en_dias"):
            dia = timezone.localdate(ahora) + timedelta(days=int(en_dias))
            hora = time.fromisoformat(datos["evento_hora"])
            inicio = timezone.make_aware(datetime.combine(dia, hora))
            contenido["evento_inicio"] = inicio
            contenido["evento_fin"] = inicio + timedelta(hours=float(datos["evento_horas"]))
        return contenido


@dataclass
class Demostracion:
    """Takes each Obra as far along the real flow as its state says."""

    carpeta: Path
    personas: dict[str, Usuario]
    ahora: datetime

    def obras(self) -> list[Obra]:
        """In the order in which they were published, so that authorisations are numbered by date."""
        obras = [Obra.leer(ruta) for ruta in (self.carpeta / "publicaciones").glob("*/*.html")]
        return sorted(obras, key=lambda obra: (obra.publicada_en(self.ahora), obra.archivo))

    def faltantes(self) -> list[Obra]:
        hechas = set(Version.objects.filter(numero=1).values_list("publicacion__canal__slug", "titulo"))
        return [o for o in self.obras() if (o.canal, o.datos["titulo"]) not in hechas]

    @cached_property
    def canales(self) -> dict[str, Canal]:
        return {c.slug: c for c in Canal.objects.select_related("dependencia")}

    @cached_property
    def _pueden(self) -> dict[tuple[str, str], set[int]]:
        return {
            (nombre, funcion): set(
                Canal.objects.que_puede(persona, funcion, self.ahora).values_list("pk", flat=True)
            )
            for nombre, persona in self.personas.items()
            for funcion in Funcion.values
        }

    def _quien(self, funcion: str, canal: Canal, autor: Usuario) -> Usuario:
        """Who does it: somebody else who may, the head of the office first and the mayor last."""
        jefaturas = set(
            Titularidad.objects.filter(
                cargo__dependencia=canal.dependencia, cargo__es_jefatura=True
            ).values_list("persona__username", flat=True)
        )
        posibles = [
            nombre
            for nombre, persona in self.personas.items()
            if canal.pk in self._pueden[nombre, funcion] and persona != autor
        ]
        orden = {"editor": -2 if funcion == Funcion.EDITOR else 0, "alcalde": 2}
        return self.personas[min(posibles, key=lambda n: (-1 if n in jefaturas else orden.get(n, 1), n))]

    @transaction.atomic
    def publicar(self, obra: Obra) -> Version:
        canal, autor = self.canales[obra.canal], self.personas[obra.datos["autor"]]
        fin = obra.publicada_en(self.ahora)
        en = [fin - timedelta(minutes=minutos) for minutos in (150, 120, 60, 0)]
        version = services.crear_publicacion(
            canal=canal,
            tipo=obra.datos["tipo"],
            por=autor,
            ruta_fija=obra.datos.get("ruta") or None,
            en=en[0],
            **obra.contenido(self.ahora),
        )
        for orden, (nombre, titulo, alt) in enumerate(obra.adjuntos):
            datos = (self.carpeta / "adjuntos" / nombre).read_bytes()
            services.adjuntar(
                version,
                SimpleUploadedFile(nombre, datos),
                titulo=titulo,
                alt=alt,
                orden=orden,
                por=autor,
            )
        return self._recorrer(obra.estado, version, obra, canal, autor, en)

    def _recorrer(self, estado, version, obra: Obra, canal: Canal, autor: Usuario, en) -> Version:
        for paso in self._pasos(estado):
            version = self._dar(paso, version, obra, canal, autor, en)
        return version

    def _pasos(self, estado: str) -> Iterator[str]:
        """The steps that lead to a state."""
        if estado == "borrador":
            return
        if estado in {"urgente", "descartada"}:
            yield {"urgente": "urgente", "descartada": "descartar"}[estado]
            return
        yield "enviar"
        if estado == "devuelta":
            yield "devolver"
        if estado in {"devuelta", "en_validacion"}:
            return
        yield "validar"
        if estado == "por_autorizar":
            return
        yield "autorizar"
        yield from {
            "autorizada": [],
            "programada": ["programar"],
            "publicada": ["publicar"],
            "retirada": ["publicar", "retirar"],
            "reemplazada": ["publicar", "actualizar"],
        }[estado]

    def _dar(self, paso, version, obra: Obra, canal: Canal, autor: Usuario, en) -> Version:
        edita = self._quien(Funcion.EDITOR, canal, autor)
        autoriza = self._quien(Funcion.AUTORIZA, canal, autor)
        motivo = obra.datos.get("motivo", "")
        if paso == "enviar":
            return services.enviar(version, por=autor, en=en[1])
        if paso == "validar":
            return services.validar(version, por=edita, en=en[2])
        if paso == "devolver":
            return services.devolver(version, por=edita, motivo=motivo, en=en[2])
        if paso == "descartar":
            return services.descartar(version, por=autor, en=en[1])
        if paso == "actualizar":
            despues = [cuando + timedelta(days=2) for cuando in en]
            return self._actualizar(version, obra, canal, autor, despues)
        if paso == "autorizar":
            services.autorizar(version, por=autoriza, huella=version.huella(), en=en[3])
        elif paso == "publicar":
            services.publicar(version, por=autoriza, en=en[3])
        elif paso == "programar":
            dias = int(obra.datos["programada_en_dias"])
            para = timezone.localtime(self.ahora).replace(hour=8, minute=0, second=0)
            services.programar(version, por=autoriza, para=para + timedelta(days=dias), en=en[3])
        elif paso == "urgente":
            return services.publicar_urgente(
                version, por=self.personas["secretaria"], motivo=motivo, en=en[3]
            )
        elif paso == "retirar":
            services.retirar(
                version.publicacion,
                por=autoriza,
                clase=obra.datos.get("clase_retiro", Publicacion.Retiro.ERROR),
                motivo=motivo,
                en=min(en[3] + timedelta(days=3), self.ahora),
            )
        version.refresh_from_db()
        return version

    def _actualizar(self, version, obra: Obra, canal: Canal, autor: Usuario, en) -> Version:
        """The same page two days later, with another summary; the first text stays as `reemplazada`."""
        nueva = services.nueva_version(version.publicacion, por=autor, en=en[0])
        cambios = {campo: obra.datos[f"nuevo_{campo}"] for campo in ("resumen", "nota_de_cambio")}
        nueva = services.guardar_borrador(nueva, por=autor, revision=nueva.revision, en=en[0], **cambios)
        return self._recorrer("publicada", nueva, obra, canal, autor, en)
