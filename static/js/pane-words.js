// The number of words in the editor. The page begins with the server's count, which goes by the same rule.

const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/g; // as in commentary/earlier.py

export function countWords(editor, place) {
  editor.on("update", () => {
    const { doc } = editor.state;
    const text = doc.textBetween(0, doc.content.size, " ", " ").replace(UNSEEN, "");
    const count = text.match(/\S+/g)?.length ?? 0;
    place.textContent = `${count.toLocaleString("en-GB")} ${count === 1 ? "word" : "words"}`;
  });
}
