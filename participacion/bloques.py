"""What other modules of the room show on the pages of consultas. Each adds its functions in `ready()`."""

from collections.abc import Callable
from typing import Any

from participacion.models import Consulta

#: (request, consulta) → safe HTML at the end of the page of a public consulta; "" for nothing.
EN_LA_CONSULTA: list[Callable[[Any, Consulta], str]] = []
#: (request) → safe HTML at the end of the hub, `/participa/`; "" for nothing.
EN_PARTICIPA: list[Callable[[Any], str]] = []
#: (consulta) → safe HTML, with the tags that any text may have, added to the draft of its outcome.
EN_EL_RESULTADO: list[Callable[[Consulta], str]] = []
#: (request, consulta) → safe HTML on the page of a consulta at the desk; "" for nothing.
EN_EL_ESCRITORIO: list[Callable[[Any, Consulta], str]] = []
