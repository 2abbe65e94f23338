from ventanilla.forms.campos import FormularioDeCampos, formulario_de
from ventanilla.forms.pasos import (
    ConsentimientoForm,
    ContinuarForm,
    EnlaceForm,
    InicioForm,
    PersonaForm,
    PeticionForm,
    SolicitudForm,
)

__all__ = [
    "ConsentimientoForm",
    "ContinuarForm",
    "EnlaceForm",
    "FormularioDeCampos",
    "InicioForm",
    "PersonaForm",
    "PeticionForm",
    "SolicitudForm",
    "formulario_de",
]
