// A writer's text on the clipboard, for when it cannot be saved.

/** Says in `told` what happened. Where the clipboard is closed `select` has to select the text, and to say so. */
export async function copy(editor, told, select) {
  const text = new Blob([editor.getText({ blockSeparator: "\n\n" })], { type: "text/plain" });
  const html = new Blob([editor.getHTML()], { type: "text/html" });
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text, "text/html": html })]);
    told("Your text is on the clipboard.");
  } catch {
    select("Your text is selected: press Ctrl+C to copy it.");
  }
}
