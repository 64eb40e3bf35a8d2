/**
 * A picture of this server, by its id; its address is derived and never taken from the
 * document, so no peer can make a reader's browser ask another host (promise S5).
 */
import { mergeAttributes, Node } from "@tiptap/core";
import { isId } from "../../domain/ids.ts";

/** Address of a stored picture. */
export function imagePath(imageId: string): string {
  return `/images/${imageId}`;
}

const ownPath = /^\/images\/([0-9a-f-]{36})$/;

/** Is this the address of a picture that is stored here? */
export function isOwnPicture(source: string): boolean {
  return ownPath.test(source);
}

export const Image = Node.create({
  name: "image",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes() {
    return {
      imageId: {
        default: null,
        parseHTML: (element) => {
          const id = ownPath.exec(element.getAttribute("src") ?? "")?.[1];
          return isId(id) ? id : null;
        },
        renderHTML: ({ imageId }) => (isId(imageId) ? { src: imagePath(imageId) } : {}),
      },
      alt: {
        default: "",
        parseHTML: (element) => element.getAttribute("alt") ?? "",
        renderHTML: ({ alt }) => ({ alt: typeof alt === "string" ? alt : "" }),
      },
    };
  },

  parseHTML() {
    // Pictures of other pages are not taken: their addresses would be asked by every reader.
    return [
      {
        tag: "img[src]",
        getAttrs: (element) => (isOwnPicture(element.getAttribute("src") ?? "") ? null : false),
      },
    ];
  },

  renderHTML({ HTMLAttributes }) {
    return ["img", mergeAttributes(HTMLAttributes, { loading: "lazy", decoding: "async" })];
  },
});
