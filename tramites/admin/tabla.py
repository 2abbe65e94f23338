"""The table of the inventory: what each row needs and how it is narrowed, in a constant number of queries."""

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Func

from tramites.completitud import TOLERANCIA, Grado
from tramites.en_linea import con_recepcion
from tramites.models import HojaDeVida, Tramite

#: Words of a search that are looked at.
PALABRAS = 8


def con_su_hoja(tramites: QuerySet) -> QuerySet:
    """Adds `llenos`, `exigidos` and `en_linea` of the last hoja de vida not discarded, and `se_recibe`."""
    ultima = (
        HojaDeVida.objects.filter(tramite=OuterRef("pk"))
        .exclude(estado=HojaDeVida.Estado.DESCARTADA)
        .order_by("-numero")
    )
    return con_recepcion(tramites).annotate(
        llenos=Subquery(ultima.values("llenos")[:1]),
        exigidos=Subquery(ultima.values("exigidos")[:1]),
        en_linea=Subquery(ultima.values("grado")[:1]),
    )


def buscar(tramites: QuerySet, texto: str) -> QuerySet:
    """Those that have every word in the name, the code, the number of the SUIT or the popular names."""
    populares = Func(F("palabras_clave"), Value(" "), function="array_to_string", output_field=TextField())
    for palabra in texto.split()[:PALABRAS]:
        conocido = (
            HojaDeVida.objects.filter(tramite=OuterRef("pk"))
            .annotate(populares=populares)
            .filter(populares__unaccent__icontains=palabra)
        )
        tramites = tramites.filter(
            Q(nombre__unaccent__icontains=palabra)
            | Q(codigo__icontains=palabra)
            | Q(numero_suit=palabra)
            | Exists(conocido)
        )
    return tramites


class _Filtro(admin.SimpleListFilter):
    """A filter whose choices are `opciones`: key → label and condition."""

    opciones: dict[str, tuple[str, Q]] = {}

    def lookups(self, request, model_admin):
        return [(clave, rotulo) for clave, (rotulo, _condicion) in self.opciones.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.opciones:
            return queryset
        return queryset.filter(self.opciones[self.value()][1])


class PorCompletitud(_Filtro):
    title = "completitud"
    parameter_name = "completitud"
    opciones = {
        Grado.COMPLETA: ("Completa", Q(exigidos__gt=0, llenos=F("exigidos"))),
        Grado.CASI: (
            f"Casi completa (faltan {TOLERANCIA} o menos)",
            Q(llenos__lt=F("exigidos"), llenos__gte=F("exigidos") - TOLERANCIA),
        ),
        Grado.INCOMPLETA: (
            "Incompleta",
            Q(exigidos=None) | Q(exigidos=0) | Q(llenos__lt=F("exigidos") - TOLERANCIA),
        ),
    }


class PorPublicacion(_Filtro):
    title = "publicación"
    parameter_name = "publicado"
    opciones = {
        "si": ("Publicado", Q(hoja_publica__isnull=False)),
        "no": ("Sin publicar", Q(hoja_publica=None)),
    }


class PorConfirmar(_Filtro):
    title = "datos por confirmar"
    parameter_name = "por_confirmar"
    opciones = {
        "si": ("Con datos por confirmar", ~Q(por_confirmar={})),
        "no": ("Todo confirmado", Q(por_confirmar={})),
    }


class PorGradoEnLinea(_Filtro):
    title = "grado en línea"
    parameter_name = "en_linea"
    opciones = {grado.value: (str(grado.label), Q(en_linea=grado.value)) for grado in HojaDeVida.Grado} | {
        "sin_decir": ("Sin decir", Q(en_linea=None) | Q(en_linea=""))
    }


FILTROS = (
    "estado",
    "tipo",
    ("dependencia", admin.RelatedOnlyFieldListFilter),
    PorCompletitud,
    PorPublicacion,
    PorGradoEnLinea,
    PorConfirmar,
)


def tramites_en_tabla() -> QuerySet:
    return con_su_hoja(Tramite.objects.select_related("dependencia"))
