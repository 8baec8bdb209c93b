/* What the server gave this page: token, texts, options, targets. Read once; nothing is kept elsewhere. */
const element = document.getElementById('start');

export const start = JSON.parse(element.textContent);
element.remove();

/** The text of a key, with {placeholders} filled in. */
export function t(key, values = {}) {
  const text = start.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The text of a key, or null where the catalogue has none. */
export const textOrNull = (key) => start.texts[key] ?? null;

/** The client's name for the owner's eyes; its address where it gave none. */
export const client = start.clientName || (start.origins[0] ?? '').replace(/^https?:\/\//, '');

/** The name of the chosen bank. */
export const bankOf = (state) => state.target?.officialName ?? '…';
