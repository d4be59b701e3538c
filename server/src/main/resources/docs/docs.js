// Draws /openapi.json. Text only ever becomes text nodes, so nothing in the document can run.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function resolve(root, value) {
  if (!value || !value.$ref) return value || {};
  return value.$ref.slice(2).split("/").reduce((at, step) => (at || {})[step], root) || {};
}

function shape(root, schema, depth) {
  const at = resolve(root, schema);
  if (depth > 6) return "…";
  if (at.oneOf || at.anyOf) return (at.oneOf || at.anyOf).map((one) => shape(root, one, depth + 1))[0];
  if (at.properties) {
    return Object.fromEntries(
      Object.entries(at.properties).map(([name, of]) => [name, shape(root, of, depth + 1)]));
  }
  if (at.items) return [shape(root, at.items, depth + 1)];
  if (at.examples) return at.examples[0];
  if (at.enum) return at.enum.join(" | ");
  const type = Array.isArray(at.type) ? at.type.join(" | ") : at.type || "any";
  return at.description ? type + ": " + at.description : type;
}

function content(root, holder) {
  return Object.entries(holder.content || {}).flatMap(([type, media]) => [
    make("p", {}, make("code", {}, type)),
    make("pre", { tabindex: "0" }, JSON.stringify(shape(root, media.schema, 0), null, 2)),
  ]);
}

function parameters(root, list) {
  if (list.length === 0) return null;
  const rows = list.map((entry) => resolve(root, entry)).map((p) =>
    make("tr", {}, make("td", {}, make("code", {}, p.name)),
      make("td", {}, p.in + (p.required ? ", required" : "")), make("td", {}, p.description || "")));
  const head = make("tr", {}, ...["Parameter", "Where", "Meaning"].map((t) => make("th", { scope: "col" }, t)));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

function operation(root, path, method, item) {
  const at = item[method];
  const open = (at.security || root.security || []).length === 0;
  const body = make("div", {}, make("p", {}, at.description || ""),
    parameters(root, [...(item.parameters || []), ...(at.parameters || [])]));
  const request = resolve(root, at.requestBody);
  if (request.content) body.append(make("h3", {}, "Body"), ...content(root, request));
  Object.entries(at.responses || {}).forEach(([status, response]) => {
    const answer = resolve(root, response);
    body.append(make("h3", {}, status + " " + (answer.description || "")), ...content(root, answer));
  });
  return make("details", {}, make("summary", {}, make("code", { class: "method" }, method.toUpperCase()),
    make("code", { class: "path" }, path), make("span", {}, at.summary || ""),
    open ? make("span", { class: "open" }, "no key needed") : null), body);
}

function draw(root) {
  const place = document.getElementById("operations");
  document.getElementById("about").replaceChildren(
    (root.info.summary || "") + " Version " + root.info.version + ". The same as data: ",
    make("a", { href: "/openapi.json" }, "openapi.json"), ".");
  (root.tags || []).forEach((tag) => {
    const found = Object.entries(root.paths).flatMap(([path, item]) => METHODS
      .filter((method) => item[method] && (item[method].tags || []).includes(tag.name))
      .map((method) => operation(root, path, method, item)));
    if (found.length > 0) {
      place.append(make("h2", {}, tag.name + " ", make("small", {}, tag.description || "")), ...found);
    }
  });
}

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(draw)
  .catch((failure) => { document.getElementById("about").textContent = "The reference could not be loaded: " + failure; });
