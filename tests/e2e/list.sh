#!/bin/sh
# SPDX-License-Identifier: MIT
# `list` knows every transport, in words and as JSON.
. "$(dirname "$0")/lib.inc"

run list
status=$?
missing=
for carrier in http ws lws mp unix tcp; do
	for encoding in json cjson base64 bytes shm pickle; do
		grep -q "^ *$carrier+$encoding " "$scratch/out" || missing="$missing $carrier+$encoding"
	done
done
judge "text: all transports" "exit $status, without$missing" \
	"$([ $status -eq 0 ] && [ -z "$missing" ]; echo $?)"
missing=
for word in blog quick full 1x3x224x224 128x1024x1024 --source --samples 'block|spin' 'Huge pages'; do
	grep -qe "$word" "$scratch/out" || missing="$missing $word"
done
judge "text: shapes, presets, defaults" "without$missing" "$([ -z "$missing" ]; echo $?)"

run list --json
status=$?
said=$(/usr/bin/python3 - "$scratch/out" <<'PY' 2>&1
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
document = json.loads(text)
for carrier in "http ws lws mp unix tcp".split():
    for encoding in "json cjson base64 bytes shm pickle".split():
        if '"%s+%s"' % (carrier, encoding) not in text:
            print("without", carrier + "+" + encoding)
for word in ("blog", "quick", "full", "128x1024x1024"):
    if word not in text:
        print("without", word)
if not isinstance(document, dict):
    print("no object")
for transport in document["transports"]:
    if "block" not in transport["wait"] or transport["memory"] != ["reused", "fresh"]:
        print(transport["name"], "waits", transport["wait"], "memory", transport["memory"])
    if "small" not in transport["pages"]:
        print(transport["name"], "pages", transport["pages"])
PY
)
judge "json: parses, all transports" "exit $status $said" \
	"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"
finish
