/**
 * A scene for tests about documents: the people of two partnerships on a real
 * database. The present text is read from the real log rows on this thread; tests of
 * the worker that does it in the product are beside the worker.
 */
import * as Y from "yjs";
import { type FileOrder, packText, unpackText } from "../../../db/exports/packed-text.ts";
import { indexDocument } from "../../../db/queries/search.ts";
import { firstText, firstTextOfCopy } from "../../document/first-text.ts";
import { readDocument } from "../../document/read-fragment.ts";
import type { DocumentKind } from "../../domain/documents.ts";
import type { DocumentId } from "../../domain/ids.ts";
import { ok, type Result, refuse } from "../../domain/result.ts";
import { drawText } from "../../export/drawn-text.ts";
import { renderFile } from "../../export/render.ts";
import { createDocument } from "../create-document.ts";
import { type DocumentBranch, listDocuments } from "../list-documents.ts";
import type { DocumentJson, Histories } from "../services.ts";
import { openPeopleScene, type PersonOfScene } from "./people-scene.ts";

/** The code of a refusal, or `ok`. */
export const codeOf = (result: Result<unknown>): string => (result.ok ? "ok" : result.refusal.code);

/** Titles, with those below as lists. */
const outline = (branches: readonly DocumentBranch[]): unknown[] =>
  branches.map((branch) =>
    branch.children.length === 0 ? branch.title : [branch.title, outline(branch.children)],
  );

export async function openDocumentsScene() {
  const scene = await openPeopleScene();
  const { db } = scene;
  const renamed: { documentId: string; title: string }[] = [];

  /** The document as its rows give it. */
  async function documentFromLog(documentId: string): Promise<Y.Doc> {
    const rows = await db
      .selectFrom("log")
      .innerJoin("document", "document.number", "log.document")
      .select("log.bytes")
      .where("document.id", "=", documentId)
      .orderBy("log.seq")
      .execute();
    const doc = new Y.Doc({ gc: false });
    for (const row of rows) Y.applyUpdate(doc, row.bytes);
    return doc;
  }
  const histories = {
    firstText: async (json: DocumentJson, clientId: number) => firstText(json, clientId),
    async firstTextOfCopy(documentId: DocumentId, clientId: number) {
      return ok(firstTextOfCopy(readDocument(await documentFromLog(documentId)).json, clientId));
    },
    async packPresent(documentId: DocumentId) {
      return ok({ ...packText(readDocument(await documentFromLog(documentId)).json), seq: 1 });
    },
    async drawPresent(documentId: DocumentId) {
      return ok(drawText(readDocument(await documentFromLog(documentId)).json));
    },
    packVersion: async () => refuse("version-elsewhere"),
  } satisfies Partial<Histories> as unknown as Histories;
  const services = {
    ...scene.services,
    histories,
    exports: { render: async (order: FileOrder) => ok(renderFile({ ...order, json: unpackText(order) })) },
    images: {
      clean: async () => refuse("image-broken"),
      store: async () => {},
      remove: async () => {},
      load: async () => null,
      size: async () => null,
      async *read(): AsyncGenerator<Uint8Array> {},
    },
    live: {
      ...scene.services.live,
      renamed: (documentId: DocumentId, title: string) => {
        renamed.push({ documentId, title });
      },
    },
  };

  /** Creates a document as somebody who may; throws when it is refused. */
  async function make(
    title: string,
    more: { as?: PersonOfScene; kind?: DocumentKind; parentId?: string | null } = {},
  ): Promise<DocumentId> {
    const as = more.as ?? "leaderA";
    const partnership = as.startsWith("other") ? scene.other : scene.own;
    const made = await createDocument(services, scene.asker(as), {
      partnershipId: partnership.id,
      kind: more.kind ?? "page",
      title,
      parentId: more.parentId ?? null,
    });
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value.documentId;
  }

  /** Puts words under search as the follower does. */
  async function write(documentId: string, body: string): Promise<void> {
    const { number, title } = await db
      .selectFrom("document")
      .select(["number", "title"])
      .where("id", "=", documentId)
      .executeTakeFirstOrThrow();
    await indexDocument(db, { number, title, body });
  }

  /** The partnership's own documents as its leader sees them. */
  async function tree(): Promise<unknown[]> {
    const list = await listDocuments(services, scene.asker("leaderA"), { partnershipId: scene.own.id });
    return list.ok ? outline(list.value.documents) : [];
  }
  return { ...scene, services, renamed, make, write, tree, documentFromLog };
}

export type DocumentsScene = Awaited<ReturnType<typeof openDocumentsScene>>;
