// What we add to the editor: lists pasted from Word become lists, and what Word hides stays out.

import { Extension, Plugin } from "django-prose-editor/editor";

const styleOf = (element) => element.getAttribute("style") ?? "";
const isHidden = (element) => /mso-hide:\s*all|display:\s*none/i.test(styleOf(element));
const isItem = (element) => /MsoListParagraph/i.test(element.className) || /mso-list:\s*l\d/i.test(styleOf(element));

/** Word writes a list as paragraphs, each with its mark in a span. */
export function fromWord(html) {
  if (!/mso-|MsoListParagraph/i.test(html)) return html;
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const element of page.querySelectorAll("[style]")) if (isHidden(element)) element.remove();
  let list = null;
  for (const paragraph of [...page.querySelectorAll("p")]) {
    if (!isItem(paragraph)) {
      list = null;
      continue;
    }
    const mark = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*Ignore/i.test(styleOf(span)));
    const tag = /^\s*(\d+|[a-z]|[ivx]+)[.)]/i.test(mark?.textContent ?? "") ? "OL" : "UL";
    mark?.remove();
    if (!list || list.tagName !== tag || list !== paragraph.previousElementSibling) {
      list = page.createElement(tag);
      paragraph.before(list);
    }
    const item = page.createElement("li");
    item.append(...paragraph.childNodes);
    list.append(item);
    paragraph.remove();
  }
  return page.body.outerHTML;
}

export const WordPaste = Extension.create({
  name: "wordPaste",
  addProseMirrorPlugins() {
    return [new Plugin({ props: { transformPastedHTML: fromWord } })];
  },
});
