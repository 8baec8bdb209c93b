/* The end: what was passed on. */
import {h} from '../signin/dom.js';
import {heading, lead, sign} from '../signin/frame.js';
import {CHECK} from '../signin/icons.js';
import {client, t} from '../signin/start.js';

/** The view. `count`: how many files were accepted. */
export function doneView({count}) {
  return {view: h('section', {'data-view': 'pdf-done', class: 'view centred'},
    sign(CHECK, 'good'), heading(t('imported_title')), lead(t('pdf_done_lead', {client, count})))};
}
