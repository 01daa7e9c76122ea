// The buttons above a pane's text and the dialog for links.

import { ADDRESS } from "perfmon/paste-words";

const ARGUMENTS = { toggleHeading: { level: 3 } };

export function toolbar(form, editor) {
  const bar = form.querySelector("[data-toolbar]");
  const buttons = [...bar.querySelectorAll("button")];
  const openLink = linkDialog(form.querySelector("[data-link-dialog]"), editor);
  for (const button of buttons) {
    button.disabled = false;
    const { do: command } = button.dataset;
    if (command) button.onclick = () => editor.chain().focus()[command](ARGUMENTS[command]).run();
    if ("link" in button.dataset) button.onclick = openLink;
  }
  const offer = bar.querySelector("[data-headings]");
  if (offer) offer.onclick = () => addHeadings(editor, offer.dataset.headings.split("|"));
  let isUsed = false; // Before the first focus the cursor stands at the top by default, which says nothing.
  const refresh = () => {
    isUsed ||= editor.isFocused;
    for (const button of buttons) {
      if (button.dataset.is) button.setAttribute("aria-pressed", isUsed && editor.isActive(button.dataset.is));
    }
    if (offer) offer.hidden = !missing(editor, offer.dataset.headings.split("|")).length;
  };
  editor.on("transaction", refresh);
  refresh();
  return openLink;
}

function missing(editor, titles) {
  const held = [];
  editor.state.doc.descendants((node) => {
    if (node.type.name === "heading") held.push(node.textContent.trim());
  });
  return titles.filter((title) => !held.includes(title));
}

/** The first heading goes above what is written, the others below it, each with a line to write on where there is none. */
function addHeadings(editor, titles) {
  const heading = (text) => ({ type: "heading", attrs: { level: 3 }, content: [{ type: "text", text }] });
  const line = { type: "paragraph" };
  const wasEmpty = editor.isEmpty;
  const wanted = missing(editor, titles);
  if (wasEmpty) {
    editor.commands.setContent({ type: "doc", content: titles.flatMap((title) => [heading(title), line]) }, { emitUpdate: true });
    editor.commands.focus(titles[0].length + 3);
    return;
  }
  const below = wanted.filter((title) => title !== titles[0]).flatMap((title) => [heading(title), line]);
  const chain = editor.chain().insertContentAt(editor.state.doc.content.size, below);
  if (wanted.includes(titles[0])) chain.insertContentAt(0, heading(titles[0]));
  chain.focus("end").run();
}

/** An e-mail address or a bare site name is completed; null when it is no address that can be stored. */
function whole(typed) {
  const text = typed.trim();
  if (/^[^\s@:/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  const address = /^[a-z][a-z+.-]*:/i.test(text) ? text : `https://${text.replace(/^\/+/, "")}`;
  return ADDRESS.test(address) && (/^mailto:/i.test(address) || address.includes(".")) ? address : null;
}

function linkDialog(dialog, editor) {
  const find = (name) => dialog.querySelector(`[data-link-${name}]`);
  const field = find("address");
  const tell = (words) => {
    find("problem").textContent = words;
    find("problem").hidden = !words;
    field.setAttribute("aria-invalid", words ? "true" : "false");
  };
  const set = () => {
    const href = whole(field.value);
    if (!href) {
      tell("This is not a whole address. Write it like https://www.gov.uk or name@example.org.");
      field.focus();
      return;
    }
    dialog.close();
    const { empty } = editor.state.selection;
    const chain = editor.chain().focus();
    if (empty && !editor.isActive("link")) {
      chain.insertContent({ type: "text", text: field.value.trim(), marks: [{ type: "link", attrs: { href } }] }).run();
    } else chain.extendMarkRange("link").setMark("link", { href }).run();
  };
  find("set").onclick = set;
  field.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    set();
  };
  find("remove").onclick = () => {
    dialog.close();
    editor.chain().focus().extendMarkRange("link").unsetMark("link").run();
  };
  find("cancel").onclick = () => dialog.close();
  return () => {
    tell("");
    field.value = editor.getAttributes("link").href ?? "";
    find("remove").hidden = !editor.isActive("link");
    dialog.showModal();
    field.select();
  };
}
