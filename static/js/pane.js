// Brings the editor to a pane when it is about to be used: at the first touch, or when the page is idle and it is in view.

import { edit } from "perfmon/editing";

const FAILED = "The editor could not be loaded. Press in the text to try again, or reload the page.";
const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 200));

for (const form of document.querySelectorAll("form[data-pane]")) start(form);

function start(form) {
  const textarea = form.querySelector("textarea");
  const place = form.querySelector(".text");
  const problem = form.querySelector("[data-problem]");
  const said = form.querySelector("[data-said]");
  let begun = null, touch = null;
  // A tab that the browser restores may bring back what stood here then, beside today's version.
  textarea.value = textarea.defaultValue;

  // The package starts every textarea that carries its attribute and says so with this event.
  textarea.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    problem.hidden = true;
    edit(form, editor, textarea);
    if (!touch) return;
    const at = editor.view.posAtCoords({ left: touch.clientX, top: touch.clientY });
    editor.commands.focus(at ? at.pos : "end");
  });
  const begin = () => {
    if (!begun) said.textContent = "";
    begun ??= import("django-prose-editor/configurable").catch(() => {
      begun = null;
      problem.hidden = false;
      said.textContent = problem.querySelector("p").textContent = FAILED;
    });
  };
  place.addEventListener("pointerdown", (event) => {
    touch = event;
    begin();
  });
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    whenIdle(begin);
  });
  watcher.observe(form);
}
