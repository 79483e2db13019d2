// Build: the app into a folder (default ../src/golos/_app), and the same app as one offline page.
//
//   node build.mjs [OUT]     writes index.html, app-*.js, chunk-*.js, app-*.css, sw.js, manifest, icon, offline.html, sizes.json
//
// The same source and lock file give the same bytes: nothing of time, path or machine is in them.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(process.argv[2] ?? join(HERE, "../src/golos/_app"));
const TARGET = ["chrome89", "firefox89", "safari15"];
const STYLE = join(HERE, "src/style.css");
const TEXTS = join(HERE, "src/texts");
const sha256 = (data) => createHash("sha256").update(data);

const COMMON = {
  bundle: true,
  minify: true,
  target: TARGET,
  charset: "utf8",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  write: false,
  logLevel: "warning",
  absWorkingDir: HERE,
  outdir: OUT,
};

/** A language is a file of texts: its code, its own name and its direction are what the app knows without loading it. */
async function languages() {
  const names = (await readdir(TEXTS)).filter((name) => name.endsWith(".json")).sort();
  const read = async (name) => JSON.parse(await readFile(join(TEXTS, name), "utf8"));
  const all = await Promise.all(names.map(async (name) => [name.slice(0, -5), await read(name)]));
  return JSON.stringify(all.map(([code, { language, direction }]) => ({ code, name: language, direction })));
}

const define = async (more) => ({ LANGUAGES: await languages(), ...more });

/** Bundle for the web: an entry, its styles, and chunks that are loaded when they are needed. */
async function bundleWeb() {
  const entryPoints = [{ in: "src/main.tsx", out: "app" }, ...(existsSync(STYLE) ? [{ in: STYLE, out: "app" }] : [])];
  const made = await build({
    ...COMMON,
    entryPoints,
    format: "esm",
    splitting: true,
    define: await define({ __OFFLINE__: "false" }),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    metafile: true,
  });
  const outputs = made.metafile.outputs;
  const files = made.outputFiles.map((file) => ({ name: file.path.slice(OUT.length + 1), data: file.contents }));
  return { files, eager: eagerOf(outputs) };
}

/** Return the names of the scripts that the first page needs: the entry and what it imports without waiting. */
function eagerOf(outputs) {
  const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === "src/main.tsx");
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const one of outputs[path].imports) if (one.kind === "import-statement") visit(one.path);
  };
  visit(entry);
  return [...found].map((path) => path.split("/").pop());
}

async function bundleOne(entry, extra = {}) {
  const made = await build({ ...COMMON, entryPoints: [entry], ...extra });
  return Buffer.from(made.outputFiles[0].contents).toString();
}

/** The whole app in one file: for a USB stick, a mail, a phone without a network. */
async function offlinePage(template, icon) {
  const script = await bundleOne("src/main.tsx", { format: "esm", define: await define({ __OFFLINE__: "true" }) });
  const style = existsSync(STYLE) ? await bundleOne(STYLE) : "";
  const body = script.replaceAll("</script", "<\\/script");
  const digest = (text) => `'sha256-${sha256(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${digest(body)}`,
    `style-src ${digest(style)}`,
    "img-src data: blob:",
    "connect-src https: http://*.onion http://localhost:*",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}" />`,
    `<style>${style}</style>`,
  ].join("\n    ");
  return template
    .replace("<!--head-->", () => head)
    .replace("<!--foot-->", () => `<script type="module">${body}</script>`);
}

function webPage(template, files, eager) {
  const [entry, ...rest] = eager;
  const style = files.find((file) => file.name.endsWith(".css"))?.name;
  const head = [
    `<link rel="manifest" href="manifest.webmanifest" />`,
    `<link rel="icon" href="icon.svg" />`,
    ...(style ? [`<link rel="stylesheet" href="${style}" />`] : []),
    ...rest.map((name) => `<link rel="modulepreload" href="${name}" />`),
    `<script type="module" src="${entry}"></script>`,
  ].join("\n    ");
  return template.replace("<!--head-->", () => head).replace("    <!--foot-->\n", "");
}

/** The service worker knows every file by name; its own bytes change when any of theirs do. */
async function serviceWorker(files) {
  const version = sha256(files.map((f) => `${f.name}\n${sha256(f.data).digest("hex")}\n`).join("")).digest("hex").slice(0, 16);
  const names = files.map((file) => file.name).filter((name) => name !== "offline.html");
  const define = { __OFFLINE__: "false", __VERSION__: JSON.stringify(version), __FILES__: JSON.stringify(names) };
  return bundleOne("src/sw.ts", { format: "iife", define });
}

async function main() {
  const template = await readFile(join(HERE, "static/index.html"), "utf8");
  const icon = await readFile(join(HERE, "static/icon.svg"));
  const { files, eager } = await bundleWeb();
  for (const name of (await readdir(join(HERE, "static"))).filter((n) => n !== "index.html").sort())
    files.push({ name, data: await readFile(join(HERE, "static", name)) });
  files.push({ name: "index.html", data: Buffer.from(webPage(template, files, eager)) });
  files.sort((one, two) => (one.name < two.name ? -1 : 1));
  files.push({ name: "sw.js", data: Buffer.from(await serviceWorker(files)) });
  files.push({ name: "offline.html", data: Buffer.from(await offlinePage(template, icon)) });
  const style = files.find((file) => file.name.endsWith(".css"))?.name;
  const first = ["index.html", ...eager, ...(style ? [style] : []), "sw.js", "manifest.webmanifest", "icon.svg"];
  const sizes = { first, files: Object.fromEntries(files.map((f) => [f.name, [f.data.length, gzipSync(f.data, { level: 9 }).length]])) };
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  for (const file of files) await writeFile(join(OUT, file.name), file.data);
  await writeFile(join(OUT, "sizes.json"), JSON.stringify(sizes, null, 1) + "\n");
}

await main();
