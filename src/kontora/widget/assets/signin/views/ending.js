/* How it ended: signed in, imported, or failed with clear words and a way back. */
import {h} from '../dom.js';
import {bankHead, button, heading, lead, sign} from '../frame.js';
import {ALERT, CHECK} from '../icons.js';
import {bankOf, client, t, textOrNull} from '../start.js';

// Failures without words of their own share those of another.
const SHARED = {
  StoreUnavailable: 'Overloaded', JobsQuotaExceeded: 'Overloaded', ConcurrentSessionsLimitExceed: 'Overloaded',
  RateLimitExceeded: 'Overloaded', ConfigurationError: 'BankCertificateRefused', InvalidSessionId: 'SignInExpired',
  OwnerDeleted: 'CommandInterrupted', RequestTimeout: 'IO', LabelsFailed: 'Other',
};
const OWNERS = new Set(['InvalidCredentials', 'TargetCredentialsMismatch', 'InsufficientIdentificationLevel',
  'AccessBlocked', 'AccessTemporarilyBlocked', 'ManualActionRequired', 'SignInCancelled', 'UnsupportedLoginMethod',
  'UnsupportedLanguage', 'SignInExpired']);
const BANKS = new Set(['IO', 'ServiceMaintenance', 'ServiceTemporarilyUnavailable', 'SessionExpired', 'BankChanged']);

/** Our words for a failure; `Other` for names that we do not know. */
export function failureText(exception, values) {
  const name = SHARED[exception] ?? exception;
  return textOrNull(`failure_${name}`) ? t(`failure_${name}`, values) : t('failure_Other', values);
}

function failureTitle(exception) {
  if (OWNERS.has(exception)) return t('failed_owner');
  return BANKS.has(exception) ? t('failed_bank') : t('failed_us');
}

function wayBack(returnUrl) {
  return returnUrl && h('a', {class: 'button', href: returnUrl},
    t('return_to', {client}));
}

/** The owner is signed in, and the client's page goes on from here; or the import is done, too. */
export function signedInView({state}) {
  const bank = bankOf(state);
  const isImported = state.state === 'imported';
  return {view: h('section', {'data-view': state.state, class: 'view centred'},
    sign(CHECK, 'good'), heading(t(isImported ? 'imported_title' : 'signed_in_title')),
    lead(t(isImported ? 'imported_lead' : 'signed_in_lead', {bank, client})), wayBack(state.returnUrl))};
}

/** It failed. `onRetry` is null where the same bank cannot be tried at once. */
export function failedView({state, onRetry, onBack, onReload}) {
  const {exception, friendlyMessage} = state.failure;
  const values = {bank: bankOf(state), client};
  const text = failureText(exception, values);
  const actions = [
    onRetry && button(t('try_again'), onRetry, 'primary'),
    onBack && button(t('choose_another'), onBack, onRetry ? '' : 'primary'),
    onReload && button(t('start_again'), onReload, 'primary'),
    wayBack(state.returnUrl),
  ];
  return {view: h('section', {'data-view': 'failed', class: 'view', 'data-exception': exception},
    bankHead(state.target, null), sign(ALERT, 'bad'), heading(failureTitle(exception)),
    h('div', {class: 'error-note', role: 'alert'}, h('p', {}, text),
      friendlyMessage && friendlyMessage !== text && h('p', {}, friendlyMessage)),
    h('div', {class: 'actions'}, actions))};
}
