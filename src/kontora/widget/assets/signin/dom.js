/* Making elements without markup: every text that comes from outside becomes a text node. */
const SVG = 'http://www.w3.org/2000/svg';
const main = document.getElementById('widget');
const announcer = document.getElementById('announcer');
let shown = 0;

/** Make an element. `on…` are listeners, `aria-…` and other names attributes; false and null are left out. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make an icon of one path on a grid of 24; it is decoration, never the only bearer of a meaning. */
export function icon(path, className = 'icon') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** Put a view in the place of the one before, move the focus into it and say it aloud. */
export function show(view, {focus, say} = {}) {
  main.replaceChildren(view);
  main.dataset.view = view.dataset.view ?? '';
  main.scrollTop = 0;
  // The first view must not take the focus from the client's page.
  if (shown++ > 0) (focus ?? view.querySelector('h1'))?.focus({preventScroll: true});
  if (say) announce(say);
}

/** Say a text through the live region. */
export function announce(text) {
  announcer.textContent = '';
  setTimeout(() => { announcer.textContent = text; }, 60);
}

let last = 0;

/** A fresh id for labels. */
export const freshId = (name) => `${name}-${++last}`;
