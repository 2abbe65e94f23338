/* The editor of hojas de vida works without this. With it, Enter saves where one is, and leaving asks first. */
(() => {
  const hoja = document.querySelector("[data-hoja]");
  if (!hoja) return;
  let cambiada = Boolean(document.querySelector(".resumen--error"));

  hoja.addEventListener("input", () => { cambiada = true; });
  hoja.addEventListener("submit", () => { cambiada = false; });
  hoja.addEventListener("keydown", (tecla) => {
    if (tecla.key !== "Enter" || tecla.target.tagName !== "INPUT") return;
    const guardar = tecla.target.closest(".seccion")?.querySelector("[data-guardar]");
    if (!guardar) return;
    tecla.preventDefault();
    hoja.requestSubmit(guardar);
  });
  window.addEventListener("beforeunload", (salida) => { if (cambiada) salida.preventDefault(); });
})();
