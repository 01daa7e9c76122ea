// Two texts side by side after somebody else saved first.

/** Parsed, never run; both texts come cleaned from the server. A link opens beside this page, which holds unsaved text. */
function show(place, html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const link of body.querySelectorAll("a")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
  place.replaceChildren(...body.childNodes);
  if (!place.textContent.trim()) place.textContent = "Empty";
  place.scrollTop = 0;
}

/**
 * Opens the pane's dialog for the answer to a stale save. `choices` has keepMine, takeTheirs, editTogether and copyMine.
 */
export function compare(dialog, { message, held, compared, together }, choices) {
  const find = (name) => dialog.querySelector(`[data-${name}]`);
  const tell = (words) => { find("copied").textContent = words; };
  find("conflict-says").textContent = message;
  find("theirs-title").textContent = held.by ? `By ${held.by}, saved ${held.saved}` : "Saved";
  find("marked").hidden = !compared.marked;
  find("unmarked").hidden = compared.marked;
  show(find("mine"), compared.mine);
  show(find("theirs"), compared.theirs);
  tell("");
  const choose = (name, act) => {
    find(name).onclick = () => {
      dialog.close();
      act?.();
    };
  };
  choose("keep-mine", choices.keepMine);
  choose("take-theirs", choices.takeTheirs);
  choose("edit-together", choices.editTogether);
  choose("decide-later");
  find("edit-together").hidden = !together;
  find("copy-mine").onclick = () => choices.copyMine(tell, dialog);
  if (!dialog.open) dialog.showModal();
  // Not by `autofocus`: the browser heeds it when the page loads, dialog closed or not.
  find("title").focus();
}
