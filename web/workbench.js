// The editor of the SPARQL workbench: highlights, completes from what the release says, asks by Ctrl+Enter.
//
// The form is whole without it. The editor stands before the form's text field and hands its text over when the form
// is sent. It lives in a shadow root, where its styles need no exception from the content security policy.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const KEYWORDS = (
  "ASK CONSTRUCT DESCRIBE SELECT DISTINCT REDUCED WHERE FROM NAMED PREFIX BASE OPTIONAL UNION MINUS GRAPH FILTER BIND AS " +
  "VALUES UNDEF EXISTS NOT IN GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT " +
  "SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI CONCAT STRLEN SUBSTR UCASE LCASE STRSTARTS STRENDS CONTAINS " +
  "STRBEFORE STRAFTER REGEX REPLACE IF COALESCE YEAR MONTH DAY NOW ABS ROUND CEIL FLOOR isIRI isLITERAL isNUMERIC"
).split(" ");

// As many as anybody looks through.
const MOST = 60;

// Colours are the site's own, which a test holds against both papers.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--on-warning)" },
  { tag: [tags.variableName, tags.atom, tags.labelName], color: "var(--link)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--quiet)", borderRadius: ".3rem", fontSize: ".9rem" },
  // The class comes a moment after the focus, and who walks with the keyboard looks at once.
  "&.cm-focused, &:focus-within": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace', lineHeight: "1.5", minHeight: "14rem", overflow: "visible !important" },
  ".cm-content": { padding: ".6rem 0", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", border: "none" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--quiet)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--quiet)", maxWidth: "min(34rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem", whiteSpace: "normal" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "system-ui, sans-serif" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > completion-section": { color: "var(--quiet)", borderBottom: "1px solid var(--line)", opacity: "1", padding: ".2rem .5rem", fontFamily: "system-ui, sans-serif" },
  ".cm-completionMatchedText": { textDecoration: "underline" },
});

/** Writes the PREFIX line of a short name before the query, where it is missing. */
function declared(state, prefix, iri) {
  const written = new RegExp(`^\\s*PREFIX\\s+${prefix}:`, "im").test(state.doc.toString());
  return written ? [] : [{ from: 0, insert: `PREFIX ${prefix}: <${iri}>\n` }];
}

function insert(prefixes) {
  return (view, completion, from, to) => {
    const prefix = completion.label.split(":")[0];
    const before = declared(view.state, prefix, prefixes[prefix]);
    const shift = before.reduce((sum, change) => sum + change.insert.length, 0);
    view.dispatch({
      changes: [...before, { from, to, insert: completion.label }],
      selection: { anchor: from + completion.label.length + shift },
      userEvent: "input.complete",
    });
  };
}

/** Ranks a word against names: 0 for the beginning of one or of a part of one, 1 for a part of one, null for none. */
function fit(typed, names) {
  const places = names.map((name) => name.toLowerCase().indexOf(typed)).map((at, which) => {
    if (at < 0) return null;
    return at === 0 || /[^\p{L}\p{N}]/u.test(names[which][at - 1]) ? 0 : 1;
  });
  return places.includes(0) ? 0 : places.includes(1) ? 1 : null;
}

/** Completes terms by their short names and by what they are called, variables of the text, and words of SPARQL. */
function completions(vocabulary) {
  const apply = insert(vocabulary.prefixes);
  const terms = vocabulary.terms.map(({ name, label, uses, kind }) => ({
    names: [name, label], uses, option: { label: name, detail: `${label} (${uses})`, type: kind, apply },
  }));
  const prefixes = Object.entries(vocabulary.prefixes).map(([prefix, iri]) => ({ names: [`${prefix}:`], uses: -1, option: { label: `${prefix}:`, detail: iri, apply } }));
  const keywords = KEYWORDS.map((word) => ({ names: [word], uses: 0, option: { label: word } }));
  const all = [...terms, ...keywords, ...prefixes];
  return (context) => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const names = new Set(context.state.doc.toString().match(/[?$]\w+/g));
      names.delete(variable.text);
      return { from: variable.from, options: [...names].map((label) => ({ label })), validFor: /^[?$]\w*$/ };
    }
    const word = context.matchBefore(/[\p{L}\p{N}_-]+:?[\p{L}\p{N}_-]*/u);
    if (!word && !context.explicit) return null;
    const typed = word ? word.text.toLowerCase() : "";
    const options = all
      .map((each) => ({ ...each, rank: fit(typed, each.names) }))
      .filter(({ rank }) => rank !== null)
      .sort((a, b) => a.rank - b.rank || b.uses - a.uses)
      .slice(0, MOST)
      .map(({ option }) => option);
    return { from: word ? word.from : context.pos, options, filter: false };
  };
}

/** Writes the address of a thing in the place of its name, the signs around it that stand there already included. */
function named(view, completion, from, to) {
  const end = to + (view.state.sliceDoc(to, to + 1) === ">" ? 1 : 0);
  const address = `<${completion.iri}>`;
  view.dispatch({ changes: { from, to: end, insert: address }, selection: { anchor: from + address.length }, userEvent: "input.complete" });
}

/** Completes things by their names, which the site looks up: a word of a name, or behind "<" several. */
function things(address, section) {
  return async (context) => {
    if (/comment|string/i.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
    const open = context.matchBefore(/<\p{L}[\p{L}\p{N} .,()-]*/u);
    const word = open ?? context.matchBefore(/(?<![\p{L}\p{N}?$:@_-])\p{L}[\p{L}\p{N}-]{2,}/u);
    // Words of SPARQL are written in capitals, and are no names.
    if (!word || (!open && /^[A-Z_]+$/.test(word.text))) return null;
    const asked = `${address}&q=${encodeURIComponent(word.text.replace("<", ""))}`;
    // A site that does not answer has nothing to offer; the form itself will say what is wrong.
    const response = await fetch(asked).catch(() => null);
    if (context.aborted || !response?.ok) return null;
    const found = (await response.json()).things;
    return {
      from: word.from,
      filter: false,
      options: found.map(({ iri, label, kind, organisation }) => ({
        label, iri, detail: `${kind}, ${organisation}`, section: { name: section, rank: 1 }, apply: named,
      })),
    };
  };
}

function start(field, vocabulary) {
  const { form } = field;
  const place = document.createElement("div");
  field.before(place);
  const root = place.attachShadow({ mode: "open" });
  const label = form.querySelector(`label[for="${field.id}"]`);
  const sources = [completions(vocabulary)];
  if (field.dataset.things) sources.push(things(field.dataset.things, field.dataset.named));
  const send = () => { form.requestSubmit(); return true; };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(),
        history(),
        bracketMatching(),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        autocompletion({ override: sources, icons: false }),
        // Tab is not taken: it leaves the editor, as everywhere on a page.
        keymap.of([{ key: "Mod-Enter", run: send }, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label.textContent, "aria-description": field.dataset.keys, spellcheck: "false", autocapitalize: "off" }),
        EditorView.lineWrapping,
        look,
        EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); }),
      ],
    }),
  });
  label.addEventListener("click", () => view.focus());
  field.hidden = true;
  // A hidden field can say nothing of being empty: the server does.
  field.required = false;
  const hint = document.createElement("p");
  hint.textContent = field.dataset.keys;
  hint.className = "hint";
  place.after(hint);
}

const field = document.querySelector("textarea[data-terms]");
if (field) {
  fetch(field.dataset.terms)
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
    .then((vocabulary) => start(field, vocabulary));
}
