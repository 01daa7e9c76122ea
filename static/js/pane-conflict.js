// Two texts side by side after somebody else saved first.

/** Parsed, never run; both texts come cleaned from the server. */
function show(place, html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  place.replaceChildren(...body.childNodes);
  if (!place.textContent.trim()) place.textContent = "Empty";
}

/** Opens the pane's dialog; `choices` has keepMine and takeTheirs. */
export function compare(dialog, { message, held, refused }, choices) {
  const find = (name) => dialog.querySelector(`[data-${name}]`);
  find("conflict-says").textContent = message;
  find("theirs-title").textContent = held.by ? `By ${held.by}, saved ${held.saved}` : "Saved";
  find("copied").textContent = "";
  show(find("mine"), refused);
  show(find("theirs"), held.html);
  const choose = (act) => () => {
    dialog.close();
    act?.();
  };
  find("keep-mine").onclick = choose(choices.keepMine);
  find("take-theirs").onclick = choose(choices.takeTheirs);
  find("decide-later").onclick = choose();
  find("copy-mine").onclick = () => copy(find("mine"), find("copied"));
  if (!dialog.open) dialog.showModal();
}

async function copy(place, told) {
  const text = new Blob([place.innerText], { type: "text/plain" });
  const html = new Blob([place.outerHTML], { type: "text/html" });
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text, "text/html": html })]);
    told.textContent = "Your text is on the clipboard.";
  } catch {
    getSelection().selectAllChildren(place);
    told.textContent = "Your text is selected: press Ctrl+C to copy it.";
  }
}
