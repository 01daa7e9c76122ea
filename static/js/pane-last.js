// Last quarter's text beside a pane, opened in place, and the marks of what repeats it while one writes.

import { ask, page } from "perfmon/sending";
import { UNSEEN } from "perfmon/words";

const FAILED = "The text could not be loaded.";
// As in commentary/earlier.py.
const AROUND = /^[.,;:!?…"'“”‘’()[\]]+|[.,;:!?…"'“”‘’()[\]]+$/g;

const bare = (text) => text.replace(UNSEEN, "");
const compared = (text) => {
  const words = bare(text).toLowerCase().split(/\s+/).map((word) => word.replace(AROUND, "").replaceAll("’", "'"));
  return words.filter(Boolean).join(" ");
};

for (const link of document.querySelectorAll("a[data-last]")) disclose(link);
for (const form of document.querySelectorAll("form[data-pane]")) watch(form);

/** Turns the link into a button that shows and hides the text of the page it leads to. */
function disclose(link) {
  const place = document.getElementById(link.dataset.last);
  const said = place.parentElement.querySelector("[data-last-said]");
  const button = Object.assign(document.createElement("button"), { type: "button", className: link.className });
  button.append(...link.childNodes);
  button.setAttribute("aria-controls", place.id);
  button.setAttribute("aria-expanded", "false");
  link.replaceWith(button);

  const name = place.getAttribute("aria-label");
  const show = (isOpen) => {
    place.hidden = !isOpen;
    button.setAttribute("aria-expanded", isOpen);
  };
  const close = () => {
    show(false);
    said.textContent = `${name} is closed.`;
    button.focus();
  };
  button.onclick = async () => {
    if (!place.hidden) return close();
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    said.textContent = "Opening";
    const text = await load(link.href);
    button.ariaBusy = "false";
    place.replaceChildren(closer(close), ...(text ?? elsewhere(link.href)));
    show(true);
    said.textContent = text ? `${name} is open below.` : FAILED;
  };
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

/** The text's elements; null when it cannot be had. Parsed, never run; the page holds it cleaned. */
async function load(address) {
  try {
    const answer = await ask(address, { headers: { Accept: "text/html" } });
    return answer.status === 200 ? page(answer).querySelector("[data-last-text]")?.childNodes ?? null : null;
  } catch {
    return null;
  }
}

function closer(close) {
  return Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: "Close", onclick: close });
}

function elsewhere(address) {
  const way = document.createElement("a");
  Object.assign(way, { href: address, target: "_blank", rel: "noopener", textContent: "Open it on a page of its own" });
  const told = document.createElement("p");
  told.append(`${FAILED} `, way);
  return [told];
}

/** Paragraphs and items without what is nested in them. */
function paragraphs(body) {
  for (const line of body.querySelectorAll("br")) line.replaceWith(" ");
  return [...body.querySelectorAll("p, li")].map((element) => {
    const own = element.cloneNode(true);
    for (const inner of own.querySelectorAll("p, ul, ol")) inner.replaceWith(" ");
    return own.textContent;
  });
}

/** Keeps what the pane says of last quarter's text true while its writer changes it. */
function watch(form) {
  const textarea = form.querySelector("textarea");
  const carried = form.parentElement.querySelector("[data-carried]");
  const start = form.querySelector("[data-start]");
  const repeats = form.querySelector("[data-repeats]");
  const read = () => new DOMParser().parseFromString(textarea.value, "text/html").body;
  const letters = (body) => bare(body.textContent).replace(/\s+/g, "");
  const first = letters(read());
  const tell = () => {
    const body = read();
    const now = letters(body);
    if (start) start.hidden = now !== "";
    const isCarried = carried !== null && now === first;
    // Its line stays, or the text below would move under the writer.
    carried?.classList.toggle("gone", !isCarried);
    if (repeats) mark(repeats, new Set(paragraphs(body).map(compared)), isCarried);
  };
  if (carried || start || repeats) textarea.addEventListener("input", tell);
}

function mark(repeats, here, isCarried) {
  const items = [...repeats.querySelectorAll("[data-compared]")];
  for (const item of items) item.hidden = !here.has(item.dataset.compared);
  const count = items.filter((item) => !item.hidden).length;
  repeats.querySelector("[data-repeats-count]").textContent = count === 1 ? "1 paragraph is" : `${count} paragraphs are`;
  repeats.hidden = isCarried || count === 0;
}
