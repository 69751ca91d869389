import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { TabPanel, type Widget } from '@lumino/widgets';
import { tracksideIcon } from './icon';

/** Tabs of one kind in the main area; the same thing is opened once, and again after a reload by `command`. */
export class Tabs<T extends Widget> {
  readonly #app: JupyterFrontEnd;
  readonly #area: string;
  readonly #tracker: WidgetTracker<MainAreaWidget<T>>;

  /** They stand in an `area` of the shell. */
  constructor(
    app: JupyterFrontEnd,
    area: string,
    restorer: ILayoutRestorer | null,
    { namespace, command, args }: { namespace: string; command: string; args: (content: T) => ReadonlyJSONObject },
  ) {
    this.#app = app;
    this.#area = area;
    this.#tracker = new WidgetTracker({ namespace });
    void restorer?.restore(this.#tracker, { command, args: ({ content }) => args(content), name: ({ id }) => id });
  }

  /** Brings the tab with this id to the front, one with `content` where there is none yet, and returns what it shows. */
  show(id: string, label: string, content: () => T): T {
    const known = this.#tracker.find((tab) => tab.id === id);
    const tab = known ?? this.#add(id, label, content());
    this.#app.shell.activateById(id);
    const tabs = tab.parent?.parent;
    if (tabs instanceof TabPanel) {
      tabs.currentWidget = tab; // Notebook 7 leaves another one in front.
    }
    return tab.content;
  }

  #add(id: string, label: string, content: T): MainAreaWidget<T> {
    const tab = new MainAreaWidget<T>({ content });
    tab.id = id;
    Object.assign(tab.title, { icon: tracksideIcon, closable: true });
    const name = (): void => {
      tab.title.label = content.title.label;
      content.node.setAttribute('aria-label', content.title.label); // JupyterLab calls it "main area content".
    };
    content.title.label = label;
    name();
    content.title.changed.connect(() => {
      name();
      void this.#tracker.save(tab);
    });
    this.#app.shell.add(tab, this.#area, { type: 'Trackside' });
    void this.#tracker.add(tab);
    return tab;
  }
}
