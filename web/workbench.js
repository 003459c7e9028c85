// The SPARQL workbench: YASGUI in the place of the form, with what the release knows and the site's own answers.
//
// The form is whole without it. Nothing but this site is asked: the content security policy would not let it.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import { plugins } from "./answer.js";
import { names, prefixes } from "./completion.js";
import { keys, translate } from "./interface.js";
import "./workbench.css";

const { Yasqe, Yasr } = Yasgui;

function styled(address) {
  return new Promise((loaded) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = loaded;
    link.onerror = loaded;
    document.head.append(link);
  });
}

/** The address of the page for a query, and of its data for who asks for data. */
function addressOf(query, settings) {
  const address = new URL(settings.endpoint, document.baseURI);
  address.searchParams.set("query", query);
  return address;
}

function pageOf(query, settings) {
  const address = addressOf(query, settings);
  address.searchParams.set("lang", settings.language);
  return address;
}

function configure(vocabulary, settings, shown) {
  Yasqe.registerAutocompleter(prefixes(vocabulary, Yasqe.Autocompleters.prefixes));
  Yasqe.registerAutocompleter(names(vocabulary, settings.things));
  Yasqe.defaults.autocompleters = ["prefixes", "variables", "names"];
  Object.assign(Yasqe.defaults, { editorHeight: "auto", viewportMargin: Infinity });
  // Tab is not taken: it leaves the editor, as everywhere on a page.
  Object.assign(Yasqe.defaults.extraKeys, { Tab: false, "Shift-Tab": false });
  Yasr.defaults.plugins = {};
  for (const [name, plugin] of Object.entries(plugins(shown, settings.words))) Yasr.registerPlugin(name, plugin);
  Yasr.registerPlugin("response", class extends Yasr.plugins.response { label = settings.words.response; });
  Yasr.defaults.pluginOrder = ["table", "chart", "response"];
  Yasgui.Tab.prototype.getShareableLink = function link() { return addressOf(this.getQuery(), settings).href; };
}

/** Opens a query in a tab: the one that has it, the untouched one, or a new one. */
function open(yasgui, query, untouched) {
  const tabs = Object.values(yasgui._tabs);
  const same = tabs.find((tab) => tab.getPersistedJson().yasqe.value === query);
  if (same) yasgui.selectTabId(same.getId());
  else if (yasgui.getTab().getQuery() === untouched && !yasgui.getTab().hasResults()) yasgui.getTab().setQuery(query);
  else yasgui.addTab(true, { yasqe: { value: query } });
  return yasgui.getTab();
}

/** Adds the button for a new tab beside the list of tabs: YASGUI's own stands in it, among what must be tabs alone. */
function adding(yasgui, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "newTab";
  button.textContent = `+ ${words.new_tab}`;
  button.addEventListener("click", () => {
    yasgui.addTab(true);
    yasgui.getTab().getYasqe().focus();
  });
  const list = yasgui.rootEl.querySelector(".tabsList");
  list.querySelector(".addTab").parentElement.hidden = true;
  list.after(button);
}

function start(form, field, settings, vocabulary) {
  const asked = new WeakMap();
  let yasgui;
  const shown = (yasr) => pageOf(asked.get(yasr) ?? Object.values(yasgui._tabs).find((tab) => tab.getYasr() === yasr).getQuery(), settings);
  configure(vocabulary, settings, shown);

  const place = document.createElement("div");
  place.id = "workbench";
  form.before(place);
  form.hidden = true;
  document.querySelector("details.keys").hidden = false;
  keys(place);
  const endpoint = new URL(settings.endpoint, document.baseURI).href;
  yasgui = new Yasgui(place, {
    autofocus: false,
    persistenceId: `tvld ${endpoint}`,
    populateFromUrl: false,
    copyEndpointOnNewTab: false,
    tabName: settings.words.tab,
    requestConfig: {
      endpoint, method: "GET",
      acceptHeaderSelect: "application/sparql-results+json", acceptHeaderGraph: "text/turtle",
    },
    yasqe: { value: settings.example },
    yasr: { prefixes: vocabulary.prefixes },
  });
  adding(yasgui, settings.words);
  translate(place, settings.words);

  const told = document.querySelector("main .outcome");
  yasgui.on("query", (_yasgui, tab) => {
    asked.set(tab.getYasr(), tab.getYasqe().getValue());
    told.replaceChildren();
  });
  document.querySelector("main").addEventListener("click", (event) => {
    const link = event.target.closest("a.opens");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(yasgui, new URL(link.href).searchParams.get("query"), settings.example).query().catch(() => {});
    place.scrollIntoView();
    yasgui.getTab().getYasqe().focus();
  });
  const parameters = new URLSearchParams(location.search);
  if (parameters.get("query")) {
    const tab = open(yasgui, parameters.get("query"), settings.example);
    // An explanation stands below already.
    if (!parameters.has("explain")) tab.query().catch(() => {});
  }
}

const form = document.querySelector("form.query[data-workbench]");
if (form) {
  const settings = JSON.parse(form.dataset.workbench);
  const vocabulary = fetch(settings.terms).then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))));
  Promise.all([vocabulary, styled(settings.style)]).then(([known]) => start(form, form.elements.query, settings, known));
}
