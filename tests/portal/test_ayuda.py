"""The manual inside the portal: every screen has its page, and no page lets anything else in."""

import csv
import os
import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from portal import ayuda

INDICE = reverse("admin:ayuda")


def pantallas(resolutor=None, camino="", espacio="") -> set[str]:
    """The name of every address of the admin and of the desks."""
    nombres = set()
    for ruta in (resolutor or get_resolver()).url_patterns:
        entero = camino + str(ruta.pattern)
        if isinstance(ruta, URLResolver):
            dentro = ":".join(filter(None, (espacio, ruta.namespace)))
            nombres |= pantallas(ruta, entero, dentro)
        elif ruta.name and entero.startswith(("admin/", "panel/")):
            nombres.add(":".join(filter(None, (espacio, ruta.name))))
    return nombres


class TestTheTable:
    def test_every_screen_has_its_page(self):
        assert len(pantallas()) > 200
        assert sorted(nombre for nombre in pantallas() if ayuda.en_la_tabla(nombre) is None) == []

    def test_every_page_exists(self):
        with (ayuda.MANUAL / "pantallas.csv").open() as tabla:
            filas = list(csv.DictReader(tabla))

        assert [fila for fila in filas if ayuda.pagina(fila["pagina"]) is None] == []
        assert len({fila["pantalla"] for fila in filas}) == len(filas)

    def test_no_row_is_about_a_screen_that_is_gone(self):
        from fnmatch import fnmatchcase

        with (ayuda.MANUAL / "pantallas.csv").open() as tabla:
            patrones = [fila["pantalla"] for fila in csv.DictReader(tabla)]

        assert [p for p in patrones if not any(fnmatchcase(nombre, p) for nombre in pantallas())] == []

    @pytest.mark.parametrize(
        "nombre, slug",
        [
            ("admin:portal_version_add", "escribir-y-enviar"),
            ("admin:portal_matriz", "matriz"),
            ("admin:ayuda", "README"),
            ("admin:claves", "soporte"),
        ],
    )
    def test_the_header_leads_there(self, casa, client, nombre, slug):
        client.force_login(casa.secretaria)

        pagina = client.get(reverse(nombre)).text

        assert f'<a href="{ayuda.direccion(slug)}">Ayuda de esta pantalla</a>' in pagina

    def test_a_desk_outside_the_admin_has_it_too(self, casa, client):
        client.force_login(casa.secretaria)

        assert ayuda.direccion("ventanilla") in client.get(reverse("ventanilla:radicados")).text


class TestThePages:
    @pytest.mark.parametrize("archivo", sorted(ayuda.MANUAL.glob("*.md")), ids=lambda archivo: archivo.stem)
    def test_every_page_and_all_that_it_leads_to_opens(self, casa, client, archivo):
        client.force_login(casa.autora)

        respuesta = client.get(ayuda.direccion(archivo.stem))

        assert respuesta.status_code == 200 and respuesta.text.count("<h1>") == 1
        html = str(ayuda.pagina(archivo.stem).html)
        for imagen in re.findall(r'<img src="([^"]+)"', html):
            abierta = client.get(imagen)
            assert abierta["Content-Type"] == "image/png" and abierta.content.startswith(b"\x89PNG")
        for destino in re.findall(r'href="(/admin/ayuda/[^"]*)"', html):
            camino, _almohadilla, seccion = destino.partition("#")
            otra = client.get(camino)
            assert otra.status_code == 200, destino
            assert not seccion or f'id="{unquote(seccion)}"' in otra.text, destino

    def test_links_between_pages_stay_inside(self, db):
        html = str(ayuda.pagina("entrar").html)

        assert ".md" not in html and reverse("admin:ayuda_pagina", args=["la-bandeja"]) in html

    def test_html_in_a_page_is_shown_and_never_run(self, tmp_path, monkeypatch):
        (tmp_path / "mala.md").write_text(
            "# Mala\n\n<script>alert(1)</script>\n\n[ver](javascript:alert(1)) ![x](imagenes/../../a.png)\n\n"
            "<p onclick='x()'>uno</p>\n\n| a |\n| --- |\n| b |\n"
        )
        monkeypatch.setattr(ayuda, "MANUAL", tmp_path)

        html = str(ayuda.pagina("mala").html)

        assert "<script" not in html and 'href="javascript' not in html and "<p onclick" not in html
        assert 'src="/admin/ayuda/imagenes/a.png"' in html
        assert 'role="group" tabindex="0" aria-label="Tabla"><table>' in html

    def test_a_page_that_changes_is_read_again(self, tmp_path, monkeypatch):
        monkeypatch.setattr(ayuda, "MANUAL", tmp_path)
        archivo = tmp_path / "una.md"
        archivo.write_text("# Una\n\nAntes.")
        os.utime(archivo, ns=(1, 1))
        antes = ayuda.pagina("una")
        assert ayuda.pagina("una") is antes  # kept while it is the same

        archivo.write_text("# Una\n\nDespués.")

        assert "Después." in ayuda.pagina("una").html

    @pytest.mark.parametrize(
        "camino",
        [
            "no-existe/",
            "README/",
            "..%2f..%2fREADME/",
            "../../README.md",
            "imagenes/..%2f..%2fREADME.md",
            "imagenes/../../../config/settings.py",
            "imagenes/no.png",
            "imagenes/%00.png",
            "pantallas/",
        ],
    )
    def test_nothing_else_is_read(self, casa, client, camino):
        client.force_login(casa.autora)

        assert client.get(f"{INDICE}{camino}").status_code in {302, 404}
        assert ayuda.pagina("../../README") is None and ayuda.imagen("../README.md") is None

    @pytest.mark.parametrize("camino", ["", "entrar/", "imagenes/bandeja.png"])
    def test_only_staff_reads_it(self, casa, client, camino):
        assert client.get(f"{INDICE}{camino}").url.startswith(reverse("admin:login"))
        client.force_login(casa.autora)
        assert client.get(f"{INDICE}{camino}").status_code == 200
        assert client.post(f"{INDICE}{camino}").status_code == 405

    def test_costs_no_query_of_its_own(self, casa, client):
        client.force_login(casa.autora)
        hechas = []
        for url in (reverse("admin:password_change"), f"{INDICE}entrar/", f"{INDICE}?q=corte"):
            with CaptureQueriesContext(connection) as capturadas:
                client.get(url)
            hechas.append(len(capturadas))

        assert len(set(hechas)) == 1


class TestSearching:
    def test_finds_by_words_without_accents_the_title_first(self, casa, client):
        client.force_login(casa.autora)

        halladas = client.get(INDICE, {"q": "CONTRASEÑAS  olvido"}).context["halladas"]

        assert halladas[0].pagina.slug == "soporte"
        assert "contraseñas" in halladas[0].fragmento.lower()

    @pytest.mark.parametrize("texto", ["zzyzx", "<b>", "%", "\\", "((("])
    def test_what_is_nowhere_is_said(self, casa, client, texto):
        client.force_login(casa.autora)

        respuesta = client.get(INDICE, {"q": texto})

        assert respuesta.status_code == 200 and "<b>»" not in respuesta.text

    def test_nothing_typed_finds_nothing(self, casa, client):
        client.force_login(casa.autora)

        respuesta = client.get(INDICE, {"q": "  "})

        assert respuesta.context["halladas"] == [] and "Ninguna página" not in respuesta.text
