// The state of a pane in words: above the text, in the box below it, and once for a screen reader.

import { HERE } from "perfmon/sending";

const PROBLEMS = ["later", "refused", "signed-out", "stranger", "conflict"];
const WORDS = { "signed-out": "you are signed out." };

export class Teller {
  /** `toText` puts the focus into the text, where what has it goes away. */
  constructor(form, toText) {
    this.state = document.getElementById(form.dataset.state);
    this.audience = form.dataset.audience;
    this.find = (name) => form.querySelector(`[data-${name}]`);
    this.toText = toText;
    this.heard = new Set(); // What was said since the last problem began or ended.
    this.problem = "";
    this.undone = ""; // What was not done either, since the text was not saved.
    this.atRest = { words: this.state.textContent, isReleased: this.state.classList.contains("released") };
  }

  /** `said` is what a screen reader hears instead of these words. */
  tell(kind, words = WORDS[kind], isAsked = false, said = words) {
    if (PROBLEMS.includes(kind)) this.tellProblem(kind, words, isAsked, said);
    else if (kind === "saved") this.tellSaved(words, isAsked);
    else if (kind === "same") this.rest(this.atRest);
    else {
      if (kind === "partly") this.end();
      // A save that is under way leaves the last problem in sight until its answer is there.
      if (!this.problem) this.show(kind === "saving" ? "Saving" : "Not saved yet");
    }
    const release = this.find("release");
    if (release) release.disabled = false;
  }

  tellProblem(kind, words, isAsked, said) {
    if (!this.problem) this.heard.clear();
    this.problem = kind;
    const all = `Not saved: ${words}`;
    this.show(kind === "later" ? all.replace(/\.$/, "") : kind === "signed-out" ? "Not saved: you are signed out" : "Not saved");
    this.find("problem").querySelector("p").textContent = `${this.withUndone(all)} ${HERE}`;
    this.hide("problem", false);
    for (const name of ["sign-in", "sign-in-here"]) this.hide(name, !["signed-out", "stranger"].includes(kind));
    this.hide("compare", kind !== "conflict");
    this.say(`${this.withUndone(`Not saved: ${said}`)} ${HERE}`, isAsked);
  }

  withUndone(words) {
    return this.undone ? `${words} ${this.undone}` : words;
  }

  tellSaved(clock, isAsked) {
    this.rest({ words: `Draft, saved ${clock}. ${this.audience}`, isReleased: false });
    this.say(`Saved ${clock}`, isAsked);
  }

  /** What stands above the text while all of it is saved. */
  rest(atRest) {
    this.atRest = atRest;
    this.undone = "";
    this.end();
    this.show(atRest.words);
    this.state.classList.toggle("released", atRest.isReleased);
  }

  end() {
    if (!this.problem) return;
    this.problem = "";
    this.heard.clear();
    this.hide("problem", true);
    this.find("problem").querySelector("p").textContent = "";
  }

  show(words) {
    this.state.classList.remove("released");
    this.state.classList.toggle("problem", this.problem !== "");
    if (this.state.textContent !== words) this.state.textContent = words;
  }

  /** Once each, politely; again only to who asks. */
  say(words, isAsked) {
    const isNew = !this.heard.has(words);
    if (!isNew && !isAsked) return;
    this.heard.add(words);
    // The same words are not heard a second time unless the text differs.
    const place = this.find("said");
    place.textContent = place.textContent === words ? `${words}\u00a0` : words;
  }

  /** For who asks for a save while all is saved. */
  confirm() {
    this.say(this.state.textContent, true);
    return true;
  }

  hide(name, isHidden) {
    const element = this.find(name);
    if (isHidden && element.contains(document.activeElement)) this.toText();
    element.hidden = isHidden;
  }
}
