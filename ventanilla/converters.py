class NumeroDeRadicado:
    """`2026-000123-E`, as it is in the book."""

    regex = r"[0-9]{4}-[0-9]{6}-[ES]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
