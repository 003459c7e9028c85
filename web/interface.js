// What YASGUI says of itself, in the language of the page, and what a keyboard and a screen reader need besides.

const ATTRIBUTES = ["title", "aria-label", "placeholder"];
// What people wrote and what was answered is not the interface.
const THEIRS = ".CodeMirror-lines, .CodeMirror-hints, .yasr_results, .tab span";

/** How many rows in how many seconds, in the words of the page. */
function counted(text, rows) {
  const found = /^(?:(\d+) results?|Response) in ([\d.]+) seconds?$/.exec(text);
  return found && [found[1] && `${found[1]} ${rows}`, `${found[2]} s`].filter(Boolean).join(" · ");
}

/** Puts the words of the page in the place of YASGUI's; `words` are the former by the latter. */
function tell(root, words, rows) {
  const said = (text) => words[text.trim()] ?? counted(text, rows);
  for (const element of [root, ...root.querySelectorAll("*")]) {
    if (element.closest(THEIRS)) continue;
    for (const name of ATTRIBUTES) {
      const told = said(element.getAttribute(name) ?? "");
      if (told && told !== element.getAttribute(name)) element.setAttribute(name, told);
    }
    for (const child of element.childNodes) {
      const told = child.nodeType === Node.TEXT_NODE && said(child.data);
      if (told && told !== child.data) child.data = told;
    }
  }
}

/** Names what has no name: the editor's field, which lies outside of what is seen, and the field for a tab's name. */
function name(root, words) {
  for (const field of root.querySelectorAll(".yasqe .CodeMirror textarea")) field.ariaLabel = words.editor;
  for (const field of root.querySelectorAll(".yasr .CodeMirror textarea")) field.ariaLabel = words.response;
  for (const field of root.querySelectorAll(".tab input")) field.ariaLabel = words.tab_name;
  for (const field of root.querySelectorAll(".yasqe_sharePopup input")) field.ariaLabel = words.link;
  const tabs = root.querySelector(".tabsList");
  if (tabs) tabs.ariaLabel = words.tabs;
  // That an answer has come, and of how many rows, is told to who does not see it (WCAG 4.1.3).
  for (const chip of root.querySelectorAll(".yasr_response_chip")) chip.role = "status";
  // It leads to another host.
  for (const link of root.querySelectorAll(".yasr_external_ref_btn")) link.remove();
  for (const chosen of root.querySelectorAll(".yasr_btnGroup button")) {
    chosen.removeAttribute("aria-label");
    chosen.ariaPressed = String(chosen.classList.contains("selected"));
  }
}

/** Keeps the words of `root` those of the page, whatever YASGUI draws. */
export function translate(root, { yasgui, ...words }) {
  const mend = () => {
    tell(root, yasgui, words.rows);
    name(root, words);
  };
  const watched = { subtree: true, childList: true, attributes: true, attributeFilter: [...ATTRIBUTES, "class"], characterData: true };
  const observer = new MutationObserver((changes) => {
    if (changes.every(({ target }) => (target.closest ? target : target.parentElement)?.closest(".CodeMirror-lines, .CodeMirror-sizer"))) return;
    observer.disconnect();
    mend();
    observer.observe(root, watched);
  });
  mend();
  observer.observe(root, watched);
}

/** Lets tabs be renamed by F2, and leaves the browser its own menu: YASGUI's can't be reached by a keyboard. */
export function keys(root) {
  root.addEventListener("contextmenu", (event) => event.stopPropagation(), true);
  root.addEventListener("keydown", (event) => {
    const tab = event.target.closest(".tab");
    if (tab && event.key === "F2") tab.dispatchEvent(new MouseEvent("dblclick"));
    // A name is typed: the arrows and Delete are the field's own.
    if (event.target.matches(".tab input")) event.stopPropagation();
  }, true);
}
