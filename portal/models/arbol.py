from django.core.exceptions import ValidationError


def exigir_sin_circulo(nodo, mensaje: str) -> None:
    """Raise ValidationError on `padre` when going up from `nodo` comes back to it."""
    superior = nodo.padre
    while superior is not None:
        if superior.pk == nodo.pk:
            raise ValidationError({"padre": mensaje})
        superior = superior.padre
