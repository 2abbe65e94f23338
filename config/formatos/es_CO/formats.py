"""How Colombians write dates: Django's own `es_CO` shows `j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i`."""

DATE_FORMAT = r"j \d\e F \d\e Y"
TIME_FORMAT = "g:i\xa0a"  # «2:53 p. m.» is never split
DATETIME_FORMAT = "j \\d\\e F \\d\\e Y, g:i\xa0a"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
