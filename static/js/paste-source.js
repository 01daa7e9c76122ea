// What a clipboard holds that no reader saw or that is nobody's business here goes before anything is read: styles,
// comments, marks of footnotes, tracked deletions, hidden text, images.

const NEVER_READ =
  "head, style, script, xml, meta, link, title, template, noscript, iframe, object, embed, video, audio, canvas, img, map";
const MARKS = [
  "[class*='msocom'], .MsoCommentReference, [class*='FootnoteReference'], [class*='EndnoteReference']",
  "a[href*='#_ftn'], a[href*='#_edn'], a[href*='#_msocom'], a[href*='#cmnt']",
  ".msoDel, del[cite], del[datetime], [class*='TextDeletion']",
].join(", ");
const COMMENT = /^comment(-list)?$/;

/** The declarations of a style attribute. They are read as text: under the page's policy the browser has none. */
export function styles(element) {
  const found = new Map();
  for (const each of (element.getAttribute("style") ?? "").split(";")) {
    const at = each.indexOf(":");
    if (at > 0) found.set(each.slice(0, at).trim().toLowerCase(), each.slice(at + 1).trim().toLowerCase());
  }
  return found;
}

/** Takes these out of the parsed clipboard; whether there were hidden words among them. */
export function strip(page) {
  const hidden = hiddenClasses(page);
  remove(page.querySelectorAll(NEVER_READ));
  remove(page.querySelectorAll(MARKS));
  remove([...page.querySelectorAll("[style]")].filter((each) => COMMENT.test(styles(each).get("mso-element"))));
  const unseen = [...page.body.querySelectorAll("*")].filter((each) => isHidden(each, hidden));
  const hadWords = unseen.some((each) => each.textContent.trim());
  remove(unseen);
  return hadWords;
}

function remove(elements) {
  for (const element of elements) element.remove();
}

/** Classes that Word's own style sheet hides. Rules of other programs may hold for another medium and are not asked. */
function hiddenClasses(page) {
  const found = new Set();
  for (const { textContent } of page.querySelectorAll("style")) {
    for (const [, selectors, body] of textContent.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (!/mso-hide:\s*all/i.test(body)) continue;
      for (const [, name] of selectors.matchAll(/\.([\w-]+)\s*(?=,|$)/g)) found.add(name);
    }
  }
  return found;
}

function isHidden(element, hiddenByClass) {
  if (element.hidden || [...element.classList].some((name) => hiddenByClass.has(name))) return true;
  const style = styles(element);
  if (style.get("display")?.startsWith("none") || style.get("mso-hide") === "all") return true;
  return style.get("visibility")?.startsWith("hidden") && !element.querySelector("[style*='visible' i]");
}
