// What we add to the editor: what is pasted arrives as text, headings, lists and lines, whatever program it is from.

import { Extension, Plugin } from "django-prose-editor/editor";
import { read } from "perfmon/paste-blocks";
import { assemble } from "perfmon/paste-lists";
import { strip } from "perfmon/paste-source";
import { textBlocks } from "perfmon/paste-text";

const HIDDEN_LEFT_OUT = "Hidden text was left out.";

/** Cells without their table, as some spreadsheets send them, would be read as one word. */
const whole = (html) => (/<t[rd][\s>]/i.test(html) && !/<table[\s>]/i.test(html) ? `<table>${html}</table>` : html);

/** Parsed, never run. Returns the text as our editor has it, and whether hidden words were left out. */
export function fromClipboard(html) {
  const page = new DOMParser().parseFromString(whole(html), "text/html");
  const hadHidden = strip(page);
  return { html: written(page, read(page.body)), hadHidden };
}

function written(page, blocks) {
  const place = page.createElement("body");
  assemble(page, place, blocks);
  return place.outerHTML;
}

/** In a line below the text; the next paste clears it, and so do words that are typed and the writer's own save. */
function tell(view, words) {
  const place = view.dom.closest("form")?.querySelector("[data-pasted]");
  if (place && place.textContent !== words) place.textContent = words;
}

/** Before anything is read of it. Nothing is done here, and the editor goes on. */
function clear(view) {
  tell(view, "");
  return false;
}

function transformPastedHTML(html, view) {
  // Cut or copied here: it is ours already, and says how it fits in.
  if (/<[a-z][^>]* data-pm-slice=/i.test(html)) return html;
  const found = fromClipboard(html);
  if (found.hadHidden) tell(view, HIDDEN_LEFT_OUT);
  return found.html;
}

/** Plain text of several lines or cells may hold lists and rows. */
function handlePaste(view, event) {
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  if (!/[\n\t]/.test(text) || event.clipboardData.types.includes("text/html")) return false;
  const page = document.implementation.createHTMLDocument("");
  return view.pasteHTML(written(page, textBlocks(text)));
}

export const WordPaste = Extension.create({
  name: "wordPaste",
  addProseMirrorPlugins() {
    return [new Plugin({ props: { transformPastedHTML, handlePaste, handleTextInput: clear, handleDOMEvents: { paste: clear } } })];
  },
});
