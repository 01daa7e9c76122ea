// The entry grid: each row is saved by itself when one leaves it. What stands in a row is the server's to judge.

import { keys } from "perfmon/grid-keys";
import { pasting } from "perfmon/grid-paste";
import { Row } from "perfmon/grid-row";

const table = document.querySelector("[data-grid]");
const said = document.querySelector("[data-said]");
const told = document.querySelector("[data-told]");

if (table) {
  const rows = [...table.querySelectorAll("tr[data-row]")].map((line) => new Row(line, announce));
  document.documentElement.classList.add("scripted");
  keys(table, rows);
  pasting(table, rows, (changed, words) => {
    tell(words);
    for (const row of changed) row.holds(document.activeElement) ? row.changed() : row.state.tell("changed");
    saveInTurn(changed.filter((row) => !row.holds(document.activeElement)));
  });
  table.addEventListener("focusout", ({ target, relatedTarget }) => {
    const row = rows.find((each) => each.holds(target));
    // Without a next place the window itself lost the focus, or the page was clicked.
    if (!row || (relatedTarget && row.holds(relatedTarget))) return;
    if (row.dirty) saveInTurn([row, ...rows.filter((each) => each !== row && each.state.waits)]);
  });
  document.querySelector("[data-submit]")?.addEventListener("click", async (event) => {
    const unsaved = rows.filter((row) => row.dirty || row.flight);
    if (!unsaved.length) return;
    event.preventDefault();
    await saveInTurn(unsaved);
    if (!rows.some((row) => row.dirty)) location.assign(event.target.href);
  });
  document.querySelector("[data-told-close]").onclick = () => {
    told.hidden = true;
    for (const line of table.querySelectorAll(".left-out")) line.classList.remove("left-out");
  };
  addEventListener("beforeunload", (event) => {
    if (rows.some((row) => row.dirty || row.flight)) event.preventDefault();
  });
}

/** One after the other: a pasted quarter is not twenty requests at once. */
async function saveInTurn(rows) {
  for (const row of rows) await row.save();
}

function announce(words) {
  said.textContent = words;
}

function tell(words) {
  told.hidden = false;
  told.querySelector("[data-told-words]").textContent = words;
  announce(words);
}
