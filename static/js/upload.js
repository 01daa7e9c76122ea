// Drag and drop onto the upload form. Without this the file field works as any other.

const LARGEST = 10 * 1024 * 1024;

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const told = form.querySelector(".chosen");
  let depth = 0;

  const tell = () => {
    const [file] = input.files;
    const isTooLarge = file && file.size > LARGEST;
    told.textContent = !file
      ? ""
      : isTooLarge
        ? `${file.name} has ${size(file.size)}; a file may have up to 10 MB.`
        : `${file.name}, ${size(file.size)}. Not sent yet.`;
    button.disabled = Boolean(isTooLarge);
  };

  const over = (isOver) => form.classList.toggle("over", isOver);

  form.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    over(true);
  });
  form.addEventListener("dragleave", () => {
    depth -= 1;
    over(depth > 0);
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    if (event.dataTransfer.files.length !== 1) {
      told.textContent = "Drop one file at a time.";
      return;
    }
    input.files = event.dataTransfer.files;
    tell();
    button.focus();
  });
  input.addEventListener("change", tell);
  // A file that is dropped beside the form would take the page's place.
  for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());

  form.addEventListener("submit", () => {
    button.disabled = true;
    told.textContent = "Reading the file …";
  });
  // Back from the next page: the form is as it was.
  window.addEventListener("pageshow", tell);
}
