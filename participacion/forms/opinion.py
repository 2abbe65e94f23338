"""Why a page was not useful, and what was done about it."""

from django import forms

from participacion.forms.datos_personales import AvisaDeDatosPersonales
from participacion.models import MotivoDeOpinion
from portal.forms.comunes import ContraRobots, LineaDeTexto, Parrafos, con_opcionales
from portal.models import Canal

LARGO = 500


class PorQueForm(AvisaDeDatosPersonales, ContraRobots):
    QUIEN_LO_LEE = "Aquí no hace falta, porque no le podemos responder."

    ruta = forms.CharField(widget=forms.HiddenInput)
    clave = forms.UUIDField(widget=forms.HiddenInput)
    clase = forms.ChoiceField(
        label="¿Qué pasó?", choices=MotivoDeOpinion.Clase.choices, widget=forms.RadioSelect, required=False
    )
    texto = Parrafos(
        label="Cuéntenos qué faltó",
        filas=4,
        max_length=LARGO,
        required=False,
        help_text="Por ejemplo: no dice a qué hora atienden. No escriba su nombre, su teléfono ni su cédula.",
    )

    field_order = ["clase", "texto", "confirmo"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        con_opcionales(self)


class AtenderForm(forms.Form):
    que_se_hizo = LineaDeTexto(
        label="Qué se hizo",
        max_length=300,
        help_text="Por ejemplo: se corrigió el horario. O: no aplica, la página ya lo dice.",
        error_messages={"required": "Escriba qué se hizo."},
    )


class FiltroForm(forms.Form):
    estado = forms.ChoiceField(
        label="Cuáles",
        choices=[("", "Por atender"), ("atendidas", "Atendidas"), ("todas", "Todas")],
        required=False,
    )
    clase = forms.ChoiceField(
        label="Razón", choices=[("", "Cualquiera"), *MotivoDeOpinion.Clase.choices], required=False
    )
    canal = forms.ModelChoiceField(Canal.objects.none(), required=False, empty_label="Cualquiera")

    def __init__(self, *args, motivos, **kwargs):
        super().__init__(*args, **kwargs)
        self.motivos = motivos
        self.fields["canal"].queryset = Canal.objects.filter(
            pk__in=motivos.order_by().values("canal")
        ).order_by("orden")

    def filtrados(self):
        """The reasons that it asks for; what it does not understand asks for nothing."""
        self.is_valid()
        motivos, pedido = self.motivos, self.cleaned_data
        if pedido.get("estado") != "todas":
            motivos = motivos.filter(atendido_en__isnull=pedido.get("estado") != "atendidas")
        for campo in ("clase", "canal"):
            if pedido.get(campo):
                motivos = motivos.filter(**{campo: pedido[campo]})
        return motivos
