/* Waiting: for the owner's phone, for the bank, for the import. */
import {h} from '../dom.js';
import {bankHead, button, heading, lead, sign, spinner} from '../frame.js';
import {PHONE} from '../icons.js';
import {bankOf, client, t} from '../start.js';

/** The owner confirms in the bank's app. */
export function appView({state, onBack}) {
  const words = state.questions?.find(({kind}) => kind === 'APP_CONFIRMATION')?.description;
  return {view: h('section', {'data-view': 'wait', class: 'view'},
    bankHead(state.target, null), sign(PHONE, 'pulsing'),
    heading(t('app_title')), lead(t('app_lead', {bank: bankOf(state)})),
    words && h('p', {class: 'note'}, words),
    h('p', {class: 'waiting'}, spinner(), h('span', {}, t('app_waiting'))),
    h('div', {class: 'actions'}, button(t('cancel'), onBack)))};
}

/** The bank is being asked something. */
export function workingView({state}) {
  return {view: h('section', {'data-view': 'working', class: 'view centred'},
    bankHead(state.target, null), h('div', {class: 'big-spinner', 'aria-hidden': 'true'}),
    heading(t('working_title')), lead(t('working_lead', {bank: bankOf(state)}))),
  say: t('working_title')};
}

/** The import runs; `update(state)` moves the bar. */
export function importingView({state}) {
  const bar = h('progress', {max: 100, 'aria-label': t('importing_title')});
  const words = h('span', {'aria-hidden': 'true'});
  const update = ({progress}) => {
    const percent = Math.round(100 * Math.min(1, Math.max(0, progress ?? 0)));
    bar.value = percent;
    words.textContent = `${percent} %`;
  };
  update(state);
  return {view: h('section', {'data-view': 'importing', class: 'view centred'},
    bankHead(state.target, null), heading(t('importing_title')),
    lead(t('importing_lead', {bank: bankOf(state)})),
    h('p', {class: 'bar'}, bar, words),
    h('p', {class: 'help'}, t('importing_stay', {client}))), update};
}
