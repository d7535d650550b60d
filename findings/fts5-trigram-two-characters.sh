#!/usr/bin/env bash
# WHAT      In SQLite's trigram index a word of two characters, as most Chinese words are, is not found, is ignored, or empties the
#           answer: it depends on where it stands in the query, and no error is given.
# VERSIONS  apsw==3.54.1.0 (has SQLite 3.54.1 in it)
# EXPECTED  A word that is too short for the index matches nothing (or is an error), so a query that asks for it too finds nothing,
#           and "A NOT short" finds what A finds less what has the short word.
# SEEN      2026-11-30, four rows of an error log: alone and joined by AND it finds nothing; written beside another word or in NEAR
#           it is passed over; behind NOT it excludes nothing, not even the row that has it. LIKE finds it everywhere.
# WHY       A search box that puts words side by side shows rows without the second word, and one that says "no such message"
#           for a word that is there. A test with English words does not show it: few are so short.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='LIKE %超时%: rows 1 2
"超时": rows none
"连接失败": rows 2 3 4
"连接失败" AND "超时": rows none
"连接失败" "超时": rows 2 3 4
NEAR("连接失败" "超时"): rows 2 3 4
"连接失败" NOT "超时": rows 2 3 4
"连接失败" NOT "超时了": rows 3 4'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check apsw==3.54.1.0

cat >run.py <<'PY'
import apsw

db = apsw.Connection(":memory:")
db.execute("CREATE VIRTUAL TABLE log USING fts5(said, tokenize='trigram')")
for said in ("请求超时", "连接失败：超时了", "连接失败：地址不对", "连接失败：证书过期"):
    db.execute("INSERT INTO log (said) VALUES (?)", (said,))


def rows(where, value):
    found = [str(row) for (row,) in db.execute(f"SELECT rowid FROM log WHERE {where} ORDER BY rowid", (value,))]
    return " ".join(found) or "none"


print("LIKE %超时%: rows", rows("said LIKE ?", "%超时%"))
for query in (
    '"超时"', '"连接失败"', '"连接失败" AND "超时"', '"连接失败" "超时"', 'NEAR("连接失败" "超时")', '"连接失败" NOT "超时"',
    '"连接失败" NOT "超时了"',
):
    print(f"{query}: rows", rows("log MATCH ?", query))
PY
seen=$(PYTHONUTF8=1 venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what becomes of two characters in a trigram query" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: SQLite 3.54.1's trigram index ignores two characters beside a word and behind NOT, and finds none alone."
