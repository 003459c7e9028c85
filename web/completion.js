// What the editor completes: classes and properties by their names, things of the release by theirs, prefixes.
//
// A completer of YASQE gives texts to insert; what these are called stands beside them, in the language of the page.

// As many as anybody looks through.
const MOST = 60;
const OPEN = /<\p{L}[\p{L}\p{N} .,()-]*$/u;
const WORD = /(?<![\p{L}\p{N}?$:@_<-])[\p{L}\p{N}_-]+:?[\p{L}\p{N}_-]*$/u;
const NAMED = /^\p{L}[\p{L}\p{N}-]{2,}$/u;

/** Gives what is typed at the cursor and may be a name: {text, start, end} in its line, or null. */
function typed(yasqe) {
  const { line, ch } = yasqe.getDoc().getCursor();
  const { type } = yasqe.getTokenAt({ line, ch });
  if (type === "comment" || type === "string" || type === "keyword") return null;
  const text = yasqe.getDoc().getLine(line);
  const before = text.slice(0, ch);
  const found = OPEN.exec(before) ?? WORD.exec(before);
  // Words of SPARQL are written in capitals, and are no names.
  if (!found || /^[A-Z_]+$/.test(found[0])) return null;
  const closed = found[0].startsWith("<") && text[ch] === ">";
  return { text: found[0], start: found.index, end: ch + (closed ? 1 : 0) };
}

/** Ranks a word against names: 0 for the beginning of one or of a part of one, 1 for a part of one, null for none. */
function fit(word, names) {
  const places = names.map((name) => name.toLowerCase().indexOf(word)).map((at, which) => {
    if (at < 0) return null;
    return at === 0 || /[^\p{L}\p{N}]/u.test(names[which][at - 1]) ? 0 : 1;
  });
  return places.includes(0) ? 0 : places.includes(1) ? 1 : null;
}

function termsFor(word, vocabulary) {
  return vocabulary.terms
    .map((term) => ({ ...term, rank: fit(word, [term.name, term.label]) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank - b.rank || b.uses - a.uses)
    .slice(0, MOST)
    .map(({ name, label, uses }) => ({ text: name, told: `${label} (${uses})` }));
}

async function thingsFor(words, address) {
  const asked = new URL(address, document.baseURI);
  asked.searchParams.set("q", words);
  // A site that does not answer has nothing to offer; the query itself will say what is wrong.
  const response = await fetch(asked).catch(() => null);
  if (!response?.ok) return [];
  const { things } = await response.json();
  return things.map(({ iri, label, kind, organisation }) => ({ text: `<${iri}>`, name: label, told: `${kind}, ${organisation}` }));
}

function drawn(element, { text, name, told }) {
  const detail = document.createElement("span");
  detail.className = "told";
  detail.textContent = told;
  element.append(name ?? text, " ", detail);
}

/** The completer of terms and things; `things` is the address that finds things by names, or nothing. */
export function names(vocabulary, things) {
  let offered = new Map();
  return {
    name: "names",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition: (yasqe) => typed(yasqe) !== null,
    preProcessToken: (yasqe, token) => {
      const found = typed(yasqe);
      return found && { ...token, string: found.text, from: { ch: found.start }, to: { ch: found.end } };
    },
    get: async (_yasqe, token) => {
      // A name that is whole needs no more: Enter begins a new line.
      if (!token || vocabulary.terms.some(({ name }) => name === token.string)) return [];
      const open = token.string.startsWith("<");
      const words = open ? token.string.slice(1) : token.string;
      const asked = things && (open || NAMED.test(words)) ? thingsFor(words, things) : [];
      const found = [...(open ? [] : termsFor(words.toLowerCase(), vocabulary)), ...(await asked)];
      offered = new Map(found.map((each) => [each.text, each]));
      return [...offered.keys()];
    },
    postprocessHints: (_yasqe, hints) => hints.map((hint) => ({ ...hint, render: (element) => drawn(element, offered.get(hint.text)) })),
  };
}

/** The completer of prefixes, which also declares those that are used; `known` is YASQE's own. */
export function prefixes(vocabulary, known) {
  const lines = Object.entries(vocabulary.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);
  return { ...known, get: () => lines, persistenceId: null };
}
