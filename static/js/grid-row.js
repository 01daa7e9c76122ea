// One row of the entry grid: what is typed, what is saved, and the state of it in words.

import { mark, parse, place, settle } from "perfmon/grid-parts";
import { send } from "perfmon/grid-sending";

const PAUSE = 400; // ms without typing before the row is checked
const PROBLEMS = ["invalid", "moved", "refused", "signed-out", "unsent"];
const TO_RETRY = ["refused", "signed-out", "unsent"];

export class Row {
  /** announce(words) is heard once by a screen reader. */
  constructor(line, announce) {
    const { row: id, name } = line.dataset;
    const said = line.parentElement.querySelector(`tr.said[data-of="${id}"]`);
    const notes = line.parentElement.querySelector(`tr.notes[data-of="${id}"]`);
    Object.assign(this, { line, said, notes, name, announce, flight: null, checking: null, timer: 0, kind: "" });
    this.form = document.getElementById(`form-${id}`);
    this.boxes = [...line.querySelectorAll("[data-box]"), ...notes.querySelectorAll("[data-box]")];
    this.reason = notes.querySelector("[data-reason]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.press();
    });
    this.find("retry").onclick = () => this.press();
    this.find("notes").addEventListener("click", (event) => {
      event.preventDefault();
      this.toggle();
    });
    this.toggle(notes.matches(":target, .open"));
    said.addEventListener("click", (event) => this.choose(event.target));
    for (const part of [line, notes]) part.addEventListener("input", () => this.changed());
    this.show();
  }

  find(name) {
    return this.line.querySelector(`[data-${name}]`);
  }

  holds(element) {
    return [this.line, this.said, this.notes].some((part) => part.contains(element));
  }

  get changes() {
    return this.boxes.filter((box) => box.value !== box.defaultValue);
  }

  get dirty() {
    return this.changes.length > 0;
  }

  get clash() {
    return this.said.querySelector("[data-moved]");
  }

  /** Of the cells that changed, every box and the version seen. */
  fields() {
    const codes = new Set(this.changes.map((box) => box.dataset.code));
    const found = this.boxes.filter((box) => codes.has(box.dataset.code)).map((box) => [box.name, box.value]);
    for (const code of codes) found.push([`${code}-version`, this.version(code).value]);
    if (this.reason) found.push(["reason", this.reason.value]);
    return found;
  }

  version(code) {
    return this.line.querySelector(`[data-version="${code}"]`);
  }

  changed() {
    this.tell(this.dirty ? "changed" : "");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE);
    if (this.dirty && "asksReason" in this.notes.dataset) this.toggle(true);
  }

  /** What the row would give, without saving it. Silent where it cannot be known just now. */
  async check() {
    this.checking?.abort();
    if (this.flight || this.clash) return;
    this.checking = new AbortController();
    const answer = await send(this.form, [...this.fields(), ["check", "1"]], this.checking.signal);
    if (answer.kind !== "saved" || this.flight || this.clash) return;
    const wrong = this.boxes.some((box) => box.hasAttribute("aria-invalid"));
    place(parse(answer.html), wrong ? ["below"] : []);
  }

  /** Whether all that is typed is saved afterwards. */
  async save() {
    clearTimeout(this.timer);
    if (this.flight) {
      await this.flight;
      return this.save();
    }
    if (!this.dirty) {
      this.show();
      return true;
    }
    if (this.clash) return false;
    this.checking?.abort();
    // Under way before anything is shown: what hides may lose the focus, and that saves too.
    this.flight = Promise.resolve().then(() => this.take(this.fields()));
    try {
      await this.flight;
    } finally {
      this.flight = null;
    }
    return !this.dirty;
  }

  /** From a button, which goes once the row is saved: the focus must not go with it. */
  press() {
    this.changes[0]?.focus();
    return this.save();
  }

  async take(fields) {
    this.tell("saving");
    const { kind, message, html } = await send(this.form, fields);
    if (html) this.apply(kind, parse(html), new Map(fields));
    this.tell(kind === "saved" && this.dirty ? "changed" : kind, message);
    if (kind === "saved") this.announce(`${this.name}: ${message}. ${this.doubts()}`);
    else this.announce(`${this.name} not saved: ${message}`);
  }

  apply(kind, answer, sent) {
    for (const box of [...this.boxes, ...(this.reason ? [this.reason] : [])]) mark(box, answer);
    if (kind === "saved") {
      for (const box of this.boxes) if (sent.has(box.name)) settle(box, answer, sent.get(box.name));
      for (const field of this.line.querySelectorAll("[data-version]")) {
        if (sent.has(field.name)) field.value = answer.querySelector(`[data-version="${field.dataset.version}"]`).value;
      }
      if (this.reason) this.reason.value = "";
    }
    if (this.notes.querySelector("[aria-invalid]")) this.toggle(true);
    place(answer);
    for (const choice of this.said.querySelectorAll("[data-choice]")) choice.hidden = false;
  }

  doubts() {
    const count = this.said.querySelectorAll(".cautions li").length;
    return count ? `${count} to check.` : "";
  }

  /** After a conflict, cell by cell: what is typed goes on top of what is held, or gives way to it. */
  choose(button) {
    const clash = button.closest("[data-moved]");
    const isMine = Boolean(button.closest("[data-keep]"));
    if (!clash || (!isMine && !button.closest("[data-take]"))) return;
    const { moved: code, now } = clash.dataset;
    this.version(code).value = now;
    for (const box of this.boxes.filter((each) => each.dataset.code === code)) {
      const { value } = clash.querySelector(`[data-their="${box.dataset.box}"]`);
      box.defaultValue = value;
      if (!isMine) box.value = value;
    }
    clash.remove();
    this.boxes.find((box) => box.dataset.code === code && box.value)?.focus();
    if (this.clash) return;
    for (const left of this.said.querySelectorAll(".problem")) left.remove();
    if (this.dirty) this.save();
    else {
      this.tell("");
      this.check();
    }
  }

  toggle(isOpen = !this.isOpen) {
    this.notes.classList.toggle("open", isOpen);
    this.find("notes").setAttribute("aria-expanded", isOpen);
  }

  get isOpen() {
    return this.notes.classList.contains("open");
  }

  tell(kind, message = "") {
    this.kind = kind;
    const words = { changed: "Changed, not saved yet", saving: "Saving", saved: message };
    const state = this.find("state");
    state.textContent = words[kind] ?? (PROBLEMS.includes(kind) ? `Not saved: ${lowered(message)}` : "");
    state.classList.toggle("problem", PROBLEMS.includes(kind));
    this.show();
  }

  /** A save that could not be sent waits for the next change or for Retry. */
  get waits() {
    return this.dirty && TO_RETRY.includes(this.kind);
  }

  show() {
    this.line.classList.toggle("changed", this.dirty && !this.waits);
    this.find("retry").hidden = !this.waits;
  }
}

function lowered(words) {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
