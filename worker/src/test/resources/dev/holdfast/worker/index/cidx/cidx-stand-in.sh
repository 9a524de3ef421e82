#!/bin/sh
# Stands in for the program cidx: the same commands, files and exit codes, but embeds nothing. What happens can be seen
# and steered in the directory $CIDX_STAND_IN: log (commands that were run), embedded (files that new embeddings were
# "bought" for), and the switches down, slow and useless-rebuild, which are in force while they exist.
set -u
here=$CIDX_STAND_IN
store=.code-indexer
collection=$store/index/voyage-code-3
size=4

[ "$*" = --version ] || [ "$*" = status ] || echo "$*" >> "$here/log"

say() { echo "$*"; }
die() { echo "Error: $*"; exit 1; }

valid() { [ -f "$1" ] && [ "$(head -c 1 "$1")" = '{' ] && [ "$(tail -c 2 "$1" | head -c 1)" = '}' ]; }

write_config() {
  printf '{"codebase_dir": "%s", "vector_store": {"type": "filesystem"}}\n' "$PWD" > "$store/config.json"
}

files() { find . -type f ! -path './.git/*' ! -path './.code-indexer/*' | sort; }
vectors() { find "$collection" -name 'vector_*.json' 2>/dev/null | sort; }
id_of() { printf '%016x' "$(printf %s "$1" | cksum | cut -d' ' -f1)"; }
metadata() {
  printf '{"status": "%s", "files_to_index": %s, "files_processed": %s, "chunks_indexed": %s, "current_file_index": %s}\n' \
    "$1" "$2" "$3" "$3" "$3" > "$store/metadata.json"
}

little_endian_16() { printf "\\$(printf %03o $(($1 % 256)))\\$(printf %03o $(($1 / 256)))"; }

write_graph() {
  count=$(vectors | wc -l)
  printf '{"name": "voyage-code-3", "vector_size": %s, "hnsw_index": {"vector_count": %s, "is_stale": false}}\n' \
    "$size" "$count" > "$collection/collection_meta.json"
  printf 'graph of %s vectors\n' "$count" > "$collection/hnsw_index.bin"
  {
    little_endian_16 "$count"; little_endian_16 0
    vectors | while read -r vector; do
      name=$(basename "$vector" .json); id=${name#vector_}; path=${vector#"$collection/"}
      little_endian_16 ${#id}; printf %s "$id"; little_endian_16 ${#path}; printf %s "$path"
    done
  } > "$collection/id_index.bin"
}

write_full_text() {
  mkdir -p "$store/tantivy_index"
  echo '{"segments": []}' > "$store/tantivy_index/meta.json"
  echo '["meta.json"]' > "$store/tantivy_index/.managed.json"
}

require_silence() {
  [ -f "$store/indexing_heartbeat.json" ] || return 0
  pid=$(sed 's/.*"pid": *\([0-9]*\).*/\1/' "$store/indexing_heartbeat.json")
  beat=$(sed 's/.*"last_heartbeat": *\([0-9]*\).*/\1/' "$store/indexing_heartbeat.json")
  if kill -0 "$pid" 2>/dev/null && [ $(($(date +%s) - beat)) -lt 300 ]; then
    die "another indexing operation is running (pid $pid)"
  fi
}

embed() {
  require_silence
  [ ! -e "$here/down" ] || die "cannot reach VoyageAI with key ${VOYAGE_API_KEY:-}: connection refused"
  new=
  if [ ! -d "$collection" ]; then
    mkdir -p "$collection"
    echo matrix > "$collection/projection_matrix.npy"
    new=yes
  fi
  total=$(files | wc -l)
  metadata in_progress "$total" 0
  [ ! -e "$here/slow" ] || sleep 60
  files > "$store/wanted"
  while read -r file; do
    id=$(id_of "$file"); sum=$(cksum < "$file" | cut -d' ' -f1)
    vector=$collection/a/b/vector_$id.json
    if ! grep -q "\"sum\": $sum" "$vector" 2>/dev/null; then
      mkdir -p "$collection/a/b"
      printf '{"id": "%s", "vector": [0.1, 0.2, 0.3, 0.4], "payload": {"path": "%s", "sum": %s}}\n' "$id" "$file" "$sum" > "$vector"
      echo "$file" >> "$here/embedded"
      new=yes
    fi
  done < "$store/wanted"
  vectors | while read -r vector; do
    grep -qxF "$(sed 's/.*"path": "\([^"]*\)".*/\1/' "$vector")" "$store/wanted" || rm "$vector"
  done
  rm "$store/wanted"
  [ -z "$new" ] || { write_graph; write_full_text; }
  echo '{"current_session": {"completed_at": 1}}' > "$store/indexing_progress.json"
  metadata completed "$total" "$total"
  say "indexed $total files"
}

case "$*" in
  --version) say "code-indexer, version 8.6.0" ;;
  status)
    [ -f "$store/config.json" ] || die "not initialized"
    if valid "$store/metadata.json"; then say "| Index | Available |"; else say "| Index | Corrupted |"; fi
    ;;
  init)
    [ ! -f "$store/config.json" ] || die "already initialized"
    mkdir -p "$store"
    write_config
    ;;
  "fix-config --force")
    [ -f "$store/config.json" ] || die "no configuration found"
    cp "$store/config.json" "$store/config.json.backup"
    write_config
    ;;
  index | "index --reconcile" | "index --clear" | "index --rebuild-index" | "index --rebuild-fts-index")
    [ -f "$store/config.json" ] || die "not initialized"
    case "$*" in
      "index --clear") require_silence; [ -e "$here/down" ] || rm -rf "$store/index"; embed ;;
      "index --rebuild-index")
        valid "$collection/collection_meta.json" || die "collection unusable"
        [ -e "$here/useless-rebuild" ] || write_graph
        ;;
      "index --rebuild-fts-index")
        [ -f "$store/indexing_progress.json" ] || die "no progress file"
        write_full_text
        ;;
      *) embed ;;
    esac
    ;;
  *) say "Usage: cidx [OPTIONS] COMMAND"; exit 2 ;;
esac
