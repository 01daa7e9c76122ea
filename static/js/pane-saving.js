// Saves one pane: one save in flight, each on the version last seen, and nothing typed is ever let go.
// The server takes an equal text as already saved, so asking again after a lost answer is safe.

const PAUSE = 1500; // ms without typing before a save
const LONGEST = 50_000; // characters, as in commentary/sanitising.py
const FIRST_WAIT = 2_000, LONGEST_WAIT = 60_000; // ms between tries
const PATIENCE = 30_000; // ms until a request counts as lost
const SIGNED_OUT = "you are signed out. Your text is kept here: sign in in a new tab, then press Save.";

const plain = (html) => html.replace(/ rel="[^"]*"/g, "");

export class Saver {
  /** report(kind, words, details) with kind typing, saving, saved, failed, signed-out or conflict. */
  constructor(form, text, report) {
    Object.assign(this, { form, text, report, held: null, flight: null, timer: 0, wait: FIRST_WAIT, unanswered: null });
    this.saved = text();
    addEventListener("online", () => this.soon(0));
    document.addEventListener("visibilitychange", () => document.hidden || this.soon(0));
  }

  get dirty() {
    return this.text() !== this.saved;
  }

  get versionField() {
    return this.form.elements.namedItem("version");
  }

  changed() {
    if (!this.dirty || this.held) return;
    this.report("typing");
    this.soon(PAUSE);
  }

  soon(delay) {
    if (!this.dirty || this.held) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  /** Whether all that is typed is saved afterwards. */
  async save() {
    clearTimeout(this.timer);
    if (this.flight) {
      await this.flight;
      return this.save();
    }
    if (!this.dirty) return true;
    if (this.held) return false;
    this.flight = this.send(this.text());
    try {
      await this.flight;
    } finally {
      this.flight = null;
    }
    return !this.dirty;
  }

  async send(text) {
    if (text.length > LONGEST) {
      const [length, limit] = [text.length, LONGEST].map((count) => count.toLocaleString("en-GB"));
      return this.fail(`the text is ${length} characters long, formatting included. At most ${limit} can be stored.`);
    }
    this.report("saving");
    try {
      let response = await this.post(text);
      if (response.status === 403 && !isJson(response)) {
        // The form's token is from before a sign-in elsewhere.
        if (!(await this.renewToken())) return this.report("signed-out", SIGNED_OUT);
        response = await this.post(text);
      }
      await this.take(response, text);
    } catch {
      this.unanswered = text;
      this.later("the server cannot be reached.");
    }
  }

  post(text) {
    const body = new FormData();
    body.set("text", text);
    for (const name of ["version", "csrfmiddlewaretoken"]) body.set(name, this.form.elements.namedItem(name).value);
    const signal = AbortSignal.timeout(PATIENCE);
    const headers = { Accept: "application/json" };
    return fetch(this.form.dataset.save, { method: "POST", body, headers, signal, redirect: "manual" });
  }

  async take(response, text) {
    if (response.type === "opaqueredirect" || response.status === 401) return this.report("signed-out", SIGNED_OUT);
    if (response.status >= 500 || response.status === 429) return this.later("the server could not answer.");
    const answer = isJson(response) ? await response.json() : { message: "the server did not accept it." };
    if (response.ok) return this.accept(answer, text);
    if (!answer.held) return this.fail(answer.message);
    if (this.unanswered !== null && plain(answer.held.html) === plain(this.unanswered)) {
      // What is held is our own save whose answer was lost; what was typed since goes on top of it.
      this.accept(answer.held, this.unanswered);
      return this.soon(0);
    }
    this.held = answer.held;
    this.report("conflict", answer.message, answer);
  }

  accept(answer, text) {
    this.versionField.value = answer.version;
    this.saved = text;
    this.unanswered = null;
    this.wait = FIRST_WAIT;
    if (this.dirty) this.changed();
    else this.report("saved", answer.saved);
  }

  fail(why) {
    this.report("failed", why);
  }

  later(why) {
    this.fail(`${why} Your text is kept here; the next try is in ${Math.round(this.wait / 1000)} seconds.`);
    this.soon(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  /** A fresh token from this same page; false when it may no longer be opened for writing. */
  async renewToken() {
    const response = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) return false;
    const page = await response.text();
    const token = page.match(/name="csrfmiddlewaretoken" value="([^"]+)"/)?.[1];
    if (!token || !page.includes(`data-save="${this.form.dataset.save}"`)) return false;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return true;
  }

  /** After a conflict: what is typed replaces what is held. */
  keepMine() {
    this.versionField.value = this.held.version;
    Object.assign(this, { held: null, saved: null }); // Null, or the text first loaded would count as saved.
    return this.save();
  }

  /** After a conflict: `put` has just shown the held text in the editor. */
  takeTheirs() {
    const { version, saved } = this.held;
    this.held = null;
    this.accept({ version, saved }, this.text());
  }
}

function isJson(response) {
  return (response.headers.get("Content-Type") ?? "").startsWith("application/json");
}
