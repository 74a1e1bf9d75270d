# This will set $python to a Python that Postroom runs on, or end with one sentence.
# Each name is tried by running it: a shim may exist and still have no Python behind it.
for python in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' \
        </dev/null >/dev/null 2>&1; then return 0; fi
done
echo "Postroom needs Python 3.11, 3.12, 3.13 or 3.14, and none of them is on the PATH." >&2
exit 1
