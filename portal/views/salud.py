from django.db import Error, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import rutinas


@require_safe
@never_cache
def salud(request):
    """200 only if the database answers, 503 otherwise; and how the rutinas are going."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        estados = rutinas.estado()
    except Error:
        return JsonResponse({"estado": "mal", "base": False}, status=503)
    return JsonResponse({"estado": "bien", "base": True, "rutinas": estados})
