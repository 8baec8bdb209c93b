/* "My bank is not listed": the name of the bank, its country and its address, for the client's page. */
import {h} from '../dom.js';
import {button, heading, lead} from '../frame.js';
import {start, t} from '../start.js';

function input(label, name, attributes) {
  return h('label', {class: 'field'}, h('span', {class: 'label'}, label),
    h('input', {name, autocomplete: 'off', maxlength: 200, ...attributes}));
}

/** The view. `onSend({target, country, address})`, `onBack()`. */
export function missingView({country, onSend, onBack}) {
  const send = (event) => {
    event.preventDefault();
    const given = new FormData(event.target);
    onSend({target: given.get('target').trim(), country, address: given.get('address').trim()});
  };
  const form = start.options.showTargetMissingForm
    ? h('form', {onsubmit: send},
      input(t('missing_name'), 'target', {required: true}),
      input(t('missing_address'), 'address', {type: 'text', inputmode: 'url', placeholder: 'www.'}),
      h('div', {class: 'actions'},
        h('button', {class: 'button primary'}, t('send')), button(t('back'), onBack)))
    : h('div', {class: 'actions'}, button(t('back'), onBack, 'primary'));
  return {view: h('section', {'data-view': 'missing', class: 'view'},
    heading(t('missing_title')), lead(t('missing_lead')), form)};
}

/** What is shown once it was sent. */
export function thanksView({onBack}) {
  return {view: h('section', {'data-view': 'thanks', class: 'view'},
    heading(t('missing_thanks')), lead(t('missing_thanks_lead')),
    h('div', {class: 'actions'}, button(t('back_to_banks'), onBack, 'primary')))};
}
