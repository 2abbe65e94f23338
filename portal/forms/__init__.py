"""The forms of the site, and what those of every room share."""

from portal.forms.busqueda import BusquedaForm

__all__ = ["BusquedaForm"]
