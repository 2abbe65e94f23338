/* The editor in Spanish. Its dialogs ask `gettext` when it loads; its menu is written in English, so it is
   read and said again; and its text box gets the name of its field, which it does not have by itself. */
"use strict";
(() => {
  const palabras = {
    "Add column": "Agregar columna", "Add row": "Agregar fila", "Bullets": "Viñetas", "Cancel": "Cancelar",
    "Columns": "Columnas", "Decimal numbers": "Números", "Delete column": "Quitar columna",
    "Delete row": "Quitar fila", "Delete table": "Quitar tabla", "Edit Link": "Enlace",
    "Heading 2": "Título de sección", "Heading 3": "Subtítulo", "Heading 4": "Subtítulo menor",
    "Include header row": "Con fila de encabezado", "Insert": "Insertar", "Insert Table": "Insertar una tabla",
    "Insert table": "Insertar una tabla", "List properties": "Clase de lista", "List type": "Clase de lista",
    "Lowercase Roman numerals": "Romanos en minúscula", "Lowercase letters": "Letras minúsculas",
    "Merge cells": "Unir celdas", "Merge/split cells": "Unir o dividir celdas",
    "Open in new window": "Abrir en otra ventana", "Paragraph": "Párrafo", "Rows": "Filas",
    "Split cell": "Dividir celda", "Start at": "Empieza en", "Table Properties": "Tabla", "Title": "Título",
    "Toggle header cell": "Celda de encabezado", "Toggle header row": "Fila de encabezado",
    "Toggle header column": "Columna de encabezado", "URL": "Dirección de internet", "Update": "Actualizar",
    "Uppercase Roman numerals": "Romanos en mayúscula", "Uppercase letters": "Letras mayúsculas",
    "blockquote": "Cita", "bold": "Negrita", "heading 2": "Título de sección", "heading 3": "Subtítulo",
    "heading 4": "Subtítulo menor", "horizontal rule": "Línea", "insert link": "Enlace", "italic": "Cursiva",
    "ordered list": "Lista con números", "paragraph": "Párrafo", "redo": "Rehacer", "remove link": "Quitar el enlace",
    "subscript": "Subíndice", "superscript": "Superíndice", "undo": "Deshacer", "unordered list": "Lista con viñetas",
  };
  const anterior = window.gettext || ((texto) => texto);
  window.gettext = (texto) => palabras[texto] || anterior(texto);

  const traducir = (menu) => {
    for (const boton of menu.querySelectorAll("[title]")) {
      const dicho = palabras[boton.title];
      if (dicho) { boton.title = dicho; boton.setAttribute("aria-label", dicho); }
    }
    for (const opcion of menu.querySelectorAll(".prose-menubar__option > *")) {
      const dicho = palabras[opcion.textContent];
      if (dicho) opcion.textContent = dicho;
    }
  };
  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const etiqueta = document.querySelector(`label[for="${textarea.id}"]`);
    if (etiqueta) editor.view.dom.setAttribute("aria-label", etiqueta.textContent.replace(/:\s*$/, ""));
    editor.view.dom.setAttribute("aria-multiline", "true");
    // The menu comes a moment after the text box, and is drawn again as one writes.
    const caja = editor.view.dom.closest(".prose-editor");
    if (!caja) return;
    traducir(caja);
    new MutationObserver(() => traducir(caja)).observe(caja, { childList: true, subtree: true });
  });
})();
