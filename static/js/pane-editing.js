// A pane in the hands of its writer: editor, saved-state in words, and the way to a release.

import { compare } from "perfmon/conflict";
import { Saver } from "perfmon/saving";
import { toolbar } from "perfmon/toolbar";

export function edit(form, editor, textarea) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const teller = new Teller(form);
  const dialog = form.parentElement.querySelector("dialog[data-conflict]");
  const put = (html) => editor.commands.setContent(html, { emitUpdate: true });
  let clash = null;
  const saver = new Saver(form, () => textarea.value, (kind, words, details) => {
    teller.tell(kind, words);
    if (kind !== "conflict") return;
    clash = details;
    settle();
  });
  const settle = () => compare(dialog, { ...clash, refused: textarea.value }, {
    keepMine: () => saver.keepMine(),
    takeTheirs: () => {
      put(clash.held.html);
      saver.takeTheirs();
    },
  });

  find("static").hidden = true;
  name(editor, textarea);
  const openLink = toolbar(form, editor);
  textarea.addEventListener("input", () => saver.changed());
  find("compare").onclick = settle;
  find("save-now").disabled = false;
  find("save-now").onclick = () => saver.held ? settle() : saver.save();
  form.addEventListener("keydown", (event) => keys(event, saver, openLink), { capture: true });
  addEventListener("beforeunload", (event) => {
    if (saver.dirty) event.preventDefault();
  });
  sendAfterSaving(form, saver);
}

function name(editor, textarea) {
  const attributes = {
    "aria-labelledby": textarea.labels[0].id,
    "aria-describedby": textarea.getAttribute("aria-describedby"),
    "aria-multiline": "true",
    role: "textbox",
    spellcheck: "true",
  };
  editor.setOptions({ editorProps: { attributes } });
}

/** Before the editor sees them: Tab leaves it, even out of a list, and the browser's own shortcuts are ours. */
function keys(event, saver, openLink) {
  const inText = event.target.closest(".ProseMirror");
  if (event.key === "Tab" && inText) event.stopPropagation();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const act = { s: () => saver.save(), k: inText && openLink }[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** Release and withdraw take what is on screen: it is saved first, then the form goes with that version, once. */
function sendAfterSaving(form, saver) {
  let isSent = false;
  addEventListener("pageshow", () => { isSent = false; });
  form.addEventListener("submit", async (event) => {
    if (isSent) return event.preventDefault();
    if (!saver.dirty && !saver.flight) {
      isSent = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    if (await saver.save()) form.requestSubmit(submitter);
  });
}

class Teller {
  constructor(form) {
    this.form = form;
    this.state = document.getElementById(form.dataset.state);
    this.find = (name) => form.querySelector(`[data-${name}]`);
  }

  tell(kind, words) {
    const { audience } = this.form.dataset;
    const isProblem = ["failed", "signed-out", "conflict"].includes(kind);
    const said = isProblem ? sentence(kind, words) : kind === "saved" ? `Saved ${words}` : "";
    this.state.classList.remove("released");
    this.state.classList.toggle("problem", isProblem);
    this.state.textContent = {
      typing: "Not saved yet",
      saving: "Saving",
      saved: `Draft, saved ${words}. ${audience}`,
    }[kind] ?? "Not saved";
    // A save that is under way leaves the last problem in sight until its answer is there.
    if (kind === "saved" || isProblem) {
      this.find("problem").hidden = !isProblem;
      this.find("problem").querySelector("p").textContent = isProblem ? said : "";
      this.find("problem").querySelector("[data-sign-in]").hidden = kind !== "signed-out";
      this.find("compare").hidden = kind !== "conflict";
    }
    if (said) this.find("said").textContent = said;
    const release = this.find("release");
    if (release) release.disabled = false;
  }
}

function sentence(kind, words) {
  return kind === "conflict" ? `Not saved. ${words}` : `Not saved: ${words}`;
}
