/** Merkle: RFC 6962 section 2.1 hashing, the checking of its proofs (RFC 9162 sections 2.1.3.2, 2.1.4.2), and making them of hashes. */

import { type Bytes, equal, sha256 } from "./bytes";

export const leafHash = (data: Bytes): Promise<Bytes> => sha256(Uint8Array.of(0), data);
export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(Uint8Array.of(1), left, right);

/** Tree sizes are below 2^53; bit operations on numbers would stop at 2^31. */
const half = (value: number): number => Math.floor(value / 2);
const odd = (value: number): boolean => value % 2 === 1;

/** Whether the leaf of this hash is at `index` in the tree of that size and root; `proof` goes from the leaf up. */
export async function verifyInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (!(index >= 0 && index < size) || [leaf, root, ...proof].some((hash) => hash.length !== 32)) return false;
  let [node, last, result] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (odd(node) || node === last) {
      result = await nodeHash(sibling, result);
      while (!odd(node) && node) [node, last] = [half(node), half(last)];
    } else result = await nodeHash(result, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(result, root);
}

/** Whether the first `oldSize` leaves (at least 1) of the tree of that size and root have `oldRoot`. */
export async function verifyConsistency(
  oldSize: number,
  oldRoot: Bytes,
  size: number,
  root: Bytes,
  proof: readonly Bytes[],
): Promise<boolean> {
  if (!(oldSize >= 1 && oldSize <= size)) return false;
  if (oldSize === size) return !proof.length && equal(oldRoot, root);
  if ([oldRoot, root, ...proof].some((hash) => hash.length !== 32)) return false;
  let [node, last] = [oldSize - 1, size - 1];
  while (odd(node)) [node, last] = [half(node), half(last)];
  // A power of two: the old root is itself the first node of the path and is left out of the proof.
  const path = node ? proof : [oldRoot, ...proof];
  if (!path.length) return false;
  let [oldResult, result] = [path[0]!, path[0]!];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (odd(node) || node === last) {
      [oldResult, result] = [await nodeHash(sibling, oldResult), await nodeHash(sibling, result)];
      while (!odd(node) && node) [node, last] = [half(node), half(last)];
    } else result = await nodeHash(result, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(oldResult, oldRoot) && equal(result, root);
}

/** The hash of the complete subtree at `level` (0: leaves) and `index`. */
export type Node = (level: number, index: number) => Promise<Bytes>;

/** The largest power of two below `size` (at least 2): the leaves of the left subtree. */
function splitAt(size: number): number {
  let left = 1;
  while (2 * left < size) left *= 2;
  return left;
}

/** The root of the leaves from `start` on, `size` many, of which `node` gives the complete subtrees. */
export async function rootOf(start: number, size: number, node: Node): Promise<Bytes> {
  if (size === 1) return node(0, start);
  const left = splitAt(size);
  if (2 * left === size) return node(Math.round(Math.log2(size)), start / size);
  return nodeHash(await rootOf(start, left, node), await rootOf(start + left, size - left, node));
}

/** The inclusion proof of `index` in the tree of `size` leaves (RFC 6962 section 2.1.1). */
export async function inclusionProof(index: number, size: number, node: Node, start = 0): Promise<Bytes[]> {
  if (size === 1) return [];
  const left = splitAt(size);
  if (index < left) return [...(await inclusionProof(index, left, node, start)), await rootOf(start + left, size - left, node)];
  return [...(await inclusionProof(index - left, size - left, node, start + left)), await rootOf(start, left, node)];
}

/** The consistency proof between the trees of `oldSize` and `size` leaves (RFC 6962 section 2.1.2). */
export async function consistencyProof(oldSize: number, size: number, node: Node, start = 0, whole = true): Promise<Bytes[]> {
  if (oldSize === size) return whole ? [] : [await rootOf(start, size, node)];
  const left = splitAt(size);
  if (oldSize <= left)
    return [...(await consistencyProof(oldSize, left, node, start, whole)), await rootOf(start + left, size - left, node)];
  return [...(await consistencyProof(oldSize - left, size - left, node, start + left, false)), await rootOf(start, left, node)];
}
