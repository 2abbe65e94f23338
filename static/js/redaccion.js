/* What is written and not yet saved in the portal stays in this device, and comes back. A copy is erased only
   when the portal says that it has it. Each page says every twenty seconds that it is open, so that others know.
   Without this script the form works as any other. */
"use strict";
(() => {
  const PREFIJO = "texto-sin-guardar:", UN_MES = 30 * 86400000;
  const ESPERA = 1500, PULSO = 20000, PACIENCIA = 8000, ANCHO = 60;
  // Of a file: `adjuntos-0-alt`, and `initial-adjuntos-0-alt`, what it said before.
  const DE_UNA_FILA = /^(initial-)?(.+)-(\d+|nueva|__prefix__)-(\w+)$/, DE_LA_MAQUINA = /^(initial-|clave$)|__prefix__|_FORMS$|-(id|version|DELETE|foco|orden)$/;
  const editores = new Map();
  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    editores.set(textarea.name, editor);
    if (location.hash === `#${textarea.id}`) editor.commands.focus();
  });

  // --- The copies of this device ---------------------------------------------------------------
  const copias = () => Object.keys(localStorage).filter((llave) => llave.startsWith(PREFIJO)).flatMap((llave) => {
    try { return [{ llave, ...JSON.parse(localStorage.getItem(llave)) }]; } catch { return []; }
  }).sort((una, otra) => otra.cuando - una.cuando);
  const borrar = (llave) => localStorage.removeItem(llave);
  const cuando = (instante) => new Date(instante).toLocaleString("es-CO", { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });

  const elemento = (nombre, texto = "", atributos = {}) => Object.assign(document.createElement(nombre), { textContent: texto }, atributos);
  const boton = (texto, alOprimir, clase = "boton boton--claro") => {
    const nodo = elemento("button", texto, { type: "button", className: clase });
    nodo.addEventListener("click", alOprimir);
    return nodo;
  };

  const descartar = (copia, aviso) => {
    const nodo = boton("Descartarlo", () => {
      if (nodo.dataset.seguro) { borrar(copia.llave); aviso.remove(); return; }
      nodo.dataset.seguro = "si";
      nodo.textContent = "Sí, descartarlo del todo";
    });
    return nodo;
  };

  const olvidarLoRecibido = () => {
    for (const { className } of document.querySelectorAll("[class*=guardado-]")) {
      const recibido = className.match(/\bguardado-([0-9a-f]{32})\b/);
      if (recibido) borrar(PREFIJO + recibido[1]);
    }
    for (const { llave, cuando: desde } of copias()) if (Date.now() - desde > UN_MES) borrar(llave);
  };

  // --- What differs, said without colour ---------------------------------------------------------
  const enPalabras = (valor) => {
    if (!/<\w/.test(valor)) return valor.replace(/\s+/g, " ").trim();
    const cuerpo = new DOMParser().parseFromString(valor.replace(/<\/(p|h\d|li|t[dh]|blockquote)>|<br>/g, " $&"), "text/html").body;
    return cuerpo.textContent.replace(/\s+/g, " ").trim();
  };
  /* A bold word or where a link leads is also text of somebody; what the portal adds to a link is not. */
  const conFormato = (valor) => {
    if (!/<\w/.test(valor)) return enPalabras(valor);
    const cuerpo = new DOMParser().parseFromString(valor, "text/html").body;
    for (const nodo of cuerpo.querySelectorAll("a, td, th")) for (const suyo of ["rel", "target", "class", "colspan", "rowspan", "colwidth"]) {
      if (!/span$/.test(suyo) || nodo.getAttribute(suyo) === "1") nodo.removeAttribute(suyo);
    }
    return cuerpo.innerHTML.replace(/\s+/g, " ").trim();
  };
  const enParrafos = (valor) => (/<\w/.test(valor) ? new DOMParser().parseFromString(valor.replace(/<\/(p|h\d|li|tr)>|<br>/g, "$&\n"), "text/html").body.textContent : valor).trim();
  /* The stretch that is not the same: where both start and end alike is left out but for a little around. */
  const tramo = (uno, otro) => {
    let desde = 0, hasta = 0;
    while (desde < Math.min(uno.length, otro.length) && uno[desde] === otro[desde]) desde += 1;
    while (hasta < Math.min(uno.length, otro.length) - desde && uno[uno.length - 1 - hasta] === otro[otro.length - 1 - hasta]) hasta += 1;
    const recorte = (texto) => {
      const antes = texto.slice(Math.max(0, desde - ANCHO), desde), despues = texto.slice(texto.length - hasta).slice(0, ANCHO);
      return [(desde > ANCHO ? "…" : "") + antes, texto.slice(desde, texto.length - hasta), despues + (hasta > ANCHO ? "…" : "")];
    };
    return [recorte(uno), recorte(otro)];
  };
  const linea = (rotulo, marca, [antes, cambio, despues]) => {
    const parrafo = elemento("p");
    parrafo.append(elemento("strong", `${rotulo}: `), antes, elemento(marca, cambio || "(nada)"), despues);
    return parrafo;
  };

  // --- The bandeja -------------------------------------------------------------------------------
  const listar = (caja) => {
    const pendientes = copias().filter((copia) => copia.quien === caja.dataset.quien);
    if (!pendientes.length) return;
    const lista = elemento("ul");
    lista.append(...pendientes.map((copia) => {
      const fila = elemento("li");
      const leer = elemento("details"), dicho = elemento("dl"), titulo = copia.titulo || "(sin título)";
      for (const [nombre, valor] of copia.campos) {
        const texto = enParrafos(valor);
        if (DE_LA_MAQUINA.test(nombre) || !texto) continue;
        const dato = elemento("dd");
        dato.append(elemento("textarea", "", { readOnly: true, rows: 3, className: "vLargeTextField", value: texto, ariaLabel: nombre }));
        dicho.append(elemento("dt", nombre.replaceAll("_", " ")), dato);
      }
      leer.append(elemento("summary", `Ver y copiar lo escrito en «${titulo}»`), dicho, descartar(copia, fila));
      fila.append(elemento("a", titulo, { href: copia.direccion }), ` · escrito el ${cuando(copia.cuando)}`, leer);
      return fila;
    }));
    caja.append(elemento("h2", "Guardado en este equipo, sin enviar"), lista);
    caja.hidden = false;
  };

  // --- The page where one writes -----------------------------------------------------------------
  const escribir = (caja) => {
    const form = caja.closest("form"), dicho = form.querySelector("[data-dicho]"), otros = caja.querySelector("[data-otros]");
    const { quien, direccion, pulso } = caja.dataset;
    const intento = elemento("input", "", { type: "hidden", name: "intento" });
    form.append(intento);
    let sucio = false, reloj = 0, revisado = false, enviando = false, saliendo = false, llave = "";
    /* What is written after a sending goes under another key: the answer erases only what it received. */
    const otroIntento = () => {
      intento.value = [...crypto.getRandomValues(new Uint8Array(16))].map((octeto) => octeto.toString(16).padStart(2, "0")).join("");
      llave = PREFIJO + intento.value;
      revisado = false;
    };
    otroIntento();
    const anotar = () => {
      if (revisado && !saliendo) otroIntento();
      sucio = true;
    };

    const ajenos = new Set(["csrfmiddlewaretoken", "intento", "revision"]);
    const campos = () => [...new FormData(form)].filter(([nombre, valor]) => !ajenos.has(nombre) && typeof valor === "string");
    const rotulo = (nombre) => {
      const etiqueta = form.querySelector(`label[for="${CSS.escape(form.elements[nombre]?.id || "")}"]`);
      return (etiqueta?.firstChild?.textContent || nombre).replace(/:\s*$/, "").trim();
    };

    const guardar = () => {
      if (!sucio || revisado) return true; // what was sent is kept since before it was
      const valores = campos(), hora = new Date().toLocaleTimeString("es-CO", { hour: "numeric", minute: "2-digit" });
      try {
        localStorage.setItem(llave, JSON.stringify({
          quien, direccion, campos: valores, revision: form.elements.revision.value,
          titulo: valores.find(([nombre]) => nombre === "titulo")?.[1] || "", cuando: Date.now(),
        }));
        dicho.textContent = `Guardado en este equipo a las ${hora}, sin enviar al portal.${navigator.onLine ? "" : " No hay conexión: puede seguir escribiendo."}`;
        return true;
      } catch {
        dicho.textContent = "Este equipo no deja guardar una copia: oprima «Guardar el borrador» con frecuencia.";
        return false;
      }
    };

    /* The fields of a copy by their names of today: the rows of files go by their key, not by their place. A row
       of a file that is gone is left out; one that was not saved goes to a row that is free. */
    const aHoy = (copia) => {
      const suyos = new Map(copia.campos), filas = new Map();
      const claves = [...form.elements].filter(({ name }) => name.endsWith("-id") && !name.includes("__prefix__"));
      const libres = claves.filter(({ value }) => !value).map(({ name }) => name.match(DE_UNA_FILA)[3]);
      const filaDeHoy = (prefijo, numero) => {
        const clave = suyos.get(`${prefijo}-${numero}-id`);
        if (!filas.has(numero)) {
          const misma = clave && claves.find(({ value }) => value === clave);
          filas.set(numero, misma ? misma.name.match(DE_UNA_FILA)[3] : clave ? "" : (libres.shift() ?? "nueva"));
        }
        return filas.get(numero);
      };
      return copia.campos.flatMap(([nombre, valor]) => {
        const [, antes = "", prefijo, numero, campo] = nombre.match(DE_UNA_FILA) || [];
        if (!campo) return [[nombre, valor]];
        if (numero === "__prefix__" || campo === "id" || campo === "version") return [];
        const hoy = filaDeHoy(prefijo, numero);
        return hoy ? [[`${antes}${prefijo}-${hoy}-${campo}`, valor]] : [];
      });
    };
    const iguales = (copia) => {
      const campos = aHoy(copia), marcadas = new Set(campos.map(([nombre]) => nombre));
      const lasMismas = [...form.querySelectorAll("[type=checkbox]")].every((casilla) => !casilla.checked || marcadas.has(casilla.name));
      return lasMismas && campos.every(([nombre, valor]) => {
        const campo = form.elements[nombre];
        if (!campo) return !/-nueva-(titulo|alt)$/.test(nombre) || !valor;
        return nombre === "clave" || campo.type === "hidden" || (campo.type === "checkbox" ? campo.checked : conFormato(valor) === conFormato(campo.value));
      });
    };

    const poner = (nombre, valor) => {
      const campo = form.elements[nombre];
      if (!campo || ajenos.has(nombre)) return;
      if (campo.type === "checkbox") campo.checked = true;
      else if (campo.type !== "file" && !/-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(nombre)) {
        campo.value = valor;
        editores.get(nombre)?.commands.setContent(valor);
      }
    };
    const recuperar = (copia, aviso) => {
      for (const casilla of form.querySelectorAll("[type=checkbox]")) casilla.checked = false;
      for (const [nombre] of aHoy(copia)) {
        if (/-nueva-titulo$/.test(nombre)) form.querySelector(".inline-group .add-row a")?.click();
      }
      for (const [nombre, valor] of aHoy(copia)) poner(nombre, valor);
      // What others saved meanwhile is not stepped on: the portal sees from which text this one began.
      form.elements.revision.value = copia.revision;
      anotar();
      const guardada = guardar();
      borrar(copia.llave);
      if (!guardada) guardar(); // there was no room for both
      aviso.remove();
      dicho.textContent = "Recuperado. Todavía no está en el portal: guárdelo cuando quiera. Los archivos hay que elegirlos otra vez.";
      form.elements.titulo.focus();
    };

    const ofrecer = (copia) => {
      const aviso = elemento("section", "", { className: "aviso recuperacion" }), titulo = elemento("h2", `Hay un texto guardado en este equipo el ${cuando(copia.cuando)}, sin enviar`);
      aviso.append(titulo);
      for (const [nombre, valor] of aHoy(copia)) {
        const campo = form.elements[nombre];
        if (!campo || campo.type === "hidden" || campo.type === "checkbox" || conFormato(valor) === conFormato(campo.value)) continue;
        const aqui = enPalabras(valor), alla = enPalabras(campo.value);
        if (aqui === alla) {
          aviso.append(elemento("h3", rotulo(nombre)), elemento("p", "Cambia el formato o un enlace."));
          continue;
        }
        const [enElPortal, enEsteEquipo] = tramo(alla, aqui);
        aviso.append(elemento("h3", rotulo(nombre)), linea("En el portal", "del", enElPortal), linea("En este equipo", "ins", enEsteEquipo));
      }
      const botones = elemento("p", "", { className: "recuperacion__botones" });
      botones.append(boton("Recuperar lo de este equipo", () => recuperar(copia, aviso), "boton"), " ", descartar(copia, aviso));
      aviso.append(botones);
      aviso.setAttribute("aria-label", titulo.textContent);
      caja.before(aviso);
    };

    // --- With the portal -------------------------------------------------------------------------
    const pedir = async (direccion, opciones = {}) => {
      const respuesta = await fetch(direccion, { ...opciones, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PACIENCIA) });
      if (!respuesta.ok) throw Object.assign(new Error(respuesta.statusText), { estado: respuesta.status });
      return respuesta.json();
    };
    const pedirFicha = async () => { form.elements.csrfmiddlewaretoken.value = (await pedir(caja.dataset.ficha)).ficha; };
    const cuerpo = (mas) => new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, revision: form.elements.revision.value, ...mas });
    const latido = () => pedir(pulso, { method: "POST", body: cuerpo() });
    const preguntar = async () => {
      if (!pulso) return pedirFicha();
      const dice = await latido().catch(async (falla) => { // whoever entered again has another token
        if (falla.estado !== 403) throw falla;
        await pedirFicha();
        return latido();
      });
      otros.textContent = [dice.otros, dice.novedad].filter(Boolean).join(" ");
    };
    const porQueNo = ({ estado }) => {
      dicho.replaceChildren();
      if (estado === 401 || estado === 403) {
        dicho.append("Su sesión terminó. Lo que escribió está guardado en este equipo. ", elemento("a", "Entre de nuevo en otra pestaña", { href: `/admin/login/?next=${encodeURIComponent(direccion)}`, target: "_blank", rel: "noopener" }), " y vuelva aquí a guardar.");
      } else if (estado === 404) {
        dicho.textContent = "Usted ya no puede abrir este texto en el portal. Lo que escribió está guardado en este equipo.";
      } else {
        dicho.textContent = "No se envió: no hay conexión con el portal. Lo que escribió está guardado en este equipo; vuelva a intentarlo cuando haya línea.";
      }
    };

    // What a check points at may be in the editor, whose own box is hidden.
    form.addEventListener("click", ({ target }) => {
      const editor = editores.get(target.closest(".hallazgos a")?.hash.replace("#id_", ""));
      if (editor) setTimeout(() => editor.commands.focus());
    });
    form.addEventListener("input", () => {
      anotar();
      clearTimeout(reloj);
      reloj = setTimeout(guardar, ESPERA);
    });
    form.addEventListener("change", () => { anotar(); guardar(); });
    form.addEventListener("submit", async (evento) => {
      if (revisado) return;
      evento.preventDefault();
      if (enviando) return; // a second touch while the first is on its way
      enviando = true;
      clearTimeout(reloj);
      guardar();
      dicho.textContent = "Enviando…";
      try {
        await preguntar();
      } catch (falla) {
        sucio = true;
        guardar();
        porQueNo(falla);
        return;
      } finally {
        enviando = false;
      }
      guardar(); // what was written while the portal answered
      revisado = saliendo = true;
      form.requestSubmit(evento.submitter);
      saliendo = false;
    });
    const irse = () => {
      guardar();
      if (pulso) navigator.sendBeacon?.(pulso, cuerpo({ salio: "si" }));
    };
    window.addEventListener("pagehide", irse);
    document.addEventListener("visibilitychange", () => { if (document.hidden) guardar(); });
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) revisado = false; });
    window.addEventListener("offline", guardar);
    window.addEventListener("online", () => { if (sucio) dicho.textContent = "Volvió la conexión. Ya puede guardar en el portal."; });
    const latir = () => preguntar().catch((falla) => {
      if ([401, 403, 404].includes(falla.estado)) porQueNo(falla);
      else dicho.textContent = "Sin conexión con el portal. Puede seguir escribiendo: queda guardado en este equipo.";
    });
    setInterval(() => { if (!document.hidden) latir(); }, PULSO);

    for (const copia of copias().filter((una) => una.quien === quien && una.direccion === direccion)) {
      if (iguales(copia)) borrar(copia.llave); else ofrecer(copia);
    }
    caja.hidden = false;
    if (form.querySelector(".errornote")) { // what was refused is nowhere else yet
      sucio = true;
      guardar();
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    olvidarLoRecibido();
    const caja = document.querySelector("[data-redaccion]"), lista = document.querySelector("[data-sin-enviar]");
    if (caja) escribir(caja);
    else if (lista) listar(lista);
  });
})();
