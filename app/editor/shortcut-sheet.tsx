/** The keys of the editor, in one dialog (`Ctrl+/`). */
import { Dialog } from "../components/dialog.tsx";
import { CheckField } from "../components/form.tsx";
import { isSilenced, silence } from "./announcer.tsx";
import { blockCommands, keysInWords, markCommands, tableCommands } from "./commands.ts";
import { isMac } from "./toolbar.tsx";

type Line = readonly [label: string, keys: string];

const general: readonly Line[] = [
  ["Insert a block", "/"],
  ["Mention somebody", "@"],
  ["Add or change a link", "Mod-k"],
  ["Follow a link", "Mod-click"],
  ["Undo my last change", "Mod-z"],
  ["Redo", "Mod-Shift-z"],
  ["New line in the same block", "Shift-Enter"],
  ["Leave the text for the toolbar", "Alt-F10"],
  ["This list", "Mod-/"],
];
const markdown: readonly Line[] = [
  ["Heading, subheading", "# , ##"],
  ["List, numbered list", "* , 1."],
  ["Task", "[ ]"],
  ["Quotation", ">"],
  ["Divider", "---"],
  ["Bold, italic, code", "**a** , *a* , `a`"],
];
const withKeys = (commands: readonly { label: string; keys?: string }[]): readonly Line[] =>
  commands.flatMap(({ label, keys }) => (keys === undefined ? [] : [[label, keys] as const]));

function Lines({
  title,
  lines,
  isTyped = false,
}: {
  title: string;
  lines: readonly Line[];
  isTyped?: boolean;
}) {
  return (
    <section>
      <h3 className="h4">{title}</h3>
      <dl className="keys">
        {lines.map(([label, keys]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <kbd>{isTyped ? keys : keysInWords(keys, isMac())}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" isOpen={isOpen} onClose={onClose}>
      <form method="dialog" className="keys-close">
        <button type="submit" className="btn btn-s">
          Close
        </button>
      </form>
      <div className="keys-sheet">
        <Lines title="Everywhere" lines={general} />
        <Lines title="Words" lines={withKeys(markCommands)} />
        <Lines title="Blocks" lines={withKeys(blockCommands)} />
        <Lines title="In a table" lines={[["Next cell", "Tab"], ...withKeys(tableCommands)]} />
        <Lines title="Typed at the start of a line or around words" lines={markdown} isTyped />
        <section>
          <h3 className="h4">For screen readers</h3>
          <CheckField
            label="Say when others change the text"
            defaultChecked={!isSilenced()}
            onChange={(event) => silence(!event.target.checked)}
          />
        </section>
      </div>
    </Dialog>
  );
}
