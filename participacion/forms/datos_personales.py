"""Warn of personal data before anything is sent: whoever writes decides."""

from typing import Any

from django import forms

from portal.redaccion.comprobaciones import nuestros_datos
from portal.redaccion.datos_personales import CEDULA, CELULAR, hallar
from portal.sitio import Sitio

_QUE_ES = {CEDULA: "el número de un documento", CELULAR: "el número de un celular"}


class AvisaDeDatosPersonales(forms.Form):
    """Asks to confirm when what is written shows an e-mail, a mobile or the number of a document.

    Ley 1581 de 2012, article 4.f: what identifies somebody is not for anybody to read.
    """

    QUIEN_LO_LEE = "Cualquiera podrá leerlo."
    #: The fields that are looked at.
    SE_MIRAN: tuple[str, ...] = ("texto",)

    confirmo = forms.BooleanField(required=False, label="Ya lo revisé: quiero enviarlo así")

    def __init__(self, *args, sitio: Sitio, **kwargs):
        super().__init__(*args, **kwargs)
        self.sitio = sitio
        self.pide_confirmar = False

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        escrito = "\n".join(datos.get(campo) or "" for campo in self.SE_MIRAN)
        hallados = hallar(escrito, (), nuestros_datos(self.sitio))
        self.pide_confirmar = bool(hallados)
        if hallados and not datos.get("confirmo"):
            clases = dict.fromkeys(_QUE_ES.get(dato.clase, "un correo electrónico") for dato in hallados)
            self.add_error(
                "confirmo",
                f"Parece que escribió {' y '.join(clases)}. {self.QUIEN_LO_LEE} Quítelo, o marque la casilla "
                "si de verdad quiere enviarlo así.",
            )
        return datos
