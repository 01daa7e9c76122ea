// Moving through the entry grid by keyboard. The boxes stay ordinary fields of ordinary forms.

/** `rows` are all of the grid in order. */
export function keys(table, rows) {
  table.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const row = rows.find((each) => each.holds(event.target));
    const act = row && action(event, row, rows);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function action(event, row, rows) {
  const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "s") return () => row.save();
  if (key === "F2" || (altKey && !ctrlKey && key.toLowerCase() === "n")) return () => toNotes(row, target);
  if (ctrlKey || metaKey || altKey || !target.matches("[data-box]")) return null;
  if (key === "Escape") return () => putBack(target);
  if (!target.matches("input")) return null;
  if (key === "Enter") return () => down(row, rows, target, shiftKey ? -1 : 1) || row.save();
  if (shiftKey) return null;
  if (key === "ArrowDown" || key === "ArrowUp") return () => down(row, rows, target, key === "ArrowUp" ? -1 : 1);
  return sideways(row, target, key);
}

function go(box) {
  box.focus();
  box.select();
  return true;
}

/** To the nearest column of the next row, and there to the same kind of box. */
function down(row, rows, box, step) {
  const next = rows[rows.indexOf(row) + step];
  if (!next) return false;
  const far = (each) => Math.abs(each.dataset.column - box.dataset.column);
  const boxes = next.boxes.filter((each) => each.matches("input"));
  const near = boxes.filter((each) => far(each) === Math.min(...boxes.map(far)));
  return go(near.find((each) => each.dataset.box === box.dataset.box) ?? near[0]);
}

/** From the end of the text only, so that an arrow still moves within it. */
function sideways(row, box, key) {
  const isAll = box.selectionStart === 0 && box.selectionEnd === box.value.length;
  const isAt = (place) => isAll || (box.selectionStart === box.selectionEnd && box.selectionStart === place);
  const step = key === "ArrowRight" && isAt(box.value.length) ? 1 : key === "ArrowLeft" && isAt(0) ? -1 : 0;
  const boxes = row.boxes.filter((each) => each.matches("input"));
  const next = step && boxes[boxes.indexOf(box) + step];
  return next ? () => go(next) : null;
}

function putBack(box) {
  if (box.value === box.defaultValue) return;
  box.value = box.defaultValue;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Opens the notes at the period of the box, or goes back to it. */
function toNotes(row, from) {
  const { code } = from.dataset;
  if (row.notes.contains(from)) {
    row.toggle(false);
    return go(row.boxes.find((box) => box.matches("input") && (!code || box.dataset.code === code)));
  }
  row.toggle(true);
  const notes = row.boxes.filter((box) => box.matches("textarea"));
  return (notes.find((box) => box.dataset.code === code) ?? notes[0]).focus();
}
