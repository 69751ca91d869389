import { Observable } from '../core/observable';
import { mountPage } from '../core/page';
import { SavedSource } from '../core/saved-source';
import type { ViewRecord } from '../core/wire';

// Draws the record that stands in the page of `View.to_html`: nothing is asked, nothing is loaded.
const kept = document.getElementById('record');
const record = JSON.parse(kept?.textContent ?? '') as ViewRecord;
const notice = new Observable<string | null>(kept?.dataset['notice'] ?? null);
mountPage(document.body, record, new SavedSource(record), { notice });
