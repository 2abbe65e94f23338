"""What people answered, and apart from it, what keeps anybody from answering twice.

Nothing joins the two: keys are random, of an answer only its day is kept, and what was spent to answer
(the form, a code) is kept in another table without a moment.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from participacion.models.consulta import Consulta, Opcion, Pregunta


class HojaQuerySet(models.QuerySet):
    def sin_digitar(self):
        """Those that nobody entered nor annulled."""
        return self.filter(digitada_en=None, anulada_motivo="")


class Hoja(models.Model):
    """A paper sheet with its number, entered once. Its answer names it: the sheet can be checked."""

    consulta = models.ForeignKey(Consulta, models.PROTECT, related_name="hojas")
    numero = models.PositiveIntegerField("número")
    impresa_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    impresa_en = models.DateTimeField(default=timezone.now)
    digitada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    digitada_en = models.DateTimeField(null=True, blank=True)
    anulada_motivo = models.CharField("por qué no cuenta", max_length=200, blank=True)
    objects = HojaQuerySet.as_manager()

    class Meta:
        verbose_name = "hoja"
        ordering = ["consulta", "numero"]
        constraints = [
            models.UniqueConstraint(name="hoja_de_consulta_unica", fields=["consulta", "numero"]),
            models.CheckConstraint(
                name="hoja_digitada_completa",
                condition=Q(digitada_por=None, digitada_en=None)
                | Q(digitada_por__isnull=False, digitada_en__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Hoja {self.numero:04}"


class Respuesta(models.Model):
    """A whole answer. PostgreSQL lets nobody change it nor erase it."""

    class Origen(models.TextChoices):
        WEB = "web", "Por la página"
        PAPEL = "papel", "En papel"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    consulta = models.ForeignKey(Consulta, models.PROTECT, related_name="respuestas")
    origen = models.CharField(max_length=5, choices=Origen, default=Origen.WEB)
    dia = models.DateField("día", default=timezone.localdate)
    hoja = models.OneToOneField(Hoja, models.PROTECT, null=True, blank=True, related_name="respuesta")

    class Meta:
        verbose_name = "respuesta"
        constraints = [
            models.CheckConstraint(
                name="respuesta_de_papel_con_hoja",
                condition=Q(origen="papel", hoja__isnull=False) | Q(origen="web", hoja=None),
            )
        ]
        indexes = [models.Index(fields=["consulta", "dia"], name="respuesta_por_dia")]

    def __str__(self):
        return f"{self.consulta}, {self.dia}"


class Eleccion(models.Model):
    """What an answer says to a question: an option (with its place, if ordered), a number or a text."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    respuesta = models.ForeignKey(Respuesta, models.PROTECT, related_name="elecciones")
    pregunta = models.ForeignKey(Pregunta, models.PROTECT, related_name="elecciones")
    opcion = models.ForeignKey(Opcion, models.PROTECT, null=True, blank=True, related_name="elecciones")
    valor = models.PositiveSmallIntegerField(null=True, blank=True)
    texto = models.TextField(max_length=1000, blank=True)

    class Meta:
        verbose_name = "elección"
        verbose_name_plural = "elecciones"
        constraints = [
            models.UniqueConstraint(
                name="eleccion_unica", fields=["respuesta", "pregunta", "opcion"], nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["pregunta", "opcion"], name="eleccion_por_opcion")]

    def __str__(self):
        return str(self.opcion or self.valor or self.texto)


class Gastado(models.Model):
    """What was already used to answer: the hash of a form that was sent. Says nothing of the answer."""

    consulta = models.ForeignKey(Consulta, models.CASCADE, related_name="+")
    huella = models.CharField(max_length=64, primary_key=True)

    class Meta:
        verbose_name = "formulario ya usado"
        verbose_name_plural = "formularios ya usados"

    def __str__(self):
        return self.huella[:8]


class Codigo(models.Model):
    """A one-use code for a consulta that not everybody answers. Only its keyed hash is kept."""

    consulta = models.ForeignKey(Consulta, models.CASCADE, related_name="codigos")
    huella = models.CharField(max_length=64, primary_key=True)
    usado = models.BooleanField(default=False)

    class Meta:
        verbose_name = "código de un solo uso"
        verbose_name_plural = "códigos de un solo uso"

    def __str__(self):
        return self.huella[:8]


class Rechazo(models.Model):
    """How many answers of a day were refused, and why: nobody's address, only the count."""

    class Causa(models.TextChoices):
        REPETIDA = "repetida", "Ya había respondido"
        AUTOMATICA = "automatica", "Parece de un programa automático"
        MUCHAS = "muchas", "Demasiadas desde una misma conexión"
        FUERA = "fuera", "La consulta no estaba abierta"
        CODIGO = "codigo", "Código que no existe o ya se usó"

    consulta = models.ForeignKey(Consulta, models.CASCADE, related_name="rechazos")
    dia = models.DateField("día", default=timezone.localdate)
    causa = models.CharField(max_length=10, choices=Causa)
    veces = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "rechazo"
        constraints = [
            models.UniqueConstraint(name="rechazo_unico", fields=["consulta", "dia", "causa"]),
        ]

    def __str__(self):
        return f"{self.get_causa_display()}: {self.veces}"

    @classmethod
    def contar(cls, consulta: Consulta, causa: str) -> None:
        """One more, however many at once."""
        fila, _nueva = cls.objects.get_or_create(consulta=consulta, dia=timezone.localdate(), causa=causa)
        cls.objects.filter(pk=fila.pk).update(veces=F("veces") + 1)
