// One row of the entry grid: what is typed, checked and saved of it.

import { clash, offer, settling } from "perfmon/grid-conflict";
import { mark, parse, place, settle } from "perfmon/grid-parts";
import { send } from "perfmon/grid-sending";
import { State } from "perfmon/grid-state";

const PAUSE = 400; // ms without typing before the row is checked

export class Row {
  /** announce(words) is heard once by a screen reader. */
  constructor(line, announce) {
    const { row: id, name } = line.dataset;
    const said = line.parentElement.querySelector(`tr.said[data-of="${id}"]`);
    const notes = line.parentElement.querySelector(`tr.notes[data-of="${id}"]`);
    Object.assign(this, { line, said, notes, name, announce, flight: null, checking: null, timer: 0 });
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
    settling(this);
    for (const part of [line, notes]) part.addEventListener("input", () => this.changed());
    this.state = new State(this);
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
    this.state.tell(this.dirty ? "changed" : "");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE);
    if (this.dirty && "asksReason" in this.notes.dataset) this.toggle(true);
  }

  /** What the row would give, without saving it. Silent where it cannot be known just now. */
  async check() {
    this.checking?.abort();
    if (this.flight || clash(this)) return;
    this.checking = new AbortController();
    const answer = await send(this.form, [...this.fields(), ["check", "1"]], this.checking.signal);
    if (answer.kind !== "saved" || this.flight || clash(this)) return;
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
      this.state.show();
      return true;
    }
    if (clash(this)) return false;
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
    this.state.tell("saving");
    const { kind, message, html } = await send(this.form, fields);
    if (html) this.apply(kind, parse(html), new Map(fields));
    this.state.tell(kind === "saved" && this.dirty ? "changed" : kind, message);
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
    offer(this);
  }

  doubts() {
    const count = this.said.querySelectorAll(".cautions li").length;
    return count ? `${count} to check.` : "";
  }

  toggle(isOpen = !this.isOpen) {
    this.notes.classList.toggle("open", isOpen);
    this.find("notes").setAttribute("aria-expanded", isOpen);
  }

  get isOpen() {
    return this.notes.classList.contains("open");
  }
}
