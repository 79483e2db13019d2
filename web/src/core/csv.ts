/** CSV (RFC 4180) with a header, as packs have it. */

/** Return the rows by column. */
export function parseCsv(csv: string): Record<string, string>[] {
  const [header = [], ...rows] = cells(csv);
  return rows.map((row) => Object.fromEntries(header.map((column, at) => [column, row[at] ?? ""])));
}

function cells(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/y;
  while (cell.lastIndex < csv.length) {
    const [, spelt, end] = cell.exec(csv) ?? [];
    if (spelt === undefined) throw new RangeError("is no CSV");
    row.push(spelt.startsWith('"') ? spelt.slice(1, -1).replaceAll('""', '"') : spelt);
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
