from conectividad.admin import enlaces

__all__ = ["enlaces"]
