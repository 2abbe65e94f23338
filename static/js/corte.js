/* A cut written without a line stays in this device and is sent when the line comes back, once: each carries a
   key, and the server keeps one row for each key. Without this script the form works as any other. */
"use strict";
(() => {
  const caja = document.querySelector("[data-pendientes]");
  if (!caja) return;
  const ENVIANDO = "Enviando…", SIN_LINEA = "Todavía no hay conexión.";
  const LISTA = "cortes-sin-enviar", ESPERA = 20000, CINCO_MINUTOS = 300000, UN_MINUTO = 60000, EN_BOGOTA = 5 * 3600000;
  const { formulario, quien } = caja.dataset;
  const form = document.querySelector("[data-corte]");
  const titulo = caja.querySelector("h2"), lista = document.createElement("ul"), dicho = caja.querySelector("[role=status]");
  const boton = caja.querySelector("button");
  titulo.after(lista);
  const aviso = form?.querySelector("[data-aviso]");
  // How far ahead of the server the clock of this device is: its hours are corrected by it.
  const desfase = Date.now() - Date.parse(caja.dataset.ahora);
  const ahora = () => Date.now() - (Math.abs(desfase) > CINCO_MINUTOS ? desfase : 0);
  const paraLaCaja = () => new Date(ahora() - EN_BOGOTA).toISOString().slice(0, 16);
  let ocupado = false;

  // --- What is kept here -----------------------------------------------------------------------
  const leer = () => { try { return JSON.parse(localStorage.getItem(LISTA)) || []; } catch { return []; } };
  const guardar = (cortes) => localStorage.setItem(LISTA, JSON.stringify(cortes));
  const poner = (corte) => guardar([...leer().filter((otro) => otro.clave !== corte.clave), corte]);
  const sacar = (corte) => guardar(leer().filter((otro) => otro.clave !== corte.clave));
  const mios = () => leer().filter((corte) => corte.quien === quien);

  const nuevaClave = () => {
    const octetos = crypto.getRandomValues(new Uint8Array(16));
    octetos[6] = octetos[6] & 15 | 64;
    octetos[8] = octetos[8] & 63 | 128;
    return [...octetos].map((octeto) => octeto.toString(16).padStart(2, "0")).join("");
  };

  const elemento = (nombre, texto, alOprimir) => {
    const nodo = document.createElement(nombre);
    nodo.textContent = texto;
    if (alOprimir) {
      nodo.type = "button";
      nodo.className = "boton boton--claro";
      nodo.addEventListener("click", alOprimir);
    }
    return nodo;
  };

  const pintar = () => {
    const cortes = mios(), ajenos = leer().length - cortes.length;
    titulo.textContent = cortes.length ? "Guardado en este teléfono, sin enviar" : "Nada queda por enviar";
    boton.hidden = !cortes.length;
    lista.replaceChildren(...cortes.map((corte) => {
      const fila = elemento("li", corte.resumen + (corte.error ? ` No se aceptó: ${corte.error} ` : " "));
      if (corte.error) {
        if (form) fila.append(elemento("button", "Corregirlo", () => devolver(corte)), " ");
        fila.append(elemento("button", "Quitarlo", () => { sacar(corte); pintar(); }));
      }
      return fila;
    }));
    if (ajenos) lista.append(elemento("li", `Otra persona dejó ${ajenos} sin enviar: se envían cuando entre con su usuario.`));
    if (cortes.length || ajenos) caja.hidden = false;
  };

  // --- Sending ---------------------------------------------------------------------------------
  const pedir = (opciones) => fetch(formulario, { ...opciones, signal: AbortSignal.timeout(ESPERA) });
  const mandar = (corte, ficha) => pedir({
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams([...corte.campos, ["csrfmiddlewaretoken", ficha]]),
  });
  /* Nothing when nobody is inside, or somebody else is: a cut goes to the log with the name of who wrote it. */
  const fichaNueva = async () => {
    const pagina = new DOMParser().parseFromString(await (await pedir({})).text(), "text/html");
    if (pagina.querySelector("[data-pendientes]")?.dataset.quien !== quien) return "";
    return pagina.querySelector("[data-corte] [name=csrfmiddlewaretoken]")?.value;
  };

  /* What became of it: {url} when it is in the log, {error} when it was refused, {sesion} when one must enter
     again, and nothing when there was no line. */
  const enviar = async (corte, ficha) => {
    try {
      let respuesta = ficha ? await mandar(corte, ficha) : null;
      if (!respuesta || respuesta.status === 403) {
        const otra = await fichaNueva();
        if (!otra) return { sesion: true };
        respuesta = await mandar(corte, otra);
      }
      if (respuesta.status === 401) return { sesion: true };
      if (respuesta.ok) return await respuesta.json();
      if (respuesta.status === 422) {
        const { errores } = await respuesta.json();
        return { error: Object.entries(errores).map(([campo, que]) => `${campo ? `${campo}: ` : ""}${que.join(" ")}`).join(" ") };
      }
      return respuesta.status === 403 ? { error: "Usted no puede anotar cortes." } : {};
    } catch {
      return {};
    }
  };

  /* Quiet when nobody asked: it says nothing while there is still no line. */
  const enviarTodos = async (callado = false) => {
    const porEnviar = mios().filter((uno) => !uno.error);
    if (ocupado || (callado && !porEnviar.length) || !mios().length) return;
    ocupado = true;
    if (!callado) dicho.textContent = ENVIANDO;
    const enviados = [];
    let final = "";
    for (const corte of porEnviar) {
      const { url, texto, error, sesion } = await enviar(corte);
      if (url) {
        sacar(corte);
        enviados.push([url, texto]);
      } else if (error) {
        poner({ ...corte, error });
      } else {
        final = sesion ? "Su sesión terminó. Entre de nuevo: lo escrito sigue guardado. " : SIN_LINEA;
        if (sesion) clearInterval(reintentos);
        break;
      }
    }
    ocupado = false;
    pintar();
    if (callado && !enviados.length && final === SIN_LINEA) return;
    dicho.replaceChildren(final);
    if (final.startsWith("Su sesión")) dicho.append(enlace(`/admin/login/?next=${encodeURIComponent(formulario)}`, "Entrar"));
    for (const [url, texto] of enviados) dicho.append("Enviado: ", enlace(url, texto), ". ");
  };

  const enlace = (url, texto) => Object.assign(elemento("a", texto), { href: url });

  // --- The form --------------------------------------------------------------------------------
  const recoger = () => {
    form.elements.anotado_en.value = new Date(ahora()).toISOString();
    if (form.elements.termino.value === "sigue") form.elements.fin.value = "";
    const datos = new FormData(form);
    datos.delete("csrfmiddlewaretoken");
    const cual = form.elements.enlace;
    const nombre = cual.options ? cual.selectedOptions[0]?.text || "" : document.querySelector(".corte__enlace").textContent;
    const [dia, hora] = datos.get("inicio").split("T");
    return {
      clave: datos.get("clave"),
      quien,
      resumen: `${nombre.trim()}, se cayó el ${dia.split("-").reverse().join("/")} a las ${hora}.`,
      campos: [...datos],
    };
  };

  const empezarOtro = () => {
    form.reset();
    form.elements.clave.value = nuevaClave();
    form.elements.inicio.value = paraLaCaja();
  };

  /* A refused one goes back to the form as it was written, to be corrected. */
  const devolver = (corte) => {
    const datos = new Map();
    for (const [campo, valor] of corte.campos) datos.set(campo, [...(datos.get(campo) || []), valor]);
    for (const campo of form.elements) {
      const valores = datos.get(campo.name);
      if (campo.name === "csrfmiddlewaretoken" || !campo.name) continue;
      if (campo.type === "checkbox" || campo.type === "radio") campo.checked = Boolean(valores?.includes(campo.value));
      else if (valores) campo.value = valores[0];
    }
    sacar(corte);
    pintar();
    form.querySelector("details").open = true;
    form.elements.inicio.focus();
  };

  const falta = () => {
    if (!form.elements.inicio.value) return [form.elements.inicio, "Escriba cuándo se cayó."];
    const volvio = form.elements.termino.value === "volvio";
    return volvio && !form.elements.fin.value ? [form.elements.fin, "Escriba cuándo volvió."] : null;
  };

  const alEnviar = async (evento) => {
    evento.preventDefault();
    if (ocupado) {
      if (aviso.textContent !== ENVIANDO) aviso.textContent = "Se está enviando lo que faltaba: oprima otra vez en unos segundos.";
      return;
    }
    const vacio = falta();
    if (vacio) {
      aviso.textContent = vacio[1];
      vacio[0].focus();
      return;
    }
    const corte = recoger();
    try { poner(corte); } catch { form.submit(); return; }
    ocupado = true;
    aviso.textContent = ENVIANDO;
    const { url, error, sesion } = await enviar(corte, form.elements.csrfmiddlewaretoken.value);
    ocupado = false;
    if (url || error) sacar(corte);
    if (url) { location.assign(url); return; }
    if (error) { form.submit(); return; } // the page says it beside each field
    aviso.textContent = "";
    empezarOtro();
    pintar();
    dicho.textContent = sesion ? "Su sesión terminó: entre de nuevo y se enviará." : "No hay conexión. Se enviará solo cuando vuelva.";
    titulo.tabIndex = -1;
    titulo.focus();
  };

  if (form) {
    form.addEventListener("submit", alEnviar);
    form.addEventListener("change", ({ target }) => {
      if (target.name === "termino" && target.value === "volvio" && !form.elements.fin.value) form.elements.fin.value = paraLaCaja();
    });
    if (Math.abs(desfase) > CINCO_MINUTOS) {
      const minutos = Math.round(Math.abs(desfase) / 60000);
      aviso.textContent = `El reloj de este teléfono va ${minutos} minutos ${desfase > 0 ? "adelantado" : "atrasado"}. Revise las horas antes de anotar.`;
    }
  }
  boton.addEventListener("click", () => enviarTodos());
  window.addEventListener("online", () => enviarTodos());
  // A phone that stays in the Wi-Fi of a house without internet is never told that the line came back.
  const reintentos = setInterval(enviarTodos, UN_MINUTO, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) enviarTodos(true); });
  pintar();
  enviarTodos();
})();
