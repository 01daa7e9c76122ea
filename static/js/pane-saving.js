// Saves one pane: one save in flight, each on the version last seen, and nothing typed is ever let go.

import { plain, send } from "perfmon/sending";

const PAUSE = 1500; // ms without typing before a save
const MOST = 10_000; // ms of typing without a pause before a save
const LONGEST = 50_000; // characters, as in commentary/sanitising.py
const FIRST_WAIT = 2_000, LONGEST_WAIT = 60_000, LONGEST_ASKED = 300_000; // ms between tries
const TRIES = 3; // of a text whose answer was lost, before the text on the page goes instead

export class Saver {
  /** report(kind, words, data) with kind typing, saving, partly, same, saved, or a problem's: see telling. */
  constructor(form, text, report) {
    Object.assign(this, { form, text, report, held: null, flight: null, timer: 0, since: 0, wait: FIRST_WAIT, notBefore: 0 });
    this.saved = text();
    this.unsure = new Map(); // Texts that were sent and whose answer was lost, each with its tries.
    addEventListener("online", () => this.soon(0, true));
    document.addEventListener("visibilitychange", () => this.soon(0));
  }

  /** Whether the page may hold anything that the server does not. */
  get dirty() {
    return this.held !== null || this.unsure.size > 0 || this.text() !== this.saved;
  }

  get versionField() {
    return this.form.elements.namedItem("version");
  }

  changed() {
    if (this.held) return;
    if (!this.dirty) return this.report("same");
    this.since ||= Date.now();
    this.report("typing");
    this.soon(Math.max(0, Math.min(PAUSE, this.since + MOST - Date.now())));
  }

  /** Typing on does not ask a server that is in trouble any sooner. */
  soon(delay, isBack = false) {
    if (!this.dirty || this.held) return;
    if (isBack) this.notBefore = 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = 0;
      if (!this.flight && this.dirty && !this.held) this.once();
    }, Math.max(delay, this.notBefore - Date.now()));
  }

  /** For who asks: goes on until all that is typed is saved, or until it cannot be. Whether it is. */
  async save() {
    if (this.flight) return this.flight.then(() => this.save());
    if (!this.dirty || this.held) return !this.dirty;
    return (await this.once()) ? this.save() : !this.dirty;
  }

  /** One text goes. Whether the server has it afterwards. */
  async once() {
    clearTimeout(this.timer);
    this.timer = 0;
    const text = this.next();
    if (text.length > LONGEST) return this.tooLong(text);
    this.flight = this.send(text);
    const isAccepted = await this.flight.finally(() => { this.flight = null; });
    if (!this.timer && this.text() !== text) this.soon(PAUSE);
    return isAccepted;
  }

  /** A text without an answer goes again: the server knows it if it was saved, and is not asked to choose. */
  next() {
    const [text, tries] = [...this.unsure].at(-1) ?? ["", TRIES];
    return tries < TRIES ? text : this.text();
  }

  tooLong({ length }) {
    const [is, most] = [length, LONGEST].map((count) => count.toLocaleString("en-GB"));
    this.since = 0;
    const words = `the text is ${is} characters long, formatting included. At most ${most} can be stored.`;
    // Without the number, which is another one after every key.
    this.report("refused", words, { said: `the text is too long. At most ${most} characters can be stored, formatting included.` });
    return false;
  }

  async send(text) {
    this.since = 0;
    this.report("saving");
    const tries = this.unsure.get(text) ?? 0;
    this.unsure.delete(text);
    this.unsure.set(text, tries + 1);
    const { kind, words, data, pause } = await send(this.form, text);
    if (kind === "saved") return this.accept(data, text);
    if (kind === "later") return this.later(words, pause);
    const own = kind === "conflict" && [...this.unsure.keys()].find((sent) => plain(sent) === plain(data.held.html));
    if (own) {
      // What is held is our own save whose answer was lost; what was typed since goes on top of it.
      return this.accept(data.held, own, 0);
    }
    if (kind === "conflict") {
      this.held = data.held;
      this.unsure.clear();
    } else if (!tries) this.unsure.delete(text);
    this.report(kind, words, { ...data, sent: text });
  }

  accept({ version, saved }, text, pause = PAUSE) {
    this.versionField.value = version;
    this.saved = text;
    this.unsure.clear();
    this.wait = FIRST_WAIT;
    this.notBefore = 0;
    this.report(this.dirty ? "partly" : "saved", saved);
    if (this.dirty) this.since ||= Date.now();
    this.soon(pause);
    return true;
  }

  /** Not all pages at once after a fault: each waits a little more or less. `pause`: what the server asks for, seconds. */
  later(words, pause) {
    const wait = Math.max(this.wait * (0.75 + Math.random() / 2), Math.min(pause * 1000, LONGEST_ASKED));
    this.notBefore = Date.now() + wait;
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.report("later", words);
    this.soon(0);
  }

  /** The stale version is refused again, and the answer compares what is on the page now. */
  compareAgain() {
    if (this.held) Object.assign(this, { held: null, saved: null });
    return this.save();
  }

  /** After a conflict: what is in the editor goes on top of what is held. */
  onTop() {
    this.versionField.value = this.held.version;
    Object.assign(this, { held: null, saved: null }); // Null, or the text first loaded would count as saved.
    return this.save();
  }

  /** A newer text and its version have come into the editor without a save. */
  renew(version) {
    this.versionField.value = version;
    this.saved = this.text();
  }

  /** The held text has just been put into the editor. */
  taken(held) {
    this.held = null;
    this.accept(held, this.text());
  }
}
