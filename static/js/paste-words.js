// Words of a block as runs: { text, bold, italic, href }, or BREAK for a new line inside the block.

export const BREAK = Symbol("line break");

/** What a link may lead to. */
export const ADDRESS = /^(https?:\/\/[^\s/\\?#]+[^\s\\]*|mailto:[^\s@]+@\S+)$/i;
const SPACES = /[ \t\r\n\f\u00a0]+/g;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** The address of a link where it may be stored; local paths and places in the page may not. */
export function address(element) {
  const href = element.getAttribute("href")?.trim() ?? "";
  return ADDRESS.test(href) ? href : "";
}

/** "10" and a raised "3" would read 103. */
export const raised = (text) => (/^\s*\d+\s*$/.test(text) ? text.replace(/\d/g, (digit) => RAISED[digit]) : text);

/** Adds text as a browser would show it: runs of spaces are one. A single one that does not break stays among words;
 * alone it is how browsers copy a space at the edge of bold. */
export function add(runs, text, { bold, italic, href, pre }) {
  const lines = pre ? text.split(/\r\n?|\n/) : [text];
  lines.forEach((line, number) => {
    if (number) runs.push(BREAK);
    let shown = line.replace(SPACES, (run) => (run === "\u00a0" && line !== run ? run : " "));
    if (/^ /.test(shown) && (!runs.length || / $/.test(runs.at(-1).text ?? " "))) shown = shown.slice(1);
    if (shown) runs.push({ text: shown, bold, italic, href });
  });
}

/** Without spaces and new lines at either end. */
export function trimmed(runs) {
  const kept = runs.map((run) => (run === BREAK ? run : { ...run }));
  const isEmpty = (run) => run === BREAK || !run.text;
  const cut = (run, pattern) => {
    if (run && run !== BREAK) run.text = run.text.replace(pattern, "");
  };
  for (cut(kept[0], /^\s+/); kept.length && isEmpty(kept[0]); cut(kept[0], /^\s+/)) kept.shift();
  for (cut(kept.at(-1), /\s+$/); kept.length && isEmpty(kept.at(-1)); cut(kept.at(-1), /\s+$/)) kept.pop();
  return kept;
}

export const plain = (runs) => runs.map((run) => (run === BREAK ? "\n" : run.text)).join("");

/** Without the first `length` characters. */
export function without(runs, length) {
  const kept = [];
  for (const run of runs) {
    const here = run === BREAK ? 1 : run.text.length;
    if (length >= here) length -= here;
    else {
      kept.push(run === BREAK ? run : { ...run, text: run.text.slice(length) });
      length = 0;
    }
  }
  return kept;
}

/** Pieces one after another, `mark(before)` between them. */
export function joined(pieces, mark) {
  const all = [];
  pieces.forEach((piece, number) => {
    if (number) all.push({ text: mark(plain(all)) });
    all.push(...piece);
  });
  return all;
}

/** The nodes of these runs. */
export function render(page, runs) {
  return runs.map((run) => {
    if (run === BREAK) return page.createElement("br");
    let node = page.createTextNode(run.text);
    const wrap = (tag) => {
      const outer = page.createElement(tag);
      outer.append(node);
      node = outer;
    };
    if (run.italic) wrap("em");
    if (run.bold) wrap("strong");
    if (run.href) {
      wrap("a");
      node.setAttribute("href", run.href);
    }
    return node;
  });
}
