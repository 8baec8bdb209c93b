/* What the bank asks: a form that encrypts its answers and forgets them. */
import {freshId, h, icon} from '../dom.js';
import {bankHead, errorNote, heading} from '../frame.js';
import {LOCK} from '../icons.js';
import {tell} from '../parent.js';
import {bankOf, client, start, t} from '../start.js';
import {field} from './fields.js';

const LOGINS = new Set(['STATIC_LOGIN', 'STATIC_PASSWORD', 'PERSONAL_NUMBER', 'COMPANY_LOGIN', 'DOCUMENT', 'PASSPORT',
  'CARD_NUMBER', 'TAX_NUMBER', 'FOREIGN_CITIZEN_NUMBER', 'CORPORATE_TAX_NUMBER']);

function title(state) {
  const isLogin = state.questions.some(({kind, mask}) => LOGINS.has(kind) || mask);
  return isLogin ? t('sign_in_at', {bank: bankOf(state)}) : t('confirm_at', {bank: bankOf(state)});
}

function screenshot(target) {
  if (!target?.screenshot || !start.options.showScreenshots) return null;
  const picture = h('img', {src: target.screenshot, alt: t('screenshot_alt', {bank: target.officialName})});
  const toggle = h('button', {type: 'button', class: 'screenshot', 'aria-expanded': 'false', onclick: () => {
    if (start.options.screenshotZoomIn) {
      tell({screenshot: {target: target.name, url: new URL(target.screenshot, window.location.href).href}});
      return;
    }
    const isOpen = toggle.classList.toggle('open');
    toggle.setAttribute('aria-expanded', String(isOpen));
  }}, picture, h('span', {}, t('screenshot_hint')));
  return toggle;
}

/** The view. `onAnswers(answers)` gets `[{kind, value}]`; `onBack()`; `problem` is shown above the form. */
export function questionsView({state, problem, onAnswers, onBack}) {
  const fields = state.questions.map((question) => field(question, state.target));
  const titleId = freshId('title');
  const missing = h('div', {'aria-live': 'assertive'});

  function submit(event) {
    event.preventDefault();
    const empty = fields.find((one) => !one.isFilled());
    if (empty) {
      missing.replaceChildren(errorNote(t('fill_in')));
      empty.focus.setAttribute('aria-invalid', 'true');
      empty.focus.focus();
      return;
    }
    const answers = fields.map(({kind, value}) => ({kind, value: value()}));
    fields.forEach((one) => one.clear());
    onAnswers(answers);
  }

  const view = h('section', {'data-view': 'questions', class: 'view'},
    bankHead(state.target, onBack),
    heading(title(state), titleId),
    problem && errorNote(problem),
    h('form', {novalidate: true, autocomplete: 'off', 'aria-labelledby': titleId, onsubmit: submit},
      fields.map((one) => one.element), screenshot(state.target), missing,
      h('div', {class: 'actions'}, h('button', {class: 'button primary'}, t('next')))),
    h('p', {class: 'safe'}, icon(LOCK), t('safe', {client})));
  return {view, focus: fields[0]?.focus};
}

