/* The lender's page: embeds the widget, lists the callbacks, and asks its own server for the import. */
const LOCALES = ['en', 'pl', 'cz', 'es', 'pt', 'ro', 'lt', 'lv', 'ee'];
const CALLBACKS = ['onInitialized', 'onStarted', 'onTargetSelected', 'onCredentialEntered', 'onSuccess', 'onError',
  'onUnsupportedTarget', 'onScreenshotClicked', 'onUnloaded'];
const WAYS = {'': {country: 'pl'}, api: {target: 'KontoBankApi', forceTestCredentials: true}, web: {target: 'KontoBank'}};
const SECRETS = /^[0-9a-f]{64}$/;

const callbacks = document.getElementById('callbacks');
const result = document.getElementById('result');
const way = document.getElementById('way');
const locale = document.getElementById('locale');
const owner = `demo-${crypto.randomUUID?.() ?? Date.now()}`;

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function note(name, given) {
  const shown = given.map((one) => (SECRETS.test(one) ? `${one.slice(0, 6)}…` : JSON.stringify(one)));
  const item = make('li');
  item.append(make('strong', name), make('code', `(${shown.join(', ')})`));
  callbacks.append(item);
}

function table(head, rows) {
  const body = make('tbody');
  for (const row of rows) {
    const line = make('tr');
    row.forEach((cell, place) => line.append(make('td', cell, place === row.length - 1 ? 'number' : '')));
    body.append(line);
  }
  const heads = make('tr');
  head.forEach((text, place) => {
    const cell = make('th', text, place === head.length - 1 ? 'number' : '');
    cell.scope = 'col';
    heads.append(cell);
  });
  const top = make('thead');
  top.append(heads);
  const whole = make('table');
  whole.append(top, body);
  return whole;
}

function money(amount, currency) {
  return amount === null ? '–' : new Intl.NumberFormat('en', {style: 'currency', currency}).format(amount);
}

function product(found) {
  const box = make('article');
  box.append(make('h3', found.name), make('p', found.number ?? '', 'quiet'));
  const balance = make('p', money(found.balance, found.currency), 'balance');
  box.append(balance, make('p', `${found.count} money transactions; the newest:`, 'quiet'));
  box.append(table(['Day', 'Title', 'Labels', 'Amount'],
    found.newest.map((item) => [item.on, item.title, item.labels.join(', '), money(item.amount, found.currency)])));
  return box;
}

function show(told) {
  if (told.state === 'running') {
    const bar = make('progress');
    bar.max = 100;
    bar.value = told.progress;
    bar.setAttribute('aria-label', 'Import');
    result.replaceChildren(make('p', `The import runs: ${told.progress} %`), bar);
  } else if (told.state === 'failed') {
    result.replaceChildren(make('p', `The import failed: ${told.complaint}`, 'failed'));
  } else {
    const {owners, accounts, cards} = told.result;
    const people = make('ul');
    for (const {name, kind, address} of owners) {
      people.append(make('li', [name, kind, address].filter(Boolean).join(', ')));
    }
    result.replaceChildren(people, ...accounts.map(product), ...cards.map(product));
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function read(sessionId, sessionIdSignature) {
  const started = await fetch('/imports', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({sessionId, sessionIdSignature}),
  });
  const {id} = await started.json();
  for (;;) {
    const told = await (await fetch(`/imports/${id}`)).json();
    show(told);
    if (told.state !== 'running') return;
    await pause(400);
  }
}

function embed() {
  document.getElementById('kontomatik').replaceChildren();
  callbacks.replaceChildren();
  const options = {
    client: document.body.dataset.client, divId: 'kontomatik', locale: locale.value, ownerExternalId: owner,
    clientIdentity: 'Lipa Kredyt', showFavicons: true, layout: true, dynamicHeight: true, ...WAYS[way.value],
  };
  for (const name of CALLBACKS) {
    options[name] = (...given) => {
      note(name, given);
      if (name === 'onSuccess') read(given[1], given[2]).catch((error) => show({state: 'failed', complaint: error.message}));
    };
  }
  window.embedKontomatik(options);
}

const names = new Intl.DisplayNames(['en'], {type: 'language'});
for (const code of LOCALES) {
  const option = make('option', names.of({cz: 'cs', ee: 'et'}[code] ?? code));
  option.value = code;
  locale.append(option);
}
way.addEventListener('change', embed);
locale.addEventListener('change', embed);
embed();
