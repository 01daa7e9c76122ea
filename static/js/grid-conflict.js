// After a conflict, cell by cell: what is typed goes on top of what is held, or gives way to it.

/** A cell of the row that is still to be settled, null where there is none. */
export function clash(row) {
  return row.said.querySelector("[data-moved]");
}

export function settling(row) {
  row.said.addEventListener("click", ({ target }) => {
    const cell = target.closest("[data-moved]");
    const isMine = Boolean(target.closest("[data-keep]"));
    if (cell && (isMine || target.closest("[data-take]"))) choose(row, cell, isMine);
  });
}

/** The choices are there for a script only. */
export function offer(row) {
  for (const choice of row.said.querySelectorAll("[data-choice]")) choice.hidden = false;
}

function choose(row, cell, isMine) {
  const { moved: code, now } = cell.dataset;
  row.version(code).value = now;
  for (const box of row.boxes.filter((each) => each.dataset.code === code)) {
    const { value } = cell.querySelector(`[data-their="${box.dataset.box}"]`);
    box.defaultValue = value;
    if (!isMine) box.value = value;
  }
  cell.remove();
  row.boxes.find((box) => box.dataset.code === code && box.value)?.focus();
  if (clash(row)) return;
  for (const left of row.said.querySelectorAll(".problem")) left.remove();
  if (row.dirty) row.save();
  else {
    row.state.tell("");
    row.check();
  }
}
