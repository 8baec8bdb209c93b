/* The PDF widget's page: the bank, the files one by one with the state of each, and the end. */
import {h, show} from '../signin/dom.js';
import {dress} from '../signin/look.js';
import {tell, tellOnce, tellSizes} from '../signin/parent.js';
import {client, start, t} from '../signin/start.js';
import {banks, chooseView} from '../signin/views/choose.js';
import {doneView} from './done.js';
import {filesView} from './files.js';
import {finish} from './sending.js';

const {options} = start;
const accepted = []; // {statementId, target}
let country = options.country && options.country !== 'all' ? options.country : 'all';
let shown = null;

function put(parts) {
  shown?.end?.();
  shown = parts;
  show(parts.view, parts);
}

function choose() {
  tellOnce('started', {started: true});
  put(chooseView({
    country,
    lead: client && t('pdf_asks', {client}),
    onChoose: collect,
    onMissing: null,
    onCountry: (chosen) => { country = chosen; },
  }));
}

function collect(bank) {
  const {name, officialName} = bank;
  tell({targetSelected: {name, officialName}});
  put(filesView({
    bank,
    count: () => accepted.length,
    onAccepted: (told) => {
      accepted.push({statementId: told.statementId, target: told.target});
      tell({pdfAccepted: told});
    },
    onRejected: (told) => tell({pdfRejected: told}),
    onBack: options.target ? null : choose,
    onFinish: end,
  }));
}

async function end() {
  await finish();
  tell({pdfFinished: {ownerExternalId: start.ownerExternalId, statements: accepted}});
  put(doneView({count: accepted.length}));
}

function begin() {
  dress();
  document.body.append(h('p', {id: 'offline', hidden: true}, t('offline')));
  tellSizes(document.getElementById('widget'));
  window.addEventListener('pagehide', () => tell({application: {state: 'unloaded'}}));
  tell({application: {state: 'widgetInitialized'}});
  const bank = options.target && banks(start.targets).find(({name}) => name === options.target);
  if (bank) collect(bank);
  else choose();
}

begin();
