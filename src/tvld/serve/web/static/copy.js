// A button beside every address, command and text that is worth copying. Without this they are marked with the mouse.
"use strict";
(() => {
  const { label: copy, done: copied } = document.currentScript.dataset;
  if (!navigator.clipboard) return;
  const said = document.createElement("p");
  said.className = "hidden";
  said.setAttribute("role", "status");
  document.body.append(said);
  const offer = (part) => part.querySelectorAll("[data-copy]").forEach((place) => {
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
  });
  offer(document);
  // What another script puts in a place of the page anew.
  document.addEventListener("renewed", (event) => offer(event.target));
})();
