from ventanilla.admin import catalogos, formularios  # they register themselves

__all__ = ["catalogos", "formularios"]
