/* On to the bank's own pages: a window opened by the owner's click, while the server is asked for the outcome. */
import {h, icon} from '../dom.js';
import {bankHead, button, heading, lead, sign, spinner} from '../frame.js';
import {LOCK, OUT} from '../icons.js';
import {bankOf, client, t} from '../start.js';

const LOOK_MS = 700;

/** Close the window while it shows a page of ours; on the bank's pages it is the owner's. */
function closeOurs(opened) {
  try {
    if (opened?.location.origin === window.location.origin) opened.close();
  } catch {
    // The bank's page is still there. It comes back to a page of ours, which closes itself.
  }
}

/** The view. `onBack()`; `end()` of what is returned closes the bank's window. */
export function redirectView({state, onBack}) {
  const {url, mode} = state.redirect;
  const bank = bankOf(state);
  const status = h('div', {class: 'redirect-status', 'aria-live': 'polite'});
  const view = h('section', {'data-view': 'redirect', class: 'view'},
    bankHead(state.target, onBack), sign(OUT),
    heading(t('redirect_title', {bank})),
    lead(t(mode === 'sameWindow' ? 'redirect_lead_same' : 'redirect_lead', {bank, client})),
    status,
    h('p', {class: 'safe'}, icon(LOCK), t('redirect_safe', {bank})));
  let opened = null;
  let looking = null;

  const put = (...parts) => status.replaceChildren(...parts);
  const actions = (...parts) => h('div', {class: 'actions'}, parts);
  const openButton = (text) => button(text, open, 'primary');
  const plainLink = () => h('a', {class: 'button primary', href: url, target: '_blank', rel: 'noopener',
    onclick: () => setTimeout(waiting, 0)}, t('redirect_link', {bank}), icon(OUT));

  function open() {
    if (mode === 'sameWindow') {
      window.location.assign(url);
      return;
    }
    opened = window.open(url, '_blank', 'popup,width=520,height=760');
    if (!opened) {
      put(h('p', {class: 'note'}, t('popup_blocked')), actions(plainLink()));
      status.querySelector('a').focus();
      return;
    }
    opened.opener = null; // the bank's pages get no hand on this one; the outcome comes from the server
    waiting();
  }

  function waiting() {
    const again = button(t('open_again'), open);
    put(h('p', {class: 'waiting'}, spinner(), h('span', {}, t('redirect_waiting', {bank}))), actions(again));
    clearInterval(looking);
    looking = setInterval(() => {
      if (!opened?.closed) return;
      clearInterval(looking);
      opened = null;
      const hadFocus = status.contains(document.activeElement);
      // Also so when the bank's page cuts the tie between the windows: the owner may still be there.
      put(h('p', {class: 'waiting'}, spinner(), h('span', {}, t('redirect_closed', {bank}))),
        actions(openButton(t('open_again')), button(t('choose_another'), onBack)));
      if (hadFocus) status.querySelector('button').focus();
    }, LOOK_MS);
  }

  put(actions(openButton(t('redirect_go', {bank}))));
  return {
    view,
    focus: status.querySelector('button'),
    end() {
      clearInterval(looking);
      closeOurs(opened);
    },
  };
}
