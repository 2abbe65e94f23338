from portal.sitio import sitio_de


def sitio(request):
    """`sitio` in every template; see `portal.sitio`."""
    return {"sitio": sitio_de(request)}
