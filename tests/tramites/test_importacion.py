"""The catalogue coming in: from `datos/`, once and again, and from a spreadsheet that somebody sends back."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.importacion import CARGAS as TODAS
from portal.importacion import Cuenta, FilaRechazada, Lector, cargar_carpeta
from portal.models import Edicion
from tests.tramites.builders import crear_tramite
from tramites import reparto
from tramites.columnas import COLUMNAS, leer_fuente
from tramites.exportacion import en_csv, en_xlsx
from tramites.flujo import dar_paso
from tramites.hojas import editar_hoja
from tramites.importacion import (
    CARGAS,
    cargar_audiencias,
    cargar_situaciones,
    cargar_tramites,
    cargar_valores,
    importar_catalogo,
)
from tramites.models import (
    Audiencia,
    Fundamento,
    HojaDeVida,
    SituacionDeVida,
    Tramite,
    ValorDeReferencia,
)
from tramites.normas import citar, leer_norma
from tramites.services import confirmar_dato, fijar_previos

DATOS = Path(__file__).parents[2] / "datos"
FILAS = list(csv.DictReader(io.StringIO((DATOS / "tramites.csv").read_text("utf-8"), newline="")))
PALABRA = re.compile(r"\w+")
CITAS = sorted({cita for fila in FILAS for cita in fila["fundamento_legal"].split(" | ")})


def estado_de_todo() -> dict[str, object]:
    """Every row of every table of the app, with its history, and the edición."""
    modelos = apps.get_app_config("tramites").get_models()
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in modelos} | {
        "edicion": Edicion.actual()
    }


# --- Norms --------------------------------------------------------------------------------------
@pytest.mark.parametrize("cita", CITAS)
def test_every_citation_of_the_catalogue_is_read_and_says_the_same_when_cited_again(cita):
    norma = leer_norma(cita)

    assert leer_norma(citar(norma)) == norma
    assert norma["tipo"] == "documento" or norma["anio"] or norma["tipo"] in {"constitucion", "acuerdo"}
    for trozo in (norma["numero"], norma["nombre"], norma["articulos"], str(norma["anio"] or "")):
        assert trozo.partition(",")[0] in cita
    Fundamento(**norma).clean_fields(exclude=["hoja"])


def test_the_catalogue_cites_ninety_eight_different_norms():
    assert len(CITAS) == 98


@pytest.mark.parametrize(
    "cita, esperado",
    [
        ("Ley 142 de 1994 art. 90", ("ley", "142", 1994, "", "90")),
        ("Decreto Ley 1333 de 1986", ("decreto_ley", "1333", 1986, "", "")),
        ("Resolución 70 de 2011 (IGAC) arts. 37 y 77", ("resolucion", "70", 2011, "IGAC", "37 y 77")),
        ("Resolución CRA 943 de 2021", ("resolucion", "943", 2021, "CRA", "")),
        ("Constitución Política art. 338", ("constitucion", "", None, "", "338")),
        (
            "Ley 136 de 1994 art. 91 (modificado por la Ley 1551 de 2012 art. 29)",
            ("ley", "136", 1994, "modificado por la Ley 1551 de 2012 art. 29", "91"),
        ),
        (
            "Estatuto Tributario Municipal vigente (Acuerdo del Concejo)",
            ("acuerdo", "", None, "Estatuto Tributario Municipal vigente", ""),
        ),
        (
            "Estatuto Tributario Nacional arts. 815 y 850",
            ("documento", "", None, "Estatuto Tributario Nacional", "815 y 850"),
        ),
        (
            "Documento Conpes 3877 de 2016",
            ("documento", "", None, "Documento Conpes 3877 de 2016", ""),
        ),
        (
            "Acuerdo municipal o programa de inversión social vigente",
            ("documento", "", None, "Acuerdo municipal o programa de inversión social vigente", ""),
        ),
    ],
)
def test_a_citation_has_its_parts(cita, esperado):
    norma = leer_norma(cita)

    assert tuple(norma[c] for c in ("tipo", "numero", "anio", "nombre", "articulos")) == esperado


def test_a_norm_may_say_until_when_it_is_in_force():
    norma = leer_norma("Decreto 5 de 2020 art. 1 (vigente hasta 31/12/2031)")

    assert norma["vigente_hasta"].isoformat() == "2031-12-31"
    assert citar(norma) == "Decreto 5 de 2020 art. 1 (vigente hasta 31/12/2031)"
    with pytest.raises(ValueError, match="31/02/2031"):
        leer_norma("Decreto 5 de 2020 (vigente hasta 31/02/2031)")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_norms(texto):
    norma = leer_norma(texto.replace("vigente", ""))

    assert leer_norma(citar(norma))["tipo"] in Fundamento.Tipo.values


# --- Steps and requirements ---------------------------------------------------------------------
def repartir(fila: dict[str, str]) -> list[dict]:
    momentos = reparto.repartir([], fila["pasos"].split(" | "), fila["requisitos"].split(" | "))
    reparto.poner_costo(momentos, fila["costo"])
    reparto.completar(momentos)
    return momentos


@pytest.mark.parametrize("fila", FILAS, ids=lambda fila: fila["codigo"])
def test_every_row_becomes_momentos_with_acciones_and_loses_nothing(fila):
    momentos = repartir(fila)

    pasos = [momento["descripcion"] for momento in momentos]
    assert [p for p in pasos if p in fila["pasos"]] == fila["pasos"].split(" | ")
    assert all(momento["acciones"] for momento in momentos)
    requisitos = reparto.requisitos_de(momentos)
    assert len(requisitos) == len(fila["requisitos"].split(" | "))
    assert sorted(PALABRA.findall(" ".join(requisitos))) == sorted(PALABRA.findall(fila["requisitos"]))
    assert len(reparto.pagos_de(momentos)) == (fila["costo"] == "Con costo")
    assert not any(pago["formula"] for pago in reparto.pagos_de(momentos))


VERIFICAR, PAGAR = "Verificar las condiciones del Acuerdo", "Pagar la cuota inicial"


def donde(codigo: str) -> dict[str, tuple[str, str]]:
    """Of each thing asked: its kind and the step it went to."""
    fila = next(fila for fila in FILAS if fila["codigo"] == codigo)
    return {
        accion["descripcion"]: (accion["tipo"], momento["descripcion"])
        for momento, accion in reparto.acciones_de(repartir(fila))
    }


@pytest.mark.parametrize(
    "codigo, que, tipo, paso",
    [
        ("HAC-003", "RUT", "documento", "Reunir documentos"),
        ("HAC-002", "Formulario de declaración diligenciado", "formulario", "Diligenciar la declaración"),
        ("HAC-007", "Estar al día con las obligaciones tributarias municipales", "condicion", VERIFICAR),
        ("HAC-009", "Poder", "documento", "Reunir documentos"),
        ("HAC-010", "Pago de la cuota inicial que fije el reglamento de cartera", "condicion", PAGAR),
        ("HAC-015", "Comprobante de pago del registro", "documento", "Radicar documentos"),
        ("PLA-010", "El inmueble debe estar en la base de estratificación", "condicion", "Reunir documentos"),
        ("PLA-006", "Realizar el pago", "pago", "Realizar el pago"),
        ("USP-004", "Pagar la deuda y la reconexión", "pago", "Pagar la deuda y la reconexión"),
        ("USP-002", "Predial a paz y salvo", "condicion", "Reunir documentos"),
        ("GEN-007", "Acompañamiento de un adulto", "condicion", "Llevar la mascota"),
        ("FAM-003", "Cédula de ciudadanía original", "documento", "Acudir con la cédula a la alcaldía"),
        ("SIS-004", "Formato de solicitud firmado y con huella", "formulario", "Diligenciar el formato"),
        ("GEN-001", "Radicar", "solicitud", "Radicar"),
        ("COM-001", "No requiere abogado", "documento", "Presentar la solicitud por cualquier medio"),
    ],
)  # fmt: skip
def test_each_thing_goes_with_its_kind_to_the_step_where_it_is_gathered(codigo, que, tipo, paso):
    assert donde(codigo)[que] == (tipo, paso)


def test_the_payment_that_no_step_names_goes_before_the_answer():
    [fila] = [fila for fila in FILAS if fila["codigo"] == "PLA-006"]

    assert [m["descripcion"] for m in repartir(fila)] == [
        "Verificar la fecha de vencimiento",
        "Radicar la solicitud",
        "Realizar el pago",
        "Notificarse del acto",
    ]


@pytest.mark.parametrize(
    "requisito, que, cuando",
    [
        ("Poder si actúa apoderado", "Poder", "si actúa apoderado"),
        ("Poder, si actúa apoderado", "Poder", "si actúa apoderado"),
        ("Poder (si actúa apoderado)", "Poder", "si actúa apoderado"),
        ("Garantía cuando el plazo lo exija", "Garantía", "cuando el plazo lo exija"),
        *(
            (entero, entero, "")
            for entero in (
                "Clasificación Sisbén u otra prueba de vulnerabilidad",
                "Documento de identidad o contraseña; PPT o cédula de extranjería si es extranjero",
                "Carta de aceptación del administrador y del revisor fiscal si lo hay",
            )
        ),
    ],
)
def test_what_is_asked_only_sometimes_is_an_exception(requisito, que, cuando):
    [momento] = reparto.repartir([], ["Radicar"], [requisito])

    [accion] = momento["acciones"]
    assert (accion["descripcion"], accion["es_excepcion"], accion["excepcion_cuando"]) == (
        que,
        bool(cuando),
        cuando,
    )


@pytest.mark.parametrize(
    "texto, esperado",
    [
        ("Poder (Solo con apoderado)", ("Poder", True, "Solo con apoderado")),
        ("Poder autenticado (Solo con apoderado)", ("Poder autenticado", True, "Solo con apoderado")),
        ("Poder si no puede venir", ("Poder", True, "si no puede venir")),
        ("Poder autenticado", ("Poder autenticado", False, "")),
    ],
)
def test_an_exception_is_the_same_while_its_words_say_when(texto, esperado):
    accion = reparto.accion_vacia("documento", "Poder") | {
        "es_excepcion": True,
        "excepcion_cuando": "Solo con apoderado",
        "nota": "Ante notario",
    }

    [momento] = reparto.repartir([{"descripcion": "Radicar", "acciones": [accion]}], ["Radicar"], [texto])

    [nueva] = momento["acciones"]
    assert (nueva["descripcion"], nueva["es_excepcion"], nueva["excepcion_cuando"]) == esperado
    assert nueva["nota"] == "Ante notario"


# --- What nobody has confirmed ------------------------------------------------------------------
@pytest.mark.parametrize(
    "notas, partes",
    [
        ("grado", {"grado": "grado"}),
        ("requisitos (planos, agua), grado", {"requisitos": "requisitos (planos, agua)", "grado": "grado"}),
        ("tarifa local, costo, art. 814 ET", {"costo": "tarifa local, costo", "fundamento": "art. 814 ET"}),
        (
            "tipo (es función jurisdiccional: informar en el portal, no es registro SUIT), canal_seguimiento",
            {
                "tipo": "tipo (es función jurisdiccional: informar en el portal, no es registro SUIT)",
                "seguimiento": "canal_seguimiento",
            },
        ),
        ("algo que nadie previó", {"otro": "algo que nadie previó"}),
    ],
)  # fmt: skip
def test_the_notes_of_the_source_go_to_the_part_they_are_about(notas, partes):
    assert leer_fuente(f"https://a.co | https://b.co | inferido: {notas}") == (
        "https://a.co | https://b.co",
        partes,
    )


def test_when_everything_is_inferred_every_part_says_so():
    fuente, por_confirmar = leer_fuente("inferido: todas las columnas")

    assert fuente == ""
    assert {"nombre", "dependencia", "costo", "tiempo", "grado", "fundamento"} <= por_confirmar.keys()
    assert set(por_confirmar.values()) == {"todas las columnas"}


def test_no_note_of_the_catalogue_is_without_a_part():
    assert not [fila["codigo"] for fila in FILAS if "otro" in leer_fuente(fila["fuente"])[1]]


# --- Loading `datos/`: see also test_catalogo_cargado ------------------------------------------
ENCABEZADO = ",".join([*COLUMNAS[:19], "palabra"])
VALORES = dict.fromkeys(ENCABEZADO.split(","), "") | {
    "codigo": "PLA-001",
    "nombre": "Licencia de construcción",
    "tipo": "tramite",
    "dependencia": "Planeación",
    "clasificacion": "Vivienda y urbanismo",
    "requisitos": "Cédula | Estar al día",
    "pasos": "Reunir documentos | Realizar el pago | Radicar",
    "costo": "Con costo",
    "forma_de_calculo": "UVT: según el área",
    "tiempo_dias_habiles": "15",
    "grado": "presencial",
    "fundamento_legal": "Ley 388 de 1997",
    "fuente": "https://ejemplo.co | inferido: costo",
}


def cargar(*filas: dict[str, str]) -> Cuenta:
    salida = io.StringIO(newline="")
    escritor = csv.DictWriter(salida, ENCABEZADO.split(","))
    escritor.writeheader()
    escritor.writerows(VALORES | fila for fila in filas)
    return cargar_tramites(Lector("tramites.csv", salida.getvalue(), COLUMNAS[:19]))


def test_an_office_may_be_named_by_its_address(casa):
    cargar({"dependencia": casa.hacienda.slug})

    assert Tramite.objects.get().dependencia == casa.hacienda


def test_what_changed_in_the_file_changes_while_nobody_has_touched_it(casa):
    cargar({})

    cuenta = cargar({"resultado": "Licencia", "requisitos": "Cédula | Planos", "palabra": "construir"})

    hoja = HojaDeVida.objects.enteras().get()
    assert (cuenta.creadas, cuenta.cambiadas) == (0, 1)
    assert (hoja.resultado, hoja.tramite.palabra) == ("Licencia", "construir")
    assert [a.descripcion for a in hoja.requisitos()] == ["Cédula", "Planos", "Realizar el pago"]
    assert cargar({"resultado": "Licencia", "requisitos": "Cédula | Planos", "palabra": "construir"}).iguales


def confirmar(casa, tramite: Tramite) -> None:
    confirmar_dato(tramite, parte="costo", por=casa.suit)


def empezar(casa, tramite: Tramite) -> None:
    dar_paso("empezar", tramite, por=casa.suit)


def renombrar(casa, tramite: Tramite) -> None:
    tramite.palabra = "otra"
    tramite.save()


def cambiar_de_codigo(casa, tramite: Tramite) -> None:
    tramite.codigo = "PLA-999"
    tramite.save()


@pytest.mark.parametrize("tocar", [confirmar, empezar, renombrar, cambiar_de_codigo])
def test_what_a_person_touched_is_theirs(casa, tocar):
    cargar({})
    tocar(casa, Tramite.objects.get())
    antes = estado_de_todo()

    cuenta = cargar({"resultado": "Licencia", "nombre": "Otro nombre"})

    assert (cuenta.respetadas, cuenta.creadas, cuenta.cambiadas) == (1, 0, 0)
    assert estado_de_todo() == antes


def test_whoever_starts_it_finds_the_draft_that_was_loaded(casa):
    cargar({"resultado": "Licencia"})

    tramite = dar_paso("empezar", Tramite.objects.get(), por=casa.suit)

    assert tramite.hojas.get().resultado == "Licencia"
    assert (tramite.estado, tramite.hojas.get().editada_por) == ("en_creacion", None)


MAL = {
    "codigo": [("pla-1", "Use letras, guion"), ("", "blanco")],
    "tipo": [("permiso", "no es uno de")],
    "dependencia": [("Oficina que no hay", "no hay dependencia"), ("", "no puede estar vacía")],
    "clasificacion": [("Otra", "no hay clase temática «Otra»")],
    "dirigido_a": [("Marcianos", "no hay audiencia «Marcianos»"), ("Ciudadano ||", "elemento 2")],
    "requisitos": [("Cédula | | RUT", "el elemento 2 de la lista está vacío"), ("x" * 501, "500")],
    "pasos": [("", "hay requisitos y no hay pasos"), ("Radicar | " + "x" * 301, "300")],
    "costo": [("Depende", "escriba «Gratuito» o «Con costo»"), ("", "escriba")],
    "forma_de_calculo": [("UVT: una | UVT: otra", "dice 2 y hay 1 pagos")],
    "tiempo_dias_habiles": [("pronto", "no es un número"), ("-3", "no es un número"), ("5000", "1000")],
    "medio_obtencion": [("Paloma", "«Paloma» no es uno de")],
    "canal_seguimiento": [("Paloma", "«Paloma» no es uno de")],
    "grado": [("mitad", "no es uno de: presencial")],
    "fundamento_legal": [
        ("Ley 1 de 2000 (vigente hasta 31/12/2001)", "dejó de regir el 31/12/2001"),
        ("Ley 1 de 1500", "1810"),
    ],
    "palabras_clave": [("x" * 61, "60")],
    "palabra": [("no vale", "«slug»|guiones")],
    "nombre": [("", "blanco"), ("x" * 201, "200")],
}  # fmt: skip


@pytest.mark.parametrize("columna, valor, razon", [(c, v, r) for c, casos in MAL.items() for v, r in casos])
def test_a_bad_row_is_refused_with_its_place_and_its_reason(casa, columna, valor, razon):
    lugar = "requisitos" if (columna, valor) == ("pasos", "") else columna
    with pytest.raises(FilaRechazada, match=rf"tramites\.csv, línea 3, columna «{lugar}»: .*({razon})"):
        cargar({"codigo": "PLA-000"}, {"codigo": "PLA-002"} | {columna: valor})


def test_a_repeated_code_and_a_taken_short_word_are_refused(casa):
    with pytest.raises(FilaRechazada, match="línea 3, columna «codigo»: repite la línea 2"):
        cargar({}, {})
    with pytest.raises(FilaRechazada, match="línea 3, columna «palabra»"):
        cargar({"palabra": "casa"}, {"codigo": "PLA-002", "palabra": "casa"})


def test_a_folder_with_a_bad_row_saves_nothing(db, tmp_path):
    cargar_carpeta(DATOS, TODAS[: TODAS.index(CARGAS[0])])
    for carga in CARGAS:
        (tmp_path / carga.archivo).write_bytes((DATOS / carga.archivo).read_bytes())
    situaciones = tmp_path / "situaciones_de_vida.csv"
    situaciones.write_text(situaciones.read_text("utf-8").replace("SIS-003", "SIS-999"), "utf-8")
    antes = estado_de_todo()

    with pytest.raises(
        FilaRechazada, match=r"situaciones_de_vida\.csv, línea 2, columna «tramites».*SIS-999"
    ):
        cargar_carpeta(tmp_path, CARGAS)

    assert estado_de_todo() == antes


def test_the_inventory_of_a_demonstration_is_nine_weeks_old(casa, settings):
    settings.PORTAL_DEMO = True

    cargar({})

    assert (timezone.now() - Tramite.objects.get().identificado_en).days == 63


# --- The other files ----------------------------------------------------------------------------
def test_an_audience_that_exists_keeps_its_name(casa):
    lector = Lector(
        "a.csv", "slug,nombre,grupo,orden\nciudadano,Gente,,1\nnueva,Nueva,ciudadano,2\n", ("slug",)
    )

    cuenta = cargar_audiencias(lector)

    assert (cuenta.creadas, cuenta.respetadas) == (1, 1)
    assert Audiencia.objects.get(slug="ciudadano").nombre == "Ciudadano"
    assert Audiencia.objects.get(slug="nueva").grupo.slug == "ciudadano"


@pytest.mark.parametrize(
    "fila, columna, razon",
    [
        ("UVT,2026,mucho,Norma,si", "pesos", "«mucho» no es un número"),
        ("UVT,2026,0,Norma,si", "pesos", "mayor"),
        ("UVR,2026,10,Norma,si", "unidad", "no es uno de: UVT, SMDLV"),
        ("UVT,,10,Norma,si", "anio", "Falta"),
        ("UVT,2026,10,Norma,quizás", "por_cotejar", "no es «si» ni «no»"),
    ],
)
def test_a_bad_reference_value_is_refused(db, fila, columna, razon):
    with pytest.raises(FilaRechazada, match=f"v.csv, línea 2, columna «{columna}»: .*{razon}"):
        cargar_valores(Lector("v.csv", f"unidad,anio,pesos,norma,por_cotejar\n{fila}\n", ("unidad",)))


def test_a_reference_value_that_a_person_corrected_stays(db):
    contenido = "unidad,anio,pesos,norma,por_cotejar\nUVT,2026,52374,Resolución 238,si\n"
    cargar_valores(Lector("v.csv", contenido, ("unidad",)))
    valor = ValorDeReferencia.objects.get()
    valor.por_cotejar = False
    valor.save()

    cuenta = cargar_valores(Lector("v.csv", contenido, ("unidad",)))

    assert cuenta.respetadas == 1
    assert not ValorDeReferencia.objects.get().por_cotejar


def test_the_order_of_a_situation_follows_the_file_until_a_person_edits_it(casa):
    uno, otro = crear_tramite(casa, "sin_gestion"), crear_tramite(casa, "sin_gestion")

    def cargar_con(*codigos: str) -> Cuenta:
        filas = f"slug,nombre,descripcion,orden,tramites\nvida,Vida,La vida.,1,{' | '.join(codigos)}\n"
        return cargar_situaciones(Lector("s.csv", filas, ("slug",)))

    assert cargar_con(uno.codigo, otro.codigo).creadas == 1
    assert cargar_con(otro.codigo, uno.codigo).cambiadas == 1
    situacion = SituacionDeVida.objects.get()
    assert [p.tramite for p in situacion.pasos.all()] == [otro, uno]
    situacion.save()
    assert cargar_con(uno.codigo).respetadas == 1
    assert situacion.pasos.count() == 2


# --- A spreadsheet that comes back --------------------------------------------------------------
def exportado() -> list[dict[str, str]]:
    """The rows of the catalogue, by code."""
    return list(csv.DictReader(io.StringIO(en_csv(Tramite.objects.all()), newline="")))


def subir(filas: list[dict[str, str]], nombre="catalogo.csv", separador=",", codificacion="utf-8-sig"):
    salida = io.StringIO(newline="")
    escritor = csv.DictWriter(salida, filas[0], delimiter=separador)
    escritor.writeheader()
    escritor.writerows(filas)
    return SimpleUploadedFile(nombre, salida.getvalue().encode(codificacion))


def cambiar(tramite: Tramite, por, **columnas: str) -> Cuenta:
    """Export everything, change that row as a person would, and send it back."""
    filas = exportado()
    for fila in filas:
        if fila["codigo"] == tramite.codigo:
            fila.update(columnas)
    return importar_catalogo(subir(filas), por)


def test_a_change_of_what_is_public_goes_to_a_draft(casa):
    tramite = crear_tramite(casa, publicado=True)
    publica = tramite.hoja_publica

    cuenta = cambiar(tramite, casa.suit, resultado="Certificado nuevo", tiempo_dias_habiles="30 calendario")

    tramite.refresh_from_db()
    borrador = tramite.hoja_abierta()
    assert (cuenta.cambiadas, tramite.estado) == (1, "en_actualizacion")
    assert (tramite.hoja_publica, publica.resultado) == (publica, "Certificado de estratificación")
    assert (borrador.resultado, borrador.tiempo_cantidad, borrador.tiempo_unidad) == (
        "Certificado nuevo",
        30,
        "calendario",
    )
    assert borrador.editada_por == casa.suit
    assert borrador.llenos == borrador.exigidos


def test_what_the_columns_do_not_tell_stays_with_each_thing(casa):
    tramite = crear_tramite(casa)
    antes = HojaDeVida.objects.enteras().get(tramite=tramite)

    cambiar(
        tramite,
        casa.suit,
        requisitos="Certificado de existencia y representación legal | Recibo de la luz, del agua o del gas",
    )

    despues = HojaDeVida.objects.enteras().get(tramite=tramite, estado="borrador")
    nuevos = {a.descripcion: a for a in despues.requisitos()}
    assert [a.descripcion for a in despues.requisitos()] == [
        "Certificado de existencia y representación legal",
        "Recibo de la luz, del agua o del gas",
        "Valor del certificado",
    ]
    assert str(nuevos["Recibo de la luz, del agua o del gas"].fundamento) == "Ley 142 de 1994, art. 101"
    existencia = nuevos["Certificado de existencia y representación legal"]
    assert [a.slug for a in existencia.audiencias.all()] == ["organizaciones"]
    assert [p.formula for p in despues.pagos()] == [p.formula for p in antes.pagos()] == ["0,5 UVT"]


def test_a_norm_that_is_not_retouched_keeps_its_link_and_what_leans_on_it(casa):
    tramite = crear_tramite(casa, "en_creacion")
    with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
        norma = Fundamento.objects.create(
            hoja=hoja, tipo="ley", numero="1", anio=2000, enlace="https://ley.gov.co/1"
        )
        momento = hoja.momentos.create(descripcion="Radicar")
        momento.acciones.create(tipo="documento", descripcion="Cédula", fundamento=norma)

    cambiar(tramite, casa.suit, fundamento_legal="Ley 1 de 2000 | Decreto 2 de 2001")

    hoja = HojaDeVida.objects.enteras().get()
    assert [(str(f), f.enlace) for f in hoja.fundamentos.all()] == [
        ("Ley 1 de 2000", "https://ley.gov.co/1"),
        ("Decreto 2 de 2001", ""),
    ]
    assert str(hoja.acciones()[0].fundamento) == "Ley 1 de 2000"


def test_an_open_draft_is_changed_where_it_is(casa):
    tramite = crear_tramite(casa, "en_creacion")
    revision = tramite.hoja_abierta().revision

    cambiar(tramite, casa.suit, proposito="Para saber el estrato.\nY nada más.")

    [hoja] = tramite.hojas.all()
    assert (hoja.descripcion, hoja.revision) == ("Para saber el estrato.\nY nada más.", revision + 1)


@pytest.mark.parametrize("quien", ["jefe de otra", "alcalde", "admin", "sin cargo", "vencida", "auxiliar"])
def test_only_who_writes_them_may_change_them(casa, gente, quien):
    tramite = crear_tramite(casa)
    antes = estado_de_todo()

    with pytest.raises(FilaRechazada, match="línea 2, columna «codigo»: Ninguno de sus cargos"):
        cambiar(tramite, gente[quien], resultado="Otro")

    assert estado_de_todo() == antes


@pytest.mark.parametrize("quien", ["tesorero", "admin"])
def test_not_even_the_number_is_written_by_who_may_not(casa, quien):
    tramite = crear_tramite(casa, "en_creacion")

    with pytest.raises(FilaRechazada, match="Ninguno de sus cargos"):
        cambiar(tramite, getattr(casa, quien), numero_suit="555")


@pytest.mark.parametrize("estado", ["enviado", "en_evaluacion", "suprimido"])
def test_what_is_not_to_be_written_now_is_refused(casa, estado):
    tramite = crear_tramite(casa, estado)
    antes = estado_de_todo()

    with pytest.raises(FilaRechazada, match=r"columna «codigo»: Está en el estado «.*» y no admite cambios"):
        cambiar(tramite, casa.suit, resultado="Otro")

    assert estado_de_todo() == antes


def test_what_was_denied_is_corrected(casa):
    tramite = crear_tramite(casa, "negado")

    cambiar(tramite, casa.suit, resultado="Otro")

    assert Tramite.objects.get().estado == "en_correccion"


def test_it_is_all_or_nothing(casa):
    bien, mal = crear_tramite(casa), crear_tramite(casa)
    filas = exportado()
    filas[0]["resultado"] = "Otro"
    filas[1]["grado"] = "a medias"
    antes = estado_de_todo()

    with pytest.raises(FilaRechazada, match=r"catalogo\.csv, línea 3, columna «grado»"):
        importar_catalogo(subir(filas), casa.suit)

    assert bien.codigo < mal.codigo
    assert estado_de_todo() == antes


MAL_DE_VUELTA = {
    "codigo": [("XXX-001", "no hay un trámite con ese código"), ("", "no hay un trámite")],
    "numero_suit": [("no es", "cifras|números"), ("12345678901", "caracteres|cifras|dígitos")],
    "formula": [
        ("3 UVT +", "acción 1 del paso 2: La fórmula .*está incompleta al final"),
        ("3.5.1", "no es un número"),
        ("1 UVT | 2 UVT", "dice 2 y hay 1 pagos"),
    ],
    "acciones": [
        ("1 documento: Recibo de un servicio público", "el paso 2, «Pagar», no tiene acciones"),
        ("Recibo", "no se entiende"),
        ("9 documento: Recibo", "va en el paso 9, y hay 3"),
        ("1 regalo: Recibo", "«regalo» no es un tipo de acción"),
    ],
    "fundamento_legal": [("Ley 1 de 2000 (vigente hasta 01/01/2001)", "dejó de regir el 01/01/2001")],
    "previos": [("XXX-001", "no hay un trámite «XXX-001»"), ("A || B", "elemento 2")],
    "tipo": [("opa", "se cambia en la página del trámite")],
    "palabra": [("estrato", "se cambia en la página del trámite")],
    "fuente": [("inferido: costo", "lo inferido se confirma en la página")],
    "dependencia": [("", "no hay dependencia «»"), ("Marte", "no hay dependencia «Marte»")],
    "clasificacion": [("Nada", "no hay clase temática «Nada»")],
    "costo": [("Gratuito", "el paso 2, «Pagar», no tiene acciones")],
    "forma_de_calculo": [("UVT: a | UVT: b", "dice 2 y hay 1 pagos")],
    "palabras_clave": [("x" * 61, "60")],
}  # fmt: skip


@pytest.mark.parametrize(
    "columna, valor, razon", [(c, v, r) for c, casos in MAL_DE_VUELTA.items() for v, r in casos]
)
def test_what_cannot_be_is_refused_with_its_place_and_nothing_changes(casa, columna, valor, razon):
    crear_tramite(casa, "en_creacion")
    tramite = crear_tramite(casa, "en_correccion")
    antes = estado_de_todo()
    lugar = "acciones" if columna == "costo" else columna

    with pytest.raises(FilaRechazada, match=rf"catalogo\.csv, línea 3, columna «{lugar}»: .*({razon})"):
        cambiar(tramite, casa.suit, **{columna: valor})

    assert estado_de_todo() == antes


def test_a_code_twice_an_unknown_column_and_a_missing_one_are_refused(casa):
    crear_tramite(casa)
    [fila] = exportado()

    with pytest.raises(FilaRechazada, match="línea 3, columna «codigo»: repite la línea 2"):
        importar_catalogo(subir([fila, fila]), casa.suit)
    with pytest.raises(FilaRechazada, match="línea 1, columna «formulas»: no se conoce esta columna"):
        importar_catalogo(subir([fila | {"formulas": ""}]), casa.suit)
    del fila["pasos"]
    with pytest.raises(FilaRechazada, match="línea 1, columna «pasos»: falta esta columna"):
        importar_catalogo(subir([fila]), casa.suit)


def test_a_number_of_the_suit_is_nobody_elses_and_for_good(casa):
    inscrito, nuevo = crear_tramite(casa), crear_tramite(casa, "en_creacion")

    with pytest.raises(FilaRechazada, match=rf"«numero_suit»: ya lo tiene «.*» \({inscrito.codigo}\)"):
        cambiar(nuevo, casa.suit, numero_suit=inscrito.numero_suit)
    with pytest.raises(FilaRechazada, match="«numero_suit»: ya está inscrito"):
        cambiar(inscrito, casa.suit, numero_suit="777")
    cambiar(nuevo, casa.suit, numero_suit="777")

    nuevo.refresh_from_db()
    assert (nuevo.numero_suit, nuevo.estado) == ("777", "en_creacion")


def test_two_rows_with_the_same_number_are_refused(casa):
    crear_tramite(casa, "en_creacion"), crear_tramite(casa, "en_creacion")
    filas = [fila | {"numero_suit": "777"} for fila in exportado()]

    with pytest.raises(FilaRechazada, match="línea 3, columna «numero_suit»: ya lo tiene"):
        importar_catalogo(subir(filas), casa.suit)

    assert not Tramite.objects.filter(numero_suit="777").exists()


def test_what_goes_before_is_read_whole_so_that_two_may_swap_and_none_may_close_a_circle(casa):
    uno, dos, tres = (crear_tramite(casa, "en_creacion") for _ in range(3))
    fijar_previos(dos, [uno], por=casa.suit)
    filas = {fila["codigo"]: fila for fila in exportado()}

    filas[dos.codigo]["previos"] = ""
    filas[uno.codigo]["previos"] = f"{dos.codigo} | {tres.codigo}"
    importar_catalogo(subir(list(filas.values())), casa.suit)
    assert (list(dos.previos.all()), set(uno.previos.all())) == ([], {dos, tres})

    filas[tres.codigo]["previos"] = dos.codigo
    filas[dos.codigo]["previos"] = uno.codigo
    with pytest.raises(FilaRechazada, match=r"línea \d, columna «previos»: .*requisito de sí mismo"):
        importar_catalogo(subir(list(filas.values())), casa.suit)
    with pytest.raises(FilaRechazada, match="columna «previos»: Un trámite no va antes de sí mismo"):
        cambiar(tres, casa.suit, previos=tres.codigo)
    assert list(tres.previos.all()) == []


def test_steps_and_acciones_may_be_written_one_by_one(casa):
    tramite = crear_tramite(casa, "en_correccion")

    cambiar(
        tramite,
        casa.suit,
        pasos="Reunir los documentos | Pagar en el banco | Radicar la solicitud | Recibir el certificado",
        acciones="1 documento: Recibo de un servicio público | 1 Condición: Ser propietario "
        "| 2 pago: Valor del certificado | 3 solicitud: Entregue los documentos | 4 solicitud: Recíbalo",
    )

    hoja = HojaDeVida.objects.enteras().get(tramite=tramite, estado="borrador")
    assert [
        (m.descripcion, [(a.tipo, a.descripcion) for a in m.acciones.all()]) for m in hoja.momentos.all()
    ] == [
        (
            "Reunir los documentos",
            [("documento", "Recibo de un servicio público"), ("condicion", "Ser propietario")],
        ),
        ("Pagar en el banco", [("pago", "Valor del certificado")]),
        ("Radicar la solicitud", [("solicitud", "Entregue los documentos")]),
        ("Recibir el certificado", [("solicitud", "Recíbalo")]),
    ]
    assert hoja.pagos()[0].formula == "0,5 UVT"
    assert hoja.requisitos()[0].fundamento is not None


def test_a_step_that_is_renamed_renames_the_accion_that_repeats_it(casa):
    tramite = crear_tramite(casa, "en_creacion")
    fila = exportado()[0] | {"pasos": "Radicar | Recibir"}
    importar_catalogo(subir([{columna: fila[columna] for columna in COLUMNAS[:19]}]), casa.suit)

    cambiar(tramite, casa.suit, pasos="Radicar en la ventanilla | Recibir")

    assert [str(a) for a in HojaDeVida.objects.enteras().get().acciones()] == [
        "Radicar en la ventanilla",
        "Recibir",
    ]


def test_requirements_and_acciones_are_not_both_rewritten(casa):
    tramite = crear_tramite(casa, "en_correccion")

    with pytest.raises(FilaRechazada, match="columna «requisitos»: cambie «requisitos» o «acciones»"):
        cambiar(
            tramite,
            casa.suit,
            requisitos="Otra cosa",
            acciones="1 documento: Recibo | 2 pago: Valor | 3 solicitud: Entregue",
        )


def test_what_becomes_free_or_paid_gains_or_loses_its_payment(casa):
    tramite = crear_tramite(casa, "en_correccion")

    cambiar(
        tramite,
        casa.suit,
        costo="Gratuito",
        forma_de_calculo="No aplica; el papel se compra aparte",
        formula="",
        pasos="Reunir los documentos | Radicar la solicitud",
    )
    gratis = HojaDeVida.objects.enteras().get(tramite=tramite, estado="borrador")
    assert (gratis.gratuito, gratis.informacion_adicional) == (True, "El papel se compra aparte.")

    cambiar(
        tramite,
        casa.suit,
        costo="Con costo",
        forma_de_calculo="Fijo: tarifa del Concejo",
        formula="17.100",
        pasos="Reunir los documentos | Pagar | Radicar la solicitud",
    )
    [pago] = HojaDeVida.objects.enteras().get(tramite=tramite, estado="borrador").pagos()
    assert (pago.valor_tipo, pago.forma_de_calculo, pago.formula) == ("fijo", "tarifa del Concejo", "17.100")


def test_what_somebody_saved_meanwhile_is_not_trodden_on(casa, monkeypatch):
    tramite = crear_tramite(casa, "en_creacion")
    filas = exportado()
    filas[0]["resultado"] = "Otro"
    leer = importar_catalogo.__wrapped__.__globals__["leer_hoja"]

    def leer_mientras_otra_persona_guarda(fila, contenido, catalogos):
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.resultado = "Lo de otra persona"
        leer(fila, contenido, catalogos)

    monkeypatch.setattr("tramites.importacion.leer_hoja", leer_mientras_otra_persona_guarda)

    with pytest.raises(FilaRechazada, match="guardó cambios en esta hoja de vida"):
        importar_catalogo(subir(filas), casa.suit)


# --- Files that are not what they say -----------------------------------------------------------
def xlsx(**partes: str) -> bytes:
    """The exported workbook with some of its parts replaced."""
    original = zipfile.ZipFile(io.BytesIO(en_xlsx(Tramite.objects.all())))
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as copia:
        for nombre in original.namelist():
            clave = Path(nombre).stem
            copia.writestr(nombre, partes.pop(clave, original.read(nombre)))
        for nombre, contenido in partes.items():
            copia.writestr(f"xl/{nombre}.xml", contenido)
    return salida.getvalue()


ESPACIO = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def hoja_con(celdas: str) -> str:
    return f"<worksheet {ESPACIO}><sheetData>{celdas}</sheetData></worksheet>"


def con_una_celda_lejana() -> bytes:
    lejana = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
    return xlsx(sheet1=hoja_con(f'<row r="1"><c r="A1"/></row>{lejana}'))


def con_un_texto_mil_veces() -> bytes:
    celdas = (f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2000))
    comunes = f"<sst {ESPACIO}><si><t>{'x' * 30_000}</t></si></sst>"
    return xlsx(sharedStrings=comunes, sheet1=hoja_con("".join(celdas)))


def con_entidades() -> bytes:
    entidades = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    return xlsx(sheet1=f"<!DOCTYPE x [{entidades}]>{hoja_con('&b;<')}")


FALTA = "línea 1, columna «canal_seguimiento»: falta esta columna"
EXTRANOS = {
    "far away": (con_una_celda_lejana, "pasa de 60 columnas"),
    "no place": (lambda: xlsx(sheet1=hoja_con("<row><c><v>1</v></c></row>")), "que se pueda leer"),
    "zip bomb": (lambda: xlsx(otra=" " * 30_000_000), "demasiado grande una vez descomprimida"),
    "many parts": (lambda: xlsx(**{f"p{n}": "<a/>" for n in range(300)}), "demasiado grande una vez"),
    "shared text": (con_un_texto_mil_veces, "demasiado texto"),
    "entities": (con_entidades, "que se pueda leer"),
    "truncated": (lambda: en_xlsx(Tramite.objects.all())[:-200], "que se pueda leer"),
    "not a zip": (lambda: b"PK\x03\x04 nada", "que se pueda leer"),
    "another zip": (lambda: _zip_con("hola.txt", "hola"), "que se pueda leer"),
    "empty sheet": (lambda: xlsx(sheet1=hoja_con("")), FALTA),
    "empty file": (lambda: b"", FALTA),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x81", "no es un CSV ni una hoja de cálculo"),
    "utf-16": (lambda: "codigo;nombre".encode("utf-16"), "falta esta columna"),
    "too heavy": (lambda: b"x" * (10 * 1024 * 1024 + 1), "pesa más de 10 MB"),
}


def _zip_con(nombre: str, contenido: str) -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w") as archivo:
        archivo.writestr(nombre, contenido)
    return salida.getvalue()


@pytest.mark.parametrize("datos, razon", EXTRANOS.values(), ids=EXTRANOS)
def test_a_file_that_cannot_be_read_or_is_too_large_is_refused(casa, datos, razon):
    crear_tramite(casa)

    with pytest.raises(FilaRechazada, match=razon):
        importar_catalogo(SimpleUploadedFile("catalogo.xlsx", datos()), casa.suit)


def test_a_row_of_a_workbook_is_told_by_its_number(casa):
    crear_tramite(casa), crear_tramite(casa)
    filas = exportado()
    filas[1]["grado"] = "a medias"
    celdas = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{chr(65 + c)}{n}" t="inlineStr"><is><t>{valor}</t></is></c>'
            for c, valor in enumerate(valores)
        )
        + "</row>"
        for n, valores in [(1, COLUMNAS), (2, filas[0].values()), (7, filas[1].values())]
    )

    with pytest.raises(FilaRechazada, match="línea 7, columna «grado»"):
        importar_catalogo(SimpleUploadedFile("a.xlsx", xlsx(sheet1=hoja_con(celdas))), casa.suit)
