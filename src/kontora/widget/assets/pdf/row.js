/* One file in the list: its name, what becomes of it, and a field where the bank protected it by a password. */
import {freshId, h, icon} from '../signin/dom.js';
import {ALERT, CHECK, CLOSE, LOCK, PAPER} from '../signin/icons.js';
import {spinner} from '../signin/frame.js';
import {t, textOrNull} from '../signin/start.js';

// Failures without words of their own share those of another.
const SHARED = {
  StoreUnavailable: 'Overloaded', JobsQuotaExceeded: 'Overloaded', RateLimitExceeded: 'Overloaded',
  BodyTooLarge: 'PdfTooLarge', RequestTimeout: 'IO', PdfInconsistent: 'PdfLayoutNotSupported',
};

/** Our words for why a file is refused; `Other` for names that we do not know. */
export function refusalText(exception, values) {
  const name = SHARED[exception] ?? exception;
  const key = [`pdf_failure_${name}`, `failure_${name}`].find((one) => textOrNull(one));
  return t(key ?? 'pdf_failure_Other', values);
}

/**
 * The row of a file. `onPassword(row, password)`: the owner gave one; `onRemove()`: they took the row away.
 * `wait`, `sending(part)`, `accept(told)` and `refuse(exception, values)` change its state.
 */
export function fileRow(file, {onPassword, onRemove}) {
  const mark = h('span', {class: 'file-mark'});
  const state = h('span', {class: 'file-state'});
  const below = h('div', {class: 'file-below'});
  const element = h('li', {class: 'file'}, mark,
    h('span', {class: 'file-words'}, h('span', {class: 'file-name'}, file.name), state, below));
  const row = {element, wait, sending, accept, refuse};

  function set(name, sign, text, ...parts) {
    element.dataset.state = name;
    mark.replaceChildren(sign);
    state.textContent = text;
    below.replaceChildren(...parts);
    below.hidden = parts.length === 0;
  }

  function wait() {
    set('waiting', icon(PAPER), t('pdf_waiting'));
  }

  function sending(part) {
    if (part >= 1) return set('reading', spinner(), t('pdf_reading'));
    const bar = h('progress', {max: 100, value: Math.round(part * 100), 'aria-label': file.name});
    return set('sending', spinner(), t('pdf_sending'), bar);
  }

  function accept({count}) {
    set('accepted', icon(CHECK), t('pdf_accepted', {count}));
  }

  function remove() {
    return h('button', {type: 'button', class: 'button small', onclick: () => { element.remove(); onRemove(); }},
      icon(CLOSE), t('pdf_remove'));
  }

  function refuse(exception, values) {
    if (exception !== 'PdfEncrypted') {
      set('refused', icon(ALERT), refusalText(exception, values), remove());
      return;
    }
    const id = freshId('password');
    const input = h('input', {id, type: 'password', autocomplete: 'off', required: true, maxlength: 200});
    const send = (event) => {
      event.preventDefault();
      const password = input.value;
      input.value = '';
      if (password) onPassword(row, password);
    };
    const form = h('form', {class: 'file-password', onsubmit: send},
      h('label', {for: id, class: 'label'}, t('pdf_password')), input,
      h('div', {class: 'actions'}, h('button', {class: 'button primary small'}, t('pdf_open')), remove()));
    set('locked', icon(LOCK), refusalText(exception, values), form);
  }

  wait();
  return row;
}
