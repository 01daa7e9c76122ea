// Reads the elements of a clipboard into blocks: { tag: "p" or "h3", runs, item, isFirst }. `item` is the list item
// that the block stands in: { depth, key, ordered, number }.

import { markIn, withoutMark, wordItem } from "perfmon/paste-lists";
import { styles } from "perfmon/paste-source";
import { tableBlocks } from "perfmon/paste-tables";
import { BREAK, add, address, plain, raised, trimmed } from "perfmon/paste-words";

const BLOCKS = new Set(
  ("address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer " +
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table td th tr ul").split(" "),
);
const HEADING = /(^|\s)(MsoTitle|MsoSubtitle|MsoHeading\d)(\s|$)/i;
const PLAIN = { bold: false, italic: false, href: "", pre: false, tag: "p", item: null, list: null };
const BULLET = /^\s*[•▪●◦‣\uf0b7]\s/;

export function read(element, from = PLAIN) {
  const reader = new Reader();
  reader.children(element, from);
  reader.close();
  return reader.blocks;
}

class Reader {
  constructor() {
    Object.assign(this, { blocks: [], block: null });
  }

  children(element, state) {
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.text(child.data, state);
      else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, state);
    }
  }

  element(element, outer) {
    const tag = element.localName;
    if (tag === "br") return this.lineBreak();
    const state = inside(element, outer);
    if (!BLOCKS.has(tag)) return this.children(element, state);
    this.close();
    if (tag === "table") this.table(element, state);
    else this.children(element, state);
    this.close();
  }

  table(element, state) {
    for (const block of tableBlocks(element, (cell) => read(cell, inside(cell, { ...state, item: null })))) {
      this.put(state.item && !block.item ? { ...block, tag: "p", item: state.item } : block);
    }
  }

  text(text, state) {
    if (!this.block && !text.trim()) return;
    if (this.block?.runs.at(-1) === BREAK && BULLET.test(text)) this.close();
    this.block ??= { tag: state.tag, runs: [], item: state.item };
    add(this.block.runs, state.raised ? raised(text) : text, state);
  }

  /** Two new lines in a row are a new paragraph. */
  lineBreak() {
    if (this.block?.runs.at(-1) === BREAK) this.close();
    else this.block?.runs.push(BREAK);
  }

  close() {
    const { block } = this;
    this.block = null;
    if (!block) return;
    const isMarked = block.item?.isTyped && !block.item.isBegun;
    const runs = trimmed(isMarked ? withoutMark(block.runs) : block.runs);
    if (plain(runs).trim()) this.put({ ...block, runs });
  }

  /** The first block of an item begins it. */
  put(block) {
    const isFirst = Boolean(block.item && !block.item.isBegun);
    if (isFirst) block.item.isBegun = true;
    this.blocks.push({ ...block, isFirst: block.isFirst || isFirst });
  }
}

/** What holds within an element, given what holds around it. */
function inside(element, outer) {
  const state = { ...outer };
  const tag = element.localName;
  const style = styles(element);
  const weight = style.get("font-weight");
  if (["b", "strong", "th"].includes(tag)) state.bold = true;
  if (["i", "em"].includes(tag)) state.italic = true;
  if (weight) state.bold = /^(bold|[6-9]00)/.test(weight);
  if (style.has("font-style")) state.italic = /^(italic|oblique)/.test(style.get("font-style"));
  if (tag === "a") state.href = address(element);
  if (tag === "sup") state.raised = true;
  const space = style.get("white-space");
  if (tag === "pre") state.pre = true;
  if (space) state.pre = /^(pre|break-spaces)/.test(space);
  return { ...state, ...standing(element, tag, state) };
}

/** Whether a heading or a list item begins here. */
function standing(element, tag, state) {
  if (tag === "ul" || tag === "ol") return { list: listOf(element, state), item: null, tag: "p" };
  if (tag === "li") return { item: itemOf(element, state.list ?? listOf(element, state)) };
  const isHeading = /^h[1-6]$/.test(tag) || element.getAttribute("role") === "heading" || HEADING.test(element.className);
  if (isHeading && !state.item) {
    markIn(element)?.append(" ");
    return { tag: "h3", bold: false };
  }
  if (tag !== "p" && tag !== "div") return state.tag === "h3" ? { bold: false } : {};
  const item = wordItem(element);
  return item ? { item } : {};
}

/** `number` is that of the next item. */
function listOf(element, { list }) {
  const number = whole(element, "start") ?? 1;
  return { depth: (list?.depth ?? 0) + 1, key: element, ordered: element.localName === "ol", number };
}

/** An item shown as a block has no number; some editors put a list that stands in another into such a one. */
function itemOf(element, list) {
  const number = whole(element, "value") ?? list.number;
  list.number = number + (styles(element).get("display") !== "block");
  return { ...list, number, ...levelOf(element) };
}

function whole(element, name) {
  const text = element.getAttribute(name)?.trim() ?? "";
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}

/** Word in a browser puts every item into a list of its own and says the level. */
function levelOf(item) {
  const depth = Number(item.getAttribute("data-aria-level"));
  if (!depth || !item.closest("[class*='ListContainerWrapper']")) return {};
  return { depth, key: item.dataset.listid ?? "online", number: whole(item.parentElement, "start") };
}
