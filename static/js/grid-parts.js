// Puts the parts of an answer in place of those on the page. Boxes stay, with the text and the focus that they have.

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/** Every part of the answer whose kind is not in `except`, but for those that say the same already. */
export function place(answer, except = []) {
  for (const part of answer.querySelectorAll("[data-part]")) {
    const here = document.getElementById(part.id);
    if (!here || except.includes(part.dataset.part) || here.isEqualNode(part)) continue;
    // A conflict stays until it is settled.
    if (here.querySelector("[data-moved]")) continue;
    here.replaceWith(document.adoptNode(part));
  }
  for (const said of document.querySelectorAll("tr.said")) said.hidden = !said.querySelector("[data-part]").childElementCount;
}

/** What is wrong with a box is said of it, and no longer when it is right. */
export function mark(box, answer) {
  const there = answer.getElementById(box.id);
  if (!there) return;
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (there.hasAttribute(name)) box.setAttribute(name, there.getAttribute(name));
    else box.removeAttribute(name);
  }
}

/** The text that was sent is saved: as the server writes it, unless somebody is at the box or typed on. */
export function settle(box, answer, sent) {
  const there = answer.getElementById(box.id);
  if (!there || box.value !== sent) {
    box.defaultValue = sent;
    return;
  }
  if (box === document.activeElement) {
    box.defaultValue = box.value;
    return;
  }
  box.defaultValue = there.defaultValue;
  box.value = there.defaultValue;
}
