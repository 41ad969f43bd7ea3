// Maps from data attributes: points read from the table beside the map, or a place to point at.
(() => {
  "use strict";
  const L = window.L;
  if (!L) return;
  const NETHERLANDS = L.latLngBounds([50.7, 3.2], [53.6, 7.3]);
  const make = (canvas) => {
    const map = L.map(canvas, { maxBounds: NETHERLANDS.pad(0.3), minZoom: 7, maxZoom: 19, scrollWheelZoom: false, keyboard: false, zoomAnimation: false, fadeAnimation: false, attributionControl: false });
    L.control.attribution({ prefix: false }).addTo(map);
    L.tileLayer(canvas.dataset.tiles, { attribution: "Kaart: Kadaster / PDOK", maxZoom: 19 }).addTo(map);
    // The table beside the map holds the same facts, so that the map itself is skipped by keyboard.
    for (const part of canvas.querySelectorAll("a")) part.tabIndex = -1;
    return map;
  };
  // Leaflet reads a string as markup; what people typed is text.
  const words = (text) => { const label = document.createElement("span"); label.textContent = text; return label; };
  const dot = (tone) => L.divIcon({ className: `vth-dot vth-dot--${tone || "info"}`, iconSize: [18, 18] });

  for (const canvas of document.querySelectorAll("[data-vth-map]")) {
    const rows = [...document.getElementById(canvas.dataset.points).querySelectorAll("tr[data-lat]")];
    const map = make(canvas);
    const places = rows.map((row) => [Number(row.dataset.lat), Number(row.dataset.lon)]);
    if (places.length) map.fitBounds(L.latLngBounds(places).pad(0.2), { maxZoom: 15, animate: false });
    else map.setView([52.28, 6.72], 10);
    rows.forEach((row, number) => {
      const marker = L.marker(places[number], { icon: dot(row.dataset.tone), keyboard: false }).addTo(map);
      const link = row.querySelector("a");
      marker.bindTooltip(words(row.querySelector("th").textContent));
      if (link) marker.on("click", () => link.focus());
    });
  }

  for (const canvas of document.querySelectorAll("[data-vth-pick]")) {
    const [lat, lon] = [canvas.dataset.latField, canvas.dataset.lonField].map((id) => document.getElementById(id));
    const told = document.querySelector(`[data-vth-picked="${canvas.id}"]`);
    const map = make(canvas);
    const degrees = (field) => Number(field.value.replace(",", ".")) || 0;
    const chosen = degrees(lat) && degrees(lon) ? [degrees(lat), degrees(lon)] : null;
    map.setView(chosen || [Number(canvas.dataset.lat), Number(canvas.dataset.lon)], chosen ? 15 : 11);
    let marker = chosen ? L.marker(chosen, { icon: dot("bad"), keyboard: false }).addTo(map) : null;
    map.on("click", (event) => {
      const { lat: y, lng: x } = event.latlng;
      if (marker) marker.setLatLng(event.latlng);
      else marker = L.marker(event.latlng, { icon: dot("bad"), keyboard: false }).addTo(map);
      lat.value = y.toFixed(6);
      lon.value = x.toFixed(6);
      told.textContent = `Aangewezen: ${lat.value.replace(".", ",")} noorderbreedte, ${lon.value.replace(".", ",")} oosterlengte.`;
    });
  }
})();
