/** The HTML part of a letter, made from its plain text: paragraphs, and links that can be clicked. */
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Blank lines part paragraphs. Names of people are text here, whatever they contain. */
export function letterHtml(text: string): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) =>
      escaped(paragraph)
        .replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`)
        .replaceAll("\n", "<br>"),
    );
  return `<!doctype html><html lang="en-GB"><body>${paragraphs.map((html) => `<p>${html}</p>`).join("")}</body></html>`;
}
