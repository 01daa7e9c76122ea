// A pane in the hands of its writer: editor, saved-state in words, and the way to a release.

import { compare } from "perfmon/conflict";
import { copy } from "perfmon/copy";
import { guard, onReturn } from "perfmon/leaving";
import { Saver } from "perfmon/saving";
import { signInDialog } from "perfmon/sign-in";
import { Teller } from "perfmon/telling";
import { toolbar } from "perfmon/toolbar";
import { countWords } from "perfmon/words";

const EDGES = { top: 80, bottom: 120, left: 0, right: 0 }; // px that the top bar and the box below the text may cover
const TOGETHER = "Both texts are in the editor now. Where they differ, the other one comes first and yours below it: delete what you do not want.";
const NEWER = "This text was saved elsewhere since you left the page. The newer text is shown.";

export function edit(form, editor, textarea) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const near = (name) => form.parentElement.querySelector(`dialog[data-${name}]`);
  // As the editor writes it, or the text first loaded would not count as saved once it is typed back.
  textarea.value = editor.isEmpty ? "" : editor.getHTML();
  const teller = new Teller(form, () => editor.view.focus());
  const put = (html) => editor.commands.setContent(html, { emitUpdate: true });
  // Selected on the page, out from under a dialog: what the dialog shows bears marks.
  const copyMine = (told, dialog) => copy(editor, told, (words) => {
    dialog?.close();
    editor.chain().focus().selectAll().run();
    teller.say(words, true);
  });
  // Whether the writer waits for the answer. Only then does a dialog open by itself: never under somebody's typing.
  let isAsked = false;
  const saver = new Saver(form, () => textarea.value, (kind, words, data) => {
    teller.tell(kind, words, isAsked, data?.said);
    if (["typing", "saving", "partly", "same"].includes(kind)) return;
    const wasAsked = isAsked;
    isAsked = false;
    if (kind === "conflict" && wasAsked) settle(data);
    if (["signed-out", "stranger"].includes(kind) && wasAsked) signIn();
  });
  const ask = (act = () => saver.save()) => {
    isAsked = true;
    return act();
  };
  const save = () => {
    find("pasted").textContent = "";
    if (!saver.dirty) return teller.confirm();
    return ask(() => saver.held ? saver.compareAgain() : saver.save());
  };
  const signIn = signInDialog(near("sign-in-dialog"), form, { whenIn: () => ask(), copyMine });
  const settle = (data) => {
    if (textarea.value !== data.sent) return ask(() => saver.compareAgain());
    compare(near("conflict"), { ...data, message: teller.withUndone(data.message) }, {
      copyMine,
      keepMine: () => ask(() => saver.onTop()),
      takeTheirs: () => {
        put(data.held.html);
        saver.taken(data.held);
      },
      editTogether: () => {
        put(data.together);
        ask(() => saver.onTop());
        advise(find, teller, TOGETHER);
      },
    });
  };

  find("static").hidden = true;
  name(editor, textarea);
  const openLink = toolbar(form, editor);
  countWords(editor, find("words"));
  textarea.addEventListener("input", () => {
    isAsked = false;
    saver.changed();
  });
  find("compare").onclick = save;
  find("sign-in-here").onclick = signIn;
  find("copy").hidden = false;
  find("copy").onclick = () => copyMine((words) => teller.say(words, true));
  find("save-now").disabled = false;
  find("save-now").onclick = save;
  form.addEventListener("keydown", (event) => keys(event, save, openLink), { capture: true });
  guard(saver);
  onReturn(form, saver, ({ version, html, words }) => {
    put(html);
    saver.renew(version);
    teller.rest({ words, isReleased: false });
    advise(find, teller, NEWER);
  });
  sendAfterSaving(form, saver, teller, save);
}

function advise(find, teller, words) {
  const advice = find("advice");
  advice.querySelector("p").textContent = words;
  advice.hidden = false;
  advice.querySelector("button").onclick = () => teller.hide("advice", true);
  teller.say(words, true);
}

function name(editor, textarea) {
  const attributes = {
    "aria-labelledby": textarea.labels[0].id,
    "aria-describedby": textarea.getAttribute("aria-describedby"),
    "aria-multiline": "true",
    role: "textbox",
    spellcheck: "true",
  };
  editor.setOptions({ editorProps: { attributes, scrollMargin: EDGES, scrollThreshold: EDGES } });
}

/** Before the editor sees them: Tab leaves it, even out of a list, and the browser's own shortcuts are ours. */
function keys(event, save, openLink) {
  const inText = event.target.closest(".ProseMirror");
  if (event.key === "Tab" && inText) event.stopPropagation();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const act = { s: save, k: inText && openLink }[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** Release and withdraw take what is on screen: it is saved first, then the form goes with that version, once. */
function sendAfterSaving(form, saver, teller, save) {
  let isSent = false;
  addEventListener("pageshow", () => { isSent = false; });
  form.addEventListener("submit", async (event) => {
    if (isSent) return event.preventDefault();
    if (!saver.dirty) {
      isSent = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    teller.undone = submitter?.dataset.undone ?? "";
    if (await save()) form.requestSubmit(submitter);
  });
}
