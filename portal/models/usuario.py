from django.contrib.auth.models import AbstractUser


class Usuario(AbstractUser):
    """A person who enters. What they may publish comes from their posts, never from the user row."""

    class Meta(AbstractUser.Meta):
        verbose_name = "usuario"
        verbose_name_plural = "usuarios"

    def __str__(self):
        return self.get_full_name() or self.username
