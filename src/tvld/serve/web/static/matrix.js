// Shows a choice, or what is typed, in place: the focus stays where it is, and the number of what is left is said aloud.
// The mouse lights up a column. Without this the form's button and the browser's own search do the same.
"use strict";

(() => {
  const form = document.querySelector("form.filters");
  if (!form) return;
  const said = document.querySelector(".count[role=status]");
  const fields = (of) => [...of.querySelectorAll("form.filters > p:has(select)")];
  let waiting = 0;
  let asked = null;

  // What can be chosen depends on what has been; the field that is in use stays as it is.
  const renew = (fresh) => {
    const kept = document.activeElement.id;
    const came = fields(fresh);
    const old = fields(document);
    const place = came.findIndex((each) => each.querySelector("select").id === kept);
    if (place < 0) {
      old[0].before(...came);
      old.forEach((each) => each.remove());
      return;
    }
    const still = document.activeElement.closest("p");
    old.forEach((each) => { if (each !== still) each.remove(); });
    still.before(...came.slice(0, place));
    still.after(...came.slice(place + 1));
  };

  const show = async () => {
    // What nobody chose, the first line of a list, need not be said.
    const chosen = [...form.elements].filter(({ name, value, selectedIndex }) => name && value && selectedIndex !== 0);
    const query = new URLSearchParams(chosen.map(({ name, value }) => [name, value]));
    const address = `${form.getAttribute("action")}${query.size ? "?" : ""}${query}`;
    asked?.abort();
    asked = new AbortController();
    try {
      const reply = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!reply.ok) throw new TypeError(`answered ${reply.status}`);
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      const came = fresh.querySelectorAll("[data-shown]");
      document.querySelectorAll("[data-shown]").forEach((each, n) => {
        each.replaceChildren(...came[n].childNodes);
        each.dispatchEvent(new Event("renewed", { bubbles: true }));
      });
      renew(fresh);
      said.textContent = fresh.querySelector(".count[role=status]").textContent;
      window.history.replaceState(null, "", address);
    } catch (error) {
      // Chosen anew, or the server is away: the button asks once more, and tells what is wrong.
      if (error.name !== "AbortError") form.dataset.away = "";
    }
  };

  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 200); });
  form.addEventListener("submit", (event) => {
    if ("away" in form.dataset) return;
    event.preventDefault();
    clearTimeout(waiting);
    show();
  });

  let lit = [];
  document.addEventListener("mouseover", (event) => {
    const cell = event.target.closest(".matrix :is(td, thead th)");
    lit.forEach((each) => each.classList.remove("lit"));
    lit = cell?.cellIndex > 0
      ? [...cell.closest("table").rows].map((row) => row.children[cell.cellIndex]).filter(Boolean) : [];
    lit.forEach((each) => each.classList.add("lit"));
  });
})();
