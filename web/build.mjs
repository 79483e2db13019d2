// Build: the app into a folder (default ../src/golos/_app), and the same app as one offline page.
//
//   node build.mjs [OUT]     writes index.html, scripts, texts, styles, sw.js, manifest, icons, offline.html, sizes.json
//
// The same source and lock file give the same bytes: nothing of time, path or machine is in them.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(process.argv[2] ?? join(HERE, "../src/golos/_app"));
const STYLE = "src/style.css";
const TEXTS = join(HERE, "src/texts");
const STATIC = join(HERE, "static");
const OFFLINE = "offline.html";
const sha256 = (data) => createHash("sha256").update(data);

const COMMON = {
  bundle: true,
  minify: true,
  target: ["chrome89", "firefox89", "safari15"],
  charset: "utf8",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  write: false,
  logLevel: "warning",
  absWorkingDir: HERE,
  preserveSymlinks: true, // packages that are a link to elsewhere give the same bytes
  outdir: OUT,
};
const HASHED = { entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", metafile: true, format: "esm" };

/** A language is a file of texts: its code, its own name and its direction are what the app knows without loading it. */
async function languages() {
  const names = (await readdir(TEXTS)).filter((name) => name.endsWith(".json")).sort();
  const read = async (name) => JSON.parse(await readFile(join(TEXTS, name), "utf8"));
  const all = await Promise.all(names.map(async (name) => [name.slice(0, -5), await read(name)]));
  return JSON.stringify(all.map(([code, { language, direction }]) => ({ code, name: language, direction })));
}

const define = async (more) => ({ LANGUAGES: await languages(), ...more });
const named = (made) => made.outputFiles.map((file) => ({ name: basename(file.path), data: Buffer.from(file.contents) }));

async function bundleOne(entry, extra = {}) {
  const made = await build({ ...COMMON, entryPoints: [entry], ...extra });
  return Buffer.from(made.outputFiles[0].contents).toString();
}

/** The curves for old browsers: a file with nothing in common, so that new browsers load no byte of it. */
async function bundleFallback() {
  const [file] = named(await build({ ...COMMON, ...HASHED, entryPoints: ["src/core/fallback.ts"] }));
  const apart = (plugin) => plugin.onResolve({ filter: /^\.\/fallback$/ }, () => ({ path: `./${file.name}`, external: true }));
  return { file, plugin: { name: "fallback", setup: apart } };
}

/** The app for the web: one script, its styles, and chunks that are loaded when they are needed. */
async function bundleWeb(plugin) {
  const made = await build({
    ...COMMON,
    ...HASHED,
    entryPoints: [{ in: "src/main.tsx", out: "app" }, { in: STYLE, out: "app" }],
    splitting: true,
    plugins: [plugin],
    define: await define({ __OFFLINE__: "false" }),
  });
  return { files: named(made), outputs: made.metafile.outputs };
}

/** The scripts that the first page needs: the entry and what it imports without waiting. */
function eagerOf(outputs) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path) || !outputs[path]) return;
    found.add(path);
    for (const one of outputs[path].imports) if (one.kind === "import-statement") visit(one.path);
  };
  visit(Object.keys(outputs).find((path) => outputs[path].entryPoint === "src/main.tsx"));
  return [...found].map((path) => basename(path));
}

/** Chunks by what they hold: the texts of a language, the reader of QR codes, the rest. */
function kindsOf(outputs) {
  const from = (part) =>
    Object.keys(outputs)
      .filter((path) => outputs[path].entryPoint?.includes(part))
      .map((path) => basename(path));
  return { texts: from("src/texts/"), reader: from("qr/decode") };
}

/** The whole app in one file: for a USB stick, a mail, a phone without a network. */
async function offlinePage(template, icon) {
  const script = await bundleOne("src/main.tsx", { format: "esm", define: await define({ __OFFLINE__: "true" }) });
  const style = await bundleOne(STYLE);
  const body = script.replaceAll("</script", "<\\/script");
  const digest = (text) => `'sha256-${sha256(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${digest(body)}`,
    `style-src ${digest(style)}`,
    "img-src data: blob:",
    "connect-src https: http://*.onion http://localhost:* http://127.0.0.1:*",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    `<link rel="icon" href="data:image/svg+xml;base64,${icon.toString("base64")}" />`,
    `<style>${style}</style>`,
  ].join("\n    ");
  const foot = `<script type="module">${body}</script>`;
  return Buffer.from(template.replace("<!--head-->", () => head).replace("<!--foot-->", () => foot));
}

function webPage(template, [entry, ...rest], style) {
  const head = [
    `<link rel="manifest" href="manifest.webmanifest" />`,
    `<link rel="icon" href="icon.svg" />`,
    `<link rel="stylesheet" href="${style}" />`,
    ...rest.map((name) => `<link rel="modulepreload" href="${name}" />`),
    `<script type="module" src="${entry}"></script>`,
  ].join("\n    ");
  return Buffer.from(template.replace("<!--head-->", () => head).replace("    <!--foot-->\n", ""));
}

/** The service worker knows every file by name, and those to fetch at once; its own bytes change when any file's do. */
async function serviceWorker(files, now) {
  const lines = files.map((file) => `${file.name}\n${sha256(file.data).digest("hex")}\n`).join("");
  const version = sha256(lines).digest("hex").slice(0, 16);
  const later = files.map((file) => file.name).filter((name) => !now.includes(name));
  const values = { __VERSION__: version, __NOW__: now, __LATER__: later };
  const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
  return Buffer.from(await bundleOne("src/sw.ts", { format: "iife", define: given }));
}

async function staticFiles() {
  const names = (await readdir(STATIC)).filter((name) => name !== "index.html").sort();
  return Promise.all(names.map(async (name) => ({ name, data: await readFile(join(STATIC, name)) })));
}

async function main() {
  const template = await readFile(join(STATIC, "index.html"), "utf8");
  const { file: fallback, plugin } = await bundleFallback();
  const { files: bundled, outputs } = await bundleWeb(plugin);
  const { texts, reader } = kindsOf(outputs);
  const eager = eagerOf(outputs);
  const style = bundled.find((file) => file.name.endsWith(".css")).name;
  const files = [...bundled, fallback, ...(await staticFiles())];
  files.push({ name: "index.html", data: webPage(template, eager, style) });
  files.sort((one, two) => (one.name < two.name ? -1 : 1));
  const rare = [...texts, ...reader, fallback.name];
  const now = files.map((file) => file.name).filter((name) => !rare.includes(name));
  files.push({ name: "sw.js", data: await serviceWorker(files, now) });
  files.push({ name: OFFLINE, data: await offlinePage(template, files.find((file) => file.name === "icon.svg").data) });
  await write(files, sizesOf(files, [...eager, style], now, texts, fallback.name));
}

/**
 * What a visitor loads, in gzipped bytes. First: all that the first page needs, in the language with the longest texts.
 * Soon: what the service worker fetches behind it, so that everything works without a network.
 */
function sizesOf(files, eager, now, texts, fallback) {
  const gzipped = Object.fromEntries(files.map((file) => [file.name, gzipSync(file.data, { level: 9 }).length]));
  const longest = texts.reduce((one, two) => (gzipped[one] >= gzipped[two] ? one : two));
  const first = ["index.html", "sw.js", "manifest.webmanifest", "icon.svg", ...eager, longest];
  return { first, soon: now.filter((name) => !first.includes(name)), fallback: [fallback], again: ["sw.js"], gzipped };
}

/** Only a folder that a build has made, or a new one, is written over. */
async function write(files, sizes) {
  const there = await readdir(OUT).catch(() => []);
  if (there.length && !there.includes("sizes.json")) throw new Error(`${OUT} holds something else than a built app`);
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  for (const file of files) await writeFile(join(OUT, file.name), file.data);
  await writeFile(join(OUT, "sizes.json"), JSON.stringify(sizes, null, 1) + "\n");
}

await main();
