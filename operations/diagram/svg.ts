/**
 * Lays the graph out by Graphviz, which comes as WebAssembly: the same bytes on every machine, since it measures text by
 * metrics of its own and not by the machine's fonts. https://graphviz.org/docs/layouts/dot/
 */
// Its types are those of an ES module alone, and it comes as both.
const { instance } = require("@viz-js/viz") as typeof import("@viz-js/viz", { with: { "resolution-mode": "import" }});

/**
 * What the text is shown in. It is laid out in Courier, of which every letter is as wide as a wide one of these, so that it
 * fits into its box whichever of them a machine has.
 */
const fonts = "Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif";

/**
 * @param dotText the graph in Graphviz's language
 * @param title what a screen reader says of the picture
 */
export async function svgOf(dotText: string, title: string): Promise<string> {
  const viz = await instance();
  const drawn = viz.renderString(dotText, { format: "svg", engine: "dot" });
  return `${drawn
    .slice(drawn.indexOf("<svg"))
    .replaceAll(/<!--[\s\S]*?-->\n?/g, "")
    .replaceAll(/<title>[^<]*<\/title>\n?/g, "")
    .replaceAll(/font-family="Courier[^"]*"/g, `font-family="${fonts}"`)
    .replace("<svg ", `<svg role="img" aria-label="${title}" `)
    .trimEnd()}\n`;
}
