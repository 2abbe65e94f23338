app_name = "participacion"

urlpatterns: list = []
