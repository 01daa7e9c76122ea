// Tables as text: a row is a line with its cells side by side.

import { BREAK, joined, trimmed } from "perfmon/paste-words";

const EMPTY = [{ text: "–" }];
const MOST_COLUMNS = 200;

export const beside = (cells) => joined(withoutEmptyEnd(cells).map((cell) => (cell.length ? cell : EMPTY)), () => " | ");

/** The blocks of a table. `read(cell)` gives those of one cell; a table that only arranges the page gives its cells'. */
export function tableBlocks(table, read) {
  const caption = table.caption ? read(table.caption) : [];
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => ({ cell, blocks: read(cell) })));
  const isFull = ({ blocks }) => blocks.length > 0;
  if (table.querySelector("table") || rows.every((row) => row.filter(isFull).length < 2)) {
    return [...caption, ...rows.flat().flatMap(({ blocks }) => blocks)];
  }
  const lines = grid(rows).map(beside).filter((line) => line.length);
  return [...caption, ...lines.map((runs) => ({ tag: "p", runs }))];
}

/** Of each row its cells' words; a cell that reaches down stands in every row that it reaches. */
function grid(rows) {
  const reaching = []; // by column: [words, rows still to come]
  return rows.map((row) => {
    const line = [];
    const fill = () => {
      while (reaching[line.length]?.[1] > 0) {
        const held = reaching[line.length];
        held[1] -= 1;
        line.push(held[0]);
      }
    };
    for (const { cell, blocks } of row) {
      fill();
      const words = oneLine(blocks);
      const span = Math.min(cell.colSpan, MOST_COLUMNS);
      for (let column = 0; column < span; column += 1) {
        reaching[line.length] = [column ? null : words, cell.rowSpan - 1];
        line.push(column ? null : words);
      }
    }
    fill();
    return line.filter(Boolean);
  });
}

function oneLine(blocks) {
  const lines = blocks.map(({ runs }) => trimmed(runs.map((run) => (run === BREAK ? { text: " " } : run))));
  return joined(lines, (before) => (/[.,;:!?]\s*$/.test(before) ? " " : "; "));
}

function withoutEmptyEnd(cells) {
  const last = cells.findLastIndex((cell) => cell.length);
  return cells.slice(0, last + 1);
}
