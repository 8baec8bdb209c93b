/* The widget's page: shows the state that the server tells, and tells the client's page what happens. */
import {announce, h, show} from './dom.js';
import {dress} from './look.js';
import {tell, tellOnce, tellSizes} from './parent.js';
import {seal} from './seal.js';
import * as server from './server.js';
import {start, t} from './start.js';
import {chooseView} from './views/choose.js';
import {failedView, signedInView} from './views/ending.js';
import {missingView, thanksView} from './views/missing.js';
import {questionsView} from './views/questions.js';
import {redirectView} from './views/redirect.js';
import {appView, importingView, workingView} from './views/waiting.js';

const {options} = start;
const CLOSE_POPUP_MS = 1500;

let current = null; // what is shown: {state, view parts}
let country = options.country && options.country !== 'all' ? options.country : 'all';
let busy = false;
let localStep = 0; // of states that this page makes itself: below zero
let toldTarget = null;

const VIEWS = {
  choose: () => chooseView({
    country, onChoose: choose, onMissing: missing, onCountry: (chosen) => { country = chosen; },
  }),
  questions: (state) => questionsView({state, onAnswers: (answers) => answer(state, answers), onBack: wayBack()}),
  redirect: (state) => redirectView({state, onBack: wayBack() ?? back}),
  wait: (state) => appView({state, onBack: back}),
  working: (state) => workingView({state}),
  importing: (state) => importingView({state}),
  signedIn: (state) => signedInView({state}),
  imported: (state) => signedInView({state}),
  failed: (state) => failedView({
    state,
    onRetry: canRetry(state) ? () => retry(state.target) : null,
    onBack: options.target || state.isOver ? null : back,
    onReload: state.isOver || (options.target && !state.target) ? () => window.location.reload() : null,
  }),
};

// A blocked access stays blocked; trying another bank helps, where the client lets the owner choose.
const canRetry = ({failure, target, isOver}) => Boolean(target) && !isOver && failure.canRetry !== false
  && (failure.exception !== 'AccessBlocked' || Boolean(options.target));

// A client that chose the bank itself does not want it changed.
const wayBack = () => (options.target ? null : back);

function render(state) {
  const before = current?.state;
  const isSame = before?.state === state.state && (before.step === state.step || state.state === 'working');
  if (isSame) {
    current.update?.(state);
    current.state = state;
  } else {
    current?.end?.();
    const parts = VIEWS[state.state](state);
    current = {...parts, state};
    show(parts.view, parts);
  }
  report(state);
  server.follow(state, render, trouble);
}

function report(state) {
  if (state.state === 'choose') {
    tellOnce('started', {started: true});
    toldTarget = null;
  }
  if (state.target && state.target.name !== toldTarget) {
    const {name, officialName} = state.target;
    toldTarget = name;
    tell({targetSelected: {name, officialName}});
  }
  if (state.signedIn) {
    const {target, sessionId, sessionIdSignature} = state.signedIn;
    tellOnce('signedIn', {signedIn: {target, sessionId, sessionIdSignature, options: state.signedIn.options}});
  }
  if (state.state === 'failed') {
    const {exception, message} = state.failure;
    const {target, sessionId} = state;
    tellOnce(`error ${state.step}`, {
      error: {cause: exception, target: target?.name ?? null, sessionId: sessionId ?? null, message},
    });
  }
  const isDone = state.state === 'imported' || (state.state === 'signedIn' && !options.autoImport);
  if (isDone && options.isPopup) setTimeout(() => window.close(), CLOSE_POPUP_MS);
  if (isDone && state.returnUrl) window.location.replace(state.returnUrl);
}

/** Ask the server for the next state; whatever goes wrong is shown as a failure with a way back. */
async function step(request) {
  if (busy) return;
  busy = true;
  server.stop();
  const {target} = current?.state ?? {};
  try {
    render(await request());
  } catch (error) {
    render(error.state ?? failed(error, target));
  } finally {
    busy = false;
  }
}

function failed(error, target) {
  const isOver = error.status === 404 || error.status === 410 || error.status === 401;
  const exception = isOver ? 'SignInExpired' : error.exception ?? (error.message === 'insecure' ? 'Insecure' : 'IO');
  const failure = {exception, message: error.message, canRetry: true};
  return {step: localStep -= 1, state: 'failed', target, isOver, failure};
}

function choose(bank) {
  const {name, officialName, loginName, favicon} = bank;
  step(() => {
    showWorking({name, officialName, loginName, favicon});
    return server.choose(options.target ? {target: name} : {institution: bank.institution});
  });
}

function answer(state, answers) {
  step(async () => {
    showWorking(state.target);
    if (!window.isSecureContext || !crypto.subtle) throw new Error('insecure');
    const sealed = await seal(start.token, state, answers);
    for (const one of answers) one.value = '';
    tell({credentialEntered: true});
    return server.answer({step: state.step, stepToken: state.stepToken, ...sealed});
  });
}

/** Show at once that something happens; the server's state follows. */
function showWorking(target) {
  current?.end?.();
  const parts = workingView({state: {target}});
  current = {...parts, state: {step: localStep -= 1, state: 'working', target}};
  show(parts.view, parts);
}

const back = () => step(() => server.back());

/** Begin again at the same bank. */
function retry(target) {
  step(async () => {
    showWorking(target);
    await server.back();
    const bank = start.targets.find(({name}) => name === target.name);
    return server.choose(bank && !options.target ? {institution: bank.institution} : {target: target.name});
  });
}

function missing(where) {
  const toBanks = () => { current = null; render({step: localStep -= 1, state: 'choose'}); };
  const send = (told) => {
    tell({unsupportedTarget: told});
    put(thanksView({onBack: toBanks}));
  };
  put(missingView({country: where, onSend: send, onBack: toBanks}));
}

function put(parts) {
  current = {...parts, state: {step: localStep -= 1, state: 'local'}};
  show(parts.view, parts);
}

function trouble(isOffline) {
  const notice = document.getElementById('offline');
  notice.hidden = !isOffline;
  if (isOffline) announce(t('offline'));
}

function begin() {
  dress();
  document.body.append(h('p', {id: 'offline', hidden: true}, t('offline')));
  tellSizes(document.getElementById('widget'));
  window.addEventListener('pagehide', () => tell({application: {state: 'unloaded'}}));
  tell({application: {state: 'widgetInitialized'}});
  const state = start.state ?? {step: 0, state: 'choose'};
  const chosen = options.target && start.targets.find(({name}) => name === options.target);
  if (state.state === 'choose' && chosen) choose(chosen);
  else render(state);
}

begin();
