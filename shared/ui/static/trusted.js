// Markup becomes part of a page in two ways only: what htmx parses, which the server escaped, and
// the fixed pieces of Leaflet. Any other text that would be read as markup is refused (Trusted
// Types, asked for by the Content-Security-Policy); browsers without them still have text nodes.
(() => {
  "use strict";
  if (!window.trustedTypes) return;
  const LEAFLET = new Set([
    "", "<svg/>", '<v:shape adj="1"/>', '<span aria-hidden="true">+</span>', '<span aria-hidden="true">&#x2212;</span>', "Kaart: Kadaster / PDOK",
  ]);
  // No page of ours holds a document within the document.
  const FRAMED = /<\s*(iframe|frame|object|embed|base|portal)\b/i;
  const PARSED = ["Document parseHTMLUnsafe", "DOMParser parseFromString"];
  window.trustedTypes.createPolicy("default", {
    createHTML: (text, _, sink) => (LEAFLET.has(text) || (PARSED.includes(sink) && !FRAMED.test(text)) ? text : null),
  });
})();
