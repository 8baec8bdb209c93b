/* What the client's page is told, and nobody else: messages go to its registered origins only. */
import {start} from './start.js';

const target = start.options.isPopup ? window.opener : window.parent;
const page = crypto.randomUUID?.() ?? String(Math.random()); // tells two widgets apart when one is left
const told = new Set();

/** The origins a message is sent to: the one that embeds us, if the browser says which, else each registered one. */
function origins() {
  const exact = start.origins.filter((origin) => origin !== 'file:');
  if (start.options.isPopup) return exact; // the browser delivers only the one that matches
  const around = window.location.ancestorOrigins?.[0];
  if (exact.includes(around)) return [around];
  // A page from the file system has no origin. Only a test client that registered them may embed us there.
  if (exact.length < start.origins.length && (!around || around === 'null' || around === 'file://')) return ['*'];
  return around ? [] : exact;
}

/** Tell the client's page. */
export function tell(message) {
  if (!target || target === window) return;
  for (const origin of origins()) target.postMessage({kontomatik: message, page}, origin);
}

/** Tell it once in the life of this page. */
export function tellOnce(key, message) {
  if (told.has(key)) return;
  told.add(key);
  tell(message);
}

/** Tell the height of the content whenever it changes. */
export function tellSizes(content) {
  if (!start.options.dynamicHeight) return;
  document.documentElement.dataset.dynamic = '';
  let before = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(content.getBoundingClientRect().height);
    if (height === before) return;
    before = height;
    tell({widgetSize: {height}});
  }).observe(content);
}
