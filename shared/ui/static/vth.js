// Small help on top of pages that work without it: keys, double clicks, focus, menus.
(() => {
  "use strict";
  const doc = document;
  const SETTING = "vth-sneltoetsen";
  const read = () => { try { return localStorage.getItem(SETTING) !== "uit"; } catch { return true; } };
  const write = (on) => { try { localStorage.setItem(SETTING, on ? "aan" : "uit"); } catch { /* private window */ } };
  let keysOn = read();

  doc.documentElement.classList.remove("no-js");

  // A second click while the first is on its way does nothing; the key in the form covers the rest.
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-vth-once]")) return;
    if (form.dataset.vthSent) { event.preventDefault(); return; }
    form.dataset.vthSent = "1";
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
    setTimeout(() => release(form), 8000);
  });
  const release = (form) => {
    delete form.dataset.vthSent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  };
  addEventListener("pageshow", () => doc.querySelectorAll("[data-vth-once]").forEach(release));
  doc.addEventListener("htmx:finally:request", () => doc.querySelectorAll("[data-vth-once]").forEach(release));

  // Back to the form that came too late; who comes back from it with Back stays here.
  const goOn = doc.querySelector("form[data-vth-go-on]");
  const [came] = performance.getEntriesByType("navigation");
  if (goOn && (!came || came.type === "navigate")) goOn.submit();

  // The error summary gets the focus when a form comes back.
  const focusErrors = (root) => { const found = root.querySelector("[data-vth-focus]"); if (found) found.focus(); };
  focusErrors(doc);
  doc.addEventListener("htmx:after:swap", (event) => { if (event.target instanceof Element) focusErrors(event.target); });

  // Menus close on Escape and on a click elsewhere.
  const closeMenus = (except) => doc.querySelectorAll("details.vth-menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  doc.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.vth-menu"));
    if (event.target.closest("[data-vth-shortcuts]")) showKeys();
  });

  const KEYS = [
    ["/", "Zoeken"], ["n", "Nieuwe klacht"], ["j", "Volgende regel"], ["k", "Vorige regel"],
    ["Enter", "Open de regel"], ["?", "Dit overzicht"],
  ];
  let dialog = null;
  const element = (tag, text, parent) => { const made = doc.createElement(tag); made.textContent = text; parent.append(made); return made; };
  const buildDialog = () => {
    dialog = doc.createElement("dialog");
    dialog.className = "vth-dialog";
    dialog.setAttribute("aria-labelledby", "vth-keys");
    const title = element("h2", "Sneltoetsen", dialog);
    title.id = "vth-keys";
    title.className = "nl-heading nl-heading--level-2";
    const list = element("dl", "", dialog);
    list.className = "vth-summary utrecht-data-list";
    for (const [key, what] of KEYS) {
      const row = element("div", "", list);
      row.className = "utrecht-data-list__item";
      element("kbd", key, element("dt", "", row));
      element("dd", what, row);
    }
    const label = element("label", "", dialog);
    label.className = "vth-choice";
    const box = doc.createElement("input");
    box.type = "checkbox";
    box.className = "vth-checkbox";
    box.checked = keysOn;
    box.addEventListener("change", () => { keysOn = box.checked; write(keysOn); });
    label.append(box);
    element("span", "Sneltoetsen gebruiken", label).className = "utrecht-form-label";
    const close = element("button", "Sluiten", dialog);
    close.className = "nl-button nl-button--secondary";
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    doc.body.append(dialog);
  };
  const showKeys = () => { if (!dialog) buildDialog(); closeMenus(null); dialog.showModal(); };

  // On a phone a list stands as blocks: each cell knows its column, and stays a cell for a reader.
  const ROLES = { THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };
  const column = (cell) => { let at = 0; for (let e = cell.previousElementSibling; e; e = e.previousElementSibling) at += e.colSpan; return at; };
  const stack = (table) => {
    const labels = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const part of table.querySelectorAll("thead, tbody, tfoot, tr, td, th")) {
      const head = part.getAttribute("scope") === "col" ? "columnheader" : "rowheader";
      part.setAttribute("role", ROLES[part.tagName] || head);
      if (part.tagName === "TD") part.dataset.vthLabel = labels[column(part)] || "";
    }
    table.setAttribute("role", "table");
    table.classList.add("vth-stack");
  };
  doc.querySelectorAll("table[data-vth-list]").forEach(stack);

  const walk = (step) => {
    const rows = [...doc.querySelectorAll("table[data-vth-list] tbody tr")].filter((row) => row.querySelector("a"));
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(doc.activeElement));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    const link = next.querySelector("a");
    link.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const ACTIONS = {
    "/": () => { const field = doc.querySelector("[data-vth-search]"); if (field) { field.focus(); field.select(); } },
    n: () => { const link = doc.querySelector("[data-vth-new]"); location.assign(link ? link.href : "/intake/klachten/nieuw"); },
    j: () => walk(1),
    k: () => walk(-1),
    "?": showKeys,
  };
  const typing = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog");
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = doc.querySelector("details.vth-menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
      return;
    }
    if (!keysOn || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!doc.querySelector("[data-vth-shortcuts]")) return;
    const action = ACTIONS[event.key];
    if (action) { event.preventDefault(); action(); }
  });
})();
