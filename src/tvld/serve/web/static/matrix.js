// Makes the matrix quicker: a choice takes effect at once, and a field lights up and leaves only the rows and columns
// that are typed of. Without this the form's button and the browser's own search do the same.
"use strict";

(() => {
  const form = document.querySelector("form.filters");
  const table = document.querySelector(".matrix table");
  if (!form || !table) return;
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) form.submit();
  });

  const cells = (row) => row.children;
  let lit = [];
  table.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("td, thead th");
    lit.forEach((each) => each.classList.remove("lit"));
    lit = [];
    if (!cell || cell.cellIndex < 1) return;
    for (const row of table.rows) {
      const there = cells(row)[cell.cellIndex];
      if (there) lit.push(there);
    }
    lit.forEach((each) => each.classList.add("lit"));
  });
})();
