from django.db import models
from django.utils import timezone


class TextoDeConsentimiento(models.Model):
    """What people accept about their data (Ley 1581 de 2012, art. 9). Each row is a version: none changes."""

    texto = models.TextField(max_length=3000)
    rige_desde = models.DateTimeField("rige desde", default=timezone.now)

    class Meta:
        verbose_name = "texto de consentimiento"
        verbose_name_plural = "textos de consentimiento"
        ordering = ["-rige_desde", "-pk"]

    def __str__(self):
        return f"Versión {self.pk}, desde el {timezone.localtime(self.rige_desde):%d/%m/%Y}"

    @classmethod
    def vigente(cls, en=None) -> "TextoDeConsentimiento":
        """The one in force. Raises DoesNotExist when none was loaded."""
        return (
            cls.objects.filter(rige_desde__lte=en or timezone.now()).order_by("-rige_desde", "-pk")[:1].get()
        )
