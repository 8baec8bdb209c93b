/* The files of one bank: dropped or chosen, sent one after the other, each with its state. */
import {announce, h, icon} from '../signin/dom.js';
import {bankHead, button, errorNote, heading, lead} from '../signin/frame.js';
import {LOCK, UPLOAD} from '../signin/icons.js';
import {client, start, t} from '../signin/start.js';
import {fileRow, refusalText} from './row.js';
import {MOST_BYTES, MOST_FILES, send} from './sending.js';

/** The view. `onAccepted(told)`, `onRejected(told)`, `onFinish()`, `onBack()` or null. */
export function filesView({bank, count, onAccepted, onRejected, onBack, onFinish}) {
  const waiting = [];
  let given = count();
  let isSending = false;

  const list = h('ul', {class: 'files', 'aria-label': t('pdf_files')});
  const trouble = h('div', {'aria-live': 'polite'});
  const input = h('input', {
    type: 'file', id: 'pdf-files', class: 'hidden', accept: 'application/pdf,.pdf', multiple: true, onchange: chosen,
  });
  const zone = h('div', {class: 'drop', ondragover: over, ondragleave: out, ondrop: drop},
    icon(UPLOAD), h('p', {}, t('pdf_drop')),
    input, h('label', {for: 'pdf-files', class: 'button'}, t('pdf_choose')));
  const finishing = button(t('pdf_finish'), onFinish, 'primary');
  const change = bankHead(bank, onBack);

  function over(event) {
    event.preventDefault();
    zone.dataset.over = '';
  }

  function out() {
    delete zone.dataset.over;
  }

  function drop(event) {
    event.preventDefault();
    out();
    add([...event.dataTransfer.files]);
  }

  function chosen() {
    add([...input.files]);
    input.value = ''; // the same file may be chosen again
  }

  function add(files) {
    const room = Math.max(0, MOST_FILES - given);
    trouble.replaceChildren(...(files.length > room ? [errorNote(t('pdf_too_many', {count: MOST_FILES}))] : []));
    for (const file of files.slice(0, room)) {
      given += 1;
      queue(file, fileRow(file, {onPassword: (row, password) => queue(file, row, password), onRemove: update}), '');
    }
    update();
  }

  function queue(file, row, password) {
    if (!row.element.isConnected) list.append(row.element);
    row.wait();
    waiting.push({file, row, password});
    update();
    next();
  }

  async function next() {
    if (isSending || waiting.length === 0) return;
    isSending = true;
    update();
    const {file, row, password} = waiting.shift();
    const told = file.size > MOST_BYTES
      ? {ok: false, exception: 'PdfTooLarge', message: ''}
      : await send(file, {target: bank.name, password, onProgress: row.sending});
    settle(file, row, told);
    isSending = false;
    update();
    next();
  }

  function settle(file, row, told) {
    if (told.ok) {
      const {statementId, target, officialName, isConsistent} = told;
      row.accept(told);
      onAccepted({statementId, target, officialName, fileName: file.name, isConsistent});
      announce(t('pdf_said_accepted', {file: file.name}));
      return;
    }
    const exception = told.exception ?? 'IO';
    row.refuse(exception, {bank: bank.officialName, client});
    // A password is only a question to the owner; the file is not refused yet.
    if (exception !== 'PdfEncrypted') {
      onRejected({exception, target: bank.name, fileName: file.name, message: told.message ?? ''});
    }
    announce(`${file.name}: ${refusalText(exception, {bank: bank.officialName, client})}`);
  }

  function update() {
    const isBusy = isSending || waiting.length > 0;
    finishing.disabled = isBusy || count() === 0;
    for (const one of change.querySelectorAll('button')) one.disabled = isBusy;
    list.hidden = list.children.length === 0;
  }

  const kinds = (bank.documents ?? []).map((name) => h('li', {}, name));
  update();
  return {view: h('section', {'data-view': 'pdf-files', class: 'view'},
    change, heading(t('pdf_title')), lead(t('pdf_lead', {bank: bank.officialName})),
    kinds.length > 0 && h('div', {class: 'kinds'}, h('p', {}, t('pdf_kinds')), h('ul', {}, kinds)),
    zone, trouble, list, h('div', {class: 'actions'}, finishing),
    h('p', {class: 'safe'}, icon(LOCK), h('span', {}, t('pdf_safe', {client: client || start.clientName || ''}))))};
}
