// The state of one row of the entry grid in words, and what stands or hides with it.

const PROBLEMS = ["invalid", "moved", "refused", "signed-out", "unsent"];
const NUMBER = /^[-−\d.,\s]*$/;
const TO_RETRY = ["refused", "signed-out", "unsent"];

export class State {
  constructor(row) {
    Object.assign(this, { row, kind: "", words: row.find("state"), retry: row.find("retry") });
    this.show();
  }

  /** `kind` is changed, saving, empty for nothing to say, or what `send` gives. */
  tell(kind, message = "") {
    this.kind = kind;
    const words = { changed: "Changed, not saved yet", saving: "Saving", saved: message };
    const isProblem = PROBLEMS.includes(kind);
    this.words.textContent = words[kind] ?? (isProblem ? `Not saved: ${lowered(message)}` : "");
    this.words.classList.toggle("problem", isProblem);
    this.show();
  }

  /** A save that could not be sent waits for the next change or for Retry. */
  get waits() {
    return this.row.dirty && TO_RETRY.includes(this.kind);
  }

  show() {
    this.row.line.classList.toggle("changed", this.row.dirty && !this.waits);
    this.retry.hidden = !this.waits;
    // Behind a number alone: who types the sign sees it once, and a reason has none.
    for (const box of this.row.boxes) {
      const sign = box.nextElementSibling;
      if (sign?.matches(".sign")) sign.hidden = !NUMBER.test(box.value);
    }
  }
}

function lowered(words) {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
