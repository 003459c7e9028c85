// Suggestions for the search field (combobox pattern of WAI-ARIA APG). Without this the form works by itself.
"use strict";
(() => {
  const field = document.querySelector("input[data-suggest]");
  if (!field) return;
  const form = field.form;
  const list = document.createElement("ul");
  const said = document.createElement("p");
  list.id = "ehdotukset";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.found);
  list.hidden = true;
  said.className = "hidden";
  said.setAttribute("role", "status");
  form.append(list, said);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
    ["aria-controls", list.id]]) field.setAttribute(name, value);

  let active = -1;
  let waiting = 0;
  let asked = null;

  const options = () => [...list.children];
  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };
  const mark = (number) => {
    active = number;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
    if (number < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", options()[number].id);
      options()[number].scrollIntoView({ block: "nearest" });
    }
  };
  const go = (option) => { window.location.assign(option.dataset.address); };

  const fill = ([, names, kinds, addresses, { languages }]) => {
    list.replaceChildren(...names.map((name, number) => {
      const option = document.createElement("li");
      const called = document.createElement("span");
      const kind = document.createElement("small");
      option.id = `ehdotus-${number}`;
      option.setAttribute("role", "option");
      option.dataset.address = addresses[number].replace(/^https?:\/\/[^/]+/, "");
      kind.textContent = kinds[number];
      called.lang = languages[number];
      called.textContent = name;
      option.append(called, " ", kind);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); go(option); });
      return option;
    }));
    said.textContent = names.length ? `${field.dataset.found}: ${names.length}` : "";
    show(names.length > 0);
  };

  const ask = async () => {
    const text = field.value.trim();
    asked?.abort();
    if (text.length < 2) return show(false);
    asked = new AbortController();
    // In the language that a link chose; else the browser says which.
    const language = field.dataset.language;
    const query = new URLSearchParams({ q: text, ...(language && { lang: language }) });
    try {
      const reply = await fetch(`${field.dataset.suggest}?${query}`, { signal: asked.signal });
      if (reply.ok) fill(await reply.json());
    } catch (error) {
      // Typed on, or the server is away: the form still works.
      if (error.name !== "AbortError") show(false);
    }
  };

  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); show(false); }
    else if (event.key === "ArrowDown" && count) { event.preventDefault(); show(true); mark((active + 1) % count); }
    else if (event.key === "ArrowUp" && count) { event.preventDefault(); show(true); mark(active > 0 ? active - 1 : count - 1); }
    else if (event.key === "Enter" && active >= 0 && !list.hidden) { event.preventDefault(); go(options()[active]); }
  });
})();
