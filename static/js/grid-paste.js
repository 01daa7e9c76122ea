// A block of cells from a spreadsheet, pasted into the entry grid from the focused box to the right and down.

const NAMED_AT_MOST = 6;

/** after(rows, words): the rows that changed, and what became of the block. */
export function pasting(table, rows, after) {
  table.addEventListener("paste", (event) => {
    const box = event.target;
    if (!box.matches("input[data-box]")) return;
    const block = parse(event.clipboardData.getData("text/plain"));
    // One cell is an ordinary paste.
    if (block.length < 2 && (block[0]?.length ?? 0) < 2) return;
    event.preventDefault();
    for (const line of table.querySelectorAll(".left-out")) line.classList.remove("left-out");
    const { filled, left } = fill(block, box, rows);
    after([...filled.keys()], words(filled, left));
  });
}

function parse(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((cell) => cell.replace(/\s+/g, " ").trim()));
}

/** Numerator and denominator take two columns of the block for one of the grid, a value one. */
function target(row, start, offset) {
  const isCounts = start.dataset.box !== "value";
  const step = isCounts ? offset + (start.dataset.box === "denominator" ? 1 : 0) : offset;
  const column = Number(start.dataset.column) + (isCounts ? Math.floor(step / 2) : step);
  const kind = isCounts ? ["numerator", "denominator"][step % 2] : "value";
  return row.boxes.find((box) => box.dataset.box === kind && Number(box.dataset.column) === column);
}

function fill(block, start, rows) {
  const first = rows.findIndex((row) => row.holds(start));
  const filled = new Map();
  const left = [];
  block.forEach((cells, down) => {
    const row = rows[first + down];
    cells.forEach((text, offset) => {
      if (!text) return;
      const box = row && target(row, start, offset);
      if (!box) {
        left.push(`${text} (${row ? row.name : "below the last row"})`);
        row?.line.classList.add("left-out");
        return;
      }
      box.value = text;
      filled.set(row, (filled.get(row) ?? 0) + 1);
    });
  });
  return { filled, left };
}

/** "6 cells filled in 3 rows: E1, E34, E35. 1 cell not filled, since no box is there: 1,925 (E1)." */
function words(filled, left) {
  const cells = [...filled.values()].reduce((sum, each) => sum + each, 0);
  const names = [...filled.keys()].map((row) => row.name);
  const where = names.length > NAMED_AT_MOST ? `${names[0]} to ${names.at(-1)}` : names.join(", ");
  const told = cells ? `${count(cells, "cell")} filled in ${count(names.length, "row")}: ${where}.` : "No cell filled.";
  if (!left.length) return told;
  const more = left.length - NAMED_AT_MOST;
  const named = left.slice(0, NAMED_AT_MOST).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return `${told} ${count(left.length, "cell")} not filled, since no box is there: ${named}.`;
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
