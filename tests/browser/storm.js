// A network in bad weather, for the pane's saves alone: slow, late, lost on the way there or back, failing, and arriving after
// the page has given it up and sent others. By one seed the weather is always the same. `weather.stored` is what the
// server has really stored; `weather.wrong` is every moment at which the page said "saved" of anything else;
// `weather.overtaken` counts what arrived too late and was refused.
(({ seed, fail, slow, patience }) => {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const weather = (window.weather = { isBad: true, stored: null, wrong: [], saves: 0, inFlight: 0, most: 0, late: 0, overtaken: 0 });
  const real = window.fetch;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const given = (signal) => new Promise((_, fail) => {
    signal?.addEventListener("abort", () => fail(new DOMException("given up", "AbortError")));
  });

  async function travel(address, options) {
    const text = options.body.get("text");
    const isLost = weather.isBad && random() < fail;
    const [there, back] = weather.isBad ? [random() * slow, random() * slow] : [0, 0];
    const how = Math.floor(random() * 5);
    await pause(there);
    // Each fourth, or no short storm would have one.
    if (weather.isBad && weather.saves % 4 === 2) return late(address, options);
    if (isLost && how === 0) throw new TypeError("lost on the way there");
    if (isLost && how === 1) return new Response("busy", { status: 503 });
    if (isLost && how === 2) return new Response("", { status: 429, headers: { "Retry-After": "2" } });
    // It reaches the server even when the page has given it up.
    const answer = await real(address, { ...options, signal: undefined });
    if (answer.status === 200) weather.stored = text;
    await pause(back);
    if (isLost && how === 3) throw new TypeError("lost on the way back");
    if (isLost && how === 4) await pause(60_000);
    return answer;
  }

  async function late(address, options) {
    weather.late += 1;
    try {
      await pause(patience + random() * 30_000);
      const answer = await real(address, { ...options, signal: undefined });
      if (answer.status === 200) weather.stored = options.body.get("text");
      if (answer.status === 409) weather.overtaken += 1;
      return answer;
    } finally {
      weather.late -= 1;
    }
  }

  window.fetch = async (address, options) => {
    if (!String(address).endsWith("/save/")) return real(address, options);
    weather.saves += 1;
    weather.inFlight += 1;
    weather.most = Math.max(weather.most, weather.inFlight);
    try {
      return await Promise.race([travel(address, options), given(options.signal)]);
    } finally {
      weather.inFlight -= 1;
    }
  };

  const place = document.querySelector("#pane-commissioner-state");
  const said = document.querySelector("[data-said]");
  const text = document.querySelector("form[data-pane] textarea");
  weather.stored = text.value;
  const look = (what) => () => {
    if (/saved \d/.test(place.textContent) && text.value !== weather.stored) weather.wrong.push(`${what}: ${place.textContent}`);
  };
  new MutationObserver(look("state")).observe(place, { childList: true, characterData: true, subtree: true });
  new MutationObserver(() => {
    if (/^Saved/.test(said.textContent) && text.value !== weather.stored) weather.wrong.push(`said: ${said.textContent}`);
  }).observe(said, { childList: true });
  document.addEventListener("input", look("typed"));
});
