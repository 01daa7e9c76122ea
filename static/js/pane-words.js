// The number of words in the editor. The page begins with the server's count, which goes by the same rule.

/** Characters that nobody sees, as in commentary/unseen.py. */
export const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

export function countWords(editor, place) {
  editor.on("update", () => {
    const { doc } = editor.state;
    const text = doc.textBetween(0, doc.content.size, " ", " ").replace(UNSEEN, "");
    const count = text.match(/\S+/g)?.length ?? 0;
    place.textContent = `${count.toLocaleString("en-GB")} ${count === 1 ? "word" : "words"}`;
  });
}
