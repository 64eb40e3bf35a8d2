import { describe, expect, it } from "vitest";
import type * as Y from "yjs";
import { readDocument } from "../../app/document/read-fragment.ts";
import type { DocumentId, UserId } from "../../app/domain/ids.ts";
import { openCollabWorld } from "../testing/collab-world.ts";
import { openHistories } from "./histories.ts";
import { paragraph } from "./testing/random-plan.ts";

describe("bringing a version back while people have the document open", () => {
  it("[D7] reaches everybody who is connected, and keeps what they type", async () => {
    let left: (documentId: string) => Promise<void> = async () => undefined;
    const world = await openCollabWorld({ onCheckpointDue: (documentId) => left(documentId) });
    const histories = await openHistories({
      path: world.database.path,
      log: world.log,
      now: Date.now,
      newId: () => crypto.randomUUID(),
      appendServerEdit: (edit) => world.collab.appendServerEdit(edit),
      onCheckpoint: (documentId) => world.collab.checkpointMade(documentId),
    });
    left = (documentId) => histories.left(documentId);
    try {
      const person = await world.person({ side: "provider" });
      const other = await world.person({ side: "employer" });
      const document = await world.document("");
      const one = await world.join(person, document, { isPlan: true });
      const two = await world.join(other, document, { isPlan: true });
      const fragment = (client: { doc: Y.Doc }) => client.doc.getXmlFragment("default");
      fragment(one).insert(0, [paragraph("What both sides agreed.")]);
      await one.allAcked();
      const by = { userId: person.userId as UserId, side: "provider" as const };
      const documentId = document.id as DocumentId;
      const version = await histories.cut({ documentId, kind: "named", name: "Agreed", note: null, by });
      if (!version.ok) throw new Error(version.refusal.code);
      fragment(one).delete(0, 1);
      fragment(one).insert(0, [paragraph("Something else.")]);
      await one.allAcked();
      fragment(two).push([paragraph("Typed meanwhile.")]);
      const restored = await histories.restore({ documentId, versionId: version.value.versionId, by });
      expect(restored.ok).toBe(true);
      await two.allAcked();
      const text = (doc: Y.Doc) => JSON.stringify(readDocument(doc).json);
      for (const client of [one, two])
        await client.until(() => text(client.doc).includes("What both sides agreed."), "the restored text");
      expect(text(one.doc)).not.toContain("Something else.");
      for (const client of [one, two])
        await client.until(() => text(client.doc).includes("Typed meanwhile."), "what was typed meanwhile");
      expect(text(one.doc)).toBe(text(two.doc));
      one.destroy();
      two.destroy();
    } finally {
      await histories.close();
      await world.close();
    }
  });
});
