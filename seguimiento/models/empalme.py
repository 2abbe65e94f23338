"""The handover from an administration to the next: who, what was done, and what is handed over."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.flujo import solo_estados
from portal.huella import huella_de
from portal.models import Cargo, PeriodoDeGobierno, Publicacion
from portal.saneado import LineaField
from seguimiento.models.acto import ActoFirmado, ActoQuerySet, firmado_dice_por_quien


class EmpalmeQuerySet(models.QuerySet):
    def en_curso(self, dia=None):
        """Those whose window contains that day (today by default)."""
        dia = dia or timezone.localdate()
        return self.filter(desde__lte=dia, hasta__gte=dia)

    def ultimo_comenzado(self, dia):
        """The last one that had begun by that day, or None."""
        return self.filter(desde__lte=dia).order_by("-desde").first()


class Empalme(models.Model):
    """The handover of a government to the next, in its window: in the plan, 10 to 31 December 2011."""

    saliente = models.OneToOneField(
        PeriodoDeGobierno, models.PROTECT, related_name="empalme_de_salida", verbose_name="gobierno saliente"
    )
    entrante = models.OneToOneField(
        PeriodoDeGobierno, models.PROTECT, related_name="empalme_de_entrada", verbose_name="gobierno entrante"
    )
    desde = models.DateField()
    hasta = models.DateField(help_text="Último día inclusive.")
    acto = models.CharField(
        "acto que lo convoca", max_length=200, blank=True, help_text="Por ejemplo: Decreto 045 de 2027."
    )
    history = HistoricalRecords(verbose_name="historia del empalme")
    objects = EmpalmeQuerySet.as_manager()

    class Meta:
        verbose_name = "empalme"
        ordering = ["-desde"]
        constraints = [
            models.CheckConstraint(
                name="empalme_termina_despues",
                condition=Q(hasta__gte=F("desde")),
                violation_error_message="El empalme no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                name="empalme_entre_dos_gobiernos",
                condition=~Q(saliente=F("entrante")),
                violation_error_message="El gobierno que entra no es el que sale.",
            ),
        ]

    def __str__(self):
        return f"Empalme de la {self.saliente} a la {self.entrante}"

    def get_absolute_url(self):
        return reverse("seguimiento:empalme_publico", args=[self.saliente.slug])

    def clean(self):
        if self.saliente_id and self.entrante_id and self.entrante.desde <= self.saliente.desde:
            raise ValidationError({"entrante": "El gobierno entrante empieza después del saliente."})


class ActividadDeEmpalme(models.Model):
    """A meeting, a delivery or the explanation to the community: who answers, who came and its minutes."""

    class Clase(models.TextChoices):
        REUNION = "reunion", "Reunión de los dos equipos"
        CAPACITACION = "capacitacion", "Capacitación en el portal"
        ENTREGA = "entrega", "Entrega de información o de bienes"
        SOCIALIZACION = "socializacion", "Socialización con la comunidad"

    empalme = models.ForeignKey(Empalme, models.PROTECT, related_name="actividades")
    clase = models.CharField(max_length=15, choices=Clase)
    titulo = LineaField("qué se hará", max_length=200)
    responsable = models.ForeignKey(Cargo, models.PROTECT, related_name="+", verbose_name="cargo responsable")
    fecha = models.DateField()
    lugar = LineaField(max_length=150, blank=True)
    hecha_en = models.DateField("se hizo el", null=True, blank=True)
    asistentes_de_la_comunidad = models.PositiveIntegerField(
        "cuántas personas de la comunidad asistieron", null=True, blank=True
    )
    acta = models.TextField("acta: qué se trató y qué se acordó", blank=True)
    acta_huella = models.CharField(max_length=64, blank=True, editable=False)
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    history = HistoricalRecords(verbose_name="historia de la actividad de empalme")

    class Meta:
        verbose_name = "actividad de empalme"
        verbose_name_plural = "actividades de empalme"
        ordering = ["fecha", "pk"]
        constraints = [
            models.CheckConstraint(
                name="actividad_de_empalme_hecha_con_acta",
                condition=Q(hecha_en=None, acta="") | Q(hecha_en__isnull=False) & ~Q(acta=""),
                violation_error_message="Una actividad que se hizo tiene su fecha y su acta.",
            )
        ]

    def __str__(self):
        return self.titulo

    def huella_del_acta(self) -> str:
        """Of what the minutes say and of who was there."""
        asistencia = self.asistencia.order_by("pk").values_list("nombre", "en_calidad_de")
        return huella_de(
            {
                "titulo": self.titulo,
                "hecha_en": self.hecha_en.isoformat() if self.hecha_en else "",
                "acta": self.acta,
                "asistencia": [list(fila) for fila in asistencia],
                "comunidad": self.asistentes_de_la_comunidad,
            }
        )


class FuncionarioEntranteQuerySet(models.QuerySet):
    def vinculados(self, dia=None):
        """Those who took part by the end of that day (today by default)."""
        return self.filter(vinculado_en__lte=dia or timezone.localdate())


class FuncionarioEntrante(models.Model):
    """Somebody of the new administration, by post, and since when they take part in Gobierno en Línea."""

    class Vinculo(models.TextChoices):
        CAPACITACION = "capacitacion", "Asistió a una capacitación en el portal"
        CUENTA = "cuenta", "Ya tiene su cuenta y su cargo en el portal"
        COMITE = "comite", "Entró al Comité GEL-T"

    empalme = models.ForeignKey(Empalme, models.PROTECT, related_name="funcionarios")
    cargo = models.ForeignKey(Cargo, models.PROTECT, related_name="+")
    nombre = LineaField(max_length=150)
    correo = models.EmailField(blank=True)
    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cuenta en el portal",
    )
    vinculado_en = models.DateField("vinculado desde", null=True, blank=True)
    vinculo = models.CharField("cómo se vinculó", max_length=15, choices=Vinculo, blank=True)
    actividad = models.ForeignKey(
        ActividadDeEmpalme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vinculados",
        verbose_name="en qué actividad",
    )
    history = HistoricalRecords(verbose_name="historia del funcionario entrante")
    objects = FuncionarioEntranteQuerySet.as_manager()

    class Meta:
        verbose_name = "funcionario entrante"
        verbose_name_plural = "funcionarios entrantes"
        ordering = ["cargo__orden", "cargo__nombre", "nombre"]
        constraints = [
            models.UniqueConstraint(
                name="un_entrante_por_cargo",
                fields=["empalme", "cargo", "nombre"],
                violation_error_message="Esa persona ya está en ese cargo.",
            ),
            models.CheckConstraint(
                name="entrante_vinculado_dice_como",
                condition=Q(vinculado_en=None, vinculo="", actividad=None)
                | Q(vinculado_en__isnull=False) & ~Q(vinculo=""),
                violation_error_message="Diga cómo se vinculó y desde cuándo.",
            ),
            models.CheckConstraint(
                name="entrante_capacitado_en_una_actividad",
                condition=~Q(vinculo="capacitacion") | Q(actividad__isnull=False),
                violation_error_message="Diga en qué capacitación.",
            ),
        ]

    def __str__(self):
        return f"{self.nombre}, {self.cargo}"


class Asistencia(models.Model):
    """An official, of those who leave or of those who come, who was at an activity."""

    actividad = models.ForeignKey(ActividadDeEmpalme, models.CASCADE, related_name="asistencia")
    nombre = LineaField(max_length=150)
    en_calidad_de = LineaField("en calidad de", max_length=150)
    entrante = models.ForeignKey(
        FuncionarioEntrante, models.PROTECT, null=True, blank=True, related_name="asistencias"
    )

    class Meta:
        verbose_name = "asistente"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="asistente_una_vez",
                fields=["actividad", "nombre"],
                violation_error_message="Esa persona ya está en la lista.",
            )
        ]

    def __str__(self):
        return f"{self.nombre}, {self.en_calidad_de}"


class DocumentoDeEmpalme(ActoFirmado):
    """What is handed over, assembled from the records."""

    class Estado(models.TextChoices):
        CONGELADO = "congelado", "Por firmar"
        FIRMADO = "firmado", "Firmado"
        REEMPLAZADO = "reemplazado", "Reemplazado por otro"

    empalme = models.ForeignKey(Empalme, models.PROTECT, related_name="documentos")
    estado = models.CharField(max_length=12, choices=Estado, default=Estado.CONGELADO)
    congelado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    publicacion = models.OneToOneField(
        Publicacion, models.PROTECT, null=True, blank=True, related_name="documento_de_empalme"
    )
    objects = ActoQuerySet.as_manager()

    class Meta:
        verbose_name = "documento de empalme"
        verbose_name_plural = "documentos de empalme"
        ordering = ["-anio", "-consecutivo"]
        constraints = [
            solo_estados("documento_de_empalme_estado_conocido", "congelado", "firmado", "reemplazado"),
            models.UniqueConstraint(name="documento_de_empalme_numero_unico", fields=["anio", "consecutivo"]),
            models.UniqueConstraint(
                name="un_documento_de_empalme_por_firmar",
                fields=["empalme"],
                condition=Q(estado="congelado"),
            ),
            firmado_dice_por_quien(
                "documento_de_empalme_firmado_dice_por_quien", estado__in=["congelado", "reemplazado"]
            ),
        ]

    def __str__(self):
        return f"Documento de empalme {self.numero}"

    def get_absolute_url(self):
        return reverse("seguimiento:documento_de_empalme", args=self._direccion)

    def url_en_el_panel(self) -> str:
        """Its page at the desk, where it is observed and signed."""
        return reverse("seguimiento:empalme_documento", args=self._direccion)

    @property
    def _direccion(self) -> tuple[str, int, int]:
        return self.empalme.saliente.slug, self.anio, self.consecutivo

    def lo_que_dicen(self) -> list[list[Any]]:
        """What each team observed."""
        return [list(fila) for fila in self.observaciones.values_list("equipo", "texto", "firma")]

    def lo_que_se_firma(self) -> dict[str, Any]:
        return {"observaciones": self.lo_que_dicen()}


class ObservacionDeEmpalme(models.Model):
    """What a team observes of the document before it is signed. Then PostgreSQL lets nobody touch it."""

    class Equipo(models.TextChoices):
        SALIENTE = "saliente", "Equipo saliente"
        ENTRANTE = "entrante", "Equipo entrante"

    documento = models.ForeignKey(DocumentoDeEmpalme, models.PROTECT, related_name="observaciones")
    equipo = models.CharField(max_length=10, choices=Equipo)
    texto = models.TextField("observación", max_length=2000)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    firma = models.CharField("de quién es, como se llamaba", max_length=400)
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "observación del empalme"
        verbose_name_plural = "observaciones del empalme"
        ordering = ["en", "pk"]

    def __str__(self):
        return f"{self.get_equipo_display()}: {self.texto[:60]}"
