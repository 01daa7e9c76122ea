// Plain text of several lines, as a PDF viewer or a spreadsheet puts it on the clipboard.

import { beside } from "perfmon/paste-tables";
import { add, trimmed } from "perfmon/paste-words";

const WRAPPED = 60; // characters: a shorter line was ended on purpose
const BULLET = /^(\s*)([•·▪●◦‣\uf0b7])\s+/;
const DASH = /^(\s*)([-*–])\s+/;
const NUMBER = /^(\s*)(\d{1,3})[.)]\s+/;

/** The blocks of a text; see paste-blocks. A line that the page's edge ended is joined to the next. */
export function textBlocks(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const isMarked = (pattern, at) => pattern.test(lines[at] ?? "");
  const blocks = [];
  let last = ""; // the line before where it may go on
  lines.forEach((line, at) => {
    const mark =
      line.match(BULLET) ?? [DASH, NUMBER].map((each) => (among(isMarked, each, at) ? line.match(each) : null)).find(Boolean);
    if (!line.trim()) last = "";
    else if (!mark && last.length >= WRAPPED && /^\s*\p{Ll}/u.test(line)) {
      const { runs } = blocks.at(-1);
      add(runs, last.endsWith("\u00ad") ? line.trim() : ` ${line.trim()}`, {});
      last = line;
    } else {
      blocks.push(block(mark ? line.slice(mark[0].length) : line, mark));
      last = line.includes("\t") ? "" : line;
    }
  });
  return blocks;
}

/** A dash or a number begins an item where a neighbour has one too. */
function among(isMarked, pattern, at) {
  return isMarked(pattern, at) && (isMarked(pattern, at - 1) || isMarked(pattern, at + 1));
}

function block(line, mark) {
  const cells = line.split("\t").map((cell) => {
    const runs = [];
    add(runs, cell, {});
    return trimmed(runs);
  });
  const runs = beside(cells);
  if (!mark) return { tag: "p", runs };
  const ordered = /\d/.test(mark[2]);
  const depth = /[◦‣]/.test(mark[2]) ? 2 : 1;
  return { tag: "p", runs, isFirst: true, item: { depth, key: "text", ordered, number: ordered ? Number(mark[2]) : null } };
}
