from PIL import ImageFile

from portal import pdf


def test_drawing_does_not_make_uploads_take_images_cut_short():
    """WeasyPrint tells Pillow so, for the whole process; what people upload is asked for more."""
    hecho = pdf.dibujar('<html lang="es"><head><title>Prueba</title></head><body><p>Hola</p></body></html>')

    assert hecho.startswith(b"%PDF")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
