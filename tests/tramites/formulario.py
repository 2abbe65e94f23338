"""What a browser would send: the values of a form of a page, as they are shown."""

from html.parser import HTMLParser

from django.http import QueryDict


class _Lector(HTMLParser):
    """Collects the successful controls of the form that has the attribute asked for."""

    def __init__(self, atributo: str) -> None:
        super().__init__()
        self.atributo, self.dentro = atributo, False
        self.datos = QueryDict(mutable=True)
        self._texto: list[str] | None = None
        self._lista: tuple[str, list[tuple[str, bool]]] | None = None
        self._nombre = ""

    def handle_starttag(self, tag, attrs):
        campos = dict(attrs)
        if tag == "form":
            self.dentro = self.atributo in campos
        if not self.dentro:
            return
        if tag == "input":
            self._entrada(campos)
        elif tag == "textarea":
            self._nombre, self._texto = campos["name"], []
        elif tag == "select":
            self._lista = (campos["name"], [])
        elif tag == "option" and self._lista:
            self._lista[1].append((campos.get("value", ""), "selected" in campos))

    def _entrada(self, campos: dict) -> None:
        if campos.get("type") in {"submit", "file"}:
            return
        if campos.get("type") in {"checkbox", "radio"} and "checked" not in campos:
            return
        valor = campos.get("value", "on" if campos.get("type") == "checkbox" else "")
        self.datos.appendlist(campos["name"], valor)

    def handle_data(self, data):
        if self._texto is not None:
            self._texto.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.dentro = False
        elif tag == "textarea" and self._texto is not None:
            self.datos.appendlist(self._nombre, "".join(self._texto).removeprefix("\n"))
            self._texto = None
        elif tag == "select" and self._lista:
            nombre, opciones = self._lista
            elegidas = [valor for valor, elegida in opciones if elegida] or [opciones[0][0]]
            self.datos.setlist(nombre, elegidas)
            self._lista = None


def leer_formulario(html: str, atributo: str = "data-hoja") -> QueryDict:
    lector = _Lector(atributo)
    lector.feed(html)
    return lector.datos
