// How answers are shown: as the site itself shows them, by names and in the language of the page.
//
// A plugin of YASR takes its part of the page that the server gives for the same query: the table, the chart, the error.
// So an answer looks the same with and without this script, and there is one place that draws it.

/** Asks for the page of a query and gives the part of it that tells the outcome, or null where there is no page. */
async function outcome(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.headers.get("Content-Type")?.startsWith("text/html")) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = page.querySelector(".outcome");
  return part && document.importNode(part, true);
}

function compared(one, other) {
  const [a, b] = [one, other].map((text) => (text === "" ? NaN : Number(text)));
  return Number.isNaN(a) || Number.isNaN(b) ? one.localeCompare(other, document.documentElement.lang, { numeric: true }) : a - b;
}

/** Lets the columns of a table be put in order. */
function sortable(table, words) {
  const body = table.tBodies[0];
  const text = (row, column) => (row.cells[column].firstElementChild ?? row.cells[column]).textContent.trim();
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = words.sort;
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const falling = heading.ariaSort === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      heading.ariaSort = falling ? "descending" : "ascending";
      const rows = [...body.rows].sort((a, b) => compared(text(a, column), text(b, column)));
      body.append(...(falling ? rows.reverse() : rows));
    });
  });
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  const around = document.createElement("div");
  around.className = "svgImg";
  around.append(svg);
  return around;
}

/** Makes the plugins; `addressOf` gives the address of the page for the query whose answer a YASR shows. */
export function plugins(addressOf, words) {
  const pages = new WeakMap();
  const pageOf = (yasr) => {
    if (!pages.has(yasr.results)) pages.set(yasr.results, outcome(addressOf(yasr)));
    return pages.get(yasr.results).then((found) => found?.cloneNode(true) ?? null);
  };

  class Shown {
    constructor(yasr) {
      this.yasr = yasr;
    }

    async draw() {
      const { results } = this.yasr;
      const found = await pageOf(this.yasr);
      if (this.yasr.results !== results) return;
      this.yasr.resultsEl.replaceChildren(...(found ? this.part(found) : [document.createTextNode(words.unreachable)]));
    }
  }

  class Table extends Shown {
    label = words.table;
    priority = 10;

    getIcon() {
      return icon("M1 2h14v12H1zm1.5 4.5v2h5v-2zm6.5 0v2h4.5v-2zm-6.5 3.5v2.5h5V10zm6.5 0v2.5h4.5V10z");
    }

    canHandleResults() {
      return Boolean(this.yasr.results) && !this.yasr.results.hasError();
    }

    part(found) {
      found.querySelector(".chart")?.remove();
      const table = found.querySelector(".answer table");
      if (table) sortable(table, words);
      const why = found.querySelector("a.why");
      why?.addEventListener("click", async (event) => {
        event.preventDefault();
        const explained = await outcome(why.href);
        if (explained) this.yasr.resultsEl.append(...explained.children);
      });
      return found.children;
    }

    download(name) {
      const { results } = this.yasr;
      const graph = results.getType() === "ttl";
      return {
        getData: () => (graph ? results.getOriginalResponseAsString() : results.asCsv()),
        filename: `${name || "tvld"}.${graph ? "ttl" : "csv"}`,
        contentType: graph ? "text/turtle" : "text/csv",
        title: words.download,
      };
    }
  }

  class Chart extends Shown {
    label = words.chart;
    priority = 5;

    getIcon() {
      return icon("M1 2h9v3H1zm0 4.5h14v3H1zM1 11h5v3H1z");
    }

    canHandleResults() {
      const { results } = this.yasr;
      const rows = results && !results.hasError() && results.getBindings();
      return Boolean(rows?.length) && results.getVariables().length > 1 && results.getVariables().some(
        (name) => rows.every((row) => row[name]?.datatype && Number(row[name].value) >= 0));
    }

    part(found) {
      const chart = found.querySelector(".chart");
      if (!chart) return [document.createTextNode(words.no_chart)];
      return [...chart.children].filter((each) => each.localName !== "summary");
    }
  }

  class Problem extends Shown {
    hideFromSelection = true;
    priority = 20;

    canHandleResults() {
      return Boolean(this.yasr.results?.hasError());
    }

    part(found) {
      return found.children;
    }
  }

  return { table: Table, chart: Chart, error: Problem };
}
