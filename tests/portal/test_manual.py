"""The manual leads nowhere that does not exist, and shows no picture that nobody took."""

import re
from pathlib import Path

import pytest
from django.conf import settings

MANUAL = Path(settings.BASE_DIR) / "docs" / "manual"
HOJAS = sorted(MANUAL.glob("*.md"))
_ENLACE = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def enlaces(hoja: Path) -> list[tuple[bool, str, str]]:
    """Whether it is a picture, its words and where it leads."""
    return [(bool(signo), texto, destino) for signo, texto, destino in _ENLACE.findall(hoja.read_text())]


def ancla(titulo: str) -> str:
    """As the sites that show Markdown name a heading."""
    return re.sub(r"[^\w\- ]", "", titulo.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("hoja", HOJAS, ids=lambda hoja: hoja.stem)
def test_every_link_of_a_page_leads_somewhere(hoja):
    for es_imagen, texto, destino in enlaces(hoja):
        if destino.startswith(("http", "mailto:", "/")):
            continue
        ruta, _, seccion = destino.partition("#")
        otra = (hoja.parent / ruta) if ruta else hoja
        assert otra.is_file(), destino
        assert texto.strip(), destino
        if es_imagen:
            assert len(texto) > 15, f"what {destino} shows is not said"
        if seccion:
            titulos = re.findall(r"^#+ (.*)$", otra.read_text(), re.MULTILINE)
            assert seccion in {ancla(titulo) for titulo in titulos}, destino


def test_every_page_is_in_the_index():
    indice = {destino for _imagen, _texto, destino in enlaces(MANUAL / "README.md")}
    assert {hoja.name for hoja in HOJAS} - {"README.md"} <= indice


def test_every_picture_is_shown():
    mostradas = {destino for hoja in HOJAS for imagen, _texto, destino in enlaces(hoja) if imagen}
    assert {f"imagenes/{imagen.name}" for imagen in (MANUAL / "imagenes").iterdir()} == mostradas
