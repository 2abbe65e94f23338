"""Rich text: whatever people paste, only the allowed tags are kept, by every way in."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import html5lib
import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal import services
from portal.models import Version
from portal.saneado import sanear, solo_texto
from tests.builders import crear_version

# Written here again on purpose: widening the list of the code has to be said twice.
_SIN_ATRIBUTOS = "h2 h3 h4 p br hr strong em sub sup blockquote ul li table caption thead tbody tr"
PERMITIDO: dict[str, set[str]] = {
    **{etiqueta: set() for etiqueta in re.findall(r"\S+", _SIN_ATRIBUTOS)},
    "a": {"href", "rel"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
ESQUEMAS = {"", "http", "https", "mailto", "tel"}


def exigir_limpio(texto: str) -> None:
    """Read it as a browser does and fail on anything outside the list."""
    arbol = html5lib.parseFragment(texto, treebuilder="etree", namespaceHTMLElements=False)
    for elemento in arbol.iter():
        if elemento is arbol:
            continue
        assert isinstance(elemento.tag, str), f"a comment: {elemento.text!r}"
        assert elemento.tag in PERMITIDO, elemento.tag
        assert set(elemento.attrib) <= PERMITIDO[elemento.tag], elemento.attrib
        assert urlsplit(elemento.get("href", "").strip()).scheme in ESQUEMAS, elemento.attrib


# --- Attacks ------------------------------------------------------------------------------------
ATAQUES = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//malo.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<\x00script>alert(1)</script>",
    "<script/x>alert(1)</script",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<p onclick=alert(1)>hola</p>",
    "<p/onmouseover=alert(1)>hola",
    '<p style="background:url(javascript:alert(1))">hola</p>',
    "<h2 id=location class=x>hola</h2>",
    '<a href="javascript:alert(1)">hola</a>',
    '<a href="JaVaScRiPt:alert(1)">hola</a>',
    '<a href=" \x01javascript:alert(1)">hola</a>',
    '<a href="java\tscript:alert(1)">hola</a>',
    '<a href="java\nscript:alert(1)">hola</a>',
    '<a href="&#106;avascript&colon;alert(1)">hola</a>',
    '<a href="&#x6A;&#x61;vascript:alert(1)">hola</a>',
    '<a href="javascript&#0000058alert(1)">hola</a>',
    '<a href="vbscript:msgbox(1)">hola</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">hola</a>',
    '<a href="file:///etc/passwd">hola</a>',
    '<a href="blob:https://ejemplo.gov.co/1">hola</a>',
    '<a href="https://ejemplo.gov.co" target="_blank" ping="//malo.example">hola</a>',
    '<a xlink:href="javascript:alert(1)">hola</a>',
    '<a href="x" onfocus=alert(1) autofocus tabindex=1>hola</a>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>hola</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
    "<math href=javascript:alert(1)>hola</math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<textarea><script>alert(1)</script></textarea>",
    "<xmp><script>alert(1)</script></xmp>",
    "<title><img src=x onerror=alert(1)></title>",
    "<plaintext><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=X></applet>",
    "<form action=javascript:alert(1)><button>hola</button></form>",
    "<button formaction=javascript:alert(1)>hola</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select><template><script>alert(1)</script></template></select>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>hola</marquee>",
    "<body onload=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//malo.example/>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><img src='</style><img src=x onerror=alert(1)//'></style>",
    "<!--<img src='--><img src=x onerror=alert(1)>'>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<table background=javascript:alert(1)><td background=x>hola</td></table>",
    "<td colspan=2 onclick=alert(1)>hola</td>",
    "<div><b onclick=alert(1)>hola</b></div>",
    "<h1 onclick=alert(1)>hola</h1>",
    "<i/onclick=alert(1)>hola</i>",
    "<isindex action=javascript:alert(1)>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<p>hola<script>alert(1)</script><p>mundo",
    "</p></strong><svg/onload=alert(1)>",
]


@pytest.mark.parametrize("ataque", ATAQUES, ids=range(len(ATAQUES)))
def test_nothing_dangerous_remains_of_an_attack(ataque):
    exigir_limpio(sanear(ataque))
    exigir_limpio(sanear(f"<p>Antes.</p>{ataque}<p>Después.</p>"))


def test_the_check_itself_sees_what_is_dangerous():
    """The attacks as they come do not pass it, so that passing it means something."""
    peligrosos = 0
    for ataque in ATAQUES:
        try:
            exigir_limpio(ataque)
        except AssertionError:
            peligrosos += 1

    assert peligrosos > len(ATAQUES) * 0.9


@pytest.mark.parametrize("quitado", ["script", "style", "title", "xml"])
def test_what_is_not_text_goes_away_with_its_content(quitado):
    assert sanear(f"<p>Uno</p><{quitado}>alert(1)</{quitado}><p>Dos</p>") == "<p>Uno</p><p>Dos</p>"


# --- By every way in ----------------------------------------------------------------------------
ATAQUE = '<p onclick="x()">Hola<script>alert(1)</script> <a href="javascript:x">mundo</a></p>'
LIMPIO = '<p>Hola <a rel="noopener">mundo</a></p>'


def _por_save(version):
    version.cuerpo = ATAQUE
    version.save()


def _por_save_de_un_campo(version):
    version.cuerpo = ATAQUE
    version.save(update_fields=["cuerpo"])


def _por_el_servicio(version):
    services.guardar_borrador(version, por=version.creada_por, revision=0, cuerpo=ATAQUE)


def _por_full_clean(version):
    version.cuerpo = ATAQUE
    version.full_clean()
    version.save()


def _por_update(version):
    Version.objects.filter(pk=version.pk).update(cuerpo=ATAQUE)


def _por_bulk_update(version):
    version.cuerpo = ATAQUE
    Version.objects.bulk_update([version], ["cuerpo"])


def _por_update_or_create(version):
    Version.objects.update_or_create(pk=version.pk, defaults={"cuerpo": ATAQUE})


def _por_bulk_create(version):
    version.cuerpo = ATAQUE
    Version.objects.bulk_create(
        [version], update_conflicts=True, update_fields=["cuerpo"], unique_fields=["id"]
    )


@pytest.mark.parametrize(
    "guardar",
    [
        *(_por_save, _por_save_de_un_campo, _por_el_servicio, _por_full_clean, _por_update),
        *(_por_bulk_update, _por_update_or_create, _por_bulk_create),
    ],
)
def test_no_way_of_saving_keeps_it_dirty(casa, guardar):
    version = crear_version(casa)

    guardar(version)

    assert Version.objects.get().cuerpo == LIMPIO


def test_the_object_that_was_saved_already_carries_the_clean_text(casa):
    version = crear_version(casa)
    version.cuerpo = ATAQUE

    version.save()

    assert version.cuerpo == LIMPIO


@pytest.mark.parametrize("nueva", [False, True], ids=["that changes a row", "that adds one"])
def test_a_fixture_is_cleaned(casa, tmp_path, nueva):
    version = crear_version(casa)
    [fila] = json.loads(serializers.serialize("json", [version]))
    fila["fields"]["cuerpo"] = ATAQUE
    if nueva:
        services.descartar(version, por=casa.autora)
        fila |= {"pk": version.pk + 1000}
        fila["fields"] |= {"numero": 2}
    archivo = tmp_path / "textos.json"
    archivo.write_text(json.dumps([fila]))

    call_command("loaddata", archivo, verbosity=0)

    assert Version.objects.get(pk=fila["pk"]).cuerpo == LIMPIO


def test_what_is_authorised_is_what_is_kept(casa):
    """The hash is of the clean text: cleaning again later does not break the authorisation."""
    version = crear_version(casa, cuerpo="<p><button><p>Hola</p></button></p>")
    antes = version.huella()

    Version.objects.get().save()

    assert Version.objects.get().huella() == antes


def test_an_old_text_saved_again_does_not_change(casa):
    hace_un_mes = timezone.now() - timedelta(days=30)
    version = crear_version(casa, "publicada", en=hace_un_mes)

    version.save()

    assert Version.objects.get().cuerpo == version.cuerpo


# --- Word, Docs and old editors -----------------------------------------------------------------
PEGADO_DE_WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><title>Comunicado</title>
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>Ana</o:Author></o:DocumentProperties></xml>
<![endif]--><style><!-- p.MsoNormal {margin:0cm;} @page WordSection1 {size:612pt 792pt} --></style>
</head><body lang=ES-CO style='tab-interval:35.4pt'><div class=WordSection1>
<h1 style='margin-top:24.0pt'><a name="_Toc1"></a><span lang=ES style='color:#2F5496'>Jornada
de vacunación<o:p></o:p></span></h1>
<p class=MsoNormal align=center style='text-align:center'><b style='mso-bidi-font-weight:normal'><span
style='font-size:14.0pt'>Se invita a la comunidad</span></b><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><font face="Arial">Será el “sábado” – de 8&nbsp;a.&nbsp;m. a 12&nbsp;m…</font></p>
<!--[if !supportLists]--><p class=MsoListParagraph>Traiga el <i>carné</i>.</p><!--[endif]-->
<ul style='margin-top:0cm' type=disc><li class=MsoNormal style='mso-list:l0'>Niños<o:p></o:p></li>
<li class=MsoNormal>Adultos mayores</li></ul>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse'><tr style='height:1cm'>
<td width=200 valign=top style='width:150pt'><p class=MsoNormal>Vereda<o:p></o:p></p></td>
<td width=200 colspan=2><p class=MsoNormal>Hora</p></td></tr></table>
<p class=MsoNormal><![if !vml]><img width=10 src="file:///C:/Temp/clip_image001.png"
v:shapes="x"><![endif]></p>
</div></body></html>
"""
LO_QUE_QUEDA_DE_WORD = """
<h2>Jornada de vacunación</h2>
<p><strong>Se invita a la comunidad</strong></p>
<p>Será el “sábado” – de 8&nbsp;a.&nbsp;m. a 12&nbsp;m…</p>
<p>Traiga el <em>carné</em>.</p>
<ul><li>Niños</li><li>Adultos mayores</li></ul>
<table><tbody><tr><td><p>Vereda</p></td><td colspan="2"><p>Hora</p></td></tr></tbody></table>
"""


def _sin_espacios_entre_etiquetas(texto: str) -> str:
    return "><".join(parte.strip() for parte in " ".join(texto.split()).replace("> <", "><").split("><"))


def test_a_paste_from_word_becomes_clean_paragraphs_lists_and_tables():
    limpio = sanear(PEGADO_DE_WORD)

    exigir_limpio(limpio)
    sin_ancla = limpio.replace('<a rel="noopener"></a>', "")
    assert _sin_espacios_entre_etiquetas(sin_ancla) == _sin_espacios_entre_etiquetas(LO_QUE_QUEDA_DE_WORD)


@pytest.mark.parametrize(
    "pegado, queda",
    [
        ("\n <p>Uno</p>\n\n<p>Dos</p> \n", "<p>Uno</p>\n\n<p>Dos</p>"),
        ("<h1>Uno</h1>", "<h2>Uno</h2>"),
        ("<H1 CLASS=x>Uno</H1>", "<h2>Uno</h2>"),
        ("<h5>Uno</h5><h6>Dos</h6>", "<h4>Uno</h4><h4>Dos</h4>"),
        ("<b>Uno</b> <i>dos</i>", "<strong>Uno</strong> <em>dos</em>"),
        ("<br>Uno<br/>dos", "<br>Uno<br>dos"),
        ("<div>Uno</div><div>Dos</div>", "<p>Uno</p><p>Dos</p>"),
        ("<div><div><p>Uno</p></div></div>", "<p>Uno</p>"),
        ("<p>Uno</p><p>&nbsp;</p><p><br></p><p> </p>", "<p>Uno</p>"),
        ("<ul><li>Uno</li><li></li></ul>", "<ul><li>Uno</li></ul>"),
        ("<p><strong></strong>Uno</p>", "<p>Uno</p>"),
        ("<p>Alcaldía<b> </b>Municipal</p>", "<p>Alcaldía Municipal</p>"),
        ("<p>Carrera<em>&nbsp;</em>2</p>", "<p>Carrera&nbsp;2</p>"),
        ("<p>Uno<strong><br></strong>dos</p>", "<p>Uno<br>dos</p>"),
        ("<p><b><i> </i></b></p>", ""),
        ("<p><u>Uno</u> <s>dos</s> <span>tres</span></p>", "<p>Uno dos tres</p>"),
        ("<center><font size=7>Uno</font></center>", "Uno"),
        ("<b style='font-weight:normal' id=docs-internal-guid><p>Uno</p></b>", "<p>Uno</p>"),
        ("<b style='mso-bidi-font-weight:normal'>Uno</b>", "<strong>Uno</strong>"),
        ("<p>Uno<p>Dos", "<p>Uno</p><p>Dos</p>"),
        ("<table><td>Uno</table>", "<table><tbody><tr><td>Uno</td></tr></tbody></table>"),
        ("<table><tr><td></td></tr></table>", "<table><tbody><tr><td></td></tr></tbody></table>"),
        ('<ol start="3" type="a"><li>Uno</li></ol>', '<ol start="3"><li>Uno</li></ol>'),
        ("H<sub>2</sub>O y m<sup>2</sup>", "H<sub>2</sub>O y m<sup>2</sup>"),
    ],
)
def test_what_old_editors_write_is_said_with_our_tags(pegado, queda):
    assert sanear(pegado) == queda


@pytest.mark.parametrize(
    "texto",
    [
        "La obra empieza el lunes.",
        "«Comillas», “comillas”, ‘comillas’ — raya – guion…",
        "áéíóúüñ ÁÉÍÓÚÜÑ ¿qué? ¡sí! n.º 1.ª 50 % 10 € 3 m²",
        "👩🏽‍🌾 汉字 עברית",
        "1\n2\n3",
    ],
)
def test_plain_text_survives_as_it_is(texto):
    assert sanear(texto) == texto
    assert sanear(f"<p>{texto}</p>") == f"<p>{texto}</p>"


@pytest.mark.parametrize(
    "texto, html", [("a < b", "a &lt; b"), ("a > b", "a &gt; b"), ("Pan & vino", "Pan &amp; vino")]
)
def test_signs_of_html_are_kept_as_text(texto, html):
    assert sanear(texto) == html
    assert solo_texto(sanear(texto)) == texto


@pytest.mark.parametrize(
    "enlace",
    [
        *("https://www.gov.co/x?a=1&amp;b=2#c", "http://ejemplo.gov.co", "mailto:a@ejemplo.gov.co"),
        *("tel:+576070000000", "/canales/noticias/", "#requisitos", "?q=predial"),
    ],
)
def test_links_people_need_are_kept(enlace):
    assert sanear(f'<a href="{enlace}">Vea</a>') == f'<a href="{enlace}" rel="noopener">Vea</a>'


# --- Whatever comes -----------------------------------------------------------------------------
_ETIQUETAS = re.findall(
    r"\S+",
    """
    h1 h2 h4 h6 p br hr strong em b i u s sub sup font div span center blockquote ul ol li dl dt dd a
    table caption thead tbody tfoot colgroup col tr th td svg math mi mtext annotation-xml
    foreignObject title button select option form input textarea noscript template style script xml
    o:p iframe object marquee details summary nobr body html head pre xmp img applet x-y
    """,
)
_PEDAZOS = st.one_of(
    st.sampled_from(_ETIQUETAS).map("<{}>".format),
    st.sampled_from(_ETIQUETAS).map("</{}>".format),
    st.sampled_from(_ETIQUETAS).map('<{} href="javascript:x" onclick=x style="x" colspan=2>'.format),
    st.sampled_from(["x", " ", "\n", "\r\n", "&nbsp;", "<!--", "-->", "<![CDATA[", "]]>", "<?xml"]),
    st.sampled_from(["&lt;", "&amp;lt;", "&#x6a;", "<", ">", '"', "'", "</", "\x00", "\ufeff", "\x0c"]),
    st.text(max_size=4),
)


@settings(max_examples=800, deadline=None)
@given(texto=st.lists(_PEDAZOS, max_size=20).map("".join))
@example(texto="<p><button><p>x</p></button></p>")
@example(texto="\ufeff" * 15)
@example(texto="&#xfeff;" * 15)
def test_whatever_comes_is_clean_and_cleaning_again_changes_nothing(texto):
    limpio = sanear(texto)

    exigir_limpio(limpio)
    assert sanear(limpio) == limpio


def test_a_long_text_is_cleaned_at_once():
    """What a person can paste: 200 pages with an empty paragraph after each one."""
    texto = "<p class=MsoNormal>Parágrafo <b>segundo</b>.</p><p>&nbsp;</p>" * 8000

    assert sanear(texto) == "<p>Parágrafo <strong>segundo</strong>.</p>" * 8000


def test_a_text_too_long_for_a_page_is_refused_before_it_is_cleaned(casa):
    """Twenty thousand tags inside one another would keep a worker busy for a minute."""
    version = crear_version(casa)
    version.cuerpo = "<blockquote>" * 20_000

    with pytest.raises(ValidationError, match="demasiado largo"):
        version.full_clean()


# --- The words alone ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "html, texto",
    [
        ("<p>Uno</p><p>Dos</p>", "Uno Dos"),
        ("<p>El <strong>lunes</strong>.</p>", "El lunes."),
        ("<p><strong>P</strong>redial: m<sup>2</sup></p>", "Predial: m2"),
        ('<p>Vea <a href="/x?a&gt;b" rel="noopener">aquí</a>, por favor.</p>', "Vea aquí, por favor."),
        ("Uno<br>dos", "Uno dos"),
        ("<ul><li>Uno</li><li>Dos</li></ul>", "Uno Dos"),
        ("<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>", "1 2"),
        ("<p>Pan &amp; vino &lt;b&gt;&nbsp;5</p>", "Pan & vino <b> 5"),
        ("<p>  Uno\n\n dos </p>", "Uno dos"),
        ("", ""),
    ],
)
def test_the_words_alone_keep_words_whole_and_apart(html, texto):
    assert sanear(html) == html or html.startswith("<p> ")
    assert solo_texto(html) == texto
