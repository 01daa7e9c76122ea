// Lists: what marks an item in Word and in plain text, and items put back into lists.

import { styles } from "perfmon/paste-source";
import { plain, render, without } from "perfmon/paste-words";

const NUMBERED = /^[\s\u00a0]*\(?(?:(\d+)|[a-z]{1,5})(?:\.(\d+))*[.)]/i;
// Word's bullets come from its symbol fonts too.
const DOT = /^[\s\u00a0]*[•·▪●◦‣\uf0b7\uf0a7][\s\u00a0]+/;
const TYPED = "^[\\s\u00a0]*(?:[•·▪●◦‣§o–\uf0b7\uf0a7-]|\\(?(?:\\d+|[a-z]{1,4})[.)])[\\s\u00a0]";
const TYPED_MARK = new RegExp(`${TYPED}{2,}`, "i");
const READ_MARK = new RegExp(`${TYPED}+`, "i");
const POINTS = { pt: 1, px: 0.75, in: 72, cm: 28.35, mm: 2.835 };
const INDENT = 36; // points, for each level in Word

/** What a list's mark says: { ordered, number }, where the number is null for a letter, which goes on from the one before. */
export function markOf(text) {
  const [found, first, last] = text.match(NUMBERED) ?? [];
  return { ordered: Boolean(found), number: first ? Number(last ?? first) : null };
}

/** The item that a paragraph of Word is, its mark taken out of it; null where it is none. */
export function wordItem(element) {
  const [, list, level] = styles(element).get("mso-list")?.match(/^(l\d+) level(\d+)/) ?? [];
  if (!list) return typedItem(element);
  const mark = markIn(element);
  const item = { depth: Number(level), key: list, ...markOf(mark?.textContent ?? "") };
  mark?.remove();
  return item;
}

export function markIn(element) {
  return [...element.querySelectorAll("span")].find((span) => styles(span).get("mso-list") === "ignore");
}

/** Sent by mail a list of Word has lost its style and kept its mark as text. */
function typedItem(element) {
  const [mark] = (/MsoListParagraph/i.test(element.className) && element.textContent.match(TYPED_MARK)) || [];
  if (!mark) return null;
  const [, size, unit] = styles(element).get("margin-left")?.match(/^([\d.]+)([a-z]+)/) ?? [];
  const depth = Math.max(1, Math.round(((Number(size) || INDENT) * (POINTS[unit] ?? 1)) / INDENT));
  return { depth, key: "typed", isTyped: true, ...markOf(mark) };
}

/** Without the mark that such an item begins with. */
export const withoutMark = (runs) => without(runs, plain(runs).match(READ_MARK)?.[0].length ?? 0);

/** A paragraph that begins with a bullet, from wherever, is an item. */
export function dotted(block) {
  const [mark] = (!block.item && block.tag === "p" && plain(block.runs).match(DOT)) || [];
  if (!mark) return block;
  const item = { depth: /[◦‣]/.test(mark) ? 2 : 1, key: "dotted", ordered: false, number: null };
  return { ...block, item, isFirst: true, runs: without(block.runs, mark.length) };
}

/** The blocks as elements inside `place`. A level that was skipped is closed up. */
export function assemble(page, place, blocks) {
  let open = []; // of each level: { list, key, ordered, item }
  for (const block of blocks.map(dotted)) {
    const { item } = block;
    const node = page.createElement(item ? "p" : block.tag);
    node.append(...render(page, block.runs));
    if (!item) {
      open = [];
      place.append(node);
      continue;
    }
    open.length = Math.min(open.length, item.depth);
    if (block.isFirst || !open.length) begin(page, place, open, item);
    open.at(-1).item.append(node);
  }
}

/** A number that does not follow the one before begins a list of its own: it was written, and others refer to it. */
function begin(page, place, open, { depth, key, ordered, number }) {
  const level = Math.min(depth, open.length + 1);
  const top = open[level - 1];
  const follows = !ordered || number === null || number === top?.next;
  if (top?.key !== key || top.ordered !== ordered || !follows) {
    open.length = level - 1;
    const list = page.createElement(ordered ? "ol" : "ul");
    if (ordered && (number ?? 1) !== 1) list.setAttribute("start", number);
    (open.at(-1)?.item ?? place).append(list);
    open.push({ list, key, ordered, next: number ?? 1 });
  }
  const item = page.createElement("li");
  const last = open.at(-1);
  last.list.append(item);
  Object.assign(last, { item, next: last.next + 1 });
}
