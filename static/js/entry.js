// Shows what numerator and denominator give while they are typed. The server computes what is held.

const WHOLE = /^(?:\d{1,12}|[1-9]\d{0,2}(?:,\d{3})+)$/;

function whole(input) {
  const text = input.value.trim();
  return WHOLE.test(text) ? BigInt(text.replaceAll(",", "")) : null;
}

/** n / d in the unit, rounded half up with whole numbers alone, so that no digit is lost. */
function rounded(n, d, scale, decimals) {
  const steps = (2n * n * scale * 10n ** BigInt(decimals) + d) / (2n * d);
  const digits = steps.toString().padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const grouped = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals ? `${grouped}.${digits.slice(cut)}` : grouped;
}

function sentence(form, numerator, denominator) {
  const n = whole(numerator);
  const d = whole(denominator);
  if (n === null || !d || n > d) return "";
  const { scale, decimals, unit } = form.dataset;
  const value = rounded(n, d, BigInt(scale), Number(decimals));
  return `${numerator.value.trim()} of ${denominator.value.trim()} is ${value}${unit === "%" ? "" : " "}${unit}`;
}

for (const form of document.querySelectorAll("form[data-scale]")) {
  const { numerator, denominator } = form.elements;
  const place = form.querySelector(".computed");
  if (!numerator || !place) continue;
  const show = () => {
    const text = sentence(form, numerator, denominator);
    if (place.textContent !== text) place.textContent = text;
  };
  numerator.addEventListener("input", show);
  denominator.addEventListener("input", show);
  show();
}
