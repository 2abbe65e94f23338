"""PDF from the same HTML that is printed, where the machine can draw it."""

from functools import cache
from types import ModuleType

from PIL import ImageFile


@cache
def hay_pdf() -> bool:
    """Whether this machine can make one: WeasyPrint draws with Pango, which not every machine has."""
    try:
        _weasyprint()
    except (ImportError, OSError):
        return False
    return True


def dibujar(html: str) -> bytes:
    """That HTML as a tagged PDF, with the images that it carries in itself (`data:`).

    Nothing is fetched, nor read from the disk: no address is opened.
    """
    weasyprint = _weasyprint()
    sin_salir = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    return weasyprint.HTML(string=html, url_fetcher=sin_salir).write_pdf(pdf_variant="pdf/ua-1")


def _weasyprint() -> ModuleType:
    """Imported when it is needed. On import it tells Pillow to take images cut short: uploads must not be."""
    import weasyprint
    import weasyprint.urls

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint
