/* Parts that several views share: the bank's head, headings, notes, buttons, spinner. */
import {h, icon} from './dom.js';
import {ALERT, BACK} from './icons.js';
import {start, t} from './start.js';

const HUES = 12;

/** A bank's picture; where there is none, its first letter on a colour of its own. */
export function logo(bank, wanted, loading = 'lazy') {
  const name = bank.officialName ?? '';
  if (wanted && bank.favicon) {
    return h('img', {class: 'logo', src: bank.favicon, alt: '', width: 34, height: 34, loading});
  }
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % HUES, 7);
  return h('span', {class: `logo logo-letter hue-${hue}`, 'aria-hidden': 'true'}, [...name][0] ?? '?');
}

/** The bank that was chosen, and the way to another one (`null`: none). */
export function bankHead(bank, onChange) {
  if (!bank) return null;
  const known = start.targets?.find(({name}) => name === bank.name);
  return h('div', {class: 'bank-head'},
    logo({favicon: known?.favicon, ...bank}, start.options.showFavicons, 'eager'),
    h('span', {class: 'bank-name'}, bank.officialName),
    onChange && h('button', {type: 'button', class: 'button small', onclick: onChange},
      icon(BACK), t('change_bank')));
}

export const heading = (text, id) => h('h1', {tabindex: '-1', id}, text);

export const lead = (text) => text && h('p', {class: 'lead'}, text);

/** What went wrong, in a box. */
export const errorNote = (text) => h('p', {class: 'error-note', role: 'alert'}, icon(ALERT), h('span', {}, text));

export const button = (text, onclick, className = '') =>
  h('button', {type: 'button', class: `button ${className}`, onclick}, text);

export const spinner = () => h('span', {class: 'spinner', 'aria-hidden': 'true'});

/** A big round sign above a heading. */
export const sign = (path, className = '') => h('span', {class: `sign ${className}`}, icon(path));
