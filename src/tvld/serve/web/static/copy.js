// A button beside every address, command and text that is worth copying. Without this they are marked with the mouse.
"use strict";
(() => {
  const { copy, copied } = document.currentScript.dataset;
  if (!navigator.clipboard) return;
  const said = document.createElement("p");
  said.className = "hidden";
  said.setAttribute("role", "status");
  document.body.append(said);
  for (const place of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    if (place.id || place.textContent.length < 200) button.setAttribute("aria-label", `${copy}: ${place.textContent.trim()}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.textContent.trim());
      said.textContent = button.textContent = copied;
      setTimeout(() => { button.textContent = copy; said.textContent = ""; }, 2000);
    });
    place.after(button);
  }
})();
