/* The words of the editor's dialogs in Spanish; it asks `gettext` for each when it loads. */
"use strict";
(() => {
  const palabras = {
    "Bullets": "Viñetas", "Cancel": "Cancelar", "Columns": "Columnas", "Decimal numbers": "Números",
    "Edit HTML": "Editar el HTML", "Edit Link": "Enlace", "Include header row": "Con fila de encabezado",
    "Insert": "Insertar", "Insert Table": "Insertar una tabla", "List properties": "Clase de lista",
    "List type": "Clase de lista", "Lowercase Roman numerals": "Romanos en minúscula",
    "Lowercase letters": "Letras minúsculas", "Open in new window": "Abrir en otra ventana",
    "Prettify": "Ordenar", "Rows": "Filas", "Start at": "Empieza en", "Table Properties": "Tabla",
    "Title": "Título", "Toggle fullscreen": "Pantalla completa", "URL": "Dirección de internet",
    "Update": "Actualizar", "Uppercase Roman numerals": "Romanos en mayúscula",
    "Uppercase letters": "Letras mayúsculas",
  };
  const anterior = window.gettext || ((texto) => texto);
  window.gettext = (texto) => palabras[texto] || anterior(texto);
})();
