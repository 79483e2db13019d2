// Readlog reads a log made by Golos with Go's own code (golang.org/x/mod/sumdb). It exits with 1 and says why at the
// first thing that does not hold.
//
//	readlog log VKEY FOLDER [OLDER-CHECKPOINT...]
//	readlog receipt VKEY RECEIPT LEAF-DATA-IN-HEX
//	readlog consistency VKEY OLD-CHECKPOINT CHECKPOINT PROOF
//	readlog sign SKEY TEXT
//
// Everything but the key and the leaf's data is the name of a file or folder.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
	header = "c2sp.org/tlog-proof@v1"
)

func main() {
	if len(os.Args) < 4 {
		fail(fmt.Errorf("too few arguments"))
	}
	command, key, arguments := os.Args[1], os.Args[2], os.Args[3:]
	switch {
	case command == "log":
		readLog(key, arguments[0], arguments[1:])
	case command == "receipt" && len(arguments) == 2:
		checkReceipt(key, arguments[0], arguments[1])
	case command == "consistency" && len(arguments) == 3:
		checkConsistency(key, arguments[0], arguments[1], arguments[2])
	case command == "sign" && len(arguments) == 1:
		sign(key, arguments[0])
	default:
		fail(fmt.Errorf("unknown command %s with %d arguments", command, len(arguments)))
	}
}

// readLog checks the checkpoint, every tile, every entry, inclusion of some leaves, and every older checkpoint.
func readLog(vkey, folder string, older []string) {
	tree := openCheckpoint(vkey, read(filepath.Join(folder, "checkpoint")))
	hashes := tlog.TileHashReader(tree, tiles{folder})
	root := try(tlog.TreeHash(tree.N, hashes))
	if root != tree.Hash {
		fail(fmt.Errorf("the tiles' root is not the checkpoint's"))
	}
	for level := 0; tree.N>>(height*level) > 0; level++ {
		count := tree.N >> (height * level)
		for n := int64(0); n*width < count; n++ {
			checkTile(folder, tlog.Tile{H: height, L: level, N: n, W: int(min(width, count-n*width))}, hashes)
		}
	}
	entries := checkEntries(folder, tree, hashes)
	included := map[int64]bool{}
	for _, n := range []int64{0, 1, 127, 128, 254, 255, 256, 257, 511, 512, 65535, 65536, tree.N / 2, tree.N - 1} {
		if n < tree.N && !included[n] {
			proof := try(tlog.ProveRecord(tree.N, n, hashes))
			check(tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(entries[n])))
			included[n] = true
		}
	}
	fmt.Printf("size %d, entries %d, included %d\n", tree.N, len(entries), len(included))
	for _, name := range older {
		old := openCheckpoint(vkey, read(name))
		proof := try(tlog.ProveTree(tree.N, old.N, hashes))
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
		fmt.Printf("consistent with size %d\n", old.N)
	}
}

// checkTile compares a file with the tile as the authenticated hashes have it.
func checkTile(folder string, tile tlog.Tile, hashes tlog.HashReader) {
	if !bytes.Equal(read(filepath.Join(folder, path(tile))), try(tlog.ReadTileData(tile, hashes))) {
		fail(fmt.Errorf("%s differs", path(tile)))
	}
}

// checkEntries returns the data of all leaves, after comparing each with its leaf hash in the tree.
func checkEntries(folder string, tree tlog.Tree, hashes tlog.HashReader) [][]byte {
	var entries [][]byte
	for start := int64(0); start < tree.N; start += width {
		count := min(width, tree.N-start)
		bundle := read(filepath.Join(folder, path(tlog.Tile{H: height, L: -1, N: start / width, W: int(count)})))
		var indexes []int64
		for n := start; n < start+count; n++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				fail(fmt.Errorf("the bundle of entry %d is too short", n))
			}
			length := int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:2+length])
			bundle = bundle[2+length:]
			indexes = append(indexes, tlog.StoredHashIndex(0, n))
		}
		if len(bundle) != 0 {
			fail(fmt.Errorf("the bundle from entry %d is too long", start))
		}
		for i, hash := range try(hashes.ReadHashes(indexes)) {
			if hash != tlog.RecordHash(entries[start+int64(i)]) {
				fail(fmt.Errorf("entry %d is not the one in the tree", start+int64(i)))
			}
		}
	}
	return entries
}

// checkReceipt checks a receipt (C2SP tlog-proof) with the data of the leaf.
func checkReceipt(vkey, name, data string) {
	head, checkpoint, _ := bytes.Cut(read(name), []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if len(lines) < 2 || lines[0] != header || !strings.HasPrefix(lines[1], "index ") {
		fail(fmt.Errorf("not a %s", header))
	}
	index := try(strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64))
	tree := openCheckpoint(vkey, checkpoint)
	leaf := tlog.RecordHash(try(hex.DecodeString(data)))
	check(tlog.CheckRecord(parseHashes(lines[2:]), tree.N, tree.Hash, index, leaf))
	fmt.Printf("entry %d is in the tree of %d\n", index, tree.N)
}

// checkConsistency checks a proof of base64 lines between two checkpoints.
func checkConsistency(vkey, old, new, proof string) {
	before, after := openCheckpoint(vkey, read(old)), openCheckpoint(vkey, read(new))
	hashes := tlog.TreeProof(parseHashes(strings.Fields(string(read(proof)))))
	check(tlog.CheckTree(hashes, after.N, after.Hash, before.N, before.Hash))
	fmt.Printf("the tree of %d continues that of %d\n", after.N, before.N)
}

// sign prints the text as a signed note.
func sign(skey, name string) {
	signer := try(note.NewSigner(skey))
	fmt.Printf("%s", try(note.Sign(&note.Note{Text: string(read(name))}, signer)))
}

// openCheckpoint returns the tree of a checkpoint that the key has signed and whose origin is the key's name.
func openCheckpoint(vkey string, signed []byte) tlog.Tree {
	verifier := try(note.NewVerifier(vkey))
	opened := try(note.Open(signed, note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail(fmt.Errorf("the checkpoint is not three lines of the log %s", verifier.Name()))
	}
	return tlog.Tree{N: try(strconv.ParseInt(lines[1], 10, 64)), Hash: try(tlog.ParseHash(lines[2]))}
}

func parseHashes(lines []string) []tlog.Hash {
	var hashes []tlog.Hash
	for _, line := range lines {
		hashes = append(hashes, try(tlog.ParseHash(line)))
	}
	return hashes
}

// tiles is a folder in the layout of C2SP tlog-tiles, which leaves out the height and says "entries" for "data".
type tiles struct{ folder string }

func (t tiles) Height() int { return height }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, path(tile)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func path(tile tlog.Tile) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(tile.Path(), "tile/"), "/")
	return "tile/" + strings.Replace(rest, "data/", "entries/", 1)
}

func read(name string) []byte { return try(os.ReadFile(name)) }

func try[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
