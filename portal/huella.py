"""The hash of what is signed or frozen."""

import hashlib
import json
from typing import Any


def huella_de(contenido: Any) -> str:
    """SHA-256, in hexadecimal, of its JSON: the same whatever the order in which it was built."""
    canonico = json.dumps(contenido, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonico.encode()).hexdigest()
