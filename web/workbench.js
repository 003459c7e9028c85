// The editor of the SPARQL workbench: highlights, completes from what the release says, asks by Ctrl+Enter.
//
// The form is whole without it. The editor stands before the form's text field and hands its text over when the form
// is sent. It lives in a shadow root, where its styles need no exception from the content security policy.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
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

// Colours are the site's own, which a test holds against both papers.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--on-warning)" },
  { tag: [tags.variableName, tags.atom, tags.labelName], color: "var(--link)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--quiet)", borderRadius: ".3rem", fontSize: ".9rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace', lineHeight: "1.5", minHeight: "14rem", overflow: "visible !important" },
  ".cm-content": { padding: ".6rem 0", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", border: "none" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--quiet)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--quiet)", maxWidth: "min(34rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem", whiteSpace: "normal" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "system-ui, sans-serif" },
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

/** Completes terms by their short names and by what they are called, variables of the text, and words of SPARQL. */
function completions(vocabulary) {
  const apply = insert(vocabulary.prefixes);
  const terms = vocabulary.terms.map(({ name, label, uses, kind }) => ({
    label: name, detail: `${label} (${uses})`, type: kind, boost: Math.min(20, Math.log2(uses + 1)), apply,
  }));
  const prefixes = Object.keys(vocabulary.prefixes).map((prefix) => ({ label: `${prefix}:`, detail: vocabulary.prefixes[prefix], apply, boost: -20 }));
  const keywords = KEYWORDS.map((word) => ({ label: word, boost: -10 }));
  return (context) => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const names = new Set(context.state.doc.toString().match(/[?$]\w+/g));
      names.delete(variable.text);
      return { from: variable.from, options: [...names].map((label) => ({ label })), validFor: /^[?$]\w*$/ };
    }
    const word = context.matchBefore(/[\w-]+:?[\w-]*/);
    if (!word && !context.explicit) return null;
    return { from: word ? word.from : context.pos, options: [...terms, ...keywords, ...prefixes], validFor: /^[\w-]*:?[\w-]*$/ };
  };
}

function start(field, vocabulary) {
  const { form } = field;
  const place = document.createElement("div");
  field.before(place);
  const root = place.attachShadow({ mode: "open" });
  const label = form.querySelector(`label[for="${field.id}"]`);
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
        autocompletion({ override: [completions(vocabulary)], icons: false }),
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
